package casefile

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Types is the catalogue of this package. The samples tell one invented case; a few fields are filled only so that every field is.
func Types() []domain.Type {
	var (
		at  = time.Date(2026, 3, 3, 3, 0, 0, 0, time.UTC)
		day = func(n int) time.Time { return at.AddDate(0, 0, n) }
		id  = func(n byte) uuid.UUID {
			u := uuid.MustParse("0197a000-0000-7000-8000-000000000700")
			u[15] = n
			return u
		}
		hash     = strings.Repeat("0123456789abcdef", 4)
		officers = law.SampleCrew()
		approval = law.Approval{Name: "李示例", Post: "局长", Opinion: "同意", ApprovedOn: "2026-03-05"}
		photo    = domain.Evidence{SHA256: hash, Size: 3145728, MediaType: "image/jpeg", Caption: "船首", TakenAt: "2026-03-03T11:04:10+08:00",
			Previous: strings.Repeat("fedcba9876543210", 4), ID: id(1)}
		photos    = []domain.Evidence{photo}
		place     = domain.Place{LatE6: 31934000, LonE6: 120260000, Datum: "WGS84", AccuracyCM: 800, Source: "gnss", Note: "利港水域"}
		signature = Signature{"refused", "王示例", "钱示例", "当事人拒绝签名"}
		service   = Service{"left", "2026-03-20", "王示例", "self", "江阴市示例路1号", "澄水送〔2026〕示例号", "钱示例", photos, "当事人拒绝签收"}
		objects   = []Object{{"苏示例采0001", "vessel", 1, "艘", "900总吨"}}
		items     = []Item{
			{1, 1, 1, law.MeasureFine, "S01", "《长江河道采砂管理条例》第十八条", "《长江河道采砂管理条例》第九条", &Local{"地方规定示例", 1, 2}, 25_000_000, 0, "罚款", ""},
			{2, 1, 1, law.MeasureSand, "S01", "《长江河道采砂管理条例》第十八条", "《长江河道采砂管理条例》第九条", nil, 0, 1_200_000, "江砂300吨", ""},
			{3, 1, 1, law.MeasureStop, "S01", "《长江河道采砂管理条例》第十八条", "《长江河道采砂管理条例》第九条", nil, 0, 0, "停止违法行为", "2026-04-30"},
		}
		fact = Fact{1, "2026年3月2日在长江江阴段采砂300吨", []uuid.UUID{id(2)}, []string{"S01"}, "2026-03-02", law.EcologicalHarm, 1_200_000, 300,
			true, true, true, true, true, true, true, true}
		report       = Report{[]Fact{fact}, "一般情节，适用一般档次", "主动消除危害后果", true, true, "penalty", items}
		notification = Notification{"澄水罚告〔2026〕1号", 1, "未取得许可证采砂", "违反禁采规定", "《长江河道采砂管理条例》第十八条", items, true, true, service}
		remedy       = RemedyNotice{"江阴市人民政府", 60, "江阴市人民法院", 6, true}
		roads        = []Road{{1, law.RoadCourt, []law.RoadKind{law.RoadAuction}, "《行政强制法》第五十三条"}}
		ruling       = Ruling{"澄水罚〔2026〕1号", items, "未取得许可证采砂300吨", []uuid.UUID{id(2)}, "当事人的申辩不予采纳，理由见复核意见", "一般情节", "主动消除危害后果",
			"自收到决定书之日起十五日内到银行缴纳", "示例银行江阴支行，江阴市示例路2号", true, remedy, "江阴市水利局", true, approval}
		execution = Execution{3, day(240), day(240).Add(4 * time.Hour), true, "拆除完毕", photos}
	)
	return []domain.Type{
		domain.T(Filed{"澄水立〔2026〕1号", uuid.MustParse("0197a000-0000-7000-8000-000000000601"), "patrol",
			uuid.MustParse("0197a000-0000-7000-8000-000000000501"), "320281", uuid.MustParse("0197a000-0000-7000-8000-000000000101"),
			law.SampleFiling(), law.FilingGround{Kind: law.SandVessel, Regime: law.Yangtze, DiscoveredOn: "2026-03-02", FiledOn: "2026-03-03", Handlers: officers}, at}),
		domain.T(Closed{"transferred_criminal", "涉嫌非法采矿罪，移送公安机关", "江阴市公安局", "澄公（水）受移〔2026〕示例号",
			law.Approval{Name: "李示例", Post: "局长", Opinion: "同意移送", ApprovedOn: "2026-03-05"}, at.Add(48 * time.Hour)}),

		domain.T(StopOrdered{Order{"澄水责停〔2026〕1号", "stop", 1, "在长江采砂", "《长江河道采砂管理条例》第十八条", "2026-03-03", true, service}, officers, day(1)}),
		domain.T(SiteInspected{Inspection{at, at.Add(time.Hour), place, true, "party", "王示例", "船舱内有吸砂泵", signature, photos}, officers, day(1)}),
		domain.T(PartyIdentified{1, law.SampleFiling().Parties[0], "营业执照和船舶所有权登记证书", day(1)}),
		domain.T(OfficerRecused{officers[0].ID, "party", "与当事人有近亲属关系", true, &officers[1], approval, day(2)}),
		domain.T(EvidenceAdded{Material{id(2), "opinion", "采砂量鉴定意见", "采砂300吨", "委托鉴定", "江阴", "2026-03-10", true, "与原件核对无异", "孙示例", "鉴定人", true, "现场测量", true,
			"文字记录", &Opinion{"江阴市水利局", "船舱砂石", "测量规范", "资质证书示例号", "300吨", 1_200_000},
			&Device{"利港雷达", true, "2026-03-05", "2026-03-06"}, "张示例", photos}, true, officers, day(8)}),
		domain.T(EvidenceVerified{id(2), "verified", "与现场笔录相互印证", day(9)}),
		domain.T(EvidencePreserved{Preservation{id(3), "澄水保〔2026〕1号", "可能灭失", objects, "芦埠港指定停泊点", signature, approval}, officers, day(2)}),
		domain.T(PreservationEnded{id(3), "seizure", "澄水保处〔2026〕1号", "转为扣押", approval, day(8)}),
		domain.T(SeizureImposed{Seizure{id(4), "seize", "澄水扣〔2026〕1号", "江苏省人大常委会《关于在长江江苏水域严禁非法采砂的决定》", true, "防止转移", objects, true, true,
			"芦埠港指定停泊点", 30, "party", "王示例", true, "无异议", "清单示例号", signature, true, "李示例", day(2)}, officers, day(2)}),
		domain.T(SeizureExtended{id(4), 30, "案情复杂", "澄水扣延〔2026〕1号", approval, day(30)}),
		domain.T(SeizureEnded{id(4), "confiscated", "澄水扣处〔2026〕1号", "依决定没收", approval, day(60)}),
		domain.T(AppraisalCommissioned{Appraisal{id(5), "采砂量", "示例测量有限公司", id(4), 10, true, "2026-03-06", "2026-03-12"}, day(3)}),
		domain.T(AppraisalReceived{id(5), "300吨", day(9)}),
		domain.T(InvestigationSuspended{"party_missing", "当事人下落不明", approval, day(10)}),
		domain.T(InvestigationResumed{"已找到当事人", approval, day(20)}),
		domain.T(InvestigationTerminated{"died", "当事人死亡", approval, day(20)}),
		domain.T(HandedOver{"张家港市水务局", "澄水移〔2026〕1号", []string{"立案审批表"}, "张水收〔2026〕示例号", "无锡市水利局", approval, day(10)}),
		domain.T(Withdrawn{"no_violation", "违法事实不存在", approval, day(10)}),

		domain.T(InvestigationConcluded{report, []Prior{{id(6), "澄水罚〔2025〕示例号", "S01", "2025-06-01", 20_000_000}}, officers, day(12)}),
		domain.T(InvestigationReopened{"补充鉴定", approval, day(13)}),
		domain.T(AddressConfirmed{Address{1, "澄水址〔2026〕1号", "江阴市示例路1号", "shili@example.cn", true}, day(1)}),
		domain.T(LegalReviewRequested{"澄水审〔2026〕1号", hash, day(13)}),
		domain.T(LegalReviewPassed{id(7), "周示例", "A示例0001", "同意", hash, day(14)}),
		domain.T(LegalReviewReturned{id(7), "周示例", "A示例0001", "证据不足", day(14)}),
		domain.T(CollectivelyDiscussed{Discussion{[]Attendee{{"李示例", "局长", true, "同意"}, {"吴示例", "副局长", true, "同意"}}, "按建议处罚", items, "澄水讨〔2026〕1号", "2026-03-18"}, day(15)}),
		domain.T(PenaltyNotified{notification, "2026-03-20", "罚款达到听证标准", officers, day(17)}),
		domain.T(Renotified{"facts", "采砂量更正", notification, "2026-03-20", "罚款达到听证标准", officers, day(18)}),
		domain.T(DefenceSubmitted{1, "船上的砂石有合法来源", true, true, day(19)}),
		domain.T(DefenceWaived{1, true, "放弃陈述申辩", day(19)}),
		domain.T(DefenceLapsed{1, "期满未提出", day(25)}),
		domain.T(DefenceReviewed{1, []Point{{"砂石来源合法", true, "单据属实"}}, day(21)}),
		domain.T(HearingRequested{1, "当面申请", day(19)}),
		domain.T(HearingWaived{1, true, day(19)}),
		domain.T(HearingScheduled{HearingPlan{"澄水听通〔2026〕1号", 1, day(35), "江阴市水利局", id(8), "郑示例", true, "涉及商业秘密", service}, "2026-03-23", officers, day(20)}),
		domain.T(HearingHeld{HearingRecord{1, day(35), day(35).Add(2 * time.Hour), []string{"冯示例"}, "澄水听〔2026〕1号", signature, "事实清楚，建议维持"}, day(36)}),
		domain.T(HearingAbandoned{1, "absent", "无正当理由未到场", day(35)}),

		domain.T(PenaltyDecided{ruling, []Applied{{1, "S01", "未办理河道采砂许可证擅自在长江采砂", "《长江河道采砂管理条例》第十八条", 20_000_000, 200_000_000,
			[]law.Measure{law.MeasureVessel}, "货值不足十万元", true, "2026.1"}}, roads, day(45)}),
		domain.T(DecisionExtended{"案情复杂", 60, true, approval, &approval, true, day(80)}),
		domain.T(NoPenaltyDecided{"澄水不罚〔2026〕1号", "first_minor", "初次违法且后果轻微并及时改正", "已当面教育", remedy, "江阴市水利局", true, approval, day(40)}),
		domain.T(SummaryPenaltyDecided{SpotRuling{"澄水当罚〔2026〕1号", Item{1, 1, 1, law.MeasureFine, "H11", "《河道管理条例》第四十四条第二项",
			"《河道管理条例》第二十四条第二款", &Local{"地方规定示例", 1, 20_000}, 10_000, 1, "罚款", "2026-03-20"}, "在堤防上堆放物料", []uuid.UUID{id(2)}, "长江堤防", true, true, remedy, "江阴市水利局", signature}, roads, officers, day(1)}),
		domain.T(SummaryReported{"江阴市水利局法规科", day(3)}),
		domain.T(DecisionServed{1, service, "2026-04-20", officers, day(48)}),
		domain.T(DocumentServed{"seizure_decision", "澄水扣〔2026〕1号", 1, service, "2026-03-05", officers, day(2)}),
		domain.T(DecisionPublished{"江阴市人民政府网站", hash, true, day(50)}),
		domain.T(PublicationWithdrawn{"决定被变更", day(120)}),
		domain.T(DecisionRevised{"澄水罚变〔2026〕1号", "澄水罚〔2026〕1号", 2, "review", "澄政复〔2026〕示例号", items, roads, "复议变更", approval, day(119)}),
		domain.T(DecisionRevoked{"court", "（2026）苏示例行初1号", "主要证据不足", true, approval, day(200)}),

		domain.T(FinePaid{Payment{1, 25_000_000, true, "2026-04-30", "缴款书示例号", "示例银行江阴支行", "on_spot", true, "asked_remote"}, day(58)}),
		domain.T(CashHandedIn{1, "缴款书示例号", day(59)}),
		domain.T(DeferralApproved{1, "2026-06-30", "亏损证明", approval, day(55)}),
		domain.T(InstalmentApproved{1, []Instalment{{"2026-05-31", 10_000_000}, {"2026-06-30", 15_000_000}}, "亏损证明", approval, day(55)}),
		domain.T(SurchargeAccrued{1, "2026-05-06", "2026-05-16", 10, 7_500_000, "澄水加罚〔2026〕1号", day(74)}),
		domain.T(CorrectionVerified{CorrectionCheck{3, "清除", 100, 20, 300, true, photos, photos}, officers, day(60)}),
		domain.T(ItemPerformed{2, "拍卖后上缴国库", "罚没示例号", day(70)}),
		domain.T(PerformanceUrged{Urging{1, "澄水催〔2026〕1号", "2026-11-10", "到银行缴纳", 50_000_000, "示例银行江阴支行", true, service}, "2026-10-28", officers, day(239)}),
		domain.T(DemolitionAnnounced{3, "澄水拆公〔2026〕1号", "限期自行拆除", "现场", "2026-11-20", day(245)}),
		domain.T(SelfEnforcementDecided{EnforcementOrder{3, "澄水强〔2026〕1号", "逾期不拆除", "《水法》第六十五条", "强制拆除", day(270), "可以申请复议、提起诉讼", "江阴市水利局", true, "当事人未提出意见"}, day(265)}),
		domain.T(SelfEnforcementExecuted{execution, officers, day(241)}),
		domain.T(SubstituteDecided{SubstituteOrder{3, "澄水代〔2026〕1号", "逾期不清除", "《行政强制法》第五十条", "河道内渣土", 500_000, "示例疏浚有限公司", true}, day(250)}),
		domain.T(SubstituteUrged{3, "澄水代催〔2026〕1号", service, "2026-11-10", officers, day(252)}),
		domain.T(SubstitutePerformed{execution, 480_000, signature, officers, day(260)}),
		domain.T(CourtEnforcementApplied{CourtApplication{1, "澄水强申〔2026〕1号", "江阴市人民法院", true, true, "逾期未缴", "已催告，当事人未提出意见", "罚款25万元"}, day(260)}),
		domain.T(CourtRuled{1, "allowed", "（2026）苏示例行审1号", "准予强制执行", day(270)}),
		domain.T(PropertyAuctioned{1, id(4), "示例拍卖有限公司", 30_000_000, true, day(260)}),
		domain.T(EnforcementSuspended{1, "hardship", "暂无履行能力", approval, day(262)}),
		domain.T(EnforcementResumed{1, "恢复履行能力", day(280)}),
		domain.T(EnforcementEnded{1, "died", "当事人死亡且无遗产", approval, day(290)}),
		domain.T(SettlementConcluded{1, "澄水执协〔2026〕1号", "分三期履行", "2027-03-31", 1_000_000, true, day(265)}),
		domain.T(ReviewOrSuitRecorded{id(9), "review", 1, "江阴市人民政府", "澄政复〔2026〕示例号", "2026-05-10", true, day(68)}),
		domain.T(ReviewAnswered{id(9), hash, day(75)}),
		domain.T(ReviewOrSuitEnded{id(9), "upheld", "澄政复决〔2026〕示例号", day(118)}),

		domain.T(CrimeSuspected{CrimeReport{"非法采矿罪", "货值达到立案标准", 12_000_000, []uuid.UUID{id(2)}}, officers, day(2)}),
		domain.T(TransferApproved{"澄水移审〔2026〕1号", approval, day(3)}),
		domain.T(TransferRefused{"未达到立案标准", approval, day(3)}),
		domain.T(CrimeTransferred{"澄水移刑〔2026〕1号", "江阴市公安局", []string{"letter", "report", "list"}, 4, true, day(4)}),
		domain.T(TransferReceived{"澄公收〔2026〕示例号", "长江航运公安局苏州分局", day(4)}),
		domain.T(PoliceDecided{true, "澄公立〔2026〕示例号", "有犯罪事实", day(6)}),
		domain.T(TransferObjected{"procuratorate", "澄水异〔2026〕1号", day(8)}),
		domain.T(GoodsHandedOver{"澄水物〔2026〕1号", day(8)}),
		domain.T(CriminalCaseEnded{"convicted", "（2026）苏示例刑初1号", 5_000_000, day(200)}),

		domain.T(Archived{Archiving{"20260001", "W01-2-1", "years30", []Volume{{"main", []Piece{{"filing", "立案审批表", 1, 2}}}}, "卷内文书齐全", "张示例", "周示例"}, day(320)}),
	}
}

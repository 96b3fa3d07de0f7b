package casefile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

type spec = domaintest.Spec[casefile.State, casefile.Command, casefile.Event]

// on is ten o'clock in Beijing on a day, later by some hours.
func on(day law.Date, hours ...int) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, string(day), law.Beijing())
	if err != nil {
		panic(err)
	}
	h := 10
	for _, more := range hours {
		h += more
	}
	return at.Add(time.Duration(h) * time.Hour).UTC()
}

func id(n byte) uuid.UUID { return uuid.UUID{15: n} }

func crew() []law.Officer { return law.SampleCrew() }

func ids(officers []law.Officer) []uuid.UUID {
	list := make([]uuid.UUID, len(officers))
	for n, o := range officers {
		list[n] = o.ID
	}
	return list
}

// with returns a command with something changed.
func with[C any](c C, change func(*C)) C {
	change(&c)
	return c
}

// try gives a command with something changed to the decider.
func try[C casefile.Command](s spec, c C, change func(*C)) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
	return s.When(with(c, change))
}

// after carries on with commands that must all be accepted.
func after(t testing.TB, s spec, commands ...casefile.Command) spec {
	t.Helper()
	for _, c := range commands {
		s = accept(t, s, c)
	}
	return s
}

func accept(t testing.TB, s spec, c casefile.Command) spec {
	t.Helper()
	events, err := casefile.Decider().Decide(s.State(), c)
	if err != nil {
		t.Fatalf("%T is refused: %v", c, err)
	}
	if len(events) == 0 {
		t.Fatalf("%T changes nothing", c)
	}
	return s.Given(events...)
}

const (
	hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	smr9 = "《长江河道采砂管理条例》第九条"
	smr  = "《长江河道采砂管理条例》第十八条"
)

func photo() domain.Evidence {
	return domain.Evidence{SHA256: hash, Size: 1, MediaType: "image/jpeg", ID: id(90)}
}

func approval(day law.Date) law.Approval {
	return law.Approval{Name: "李示例", Post: "局长", Opinion: "同意", ApprovedOn: day}
}

func signed() casefile.Signature { return casefile.Signature{State: "signed", By: "王示例"} }

func direct(day law.Date) casefile.Service {
	return casefile.Service{Method: "direct", On: day, Receiver: "王示例", Relation: "legal", Place: "江阴市示例路1号", Receipt: "送达回证示例号"}
}

func announcedService(day law.Date) casefile.Service {
	return casefile.Service{Method: "announced", On: day, Place: "《示例日报》", Reason: "直接、邮寄送达均被退回"}
}

// What follows is one case: 300 tonnes of sand, 12,000 yuan, mined without permit in a closed reach, filed on Tuesday 3 March 2026.

func start() spec { return domaintest.For(casefile.Decider()).Given(filed()) }

func orderStop() casefile.OrderStop {
	return casefile.OrderStop{Order: casefile.Order{Number: "澄水责停〔2026〕1号", Kind: "stop", Party: 1, Conduct: "在长江采砂", Basis: smr, Rights: true, Service: direct("2026-03-03")},
		Officers: ids(crew()), Crew: crew(), At: on("2026-03-03", 1)}
}

func inspect() casefile.InspectSite {
	return casefile.InspectSite{Inspection: casefile.Inspection{StartedAt: on("2026-03-02"), EndedAt: on("2026-03-02", 1), CertificateShown: true,
		Present: "party", Name: "王示例", Found: "船舱内有吸砂泵和江砂", Signature: signed(), Photos: []domain.Evidence{photo()}},
		Officers: ids(crew()), Crew: crew(), At: on("2026-03-03", 1)}
}

func identify() casefile.IdentifyParty {
	return casefile.IdentifyParty{Party: 1, Is: law.SampleFiling().Parties[0], Grounds: "营业执照", At: on("2026-03-03", 2)}
}

func recuse() casefile.RecuseOfficer {
	third := third()
	return casefile.RecuseOfficer{Officer: crew()[1].ID, AskedBy: "party", Ground: "与当事人有近亲属关系", Granted: true, SuccessorID: third.ID, Successor: &third,
		Approval: approval("2026-03-04"), At: on("2026-03-04")}
}

func third() law.Officer {
	return law.Officer{ID: id(33), Name: "孙示例", CertNo: "苏B示例0003", CertFrom: "2025-01-01", CertUntil: "2029-12-31"}
}

func evidence(n byte, day law.Date) casefile.AddEvidence {
	return casefile.AddEvidence{Evidence: casefile.Material{ID: id(n), Kind: "document", Title: "过磅单", Proves: "采砂300吨", Source: "当事人提供", Place: "江阴", CollectedOn: day,
		Original: true, Custodian: "张示例"}, Officers: ids(crew()), Crew: crew(), At: on(day)}
}

func verify(n byte) casefile.VerifyEvidence {
	return casefile.VerifyEvidence{Evidence: id(n), Result: "verified", Note: "与现场笔录相互印证", At: on("2026-03-05")}
}

func vessel() []casefile.Object {
	return []casefile.Object{{Name: "苏示例采0001", Kind: "vessel", Quantity: 1, Unit: "艘"}}
}

func preserve() casefile.PreserveEvidence {
	return casefile.PreserveEvidence{Preservation: casefile.Preservation{ID: id(21), Number: "澄水保〔2026〕1号", Reason: "可能灭失", Objects: vessel(), Place: "芦埠港",
		Signature: signed(), Approval: approval("2026-03-03")}, Officers: ids(crew()), Crew: crew(), At: on("2026-03-03", 2)}
}

func endPreservation(outcome string, day law.Date) casefile.EndPreservation {
	return casefile.EndPreservation{Preservation: id(21), Outcome: outcome, Number: "澄水保处〔2026〕1号", Note: "示例", Approval: approval(day), At: on(day)}
}

func seize() casefile.ImposeSeizure {
	return casefile.ImposeSeizure{Seizure: casefile.Seizure{ID: id(22), Kind: "seize", Number: "澄水扣〔2026〕1号", Basis: "江苏省人大常委会《关于在长江江苏水域严禁非法采砂的决定》",
		Reviewed: true, Reason: "防止转移", Objects: vessel(), Related: true, Place: "芦埠港", Days: 30, Present: "party", Name: "王示例", Rights: true, ListNo: "清单示例号",
		Signature: signed(), ApprovedBy: "李示例", ApprovedAt: on("2026-03-03", 1)}, Officers: ids(crew()), Crew: crew(), At: on("2026-03-03", 2)}
}

func endSeizure(outcome string, day law.Date) casefile.EndSeizure {
	return casefile.EndSeizure{Seizure: id(22), Outcome: outcome, Number: "澄水扣处〔2026〕1号", Note: "示例", Approval: approval(day), At: on(day)}
}

func extendSeizure() casefile.ExtendSeizure {
	return casefile.ExtendSeizure{Seizure: id(22), Days: 30, Reason: "案情复杂", Number: "澄水扣延〔2026〕1号", Approval: approval("2026-04-01"), At: on("2026-04-01")}
}

func commission() casefile.CommissionAppraisal {
	return casefile.CommissionAppraisal{Appraisal: casefile.Appraisal{ID: id(23), Subject: "采砂量", Institution: "示例测量有限公司", Holding: id(22), Days: 10, Told: true, StartedOn: "2026-03-04"}, At: on("2026-03-04")}
}

func receive() casefile.ReceiveAppraisal {
	return casefile.ReceiveAppraisal{Appraisal: id(23), Result: "300吨", At: on("2026-03-09")}
}

func suspend(day law.Date) casefile.SuspendInvestigation {
	return casefile.SuspendInvestigation{Ground: "party_missing", Note: "下落不明", Approval: approval(day), At: on(day)}
}

func resume(day law.Date) casefile.ResumeInvestigation {
	return casefile.ResumeInvestigation{Note: "已找到当事人", Approval: approval(day), At: on(day)}
}

func fineItem(fen int64) casefile.Item {
	return casefile.Item{No: 1, Party: 1, Fact: 1, Measure: law.MeasureFine, Violation: "S01", Basis: smr, Breaks: smr9, AmountFen: fen, Target: "罚款"}
}

func sandItem() casefile.Item {
	return casefile.Item{No: 2, Party: 1, Fact: 1, Measure: law.MeasureSand, Violation: "S01", Basis: smr, Breaks: smr9, ValueFen: 1_200_000, Target: "江砂300吨"}
}

func items() []casefile.Item { return []casefile.Item{fineItem(25_000_000), sandItem()} }

func fact() casefile.Fact {
	return casefile.Fact{No: 1, Text: "2026年3月2日采砂300吨", Evidence: []uuid.UUID{id(11), id(12)}, Violations: []string{"S01"}, ConductEndedOn: "2026-03-02", ValueFen: 1_200_000, NoPermit: true, Closed: true}
}

func conclude() casefile.ConcludeInvestigation {
	return casefile.ConcludeInvestigation{Report: casefile.Report{Facts: []casefile.Fact{fact()}, Discretion: "一般情节", Proposal: "penalty", Items: items()},
		Officers: ids(crew()), Crew: crew(), At: on("2026-03-10")}
}

func reopen() casefile.ReopenInvestigation {
	return casefile.ReopenInvestigation{Reason: "补充鉴定", Approval: approval("2026-03-11"), At: on("2026-03-11")}
}

func confirmAddress() casefile.ConfirmAddress {
	return casefile.ConfirmAddress{Address: casefile.Address{Party: 1, Number: "澄水址〔2026〕1号", Postal: "江阴市示例路1号", Electronic: "shili@example.cn", Signed: true}, At: on("2026-03-03", 3)}
}

func requestReview(day law.Date) casefile.RequestReview {
	return casefile.RequestReview{Number: "澄水审〔2026〕1号", Draft: hash, At: on(day)}
}

func passReview(day law.Date) casefile.PassReview {
	return casefile.PassReview{Reviewer: id(41), Name: "周示例", Qualified: "A示例0001", Opinion: "同意", Draft: hash, At: on(day, 1)}
}

func returnReview() casefile.ReturnReview {
	return casefile.ReturnReview{Reviewer: id(41), Name: "周示例", Qualified: "A示例0001", Opinion: "证据不足", At: on("2026-03-11", 1)}
}

func discuss(day law.Date) casefile.Discuss {
	return casefile.Discuss{Discussion: casefile.Discussion{Attendees: []casefile.Attendee{{Name: "李示例", Post: "局长", Head: true, Opinion: "同意"}, {Name: "吴示例", Post: "副局长", Head: true, Opinion: "同意"}},
		Conclusion: "按建议处罚", Items: items(), Minutes: "澄水讨〔2026〕1号", HeldOn: day}, At: on(day)}
}

func notify(day law.Date) casefile.Notify {
	return casefile.Notify{Notification: casefile.Notification{Number: "澄水罚告〔2026〕1号", Party: 1, Facts: "采砂300吨", Reasons: "违反条例", Basis: smr, Items: items(), Rights: true, Hearing: true,
		Service: direct(day)}, Officers: ids(crew()), Crew: crew(), At: on(day)}
}

func renotify(day law.Date, why string) casefile.Renotify {
	n := notify(day)
	return casefile.Renotify{Why: why, Note: "示例", Notification: n.Notification, Officers: n.Officers, Crew: n.Crew, At: n.At}
}

func defence(day law.Date) casefile.SubmitDefence {
	return casefile.SubmitDefence{Party: 1, Text: "砂石有合法来源", Signed: true, At: on(day, 1)}
}

func reviewDefence(day law.Date) casefile.ReviewDefence {
	return casefile.ReviewDefence{Party: 1, Points: []casefile.Point{{Text: "砂石有合法来源", Reason: "没有采运管理单，不予采纳"}}, At: on(day, 2)}
}

func requestHearing(day law.Date) casefile.RequestHearing {
	return casefile.RequestHearing{Party: 1, At: on(day)}
}

func scheduleHearing(notice, held law.Date) casefile.ScheduleHearing {
	return casefile.ScheduleHearing{Plan: casefile.HearingPlan{Number: "澄水听通〔2026〕1号", Party: 1, At: on(held), Place: "江阴市水利局", Presider: id(42), Name: "郑示例", Public: true, Service: direct(notice)},
		Officers: ids(crew()), Crew: crew(), At: on(notice)}
}

func holdHearing(day law.Date) casefile.HoldHearing {
	return casefile.HoldHearing{Record: casefile.HearingRecord{Party: 1, StartedAt: on(day), EndedAt: on(day, 2), Transcript: "澄水听〔2026〕1号", Signature: signed(), Report: "事实清楚，建议维持"}, At: on(day, 3)}
}

func remedy() casefile.RemedyNotice {
	return casefile.RemedyNotice{ReviewOrgan: "江阴市人民政府", ReviewDays: 60, Court: "江阴市人民法院", SuitMonths: 6}
}

func decide(day law.Date) casefile.Decide {
	return casefile.Decide{Ruling: casefile.Ruling{Number: "澄水罚〔2026〕1号", Items: items(), Facts: "采砂300吨", Evidence: []uuid.UUID{id(11), id(12)}, Heard: "当事人未提出申辩", Discretion: "一般情节",
		Way: "十五日内到银行缴纳", Bank: "示例银行江阴支行", Surcharge: true, Remedy: remedy(), Organ: "江阴市水利局", Sealed: true, Approval: approval(day)}, At: on(day, 4)}
}

func extend(day law.Date) casefile.ExtendDecision {
	return casefile.ExtendDecision{Reason: "案情复杂", Days: 60, Approval: approval(day), At: on(day)}
}

func noPenalty(day law.Date) casefile.DecideNoPenalty {
	return casefile.DecideNoPenalty{Number: "澄水不罚〔2026〕1号", Ground: "first_minor", Facts: "初次违法且后果轻微并及时改正", Education: "已当面教育", Remedy: remedy(), Organ: "江阴市水利局", Sealed: true,
		Approval: approval(day), At: on(day)}
}

func serve(day law.Date) casefile.ServeDecision {
	return casefile.ServeDecision{Party: 1, Service: direct(day), Officers: ids(crew()), Crew: crew(), At: on(day, 5)}
}

func pay(day law.Date, fen int64) casefile.RecordPayment {
	return casefile.RecordPayment{Payment: casefile.Payment{Item: 1, AmountFen: fen, PaidOn: day, Slip: "缴款书示例号", Bank: "示例银行江阴支行", Channel: "bank", Treasury: true}, At: on(day, 6)}
}

func performSand(day law.Date) casefile.PerformItem {
	return casefile.PerformItem{Item: 2, How: "拍卖后上缴国库", Slip: "罚没示例号", At: on(day)}
}

func check(item int64, day law.Date) casefile.VerifyCorrection {
	return casefile.VerifyCorrection{Check: casefile.CorrectionCheck{Item: item, Measure: "船舶已停靠指定地点", Complete: true, Before: []domain.Evidence{photo()}, After: []domain.Evidence{photo()}},
		Officers: ids(crew()), Crew: crew(), At: on(day)}
}

func urge(item int64, day, by law.Date, fen int64) casefile.Urge {
	return casefile.Urge{Urging: casefile.Urging{Item: item, Number: "澄水催〔2026〕1号", By: by, Way: "到银行缴纳或者自行拆除", AmountFen: fen, PayTo: "示例银行江阴支行", Rights: true, Service: direct(day)},
		Officers: ids(crew()), Crew: crew(), At: on(day)}
}

func applyToCourt(item int64, day law.Date) casefile.ApplyToCourt {
	return casefile.ApplyToCourt{Application: casefile.CourtApplication{Item: item, Number: "澄水强申〔2026〕1号", Court: "江阴市人民法院", Signed: true, Sealed: true, Facts: "逾期未缴", Heard: "当事人未提出意见", Target: "罚款"}, At: on(day)}
}

func archive(day law.Date) casefile.Archive {
	return casefile.Archive{Archiving: casefile.Archiving{Number: "20260001", Fonds: "W01-2-1", Retention: "years30", Note: "齐全", Preparer: "张示例", Checker: "周示例",
		Volumes: []casefile.Volume{{Part: "main", Items: []casefile.Piece{
			{Kind: "filing", Title: "立案审批表", From: 1, To: 2}, {Kind: "decision", Title: "决定书", From: 3, To: 8}, {Kind: "service", Title: "送达回证", From: 9, To: 9},
			{Kind: "notice", Title: "事先告知书", From: 10, To: 12}, {Kind: "service", Title: "送达回证", From: 13, To: 13}, {Kind: "record", Title: "现场笔录", From: 14, To: 16}}},
			{Part: "internal", Items: []casefile.Piece{{Kind: "discussion", Title: "集体讨论记录", From: 1, To: 4}}}}}, At: on(day)}
}

func closeCase(ground string, day law.Date) casefile.Close {
	return casefile.Close{Ground: ground, Note: "示例", Approval: approval(day), At: on(day, 8)}
}

// The case at its stages.

func collected(t testing.TB) spec {
	return after(t, start(), orderStop(), inspect(), evidence(11, "2026-03-04"), evidence(12, "2026-03-04"), verify(11), verify(12))
}

func concludedCase(t testing.TB) spec { return after(t, collected(t), conclude()) }

func notifiedCase(t testing.TB) spec {
	return after(t, concludedCase(t), requestReview("2026-03-11"), passReview("2026-03-12"), discuss("2026-03-13"), notify("2026-03-16"))
}

func decidedCase(t testing.TB) spec { return after(t, notifiedCase(t), decide("2026-03-24")) }

func servedCase(t testing.TB) spec { return after(t, decidedCase(t), serve("2026-03-25")) }

// shoreCase is another case: a shed on the flood plain of an inland river, ordered to be demolished under 水法第六十五条, in 2025 so that
// the calendar reaches its end.
func shoreCase() []casefile.Command {
	const w65 = "《水法》第六十五条第一款"
	f := file()
	f.Ground.Kind, f.Ground.Regime, f.Ground.DiscoveredOn, f.Ground.FiledOn = law.ShoreBuilding, law.Inland, "2025-03-03", "2025-03-03"
	f.Filing.Violation, f.Filing.ConductEndedOn, f.Filing.UnitHead.ApprovedOn, f.Filing.OrganHead.ApprovedOn = "H01", "2025-03-03", "2025-03-03", "2025-03-03"
	f.Filing.Parties = []law.Party{{Kind: "organisation", Name: "示例仓储有限公司", Address: "无锡市示例路2号"}}
	f.At = on("2025-03-03")
	item := casefile.Item{No: 1, Party: 1, Fact: 1, Measure: law.MeasureDemolish, Violation: "H01", Basis: w65, Breaks: "《水法》第三十七条第二款", Target: "违章仓库800平方米", By: "2025-05-15"}
	e, v := evidence(11, "2025-03-04"), verify(11)
	v.At = on("2025-03-05")
	c := conclude()
	c.Report.Facts = []casefile.Fact{{No: 1, Text: "在河道管理范围内建仓库", Evidence: []uuid.UUID{id(11)}, Violations: []string{"H01"}, ConductEndedOn: "2025-03-03"}}
	c.Report.Items, c.At = []casefile.Item{item}, on("2025-03-10")
	n := notify("2025-03-17")
	n.Notification.Items, n.Notification.Hearing, n.Notification.Basis = []casefile.Item{item}, false, w65
	for _, crew := range [][]law.Officer{f.Ground.Handlers, e.Crew, c.Crew, n.Crew} {
		crew[1].CertFrom = "2025-01-01"
	}
	return []casefile.Command{f, e, v, c, n, shoreDecision("2025-03-25"), serve("2025-03-26")}
}

func shore(t testing.TB) spec {
	return after(t, domaintest.For(casefile.Decider()), shoreCase()...)
}

// shoreNotified is that case up to its notice on Monday 17 March 2025.
func shoreNotified(t testing.TB) spec {
	return after(t, domaintest.For(casefile.Decider()), shoreCase()[:5]...)
}

func shoreDecision(day law.Date) casefile.Decide {
	d := decide(day)
	d.Ruling.Items = []casefile.Item{{No: 1, Party: 1, Fact: 1, Measure: law.MeasureDemolish, Violation: "H01", Basis: "《水法》第六十五条第一款", Breaks: "《水法》第三十七条第二款", Target: "违章仓库800平方米", By: "2025-05-15"}}
	d.Ruling.Evidence, d.Ruling.Bank, d.Ruling.Surcharge = []uuid.UUID{id(11)}, "", false
	return d
}

// rubbishCase is a third: spoil tipped into a river, to be cleared under 防洪法第五十五条.
func rubbishCase() []casefile.Command {
	const f55 = "《防洪法》第五十五条第二项"
	f := file()
	f.Ground.Kind, f.Ground.Regime, f.Filing.Violation = law.ShoreDumping, law.Inland, "H06"
	item := casefile.Item{No: 1, Party: 1, Fact: 1, Measure: law.MeasureClear, Violation: "H06", Basis: f55, Breaks: "《防洪法》第二十二条第二款", Target: "渣土300立方米", By: "2026-04-10"}
	c := conclude()
	c.Report.Facts = []casefile.Fact{{No: 1, Text: "倾倒渣土", Evidence: []uuid.UUID{id(11)}, Violations: []string{"H06"}, ConductEndedOn: "2026-03-02"}}
	c.Report.Items = []casefile.Item{item}
	n := notify("2026-03-16")
	n.Notification.Items, n.Notification.Hearing = c.Report.Items, false
	d := decide("2026-03-24")
	d.Ruling.Items, d.Ruling.Evidence = c.Report.Items, []uuid.UUID{id(11)}
	return []casefile.Command{f, evidence(11, "2026-03-04"), verify(11), c, n, d, serve("2026-03-25")}
}

func rubbish(t testing.TB) spec {
	return after(t, domaintest.For(casefile.Decider()), rubbishCase()...)
}

func article(t testing.TB, r domain.Refusal, want string) {
	t.Helper()
	if !strings.Contains(r.Article, want) {
		t.Errorf("%s rests on %q, want %q", r.Code, r.Article, want)
	}
}

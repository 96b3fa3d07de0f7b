package casefile_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"shuizheng/domain/casefile"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

// A province that discusses first and reviews nothing unless the law demands it: report, discussion, notice, defence, decision.
func TestOrderOfJiangxi(t *testing.T) {
	domaintest.Covers(t, "#19", "#20", "#28")
	s := after(t, concludedCase(t), discuss("2026-03-12"), notify("2026-03-16"), defence("2026-03-18"), reviewDefence("2026-03-20"), decide("2026-03-24"), serve("2026-03-26"),
		pay("2026-04-03", 25_000_000), performSand("2026-04-03"), check(0, "2026-04-07"), closeCase("performed", "2026-04-08"))
	if s.State().Stage() != casefile.StageClosed {
		t.Error(s.State().Stage())
	}
	concludedCase(t).When(decide("2026-03-24")).Refused(t, "case.not_notified")
}

// A province that reviews before it discusses, hears the party after the notice, and reviews again after the hearing.
func TestOrderOfGuangdong(t *testing.T) {
	domaintest.Covers(t, "#18", "#19", "#20", "#25", "G4")
	heard := after(t, concludedCase(t), requestReview("2026-03-11"), passReview("2026-03-11"), discuss("2026-03-13"), notify("2026-03-16"), requestHearing("2026-03-19"),
		scheduleHearing("2026-03-20", "2026-04-01"), holdHearing("2026-04-01"))
	heard.When(decide("2026-04-07")).Refused(t, "case.reviewed_before_hearing")
	after(t, heard, requestReview("2026-04-02"), passReview("2026-04-03"), decide("2026-04-07"), serve("2026-04-09"))
}

// Nothing keeps an organ from asking the party first and its own people afterwards.
func TestNoticeFirst(t *testing.T) {
	domaintest.Covers(t, "#18", "#19", "#20")
	s := after(t, concludedCase(t), notify("2026-03-11"), defence("2026-03-12"), reviewDefence("2026-03-13"), requestReview("2026-03-16"), passReview("2026-03-17"))
	s.When(decide("2026-03-20")).Refused(t, "case.not_discussed")
	after(t, s, discuss("2026-03-18"), decide("2026-03-20"))
}

// real is a published case; what its source does not say, names, numbers and the days between, is invented here.
type real struct {
	violation string
	kind      law.Kind
	regime    law.Regime
	party     law.Party
	basis     string
	breaks    string
	ended     law.Date // the conduct
	filed     law.Date
	fact      casefile.Fact
	items     []casefile.Item
	priors    []casefile.Prior
}

func (r real) crew() []law.Officer {
	crew := crew()
	for i := range crew {
		crew[i].CertFrom, crew[i].CertUntil = r.filed.AddYears(-1), r.filed.AddYears(3)
	}
	return crew
}

func (r real) item(no int64, m law.Measure, fen int64, target string) casefile.Item {
	return casefile.Item{No: no, Party: 1, Fact: 1, Measure: m, Violation: r.violation, Basis: r.basis, Breaks: r.breaks, AmountFen: fen, Target: target}
}

// open is the case up to its report, some days after the filing.
func (r real) open(t testing.TB, evidenced ...casefile.Command) spec {
	t.Helper()
	f := file()
	f.Ground = law.FilingGround{Kind: r.kind, Regime: r.regime, DiscoveredOn: r.ended, FiledOn: r.filed, Handlers: r.crew()}
	f.Filing.Violation, f.Filing.ConductEndedOn, f.Filing.Parties = r.violation, r.ended, []law.Party{r.party}
	f.Filing.UnitHead.ApprovedOn, f.Filing.OrganHead.ApprovedOn, f.At = r.filed, r.filed, on(r.filed)
	stop := orderStop()
	stop.Crew, stop.At, stop.Order.Service.On = r.crew(), on(r.filed, 1), r.filed
	s := after(t, domaintest.For(casefile.Decider()), f, stop)
	s = after(t, s, evidenced...)
	report := conclude()
	r.fact.No, r.fact.ConductEndedOn = 1, r.ended
	if r.fact.Violations == nil {
		r.fact.Violations = []string{r.violation}
	}
	report.Report.Facts, report.Report.Items, report.Crew, report.At, report.Priors = []casefile.Fact{r.fact}, r.items, r.crew(), on(r.filed.AddDays(20)), r.priors
	return after(t, s, report)
}

// evidence is one piece of it, collected and verified.
func (r real) evidence(n byte, kind, title string) []casefile.Command {
	e, v := evidence(n, r.filed), verify(n)
	e.Evidence.Kind, e.Evidence.Title, e.Evidence.Person, e.Evidence.Identity, e.Evidence.Signed = kind, title, "示例", "示例", true
	e.Crew, e.At, v.At = r.crew(), on(r.filed, 2), on(r.filed, 3)
	return []casefile.Command{e, v}
}

func (r real) notice(day law.Date, hearing bool) casefile.Notify {
	n := notify(day)
	n.Crew, n.Notification.Items, n.Notification.Basis, n.Notification.Hearing = r.crew(), r.items, r.basis, hearing
	return n
}

func (r real) discussion(day law.Date) casefile.Discuss {
	return with(discuss(day), func(c *casefile.Discuss) { c.Discussion.Items = r.items })
}

func (r real) decision(day law.Date, evidence ...uuid.UUID) casefile.Decide {
	return with(decide(day), func(c *casefile.Decide) { c.Ruling.Items, c.Ruling.Evidence = r.items, evidence })
}

func (r real) service(day law.Date) casefile.ServeDecision {
	return with(serve(day), func(c *casefile.ServeDecision) { c.Crew = r.crew() })
}

func (r real) check(day law.Date) casefile.VerifyCorrection {
	return with(check(0, day), func(c *casefile.VerifyCorrection) { c.Crew = r.crew() })
}

// R市F区, 2021: a dredger works two hours in a closed reach, 300 tonnes, 12,000 yuan. After hearing and discussion the vessel and the gains
// are confiscated and 250,000 yuan fined; the court dismisses the suit.
func TestStoneCompany2021(t *testing.T) {
	domaintest.Covers(t, "C5", "#25", "#28", "#44", "G7")
	const article91, article28 = "《长江保护法》第九十一条", "《长江保护法》第二十八条"
	r := real{violation: "S02-2021", kind: law.SandMining, regime: law.Yangtze, party: law.Party{Kind: "organisation", Name: "示例石业公司", Address: "R市F区"},
		basis: article91, breaks: article28, ended: "2021-06-19", filed: "2021-06-19",
		fact: casefile.Fact{Text: "禁采期末在禁采区采砂两小时，300吨", Evidence: []uuid.UUID{id(11), id(12), id(13)}, ValueFen: 1_200_000, Closed: true}}
	r.items = []casefile.Item{r.item(1, law.MeasureFine, 25_000_000, "罚款"), r.item(2, law.MeasureGains, 1_200_000, "违法所得"), r.item(3, law.MeasureVessel, 0, "采砂船一艘")}
	s := r.open(t, append(append(r.evidence(11, "document", "照片"), r.evidence(12, "record", "现场检查笔录")...), r.evidence(13, "statement", "询问笔录")...)...)

	hearing := scheduleHearing("2021-07-20", "2021-07-30")
	hearing.Crew = r.crew()
	s = after(t, s, r.discussion("2021-07-12"), r.notice("2021-07-14", true), requestHearing("2021-07-16"), hearing, holdHearing("2021-07-30"))
	s.When(r.decision("2021-08-10", id(11), id(12), id(13))).Refused(t, "case.not_reviewed")
	s = after(t, s, requestReview("2021-08-02"), passReview("2021-08-03"))
	dear := r
	dear.items = append([]casefile.Item{r.item(1, law.MeasureFine, 20_000_000-1, "罚款")}, r.items[1:]...)
	refusal := s.When(dear.decision("2021-08-10", id(11))).Refused(t, "penalty.outside_range")
	if !strings.Contains(refusal.Message, "20万元以上200万元以下") {
		t.Error(refusal.Message)
	}
	s = after(t, s, r.decision("2021-08-10", id(11), id(12), id(13)), r.service("2021-08-12"), record("suit", 1, "2021-09-06"), endRemedy("dismissed", "2022-01-20"))
	st := s.State()
	if a := st.Decision.Applied[0]; a.Violation != "S02-2021" || a.Article != article91 || a.MinFen != 20_000_000 || a.MaxFen != 200_000_000 {
		t.Errorf("%+v", a)
	}
	var fen int64
	for _, i := range st.Items {
		fen += i.Item.AmountFen
	}
	if fen != 26_200_000 || st.Remedies[0].Outcome != "dismissed" {
		t.Errorf("%d fen, %+v", fen, st.Remedies)
	}
}

// 武汉, 2015: caught at 02:27 on 11 June on a vessel without name, papers or port, 200 tonnes aboard, fined in 2014 and 2015 before. The
// vessel is confiscated, the owner sues and loses, and from September it is put up for auction.
func TestWuhan2015(t *testing.T) {
	domaintest.Covers(t, "C4", "#44", "G11")
	const article = "《长江河道采砂管理条例》（2001年）第十八条"
	r := real{violation: "S01-2002", kind: law.SandMining, regime: law.Yangtze, party: law.Party{Kind: "person", Name: "王某", Address: "武汉市示例区"}, basis: article, breaks: "《长江河道采砂管理条例》（2001年）第九条",
		ended: "2015-06-11", filed: "2015-06-11", fact: casefile.Fact{Text: "“三无”船舶采砂，船上200吨，2015年3月至6月八次以上", Evidence: []uuid.UUID{id(11)}, ValueFen: 800_000, NoPermit: true, Serious: true},
		priors: []casefile.Prior{{Number: "2014年罚款", Violation: "S01-2002", DecidedOn: "2014-07-01"}, {Number: "2015年罚款", Violation: "S01-2002", DecidedOn: "2015-02-01"}}}
	r.items = []casefile.Item{with(r.item(1, law.MeasureVessel, 0, "“三无”采砂船一艘"), func(i *casefile.Item) { i.ValueFen = 30_000_000 })}
	hold := preserve()
	hold.Crew, hold.At, hold.Preservation.Approval = r.crew(), on("2015-06-11", 1), approval("2015-06-11")
	back := endPreservation("confiscated", "2015-06-20")
	s := r.open(t, append(r.evidence(11, "record", "现场笔录"), hold)...)
	s.When(with(back, func(c *casefile.EndPreservation) { c.At, c.Approval = on("2015-06-19"), approval("2015-06-19") })).Refused(t, "case.no_confiscation")
	s = after(t, s, endPreservation("returned", "2015-06-23"), r.discussion("2015-07-02"), r.notice("2015-07-03", true), r.decision("2015-07-15", id(11)), r.service("2015-07-16"),
		record("suit", 1, "2015-07-30"), endRemedy("upheld", "2015-12-10"),
		casefile.PerformItem{Item: 1, How: "三次公开拍卖，采砂机具销毁", Slip: "示例", At: on("2016-01-10")}, r.check("2016-01-11"))
	accept(t, s, closeCase("performed", "2016-01-12"))

	// The same third act, after 法释〔2016〕25号, is for the police.
	later := r
	later.ended, later.filed = "2017-06-11", "2017-06-11"
	later.priors = []casefile.Prior{{Number: "甲", Violation: "S01-2002", DecidedOn: "2016-02-01"}, {Number: "乙", Violation: "S01-2002", DecidedOn: "2017-02-01"}}
	article27 := later.open(t, later.evidence(11, "record", "现场笔录")...).When(later.notice("2017-07-03", true)).Refused(t, "case.crime_not_examined")
	if !strings.Contains(article27.Message, "2次") {
		t.Error(article27.Message)
	}
}

// 清远, 2022: a carrier with papers for machine-made sand carries river sand; it is confiscated and 46,940 yuan fined. The range is that
// of a local regulation, which the decision names; its figures here are an example.
func TestQingyuan2022(t *testing.T) {
	domaintest.Covers(t, "C7", "#28")
	const article = "《河道管理条例》第四十四条第四项"
	r := real{violation: "S07", kind: law.SandVessel, regime: law.Inland, party: law.Party{Kind: "person", Name: "谢某某", Address: "清远市示例区"}, basis: article, breaks: "《河道管理条例》第二十五条",
		ended: "2022-02-24", filed: "2022-02-25", fact: casefile.Fact{Text: "持机制砂单据运输河砂", Evidence: []uuid.UUID{id(11), id(12)}}}
	fine := r.item(1, law.MeasureFine, 4_694_000, "罚款")
	r.items = []casefile.Item{fine, with(r.item(2, law.MeasureSand, 0, "河砂"), func(i *casefile.Item) { i.ValueFen = 1_000_000 })}
	papers := append(r.evidence(11, "document", "机制砂销售单"), r.evidence(12, "opinion", "砂样鉴定")...)
	for i, c := range papers {
		if e, ok := c.(casefile.AddEvidence); ok && e.Evidence.Kind == "opinion" {
			e.Evidence.Opinion = &casefile.Opinion{Result: "天然河砂"}
			papers[i] = e
		}
	}
	r.items[0].Local = &casefile.Local{Article: "地方性法规（示例幅度）", MinFen: 1_000_000, MaxFen: 10_000_000}
	s := r.open(t, papers...)
	missing := r.notice("2022-03-21", true)
	missing.Notification.Items = []casefile.Item{fine}
	s.When(missing).Refused(t, "penalty.no_range")
	s = after(t, s, r.discussion("2022-03-21"), r.notice("2022-03-22", true), r.decision("2022-03-31", id(11), id(12)), r.service("2022-04-01"),
		pay("2022-04-12", 4_694_000), performSand("2022-04-13"), r.check("2022-04-13"))
	accept(t, s, closeCase("performed", "2022-04-14"))
}

// 伊宁县, 2024: digging and filling beside a levee, found on 25 April; three pieces of evidence, each with what it proves; published with
// what is personal masked. The amount is not public; the one here is an example.
func TestYining2024(t *testing.T) {
	domaintest.Covers(t, "C9", "#9", "#28", "#31")
	const article = "《防洪法》第五十五条第二项"
	r := real{violation: "H06", kind: law.ShoreDumping, regime: law.Inland, party: law.Party{Kind: "person", Name: "楼某", Address: "示例村"}, basis: article, breaks: "《防洪法》第二十二条第二款",
		ended: "2024-04-25", filed: "2024-04-26", fact: casefile.Fact{Text: "堤防旁开挖、填埋并堆放砾石", Evidence: []uuid.UUID{id(11), id(12), id(13)}, Serious: true}}
	r.items = []casefile.Item{r.item(1, law.MeasureFine, 4_000_000, "罚款"), with(r.item(2, law.MeasureClear, 0, "清除砾石"), func(i *casefile.Item) { i.By = "2024-07-31" })}
	all := append(append(r.evidence(11, "record", "现场勘验笔录"), r.evidence(12, "statement", "询问笔录")...), r.evidence(13, "document", "照片")...)
	s := r.open(t, all...)
	over := r.notice("2024-05-20", true)
	over.Notification.Items = []casefile.Item{r.item(1, law.MeasureFine, 5_000_001, "罚款")}
	s.When(over).Refused(t, "penalty.outside_range")
	s = after(t, s, r.discussion("2024-05-20"), r.notice("2024-05-21", true))
	twoOfThree := r.decision("2024-05-30", id(11), id(99))
	s.When(twoOfThree).Refused(t, "case.unknown_evidence")
	s = after(t, s, with(r.decision("2024-05-30", id(11), id(12), id(13)), func(c *casefile.Decide) { c.Ruling.Number = "伊县罚决字〔2024〕第01号" }), r.service("2024-05-31"))
	s.When(with(publish("2024-06-07"), func(c *casefile.PublishDecision) { c.Redacted = false })).Refused(t, "case.not_redacted")
	s = after(t, s, publish("2024-06-07"))
	if d := s.State().Decision; len(d.Evidence) != 3 || d.Number != "伊县罚决字〔2024〕第01号" {
		t.Errorf("%+v", d)
	}
}

// 绵阳游仙, 2022–2023: a waterworks goes on taking water after its permit expired on 4 May 2021, found in April 2022, filed on 26 June 2023, fined
// 90,000 yuan of 20,000 to 100,000. No sand, and the same engine.
func TestMianyang2023(t *testing.T) {
	domaintest.Covers(t, "C8", "#28", "#32", "G13")
	r := real{violation: "W01", kind: law.WaterIntake, regime: law.Inland, party: law.Party{Kind: "organisation", Name: "示例自来水公司", Address: "绵阳市游仙区"},
		basis: "《水法》第六十九条", breaks: "《水法》第四十八条", ended: "2023-06-26", filed: "2023-06-26",
		fact: casefile.Fact{Text: "取水许可证2021年5月4日到期后，自2022年4月起继续取水", Evidence: []uuid.UUID{id(11), id(12)}}}
	r.items = []casefile.Item{r.item(1, law.MeasureFine, 9_000_000, "罚款")}
	s := r.open(t, append(r.evidence(11, "document", "取水许可证"), r.evidence(12, "record", "现场检查笔录")...)...)
	for _, fen := range []int64{1_999_999, 10_000_001} {
		n := r.notice("2023-07-20", true)
		n.Notification.Items = []casefile.Item{r.item(1, law.MeasureFine, fen, "罚款")}
		if refusal := s.When(n).Refused(t, "penalty.outside_range"); !strings.Contains(refusal.Message, "2万元以上10万元以下") {
			t.Error(refusal.Message)
		}
	}
	// Conduct that goes on ends on the day it is found: it is never too long ago while it lasts.
	s = after(t, s, r.discussion("2023-07-20"), r.notice("2023-07-21", true), r.decision("2023-08-01", id(11), id(12)), r.service("2023-08-02"),
		pay("2023-08-17", 9_000_000), r.check("2023-08-18"))
	accept(t, s, closeCase("performed", "2023-08-21"))
}

package casefile_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"shuizheng/domain/casefile"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

func TestDecide(t *testing.T) {
	domaintest.Covers(t, "#28", "G2", "G3", "G5", "G6", "G10", "9.3")
	s := notifiedCase(t)
	done := accept(t, s, decide("2026-03-24"))
	e := done.History()[len(done.History())-1].(casefile.PenaltyDecided)
	if a := e.Applied; len(a) != 1 || a[0].MinFen != 20_000_000 || a[0].MaxFen != 200_000_000 || a[0].Law != law.Version {
		t.Errorf("applied %+v", a)
	}
	if r := e.Roads; len(r) != 2 || r[0].Kind != law.RoadCourt {
		t.Errorf("roads %+v", r)
	}
	bad := func(f func(*casefile.Ruling)) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
		return try(s, decide("2026-03-24"), func(c *casefile.Decide) { f(&c.Ruling) })
	}
	// Not beyond what was notified (G2, G6), and nothing without notice.
	article(t, bad(func(r *casefile.Ruling) { r.Items[0].AmountFen++ }).Refused(t, "case.heavier_than_notified"), "第六十二条")
	bad(func(r *casefile.Ruling) {
		r.Items = append(r.Items, casefile.Item{No: 3, Party: 1, Fact: 1, Measure: law.MeasureVessel, Violation: "S01", Basis: smr, Breaks: smr9, Target: "苏示例采0001"})
	}).Refused(t, "case.heavier_than_notified")
	accept(t, s, with(decide("2026-03-24"), func(c *casefile.Decide) { c.Ruling.Items[0].AmountFen-- }))
	bad(func(r *casefile.Ruling) { r.Items[0].Party = 2 }).Refused(t, "case.not_notified")
	article(t, after(t, concludedCase(t), discuss("2026-03-13")).When(decide("2026-03-24")).Refused(t, "case.not_notified"), "第四十四条")
	// Discussed, and within it (G5).
	article(t, after(t, concludedCase(t), notify("2026-03-16")).When(decide("2026-03-24")).Refused(t, "case.not_discussed"), "第五十七条")
	narrow := after(t, concludedCase(t), with(discuss("2026-03-13"), func(c *casefile.Discuss) { c.Discussion.Items[0].AmountFen = 22_000_000 }), notify("2026-03-16"))
	narrow.When(decide("2026-03-24")).Refused(t, "case.beyond_discussion")
	// Who is fined is ordered to correct (G10).
	unordered := after(t, start(), inspect(), evidence(11, "2026-03-04"), evidence(12, "2026-03-04"), verify(11), verify(12), conclude(), discuss("2026-03-13"), notify("2026-03-16"))
	article(t, unordered.When(decide("2026-03-24")).Refused(t, "case.no_order_to_correct"), "第二十八条")
	accept(t, unordered, with(decide("2026-03-24"), func(c *casefile.Decide) {
		c.Ruling.Items = append(c.Ruling.Items, casefile.Item{No: 3, Party: 1, Fact: 1, Measure: law.MeasureStop, Violation: "S01", Basis: smr, Breaks: smr9, Target: "停止违法行为", By: "2026-04-01"})
	}))
	// Every content that is missing is named.
	r := bad(func(r *casefile.Ruling) { r.Sealed, r.Bank, r.Remedy.Court = false, "", "" }).Refused(t, "case.decision_content")
	article(t, r, "第五十九条")
	for _, want := range []string{"印章", "代收银行", "行政诉讼"} {
		if !strings.Contains(r.Message, want) {
			t.Errorf("%q is not named: %s", want, r.Message)
		}
	}
	bad(func(r *casefile.Ruling) { r.Surcharge = false }).Refused(t, "case.decision_content")
	bad(func(r *casefile.Ruling) { r.Remedy.ReviewDays = 15 }).Refused(t, "case.remedy_periods")
	bad(func(r *casefile.Ruling) { r.Evidence = []uuid.UUID{id(99)} }).Refused(t, "case.unknown_evidence")
	bad(func(r *casefile.Ruling) { r.Approval.ApprovedOn = "2026-03-25" }).Refused(t, "case.approved_out_of_time")
	done.When(decide("2026-03-24")).Refused(t, "case.already_decided")
}

// Ninety days from 3 March 2026 end on 1 June.
func TestDecisionInTime(t *testing.T) {
	domaintest.Covers(t, "#27", "#28", "G14")
	s := notifiedCase(t)
	accept(t, s, decide("2026-06-01"))
	article(t, s.When(decide("2026-06-02")).Refused(t, "case.decision_late"), "第六十条")
	longer := accept(t, s, extend("2026-05-29"))
	accept(t, longer, decide("2026-07-31"))
	longer.When(decide("2026-08-01")).Refused(t, "case.decision_late")
	// Again only by the heads together, and late only with the organ above: never in silence.
	longer.When(extend("2026-07-01")).Refused(t, "case.extension_again")
	accept(t, longer, with(extend("2026-07-01"), func(c *casefile.ExtendDecision) { c.Collective = true }))
	article(t, s.When(extend("2026-06-02")).Refused(t, "case.extension_late"), "第六十条")
	superior := approval("2026-06-02")
	late := accept(t, s, with(extend("2026-06-02"), func(c *casefile.ExtendDecision) { c.Superior = &superior }))
	accept(t, late, decide("2026-06-03"))
	found(t, casefile.Lint(late.State(), "2026-06-03"), "lint.extended_late")
	found(t, casefile.Lint(s.State(), "2026-06-02"), "lint.decision_late")
	try(s, extend("2026-05-29"), func(c *casefile.ExtendDecision) { c.Days = 61 }).Refused(t, "case.extension_days")
	try(s, extend("2026-05-29"), func(c *casefile.ExtendDecision) { c.Approval.ApprovedOn = "2026-05-30" }).Refused(t, "case.approved_out_of_time")
	// What is not counted moves the day.
	paused := after(t, start(), orderStop(), suspend("2026-03-04"), resume("2026-03-13"), evidence(11, "2026-03-13"), evidence(12, "2026-03-13"))
	if due, err := casefile.Clocks(paused.State())[0].Due(law.StateCouncil(), "2026-03-20"); err != nil || due != "2026-06-09" { // eight days from the 5th to the 12th
		t.Errorf("due on %s, %v", due, err)
	}
}

func found(t testing.TB, list []casefile.Finding, code string) {
	t.Helper()
	for _, f := range list {
		if f.Code == code {
			if f.Article == "" || !strings.HasSuffix(f.Message, "。") {
				t.Errorf("%+v", f)
			}
			return
		}
	}
	t.Errorf("%s is not among %+v", code, list)
}

func TestNoPenalty(t *testing.T) {
	domaintest.Covers(t, "#29", "G11", "G14")
	s := concludedCase(t)
	done := accept(t, s, noPenalty("2026-03-12"))
	served := accept(t, done, serve("2026-03-13"))
	accept(t, served, closeCase("no_penalty", "2026-03-16"))
	done.When(closeCase("no_penalty", "2026-03-16")).Refused(t, "case.no_penalty_not_decided")
	served.When(closeCase("performed", "2026-03-16")).Refused(t, "case.no_decision")
	article(t, try(s, noPenalty("2026-03-12"), func(c *casefile.DecideNoPenalty) { c.Education = "" }).Refused(t, "case.no_education"), "第三十三条")
	accept(t, s, with(noPenalty("2026-03-12"), func(c *casefile.DecideNoPenalty) { c.Ground, c.Education = "not_established", "" }))
	try(s, noPenalty("2026-03-12"), func(c *casefile.DecideNoPenalty) { c.Sealed = false }).Refused(t, "case.no_penalty_content")
	try(s, noPenalty("2026-03-12"), func(c *casefile.DecideNoPenalty) { c.Remedy.SuitMonths = 3 }).Refused(t, "case.remedy_periods")
	s.When(noPenalty("2026-06-02")).Refused(t, "case.decision_late")
	collected(t).When(noPenalty("2026-03-12")).Refused(t, "case.not_concluded")
	served.When(pay("2026-03-20", 1)).Refused(t, "case.no_penalty_decision")
}

func spot() casefile.DecideOnSpot {
	return casefile.DecideOnSpot{Ruling: casefile.SpotRuling{Number: "澄水当罚〔2026〕1号", Item: casefile.Item{No: 1, Party: 2, Fact: 1, Measure: law.MeasureFine, Violation: "H11",
		Basis: "《河道管理条例》第四十四条第二项", Breaks: "《河道管理条例》第二十四条第二款", AmountFen: 10_000, Target: "罚款"}, Facts: "在堤防上堆放物料", Place: "长江堤防", CertificateShown: true, Rights: true,
		Remedy: with(remedy(), func(r *casefile.RemedyNotice) { r.ReviewFirst = true }), Organ: "江阴市水利局", Signature: signed()}, Officers: ids(crew()), Crew: crew(), At: on("2026-03-04")}
}

func TestSummaryPenalty(t *testing.T) {
	domaintest.Covers(t, "4.8", "G1")
	s := accept(t, start(), with(orderStop(), func(c *casefile.OrderStop) { c.Order.Party = 2 }))
	done := accept(t, s, spot())
	report := casefile.ReportSummary{To: "江阴市水利局", At: on("2026-03-05")}
	filed := accept(t, done, report)
	bad := func(f func(*casefile.SpotRuling)) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
		return try(s, spot(), func(c *casefile.DecideOnSpot) { f(&c.Ruling) })
	}
	article(t, bad(func(r *casefile.SpotRuling) { r.Item.AmountFen = 20_001 }).Refused(t, "case.spot_amount"), "第五十一条")
	accept(t, s, with(spot(), func(c *casefile.DecideOnSpot) { c.Ruling.Item.AmountFen = 20_000 }))
	accept(t, s, with(spot(), func(c *casefile.DecideOnSpot) { c.Ruling.Item.Party, c.Ruling.Item.AmountFen = 1, 300_000 }))
	bad(func(r *casefile.SpotRuling) { r.Item.Party, r.Item.AmountFen = 1, 300_001 }).Refused(t, "case.spot_amount")
	accept(t, s, with(spot(), func(c *casefile.DecideOnSpot) {
		c.Ruling.Item.Measure, c.Ruling.Item.AmountFen = law.MeasureWarning, 0
	}))
	bad(func(r *casefile.SpotRuling) { r.Item.Measure = law.MeasureSand }).Refused(t, "case.spot_kind")
	bad(func(r *casefile.SpotRuling) { r.Rights = false }).Refused(t, "case.spot_rights")
	bad(func(r *casefile.SpotRuling) { r.Place = "" }).Refused(t, "case.spot_content")
	article(t, bad(func(r *casefile.SpotRuling) { r.Remedy.ReviewFirst = false }).Refused(t, "case.spot_review_first"), "第二十三条")
	bad(func(r *casefile.SpotRuling) { r.Item.Party = 9 }).Refused(t, "case.party_unknown")
	try(s, spot(), func(c *casefile.DecideOnSpot) { c.Crew = c.Crew[:1] }).Refused(t, "officer.two_needed")
	filed.When(report).Refused(t, "case.nothing_to_report")
	found(t, casefile.Lint(done.State(), "2026-03-20"), "lint.summary_unreported")

	// Against it, review comes before suit.
	suit := record("suit", 2, "2026-03-10")
	article(t, done.When(suit).Refused(t, "case.review_first"), "第二十三条")
	review := record("review", 2, "2026-03-10")
	accept(t, after(t, done, review, endRemedy("upheld", "2026-05-08")), with(suit, func(c *casefile.RecordRemedy) { c.ID, c.AcceptedOn, c.At = id(52), "2026-05-20", on("2026-05-20") }))

	// A hundred yuan may be collected on the spot, and is handed in within two working days.
	cash := with(pay("2026-03-04", 10_000), func(c *casefile.RecordPayment) {
		c.Payment.Channel, c.Payment.OnSpot, c.Payment.Bank = "on_spot", "small", "现金"
	})
	paid := accept(t, done, cash)
	try(done, cash, func(c *casefile.RecordPayment) { c.Payment.OnSpot = "" }).Refused(t, "case.not_on_the_spot")
	handIn := casefile.HandInCash{Item: 1, Slip: "缴款书示例号", At: on("2026-03-06")}
	in := accept(t, paid, handIn)
	in.When(handIn).Refused(t, "case.no_cash")
	found(t, casefile.Lint(paid.State(), "2026-03-09"), "lint.cash_held")
	corrected := check(0, "2026-03-06")
	after(t, paid, corrected).When(closeCase("performed", "2026-03-09")).Refused(t, "case.cash_not_handed_in")
	accept(t, after(t, in, corrected), closeCase("performed", "2026-03-09"))
}

func TestServeDecision(t *testing.T) {
	domaintest.Covers(t, "#30", "4.4", "G1")
	s := decidedCase(t)
	served := accept(t, s, serve("2026-03-25"))
	served.When(serve("2026-03-26")).Refused(t, "case.served_before")
	notifiedCase(t).When(serve("2026-03-25")).Refused(t, "case.no_decision")
	try(s, serve("2026-03-25"), func(c *casefile.ServeDecision) { c.Service.On = "2026-03-23" }).Refused(t, "case.served_before_decision")
	try(s, serve("2026-03-25"), func(c *casefile.ServeDecision) { c.Crew = c.Crew[:1] }).Refused(t, "officer.two_needed")
	late := accept(t, s, serve("2026-04-03")) // the seventh working day is 2 April
	found(t, casefile.Lint(late.State(), "2026-04-03"), "lint.served_late")
	// Announced: served thirty days later, and the time to pay runs from there.
	announced := accept(t, s, with(serve("2026-03-25"), func(c *casefile.ServeDecision) { c.Service = announcedService("2026-03-25") }))
	if on := announced.State().Decision.Served[0].On; on != "2026-04-24" {
		t.Errorf("served on %s", on)
	}
	announced.When(pay("2026-04-20", 25_000_000)).Refused(t, "case.not_served")
}

func publish(day law.Date) casefile.PublishDecision {
	return casefile.PublishDecision{Channel: "江阴市人民政府网站", Text: hash, Redacted: true, At: on(day)}
}

func TestPublication(t *testing.T) {
	domaintest.Covers(t, "#31")
	s := servedCase(t)
	public := accept(t, s, publish("2026-03-27"))
	article(t, try(s, publish("2026-03-27"), func(c *casefile.PublishDecision) { c.Redacted = false }).Refused(t, "case.not_redacted"), "《个人信息保护法》")
	public.When(publish("2026-03-27")).Refused(t, "case.public_already")
	notifiedCase(t).When(publish("2026-03-27")).Refused(t, "case.no_penalty_decision")
	withdraw := casefile.WithdrawPublication{Reason: "决定被撤销", At: on("2026-04-13")}
	accept(t, public, withdraw)
	s.When(withdraw).Refused(t, "case.not_public")
	// Three working days after the revocation it must be gone.
	revoked := after(t, public, revoke("2026-04-10", false))
	found(t, casefile.Lint(revoked.State(), "2026-04-16"), "lint.publication_stands")
}

func revise(day law.Date) casefile.ReviseDecision {
	return casefile.ReviseDecision{Number: "澄水罚变〔2026〕1号", By: "review", Document: "澄政复〔2026〕示例号", Items: []casefile.Item{fineItem(20_000_000), sandItem()}, Reason: "复议变更",
		Approval: approval(day), At: on(day)}
}

func TestReviseAndRevoke(t *testing.T) {
	domaintest.Covers(t, "#45")
	s := after(t, servedCase(t), publish("2026-03-27"))
	revised := accept(t, s, revise("2026-06-01"))
	if d := revised.State().Decision; d.Version != 2 || d.Number != "澄水罚变〔2026〕1号" {
		t.Errorf("%+v", d)
	}
	accept(t, revised, serve("2026-06-02"))
	article(t, try(s, revise("2026-06-01"), func(c *casefile.ReviseDecision) { c.Items[0].AmountFen = 26_000_000 }).Refused(t, "case.revised_heavier"), "《行政复议法》")
	try(s, revise("2026-06-01"), func(c *casefile.ReviseDecision) { c.Number = "澄水罚〔2026〕1号" }).Refused(t, "case.same_number")
	try(s, revise("2026-06-01"), func(c *casefile.ReviseDecision) { c.Items = nil }).Refused(t, "case.item_amount")
	notifiedCase(t).When(revise("2026-06-01")).Refused(t, "case.no_penalty_decision")

	gone := accept(t, s, revoke("2026-06-01", false))
	accept(t, gone, closeCase("revoked", "2026-06-02"))
	s.When(closeCase("revoked", "2026-06-02")).Refused(t, "case.not_revoked")
	notifiedCase(t).When(revoke("2026-06-01", false)).Refused(t, "case.no_decision")
	done := after(t, s, pay("2026-04-01", 25_000_000), performSand("2026-04-02"), check(0, "2026-04-02"), closeCase("performed", "2026-04-03"))
	done.When(revoke("2026-06-01", true)).Refused(t, "case.closed_again")
	accept(t, done, revoke("2026-06-01", false))
}

func record(kind string, party int64, day law.Date) casefile.RecordRemedy {
	return casefile.RecordRemedy{ID: id(51), Kind: kind, Party: party, Organ: "江阴市人民政府", Number: "澄政复〔2026〕示例号", AcceptedOn: day, At: on(day)}
}

func endRemedy(outcome string, day law.Date) casefile.EndRemedy {
	return casefile.EndRemedy{Remedy: id(51), Outcome: outcome, Number: "澄政复决〔2026〕示例号", At: on(day)}
}

func TestReviewAndSuit(t *testing.T) {
	domaintest.Covers(t, "#44", "4.7")
	s := servedCase(t)
	accepted := accept(t, s, record("review", 1, "2026-05-10"))
	answer := casefile.AnswerReview{Remedy: id(51), Manifest: hash, At: on("2026-05-20")}
	answered := accept(t, accepted, answer)
	ended := accept(t, answered, endRemedy("upheld", "2026-07-01"))
	accepted.When(record("review", 1, "2026-05-10")).Refused(t, "case.remedy_twice")
	try(s, record("suit", 1, "2026-05-10"), func(c *casefile.RecordRemedy) { c.AcceptedOn = "2026-05-11" }).Refused(t, "case.remedy_date")
	article(t, decidedCase(t).When(record("review", 1, "2026-05-10")).Refused(t, "case.not_served_yet"), "第六十一条")
	s.When(answer).Refused(t, "case.no_remedy_pending")
	ended.When(endRemedy("upheld", "2026-07-01")).Refused(t, "case.no_remedy_pending")
	found(t, casefile.Lint(accepted.State(), "2026-05-26"), "lint.unanswered") // ten working days end on Monday the 25th
	public := after(t, s, publish("2026-03-27"), record("review", 1, "2026-05-10"), endRemedy("illegal", "2026-07-01"))
	found(t, casefile.Lint(public.State(), "2026-07-07"), "lint.publication_stands")
}

// The holidays of 2027 are not loaded. A case whose periods reach into that year goes on all the same for as long as no calendar could end
// them, and is then refused with what to do.
func TestYearNotLoaded(t *testing.T) {
	domaintest.Covers(t, "G14")
	f := filed()
	f.FiledAt, f.Ground.FiledOn, f.Ground.DiscoveredOn, f.Filing.ConductEndedOn = on("2026-11-20", -1), "2026-11-20", "2026-11-19", "2026-11-19"
	const days = 262 // from 3 March to 20 November
	s := domaintest.For(casefile.Decider()).Given(f)
	for _, c := range []casefile.Command{orderStop(), evidence(11, "2026-03-04"), evidence(12, "2026-03-04"), verify(11), verify(12), conclude(), discuss("2026-03-13"), notify("2026-03-16")} {
		s = accept(t, s, moved(c, days))
	}
	accept(t, s, decide("2026-12-28"))
	s.When(decide("2027-03-01")).Refused(t, "calendar.year_not_loaded")
	for _, a := range casefile.Allowed(s.State(), "2026-12-28") {
		if a.Command == "case.decide" && !a.Possible {
			t.Errorf("%+v", a.Missing)
		}
	}
}

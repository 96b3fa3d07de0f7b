package casefile_test

import (
	"testing"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

func TestPayment(t *testing.T) {
	domaintest.Covers(t, "#32", "G16")
	s := servedCase(t)
	accept(t, s, pay("2026-04-09", 25_000_000))
	bad := func(f func(*casefile.Payment)) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
		return try(s, pay("2026-04-09", 25_000_000), func(c *casefile.RecordPayment) { f(&c.Payment) })
	}
	article(t, bad(func(p *casefile.Payment) { p.Treasury = false }).Refused(t, "case.not_to_treasury"), "第七十四条")
	bad(func(p *casefile.Payment) { p.PaidOn = "2026-04-10" }).Refused(t, "case.payment_date")
	bad(func(p *casefile.Payment) { p.AmountFen++ }).Refused(t, "case.overpaid")
	article(t, bad(func(p *casefile.Payment) { p.AmountFen-- }).Refused(t, "case.partial_payment"), "第六十六条")
	bad(func(p *casefile.Payment) { p.Item = 9 }).Refused(t, "case.no_such_item")
	bad(func(p *casefile.Payment) { p.Item = 2 }).Refused(t, "case.not_money")
	bad(func(p *casefile.Payment) { p.Channel = "court" }).Refused(t, "case.court_first")
	bad(func(p *casefile.Payment) { p.Channel = "auction" }).Refused(t, "case.auction_first")
	bad(func(p *casefile.Payment) { p.Channel, p.OnSpot = "on_spot", "small" }).Refused(t, "case.not_on_the_spot")
	accept(t, s, with(pay("2026-04-09", 25_000_000), func(c *casefile.RecordPayment) {
		c.Payment.Channel, c.Payment.OnSpot = "on_spot", "asked_remote"
	}))
	decidedCase(t).When(pay("2026-04-09", 25_000_000)).Refused(t, "case.not_served")
	after(t, s, pay("2026-04-09", 25_000_000)).When(pay("2026-04-09", 25_000_000)).Refused(t, "case.item_done")
}

func TestDeferralAndInstalments(t *testing.T) {
	domaintest.Covers(t, "#33")
	s := servedCase(t)
	later := casefile.ApproveDeferral{Item: 1, Until: "2026-06-30", Hardship: "亏损证明", Approval: approval("2026-04-01"), At: on("2026-04-01")}
	deferred := accept(t, s, later)
	article(t, try(s, later, func(c *casefile.ApproveDeferral) { c.Hardship = "" }).Refused(t, "case.deferral_terms"), "第六十六条")
	try(s, later, func(c *casefile.ApproveDeferral) { c.Until = "2026-04-01" }).Refused(t, "case.deferral_terms")
	try(s, later, func(c *casefile.ApproveDeferral) { c.Item = 2 }).Refused(t, "case.not_a_fine")
	try(s, later, func(c *casefile.ApproveDeferral) { c.Approval.ApprovedOn = "2026-04-02" }).Refused(t, "case.approved_out_of_time")
	deferred.When(urge(1, "2026-06-30", "2026-07-20", 25_000_000)).Refused(t, "case.payment_not_due")
	accept(t, deferred, urge(1, "2026-07-01", "2026-07-20", 25_000_000))

	parts := casefile.ApproveInstalment{Item: 1, Schedule: []casefile.Instalment{{By: "2026-05-31", AmountFen: 10_000_000}, {By: "2026-06-30", AmountFen: 15_000_000}}, Hardship: "亏损证明",
		Approval: approval("2026-04-01"), At: on("2026-04-01")}
	planned := accept(t, s, parts)
	accept(t, after(t, planned, pay("2026-05-20", 10_000_000)), pay("2026-06-20", 15_000_000))
	try(s, parts, func(c *casefile.ApproveInstalment) { c.Schedule[1].AmountFen-- }).Refused(t, "case.instalment_terms")
	try(s, parts, func(c *casefile.ApproveInstalment) { c.Schedule[1].By = "2026-05-31" }).Refused(t, "case.instalment_terms")
}

func accrue(until law.Date) casefile.AccrueSurcharge {
	return casefile.AccrueSurcharge{Item: 1, Until: until, Number: "澄水加罚〔2026〕1号", At: on(until, 7)}
}

// The decision was received on 25 March: the last day to pay is 9 April, and from the 10th the fine grows.
func TestSurcharge(t *testing.T) {
	domaintest.Covers(t, "#34", "4.5")
	s := servedCase(t)
	owed := func(s spec) int64 { return s.State().Items[0].SurchargeFen }
	for _, tt := range []struct {
		until law.Date
		want  int64
	}{{"2026-04-10", 750_000}, {"2026-04-19", 7_500_000}, {"2026-05-12", 24_750_000}, {"2026-05-13", 25_000_000}, {"2026-12-31", 25_000_000}} {
		if got := owed(accept(t, s, accrue(tt.until))); got != tt.want {
			t.Errorf("until %s: %d, want %d", tt.until, got, tt.want)
		}
	}
	article(t, s.When(accrue("2026-04-09")).Refused(t, "case.payment_not_due"), "第六十七条")
	after(t, s, accrue("2026-04-19")).When(accrue("2026-04-19")).Refused(t, "case.no_surcharge")
	try(s, accrue("2026-04-19"), func(c *casefile.AccrueSurcharge) { c.Until = "2026-04-20" }).Refused(t, "case.surcharge_in_future")
	// It stands still from the acceptance of a suit to its end, both days included.
	sued := after(t, s, record("suit", 1, "2026-04-15"), endRemedy("dismissed", "2026-06-30"))
	if got := owed(accept(t, sued, accrue("2026-07-05"))); got != 10*750_000 { // 10 to 14 April, 1 to 5 July
		t.Errorf("with a suit: %d", got)
	}
	// Paid late, it is owed up to the day of payment, and the case is not done before it is paid.
	paid := after(t, s, pay("2026-04-12", 25_000_000), accrue("2026-04-30"))
	if got := owed(paid); got != 3*750_000 {
		t.Errorf("paid late: %d", got)
	}
	rest := with(pay("2026-05-06", 3*750_000), func(c *casefile.RecordPayment) { c.Payment.Surcharge = true })
	paid = after(t, paid, performSand("2026-04-15"), check(0, "2026-04-15"))
	paid.When(closeCase("performed", "2026-05-07")).Refused(t, "case.not_performed")
	accept(t, after(t, paid, rest), closeCase("performed", "2026-05-07"))
	// A decision that does not announce it has none.
	shore(t).When(with(accrue("2025-08-01"), func(c *casefile.AccrueSurcharge) { c.At = on("2025-08-01") })).Refused(t, "case.not_a_fine")
	spotted := after(t, start(), orderStop(), with(spot(), func(c *casefile.DecideOnSpot) { c.Ruling.Item.Party = 1 }))
	accept(t, spotted, accrue("2026-03-30"))
	quiet := domaintest.For(casefile.Decider()).Given(quietly(s.History())...)
	article(t, quiet.When(accrue("2026-04-19")).Refused(t, "case.surcharge_not_told"), "第七条")
}

// quietly is a history whose decision says nothing of a surcharge, as decisions of other systems may.
func quietly(history []casefile.Event) []casefile.Event {
	for i, e := range history {
		if d, ok := e.(casefile.PenaltyDecided); ok {
			d.Ruling.Surcharge = false
			history[i] = d
		}
	}
	return history
}

func TestCorrection(t *testing.T) {
	domaintest.Covers(t, "#35", "G10", "G1")
	s := servedCase(t)
	accept(t, s, check(0, "2026-04-02"))
	accept(t, shore(t), check(1, "2025-05-10"))
	try(s, check(0, "2026-04-02"), func(c *casefile.VerifyCorrection) { c.Check.After = nil }).Refused(t, "case.no_photos")
	s.When(check(1, "2026-04-02")).Refused(t, "case.not_an_order")
	article(t, start().When(check(0, "2026-04-02")).Refused(t, "case.nothing_ordered"), "第二十八条")
	try(s, check(0, "2026-04-02"), func(c *casefile.VerifyCorrection) { c.Crew = c.Crew[:1] }).Refused(t, "officer.two_needed")
	done := after(t, s, pay("2026-04-01", 25_000_000), performSand("2026-04-02"))
	done.When(closeCase("performed", "2026-04-03")).Refused(t, "case.correction_unverified")
	after(t, done, with(check(0, "2026-04-02"), func(c *casefile.VerifyCorrection) { c.Check.Complete = false })).When(closeCase("performed", "2026-04-03")).Refused(t, "case.correction_unverified")
	s.When(casefile.PerformItem{Item: 1, At: on("2026-04-02")}).Refused(t, "case.money_or_order")
}

func TestUrging(t *testing.T) {
	domaintest.Covers(t, "#36", "9.3", "G1")
	s := servedCase(t)
	accept(t, s, urge(1, "2026-04-10", "2026-04-30", 25_000_000))
	article(t, s.When(urge(1, "2026-04-09", "2026-04-30", 25_000_000)).Refused(t, "case.payment_not_due"), "第六十七条")
	for _, lacking := range []func(*casefile.Urging){
		func(u *casefile.Urging) { u.Rights = false },
		func(u *casefile.Urging) { u.AmountFen = 0 },
		func(u *casefile.Urging) { u.PayTo = "" },
		func(u *casefile.Urging) { u.Way = "" },
		func(u *casefile.Urging) { u.By = "2026-04-10" },
	} {
		article(t, try(s, urge(1, "2026-04-10", "2026-04-30", 25_000_000), func(c *casefile.Urge) { lacking(&c.Urging) }).Refused(t, "case.urging_content"), "第三十五条")
	}
	article(t, shore(t).When(urge(1, "2025-05-15", "2025-06-30", 0)).Refused(t, "case.order_not_due"), "第三十五条")
	try(s, urge(1, "2026-04-10", "2026-04-30", 25_000_000), func(c *casefile.Urge) { c.Crew = nil }).Refused(t, "officer.two_needed")
}

// A fine is enforced by the court: urged, ten working days later, once review and suit can no longer come, and not after three months.
func TestCourt(t *testing.T) {
	domaintest.Covers(t, "#40", "#41", "4.5")
	s := after(t, servedCase(t), urge(1, "2026-04-10", "2026-04-30", 25_000_000), performSand("2026-04-10"))
	// Served on 25 March: the six months end on 25 September, a holiday, and so move on to Monday the 28th.
	applied := accept(t, s, applyToCourt(1, "2026-09-29"))
	article(t, s.When(applyToCourt(1, "2026-09-28")).Refused(t, "case.remedies_open"), "第五十三条")
	accept(t, s, applyToCourt(1, "2026-12-28"))
	article(t, s.When(applyToCourt(1, "2026-12-29")).Refused(t, "case.court_window_over"), "第五十三条")
	article(t, servedCase(t).When(applyToCourt(1, "2026-09-29")).Refused(t, "case.not_urged"), "第五十四条")
	late := after(t, servedCase(t), urge(1, "2026-09-21", "2026-10-15", 25_000_000))
	late.When(applyToCourt(1, "2026-10-10")).Refused(t, "case.urging_runs") // ten working days over the holidays end on 12 October
	accept(t, late, applyToCourt(1, "2026-10-13"))
	for _, lacking := range []func(*casefile.CourtApplication){
		func(a *casefile.CourtApplication) { a.Signed = false }, func(a *casefile.CourtApplication) { a.Sealed = false }, func(a *casefile.CourtApplication) { a.Heard = "" },
	} {
		article(t, try(s, applyToCourt(1, "2026-09-29"), func(c *casefile.ApplyToCourt) { lacking(&c.Application) }).Refused(t, "case.application_content"), "第五十五条")
	}
	sued := after(t, s, record("suit", 1, "2026-09-01"))
	sued.When(applyToCourt(1, "2026-10-10")).Refused(t, "case.remedy_pending")
	accept(t, after(t, sued, endRemedy("dismissed", "2026-10-09")), applyToCourt(1, "2026-10-10"))
	reviewed := after(t, s, record("review", 1, "2026-05-10"), endRemedy("upheld", "2026-07-01")) // fifteen days to sue: to 16 July
	reviewed.When(applyToCourt(1, "2026-07-16")).Refused(t, "case.remedies_open")
	accept(t, reviewed, applyToCourt(1, "2026-07-17"))
	deferred := after(t, servedCase(t), casefile.ApproveDeferral{Item: 1, Until: "2026-10-30", Hardship: "亏损证明", Approval: approval("2026-04-01"), At: on("2026-04-01")}, urge(1, "2026-11-02", "2026-11-20", 25_000_000))
	accept(t, deferred, applyToCourt(1, "2026-12-31")) // three months run from the end of the deferral

	ruling := func(result string) casefile.RecordRuling {
		return casefile.RecordRuling{Item: 1, Result: result, Number: "（2026）苏示例行审1号", At: on("2026-10-20")}
	}
	accepted := accept(t, applied, ruling("accepted"))
	allowed := accept(t, accepted, ruling("allowed"))
	accept(t, allowed, ruling("executed"))
	article(t, applied.When(ruling("executed")).Refused(t, "case.ruling_order"), "第五十六条")
	s.When(ruling("accepted")).Refused(t, "case.not_applied")
	applied.When(closeCase("court_enforcement", "2026-10-21")).Refused(t, "case.court_not_accepted")
	accept(t, accepted, closeCase("court_enforcement", "2026-10-21"))
	got := with(pay("2026-11-02", 10_000_000), func(c *casefile.RecordPayment) { c.Payment.Channel = "court" })
	accept(t, after(t, allowed, got), with(got, func(c *casefile.RecordPayment) { c.Payment.AmountFen = 15_000_000 }))
	after(t, allowed, with(got, func(c *casefile.RecordPayment) { c.Payment.AmountFen = 25_000_000 })).When(closeCase("court_enforcement", "2026-11-03")).Refused(t, "case.nothing_with_court")
}

// Sealed or seized property covers the fine even where the organ has no power to enforce.
func TestAuction(t *testing.T) {
	domaintest.Covers(t, "4.5", "4.3", "G16")
	s := after(t, start(), seize(), orderStop(), evidence(11, "2026-03-04"), evidence(12, "2026-03-04"), verify(11), verify(12), conclude(), discuss("2026-03-13"), notify("2026-03-16"),
		decide("2026-03-24"), serve("2026-03-25"), urge(1, "2026-04-10", "2026-04-30", 25_000_000))
	sell := casefile.AuctionProperty{Item: 1, Seizure: id(22), Auctioneer: "示例拍卖有限公司", ProceedsFen: 30_000_000, Treasury: true, At: on("2026-09-29")}
	sold := accept(t, s, sell)
	article(t, try(s, sell, func(c *casefile.AuctionProperty) { c.Treasury = false }).Refused(t, "case.proceeds_to_treasury"), "第七十四条")
	try(s, sell, func(c *casefile.AuctionProperty) { c.Seizure = id(23) }).Refused(t, "case.not_seized")
	try(s, sell, func(c *casefile.AuctionProperty) { c.At = on("2026-09-28") }).Refused(t, "case.remedies_open")
	accept(t, after(t, sold, with(pay("2026-09-30", 25_000_000), func(c *casefile.RecordPayment) { c.Payment.Channel = "auction" })), endSeizure("auctioned", "2026-09-30"))
}

func execution(item int64, day law.Date, hour int) casefile.Execution {
	return casefile.Execution{Item: item, StartedAt: on(day, hour-10), EndedAt: on(day, hour-9), Record: "拆除完毕", Media: []domain.Evidence{photo()}}
}

func announceDemolition() casefile.AnnounceDemolition {
	return casefile.AnnounceDemolition{Item: 1, Number: "锡水拆公〔2025〕1号", Text: "限期自行拆除", Place: "现场", By: "2025-09-20", At: on("2025-09-10")}
}

func enforcementOrder() casefile.DecideEnforcement {
	return casefile.DecideEnforcement{Order: casefile.EnforcementOrder{Item: 1, Number: "锡水强〔2025〕1号", Reason: "逾期不拆除", Basis: "《水法》第六十五条", Way: "强制拆除", Time: on("2025-10-20"), Remedy: "可以申请复议、提起诉讼",
		Organ: "无锡市水利局", Sealed: true, Heard: "当事人未提出意见"}, At: on("2025-10-09")}
}

func execute(day law.Date, hour int) casefile.ExecuteEnforcement {
	return casefile.ExecuteEnforcement{Execution: execution(1, day, hour), Officers: ids(crew()), Crew: crew(), At: on(day, hour)}
}

// What stands in the flood plain the organ demolishes itself: urged, announced, decided, by day and not on a holiday.
func TestSelfEnforcement(t *testing.T) {
	domaintest.Covers(t, "#37", "#38", "4.5", "9.3")
	announce, order := announceDemolition(), enforcementOrder()
	urged := after(t, shore(t), urge(1, "2025-09-01", "2025-09-15", 0))
	announced := accept(t, urged, announce)
	decided := accept(t, announced, order) // served on 26 March, the six months end on 26 September
	accept(t, decided, execute("2025-10-20", 9))
	accept(t, decided, execute("2025-10-18", 9)) // a Saturday is no statutory holiday

	article(t, try(urged, announce, func(c *casefile.AnnounceDemolition) { c.Text = "" }).Refused(t, "case.announcement_content"), "第四十四条")
	article(t, urged.When(order).Refused(t, "case.demolition_not_announced"), "第四十四条")
	article(t, try(announced, order, func(c *casefile.DecideEnforcement) { c.At = on("2025-09-26") }).Refused(t, "case.remedies_open"), "第四十四条")
	article(t, try(announced, order, func(c *casefile.DecideEnforcement) { c.Order.Remedy = "" }).Refused(t, "case.enforcement_content"), "第三十七条")
	shore(t).When(order).Refused(t, "case.not_urged")
	announced.When(execute("2025-10-20", 9)).Refused(t, "case.enforcement_not_decided")
	article(t, decided.When(execute("2025-10-20", 22)).Refused(t, "case.night_or_holiday"), "第四十三条")
	decided.When(execute("2026-01-01", 9)).Refused(t, "case.night_or_holiday")
	accept(t, decided, with(execute("2026-01-01", 9), func(c *casefile.ExecuteEnforcement) { c.Execution.Urgent = true }))
	try(decided, execute("2025-10-20", 9), func(c *casefile.ExecuteEnforcement) { c.Execution.Media = nil }).Refused(t, "case.execution_record")
	try(decided, execute("2025-10-20", 9), func(c *casefile.ExecuteEnforcement) { c.Crew = nil }).Refused(t, "officer.two_needed")

	// Two roads: the organ may not levy a fine, and the court does not demolish.
	fined := after(t, servedCase(t), urge(1, "2026-04-10", "2026-04-30", 25_000_000))
	try(fined, order, func(c *casefile.DecideEnforcement) { c.At = on("2026-09-29") }).Refused(t, "case.no_power_to_enforce")
	article(t, announced.When(applyToCourt(1, "2025-10-09")).Refused(t, "case.not_for_court"), "第五十三条")
	fined.When(with(announce, func(c *casefile.AnnounceDemolition) { c.At = on("2026-09-29") })).Refused(t, "case.not_a_demolition")
}

func substituteOrder() casefile.DecideSubstitute {
	return casefile.DecideSubstitute{Order: casefile.SubstituteOrder{Item: 1, Number: "锡水代〔2026〕1号", Reason: "逾期不清除", Basis: "《行政强制法》第五十条", Target: "渣土", BudgetFen: 500_000, Performer: "示例疏浚有限公司"}, At: on("2026-04-21")}
}

func remindSubstitute() casefile.UrgeSubstitute {
	return casefile.UrgeSubstitute{Item: 1, Number: "锡水代催〔2026〕1号", Service: direct("2026-04-21"), Officers: ids(crew()), Crew: crew(), At: on("2026-04-21", 1)}
}

func performSubstitute(day law.Date) casefile.PerformSubstitute {
	return casefile.PerformSubstitute{Execution: execution(1, day, 9), CostFen: 480_000, Signature: signed(), Officers: ids(crew()), Crew: crew(), At: on(day)}
}

func TestSubstitutePerformance(t *testing.T) {
	domaintest.Covers(t, "#39", "4.5", "9.3", "G1")
	s := after(t, rubbish(t), urge(1, "2026-04-13", "2026-04-20", 0))
	order, remind, perform := substituteOrder(), remindSubstitute(), performSubstitute
	decided := accept(t, s, order)
	reminded := accept(t, decided, remind)
	accept(t, reminded, perform("2026-04-27")) // three working days end on Friday the 24th
	article(t, reminded.When(perform("2026-04-24")).Refused(t, "case.substitute_urging_runs"), "第五十一条")
	decided.When(perform("2026-04-27")).Refused(t, "case.substitute_not_urged")
	s.When(remind).Refused(t, "case.substitute_not_decided")
	try(s, order, func(c *casefile.DecideSubstitute) { c.Order.Performer = "" }).Refused(t, "case.substitute_content")
	rubbish(t).When(order).Refused(t, "case.not_urged")
	try(reminded, perform("2026-04-27"), func(c *casefile.PerformSubstitute) { c.Signature.By = "" }).Refused(t, "case.substitute_record")
	try(reminded, perform("2026-04-27"), func(c *casefile.PerformSubstitute) { c.Crew = c.Crew[:1] }).Refused(t, "officer.two_needed")
	article(t, after(t, servedCase(t), urge(1, "2026-04-10", "2026-04-30", 25_000_000)).When(order).Refused(t, "case.no_substitute"), "第五十条")
	// What blocks the river is removed at once.
	at := with(order, func(c *casefile.DecideSubstitute) { c.Order.Immediate = true })
	accept(t, after(t, rubbish(t), at), perform("2026-04-21"))
}

func TestEnforcementPauses(t *testing.T) {
	domaintest.Covers(t, "#42", "#43")
	s := after(t, servedCase(t), urge(1, "2026-04-10", "2026-04-30", 25_000_000), accrue("2026-04-19"))
	pause := casefile.SuspendEnforcement{Item: 1, Ground: "hardship", Note: "暂无履行能力", Approval: approval("2026-05-06"), At: on("2026-05-06")}
	goOn := casefile.ResumeEnforcement{Item: 1, Note: "恢复履行能力", At: on("2026-06-01")}
	end := casefile.EndEnforcement{Item: 1, Ground: "died", Note: "当事人死亡且无遗产", Approval: approval("2026-06-01"), At: on("2026-06-01")}
	paused := accept(t, s, pause)
	accept(t, paused, goOn)
	paused.When(applyToCourt(1, "2026-10-10")).Refused(t, "case.enforcement_suspended")
	s.When(goOn).Refused(t, "case.enforcement_runs")
	accept(t, after(t, s, end, performSand("2026-06-02"), check(0, "2026-06-02")), closeCase("performed", "2026-06-03"))
	article(t, try(s, end, func(c *casefile.EndEnforcement) { c.Ground = "suspended_three_years" }).Refused(t, "case.not_suspended_enforcement"), "第三十九条")
	try(s, pause, func(c *casefile.SuspendEnforcement) { c.Approval.ApprovedOn = "2026-05-07" }).Refused(t, "case.approved_out_of_time")

	// An agreement may forgive the surcharge of who makes up for it, never the fine.
	settle := casefile.Settle{Item: 1, Number: "澄水执协〔2026〕1号", Terms: "分三期履行", Until: "2026-12-31", WaivedFen: 7_500_000, Remedied: true, At: on("2026-05-08")}
	settled := accept(t, s, settle)
	accept(t, after(t, settled, pay("2026-05-09", 25_000_000), performSand("2026-05-09"), check(0, "2026-05-09")), closeCase("performed", "2026-05-11"))
	article(t, try(s, settle, func(c *casefile.Settle) { c.WaivedFen++ }).Refused(t, "case.settlement_waiver"), "第四十二条")
	try(s, settle, func(c *casefile.Settle) { c.Remedied = false }).Refused(t, "case.settlement_waiver")
}

func TestCloseAndArchive(t *testing.T) {
	domaintest.Covers(t, "#46", "#47")
	s := after(t, servedCase(t), pay("2026-04-01", 25_000_000), performSand("2026-04-02"), check(0, "2026-04-02"))
	closed := accept(t, s, closeCase("performed", "2026-04-03"))
	accept(t, closed, archive("2026-04-20"))
	article(t, servedCase(t).When(closeCase("performed", "2026-04-03")).Refused(t, "case.not_performed"), "第六十六条")
	s.When(closeCase("bankrupt", "2026-04-03")).Refused(t, "case.unknown_ground")
	servedCase(t).When(closeCase("transferred_criminal", "2026-04-03")).Refused(t, "case.other_result")
	s.When(archive("2026-04-20")).Refused(t, "case.not_closed")
	after(t, closed, archive("2026-04-20")).When(archive("2026-04-21")).Refused(t, "case.archived")
	bad := func(f func(*casefile.Archiving)) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
		return try(closed, archive("2026-04-20"), func(c *casefile.Archive) { f(&c.Archiving) })
	}
	for _, number := range []string{"2026001", "20250001", "20260000"} {
		bad(func(a *casefile.Archiving) { a.Number = number }).Refused(t, "case.archive_number")
	}
	bad(func(a *casefile.Archiving) { a.Volumes[0].Items[1].From++ }).Refused(t, "case.volume_pages")
	bad(func(a *casefile.Archiving) { a.Volumes[0].Items[3].Kind = "discussion" }).Refused(t, "case.volume_internal")
	bad(func(a *casefile.Archiving) {
		a.Volumes[0].Items[0].Kind, a.Volumes[0].Items[1].Kind = "decision", "filing"
	}).Refused(t, "case.volume_order")
	bad(func(a *casefile.Archiving) { a.Volumes = a.Volumes[1:] }).Refused(t, "case.volume_missing")
}

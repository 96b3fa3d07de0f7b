package casefile_test

import (
	"slices"
	"testing"

	"shuizheng/domain/casefile"
	"shuizheng/domain/catalog"
	"shuizheng/domain/domaintest"
)

func TestLaws(t *testing.T) {
	all, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	domaintest.Laws(t, all, casefile.Decider(), lives()...)
}

// lives are whole courses of a case; together they lead to every event.
func lives() [][]casefile.Command {
	collected := []casefile.Command{file(), orderStop(), inspect(), evidence(11, "2026-03-04"), evidence(12, "2026-03-04"), verify(11), verify(12), conclude()}
	notified := slices.Concat(collected, []casefile.Command{requestReview("2026-03-11"), passReview("2026-03-12"), discuss("2026-03-13"), notify("2026-03-16")})
	served := slices.Concat(notified, []casefile.Command{decide("2026-03-24"), serve("2026-03-25")})
	superior := approval("2026-06-02")
	life := func(start []casefile.Command, more ...casefile.Command) []casefile.Command {
		return slices.Concat(start, more)
	}
	return [][]casefile.Command{
		// Everything on the way to a hearing, a late decision, its revision, and payment in parts.
		life(nil, file(), orderStop(), inspect(), identify(), with(recuse(), func(c *casefile.RecuseOfficer) { c.Granted, c.Successor = false, nil }), confirmAddress(), preserve(), evidence(11, "2026-03-04"), evidence(12, "2026-03-04"), verify(11), verify(12), endPreservation("returned", "2026-03-12"),
			conclude(), requestReview("2026-03-11"), returnReview(), requestReview("2026-03-12"), passReview("2026-03-12"), discuss("2026-03-13"), notify("2026-03-16"), renotify("2026-03-18", "service"), defence("2026-03-19"),
			reviewDefence("2026-03-20"), requestHearing("2026-03-20"), scheduleHearing("2026-03-24", "2026-04-03"), holdHearing("2026-04-03"), requestReview("2026-04-07"), passReview("2026-04-08"),
			with(extend("2026-06-02"), func(c *casefile.ExtendDecision) { c.Superior = &superior }), decide("2026-06-03"), serve("2026-06-04"),
			casefile.ServeDocument{Document: "other", Number: "示例", Party: 1, Service: direct("2026-06-04"), Officers: ids(crew()), Crew: crew(), At: on("2026-06-04", 6)},
			publish("2026-06-05"), record("review", 1, "2026-06-10"), casefile.AnswerReview{Remedy: id(51), Manifest: hash, At: on("2026-06-20")}, endRemedy("changed", "2026-07-20"), revise("2026-07-22"),
			casefile.WithdrawPublication{Reason: "决定被变更", At: on("2026-07-23")}, serve("2026-07-24"),
			casefile.ApproveInstalment{Item: 1, Schedule: []casefile.Instalment{{By: "2026-08-31", AmountFen: 5_000_000}, {By: "2026-09-30", AmountFen: 15_000_000}}, Hardship: "亏损证明", Approval: approval("2026-07-27"), At: on("2026-07-27")},
			pay("2026-08-20", 5_000_000), pay("2026-09-20", 15_000_000), performSand("2026-09-21"), check(0, "2026-09-22"), closeCase("performed", "2026-09-23"), archive("2026-10-10")),
		// Things seized, appraised, sold; the court.
		life(nil, file(), seize(), commission(), receive(), extendSeizure(), orderStop(), suspend("2026-04-02"), resume("2026-04-10"), evidence(11, "2026-03-04"), evidence(12, "2026-03-04"), verify(11), verify(12),
			with(conclude(), func(c *casefile.ConcludeInvestigation) { c.At = on("2026-04-13") }), discuss("2026-04-14"), notify("2026-04-15"),
			casefile.LapseDefence{Party: 1, At: on("2026-04-21")}, casefile.WaiveHearing{Party: 1, Signed: true, At: on("2026-04-21")}, decide("2026-04-23"), serve("2026-04-24"),
			casefile.ApproveDeferral{Item: 1, Until: "2026-05-20", Hardship: "亏损证明", Approval: approval("2026-04-27"), At: on("2026-04-27")}, accrue("2026-05-25"), urge(1, "2026-05-26", "2026-06-30", 25_000_000),
			casefile.SuspendEnforcement{Item: 1, Ground: "hardship", Note: "示例", Approval: approval("2026-06-01"), At: on("2026-06-01")}, casefile.ResumeEnforcement{Item: 1, Note: "示例", At: on("2026-06-10")},
			casefile.Settle{Item: 1, Number: "示例", Terms: "示例", Until: "2026-09-30", WaivedFen: 1_000_000, Remedied: true, At: on("2026-06-11")},
			casefile.AuctionProperty{Item: 1, Seizure: id(22), Auctioneer: "示例拍卖有限公司", ProceedsFen: 1_000_000, Treasury: true, At: on("2026-10-28")}, endSeizure("auctioned", "2026-10-29"),
			applyToCourt(1, "2026-10-30"), casefile.RecordRuling{Item: 1, Result: "accepted", Number: "示例", At: on("2026-11-05")},
			casefile.EndEnforcement{Item: 1, Ground: "died", Note: "示例", Approval: approval("2026-11-20"), At: on("2026-11-20")}, performSand("2026-11-20"), check(0, "2026-11-20"), closeCase("performed", "2026-11-21")),
		life(shoreCase(), urge(1, "2025-09-01", "2025-09-15", 0), announceDemolition(), enforcementOrder(), execute("2025-10-20", 9), closeCase("performed", "2025-10-21")),
		life(rubbishCase(), urge(1, "2026-04-13", "2026-04-20", 0), substituteOrder(), remindSubstitute(), performSubstitute("2026-04-27"), closeCase("performed", "2026-04-28")),
		life(served, pay("2026-04-01", 25_000_000), revoke("2026-06-01", true)),
		life(notified, casefile.WaiveDefence{Party: 1, Signed: true, At: on("2026-03-17")}, requestHearing("2026-03-20"), scheduleHearing("2026-03-24", "2026-04-03"),
			casefile.AbandonHearing{Party: 1, Reason: "absent", Note: "示例", At: on("2026-04-03", 1)}),
		life(collected, reopen()),
		life(collected, noPenalty("2026-03-12"), serve("2026-03-13"), closeCase("no_penalty", "2026-03-16")),
		life(nil, file(), with(orderStop(), func(c *casefile.OrderStop) { c.Order.Party = 2 }), spot(), casefile.ReportSummary{To: "示例", At: on("2026-03-05")},
			with(pay("2026-03-04", 10_000), func(c *casefile.RecordPayment) { c.Payment.Channel, c.Payment.OnSpot = "on_spot", "small" }), casefile.HandInCash{Item: 1, Slip: "示例", At: on("2026-03-06")}),
		life(nil, file(), suspectCrime(), approveTransfer(), transferCrime(), receipt(), police(false), objectTo("procuratorate"), police(true), casefile.HandOverGoods{List: "示例", At: on("2026-03-10")},
			casefile.EndCriminalCase{Outcome: "convicted", Number: "示例", FineFen: 1, At: on("2026-03-20")}, closeCase("transferred_criminal", "2026-03-23")),
		life(nil, file(), suspectCrime(), casefile.RefuseTransfer{Reasons: "示例", Approval: approval("2026-03-05"), At: on("2026-03-05")}),
		life(nil, file(), withdraw(), closeCase("withdrawn", "2026-03-05")),
		life(nil, file(), casefile.TerminateInvestigation{Ground: "died", Note: "示例", Approval: approval("2026-03-04"), At: on("2026-03-04")}),
		life(nil, file(), casefile.HandOver{Receiver: "示例", Letter: "示例", Files: []string{"示例"}, Receipt: "示例", Approval: approval("2026-03-04"), At: on("2026-03-04")}),
	}
}

package casefile_test

import (
	"testing"

	"shuizheng/domain/casefile"
	"shuizheng/domain/domaintest"
)

func suspectCrime() casefile.SuspectCrime {
	return casefile.SuspectCrime{Report: casefile.CrimeReport{Crime: "非法采矿罪", Grounds: "货值达到立案标准", ValueFen: 12_000_000}, Officers: ids(crew()), Crew: crew(), At: on("2026-03-04")}
}

func approveTransfer() casefile.ApproveTransfer {
	return casefile.ApproveTransfer{Number: "澄水移审〔2026〕1号", Approval: approval("2026-03-05"), At: on("2026-03-05")}
}

func transferCrime() casefile.TransferCrime {
	return casefile.TransferCrime{Number: "澄水移刑〔2026〕1号", Police: "江阴市公安局", Papers: []string{"letter", "report", "list"}, Persons: 4, Informed: true, At: on("2026-03-05", 4)}
}

func receipt() casefile.RecordReceipt {
	return casefile.RecordReceipt{Receipt: "澄公收〔2026〕示例号", At: on("2026-03-05", 5)}
}

func police(filed bool) casefile.RecordPoliceDecision {
	return casefile.RecordPoliceDecision{Filed: filed, Number: "澄公立〔2026〕示例号", Reason: "示例", At: on("2026-03-08")}
}

func objectTo(to string) casefile.ObjectTransfer {
	return casefile.ObjectTransfer{To: to, Number: "澄水异〔2026〕1号", At: on("2026-03-09")}
}

func TestTransfer(t *testing.T) {
	domaintest.Covers(t, "#15", "4.6", "G1", "G11", "G12")
	const rules = "《行政执法机关移送涉嫌犯罪案件的规定》"
	s := start()
	goods := casefile.HandOverGoods{List: "移交清单示例号", At: on("2026-03-10")}
	end := casefile.EndCriminalCase{Outcome: "convicted", Number: "（2026）苏示例刑初1号", FineFen: 5_000_000, At: on("2026-03-20")}

	reported := accept(t, s, suspectCrime())
	approved := accept(t, reported, approveTransfer())
	delivered := accept(t, approved, transferCrime())
	received := accept(t, delivered, receipt())
	filed := accept(t, received, police(true))
	accept(t, filed, goods)
	convicted := accept(t, filed, end)
	accept(t, received, closeCase("transferred_criminal", "2026-03-09"))
	if st := delivered.State().Stage(); st != casefile.StageTransferred {
		t.Error(st)
	}

	try(s, suspectCrime(), func(c *casefile.SuspectCrime) { c.Crew = c.Crew[:1] }).Refused(t, "officer.two_needed")
	reported.When(suspectCrime()).Refused(t, "case.transfer_under_way")
	article(t, s.When(approveTransfer()).Refused(t, "case.no_transfer_report"), rules)
	approved.When(approveTransfer()).Refused(t, "case.transfer_decided")
	try(reported, approveTransfer(), func(c *casefile.ApproveTransfer) { c.Approval.ApprovedOn = "2026-03-06" }).Refused(t, "case.approved_out_of_time")
	refuse := casefile.RefuseTransfer{Reasons: "未达到立案标准", Approval: approval("2026-03-05"), At: on("2026-03-05")}
	notApproved := accept(t, reported, refuse)
	try(reported, refuse, func(c *casefile.RefuseTransfer) { c.Reasons = "" }).Refused(t, "case.refusal_reasons")
	reported.When(transferCrime()).Refused(t, "case.transfer_not_approved")
	delivered.When(transferCrime()).Refused(t, "case.transferred_before")
	try(approved, transferCrime(), func(c *casefile.TransferCrime) { c.Papers = []string{"letter"} }).Refused(t, "case.transfer_papers")
	approved.When(receipt()).Refused(t, "case.not_transferred")
	delivered.When(police(true)).Refused(t, "case.no_receipt")
	filed.When(police(true)).Refused(t, "case.police_decided")
	received.When(goods).Refused(t, "case.police_not_filed")
	received.When(end).Refused(t, "case.police_first")

	// The police does not file: objected to once here and once there; then the organ goes on.
	refused := accept(t, received, police(false))
	objected := accept(t, refused, objectTo("police"))
	again := accept(t, objected, police(false))
	again.When(objectTo("police")).Refused(t, "case.objected_before")
	accept(t, again, objectTo("procuratorate"))
	filed.When(objectTo("police")).Refused(t, "case.police_not_refused")
	refused.When(closeCase("transferred_criminal", "2026-03-10")).Refused(t, "case.transfer_failed")
	notApproved.When(closeCase("transferred_criminal", "2026-03-10")).Refused(t, "case.transfer_failed")
	approved.When(closeCase("transferred_criminal", "2026-03-10")).Refused(t, "case.transfer_unfinished")

	// No penalty takes the place of a transfer (G11).
	investigated := after(t, collected(t), conclude(), discuss("2026-03-13"))
	later := with(suspectCrime(), func(c *casefile.SuspectCrime) { c.At = on("2026-03-14") })
	article(t, after(t, investigated, later).When(notify("2026-03-16")).Refused(t, "case.crime_first"), "第二十七条")
	article(t, after(t, notifiedCase(t), with(suspectCrime(), func(c *casefile.SuspectCrime) { c.At = on("2026-03-20") })).When(decide("2026-03-24")).Refused(t, "case.crime_first"), "第十一条")
	reported.When(withdraw()).Refused(t, "case.crime_first")
	value := with(conclude(), func(c *casefile.ConcludeInvestigation) { c.Report.Facts[0].ValueFen = 5_000_000 }) // the line for closed reaches
	article(t, after(t, collected(t), value).When(notify("2026-03-16")).Refused(t, "case.crime_not_examined"), "法释〔2016〕25号")
	accept(t, after(t, collected(t), suspectCrime(), refuse, value), notify("2026-03-16"))
	twice := with(conclude(), func(c *casefile.ConcludeInvestigation) {
		c.Priors = []casefile.Prior{{Number: "甲", Violation: "S01", DecidedOn: "2025-03-01"}, {Number: "乙", Violation: "S02", DecidedOn: "2025-09-01"}}
	})
	after(t, collected(t), twice).When(notify("2026-03-16")).Refused(t, "case.crime_not_examined")

	// A fine of the court leaves no room for another (G12); the rest of the penalty stands.
	judged := after(t, convicted, orderStop(), evidence(11, "2026-03-04"), evidence(12, "2026-03-04"), verify(11), verify(12))
	report := with(conclude(), func(c *casefile.ConcludeInvestigation) { c.At = on("2026-03-23") })
	article(t, judged.When(report).Refused(t, "case.fined_by_court"), "第三十五条")
	accept(t, judged, with(report, func(c *casefile.ConcludeInvestigation) { c.Report.Items = []casefile.Item{sandItem()} }))
}

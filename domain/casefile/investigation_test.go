package casefile_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

func TestOrderStop(t *testing.T) {
	domaintest.Covers(t, "#3", "G10")
	s := start()
	accept(t, s, orderStop())
	accept(t, s, with(orderStop(), func(c *casefile.OrderStop) { c.At = on("2026-03-03", -2); c.Order.Service.On = "2026-03-03" })) // before the filing, on the spot
	accept(t, decidedCase(t), orderStop())
	article(t, try(s, orderStop(), func(c *casefile.OrderStop) { c.Order.Rights = false }).Refused(t, "case.rights_not_told"), "第四十四条")
	try(s, orderStop(), func(c *casefile.OrderStop) { c.Order.Party = 9 }).Refused(t, "case.no_such_party")
	domaintest.For(casefile.Decider()).When(orderStop()).Refused(t, "case.unknown")
	after(t, s, closeCase("withdrawn", "2026-03-05")).When(orderStop()).Refused(t, "case.closed")
	after(t, s, withdraw()).When(orderStop()).Refused(t, "case.ended")
}

func withdraw() casefile.Withdraw {
	return casefile.Withdraw{Ground: "no_violation", Note: "不存在违法事实", Approval: approval("2026-03-04"), At: on("2026-03-04", 9)}
}

// A service holds or does not hold by its own kind.
func TestService(t *testing.T) {
	domaintest.Covers(t, "4.4", "G1")
	s := start()
	way := func(c *casefile.OrderStop, method string) {
		c.Order.Service = casefile.Service{Method: method, On: "2026-03-03", Place: "江阴"}
	}
	refused := func(method string) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
		return try(s, orderStop(), func(c *casefile.OrderStop) { way(c, method) })
	}
	article(t, refused("direct").Refused(t, "case.no_receiver"), "第八十七条")
	article(t, refused("left").Refused(t, "case.left_without_witness"), "第八十九条")
	article(t, refused("electronic").Refused(t, "case.no_electronic_address"), "第九十条")
	article(t, refused("mail").Refused(t, "case.no_return_slip"), "第九十一条")
	article(t, refused("entrusted").Refused(t, "case.no_return_slip"), "第九十一条")
	article(t, refused("announced").Refused(t, "case.announced_without_reason"), "第九十五条")
	try(s, orderStop(), func(c *casefile.OrderStop) { c.Order.Service.On = "2026-03-04" }).Refused(t, "case.service_date")
	article(t, try(s, orderStop(), func(c *casefile.OrderStop) { c.Crew = c.Crew[:1] }).Refused(t, "officer.two_needed"), "第四十二条")
	try(s, orderStop(), func(c *casefile.OrderStop) { c.Crew[1].CertUntil = "2026-03-02" }).Refused(t, "officer.not_certified")

	for _, change := range []func(*casefile.OrderStop){
		func(c *casefile.OrderStop) {
			way(c, "left")
			c.Order.Service.Witness, c.Order.Service.Reason = "钱示例", "拒收"
		},
		func(c *casefile.OrderStop) {
			way(c, "left")
			c.Order.Service.Media, c.Order.Service.Reason = []domain.Evidence{photo()}, "拒收"
		},
		func(c *casefile.OrderStop) { way(c, "mail"); c.Order.Service.Receipt = "回执示例号" },
		func(c *casefile.OrderStop) { way(c, "transferred"); c.Order.Service.Receiver = "所在单位" },
		func(c *casefile.OrderStop) { c.Order.Service = announcedService("2026-03-03") },
	} {
		accept(t, s, with(orderStop(), change))
	}
	confirmed := accept(t, s, confirmAddress())
	accept(t, confirmed, with(orderStop(), func(c *casefile.OrderStop) { way(c, "electronic") }))
	try(s, confirmAddress(), func(c *casefile.ConfirmAddress) { c.Address.Signed = false }).Refused(t, "case.address_unsigned")

	document := casefile.ServeDocument{Document: "seizure_decision", Number: "澄水扣〔2026〕1号", Party: 1, Service: direct("2026-03-03"), Officers: ids(crew()), Crew: crew(), At: on("2026-03-03", 3)}
	accept(t, s, document)
	try(s, document, func(c *casefile.ServeDocument) { c.Crew = nil }).Refused(t, "officer.two_needed")
}

func TestInspectSite(t *testing.T) {
	domaintest.Covers(t, "#4", "G1")
	s := start()
	accept(t, s, inspect()) // on the day before the filing
	change := func(f func(*casefile.Inspection)) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
		return try(s, inspect(), func(c *casefile.InspectSite) { f(&c.Inspection) })
	}
	article(t, change(func(i *casefile.Inspection) { i.CertificateShown = false }).Refused(t, "case.certificate_not_shown"), "第五十五条")
	change(func(i *casefile.Inspection) { i.EndedAt = i.StartedAt.Add(-time.Second) }).Refused(t, "case.inspection_time")
	change(func(i *casefile.Inspection) { i.Present = "nobody" }).Refused(t, "case.nobody_present")
	change(func(i *casefile.Inspection) { i.Signature = casefile.Signature{State: "refused"} }).Refused(t, "case.not_signed")
	accept(t, s, with(inspect(), func(c *casefile.InspectSite) {
		c.Inspection.Signature = casefile.Signature{State: "refused", Note: "当事人拒绝签名", Witness: "钱示例"}
	}))
	// Certificates are judged by the day of the inspection, not of its entry.
	try(s, inspect(), func(c *casefile.InspectSite) { c.Crew[1].CertFrom = "2026-03-03" }).Refused(t, "officer.not_certified")
	concludedCase(t).When(inspect()).Refused(t, "case.already_concluded")
	decidedCase(t).When(inspect()).Refused(t, "case.already_decided")
	after(t, s, suspend("2026-03-04")).When(inspect()).Refused(t, "case.suspended")
}

func TestIdentifyParty(t *testing.T) {
	domaintest.Covers(t, "#7")
	s := start()
	known := accept(t, s, identify())
	second := accept(t, known, with(identify(), func(c *casefile.IdentifyParty) { c.Party = 3 }))
	if n := len(second.State().Parties); n != 3 {
		t.Errorf("%d parties", n)
	}
	try(s, identify(), func(c *casefile.IdentifyParty) { c.Party = 4 }).Refused(t, "case.no_such_party")
	try(s, identify(), func(c *casefile.IdentifyParty) { c.At = on("2026-03-03", -5) }).Refused(t, "case.before_filed")
	notifiedCase(t).When(identify()).Refused(t, "case.party_notified")
}

func TestRecusal(t *testing.T) {
	domaintest.Covers(t, "#8")
	s := start()
	gone := accept(t, s, recuse())
	accept(t, s, with(recuse(), func(c *casefile.RecuseOfficer) { c.Granted, c.Successor = false, nil }))
	article(t, gone.When(evidence(11, "2026-03-05")).Refused(t, "case.recused"), "第四十三条")
	accept(t, gone, with(evidence(11, "2026-03-05"), func(c *casefile.AddEvidence) { c.Crew[1] = third() }))
	try(s, recuse(), func(c *casefile.RecuseOfficer) { c.Officer = id(77) }).Refused(t, "case.not_a_handler")
	try(s, recuse(), func(c *casefile.RecuseOfficer) { c.Successor = nil }).Refused(t, "officer.two_needed")
	try(s, recuse(), func(c *casefile.RecuseOfficer) { c.Approval.ApprovedOn = "2026-03-05" }).Refused(t, "case.approved_out_of_time")
}

func TestEvidence(t *testing.T) {
	domaintest.Covers(t, "#9", "4.1", "G1", "G8", "G9")
	s := start()
	accept(t, s, evidence(11, "2026-03-02")) // collected on the spot, before the filing
	bad := func(f func(*casefile.Material)) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
		return try(s, evidence(11, "2026-03-04"), func(c *casefile.AddEvidence) { f(&c.Evidence) })
	}
	bad(func(m *casefile.Material) { m.Original = false }).Refused(t, "case.copy_not_compared")
	bad(func(m *casefile.Material) { m.Kind = "audiovisual" }).Refused(t, "case.recording_origin")
	bad(func(m *casefile.Material) {
		m.Kind, m.Person, m.Method, m.Sound = "audiovisual", "张示例", "执法记录仪", true
	}).Refused(t, "case.no_transcript")
	bad(func(m *casefile.Material) { m.Kind = "electronic" }).Refused(t, "case.electronic_origin")
	bad(func(m *casefile.Material) { m.Kind = "testimony" }).Refused(t, "case.witness_unknown")
	bad(func(m *casefile.Material) { m.Kind = "statement" }).Refused(t, "case.statement_unsigned")
	bad(func(m *casefile.Material) { m.Kind = "opinion" }).Refused(t, "case.opinion_incomplete")
	bad(func(m *casefile.Material) { m.CollectedOn = "2026-03-05" }).Refused(t, "case.evidence_date")
	try(s, evidence(11, "2026-03-04"), func(c *casefile.AddEvidence) { c.Crew = c.Crew[:1] }).Refused(t, "officer.two_needed")
	accept(t, s, evidence(11, "2026-03-04")).When(evidence(11, "2026-03-04")).Refused(t, "case.evidence_twice")
	for _, good := range []func(*casefile.Material){
		func(m *casefile.Material) { m.Original, m.Compared = false, "原件存于码头，经核对无异" },
		func(m *casefile.Material) {
			m.Kind, m.Person, m.Method, m.Sound, m.Transcript = "audiovisual", "张示例", "执法记录仪", true, "文字记录"
		},
		func(m *casefile.Material) { m.Kind, m.Method = "electronic", "自船载终端导出" },
		func(m *casefile.Material) {
			m.Kind, m.Person, m.Identity, m.Signed = "testimony", "钱示例", "船员", true
		},
		func(m *casefile.Material) { m.Kind, m.Person, m.Signed = "statement", "王示例", true },
		func(m *casefile.Material) {
			m.Kind, m.Opinion, m.Signed = "opinion", &casefile.Opinion{Result: "300吨"}, true
		},
	} {
		accept(t, s, with(evidence(11, "2026-03-04"), func(c *casefile.AddEvidence) { good(&c.Evidence) }))
	}

	// Only verified evidence counts, and of devices only what was reviewed.
	try(collected(t), conclude(), func(c *casefile.ConcludeInvestigation) {
		c.Report.Facts[0].Evidence = append(c.Report.Facts[0].Evidence, id(13))
	}).Refused(t, "case.unknown_evidence")
	start().When(verify(13)).Refused(t, "case.unknown_evidence")
	third := with(evidence(13, "2026-03-04"), func(c *casefile.AddEvidence) { c.Evidence.Title = "雷达记录" })
	device := with(third, func(c *casefile.AddEvidence) {
		c.Evidence.Device = &casefile.Device{Name: "利港雷达", Approved: true}
	})
	reviewed := with(third, func(c *casefile.AddEvidence) {
		c.Evidence.Device = &casefile.Device{Name: "利港雷达", Approved: true, ReviewedOn: "2026-03-04", ToldOn: "2026-03-04"}
	})
	cite := with(conclude(), func(c *casefile.ConcludeInvestigation) { c.Report.Facts[0].Evidence = []uuid.UUID{id(11), id(13)} })
	article(t, after(t, collected(t), third).When(cite).Refused(t, "case.evidence_unverified"), "第四十六条")
	article(t, after(t, collected(t), device, verify(13)).When(cite).Refused(t, "case.device_unreviewed"), "第四十一条")
	after(t, collected(t), third, with(verify(13), func(c *casefile.VerifyEvidence) { c.Result = "excluded" })).When(cite).Refused(t, "case.evidence_unverified")
	accept(t, after(t, collected(t), reviewed, verify(13)), cite)

	// What is collected after the decision is kept, and flagged.
	late := accept(t, servedCase(t), evidence(13, "2026-03-26"))
	if list := late.State().Evidence; !list[len(list)-1].NotForDecision {
		t.Error("evidence collected after the decision is not flagged")
	}
	again := after(t, late, revoke("2026-04-10", true))
	if s := again.State(); s.Decision != nil || s.Stage() != casefile.StageInvestigating {
		t.Errorf("decided again from %s", s.Stage())
	}
	cite.At = on("2026-04-11")
	article(t, after(t, again, with(verify(13), func(c *casefile.VerifyEvidence) { c.At = on("2026-04-11") })).When(cite).Refused(t, "case.evidence_too_late"), "第六十条")
	after(t, servedCase(t), pay("2026-04-01", 25_000_000), performSand("2026-04-02"), check(0, "2026-04-02"), closeCase("performed", "2026-04-03"), archive("2026-04-20")).
		When(evidence(13, "2026-04-21")).Refused(t, "case.archived")
}

func revoke(day law.Date, again bool) casefile.RevokeDecision {
	return casefile.RevokeDecision{By: "court", Document: "（2026）苏示例行初1号", Reason: "主要证据不足", Again: again, Approval: approval(day), At: on(day)}
}

func TestPreservation(t *testing.T) {
	domaintest.Covers(t, "#10", "4.2", "G1")
	s := start()
	held := accept(t, s, preserve())
	article(t, try(s, preserve(), func(c *casefile.PreserveEvidence) { c.Preservation.Approval.ApprovedOn = "2026-03-04" }).Refused(t, "case.approved_out_of_time"), "")
	try(s, preserve(), func(c *casefile.PreserveEvidence) { c.Preservation.Objects = nil }).Refused(t, "case.preservation_list")
	try(s, preserve(), func(c *casefile.PreserveEvidence) { c.Preservation.Signature = casefile.Signature{State: "absent"} }).Refused(t, "case.list_not_signed")
	try(s, preserve(), func(c *casefile.PreserveEvidence) { c.Crew = c.Crew[:1] }).Refused(t, "officer.two_needed")
	held.When(preserve()).Refused(t, "case.preserved_twice")

	// Seven working days from Tuesday 3 March end on Thursday 12 March.
	accept(t, held, endPreservation("returned", "2026-03-12"))
	accept(t, held, endPreservation("released", "2026-03-30"))
	article(t, after(t, held, seize()).When(endPreservation("seizure", "2026-03-13")).Refused(t, "case.preservation_lapsed"), "第五十六条")
	accept(t, after(t, held, seize()), endPreservation("seizure", "2026-03-12"))
	held.When(endPreservation("seizure", "2026-03-12")).Refused(t, "case.seize_first")
	held.When(endPreservation("appraisal", "2026-03-12")).Refused(t, "case.commission_first")
	accept(t, after(t, held, with(commission(), func(c *casefile.CommissionAppraisal) { c.Appraisal.Holding = id(21) })), endPreservation("appraisal", "2026-03-12"))
	article(t, held.When(endPreservation("confiscated", "2026-03-12")).Refused(t, "case.no_confiscation"), "第五十六条")
	after(t, held, endPreservation("returned", "2026-03-12")).When(endPreservation("returned", "2026-03-12")).Refused(t, "case.not_preserved")
	held.When(closeCase("withdrawn", "2026-03-12")).Refused(t, "case.property_held")
}

func TestSeizure(t *testing.T) {
	domaintest.Covers(t, "#11", "4.3", "G1")
	s := start()
	held := accept(t, s, seize())
	bad := func(f func(*casefile.Seizure)) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
		return try(s, seize(), func(c *casefile.ImposeSeizure) { f(&c.Seizure) })
	}
	for _, basis := range []func(*casefile.Seizure){
		func(z *casefile.Seizure) { z.Basis = "" },
		func(z *casefile.Seizure) { z.Reviewed = false },
		func(z *casefile.Seizure) { z.Basis = "《水法》第六十条" },
	} {
		article(t, bad(basis).Refused(t, "case.seizure_no_basis"), "第二十二条")
	}
	bad(func(z *casefile.Seizure) { z.Related = false }).Refused(t, "case.seizure_unrelated")
	bad(func(z *casefile.Seizure) { z.Sealed = true }).Refused(t, "case.sealed_already")
	bad(func(z *casefile.Seizure) { z.Days = 31 }).Refused(t, "case.seizure_days")
	bad(func(z *casefile.Seizure) { z.Present = "nobody" }).Refused(t, "case.seizure_on_the_spot")
	bad(func(z *casefile.Seizure) { z.Rights = false }).Refused(t, "case.seizure_on_the_spot")
	bad(func(z *casefile.Seizure) { z.ListNo = "" }).Refused(t, "case.seizure_list")
	try(s, seize(), func(c *casefile.ImposeSeizure) { c.Crew = c.Crew[:1] }).Refused(t, "officer.two_needed")
	held.When(seize()).Refused(t, "case.seized_twice")

	// Approved before, or within twenty-four hours after where it was urgent.
	bad(func(z *casefile.Seizure) { z.ApprovedAt = on("2026-03-03", 3) }).Refused(t, "case.seizure_not_approved")
	accept(t, s, with(seize(), func(c *casefile.ImposeSeizure) { c.Seizure.Urgent, c.Seizure.ApprovedAt = true, c.At.Add(24*time.Hour) }))
	bad(func(z *casefile.Seizure) {
		z.Urgent, z.ApprovedAt = true, on("2026-03-03", 2).Add(24*time.Hour+time.Second)
	}).Refused(t, "case.seizure_not_approved")

	// Thirty days from 3 March end on 2 April; thirty more on 2 May. Six days of appraisal are not counted.
	longer := accept(t, held, extendSeizure())
	longer.When(extendSeizure()).Refused(t, "case.seizure_extended_before")
	try(held, extendSeizure(), func(c *casefile.ExtendSeizure) { c.Days = 31 }).Refused(t, "case.seizure_extension_days")
	late := with(extendSeizure(), func(c *casefile.ExtendSeizure) { c.At, c.Approval = on("2026-04-03"), approval("2026-04-03") })
	article(t, held.When(late).Refused(t, "case.seizure_lapsed"), "第二十五条")
	accept(t, after(t, held, commission(), receive()), late)
	start().When(extendSeizure()).Refused(t, "case.not_seized")
	try(held, commission(), func(c *casefile.CommissionAppraisal) { c.Appraisal.Told = false }).Refused(t, "case.appraisal_not_told")
	try(held, commission(), func(c *casefile.CommissionAppraisal) { c.Appraisal.StartedOn = "2026-03-05" }).Refused(t, "case.appraisal_dates")
	after(t, held, commission()).When(commission()).Refused(t, "case.appraised_twice")
	held.When(receive()).Refused(t, "case.not_appraising")

	accept(t, held, endSeizure("released", "2026-05-01"))
	held.When(endSeizure("confiscated", "2026-03-20")).Refused(t, "case.no_confiscation")
	held.When(endSeizure("confiscated", "2026-04-03")).Refused(t, "case.seizure_lapsed")
	held.When(endSeizure("handed_over", "2026-03-20")).Refused(t, "case.deliver_first")
	held.When(endSeizure("auctioned", "2026-03-20")).Refused(t, "case.auction_first")
	decided := after(t, start(), seize(), inspect(), orderStop(), evidence(11, "2026-03-04"), evidence(12, "2026-03-04"), verify(11), verify(12), conclude(),
		requestReview("2026-03-11"), passReview("2026-03-12"), discuss("2026-03-13"), notify("2026-03-16"), decide("2026-03-24"))
	accept(t, decided, endSeizure("confiscated", "2026-03-25"))
	accept(t, after(t, held, suspectCrime(), approveTransfer(), transferCrime()), endSeizure("handed_over", "2026-03-20"))
}

func TestSuspension(t *testing.T) {
	domaintest.Covers(t, "#12")
	s := start()
	paused := accept(t, s, suspend("2026-03-04"))
	accept(t, paused, resume("2026-03-14"))
	paused.When(suspend("2026-03-05")).Refused(t, "case.suspended")
	s.When(resume("2026-03-05")).Refused(t, "case.not_suspended")
	try(s, suspend("2026-03-05"), func(c *casefile.SuspendInvestigation) { c.Approval.ApprovedOn = "2026-03-06" }).Refused(t, "case.approved_out_of_time")
}

func TestEnds(t *testing.T) {
	domaintest.Covers(t, "#13", "#14", "#17")
	s := start()
	terminate := casefile.TerminateInvestigation{Ground: "died", Note: "当事人死亡", Approval: approval("2026-03-04"), At: on("2026-03-04")}
	handOver := casefile.HandOver{Receiver: "张家港市水务局", Letter: "澄水移〔2026〕1号", Files: []string{"立案审批表"}, Receipt: "张水收〔2026〕示例号", Approval: approval("2026-03-04"), At: on("2026-03-04")}
	for ground, end := range map[string]casefile.Command{"terminated": terminate, "handed_over": handOver, "withdrawn": withdraw()} {
		ended := accept(t, s, end)
		if st := ended.State().Stage(); st != casefile.StageEnded {
			t.Errorf("%s: %s", ground, st)
		}
		accept(t, ended, closeCase(ground, "2026-03-05"))
		ended.When(conclude()).Refused(t, "case.ended")
		decidedCase(t).When(end).Refused(t, "case.already_decided")
	}
	accept(t, after(t, s, suspend("2026-03-04")), terminate)
	article(t, try(s, handOver, func(c *casefile.HandOver) { c.Receipt = "" }).Refused(t, "case.handover_papers"), "第二十五条")
	for _, early := range []casefile.Command{
		with(terminate, func(c *casefile.TerminateInvestigation) { c.Approval.ApprovedOn = "2026-03-05" }),
		with(handOver, func(c *casefile.HandOver) { c.Approval.ApprovedOn = "2026-03-02" }),
		with(withdraw(), func(c *casefile.Withdraw) { c.Approval.ApprovedOn = "2026-03-05" }),
	} {
		s.When(early).Refused(t, "case.approved_out_of_time")
	}
	after(t, s, withdraw()).When(closeCase("terminated", "2026-03-05")).Refused(t, "case.other_ground")
}

package casefile_test

import (
	"strings"
	"testing"

	"shuizheng/domain/casefile"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

func TestConclude(t *testing.T) {
	domaintest.Covers(t, "#16", "G1", "G7", "G13")
	s := collected(t)
	accept(t, s, conclude())
	bad := func(f func(*casefile.Report)) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
		return try(s, conclude(), func(c *casefile.ConcludeInvestigation) { f(&c.Report) })
	}
	try(s, conclude(), func(c *casefile.ConcludeInvestigation) { c.Crew = c.Crew[:1] }).Refused(t, "officer.two_needed")
	bad(func(r *casefile.Report) { r.Facts = nil }).Refused(t, "case.no_facts")
	bad(func(r *casefile.Report) { r.Facts = append(r.Facts, r.Facts[0]) }).Refused(t, "case.fact_number")
	article(t, bad(func(r *casefile.Report) { r.Facts[0].Evidence = nil }).Refused(t, "case.fact_without_evidence"), "第四十条")
	bad(func(r *casefile.Report) { r.Items = nil }).Refused(t, "case.no_items")
	bad(func(r *casefile.Report) { r.Items[1].No = 1 }).Refused(t, "case.item_number")
	bad(func(r *casefile.Report) { r.Items[0].Party = 9 }).Refused(t, "case.party_unknown")
	bad(func(r *casefile.Report) { r.Items[0].Fact = 9 }).Refused(t, "case.no_such_fact")
	bad(func(r *casefile.Report) { r.Items[1].AmountFen = 1 }).Refused(t, "case.item_amount")
	accept(t, s, with(conclude(), func(c *casefile.ConcludeInvestigation) { c.Report.Proposal, c.Report.Items = "no_penalty", nil }))

	// One act, one fine, and by the text with the higher one (G7).
	article(t, bad(func(r *casefile.Report) {
		second := fineItem(25_000_000)
		second.No = 3
		r.Items = append(r.Items, second)
	}).Refused(t, "case.two_fines"), "第二十九条")
	article(t, bad(func(r *casefile.Report) {
		r.Facts[0].Violations = []string{"S01", "S05"}
		r.Items[0].Violation, r.Items[0].Basis, r.Items[0].Breaks, r.Items[0].AmountFen = "S05", "《长江河道采砂管理条例》第二十一条", "《长江河道采砂管理条例》第十六条", 5_000_000
	}).Refused(t, "case.higher_fine_applies"), "第二十九条")
	bad(func(r *casefile.Report) { r.Items[0].Violation = "S05" }).Refused(t, "case.text_not_for_fact")
	bad(func(r *casefile.Report) { r.Items[0].Basis = "《水法》第七十二条" }).Refused(t, "case.other_text")
	bad(func(r *casefile.Report) { r.Items[0].Breaks = "《水法》第四十一条" }).Refused(t, "penalty.basis_pair")

	// A fine outside its range is refused, and the range is said.
	for _, fen := range []int64{19_999_999, 200_000_001} {
		r := bad(func(r *casefile.Report) { r.Items[0].AmountFen = fen }).Refused(t, "penalty.outside_range")
		if !strings.Contains(r.Message, "20万元") || !strings.Contains(r.Message, "200万元") {
			t.Errorf("the refusal does not say the range: %s", r.Message)
		}
	}
	for _, fen := range []int64{20_000_000, 200_000_000} {
		accept(t, s, with(conclude(), func(c *casefile.ConcludeInvestigation) { c.Report.Items[0].AmountFen = fen }))
	}
	accept(t, s, with(conclude(), func(c *casefile.ConcludeInvestigation) {
		c.Report.Items[0].AmountFen, c.Report.Mitigation = 10_000_000, "《行政处罚法》第三十二条第一项：主动消除危害后果"
	}))

	// Conduct too long ago is not punished, whatever was thought when the case was filed (G13).
	article(t, bad(func(r *casefile.Report) { r.Facts[0].ConductEndedOn = "2024-03-01" }).Refused(t, "case.time_barred"), "第三十六条")
	accept(t, s, with(conclude(), func(c *casefile.ConcludeInvestigation) { c.Report.Facts[0].ConductEndedOn = "2024-03-02" }))

	concludedCase(t).When(conclude()).Refused(t, "case.already_concluded")
	again := accept(t, concludedCase(t), reopen())
	accept(t, again, with(evidence(13, "2026-03-11"), func(c *casefile.AddEvidence) { c.At = on("2026-03-11", 2) }))
	accept(t, again, with(conclude(), func(c *casefile.ConcludeInvestigation) { c.At = on("2026-03-12") }))
	s.When(reopen()).Refused(t, "case.not_concluded")
	try(concludedCase(t), reopen(), func(c *casefile.ReopenInvestigation) { c.Approval.ApprovedOn = "2026-03-12" }).Refused(t, "case.approved_out_of_time")
}

func TestLegalReview(t *testing.T) {
	domaintest.Covers(t, "#18", "G15")
	s := concludedCase(t)
	asked := accept(t, s, requestReview("2026-03-11"))
	accept(t, asked, passReview("2026-03-11"))
	back := accept(t, asked, returnReview())
	accept(t, back, requestReview("2026-03-12"))
	collected(t).When(requestReview("2026-03-11")).Refused(t, "case.not_concluded")
	article(t, s.When(passReview("2026-03-11")).Refused(t, "case.not_under_review"), "第五十八条")
	back.When(returnReview()).Refused(t, "case.not_under_review")
	try(asked, passReview("2026-03-11"), func(c *casefile.PassReview) { c.Draft = strings.Repeat("0", 64) }).Refused(t, "case.other_draft")
	try(asked, passReview("2026-03-11"), func(c *casefile.PassReview) { c.Qualified = "" }).Refused(t, "case.reviewer_unqualified")
	article(t, try(asked, passReview("2026-03-11"), func(c *casefile.PassReview) { c.Reviewer = crew()[0].ID }).Refused(t, "case.reviewer_investigated"), "第五十八条")
	try(asked, returnReview(), func(c *casefile.ReturnReview) { c.Reviewer = crew()[1].ID }).Refused(t, "case.reviewer_investigated")
	// Who helped to collect evidence has investigated too.
	helped := after(t, start(), orderStop(), with(evidence(11, "2026-03-04"), func(c *casefile.AddEvidence) { c.Crew[1] = third() }), evidence(12, "2026-03-04"), verify(11), verify(12), conclude(), requestReview("2026-03-11"))
	try(helped, passReview("2026-03-11"), func(c *casefile.PassReview) { c.Reviewer = third().ID }).Refused(t, "case.reviewer_investigated")
}

func TestDiscussion(t *testing.T) {
	domaintest.Covers(t, "#19", "G5")
	s := concludedCase(t)
	accept(t, s, discuss("2026-03-13"))
	bad := func(f func(*casefile.Discussion)) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
		return try(s, discuss("2026-03-13"), func(c *casefile.Discuss) { f(&c.Discussion) })
	}
	article(t, bad(func(d *casefile.Discussion) { d.Attendees[0].Opinion = "" }).Refused(t, "case.opinion_missing"), "第五十七条")
	bad(func(d *casefile.Discussion) { d.Attendees[0].Head = false }).Refused(t, "case.heads_missing")
	bad(func(d *casefile.Discussion) { d.HeldOn = "2026-03-09" }).Refused(t, "case.discussion_date")
	bad(func(d *casefile.Discussion) { d.Minutes = "" }).Refused(t, "case.minutes_missing")
	collected(t).When(discuss("2026-03-13")).Refused(t, "case.not_concluded")
}

func TestNotice(t *testing.T) {
	domaintest.Covers(t, "#20", "G2", "G1")
	s := concludedCase(t)
	told := accept(t, s, notify("2026-03-16"))
	bad := func(f func(*casefile.Notification)) domaintest.Outcome[casefile.State, casefile.Command, casefile.Event] {
		return try(s, notify("2026-03-16"), func(c *casefile.Notify) { f(&c.Notification) })
	}
	article(t, bad(func(n *casefile.Notification) { n.Reasons = "" }).Refused(t, "case.notice_content"), "第四十四条")
	bad(func(n *casefile.Notification) { n.Rights = false }).Refused(t, "case.defence_not_told")
	article(t, bad(func(n *casefile.Notification) { n.Hearing = false }).Refused(t, "case.hearing_not_told"), "第六十三条")
	bad(func(n *casefile.Notification) { n.Items[1].Party = 2 }).Refused(t, "case.notice_other_party")
	bad(func(n *casefile.Notification) { n.Items[0].AmountFen = 300_000_000 }).Refused(t, "penalty.outside_range")
	try(s, notify("2026-03-16"), func(c *casefile.Notify) { c.Crew = c.Crew[:1] }).Refused(t, "officer.two_needed")
	told.When(notify("2026-03-16")).Refused(t, "case.notified_before")
	collected(t).When(notify("2026-03-16")).Refused(t, "case.not_concluded")
	unknown := after(t, start(), with(identify(), func(c *casefile.IdentifyParty) { c.Is = law.Party{Kind: "unknown", Name: "船员四人"} }), evidence(11, "2026-03-04"), evidence(12, "2026-03-04"), verify(11), verify(12),
		with(conclude(), func(c *casefile.ConcludeInvestigation) { c.Report.Proposal = "transfer" }))
	article(t, unknown.When(notify("2026-03-16")).Refused(t, "case.party_unknown"), "第五十九条")
}

// Announced on 16 March, the notice counts as served thirty days later; until then nobody can be late for it.
func TestAnnouncedNotice(t *testing.T) {
	domaintest.Covers(t, "4.4", "G3")
	s := after(t, concludedCase(t), discuss("2026-03-13"))
	told := accept(t, s, with(notify("2026-03-16"), func(c *casefile.Notify) { c.Notification.Service = announcedService("2026-03-16") }))
	if on := told.State().Notices[0].On; on != "2026-04-15" {
		t.Errorf("served on %s", on)
	}
	article(t, told.When(decide("2026-04-14")).Refused(t, "case.notice_not_served"), "第九十五条")
	told.When(decide("2026-04-22")).Refused(t, "case.hearing_window")
	accept(t, told, decide("2026-04-23"))
}

func TestRenotice(t *testing.T) {
	domaintest.Covers(t, "#26", "G6")
	s := notifiedCase(t)
	heavier := func(why string) casefile.Renotify {
		return with(renotify("2026-03-18", why), func(c *casefile.Renotify) { c.Notification.Items[0].AmountFen = 30_000_000 })
	}
	accept(t, s, renotify("2026-03-18", "service"))
	accept(t, s, with(renotify("2026-03-18", "lighter"), func(c *casefile.Renotify) { c.Notification.Items[0].AmountFen = 21_000_000 }))
	accept(t, s, heavier("facts"))
	article(t, after(t, s, defence("2026-03-17")).When(heavier("lighter")).Refused(t, "case.heavier_than_notified"), "第四十五条")
	concludedCase(t).When(renotify("2026-03-18", "facts")).Refused(t, "case.not_notified")
	try(s, renotify("2026-03-18", "facts"), func(c *casefile.Renotify) { c.Notification.Rights = false }).Refused(t, "case.defence_not_told")
	// Times run anew.
	after(t, s, renotify("2026-03-18", "service")).When(decide("2026-03-24")).Refused(t, "case.hearing_window")
}

func TestDefence(t *testing.T) {
	domaintest.Covers(t, "#21", "#22", "G2")
	s := notifiedCase(t)
	said := accept(t, s, defence("2026-03-17"))
	answered := accept(t, said, reviewDefence("2026-03-18"))
	accept(t, answered, decide("2026-03-24"))
	article(t, said.When(decide("2026-03-24")).Refused(t, "case.defence_not_reviewed"), "第四十五条")
	article(t, try(s, defence("2026-03-17"), func(c *casefile.SubmitDefence) { c.Oral, c.Signed = true, false }).Refused(t, "case.defence_record"), "第四十五条")
	concludedCase(t).When(defence("2026-03-17")).Refused(t, "case.not_notified")
	try(said, reviewDefence("2026-03-18"), func(c *casefile.ReviewDefence) { c.Points = nil }).Refused(t, "case.defence_unanswered")
	s.When(reviewDefence("2026-03-18")).Refused(t, "case.no_defence")
	// A new defence needs a new answer.
	after(t, answered, defence("2026-03-19")).When(decide("2026-03-24")).Refused(t, "case.defence_not_reviewed")

	waive := casefile.WaiveDefence{Party: 1, Signed: true, At: on("2026-03-17")}
	accept(t, s, waive)
	try(s, waive, func(c *casefile.WaiveDefence) { c.Signed = false }).Refused(t, "case.waiver_unsigned")

	lapse := casefile.LapseDefence{Party: 1, At: on("2026-03-20")} // three working days from Monday the 16th end on Thursday
	accept(t, s, lapse)
	try(s, lapse, func(c *casefile.LapseDefence) { c.At = on("2026-03-19") }).Refused(t, "case.defence_time_runs")
	said.When(lapse).Refused(t, "case.defence_settled")

	// Without a right to a hearing, the time for defence alone is waited for.
	w := shoreNotified(t)
	article(t, w.When(shoreDecision("2025-03-20")).Refused(t, "case.defence_time_left"), "第四十五条")
	accept(t, w, shoreDecision("2025-03-21"))
}

func TestHearing(t *testing.T) {
	domaintest.Covers(t, "#23", "#24", "#25", "G3", "G4", "G15")
	s := notifiedCase(t)
	asked := accept(t, s, requestHearing("2026-03-23")) // the fifth working day after Monday the 16th
	article(t, s.When(requestHearing("2026-03-24")).Refused(t, "case.hearing_too_late"), "第六十四条")
	asked.When(requestHearing("2026-03-23")).Refused(t, "case.hearing_settled")
	shoreNotified(t).When(requestHearing("2025-03-18")).Refused(t, "case.no_hearing_right")

	plan := scheduleHearing("2026-03-24", "2026-04-03") // the seventh working day is 2 April
	called := accept(t, asked, plan)
	article(t, asked.When(scheduleHearing("2026-03-24", "2026-04-02")).Refused(t, "case.hearing_notice_short"), "第六十四条")
	article(t, try(asked, plan, func(c *casefile.ScheduleHearing) { c.Plan.Presider = crew()[0].ID }).Refused(t, "case.presider_investigated"), "第六十四条")
	try(asked, plan, func(c *casefile.ScheduleHearing) { c.Plan.Public = false }).Refused(t, "case.hearing_not_public")
	s.When(plan).Refused(t, "case.no_hearing_asked")

	held := accept(t, called, holdHearing("2026-04-03"))
	asked.When(holdHearing("2026-04-03")).Refused(t, "case.hearing_not_due")
	try(called, holdHearing("2026-04-03"), func(c *casefile.HoldHearing) { c.Record.StartedAt = on("2026-04-03", -1) }).Refused(t, "case.hearing_time")
	try(called, holdHearing("2026-04-03"), func(c *casefile.HoldHearing) { c.Record.Agents = []string{"甲", "乙", "丙"} }).Refused(t, "case.too_many_agents")
	try(called, holdHearing("2026-04-03"), func(c *casefile.HoldHearing) { c.Record.Signature.By = "" }).Refused(t, "case.transcript_unsigned")
	try(called, holdHearing("2026-04-03"), func(c *casefile.HoldHearing) { c.Record.Report = "" }).Refused(t, "case.hearing_report")

	absent := casefile.AbandonHearing{Party: 1, Reason: "absent", Note: "无正当理由未到场", At: on("2026-04-03", 1)}
	gone := accept(t, called, absent)
	held.When(absent).Refused(t, "case.no_hearing_asked")

	// Nothing is decided while a hearing is to come, and after it only what was reviewed since (G3, G4).
	article(t, called.When(decide("2026-04-02")).Refused(t, "case.hearing_pending"), "第六十三条")
	article(t, held.When(decide("2026-04-10")).Refused(t, "case.reviewed_before_hearing"), "第五十八条")
	accept(t, after(t, held, requestReview("2026-04-07"), passReview("2026-04-08")), decide("2026-04-10"))
	unreviewed := after(t, concludedCase(t), discuss("2026-03-13"), notify("2026-03-16"), requestHearing("2026-03-20"), scheduleHearing("2026-03-24", "2026-04-03"), holdHearing("2026-04-03"))
	article(t, unreviewed.When(decide("2026-04-10")).Refused(t, "case.not_reviewed"), "第五十八条")
	accept(t, gone, casefile.WaiveDefence{Party: 1, Signed: true, At: on("2026-04-07")})

	// The window must be over, or waived in writing.
	waive := casefile.WaiveHearing{Party: 1, Signed: true, At: on("2026-03-18")}
	article(t, s.When(decide("2026-03-23")).Refused(t, "case.hearing_window"), "第六十四条")
	accept(t, after(t, s, waive), decide("2026-03-23"))
	try(s, waive, func(c *casefile.WaiveHearing) { c.Signed = false }).Refused(t, "case.hearing_waiver_unsigned")
	after(t, s, waive).When(waive).Refused(t, "case.hearing_over")
	accept(t, after(t, called, casefile.WaiveHearing{Party: 1, Signed: true, At: on("2026-03-25")}), decide("2026-03-26"))
}

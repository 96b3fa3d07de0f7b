package casefile

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Act is something that may be done with a case, now or once something else has been done (可办事项).
type Act struct {
	Command  string    `json:"command"`
	Name     string    `json:"name"`
	Article  string    `json:"article"`
	Possible bool      `json:"possible"`
	Targets  []Target  `json:"targets,omitempty"` // what it is possible for, where it ranges over parties, items or things
	Missing  []Missing `json:"missing,omitempty"` // of the first target, where it is possible for none
}

// Target is what an act is done to.
type Target struct {
	Party int64     `json:"party,omitempty"`
	Item  int64     `json:"item,omitempty"`
	Thing uuid.UUID `json:"thing,omitzero"`
}

// Missing is a condition that is not met (所缺条件).
type Missing struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Article string `json:"article,omitempty"`
}

// commands are all acts, empty: their guards do not depend on what a command contains.
func commands() []Command {
	return []Command{
		OrderStop{}, InspectSite{}, IdentifyParty{}, RecuseOfficer{}, AddEvidence{}, VerifyEvidence{}, PreserveEvidence{}, EndPreservation{},
		ImposeSeizure{}, ExtendSeizure{}, EndSeizure{}, CommissionAppraisal{}, ReceiveAppraisal{}, SuspendInvestigation{}, ResumeInvestigation{},
		TerminateInvestigation{}, HandOver{}, Withdraw{},
		ConcludeInvestigation{}, ReopenInvestigation{}, ConfirmAddress{}, RequestReview{}, PassReview{}, ReturnReview{}, Discuss{}, Notify{}, Renotify{},
		SubmitDefence{}, WaiveDefence{}, LapseDefence{}, ReviewDefence{}, RequestHearing{}, WaiveHearing{}, ScheduleHearing{}, HoldHearing{}, AbandonHearing{},
		Decide{}, ExtendDecision{}, DecideNoPenalty{}, DecideOnSpot{}, ReportSummary{}, ServeDecision{}, ServeDocument{}, PublishDecision{},
		WithdrawPublication{}, ReviseDecision{}, RevokeDecision{},
		RecordPayment{}, HandInCash{}, ApproveDeferral{}, ApproveInstalment{}, AccrueSurcharge{}, VerifyCorrection{}, PerformItem{}, Urge{}, AnnounceDemolition{},
		DecideEnforcement{}, ExecuteEnforcement{}, DecideSubstitute{}, UrgeSubstitute{}, PerformSubstitute{}, ApplyToCourt{}, RecordRuling{}, AuctionProperty{},
		SuspendEnforcement{}, ResumeEnforcement{}, EndEnforcement{}, Settle{}, RecordRemedy{}, AnswerReview{}, EndRemedy{},
		SuspectCrime{}, ApproveTransfer{}, RefuseTransfer{}, TransferCrime{}, RecordReceipt{}, RecordPoliceDecision{}, ObjectTransfer{}, HandOverGoods{}, EndCriminalCase{},
		Close{}, Archive{},
	}
}

// Commands are all acts a client can ask for, each an empty command, by the names that [Act.Command] uses.
func Commands() map[string]Command {
	all := map[string]Command{}
	for _, c := range commands() {
		all[c.act().command] = c
	}
	return all
}

// Allowed lists every act with what is missing for it on a day, by the rules as the program comes.
func Allowed(s State, today law.Date) []Act { return Standard().Allowed(s, today) }

// Allowed lists every act: whether the case allows it on this day, and if not, every condition that is missing, with its article. It
// asks the guards that decisions ask; what a command itself must contain is said when it comes.
func (r Rules) Allowed(s State, today law.Date) []Act {
	var list []Act
	for _, c := range commands() {
		a := c.act()
		one := Act{Command: a.command, Name: a.name, Article: a.article}
		for n, t := range s.targets(a.each) {
			q := r.ask(s, today)
			q.party, q.item, q.thing = t.Party, t.Item, t.Thing
			missing := unmet(q, a.guards)
			switch {
			case len(missing) == 0:
				one.Possible, one.Missing = true, nil
				if t != (Target{}) {
					one.Targets = append(one.Targets, t)
				}
			case n == 0:
				one.Missing = missing
			}
		}
		list = append(list, one)
	}
	return list
}

// ask is the question of a day, for its end: what is to be done then can still be done.
func (r Rules) ask(s State, today law.Date) question {
	q := question{State: s, rules: r, on: today, at: endOf(today)}
	for _, n := range s.Notices {
		q.items = append(q.items, n.Items...)
	}
	return q
}

func endOf(d law.Date) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), law.Beijing())
	if err != nil {
		return time.Time{}
	}
	return t.Add(24*time.Hour - time.Second).UTC()
}

// unmet asks all guards. Those after the one that finds no case, or no decision, would only repeat it.
func unmet(q question, guards []guard) []Missing {
	var list []Missing
	for _, g := range guards {
		err := g(q)
		if err == nil {
			continue
		}
		m := Missing{Code: "calendar", Message: err.Error()}
		if r := (*domain.Refusal)(nil); errors.As(err, &r) {
			m = Missing{r.Code, r.Message, r.Article}
		}
		if !slices.ContainsFunc(list, func(o Missing) bool { return o.Code == m.Code }) {
			list = append(list, m)
		}
		if fundamental(m.Code) {
			break
		}
	}
	return list
}

// fundamental says that what is missing is the very thing that the guards after it ask about.
func fundamental(code string) bool {
	switch code {
	case "case.unknown", "case.no_decision", "case.no_penalty_decision", "case.no_such_item", "case.not_concluded", "case.item_done":
		return true
	}
	return false
}

// targets are what an act could be done to. An act over things is asked about nothing when there are none, and so says why not.
func (s State) targets(e each) []Target {
	var list []Target
	switch e {
	case once:
	case eachParty:
		for i := range s.Parties {
			list = append(list, Target{Party: int64(i + 1)})
		}
	case eachItem:
		for _, p := range s.Items {
			list = append(list, Target{Item: p.Item.No})
		}
	case eachPreserved:
		for _, h := range s.Preserved {
			list = append(list, Target{Thing: h.ID})
		}
	case eachSeized:
		for _, h := range s.Seized {
			list = append(list, Target{Thing: h.ID})
		}
	case eachAppraisal:
		for _, a := range s.Appraisals {
			list = append(list, Target{Thing: a.ID})
		}
	case eachEvidence:
		for _, e := range s.Evidence {
			list = append(list, Target{Thing: e.ID})
		}
	case eachRemedy:
		for _, r := range s.Remedies {
			list = append(list, Target{Thing: r.ID})
		}
	}
	if list == nil {
		list = []Target{{}}
	}
	return list
}

// Finding is something that would lose the case in court (程序瑕疵).
type Finding struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Article string `json:"article"`
	Mend    string `json:"mend,omitempty"` // the command that mends it, empty where it can only be explained
}

// Lint lists what would lose the case, by the rules as the program comes.
func Lint(s State, today law.Date) []Finding { return Standard().Lint(s, today) }

// Lint lists what would lose the case in court on this day: what guards cannot stop, because it is an omission, or because it was
// found only afterwards.
func (r Rules) Lint(s State, today law.Date) []Finding {
	if s.Status == "" {
		return nil
	}
	var list []Finding
	say := func(code, article, mend, message string) { list = append(list, Finding{code, message, article, mend}) }
	r.lintInvestigation(s, today, say)
	r.lintDecision(s, today, say)
	r.lintProperty(s, today, say)
	return list
}

type sayer func(code, article, mend, message string)

func (r Rules) lintInvestigation(s State, today law.Date, say sayer) {
	if s.Decision == nil && s.Ended == "" && s.Status == StatusFiled {
		if late, err := r.past(r.decision(s), today); err == nil && late {
			say("lint.decision_late", "《行政处罚法》第六十条", "case.extend_decision", "办案期限已过而未作出决定，须报上级机关批准延期。")
		}
	}
	if s.Extension != nil && s.Extension.Late {
		say("lint.extended_late", "《行政处罚法》第六十条", "", "延期是在办案期限届满之后批准的，属于程序瑕疵，应当在卷内说明。")
	}
	for _, p := range s.Parties {
		if p.Kind == "unknown" {
			say("lint.party_unknown", "《行政处罚法》第四十条", "case.identify_party", "当事人“"+p.Name+"”的身份尚未查明。")
		}
	}
	if len(s.Inspected) > 0 && !slices.ContainsFunc(s.Inspected, func(i Inspected) bool { return i.Signed }) {
		say("lint.unsigned_records", "《最高人民法院关于行政诉讼证据若干问题的规定》第十五条", "case.inspect_site", "全部现场笔录均无当事人签名，应当有录像等佐证。")
	}
	cited := map[uuid.UUID]bool{}
	if s.Report != nil {
		for _, f := range s.Report.Facts {
			for _, id := range f.Evidence {
				cited[id] = true
			}
			if len(f.Evidence) == 1 {
				say("lint.single_evidence", "《行政处罚法》第四十条", "case.add_evidence", "一项违法事实只有一件证据，没有印证。")
			}
		}
	}
	for _, e := range s.Evidence {
		if cited[e.ID] && e.Result == "excluded" {
			say("lint.excluded_cited", "《行政处罚法》第四十六条", "case.reopen_investigation", "认定事实的证据“"+e.Title+"”已被排除。")
		}
	}
	q := r.ask(s, today)
	if s.Report != nil && s.Transfer.ReportedOn == "" {
		if err := crimeExamined(q); err != nil {
			say("lint.crime_not_examined", "《行政处罚法》第二十七条、第八十二条", "case.suspect_crime", "违法事实达到涉嫌犯罪的标准而未审查移送，属于以罚代刑。")
		}
	}
	if s.Transfer.Ended == "not_approved" && s.Report != nil {
		for _, f := range s.Report.Facts {
			if q.crimeSigns(f).Suspected {
				say("lint.transfer_refused", transferRules+"第五条", "", "违法事实达到涉嫌犯罪的标准而未批准移送，检察机关可能监督，理由应当充分。")
			}
		}
	}
}

func (r Rules) lintDecision(s State, today law.Date, say sayer) {
	if s.Public.RecallOn != "" {
		if late, err := r.past(law.PublicationRecallClock(r.Settings, s.Public.RecallOn, uuid.Nil), today); err == nil && late {
			say("lint.publication_stands", "《行政处罚法》第四十八条", "case.withdraw_publication", "决定已被变更、撤销或者确认违法，公示信息应当在三个工作日内撤回。")
		}
	}
	d := s.Decision
	if d == nil {
		return
	}
	for _, party := range s.decidedParties() {
		v, served := s.servedOn(party)
		until := today
		if served {
			until = v.On
			if v.Method == "announced" { // the law gives this time of its own
				continue
			}
		}
		if late, err := r.past(law.ServiceClock(r.Settings, d.On, uuid.Nil), until); err == nil && late {
			mend := "case.serve_decision"
			if served {
				mend = ""
			}
			say("lint.served_late", "《行政处罚法》第六十一条", mend, "决定书没有在七个工作日内送达当事人。")
		}
	}
	if !d.NoPenalty && !d.Summary && d.Review != "" && !strings.Contains(d.Review, "政府") {
		say("lint.review_organ", "《行政复议法》第二十四条", "case.revise_decision", "决定书载明的复议机关不是本级人民政府，请核对告知是否正确。")
	}
	for _, e := range s.Evidence {
		if e.NotForDecision {
			say("lint.evidence_after_decision", "《最高人民法院关于行政诉讼证据若干问题的规定》第六十条", "", "证据“"+e.Title+"”在决定之后收集，不能用来证明决定合法。")
		}
	}
	for _, a := range d.Applied {
		fined, _ := find(s.Items, func(p Performance) bool { return p.Item.No == a.Item })
		for _, m := range a.Must {
			if m != law.MeasureGains && !slices.ContainsFunc(s.Items, func(p Performance) bool { return p.Item.Measure == m && p.Item.Fact == fined.Item.Fact }) {
				say("lint.measure_missing", a.Article, "", "条文规定应当同时没收或者吊销的项目（"+string(m)+"）没有列入决定，应当在卷内说明理由。")
			}
		}
		if a.Doubtful {
			say("lint.doubtful_text", "《行政处罚法》第三十七条", "", "新旧条文轻重互见，适用哪一条应当在法制审核意见中说明。")
		}
	}
	for _, item := range s.Items {
		if item.Item.Measure == law.MeasureFine && len(s.Corrected) == 0 && s.Status == StatusClosed {
			say("lint.correction_unverified", "《行政处罚法》第二十八条", "", "已经罚款而没有整改复查记录，存在以罚代管之嫌。")
			break
		}
	}
	if d.Summary && !d.Reported {
		if late, err := r.past(law.SummaryReportClock(r.Settings, d.On, uuid.Nil), today); err == nil && late {
			say("lint.summary_unreported", "《行政处罚法》第五十二条", "case.report_summary", "当场处罚决定没有按期报所属机关备案。")
		}
	}
	for _, m := range s.Remedies {
		if m.EndedOn == "" && m.AnsweredOn == "" {
			if late, err := r.past(law.ReviewAnswerClock(r.Settings, m.AcceptedOn, uuid.Nil), today); err == nil && late && m.Kind == "review" {
				say("lint.unanswered", "《行政复议法》第四十八条、第七十条", "case.answer_review", "没有按期提交答复和证据，视为决定没有证据。")
			}
		}
	}
}

func (s State) decidedParties() []int64 {
	var list []int64
	for _, p := range s.Items {
		if !slices.Contains(list, p.Item.Party) {
			list = append(list, p.Item.Party)
		}
	}
	if list == nil {
		list = []int64{1}
	}
	return list
}

func (r Rules) lintProperty(s State, today law.Date, say sayer) {
	for _, h := range s.Preserved {
		if late, err := r.past(r.preservation(h), today); h.Outcome == "" && err == nil && late {
			say("lint.preservation_lapsed", "《行政处罚法》第五十六条", "case.end_preservation", "先行登记保存已满七个工作日而未作处理决定，应当解除。")
		}
	}
	for _, h := range s.Seized {
		if late, err := r.past(r.seizure(s, h), today); h.Outcome == "" && err == nil && late && s.Decision == nil {
			say("lint.seizure_lapsed", "《行政强制法》第二十五条、第二十七条", "case.end_seizure", "查封、扣押期限已满，继续查封、扣押没有依据，应当立即解除。")
		}
	}
	for _, c := range s.Cash {
		if late, err := r.past(law.CashHandInClock(r.Settings, c.On, uuid.Nil), today); c.InOn == "" && err == nil && late {
			say("lint.cash_held", "《行政处罚法》第七十一条", "case.hand_in_cash", "当场收缴的罚款没有在二个工作日内上缴。")
		}
	}
	t := s.Transfer
	if t.open() && t.Approved.IsZero() {
		if late, err := r.past(law.TransferDecisionClock(r.Settings, t.ReportedOn, uuid.Nil), today); err == nil && late {
			say("lint.transfer_undecided", transferRules+"第五条", "case.approve_transfer", "移送报告提出后三日内没有作出是否移送的决定。")
		}
	}
	if t.open() && !t.Approved.IsZero() && t.Delivered.IsZero() {
		if due, err := law.TransferDeliveryClock(r.Settings, t.Approved, uuid.Nil).DueAt(r.Calendar, today); err == nil && endOf(today).After(due) {
			say("lint.transfer_undelivered", transferRules+"第五条", "case.transfer_crime", "批准移送后二十四小时内没有向公安机关移送。")
		}
	}
}

package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/law"
)

func cases() home[casefile.State, casefile.Command, casefile.Event] {
	return home[casefile.State, casefile.Command, casefile.Event]{casefile.Decider(), func(s casefile.State) string { return s.District }}
}

// caseCommands makes a command of every act on a case that the domain lists, under the domain's own names and titles: a new act is
// described and can be sent as soon as the access table says by whom. Opening a case is not among them: the filing act does it.
func caseCommands() map[string]commandType {
	titles := map[string]string{}
	for _, a := range casefile.Allowed(casefile.State{}, "") {
		titles[a.Command] = a.Name
	}
	all := map[string]commandType{}
	for name, zero := range casefile.Commands() {
		kind := reflect.TypeOf(zero)
		all[name] = commandType{titles[name], zero, func(ctx context.Context, s *server, a act, raw json.RawMessage) (Accepted, error) {
			c := reflect.New(kind)
			if err := s.shape.decode(raw, "data.", c.Interface()); err != nil {
				return Accepted{}, err
			}
			if err := s.fillCase(ctx, a, c.Interface()); err != nil {
				return Accepted{}, err
			}
			filled, ok := c.Elem().Interface().(casefile.Command)
			if !ok {
				return Accepted{}, fmt.Errorf("api: %s is no command on a case", kind)
			}
			return accepted(cases().execute(ctx, s, a, filled, a.meta))
		}}
	}
	return all
}

// fillCase puts into a command what does not come from the client. The domain gives these fields the same names everywhere, so they
// are found by name. Who reviews or presides must be registered, and is called what the registry calls him: only so does it mean
// something that he took no part in the investigation. Earlier penalties are not known to the read model yet and stay empty.
func (s *server) fillCase(ctx context.Context, a act, command any) error {
	c := reflect.ValueOf(command).Elem()
	if at := c.FieldByName("At"); at.IsValid() && at.CanSet() {
		at.Set(reflect.ValueOf(a.at))
	}
	if crew := c.FieldByName("Crew"); crew.IsValid() {
		ids, _ := c.FieldByName("Officers").Interface().([]uuid.UUID)
		officers, err := s.crew(ctx, ids, workedOn(command, a.at))
		if err != nil {
			return err
		}
		crew.Set(reflect.ValueOf(officers))
	}
	named := func(id uuid.UUID, name *string) error {
		o, err := s.one(ctx, a, id)
		*name = o.Name
		return err
	}
	switch c := command.(type) {
	case *casefile.RecuseOfficer:
		if c.SuccessorID == uuid.Nil {
			return nil
		}
		o, err := s.one(ctx, a, c.SuccessorID)
		c.Successor = &o
		return err
	case *casefile.PassReview:
		return named(c.Reviewer, &c.Name)
	case *casefile.ReturnReview:
		return named(c.Reviewer, &c.Name)
	case *casefile.ScheduleHearing:
		return named(c.Plan.Presider, &c.Plan.Name)
	}
	return nil
}

// workedOn is when the officers of a command did their work: what is recorded later, as a service or an inspection, asks for the
// certificates of the day it was done on.
func workedOn(command any, at time.Time) time.Time {
	var day law.Date
	switch c := command.(type) {
	case *casefile.InspectSite:
		return c.Inspection.StartedAt
	case *casefile.ExecuteEnforcement:
		return c.Execution.StartedAt
	case *casefile.PerformSubstitute:
		return c.Execution.StartedAt
	case *casefile.AddEvidence:
		day = c.Evidence.CollectedOn
	case *casefile.OrderStop:
		day = c.Order.Service.On
	case *casefile.Notify:
		day = c.Notification.Service.On
	case *casefile.Renotify:
		day = c.Notification.Service.On
	case *casefile.ScheduleHearing:
		day = c.Plan.Service.On
	case *casefile.ServeDecision:
		day = c.Service.On
	case *casefile.ServeDocument:
		day = c.Service.On
	case *casefile.Urge:
		day = c.Urging.Service.On
	case *casefile.UrgeSubstitute:
		day = c.Service.On
	}
	if t, err := time.ParseInLocation(time.DateOnly, string(day), law.Beijing()); err == nil {
		return t
	}
	return at
}

// ProcedureQuery asks for a case as it is judged on a day.
type ProcedureQuery struct {
	On law.Date `json:"on,omitempty" validate:"omitempty,datetime=2006-01-02" jsonschema:"按哪一天判断，默认今天（北京时间）"`
}

// ProcedureAct is something that may be done with the case, or what is missing for it.
type ProcedureAct struct {
	Command  string            `json:"command"`
	Title    string            `json:"title"`
	Article  string            `json:"article"`
	Possible bool              `json:"possible"`
	Mine     bool              `json:"mine"` // the caller's roles allow it
	Targets  []casefile.Target `json:"targets,omitempty"`
	Missing  []MissingPart     `json:"missing"`
}

// MissingPart is a condition that is not met.
type MissingPart struct {
	Code    string `json:"code"`
	Text    string `json:"text"`
	Article string `json:"article,omitempty"`
}

// ProcedureClock is a running period, with how it stands on the day asked about. Where the calendar does not reach its end, there
// is no due day, and Explain says why.
type ProcedureClock struct {
	law.Clock
	Due     law.Date       `json:"due,omitempty"`
	Left    *int           `json:"left,omitempty"`
	State   law.ClockState `json:"state,omitempty"`
	Explain string         `json:"explain"`
}

// ProcedureFinding is something that would lose the case in court, and the act that mends it.
type ProcedureFinding struct {
	Code    string `json:"code"`
	Text    string `json:"text"`
	Article string `json:"article"`
	Act     string `json:"act,omitempty"`
}

// ProcedureAnswer is where a case stands: what may be done, which periods run, and what is wrong with it.
type ProcedureAnswer struct {
	Stage           casefile.Stage     `json:"stage"`
	StageName       string             `json:"stageName"`
	Acts            []ProcedureAct     `json:"acts"`
	Clocks          []ProcedureClock   `json:"clocks"`
	Findings        []ProcedureFinding `json:"findings"`
	Today           law.Date           `json:"today"`
	CalendarVersion string             `json:"calendarVersion"`
	Position        uint64             `json:"position"` // of the last event of the case
}

// soon is from how many days left on a period is shown as running out (临期): time to write a document and to have it approved.
const soon = 3

func (s *server) getProcedure(w http.ResponseWriter, r *http.Request, who caller) {
	id, err := pathID(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	q, err := query[ProcedureQuery](s, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if q.On == "" {
		q.On = law.DateOf(s.Now())
	}
	// It is read from the log itself, once: an act shown as possible is judged by the same events as the command that follows.
	var (
		state    casefile.State
		events   []uuid.UUID
		position uint64
	)
	decider := casefile.Decider()
	for record, err := range s.Log.ReadStream(r.Context(), domain.StreamName(decider.Category, id)) {
		if err != nil {
			s.fail(w, r, fmt.Errorf("procedure of case %s: %w", id, err))
			return
		}
		raw, err := s.Catalog.Decode(record)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		e, ok := s.Catalog.Lift(raw).(casefile.Event)
		if !ok {
			s.fail(w, r, fmt.Errorf("%s at position %d does not belong into a case", record.Type, record.Position))
			return
		}
		state, events, position = decider.Evolve(state, e), append(events, record.ID), record.Position
	}
	if state.District == "" || !who.spans(state.District) { // who may not see it learns nothing of it
		s.fail(w, r, errNotFound())
		return
	}
	s.answer(w, r, procedureOf(who, state, events, position, q.On))
}

func procedureOf(who caller, state casefile.State, events []uuid.UUID, position uint64, today law.Date) ProcedureAnswer {
	calendar := law.StateCouncil()
	answer := ProcedureAnswer{Stage: state.Stage(), StageName: nameOf(caseStages(), string(state.Stage())), Acts: []ProcedureAct{}, Clocks: []ProcedureClock{}, Findings: []ProcedureFinding{},
		Today: today, CalendarVersion: calendar.Version(), Position: position}
	can := who.can()
	for _, a := range casefile.Allowed(state, today) {
		one := ProcedureAct{a.Command, a.Name, a.Article, a.Possible, slices.Contains(can, a.Command), a.Targets, []MissingPart{}}
		for _, m := range a.Missing {
			one.Missing = append(one.Missing, MissingPart{m.Code, m.Message, m.Article})
		}
		answer.Acts = append(answer.Acts, one)
	}
	for _, c := range casefile.Clocks(state, events...) {
		answer.Clocks = append(answer.Clocks, clockOn(c, calendar, today))
	}
	for _, f := range casefile.Lint(state, today) {
		answer.Findings = append(answer.Findings, ProcedureFinding{f.Code, f.Message, f.Article, f.Mend})
	}
	return answer
}

func clockOn(c law.Clock, calendar law.Calendar, today law.Date) ProcedureClock {
	due, err := c.Due(calendar, today)
	one := ProcedureClock{Clock: c, Due: due}
	if err == nil {
		left := 0
		if left, err = c.Left(calendar, today); err == nil {
			one.Left = &left
			if one.State, err = c.State(calendar, today, soon); err == nil {
				one.Explain, err = c.Explain(calendar, today)
			}
		}
	}
	if err != nil {
		return ProcedureClock{Clock: c, Explain: err.Error()}
	}
	return one
}

func caseStages() []Choice {
	return []Choice{{"investigating", "调查取证"}, {"suspended", "中止调查"}, {"concluded", "调查终结"}, {"reviewed", "法制审核通过"}, {"discussed", "已集体讨论"}, {"notified", "已告知"}, {"hearing", "听证中"},
		{"decided", "已决定"}, {"no_penalty", "不予处罚"}, {"served", "已送达"}, {"enforcing", "强制执行中"}, {"performed", "履行完毕"}, {"ended", "待结案"}, {"transferred", "移送司法"}, {"closed", "已结案"}, {"archived", "已归档"}}
}

// caseEvents names the events of a case.
func caseEvents() []Choice {
	return []Choice{
		{"case.filed.v1", "立案"}, {"case.stop_ordered.v1", "责令停止、改正"}, {"case.site_inspected.v1", "现场检查"}, {"case.party_identified.v1", "查明当事人"}, {"case.officer_recused.v1", "回避决定"},
		{"case.evidence_added.v1", "收集证据"}, {"case.evidence_verified.v1", "查证证据"}, {"case.evidence_preserved.v1", "先行登记保存"}, {"case.preservation_ended.v1", "处理保存物品"},
		{"case.seizure_imposed.v1", "查封、扣押"}, {"case.seizure_extended.v1", "延长查封、扣押"}, {"case.seizure_ended.v1", "处理查封、扣押财物"}, {"case.appraisal_commissioned.v1", "委托鉴定"}, {"case.appraisal_received.v1", "收到鉴定意见"},
		{"case.investigation_suspended.v1", "中止调查"}, {"case.investigation_resumed.v1", "恢复调查"}, {"case.investigation_terminated.v1", "终止调查"}, {"case.handed_over.v1", "移送管辖"}, {"case.withdrawn.v1", "撤销立案"},
		{"case.investigation_concluded.v1", "调查终结"}, {"case.investigation_reopened.v1", "补充调查"}, {"case.service_address_confirmed.v1", "确认送达地址"}, {"case.legal_review_requested.v1", "送法制审核"},
		{"case.legal_review_passed.v1", "法制审核通过"}, {"case.legal_review_returned.v1", "法制审核退回"}, {"case.collectively_discussed.v1", "集体讨论"}, {"case.penalty_notified.v1", "事先告知"}, {"case.renotified.v1", "重新告知"},
		{"case.defence_submitted.v1", "陈述申辩"}, {"case.defence_waived.v1", "放弃陈述申辩"}, {"case.defence_lapsed.v1", "逾期未陈述申辩"}, {"case.defence_reviewed.v1", "复核陈述申辩"}, {"case.hearing_requested.v1", "申请听证"},
		{"case.hearing_waived.v1", "放弃听证"}, {"case.hearing_scheduled.v1", "听证通知"}, {"case.hearing_held.v1", "举行听证"}, {"case.hearing_abandoned.v1", "终止听证"},
		{"case.penalty_decided.v1", "处罚决定"}, {"case.decision_extended.v1", "延长办案期限"}, {"case.no_penalty_decided.v1", "不予处罚决定"}, {"case.summary_penalty_decided.v1", "当场处罚"}, {"case.summary_reported.v1", "当场处罚备案"},
		{"case.decision_served.v1", "送达决定书"}, {"case.document_served.v1", "送达文书"}, {"case.decision_published.v1", "公示决定"}, {"case.publication_withdrawn.v1", "撤回公示"}, {"case.decision_revised.v1", "变更决定"},
		{"case.decision_revoked.v1", "撤销决定"}, {"case.fine_paid.v1", "缴款"}, {"case.cash_handed_in.v1", "上缴当场收缴款"}, {"case.deferral_approved.v1", "暂缓缴纳"}, {"case.instalment_approved.v1", "分期缴纳"},
		{"case.surcharge_accrued.v1", "加处罚款"}, {"case.correction_verified.v1", "整改复查"}, {"case.item_performed.v1", "项目执行"}, {"case.performance_urged.v1", "催告履行"}, {"case.demolition_announced.v1", "限期拆除公告"},
		{"case.self_enforcement_decided.v1", "强制执行决定"}, {"case.self_enforcement_executed.v1", "实施强制执行"}, {"case.substitute_decided.v1", "代履行决定"}, {"case.substitute_urged.v1", "代履行催告"},
		{"case.substitute_performed.v1", "实施代履行"}, {"case.court_enforcement_applied.v1", "申请法院强制执行"}, {"case.court_ruled.v1", "法院受理、裁定、执行"}, {"case.property_auctioned.v1", "拍卖抵缴"},
		{"case.enforcement_suspended.v1", "中止执行"}, {"case.enforcement_resumed.v1", "恢复执行"}, {"case.enforcement_ended.v1", "终结执行"}, {"case.settlement_concluded.v1", "执行协议"},
		{"case.review_or_suit_recorded.v1", "复议、诉讼受理"}, {"case.review_answered.v1", "提交答复"}, {"case.review_or_suit_ended.v1", "复议决定、判决"},
		{"case.crime_suspected.v1", "移送报告"}, {"case.transfer_approved.v1", "批准移送"}, {"case.transfer_refused.v1", "不批准移送"}, {"case.crime_transferred.v1", "移送公安机关"}, {"case.transfer_received.v1", "移送回执"},
		{"case.police_decided.v1", "公安机关立案决定"}, {"case.transfer_objected.v1", "移送异议"}, {"case.goods_handed_over.v1", "移交涉案物品"}, {"case.criminal_case_ended.v1", "刑事案件结果"},
		{"case.closed.v1", "结案"}, {"case.archived.v1", "归档"},
	}
}

// caseWords says an event of a case as one Chinese sentence; empty if it is of another kind.
func caseWords(e domain.Event) string {
	if words := investigationWords(e); words != "" {
		return words
	}
	if words := decisionWords(e); words != "" {
		return words
	}
	if words := enforcementWords(e); words != "" {
		return words
	}
	if c, ok := e.(casefile.Event); ok { // what has no more to say than its name
		return nameOf(caseEvents(), c.EventType())
	}
	return ""
}

func yuan(fen int64) string { return fmt.Sprintf("%d.%02d 元", fen/100, fen%100) }

func chosen(yes bool, then, otherwise string) string {
	if yes {
		return then
	}
	return otherwise
}

func investigationWords(e domain.Event) string {
	switch e := e.(type) {
	case casefile.Filed:
		return fmt.Sprintf("立案 %s，承办人%s", e.Number, names(e.Ground.Handlers))
	case casefile.StopOrdered:
		return fmt.Sprintf("%s送达责令通知书 %s：%s", names(e.Officers), e.Order.Number, e.Order.Conduct)
	case casefile.SiteInspected:
		return names(e.Officers) + "现场检查：" + e.Inspection.Found
	case casefile.PartyIdentified:
		return fmt.Sprintf("查明第 %d 名当事人为%s，依据%s", e.Party, e.Is.Name, e.Grounds)
	case casefile.OfficerRecused:
		return chosen(e.Granted, "决定回避：", "驳回回避申请：") + e.Ground
	case casefile.EvidenceAdded:
		return fmt.Sprintf("%s收集证据“%s”，证明%s", names(e.Officers), e.Evidence.Title, e.Evidence.Proves)
	case casefile.EvidenceVerified:
		return chosen(e.Result == "excluded", "排除证据：", "证据查证属实：") + e.Note
	case casefile.EvidencePreserved:
		return fmt.Sprintf("先行登记保存 %d 项物品（%s），存放于%s", len(e.Preservation.Objects), e.Preservation.Number, e.Preservation.Place)
	case casefile.PreservationEnded:
		return fmt.Sprintf("处理保存物品（%s）：%s", e.Number, e.Note)
	case casefile.SeizureImposed:
		return fmt.Sprintf("%s %d 项财物（%s），期限 %d 日", chosen(e.Seizure.Kind == "seal", "查封", "扣押"), len(e.Seizure.Objects), e.Seizure.Number, e.Seizure.Days)
	case casefile.SeizureExtended:
		return fmt.Sprintf("查封、扣押延长 %d 日：%s", e.Days, e.Reason)
	case casefile.SeizureEnded:
		return fmt.Sprintf("处理查封、扣押财物（%s）：%s", e.Number, e.Note)
	case casefile.AppraisalCommissioned:
		return fmt.Sprintf("委托%s鉴定%s", e.Appraisal.Institution, e.Appraisal.Subject)
	case casefile.AppraisalReceived:
		return "收到鉴定意见：" + e.Result
	case casefile.InvestigationSuspended:
		return "中止调查：" + e.Note
	case casefile.InvestigationResumed:
		return "恢复调查：" + e.Note
	case casefile.InvestigationTerminated:
		return "终止调查：" + e.Note
	case casefile.HandedOver:
		return fmt.Sprintf("移送%s管辖（%s）", e.Receiver, e.Letter)
	case casefile.Withdrawn:
		return "撤销立案：" + e.Note
	case casefile.InvestigationConcluded:
		return fmt.Sprintf("%s提交调查终结报告，认定事实 %d 项", names(e.Officers), len(e.Report.Facts))
	case casefile.InvestigationReopened:
		return "补充调查：" + e.Reason
	case casefile.AddressConfirmed:
		return "确认送达地址 " + e.Address.Number
	case casefile.CrimeSuspected:
		return fmt.Sprintf("%s提出涉嫌%s移送报告", names(e.Officers), e.Report.Crime)
	case casefile.TransferApproved:
		return "批准移送公安机关 " + e.Number
	case casefile.TransferRefused:
		return "不批准移送：" + e.Reasons
	case casefile.CrimeTransferred:
		return fmt.Sprintf("移送%s（%s）", e.Police, e.Number)
	case casefile.TransferReceived:
		return "收到移送回执 " + e.Receipt
	case casefile.PoliceDecided:
		return fmt.Sprintf("公安机关%s（%s）", chosen(e.Filed, "立案", "不予立案"), e.Number)
	case casefile.TransferObjected:
		return fmt.Sprintf("向%s（%s）", chosen(e.To == "police", "公安机关提请复议", "检察机关建议监督"), e.Number)
	case casefile.GoodsHandedOver:
		return "移交涉案物品，清单 " + e.List
	case casefile.CriminalCaseEnded:
		return fmt.Sprintf("刑事案件%s（%s）", chosen(e.Outcome == "convicted", "有罪判决", "未追究刑事责任"), e.Number)
	}
	return ""
}

func decisionWords(e domain.Event) string {
	switch e := e.(type) {
	case casefile.LegalReviewRequested:
		return "送法制审核 " + e.Number
	case casefile.LegalReviewPassed:
		return e.Name + "法制审核通过：" + e.Opinion
	case casefile.LegalReviewReturned:
		return e.Name + "法制审核退回：" + e.Opinion
	case casefile.CollectivelyDiscussed:
		return fmt.Sprintf("负责人集体讨论（%s），%d 人参加：%s", e.Discussion.Minutes, len(e.Discussion.Attendees), e.Discussion.Conclusion)
	case casefile.PenaltyNotified:
		return fmt.Sprintf("%s送达告知书 %s，拟作出 %d 项处理", names(e.Officers), e.Notification.Number, len(e.Notification.Items))
	case casefile.Renotified:
		return fmt.Sprintf("重新告知 %s：%s", e.Notification.Number, e.Note)
	case casefile.DefenceSubmitted:
		return fmt.Sprintf("第 %d 名当事人陈述申辩：%s", e.Party, e.Text)
	case casefile.DefenceWaived:
		return fmt.Sprintf("第 %d 名当事人放弃陈述申辩", e.Party)
	case casefile.DefenceLapsed:
		return fmt.Sprintf("第 %d 名当事人期满未陈述申辩", e.Party)
	case casefile.DefenceReviewed:
		return fmt.Sprintf("复核第 %d 名当事人的陈述申辩 %d 项", e.Party, len(e.Points))
	case casefile.HearingRequested:
		return fmt.Sprintf("第 %d 名当事人申请听证", e.Party)
	case casefile.HearingWaived:
		return fmt.Sprintf("第 %d 名当事人放弃听证", e.Party)
	case casefile.HearingScheduled:
		return fmt.Sprintf("听证通知 %s，%s主持，%s举行", e.Plan.Number, e.Plan.Name, e.Plan.At.In(law.Beijing()).Format("2006-01-02 15:04"))
	case casefile.HearingHeld:
		return "举行听证，笔录 " + e.Record.Transcript
	case casefile.HearingAbandoned:
		return "终止听证：" + e.Note
	case casefile.PenaltyDecided:
		return fmt.Sprintf("作出处罚决定 %s，共 %d 项", e.Ruling.Number, len(e.Ruling.Items))
	case casefile.DecisionExtended:
		return fmt.Sprintf("办案期限延长 %d 日：%s", e.Days, e.Reason)
	case casefile.NoPenaltyDecided:
		return "作出不予处罚决定 " + e.Number
	case casefile.SummaryPenaltyDecided:
		return names(e.Officers) + "当场处罚 " + e.Ruling.Number
	case casefile.SummaryReported:
		return "当场处罚报" + e.To + "备案"
	case casefile.DecisionServed:
		return fmt.Sprintf("%s向第 %d 名当事人送达决定书，%s视为送达", names(e.Officers), e.Party, e.ServedOn)
	case casefile.DocumentServed:
		return fmt.Sprintf("%s向第 %d 名当事人送达 %s", names(e.Officers), e.Party, e.Number)
	case casefile.DecisionPublished:
		return "在" + e.Channel + "公示处罚决定"
	case casefile.PublicationWithdrawn:
		return "撤回公示：" + e.Reason
	case casefile.DecisionRevised:
		return fmt.Sprintf("决定 %s 变更为 %s：%s", e.Before, e.Number, e.Reason)
	case casefile.DecisionRevoked:
		return "撤销决定：" + e.Reason
	}
	return ""
}

func enforcementWords(e domain.Event) string {
	switch e := e.(type) {
	case casefile.FinePaid:
		return fmt.Sprintf("第 %d 项缴款 %s，%s", e.Payment.Item, yuan(e.Payment.AmountFen), e.Payment.Slip)
	case casefile.CashHandedIn:
		return fmt.Sprintf("第 %d 项当场收缴款上缴，%s", e.Item, e.Slip)
	case casefile.DeferralApproved:
		return fmt.Sprintf("批准第 %d 项暂缓至 %s 缴纳", e.Item, e.Until)
	case casefile.InstalmentApproved:
		return fmt.Sprintf("批准第 %d 项分 %d 期缴纳", e.Item, len(e.Schedule))
	case casefile.SurchargeAccrued:
		return fmt.Sprintf("第 %d 项逾期 %d 日，累计加处罚款 %s", e.Item, e.Days, yuan(e.AmountFen))
	case casefile.CorrectionVerified:
		return fmt.Sprintf("%s复查整改，%s：%s", names(e.Officers), chosen(e.Check.Complete, "已完成", "未完成"), e.Check.Measure)
	case casefile.ItemPerformed:
		return fmt.Sprintf("第 %d 项执行完毕：%s", e.Item, e.How)
	case casefile.PerformanceUrged:
		return fmt.Sprintf("第 %d 项催告履行 %s", e.Urging.Item, e.Urging.Number)
	case casefile.DemolitionAnnounced:
		return fmt.Sprintf("公告第 %d 项限 %s 前自行拆除", e.Item, e.By)
	case casefile.SelfEnforcementDecided:
		return fmt.Sprintf("第 %d 项强制执行决定 %s", e.Order.Item, e.Order.Number)
	case casefile.SelfEnforcementExecuted:
		return fmt.Sprintf("%s对第 %d 项实施强制执行", names(e.Officers), e.Execution.Item)
	case casefile.SubstituteDecided:
		return fmt.Sprintf("第 %d 项由%s代履行（%s）", e.Order.Item, e.Order.Performer, e.Order.Number)
	case casefile.SubstituteUrged:
		return fmt.Sprintf("第 %d 项代履行催告 %s", e.Item, e.Number)
	case casefile.SubstitutePerformed:
		return fmt.Sprintf("第 %d 项代履行完毕，费用 %s", e.Execution.Item, yuan(e.CostFen))
	case casefile.CourtEnforcementApplied:
		return fmt.Sprintf("第 %d 项申请%s强制执行", e.Application.Item, e.Application.Court)
	case casefile.CourtRuled:
		return fmt.Sprintf("法院对第 %d 项%s（%s）", e.Item, nameOf([]Choice{{"accepted", "受理"}, {"rejected", "不予受理"}, {"allowed", "准予执行"}, {"refused", "不准予执行"}, {"executed", "执行完毕"}}, e.Result), e.Number)
	case casefile.PropertyAuctioned:
		return fmt.Sprintf("%s拍卖财物抵缴第 %d 项，价款 %s", e.Auctioneer, e.Item, yuan(e.ProceedsFen))
	case casefile.EnforcementSuspended:
		return fmt.Sprintf("第 %d 项中止执行：%s", e.Item, e.Note)
	case casefile.EnforcementResumed:
		return fmt.Sprintf("第 %d 项恢复执行：%s", e.Item, e.Note)
	case casefile.EnforcementEnded:
		return fmt.Sprintf("第 %d 项终结执行：%s", e.Item, e.Note)
	case casefile.SettlementConcluded:
		return fmt.Sprintf("第 %d 项达成执行协议 %s", e.Item, e.Number)
	case casefile.ReviewOrSuitRecorded:
		return e.Organ + "受理" + nameOf([]Choice{{"review", "复议"}, {"suit", "诉讼"}, {"appeal", "上诉"}}, e.Kind) + " " + e.Number
	case casefile.ReviewAnswered:
		return "提交答复和证据"
	case casefile.ReviewOrSuitEnded:
		return "复议、诉讼结果：" + nameOf([]Choice{{"upheld", "维持"}, {"changed", "变更"}, {"revoked", "撤销"}, {"illegal", "确认违法"}, {"void", "确认无效"}, {"dismissed", "驳回"}, {"withdrawn", "撤回"}, {"mediated", "调解"}}, e.Outcome) + "（" + e.Number + "）"
	case casefile.Closed:
		return fmt.Sprintf("结案（%s）：%s", nameOf(reference().Grounds, e.Ground), e.Note)
	case casefile.Archived:
		return "归档 " + e.Archiving.Number
	}
	return ""
}

// Package casefile is the case (案件): the penalty procedure from filing to archive. "case" is a keyword of Go, hence the name;
// its category in the log is "case".
//
// The procedure is a set of constraints, not a line: provinces put legal review, discussion and notice into different orders,
// and every order that the guards allow is allowed. A guard is a function that answers with a refusal; each act names the guards
// it stands under, and [decide] and [Allowed] ask the same ones, so that what is shown as possible is what will be accepted.
//
// A command states what was done; its At, and the dates in it, say when. Times never come from elsewhere, so an act that is
// entered late is judged by the day it happened on.
//
// Fines are recorded and reconciled here, and nowhere ranked, summed into targets or compared between officers or organs: the
// law forbids it (《行政处罚法》第七十四条; guard G16).
package casefile

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Event is a fact in the life of a case.
//
//sumtype:decl
type Event interface {
	domain.Event
	apply(State) State
}

// Command is an act on a case. Fields that do not come from the client have the same names in every command: Crew, the officers
// named in Officers as the registry knows them, and At, when it happened.
//
//sumtype:decl
type Command interface {
	act() act
	ask() question
	decide(question) ([]Event, error)
}

// act is what the law says about a kind of command, whatever one of them may contain (行为).
type act struct {
	command string // its name for clients
	name    string // 中文名称
	article string // where it comes from
	each    each   // what it is done to
	guards  []guard
}

// guard answers with a refusal where the case does not allow an act (条件), and with nil where it does.
type guard func(question) error

// question is what guards are asked: this case, on this day, with this penalty in mind.
type question struct {
	State
	rules Rules
	at    time.Time
	on    law.Date
	item  int64     // number of an item of the decision, 0 for the first
	party int64     // number of a party, 0 for the first
	thing uuid.UUID // a preservation, a seizure, an appraisal, a piece of evidence
	items []Item    // what would be decided; before somebody says, what was notified
}

// each says over what an act ranges.
type each int

const (
	once each = iota
	eachParty
	eachItem
	eachPreserved
	eachSeized
	eachAppraisal
	eachEvidence
	eachRemedy
)

// Rules are what the law leaves to others: which days are worked, and the figures that a lower rule or the organ sets. What they
// lead to is recorded in the events; a history is folded without them.
type Rules struct {
	Calendar law.Calendar
	Settings law.Settings
}

// Standard are the rules as the program comes.
func Standard() Rules { return Rules{law.StateCouncil(), law.DefaultSettings()} }

// Decider decides about cases by the rules as the program comes.
func Decider() domain.Decider[State, Command, Event] { return Standard().Decider() }

// Decider decides about cases by these rules.
func (r Rules) Decider() domain.Decider[State, Command, Event] {
	return domain.Decider[State, Command, Event]{Category: "case", Decide: r.decide, Evolve: evolve}
}

func (r Rules) decide(s State, c Command) ([]Event, error) {
	q := c.ask()
	q.State, q.rules, q.on = s, r, law.DateOf(q.at)
	if err := all(q, c.act().guards...); err != nil {
		return nil, err
	}
	return c.decide(q)
}

func evolve(s State, e Event) State {
	s.Events++
	return e.apply(s)
}

// all asks guards in turn; the first that refuses has the word.
func all(q question, guards ...guard) error {
	for _, g := range guards {
		if err := g(q); err != nil {
			return err
		}
	}
	return nil
}

// Status is whether a case is open. Between filing and closing many things go on at once; [State.Stage] sums them up in a word.
type Status string

// What a case can be.
const (
	StatusFiled    Status = "filed"    // 已立案
	StatusClosed   Status = "closed"   // 已结案
	StatusArchived Status = "archived" // 已归档
)

// State is what decisions about a case need. Slices in it are replaced, never written into.
type State struct {
	Events   int64 // folded so far: what rests on an event remembers its revision, one less than this was then
	Status   Status
	District string
	Number   string
	FiledAt  time.Time
	Filing   law.Filing
	Ground   law.FilingGround

	Parties  []law.Party // as known now; a party is named by its place here, from 1
	Handlers []law.Officer
	Recused  []uuid.UUID
	Acted    []uuid.UUID // who took part in investigating (调查人员); they neither review nor preside
	Address  []Address   // confirmed addresses for service

	Orders     []Order
	Inspected  []Inspected
	Evidence   []Evidence
	Preserved  []Holding
	Seized     []Holding
	Appraisals []Appraisal
	Pauses     []Pause
	Suspended  bool
	Ended      string // how it ended without a decision: withdrawn, terminated, handed_over, revoked

	Report     *Report
	ReportedOn law.Date
	Priors     []Prior
	Review     Review
	Discussion *Discussion
	Notices    []Notice // the last one to each party
	Extension  *Extension
	AgainOn    law.Date // a decision was revoked to be made anew; the time to decide runs from here
	Again      mark

	Decision  *Decision
	Items     []Performance
	Public    Publicity
	Corrected []law.Date
	Remedies  []Remedy
	Cash      []Cash

	Transfer Transfer
	ClosedOn law.Date
	ClosedBy string // ground
	Close    mark   // the event
}

// mark is where an event stands in the stream of its case, from 1; 0 for none.
type mark int64

// here is the mark of the event that is being folded.
func (s State) here() mark { return mark(s.Events) }

// Stage is what a case is mainly at, for lists (阶段). It is derived: no decision rests on it.
type Stage string

// The stages, in the order of the common course.
const (
	StageInvestigating Stage = "investigating" // 调查取证
	StageSuspended     Stage = "suspended"     // 中止调查
	StageConcluded     Stage = "concluded"     // 调查终结
	StageReviewed      Stage = "reviewed"      // 法制审核通过
	StageDiscussed     Stage = "discussed"     // 已集体讨论
	StageNotified      Stage = "notified"      // 已告知
	StageHearing       Stage = "hearing"       // 听证中
	StageDecided       Stage = "decided"       // 已决定
	StageNoPenalty     Stage = "no_penalty"    // 不予处罚
	StageServed        Stage = "served"        // 已送达
	StageEnforcing     Stage = "enforcing"     // 强制执行中
	StagePerformed     Stage = "performed"     // 履行完毕
	StageEnded         Stage = "ended"         // 撤销、终止或移送，待结案
	StageTransferred   Stage = "transferred"   // 移送司法
	StageClosed        Stage = "closed"        // 已结案
	StageArchived      Stage = "archived"      // 已归档
)

// Stage sums the case up.
func (s State) Stage() Stage {
	switch {
	case s.Status == "":
		return ""
	case s.Status == StatusArchived:
		return StageArchived
	case s.Status == StatusClosed:
		return StageClosed
	case s.Ended != "":
		return StageEnded
	case s.Transfer.open() && !s.Transfer.Delivered.IsZero():
		return StageTransferred
	case s.Decision != nil:
		return s.afterDecision()
	case s.Suspended:
		return StageSuspended
	case slices.ContainsFunc(s.Notices, func(n Notice) bool { return n.Hearing.pending() }):
		return StageHearing
	case len(s.Notices) > 0:
		return StageNotified
	case s.Discussion != nil:
		return StageDiscussed
	case s.Review.PassedOn != "":
		return StageReviewed
	case s.Report != nil:
		return StageConcluded
	}
	return StageInvestigating
}

func (s State) afterDecision() Stage {
	switch {
	case s.Decision.NoPenalty:
		return StageNoPenalty
	case s.performed():
		return StagePerformed
	case slices.ContainsFunc(s.Items, func(p Performance) bool { return !p.done() && p.enforcing() }):
		return StageEnforcing
	case len(s.Decision.Served) > 0:
		return StageServed
	}
	return StageDecided
}

// Party returns a party by its number, from 1; ok is false for a number without one.
func (s State) Party(n int64) (law.Party, bool) {
	if n < 1 || n > int64(len(s.Parties)) {
		return law.Party{}, false
	}
	return s.Parties[n-1], true
}

// put returns the list with the first element that fits replaced, or with a new one at its end.
func put[T any](list []T, one T, fits func(T) bool) []T {
	list = slices.Clone(list)
	if i := slices.IndexFunc(list, fits); i >= 0 {
		list[i] = one
		return list
	}
	return append(list, one)
}

// change returns the list with every element that fits changed.
func change[T any](list []T, fits func(T) bool, to func(T) T) []T {
	list = slices.Clone(list)
	for i := range list {
		if fits(list[i]) {
			list[i] = to(list[i])
		}
	}
	return list
}

// join returns the list with more at its end, in memory of its own.
func join[T any](list []T, more ...T) []T { return append(slices.Clip(list), more...) }

// find returns the first element that fits.
func find[T any](list []T, fits func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}

// acted notes who took part in investigating.
func (s State) acted(crew []law.Officer) State {
	for _, o := range crew {
		if !slices.Contains(s.Acted, o.ID) {
			s.Acted = join(s.Acted, o.ID)
		}
	}
	return s
}

// crewed refuses an act by fewer than two certified officers (G1), or by one who was recused.
func crewed(q question, crew []law.Officer, on law.Date) error {
	for _, o := range crew {
		if slices.Contains(q.Recused, o.ID) {
			return domain.RefuseByLaw("case.recused", "《行政处罚法》第四十三条", "执法人员"+o.Name+"已被决定回避，不得参与本案，请更换人员。")
		}
	}
	return law.TwoCertified(crew, on)
}

// Guards that most acts stand under.

func exists(q question) error {
	if q.Status == "" {
		return domain.Refuse("case.unknown", "没有这个案件。")
	}
	return nil
}

func open(q question) error {
	if q.Status != StatusFiled {
		return domain.Refuse("case.closed", "该案件已经结案，不能再办理。")
	}
	return nil
}

func afterFiling(q question) error {
	if q.at.Before(q.FiledAt) {
		return domain.Refuse("case.before_filed", "办理时间早于立案时间，请核对。")
	}
	return nil
}

func running(q question) error {
	if q.Ended != "" {
		return domain.Refuse("case.ended", "案件已经撤销、终止或者移送管辖，只能办理结案。")
	}
	return nil
}

func notSuspended(q question) error {
	if q.Suspended {
		return domain.Refuse("case.suspended", "案件正在中止调查，请先办理恢复调查。")
	}
	return nil
}

func undecided(q question) error {
	if q.Decision != nil {
		return domain.Refuse("case.already_decided", "该案件已经作出决定；需要改变的，请办理变更或者撤销。")
	}
	return nil
}

func unconcluded(q question) error {
	if q.Report != nil {
		return domain.RefuseByLaw("case.already_concluded", "《行政处罚法》第五十七条", "调查已经终结；需要补充调查的，请先办理重新调查。")
	}
	return nil
}

func concluded(q question) error {
	if q.Report == nil {
		return domain.RefuseByLaw("case.not_concluded", "《行政处罚法》第五十七条", "调查尚未终结，请先提交调查终结报告。")
	}
	return nil
}

// approvedBy refuses an approval dated outside the time between filing and the act.
func approvedBy(q question, a law.Approval, field string) error {
	if a.ApprovedOn > q.on || a.ApprovedOn < law.DateOf(q.FiledAt) {
		return &domain.Refusal{Code: "case.approved_out_of_time", Field: field, Message: "审批日期应当在立案之日与办理之日之间，未经批准不得先办，请核对。"}
	}
	return nil
}

// between are the guards of an act between filing and closing.
func between(more ...guard) []guard {
	return append([]guard{exists, open, running, afterFiling}, more...)
}

// investigating are the guards of an act of investigation.
func investigating(more ...guard) []guard {
	return between(append([]guard{undecided, notSuspended, unconcluded}, more...)...)
}

// Filed opens a case under its number (立案).
type Filed struct {
	Number   string           `json:"number"` // 立案号
	Finding  uuid.UUID        `json:"finding"`
	Source   string           `json:"source"` // of the finding
	Organ    uuid.UUID        `json:"organ"`
	District string           `json:"district"`
	Reach    uuid.UUID        `json:"reach"`
	Filing   law.Filing       `json:"filing"`
	Ground   law.FilingGround `json:"ground"`
	FiledAt  time.Time        `json:"filedAt"`
}

// EventType names the type in the log.
func (Filed) EventType() string { return "case.filed.v1" }

func (e Filed) apply(s State) State {
	s.Status, s.District, s.Number, s.FiledAt = StatusFiled, e.District, e.Number, e.FiledAt
	s.Filing, s.Ground, s.Parties, s.Handlers = e.Filing, e.Ground, e.Filing.Parties, e.Ground.Handlers
	return s.acted(e.Ground.Handlers)
}

// File opens the case. It is issued by the filing act, which has taken the number, never by a client.
type File struct {
	Number   string
	Finding  uuid.UUID
	Source   string
	Organ    uuid.UUID
	District string
	Reach    uuid.UUID
	Filing   law.Filing
	Ground   law.FilingGround
	At       time.Time
}

func (File) act() act { return act{name: "立案", article: "《行政处罚法》第五十四条"} }

func (c File) ask() question { return question{at: c.At} }

func (c File) decide(q question) ([]Event, error) {
	switch {
	case q.Status != "":
		return nil, domain.Refuse("case.already_filed", "该案件已经立案。")
	case c.Number == "":
		return nil, domain.Refuse("case.no_number", "立案必须有立案号。")
	}
	if err := law.CheckFiling(c.Filing, c.Ground); err != nil {
		return nil, err
	}
	return []Event{Filed{c.Number, c.Finding, c.Source, c.Organ, c.District, c.Reach, c.Filing, c.Ground, c.At}}, nil
}

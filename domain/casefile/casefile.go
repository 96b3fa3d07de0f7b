// Package casefile is the case (案件): the penalty procedure from filing to archive. "case" is a keyword of Go, hence the name;
// its category in the log is "case".
//
// Filing and closing stand here; the acts between them, each a command with its guards, join the same decider.
package casefile

import (
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
	caseEvent()
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

// Closed ends a case (结案).
type Closed struct {
	Ground   string       `json:"ground"`
	Note     string       `json:"note"`
	Receiver string       `json:"receiver,omitempty"` // organ that took the case over (移送)
	Receipt  string       `json:"receipt,omitempty"`  // number of its receipt (回执)
	Approval law.Approval `json:"approval"`
	ClosedAt time.Time    `json:"closedAt"`
}

// EventType names the type in the log.
func (Filed) EventType() string { return "case.filed.v1" }

// EventType names the type in the log.
func (Closed) EventType() string { return "case.closed.v1" }

func (Filed) caseEvent()  {}
func (Closed) caseEvent() {}

// Command is an act on a case.
//
//sumtype:decl
type Command interface{ caseCommand() }

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

// Close ends the case.
type Close struct {
	Ground   string       `json:"ground" validate:"required,oneof=withdrawn terminated handed_over transferred_criminal performed"`
	Note     string       `json:"note" validate:"required,max=2000"`
	Receiver string       `json:"receiver,omitempty" validate:"max=100"`
	Receipt  string       `json:"receipt,omitempty" validate:"max=100"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (File) caseCommand()  {}
func (Close) caseCommand() {}

// Status is the stage of a case.
type Status string

// The stages of a case that this slice of the procedure reaches.
const (
	StatusFiled  Status = "filed"  // 已立案
	StatusClosed Status = "closed" // 已结案
)

// State is what decisions about a case need.
type State struct {
	Status   Status
	District string
	FiledAt  time.Time
}

// Decider decides about cases.
func Decider() domain.Decider[State, Command, Event] {
	return domain.Decider[State, Command, Event]{Category: "case", Decide: decide, Evolve: evolve}
}

func decide(s State, c Command) ([]Event, error) {
	switch c := c.(type) {
	case File:
		switch {
		case s.Status != "":
			return nil, domain.Refuse("case.already_filed", "该案件已经立案。")
		case c.Number == "":
			return nil, domain.Refuse("case.no_number", "立案必须有立案号。")
		}
		if err := law.CheckFiling(c.Filing, c.Ground); err != nil {
			return nil, err
		}
		return []Event{Filed{c.Number, c.Finding, c.Source, c.Organ, c.District, c.Reach, c.Filing, c.Ground, c.At}}, nil
	case Close:
		return closeCase(s, c)
	}
	panic("casefile: unknown command")
}

func closeCase(s State, c Close) ([]Event, error) {
	switch {
	case s.Status == "":
		return nil, domain.Refuse("case.unknown", "没有这个案件。")
	case s.Status == StatusClosed:
		return nil, domain.Refuse("case.already_closed", "该案件已经结案，请勿重复结案。")
	case c.At.Before(s.FiledAt):
		return nil, domain.Refuse("case.closed_before_filed", "结案时间早于立案时间，请核对。")
	case c.Approval.ApprovedOn > law.DateOf(c.At) || c.Approval.ApprovedOn < law.DateOf(s.FiledAt):
		return nil, &domain.Refusal{Code: "case.approval_date", Field: "approval.approvedOn", Message: "结案审批日期应当在立案之日与结案之日之间，请核对。"}
	}
	switch c.Ground {
	case "performed":
		return nil, domain.RefuseByLaw("case.no_decision", "《行政处罚法》第五十七条", "没有处罚决定和履行记录，不能以“履行完毕”结案。")
	case "transferred_criminal":
		if c.Receiver == "" || c.Receipt == "" {
			return nil, domain.RefuseByLaw("case.transfer_receipt", "《行政执法机关移送涉嫌犯罪案件的规定》第五条、第七条", "移送司法机关须填写接收机关和回执文号。")
		}
	case "handed_over":
		if c.Receiver == "" || c.Receipt == "" {
			return nil, domain.RefuseByLaw("case.transfer_receipt", "《行政处罚法》第二十五条", "移送管辖须填写接收机关和回执文号。")
		}
	}
	return []Event{Closed{c.Ground, c.Note, c.Receiver, c.Receipt, c.Approval, c.At}}, nil
}

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Filed:
		s.Status, s.District, s.FiledAt = StatusFiled, e.District, e.FiledAt
	case Closed:
		s.Status = StatusClosed
	}
	return s
}

// Types is the catalogue of this package.
func Types() []domain.Type {
	at := time.Date(2026, 3, 3, 3, 0, 0, 0, time.UTC)
	officers := law.SampleCrew()
	return []domain.Type{
		domain.T(Filed{"澄水立〔2026〕1号", uuid.MustParse("0197a000-0000-7000-8000-000000000601"), "patrol",
			uuid.MustParse("0197a000-0000-7000-8000-000000000501"), "320281", uuid.MustParse("0197a000-0000-7000-8000-000000000101"),
			law.SampleFiling(), law.FilingGround{Kind: law.SandVessel, Regime: law.Yangtze, DiscoveredOn: "2026-03-02", FiledOn: "2026-03-03", Handlers: officers}, at}),
		domain.T(Closed{"transferred_criminal", "涉嫌非法采矿罪，移送公安机关", "江阴市公安局", "澄公（水）受移〔2026〕示例号",
			law.Approval{Name: "李示例", Post: "局长", Opinion: "同意移送", ApprovedOn: "2026-03-05"}, at.Add(48 * time.Hour)}),
	}
}

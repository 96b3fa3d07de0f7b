package shoreline

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// PolygonEvent is a fact in the life of a satellite polygon.
//
//sumtype:decl
type PolygonEvent interface {
	domain.Event
	polygonEvent()
}

// PolygonPushed brings in a change that a satellite saw (图斑下发).
type PolygonPushed struct {
	Number    string     `json:"number"` // 图斑号
	Batch     string     `json:"batch"`
	Source    string     `json:"source"`
	Parent    *uuid.UUID `json:"parent,omitempty"` // the polygon it was split from
	Reach     Reach      `json:"reach"`
	Area      []Point    `json:"area"`
	AreaM2    int64      `json:"areaM2"`
	Change    string     `json:"change"`    // what the interpreter took it for
	EarlierOn law.Date   `json:"earlierOn"` // days of the two pictures
	LaterOn   law.Date   `json:"laterOn"`
	PushedAt  time.Time  `json:"pushedAt"`
}

// PolygonAssigned gives it to who must look on site (图斑分派).
type PolygonAssigned struct {
	Checkers []law.Officer `json:"checkers"`
	DueOn    law.Date      `json:"dueOn"`
}

// PolygonChecked says what is there (图斑核查).
type PolygonChecked struct {
	Result    string            `json:"result"`
	Problems  []uuid.UUID       `json:"problems,omitempty"` // it leads to, or is already known as
	Parts     []uuid.UUID       `json:"parts,omitempty"`    // polygons it is split into
	Note      string            `json:"note"`
	Place     domain.Place      `json:"place"`
	Proof     []domain.Evidence `json:"proof"`
	Crew      []law.Officer     `json:"crew"`
	CheckedAt time.Time         `json:"checkedAt"`
}

// PolygonReviewed confirms the result, or sends it back (图斑复核).
type PolygonReviewed struct {
	Result   string      `json:"result"` // passed | returned
	Level    Level       `json:"level"`
	Note     string      `json:"note"`
	Reviewer law.Officer `json:"reviewer"`
}

// PolygonSpotChecked is a higher level's look at one that was judged no problem (图斑抽查).
type PolygonSpotChecked struct {
	Result  string        `json:"result"` // upheld | overturned
	Level   Level         `json:"level"`
	Note    string        `json:"note"`
	Members []law.Officer `json:"members"`
}

// EventType names the type in the log.
func (PolygonPushed) EventType() string { return "polygon.pushed.v1" }

// EventType names the type in the log.
func (PolygonAssigned) EventType() string { return "polygon.assigned.v1" }

// EventType names the type in the log.
func (PolygonChecked) EventType() string { return "polygon.checked.v1" }

// EventType names the type in the log.
func (PolygonReviewed) EventType() string { return "polygon.reviewed.v1" }

// EventType names the type in the log.
func (PolygonSpotChecked) EventType() string { return "polygon.spot_checked.v1" }

func (PolygonPushed) polygonEvent()      {}
func (PolygonAssigned) polygonEvent()    {}
func (PolygonChecked) polygonEvent()     {}
func (PolygonReviewed) polygonEvent()    {}
func (PolygonSpotChecked) polygonEvent() {}

// PolygonCommand is an act on a polygon; the method that seals it says what the interface calls it.
//
//sumtype:decl
type PolygonCommand interface{ polygonCommand() string }

// PushPolygon brings it in.
type PushPolygon struct {
	Number    string     `json:"number" validate:"required,max=60"`
	Batch     string     `json:"batch" validate:"required,max=60"`
	Source    string     `json:"source" validate:"required,oneof=ministry basin province city"`
	Parent    *uuid.UUID `json:"parent,omitempty"`
	ReachID   uuid.UUID  `json:"reach" validate:"required"`
	Area      []Point    `json:"area" validate:"required,min=3,max=500,dive"`
	AreaM2    int64      `json:"areaM2" validate:"min=0,max=10000000000"`
	Change    string     `json:"change" validate:"required,max=200"`
	EarlierOn law.Date   `json:"earlierOn" validate:"required,datetime=2006-01-02"`
	LaterOn   law.Date   `json:"laterOn" validate:"required,datetime=2006-01-02"`

	Reach Reach     `json:"-"`
	At    time.Time `json:"-"`
}

// AssignPolygon gives it to who must look.
type AssignPolygon struct {
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`
	DueOn    law.Date    `json:"dueOn" validate:"required,datetime=2006-01-02"`

	Checkers []law.Officer `json:"-"`
	At       time.Time     `json:"-"`
}

// CheckPolygon says what is there.
type CheckPolygon struct {
	Result   string            `json:"result" validate:"required,oneof=problem not_problem known split"`
	Problems []uuid.UUID       `json:"problems,omitempty" validate:"max=50,unique"`
	Parts    []uuid.UUID       `json:"parts,omitempty" validate:"max=50,unique"`
	Note     string            `json:"note" validate:"required,max=2000"`
	Place    domain.Place      `json:"place"`
	Proof    []domain.Evidence `json:"proof" validate:"max=30,unique=SHA256,dive"`
	Officers []uuid.UUID       `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

// ReviewPolygon confirms the result or sends it back.
type ReviewPolygon struct {
	Result     string    `json:"result" validate:"required,oneof=passed returned"`
	Level      Level     `json:"level" validate:"required,oneof=county city province"`
	Note       string    `json:"note" validate:"required,max=1000"`
	ReviewerID uuid.UUID `json:"reviewer" validate:"required"`

	Reviewer law.Officer `json:"-"`
}

// SpotCheckPolygon looks from above at one that was judged no problem.
type SpotCheckPolygon struct {
	Result   string      `json:"result" validate:"required,oneof=upheld overturned"`
	Level    Level       `json:"level" validate:"required,oneof=county city province"`
	Note     string      `json:"note" validate:"required,max=1000"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Members []law.Officer `json:"-"`
}

func (PushPolygon) polygonCommand() string      { return "polygon.push" }
func (AssignPolygon) polygonCommand() string    { return "polygon.assign" }
func (CheckPolygon) polygonCommand() string     { return "polygon.check" }
func (ReviewPolygon) polygonCommand() string    { return "polygon.review" }
func (SpotCheckPolygon) polygonCommand() string { return "polygon.spot_check" }

// PolygonStatus is where a polygon stands.
type PolygonStatus string

// The states of a polygon.
const (
	PolygonNew       PolygonStatus = "pushed"   // 待分派
	PolygonGiven     PolygonStatus = "assigned" // 待核查
	PolygonLookedAt  PolygonStatus = "checked"  // 待复核
	PolygonConfirmed PolygonStatus = "reviewed" // 已复核
)

// PolygonState is what decisions about a polygon need.
type PolygonState struct {
	Status   PolygonStatus
	Reach    Reach
	PushedAt time.Time
	Result   string
	Crew     []law.Officer // who checked
}

// Polygon decides about satellite polygons.
func Polygon() domain.Decider[PolygonState, PolygonCommand, PolygonEvent] {
	return domain.Decider[PolygonState, PolygonCommand, PolygonEvent]{Category: "polygon", Decide: decidePolygon, Evolve: evolvePolygon}
}

// AllowedOnPolygon says what may be done with a polygon, and what stands against the rest.
func AllowedOnPolygon(s PolygonState) []Action { return allowed(s, polygonGuards()) }

func polygonGuards() []guard[PolygonState] {
	return []guard[PolygonState]{
		{"polygon.push", polygonIsNew}, {"polygon.assign", isUnchecked}, {"polygon.check", isAssigned}, {"polygon.review", isChecked}, {"polygon.spot_check", isNoProblem},
	}
}

func polygonIsNew(s PolygonState) error {
	if s.Status != "" {
		return domain.Refuse("polygon.already_pushed", "该图斑已经登记，请勿重复登记。")
	}
	return nil
}

func polygonIsKnown(s PolygonState) error {
	if s.Status == "" {
		return domain.Refuse("polygon.unknown", "没有这个图斑，请先登记。")
	}
	return nil
}

func isUnchecked(s PolygonState) error {
	if s.Status == PolygonLookedAt || s.Status == PolygonConfirmed {
		return domain.Refuse("polygon.already_checked", "该图斑已经核查，不能再分派或者核查；需要重新核查的，请先退回。")
	}
	return polygonIsKnown(s)
}

func isAssigned(s PolygonState) error {
	if s.Status == PolygonNew {
		return domain.Refuse("polygon.not_assigned", "该图斑尚未分派，请先分派核查人员。")
	}
	return isUnchecked(s)
}

func isChecked(s PolygonState) error {
	if err := polygonIsKnown(s); err != nil {
		return err
	}
	if s.Status != PolygonLookedAt {
		return domain.Refuse("polygon.not_checked", "该图斑没有待复核的核查结果。")
	}
	return nil
}

func isNoProblem(s PolygonState) error {
	if err := polygonIsKnown(s); err != nil {
		return err
	}
	if s.Status != PolygonConfirmed || s.Result != "not_problem" {
		return domain.Refuse("polygon.nothing_to_spot_check", "只有复核为“不是问题”的图斑才需要抽查。")
	}
	return nil
}

func decidePolygon(s PolygonState, c PolygonCommand) ([]PolygonEvent, error) {
	if err := check(s, polygonGuards(), c.polygonCommand()); err != nil {
		return nil, err
	}
	switch c := c.(type) {
	case PushPolygon:
		if len(c.Area) < 3 || c.LaterOn < c.EarlierOn {
			return nil, domain.Refuse("polygon.form", "图斑至少要有三个拐点，且后一期影像不早于前一期，请核对。")
		}
		return []PolygonEvent{PolygonPushed{c.Number, c.Batch, c.Source, c.Parent, c.Reach, c.Area, c.AreaM2, c.Change, c.EarlierOn, c.LaterOn, c.At}}, nil
	case AssignPolygon:
		if c.DueOn < law.DateOf(c.At) {
			return nil, &domain.Refusal{Code: "polygon.due", Field: "dueOn", Message: "核查时限不能早于分派日期，请核对。"}
		}
		return []PolygonEvent{PolygonAssigned{c.Checkers, c.DueOn}}, nil
	case CheckPolygon:
		return checkPolygon(c)
	case ReviewPolygon:
		if slices.ContainsFunc(s.Crew, func(o law.Officer) bool { return o.ID == c.Reviewer.ID }) {
			return nil, &domain.Refusal{Code: "polygon.own_review", Field: "reviewer", Message: "核查人员不能复核自己的核查结果，请换人复核。"}
		}
		return []PolygonEvent{PolygonReviewed{c.Result, c.Level, c.Note, c.Reviewer}}, nil
	case SpotCheckPolygon:
		if rank(c.Level) <= rank(County) {
			return nil, &domain.Refusal{Code: "polygon.spot_check_level", Field: "level", Article: supervision, Message: "对“不是问题”图斑的抽查应当由市级以上进行。"}
		}
		if err := twoMembers(c.Members); err != nil {
			return nil, err
		}
		return []PolygonEvent{PolygonSpotChecked{c.Result, c.Level, c.Note, c.Members}}, nil
	}
	panic("shoreline: unknown command")
}

func checkPolygon(c CheckPolygon) ([]PolygonEvent, error) {
	named := len(c.Problems) > 0
	switch {
	case len(c.Proof) == 0:
		return nil, &domain.Refusal{Code: "polygon.no_proof", Field: "proof", Article: supervision, Message: "图斑核查须上传现场照片等佐证材料。"}
	case (c.Result == "problem" || c.Result == "known") != named:
		return nil, &domain.Refusal{Code: "polygon.problems", Field: "problems", Message: "核查为问题或者已知问题的，请填写对应的问题；其他结果不填。"}
	case (c.Result == "split") != (len(c.Parts) > 1):
		return nil, &domain.Refusal{Code: "polygon.parts", Field: "parts", Message: "拆分图斑须填写两个以上的子图斑；其他结果不填。"}
	}
	if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
		return nil, err
	}
	return []PolygonEvent{PolygonChecked{c.Result, c.Problems, c.Parts, c.Note, c.Place, c.Proof, c.Crew, c.At}}, nil
}

func evolvePolygon(s PolygonState, e PolygonEvent) PolygonState {
	switch e := e.(type) {
	case PolygonPushed:
		s.Status, s.Reach, s.PushedAt = PolygonNew, e.Reach, e.PushedAt
	case PolygonAssigned:
		s.Status = PolygonGiven
	case PolygonChecked:
		s.Status, s.Result, s.Crew = PolygonLookedAt, e.Result, e.Crew
	case PolygonReviewed:
		s.Status = PolygonConfirmed
		if e.Result == "returned" {
			s.Status, s.Result = PolygonGiven, ""
		}
	case PolygonSpotChecked:
		if e.Result == "overturned" {
			s.Status, s.Result = PolygonGiven, ""
		}
	}
	return s
}

func polygonTypes() []domain.Type {
	at := time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC)
	parent := sampleID(8)
	return []domain.Type{
		domain.T(PolygonPushed{"JY-2026-示例-017", "2026年第一批", "province", &parent, sampleReach(), sampleArea(), 5600, "新增构筑物", "2025-09-01", "2026-02-01", at}),
		domain.T(PolygonAssigned{law.SampleCrew(), "2026-03-15"}),
		domain.T(PolygonChecked{"problem", []uuid.UUID{sampleID(1)}, []uuid.UUID{sampleID(2), sampleID(3)}, "滩地堆场", samplePlace(), []domain.Evidence{samplePhoto()}, law.SampleCrew(), at.Add(48 * time.Hour)}),
		domain.T(PolygonReviewed{"passed", City, "佐证充分", law.SampleOfficer()}),
		domain.T(PolygonSpotChecked{"overturned", Province, "现场仍有堆场", law.SampleCrew()}),
	}
}

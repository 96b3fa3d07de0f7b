package shoreline

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// ProblemEvent is a fact in the life of a problem.
//
//sumtype:decl
type ProblemEvent interface {
	domain.Event
	problemEvent()
}

// ProblemFound enters a problem (问题发现).
type ProblemFound struct {
	Source      string            `json:"source"`
	Batch       string            `json:"batch,omitempty"`   // of the list it came with
	Polygon     *uuid.UUID        `json:"polygon,omitempty"` // satellite polygon it came from
	Finding     *uuid.UUID        `json:"finding,omitempty"`
	List        Level             `json:"list"` // whose list it stands on
	Reach       Reach             `json:"reach"`
	Site        Site              `json:"site"`
	Subtype     string            `json:"subtype"`
	Kind        law.Kind          `json:"kind"`
	Description string            `json:"description"`
	Size        Quantities        `json:"size"`
	Subject     string            `json:"subject,omitempty"` // suspected
	BuiltOn     string            `json:"builtOn,omitempty"` // year, month or day it was built
	Photos      []domain.Evidence `json:"photos"`
	FoundAt     time.Time         `json:"foundAt"`
}

// ProblemConfirmed says that it is one, how grave, and with what history (问题认定).
type ProblemConfirmed struct {
	Basis          string            `json:"basis"`
	Severity       Severity          `json:"severity"`
	Computed       Severity          `json:"computed,omitempty"`       // what the table says
	Table          string            `json:"table,omitempty"`          // version of the table
	TableVerified  bool              `json:"tableVerified"`            // false: nobody has confirmed the table
	OverrideReason string            `json:"overrideReason,omitempty"` // why another severity than the table's
	Historical     bool              `json:"historical"`               // approved at its time, or older than the rule
	Approvals      string            `json:"approvals,omitempty"`      // approval papers (审批情况)
	Obstructs      bool              `json:"obstructs"`                // 妨碍行洪
	Subject        string            `json:"subject"`                  // 责任主体
	Size           Quantities        `json:"size"`                     // as measured
	Photos         []domain.Evidence `json:"photos,omitempty"`
	Crew           []law.Officer     `json:"crew"`
	ConfirmedAt    time.Time         `json:"confirmedAt"`
}

// ProblemRejected says that it is none, with proof (不是问题).
type ProblemRejected struct {
	Reason     string            `json:"reason"`
	Proof      []domain.Evidence `json:"proof"`
	Crew       []law.Officer     `json:"crew"`
	RejectedAt time.Time         `json:"rejectedAt"`
}

// RejectionSpotChecked is a higher level's look at a rejection (抽查核实).
type RejectionSpotChecked struct {
	Result  string        `json:"result"` // upheld | overturned
	Level   Level         `json:"level"`
	Note    string        `json:"note"`
	Members []law.Officer `json:"members"`
}

// ProblemDispatched gives the problem to who must clear it (交办).
type ProblemDispatched struct {
	Paper      string   `json:"paper"`
	Number     string   `json:"number"`
	Unit       string   `json:"unit"`      // 责任单位
	Person     string   `json:"person"`    // 责任人
	Territory  string   `json:"territory"` // 属地
	Chief      string   `json:"chief"`     // 河长
	Measure    string   `json:"measure"`
	DeadlineOn law.Date `json:"deadlineOn"`
	On         law.Date `json:"on"`
}

// PlanSubmitted answers with a plan of its own for this problem (一项一策).
type PlanSubmitted struct {
	Plan       string      `json:"plan"`
	Milestones []Milestone `json:"milestones,omitempty"`
}

// ProgressReported says what was done so far (整改进展).
type ProgressReported struct {
	ToDate Quantities        `json:"toDate"` // since the dispatch, in all
	Note   string            `json:"note"`
	Photos []domain.Evidence `json:"photos,omitempty"`
}

// CaseLinked ties the problem to a procedure against its subject (关联案件).
type CaseLinked struct {
	Procedure string     `json:"procedure"`
	Case      *uuid.UUID `json:"case,omitempty"`
	Reference string     `json:"reference,omitempty"` // number of another organ's document
	Organ     string     `json:"organ,omitempty"`
	Reason    string     `json:"reason"`
}

// RectificationCompleted says that all is done, with pictures from the same places as before (整改完成).
type RectificationCompleted struct {
	Done        Quantities `json:"done"`
	Pairs       []Pair     `json:"pairs"`
	Note        string     `json:"note"`
	CompletedOn law.Date   `json:"completedOn"`
}

// AcceptancePassed is a level's acceptance on site (验收通过).
type AcceptancePassed struct {
	Level    Level             `json:"level"`
	Measured Quantities        `json:"measured"`
	Note     string            `json:"note,omitempty"`
	Photos   []domain.Evidence `json:"photos,omitempty"`
	Members  []law.Officer     `json:"members"`
	On       law.Date          `json:"on"`
}

// AcceptanceFailed sends the problem back to be cleared (验收不通过).
type AcceptanceFailed struct {
	Level   Level         `json:"level"`
	Reason  string        `json:"reason"`
	Members []law.Officer `json:"members"`
	On      law.Date      `json:"on"`
}

// ProblemClosedOut strikes the problem off the list (销号).
type ProblemClosedOut struct {
	Sheet    string       `json:"sheet"` // 销号单号
	Level    Level        `json:"level"`
	Approval law.Approval `json:"approval"`
	On       law.Date     `json:"on"`
}

// ProblemRechecked is the look afterwards (复核、回头看).
type ProblemRechecked struct {
	Result  string            `json:"result"` // held | relapsed
	Level   Level             `json:"level"`
	Note    string            `json:"note"`
	Photos  []domain.Evidence `json:"photos,omitempty"`
	Members []law.Officer     `json:"members"`
	On      law.Date          `json:"on"`
}

// ProblemReopened begins anew, because it is back (反弹).
type ProblemReopened struct {
	Round  int64      `json:"round"` // 2 for the first relapse
	Reason string     `json:"reason"`
	Size   Quantities `json:"size"`
	On     law.Date   `json:"on"`
}

// ExtensionApproved moves the deadline (延期).
type ExtensionApproved struct {
	Level      Level        `json:"level"`
	Reason     string       `json:"reason"`
	Plan       string       `json:"plan"`
	DeadlineOn law.Date     `json:"deadlineOn"`
	Before     law.Date     `json:"before"` // the deadline until then
	Approval   law.Approval `json:"approval"`
}

// EventType names the type in the log.
func (ProblemFound) EventType() string { return "problem.found.v1" }

// EventType names the type in the log.
func (ProblemConfirmed) EventType() string { return "problem.confirmed.v1" }

// EventType names the type in the log.
func (ProblemRejected) EventType() string { return "problem.rejected.v1" }

// EventType names the type in the log.
func (RejectionSpotChecked) EventType() string { return "problem.rejection_spot_checked.v1" }

// EventType names the type in the log.
func (ProblemDispatched) EventType() string { return "problem.dispatched.v1" }

// EventType names the type in the log.
func (PlanSubmitted) EventType() string { return "problem.plan_submitted.v1" }

// EventType names the type in the log.
func (ProgressReported) EventType() string { return "problem.progress_reported.v1" }

// EventType names the type in the log.
func (CaseLinked) EventType() string { return "problem.case_linked.v1" }

// EventType names the type in the log.
func (RectificationCompleted) EventType() string { return "problem.rectification_completed.v1" }

// EventType names the type in the log.
func (AcceptancePassed) EventType() string { return "problem.acceptance_passed.v1" }

// EventType names the type in the log.
func (AcceptanceFailed) EventType() string { return "problem.acceptance_failed.v1" }

// EventType names the type in the log.
func (ProblemClosedOut) EventType() string { return "problem.closed_out.v1" }

// EventType names the type in the log.
func (ProblemRechecked) EventType() string { return "problem.rechecked.v1" }

// EventType names the type in the log.
func (ProblemReopened) EventType() string { return "problem.reopened.v1" }

// EventType names the type in the log.
func (ExtensionApproved) EventType() string { return "problem.extension_approved.v1" }

func (ProblemFound) problemEvent()           {}
func (ProblemConfirmed) problemEvent()       {}
func (ProblemRejected) problemEvent()        {}
func (RejectionSpotChecked) problemEvent()   {}
func (ProblemDispatched) problemEvent()      {}
func (PlanSubmitted) problemEvent()          {}
func (ProgressReported) problemEvent()       {}
func (CaseLinked) problemEvent()             {}
func (RectificationCompleted) problemEvent() {}
func (AcceptancePassed) problemEvent()       {}
func (AcceptanceFailed) problemEvent()       {}
func (ProblemClosedOut) problemEvent()       {}
func (ProblemRechecked) problemEvent()       {}
func (ProblemReopened) problemEvent()        {}
func (ExtensionApproved) problemEvent()      {}

// Site is where the problem lies (位置).
type Site struct {
	Place     domain.Place `json:"place"`
	Area      []Point      `json:"area,omitempty" validate:"omitempty,min=3,max=500,dive"`
	Bank      string       `json:"bank" validate:"required,oneof=left right both middle"`
	StakeFrom string       `json:"stakeFrom,omitempty" validate:"max=40"` // 起桩号
	StakeTo   string       `json:"stakeTo,omitempty" validate:"max=40"`   // 止桩号
	Township  string       `json:"township,omitempty" validate:"max=60"`
	Village   string       `json:"village,omitempty" validate:"max=60"`
}

// Milestone is a step of a plan (节点).
type Milestone struct {
	On   law.Date `json:"on" validate:"required,datetime=2006-01-02"`
	What string   `json:"what" validate:"required,max=200"`
}

// Shot is a picture with where it was taken from and in which direction (照片).
type Shot struct {
	Photo      domain.Evidence `json:"photo"`
	Place      domain.Place    `json:"place"`
	HeadingDeg int64           `json:"headingDeg" validate:"min=0,max=359"`
}

// Pair is the same view before and after (整改前后对比照).
type Pair struct {
	Viewpoint string `json:"viewpoint" validate:"required,max=60"`
	Before    Shot   `json:"before"`
	After     Shot   `json:"after"`
}

// How far two pictures of one view may lie apart. No text fixes it: a boat drifts, a phone is off by a few metres.
const (
	viewMetres  = 50
	viewDegrees = 30
)

// sameView reports whether both pictures were taken from one place in one direction. A degree of longitude is taken as long as one
// of latitude, which errs on the strict side.
func (p Pair) sameView() bool {
	const microDegreesPerMetre = 9 // 1 m along a meridian is 8.99
	reach := viewMetres + (p.Before.Place.AccuracyCM+p.After.Place.AccuracyCM)/100
	turn := (p.Before.HeadingDeg - p.After.HeadingDeg) % 360
	turn = min((turn+360)%360, (360-turn)%360)
	return distance(p.Before.Place.LatE6, p.After.Place.LatE6) <= reach*microDegreesPerMetre &&
		distance(p.Before.Place.LonE6, p.After.Place.LonE6) <= reach*microDegreesPerMetre && turn <= viewDegrees
}

func distance(a, b int64) int64 { return max(a-b, b-a) }

// ProblemCommand is an act on a problem; the method that seals it says what the interface calls it.
//
//sumtype:decl
type ProblemCommand interface{ problemCommand() string }

// FindProblem enters a problem.
type FindProblem struct {
	Source      string            `json:"source" validate:"required,oneof=patrol satellite spot_check tip media superior procuratorate"`
	Batch       string            `json:"batch,omitempty" validate:"max=60"`
	Polygon     *uuid.UUID        `json:"polygon,omitempty" validate:"required_if=Source satellite"`
	Finding     *uuid.UUID        `json:"finding,omitempty"`
	List        Level             `json:"list" validate:"required,oneof=county city province"`
	ReachID     uuid.UUID         `json:"reach" validate:"required"`
	Site        Site              `json:"site"`
	Subtype     string            `json:"subtype" validate:"required,max=40"`
	Description string            `json:"description" validate:"required,max=2000"`
	Size        Quantities        `json:"size"`
	Subject     string            `json:"subject,omitempty" validate:"max=100"`
	BuiltOn     string            `json:"builtOn,omitempty" validate:"max=10"`
	Photos      []domain.Evidence `json:"photos" validate:"max=30,unique=SHA256,dive"`

	Reach Reach     `json:"-"`
	At    time.Time `json:"-"`
}

// ConfirmProblem says that it is one.
type ConfirmProblem struct {
	Basis          string            `json:"basis" validate:"max=300"`
	Severity       Severity          `json:"severity" validate:"required,oneof=major serious general"`
	OverrideReason string            `json:"overrideReason,omitempty" validate:"max=500"`
	Historical     bool              `json:"historical"`
	Approvals      string            `json:"approvals,omitempty" validate:"max=1000"`
	Obstructs      bool              `json:"obstructs"`
	Subject        string            `json:"subject" validate:"required,max=100"`
	Size           Quantities        `json:"size"`
	Photos         []domain.Evidence `json:"photos,omitempty" validate:"max=30,unique=SHA256,dive"`
	Officers       []uuid.UUID       `json:"officers" validate:"required,min=2,max=20,unique"`

	Table SeverityTable `json:"-"`
	Crew  []law.Officer `json:"-"`
	At    time.Time     `json:"-"`
}

// RejectProblem says that it is none.
type RejectProblem struct {
	Reason   string            `json:"reason" validate:"required,max=1000"`
	Proof    []domain.Evidence `json:"proof" validate:"max=30,unique=SHA256,dive"`
	Officers []uuid.UUID       `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

// SpotCheckRejection looks at a rejection from above.
type SpotCheckRejection struct {
	Result   string      `json:"result" validate:"required,oneof=upheld overturned"`
	Level    Level       `json:"level" validate:"required,oneof=county city province"`
	Note     string      `json:"note" validate:"required,max=1000"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Members []law.Officer `json:"-"`
}

// DispatchProblem gives it to who must clear it.
type DispatchProblem struct {
	Paper      string   `json:"paper" validate:"required,oneof=dispatch supervise letter_to_chief"` // 交办单、督办单、告河长书
	Number     string   `json:"number" validate:"required,max=60"`
	Unit       string   `json:"unit" validate:"max=100"`
	Person     string   `json:"person" validate:"max=50"`
	Territory  string   `json:"territory" validate:"required,max=100"`
	Chief      string   `json:"chief" validate:"required,max=50"`
	Measure    string   `json:"measure" validate:"required,oneof=demolish rectify"` // 拆除取缔、整改规范
	DeadlineOn law.Date `json:"deadlineOn" validate:"required,datetime=2006-01-02"`

	At time.Time `json:"-"`
}

// SubmitPlan answers with a plan.
type SubmitPlan struct {
	Plan       string      `json:"plan" validate:"required,max=4000"`
	Milestones []Milestone `json:"milestones,omitempty" validate:"max=50,dive"`
}

// ReportProgress says what was done so far.
type ReportProgress struct {
	ToDate Quantities        `json:"toDate"`
	Note   string            `json:"note" validate:"required,max=2000"`
	Photos []domain.Evidence `json:"photos,omitempty" validate:"max=30,unique=SHA256,dive"`
}

// LinkCase ties it to a procedure.
type LinkCase struct {
	Procedure string     `json:"procedure" validate:"required,oneof=penalty procuratorate suit"` // 行政处罚、检察建议、公益诉讼
	Case      *uuid.UUID `json:"case,omitempty"`
	Reference string     `json:"reference,omitempty" validate:"max=100"`
	Organ     string     `json:"organ,omitempty" validate:"max=100"`
	Reason    string     `json:"reason" validate:"required,max=1000"`
}

// CompleteRectification says that all is done.
type CompleteRectification struct {
	Done        Quantities `json:"done"`
	Pairs       []Pair     `json:"pairs" validate:"max=30,dive"`
	Note        string     `json:"note" validate:"required,max=2000"`
	CompletedOn law.Date   `json:"completedOn" validate:"required,datetime=2006-01-02"`

	At time.Time `json:"-"`
}

// Accept records a level's acceptance or its refusal.
type Accept struct {
	Passed   bool              `json:"passed"`
	Level    Level             `json:"level" validate:"required,oneof=county city province"`
	Measured Quantities        `json:"measured"`
	Note     string            `json:"note" validate:"max=2000"`
	Photos   []domain.Evidence `json:"photos,omitempty" validate:"max=30,unique=SHA256,dive"`
	Officers []uuid.UUID       `json:"officers" validate:"required,min=2,max=20,unique"`

	Members []law.Officer `json:"-"`
	At      time.Time     `json:"-"`
}

// CloseOut strikes it off the list.
type CloseOut struct {
	Sheet    string       `json:"sheet" validate:"required,max=60"`
	Level    Level        `json:"level" validate:"required,oneof=county city province"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

// Recheck looks afterwards.
type Recheck struct {
	Result   string            `json:"result" validate:"required,oneof=held relapsed"`
	Level    Level             `json:"level" validate:"required,oneof=county city province"`
	Note     string            `json:"note" validate:"required,max=2000"`
	Size     Quantities        `json:"size"` // of what is back
	Photos   []domain.Evidence `json:"photos,omitempty" validate:"max=30,unique=SHA256,dive"`
	Officers []uuid.UUID       `json:"officers" validate:"required,min=2,max=20,unique"`

	Members []law.Officer `json:"-"`
	At      time.Time     `json:"-"`
}

// ReopenProblem begins anew without a recheck, because a patrol or a tip found it back.
type ReopenProblem struct {
	Reason string     `json:"reason" validate:"required,max=1000"`
	Size   Quantities `json:"size"`

	At time.Time `json:"-"`
}

// ApproveExtension moves the deadline.
type ApproveExtension struct {
	Level      Level        `json:"level" validate:"required,oneof=county city province"`
	Reason     string       `json:"reason" validate:"required,oneof=epidemic flood litigation livelihood other"` // 疫情、汛情、诉讼、民生、其他
	Plan       string       `json:"plan" validate:"required,max=2000"`
	DeadlineOn law.Date     `json:"deadlineOn" validate:"required,datetime=2006-01-02"`
	Approval   law.Approval `json:"approval"`
}

func (FindProblem) problemCommand() string           { return "problem.find" }
func (ConfirmProblem) problemCommand() string        { return "problem.confirm" }
func (RejectProblem) problemCommand() string         { return "problem.reject" }
func (SpotCheckRejection) problemCommand() string    { return "problem.spot_check" }
func (DispatchProblem) problemCommand() string       { return "problem.dispatch" }
func (SubmitPlan) problemCommand() string            { return "problem.submit_plan" }
func (ReportProgress) problemCommand() string        { return "problem.report_progress" }
func (LinkCase) problemCommand() string              { return "problem.link_case" }
func (CompleteRectification) problemCommand() string { return "problem.complete" }
func (Accept) problemCommand() string                { return "problem.accept" }
func (CloseOut) problemCommand() string              { return "problem.close_out" }
func (Recheck) problemCommand() string               { return "problem.recheck" }
func (ReopenProblem) problemCommand() string         { return "problem.reopen" }
func (ApproveExtension) problemCommand() string      { return "problem.approve_extension" }

// ProblemStatus is where a problem stands.
type ProblemStatus string

// The states of a problem, in the order they are passed.
const (
	StatusFound         ProblemStatus = "found"            // 待认定
	StatusRejected      ProblemStatus = "rejected"         // 认定不是问题，待抽查
	StatusDismissed     ProblemStatus = "dismissed"        // 抽查确认不是问题
	StatusConfirmed     ProblemStatus = "confirmed"        // 已认定，待交办
	StatusDispatched    ProblemStatus = "dispatched"       // 已交办
	StatusPlanned       ProblemStatus = "planned"          // 已报方案
	StatusRectifying    ProblemStatus = "rectifying"       // 整改中
	StatusCompleted     ProblemStatus = "completed"        // 整改完成，验收中
	StatusAccepted      ProblemStatus = "accepted"         // 验收通过，待销号
	StatusClosedOut     ProblemStatus = "closed_out"       // 已销号
	StatusConfirmedShut ProblemStatus = "confirmed_closed" // 复核无反弹
)

// ProblemState is what decisions about a problem need.
type ProblemState struct {
	Status     ProblemStatus
	List       Level
	Reach      Reach
	Subtype    string
	FoundAt    time.Time
	Confirmed  *ProblemConfirmed
	Dispatched *ProblemDispatched
	DeadlineOn law.Date // with extensions
	Done       Quantities
	Completed  law.Date
	Accepted   []Level
	ClosedOn   law.Date
	Round      int64 // 1 until it relapses
	Cases      []uuid.UUID
}

// Next is the level that has to accept next; ok is false once all have.
func (s ProblemState) Next() (l Level, ok bool) {
	for _, l := range AcceptedBy(s.List) {
		if !slices.Contains(s.Accepted, l) {
			return l, true
		}
	}
	return "", false
}

// Problem decides about problems.
func Problem() domain.Decider[ProblemState, ProblemCommand, ProblemEvent] {
	return domain.Decider[ProblemState, ProblemCommand, ProblemEvent]{Category: "problem", Decide: decideProblem, Evolve: evolveProblem}
}

// AllowedOnProblem says what may be done with a problem, and what stands against the rest.
func AllowedOnProblem(s ProblemState) []Action { return allowed(s, problemGuards()) }

func problemGuards() []guard[ProblemState] {
	return []guard[ProblemState]{
		{"problem.find", problemIsNew}, {"problem.confirm", isToBeJudged}, {"problem.reject", isToBeJudged}, {"problem.spot_check", isRejected},
		{"problem.dispatch", isToBeDispatched}, {"problem.submit_plan", isUnderWay}, {"problem.report_progress", isUnderWay}, {"problem.link_case", isOpen},
		{"problem.complete", isUnderWay}, {"problem.accept", isToBeAccepted}, {"problem.close_out", isAccepted}, {"problem.recheck", isClosedOut},
		{"problem.reopen", isClosedOut}, {"problem.approve_extension", isUnderWay},
	}
}

func problemIsNew(s ProblemState) error {
	if s.Status != "" {
		return domain.Refuse("problem.already_found", "该问题已经登记，请勿重复登记。")
	}
	return nil
}

func problemIsKnown(s ProblemState) error {
	if s.Status == "" {
		return domain.Refuse("problem.unknown", "没有这个岸线问题，请先登记。")
	}
	return nil
}

func isToBeJudged(s ProblemState) error {
	if err := problemIsKnown(s); err != nil {
		return err
	}
	if s.Status != StatusFound {
		return domain.Refuse("problem.already_judged", "该问题已经认定，不能重复认定。")
	}
	return nil
}

func isRejected(s ProblemState) error {
	if err := problemIsKnown(s); err != nil {
		return err
	}
	if s.Status != StatusRejected {
		return domain.Refuse("problem.not_rejected", "只有认定为不是问题的，才需要抽查核实。")
	}
	return nil
}

func isToBeDispatched(s ProblemState) error {
	switch s.Status {
	case StatusConfirmed:
		return nil
	case StatusDispatched, StatusPlanned, StatusRectifying, StatusCompleted, StatusAccepted, StatusClosedOut, StatusConfirmedShut:
		return domain.Refuse("problem.already_dispatched", "该问题已经交办，请勿重复交办。")
	case "", StatusFound, StatusRejected, StatusDismissed:
	}
	if err := problemIsKnown(s); err != nil {
		return err
	}
	return domain.RefuseByLaw("problem.not_confirmed", standard, "该问题尚未认定，请先认定问题类型和严重程度。")
}

// isOpen: confirmed or further, and not yet struck off.
func isOpen(s ProblemState) error {
	switch s.Status {
	case StatusConfirmed, StatusDispatched, StatusPlanned, StatusRectifying, StatusCompleted, StatusAccepted:
		return nil
	case StatusClosedOut, StatusConfirmedShut:
		return domain.RefuseByLaw("problem.closed_out", campaign, "该问题已经销号；如有反弹，请先登记反弹。")
	case "", StatusFound, StatusRejected, StatusDismissed:
	}
	if err := problemIsKnown(s); err != nil {
		return err
	}
	return domain.RefuseByLaw("problem.not_confirmed", standard, "该问题尚未认定，请先认定问题类型和严重程度。")
}

// isUnderWay: dispatched, and not yet reported as done.
func isUnderWay(s ProblemState) error {
	if err := isOpen(s); err != nil {
		return err
	}
	switch s.Status {
	case StatusConfirmed:
		return domain.RefuseByLaw("problem.not_dispatched", campaign, "该问题尚未交办，请先交办并明确责任单位、责任人和期限。")
	case StatusCompleted, StatusAccepted:
		return domain.Refuse("problem.already_completed", "该问题已经上报整改完成，正在验收。")
	case "", StatusFound, StatusRejected, StatusDismissed, StatusDispatched, StatusPlanned, StatusRectifying, StatusClosedOut, StatusConfirmedShut:
	}
	return nil
}

func isToBeAccepted(s ProblemState) error {
	if err := isOpen(s); err != nil {
		return err
	}
	switch s.Status {
	case StatusCompleted:
		return nil
	case StatusAccepted:
		return domain.Refuse("problem.already_accepted", "该问题已经通过全部层级的验收，请办理销号。")
	case "", StatusFound, StatusRejected, StatusDismissed, StatusConfirmed, StatusDispatched, StatusPlanned, StatusRectifying, StatusClosedOut, StatusConfirmedShut:
	}
	return domain.RefuseByLaw("problem.not_completed", campaign, "该问题尚未上报整改完成，不能验收。")
}

func isAccepted(s ProblemState) error {
	if err := isOpen(s); err != nil {
		return err
	}
	if s.Status != StatusAccepted {
		next, _ := s.Next()
		return domain.RefuseByLaw("problem.not_accepted", campaign, "该问题还没有通过"+levelName(next)+"验收，不能销号。")
	}
	return nil
}

func isClosedOut(s ProblemState) error {
	if err := problemIsKnown(s); err != nil {
		return err
	}
	if s.Status != StatusClosedOut && s.Status != StatusConfirmedShut {
		return domain.Refuse("problem.not_closed_out", "该问题还没有销号，不需要复核。")
	}
	return nil
}

func decideProblem(s ProblemState, c ProblemCommand) ([]ProblemEvent, error) {
	if err := check(s, problemGuards(), c.problemCommand()); err != nil {
		return nil, err
	}
	switch c := c.(type) {
	case FindProblem:
		sub, ok := SubtypeByCode(c.Subtype)
		if !ok {
			return nil, &domain.Refusal{Code: "problem.unknown_subtype", Field: "subtype", Article: standard, Message: "问题子类不在“四乱”认定标准之内，请从列表中选择。"}
		}
		if c.Photos == nil {
			c.Photos = []domain.Evidence{} // what the log holds is a list, not null
		}
		return []ProblemEvent{ProblemFound{c.Source, c.Batch, c.Polygon, c.Finding, c.List, c.Reach, c.Site, c.Subtype, sub.Kind, c.Description, c.Size,
			c.Subject, c.BuiltOn, c.Photos, c.At}}, nil
	case ConfirmProblem:
		return confirm(s, c)
	case RejectProblem:
		if len(c.Proof) == 0 {
			return nil, &domain.Refusal{Code: "problem.no_proof", Field: "proof", Article: supervision, Message: "认定不是问题须上传佐证材料，供上级抽查。"}
		}
		if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
			return nil, err
		}
		return []ProblemEvent{ProblemRejected{c.Reason, c.Proof, c.Crew, c.At}}, nil
	case SpotCheckRejection:
		if rank(c.Level) <= rank(County) {
			return nil, &domain.Refusal{Code: "problem.spot_check_level", Field: "level", Article: supervision, Message: "对“不是问题”的抽查应当由市级以上进行。"}
		}
		if err := twoMembers(c.Members); err != nil {
			return nil, err
		}
		return []ProblemEvent{RejectionSpotChecked{c.Result, c.Level, c.Note, c.Members}}, nil
	case DispatchProblem:
		return dispatch(s, c)
	case SubmitPlan:
		return []ProblemEvent{PlanSubmitted(c)}, nil
	case ReportProgress:
		if c.ToDate.below(s.Done) {
			return nil, &domain.Refusal{Code: "problem.progress_falls", Field: "toDate", Message: "累计完成量不能少于上次上报的数量，请核对。"}
		}
		return []ProblemEvent{ProgressReported(c)}, nil
	case LinkCase:
		return linkCase(s, c)
	case CompleteRectification:
		return complete(s, c)
	case Accept:
		return accept(s, c)
	case CloseOut:
		return closeOut(s, c)
	case Recheck:
		return recheck(s, c)
	case ReopenProblem:
		return []ProblemEvent{ProblemReopened{s.Round + 1, c.Reason, c.Size, law.DateOf(c.At)}}, nil
	case ApproveExtension:
		return extend(s, c)
	}
	panic("shoreline: unknown command")
}

func confirm(s ProblemState, c ConfirmProblem) ([]ProblemEvent, error) {
	if c.At.Before(s.FoundAt) {
		return nil, domain.Refuse("problem.before_found", "认定时间早于发现时间，请核对。")
	}
	if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
		return nil, err
	}
	if c.Historical && c.Approvals == "" {
		return nil, &domain.Refusal{Code: "problem.no_approvals", Field: "approvals", Article: standard, Message: "认定为历史遗留问题须写明当时的审批情况（批准机关、文号、时间）。"}
	}
	computed, ok := c.Table.Of(s.Subtype, c.Size)
	if ok && computed != c.Severity && c.OverrideReason == "" {
		return nil, &domain.Refusal{Code: "problem.severity_reason", Field: "overrideReason", Article: supervision, Message: "所选严重程度与认定表不一致，请写明理由。"}
	}
	basis := c.Basis
	if basis == "" {
		basis = Basis(s.Reach.Regime)
	}
	return []ProblemEvent{ProblemConfirmed{basis, c.Severity, computed, c.Table.Version, c.Table.Verified, c.OverrideReason, c.Historical, c.Approvals,
		c.Obstructs, c.Subject, c.Size, c.Photos, c.Crew, c.At}}, nil
}

func dispatch(s ProblemState, c DispatchProblem) ([]ProblemEvent, error) {
	on := law.DateOf(c.At)
	switch {
	case c.Unit == "" || c.Person == "":
		return nil, &domain.Refusal{Code: "problem.no_one_responsible", Field: "person", Article: campaign, Message: "交办须明确责任单位和责任人。"}
	case c.DeadlineOn < on:
		return nil, &domain.Refusal{Code: "problem.deadline", Field: "deadlineOn", Message: "完成时限不能早于交办日期，请核对。"}
	case c.Measure == "rectify" && s.Confirmed != nil && s.Confirmed.Obstructs && !s.Confirmed.Historical:
		return nil, &domain.Refusal{Code: "problem.must_go", Field: "measure", Article: floodway, Message: "妨碍行洪又没有合法审批的，应当拆除取缔，不能整改规范后保留。"}
	}
	return []ProblemEvent{ProblemDispatched{c.Paper, c.Number, c.Unit, c.Person, c.Territory, c.Chief, c.Measure, c.DeadlineOn, on}}, nil
}

func linkCase(s ProblemState, c LinkCase) ([]ProblemEvent, error) {
	switch {
	case c.Procedure == "penalty" && c.Case == nil || c.Procedure != "penalty" && c.Reference == "":
		return nil, &domain.Refusal{Code: "problem.no_case", Field: "case", Message: "行政处罚请选择案件；检察建议、公益诉讼请填写文书编号。"}
	case c.Case != nil && slices.Contains(s.Cases, *c.Case):
		return nil, nil
	}
	return []ProblemEvent{CaseLinked(c)}, nil
}

// complete: the quantities do not fall behind the last report, something was done, and it can be seen from the same place.
func complete(s ProblemState, c CompleteRectification) ([]ProblemEvent, error) {
	switch {
	case c.CompletedOn > law.DateOf(c.At) || s.Dispatched != nil && c.CompletedOn < s.Dispatched.On:
		return nil, &domain.Refusal{Code: "problem.completed_on", Field: "completedOn", Message: "完成日期应当在交办之日与上报之日之间，请核对。"}
	case c.Done.below(s.Done):
		return nil, &domain.Refusal{Code: "problem.done_falls", Field: "done", Message: "完成量不能少于已经上报的累计数量，请核对。"}
	case c.Done == (Quantities{}):
		return nil, &domain.Refusal{Code: "problem.nothing_done", Field: "done", Article: campaign, Message: "请填写完成的工程量（长度、面积、体积、重量或者处数）。"}
	case len(c.Pairs) == 0:
		return nil, &domain.Refusal{Code: "problem.no_pair", Field: "pairs", Article: campaign, Message: "请上传整改前后对比照片。"}
	}
	for _, p := range c.Pairs {
		if !p.sameView() {
			return nil, &domain.Refusal{Code: "problem.other_view", Field: "pairs", Article: campaign, Message: "“" + p.Viewpoint + "”的整改前后照片不是在同一位置、同一方向拍摄的，请重新拍摄。"}
		}
		if p.Before.Photo.SHA256 == p.After.Photo.SHA256 {
			return nil, &domain.Refusal{Code: "problem.same_photo", Field: "pairs", Message: "“" + p.Viewpoint + "”的整改前后照片是同一张，请核对。"}
		}
	}
	return []ProblemEvent{RectificationCompleted{c.Done, c.Pairs, c.Note, c.CompletedOn}}, nil
}

// accept: the levels accept in their order, each on site, none before the work was done.
func accept(s ProblemState, c Accept) ([]ProblemEvent, error) {
	on := law.DateOf(c.At)
	next, _ := s.Next()
	switch {
	case c.Level != next:
		return nil, &domain.Refusal{Code: "problem.level_order", Field: "level", Article: campaign, Message: "应当先由" + levelName(next) + "验收。"}
	case on < s.Completed:
		return nil, domain.Refuse("problem.accepted_before_done", "验收日期早于整改完成日期，请核对。")
	}
	if err := twoMembers(c.Members); err != nil {
		return nil, err
	}
	if !c.Passed {
		if c.Note == "" {
			return nil, &domain.Refusal{Code: "problem.no_reason", Field: "note", Message: "验收不通过须写明原因。"}
		}
		return []ProblemEvent{AcceptanceFailed{c.Level, c.Note, c.Members, on}}, nil
	}
	if c.Measured == (Quantities{}) {
		return nil, &domain.Refusal{Code: "problem.not_measured", Field: "measured", Article: campaign, Message: "验收须现场测量，请填写测量结果。"}
	}
	return []ProblemEvent{AcceptancePassed{c.Level, c.Measured, c.Note, c.Photos, c.Members, on}}, nil
}

func closeOut(s ProblemState, c CloseOut) ([]ProblemEvent, error) {
	switch {
	case rank(c.Level) < rank(s.List):
		return nil, &domain.Refusal{Code: "problem.close_level", Field: "level", Article: campaign, Message: "应当由" + levelName(s.List) + "河长办销号。"}
	case c.Approval.ApprovedOn > law.DateOf(c.At) || c.Approval.ApprovedOn < s.Completed:
		return nil, &domain.Refusal{Code: "problem.approval_date", Field: "approval.approvedOn", Message: "销号审批日期应当在整改完成之日与销号之日之间，请核对。"}
	}
	return []ProblemEvent{ProblemClosedOut{c.Sheet, c.Level, c.Approval, law.DateOf(c.At)}}, nil
}

func recheck(s ProblemState, c Recheck) ([]ProblemEvent, error) {
	on := law.DateOf(c.At)
	if on < s.ClosedOn {
		return nil, domain.Refuse("problem.recheck_before_closed", "复核日期早于销号日期，请核对。")
	}
	if err := twoMembers(c.Members); err != nil {
		return nil, err
	}
	events := []ProblemEvent{ProblemRechecked{c.Result, c.Level, c.Note, c.Photos, c.Members, on}}
	if c.Result == "relapsed" {
		events = append(events, ProblemReopened{s.Round + 1, c.Note, c.Size, on})
	}
	return events, nil
}

// extend: only the level of the list, or one above it, may give more time.
func extend(s ProblemState, c ApproveExtension) ([]ProblemEvent, error) {
	switch {
	case rank(c.Level) < rank(s.List):
		return nil, &domain.Refusal{Code: "problem.extension_level", Field: "level", Article: campaign, Message: "该问题在" + levelName(s.List) + "清单上，延期须经" + levelName(s.List) + "人民政府或者河长批准。"}
	case c.DeadlineOn <= s.DeadlineOn:
		return nil, &domain.Refusal{Code: "problem.extension_date", Field: "deadlineOn", Message: "延期后的时限应当晚于原时限（" + string(s.DeadlineOn) + "）。"}
	}
	return []ProblemEvent{ExtensionApproved{c.Level, c.Reason, c.Plan, c.DeadlineOn, s.DeadlineOn, c.Approval}}, nil
}

func evolveProblem(s ProblemState, e ProblemEvent) ProblemState {
	switch e := e.(type) {
	case ProblemFound:
		s.Status, s.List, s.Reach, s.Subtype, s.FoundAt, s.Round = StatusFound, e.List, e.Reach, e.Subtype, e.FoundAt, 1
	case ProblemConfirmed:
		s.Status, s.Confirmed = StatusConfirmed, &e
	case ProblemRejected:
		s.Status = StatusRejected
	case RejectionSpotChecked:
		s.Status = StatusDismissed
		if e.Result == "overturned" {
			s.Status = StatusFound
		}
	case ProblemDispatched:
		s.Status, s.Dispatched, s.DeadlineOn = StatusDispatched, &e, e.DeadlineOn
	case PlanSubmitted:
		if s.Status == StatusDispatched {
			s.Status = StatusPlanned
		}
	case ProgressReported:
		s.Status, s.Done = StatusRectifying, e.ToDate
	case CaseLinked:
		if e.Case != nil {
			s.Cases = append(slices.Clip(s.Cases), *e.Case)
		}
	case RectificationCompleted:
		s.Status, s.Done, s.Completed = StatusCompleted, e.Done, e.CompletedOn
	case AcceptancePassed:
		s.Accepted = append(slices.Clip(s.Accepted), e.Level)
		if _, more := s.Next(); !more {
			s.Status = StatusAccepted
		}
	case AcceptanceFailed:
		s.Status, s.Accepted = StatusRectifying, nil // what is done again is accepted again, from below
	case ProblemClosedOut:
		s.Status, s.ClosedOn = StatusClosedOut, e.On
	case ProblemRechecked:
		s.Status = StatusConfirmedShut
	case ProblemReopened:
		s.Status, s.Round, s.Done, s.Accepted, s.Completed, s.Dispatched, s.DeadlineOn = StatusConfirmed, e.Round, Quantities{}, nil, "", nil, ""
	case ExtensionApproved:
		s.DeadlineOn = e.DeadlineOn
	}
	return s
}

func problemTypes() []domain.Type {
	at := time.Date(2026, 3, 2, 1, 5, 0, 0, time.UTC)
	polygon, finding, file := sampleID(9), uuid.MustParse("0197a000-0000-7000-8000-000000000201"), uuid.MustParse("0197a000-0000-7000-8000-000000000301")
	photos, crew := []domain.Evidence{samplePhoto()}, law.SampleCrew()
	size := Quantities{120, 5600, 800, 40, 3000, 60, 3, 1}
	after := samplePhoto()
	after.SHA256 = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
	return []domain.Type{
		domain.T(ProblemFound{"satellite", "2026年第一批", &polygon, &finding, Province, sampleReach(), Site{samplePlace(), sampleArea(), "right", "K12+300", "K12+420", "利港街道", "示例村"},
			"occupy.water_flat", law.ShoreOccupied, "滩地堆场", size, "示例物流有限公司", "2005", photos, at}),
		domain.T(ProblemConfirmed{yangtzeShore, Serious, Major, "2026.1", true, "大部分已自行清除", true, "2005年示例文号批准", true, "示例物流有限公司", size, photos, crew, at.Add(24 * time.Hour)}),
		domain.T(ProblemRejected{"经批准的在建工程", photos, crew, at.Add(24 * time.Hour)}),
		domain.T(RejectionSpotChecked{"overturned", Province, "批准范围之外仍有占用", crew}),
		domain.T(ProblemDispatched{"supervise", "锡河长督〔2026〕示例号", "利港街道办事处", "王示例", "利港街道", "赵示例", "demolish", "2026-06-30", "2026-03-05"}),
		domain.T(PlanSubmitted{"四月清场，五月拆除，六月复绿", []Milestone{{"2026-04-30", "清场"}}}),
		domain.T(ProgressReported{size, "已拆除两处", photos}),
		domain.T(CaseLinked{"penalty", &file, "澄水立〔2026〕1号", "江阴市水利局", "责任主体拒不整改"}),
		domain.T(RectificationCompleted{size, []Pair{{"东侧堤顶", Shot{samplePhoto(), samplePlace(), 180}, Shot{after, samplePlace(), 185}}}, "全部拆除并复绿", "2026-06-15"}),
		domain.T(AcceptancePassed{County, size, "测量与台账一致", photos, crew, "2026-06-20"}),
		domain.T(AcceptanceFailed{City, "尚有建筑垃圾", crew, "2026-06-25"}),
		domain.T(ProblemClosedOut{"销号单示例001", Province, sampleApproval(), "2026-07-10"}),
		domain.T(ProblemRechecked{"relapsed", Province, "再次堆放", photos, crew, "2026-09-10"}),
		domain.T(ProblemReopened{2, "再次堆放", size, "2026-09-10"}),
		domain.T(ExtensionApproved{Province, "flood", "汛后继续拆除", "2026-10-31", "2026-06-30", sampleApproval()}),
	}
}

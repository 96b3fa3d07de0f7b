// Package finding is the clue (线索): what was found or reported, what became of it, and, when a case is filed from it, the
// approval that starts the filing. A finding leads to at most one case; its own stream decides that.
package finding

import (
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Event is a fact in the life of a finding.
//
//sumtype:decl
type Event interface {
	domain.Event
	findingEvent()
}

// Reported registers a finding (线索登记).
type Reported struct {
	Source      string            `json:"source"`
	Kind        law.Kind          `json:"kind"`
	Patrol      *uuid.UUID        `json:"patrol,omitempty"`
	Reach       Reach             `json:"reach"`
	Place       domain.Place      `json:"place"`
	Description string            `json:"description"`
	Vessel      *Vessel           `json:"vessel,omitempty"`
	Persons     int64             `json:"persons,omitempty"`
	AreaM2      int64             `json:"areaM2,omitempty"`
	LengthM     int64             `json:"lengthM,omitempty"`
	VolumeM3    int64             `json:"volumeM3,omitempty"`
	Photos      []domain.Evidence `json:"photos"`
	Crew        []law.Officer     `json:"crew"`
	FoundAt     time.Time         `json:"foundAt"`
}

// Verified records the result of checking a finding on site or on paper (线索核查).
type Verified struct {
	Result     string            `json:"result"` // suspected | unfounded
	Note       string            `json:"note"`
	Photos     []domain.Evidence `json:"photos,omitempty"`
	Crew       []law.Officer     `json:"crew"`
	VerifiedAt time.Time         `json:"verifiedAt"`
}

// NotFiled ends a finding without a case (不予立案).
type NotFiled struct {
	Reason    string       `json:"reason"`
	Note      string       `json:"note"`
	Approval  law.Approval `json:"approval"`
	DecidedAt time.Time    `json:"decidedAt"`
}

// FilingApproved is the decision to file (立案审批通过). It carries all that the case will be opened with, so that the acts that
// follow from it, taking a number and opening the case, can be finished by anyone at any time.
type FilingApproved struct {
	Case       uuid.UUID        `json:"case"`
	Organ      Organ            `json:"organ"`
	Filing     law.Filing       `json:"filing"`
	Ground     law.FilingGround `json:"ground"`
	ApprovedAt time.Time        `json:"approvedAt"`
}

// Filed closes the circle: the case stands under its number (已立案).
type Filed struct {
	Case   uuid.UUID `json:"case"`
	Number string    `json:"number"`
}

// FilingFailed records that the case could not be opened after all: its number is voided, and the finding can be dealt with
// again (立案未成立).
type FilingFailed struct {
	Case   uuid.UUID `json:"case"`
	Reason string    `json:"reason"`
}

// EventType names the type in the log.
func (Reported) EventType() string { return "finding.reported.v1" }

// EventType names the type in the log.
func (Verified) EventType() string { return "finding.verified.v1" }

// EventType names the type in the log.
func (NotFiled) EventType() string { return "finding.not_filed.v1" }

// EventType names the type in the log.
func (FilingApproved) EventType() string { return "finding.filing_approved.v1" }

// EventType names the type in the log.
func (Filed) EventType() string { return "finding.filed.v1" }

// EventType names the type in the log.
func (FilingFailed) EventType() string { return "finding.filing_failed.v1" }

func (Reported) findingEvent()       {}
func (FilingFailed) findingEvent()   {}
func (Verified) findingEvent()       {}
func (NotFiled) findingEvent()       {}
func (FilingApproved) findingEvent() {}
func (Filed) findingEvent()          {}

// Reach is the reach as known when the finding was reported (河段).
type Reach struct {
	ID       uuid.UUID  `json:"id"`
	Name     string     `json:"name"`
	District string     `json:"district"` // code of the 板块
	Regime   law.Regime `json:"regime"`
}

// Organ is the organ that files, as known then (立案机关).
type Organ struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name"`
	DocCode  string    `json:"docCode"` // 机关代字, for example 澄水
	District string    `json:"district"`
}

// Vessel is what could be seen of a vessel (涉案船舶).
type Vessel struct {
	Name   string `json:"name,omitempty" validate:"max=50"`                                     // 船名船号 as painted
	MMSI   string `json:"mmsi,omitempty" validate:"omitempty,len=9,numeric"`                    // AIS identity
	Type   string `json:"type" validate:"required,oneof=dredger carrier transfer hidden other"` // 采砂船 运砂船 过驳船 隐形采砂船 其他
	Papers string `json:"papers" validate:"required,oneof=complete incomplete none unknown"`    // none: “三无”船舶
}

// Command is an act on a finding.
//
//sumtype:decl
type Command interface{ findingCommand() }

// Report registers a finding. Known fields are filled in from the registry before the decision.
type Report struct {
	Source      string            `json:"source" validate:"required,oneof=patrol tip transfer superior simple media satellite device"`
	Kind        law.Kind          `json:"kind" validate:"required,oneof=sand.mining sand.vessel shoreline.occupy shoreline.extract shoreline.dump shoreline.build"`
	Patrol      *uuid.UUID        `json:"patrol,omitempty" validate:"required_if=Source patrol"`
	ReachID     uuid.UUID         `json:"reach" validate:"required"`
	Place       domain.Place      `json:"place"`
	Description string            `json:"description" validate:"required,max=2000"`
	Vessel      *Vessel           `json:"vessel,omitempty"`
	Persons     int64             `json:"persons,omitempty" validate:"min=0,max=1000"`
	AreaM2      int64             `json:"areaM2,omitempty" validate:"min=0,max=1000000000"`
	LengthM     int64             `json:"lengthM,omitempty" validate:"min=0,max=1000000"`
	VolumeM3    int64             `json:"volumeM3,omitempty" validate:"min=0,max=1000000000"`
	Photos      []domain.Evidence `json:"photos" validate:"max=30,unique=SHA256,dive"`
	Officers    []uuid.UUID       `json:"officers" validate:"required,min=1,max=20,unique"`

	Reach Reach         `json:"-"`
	Crew  []law.Officer `json:"-"`
	At    time.Time     `json:"-"`
}

// Verify records a check.
type Verify struct {
	Result   string            `json:"result" validate:"required,oneof=suspected unfounded"`
	Note     string            `json:"note" validate:"required,max=2000"`
	Photos   []domain.Evidence `json:"photos,omitempty" validate:"max=30,unique=SHA256,dive"`
	Officers []uuid.UUID       `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

// DoNotFile ends the finding without a case.
type DoNotFile struct {
	Reason   string       `json:"reason" validate:"required,oneof=no_violation not_punishable no_jurisdiction time_barred duplicate corrected"`
	Note     string       `json:"note" validate:"required,max=2000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

// ApproveFiling decides that a case is filed.
type ApproveFiling struct {
	Case   uuid.UUID  `json:"case" validate:"required"` // made by the client, the id of the case to be opened
	Filing law.Filing `json:"filing"`

	Organ    Organ         `json:"-"`
	Handlers []law.Officer `json:"-"`
	At       time.Time     `json:"-"`
}

// MarkFiled records that the case stands. It is issued by the filing act, never by a client.
type MarkFiled struct {
	Case   uuid.UUID
	Number string
}

// FailFiling records that the case was refused. It is issued by the filing act, never by a client.
type FailFiling struct {
	Case   uuid.UUID
	Reason string
}

func (FailFiling) findingCommand()    {}
func (Report) findingCommand()        {}
func (Verify) findingCommand()        {}
func (DoNotFile) findingCommand()     {}
func (ApproveFiling) findingCommand() {}
func (MarkFiled) findingCommand()     {}

// Status is where a finding stands.
type Status string

// The states of a finding, in the order they are passed.
const (
	StatusReported  Status = "reported"  // 待核查
	StatusVerified  Status = "verified"  // 已核查，待处理
	StatusUnfounded Status = "unfounded" // 核查不属实，待办不予立案
	StatusNotFiled  Status = "not_filed" // 不予立案
	StatusFiling    Status = "filing"    // 立案办理中
	StatusFiled     Status = "filed"     // 已立案
)

// State is what decisions about a finding need.
type State struct {
	Status  Status
	Kind    law.Kind
	Reach   Reach
	FoundAt time.Time
	Filing  *FilingApproved
	Number  string
	Before  Status // the status the filing started from, to return to if it fails
}

// Decider decides about findings.
func Decider() domain.Decider[State, Command, Event] {
	return domain.Decider[State, Command, Event]{Category: "finding", Decide: decide, Evolve: evolve}
}

func decide(s State, c Command) ([]Event, error) {
	if r, ok := c.(Report); ok {
		return report(s, r)
	}
	switch s.Status {
	case "":
		return nil, domain.Refuse("finding.unknown", "没有这条线索，请先登记。")
	case StatusNotFiled:
		return nil, domain.Refuse("finding.not_filed", "该线索已作不予立案处理，不能再办理。")
	case StatusFiled, StatusFiling:
		switch c := c.(type) {
		case MarkFiled:
			return markFiled(s, c)
		case FailFiling:
			if s.Status == StatusFiled || s.Filing == nil || s.Filing.Case != c.Case {
				return nil, domain.Refuse("finding.already_filed", "该线索已经立案，不能再记为立案未成立。")
			}
			return []Event{FilingFailed(c)}, nil
		case Report, Verify, DoNotFile, ApproveFiling:
		}
		return nil, domain.Refuse("finding.already_filed", "该线索已经立案，请在案件中办理。")
	case StatusReported, StatusVerified, StatusUnfounded:
	}
	switch c := c.(type) {
	case Verify:
		if err := notBefore(s, c.At); err != nil {
			return nil, err
		}
		if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
			return nil, err
		}
		return []Event{Verified{c.Result, c.Note, c.Photos, c.Crew, c.At}}, nil
	case DoNotFile:
		if err := notBefore(s, c.At); err != nil {
			return nil, err
		}
		if s.Status == StatusReported {
			return nil, domain.RefuseByLaw("finding.not_verified", "《行政处罚法》第五十四条", "线索尚未核查，不能作不予立案处理，请先登记核查结果。")
		}
		if on := c.Approval.ApprovedOn; on > law.DateOf(c.At) || on < law.DateOf(s.FoundAt) {
			return nil, &domain.Refusal{Code: "finding.approval_date", Field: "approval.approvedOn", Message: "审批日期应当在发现之日与处理之日之间，请核对审批表。"}
		}
		return []Event{NotFiled{c.Reason, c.Note, c.Approval, c.At}}, nil
	case ApproveFiling:
		if err := notBefore(s, c.At); err != nil {
			return nil, err
		}
		if s.Status == StatusUnfounded {
			return nil, domain.RefuseByLaw("finding.unfounded", "《行政处罚法》第五十四条", "核查结果为不属实，不能立案；如有新的事实，请重新核查。")
		}
		ground := law.FilingGround{Kind: s.Kind, Regime: s.Reach.Regime, DiscoveredOn: law.DateOf(s.FoundAt), FiledOn: law.DateOf(c.At), Handlers: c.Handlers}
		if err := law.CheckFiling(c.Filing, ground); err != nil {
			return nil, err
		}
		return []Event{FilingApproved{c.Case, c.Organ, c.Filing, ground, c.At}}, nil
	case MarkFiled, FailFiling:
		return nil, domain.Refuse("finding.filing_not_approved", "该线索没有通过立案审批。")
	case Report:
	}
	panic("finding: unknown command")
}

func report(s State, c Report) ([]Event, error) {
	if s.Status != "" {
		return nil, domain.Refuse("finding.already_reported", "该线索已经登记，请勿重复登记。")
	}
	if c.Source == "patrol" {
		if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
			return nil, err
		}
	}
	if c.Photos == nil {
		c.Photos = []domain.Evidence{}
	}
	return []Event{Reported{c.Source, c.Kind, c.Patrol, c.Reach, c.Place, c.Description, c.Vessel, c.Persons,
		c.AreaM2, c.LengthM, c.VolumeM3, c.Photos, c.Crew, c.At}}, nil
}

func markFiled(s State, c MarkFiled) ([]Event, error) {
	switch {
	case s.Filing == nil || s.Filing.Case != c.Case:
		return nil, domain.Refuse("finding.other_case", "该线索已立为另一案件。")
	case s.Status == StatusFiled:
		return nil, nil
	}
	return []Event{Filed(c)}, nil
}

func notBefore(s State, at time.Time) error {
	if at.Before(s.FoundAt) {
		return domain.Refuse("finding.before_found", "办理时间早于发现时间，请核对。")
	}
	return nil
}

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Reported:
		s.Status, s.Kind, s.Reach, s.FoundAt = StatusReported, e.Kind, e.Reach, e.FoundAt
	case Verified:
		s.Status = StatusVerified
		if e.Result == "unfounded" {
			s.Status = StatusUnfounded
		}
	case NotFiled:
		s.Status = StatusNotFiled
	case FilingApproved:
		s.Before, s.Status, s.Filing = s.Status, StatusFiling, &e
	case Filed:
		s.Status, s.Number = StatusFiled, e.Number
	case FilingFailed:
		s.Status, s.Filing = s.Before, nil
	}
	return s
}

// Types is the catalogue of this package.
func Types() []domain.Type {
	patrol := uuid.MustParse("0197a000-0000-7000-8000-000000000201")
	file := uuid.MustParse("0197a000-0000-7000-8000-000000000301")
	at := time.Date(2026, 3, 2, 1, 5, 0, 0, time.UTC)
	officers := law.SampleCrew()
	reach := Reach{uuid.MustParse("0197a000-0000-7000-8000-000000000101"), "长江江阴段", "320281", law.Yangtze}
	photo := domain.Evidence{SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", Size: 3145728, MediaType: "image/jpeg",
		Caption: "船首", TakenAt: "2026-03-02T09:04:10+08:00", Previous: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", ID: uuid.MustParse("0197a000-0000-7000-8000-000000000401")}
	approval := law.Approval{Name: "李示例", Post: "局长", Opinion: "同意", ApprovedOn: "2026-03-03"}
	return []domain.Type{
		domain.T(Reported{"patrol", law.SandVessel, &patrol, reach,
			domain.Place{LatE6: 31934000, LonE6: 120260000, Datum: "WGS84", AccuracyCM: 800, Source: "gnss", Note: "利港水域"},
			"夜间发现疑似隐形采砂船", &Vessel{"苏示例采0001", "413000001", "hidden", "none"}, 4, 900, 60, 300, []domain.Evidence{photo}, officers, at}),
		domain.T(Verified{"suspected", "船舱内发现吸砂泵", []domain.Evidence{photo}, officers, at.Add(time.Hour)}),
		domain.T(NotFiled{"corrected", "违法行为轻微并及时改正", approval, at.Add(26 * time.Hour)}),
		domain.T(FilingApproved{file, Organ{uuid.MustParse("0197a000-0000-7000-8000-000000000501"), "江阴市水利局", "澄水", "320281"},
			law.SampleFiling(), law.FilingGround{Kind: law.SandVessel, Regime: law.Yangtze, DiscoveredOn: "2026-03-02", FiledOn: "2026-03-03", Handlers: officers}, at.Add(26 * time.Hour)}),
		domain.T(Filed{file, "澄水立〔2026〕1号"}),
		domain.T(FilingFailed{file, "case.already_filed"}),
	}
}

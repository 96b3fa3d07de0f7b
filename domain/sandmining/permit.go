package sandmining

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// PermitEvent is a fact in the life of a permit.
//
//sumtype:decl
type PermitEvent interface {
	domain.Event
	permitEvent()
}

// PermitIssued grants the permit (发放河道采砂许可证).
type PermitIssued struct {
	Number   string    `json:"number"`
	Reach    Reach     `json:"reach"`
	Terms    Terms     `json:"terms"`
	Organ    string    `json:"organ"` // that granted it: the province, the Changjiang commission, or the river's own authority
	IssuedAt time.Time `json:"issuedAt"`
}

// PermitAmended replaces the terms (变更).
type PermitAmended struct {
	Terms    Terms        `json:"terms"`
	Reason   string       `json:"reason"`
	Approval law.Approval `json:"approval"`
}

// PermitSuspended stops mining for a time (暂停).
type PermitSuspended struct {
	Reason   string       `json:"reason"`
	Approval law.Approval `json:"approval"`
}

// PermitResumed lets mining go on (恢复).
type PermitResumed struct {
	Reason   string       `json:"reason"`
	Approval law.Approval `json:"approval"`
}

// PermitEnded takes the permit away (吊销、撤销、注销).
type PermitEnded struct {
	Way      string       `json:"way"`
	Ground   string       `json:"ground"`
	Case     *uuid.UUID   `json:"case,omitempty"`     // that the revocation is the penalty of
	Document string       `json:"document,omitempty"` // number of the decision
	Approval law.Approval `json:"approval"`
}

// QuotaReserved sets a load aside from the quota for one bill (预占采量).
type QuotaReserved struct {
	Bill     uuid.UUID `json:"bill"`
	Amount   int64     `json:"amount"`
	LoadedAt time.Time `json:"loadedAt"`
}

// QuotaReleased gives the load of a bill that came to nothing back to the quota (释放采量).
type QuotaReleased struct {
	Bill   uuid.UUID `json:"bill"`
	Amount int64     `json:"amount"`
	Reason string    `json:"reason"`
}

// ExtractionRecorded counts sand that goes nowhere by bill, such as fill pumped straight behind a levee (采量登记).
type ExtractionRecorded struct {
	Day        law.Date    `json:"day"`
	Amount     int64       `json:"amount"`
	Vessel     VesselRef   `json:"vessel"`
	Supervisor law.Officer `json:"supervisor"` // 现场监管责任人
	Note       string      `json:"note,omitempty"`
}

// EventType names the type in the log.
func (PermitIssued) EventType() string { return "permit.issued.v1" }

// EventType names the type in the log.
func (PermitAmended) EventType() string { return "permit.amended.v1" }

// EventType names the type in the log.
func (PermitSuspended) EventType() string { return "permit.suspended.v1" }

// EventType names the type in the log.
func (PermitResumed) EventType() string { return "permit.resumed.v1" }

// EventType names the type in the log.
func (PermitEnded) EventType() string { return "permit.ended.v1" }

// EventType names the type in the log.
func (QuotaReserved) EventType() string { return "permit.quota_reserved.v1" }

// EventType names the type in the log.
func (QuotaReleased) EventType() string { return "permit.quota_released.v1" }

// EventType names the type in the log.
func (ExtractionRecorded) EventType() string { return "permit.extraction_recorded.v1" }

func (PermitIssued) permitEvent()       {}
func (PermitAmended) permitEvent()      {}
func (PermitSuspended) permitEvent()    {}
func (PermitResumed) permitEvent()      {}
func (PermitEnded) permitEvent()        {}
func (QuotaReserved) permitEvent()      {}
func (QuotaReleased) permitEvent()      {}
func (ExtractionRecorded) permitEvent() {}

// Terms is what a permit must say (许可证载明事项, 《长江河道采砂管理条例》第十一条), and what plans and practice add to it.
type Terms struct {
	Holder      string      `json:"holder" validate:"max=100"`                                                              // 采砂单位或者个人
	Use         string      `json:"use" validate:"required,oneof=commercial levee_fill river_works fairway_works dredging"` // 用途: 经营性、堤防吹填固基、河道整治、航道整治、口门码头锚地疏浚
	Sand        string      `json:"sand" validate:"max=100"`                                                                // 性质和种类
	Vessels     []VesselRef `json:"vessels" validate:"max=50,dive"`
	Zone        string      `json:"zone,omitempty" validate:"max=40"`       // 采区编号
	Area        []Point     `json:"area,omitempty" validate:"max=500,dive"` // corners of the polygon, not closed
	Bank        string      `json:"bank" validate:"required,oneof=left right both middle"`
	Place       string      `json:"place" validate:"max=200"` // 采砂地点
	WorkFrom    law.Date    `json:"workFrom" validate:"omitempty,datetime=2006-01-02"`
	WorkUntil   law.Date    `json:"workUntil" validate:"omitempty,datetime=2006-01-02"`
	ValidFrom   law.Date    `json:"validFrom" validate:"omitempty,datetime=2006-01-02"`
	ValidUntil  law.Date    `json:"validUntil" validate:"omitempty,datetime=2006-01-02"`
	Method      string      `json:"method" validate:"max=200"`                     // 作业方式
	BottomMM    int64       `json:"bottomMm" validate:"min=-1000000,max=10000000"` // 控制底高程, 1985 national height datum
	Spoil       string      `json:"spoil" validate:"max=500"`                      // 弃料处理方式
	Quota       int64       `json:"quota" validate:"min=1,max=100000000000"`       // 许可总量
	AnnualTotal int64       `json:"annualTotal" validate:"min=1,max=100000000000"` // 年度控制量
	Unit        Unit        `json:"unit" validate:"required,oneof=m3 t"`
}

// PermitCommand is an act on a permit; the method that seals it says what the interface calls it.
//
//sumtype:decl
type PermitCommand interface{ permitCommand() string }

// IssuePermit grants a permit.
type IssuePermit struct {
	Number  string    `json:"number" validate:"required,max=60"`
	ReachID uuid.UUID `json:"reach" validate:"required"`
	Terms   Terms     `json:"terms"`
	Organ   string    `json:"organ" validate:"required,max=100"`

	Reach Reach     `json:"-"`
	At    time.Time `json:"-"`
}

// AmendPermit replaces the terms.
type AmendPermit struct {
	Terms    Terms        `json:"terms"`
	Reason   string       `json:"reason" validate:"required,max=500"`
	Approval law.Approval `json:"approval"`
}

// SuspendPermit stops mining for a time.
type SuspendPermit struct {
	Reason   string       `json:"reason" validate:"required,max=500"`
	Approval law.Approval `json:"approval"`
}

// ResumePermit lets mining go on.
type ResumePermit struct {
	Reason   string       `json:"reason" validate:"required,max=500"`
	Approval law.Approval `json:"approval"`
}

// EndPermit takes the permit away.
type EndPermit struct {
	Way      string       `json:"way" validate:"required,oneof=revoked withdrawn cancelled"` // 吊销、撤销、注销
	Ground   string       `json:"ground" validate:"required,max=500"`
	Case     *uuid.UUID   `json:"case,omitempty"`
	Document string       `json:"document,omitempty" validate:"max=100"`
	Approval law.Approval `json:"approval"`
}

// ReserveQuota sets a load aside. It is a step of issuing a bill, never sent by a client.
type ReserveQuota struct {
	Bill     uuid.UUID
	Amount   int64
	Vessel   VesselRef
	LoadedAt time.Time
}

// ReleaseQuota gives a load back. It is a step of voiding a bill, never sent by a client.
type ReleaseQuota struct {
	Bill   uuid.UUID
	Reason string
}

// RecordExtraction counts sand that goes nowhere by bill.
type RecordExtraction struct {
	Day          law.Date  `json:"day" validate:"required,datetime=2006-01-02"`
	Amount       int64     `json:"amount" validate:"min=1,max=100000000000"`
	Vessel       VesselRef `json:"vessel"`
	SupervisorID uuid.UUID `json:"supervisor" validate:"required"`
	Note         string    `json:"note,omitempty" validate:"max=500"`

	Supervisor law.Officer `json:"-"`
	At         time.Time   `json:"-"`
}

func (IssuePermit) permitCommand() string      { return "permit.issue" }
func (AmendPermit) permitCommand() string      { return "permit.amend" }
func (SuspendPermit) permitCommand() string    { return "permit.suspend" }
func (ResumePermit) permitCommand() string     { return "permit.resume" }
func (EndPermit) permitCommand() string        { return "permit.end" }
func (ReserveQuota) permitCommand() string     { return "permit.reserve_quota" }
func (ReleaseQuota) permitCommand() string     { return "permit.release_quota" }
func (RecordExtraction) permitCommand() string { return "permit.record_extraction" }

// PermitStatus is where a permit stands.
type PermitStatus string

// The states of a permit.
const (
	PermitActive    PermitStatus = "active"    // 有效
	PermitPaused    PermitStatus = "suspended" // 暂停
	PermitTakenAway PermitStatus = "ended"     // 已吊销、撤销或者注销
)

// PermitState is what decisions about a permit need.
type PermitState struct {
	Status PermitStatus
	Number string
	Reach  Reach
	Terms  Terms
	Used   int64     // set aside for bills that stand, and extraction recorded
	Years  []YearUse // the same by calendar year, oldest first
	Bills  *Reserved // newest first
}

// YearUse is what was used of a year's total.
type YearUse struct {
	Year int
	Used int64
}

// Reserved is an entry in the list of reservations. The list only grows at its head and is never written into, so states share
// it: a permit has thousands of bills, and copying them for each event would cost more than all else.
type Reserved struct {
	Bill     uuid.UUID
	Amount   int64
	Year     int
	Released bool
	Before   *Reserved
}

// ReservedFor finds what is set aside for a bill; ok is false if nothing ever was.
func (s PermitState) ReservedFor(bill uuid.UUID) (r Reserved, ok bool) {
	for e := s.Bills; e != nil; e = e.Before {
		if e.Bill == bill {
			return *e, true
		}
	}
	return Reserved{}, false
}

// Left is what may still be taken in a year (剩余采量).
func (s PermitState) Left(year int) int64 {
	left := s.Terms.Quota - s.Used
	for _, y := range s.Years {
		if y.Year == year {
			return min(left, s.Terms.AnnualTotal-y.Used)
		}
	}
	return min(left, s.Terms.AnnualTotal)
}

// PermitID is the aggregate of a permit number: the same number is the same stream, so none is granted twice.
func PermitID(number string) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte("permit\x00"+number))
}

// Permit decides about permits.
func Permit() domain.Decider[PermitState, PermitCommand, PermitEvent] {
	return domain.Decider[PermitState, PermitCommand, PermitEvent]{Category: "permit", Decide: decidePermit, Evolve: evolvePermit}
}

// AllowedOnPermit says what may be done with a permit, and what stands against the rest.
func AllowedOnPermit(s PermitState) []Action { return allowed(s, permitGuards()) }

func permitGuards() []guard[PermitState] {
	return []guard[PermitState]{
		{"permit.issue", permitIsNew}, {"permit.amend", permitStands}, {"permit.suspend", permitIsActive}, {"permit.resume", permitIsSuspended},
		{"permit.end", permitStands}, {"permit.reserve_quota", permitIsActive}, {"permit.release_quota", permitIsKnown},
		{"permit.record_extraction", permitIsActive},
	}
}

func permitIsNew(s PermitState) error {
	if s.Status != "" {
		return domain.Refuse("permit.already_issued", "该许可证编号已经登记，一个编号只能对应一张许可证。")
	}
	return nil
}

func permitIsKnown(s PermitState) error {
	if s.Status == "" {
		return domain.Refuse("permit.unknown", "没有这张采砂许可证，请先登记。")
	}
	return nil
}

func permitStands(s PermitState) error {
	if s.Status == PermitTakenAway {
		return domain.Refuse("permit.ended", "该采砂许可证已经吊销、撤销或者注销，不能再办理。")
	}
	return permitIsKnown(s)
}

func permitIsActive(s PermitState) error {
	if s.Status == PermitPaused {
		return domain.RefuseByLaw("permit.suspended", asPermitted, "该采砂许可证已经暂停，恢复之前不能采砂。")
	}
	return permitStands(s)
}

func permitIsSuspended(s PermitState) error {
	if s.Status == PermitActive {
		return domain.Refuse("permit.not_suspended", "该采砂许可证没有暂停，不需要恢复。")
	}
	return permitStands(s)
}

func decidePermit(s PermitState, c PermitCommand) ([]PermitEvent, error) {
	if err := check(s, permitGuards(), c.permitCommand()); err != nil {
		return nil, err
	}
	switch c := c.(type) {
	case IssuePermit:
		if err := lawfulTerms(c.Terms, c.Reach.Regime, law.DateOf(c.At)); err != nil {
			return nil, err
		}
		return []PermitEvent{PermitIssued{c.Number, c.Reach, c.Terms, c.Organ, c.At}}, nil
	case AmendPermit:
		if err := lawfulTerms(c.Terms, s.Reach.Regime, c.Approval.ApprovedOn); err != nil {
			return nil, err
		}
		if err := coversUse(s, c.Terms); err != nil {
			return nil, err
		}
		return []PermitEvent{PermitAmended(c)}, nil
	case SuspendPermit:
		return []PermitEvent{PermitSuspended(c)}, nil
	case ResumePermit:
		return []PermitEvent{PermitResumed(c)}, nil
	case EndPermit:
		if c.Way == "revoked" && (c.Case == nil || c.Document == "") {
			return nil, domain.RefuseByLaw("permit.revocation_needs_case", "《长江河道采砂管理条例》第十九条、第二十二条", "吊销许可证是行政处罚，须填写所依据的案件和处罚决定书文号；撤销、注销请选择相应方式。")
		}
		return []PermitEvent{PermitEnded(c)}, nil
	case ReserveQuota:
		return reserve(s, c)
	case ReleaseQuota:
		switch r, ok := s.ReservedFor(c.Bill); {
		case !ok:
			return nil, domain.Refuse("permit.no_reservation", "该采运管理单没有占用这张许可证的采量。")
		case r.Released:
			return nil, nil
		default:
			return []PermitEvent{QuotaReleased{c.Bill, r.Amount, c.Reason}}, nil
		}
	case RecordExtraction:
		if c.Day > law.DateOf(c.At) {
			return nil, &domain.Refusal{Code: "permit.extraction_in_future", Field: "day", Message: "采砂日期不能晚于登记日期，请核对。"}
		}
		if err := mayTake(s, c.Day, c.Vessel, c.Amount); err != nil {
			return nil, err
		}
		return []PermitEvent{ExtractionRecorded{c.Day, c.Amount, c.Vessel, c.Supervisor, c.Note}}, nil
	}
	panic("sandmining: unknown command")
}

func reserve(s PermitState, c ReserveQuota) ([]PermitEvent, error) {
	// A step that is repeated is answered before it comes here; so whoever finds the bill reserved is another act, which must not
	// go on: it would give back what is not its own when it fails.
	if r, ok := s.ReservedFor(c.Bill); ok {
		if r.Released {
			return nil, domain.RefuseByLaw("permit.bill_released", billNotice, "该采运管理单已经作废，不能再次占用采量，请使用新的管理单。")
		}
		return nil, domain.RefuseByLaw("permit.bill_reserved", billNotice, "该采运管理单已经占用采量，一单只能使用一次。")
	}
	if err := mayTake(s, law.DateOf(c.LoadedAt), c.Vessel, c.Amount); err != nil {
		return nil, err
	}
	return []PermitEvent{QuotaReserved{c.Bill, c.Amount, c.LoadedAt}}, nil
}

// lawfulTerms refuses a permit that leaves out what it must say, contradicts itself, or is for mining where none is allowed.
func lawfulTerms(t Terms, regime law.Regime, on law.Date) error {
	article := contentsArticle
	if regime != law.Yangtze {
		article = inlandArticle
	}
	var missing []string
	for _, m := range []struct {
		what  string
		there bool
	}{
		{"采砂单位或者个人名称", t.Holder != ""}, {"采砂船舶名称、编号", len(t.Vessels) > 0}, {"性质和种类", t.Sand != ""},
		{"采砂地点", t.Place != "" && (t.Zone != "" || len(t.Area) > 0)}, {"采砂期限", t.WorkFrom != "" && t.WorkUntil != ""},
		{"作业方式", t.Method != ""}, {"弃料处理方式", t.Spoil != ""}, {"许可证有效期限", t.ValidFrom != "" && t.ValidUntil != ""},
	} {
		if !m.there {
			missing = append(missing, m.what)
		}
	}
	// The notice is of 27 July 2019; whether it bound from that day or thirty days on differs between its copies, so the earlier
	// day is taken: no permit may rest on the doubt.
	const closed = law.Date("2019-07-27")
	switch {
	case len(missing) > 0:
		return domain.RefuseByLaw("permit.contents_missing", article, "许可证缺少应当载明的事项："+strings.Join(missing, "、")+"。")
	case len(t.Area) > 0 && len(t.Area) < 3:
		return &domain.Refusal{Code: "permit.area", Field: "terms.area", Message: "采砂范围至少要有三个拐点，请补充。"}
	case t.ValidUntil < t.ValidFrom || t.WorkUntil < t.WorkFrom || t.WorkFrom < t.ValidFrom || t.WorkUntil > t.ValidUntil:
		return &domain.Refusal{Code: "permit.period", Field: "terms.workFrom", Article: article, Message: "采砂期限应当在许可证有效期限之内，且起始日不晚于截止日，请核对。"}
	case t.Quota <= 0 || t.AnnualTotal <= 0 || t.AnnualTotal > t.Quota:
		return &domain.Refusal{Code: "permit.quota", Field: "terms.quota", Message: "许可总量和年度控制量应当大于零，且年度控制量不大于许可总量。"}
	case regime == law.Yangtze && t.Use == "commercial" && on >= closed:
		return domain.RefuseByLaw("permit.no_mining_water", banNotice, "长江江苏水域全面禁止采砂，除经批准的堤防吹填固基、河道航道整治和疏浚外，不能发放采砂许可证。")
	}
	return nil
}

// coversUse refuses terms that would make what was taken unlawful afterwards.
func coversUse(s PermitState, t Terms) error {
	over := t.Quota < s.Used || t.Unit != s.Terms.Unit && s.Used > 0
	for _, y := range s.Years {
		over = over || y.Used > t.AnnualTotal
	}
	if over {
		return &domain.Refusal{Code: "permit.below_used", Field: "terms.quota", Message: "变更后的采量少于已经占用的采量，或者计量单位与已占用的不同，请核对。"}
	}
	return nil
}

// mayTake refuses sand beyond what the permit allows: on which days, by which vessels, and how much of it.
func mayTake(s PermitState, day law.Date, by VesselRef, amount int64) error {
	t := s.Terms
	switch {
	case amount <= 0:
		return &domain.Refusal{Code: "permit.amount", Field: "amount", Message: "采量应当大于零。"}
	case day < t.WorkFrom || day > t.WorkUntil:
		return domain.RefuseByLaw("permit.outside_period", asPermitted, "采砂日期（"+string(day)+"）不在许可的采砂期限内（"+string(t.WorkFrom)+"至"+string(t.WorkUntil)+"）。")
	case !slices.ContainsFunc(t.Vessels, by.same):
		return domain.RefuseByLaw("permit.vessel_not_listed", asPermitted, "船舶“"+by.Name+"”不在许可证载明的采砂船舶之内。")
	case amount > t.Quota-s.Used:
		return domain.RefuseByLaw("permit.quota_exceeded", asPermitted, "本次采量超过许可总量的剩余部分，不能开采、装运。")
	case amount > s.Left(day.Year()):
		return domain.RefuseByLaw("permit.annual_exceeded", asPermitted, "本次采量超过本年度控制量的剩余部分，不能开采、装运。")
	}
	return nil
}

func evolvePermit(s PermitState, e PermitEvent) PermitState {
	switch e := e.(type) {
	case PermitIssued:
		s.Status, s.Number, s.Reach, s.Terms = PermitActive, e.Number, e.Reach, e.Terms
	case PermitAmended:
		s.Terms = e.Terms
	case PermitSuspended:
		s.Status = PermitPaused
	case PermitResumed:
		s.Status = PermitActive
	case PermitEnded:
		s.Status = PermitTakenAway
	case QuotaReserved:
		year := law.DateOf(e.LoadedAt).Year()
		s = s.use(year, e.Amount)
		s.Bills = &Reserved{e.Bill, e.Amount, year, false, s.Bills}
	case QuotaReleased:
		r, _ := s.ReservedFor(e.Bill)
		s = s.use(r.Year, -e.Amount)
		s.Bills = &Reserved{e.Bill, e.Amount, r.Year, true, s.Bills}
	case ExtractionRecorded:
		s = s.use(e.Day.Year(), e.Amount)
	}
	return s
}

func (s PermitState) use(year int, amount int64) PermitState {
	s.Used += amount
	s.Years = slices.Clone(s.Years)
	n := slices.IndexFunc(s.Years, func(y YearUse) bool { return y.Year >= year })
	switch {
	case n < 0:
		s.Years = append(s.Years, YearUse{year, amount})
	case s.Years[n].Year == year:
		s.Years[n].Used += amount
	default:
		s.Years = slices.Insert(s.Years, n, YearUse{year, amount})
	}
	return s
}

func sampleTerms() Terms {
	id := sampleID(1)
	return Terms{"示例疏浚工程有限公司", "river_works", "疏浚砂（中细砂）", []VesselRef{{&id, "苏示例采0001", "413000001"}}, "JY-示例-01",
		[]Point{{31930000, 120250000}, {31930000, 120260000}, {31936000, 120260000}}, "right", "长江江阴段右岸示例水域", "2026-03-01", "2026-11-30",
		"2026-02-15", "2026-12-31", "绞吸式，日间作业", -12500, "弃料运至指定堆场", 200100, 120000, CubicMetres}
}

func permitTypes() []domain.Type {
	at := time.Date(2026, 2, 15, 2, 0, 0, 0, time.UTC)
	file, id := uuid.MustParse("0197a000-0000-7000-8000-000000000301"), sampleID(1)
	return []domain.Type{
		domain.T(PermitIssued{"苏水采许〔2026〕示例1号", sampleReach(), sampleTerms(), "江苏省水利厅", at}),
		domain.T(PermitAmended{sampleTerms(), "增加一艘采砂船", sampleApproval()}),
		domain.T(PermitSuspended{"水位超过警戒", sampleApproval()}),
		domain.T(PermitResumed{"水位回落", sampleApproval()}),
		domain.T(PermitEnded{"revoked", "超范围采砂情节严重", &file, "澄水罚〔2026〕示例1号", sampleApproval()}),
		domain.T(QuotaReserved{sampleID(2), 1800, at.Add(30 * 24 * time.Hour)}),
		domain.T(QuotaReleased{sampleID(2), 1800, "装载取消"}),
		domain.T(ExtractionRecorded{"2026-03-20", 950, VesselRef{&id, "苏示例采0001", "413000001"}, law.SampleOfficer(), "吹填固基"}),
	}
}

package sandmining

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// BillEvent is a fact in the life of a waybill.
//
//sumtype:decl
type BillEvent interface {
	domain.Event
	billEvent()
}

// BillIssued makes out the bill where the sand is loaded (出具采运管理单).
type BillIssued struct {
	Number         string      `json:"number"`
	Permit         PermitRef   `json:"permit"`
	From           *uuid.UUID  `json:"from,omitempty"` // the bill whose load this one goes on with (转运)
	Reach          Reach       `json:"reach"`
	MiningVessel   VesselRef   `json:"miningVessel"`
	Carrier        VesselRef   `json:"carrier"`
	Owner          string      `json:"owner,omitempty"` // of the carrier
	Sand           string      `json:"sand"`
	Amount         int64       `json:"amount"`
	Unit           Unit        `json:"unit"`
	LoadingPlace   string      `json:"loadingPlace"`
	LoadedAt       time.Time   `json:"loadedAt"`
	UnloadingPlace string      `json:"unloadingPlace"`
	ValidUntil     time.Time   `json:"validUntil"`
	Issuer         law.Officer `json:"issuer"`             // 现场监管责任人
	Operator       string      `json:"operator,omitempty"` // of the transfer area, for a bill that goes on
}

// BillChecked compares the bill with the load on the way (途中查验); a finding may cite Check.
type BillChecked struct {
	Check      uuid.UUID         `json:"check"`
	Place      domain.Place      `json:"place"`
	Seen       Seen              `json:"seen"`
	Result     string            `json:"result"`               // match | mismatch
	Mismatches []string          `json:"mismatches,omitempty"` // expired | not_yet_loaded | used_up | voided | vessel | sand | amount
	Limits     Limits            `json:"limits"`
	Photos     []domain.Evidence `json:"photos,omitempty"`
	Crew       []law.Officer     `json:"crew"`
	CheckedAt  time.Time         `json:"checkedAt"`
}

// CheckCited ties a check to the finding that rests on it (查验结果转为线索).
type CheckCited struct {
	Check   uuid.UUID `json:"check"`
	Finding uuid.UUID `json:"finding"`
}

// BillUnloaded uses the bill up where the sand is landed (卸载核销).
type BillUnloaded struct {
	Place      string    `json:"place"`
	Seen       Seen      `json:"seen"`
	Receiver   string    `json:"receiver"` // wharf or yard that checked it
	UnloadedAt time.Time `json:"unloadedAt"`
}

// BillTransshipped hands the load, or part of it, to the bill that goes on with it (过驳转运).
type BillTransshipped struct {
	To             uuid.UUID `json:"to"`
	Number         string    `json:"number"`
	Amount         int64     `json:"amount"`
	Last           bool      `json:"last"` // nothing is left aboard: this bill is used up
	Place          string    `json:"place"`
	TransshippedAt time.Time `json:"transshippedAt"`
}

// TransshipmentUndone takes a handing over back, because the bill that should go on was refused (撤回转运).
type TransshipmentUndone struct {
	To     uuid.UUID `json:"to"`
	Reason string    `json:"reason"`
}

// BillVoided ends a bill that never travelled (作废).
type BillVoided struct {
	Reason   string    `json:"reason"`
	Note     string    `json:"note"`
	VoidedAt time.Time `json:"voidedAt"`
}

// EventType names the type in the log.
func (BillIssued) EventType() string { return "waybill.issued.v1" }

// EventType names the type in the log.
func (BillChecked) EventType() string { return "waybill.checked.v1" }

// EventType names the type in the log.
func (CheckCited) EventType() string { return "waybill.check_cited.v1" }

// EventType names the type in the log.
func (BillUnloaded) EventType() string { return "waybill.unloaded.v1" }

// EventType names the type in the log.
func (BillTransshipped) EventType() string { return "waybill.transshipped.v1" }

// EventType names the type in the log.
func (TransshipmentUndone) EventType() string { return "waybill.transshipment_undone.v1" }

// EventType names the type in the log.
func (BillVoided) EventType() string { return "waybill.voided.v1" }

func (BillIssued) billEvent()          {}
func (BillChecked) billEvent()         {}
func (CheckCited) billEvent()          {}
func (BillUnloaded) billEvent()        {}
func (BillTransshipped) billEvent()    {}
func (TransshipmentUndone) billEvent() {}
func (BillVoided) billEvent()          {}

// PermitRef names the permit that a load was taken under (许可证).
type PermitRef struct {
	ID     uuid.UUID `json:"id"`
	Number string    `json:"number"`
	Zone   string    `json:"zone,omitempty"`
}

// Seen is what stands before whoever checks a bill (现场情况).
type Seen struct {
	Carrier VesselRef `json:"carrier"`
	Sand    string    `json:"sand" validate:"required,max=100"`
	Amount  int64     `json:"amount" validate:"min=0,max=100000000000"`
}

// PermitKnown is what the permit's own stream says when a bill is issued under it.
type PermitKnown struct {
	State    PermitState
	Reserved int64 // set aside for this very bill
}

// SourceKnown is what the stream of the bill before says when a bill goes on with its load.
type SourceKnown struct {
	State  BillState
	Passed int64 // handed over to this very bill
}

// BillCommand is an act on a waybill; the method that seals it says what the interface calls it.
//
//sumtype:decl
type BillCommand interface{ billCommand() string }

// IssueBill makes out the bill. Known fields are filled in by the act of issuing, after the quota was reserved or the load handed
// over.
type IssueBill struct {
	Number         string     `json:"number" validate:"required,max=60"`
	PermitID       uuid.UUID  `json:"permit" validate:"required"`
	From           *uuid.UUID `json:"from,omitempty"`
	MiningVessel   VesselRef  `json:"miningVessel"`
	Carrier        VesselRef  `json:"carrier"`
	Owner          string     `json:"owner,omitempty" validate:"max=100"`
	Sand           string     `json:"sand" validate:"required,max=100"`
	Amount         int64      `json:"amount" validate:"min=1,max=100000000"`
	LoadingPlace   string     `json:"loadingPlace" validate:"required,max=200"`
	LoadedAt       time.Time  `json:"loadedAt" validate:"required"`
	UnloadingPlace string     `json:"unloadingPlace" validate:"required,max=200"`
	ValidUntil     time.Time  `json:"validUntil" validate:"required"`
	IssuerID       uuid.UUID  `json:"issuer" validate:"required"`
	Operator       string     `json:"operator,omitempty" validate:"max=100"`
	Last           bool       `json:"last,omitempty"` // nothing is left of the load of From

	// Known facts are not what a client sent, so the rules of its form are not theirs.
	Permit PermitKnown  `json:"-" validate:"-"`
	Source *SourceKnown `json:"-" validate:"-"`
	Issuer law.Officer  `json:"-"`
	At     time.Time    `json:"-"`
}

// CheckBill compares the bill with the load.
type CheckBill struct {
	Check    uuid.UUID         `json:"check" validate:"required"` // made by the client
	Place    domain.Place      `json:"place"`
	Seen     Seen              `json:"seen"`
	Photos   []domain.Evidence `json:"photos,omitempty" validate:"max=30,unique=SHA256,dive"`
	Officers []uuid.UUID       `json:"officers" validate:"required,min=2,max=20,unique"`

	Limits Limits        `json:"-"`
	Crew   []law.Officer `json:"-"`
	At     time.Time     `json:"-"`
}

// CiteCheck ties a check to a finding.
type CiteCheck struct {
	Check   uuid.UUID `json:"check" validate:"required"`
	Finding uuid.UUID `json:"finding" validate:"required"`
}

// UnloadBill uses the bill up.
type UnloadBill struct {
	Place    string `json:"place" validate:"required,max=200"`
	Seen     Seen   `json:"seen"`
	Receiver string `json:"receiver" validate:"required,max=100"`

	Limits Limits    `json:"-"`
	At     time.Time `json:"-"`
}

// TransshipBill hands load over. It is a step of issuing the bill that goes on, never sent by a client.
type TransshipBill struct {
	To     uuid.UUID
	Number string
	Amount int64
	Last   bool
	Place  string
	At     time.Time
}

// UndoTransshipment takes it back. It is a step of issuing the bill that goes on, never sent by a client.
type UndoTransshipment struct {
	To     uuid.UUID
	Reason string
}

// VoidBill ends a bill that never travelled.
type VoidBill struct {
	Reason string `json:"reason" validate:"required,oneof=not_loaded entered_wrong"`
	Note   string `json:"note" validate:"required,max=500"`

	At time.Time `json:"-"`
}

func (IssueBill) billCommand() string         { return "waybill.issue" }
func (CheckBill) billCommand() string         { return "waybill.check" }
func (CiteCheck) billCommand() string         { return "waybill.cite_check" }
func (UnloadBill) billCommand() string        { return "waybill.unload" }
func (TransshipBill) billCommand() string     { return "waybill.transship" }
func (UndoTransshipment) billCommand() string { return "waybill.undo_transshipment" }
func (VoidBill) billCommand() string          { return "waybill.void" }

// BillStatus is where a waybill stands.
type BillStatus string

// The states of a waybill.
const (
	BillOpen   BillStatus = "issued"  // 运输中
	BillUsedUp BillStatus = "used_up" // 已核销
	BillVoid   BillStatus = "voided"  // 已作废
)

// BillState is what decisions about a waybill need.
type BillState struct {
	Status  BillStatus
	Issued  BillIssued
	Rest    int64 // of the load that no later bill has taken over
	Passed  []PassedOn
	Checks  []uuid.UUID
	Matched bool // a check on the way found it in order: it travelled
	Landed  bool // unloaded, which nothing takes back
}

// PassedOn is load handed over to another bill.
type PassedOn struct {
	To     uuid.UUID
	Amount int64
}

// PassedTo is how much was handed over to a bill.
func (s BillState) PassedTo(bill uuid.UUID) int64 {
	for _, p := range s.Passed {
		if p.To == bill {
			return p.Amount
		}
	}
	return 0
}

// BillID is the aggregate of a bill number: the same number is the same stream, so a paper entered twice is found out.
func BillID(number string) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte("waybill\x00"+number))
}

// Bill decides about waybills.
func Bill() domain.Decider[BillState, BillCommand, BillEvent] {
	return domain.Decider[BillState, BillCommand, BillEvent]{Category: "waybill", Decide: decideBill, Evolve: evolveBill}
}

// AllowedOnBill says what may be done with a waybill, and what stands against the rest.
func AllowedOnBill(s BillState) []Action { return allowed(s, billGuards()) }

func billGuards() []guard[BillState] {
	return []guard[BillState]{
		{"waybill.issue", billIsNew}, {"waybill.check", billIsKnown}, {"waybill.cite_check", billIsKnown}, {"waybill.unload", billIsUsable},
		{"waybill.transship", billIsUsable}, {"waybill.undo_transshipment", billIsKnown}, {"waybill.void", billNeverTravelled},
	}
}

func billIsNew(s BillState) error {
	if s.Status != "" {
		return domain.RefuseByLaw("waybill.already_issued", billNotice, "该编号的采运管理单已经出具，一个编号只能使用一次。")
	}
	return nil
}

func billIsKnown(s BillState) error {
	if s.Status == "" {
		return domain.RefuseByLaw("waybill.unknown", billNotice, "没有这张采运管理单；不能提供合法有效管理单的，应当停止接收、装卸和过驳。")
	}
	return nil
}

// billIsUsable: nobody has used it, so one bill is never used twice.
func billIsUsable(s BillState) error {
	switch s.Status {
	case BillUsedUp:
		return domain.RefuseByLaw("waybill.used_up", billNotice, "该采运管理单已经核销，不能再次使用；应当停止接收、装卸和过驳，并通知水行政执法人员。")
	case BillVoid:
		return domain.RefuseByLaw("waybill.voided", billNotice, "该采运管理单已经作废，不能使用；应当停止接收、装卸和过驳，并通知水行政执法人员。")
	case "", BillOpen:
	}
	return billIsKnown(s)
}

// billNeverTravelled keeps a load that was seen under way in the quota: voiding its bill would mine it twice.
func billNeverTravelled(s BillState) error {
	if err := billIsUsable(s); err != nil {
		return err
	}
	if s.Matched || len(s.Passed) > 0 {
		return domain.RefuseByLaw("waybill.in_use", billNotice, "该采运管理单已经随船使用（经途中查验或者部分转运），不能作废。")
	}
	return nil
}

func decideBill(s BillState, c BillCommand) ([]BillEvent, error) {
	if err := check(s, billGuards(), c.billCommand()); err != nil {
		return nil, err
	}
	switch c := c.(type) {
	case IssueBill:
		return issueBill(c)
	case CheckBill:
		return checkBill(s, c)
	case CiteCheck:
		if !slices.Contains(s.Checks, c.Check) {
			return nil, domain.Refuse("waybill.no_such_check", "这张采运管理单没有该次查验记录。")
		}
		return []BillEvent{CheckCited(c)}, nil
	case UnloadBill:
		if err := agrees(s, c); err != nil {
			return nil, err
		}
		return []BillEvent{BillUnloaded{c.Place, c.Seen, c.Receiver, c.At}}, nil
	case TransshipBill:
		return transship(s, c)
	case UndoTransshipment:
		if s.PassedTo(c.To) == 0 {
			return nil, nil
		}
		return []BillEvent{TransshipmentUndone(c)}, nil
	case VoidBill:
		return []BillEvent{BillVoided{c.Reason, c.Note, c.At}}, nil
	}
	panic("sandmining: unknown command")
}

func issueBill(c IssueBill) ([]BillEvent, error) {
	p := c.Permit.State
	day := law.DateOf(c.LoadedAt)
	switch {
	case c.Amount <= 0:
		return nil, &domain.Refusal{Code: "waybill.amount", Field: "amount", Message: "装载数量应当大于零。"}
	case c.LoadedAt.After(c.At):
		return nil, &domain.Refusal{Code: "waybill.loaded_in_future", Field: "loadedAt", Article: billNotice, Message: "采运管理单应当在装载现场出具，装载时间不能晚于出具时间。"}
	case !c.ValidUntil.After(c.LoadedAt):
		return nil, &domain.Refusal{Code: "waybill.validity", Field: "validUntil", Message: "有效期应当晚于装载时间，请核对。"}
	}
	e := BillIssued{Number: c.Number, Permit: PermitRef{c.PermitID, p.Number, p.Terms.Zone}, From: c.From, Reach: p.Reach, MiningVessel: c.MiningVessel,
		Carrier: c.Carrier, Owner: c.Owner, Sand: c.Sand, Amount: c.Amount, Unit: p.Terms.Unit, LoadingPlace: c.LoadingPlace, LoadedAt: c.LoadedAt,
		UnloadingPlace: c.UnloadingPlace, ValidUntil: c.ValidUntil, Issuer: c.Issuer, Operator: c.Operator}
	if c.From != nil {
		return goOn(c, e)
	}
	if err := permitIsActive(p); err != nil {
		return nil, err
	}
	switch t := p.Terms; {
	case day < t.WorkFrom || day > t.WorkUntil:
		return nil, domain.RefuseByLaw("waybill.outside_period", asPermitted, "装载日期（"+string(day)+"）不在许可的采砂期限内，不能出具采运管理单。")
	case !slices.ContainsFunc(t.Vessels, c.MiningVessel.same):
		return nil, domain.RefuseByLaw("waybill.vessel_not_permitted", asPermitted, "采砂船舶“"+c.MiningVessel.Name+"”不在许可证载明的船舶之内，不能出具采运管理单。")
	case c.Permit.Reserved != c.Amount:
		return nil, domain.RefuseByLaw("waybill.not_reserved", asPermitted, "该采运管理单没有占用许可采量，或者占用的数量与装载数量不同，不能出具。")
	}
	return []BillEvent{e}, nil
}

// goOn issues the bill of a load that was transshipped: what the bill before said of permit, water and sand goes on with it.
func goOn(c IssueBill, e BillIssued) ([]BillEvent, error) {
	switch {
	case c.Source == nil || c.Source.State.Status == "":
		return nil, domain.RefuseByLaw("waybill.no_source", billNotice, "没有所引用的原采运管理单，不能出具转运管理单。")
	case c.Source.Passed != c.Amount:
		return nil, domain.RefuseByLaw("waybill.exceeds_source", billNotice, "转运数量与原采运管理单过驳给本单的数量不符，不能出具。")
	case c.Sand != c.Source.State.Issued.Sand:
		return nil, domain.RefuseByLaw("waybill.other_sand", billNotice, "砂石种类与原采运管理单不符，不能出具。")
	}
	before := c.Source.State.Issued
	e.Permit, e.Reach, e.MiningVessel, e.Unit = before.Permit, before.Reach, before.MiningVessel, before.Unit
	return []BillEvent{e}, nil
}

func checkBill(s BillState, c CheckBill) ([]BillEvent, error) {
	if slices.Contains(s.Checks, c.Check) {
		return nil, domain.Refuse("waybill.check_twice", "该次查验已经登记，请勿重复登记。")
	}
	if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
		return nil, err
	}
	var wrong []string
	for _, m := range []struct {
		what string
		is   bool
	}{
		{"expired", c.At.After(s.Issued.ValidUntil)}, {"not_yet_loaded", c.At.Before(s.Issued.LoadedAt)}, {"used_up", s.Status == BillUsedUp},
		{"voided", s.Status == BillVoid}, {"vessel", !s.Issued.Carrier.same(c.Seen.Carrier)}, {"sand", s.Issued.Sand != c.Seen.Sand},
		{"amount", c.Limits.exceeds(c.Seen.Amount, s.Rest)},
	} {
		if m.is {
			wrong = append(wrong, m.what)
		}
	}
	result := "match"
	if wrong != nil {
		result = "mismatch"
	}
	return []BillEvent{BillChecked{c.Check, c.Place, c.Seen, result, wrong, c.Limits, c.Photos, c.Crew, c.At}}, nil
}

// inTime refuses a bill that is shown before its sand was loaded or after it ran out.
func inTime(s BillState, at time.Time) error {
	switch {
	case at.Before(s.Issued.LoadedAt):
		return domain.RefuseByLaw("waybill.before_loaded", billNotice, "使用时间早于装载时间，该采运管理单与本船货物不符。")
	case at.After(s.Issued.ValidUntil):
		return domain.RefuseByLaw("waybill.expired", billNotice, "该采运管理单已过有效期，应当停止接收、装卸和过驳，并通知水行政执法人员。")
	}
	return nil
}

// agrees refuses to use a bill up for another load than its own.
func agrees(s BillState, c UnloadBill) error {
	if err := inTime(s, c.At); err != nil {
		return err
	}
	switch i := s.Issued; {
	case !i.Carrier.same(c.Seen.Carrier):
		return domain.RefuseByLaw("waybill.other_vessel", billNotice, "运砂船舶与采运管理单载明的船舶（"+i.Carrier.Name+"）不符，不能卸载。")
	case i.UnloadingPlace != c.Place:
		return domain.RefuseByLaw("waybill.other_place", billNotice, "卸载地点与采运管理单载明的地点（"+i.UnloadingPlace+"）不符，不能卸载。")
	case i.Sand != c.Seen.Sand:
		return domain.RefuseByLaw("waybill.wrong_sand", billNotice, "砂石种类与采运管理单载明的种类（"+i.Sand+"）不符，不能卸载。")
	case c.Limits.exceeds(c.Seen.Amount, s.Rest):
		return domain.RefuseByLaw("waybill.too_much", billNotice, "船上砂石数量超过采运管理单载明的数量，不能卸载。")
	}
	return nil
}

func transship(s BillState, c TransshipBill) ([]BillEvent, error) {
	if err := inTime(s, c.At); err != nil {
		return nil, err
	}
	switch {
	case s.PassedTo(c.To) != 0:
		return nil, domain.RefuseByLaw("waybill.already_passed", billNotice, "该转运管理单已经从原单转出过，一单只能使用一次。")
	case c.Amount <= 0 || c.Amount > s.Rest:
		return nil, domain.RefuseByLaw("waybill.exceeds_rest", billNotice, "转运数量超过原采运管理单剩余的数量，不能转运。")
	}
	return []BillEvent{BillTransshipped{c.To, c.Number, c.Amount, c.Last || c.Amount == s.Rest, c.Place, c.At}}, nil
}

func evolveBill(s BillState, e BillEvent) BillState {
	switch e := e.(type) {
	case BillIssued:
		s.Status, s.Issued, s.Rest = BillOpen, e, e.Amount
	case BillChecked:
		s.Checks = append(slices.Clip(s.Checks), e.Check)
		s.Matched = s.Matched || e.Result == "match"
	case CheckCited:
	case BillUnloaded:
		s.Status, s.Landed = BillUsedUp, true
	case BillTransshipped:
		s.Rest -= e.Amount
		s.Passed = append(slices.Clip(s.Passed), PassedOn{e.To, e.Amount})
		if e.Last {
			s.Status = BillUsedUp
		}
	case TransshipmentUndone:
		s.Rest += s.PassedTo(e.To)
		var kept []PassedOn
		for _, p := range s.Passed {
			if p.To != e.To {
				kept = append(kept, p)
			}
		}
		s.Passed = kept
		if s.Status == BillUsedUp && !s.Landed {
			s.Status = BillOpen
		}
	case BillVoided:
		s.Status = BillVoid
	}
	return s
}

func billTypes() []domain.Type {
	at := time.Date(2026, 3, 20, 1, 0, 0, 0, time.UTC)
	miner, carrier, before := sampleID(1), sampleID(4), sampleID(5)
	ship := VesselRef{&carrier, "苏示例货0002", "413000002"}
	seen := Seen{ship, "疏浚砂（中细砂）", 1820}
	return []domain.Type{
		domain.T(BillIssued{"示例单202603200001", PermitRef{PermitID("苏水采许〔2026〕示例1号"), "苏水采许〔2026〕示例1号", "JY-示例-01"}, &before, sampleReach(),
			VesselRef{&miner, "苏示例采0001", "413000001"}, ship, "示例航运有限公司", "疏浚砂（中细砂）", 1800, CubicMetres, "长江江阴段右岸示例水域", at,
			"示例码头", at.Add(48 * time.Hour), law.SampleOfficer(), "示例过驳区"}),
		domain.T(BillChecked{sampleID(3), samplePlace(), seen, "mismatch", []string{"vessel"}, Limits{"2026.1", true, 50}, []domain.Evidence{samplePhoto()}, law.SampleCrew(), at.Add(5 * time.Hour)}),
		domain.T(CheckCited{sampleID(3), uuid.MustParse("0197a000-0000-7000-8000-000000000101")}),
		domain.T(BillUnloaded{"示例码头", seen, "示例码头有限公司", at.Add(20 * time.Hour)}),
		domain.T(BillTransshipped{sampleID(6), "示例单202603200002", 900, true, "示例过驳区", at.Add(6 * time.Hour)}),
		domain.T(TransshipmentUndone{sampleID(6), "waybill.validity"}),
		domain.T(BillVoided{"not_loaded", "船舶故障，未装载", at.Add(time.Hour)}),
	}
}

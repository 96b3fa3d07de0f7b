package sandmining

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// VesselEvent is a fact in the life of a vessel.
//
//sumtype:decl
type VesselEvent interface {
	domain.Event
	vesselEvent()
}

// VesselRegistered adds a vessel to the register (船舶登记).
type VesselRegistered struct {
	District     string    `json:"district"`
	Identity     Identity  `json:"identity"`
	Owner        string    `json:"owner,omitempty"`
	Note         string    `json:"note,omitempty"`
	RegisteredAt time.Time `json:"registeredAt"`
}

// VesselIdentified corrects what is known of a vessel, for instance that a cargo ship hides a pump (船舶核实).
type VesselIdentified struct {
	Identity Identity `json:"identity"`
	Owner    string   `json:"owner,omitempty"`
	Reason   string   `json:"reason"`
}

// VesselSighted records where a vessel was and what it did (船舶发现).
type VesselSighted struct {
	Reach    Reach             `json:"reach"`
	Place    domain.Place      `json:"place"`
	Activity string            `json:"activity"`
	Source   string            `json:"source"`
	Patrol   *uuid.UUID        `json:"patrol,omitempty"`
	Finding  *uuid.UUID        `json:"finding,omitempty"`
	Note     string            `json:"note,omitempty"`
	Photos   []domain.Evidence `json:"photos,omitempty"`
}

// CargoChecked compares a load with the paper that goes with it (货物与凭证核对); a finding may cite Check.
type CargoChecked struct {
	Check      uuid.UUID         `json:"check"`
	Reach      Reach             `json:"reach"`
	Place      domain.Place      `json:"place"`
	Paper      CargoPaper        `json:"paper"`
	Sand       string            `json:"sand"`   // kind found aboard
	Amount     int64             `json:"amount"` // found aboard
	Unit       Unit              `json:"unit"`
	Result     string            `json:"result"`               // match | mismatch
	Mismatches []string          `json:"mismatches,omitempty"` // paper | sand | amount | unit
	Limits     Limits            `json:"limits"`
	Violation  string            `json:"violation,omitempty"` // cause in the catalogue that this suggests, on this water and day
	Photos     []domain.Evidence `json:"photos,omitempty"`
	Crew       []law.Officer     `json:"crew"`
	CheckedAt  time.Time         `json:"checkedAt"`
}

// BerthDesignated names the place where the vessel must lie (指定停泊地点).
type BerthDesignated struct {
	Berth    Berth        `json:"berth"`
	Document string       `json:"document"`
	Approval law.Approval `json:"approval"`
}

// VesselBerthed records that it lies at its place (集中停放).
type VesselBerthed struct {
	BerthedAt time.Time `json:"berthedAt"`
}

// LeavePermitted lets the vessel leave for a time (准予离开).
type LeavePermitted struct {
	From        law.Date     `json:"from"`
	Until       law.Date     `json:"until"`
	Destination string       `json:"destination"`
	Reason      string       `json:"reason"`
	Approval    law.Approval `json:"approval"`
}

// AbsenceFound records that the vessel is gone without leave, or longer than its leave lasts (擅自离开).
type AbsenceFound struct {
	Overstayed bool              `json:"overstayed"`          // it had leave, which has run out
	Violation  string            `json:"violation,omitempty"` // cause in the catalogue that this suggests, on the day
	Note       string            `json:"note,omitempty"`
	Photos     []domain.Evidence `json:"photos,omitempty"`
	Crew       []law.Officer     `json:"crew"`
	FoundAt    time.Time         `json:"foundAt"`
}

// VesselReturned records that it lies at its place again (返回停泊).
type VesselReturned struct {
	Late       bool      `json:"late"` // after the last day of its leave
	ReturnedAt time.Time `json:"returnedAt"`
}

// VesselRelocated records that it was taken to its place by force (强制转移至指定停泊地点).
type VesselRelocated struct {
	Document    string        `json:"document"` // number of the order to berth that was not obeyed, or of the measure that ended
	Reason      string        `json:"reason"`
	Crew        []law.Officer `json:"crew"`
	RelocatedAt time.Time     `json:"relocatedAt"`
}

// VesselHeld records that a case keeps the vessel (先行登记保存、查封、扣押).
type VesselHeld struct {
	Hold   Hold          `json:"hold"`
	Crew   []law.Officer `json:"crew"`
	HeldAt time.Time     `json:"heldAt"`
}

// VesselMoved records that a held vessel has another place or keeper (变更保管).
type VesselMoved struct {
	Place     string `json:"place"`
	Custodian string `json:"custodian"`
	Reason    string `json:"reason"`
}

// HoldLifted ends the measure of the case; the vessel still lies where it was kept (解除保存、查封、扣押).
type HoldLifted struct {
	Case     uuid.UUID    `json:"case"`
	Document string       `json:"document"`
	Reason   string       `json:"reason"`
	Approval law.Approval `json:"approval"`
}

// VesselReleased gives the vessel back (发还船舶).
type VesselReleased struct {
	Receiver   string        `json:"receiver"`
	Receipt    string        `json:"receipt"`
	Crew       []law.Officer `json:"crew"`
	ReleasedAt time.Time     `json:"releasedAt"`
}

// VesselConfiscated takes the vessel by a decision (没收船舶).
type VesselConfiscated struct {
	Case      uuid.UUID `json:"case"`
	Decision  string    `json:"decision"`
	DecidedOn law.Date  `json:"decidedOn"`
}

// AuctionFailed records an attempt to sell that found no buyer (流拍).
type AuctionFailed struct {
	Round  int64    `json:"round"` // 1 for the first
	On     law.Date `json:"on"`
	Reason string   `json:"reason"`
}

// VesselAuctioned ends in a sale (拍卖成交); the proceeds go to the treasury.
type VesselAuctioned struct {
	On           law.Date `json:"on"`
	Buyer        string   `json:"buyer"`
	ProceedsFen  int64    `json:"proceedsFen"`
	Receipt      string   `json:"receipt"`      // of the sale
	TreasuryNote string   `json:"treasuryNote"` // number of the paper by which the proceeds went to the treasury (缴款书)
}

// VesselDismantled ends in breaking up (拆解).
type VesselDismantled struct {
	On         law.Date          `json:"on"`
	Contractor string            `json:"contractor"`
	Receipt    string            `json:"receipt"`
	Photos     []domain.Evidence `json:"photos"`
	Crew       []law.Officer     `json:"crew"`
}

// EventType names the type in the log.
func (VesselRegistered) EventType() string { return "vessel.registered.v1" }

// EventType names the type in the log.
func (VesselIdentified) EventType() string { return "vessel.identified.v1" }

// EventType names the type in the log.
func (VesselSighted) EventType() string { return "vessel.sighted.v1" }

// EventType names the type in the log.
func (CargoChecked) EventType() string { return "vessel.cargo_checked.v1" }

// EventType names the type in the log.
func (BerthDesignated) EventType() string { return "vessel.berth_designated.v1" }

// EventType names the type in the log.
func (VesselBerthed) EventType() string { return "vessel.berthed.v1" }

// EventType names the type in the log.
func (LeavePermitted) EventType() string { return "vessel.leave_permitted.v1" }

// EventType names the type in the log.
func (AbsenceFound) EventType() string { return "vessel.absence_found.v1" }

// EventType names the type in the log.
func (VesselReturned) EventType() string { return "vessel.returned.v1" }

// EventType names the type in the log.
func (VesselRelocated) EventType() string { return "vessel.relocated.v1" }

// EventType names the type in the log.
func (VesselHeld) EventType() string { return "vessel.held.v1" }

// EventType names the type in the log.
func (VesselMoved) EventType() string { return "vessel.custody_moved.v1" }

// EventType names the type in the log.
func (HoldLifted) EventType() string { return "vessel.hold_lifted.v1" }

// EventType names the type in the log.
func (VesselReleased) EventType() string { return "vessel.released.v1" }

// EventType names the type in the log.
func (VesselConfiscated) EventType() string { return "vessel.confiscated.v1" }

// EventType names the type in the log.
func (AuctionFailed) EventType() string { return "vessel.auction_failed.v1" }

// EventType names the type in the log.
func (VesselAuctioned) EventType() string { return "vessel.auctioned.v1" }

// EventType names the type in the log.
func (VesselDismantled) EventType() string { return "vessel.dismantled.v1" }

func (VesselRegistered) vesselEvent()  {}
func (VesselIdentified) vesselEvent()  {}
func (VesselSighted) vesselEvent()     {}
func (CargoChecked) vesselEvent()      {}
func (BerthDesignated) vesselEvent()   {}
func (VesselBerthed) vesselEvent()     {}
func (LeavePermitted) vesselEvent()    {}
func (AbsenceFound) vesselEvent()      {}
func (VesselReturned) vesselEvent()    {}
func (VesselRelocated) vesselEvent()   {}
func (VesselHeld) vesselEvent()        {}
func (VesselMoved) vesselEvent()       {}
func (HoldLifted) vesselEvent()        {}
func (VesselReleased) vesselEvent()    {}
func (VesselConfiscated) vesselEvent() {}
func (AuctionFailed) vesselEvent()     {}
func (VesselAuctioned) vesselEvent()   {}
func (VesselDismantled) vesselEvent()  {}

// Identity is what is known of a vessel itself (船舶信息).
type Identity struct {
	Name       string `json:"name,omitempty" validate:"max=50"` // 船名船号, empty for a vessel without
	MMSI       string `json:"mmsi,omitempty" validate:"omitempty,len=9,numeric"`
	RegistryNo string `json:"registryNo,omitempty" validate:"max=50"` // 船舶登记号
	HomePort   string `json:"homePort,omitempty" validate:"max=50"`   // 船籍港
	Type       string `json:"type" validate:"required,oneof=dredger carrier transfer hidden other"`
	Papers     string `json:"papers" validate:"required,oneof=complete incomplete none unknown"` // none: “三无”船舶
	Colour     string `json:"colour,omitempty" validate:"max=20"`
	EngineNo   string `json:"engineNo,omitempty" validate:"max=50"`
	HullNo     string `json:"hullNo,omitempty" validate:"max=50"`
	LengthCM   int64  `json:"lengthCm,omitempty" validate:"min=0,max=100000"`
	CapacityT  int64  `json:"capacityT,omitempty" validate:"min=0,max=1000000"`
}

// Berth is a place that the county government has designated (停泊点).
type Berth struct {
	Name     string       `json:"name" validate:"required,max=60"`
	District string       `json:"district" validate:"required,len=6,alphanum"`
	Place    domain.Place `json:"place"`
}

// CargoPaper is what a carrier shows for its load (砂源凭证).
type CargoPaper struct {
	Kind   string     `json:"kind" validate:"required,oneof=waybill source_proof none"`
	Bill   *uuid.UUID `json:"bill,omitempty"`
	Number string     `json:"number,omitempty" validate:"max=60"`
	Sand   string     `json:"sand,omitempty" validate:"max=100"` // kind stated
	Amount int64      `json:"amount,omitempty" validate:"min=0,max=100000000000"`
	Unit   Unit       `json:"unit,omitempty" validate:"omitempty,oneof=m3 t"`
}

// Hold is a measure by which a case keeps a vessel (保管措施).
type Hold struct {
	Case      uuid.UUID `json:"case" validate:"required"`
	Measure   string    `json:"measure" validate:"required,oneof=preserved sealed seized"` // 先行登记保存、查封、扣押
	Basis     string    `json:"basis,omitempty" validate:"max=200"`                        // the provision that allows sealing or seizing this
	Document  string    `json:"document" validate:"required,max=100"`
	Place     string    `json:"place" validate:"required,max=100"`
	Custodian string    `json:"custodian" validate:"required,max=100"`
}

// VesselCommand is an act on a vessel; the method that seals it says what the interface calls it.
//
//sumtype:decl
type VesselCommand interface{ vesselCommand() string }

// RegisterVessel adds a vessel.
type RegisterVessel struct {
	District string   `json:"district" validate:"required,len=6,alphanum"`
	Identity Identity `json:"identity"`
	Owner    string   `json:"owner,omitempty" validate:"max=100"`
	Note     string   `json:"note,omitempty" validate:"max=500"`

	At time.Time `json:"-"`
}

// IdentifyVessel corrects what is known.
type IdentifyVessel struct {
	Identity Identity `json:"identity"`
	Owner    string   `json:"owner,omitempty" validate:"max=100"`
	Reason   string   `json:"reason" validate:"required,max=500"`
}

// SightVessel records a sighting.
type SightVessel struct {
	ReachID  uuid.UUID         `json:"reach" validate:"required"`
	Place    domain.Place      `json:"place"`
	Activity string            `json:"activity" validate:"required,oneof=berthed sailing mining loading unloading unknown"`
	Source   string            `json:"source" validate:"required,oneof=patrol tip transfer superior simple media satellite device"`
	Patrol   *uuid.UUID        `json:"patrol,omitempty"`
	Finding  *uuid.UUID        `json:"finding,omitempty"`
	Note     string            `json:"note,omitempty" validate:"max=2000"`
	Photos   []domain.Evidence `json:"photos,omitempty" validate:"max=30,unique=SHA256,dive"`

	Reach Reach `json:"-"`
}

// CheckCargo compares a load with its paper.
type CheckCargo struct {
	Check    uuid.UUID         `json:"check" validate:"required"` // made by the client
	ReachID  uuid.UUID         `json:"reach" validate:"required"`
	Place    domain.Place      `json:"place"`
	Paper    CargoPaper        `json:"paper"`
	Sand     string            `json:"sand" validate:"required,max=100"`
	Amount   int64             `json:"amount" validate:"min=0,max=100000000000"`
	Unit     Unit              `json:"unit" validate:"required,oneof=m3 t"`
	Photos   []domain.Evidence `json:"photos,omitempty" validate:"max=30,unique=SHA256,dive"`
	Officers []uuid.UUID       `json:"officers" validate:"required,min=2,max=20,unique"`

	Reach  Reach         `json:"-"`
	Limits Limits        `json:"-"`
	Crew   []law.Officer `json:"-"`
	At     time.Time     `json:"-"`
}

// DesignateBerth names the place where the vessel must lie.
type DesignateBerth struct {
	Berth    Berth        `json:"berth"`
	Document string       `json:"document" validate:"required,max=100"`
	Approval law.Approval `json:"approval"`
}

// BerthVessel records that it lies there.
type BerthVessel struct {
	At time.Time `json:"-"`
}

// PermitLeave lets it leave for a time.
type PermitLeave struct {
	From        law.Date     `json:"from" validate:"required,datetime=2006-01-02"`
	Until       law.Date     `json:"until" validate:"required,datetime=2006-01-02"`
	Destination string       `json:"destination" validate:"required,max=200"`
	Reason      string       `json:"reason" validate:"required,max=500"`
	Approval    law.Approval `json:"approval"`
}

// FindAbsence records that it is gone.
type FindAbsence struct {
	Note     string            `json:"note,omitempty" validate:"max=2000"`
	Photos   []domain.Evidence `json:"photos,omitempty" validate:"max=30,unique=SHA256,dive"`
	Officers []uuid.UUID       `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

// ReturnVessel records that it is back.
type ReturnVessel struct {
	At time.Time `json:"-"`
}

// RelocateVessel records that it was taken to its place.
type RelocateVessel struct {
	Document string      `json:"document" validate:"required,max=100"`
	Reason   string      `json:"reason" validate:"required,max=500"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

// HoldVessel keeps it for a case.
type HoldVessel struct {
	Hold     Hold        `json:"hold"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

// MoveVessel gives a held vessel another place or keeper.
type MoveVessel struct {
	Place     string `json:"place" validate:"required,max=100"`
	Custodian string `json:"custodian" validate:"required,max=100"`
	Reason    string `json:"reason" validate:"required,max=500"`
}

// LiftHold ends the measure.
type LiftHold struct {
	Case     uuid.UUID    `json:"case" validate:"required"`
	Document string       `json:"document" validate:"required,max=100"`
	Reason   string       `json:"reason" validate:"required,max=500"`
	Approval law.Approval `json:"approval"`
}

// ReleaseVessel gives it back.
type ReleaseVessel struct {
	Receiver string      `json:"receiver" validate:"required,max=100"`
	Receipt  string      `json:"receipt" validate:"required,max=100"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

// ConfiscateVessel takes it by a decision.
type ConfiscateVessel struct {
	Case      uuid.UUID `json:"case" validate:"required"`
	Decision  string    `json:"decision" validate:"required,max=100"`
	DecidedOn law.Date  `json:"decidedOn" validate:"required,datetime=2006-01-02"`
}

// FailAuction records an attempt to sell without a buyer.
type FailAuction struct {
	On     law.Date `json:"on" validate:"required,datetime=2006-01-02"`
	Reason string   `json:"reason" validate:"required,max=500"`
}

// AuctionVessel records the sale.
type AuctionVessel struct {
	On           law.Date `json:"on" validate:"required,datetime=2006-01-02"`
	Buyer        string   `json:"buyer" validate:"required,max=100"`
	ProceedsFen  int64    `json:"proceedsFen" validate:"min=1,max=100000000000"`
	Receipt      string   `json:"receipt" validate:"required,max=100"`
	TreasuryNote string   `json:"treasuryNote" validate:"max=100"`
}

// DismantleVessel records that it was broken up.
type DismantleVessel struct {
	On         law.Date          `json:"on" validate:"required,datetime=2006-01-02"`
	Contractor string            `json:"contractor" validate:"required,max=100"`
	Receipt    string            `json:"receipt" validate:"required,max=100"`
	Photos     []domain.Evidence `json:"photos" validate:"required,min=1,max=30,unique=SHA256,dive"`
	Officers   []uuid.UUID       `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (RegisterVessel) vesselCommand() string   { return "vessel.register" }
func (IdentifyVessel) vesselCommand() string   { return "vessel.identify" }
func (SightVessel) vesselCommand() string      { return "vessel.sight" }
func (CheckCargo) vesselCommand() string       { return "vessel.check_cargo" }
func (DesignateBerth) vesselCommand() string   { return "vessel.designate_berth" }
func (BerthVessel) vesselCommand() string      { return "vessel.berth" }
func (PermitLeave) vesselCommand() string      { return "vessel.permit_leave" }
func (FindAbsence) vesselCommand() string      { return "vessel.find_absence" }
func (ReturnVessel) vesselCommand() string     { return "vessel.return" }
func (RelocateVessel) vesselCommand() string   { return "vessel.relocate" }
func (HoldVessel) vesselCommand() string       { return "vessel.hold" }
func (MoveVessel) vesselCommand() string       { return "vessel.move" }
func (LiftHold) vesselCommand() string         { return "vessel.lift_hold" }
func (ReleaseVessel) vesselCommand() string    { return "vessel.release" }
func (ConfiscateVessel) vesselCommand() string { return "vessel.confiscate" }
func (FailAuction) vesselCommand() string      { return "vessel.fail_auction" }
func (AuctionVessel) vesselCommand() string    { return "vessel.auction" }
func (DismantleVessel) vesselCommand() string  { return "vessel.dismantle" }

// VesselStatus is where a vessel stands.
type VesselStatus string

// The states of a vessel.
const (
	VesselAtLarge    VesselStatus = "registered"  // 已登记，未指定停泊或者已发还
	VesselInBerth    VesselStatus = "berthed"     // 在指定地点停泊
	VesselOnLeave    VesselStatus = "on_leave"    // 准予离开
	VesselAstray     VesselStatus = "astray"      // 擅自离开
	VesselInCustody  VesselStatus = "held"        // 保存、查封、扣押中
	VesselLifted     VesselStatus = "lifted"      // 已解除措施，待发还或者转移
	VesselForfeited  VesselStatus = "confiscated" // 已没收，待处置
	VesselSold       VesselStatus = "auctioned"   // 已拍卖
	VesselTakenApart VesselStatus = "dismantled"  // 已拆解
)

// VesselState is what decisions about a vessel need.
type VesselState struct {
	Status   VesselStatus
	District string
	Identity Identity
	Berth    *Berth
	From     law.Date // first and last day of its leave
	Until    law.Date
	Hold     *Hold
	Rounds   int64 // auctions that failed
	Checks   []uuid.UUID
	Since    time.Time // registered at
}

// Vessel decides about vessels.
func Vessel() domain.Decider[VesselState, VesselCommand, VesselEvent] {
	return domain.Decider[VesselState, VesselCommand, VesselEvent]{Category: "vessel", Decide: decideVessel, Evolve: evolveVessel}
}

// AllowedOnVessel says what may be done with a vessel, and what stands against the rest.
func AllowedOnVessel(s VesselState) []Action { return allowed(s, vesselGuards()) }

func vesselGuards() []guard[VesselState] {
	return []guard[VesselState]{
		{"vessel.register", vesselIsNew}, {"vessel.identify", vesselIsKnown}, {"vessel.sight", vesselIsKnown}, {"vessel.check_cargo", vesselIsKnown},
		{"vessel.designate_berth", vesselIsFree}, {"vessel.berth", mayBerth}, {"vessel.permit_leave", vesselInBerth}, {"vessel.find_absence", mayBeAbsent},
		{"vessel.return", vesselIsAway}, {"vessel.relocate", mayRelocate}, {"vessel.hold", vesselIsFree}, {"vessel.move", vesselIsKept},
		{"vessel.lift_hold", vesselIsHeld}, {"vessel.release", mayRelease}, {"vessel.confiscate", vesselStands},
		{"vessel.fail_auction", vesselIsConfiscated}, {"vessel.auction", vesselIsConfiscated}, {"vessel.dismantle", vesselIsConfiscated},
	}
}

func vesselIsNew(s VesselState) error {
	if s.Status != "" {
		return domain.Refuse("vessel.already_registered", "该船舶已经登记，请勿重复登记。")
	}
	return nil
}

func vesselIsKnown(s VesselState) error {
	if s.Status == "" {
		return domain.Refuse("vessel.unknown", "没有这艘船舶，请先登记。")
	}
	return nil
}

// vesselStands: it is not yet taken from its owner for good.
func vesselStands(s VesselState) error {
	switch s.Status {
	case VesselForfeited, VesselSold, VesselTakenApart:
		return domain.Refuse("vessel.ended", "该船舶已经没收或者处置，不能再办理。")
	case "", VesselAtLarge, VesselInBerth, VesselOnLeave, VesselAstray, VesselInCustody, VesselLifted:
	}
	return vesselIsKnown(s)
}

// vesselIsFree: no case keeps it.
func vesselIsFree(s VesselState) error {
	if s.Status == VesselInCustody {
		return domain.RefuseByLaw("vessel.held", "《行政强制法》第二十三条", "该船舶正由案件保存、查封或者扣押，解除之前不能再次采取措施、指定停泊或者放行。")
	}
	return vesselStands(s)
}

func hasBerth(s VesselState) error {
	if s.Berth == nil {
		return domain.RefuseByLaw("vessel.no_berth", berthArticle, "该船舶没有指定停泊地点，请先登记指定的停泊地点。")
	}
	return nil
}

func mayBerth(s VesselState) error {
	if err := vesselIsFree(s); err != nil {
		return err
	}
	switch s.Status {
	case VesselInBerth:
		return domain.Refuse("vessel.already_berthed", "该船舶已经在指定地点停泊。")
	case VesselOnLeave, VesselAstray:
		return domain.Refuse("vessel.away", "该船舶已经离开停泊地点，请登记返回。")
	case "", VesselAtLarge, VesselInCustody, VesselLifted, VesselForfeited, VesselSold, VesselTakenApart:
	}
	return hasBerth(s)
}

func vesselInBerth(s VesselState) error {
	if err := vesselIsFree(s); err != nil {
		return err
	}
	if s.Status != VesselInBerth {
		return domain.RefuseByLaw("vessel.not_berthed", berthArticle, "该船舶不在指定地点停泊。")
	}
	return nil
}

func mayBeAbsent(s VesselState) error {
	if s.Status == VesselAstray {
		return domain.Refuse("vessel.already_astray", "该船舶擅自离开已经登记，请勿重复登记。")
	}
	if s.Status == VesselOnLeave {
		return nil // whether its leave has run out is a matter of the day
	}
	return vesselInBerth(s)
}

func vesselIsAway(s VesselState) error {
	if err := vesselIsFree(s); err != nil {
		return err
	}
	if s.Status != VesselOnLeave && s.Status != VesselAstray {
		return domain.Refuse("vessel.not_away", "该船舶没有离开停泊地点。")
	}
	return nil
}

func mayRelocate(s VesselState) error {
	if err := vesselIsFree(s); err != nil {
		return err
	}
	if s.Status != VesselAstray && s.Status != VesselLifted {
		return domain.RefuseByLaw("vessel.not_astray", relocateArticle, "只有擅自离开指定地点又拒不停靠，或者刚解除措施的船舶，才能强制转移到指定停泊地点。")
	}
	return hasBerth(s)
}

func vesselIsHeld(s VesselState) error {
	if err := vesselStands(s); err != nil {
		return err
	}
	if s.Hold == nil {
		return domain.Refuse("vessel.not_held", "该船舶没有被保存、查封或者扣押。")
	}
	return nil
}

func vesselIsKept(s VesselState) error {
	switch s.Status {
	case VesselInCustody, VesselLifted, VesselForfeited:
		return nil
	case "", VesselAtLarge, VesselInBerth, VesselOnLeave, VesselAstray, VesselSold, VesselTakenApart:
	}
	if err := vesselIsKnown(s); err != nil {
		return err
	}
	return domain.Refuse("vessel.not_kept", "该船舶不在保管之中。")
}

func mayRelease(s VesselState) error {
	if err := vesselIsFree(s); err != nil {
		return err
	}
	if s.Status != VesselLifted {
		return domain.Refuse("vessel.nothing_to_release", "该船舶没有需要发还的保管措施。")
	}
	return nil
}

func vesselIsConfiscated(s VesselState) error {
	if err := vesselIsKnown(s); err != nil {
		return err
	}
	if s.Status != VesselForfeited {
		return domain.RefuseByLaw("vessel.not_confiscated", goodsArticle, "只有依法没收、尚未处置的船舶才能拍卖或者拆解。")
	}
	return nil
}

func decideVessel(s VesselState, c VesselCommand) ([]VesselEvent, error) {
	if err := check(s, vesselGuards(), c.vesselCommand()); err != nil {
		return nil, err
	}
	switch c := c.(type) {
	case RegisterVessel:
		if err := papersAgree(c.Identity); err != nil {
			return nil, err
		}
		return []VesselEvent{VesselRegistered{c.District, c.Identity, c.Owner, c.Note, c.At}}, nil
	case IdentifyVessel:
		if err := papersAgree(c.Identity); err != nil {
			return nil, err
		}
		return []VesselEvent{VesselIdentified(c)}, nil
	case SightVessel:
		return []VesselEvent{VesselSighted{c.Reach, c.Place, c.Activity, c.Source, c.Patrol, c.Finding, c.Note, c.Photos}}, nil
	case CheckCargo:
		return checkCargo(s, c)
	case DesignateBerth:
		return []VesselEvent{BerthDesignated(c)}, nil
	case BerthVessel:
		return []VesselEvent{VesselBerthed{c.At}}, nil
	case PermitLeave:
		if c.Until < c.From {
			return nil, &domain.Refusal{Code: "vessel.leave_period", Field: "until", Message: "准予离开的截止日不能早于起始日，请核对。"}
		}
		return []VesselEvent{LeavePermitted(c)}, nil
	case FindAbsence:
		return findAbsence(s, c)
	case ReturnVessel:
		return []VesselEvent{VesselReturned{s.Status == VesselAstray || law.DateOf(c.At) > s.Until, c.At}}, nil
	case RelocateVessel:
		if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
			return nil, err
		}
		return []VesselEvent{VesselRelocated{c.Document, c.Reason, c.Crew, c.At}}, nil
	case HoldVessel:
		if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
			return nil, err
		}
		if err := hasBasis(c.Hold.Measure, c.Hold.Basis); err != nil {
			return nil, err
		}
		return []VesselEvent{VesselHeld{c.Hold, c.Crew, c.At}}, nil
	case MoveVessel:
		return []VesselEvent{VesselMoved(c)}, nil
	case LiftHold:
		if err := ofThisCase(s, c.Case); err != nil {
			return nil, err
		}
		return []VesselEvent{HoldLifted(c)}, nil
	case ReleaseVessel:
		if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
			return nil, err
		}
		return []VesselEvent{VesselReleased{c.Receiver, c.Receipt, c.Crew, c.At}}, nil
	case ConfiscateVessel:
		if err := ofThisCase(s, c.Case); err != nil {
			return nil, err
		}
		return []VesselEvent{VesselConfiscated(c)}, nil
	case FailAuction:
		return []VesselEvent{AuctionFailed{s.Rounds + 1, c.On, c.Reason}}, nil
	case AuctionVessel:
		if c.TreasuryNote == "" {
			return nil, domain.RefuseByLaw("vessel.proceeds", goodsArticle, "拍卖款须全部上缴国库，请填写缴款书编号。")
		}
		return []VesselEvent{VesselAuctioned(c)}, nil
	case DismantleVessel:
		if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
			return nil, err
		}
		if len(c.Photos) == 0 {
			return nil, domain.RefuseByLaw("vessel.no_photos", "《行政处罚法》第四十七条", "拆解船舶须有全过程照片，请补充。")
		}
		return []VesselEvent{VesselDismantled{c.On, c.Contractor, c.Receipt, c.Photos, c.Crew}}, nil
	}
	panic("sandmining: unknown command")
}

// papersAgree refuses an identity that says “三无” of a vessel with name, number and port, or “complete” of one without.
func papersAgree(i Identity) error {
	named := i.Name != "" && i.RegistryNo != "" && i.HomePort != ""
	if i.Papers == "none" && i.RegistryNo != "" || i.Papers == "complete" && !named {
		return domain.RefuseByLaw("vessel.papers", "《内河交通安全管理条例》第六十四条", "证照情况与船名船号、登记号、船籍港不符：证照齐全的船舶三项都应填写，“三无”船舶没有登记号。")
	}
	return nil
}

// hasBasis refuses sealing and seizing without the provision that allows it: unlike advance registration, no general power exists.
func hasBasis(measure, basis string) error {
	if measure != "preserved" && basis == "" {
		return domain.RefuseByLaw("vessel.no_basis", seizureArticle, "查封、扣押须有法律、法规的明文规定，请填写依据的条款；没有明文规定的，可以先行登记保存。")
	}
	return nil
}

func ofThisCase(s VesselState, file uuid.UUID) error {
	if s.Hold != nil && s.Hold.Case != file {
		return domain.RefuseByLaw("vessel.held_by_other_case", storeArticle, "该船舶由另一案件保存、查封或者扣押，应当由该案件办理解除。")
	}
	return nil
}

func checkCargo(s VesselState, c CheckCargo) ([]VesselEvent, error) {
	if slices.Contains(s.Checks, c.Check) {
		return nil, domain.Refuse("vessel.check_twice", "该次核对已经登记，请勿重复登记。")
	}
	if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
		return nil, err
	}
	var wrong []string
	switch {
	case c.Paper.Kind == "none" || c.Paper.Number == "":
		wrong = append(wrong, "paper")
	default:
		if c.Paper.Sand != c.Sand {
			wrong = append(wrong, "sand")
		}
		if c.Paper.Unit != c.Unit {
			wrong = append(wrong, "unit")
		} else if c.Limits.exceeds(c.Amount, c.Paper.Amount) {
			wrong = append(wrong, "amount")
		}
	}
	result, violation := "match", ""
	if wrong != nil {
		result, violation = "mismatch", suggested(c.Reach.Regime, law.DateOf(c.At), "S04")
	}
	return []VesselEvent{CargoChecked{c.Check, c.Reach, c.Place, c.Paper, c.Sand, c.Amount, c.Unit, result, wrong, c.Limits, violation, c.Photos, c.Crew, c.At}}, nil
}

func findAbsence(s VesselState, c FindAbsence) ([]VesselEvent, error) {
	on := law.DateOf(c.At)
	if s.Status == VesselOnLeave && s.From <= on && on <= s.Until {
		return nil, domain.RefuseByLaw("vessel.on_leave", berthArticle, "该船舶在准予离开的期限内（"+string(s.From)+"至"+string(s.Until)+"），不属于擅自离开。")
	}
	if err := law.TwoCertified(c.Crew, on); err != nil {
		return nil, err
	}
	return []VesselEvent{AbsenceFound{s.Status == VesselOnLeave && on > s.Until, suggested(law.Yangtze, on, "S05", "S05-2002"), c.Note, c.Photos, c.Crew, c.At}}, nil
}

// suggested is the first of the causes that applied on this water and that day; empty if none did. It is a hint for who decides
// on filing, not a finding of guilt.
func suggested(regime law.Regime, on law.Date, codes ...string) string {
	for _, code := range codes {
		v, ok := law.ViolationByCode(code)
		if ok && slices.Contains(v.Regimes, regime) && v.From <= on && (v.Until == "" || on <= v.Until) {
			return code
		}
	}
	return ""
}

func evolveVessel(s VesselState, e VesselEvent) VesselState {
	switch e := e.(type) {
	case VesselRegistered:
		s.Status, s.District, s.Identity, s.Since = VesselAtLarge, e.District, e.Identity, e.RegisteredAt
	case VesselIdentified:
		s.Identity = e.Identity
	case VesselSighted:
	case CargoChecked:
		s.Checks = append(slices.Clip(s.Checks), e.Check)
	case BerthDesignated:
		s.Berth = &e.Berth
	case VesselBerthed, VesselReturned, VesselRelocated:
		s.Status, s.From, s.Until = VesselInBerth, "", ""
	case LeavePermitted:
		s.Status, s.From, s.Until = VesselOnLeave, e.From, e.Until
	case AbsenceFound:
		s.Status = VesselAstray
	case VesselHeld:
		s.Status, s.Hold = VesselInCustody, &e.Hold
	case VesselMoved:
		if s.Hold != nil {
			h := *s.Hold
			h.Place, h.Custodian = e.Place, e.Custodian
			s.Hold = &h
		}
	case HoldLifted:
		s.Status, s.Hold = VesselLifted, nil
	case VesselReleased:
		s.Status = VesselAtLarge
	case VesselConfiscated:
		s.Status, s.Hold = VesselForfeited, nil
	case AuctionFailed:
		s.Rounds = e.Round
	case VesselAuctioned:
		s.Status = VesselSold
	case VesselDismantled:
		s.Status = VesselTakenApart
	}
	return s
}

func vesselTypes() []domain.Type {
	at := time.Date(2026, 3, 2, 1, 5, 0, 0, time.UTC)
	patrol, finding, bill, file := uuid.MustParse("0197a000-0000-7000-8000-000000000201"), uuid.MustParse("0197a000-0000-7000-8000-000000000101"), sampleID(2), uuid.MustParse("0197a000-0000-7000-8000-000000000301")
	identity := Identity{"苏示例采0001", "413000001", "示例060000001", "江阴", "hidden", "incomplete", "蓝", "示例机001", "示例壳001", 8500, 2400}
	crew, photos := law.SampleCrew(), []domain.Evidence{samplePhoto()}
	return []domain.Type{
		domain.T(VesselRegistered{"320281", identity, "示例航运有限公司", "夜间查获", at}),
		domain.T(VesselIdentified{identity, "示例航运有限公司", "船舱内发现吸砂泵"}),
		domain.T(VesselSighted{sampleReach(), samplePlace(), "mining", "patrol", &patrol, &finding, "两管作业", photos}),
		domain.T(CargoChecked{sampleID(3), sampleReach(), samplePlace(), CargoPaper{"source_proof", &bill, "示例证明001", "机制砂", 800, Tonnes}, "河砂", 830, Tonnes,
			"mismatch", []string{"sand"}, Limits{"2026.1", true, 50}, "S04", photos, crew, at}),
		domain.T(BerthDesignated{Berth{"芦埠港停泊点", "320281", samplePlace()}, "澄政发〔2026〕示例号", sampleApproval()}),
		domain.T(VesselBerthed{at.Add(time.Hour)}),
		domain.T(LeavePermitted{"2026-03-10", "2026-03-20", "示例船厂", "进厂修理", sampleApproval()}),
		domain.T(AbsenceFound{true, "S05", "停泊点空缺", photos, crew, at.Add(20 * 24 * time.Hour)}),
		domain.T(VesselReturned{true, at.Add(21 * 24 * time.Hour)}),
		domain.T(VesselRelocated{"澄水责停〔2026〕示例号", "拒不停靠", crew, at.Add(22 * 24 * time.Hour)}),
		domain.T(VesselHeld{Hold{file, "seized", "示例法规第一条", "澄水扣〔2026〕示例号", "芦埠港", "示例看管单位"}, crew, at.Add(2 * time.Hour)}),
		domain.T(VesselMoved{"示例锚地", "示例看管单位", "芦埠港泊位不足"}),
		domain.T(HoldLifted{file, "澄水解〔2026〕示例号", "处罚履行完毕", sampleApproval()}),
		domain.T(VesselReleased{"示例航运有限公司", "发还清单示例号", crew, at.Add(30 * 24 * time.Hour)}),
		domain.T(VesselConfiscated{file, "澄水罚〔2026〕示例1号", "2026-05-20"}),
		domain.T(AuctionFailed{1, "2026-07-01", "无人报名"}),
		domain.T(VesselAuctioned{"2026-08-01", "示例拆船有限公司", 3500000, "成交确认书示例号", "缴款书示例号"}),
		domain.T(VesselDismantled{"2026-09-01", "示例拆船有限公司", "拆解证明示例号", photos, crew}),
	}
}

package waters

import (
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/law"
	"shuizheng/domain/sandmining"
	"shuizheng/projections"
)

// Permit is a line of the ledger of permits (许可证台账).
type Permit struct {
	ID       uuid.UUID               `json:"id"`
	Number   string                  `json:"number"`
	Status   sandmining.PermitStatus `json:"status"`
	Reach    sandmining.Reach        `json:"reach"`
	Organ    string                  `json:"organ"`
	Terms    sandmining.Terms        `json:"terms"`
	Used     int64                   `json:"used"`
	Left     int64                   `json:"left"`  // of the total; a year may have less
	Bills    int64                   `json:"bills"` // that stand
	IssuedOn law.Date                `json:"issuedOn"`
	EndedBy  string                  `json:"endedBy,omitempty"` // revoked | withdrawn | cancelled
}

func permit[E sandmining.PermitEvent](tx *projections.Tx, r domain.Record, _ domain.Meta, e E) error {
	_, _, err := permitLedger().apply(tx, r, e)
	return err
}

func permitLedger() ledger[Permit, sandmining.PermitState, sandmining.PermitEvent] {
	return ledger[Permit, sandmining.PermitState, sandmining.PermitEvent]{
		read:   "SELECT row, state FROM waters_permit WHERE id = ?",
		insert: "INSERT INTO waters_permit (n, id, number, district, reach, status, valid_until, row, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		update: "UPDATE waters_permit SET number = ?, district = ?, reach = ?, status = ?, valid_until = ?, row = ?, state = ? WHERE id = ?",
		evolve: func(s sandmining.PermitState, e sandmining.PermitEvent) sandmining.PermitState {
			s = sandmining.Permit().Evolve(s, e)
			s.Bills, s.Years = nil, nil // thousands; each stands in the ledger of bills
			return s
		},
		line: func(row *Permit, s sandmining.PermitState, r domain.Record, e sandmining.PermitEvent) {
			switch e := e.(type) {
			case sandmining.PermitIssued:
				_, row.ID, _ = domain.SplitStream(r.Stream)
				row.Number, row.Reach, row.Organ, row.IssuedOn = e.Number, e.Reach, e.Organ, law.DateOf(e.IssuedAt)
			case sandmining.QuotaReserved:
				row.Bills++
			case sandmining.QuotaReleased:
				row.Bills--
			case sandmining.PermitEnded:
				row.EndedBy = e.Way
			case sandmining.PermitAmended, sandmining.PermitSuspended, sandmining.PermitResumed, sandmining.ExtractionRecorded:
			}
			row.Status, row.Terms, row.Used, row.Left = s.Status, s.Terms, s.Used, s.Terms.Quota-s.Used
		},
		columns: func(p Permit) []any {
			return []any{p.Number, p.Reach.District, p.Reach.ID, p.Status, p.Terms.ValidUntil}
		},
	}
}

// PermitFilter selects permits; a zero field selects all.
type PermitFilter struct {
	Districts []string
	Statuses  []sandmining.PermitStatus
	Reach     *uuid.UUID
	Number    string // a part of it
}

// Permits reads a page of the ledger of permits.
func Permits(conn *sqlite.Conn, f PermitFilter, p projections.Page) (projections.List[Permit], error) {
	var w projections.Where
	projections.Among(&w, "t.district", f.Districts)
	projections.Among(&w, "t.status", f.Statuses)
	if f.Reach != nil {
		w.Add("t.reach = ?", *f.Reach)
	}
	if f.Number != "" {
		w.Add("instr(t.number, ?) > 0", f.Number)
	}
	return search(conn, projections.Table[Permit]{From: "waters_permit t", Number: "t.n", Columns: "t.row", Scan: scan[Permit], Sorts: []projections.Sort{
		{Name: "-issued", Column: "t.n", Desc: true}, {Name: "validUntil", Column: "t.valid_until", Text: true}, {Name: "-validUntil", Column: "t.valid_until", Text: true, Desc: true},
	}}, w, p)
}

// PermitByID reads a permit.
func PermitByID(conn *sqlite.Conn, id uuid.UUID) (Permit, bool, error) {
	return one[Permit](conn, "SELECT row FROM waters_permit WHERE id = ?", id)
}

// Vessel is a line of the register of vessels (船舶台账).
type Vessel struct {
	ID           uuid.UUID               `json:"id"`
	District     string                  `json:"district"`
	Status       sandmining.VesselStatus `json:"status"`
	Identity     sandmining.Identity     `json:"identity"`
	Owner        string                  `json:"owner,omitempty"`
	Berth        string                  `json:"berth,omitempty"`
	LeaveUntil   law.Date                `json:"leaveUntil,omitempty"`
	Hold         *sandmining.Hold        `json:"hold,omitempty"`
	Seen         *Sighting               `json:"seen,omitempty"` // last
	Absences     int64                   `json:"absences"`       // 擅自离开的次数
	Mismatches   int64                   `json:"mismatches"`     // 货证不符的次数
	RegisteredOn law.Date                `json:"registeredOn"`
}

// Sighting is where a vessel was seen last, and doing what.
type Sighting struct {
	At       time.Time        `json:"at"`
	Reach    sandmining.Reach `json:"reach"`
	Place    domain.Place     `json:"place"`
	Activity string           `json:"activity"`
}

func vessel[E sandmining.VesselEvent](tx *projections.Tx, r domain.Record, m domain.Meta, e E) error {
	row, _, err := vesselLedger(m).apply(tx, r, e)
	if err != nil {
		return err
	}
	switch e := any(e).(type) {
	case sandmining.VesselSighted:
		return cite(tx, e.Reach.District, e.Photos...)
	case sandmining.CargoChecked:
		return cite(tx, e.Reach.District, e.Photos...)
	case sandmining.AbsenceFound:
		return cite(tx, row.District, e.Photos...)
	case sandmining.VesselDismantled:
		return cite(tx, row.District, e.Photos...)
	}
	return nil
}

func vesselLedger(m domain.Meta) ledger[Vessel, sandmining.VesselState, sandmining.VesselEvent] {
	return ledger[Vessel, sandmining.VesselState, sandmining.VesselEvent]{
		read:   "SELECT row, state FROM waters_vessel WHERE id = ?",
		insert: "INSERT INTO waters_vessel (n, id, district, status, type, papers, name, mmsi, row, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		update: "UPDATE waters_vessel SET district = ?, status = ?, type = ?, papers = ?, name = ?, mmsi = ?, row = ?, state = ? WHERE id = ?",
		evolve: sandmining.Vessel().Evolve,
		line: func(row *Vessel, s sandmining.VesselState, r domain.Record, e sandmining.VesselEvent) {
			switch e := e.(type) {
			case sandmining.VesselRegistered:
				_, row.ID, _ = domain.SplitStream(r.Stream)
				row.District, row.Owner, row.RegisteredOn = e.District, e.Owner, law.DateOf(e.RegisteredAt)
			case sandmining.VesselIdentified:
				row.Owner = e.Owner
			case sandmining.VesselSighted:
				if row.Seen == nil || !m.OccurredAt.Before(row.Seen.At) { // sightings arrive late and out of order
					row.Seen = &Sighting{m.OccurredAt, e.Reach, e.Place, e.Activity}
				}
			case sandmining.CargoChecked:
				if e.Result != "match" {
					row.Mismatches++
				}
			case sandmining.AbsenceFound:
				row.Absences++
			case sandmining.BerthDesignated, sandmining.VesselBerthed, sandmining.LeavePermitted, sandmining.VesselReturned, sandmining.VesselRelocated, sandmining.VesselHeld, sandmining.VesselMoved,
				sandmining.HoldLifted, sandmining.VesselReleased, sandmining.VesselConfiscated, sandmining.AuctionFailed, sandmining.VesselAuctioned, sandmining.VesselDismantled:
			}
			row.Status, row.Identity, row.LeaveUntil, row.Hold = s.Status, s.Identity, s.Until, s.Hold
			if s.Berth != nil {
				row.Berth = s.Berth.Name
			}
		},
		columns: func(v Vessel) []any {
			return []any{v.District, v.Status, v.Identity.Type, v.Identity.Papers, v.Identity.Name, v.Identity.MMSI}
		},
	}
}

// VesselFilter selects vessels; a zero field selects all.
type VesselFilter struct {
	Districts []string
	Statuses  []sandmining.VesselStatus
	Types     []string
	Papers    []string
	Name      string // a part of name or AIS number
}

// Vessels reads a page of the register of vessels.
func Vessels(conn *sqlite.Conn, f VesselFilter, p projections.Page) (projections.List[Vessel], error) {
	var w projections.Where
	projections.Among(&w, "t.district", f.Districts)
	projections.Among(&w, "t.status", f.Statuses)
	projections.Among(&w, "t.type", f.Types)
	projections.Among(&w, "t.papers", f.Papers)
	if f.Name != "" {
		w.Add("(instr(t.name, ?) > 0 OR instr(t.mmsi, ?) > 0)", f.Name, f.Name)
	}
	return search(conn, projections.Table[Vessel]{From: "waters_vessel t", Number: "t.n", Columns: "t.row", Scan: scan[Vessel], Sorts: []projections.Sort{
		{Name: "-registered", Column: "t.n", Desc: true}, {Name: "name", Column: "t.name", Text: true}, {Name: "-name", Column: "t.name", Text: true, Desc: true},
	}}, w, p)
}

// VesselByID reads a vessel.
func VesselByID(conn *sqlite.Conn, id uuid.UUID) (Vessel, bool, error) {
	return one[Vessel](conn, "SELECT row FROM waters_vessel WHERE id = ?", id)
}

// Bill is a line of the ledger of waybills (采运管理单台账).
type Bill struct {
	ID         uuid.UUID             `json:"id"`
	Status     sandmining.BillStatus `json:"status"`
	Issued     sandmining.BillIssued `json:"issued"`
	Rest       int64                 `json:"rest"`       // of the load that no later bill has taken over
	Checks     int64                 `json:"checks"`     // on the way
	Mismatched bool                  `json:"mismatched"` // a check found that something does not agree
	UsedAt     *time.Time            `json:"usedAt,omitempty"`
}

func bill[E sandmining.BillEvent](tx *projections.Tx, r domain.Record, m domain.Meta, e E) error {
	row, _, err := billLedger(m).apply(tx, r, e)
	if err != nil {
		return err
	}
	if e, ok := any(e).(sandmining.BillChecked); ok {
		return cite(tx, row.Issued.Reach.District, e.Photos...)
	}
	return nil
}

func billLedger(m domain.Meta) ledger[Bill, sandmining.BillState, sandmining.BillEvent] {
	return ledger[Bill, sandmining.BillState, sandmining.BillEvent]{
		read:   "SELECT row, state FROM waters_bill WHERE id = ?",
		insert: "INSERT INTO waters_bill (n, id, number, permit, district, status, carrier, loaded_at, mismatched, row, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		update: "UPDATE waters_bill SET number = ?, permit = ?, district = ?, status = ?, carrier = ?, loaded_at = ?, mismatched = ?, row = ?, state = ? WHERE id = ?",
		evolve: sandmining.Bill().Evolve,
		line: func(row *Bill, s sandmining.BillState, r domain.Record, e sandmining.BillEvent) {
			switch e := e.(type) {
			case sandmining.BillIssued:
				_, row.ID, _ = domain.SplitStream(r.Stream)
			case sandmining.BillChecked:
				row.Checks++
				row.Mismatched = row.Mismatched || e.Result != "match"
			case sandmining.CheckCited, sandmining.BillUnloaded, sandmining.BillTransshipped, sandmining.TransshipmentUndone, sandmining.BillVoided:
			}
			row.Status, row.Issued, row.Rest = s.Status, s.Issued, s.Rest
			switch {
			case s.Status != sandmining.BillUsedUp:
				row.UsedAt = nil
			case row.UsedAt == nil:
				row.UsedAt = &m.OccurredAt
			}
		},
		columns: func(b Bill) []any {
			i := b.Issued
			return []any{i.Number, i.Permit.ID, i.Reach.District, b.Status, i.Carrier.Name, i.LoadedAt, b.Mismatched}
		},
	}
}

// BillFilter selects waybills; a zero field selects all.
type BillFilter struct {
	Districts  []string
	Statuses   []sandmining.BillStatus
	Permit     *uuid.UUID
	Number     string // a part of the number or of the carrier's name
	Mismatched bool   // only those that a check found something wrong with
}

// Bills reads a page of the ledger of waybills.
func Bills(conn *sqlite.Conn, f BillFilter, p projections.Page) (projections.List[Bill], error) {
	var w projections.Where
	projections.Among(&w, "t.district", f.Districts)
	projections.Among(&w, "t.status", f.Statuses)
	if f.Permit != nil {
		w.Add("t.permit = ?", *f.Permit)
	}
	if f.Number != "" {
		w.Add("(instr(t.number, ?) > 0 OR instr(t.carrier, ?) > 0)", f.Number, f.Number)
	}
	if f.Mismatched {
		w.Add("t.mismatched")
	}
	return search(conn, projections.Table[Bill]{From: "waters_bill t", Number: "t.n", Columns: "t.row", Scan: scan[Bill], Sorts: []projections.Sort{
		{Name: "-loadedAt", Column: "t.loaded_at", Desc: true}, {Name: "loadedAt", Column: "t.loaded_at"},
	}}, w, p)
}

// BillByID reads a waybill.
func BillByID(conn *sqlite.Conn, id uuid.UUID) (Bill, bool, error) {
	return one[Bill](conn, "SELECT row FROM waters_bill WHERE id = ?", id)
}

// Package waters is the read model of sand mining and shoreline: the ledgers of permits, vessels and waybills (涉砂台账) and of
// problems and satellite polygons (岸线问题台账). What a record's status is, its own decider says: a handler evolves the state as the
// decider does, and keeps it beside the line.
package waters

import (
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/finding"
	"shuizheng/domain/patrol"
	"shuizheng/domain/registry"
	"shuizheng/domain/sandmining"
	"shuizheng/domain/shoreline"
	"shuizheng/projections"
)

//go:embed schema.sql
var schema string

// Projection returns the projection.
func Projection() projections.Projection {
	return projections.Projection{Name: "waters", Version: 1, Schema: schema, Handlers: []projections.Handler{
		projections.On(permit[sandmining.PermitIssued]), projections.On(permit[sandmining.PermitAmended]), projections.On(permit[sandmining.PermitSuspended]),
		projections.On(permit[sandmining.PermitResumed]), projections.On(permit[sandmining.PermitEnded]), projections.On(permit[sandmining.QuotaReserved]),
		projections.On(permit[sandmining.QuotaReleased]), projections.On(permit[sandmining.ExtractionRecorded]),

		projections.On(vessel[sandmining.VesselRegistered]), projections.On(vessel[sandmining.VesselIdentified]), projections.On(vessel[sandmining.VesselSighted]),
		projections.On(vessel[sandmining.CargoChecked]), projections.On(vessel[sandmining.BerthDesignated]), projections.On(vessel[sandmining.VesselBerthed]),
		projections.On(vessel[sandmining.LeavePermitted]), projections.On(vessel[sandmining.AbsenceFound]), projections.On(vessel[sandmining.VesselReturned]),
		projections.On(vessel[sandmining.VesselRelocated]), projections.On(vessel[sandmining.VesselHeld]), projections.On(vessel[sandmining.VesselMoved]),
		projections.On(vessel[sandmining.HoldLifted]), projections.On(vessel[sandmining.VesselReleased]), projections.On(vessel[sandmining.VesselConfiscated]),
		projections.On(vessel[sandmining.AuctionFailed]), projections.On(vessel[sandmining.VesselAuctioned]), projections.On(vessel[sandmining.VesselDismantled]),

		projections.On(bill[sandmining.BillIssued]), projections.On(bill[sandmining.BillChecked]), projections.On(bill[sandmining.CheckCited]), projections.On(bill[sandmining.BillUnloaded]),
		projections.On(bill[sandmining.BillTransshipped]), projections.On(bill[sandmining.TransshipmentUndone]), projections.On(bill[sandmining.BillVoided]),

		projections.On(problem[shoreline.ProblemFound]), projections.On(problem[shoreline.ProblemConfirmed]), projections.On(problem[shoreline.ProblemRejected]),
		projections.On(problem[shoreline.RejectionSpotChecked]), projections.On(problem[shoreline.ProblemDispatched]), projections.On(problem[shoreline.PlanSubmitted]),
		projections.On(problem[shoreline.ProgressReported]), projections.On(problem[shoreline.CaseLinked]), projections.On(problem[shoreline.RectificationCompleted]),
		projections.On(problem[shoreline.AcceptancePassed]), projections.On(problem[shoreline.AcceptanceFailed]), projections.On(problem[shoreline.ProblemClosedOut]),
		projections.On(problem[shoreline.ProblemRechecked]), projections.On(problem[shoreline.ProblemReopened]), projections.On(problem[shoreline.ExtensionApproved]),

		projections.On(polygon[shoreline.PolygonPushed]), projections.On(polygon[shoreline.PolygonAssigned]), projections.On(polygon[shoreline.PolygonChecked]),
		projections.On(polygon[shoreline.PolygonReviewed]), projections.On(polygon[shoreline.PolygonSpotChecked]),

		projections.IgnoreRest(registry.Types()), projections.IgnoreRest(patrol.Types()), projections.IgnoreRest(finding.Types()), projections.IgnoreRest(casefile.Types()),
		projections.Ignore(sandmining.GoodsTakenIn{}.EventType(), sandmining.GoodsMoved{}.EventType(), sandmining.GoodsCounted{}.EventType(),
			sandmining.GoodsAppraised{}.EventType(), sandmining.GoodsDisposed{}.EventType(), sandmining.CustodyClosed{}.EventType()), // shown on the page of their case
	}}
}

// ledger is one kind of record: its statements, whose text is constant, and how a line follows from an event.
type ledger[T, S any, E domain.Event] struct {
	read, insert, update string
	evolve               func(S, E) S
	line                 func(row *T, s S, r domain.Record, e E) // what the event changes of the line
	columns              func(T) []any                           // as the statements name them
}

// apply evolves a record by an event and writes its line. It returns the line, and whether the event opened it.
func (l ledger[T, S, E]) apply(tx *projections.Tx, r domain.Record, e E) (row T, opened bool, err error) {
	var state S
	id, err := projections.Subject(r)
	if err != nil {
		return row, false, err
	}
	opened = true
	if err := tx.Query(l.read, func(stored *projections.Row) error {
		opened = false
		if err := json.Unmarshal(stored.Bytes(), &row); err != nil {
			return err
		}
		return json.Unmarshal(stored.Bytes(), &state)
	}, id); err != nil {
		return row, false, err
	}
	if opened && r.Revision != 0 {
		return row, false, fmt.Errorf("%s was never opened", r.Stream)
	}
	state = l.evolve(state, e)
	l.line(&row, state, r, e)
	line, err := json.Marshal(row)
	if err != nil {
		return row, opened, err
	}
	known, err := json.Marshal(state)
	if err != nil {
		return row, opened, err
	}
	args := append(l.columns(row), line, known)
	if opened {
		return row, true, tx.Exec(l.insert, append([]any{r.Position, id}, args...)...)
	}
	return row, false, tx.Exec(l.update, append(args, id)...)
}

// cite notes the files that an event names.
func cite(tx *projections.Tx, district string, photos ...domain.Evidence) error {
	for _, p := range photos {
		sum, err := hex.DecodeString(p.SHA256)
		if err != nil {
			return fmt.Errorf("evidence %s: %w", p.ID, err)
		}
		if err := tx.Exec("INSERT OR IGNORE INTO waters_evidence VALUES (?, ?, ?)", sum, district, p.MediaType); err != nil {
			return err
		}
	}
	return nil
}

// Citation is a district whose records cite a file.
type Citation struct {
	District  string
	MediaType string
}

// Citations lists the districts whose records cite the file with this SHA-256 in lower hex.
func Citations(conn *sqlite.Conn, sha256 string) ([]Citation, error) {
	sum := digest(sha256)
	if sum == nil { // no hash of a file, so nothing cites it
		return nil, nil
	}
	var list []Citation
	err := projections.Query(conn, "SELECT district, media_type FROM waters_evidence WHERE sha256 = ? ORDER BY district", func(r *projections.Row) error {
		list = append(list, Citation{r.Text(), r.Text()})
		return nil
	}, sum)
	if err != nil {
		return nil, fmt.Errorf("waters: citations: %w", err)
	}
	return list, nil
}

// digest reads a SHA-256 in hex; nil is none.
func digest(text string) []byte {
	sum, err := hex.DecodeString(text)
	if err != nil || len(sum) != 32 {
		return nil
	}
	return sum
}

// scan reads a line as it was written.
func scan[T any](r *projections.Row) (row T, err error) {
	return row, json.Unmarshal(r.Bytes(), &row)
}

// one reads the line of a record.
func one[T any](conn *sqlite.Conn, query string, id uuid.UUID) (row T, found bool, err error) {
	if err := projections.Query(conn, query, func(r *projections.Row) (err error) {
		found = true
		row, err = scan[T](r)
		return err
	}, id); err != nil {
		return row, found, fmt.Errorf("waters: read %s: %w", id, err)
	}
	return row, found, nil
}

func search[T any](conn *sqlite.Conn, t projections.Table[T], w projections.Where, p projections.Page) (projections.List[T], error) {
	list, err := projections.Select(conn, t, w, p)
	if err != nil {
		return list, fmt.Errorf("waters: search: %w", err)
	}
	return list, nil
}

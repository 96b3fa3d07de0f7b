// Package findings is the read model of findings, the clue ledger (线索台账), and of the evidence they cite.
package findings

import (
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
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
	return projections.Projection{Name: "findings", Version: 3, Schema: schema, Handlers: []projections.Handler{
		projections.On(onReported), projections.On(onVerified), projections.On(onNotFiled),
		projections.On(onFilingApproved), projections.On(onFiled), projections.On(onFilingFailed),
		projections.Ignore(
			registry.OrganRegistered{}.EventType(), registry.ReachRegistered{}.EventType(), registry.OfficerRegistered{}.EventType(),
			registry.OfficerAssigned{}.EventType(), registry.CertificateIssued{}.EventType(), registry.NumberAllotted{}.EventType(),
			registry.NumberVoided{}.EventType(),
			patrol.Departed{}.EventType(), patrol.TrackRecorded{}.EventType(), patrol.Returned{}.EventType(),
		),
		projections.IgnoreRest(casefile.Types()),
		projections.Ignore(sandmining.EventTypes()...), projections.Ignore(shoreline.EventTypes()...),
	}}
}

func onReported(tx *projections.Tx, r domain.Record, m domain.Meta, e finding.Reported) error {
	id, err := projections.Subject(r)
	if err != nil {
		return err
	}
	var vessel, mmsi string
	if e.Vessel != nil {
		vessel, mmsi = e.Vessel.Name, e.Vessel.MMSI
	}
	var patrolID any
	if e.Patrol != nil {
		patrolID = *e.Patrol
	}
	err = tx.Exec(`INSERT INTO findings_finding (n, id, kind, status, source, district, reach, reach_name, found_at, recorded_at,
			description, place_note, lat_e6, lon_e6, photos, vessel, reporter, patrol)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Position, id, e.Kind, finding.StatusReported, e.Source, e.Reach.District, e.Reach.ID, e.Reach.Name, e.FoundAt, m.RecordedAt,
		e.Description, e.Place.Note, e.Place.LatE6, e.Place.LonE6, len(e.Photos), vessel, m.Actor.Name, patrolID)
	if err != nil {
		return err
	}
	names := ""
	for _, o := range e.Crew {
		names += o.Name + " "
	}
	if err := tx.Exec("INSERT INTO findings_search (rowid, text) VALUES (?, ?)", r.Position,
		projections.Bigrams(e.Description, e.Place.Note, vessel, mmsi, e.Reach.Name, names)); err != nil {
		return err
	}
	n := int64(r.Position)
	return errors.Join(
		involve(tx, n, e.FoundAt, append(ids(e.Crew), m.Actor.Officer)...),
		cite(tx, n, r, e.Photos),
		keep(tx, n, r, "reported", nil),
	)
}

func ids(crew []law.Officer) []uuid.UUID {
	list := make([]uuid.UUID, len(crew), len(crew)+1)
	for i, o := range crew {
		list[i] = o.ID
	}
	return list
}

// involve puts a finding on the lists of officers.
func involve(tx *projections.Tx, n int64, foundAt time.Time, officers ...uuid.UUID) error {
	for _, o := range officers {
		if err := tx.Exec("INSERT OR IGNORE INTO findings_officer VALUES (?, ?, ?)", o, foundAt, n); err != nil {
			return err
		}
	}
	return nil
}

func cite(tx *projections.Tx, n int64, r domain.Record, photos []domain.Evidence) error {
	for ordinal, p := range photos {
		sum, err := hex.DecodeString(p.SHA256)
		if err != nil {
			return fmt.Errorf("evidence %d: %w", ordinal, err)
		}
		if err := tx.Exec("INSERT INTO findings_evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			sum, n, r.Position, ordinal, p.ID, p.MediaType, p.Size, p.Caption, p.TakenAt); err != nil {
			return err
		}
	}
	return nil
}

// keep stores the newest event of a kind for the page of its finding, with its envelope where somebody will need that.
func keep(tx *projections.Tx, n int64, r domain.Record, kind string, metadata []byte) error {
	return tx.Exec("INSERT OR REPLACE INTO findings_event VALUES (?, ?, ?, ?, ?, ?)", n, kind, r.Position, r.ID, r.Data, metadata)
}

// known finds the row of a finding that was reported before.
func known(tx *projections.Tx, r domain.Record) (n int64, foundAt time.Time, err error) {
	id, err := projections.Subject(r)
	if err != nil {
		return 0, foundAt, err
	}
	err = tx.Query("SELECT n, found_at FROM findings_finding WHERE id = ?", func(row *projections.Row) error {
		n, foundAt = row.Int(), row.Time()
		return nil
	}, id)
	if err == nil && n == 0 {
		err = fmt.Errorf("%s was never reported", r.Stream)
	}
	return n, foundAt, err
}

func onVerified(tx *projections.Tx, r domain.Record, _ domain.Meta, e finding.Verified) error {
	n, foundAt, err := known(tx, r)
	if err != nil {
		return err
	}
	status := finding.StatusVerified
	if e.Result == "unfounded" {
		status = finding.StatusUnfounded
	}
	if err := tx.Exec("UPDATE findings_finding SET status = ?, photos = photos + ? WHERE n = ?", status, len(e.Photos), n); err != nil {
		return err
	}
	return errors.Join(
		involve(tx, n, foundAt, ids(e.Crew)...),
		cite(tx, n, r, e.Photos),
		keep(tx, n, r, "verified", nil),
	)
}

func onNotFiled(tx *projections.Tx, r domain.Record, _ domain.Meta, _ finding.NotFiled) error {
	n, _, err := known(tx, r)
	if err != nil {
		return err
	}
	if err := tx.Exec("UPDATE findings_finding SET status = ? WHERE n = ?", finding.StatusNotFiled, n); err != nil {
		return err
	}
	return keep(tx, n, r, "not_filed", nil)
}

func onFilingApproved(tx *projections.Tx, r domain.Record, _ domain.Meta, e finding.FilingApproved) error {
	n, _, err := known(tx, r)
	if err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE findings_finding SET status_before = status, status = ?, case_id = ?, violation = ?, approved = ? WHERE n = ?`,
		finding.StatusFiling, e.Case, e.Filing.Violation, r.Position, n); err != nil {
		return err
	}
	return keep(tx, n, r, "filing_approved", r.Metadata)
}

func onFiled(tx *projections.Tx, r domain.Record, _ domain.Meta, e finding.Filed) error {
	n, _, err := known(tx, r)
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE findings_finding SET status = ?, case_number = ?, approved = NULL WHERE n = ?", finding.StatusFiled, e.Number, n)
}

func onFilingFailed(tx *projections.Tx, r domain.Record, _ domain.Meta, _ finding.FilingFailed) error {
	n, _, err := known(tx, r)
	if err != nil {
		return err
	}
	if err := tx.Exec("UPDATE findings_finding SET status = status_before, case_id = NULL, violation = '', approved = NULL WHERE n = ?", n); err != nil {
		return err
	}
	return tx.Exec("DELETE FROM findings_event WHERE n = ? AND kind = 'filing_approved'", n)
}

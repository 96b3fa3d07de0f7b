// Package findings is the read model of findings, the clue ledger (线索台账), and of the evidence they cite.
package findings

import (
	_ "embed"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"

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
	return projections.Projection{Name: "findings", Version: 2, Schema: schema, Handlers: []projections.Handler{
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
	for _, o := range e.Crew {
		if err := involve(tx, int64(r.Position), o.ID); err != nil {
			return err
		}
	}
	if err := involve(tx, int64(r.Position), m.Actor.Officer); err != nil {
		return err
	}
	if err := cite(tx, int64(r.Position), r, e.Photos); err != nil {
		return err
	}
	return keep(tx, int64(r.Position), r, "reported")
}

func involve(tx *projections.Tx, n int64, officer uuid.UUID) error {
	return tx.Exec("INSERT OR IGNORE INTO findings_officer SELECT ?, found_at, n FROM findings_finding WHERE n = ?", officer, n)
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

// keep stores the newest event of a kind for the page of its finding.
func keep(tx *projections.Tx, n int64, r domain.Record, kind string) error {
	return tx.Exec("INSERT OR REPLACE INTO findings_event VALUES (?, ?, ?, ?, ?, ?)", n, kind, r.Position, r.ID, r.Data, r.Metadata)
}

func number(tx *projections.Tx, r domain.Record) (n int64, err error) {
	id, err := projections.Subject(r)
	if err != nil {
		return 0, err
	}
	err = tx.Query("SELECT n FROM findings_finding WHERE id = ?", func(row *projections.Row) error {
		n = row.Int()
		return nil
	}, id)
	if err == nil && n == 0 {
		err = fmt.Errorf("%s was never reported", r.Stream)
	}
	return n, err
}

func onVerified(tx *projections.Tx, r domain.Record, _ domain.Meta, e finding.Verified) error {
	n, err := number(tx, r)
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
	for _, o := range e.Crew {
		if err := involve(tx, n, o.ID); err != nil {
			return err
		}
	}
	if err := cite(tx, n, r, e.Photos); err != nil {
		return err
	}
	return keep(tx, n, r, "verified")
}

func onNotFiled(tx *projections.Tx, r domain.Record, _ domain.Meta, _ finding.NotFiled) error {
	n, err := number(tx, r)
	if err != nil {
		return err
	}
	if err := tx.Exec("UPDATE findings_finding SET status = ? WHERE n = ?", finding.StatusNotFiled, n); err != nil {
		return err
	}
	return keep(tx, n, r, "not_filed")
}

func onFilingApproved(tx *projections.Tx, r domain.Record, _ domain.Meta, e finding.FilingApproved) error {
	n, err := number(tx, r)
	if err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE findings_finding SET status_before = status, status = ?, case_id = ?, violation = ?, approved = ? WHERE n = ?`,
		finding.StatusFiling, e.Case, e.Filing.Violation, r.Position, n); err != nil {
		return err
	}
	return keep(tx, n, r, "filing_approved")
}

func onFiled(tx *projections.Tx, r domain.Record, _ domain.Meta, e finding.Filed) error {
	n, err := number(tx, r)
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE findings_finding SET status = ?, case_number = ?, approved = NULL WHERE n = ?", finding.StatusFiled, e.Number, n)
}

func onFilingFailed(tx *projections.Tx, r domain.Record, _ domain.Meta, _ finding.FilingFailed) error {
	n, err := number(tx, r)
	if err != nil {
		return err
	}
	if err := tx.Exec("UPDATE findings_finding SET status = status_before, case_id = NULL, violation = '', approved = NULL WHERE n = ?", n); err != nil {
		return err
	}
	return tx.Exec("DELETE FROM findings_event WHERE n = ? AND kind = 'filing_approved'", n)
}

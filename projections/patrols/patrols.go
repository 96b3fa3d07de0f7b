// Package patrols is the read model of patrols (巡查记录).
package patrols

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

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
	return projections.Projection{Name: "patrols", Version: 1, Schema: schema, Handlers: []projections.Handler{
		projections.On(onDeparted), projections.On(onTrackRecorded), projections.On(onReturned),
		projections.On(func(tx *projections.Tx, r domain.Record, _ domain.Meta, e finding.Reported) error {
			if e.Patrol == nil {
				return nil
			}
			id, err := projections.Subject(r)
			if err != nil {
				return err
			}
			return tx.Exec("INSERT INTO patrols_finding VALUES (?, ?)", *e.Patrol, id)
		}),
		projections.On(func(tx *projections.Tx, r domain.Record, _ domain.Meta, e registry.ReachRegistered) error {
			id, err := projections.Subject(r)
			if err != nil {
				return err
			}
			return tx.Exec("INSERT INTO patrols_name VALUES (?, ?)", id, e.Name)
		}),
		projections.Ignore(
			registry.OrganRegistered{}.EventType(), registry.OfficerRegistered{}.EventType(), registry.OfficerAssigned{}.EventType(),
			registry.CertificateIssued{}.EventType(), registry.NumberAllotted{}.EventType(), registry.NumberVoided{}.EventType(),
			finding.Verified{}.EventType(), finding.NotFiled{}.EventType(), finding.FilingApproved{}.EventType(), finding.Filed{}.EventType(),
			finding.FilingFailed{}.EventType(),
		),
		projections.IgnoreRest(casefile.Types()),
		projections.Ignore(sandmining.EventTypes()...), projections.Ignore(shoreline.EventTypes()...),
	}}
}

// Status is where a patrol stands.
type Status string

// The states of a patrol.
const (
	StatusActive   Status = "active"   // 巡查中
	StatusReturned Status = "returned" // 已返航
)

func onDeparted(tx *projections.Tx, r domain.Record, _ domain.Meta, e patrol.Departed) error {
	id, err := projections.Subject(r)
	if err != nil {
		return err
	}
	if err := tx.Exec("INSERT INTO patrols_patrol (n, id, district, means, purpose, status, departed_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		r.Position, id, e.District, e.Means, e.Purpose, StatusActive, e.DepartedAt); err != nil {
		return err
	}
	for i, o := range e.Crew {
		if err := tx.Exec("INSERT INTO patrols_crew VALUES (?, ?, ?, ?, ?)", r.Position, i, o.ID, o.Name, o.CertNo); err != nil {
			return err
		}
	}
	for i, reach := range e.Reaches {
		if err := tx.Exec("INSERT INTO patrols_reach VALUES (?, ?, ?)", r.Position, i, reach); err != nil {
			return err
		}
	}
	return nil
}

func number(tx *projections.Tx, r domain.Record) (n int64, err error) {
	id, err := projections.Subject(r)
	if err != nil {
		return 0, err
	}
	err = tx.Query("SELECT n FROM patrols_patrol WHERE id = ?", func(row *projections.Row) error {
		n = row.Int()
		return nil
	}, id)
	if err == nil && n == 0 {
		err = fmt.Errorf("%s never departed", r.Stream)
	}
	return n, err
}

func onTrackRecorded(tx *projections.Tx, r domain.Record, _ domain.Meta, e patrol.TrackRecorded) error {
	n, err := number(tx, r)
	if err != nil {
		return err
	}
	if err := tx.Exec("INSERT INTO patrols_track VALUES (?, ?, ?)", r.Position, n, encodeTrack(e.Points)); err != nil {
		return err
	}
	return tx.Exec("UPDATE patrols_patrol SET points = points + ? WHERE n = ?", len(e.Points), n)
}

func onReturned(tx *projections.Tx, r domain.Record, _ domain.Meta, e patrol.Returned) error {
	n, err := number(tx, r)
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE patrols_patrol SET status = ?, returned_at = ?, distance_m = ?, note = ? WHERE n = ?",
		StatusReturned, e.ReturnedAt, e.DistanceM, e.Note, n)
}

// Point is a fix of the track, WGS-84 micro-degrees.
type Point struct {
	LatE6 int64     `json:"latE6"`
	LonE6 int64     `json:"lonE6"`
	At    time.Time `json:"at"`
}

// encodeTrack writes fixes as differences to the one before, as variable-length integers: latitude, longitude, time. Times are in
// units of the nanoseconds that stand first: milliseconds, which phones use, unless that would round. A fix takes 6 to 9 bytes.
func encodeTrack(points []patrol.Point) []byte {
	unit := int64(time.Millisecond)
	for _, p := range points {
		if p.At.Nanosecond()%int(time.Millisecond) != 0 {
			unit = 1
		}
	}
	b := binary.AppendVarint(make([]byte, 0, 10*len(points)+20), unit)
	var lat, lon, at int64
	for _, p := range points {
		t := p.At.UnixNano() / unit
		b = binary.AppendVarint(b, p.LatE6-lat)
		b = binary.AppendVarint(b, p.LonE6-lon)
		b = binary.AppendVarint(b, t-at)
		lat, lon, at = p.LatE6, p.LonE6, t
	}
	return b
}

func decodeTrack(b []byte, points []Point) ([]Point, error) {
	damaged := errors.New("track is damaged")
	unit, n := binary.Varint(b)
	if n <= 0 {
		return points, damaged
	}
	var values [3]int64
	for b = b[n:]; len(b) > 0; {
		for i := range values {
			delta, n := binary.Varint(b)
			if n <= 0 {
				return points, damaged
			}
			values[i] += delta
			b = b[n:]
		}
		points = append(points, Point{values[0], values[1], time.Unix(0, values[2]*unit).UTC()})
	}
	return points, nil
}

// Filter selects patrols; a zero field selects all.
type Filter struct {
	Districts []string // what the asking person may see, and what he asked for
	Statuses  []Status
	Reach     *uuid.UUID
	Officer   *uuid.UUID // in the crew
	From      law.Date   // departed on or after
	To        law.Date   // departed on or before
}

// ReachRef names a reach.
type ReachRef struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// Row is a line of the patrol log.
type Row struct {
	ID         uuid.UUID  `json:"id"`
	District   string     `json:"district"`
	Means      string     `json:"means"`
	Purpose    string     `json:"purpose"`
	Status     Status     `json:"status"`
	DepartedAt time.Time  `json:"departedAt"`
	ReturnedAt *time.Time `json:"returnedAt,omitempty"`
	DistanceM  int64      `json:"distanceM"` // metres, known when the patrol has returned
	Points     int64      `json:"points"`
	Crew       []string   `json:"crew"` // names
	Reaches    []ReachRef `json:"reaches"`
	Findings   int64      `json:"findings"` // reported in it
	number     int64
}

const rowColumns = `p.n, p.id, p.district, p.means, p.purpose, p.status, p.departed_at, p.returned_at, p.distance_m, p.points,
	(SELECT count(*) FROM patrols_finding WHERE patrol = p.id)`

func scanRow(r *projections.Row) (Row, error) {
	return Row{number: r.Int(), ID: r.UUID(), District: r.Text(), Means: r.Text(), Purpose: r.Text(), Status: Status(r.Text()), DepartedAt: r.Time(),
		ReturnedAt: r.OptionalTime(), DistanceM: r.Int(), Points: r.Int(), Findings: r.Int(), Crew: []string{}, Reaches: []ReachRef{}}, nil
}

func ledger() projections.Table[Row] {
	return projections.Table[Row]{From: "patrols_patrol p", Number: "p.n", Columns: rowColumns, Scan: scanRow, Sorts: []projections.Sort{
		{Name: "-departedAt", Column: "p.departed_at", Desc: true}, {Name: "departedAt", Column: "p.departed_at"},
	}}
}

// Sorts are the names by which the log can be sorted, the usual one first.
func Sorts() []string { return projections.SortNames(ledger()) }

// Search reads a page of the patrol log.
func Search(conn *sqlite.Conn, f Filter, p projections.Page) (projections.List[Row], error) {
	var w projections.Where
	projections.Among(&w, "p.district", f.Districts)
	projections.Among(&w, "p.status", f.Statuses)
	if f.Reach != nil {
		w.Add("p.n IN (SELECT n FROM patrols_reach WHERE reach = ?)", *f.Reach)
	}
	if f.Officer != nil {
		w.Add("p.n IN (SELECT n FROM patrols_crew WHERE officer = ?)", *f.Officer)
	}
	if f.From != "" {
		w.Add("p.departed_at >= ?", projections.DayBegins(f.From))
	}
	if f.To != "" {
		w.Add("p.departed_at < ?", projections.DayEnds(f.To))
	}
	list, err := projections.Select(conn, ledger(), w, p)
	for i := range list.Items {
		err = errors.Join(err, list.Items[i].complete(conn))
	}
	if err != nil {
		return list, fmt.Errorf("patrols: search: %w", err)
	}
	return list, nil
}

func (row *Row) complete(conn *sqlite.Conn) error {
	err := projections.Query(conn, "SELECT name FROM patrols_crew WHERE n = ? ORDER BY ordinal", func(r *projections.Row) error {
		row.Crew = append(row.Crew, r.Text())
		return nil
	}, row.number)
	if err != nil {
		return err
	}
	return projections.Query(conn, `SELECT r.reach, m.name FROM patrols_reach r LEFT JOIN patrols_name m ON m.id = r.reach WHERE r.n = ? ORDER BY r.ordinal`,
		func(r *projections.Row) error {
			row.Reaches = append(row.Reaches, ReachRef{r.UUID(), r.Text()})
			return nil
		}, row.number)
}

// Member is an officer of a crew, with the certificate he held then.
type Member struct {
	ID     uuid.UUID `json:"id"`
	Name   string    `json:"name"`
	CertNo string    `json:"certNo"`
}

// Detail is a patrol's page. Its distance is that of the track so far while the patrol is under way.
type Detail struct {
	Row
	Crew  []Member `json:"crew"`
	Note  string   `json:"note"`
	Track []Point  `json:"track"`
}

// ByID reads a patrol's page.
func ByID(conn *sqlite.Conn, id uuid.UUID) (d Detail, found bool, err error) {
	d.Crew, d.Track = []Member{}, []Point{}
	err = projections.Query(conn, "SELECT p.note, "+rowColumns+" FROM patrols_patrol p WHERE p.id = ?", func(r *projections.Row) error {
		d.Note, found = r.Text(), true
		d.Row, err = scanRow(r)
		return err
	}, id)
	if err == nil && found {
		err = d.complete(conn)
	}
	if err != nil {
		return d, found, fmt.Errorf("patrols: read %s: %w", id, err)
	}
	return d, found, nil
}

func (d *Detail) complete(conn *sqlite.Conn) error {
	if err := d.Row.complete(conn); err != nil {
		return err
	}
	err := projections.Query(conn, "SELECT officer, name, cert_no FROM patrols_crew WHERE n = ? ORDER BY ordinal", func(r *projections.Row) error {
		d.Crew = append(d.Crew, Member{r.UUID(), r.Text(), r.Text()})
		return nil
	}, d.number)
	if err != nil {
		return err
	}
	err = projections.Query(conn, "SELECT points FROM patrols_track WHERE n = ? ORDER BY position", func(r *projections.Row) (err error) {
		d.Track, err = decodeTrack(r.Bytes(), d.Track)
		return err
	}, d.number)
	if err != nil {
		return err
	}
	if d.Status == StatusActive {
		d.DistanceM = length(d.Track)
	}
	return nil
}

// length of a track in metres, measured as the patrol measures it.
func length(track []Point) int64 {
	var cm int64
	for i := range max(0, len(track)-1) {
		a, b := track[i], track[i+1]
		cm += patrol.DistanceCM(patrol.Point{LatE6: a.LatE6, LonE6: a.LonE6}, patrol.Point{LatE6: b.LatE6, LonE6: b.LonE6})
	}
	return cm / 100
}

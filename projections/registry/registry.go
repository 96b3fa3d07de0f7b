// Package registry is the read model of organs, officers with their certificates, reaches, and document numbers.
package registry

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
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
	return projections.Projection{Name: "registry", Version: 1, Schema: schema, Handlers: []projections.Handler{
		projections.On(func(tx *projections.Tx, r domain.Record, _ domain.Meta, e registry.OrganRegistered) error {
			id, err := projections.Subject(r)
			if err != nil {
				return err
			}
			return tx.Exec("INSERT INTO registry_organ VALUES (?, ?, ?, ?)", id, e.Name, e.DocCode, e.District)
		}),
		projections.On(func(tx *projections.Tx, r domain.Record, _ domain.Meta, e registry.ReachRegistered) error {
			id, err := projections.Subject(r)
			if err != nil {
				return err
			}
			return tx.Exec("INSERT INTO registry_reach VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
				id, e.Name, e.Water, e.District, e.Regime, e.LengthM, e.LatE6, e.LonE6)
		}),
		projections.On(onOfficerRegistered), projections.On(onOfficerAssigned), projections.On(onCertificateIssued),
		projections.On(onNumberAllotted), projections.On(onNumberVoided),
		projections.Ignore(
			patrol.Departed{}.EventType(), patrol.TrackRecorded{}.EventType(), patrol.Returned{}.EventType(),
			finding.Reported{}.EventType(), finding.Verified{}.EventType(), finding.NotFiled{}.EventType(),
			finding.FilingApproved{}.EventType(), finding.Filed{}.EventType(), finding.FilingFailed{}.EventType(),
		),
		projections.IgnoreRest(casefile.Types()),
		projections.Ignore(sandmining.EventTypes()...), projections.Ignore(shoreline.EventTypes()...),
	}}
}

func onOfficerRegistered(tx *projections.Tx, r domain.Record, m domain.Meta, e registry.OfficerRegistered) error {
	id, err := projections.Subject(r)
	if err != nil {
		return err
	}
	if err := tx.Exec("INSERT INTO registry_officer (id, name, organ, district, roles) VALUES (?, ?, ?, ?, ?)",
		id, e.Name, e.Organ, e.District, joinRoles(e.Roles)); err != nil {
		return err
	}
	return assign(tx, id, r, m, e.Organ, e.District, e.Roles)
}

func onOfficerAssigned(tx *projections.Tx, r domain.Record, m domain.Meta, e registry.OfficerAssigned) error {
	id, err := projections.Subject(r)
	if err != nil {
		return err
	}
	if err := tx.Exec("UPDATE registry_officer SET organ = ?, district = ?, roles = ? WHERE id = ?", e.Organ, e.District, joinRoles(e.Roles), id); err != nil {
		return err
	}
	return assign(tx, id, r, m, e.Organ, e.District, e.Roles)
}

func assign(tx *projections.Tx, id uuid.UUID, r domain.Record, m domain.Meta, organ uuid.UUID, district string, roles []registry.Role) error {
	return tx.Exec("INSERT INTO registry_assignment VALUES (?, ?, ?, ?, ?, ?)", id, r.Position, m.OccurredAt, organ, district, joinRoles(roles))
}

func onCertificateIssued(tx *projections.Tx, r domain.Record, _ domain.Meta, e registry.CertificateIssued) error {
	id, err := projections.Subject(r)
	if err != nil {
		return err
	}
	if err := tx.Exec("INSERT INTO registry_certificate VALUES (?, ?, ?, ?, ?)", id, r.Position, e.CertNo, e.From, e.Until); err != nil {
		return err
	}
	return tx.Exec("UPDATE registry_officer SET cert_no = ?, cert_from = ?, cert_until = ? WHERE id = ?", e.CertNo, e.From, e.Until, id)
}

func onNumberAllotted(tx *projections.Tx, r domain.Record, _ domain.Meta, e registry.NumberAllotted) error {
	id, err := projections.Subject(r)
	if err != nil {
		return err
	}
	return tx.Exec("INSERT INTO registry_number (series, serial, text, given_to, organ, kind, year) VALUES (?, ?, ?, ?, ?, ?, ?)",
		id, e.Serial, e.Text, e.GivenTo, e.Series.Organ, e.Series.Kind, e.Series.Year)
}

func onNumberVoided(tx *projections.Tx, r domain.Record, _ domain.Meta, e registry.NumberVoided) error {
	id, err := projections.Subject(r)
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE registry_number SET voided = ? WHERE series = ? AND serial = ?", e.Reason, id, e.Serial)
}

func joinRoles(roles []registry.Role) string {
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = string(r)
	}
	return strings.Join(texts, " ")
}

func splitRoles(text string) []registry.Role {
	roles := []registry.Role{}
	for role := range strings.FieldsSeq(text) {
		roles = append(roles, registry.Role(role))
	}
	return roles
}

// Organ is a registered organ (单位).
type Organ struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name"`
	DocCode  string    `json:"docCode"`
	District string    `json:"district"`
}

// Organs lists all organs by district and name.
func Organs(conn *sqlite.Conn) ([]Organ, error) {
	list := []Organ{}
	err := projections.Query(conn, "SELECT id, name, doc_code, district FROM registry_organ ORDER BY district, name, id", func(r *projections.Row) error {
		list = append(list, Organ{r.UUID(), r.Text(), r.Text(), r.Text()})
		return nil
	})
	return list, wrap("organs", err)
}

// OrganByID looks an organ up.
func OrganByID(conn *sqlite.Conn, id uuid.UUID) (o Organ, found bool, err error) {
	err = projections.Query(conn, "SELECT id, name, doc_code, district FROM registry_organ WHERE id = ?", func(r *projections.Row) error {
		o, found = Organ{r.UUID(), r.Text(), r.Text(), r.Text()}, true
		return nil
	}, id)
	return o, found, wrap("organ", err)
}

// Reach is a registered reach (河段).
type Reach struct {
	ID       uuid.UUID  `json:"id"`
	Name     string     `json:"name"`
	Water    string     `json:"water"`
	District string     `json:"district"`
	Regime   law.Regime `json:"regime"`
	LengthM  int64      `json:"lengthM"`
	LatE6    int64      `json:"latE6"`
	LonE6    int64      `json:"lonE6"`
}

const reachColumns = "SELECT id, name, water, district, regime, length_m, lat_e6, lon_e6 FROM registry_reach"

func scanReach(r *projections.Row) Reach {
	return Reach{r.UUID(), r.Text(), r.Text(), r.Text(), law.Regime(r.Text()), r.Int(), r.Int(), r.Int()}
}

// Reaches lists the reaches of some districts, of all if none is given, by district, water and name.
func Reaches(conn *sqlite.Conn, districts ...string) ([]Reach, error) {
	var w projections.Where
	projections.Among(&w, "district", districts)
	list := []Reach{}
	err := projections.QueryBuilt(conn, reachColumns+w.String()+" ORDER BY district, water, name, id", func(r *projections.Row) error {
		list = append(list, scanReach(r))
		return nil
	}, w.Args...)
	return list, wrap("reaches", err)
}

// ReachByID looks a reach up.
func ReachByID(conn *sqlite.Conn, id uuid.UUID) (reach Reach, found bool, err error) {
	err = projections.Query(conn, reachColumns+" WHERE id = ?", func(r *projections.Row) error {
		reach, found = scanReach(r), true
		return nil
	}, id)
	return reach, found, wrap("reach", err)
}

// Officer is somebody who acts in the system, as now assigned, with the certificate issued last; see [CertifiedOn] for the one
// that was valid on a day.
type Officer struct {
	ID        uuid.UUID       `json:"id"`
	Name      string          `json:"name"`
	CertNo    string          `json:"certNo"`
	CertFrom  law.Date        `json:"certFrom"`
	CertUntil law.Date        `json:"certUntil"`
	Organ     uuid.UUID       `json:"organ"`
	OrganName string          `json:"organName"`
	District  string          `json:"district"`
	Roles     []registry.Role `json:"roles"`
}

const officerColumns = `SELECT f.id, f.name, f.cert_no, f.cert_from, f.cert_until, f.organ, o.name, f.district, f.roles
	FROM registry_officer f LEFT JOIN registry_organ o ON o.id = f.organ`

func scanOfficer(r *projections.Row) Officer {
	return Officer{r.UUID(), r.Text(), r.Text(), law.Date(r.Text()), law.Date(r.Text()), r.UUID(), r.Text(), r.Text(), splitRoles(r.Text())}
}

// Officers lists the officers of some districts, of all if none is given, by district and name.
func Officers(conn *sqlite.Conn, districts ...string) ([]Officer, error) {
	var w projections.Where
	projections.Among(&w, "f.district", districts)
	list := []Officer{}
	err := projections.QueryBuilt(conn, officerColumns+w.String()+" ORDER BY f.district, f.name, f.id", func(r *projections.Row) error {
		list = append(list, scanOfficer(r))
		return nil
	}, w.Args...)
	return list, wrap("officers", err)
}

// OfficerByID looks an officer up.
func OfficerByID(conn *sqlite.Conn, id uuid.UUID) (o Officer, found bool, err error) {
	err = projections.Query(conn, officerColumns+" WHERE f.id = ?", func(r *projections.Row) error {
		o, found = scanOfficer(r), true
		return nil
	}, id)
	return o, found, wrap("officer", err)
}

// CertifiedOn returns officers, in the order asked for, each with the certificate that was valid on a day; of several the one
// issued last, and of none an officer with an empty CertNo. It returns the ids that are not registered.
func CertifiedOn(conn *sqlite.Conn, on law.Date, ids ...uuid.UUID) (officers []law.Officer, unknown []uuid.UUID, err error) {
	for _, id := range ids {
		found := false
		err = projections.Query(conn, `SELECT f.name, coalesce(c.cert_no, ''), coalesce(c.valid_from, ''), coalesce(c.valid_until, '')
			FROM registry_officer f LEFT JOIN registry_certificate c ON c.officer = f.id AND c.valid_from <= ? AND c.valid_until >= ?
			WHERE f.id = ? ORDER BY c.position DESC LIMIT 1`, func(r *projections.Row) error {
			officers = append(officers, law.Officer{ID: id, Name: r.Text(), CertNo: r.Text(), CertFrom: law.Date(r.Text()), CertUntil: law.Date(r.Text())})
			found = true
			return nil
		}, on, on, id)
		if err != nil {
			return nil, nil, wrap("certificates", err)
		}
		if !found {
			unknown = append(unknown, id)
		}
	}
	return officers, unknown, nil
}

// Certificate is one certificate an officer held (行政执法证).
type Certificate struct {
	CertNo   string   `json:"certNo"`
	From     law.Date `json:"from"`
	Until    law.Date `json:"until"`
	Position uint64   `json:"position"` // of the event that issued it
}

// Certificates lists the certificates of an officer in the order they were issued.
func Certificates(conn *sqlite.Conn, officer uuid.UUID) ([]Certificate, error) {
	list := []Certificate{}
	err := projections.Query(conn, "SELECT cert_no, valid_from, valid_until, position FROM registry_certificate WHERE officer = ? ORDER BY position", func(r *projections.Row) error {
		list = append(list, Certificate{r.Text(), law.Date(r.Text()), law.Date(r.Text()), uint64(r.Int())})
		return nil
	}, officer)
	return list, wrap("certificates", err)
}

// Assignment is where an officer worked and what he could do, from one event to the next (任职).
type Assignment struct {
	From     time.Time       `json:"from"`
	Organ    uuid.UUID       `json:"organ"`
	District string          `json:"district"`
	Roles    []registry.Role `json:"roles"`
	Position uint64          `json:"position"`
}

// Assignments lists the assignments of an officer in order, the present one last.
func Assignments(conn *sqlite.Conn, officer uuid.UUID) ([]Assignment, error) {
	list := []Assignment{}
	err := projections.Query(conn, "SELECT occurred_at, organ, district, roles, position FROM registry_assignment WHERE officer = ? ORDER BY position", func(r *projections.Row) error {
		list = append(list, Assignment{r.Time(), r.UUID(), r.Text(), splitRoles(r.Text()), uint64(r.Int())})
		return nil
	}, officer)
	return list, wrap("assignments", err)
}

// Number is one document number of a series (文号).
type Number struct {
	Serial  int64     `json:"serial"`
	Text    string    `json:"text"`
	GivenTo uuid.UUID `json:"givenTo"`          // id of the event that began the act it was given to
	Voided  string    `json:"voided,omitempty"` // why it will never be used
}

// Numbers lists the numbers of a series in order. Serials without a gap are the proof that none was hidden.
func Numbers(conn *sqlite.Conn, organ uuid.UUID, kind string, year int) ([]Number, error) {
	list := []Number{}
	err := projections.Query(conn, "SELECT serial, text, given_to, voided FROM registry_number WHERE organ = ? AND kind = ? AND year = ? ORDER BY serial", func(r *projections.Row) error {
		list = append(list, Number{r.Int(), r.Text(), r.UUID(), r.Text()})
		return nil
	}, organ, kind, year)
	return list, wrap("numbers", err)
}

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("registry: read %s: %w", what, err)
	}
	return nil
}

// HasRole reports whether the officer may act in a role.
func (o Officer) HasRole(role registry.Role) bool { return slices.Contains(o.Roles, role) }

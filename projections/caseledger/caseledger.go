// Package caseledger is the read model of cases, the case ledger (案件台账).
package caseledger

import (
	_ "embed"
	"encoding/json"
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
	return projections.Projection{Name: "caseledger", Version: 2, Schema: schema, Handlers: []projections.Handler{
		projections.On(onFiled), projections.On(onClosed),
		projections.On(func(tx *projections.Tx, r domain.Record, _ domain.Meta, e registry.OrganRegistered) error {
			return name(tx, r, e.Name)
		}),
		projections.On(func(tx *projections.Tx, r domain.Record, _ domain.Meta, e registry.ReachRegistered) error {
			return name(tx, r, e.Name)
		}),
		projections.Ignore(
			registry.OfficerRegistered{}.EventType(), registry.OfficerAssigned{}.EventType(), registry.CertificateIssued{}.EventType(),
			registry.NumberAllotted{}.EventType(), registry.NumberVoided{}.EventType(),
			patrol.Departed{}.EventType(), patrol.TrackRecorded{}.EventType(), patrol.Returned{}.EventType(),
			finding.Reported{}.EventType(), finding.Verified{}.EventType(), finding.NotFiled{}.EventType(),
			finding.FilingApproved{}.EventType(), finding.Filed{}.EventType(), finding.FilingFailed{}.EventType(),
		),
		projections.IgnoreRest(casefile.Types(), casefile.Filed{}.EventType(), casefile.Closed{}.EventType()),
		projections.Ignore(sandmining.EventTypes()...), projections.Ignore(shoreline.EventTypes()...),
	}}
}

func name(tx *projections.Tx, r domain.Record, text string) error {
	id, err := projections.Subject(r)
	if err != nil {
		return err
	}
	category, _, _ := domain.SplitStream(r.Stream)
	return tx.Exec("INSERT INTO caseledger_name VALUES (?, ?, ?)", category, id, text)
}

func onFiled(tx *projections.Tx, r domain.Record, _ domain.Meta, e casefile.Filed) error {
	id, err := projections.Subject(r)
	if err != nil {
		return err
	}
	parties := make([]string, len(e.Filing.Parties))
	for i, p := range e.Filing.Parties {
		parties[i] = p.Name
	}
	handlers := make([]string, len(e.Ground.Handlers))
	for i, o := range e.Ground.Handlers {
		handlers[i] = o.Name
	}
	party := strings.Join(parties, "、")
	names, err := json.Marshal(handlers) // a name may hold any character
	if err != nil {
		return err
	}
	err = tx.Exec(`INSERT INTO caseledger_case (n, id, number, number_key, title, violation, kind, status, source, district, reach, organ, party,
			discovered_on, filed_on, handlers, finding)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Position, id, e.Number, numberKey(e.Number), e.Filing.Title, e.Filing.Violation, e.Ground.Kind, casefile.StatusFiled, e.Source, e.District,
		e.Reach, e.Organ, party, e.Ground.DiscoveredOn, law.DateOf(e.FiledAt), names, e.Finding)
	if err != nil {
		return err
	}
	violation, _ := law.ViolationByCode(e.Filing.Violation)
	if err := tx.Exec("INSERT INTO caseledger_search (rowid, text) VALUES (?, ?)", r.Position,
		projections.Bigrams(e.Number, e.Filing.Title, party, violation.Name, e.Filing.Summary, strings.Join(handlers, " "))); err != nil {
		return err
	}
	for _, o := range e.Ground.Handlers {
		if err := tx.Exec("INSERT OR IGNORE INTO caseledger_handler VALUES (?, ?, ?)", o.ID, law.DateOf(e.FiledAt), r.Position); err != nil {
			return err
		}
	}
	return tx.Exec("INSERT INTO caseledger_event VALUES (?, 'filed', ?)", r.Position, r.Data)
}

func onClosed(tx *projections.Tx, r domain.Record, _ domain.Meta, e casefile.Closed) error {
	id, err := projections.Subject(r)
	if err != nil {
		return err
	}
	var n int64
	if err := tx.Query("SELECT n FROM caseledger_case WHERE id = ?", func(row *projections.Row) error {
		n = row.Int()
		return nil
	}, id); err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("%s was never filed", r.Stream)
	}
	if err := tx.Exec("UPDATE caseledger_case SET status = ?, closed_on = ?, ground = ? WHERE n = ?",
		casefile.StatusClosed, law.DateOf(e.ClosedAt), e.Ground, n); err != nil {
		return err
	}
	return tx.Exec("INSERT INTO caseledger_event VALUES (?, 'closed', ?)", n, r.Data)
}

// numberKey makes document numbers sort by serial: every run of digits is filled up to eight.
func numberKey(number string) string {
	var b strings.Builder
	digits := ""
	flush := func() {
		if digits != "" {
			b.WriteString(strings.Repeat("0", max(0, 8-len(digits))) + digits)
			digits = ""
		}
	}
	for _, r := range number {
		if r >= '0' && r <= '9' {
			digits += string(r)
			continue
		}
		flush()
		b.WriteRune(r)
	}
	flush()
	return b.String()
}

// Filter selects cases; a zero field selects all.
type Filter struct {
	Districts  []string // what the asking person may see, and what he asked for
	Kinds      []law.Kind
	Group      string // "sand" or "shoreline": all kinds of it
	Statuses   []casefile.Status
	Violations []string
	Sources    []string
	Reach      *uuid.UUID
	Handler    *uuid.UUID
	From       law.Date // filed on or after
	To         law.Date // filed on or before
	Text       string   // full-text search
}

// ReachRef names a reach.
type ReachRef struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// Row is a line of the case ledger.
type Row struct {
	ID            uuid.UUID       `json:"id"`
	Number        string          `json:"number"`
	Title         string          `json:"title"`
	Violation     string          `json:"violation"`
	ViolationName string          `json:"violationName"`
	Kind          law.Kind        `json:"kind"`
	Status        casefile.Status `json:"status"`
	Source        string          `json:"source"`
	District      string          `json:"district"`
	Reach         ReachRef        `json:"reach"`
	Organ         uuid.UUID       `json:"organ"`
	Party         string          `json:"party"` // names of all parties
	DiscoveredOn  law.Date        `json:"discoveredOn"`
	FiledOn       law.Date        `json:"filedOn"`
	ClosedOn      law.Date        `json:"closedOn,omitempty"`
	Ground        string          `json:"ground,omitempty"` // of closing
	Handlers      []string        `json:"handlers"`         // names
	Finding       uuid.UUID       `json:"finding"`
}

const rowColumns = `c.id, c.number, c.title, c.violation, c.kind, c.status, c.source, c.district, c.reach,
	(SELECT name FROM caseledger_name WHERE category = 'reach' AND id = c.reach), c.organ, c.party, c.discovered_on, c.filed_on, c.closed_on, c.ground, c.handlers, c.finding`

func scanRow(r *projections.Row) (Row, error) {
	row := Row{ID: r.UUID(), Number: r.Text(), Title: r.Text(), Violation: r.Text(), Kind: law.Kind(r.Text()), Status: casefile.Status(r.Text()),
		Source: r.Text(), District: r.Text(), Reach: ReachRef{r.UUID(), r.Text()}, Organ: r.UUID(), Party: r.Text(), DiscoveredOn: law.Date(r.Text()),
		FiledOn: law.Date(r.Text()), ClosedOn: law.Date(r.Text()), Ground: r.Text(), Handlers: []string{}}
	if err := json.Unmarshal(r.Bytes(), &row.Handlers); err != nil {
		return row, err
	}
	row.Finding = r.UUID()
	if v, known := law.ViolationByCode(row.Violation); known {
		row.ViolationName = v.Name
	}
	return row, nil
}

// Sorts are the names by which the ledger can be sorted, the usual one first.
func Sorts() []string { return projections.SortNames(ledger()) }

func ledger() projections.Table[Row] {
	return projections.Table[Row]{From: "caseledger_case c", Number: "c.n", Columns: rowColumns, Scan: scanRow, Search: "caseledger_search", Sorts: []projections.Sort{
		{Name: "-filedOn", Column: "c.filed_on", Desc: true, Text: true}, {Name: "filedOn", Column: "c.filed_on", Text: true},
		{Name: "number", Column: "c.number_key", Text: true}, {Name: "-number", Column: "c.number_key", Desc: true, Text: true},
		{Name: "-closedOn", Column: "c.closed_on", Desc: true, Text: true}, {Name: "closedOn", Column: "c.closed_on", Text: true},
	}}
}

func (f Filter) where() projections.Where {
	var w projections.Where
	projections.Among(&w, "c.district", f.Districts)
	projections.Among(&w, "c.kind", f.Kinds)
	if f.Group != "" {
		projections.Among(&w, "c.kind", projections.KindsOf(f.Group))
	}
	projections.Among(&w, "c.status", f.Statuses)
	projections.Among(&w, "c.violation", f.Violations)
	projections.Among(&w, "c.source", f.Sources)
	if f.Reach != nil {
		w.Add("c.reach = ?", *f.Reach)
	}
	if f.Handler != nil {
		w.Add("h.officer = ? AND c.n = h.n", *f.Handler)
	}
	if f.From != "" {
		w.Add("c.filed_on >= ?", f.From)
	}
	if f.To != "" {
		w.Add("c.filed_on <= ?", f.To)
	}
	if f.open() {
		w.Add("c.status <> 'closed'") // says it in the words of the index
	}
	w.Search(f.Text)
	return w
}

// open reports whether closed cases are not wanted.
func (f Filter) open() bool {
	return len(f.Statuses) > 0 && !slices.Contains(f.Statuses, casefile.StatusClosed)
}

// index names the index that leaves the fewest rows to look at, in the order of a column, or in any order for counting.
func (f Filter) index(column string) string {
	counting, district := column == "", len(f.Districts) == 1
	switch {
	case f.Handler != nil:
		return ""
	case f.Reach != nil:
		return "caseledger_reach"
	case f.open():
		return "caseledger_open"
	case column == "c.number_key" && district:
		return "caseledger_district_number"
	case column == "c.number_key":
		return "caseledger_number"
	case column == "c.closed_on" && district:
		return "caseledger_district_closed"
	case column == "c.closed_on":
		return "caseledger_closed"
	case len(f.Violations) == 1, counting && len(f.Violations) > 0:
		return "caseledger_violation"
	case district, counting && len(f.Districts) > 0:
		return "caseledger_district"
	case len(f.Kinds) == 1, counting && len(f.Kinds) > 0, counting && f.Group != "":
		return "caseledger_kind"
	}
	return "caseledger_filed"
}

// Search reads a page of the ledger.
func Search(conn *sqlite.Conn, f Filter, p projections.Page) (projections.List[Row], error) {
	table := ledger()
	table.Index = f.index
	if f.Handler != nil {
		table.Via = "caseledger_handler h"
		for i := range table.Sorts {
			table.Sorts[i].Column = strings.Replace(table.Sorts[i].Column, "c.filed_on", "h.filed_on", 1)
		}
	}
	list, err := projections.Select(conn, table, f.where(), p)
	if err != nil {
		return list, fmt.Errorf("caseledger: search: %w", err)
	}
	return list, nil
}

// Closed is how a case ended.
type Closed struct {
	Ground   string       `json:"ground"`
	Note     string       `json:"note"`
	Receiver string       `json:"receiver,omitempty"`
	Receipt  string       `json:"receipt,omitempty"`
	Approval law.Approval `json:"approval"`
	ClosedAt time.Time    `json:"closedAt"`
}

// Detail is a case's page. In its JSON "ground" is what the filing was judged against; the ground of closing stands in "closed".
type Detail struct {
	Row
	OrganName    string           `json:"organName"`
	Filing       law.Filing       `json:"filing"`
	FilingGround law.FilingGround `json:"ground"`
	FiledAt      time.Time        `json:"filedAt"`
	Closed       *Closed          `json:"closed,omitempty"`
}

// ByID reads a case's page.
func ByID(conn *sqlite.Conn, id uuid.UUID) (d Detail, found bool, err error) {
	var n int64
	err = projections.Query(conn, "SELECT c.n, (SELECT name FROM caseledger_name WHERE category = 'organ' AND id = c.organ), "+rowColumns+" FROM caseledger_case c WHERE c.id = ?", func(r *projections.Row) error {
		n, d.OrganName, found = r.Int(), r.Text(), true
		d.Row, err = scanRow(r)
		return err
	}, id)
	if err == nil && found {
		err = d.events(conn, n)
	}
	if err != nil {
		return d, found, fmt.Errorf("caseledger: read %s: %w", id, err)
	}
	return d, found, nil
}

func (d *Detail) events(conn *sqlite.Conn, n int64) error {
	return projections.Query(conn, "SELECT kind, data FROM caseledger_event WHERE n = ?", func(r *projections.Row) error {
		switch kind, data := r.Text(), r.Bytes(); kind {
		case "filed":
			var e casefile.Filed
			if err := json.Unmarshal(data, &e); err != nil {
				return err
			}
			d.Filing, d.FilingGround, d.FiledAt = e.Filing, e.Ground, e.FiledAt
		case "closed":
			var e casefile.Closed
			if err := json.Unmarshal(data, &e); err != nil {
				return err
			}
			d.Closed = &Closed{e.Ground, e.Note, e.Receiver, e.Receipt, e.Approval, e.ClosedAt}
		}
		return nil
	}, n)
}

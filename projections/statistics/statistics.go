// Package statistics is the read model of figures (统计). Every figure opens to the events it counts: figures and entries are
// written together, in the transaction that also writes the ledgers.
//
// Days are civil dates in Beijing of when something happened in the field. A patrol, its officers and its distance count on the
// day it departed.
package statistics

import (
	_ "embed"
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

// Measure is what is counted.
type Measure string

// The measures.
const (
	Patrols          Measure = "patrols"
	OfficerTurns     Measure = "officerTurns"
	PatrolDistance   Measure = "patrolDistance"
	Findings         Measure = "findings"
	FindingsNotFiled Measure = "findingsNotFiled"
	CasesFiled       Measure = "casesFiled"
	CasesClosed      Measure = "casesClosed"
)

// Description is a measure as it is shown.
type Description struct {
	Code Measure `json:"code"`
	Name string  `json:"name"`
	Unit string  `json:"unit"`
}

// Measures lists every measure. Its order is stored: new ones are added at the end.
func Measures() []Description {
	return []Description{
		{Patrols, "巡查次数", "次"}, {OfficerTurns, "出动执法人员", "人次"}, {PatrolDistance, "巡查里程", "m"}, {Findings, "发现线索", "件"},
		{FindingsNotFiled, "不予立案", "件"}, {CasesFiled, "立案", "件"}, {CasesClosed, "结案", "件"},
	}
}

// code is the number a measure is stored under, 0 for an unknown one.
func (m Measure) code() int {
	for i, d := range Measures() {
		if d.Code == m {
			return i + 1
		}
	}
	return 0
}

// category is what the entries of a measure lead to.
func (m Measure) category() string {
	switch m {
	case Patrols, OfficerTurns, PatrolDistance:
		return patrol.Decider().Category
	case Findings, FindingsNotFiled:
		return finding.Decider().Category
	case CasesFiled, CasesClosed:
		return casefile.Decider().Category
	}
	return ""
}

// Projection returns the projection.
func Projection() projections.Projection {
	return projections.Projection{Name: "statistics", Version: 2, Schema: schema, Handlers: []projections.Handler{
		projections.On(onDeparted), projections.On(onReturned), projections.On(onReported), projections.On(onNotFiled),
		projections.On(onCaseFiled), projections.On(onCaseClosed),
		projections.Ignore(
			registry.OrganRegistered{}.EventType(), registry.ReachRegistered{}.EventType(), registry.OfficerRegistered{}.EventType(),
			registry.OfficerAssigned{}.EventType(), registry.CertificateIssued{}.EventType(), registry.NumberAllotted{}.EventType(),
			registry.NumberVoided{}.EventType(), patrol.TrackRecorded{}.EventType(),
			finding.Verified{}.EventType(), finding.FilingApproved{}.EventType(), finding.Filed{}.EventType(), finding.FilingFailed{}.EventType(),
		),
		projections.IgnoreRest(casefile.Types(), casefile.Filed{}.EventType(), casefile.Closed{}.EventType()),
		projections.Ignore(sandmining.EventTypes()...), projections.Ignore(shoreline.EventTypes()...),
	}}
}

// cell is what an amount is counted under.
type cell struct {
	id       uuid.UUID // of the patrol, finding or case
	day      law.Date
	district string
	reach    []byte
	kind     law.Kind
}

func open(tx *projections.Tx, r domain.Record, at time.Time, district string, reach []byte, kind law.Kind, subject string) (cell, error) {
	id, err := projections.Subject(r)
	if err != nil {
		return cell{}, err
	}
	category, _, _ := domain.SplitStream(r.Stream)
	c := cell{id, law.DateOf(at), district, reach, kind}
	return c, tx.Exec("INSERT INTO statistics_subject VALUES (?, ?, ?, ?, ?, ?, ?)", category, id, c.day, district, reach, kind, subject)
}

// reopen finds the cell that the first event of the stream was counted under.
func reopen(tx *projections.Tx, r domain.Record) (c cell, err error) {
	id, err := projections.Subject(r)
	if err != nil {
		return c, err
	}
	category, _, _ := domain.SplitStream(r.Stream)
	err = tx.Query("SELECT day, district, reach, kind FROM statistics_subject WHERE category = ? AND id = ?", func(row *projections.Row) error {
		c = cell{id, law.Date(row.Text()), row.Text(), row.Bytes(), law.Kind(row.Text())}
		return nil
	}, category, id)
	if err == nil && c.day == "" {
		err = fmt.Errorf("%s has not begun", r.Stream)
	}
	return c, err
}

// count adds an amount to a figure, with the entry that explains it.
func (c cell) count(tx *projections.Tx, r domain.Record, m Measure, amount int64) error {
	code := m.code()
	projections.Kept(tx, func() sums { return sums{} }, func(tx *projections.Tx, s sums) error { return s.write(tx) }).add(sum{code, string(c.day), c.district, string(c.reach), c.kind}, amount)
	return tx.Exec("INSERT INTO statistics_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", code, c.day, r.Position, amount, c.district, c.reach, c.kind, r.ID, r.Type, c.id)
}

// sums is what the entries of one transaction add to the cubes.
type sums map[sum]*[2]int64 // amount, entries

type sum struct {
	measure  int
	date     string
	district string
	reach    string
	kind     law.Kind
}

func (s sums) add(key sum, amount int64) {
	if s[key] == nil {
		s[key] = &[2]int64{}
	}
	s[key][0] += amount
	s[key][1]++
}

// write adds the sums to the three cubes.
func (s sums) write(tx *projections.Tx) error {
	days, months, reaches := sums{}, sums{}, sums{}
	into := func(cube sums, key sum, n *[2]int64) {
		if cube[key] == nil {
			cube[key] = &[2]int64{}
		}
		cube[key][0] += n[0]
		cube[key][1] += n[1]
	}
	for key, n := range s {
		reach := key.reach
		key.reach = ""
		into(days, key, n)
		key.date = key.date[:len("2006-01")]
		into(months, key, n)
		key.reach = reach
		into(reaches, key, n)
	}
	for key, n := range days {
		if err := tx.Exec(`INSERT INTO statistics_day VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (measure, day, district, kind)
			DO UPDATE SET amount = amount + excluded.amount, entries = entries + excluded.entries`, key.measure, key.date, key.district, key.kind, n[0], n[1]); err != nil {
			return err
		}
	}
	for key, n := range months {
		if err := tx.Exec(`INSERT INTO statistics_month VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (measure, month, district, kind)
			DO UPDATE SET amount = amount + excluded.amount, entries = entries + excluded.entries`, key.measure, key.date, key.district, key.kind, n[0], n[1]); err != nil {
			return err
		}
	}
	for key, n := range reaches {
		if err := tx.Exec(`INSERT INTO statistics_reach VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (measure, month, district, reach, kind)
			DO UPDATE SET amount = amount + excluded.amount, entries = entries + excluded.entries`, key.measure, key.date, key.district, []byte(key.reach), key.kind, n[0], n[1]); err != nil {
			return err
		}
	}
	return nil
}

func onDeparted(tx *projections.Tx, r domain.Record, _ domain.Meta, e patrol.Departed) error {
	var reach []byte // a patrol along several reaches is counted once, under none of them
	if len(e.Reaches) == 1 {
		reach = e.Reaches[0][:]
	}
	c, err := open(tx, r, e.DepartedAt, e.District, reach, "", e.Purpose)
	if err != nil {
		return err
	}
	return errors.Join(c.count(tx, r, Patrols, 1), c.count(tx, r, OfficerTurns, int64(len(e.Crew))))
}

func onReturned(tx *projections.Tx, r domain.Record, _ domain.Meta, e patrol.Returned) error {
	c, err := reopen(tx, r)
	if err != nil {
		return err
	}
	return c.count(tx, r, PatrolDistance, e.DistanceM)
}

func onReported(tx *projections.Tx, r domain.Record, _ domain.Meta, e finding.Reported) error {
	c, err := open(tx, r, e.FoundAt, e.Reach.District, e.Reach.ID[:], e.Kind, e.Description)
	if err != nil {
		return err
	}
	return c.count(tx, r, Findings, 1)
}

func onNotFiled(tx *projections.Tx, r domain.Record, _ domain.Meta, e finding.NotFiled) error {
	c, err := reopen(tx, r)
	if err != nil {
		return err
	}
	c.day = law.DateOf(e.DecidedAt)
	return c.count(tx, r, FindingsNotFiled, 1)
}

func onCaseFiled(tx *projections.Tx, r domain.Record, _ domain.Meta, e casefile.Filed) error {
	c, err := open(tx, r, e.FiledAt, e.District, e.Reach[:], e.Ground.Kind, e.Number+" "+e.Filing.Title)
	if err != nil {
		return err
	}
	return c.count(tx, r, CasesFiled, 1)
}

func onCaseClosed(tx *projections.Tx, r domain.Record, _ domain.Meta, e casefile.Closed) error {
	c, err := reopen(tx, r)
	if err != nil {
		return err
	}
	c.day = law.DateOf(e.ClosedAt)
	return c.count(tx, r, CasesClosed, 1)
}

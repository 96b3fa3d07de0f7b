package statistics_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/domain/patrol"
	"shuizheng/projections"
	"shuizheng/projections/logtest"
	"shuizheng/projections/statistics"
)

// fact is one event that counts, as the test finds it in the log.
type fact struct {
	measure  statistics.Measure
	day      law.Date
	district string
	reach    string
	kind     law.Kind
	amount   int64
	event    uuid.UUID
}

func facts(t testing.TB, records []domain.Record) (all []fact) {
	t.Helper()
	begun := map[string]fact{}
	for _, r := range records {
		f := begun[r.Stream]
		f.event = r.ID
		count := func(m statistics.Measure, amount int64) {
			f.measure, f.amount = m, amount
			all = append(all, f)
		}
		switch e := logtest.Decoded(t, r).(type) {
		case patrol.Departed:
			f = fact{day: law.DateOf(e.DepartedAt), district: e.District, event: r.ID}
			if len(e.Reaches) == 1 {
				f.reach = e.Reaches[0].String()
			}
			begun[r.Stream] = f
			count(statistics.Patrols, 1)
			count(statistics.OfficerTurns, int64(len(e.Crew)))
		case patrol.Returned:
			count(statistics.PatrolDistance, e.DistanceM)
		case finding.Reported:
			f = fact{day: law.DateOf(e.FoundAt), district: e.Reach.District, reach: e.Reach.ID.String(), kind: e.Kind, event: r.ID}
			begun[r.Stream] = f
			count(statistics.Findings, 1)
		case finding.NotFiled:
			f.day = law.DateOf(e.DecidedAt)
			count(statistics.FindingsNotFiled, 1)
		case casefile.Filed:
			f = fact{day: law.DateOf(e.FiledAt), district: e.District, reach: e.Reach.String(), kind: e.Ground.Kind, event: r.ID}
			begun[r.Stream] = f
			count(statistics.CasesFiled, 1)
		case casefile.Closed:
			f.day = law.DateOf(e.ClosedAt)
			count(statistics.CasesClosed, 1)
		}
	}
	return all
}

func (f fact) meets(q statistics.Filter) bool {
	return in(q.Measures, f.measure) && in(q.Districts, f.district) && in(q.Kinds, f.kind) && (q.From == "" || f.day >= q.From) && (q.To == "" || f.day <= q.To) &&
		(len(q.Reaches) == 0 || slices.ContainsFunc(q.Reaches, func(id uuid.UUID) bool { return id.String() == f.reach }))
}

func (f fact) key(g statistics.Group) string {
	switch g {
	case statistics.ByDistrict:
		return f.district
	case statistics.ByReach:
		return f.reach
	case statistics.ByKind:
		return string(f.kind)
	case statistics.ByDay:
		return string(f.day)
	case statistics.ByMonth:
		return string(f.day[:7])
	}
	panic(g)
}

func in[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

func randomFilter(random *rand.Rand, all []fact) statistics.Filter {
	f := logtest.One(random, all)
	q := statistics.Filter{
		Measures:  logtest.Some(random, []statistics.Measure{statistics.Patrols, statistics.CasesFiled, f.measure}),
		Districts: logtest.Some(random, []string{"320281", "320282", f.district}),
		Kinds:     logtest.Some(random, []law.Kind{law.SandMining, f.kind}),
	}
	slices.Sort(q.Measures)
	q.Measures = slices.Compact(q.Measures)
	if id, err := uuid.Parse(f.reach); err == nil {
		q.Reaches = logtest.Some(random, []uuid.UUID{id, uuid.MustParse(logtest.One(random, all).reachOr(f.reach))})
	}
	date := func() law.Date {
		d := logtest.One(random, all).day
		switch random.IntN(4) {
		case 0:
			return d[:8] + "01"
		case 1:
			return law.Date(lastOf(string(d)))
		}
		return d
	}
	if random.IntN(2) == 0 {
		q.From = date()
	}
	if random.IntN(2) == 0 {
		q.To = date()
	}
	return q
}

func (f fact) reachOr(other string) string {
	if f.reach == "" {
		return other
	}
	return f.reach
}

func lastOf(day string) string {
	for _, d := range []string{"31", "30", "29", "28"} {
		if law.DateOf(mustDay(day[:8]+d)) == law.Date(day[:8]+d) {
			return day[:8] + d
		}
	}
	panic(day)
}

func TestFiguresAreTheirEntries(t *testing.T) {
	random := logtest.Seeded(t)
	h := logtest.NewHistory(random.Uint64())
	h.Pace(15 * time.Hour) // most of a year
	h.Grow(2500)
	conn := logtest.Built(t, statistics.Projection(), h.Records())
	all := facts(t, h.Records())
	for range 80 {
		q := randomFilter(random, all)
		by := slices.Clone(statistics.Groups())
		random.Shuffle(len(by), func(i, j int) { by[i], by[j] = by[j], by[i] })
		by = by[:random.IntN(3)]
		check(t, conn, all, q, by)
	}
	for range 40 {
		q := randomFilter(random, all)
		drill(t, conn, all, logtest.One(random, statistics.Measures()).Code, q, 1+random.IntN(200))
	}
}

func check(t *testing.T, conn *sqlite.Conn, all []fact, q statistics.Filter, by []statistics.Group) {
	t.Helper()
	table, err := statistics.Figures(conn, q, by...)
	if err != nil {
		t.Fatalf("%+v by %v: %v", q, by, err)
	}
	totals := map[statistics.Measure]int64{}
	cells := map[string]int64{}
	keys := map[string]bool{}
	for _, f := range all {
		if !f.meets(q) {
			continue
		}
		totals[f.measure] += f.amount
		key := ""
		for _, g := range by {
			key += fmt.Sprintf("%s=%s ", g, f.key(g))
		}
		keys[key] = true
		cells[key+string(f.measure)] += f.amount
	}
	for m, n := range table.Totals {
		if totals[m] != n {
			t.Fatalf("%+v by %v: total of %s is %d, the log says %d", q, by, m, n, totals[m])
		}
		delete(totals, m)
	}
	for m, n := range totals {
		t.Fatalf("%+v by %v: total of %s is missing, the log says %d", q, by, m, n)
	}
	for _, row := range table.Rows {
		key := ""
		for _, g := range by {
			key += fmt.Sprintf("%s=%s ", g, row.Key[g])
		}
		if !keys[key] {
			t.Fatalf("%+v by %v: row %q is not in the log", q, by, key)
		}
		delete(keys, key)
		for m, n := range row.Values {
			if cells[key+string(m)] != n {
				t.Fatalf("%+v by %v: %s%s is %d, the log says %d", q, by, key, m, n, cells[key+string(m)])
			}
		}
	}
	if len(keys) > 0 {
		t.Fatalf("%+v by %v: rows %v are missing", q, by, keys)
	}
}

func drill(t *testing.T, conn *sqlite.Conn, all []fact, m statistics.Measure, q statistics.Filter, size int) {
	t.Helper()
	q.Measures = nil
	var want, sum int64
	events := map[uuid.UUID]bool{}
	for _, f := range all {
		if f.meets(q) && f.measure == m {
			want++
			sum += f.amount
			events[f.event] = true
		}
	}
	first, err := statistics.Drill(conn, m, q, projections.Page{})
	if err != nil {
		t.Fatal(err)
	}
	figure, err := statistics.Figures(conn, statistics.Filter{Measures: []statistics.Measure{m}, Districts: q.Districts, Kinds: q.Kinds, Reaches: q.Reaches, From: q.From, To: q.To})
	if err != nil {
		t.Fatal(err)
	}
	if *first.Sum != sum || *first.Total != want || figure.Totals[m] != sum {
		t.Fatalf("%s %+v: sum %d of %d entries, figure %d; the log says %d of %d", m, q, *first.Sum, *first.Total, figure.Totals[m], sum, want)
	}
	narrower := q
	narrower.Districts = append(slices.Clone(q.Districts), "nowhere")
	page := func(q statistics.Filter) func(projections.Page) (projections.List[statistics.Entry], error) {
		return func(p projections.Page) (projections.List[statistics.Entry], error) {
			e, err := statistics.Drill(conn, m, q, p)
			return e.List, err
		}
	}
	for _, e := range logtest.Pages(t, size, "-day", "day", page(q), page(narrower)) {
		if !events[e.EventID] {
			t.Fatalf("%s %+v: event %s does not count", m, q, e.EventID)
		}
		delete(events, e.EventID)
		sum -= e.Amount
		if domain.StreamName(e.Link.Kind, e.Link.ID) != e.Stream || e.Subject == "" && m != statistics.Patrols && m != statistics.OfficerTurns && m != statistics.PatrolDistance {
			t.Errorf("entry %+v", e)
		}
	}
	if sum != 0 || len(events) > 0 {
		t.Fatalf("%s %+v: %d is missing in the entries, and %d events", m, q, sum, len(events))
	}
}

func TestQuestionsThatCannotBeAnswered(t *testing.T) {
	h := logtest.NewHistory(1)
	h.Grow(500)
	conn := logtest.Built(t, statistics.Projection(), h.Records())
	for name, ask := range map[string]func() error{
		"measure": func() error {
			_, err := statistics.Figures(conn, statistics.Filter{Measures: []statistics.Measure{"x"}})
			return err
		},
		"dimension": func() error { _, err := statistics.Figures(conn, statistics.Filter{}, "name"); return err },
		"twice":     func() error { _, err := statistics.Figures(conn, statistics.Filter{}, "day", "day"); return err },
		"three": func() error {
			_, err := statistics.Figures(conn, statistics.Filter{}, "day", "kind", "reach")
			return err
		},
		"date": func() error {
			_, err := statistics.Figures(conn, statistics.Filter{From: "2026-13-01"}, "reach")
			return err
		},
		"drill into": func() error {
			_, err := statistics.Drill(conn, "x", statistics.Filter{}, projections.Page{})
			return err
		},
	} {
		if err := ask(); !errors.Is(err, statistics.ErrQuery) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range logtest.Hostile() {
		if _, err := statistics.Figures(conn, statistics.Filter{Districts: []string{text}, Kinds: []law.Kind{law.Kind(text)}}, statistics.ByMonth); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func mustDay(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, law.Beijing())
	if err != nil {
		return time.Time{}
	}
	return t
}

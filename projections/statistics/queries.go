package statistics

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/law"
	"shuizheng/projections"
)

// Filter selects what is counted; a zero field selects all.
type Filter struct {
	Measures  []Measure
	Districts []string // what the asking person may see, and what he asked for
	Kinds     []law.Kind
	Reaches   []uuid.UUID
	From      law.Date // first day
	To        law.Date // last day
}

// Group is a dimension of a table of figures.
type Group string

// The dimensions.
const (
	ByDistrict Group = "district"
	ByReach    Group = "reach"
	ByKind     Group = "kind"
	ByDay      Group = "day"
	ByMonth    Group = "month"
)

// Groups lists the dimensions.
func Groups() []Group { return []Group{ByDistrict, ByReach, ByKind, ByDay, ByMonth} }

// ErrQuery says that figures were asked for in a way that cannot be answered: an unknown measure or dimension, too many
// dimensions, no proper date, or more than [MaxRows] rows. Compare with errors.Is.
var ErrQuery = errors.New("statistics: cannot be asked like that")

// MaxRows is the largest table of figures.
const MaxRows = 20_000

// Row is a line of a table of figures. Key holds the value of each dimension: a district's or kind's code, a reach's id ("" for
// what belongs to none or to several), a day or a month.
type Row struct {
	Key    map[Group]string  `json:"key"`
	Values map[Measure]int64 `json:"values"`
}

// Table is a table of figures, its rows in order of their keys. A measure without entries is 0, a row without any is not there.
type Table struct {
	Rows   []Row             `json:"rows"`
	Totals map[Measure]int64 `json:"totals"`
}

// Figures counts, grouped by none, one or two dimensions.
func Figures(conn *sqlite.Conn, f Filter, by ...Group) (Table, error) {
	codes, err := f.check(by)
	if err != nil {
		return Table{}, err
	}
	measures := make(map[int64]Measure, len(codes))
	table := Table{Rows: []Row{}, Totals: map[Measure]int64{}}
	for _, m := range f.measures() {
		measures[int64(m.code())] = m
		table.Totals[m] = 0
	}
	rows := map[string]*Row{}
	query, args := f.query(codes, by)
	err = projections.QueryBuilt(conn, query, func(r *projections.Row) error {
		measure, amount := measures[r.Int()], r.Int()
		r.Int() // entries
		keys := make([]string, len(by))
		for i := range by {
			if keys[i] = r.Text(); by[i] == ByReach && keys[i] != "" {
				id, err := uuid.Parse(keys[i])
				if err != nil {
					return err
				}
				keys[i] = id.String()
			}
		}
		table.Totals[measure] += amount
		joined := strings.Join(keys, "\x00")
		row := rows[joined]
		if row == nil {
			if len(rows) == MaxRows {
				return fmt.Errorf("%w: more than %d rows", ErrQuery, MaxRows)
			}
			row = &Row{map[Group]string{}, maps.Clone(table.Totals)}
			for m := range row.Values {
				row.Values[m] = 0
			}
			for i, g := range by {
				row.Key[g] = keys[i]
			}
			rows[joined] = row
		}
		row.Values[measure] += amount
		return nil
	}, args...)
	if err != nil {
		return Table{}, fmt.Errorf("statistics: figures: %w", err)
	}
	for _, joined := range slices.Sorted(maps.Keys(rows)) {
		table.Rows = append(table.Rows, *rows[joined])
	}
	return table, nil
}

func (f Filter) measures() []Measure {
	if len(f.Measures) > 0 {
		return f.Measures
	}
	var all []Measure
	for _, d := range Measures() {
		all = append(all, d.Code)
	}
	return all
}

func (f Filter) check(by []Group) (codes []int, err error) {
	for _, m := range f.measures() {
		if m.code() == 0 {
			return nil, fmt.Errorf("%w: unknown measure %q", ErrQuery, m)
		}
		codes = append(codes, m.code())
	}
	for i, g := range by {
		if !slices.Contains(Groups(), g) || slices.Contains(by[:i], g) {
			return nil, fmt.Errorf("%w: unknown or repeated dimension %q", ErrQuery, g)
		}
	}
	if len(by) > 2 {
		return nil, fmt.Errorf("%w: more than two dimensions", ErrQuery)
	}
	for _, d := range []law.Date{f.From, f.To} {
		if _, err := time.Parse(time.DateOnly, string(d)); d != "" && err != nil {
			return nil, fmt.Errorf("%w: %q is no date", ErrQuery, d)
		}
	}
	return codes, nil
}

// source is a table that amounts are summed from, for a range of its dates.
type source struct {
	table, date string
	from, to    string
}

// tables lie from the smallest, whole months, to the finest, for the days before and after them.
const (
	entries     = "statistics_entry"
	daily       = "statistics_day"
	monthly     = "statistics_month"
	reachMonths = "statistics_reach"
)

// query sums amounts and counts entries from the smallest tables that hold the answer: a cube for whole months, and for the other
// days the cube of days, or the entries themselves where reaches matter.
func (f Filter) query(codes []int, by []Group) (query string, args []any) {
	days, months := daily, monthly
	if len(f.Reaches) > 0 || slices.Contains(by, ByReach) {
		days, months = entries, reachMonths
	}
	sources := []source{{days, "day", string(f.From), string(f.To)}}
	if !slices.Contains(by, ByDay) {
		sources = wholeMonths(days, months, f.From, f.To)
	}
	outer, group := "measure, sum(amount), sum(entries)", "measure"
	for i := range by {
		outer += fmt.Sprintf(", k%d", i)
		group += fmt.Sprintf(", k%d", i)
	}
	var parts []string
	for _, s := range sources {
		selected := "measure, amount, entries"
		if s.table == entries {
			selected = "measure, amount, 1 AS entries"
		}
		for i, g := range by {
			selected += fmt.Sprintf(", %s AS k%d", s.column(g), i)
		}
		var w projections.Where
		projections.Among(&w, "measure", codes)
		projections.Among(&w, "district", f.Districts)
		projections.Among(&w, "kind", f.Kinds)
		if len(f.Reaches) > 0 {
			projections.Among(&w, "reach", f.Reaches)
		}
		if s.from != "" {
			w.Add(s.date+" >= ?", s.from)
		}
		if s.to != "" {
			w.Add(s.date+" <= ?", s.to)
		}
		parts = append(parts, "SELECT "+selected+" FROM "+s.table+w.String())
		args = append(args, w.Args...)
	}
	return "SELECT " + outer + " FROM (" + strings.Join(parts, " UNION ALL ") + ") GROUP BY " + group, args
}

func (s source) column(g Group) string {
	switch g {
	case ByReach:
		return "lower(hex(reach))"
	case ByMonth:
		if s.date == "month" {
			return "month"
		}
		return "substr(day, 1, 7)"
	default: // district, kind, day: checked before
		return string(g)
	}
}

// wholeMonths cuts a range of days into whole months and the days before and after them.
func wholeMonths(days, months string, from, to law.Date) []source {
	first, last := "", ""
	var sources []source
	if from != "" {
		first = string(from)[:7]
		if day := string(from)[8:]; day != "01" {
			end := monthEnd(string(from))
			if to != "" && string(to) < end {
				end = string(to)
			}
			sources = append(sources, source{days, "day", string(from), end})
			first = monthAfter(first)
		}
	}
	if to != "" {
		last = string(to)[:7]
		if string(to) != monthEnd(string(to)) {
			if begin := last + "-01"; from == "" || begin >= string(from) {
				sources = append(sources, source{days, "day", begin, string(to)})
			}
			last = monthBefore(last)
		}
	}
	if first == "" || last == "" || first <= last {
		sources = append(sources, source{months, "month", first, last})
	}
	if sources == nil { // nothing lies between the two dates
		sources = []source{{days, "day", string(from), string(to)}}
	}
	return sources
}

func month(text string) time.Time {
	t, _ := time.Parse("2006-01", text[:7]) // checked before
	return t
}

func monthAfter(m string) string {
	if m == "9999-12" {
		return "9999-13" // a fifth digit would sort before everything
	}
	return month(m).AddDate(0, 1, 0).Format("2006-01")
}
func monthBefore(m string) string { return month(m).AddDate(0, -1, 0).Format("2006-01") }
func monthEnd(day string) string  { return month(day).AddDate(0, 1, -1).Format(time.DateOnly) }

// Link leads to the record an entry is about.
type Link struct {
	Kind string    `json:"kind"` // patrol, finding or case
	ID   uuid.UUID `json:"id"`
}

// Entry is one event that a figure counts, with the amount it adds.
type Entry struct {
	Amount   int64     `json:"amount"`
	Day      law.Date  `json:"day"`
	District string    `json:"district"`
	Reach    string    `json:"reach"` // id, "" for none or several
	Kind     law.Kind  `json:"kind"`
	Stream   string    `json:"stream"`
	EventID  uuid.UUID `json:"eventId"`
	Type     string    `json:"type"`
	Position uint64    `json:"position"`
	Subject  string    `json:"subject"` // purpose, description, or number and title
	Link     Link      `json:"link"`
}

// Entries are a page of the events that a figure counts. Sum is the figure; it and Total are given on the first page only.
type Entries struct {
	projections.List[Entry]
	Sum *int64
}

// Drill lists the events that the figure of one measure counts, the newest day first.
func Drill(conn *sqlite.Conn, measure Measure, f Filter, p projections.Page) (Entries, error) {
	var found Entries
	f.Measures = []Measure{measure}
	if _, err := f.check(nil); err != nil {
		return found, err
	}
	var w projections.Where
	w.Add("e.measure = ?", measure.code())
	projections.Among(&w, "e.district", f.Districts)
	projections.Among(&w, "e.kind", f.Kinds)
	if len(f.Reaches) > 0 {
		projections.Among(&w, "e.reach", f.Reaches)
	}
	if f.From != "" {
		w.Add("e.day >= ?", f.From)
	}
	if f.To != "" {
		w.Add("e.day <= ?", f.To)
	}
	var err error
	found.List, err = projections.Select(conn, projections.Table[Entry]{
		From: "statistics_entry e", Number: "e.position", Uncounted: true,
		Columns: "e.amount, e.day, e.district, e.reach, e.kind, e.event, e.type, e.position, (SELECT subject FROM statistics_subject WHERE category = '" + measure.category() + "' AND id = e.subject), e.subject",
		Sorts:   []projections.Sort{{Name: "-day", Column: "e.day", Desc: true, Text: true}, {Name: "day", Column: "e.day", Text: true}},
		Scan: func(r *projections.Row) (Entry, error) {
			e := Entry{Amount: r.Int(), Day: law.Date(r.Text()), District: r.Text()}
			if reach := r.Bytes(); len(reach) == len(uuid.UUID{}) {
				e.Reach = uuid.UUID(reach).String()
			}
			e.Kind, e.EventID, e.Type, e.Position, e.Subject = law.Kind(r.Text()), r.UUID(), r.Text(), uint64(r.Int()), r.Text()
			e.Link = Link{measure.category(), r.UUID()}
			e.Stream = domain.StreamName(e.Link.Kind, e.Link.ID)
			return e, nil
		},
	}, w, p)
	if err == nil && p.Cursor == "" {
		found.Sum, found.Total = new(int64), new(int64)
		query, args := f.query([]int{measure.code()}, nil)
		err = projections.QueryBuilt(conn, query, func(r *projections.Row) error {
			r.Int() // measure
			*found.Sum, *found.Total = r.Int(), r.Int()
			return nil
		}, args...)
	}
	if err != nil {
		return found, fmt.Errorf("statistics: entries of %s: %w", measure, err)
	}
	return found, nil
}

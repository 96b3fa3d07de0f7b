package e2e_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// figure is a row of a table of figures.
type figure struct {
	Key    map[string]string
	Values map[string]int64
}

type counting struct {
	Rows     []figure
	Totals   map[string]int64
	Position uint64
}

// entry is one event that a figure counts.
type entry struct {
	Amount                           int64
	Day, District, Reach, Kind, Type string
	Stream                           string
	EventID                          uuid.UUID
	Subject                          string
	Link                             struct {
		Kind string
		ID   uuid.UUID
	}
}

// drill asks for the entries of a figure as the page does: the conditions of the table, narrowed by the key of the row. An address
// cannot ask for what belongs to no reach or is of no kind, so that is picked out, as the page picks it out.
func drill(c *client, measure string, key map[string]string, limit int) []entry {
	c.t.Helper()
	query := url.Values{"measure": {measure}, "limit": {fmt.Sprint(limit)}}
	for name, value := range key {
		switch {
		case name == "month":
			first, err := time.Parse("2006-01", value)
			if err != nil {
				c.t.Fatal(err)
			}
			query.Set("from", first.Format(time.DateOnly))
			query.Set("to", first.AddDate(0, 1, -1).Format(time.DateOnly))
		case name == "day":
			query.Set("from", value)
			query.Set("to", value)
		case value != "":
			query.Set(name, value)
		}
	}
	path := "/api/v1/statistics/entries?" + query.Encode()
	all := items[entry](c, path)
	sum := int64(0)
	for _, e := range all {
		sum += e.Amount
	}
	var first page
	if c.get(path, &first); first.Sum == nil || *first.Sum != sum || *first.Total != int64(len(all)) {
		c.t.Errorf("%s: says %v of %v entries, the pages hold %d of %d", path, first.Sum, first.Total, sum, len(all))
	}
	return slices.DeleteFunc(all, func(e entry) bool {
		reach, byReach := key["reach"]
		kind, byKind := key["kind"]
		return byReach && reach == "" && e.Reach != "" || byKind && kind == "" && e.Kind != ""
	})
}

// TestDrillDownIsTheFigure opens every figure of a year of activity to the events it counts, for somebody who sees the whole city
// and for somebody who sees one district.
func TestDrillDownIsTheFigure(t *testing.T) {
	t.Parallel()
	w := demo(t)
	h := open(t, w.data, "--demo")
	city, handler := w.signIn(h, "city-supervisor"), w.signIn(h, "jy-handler")
	dice := newDice(uint64(time.Now().UnixNano()))
	for name, who := range map[string]*client{"the city": city, "Jiangyin": handler} {
		t.Run(name, func(t *testing.T) {
			c := *who
			c.t = t
			opened, figures := 0, 0
			for _, by := range []string{"district,month", "kind", "reach", "day", "month,kind", ""} {
				var table counting
				c.get("/api/v1/statistics?by="+by, &table)
				sums, keys := map[string]int64{}, map[string]bool{}
				for _, row := range table.Rows {
					if key := fmt.Sprint(row.Key); keys[key] {
						t.Errorf("by %s: two rows are %s", by, key)
					} else {
						keys[key] = true
					}
					if d, byDistrict := row.Key["district"]; byDistrict && c.me.District != "320200" && d != c.me.District {
						t.Errorf("by %s: a row of %s", by, d)
					}
					if len(row.Values) != len(table.Totals) {
						t.Fatalf("by %s: a row of %d measures, %d are counted", by, len(row.Values), len(table.Totals))
					}
					for measure, value := range row.Values {
						sums[measure] += value
						if by == "day" && dice.IntN(20) > 0 { // there are many days, and nothing new about them
							continue
						}
						figures++
						sum := int64(0)
						entries := drill(&c, measure, row.Key, []int{3, 50, 200}[dice.IntN(3)])
						for _, e := range entries {
							sum += e.Amount
							for dimension, is := range map[string]string{"district": e.District, "kind": e.Kind, "reach": e.Reach, "day": e.Day, "month": e.Day[:7]} {
								if want, ok := row.Key[dimension]; ok && is != want {
									t.Errorf("by %s, %s of %v: an entry is of %s %q", by, measure, row.Key, dimension, is)
								}
							}
						}
						if sum != value {
							t.Errorf("by %s, %s of %v is %d, its entries sum up to %d", by, measure, row.Key, value, sum)
						}
						if len(entries) > 0 && dice.IntN(4) == 0 {
							opened++
							c.opens(entries[dice.IntN(len(entries))], measure)
						}
					}
				}
				if !maps.Equal(sums, table.Totals) && by != "" {
					t.Errorf("by %s: the rows sum up to %v, the totals say %v", by, sums, table.Totals)
				}
				// However it is grouped, it is the same year.
				var plain counting
				if c.get("/api/v1/statistics", &plain); !maps.Equal(plain.Totals, table.Totals) {
					t.Errorf("by %s: totals %v, ungrouped %v", by, table.Totals, plain.Totals)
				}
			}
			if figures < 200 || opened < 30 {
				t.Errorf("only %d figures, %d events opened", figures, opened)
			}
			// Figures and ledgers are of one world.
			var mine counting
			c.get("/api/v1/statistics", &mine)
			for list, measure := range map[string]string{"findings": "findings", "cases": "casesFiled", "patrols": "patrols", "findings?status=not_filed": "findingsNotFiled", "cases?status=closed": "casesClosed"} {
				var p page
				if c.get("/api/v1/"+list, &p); *p.Total != mine.Totals[measure] {
					t.Errorf("%s: %d rows, %s is %d", list, *p.Total, measure, mine.Totals[measure])
				}
			}
		})
	}
	for _, measure := range []string{"patrols", "officerTurns", "patrolDistance", "findings", "findingsNotFiled", "casesFiled", "casesClosed"} {
		var table counting
		if city.get("/api/v1/statistics?measure="+measure, &table); table.Totals[measure] == 0 || len(table.Totals) != 1 {
			t.Errorf("of %s the year has %v", measure, table.Totals)
		}
	}
	// The districts together are the city.
	var whole counting
	city.get("/api/v1/statistics?by=district", &whole)
	var own counting
	handler.get("/api/v1/statistics", &own)
	if n := slices.IndexFunc(whole.Rows, func(f figure) bool { return f.Key["district"] == "320281" }); n < 0 || !maps.Equal(whole.Rows[n].Values, own.Totals) || len(whole.Rows) != 8 {
		t.Errorf("the city counts %+v, Jiangyin counts %+v", whole.Rows, own.Totals)
	}
	h.stop()
	h.rebuild()
}

// opens follows an entry to its event and to its record.
func (c *client) opens(e entry, measure string) {
	c.t.Helper()
	var one struct {
		Event struct {
			ID                              uuid.UUID
			Stream, Type, TypeName, Summary string
			Hash                            string
			Data                            obj
			Actor                           struct{ Name string }
			OccurredAt, RecordedAt          time.Time
		}
	}
	c.get("/api/v1/events/"+e.EventID.String(), &one)
	if got := one.Event; got.ID != e.EventID || got.Stream != e.Stream || got.Type != e.Type || got.Summary == "" || got.TypeName == got.Type || len(got.Hash) != 64 {
		c.t.Errorf("%s: the entry %+v opens to %+v", measure, e, got)
	}
	if e.Stream != e.Link.Kind+"-"+e.Link.ID.String() {
		c.t.Errorf("%s: the entry leads to %s %s, its event is on %s", measure, e.Link.Kind, e.Link.ID, e.Stream)
	}
	page := map[string]string{"patrol": "patrols", "finding": "findings", "case": "cases"}[e.Link.Kind]
	if a := c.do(http.MethodGet, "/api/v1/"+page+"/"+e.Link.ID.String(), nil); a.status != http.StatusOK {
		c.t.Errorf("%s: the record of an entry: %d %s", measure, a.status, a.body)
	}
	if measure == "casesFiled" && !strings.Contains(e.Subject, "立〔") {
		c.t.Errorf("a case's entry is called %q", e.Subject)
	}
}

// A patrol along two reaches, over midnight and a turn of the month, counts once, under no reach, on the day it left.
func TestFiguresOfAPatrolOverMidnight(t *testing.T) {
	t.Parallel()
	w := small(t)
	h := open(t, w.data)
	field, city := w.signIn(h, "jy-1"), w.signIn(h, "city")
	id, left := newID(), beijing("2024-02-29 22:00")
	both := []uuid.UUID{w.reach["长江利港段"], w.reach["锡澄运河江阴段"]}
	field.act(command("patrol.depart", id, left, obj{"officers": w.ids("jy-1", "jy-2"), "reaches": both, "means": "boat"}))
	field.act(command("patrol.track", id, left.Add(3*time.Hour), obj{"points": []obj{
		{"latE6": 31_952_000, "lonE6": 120_095_000, "accuracyCm": 500, "at": left.Add(time.Hour).UTC()},
		{"latE6": 31_952_000, "lonE6": 120_105_000, "accuracyCm": 500, "at": left.Add(150 * time.Minute).UTC()}}}))
	field.act(command("patrol.return", id, left.Add(4*time.Hour), obj{}))
	last := field.act(command("patrol.depart", newID(), left, obj{"officers": w.ids("jy-1", "jy-2"), "reaches": both[:1], "means": "foot"}))
	city.getAt(last.Position, "/api/v1/patrols", &page{})
	var table counting
	city.get("/api/v1/statistics?by=reach,month", &table)
	byReach := map[string]map[string]int64{}
	for _, row := range table.Rows {
		byReach[row.Key["reach"]+" "+row.Key["month"]] = row.Values
		for measure, value := range row.Values {
			sum := int64(0)
			for _, e := range drill(city, measure, row.Key, 1) {
				sum += e.Amount
			}
			if sum != value {
				t.Errorf("%s of %v is %d, its entries sum up to %d", measure, row.Key, value, sum)
			}
		}
	}
	several, one := byReach[" 2024-02"], byReach[both[0].String()+" 2024-02"]
	if len(byReach) != 2 || several["patrols"] != 1 || several["officerTurns"] != 2 || several["patrolDistance"] < 900 || several["patrolDistance"] > 1000 || one["patrols"] != 1 || one["patrolDistance"] != 0 {
		t.Errorf("by reach and month: %v", byReach)
	}
	// What the page says about a measure is what is counted.
	var reference struct {
		Measures []struct{ Code, Name, Unit, Definition string }
	}
	city.get("/api/v1/reference", &reference)
	for _, m := range reference.Measures {
		if _, counted := table.Totals[m.Code]; !counted || m.Name == "" || m.Unit == "" || m.Definition == "" {
			t.Errorf("measure %+v", m)
		}
		if m.Code == "patrolDistance" && !strings.Contains(m.Definition, "出发日期") {
			t.Errorf("the distance of a patrol counts on the day it left, the page says %q", m.Definition)
		}
	}
	if len(reference.Measures) != len(table.Totals) {
		t.Errorf("%d measures are described, %d are counted", len(reference.Measures), len(table.Totals))
	}
}

package projections_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"zombiezen.com/go/sqlite"

	"shuizheng/projections"
	"shuizheng/projections/logtest"
)

// searchable is an index of the same kind as those of the ledgers.
func searchable(t testing.TB, texts ...string) func(query string) []int64 {
	t.Helper()
	conn, err := sqlite.OpenConn(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	exec := func(query string, args ...any) {
		if err := projections.QueryBuilt(conn, query, func(*projections.Row) error { return nil }, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE VIRTUAL TABLE x USING fts5(text, content='', columnsize=0, tokenize='unicode61')")
	exec("CREATE TABLE x_row (n INTEGER PRIMARY KEY)")
	for i, text := range texts {
		exec("INSERT INTO x_row VALUES (?)", i+1)
		exec("INSERT INTO x (rowid, text) VALUES (?, ?)", i+1, projections.Bigrams(text))
	}
	table := projections.Table[int64]{From: "x_row r", Number: "r.n", Columns: "r.n", Search: "x", Sorts: []projections.Sort{{Name: "n", Column: "r.n"}},
		Scan: func(r *projections.Row) (int64, error) { return r.Int(), nil }}
	return func(query string) []int64 {
		var w projections.Where
		w.Search(query)
		list, err := projections.Select(conn, table, w, projections.Page{})
		if err != nil {
			t.Errorf("search for %q: %v", query, err)
		}
		return list.Items
	}
}

func TestSearch(t *testing.T) {
	find := searchable(t,
		"夜间发现疑似隐形采砂船，船名苏锡货8888，已拍照",         // 1
		"澄水立〔2026〕1号 王示例未办理河道采砂许可证擅自在长江采砂案", // 2
		"澄水立〔2026〕12号 张三乱堆案",                // 3
		"ＡＢＣ船舶修造厂，编号ＸＹ１２３",                  // 4
		"张 三，采 砂", // 5
		"小张",      // 6
	)
	for query, want := range map[string][]int64{
		"采砂": {1, 2}, "张三": {3}, "隐形采砂船": {1}, "砂采": nil, "船": {1, 4}, "张": {3, 5, 6},
		"苏锡货8888": {1}, "8888": {1}, "888": {1}, "货8888": {1}, "苏锡货": {1}, "苏锡货88889": nil,
		"澄水立〔2026〕1号": {2}, "澄水立[2026]1号": {2}, "澄水立［２０２６］１号": {2}, "澄水立20261号": nil, "立〔2026〕12号": {3}, "〔2026〕": {2, 3}, "澄水 2026": {2, 3},
		"采砂 拍照": {1}, "拍照　采砂": {1}, "采砂 乱堆": nil, "abc": {4}, "ABC船舶": {4}, "xy123": {4}, "XY１": {4}, "三乱": {3},
		"": {1, 2, 3, 4, 5, 6}, " ": {1, 2, 3, 4, 5, 6}, "，。": nil,
	} {
		if got := find(query); !equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
	for _, query := range logtest.Hostile() {
		find(query) // must not fail
	}
	if got := find(`采砂" OR "张三`); len(got) > 0 {
		t.Errorf("an operator inside quotes had an effect: %v", got)
	}
	if got := projections.Bigrams("河道管理"); got != "河道 道管 管理 理" {
		t.Error(got)
	}
}

// TestSearchForWhatIsEverywhere is about words that so many texts hold that they are not looked up one by one.
func TestSearchForWhatIsEverywhere(t *testing.T) {
	random := logtest.Seeded(t)
	conn, err := sqlite.OpenConn(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	exec := func(query string, args ...any) {
		t.Helper()
		if err := projections.Query(conn, query, func(*projections.Row) error { return nil }, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE VIRTUAL TABLE x USING fts5(text, content='', columnsize=0, tokenize='unicode61')")
	exec("CREATE TABLE x_row (n INTEGER PRIMARY KEY, day TEXT NOT NULL, asked INTEGER NOT NULL)")
	type row struct {
		n       int64
		day     string
		asked   bool // few are, and few of those match
		matches bool
	}
	var rows []row
	exec("BEGIN")
	for n := int64(10); len(rows) < 11_500; n += 1 + random.Int64N(3) {
		r := row{n, fmt.Sprintf("day %02d", random.IntN(40)), random.IntN(20) == 0, true}
		if r.asked {
			r.matches = random.IntN(10) == 0
		}
		text := "河道乱堆"
		if r.matches {
			text = "长江采砂船"
		}
		exec("INSERT INTO x_row VALUES (?, ?, ?)", r.n, r.day, r.asked)
		exec("INSERT INTO x (rowid, text) VALUES (?, ?)", r.n, projections.Bigrams(text))
		rows = append(rows, r)
	}
	exec("CREATE INDEX x_day ON x_row (day)")
	exec("COMMIT")
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.n, b.n)) })
	table := projections.Table[int64]{From: "x_row r", Number: "r.n", Columns: "r.n", Search: "x",
		Sorts: []projections.Sort{{Name: "day", Column: "r.day", Text: true}, {Name: "-day", Column: "r.day", Desc: true, Text: true}},
		Scan:  func(r *projections.Row) (int64, error) { return r.Int(), nil }}
	for _, sort := range []string{"day", "-day"} {
		var want, got []int64
		for _, r := range rows {
			if r.matches && r.asked {
				want = append(want, r.n)
			}
		}
		if sort == "-day" {
			slices.Reverse(want)
		}
		for cursor := ""; ; {
			var w projections.Where
			w.Add("r.asked = 1")
			w.Search("采砂")
			list, err := projections.Select(conn, table, w, projections.Page{Sort: sort, Cursor: cursor, Limit: 5 + random.IntN(20)})
			if err != nil || list.Total != nil {
				t.Fatal(list.Total, err)
			}
			got = append(got, list.Items...)
			if cursor = list.Next; cursor == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("sort %s: %d rows, want %d", sort, len(got), len(want))
		}
	}
}

func equal(a, b []int64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func FuzzSearch(f *testing.F) {
	for _, q := range logtest.Hostile() {
		f.Add(q)
	}
	find := searchable(f, "夜间发现疑似隐形采砂船")
	f.Fuzz(func(t *testing.T, query string) { find(query) })
}

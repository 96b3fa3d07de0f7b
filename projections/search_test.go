package projections_test

import (
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
	for i, text := range texts {
		exec("INSERT INTO x (rowid, text) VALUES (?, ?)", i+1, projections.Bigrams(text))
	}
	return func(query string) (found []int64) {
		var w projections.Where
		w.Search("n", "x", query)
		err := projections.QueryBuilt(conn, "SELECT n FROM (SELECT value AS n FROM json_each('[1,2,3,4,5,6,7,8,9]'))"+w.String()+" ORDER BY n", func(r *projections.Row) error {
			found = append(found, r.Int())
			return nil
		}, w.Args...)
		if err != nil {
			t.Errorf("search for %q: %v", query, err)
		}
		return found
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
		"": nil, "，。": nil,
	} {
		if got := find(query); !equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
	for _, query := range logtest.Hostile() {
		find(query) // must not fail
	}
	if got := find(`采砂" OR "张三`); got != nil {
		t.Errorf("an operator inside quotes had an effect: %v", got)
	}
	if got := projections.Bigrams("河道管理"); got != "河道 道管 管理 理" {
		t.Error(got)
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

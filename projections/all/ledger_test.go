package all_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"shuizheng/domain/casefile"
	"shuizheng/domain/catalog"
	"shuizheng/domain/law"
	"shuizheng/projections"
	"shuizheng/projections/caseledger"
	"shuizheng/projections/logtest"
	"shuizheng/projections/statistics"
)

// BenchmarkLedger asks a ledger of CASES cases, 20,000 if that is not set, what offices ask. LEDGER names a file to keep and use
// again: a million cases take minutes to build.
func BenchmarkLedger(b *testing.B) {
	n := 20_000
	if text := os.Getenv("CASES"); text != "" {
		if _, err := fmt.Sscan(text, &n); err != nil {
			b.Fatal(err)
		}
	}
	path := os.Getenv("LEDGER")
	if path == "" {
		path = filepath.Join(b.TempDir(), "ledger.db")
	}
	if _, err := os.Stat(path); err != nil {
		types, err := catalog.New()
		if err != nil {
			b.Fatal(err)
		}
		set, err := projections.NewSet(types, caseledger.Projection(), statistics.Projection())
		if err != nil {
			b.Fatal(err)
		}
		if err := projections.Rebuild(b.Context(), logtest.NewCases(n), set, path); err != nil {
			b.Fatal(err)
		}
	}
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	for _, pragma := range []string{"cache_size = -16384", "mmap_size = 2147483648"} { // as a runner reads
		if err := sqlitex.ExecuteTransient(conn, "PRAGMA "+pragma, nil); err != nil {
			b.Fatal(err)
		}
	}
	one := func(query string) (id uuid.UUID) {
		if err := projections.QueryBuilt(conn, query, func(r *projections.Row) error { id = r.UUID(); return nil }); err != nil {
			b.Fatal(err)
		}
		return id
	}
	reach := one("SELECT reach FROM caseledger_case LIMIT 1 OFFSET 1000")
	handler := one("SELECT officer FROM caseledger_handler LIMIT 1 OFFSET 1000")
	district, closed := []string{"320281"}, []casefile.Status{casefile.StatusClosed}
	for _, c := range []struct {
		name string
		f    caseledger.Filter
		sort string
	}{
		{"all", caseledger.Filter{}, ""},
		{"district", caseledger.Filter{Districts: district}, ""},
		{"two districts", caseledger.Filter{Districts: []string{"320281", "320282"}}, ""},
		{"district open", caseledger.Filter{Districts: district, Statuses: []casefile.Status{casefile.StatusFiled}}, ""},
		{"district closed", caseledger.Filter{Districts: district, Statuses: closed}, ""},
		{"four filters", caseledger.Filter{Districts: district, Kinds: []law.Kind{law.SandMining}, Violations: []string{"S01"}, Statuses: closed}, ""},
		{"kind source year", caseledger.Filter{Kinds: []law.Kind{law.SandMining}, Sources: []string{"tip"}, From: "2022-03-01", To: "2023-02-28"}, ""},
		{"reach closed", caseledger.Filter{Reach: &reach, Statuses: closed}, ""},
		{"handler", caseledger.Filter{Handler: &handler}, ""},
		{"group by number", caseledger.Filter{Group: "sand"}, "-number"},
		{"violation by closing", caseledger.Filter{Violations: []string{"S01"}}, "-closedOn"},
		{"district by number", caseledger.Filter{Districts: district}, "number"},
		{"text rare", caseledger.Filter{Text: "张伟敏"}, ""},
		{"text number", caseledger.Filter{Text: "〔2022〕7001号"}, ""},
		{"text name", caseledger.Filter{Text: "张伟"}, ""},
		{"text name and filters", caseledger.Filter{Text: "张伟", Districts: district, Statuses: closed}, ""},
		{"text common", caseledger.Filter{Text: "采砂"}, ""},
		{"text common by number", caseledger.Filter{Text: "采砂"}, "-number"},
		{"text common and filters", caseledger.Filter{Text: "采砂", Districts: district, Statuses: closed, Violations: []string{"S01"}}, ""},
		{"text everywhere", caseledger.Filter{Text: "未经批准"}, ""},
	} {
		ask(b, "cases/"+c.name, func() error {
			_, err := caseledger.Search(conn, c.f, projections.Page{Sort: c.sort})
			return err
		})
	}
	for _, by := range [][]statistics.Group{{"district", "month"}, {"reach", "kind"}, {"day"}, {"reach", "month"}} {
		ask(b, fmt.Sprintf("figures/by %v", by), func() error {
			_, err := statistics.Figures(conn, statistics.Filter{}, by...)
			return err
		})
	}
	ask(b, "figures/by reach, odd dates", func() error {
		_, err := statistics.Figures(conn, statistics.Filter{From: "2022-01-15", To: "2023-03-10"}, statistics.ByReach)
		return err
	})
	for name, f := range map[string]statistics.Filter{"all": {}, "district": {Districts: district}, "reach": {Reaches: []uuid.UUID{reach}}, "month": {From: "2022-02-01", To: "2022-02-28"}} {
		ask(b, "entries/"+name, func() error {
			_, err := statistics.Drill(conn, statistics.CasesFiled, f, projections.Page{})
			return err
		})
	}
}

// ask tells the median and the worst but one in a hundred of a question.
func ask(b *testing.B, name string, question func() error) {
	b.Run(name, func(b *testing.B) {
		var took []time.Duration
		for b.Loop() {
			start := time.Now()
			if err := question(); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		b.ReportMetric(0, "ns/op")
	})
}

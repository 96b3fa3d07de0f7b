package projections_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"shuizheng/projections"
	"shuizheng/projections/logtest"
)

func rebuilt(t testing.TB, log projections.Log) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "readmodel.db")
	if err := projections.Rebuild(t.Context(), log, set(t), path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCompareNamesWhatDiffers(t *testing.T) {
	h := logtest.NewHistory(1)
	h.Grow(150)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	a := rebuilt(t, log)
	whole, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change string
		table  string
		count  int
	}{
		"nothing":        {"SELECT 1", "", 0},
		"a value":        {"UPDATE findings_finding SET place_note = place_note || ' ' WHERE n = (SELECT max(n) FROM findings_finding)", "findings_finding", 1},
		"a missing row":  {"DELETE FROM caseledger_handler WHERE n = (SELECT min(n) FROM caseledger_case)", "caseledger_handler", 2},
		"a row too many": {"INSERT INTO registry_organ VALUES (x'00', 'a', 'b', 'c')", "registry_organ", 1},
		"a type":         {"UPDATE statistics_day SET kind = CAST(kind AS BLOB) WHERE day = (SELECT max(day) FROM statistics_day) AND measure = 1", "statistics_day", 0},
		"a word":         {"INSERT INTO caseledger_search (rowid, text) VALUES (1, '采砂')", "caseledger_search", 1},
		"the position":   {"UPDATE checkpoint SET position = position + 1", "checkpoint", 1},
		"a table":        {"CREATE TABLE mine (a)", "mine", 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := filepath.Join(t.TempDir(), "b.db")
			if err := os.WriteFile(b, whole, 0o600); err != nil {
				t.Fatal(err)
			}
			conn, err := sqlite.OpenConn(b, sqlite.OpenReadWrite)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(sqlitex.ExecuteTransient(conn, c.change, nil), conn.Close()); err != nil {
				t.Fatal(err)
			}
			for _, paths := range [][2]string{{a, b}, {b, a}} {
				differences, err := projections.Compare(t.Context(), paths[0], paths[1])
				if err != nil {
					t.Fatal(err)
				}
				if c.table == "" && len(differences) > 0 || c.table != "" && len(differences) == 0 || c.count > 0 && len(differences) != c.count {
					t.Fatalf("differences %v", differences)
				}
				for _, d := range differences {
					if d.Table != c.table || d.Key == "" {
						t.Errorf("difference %v", d)
					}
				}
			}
		})
	}
	if _, err := projections.Compare(t.Context(), a, a+".none"); err == nil || !strings.Contains(err.Error(), a+".none") {
		t.Error(err)
	}
}

func TestRebuildStopsWhenTold(t *testing.T) {
	h := logtest.NewHistory(2)
	h.Grow(5000)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := projections.Rebuild(ctx, log, set(t), filepath.Join(t.TempDir(), "x.db")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	log.Break(errors.New("cut"))
	if err := projections.Rebuild(t.Context(), log, set(t), filepath.Join(t.TempDir(), "y.db")); err == nil || !strings.Contains(err.Error(), "cut") {
		t.Error(err)
	}
}

// TestKilledWhileBuilding starts a runner over what a killed one left.
func TestKilledWhileBuilding(t *testing.T) {
	h := logtest.NewHistory(3)
	h.Grow(1000)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	path := filepath.Join(t.TempDir(), "readmodel.db")
	for _, left := range []string{path + ".building", path + ".building-wal", path + ".building-journal"} {
		if err := os.WriteFile(left, []byte("half a file"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	r, stop := run(t, projections.Config{Log: log, Set: set(t), Path: path})
	wait(t, r, log.Last())
	stop()
	equalToRebuilt(t, log, path)
}

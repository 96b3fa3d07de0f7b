package all_test

import (
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"shuizheng/domain/catalog"
	"shuizheng/projections"
	"shuizheng/projections/all"
	"shuizheng/projections/logtest"
)

func set(t testing.TB) *projections.Set {
	t.Helper()
	c, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	s, err := all.Set(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRebuildTwiceIsEqual(t *testing.T) {
	h := logtest.NewHistory(1)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	log.Add(h.Grow(1200)...)
	a, b := filepath.Join(t.TempDir(), "a.db"), filepath.Join(t.TempDir(), "b.db")
	for _, path := range []string{a, b} {
		if err := projections.Rebuild(t.Context(), log, set(t), path); err != nil {
			t.Fatal(err)
		}
	}
	differences, err := projections.Compare(t.Context(), a, b)
	if err != nil || len(differences) > 0 {
		t.Fatal(err, differences)
	}
}

// BenchmarkRebuild tells events per second, and the processor time of an event, which says more on a machine with other work.
func BenchmarkRebuild(b *testing.B) {
	h := logtest.NewHistory(1)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	log.Add(h.Grow(100_000)...)
	s := set(b)
	b.ReportAllocs()
	var events int
	runtime.GC()
	start, cpu := time.Now(), cpuTime(b)
	for b.Loop() {
		if err := projections.Rebuild(b.Context(), log, s, filepath.Join(b.TempDir(), "readmodel.db")); err != nil {
			b.Fatal(err)
		}
		events += len(log.Records())
	}
	b.ReportMetric(float64(events)/time.Since(start).Seconds(), "events/s")
	b.ReportMetric((cpuTime(b)-cpu).Seconds()*1e6/float64(events), "cpu-µs/event")
}

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

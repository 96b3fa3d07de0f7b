package relay_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"shuizheng/domain"
	"shuizheng/eventstore"
	"shuizheng/eventstore/embedded"
	"shuizheng/projections"
	"shuizheng/projections/logtest"
	"shuizheng/relay"
)

// house is everything from the event store to the read model, as in the program.
type house struct {
	store  *eventstore.Client
	relay  *relay.Relay
	runner *projections.Runner
	path   string
	stop   func()
}

func open(t testing.TB) *house {
	t.Helper()
	dir := t.TempDir()
	server, err := embedded.Open(t.Context(), embedded.Options{Dir: filepath.Join(dir, "store")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	h := &house{path: filepath.Join(dir, "readmodel.db")}
	if h.store, err = eventstore.Open(t.Context(), eventstore.Options{Address: server.Address(), Credential: server.Credential()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.store.Close() })
	nc, _ := jetStream(t, filepath.Join(dir, "jetstream"))
	if h.relay, err = relay.New(relay.Config{Log: h.store, Conn: nc, Logger: quiet()}); err != nil {
		t.Fatal(err)
	}
	h.runner = projections.NewRunner(projections.Config{Log: h.store, Set: projectionSet(t), Path: h.path, Feed: relay.Feed{Conn: nc}, Logger: quiet()})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, run := range []func(context.Context) error{h.relay.Run, h.runner.Run} {
		running.Go(func() {
			if err := run(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("ended with %v", err)
			}
		})
	}
	h.stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	t.Cleanup(h.stop)
	return h
}

// append writes one event of a history to the store.
func (h *house) append(ctx context.Context, r domain.Record) (uint64, error) {
	return h.store.Append(ctx, r.Stream, domain.Expected(r.Revision)-1, []domain.Proposed{{ID: r.ID, Type: r.Type, Data: r.Data, Metadata: r.Metadata}})
}

func TestThroughTheEventStore(t *testing.T) {
	h := open(t)
	history := logtest.NewHistory(11)
	history.Grow(300)
	var last uint64
	for _, r := range history.Records() {
		var err error
		if last, err = h.append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.runner.WaitFor(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	relayed(t, h.relay, last)
	if s := h.runner.Status(); s.Fault != nil || s.Position != last {
		t.Errorf("%+v", s)
	}
	h.stop()
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	if err := projections.Rebuild(t.Context(), h.store, projectionSet(t), fresh); err != nil {
		t.Fatal(err)
	}
	if differences, err := projections.Compare(t.Context(), h.path, fresh); err != nil || len(differences) > 0 {
		t.Fatal(err, differences)
	}
}

// BenchmarkVisible tells how long after its append was answered an event stands in ledger and statistics, at 500 events a second.
func BenchmarkVisible(b *testing.B) {
	h := open(b)
	history := logtest.NewHistory(12)
	for _, r := range history.Records() {
		if _, err := h.append(b.Context(), r); err != nil {
			b.Fatal(err)
		}
	}
	type answer struct {
		position uint64
		at       time.Time
	}
	answers := make(chan answer, 1<<16)
	var late []time.Duration
	var watcher sync.WaitGroup
	watcher.Go(func() {
		for a := range answers {
			if err := h.runner.WaitFor(b.Context(), a.position); err != nil {
				b.Error(err)
			}
			late = append(late, time.Since(a.at))
		}
	})
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	var waiting []domain.Record
	for b.Loop() {
		if len(waiting) == 0 {
			waiting = history.Grow(1)
		}
		<-tick.C
		position, err := h.append(b.Context(), waiting[0])
		if err != nil {
			b.Fatal(err)
		}
		answers <- answer{position, time.Now()}
		waiting = waiting[1:]
	}
	close(answers)
	watcher.Wait()
	slices.Sort(late)
	b.ReportMetric(float64(late[len(late)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(late[len(late)*99/100].Microseconds())/1000, "p99-ms")
}

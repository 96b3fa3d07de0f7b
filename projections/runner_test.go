package projections_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/catalog"
	"shuizheng/domain/finding"
	"shuizheng/domain/registry"
	"shuizheng/projections"
	"shuizheng/projections/all"
	"shuizheng/projections/logtest"
)

func events(t testing.TB) domain.Catalog {
	t.Helper()
	c, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func set(t testing.TB) *projections.Set {
	t.Helper()
	s, err := all.Set(events(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func seed(t testing.TB) *rand.Rand {
	t.Helper()
	s := uint64(time.Now().UnixNano())
	if text := os.Getenv("SEED"); text != "" {
		if _, err := fmt.Sscan(text, &s); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("SEED=%d", s)
	return rand.New(rand.NewPCG(s, 2))
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// feed is a source of hints that tests drive by hand. It loses, doubles, delays and reorders as told by chance.
type feed struct {
	mu      sync.Mutex
	deliver func(domain.Record, uint64, string)
	ready   chan struct{}
	random  *rand.Rand
	held    []message
	last    uint64
}

type message struct {
	record   domain.Record
	previous uint64
}

func newFeed(random *rand.Rand) *feed { return &feed{random: random, ready: make(chan struct{}, 100)} }

func (f *feed) Follow(ctx context.Context, ready func(), deliver func(domain.Record, uint64, string)) error {
	f.mu.Lock()
	f.deliver = deliver
	f.mu.Unlock()
	ready()
	f.ready <- struct{}{}
	<-ctx.Done()
	f.mu.Lock()
	f.deliver = nil
	f.mu.Unlock()
	return ctx.Err()
}

// publish brings the records to the runner, each 0 to 2 times, some late and out of order.
func (f *feed) publish(log string, records ...domain.Record) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range records {
		m := message{r, f.last}
		f.last = r.Position
		if f.random == nil {
			f.send(log, m)
			continue
		}
		for range f.random.IntN(3) {
			f.held = append(f.held, m)
		}
		f.random.Shuffle(len(f.held), func(i, j int) { f.held[i], f.held[j] = f.held[j], f.held[i] })
		for len(f.held) > 5 {
			f.send(log, f.held[0])
			f.held = f.held[1:]
		}
	}
}

// forge brings one message as it is.
func (f *feed) forge(log string, m message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.send(log, m)
}

func (f *feed) send(log string, m message) {
	if f.deliver != nil {
		f.deliver(m.record, m.previous, log)
	}
}

func run(t testing.TB, c projections.Config) (*projections.Runner, func()) {
	t.Helper()
	if c.Logger == nil {
		c.Logger = quiet()
	}
	r := projections.NewRunner(c)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := r.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v", err)
		}
	}()
	stop := func() { cancel(); <-done }
	t.Cleanup(stop)
	return r, stop
}

func wait(t testing.TB, r *projections.Runner, position uint64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := r.WaitFor(ctx, position); err != nil {
		t.Fatalf("%v; status %+v", err, r.Status())
	}
}

func equalToRebuilt(t testing.TB, log projections.Log, path string) {
	t.Helper()
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	if err := projections.Rebuild(t.Context(), log, set(t), fresh); err != nil {
		t.Fatal(err)
	}
	differences, err := projections.Compare(t.Context(), path, fresh)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range differences {
		if i < 5 {
			t.Errorf("live differs from rebuilt: %s", d)
		}
	}
}

func TestFollowsFeedAndLog(t *testing.T) {
	h := logtest.NewHistory(1)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	path := filepath.Join(t.TempDir(), "readmodel.db")
	f := newFeed(nil)
	r, stop := run(t, projections.Config{Log: log, Set: set(t), Path: path, Feed: f, Poll: time.Hour})
	<-f.ready
	wait(t, r, log.Last())
	f.last = log.Last()

	// What the feed brings is applied without the log being asked: it is broken.
	more := h.Grow(300)
	log.Add(more...)
	log.Break(errors.New("the log must not be asked"))
	f.publish("logtest ", more...)
	wait(t, r, log.Last())
	log.Break(nil)

	// What the feed loses is found by whoever waits for it.
	log.Add(h.Grow(300)...)
	wait(t, r, log.Last())
	if s := r.Status(); !s.Readable || !s.Connected || !s.CaughtUp || s.Fault != nil || s.Err != nil {
		t.Errorf("status %+v", s)
	}
	stop()
	equalToRebuilt(t, log, path)
}

func TestAnyFeedGivesTheSameRows(t *testing.T) {
	random := seed(t)
	h := logtest.NewHistory(random.Uint64())
	log := &logtest.Log{}
	log.Add(h.Records()...)
	path := filepath.Join(t.TempDir(), "readmodel.db")
	for range 4 { // each time the runner is killed somewhere and started again
		f := newFeed(random)
		r, stop := run(t, projections.Config{Log: log, Set: set(t), Path: path, Feed: f, Poll: 60 * time.Millisecond})
		if random.IntN(4) > 0 { // else what is published at first comes before anybody listens
			wait(t, r, log.Last())
			<-f.ready
		}
		f.last = log.Last()
		for range random.IntN(30) {
			more := h.Grow(1 + random.IntN(40))
			log.Add(more...)
			f.publish("logtest ", more...)
			if random.IntN(3) == 0 {
				foreign := more[0]
				foreign.Position++
				f.forge("another log", message{foreign, log.Last()})
			}
			time.Sleep(time.Duration(random.IntN(4)) * time.Millisecond)
		}
		if random.IntN(2) == 0 {
			wait(t, r, log.Last())
		}
		stop()
	}
	r, stop := run(t, projections.Config{Log: log, Set: set(t), Path: path})
	wait(t, r, log.Last())
	stop()
	equalToRebuilt(t, log, path)
	neverBuiltAnew(t, path)
}

// neverBuiltAnew checks that a read model was right all the time: one that finds itself wrong is put aside and built anew.
func neverBuiltAnew(t testing.TB, path string) {
	t.Helper()
	if _, err := os.Stat(path + ".previous"); err == nil {
		t.Error("the read model found itself wrong and was built anew")
	}
}

// TestHintThatCannotBeApplied is about a message whose content is damaged on the way: the log's own copy is applied, and nobody
// has to ask for it.
func TestHintThatCannotBeApplied(t *testing.T) {
	h := logtest.NewHistory(2)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	path := filepath.Join(t.TempDir(), "readmodel.db")
	f := newFeed(nil)
	r, stop := run(t, projections.Config{Log: log, Set: set(t), Path: path, Feed: f, Poll: time.Hour})
	<-f.ready
	wait(t, r, log.Last())
	time.Sleep(200 * time.Millisecond) // nobody is waiting any more
	for _, damage := range []func(*domain.Record){
		func(r *domain.Record) { r.Data = []byte("{") },
		func(r *domain.Record) { r.Metadata = nil },
		func(r *domain.Record) { r.Type = "nobody.knows.v1" },
		func(r *domain.Record) { r.Stream = "no stream" },
		nil, // unreadable as a whole
	} {
		f.last = log.Last()
		more := h.Grow(1)
		log.Add(more...)
		_, changed := r.Changed()
		if damaged := more[0]; damage != nil {
			damage(&damaged)
			f.forge("logtest ", message{damaged, f.last})
		} else {
			f.forge("", message{})
		}
		for position := uint64(0); position != log.Last(); position, changed = r.Changed() {
			select {
			case <-changed:
			case <-time.After(10 * time.Second):
				t.Fatalf("stands at %d of %d: %+v", position, log.Last(), r.Status())
			}
		}
		if s := r.Status(); s.Fault != nil {
			t.Errorf("fault %v", s.Fault)
		}
	}
	stop()
	equalToRebuilt(t, log, path)
	neverBuiltAnew(t, path)
}

// TestGapIsReadFromTheLog loses one of three events on the way.
func TestGapIsReadFromTheLog(t *testing.T) {
	h := logtest.NewHistory(10)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	path := filepath.Join(t.TempDir(), "readmodel.db")
	f := newFeed(nil)
	r, stop := run(t, projections.Config{Log: log, Set: set(t), Path: path, Feed: f, Poll: time.Hour})
	<-f.ready
	wait(t, r, log.Last())
	time.Sleep(200 * time.Millisecond) // nobody is waiting any more
	before := log.Last()
	more := h.Grow(3)
	log.Add(more...)
	f.forge("logtest ", message{more[0], before})
	f.forge("logtest ", message{more[2], more[1].Position})
	for position, changed := r.Changed(); position < more[2].Position; position, changed = r.Changed() {
		select {
		case <-changed:
		case <-time.After(10 * time.Second):
			t.Fatalf("stands at %d: %+v", position, r.Status())
		}
	}
	wait(t, r, log.Last())
	stop()
	equalToRebuilt(t, log, path)
	neverBuiltAnew(t, path)
}

func TestAnotherVersionIsBuiltAnew(t *testing.T) {
	h := logtest.NewHistory(11)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	path := filepath.Join(t.TempDir(), "readmodel.db")
	counting := func(version int, schema, statement string) *projections.Set {
		s, err := projections.NewSet(events(t), projections.Projection{Name: "counting", Version: version, Schema: schema, Handlers: []projections.Handler{
			projections.Every(func(tx *projections.Tx, r domain.Record, _ domain.Meta) error { return tx.Exec(statement, r.Position) })}})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const one, two = "CREATE TABLE counting_a (position INTEGER PRIMARY KEY)", "CREATE TABLE counting_a (position INTEGER PRIMARY KEY, b)"
	for i, s := range []*projections.Set{
		counting(1, one, "INSERT INTO counting_a VALUES (?)"),
		counting(2, one, "INSERT INTO counting_a VALUES (? + 1)"),
		counting(2, two, "INSERT INTO counting_a VALUES (?, 1)"),
	} {
		r, stop := run(t, projections.Config{Log: log, Set: s, Path: path})
		wait(t, r, log.Last())
		var first, n int64
		if err := r.Read(t.Context(), func(conn *sqlite.Conn, _ uint64) error {
			return projections.Query(conn, "SELECT min(position), count(*) FROM counting_a", func(row *projections.Row) error {
				first, n = row.Int(), row.Int()
				return nil
			})
		}); err != nil {
			t.Fatal(err)
		}
		if want := int64(log.Records()[0].Position) + int64(i%2); first != want || n != int64(len(log.Records())) {
			t.Errorf("set %d: %d rows from %d, want %d from %d", i, n, first, len(log.Records()), want)
		}
		stop()
	}
}

func TestPoisonStopsLoudlyAndResumes(t *testing.T) {
	h := logtest.NewHistory(3)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	log.Add(h.Grow(500)...)
	path := filepath.Join(t.TempDir(), "readmodel.db")

	var poison, before domain.Record
	for i, r := range log.Records() {
		if r.Type == (finding.Verified{}).EventType() {
			poison, before = r, log.Records()[i-1]
		}
	}
	var sick atomic.Bool
	sick.Store(true)
	broken := func(fail bool) *projections.Set {
		handlers := []projections.Handler{projections.Every(func(_ *projections.Tx, r domain.Record, _ domain.Meta) error {
			if fail && sick.Load() && r.ID == poison.ID {
				var nobody *finding.Verified
				_ = nobody.Note // a programmer's mistake
			}
			return nil
		})}
		s, err := projections.NewSet(events(t), projections.Projection{Name: "fragile", Version: 1, Schema: "CREATE TABLE fragile_x (a)", Handlers: handlers})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	r, stop := run(t, projections.Config{Log: log, Set: broken(true), Path: path})
	deadline := time.Now().Add(10 * time.Second)
	for r.Status().Fault == nil {
		if time.Now().After(deadline) {
			t.Fatalf("no fault: %+v", r.Status())
		}
		time.Sleep(time.Millisecond)
	}
	if f := r.Status().Fault; f.Position != poison.Position || f.Type != poison.Type || f.Event != poison.ID {
		t.Errorf("fault %+v, poison at %d", f, poison.Position)
	}
	wait(t, r, before.Position)
	if s := r.Status(); s.Position != before.Position {
		t.Errorf("%+v, the event before stands at %d", s, before.Position)
	}
	stop()

	r, stop = run(t, projections.Config{Log: log, Set: broken(false), Path: path})
	wait(t, r, log.Last())
	if s := r.Status(); s.Fault != nil {
		t.Errorf("fault stayed: %v", s.Fault)
	}
	stop()

	// Live: what stands before the poison is applied and can be read, the poison is tried again until its handler is mended.
	log.Add(h.Grow(20)...)
	poison = log.Records()[len(log.Records())-3]
	before = log.Records()[len(log.Records())-4]
	sick.Store(true)
	r, stop = run(t, projections.Config{Log: log, Set: broken(true), Path: path})
	for r.Status().Fault == nil {
		time.Sleep(time.Millisecond)
	}
	wait(t, r, before.Position)
	if s := r.Status(); s.Position != before.Position || s.Fault.Position != poison.Position || !s.Readable {
		t.Errorf("%+v, want to stand at %d", s, before.Position)
	}
	sick.Store(false)
	wait(t, r, log.Last())
	stop()
}

func TestAnotherLogIsNoticed(t *testing.T) {
	h := logtest.NewHistory(4)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	log.Add(h.Grow(300)...)
	path := filepath.Join(t.TempDir(), "readmodel.db")
	r, stop := run(t, projections.Config{Log: log, Set: set(t), Path: path, ShortLog: time.Millisecond, Poll: 10 * time.Millisecond})
	wait(t, r, log.Last())
	old := log.Records()

	t.Run("other events at the same place", func(t *testing.T) {
		other := logtest.NewHistory(5)
		other.Grow(len(old))
		log.Replace(other.Records())
		wait(t, r, log.Last())
	})
	t.Run("older log, restored from a backup", func(t *testing.T) {
		log.Replace(log.Records()[:200])
		for r.Status().Position != log.Last() || !r.Status().CaughtUp {
			time.Sleep(time.Millisecond)
		}
	})
	t.Run("other fingerprint at the next start", func(t *testing.T) {
		stop()
		log.Rename("b")
		log.Replace(old)
		r, stop = run(t, projections.Config{Log: log, Set: set(t), Path: path})
		wait(t, r, log.Last())
	})
	stop()
	equalToRebuilt(t, log, path)
	if _, err := os.Stat(path + ".previous"); err != nil {
		t.Error("the read model before is kept for one step back:", err)
	}
}

func TestReadsAreConsistentAndCancellable(t *testing.T) {
	h := logtest.NewHistory(6)
	log := &logtest.Log{}
	log.Add(h.Records()...)
	r, _ := run(t, projections.Config{Log: log, Set: set(t), Path: filepath.Join(t.TempDir(), "readmodel.db"), Poll: time.Millisecond, Readers: 2})
	wait(t, r, log.Last())
	var writers sync.WaitGroup
	writers.Go(func() {
		for range 50 {
			log.Add(h.Grow(20)...)
			time.Sleep(time.Millisecond)
		}
	})
	for range 100 {
		err := r.Read(t.Context(), func(conn *sqlite.Conn, position uint64) error {
			count := func() (n int64, err error) {
				err = projections.Query(conn, "SELECT count(*) FROM findings_finding", func(row *projections.Row) error { n = row.Int(); return nil })
				return n, err
			}
			first, err := count()
			if err != nil {
				return err
			}
			time.Sleep(time.Millisecond)
			if again, err := count(); err != nil || again != first {
				t.Errorf("%d findings, then %d: %v", first, again, err)
			}
			var want int64
			for _, rec := range log.Records() {
				if rec.Type == (finding.Reported{}).EventType() && rec.Position <= position {
					want++
				}
			}
			if want != first {
				t.Errorf("%d findings at position %d, the log has %d", first, position, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	writers.Wait()

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err := r.Read(ctx, func(conn *sqlite.Conn, _ uint64) error {
		return projections.QueryBuilt(conn, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n", func(*projections.Row) error { return nil })
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("endless query ended with %v", err)
	}
	if err := r.WaitFor(ctx, 1<<50); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for the future ended with %v", err)
	}
	if err := r.Read(t.Context(), func(*sqlite.Conn, uint64) error { return nil }); err != nil {
		t.Error("the connection was not given back clean:", err)
	}
}

func TestSetRefusesSilence(t *testing.T) {
	_, err := projections.NewSet(events(t), projections.Projection{Name: "x", Version: 1, Handlers: []projections.Handler{
		projections.On(func(*projections.Tx, domain.Record, domain.Meta, registry.OrganRegistered) error { return nil })}})
	if err == nil {
		t.Error("a projection that says nothing about most types was accepted")
	}
}

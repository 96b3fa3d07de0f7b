package relay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"shuizheng/domain"
	"shuizheng/domain/catalog"
	"shuizheng/eventstore"
	"shuizheng/projections"
	"shuizheng/projections/all"
	"shuizheng/projections/logtest"
	"shuizheng/relay"
)

// memory is a log in memory that can be subscribed to.
type memory struct{ logtest.Log }

func (l *memory) SubscribeAll(ctx context.Context, after uint64) iter.Seq2[eventstore.Step, error] {
	return func(yield func(eventstore.Step, error) bool) {
		for r, err := range l.Follow(ctx, after) {
			if !yield(eventstore.Step{Record: &r, Position: r.Position}, err) || err != nil {
				return
			}
		}
	}
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
	return rand.New(rand.NewPCG(s, 3))
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func jetStream(t testing.TB, dir string) (*nats.Conn, func()) {
	t.Helper()
	nc, stop, err := relay.Embedded(relay.EmbeddedOptions{Dir: dir, Logger: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return nc, stop
}

func start(t testing.TB, c relay.Config) (*relay.Relay, func()) {
	t.Helper()
	c.Logger = quiet()
	r, err := relay.New(c)
	if err != nil {
		t.Fatal(err)
	}
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

func until(t testing.TB, what string, true_ func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !true_() {
		if time.Now().After(deadline) {
			t.Fatalf("gave up waiting until %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

func relayed(t testing.TB, r *relay.Relay, position uint64) {
	t.Helper()
	until(t, fmt.Sprintf("position %d is relayed", position), func() bool { return r.Status().Position == position })
}

// holds checks that message n of the stream is event n of the log, byte by byte.
func holds(t testing.TB, nc *nats.Conn, want []domain.Record) {
	t.Helper()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), relay.Stream)
	if err != nil {
		t.Fatal(err)
	}
	if n := stream.CachedInfo().State.LastSeq; n != uint64(len(want)) {
		t.Fatalf("%d messages, %d events", n, len(want))
	}
	consumer, err := js.OrderedConsumer(t.Context(), relay.Stream, jetstream.OrderedConsumerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	messages, err := consumer.Messages()
	if err != nil {
		t.Fatal(err)
	}
	defer messages.Stop()
	previous := uint64(0)
	for i, r := range want {
		msg, err := messages.Next()
		if err != nil {
			t.Fatal(err)
		}
		m, err := relay.Unpack(msg.Headers(), msg.Data())
		if err != nil {
			t.Fatal(err)
		}
		if m.Previous != previous || !same(m.Record, r) {
			t.Fatalf("message %d: %+v after %d, want %+v after %d", i+1, m.Record, m.Previous, r, previous)
		}
		previous = r.Position
	}
}

func same(a, b domain.Record) bool {
	return a.Stream == b.Stream && a.Revision == b.Revision && a.Position == b.Position && a.ID == b.ID && a.Type == b.Type &&
		a.Created.Equal(b.Created) && bytes.Equal(a.Data, b.Data) && bytes.Equal(a.Metadata, b.Metadata)
}

func TestCopiesEveryByteAndGoesOn(t *testing.T) {
	h := logtest.NewHistory(1)
	log := &memory{}
	log.Add(h.Records()...)
	dir := filepath.Join(t.TempDir(), "jetstream")
	nc, halt := jetStream(t, dir)
	r, stop := start(t, relay.Config{Log: log, Conn: nc})
	relayed(t, r, log.Last())
	log.Add(h.Grow(1000)...)
	relayed(t, r, log.Last())
	holds(t, nc, log.Records())
	stop()

	log.Add(h.Grow(100)...)
	r, stop = start(t, relay.Config{Log: log, Conn: nc})
	relayed(t, r, log.Last())
	holds(t, nc, log.Records())
	stop()
	halt()

	// The folder is lost.
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	nc, halt = jetStream(t, dir)
	r, stop = start(t, relay.Config{Log: log, Conn: nc})
	relayed(t, r, log.Last())
	holds(t, nc, log.Records())
	if n := r.Status().Resets; n != 0 {
		t.Errorf("%d resets", n)
	}
	stop()
	halt()
}

func TestTwoRelaysAtOnce(t *testing.T) {
	h := logtest.NewHistory(2)
	log := &memory{}
	log.Add(h.Records()...)
	nc, _ := jetStream(t, t.TempDir())
	var relays []*relay.Relay
	for range 3 {
		r, _ := start(t, relay.Config{Log: log, Conn: nc, InFlight: 16})
		relays = append(relays, r)
	}
	for range 25 {
		log.Add(h.Grow(40)...)
		time.Sleep(2 * time.Millisecond)
	}
	for _, r := range relays {
		relayed(t, r, log.Last())
		if n := r.Status().Resets; n != 0 {
			t.Errorf("%d resets", n)
		}
	}
	holds(t, nc, log.Records())
}

func TestAnotherLogIsNoticed(t *testing.T) {
	h := logtest.NewHistory(3)
	h.Grow(300)
	log := &memory{}
	log.Add(h.Records()...)
	nc, _ := jetStream(t, t.TempDir())
	r, stop := start(t, relay.Config{Log: log, Conn: nc})
	relayed(t, r, log.Last())
	stop()

	for name, change := range map[string]func(){
		"other events":              func() { other := logtest.NewHistory(4); other.Grow(500); log.Replace(other.Records()) },
		"older log":                 func() { log.Replace(log.Records()[:250]) },
		"other fingerprint":         func() { log.Rename("b") },
		"stream of somebody else's": func() { foreignStream(t, nc, time.Duration(0), "hello") },
		"stream that forgets":       func() { foreignStream(t, nc, time.Hour, "") },
	} {
		t.Run(name, func(t *testing.T) {
			change()
			r, stop := start(t, relay.Config{Log: log, Conn: nc, ShortLog: time.Millisecond})
			defer stop()
			until(t, "the stream is made anew", func() bool { return r.Status().Resets == 1 })
			relayed(t, r, log.Last())
			holds(t, nc, log.Records())
		})
	}
}

func foreignStream(t *testing.T, nc *nats.Conn, maxAge time.Duration, message string) {
	t.Helper()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if err := js.DeleteStream(t.Context(), relay.Stream); err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: relay.Stream, Subjects: []string{"shuizheng.>"}, MaxAge: maxAge, DenyDelete: true, DenyPurge: true}); err != nil {
		t.Fatal(err)
	}
	if message == "" {
		return
	}
	if _, err := js.Publish(t.Context(), "shuizheng.x", []byte(message)); err != nil {
		t.Fatal(err)
	}
}

func TestUnusableFolderIsPutAside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "jetstream")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "jetstream"), []byte("a file where a folder must be"), 0o600); err != nil {
		t.Fatal(err)
	}
	nc, _ := jetStream(t, dir)
	if !nc.IsConnected() {
		t.Error("not connected")
	}
}

func TestMessages(t *testing.T) {
	r := domain.Record{Stream: "finding-0197a000-0000-7000-8000-000000000601", Revision: 3, Position: 1 << 40, ID: uuid.New(), Type: "finding.reported.v1",
		Created: time.Date(2026, 3, 2, 1, 5, 0, 123456789, time.UTC), Data: []byte(`{"b": 1,  "a":"<&>\u00e9"}`), Metadata: []byte(`{"x":[1, 2]}`)}
	for name, change := range map[string]func(*domain.Record){
		"json":              func(*domain.Record) {},
		"not json":          func(r *domain.Record) { r.Data = []byte{0, 1, 2, 255} },
		"spaces around":     func(r *domain.Record) { r.Data = []byte("\n{ }\n") },
		"null":              func(r *domain.Record) { r.Data = []byte("null") },
		"no metadata":       func(r *domain.Record) { r.Metadata = nil },
		"nothing at all":    func(r *domain.Record) { r.Data, r.Metadata = nil, nil },
		"somebody's stream": func(r *domain.Record) { r.Stream, r.Type = "a b.*.>/张三", "张三 > *" },
	} {
		t.Run(name, func(t *testing.T) {
			r := r
			change(&r)
			msg := relay.Pack(relay.Message{Record: r, Previous: 7, Log: "x"}, 1<<20)
			for _, c := range msg.Subject {
				if c <= ' ' || c > '~' || c == '*' || c == '>' {
					t.Errorf("subject %q", msg.Subject)
				}
			}
			m, err := relay.Unpack(msg.Header, msg.Data)
			if err != nil || m.Previous != 7 || m.Log != "x" || !same(m.Record, r) {
				t.Errorf("got %+v, %v", m, err)
			}
		})
	}
	if got := relay.Pack(relay.Message{Record: r}, 1<<20).Subject; got != "shuizheng.finding.reported.v1" {
		t.Error(got)
	}
	msg := relay.Pack(relay.Message{Record: r}, 100)
	if _, err := relay.Unpack(msg.Header, msg.Data); !errors.Is(err, relay.ErrOmitted) {
		t.Error(err)
	}
	if _, err := relay.Unpack(nats.Header{}, []byte("x")); err == nil {
		t.Error("garbage was read")
	}
}

func projectionSet(t testing.TB) *projections.Set {
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

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// TestWholeWay runs log, relay, JetStream and read model while NATS is stopped and started, relays come and go, and the runner is
// killed; in the end the rows are those of a rebuild.
func TestWholeWay(t *testing.T) {
	random := seed(t)
	h := logtest.NewHistory(random.Uint64())
	log := &memory{}
	dir := t.TempDir()
	path := filepath.Join(dir, "readmodel.db")

	port := freePort(t)
	options := relay.EmbeddedOptions{Dir: filepath.Join(dir, "jetstream"), Listen: "127.0.0.1", Port: port, Logger: quiet()}
	_, halt, err := relay.Embedded(options)
	if err != nil {
		t.Fatal(err)
	}
	nc, err := relay.Connect(fmt.Sprintf("nats://127.0.0.1:%d", port), quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()

	log.Add(h.Records()...)
	for range 3 {
		_, stopRelay := start(t, relay.Config{Log: log, Conn: nc, AckTimeout: 500 * time.Millisecond, InFlight: 32})
		r := projections.NewRunner(projections.Config{Log: log, Set: projectionSet(t), Path: path, Feed: relay.Feed{Conn: nc}, Poll: 100 * time.Millisecond, Logger: quiet()})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- r.Run(ctx) }()
		for range 5 + random.IntN(10) {
			log.Add(h.Grow(1 + random.IntN(20))...)
			time.Sleep(time.Duration(random.IntN(5)) * time.Millisecond)
		}
		halt() // commands are still accepted, and the read model follows the log
		log.Add(h.Grow(100)...)
		waiting, done2 := context.WithTimeout(t.Context(), 20*time.Second)
		if err := r.WaitFor(waiting, log.Last()); err != nil {
			t.Fatal(err, r.Status())
		}
		done2()
		if random.IntN(2) == 0 {
			if err := os.RemoveAll(options.Dir); err != nil {
				t.Fatal(err)
			}
		}
		if _, halt, err = relay.Embedded(options); err != nil {
			t.Fatal(err)
		}
		until(t, "NATS is back", nc.IsConnected)
		for range random.IntN(10) {
			log.Add(h.Grow(1 + random.IntN(20))...)
		}
		cancel()
		<-done
		stopRelay()
	}
	r, _ := start(t, relay.Config{Log: log, Conn: nc})
	relayed(t, r, log.Last())
	holds(t, nc, log.Records())

	runner := projections.NewRunner(projections.Config{Log: log, Set: projectionSet(t), Path: path, Logger: quiet()})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- runner.Run(ctx) }()
	if err := runner.WaitFor(t.Context(), log.Last()); err != nil {
		t.Fatal(err)
	}
	cancel()
	<-done
	halt()
	fresh := filepath.Join(dir, "fresh.db")
	if err := projections.Rebuild(t.Context(), log, projectionSet(t), fresh); err != nil {
		t.Fatal(err)
	}
	differences, err := projections.Compare(t.Context(), path, fresh)
	if err != nil || len(differences) > 0 {
		t.Fatal(err, differences)
	}
	if _, err := os.Stat(path + ".previous"); err == nil {
		t.Error("the read model found itself wrong and was built anew")
	}
}

package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"shuizheng/relay"
)

// outage is how long NATS is away: as long as proves the same as a minute, or the whole minute.
func outage() time.Duration {
	if os.Getenv("SHUIZHENG_E2E_LONG") != "" {
		return time.Minute
	}
	return 15 * time.Second
}

// messaging is a nats-server of somebody else: it comes and goes as it likes, always at the same address.
type messaging struct {
	t    testing.TB
	dir  string
	port int
	s    *server.Server
}

func newMessaging(t testing.TB) *messaging {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &messaging{t: t, dir: t.TempDir(), port: free.Addr().(*net.TCPAddr).Port}
	free.Close()
	t.Cleanup(m.stop)
	return m
}

func (m *messaging) url() string { return fmt.Sprintf("nats://127.0.0.1:%d", m.port) }

func (m *messaging) start() {
	m.t.Helper()
	s, err := server.NewServer(&server.Options{ServerName: "e2e", Host: "127.0.0.1", Port: m.port, JetStream: true, StoreDir: m.dir, NoLog: true, NoSigs: true})
	if err != nil {
		m.t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		m.t.Fatal("nats-server does not start")
	}
	m.s = s
}

func (m *messaging) stop() {
	if m.s != nil {
		m.s.Shutdown()
		m.s.WaitForShutdown()
		m.s = nil
	}
}

// messages counts what the relay has put into the stream.
func (m *messaging) messages(ctx context.Context) (n uint64, whole bool) {
	m.t.Helper()
	conn, err := nats.Connect(m.url())
	if err != nil {
		m.t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		m.t.Fatal(err)
	}
	stream, err := js.Stream(ctx, relay.Stream)
	if err != nil {
		m.t.Fatal(err)
	}
	state := stream.CachedInfo().State
	return state.LastSeq, state.FirstSeq == 1 && state.Msgs == state.LastSeq
}

// TestNATSOutage takes NATS away under load: nothing is refused, nothing is lost, and the ledgers go on.
func TestNATSOutage(t *testing.T) {
	t.Parallel()
	w, m := small(t), newMessaging(t)
	m.start()
	h := open(t, w.data, "--nats", m.url())
	field, office, supervisor := w.signIn(h, "jy-1"), w.signIn(h, "jy-handler"), w.signIn(h, "city")

	var (
		mu      sync.Mutex
		told    = map[uuid.UUID]bool{} // events of acknowledged commands
		slowest time.Duration
		phase   = "before"
		done    = map[string]int{} // commands by phase
		waits   []time.Duration    // from an answer until the ledger has it, during the outage
	)
	// One command, one answer, no second try; then the ledger must know it.
	act := func(who *client, c obj) (a accepted, ok bool) {
		began := time.Now()
		r := who.put(c)
		took := time.Since(began)
		if r.status != http.StatusOK {
			t.Errorf("%v is refused: %d %s", c["type"], r.status, r.body)
			return a, false
		}
		r.into(&a)
		mu.Lock()
		defer mu.Unlock()
		slowest = max(slowest, took)
		done[phase]++
		for _, e := range a.Events {
			told[e.ID] = true
		}
		return a, true
	}
	var enough atomic.Bool
	var working sync.WaitGroup
	for range 2 {
		working.Go(func() {
			for ; !enough.Load() && !t.Failed(); time.Sleep(30 * time.Millisecond) { // a load, not a race
				at, on, file := time.Now().Add(-time.Hour), newID(), newID()
				act(field, command("finding.report", on, at, w.report("长江利港段", "jy-1", "jy-2")))
				act(field, command("finding.verify", on, at, w.verification("jy-1", "jy-2")))
				last, ok := act(office, command("finding.approve_filing", on, at, w.filing(file, "S01", dayOf(at), "jy-handler", "jy-1")))
				if !ok {
					return
				}
				// A query may ask for the position of the answer. It is there at once, with and without NATS.
				began := time.Now()
				var got struct {
					Items    []struct{ ID uuid.UUID }
					Position uint64
				}
				supervisor.get(fmt.Sprintf("/api/v1/cases?limit=200&q=%s&waitFor=%d", "未持证", last.Position), &got)
				took := time.Since(began)
				if got.Position < last.Position {
					t.Errorf("after %v the ledger stands at %d, the case was filed at %d", took, got.Position, last.Position)
				}
				mu.Lock()
				if phase == "during" {
					waits = append(waits, took)
				}
				mu.Unlock()
				if a := supervisor.do(http.MethodGet, "/api/v1/cases/"+file.String(), nil); a.status != http.StatusOK {
					t.Errorf("case %s: %d %s", file, a.status, a.body)
				}
			}
		})
	}
	lasting := func(name string, d time.Duration) {
		mu.Lock()
		phase = name
		mu.Unlock()
		for end := time.Now().Add(d); time.Now().Before(end) && !t.Failed(); time.Sleep(20 * time.Millisecond) {
		}
	}
	lasting("before", time.Second)
	m.stop()
	eventually(t, "readiness says that NATS is away", func() (bool, string) {
		status, body, err := h.probe("/readyz")
		var said struct{ Reasons []string }
		return err == nil && status == http.StatusServiceUnavailable && json.Unmarshal([]byte(body), &said) == nil &&
			strings.Contains(strings.Join(said.Reasons, " "), "NATS"), body
	})
	lasting("during", outage())
	if status, body, err := h.probe("/readyz"); err != nil || status != http.StatusServiceUnavailable {
		t.Errorf("at the end of the outage: %d %s %v", status, body, err)
	}
	if status, _, err := h.probe("/healthz"); err != nil || status != http.StatusOK {
		t.Errorf("during the outage the process is not healthy: %d %v", status, err)
	}
	m.start()
	lasting("after", time.Second)
	enough.Store(true)
	working.Wait()
	h.ready()
	slices.Sort(waits)
	if done["before"] == 0 || done["during"] < 30 || done["after"] == 0 || slowest > 5*time.Second || waits[len(waits)/2] > time.Second {
		t.Errorf("commands: %v, the slowest took %v; ledgers had them after %v", done, slowest, waits)
	}
	t.Logf("commands: %v, the slowest took %v; half of them stood in the ledger after %v", done, slowest, waits[len(waits)/2])

	// Even started while NATS is away, the program works, and catches up when it comes.
	m.stop()
	h.stop()
	h.start()
	office = w.signIn(h, "jy-1")
	last, _ := act(office, command("finding.report", newID(), time.Now().Add(-time.Minute), w.report("长江利港段", "jy-1", "jy-2")))
	var p page
	if office.get(fmt.Sprintf("/api/v1/findings?waitFor=%d", last.Position), &p); p.Position < last.Position {
		t.Errorf("started without NATS, the ledger stands at %d, want %d", p.Position, last.Position)
	}
	m.start()
	h.ready()
	h.stop()

	log := h.records()
	for _, r := range log {
		delete(told, r.ID)
	}
	if len(told) > 0 {
		t.Errorf("%d events were acknowledged and are not in the log", len(told))
	}
	if n, whole := m.messages(t.Context()); n != uint64(len(log)) || !whole {
		t.Errorf("NATS holds %d messages, whole %v; the log has %d events", n, whole, len(log))
	}
	h.rebuild()
}

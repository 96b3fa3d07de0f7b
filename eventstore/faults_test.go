package eventstore_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/metadata"

	"shuizheng/domain"
	"shuizheng/eventstore"
	"shuizheng/eventstore/embedded"
	"shuizheng/eventstore/storetest"
)

// proxy stands between client and server and breaks what a test wants broken.
type proxy struct {
	net.Listener
	server string
	budget atomic.Int64 // bytes from the server that it still lets through; then the connection breaks, once

	refuse atomic.Bool

	mu     sync.Mutex
	conns  map[net.Conn]bool
	frozen chan struct{} // not nil: nothing gets through until it is closed
}

const unlimited = 1 << 60

func newProxy(t *testing.T, server string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{Listener: l, server: server, conns: map[net.Conn]bool{}}
	p.budget.Store(unlimited)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { p.serve(conn) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.thaw()
		p.cut()
		wg.Wait()
	})
	return p
}

func (p *proxy) serve(client net.Conn) {
	server, err := net.Dial("tcp", p.server)
	if p.refuse.Load() && err == nil {
		server.Close()
		err = net.ErrClosed
	}
	if err != nil {
		client.Close()
		return
	}
	p.mu.Lock()
	p.conns[client], p.conns[server] = true, true
	p.mu.Unlock()
	var wg sync.WaitGroup
	copied := func(to, from net.Conn, spend bool) {
		defer to.Close()
		defer from.Close()
		b := make([]byte, 1024)
		for {
			n, err := from.Read(b)
			p.mu.Lock()
			frozen := p.frozen
			p.mu.Unlock()
			if frozen != nil {
				<-frozen
			}
			if spend && p.budget.Add(-int64(n)) < 0 {
				p.budget.Store(unlimited)
				return
			}
			if _, err2 := to.Write(b[:n]); err != nil || err2 != nil {
				return
			}
		}
	}
	wg.Go(func() { copied(server, client, false) })
	wg.Go(func() { copied(client, server, true) })
	wg.Wait()
}

// cut breaks all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		conn.Close()
	}
	clear(p.conns)
}

func (p *proxy) freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frozen = make(chan struct{})
}

func (p *proxy) thaw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.frozen != nil {
		close(p.frozen)
		p.frozen = nil
	}
}

func url(s *embedded.Server, address string) string {
	return "esdb://" + s.Credential() + "@" + address + "?tls=false"
}

// A read that is cut off gives events and then an error, wherever the cut is. It never ends as if there were no more.
func TestReadCutOff(t *testing.T) {
	s := server(t, embedded.Options{Listen: "127.0.0.1:0"})
	p := newProxy(t, s.Address())
	stream, events := storetest.Stream(), storetest.Events(400)
	through := client(t, eventstore.Options{URL: url(s, s.Address())})
	storetest.MustAppend(t, t.Context(), through, stream, domain.NoStream, events)
	c := client(t, eventstore.Options{URL: url(s, p.Addr().String())})
	cutShort := 0
	for budget := int64(5_000); budget < 200_000; budget += 17_777 {
		for name, read := range map[string]func() (int, error){
			"stream": func() (int, error) {
				got, err := storetest.Collect(c.ReadStream(t.Context(), stream))
				return len(got), err
			},
			"log": func() (int, error) {
				got, err := storetest.Collect(c.ReadAll(t.Context(), 0, 0))
				return len(got), err
			},
		} {
			p.budget.Store(budget)
			n, err := read()
			switch {
			case err == nil && n != len(events):
				t.Fatalf("%s cut after %d bytes: %d events and no error", name, budget, n)
			case err != nil && !errors.Is(err, domain.ErrUnavailable):
				t.Fatalf("%s cut after %d bytes: %v", name, budget, err)
			case err != nil && n > 0:
				cutShort++
			}
			p.budget.Store(unlimited)
		}
	}
	if cutShort < 10 {
		t.Errorf("only %d reads were cut between their events", cutShort)
	}
}

// An append whose answer is lost is sent again and still written once.
func TestAppendCutOff(t *testing.T) {
	s := server(t, embedded.Options{Listen: "127.0.0.1:0"})
	p := newProxy(t, s.Address())
	c := client(t, eventstore.Options{URL: url(s, p.Addr().String())})
	stream, events := storetest.Stream(), storetest.Events(30)
	for i := range events {
		p.budget.Store(0) // the answer breaks the connection
		storetest.MustAppend(t, t.Context(), c, stream, domain.Expected(i-1), events[i:i+1])
		if p.budget.Load() < unlimited/2 {
			t.Fatal("the connection has not been broken")
		}
	}
	storetest.Same(t, storetest.MustRead(t, t.Context(), c, stream), stream, events)
}

// soon fails the test if f takes longer than a call may go on after its context has ended.
func soon(t *testing.T, what string, f func()) {
	t.Helper()
	began := time.Now()
	f()
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("%s took %v", what, took)
	}
}

// all makes every call there is, at the same time and several times over, and returns when all have returned.
func all(ctx context.Context, c *eventstore.Client, each func(call string, err error)) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			_, err := c.Append(ctx, storetest.Stream(), domain.NoStream, storetest.Events(1))
			each("Append", err)
		})
		wg.Go(func() {
			_, err := storetest.Collect(c.ReadStream(ctx, storetest.Stream()))
			each("ReadStream", err)
		})
		wg.Go(func() {
			_, err := storetest.Collect(c.ReadAll(ctx, 0, 10))
			each("ReadAll", err)
		})
		wg.Go(func() {
			var err error
			for _, err = range c.SubscribeAll(ctx, 0) {
			}
			each("SubscribeAll", err)
		})
		wg.Go(func() { each("Health", c.Health(ctx)) })
		wg.Go(func() {
			_, err := c.Fingerprint(ctx)
			each("Fingerprint", err)
		})
	}
	wg.Wait()
}

func TestCallsEndWithTheirContextWhateverTheServerDoes(t *testing.T) {
	tests := map[string]struct {
		fault func(*proxy, *embedded.Server)
		mend  func(*testing.T, *proxy, embedded.Options)
	}{
		"silent": {
			func(p *proxy, _ *embedded.Server) { p.freeze() },
			func(_ *testing.T, p *proxy, _ embedded.Options) { p.thaw() },
		},
		"gone": {
			func(_ *proxy, s *embedded.Server) { s.Close() },
			func(t *testing.T, _ *proxy, o embedded.Options) { server(t, o) },
		},
		"unreachable": {
			func(p *proxy, _ *embedded.Server) { p.refuse.Store(true); p.cut() },
			func(_ *testing.T, p *proxy, _ embedded.Options) { p.refuse.Store(false) },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := embedded.Options{Dir: t.TempDir(), Listen: "127.0.0.1:0"}
			s := server(t, o)
			o.Listen, o.Credential = s.Address(), s.Credential()
			p := newProxy(t, s.Address())
			before := runtime.NumGoroutine()
			c := client(t, eventstore.Options{URL: url(s, p.Addr().String())})
			storetest.MustAppend(t, t.Context(), c, storetest.Stream(), domain.NoStream, storetest.Events(1))
			tt.fault(p, s)
			for range 3 {
				soon(t, "all calls", func() {
					ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
					defer cancel()
					all(ctx, c, func(call string, err error) {
						if !errors.Is(err, domain.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
							t.Errorf("%s: %v", call, err)
						}
					})
				})
			}
			soon(t, "Close", func() { c.Close() })

			// Calls that hang in the official client get out of it at the latest when there is a server again. What may
			// stay for a while is one connection.
			tt.mend(t, p, o)
			noMoreThan(t, before+20)
		})
	}
}

// noMoreThan waits until no more goroutines are left than there were before.
func noMoreThan(t *testing.T, before int) {
	t.Helper()
	deadline := time.Now().Add(storetest.Patience)
	for runtime.NumGoroutine() > before {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Closing the official client during a call makes it panic.
func TestCloseDuringCalls(t *testing.T) {
	s := server(t, embedded.Options{})
	for round := range 20 {
		c, err := eventstore.Open(t.Context(), eventstore.Options{Address: s.Address(), Credential: s.Credential()})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for closed := false; !closed; {
					var mu sync.Mutex
					ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
					all(ctx, c, func(call string, err error) {
						mu.Lock()
						defer mu.Unlock()
						closed = closed || errors.Is(err, eventstore.ErrClosed)
						if err != nil && !errors.Is(err, eventstore.ErrClosed) && !errors.Is(err, context.DeadlineExceeded) {
							t.Errorf("%s: %v", call, err)
						}
					})
					cancel()
				}
			})
		}
		time.Sleep(time.Duration(round) * time.Millisecond)
		soon(t, "Close", func() {
			if err := errors.Join(c.Close(), c.Close()); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	socket := "unix://" + filepath.Join(dir, "socket", "s")
	const credential = "shuizheng:of this test"

	soon(t, "Open without a server", func() {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := eventstore.Open(ctx, eventstore.Options{Address: socket}); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("without a server: %v", err)
		}
	})

	// One that is started later is found.
	opened := make(chan error, 1)
	go func() {
		c, err := eventstore.Open(t.Context(), eventstore.Options{Address: socket, Credential: credential, Timeout: 20 * time.Millisecond})
		if err == nil {
			err = c.Close()
		}
		opened <- err
	}()
	time.Sleep(50 * time.Millisecond)
	s := server(t, embedded.Options{Dir: dir, Credential: credential})
	if err := <-opened; err != nil {
		t.Errorf("with a server that was started later: %v", err)
	}

	for name, o := range map[string]eventstore.Options{
		"nothing":                    {},
		"too much":                   {URL: "esdb://127.0.0.1:2113", Address: s.Address()},
		"another protocol":           {URL: "http://127.0.0.1:2113"},
		"a credential on the street": {URL: "esdb://admin:changeit@192.0.2.1:2113?tls=false"},
		"a wrong credential":         {Address: s.Address(), Credential: "shuizheng:another"},
		"no credential":              {Address: s.Address()},
	} {
		soon(t, name, func() {
			if _, err := eventstore.Open(t.Context(), o); err == nil || errors.Is(err, domain.ErrUnavailable) {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

// The server's own events are in its log, but not in ours. Here somebody with another client has made some.
func TestSystemEventsAreLeftOut(t *testing.T) {
	ctx := t.Context()
	s := server(t, embedded.Options{})
	c := client(t, eventstore.Options{Address: s.Address(), Credential: s.Credential()})
	write := raw(t, s)
	systemEvents := func(n int) {
		t.Helper()
		write("$$"+storetest.Stream(), slices.Repeat([]esdb.EventData{{EventType: "$metadata", Data: []byte(`{}`)}}, n/2)...)
		write("$settings", slices.Repeat([]esdb.EventData{{EventType: "settings", Data: []byte(`{}`)}}, n/2)...)
	}
	empty := func() {
		t.Helper()
		if head, err := c.Head(ctx); head != 0 || err != nil {
			t.Errorf("head is %d, %v", head, err)
		}
		if print, err := c.Fingerprint(ctx); print != "" || err != nil {
			t.Errorf("fingerprint is %q, %v", print, err)
		}
		if got, err := storetest.Collect(c.ReadAll(ctx, 0, 0)); len(got) != 0 || err != nil {
			t.Errorf("%d events, %v", len(got), err)
		}
	}
	empty()
	systemEvents(40)
	empty()
	stream, events := storetest.Stream(), storetest.Events(3)
	var last uint64
	for i := range events {
		last = storetest.MustAppend(t, ctx, c, stream, domain.Expected(i-1), events[i:i+1])
		systemEvents(300)
	}
	if head, err := c.Head(ctx); head != last || err != nil {
		t.Errorf("head is %d, %v; want %d", head, err, last)
	}
	if print, err := c.Fingerprint(ctx); !strings.HasPrefix(print, events[0].ID.String()+"@") || err != nil {
		t.Errorf("fingerprint is %q, %v", print, err)
	}
	for _, limit := range []int{0, 3, 5} {
		got, err := storetest.Collect(c.ReadAll(ctx, 0, limit))
		if err != nil {
			t.Fatal(err)
		}
		storetest.Same(t, got, stream, events)
	}
	var got []domain.Record
	for step, err := range c.SubscribeAll(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if step.Record != nil {
			got = append(got, *step.Record)
		}
		if step.CaughtUp {
			if step.Position <= last {
				t.Errorf("caught up at %d, though events behind %d were passed over", step.Position, last)
			}
			break
		}
	}
	storetest.Same(t, got, stream, events)
}

// A stream that somebody had shortened is not taken for the whole.
func TestShortenedStreamIsAnError(t *testing.T) {
	s := server(t, embedded.Options{})
	c := client(t, eventstore.Options{Address: s.Address(), Credential: s.Credential()})
	stream := storetest.Stream()
	storetest.MustAppend(t, t.Context(), c, stream, domain.NoStream, storetest.Events(3))
	raw(t, s)("$$"+stream, esdb.EventData{EventType: "$metadata", ContentType: esdb.ContentTypeJson, Data: []byte(`{"$maxCount":2}`)})
	if got, err := storetest.Collect(c.ReadStream(t.Context(), stream)); err == nil {
		t.Errorf("%d of 3 events and no error", len(got))
	}
}

// raw appends with the official client, past the checks of ours.
func raw(t *testing.T, s *embedded.Server) func(stream string, events ...esdb.EventData) {
	t.Helper()
	config, err := esdb.ParseConnectionString("esdb://embedded?tls=false")
	if err != nil {
		t.Fatal(err)
	}
	config.Address, config.Logger = s.Address(), esdb.NoopLogging()
	c, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", basic(s))
	return func(stream string, events ...esdb.EventData) {
		t.Helper()
		if _, err := c.AppendToStream(ctx, stream, esdb.AppendToStreamOptions{}, events...); err != nil {
			t.Fatal(err)
		}
	}
}

func basic(s *embedded.Server) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(s.Credential()))
}

// The official client knows no credential on an unencrypted connection. So it has none, and is refused.
func TestOfficialClientWithoutCredentialIsRefused(t *testing.T) {
	s := server(t, embedded.Options{Listen: "127.0.0.1:0"})
	config, err := esdb.ParseConnectionString(url(s, s.Address()))
	if err != nil {
		t.Fatal(err)
	}
	config.Logger = esdb.NoopLogging()
	c, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	stream := storetest.Stream()
	if _, err := c.AppendToStream(t.Context(), stream, esdb.AppendToStreamOptions{}, esdb.EventData{EventType: "seen"}); err == nil {
		t.Error("a stranger has appended")
	}
	ours := client(t, eventstore.Options{URL: url(s, s.Address())})
	if got, err := storetest.Collect(ours.ReadAll(t.Context(), 0, 0)); len(got) != 0 || err != nil {
		t.Errorf("%d events, %v", len(got), err)
	}
}

// Environment of the child processes below.
const (
	childDir        = "SHUIZHENG_TEST_DIR"
	childRole       = "SHUIZHENG_TEST_ROLE"
	childCredential = "shuizheng:between parent and child"
)

func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(childRole) {
	case "":
		os.Exit(m.Run())
	case "server":
		err = serveForEver(os.Getenv(childDir))
	case "appender":
		err = appendForEver(os.Getenv(childDir))
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func serveForEver(dir string) error {
	s, err := embedded.Open(context.Background(), embedded.Options{Dir: dir, Credential: childCredential})
	if err != nil {
		return err
	}
	fmt.Println("serving", s.Address())
	_, err = io.Copy(io.Discard, os.Stdin) // until the parent has gone
	return errors.Join(err, s.Close())
}

// appendForEver appends from many goroutines, and says of every append that was acknowledged where it stands.
func appendForEver(dir string) error {
	s, err := embedded.Open(context.Background(), embedded.Options{Dir: dir})
	if err != nil {
		return err
	}
	c, err := eventstore.Open(context.Background(), eventstore.Options{Address: s.Address(), Credential: s.Credential()})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for range 16 {
		go func() {
			stream := storetest.Stream()
			for expected := domain.NoStream; ; expected += 3 {
				events := storetest.Events(3)
				position, err := c.Append(context.Background(), stream, expected, events)
				if err != nil {
					failed <- err
					return
				}
				var line strings.Builder
				for i, e := range events {
					fmt.Fprintf(&line, "%s %d %s %d\n", stream, int(expected)+1+i, e.ID, position)
				}
				os.Stdout.WriteString(line.String()) // one write, so that lines of several goroutines don't mix
			}
		}()
	}
	return <-failed
}

func child(t *testing.T, role, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childRole+"="+role, childDir+"="+dir)
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd, bufio.NewScanner(out)
}

// Killed at any moment, the store holds every append that was acknowledged, once, and of the others all events or none.
func TestKilledWhileAppending(t *testing.T) {
	dir := t.TempDir()
	type place struct {
		stream   string
		revision uint64
	}
	acknowledged := map[place]string{}
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	for round := range rounds {
		cmd, lines := child(t, "appender", dir)
		lines.Scan()
		kill := time.AfterFunc(time.Duration(20+37*round)*time.Millisecond, func() { cmd.Process.Kill() })
		for ok := true; ok; ok = lines.Scan() {
			f := strings.Fields(lines.Text())
			if len(f) != 4 {
				continue // the last line may be cut
			}
			revision, err := strconv.ParseUint(f[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			acknowledged[place{f[0], revision}] = f[2]
		}
		kill.Stop()
		cmd.Process.Kill()
		cmd.Wait()

		s := server(t, embedded.Options{Dir: dir})
		c := client(t, eventstore.Options{Address: s.Address(), Credential: s.Credential()})
		found := map[place]string{}
		ids := map[string]bool{}
		next := map[string]uint64{}
		for r, err := range c.ReadAll(t.Context(), 0, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if r.Revision != next[r.Stream] {
				t.Fatalf("%s: revision %d comes where %d should", r.Stream, r.Revision, next[r.Stream])
			}
			next[r.Stream]++
			if ids[r.ID.String()] {
				t.Fatalf("event %s stands twice in the log", r.ID)
			}
			ids[r.ID.String()] = true
			found[place{r.Stream, r.Revision}] = r.ID.String()
		}
		for stream, n := range next {
			if n%3 != 0 {
				t.Errorf("%s has %d events, of appends of 3", stream, n)
			}
		}
		for at, id := range acknowledged {
			if found[at] != id {
				t.Fatalf("round %d: event %s at %v was acknowledged, found %q", round, id, at, found[at])
			}
		}
		t.Logf("round %d: %d acknowledged, %d found", round, len(acknowledged), len(found))
		c.Close()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(acknowledged) == 0 {
		t.Error("nothing was acknowledged")
	}
}

// A subscription outlives its server: it goes on where it was, and says again when it has caught up.
func TestSubscriptionOutlivesItsServer(t *testing.T) {
	dir := t.TempDir()
	start := func() (cmd *exec.Cmd, address string) {
		t.Helper()
		cmd, lines := child(t, "server", dir)
		if !lines.Scan() {
			t.Fatal("no server")
		}
		return cmd, strings.TrimPrefix(lines.Text(), "serving ")
	}
	cmd, address := start()
	c := client(t, eventstore.Options{Address: address, Credential: childCredential})
	stream, events := storetest.Stream(), storetest.Events(60)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	steps := make(chan eventstore.Step, 1000)
	go func() {
		defer close(steps)
		for step, err := range c.SubscribeAll(ctx, 0) {
			if err != nil {
				return
			}
			steps <- step
		}
	}()
	next := func() eventstore.Step {
		t.Helper()
		select {
		case step := <-steps:
			return step
		case <-time.After(storetest.Patience):
			t.Fatal("subscription is silent")
		}
		panic("unreachable")
	}
	for !next().CaughtUp {
	}
	var got []domain.Record
	for i := 0; i < len(events); i += 10 {
		storetest.MustAppend(t, ctx, c, stream, domain.Expected(i-1), events[i:i+10])
		if i%20 == 0 {
			for len(got) < i+5 { // killed amid what it sends
				if step := next(); step.Record != nil {
					got = append(got, *step.Record)
				}
			}
		}
		cmd.Process.Kill()
		cmd.Wait()
		cmd, _ = start()
		for again := false; len(got) < i+10 || !again; {
			step := next()
			if again = again || step.CaughtUp; step.Record != nil {
				got = append(got, *step.Record)
			}
		}
	}
	storetest.Same(t, got, stream, events)
	if err := c.Health(ctx); err != nil {
		t.Error(err)
	}
}

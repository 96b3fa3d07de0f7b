package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

func TestFolderIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Dir: dir})
	path, ok := strings.CutPrefix(s.Address(), "unix://")
	if !ok {
		t.Fatalf("address %s", s.Address())
	}
	for _, folder := range []string{dir, filepath.Dir(path)} {
		if info, err := os.Stat(folder); err != nil || info.Mode() != fs.ModeDir|0o700 {
			t.Errorf("%s: %v, %v", folder, info.Mode(), err)
		}
	}
	dial(t, s).mustAppend("s-1", expectNone, "a")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("socket after Close: %v", err)
	}
}

func TestLongPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("水政", 30))
	s := open(t, Options{Dir: dir})
	path := strings.TrimPrefix(s.Address(), "unix://")
	if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode() != fs.ModeDir|0o700 || len(path) > maxSocketPath {
		t.Errorf("%s: %v, %v", path, info.Mode(), err)
	}
	dial(t, s).mustAppend("s-1", expectNone, "a")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("folder of the socket after Close: %v", err)
	}
}

// A killed server leaves its socket behind.
func TestSocketThatWasLeft(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "socket"), 0o700); err != nil {
		t.Fatal(err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "socket", socketName)})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	dial(t, open(t, Options{Dir: dir})).mustAppend("s-1", expectNone, "a")
}

func TestListensOnLoopbackOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:2113", "[::]:0", "example.org:2113", "127.0.0.1"} {
		if s, err := Open(t.Context(), Options{Dir: t.TempDir(), Listen: address}); err == nil {
			s.Close()
			t.Errorf("listens on %s", address)
		}
	}
	s := open(t, Options{Listen: "127.0.0.1:0"})
	dial(t, s).mustAppend("s-1", expectNone, "a")
}

func TestFolderInUse(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	s := open(t, o)
	dial(t, s).mustAppend("s-1", expectNone, "a")
	for _, readOnly := range []bool{false, true} {
		if _, err := Open(t.Context(), Options{Dir: o.Dir, ReadOnly: readOnly}); !errors.Is(err, ErrInUse) {
			t.Errorf("second server, read only %v: %v", readOnly, err)
		}
	}
	dial(t, s).mustAppend("s-1", 0, "b") // the first is not disturbed
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, o)
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(t.Context(), Options{Dir: dir, ReadOnly: true}); err == nil {
		t.Error("a log that does not exist can be read")
	}
	s := open(t, Options{Dir: dir})
	dial(t, s).mustAppend("s-1", expectNone, "ab")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // side by side
		w := dial(t, open(t, Options{Dir: dir, ReadOnly: true}))
		if got := w.stream("s-1", fromStart, false, 10); got != "0 1" {
			t.Errorf("read: %q", got)
		}
		if got, _ := w.append("s-1", 1, "c"); !strings.HasPrefix(got, "PermissionDenied") {
			t.Errorf("append: %q", got)
		}
		if _, err := w.Tombstone(w.ctx, tombstoneRequest("s-1", expectAny)); status.Code(err) != codes.PermissionDenied {
			t.Errorf("tombstone: %v", err)
		}
	}
	if _, err := Open(t.Context(), Options{Dir: dir}); !errors.Is(err, ErrInUse) {
		t.Errorf("writing while others read: %v", err)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	s := open(t, Options{})
	w := dial(t, s)
	w.mustAppend("s-1", expectNone, "a")
	sub := w.subscribe(allRequest(fromStart, false, 0))
	sub.expect("confirmed", "0", "caught up")
	began := time.Now()
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took > closeTimeout {
		t.Errorf("Close took %v", took)
	}
	sub.expectError(codes.Unavailable)
	if err := s.Health(); !errors.Is(err, errClosed) {
		t.Errorf("health: %v", err)
	}
	if got, _ := w.append("s-1", 0, "b"); !strings.HasPrefix(got, "Unavailable") {
		t.Errorf("append: %q", got)
	}
	if _, _, err := s.store.readAll(t.Context(), span{count: 1}); !errors.Is(err, errClosed) {
		t.Errorf("read: %v", err)
	}
}

// Whatever fails while it writes, the store refuses everything from then on, and a new start finds what was answered.
func TestStopsWhenTheDiskFails(t *testing.T) {
	faults := map[string]func(*writer) error{
		"commit": func(w *writer) error {
			return w.conn.SetAuthorizer(sqlite.AuthorizeFunc(func(a sqlite.Action) sqlite.AuthResult {
				if a.Type() == sqlite.OpTransaction && a.Operation() == "COMMIT" {
					return sqlite.AuthResultDeny
				}
				return sqlite.AuthResultOK
			}))
		},
		"disk full": func(w *writer) error {
			pages, err := queryInt(w.conn, "PRAGMA page_count")
			if err != nil {
				return err
			}
			return sqlitex.ExecuteTransient(w.conn, fmt.Sprintf("PRAGMA max_page_count = %d", pages), nil)
		},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			o := Options{Dir: t.TempDir()}
			s := open(t, o)
			w := dial(t, s)
			w.mustAppend("s-1", expectNone, "a")
			sub := w.subscribe(allRequest(fromStart, false, 0))
			sub.expect("confirmed", "0", "caught up")
			// The transaction that brings the fault fails with it, or the next one does.
			_, err := s.store.submit(t.Context(), 0, 1, func(w *writer) (outcome, error) { return outcome{}, fault(w) })
			for i := 0; err == nil && i < 10; i++ {
				_, err = s.store.submit(t.Context(), 0, 1, func(w *writer) (outcome, error) {
					return w.append("s-1", expectAny, []event{{id: uuid.New(), typ: "large", data: make([]byte, 100<<10)}})
				})
			}
			if err == nil || s.Health() == nil {
				t.Fatalf("still healthy: %v", err)
			}
			if got, _ := w.append("s-2", expectNone, "b"); !strings.HasPrefix(got, "Unavailable: embedded: writing to the disk has failed, restart needed") {
				t.Errorf("append: %q", got)
			}
			if got := w.stream("s-1", fromStart, false, 1); !strings.HasPrefix(got, "Unavailable") {
				t.Errorf("read: %q", got)
			}
			for {
				if _, err := sub.call.Recv(); err != nil {
					if status.Code(err) != codes.Unavailable {
						t.Errorf("subscription: %v", err)
					}
					break
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			w = dial(t, open(t, o))
			if got := w.stream("s-1", fromStart, false, 1); got != "0" {
				t.Errorf("after a restart: %q", got)
			}
			w.mustAppend("s-2", expectNone, "b")
		})
	}
}

// Requests that are committed together don't notice each other, except that later ones see what earlier ones wrote.
func TestGroupCommit(t *testing.T) {
	s := open(t, Options{})
	hold, held := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { // keeps the writer busy until everything below is waiting
		if _, err := s.store.submit(t.Context(), 0, 0, func(*writer) (outcome, error) {
			close(held)
			<-hold
			return outcome{}, nil
		}); err != nil {
			t.Error(err)
		}
	})
	<-held
	gone, cancel := context.WithCancel(t.Context())
	type answer struct {
		outcome
		err error
	}
	answers := make([]answer, 5)
	submit := func(i int, ctx context.Context, stream string, expected int64, letter string) {
		waiting := len(s.store.queue)
		wg.Go(func() {
			o, err := s.store.submit(ctx, 10, 1, func(w *writer) (outcome, error) {
				return w.append(stream, expected, []event{{id: id(letter), typ: "tested"}})
			})
			answers[i] = answer{o, err}
		})
		for len(s.store.queue) == waiting {
			time.Sleep(time.Millisecond)
		}
	}
	submit(0, t.Context(), "s-1", expectNone, "a")
	submit(1, t.Context(), "s-1", expectNone, "b")
	submit(2, gone, "s-2", expectNone, "a")
	submit(3, t.Context(), "s-1", expectNone, "a")
	submit(4, t.Context(), "s-1", 0, "b")
	before := s.store.commits.wait()
	cancel()
	close(hold)
	wg.Wait()
	<-before
	var wrong *wrongVersion
	if !errors.As(answers[1].err, &wrong) || wrong.current != 0 {
		t.Errorf("second at no stream: %v", answers[1].err)
	}
	if !errors.Is(answers[2].err, context.Canceled) {
		t.Errorf("one that nobody waits for: %v", answers[2].err)
	}
	if answers[0].err != nil || answers[3] != answers[0] {
		t.Errorf("an append and the same again: %+v, %+v", answers[0], answers[3])
	}
	if answers[4].err != nil || answers[4].revision != 1 {
		t.Errorf("behind the first: %+v", answers[4])
	}
	w := dial(t, s)
	if got := w.stream("s-1", fromStart, false, 10) + ", " + w.stream("s-2", fromStart, false, 10); got != "0 1, not found" {
		t.Errorf("written: %q", got)
	}
}

func TestQueueIsBounded(t *testing.T) {
	s := open(t, Options{})
	hold, held := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	submit := func(size int, apply func(*writer) (outcome, error)) {
		wg.Go(func() {
			if _, err := s.store.submit(t.Context(), size, 0, apply); err != nil {
				t.Error(err)
			}
		})
	}
	submit(0, func(*writer) (outcome, error) {
		close(held)
		<-hold
		return outcome{}, nil
	})
	<-held
	nothing := func(*writer) (outcome, error) { return outcome{}, nil }
	submit(queueBytes, nothing)
	for s.store.queued.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	if _, err := s.store.submit(t.Context(), 1, 0, nothing); !errors.Is(err, errOverloaded) {
		t.Errorf("too many bytes: %v", err)
	}
	if got, _ := dial(t, s).append("s-1", expectNone, "a"); !strings.HasPrefix(got, "ResourceExhausted") {
		t.Errorf("append: %q", got)
	}
	for range queueRequests - 1 {
		submit(0, nothing)
	}
	for len(s.store.queue) < queueRequests {
		time.Sleep(time.Millisecond)
	}
	if _, err := s.store.submit(t.Context(), 0, 0, nothing); !errors.Is(err, errOverloaded) {
		t.Errorf("too many requests: %v", err)
	}
	close(hold)
	wg.Wait()
	if left := s.store.queued.Load(); left != 0 {
		t.Errorf("%d bytes are still counted", left)
	}
}

// The write-ahead log is moved into the file and starts over, also when commits never pause.
func TestWriteAheadLogStaysSmall(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	const size = 1 << 20
	large := func(w *writer) (outcome, error) { // made by SQLite, which is faster than to hand it over
		w.last += size
		return outcome{}, sqlitex.Execute(w.conn, `INSERT INTO events (position, stream, revision, id, created, json, type, metadata, data)
			VALUES (?1, 1, ?1, x'', 0, 0, 'large', x'', zeroblob(?2))`, &sqlitex.ExecOptions{Args: []any{w.last, size}})
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				if _, err := s.store.submit(t.Context(), size, 1, large); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	info, err := os.Stat(filepath.Join(dir, fileName+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 2*walPages*8192 {
		t.Errorf("200 MiB were written, the write-ahead log has %d", info.Size()>>20)
	}
}

func TestForeignFile(t *testing.T) {
	for name, pragmas := range map[string]string{
		"a later version": fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, schemaVersion+1),
		"another kind":    fmt.Sprintf("PRAGMA application_id = 1; PRAGMA user_version = %d;", schemaVersion),
	} {
		dir := t.TempDir()
		conn, err := sqlite.OpenConn(filepath.Join(dir, fileName), sqlite.OpenReadWrite, sqlite.OpenCreate)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(sqlitex.ExecuteScript(conn, pragmas, nil), conn.Close()); err != nil {
			t.Fatal(err)
		}
		if s, err := Open(t.Context(), Options{Dir: dir}); err == nil {
			s.Close()
			t.Errorf("%s was opened", name)
		}
		// Nothing holds the folder any more.
		if unlock, err := lock(dir, false); err != nil {
			t.Error(err)
		} else if err := unlock(); err != nil {
			t.Error(err)
		}
	}
}

func TestEventsCannotBeChanged(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	dial(t, s).mustAppend("s-1", expectNone, "a")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	conn, err := sqlite.OpenConn(filepath.Join(dir, fileName), sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, sql := range []string{"UPDATE events SET data = x''", "DELETE FROM events"} {
		if err := sqlitex.ExecuteTransient(conn, sql, nil); err == nil {
			t.Errorf("%s succeeds", sql)
		}
	}
}

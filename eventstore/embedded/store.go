package embedded

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

//go:embed schema.sql
var schema string

const (
	fileName      = "log.db"
	applicationID = 0x535a4c47 // "SZLG": tells our file from any other SQLite file
	schemaVersion = 1

	readers = 4 // more would only compete for the processors: a page is read in well under a millisecond

	synchronousFull = 2
	walPages        = 8192 // 64 MiB

	queueRequests = 4096
	queueBytes    = 64 << 20
)

var (
	errClosed     = errors.New("embedded: server is closed")
	errStopped    = errors.New("embedded: writing to the disk has failed, restart needed")
	errReadOnly   = errors.New("embedded: log is open for reading only")
	errOverloaded = errors.New("embedded: too many appends are waiting")
)

// store is the log on disk, one SQLite file. A single goroutine writes to it; everybody else reads, on other connections.
type store struct {
	// life ends when the store is closed, and also when a write to the disk has failed: from then on nobody knows what the
	// file holds, so everything is refused until a new start has read it again. The cause says which.
	life context.Context
	stop context.CancelCauseFunc

	readOnly bool
	readers  chan *sqlite.Conn
	opened   int // of readers
	queue    chan *request
	queued   atomic.Int64 // bytes waiting in the queue
	head     atomic.Int64 // position of the last committed event
	commits  broadcast
	log      *slog.Logger
	routines sync.WaitGroup
}

// openStore opens the log in dir, and makes it if need be unless readOnly is set.
func openStore(dir string, readOnly bool, log *slog.Logger) (_ *store, err error) {
	path := filepath.Join(dir, fileName)
	if _, err := os.Stat(path); readOnly && err != nil {
		return nil, fmt.Errorf("embedded: no log to read: %w", err)
	}
	s := &store{
		readOnly: readOnly,
		readers:  make(chan *sqlite.Conn, readers),
		queue:    make(chan *request, queueRequests),
		log:      log,
	}
	s.life, s.stop = context.WithCancelCause(context.Background())
	var writing, moving *sqlite.Conn
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("embedded: open %s: %w", path, err), closeConns(writing, moving), s.close())
		}
	}()

	if !readOnly {
		if writing, err = openWriter(path); err != nil {
			return nil, err
		}
		if moving, err = openConn(path, "PRAGMA synchronous = FULL"); err != nil {
			return nil, err
		}
	}
	for range readers {
		conn, err := openConn(path, "PRAGMA query_only = ON", "PRAGMA cache_size = -4096")
		if err != nil {
			return nil, err
		}
		s.readers <- conn
		s.opened++
	}
	if err := s.read(s.life, func(conn *sqlite.Conn) error {
		if err := checkVersion(conn); err != nil {
			return err
		}
		last, err := queryInt(conn, "SELECT coalesce(max(position), 0) FROM events")
		s.head.Store(last)
		return err
	}); err != nil {
		return nil, err
	}

	if !readOnly {
		w := newWriter(s, writing)
		s.routines.Go(w.run)
		s.routines.Go(func() { s.checkpoint(moving, w) })
	}
	return s, nil
}

// health returns why the store refuses everything, or nil.
func (s *store) health() error {
	if s.life.Err() != nil {
		return context.Cause(s.life)
	}
	return nil
}

// fail stops the store after a failed write.
func (s *store) fail(what string, err error) {
	s.log.Error("event store stops, restart needed", "failed", what, "error", err)
	s.stop(fmt.Errorf("%w: %s: %w", errStopped, what, err))
}

// close waits for the transaction and the reads under way and closes all connections.
func (s *store) close() error {
	s.stop(errClosed)
	s.routines.Wait()
	var err error
	for ; s.opened > 0; s.opened-- {
		err = errors.Join(err, closeConns(<-s.readers))
	}
	return err
}

// read runs fn on a connection for reading. fn must not keep it, nor wait for anybody: a reader that is slow to take what it
// asked for must not hold a connection meanwhile.
func (s *store) read(ctx context.Context, fn func(*sqlite.Conn) error) error {
	if err := errors.Join(s.health(), ctx.Err()); err != nil {
		return err
	}
	select {
	case conn := <-s.readers:
		defer func() { s.readers <- conn }()
		return fn(conn)
	case <-ctx.Done():
		return ctx.Err()
	case <-s.life.Done():
		return context.Cause(s.life)
	}
}

// checkpoint moves what was committed from the write-ahead log into the database file, beside the commits and not in them.
func (s *store) checkpoint(conn *sqlite.Conn, w *writer) {
	defer closeConns(conn) //nolint:errcheck // whatever was committed is safe in the write-ahead log
	for {
		select {
		case <-s.life.Done():
			return
		case <-w.grown:
		}
		pages, _, err := checkpoint(conn)
		if err != nil {
			// After a failed sync the kernel may call the lost pages clean. They are still in the write-ahead log, from
			// where a new start takes them.
			s.fail("checkpoint", err)
			return
		}
		// The write-ahead log starts over only when all of it has been moved. Here, where commits go on meanwhile, there is
		// always a rest.
		if pages > walPages {
			w.finishCheckpoint.Store(true)
		}
	}
}

// checkpoint moves as much as it can without waiting. It returns the length of the write-ahead log, -1 if somebody else is
// moving it, and whether anything is left in it.
func checkpoint(conn *sqlite.Conn) (pages int64, left bool, err error) {
	err = sqlitex.Execute(conn, "PRAGMA wal_checkpoint(PASSIVE)", &sqlitex.ExecOptions{ResultFunc: func(row *sqlite.Stmt) error {
		pages = row.ColumnInt64(1)
		left = pages != row.ColumnInt64(2)
		return nil
	}})
	return pages, left, err
}

// openWriter opens the one connection that writes, and makes the tables of a new file.
func openWriter(path string) (_ *sqlite.Conn, err error) {
	conn, err := openConn(path,
		"PRAGMA page_size = 8192", // counts only before the first table
		"PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = FULL", // what makes COMMIT wait for the disk
		"PRAGMA wal_autocheckpoint = 0",
		"PRAGMA cache_size = -16384")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, closeConns(conn))
		}
	}()
	if mode, err := queryText(conn, "PRAGMA journal_mode"); err != nil || mode != "wal" {
		return nil, errors.Join(err, fmt.Errorf("journal mode is %q, not WAL", mode))
	}
	if level, err := queryInt(conn, "PRAGMA synchronous"); err != nil || level != synchronousFull {
		return nil, errors.Join(err, fmt.Errorf("synchronous is %d, not FULL", level))
	}
	version, err := queryInt(conn, "PRAGMA user_version")
	if err != nil || version != 0 {
		return conn, err
	}
	return conn, sqlitex.ExecuteScript(conn, fmt.Sprintf("%s\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;",
		schema, applicationID, schemaVersion), nil)
}

func checkVersion(conn *sqlite.Conn) error {
	id, err := queryInt(conn, "PRAGMA application_id")
	if err != nil {
		return err
	}
	version, err := queryInt(conn, "PRAGMA user_version")
	if err != nil {
		return err
	}
	if id != applicationID || version != schemaVersion {
		return fmt.Errorf("file is of kind %#x, version %d; this program reads %#x, version %d", id, version, applicationID, schemaVersion)
	}
	return nil
}

func openConn(path string, pragmas ...string) (*sqlite.Conn, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		return nil, err
	}
	for _, pragma := range pragmas {
		if err := sqlitex.ExecuteTransient(conn, pragma, nil); err != nil {
			return nil, errors.Join(err, closeConns(conn))
		}
	}
	return conn, nil
}

func closeConns(conns ...*sqlite.Conn) error {
	var errs []error
	for _, conn := range conns {
		if conn != nil {
			errs = append(errs, conn.Close())
		}
	}
	return errors.Join(errs...)
}

func queryInt(conn *sqlite.Conn, sql string) (int64, error) {
	stmt, err := conn.Prepare(sql)
	if err != nil {
		return 0, err
	}
	return sqlitex.ResultInt64(stmt)
}

func queryText(conn *sqlite.Conn, sql string) (string, error) {
	stmt, err := conn.Prepare(sql)
	if err != nil {
		return "", err
	}
	return sqlitex.ResultText(stmt)
}

// broadcast wakes everybody who waits for the next commit.
type broadcast struct {
	mu   sync.Mutex
	next chan struct{}
}

// wait returns a channel that the next fire closes.
func (b *broadcast) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

func (b *broadcast) fire() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}

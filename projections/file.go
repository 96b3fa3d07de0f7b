package projections

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"shuizheng/domain"
)

// checkpoint says up to where a file has followed which log. It is committed together with the rows, so it can never lie.
type checkpoint struct {
	position uint64    // of the last event applied, 0 for none
	previous uint64    // of the event before it
	event    uuid.UUID // id of the last event
	log      string    // fingerprint
	versions string    // see [Set.versions]
}

const checkpointSchema = `CREATE TABLE checkpoint (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	position INTEGER NOT NULL, previous INTEGER NOT NULL, event BLOB NOT NULL, log TEXT NOT NULL, versions TEXT NOT NULL
)`

// pageSize and cacheKiB are of the writing connection, see docs of the budgets: rows of a case fit a page of 8 KiB.
const (
	pageSize = 8192
	cacheKiB = 64 << 10
	// walPages is where a writer folds the write-ahead log back by itself. Far from the usual case, because that stops it for
	// milliseconds; a runner does it beside, see [Runner.Run].
	walPages = 20_000
)

// file is a read model opened for writing.
type file struct {
	conn *sqlite.Conn
	set  *Set
	checkpoint
}

// errForeign says that a file was not built from this log by these projections.
var errForeign = errors.New("built from another log or by other projections")

// openFile opens an existing read model. It returns an error that wraps [errForeign] if it must be built anew, os.ErrNotExist if
// there is none.
func openFile(path string, set *Set, log string) (*file, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	conn, err := connect(path, sqlite.OpenReadWrite)
	if damaged(err) {
		return nil, fmt.Errorf("%w: %w", errForeign, err)
	}
	if err != nil {
		return nil, err
	}
	f := &file{conn: conn, set: set}
	if f.checkpoint, err = readCheckpoint(conn); err == nil {
		switch {
		case f.log != log && f.position > 0:
			err = fmt.Errorf("%w: log %q, now %q", errForeign, f.log, log)
		case f.versions != set.versions():
			err = fmt.Errorf("%w: projections\n%snow\n%s", errForeign, f.versions, set.versions())
		}
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	f.log = log
	return f, nil
}

// damaged reports whether a file is no database, or no whole one.
func damaged(err error) bool {
	code := sqlite.ErrCode(err).ToPrimary()
	return code == sqlite.ResultNotADB || code == sqlite.ResultCorrupt
}

// createFile makes an empty read model without its indexes; [file.index] adds them when it is filled.
func createFile(path string, set *Set, log string) (*file, error) {
	if err := removeFile(path); err != nil {
		return nil, err
	}
	conn, err := connect(path, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		return nil, err
	}
	f := &file{conn: conn, set: set, checkpoint: checkpoint{log: log, versions: set.versions()}}
	err = f.transaction(func(tx *Tx) error {
		if err := tx.Exec(checkpointSchema); err != nil {
			return err
		}
		return tx.Exec("INSERT INTO checkpoint VALUES (1, 0, 0, ?, ?, ?)", f.event, f.log, f.versions)
	})
	if err == nil {
		err = f.schema(func(statement string) bool { return !isIndex(statement) })
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("projections: create %s: %w", path, err), conn.Close())
	}
	return f, nil
}

func (f *file) index() error { return f.schema(isIndex) }

func (f *file) schema(wanted func(statement string) bool) error {
	return f.transaction(func(*Tx) error {
		for _, p := range f.set.projections {
			for statement := range strings.SplitSeq(p.Schema, ";\n") {
				statement = strings.TrimSpace(withoutComments(statement))
				if statement == "" || !wanted(statement) {
					continue
				}
				if err := sqlitex.ExecuteTransient(f.conn, statement, nil); err != nil {
					return fmt.Errorf("%s: %w", p.Name, err)
				}
			}
		}
		return nil
	})
}

func withoutComments(sql string) string {
	var b strings.Builder
	for line := range strings.Lines(sql) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func isIndex(statement string) bool {
	return strings.HasPrefix(statement, "CREATE INDEX") || strings.HasPrefix(statement, "CREATE UNIQUE INDEX")
}

// Fault is an event that could not be applied. The read model stands still before it.
type Fault struct {
	Position uint64
	Type     string
	Event    uuid.UUID
	Err      error
}

func (f *Fault) Error() string {
	return fmt.Sprintf("projections: event %s %s at position %d cannot be applied: %v", f.Type, f.Event, f.Position, f.Err)
}

func (f *Fault) Unwrap() error { return f.Err }

// apply writes a batch and the checkpoint in one transaction. If an event fails, what stands before it is kept and a [*Fault] is
// returned; any other error leaves the file as it was.
func (f *file) apply(items []item) error {
	n, err := f.try(items)
	fault := (*Fault)(nil)
	if !errors.As(err, &fault) {
		return err
	}
	if _, err := f.try(items[:n]); err != nil {
		return err
	}
	return fault
}

func (f *file) try(items []item) (done int, err error) {
	if len(items) == 0 {
		return 0, nil
	}
	next := f.checkpoint
	err = f.transaction(func(tx *Tx) error {
		for done = range items {
			i := &items[done]
			if i.record.Position <= next.position {
				return fmt.Errorf("projections: event at position %d after position %d", i.record.Position, next.position)
			}
			if err := i.applyTo(tx); err != nil {
				if busyOrDisk(err) {
					return err
				}
				return &Fault{i.record.Position, i.record.Type, i.record.ID, err}
			}
			next.previous, next.position, next.event = next.position, i.record.Position, i.record.ID
		}
		return tx.Exec("UPDATE checkpoint SET position = ?, previous = ?, event = ?, log = ?", next.position, next.previous, next.event, next.log)
	})
	if err == nil {
		f.checkpoint = next
	}
	return done, err
}

// busyOrDisk tells trouble of the machine from an event that a handler cannot digest.
func busyOrDisk(err error) bool {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultBusy, sqlite.ResultLocked, sqlite.ResultNoMem, sqlite.ResultIOErr, sqlite.ResultFull, sqlite.ResultReadOnly,
		sqlite.ResultCantOpen, sqlite.ResultInterrupt, sqlite.ResultCorrupt, sqlite.ResultNotADB:
		return true
	default:
		return false
	}
}

func (f *file) transaction(do func(*Tx) error) (err error) {
	tx := &Tx{conn: f.conn}
	if err := tx.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil && !f.conn.AutocommitEnabled() {
			err = errors.Join(err, tx.Exec("ROLLBACK"))
		}
	}()
	if err := do(tx); err != nil {
		return err
	}
	for _, end := range tx.ends {
		if err := end(); err != nil {
			return err
		}
	}
	return tx.Exec("COMMIT")
}

func (f *file) close() error { return f.conn.Close() }

func connect(path string, flags sqlite.OpenFlags) (*sqlite.Conn, error) {
	conn, err := sqlite.OpenConn(path, flags)
	if err != nil {
		return nil, fmt.Errorf("projections: open %s: %w", path, err)
	}
	for _, pragma := range []string{
		fmt.Sprintf("page_size = %d", pageSize), "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = OFF", "temp_store = MEMORY",
		fmt.Sprintf("cache_size = -%d", cacheKiB), fmt.Sprintf("wal_autocheckpoint = %d", walPages),
	} {
		if err := sqlitex.ExecuteTransient(conn, "PRAGMA "+pragma, nil); err != nil {
			return nil, errors.Join(fmt.Errorf("projections: open %s: %s: %w", path, pragma, err), conn.Close())
		}
	}
	return conn, nil
}

func readCheckpoint(conn *sqlite.Conn) (c checkpoint, err error) {
	found := false
	err = Query(conn, "SELECT position, previous, event, log, versions FROM checkpoint", func(r *Row) error {
		c = checkpoint{uint64(r.Int()), uint64(r.Int()), r.UUID(), r.Text(), r.Text()}
		found = true
		return nil
	})
	if err == nil && !found {
		err = errors.New("empty")
	}
	switch {
	case err == nil:
		return c, nil
	case busyOrDisk(err) && !damaged(err):
		return c, fmt.Errorf("projections: checkpoint: %w", err)
	}
	return c, fmt.Errorf("%w: checkpoint: %w", errForeign, err)
}

func removeFile(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("projections: remove old file: %w", err)
		}
	}
	return nil
}

// Trouble of a log that has to be told from an unreachable one.
var (
	errOtherLog = errors.New("projections: the log does not hold the event this read model stands at")
	errShortLog = errors.New("projections: the log ends before the position of this read model")
)

const (
	batchSize = 2000   // events in a transaction while catching up
	readLimit = 20_000 // events asked of the log at once
)

// follow applies the log from the checkpoint to its end; after is called with each commit. Every read begins with the event that
// the file stands at, which proves that the log is still the one it was built from.
func (f *file) follow(ctx context.Context, log Log, after func()) error {
	for {
		n, err := f.chunk(ctx, log, after)
		if err != nil || n < readLimit {
			return err
		}
	}
}

// chunk reads once from the log and returns how many events came. Reading, decoding and writing overlap.
func (f *file) chunk(ctx context.Context, log Log, after func()) (n int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	from, known := f.previous, f.position > 0
	records, decoded := make(chan []domain.Record, 2), make(chan []item, 2)
	readErr := make(chan error, 1)
	go func() {
		defer close(records)
		readErr <- read(ctx, log, from, &n, records)
	}()
	go func() {
		defer close(decoded)
		for batch := range records {
			items := make([]item, len(batch))
			for i, r := range batch {
				items[i] = f.set.decode(r)
			}
			decoded <- items
		}
	}()
	for items := range decoded {
		if err != nil {
			continue // drain
		}
		if known {
			if r := items[0].record; r.Position != f.position || r.ID != f.event {
				err = fmt.Errorf("%w: position %d holds %s, expected %s at %d", errOtherLog, r.Position, r.ID, f.event, f.position)
				cancel()
				continue
			}
			items, known = items[1:], false
		}
		if f.log == "" { // an empty log has no fingerprint yet; this one is not empty any more
			if f.log, err = log.Fingerprint(ctx); err != nil {
				cancel()
				continue
			}
		}
		if err = f.apply(items); err != nil {
			cancel()
			continue
		}
		if len(items) > 0 && after != nil {
			after()
		}
	}
	if e := <-readErr; err == nil {
		err = e
	}
	if err == nil && known {
		err = fmt.Errorf("%w: %d", errShortLog, f.position)
	}
	return n, err
}

func read(ctx context.Context, log Log, from uint64, n *int, out chan<- []domain.Record) error {
	var batch []domain.Record
	send := func() bool {
		if len(batch) == 0 {
			return true
		}
		select {
		case out <- batch:
			batch = nil
			return true
		case <-ctx.Done():
			return false
		}
	}
	for r, err := range log.ReadAll(ctx, from, readLimit) {
		if err != nil {
			send() // what came before the error is good
			return fmt.Errorf("read log after position %d: %w", from, err)
		}
		*n++
		if batch = append(batch, r); len(batch) == batchSize && !send() {
			return ctx.Err()
		}
	}
	send()
	return ctx.Err()
}

package embedded

import (
	"context"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

const (
	batchEvents = 1024
	batchBytes  = 1 << 20
	// idleYields is how often the writer lets others run without anything new arriving before it commits. Callers released
	// by the last commit thus get into the next one; a timer would be far longer than a commit takes.
	idleYields = 3

	// Heads and ids are forgotten, all at once, when there are more: they can be read again.
	maxHeads = 50_000
	maxIDs   = 500_000

	// checkpointBytes is how much, roughly, is written between two checkpoints.
	checkpointBytes = 8 << 20
	eventOverhead   = 16 << 10 // about two pages of indexes
)

// request is one change to the log on its way through the writer.
type request struct {
	ctx    context.Context
	size   int // bytes of the events
	events int
	apply  func(*writer) (outcome, error)
	done   chan outcome
}

// outcome is the answer to a request.
type outcome struct {
	revision int64 // last of the stream
	position int64 // of the last event
	err      error // why the request was refused
}

// writer is the goroutine that writes, and what only it may touch. It commits the requests that are waiting together, so
// that they share one wait for the disk, and answers none before the commit. Each is judged on its own: that one is refused
// changes nothing for its neighbours.
type writer struct {
	store *store
	conn  *sqlite.Conn
	heads map[string]*head
	ids   int // number held in heads
	last  int64
	dirty int

	grown            chan struct{} // wakes the checkpoint
	finishCheckpoint atomic.Bool   // set by the checkpoint
}

// head is where a stream stands, with the transaction under way.
type head struct {
	streamInfo
	ids map[uuid.UUID]int64 // revisions of all its events; nil until somebody appends without naming a revision
}

func newWriter(s *store, conn *sqlite.Conn) *writer {
	return &writer{store: s, conn: conn, heads: map[string]*head{}, last: s.head.Load(), grown: make(chan struct{}, 1)}
}

// submit hands a change to the writer and waits for the commit. When ctx ends first, whether it was written is unknown.
func (s *store) submit(ctx context.Context, size, events int, apply func(*writer) (outcome, error)) (outcome, error) {
	if err := s.health(); err != nil {
		return outcome{}, err
	}
	if s.readOnly {
		return outcome{}, errReadOnly
	}
	if s.queued.Add(int64(size)) > queueBytes {
		s.queued.Add(-int64(size))
		return outcome{}, errOverloaded
	}
	r := &request{ctx, size, events, apply, make(chan outcome, 1)}
	select {
	case s.queue <- r:
	default:
		s.queued.Add(-int64(size))
		return outcome{}, errOverloaded
	}
	select {
	case o := <-r.done:
		return o, o.err
	case <-ctx.Done():
		return outcome{}, ctx.Err()
	case <-s.life.Done():
		return outcome{}, context.Cause(s.life)
	}
}

func (w *writer) run() {
	defer closeConns(w.conn) //nolint:errcheck // COMMIT has reported what there is to report
	for {
		select {
		case <-w.store.life.Done():
			return
		case first := <-w.store.queue:
			batch := w.collect(first)
			outcomes, err := w.commit(batch)
			if err != nil {
				w.store.fail("commit", err)
				return
			}
			for i, r := range batch {
				r.done <- outcomes[i]
			}
		}
	}
}

// collect takes what is waiting behind first, up to the size of a batch.
func (w *writer) collect(first *request) []*request {
	var batch []*request
	events, size := 0, 0
	take := func(r *request) {
		batch = append(batch, r)
		events += r.events
		size += r.size
		w.store.queued.Add(-int64(r.size))
	}
	take(first)
	for idle := 0; idle < idleYields && events < batchEvents && size < batchBytes; {
		select {
		case r := <-w.store.queue:
			take(r)
			idle = 0
		default:
			idle++
			runtime.Gosched()
		}
	}
	w.dirty += size + events*eventOverhead
	return batch
}

// commit writes a batch in one transaction. An error means that it is unknown what the disk holds.
func (w *writer) commit(batch []*request) ([]outcome, error) {
	if w.finishCheckpoint.Load() {
		pages, left, err := checkpoint(w.conn)
		if err != nil {
			return nil, err
		}
		w.finishCheckpoint.Store(left || pages < 0) // later then
	}
	if len(w.heads) >= maxHeads || w.ids >= maxIDs { // here, where no request holds one
		clear(w.heads)
		w.ids = 0
	}
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	outcomes := make([]outcome, len(batch))
	for i, r := range batch {
		if err := r.ctx.Err(); err != nil {
			outcomes[i].err = err // nobody waits for it any more
			continue
		}
		var err error
		if outcomes[i], err = r.apply(w); err != nil {
			return nil, err
		}
	}
	if err := w.exec("COMMIT"); err != nil {
		return nil, err
	}
	if w.last > w.store.head.Load() {
		w.store.head.Store(w.last)
		w.store.commits.fire()
	}
	if w.dirty > checkpointBytes {
		w.dirty = 0
		select {
		case w.grown <- struct{}{}:
		default:
		}
	}
	return outcomes, nil
}

func (w *writer) exec(sql string) error {
	stmt, err := w.conn.Prepare(sql)
	if err != nil {
		return err
	}
	_, err = stmt.Step()
	return err
}

// head returns where a stream stands.
func (w *writer) head(name string) (*head, error) {
	if h := w.heads[name]; h != nil {
		return h, nil
	}
	info, err := lookup(w.conn, name)
	if err != nil {
		return nil, err
	}
	h := &head{streamInfo: info}
	w.heads[name] = h
	return h, nil
}

// known returns the revisions of all events of a stream by their ids.
func (w *writer) known(h *head) (map[uuid.UUID]int64, error) {
	if h.ids != nil {
		return h.ids, nil
	}
	h.ids = map[uuid.UUID]int64{}
	stmt, err := w.conn.Prepare(`SELECT id, revision FROM events WHERE stream = ? ORDER BY revision`)
	if err != nil {
		return nil, err
	}
	stmt.BindInt64(1, h.no)
	for {
		row, err := stmt.Step()
		if err != nil {
			return nil, err
		}
		if !row {
			w.ids += len(h.ids)
			return h.ids, nil
		}
		var id uuid.UUID
		stmt.ColumnBytes(0, id[:])
		h.ids[id] = stmt.ColumnInt64(1)
	}
}

// insert writes events behind the last of a stream.
func (w *writer) insert(name string, h *head, events ...event) error {
	if len(events) == 0 {
		return nil
	}
	if h.no == 0 {
		if err := w.addStream(name, h); err != nil {
			return err
		}
	}
	for _, e := range events {
		if e.revision != tombstoned {
			e.revision = h.last + 1
		}
		w.last += recordSize(name, e)
		stmt, err := w.conn.Prepare(`INSERT INTO events (position, stream, revision, id, created, json, type, metadata, data)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
		if err != nil {
			return err
		}
		stmt.BindInt64(1, w.last)
		stmt.BindInt64(2, h.no)
		stmt.BindInt64(3, e.revision)
		stmt.BindBytes(4, e.id[:])
		stmt.BindInt64(5, e.created)
		stmt.BindBool(6, e.json)
		stmt.BindText(7, e.typ)
		stmt.BindBytes(8, e.metadata)
		stmt.BindBytes(9, e.data)
		if _, err := stmt.Step(); err != nil {
			return err
		}
		h.last = e.revision
		if h.ids != nil {
			h.ids[e.id] = e.revision
			w.ids++
		}
	}
	if target, ok := strings.CutPrefix(name, metastreamPrefix); ok {
		return w.setMetadata(target, events[len(events)-1])
	}
	return nil
}

// recordSize is by how much an event moves the log's position on. Positions are sparse on purpose: nobody shall count with
// them.
func recordSize(stream string, e event) int64 {
	return int64(64 + len(stream) + len(e.typ) + len(e.metadata) + len(e.data))
}

func (w *writer) addStream(name string, h *head) error {
	stmt, err := w.conn.Prepare(`INSERT INTO streams (name) VALUES (?)`)
	if err != nil {
		return err
	}
	stmt.BindText(1, name)
	if _, err := stmt.Step(); err != nil {
		return err
	}
	h.no = w.conn.LastInsertRowID()
	return nil
}

// setMetadata keeps the newest event of $$name beside the stream itself, where reads look for it.
func (w *writer) setMetadata(name string, e event) error {
	h, err := w.head(name)
	if err != nil {
		return err
	}
	if h.no == 0 {
		if err := w.addStream(name, h); err != nil {
			return err
		}
	}
	h.metadata = nil
	if e.json {
		h.metadata = e.data
	}
	h.exists = true
	h.limits = limitsOf(name, h.metadata)
	stmt, err := w.conn.Prepare(`UPDATE streams SET metadata = ? WHERE no = ?`)
	if err != nil {
		return err
	}
	stmt.BindBytes(1, h.metadata)
	stmt.BindInt64(2, h.no)
	_, err = stmt.Step()
	return err
}

// position returns where in the log an event of a stream stands.
func (w *writer) position(h *head, revision int64) (int64, error) {
	stmt, err := w.conn.Prepare(`SELECT position FROM events WHERE stream = ? AND revision = ?`)
	if err != nil {
		return 0, err
	}
	stmt.BindInt64(1, h.no)
	stmt.BindInt64(2, revision)
	return sqlitex.ResultInt64(stmt)
}

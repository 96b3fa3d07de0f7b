package embedded

import (
	"context"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
)

// event is an event as the log holds it. Numbers are signed as in SQLite; the protocol's are unsigned, see [signed].
type event struct {
	position int64
	stream   string
	revision int64
	id       uuid.UUID
	created  int64 // 100 ns since 1970
	json     bool
	typ      string
	metadata []byte
	data     []byte
}

const (
	noStream   = -1            // last revision of a stream without events
	tombstoned = math.MaxInt64 // last revision of a stream that was deleted for good, and revision of the event that says so
)

var (
	errNotFound = errors.New("embedded: stream not found")
	errDeleted  = errors.New("embedded: stream is deleted for good")
	errPosition = errors.New("embedded: no event stands at this position")
)

// A page is what is read at a time and held in memory: this many events, or fewer if they are large.
const (
	pageEvents = 256
	pageBytes  = 1 << 20
)

// streamInfo is what reading and writing need to know of a stream.
type streamInfo struct {
	no       int64  // 0 if the stream has no row
	last     int64  // revision, or noStream or tombstoned
	exists   bool   // has metadata, be it without events
	metadata []byte // the newest, if it is JSON
	limits   limits
}

// lookup finds a stream by name.
func lookup(conn *sqlite.Conn, name string) (streamInfo, error) {
	stmt, err := conn.Prepare(`SELECT s.no, s.metadata, (SELECT max(revision) FROM events WHERE stream = s.no)
		FROM streams s WHERE s.name = ?`)
	if err != nil {
		return streamInfo{}, err
	}
	stmt.BindText(1, name)
	found, err := stmt.Step()
	if err != nil {
		return streamInfo{}, err
	}
	info := streamInfo{last: noStream}
	if found {
		info.no = stmt.ColumnInt64(0)
		if info.exists = !stmt.ColumnIsNull(1); info.exists {
			info.metadata = columnBytes(stmt, 1)
		}
		if !stmt.ColumnIsNull(2) {
			info.last = stmt.ColumnInt64(2)
		}
	}
	info.limits = limitsOf(name, info.metadata)
	if err := stmt.Reset(); err != nil {
		return streamInfo{}, err
	}
	if target, ok := strings.CutPrefix(name, metastreamPrefix); ok {
		// A stream deleted for good takes its metadata along.
		if of, err := lookup(conn, target); err != nil || of.last == tombstoned {
			info.last = of.last
			return info, err
		}
	}
	return info, nil
}

// span is a part of a stream or of the log.
type span struct {
	from      int64 // of a stream: revision to begin with; of the log: position, which forwards is itself left out
	backwards bool
	count     uint64
}

// page returns how many events to read at once.
func (p span) page() int64 { return int64(min(p.count, pageEvents)) }

// readStream reads a page of a stream; more says that the span may go on behind it. A stream that was never written or is
// deleted gives errNotFound, one deleted for good errDeleted.
func (s *store) readStream(ctx context.Context, name string, p span) (events []event, more bool, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		info, err := lookup(conn, name)
		switch {
		case err != nil:
			return err
		case info.last == tombstoned:
			return errDeleted
		case info.last == noStream || info.limits.deleted():
			return errNotFound
		}
		floor := info.limits.floor(info.last)
		sql := `SELECT position, ?5, revision, id, created, json, type, metadata, data FROM events
			WHERE stream = ?1 AND revision BETWEEN ?2 AND ?3 AND created >= ?4 ORDER BY revision LIMIT ?6`
		low, high := max(p.from, floor), info.last
		if p.backwards {
			sql = `SELECT position, ?5, revision, id, created, json, type, metadata, data FROM events
				WHERE stream = ?1 AND revision BETWEEN ?2 AND ?3 AND created >= ?4 ORDER BY revision DESC LIMIT ?6`
			low, high = floor, min(p.from, info.last)
		}
		stmt, err := conn.Prepare(sql)
		if err != nil {
			return err
		}
		stmt.BindInt64(1, info.no)
		stmt.BindInt64(2, low)
		stmt.BindInt64(3, high)
		stmt.BindInt64(4, info.limits.oldest(time.Now()))
		stmt.BindText(5, name)
		stmt.BindInt64(6, p.page())
		events, more, err = scan(stmt, p.page())
		return err
	})
	return events, more, err
}

// readAll reads a page of the log, in the order of commit or against it.
func (s *store) readAll(ctx context.Context, p span) (events []event, more bool, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		sql := `SELECT position, s.name, revision, id, created, json, type, e.metadata, data
			FROM events e CROSS JOIN streams s ON s.no = e.stream WHERE position > ? ORDER BY position LIMIT ?`
		if p.backwards {
			sql = `SELECT position, s.name, revision, id, created, json, type, e.metadata, data
				FROM events e CROSS JOIN streams s ON s.no = e.stream WHERE position < ? ORDER BY position DESC LIMIT ?`
		}
		stmt, err := conn.Prepare(sql)
		if err != nil {
			return err
		}
		stmt.BindInt64(1, p.from)
		stmt.BindInt64(2, p.page())
		events, more, err = scan(stmt, p.page())
		return err
	})
	return events, more, err
}

// checkPosition returns errPosition for a position inside the log at which no event stands: it was made up or comes from
// another log.
func (s *store) checkPosition(ctx context.Context, position int64) error {
	if position <= 0 || position > s.head.Load() {
		return s.health()
	}
	return s.read(ctx, func(conn *sqlite.Conn) error {
		stmt, err := conn.Prepare(`SELECT 1 FROM events WHERE position = ?`)
		if err != nil {
			return err
		}
		stmt.BindInt64(1, position)
		found, err := stmt.Step()
		if err == nil && !found {
			err = errPosition
		}
		return errors.Join(err, stmt.Reset())
	})
}

// last returns the last revision of a stream, noStream if it has none.
func (s *store) last(ctx context.Context, stream string) (last int64, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		info, err := lookup(conn, stream)
		if err == nil && info.last == tombstoned {
			err = errDeleted
		}
		last = info.last
		return err
	})
	return last, err
}

func scan(stmt *sqlite.Stmt, limit int64) (events []event, more bool, err error) {
	size := 0
	for int64(len(events)) < limit && size < pageBytes {
		row, err := stmt.Step()
		if err != nil {
			return nil, false, err
		}
		if !row {
			return events, false, nil
		}
		e := event{
			position: stmt.ColumnInt64(0),
			stream:   stmt.ColumnText(1),
			revision: stmt.ColumnInt64(2),
			created:  stmt.ColumnInt64(4),
			json:     stmt.ColumnBool(5),
			typ:      stmt.ColumnText(6),
			metadata: columnBytes(stmt, 7),
			data:     columnBytes(stmt, 8),
		}
		stmt.ColumnBytes(3, e.id[:])
		events = append(events, e)
		size += len(e.metadata) + len(e.data)
	}
	return events, true, stmt.Reset()
}

func columnBytes(stmt *sqlite.Stmt, column int) []byte {
	b := make([]byte, stmt.ColumnLen(column))
	stmt.ColumnBytes(column, b)
	return b
}

// ticks is the form in which the log keeps a time: 100 ns since 1970.
func ticks(t time.Time) int64 { return t.UnixNano() / 100 }

// Package timeline is the index of all events (事件索引): by id, by stream, by command, by who acted.
package timeline

import (
	_ "embed"
	"fmt"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/law"
	"shuizheng/projections"
)

//go:embed schema.sql
var schema string

// Projection returns the projection.
func Projection() projections.Projection {
	return projections.Projection{Name: "timeline", Version: 3, Schema: schema, Handlers: []projections.Handler{
		projections.Every(func(tx *projections.Tx, r domain.Record, m domain.Meta) error {
			category, aggregate := split(r.Stream)
			return tx.Exec("INSERT INTO timeline_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
				r.Position, r.ID, category, aggregate, r.Revision, r.Type, m.OccurredAt, m.RecordedAt, m.Actor.Officer, m.CommandID)
		}),
	}}
}

// split takes the name of a stream apart; a name of another form is kept whole.
func split(stream string) (category string, aggregate []byte) {
	category, id, ok := domain.SplitStream(stream)
	if !ok {
		return "", []byte(stream)
	}
	return category, id[:]
}

func join(category string, aggregate []byte) string {
	if category == "" {
		return string(aggregate)
	}
	return domain.StreamName(category, uuid.UUID(aggregate))
}

// Entry is where an event stands.
type Entry struct {
	Position   uint64    `json:"position"`
	ID         uuid.UUID `json:"id"`
	Stream     string    `json:"stream"`
	Revision   uint64    `json:"revision"`
	Type       string    `json:"type"`
	OccurredAt time.Time `json:"occurredAt"`
	RecordedAt time.Time `json:"recordedAt"`
	Actor      uuid.UUID `json:"actor"` // officer
}

const columns = "e.position, e.id, e.category, e.aggregate, e.revision, e.type, e.occurred_at, e.recorded_at, e.actor"

func scan(r *projections.Row) (Entry, error) {
	return Entry{uint64(r.Int()), r.UUID(), join(r.Text(), r.Bytes()), uint64(r.Int()), r.Text(), r.Time(), r.Time(), r.UUID()}, nil
}

// ByID finds an event, of several with the same id in different streams the first.
func ByID(conn *sqlite.Conn, id uuid.UUID) (e Entry, found bool, err error) {
	err = projections.Query(conn, "SELECT "+columns+" FROM timeline_event e WHERE id = ? ORDER BY position DESC", func(r *projections.Row) error {
		found = true
		e, err = scan(r)
		return err
	}, id)
	if err != nil {
		return e, found, fmt.Errorf("timeline: event %s: %w", id, err)
	}
	return e, found, nil
}

// StreamOf finds the stream that a command was accepted on.
func StreamOf(conn *sqlite.Conn, command uuid.UUID) (stream string, found bool, err error) {
	err = projections.Query(conn, "SELECT category, aggregate FROM timeline_event WHERE command = ? ORDER BY position LIMIT 1", func(r *projections.Row) error {
		stream, found = join(r.Text(), r.Bytes()), true
		return nil
	}, command)
	if err != nil {
		return stream, found, fmt.Errorf("timeline: command %s: %w", command, err)
	}
	return stream, found, nil
}

// OfStream lists the events of a stream in order.
func OfStream(conn *sqlite.Conn, stream string) ([]Entry, error) {
	list := []Entry{}
	category, aggregate := split(stream)
	err := projections.Query(conn, "SELECT "+columns+" FROM timeline_event e WHERE aggregate = ? AND category = ? ORDER BY revision", func(r *projections.Row) error {
		e, err := scan(r)
		list = append(list, e)
		return err
	}, aggregate, category)
	if err != nil {
		return nil, fmt.Errorf("timeline: stream %s: %w", stream, err)
	}
	return list, nil
}

// Filter selects events; a zero field selects all.
type Filter struct {
	Actor *uuid.UUID
	Types []string
	From  law.Date // recorded on or after
	To    law.Date // recorded on or before
}

// Search reads a page of events, the newest first.
func Search(conn *sqlite.Conn, f Filter, p projections.Page) (projections.List[Entry], error) {
	var w projections.Where
	if f.Actor != nil {
		w.Add("e.actor = ?", *f.Actor)
	}
	projections.Among(&w, "e.type", f.Types)
	if f.From != "" {
		w.Add("e.recorded_at >= ?", projections.DayBegins(f.From))
	}
	if f.To != "" {
		w.Add("e.recorded_at < ?", projections.DayEnds(f.To))
	}
	list, err := projections.Select(conn, projections.Table[Entry]{From: "timeline_event e", Number: "e.position", Columns: columns, Scan: scan,
		Sorts: []projections.Sort{{Name: "-position", Column: "e.position", Desc: true}, {Name: "position", Column: "e.position"}}}, w, p)
	if err != nil {
		return list, fmt.Errorf("timeline: search: %w", err)
	}
	return list, nil
}

package embedded

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// What an append may expect besides a revision.
const (
	expectNone   = -1 // no such stream
	expectAny    = -2
	expectExists = -4
)

// wrongVersion says that a stream is not where an append expected it.
type wrongVersion struct {
	stream            string
	expected, current int64
}

func (e *wrongVersion) Error() string {
	return fmt.Sprintf("embedded: stream %s is at revision %d, not at %d", e.stream, e.current, e.expected)
}

// append writes all events or none. An append that came before is recognised by the ids of the events it left, however long
// ago that was, and is answered as it was then.
func (w *writer) append(stream string, expected int64, events []event) (outcome, error) {
	h, err := w.head(stream)
	if err != nil {
		return outcome{}, err
	}
	wrong := outcome{err: &wrongVersion{stream, expected, h.last}}
	var repeated repetition
	switch {
	case h.last == tombstoned:
		return outcome{err: errDeleted}, nil
	case expected == expectExists && !h.present():
		return wrong, nil
	case expected == expectAny || expected == expectExists:
		repeated, err = w.repeatsAnywhere(h, events)
	case expected == expectNone && h.limits.deleted():
		// A deleted stream may be taken for one that never was.
	case expected > h.last:
		return wrong, nil
	case expected < h.last:
		if repeated, err = w.repeatsAt(h, expected+1, events); repeated == fresh {
			repeated = partly // there is no room for new events
		}
	}
	switch {
	case err != nil:
		return outcome{}, err
	case repeated == partly:
		return wrong, nil
	case repeated == wholly:
		last := expected + int64(len(events))
		if expected == expectAny || expected == expectExists {
			last = h.ids[events[len(events)-1].id]
		}
		position, err := w.position(h, last)
		return outcome{revision: last, position: position}, err
	}

	created := ticks(time.Now())
	for i := range events {
		events[i].created = created
	}
	if len(events) > 0 && h.limits.deleted() {
		metadata, err := withBefore(h.metadata, h.last+1)
		if err != nil {
			return outcome{}, err
		}
		if _, err := w.writeMetadata(stream, created, metadata); err != nil {
			return outcome{}, err
		}
	}
	if err := w.insert(stream, h, events...); err != nil {
		return outcome{}, err
	}
	return outcome{revision: h.last, position: w.last}, nil
}

// repetition says how far the events of an append are in the stream already.
type repetition int

const (
	fresh  repetition = iota // the first is not
	partly                   // the first is, a later one is not
	wholly
)

// repeatsAnywhere compares by ids alone, as no revision was named.
func (w *writer) repeatsAnywhere(h *head, events []event) (repetition, error) {
	if len(events) == 0 {
		return fresh, nil
	}
	known, err := w.known(h)
	if err != nil {
		return fresh, err
	}
	for i, e := range events {
		if _, ok := known[e.id]; !ok {
			return started(i), nil
		}
	}
	return wholly, nil
}

// repeatsAt compares with the events that stand where these would have gone.
func (w *writer) repeatsAt(h *head, revision int64, events []event) (repetition, error) {
	stmt, err := w.conn.Prepare(`SELECT id FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`)
	if err != nil {
		return fresh, err
	}
	stmt.BindInt64(1, h.no)
	stmt.BindInt64(2, revision)
	stmt.BindInt64(3, int64(len(events)))
	for i, e := range events {
		row, err := stmt.Step()
		if err != nil {
			return fresh, err
		}
		var id uuid.UUID
		if row {
			stmt.ColumnBytes(0, id[:])
		}
		if id != e.id {
			return started(i), stmt.Reset()
		}
	}
	if len(events) == 0 {
		return fresh, stmt.Reset()
	}
	return wholly, stmt.Reset()
}

func started(n int) repetition {
	if n > 0 {
		return partly
	}
	return fresh
}

// present reports whether a stream can be said to exist: it has events or metadata and is not deleted.
func (h *head) present() bool {
	return (h.last != noStream || h.exists) && !h.limits.deleted()
}

// writeMetadata appends to $$stream.
func (w *writer) writeMetadata(stream string, created int64, metadata []byte) (position int64, err error) {
	name := metastreamPrefix + stream
	h, err := w.head(name)
	if err != nil {
		return 0, err
	}
	err = w.insert(name, h, event{id: uuid.New(), created: created, json: true, typ: "$metadata", data: metadata})
	return w.last, err
}

// delete hides the events of a stream. An append brings the stream back, behind its old events.
func (w *writer) delete(stream string, expected int64) (outcome, error) {
	h, err := w.head(stream)
	if err != nil {
		return outcome{}, err
	}
	switch {
	case h.last == tombstoned:
		return outcome{err: errDeleted}, nil
	case h.last == noStream, !h.meets(expected):
		return outcome{err: &wrongVersion{stream, expected, h.last}}, nil
	}
	metadata, err := withBefore(h.metadata, softDeleted)
	if err != nil {
		return outcome{}, err
	}
	position, err := w.writeMetadata(stream, ticks(time.Now()), metadata)
	return outcome{revision: h.last, position: position}, err
}

// tombstone deletes a stream for good: its name can never be used again.
func (w *writer) tombstone(stream string, expected int64) (outcome, error) {
	h, err := w.head(stream)
	if err != nil {
		return outcome{}, err
	}
	switch {
	case h.last == tombstoned:
		return outcome{err: errDeleted}, nil
	case !h.meets(expected):
		return outcome{err: &wrongVersion{stream, expected, h.last}}, nil
	}
	delete(w.heads, metastreamPrefix+stream) // what is known of its metadata no longer holds
	err = w.insert(stream, h, event{id: uuid.New(), created: ticks(time.Now()), typ: "$streamDeleted", revision: tombstoned})
	return outcome{revision: tombstoned, position: w.last}, err
}

// meets reports whether a stream is where a deletion expects it.
func (h *head) meets(expected int64) bool {
	switch expected {
	case expectAny:
		return true
	case expectExists:
		return h.present()
	default:
		return expected == h.last
	}
}

package domaintest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
)

// Log is a [domain.Log] in memory with the semantics of the real one: appends at an exact revision, all or nothing, the same
// append written once. Positions are sparse, and its clock stands at a fixed day and ticks with every event, so runs are
// reproducible. The zero value is ready; all methods may be called concurrently.
type Log struct {
	// Fault, if set, may let a call fail. It runs outside the log's lock, so it may use the log itself, for instance to
	// write an event between another's read and append. It must be set before the first call.
	Fault func(Call) error

	mu      sync.Mutex
	records []domain.Record
}

// Op is a place in a call to the log where it can fail.
type Op int

// The places where a call can fail.
const (
	Read     Op = iota // before the first record is yielded
	ReadRest           // before the last record is yielded: the history is cut
	Append             // before anything is written
	Appended           // after all is written: the answer is lost
)

// Call is what [Log.Fault] is asked about.
type Call struct {
	Op     Op
	Stream string
}

func (l *Log) fault(op Op, stream string) error {
	if l.Fault == nil {
		return nil
	}
	return l.Fault(Call{op, stream})
}

// ReadStream yields the events of a stream as they stand when it is called.
func (l *Log) ReadStream(ctx context.Context, stream string) iter.Seq2[domain.Record, error] {
	return func(yield func(domain.Record, error) bool) {
		err := l.fault(Read, stream)
		if err == nil && ctx.Err() != nil {
			err = fmt.Errorf("%w: %w", domain.ErrUnavailable, ctx.Err())
		}
		if err != nil {
			yield(domain.Record{}, err)
			return
		}
		records := l.Stream(stream)
		for i, r := range records {
			if i == len(records)-1 {
				if err := l.fault(ReadRest, stream); err != nil {
					yield(domain.Record{}, err)
					return
				}
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Append writes all events if the stream is at the expected revision. The same events at the same place are already written.
func (l *Log) Append(ctx context.Context, stream string, expected domain.Expected, events []domain.Proposed) (uint64, error) {
	if err := l.fault(Append, stream); err != nil {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("%w: %w", domain.ErrUnavailable, err)
	}
	position, err := l.append(stream, expected, events)
	if err != nil {
		return 0, err
	}
	return position, l.fault(Appended, stream)
}

func (l *Log) append(stream string, expected domain.Expected, events []domain.Proposed) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	there := l.stream(stream)
	if expected != domain.Expected(len(there))-1 {
		if p, ok := repeated(there, expected, events); ok {
			return p, nil
		}
		return 0, domain.ErrWrongRevision
	}
	var position uint64
	for i, e := range events {
		position = uint64(len(l.records))*7 + 3
		l.records = append(l.records, domain.Record{
			Stream: stream, Revision: uint64(len(there) + i), Position: position, ID: e.ID, Type: e.Type,
			Created: time.Date(2026, 3, 2, 0, 0, len(l.records), 0, time.UTC),
			Data:    bytes.Clone(e.Data), Metadata: bytes.Clone(e.Metadata),
		})
	}
	return position, nil
}

// repeated finds the position of the last event if exactly these ids stand after the expected revision.
func repeated(there []domain.Record, expected domain.Expected, events []domain.Proposed) (position uint64, ok bool) {
	first := int(expected) + 1
	if first < 0 || len(events) == 0 || first+len(events) > len(there) {
		return 0, false
	}
	for i, e := range events {
		if there[first+i].ID != e.ID {
			return 0, false
		}
	}
	return there[first+len(events)-1].Position, true
}

// Put writes an event as it is, whatever the decider would say: tests need histories that no command can lead to.
func (l *Log) Put(stream string, typ string, data []byte, meta domain.Meta) domain.Record {
	metadata, err := json.Marshal(meta)
	if err != nil {
		panic(err) // Meta of the kernel always encodes
	}
	there := l.Stream(stream)
	p := domain.Proposed{ID: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%s@%d", stream, len(there))), Type: typ, Data: data, Metadata: metadata}
	if _, err := l.append(stream, domain.Expected(len(there))-1, []domain.Proposed{p}); err != nil {
		panic(err) // a test that writes one stream from two sides must use Append
	}
	return l.Stream(stream)[len(there)]
}

// Stream returns the records of one stream.
func (l *Log) Stream(stream string) []domain.Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stream(stream)
}

func (l *Log) stream(stream string) []domain.Record {
	var of []domain.Record
	for _, r := range l.records {
		if r.Stream == stream {
			of = append(of, r)
		}
	}
	return of
}

// All returns every record in the order of the log.
func (l *Log) All() []domain.Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.records)
}

// Chain checks that the records are one stream from its first event on, each carrying the hash of the one before it.
func Chain(records []domain.Record) error {
	previous := ""
	for i, r := range records {
		var m domain.Meta
		if err := json.Unmarshal(r.Metadata, &m); err != nil {
			return fmt.Errorf("metadata at position %d: %w", r.Position, err)
		}
		switch {
		case r.Stream != records[0].Stream || r.Revision != uint64(i):
			return fmt.Errorf("position %d holds %s@%d, want %s@%d", r.Position, r.Stream, r.Revision, records[0].Stream, i)
		case m.PrevHash != previous:
			return fmt.Errorf("%s@%d carries the hash %q, the event before it has %q", r.Stream, i, m.PrevHash, previous)
		case m.SchemaVersion != domain.MetaSchema:
			return fmt.Errorf("%s@%d carries envelope version %d, want %d", r.Stream, i, m.SchemaVersion, domain.MetaSchema)
		}
		previous = r.Hash()
	}
	return nil
}

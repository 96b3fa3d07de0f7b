package domain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Decider makes decisions for one kind of aggregate. It is a value: three pure functions' worth of behaviour and nothing to
// mock. The zero S is the state before the first event.
type Decider[S, C any, E Event] struct {
	Category string
	// Decide returns the events that follow from a command, none if things already stand so, or a [Refusal].
	Decide func(S, C) ([]E, error)
	// Evolve is total: it never fails and never judges.
	Evolve func(S, E) S
}

// Fold returns the state that a history leads to.
func (d Decider[S, C, E]) Fold(state S, history ...E) S {
	for _, e := range history {
		state = d.Evolve(state, e)
	}
	return state
}

// Load folds the stream of one aggregate into its state.
func Load[S, C any, E Event](ctx context.Context, log Log, catalog Catalog, d Decider[S, C, E], id uuid.UUID) (S, error) {
	var state S
	for r, err := range log.ReadStream(ctx, StreamName(d.Category, id)) {
		if err != nil {
			return state, fmt.Errorf("read %s: %w", StreamName(d.Category, id), err)
		}
		e, err := decodeAs[E](catalog, r)
		if err != nil {
			return state, err
		}
		state = d.Evolve(state, e)
	}
	return state, nil
}

func decodeAs[E Event](catalog Catalog, r Record) (E, error) {
	raw, err := catalog.Decode(r)
	if err != nil {
		var none E
		return none, err
	}
	e, ok := catalog.Lift(raw).(E)
	if !ok {
		return e, fmt.Errorf("domain: %s at position %d does not belong into %s", r.Type, r.Position, r.Stream)
	}
	return e, nil
}

// Expected is the revision a stream must be at for an append: [NoStream] or the revision that was folded, never "any".
type Expected int64

// NoStream expects that the stream has no events yet.
const NoStream Expected = -1

// Log is what [Execute] needs of an event store.
type Log interface {
	// ReadStream yields the events of a stream in order; of a stream that does not exist, none. An error is yielded last
	// and means that the events before it are not the whole stream.
	ReadStream(ctx context.Context, stream string) iter.Seq2[Record, error]
	// Append writes all events or none, if the stream is at the expected revision, and returns the position of the last.
	// It returns [ErrWrongRevision], [ErrUnavailable] or [ErrTooLarge]; the same ids at the same revision are written once.
	Append(ctx context.Context, stream string, expected Expected, events []Proposed) (position uint64, err error)
}

// Result says where the events of a command stand in the log. A repeated command gets the result of its first acceptance.
type Result struct {
	Stream   string     `json:"stream"`
	Revision uint64     `json:"revision"` // of the last event
	Position uint64     `json:"position"` // of the last event; a query may wait for it
	Events   []EventRef `json:"events"`
	Meta     Meta       `json:"-"`
	Repeated bool       `json:"-"` // the command had been accepted before
}

// EventRef names one event of a [Result].
type EventRef struct {
	ID       uuid.UUID `json:"id"`
	Type     string    `json:"type"`
	Revision uint64    `json:"revision"`
}

// EventID is the id of event n that a command gives a stream: the same command can only ever give the same event ids. The stream
// is part of it because a client may use one command id for two aggregates, and an event id that stands in the log twice would
// stop whatever knows events by their ids.
func EventID(command uuid.UUID, stream string, n int) uuid.UUID {
	return uuid.NewSHA1(command, []byte(stream+"#"+strconv.Itoa(n)))
}

// StepID is the id of a command that an act over several streams derives for one of its steps.
func StepID(act uuid.UUID, step string) uuid.UUID { return uuid.NewSHA1(act, []byte(step)) }

const maxRaces = 8

// clockTolerance is how far a phone's clock may run ahead of the server's before an act counts as dated into the future.
const clockTolerance = 5 * time.Minute

// Execute carries one command to the log: read the stream, answer a repeated command with its first result, fold, decide,
// append at the exact revision that was folded. Only a lost race is tried again; every other error returns at once.
func Execute[S, C any, E Event](ctx context.Context, log Log, catalog Catalog, d Decider[S, C, E], id uuid.UUID, command C, meta Meta) (Result, error) {
	stream := StreamName(d.Category, id)
	if meta.OccurredAt.After(meta.RecordedAt.Add(clockTolerance)) {
		return Result{}, &Refusal{Code: "time.in_future", Field: "occurredAt", Message: "发生时间晚于当前时间，请核对手机的日期和时间后重新提交。"}
	}
	for race := 0; ; race++ {
		result, err := attempt(ctx, log, catalog, d, stream, command, meta)
		if !errors.Is(err, ErrWrongRevision) || race == maxRaces {
			return result, err
		}
	}
}

func attempt[S, C any, E Event](ctx context.Context, log Log, catalog Catalog, d Decider[S, C, E], stream string, command C, meta Meta) (Result, error) {
	var (
		state    S
		last     Record
		expected = NoStream
		earlier  Result
		first    = EventID(meta.CommandID, stream, 0)
	)
	for r, err := range log.ReadStream(ctx, stream) {
		if err != nil {
			return Result{}, fmt.Errorf("read %s: %w", stream, err)
		}
		if r.ID == first || len(earlier.Events) > 0 && r.ID == EventID(meta.CommandID, stream, len(earlier.Events)) {
			earlier.Events = append(earlier.Events, EventRef{r.ID, r.Type, r.Revision})
			earlier.Revision, earlier.Position = r.Revision, r.Position
			if err := json.Unmarshal(r.Metadata, &earlier.Meta); err != nil {
				return Result{}, fmt.Errorf("metadata of %s at position %d: %w", stream, r.Position, err)
			}
		}
		e, err := decodeAs[E](catalog, r)
		if err != nil {
			return Result{}, err
		}
		state, last, expected = d.Evolve(state, e), r, Expected(r.Revision)
	}
	if len(earlier.Events) > 0 {
		if earlier.Meta.CommandHash != meta.CommandHash {
			return Result{}, ErrCommandReused
		}
		earlier.Stream, earlier.Repeated = stream, true
		return earlier, nil
	}

	events, err := d.Decide(state, command)
	if err != nil {
		return Result{}, err
	}
	result := Result{Stream: stream, Revision: last.Revision, Position: last.Position, Meta: meta}
	if len(events) == 0 {
		return result, nil
	}
	proposed := make([]Proposed, len(events))
	meta.SchemaVersion = MetaSchema
	if expected != NoStream {
		meta.PrevHash = last.Hash()
	}
	for n, e := range events {
		revision := uint64(expected + 1 + Expected(n))
		r := Record{Stream: stream, Revision: revision, ID: EventID(meta.CommandID, stream, n), Type: e.EventType()}
		if r.Data, err = json.Marshal(e); err != nil {
			return Result{}, fmt.Errorf("encode %s: %w", r.Type, err)
		}
		if r.Metadata, err = json.Marshal(meta); err != nil {
			return Result{}, fmt.Errorf("encode metadata of %s: %w", r.Type, err)
		}
		meta.PrevHash = r.Hash()
		proposed[n] = Proposed{r.ID, r.Type, r.Data, r.Metadata}
		result.Events = append(result.Events, EventRef{r.ID, r.Type, revision})
		result.Revision = revision
	}
	if result.Position, err = log.Append(ctx, stream, expected, proposed); err != nil {
		return Result{}, fmt.Errorf("append to %s: %w", stream, err)
	}
	return result, nil
}

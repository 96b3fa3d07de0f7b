package embedded

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"shuizheng/domain"
	"shuizheng/eventstore"
)

// Direct is the log of a server for the program that it runs in, without the protocol in between. It does what an
// [eventstore.Client] of the server does, in the same way; the protocol costs more than the log itself.
type Direct struct{ server *Server }

var _ domain.Log = (*Direct)(nil)

// Direct returns the log of the server.
func (s *Server) Direct() *Direct { return &Direct{s} }

// Append implements [domain.Log]. The bytes of the events must not be changed afterwards.
func (d *Direct) Append(ctx context.Context, stream string, expected domain.Expected, events []domain.Proposed) (position uint64, err error) {
	if err := eventstore.Check(stream, expected, events); err != nil {
		return 0, err
	}
	size := 0
	own := make([]event, len(events))
	for i, e := range events {
		own[i] = event{id: e.ID, typ: e.Type, json: true, metadata: e.Metadata, data: e.Data}
		size += len(e.Data) + len(e.Metadata)
	}
	o, err := d.server.store.submit(ctx, size, len(events), func(w *writer) (outcome, error) {
		return w.append(stream, int64(expected), own)
	})
	return uint64(o.position), explain(ctx, err)
}

// ReadStream implements [domain.Log]. It gives a whole stream or an error.
func (d *Direct) ReadStream(ctx context.Context, stream string) iter.Seq2[domain.Record, error] {
	return func(yield func(domain.Record, error) bool) {
		for next := int64(0); ; {
			events, more, err := d.server.store.readStream(ctx, stream, span{from: next, count: math.MaxUint64})
			if errors.Is(err, errNotFound) && next == 0 {
				return
			}
			if err != nil {
				yield(domain.Record{}, explain(ctx, err))
				return
			}
			for _, e := range events {
				if e.revision != next {
					yield(domain.Record{}, fmt.Errorf("embedded: %s: revision %d comes where %d should", stream, e.revision, next))
					return
				}
				if next++; !yield(record(e), nil) {
					return
				}
			}
			if !more {
				return
			}
		}
	}
}

// ReadAll yields up to limit events of the log behind a position, in order; a limit of 0 stands for all there are, position 0
// for the beginning. The server's own events are left out. An error is yielded last and means that there may be more.
func (d *Direct) ReadAll(ctx context.Context, after uint64, limit int) iter.Seq2[domain.Record, error] {
	return func(yield func(domain.Record, error) bool) {
		from := signed(after)
		if err := d.server.store.checkPosition(ctx, from); err != nil {
			yield(domain.Record{}, explain(ctx, err))
			return
		}
		for left := limit; ; {
			p := span{from: from, count: math.MaxUint64}
			if limit > 0 {
				p.count = uint64(left)
			}
			events, more, err := d.server.store.readAll(ctx, p)
			if err != nil {
				yield(domain.Record{}, explain(ctx, err))
				return
			}
			for _, e := range events {
				if from = e.position; eventstore.System(e.stream, e.typ) {
					continue
				}
				if left--; !yield(record(e), nil) || left == 0 {
					return
				}
			}
			if !more {
				return
			}
		}
	}
}

// SubscribeAll follows the log until the loop is left, the context ends or the server does, from behind a position, 0 for the
// beginning. It yields every event once and in order, and leaves out the server's own.
func (d *Direct) SubscribeAll(ctx context.Context, after uint64) iter.Seq2[eventstore.Step, error] {
	return func(yield func(eventstore.Step, error) bool) {
		errLeft := errors.New("the loop was left")
		step := func(s eventstore.Step) error {
			if !yield(s, nil) {
				return errLeft
			}
			return nil
		}
		if head := uint64(d.server.store.head.Load()); after > head {
			yield(eventstore.Step{Position: after}, fmt.Errorf("%w: %d", eventstore.ErrPosition, after))
			return
		}
		position := after
		err := d.server.store.follow(ctx, place{after: signed(after)}, d.server.closing, listener{
			confirmed: func() error { return nil },
			event: func(e event) error {
				if position = uint64(e.position); eventstore.System(e.stream, e.typ) {
					return nil
				}
				r := record(e)
				return step(eventstore.Step{Record: &r, Position: position})
			},
			caughtUp: func() error { return step(eventstore.Step{Position: position, CaughtUp: true}) },
		})
		if !errors.Is(err, errLeft) {
			yield(eventstore.Step{Position: position}, explain(ctx, err))
		}
	}
}

// Head returns the position of the last event of the log, 0 if it is empty. The server's own events don't count.
func (d *Direct) Head(ctx context.Context) (position uint64, err error) {
	for p := (span{from: math.MaxInt64, backwards: true, count: 1}); ; p.count = pageEvents {
		events, more, err := d.server.store.readAll(ctx, p)
		if err != nil {
			return 0, explain(ctx, err)
		}
		for _, e := range events {
			if p.from = e.position; !eventstore.System(e.stream, e.typ) {
				return uint64(e.position), nil
			}
		}
		if !more {
			return 0, nil
		}
	}
}

// Fingerprint tells one log from another: it names the first event. It is empty while the log is.
func (d *Direct) Fingerprint(ctx context.Context) (string, error) {
	for r, err := range d.ReadAll(ctx, 0, 1) {
		if err != nil {
			return "", err
		}
		return eventstore.FingerprintOf(r), nil
	}
	return "", nil
}

// Health returns nil if the log can be read and written at the moment.
func (d *Direct) Health(ctx context.Context) error {
	_, _, err := d.server.store.readAll(ctx, span{backwards: true, from: math.MaxInt64, count: 1})
	return explain(ctx, err)
}

func record(e event) domain.Record {
	return domain.Record{
		Stream:   e.stream,
		Revision: uint64(e.revision),
		Position: uint64(e.position),
		ID:       e.id,
		Type:     e.typ,
		Created:  time.Unix(0, e.created*100).UTC(),
		Data:     e.data,
		Metadata: e.metadata,
	}
}

// explain turns an error of the store into one of the domain, where the domain has one for it.
func explain(ctx context.Context, err error) error {
	var wrong *wrongVersion
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", domain.ErrUnavailable, context.Cause(ctx))
	case errors.As(err, &wrong):
		return fmt.Errorf("%w: %w", domain.ErrWrongRevision, err)
	case errors.Is(err, errClosed):
		return fmt.Errorf("%w: %w", domain.ErrUnavailable, eventstore.ErrClosed)
	case errors.Is(err, errStopped), errors.Is(err, errOverloaded):
		return fmt.Errorf("%w: %w", domain.ErrUnavailable, err)
	}
	return err
}

package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"shuizheng/domain"
)

// Size limits, in bytes. They hold for every server there is; some allow more.
const (
	MaxEvent  = 256 << 10 // data and metadata of an event
	MaxAppend = 1 << 20   // data, metadata and types of all events of an append
)

// attempts is how often a call is tried whose server goes away meanwhile.
const attempts = 3

// Append implements [domain.Log]. If the server goes away meanwhile, the append is sent again, with the same ids, to the one
// that comes back, within the timeout of the client.
func (c *Client) Append(ctx context.Context, stream string, expected domain.Expected, events []domain.Proposed) (position uint64, err error) {
	if err := Check(stream, expected, events); err != nil {
		return 0, err
	}
	data := make([]esdb.EventData, len(events))
	for i, e := range events {
		data[i] = esdb.EventData{EventID: e.ID, EventType: e.Type, ContentType: esdb.ContentTypeJson, Data: e.Data, Metadata: e.Metadata}
	}
	options := esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}, Deadline: &c.timeout}
	if expected != domain.NoStream {
		options.ExpectedRevision = esdb.Revision(uint64(expected))
	}
	ctx, cancel := c.bind(ctx)
	defer cancel()
	ctx, cancelTimeout := context.WithTimeout(ctx, c.timeout)
	defer cancelTimeout()
	for attempt := 1; ; attempt++ {
		position, err = c.append(ctx, stream, options, data)
		if attempt == attempts || !errors.Is(err, domain.ErrUnavailable) || !rest(ctx, minPause) {
			return position, err
		}
	}
}

// append runs in a goroutine of its own what the official client may never return from.
func (c *Client) append(ctx context.Context, stream string, options esdb.AppendToStreamOptions, events []esdb.EventData) (uint64, error) {
	s, err := c.acquire(ctx)
	if err != nil {
		return 0, err
	}
	type answer struct {
		position uint64
		err      error
	}
	done := make(chan answer, 1)
	go func() {
		defer c.release(s)
		result, err := s.es.AppendToStream(ctx, stream, options, events...)
		if c.note(s, err); err != nil {
			done <- answer{err: explain(ctx, err)}
			return
		}
		done <- answer{position: result.CommitPosition}
	}()
	select {
	case a := <-done:
		return a.position, a.err
	case <-ctx.Done():
		return 0, ended(ctx)
	}
}

// Check says what is wrong with an append before anything is sent: a server's refusal of what is too large can get lost, and
// the domain keeps clear of what belongs to servers.
func Check(stream string, expected domain.Expected, events []domain.Proposed) error {
	switch {
	case stream == "" || System(stream, ""):
		return fmt.Errorf("eventstore: append to %q: not a stream of the domain", stream)
	case expected < domain.NoStream:
		return fmt.Errorf("eventstore: append to %s: %d is no revision", stream, expected)
	case len(events) == 0:
		return fmt.Errorf("eventstore: append to %s: no events", stream)
	}
	total := 0
	for i, e := range events {
		if e.ID == uuid.Nil || e.Type == "" || System(stream, e.Type) {
			return fmt.Errorf("eventstore: append to %s: event %d has id %s and type %q", stream, i, e.ID, e.Type)
		}
		size := len(e.Data) + len(e.Metadata)
		if size > MaxEvent {
			return fmt.Errorf("%w: event %d for %s has %d bytes, allowed are %d", domain.ErrTooLarge, i, stream, size, MaxEvent)
		}
		total += size + 2*len(e.Type) // servers count types in UTF-16
	}
	if total > MaxAppend {
		return fmt.Errorf("%w: %d events for %s have %d bytes, allowed are %d", domain.ErrTooLarge, len(events), stream, total, MaxAppend)
	}
	return nil
}

// System reports whether an event of this stream and type is the server's own, and none of the domain's.
func System(stream, typ string) bool {
	return strings.HasPrefix(stream, "$") || strings.HasPrefix(typ, "$")
}

// ReadStream implements [domain.Log]. It gives a whole stream or an error: also where a server holds back events at the
// beginning, because somebody has had the stream shortened.
func (c *Client) ReadStream(ctx context.Context, stream string) iter.Seq2[domain.Record, error] {
	return func(yield func(domain.Record, error) bool) {
		next := uint64(0)
		for r, err := range c.read(ctx, func(ctx context.Context, es *esdb.Client) (*esdb.ReadStream, error) {
			return es.ReadStream(ctx, stream, esdb.ReadStreamOptions{}, math.MaxUint64)
		}) {
			if err != nil {
				if next > 0 || !noStream(err) {
					yield(domain.Record{}, err)
				}
				return
			}
			if r.Revision != next {
				yield(domain.Record{}, fmt.Errorf("eventstore: %s: revision %d comes where %d should", stream, r.Revision, next))
				return
			}
			if next++; !yield(r, nil) {
				return
			}
		}
	}
}

// ReadAll yields up to limit events of the log behind a position, in order; a limit of 0 stands for all there are, position 0
// for the beginning. The server's own events are left out. An error is yielded last and means that there may be more.
func (c *Client) ReadAll(ctx context.Context, after uint64, limit int) iter.Seq2[domain.Record, error] {
	return func(yield func(domain.Record, error) bool) {
		for left := limit; ; {
			count := uint64(math.MaxUint64)
			if limit > 0 {
				count = uint64(left) + 1 // the event at the position itself comes, too
			}
			received := uint64(0)
			for r, err := range c.readAll(ctx, after, esdb.Forwards, count) {
				if err != nil {
					yield(domain.Record{}, err)
					return
				}
				received++
				if r.Position <= after {
					continue
				}
				if after = r.Position; System(r.Stream, r.Type) {
					continue
				}
				if left--; !yield(r, nil) || left == 0 {
					return
				}
			}
			if received < count {
				return
			}
		}
	}
}

// Head returns the position of the last event of the log, 0 if it is empty. The server's own events don't count.
func (c *Client) Head(ctx context.Context) (position uint64, err error) {
	for before, count := uint64(math.MaxUint64), uint64(1); ; count = 256 {
		received := uint64(0)
		for r, err := range c.readAll(ctx, before, esdb.Backwards, count) {
			if err != nil {
				return 0, err
			}
			if !System(r.Stream, r.Type) {
				return r.Position, nil
			}
			received++
			before = r.Position
		}
		if received < count {
			return 0, nil
		}
	}
}

// Fingerprint tells one log from another: it names the first event. It is empty while the log is.
func (c *Client) Fingerprint(ctx context.Context) (string, error) {
	for r, err := range c.ReadAll(ctx, 0, 1) {
		if err != nil {
			return "", err
		}
		return FingerprintOf(r), nil
	}
	return "", nil
}

// FingerprintOf makes the fingerprint of a log from its first event.
func FingerprintOf(first domain.Record) string {
	return first.ID.String() + "@" + strconv.FormatUint(first.Position, 10)
}

// Health returns nil if the log can be read at the moment.
func (c *Client) Health(ctx context.Context) error {
	for _, err := range c.readAll(ctx, math.MaxUint64, esdb.Backwards, 1) {
		return err
	}
	return nil
}

// readAll reads from a position, which is included forwards and left out backwards.
func (c *Client) readAll(ctx context.Context, from uint64, direction esdb.Direction, count uint64) iter.Seq2[domain.Record, error] {
	options := esdb.ReadAllOptions{Direction: direction}
	switch from {
	case 0:
		options.From = esdb.Start{}
	case math.MaxUint64:
		options.From = esdb.End{}
	default:
		options.From = esdb.Position{Commit: from, Prepare: from}
	}
	return c.read(ctx, func(ctx context.Context, es *esdb.Client) (*esdb.ReadStream, error) {
		return es.ReadAll(ctx, options, count)
	})
}

// read yields what a read of the official client gives. If the server goes away before the first event, it is tried again.
func (c *Client) read(ctx context.Context, open func(context.Context, *esdb.Client) (*esdb.ReadStream, error)) iter.Seq2[domain.Record, error] {
	return func(yield func(domain.Record, error) bool) {
		ctx, cancel := c.bind(ctx)
		defer cancel()
		for attempt := 1; ; attempt++ {
			began := false
			err := c.readOnce(ctx, open, func(r domain.Record) bool {
				began = true
				return yield(r, nil)
			})
			if err == nil {
				return
			}
			if began || attempt == attempts || !errors.Is(err, domain.ErrUnavailable) || !rest(ctx, minPause) {
				yield(domain.Record{}, err)
				return
			}
		}
	}
}

// readOnce calls yield with every event until it returns false. Whatever it returns besides nil means that events are missing.
func (c *Client) readOnce(ctx context.Context, open func(context.Context, *esdb.Client) (*esdb.ReadStream, error), yield func(domain.Record) bool) error {
	s, err := c.acquire(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	next := pump(ctx, func(send func(*esdb.RecordedEvent) bool) (err error) {
		defer c.release(s)
		defer func() { c.note(s, err) }()
		stream, err := open(ctx, s.es)
		if err != nil {
			return err
		}
		defer stream.Close()
		for {
			e, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			s.served.Store(true)
			if !send(e.OriginalEvent()) {
				return ctx.Err()
			}
		}
	})
	for {
		e, err := next()
		switch {
		case err != nil:
			return explain(ctx, err)
		case e == nil, !yield(record(e)):
			return nil
		}
	}
}

// pump runs fill in a goroutine of its own, where the official client may hang as long as it likes. next returns what fill
// sends, and at its end nil and the error of fill; when ctx ends, it returns at once.
func pump[T any](ctx context.Context, fill func(send func(*T) bool) error) (next func() (*T, error)) {
	items := make(chan *T, 64)
	failed := make(chan error, 1)
	go func() {
		failed <- fill(func(v *T) bool {
			select {
			case items <- v:
				return true
			case <-ctx.Done():
				return false
			}
		})
		close(items)
	}()
	return func() (*T, error) {
		select {
		case v, ok := <-items:
			if !ok {
				return nil, <-failed
			}
			return v, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func record(e *esdb.RecordedEvent) domain.Record {
	return domain.Record{
		Stream:   e.StreamID,
		Revision: e.EventNumber,
		Position: e.Position.Commit,
		ID:       e.EventID,
		Type:     e.EventType,
		Created:  e.CreatedDate,
		Data:     e.Data,
		Metadata: e.UserMetadata,
	}
}

package eventstore

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"shuizheng/domain"
)

// Step is one step of a subscription: an event, or how far the subscription has come without one.
type Step struct {
	// Record is the event, nil if the step only tells of progress.
	Record *domain.Record
	// Position is how far the log has been followed. A subscription that goes on from here misses nothing.
	Position uint64
	// CaughtUp says that there was nothing more in the log. It comes once when that happens first, and again whenever the
	// subscription has fallen behind, or has been interrupted, and has caught up again.
	CaughtUp bool
}

// checkpointWindows is how many windows of 32 events, the server's own among them, pass between two steps without an event.
const checkpointWindows = 32

// SubscribeAll follows the log for ever, from behind a position, 0 for the beginning. It yields every event once and in order,
// and leaves out the server's own. When the server goes away it waits for it and goes on where it was. It ends when the loop is
// left, or with an error: ctx has ended, the client is closed, [ErrPosition], or the server refuses the subscription.
func (c *Client) SubscribeAll(ctx context.Context, after uint64) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		ctx, cancel := c.bind(ctx)
		defer cancel()
		for pause := minPause; ; pause = min(2*pause, maxPause) {
			began := after
			left, err := c.follow(ctx, &after, yield)
			switch {
			case left:
				return
			case ctx.Err() != nil:
				yield(Step{Position: after}, ended(ctx))
				return
			case !errors.Is(err, domain.ErrUnavailable):
				yield(Step{Position: after}, err)
				return
			}
			if after > began {
				pause = minPause
			}
			c.log.Warn("subscription interrupted", "position", after, "error", err)
			rest(ctx, pause)
		}
	}
}

// follow is one subscription of the official client. It keeps after at the position up to which everything has been yielded.
func (c *Client) follow(ctx context.Context, after *uint64, yield func(Step, error) bool) (left bool, err error) {
	options := esdb.SubscribeToAllOptions{
		From:               esdb.Start{},
		Filter:             esdb.ExcludeSystemEventsFilter(),
		CheckpointInterval: checkpointWindows,
	}
	if *after > 0 {
		// A server waits without a word for a position that it has not reached yet.
		if err := c.reached(ctx, *after); err != nil {
			return false, err
		}
		options.From = esdb.Position{Commit: *after, Prepare: *after}
	}
	s, err := c.acquire(ctx)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	next := pump(ctx, func(send func(*esdb.SubscriptionEvent) bool) (err error) {
		defer c.release(s)
		defer func() { c.note(s, err) }()
		subscription, err := s.es.SubscribeToAll(ctx, options)
		if err != nil {
			return err
		}
		s.served.Store(true)
		defer subscription.Close() //nolint:errcheck // always nil
		for {
			e := subscription.Recv()
			if e.SubscriptionDropped != nil {
				return e.SubscriptionDropped.Error
			}
			if !send(e) {
				return ctx.Err()
			}
		}
	})
	for {
		e, err := next()
		if err != nil {
			return false, explain(ctx, err)
		}
		step := Step{CaughtUp: e.CaughtUp != nil}
		switch {
		case e.EventAppeared != nil:
			r := record(e.EventAppeared.OriginalEvent())
			if r.Position <= *after {
				continue
			}
			if *after = r.Position; System(r.Stream, r.Type) {
				continue
			}
			step.Record = &r
		case e.CheckPointReached != nil:
			*after = max(*after, e.CheckPointReached.Commit)
		case e.CaughtUp == nil:
			continue
		}
		if step.Position = *after; !yield(step, nil) {
			return true, nil
		}
	}
}

// reached returns ErrPosition if the log ends before a position.
func (c *Client) reached(ctx context.Context, position uint64) error {
	for _, err := range c.readAll(ctx, position, esdb.Forwards, 1) {
		return err
	}
	if err := ctx.Err(); err != nil {
		return ended(ctx)
	}
	return fmt.Errorf("%w: %d", ErrPosition, position)
}

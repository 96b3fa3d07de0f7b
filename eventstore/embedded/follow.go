package embedded

import (
	"context"
	"errors"
	"math"
)

// place is where a subscription begins.
type place struct {
	stream string // empty: the whole log
	after  int64  // revision or position; fromStart or fromEnd
	filter *filter
}

// listener is told what a subscription notices. An error from it ends the subscription.
type listener struct {
	confirmed  func() error
	event      func(event) error
	checkpoint func(position int64) error // with a filter: so far nothing was missed
	caughtUp   func() error               // there is nothing more
}

// follow tells of what is in a stream or in the log behind a place, and then of whatever is appended, until closing. History
// and appends are read in the same way, so that nothing is lost or doubled where one turns into the other.
func (s *store) follow(ctx context.Context, p place, closing <-chan struct{}, l listener) error {
	after, err := s.start(ctx, p)
	if err != nil {
		return err
	}
	if err := l.confirmed(); err != nil {
		return err
	}
	considered, live := 0, false
	for {
		commit := s.commits.wait() // before reading, so that no commit is missed
		events, more, err := s.next(ctx, p.stream, after)
		if err != nil {
			return err
		}
		for _, e := range events {
			if after = e.position; p.stream != "" {
				after = e.revision
			}
			if p.filter.passes(e) {
				if err := l.event(e); err != nil {
					return err
				}
			}
			if considered++; p.filter != nil && considered >= p.filter.interval {
				considered = 0
				if err := l.checkpoint(after); err != nil {
					return err
				}
			}
		}
		if more {
			live = false
			continue
		}
		if !live {
			live = true
			if p.filter != nil && considered > 0 {
				considered = 0
				if err := l.checkpoint(after); err != nil {
					return err
				}
			}
			if err := l.caughtUp(); err != nil {
				return err
			}
		}
		select {
		case <-commit:
		case <-ctx.Done():
			return ctx.Err()
		case <-closing:
			return errClosed
		case <-s.life.Done():
			return context.Cause(s.life)
		}
	}
}

// start returns the revision or position behind which a subscription begins.
func (s *store) start(ctx context.Context, p place) (after int64, err error) {
	if p.stream != "" {
		last, err := s.last(ctx, p.stream)
		if p.after == fromEnd {
			return last, err
		}
		return p.after, err
	}
	err = s.checkPosition(ctx, p.after)
	if p.after == fromEnd {
		return s.head.Load(), err
	}
	return p.after, err
}

func (s *store) next(ctx context.Context, stream string, after int64) ([]event, bool, error) {
	if stream == "" {
		return s.readAll(ctx, span{from: after, count: math.MaxUint64})
	}
	events, more, err := s.readStream(ctx, stream, span{from: after + 1, count: math.MaxUint64})
	if errors.Is(err, errNotFound) {
		return nil, false, nil // not yet, or not at present
	}
	return events, more, err
}

package embedded

import (
	"context"
	"errors"
	"math"
	"regexp"
	"strings"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const allStream = "$all"

// reading is a request to read or to follow, checked.
type reading struct {
	stream       string // empty: the whole log
	from         int64  // revision or position; fromStart or fromEnd
	backwards    bool
	count        uint64
	subscription bool
	filter       *filter // nil: none
	answers      answers
}

const (
	fromStart = -1
	fromEnd   = math.MaxInt64
)

func (s *service) Read(req *api.ReadReq, call api.Streams_ReadServer) error {
	ctx := call.Context()
	r, err := parseRead(req.GetOptions())
	if err != nil {
		return err
	}
	switch {
	case r.subscription:
		err = s.store.follow(ctx, r.place(), s.closing, r.listener(call.Send))
	case r.stream == "":
		err = s.readAll(ctx, r, call.Send)
	default:
		err = s.readStream(ctx, r, call.Send)
	}
	if r.subscription && errors.Is(err, errPosition) {
		err = invalid("Trying to read from an invalid position.")
	}
	if err != nil {
		return fail(ctx, r.stream, err)
	}
	return nil
}

func parseRead(o *api.ReadReq_Options) (r reading, err error) {
	switch {
	case o.GetStream() != nil:
		if r.stream, err = streamName(o.GetStream().GetStreamIdentifier()); err != nil {
			return r, err
		}
		switch p := o.GetStream().GetRevisionOption().(type) {
		case *api.ReadReq_Options_StreamOptions_Start:
			r.from = fromStart
		case *api.ReadReq_Options_StreamOptions_End:
			r.from = fromEnd
		case *api.ReadReq_Options_StreamOptions_Revision:
			r.from = signed(p.Revision)
		default:
			return r, invalid("the request does not say from where to read")
		}
	case o.GetAll() != nil:
		switch p := o.GetAll().GetAllOption().(type) {
		case *api.ReadReq_Options_AllOptions_Start:
			r.from = fromStart
		case *api.ReadReq_Options_AllOptions_End:
			r.from = fromEnd
		case *api.ReadReq_Options_AllOptions_Position:
			r.from = signed(p.Position.GetCommitPosition())
			if r.from == 0 {
				r.from = fromStart
			}
		default:
			return r, invalid("the request does not say from where to read")
		}
	default:
		return r, invalid("the request does not say what to read")
	}
	r.backwards = o.GetReadDirection() == api.ReadReq_Options_Backwards
	switch c := o.GetCountOption().(type) {
	case *api.ReadReq_Options_Count:
		r.count = c.Count
	case *api.ReadReq_Options_Subscription:
		r.subscription = true
	default:
		return r, invalid("the request does not say how much to read")
	}
	if r.subscription && r.backwards {
		return r, invalid("a subscription goes forwards")
	}
	if o.GetFilter() != nil {
		if r.filter, err = parseFilter(o.GetFilter()); err != nil {
			return r, err
		}
		if r.stream != "" {
			return r, invalid("only %s can be filtered", allStream)
		}
	}
	if o.GetResolveLinks() {
		return r, status.Error(codes.Unimplemented, "this server does not resolve links")
	}
	_, r.answers.stringIDs = o.GetUuidOption().GetContent().(*api.ReadReq_Options_UUIDOption_String_)
	return r, nil
}

func (s *service) readStream(ctx context.Context, r reading, send func(*api.ReadResp) error) error {
	p := span{from: max(r.from, 0), backwards: r.backwards, count: r.count}
	for first := true; ; first = false {
		events, more, err := s.store.readStream(ctx, r.stream, p)
		switch {
		case errors.Is(err, errNotFound) && first:
			return send(streamNotFound(r.stream))
		case errors.Is(err, errNotFound):
			return status.Error(codes.Aborted, "the stream was deleted during the read")
		case err != nil:
			return err
		}
		for _, e := range events {
			if err := send(r.answers.event(e)); err != nil {
				return err
			}
		}
		p.count -= uint64(len(events))
		if !more || p.count == 0 {
			return nil
		}
		p.from = events[len(events)-1].revision + 1
		if p.backwards {
			p.from -= 2
		}
	}
}

func (s *service) readAll(ctx context.Context, r reading, send func(*api.ReadResp) error) error {
	if err := s.store.checkPosition(ctx, r.from); err != nil {
		return err
	}
	p := span{from: r.from, backwards: r.backwards, count: r.count}
	switch {
	case !p.backwards && p.from == fromEnd, p.backwards && p.from == fromStart:
		return nil
	case !p.backwards && p.from > 0:
		p.from-- // the event that stands there is read, too
	}
	for p.count > 0 {
		events, more, err := s.store.readAll(ctx, p)
		if err != nil {
			return err
		}
		for _, e := range events {
			if p.from = e.position; !r.filter.passes(e) {
				continue
			}
			if err := send(r.answers.event(e)); err != nil {
				return err
			}
			if p.count--; p.count == 0 {
				return nil
			}
		}
		if !more {
			return nil
		}
	}
	return nil
}

// listener turns what a subscription notices into messages.
func (r reading) listener(send func(*api.ReadResp) error) listener {
	return listener{
		confirmed:  func() error { return send(confirmation()) },
		event:      func(e event) error { return send(r.answers.event(e)) },
		checkpoint: func(position int64) error { return send(checkpointAt(position)) },
		caughtUp:   func() error { return send(caughtUp()) },
	}
}

func (r reading) place() place { return place{r.stream, r.from, r.filter} }

// filter lets through what a subscription to the log wants to see.
type filter struct {
	field    func(event) string
	prefixes []string
	regex    *regexp.Regexp // wins over prefixes
	interval int            // events between two checkpoints, let through or not
}

// defaultWindow is what servers take when the client sets none.
const defaultWindow = 32

func parseFilter(o *api.ReadReq_Options_FilterOptions) (*filter, error) {
	f := &filter{}
	var expression *api.ReadReq_Options_FilterOptions_Expression
	switch by := o.GetFilter().(type) {
	case *api.ReadReq_Options_FilterOptions_EventType:
		expression, f.field = by.EventType, func(e event) string { return e.typ }
	case *api.ReadReq_Options_FilterOptions_StreamIdentifier:
		expression, f.field = by.StreamIdentifier, func(e event) string { return e.stream }
	default:
		return nil, invalid("the filter does not say what to look at")
	}
	f.prefixes = expression.GetPrefix()
	if pattern := expression.GetRegex(); pattern != "" {
		var err error
		if f.regex, err = regexp.Compile(pattern); err != nil {
			return nil, invalid("filter: %v", err)
		}
	} else if len(f.prefixes) == 0 {
		return nil, invalid("the filter has neither prefixes nor a regular expression")
	}
	window := uint32(defaultWindow)
	if w, ok := o.GetWindow().(*api.ReadReq_Options_FilterOptions_Max); ok {
		window = w.Max
	}
	if f.interval = int(o.GetCheckpointIntervalMultiplier()) * int(window); f.interval == 0 {
		return nil, invalid("checkpoint interval and search window must not be 0")
	}
	return f, nil
}

// passes reports whether the filter lets an event through; no filter lets everything through.
func (f *filter) passes(e event) bool {
	if f == nil {
		return true
	}
	value := f.field(e)
	if f.regex != nil {
		return f.regex.MatchString(value)
	}
	for _, prefix := range f.prefixes {
		if strings.HasPrefix(value, prefix) {
			return true
		}
	}
	return false
}

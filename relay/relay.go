package relay

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"shuizheng/domain"
	"shuizheng/eventstore"
)

// Log is what a relay needs of the event store.
type Log interface {
	ReadAll(ctx context.Context, after uint64, limit int) iter.Seq2[domain.Record, error]
	SubscribeAll(ctx context.Context, after uint64) iter.Seq2[eventstore.Step, error]
	Fingerprint(ctx context.Context) (string, error)
}

// Config says what a [Relay] works on.
type Config struct {
	Log    Log
	Conn   *nats.Conn
	Logger *slog.Logger // nil: slog.Default()

	InFlight   int           // messages sent but not yet acknowledged, 0 means 256
	Replicas   int           // copies of the stream in a cluster, when it is made; 0 means 1
	AckTimeout time.Duration // 0 means 5 s
	// ShortLog is how long the log may end before the last message of the stream until it is taken for an older log, and not for
	// a replica that lags; 0 means 30 s.
	ShortLog time.Duration
}

// Relay copies the log into the stream. It keeps no place of its own: the last message of the stream says where to go on. Two
// relays at once do no harm, each message names the one it must follow. Make it with [New], then call [Relay.Run].
type Relay struct {
	Config
	js jetstream.JetStream

	mu     sync.Mutex
	status Status
}

// Status is how a relay stands, for readiness and metrics.
type Status struct {
	Position  uint64 // of the last event that JetStream has acknowledged or was found to hold
	Sequence  uint64 // of its message
	Connected bool   // NATS can be reached
	CaughtUp  bool   // the end of the log was reached since the last trouble
	Resets    int    // how often the stream held another log and was made anew
	Err       error  // last trouble, nil when it is over
}

const (
	retryFirst = 50 * time.Millisecond
	retryLast  = 5 * time.Second
	// standBy is how long a relay that lost to another leaves it alone; it also bounds how long nobody relays when that one ends.
	standBy = 500 * time.Millisecond
	// apiTimeout bounds a question to JetStream about the stream.
	apiTimeout = 5 * time.Second
)

var (
	errBehind  = errors.New("relay: another relay was faster")
	errForeign = errors.New("relay: the stream holds another log")
	errShort   = errors.New("relay: the log ends before the last message of the stream")
)

// New makes a relay; it sends nothing before [Relay.Run].
func New(c Config) (*Relay, error) {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.InFlight <= 0 {
		c.InFlight = 256
	}
	c.Replicas = max(c.Replicas, 1)
	if c.AckTimeout <= 0 {
		c.AckTimeout = 5 * time.Second
	}
	if c.ShortLog <= 0 {
		c.ShortLog = 30 * time.Second
	}
	js, err := jetstream.New(c.Conn, jetstream.WithPublishAsyncTimeout(c.AckTimeout), jetstream.WithPublishAsyncMaxPending(2*c.InFlight))
	if err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	return &Relay{Config: c, js: js}, nil
}

// Status returns how the relay stands.
func (r *Relay) Status() Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.status
	s.Connected = r.Conn.IsConnected()
	return s
}

func (r *Relay) update(change func(*Status)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.status)
}

// Run relays until ctx ends, and returns its error. Trouble with log or NATS is logged, shown in [Relay.Status] and tried again
// with growing pauses.
func (r *Relay) Run(ctx context.Context) error {
	defer r.js.CleanupPublisher()
	pause, short := retryFirst, time.Time{}
	for ctx.Err() == nil {
		before := r.Status().Position
		err := r.session(ctx)
		if ctx.Err() != nil {
			break
		}
		if r.Status().Position != before {
			pause = retryFirst
		}
		if !errors.Is(err, errShort) {
			short = time.Time{}
		} else if short.IsZero() {
			short = time.Now()
		} else if time.Since(short) > r.ShortLog {
			err = fmt.Errorf("%w: %w", errForeign, err)
		}
		r.update(func(s *Status) { s.Err, s.CaughtUp = err, false })
		switch {
		case errors.Is(err, errForeign):
			r.Logger.Error("JetStream holds another log than the event store; its stream is deleted and filled anew", "stream", Stream, "reason", err)
			if err := r.reset(ctx); err != nil {
				r.Logger.Error("JetStream's stream cannot be deleted", "stream", Stream, "error", err)
			}
		case errors.Is(err, errBehind):
			pause = max(pause, standBy)
			r.Logger.Debug("another relay was faster", "error", err)
		default:
			r.Logger.Warn("relay interrupted", "error", err, "again in", pause)
		}
		select {
		case <-time.After(pause/2 + rand.N(pause)): // two relays must not keep step
		case <-ctx.Done():
		}
		pause = min(2*pause, retryLast)
	}
	return ctx.Err()
}

func (r *Relay) reset(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	if err := r.js.DeleteStream(ctx, Stream); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
		return err
	}
	r.update(func(s *Status) { s.Resets++; s.Position, s.Sequence = 0, 0 })
	return nil
}

// place is where the stream ends.
type place struct {
	sequence uint64
	position uint64
	event    string // id, "" before the first
	log      string
}

// session goes on from the last message of the stream until something fails.
func (r *Relay) session(ctx context.Context) error {
	end, err := r.end(ctx)
	if err != nil {
		return err
	}
	r.update(func(s *Status) { s.Position, s.Sequence = end.position, end.sequence })

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	sent := make(chan pending, r.InFlight)
	var acks sync.WaitGroup
	acks.Go(func() {
		for p := range sent {
			if err := r.acknowledged(ctx, p); err != nil {
				cancel(err)
				break
			}
		}
		for range sent { // the sender must not hang
		}
	})
	err = r.send(ctx, end, sent)
	close(sent)
	acks.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// end finds the last message of the stream and makes sure that the log holds its event. It makes the stream if there is none.
func (r *Relay) end(ctx context.Context) (place, error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	stream, err := r.js.Stream(ctx, Stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = r.js.CreateStream(ctx, r.settings())
	}
	if err != nil {
		return place{}, fmt.Errorf("relay: stream %s: %w", Stream, err)
	}
	info, err := stream.Info(ctx)
	if err != nil {
		return place{}, fmt.Errorf("relay: stream %s: %w", Stream, err)
	}
	if c, want := info.Config, r.settings(); !slices.Equal(c.Subjects, want.Subjects) || c.Retention != want.Retention || c.MaxAge != 0 ||
		c.MaxMsgs != -1 || c.MaxBytes != -1 || c.MaxMsgsPerSubject != -1 || !c.DenyDelete || !c.DenyPurge {
		return place{}, fmt.Errorf("%w: with settings under which messages may get lost", errForeign)
	}
	state := info.State
	if state.LastSeq == 0 {
		return place{}, nil
	}
	if state.Msgs != state.LastSeq {
		return place{}, fmt.Errorf("%w: %d messages up to number %d", errForeign, state.Msgs, state.LastSeq)
	}
	raw, err := stream.GetMsg(ctx, state.LastSeq)
	if err != nil {
		return place{}, fmt.Errorf("relay: last message %d: %w", state.LastSeq, err)
	}
	m, err := Unpack(raw.Header, raw.Data)
	if err != nil && !errors.Is(err, ErrOmitted) {
		return place{}, fmt.Errorf("%w: %w", errForeign, err)
	}
	return place{state.LastSeq, m.Record.Position, m.Record.ID.String(), m.Log}, r.known(ctx, m)
}

// settings makes a stream that keeps everything. Nobody may take single messages out of it; it can only be deleted as a whole.
func (r *Relay) settings() jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name: Stream, Description: "event log of Shuizheng; derived, made anew by the relay", Subjects: []string{subjects},
		Storage: jetstream.FileStorage, Retention: jetstream.LimitsPolicy, MaxMsgs: -1, MaxBytes: -1, MaxMsgsPerSubject: -1,
		DenyDelete: true, DenyPurge: true, Replicas: r.Replicas,
		// The message that each one must follow keeps doubles out for ever; a window of time would cost memory and a slow start.
		Duplicates: time.Second,
	}
}

// known returns nil if the log holds the event of a message where the message says.
func (r *Relay) known(ctx context.Context, m Message) error {
	fingerprint, err := r.Log.Fingerprint(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("relay: fingerprint of the log: %w", err)
	case fingerprint != m.Log:
		return fmt.Errorf("%w: of fingerprint %q, the event store has %q", errForeign, m.Log, fingerprint)
	}
	for got, err := range r.Log.ReadAll(ctx, m.Previous, 1) {
		switch {
		case err != nil:
			return fmt.Errorf("relay: read the log after position %d: %w", m.Previous, err)
		case got.Position != m.Record.Position || got.ID != m.Record.ID:
			return fmt.Errorf("%w: event %s at %d, the event store has %s at %d", errForeign, m.Record.ID, m.Record.Position, got.ID, got.Position)
		}
		return nil
	}
	return fmt.Errorf("%w: %d", errShort, m.Record.Position)
}

// pending is a message on its way.
type pending struct {
	future   jetstream.PubAckFuture
	position uint64
	sequence uint64 // it must get
}

func (r *Relay) send(ctx context.Context, end place, sent chan<- pending) error {
	for step, err := range r.Log.SubscribeAll(ctx, end.position) {
		if errors.Is(err, eventstore.ErrPosition) {
			return fmt.Errorf("%w: %w", errShort, err)
		}
		if err != nil {
			return fmt.Errorf("relay: follow the log after position %d: %w", end.position, err)
		}
		if step.CaughtUp {
			r.update(func(s *Status) { s.CaughtUp = true })
		}
		if step.Record == nil {
			continue
		}
		if end.log == "" {
			if end.log, err = r.Log.Fingerprint(ctx); err != nil {
				return fmt.Errorf("relay: fingerprint of the log: %w", err)
			}
		}
		msg := Pack(Message{*step.Record, end.position, end.log}, r.Conn.MaxPayload())
		options := []jetstream.PublishOpt{jetstream.WithExpectStream(Stream), jetstream.WithExpectLastSequence(end.sequence), jetstream.WithRetryAttempts(0)}
		if end.event != "" {
			options = append(options, jetstream.WithExpectLastMsgID(end.event))
		}
		future, err := r.js.PublishMsgAsync(msg, options...)
		if err != nil {
			return fmt.Errorf("relay: publish event at position %d: %w", step.Record.Position, err)
		}
		end = place{end.sequence + 1, step.Record.Position, step.Record.ID.String(), end.log}
		select {
		case sent <- pending{future, end.position, end.sequence}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}

// acknowledged waits until JetStream holds a message under the number it must have.
func (r *Relay) acknowledged(ctx context.Context, p pending) error {
	select {
	case ack := <-p.future.Ok():
		if ack.Sequence != p.sequence {
			return fmt.Errorf("%w: event at position %d is message %d, not %d", errForeign, p.position, ack.Sequence, p.sequence)
		}
		r.update(func(s *Status) { s.Position, s.Sequence, s.Err = p.position, p.sequence, nil })
		return nil
	case err := <-p.future.Err():
		if refused := (*jetstream.APIError)(nil); errors.As(err, &refused) {
			switch refused.ErrorCode {
			case jetstream.JSErrCodeStreamWrongLastSequence, jetstream.JSErrCodeStreamWrongLastSequenceConstant, wrongLastMsgID:
				return fmt.Errorf("%w: %w", errBehind, err)
			}
		}
		return fmt.Errorf("relay: event at position %d was not taken: %w", p.position, err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// wrongLastMsgID is the server's JSStreamWrongLastMsgIDErrF.
const wrongLastMsgID jetstream.ErrorCode = 10070

// Package storetest is what every log must do. Its tests make streams of their own and read behind what is there already, so
// that they can also be run against a server that others use.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/eventstore"
)

// Log is everything a log can do.
type Log interface {
	domain.Log
	ReadAll(ctx context.Context, after uint64, limit int) iter.Seq2[domain.Record, error]
	SubscribeAll(ctx context.Context, after uint64) iter.Seq2[eventstore.Step, error]
	Head(ctx context.Context) (uint64, error)
	Fingerprint(ctx context.Context) (string, error)
	Health(ctx context.Context) error
}

// Patience is how long a test waits for what should happen at once.
const Patience = 20 * time.Second

// Run tests the log that open returns.
func Run(t *testing.T, open func(*testing.T) Log) {
	tests := []struct {
		name string
		test func(*testing.T, context.Context, Log)
	}{
		{"ReadsBackWhatWasWritten", readsBack},
		{"MissingStreamHasNoEvents", missingStream},
		{"AppendsOnlyAtTheExactRevision", exactRevision},
		{"OfManyWritersOneWins", oneWins},
		{"RepeatedAppendIsWrittenOnce", repeated},
		{"RepeatAtTheSameTimeIsWrittenOnce", repeatedAtOnce},
		{"AppendIsWholeOrNot", whole},
		{"RefusesWhatIsTooLarge", tooLarge},
		{"RefusesWhatIsNotAnEventOfTheDomain", notOurs},
		{"LongStreamComesWhole", longStream},
		{"ReadsTheLogInOrder", readAll},
		{"PositionsIncreaseWithEveryCommit", positions},
		{"SubscriptionFollowsTheLog", subscribes},
		{"SubscriptionGoesOnFromAnyPosition", resumes},
		{"SubscriptionRefusesAPositionAheadOfTheLog", ahead},
		{"FingerprintStays", fingerprint},
		{"EveryCallEndsWithItsContext", cancelled},
	}
	log := open(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), Patience)
			defer cancel()
			tt.test(t, ctx, log)
		})
	}
}

// Stream returns the name of a stream that nobody has used.
func Stream() string { return domain.StreamName("storetest", uuid.New()) }

// Events makes n events with Chinese text in them.
func Events(n int) []domain.Proposed {
	events := make([]domain.Proposed, n)
	for i := range events {
		id := uuid.New()
		events[i] = domain.Proposed{
			ID:       id,
			Type:     "storetest.seen.v1",
			Data:     fmt.Appendf(nil, `{"n":%d,"地点":"青弋江右岸 3 号采砂点","备注":"“非法采砂”——当场查获 𠮷"}`, i),
			Metadata: fmt.Appendf(nil, `{"$correlationId":"%s",  "role" : "执法人员"}`, id),
		}
	}
	return events
}

// MustAppend appends or fails the test.
func MustAppend(t *testing.T, ctx context.Context, log domain.Log, stream string, expected domain.Expected, events []domain.Proposed) uint64 {
	t.Helper()
	position, err := log.Append(ctx, stream, expected, events)
	if err != nil {
		t.Fatalf("append to %s at %d: %v", stream, expected, err)
	}
	return position
}

// Collect takes all records of a read, and its error.
func Collect(read iter.Seq2[domain.Record, error]) (records []domain.Record, err error) {
	for r, err := range read {
		if err != nil {
			return records, err
		}
		records = append(records, r)
	}
	return records, nil
}

// MustRead reads a whole stream or fails the test.
func MustRead(t *testing.T, ctx context.Context, log domain.Log, stream string) []domain.Record {
	t.Helper()
	records, err := Collect(log.ReadStream(ctx, stream))
	if err != nil {
		t.Fatalf("read %s: %v", stream, err)
	}
	return records
}

// Same fails the test unless a stream holds exactly these events.
func Same(t *testing.T, got []domain.Record, stream string, want []domain.Proposed) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d events, want %d", stream, len(got), len(want))
	}
	for i, r := range got {
		w := want[i]
		if r.Stream != stream || r.Revision != uint64(i) || r.ID != w.ID || r.Type != w.Type ||
			!bytes.Equal(r.Data, w.Data) || !bytes.Equal(r.Metadata, w.Metadata) {
			t.Fatalf("event %d of %s is\n%+v, want\n%+v", i, stream, r, w)
		}
		if i > 0 && r.Position <= got[i-1].Position {
			t.Fatalf("event %d of %s stands at %d, behind %d", i, stream, r.Position, got[i-1].Position)
		}
	}
}

func head(t *testing.T, ctx context.Context, log Log) uint64 {
	t.Helper()
	position, err := log.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return position
}

func readsBack(t *testing.T, ctx context.Context, log Log) {
	stream, events := Stream(), Events(3)
	before := time.Now()
	position := MustAppend(t, ctx, log, stream, domain.NoStream, events[:1])
	last := MustAppend(t, ctx, log, stream, 0, events[1:])
	got := MustRead(t, ctx, log, stream)
	Same(t, got, stream, events)
	if got[0].Position != position || got[2].Position != last {
		t.Errorf("events stand at %d and %d, appends said %d and %d", got[0].Position, got[2].Position, position, last)
	}
	for _, r := range got {
		if r.Created.Location() != time.UTC || r.Created.Before(before.Add(-time.Hour)) || r.Created.After(time.Now().Add(time.Hour)) {
			t.Errorf("event %d was created %v, it is about %v UTC", r.Revision, r.Created, before)
		}
	}
	if err := log.Health(ctx); err != nil {
		t.Error(err)
	}
}

func missingStream(t *testing.T, ctx context.Context, log Log) {
	if got := MustRead(t, ctx, log, Stream()); len(got) != 0 {
		t.Errorf("a stream that nobody has written has %d events", len(got))
	}
}

func exactRevision(t *testing.T, ctx context.Context, log Log) {
	stream, events := Stream(), Events(4)
	if _, err := log.Append(ctx, stream, 0, events[:1]); !errors.Is(err, domain.ErrWrongRevision) {
		t.Fatalf("append at 0 to no stream: %v", err)
	}
	MustAppend(t, ctx, log, stream, domain.NoStream, events[:2])
	for _, expected := range []domain.Expected{domain.NoStream, 0, 2, 7} {
		if _, err := log.Append(ctx, stream, expected, events[2:3]); !errors.Is(err, domain.ErrWrongRevision) {
			t.Errorf("append at %d to a stream at 1: %v", expected, err)
		}
	}
	if _, err := log.Append(ctx, stream, -2, events[2:3]); err == nil || errors.Is(err, domain.ErrWrongRevision) {
		t.Errorf("append at any revision: %v", err)
	}
	MustAppend(t, ctx, log, stream, 1, events[2:])
	Same(t, MustRead(t, ctx, log, stream), stream, events)
}

func oneWins(t *testing.T, ctx context.Context, log Log) {
	const writers = 16
	stream := Stream()
	var all []domain.Proposed
	for round := range 4 {
		var wins atomic.Int32
		var winner atomic.Pointer[[]domain.Proposed]
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				events := Events(1)
				switch _, err := log.Append(ctx, stream, domain.Expected(round-1), events); {
				case err == nil:
					wins.Add(1)
					winner.Store(&events)
				case !errors.Is(err, domain.ErrWrongRevision):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if wins.Load() != 1 {
			t.Fatalf("round %d: %d of %d writers won", round, wins.Load(), writers)
		}
		all = append(all, *winner.Load()...)
	}
	Same(t, MustRead(t, ctx, log, stream), stream, all)
}

func repeated(t *testing.T, ctx context.Context, log Log) {
	stream, events := Stream(), Events(6)
	first := MustAppend(t, ctx, log, stream, domain.NoStream, events[:2])
	second := MustAppend(t, ctx, log, stream, 1, events[2:5])
	for range 2 {
		if again := MustAppend(t, ctx, log, stream, domain.NoStream, events[:2]); again != first {
			t.Errorf("first append stood at %d, repeated at %d", first, again)
		}
		if again := MustAppend(t, ctx, log, stream, 1, events[2:5]); again != second {
			t.Errorf("second append stood at %d, repeated at %d", second, again)
		}
	}
	for name, other := range map[string][]domain.Proposed{
		"more than was written":   events[2:6],
		"one that was not there":  {events[2], Events(1)[0]},
		"the same but reversed":   {events[3], events[2]},
		"those of another append": events[:2],
	} {
		if _, err := log.Append(ctx, stream, 1, other); !errors.Is(err, domain.ErrWrongRevision) {
			t.Errorf("append of %s: %v", name, err)
		}
	}
	Same(t, MustRead(t, ctx, log, stream), stream, events[:5])
}

func repeatedAtOnce(t *testing.T, ctx context.Context, log Log) {
	stream, events := Stream(), Events(3)
	var positions sync.Map
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			position, err := log.Append(ctx, stream, domain.NoStream, events)
			if err != nil {
				t.Error(err)
			}
			positions.Store(position, true)
		})
	}
	wg.Wait()
	n := 0
	positions.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("one append has %d positions", n)
	}
	Same(t, MustRead(t, ctx, log, stream), stream, events)
}

func whole(t *testing.T, ctx context.Context, log Log) {
	const size = 7
	stream := Stream()
	from := head(t, ctx, log)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for written := 0; written < 5; {
				read, err := Collect(log.ReadStream(ctx, stream))
				if err != nil {
					t.Error(err)
					return
				}
				if len(read)%size != 0 {
					t.Errorf("a read shows %d events of appends of %d", len(read), size)
				}
				switch _, err := log.Append(ctx, stream, domain.Expected(len(read)-1), Events(size)); {
				case err == nil:
					written++
				case !errors.Is(err, domain.ErrWrongRevision):
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if got := MustRead(t, ctx, log, stream); len(got) != 4*5*size {
		t.Errorf("%d events, want %d", len(got), 4*5*size)
	}
	// In the log, too, nothing stands between the events of one append.
	all, err := Collect(log.ReadAll(ctx, from, 0))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range all {
		if r.Stream == stream && r.Revision%size > 0 && (all[i-1].Stream != stream || all[i-1].Revision != r.Revision-1) {
			t.Fatalf("revision %d comes behind %s %d", r.Revision, all[i-1].Stream, all[i-1].Revision)
		}
	}
}

func tooLarge(t *testing.T, ctx context.Context, log Log) {
	sized := func(data, metadata int) domain.Proposed {
		e := Events(1)[0]
		e.Data = []byte(`"` + strings.Repeat("x", data-2) + `"`)
		e.Metadata = []byte(`"` + strings.Repeat("y", metadata-2) + `"`)
		return e
	}
	stream := Stream()
	tests := map[string][]domain.Proposed{
		"event with too much data":     {sized(eventstore.MaxEvent-9, 10)},
		"event with too much metadata": {sized(10, eventstore.MaxEvent-9)},
		"second event":                 {sized(10, 10), sized(eventstore.MaxEvent, 2)},
		"append": {sized(eventstore.MaxEvent-100, 100), sized(eventstore.MaxEvent-100, 100),
			sized(eventstore.MaxEvent-100, 100), sized(eventstore.MaxEvent-100, 100)}, // the types are over
	}
	for name, events := range tests {
		if _, err := log.Append(ctx, stream, domain.NoStream, events); !errors.Is(err, domain.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	most := []domain.Proposed{sized(eventstore.MaxEvent-100, 100), sized(eventstore.MaxEvent-100, 100), sized(eventstore.MaxEvent-100, 100)}
	MustAppend(t, ctx, log, stream, domain.NoStream, most)
	Same(t, MustRead(t, ctx, log, stream), stream, most)
}

func notOurs(t *testing.T, ctx context.Context, log Log) {
	event := func(change func(*domain.Proposed)) []domain.Proposed {
		e := Events(1)
		change(&e[0])
		return e
	}
	stream := Stream()
	for name, try := range map[string]struct {
		stream string
		events []domain.Proposed
	}{
		"no events":      {stream, nil},
		"no id":          {stream, event(func(e *domain.Proposed) { e.ID = uuid.Nil })},
		"no type":        {stream, event(func(e *domain.Proposed) { e.Type = "" })},
		"a system type":  {stream, event(func(e *domain.Proposed) { e.Type = "$metadata" })},
		"no stream":      {"", Events(1)},
		"system stream":  {"$settings", Events(1)},
		"the log itself": {"$all", Events(1)},
	} {
		if _, err := log.Append(ctx, try.stream, domain.NoStream, try.events); err == nil || errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("append with %s: %v", name, err)
		}
	}
	if got := MustRead(t, ctx, log, stream); len(got) != 0 {
		t.Errorf("%d events written", len(got))
	}
}

func longStream(t *testing.T, ctx context.Context, log Log) {
	stream, events := Stream(), Events(1500)
	for i := 0; i < len(events); i += 500 {
		MustAppend(t, ctx, log, stream, domain.Expected(i-1), events[i:i+500])
	}
	Same(t, MustRead(t, ctx, log, stream), stream, events)
	n := 0
	for _, err := range log.ReadStream(ctx, stream) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 10 {
			break // a reader may have seen enough
		}
	}
}

func readAll(t *testing.T, ctx context.Context, log Log) {
	from := head(t, ctx, log)
	want := map[string][]domain.Proposed{}
	for range 3 {
		stream, events := Stream(), Events(4)
		want[stream] = events
		MustAppend(t, ctx, log, stream, domain.NoStream, events[:3])
		MustAppend(t, ctx, log, stream, 2, events[3:])
	}
	all, err := Collect(log.ReadAll(ctx, from, 0))
	if err != nil {
		t.Fatal(err)
	}
	byStream := map[string][]domain.Record{}
	last := from
	for _, r := range all {
		if r.Position <= last {
			t.Fatalf("position %d comes behind %d", r.Position, last)
		}
		last = r.Position
		byStream[r.Stream] = append(byStream[r.Stream], r)
	}
	for stream, events := range want {
		Same(t, byStream[stream], stream, events)
	}
	if h := head(t, ctx, log); h < last {
		t.Errorf("head is %d, the last event stands at %d", h, last)
	}

	// The same in small pages.
	var paged []domain.Record
	for after := from; ; {
		page, err := Collect(log.ReadAll(ctx, after, 5))
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > 5 {
			t.Fatalf("a page of 5 has %d events", len(page))
		}
		paged = append(paged, page...)
		if len(page) < 5 || len(paged) >= len(all) {
			break
		}
		after = page[4].Position
	}
	if !slices.EqualFunc(all, paged[:min(len(all), len(paged))], func(a, b domain.Record) bool { return a.Position == b.Position && a.ID == b.ID }) {
		t.Errorf("%d events at once, %d in pages", len(all), len(paged))
	}
	if got, err := Collect(log.ReadAll(ctx, 0, 1)); err != nil || len(got) != 1 {
		t.Errorf("first event of the log: %d events, %v", len(got), err)
	}
}

func positions(t *testing.T, ctx context.Context, log Log) {
	var last uint64
	for i := range 20 {
		position := MustAppend(t, ctx, log, Stream(), domain.NoStream, Events(1+i%3))
		if position <= last {
			t.Fatalf("append %d stands at %d, the one before at %d", i, position, last)
		}
		if got, err := Collect(log.ReadAll(ctx, last, 1)); err != nil || len(got) != 1 {
			t.Fatalf("read behind %d: %d events, %v", last, len(got), err) // what was answered can be read
		}
		last = position
	}
}

// follower collects the steps of a subscription to some streams.
type follower struct {
	steps chan eventstore.Step
	ended chan error
}

func follow(ctx context.Context, log Log, after uint64) follower {
	f := follower{make(chan eventstore.Step, 10_000), make(chan error, 1)}
	go func() {
		for step, err := range log.SubscribeAll(ctx, after) {
			if err != nil {
				f.ended <- err
				return
			}
			f.steps <- step
		}
		f.ended <- nil
	}()
	return f
}

func (f follower) next(t *testing.T) eventstore.Step {
	t.Helper()
	select {
	case step := <-f.steps:
		return step
	case err := <-f.ended:
		t.Fatalf("subscription ended: %v", err)
	case <-time.After(Patience):
		t.Fatal("subscription is silent")
	}
	panic("unreachable")
}

func (f follower) caughtUp(t *testing.T) {
	t.Helper()
	for !f.next(t).CaughtUp {
	}
}

// of returns the next n events of a stream.
func (f follower) of(t *testing.T, stream string, n int) (records []domain.Record) {
	t.Helper()
	last := uint64(0)
	for len(records) < n {
		step := f.next(t)
		if step.Position < last || step.Record != nil && step.Record.Position != step.Position {
			t.Fatalf("step %+v behind position %d", step, last)
		}
		last = step.Position
		if step.Record != nil && step.Record.Stream == stream {
			records = append(records, *step.Record)
		}
	}
	return records
}

func subscribes(t *testing.T, ctx context.Context, log Log) {
	stream, events := Stream(), Events(30)
	from := head(t, ctx, log)
	MustAppend(t, ctx, log, stream, domain.NoStream, events[:10])
	f := follow(ctx, log, from)
	got := f.of(t, stream, 10)
	f.caughtUp(t)
	for i := 10; i < 30; i++ {
		MustAppend(t, ctx, log, stream, domain.Expected(i-1), events[i:i+1])
	}
	Same(t, append(got, f.of(t, stream, 20)...), stream, events)
}

func resumes(t *testing.T, ctx context.Context, log Log) {
	stream, events := Stream(), Events(12)
	from := head(t, ctx, log)
	MustAppend(t, ctx, log, stream, domain.NoStream, events)
	for range 12 {
		f := follow(ctx, log, from)
		r := f.of(t, stream, 1)[0]
		if r.ID != events[0].ID {
			t.Fatalf("behind %d comes revision %d", from, r.Revision)
		}
		from, events = r.Position, events[1:]
	}
	for step, err := range log.SubscribeAll(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if step.Record != nil {
			return // from the beginning, there is an event
		}
	}
}

func ahead(t *testing.T, ctx context.Context, log Log) {
	position := MustAppend(t, ctx, log, Stream(), domain.NoStream, Events(1))
	f := follow(ctx, log, position+1<<40)
	select {
	case err := <-f.ended:
		if !errors.Is(err, eventstore.ErrPosition) {
			t.Error(err)
		}
	case <-time.After(Patience):
		t.Error("subscription waits for a position of another log")
	}
}

func fingerprint(t *testing.T, ctx context.Context, log Log) {
	MustAppend(t, ctx, log, Stream(), domain.NoStream, Events(1))
	first, err := log.Fingerprint(ctx)
	if err != nil || first == "" {
		t.Fatalf("fingerprint %q, %v", first, err)
	}
	MustAppend(t, ctx, log, Stream(), domain.NoStream, Events(1))
	if again, err := log.Fingerprint(ctx); again != first {
		t.Errorf("fingerprint was %s, is %s, %v", first, again, err)
	}
}

func cancelled(t *testing.T, ctx context.Context, log Log) {
	stream := Stream()
	MustAppend(t, ctx, log, stream, domain.NoStream, Events(2))
	over, cancel := context.WithCancel(ctx)
	cancel()
	check := func(call string, err error) {
		if !errors.Is(err, context.Canceled) || !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("%s with an ended context: %v", call, err)
		}
	}
	_, err := log.Append(over, stream, 1, Events(1))
	check("Append", err)
	_, err = Collect(log.ReadStream(over, stream))
	check("ReadStream", err)
	_, err = Collect(log.ReadAll(over, 0, 0))
	check("ReadAll", err)
	_, err = log.Head(over)
	check("Head", err)
	check("Health", log.Health(over))
	for _, err = range log.SubscribeAll(over, 0) {
	}
	check("SubscribeAll", err)

	// A subscription that waits for events ends, too.
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	f := follow(waiting, log, head(t, ctx, log))
	f.caughtUp(t)
	cancel()
	select {
	case err := <-f.ended:
		check("SubscribeAll while waiting", err)
	case <-time.After(Patience):
		t.Error("subscription does not end with its context")
	}
}

package domaintest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
)

// Laws tries what every decider keeps, with random sequences of commands made from a few whole lives of an aggregate: each a
// list of commands that are lawful in this order. It fails too if the lives leave an event type of the decider unreached, for
// then it would prove little. Seeds are fixed; a failure names its seed.
func Laws[S, C any, E domain.Event](t *testing.T, catalog domain.Catalog, d domain.Decider[S, C, E], lives ...[]C) {
	t.Helper()
	l := laws[S, C, E]{catalog, d, lives, slices.Concat(lives...)}
	t.Run("the lives reach every event", func(t *testing.T) { l.reach(t) })
	t.Run("decide and evolve are pure", func(t *testing.T) { l.seeds(t, 300, l.pure) })
	t.Run("any event in any state", func(t *testing.T) { l.seeds(t, 300, l.total) })
	t.Run("the log is the state", func(t *testing.T) { l.seeds(t, 100, l.replay) })
	t.Run("five senders of one command", func(t *testing.T) { l.oneCommand(t) })
	t.Run("five senders of five commands", func(t *testing.T) { l.fiveCommands(t) })
}

type laws[S, C any, E domain.Event] struct {
	catalog domain.Catalog
	decider domain.Decider[S, C, E]
	lives   [][]C
	samples []C // of all lives
}

func (l laws[S, C, E]) seeds(t testing.TB, n uint64, law func(testing.TB, *variator)) {
	t.Helper()
	all := make([]any, len(l.samples), len(l.samples)+len(l.catalog))
	for i, c := range l.samples {
		all[i] = c
	}
	for _, e := range l.events() {
		all = append(all, e)
	}
	for seed := range n {
		law(t, newVariator(seed, all...))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// events are the catalogue's samples of this decider, by name, so that seeds mean the same in every run.
func (l laws[S, C, E]) events() []E {
	var own []E
	for _, t := range l.catalog {
		if e, ok := t.Sample.(E); ok {
			own = append(own, e)
		}
	}
	slices.SortFunc(own, func(a, b E) int {
		if a.EventType() < b.EventType() {
			return -1
		}
		return 1
	})
	return own
}

// command is a sample as it stands, or a variation of one.
func (l laws[S, C, E]) command(v *variator) C {
	return v.vary(l.samples[v.rand.IntN(len(l.samples))], v.rand.IntN(3)).(C)
}

func (l laws[S, C, E]) reach(t testing.TB) {
	reached := map[string]bool{}
	for n, life := range l.lives {
		var history []E
		for _, c := range life {
			var zero S
			events, err := l.decider.Decide(l.decider.Fold(zero, history...), c)
			if err != nil {
				t.Errorf("life %d: %T is refused: %v", n, c, err)
			}
			for _, e := range events {
				reached[e.EventType()] = true
				history = append(history, e)
			}
		}
	}
	own := l.events()
	if len(own) == 0 {
		t.Error("no event of this decider stands in the catalogue")
	}
	for _, e := range own {
		if !reached[e.EventType()] {
			t.Errorf("no life leads to %s", e.EventType())
		}
	}
}

// decide calls the decider and checks what holds for every single decision.
func (l laws[S, C, E]) decide(t testing.TB, history []E, c C) ([]E, error) {
	t.Helper()
	var zero S
	state, untouched := l.decider.Fold(zero, history...), l.decider.Fold(zero, history...)
	before := deepCopy(reflect.ValueOf(c)).Interface()

	events, err := l.decider.Decide(state, c)
	again, errAgain := l.decider.Decide(untouched, c)

	switch {
	case !reflect.DeepEqual(events, again) || !reflect.DeepEqual(err, errAgain):
		t.Errorf("two decisions on the same state differ:\n%s, %v\n%s, %v", list(events), err, list(again), errAgain)
	case !reflect.DeepEqual(state, l.decider.Fold(zero, history...)):
		t.Errorf("%T changed the state it was decided on", c)
	case !reflect.DeepEqual(any(c), before):
		t.Errorf("deciding changed the command %T", c)
	case err != nil && len(events) > 0:
		t.Errorf("%T gave both the error %v and %s", c, err, list(events))
	}
	var refusal *domain.Refusal
	if errors.As(err, &refusal) {
		if bad := presentable(refusal); bad != nil {
			t.Error(bad)
		}
	} else if err != nil {
		t.Errorf("%T gave an error that is no refusal: %v", c, err)
	}
	return events, err
}

// pure follows one history and keeps every state on the way: none may change after it was reached, neither by going on nor by
// branching off, and each must be what folding its own history gives.
func (l laws[S, C, E]) pure(t testing.TB, v *variator) {
	var (
		zero    S
		history []E
		states  = []S{zero}
	)
	for range 12 {
		events, _ := l.decide(t, history, l.command(v))
		for _, e := range events {
			state := states[len(states)-1]
			branch := l.decider.Evolve(state, e)
			for _, other := range l.events() {
				l.decider.Evolve(state, v.vary(other, 2).(E))
			}
			history, states = append(history, e), append(states, branch)
			if !reflect.DeepEqual(branch, l.decider.Fold(zero, history...)) {
				t.Errorf("what %s led to was changed by other events from the same state", e.EventType())
			}
		}
	}
	for n, state := range states {
		if !reflect.DeepEqual(state, l.decider.Fold(zero, history[:n]...)) {
			t.Errorf("the state after %d of %d events is not what it was", n, len(history))
		}
	}
}

// total folds events in orders no decision leads to: a log of the future, or a damaged one, must not bring the program down.
func (l laws[S, C, E]) total(t testing.TB, v *variator) {
	own := l.events()
	if len(own) == 0 {
		t.Fatal("no event of this decider stands in the catalogue")
	}
	var history []E
	for range v.rand.IntN(8) {
		history = append(history, v.vary(own[v.rand.IntN(len(own))], v.rand.IntN(4)).(E))
	}
	c := l.command(v)
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("panic %v\nafter: %s\nwhen:  %T %+v", p, list(history), c, c)
		}
	}()
	_, _ = l.decide(t, history, c) // any answer will do
}

// replay sends commands through [domain.Execute] and compares the log with a state that was carried along. Some commands are
// sent again later: they must change nothing and answer as before.
func (l laws[S, C, E]) replay(t testing.TB, v *variator) {
	type sent struct {
		command C
		meta    domain.Meta
		result  domain.Result
	}
	var (
		log      Log
		live     S
		accepted []sent
		id       = uuid.NewSHA1(uuid.NameSpaceOID, []byte(l.decider.Category))
	)
	for n := range 12 {
		if len(accepted) > 0 && v.rand.IntN(4) == 0 {
			s := accepted[v.rand.IntN(len(accepted))]
			s.meta.RecordedAt = s.meta.RecordedAt.Add(1000 * 24 * time.Hour)
			before := len(log.All())
			result, err := l.execute(&log, id, s.command, s.meta)
			if err != nil || !result.Repeated || !sameResult(result, s.result) || len(log.All()) != before {
				t.Errorf("%T sent again: %+v, %v, %d new events\nat first: %+v", s.command, result, err, len(log.All())-before, s.result)
			}
			if !result.Meta.RecordedAt.Equal(s.result.Meta.RecordedAt) {
				t.Errorf("%T sent again was recorded at %v, at first %v", s.command, result.Meta.RecordedAt, s.result.Meta.RecordedAt)
			}
			continue
		}
		c := l.command(v)
		meta := Meta(n)
		want, wantErr := l.decider.Decide(live, c)
		result, err := l.execute(&log, id, c, meta)
		if !reflect.DeepEqual(err, wantErr) || len(result.Events) != len(want) {
			t.Errorf("%T: the log says %+v, %v; the live state says %s, %v", c, result, err, list(want), wantErr)
		}
		live = l.decider.Fold(live, want...)
		if len(result.Events) > 0 {
			accepted = append(accepted, sent{c, meta, result})
		}
		if replayed := l.fold(t, log.Stream(domain.StreamName(l.decider.Category, id))); !reflect.DeepEqual(replayed, live) {
			t.Errorf("replayed: %+v\nlive:     %+v", replayed, live)
		}
	}
	if err := Chain(log.All()); err != nil {
		t.Error(err)
	}
}

func (l laws[S, C, E]) execute(log *Log, id uuid.UUID, c C, meta domain.Meta) (domain.Result, error) {
	return domain.Execute(context.Background(), log, l.catalog, l.decider, id, c, meta)
}

func (l laws[S, C, E]) fold(t testing.TB, records []domain.Record) S {
	t.Helper()
	var state S
	for _, r := range records {
		e, err := l.catalog.Decode(r)
		if err != nil {
			t.Fatal(err)
		}
		state = l.decider.Evolve(state, l.catalog.Lift(e).(E))
	}
	return state
}

// oneCommand lets five senders race with the same command, as a client does that lost the answers: it is written once, and
// all get the same result.
func (l laws[S, C, E]) oneCommand(t testing.TB) {
	for _, life := range l.lives {
		var log Log
		id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(l.decider.Category))
		for n, c := range life {
			before := len(log.All())
			results, errs := l.race(&log, id, func(int) C { return c }, func(int) domain.Meta { return Meta(n) })
			for i := range results {
				if errs[i] != nil || !sameResult(results[i], results[0]) {
					t.Errorf("%T: sender %d got %+v, %v; sender 0 got %+v", c, i, results[i], errs[i], results[0])
				}
			}
			if written := len(log.All()) - before; written != len(results[0].Events) {
				t.Errorf("%T: %d events written, %d expected", c, written, len(results[0].Events))
			}
		}
		if err := Chain(log.All()); err != nil {
			t.Error(err)
		}
	}
}

// fiveCommands lets five senders race with five commands of their own: whatever the order was, each acted on the history that
// stood before it.
func (l laws[S, C, E]) fiveCommands(t testing.TB) {
	var log Log
	id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(l.decider.Category))
	written := 0
	for n := range l.samples {
		results, errs := l.race(&log, id,
			func(i int) C { return l.samples[(n+i)%len(l.samples)] },
			func(i int) domain.Meta { return Meta(100*n + i) })
		for i, err := range errs {
			var refusal *domain.Refusal
			if err != nil && !errors.As(err, &refusal) {
				t.Errorf("sender %d: %v", i, err)
			}
			written += len(results[i].Events)
		}
	}
	if all := len(log.All()); all != written {
		t.Errorf("%d events in the log, %d were accepted", all, written)
	}
	if err := Chain(log.All()); err != nil {
		t.Error(err)
	}
	l.fold(t, log.All())
}

func (l laws[S, C, E]) race(log *Log, id uuid.UUID, command func(int) C, meta func(int) domain.Meta) ([5]domain.Result, [5]error) {
	var (
		results [5]domain.Result
		errs    [5]error
		start   = make(chan struct{})
		done    sync.WaitGroup
	)
	for i := range results {
		done.Go(func() {
			<-start
			results[i], errs[i] = l.execute(log, id, command(i), meta(i))
		})
	}
	close(start)
	done.Wait()
	return results, errs
}

func sameResult(a, b domain.Result) bool {
	return a.Stream == b.Stream && a.Revision == b.Revision && a.Position == b.Position && slices.Equal(a.Events, b.Events)
}

// Meta is the envelope of the nth command of a test: an id and a content of its own, one second after the one before.
func Meta(n int) domain.Meta {
	command := uuid.NewSHA1(uuid.NameSpaceURL, fmt.Append(nil, n))
	at := time.Date(2026, 3, 2, 1, 0, n, 0, time.UTC)
	return domain.Meta{
		Actor:      domain.Actor{Officer: uuid.NewSHA1(uuid.NameSpaceOID, []byte("officer")), Name: "张示例", CertNo: "苏B示例0001", Role: "officer"},
		OccurredAt: at, Clock: domain.Clock{Kind: domain.ClockDevice, UncertaintyMS: 2000}, RecordedAt: at.Add(time.Second),
		CommandID: command, CommandHash: fmt.Sprintf("%064x", n), CorrelationID: command, CausationID: command,
	}
}

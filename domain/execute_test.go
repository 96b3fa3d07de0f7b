package domain_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/domaintest"
)

// A counter is the smallest aggregate that can show what the kernel does: it counts up to a limit, several at a time, and its
// first version counted without a size.

type counterEvent interface {
	domain.Event
	counterEvent()
}

type counted struct {
	By int `json:"by"`
}

// unspeakable is a number that the counter has no form for.
const unspeakable = -1

func (c counted) MarshalJSON() ([]byte, error) {
	if c.By == unspeakable {
		return nil, errors.New("unspeakable")
	}
	return fmt.Appendf(nil, `{"by":%d}`, c.By), nil
}

type countedOnce struct{}

func (counted) EventType() string     { return "counter.counted.v2" }
func (countedOnce) EventType() string { return "counter.counted.v1" }
func (counted) counterEvent()         {}
func (countedOnce) counterEvent()     {}

type stranger struct{}

func (stranger) EventType() string { return "stranger.came.v1" }

type count struct{ Times, By int }

const limit = 10

func counter() domain.Decider[int, count, counterEvent] {
	return domain.Decider[int, count, counterEvent]{
		Category: "counter",
		Decide: func(s int, c count) ([]counterEvent, error) {
			if s+c.Times*c.By > limit {
				return nil, domain.Refuse("counter.full", "已满。")
			}
			var events []counterEvent
			for range c.Times {
				events = append(events, counted{c.By})
			}
			return events, nil
		},
		Evolve: func(s int, e counterEvent) int {
			if c, ok := e.(counted); ok {
				s += c.By
			}
			return s
		},
	}
}

func counterCatalog(t *testing.T) domain.Catalog {
	t.Helper()
	c, err := domain.NewCatalog([]domain.Type{
		domain.T(counted{1}),
		domain.Lifted(countedOnce{}, func(countedOnce) counted { return counted{1} }),
		domain.T(stranger{}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type house struct {
	t       *testing.T
	log     domaintest.Log
	catalog domain.Catalog
	id      uuid.UUID
}

func newHouse(t *testing.T) *house {
	return &house{t: t, catalog: counterCatalog(t), id: uuid.MustParse("0197a000-0000-7000-8000-00000000c001")}
}

func (h *house) stream() string { return domain.StreamName("counter", h.id) }

func (h *house) send(c count, m domain.Meta) (domain.Result, error) {
	return domain.Execute(h.t.Context(), &h.log, h.catalog, counter(), h.id, c, m)
}

func (h *house) mustSend(c count, m domain.Meta) domain.Result {
	h.t.Helper()
	r, err := h.send(c, m)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// A client that uses one command id for two aggregates must not put one event id into the log twice.
func TestEventIDsAreUniqueInTheLog(t *testing.T) {
	h := newHouse(t)
	h.mustSend(count{2, 1}, domaintest.Meta(1))
	h.id = uuid.MustParse("0197a000-0000-7000-8000-00000000c002")
	if r := h.mustSend(count{2, 1}, domaintest.Meta(1)); r.Repeated {
		t.Errorf("another aggregate's command counts as a repetition: %+v", r)
	}
	seen := map[uuid.UUID]bool{}
	for _, r := range h.log.All() {
		if seen[r.ID] {
			t.Errorf("%s stands twice in the log", r.ID)
		}
		seen[r.ID] = true
	}
	if len(seen) != 4 {
		t.Errorf("%d events, want 4", len(seen))
	}
}

func TestExecuteWritesAllEventsOfACommand(t *testing.T) {
	h := newHouse(t)
	h.mustSend(count{1, 1}, domaintest.Meta(1))
	m := domaintest.Meta(2)
	r := h.mustSend(count{3, 2}, m)

	records := h.log.Stream(h.stream())
	if len(records) != 4 || r.Stream != h.stream() || r.Revision != 3 || r.Position != records[3].Position || r.Repeated {
		t.Fatalf("got %+v of %d records", r, len(records))
	}
	for n, e := range r.Events {
		want := domain.EventRef{ID: domain.EventID(m.CommandID, r.Stream, n), Type: "counter.counted.v2", Revision: uint64(n + 1)}
		if e != want || records[n+1].ID != want.ID || records[n+1].Revision != want.Revision {
			t.Errorf("event %d is %+v, in the log %v@%d, want %+v", n, e, records[n+1].ID, records[n+1].Revision, want)
		}
	}
	if err := domaintest.Chain(records); err != nil {
		t.Error(err)
	}
}

func TestChainShowsWhatWasChanged(t *testing.T) {
	h := newHouse(t)
	h.mustSend(count{4, 1}, domaintest.Meta(1))
	records := h.log.Stream(h.stream())
	for name, change := range map[string]func(r []domain.Record) []domain.Record{
		"data": func(r []domain.Record) []domain.Record { r[1].Data = []byte(`{"by":9}`); return r },
		"metadata": func(r []domain.Record) []domain.Record {
			r[1].Metadata = append([]byte(" "), r[1].Metadata...)
			return r
		},
		"type":     func(r []domain.Record) []domain.Record { r[1].Type = "counter.counted.v1"; return r },
		"id":       func(r []domain.Record) []domain.Record { r[1].ID = uuid.Nil; return r },
		"order":    func(r []domain.Record) []domain.Record { r[1], r[2] = r[2], r[1]; return r },
		"omission": func(r []domain.Record) []domain.Record { return append(r[:1], r[2:]...) },
		"beginning": func(r []domain.Record) []domain.Record {
			for i := range r {
				r[i].Revision--
			}
			return r[1:]
		},
	} {
		if err := domaintest.Chain(change(append([]domain.Record(nil), records...))); err == nil {
			t.Errorf("a change of %s is not seen", name)
		}
	}
}

func TestExecuteAnswersARepeatedCommand(t *testing.T) {
	h := newHouse(t)
	first := h.mustSend(count{3, 1}, domaintest.Meta(1))
	h.mustSend(count{1, 7}, domaintest.Meta(2))

	// The counter is full now, so deciding anew would refuse: the answer can only come from the log.
	late := domaintest.Meta(1)
	late.RecordedAt = late.RecordedAt.AddDate(3, 0, 0)
	again := h.mustSend(count{3, 1}, late)
	if !again.Repeated || again.Stream != first.Stream || again.Revision != first.Revision || again.Position != first.Position || fmt.Sprint(again.Events) != fmt.Sprint(first.Events) {
		t.Errorf("again: %+v\nfirst: %+v", again, first)
	}
	if !again.Meta.RecordedAt.Equal(first.Meta.RecordedAt) {
		t.Errorf("recorded at %v, at first %v", again.Meta.RecordedAt, first.Meta.RecordedAt)
	}
	if n := len(h.log.All()); n != 4 {
		t.Errorf("%d events in the log, want 4", n)
	}
}

func TestExecuteRefusesAReusedCommandID(t *testing.T) {
	h := newHouse(t)
	h.mustSend(count{1, 1}, domaintest.Meta(1))
	other := domaintest.Meta(1)
	other.CommandHash = domaintest.Meta(2).CommandHash
	if _, err := h.send(count{1, 2}, other); !errors.Is(err, domain.ErrCommandReused) {
		t.Errorf("got %v, want ErrCommandReused", err)
	}
	if n := len(h.log.All()); n != 1 {
		t.Errorf("%d events in the log, want 1", n)
	}
}

func TestExecuteWritesNothingWhenNothingChanges(t *testing.T) {
	h := newHouse(t)
	first := h.mustSend(count{1, 1}, domaintest.Meta(1))
	r := h.mustSend(count{0, 0}, domaintest.Meta(2))
	if len(r.Events) != 0 || r.Repeated || r.Revision != first.Revision || r.Position != first.Position {
		t.Errorf("got %+v, want the place of the last event, %+v", r, first)
	}
	if n := len(h.log.All()); n != 1 {
		t.Errorf("%d events in the log, want 1", n)
	}
}

func TestExecuteDecidesAgainAfterALostRace(t *testing.T) {
	h := newHouse(t)
	lost := false
	h.log.Fault = func(c domaintest.Call) error {
		if c.Op == domaintest.Append && !lost {
			lost = true
			h.log.Put(h.stream(), "counter.counted.v2", []byte(`{"by":10}`), domain.Meta{})
		}
		return nil
	}
	_, err := h.send(count{1, 1}, domaintest.Meta(1))
	domaintest.Refused(t, err, "counter.full")
	if n := len(h.log.All()); n != 1 {
		t.Errorf("%d events in the log, want only the faster one", n)
	}
}

// Every error of the log is met twice: before anything was written, and after all was.
func TestExecuteRetriesOnlyALostRace(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, tt := range []struct {
		name  string
		op    domaintest.Op
		err   error
		tries int
	}{
		{"race lost for ever", domaintest.Append, domain.ErrWrongRevision, 9},
		{"wrapped race", domaintest.Append, fmt.Errorf("append: %w", domain.ErrWrongRevision), 9},
		{"unavailable, not written", domaintest.Append, domain.ErrUnavailable, 1},
		{"unavailable, yet written", domaintest.Appended, domain.ErrUnavailable, 1},
		{"too large", domaintest.Append, domain.ErrTooLarge, 1},
		{"unknown", domaintest.Append, broken, 1},
		{"cannot read", domaintest.Read, domain.ErrUnavailable, 1},
		{"history cut", domaintest.ReadRest, domain.ErrUnavailable, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.log.Put(h.stream(), "counter.counted.v2", []byte(`{"by":1}`), domain.Meta{})
			h.log.Put(h.stream(), "counter.counted.v2", []byte(`{"by":1}`), domain.Meta{})
			tries, failing := 0, true
			h.log.Fault = func(c domaintest.Call) error {
				if c.Op == tt.op && failing {
					tries++
					return tt.err
				}
				return nil
			}
			if _, err := h.send(count{2, 1}, domaintest.Meta(1)); !errors.Is(err, tt.err) {
				t.Errorf("got %v, want %v", err, tt.err)
			}
			if tries != tt.tries {
				t.Errorf("tried %d times, want %d", tries, tt.tries)
			}
			failing = false
			r := h.mustSend(count{2, 1}, domaintest.Meta(1))
			if n := len(h.log.All()); n != 4 || r.Revision != 3 || r.Repeated != (tt.op == domaintest.Appended) {
				t.Errorf("sent again: %+v, %d events in the log, want 4", r, n)
			}
		})
	}
}

func TestExecuteStopsAtWhatItCannotRead(t *testing.T) {
	for _, tt := range []struct{ name, typ, data, want string }{
		{"unknown type", "counter.exploded.v1", `{}`, `unknown event type "counter.exploded.v1" at position 10`},
		{"undecodable", "counter.counted.v2", `{"by":"two"}`, "decode counter.counted.v2 at position 10"},
		{"of another aggregate", "stranger.came.v1", `{}`, "stranger.came.v1 at position 10 does not belong into"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.mustSend(count{1, 1}, domaintest.Meta(1))
			h.log.Put(h.stream(), tt.typ, []byte(tt.data), domain.Meta{})
			for what, act := range map[string]func() error{
				"Execute": func() error { _, err := h.send(count{1, 1}, domaintest.Meta(2)); return err },
				"Load": func() error {
					_, err := domain.Load(t.Context(), &h.log, h.catalog, counter(), h.id)
					return err
				},
			} {
				if err := act(); err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%s: got %v, want %q", what, err, tt.want)
				}
			}
			if n := len(h.log.All()); n != 2 {
				t.Errorf("%d events in the log, want 2", n)
			}
		})
	}
}

// What stands under the id of a command but cannot be understood is no answer to it.
func TestExecuteStopsAtUnreadableMetadata(t *testing.T) {
	h := newHouse(t)
	m := domaintest.Meta(1)
	if _, err := h.log.Append(t.Context(), h.stream(), domain.NoStream, []domain.Proposed{
		{ID: domain.EventID(m.CommandID, h.stream(), 0), Type: "counter.counted.v2", Data: []byte(`{"by":1}`), Metadata: []byte(`not JSON`)},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.send(count{1, 1}, m); err == nil || !strings.Contains(err.Error(), "metadata of "+h.stream()+" at position 3") {
		t.Errorf("got %v", err)
	}
}

func TestExecuteWritesNothingThatCannotBeEncoded(t *testing.T) {
	h := newHouse(t)
	if _, err := h.send(count{1, unspeakable}, domaintest.Meta(1)); err == nil || !strings.Contains(err.Error(), "encode counter.counted.v2") {
		t.Errorf("event: got %v", err)
	}
	m := domaintest.Meta(2)
	m.RecordedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := h.send(count{1, 1}, m); err == nil || !strings.Contains(err.Error(), "encode metadata of counter.counted.v2") {
		t.Errorf("metadata: got %v", err)
	}
	if n := len(h.log.All()); n != 0 {
		t.Errorf("%d events in the log, want none", n)
	}
}

func TestOldVersionsAreLifted(t *testing.T) {
	h := newHouse(t)
	for range 9 {
		h.log.Put(h.stream(), "counter.counted.v1", []byte(`{}`), domain.Meta{})
	}
	state, err := domain.Load(t.Context(), &h.log, h.catalog, counter(), h.id)
	if err != nil || state != 9 {
		t.Errorf("loaded %d, %v, want 9", state, err)
	}
	_, err = h.send(count{1, 2}, domaintest.Meta(1))
	domaintest.Refused(t, err, "counter.full")
	h.mustSend(count{1, 1}, domaintest.Meta(2))
}

func TestLoad(t *testing.T) {
	h := newHouse(t)
	if state, err := domain.Load(t.Context(), &h.log, h.catalog, counter(), h.id); err != nil || state != 0 {
		t.Errorf("an aggregate that does not exist: %d, %v", state, err)
	}
	h.mustSend(count{2, 3}, domaintest.Meta(1))
	if state, err := domain.Load(t.Context(), &h.log, h.catalog, counter(), h.id); err != nil || state != 6 {
		t.Errorf("got %d, %v, want 6", state, err)
	}
	h.log.Fault = func(c domaintest.Call) error {
		if c.Op == domaintest.ReadRest {
			return domain.ErrUnavailable
		}
		return nil
	}
	if _, err := domain.Load(t.Context(), &h.log, h.catalog, counter(), h.id); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("half a history is taken for the whole: %v", err)
	}
}

func TestExecuteRefusesActsOfTheFuture(t *testing.T) {
	for _, tt := range []struct {
		ahead   time.Duration
		refused bool
	}{{5 * time.Minute, false}, {5*time.Minute + time.Nanosecond, true}, {-20 * 365 * 24 * time.Hour, false}} {
		h := newHouse(t)
		m := domaintest.Meta(1)
		m.OccurredAt = m.RecordedAt.Add(tt.ahead)
		_, err := h.send(count{1, 1}, m)
		if tt.refused {
			domaintest.Refused(t, err, "time.in_future")
		} else if err != nil {
			t.Errorf("%v ahead: %v", tt.ahead, err)
		}
	}
}

func TestExecuteHeedsTheContext(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := domain.Execute(ctx, &h.log, h.catalog, counter(), h.id, count{1, 1}, domaintest.Meta(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

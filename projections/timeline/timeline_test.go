package timeline_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/projections"
	"shuizheng/projections/logtest"
	"shuizheng/projections/timeline"
)

func TestEveryEventIsFound(t *testing.T) {
	h := logtest.NewHistory(1)
	h.Grow(1500)
	conn := logtest.Built(t, timeline.Projection(), h.Records())
	streams := map[string][]domain.Record{}
	actors := map[uuid.UUID]int{}
	for _, r := range h.Records() {
		streams[r.Stream] = append(streams[r.Stream], r)
		m := logtest.Meta(t, r)
		actors[m.Actor.Officer]++
		e, found, err := timeline.ByID(conn, r.ID)
		if err != nil || !found || e.Position != r.Position || e.Stream != r.Stream || e.Revision != r.Revision || e.Type != r.Type || e.Actor != m.Actor.Officer ||
			!e.OccurredAt.Equal(m.OccurredAt) || !e.RecordedAt.Equal(m.RecordedAt) {
			t.Fatalf("got %+v, %v, %v, want %+v", e, found, err, r)
		}
		if stream, found, err := timeline.StreamOf(conn, m.CommandID); stream != r.Stream || !found || err != nil {
			t.Fatalf("command %s: %q, %v, %v, want %s", m.CommandID, stream, found, err, r.Stream)
		}
	}
	for stream, records := range streams {
		list, err := timeline.OfStream(conn, stream)
		if err != nil || !slices.EqualFunc(list, records, func(e timeline.Entry, r domain.Record) bool { return e.ID == r.ID }) {
			t.Fatalf("%s: %d events, want %d: %v", stream, len(list), len(records), err)
		}
	}
	for actor, n := range actors {
		read := func(types ...string) func(projections.Page) (projections.List[timeline.Entry], error) {
			return func(p projections.Page) (projections.List[timeline.Entry], error) {
				return timeline.Search(conn, timeline.Filter{Actor: &actor, Types: types}, p)
			}
		}
		if got := logtest.Pages(t, 10, "-position", "position", read(), read("case.filed.v1")); len(got) != n {
			t.Errorf("%d events of an officer, want %d", len(got), n)
		}
	}
	if _, found, err := timeline.ByID(conn, uuid.New()); found || err != nil {
		t.Error(found, err)
	}
	if stream, found, err := timeline.StreamOf(conn, uuid.New()); found || err != nil {
		t.Error(stream, found, err)
	}
	if list, err := timeline.OfStream(conn, "case-'; DROP TABLE timeline_event"); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
}

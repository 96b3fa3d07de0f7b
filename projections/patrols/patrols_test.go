package patrols_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/domain/patrol"
	"shuizheng/projections"
	"shuizheng/projections/logtest"
	"shuizheng/projections/patrols"
)

type known struct {
	id       uuid.UUID
	departed patrol.Departed
	returned *patrol.Returned
	points   []patrol.Point
	findings int64
}

func fold(t testing.TB, records []domain.Record) (list []*known) {
	t.Helper()
	byID := map[uuid.UUID]*known{}
	for _, r := range records {
		_, id, _ := domain.SplitStream(r.Stream)
		switch e := logtest.Decoded(t, r).(type) {
		case patrol.Departed:
			byID[id] = &known{id: id, departed: e}
			list = append(list, byID[id])
		case patrol.TrackRecorded:
			byID[id].points = append(byID[id].points, e.Points...)
		case patrol.Returned:
			byID[id].returned = &e
		case finding.Reported:
			if e.Patrol != nil {
				byID[*e.Patrol].findings++
			}
		}
	}
	return list
}

func TestPatrols(t *testing.T) {
	random := logtest.Seeded(t)
	h := logtest.NewHistory(random.Uint64())
	h.Grow(1200)
	conn := logtest.Built(t, patrols.Projection(), h.Records())
	all := fold(t, h.Records())
	active := 0
	for _, k := range all {
		d, found, err := patrols.ByID(conn, k.id)
		if err != nil || !found {
			t.Fatal(found, err)
		}
		if d.District != k.departed.District || d.Means != k.departed.Means || !d.DepartedAt.Equal(k.departed.DepartedAt) || len(d.Crew) != len(k.departed.Crew) || d.Crew[0].CertNo != k.departed.Crew[0].CertNo ||
			d.Row.Crew[1] != k.departed.Crew[1].Name || d.Reaches[0].ID != k.departed.Reaches[0] || d.Reaches[0].Name == "" || d.Findings != k.findings || int(d.Points) != len(k.points) || len(d.Track) != len(k.points) {
			t.Fatalf("got %+v, want %+v", d, k)
		}
		for i, p := range k.points {
			if got := d.Track[i]; got.LatE6 != p.LatE6 || got.LonE6 != p.LonE6 || !got.At.Equal(p.At) {
				t.Fatalf("point %d is %+v, want %+v", i, got, p)
			}
		}
		if k.returned == nil {
			active++
			if d.Status != patrols.StatusActive || d.ReturnedAt != nil || d.DistanceM == 0 {
				t.Errorf("under way: %+v", d.Row)
			}
		} else if d.Status != patrols.StatusReturned || !d.ReturnedAt.Equal(k.returned.ReturnedAt) || d.DistanceM != k.returned.DistanceM || d.Note != k.returned.Note {
			t.Errorf("returned: %+v, want %+v", d, k.returned)
		}
	}
	if active == 0 {
		t.Error("the history has no patrol under way")
	}
	for range 40 {
		k := logtest.One(random, all)
		f := patrols.Filter{Districts: logtest.Some(random, []string{"320281", k.departed.District}), Statuses: logtest.Some(random, []patrols.Status{patrols.StatusActive, patrols.StatusReturned})}
		if random.IntN(3) == 0 {
			f.Reach = &k.departed.Reaches[0]
		}
		if random.IntN(3) == 0 {
			f.Officer = &k.departed.Crew[0].ID
		}
		if random.IntN(3) == 0 {
			f.From, f.To = law.DateOf(k.departed.DepartedAt.Add(-48*time.Hour)), law.DateOf(k.departed.DepartedAt)
		}
		var want, got []uuid.UUID
		for _, k := range slices.SortedStableFunc(slices.Values(all), func(a, b *known) int {
			return cmp.Compare(a.departed.DepartedAt.UnixNano(), b.departed.DepartedAt.UnixNano())
		}) {
			if k.meets(f) {
				want = append(want, k.id)
			}
		}
		narrower := f
		narrower.Districts = append(slices.Clone(f.Districts), "nowhere")
		for _, row := range logtest.Pages(t, 1+random.IntN(100), "departedAt", "-departedAt",
			func(p projections.Page) (projections.List[patrols.Row], error) { return patrols.Search(conn, f, p) },
			func(p projections.Page) (projections.List[patrols.Row], error) {
				return patrols.Search(conn, narrower, p)
			}) {
			got = append(got, row.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("filter %+v: %d rows, want %d", f, len(got), len(want))
		}
	}
}

func (k known) meets(f patrols.Filter) bool {
	status := patrols.StatusActive
	if k.returned != nil {
		status = patrols.StatusReturned
	}
	on := law.DateOf(k.departed.DepartedAt)
	return (len(f.Districts) == 0 || slices.Contains(f.Districts, k.departed.District)) && (len(f.Statuses) == 0 || slices.Contains(f.Statuses, status)) &&
		(f.Reach == nil || slices.Contains(k.departed.Reaches, *f.Reach)) &&
		(f.Officer == nil || slices.ContainsFunc(k.departed.Crew, func(o law.Officer) bool { return o.ID == *f.Officer })) &&
		(f.From == "" || on >= f.From) && (f.To == "" || on <= f.To)
}

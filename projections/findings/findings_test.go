package findings_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/projections"
	"shuizheng/projections/findings"
	"shuizheng/projections/logtest"
)

// known is what the test knows about a finding, from the log alone.
type known struct {
	id       uuid.UUID
	position uint64
	meta     domain.Meta
	reported finding.Reported
	state    finding.State
	officers []uuid.UUID
	photos   []domain.Evidence
	verified *finding.Verified
	notFiled *finding.NotFiled
	approval domain.Record
}

func fold(t testing.TB, records []domain.Record) map[uuid.UUID]*known {
	t.Helper()
	all := map[uuid.UUID]*known{}
	for _, r := range records {
		category, id, _ := domain.SplitStream(r.Stream)
		if category != "finding" {
			continue
		}
		e := logtest.Decoded(t, r).(finding.Event)
		k := all[id]
		if k == nil {
			k = &known{id: id, position: r.Position, meta: logtest.Meta(t, r)}
			all[id] = k
			k.officers = append(k.officers, k.meta.Actor.Officer)
		}
		k.state = finding.Decider().Evolve(k.state, e)
		var crew []law.Officer
		switch e := e.(type) {
		case finding.Reported:
			k.reported, k.photos, crew = e, append(k.photos, e.Photos...), e.Crew
		case finding.Verified:
			k.verified, k.photos, crew = &e, append(k.photos, e.Photos...), e.Crew
		case finding.NotFiled:
			k.notFiled = &e
		case finding.FilingApproved:
			k.approval = r
		case finding.Filed, finding.FilingFailed:
		}
		for _, o := range crew {
			k.officers = append(k.officers, o.ID)
		}
	}
	return all
}

func (k known) meets(f findings.Filter) bool {
	on := law.DateOf(k.reported.FoundAt)
	return in(f.Districts, k.reported.Reach.District) && in(f.Kinds, k.reported.Kind) && in(f.Statuses, k.state.Status) && in(f.Sources, k.reported.Source) &&
		(f.Group == "" || strings.HasPrefix(string(k.reported.Kind), f.Group+".")) &&
		(f.Reach == nil || *f.Reach == k.reported.Reach.ID) && (f.Officer == nil || slices.Contains(k.officers, *f.Officer)) &&
		(f.Patrol == nil || k.reported.Patrol != nil && *k.reported.Patrol == *f.Patrol) &&
		(f.From == "" || on >= f.From) && (f.To == "" || on <= f.To) && (f.Text == "" || k.says(f.Text))
}

func (k known) says(text string) bool {
	all := []string{k.reported.Description, k.reported.Place.Note, k.reported.Reach.Name}
	if v := k.reported.Vessel; v != nil {
		all = append(all, v.Name, v.MMSI)
	}
	for _, o := range k.reported.Crew {
		all = append(all, o.Name)
	}
	return strings.Contains(strings.Join(all, "\n"), text)
}

func in[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

func randomFilter(random *rand.Rand, all []*known) findings.Filter {
	k := logtest.One(random, all)
	f := findings.Filter{
		Districts: logtest.Some(random, []string{"320281", "320282", "320213", "320205", k.reported.Reach.District}),
		Kinds:     logtest.Some(random, []law.Kind{law.SandMining, law.ShoreBuilding, k.reported.Kind}),
		Statuses:  logtest.Some(random, []finding.Status{finding.StatusReported, finding.StatusFiled, finding.StatusFiling, k.state.Status}),
		Sources:   logtest.Some(random, []string{"patrol", "tip", k.reported.Source}),
	}
	if random.IntN(6) == 0 {
		f.Group = logtest.One(random, []string{"sand", "shoreline", "nonsense"})
	}
	if random.IntN(6) == 0 {
		f.Reach = &k.reported.Reach.ID
	}
	if random.IntN(6) == 0 {
		f.Officer = &k.officers[random.IntN(len(k.officers))]
	}
	if random.IntN(8) == 0 && k.reported.Patrol != nil {
		f.Patrol = k.reported.Patrol
	}
	if random.IntN(4) == 0 {
		f.From = law.DateOf(k.reported.FoundAt)
	}
	if random.IntN(4) == 0 {
		f.To = law.DateOf(k.reported.FoundAt)
	}
	if random.IntN(4) == 0 {
		// Words end at punctuation and where writing changes, so only pieces of Chinese are found wherever they stand.
		if piece := logtest.Piece(random, k.reported.Description, 2+random.IntN(4)); strings.IndexFunc(piece, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0 {
			f.Text = piece
		}
	}
	return f
}

func TestSearch(t *testing.T) {
	random := logtest.Seeded(t)
	h := logtest.NewHistory(random.Uint64())
	h.Grow(1500)
	conn := logtest.Built(t, findings.Projection(), h.Records())
	var all []*known
	for _, k := range fold(t, h.Records()) {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b *known) int { return cmp.Compare(a.position, b.position) })
	sorts := map[string]func(a, b *known) int{
		"foundAt":    func(a, b *known) int { return a.reported.FoundAt.Compare(b.reported.FoundAt) },
		"recordedAt": func(a, b *known) int { return a.meta.RecordedAt.Compare(b.meta.RecordedAt) },
	}
	for range 60 {
		f := randomFilter(random, all)
		name := logtest.One(random, []string{"foundAt", "recordedAt"})
		desc := random.IntN(2) == 0
		var want []uuid.UUID
		sorted := slices.Clone(all)
		slices.SortStableFunc(sorted, sorts[name])
		if desc {
			slices.Reverse(sorted)
		}
		for _, k := range sorted {
			if k.meets(f) {
				want = append(want, k.id)
			}
		}
		sort, otherSort := name, "-"+name
		if desc {
			sort, otherSort = otherSort, sort
		}
		size := 1 + random.IntN(200)
		if len(want) > 300 {
			size = max(size, 20)
		}
		narrower := f
		narrower.Sources = append(slices.Clone(f.Sources), "nowhere")
		rows := logtest.Pages(t, size, sort, otherSort,
			func(p projections.Page) (projections.List[findings.Row], error) { return findings.Search(conn, f, p) },
			func(p projections.Page) (projections.List[findings.Row], error) {
				return findings.Search(conn, narrower, p)
			})
		var got []uuid.UUID
		for _, row := range rows {
			got = append(got, row.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("filter %+v, sort %s: %d rows, want %d", f, sort, len(got), len(want))
		}
	}
}

func TestPageOfAFinding(t *testing.T) {
	h := logtest.NewHistory(7)
	h.Grow(1500)
	conn := logtest.Built(t, findings.Projection(), h.Records())
	open := map[uuid.UUID]uuid.UUID{}
	statuses := map[finding.Status]int{}
	for id, k := range fold(t, h.Records()) {
		d, found, err := findings.ByID(conn, id)
		if err != nil || !found {
			t.Fatal(found, err)
		}
		statuses[d.Status]++
		e := k.reported
		if d.Status != k.state.Status || d.Kind != e.Kind || d.Reach.Name != e.Reach.Name || !d.FoundAt.Equal(e.FoundAt) || d.Place != e.Place || d.Persons != e.Persons ||
			d.VolumeM3 != e.VolumeM3 || len(d.Crew) != len(e.Crew) || d.Crew[0].CertNo != e.Crew[0].CertNo || d.CaseNumber != k.state.Number || d.ReporterName != k.meta.Actor.Name {
			t.Fatalf("got %+v, want %+v", d, k)
		}
		if (d.Patrol == nil) != (e.Patrol == nil) || (d.Vessel == nil) != (e.Vessel == nil) || e.Vessel != nil && (*d.Vessel != *e.Vessel || d.VesselName != e.Vessel.Name) {
			t.Fatalf("got %+v, want %+v", d, k)
		}
		if (d.Verified == nil) != (k.verified == nil) || k.verified != nil && d.Verified.Note != k.verified.Note || (d.NotFiled == nil) != (k.notFiled == nil) {
			t.Fatalf("got %+v, want %+v", d, k)
		}
		if (d.Case == nil) != (k.state.Filing == nil) || d.Case != nil && (*d.Case != k.state.Filing.Case || d.Violation != k.state.Filing.Filing.Violation) {
			t.Fatalf("case %v, want %+v", d.Case, k.state.Filing)
		}
		if d.Case != nil {
			if row, found, err := findings.RowByCase(conn, *d.Case); err != nil || !found || row.ID != id {
				t.Fatal(row, found, err)
			}
		}
		if int(d.Photos) != len(k.photos) || len(d.PhotoList) != len(k.photos) {
			t.Fatalf("%d photos listed, %d counted, want %d", len(d.PhotoList), d.Photos, len(k.photos))
		}
		cited, err := findings.CitedBy(conn, id)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range k.photos {
			if got := d.PhotoList[i]; got.SHA256 != p.SHA256 || got.Size != p.Size || got.MediaType != p.MediaType || got.Caption != p.Caption || cited[id][i] != p.SHA256 {
				t.Fatalf("photo %+v, want %+v", got, p)
			}
			c, err := findings.Citations(conn, p.SHA256)
			if err != nil || len(c) != 1 || c[0].Finding != id || c[0].District != e.Reach.District || c[0].Size != p.Size {
				t.Fatal(c, err)
			}
		}
		if k.state.Status == finding.StatusFiling {
			open[id] = k.approval.ID
		}
	}
	for _, s := range []finding.Status{finding.StatusReported, finding.StatusVerified, finding.StatusUnfounded, finding.StatusNotFiled, finding.StatusFiling, finding.StatusFiled} {
		if statuses[s] == 0 && s != finding.StatusUnfounded {
			t.Errorf("the history has no finding that is %s", s)
		}
	}
	list, err := findings.OpenFilings(conn, 1000)
	if err != nil || len(list) != len(open) || len(open) == 0 {
		t.Fatalf("%d open filings, want %d: %v", len(list), len(open), err)
	}
	for _, o := range list {
		if open[o.Finding] != o.Event || o.Approved.Organ.Name == "" || o.Meta.CommandID == uuid.Nil {
			t.Errorf("open filing %+v", o)
		}
	}
}

func TestHostileQuestions(t *testing.T) {
	h := logtest.NewHistory(8)
	h.Grow(300)
	conn := logtest.Built(t, findings.Projection(), h.Records())
	for _, text := range logtest.Hostile() {
		for _, f := range []findings.Filter{{Text: text}, {Sources: []string{text}}, {Districts: []string{text, text}}, {Group: text}, {From: law.Date(text)}, {To: law.Date(text)},
			{Kinds: []law.Kind{law.Kind(text)}}, {Statuses: []finding.Status{finding.Status(text)}}} {
			if _, err := findings.Search(conn, f, projections.Page{}); err != nil {
				t.Errorf("%+v: %v", f, err)
			}
		}
		if c, err := findings.Citations(conn, text); err != nil || c != nil {
			t.Errorf("citations of %q: %v, %v", text, c, err)
		}
	}
	if list, err := findings.Search(conn, findings.Filter{}, projections.Page{}); err != nil || *list.Total == 0 {
		t.Error("the ledger is gone:", err)
	}
	if _, found, err := findings.ByID(conn, uuid.New()); found || err != nil {
		t.Error("a finding nobody reported:", found, err)
	}
}

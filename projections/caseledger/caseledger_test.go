package caseledger_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/law"
	"shuizheng/projections"
	"shuizheng/projections/caseledger"
	"shuizheng/projections/logtest"
)

// known is what the test knows about a case, from the log alone.
type known struct {
	id       uuid.UUID
	position uint64
	filed    casefile.Filed
	closed   *casefile.Closed
}

func fold(t testing.TB, records []domain.Record) []*known {
	t.Helper()
	var list []*known
	byID := map[uuid.UUID]*known{}
	for _, r := range records {
		if category, _, _ := domain.SplitStream(r.Stream); category != "case" {
			continue
		}
		_, id, _ := domain.SplitStream(r.Stream)
		switch e := logtest.Decoded(t, r).(type) {
		case casefile.Filed:
			byID[id] = &known{id: id, position: r.Position, filed: e}
			list = append(list, byID[id])
		case casefile.Closed:
			byID[id].closed = &e
		}
	}
	return list
}

func (k known) status() casefile.Status {
	if k.closed != nil {
		return casefile.StatusClosed
	}
	return casefile.StatusFiled
}

func (k known) closedOn() law.Date {
	if k.closed == nil {
		return ""
	}
	return law.DateOf(k.closed.ClosedAt)
}

func (k known) meets(f caseledger.Filter) bool {
	on := law.DateOf(k.filed.FiledAt)
	return in(f.Districts, k.filed.District) && in(f.Kinds, k.filed.Ground.Kind) && in(f.Statuses, k.status()) && in(f.Sources, k.filed.Source) &&
		in(f.Violations, k.filed.Filing.Violation) && (f.Group == "" || strings.HasPrefix(string(k.filed.Ground.Kind), f.Group+".")) &&
		(f.Reach == nil || *f.Reach == k.filed.Reach) &&
		(f.Handler == nil || slices.ContainsFunc(k.filed.Ground.Handlers, func(o law.Officer) bool { return o.ID == *f.Handler })) &&
		(f.From == "" || on >= f.From) && (f.To == "" || on <= f.To) && (f.Text == "" || k.says(f.Text))
}

func (k known) says(text string) bool {
	v, _ := law.ViolationByCode(k.filed.Filing.Violation)
	all := []string{k.filed.Number, k.filed.Filing.Title, k.filed.Filing.Summary, v.Name}
	for _, p := range k.filed.Filing.Parties {
		all = append(all, p.Name)
	}
	for _, o := range k.filed.Ground.Handlers {
		all = append(all, o.Name)
	}
	return strings.Contains(strings.Join(all, "\n"), text)
}

func in[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

func randomFilter(random *rand.Rand, all []*known) caseledger.Filter {
	k := logtest.One(random, all)
	f := caseledger.Filter{
		Districts:  logtest.Some(random, []string{"320281", "320282", k.filed.District}),
		Kinds:      logtest.Some(random, []law.Kind{law.SandMining, k.filed.Ground.Kind}),
		Statuses:   logtest.Some(random, []casefile.Status{casefile.StatusFiled, casefile.StatusClosed}),
		Sources:    logtest.Some(random, []string{"patrol", k.filed.Source}),
		Violations: logtest.Some(random, []string{"S01", "H01", k.filed.Filing.Violation}),
	}
	if random.IntN(6) == 0 {
		f.Group = logtest.One(random, []string{"sand", "shoreline", "nonsense"})
	}
	if random.IntN(6) == 0 {
		f.Reach = &k.filed.Reach
	}
	if random.IntN(6) == 0 {
		f.Handler = &k.filed.Ground.Handlers[random.IntN(2)].ID
	}
	if random.IntN(4) == 0 {
		f.From = law.DateOf(k.filed.FiledAt)
	}
	if random.IntN(4) == 0 {
		f.To = law.DateOf(k.filed.FiledAt)
	}
	if random.IntN(4) == 0 {
		if piece := logtest.Piece(random, k.filed.Filing.Title+k.filed.Filing.Summary, 2+random.IntN(3)); strings.IndexFunc(piece, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0 {
			f.Text = piece
		}
	}
	return f
}

func serial(number string) string {
	head, tail, _ := strings.Cut(number, "〕")
	return head + strings.Repeat("0", 12-len(tail)) + tail
}

func TestSearch(t *testing.T) {
	random := logtest.Seeded(t)
	h := logtest.NewHistory(random.Uint64())
	h.Grow(2000)
	conn := logtest.Built(t, caseledger.Projection(), h.Records())
	all := fold(t, h.Records())
	sorts := map[string]func(a, b *known) int{
		"filedOn":  func(a, b *known) int { return cmp.Compare(law.DateOf(a.filed.FiledAt), law.DateOf(b.filed.FiledAt)) },
		"number":   func(a, b *known) int { return cmp.Compare(serial(a.filed.Number), serial(b.filed.Number)) },
		"closedOn": func(a, b *known) int { return cmp.Compare(a.closedOn(), b.closedOn()) },
	}
	for range 60 {
		f := randomFilter(random, all)
		name := logtest.One(random, []string{"filedOn", "number", "closedOn"})
		sorted := slices.Clone(all)
		slices.SortStableFunc(sorted, sorts[name])
		sort, otherSort := name, "-"+name
		if random.IntN(2) == 0 {
			slices.Reverse(sorted)
			sort, otherSort = otherSort, sort
		}
		var want, got []uuid.UUID
		for _, k := range sorted {
			if k.meets(f) {
				want = append(want, k.id)
			}
		}
		narrower := f
		narrower.Sources = append(slices.Clone(f.Sources), "nowhere")
		for _, row := range logtest.Pages(t, 1+random.IntN(200), sort, otherSort,
			func(p projections.Page) (projections.List[caseledger.Row], error) {
				return caseledger.Search(conn, f, p)
			},
			func(p projections.Page) (projections.List[caseledger.Row], error) {
				return caseledger.Search(conn, narrower, p)
			}) {
			got = append(got, row.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("filter %+v, sort %s: %d rows, want %d", f, sort, len(got), len(want))
		}
	}
	for _, k := range all[:min(50, len(all))] { // by number, however it was typed
		for _, typed := range []string{k.filed.Number, strings.NewReplacer("〔", "[", "〕", "]").Replace(k.filed.Number), strings.NewReplacer("〔", "（", "〕", "）", "0", "０", "2", "２", "3", "３").Replace(k.filed.Number)} {
			list, err := caseledger.Search(conn, caseledger.Filter{Text: typed}, projections.Page{})
			if err != nil || len(list.Items) != 1 || list.Items[0].ID != k.id {
				t.Fatalf("%q finds %d cases: %v", typed, len(list.Items), err)
			}
		}
	}
}

func TestPageOfACase(t *testing.T) {
	h := logtest.NewHistory(9)
	h.Grow(2000)
	conn := logtest.Built(t, caseledger.Projection(), h.Records())
	closed := 0
	for _, k := range fold(t, h.Records()) {
		d, found, err := caseledger.ByID(conn, k.id)
		if err != nil || !found {
			t.Fatal(found, err)
		}
		if d.Number != k.filed.Number || d.Status != k.status() || d.Finding != k.filed.Finding || d.OrganName == "" || d.Reach.Name == "" || d.ViolationName == "" ||
			len(d.Handlers) != 2 || d.Handlers[1] != k.filed.Ground.Handlers[1].Name || d.Filing.Summary != k.filed.Filing.Summary || d.FilingGround.FiledOn != k.filed.Ground.FiledOn ||
			d.Party != k.filed.Filing.Parties[0].Name || d.FiledOn != law.DateOf(k.filed.FiledAt) || d.ClosedOn != k.closedOn() {
			t.Fatalf("got %+v, want %+v", d, k)
		}
		if (d.Closed == nil) != (k.closed == nil) {
			t.Fatalf("closed %v, want %v", d.Closed, k.closed)
		}
		if k.closed != nil {
			closed++
			if d.Closed.Ground != k.closed.Ground || d.Row.Ground != k.closed.Ground || d.Closed.Approval != k.closed.Approval || !d.Closed.ClosedAt.Equal(k.closed.ClosedAt) {
				t.Fatalf("closed %+v, want %+v", d.Closed, k.closed)
			}
		}
	}
	if closed == 0 {
		t.Error("the history has no closed case")
	}
}

func TestHostileQuestions(t *testing.T) {
	h := logtest.NewHistory(8)
	h.Grow(500)
	conn := logtest.Built(t, caseledger.Projection(), h.Records())
	for _, text := range logtest.Hostile() {
		for _, f := range []caseledger.Filter{{Text: text}, {Sources: []string{text}}, {Districts: []string{text, text}}, {Group: text}, {From: law.Date(text)}, {To: law.Date(text)},
			{Violations: []string{text}}, {Kinds: []law.Kind{law.Kind(text)}}, {Statuses: []casefile.Status{casefile.Status(text)}}} {
			if _, err := caseledger.Search(conn, f, projections.Page{}); err != nil {
				t.Errorf("%+v: %v", f, err)
			}
		}
	}
	if list, err := caseledger.Search(conn, caseledger.Filter{}, projections.Page{}); err != nil || *list.Total == 0 {
		t.Error("the ledger is gone:", err)
	}
}

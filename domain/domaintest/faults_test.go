package domaintest

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"shuizheng/domain"
)

// A law that no fault breaks would prove nothing, so each is shown a decider with the fault it is there for.

// list of notes: the smallest aggregate with a state that can be written into.

type noted struct {
	Text string `json:"text"`
}

func (noted) EventType() string { return "note.noted.v1" }

type note struct{ Text []string }

type pad struct{ Notes []string }

const full = 6

func notes() domain.Decider[pad, note, noted] {
	return domain.Decider[pad, note, noted]{
		Category: "note",
		Decide: func(s pad, c note) ([]noted, error) {
			if len(s.Notes) >= full {
				return nil, domain.Refuse("note.full", "已满。")
			}
			var events []noted
			for _, text := range c.Text {
				events = append(events, noted{text})
			}
			return events, nil
		},
		Evolve: func(s pad, e noted) pad {
			return pad{append(s.Notes[:len(s.Notes):len(s.Notes)], e.Text)}
		},
	}
}

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper()      {}
func (r *recorder) Failed() bool { return len(r.said) > 0 }
func (r *recorder) Error(args ...any) {
	r.said = append(r.said, fmt.Sprint(args...))
}
func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}
func (r *recorder) Fatal(args ...any)                 { r.Error(args...); panic(r) }
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); panic(r) }

// tried runs a law and says whether it failed.
func tried(t *testing.T, law func(testing.TB)) (said []string) {
	t.Helper()
	r := &recorder{TB: t}
	defer func() {
		if p := recover(); p != nil && p != any(r) {
			panic(p)
		}
		said = r.said
	}()
	law(r)
	return r.said
}

func TestLawsNoticeFaults(t *testing.T) {
	catalog, err := domain.NewCatalog([]domain.Type{domain.T(noted{"a"})})
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for name, plant := range map[string]func(*domain.Decider[pad, note, noted], *laws[pad, note, noted]){
		"": func(*domain.Decider[pad, note, noted], *laws[pad, note, noted]) {},
		"a decision that differs each time": func(d *domain.Decider[pad, note, noted], _ *laws[pad, note, noted]) {
			d.Decide = func(pad, note) ([]noted, error) { calls++; return []noted{{fmt.Sprint(calls)}}, nil }
		},
		"a decision that writes into its state": func(d *domain.Decider[pad, note, noted], _ *laws[pad, note, noted]) {
			good := d.Decide
			d.Decide = func(s pad, c note) ([]noted, error) {
				if len(s.Notes) > 0 {
					s.Notes[0] += "!"
				}
				return good(s, c)
			}
		},
		"a decision that writes into its command": func(d *domain.Decider[pad, note, noted], _ *laws[pad, note, noted]) {
			good := d.Decide
			d.Decide = func(s pad, c note) ([]noted, error) {
				events, err := good(s, c)
				if len(c.Text) > 0 {
					c.Text[0] += "!"
				}
				return events, err
			}
		},
		"a refusal with events": func(d *domain.Decider[pad, note, noted], _ *laws[pad, note, noted]) {
			d.Decide = func(pad, note) ([]noted, error) { return []noted{{"a"}}, domain.Refuse("note.full", "已满。") }
		},
		"an error that is no refusal": func(d *domain.Decider[pad, note, noted], _ *laws[pad, note, noted]) {
			d.Decide = func(pad, note) ([]noted, error) { return nil, errors.New("full") }
		},
		"a refusal that says nothing": func(d *domain.Decider[pad, note, noted], _ *laws[pad, note, noted]) {
			d.Decide = func(pad, note) ([]noted, error) { return nil, domain.Refuse("note.full", "full") }
		},
		"states that share their memory": func(d *domain.Decider[pad, note, noted], _ *laws[pad, note, noted]) {
			d.Evolve = func(s pad, e noted) pad {
				if s.Notes == nil {
					s.Notes = make([]string, 0, 100)
				}
				return pad{append(s.Notes, e.Text)}
			}
		},
		"evolving that writes into the state before": func(d *domain.Decider[pad, note, noted], _ *laws[pad, note, noted]) {
			good := d.Evolve
			d.Evolve = func(s pad, e noted) pad {
				if len(s.Notes) > 0 {
					s.Notes[0] = e.Text
				}
				return good(s, e)
			}
		},
		"evolving that panics": func(d *domain.Decider[pad, note, noted], _ *laws[pad, note, noted]) {
			good := d.Evolve
			d.Evolve = func(s pad, e noted) pad {
				if e.Text == "" {
					panic("empty")
				}
				return good(s, e)
			}
		},
		"an event that the log gives back changed": func(_ *domain.Decider[pad, note, noted], l *laws[pad, note, noted]) {
			l.catalog = domain.Catalog{"note.noted.v1": domain.T(loud{"a"})}
		},
		"an event that no life leads to": func(d *domain.Decider[pad, note, noted], l *laws[pad, note, noted]) {
			l.lives, l.samples = [][]note{{{}}}, []note{{}}
		},
		"a life that is refused": func(d *domain.Decider[pad, note, noted], l *laws[pad, note, noted]) {
			l.lives = append(l.lives, []note{{[]string{"1", "2", "3", "4", "5", "6"}}, {[]string{"7"}}})
		},
	} {
		d := notes()
		lives := [][]note{{{[]string{"a"}}, {[]string{"b", "c"}}, {nil}}}
		l := laws[pad, note, noted]{catalog, d, lives, lives[0]}
		plant(&l.decider, &l)
		said := tried(t, func(t testing.TB) {
			l.reach(t)
			l.seeds(t, 50, l.total)
			l.seeds(t, 50, l.pure)
			l.seeds(t, 50, l.replay)
			l.oneCommand(t)
			l.fiveCommands(t)
		})
		if name == "" && len(said) > 0 {
			t.Errorf("a faultless decider fails: %v", said)
		}
		if name != "" && len(said) == 0 {
			t.Errorf("%s: no law notices", name)
		}
	}
}

// loud is noted, but reads itself differently from how it was written.
type loud noted

func (loud) EventType() string { return noted{}.EventType() }

func (l *loud) UnmarshalJSON(b []byte) error {
	err := json.Unmarshal(b, (*noted)(l))
	l.Text += "!"
	return err
}

func TestScenariosNoticeFaults(t *testing.T) {
	spec := For(notes())
	packed := spec.Given(noted{"1"}, noted{"2"}, noted{"3"}, noted{"4"}, noted{"5"}, noted{"6"})
	writes, nothing, refused := spec.When(note{[]string{"a"}}), spec.When(note{}), packed.When(note{[]string{"a"}})
	for name, check := range map[string]struct {
		of    func(testing.TB)
		fails bool
	}{
		"right events":             {func(t testing.TB) { writes.Then(t, noted{"a"}) }, false},
		"other events":             {func(t testing.TB) { writes.Then(t, noted{"b"}) }, true},
		"more events":              {func(t testing.TB) { writes.Then(t, noted{"a"}, noted{"b"}) }, true},
		"events where none are":    {func(t testing.TB) { nothing.Then(t, noted{"a"}) }, true},
		"Then without events":      {func(t testing.TB) { nothing.Then(t) }, true},
		"events of a refusal":      {func(t testing.TB) { refused.Then(t, noted{"a"}) }, true},
		"nothing":                  {func(t testing.TB) { nothing.Nothing(t) }, false},
		"nothing, but events":      {func(t testing.TB) { writes.Nothing(t) }, true},
		"nothing, but a refusal":   {func(t testing.TB) { refused.Nothing(t) }, true},
		"right refusal":            {func(t testing.TB) { refused.Refused(t, "note.full") }, false},
		"other refusal":            {func(t testing.TB) { refused.Refused(t, "note.empty") }, true},
		"refusal of what is right": {func(t testing.TB) { writes.Refused(t, "note.full") }, true},
		"no refusal":               {func(t testing.TB) { nothing.Refused(t, "note.full") }, true},
		"other error":              {func(t testing.TB) { Refused(t, errors.New("full"), "note.full") }, true},
		"code of another form":     {func(t testing.TB) { Refused(t, domain.Refuse("full", "已满。"), "full") }, true},
		"half a sentence":          {func(t testing.TB) { Refused(t, domain.Refuse("note.full", "已满"), "note.full") }, true},
		"foreign sentence":         {func(t testing.TB) { Refused(t, domain.Refuse("note.full", "full。"), "note.full") }, true},
		"article without a law":    {func(t testing.TB) { Refused(t, domain.RefuseByLaw("note.full", "42", "已满。"), "note.full") }, true},
	} {
		if said := tried(t, check.of); len(said) > 0 != check.fails {
			t.Errorf("%s: %v", name, said)
		}
	}
}

func TestSpecsBranch(t *testing.T) {
	spec := For(notes()).Given(noted{"a"})
	one, two := spec.Given(noted{"b"}), spec.Given(noted{"c"})
	if one.given[1].Text != "b" || two.given[1].Text != "c" || len(spec.given) != 1 {
		t.Errorf("two branches of a scenario are one: %v, %v, %v", one.given, two.given, spec.given)
	}
}

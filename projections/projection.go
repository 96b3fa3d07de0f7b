// Package projections keeps the read models (读模型): tables in one SQLite file that are a pure function of the log. A runner
// feeds them, one folder below this one holds each projection with its queries, and package all lists them.
//
// Rows come from events alone: no handler reads a clock, a random number or anything outside the transaction, so a read model
// built live and one rebuilt from the log are equal row by row.
package projections

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	fast "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	legacy "github.com/go-json-experiment/json/v1"

	"shuizheng/domain"
)

// Log is what projections need of the event store.
type Log interface {
	// ReadAll yields at most limit events with a position above after, in order and without the store's own system events.
	// An error is yielded last.
	ReadAll(ctx context.Context, after uint64, limit int) iter.Seq2[domain.Record, error]
	// Fingerprint tells one log from another. It is empty while the log is.
	Fingerprint(ctx context.Context) (string, error)
}

// Projection is one set of tables and the handlers that fill them. Raise Version whenever a handler changes what it writes:
// the read model is then rebuilt.
type Projection struct {
	Name     string // prefix of all its tables
	Version  int
	Schema   string // SQL; CREATE INDEX statements are held back while a new file is built
	Handlers []Handler
}

// Handler says what a projection does with an event type. Make it with [On], [Every] or [Ignore].
type Handler struct {
	types  []string // none: every type
	decode func([]byte) (domain.Event, error)
	apply  func(*Tx, domain.Record, domain.Meta, domain.Event) error
}

// On handles the events of type E.
func On[E domain.Event](f func(tx *Tx, r domain.Record, m domain.Meta, e E) error) Handler {
	var none E
	return Handler{
		types:  []string{none.EventType()},
		decode: decodeAs[E],
		apply: func(tx *Tx, r domain.Record, m domain.Meta, e domain.Event) error {
			return f(tx, r, m, e.(E))
		},
	}
}

// Every handles all events alike, by their envelope; nothing is decoded for it.
func Every(f func(tx *Tx, r domain.Record, m domain.Meta) error) Handler {
	return Handler{apply: func(tx *Tx, r domain.Record, m domain.Meta, _ domain.Event) error { return f(tx, r, m) }}
}

// Ignore says aloud that types do not concern a projection.
func Ignore(types ...string) Handler { return Handler{types: types} }

// IgnoreRest says that of all types of an aggregate only the ones named concern a projection. It is for aggregates with so many types
// that a list of those ignored would hide the few that are not.
func IgnoreRest(all []domain.Type, but ...string) Handler {
	rest := Handler{types: []string{}}
	for _, t := range all {
		if !slices.Contains(but, t.Name) {
			rest.types = append(rest.types, t.Name)
		}
	}
	return rest
}

// unmarshal reads JSON as encoding/json does, which wrote it and which deciders and auditors read it with, in a third of the time.
// Where the two differ in what they accept, encoding/json has the last word; that they agree in what they make of it is tested.
func unmarshal(data []byte, v any) error {
	if err := fast.Unmarshal(data, v, fast.MatchCaseInsensitiveNames(true), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true),
		legacy.MatchCaseSensitiveDelimiter(true), legacy.MergeWithLegacySemantics(true)); err == nil {
		return nil
	}
	reflect.ValueOf(v).Elem().SetZero()
	return json.Unmarshal(data, v)
}

func decodeAs[E domain.Event](data []byte) (domain.Event, error) {
	var e E
	if err := unmarshal(data, &e); err != nil {
		return nil, err
	}
	return e, nil
}

// Set is the projections of a program, checked against its event catalogue.
type Set struct {
	projections []Projection
	routes      map[string]route
}

type route struct {
	decode func([]byte) (domain.Event, error) // nil: nobody needs the content
	steps  []step
}

type step struct {
	projection string
	apply      func(*Tx, domain.Record, domain.Meta, domain.Event) error
}

// NewSet joins projections. It is an error if one does not say, for every type of the catalogue, that it handles or ignores it,
// or says it twice, or names a type the catalogue does not have.
func NewSet(catalog domain.Catalog, list ...Projection) (*Set, error) {
	s := &Set{projections: list, routes: map[string]route{}}
	for name := range catalog {
		s.routes[name] = route{}
	}
	seen := map[string]bool{}
	for _, p := range list {
		if p.Name == "" || p.Version < 1 || seen[p.Name] {
			return nil, fmt.Errorf("projections: %q version %d: name and version must be given, and a name only once", p.Name, p.Version)
		}
		seen[p.Name] = true
		if err := s.add(p); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *Set) add(p Projection) error {
	said := map[string]bool{}
	for _, h := range p.Handlers {
		types := h.types
		if types == nil {
			for name := range s.routes {
				types = append(types, name)
			}
		}
		for _, name := range types {
			r, known := s.routes[name]
			if !known {
				return fmt.Errorf("projections: %s names %s, which is not in the catalogue", p.Name, name)
			}
			if said[name] {
				return fmt.Errorf("projections: %s names %s twice", p.Name, name)
			}
			said[name] = true
			if h.apply == nil {
				continue
			}
			if r.decode == nil {
				r.decode = h.decode
			}
			r.steps = append(r.steps, step{p.Name, h.apply})
			s.routes[name] = r
		}
	}
	var missing []string
	for name := range s.routes {
		if !said[name] {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		slices.Sort(missing)
		return fmt.Errorf("projections: %s neither handles nor ignores %s", p.Name, strings.Join(missing, ", "))
	}
	return nil
}

// versions describes what the tables of a file look like; another text means that the file must be rebuilt.
func (s *Set) versions() string {
	list := slices.Clone(s.projections)
	slices.SortFunc(list, func(a, b Projection) int { return cmp.Compare(a.Name, b.Name) })
	var b strings.Builder
	for _, p := range list {
		sum := sha256.Sum256([]byte(p.Schema))
		fmt.Fprintf(&b, "%s v%d %s\n", p.Name, p.Version, hex.EncodeToString(sum[:8]))
	}
	return b.String()
}

// item is an event ready to be applied, or the reason why it cannot be.
type item struct {
	record domain.Record
	meta   domain.Meta
	event  domain.Event
	steps  []step
	err    error
}

func (s *Set) decode(r domain.Record) item {
	i := item{record: r}
	route, known := s.routes[r.Type]
	if !known {
		i.err = errors.New("unknown event type")
		return i
	}
	i.steps = route.steps
	if err := unmarshal(r.Metadata, &i.meta); err != nil {
		i.err = fmt.Errorf("metadata: %w", err)
		return i
	}
	if route.decode != nil {
		if i.event, i.err = route.decode(r.Data); i.err != nil {
			i.err = fmt.Errorf("data: %w", i.err)
		}
	}
	return i
}

func (i item) applyTo(tx *Tx) (err error) {
	if i.err != nil {
		return i.err
	}
	for _, step := range i.steps {
		if err := step.run(tx, i); err != nil {
			return fmt.Errorf("%s: %w", step.projection, err)
		}
	}
	return nil
}

// run turns a panic of a handler into an error: one event that a handler did not expect must stop the read model at that event,
// not the process.
func (s step) run(tx *Tx, i item) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return s.apply(tx, i.record, i.meta, i.event)
}

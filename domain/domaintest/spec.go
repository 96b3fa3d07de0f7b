package domaintest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"shuizheng/domain"
)

// Spec is the start of a scenario: a decider and what has happened so far. It is a value; scenarios can branch from it.
type Spec[S, C any, E domain.Event] struct {
	decider domain.Decider[S, C, E]
	given   []E
}

// For starts scenarios of a decider with an empty history.
func For[S, C any, E domain.Event](d domain.Decider[S, C, E]) Spec[S, C, E] {
	return Spec[S, C, E]{decider: d}
}

// Given adds to the history.
func (s Spec[S, C, E]) Given(history ...E) Spec[S, C, E] {
	s.given = append(slices.Clip(s.given), history...)
	return s
}

// When gives the command to the decider.
func (s Spec[S, C, E]) When(command C) Outcome[S, C, E] {
	var state S
	events, err := s.decider.Decide(s.decider.Fold(state, s.given...), command)
	return Outcome[S, C, E]{s, command, events, err}
}

// Outcome is what a command led to. One of its methods must be called, or the scenario checks nothing.
type Outcome[S, C any, E domain.Event] struct {
	spec    Spec[S, C, E]
	command C
	events  []E
	err     error
}

// Then expects exactly these events, and returns the scenario with them in its history, so that it can go on.
func (o Outcome[S, C, E]) Then(t testing.TB, want ...E) Spec[S, C, E] {
	t.Helper()
	switch {
	case o.err != nil:
		t.Errorf("%s\nrefused: %v\nwant: %s", o.story(), o.err, list(want))
	case len(want) == 0:
		t.Errorf("%s\nThen needs events; Nothing says that there are none", o.story())
	case !reflect.DeepEqual(o.events, want):
		t.Errorf("%s\ngot:  %s\nwant: %s", o.story(), list(o.events), list(want))
	}
	return o.spec.Given(want...)
}

// Accepted expects events of these types, and returns the scenario with them in its history. It is for long stories whose single
// steps are checked elsewhere.
func (o Outcome[S, C, E]) Accepted(t testing.TB, types ...string) Spec[S, C, E] {
	t.Helper()
	var got []string
	for _, e := range o.events {
		got = append(got, e.EventType())
	}
	switch {
	case o.err != nil:
		t.Errorf("%s\nrefused: %v\nwant: %s", o.story(), o.err, strings.Join(types, ", "))
	case !slices.Equal(got, types):
		t.Errorf("%s\ngot:  %s\nwant: %s", o.story(), list(o.events), strings.Join(types, ", "))
	}
	return o.spec.Given(o.events...)
}

// History is what has happened so far.
func (s Spec[S, C, E]) History() []E { return slices.Clone(s.given) }

// State is what the history leads to.
func (s Spec[S, C, E]) State() S {
	var state S
	return s.decider.Fold(state, s.given...)
}

// Nothing expects that the command is accepted and changes nothing.
func (o Outcome[S, C, E]) Nothing(t testing.TB) {
	t.Helper()
	if o.err != nil || len(o.events) > 0 {
		t.Errorf("%s\ngot: %s, error %v\nwant nothing", o.story(), list(o.events), o.err)
	}
}

// Refused expects a refusal with this code, and returns it for a closer look.
func (o Outcome[S, C, E]) Refused(t testing.TB, code string) domain.Refusal {
	t.Helper()
	if len(o.events) > 0 {
		t.Errorf("%s\ngot: %s\nwant the refusal %s", o.story(), list(o.events), code)
	}
	return Refused(t, o.err, code)
}

func (o Outcome[S, C, E]) story() string {
	return fmt.Sprintf("given: %s\nwhen:  %T %+v", list(o.spec.given), o.command, o.command)
}

// Refused expects that err is a refusal with this code, fit to be shown: the rules of package law answer without a decider.
func Refused(t testing.TB, err error, code string) domain.Refusal {
	t.Helper()
	var r *domain.Refusal
	if !errors.As(err, &r) {
		t.Errorf("got error %v, want the refusal %s", err, code)
		return domain.Refusal{}
	}
	if r.Code != code {
		t.Errorf("got the refusal %v, want %s", err, code)
	}
	if err := presentable(r); err != nil {
		t.Error(err)
	}
	return *r
}

// presentable checks what a client relies on: a code that can be looked up and a Chinese sentence.
func presentable(r *domain.Refusal) error {
	han := func(c rune) bool { return unicode.Is(unicode.Han, c) }
	switch {
	case !regexp.MustCompile(`^[a-z]+\.[a-z_]+$`).MatchString(r.Code):
		return fmt.Errorf("refusal code %q is not category.reason", r.Code)
	case !strings.ContainsFunc(r.Message, han):
		return fmt.Errorf("refusal %s says nothing in Chinese: %q", r.Code, r.Message)
	case !strings.HasSuffix(r.Message, "。"):
		return fmt.Errorf("refusal %s is no whole sentence: %q", r.Code, r.Message)
	case r.Article != "" && !strings.HasPrefix(r.Article, "《"):
		return fmt.Errorf("refusal %s names no article: %q", r.Code, r.Article)
	}
	return nil
}

func list[E domain.Event](events []E) string {
	if len(events) == 0 {
		return "nothing"
	}
	lines := make([]string, len(events))
	for i, e := range events {
		b, err := json.Marshal(e)
		if err != nil {
			b = []byte(err.Error())
		}
		lines[i] = e.EventType() + " " + string(b)
	}
	return strings.Join(lines, "\n       ")
}

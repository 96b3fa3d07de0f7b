package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode"

	"shuizheng/domain"
	"shuizheng/projections"
)

// typed is what a person might have typed into a field: no answer may repeat it.
const typed = "欧阳某某甲"

func han(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// presentable checks what a client and a person rely on in any problem.
func presentable(t testing.TB, p *Problem) {
	t.Helper()
	allowed := []int{400, 401, 403, 404, 409, 413, 422, 429, 503}
	if !slices.Contains(allowed, p.Status) || p.Type != "urn:shuizheng:problem:"+p.Code || !han(p.Title) || !strings.HasSuffix(p.Detail, "。") || !strings.Contains(p.Code, ".") {
		t.Errorf("problem %+v", p)
	}
	for _, e := range p.Errors {
		if e.Field == "" || e.Code == "" || !han(e.Message) {
			t.Errorf("%s: the error of a field is %+v", p.Code, e)
		}
	}
	body, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{typed, "json:", "Key:", "Field validation", "uuid.", "[]", "time.", "domain.", "panic", "sqlite"} {
		if bytes.Contains(body, []byte(never)) {
			t.Errorf("the answer tells %q: %s", never, body)
		}
	}
}

func TestEveryErrorHasItsAnswer(t *testing.T) {
	own := problem(http.StatusForbidden, "access.role", "没有权限", "请联系管理员。")
	byLaw := &domain.Refusal{Code: "officer.two_needed", Message: "请补充执法人员。", Article: "《行政处罚法》第四十二条", Field: "officers"}
	for _, c := range []struct {
		name   string
		err    error
		status int
		code   string
		later  bool // the client keeps its work and comes again
	}{
		{"a problem", own, 403, "access.role", false},
		{"a refusal", domain.Refuse("finding.unknown", "请先登记。"), 422, "finding.unknown", false},
		{"a refusal by law", byLaw, 422, "officer.two_needed", false},
		{"an id used twice", domain.ErrCommandReused, 422, "command.id_reused", false},
		{"a lost race", domain.ErrWrongRevision, 409, "conflict.lost_race", false},
		{"an event too large", domain.ErrTooLarge, 413, "request.too_large", false},
		{"a body too large", &http.MaxBytesError{Limit: 1}, 413, "request.too_large", false},
		{"a log away", domain.ErrUnavailable, 503, "log.unavailable", true},
		{"a log away in time", fmt.Errorf("%w: %w", domain.ErrUnavailable, context.DeadlineExceeded), 503, "log.unavailable", true},
		{"a read model that is built", projections.ErrNotReady, 503, "readmodel.building", true},
		{"time is up", context.DeadlineExceeded, 503, "request.timeout", true},
		{"a client that has gone", context.Canceled, 503, "request.timeout", true},
		{"anything else", errors.New("sqlite: no such table " + typed), 503, "internal.fault", true},
	} {
		for _, err := range []error{c.err, fmt.Errorf("finish filing of %s: %w", typed, c.err), errors.Join(errors.New("first: "+typed), c.err)} {
			var logged bytes.Buffer
			ctx := context.WithValue(t.Context(), traceKey{}, "trace-of-it")
			p := asProblem(ctx, slog.New(slog.NewTextHandler(&logged, nil)), err)
			if p.Status != c.status || p.Code != c.code || (p.after > 0) != c.later {
				t.Errorf("%s: %+v, later %d; want %d %s", c.name, p, p.after, c.status, c.code)
			}
			presentable(t, p)
			// Only what nobody has thought of is a fault, and then the log has the cause and where to find it.
			fault := c.code == "internal.fault"
			if said := logged.String(); fault != (said != "") || fault && (!strings.Contains(said, "no such table") || !strings.Contains(said, "trace-of-it")) {
				t.Errorf("%s: logged %q", c.name, said)
			}
		}
	}
	p := asProblem(t.Context(), slog.New(slog.DiscardHandler), fmt.Errorf("on the way: %w", byLaw))
	if p.Article != byLaw.Article || len(p.Errors) != 1 || p.Errors[0] != (FieldError{"officers", "officer.two_needed", "请补充执法人员。"}) || p.Detail != byLaw.Message {
		t.Errorf("a refusal loses its article or its field: %+v", p)
	}
	// A problem is made once and answered many times: nobody's trace may stay in it.
	if p := asProblem(t.Context(), slog.New(slog.DiscardHandler), own); p == own {
		t.Error("the problem itself is handed out")
	}
}

func TestAnswersOfProblems(t *testing.T) {
	s := &server{Config: Config{Logger: slog.New(slog.DiscardHandler)}}
	for _, c := range []struct {
		err   error
		after string
	}{{domain.ErrUnavailable, "2"}, {domain.ErrWrongRevision, ""}} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(context.WithValue(t.Context(), traceKey{}, "abc"), http.MethodGet, "/", nil)
		s.fail(w, r, c.err)
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		h := w.Result().Header
		if p.TraceID != "abc" || p.Status != w.Code || h.Get("Content-Type") != "application/problem+json; charset=utf-8" || h.Get("Cache-Control") != "no-store" || h.Get("Retry-After") != c.after {
			t.Errorf("%v: %d %v %s", c.err, w.Code, h, w.Body)
		}
	}
}

// A panic becomes an answer, says nothing about its cause to the client, and everything to the log.
func TestAPanicIsAnswered(t *testing.T) {
	var logged bytes.Buffer
	s := &server{Config: Config{Logger: slog.New(slog.NewTextHandler(&logged, nil))}}
	handler := s.observed(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret of " + typed) }))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/findings", nil))
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if presentable(t, &p); w.Code != http.StatusServiceUnavailable || p.Code != "internal.fault" || p.TraceID == "" || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if said := logged.String(); !strings.Contains(said, "secret of") || !strings.Contains(said, p.TraceID) || !strings.Contains(said, "problem_test.go") {
		t.Errorf("logged %s", said)
	}
	// An answer that has begun is broken off, not mixed with another.
	begun := s.observed(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		panic("too late")
	}))
	w = httptest.NewRecorder()
	if begun.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)); w.Code != http.StatusOK || w.Body.Len() > 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// More than the machine can work on at once is told to come again; health checks and live streams are not counted.
func TestBusy(t *testing.T) {
	s := &server{Config: Config{Logger: slog.New(slog.DiscardHandler)}, busy: make(chan struct{}, 1)}
	inside, leave := make(chan struct{}), make(chan struct{})
	handler := s.bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Stay") != "" {
			close(inside)
			<-leave
		}
	}))
	ask := func(path string, stay string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Header.Set("Stay", stay)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
			t.Error("nobody is told when to come again")
		}
		return w.Code
	}
	done := make(chan struct{})
	go func() { defer close(done); ask("/api/v1/findings", "yes") }()
	<-inside
	for path, want := range map[string]int{"/api/v1/findings": 429, "/api/v1/commands": 429, "/api/v1/live": 200, "/healthz": 200, "/readyz": 200, "/m/": 200} {
		if got := ask(path, ""); got != want {
			t.Errorf("%s while all are busy: %d, want %d", path, got, want)
		}
	}
	close(leave)
	<-done
	if got := ask("/api/v1/findings", ""); got != http.StatusOK {
		t.Errorf("afterwards: %d", got)
	}
}

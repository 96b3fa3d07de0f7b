package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func shaper(t testing.TB) *shape {
	t.Helper()
	s, err := newShape()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asAnswer is the problem that an error of the shape is answered with.
func asAnswer(t testing.TB, err error) *Problem {
	t.Helper()
	var p *Problem
	if !errors.As(err, &p) {
		t.Fatalf("no problem: %v", err)
	}
	presentable(t, p)
	return p
}

// filled is JSON for a struct with something in every field: good makes one that fits, otherwise everything in it is wrong in one
// way, and holds what somebody typed.
func filled(t reflect.Type, rules string, good bool) any {
	switch {
	case t == reflect.TypeFor[uuid.UUID]():
		if good {
			return uuid.Must(uuid.NewV7()).String()
		}
		return uuid.Nil.String()
	case t == reflect.TypeFor[time.Time]():
		return "2026-03-02T01:05:00Z"
	case t == reflect.TypeFor[json.RawMessage]():
		return map[string]any{}
	}
	rule := func(name string) (string, bool) {
		for r := range strings.SplitSeq(rules, ",") {
			if n, value, _ := strings.Cut(r, "="); n == name {
				return value, true
			}
		}
		return "", false
	}
	switch t.Kind() {
	case reflect.Pointer:
		return filled(t.Elem(), rules, good)
	case reflect.Struct:
		o := map[string]any{}
		for _, f := range reflect.VisibleFields(t) {
			if name := jsonName(f); f.IsExported() && !f.Anonymous && f.Tag.Get("json") != "-" && f.Tag.Get("json") != "" {
				o[name] = filled(f.Type, f.Tag.Get("validate"), good)
			}
		}
		return o
	case reflect.Slice:
		_, each, _ := strings.Cut(rules, "dive,")
		if !good {
			return slices.Repeat([]any{filled(t.Elem(), each, good)}, 2)
		}
		n := 1
		if value, ok := rule("min"); ok {
			n = number(value)
		}
		list := []any{}
		for range n {
			list = append(list, filled(t.Elem(), each, good))
		}
		return list
	case reflect.Bool:
		return true
	case reflect.String:
		if !good {
			return strings.Repeat(typed, 450)
		}
		if value, ok := rule("oneof"); ok {
			return strings.Fields(value)[0]
		}
		if value, ok := rule("eq"); ok {
			return value
		}
		if value, ok := rule("datetime"); ok {
			return time.Date(2026, 3, 2, 1, 5, 0, 0, time.UTC).Format(value)
		}
		if value, ok := rule("len"); ok {
			return strings.Repeat("3", number(value))
		}
		return "文字"
	case reflect.Float64:
		return 1.5
	}
	if !good {
		return -1 << 60
	}
	return 1
}

// number reads a number of a validator tag.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err) // the tag is ours
	}
	return n
}

func commandBody(kind string, data any) map[string]any {
	return map[string]any{"type": kind, "aggregate": uuid.Must(uuid.NewV7()), "occurredAt": "2026-03-02T01:05:00Z", "clock": map[string]any{"kind": "device", "uncertaintyMs": 1}, "data": data}
}

func encoded(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Whatever is wrong with a field of whatever command is said in Chinese, names the field, and repeats nothing that was typed.
func TestShapeSpeaksChineseAndRepeatsNothing(t *testing.T) {
	s := shaper(t)
	for kind, c := range commandTypes() {
		of := reflect.TypeOf(c.data)
		fields := 0
		for _, f := range reflect.VisibleFields(of) {
			if f.Tag.Get("json") != "" && f.Tag.Get("json") != "-" {
				fields++
			}
		}
		// What fits.
		if err := s.decode(encoded(t, filled(of, "", true)), "data.", reflect.New(of).Interface()); err != nil {
			var p *Problem
			errors.As(err, &p)
			t.Errorf("%s: a filled form does not fit: %+v", kind, p)
		}
		// Everything wrong at once.
		err := s.decode(encoded(t, filled(of, "", false)), "data.", reflect.New(of).Interface())
		if fields == 0 {
			continue
		}
		if err == nil {
			t.Errorf("%s: a form full of nonsense fits", kind)
			continue
		}
		for _, e := range asAnswer(t, err).Errors {
			if !strings.HasPrefix(e.Field, "data.") || strings.Contains(e.Message, "不符合要求") && e.Code == "required" {
				t.Errorf("%s: %+v", kind, e)
			}
		}
		// Each field of another type.
		good := filled(of, "", true).(map[string]any)
		for name, value := range good {
			for _, other := range []any{typed, 7, []any{typed}, map[string]any{typed: typed}, true} {
				if reflect.TypeOf(other).Kind() == reflect.TypeOf(value).Kind() {
					continue
				}
				wrong := maps.Clone(good)
				wrong[name] = other
				if err := s.decode(encoded(t, wrong), "data.", reflect.New(of).Interface()); err != nil {
					asAnswer(t, err)
				} else {
					t.Errorf("%s: %s takes %v", kind, name, other)
				}
			}
		}
		// A field too many, under names of all kinds.
		for _, name := range []string{"admin", typed, "a b", strings.Repeat("x", 65), `"`, "<script>"} {
			more := maps.Clone(good)
			more[name] = typed
			p := asAnswer(t, s.decode(encoded(t, more), "data.", reflect.New(of).Interface()))
			if named := len(p.Errors) > 0; p.Code != "request.unknown_field" || named != (name == "admin") {
				t.Errorf("%s with %q: %+v", kind, name, p)
			}
		}
	}
}

// The path of a field is the one that the client wrote, so that its form can show the message in its place.
func TestFieldsAreNamedAsTheClientNamesThem(t *testing.T) {
	s := shaper(t)
	kind := commandTypes()["finding.approve_filing"]
	data := filled(reflect.TypeOf(kind.data), "", true).(map[string]any)
	filing := data["filing"].(map[string]any)
	filing["parties"].([]any)[0].(map[string]any)["name"] = ""
	filing["conductEndedOn"] = "2026-02-30"
	filing["unitHead"].(map[string]any)["approvedOn"] = ""
	var got []string
	for _, e := range asAnswer(t, s.decode(encoded(t, data), "data.", reflect.New(reflect.TypeOf(kind.data)).Interface())).Errors {
		got = append(got, e.Field+" "+e.Code)
	}
	slices.Sort(got)
	if want := []string{"data.filing.conductEndedOn datetime", "data.filing.parties[0].name required", "data.filing.unitHead.approvedOn required"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	filing["unitHead"].(map[string]any)["approvedOn"] = 5
	for _, e := range asAnswer(t, s.decode(encoded(t, data), "data.", reflect.New(reflect.TypeOf(kind.data)).Interface())).Errors {
		if e.Field != "data.filing.unitHead.approvedOn" || e.Code != "type" {
			t.Errorf("%+v", e)
		}
	}
}

func TestWhatCanBeStored(t *testing.T) {
	for text, want := range map[string]bool{
		``: true, `"水"`: true, `"\u6c34"`: true, `"\ud83d\ude00"`: true, `"\uD83D\uDE00"`: true, `"\\u0000"`: true, `"\\\\u0000"`: true, `"\"\u0001"`: true, `"\\ud800"`: true, `"a\\"`: true, `"\n\t\r\b\f\/"`: true,
		`"\u0000"`: false, `"\\\u0000"`: false, `"a\u0000b"`: false, "\"\x00\"": false, "\"\xff\"": false, "\"\xed\xa0\x80\"": false, "\"\xf4\x90\x80\x80\"": false,
		`"\ud83d"`: false, `"\ud83dx"`: false, `"\ud83d\n"`: false, `"\ud83d\u0041"`: false, `"\ude00"`: false, `"\ude00\ud83d"`: false, `"\ud83d\ud83d\ude00"`: false, `"\ud83d\\ude00"`: false,
		// No JSON, and the decoder's to refuse.
		`\`: true, `\u`: true, `\u12`: true, `\uzzzz`: true, `"\u12`: true,
	} {
		if got := storable([]byte(text)); got != want {
			t.Errorf("%q can be stored: %v, want %v", text, got, want)
		}
		// What is storable and JSON comes back as it was.
		var v, again string
		if want && json.Unmarshal([]byte(text), &v) == nil {
			if b, err := json.Marshal(v); err != nil || json.Unmarshal(b, &again) != nil || again != v || strings.ContainsRune(v, '\uFFFD') {
				t.Errorf("%q becomes %q", v, again)
			}
		}
	}
}

func TestBodies(t *testing.T) {
	s := shaper(t)
	read := func(body []byte) error {
		var v SignIn
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(body))
		return s.read(httptest.NewRecorder(), r, 100, &v)
	}
	if err := read([]byte(`{"account":"a","password":"b"}`)); err != nil {
		t.Error(err)
	}
	if large := (*http.MaxBytesError)(nil); !errors.As(read(bytes.Repeat([]byte(" "), 101)), &large) {
		t.Error("101 bytes are read where 100 are allowed")
	}
	var v SignIn
	broken := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", &halfway{})
	if p := asAnswer(t, s.read(httptest.NewRecorder(), broken, 100, &v)); p.Code != "request.incomplete" {
		t.Errorf("%+v", p)
	}
}

type halfway struct{}

func (halfway) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

// FuzzCommand gives the decoder anything: it must answer in a way that can be shown, and take only what comes back the same.
func FuzzCommand(f *testing.F) {
	for _, kind := range slices.Sorted(maps.Keys(commandTypes())) {
		of := reflect.TypeOf(commandTypes()[kind].data)
		f.Add(encoded(f, commandBody(kind, filled(of, "", true))))
		f.Add(encoded(f, commandBody(kind, map[string]any{})))
	}
	for _, body := range []string{``, `{}`, `null`, `[]`, `{"type":"finding.report","data":null}`, `{"occurredAt":"0000-01-01T00:00:00+23:59"}`, `{"aggregate":"{0197a000-0000-7000-8000-000000000001}"}`,
		`{"type":"` + typed + `"}`, `{"` + typed + `":1}`, `{"TYPE":"finding.report"}`, `{"data":{"a":"\ud800"}}`, "\x00", "\xff", `{"data":1e999}`, `{"device":{"id":"x","seq":-1}}`} {
		f.Add([]byte(body))
	}
	s, types := shaper(f), commandTypes()
	f.Fuzz(func(t *testing.T, raw []byte) {
		var c Command
		if err := s.decode(raw, "", &c); err != nil {
			asAnswer(t, err)
			return
		}
		sender := uuid.UUID{1}
		hash, err := c.hash(sender)
		if err != nil {
			asAnswer(t, err)
			return
		}
		// The same command, written by another program, is the same.
		again, err := json.MarshalIndent(c, "", "  ")
		if err != nil {
			t.Fatalf("accepted, but cannot be written: %v", err)
		}
		var copied Command
		if err := s.decode(again, "", &copied); err != nil {
			t.Fatalf("accepted, but not when it comes back: %v\n%s", err, again)
		}
		if other, err := copied.hash(sender); err != nil || other != hash {
			t.Fatalf("another hash after a copy: %v\n%s", err, again)
		}
		if other, err := c.hash(uuid.UUID{2}); err != nil || other == hash {
			t.Fatalf("two senders of one hash: %v", err)
		}
		kind, known := types[c.Type]
		if !known {
			return
		}
		data := reflect.New(reflect.TypeOf(kind.data))
		if err := s.decode(c.Data, "data.", data.Interface()); err != nil {
			asAnswer(t, err)
			return
		}
		written, err := json.Marshal(data.Interface())
		if err != nil {
			t.Fatalf("%s: accepted, but cannot be written: %v", c.Type, err)
		}
		back := reflect.New(reflect.TypeOf(kind.data))
		if err := s.decode(written, "data.", back.Interface()); err != nil {
			t.Fatalf("%s: accepted, but not when it comes back: %v\n%s", c.Type, err, written)
		}
	})
}

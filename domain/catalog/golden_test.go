package catalog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/catalog"
)

var update = flag.Bool("update", false, "write golden files of new event types and rewrite docs/events.md; a golden file that exists is never changed")

const golden = "testdata/events"

func all(t testing.TB) domain.Catalog {
	t.Helper()
	c, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func names(c domain.Catalog) []string { return slices.Sorted(maps.Keys(c)) }

// A log holds these bytes for ever, so a golden file is written once. Who wants another form makes a new version of the type.
func TestGoldenFiles(t *testing.T) {
	c := all(t)
	for _, name := range names(c) {
		path := filepath.Join(golden, name+".json")
		now, err := json.MarshalIndent(c[name].Sample, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		now = append(now, '\n')
		written, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) && *update {
			written, err = now, os.WriteFile(path, now, 0o644)
		}
		if err != nil {
			t.Errorf("%v (a new type gets its file from -update)", err)
			continue
		}
		if !bytes.Equal(written, now) {
			t.Errorf("%s is now encoded in another way; logs hold the old one, so make it a new version:\nin the log: %s\nnow:        %s", name, written, now)
		}
		e, err := c.Decode(domain.Record{Type: name, Data: written})
		if err != nil {
			t.Error(err)
		} else if !reflect.DeepEqual(e, c[name].Sample) {
			t.Errorf("%s is read as %+v\nwant %+v", path, e, c[name].Sample)
		}
	}
	files, err := os.ReadDir(golden)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, known := c[strings.TrimSuffix(f.Name(), ".json")]; !known {
			t.Errorf("%s: logs hold this type, but the program can no longer read it", f.Name())
		}
	}
}

func TestReadersIgnoreFieldsTheyDoNotKnow(t *testing.T) {
	c := all(t)
	for _, name := range names(c) {
		data, err := json.Marshal(c[name].Sample)
		if err != nil {
			t.Fatal(err)
		}
		data = append([]byte(`{"fieldOfTomorrow":1,`), bytes.TrimPrefix(data, []byte("{"))...)
		if e, err := c.Decode(domain.Record{Type: name, Data: data}); err != nil || !reflect.DeepEqual(e, c[name].Sample) {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
}

// A sample is golden file, fuzz seed and documentation at once: a field it leaves empty is tested by none of them.
func TestSamplesFillEveryField(t *testing.T) {
	c := all(t)
	for _, name := range names(c) {
		filled := map[string]bool{}
		fill(reflect.ValueOf(c[name].Sample), name, filled)
		for _, path := range slices.Sorted(maps.Keys(filled)) {
			if !filled[path] {
				t.Errorf("the sample leaves %s empty", path)
			}
		}
	}
}

// fill notes for every path whether some element at it is filled.
func fill(v reflect.Value, path string, filled map[string]bool) {
	switch v.Interface().(type) {
	case time.Time, uuid.UUID:
		filled[path] = filled[path] || !v.IsZero()
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), path+"."+v.Type().Field(i).Name, filled)
		}
	case reflect.Slice:
		filled[path] = filled[path] || v.Len() > 0
		for i := range v.Len() {
			fill(v.Index(i), path+"[]", filled)
		}
	case reflect.Pointer:
		filled[path] = filled[path] || !v.IsNil()
		if !v.IsNil() {
			fill(v.Elem(), path+"*", filled)
		}
	default:
		filled[path] = filled[path] || !v.IsZero()
	}
}

// What an event may be made of: named fields, and only kinds whose JSON is the same on every machine and in every language.
func TestEventsAreMadeOfPlainParts(t *testing.T) {
	c := all(t)
	for _, name := range names(c) {
		for _, bad := range odd(reflect.TypeOf(c[name].Sample), name) {
			t.Error(bad)
		}
	}
}

func odd(typ reflect.Type, path string) (bad []string) {
	switch typ {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[uuid.UUID]():
		return nil
	}
	switch typ.Kind() {
	case reflect.Struct:
		for i := range typ.NumField() {
			f := typ.Field(i)
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" || strings.ToLower(name[:1]) != name[:1] || strings.ContainsAny(name, "_-") || options != "" && options != "omitempty" {
				bad = append(bad, fmt.Sprintf("%s.%s: json tag %q", path, f.Name, f.Tag.Get("json")))
			}
			bad = append(bad, odd(f.Type, path+"."+f.Name)...)
		}
	case reflect.Slice, reflect.Pointer:
		return odd(typ.Elem(), path)
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64:
	default:
		bad = append(bad, fmt.Sprintf("%s: %s", path, typ))
	}
	return bad
}

// Whatever bytes stand in a log, decoding answers; and what it could read once it reads again from what it wrote.
func FuzzDecode(f *testing.F) {
	c := all(f)
	for _, name := range names(c) {
		data, err := json.Marshal(c[name].Sample)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(name, data)
	}
	f.Add("case.filed.v9", []byte("{}"))
	f.Add("case.filed.v1", []byte("null"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		e, err := c.Decode(domain.Record{Type: name, Position: 42, Data: data})
		if err != nil {
			if !strings.Contains(err.Error(), "at position 42") {
				t.Fatalf("the error does not say where: %v", err)
			}
			return
		}
		if e.EventType() != name {
			t.Fatalf("decoded %s as %s", name, e.EventType())
		}
		first, err := json.Marshal(e)
		if err != nil {
			t.Fatalf("%s can be read but not written: %v", name, err)
		}
		again, err := c.Decode(domain.Record{Type: name, Data: first})
		if err != nil {
			t.Fatalf("%s cannot be read from what was written: %v", name, err)
		}
		if second, err := json.Marshal(again); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%s changes when it is copied: %v\n%s\n%s", name, err, first, second)
		}
	})
}

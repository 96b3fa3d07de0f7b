package projections

import (
	"encoding/json"
	"reflect"
	"testing"

	"shuizheng/domain"
	"shuizheng/domain/catalog"
)

// FuzzDecode holds the fast decoder to the catalogue's: what that can read, this reads alike. A read model must not show another
// event than the one that deciders and auditors see.
func FuzzDecode(f *testing.F) {
	types, err := catalog.New()
	if err != nil {
		f.Fatal(err)
	}
	for name, t := range types {
		data, err := json.Marshal(t.Sample)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(name, data)
	}
	f.Add("finding.filed.v1", []byte(`{"Case":"0197a000-0000-7000-8000-000000000301","NUMBER":"x","number":"y"}`))
	f.Add("finding.filed.v1", []byte("{\"number\":\"\xff\\ud800\"}"))
	f.Add("patrol.departed.v1", []byte(`{"crew":null,"reaches":[],"departedAt":null}`))
	f.Add("officer.assigned.v1", []byte(`{"-roles":[]}`))
	f.Add("officer.assigned.v1", []byte(`{"roles":["a","b"],"roles":["c"]}`))
	f.Add("finding.verified.v1", []byte(`{"verifiedAt":"0000-01-01T0:00:00Z"}`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		want, err := types.Decode(domain.Record{Type: name, Data: data})
		if err != nil {
			return
		}
		got := reflect.New(reflect.TypeOf(want))
		if err := unmarshal(data, got.Interface()); err != nil {
			t.Fatalf("%s %s: %v", name, data, err)
		}
		if e := got.Elem().Interface(); !reflect.DeepEqual(e, want) {
			t.Fatalf("%s %s: %+v, want %+v", name, data, e, want)
		}
	})
}

func FuzzMeta(f *testing.F) {
	sample, err := json.Marshal(domain.Meta{Device: &domain.Device{Seq: 1}, Clock: domain.Clock{Kind: domain.ClockGNSS}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Fuzz(func(t *testing.T, data []byte) {
		var want domain.Meta
		if json.Unmarshal(data, &want) != nil {
			return
		}
		i := (&Set{routes: map[string]route{"": {}}}).decode(domain.Record{Metadata: data})
		if i.err != nil || !reflect.DeepEqual(i.meta, want) {
			t.Fatalf("%s: %+v, %v, want %+v", data, i.meta, i.err, want)
		}
	})
}

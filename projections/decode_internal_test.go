package projections

import (
	"encoding/json"
	"reflect"
	"testing"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/catalog"
	"shuizheng/domain/finding"
	"shuizheng/domain/patrol"
	"shuizheng/domain/registry"
)

// decoders are those that handlers use, for every type that any of them could ask for.
func decoders() map[string]func([]byte) (domain.Event, error) {
	return map[string]func([]byte) (domain.Event, error){
		registry.OrganRegistered{}.EventType():   decodeAs[registry.OrganRegistered],
		registry.ReachRegistered{}.EventType():   decodeAs[registry.ReachRegistered],
		registry.OfficerRegistered{}.EventType(): decodeAs[registry.OfficerRegistered],
		registry.OfficerAssigned{}.EventType():   decodeAs[registry.OfficerAssigned],
		registry.CertificateIssued{}.EventType(): decodeAs[registry.CertificateIssued],
		registry.NumberAllotted{}.EventType():    decodeAs[registry.NumberAllotted],
		registry.NumberVoided{}.EventType():      decodeAs[registry.NumberVoided],
		patrol.Departed{}.EventType():            decodeAs[patrol.Departed],
		patrol.TrackRecorded{}.EventType():       decodeAs[patrol.TrackRecorded],
		patrol.Returned{}.EventType():            decodeAs[patrol.Returned],
		finding.Reported{}.EventType():           decodeAs[finding.Reported],
		finding.Verified{}.EventType():           decodeAs[finding.Verified],
		finding.NotFiled{}.EventType():           decodeAs[finding.NotFiled],
		finding.FilingApproved{}.EventType():     decodeAs[finding.FilingApproved],
		finding.Filed{}.EventType():              decodeAs[finding.Filed],
		finding.FilingFailed{}.EventType():       decodeAs[finding.FilingFailed],
		casefile.Filed{}.EventType():             decodeAs[casefile.Filed],
		casefile.Closed{}.EventType():            decodeAs[casefile.Closed],
	}
}

// FuzzDecode holds the fast decoder to the catalogue's: what that can read, this reads alike. A read model must not show another
// event than the one that deciders and auditors see.
func FuzzDecode(f *testing.F) {
	types, err := catalog.New()
	if err != nil {
		f.Fatal(err)
	}
	fast := decoders()
	for name, t := range types {
		data, err := json.Marshal(t.Sample)
		if err != nil {
			f.Fatal(err)
		}
		if fast[name] == nil {
			f.Errorf("%s is not compared", name)
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
		got, err := fast[name](data)
		if err != nil {
			t.Fatalf("%s %s: %v", name, data, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s %s: %+v, want %+v", name, data, got, want)
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

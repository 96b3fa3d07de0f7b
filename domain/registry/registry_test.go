package registry_test

import (
	"testing"

	"github.com/google/uuid"

	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
	"shuizheng/domain/registry"
)

func id(n byte) uuid.UUID { return uuid.UUID{15: n} }

func TestOrgan(t *testing.T) {
	c := registry.RegisterOrgan{Name: "江阴市水利局", DocCode: "澄水", District: "320281"}
	domaintest.For(registry.Organ()).
		When(c).Then(t, registry.OrganRegistered(c)).
		When(c).Refused(t, "organ.already_registered")
}

func TestReach(t *testing.T) {
	c := registry.RegisterReach{Name: "长江江阴段", Water: "长江", District: "320281", Regime: law.Yangtze, LengthM: 35700, LatE6: 31945000, LonE6: 120270000}
	domaintest.For(registry.Reach()).
		When(c).Then(t, registry.ReachRegistered(c)).
		When(c).Refused(t, "reach.already_registered")
}

func TestOfficer(t *testing.T) {
	register := registry.RegisterOfficer{Name: "张示例", Organ: id(1), District: "320281", Roles: []registry.Role{registry.RoleOfficer}}
	assign := registry.AssignOfficer{Organ: id(2), District: "320282", Roles: []registry.Role{registry.RoleHandler}}
	certify := registry.IssueCertificate{CertNo: "苏B示例0001", From: "2024-01-01", Until: "2028-12-31"}
	fresh := domaintest.For(registry.Officer())

	known := fresh.When(register).Then(t, registry.OfficerRegistered(register))
	known.When(register).Refused(t, "officer.already_registered")
	known.When(assign).Then(t, registry.OfficerAssigned(assign))
	known.When(certify).Then(t, registry.CertificateIssued(certify))
	fresh.When(assign).Refused(t, "officer.unknown")
	fresh.When(certify).Refused(t, "officer.unknown")

	oneDay := registry.IssueCertificate{CertNo: "苏B示例0001", From: "2024-01-01", Until: "2024-01-01"}
	known.When(oneDay).Then(t, registry.CertificateIssued(oneDay))
	backwards := registry.IssueCertificate{CertNo: "苏B示例0001", From: "2024-01-01", Until: "2023-12-31"}
	if r := known.When(backwards).Refused(t, "officer.certificate_period"); r.Field != "until" {
		t.Errorf("refused at %q", r.Field)
	}
}

// The district an officer works in decides what he may touch, so the state follows him.
func TestOfficerState(t *testing.T) {
	d := registry.Officer()
	got := d.Fold(registry.OfficerState{},
		registry.OfficerRegistered{District: "320281"}, registry.CertificateIssued{}, registry.OfficerAssigned{District: registry.City})
	if want := (registry.OfficerState{Registered: true, District: registry.City}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestSeriesHasNoGapAndNoDouble(t *testing.T) {
	key := registry.SeriesKey{Organ: id(1), DocCode: "澄水", Kind: "立", Year: 2026}
	allot := func(to byte) registry.Allot { return registry.Allot{Series: key, GivenTo: id(to)} }
	allotted := func(n int, text string, to byte) registry.NumberAllotted {
		return registry.NumberAllotted{Series: key, Serial: n, Text: text, GivenTo: id(to)}
	}
	spec := domaintest.For(registry.Series()).
		When(allot(1)).Then(t, allotted(1, "澄水立〔2026〕1号", 1)).
		When(allot(2)).Then(t, allotted(2, "澄水立〔2026〕2号", 2))
	spec.When(allot(1)).Nothing(t)
	spec.When(allot(2)).Nothing(t)

	void := registry.Void{GivenTo: id(1), Reason: "case.already_filed"}
	voided := spec.When(void).Then(t, registry.NumberVoided{Serial: 1, GivenTo: id(1), Reason: void.Reason})
	voided.When(void).Refused(t, "series.no_number")
	voided.When(registry.Void{GivenTo: id(9)}).Refused(t, "series.no_number")
	voided.When(allot(3)).Then(t, allotted(3, "澄水立〔2026〕3号", 3))
	// A voided number is spent: its taker gets a new one.
	voided.When(allot(1)).Then(t, allotted(3, "澄水立〔2026〕3号", 1)).
		When(registry.Void{GivenTo: id(1), Reason: "x"}).Then(t, registry.NumberVoided{Serial: 3, GivenTo: id(1), Reason: "x"})
}

func TestSeriesKeyNamesOneStream(t *testing.T) {
	key := registry.SeriesKey{Organ: id(1), DocCode: "澄水", Kind: "立", Year: 2026}
	if again := key; again.ID() != key.ID() {
		t.Error("the same key is two streams")
	}
	for _, other := range []registry.SeriesKey{
		{Organ: id(2), DocCode: "澄水", Kind: "立", Year: 2026},
		{Organ: id(1), DocCode: "澄水立", Kind: "", Year: 2026},
		{Organ: id(1), DocCode: "澄水", Kind: "罚", Year: 2026},
		{Organ: id(1), DocCode: "澄水", Kind: "立", Year: 2027},
	} {
		if other.ID() == key.ID() {
			t.Errorf("%+v and %+v are one stream", other, key)
		}
	}
}

func TestLists(t *testing.T) {
	if n := len(registry.Districts()); n != 8 {
		t.Errorf("%d units, Wuxi counts by 8", n)
	}
	seen := map[string]bool{registry.City: true}
	for _, d := range registry.Districts() {
		if seen[d.Code] || d.Name == "" {
			t.Errorf("unit %+v", d)
		}
		seen[d.Code] = true
	}
	roles := map[registry.Role]bool{}
	for _, r := range registry.Roles() {
		if roles[r.Code] || r.Name == "" {
			t.Errorf("role %+v", r)
		}
		roles[r.Code] = true
	}
}

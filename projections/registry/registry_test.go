package registry_test

import (
	"testing"

	"github.com/google/uuid"

	"shuizheng/domain/law"
	domainregistry "shuizheng/domain/registry"
	"shuizheng/projections/logtest"
	"shuizheng/projections/registry"
)

func TestCertificateOnTheDayOfTheAct(t *testing.T) {
	h := logtest.NewHistory(1)
	officer, organ := uuid.New(), uuid.New()
	h.Put("officer", officer, domainregistry.OfficerRegistered{Name: "张示例", Organ: organ, District: "320281", Roles: []domainregistry.Role{domainregistry.RoleOfficer}})
	h.Put("officer", officer, domainregistry.CertificateIssued{CertNo: "old", From: "2020-01-01", Until: "2023-12-31"})
	h.Put("officer", officer, domainregistry.CertificateIssued{CertNo: "new", From: "2024-01-01", Until: "2027-12-31"})
	h.Put("officer", officer, domainregistry.CertificateIssued{CertNo: "replaced", From: "2025-06-01", Until: "2027-12-31"})
	h.Put("officer", officer, domainregistry.OfficerAssigned{Organ: organ, District: domainregistry.City, Roles: nil})
	nobody := uuid.New()
	conn := logtest.Built(t, registry.Projection(), h.Records())

	for on, want := range map[string]string{"2019-12-31": "", "2020-01-01": "old", "2023-12-31": "old", "2024-01-01": "new", "2025-06-01": "replaced", "2027-12-31": "replaced", "2028-01-01": ""} {
		officers, unknown, err := registry.CertifiedOn(conn, law.Date(on), officer, nobody)
		if err != nil || len(officers) != 1 || len(unknown) != 1 || unknown[0] != nobody {
			t.Fatal(officers, unknown, err)
		}
		if o := officers[0]; o.Name != "张示例" || o.CertNo != want || o.Certified(law.Date(on)) != (want != "") {
			t.Errorf("on %s: %+v, want %q", on, o, want)
		}
	}
	if list, err := registry.Certificates(conn, officer); err != nil || len(list) != 3 || list[0].CertNo != "old" || list[2].CertNo != "replaced" {
		t.Error(list, err)
	}
	if list, err := registry.Assignments(conn, officer); err != nil || len(list) != 2 || list[0].District != "320281" || list[1].District != domainregistry.City || len(list[1].Roles) != 0 {
		t.Error(list, err)
	}
	if o, found, err := registry.OfficerByID(conn, officer); err != nil || !found || o.CertNo != "replaced" || o.District != domainregistry.City || o.HasRole(domainregistry.RoleOfficer) {
		t.Error(o, found, err)
	}
	if _, found, err := registry.OfficerByID(conn, nobody); err != nil || found {
		t.Error(found, err)
	}
}

func TestLists(t *testing.T) {
	h := logtest.NewHistory(2)
	h.Grow(3000)
	conn := logtest.Built(t, registry.Projection(), h.Records())
	organs, err := registry.Organs(conn)
	if err != nil || len(organs) != 8 {
		t.Fatal(len(organs), err)
	}
	for districts, want := range map[string][2]int{"": {96, 48}, "320281": {12, 6}, "nowhere": {0, 0}} {
		var only []string
		if districts != "" {
			only = []string{districts}
		}
		reaches, err := registry.Reaches(conn, only...)
		if err != nil || len(reaches) != want[0] {
			t.Errorf("%q: %d reaches, %v", districts, len(reaches), err)
		}
		officers, err := registry.Officers(conn, only...)
		if err != nil || len(officers) != want[1] {
			t.Errorf("%q: %d officers, %v", districts, len(officers), err)
		}
		for _, o := range officers {
			if o.OrganName == "" || !o.HasRole(domainregistry.RoleOfficer) || o.CertNo == "" {
				t.Errorf("%+v", o)
			}
		}
		for _, r := range reaches {
			if got, found, err := registry.ReachByID(conn, r.ID); err != nil || !found || got != r {
				t.Error(got, found, err)
			}
		}
	}
	voided := 0
	for _, o := range organs {
		if got, found, err := registry.OrganByID(conn, o.ID); err != nil || !found || got != o {
			t.Error(got, found, err)
		}
		numbers, err := registry.Numbers(conn, o.ID, "立", 2023)
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range numbers {
			if n.Serial != int64(i+1) {
				t.Errorf("%s: number %d comes as %d", o.Name, i+1, n.Serial)
			}
			if n.Voided != "" {
				voided++
			}
		}
	}
	if voided == 0 {
		t.Error("the history has no voided number")
	}
}

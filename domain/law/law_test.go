package law_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

// Days of the law are days in Beijing, eight hours ahead of the log.
func TestDateOf(t *testing.T) {
	for _, tt := range []struct {
		at   string
		want law.Date
	}{
		{"2026-03-01T15:59:59.999999999Z", "2026-03-01"},
		{"2026-03-01T16:00:00Z", "2026-03-02"},
		{"2026-03-02T00:00:00+08:00", "2026-03-02"},
		{"2026-03-01T23:59:59+08:00", "2026-03-01"},
		{"2025-12-31T16:00:00Z", "2026-01-01"}, // the year of a document number turns here
		{"2024-02-28T16:00:00Z", "2024-02-29"},
		{"2026-03-02T12:00:00-05:00", "2026-03-03"},
	} {
		at, err := time.Parse(time.RFC3339Nano, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := law.DateOf(at); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.at, got, tt.want)
		}
	}
}

func TestDate(t *testing.T) {
	for _, tt := range []struct {
		from  law.Date
		years int
		want  law.Date
	}{
		{"2024-03-01", 2, "2026-03-01"}, {"2023-12-31", 2, "2025-12-31"},
		{"2024-02-29", 2, "2026-02-28"}, {"2020-02-29", 5, "2025-02-28"}, {"2020-02-29", 4, "2024-02-29"},
		{"2024-02-28", 4, "2028-02-28"}, {"not a date", 2, "not a date"},
	} {
		if got := tt.from.AddYears(tt.years); got != tt.want {
			t.Errorf("%s and %d years: %s, want %s", tt.from, tt.years, got, tt.want)
		}
	}
	if y := law.Date("2026-12-31").Year(); y != 2026 {
		t.Errorf("got year %d", y)
	}
	if y := law.Date("2026-13-01").Year(); y != 0 {
		t.Errorf("no date, but year %d", y)
	}
}

func officer(n byte, from, until law.Date) law.Officer {
	return law.Officer{ID: uuid.UUID{15: n}, Name: "张示例", CertNo: "苏B示例000" + string('0'+n), CertFrom: from, CertUntil: until}
}

func TestCertificateIsValidFromItsFirstToItsLastDay(t *testing.T) {
	first, second := officer(1, "2024-03-02", "2026-03-01"), officer(2, "2020-01-01", "2030-12-31")
	for _, tt := range []struct {
		at        string
		certified bool
	}{
		{"2024-03-01T15:59:59Z", false}, // the last second of the day before, in Beijing
		{"2024-03-01T16:00:00Z", true},  // first day
		{"2026-03-01T15:59:59Z", true},  // last day, to its last second
		{"2026-03-01T16:00:00Z", false}, // the day after begins while it is still 1 March in UTC
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		err = law.TwoCertified([]law.Officer{first, second}, law.DateOf(at))
		if tt.certified && err != nil {
			t.Errorf("%s: %v", tt.at, err)
		}
		if !tt.certified {
			domaintest.Refused(t, err, "officer.not_certified")
		}
	}
	none := second
	none.CertNo = ""
	if none.Certified("2026-03-02") {
		t.Error("certified without a certificate")
	}
}

func TestTwoOfficersAreNeeded(t *testing.T) {
	one, two := officer(1, "2020-01-01", "2030-12-31"), officer(2, "2020-01-01", "2030-12-31")
	const day = "2026-03-02"
	if err := law.TwoCertified([]law.Officer{one, two}, day); err != nil {
		t.Error(err)
	}
	for name, crew := range map[string][]law.Officer{"nobody": nil, "one": {one}, "one twice": {one, one}} {
		if r := domaintest.Refused(t, law.TwoCertified(crew, day), "officer.two_needed"); r.Article != "《行政处罚法》第四十二条" {
			t.Errorf("%s: refused by %q", name, r.Article)
		}
	}
	// A third without a certificate spoils the act: each who acts must hold one.
	expired := officer(3, "2020-01-01", "2026-03-01")
	r := domaintest.Refused(t, law.TwoCertified([]law.Officer{one, two, expired}, day), "officer.not_certified")
	if !strings.Contains(r.Message, expired.Name) || !strings.Contains(r.Message, day) {
		t.Errorf("the refusal does not say who and when: %s", r.Message)
	}
}

// filing is a lawful one: conduct, discovery and filing on three days of March 2026.
func filing() (law.Filing, law.FilingGround) {
	f := law.SampleFiling()
	f.GraveHarm = false
	f.ConductEndedOn = "2026-03-01"
	return f, law.FilingGround{Kind: law.SandMining, Regime: law.Yangtze, DiscoveredOn: "2026-03-02", FiledOn: "2026-03-03", Handlers: law.SampleCrew()}
}

func TestLawfulFiling(t *testing.T) {
	if err := law.CheckFiling(filing()); err != nil {
		t.Error(err)
	}
}

func TestFilingRefusals(t *testing.T) {
	const filing54 = "《行政处罚法》第五十四条"
	refused := func(change func(*law.Filing, *law.FilingGround)) error {
		f, g := filing()
		change(&f, &g)
		return law.CheckFiling(f, g)
	}
	type (
		F = *law.Filing
		G = *law.FilingGround
	)
	domaintest.Refused(t, refused(func(_ F, g G) { g.Handlers = g.Handlers[:1] }), "officer.two_needed")
	domaintest.Refused(t, refused(func(_ F, g G) { g.Handlers[1].CertUntil = "2026-03-02" }), "officer.not_certified")
	domaintest.Refused(t, refused(func(f F, _ G) { f.Violation = "S99" }), "case.unknown_violation")
	domaintest.Refused(t, refused(func(f F, _ G) { f.Violation = "S01-2021" }), "case.violation_not_in_force")
	if r := domaintest.Refused(t, refused(func(f F, _ G) { f.Violation = "S08" }), "case.no_jurisdiction"); !strings.Contains(r.Message, "长江海事机构") {
		t.Errorf("the refusal does not say to whom the case belongs: %s", r.Message)
	}
	domaintest.Refused(t, refused(func(_ F, g G) { g.Regime = law.Inland }), "case.violation_not_for_reach")
	domaintest.Refused(t, refused(func(_ F, g G) { g.Kind = law.ShoreDumping }), "case.violation_not_for_finding")
	domaintest.Refused(t, refused(func(f F, _ G) { f.ConductEndedOn = "2026-03-03" }), "case.conduct_after_discovery")
	for _, r := range []struct{ article, want string }{
		{domaintest.Refused(t, refused(func(f F, _ G) { f.Conditions.ViolationFact = false }), "case.no_violation_fact").Article, filing54},
		{domaintest.Refused(t, refused(func(f F, _ G) { f.Conditions.Punishable = false }), "case.not_punishable").Article, filing54},
		{domaintest.Refused(t, refused(func(f F, _ G) { f.Conditions.OwnJurisdiction = false }), "case.no_jurisdiction").Article, "《行政处罚法》第二十二条"},
		{domaintest.Refused(t, refused(func(f F, _ G) { f.ConductEndedOn = "2024-03-01" }), "case.time_barred").Article, "《行政处罚法》第三十六条"},
	} {
		if r.article != r.want {
			t.Errorf("refused by %q, want %q", r.article, r.want)
		}
	}
	for _, tt := range []struct {
		field  string
		change func(F, law.Date)
	}{
		{"unitHead.approvedOn", func(f F, on law.Date) { f.UnitHead.ApprovedOn = on }},
		{"organHead.approvedOn", func(f F, on law.Date) { f.OrganHead.ApprovedOn = on }},
	} {
		for _, on := range []law.Date{"2026-03-01", "2026-03-04"} {
			r := domaintest.Refused(t, refused(func(f F, _ G) { tt.change(f, on) }), "case.approval_date")
			if r.Field != tt.field {
				t.Errorf("%s on %s: refused at %q", tt.field, on, r.Field)
			}
		}
		for _, on := range []law.Date{"2026-03-02", "2026-03-03"} {
			if err := refused(func(f F, _ G) { tt.change(f, on) }); err != nil {
				t.Errorf("%s on %s: %v", tt.field, on, err)
			}
		}
	}
}

// The look-back period runs from the end of the conduct to its discovery: the day two, or five, years on is the last in time.
func TestTimeBar(t *testing.T) {
	for _, tt := range []struct {
		ended, discovered law.Date
		grave, barred     bool
	}{
		{"2024-03-02", "2026-03-02", false, false},
		{"2024-03-02", "2026-03-03", false, true},
		{"2024-03-02", "2026-03-03", true, false},
		{"2024-02-29", "2026-02-28", false, false},
		{"2024-02-29", "2026-03-01", false, true},
		{"2024-07-01", "2029-07-01", true, false},
		{"2024-07-01", "2029-07-02", true, true},
		{"2026-03-02", "2026-03-02", false, false},
	} {
		f, g := filing()
		f.ConductEndedOn, f.GraveHarm = tt.ended, tt.grave
		g.DiscoveredOn, g.FiledOn = tt.discovered, tt.discovered
		f.UnitHead.ApprovedOn, f.OrganHead.ApprovedOn = tt.discovered, tt.discovered
		g.Handlers = []law.Officer{officer(1, "2020-01-01", "2035-12-31"), officer(2, "2020-01-01", "2035-12-31")}
		err := law.CheckFiling(f, g)
		if tt.barred {
			domaintest.Refused(t, err, "case.time_barred")
		} else if err != nil {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	// Once discovered in time, filing late is no bar.
	f, g := filing()
	f.ConductEndedOn, g.DiscoveredOn, g.FiledOn = "2024-03-02", "2026-03-02", "2026-09-01"
	if err := law.CheckFiling(f, g); err != nil {
		t.Errorf("discovered in time, filed later: %v", err)
	}
}

// The sand regulation was amended with effect from 20 July 2023, and the Yangtze law applies from 1 March 2021: of each cause
// that changed, exactly one text is in force on every day of conduct.
func TestTextInForceOnTheDayOfTheConduct(t *testing.T) {
	for _, tt := range []struct {
		ended law.Date
		want  []string
	}{
		{"2001-12-31", nil},
		{"2002-01-01", []string{"S01-2002", "S02-2002", "S03-2002", "S05-2002", "S06-2002"}},
		{"2021-02-28", []string{"S01-2002", "S02-2002", "S03-2002", "S05-2002", "S06-2002"}},
		{"2021-03-01", []string{"S01-2021", "S02-2021", "S03-2002", "S05-2002", "S06-2002"}},
		{"2023-07-19", []string{"S01-2021", "S02-2021", "S03-2002", "S05-2002", "S06-2002"}},
		{"2023-07-20", []string{"S01", "S02", "S03", "S04", "S05", "S06"}},
		{"2026-03-01", []string{"S01", "S02", "S03", "S04", "S05", "S06"}},
	} {
		var got []string
		for _, v := range law.Violations() {
			if !strings.HasPrefix(v.Code, "S") || v.Code == "S07" || v.Refer != "" { // S07 is for inland waters, S08 and S09 are for others
				continue
			}
			f, g := filing()
			f.Violation, f.ConductEndedOn, f.GraveHarm = v.Code, tt.ended, true
			g.DiscoveredOn, g.FiledOn = tt.ended, tt.ended
			f.UnitHead.ApprovedOn, f.OrganHead.ApprovedOn = tt.ended, tt.ended
			g.Handlers = []law.Officer{officer(1, "2000-01-01", "2030-12-31"), officer(2, "2000-01-01", "2030-12-31")}
			if err := law.CheckFiling(f, g); err == nil {
				got = append(got, v.Code)
			} else {
				domaintest.Refused(t, err, "case.violation_not_in_force")
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("conduct of %s: %v may be filed, want %v", tt.ended, got, tt.want)
		}
	}
}

func TestViolationCatalogue(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range law.Violations() {
		switch {
		case seen[v.Code]:
			t.Errorf("%s stands twice", v.Code)
		case v.Name == "" || !strings.HasPrefix(v.Basis, "《"):
			t.Errorf("%s lacks name or basis: %q, %q", v.Code, v.Name, v.Basis)
		case len(v.Regimes) == 0 || len(v.Kinds) == 0:
			t.Errorf("%s can occur nowhere", v.Code)
		case (v.Refer == "") == (len(v.Penalties) == 0):
			t.Errorf("%s is punished neither here nor elsewhere, or both", v.Code)
		case v.From == "" || v.Until != "" && v.Until < v.From:
			t.Errorf("%s is in force from %q until %q", v.Code, v.From, v.Until)
		}
		seen[v.Code] = true
		if found, ok := law.ViolationByCode(v.Code); !ok || found.Name != v.Name {
			t.Errorf("%s is found as %+v, %v", v.Code, found, ok)
		}
	}
	// The list and the table of the source name the same codes.
	for file, n := range map[string]int{"violations.go": len(law.Violations()), "parameters.go": len(law.Parameters())} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if cases := regexp.MustCompile(`(?m)^\tcase "[^"]+":$`).FindAll(source, -1); len(cases) != n {
			t.Errorf("%s has %d cases, its list %d codes", file, len(cases), n)
		}
	}
	// Every kind of finding can lead to a case on every kind of water, today.
	for _, kind := range law.Kinds() {
		for _, regime := range law.Regimes() {
			if !slices.ContainsFunc(law.Violations(), func(v law.Violation) bool {
				return v.Until == "" && v.Refer == "" && slices.Contains(v.Kinds, kind.Code) && slices.Contains(v.Regimes, regime.Code)
			}) {
				t.Errorf("no cause for %s on %s", kind.Name, regime.Name)
			}
		}
	}
}

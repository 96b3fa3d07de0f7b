package casefile_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shuizheng/domain/casefile"
	"shuizheng/domain/law"
)

func act(t testing.TB, s spec, today law.Date, command string) casefile.Act {
	t.Helper()
	list := casefile.Allowed(s.State(), today)
	i := slices.IndexFunc(list, func(a casefile.Act) bool { return a.Command == command })
	if i < 0 {
		t.Fatalf("no act %s", command)
	}
	return list[i]
}

// What is shown as missing is what decisions refuse for, each with its article.
func TestAllowed(t *testing.T) {
	all := casefile.Allowed(start().State(), "2026-03-03")
	names := casefile.Commands()
	if len(all) != len(names) {
		t.Errorf("%d acts, %d commands", len(all), len(names))
	}
	for _, a := range all {
		if names[a.Command] == nil || a.Name == "" || !strings.HasPrefix(a.Article, "《") || a.Possible == (len(a.Missing) > 0) {
			t.Errorf("%+v", a)
		}
	}
	if a := act(t, start(), "2026-03-03", "case.inspect_site"); !a.Possible {
		t.Errorf("%+v", a)
	}

	codes := func(a casefile.Act) (list []string) {
		for _, m := range a.Missing {
			list = append(list, m.Code)
			if !strings.HasSuffix(m.Message, "。") {
				t.Errorf("%+v", m)
			}
		}
		return list
	}
	// Everything a decision still lacks is said at once.
	s := after(t, collected(t), conclude(), notify("2026-03-16"))
	a := act(t, s, "2026-03-17", "case.decide")
	if want := []string{"case.defence_time_left", "case.hearing_window", "case.not_discussed"}; a.Possible || !slices.Equal(codes(a), want) {
		t.Errorf("%v, want %v", codes(a), want)
	}
	if a := act(t, s, "2026-03-24", "case.decide"); !slices.Equal(codes(a), []string{"case.not_discussed"}) {
		t.Errorf("%v", codes(a))
	}
	if a := act(t, after(t, s, discuss("2026-03-20")), "2026-03-24", "case.decide"); !a.Possible {
		t.Errorf("%+v", a)
	}
	if a := act(t, s, "2026-06-10", "case.decide"); !slices.Contains(codes(a), "case.decision_late") {
		t.Errorf("%v", codes(a))
	}

	// Acts over parties, items and things say for which of them they are possible.
	if a := act(t, s, "2026-03-17", "case.notify"); !a.Possible || !slices.Equal(a.Targets, []casefile.Target{{Party: 2}}) {
		t.Errorf("%+v", a)
	}
	served := servedCase(t)
	if a := act(t, served, "2026-04-01", "case.record_payment"); !slices.Equal(a.Targets, []casefile.Target{{Item: 1}}) {
		t.Errorf("%+v", a)
	}
	if a := act(t, served, "2026-04-09", "case.urge"); !slices.Equal(a.Targets, []casefile.Target{{Item: 2}}) { // the last day to pay
		t.Errorf("%+v", a)
	}
	if a := act(t, served, "2026-04-10", "case.urge"); !slices.Equal(a.Targets, []casefile.Target{{Item: 1}, {Item: 2}}) {
		t.Errorf("%+v", a)
	}
	if a := act(t, served, "2026-04-10", "case.close"); a.Possible || len(a.Missing) == 0 {
		t.Errorf("%+v", a)
	}
	held := after(t, start(), preserve(), seize())
	if a := act(t, held, "2026-03-04", "case.end_seizure"); !slices.Equal(a.Targets, []casefile.Target{{Thing: id(22)}}) {
		t.Errorf("%+v", a)
	}
	if a := act(t, held, "2026-04-03", "case.extend_seizure"); a.Possible || codes(a)[0] != "case.seizure_lapsed" {
		t.Errorf("%+v", a)
	}
	empty := casefile.Allowed(casefile.State{}, "2026-03-03")
	if slices.ContainsFunc(empty, func(a casefile.Act) bool { return a.Possible }) {
		t.Error("something is possible with a case that does not exist")
	}
}

func TestClocks(t *testing.T) {
	cal := law.StateCouncil()
	due := func(s spec, today law.Date) map[string]law.Date {
		list := map[string]law.Date{}
		for _, c := range casefile.Clocks(s.State()) {
			d, err := c.Due(cal, today)
			if err != nil {
				t.Errorf("%s: %v", c.Code, err)
			}
			if c.Article == "" || c.Name == "" {
				t.Errorf("%+v", c)
			}
			list[c.Code] = d
		}
		return list
	}
	check := func(s spec, today law.Date, want map[string]law.Date) {
		t.Helper()
		got := due(s, today)
		for code, day := range want {
			if got[code] != day {
				t.Errorf("%s is due on %q, want %q; running: %v", code, got[code], day, got)
			}
		}
	}
	check(start(), "2026-03-03", map[string]law.Date{"decision": "2026-06-01"})
	check(after(t, start(), preserve(), seize()), "2026-03-03", map[string]law.Date{"preservation": "2026-03-12", "seizure": "2026-04-02"})
	check(notifiedCase(t), "2026-03-16", map[string]law.Date{"defence": "2026-03-19", "hearing.request": "2026-03-23", "decision": "2026-06-01"})
	check(decidedCase(t), "2026-03-24", map[string]law.Date{"service": "2026-04-02", "publication": "2026-04-02"})
	check(servedCase(t), "2026-03-25", map[string]law.Date{"payment": "2026-04-09", "review": "2026-05-25", "suit": "2026-09-28"})
	check(after(t, servedCase(t), urge(1, "2026-04-10", "2026-04-30", 25_000_000)), "2026-04-10", map[string]law.Date{"urging": "2026-04-24", "court": "2026-12-28"})
	check(after(t, start(), suspectCrime()), "2026-03-04", map[string]law.Date{"transfer.decision": "2026-03-07"})
	check(after(t, start(), withdraw(), closeCase("withdrawn", "2026-03-05")), "2026-03-05", map[string]law.Date{"archive": "2026-04-07"})
	if _, runs := due(decidedCase(t), "2026-03-25")["decision"]; runs {
		t.Error("the time to decide runs after the decision")
	}

	// Clocks, pauses and extensions point to the events they rest on.
	s := after(t, start(), orderStop(), suspend("2026-03-04"), resume("2026-03-13"), extend("2026-05-20"))
	events := make([]uuid.UUID, len(s.History()))
	for i := range events {
		events[i] = id(byte(100 + i))
	}
	c := casefile.Clocks(s.State(), events...)[0]
	if c.StartEvent != id(100) || len(c.Pauses) != 1 || c.Pauses[0].Event != id(102) || c.Pauses[0].Ended != id(103) || len(c.Extended) != 1 || c.Extended[0] != id(104) {
		t.Errorf("%+v", c)
	}
	if n := len(casefile.Clocks(casefile.State{})); n != 0 {
		t.Errorf("%d clocks of no case", n)
	}
}

// The linter finds what no guard can stop.
func TestLint(t *testing.T) {
	if list := casefile.Lint(servedCase(t).State(), "2026-03-26"); !slices.ContainsFunc(list, func(f casefile.Finding) bool { return f.Code == "lint.measure_missing" }) {
		t.Errorf("the vessel that the text demands is missing from the decision, and nobody says so: %+v", list)
	}
	found(t, casefile.Lint(after(t, start(), preserve()).State(), "2026-03-13"), "lint.preservation_lapsed")
	found(t, casefile.Lint(after(t, start(), seize()).State(), "2026-04-03"), "lint.seizure_lapsed")
	found(t, casefile.Lint(after(t, start(), suspectCrime()).State(), "2026-03-08"), "lint.transfer_undecided")
	found(t, casefile.Lint(after(t, start(), suspectCrime(), approveTransfer()).State(), "2026-03-06"), "lint.transfer_undelivered")
	found(t, casefile.Lint(after(t, start(), with(identify(), func(c *casefile.IdentifyParty) { c.Is.Kind = "unknown" })).State(), "2026-03-06"), "lint.party_unknown")
	unsigned := with(inspect(), func(c *casefile.InspectSite) {
		c.Inspection.Signature = casefile.Signature{State: "refused", Note: "拒签"}
	})
	found(t, casefile.Lint(after(t, start(), unsigned).State(), "2026-03-06"), "lint.unsigned_records")
	found(t, casefile.Lint(after(t, concludedCase(t), with(verify(11), func(c *casefile.VerifyEvidence) { c.Result, c.At = "excluded", on("2026-03-11") })).State(), "2026-03-11"), "lint.excluded_cited")
	found(t, casefile.Lint(rubbish(t).State(), "2026-03-26"), "lint.single_evidence")
	value := with(conclude(), func(c *casefile.ConcludeInvestigation) { c.Report.Facts[0].ValueFen = 5_000_000 })
	found(t, casefile.Lint(after(t, collected(t), value).State(), "2026-03-11"), "lint.crime_not_examined")
	refuse := casefile.RefuseTransfer{Reasons: "示例", Approval: approval("2026-03-05"), At: on("2026-03-05")}
	found(t, casefile.Lint(after(t, collected(t), suspectCrime(), refuse, value).State(), "2026-03-11"), "lint.transfer_refused")
	organ := after(t, notifiedCase(t), with(decide("2026-03-24"), func(c *casefile.Decide) { c.Ruling.Remedy.ReviewOrgan = "江苏省水利厅" }))
	found(t, casefile.Lint(organ.State(), "2026-03-24"), "lint.review_organ")
	found(t, casefile.Lint(after(t, servedCase(t), evidence(13, "2026-03-26")).State(), "2026-03-26"), "lint.evidence_after_decision")
	found(t, casefile.Lint(decidedCase(t).State(), "2026-04-03"), "lint.served_late")
	court := after(t, servedCase(t), urge(1, "2026-04-10", "2026-04-30", 25_000_000), performSand("2026-04-10"), applyToCourt(1, "2026-09-29"),
		casefile.RecordRuling{Item: 1, Result: "accepted", Number: "示例", At: on("2026-10-12")}, closeCase("court_enforcement", "2026-10-13"))
	found(t, casefile.Lint(court.State(), "2026-10-13"), "lint.correction_unverified")
	if list := casefile.Lint(casefile.State{}, "2026-03-03"); list != nil {
		t.Errorf("%+v", list)
	}
	if list := casefile.Lint(after(t, start(), orderStop(), inspect()).State(), "2026-03-04"); len(list) != 0 {
		t.Errorf("a sound case is found fault with: %+v", list)
	}
}

package law_test

import (
	"slices"
	"strings"
	"testing"

	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

// What could not be read in its source is here with its doubt, and nowhere in code as a number.
func TestParametersStandWithTheirConfidence(t *testing.T) {
	want := map[string]struct {
		confidence string
		today      int64 // on 2026-03-02; money in fen
	}{
		"filing.period": {law.Low, 15}, "decision.period": {law.FromSource, 90}, "decision.extension": {law.Low, 60},
		"pause.suspension": {law.Medium, 1}, "pause.hearing": {law.Medium, 1}, "pause.announcement": {law.Medium, 1}, "pause.appraisal": {law.Medium, 1},
		"hearing.fine.person": {law.FromSource, 50000}, "hearing.fine.organisation": {law.FromSource, 100000},
		"hearing.confiscation.person": {law.Medium, 50000}, "hearing.confiscation.organisation": {law.Medium, 100000},
		"discussion.fine.person": {law.FromSource, 500000}, "discussion.fine.organisation": {law.FromSource, 5000000},
		"review.public": {law.FromSource, 1}, "review.heard": {law.FromSource, 1}, "review.complex": {law.FromSource, 1}, "review.all": {law.Low, 0},
		"defence.period": {law.Medium, 3}, "announcement.period": {law.FromSource, 30},
		"summary.fine.person": {law.FromSource, 20000}, "summary.fine.organisation": {law.FromSource, 300000}, "summary.report": {law.Medium, 5},
		"crime.value": {law.Medium, 10000000}, "crime.value.closed": {law.Medium, 5000000}, "crime.grave.times": {law.FromSource, 5},
		"publication.period": {law.FromSource, 7}, "archive.period": {law.Low, 30},
		"severity.area.major": {law.FromSource, 5000}, "severity.area.moderate": {law.FromSource, 1000}, "severity.volume.major": {law.FromSource, 500},
		"report.cutoff": {law.FromSource, 25},
	}
	units := []string{string(law.Days), string(law.WorkingDays), "fen", "m2", "m3", "dayOfMonth", "times", "flag"}
	table := law.Parameters()
	for _, p := range table {
		w, known := want[p.Code]
		delete(want, p.Code)
		value, err := law.DefaultSettings().Value(p.Code, "2026-03-02")
		if !known || p.Confidence != w.confidence || value != w.today || err != nil {
			t.Errorf("%s: %s, %d, %v; want %+v", p.Code, p.Confidence, value, err, w)
		}
		if p.Name == "" || p.Article == "" || !slices.Contains(units, p.Unit) || len(p.Versions) == 0 || p.Versions[0].From != "" {
			t.Errorf("%s is not whole: %+v", p.Code, p)
		}
		for n, v := range p.Versions {
			if v.Note == "" || v.Value < 0 || n > 0 && (!v.From.Valid() || v.From <= p.Versions[n-1].From) {
				t.Errorf("%s: version %d: %+v", p.Code, n, v)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	// Who shows the table may not change it.
	table[0].Versions[0].Value = 99
	if v, err := law.DefaultSettings().Value(table[0].Code, "2026-03-02"); v == 99 || err != nil {
		t.Error("the table can be written to")
	}
}

func TestParameterVersions(t *testing.T) {
	for _, tt := range []struct {
		code string
		on   law.Date
		want int64
	}{
		{"discussion.fine.person", "2023-04-30", 300000}, {"discussion.fine.person", "2023-05-01", 500000},
		{"discussion.fine.organisation", "2023-04-30", 3000000}, {"discussion.fine.organisation", "2023-05-01", 5000000},
		{"summary.fine.person", "2021-07-14", 5000}, {"summary.fine.person", "2021-07-15", 20000},
		{"summary.fine.organisation", "2021-07-14", 100000}, {"summary.fine.organisation", "2021-07-15", 300000},
		{"announcement.period", "2021-12-31", 60}, {"announcement.period", "2022-01-01", 30},
		{"decision.period", "", 90}, {"decision.period", "2019-12-05", 90},
	} {
		if got, err := law.DefaultSettings().Value(tt.code, tt.on); got != tt.want || err != nil {
			t.Errorf("%s on %s: %d, %v; want %d", tt.code, tt.on, got, err, tt.want)
		}
	}
}

func with(t *testing.T, s law.Settings, code string, from law.Date, value int64) law.Settings {
	t.Helper()
	s, err := s.With(code, from, value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSettings(t *testing.T) {
	none := law.DefaultSettings()
	s := with(t, none, "discussion.fine.person", "2024-01-01", 200000)
	s = with(t, s, "discussion.fine.person", "2022-01-01", 100000)
	s = with(t, s, "hearing.fine.person", "2025-01-01", 1000000)
	for _, tt := range []struct {
		settings law.Settings
		code     string
		on       law.Date
		want     int64
	}{
		{s, "discussion.fine.person", "2021-12-31", 300000},
		{s, "discussion.fine.person", "2022-01-01", 100000},
		{s, "discussion.fine.person", "2023-04-30", 100000},
		{s, "discussion.fine.person", "2023-05-01", 500000}, // a new text of the rule ends what was set under the old one
		{s, "discussion.fine.person", "2023-12-31", 500000},
		{s, "discussion.fine.person", "2024-01-01", 200000},
		{s, "hearing.fine.person", "2024-12-31", 50000}, {s, "hearing.fine.person", "2025-01-01", 1000000},
		{s, "hearing.fine.organisation", "2025-01-01", 100000},
		{with(t, none, "discussion.fine.person", "2023-05-01", 1), "discussion.fine.person", "2023-05-01", 1}, // set for the very day
		{with(t, s, "hearing.fine.person", "2025-01-01", 7), "hearing.fine.person", "2025-06-01", 7},          // set anew
		{none, "hearing.fine.person", "2025-01-01", 50000},
	} {
		if got, err := tt.settings.Value(tt.code, tt.on); got != tt.want || err != nil {
			t.Errorf("%s on %s: %d, %v; want %d", tt.code, tt.on, got, err, tt.want)
		}
	}
	if none.Version() != law.Version || s.Version() != law.Version+"+3" {
		t.Errorf("%s, %s", none.Version(), s.Version())
	}
	// What is set reaches the clocks, on the day they start.
	s = with(t, s, "filing.period", "2026-01-01", 7)
	if a, b := law.FilingClock(s, "2025-12-31", event).Length, law.FilingClock(s, "2026-01-01", event).Length; a != 15 || b != 7 {
		t.Errorf("filing within %d, then %d days", a, b)
	}
	off := with(t, s, "pause.hearing", "2026-01-01", 0)
	for _, tt := range []struct {
		ground string
		on     law.Date
		want   bool
	}{{law.PauseHearing, "2025-12-31", true}, {law.PauseHearing, "2026-01-01", false}, {law.PauseSuspension, "2026-01-01", true},
		{law.PauseAnnouncement, "2026-01-01", true}, {law.PauseAppraisal, "2026-01-01", true}, {"rain", "2026-01-01", false}} {
		if got := law.PausesDecision(off, tt.ground, tt.on); got != tt.want {
			t.Errorf("%s on %s: %v", tt.ground, tt.on, got)
		}
	}
}

func TestSettingsRefuse(t *testing.T) {
	s := law.DefaultSettings()
	for _, edge := range []struct {
		code  string
		value int64
	}{{"report.cutoff", 1}, {"report.cutoff", 31}, {"filing.period", 0}, {"filing.period", 3650}, {"pause.hearing", 1}} {
		with(t, s, edge.code, "2026-03-02", edge.value)
	}
	_, err := s.Value("hearing.tea", "2026-03-02")
	domaintest.Refused(t, err, "parameter.unknown")
	_, err = s.With("hearing.tea", "2026-03-02", 1)
	domaintest.Refused(t, err, "parameter.unknown")
	_, err = s.With("summary.fine.person", "2026-03-02", 1_000_00)
	if r := domaintest.Refused(t, err, "parameter.fixed"); r.Article != "《行政处罚法》第五十一条" {
		t.Errorf("refused by %q", r.Article)
	}
	for _, tt := range []struct {
		code  string
		from  law.Date
		value int64
	}{{"filing.period", "", 7}, {"filing.period", "2026-02-30", 7}, {"filing.period", "2026-03-02", -1}, {"filing.period", "2026-03-02", 3651},
		{"defence.period", "2026-03-02", 1 << 40}, {"pause.hearing", "2026-03-02", 2}, {"report.cutoff", "2026-03-02", 0}, {"report.cutoff", "2026-03-02", 32}} {
		got, err := s.With(tt.code, tt.from, tt.value)
		r := domaintest.Refused(t, err, "parameter.bad_value")
		if got.Version() != s.Version() || !strings.Contains(r.Message, "不能这样设置") {
			t.Errorf("%+v: %s, %s", tt, got.Version(), r.Message)
		}
	}
}

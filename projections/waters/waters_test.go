package waters_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/law"
	"shuizheng/domain/sandmining"
	"shuizheng/domain/shoreline"
	"shuizheng/projections"
	"shuizheng/projections/logtest"
	"shuizheng/projections/waters"
)

var (
	at    = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	crew  = law.SampleCrew()
	photo = domain.Evidence{SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", MediaType: "image/jpeg"}
	after = domain.Evidence{SHA256: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", MediaType: "image/png"}
)

func id(n byte) uuid.UUID { return uuid.UUID{6: 0x70, 8: 0x80, 15: n} }

func sandAt(district string) sandmining.Reach {
	return sandmining.Reach{ID: id(1), Name: "长江江阴段", District: district, Regime: law.Yangtze}
}

// written puts a few lives into a history and builds the read model from it.
func written(t *testing.T) *sqlite.Conn {
	t.Helper()
	h := logtest.NewHistory(1)
	put := func(category string, of byte, events ...domain.Event) {
		for _, e := range events {
			h.Put(category, id(of), e)
		}
	}
	put("permit", 10, sandmining.PermitIssued{Number: "示例采许1号", Reach: sandAt("320281"), Terms: sandmining.Terms{Quota: 6000, AnnualTotal: 6000, ValidUntil: "2026-12-31"}, IssuedAt: at},
		sandmining.QuotaReserved{Bill: id(20), Amount: 1000, LoadedAt: at}, sandmining.QuotaReserved{Bill: id(21), Amount: 500, LoadedAt: at}, sandmining.QuotaReleased{Bill: id(21), Amount: 500, Reason: "未装载"},
		sandmining.ExtractionRecorded{Day: "2026-03-02", Amount: 200}, sandmining.PermitSuspended{})
	put("permit", 11, sandmining.PermitIssued{Number: "示例采许2号", Reach: sandAt("320282"), Terms: sandmining.Terms{Quota: 100, ValidUntil: "2026-06-30"}, IssuedAt: at}, sandmining.PermitEnded{Way: "revoked"})
	put("waybill", 20, sandmining.BillIssued{Number: "示例单1", Permit: sandmining.PermitRef{ID: id(10)}, Reach: sandAt("320281"), Carrier: sandmining.VesselRef{Name: "苏示例货0002"}, Amount: 1000, LoadedAt: at},
		sandmining.BillChecked{Check: id(60), Result: "mismatch", Photos: []domain.Evidence{photo}}, sandmining.BillTransshipped{To: id(22), Amount: 400}, sandmining.BillUnloaded{})
	put("waybill", 22, sandmining.BillIssued{Number: "示例单2", Permit: sandmining.PermitRef{ID: id(10)}, Reach: sandAt("320281"), Carrier: sandmining.VesselRef{Name: "苏示例货0003"}, Amount: 400, LoadedAt: at.Add(time.Hour)})
	put("vessel", 30, sandmining.VesselRegistered{District: "320281", Identity: sandmining.Identity{Name: "苏示例采0001", Type: "dredger", Papers: "complete"}, RegisteredAt: at},
		sandmining.BerthDesignated{Berth: sandmining.Berth{Name: "芦埠港"}}, sandmining.VesselBerthed{}, sandmining.AbsenceFound{Photos: []domain.Evidence{photo}},
		sandmining.VesselSighted{Reach: sandAt("320282"), Activity: "mining", Photos: []domain.Evidence{after}}, sandmining.VesselHeld{Hold: sandmining.Hold{Case: id(50), Measure: "preserved", Place: "芦埠港"}})
	put("vessel", 31, sandmining.VesselRegistered{District: "320282", Identity: sandmining.Identity{Type: "hidden", Papers: "none"}, RegisteredAt: at}, sandmining.VesselIdentified{Identity: sandmining.Identity{Name: "苏示例隐0009", Type: "hidden", Papers: "incomplete"}})

	reach := shoreline.Reach{ID: id(1), Name: "长江江阴段", District: "320281", Regime: law.Yangtze}
	found := shoreline.ProblemFound{Source: "patrol", List: shoreline.City, Reach: reach, Subtype: "occupy.water_flat", Kind: law.ShoreOccupied, Description: "滩地堆场侵占水域", Size: shoreline.Quantities{AreaM2: 5600}, Photos: []domain.Evidence{photo},
		FoundAt: time.Date(2016, 4, 11, 1, 0, 0, 0, time.UTC)}
	put("problem", 40, found, shoreline.ProblemConfirmed{Severity: shoreline.Major, Historical: true, Subject: "示例公司", Size: found.Size}, shoreline.ProblemDispatched{Unit: "示例镇", Measure: "demolish", DeadlineOn: "2018-06-30"},
		shoreline.ExtensionApproved{DeadlineOn: "2018-12-31"}, shoreline.RectificationCompleted{Done: found.Size, CompletedOn: "2018-12-11", Pairs: []shoreline.Pair{{Before: shoreline.Shot{Photo: photo}, After: shoreline.Shot{Photo: after}}}},
		shoreline.AcceptancePassed{Level: shoreline.County, On: "2018-12-12"}, shoreline.AcceptancePassed{Level: shoreline.City, On: "2018-12-20"}, shoreline.ProblemClosedOut{Sheet: "销号单1", On: "2018-12-25"})
	other := found
	other.Description, other.Kind, other.Subtype, other.FoundAt = "河滩种植", law.ShoreOccupied, "occupy.planting", at
	put("problem", 41, other, shoreline.ProblemConfirmed{Severity: shoreline.General}, shoreline.ProblemDispatched{DeadlineOn: "2026-04-30"})
	put("polygon", 45, shoreline.PolygonPushed{Number: "示例017", Reach: reach, PushedAt: at}, shoreline.PolygonAssigned{DueOn: "2026-03-10"}, shoreline.PolygonChecked{Result: "problem", Problems: []uuid.UUID{id(40)}, Proof: []domain.Evidence{photo}, Crew: crew})
	return logtest.Built(t, waters.Projection(), h.Records())
}

func ids[T any](t *testing.T, list projections.List[T], err error, of func(T) uuid.UUID) (got []byte) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range list.Items {
		got = append(got, of(row)[15])
	}
	return got
}

func TestSandLedgers(t *testing.T) {
	conn := written(t)
	p, ok, err := waters.PermitByID(conn, id(10))
	if err != nil || !ok || p.Number != "示例采许1号" || p.Status != sandmining.PermitPaused || p.Used != 1200 || p.Left != 4800 || p.Bills != 1 || p.IssuedOn != "2026-03-02" {
		t.Errorf("%+v, %v, %v", p, ok, err)
	}
	if p, _, err := waters.PermitByID(conn, id(11)); err != nil || p.Status != sandmining.PermitTakenAway || p.EndedBy != "revoked" {
		t.Errorf("%+v, %v", p, err)
	}
	if _, ok, err := waters.PermitByID(conn, id(99)); ok || err != nil {
		t.Error(ok, err)
	}
	permit := func(p waters.Permit) uuid.UUID { return p.ID }
	for _, tt := range []struct {
		f    waters.PermitFilter
		sort string
		want []byte
	}{
		{waters.PermitFilter{}, "validUntil", []byte{11, 10}}, {waters.PermitFilter{Districts: []string{"320281"}}, "", []byte{10}}, {waters.PermitFilter{Statuses: []sandmining.PermitStatus{sandmining.PermitTakenAway}}, "", []byte{11}},
		{waters.PermitFilter{Number: "2号"}, "", []byte{11}}, {waters.PermitFilter{Number: "%"}, "", nil},
	} {
		list, err := waters.Permits(conn, tt.f, projections.Page{Sort: tt.sort})
		if got := ids(t, list, err, permit); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: %v, want %v", tt.f, got, tt.want)
		}
	}

	b, ok, err := waters.BillByID(conn, id(20))
	if err != nil || !ok || b.Status != sandmining.BillUsedUp || b.Rest != 600 || b.Checks != 1 || !b.Mismatched || b.UsedAt == nil {
		t.Errorf("%+v, %v, %v", b, ok, err)
	}
	bill := func(b waters.Bill) uuid.UUID { return b.ID }
	ten := id(10)
	for _, tt := range []struct {
		f    waters.BillFilter
		want []byte
	}{{waters.BillFilter{Permit: &ten}, []byte{22, 20}}, {waters.BillFilter{Mismatched: true}, []byte{20}}, {waters.BillFilter{Number: "0003"}, []byte{22}}, {waters.BillFilter{Districts: []string{"320282"}}, nil}} {
		list, err := waters.Bills(conn, tt.f, projections.Page{})
		if got := ids(t, list, err, bill); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: %v, want %v", tt.f, got, tt.want)
		}
	}

	v, ok, err := waters.VesselByID(conn, id(30))
	if err != nil || !ok || v.Status != sandmining.VesselInCustody || v.Berth != "芦埠港" || v.Absences != 1 || v.Hold == nil || v.Hold.Case != id(50) || v.Seen == nil || v.Seen.Activity != "mining" || v.Seen.Reach.District != "320282" {
		t.Errorf("%+v, %v, %v", v, ok, err)
	}
	vessel := func(v waters.Vessel) uuid.UUID { return v.ID }
	for _, tt := range []struct {
		f    waters.VesselFilter
		want []byte
	}{{waters.VesselFilter{Name: "隐"}, []byte{31}}, {waters.VesselFilter{Types: []string{"dredger"}}, []byte{30}}, {waters.VesselFilter{Papers: []string{"none"}}, nil}, {waters.VesselFilter{}, []byte{31, 30}}} {
		list, err := waters.Vessels(conn, tt.f, projections.Page{})
		if got := ids(t, list, err, vessel); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: %v, want %v", tt.f, got, tt.want)
		}
	}
}

func TestShoreLedgers(t *testing.T) {
	conn := written(t)
	p, ok, err := waters.ProblemByID(conn, id(40))
	if err != nil || !ok || p.Status != shoreline.StatusClosedOut || p.Severity != shoreline.Major || !p.Historical || p.Subject != "示例公司" || p.DeadlineOn != "2018-12-31" || p.Extensions != 1 || p.Done.AreaM2 != 5600 ||
		p.CompletedOn != "2018-12-11" || p.Months != 32 || len(p.Accepted) != 2 || p.AcceptedOn != "2018-12-20" || p.Sheet != "销号单1" || p.ClosedOn != "2018-12-25" || p.Round != 1 || p.Cases == nil {
		t.Errorf("%+v, %v, %v", p, ok, err)
	}
	problem := func(p waters.Problem) uuid.UUID { return p.ID }
	for _, tt := range []struct {
		f    waters.ProblemFilter
		want []byte
	}{
		{waters.ProblemFilter{}, []byte{41, 40}}, {waters.ProblemFilter{Severities: []shoreline.Severity{shoreline.Major}}, []byte{40}}, {waters.ProblemFilter{Text: "种植"}, []byte{41}}, {waters.ProblemFilter{Text: "堆场"}, []byte{40}},
		{waters.ProblemFilter{DueBefore: "2026-05-01"}, []byte{41}}, {waters.ProblemFilter{DueBefore: "2026-04-30"}, nil}, {waters.ProblemFilter{To: "2020-01-01"}, []byte{40}}, {waters.ProblemFilter{Districts: []string{"320282"}}, nil},
		{waters.ProblemFilter{Lists: []shoreline.Level{shoreline.Province}}, nil}, {waters.ProblemFilter{Statuses: []shoreline.ProblemStatus{shoreline.StatusDispatched}}, []byte{41}},
	} {
		list, err := waters.Problems(conn, tt.f, projections.Page{})
		if got := ids(t, list, err, problem); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: %v, want %v", tt.f, got, tt.want)
		}
	}
	all := logtest.Pages(t, 1, "deadlineOn", "-foundOn", func(p projections.Page) (projections.List[waters.Problem], error) {
		return waters.Problems(conn, waters.ProblemFilter{}, p)
	}, func(p projections.Page) (projections.List[waters.Problem], error) {
		return waters.Problems(conn, waters.ProblemFilter{Districts: []string{"320281"}}, p)
	})
	if len(all) != 2 || all[0].ID != id(40) {
		t.Errorf("by deadline: %+v", all)
	}
	g, ok, err := waters.PolygonByID(conn, id(45))
	if err != nil || !ok || g.Status != shoreline.PolygonLookedAt || g.Result != "problem" || !slices.Equal(g.Problems, []uuid.UUID{id(40)}) || g.DueOn != "2026-03-10" {
		t.Errorf("%+v, %v, %v", g, ok, err)
	}
	list, err := waters.Polygons(conn, waters.PolygonFilter{Results: []string{"problem"}, Number: "017"}, projections.Page{})
	if got := ids(t, list, err, func(p waters.Polygon) uuid.UUID { return p.ID }); !slices.Equal(got, []byte{45}) {
		t.Errorf("polygons %v", got)
	}
}

// Who works on a district that a record of it cites a file may read the file.
func TestCitations(t *testing.T) {
	conn := written(t)
	for sha, want := range map[string][]string{photo.SHA256: {"320281"}, after.SHA256: {"320281", "320282"}, "00": nil, "'; DROP TABLE x": nil} {
		list, err := waters.Citations(conn, sha)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range list {
			got = append(got, c.District)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s is cited in %v, want %v", sha, got, want)
		}
	}
}

package domaintest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/catalog"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/domain/patrol"
	"shuizheng/domain/registry"
)

func TestLaws(t *testing.T) {
	all, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	var (
		at       = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
		id       = func(n byte) uuid.UUID { return uuid.UUID{15: n} }
		crew     = law.SampleCrew()
		officers = []uuid.UUID{crew[0].ID, crew[1].ID}
		reach    = finding.Reach{ID: id(1), Name: "长江江阴段", District: "320281", Regime: law.Yangtze}
		filing   = law.SampleFiling()
		approval = law.Approval{Name: "李示例", Post: "局长", Opinion: "同意", ApprovedOn: "2026-03-03"}
		series   = registry.SeriesKey{Organ: id(1), DocCode: "澄水", Kind: "立", Year: 2026}
	)
	covered := map[string]bool{}
	run := func(category string, laws func(*testing.T)) {
		covered[category] = true
		t.Run(category, laws)
	}
	run("organ", func(t *testing.T) {
		domaintest.Laws(t, all, registry.Organ(), []registry.RegisterOrgan{{Name: "江阴市水利局", DocCode: "澄水", District: "320281"}})
	})
	run("reach", func(t *testing.T) {
		domaintest.Laws(t, all, registry.Reach(), []registry.RegisterReach{{Name: "长江江阴段", Water: "长江", District: "320281", Regime: law.Yangtze}})
	})
	run("officer", func(t *testing.T) {
		domaintest.Laws(t, all, registry.Officer(), []registry.OfficerCommand{
			registry.RegisterOfficer{Name: "张示例", Organ: id(1), District: "320281", Roles: []registry.Role{registry.RoleOfficer}},
			registry.AssignOfficer{Organ: id(2), District: "320282", Roles: []registry.Role{registry.RoleHandler}},
			registry.IssueCertificate{CertNo: "苏B示例0001", From: "2024-01-01", Until: "2028-12-31"},
		})
	})
	run("series", func(t *testing.T) {
		domaintest.Laws(t, all, registry.Series(), []registry.SeriesCommand{
			registry.Allot{Series: series, GivenTo: id(1)},
			registry.Allot{Series: series, GivenTo: id(2)},
			registry.Void{GivenTo: id(1), Reason: "立案未成立"},
			registry.Allot{Series: series, GivenTo: id(1)},
		})
	})
	run("patrol", func(t *testing.T) {
		domaintest.Laws(t, all, patrol.Decider(), []patrol.Command{
			patrol.Depart{Officers: officers, Reaches: []uuid.UUID{id(1)}, Means: "boat", District: "320281", Crew: crew, At: at},
			patrol.RecordTrack{Points: []patrol.Point{{LatE6: 31934000, LonE6: 120260000, At: at}, {LatE6: 31935000, LonE6: 120262000, At: at.Add(time.Minute)}}, At: at.Add(time.Minute)},
			patrol.RecordTrack{Points: []patrol.Point{{LatE6: 31936000, LonE6: 120264000, At: at.Add(2 * time.Minute)}}, At: at.Add(3 * time.Minute)},
			patrol.Return{Note: "未见异常", At: at.Add(time.Hour)},
		})
	})
	run("finding", func(t *testing.T) {
		patrolID := id(3)
		domaintest.Laws(t, all, finding.Decider(), []finding.Command{
			finding.Report{Source: "patrol", Kind: law.SandMining, Patrol: &patrolID, ReachID: reach.ID, Description: "发现采砂船",
				Vessel: &finding.Vessel{Type: "dredger", Papers: "none"}, Photos: []domain.Evidence{{SHA256: "00", ID: id(4)}}, Officers: officers, Reach: reach, Crew: crew, At: at},
			finding.Verify{Result: "unfounded", Note: "未见", Officers: officers, Crew: crew, At: at.Add(time.Hour)},
			finding.Verify{Result: "suspected", Note: "发现吸砂泵", Officers: officers, Crew: crew, At: at.Add(2 * time.Hour)},
			finding.ApproveFiling{Case: id(5), Filing: filing, Handlers: crew, At: at.Add(24 * time.Hour)},
			finding.FailFiling{Case: id(5), Reason: "case.already_filed"},
			finding.ApproveFiling{Case: id(6), Filing: filing, Handlers: crew, At: at.Add(25 * time.Hour)},
			finding.MarkFiled{Case: id(6), Number: "澄水立〔2026〕1号"},
		}, []finding.Command{
			finding.Report{Source: "tip", Kind: law.ShoreDumping, ReachID: reach.ID, Description: "堆放渣土", Officers: officers[:1], Reach: reach, Crew: crew[:1], At: at},
			finding.Verify{Result: "unfounded", Note: "未见", Officers: officers, Crew: crew, At: at.Add(time.Hour)},
			finding.DoNotFile{Reason: "no_violation", Note: "不属实", Approval: approval, At: at.Add(24 * time.Hour)},
		})
	})
	covered["case"] = true // its lives are long and stand in its own tests
	waterLaws(t, all, run)
	for name := range all {
		if category, _, _ := strings.Cut(name, "."); !covered[category] {
			t.Errorf("%s: the laws are not tried for %s", name, category)
		}
	}
}

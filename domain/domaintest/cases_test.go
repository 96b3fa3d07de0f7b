package domaintest_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/domain/registry"
)

// beijing is a moment on the clock of the officers.
func beijing(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 0, 0, 0, law.Beijing()).UTC()
}

func crew(from, until law.Date) []law.Officer {
	return []law.Officer{
		{ID: uuid.UUID{15: 1}, Name: "张示例", CertNo: "苏B示例0001", CertFrom: from, CertUntil: until},
		{ID: uuid.UUID{15: 2}, Name: "陈示例", CertNo: "苏B示例0002", CertFrom: from, CertUntil: until},
	}
}

// 利港, 5 December 2019: before dawn two vessels are caught mining in the Yangtze, four persons are handed to the police. Dates,
// place and numbers are of the published case; names and document numbers are invented.
func TestLigang2019(t *testing.T) {
	var (
		dawn     = beijing(2019, time.December, 5, 4) // still 4 December in UTC
		officers = crew("2018-01-01", "2020-12-31")
		reach    = finding.Reach{ID: uuid.UUID{15: 3}, Name: "长江江阴段", District: "320281", Regime: law.Yangtze}
		organ    = finding.Organ{ID: uuid.UUID{15: 4}, Name: "江阴市水利局", DocCode: "澄水", District: "320281"}
		patrol   = uuid.UUID{15: 5}
		file     = uuid.UUID{15: 6}
		filing   = law.Filing{Title: "利港水域非法采砂案", Violation: "S01-2002", Summary: "两船正在采砂，四人被查获。", ConductEndedOn: "2019-12-05",
			Parties:    []law.Party{{Kind: "unknown", Name: "两艘采砂船的船员四人"}},
			Conditions: law.Conditions{ViolationFact: true, Punishable: true, OwnJurisdiction: true},
			UnitHead:   law.Approval{Name: "赵示例", Post: "大队长", Opinion: "建议立案", ApprovedOn: "2019-12-05"},
			OrganHead:  law.Approval{Name: "李示例", Post: "局长", Opinion: "同意立案", ApprovedOn: "2019-12-05"}}
		ground = law.FilingGround{Kind: law.SandMining, Regime: law.Yangtze, DiscoveredOn: "2019-12-05", FiledOn: "2019-12-05", Handlers: officers}
		noon   = beijing(2019, time.December, 5, 12)
	)
	report := finding.Report{Photos: []domain.Evidence{}, Source: "patrol", Kind: law.SandMining, Patrol: &patrol, Reach: reach, Description: "两船在利港水域采砂",
		Vessel: &finding.Vessel{Type: "dredger", Papers: "unknown"}, Persons: 4, Crew: officers, At: dawn}
	clue := domaintest.For(finding.Decider()).When(report).Then(t, finding.Reported{Source: "patrol", Kind: law.SandMining, Patrol: &patrol, Reach: reach,
		Description: report.Description, Vessel: report.Vessel, Persons: 4, Photos: []domain.Evidence{}, Crew: officers, FoundAt: dawn})

	// The texts of 2021 and 2023 do not reach back.
	for _, later := range []string{"S01", "S01-2021", "S02", "S02-2021"} {
		f := filing
		f.Violation = later
		clue.When(finding.ApproveFiling{Case: file, Filing: f, Organ: organ, Handlers: officers, At: noon}).Refused(t, "case.violation_not_in_force")
	}
	approval := finding.FilingApproved{Case: file, Organ: organ, Filing: filing, Ground: ground, ApprovedAt: noon}
	clue = clue.When(finding.ApproveFiling{Case: file, Filing: filing, Organ: organ, Handlers: officers, At: noon}).Then(t, approval)

	key := registry.SeriesKey{Organ: organ.ID, DocCode: organ.DocCode, Kind: "立", Year: ground.FiledOn.Year()}
	const number = "澄水立〔2019〕1号"
	domaintest.For(registry.Series()).When(registry.Allot{Series: key, GivenTo: file}).
		Then(t, registry.NumberAllotted{Series: key, Serial: 1, Text: number, GivenTo: file})
	open := domaintest.For(casefile.Decider()).
		When(casefile.File{Number: number, Source: "patrol", Organ: organ.ID, District: "320281", Reach: reach.ID, Filing: filing, Ground: ground, At: noon}).
		Then(t, casefile.Filed{Number: number, Source: "patrol", Organ: organ.ID, District: "320281", Reach: reach.ID, Filing: filing, Ground: ground, FiledAt: noon})
	clue.When(finding.MarkFiled{Case: file, Number: number}).Then(t, finding.Filed{Case: file, Number: number})

	transfer := casefile.Close{Ground: "transferred_criminal", Note: "四人移交公安机关", Receiver: "公安机关", At: beijing(2019, time.December, 6, 9),
		Approval: law.Approval{Name: "李示例", Post: "局长", Opinion: "同意移送", ApprovedOn: "2019-12-05"}}
	open.When(transfer).Refused(t, "case.transfer_receipt")
	transfer.Receipt = "示例回执"
	open.When(transfer).Then(t, casefile.Closed{Ground: transfer.Ground, Note: transfer.Note, Receiver: transfer.Receiver, Receipt: transfer.Receipt,
		Approval: transfer.Approval, ClosedAt: transfer.At})
}

// 湟里北干河, summer 2019: a guidance letter of 19 June about fish traps is ignored, and on 15 August they are removed. Eight weeks
// lie between the two checks, and the finding stays open all the time.
func TestHuangli2019(t *testing.T) {
	var (
		letter  = beijing(2019, time.June, 19, 10)
		removal = beijing(2019, time.August, 15, 9)
		team    = crew("2018-01-01", "2019-08-15") // valid to the day of the removal itself
		reach   = finding.Reach{ID: uuid.UUID{15: 3}, Name: "湟里北干河", District: "320211", Regime: law.Inland}
		end     = finding.DoNotFile{Reason: "corrected", Note: "鱼罾鱼簖四处、杂物三处已清除", At: removal.Add(8 * time.Hour),
			Approval: law.Approval{Name: "李示例", Post: "局长", Opinion: "同意", ApprovedOn: "2019-08-15"}}
	)
	report := finding.Report{Photos: []domain.Evidence{}, Source: "simple", Kind: law.ShoreOccupied, Reach: reach, Description: "河道内设置鱼罾鱼簖", Crew: team[:1], At: letter}
	open := domaintest.For(finding.Decider()).
		When(report).Then(t, finding.Reported{Source: "simple", Kind: law.ShoreOccupied, Reach: reach, Description: report.Description, Photos: []domain.Evidence{}, Crew: team[:1], FoundAt: letter})
	open.When(end).Refused(t, "finding.not_verified")

	warned := open.When(finding.Verify{Result: "suspected", Note: "送达行政指导警示书", Crew: team, At: letter.Add(time.Hour)}).
		Then(t, finding.Verified{Result: "suspected", Note: "送达行政指导警示书", Crew: team, VerifiedAt: letter.Add(time.Hour)})
	warned.When(finding.Verify{Result: "suspected", Note: "已清除", Crew: team, At: removal.Add(15 * time.Hour)}).
		Refused(t, "officer.not_certified") // midnight in Beijing: the certificates ran out
	warned.When(finding.Verify{Result: "suspected", Note: "已清除", Crew: team, At: removal}).
		Then(t, finding.Verified{Result: "suspected", Note: "已清除", Crew: team, VerifiedAt: removal}).
		When(end).Then(t, finding.NotFiled{Reason: end.Reason, Note: end.Note, Approval: end.Approval, DecidedAt: end.At})
}

package law

import "github.com/google/uuid"

// SampleOfficer is an invented officer for the samples of the event catalogue.
func SampleOfficer() Officer {
	return Officer{uuid.MustParse("0197a000-0000-7000-8000-000000000001"), "张示例", "苏B示例0001", "2024-01-01", "2028-12-31"}
}

// SampleCrew is two invented officers, as few as the law allows.
func SampleCrew() []Officer {
	return []Officer{SampleOfficer(),
		{uuid.MustParse("0197a000-0000-7000-8000-000000000002"), "陈示例", "苏B示例0002", "2025-01-01", "2029-12-31"}}
}

// SampleFiling is an invented approval form for the samples of the event catalogue.
func SampleFiling() Filing {
	return Filing{
		Title: "示例砂石有限公司等未办理河道采砂许可证擅自在长江采砂案", Violation: "S01", Summary: "2026年3月2日夜间在长江江阴段查获。",
		Parties: []Party{
			{"organisation", "示例砂石有限公司", "91320281MA00000000", "王示例", "0510-80000000", "江阴市示例路1号"},
			{"person", "王示例", "320281190001010000", "", "13800000000", "江阴市示例路1号"},
		},
		ConductEndedOn: "2026-03-02", GraveHarm: true, Handlers: []uuid.UUID{SampleCrew()[0].ID, SampleCrew()[1].ID},
		Conditions: Conditions{true, true, true},
		UnitHead:   Approval{"赵示例", "大队长", "建议立案", "2026-03-02"},
		OrganHead:  Approval{"李示例", "局长", "同意立案", "2026-03-03"},
	}
}

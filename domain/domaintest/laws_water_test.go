package domaintest_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
	"shuizheng/domain/sandmining"
	"shuizheng/domain/shoreline"
)

// waterLaws tries the laws for sand mining and shoreline: four and two deciders, each with lives that reach all of its events.
func waterLaws(t *testing.T, all domain.Catalog, run func(category string, laws func(*testing.T))) {
	var (
		at       = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
		id       = func(n byte) uuid.UUID { return uuid.UUID{15: n} }
		file     = id(9)
		crew     = law.SampleCrew()
		officers = []uuid.UUID{crew[0].ID, crew[1].ID}
		approval = law.Approval{Name: "李示例", Post: "局长", Opinion: "同意", ApprovedOn: "2026-03-02"}
		photo    = domain.Evidence{SHA256: "00", ID: id(4)}
		later    = domain.Evidence{SHA256: "01", ID: id(5)}
		photos   = []domain.Evidence{photo}
		place    = domain.Place{LatE6: 31934000, LonE6: 120260000, Datum: "WGS84"}
		miner    = sandmining.VesselRef{Name: "苏示例采0001"}
		ship     = sandmining.VesselRef{Name: "苏示例货0002"}
		sandAt   = sandmining.Reach{ID: id(1), Name: "长江江阴段", District: "320281", Regime: law.Yangtze}
		terms    = sandmining.Terms{Holder: "示例疏浚工程有限公司", Use: "dredging", Sand: "疏浚砂", Vessels: []sandmining.VesselRef{miner}, Zone: "示例01", Bank: "right", Place: "示例水域",
			WorkFrom: "2026-01-01", WorkUntil: "2026-12-31", ValidFrom: "2026-01-01", ValidUntil: "2026-12-31", Method: "绞吸", Spoil: "运至堆场", Quota: 3000, AnnualTotal: 2000, Unit: sandmining.CubicMetres}
		issue  = sandmining.IssuePermit{Number: "示例1号", Terms: terms, Organ: "江苏省水利厅", Reach: sandAt, At: at}
		active = sandmining.PermitState{Status: sandmining.PermitActive, Number: "示例1号", Reach: sandAt, Terms: terms}
	)
	run("permit", func(t *testing.T) {
		domaintest.Laws(t, all, sandmining.Permit(), []sandmining.PermitCommand{
			issue,
			sandmining.ReserveQuota{Bill: id(1), Amount: 900, Vessel: miner, LoadedAt: at},
			sandmining.ReserveQuota{Bill: id(2), Amount: 900, Vessel: miner, LoadedAt: at},
			sandmining.ReleaseQuota{Bill: id(1), Reason: "未装载"},
			sandmining.RecordExtraction{Day: "2026-03-02", Amount: 100, Vessel: miner, Supervisor: crew[0], At: at},
			sandmining.SuspendPermit{Reason: "汛期", Approval: approval},
			sandmining.ResumePermit{Reason: "汛后", Approval: approval},
			sandmining.AmendPermit{Terms: terms, Reason: "变更作业方式", Approval: approval},
			sandmining.EndPermit{Way: "revoked", Ground: "超范围", Case: &file, Document: "澄水罚〔2026〕1号", Approval: approval},
		})
	})
	run("vessel", func(t *testing.T) {
		register := sandmining.RegisterVessel{District: "320281", Identity: sandmining.Identity{Type: "hidden", Papers: "none"}, At: at}
		designate := sandmining.DesignateBerth{Berth: sandmining.Berth{Name: "芦埠港", District: "320281"}, Document: "示例", Approval: approval}
		hold := sandmining.HoldVessel{Hold: sandmining.Hold{Case: file, Measure: "preserved", Document: "示例", Place: "芦埠港", Custodian: "示例"}, Officers: officers, Crew: crew, At: at}
		lift := sandmining.LiftHold{Case: file, Document: "示例", Reason: "期满", Approval: approval}
		confiscate := sandmining.ConfiscateVessel{Case: file, Decision: "澄水罚〔2026〕1号", DecidedOn: "2026-03-02"}
		domaintest.Laws(t, all, sandmining.Vessel(), []sandmining.VesselCommand{
			register,
			sandmining.IdentifyVessel{Identity: sandmining.Identity{Name: "苏示例采0001", Type: "dredger", Papers: "incomplete"}, Reason: "核实"},
			sandmining.SightVessel{Reach: sandAt, Place: place, Activity: "mining", Source: "patrol", Patrol: &file, Photos: photos},
			sandmining.CheckCargo{Check: id(3), Reach: sandAt, Place: place, Paper: sandmining.CargoPaper{Kind: "source_proof", Number: "1", Sand: "机制砂", Amount: 10, Unit: "t"}, Sand: "河砂", Amount: 20, Unit: "t",
				Limits: sandmining.UnverifiedLimits(), Officers: officers, Crew: crew, At: at},
			designate, sandmining.BerthVessel{At: at},
			sandmining.PermitLeave{From: "2026-03-02", Until: "2026-03-03", Destination: "船厂", Reason: "修理", Approval: approval},
			sandmining.ReturnVessel{At: at.Add(24 * time.Hour)},
			sandmining.FindAbsence{Officers: officers, Crew: crew, At: at.Add(48 * time.Hour)},
			sandmining.RelocateVessel{Document: "示例", Reason: "拒不停靠", Officers: officers, Crew: crew, At: at.Add(72 * time.Hour)},
			hold, sandmining.MoveVessel{Place: "锚地", Custodian: "示例", Reason: "泊位不足"}, lift,
			sandmining.ReleaseVessel{Receiver: "船主", Receipt: "示例", Officers: officers, Crew: crew, At: at.Add(96 * time.Hour)},
		}, []sandmining.VesselCommand{
			register, hold, confiscate, sandmining.FailAuction{On: "2026-07-01", Reason: "流拍"},
			sandmining.AuctionVessel{On: "2026-08-01", Buyer: "示例", ProceedsFen: 100, Receipt: "示例", TreasuryNote: "示例"},
		}, []sandmining.VesselCommand{
			register, confiscate, sandmining.DismantleVessel{On: "2026-08-01", Contractor: "示例", Receipt: "示例", Photos: photos, Officers: officers, Crew: crew, At: at},
		})
	})
	run("waybill", func(t *testing.T) {
		bill := sandmining.IssueBill{Number: "示例单1", MiningVessel: miner, Carrier: ship, Sand: "疏浚砂", Amount: 900, LoadingPlace: "示例水域", LoadedAt: at, UnloadingPlace: "示例码头",
			ValidUntil: at.Add(48 * time.Hour), Permit: sandmining.PermitKnown{State: active, Reserved: 900}, Issuer: crew[0], At: at}
		seen := sandmining.Seen{Carrier: ship, Sand: "疏浚砂", Amount: 900}
		limits := sandmining.UnverifiedLimits()
		domaintest.Laws(t, all, sandmining.Bill(), []sandmining.BillCommand{
			bill, sandmining.CheckBill{Check: id(3), Place: place, Seen: seen, Limits: limits, Officers: officers, Crew: crew, At: at.Add(time.Hour)},
			sandmining.CiteCheck{Check: id(3), Finding: file},
			sandmining.TransshipBill{To: id(6), Number: "示例单2", Amount: 400, Place: "过驳区", At: at.Add(2 * time.Hour)},
			sandmining.TransshipBill{To: id(7), Number: "示例单3", Amount: 400, Last: true, Place: "过驳区", At: at.Add(2 * time.Hour)},
			sandmining.UndoTransshipment{To: id(7), Reason: "waybill.validity"},
			sandmining.UnloadBill{Place: "示例码头", Seen: sandmining.Seen{Carrier: ship, Sand: "疏浚砂", Amount: 500}, Receiver: "示例码头", Limits: limits, At: at.Add(3 * time.Hour)},
		}, []sandmining.BillCommand{bill, sandmining.VoidBill{Reason: "not_loaded", Note: "故障", At: at}})
	})
	run("custody", func(t *testing.T) {
		domaintest.Laws(t, all, sandmining.Custody(), []sandmining.CustodyCommand{
			sandmining.TakeIn{Case: file, List: "示例", Measure: "preserved", Items: []sandmining.Goods{{No: 1, Kind: "sand", Name: "江砂", Quantity: 300, Unit: "t"}}, Place: "芦埠港", Custodian: "示例",
				Party: "在场", Officers: officers, District: "320281", Crew: crew, At: at},
			sandmining.MoveGoods{Place: "堆场", Custodian: "示例", Reason: "卸岸"},
			sandmining.CountGoods{Counts: []sandmining.Count{{No: 1, Quantity: 300}}, Officers: officers, Crew: crew, At: at},
			sandmining.AppraiseGoods{Appraisal: sandmining.Appraisal{No: 1, By: "示例", Credentials: "示例", Report: "示例", Quantity: 300, PriceFen: 4000, PriceBasis: "市场价", PriceOn: "2026-03-02", ValueFen: 1200000}},
			sandmining.DisposeGoods{Disposal: sandmining.Disposal{No: 1, Way: "auctioned", Quantity: 300, Receiver: "示例", Receipt: "示例", Decision: "示例", ProceedsFen: 1, TreasuryNote: "示例", On: "2026-06-01", Approval: approval},
				Officers: officers, Crew: crew, At: at},
			sandmining.CloseCustody{At: at},
		})
	})
	run("problem", func(t *testing.T) {
		size := shoreline.Quantities{AreaM2: 1200, LengthM: 30}
		pair := shoreline.Pair{Viewpoint: "堤顶", Before: shoreline.Shot{Photo: photo, Place: place, HeadingDeg: 355}, After: shoreline.Shot{Photo: later, Place: place, HeadingDeg: 5}}
		find := shoreline.FindProblem{Source: "patrol", List: shoreline.City, Subtype: "occupy.planting", Description: "种植", Size: size, Photos: photos, At: at,
			Reach: shoreline.Reach{ID: id(1), Name: "示例河", District: "320281", Regime: law.Inland}, Site: shoreline.Site{Place: place, Bank: "left"}}
		domaintest.Laws(t, all, shoreline.Problem(), []shoreline.ProblemCommand{
			find,
			shoreline.ConfirmProblem{Severity: shoreline.Serious, Subject: "示例", Size: size, Table: shoreline.UnverifiedSeverity(), Officers: officers, Crew: crew, At: at},
			shoreline.LinkCase{Procedure: "penalty", Case: &file, Reason: "拒不整改"},
			shoreline.DispatchProblem{Paper: "dispatch", Number: "示例", Unit: "示例", Person: "示例", Territory: "示例", Chief: "示例", Measure: "demolish", DeadlineOn: "2026-04-01", At: at},
			shoreline.SubmitPlan{Plan: "方案", Milestones: []shoreline.Milestone{{On: "2026-03-20", What: "清除"}}},
			shoreline.ReportProgress{ToDate: shoreline.Quantities{AreaM2: 600}, Note: "过半", Photos: photos},
			shoreline.ApproveExtension{Level: shoreline.City, Reason: "flood", Plan: "汛后", DeadlineOn: "2026-05-01", Approval: approval},
			shoreline.CompleteRectification{Done: size, Pairs: []shoreline.Pair{pair}, Note: "完成", CompletedOn: "2026-03-02", At: at},
			shoreline.Accept{Level: shoreline.County, Note: "有残余", Officers: officers, Members: crew, At: at},
			shoreline.CompleteRectification{Done: size, Pairs: []shoreline.Pair{pair}, Note: "完成", CompletedOn: "2026-03-02", At: at},
			shoreline.Accept{Passed: true, Level: shoreline.County, Measured: size, Officers: officers, Members: crew, At: at},
			shoreline.Accept{Passed: true, Level: shoreline.City, Measured: size, Officers: officers, Members: crew, At: at},
			shoreline.CloseOut{Sheet: "示例", Level: shoreline.City, Approval: approval, At: at},
			shoreline.Recheck{Result: "relapsed", Level: shoreline.City, Note: "反弹", Size: size, Officers: officers, Members: crew, At: at},
		}, []shoreline.ProblemCommand{
			find, shoreline.RejectProblem{Reason: "在建工程", Proof: photos, Officers: officers, Crew: crew, At: at},
			shoreline.SpotCheckRejection{Result: "overturned", Level: shoreline.Province, Note: "超出批准", Officers: officers, Members: crew},
		})
	})
	run("polygon", func(t *testing.T) {
		push := shoreline.PushPolygon{Number: "示例017", Batch: "一", Source: "province", Area: []shoreline.Point{{}, {}, {}}, AreaM2: 10, Change: "新增", EarlierOn: "2025-09-01", LaterOn: "2026-02-01", At: at}
		assign := shoreline.AssignPolygon{Officers: officers, DueOn: "2026-03-10", Checkers: crew, At: at}
		look := shoreline.CheckPolygon{Result: "not_problem", Note: "渔船", Proof: photos, Officers: officers, Crew: crew, At: at}
		domaintest.Laws(t, all, shoreline.Polygon(), []shoreline.PolygonCommand{
			push, assign, look, shoreline.ReviewPolygon{Result: "returned", Level: shoreline.City, Note: "不清", Reviewer: law.Officer{ID: id(7)}},
			look, shoreline.ReviewPolygon{Result: "passed", Level: shoreline.City, Note: "清楚", Reviewer: law.Officer{ID: id(7)}},
			shoreline.SpotCheckPolygon{Result: "overturned", Level: shoreline.Province, Note: "有堆场", Officers: officers, Members: crew},
		})
	})
}

package sandmining_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/catalog"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
	"shuizheng/domain/sandmining"
)

// beijing is a moment on the clock of the officers.
func beijing(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 0, 0, 0, law.Beijing()).UTC()
}

func id(n byte) uuid.UUID { return uuid.UUID{15: n} }

// crew holds certificates for as long as any case here lasts.
func crew() []law.Officer {
	return []law.Officer{
		{ID: id(201), Name: "张示例", CertNo: "苏B示例0001", CertFrom: "2010-01-01", CertUntil: "2030-12-31"},
		{ID: id(202), Name: "陈示例", CertNo: "苏B示例0002", CertFrom: "2010-01-01", CertUntil: "2030-12-31"},
	}
}

var (
	file     = id(250)
	granted  = beijing(2026, time.February, 15, 10)
	loaded   = beijing(2026, time.March, 20, 9)
	river    = sandmining.Reach{ID: id(1), Name: "长江江阴段", District: "320281", Regime: law.Yangtze}
	miner    = sandmining.VesselRef{Name: "苏示例采0001", MMSI: "413000001"}
	ship     = sandmining.VesselRef{Name: "苏示例货0002", MMSI: "413000002"}
	approval = law.Approval{Name: "李示例", Post: "局长", Opinion: "同意", ApprovedOn: "2026-03-25"}
	photos   = []domain.Evidence{{SHA256: "00", ID: id(2)}}
)

func terms(change ...func(*sandmining.Terms)) sandmining.Terms {
	t := sandmining.Terms{Holder: "示例疏浚工程有限公司", Use: "river_works", Sand: "疏浚砂", Vessels: []sandmining.VesselRef{miner}, Zone: "JY-示例-01", Bank: "right",
		Place: "长江江阴段右岸", WorkFrom: "2026-03-01", WorkUntil: "2027-02-28", ValidFrom: "2026-02-15", ValidUntil: "2027-03-31", Method: "绞吸式",
		BottomMM: -12500, Spoil: "运至指定堆场", Quota: 10000, AnnualTotal: 6000, Unit: sandmining.CubicMetres}
	for _, c := range change {
		c(&t)
	}
	return t
}

func issued(change ...func(*sandmining.Terms)) sandmining.PermitIssued {
	return sandmining.PermitIssued{Number: "苏水采许〔2026〕示例1号", Reach: river, Terms: terms(change...), Organ: "江苏省水利厅", IssuedAt: granted}
}

func issuePermit(change ...func(*sandmining.Terms)) sandmining.IssuePermit {
	return sandmining.IssuePermit{Number: "苏水采许〔2026〕示例1号", Terms: terms(change...), Organ: "江苏省水利厅", Reach: river, At: granted}
}

func reserve(bill byte, amount int64) sandmining.ReserveQuota {
	return sandmining.ReserveQuota{Bill: id(bill), Amount: amount, Vessel: miner, LoadedAt: loaded}
}

func reserved(bill byte, amount int64) sandmining.QuotaReserved {
	return sandmining.QuotaReserved{Bill: id(bill), Amount: amount, LoadedAt: loaded}
}

func TestPermitLife(t *testing.T) {
	suspend, resume := sandmining.SuspendPermit{Reason: "水位超警戒", Approval: approval}, sandmining.ResumePermit{Reason: "水位回落", Approval: approval}
	bigger := terms(func(t *sandmining.Terms) { t.Quota = 12000 })
	domaintest.For(sandmining.Permit()).
		When(issuePermit()).Then(t, issued()).
		When(reserve(1, 4000)).Then(t, reserved(1, 4000)).
		When(suspend).Then(t, sandmining.PermitSuspended(suspend)).
		When(sandmining.ReleaseQuota{Bill: id(1), Reason: "未装载"}).Then(t, sandmining.QuotaReleased{Bill: id(1), Amount: 4000, Reason: "未装载"}).
		When(resume).Then(t, sandmining.PermitResumed(resume)).
		When(sandmining.RecordExtraction{Day: "2026-03-20", Amount: 6000, Vessel: miner, Supervisor: crew()[0], Note: "吹填", At: loaded}).
		Then(t, sandmining.ExtractionRecorded{Day: "2026-03-20", Amount: 6000, Vessel: miner, Supervisor: crew()[0], Note: "吹填"}).
		When(sandmining.AmendPermit{Terms: bigger, Reason: "增加总量", Approval: approval}).Then(t, sandmining.PermitAmended{Terms: bigger, Reason: "增加总量", Approval: approval}).
		When(sandmining.EndPermit{Way: "cancelled", Ground: "工程完工", Approval: approval}).Then(t, sandmining.PermitEnded{Way: "cancelled", Ground: "工程完工", Approval: approval})
}

func TestPermitRefusals(t *testing.T) {
	fresh := domaintest.For(sandmining.Permit())
	here := fresh.Given(issued())
	paused := here.Given(sandmining.PermitSuspended{Reason: "汛期", Approval: approval})
	ended := here.Given(sandmining.PermitEnded{Way: "cancelled", Ground: "完工", Approval: approval})

	for _, spec := range []domaintest.Spec[sandmining.PermitState, sandmining.PermitCommand, sandmining.PermitEvent]{here, paused, ended} {
		spec.When(issuePermit()).Refused(t, "permit.already_issued")
	}
	amend := sandmining.AmendPermit{Terms: terms(), Reason: "变更", Approval: approval}
	record := sandmining.RecordExtraction{Day: "2026-03-20", Amount: 1, Vessel: miner, At: loaded}
	for _, c := range []sandmining.PermitCommand{amend, sandmining.SuspendPermit{}, sandmining.ResumePermit{}, sandmining.EndPermit{}, reserve(1, 1), sandmining.ReleaseQuota{}, record} {
		fresh.When(c).Refused(t, "permit.unknown")
		if _, release := c.(sandmining.ReleaseQuota); !release {
			ended.When(c).Refused(t, "permit.ended")
		}
	}
	paused.When(reserve(1, 1)).Refused(t, "permit.suspended")
	paused.When(record).Refused(t, "permit.suspended")
	here.When(sandmining.ResumePermit{}).Refused(t, "permit.not_suspended")
	here.When(sandmining.EndPermit{Way: "revoked", Ground: "超范围采砂"}).Refused(t, "permit.revocation_needs_case")
	here.When(sandmining.EndPermit{Way: "revoked", Ground: "超范围采砂", Case: &file}).Refused(t, "permit.revocation_needs_case")

	for what, leave := range map[string]func(*sandmining.Terms){
		"采砂单位或者个人名称": func(t *sandmining.Terms) { t.Holder = "" },
		"采砂船舶名称、编号":  func(t *sandmining.Terms) { t.Vessels = nil },
		"性质和种类":      func(t *sandmining.Terms) { t.Sand = "" },
		"采砂地点":       func(t *sandmining.Terms) { t.Zone = "" },
		"采砂期限":       func(t *sandmining.Terms) { t.WorkUntil = "" },
		"作业方式":       func(t *sandmining.Terms) { t.Method = "" },
		"弃料处理方式":     func(t *sandmining.Terms) { t.Spoil = "" },
		"许可证有效期限":    func(t *sandmining.Terms) { t.ValidFrom = "" },
	} {
		r := fresh.When(issuePermit(leave)).Refused(t, "permit.contents_missing")
		if !strings.Contains(r.Message, what) || r.Article != "《长江河道采砂管理条例》第十一条" {
			t.Errorf("%s: refused with %q by %q", what, r.Message, r.Article)
		}
	}
	fresh.When(issuePermit(func(t *sandmining.Terms) { t.Area = []sandmining.Point{{}, {}} })).Refused(t, "permit.area")
	fresh.When(issuePermit(func(t *sandmining.Terms) { t.WorkUntil = "2026-02-01" })).Refused(t, "permit.period")
	fresh.When(issuePermit(func(t *sandmining.Terms) { t.ValidUntil = "2027-02-27" })).Refused(t, "permit.period")
	fresh.When(issuePermit(func(t *sandmining.Terms) { t.AnnualTotal = 10001 })).Refused(t, "permit.quota")
	fresh.When(issuePermit(func(t *sandmining.Terms) { t.Quota = 0 })).Refused(t, "permit.quota")
}

// The whole Yangtze in Jiangsu is closed to mining since 2019, but not other waters, and not the works that the notice names.
func TestWhereMiningIsClosed(t *testing.T) {
	commercial := func(t *sandmining.Terms) { t.Use = "commercial" }
	fresh := domaintest.For(sandmining.Permit())
	if r := fresh.When(issuePermit(commercial)).Refused(t, "permit.no_mining_water"); !strings.Contains(r.Article, "苏政发〔2019〕49号") {
		t.Errorf("refused by %q", r.Article)
	}
	before := issuePermit(commercial)
	before.At = beijing(2019, time.July, 26, 9)
	want := issued(commercial)
	want.IssuedAt = before.At
	fresh.When(before).Then(t, want)

	inland := issuePermit(commercial)
	inland.Reach.Regime = law.Inland
	want = issued(commercial)
	want.Reach.Regime = law.Inland
	fresh.When(inland).Then(t, want)
	inland.Terms.Method = ""
	if r := fresh.When(inland).Refused(t, "permit.contents_missing"); r.Article != "《河道管理条例》第二十五条" {
		t.Errorf("on an inland water refused by %q", r.Article)
	}
}

func TestQuota(t *testing.T) {
	here := domaintest.For(sandmining.Permit()).Given(issued())
	full := here.Given(reserved(1, 3000), reserved(2, 3000))
	full.When(reserve(3, 1)).Refused(t, "permit.annual_exceeded")
	next := reserve(3, 4000)
	next.LoadedAt = beijing(2027, time.January, 1, 0)
	over := next
	over.Bill, over.Amount = id(4), 4001
	full.When(over).Refused(t, "permit.quota_exceeded")
	spent := full.When(next).Then(t, sandmining.QuotaReserved{Bill: id(3), Amount: 4000, LoadedAt: next.LoadedAt})
	over.Amount = 1
	spent.When(over).Refused(t, "permit.quota_exceeded")

	// The last second of 2026 in Beijing still counts to 2026, though it is a day of its own in UTC.
	eve := reserve(5, 1)
	eve.LoadedAt = beijing(2027, time.January, 1, 0).Add(-time.Second)
	full.When(eve).Refused(t, "permit.annual_exceeded")

	full.When(reserve(1, 3000)).Refused(t, "permit.bill_reserved") // the same bill, by another act
	full.When(reserve(1, 2999)).Refused(t, "permit.bill_reserved")
	release := sandmining.ReleaseQuota{Bill: id(1), Reason: "未装载"}
	given := full.When(release).Then(t, sandmining.QuotaReleased{Bill: id(1), Amount: 3000, Reason: "未装载"})
	given.When(release).Nothing(t)
	given.When(reserve(1, 3000)).Refused(t, "permit.bill_released")
	given.When(reserve(3, 3000)).Then(t, reserved(3, 3000)).When(reserve(4, 1)).Refused(t, "permit.annual_exceeded")
	here.When(release).Refused(t, "permit.no_reservation")

	here.When(reserve(1, 0)).Refused(t, "permit.amount")
	here.When(reserve(1, -5000)).Refused(t, "permit.amount")
	stranger := reserve(1, 1)
	stranger.Vessel = ship
	here.When(stranger).Refused(t, "permit.vessel_not_listed")
	early := reserve(1, 1)
	early.LoadedAt = beijing(2026, time.February, 28, 23)
	here.When(early).Refused(t, "permit.outside_period")
	tomorrow := sandmining.RecordExtraction{Day: "2026-03-21", Amount: 1, Vessel: miner, At: loaded}
	here.When(tomorrow).Refused(t, "permit.extraction_in_future")

	full.When(sandmining.AmendPermit{Terms: terms(func(t *sandmining.Terms) { t.Quota, t.AnnualTotal = 5999, 5999 })}).Refused(t, "permit.below_used")
	full.When(sandmining.AmendPermit{Terms: terms(func(t *sandmining.Terms) { t.AnnualTotal = 5999 })}).Refused(t, "permit.below_used")
	full.When(sandmining.AmendPermit{Terms: terms(func(t *sandmining.Terms) { t.Unit = sandmining.Tonnes })}).Refused(t, "permit.below_used")
}

// A vessel is known by the register where both papers name it there, else by what is painted on it and its AIS number.
func TestWhichVesselIsMeant(t *testing.T) {
	one, other := id(1), id(2)
	listed := func(v sandmining.VesselRef) func(*sandmining.Terms) {
		return func(t *sandmining.Terms) { t.Vessels = []sandmining.VesselRef{v} }
	}
	for _, tt := range []struct {
		permit, by sandmining.VesselRef
		same       bool
	}{
		{sandmining.VesselRef{ID: &one, Name: "甲"}, sandmining.VesselRef{ID: &one, Name: "乙"}, true},
		{sandmining.VesselRef{ID: &one, Name: "甲"}, sandmining.VesselRef{ID: &other, Name: "甲"}, false},
		{sandmining.VesselRef{ID: &one, Name: "甲"}, sandmining.VesselRef{Name: "甲"}, true},
		{sandmining.VesselRef{Name: "甲", MMSI: "413000001"}, sandmining.VesselRef{Name: "甲", MMSI: "413000002"}, false},
		{sandmining.VesselRef{Name: "甲"}, sandmining.VesselRef{Name: "乙"}, false},
	} {
		c := reserve(1, 1)
		c.Vessel = tt.by
		outcome := domaintest.For(sandmining.Permit()).Given(issued(listed(tt.permit))).When(c)
		if tt.same {
			outcome.Then(t, reserved(1, 1))
		} else {
			outcome.Refused(t, "permit.vessel_not_listed")
		}
	}
}

// Whatever is sent in whatever order, what stands in the log never says more than the permit allows.
func TestQuotaIsNeverOverdrawn(t *testing.T) {
	d := sandmining.Permit()
	dice := rand.New(rand.NewPCG(7, 0))
	for range 400 {
		var state sandmining.PermitState
		for step := range 60 {
			var c sandmining.PermitCommand = reserve(byte(dice.IntN(12)), int64(dice.IntN(5000)-500))
			switch dice.IntN(8) {
			case 0:
				c = issuePermit()
			case 1:
				c = sandmining.ReleaseQuota{Bill: id(byte(dice.IntN(12)))}
			case 2:
				c = sandmining.AmendPermit{Terms: terms(func(t *sandmining.Terms) {
					t.Quota = int64(dice.IntN(12000))
					t.AnnualTotal = t.Quota - int64(dice.IntN(3000))
				}), Approval: approval}
			case 3:
				c = sandmining.RecordExtraction{Day: []law.Date{"2026-03-02", "2027-01-05"}[dice.IntN(2)], Amount: int64(dice.IntN(3000)), Vessel: miner, At: beijing(2027, time.February, 1, 9)}
			case 4:
				r := reserve(byte(dice.IntN(12)), int64(dice.IntN(3000)))
				r.LoadedAt = beijing(2027, time.January, 5, 9)
				c = r
			}
			events, err := d.Decide(state, c)
			if err != nil {
				continue
			}
			state = d.Fold(state, events...)
			years := int64(0)
			for _, y := range state.Years {
				years += y.Used
				if y.Used < 0 || y.Used > state.Terms.AnnualTotal {
					t.Fatalf("step %d: %d used in %d, %d allowed", step, y.Used, y.Year, state.Terms.AnnualTotal)
				}
			}
			if state.Used > state.Terms.Quota || state.Used != years {
				t.Fatalf("step %d: %d used, %d in all years, %d allowed", step, state.Used, years, state.Terms.Quota)
			}
		}
	}
}

// executed runs a command until no race is lost: a lost race decides nothing.
func executed[S, C any, E domain.Event](log domain.Log, all domain.Catalog, d domain.Decider[S, C, E], aggregate uuid.UUID, c C, n int) error {
	for {
		_, err := domain.Execute(context.Background(), log, all, d, aggregate, c, domaintest.Meta(n))
		if !errors.Is(err, domain.ErrWrongRevision) {
			return err
		}
	}
}

func events(t *testing.T) domain.Catalog {
	t.Helper()
	all, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Sixty-four supervisors issue bills at once, for three times as much as there is: exactly what there is gets out.
func TestQuotaUnder64Writers(t *testing.T) {
	var (
		log    domaintest.Log
		all    = events(t)
		permit = sandmining.PermitID("示例1号")
		done   sync.WaitGroup
		mu     sync.Mutex
		got    int64
		codes  []string
	)
	if err := executed(&log, all, sandmining.Permit(), permit, sandmining.PermitCommand(issuePermit()), 0); err != nil {
		t.Fatal(err)
	}
	for n := range 64 {
		done.Go(func() {
			c := reserve(byte(n), 300)
			err := executed(&log, all, sandmining.Permit(), permit, sandmining.PermitCommand(c), n+1)
			mu.Lock()
			defer mu.Unlock()
			var refusal *domain.Refusal
			switch {
			case err == nil:
				got += c.Amount
			case errors.As(err, &refusal):
				codes = append(codes, refusal.Code)
			default:
				t.Error(err)
			}
		})
	}
	done.Wait()
	s, err := domain.Load(context.Background(), &log, all, sandmining.Permit(), permit)
	if err != nil {
		t.Fatal(err)
	}
	if got != 6000 || s.Used != got || s.Left(2026) != 0 {
		t.Errorf("%d given out, %d in the log, %d left", got, s.Used, s.Left(2026))
	}
	if len(codes) != 44 || slices.ContainsFunc(codes, func(c string) bool { return c != "permit.annual_exceeded" }) {
		t.Errorf("%d refusals: %v", len(codes), codes)
	}
	if err := domaintest.Chain(log.Stream(domain.StreamName("permit", permit))); err != nil {
		t.Error(err)
	}
}

// What Allowed says stands against a command is what its decision is refused with.
func TestAllowedIsWhatIsDecided(t *testing.T) {
	agree(t, sandmining.Permit(), sandmining.AllowedOnPermit, [][]sandmining.PermitEvent{nil, {issued()}, {issued(), sandmining.PermitSuspended{}}, {issued(), sandmining.PermitEnded{}}},
		[]sandmining.PermitCommand{issuePermit(), sandmining.AmendPermit{}, sandmining.SuspendPermit{}, sandmining.ResumePermit{}, sandmining.EndPermit{}, reserve(1, 1), sandmining.ReleaseQuota{}, sandmining.RecordExtraction{}})
	register := sandmining.VesselRegistered{District: "320281"}
	agree(t, sandmining.Vessel(), sandmining.AllowedOnVessel, [][]sandmining.VesselEvent{nil, {register}, {register, sandmining.VesselBerthed{}}, {register, sandmining.LeavePermitted{}}, {register, sandmining.AbsenceFound{}},
		{register, sandmining.VesselHeld{}}, {register, sandmining.HoldLifted{}}, {register, sandmining.VesselConfiscated{}}, {register, sandmining.VesselAuctioned{}}, {register, sandmining.VesselDismantled{}}},
		[]sandmining.VesselCommand{sandmining.RegisterVessel{}, sandmining.IdentifyVessel{}, sandmining.SightVessel{}, sandmining.CheckCargo{}, sandmining.DesignateBerth{}, sandmining.BerthVessel{}, sandmining.PermitLeave{},
			sandmining.FindAbsence{}, sandmining.ReturnVessel{}, sandmining.RelocateVessel{}, sandmining.HoldVessel{}, sandmining.MoveVessel{}, sandmining.LiftHold{}, sandmining.ReleaseVessel{}, sandmining.ConfiscateVessel{},
			sandmining.FailAuction{}, sandmining.AuctionVessel{}, sandmining.DismantleVessel{}})
	agree(t, sandmining.Bill(), sandmining.AllowedOnBill, [][]sandmining.BillEvent{nil, {sandmining.BillIssued{}}, {sandmining.BillIssued{}, sandmining.BillChecked{Result: "match"}}, {sandmining.BillIssued{}, sandmining.BillUnloaded{}}, {sandmining.BillIssued{}, sandmining.BillVoided{}}},
		[]sandmining.BillCommand{sandmining.IssueBill{}, sandmining.CheckBill{}, sandmining.CiteCheck{}, sandmining.UnloadBill{}, sandmining.TransshipBill{}, sandmining.UndoTransshipment{}, sandmining.VoidBill{}})
	agree(t, sandmining.Custody(), sandmining.AllowedOnCustody, [][]sandmining.CustodyEvent{nil, {sandmining.GoodsTakenIn{Items: []sandmining.Goods{{No: 1, Quantity: 1}}}}, {sandmining.GoodsTakenIn{}}, {sandmining.GoodsTakenIn{}, sandmining.CustodyClosed{}}},
		[]sandmining.CustodyCommand{sandmining.TakeIn{}, sandmining.MoveGoods{}, sandmining.CountGoods{}, sandmining.AppraiseGoods{}, sandmining.DisposeGoods{}, sandmining.CloseCustody{}})
}

func agree[S, C any, E domain.Event](t *testing.T, d domain.Decider[S, C, E], allowed func(S) []sandmining.Action, states [][]E, commands []C) {
	t.Helper()
	for _, history := range states {
		var zero S
		s := d.Fold(zero, history...)
		actions := allowed(s)
		if len(actions) != len(commands) {
			t.Fatalf("%s: %d actions, %d commands", d.Category, len(actions), len(commands))
		}
		for n, a := range actions {
			_, err := d.Decide(s, commands[n])
			var r *domain.Refusal
			errors.As(err, &r)
			if a.Refusal != nil && (r == nil || r.Code != a.Refusal.Code) {
				t.Errorf("after %v: %s is said to be refused with %s, and %T is answered %v", history, a.Command, a.Refusal.Code, commands[n], err)
			}
		}
	}
}

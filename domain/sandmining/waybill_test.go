package sandmining_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
	"shuizheng/domain/sandmining"
)

func onBill() domaintest.Spec[sandmining.BillState, sandmining.BillCommand, sandmining.BillEvent] {
	return domaintest.For(sandmining.Bill())
}

func permitState(history ...sandmining.PermitEvent) sandmining.PermitState {
	return sandmining.Permit().Fold(sandmining.PermitState{}, append([]sandmining.PermitEvent{issued()}, history...)...)
}

func issueBill(change ...func(*sandmining.IssueBill)) sandmining.IssueBill {
	c := sandmining.IssueBill{Number: "示例单1", PermitID: id(30), MiningVessel: miner, Carrier: ship, Owner: "示例航运", Sand: "疏浚砂", Amount: 1800, LoadingPlace: "长江江阴段右岸", LoadedAt: loaded,
		UnloadingPlace: "示例码头", ValidUntil: loaded.Add(48 * time.Hour), Permit: sandmining.PermitKnown{State: permitState(), Reserved: 1800}, Issuer: crew()[0], At: loaded.Add(time.Hour)}
	for _, f := range change {
		f(&c)
	}
	return c
}

func billIssued() sandmining.BillIssued {
	return sandmining.BillIssued{Number: "示例单1", Permit: sandmining.PermitRef{ID: id(30), Number: "苏水采许〔2026〕示例1号", Zone: "JY-示例-01"}, Reach: river, MiningVessel: miner, Carrier: ship, Owner: "示例航运",
		Sand: "疏浚砂", Amount: 1800, Unit: sandmining.CubicMetres, LoadingPlace: "长江江阴段右岸", LoadedAt: loaded, UnloadingPlace: "示例码头", ValidUntil: loaded.Add(48 * time.Hour), Issuer: crew()[0]}
}

func seen(change ...func(*sandmining.Seen)) sandmining.Seen {
	s := sandmining.Seen{Carrier: ship, Sand: "疏浚砂", Amount: 1800}
	for _, f := range change {
		f(&s)
	}
	return s
}

func unload(at time.Time, s sandmining.Seen) sandmining.UnloadBill {
	return sandmining.UnloadBill{Place: "示例码头", Seen: s, Receiver: "示例码头有限公司", Limits: sandmining.UnverifiedLimits(), At: at}
}

func look(check byte, at time.Time, s sandmining.Seen) sandmining.CheckBill {
	return sandmining.CheckBill{Check: id(check), Seen: s, Photos: photos, Limits: sandmining.UnverifiedLimits(), Crew: crew(), At: at}
}

func looked(check byte, at time.Time, s sandmining.Seen, wrong ...string) sandmining.BillChecked {
	result := "match"
	if wrong != nil {
		result = "mismatch"
	}
	return sandmining.BillChecked{Check: id(check), Seen: s, Result: result, Mismatches: wrong, Limits: sandmining.UnverifiedLimits(), Photos: photos, Crew: crew(), CheckedAt: at}
}

func TestBillFromLoadingToUnloading(t *testing.T) {
	way, landed := loaded.Add(5*time.Hour), loaded.Add(20*time.Hour)
	onBill().When(issueBill()).Then(t, billIssued()).
		When(look(3, way, seen())).Then(t, looked(3, way, seen())).
		When(sandmining.CiteCheck{Check: id(3), Finding: id(4)}).Then(t, sandmining.CheckCited{Check: id(3), Finding: id(4)}).
		When(unload(landed, seen())).Then(t, sandmining.BillUnloaded{Place: "示例码头", Seen: seen(), Receiver: "示例码头有限公司", UnloadedAt: landed}).
		When(unload(landed, seen())).Refused(t, "waybill.used_up")
}

func TestBillIsIssuedUnderAPermit(t *testing.T) {
	fresh := onBill()
	onBill().Given(billIssued()).When(issueBill()).Refused(t, "waybill.already_issued")
	fresh.When(issueBill(func(c *sandmining.IssueBill) { c.Amount = 0 })).Refused(t, "waybill.amount")
	fresh.When(issueBill(func(c *sandmining.IssueBill) { c.LoadedAt = c.At.Add(time.Second) })).Refused(t, "waybill.loaded_in_future")
	fresh.When(issueBill(func(c *sandmining.IssueBill) { c.ValidUntil = c.LoadedAt })).Refused(t, "waybill.validity")
	fresh.When(issueBill(func(c *sandmining.IssueBill) { c.Permit.State = sandmining.PermitState{} })).Refused(t, "permit.unknown")
	fresh.When(issueBill(func(c *sandmining.IssueBill) { c.Permit.State = permitState(sandmining.PermitSuspended{}) })).Refused(t, "permit.suspended")
	fresh.When(issueBill(func(c *sandmining.IssueBill) { c.Permit.State = permitState(sandmining.PermitEnded{}) })).Refused(t, "permit.ended")
	fresh.When(issueBill(func(c *sandmining.IssueBill) { c.MiningVessel = ship })).Refused(t, "waybill.vessel_not_permitted")
	fresh.When(issueBill(func(c *sandmining.IssueBill) { c.Permit.Reserved = 0 })).Refused(t, "waybill.not_reserved")
	fresh.When(issueBill(func(c *sandmining.IssueBill) { c.Permit.Reserved = 1799 })).Refused(t, "waybill.not_reserved")
	fresh.When(issueBill(func(c *sandmining.IssueBill) {
		c.LoadedAt, c.At, c.ValidUntil = beijing(2027, time.March, 1, 0), beijing(2027, time.March, 1, 1), beijing(2027, time.March, 2, 0)
	})).Refused(t, "waybill.outside_period")
}

// Whoever receives sand must stop at a bill that is not this load's, or no longer good.
func TestUnloadingRefusals(t *testing.T) {
	here := onBill().Given(billIssued())
	in := loaded.Add(20 * time.Hour)
	onBill().When(unload(in, seen())).Refused(t, "waybill.unknown")
	here.When(unload(loaded.Add(48*time.Hour), seen())).Then(t, sandmining.BillUnloaded{Place: "示例码头", Seen: seen(), Receiver: "示例码头有限公司", UnloadedAt: loaded.Add(48 * time.Hour)})
	if r := here.When(unload(loaded.Add(48*time.Hour+1), seen())).Refused(t, "waybill.expired"); r.Article == "" {
		t.Error("an expired bill is refused by no text")
	}
	here.When(unload(loaded.Add(-1), seen())).Refused(t, "waybill.before_loaded")
	here.When(unload(in, seen(func(s *sandmining.Seen) { s.Carrier = miner }))).Refused(t, "waybill.other_vessel")
	here.When(unload(in, seen(func(s *sandmining.Seen) { s.Sand = "机制砂" }))).Refused(t, "waybill.wrong_sand")
	here.When(unload(in, seen(func(s *sandmining.Seen) { s.Amount = 1891 }))).Refused(t, "waybill.too_much")
	elsewhere := unload(in, seen())
	elsewhere.Place = "另一码头"
	here.When(elsewhere).Refused(t, "waybill.other_place")
	tolerated := seen(func(s *sandmining.Seen) { s.Amount = 1890 })
	here.When(unload(in, tolerated)).Then(t, sandmining.BillUnloaded{Place: "示例码头", Seen: tolerated, Receiver: "示例码头有限公司", UnloadedAt: in})
}

// On the way, what does not agree is recorded, not refused: it is evidence.
func TestCheckOnTheWay(t *testing.T) {
	here := onBill().Given(billIssued())
	in, out := loaded.Add(5*time.Hour), loaded.Add(49*time.Hour)
	other := seen(func(s *sandmining.Seen) { s.Carrier, s.Sand, s.Amount = miner, "机制砂", 5000 })
	here.When(look(3, in, other)).Then(t, looked(3, in, other, "vessel", "sand", "amount"))
	here.When(look(3, out, seen())).Then(t, looked(3, out, seen(), "expired"))
	here.When(look(3, loaded.Add(-time.Hour), seen())).Then(t, looked(3, loaded.Add(-time.Hour), seen(), "not_yet_loaded"))
	here.Given(sandmining.BillUnloaded{}).When(look(3, in, seen())).Then(t, looked(3, in, seen(), "used_up"))
	here.Given(sandmining.BillVoided{}).When(look(3, in, seen())).Then(t, looked(3, in, seen(), "voided"))
	checked := here.Given(looked(3, in, other, "vessel"))
	checked.When(look(3, in, seen())).Refused(t, "waybill.check_twice")
	checked.When(sandmining.CiteCheck{Check: id(4), Finding: id(5)}).Refused(t, "waybill.no_such_check")
	alone := look(4, in, seen())
	alone.Crew = alone.Crew[:1]
	here.When(alone).Refused(t, "officer.two_needed")
}

// A bill is voided only if it never travelled: one that was seen under way stays, and so does its place in the quota.
func TestVoiding(t *testing.T) {
	here := onBill().Given(billIssued())
	void := sandmining.VoidBill{Reason: "not_loaded", Note: "故障", At: loaded}
	voided := here.When(void).Then(t, sandmining.BillVoided{Reason: "not_loaded", Note: "故障", VoidedAt: loaded})
	voided.When(void).Refused(t, "waybill.voided")
	voided.When(unload(loaded, seen())).Refused(t, "waybill.voided")
	voided.When(issueBill()).Refused(t, "waybill.already_issued")
	here.Given(looked(3, loaded, seen(), "amount")).When(void).Then(t, sandmining.BillVoided{Reason: "not_loaded", Note: "故障", VoidedAt: loaded})
	here.Given(looked(3, loaded, seen())).When(void).Refused(t, "waybill.in_use")
	here.Given(sandmining.BillTransshipped{To: id(6), Amount: 1}).When(void).Refused(t, "waybill.in_use")
	here.Given(sandmining.BillUnloaded{}).When(void).Refused(t, "waybill.used_up")
}

func pass(to byte, amount int64, last bool) sandmining.TransshipBill {
	return sandmining.TransshipBill{To: id(to), Number: "示例单", Amount: amount, Last: last, Place: "过驳区", At: loaded.Add(6 * time.Hour)}
}

func passed(to byte, amount int64, last bool) sandmining.BillTransshipped {
	return sandmining.BillTransshipped{To: id(to), Number: "示例单", Amount: amount, Last: last, Place: "过驳区", TransshippedAt: loaded.Add(6 * time.Hour)}
}

func TestTransshipment(t *testing.T) {
	here := onBill().Given(billIssued())
	here.When(pass(6, 1801, false)).Refused(t, "waybill.exceeds_rest")
	here.When(pass(6, 0, false)).Refused(t, "waybill.exceeds_rest")
	half := here.When(pass(6, 1000, false)).Then(t, passed(6, 1000, false))
	half.When(pass(6, 100, false)).Refused(t, "waybill.already_passed")
	half.When(pass(7, 801, false)).Refused(t, "waybill.exceeds_rest")
	empty := half.When(pass(7, 800, false)).Then(t, passed(7, 800, true)) // nothing is left, whether said or not
	empty.When(pass(8, 1, false)).Refused(t, "waybill.used_up")
	half.When(pass(7, 700, true)).Then(t, passed(7, 700, true)).When(pass(8, 1, false)).Refused(t, "waybill.used_up")
	late := pass(6, 1, false)
	late.At = loaded.Add(49 * time.Hour)
	here.When(late).Refused(t, "waybill.expired")

	// What is left may be landed with the bill itself, but no more than that.
	half.When(unload(loaded.Add(20*time.Hour), seen())).Refused(t, "waybill.too_much")

	// Taken back, the load is there again; but what was landed meanwhile stays landed.
	undo := sandmining.UndoTransshipment{To: id(7), Reason: "waybill.validity"}
	empty.When(undo).Then(t, sandmining.TransshipmentUndone(undo)).When(pass(8, 800, false)).Then(t, passed(8, 800, true))
	half.When(undo).Nothing(t)
	half.Given(sandmining.BillUnloaded{}).When(sandmining.UndoTransshipment{To: id(6)}).Then(t, sandmining.TransshipmentUndone{To: id(6)}).
		When(unload(loaded.Add(20*time.Hour), seen())).Refused(t, "waybill.used_up")

	// The bill that goes on takes permit, water and sand from the one before.
	before := id(40)
	source := func(history ...sandmining.BillEvent) *sandmining.SourceKnown {
		s := sandmining.Bill().Fold(sandmining.BillState{}, history...)
		return &sandmining.SourceKnown{State: s, Passed: s.PassedTo(id(6))}
	}
	onward := func(c *sandmining.IssueBill) {
		c.Number, c.From, c.Amount, c.Operator, c.LoadingPlace = "示例单2", &before, 1000, "示例过驳区", "过驳区"
		c.LoadedAt, c.At = loaded.Add(6*time.Hour), loaded.Add(7*time.Hour)
		c.Permit, c.MiningVessel = sandmining.PermitKnown{}, sandmining.VesselRef{}
		c.Source = source(billIssued(), passed(6, 1000, false))
	}
	want := billIssued()
	want.Number, want.From, want.Amount, want.Operator, want.LoadingPlace, want.LoadedAt = "示例单2", &before, 1000, "示例过驳区", "过驳区", loaded.Add(6*time.Hour)
	fresh := onBill()
	fresh.When(issueBill(onward)).Then(t, want)
	fresh.When(issueBill(onward, func(c *sandmining.IssueBill) { c.Source = nil })).Refused(t, "waybill.no_source")
	fresh.When(issueBill(onward, func(c *sandmining.IssueBill) { c.Amount = 1001 })).Refused(t, "waybill.exceeds_source")
	fresh.When(issueBill(onward, func(c *sandmining.IssueBill) { c.Source = source(billIssued()) })).Refused(t, "waybill.exceeds_source")
	fresh.When(issueBill(onward, func(c *sandmining.IssueBill) { c.Sand = "机制砂" })).Refused(t, "waybill.other_sand")
}

// The same number is the same stream: entered a second time, a paper meets itself.
func TestNumbersAreStreams(t *testing.T) {
	first, again := sandmining.BillID("示例单1"), sandmining.BillID("示例单"+"1")
	if first != again || first == sandmining.BillID("示例单2") || first == sandmining.PermitID("示例单1") {
		t.Error("numbers and aggregates do not go together")
	}
}

// Sixty-four receivers show one bill at once, by unloading it or handing it on: it is used once.
func TestBillUnder64Writers(t *testing.T) {
	var (
		log  domaintest.Log
		all  = events(t)
		bill = sandmining.BillID("示例单1")
		done sync.WaitGroup
		used atomic.Int64
	)
	if err := executed(&log, all, sandmining.Bill(), bill, sandmining.BillCommand(issueBill()), 0); err != nil {
		t.Fatal(err)
	}
	for n := range 64 {
		done.Go(func() {
			var c sandmining.BillCommand = unload(loaded.Add(20*time.Hour), seen())
			if n%2 == 0 {
				c = pass(byte(n), 1800, true)
			}
			err := executed(&log, all, sandmining.Bill(), bill, c, n+1)
			var refusal *domain.Refusal
			switch {
			case err == nil:
				used.Add(1)
			case !errors.As(err, &refusal) || refusal.Code != "waybill.used_up":
				t.Errorf("sender %d: %v", n, err)
			}
		})
	}
	done.Wait()
	if used.Load() != 1 || len(log.All()) != 2 {
		t.Errorf("used %d times, %d events", used.Load(), len(log.All()))
	}
}

// Sixty-four barges take from one load at once: together never more than it.
func TestTransshipmentUnder64Writers(t *testing.T) {
	var (
		log  domaintest.Log
		all  = events(t)
		bill = sandmining.BillID("示例单1")
		done sync.WaitGroup
	)
	if err := executed(&log, all, sandmining.Bill(), bill, sandmining.BillCommand(issueBill()), 0); err != nil {
		t.Fatal(err)
	}
	for n := range 64 {
		done.Go(func() {
			var refusal *domain.Refusal
			if err := executed(&log, all, sandmining.Bill(), bill, sandmining.BillCommand(pass(byte(n), 100, false)), n+1); err != nil && !errors.As(err, &refusal) {
				t.Error(err)
			}
		})
	}
	done.Wait()
	s, err := domain.Load(context.Background(), &log, all, sandmining.Bill(), bill)
	if err != nil {
		t.Fatal(err)
	}
	var to []uuid.UUID
	for _, p := range s.Passed {
		if slices.Contains(to, p.To) {
			t.Errorf("%s took twice", p.To)
		}
		to = append(to, p.To)
	}
	if s.Rest != 0 || len(to) != 18 || s.Status != sandmining.BillUsedUp {
		t.Errorf("%d left, %d barges, %s", s.Rest, len(to), s.Status)
	}
}

func onStore() domaintest.Spec[sandmining.CustodyState, sandmining.CustodyCommand, sandmining.CustodyEvent] {
	return domaintest.For(sandmining.Custody())
}

func TestCustodyRefusals(t *testing.T) {
	at := beijing(2026, time.March, 2, 12)
	items := []sandmining.Goods{{No: 1, Kind: "sand", Name: "江砂", Quantity: 300, Unit: "t"}}
	take := sandmining.TakeIn{Case: file, List: "示例", Measure: "seized", Items: items, Place: "芦埠港", Custodian: "示例", Party: "在场", District: "320281", Crew: crew(), At: at}
	fresh := onStore()
	fresh.When(take).Refused(t, "custody.no_basis")
	take.Basis = "示例法规第一条"
	none, twice, alone := take, take, take
	none.Items = nil
	twice.Items = []sandmining.Goods{items[0], items[0]}
	alone.Crew = crew()[:1]
	fresh.When(none).Refused(t, "custody.empty_list")
	fresh.When(twice).Refused(t, "custody.list")
	fresh.When(alone).Refused(t, "officer.two_needed")

	here := fresh.Given(sandmining.GoodsTakenIn{Case: file, Items: items})
	closed := fresh.Given(sandmining.GoodsTakenIn{Case: file}, sandmining.CustodyClosed{})
	here.When(take).Refused(t, "custody.already_taken_in")
	for _, c := range []sandmining.CustodyCommand{sandmining.MoveGoods{}, sandmining.CountGoods{}, sandmining.AppraiseGoods{}, sandmining.DisposeGoods{}, sandmining.CloseCustody{}} {
		fresh.When(c).Refused(t, "custody.unknown")
		closed.When(c).Refused(t, "custody.closed")
	}
	here.When(sandmining.CloseCustody{}).Refused(t, "custody.goods_left")
	here.When(sandmining.CountGoods{Counts: []sandmining.Count{{No: 2}}, Crew: crew(), At: at}).Refused(t, "custody.no_such_item")
	here.When(sandmining.CountGoods{Counts: []sandmining.Count{{No: 1, Quantity: 300}}, Crew: crew()[:1], At: at}).Refused(t, "officer.two_needed")
	here.When(sandmining.CountGoods{Counts: []sandmining.Count{{No: 1, Quantity: 299}}, Crew: crew(), At: at}).
		Then(t, sandmining.GoodsCounted{Counts: []sandmining.Count{{No: 1, Quantity: 299}}, Short: true, Crew: crew()})
	move := sandmining.GoodsMoved{Place: "堆场", Custodian: "示例", Reason: "卸岸"}
	here.When(sandmining.MoveGoods(move)).Then(t, move)

	dispose := func(change func(*sandmining.Disposal)) sandmining.DisposeGoods {
		d := sandmining.Disposal{No: 1, Way: "auctioned", Quantity: 300, Receiver: "示例", Receipt: "示例", Decision: "示例", ProceedsFen: 100, TreasuryNote: "示例", On: "2026-06-01", Approval: approval}
		change(&d)
		return sandmining.DisposeGoods{Disposal: d, Crew: crew(), At: at}
	}
	here.When(dispose(func(d *sandmining.Disposal) { d.No = 2 })).Refused(t, "custody.no_such_item")
	here.When(dispose(func(d *sandmining.Disposal) { d.Quantity = 301 })).Refused(t, "custody.too_much")
	here.When(dispose(func(d *sandmining.Disposal) { d.Receipt = "" })).Refused(t, "custody.no_receipt")
	here.When(dispose(func(d *sandmining.Disposal) { d.Decision = "" })).Refused(t, "custody.no_decision")
	here.When(dispose(func(d *sandmining.Disposal) { d.TreasuryNote = "" })).Refused(t, "custody.proceeds")
	lonely := dispose(func(*sandmining.Disposal) {})
	lonely.Crew = lonely.Crew[:1]
	here.When(lonely).Refused(t, "officer.two_needed")
	part := dispose(func(d *sandmining.Disposal) { d.Quantity = 100 })
	rest := here.When(part).Then(t, sandmining.GoodsDisposed{Disposal: part.Disposal, Crew: crew()})
	rest.When(dispose(func(d *sandmining.Disposal) { d.Quantity = 201 })).Refused(t, "custody.too_much")
	rest.When(sandmining.CloseCustody{}).Refused(t, "custody.goods_left")
	back := dispose(func(d *sandmining.Disposal) {
		d.Quantity, d.Way, d.Decision, d.ProceedsFen, d.TreasuryNote = 200, "returned", "", 0, ""
	})
	rest.When(back).Then(t, sandmining.GoodsDisposed{Disposal: back.Disposal, Crew: crew()}).When(sandmining.CloseCustody{At: at}).Then(t, sandmining.CustodyClosed{ClosedAt: at})
}

// Values that sources state: 300 t at 40 yuan; 279,900, 156,400 and 194,750 t at 3 yuan.
func TestAppraisal(t *testing.T) {
	for _, tt := range []struct{ tonnes, yuan, want int64 }{{300, 40, 12_000}, {279_900, 3, 839_700}, {156_400, 3, 469_200}, {194_750, 3, 584_250}} {
		a := sandmining.Appraisal{No: 1, By: "示例", Credentials: "示例", Report: "示例", Quantity: tt.tonnes, PriceFen: tt.yuan * 100, PriceBasis: "示例", PriceOn: law.Date("2015-07-01"), ValueFen: tt.want * 100}
		here := onStore().Given(sandmining.GoodsTakenIn{Items: []sandmining.Goods{{No: 1, Quantity: tt.tonnes}}})
		here.When(sandmining.AppraiseGoods{Appraisal: a}).Then(t, sandmining.GoodsAppraised{Appraisal: a})
		for _, wrong := range []func(*sandmining.Appraisal){
			func(a *sandmining.Appraisal) { a.ValueFen++ }, func(a *sandmining.Appraisal) { a.ValueFen-- }, func(a *sandmining.Appraisal) { a.Quantity = 0 }, func(a *sandmining.Appraisal) { a.PriceFen++ },
		} {
			b := a
			wrong(&b)
			here.When(sandmining.AppraiseGoods{Appraisal: b}).Refused(t, "custody.value")
		}
		a.No = 2
		here.When(sandmining.AppraiseGoods{Appraisal: a}).Refused(t, "custody.no_such_item")
	}
}

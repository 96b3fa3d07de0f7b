package sandmining_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain/sandmining"
)

// steps is how many commands a search tries: few in every run, as many as STEPS says in a long one.
func steps(t *testing.T) int {
	t.Helper()
	n := 20_000
	if text := os.Getenv("STEPS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// Whatever is sent in whatever order, a bill lets through its load once: what later bills took over and have not given back, and
// what was landed, together stay within it and the tolerance; and landed once, it is never open again.
func TestABillLetsItsLoadThroughOnce(t *testing.T) {
	d, dice := sandmining.Bill(), rand.New(rand.NewPCG(11, 0))
	for left := steps(t); left > 0; {
		state := d.Fold(sandmining.BillState{}, billIssued())
		passed, landed, landings := map[uuid.UUID]int64{}, int64(0), 0
		for range 40 {
			left--
			to, amount, at := byte(dice.IntN(6)), int64(dice.IntN(2400)-200), loaded.Add(time.Duration(dice.IntN(60)-4)*time.Hour)
			var c sandmining.BillCommand
			switch dice.IntN(7) {
			case 0, 1:
				p := pass(to, amount, dice.IntN(4) == 0)
				p.At = at
				c = p
			case 2:
				c = sandmining.UndoTransshipment{To: id(to)}
			case 3:
				c = unload(at, seen(func(s *sandmining.Seen) { s.Amount = amount }))
			case 4:
				c = look(byte(dice.IntN(200)), at, seen(func(s *sandmining.Seen) { s.Amount = amount }))
			case 5:
				c = sandmining.VoidBill{Reason: "not_loaded", Note: "故障", At: at}
			case 6:
				c = issueBill()
			}
			if dice.IntN(3) > 0 {
				if _, void := c.(sandmining.VoidBill); void {
					continue
				}
			}
			events, err := d.Decide(state, c)
			if err != nil {
				continue
			}
			for _, e := range events {
				switch e := e.(type) {
				case sandmining.BillTransshipped:
					passed[e.To] += e.Amount
				case sandmining.TransshipmentUndone:
					delete(passed, e.To)
				case sandmining.BillUnloaded:
					landed = e.Seen.Amount
					landings++
					if allowed := state.Rest + state.Rest/20; landed > allowed {
						t.Fatalf("%d landed of a rest of %d", landed, state.Rest)
					}
				case sandmining.BillVoided:
					if len(passed) > 0 || landings > 0 || state.Matched {
						t.Fatal("voided after it was used")
					}
				case sandmining.BillIssued:
					t.Fatal("issued twice")
				case sandmining.BillChecked, sandmining.CheckCited:
				}
			}
			state = d.Fold(state, events...)
			sum := int64(0)
			for _, amount := range passed {
				sum += amount
			}
			const load, tolerance = 1800, 90
			if sum > load || landed > load+tolerance || landings > 1 || landings == 1 && state.Status != sandmining.BillUsedUp || state.Rest != load-sum {
				t.Fatalf("%d passed on, %d landed %d times, %d left, %s", sum, landed, landings, state.Rest, state.Status)
			}
		}
	}
}

// Whatever is sent in whatever order, nobody gets a vessel back while a case keeps it, only its own case lets it go, and what was
// confiscated never swims again.
func TestAVesselIsKeptUntilItsCaseLetsGo(t *testing.T) {
	d, dice := sandmining.Vessel(), rand.New(rand.NewPCG(12, 0))
	for left := steps(t); left > 0; {
		state := d.Fold(sandmining.VesselState{}, known)
		var holder *uuid.UUID
		confiscated, over := false, false
		for range 60 {
			left--
			which, at := id(byte(50+dice.IntN(2))), seenAt.Add(time.Duration(dice.IntN(900))*time.Hour)
			commands := []sandmining.VesselCommand{
				sandmining.DesignateBerth(named), sandmining.BerthVessel{At: at}, leave, absent(at), sandmining.ReturnVessel{At: at},
				sandmining.RelocateVessel{Document: "示例", Reason: "拒不停靠", Crew: crew(), At: at},
				sandmining.HoldVessel{Hold: sandmining.Hold{Case: which, Measure: "preserved", Document: "示例"}, Crew: crew(), At: at}, sandmining.MoveVessel{Place: "锚地", Custodian: "示例"},
				sandmining.LiftHold{Case: which, Document: "示例"}, sandmining.ReleaseVessel{Receiver: "船主", Receipt: "示例", Crew: crew(), At: at}, sandmining.ConfiscateVessel{Case: which, Decision: "示例"},
				sandmining.FailAuction{}, sandmining.AuctionVessel{ProceedsFen: 1, TreasuryNote: "示例"}, sandmining.DismantleVessel{Photos: photos, Crew: crew(), At: at},
			}
			c := commands[dice.IntN(len(commands))]
			events, err := d.Decide(state, c)
			if err != nil {
				continue
			}
			for _, e := range events {
				switch e := e.(type) {
				case sandmining.VesselHeld:
					if holder != nil || confiscated {
						t.Fatalf("held by %s while kept", e.Hold.Case)
					}
					file := e.Hold.Case
					holder = &file
				case sandmining.HoldLifted:
					if holder == nil || *holder != e.Case {
						t.Fatal("let go by a case that does not keep it")
					}
					holder = nil
				case sandmining.VesselConfiscated:
					if holder != nil && *holder != e.Case {
						t.Fatal("confiscated by a case that does not keep it")
					}
					holder, confiscated = nil, true
				case sandmining.VesselReleased, sandmining.VesselBerthed, sandmining.VesselReturned, sandmining.VesselRelocated, sandmining.LeavePermitted, sandmining.AbsenceFound, sandmining.BerthDesignated:
					if holder != nil || confiscated {
						t.Fatalf("%s while kept", e.EventType())
					}
				case sandmining.VesselAuctioned, sandmining.VesselDismantled, sandmining.AuctionFailed:
					if !confiscated || over {
						t.Fatalf("%s of what was not confiscated, or twice", e.EventType())
					}
					over = e.EventType() != sandmining.AuctionFailed{}.EventType()
				case sandmining.VesselRegistered, sandmining.VesselIdentified, sandmining.VesselSighted, sandmining.CargoChecked, sandmining.VesselMoved:
				}
			}
			state = d.Fold(state, events...)
		}
	}
}

// Whatever is sent in whatever order, of no item more goes out than came in, and a custody is closed only when nothing is left.
func TestGoodsGoOutOnce(t *testing.T) {
	d, dice := sandmining.Custody(), rand.New(rand.NewPCG(13, 0))
	items := []sandmining.Goods{{No: 1, Kind: "sand", Quantity: 300, Unit: "t"}, {No: 2, Kind: "gear", Quantity: 2, Unit: "piece"}}
	for left := steps(t); left > 0; {
		state := d.Fold(sandmining.CustodyState{}, sandmining.GoodsTakenIn{Case: file, Items: items})
		out := map[int64]int64{}
		for range 30 {
			left--
			var c sandmining.CustodyCommand = sandmining.DisposeGoods{Disposal: sandmining.Disposal{No: int64(1 + dice.IntN(3)), Way: []string{"returned", "destroyed"}[dice.IntN(2)], Quantity: int64(dice.IntN(320) - 10),
				Receipt: "示例", Decision: "示例"}, Crew: crew(), At: seenAt}
			if dice.IntN(4) == 0 {
				c = sandmining.CloseCustody{At: seenAt}
			}
			events, err := d.Decide(state, c)
			if err != nil {
				continue
			}
			for _, e := range events {
				switch e := e.(type) {
				case sandmining.GoodsDisposed:
					out[e.Disposal.No] += e.Disposal.Quantity
				case sandmining.CustodyClosed:
					if out[1] != 300 || out[2] != 2 {
						t.Fatalf("closed with %v out", out)
					}
				case sandmining.GoodsTakenIn, sandmining.GoodsMoved, sandmining.GoodsCounted, sandmining.GoodsAppraised:
				}
			}
			state = d.Fold(state, events...)
			if out[1] > 300 || out[2] > 2 || slices.ContainsFunc(state.Items, func(g sandmining.Goods) bool { return g.Quantity < 0 }) {
				t.Fatalf("%v out, %+v left", out, state.Items)
			}
		}
	}
}

package sandmining_test

import (
	"testing"
	"time"

	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
	"shuizheng/domain/sandmining"
)

var (
	seenAt   = beijing(2026, time.March, 2, 9)
	identity = sandmining.Identity{Name: "苏示例采0001", MMSI: "413000001", RegistryNo: "示例001", HomePort: "江阴", Type: "dredger", Papers: "complete"}
	berth    = sandmining.Berth{Name: "芦埠港停泊点", District: "320281"}
	known    = sandmining.VesselRegistered{District: "320281", Identity: identity, Owner: "示例航运", RegisteredAt: seenAt}
	berthed  = sandmining.VesselBerthed{BerthedAt: seenAt}
	named    = sandmining.BerthDesignated{Berth: berth, Document: "示例文号", Approval: approval}
	leave    = sandmining.PermitLeave{From: "2026-03-10", Until: "2026-03-20", Destination: "示例船厂", Reason: "修理", Approval: approval}
	held     = sandmining.VesselHeld{Hold: sandmining.Hold{Case: file, Measure: "preserved", Document: "示例", Place: "芦埠港", Custodian: "示例看管"}, Crew: crew(), HeldAt: seenAt}
)

func onShip() domaintest.Spec[sandmining.VesselState, sandmining.VesselCommand, sandmining.VesselEvent] {
	return domaintest.For(sandmining.Vessel())
}

func absent(at time.Time) sandmining.FindAbsence {
	return sandmining.FindAbsence{Note: "停泊点空缺", Photos: photos, Crew: crew(), At: at}
}

func TestVesselAtItsBerth(t *testing.T) {
	lying := onShip().
		When(sandmining.RegisterVessel{District: "320281", Identity: identity, Owner: "示例航运", At: seenAt}).Then(t, known).
		When(sandmining.DesignateBerth(named)).Then(t, named).
		When(sandmining.BerthVessel{At: seenAt}).Then(t, berthed)
	away := lying.When(leave).Then(t, sandmining.LeavePermitted(leave))
	away.When(absent(beijing(2026, time.March, 20, 23))).Refused(t, "vessel.on_leave")
	away.When(sandmining.ReturnVessel{At: beijing(2026, time.March, 20, 23)}).Then(t, sandmining.VesselReturned{ReturnedAt: beijing(2026, time.March, 20, 23)})
	late := beijing(2026, time.March, 21, 0)
	away.When(sandmining.ReturnVessel{At: late}).Then(t, sandmining.VesselReturned{Late: true, ReturnedAt: late})

	// Overstayed: the cause of the day is suggested, and the vessel is brought back by force.
	gone := away.When(absent(late)).Then(t, sandmining.AbsenceFound{Overstayed: true, Violation: "S05", Note: "停泊点空缺", Photos: photos, Crew: crew(), FoundAt: late})
	gone.When(absent(late)).Refused(t, "vessel.already_astray")
	gone.When(sandmining.ReturnVessel{At: late}).Then(t, sandmining.VesselReturned{Late: true, ReturnedAt: late})
	force := sandmining.RelocateVessel{Document: "澄水责停〔2026〕示例号", Reason: "拒不停靠", Crew: crew(), At: late}
	gone.When(force).Then(t, sandmining.VesselRelocated{Document: force.Document, Reason: force.Reason, Crew: crew(), RelocatedAt: late}).
		When(leave).Then(t, sandmining.LeavePermitted(leave))
	lying.When(force).Refused(t, "vessel.not_astray")
	force.Crew = crew()[:1]
	gone.When(force).Refused(t, "officer.two_needed")

	// Before its leave begins, being gone is no leave; and before 2023 another text applied.
	before := beijing(2026, time.March, 9, 12)
	away.When(absent(before)).Then(t, sandmining.AbsenceFound{Violation: "S05", Note: "停泊点空缺", Photos: photos, Crew: crew(), FoundAt: before})
	old := beijing(2023, time.July, 19, 12)
	lying.When(absent(old)).Then(t, sandmining.AbsenceFound{Violation: "S05-2002", Note: "停泊点空缺", Photos: photos, Crew: crew(), FoundAt: old})
	ancient := beijing(2001, time.July, 19, 12)
	c := absent(ancient)
	for n := range c.Crew {
		c.Crew[n].CertFrom = "2000-01-01"
	}
	lying.When(c).Then(t, sandmining.AbsenceFound{Note: "停泊点空缺", Photos: photos, Crew: c.Crew, FoundAt: ancient})

	alone := absent(late)
	alone.Crew = alone.Crew[:1]
	lying.When(alone).Refused(t, "officer.two_needed")
}

func TestVesselRefusals(t *testing.T) {
	fresh, here := onShip(), onShip().Given(known)
	lying := here.Given(named, berthed)
	kept := lying.Given(held)
	lifted := kept.Given(sandmining.HoldLifted{Case: file})
	taken := kept.Given(sandmining.VesselConfiscated{Case: file})
	broken := taken.Given(sandmining.VesselDismantled{})

	here.When(sandmining.RegisterVessel{}).Refused(t, "vessel.already_registered")
	for _, c := range []sandmining.VesselCommand{sandmining.IdentifyVessel{}, sandmining.SightVessel{}, sandmining.CheckCargo{}, sandmining.DesignateBerth{}, sandmining.BerthVessel{}, leave, absent(seenAt), sandmining.ReturnVessel{},
		sandmining.RelocateVessel{}, sandmining.HoldVessel{}, sandmining.MoveVessel{}, sandmining.LiftHold{}, sandmining.ReleaseVessel{}, sandmining.ConfiscateVessel{}, sandmining.FailAuction{}, sandmining.AuctionVessel{}, sandmining.DismantleVessel{}} {
		fresh.When(c).Refused(t, "vessel.unknown")
	}
	for _, c := range []sandmining.VesselCommand{sandmining.DesignateBerth{}, sandmining.BerthVessel{}, leave, absent(seenAt), sandmining.ReturnVessel{}, sandmining.RelocateVessel{}, sandmining.HoldVessel{}, sandmining.ReleaseVessel{}} {
		if r := kept.When(c).Refused(t, "vessel.held"); r.Article == "" {
			t.Errorf("%T is refused by no article", c)
		}
		taken.When(c).Refused(t, "vessel.ended")
	}
	here.When(sandmining.BerthVessel{}).Refused(t, "vessel.no_berth")
	lying.When(sandmining.BerthVessel{}).Refused(t, "vessel.already_berthed")
	lying.Given(sandmining.AbsenceFound{}).When(sandmining.BerthVessel{}).Refused(t, "vessel.away")
	here.When(leave).Refused(t, "vessel.not_berthed")
	here.When(absent(seenAt)).Refused(t, "vessel.not_berthed")
	lying.When(sandmining.ReturnVessel{}).Refused(t, "vessel.not_away")
	backwards := leave
	backwards.Until = "2026-03-09"
	lying.When(backwards).Refused(t, "vessel.leave_period")

	here.When(sandmining.LiftHold{Case: file}).Refused(t, "vessel.not_held")
	here.When(sandmining.MoveVessel{}).Refused(t, "vessel.not_kept")
	here.When(sandmining.ReleaseVessel{}).Refused(t, "vessel.nothing_to_release")
	kept.When(sandmining.LiftHold{Case: id(7)}).Refused(t, "vessel.held_by_other_case")
	kept.When(sandmining.ConfiscateVessel{Case: id(7)}).Refused(t, "vessel.held_by_other_case")
	for _, c := range []sandmining.VesselCommand{sandmining.FailAuction{}, sandmining.AuctionVessel{}, sandmining.DismantleVessel{}} {
		lifted.When(c).Refused(t, "vessel.not_confiscated")
		broken.When(c).Refused(t, "vessel.not_confiscated")
	}
	taken.When(sandmining.AuctionVessel{Buyer: "示例", ProceedsFen: 100, Receipt: "示例"}).Refused(t, "vessel.proceeds")
	taken.When(sandmining.DismantleVessel{Crew: crew(), At: seenAt}).Refused(t, "vessel.no_photos")
	taken.When(sandmining.DismantleVessel{Crew: crew()[:1], Photos: photos, At: seenAt}).Refused(t, "officer.two_needed")
	lifted.When(sandmining.ReleaseVessel{Crew: crew()[:1], At: seenAt}).Refused(t, "officer.two_needed")

	// Advance registration needs no provision of its own; sealing and seizing do.
	hold := sandmining.HoldVessel{Hold: held.Hold, Crew: crew(), At: seenAt}
	here.When(hold).Then(t, held)
	hold.Hold.Measure = "seized"
	if r := here.When(hold).Refused(t, "vessel.no_basis"); r.Article != "《行政强制法》第二十二条" {
		t.Errorf("refused by %q", r.Article)
	}
	hold.Crew = crew()[:1]
	here.When(hold).Refused(t, "officer.two_needed")
}

// “三无” is a vessel without name, number and port; “complete” is one with all three.
func TestPapersAgree(t *testing.T) {
	register := func(i sandmining.Identity) sandmining.RegisterVessel {
		return sandmining.RegisterVessel{District: "320281", Identity: i, At: seenAt}
	}
	onShip().When(register(sandmining.Identity{Type: "hidden", Papers: "none"})).
		Then(t, sandmining.VesselRegistered{District: "320281", Identity: sandmining.Identity{Type: "hidden", Papers: "none"}, RegisteredAt: seenAt})
	onShip().When(register(sandmining.Identity{Type: "hidden", Papers: "none", RegistryNo: "示例"})).Refused(t, "vessel.papers")
	onShip().When(register(sandmining.Identity{Type: "dredger", Papers: "complete", Name: "甲", RegistryNo: "示例"})).Refused(t, "vessel.papers")
	onShip().Given(known).When(sandmining.IdentifyVessel{Identity: sandmining.Identity{Type: "dredger", Papers: "complete"}}).Refused(t, "vessel.papers")
}

// 清远, 24 February 2022: a carrier shows papers for machine-made sand and carries river sand; the sand is confiscated. The cause of
// carrying unlicensed Yangtze sand did not exist then, so none is suggested; on the Yangtze after July 2023 it is.
func TestQingyuan2022(t *testing.T) {
	at := beijing(2022, time.February, 24, 10)
	inland := sandmining.Reach{ID: id(3), Name: "北江示例段", District: "320281", Regime: law.Inland}
	look := sandmining.CheckCargo{Check: id(5), Reach: inland, Paper: sandmining.CargoPaper{Kind: "source_proof", Number: "示例证明", Sand: "机制砂", Amount: 800, Unit: sandmining.Tonnes},
		Sand: "河砂", Amount: 800, Unit: sandmining.Tonnes, Photos: photos, Limits: sandmining.UnverifiedLimits(), Crew: crew(), At: at}
	found := sandmining.CargoChecked{Check: id(5), Reach: inland, Paper: look.Paper, Sand: "河砂", Amount: 800, Unit: sandmining.Tonnes, Result: "mismatch", Mismatches: []string{"sand"},
		Limits: sandmining.UnverifiedLimits(), Photos: photos, Crew: crew(), CheckedAt: at}
	carrier := onShip().Given(known)
	carrier.When(look).Then(t, found).When(look).Refused(t, "vessel.check_twice")

	look.Reach, look.At = river, beijing(2023, time.July, 20, 10)
	found.Reach, found.CheckedAt, found.Violation = river, look.At, "S04"
	carrier.When(look).Then(t, found)
	look.At = beijing(2023, time.July, 19, 10)
	found.CheckedAt, found.Violation = look.At, ""
	carrier.When(look).Then(t, found)

	// The same load with papers that say what is there is in order, up to the tolerance; a tonne more is not.
	look.Paper.Sand, look.Amount = "河砂", 840
	found.Paper, found.Amount, found.Result, found.Mismatches = look.Paper, 840, "match", nil
	carrier.When(look).Then(t, found)
	look.Amount, found.Amount, found.Result, found.Mismatches = 841, 841, "mismatch", []string{"amount"}
	carrier.When(look).Then(t, found)
	look.Unit, found.Unit, found.Mismatches = sandmining.CubicMetres, sandmining.CubicMetres, []string{"unit"}
	carrier.When(look).Then(t, found)
	look.Paper = sandmining.CargoPaper{Kind: "none"}
	found.Paper, found.Mismatches = look.Paper, []string{"paper"}
	carrier.When(look).Then(t, found)
	look.Crew = crew()[:1]
	carrier.When(look).Refused(t, "officer.two_needed")

	// The sand goes into custody and ends by the decision; that the fine of 46,940 yuan was paid is a matter of the case.
	taken := sandmining.TakeIn{Case: file, List: "示例清单", Measure: "preserved", Items: []sandmining.Goods{{No: 1, Kind: "sand", Name: "河砂", Quantity: 800, Unit: "t"}}, Place: "示例码头", Custodian: "示例看管",
		Party: "谢某某在场", District: "320281", Crew: crew(), At: at}
	store := domaintest.For(sandmining.Custody()).When(taken).Then(t, sandmining.GoodsTakenIn{Case: file, District: "320281", List: "示例清单", Measure: "preserved", Items: taken.Items,
		Place: "示例码头", Custodian: "示例看管", Party: "谢某某在场", Crew: crew(), TakenAt: at})
	use := sandmining.Disposal{No: 1, Way: "put_to_use", Quantity: 800, Receiver: "示例公益工程", Receipt: "示例接收单", On: "2022-06-01", Approval: approval}
	dispose := sandmining.DisposeGoods{Disposal: use, Crew: crew(), At: at}
	store.When(dispose).Refused(t, "custody.no_decision")
	dispose.Disposal.Decision = "示例水罚〔2022〕1号"
	store.When(dispose).Then(t, sandmining.GoodsDisposed{Disposal: dispose.Disposal, Crew: crew()}).
		When(sandmining.CloseCustody{At: at}).Then(t, sandmining.CustodyClosed{ClosedAt: at})
}

// 利港, 5 December 2019: the two vessels lie at the 芦埠港 berth under watch while four persons go to the police. Custody and
// transfer run beside each other: nothing about the vessel waits for the police, and it is not released while the case keeps it.
func TestLigangVessels2019(t *testing.T) {
	var (
		dawn = beijing(2019, time.December, 5, 4)
		noon = beijing(2019, time.December, 5, 12)
		hold = sandmining.Hold{Case: file, Measure: "preserved", Document: "示例", Place: "芦埠港停泊点", Custodian: "示例看管单位（24小时视频）"}
	)
	for _, vessel := range []sandmining.Identity{{Type: "dredger", Papers: "unknown"}, {Type: "dredger", Papers: "unknown", Colour: "蓝"}} {
		registered := sandmining.VesselRegistered{District: "320281", Identity: vessel, Note: "利港水域查获", RegisteredAt: dawn}
		sighted := sandmining.VesselSighted{Reach: river, Activity: "mining", Source: "patrol", Photos: photos}
		kept := onShip().
			When(sandmining.RegisterVessel{District: "320281", Identity: vessel, Note: "利港水域查获", At: dawn}).Then(t, registered).
			When(sandmining.SightVessel{Reach: river, Activity: "mining", Source: "patrol", Photos: photos}).Then(t, sighted).
			When(sandmining.HoldVessel{Hold: hold, Crew: crew(), At: noon}).Then(t, sandmining.VesselHeld{Hold: hold, Crew: crew(), HeldAt: noon})
		release := sandmining.ReleaseVessel{Receiver: "船主", Receipt: "示例", Crew: crew(), At: beijing(2019, time.December, 8, 9)}
		kept.When(release).Refused(t, "vessel.held")

		// Four persons handed to the police: their things go with the case, the vessel stays where it is.
		goods := sandmining.TakeIn{Case: file, List: "示例清单", Measure: "preserved", Items: []sandmining.Goods{{No: 1, Kind: "gear", Name: "吸砂泵", Quantity: 2, Unit: "piece"}, {No: 2, Kind: "document", Name: "航行日志", Quantity: 1, Unit: "piece"}},
			Place: "芦埠港", Custodian: "示例看管单位", Party: "船员四人在场", District: "320281", Crew: crew(), At: noon}
		police := sandmining.Disposal{No: 2, Way: "handed_over", Quantity: 1, Receiver: "公安机关", Receipt: "示例回执", On: "2019-12-06", Approval: approval}
		store := domaintest.For(sandmining.Custody()).
			When(goods).Then(t, sandmining.GoodsTakenIn{Case: file, District: "320281", List: "示例清单", Measure: "preserved", Items: goods.Items, Place: "芦埠港", Custodian: "示例看管单位", Party: "船员四人在场", Crew: crew(), TakenAt: noon}).
			When(sandmining.DisposeGoods{Disposal: police, Crew: crew(), At: noon.Add(24 * time.Hour)}).Then(t, sandmining.GoodsDisposed{Disposal: police, Crew: crew()})
		store.When(sandmining.CloseCustody{At: noon}).Refused(t, "custody.goods_left")

		lift := sandmining.LiftHold{Case: file, Document: "示例", Reason: "随案移送", Approval: approval}
		kept.When(sandmining.MoveVessel{Place: "示例锚地", Custodian: "示例看管单位", Reason: "泊位不足"}).Then(t, sandmining.VesselMoved{Place: "示例锚地", Custodian: "示例看管单位", Reason: "泊位不足"}).
			When(lift).Then(t, sandmining.HoldLifted(lift)).
			When(release).Then(t, sandmining.VesselReleased{Receiver: "船主", Receipt: "示例", Crew: crew(), ReleasedAt: release.At})
	}
}

// 武汉, 11 June 2015, 02:27: a “三无” vessel with 200 t of sand; it is confiscated, and from September offered at auctions that find
// no buyer; its gear is destroyed. How it ended is not told, so both ends are tried.
func TestWuhan2015(t *testing.T) {
	caught := time.Date(2015, time.June, 11, 2, 27, 0, 0, law.Beijing()).UTC()
	nameless := sandmining.Identity{Type: "dredger", Papers: "none", CapacityT: 200}
	hold := sandmining.Hold{Case: file, Measure: "seized", Basis: "《长江河道采砂管理条例》（2001年）第十八条", Document: "示例", Place: "示例停泊点", Custodian: "示例"}
	confiscated := sandmining.VesselConfiscated{Case: file, Decision: "示例水罚〔2015〕示例号", DecidedOn: "2015-07-20"}
	taken := onShip().
		When(sandmining.RegisterVessel{District: "320281", Identity: nameless, At: caught}).Then(t, sandmining.VesselRegistered{District: "320281", Identity: nameless, RegisteredAt: caught}).
		When(sandmining.HoldVessel{Hold: hold, Crew: crew(), At: caught}).Then(t, sandmining.VesselHeld{Hold: hold, Crew: crew(), HeldAt: caught}).
		When(sandmining.ConfiscateVessel(confiscated)).Then(t, confiscated).
		When(sandmining.FailAuction{On: "2015-09-10", Reason: "无人竞买"}).Then(t, sandmining.AuctionFailed{Round: 1, On: "2015-09-10", Reason: "无人竞买"}).
		When(sandmining.FailAuction{On: "2015-11-10", Reason: "无人竞买"}).Then(t, sandmining.AuctionFailed{Round: 2, On: "2015-11-10", Reason: "无人竞买"})
	sale := sandmining.AuctionVessel{On: "2016-01-10", Buyer: "示例", ProceedsFen: 100, Receipt: "示例", TreasuryNote: "示例缴款书"}
	taken.When(sale).Then(t, sandmining.VesselAuctioned(sale)).When(sale).Refused(t, "vessel.not_confiscated")
	scrap := sandmining.DismantleVessel{On: "2016-01-10", Contractor: "示例", Receipt: "示例", Photos: photos, Crew: crew(), At: beijing(2016, time.January, 10, 9)}
	taken.When(scrap).Then(t, sandmining.VesselDismantled{On: scrap.On, Contractor: "示例", Receipt: "示例", Photos: photos, Crew: crew()})

	goods := []sandmining.Goods{{No: 1, Kind: "sand", Name: "江砂", Quantity: 200, Unit: "t"}, {No: 2, Kind: "gear", Name: "采砂机具", Quantity: 1, Unit: "piece"}}
	gear := sandmining.Disposal{No: 2, Way: "destroyed", Quantity: 1, Receiver: "示例拆解厂", Receipt: "示例", Decision: confiscated.Decision, On: "2015-09-10", Approval: approval}
	domaintest.For(sandmining.Custody()).Given(sandmining.GoodsTakenIn{Case: file, Items: goods}).
		When(sandmining.DisposeGoods{Disposal: gear, Crew: crew(), At: caught}).Then(t, sandmining.GoodsDisposed{Disposal: gear, Crew: crew()})
}

package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/law"
	"shuizheng/domain/registry"
	"shuizheng/domain/sandmining"
	"shuizheng/domain/shoreline"
)

// home is a decider with the district its records belong to; without one, anybody who may send the command may send it to any of
// them: a vessel or a load is checked where it is met.
type home[S, C any, E domain.Event] struct {
	decider  domain.Decider[S, C, E]
	district func(S) string
}

func permits() home[sandmining.PermitState, sandmining.PermitCommand, sandmining.PermitEvent] {
	return home[sandmining.PermitState, sandmining.PermitCommand, sandmining.PermitEvent]{sandmining.Permit(), func(s sandmining.PermitState) string { return s.Reach.District }}
}

func vessels() home[sandmining.VesselState, sandmining.VesselCommand, sandmining.VesselEvent] {
	return home[sandmining.VesselState, sandmining.VesselCommand, sandmining.VesselEvent]{sandmining.Vessel(), func(s sandmining.VesselState) string { return s.District }}
}

func bills() home[sandmining.BillState, sandmining.BillCommand, sandmining.BillEvent] {
	return home[sandmining.BillState, sandmining.BillCommand, sandmining.BillEvent]{sandmining.Bill(), func(s sandmining.BillState) string { return s.Issued.Reach.District }}
}

func custodies() home[sandmining.CustodyState, sandmining.CustodyCommand, sandmining.CustodyEvent] {
	return home[sandmining.CustodyState, sandmining.CustodyCommand, sandmining.CustodyEvent]{sandmining.Custody(), func(s sandmining.CustodyState) string { return s.District }}
}

func problems() home[shoreline.ProblemState, shoreline.ProblemCommand, shoreline.ProblemEvent] {
	return home[shoreline.ProblemState, shoreline.ProblemCommand, shoreline.ProblemEvent]{shoreline.Problem(), func(s shoreline.ProblemState) string { return s.Reach.District }}
}

func polygons() home[shoreline.PolygonState, shoreline.PolygonCommand, shoreline.PolygonEvent] {
	return home[shoreline.PolygonState, shoreline.PolygonCommand, shoreline.PolygonEvent]{shoreline.Polygon(), func(s shoreline.PolygonState) string { return s.Reach.District }}
}

// anywhere lets a command reach records of all districts.
func (h home[S, C, E]) anywhere() home[S, C, E] {
	h.district = func(S) string { return "" }
	return h
}

func (h home[S, C, E]) execute(ctx context.Context, s *server, a act, c C, meta domain.Meta) (domain.Result, error) {
	return domain.Execute(ctx, s.Log, s.Catalog, within(a.caller, h.decider, h.district), a.id, c, meta)
}

// load reads a record as its own stream has it now, within what the caller may work on; one that does not exist is its zero state.
func (h home[S, C, E]) load(ctx context.Context, s *server, who caller, id uuid.UUID) (S, error) {
	state, err := domain.Load(ctx, s.Log, s.Catalog, h.decider, id)
	if err != nil {
		return state, err
	}
	if d := h.district(state); d != "" && !who.spans(d) {
		return state, errForbidden("access.other_district", "这条记录属于其他板块，您不能办理。")
	}
	return state, nil
}

// water makes a command of a decider: fill puts in what the registry knows, nil puts in nothing.
func water[D, S, C any, E domain.Event](title string, h home[S, C, E], fill func(ctx context.Context, s *server, a act, c *D) error) commandType {
	return command(title, func(ctx context.Context, s *server, a act, c D) (Accepted, error) {
		if fill != nil {
			if err := fill(ctx, s, a, &c); err != nil {
				return Accepted{}, err
			}
		}
		return accepted(h.execute(ctx, s, a, any(c).(C), a.meta))
	})
}

// reachHere looks up a reach that the caller works on.
func (s *server) reachHere(ctx context.Context, who caller, id uuid.UUID) (r struct {
	ID       uuid.UUID
	Name     string
	District string
	Regime   law.Regime
}, err error) {
	found, err := s.reach(ctx, id)
	if err == nil && !who.spans(found.District) {
		err = errForbidden("access.other_district", "河段“"+found.Name+"”属于其他板块，请重新选择河段。")
	}
	r.ID, r.Name, r.District, r.Regime = found.ID, found.Name, found.District, found.Regime
	return r, err
}

// one looks up a single officer.
func (s *server) one(ctx context.Context, a act, id uuid.UUID) (law.Officer, error) {
	list, err := s.crew(ctx, []uuid.UUID{id}, a.at)
	if err != nil {
		return law.Officer{}, err
	}
	return list[0], nil
}

// caseHere is the district of a case that the caller works on: goods and vessels are kept for a case that stands.
func (s *server) caseHere(ctx context.Context, who caller, id uuid.UUID) (string, error) {
	file, err := domain.Load(ctx, s.Log, s.Catalog, casefile.Decider(), id)
	switch {
	case err != nil:
		return "", err
	case file.District == "":
		return "", &domain.Refusal{Code: "case.unknown", Field: "case", Message: "没有这个案件，请重新选择。"}
	case !who.spans(file.District):
		return "", errForbidden("access.other_district", "该案件属于其他板块，您不能办理。")
	}
	return file.District, nil
}

// mayActFor refuses to record an act of the city or the province by somebody who works for a district.
func mayActFor(who caller, level shoreline.Level) error {
	if level != shoreline.County && who.District != registry.City {
		return errForbidden("access.level", "市级以上的抽查、验收、销号、复核和延期由市级人员登记。")
	}
	return nil
}

// numbered refuses an aggregate that is not the one of its number: only then is the number used once.
func numbered(got, want uuid.UUID, what string) error {
	if got != want {
		return problem(http.StatusBadRequest, "command.number_form", "记录编号有误", what+"的记录编号应当由其号码得出，请升级应用后重新提交。")
	}
	return nil
}

// waterCommands is every command on sand mining and shoreline.
func waterCommands() map[string]commandType {
	all := sandCommands()
	maps.Copy(all, vesselCommands())
	maps.Copy(all, shoreCommands())
	return all
}

func sandCommands() map[string]commandType {
	return map[string]commandType{
		"permit.issue": water("登记采砂许可证", permits(), func(ctx context.Context, s *server, a act, c *sandmining.IssuePermit) error {
			r, err := s.reachHere(ctx, a.caller, c.ReachID)
			if err != nil {
				return err
			}
			c.Reach, c.At = sandmining.Reach(r), a.at
			return numbered(a.id, sandmining.PermitID(c.Number), "采砂许可证")
		}),
		"permit.amend":   water[sandmining.AmendPermit]("变更采砂许可证", permits(), nil),
		"permit.suspend": water[sandmining.SuspendPermit]("暂停采砂许可证", permits(), nil),
		"permit.resume":  water[sandmining.ResumePermit]("恢复采砂许可证", permits(), nil),
		"permit.end":     water[sandmining.EndPermit]("吊销、撤销、注销采砂许可证", permits(), nil),
		"permit.record_extraction": water("登记采量", permits(), func(ctx context.Context, s *server, a act, c *sandmining.RecordExtraction) (err error) {
			c.Supervisor, err = s.one(ctx, a, c.SupervisorID)
			c.At = a.at
			return err
		}),
		"waybill.issue": command("出具采运管理单", issueBill),
		"waybill.check": water("查验采运管理单", bills().anywhere(), func(ctx context.Context, s *server, a act, c *sandmining.CheckBill) (err error) {
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.Limits, c.At = sandmining.UnverifiedLimits(), a.at
			return err
		}),
		"waybill.cite_check": water[sandmining.CiteCheck]("查验结果转为线索", bills().anywhere(), nil),
		"waybill.unload": water("卸载核销", bills().anywhere(), func(_ context.Context, _ *server, a act, c *sandmining.UnloadBill) error {
			c.Limits, c.At = sandmining.UnverifiedLimits(), a.at
			return nil
		}),
		"waybill.void": command("作废采运管理单", voidBill),
		"custody.take_in": water("涉案物品入库", custodies(), func(ctx context.Context, s *server, a act, c *sandmining.TakeIn) (err error) {
			if c.District, err = s.caseHere(ctx, a.caller, c.Case); err != nil {
				return err
			}
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.At = a.at
			return err
		}),
		"custody.move": water[sandmining.MoveGoods]("变更物品保管", custodies(), nil),
		"custody.count": water("盘点", custodies(), func(ctx context.Context, s *server, a act, c *sandmining.CountGoods) (err error) {
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.At = a.at
			return err
		}),
		"custody.appraise": water[sandmining.AppraiseGoods]("登记检验鉴定", custodies(), nil),
		"custody.dispose": water("处置物品", custodies(), func(ctx context.Context, s *server, a act, c *sandmining.DisposeGoods) (err error) {
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.At = a.at
			return err
		}),
		"custody.close": water("保管结清", custodies(), func(_ context.Context, _ *server, a act, c *sandmining.CloseCustody) error {
			c.At = a.at
			return nil
		}),
	}
}

func vesselCommands() map[string]commandType {
	return map[string]commandType{
		"vessel.register": water("登记船舶", vessels(), func(_ context.Context, _ *server, a act, c *sandmining.RegisterVessel) error {
			if !a.caller.spans(c.District) {
				return errForbidden("access.other_district", "不能登记其他板块的船舶。")
			}
			c.At = a.at
			return nil
		}),
		"vessel.identify": water[sandmining.IdentifyVessel]("核实船舶", vessels(), nil),
		"vessel.sight": water("登记发现船舶", vessels().anywhere(), func(ctx context.Context, s *server, a act, c *sandmining.SightVessel) error {
			r, err := s.reachHere(ctx, a.caller, c.ReachID)
			c.Reach = sandmining.Reach(r)
			return err
		}),
		"vessel.check_cargo": water("核对货物与凭证", vessels().anywhere(), func(ctx context.Context, s *server, a act, c *sandmining.CheckCargo) error {
			r, err := s.reachHere(ctx, a.caller, c.ReachID)
			if err != nil {
				return err
			}
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.Reach, c.Limits, c.At = sandmining.Reach(r), sandmining.UnverifiedLimits(), a.at
			return err
		}),
		"vessel.designate_berth": water[sandmining.DesignateBerth]("指定停泊地点", vessels(), nil),
		"vessel.berth": water("登记停泊", vessels(), func(_ context.Context, _ *server, a act, c *sandmining.BerthVessel) error {
			c.At = a.at
			return nil
		}),
		"vessel.permit_leave": water[sandmining.PermitLeave]("准予离开", vessels(), nil),
		"vessel.find_absence": water("登记擅自离开", vessels(), func(ctx context.Context, s *server, a act, c *sandmining.FindAbsence) (err error) {
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.At = a.at
			return err
		}),
		"vessel.return": water("登记返回停泊", vessels(), func(_ context.Context, _ *server, a act, c *sandmining.ReturnVessel) error {
			c.At = a.at
			return nil
		}),
		"vessel.relocate": water("强制转移", vessels(), func(ctx context.Context, s *server, a act, c *sandmining.RelocateVessel) (err error) {
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.At = a.at
			return err
		}),
		"vessel.hold": water("保存、查封、扣押船舶", vessels(), func(ctx context.Context, s *server, a act, c *sandmining.HoldVessel) (err error) {
			if _, err = s.caseHere(ctx, a.caller, c.Hold.Case); err != nil {
				return err
			}
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.At = a.at
			return err
		}),
		"vessel.move":      water[sandmining.MoveVessel]("变更船舶保管", vessels(), nil),
		"vessel.lift_hold": water[sandmining.LiftHold]("解除保存、查封、扣押", vessels(), nil),
		"vessel.release": water("发还船舶", vessels(), func(ctx context.Context, s *server, a act, c *sandmining.ReleaseVessel) (err error) {
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.At = a.at
			return err
		}),
		"vessel.confiscate": water("没收船舶", vessels(), func(ctx context.Context, s *server, a act, c *sandmining.ConfiscateVessel) error {
			_, err := s.caseHere(ctx, a.caller, c.Case)
			return err
		}),
		"vessel.fail_auction": water[sandmining.FailAuction]("登记流拍", vessels(), nil),
		"vessel.auction":      water[sandmining.AuctionVessel]("登记拍卖成交", vessels(), nil),
		"vessel.dismantle": water("登记拆解", vessels(), func(ctx context.Context, s *server, a act, c *sandmining.DismantleVessel) (err error) {
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.At = a.at
			return err
		}),
	}
}

func shoreCommands() map[string]commandType {
	return map[string]commandType{
		"problem.find": water("登记岸线问题", problems(), func(ctx context.Context, s *server, a act, c *shoreline.FindProblem) error {
			r, err := s.reachHere(ctx, a.caller, c.ReachID)
			c.Reach, c.At = shoreline.Reach(r), a.at
			return err
		}),
		"problem.confirm": water("认定问题", problems(), func(ctx context.Context, s *server, a act, c *shoreline.ConfirmProblem) (err error) {
			if c.Crew, err = s.crew(ctx, c.Officers, a.at); err != nil {
				return err
			}
			c.Table, err = shoreline.SeverityBy(law.DefaultSettings(), law.DateOf(a.at))
			c.At = a.at
			return err
		}),
		"problem.reject": water("认定不是问题", problems(), func(ctx context.Context, s *server, a act, c *shoreline.RejectProblem) (err error) {
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.At = a.at
			return err
		}),
		"problem.spot_check": water("抽查不是问题的认定", problems(), func(ctx context.Context, s *server, a act, c *shoreline.SpotCheckRejection) (err error) {
			if err = mayActFor(a.caller, c.Level); err == nil {
				c.Members, err = s.crew(ctx, c.Officers, a.at)
			}
			return err
		}),
		"problem.dispatch": water("交办", problems(), func(_ context.Context, _ *server, a act, c *shoreline.DispatchProblem) error {
			c.At = a.at
			return nil
		}),
		"problem.submit_plan":     water[shoreline.SubmitPlan]("报送整改方案", problems(), nil),
		"problem.report_progress": water[shoreline.ReportProgress]("报送整改进展", problems(), nil),
		"problem.link_case": water("关联案件", problems(), func(ctx context.Context, s *server, a act, c *shoreline.LinkCase) (err error) {
			if c.Case != nil {
				_, err = s.caseHere(ctx, a.caller, *c.Case)
			}
			return err
		}),
		"problem.complete": water("上报整改完成", problems(), func(_ context.Context, _ *server, a act, c *shoreline.CompleteRectification) error {
			c.At = a.at
			return nil
		}),
		"problem.accept": water("验收", problems(), func(ctx context.Context, s *server, a act, c *shoreline.Accept) (err error) {
			if err = mayActFor(a.caller, c.Level); err == nil {
				c.Members, err = s.crew(ctx, c.Officers, a.at)
			}
			c.At = a.at
			return err
		}),
		"problem.close_out": water("销号", problems(), func(_ context.Context, _ *server, a act, c *shoreline.CloseOut) error {
			c.At = a.at
			return mayActFor(a.caller, c.Level)
		}),
		"problem.recheck": water("复核（回头看）", problems(), func(ctx context.Context, s *server, a act, c *shoreline.Recheck) (err error) {
			if err = mayActFor(a.caller, c.Level); err == nil {
				c.Members, err = s.crew(ctx, c.Officers, a.at)
			}
			c.At = a.at
			return err
		}),
		"problem.reopen": water("登记反弹", problems(), func(_ context.Context, _ *server, a act, c *shoreline.ReopenProblem) error {
			c.At = a.at
			return nil
		}),
		"problem.approve_extension": water("批准延期", problems(), func(_ context.Context, _ *server, a act, c *shoreline.ApproveExtension) error {
			return mayActFor(a.caller, c.Level)
		}),
		"polygon.push": water("下发图斑", polygons(), func(ctx context.Context, s *server, a act, c *shoreline.PushPolygon) error {
			r, err := s.reachHere(ctx, a.caller, c.ReachID)
			c.Reach, c.At = shoreline.Reach(r), a.at
			return err
		}),
		"polygon.assign": water("分派图斑", polygons(), func(ctx context.Context, s *server, a act, c *shoreline.AssignPolygon) (err error) {
			c.Checkers, err = s.crew(ctx, c.Officers, a.at)
			c.At = a.at
			return err
		}),
		"polygon.check": water("核查图斑", polygons(), func(ctx context.Context, s *server, a act, c *shoreline.CheckPolygon) (err error) {
			c.Crew, err = s.crew(ctx, c.Officers, a.at)
			c.At = a.at
			return err
		}),
		"polygon.review": water("复核图斑", polygons(), func(ctx context.Context, s *server, a act, c *shoreline.ReviewPolygon) (err error) {
			if err = mayActFor(a.caller, c.Level); err == nil {
				c.Reviewer, err = s.one(ctx, a, c.ReviewerID)
			}
			return err
		}),
		"polygon.spot_check": water("抽查图斑", polygons(), func(ctx context.Context, s *server, a act, c *shoreline.SpotCheckPolygon) (err error) {
			if err = mayActFor(a.caller, c.Level); err == nil {
				c.Members, err = s.crew(ctx, c.Officers, a.at)
			}
			return err
		}),
	}
}

// step is the envelope of a further step of an act: under an id derived from the act's, so that a client which lost the answer
// repeats the same steps.
func (a act) step(name string) domain.Meta {
	m := a.meta
	m.CommandID, m.CausationID = domain.StepID(a.meta.CommandID, name), a.meta.CommandID
	sum := sha256.Sum256([]byte(name + " of " + a.meta.CommandHash))
	m.CommandHash = hex.EncodeToString(sum[:])
	m.Device = nil // the device sent one command; the steps are the server's
	return m
}

// until runs a step again until no race for its stream is lost: many bills queue for one permit, and a lost race decides nothing.
func until[S, C any, E domain.Event](ctx context.Context, s *server, d domain.Decider[S, C, E], id uuid.UUID, c C, meta domain.Meta) error {
	for {
		_, err := domain.Execute(ctx, s.Log, s.Catalog, d, id, c, meta)
		if !errors.Is(err, domain.ErrWrongRevision) {
			return err
		}
	}
}

// issueBill takes the load from the quota of its permit, or from the bill it goes on from, and then makes out the bill. What the
// bill would be refused for is found out before anything is taken; if it is refused all the same, because somebody was faster,
// what was taken is given back. A crash between the steps leaves too much taken, never too little: the client's repetition goes
// on where it ended.
func issueBill(ctx context.Context, s *server, a act, c sandmining.IssueBill) (Accepted, error) {
	if err := numbered(a.id, sandmining.BillID(c.Number), "采运管理单"); err != nil {
		return Accepted{}, err
	}
	var err error
	if c.Issuer, err = s.one(ctx, a, c.IssuerID); err != nil {
		return Accepted{}, err
	}
	c.At = a.at
	if c.From != nil {
		return goOnBill(ctx, s, a, c)
	}
	before, err := bills().anywhere().load(ctx, s, a.caller, a.id)
	if err != nil {
		return Accepted{}, err
	}
	if c.Permit.State, err = permits().load(ctx, s, a.caller, c.PermitID); err != nil {
		return Accepted{}, err
	}
	reserve, release := a.step("reserve"), a.step("release")
	if before.Status == "" {
		probe := c
		probe.Permit.Reserved = c.Amount
		if _, err := sandmining.Bill().Decide(before, probe); err != nil {
			return Accepted{}, err
		}
		if err := until(ctx, s, sandmining.Permit(), c.PermitID, sandmining.PermitCommand(sandmining.ReserveQuota{Bill: a.id, Amount: c.Amount, Vessel: c.MiningVessel, LoadedAt: c.LoadedAt}), reserve); err != nil {
			return Accepted{}, err
		}
	}
	if c.Permit.State, err = permits().load(ctx, s, a.caller, c.PermitID); err != nil {
		return Accepted{}, err
	}
	if r, ok := c.Permit.State.ReservedFor(a.id); ok && !r.Released {
		c.Permit.Reserved = r.Amount
	}
	answer, err := accepted(bills().execute(ctx, s, a, sandmining.BillCommand(c), a.meta))
	if refusal := (*domain.Refusal)(nil); errors.As(err, &refusal) && before.Status == "" {
		if undone := until(ctx, s, sandmining.Permit(), c.PermitID, sandmining.PermitCommand(sandmining.ReleaseQuota{Bill: a.id, Reason: refusal.Code}), release); undone != nil {
			return Accepted{}, fmt.Errorf("release quota of bill %s: %w", a.id, undone)
		}
	}
	return answer, err
}

func goOnBill(ctx context.Context, s *server, a act, c sandmining.IssueBill) (Accepted, error) {
	before, err := bills().anywhere().load(ctx, s, a.caller, a.id)
	if err != nil {
		return Accepted{}, err
	}
	source := func(passed func(sandmining.BillState) int64) error {
		state, err := bills().anywhere().load(ctx, s, a.caller, *c.From)
		c.Source = &sandmining.SourceKnown{State: state, Passed: passed(state)}
		return err
	}
	if before.Status == "" {
		if err := source(func(sandmining.BillState) int64 { return c.Amount }); err != nil {
			return Accepted{}, err
		}
		if _, err := sandmining.Bill().Decide(before, c); err != nil {
			return Accepted{}, err
		}
		if err := until(ctx, s, sandmining.Bill(), *c.From, sandmining.BillCommand(sandmining.TransshipBill{To: a.id, Number: c.Number, Amount: c.Amount, Last: c.Last, Place: c.LoadingPlace, At: c.LoadedAt}), a.step("transship")); err != nil {
			return Accepted{}, err
		}
	}
	if err := source(func(state sandmining.BillState) int64 { return state.PassedTo(a.id) }); err != nil {
		return Accepted{}, err
	}
	answer, err := accepted(bills().anywhere().execute(ctx, s, a, sandmining.BillCommand(c), a.meta))
	if refusal := (*domain.Refusal)(nil); errors.As(err, &refusal) && before.Status == "" {
		if undone := until(ctx, s, sandmining.Bill(), *c.From, sandmining.BillCommand(sandmining.UndoTransshipment{To: a.id, Reason: refusal.Code}), a.step("undo")); undone != nil {
			return Accepted{}, fmt.Errorf("undo transshipment to bill %s: %w", a.id, undone)
		}
	}
	return answer, err
}

// voidBill voids the bill and gives its load back to where it was taken from.
func voidBill(ctx context.Context, s *server, a act, c sandmining.VoidBill) (Accepted, error) {
	c.At = a.at
	answer, err := accepted(bills().execute(ctx, s, a, sandmining.BillCommand(c), a.meta))
	if err != nil {
		return Accepted{}, err
	}
	bill, err := bills().load(ctx, s, a.caller, a.id)
	if err != nil {
		return Accepted{}, err
	}
	if from := bill.Issued.From; from != nil {
		err = until(ctx, s, sandmining.Bill(), *from, sandmining.BillCommand(sandmining.UndoTransshipment{To: a.id, Reason: c.Reason}), a.step("undo"))
	} else {
		err = until(ctx, s, sandmining.Permit(), bill.Issued.Permit.ID, sandmining.PermitCommand(sandmining.ReleaseQuota{Bill: a.id, Reason: c.Reason}), a.step("release"))
	}
	if err != nil {
		return Accepted{}, fmt.Errorf("give back the load of bill %s: %w", a.id, err)
	}
	return answer, nil
}

// waterDistrict is the district of a record of sand mining or shoreline; ok is false for a record of another kind.
func (s *server) waterDistrict(ctx context.Context, category string, id uuid.UUID) (district string, found, ok bool, err error) {
	switch category {
	case "permit":
		district, err = districtOf(ctx, s, permits(), id)
	case "vessel":
		district, err = districtOf(ctx, s, vessels(), id)
	case "waybill":
		district, err = districtOf(ctx, s, bills(), id)
	case "custody":
		district, err = districtOf(ctx, s, custodies(), id)
	case "problem":
		district, err = districtOf(ctx, s, problems(), id)
	case "polygon":
		district, err = districtOf(ctx, s, polygons(), id)
	default:
		return "", false, false, nil
	}
	return district, district != "", true, err
}

func districtOf[S, C any, E domain.Event](ctx context.Context, s *server, h home[S, C, E], id uuid.UUID) (string, error) {
	state, err := domain.Load(ctx, s.Log, s.Catalog, h.decider, id)
	return h.district(state), err
}

// waterEvents names the events of sand mining and shoreline.
func waterEvents() []Choice {
	return []Choice{
		{"permit.issued.v1", "发放采砂许可证"}, {"permit.amended.v1", "许可证变更"}, {"permit.suspended.v1", "许可证暂停"}, {"permit.resumed.v1", "许可证恢复"}, {"permit.ended.v1", "许可证吊销、撤销、注销"},
		{"permit.quota_reserved.v1", "预占采量"}, {"permit.quota_released.v1", "释放采量"}, {"permit.extraction_recorded.v1", "采量登记"},
		{"vessel.registered.v1", "船舶登记"}, {"vessel.identified.v1", "船舶核实"}, {"vessel.sighted.v1", "发现船舶"}, {"vessel.cargo_checked.v1", "货物与凭证核对"}, {"vessel.berth_designated.v1", "指定停泊地点"},
		{"vessel.berthed.v1", "集中停放"}, {"vessel.leave_permitted.v1", "准予离开"}, {"vessel.absence_found.v1", "擅自离开"}, {"vessel.returned.v1", "返回停泊"}, {"vessel.relocated.v1", "强制转移"},
		{"vessel.held.v1", "船舶保存、查封、扣押"}, {"vessel.custody_moved.v1", "变更船舶保管"}, {"vessel.hold_lifted.v1", "解除船舶措施"}, {"vessel.released.v1", "发还船舶"}, {"vessel.confiscated.v1", "没收船舶"},
		{"vessel.auction_failed.v1", "流拍"}, {"vessel.auctioned.v1", "拍卖成交"}, {"vessel.dismantled.v1", "拆解"},
		{"waybill.issued.v1", "出具采运管理单"}, {"waybill.checked.v1", "采运管理单查验"}, {"waybill.check_cited.v1", "查验转为线索"}, {"waybill.unloaded.v1", "卸载核销"}, {"waybill.transshipped.v1", "过驳转运"},
		{"waybill.transshipment_undone.v1", "撤回转运"}, {"waybill.voided.v1", "采运管理单作废"},
		{"custody.taken_in.v1", "涉案物品入库"}, {"custody.moved.v1", "变更保管"}, {"custody.counted.v1", "盘点"}, {"custody.appraised.v1", "检验鉴定"}, {"custody.disposed.v1", "物品处置"}, {"custody.closed.v1", "保管结清"},
		{"problem.found.v1", "发现岸线问题"}, {"problem.confirmed.v1", "问题认定"}, {"problem.rejected.v1", "认定不是问题"}, {"problem.rejection_spot_checked.v1", "不是问题抽查"}, {"problem.dispatched.v1", "交办"},
		{"problem.plan_submitted.v1", "整改方案"}, {"problem.progress_reported.v1", "整改进展"}, {"problem.case_linked.v1", "关联案件"}, {"problem.rectification_completed.v1", "整改完成"}, {"problem.acceptance_passed.v1", "验收通过"},
		{"problem.acceptance_failed.v1", "验收不通过"}, {"problem.closed_out.v1", "销号"}, {"problem.rechecked.v1", "复核"}, {"problem.reopened.v1", "反弹"}, {"problem.extension_approved.v1", "延期"},
		{"polygon.pushed.v1", "图斑下发"}, {"polygon.assigned.v1", "图斑分派"}, {"polygon.checked.v1", "图斑核查"}, {"polygon.reviewed.v1", "图斑复核"}, {"polygon.spot_checked.v1", "图斑抽查"},
	}
}

// waterWords says an event of sand mining or shoreline as one Chinese sentence; empty if it is of another kind.
func waterWords(e domain.Event) string {
	mismatch := func(wrong []string) string {
		if len(wrong) == 0 {
			return "相符"
		}
		return "不符"
	}
	switch e := e.(type) {
	case sandmining.PermitIssued:
		return fmt.Sprintf("%s发放采砂许可证 %s，持证人%s，许可总量 %d %s", e.Organ, e.Number, e.Terms.Holder, e.Terms.Quota, unitName(e.Terms.Unit))
	case sandmining.PermitAmended:
		return "变更采砂许可证：" + e.Reason
	case sandmining.PermitSuspended:
		return "暂停采砂许可证：" + e.Reason
	case sandmining.PermitResumed:
		return "恢复采砂许可证：" + e.Reason
	case sandmining.PermitEnded:
		return nameOf([]Choice{{"revoked", "吊销"}, {"withdrawn", "撤销"}, {"cancelled", "注销"}}, e.Way) + "采砂许可证：" + e.Ground
	case sandmining.QuotaReserved:
		return fmt.Sprintf("采运管理单预占采量 %d", e.Amount)
	case sandmining.QuotaReleased:
		return fmt.Sprintf("释放采量 %d", e.Amount)
	case sandmining.ExtractionRecorded:
		return fmt.Sprintf("%s %s采砂 %d", e.Day, e.Vessel.Name, e.Amount)
	case sandmining.VesselRegistered:
		return "登记船舶" + e.Identity.Name
	case sandmining.VesselIdentified:
		return "核实船舶：" + e.Reason
	case sandmining.VesselSighted:
		return "在" + e.Reach.Name + "发现船舶"
	case sandmining.CargoChecked:
		return fmt.Sprintf("%s核对货物与凭证：%s", names(e.Crew), mismatch(e.Mismatches))
	case sandmining.BerthDesignated:
		return "指定停泊地点：" + e.Berth.Name
	case sandmining.VesselBerthed:
		return "在指定地点停泊"
	case sandmining.LeavePermitted:
		return fmt.Sprintf("准予 %s 至 %s 离开，去向%s", e.From, e.Until, e.Destination)
	case sandmining.AbsenceFound:
		return names(e.Crew) + "发现船舶擅自离开指定停泊地点"
	case sandmining.VesselReturned:
		if e.Late {
			return "逾期返回指定停泊地点"
		}
		return "返回指定停泊地点"
	case sandmining.VesselRelocated:
		return "强制转移至指定停泊地点：" + e.Reason
	case sandmining.VesselHeld:
		return nameOf([]Choice{{"preserved", "先行登记保存"}, {"sealed", "查封"}, {"seized", "扣押"}}, e.Hold.Measure) + "船舶，停放于" + e.Hold.Place
	case sandmining.VesselMoved:
		return "船舶改由" + e.Custodian + "保管于" + e.Place
	case sandmining.HoldLifted:
		return "解除船舶措施：" + e.Reason
	case sandmining.VesselReleased:
		return "船舶发还" + e.Receiver
	case sandmining.VesselConfiscated:
		return "依 " + e.Decision + " 没收船舶"
	case sandmining.AuctionFailed:
		return fmt.Sprintf("第 %d 次拍卖流拍", e.Round)
	case sandmining.VesselAuctioned:
		return fmt.Sprintf("船舶拍卖成交，价款 %d.%02d 元上缴国库", e.ProceedsFen/100, e.ProceedsFen%100)
	case sandmining.VesselDismantled:
		return "船舶由" + e.Contractor + "拆解"
	case sandmining.BillIssued:
		return fmt.Sprintf("出具采运管理单 %s，%s装运 %d %s", e.Number, e.Carrier.Name, e.Amount, unitName(e.Unit))
	case sandmining.BillChecked:
		return fmt.Sprintf("%s途中查验采运管理单：%s", names(e.Crew), mismatch(e.Mismatches))
	case sandmining.CheckCited:
		return "查验结果转为线索"
	case sandmining.BillUnloaded:
		return "在" + e.Place + "卸载，采运管理单核销"
	case sandmining.BillTransshipped:
		return fmt.Sprintf("过驳 %d 至采运管理单 %s", e.Amount, e.Number)
	case sandmining.TransshipmentUndone:
		return "撤回转运"
	case sandmining.BillVoided:
		return "采运管理单作废：" + e.Note
	case sandmining.GoodsTakenIn:
		return fmt.Sprintf("涉案物品 %d 件入库，由%s保管", len(e.Items), e.Custodian)
	case sandmining.GoodsMoved:
		return "物品改由" + e.Custodian + "保管于" + e.Place
	case sandmining.GoodsCounted:
		if e.Short {
			return names(e.Crew) + "盘点，数量短少"
		}
		return names(e.Crew) + "盘点，数量相符"
	case sandmining.GoodsAppraised:
		return fmt.Sprintf("%s鉴定，价值 %d.%02d 元", e.Appraisal.By, e.Appraisal.ValueFen/100, e.Appraisal.ValueFen%100)
	case sandmining.GoodsDisposed:
		return nameOf([]Choice{{"returned", "发还"}, {"auctioned", "拍卖"}, {"destroyed", "销毁"}, {"handed_over", "移交"}, {"put_to_use", "调拨"}}, e.Disposal.Way) + "物品，接收人" + e.Disposal.Receiver
	case sandmining.CustodyClosed:
		return "保管结清"
	}
	return shoreWords(e)
}

func unitName(u sandmining.Unit) string {
	return nameOf([]Choice{{string(sandmining.CubicMetres), "立方米"}, {string(sandmining.Tonnes), "吨"}}, string(u))
}

func shoreWords(e domain.Event) string {
	level := func(l shoreline.Level) string {
		for _, n := range shoreline.Levels() {
			if n.Code == l {
				return n.Name
			}
		}
		return string(l)
	}
	verdict := func(result string) string {
		return nameOf([]Choice{{"upheld", "维持"}, {"overturned", "推翻"}, {"passed", "通过"}, {"returned", "退回"}, {"held", "未反弹"}, {"relapsed", "反弹"},
			{"problem", "是问题"}, {"not_problem", "不是问题"}, {"known", "已知问题"}, {"split", "拆分"}}, result)
	}
	switch e := e.(type) {
	case shoreline.ProblemFound:
		return fmt.Sprintf("在%s发现岸线问题：%s", e.Reach.Name, e.Description)
	case shoreline.ProblemConfirmed:
		return fmt.Sprintf("%s认定为问题，%s", names(e.Crew), nameOf([]Choice{{"major", "重大"}, {"serious", "较严重"}, {"general", "一般"}}, string(e.Severity)))
	case shoreline.ProblemRejected:
		return names(e.Crew) + "认定不是问题：" + e.Reason
	case shoreline.RejectionSpotChecked:
		return level(e.Level) + "抽查不是问题的认定：" + verdict(e.Result)
	case shoreline.ProblemDispatched:
		return fmt.Sprintf("交办%s（%s），%s前完成", e.Unit, e.Number, e.DeadlineOn)
	case shoreline.PlanSubmitted:
		return "报送整改方案"
	case shoreline.ProgressReported:
		return "整改进展：" + e.Note
	case shoreline.CaseLinked:
		return "关联案件：" + e.Reason
	case shoreline.RectificationCompleted:
		return fmt.Sprintf("%s整改完成：%s", e.CompletedOn, e.Note)
	case shoreline.AcceptancePassed:
		return level(e.Level) + "验收通过"
	case shoreline.AcceptanceFailed:
		return level(e.Level) + "验收不通过：" + e.Reason
	case shoreline.ProblemClosedOut:
		return "销号，销号单 " + e.Sheet
	case shoreline.ProblemRechecked:
		return level(e.Level) + "复核：" + verdict(e.Result)
	case shoreline.ProblemReopened:
		return "问题反弹：" + e.Reason
	case shoreline.ExtensionApproved:
		return fmt.Sprintf("%s批准延期至 %s", level(e.Level), e.DeadlineOn)
	case shoreline.PolygonPushed:
		return "下发图斑 " + e.Number
	case shoreline.PolygonAssigned:
		return fmt.Sprintf("分派图斑给%s，%s前核查", names(e.Checkers), e.DueOn)
	case shoreline.PolygonChecked:
		return names(e.Crew) + "核查图斑：" + verdict(e.Result)
	case shoreline.PolygonReviewed:
		return level(e.Level) + "复核图斑：" + verdict(e.Result)
	case shoreline.PolygonSpotChecked:
		return level(e.Level) + "抽查图斑：" + verdict(e.Result)
	}
	return ""
}

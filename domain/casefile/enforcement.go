package casefile

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Performance is how far an item of a decision has been performed (履行情况).
type Performance struct {
	Item Item
	Road Road

	PaidFen          int64
	PaidOn           law.Date
	SurchargeFen     int64 // accrued so far
	SurchargePaidFen int64
	WaivedFen        int64 // of the surcharge, by settlement
	DeferredTo       law.Date
	Schedule         []Instalment
	Payable          mark // the event that moved the last day of payment

	DoneOn      law.Date
	UrgedOn     law.Date // reminder served
	Urged       mark
	AnnouncedOn law.Date // demolition
	Enforcement string   // decided, executed
	Substitute  string   // decided, urged, done
	SubUrgedOn  law.Date
	SubUrged    mark
	Immediate   bool
	Court       string // applied, accepted, allowed, refused, executed
	Auctioned   bool
	Suspended   bool
	Ended       string // 终结执行
}

// Instalment is one payment of a plan (分期).
type Instalment struct {
	By        law.Date `json:"by" validate:"required,datetime=2006-01-02"`
	AmountFen int64    `json:"amountFen" validate:"min=1,max=1000000000000"`
}

func (p Performance) principal() int64 { return p.Item.AmountFen - p.PaidFen }

func (p Performance) surcharge() int64 { return p.SurchargeFen - p.SurchargePaidFen - p.WaivedFen }

func (p Performance) done() bool {
	if p.Ended != "" {
		return true
	}
	if money(p.Item.Measure) {
		return p.principal() <= 0 && p.surcharge() <= 0
	}
	return p.DoneOn != ""
}

func (p Performance) enforcing() bool {
	return p.UrgedOn != "" || p.Enforcement != "" || p.Substitute != "" || p.Court != ""
}

// performed says that nothing of the decision is left to be done.
func (s State) performed() bool {
	return len(s.Items) > 0 && !slices.ContainsFunc(s.Items, func(p Performance) bool { return !p.done() })
}

func (s State) onItem(no int64, to func(Performance) Performance) State {
	s.Items = change(s.Items, func(p Performance) bool { return p.Item.No == no }, to)
	return s
}

// performance finds the item asked about, or the first that is not done.
func (q question) performance() (Performance, bool) {
	return find(q.Items, func(p Performance) bool { return q.item == 0 && !p.done() || q.item != 0 && p.Item.No == q.item })
}

// servedOn is when the decision reached the party of an item.
func (s State) servedOn(party int64) (ServedTo, bool) {
	if s.Decision == nil {
		return ServedTo{}, false
	}
	return find(s.Decision.Served, func(v ServedTo) bool { return v.Party == party })
}

// Guards of performance.

func due(q question) error {
	p, ok := q.performance()
	if !ok {
		return domain.Refuse("case.no_such_item", "决定中没有这一处理项目，或者各项均已履行完毕。")
	}
	if p.done() {
		return domain.Refuse("case.item_done", "该项已经履行完毕，无需再办理。")
	}
	return nil
}

func servedItem(q question) error {
	p, _ := q.performance()
	v, ok := q.servedOn(p.Item.Party)
	if !ok || v.On > q.on {
		return domain.RefuseByLaw("case.not_served", "《行政处罚法》第六十一条", "决定书尚未送达当事人，不产生履行义务，请先办理送达。")
	}
	return nil
}

func fineItem(q question) error {
	if p, _ := q.performance(); p.Item.Measure != law.MeasureFine {
		return domain.RefuseByLaw("case.not_a_fine", "《行政处罚法》第六十六条、第七十二条", "该项不是罚款，不能办理。")
	}
	return nil
}

func moneyItem(q question) error {
	if p, _ := q.performance(); !money(p.Item.Measure) {
		return domain.Refuse("case.not_money", "该项不是金钱给付，不能登记缴款；请登记该项的履行或者整改复查。")
	}
	return nil
}

func thingItem(q question) error {
	if p, _ := q.performance(); money(p.Item.Measure) || orders(p.Item.Measure) {
		return domain.Refuse("case.money_or_order", "金钱给付请登记缴款，责令改正请登记整改复查。")
	}
	return nil
}

// overdue refuses to press for what is not yet due.
func overdue(q question) error {
	p, _ := q.performance()
	if p.Item.By >= q.on && orders(p.Item.Measure) {
		return domain.RefuseByLaw("case.order_not_due", "《行政强制法》第三十五条", "责令履行的期限（"+string(p.Item.By)+"）尚未届满，请等待期满。")
	}
	if !money(p.Item.Measure) {
		return nil
	}
	over, err := q.past(q.rules.payment(q.State, p))
	if err == nil && !over {
		return domain.RefuseByLaw("case.payment_not_due", "《行政处罚法》第六十七条", "缴款期限尚未届满，请等待期满。")
	}
	return err
}

// urged demands a reminder, and that the party had its time after it.
func urged(q question) error {
	p, _ := q.performance()
	if p.UrgedOn == "" {
		return domain.RefuseByLaw("case.not_urged", "《行政强制法》第三十五条、第五十四条", "尚未催告当事人履行义务，请先送达履行催告书。")
	}
	return nil
}

func urgedLongEnough(q question) error {
	p, _ := q.performance()
	over, err := q.past(q.rules.urging(p))
	if err == nil && !over {
		return domain.RefuseByLaw("case.urging_runs", "《行政强制法》第五十四条", "催告书送达后十个工作日尚未届满，请等待期满。")
	}
	return err
}

func notPaused(q question) error {
	if p, _ := q.performance(); p.Suspended {
		return domain.RefuseByLaw("case.enforcement_suspended", "《行政强制法》第三十九条", "该项正在中止执行，请先办理恢复执行。")
	}
	return nil
}

// remediesOver demands that the party let the time for review and suit pass without using it, or that both have ended.
func remediesOver(q question) error {
	p, _ := q.performance()
	if slices.ContainsFunc(q.Remedies, func(r Remedy) bool { return r.Party == p.Item.Party && r.EndedOn == "" }) {
		return domain.RefuseByLaw("case.remedy_pending", "《行政强制法》第四十四条、第五十三条", "当事人申请的复议或者提起的诉讼尚未终结，不能申请或者实施该项强制执行。")
	}
	lapsed, err := q.rules.lapsed(q.State, p.Item.Party)
	if err == nil && q.on <= lapsed {
		return domain.RefuseByLaw("case.remedies_open", "《行政强制法》第四十四条、第五十三条", "当事人申请复议、提起诉讼的期限（至"+string(lapsed)+"）尚未届满，请等待期满。")
	}
	return err
}

// Two roads, and each closed to what goes the other: a fine is for the court, what stands in the river for the organ itself.

func courtRoad(q question) error {
	if p, _ := q.performance(); !p.Road.leads(law.RoadCourt) {
		return domain.RefuseByLaw("case.not_for_court", "《行政强制法》第十三条、第五十三条", "该项依法由行政机关自行强制执行（"+p.Road.Article+"），不能申请人民法院执行。")
	}
	return nil
}

func selfRoad(q question) error {
	if p, _ := q.performance(); !p.Road.leads(law.RoadSelf) {
		return domain.RefuseByLaw("case.no_power_to_enforce", "《行政强制法》第十三条", "法律没有授权本机关对该项自行强制执行（"+p.Road.Article+"），请申请人民法院强制执行。")
	}
	return nil
}

func substituteRoad(q question) error {
	if p, _ := q.performance(); !p.Road.leads(law.RoadSubstitute) {
		return domain.RefuseByLaw("case.no_substitute", "《行政强制法》第五十条", "该项不属于可以代履行的排除妨碍、恢复原状义务，请核对执行方式。")
	}
	return nil
}

// performing are the guards of an act on an item of a served decision.
func performing(more ...guard) []guard {
	return append([]guard{exists, open, afterFiling, penalised, due, servedItem}, more...)
}

// Payment is money that came in (缴款).
type Payment struct {
	Item      int64    `json:"item" validate:"min=1,max=50"`
	AmountFen int64    `json:"amountFen" validate:"min=1,max=1000000000000"`
	Surcharge bool     `json:"surcharge"` // on the surcharge, not on the fine
	PaidOn    law.Date `json:"paidOn" validate:"required,datetime=2006-01-02"`
	Slip      string   `json:"slip" validate:"required,max=100"` // 缴款书、票据号
	Bank      string   `json:"bank" validate:"required,max=100"`
	Channel   string   `json:"channel" validate:"required,oneof=bank electronic on_spot court auction"`
	Treasury  bool     `json:"treasury"`                                                                       // 缴入国库
	OnSpot    string   `json:"onSpot,omitempty" validate:"omitempty,oneof=small hard_to_collect asked_remote"` // why it was collected on the spot
}

// FinePaid is money received on an item (缴纳罚没款).
type FinePaid struct {
	Payment Payment   `json:"payment"`
	At      time.Time `json:"at"`
}

// EventType names the type in the log.
func (FinePaid) EventType() string { return "case.fine_paid.v1" }

func (e FinePaid) apply(s State) State {
	pay := e.Payment
	if pay.Channel == "on_spot" {
		s.Cash = join(s.Cash, Cash{Item: pay.Item, On: pay.PaidOn, Event: s.here()})
	}
	return s.onItem(pay.Item, func(p Performance) Performance {
		if pay.Surcharge {
			p.SurchargePaidFen += pay.AmountFen
		} else {
			p.PaidFen += pay.AmountFen
			p.PaidOn = pay.PaidOn
		}
		if p.done() {
			p.DoneOn = pay.PaidOn
		}
		return p
	})
}

// Cash is money collected on the spot, on its way to the bank.
type Cash struct {
	Item  int64
	On    law.Date
	InOn  law.Date
	Event mark
}

// RecordPayment records money received.
type RecordPayment struct {
	Payment Payment `json:"payment"`

	At time.Time `json:"-"`
}

func (RecordPayment) act() act {
	return act{"case.record_payment", "登记缴款", "《行政处罚法》第六十七条", eachItem, performing(moneyItem)}
}

func (c RecordPayment) ask() question { return question{at: c.At, item: c.Payment.Item} }

func (c RecordPayment) decide(q question) ([]Event, error) {
	pay := c.Payment
	p, _ := q.performance()
	v, _ := q.servedOn(p.Item.Party)
	rest := p.principal()
	if pay.Surcharge {
		rest = p.surcharge()
	}
	switch {
	case pay.PaidOn > q.on || pay.PaidOn < v.On:
		return nil, &domain.Refusal{Code: "case.payment_date", Field: "payment.paidOn", Message: "缴款日期应当在送达之后、登记之前，请核对票据。"}
	case !pay.Treasury:
		return nil, domain.RefuseByLaw("case.not_to_treasury", "《行政处罚法》第六十七条、第七十四条", "罚没款必须缴入国库，不得截留、坐支，请核对收款账户。")
	case pay.AmountFen < 1 || pay.AmountFen > rest:
		return nil, &domain.Refusal{Code: "case.overpaid", Field: "payment.amountFen", Message: "缴款金额应当大于零且不超过该项尚未缴纳的" + law.Yuan(max(rest, 0)) + "，请核对。"}
	case !pay.Surcharge && pay.AmountFen < rest && len(p.Schedule) == 0 && pay.Channel != "court" && pay.Channel != "auction":
		return nil, domain.RefuseByLaw("case.partial_payment", "《行政处罚法》第六十六条", "未批准分期缴纳，应当一次缴清"+law.Yuan(rest)+"；确有困难的请先办理分期。")
	case pay.Channel == "auction" && !p.Auctioned:
		return nil, domain.RefuseByLaw("case.auction_first", "《行政强制法》第四十六条", "拍卖抵缴罚款的，请先登记拍卖。")
	case pay.Channel == "court" && p.Court == "":
		return nil, domain.RefuseByLaw("case.court_first", "《行政强制法》第五十三条", "法院执行到账的，请先登记申请人民法院强制执行。")
	case pay.Channel == "on_spot" && (pay.OnSpot == "" || pay.OnSpot == "small" && (!q.Decision.Summary || p.Item.AmountFen > 10_000) || pay.OnSpot == "hard_to_collect" && !q.Decision.Summary):
		return nil, domain.RefuseByLaw("case.not_on_the_spot", "《行政处罚法》第六十七条至第六十九条", "当场收缴限于当场处罚一百元以下或者事后难以执行，以及水上等交通不便地区当事人提出的情形，请改由银行代收。")
	}
	return []Event{FinePaid(c)}, nil
}

// CashHandedIn brings money collected on the spot to the bank (当场收缴罚款上缴; 《行政处罚法》第七十一条).
type CashHandedIn struct {
	Item int64     `json:"item" validate:"min=1,max=50"`
	Slip string    `json:"slip" validate:"required,max=100"`
	At   time.Time `json:"at"`
}

// EventType names the type in the log.
func (CashHandedIn) EventType() string { return "case.cash_handed_in.v1" }

func (e CashHandedIn) apply(s State) State {
	s.Cash = change(s.Cash, func(c Cash) bool { return c.Item == e.Item && c.InOn == "" },
		func(c Cash) Cash { c.InOn = law.DateOf(e.At); return c })
	return s
}

// HandInCash brings money collected on the spot to the bank.
type HandInCash struct {
	Item int64  `json:"item" validate:"min=1,max=50"`
	Slip string `json:"slip" validate:"required,max=100"`

	At time.Time `json:"-"`
}

func (HandInCash) act() act {
	return act{"case.hand_in_cash", "上缴当场收缴的罚款", "《行政处罚法》第七十一条", eachItem, []guard{exists, unarchived, cashHeld}}
}

func (c HandInCash) ask() question { return question{at: c.At, item: c.Item} }

func (c HandInCash) decide(question) ([]Event, error) { return []Event{CashHandedIn(c)}, nil }

func cashHeld(q question) error {
	if _, ok := find(q.Cash, func(c Cash) bool { return c.InOn == "" && c.On <= q.on && (q.item == 0 || c.Item == q.item) }); !ok {
		return domain.Refuse("case.no_cash", "没有待上缴的当场收缴罚款。")
	}
	return nil
}

// DeferralApproved gives more time to pay (暂缓缴纳; 《行政处罚法》第六十六条).
type DeferralApproved struct {
	Item     int64        `json:"item"`
	Until    law.Date     `json:"until"`
	Hardship string       `json:"hardship"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (DeferralApproved) EventType() string { return "case.deferral_approved.v1" }

func (e DeferralApproved) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance { p.DeferredTo, p.Payable = e.Until, s.here(); return p })
}

// ApproveDeferral gives more time to pay.
type ApproveDeferral struct {
	Item     int64        `json:"item" validate:"min=1,max=50"`
	Until    law.Date     `json:"until" validate:"required,datetime=2006-01-02"`
	Hardship string       `json:"hardship" validate:"required,max=1000"` // 经济困难证明
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (ApproveDeferral) act() act {
	return act{"case.approve_deferral", "批准暂缓缴纳罚款", "《行政处罚法》第六十六条", eachItem, performing(fineItem)}
}

func (c ApproveDeferral) ask() question { return question{at: c.At, item: c.Item} }

func (c ApproveDeferral) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	if c.Until <= q.on || !c.Until.Valid() || c.Hardship == "" {
		return nil, domain.RefuseByLaw("case.deferral_terms", "《行政处罚法》第六十六条", "暂缓缴纳须有当事人的申请和经济困难的证明，并确定今后的缴款日期，请补充。")
	}
	return []Event{DeferralApproved(c)}, nil
}

// InstalmentApproved lets a fine be paid in parts (分期缴纳; 《行政处罚法》第六十六条).
type InstalmentApproved struct {
	Item     int64        `json:"item"`
	Schedule []Instalment `json:"schedule"`
	Hardship string       `json:"hardship"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (InstalmentApproved) EventType() string { return "case.instalment_approved.v1" }

func (e InstalmentApproved) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance {
		p.Schedule, p.Payable = e.Schedule, s.here()
		if n := len(e.Schedule); n > 0 {
			p.DeferredTo = e.Schedule[n-1].By
		}
		return p
	})
}

// ApproveInstalment lets a fine be paid in parts.
type ApproveInstalment struct {
	Item     int64        `json:"item" validate:"min=1,max=50"`
	Schedule []Instalment `json:"schedule" validate:"required,min=2,max=60,dive"`
	Hardship string       `json:"hardship" validate:"required,max=1000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (ApproveInstalment) act() act {
	return act{"case.approve_instalment", "批准分期缴纳罚款", "《行政处罚法》第六十六条", eachItem, performing(fineItem)}
}

func (c ApproveInstalment) ask() question { return question{at: c.At, item: c.Item} }

func (c ApproveInstalment) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	p, _ := q.performance()
	sum, last := int64(0), q.on
	for _, i := range c.Schedule {
		if i.By <= last || !i.By.Valid() || i.AmountFen < 1 || i.AmountFen > p.principal() {
			sum = -1
			break
		}
		sum, last = sum+i.AmountFen, i.By
	}
	if sum != p.principal() || c.Hardship == "" {
		return nil, domain.RefuseByLaw("case.instalment_terms", "《行政处罚法》第六十六条", "分期计划应当逐期列明日期和金额，合计等于尚未缴纳的"+law.Yuan(p.principal())+"，并附经济困难的证明。")
	}
	return []Event{InstalmentApproved(c)}, nil
}

// SurchargeAccrued is the addition to a fine that is paid late, as it stood on a day (加处罚款; 《行政处罚法》第七十二条).
type SurchargeAccrued struct {
	Item      int64     `json:"item"`
	LastDay   law.Date  `json:"lastDay"` // of payment
	Until     law.Date  `json:"until"`
	Days      int64     `json:"days"`      // overdue, without those of review and suit
	AmountFen int64     `json:"amountFen"` // all of it up to that day
	Number    string    `json:"number"`
	At        time.Time `json:"at"`
}

// EventType names the type in the log.
func (SurchargeAccrued) EventType() string { return "case.surcharge_accrued.v1" }

func (e SurchargeAccrued) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance { p.SurchargeFen = e.AmountFen; return p })
}

// AccrueSurcharge computes the addition up to a day. A fine paid late has one too, up to the day it was paid.
type AccrueSurcharge struct {
	Item   int64    `json:"item" validate:"min=1,max=50"`
	Until  law.Date `json:"until" validate:"required,datetime=2006-01-02"`
	Number string   `json:"number" validate:"required,max=50"` // 加处罚款决定书文号

	At time.Time `json:"-"`
}

func (AccrueSurcharge) act() act {
	return act{"case.accrue_surcharge", "加处罚款", "《行政处罚法》第七十二条、第七十三条", eachItem,
		[]guard{exists, open, afterFiling, penalised, itemKnown, servedItem, fineItem, surchargeTold, overdue}}
}

func (c AccrueSurcharge) ask() question { return question{at: c.At, item: c.Item} }

func itemKnown(q question) error {
	if p, ok := q.performance(); !ok || p.Ended != "" {
		return domain.Refuse("case.no_such_item", "决定中没有这一处理项目，或者已经终结执行。")
	}
	return nil
}

func surchargeTold(q question) error {
	if !q.Decision.Surcharge {
		return domain.RefuseByLaw("case.surcharge_not_told", "《罚款决定与罚款收缴分离实施办法》第七条", "决定书没有载明加处罚款，不能加处。")
	}
	return nil
}

func (c AccrueSurcharge) decide(q question) ([]Event, error) {
	p, _ := q.performance()
	until := c.Until
	if p.principal() <= 0 {
		until = min(until, p.PaidOn)
	}
	last, err := q.rules.payment(q.State, p).Due(q.rules.Calendar, q.on)
	if err != nil {
		return nil, err
	}
	days := law.OverdueDays(last, until, q.spans(p.Item.Party))
	amount := law.Surcharge(p.Item.AmountFen, days)
	switch {
	case c.Until > q.on:
		return nil, &domain.Refusal{Code: "case.surcharge_in_future", Field: "until", Message: "加处罚款只能计算到办理当日，请核对。"}
	case days < 1 || amount <= p.SurchargeFen:
		return nil, domain.RefuseByLaw("case.no_surcharge", "《行政处罚法》第七十二条、第七十三条", "没有新增的加处罚款：未逾期，或者复议、诉讼期间不计算，或者已达罚款本金。")
	}
	return []Event{SurchargeAccrued{c.Item, last, until, int64(days), amount, c.Number, c.At}}, nil
}

// spans are the times of review and suit of a party, in which no surcharge runs (《行政处罚法》第七十三条).
func (s State) spans(party int64) []law.Span {
	var list []law.Span
	for _, r := range s.Remedies {
		if r.Party == party {
			to := r.EndedOn
			if to != "" {
				to = to.AddDays(1)
			}
			list = append(list, law.Span{From: r.AcceptedOn, To: to, Reason: "复议、诉讼"})
		}
	}
	return list
}

// CorrectionVerified says that an order was found obeyed on site (整改复查).
type CorrectionVerified struct {
	Check    CorrectionCheck `json:"check"`
	Officers []law.Officer   `json:"officers"`
	At       time.Time       `json:"at"`
}

// CorrectionCheck is what a check of a correction found.
type CorrectionCheck struct {
	Item     int64             `json:"item" validate:"min=0,max=50"` // of the decision; 0: of an order before it
	Measure  string            `json:"measure" validate:"required,max=500"`
	AreaM2   int64             `json:"areaM2,omitempty" validate:"min=0,max=1000000000"`
	LengthM  int64             `json:"lengthM,omitempty" validate:"min=0,max=1000000"`
	VolumeM3 int64             `json:"volumeM3,omitempty" validate:"min=0,max=1000000000"`
	Complete bool              `json:"complete"`
	Before   []domain.Evidence `json:"before" validate:"required,min=1,max=30,dive"`
	After    []domain.Evidence `json:"after" validate:"required,min=1,max=30,dive"`
}

// EventType names the type in the log.
func (CorrectionVerified) EventType() string { return "case.correction_verified.v1" }

func (e CorrectionVerified) apply(s State) State {
	if !e.Check.Complete {
		return s
	}
	s.Corrected = join(s.Corrected, law.DateOf(e.At))
	return s.onItem(e.Check.Item, func(p Performance) Performance { p.DoneOn = law.DateOf(e.At); return p })
}

// VerifyCorrection records a check of a correction.
type VerifyCorrection struct {
	Check    CorrectionCheck `json:"check"`
	Officers []uuid.UUID     `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (VerifyCorrection) act() act {
	return act{"case.verify_correction", "整改复查", "《行政处罚法》第二十八条", once, []guard{exists, open, afterFiling, ordered}}
}

func (c VerifyCorrection) ask() question { return question{at: c.At} }

func ordered(q question) error {
	if len(q.Orders) == 0 && !slices.ContainsFunc(q.Items, func(p Performance) bool { return orders(p.Item.Measure) }) {
		return domain.RefuseByLaw("case.nothing_ordered", "《行政处罚法》第二十八条", "没有责令改正，无需复查。")
	}
	return nil
}

func (c VerifyCorrection) decide(q question) ([]Event, error) {
	if err := crewed(q, c.Crew, q.on); err != nil {
		return nil, err
	}
	if p, ok := find(q.Items, func(p Performance) bool { return p.Item.No == c.Check.Item }); c.Check.Item != 0 && (!ok || !orders(p.Item.Measure) || p.done()) {
		return nil, domain.Refuse("case.not_an_order", "该项不是待复查的责令改正项目，请核对。")
	}
	if len(c.Check.Before) == 0 || len(c.Check.After) == 0 {
		return nil, domain.RefuseByLaw("case.no_photos", "《行政处罚法》第四十七条", "整改复查应当有整改前后的照片，请补充。")
	}
	return []Event{CorrectionVerified{c.Check, c.Crew, c.At}}, nil
}

// ItemPerformed says that an item which is neither money nor an order was carried out (没收、吊销等项目执行).
type ItemPerformed struct {
	Item int64     `json:"item" validate:"min=1,max=50"`
	How  string    `json:"how" validate:"required,max=1000"` // 入库、拍卖、销毁、注销
	Slip string    `json:"slip" validate:"required,max=100"` // 罚没物品处理记录、票据
	At   time.Time `json:"at"`
}

// EventType names the type in the log.
func (ItemPerformed) EventType() string { return "case.item_performed.v1" }

func (e ItemPerformed) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance { p.DoneOn = law.DateOf(e.At); return p })
}

// PerformItem records that an item was carried out.
type PerformItem struct {
	Item int64  `json:"item" validate:"min=1,max=50"`
	How  string `json:"how" validate:"required,max=1000"`
	Slip string `json:"slip" validate:"required,max=100"`

	At time.Time `json:"-"`
}

func (PerformItem) act() act {
	return act{"case.perform_item", "执行没收、吊销等项目", "《行政处罚法》第七十四条", eachItem, performing(thingItem)}
}

func (c PerformItem) ask() question { return question{at: c.At, item: c.Item} }

func (c PerformItem) decide(question) ([]Event, error) { return []Event{ItemPerformed(c)}, nil }

// Urging is a written reminder (履行催告书; 《行政强制法》第三十五条).
type Urging struct {
	Item      int64    `json:"item" validate:"min=1,max=50"`
	Number    string   `json:"number" validate:"required,max=50"`
	By        law.Date `json:"by" validate:"required,datetime=2006-01-02"` // new period
	Way       string   `json:"way" validate:"required,max=500"`
	AmountFen int64    `json:"amountFen,omitempty" validate:"min=0,max=1000000000000"` // with surcharge
	PayTo     string   `json:"payTo,omitempty" validate:"max=200"`
	Rights    bool     `json:"rights"` // 陈述权、申辩权
	Service   Service  `json:"service"`
}

// PerformanceUrged reminds a party in writing (催告).
type PerformanceUrged struct {
	Urging   Urging        `json:"urging"`
	ServedOn law.Date      `json:"servedOn"`
	Officers []law.Officer `json:"officers"`
	At       time.Time     `json:"at"`
}

// EventType names the type in the log.
func (PerformanceUrged) EventType() string { return "case.performance_urged.v1" }

func (e PerformanceUrged) apply(s State) State {
	return s.onItem(e.Urging.Item, func(p Performance) Performance { p.UrgedOn, p.Urged = e.ServedOn, s.here(); return p })
}

// Urge reminds a party.
type Urge struct {
	Urging   Urging      `json:"urging"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (Urge) act() act {
	return act{"case.urge", "催告履行", "《行政强制法》第三十五条、第五十四条", eachItem, performing(overdue, notPaused)}
}

func (c Urge) ask() question { return question{at: c.At, item: c.Urging.Item} }

func (c Urge) decide(q question) ([]Event, error) {
	u := c.Urging
	p, _ := q.performance()
	if u.Number == "" || u.By <= q.on || u.Way == "" || !u.Rights || money(p.Item.Measure) && (u.AmountFen < p.principal() || u.PayTo == "") {
		return nil, domain.RefuseByLaw("case.urging_content", "《行政强制法》第三十五条", "催告书应当载明履行期限、履行方式、金额和给付方式以及陈述权、申辩权，请补充。")
	}
	if err := u.Service.check(q, c.Crew, p.Item.Party); err != nil {
		return nil, err
	}
	on, err := u.Service.effective(q)
	if err != nil {
		return nil, err
	}
	return []Event{PerformanceUrged{u, on, c.Crew, c.At}}, nil
}

// DemolitionAnnounced announces a demolition (限期拆除公告; 《行政强制法》第四十四条).
type DemolitionAnnounced struct {
	Item   int64     `json:"item" validate:"min=1,max=50"`
	Number string    `json:"number" validate:"required,max=50"`
	Text   string    `json:"text" validate:"required,max=4000"`
	Place  string    `json:"place" validate:"required,max=200"`
	By     law.Date  `json:"by" validate:"required,datetime=2006-01-02"` // for the party to demolish itself
	At     time.Time `json:"at"`
}

// EventType names the type in the log.
func (DemolitionAnnounced) EventType() string { return "case.demolition_announced.v1" }

func (e DemolitionAnnounced) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance { p.AnnouncedOn = e.By; return p })
}

// AnnounceDemolition announces a demolition.
type AnnounceDemolition struct {
	Item   int64    `json:"item" validate:"min=1,max=50"`
	Number string   `json:"number" validate:"required,max=50"`
	Text   string   `json:"text" validate:"required,max=4000"`
	Place  string   `json:"place" validate:"required,max=200"`
	By     law.Date `json:"by" validate:"required,datetime=2006-01-02"`

	At time.Time `json:"-"`
}

func (AnnounceDemolition) act() act {
	return act{"case.announce_demolition", "限期拆除公告", "《行政强制法》第四十四条", eachItem, performing(demolition, selfRoad, overdue, notPaused)}
}

func (c AnnounceDemolition) ask() question { return question{at: c.At, item: c.Item} }

func demolition(q question) error {
	if p, _ := q.performance(); p.Item.Measure != law.MeasureDemolish {
		return domain.RefuseByLaw("case.not_a_demolition", "《行政强制法》第四十四条", "只有限期拆除项目需要公告。")
	}
	return nil
}

func (c AnnounceDemolition) decide(q question) ([]Event, error) {
	if c.Text == "" || c.Place == "" || c.By < q.on || !c.By.Valid() {
		return nil, domain.RefuseByLaw("case.announcement_content", "《行政强制法》第四十四条", "公告应当载明限期自行拆除的要求、期限和公告地点，请补充。")
	}
	return []Event{DemolitionAnnounced(c)}, nil
}

// EnforcementOrder is a decision to enforce (强制执行决定书; 《行政强制法》第三十七条).
type EnforcementOrder struct {
	Item   int64     `json:"item" validate:"min=1,max=50"`
	Number string    `json:"number" validate:"required,max=50"`
	Reason string    `json:"reason" validate:"required,max=2000"`
	Basis  string    `json:"basis" validate:"required,max=500"` // that empowers this organ
	Way    string    `json:"way" validate:"required,max=500"`
	Time   time.Time `json:"time" validate:"required"`
	Remedy string    `json:"remedy" validate:"required,max=500"`
	Organ  string    `json:"organ" validate:"required,max=100"`
	Sealed bool      `json:"sealed"`
	Heard  string    `json:"heard" validate:"required,max=2000"` // what the party said to the reminder (陈述申辩及处理)
}

// SelfEnforcementDecided decides to enforce with the organ's own power (强制执行决定).
type SelfEnforcementDecided struct {
	Order EnforcementOrder `json:"order"`
	At    time.Time        `json:"at"`
}

// EventType names the type in the log.
func (SelfEnforcementDecided) EventType() string { return "case.self_enforcement_decided.v1" }

func (e SelfEnforcementDecided) apply(s State) State {
	return s.onItem(e.Order.Item, func(p Performance) Performance { p.Enforcement = "decided"; return p })
}

// DecideEnforcement decides to enforce with the organ's own power.
type DecideEnforcement struct {
	Order EnforcementOrder `json:"order"`

	At time.Time `json:"-"`
}

func (DecideEnforcement) act() act {
	return act{"case.decide_enforcement", "强制执行决定", "《行政强制法》第三十七条、第四十四条", eachItem,
		performing(selfRoad, overdue, notPaused, urged, urgedLongEnough, announced, remediesOver)}
}

func (c DecideEnforcement) ask() question { return question{at: c.At, item: c.Order.Item} }

func announced(q question) error {
	if p, _ := q.performance(); p.Item.Measure == law.MeasureDemolish && (p.AnnouncedOn == "" || p.AnnouncedOn >= q.on) {
		return domain.RefuseByLaw("case.demolition_not_announced", "《行政强制法》第四十四条", "强制拆除前应当公告并限期自行拆除，请先公告并等待期满。")
	}
	return nil
}

func (c DecideEnforcement) decide(q question) ([]Event, error) {
	o := c.Order
	if o.Number == "" || o.Reason == "" || o.Basis == "" || o.Way == "" || o.Remedy == "" || o.Organ == "" || !o.Sealed || o.Heard == "" || o.Time.Before(c.At) {
		return nil, domain.RefuseByLaw("case.enforcement_content", "《行政强制法》第三十六条、第三十七条", "强制执行决定书应当载明理由和依据、方式和时间、救济途径、机关名称和印章，并记录对当事人意见的处理，请补充。")
	}
	return []Event{SelfEnforcementDecided(c)}, nil
}

// Execution is how something was enforced on site (强制执行记录).
type Execution struct {
	Item      int64             `json:"item" validate:"min=1,max=50"`
	StartedAt time.Time         `json:"startedAt" validate:"required"`
	EndedAt   time.Time         `json:"endedAt" validate:"required"`
	Urgent    bool              `json:"urgent"`
	Record    string            `json:"record" validate:"required,max=4000"`
	Media     []domain.Evidence `json:"media" validate:"required,min=1,max=60,dive"`
}

// SelfEnforcementExecuted is an enforcement carried out (实施强制执行).
type SelfEnforcementExecuted struct {
	Execution Execution     `json:"execution"`
	Officers  []law.Officer `json:"officers"`
	At        time.Time     `json:"at"`
}

// EventType names the type in the log.
func (SelfEnforcementExecuted) EventType() string { return "case.self_enforcement_executed.v1" }

func (e SelfEnforcementExecuted) apply(s State) State {
	return s.onItem(e.Execution.Item, func(p Performance) Performance {
		p.Enforcement, p.DoneOn = "executed", law.DateOf(e.Execution.EndedAt)
		return p
	})
}

// ExecuteEnforcement records an enforcement carried out.
type ExecuteEnforcement struct {
	Execution Execution   `json:"execution"`
	Officers  []uuid.UUID `json:"officers" validate:"required,min=2,max=60,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (ExecuteEnforcement) act() act {
	return act{"case.execute_enforcement", "实施强制执行", "《行政强制法》第四十三条", eachItem, performing(enforcementDecided, notPaused)}
}

func (c ExecuteEnforcement) ask() question { return question{at: c.At, item: c.Execution.Item} }

func enforcementDecided(q question) error {
	if p, _ := q.performance(); p.Enforcement != "decided" {
		return domain.RefuseByLaw("case.enforcement_not_decided", "《行政强制法》第三十七条", "尚未作出强制执行决定，不得实施。")
	}
	return nil
}

func (c ExecuteEnforcement) decide(q question) ([]Event, error) {
	x := c.Execution
	if err := crewed(q, c.Crew, law.DateOf(x.StartedAt)); err != nil {
		return nil, err
	}
	if x.EndedAt.Before(x.StartedAt) || x.EndedAt.After(c.At) || x.Record == "" || len(x.Media) == 0 {
		return nil, domain.RefuseByLaw("case.execution_record", "《行政处罚法》第四十七条", "强制执行应当有起止时间、现场笔录和音像记录，请核对补充。")
	}
	if !x.Urgent {
		name, holiday, err := q.rules.Calendar.Holiday(law.DateOf(x.StartedAt))
		if err != nil {
			return nil, err
		}
		// 法定节假日 are the days of the notice; an ordinary weekend is a rest day and no holiday.
		if hour := x.StartedAt.In(law.Beijing()).Hour(); hour < 6 || hour >= 22 || holiday && name != "周末" {
			return nil, domain.RefuseByLaw("case.night_or_holiday", "《行政强制法》第四十三条", "除情况紧急外，不得在夜间或者法定节假日实施强制执行，请另定时间。")
		}
	}
	return []Event{SelfEnforcementExecuted{x, c.Crew, c.At}}, nil
}

// SubstituteOrder is a decision to have something done at the party's cost (代履行决定书; 《行政强制法》第五十一条).
type SubstituteOrder struct {
	Item      int64  `json:"item" validate:"min=1,max=50"`
	Number    string `json:"number" validate:"required,max=50"`
	Reason    string `json:"reason" validate:"required,max=2000"`
	Basis     string `json:"basis" validate:"required,max=500"`
	Target    string `json:"target" validate:"required,max=500"`
	BudgetFen int64  `json:"budgetFen" validate:"min=0,max=1000000000000"`
	Performer string `json:"performer" validate:"required,max=100"`
	Immediate bool   `json:"immediate"` // 需要立即清除河道的障碍物、污染物（第五十二条）
}

// SubstituteDecided decides on substitute performance (代履行决定).
type SubstituteDecided struct {
	Order SubstituteOrder `json:"order"`
	At    time.Time       `json:"at"`
}

// EventType names the type in the log.
func (SubstituteDecided) EventType() string { return "case.substitute_decided.v1" }

func (e SubstituteDecided) apply(s State) State {
	return s.onItem(e.Order.Item, func(p Performance) Performance {
		p.Substitute, p.Immediate = "decided", e.Order.Immediate
		return p
	})
}

// DecideSubstitute decides on substitute performance.
type DecideSubstitute struct {
	Order SubstituteOrder `json:"order"`

	At time.Time `json:"-"`
}

func (DecideSubstitute) act() act {
	return act{"case.decide_substitute", "代履行决定", "《行政强制法》第五十条、第五十一条", eachItem, performing(substituteRoad, overdue, notPaused)}
}

func (c DecideSubstitute) ask() question { return question{at: c.At, item: c.Order.Item} }

func (c DecideSubstitute) decide(q question) ([]Event, error) {
	o := c.Order
	if !o.Immediate {
		if err := all(q, urged); err != nil {
			return nil, err
		}
	}
	if o.Number == "" || o.Reason == "" || o.Basis == "" || o.Target == "" || o.BudgetFen < 0 || o.Performer == "" {
		return nil, domain.RefuseByLaw("case.substitute_content", "《行政强制法》第五十一条", "代履行决定书应当载明理由和依据、方式和时间、标的、费用预算以及代履行人，请补充。")
	}
	return []Event{SubstituteDecided(c)}, nil
}

// SubstituteUrged reminds the party three working days before (代履行催告).
type SubstituteUrged struct {
	Item     int64         `json:"item"`
	Number   string        `json:"number"`
	Service  Service       `json:"service"`
	ServedOn law.Date      `json:"servedOn"`
	Officers []law.Officer `json:"officers"`
	At       time.Time     `json:"at"`
}

// EventType names the type in the log.
func (SubstituteUrged) EventType() string { return "case.substitute_urged.v1" }

func (e SubstituteUrged) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance {
		p.Substitute, p.SubUrgedOn, p.SubUrged = "urged", e.ServedOn, s.here()
		return p
	})
}

// UrgeSubstitute reminds the party before substitute performance.
type UrgeSubstitute struct {
	Item     int64       `json:"item" validate:"min=1,max=50"`
	Number   string      `json:"number" validate:"required,max=50"`
	Service  Service     `json:"service"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (UrgeSubstitute) act() act {
	return act{"case.urge_substitute", "代履行催告", "《行政强制法》第五十一条", eachItem, performing(substituteDecided, notPaused)}
}

func (c UrgeSubstitute) ask() question { return question{at: c.At, item: c.Item} }

func substituteDecided(q question) error {
	if p, _ := q.performance(); p.Substitute == "" {
		return domain.RefuseByLaw("case.substitute_not_decided", "《行政强制法》第五十一条", "尚未作出代履行决定，请先办理。")
	}
	return nil
}

func (c UrgeSubstitute) decide(q question) ([]Event, error) {
	p, _ := q.performance()
	if err := c.Service.check(q, c.Crew, p.Item.Party); err != nil {
		return nil, err
	}
	on, err := c.Service.effective(q)
	if err != nil {
		return nil, err
	}
	return []Event{SubstituteUrged{c.Item, c.Number, c.Service, on, c.Crew, c.At}}, nil
}

// SubstitutePerformed says that it was done, by whom and at what cost (代履行实施).
type SubstitutePerformed struct {
	Execution Execution     `json:"execution"`
	CostFen   int64         `json:"costFen"`
	Signature Signature     `json:"signature"`
	Officers  []law.Officer `json:"officers"` // present and supervising
	At        time.Time     `json:"at"`
}

// EventType names the type in the log.
func (SubstitutePerformed) EventType() string { return "case.substitute_performed.v1" }

func (e SubstitutePerformed) apply(s State) State {
	return s.onItem(e.Execution.Item, func(p Performance) Performance {
		p.Substitute, p.DoneOn = "done", law.DateOf(e.Execution.EndedAt)
		return p
	})
}

// PerformSubstitute records substitute performance.
type PerformSubstitute struct {
	Execution Execution   `json:"execution"`
	CostFen   int64       `json:"costFen" validate:"min=0,max=1000000000000"`
	Signature Signature   `json:"signature"`
	Officers  []uuid.UUID `json:"officers" validate:"required,min=2,max=60,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (PerformSubstitute) act() act {
	return act{"case.perform_substitute", "实施代履行", "《行政强制法》第五十一条、第五十二条", eachItem, performing(substituteDecided, substituteUrged, notPaused)}
}

func (c PerformSubstitute) ask() question { return question{at: c.At, item: c.Execution.Item} }

func substituteUrged(q question) error {
	p, _ := q.performance()
	if p.Immediate {
		return nil
	}
	const article = "《行政强制法》第五十一条"
	if p.SubUrgedOn == "" {
		return domain.RefuseByLaw("case.substitute_not_urged", article, "代履行三个工作日前应当催告当事人履行，请先送达催告。")
	}
	over, err := q.past(q.rules.substituteUrging(p))
	if err == nil && !over {
		return domain.RefuseByLaw("case.substitute_urging_runs", article, "代履行催告后三个工作日尚未届满，请等待期满。")
	}
	return err
}

func (c PerformSubstitute) decide(q question) ([]Event, error) {
	x := c.Execution
	if err := crewed(q, c.Crew, law.DateOf(x.StartedAt)); err != nil {
		return nil, err
	}
	if x.EndedAt.Before(x.StartedAt) || x.EndedAt.After(c.At) || x.Record == "" || len(x.Media) == 0 || c.Signature.missing() {
		return nil, domain.RefuseByLaw("case.substitute_record", "《行政强制法》第五十一条", "代履行应当有执法人员到场监督，并由到场人员、代履行人和当事人或者见证人在文书上签名，请补充。")
	}
	return []Event{SubstitutePerformed{x, c.CostFen, c.Signature, c.Crew, c.At}}, nil
}

// CourtApplication asks the court to enforce (强制执行申请书; 《行政强制法》第五十五条).
type CourtApplication struct {
	Item   int64  `json:"item" validate:"min=1,max=50"`
	Number string `json:"number" validate:"required,max=50"`
	Court  string `json:"court" validate:"required,max=100"`
	Signed bool   `json:"signed"`                             // by the head (负责人签名)
	Sealed bool   `json:"sealed"`                             //
	Facts  string `json:"facts" validate:"required,max=4000"` // decision, facts, reasons, basis
	Heard  string `json:"heard" validate:"required,max=2000"` // the party's opinion and the reminder
	Target string `json:"target" validate:"required,max=500"`
}

// CourtEnforcementApplied asks the court to enforce (申请人民法院强制执行).
type CourtEnforcementApplied struct {
	Application CourtApplication `json:"application"`
	At          time.Time        `json:"at"`
}

// EventType names the type in the log.
func (CourtEnforcementApplied) EventType() string { return "case.court_enforcement_applied.v1" }

func (e CourtEnforcementApplied) apply(s State) State {
	return s.onItem(e.Application.Item, func(p Performance) Performance { p.Court = "applied"; return p })
}

// ApplyToCourt asks the court to enforce.
type ApplyToCourt struct {
	Application CourtApplication `json:"application"`

	At time.Time `json:"-"`
}

func (ApplyToCourt) act() act {
	return act{"case.apply_to_court", "申请人民法院强制执行", "《行政强制法》第五十三条至第五十五条", eachItem,
		performing(courtRoad, overdue, notPaused, urged, urgedLongEnough, remediesOver, courtWindow)}
}

func (c ApplyToCourt) ask() question { return question{at: c.At, item: c.Application.Item} }

func courtWindow(q question) error {
	p, _ := q.performance()
	clock, err := q.rules.court(q.State, p)
	if err != nil {
		return err
	}
	over, err := q.past(clock)
	if err == nil && over {
		return domain.RefuseByLaw("case.court_window_over", "《行政强制法》第五十三条", "申请人民法院强制执行的三个月期限已过，法院不予受理。")
	}
	return err
}

func (c ApplyToCourt) decide(question) ([]Event, error) {
	a := c.Application
	if a.Number == "" || a.Court == "" || !a.Signed || !a.Sealed || a.Facts == "" || a.Heard == "" || a.Target == "" {
		return nil, domain.RefuseByLaw("case.application_content", "《行政强制法》第五十五条", "申请书应当由负责人签名、加盖印章，并附决定书及事实理由依据、当事人意见和催告情况、执行标的，请补充。")
	}
	return []Event{CourtEnforcementApplied(c)}, nil
}

// CourtRuled is what the court did with the application (法院受理、裁定、执行).
type CourtRuled struct {
	Item   int64     `json:"item" validate:"min=1,max=50"`
	Result string    `json:"result" validate:"required,oneof=accepted rejected allowed refused executed"` // 受理 不予受理 准予执行 不准予执行 执行完毕
	Number string    `json:"number" validate:"required,max=50"`
	Note   string    `json:"note,omitempty" validate:"max=1000"`
	At     time.Time `json:"at"`
}

// EventType names the type in the log.
func (CourtRuled) EventType() string { return "case.court_ruled.v1" }

func (e CourtRuled) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance {
		p.Court = e.Result
		if e.Result == "executed" && !money(p.Item.Measure) {
			p.DoneOn = law.DateOf(e.At)
		}
		return p
	})
}

// RecordRuling records what the court did.
type RecordRuling struct {
	Item   int64  `json:"item" validate:"min=1,max=50"`
	Result string `json:"result" validate:"required,oneof=accepted rejected allowed refused executed"`
	Number string `json:"number" validate:"required,max=50"`
	Note   string `json:"note,omitempty" validate:"max=1000"`

	At time.Time `json:"-"`
}

func (RecordRuling) act() act {
	return act{"case.record_ruling", "登记法院受理、裁定、执行", "《行政强制法》第五十六条至第五十八条", eachItem, performing(courtAsked)}
}

func (c RecordRuling) ask() question { return question{at: c.At, item: c.Item} }

func courtAsked(q question) error {
	if p, _ := q.performance(); p.Court == "" {
		return domain.RefuseByLaw("case.not_applied", "《行政强制法》第五十三条", "尚未申请人民法院强制执行，请先办理申请。")
	}
	return nil
}

func (c RecordRuling) decide(q question) ([]Event, error) {
	p, _ := q.performance()
	next := map[string][]string{"applied": {"accepted", "rejected"}, "accepted": {"allowed", "refused"}, "allowed": {"executed"}}
	if !slices.Contains(next[p.Court], c.Result) {
		return nil, domain.RefuseByLaw("case.ruling_order", "《行政强制法》第五十六条、第五十七条", "法院的处理应当依次为受理、裁定、执行，请按顺序登记。")
	}
	return []Event{CourtRuled(c)}, nil
}

// PropertyAuctioned sells what was sealed or seized to cover a fine (拍卖查封、扣押财物抵缴罚款; 《行政强制法》第四十六条).
type PropertyAuctioned struct {
	Item        int64     `json:"item" validate:"min=1,max=50"`
	Seizure     uuid.UUID `json:"seizure" validate:"required"`
	Auctioneer  string    `json:"auctioneer" validate:"required,max=100"`
	ProceedsFen int64     `json:"proceedsFen" validate:"min=1,max=1000000000000"`
	Treasury    bool      `json:"treasury"` // 拍卖所得上缴国库
	At          time.Time `json:"at"`
}

// EventType names the type in the log.
func (PropertyAuctioned) EventType() string { return "case.property_auctioned.v1" }

func (e PropertyAuctioned) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance { p.Auctioned = true; return p })
}

// AuctionProperty sells what was sealed or seized: open even to an organ without power to enforce.
type AuctionProperty struct {
	Item        int64     `json:"item" validate:"min=1,max=50"`
	Seizure     uuid.UUID `json:"seizure" validate:"required"`
	Auctioneer  string    `json:"auctioneer" validate:"required,max=100"`
	ProceedsFen int64     `json:"proceedsFen" validate:"min=1,max=1000000000000"`
	Treasury    bool      `json:"treasury"`

	At time.Time `json:"-"`
}

func (AuctionProperty) act() act {
	return act{"case.auction_property", "拍卖查封、扣押财物抵缴罚款", "《行政强制法》第四十六条", eachItem,
		performing(fineItem, overdue, notPaused, urged, urgedLongEnough, remediesOver)}
}

func (c AuctionProperty) ask() question { return question{at: c.At, item: c.Item, thing: c.Seizure} }

func (c AuctionProperty) decide(q question) ([]Event, error) {
	if err := seized(q); err != nil {
		return nil, err
	}
	if !c.Treasury {
		return nil, domain.RefuseByLaw("case.proceeds_to_treasury", "《行政处罚法》第七十四条", "拍卖所得必须上缴国库，请核对收款账户。")
	}
	return []Event{PropertyAuctioned(c)}, nil
}

// EnforcementSuspended pauses the enforcement of an item (中止执行; 《行政强制法》第三十九条).
type EnforcementSuspended struct {
	Item     int64        `json:"item"`
	Ground   string       `json:"ground"`
	Note     string       `json:"note"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (EnforcementSuspended) EventType() string { return "case.enforcement_suspended.v1" }

func (e EnforcementSuspended) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance { p.Suspended = true; return p })
}

// SuspendEnforcement pauses the enforcement of an item.
type SuspendEnforcement struct {
	Item     int64        `json:"item" validate:"min=1,max=50"`
	Ground   string       `json:"ground" validate:"required,oneof=hardship third_party irreparable other"`
	Note     string       `json:"note" validate:"required,max=1000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (SuspendEnforcement) act() act {
	return act{"case.suspend_enforcement", "中止执行", "《行政强制法》第三十九条", eachItem, performing(notPaused)}
}

func (c SuspendEnforcement) ask() question { return question{at: c.At, item: c.Item} }

func (c SuspendEnforcement) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{EnforcementSuspended(c)}, nil
}

// EnforcementResumed ends such a pause (恢复执行).
type EnforcementResumed struct {
	Item int64     `json:"item" validate:"min=1,max=50"`
	Note string    `json:"note" validate:"required,max=1000"`
	At   time.Time `json:"at"`
}

// EventType names the type in the log.
func (EnforcementResumed) EventType() string { return "case.enforcement_resumed.v1" }

func (e EnforcementResumed) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance { p.Suspended = false; return p })
}

// ResumeEnforcement ends such a pause.
type ResumeEnforcement struct {
	Item int64  `json:"item" validate:"min=1,max=50"`
	Note string `json:"note" validate:"required,max=1000"`

	At time.Time `json:"-"`
}

func (ResumeEnforcement) act() act {
	return act{"case.resume_enforcement", "恢复执行", "《行政强制法》第三十九条", eachItem, performing(pausedItem)}
}

func (c ResumeEnforcement) ask() question { return question{at: c.At, item: c.Item} }

func (c ResumeEnforcement) decide(question) ([]Event, error) {
	return []Event{EnforcementResumed(c)}, nil
}

func pausedItem(q question) error {
	if p, _ := q.performance(); !p.Suspended {
		return domain.Refuse("case.enforcement_runs", "该项没有中止执行，无需恢复。")
	}
	return nil
}

// EnforcementEnded gives the enforcement of an item up (终结执行; 《行政强制法》第四十条).
type EnforcementEnded struct {
	Item     int64        `json:"item"`
	Ground   string       `json:"ground"`
	Note     string       `json:"note"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (EnforcementEnded) EventType() string { return "case.enforcement_ended.v1" }

func (e EnforcementEnded) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance { p.Ended = e.Ground; return p })
}

// EndEnforcement gives the enforcement of an item up.
type EndEnforcement struct {
	Item     int64        `json:"item" validate:"min=1,max=50"`
	Ground   string       `json:"ground" validate:"required,oneof=died dissolved target_gone decision_revoked suspended_three_years"`
	Note     string       `json:"note" validate:"required,max=1000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (EndEnforcement) act() act {
	return act{"case.end_enforcement", "终结执行", "《行政强制法》第四十条", eachItem, performing()}
}

func (c EndEnforcement) ask() question { return question{at: c.At, item: c.Item} }

func (c EndEnforcement) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	if p, _ := q.performance(); c.Ground == "suspended_three_years" && !p.Suspended {
		return nil, domain.RefuseByLaw("case.not_suspended_enforcement", "《行政强制法》第三十九条", "该项没有中止执行，不能以中止满三年为由终结。")
	}
	return []Event{EnforcementEnded(c)}, nil
}

// SettlementConcluded is an agreement about performing in stages (执行协议; 《行政强制法》第四十二条).
type SettlementConcluded struct {
	Item      int64     `json:"item" validate:"min=1,max=50"`
	Number    string    `json:"number" validate:"required,max=50"`
	Terms     string    `json:"terms" validate:"required,max=4000"`
	Until     law.Date  `json:"until" validate:"required,datetime=2006-01-02"`
	WaivedFen int64     `json:"waivedFen" validate:"min=0,max=1000000000000"` // of the surcharge
	Remedied  bool      `json:"remedied"`                                     // 当事人采取补救措施
	At        time.Time `json:"at"`
}

// EventType names the type in the log.
func (SettlementConcluded) EventType() string { return "case.settlement_concluded.v1" }

func (e SettlementConcluded) apply(s State) State {
	return s.onItem(e.Item, func(p Performance) Performance {
		p.WaivedFen += e.WaivedFen
		if p.done() {
			p.DoneOn = law.DateOf(e.At)
		}
		return p
	})
}

// Settle concludes an agreement. It may forgive the surcharge, never the fine.
type Settle struct {
	Item      int64    `json:"item" validate:"min=1,max=50"`
	Number    string   `json:"number" validate:"required,max=50"`
	Terms     string   `json:"terms" validate:"required,max=4000"`
	Until     law.Date `json:"until" validate:"required,datetime=2006-01-02"`
	WaivedFen int64    `json:"waivedFen" validate:"min=0,max=1000000000000"`
	Remedied  bool     `json:"remedied"`

	At time.Time `json:"-"`
}

func (Settle) act() act {
	return act{"case.settle", "达成执行协议", "《行政强制法》第四十二条", eachItem, performing(urged)}
}

func (c Settle) ask() question { return question{at: c.At, item: c.Item} }

func (c Settle) decide(q question) ([]Event, error) {
	p, _ := q.performance()
	if c.WaivedFen < 0 || c.WaivedFen > max(p.surcharge(), 0) || c.WaivedFen > 0 && !c.Remedied {
		return nil, domain.RefuseByLaw("case.settlement_waiver", "《行政强制法》第四十二条",
			fmt.Sprintf("执行协议只能在当事人采取补救措施后减免加处的罚款（尚欠%s），不能减免罚款本金。", law.Yuan(max(p.surcharge(), 0))))
	}
	return []Event{SettlementConcluded(c)}, nil
}

// Remedy is a review or a suit about the decision (行政复议、行政诉讼).
type Remedy struct {
	ID         uuid.UUID
	Kind       string
	Party      int64
	AcceptedOn law.Date
	AnsweredOn law.Date
	EndedOn    law.Date
	Outcome    string
	Event      mark
}

// ReviewOrSuitRecorded is a review or a suit that was accepted (复议、诉讼).
type ReviewOrSuitRecorded struct {
	ID         uuid.UUID `json:"id" validate:"required"`
	Kind       string    `json:"kind" validate:"required,oneof=review suit appeal"`
	Party      int64     `json:"party" validate:"min=1,max=20"`
	Organ      string    `json:"organ" validate:"required,max=100"` // 复议机关、人民法院
	Number     string    `json:"number" validate:"required,max=50"`
	AcceptedOn law.Date  `json:"acceptedOn" validate:"required,datetime=2006-01-02"`
	Suspends   bool      `json:"suspends"` // 决定停止执行
	At         time.Time `json:"at"`
}

// EventType names the type in the log.
func (ReviewOrSuitRecorded) EventType() string { return "case.review_or_suit_recorded.v1" }

func (e ReviewOrSuitRecorded) apply(s State) State {
	s.Remedies = join(s.Remedies, Remedy{ID: e.ID, Kind: e.Kind, Party: e.Party, AcceptedOn: e.AcceptedOn, Event: s.here()})
	return s
}

// RecordRemedy records a review or a suit. It does not stop the decision unless somebody says so.
type RecordRemedy struct {
	ID         uuid.UUID `json:"id" validate:"required"`
	Kind       string    `json:"kind" validate:"required,oneof=review suit appeal"`
	Party      int64     `json:"party" validate:"min=1,max=20"`
	Organ      string    `json:"organ" validate:"required,max=100"`
	Number     string    `json:"number" validate:"required,max=50"`
	AcceptedOn law.Date  `json:"acceptedOn" validate:"required,datetime=2006-01-02"`
	Suspends   bool      `json:"suspends"`

	At time.Time `json:"-"`
}

func (RecordRemedy) act() act {
	return act{"case.record_remedy", "登记复议、诉讼", "《行政复议法》第二十条，《行政诉讼法》第四十五条", eachParty, []guard{exists, unarchived, decided, servedParty}}
}

func (c RecordRemedy) ask() question { return question{at: c.At, party: c.Party} }

func servedParty(q question) error {
	if v, ok := q.servedOn(max(q.party, 1)); !ok || v.On > q.on {
		return domain.RefuseByLaw("case.not_served_yet", "《行政处罚法》第六十一条", "决定书尚未送达该当事人，请先登记送达。")
	}
	return nil
}

func (c RecordRemedy) decide(q question) ([]Event, error) {
	_, twice := find(q.Remedies, func(r Remedy) bool { return r.ID == c.ID })
	_, first := find(q.Remedies, func(r Remedy) bool { return r.Kind == "review" && r.Party == c.Party && r.EndedOn != "" })
	switch {
	case twice:
		return nil, domain.Refuse("case.remedy_twice", "该复议、诉讼已经登记，请勿重复登记。")
	case c.AcceptedOn > q.on || !c.AcceptedOn.Valid():
		return nil, &domain.Refusal{Code: "case.remedy_date", Field: "acceptedOn", Message: "受理日期晚于登记日期，请核对。"}
	case c.Kind == "suit" && q.Decision.ReviewFirst && !first:
		return nil, domain.RefuseByLaw("case.review_first", "《行政复议法》第二十三条", "对当场处罚决定不服的，应当先申请行政复议，请核对受理通知。")
	}
	return []Event{ReviewOrSuitRecorded(c)}, nil
}

// ReviewAnswered files the organ's answer with all evidence (复议、诉讼答复).
type ReviewAnswered struct {
	Remedy   uuid.UUID `json:"remedy" validate:"required"`
	Manifest string    `json:"manifest" validate:"required,len=64,hexadecimal,lowercase"` // SHA-256 of the list of what was handed in
	At       time.Time `json:"at"`
}

// EventType names the type in the log.
func (ReviewAnswered) EventType() string { return "case.review_answered.v1" }

func (e ReviewAnswered) apply(s State) State {
	return s.onRemedy(e.Remedy, func(r Remedy) Remedy { r.AnsweredOn = law.DateOf(e.At); return r })
}

func (s State) onRemedy(id uuid.UUID, to func(Remedy) Remedy) State {
	s.Remedies = change(s.Remedies, func(r Remedy) bool { return r.ID == id }, to)
	return s
}

// AnswerReview files the organ's answer.
type AnswerReview struct {
	Remedy   uuid.UUID `json:"remedy" validate:"required"`
	Manifest string    `json:"manifest" validate:"required,len=64,hexadecimal,lowercase"`

	At time.Time `json:"-"`
}

func (AnswerReview) act() act {
	return act{"case.answer_review", "提交复议、诉讼答复和证据", "《行政复议法》第四十八条", eachRemedy, []guard{exists, unarchived, remedyPending}}
}

func (c AnswerReview) ask() question { return question{at: c.At, thing: c.Remedy} }

func (c AnswerReview) decide(question) ([]Event, error) { return []Event{ReviewAnswered(c)}, nil }

func remedyPending(q question) error {
	if r, ok := find(q.Remedies, func(r Remedy) bool { return r.ID == q.thing }); !ok || r.EndedOn != "" || r.AcceptedOn > q.on {
		return domain.Refuse("case.no_remedy_pending", "没有正在进行的该项复议、诉讼，请核对。")
	}
	return nil
}

// ReviewOrSuitEnded is how a review or a suit came out (复议决定、判决).
type ReviewOrSuitEnded struct {
	Remedy  uuid.UUID `json:"remedy" validate:"required"`
	Outcome string    `json:"outcome" validate:"required,oneof=upheld changed revoked illegal void dismissed withdrawn mediated"` // 维持 变更 撤销 确认违法 无效 驳回 撤回 调解
	Number  string    `json:"number" validate:"required,max=50"`
	At      time.Time `json:"at"`
}

// EventType names the type in the log.
func (ReviewOrSuitEnded) EventType() string { return "case.review_or_suit_ended.v1" }

func (e ReviewOrSuitEnded) apply(s State) State {
	if e.Outcome == "changed" || e.Outcome == "revoked" || e.Outcome == "illegal" || e.Outcome == "void" {
		s = s.recall(e.At)
	}
	return s.onRemedy(e.Remedy, func(r Remedy) Remedy { r.EndedOn, r.Outcome = law.DateOf(e.At), e.Outcome; return r })
}

// EndRemedy records how a review or a suit came out. What it changed is carried out by revising or revoking the decision.
type EndRemedy struct {
	Remedy  uuid.UUID `json:"remedy" validate:"required"`
	Outcome string    `json:"outcome" validate:"required,oneof=upheld changed revoked illegal void dismissed withdrawn mediated"`
	Number  string    `json:"number" validate:"required,max=50"`

	At time.Time `json:"-"`
}

func (EndRemedy) act() act {
	return act{"case.end_remedy", "登记复议决定、判决", "《行政复议法》第六十三条至第七十三条", eachRemedy, []guard{exists, unarchived, remedyPending}}
}

func (c EndRemedy) ask() question { return question{at: c.At, thing: c.Remedy} }

func (c EndRemedy) decide(question) ([]Event, error) { return []Event{ReviewOrSuitEnded(c)}, nil }

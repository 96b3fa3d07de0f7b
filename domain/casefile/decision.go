package casefile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Ruling is a decision in writing, with what it must state (行政处罚决定书; 《行政处罚法》第五十九条,《罚款决定与罚款收缴分离实施办法》第七条).
type Ruling struct {
	Number     string       `json:"number" validate:"required,max=50"` // 决定书文号
	Items      []Item       `json:"items" validate:"required,min=1,max=50,dive"`
	Facts      string       `json:"facts" validate:"required,max=8000"`
	Evidence   []uuid.UUID  `json:"evidence" validate:"required,min=1,max=200,unique"` // each proves what it is filed to prove
	Heard      string       `json:"heard" validate:"required,max=4000"`                // what the party said, and whether it was adopted
	Discretion string       `json:"discretion" validate:"required,max=2000"`
	Mitigation string       `json:"mitigation,omitempty" validate:"max=500"`
	Way        string       `json:"way" validate:"required,max=500"`   // how to perform (履行方式和期限)
	Bank       string       `json:"bank,omitempty" validate:"max=200"` // name and address of the bank that collects
	Surcharge  bool         `json:"surcharge"`                         // 已载明逾期不缴是否加处罚款
	Remedy     RemedyNotice `json:"remedy"`
	Organ      string       `json:"organ" validate:"required,max=100"`
	Sealed     bool         `json:"sealed"`
	Approval   law.Approval `json:"approval"`
}

// RemedyNotice is what a decision says about review and suit (救济途径).
type RemedyNotice struct {
	ReviewOrgan string `json:"reviewOrgan" validate:"required,max=100"` // 行政复议机关
	ReviewDays  int64  `json:"reviewDays" validate:"min=0,max=365"`
	Court       string `json:"court" validate:"required,max=100"`
	SuitMonths  int64  `json:"suitMonths" validate:"min=0,max=60"`
	ReviewFirst bool   `json:"reviewFirst"` // 复议前置
}

// missing says what a decision does not state.
func (r Ruling) missing(s State) []string {
	var list []string
	want := func(ok bool, what string) {
		if !ok {
			list = append(list, what)
		}
	}
	fined, ordered := false, true
	for _, i := range r.Items {
		p, ok := s.Party(i.Party)
		want(ok && p.Name != "" && p.Address != "", fmt.Sprintf("第%d项当事人的姓名或者名称、地址", i.No))
		want(i.Basis != "", fmt.Sprintf("第%d项的处罚依据", i.No))
		fined = fined || i.Measure == law.MeasureFine
		ordered = ordered && (!orders(i.Measure) || i.By.Valid())
	}
	want(r.Number != "", "决定书文号")
	want(r.Facts != "", "违法事实")
	want(len(r.Evidence) > 0, "证据")
	want(r.Heard != "", "陈述、申辩的采纳情况")
	want(r.Way != "", "履行方式和期限")
	want(ordered, "责令改正的期限")
	want(!fined || r.Bank != "", "代收银行的名称和地址")
	want(!fined || r.Surcharge, "逾期缴款是否加处罚款")
	want(r.Remedy.ReviewOrgan != "" && r.Remedy.Court != "", "申请行政复议、提起行政诉讼的途径")
	want(r.Organ != "", "作出决定的机关")
	want(r.Sealed, "印章")
	return list
}

func (r RemedyNotice) check() error {
	if r.ReviewDays < 60 || r.SuitMonths < 6 {
		return domain.RefuseByLaw("case.remedy_periods", "《行政复议法》第二十条，《行政诉讼法》第四十六条", "复议期限不得短于六十日，起诉期限不得短于六个月，请更正。")
	}
	return nil
}

// Road is how an item is enforced if nobody performs it (强制执行方式), as the law stood when it was decided.
type Road struct {
	Item    int64          `json:"item"`
	Kind    law.RoadKind   `json:"kind"`
	Also    []law.RoadKind `json:"also,omitempty"`
	Article string         `json:"article"`
}

func (r Road) leads(to law.RoadKind) bool { return r.Kind == to || slices.Contains(r.Also, to) }

// Decision is what was decided.
type Decision struct {
	Number      string
	On          law.Date
	NoPenalty   bool
	Summary     bool
	ReviewFirst bool
	Surcharge   bool
	Served      []ServedTo
	Reported    bool // of a summary decision: to the own organ
	Version     int64
	Organ       string
	Review      string // organ the decision names for review
	Evidence    []uuid.UUID
	Applied     []Applied
	Event       mark
}

// ServedTo is when a decision reached a party.
type ServedTo struct {
	Party  int64
	On     law.Date
	Method string
	Event  mark
}

// Publicity is what the public can read of a decision (公示).
type Publicity struct {
	On       law.Date // empty while nothing is public
	RecallOn law.Date // since when it must be withdrawn
	Event    mark
	Recalled mark
}

func decided(q question) error {
	if q.Decision == nil {
		return domain.RefuseByLaw("case.no_decision", "《行政处罚法》第五十七条", "案件尚未作出决定，不能办理。")
	}
	return nil
}

func penalised(q question) error {
	if q.Decision == nil || q.Decision.NoPenalty {
		return domain.RefuseByLaw("case.no_penalty_decision", "《行政处罚法》第五十七条", "没有处罚决定，不能办理。")
	}
	return nil
}

// Guards of the decision. Each can be met before or after the others.

// allNotified is the first half of G2: whoever is punished was told.
func allNotified(q question) error {
	parties := int64(0)
	for _, i := range q.items {
		parties = max(parties, i.Party)
	}
	for p := int64(1); p <= max(parties, 1); p++ {
		if p > 1 && !slices.ContainsFunc(q.items, func(i Item) bool { return i.Party == p }) {
			continue
		}
		one := q
		one.party = p
		if len(q.items) == 0 {
			one.party = 0
		}
		if err := notified(one); err != nil {
			return err
		}
	}
	return nil
}

// defenceHeard demands that what a party said was answered, or that it had its time to say it (第四十五条、第六十二条).
func defenceHeard(q question) error {
	for _, n := range q.Notices {
		d := n.Defence
		switch {
		case d.SubmittedOn != "" && d.ReviewedOn == "":
			return domain.RefuseByLaw("case.defence_not_reviewed", "《行政处罚法》第四十五条、第六十二条", "当事人的陈述申辩尚未复核，不得作出决定，请先办理复核。")
		case d.SubmittedOn != "" || d.Waived || d.Lapsed || n.Hearing.Outcome == "held":
			continue
		}
		over, err := q.past(q.rules.defence(n))
		if err != nil {
			return err
		}
		if !over {
			return domain.RefuseByLaw("case.defence_time_left", "《行政处罚法》第四十五条、第六十二条", "陈述申辩期限尚未届满，当事人也没有明确放弃，不得作出决定。")
		}
	}
	return nil
}

// hearingDone is G3: the window is over or was waived, and a hearing that was asked for has been held.
func hearingDone(q question) error {
	for _, n := range q.Notices {
		switch {
		case n.Hearing.pending():
			return domain.RefuseByLaw("case.hearing_pending", "《行政处罚法》第六十三条、第六十五条", "当事人申请了听证，听证结束前不得作出决定。")
		case !n.Hearing.Told || n.Hearing.Waived || n.Hearing.Outcome != "":
			continue
		}
		over, err := q.past(q.rules.hearingRequest(n))
		if err != nil {
			return err
		}
		if !over {
			return domain.RefuseByLaw("case.hearing_window", "《行政处罚法》第六十三条、第六十四条", "当事人要求听证的五个工作日期限尚未届满，也没有明确放弃，不得作出决定。")
		}
	}
	return nil
}

// reviewed is G4 and the demand of the fifty-eighth article: passed, and after the hearing.
func reviewed(q question) error {
	var held time.Time
	for _, n := range q.Notices {
		if n.Hearing.HeldAt.After(held) {
			held = n.Hearing.HeldAt
		}
	}
	for _, p := range q.proposals() {
		d := law.ReviewRequired(q.rules.Settings, q.on, p, !held.IsZero())
		if !d.Required {
			continue
		}
		if q.Review.PassedOn == "" || q.Review.PassedOn > q.on {
			return domain.RefuseByLaw("case.not_reviewed", "《行政处罚法》第五十八条", "本案须经法制审核（"+d.Reason+"），未经审核或者审核未通过的，不得作出决定。")
		}
		if !held.IsZero() && !q.Review.PassedAt.After(held) {
			return domain.RefuseByLaw("case.reviewed_before_hearing", "《行政处罚法》第五十八条、第六十五条", "经过听证的案件，应当在听证结束后进行法制审核，请重新送审。")
		}
	}
	return nil
}

// discussed is G5.
func discussed(q question) error {
	for _, p := range q.proposals() {
		d := law.DiscussionRequired(q.rules.Settings, q.on, p)
		if d.Required && (q.Discussion == nil || q.Discussion.HeldOn > q.on) {
			return domain.RefuseByLaw("case.not_discussed", "《行政处罚法》第五十七条", "本案应当由负责人集体讨论决定（"+d.Reason+"），请先进行集体讨论。")
		}
	}
	return nil
}

// inTime is G14: late decisions need an extension that was approved.
func inTime(q question) error {
	late, err := q.past(q.rules.decision(q.State))
	if err == nil && late {
		return domain.RefuseByLaw("case.decision_late", "《行政处罚法》第六十条", "办案期限已过，未经批准延长不得作出决定，请先办理延期（逾期后须报上级机关批准）。")
	}
	return err
}

// corrected is G10: who is fined is also ordered to correct.
func corrected(q question) error {
	for _, i := range q.items {
		if i.Measure != law.MeasureFine {
			continue
		}
		if !slices.ContainsFunc(q.items, func(o Item) bool { return o.Party == i.Party && orders(o.Measure) }) &&
			!slices.ContainsFunc(q.Orders, func(o Order) bool { return o.Party == i.Party }) {
			return domain.RefuseByLaw("case.no_order_to_correct", "《行政处罚法》第二十八条", "实施罚款应当同时责令当事人改正违法行为，请增加责令改正项目或者先送达责令改正通知书。")
		}
	}
	return nil
}

// PenaltyDecided is the decision on a penalty (行政处罚决定), item by item, each with its text and its road of enforcement.
type PenaltyDecided struct {
	Ruling  Ruling    `json:"ruling"`
	Applied []Applied `json:"applied,omitempty"`
	Roads   []Road    `json:"roads"`
	At      time.Time `json:"at"`
}

// EventType names the type in the log.
func (PenaltyDecided) EventType() string { return "case.penalty_decided.v1" }

func (e PenaltyDecided) apply(s State) State {
	r := e.Ruling
	s.Decision = &Decision{Number: r.Number, On: law.DateOf(e.At), ReviewFirst: r.Remedy.ReviewFirst, Surcharge: r.Surcharge, Version: 1,
		Organ: r.Organ, Review: r.Remedy.ReviewOrgan, Evidence: r.Evidence, Applied: e.Applied, Event: s.here()}
	s.Items = perform(r.Items, e.Roads, nil)
	return s
}

// perform starts the performance of items; what was done on an item of the same number before stays done.
func perform(items []Item, roads []Road, before []Performance) []Performance {
	list := make([]Performance, len(items))
	for n, i := range items {
		list[n], _ = find(before, func(p Performance) bool { return p.Item.No == i.No && p.Item.Measure == i.Measure })
		list[n].Item = i
		list[n].Road, _ = find(roads, func(r Road) bool { return r.Item == i.No })
	}
	return list
}

// Decide imposes a penalty.
type Decide struct {
	Ruling Ruling `json:"ruling"`

	At time.Time `json:"-"`
}

func (Decide) act() act {
	return act{"case.decide", "作出行政处罚决定", "《行政处罚法》第五十七条、第五十九条", once, between(undecided, notSuspended, noCrime, crimeExamined,
		concluded, allNotified, defenceHeard, hearingDone, reviewed, discussed, corrected, inTime)}
}

func (c Decide) ask() question { return question{at: c.At, items: c.Ruling.Items} }

func (c Decide) decide(q question) ([]Event, error) {
	r := c.Ruling
	texts, err := lawful(q, r.Items, r.Mitigation)
	if err != nil {
		return nil, err
	}
	var told []Item
	for _, n := range q.Notices {
		told = append(told, n.Items...)
	}
	if item, ok := covers(q, told, r.Items); !ok {
		return nil, heavier(item)
	}
	if q.Discussion != nil && len(q.Discussion.Items) > 0 {
		if item, ok := covers(q, q.Discussion.Items, r.Items); !ok {
			return nil, domain.RefuseByLaw("case.beyond_discussion", "《行政处罚法》第五十七条", fmt.Sprintf("第%d项超出集体讨论决定的范围，请重新提交集体讨论。", item.No))
		}
	}
	if err := citable(q, r.Evidence); err != nil {
		return nil, err
	}
	if list := r.missing(q.State); len(list) > 0 {
		return nil, domain.RefuseByLaw("case.decision_content", "《行政处罚法》第五十九条，《罚款决定与罚款收缴分离实施办法》第七条", "处罚决定书缺少："+strings.Join(list, "、")+"，请补充。")
	}
	if err := r.Remedy.check(); err != nil {
		return nil, err
	}
	if err := approvedBy(q, r.Approval, "ruling.approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{PenaltyDecided{r, texts, q.roads(r.Items), c.At}}, nil
}

func (q question) roads(items []Item) []Road {
	held := slices.ContainsFunc(q.Seized, func(h Holding) bool { return h.Outcome == "" })
	list := make([]Road, len(items))
	for n, i := range items {
		r := law.EnforcementRoad(law.Obligation{Measure: i.Measure, Article: i.Basis, Seized: held})
		list[n] = Road{i.No, r.Kind, r.Also, r.Article}
	}
	return list
}

// DecisionExtended gives more time to decide (延长办案期限).
type DecisionExtended struct {
	Reason     string        `json:"reason"`
	Days       int64         `json:"days"`
	Collective bool          `json:"collective"`
	Approval   law.Approval  `json:"approval"`
	Superior   *law.Approval `json:"superior,omitempty"` // of the organ above, where the time was over already
	Late       bool          `json:"late,omitempty"`
	At         time.Time     `json:"at"`
}

// EventType names the type in the log.
func (DecisionExtended) EventType() string { return "case.decision_extended.v1" }

func (e DecisionExtended) apply(s State) State {
	x := Extension{Times: 1, Days: e.Days, Late: e.Late, Event: s.here()}
	if s.Extension != nil {
		x.Times, x.Days, x.Late = s.Extension.Times+1, s.Extension.Days+e.Days, s.Extension.Late || e.Late
	}
	s.Extension = &x
	return s
}

// ExtendDecision gives more time to decide: the first time by the head, then by the heads together; once the time is over, only with
// the organ above, which thereby learns of it.
type ExtendDecision struct {
	Reason     string        `json:"reason" validate:"required,max=1000"`
	Days       int64         `json:"days" validate:"min=1,max=365"`
	Collective bool          `json:"collective"` // decided by the heads together (集体讨论决定)
	Approval   law.Approval  `json:"approval"`
	Superior   *law.Approval `json:"superior,omitempty"`

	At time.Time `json:"-"`
}

func (ExtendDecision) act() act {
	return act{"case.extend_decision", "延长办案期限", "《行政处罚法》第六十条", once, between(undecided)}
}

func (c ExtendDecision) ask() question { return question{at: c.At} }

func (c ExtendDecision) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	late, err := q.past(q.rules.decision(q.State))
	if err != nil {
		return nil, err
	}
	limit := int64(law.DecisionExtension(q.rules.Settings, law.DateOf(q.FiledAt)))
	switch {
	case late && (c.Superior == nil || c.Superior.Name == "" || c.Superior.ApprovedOn > q.on):
		return nil, domain.RefuseByLaw("case.extension_late", "《行政处罚法》第六十条", "办案期限已过，延期须有上级机关的批准意见，请补充。")
	case c.Days < 1 || q.Extension == nil && !c.Collective && c.Days > limit:
		return nil, domain.RefuseByLaw("case.extension_days", "《行政处罚法》第六十条", fmt.Sprintf("经负责人批准的延期不得超过%d日；需要更长的，由负责人集体讨论决定。", limit))
	case q.Extension != nil && !c.Collective:
		return nil, domain.RefuseByLaw("case.extension_again", "《行政处罚法》第六十条", "再次延期应当由负责人集体讨论决定，请补充集体讨论意见。")
	}
	return []Event{DecisionExtended{c.Reason, c.Days, c.Collective, c.Approval, c.Superior, late, c.At}}, nil
}

// NoPenaltyDecided is a decision not to punish (不予行政处罚决定; 《行政处罚法》第三十条至第三十三条、第五十七条).
type NoPenaltyDecided struct {
	Number    string       `json:"number"`
	Ground    string       `json:"ground"`
	Facts     string       `json:"facts"`
	Education string       `json:"education"`
	Remedy    RemedyNotice `json:"remedy"`
	Organ     string       `json:"organ"`
	Sealed    bool         `json:"sealed"`
	Approval  law.Approval `json:"approval"`
	At        time.Time    `json:"at"`
}

// EventType names the type in the log.
func (NoPenaltyDecided) EventType() string { return "case.no_penalty_decided.v1" }

func (e NoPenaltyDecided) apply(s State) State {
	s.Decision = &Decision{Number: e.Number, On: law.DateOf(e.At), NoPenalty: true, Version: 1, Organ: e.Organ, Review: e.Remedy.ReviewOrgan, Event: s.here()}
	return s
}

// DecideNoPenalty decides not to punish; the party is taught instead.
type DecideNoPenalty struct {
	Number    string       `json:"number" validate:"required,max=50"`
	Ground    string       `json:"ground" validate:"required,oneof=minor_corrected first_minor no_fault minor_age not_responsible not_established time_barred"`
	Facts     string       `json:"facts" validate:"required,max=8000"`
	Education string       `json:"education" validate:"max=1000"` // 教育记录
	Remedy    RemedyNotice `json:"remedy"`
	Organ     string       `json:"organ" validate:"required,max=100"`
	Sealed    bool         `json:"sealed"`
	Approval  law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (DecideNoPenalty) act() act {
	return act{"case.decide_no_penalty", "作出不予行政处罚决定", "《行政处罚法》第三十三条、第五十七条", once,
		between(undecided, notSuspended, concluded, noCrime, crimeExamined, inTime)}
}

func (c DecideNoPenalty) ask() question { return question{at: c.At} }

func (c DecideNoPenalty) decide(q question) ([]Event, error) {
	taught := c.Ground == "not_established" || c.Ground == "time_barred"
	switch {
	case c.Number == "" || c.Facts == "" || c.Organ == "" || !c.Sealed || c.Remedy.ReviewOrgan == "" || c.Remedy.Court == "":
		return nil, domain.RefuseByLaw("case.no_penalty_content", "《行政处罚法》第五十九条", "不予处罚决定书应当载明事实、理由、救济途径、机关名称并加盖印章，请补充。")
	case c.Education == "" && !taught:
		return nil, domain.RefuseByLaw("case.no_education", "《行政处罚法》第三十三条", "不予处罚的，应当对当事人进行教育并记录，请补充。")
	}
	if err := c.Remedy.check(); err != nil {
		return nil, err
	}
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{NoPenaltyDecided(c)}, nil
}

// SpotRuling is a penalty on the spot (当场处罚决定; 《行政处罚法》第五十一条、第五十二条).
type SpotRuling struct {
	Number           string       `json:"number" validate:"required,max=50"` // of the numbered form
	Item             Item         `json:"item"`
	Facts            string       `json:"facts" validate:"required,max=2000"`
	Evidence         []uuid.UUID  `json:"evidence" validate:"required,min=1,max=20,unique"`
	Place            string       `json:"place" validate:"required,max=200"`
	CertificateShown bool         `json:"certificateShown"`
	Rights           bool         `json:"rights"` // told, and heard (告知并听取陈述申辩)
	Remedy           RemedyNotice `json:"remedy"`
	Organ            string       `json:"organ" validate:"required,max=100"`
	Signature        Signature    `json:"signature"` // of the party, to whom it was handed on the spot
}

// SummaryPenaltyDecided is a penalty on the spot (当场处罚). It is served as it is made.
type SummaryPenaltyDecided struct {
	Ruling   SpotRuling    `json:"ruling"`
	Roads    []Road        `json:"roads"`
	Officers []law.Officer `json:"officers"`
	At       time.Time     `json:"at"`
}

// EventType names the type in the log.
func (SummaryPenaltyDecided) EventType() string { return "case.summary_penalty_decided.v1" }

func (e SummaryPenaltyDecided) apply(s State) State {
	r, on := e.Ruling, law.DateOf(e.At)
	s.Decision = &Decision{Number: r.Number, On: on, Summary: true, ReviewFirst: true, Surcharge: true, Version: 1, Organ: r.Organ,
		Review: r.Remedy.ReviewOrgan, Evidence: r.Evidence, Event: s.here()}
	s.Items = perform([]Item{r.Item}, e.Roads, nil)
	return s.acted(e.Officers).served(r.Item.Party, on, "direct")
}

// DecideOnSpot punishes on the spot.
type DecideOnSpot struct {
	Ruling   SpotRuling  `json:"ruling"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (DecideOnSpot) act() act {
	return act{"case.decide_on_spot", "当场处罚", "《行政处罚法》第五十一条、第五十二条", once, between(undecided, notSuspended, noCrime)}
}

func (c DecideOnSpot) ask() question { return question{at: c.At, items: []Item{c.Ruling.Item}} }

func (c DecideOnSpot) decide(q question) ([]Event, error) {
	r := c.Ruling
	if err := crewed(q, c.Crew, q.on); err != nil {
		return nil, err
	}
	p, ok := q.Party(r.Item.Party)
	switch {
	case !ok || p.Kind == "unknown":
		return nil, domain.RefuseByLaw("case.party_unknown", "《行政处罚法》第四十条", "当事人的身份尚未查明，不能当场处罚。")
	case r.Item.Measure != law.MeasureFine && r.Item.Measure != law.MeasureWarning || r.Item.Measure == law.MeasureFine != (r.Item.AmountFen > 0):
		return nil, domain.RefuseByLaw("case.spot_kind", "《行政处罚法》第五十一条", "当场处罚只能是警告或者小额罚款，请改用普通程序。")
	}
	for _, one := range q.proposals() {
		if d := law.SummaryAllowed(q.rules.Settings, q.on, one); !d.Required {
			return nil, domain.RefuseByLaw("case.spot_amount", "《行政处罚法》第五十一条", "当场罚款限公民二百元以下、法人或者其他组织三千元以下，超过的请改用普通程序。")
		}
	}
	switch {
	case !r.CertificateShown || !r.Rights:
		return nil, domain.RefuseByLaw("case.spot_rights", "《行政处罚法》第四十四条、第五十二条", "当场处罚应当出示执法证件、告知权利并听取陈述申辩，请补充。")
	case r.Number == "" || r.Facts == "" || r.Place == "" || r.Organ == "" || r.Signature.missing():
		return nil, domain.RefuseByLaw("case.spot_content", "《行政处罚法》第五十二条", "当场处罚决定书应当载明违法行为、依据、数额、时间、地点、机关并当场交付，拒绝签收的应当注明，请补充。")
	case !r.Remedy.ReviewFirst:
		return nil, domain.RefuseByLaw("case.spot_review_first", "《行政复议法》第二十三条", "对当场处罚决定不服的，应当先申请行政复议，请在决定书中载明复议前置。")
	}
	if err := r.Remedy.check(); err != nil {
		return nil, err
	}
	return []Event{SummaryPenaltyDecided{r, q.roads([]Item{r.Item}), c.Crew, c.At}}, nil
}

// SummaryReported files a penalty on the spot with the own organ (当场处罚备案).
type SummaryReported struct {
	To string    `json:"to" validate:"required,max=100"`
	At time.Time `json:"at"`
}

// EventType names the type in the log.
func (SummaryReported) EventType() string { return "case.summary_reported.v1" }

func (e SummaryReported) apply(s State) State {
	if s.Decision != nil {
		d := *s.Decision
		d.Reported = true
		s.Decision = &d
	}
	return s
}

// ReportSummary files a penalty on the spot.
type ReportSummary struct {
	To string `json:"to" validate:"required,max=100"`

	At time.Time `json:"-"`
}

func (ReportSummary) act() act {
	return act{"case.report_summary", "当场处罚备案", "《行政处罚法》第五十二条", once, between(summary)}
}

func (c ReportSummary) ask() question { return question{at: c.At} }

func (c ReportSummary) decide(question) ([]Event, error) { return []Event{SummaryReported(c)}, nil }

func summary(q question) error {
	if q.Decision == nil || !q.Decision.Summary || q.Decision.Reported {
		return domain.Refuse("case.nothing_to_report", "没有待备案的当场处罚决定。")
	}
	return nil
}

// DecisionServed says that a decision reached a party (决定书送达). Its periods run from here.
type DecisionServed struct {
	Party    int64         `json:"party"`
	Service  Service       `json:"service"`
	ServedOn law.Date      `json:"servedOn"`
	Officers []law.Officer `json:"officers"`
	At       time.Time     `json:"at"`
}

// EventType names the type in the log.
func (DecisionServed) EventType() string { return "case.decision_served.v1" }

func (e DecisionServed) apply(s State) State { return s.served(e.Party, e.ServedOn, e.Service.Method) }

func (s State) served(party int64, on law.Date, method string) State {
	if s.Decision == nil {
		return s
	}
	d := *s.Decision
	d.Served = put(d.Served, ServedTo{party, on, method, s.here()}, func(v ServedTo) bool { return v.Party == party })
	s.Decision = &d
	// What needs no performance is done by being served.
	s.Items = change(s.Items, func(p Performance) bool {
		return p.Item.Party == party && p.Road.Kind == law.RoadNone && p.DoneOn == "" && !takes(p.Item.Measure)
	},
		func(p Performance) Performance { p.DoneOn = on; return p })
	return s
}

// ServeDecision serves a decision.
type ServeDecision struct {
	Party    int64       `json:"party" validate:"min=1,max=20"`
	Service  Service     `json:"service"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (ServeDecision) act() act {
	return act{"case.serve_decision", "送达决定书", "《行政处罚法》第六十一条", eachParty, between(decided, notYetServed)}
}

func (c ServeDecision) ask() question { return question{at: c.At, party: c.Party} }

func (c ServeDecision) decide(q question) ([]Event, error) {
	if c.Service.On < q.Decision.On {
		return nil, &domain.Refusal{Code: "case.served_before_decision", Field: "service.on", Message: "送达日期早于决定日期，请核对。"}
	}
	if err := c.Service.check(q, c.Crew, c.Party); err != nil {
		return nil, err
	}
	on, err := c.Service.effective(q)
	if err != nil {
		return nil, err
	}
	return []Event{DecisionServed{c.Party, c.Service, on, c.Crew, c.At}}, nil
}

func notYetServed(q question) error {
	if _, ok := find(q.Decision.Served, func(v ServedTo) bool { return v.Party == max(q.party, 1) }); ok {
		return domain.Refuse("case.served_before", "决定书已经送达该当事人，请勿重复登记。")
	}
	return nil
}

// DocumentServed says that another document reached a party (文书送达).
type DocumentServed struct {
	Document string        `json:"document"`
	Number   string        `json:"number"`
	Party    int64         `json:"party"`
	Service  Service       `json:"service"`
	ServedOn law.Date      `json:"servedOn"`
	Officers []law.Officer `json:"officers"`
	At       time.Time     `json:"at"`
}

// EventType names the type in the log.
func (DocumentServed) EventType() string { return "case.document_served.v1" }

func (e DocumentServed) apply(s State) State { return s }

// ServeDocument serves a document that no act of its own serves.
type ServeDocument struct {
	Document string      `json:"document" validate:"required,oneof=inquiry_notice preservation_notice preservation_outcome seizure_decision seizure_extension seizure_release appraisal_notice recusal hearing_rights surcharge_decision instalment_notice enforcement_decision substitute_decision transfer_notice other"`
	Number   string      `json:"number" validate:"required,max=50"`
	Party    int64       `json:"party" validate:"min=1,max=20"`
	Service  Service     `json:"service"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (ServeDocument) act() act {
	return act{"case.serve_document", "送达其他文书", "《行政处罚法》第六十一条", once, []guard{exists, unarchived}}
}

func (c ServeDocument) ask() question { return question{at: c.At, party: c.Party} }

func (c ServeDocument) decide(q question) ([]Event, error) {
	if err := c.Service.check(q, c.Crew, c.Party); err != nil {
		return nil, err
	}
	on, err := c.Service.effective(q)
	if err != nil {
		return nil, err
	}
	return []Event{DocumentServed{c.Document, c.Number, c.Party, c.Service, on, c.Crew, c.At}}, nil
}

// DecisionPublished shows a decision to the public (公示; 《行政处罚法》第四十八条).
type DecisionPublished struct {
	Channel  string    `json:"channel" validate:"required,max=200"`
	Text     string    `json:"text" validate:"required,len=64,hexadecimal,lowercase"` // SHA-256 of the redacted text
	Redacted bool      `json:"redacted"`
	At       time.Time `json:"at"`
}

// EventType names the type in the log.
func (DecisionPublished) EventType() string { return "case.decision_published.v1" }

func (e DecisionPublished) apply(s State) State {
	s.Public = Publicity{On: law.DateOf(e.At), Event: s.here()}
	return s
}

// PublishDecision shows a decision to the public, without what is nobody's business.
type PublishDecision struct {
	Channel  string `json:"channel" validate:"required,max=200"`
	Text     string `json:"text" validate:"required,len=64,hexadecimal,lowercase"`
	Redacted bool   `json:"redacted"` // addresses, numbers and accounts are masked (已隐去个人信息)

	At time.Time `json:"-"`
}

func (PublishDecision) act() act {
	return act{"case.publish_decision", "公示处罚决定", "《行政处罚法》第四十八条", once, []guard{exists, penalised, notPublic}}
}

func (c PublishDecision) ask() question { return question{at: c.At} }

func (c PublishDecision) decide(q question) ([]Event, error) {
	if !c.Redacted {
		return nil, domain.RefuseByLaw("case.not_redacted", "《行政处罚法》第五十条，《个人信息保护法》第三十四条", "公示文本应当隐去住址、证件号码、账号等信息，请先脱敏。")
	}
	return []Event{DecisionPublished(c)}, nil
}

func notPublic(q question) error {
	if q.Public.On != "" {
		return domain.Refuse("case.public_already", "该决定已经公示，请勿重复公示。")
	}
	return nil
}

// PublicationWithdrawn takes a decision out of the public (撤回公示).
type PublicationWithdrawn struct {
	Reason string    `json:"reason" validate:"required,max=500"` // said in public
	At     time.Time `json:"at"`
}

// EventType names the type in the log.
func (PublicationWithdrawn) EventType() string { return "case.publication_withdrawn.v1" }

func (e PublicationWithdrawn) apply(s State) State {
	s.Public = Publicity{}
	return s
}

// WithdrawPublication takes a decision out of the public.
type WithdrawPublication struct {
	Reason string `json:"reason" validate:"required,max=500"`

	At time.Time `json:"-"`
}

func (WithdrawPublication) act() act {
	return act{"case.withdraw_publication", "撤回公示", "《行政处罚法》第四十八条", once, []guard{exists, public}}
}

func (c WithdrawPublication) ask() question { return question{at: c.At} }

func (c WithdrawPublication) decide(question) ([]Event, error) {
	return []Event{PublicationWithdrawn(c)}, nil
}

func public(q question) error {
	if q.Public.On == "" || q.Public.On > q.on {
		return domain.Refuse("case.not_public", "该决定没有公示，无需撤回。")
	}
	return nil
}

// DecisionRevised replaces a decision by a new version of it (变更处罚决定).
type DecisionRevised struct {
	Number   string       `json:"number"`
	Before   string       `json:"before"`
	Version  int64        `json:"version"`
	By       string       `json:"by"`
	Document string       `json:"document"`
	Items    []Item       `json:"items"`
	Roads    []Road       `json:"roads"`
	Reason   string       `json:"reason"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (DecisionRevised) EventType() string { return "case.decision_revised.v1" }

func (e DecisionRevised) apply(s State) State {
	if s.Decision == nil {
		return s
	}
	d := *s.Decision
	d.Number, d.Version, d.Served = e.Number, e.Version, nil
	s.Decision, s.Items = &d, perform(e.Items, e.Roads, s.Items)
	return s.recall(e.At)
}

// recall notes that what is public is no longer true.
func (s State) recall(at time.Time) State {
	if s.Public.On != "" && s.Public.RecallOn == "" {
		s.Public.RecallOn, s.Public.Recalled = law.DateOf(at), s.here()
	}
	return s
}

// ReviseDecision replaces a decision: after review or suit, or by the organ itself. None of these ways makes it harsher.
type ReviseDecision struct {
	Number   string       `json:"number" validate:"required,max=50"`
	By       string       `json:"by" validate:"required,oneof=review court self"`
	Document string       `json:"document" validate:"required,max=100"` // number of the review decision, judgment or own document
	Items    []Item       `json:"items" validate:"required,min=1,max=50,dive"`
	Reason   string       `json:"reason" validate:"required,max=2000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (ReviseDecision) act() act {
	return act{"case.revise_decision", "变更处罚决定", "《行政复议法》第六十三条，《行政处罚法》第七十五条", once, []guard{exists, unarchived, penalised}}
}

func (c ReviseDecision) ask() question { return question{at: c.At, items: c.Items} }

func (c ReviseDecision) decide(q question) ([]Event, error) {
	var before []Item
	for _, p := range q.Items {
		before = append(before, p.Item)
	}
	item, ok := covers(q, before, c.Items)
	switch {
	case len(c.Items) == 0 || slices.ContainsFunc(c.Items, func(i Item) bool { return money(i.Measure) != (i.AmountFen > 0) }):
		return nil, &domain.Refusal{Code: "case.item_amount", Field: "items", Message: "变更后的处理项目不完整：罚款、没收违法所得须填写金额，请核对。"}
	case !ok:
		return nil, domain.RefuseByLaw("case.revised_heavier", "《行政复议法》第六十三条，《行政诉讼法》第七十七条", fmt.Sprintf("第%d项重于原决定，变更不得加重对当事人的处罚。", item.No))
	case c.Number == q.Decision.Number:
		return nil, domain.Refuse("case.same_number", "变更后的决定应当有新的文号，请核对。")
	}
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{DecisionRevised{c.Number, q.Decision.Number, q.Decision.Version + 1, c.By, c.Document, c.Items, q.roads(c.Items), c.Reason, c.Approval, c.At}}, nil
}

// DecisionRevoked takes a decision back (撤销处罚决定), to decide anew or to end the case.
type DecisionRevoked struct {
	By       string       `json:"by"`
	Document string       `json:"document"`
	Reason   string       `json:"reason"`
	Again    bool         `json:"again"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (DecisionRevoked) EventType() string { return "case.decision_revoked.v1" }

func (e DecisionRevoked) apply(s State) State {
	s = s.recall(e.At)
	s.Decision, s.Items = nil, nil
	if !e.Again {
		return s.end("revoked", e.At)
	}
	// Deciding anew is a new procedure: reviewed, discussed and notified again, in a time that runs again.
	s.Report, s.ReportedOn, s.Review, s.Discussion, s.Notices, s.Extension, s.Pauses = nil, "", Review{}, nil, nil, nil, nil
	s.AgainOn, s.Again = law.DateOf(e.At), s.here()
	return s
}

// RevokeDecision takes a decision back.
type RevokeDecision struct {
	By       string       `json:"by" validate:"required,oneof=review court self superior"`
	Document string       `json:"document" validate:"required,max=100"`
	Reason   string       `json:"reason" validate:"required,max=2000"`
	Again    bool         `json:"again"` // decide anew (重新作出行政行为)
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (RevokeDecision) act() act {
	return act{"case.revoke_decision", "撤销处罚决定", "《行政复议法》第六十四条，《行政处罚法》第七十五条", once, []guard{exists, unarchived, decided}}
}

func (c RevokeDecision) ask() question { return question{at: c.At} }

func (c RevokeDecision) decide(q question) ([]Event, error) {
	if q.Status == StatusClosed && c.Again {
		return nil, domain.Refuse("case.closed_again", "案件已经结案，需要重新处理的，请另行立案。")
	}
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{DecisionRevoked(c)}, nil
}

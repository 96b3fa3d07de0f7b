package casefile

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Fact is one act that the investigation established, with what proves it (违法事实).
type Fact struct {
	No             int64       `json:"no" validate:"min=1,max=50"`
	Text           string      `json:"text" validate:"required,max=4000"`
	Evidence       []uuid.UUID `json:"evidence" validate:"required,min=1,max=200,unique"`
	Violations     []string    `json:"violations" validate:"required,min=1,max=5,dive,required,max=12"` // codes of every text it breaks
	ConductEndedOn law.Date    `json:"conductEndedOn" validate:"required,datetime=2006-01-02"`
	Harm           law.Harm    `json:"harm,omitempty" validate:"omitempty,oneof=life ecological"`
	ValueFen       int64       `json:"valueFen,omitempty" validate:"min=0,max=1000000000000"` // 货值金额
	VolumeM3       int64       `json:"volumeM3,omitempty" validate:"min=0,max=1000000000"`
	Serious        bool        `json:"serious"`     // 情节严重
	Uncorrected    bool        `json:"uncorrected"` // 责令改正后逾期未改正
	Remediable     bool        `json:"remediable"`  // 影响行洪但尚可采取补救措施
	Severe         bool        `json:"severe"`      // 严重影响防洪
	PermitHeld     bool        `json:"permitHeld"`
	NoPermit       bool        `json:"noPermit"` // 未取得许可、许可证已注销或者超越许可范围
	Closed         bool        `json:"closed"`   // 禁采区、禁采期
	FloodSafety    bool        `json:"floodSafety"`
}

// Prior is an earlier penalty of the party, as known when the investigation was concluded (前次处罚).
type Prior struct {
	Case      uuid.UUID `json:"case,omitempty"`
	Number    string    `json:"number" validate:"required,max=50"`
	Violation string    `json:"violation" validate:"required,max=12"`
	DecidedOn law.Date  `json:"decidedOn" validate:"required,datetime=2006-01-02"`
	FineFen   int64     `json:"fineFen" validate:"min=0,max=1000000000000"`
}

// Report is the report that concludes an investigation (调查终结报告; 《行政处罚法》第五十七条).
type Report struct {
	Facts      []Fact `json:"facts" validate:"required,min=1,max=50,dive"`
	Discretion string `json:"discretion" validate:"required,max=2000"` // tier, standard and reasons (裁量)
	Mitigation string `json:"mitigation,omitempty" validate:"max=500"` // ground for a penalty below the range (减轻处罚)
	Complex    bool   `json:"complex"`                                 // 情节复杂、涉及多个法律关系
	Public     bool   `json:"public"`                                  // 涉及重大公共利益
	Proposal   string `json:"proposal" validate:"required,oneof=penalty no_penalty transfer"`
	Items      []Item `json:"items,omitempty" validate:"max=50,dive"`
}

// Item is one measure of a penalty (处理项目), proposed, notified or decided.
type Item struct {
	No        int64       `json:"no" validate:"min=1,max=50"`
	Party     int64       `json:"party" validate:"min=1,max=20"`
	Fact      int64       `json:"fact" validate:"min=1,max=50"`
	Measure   law.Measure `json:"measure" validate:"required,oneof=fine confiscate.gains confiscate.sand confiscate.vessel confiscate.tools revoke warning stop correct demolish restore clear relocate"`
	Violation string      `json:"violation" validate:"required,max=12"`                   // code of the text it rests on
	Basis     string      `json:"basis" validate:"required,max=200"`                      // the article that punishes or orders, as the catalogue writes it
	Breaks    string      `json:"breaks" validate:"required,max=200"`                     // the prohibition that was broken
	Local     *Local      `json:"local,omitempty"`                                        // where the article names no amount
	AmountFen int64       `json:"amountFen,omitempty" validate:"min=0,max=1000000000000"` // of money
	ValueFen  int64       `json:"valueFen,omitempty" validate:"min=0,max=1000000000000"`  // of things
	Target    string      `json:"target" validate:"required,max=500"`
	By        law.Date    `json:"by,omitempty" validate:"omitempty,datetime=2006-01-02"` // of an order
}

// Local is the range of a fine in a local rule (地方性法规、规章的罚款幅度).
type Local struct {
	Article string `json:"article" validate:"required,max=200"`
	MinFen  int64  `json:"minFen" validate:"min=0,max=1000000000000"`
	MaxFen  int64  `json:"maxFen" validate:"min=1,max=1000000000000"`
}

func takes(m law.Measure) bool {
	return m == law.MeasureSand || m == law.MeasureVessel || m == law.MeasureTools
}

func money(m law.Measure) bool { return m == law.MeasureFine || m == law.MeasureGains }

// orders says that a measure orders something and punishes nothing.
func orders(m law.Measure) bool {
	switch m {
	case law.MeasureStop, law.MeasureCorrect, law.MeasureDemolish, law.MeasureRestore, law.MeasureClear, law.MeasureRelocate:
		return true
	case law.MeasureFine, law.MeasureGains, law.MeasureSand, law.MeasureVessel, law.MeasureTools, law.MeasureRevoke, law.MeasureWarning:
	}
	return false
}

// Review is where the legal review stands (法制审核).
type Review struct {
	AskedOn  law.Date
	Draft    string
	PassedOn law.Date
	PassedAt time.Time
	Asked    mark
}

// Attendee is one of those who discussed, with his opinion (参加讨论人员).
type Attendee struct {
	Name    string `json:"name" validate:"required,max=50"`
	Post    string `json:"post" validate:"required,max=50"`
	Head    bool   `json:"head"` // head or deputy head of the organ (负责人)
	Opinion string `json:"opinion" validate:"required,max=1000"`
}

// Discussion is the record of a collective discussion (集体讨论记录; 《行政处罚法》第五十七条).
type Discussion struct {
	Attendees  []Attendee `json:"attendees" validate:"required,min=2,max=30,dive"`
	Conclusion string     `json:"conclusion" validate:"required,max=2000"`
	Items      []Item     `json:"items,omitempty" validate:"max=50,dive"`
	Minutes    string     `json:"minutes" validate:"required,max=100"` // number of the record, signed by all
	HeldOn     law.Date   `json:"heldOn" validate:"required,datetime=2006-01-02"`
}

// Notification is what a party is told before a penalty (行政处罚事先告知; 《行政处罚法》第四十四条、第六十三条).
type Notification struct {
	Number  string  `json:"number" validate:"required,max=50"`
	Party   int64   `json:"party" validate:"min=1,max=20"`
	Facts   string  `json:"facts" validate:"required,max=4000"`
	Reasons string  `json:"reasons" validate:"required,max=4000"`
	Basis   string  `json:"basis" validate:"required,max=1000"`
	Items   []Item  `json:"items" validate:"required,min=1,max=50,dive"`
	Rights  bool    `json:"rights"`  // 已告知陈述、申辩的权利
	Hearing bool    `json:"hearing"` // 已告知要求听证的权利
	Service Service `json:"service"`
}

// Notice is what was notified to a party, and what it did about it.
type Notice struct {
	Party   int64
	Items   []Item
	On      law.Date // served
	Hearing Heard
	Defence Defence
	Event   mark
}

// Defence is how a party was heard without a hearing (陈述申辩).
type Defence struct {
	SubmittedOn law.Date
	Waived      bool
	Lapsed      bool
	ReviewedOn  law.Date
}

// Heard is where a hearing stands (听证).
type Heard struct {
	Told        bool // of the right to one
	Waived      bool
	RequestedOn law.Date
	NoticeOn    law.Date
	At          time.Time
	Presider    uuid.UUID
	HeldAt      time.Time
	Outcome     string // held, abandoned, withdrawn
	Scheduled   mark
}

func (h Heard) pending() bool { return h.RequestedOn != "" && h.Outcome == "" }

// Extension is how often and how long the time to decide was extended (延长办案期限).
type Extension struct {
	Times int64
	Days  int64
	Late  bool // approved when the time was over
	Event mark
}

// Service is how a document reached a party (送达; 《行政处罚法》第六十一条,《民事诉讼法》第八十七条至第九十五条).
type Service struct {
	Method   string            `json:"method" validate:"required,oneof=direct left electronic entrusted mail transferred announced"` // 直接 留置 电子 委托 邮寄 转交 公告
	On       law.Date          `json:"on" validate:"required,datetime=2006-01-02"`                                                   // receipt, return slip, arrival in the system, or publication
	Receiver string            `json:"receiver,omitempty" validate:"max=50"`
	Relation string            `json:"relation,omitempty" validate:"omitempty,oneof=self family mailroom legal agent"`
	Place    string            `json:"place" validate:"required,max=200"`      // of an announcement: where it was published
	Receipt  string            `json:"receipt,omitempty" validate:"max=100"`   // 送达回证、邮件回执
	Witness  string            `json:"witness,omitempty" validate:"max=50"`    // of leaving it behind
	Media    []domain.Evidence `json:"media,omitempty" validate:"max=20,dive"` // photos, recording
	Reason   string            `json:"reason,omitempty" validate:"max=500"`    // why it was left or announced, and what was tried before
}

// Address is where and how a party wants to be served (送达地址确认书).
type Address struct {
	Party      int64  `json:"party" validate:"min=1,max=20"`
	Number     string `json:"number" validate:"required,max=50"`
	Postal     string `json:"postal" validate:"required,max=200"`
	Electronic string `json:"electronic,omitempty" validate:"max=200"` // address, where electronic service was agreed to
	Signed     bool   `json:"signed"`
}

// check refuses a service that would not hold.
func (s Service) check(q question, servers []law.Officer, party int64) error {
	if _, ok := q.Party(party); !ok {
		return &domain.Refusal{Code: "case.no_such_party", Field: "party", Message: "本案没有这一当事人，请按立案审批表中的顺序填写。"}
	}
	if s.On > q.on || !s.On.Valid() {
		return &domain.Refusal{Code: "case.service_date", Field: "service.on", Message: "送达日期有误：不能晚于登记日期，请核对。"}
	}
	if err := crewed(q, servers, s.On); err != nil {
		return err
	}
	const civil = "《行政处罚法》第六十一条，《民事诉讼法》"
	switch s.Method {
	case "left":
		if s.Witness == "" && len(s.Media) == 0 || s.Reason == "" {
			return domain.RefuseByLaw("case.left_without_witness", civil+"第八十九条", "留置送达须注明拒收事由，并有见证人签名或者照片、录像，请补充。")
		}
	case "electronic":
		if a, ok := find(q.Address, func(a Address) bool { return a.Party == party }); !ok || a.Electronic == "" {
			return domain.RefuseByLaw("case.no_electronic_address", civil+"第九十条", "电子送达须当事人签订送达地址确认书，请先登记确认书或者改用其他方式。")
		}
	case "announced":
		if s.Reason == "" {
			return domain.RefuseByLaw("case.announced_without_reason", civil+"第九十五条", "公告送达应当在案卷中记明原因和经过，请补充。")
		}
	case "mail", "entrusted":
		if s.Receipt == "" {
			return domain.RefuseByLaw("case.no_return_slip", civil+"第九十一条", "邮寄、委托送达以回执上的日期为送达日期，请填写回执。")
		}
	default:
		if s.Receiver == "" {
			return domain.RefuseByLaw("case.no_receiver", civil+"第八十七条、第八十八条", "送达必须有送达回证，请填写签收人。")
		}
	}
	return nil
}

// effective is the day on which a document counts as served.
func (s Service) effective(q question) (law.Date, error) {
	if s.Method != "announced" {
		return s.On, nil
	}
	return law.AnnouncedServiceClock(q.rules.Settings, s.On, uuid.Nil).Due(q.rules.Calendar, s.On)
}

// notice finds what was notified to the party asked about, or to the first.
func (q question) notice() (Notice, bool) {
	return find(q.Notices, func(n Notice) bool { return q.party == 0 || n.Party == q.party })
}

func notified(q question) error {
	n, ok := q.notice()
	if !ok {
		return domain.RefuseByLaw("case.not_notified", "《行政处罚法》第四十四条、第六十二条", "尚未告知当事人拟作出的处罚及其权利，请先办理事先告知。")
	}
	if n.On > q.on {
		return domain.RefuseByLaw("case.notice_not_served", "《民事诉讼法》第九十五条", "事先告知书尚在公告送达期内（"+string(n.On)+"视为送达），请在期满后办理。")
	}
	return nil
}

// proposals are the measures as thresholds see them: one for each party.
func (q question) proposals() []law.Proposal {
	var list []law.Proposal
	for i, p := range q.Parties {
		one := law.Proposal{Party: law.PartyKind(p.Kind)}
		if q.Report != nil {
			one.Complex, one.Public = q.Report.Complex, q.Report.Public
		}
		hit := false
		for _, item := range q.items {
			if item.Party != int64(i+1) {
				continue
			}
			hit = true
			switch item.Measure {
			case law.MeasureFine:
				one.Fine += item.AmountFen
			case law.MeasureGains:
				one.Gains += item.AmountFen
			case law.MeasureSand, law.MeasureVessel, law.MeasureTools:
				one.Goods += item.ValueFen
				one.Vessel = one.Vessel || item.Measure != law.MeasureSand
			case law.MeasureRevoke:
				one.Revoke = true
			case law.MeasureWarning, law.MeasureStop, law.MeasureCorrect, law.MeasureDemolish, law.MeasureRestore, law.MeasureClear, law.MeasureRelocate:
			}
		}
		if hit {
			list = append(list, one)
		}
	}
	return list
}

// covers refuses measures that go beyond others: in kind, in act, in basis or in amount. Orders punish nobody and are not compared.
func covers(q question, wide, narrow []Item) (Item, bool) {
	for _, n := range narrow {
		if orders(n.Measure) {
			continue
		}
		if !slices.ContainsFunc(wide, func(w Item) bool {
			return w.Party == n.Party && w.Fact == n.Fact && w.Measure == n.Measure && w.Violation == n.Violation && n.AmountFen <= w.AmountFen && n.ValueFen <= w.ValueFen
		}) {
			return n, false
		}
	}
	return Item{}, true
}

// lawful refuses measures that no text allows for the facts: who is unknown, what was not established, two fines for one act (G7), a
// fine outside its range, a fine after a criminal one (G12), conduct too long ago (G13). It returns the text each fine rests on.
func lawful(q question, items []Item, mitigation string) ([]Applied, error) {
	var texts []Applied
	if len(items) == 0 {
		return nil, domain.Refuse("case.no_items", "没有处理项目，请逐项填写处罚种类、依据和数额。")
	}
	for i, item := range items {
		p, ok := q.Party(item.Party)
		fact, known := find(q.Report.Facts, func(f Fact) bool { return f.No == item.Fact })
		switch {
		case item.No < 1 || slices.ContainsFunc(items[:i], func(o Item) bool { return o.No == item.No }):
			return nil, &domain.Refusal{Code: "case.item_number", Field: "items", Message: "处理项目的序号重复或者缺失，请从1起逐项编号。"}
		case !ok || p.Kind == "unknown" || p.Address == "":
			return nil, domain.RefuseByLaw("case.party_unknown", "《行政处罚法》第四十条、第五十九条", "当事人的身份或者地址尚未查明，不能给予处罚，请先办理查明当事人。")
		case !known:
			return nil, domain.RefuseByLaw("case.no_such_fact", "《行政处罚法》第五十七条", "处理项目没有对应的违法事实，请核对调查终结报告。")
		case money(item.Measure) != (item.AmountFen > 0):
			return nil, &domain.Refusal{Code: "case.item_amount", Field: "items", Message: "罚款、没收违法所得须填写金额，其他项目不填金额，请核对。"}
		case item.Measure == law.MeasureFine && slices.ContainsFunc(items[:i], func(o Item) bool {
			return o.Measure == law.MeasureFine && o.Party == item.Party && o.Fact == item.Fact
		}):
			return nil, domain.RefuseByLaw("case.two_fines", "《行政处罚法》第二十九条", "对同一违法行为不得给予两次以上罚款，请按罚款数额高的规定合并为一项。")
		case item.Measure == law.MeasureFine && q.Transfer.FineFen > 0:
			return nil, domain.RefuseByLaw("case.fined_by_court", "《行政处罚法》第三十五条", "人民法院已判处罚金，不得再给予罚款，请删去罚款项目。")
		}
		if !orders(item.Measure) {
			if barred, article := law.TimeBarred(fact.Harm, fact.ConductEndedOn, q.Ground.DiscoveredOn); barred {
				return nil, domain.RefuseByLaw("case.time_barred", article, "违法行为超过追责时效才被发现，不得给予处罚，请作不予处罚决定。")
			}
		}
		if item.Measure != law.MeasureFine {
			continue
		}
		text, err := fine(q, item, fact, law.PartyKind(p.Kind), mitigation)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, nil
}

// Applied is the text a fine rests on, as chosen when it was decided (适用条文; 《行政处罚法》第三十七条). It is never resolved again.
type Applied struct {
	Item      int64         `json:"item"`
	Violation string        `json:"violation"`
	Name      string        `json:"name"`
	Article   string        `json:"article"`
	MinFen    int64         `json:"minFen"`
	MaxFen    int64         `json:"maxFen"`
	Must      []law.Measure `json:"must,omitempty"`     // other measures that the text orders in this case
	Reason    string        `json:"reason"`             // why this text, and how the range comes about
	Doubtful  bool          `json:"doubtful,omitempty"` // neither text is clearly lighter; the review must look
	Law       string        `json:"law"`                // edition of the rules
}

// fine checks one fine: of all texts the act breaks the one with the higher fine, and inside its range.
func fine(q question, item Item, fact Fact, kind law.PartyKind, mitigation string) (Applied, error) {
	in := law.PenaltyInput{SandValue: fact.ValueFen, VolumeM3: fact.VolumeM3, Party: kind, ConductOn: fact.ConductEndedOn, DecidedOn: q.on,
		Serious: fact.Serious, Uncorrected: fact.Uncorrected, Remediable: fact.Remediable, Severe: fact.Severe, PermitHeld: fact.PermitHeld}
	if item.Local != nil {
		in.LocalArticle, in.LocalMin, in.LocalMax = item.Local.Article, item.Local.MinFen, item.Local.MaxFen
	}
	var (
		choices []law.Choice
		ranges  []law.Range
		mine    = -1
	)
	for _, code := range fact.Violations {
		texts, err := law.ApplicableTexts(code, fact.ConductEndedOn, q.on)
		if err != nil {
			return Applied{}, err
		}
		in.Article = ""
		if code == item.Violation && slices.ContainsFunc(texts.Old.Penalties, func(p law.Penalty) bool { return p.Article == item.Basis }) {
			in.Article = item.Basis
		}
		choice, err := texts.Choose(in)
		if err != nil {
			return Applied{}, err
		}
		if code == item.Violation {
			mine = len(choices)
		}
		choices, ranges = append(choices, choice), append(ranges, choice.Range)
	}
	if mine < 0 {
		return Applied{}, domain.RefuseByLaw("case.text_not_for_fact", "《行政处罚法》第五十七条", "罚款所依据的案由与调查认定的违法事实不符，请核对。")
	}
	c := choices[mine]
	best := law.OneFine(ranges)
	switch {
	case best != mine && ranges[best].Max > ranges[mine].Max:
		return Applied{}, domain.RefuseByLaw("case.higher_fine_applies", "《行政处罚法》第二十九条",
			"同一违法行为违反多个规定的，应当适用罚款数额高的规定：“"+choices[best].Violation.Name+"”，请改用该案由。")
	case c.Range.Article != item.Basis:
		return Applied{}, domain.RefuseByLaw("case.other_text", c.Article, "罚款应当依据"+c.Range.Article+"："+c.Reason+"请更正依据。")
	}
	if err := c.Violation.CheckBasis(item.Breaks, item.Basis); err != nil {
		return Applied{}, err
	}
	if err := c.Range.Check(item.AmountFen, mitigation); err != nil {
		return Applied{}, err
	}
	applied := Applied{Item: item.No, Violation: c.Violation.Code, Name: c.Violation.Name, Article: c.Range.Article, MinFen: c.Range.Min, MaxFen: c.Range.Max,
		Reason: c.Reason + c.Range.Explain, Doubtful: c.Doubtful, Law: law.Version}
	for _, m := range c.Range.Items {
		if m.Mandatory && !orders(m.Measure) {
			applied.Must = append(applied.Must, m.Measure)
		}
	}
	return applied, nil
}

// citable refuses evidence that cannot carry a decision: not on file, not verified (第四十六条), made by a device and not reviewed
// (G9), or collected too late (G8).
func citable(q question, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return domain.RefuseByLaw("case.fact_without_evidence", "《行政处罚法》第四十条", "认定的事实没有证据支持，请列明证据。")
	}
	for _, id := range ids {
		e, ok := find(q.Evidence, func(e Evidence) bool { return e.ID == id })
		switch {
		case !ok:
			return domain.Refuse("case.unknown_evidence", "卷内没有这件证据，请先登记。")
		case e.NotForDecision:
			return domain.RefuseByLaw("case.evidence_too_late", "《最高人民法院关于行政诉讼证据若干问题的规定》第六十条", "证据“"+e.Title+"”是在作出决定后收集的，不能作为处罚依据。")
		case e.Unreviewed:
			return domain.RefuseByLaw("case.device_unreviewed", "《行政处罚法》第四十一条", "监控设备记录“"+e.Title+"”未经审核或者设备未经法制和技术审核，不得作为证据，请先审核。")
		case e.Result != "verified":
			return domain.RefuseByLaw("case.evidence_unverified", "《行政处罚法》第四十六条", "证据“"+e.Title+"”未经查证属实，不能作为认定事实的根据，请先查证。")
		}
	}
	return nil
}

// InvestigationConcluded is the report that ends an investigation (调查终结).
type InvestigationConcluded struct {
	Report   Report        `json:"report"`
	Priors   []Prior       `json:"priors,omitempty"` // as known then
	Officers []law.Officer `json:"officers"`
	At       time.Time     `json:"at"`
}

// EventType names the type in the log.
func (InvestigationConcluded) EventType() string { return "case.investigation_concluded.v1" }

func (e InvestigationConcluded) apply(s State) State {
	s.Report, s.ReportedOn, s.Priors = &e.Report, law.DateOf(e.At), e.Priors
	s.Review, s.Discussion = Review{}, nil
	return s.acted(e.Officers)
}

// ConcludeInvestigation submits the report.
type ConcludeInvestigation struct {
	Report   Report      `json:"report"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=6,unique"`

	Priors []Prior       `json:"-"` // as the read model knows them
	Crew   []law.Officer `json:"-"`
	At     time.Time     `json:"-"`
}

func (ConcludeInvestigation) act() act {
	return act{"case.conclude_investigation", "调查终结", "《行政处罚法》第五十七条", once, investigating()}
}

func (c ConcludeInvestigation) ask() question { return question{at: c.At} }

func (c ConcludeInvestigation) decide(q question) ([]Event, error) {
	if err := crewed(q, c.Crew, q.on); err != nil {
		return nil, err
	}
	if len(c.Report.Facts) == 0 {
		return nil, domain.RefuseByLaw("case.no_facts", "《行政处罚法》第五十七条", "调查终结报告没有认定任何事实，请逐项填写事实与证据。")
	}
	for i, f := range c.Report.Facts {
		if f.No < 1 || slices.ContainsFunc(c.Report.Facts[:i], func(o Fact) bool { return o.No == f.No }) {
			return nil, &domain.Refusal{Code: "case.fact_number", Field: "report.facts", Message: "违法事实的序号重复或者缺失，请从1起逐项编号。"}
		}
		if err := citable(q, f.Evidence); err != nil {
			return nil, err
		}
	}
	if c.Report.Proposal == "penalty" {
		q.Report = &c.Report
		if _, err := lawful(q, c.Report.Items, c.Report.Mitigation); err != nil {
			return nil, err
		}
	}
	return []Event{InvestigationConcluded{c.Report, c.Priors, c.Crew, c.At}}, nil
}

// InvestigationReopened goes back to collecting evidence (补充调查). Review and discussion of what was reported fall with it.
type InvestigationReopened struct {
	Reason   string       `json:"reason"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (InvestigationReopened) EventType() string { return "case.investigation_reopened.v1" }

func (e InvestigationReopened) apply(s State) State {
	s.Report, s.ReportedOn, s.Review, s.Discussion = nil, "", Review{}, nil
	return s
}

// ReopenInvestigation goes back to collecting evidence.
type ReopenInvestigation struct {
	Reason   string       `json:"reason" validate:"required,max=1000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (ReopenInvestigation) act() act {
	return act{"case.reopen_investigation", "补充调查", "《行政处罚法》第五十四条", once, between(undecided, notSuspended, concluded)}
}

func (c ReopenInvestigation) ask() question { return question{at: c.At} }

func (c ReopenInvestigation) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{InvestigationReopened(c)}, nil
}

// AddressConfirmed is how a party wants to be served (送达地址确认).
type AddressConfirmed struct {
	Address Address   `json:"address"`
	At      time.Time `json:"at"`
}

// EventType names the type in the log.
func (AddressConfirmed) EventType() string { return "case.service_address_confirmed.v1" }

func (e AddressConfirmed) apply(s State) State {
	s.Address = put(s.Address, e.Address, func(a Address) bool { return a.Party == e.Address.Party })
	return s
}

// ConfirmAddress records how a party wants to be served.
type ConfirmAddress struct {
	Address Address `json:"address"`

	At time.Time `json:"-"`
}

func (ConfirmAddress) act() act {
	return act{"case.confirm_address", "确认送达地址", "《民事诉讼法》第九十条", eachParty, []guard{exists, unarchived}}
}

func (c ConfirmAddress) ask() question { return question{at: c.At, party: c.Address.Party} }

func (c ConfirmAddress) decide(q question) ([]Event, error) {
	if _, ok := q.Party(c.Address.Party); !ok || !c.Address.Signed {
		return nil, domain.RefuseByLaw("case.address_unsigned", "《民事诉讼法》第九十条", "送达地址确认书应当由本案当事人签名，请补充。")
	}
	return []Event{AddressConfirmed(c)}, nil
}

// LegalReviewRequested sends a draft to legal review (送法制审核).
type LegalReviewRequested struct {
	Number string    `json:"number" validate:"required,max=50"`
	Draft  string    `json:"draft" validate:"required,len=64,hexadecimal,lowercase"` // SHA-256 of the draft decision
	At     time.Time `json:"at"`
}

// EventType names the type in the log.
func (LegalReviewRequested) EventType() string { return "case.legal_review_requested.v1" }

func (e LegalReviewRequested) apply(s State) State {
	s.Review = Review{AskedOn: law.DateOf(e.At), Draft: e.Draft, Asked: s.here()}
	return s
}

// RequestReview sends a draft to legal review.
type RequestReview struct {
	Number string `json:"number" validate:"required,max=50"`
	Draft  string `json:"draft" validate:"required,len=64,hexadecimal,lowercase"`

	At time.Time `json:"-"`
}

func (RequestReview) act() act {
	return act{"case.request_review", "送法制审核", "《行政处罚法》第五十八条", once, between(undecided, notSuspended, concluded)}
}

func (c RequestReview) ask() question { return question{at: c.At} }

func (c RequestReview) decide(question) ([]Event, error) {
	return []Event{LegalReviewRequested(c)}, nil
}

// LegalReviewPassed lets a draft go on (法制审核通过).
type LegalReviewPassed struct {
	Reviewer  uuid.UUID `json:"reviewer" validate:"required"`
	Name      string    `json:"name" validate:"required,max=50"`
	Qualified string    `json:"qualified" validate:"required,max=50"` // number of the qualification (法律职业资格证号)
	Opinion   string    `json:"opinion" validate:"required,max=2000"`
	Draft     string    `json:"draft" validate:"required,len=64,hexadecimal,lowercase"`
	At        time.Time `json:"at"`
}

// EventType names the type in the log.
func (LegalReviewPassed) EventType() string { return "case.legal_review_passed.v1" }

func (e LegalReviewPassed) apply(s State) State {
	s.Review.PassedOn, s.Review.PassedAt, s.Review.Draft = law.DateOf(e.At), e.At, e.Draft
	return s
}

// PassReview lets a draft go on.
type PassReview struct {
	Reviewer  uuid.UUID `json:"reviewer" validate:"required"`
	Name      string    `json:"name" validate:"required,max=50"`
	Qualified string    `json:"qualified" validate:"required,max=50"`
	Opinion   string    `json:"opinion" validate:"required,max=2000"`
	Draft     string    `json:"draft" validate:"required,len=64,hexadecimal,lowercase"`

	At time.Time `json:"-"`
}

func (PassReview) act() act {
	return act{"case.pass_review", "法制审核通过", "《行政处罚法》第五十八条", once, between(undecided, notSuspended, concluded, underReview)}
}

func (c PassReview) ask() question { return question{at: c.At} }

func (c PassReview) decide(q question) ([]Event, error) {
	if err := reviewer(q, c.Reviewer, c.Qualified); err != nil {
		return nil, err
	}
	if c.Draft != q.Review.Draft {
		return nil, domain.RefuseByLaw("case.other_draft", "《行政处罚法》第五十八条", "审核的文稿与送审的不是同一版本，请重新送审。")
	}
	return []Event{LegalReviewPassed(c)}, nil
}

func underReview(q question) error {
	if q.Review.AskedOn == "" || q.Review.PassedOn != "" || q.Review.AskedOn > q.on {
		return domain.RefuseByLaw("case.not_under_review", "《行政处罚法》第五十八条", "没有待审核的文稿，请先送法制审核。")
	}
	return nil
}

// reviewer refuses a reviewer who investigated (G15) or is not qualified.
func reviewer(q question, id uuid.UUID, qualified string) error {
	switch {
	case slices.Contains(q.Acted, id):
		return domain.RefuseByLaw("case.reviewer_investigated", "《行政处罚法》第五十八条", "法制审核人员不能是本案调查人员，请更换审核人员。")
	case qualified == "":
		return domain.RefuseByLaw("case.reviewer_unqualified", "《行政处罚法》第五十八条", "初次从事法制审核的人员应当取得法律职业资格，请填写资格证号。")
	}
	return nil
}

// LegalReviewReturned sends a draft back (法制审核退回).
type LegalReviewReturned struct {
	Reviewer  uuid.UUID `json:"reviewer" validate:"required"`
	Name      string    `json:"name" validate:"required,max=50"`
	Qualified string    `json:"qualified" validate:"required,max=50"`
	Opinion   string    `json:"opinion" validate:"required,max=2000"`
	At        time.Time `json:"at"`
}

// EventType names the type in the log.
func (LegalReviewReturned) EventType() string { return "case.legal_review_returned.v1" }

func (e LegalReviewReturned) apply(s State) State {
	s.Review = Review{}
	return s
}

// ReturnReview sends a draft back.
type ReturnReview struct {
	Reviewer  uuid.UUID `json:"reviewer" validate:"required"`
	Name      string    `json:"name" validate:"required,max=50"`
	Qualified string    `json:"qualified" validate:"required,max=50"`
	Opinion   string    `json:"opinion" validate:"required,max=2000"`

	At time.Time `json:"-"`
}

func (ReturnReview) act() act {
	return act{"case.return_review", "法制审核退回", "《行政处罚法》第五十八条", once, between(undecided, notSuspended, concluded, underReview)}
}

func (c ReturnReview) ask() question { return question{at: c.At} }

func (c ReturnReview) decide(q question) ([]Event, error) {
	if err := reviewer(q, c.Reviewer, c.Qualified); err != nil {
		return nil, err
	}
	return []Event{LegalReviewReturned(c)}, nil
}

// CollectivelyDiscussed is a discussion among the heads of the organ (集体讨论).
type CollectivelyDiscussed struct {
	Discussion Discussion `json:"discussion"`
	At         time.Time  `json:"at"`
}

// EventType names the type in the log.
func (CollectivelyDiscussed) EventType() string { return "case.collectively_discussed.v1" }

func (e CollectivelyDiscussed) apply(s State) State {
	s.Discussion = &e.Discussion
	return s
}

// Discuss records a discussion among the heads.
type Discuss struct {
	Discussion Discussion `json:"discussion"`

	At time.Time `json:"-"`
}

func (Discuss) act() act {
	return act{"case.discuss", "集体讨论", "《行政处罚法》第五十七条", once, between(undecided, notSuspended, concluded)}
}

func (c Discuss) ask() question { return question{at: c.At} }

func (c Discuss) decide(q question) ([]Event, error) {
	d := c.Discussion
	heads := 0
	for _, a := range d.Attendees {
		if a.Head {
			heads++
		}
		if a.Opinion == "" {
			return nil, domain.RefuseByLaw("case.opinion_missing", "《行政处罚法》第五十七条", "集体讨论记录应当载明每名参加人员的意见，请补充"+a.Name+"的意见。")
		}
	}
	switch {
	case heads < 2:
		return nil, domain.RefuseByLaw("case.heads_missing", "《行政处罚法》第五十七条", "集体讨论应当由行政机关负责人共同进行，至少两名负责人参加，请补充参加人员。")
	case d.HeldOn > q.on || d.HeldOn < q.ReportedOn:
		return nil, &domain.Refusal{Code: "case.discussion_date", Field: "discussion.heldOn", Message: "集体讨论日期应当在调查终结之后、登记之前，请核对。"}
	case d.Conclusion == "" || d.Minutes == "":
		return nil, domain.RefuseByLaw("case.minutes_missing", "《行政处罚法》第五十七条", "集体讨论应当有结论和经签名的讨论记录，请补充。")
	}
	return []Event{CollectivelyDiscussed(c)}, nil
}

// PenaltyNotified tells a party what penalty is planned, why, and what it may do about it (行政处罚事先告知、听证告知).
type PenaltyNotified struct {
	Notification Notification  `json:"notification"`
	ServedOn     law.Date      `json:"servedOn"` // counts as served
	HearingWhy   string        `json:"hearingWhy,omitempty"`
	Officers     []law.Officer `json:"officers"`
	At           time.Time     `json:"at"`
}

// EventType names the type in the log.
func (PenaltyNotified) EventType() string { return "case.penalty_notified.v1" }

func (e PenaltyNotified) apply(s State) State { return s.notify(e.Notification, e.ServedOn) }

func (s State) notify(n Notification, on law.Date) State {
	s.Notices = put(s.Notices, Notice{Party: n.Party, Items: n.Items, On: on, Hearing: Heard{Told: n.Hearing}, Event: s.here()},
		func(o Notice) bool { return o.Party == n.Party })
	// A hearing that was under way ends with the notice it was about.
	s = s.heard(n.Party, on)
	return s.announce(n.Service, on)
}

// heard ends the time that the hearing of a party took.
func (s State) heard(party int64, on law.Date) State {
	s.Pauses = change(s.Pauses, func(p Pause) bool { return p.Kind == law.PauseHearing && p.Party == party && p.Until == "" },
		func(p Pause) Pause { p.Until, p.Ended = on, s.here(); return p })
	return s
}

// announce notes the time an announcement takes.
func (s State) announce(v Service, on law.Date) State {
	if v.Method == "announced" {
		s.Pauses = join(s.Pauses, Pause{Kind: law.PauseAnnouncement, From: v.On, Until: on, Event: s.here(), Ended: s.here()})
	}
	return s
}

// Notify tells a party what is planned.
type Notify struct {
	Notification Notification `json:"notification"`
	Officers     []uuid.UUID  `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (Notify) act() act {
	return act{"case.notify", "行政处罚事先告知、听证告知", "《行政处罚法》第四十四条、第六十三条", eachParty,
		between(undecided, notSuspended, concluded, noCrime, crimeExamined, notYetNotified)}
}

func notYetNotified(q question) error {
	if n, ok := q.notice(); ok && (q.party != 0 || n.Party == 1) {
		return domain.Refuse("case.notified_before", "已经告知该当事人；内容有变化的，请办理重新告知。")
	}
	return nil
}

func (c Notify) ask() question { return question{at: c.At, party: c.Notification.Party} }

func (c Notify) decide(q question) ([]Event, error) {
	on, why, err := c.Notification.check(q, c.Crew)
	if err != nil {
		return nil, err
	}
	return []Event{PenaltyNotified{c.Notification, on, why, c.Crew, c.At}}, nil
}

// check refuses a notice that would not carry a decision, and says when it is served and why a hearing is due.
func (n Notification) check(q question, servers []law.Officer) (law.Date, string, error) {
	switch {
	case n.Facts == "" || n.Reasons == "" || n.Basis == "":
		return "", "", domain.RefuseByLaw("case.notice_content", "《行政处罚法》第四十四条", "告知书应当载明拟作出的处罚内容及事实、理由、依据，请补充。")
	case !n.Rights:
		return "", "", domain.RefuseByLaw("case.defence_not_told", "《行政处罚法》第四十四条", "告知书应当载明当事人依法享有的陈述、申辩等权利，请补充。")
	case slices.ContainsFunc(n.Items, func(i Item) bool { return i.Party != n.Party }):
		return "", "", domain.Refuse("case.notice_other_party", "告知书只能写对该当事人的处理，请剔除其他当事人的项目。")
	}
	if _, err := lawful(q, n.Items, q.Report.Mitigation); err != nil {
		return "", "", err
	}
	q.items = n.Items
	why := ""
	for _, p := range q.proposals() {
		if d := law.HearingRequired(q.rules.Settings, q.on, p); d.Required {
			why = d.Reason
		}
	}
	if why != "" && !n.Hearing {
		return "", "", domain.RefuseByLaw("case.hearing_not_told", "《行政处罚法》第六十三条", "拟作出的处罚达到听证标准（"+why+"），应当告知当事人有要求听证的权利，请补充。")
	}
	if err := n.Service.check(q, servers, n.Party); err != nil {
		return "", "", err
	}
	on, err := n.Service.effective(q)
	return on, why, err
}

// Renotified tells a party anew, because facts, basis or penalty have changed (重新告知).
type Renotified struct {
	Why          string        `json:"why"`
	Note         string        `json:"note"`
	Notification Notification  `json:"notification"`
	ServedOn     law.Date      `json:"servedOn"`
	HearingWhy   string        `json:"hearingWhy,omitempty"`
	Officers     []law.Officer `json:"officers"`
	At           time.Time     `json:"at"`
}

// EventType names the type in the log.
func (Renotified) EventType() string { return "case.renotified.v1" }

func (e Renotified) apply(s State) State { return s.notify(e.Notification, e.ServedOn) }

// Renotify tells a party anew; it may then defend itself anew.
type Renotify struct {
	Why          string       `json:"why" validate:"required,oneof=facts basis lighter service"`
	Note         string       `json:"note" validate:"required,max=1000"`
	Notification Notification `json:"notification"`
	Officers     []uuid.UUID  `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (Renotify) act() act {
	return act{"case.renotify", "重新告知", "《行政处罚法》第四十四条、第六十二条", eachParty,
		between(undecided, notSuspended, concluded, noCrime, crimeExamined, notified)}
}

func (c Renotify) ask() question { return question{at: c.At, party: c.Notification.Party} }

func (c Renotify) decide(q question) ([]Event, error) {
	before, _ := q.notice()
	if c.Why != "facts" && c.Why != "basis" {
		// Who has defended himself may not fare worse for it (G6).
		if item, ok := covers(q, before.Items, c.Notification.Items); !ok {
			return nil, heavier(item)
		}
	}
	on, why, err := c.Notification.check(q, c.Crew)
	if err != nil {
		return nil, err
	}
	return []Event{Renotified{c.Why, c.Note, c.Notification, on, why, c.Crew, c.At}}, nil
}

func heavier(item Item) error {
	return domain.RefuseByLaw("case.heavier_than_notified", "《行政处罚法》第四十四条、第四十五条、第六十二条",
		fmt.Sprintf("第%d项重于已告知的处罚，不得因当事人陈述、申辩而加重；事实、依据有变化的，请先重新告知。", item.No))
}

// DefenceSubmitted is what a party says against a planned penalty (陈述申辩).
type DefenceSubmitted struct {
	Party  int64     `json:"party" validate:"min=1,max=20"`
	Text   string    `json:"text" validate:"required,max=8000"`
	Oral   bool      `json:"oral"` // said, and written down (陈述申辩笔录)
	Signed bool      `json:"signed"`
	At     time.Time `json:"at"`
}

// EventType names the type in the log.
func (DefenceSubmitted) EventType() string { return "case.defence_submitted.v1" }

func (e DefenceSubmitted) apply(s State) State {
	return s.onNotice(e.Party, func(n Notice) Notice {
		n.Defence = Defence{SubmittedOn: law.DateOf(e.At)}
		return n
	})
}

func (s State) onNotice(party int64, to func(Notice) Notice) State {
	s.Notices = change(s.Notices, func(n Notice) bool { return n.Party == party }, to)
	return s
}

// SubmitDefence records what a party says, in time or late: until the decision it is heard.
type SubmitDefence struct {
	Party  int64  `json:"party" validate:"min=1,max=20"`
	Text   string `json:"text" validate:"required,max=8000"`
	Oral   bool   `json:"oral"`
	Signed bool   `json:"signed"`

	At time.Time `json:"-"`
}

func (SubmitDefence) act() act {
	return act{"case.submit_defence", "登记陈述申辩", "《行政处罚法》第四十五条", eachParty, between(undecided, notified)}
}

func (c SubmitDefence) ask() question { return question{at: c.At, party: c.Party} }

func (c SubmitDefence) decide(question) ([]Event, error) {
	if c.Text == "" || c.Oral && !c.Signed {
		return nil, domain.RefuseByLaw("case.defence_record", "《行政处罚法》第四十五条", "陈述申辩应当有书面材料，口头提出的应当制作笔录并由当事人签名，请补充。")
	}
	return []Event{DefenceSubmitted(c)}, nil
}

// DefenceWaived says that a party has nothing to say (放弃陈述申辩).
type DefenceWaived struct {
	Party  int64     `json:"party" validate:"min=1,max=20"`
	Signed bool      `json:"signed"`
	Note   string    `json:"note,omitempty" validate:"max=500"`
	At     time.Time `json:"at"`
}

// EventType names the type in the log.
func (DefenceWaived) EventType() string { return "case.defence_waived.v1" }

func (e DefenceWaived) apply(s State) State {
	return s.onNotice(e.Party, func(n Notice) Notice { n.Defence.Waived = true; return n })
}

// WaiveDefence records an express waiver.
type WaiveDefence struct {
	Party  int64  `json:"party" validate:"min=1,max=20"`
	Signed bool   `json:"signed"`
	Note   string `json:"note,omitempty" validate:"max=500"`

	At time.Time `json:"-"`
}

func (WaiveDefence) act() act {
	return act{"case.waive_defence", "放弃陈述申辩", "《行政处罚法》第六十二条", eachParty, between(undecided, notified)}
}

func (c WaiveDefence) ask() question { return question{at: c.At, party: c.Party} }

func (c WaiveDefence) decide(question) ([]Event, error) {
	if !c.Signed {
		return nil, domain.RefuseByLaw("case.waiver_unsigned", "《行政处罚法》第六十二条", "放弃陈述、申辩应当由当事人明确表示并签名，请补充。")
	}
	return []Event{DefenceWaived(c)}, nil
}

// DefenceLapsed says that a party let its time for defence pass (逾期未陈述申辩).
type DefenceLapsed struct {
	Party int64     `json:"party" validate:"min=1,max=20"`
	Note  string    `json:"note,omitempty" validate:"max=500"`
	At    time.Time `json:"at"`
}

// EventType names the type in the log.
func (DefenceLapsed) EventType() string { return "case.defence_lapsed.v1" }

func (e DefenceLapsed) apply(s State) State {
	return s.onNotice(e.Party, func(n Notice) Notice { n.Defence.Lapsed = true; return n })
}

// LapseDefence notes on file that nothing was said in time. The decision does not need it: the time passes by itself.
type LapseDefence struct {
	Party int64  `json:"party" validate:"min=1,max=20"`
	Note  string `json:"note,omitempty" validate:"max=500"`

	At time.Time `json:"-"`
}

func (LapseDefence) act() act {
	return act{"case.lapse_defence", "登记逾期未陈述申辩", "《行政处罚法》第四十五条", eachParty, between(undecided, notified, defenceUnheard, defenceTimeOver)}
}

func (c LapseDefence) ask() question { return question{at: c.At, party: c.Party} }

func (c LapseDefence) decide(question) ([]Event, error) { return []Event{DefenceLapsed(c)}, nil }

func defenceUnheard(q question) error {
	if n, _ := q.notice(); n.Defence.SubmittedOn != "" || n.Defence.Waived || n.Defence.Lapsed {
		return domain.Refuse("case.defence_settled", "该当事人已经陈述申辩、放弃或者逾期，无需再登记。")
	}
	return nil
}

func defenceTimeOver(q question) error {
	n, _ := q.notice()
	over, err := q.past(q.rules.defence(n))
	if err == nil && !over {
		return domain.RefuseByLaw("case.defence_time_runs", "《行政处罚法》第四十五条、第六十二条", "陈述申辩期限尚未届满，请等待期满或者由当事人明确放弃。")
	}
	return err
}

// Point is one point of a defence, and what became of it (复核).
type Point struct {
	Text    string `json:"text" validate:"required,max=2000"`
	Adopted bool   `json:"adopted"`
	Reason  string `json:"reason" validate:"required,max=2000"`
}

// DefenceReviewed answers a defence point by point (陈述申辩复核).
type DefenceReviewed struct {
	Party  int64     `json:"party" validate:"min=1,max=20"`
	Points []Point   `json:"points" validate:"required,min=1,max=50,dive"`
	At     time.Time `json:"at"`
}

// EventType names the type in the log.
func (DefenceReviewed) EventType() string { return "case.defence_reviewed.v1" }

func (e DefenceReviewed) apply(s State) State {
	return s.onNotice(e.Party, func(n Notice) Notice { n.Defence.ReviewedOn = law.DateOf(e.At); return n })
}

// ReviewDefence answers a defence.
type ReviewDefence struct {
	Party  int64   `json:"party" validate:"min=1,max=20"`
	Points []Point `json:"points" validate:"required,min=1,max=50,dive"`

	At time.Time `json:"-"`
}

func (ReviewDefence) act() act {
	return act{"case.review_defence", "复核陈述申辩", "《行政处罚法》第四十五条", eachParty, between(undecided, notified, defended)}
}

func (c ReviewDefence) ask() question { return question{at: c.At, party: c.Party} }

func (c ReviewDefence) decide(question) ([]Event, error) {
	if len(c.Points) == 0 || slices.ContainsFunc(c.Points, func(p Point) bool { return p.Reason == "" }) {
		return nil, domain.RefuseByLaw("case.defence_unanswered", "《行政处罚法》第四十五条", "应当对当事人提出的事实、理由和证据逐项复核并说明是否采纳的理由，请补充。")
	}
	return []Event{DefenceReviewed(c)}, nil
}

func defended(q question) error {
	if n, _ := q.notice(); n.Defence.SubmittedOn == "" || n.Defence.SubmittedOn > q.on {
		return domain.Refuse("case.no_defence", "当事人没有提出陈述申辩，无需复核。")
	}
	return nil
}

// HearingRequested asks for a hearing (申请听证).
type HearingRequested struct {
	Party int64     `json:"party" validate:"min=1,max=20"`
	Note  string    `json:"note,omitempty" validate:"max=500"`
	At    time.Time `json:"at"`
}

// EventType names the type in the log.
func (HearingRequested) EventType() string { return "case.hearing_requested.v1" }

func (e HearingRequested) apply(s State) State {
	s.Pauses = join(s.Pauses, Pause{Kind: law.PauseHearing, From: law.DateOf(e.At), Event: s.here(), Party: e.Party})
	return s.onNotice(e.Party, func(n Notice) Notice {
		n.Hearing = Heard{Told: n.Hearing.Told, RequestedOn: law.DateOf(e.At)}
		return n
	})
}

// RequestHearing records that a party asks for a hearing.
type RequestHearing struct {
	Party int64  `json:"party" validate:"min=1,max=20"`
	Note  string `json:"note,omitempty" validate:"max=500"`

	At time.Time `json:"-"`
}

func (RequestHearing) act() act {
	return act{"case.request_hearing", "申请听证", "《行政处罚法》第六十四条", eachParty, between(undecided, notified, hearingRight, hearingUnasked, hearingInTime)}
}

func (c RequestHearing) ask() question { return question{at: c.At, party: c.Party} }

func (c RequestHearing) decide(question) ([]Event, error) { return []Event{HearingRequested(c)}, nil }

func hearingRight(q question) error {
	if n, _ := q.notice(); !n.Hearing.Told {
		return domain.RefuseByLaw("case.no_hearing_right", "《行政处罚法》第六十三条", "拟作出的处罚未达到听证标准，当事人可以陈述、申辩。")
	}
	return nil
}

func hearingUnasked(q question) error {
	if n, _ := q.notice(); n.Hearing.RequestedOn != "" || n.Hearing.Waived {
		return domain.Refuse("case.hearing_settled", "该当事人已经申请或者放弃听证，请勿重复登记。")
	}
	return nil
}

func hearingInTime(q question) error {
	n, _ := q.notice()
	over, err := q.past(q.rules.hearingRequest(n))
	if err == nil && over {
		return domain.RefuseByLaw("case.hearing_too_late", "《行政处罚法》第六十四条", "要求听证应当在告知后五个工作日内提出，期限已过；当事人仍可陈述、申辩。")
	}
	return err
}

// HearingWaived says that a party wants no hearing, or no longer (放弃听证、撤回听证申请).
type HearingWaived struct {
	Party  int64     `json:"party" validate:"min=1,max=20"`
	Signed bool      `json:"signed"`
	At     time.Time `json:"at"`
}

// EventType names the type in the log.
func (HearingWaived) EventType() string { return "case.hearing_waived.v1" }

func (e HearingWaived) apply(s State) State {
	s = s.heard(e.Party, law.DateOf(e.At))
	return s.onNotice(e.Party, func(n Notice) Notice {
		n.Hearing.Waived = true
		if n.Hearing.RequestedOn != "" {
			n.Hearing.Outcome = "withdrawn"
		}
		return n
	})
}

// WaiveHearing records an express waiver.
type WaiveHearing struct {
	Party  int64 `json:"party" validate:"min=1,max=20"`
	Signed bool  `json:"signed"`

	At time.Time `json:"-"`
}

func (WaiveHearing) act() act {
	return act{"case.waive_hearing", "放弃听证", "《行政处罚法》第六十四条", eachParty, between(undecided, notified, hearingRight, hearingOpen)}
}

func (c WaiveHearing) ask() question { return question{at: c.At, party: c.Party} }

func (c WaiveHearing) decide(question) ([]Event, error) {
	if !c.Signed {
		return nil, domain.RefuseByLaw("case.hearing_waiver_unsigned", "《行政处罚法》第六十四条", "放弃听证应当由当事人明确表示并签名，请补充。")
	}
	return []Event{HearingWaived(c)}, nil
}

func hearingOpen(q question) error {
	if n, _ := q.notice(); n.Hearing.Waived || n.Hearing.Outcome != "" || n.Hearing.RequestedOn > q.on {
		return domain.Refuse("case.hearing_over", "该当事人的听证已经结束或者放弃，不能再办理。")
	}
	return nil
}

// HearingPlan is when, where and by whom a hearing is held (听证通知).
type HearingPlan struct {
	Number   string    `json:"number" validate:"required,max=50"`
	Party    int64     `json:"party" validate:"min=1,max=20"`
	At       time.Time `json:"at" validate:"required"`
	Place    string    `json:"place" validate:"required,max=200"`
	Presider uuid.UUID `json:"presider" validate:"required"` // 听证主持人
	Name     string    `json:"name" validate:"required,max=50"`
	Public   bool      `json:"public"`
	Closed   string    `json:"closed,omitempty" validate:"max=500"` // why it is not public
	Service  Service   `json:"service"`
}

// HearingScheduled tells a party when and where it is heard (听证通知).
type HearingScheduled struct {
	Plan     HearingPlan   `json:"plan"`
	ServedOn law.Date      `json:"servedOn"`
	Officers []law.Officer `json:"officers"`
	At       time.Time     `json:"at"`
}

// EventType names the type in the log.
func (HearingScheduled) EventType() string { return "case.hearing_scheduled.v1" }

func (e HearingScheduled) apply(s State) State {
	return s.onNotice(e.Plan.Party, func(n Notice) Notice {
		n.Hearing.NoticeOn, n.Hearing.At, n.Hearing.Presider, n.Hearing.Scheduled = e.ServedOn, e.Plan.At, e.Plan.Presider, s.here()
		return n
	})
}

// ScheduleHearing tells a party when and where it is heard.
type ScheduleHearing struct {
	Plan     HearingPlan `json:"plan"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (ScheduleHearing) act() act {
	return act{"case.schedule_hearing", "听证通知", "《行政处罚法》第六十四条", eachParty, between(undecided, notified, hearingAsked)}
}

func (c ScheduleHearing) ask() question { return question{at: c.At, party: c.Plan.Party} }

func (c ScheduleHearing) decide(q question) ([]Event, error) {
	if err := c.Plan.Service.check(q, c.Crew, c.Plan.Party); err != nil {
		return nil, err
	}
	on, err := c.Plan.Service.effective(q)
	if err != nil {
		return nil, err
	}
	enough, err := q.rules.past(law.HearingNoticeClock(q.rules.Settings, on, uuid.Nil), law.DateOf(c.Plan.At))
	switch {
	case err != nil:
		return nil, err
	case !enough:
		return nil, domain.RefuseByLaw("case.hearing_notice_short", "《行政处罚法》第六十四条", "应当在举行听证的七个工作日前通知当事人，请推迟听证日期。")
	case slices.Contains(q.Acted, c.Plan.Presider):
		return nil, domain.RefuseByLaw("case.presider_investigated", "《行政处罚法》第六十四条", "听证由非本案调查人员主持，请更换主持人。")
	case !c.Plan.Public && c.Plan.Closed == "":
		return nil, domain.RefuseByLaw("case.hearing_not_public", "《行政处罚法》第六十四条", "除涉及国家秘密、商业秘密或者个人隐私外，听证公开举行；不公开的请说明理由。")
	}
	return []Event{HearingScheduled{c.Plan, on, c.Crew, c.At}}, nil
}

func hearingAsked(q question) error {
	if n, _ := q.notice(); !n.Hearing.pending() || n.Hearing.RequestedOn > q.on {
		return domain.RefuseByLaw("case.no_hearing_asked", "《行政处罚法》第六十四条", "当事人没有申请听证，或者听证已经结束。")
	}
	return nil
}

// HearingRecord is how a hearing went (听证笔录、听证报告).
type HearingRecord struct {
	Party      int64     `json:"party" validate:"min=1,max=20"`
	StartedAt  time.Time `json:"startedAt" validate:"required"`
	EndedAt    time.Time `json:"endedAt" validate:"required"`
	Agents     []string  `json:"agents,omitempty" validate:"max=20,dive,required,max=50"` // 委托代理人
	Transcript string    `json:"transcript" validate:"required,max=100"`                  // number of the record
	Signature  Signature `json:"signature"`
	Report     string    `json:"report" validate:"required,max=4000"` // 听证报告: findings and opinion of the presider
}

// HearingHeld is a hearing that took place (举行听证).
type HearingHeld struct {
	Record HearingRecord `json:"record"`
	At     time.Time     `json:"at"`
}

// EventType names the type in the log.
func (HearingHeld) EventType() string { return "case.hearing_held.v1" }

func (e HearingHeld) apply(s State) State {
	s = s.heard(e.Record.Party, law.DateOf(e.Record.EndedAt).AddDays(1))
	return s.onNotice(e.Record.Party, func(n Notice) Notice {
		n.Hearing.HeldAt, n.Hearing.Outcome = e.Record.EndedAt, "held"
		return n
	})
}

// HoldHearing records a hearing.
type HoldHearing struct {
	Record HearingRecord `json:"record"`

	At time.Time `json:"-"`
}

func (HoldHearing) act() act {
	return act{"case.hold_hearing", "举行听证", "《行政处罚法》第六十四条、第六十五条", eachParty, between(undecided, notified, hearingAsked, hearingDue)}
}

func (c HoldHearing) ask() question { return question{at: c.At, party: c.Record.Party} }

func (c HoldHearing) decide(q question) ([]Event, error) {
	n, _ := q.notice()
	r := c.Record
	switch {
	case r.StartedAt.Before(n.Hearing.At) || r.EndedAt.Before(r.StartedAt) || r.EndedAt.After(c.At):
		return nil, &domain.Refusal{Code: "case.hearing_time", Field: "record.startedAt", Message: "听证不能早于通知的时间举行，结束时间应当在开始之后、登记之前，请核对。"}
	case len(r.Agents) > 2:
		return nil, domain.RefuseByLaw("case.too_many_agents", "《行政处罚法》第六十四条", "当事人可以委托一至二人代理，请核对代理人。")
	case r.Transcript == "" || r.Signature.missing():
		return nil, domain.RefuseByLaw("case.transcript_unsigned", "《行政处罚法》第六十四条", "听证笔录应当由当事人或者其代理人核对签名；拒绝签名的，由主持人注明。")
	case r.Report == "":
		return nil, domain.RefuseByLaw("case.hearing_report", "《行政处罚法》第六十五条", "听证结束后应当根据听证笔录形成听证报告，请补充。")
	}
	return []Event{HearingHeld(c)}, nil
}

func hearingDue(q question) error {
	n, _ := q.notice()
	if n.Hearing.NoticeOn == "" || law.DateOf(n.Hearing.At) > q.on {
		return domain.RefuseByLaw("case.hearing_not_due", "《行政处罚法》第六十四条", "听证尚未通知或者未到举行之日，请先办理听证通知。")
	}
	return nil
}

// HearingAbandoned ends a hearing whose party stayed away or left (视为放弃听证、终止听证).
type HearingAbandoned struct {
	Party  int64     `json:"party" validate:"min=1,max=20"`
	Reason string    `json:"reason" validate:"required,oneof=absent left"`
	Note   string    `json:"note" validate:"required,max=500"`
	At     time.Time `json:"at"`
}

// EventType names the type in the log.
func (HearingAbandoned) EventType() string { return "case.hearing_abandoned.v1" }

func (e HearingAbandoned) apply(s State) State {
	s = s.heard(e.Party, law.DateOf(e.At).AddDays(1))
	return s.onNotice(e.Party, func(n Notice) Notice { n.Hearing.Outcome = "abandoned"; return n })
}

// AbandonHearing ends a hearing whose party stayed away or left without leave.
type AbandonHearing struct {
	Party  int64  `json:"party" validate:"min=1,max=20"`
	Reason string `json:"reason" validate:"required,oneof=absent left"`
	Note   string `json:"note" validate:"required,max=500"`

	At time.Time `json:"-"`
}

func (AbandonHearing) act() act {
	return act{"case.abandon_hearing", "终止听证", "《行政处罚法》第六十四条", eachParty, between(undecided, notified, hearingAsked, hearingDue)}
}

func (c AbandonHearing) ask() question { return question{at: c.At, party: c.Party} }

func (c AbandonHearing) decide(question) ([]Event, error) { return []Event{HearingAbandoned(c)}, nil }

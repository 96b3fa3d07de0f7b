package law

import (
	"slices"
	"strconv"
	"strings"

	"shuizheng/domain"
)

// Money is an amount in fen (分).
type Money = int64

// most is more than any amount of a case (ten trillion yuan): below it no multiple of the catalogue overflows.
const most Money = 1_000_000_000_000_000

// Yuan writes an amount as the law does, exact to the fen: 20万元, 219.6万元, 99999.99元.
func Yuan(m Money) string {
	if m < 0 {
		return "-" + Yuan(-m)
	}
	decimals := func(whole, part int64, digits int) string {
		if part == 0 {
			return strconv.FormatInt(whole, 10)
		}
		p := strconv.FormatInt(part, 10)
		return strconv.FormatInt(whole, 10) + "." + strings.TrimRight(strings.Repeat("0", digits-len(p))+p, "0")
	}
	if m >= wan && m%100 == 0 {
		return decimals(m/wan, m%wan/100, 4) + "万元"
	}
	return decimals(m/100, m%100, 2) + "元"
}

// PartyKind is a kind of party as thresholds know it, in the words of [Party].
type PartyKind string

// The kinds of party. For one that is unknown the strictest threshold holds.
const (
	Person       PartyKind = "person"       // 公民
	Organisation PartyKind = "organisation" // 法人或者其他组织
	UnknownParty PartyKind = "unknown"      // 未查明
)

// PenaltyInput is what a range is computed from.
type PenaltyInput struct {
	Article     string    `json:"article,omitempty"` // the basis, where a cause has several; empty for the first
	SandValue   Money     `json:"sandValue"`         // 货值金额; 0 where nothing was mined yet
	VolumeM3    int64     `json:"volumeM3"`          // of what was dumped (H13)
	Party       PartyKind `json:"party"`
	ConductOn   Date      `json:"conductOn"` // the day of the conduct, of continuing conduct its last
	DecidedOn   Date      `json:"decidedOn"`
	Serious     bool      `json:"serious"`     // 情节严重
	Uncorrected bool      `json:"uncorrected"` // was ordered to correct, and did not by the day set
	Remediable  bool      `json:"remediable"`  // 影响行洪但尚可采取补救措施 (《防洪法》第五十七条)
	Severe      bool      `json:"severe"`      // 严重影响防洪 (《防洪法》第五十七条)
	PermitHeld  bool      `json:"permitHeld"`  // holds a permit that can be revoked

	// LocalMin and LocalMax are the range of a local rule for a cause whose own text names no amount (S07, H11), and LocalArticle is
	// its article.
	LocalMin     Money  `json:"localMin,omitempty"`
	LocalMax     Money  `json:"localMax,omitempty"`
	LocalArticle string `json:"localArticle,omitempty"`
}

func (in PenaltyInput) holds(w When) bool {
	switch w {
	case IfSerious:
		return in.Serious
	case IfUncorrected:
		return in.Uncorrected
	case IfRemediable:
		return in.Remediable
	case IfSevere:
		return in.Severe
	case IfPermit:
		return in.PermitHeld
	case IfPerson:
		return in.Party == Person
	case IfOrganisation:
		return in.Party == Organisation
	}
	return w == Always
}

// Range is what a text allows in a case (处罚幅度). The amounts are fen, both ends within. Max 0 is no fine.
type Range struct {
	Violation   string `json:"violation"` // code
	Prohibition string `json:"prohibition"`
	Article     string `json:"article"` // that punishes
	Min         Money  `json:"min"`
	Max         Money  `json:"max"`
	Optional    bool   `json:"optional"` // 可以处: none need be imposed
	// The measures that the text orders or allows in this case; Items says which of the two.
	ConfiscateSand   bool   `json:"confiscateSand"`
	ConfiscateGains  bool   `json:"confiscateGains"`
	ConfiscateVessel bool   `json:"confiscateVessel"`
	ConfiscateTools  bool   `json:"confiscateTools"`
	RevokePermit     bool   `json:"revokePermit"`
	Items            []Item `json:"items"`   // all measures with their articles; the fine is not among them
	Explain          string `json:"explain"` // in Chinese: how the amounts come about
}

// PenaltyRange computes what this text allows. It refuses a cause that is for another organ ("penalty.refer"), a basis that is not
// one of the cause ("penalty.no_such_basis"), and an input that the text needs and that is missing: the value of the sand or the
// volume ("penalty.value_needed"), the kind of the party ("penalty.party_needed"), the range of the local rule ("penalty.no_range").
func (v Violation) PenaltyRange(in PenaltyInput) (Range, error) {
	if v.Refer != "" {
		return Range{}, domain.RefuseByLaw("penalty.refer", v.Basis, "“"+v.Name+"”由"+v.Refer+"处罚，请移送，不能自行处罚。")
	}
	if in.SandValue < 0 || in.SandValue > most || in.VolumeM3 < 0 || in.VolumeM3 > most || in.LocalMin < 0 || in.LocalMin > in.LocalMax || in.LocalMax > most {
		return Range{}, domain.Refuse("penalty.bad_value", "货值金额、方量或者地方规定的罚款幅度有误，请核对数额。")
	}
	basis := slices.IndexFunc(v.Penalties, func(p Penalty) bool { return in.Article == "" || p.Article == in.Article })
	if basis < 0 {
		return Range{}, domain.Refuse("penalty.no_such_basis", "“"+in.Article+"”不是案由“"+v.Name+"”的处罚依据，请从该案由的依据中选择。")
	}
	p := v.Penalties[basis]
	r := Range{Violation: v.Code, Prohibition: p.Prohibition, Article: p.Article, Items: []Item{}}
	for _, item := range p.Measures {
		if !in.holds(item.When) {
			continue
		}
		r.Items = append(r.Items, item)
		switch item.Measure {
		case MeasureSand:
			r.ConfiscateSand = true
		case MeasureGains:
			r.ConfiscateGains = true
		case MeasureVessel:
			r.ConfiscateVessel = true
		case MeasureTools:
			r.ConfiscateTools = true
		case MeasureRevoke:
			r.RevokePermit = true
		}
	}
	fine := slices.IndexFunc(p.Fines, func(f FineRule) bool { return in.holds(f.When) })
	switch {
	case fine >= 0:
		return r, r.fine(p.Fines[fine], in)
	case slices.ContainsFunc(p.Fines, func(f FineRule) bool { return f.When == IfPerson || f.When == IfOrganisation }):
		return Range{}, domain.RefuseByLaw("penalty.party_needed", p.Article, "该条对单位和个人规定了不同的罚款幅度，请先查明当事人是单位还是个人。")
	case slices.ContainsFunc(p.Fines, func(f FineRule) bool { return f.When == IfUncorrected }):
		r.Explain = p.Article + "：逾期不拆除、不恢复原状的，方可罚款；现阶段只能责令停止违法行为、限期拆除。"
	case slices.ContainsFunc(p.Fines, func(f FineRule) bool { return f.When == IfRemediable }):
		r.Explain = p.Article + "：影响行洪但尚可采取补救措施的，方可罚款；严重影响防洪的，责令限期拆除。"
	}
	return r, nil
}

// fine fills in the amounts of a rule that applies.
func (r *Range) fine(f FineRule, in PenaltyInput) error {
	r.Min, r.Max, r.Optional = f.Min, f.Max, f.Optional
	value := Yuan(in.SandValue)
	switch {
	case f.MaxTimes > 0 && f.Max == 0 && in.SandValue == 0:
		return domain.RefuseByLaw("penalty.value_needed", r.Article, "罚款按砂石货值金额的倍数计算，请先认定货值金额。")
	case f.MaxTimes > 0 && in.SandValue >= f.Floor:
		r.Min, r.Max = f.MinTimes*in.SandValue, f.MaxTimes*in.SandValue
		r.Explain = "货值金额" + value + "，处" + strconv.FormatInt(f.MinTimes, 10) + "倍以上" + strconv.FormatInt(f.MaxTimes, 10) + "倍以下罚款，即" + r.amounts()
	case f.MaxTimes > 0:
		r.Explain = "货值金额" + value + "，不足" + Yuan(f.Floor) + "，处" + r.amounts() + "罚款"
	case f.PerM3 && in.VolumeM3 == 0:
		return domain.RefuseByLaw("penalty.value_needed", r.Article, "罚款按倾倒数量计算，请先认定方量（立方米）。")
	case f.PerM3:
		r.Min, r.Max = f.Min*in.VolumeM3, f.Max*in.VolumeM3
		r.Explain = "倾倒" + strconv.FormatInt(in.VolumeM3, 10) + "立方米，每立方米" + Yuan(f.Min) + "以上" + Yuan(f.Max) + "以下，即" + r.amounts()
	case f.Local && (in.LocalMax == 0 || in.LocalArticle == ""):
		return domain.RefuseByLaw("penalty.no_range", r.Article, "该条没有规定罚款数额，请填写适用的地方性法规、规章的条款及其罚款幅度。")
	case f.Local:
		r.Min, r.Max = in.LocalMin, in.LocalMax
		r.Explain = in.LocalArticle + "：" + r.amounts() + "罚款"
	case f.Optional:
		r.Explain = "可以处" + r.amounts() + "罚款"
	default:
		r.Explain = "处" + r.amounts() + "罚款"
	}
	r.Explain = r.Article + "：" + r.Explain + "。"
	return nil
}

func (r Range) amounts() string {
	if r.Min == 0 {
		return Yuan(r.Max) + "以下"
	}
	return Yuan(r.Min) + "以上" + Yuan(r.Max) + "以下"
}

// Check refuses a fine outside the range, with the range in the message ("penalty.outside_range"). Below the minimum it is lawful only
// with a ground for mitigation (减轻处罚, 《行政处罚法》第三十条至第三十二条), which the caller names; no ground makes it lawful above the maximum,
// and none at all where the text demands a fine is 不予处罚, another decision.
func (r Range) Check(fine Money, mitigation string) error {
	switch {
	case fine >= r.Min && fine <= r.Max, fine == 0 && r.Optional, fine > 0 && fine < r.Min && mitigation != "":
		return nil
	}
	how := "请在幅度内确定罚款"
	if fine < r.Min {
		how += "；减轻处罚的，须写明《行政处罚法》第三十条至第三十二条规定的情形"
	}
	return domain.RefuseByLaw("penalty.outside_range", r.Article, "罚款"+Yuan(fine)+"超出法定幅度。"+r.Explain+how+"。")
}

// CheckBasis refuses a prohibition that is cited with an article that does not punish breaking it ("penalty.basis_pair").
func (v Violation) CheckBasis(prohibition, article string) error {
	var pairs []string
	for _, p := range v.Penalties {
		if p.Prohibition == prohibition && p.Article == article {
			return nil
		}
		pairs = append(pairs, p.Prohibition+"——"+p.Article)
	}
	return domain.RefuseByLaw("penalty.basis_pair", "《行政处罚法》第五十九条第一款第三项",
		"违反条款“"+prohibition+"”与处罚条款“"+article+"”不对应，案由“"+v.Name+"”的依据为："+strings.Join(pairs, "；")+"。")
}

// Texts are the texts of one cause that could apply (《行政处罚法》第三十七条).
type Texts struct {
	Old      Violation  `json:"old"`           // in force on the day of the conduct
	New      *Violation `json:"new,omitempty"` // in force on the day of the decision, where it is another
	Repealed bool       `json:"repealed"`      // no text of the cause was in force any more on the day of the decision
}

// Choice is the text that applies, with the reason. It is stored with the decision and never found again from the catalogue.
type Choice struct {
	Violation Violation `json:"violation"`
	Range     Range     `json:"range"`
	Reason    string    `json:"reason"` // in Chinese
	Article   string    `json:"article"`
	// Doubtful: the new text is lighter in one respect and heavier in another. The old one stands, and legal review has to look.
	Doubtful bool `json:"doubtful"`
}

// ApplicableTexts finds the texts of a cause for conduct that ended on one day and a decision on another. The code may be that of any
// version of the cause: S01 and S01-2021 are two texts of one. It refuses a code that is not in the catalogue
// ("penalty.unknown_violation") and conduct that no text of the cause punished on its day ("penalty.no_text").
func ApplicableTexts(code string, conductEnd, decidedOn Date) (Texts, error) {
	if _, known := ViolationByCode(code); !known {
		return Texts{}, domain.Refuse("penalty.unknown_violation", "案由代码“"+code+"”不在案由目录中，请从目录中选择。")
	}
	cause, _, _ := strings.Cut(code, "-")
	var old, now *Violation
	for _, other := range violationCodes() {
		if of, _, _ := strings.Cut(other, "-"); of != cause {
			continue
		}
		v, _ := ViolationByCode(other)
		if v.inForce(conductEnd) {
			old = &v
		}
		if v.inForce(decidedOn) {
			now = &v
		}
	}
	switch {
	case old == nil:
		return Texts{}, domain.RefuseByLaw("penalty.no_text", article37, "违法行为发生之日（"+string(conductEnd)+"）没有处罚该行为的条文，不予处罚；请核对行为日期和案由。")
	case now == nil:
		return Texts{Old: *old, Repealed: true}, nil
	case now.Code == old.Code:
		return Texts{Old: *old}, nil
	}
	return Texts{Old: *old, New: now}, nil
}

const article37 = "《行政处罚法》第三十七条"

func (v Violation) inForce(on Date) bool { return v.From <= on && (v.Until == "" || on <= v.Until) }

// Choose applies the old text unless the new one is lighter: a lower fine and no measure added, or the same fine and a measure less. It
// refuses to punish by a cause that was repealed before the decision ("penalty.repealed"), and what [Violation.PenaltyRange]
// refuses of the old text.
func (t Texts) Choose(in PenaltyInput) (Choice, error) {
	if t.Repealed {
		return Choice{}, domain.RefuseByLaw("penalty.repealed", article37, "作出决定时，“"+t.Old.Name+"”的处罚条文已经废止，不再处罚；请作不予处罚处理。")
	}
	old, err := t.Old.PenaltyRange(in)
	if err != nil {
		return Choice{}, err
	}
	if t.New == nil {
		return Choice{t.Old, old, "违法行为发生时与作出决定时适用同一条文。", article37, false}, nil
	}
	in.Article = "" // that of the old text is none of the new
	now, err := t.New.PenaltyRange(in)
	if err != nil {
		return Choice{}, err
	}
	amended := "条文在行为发生（" + string(in.ConductOn) + "）之后、作出决定（" + string(in.DecidedOn) + "）之前已经修改。原规定" + old.Explain + "新规定" + now.Explain
	fine := heavier(now, old)
	added, less := adds(now, old), adds(old, now)
	switch {
	case fine < 0 && !added, fine == 0 && less && !added:
		return Choice{*t.New, now, amended + "新的规定处罚较轻，适用新的规定。", article37, false}, nil
	case fine < 0 && added, fine >= 0 && less:
		return Choice{t.Old, old, amended + "新的规定在罚款与其他处罚上轻重互见，不能认定处罚较轻，适用行为发生时的规定；须经法制审核确认。", article37, true}, nil
	}
	return Choice{t.Old, old, amended + "新的规定处罚不较轻，适用行为发生时的规定。", article37, false}, nil
}

// heavier compares the fines of two ranges: by the higher end, then by the lower, then by whether there need be a fine at all.
func heavier(a, b Range) int {
	least := func(r Range) Money {
		if r.Optional {
			return 0
		}
		return r.Min
	}
	switch {
	case a.Max != b.Max:
		return sign(a.Max - b.Max)
	case least(a) != least(b):
		return sign(least(a) - least(b))
	}
	return sign(a.Min - b.Min)
}

func sign(n int64) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// adds reports whether a has a punishing measure that b has not.
func adds(a, b Range) bool {
	return slices.ContainsFunc(a.Items, func(i Item) bool {
		return i.Measure.punishes() && !slices.ContainsFunc(b.Items, func(j Item) bool { return i.Measure == j.Measure })
	})
}

// OneFine picks the range by which one act that breaks several provisions is fined: the one with the higher fine (一事不二罚,
// 《行政处罚法》第二十九条; guard G7), of two equal ones the first. It returns the place in the list, -1 for an empty one.
func OneFine(candidates []Range) int {
	best := -1
	for n, r := range candidates {
		if best < 0 || heavier(r, candidates[best]) > 0 {
			best = n
		}
	}
	return best
}

// Surcharge is the addition to a fine that is paid late (加处罚款): 3 % of the fine for each day overdue, at most the fine
// (《行政处罚法》第七十二条第一款第一项). Days are those of [OverdueDays]. A broken fen falls away, in favour of the party.
func Surcharge(fine Money, daysOverdue int) Money {
	switch {
	case fine <= 0 || daysOverdue <= 0:
		return 0
	case daysOverdue >= 34: // 34 × 3 % is over the fine, and no product gets too large
		return fine
	}
	perCent := 3 * int64(daysOverdue)
	return fine/100*perCent + fine%100*perCent/100
}

// OverdueDays counts the days for which a surcharge is due: from the day after the last day of payment, up to and with the day of
// payment or today, less the days of review and suit, in which it does not grow (《行政处罚法》第七十三条第三款). A span that still runs is
// left out up to that day.
func OverdueDays(lastDay, until Date, pauses []Span) int {
	if until <= lastDay {
		return 0
	}
	return until.Sub(lastDay) - pausedDays(Clock{Start: lastDay, Pauses: pauses}.pauses(until), lastDay, until)
}

// Proposal is a penalty about to be imposed on one party, as thresholds see it.
type Proposal struct {
	Party    PartyKind `json:"party"`
	Fine     Money     `json:"fine"`
	Gains    Money     `json:"gains"`    // 没收违法所得
	Goods    Money     `json:"goods"`    // value of what else is confiscated (没收非法财物)
	Vessel   bool      `json:"vessel"`   // a vessel or machinery is confiscated, whatever its value
	Revoke   bool      `json:"revoke"`   // 吊销许可证件、降低资质等级
	Shutdown bool      `json:"shutdown"` // 责令停产停业、责令关闭、限制从业
	Complex  bool      `json:"complex"`  // 情节复杂, or several legal relations
	Public   bool      `json:"public"`   // 涉及重大公共利益
}

// Demand says whether the law demands or allows a step, with the reason in Chinese.
type Demand struct {
	Required bool   `json:"required"`
	Article  string `json:"article"`
	Reason   string `json:"reason"`
}

// threshold is a parameter by kind of party; of one that is unknown the lower figure.
func (s Settings) threshold(code string, party PartyKind, on Date) Money {
	person, organisation := s.must(code+".person", on), s.must(code+".organisation", on)
	switch party {
	case Person:
		return person
	case Organisation:
		return organisation
	}
	return min(person, organisation)
}

// HearingRequired says whether the party has a right to a hearing (听证, 《行政处罚法》第六十三条). A figure at the threshold is at it: where
// texts differ whether it is included, the party gets the right.
func HearingRequired(s Settings, on Date, p Proposal) Demand {
	const article = "《行政处罚法》第六十三条第一款"
	fine, goods := s.threshold("hearing.fine", p.Party, on), s.threshold("hearing.confiscation", p.Party, on)
	switch taken := p.Gains + p.Goods; {
	case p.Fine > 0 && p.Fine >= fine:
		return Demand{true, article + "第一项", "罚款" + Yuan(p.Fine) + "，达到较大数额标准" + Yuan(fine) + "，应当告知听证权利。"}
	case taken > 0 && taken >= goods:
		return Demand{true, article + "第二项", "没收价值" + Yuan(taken) + "，达到较大数额标准" + Yuan(goods) + "，应当告知听证权利。"}
	case p.Vessel:
		return Demand{true, article + "第二项", "没收船舶或者作业设备，属于没收较大价值非法财物，应当告知听证权利。"}
	case p.Revoke:
		return Demand{true, article + "第三项", "吊销许可证件，应当告知听证权利。"}
	case p.Shutdown:
		return Demand{true, article + "第四项", "责令停产停业、责令关闭或者限制从业，应当告知听证权利。"}
	}
	return Demand{false, article, "罚款和没收均未达到较大数额标准（罚款" + Yuan(fine) + "，没收" + Yuan(goods) + "），不属于应当告知听证的情形。"}
}

// DiscussionRequired says whether the heads of the organ must discuss the penalty together (集体讨论, 《行政处罚法》第五十七条第二款). The rule
// names a figure for fines; the same is applied to what is confiscated.
func DiscussionRequired(s Settings, on Date, p Proposal) Demand {
	const article = "《行政处罚法》第五十七条第二款"
	limit := s.threshold("discussion.fine", p.Party, on)
	switch taken := p.Gains + p.Goods; {
	case p.Complex:
		return Demand{true, article, "情节复杂，应当集体讨论决定。"}
	case p.Fine > 0 && p.Fine >= limit:
		return Demand{true, article, "罚款" + Yuan(p.Fine) + "，达到集体讨论标准" + Yuan(limit) + "，应当集体讨论决定。"}
	case taken > 0 && taken >= limit:
		return Demand{true, article, "没收价值" + Yuan(taken) + "，达到集体讨论标准" + Yuan(limit) + "，应当集体讨论决定。"}
	case p.Vessel || p.Revoke || p.Shutdown:
		return Demand{true, article, "拟没收船舶设备、吊销许可证件或者责令停业，属于重大违法行为的处罚，应当集体讨论决定。"}
	}
	return Demand{false, article, "未达到集体讨论标准" + Yuan(limit) + "。"}
}

// ReviewRequired says whether the decision needs a legal review first (法制审核, 《行政处罚法》第五十八条); heard says that a hearing was held.
func ReviewRequired(s Settings, on Date, p Proposal, heard bool) Demand {
	const article = "《行政处罚法》第五十八条第一款"
	switch {
	case p.Public && s.must("review.public", on) == 1:
		return Demand{true, article + "第一项", "涉及重大公共利益，决定前应当法制审核。"}
	case heard && s.must("review.heard", on) == 1:
		return Demand{true, article + "第二项", "直接关系当事人重大权益并经过听证，决定前应当法制审核。"}
	case p.Complex && s.must("review.complex", on) == 1:
		return Demand{true, article + "第三项", "案件疑难复杂或者涉及多个法律关系，决定前应当法制审核。"}
	case s.must("review.all", on) == 1:
		return Demand{true, article + "第四项", "本机关规定普通程序案件一律法制审核。"}
	}
	return Demand{false, article, "不属于应当法制审核的情形。"}
}

// SummaryAllowed says whether a penalty may be imposed on the spot (当场处罚, 《行政处罚法》第五十一条): here Required means that it may.
func SummaryAllowed(s Settings, on Date, p Proposal) Demand {
	const article = "《行政处罚法》第五十一条"
	limit := s.threshold("summary.fine", p.Party, on)
	switch {
	case p.Gains > 0 || p.Goods > 0 || p.Vessel || p.Revoke || p.Shutdown || p.Complex:
		return Demand{false, article, "当场处罚只能是警告或者小额罚款，请适用普通程序。"}
	case p.Fine > limit:
		return Demand{false, article, "罚款" + Yuan(p.Fine) + "超过当场处罚的上限" + Yuan(limit) + "，请适用普通程序。"}
	}
	return Demand{true, article, "警告或者" + Yuan(limit) + "以下罚款，可以当场处罚。"}
}

// MiningFacts are what the crime of illegal mining is judged by (《刑法》第三百四十三条；法释〔2016〕25号).
type MiningFacts struct {
	SandValue      Money `json:"sandValue"`      // of this act, with those of two years that nobody dealt with (第八条)
	NoPermit       bool  `json:"noPermit"`       // none, cancelled, or beyond its area or mineral (第二条)
	Closed         bool  `json:"closed"`         // in a no-mining area or season (禁采区、禁采期), permit or not
	PriorPenalties int   `json:"priorPenalties"` // administrative penalties for illegal mining in the two years before
	GraveEcology   bool  `json:"graveEcology"`   // 造成生态环境严重损害
	FloodSafety    bool  `json:"floodSafety"`    // 严重影响河势稳定, 危害防洪安全 (第四条第二款)
}

// CrimeSigns say whether a crime is to be suspected, and by which grounds.
type CrimeSigns struct {
	Suspected bool     `json:"suspected"`
	Grave     bool     `json:"grave"`   // 情节特别严重
	Grounds   []string `json:"grounds"` // in Chinese, each with its article
	Article   string   `json:"article"`
}

// CriminalThreshold compares the facts of a case with the lines of the crime (guard G11): a suspicion is transferred, and no fine takes
// the place of a transfer.
func CriminalThreshold(s Settings, on Date, f MiningFacts) CrimeSigns {
	const rule = "法释〔2016〕25号"
	c := CrimeSigns{Article: "《行政处罚法》第二十七条；《刑法》第三百四十三条；" + rule, Grounds: []string{}}
	if !f.NoPermit && !f.Closed {
		return c
	}
	line, what, item := s.must("crime.value", on), "未取得许可采砂", "第一项"
	if closed := s.must("crime.value.closed", on); f.Closed && closed < line {
		line, what, item = closed, "在禁采区、禁采期采砂", "第二项"
	}
	if f.SandValue >= line {
		c.Grounds = append(c.Grounds, what+"，价值"+Yuan(f.SandValue)+"，达到"+Yuan(line)+"（"+rule+"第三条第一款"+item+"）")
		c.Grave = f.SandValue/s.must("crime.grave.times", on) >= line
	}
	if f.PriorPenalties >= 2 {
		c.Grounds = append(c.Grounds, "二年内因非法采矿受过"+strconv.Itoa(f.PriorPenalties)+"次行政处罚，又实施非法采矿行为（"+rule+"第三条第一款第三项）")
	}
	if f.GraveEcology {
		c.Grounds = append(c.Grounds, "造成生态环境严重损害（"+rule+"第三条第一款第四项）")
	}
	if f.FloodSafety {
		c.Grounds = append(c.Grounds, "严重影响河势稳定，危害防洪安全（"+rule+"第四条第二款）")
	}
	c.Suspected = len(c.Grounds) > 0
	return c
}

// RoadKind is a way to enforce an obligation.
type RoadKind string

// The roads of enforcement.
const (
	RoadCourt      RoadKind = "court"      // 申请人民法院强制执行
	RoadSelf       RoadKind = "self"       // 行政机关自行强制执行
	RoadSubstitute RoadKind = "substitute" // 代履行
	RoadAuction    RoadKind = "auction"    // 拍卖已查封、扣押的财物抵缴罚款
	RoadCounsel    RoadKind = "counsel"    // 条文不明确，须先经法制审核
	RoadNone       RoadKind = "none"       // 决定生效即实现，无须执行
)

// Obligation is a part of a decision that was not performed.
type Obligation struct {
	Measure Measure `json:"measure"`
	Article string  `json:"article"` // one article, that the measure rests on
	Seized  bool    `json:"seized"`  // property of the party is sealed or seized in this case; of a confiscation: what is confiscated is in custody
}

// Road is how an obligation is enforced.
type Road struct {
	Kind    RoadKind   `json:"kind"`
	Also    []RoadKind `json:"also,omitempty"` // roads that are open besides
	Article string     `json:"article"`
	Reason  string     `json:"reason"`
}

// EnforcementRoad says who enforces (强制执行方式). Only a law gives an organ that power (《行政强制法》第十三条): a fine goes to the court, while
// what 水法第六十五条 and 防洪法第五十七条 let the water authority demolish it demolishes itself, and an application to the court is wrong
// (最高检指导性案例检例第59号).
func EnforcementRoad(o Obligation) Road {
	court := func(reason string, also ...RoadKind) Road {
		return Road{RoadCourt, also, "《行政强制法》第十三条第二款、第五十三条", reason}
	}
	from := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(o.Article, p) })
	}
	switch o.Measure {
	case MeasureFine:
		if o.Seized {
			return Road{RoadCourt, []RoadKind{RoadAuction}, "《行政强制法》第四十六条第三款、第五十三条",
				"水行政主管部门没有强制执行罚款的权力，应当申请人民法院；本案已查封、扣押的财物，在救济期限届满并经催告后，也可以依法拍卖抵缴罚款。"}
		}
		return court("水行政主管部门没有强制执行罚款的权力，应当申请人民法院强制执行。")
	case MeasureGains, MeasureSand, MeasureVessel, MeasureTools:
		if o.Seized {
			return Road{RoadNone, nil, "《行政处罚法》第七十四条", "没收的财物已在保管之中，按规定处理，无须执行。"}
		}
		return court("没收的财物不在保管之中，应当申请人民法院强制执行。")
	case MeasureRevoke, MeasureWarning, MeasureStop:
		return Road{RoadNone, nil, o.Article, "决定送达即发生效力，无须执行；继续违法的，另行处理。"}
	case MeasureRelocate:
		return Road{RoadSelf, nil, o.Article, "拒不改正的，依该条强行转移至指定地点。"}
	case MeasureDemolish, MeasureRestore, MeasureClear, MeasureCorrect, "":
	}
	switch {
	case from(water+"第六十五条第一款", water+"第六十五条第二款", flood+"第五十七条"):
		return Road{RoadSelf, nil, o.Article + "；《行政强制法》第四十四条",
			"法律授权水行政主管部门强行拆除，应当公告、催告并在救济期限届满后自行执行，不能申请人民法院。"}
	case from(flood + "第四十二条"):
		return Road{RoadSelf, nil, o.Article, "由防汛指挥机构组织强行清除，所需费用由设障者承担。"}
	case from(flood+"第五十六条", "《水土保持法》第五十五条"):
		return Road{RoadSubstitute, nil, o.Article + "；《行政强制法》第五十条、第五十一条", "逾期不履行的，依该条代为履行，费用由当事人承担。"}
	case from(water+"第六十六条", flood+"第五十五条"):
		return Road{RoadSubstitute, []RoadKind{RoadCourt}, "《行政强制法》第五十条至第五十二条",
			"要求排除妨碍、恢复原状的，经催告可以代履行；需要立即清除河道内障碍物的，可以立即实施代履行。"}
	case from(ypl + "第八十七条"):
		return Road{RoadCounsel, []RoadKind{RoadCourt, RoadSubstitute}, o.Article + "；《行政强制法》第十三条、第五十条",
			"该条没有规定强行拆除，须先经法制审核；妨碍行洪的，可以同时依《水法》第六十五条责令拆除并自行执行。"}
	case from(taihu):
		return court("条例规定“依法强制执行”，但行政强制执行只能由法律设定，应当申请人民法院；符合条件的可以代履行。", RoadSubstitute)
	}
	return court("法律没有规定由行政机关强制执行，应当申请人民法院强制执行。", RoadSubstitute)
}

// Harm is what decides how far the law looks back.
type Harm string

// The harms that let it look further.
const (
	NoHarm         Harm = ""           // 无
	LifeHarm       Harm = "life"       // 涉及公民生命健康安全且有危害后果
	EcologicalHarm Harm = "ecological" // 造成环境污染、生态破坏等危害后果
)

// LookBack returns for how many years conduct that nobody discovered can still be punished (追责时效), and the article: by the text in
// force on the day the conduct ended, for a longer period is no lighter text. 行政处罚法 has five years for harm to life and health
// since 15 July 2021, 生态环境法典 for harm to the environment since 15 August 2026; else it is two.
func LookBack(h Harm, conductEnd Date) (years int, article string) {
	switch {
	case h == EcologicalHarm && conductEnd >= "2026-08-15":
		return 5, "《生态环境法典》第一千零五十四条"
	case h == LifeHarm && conductEnd >= "2021-07-15":
		return 5, "《行政处罚法》第三十六条"
	}
	return 2, "《行政处罚法》第三十六条"
}

// TimeBarred reports whether conduct that ended on one day was discovered too late on another, and the article (guard G13).
func TimeBarred(h Harm, conductEnd, discovered Date) (barred bool, article string) {
	years, article := LookBack(h, conductEnd)
	return discovered > conductEnd.AddYears(years), article
}

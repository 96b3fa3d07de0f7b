package law

import "strconv"

// Money is an amount in fen (分).
type Money = int64

// PartyKind is a kind of party as thresholds know it; the same words as in [Party].
type PartyKind string

// The kinds of party. Of one that is unknown the strictest threshold holds.
const (
	Person       PartyKind = "person"       // 公民
	Organisation PartyKind = "organisation" // 法人或者其他组织
	UnknownParty PartyKind = "unknown"      // 未查明
)

// Measure is a part of a decision or of the law's answer (处理项目).
type Measure string

// The measures that the catalogue knows.
const (
	MeasureFine     Measure = "fine"              // 罚款
	MeasureGains    Measure = "confiscate.gains"  // 没收违法所得
	MeasureSand     Measure = "confiscate.sand"   // 没收砂石
	MeasureVessel   Measure = "confiscate.vessel" // 没收船舶
	MeasureTools    Measure = "confiscate.tools"  // 没收设备、工具
	MeasureRevoke   Measure = "revoke"            // 吊销许可证
	MeasureWarning  Measure = "warning"           // 警告
	MeasureStop     Measure = "stop"              // 责令停止违法行为
	MeasureCorrect  Measure = "correct"           // 责令改正、采取补救措施
	MeasureDemolish Measure = "demolish"          // 责令限期拆除
	MeasureRestore  Measure = "restore"           // 责令恢复原状
	MeasureClear    Measure = "clear"             // 责令清除障碍
	MeasureRelocate Measure = "relocate"          // 责令驶往指定地点
)

// Item is a measure that an article demands or allows.
type Item struct {
	Measure   Measure `json:"measure"`
	Mandatory bool    `json:"mandatory"` // the law says it is done; else it may be
	When      string  `json:"when,omitempty"`
	Article   string  `json:"article"`
}

// PenaltyInput is what a range is computed from.
type PenaltyInput struct {
	Article     string    `json:"article,omitempty"` // of the penalty, where a cause can be punished by several; empty for the first
	SandValue   Money     `json:"sandValue"`         // 货值金额 V
	VolumeM3    int64     `json:"volumeM3"`          // of spoil (H13)
	Party       PartyKind `json:"party"`
	ConductOn   Date      `json:"conductOn"` // the day of the conduct, of continuing conduct its last
	DecidedOn   Date      `json:"decidedOn"`
	Serious     bool      `json:"serious"`     // 情节严重
	Uncorrected bool      `json:"uncorrected"` // ordered to correct and did not by the day set
	PermitHeld  bool      `json:"permitHeld"`  // holds a permit that could be revoked
}

// Range is what the law allows for a violation (处罚幅度).
type Range struct {
	Violation       string `json:"violation"` // code
	Min             Money  `json:"min"`
	Max             Money  `json:"max"`
	Optional        bool   `json:"optional"` // 可以并处: a fine need not be imposed
	Article         string `json:"article"`  // that punishes
	Prohibition     string `json:"prohibition"`
	ConfiscateSand  bool   `json:"confiscateSand"`
	ConfiscateGains bool   `json:"confiscateGains"`
	ConfiscateTools bool   `json:"confiscateTools"`
	// ConfiscateVessel is true where the text demands it in this case.
	ConfiscateVessel bool   `json:"confiscateVessel"`
	RevokePermit     bool   `json:"revokePermit"`
	Items            []Item `json:"items"`   // all measures with their articles, the fine among them
	Explain          string `json:"explain"` // in Chinese: how the range comes about
}

// PenaltyRange computes what this text allows. It refuses where the text needs a figure that is missing ("penalty.value_needed"),
// where the case is another organ's ("penalty.refer") and where no penalty is known ("penalty.no_range").
func (v Violation) PenaltyRange(in PenaltyInput) (Range, error) { return Range{}, nil }

// Check refuses a fine outside the range, with the range in the message ("penalty.outside_range"). Below the minimum it is lawful
// only with a ground for mitigation (减轻处罚, 《行政处罚法》第三十条、第三十二条), which the caller names.
func (r Range) Check(fine Money, mitigation string) error { return nil }

// Texts are the texts of one cause that could apply (《行政处罚法》第三十七条).
type Texts struct {
	Old Violation  `json:"old"`           // in force on the day of the conduct
	New *Violation `json:"new,omitempty"` // in force on the day of the decision, where it is another
	// Repealed: no text of the cause was in force any more when the decision was made.
	Repealed bool `json:"repealed"`
}

// Choice is the text that applies, with the reason; it is stored with the decision and never resolved again.
type Choice struct {
	Violation Violation `json:"violation"`
	Range     Range     `json:"range"`
	Reason    string    `json:"reason"` // in Chinese
	Article   string    `json:"article"`
}

// ApplicableTexts finds the texts of a cause for conduct that ended on one day and a decision on another. The code may be that of
// any version. It refuses a cause that no text punished on the day of the conduct ("penalty.no_text").
func ApplicableTexts(code string, conductEnd, decidedOn Date) (Texts, error) { return Texts{}, nil }

// Choose applies the old text unless the new is lighter.
func (t Texts) Choose(in PenaltyInput) (Choice, error) { return Choice{}, nil }

// Surcharge is the addition to a fine that is paid late (加处罚款): 3 % of the fine for each day overdue, at most the fine
// (《行政处罚法》第七十二条第一款第一项). Days on which it stood still (第七十三条) are not counted by the caller; see [OverdueDays]. A broken fen
// falls away, in favour of the party.
func Surcharge(fine Money, daysOverdue int) Money { return 0 }

// OverdueDays counts the days for which a surcharge is due: from the day after the last day of payment, up to and with today or
// the day of payment, less the days of review and suit (《行政处罚法》第七十三条第三款).
func OverdueDays(lastDay, until Date, pauses []Span) int { return 0 }

// Proposal is a penalty about to be imposed on one party, as thresholds see it.
type Proposal struct {
	Party    PartyKind `json:"party"`
	Fine     Money     `json:"fine"`
	Gains    Money     `json:"gains"` // 没收违法所得
	Goods    Money     `json:"goods"` // value of confiscated goods (没收非法财物)
	Revoke   bool      `json:"revoke"`
	Shutdown bool      `json:"shutdown"` // 责令停产停业、责令关闭、限制从业
	Complex  bool      `json:"complex"`  // 情节复杂, or several legal relations
	Public   bool      `json:"public"`   // 涉及重大公共利益
}

// Demand is the answer to whether the law demands a step, with the reason in Chinese.
type Demand struct {
	Required bool   `json:"required"`
	Article  string `json:"article"`
	Reason   string `json:"reason"`
}

// HearingRequired says whether the party has a right to a hearing (《行政处罚法》第六十三条). A fine at the threshold is at it: where the
// texts differ whether the figure itself is included, the party gets the right.
func HearingRequired(s Settings, on Date, p Proposal) Demand { return Demand{} }

// DiscussionRequired says whether the heads must discuss the penalty together (集体讨论, 《行政处罚法》第五十七条第二款).
func DiscussionRequired(s Settings, on Date, p Proposal) Demand { return Demand{} }

// ReviewRequired says whether the decision needs a legal review first (法制审核, 《行政处罚法》第五十八条); heard says that a hearing was held.
func ReviewRequired(s Settings, on Date, p Proposal, heard bool) Demand { return Demand{} }

// SummaryAllowed says whether a penalty on the spot is allowed (当场处罚, 《行政处罚法》第五十一条); Required false means it is not.
func SummaryAllowed(s Settings, on Date, p Proposal) Demand { return Demand{} }

// MiningFacts are what the crime of illegal mining is judged by (《刑法》第三百四十三条; 法释〔2016〕25号).
type MiningFacts struct {
	SandValue      Money `json:"sandValue"`      // of this act and of unpunished ones within two years (第八条)
	NoPermit       bool  `json:"noPermit"`       // none, cancelled, beyond area or beyond mineral (第二条)
	Closed         bool  `json:"closed"`         // in a no-mining area or season (禁采区、禁采期)
	PriorPenalties int   `json:"priorPenalties"` // administrative penalties for illegal mining within two years
	GraveEcology   bool  `json:"graveEcology"`   // 对生态环境造成严重损害
	FloodSafety    bool  `json:"floodSafety"`    // 严重影响河势稳定, 危害防洪安全 (第四条)
}

// CrimeSigns say whether a transfer to the police must be examined, and by which grounds.
type CrimeSigns struct {
	Suspected bool     `json:"suspected"`
	Grave     bool     `json:"grave"`   // 情节特别严重
	Grounds   []string `json:"grounds"` // in Chinese, each with its article
	Article   string   `json:"article"`
}

// CriminalThreshold compares the facts of sand mining with the lines of the crime (《行政处罚法》第二十七条; guard G11).
func CriminalThreshold(s Settings, on Date, f MiningFacts) CrimeSigns { return CrimeSigns{} }

// RoadKind is a way to enforce an obligation.
type RoadKind string

// The roads of enforcement.
const (
	RoadCourt      RoadKind = "court"      // 申请人民法院强制执行
	RoadSelf       RoadKind = "self"       // 行政机关自行强制执行
	RoadSubstitute RoadKind = "substitute" // 代履行
	RoadAuction    RoadKind = "auction"    // 拍卖已查封、扣押的财物抵缴罚款
	RoadCounsel    RoadKind = "counsel"    // 条文未明确, 须先经法制审核
	RoadNone       RoadKind = "none"       // 自决定生效即产生效果, 无须执行
)

// Obligation is a part of a decision that was not performed.
type Obligation struct {
	Measure Measure `json:"measure"`
	Article string  `json:"article"` // that the measure rests on
	Seized  bool    `json:"seized"`  // property of the party is sealed or seized in this case
}

// Road is how an obligation is enforced.
type Road struct {
	Kind    RoadKind   `json:"kind"`
	Also    []RoadKind `json:"also,omitempty"` // other roads that are open too
	Article string     `json:"article"`
	Reason  string     `json:"reason"`
}

// EnforcementRoad says who enforces (强制执行方式): a fine goes to the court, what 水法第六十五条 and 防洪法第五十七条 let the organ demolish it
// demolishes itself, and an application to the court would be wrong there.
func EnforcementRoad(o Obligation) Road { return Road{} }

// OneFine picks the text by which one act that breaks several is fined: the one with the higher fine (《行政处罚法》第二十九条; guard G7).
// It returns the place in the list, -1 of an empty one.
func OneFine(candidates []Range) int { return -1 }

// Harm is what decides the look-back period.
type Harm string

// The harms that make it longer.
const (
	NoHarm         Harm = ""           // 无
	LifeHarm       Harm = "life"       // 涉及公民生命健康安全且有危害后果
	EcologicalHarm Harm = "ecological" // 造成生态环境损害后果
)

// LookBack returns the years after which conduct that nobody discovered is no longer punished (追责时效), by the text in force on the
// day the conduct ended, with its article.
func LookBack(h Harm, conductEnd Date) (years int, article string) { return 0, "" }

// TimeBarred reports whether conduct that ended on one day was discovered too late on another (guard G13).
func TimeBarred(h Harm, conductEnd, discovered Date) (bool, string) { return false, "" }

// Yuan writes an amount in fen as yuan: 20万元, 21.96万元, 46940元, 0.50元.
func Yuan(m Money) string { return strconv.FormatInt(m/100, 10) + "元" }

package law

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
)

// How a parameter is known. Only the first was read; the others are general knowledge that a lawyer must confirm.
const (
	FromSource = "source" // 已查到出处
	High       = "high"   // 未查到出处，把握较大
	Medium     = "medium" // 未查到出处，把握一般
	Low        = "low"    // 未查到出处，须先核实
)

// Confidences lists the four, surest first.
func Confidences() []string { return []string{FromSource, High, Medium, Low} }

// Parameter is a figure that the law leaves to a lower rule, that changed, or that could not be read in its source (参数). The
// administrator sees it with how sure it is, and the organ sets it anew from a day on unless the law fixed it.
type Parameter struct {
	Code       string             `json:"code"`
	Name       string             `json:"name"`
	Unit       string             `json:"unit"`       // a [Unit], or fen, m2, m3, dayOfMonth, times, flag (0 or 1)
	Article    string             `json:"article"`    // that it fills in
	Confidence string             `json:"confidence"` // source, high, medium, low: of the version in force now
	Fixed      bool               `json:"fixed"`      // by the law itself: no organ may set it
	Versions   []ParameterVersion `json:"versions"`   // by From, ascending; the first is in force from the beginning
}

// ParameterVersion is the value of a parameter from a day on.
type ParameterVersion struct {
	From  Date   `json:"from"` // first day, empty for the beginning
	Value int64  `json:"value"`
	Note  string `json:"note"` // where it comes from, and what speaks against it
}

// parameterCodes is the order of the table.
func parameterCodes() []string {
	return []string{
		"filing.period", "decision.period", "decision.extension",
		"pause.suspension", "pause.hearing", "pause.announcement", "pause.appraisal",
		"hearing.fine.person", "hearing.fine.organisation", "hearing.confiscation.person", "hearing.confiscation.organisation",
		"discussion.fine.person", "discussion.fine.organisation",
		"review.public", "review.heard", "review.complex", "review.all",
		"defence.period", "announcement.period",
		"summary.fine.person", "summary.fine.organisation", "summary.report",
		"crime.value", "crime.value.closed", "crime.grave.times",
		"publication.period", "archive.period",
		"severity.area.major", "severity.area.moderate", "severity.volume.major", "report.cutoff",
	}
}

// parameter is the table of what must not stand in code as a number. A switch, so that the clocks of a rebuild look up in no list.
func parameter(code string) (p Parameter, ok bool) {
	const (
		wpm = "《水行政处罚实施办法》（水利部令第55号）"
		yes = 1
	)
	one := func(name, unit, article, confidence string, value int64, note string) (Parameter, bool) {
		return Parameter{code, name, unit, article, confidence, false, []ParameterVersion{{"", value, note}}}, true
	}
	fixed := func(name, unit, article, confidence string, versions ...ParameterVersion) (Parameter, bool) {
		return Parameter{code, name, unit, article, confidence, true, versions}, true
	}
	switch code {
	case "filing.period":
		return one("立案期限（自登记线索起）", string(Days), "《行政处罚法》第五十四条；"+wpm, Low, 15, "法律只要求及时立案；部门规章中的日数未读到原文，15日为推定，须核实。")
	case "decision.period":
		return one("办案期限（自立案起）", string(Days), "《行政处罚法》第六十条", FromSource, 90, "自2021年7月15日起的法定期限，规章另有规定的从其规定；此前立案的案件按此从严计算。")
	case "decision.extension":
		return one("办案期限一次可延长", string(Days), wpm, Low, 60, "规章规定了延期审批程序，延长日数未读到原文；再需延长的应当集体讨论决定。")
	case "pause.suspension":
		return one("中止调查期间不计入办案期限", "flag", wpm, Medium, yes, "同类部门规章的通例，未读到水利部规章原文。")
	case "pause.hearing":
		return one("听证期间不计入办案期限", "flag", wpm, Medium, yes, "同类部门规章的通例，未读到水利部规章原文。")
	case "pause.announcement":
		return one("公告期间不计入办案期限", "flag", wpm, Medium, yes, "同类部门规章的通例，未读到水利部规章原文。")
	case "pause.appraisal":
		return one("检测、检验、鉴定期间不计入办案期限", "flag", wpm, Medium, yes, "同类部门规章的通例，未读到水利部规章原文。")
	case "hearing.fine.person":
		return one("听证标准：对公民罚款", "fen", "《行政处罚法》第六十三条；江苏省行政处罚听证规则", FromSource, 500_00,
			"默认取最低：江苏省旧规则对非经营活动中的公民为500元（经营活动20000元），其效力未核实；水利部规章为10000元并以地方规定优先。请向无锡市司法局核实后设置。")
	case "hearing.fine.organisation":
		return one("听证标准：对单位罚款", "fen", "《行政处罚法》第六十三条；江苏省行政处罚听证规则", FromSource, 1_000_00,
			"默认取最低：江苏省旧规则对非经营活动中的单位为1000元（经营活动20000元），其效力未核实；水利部规章为80000元并以地方规定优先。请向无锡市司法局核实后设置。")
	case "hearing.confiscation.person":
		return one("听证标准：对公民没收的价值", "fen", "《行政处罚法》第六十三条", Medium, 500_00, "按罚款的标准推定，未读到专门规定。")
	case "hearing.confiscation.organisation":
		return one("听证标准：对单位没收的价值", "fen", "《行政处罚法》第六十三条", Medium, 1_000_00, "按罚款的标准推定，未读到专门规定。")
	case "discussion.fine.person":
		p, _ := one("集体讨论标准：对公民罚款", "fen", "《行政处罚法》第五十七条；"+wpm, FromSource, 3_000_00, "1997年水行政处罚实施办法。")
		p.Versions = append(p.Versions, ParameterVersion{"2023-05-01", 5_000_00, "水利部令第55号；“以上”还是“超过”未读到原文，达到标准即应讨论。"})
		return p, true
	case "discussion.fine.organisation":
		p, _ := one("集体讨论标准：对单位罚款", "fen", "《行政处罚法》第五十七条；"+wpm, FromSource, 30_000_00, "1997年水行政处罚实施办法。")
		p.Versions = append(p.Versions, ParameterVersion{"2023-05-01", 50_000_00, "水利部令第55号；“以上”还是“超过”未读到原文，达到标准即应讨论。"})
		return p, true
	case "review.public":
		return fixed("法制审核：涉及重大公共利益", "flag", "《行政处罚法》第五十八条第一款第一项", FromSource, ParameterVersion{"", yes, "法定情形。"})
	case "review.heard":
		return fixed("法制审核：直接关系重大权益并经过听证", "flag", "《行政处罚法》第五十八条第一款第二项", FromSource, ParameterVersion{"", yes, "法定情形。"})
	case "review.complex":
		return fixed("法制审核：疑难复杂、涉及多个法律关系", "flag", "《行政处罚法》第五十八条第一款第三项", FromSource, ParameterVersion{"", yes, "法定情形。"})
	case "review.all":
		return one("法制审核：所有普通程序案件", "flag", "《行政处罚法》第五十八条第一款第四项", Low, 0, "本地目录是否要求全部审核未查到；本机关要求的，设为1。")
	case "defence.period":
		return one("陈述、申辩期限（不听证的）", string(WorkingDays), "《行政处罚法》第四十五条、第六十二条", Medium, 3, "法律未定日数，实务为3至5日；告知书载明的期限不得更短。")
	case "announcement.period":
		return fixed("公告送达期限", string(Days), "《民事诉讼法》第九十五条；《行政处罚法》第六十一条", FromSource,
			ParameterVersion{"", 60, "2021年修改前的民事诉讼法。"}, ParameterVersion{"2022-01-01", 30, "2021年12月24日修改的民事诉讼法。"})
	case "summary.fine.person":
		return fixed("当场处罚上限：对公民罚款", "fen", "《行政处罚法》第五十一条", FromSource,
			ParameterVersion{"", 50_00, "2021年修订前的行政处罚法，未读到原文。"}, ParameterVersion{"2021-07-15", 200_00, "2021年修订的行政处罚法。"})
	case "summary.fine.organisation":
		return fixed("当场处罚上限：对单位罚款", "fen", "《行政处罚法》第五十一条", FromSource,
			ParameterVersion{"", 1_000_00, "2021年修订前的行政处罚法，未读到原文。"}, ParameterVersion{"2021-07-15", 3_000_00, "2021年修订的行政处罚法。"})
	case "summary.report":
		return one("当场处罚报所属机关备案", string(Days), "《行政处罚法》第五十二条；"+wpm, Medium, 5, "旧规则为5日（在水上的自抵岸起），现行规章可能沿用，按自然日从严计算。")
	case "crime.value":
		return one("非法采矿罪立案数额", "fen", "《刑法》第三百四十三条；法释〔2016〕25号第三条第一款第一项、第十五条", Medium, 100_000_00, "司法解释的幅度为10万元至30万元，江苏确定的数额未查到，取最低。")
	case "crime.value.closed":
		return one("非法采矿罪立案数额（禁采区、禁采期）", "fen", "《刑法》第三百四十三条；法释〔2016〕25号第三条第一款第二项、第十五条", Medium, 50_000_00,
			"司法解释的幅度为5万元至15万元，江苏确定的数额未查到，取最低；江苏境内长江全线禁采，一般适用此项。")
	case "crime.grave.times":
		return fixed("非法采矿罪情节特别严重的倍数", "times", "法释〔2016〕25号第三条第二款第一项", FromSource, ParameterVersion{"", 5, "达到立案数额五倍以上。"})
	case "publication.period":
		return one("行政处罚决定公示", string(WorkingDays), "《行政处罚法》第四十八条；国办发〔2018〕118号", FromSource, 7, "信用信息公示的实践；政府信息公开的一般期限为20个工作日。")
	case "archive.period":
		return one("结案后归档", string(Days), "《行政处罚法》第四十七条；"+wpm, Low, 30, "归档日数未读到原文，须核实。")
	case "severity.area.major":
		return one("四乱问题：面积达到即为重大", "m2", "河湖管理监督检查办法附录", FromSource, 5_000, "附录复制件中等级标记缺失，等级由面积大小推定；各类问题可能不同。")
	case "severity.area.moderate":
		return one("四乱问题：面积达到即为较严重", "m2", "河湖管理监督检查办法附录", FromSource, 1_000, "附录复制件中等级标记缺失，等级由面积大小推定；各类问题可能不同。")
	case "severity.volume.major":
		return one("四乱问题：挖砂取土方量达到即为重大", "m3", "河湖管理监督检查办法附录", FromSource, 500, "附录复制件中等级标记缺失，等级由方量大小推定。")
	case "report.cutoff":
		return one("统计报表截止日", "dayOfMonth", "统计报表制度（未查到文本）", FromSource, 25, "取自外省一县的月报表，本市的截止日须核实。")
	}
	return Parameter{}, false
}

// Parameters is the table as the program comes.
func Parameters() []Parameter {
	codes := parameterCodes()
	all := make([]Parameter, len(codes))
	for n, code := range codes {
		all[n], _ = parameter(code)
	}
	return all
}

// Settings are the parameters as an organ has them (设置): the table, and over it what the organ set from a day on. A value; the zero
// value is the table. [Settings.With] returns another.
type Settings struct{ set []setting }

type setting struct {
	code  string
	from  Date
	value int64
}

// DefaultSettings are the parameters as the program comes.
func DefaultSettings() Settings { return Settings{} }

// Value returns what a parameter was on a day: the version with the latest first day on or before it, the organ's where it set one
// for the same day as the table. So a new text of the law ends what an organ had set under the old one. A code that is not in the
// table is refused with "parameter.unknown".
func (s Settings) Value(code string, on Date) (int64, error) {
	p, ok := parameter(code)
	if !ok {
		return 0, unknownParameter(code)
	}
	return s.value(p, on), nil
}

func unknownParameter(code string) error {
	return domain.Refuse("parameter.unknown", "没有代码为“"+code+"”的参数，请从参数表中选择。")
}

func (s Settings) value(p Parameter, on Date) int64 {
	from, value := p.Versions[0].From, p.Versions[0].Value
	for _, v := range p.Versions[1:] {
		if v.From <= on {
			from, value = v.From, v.Value
		}
	}
	for _, o := range s.set { // by day
		if o.code == p.Code && o.from >= from && o.from <= on {
			from, value = o.from, o.value
		}
	}
	return value
}

// must is the value of a parameter of this package's own.
func (s Settings) must(code string, on Date) int64 {
	p, ok := parameter(code)
	if !ok {
		panic("law: no parameter " + code)
	}
	return s.value(p, on)
}

// With sets a parameter from a day on; what was set for the same day before is replaced. It refuses a code that is not in the table
// ("parameter.unknown"), one that the law itself has fixed ("parameter.fixed"), and a day or value that cannot be
// ("parameter.bad_value").
func (s Settings) With(code string, from Date, value int64) (Settings, error) {
	p, ok := parameter(code)
	if !ok {
		return s, unknownParameter(code)
	}
	if p.Fixed {
		return s, domain.RefuseByLaw("parameter.fixed", p.Article, "“"+p.Name+"”由法律直接规定，不能由机关设置。")
	}
	if reason := badValue(p, from, value); reason != "" {
		return s, domain.Refuse("parameter.bad_value", "“"+p.Name+"”不能这样设置："+reason)
	}
	set := slices.DeleteFunc(slices.Clone(s.set), func(o setting) bool { return o.code == code && o.from == from })
	set = append(set, setting{code, from, value})
	slices.SortStableFunc(set, func(a, b setting) int { return cmp.Compare(a.from, b.from) })
	return Settings{set}, nil
}

func badValue(p Parameter, from Date, value int64) string {
	const longest = 3650 // in any unit of time: ten years of days is no period of procedure
	switch {
	case !from.Valid():
		return "请填写生效日期，例如2026-03-02。"
	case value < 0:
		return "数值不能小于零。"
	case p.Unit == "flag" && value > 1:
		return "只能是0（否）或者1（是）。"
	case p.Unit == "dayOfMonth" && (value < 1 || value > 31):
		return "应为每月的1日至31日之一。"
	case (p.Unit == string(Days) || p.Unit == string(WorkingDays)) && value > longest:
		return "期限过长，请核对。"
	}
	return ""
}

// Version names the edition of the table and, where the organ has set something, how many values: "2026.2", "2026.2+3".
func (s Settings) Version() string {
	if len(s.set) == 0 {
		return Version
	}
	return Version + "+" + strconv.Itoa(len(s.set))
}

// The clocks of a case. Each is made from the day and the event that start it, with the length that the settings had on that day,
// and names its article. Pauses, extensions and the end are added with the methods of [Clock].

// filled is a clock whose length is a parameter.
func (s Settings) filled(code, name, parameterCode string, start Date, event uuid.UUID) Clock {
	p, ok := parameter(parameterCode)
	if !ok {
		panic("law: no parameter " + parameterCode)
	}
	return Clock{Code: code, Name: name, Article: p.Article, Unit: Unit(p.Unit), Length: int(s.value(p, start)), Start: start, StartEvent: event,
		EndsOnHolidayMoves: true}
}

// statutory is a clock whose length the law itself names.
func statutory(code, name, article string, unit Unit, length int, start Date, event uuid.UUID) Clock {
	return Clock{Code: code, Name: name, Article: article, Unit: unit, Length: length, Start: start, StartEvent: event, EndsOnHolidayMoves: true}
}

// FilingClock runs from the clue to the filing (立案期限).
func FilingClock(s Settings, clue Date, event uuid.UUID) Clock {
	return s.filled("filing", "立案期限", "filing.period", clue, event)
}

// DecisionClock runs from the filing to the decision (办案期限): 90 days, extended by up to [DecisionExtension], paused by the grounds
// of [PausesDecision].
func DecisionClock(s Settings, filed Date, event uuid.UUID) Clock {
	return s.filled("decision", "办案期限", "decision.period", filed, event)
}

// DecisionExtension is how many days one approved extension of the [DecisionClock] may add at most.
func DecisionExtension(s Settings, filed Date) int { return int(s.must("decision.extension", filed)) }

// Grounds that pause the [DecisionClock].
const (
	PauseSuspension   = "suspension"   // 中止调查
	PauseHearing      = "hearing"      // 听证
	PauseAnnouncement = "announcement" // 公告
	PauseAppraisal    = "appraisal"    // 检测、检验、鉴定
)

// PausesDecision reports whether a ground stops the decision clock on a day, by the parameter of that name; an unknown ground never.
func PausesDecision(s Settings, ground string, on Date) bool {
	p, ok := parameter("pause." + ground)
	return ok && s.value(p, on) == 1
}

// DefenceClock runs from the notice to the end of the time for statement and defence (陈述申辩期限).
func DefenceClock(s Settings, notified Date, event uuid.UUID) Clock {
	return s.filled("defence", "陈述申辩期限", "defence.period", notified, event)
}

// HearingRequestClock runs from the notice to the last day on which a hearing may be asked for (申请听证期限): 5 working days.
func HearingRequestClock(_ Settings, notified Date, event uuid.UUID) Clock {
	return statutory("hearing.request", "申请听证期限", "《行政处罚法》第六十四条第一项、第八十五条", WorkingDays, 5, notified, event)
}

// HearingNoticeClock runs from the notice of the hearing (听证通知期限): 7 working days must lie between, so the hearing may be held
// from the day after [Clock.Due] on.
func HearingNoticeClock(_ Settings, notice Date, event uuid.UUID) Clock {
	return statutory("hearing.notice", "听证通知期限", "《行政处罚法》第六十四条第二项、第八十五条", WorkingDays, 7, notice, event)
}

// ServiceClock runs from the decision to its service on a party who was not there (送达期限): 7 working days.
func ServiceClock(_ Settings, decided Date, event uuid.UUID) Clock {
	return statutory("service", "送达期限", "《行政处罚法》第六十一条、第八十五条", WorkingDays, 7, decided, event)
}

// AnnouncedServiceClock runs from the publication of an announcement (公告送达): the document counts as served on the day of
// [Clock.Due], and periods that start with the service are counted from the day after.
func AnnouncedServiceClock(s Settings, published Date, event uuid.UUID) Clock {
	return s.filled("announcement", "公告送达期限", "announcement.period", published, event)
}

// EvidencePreservationClock runs from the advance registration to its disposal (先行登记保存处理期限): 7 working days.
func EvidencePreservationClock(_ Settings, registered Date, event uuid.UUID) Clock {
	return statutory("preservation", "先行登记保存处理期限", "《行政处罚法》第五十六条、第八十五条", WorkingDays, 7, registered, event)
}

// SeizureClock runs from the sealing or seizure to its end (查封、扣押期限): 30 days, extended once by up to [SeizureExtension]; the time
// of an appraisal is a pause. It does not move past a holiday: what was seized is held no longer than the text says.
func SeizureClock(_ Settings, imposed Date, event uuid.UUID) Clock {
	c := statutory("seizure", "查封、扣押期限", "《行政强制法》第二十五条", Days, 30, imposed, event)
	c.EndsOnHolidayMoves = false
	return c
}

// SeizureExtension is how many days the one extension of a [SeizureClock] may add at most (《行政强制法》第二十五条).
func SeizureExtension(_ Settings, _ Date) int { return 30 }

// SeizureReportClock runs from a seizure on the spot to its belated approval (当场查封扣押补办批准): 24 hours.
func SeizureReportClock(_ Settings, imposed time.Time, event uuid.UUID) Clock {
	return hours("seizure.report", "当场查封、扣押补办批准期限", "《行政强制法》第十九条", 24, imposed, event)
}

func hours(code, name, article string, length int, start time.Time, event uuid.UUID) Clock {
	return Clock{Code: code, Name: name, Article: article, Unit: Hours, Length: length, Start: DateOf(start), StartAt: start.UTC(), StartEvent: event}
}

// PaymentClock runs from the receipt of the decision to the last day of payment (缴款期限): 15 days.
func PaymentClock(_ Settings, received Date, event uuid.UUID) Clock {
	return statutory("payment", "缴款期限", "《行政处罚法》第六十七条", Days, 15, received, event)
}

// UrgingClock runs from the service of the written reminder (催告书) until the court may be asked: 10 working days. The application may
// be made from the day after [Clock.Due] on.
func UrgingClock(_ Settings, served Date, event uuid.UUID) Clock {
	return statutory("urging", "催告期限", "《行政强制法》第五十四条、第六十九条", WorkingDays, 10, served, event)
}

// SubstituteUrgingClock runs from the reminder before substitute performance (代履行催告期限): 3 working days.
func SubstituteUrgingClock(_ Settings, served Date, event uuid.UUID) Clock {
	return statutory("urging.substitute", "代履行催告期限", "《行政强制法》第五十一条、第六十九条", WorkingDays, 3, served, event)
}

// ReviewClock is the time to ask for administrative review (申请行政复议期限): 60 days from service.
func ReviewClock(_ Settings, served Date, event uuid.UUID) Clock {
	return statutory("review", "申请行政复议期限", "《行政复议法》第二十条", Days, 60, served, event)
}

// ReviewAnswerClock is the time of the organ to answer a review with all evidence (行政复议答复期限): 10 working days.
func ReviewAnswerClock(_ Settings, received Date, event uuid.UUID) Clock {
	return statutory("review.answer", "行政复议答复期限", "《行政复议法》第四十八条、第八十八条", WorkingDays, 10, received, event)
}

// SuitClock is the time to sue (起诉期限): 6 months from service.
func SuitClock(_ Settings, served Date, event uuid.UUID) Clock {
	return statutory("suit", "提起行政诉讼期限", "《行政诉讼法》第四十六条", Months, 6, served, event)
}

// SuitAfterReviewClock is the time to sue against the decision of a review: 15 days from its receipt.
func SuitAfterReviewClock(_ Settings, received Date, event uuid.UUID) Clock {
	return statutory("suit.review", "不服复议决定提起诉讼期限", "《行政诉讼法》第四十五条", Days, 15, received, event)
}

// RemediesLapsed is the last day on which a decision served on a day can still be attacked, by review or by suit, if neither was
// begun: the window of [CourtEnforcementClock] opens after it (《行政强制法》第五十三条).
func RemediesLapsed(cal Calendar, served Date) (Date, error) {
	review, err := ReviewClock(Settings{}, served, uuid.UUID{}).Due(cal, served)
	if err != nil {
		return "", err
	}
	suit, err := SuitClock(Settings{}, served, uuid.UUID{}).Due(cal, served)
	return max(review, suit), err
}

// CourtEnforcementClock is the time to apply to the court (申请法院强制执行期限): 3 months from the day on which the remedies lapsed
// ([RemediesLapsed]), or from the end of a deferral or of the last instalment (《行政处罚法》第七十二条第二款).
func CourtEnforcementClock(_ Settings, lapsed Date, event uuid.UUID) Clock {
	return statutory("court", "申请法院强制执行期限", "《行政强制法》第五十三条；法释〔2018〕1号第一百五十六条", Months, 3, lapsed, event)
}

// PublicationClock runs from the decision to its publication (处罚决定公示期限).
func PublicationClock(s Settings, decided Date, event uuid.UUID) Clock {
	return s.filled("publication", "处罚决定公示期限", "publication.period", decided, event)
}

// PublicationRecallClock runs from the revision of a published decision to the withdrawal of the publication (公示撤回期限): 3 working days.
func PublicationRecallClock(_ Settings, revised Date, event uuid.UUID) Clock {
	return statutory("publication.recall", "公示撤回期限", "《行政处罚法》第四十八条第二款、第八十五条", WorkingDays, 3, revised, event)
}

// TransferDecisionClock runs from the report on a suspected crime to the decision of the head (移送审批期限): 3 days. The text has no
// rule on working days, so every day counts.
func TransferDecisionClock(_ Settings, reported Date, event uuid.UUID) Clock {
	c := statutory("transfer.decision", "移送审批期限", "《行政执法机关移送涉嫌犯罪案件的规定》第五条", Days, 3, reported, event)
	c.EndsOnHolidayMoves = false
	return c
}

// TransferDeliveryClock runs from the approval to the transfer to the police (移送公安机关期限): 24 hours.
func TransferDeliveryClock(_ Settings, approved time.Time, event uuid.UUID) Clock {
	return hours("transfer.delivery", "移送公安机关期限", "《行政执法机关移送涉嫌犯罪案件的规定》第五条", 24, approved, event)
}

// TransferGoodsClock runs from the notice that the police has filed to the handing over of goods and materials (涉案物品移交期限): 3 days.
func TransferGoodsClock(_ Settings, notified Date, event uuid.UUID) Clock {
	c := statutory("transfer.goods", "涉案物品移交期限", "《行政执法机关移送涉嫌犯罪案件的规定》第十二条", Days, 3, notified, event)
	c.EndsOnHolidayMoves = false
	return c
}

// TransferObjectionClock runs from the notice that the police does not file to the objection (对不予立案提请复议期限): 3 days.
func TransferObjectionClock(_ Settings, notified Date, event uuid.UUID) Clock {
	c := statutory("transfer.objection", "对不予立案提请复议期限", "《行政执法机关移送涉嫌犯罪案件的规定》第九条", Days, 3, notified, event)
	c.EndsOnHolidayMoves = false
	return c
}

// SummaryReportClock runs from a penalty on the spot, on water from landing, to its report to the own organ (当场处罚备案期限).
func SummaryReportClock(s Settings, decided Date, event uuid.UUID) Clock {
	return s.filled("summary.report", "当场处罚备案期限", "summary.report", decided, event)
}

// CashHandInClock runs from a fine collected on the spot, on water from landing, to its handing in (当场收缴罚款上缴期限): 2 working days.
// The organ has another 2 to pay it in.
func CashHandInClock(_ Settings, collected Date, event uuid.UUID) Clock {
	return statutory("cash", "当场收缴罚款上缴期限", "《行政处罚法》第七十一条、第八十五条", WorkingDays, 2, collected, event)
}

// ArchiveClock runs from closing to the archive (归档期限).
func ArchiveClock(s Settings, closed Date, event uuid.UUID) Clock {
	return s.filled("archive", "归档期限", "archive.period", closed, event)
}

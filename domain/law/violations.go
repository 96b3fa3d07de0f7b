package law

import "slices"

// Kind says what was found, in the vocabulary of the field (问题类型): sand mining on the river, or one of the four disorders
// of the shore (四乱, 办河湖〔2018〕245号).
type Kind string

// What can be found.
const (
	SandMining      Kind = "sand.mining"       // 非法采砂行为
	SandVessel      Kind = "sand.vessel"       // 采砂船（停泊、离泊、隐形采砂船）
	ShoreOccupied   Kind = "shoreline.occupy"  // 乱占
	ShoreExtraction Kind = "shoreline.extract" // 乱采
	ShoreDumping    Kind = "shoreline.dump"    // 乱堆
	ShoreBuilding   Kind = "shoreline.build"   // 乱建

	// WaterIntake is not found by patrols of rivers, so no form offers it: such a case comes from elsewhere, by its own road.
	WaterIntake Kind = "water.intake" // 取水
)

// Kinds lists every kind with its Chinese name, in the order of the forms.
func Kinds() []Named[Kind] {
	return []Named[Kind]{
		{SandMining, "非法采砂"}, {SandVessel, "采砂船"},
		{ShoreOccupied, "乱占"}, {ShoreExtraction, "乱采"}, {ShoreDumping, "乱堆"}, {ShoreBuilding, "乱建"},
	}
}

// Named is a code with its Chinese name.
type Named[T any] struct {
	Code T      `json:"code"`
	Name string `json:"name"`
}

// Regime is the body of law that governs a reach.
type Regime string

// The regimes of Wuxi's waters.
const (
	Yangtze Regime = "yangtze" // 长江干流: 《长江保护法》《长江河道采砂管理条例》
	Taihu   Regime = "taihu"   // 太湖、望虞河岸线: 《太湖流域管理条例》
	Inland  Regime = "inland"  // 其他河湖: 《水法》《防洪法》《河道管理条例》；长江流域岸线同受《长江保护法》第二十六条约束
)

// Regimes lists every regime with its Chinese name.
func Regimes() []Named[Regime] {
	return []Named[Regime]{{Yangtze, "长江干流"}, {Taihu, "太湖、望虞河"}, {Inland, "其他河湖"}}
}

// Violation is an entry of the catalogue of causes (案由): one text of one cause, with what it allows.
type Violation struct {
	Code    string   `json:"code"`
	Name    string   `json:"name"`
	Basis   string   `json:"basis"`   // provisions broken and provisions that punish
	Regimes []Regime `json:"regimes"` // where it can occur
	Kinds   []Kind   `json:"kinds"`   // what findings can lead to it
	From    Date     `json:"from"`    // first day of conduct this text applies to
	Until   Date     `json:"until"`   // last day, empty while in force

	Refer     string    `json:"refer,omitempty"`     // the organs that punish it, where it is not the water authority: refer, do not file
	Note      string    `json:"note,omitempty"`      // what could not be verified
	Penalties []Penalty `json:"penalties,omitempty"` // the bases it can be punished by; the first applies unless another is named
}

// Penalty is one basis: a prohibition with the article that punishes breaking it (处罚依据), and what that article says.
type Penalty struct {
	Prohibition string     `json:"prohibition"`
	Article     string     `json:"article"`
	Fines       []FineRule `json:"fines,omitempty"` // the first whose condition holds; none: no fine in this case
	Measures    []Item     `json:"measures,omitempty"`
	Note        string     `json:"note,omitempty"` // when another basis goes first
}

// FineRule is how much an article lets one fine. With Times it is a multiple of the value of the sand, once that reaches Floor; else
// the amounts stand.
type FineRule struct {
	When     When  `json:"when,omitempty"`
	MinTimes int64 `json:"minTimes,omitempty"` // of the sand value (货值金额)
	MaxTimes int64 `json:"maxTimes,omitempty"`
	Floor    Money `json:"floor,omitempty"` // sand value from which the multiples hold
	Min      Money `json:"min,omitempty"`   // fen; of a rule by volume fen a cubic metre
	Max      Money `json:"max,omitempty"`
	PerM3    bool  `json:"perM3,omitempty"`
	Local    bool  `json:"local,omitempty"`    // the article names no amount: it is found in a local rule
	Optional bool  `json:"optional,omitempty"` // 可以处, 可以并处
}

// When is a condition of an article.
type When string

// The conditions that the texts of the catalogue know.
const (
	Always         When = ""
	IfSerious      When = "serious"      // 情节严重
	IfUncorrected  When = "uncorrected"  // 逾期不拆除、不恢复、不改正
	IfRemediable   When = "remediable"   // 影响行洪但尚可采取补救措施
	IfSevere       When = "severe"       // 严重影响防洪
	IfPermit       When = "permit"       // 持有河道采砂许可证
	IfPerson       When = "person"       // 对个人
	IfOrganisation When = "organisation" // 对单位
)

// Measure is a part of a decision, or of what a text orders (处理项目).
type Measure string

// The measures of the catalogue.
const (
	MeasureFine     Measure = "fine"              // 罚款
	MeasureGains    Measure = "confiscate.gains"  // 没收违法所得
	MeasureSand     Measure = "confiscate.sand"   // 没收砂石
	MeasureVessel   Measure = "confiscate.vessel" // 没收船舶
	MeasureTools    Measure = "confiscate.tools"  // 没收作业设备、工具
	MeasureRevoke   Measure = "revoke"            // 吊销、收缴许可证
	MeasureWarning  Measure = "warning"           // 警告
	MeasureStop     Measure = "stop"              // 责令停止违法行为
	MeasureCorrect  Measure = "correct"           // 责令改正、补办手续、采取补救措施
	MeasureDemolish Measure = "demolish"          // 责令限期拆除
	MeasureRestore  Measure = "restore"           // 责令恢复原状
	MeasureClear    Measure = "clear"             // 责令清除障碍、清理
	MeasureRelocate Measure = "relocate"          // 责令停靠指定地点
)

// punishes is a measure that weighs when two texts are compared: an order to put things right is no penalty.
func (m Measure) punishes() bool {
	switch m {
	case MeasureGains, MeasureSand, MeasureVessel, MeasureTools, MeasureRevoke, MeasureWarning:
		return true
	}
	return false
}

// Item is a measure that an article orders or allows.
type Item struct {
	Measure   Measure `json:"measure"`
	Mandatory bool    `json:"mandatory"` // the text orders it; else it may be imposed
	When      When    `json:"when,omitempty"`
	Article   string  `json:"article"`
}

const (
	smr   = "《长江河道采砂管理条例》"
	smr01 = "《长江河道采砂管理条例》（2001年）"
	ypl   = "《长江保护法》"
	water = "《水法》"
	flood = "《防洪法》"
	river = "《河道管理条例》"
	taihu = "《太湖流域管理条例》"
)

// must are measures that an article orders.
func must(article string, measures ...Measure) []Item {
	items := make([]Item, len(measures))
	for n, m := range measures {
		items[n] = Item{Measure: m, Mandatory: true, Article: article}
	}
	return items
}

// on puts a condition on measures.
func on(when When, items []Item) []Item {
	for n := range items {
		items[n].When = when
	}
	return items
}

// may are measures that an article allows.
func may(article string, measures ...Measure) []Item {
	items := must(article, measures...)
	for n := range items {
		items[n].Mandatory = false
	}
	return items
}

func all(parts ...[]Item) []Item { return slices.Concat(parts...) }

const wan Money = 10_000_00 // 一万元

func between(low, high Money) []FineRule { return []FineRule{{Min: low, Max: high}} }

// byValue is the fine of 长江保护法 and of the regulation since 2023: 2 to 20 times the value of the sand, below 100,000 yuan of it 200,000
// to 2,000,000.
func byValue(when When) FineRule {
	return FineRule{When: when, MinTimes: 2, MaxTimes: 20, Floor: 10 * wan, Min: 20 * wan, Max: 200 * wan}
}

// violationCodes is the order of the catalogue: sand by cause and text, then the shore, then water.
func violationCodes() []string {
	return []string{
		"S01", "S01-2021", "S01-2002", "S02", "S02-2021", "S02-2002", "S03", "S03-2002", "S04", "S05", "S05-2002", "S06", "S06-2002", "S07", "S08", "S09",
		"H01", "H02", "H03", "H04", "H05", "H06", "H07", "H08", "H09", "H10", "H11", "H12", "H12B", "H13", "H14",
		"W01",
	}
}

// Violations is the catalogue. A cause whose text was amended stands once for each text: the law of the day of the conduct applies,
// unless the new one is lighter (《行政处罚法》第三十七条); [ApplicableTexts] chooses.
func Violations() []Violation {
	codes := violationCodes()
	list := make([]Violation, len(codes))
	for n, code := range codes {
		list[n], _ = ViolationByCode(code)
	}
	return list
}

// ViolationByCode looks a cause up; ok is false for a code not in the catalogue.
func ViolationByCode(code string) (v Violation, ok bool) {
	yangtze := []Regime{Yangtze}
	lake := []Regime{Taihu}
	waters := []Regime{Yangtze, Taihu, Inland}
	notYangtze := []Regime{Taihu, Inland}
	sand := []Kind{SandMining, SandVessel}
	vessels := []Measure{MeasureGains, MeasureVessel, MeasureTools}
	local := []FineRule{{Local: true, Optional: true}}

	protection := func(items ...[]Item) Penalty { // 长江保护法第九十一条
		const article = ypl + "第九十一条"
		return Penalty{Prohibition: ypl + "第二十八条", Article: article, Fines: []FineRule{byValue(Always)},
			Measures: all(must(article, MeasureStop), must(article, vessels...), on(IfPermit, must(article, MeasureRevoke)), all(items...))}
	}
	first2001 := func(items ...[]Item) Penalty { // the regulation of 2001, 第十八条
		const article = smr01 + "第十八条"
		return Penalty{Prohibition: smr01 + "第九条", Article: article, Fines: between(10*wan, 30*wan),
			Measures: all(must(article, MeasureStop, MeasureGains, MeasureTools), on(IfSerious, may(article, MeasureVessel)), all(items...))}
	}
	flood55 := func(paragraph, item string) Penalty {
		article := flood + "第五十五条第" + item + "项"
		return Penalty{Prohibition: flood + "第二十二条第" + paragraph + "款", Article: article, Fines: []FineRule{{Max: 5 * wan, Optional: true}},
			Measures: must(article, MeasureStop, MeasureClear)}
	}
	flood57 := Penalty{Prohibition: flood + "第二十七条", Article: flood + "第五十七条",
		Fines:    []FineRule{{When: IfRemediable, Min: wan, Max: 10 * wan, Optional: true}},
		Measures: all(must(flood+"第五十七条", MeasureStop, MeasureCorrect), on(IfSevere, must(flood+"第五十七条", MeasureDemolish)))}

	switch code {
	case "S01":
		return Violation{Code: "S01", Name: "未办理河道采砂许可证擅自在长江采砂", Basis: "《长江河道采砂管理条例》第九条、第十八条；《长江保护法》第二十八条、第九十一条",
			Regimes: yangtze, Kinds: sand, From: "2023-07-20", Penalties: []Penalty{
				{Prohibition: smr + "第九条", Article: smr + "第十八条", Fines: []FineRule{byValue(Always)},
					Measures: all(must(smr+"第十八条", MeasureStop, MeasureSand), must(smr+"第十八条", vessels...))},
				protection()}}, true
	case "S01-2021":
		return Violation{Code: "S01-2021", Name: "未办理河道采砂许可证擅自在长江采砂", Basis: "《长江河道采砂管理条例》（2001年）第九条、第十八条；《长江保护法》第二十八条、第九十一条",
			Regimes: yangtze, Kinds: sand, From: "2021-03-01", Until: "2023-07-19", Penalties: []Penalty{protection()},
			Note: "条例（2001年）第十八条的罚款低于《长江保护法》第九十一条，自2021年3月1日起适用法律。"}, true
	case "S01-2002":
		return Violation{Code: "S01-2002", Name: "未办理河道采砂许可证擅自在长江采砂", Basis: "《长江河道采砂管理条例》（2001年）第九条、第十八条",
			Regimes: yangtze, Kinds: sand, From: "2002-01-01", Until: "2021-02-28", Penalties: []Penalty{first2001()}}, true
	case "S02":
		return Violation{Code: "S02", Name: "在禁采区、禁采期从事采砂活动", Basis: "《长江保护法》第二十八条、第九十一条；《长江河道采砂管理条例》第十九条",
			Regimes: yangtze, Kinds: sand, From: "2023-07-20", Penalties: []Penalty{
				protection(must(smr+"第十九条", MeasureSand)),
				{Prohibition: smr + "第十二条", Article: smr + "第十九条", Fines: []FineRule{byValue(Always)}, Note: "持有河道采砂许可证的。",
					Measures: all(must(smr+"第十九条", MeasureStop, MeasureSand), must(smr+"第十九条", vessels...), must(smr+"第十九条", MeasureRevoke))}}}, true
	case "S02-2021":
		return Violation{Code: "S02-2021", Name: "在禁采区、禁采期从事采砂活动", Basis: "《长江保护法》第二十八条、第九十一条；《长江河道采砂管理条例》（2001年）第十八条",
			Regimes: yangtze, Kinds: sand, From: "2021-03-01", Until: "2023-07-19", Penalties: []Penalty{protection()}}, true
	case "S02-2002":
		return Violation{Code: "S02-2002", Name: "在禁采区、禁采期采砂", Basis: "《长江河道采砂管理条例》（2001年）第十八条；《江苏省人民政府关于长江江苏水域全面禁止采砂的通告》（苏政发〔2019〕49号）",
			Regimes: yangtze, Kinds: sand, From: "2002-01-01", Until: "2021-02-28",
			Penalties: []Penalty{first2001(on(IfPermit, must(smr01+"第十八条", MeasureRevoke)))}}, true
	case "S03":
		return Violation{Code: "S03", Name: "未按照河道采砂许可证规定的要求采砂", Basis: "《长江河道采砂管理条例》第十二条、第十九条",
			Regimes: yangtze, Kinds: sand, From: "2023-07-20", Penalties: []Penalty{
				{Prohibition: smr + "第十二条", Article: smr + "第十九条", Fines: []FineRule{byValue(IfSerious), {MinTimes: 1, MaxTimes: 2}},
					Measures: all(must(smr+"第十九条", MeasureStop, MeasureSand, MeasureGains), on(IfSerious, must(smr+"第十九条", MeasureVessel, MeasureTools, MeasureRevoke)))}}}, true
	case "S03-2002":
		return Violation{Code: "S03-2002", Name: "未按照河道采砂许可证规定的要求采砂", Basis: "《长江河道采砂管理条例》（2001年）第十二条、第十九条",
			Regimes: yangtze, Kinds: sand, From: "2002-01-01", Until: "2023-07-19", Penalties: []Penalty{
				{Prohibition: smr01 + "第十二条", Article: smr01 + "第十九条", Fines: between(5*wan, 10*wan), Measures: must(smr01+"第十九条", MeasureStop, MeasureGains, MeasureRevoke)}}}, true
	case "S04":
		return Violation{Code: "S04", Name: "运输、收购、销售未取得河道采砂许可证的单位、个人开采的长江砂石", Basis: "《长江河道采砂管理条例》第十七条、第二十条",
			Regimes: yangtze, Kinds: sand, From: "2023-07-20", Penalties: []Penalty{
				{Prohibition: smr + "第十七条", Article: smr + "第二十条", Fines: []FineRule{{When: IfSerious, Min: 20 * wan, Max: 200 * wan}, {Min: 2 * wan, Max: 20 * wan}},
					Measures: must(smr+"第二十条", MeasureStop, MeasureSand, MeasureGains)}}}, true
	case "S05":
		return Violation{Code: "S05", Name: "采砂船舶未在指定地点集中停放或者无正当理由擅自离开指定地点", Basis: "《长江河道采砂管理条例》第十六条、第二十一条",
			Regimes: yangtze, Kinds: sand, From: "2023-07-20", Penalties: []Penalty{
				{Prohibition: smr + "第十六条", Article: smr + "第二十一条", Fines: between(3*wan, 10*wan), Measures: must(smr+"第二十一条", MeasureRelocate)}}}, true
	case "S05-2002":
		return Violation{Code: "S05-2002", Name: "采砂船舶在禁采期内未在指定地点停放或者擅自离开指定地点", Basis: "《长江河道采砂管理条例》（2001年）第二十条",
			Regimes: yangtze, Kinds: sand, From: "2002-01-01", Until: "2023-07-19", Penalties: []Penalty{
				{Prohibition: smr01 + "第十六条", Article: smr01 + "第二十条", Fines: between(wan, 3*wan), Note: "只在禁采期内适用。"}}}, true
	case "S06":
		return Violation{Code: "S06", Name: "伪造、变造、转让、出租、出借河道采砂许可证", Basis: "《长江河道采砂管理条例》第十二条、第二十二条",
			Regimes: yangtze, Kinds: sand, From: "2023-07-20", Penalties: []Penalty{
				{Prohibition: smr + "第十二条", Article: smr + "第二十二条", Fines: between(5*wan, 50*wan), Measures: must(smr+"第二十二条", MeasureRevoke, MeasureGains)}}}, true
	case "S06-2002":
		return Violation{Code: "S06-2002", Name: "伪造、涂改、买卖、出租、出借或者以其他方式转让河道采砂许可证", Basis: "《长江河道采砂管理条例》（2001年）第十二条、第二十一条",
			Regimes: yangtze, Kinds: sand, From: "2002-01-01", Until: "2023-07-19", Penalties: []Penalty{
				{Prohibition: smr01 + "第十二条", Article: smr01 + "第二十一条", Fines: between(5*wan, 10*wan), Measures: must(smr01+"第二十一条", MeasureRevoke, MeasureGains)}}}, true
	case "S07":
		return Violation{Code: "S07", Name: "未经批准在河道管理范围内采砂、取土、弃置砂石淤泥", Basis: "《河道管理条例》第二十五条、第四十四条第四项",
			Regimes: notYangtze, Kinds: []Kind{SandMining, SandVessel, ShoreExtraction}, From: "1988-06-10", Penalties: []Penalty{
				{Prohibition: river + "第二十五条", Article: river + "第四十四条第四项", Fines: local,
					Measures: all(must(river+"第四十四条第四项", MeasureCorrect), may(river+"第四十四条第四项", MeasureWarning, MeasureGains))}},
			Note: "条例未定罚款数额，幅度见《江苏省河道管理条例》，未读到原文。"}, true
	case "S08":
		return Violation{Code: "S08", Name: "在长江航道内非法采砂影响通航安全", Basis: "《长江河道采砂管理条例》第二十三条", Regimes: yangtze, Kinds: sand, From: "2002-01-01",
			Refer: "长江航务管理局、长江海事机构"}, true
	case "S09":
		return Violation{Code: "S09", Name: "未持有合格的检验证书、登记证书的船舶擅自航行或者作业", Basis: "《内河交通安全管理条例》第六十四条", Regimes: waters,
			Kinds: []Kind{SandVessel}, From: "2002-08-01", Refer: "海事管理机构"}, true
	case "H01":
		return Violation{Code: "H01", Name: "在河道管理范围内建设妨碍行洪的建筑物、构筑物或者从事其他妨碍行洪的活动", Basis: "《水法》第三十七条第二款、第六十五条第一款；《防洪法》第二十二条第二款、第五十五条",
			Regimes: waters, Kinds: []Kind{ShoreBuilding, ShoreOccupied}, From: "2002-10-01", Penalties: []Penalty{
				{Prohibition: water + "第三十七条第二款", Article: water + "第六十五条第一款", Fines: []FineRule{{When: IfUncorrected, Min: wan, Max: 10 * wan}},
					Measures: must(water+"第六十五条第一款", MeasureStop, MeasureDemolish, MeasureRestore)},
				flood55("二", "一")}}, true
	case "H02":
		return Violation{Code: "H02", Name: "未经审查同意擅自修建水工程，或者建设桥梁、码头等涉河工程设施", Basis: "《水法》第三十八条、第六十五条第二款；《防洪法》第二十七条、第五十七条",
			Regimes: waters, Kinds: []Kind{ShoreBuilding}, From: "2002-10-01", Penalties: []Penalty{
				flood57,
				{Prohibition: water + "第三十八条", Article: water + "第六十五条第二款", Fines: []FineRule{{When: IfUncorrected, Min: wan, Max: 10 * wan}},
					Measures: all(must(water+"第六十五条第二款", MeasureStop, MeasureCorrect), must(water+"第六十五条第二款", MeasureDemolish)), Note: "防洪法未作规定的。"}}}, true
	case "H03":
		return Violation{Code: "H03", Name: "未按照审查批准的位置、界限或者要求建设涉河工程设施", Basis: "《水法》第六十五条第三款；《防洪法》第五十七条",
			Regimes: waters, Kinds: []Kind{ShoreBuilding}, From: "2002-10-01", Penalties: []Penalty{
				{Prohibition: water + "第三十八条", Article: water + "第六十五条第三款", Fines: between(wan, 10*wan), Measures: must(water+"第六十五条第三款", MeasureCorrect)},
				flood57}}, true
	case "H04":
		return Violation{Code: "H04", Name: "弃置、堆放阻碍行洪的物体，种植阻碍行洪的林木及高秆作物", Basis: "《水法》第三十七条第一款、第六十六条第一项；《防洪法》第五十五条",
			Regimes: waters, Kinds: []Kind{ShoreDumping, ShoreOccupied}, From: "2002-10-01", Penalties: []Penalty{
				{Prohibition: water + "第三十七条第一款", Article: water + "第六十六条第一项", Fines: between(wan, 5*wan), Measures: must(water+"第六十六条第一项", MeasureStop, MeasureClear),
					Note: "防洪法未作规定的；在行洪河道内种植的，适用《防洪法》第五十五条。"},
				flood55("二", "二"), flood55("三", "三")}}, true
	case "H05":
		return Violation{Code: "H05", Name: "围湖造地或者未经批准围垦河道", Basis: "《水法》第四十条、第六十六条第二项；《防洪法》第二十三条、第五十六条",
			Regimes: waters, Kinds: []Kind{ShoreOccupied}, From: "2002-10-01", Penalties: []Penalty{
				{Prohibition: flood + "第二十三条", Article: flood + "第五十六条", Fines: []FineRule{{Max: 5 * wan, Optional: true}},
					Measures: must(flood+"第五十六条", MeasureStop, MeasureRestore)},
				{Prohibition: water + "第四十条", Article: water + "第六十六条第二项", Fines: between(wan, 5*wan), Measures: must(water+"第六十六条第二项", MeasureStop, MeasureClear),
					Note: "防洪法未作规定的；在太湖岸线内围湖造地的，由《太湖流域管理条例》第六十七条第二款指引适用。"}}}, true
	case "H06":
		return Violation{Code: "H06", Name: "向河道、湖泊倾倒垃圾、渣土", Basis: "《防洪法》第二十二条第二款、第五十五条第二项",
			Regimes: waters, Kinds: []Kind{ShoreDumping}, From: "1998-01-01", Penalties: []Penalty{flood55("二", "二")}}, true
	case "H07":
		return Violation{Code: "H07", Name: "侵占、毁坏水工程及堤防、护岸等有关设施", Basis: "《水法》第四十一条、第七十二条第一项；《防洪法》第六十条",
			Regimes: waters, Kinds: []Kind{ShoreOccupied, ShoreExtraction, ShoreBuilding}, From: "2002-10-01", Penalties: []Penalty{
				{Prohibition: water + "第四十一条", Article: flood + "第六十条", Fines: []FineRule{{Max: 5 * wan, Optional: true}}, Measures: must(flood+"第六十条", MeasureStop, MeasureCorrect)},
				{Prohibition: water + "第四十一条", Article: water + "第七十二条第一项", Fines: between(wan, 5*wan), Measures: must(water+"第七十二条第一项", MeasureStop, MeasureCorrect),
					Note: "防洪法未作规定的，即堤防、水闸、护岸、抽水站、排水渠系以外的水工程。"}}}, true
	case "H08":
		return Violation{Code: "H08", Name: "非法侵占长江流域河湖水域，违法利用、占用河湖岸线", Basis: "《长江保护法》第二十六条、第八十七条",
			Regimes: waters, Kinds: []Kind{ShoreOccupied, ShoreBuilding, ShoreDumping}, From: "2021-03-01", Penalties: []Penalty{
				{Prohibition: ypl + "第二十六条", Article: ypl + "第八十七条", Fines: between(5*wan, 50*wan), Measures: must(ypl+"第八十七条", MeasureStop, MeasureDemolish, MeasureRestore, MeasureGains)}},
			Note: "2026年8月15日起，《生态环境法典》第一千二百一十四条仍指引适用本条。"}, true
	case "H09":
		return Violation{Code: "H09", Name: "在太湖、望虞河等岸线内从事不符合岸线利用管理规划的建设", Basis: "《太湖流域管理条例》第四十三条、第六十六条",
			Regimes: lake, Kinds: []Kind{ShoreBuilding}, From: "2011-11-01", Penalties: []Penalty{
				{Prohibition: taihu + "第四十三条", Article: taihu + "第六十六条", Fines: between(10*wan, 30*wan), Measures: must(taihu+"第六十六条", MeasureCorrect)}}}, true
	case "H10":
		return Violation{Code: "H10", Name: "擅自占用太湖、望虞河岸线水域滩地，圈圩、加高圩堤、垫高土地", Basis: "《太湖流域管理条例》第四十四条、第四十六条、第六十七条",
			Regimes: lake, Kinds: []Kind{ShoreOccupied}, From: "2011-11-01", Penalties: []Penalty{taihu67("第四十四条", "一"), taihu67("第四十六条", "二")}}, true
	case "H11":
		return Violation{Code: "H11", Name: "在堤防和护堤地建房、打井、葬坟、存放物料", Basis: "《河道管理条例》第二十四条、第四十四条第二项",
			Regimes: waters, Kinds: []Kind{ShoreOccupied, ShoreBuilding, ShoreDumping, ShoreExtraction}, From: "1988-06-10", Penalties: []Penalty{
				{Prohibition: river + "第二十四条第二款", Article: river + "第四十四条第二项", Fines: local,
					Measures: all(must(river+"第四十四条第二项", MeasureCorrect), may(river+"第四十四条第二项", MeasureWarning, MeasureGains))}},
			Note: "条例未定罚款数额，幅度见《江苏省河道管理条例》，未读到原文。"}, true
	case "H12":
		return Violation{Code: "H12", Name: "建设项目占用水域影响防洪排涝", Basis: "《江苏省建设项目占用水域管理办法》第八条、第二十三条", Regimes: waters, Kinds: []Kind{ShoreOccupied, ShoreBuilding}, From: "2013-03-01",
			Penalties: []Penalty{occupied(10)}, Note: "幅度取自省水行政处罚裁量文件（2015年）；《江苏省水域保护办法》（省政府令第135号）自2020年8月1日起施行，可能已取代本办法，适用前须核实。"}, true
	case "H12B":
		return Violation{Code: "H12B", Name: "占用水域从事影响行水、蓄水能力的活动", Basis: "《江苏省建设项目占用水域管理办法》第八条、第二十三条", Regimes: waters, Kinds: []Kind{ShoreOccupied, ShoreDumping}, From: "2013-03-01",
			Penalties: []Penalty{occupied(5)}, Note: "幅度取自省水行政处罚裁量文件（2015年）；《江苏省水域保护办法》（省政府令第135号）自2020年8月1日起施行，可能已取代本办法，适用前须核实。"}, true
	case "H13":
		return Violation{Code: "H13", Name: "在水土保持方案确定的专门存放地以外倾倒砂、石、土、渣", Basis: "《水土保持法》第二十八条、第五十五条", Regimes: waters, Kinds: []Kind{ShoreDumping}, From: "2011-03-01",
			Penalties: []Penalty{{Prohibition: "《水土保持法》第二十八条", Article: "《水土保持法》第五十五条", Fines: []FineRule{{Min: 10_00, Max: 20_00, PerM3: true}},
				Measures: must("《水土保持法》第五十五条", MeasureStop, MeasureClear)}}}, true
	case "H14":
		return Violation{Code: "H14", Name: "在长江干支流岸线一公里内新建、扩建化工园区和化工项目，或者违法建设尾矿库", Basis: "《长江保护法》第二十六条、第八十八条", Regimes: waters, Kinds: []Kind{ShoreBuilding},
			From: "2021-03-01", Refer: "生态环境、自然资源主管部门"}, true
	case "W01":
		const article = water + "第六十九条"
		return Violation{Code: "W01", Name: "未经批准擅自取水，或者未依照批准的取水许可规定条件取水", Basis: "《水法》第四十八条、第六十九条", Regimes: waters, Kinds: []Kind{WaterIntake},
			From: "2002-10-01", Penalties: []Penalty{{Prohibition: water + "第四十八条", Article: article, Fines: between(2*wan, 10*wan),
				Measures: all(must(article, MeasureStop, MeasureCorrect), on(IfSerious, must(article, MeasureRevoke)))}},
			Note: "幅度见于公开的处罚案例；情节严重吊销取水许可证一项未读到原文，须核实。"}, true
	}
	return Violation{}, false
}

func taihu67(prohibition, item string) Penalty {
	article := taihu + "第六十七条第一款第" + item + "项"
	return Penalty{Prohibition: taihu + prohibition, Article: article, Measures: must(article, MeasureCorrect),
		Fines: []FineRule{{When: IfOrganisation, Min: 5 * wan, Max: 10 * wan}, {When: IfPerson, Min: wan, Max: 3 * wan}}}
}

func occupied(high Money) Penalty {
	const article = "《江苏省建设项目占用水域管理办法》第二十三条"
	return Penalty{Prohibition: "《江苏省建设项目占用水域管理办法》第八条", Article: article, Fines: between(wan, high*wan), Measures: must(article, MeasureCorrect)}
}

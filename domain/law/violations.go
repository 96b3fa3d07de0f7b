package law

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

// Violation is an entry of the catalogue of causes (案由).
type Violation struct {
	Code    string   `json:"code"`
	Name    string   `json:"name"`
	Basis   string   `json:"basis"`   // provisions broken and provisions that punish
	Regimes []Regime `json:"regimes"` // where it can occur
	Kinds   []Kind   `json:"kinds"`   // what findings can lead to it
	From    Date     `json:"from"`    // first day of conduct this text applies to
	Until   Date     `json:"until"`   // last day, empty while in force
}

// Violations is the catalogue. A cause whose text was amended stands once for each text: the law of the day of the conduct
// applies (《行政处罚法》第三十七条).
func Violations() []Violation {
	river := []Regime{Yangtze}
	lake := []Regime{Taihu}
	waters := []Regime{Yangtze, Taihu, Inland}
	notYangtze := []Regime{Taihu, Inland}
	sand := []Kind{SandMining, SandVessel}
	return []Violation{
		{"S01", "未办理河道采砂许可证擅自在长江采砂", "《长江河道采砂管理条例》第九条、第十八条；《长江保护法》第二十八条、第九十一条", river, sand, "2023-07-20", ""},
		{"S01-2021", "未办理河道采砂许可证擅自在长江采砂", "《长江河道采砂管理条例》（2001年）第九条、第十八条；《长江保护法》第二十八条、第九十一条", river, sand, "2021-03-01", "2023-07-19"},
		{"S01-2002", "未办理河道采砂许可证擅自在长江采砂", "《长江河道采砂管理条例》（2001年）第九条、第十八条", river, sand, "2002-01-01", "2021-02-28"},
		{"S02", "在禁采区、禁采期从事采砂活动", "《长江保护法》第二十八条、第九十一条；《长江河道采砂管理条例》第十九条", river, sand, "2023-07-20", ""},
		{"S02-2021", "在禁采区、禁采期从事采砂活动", "《长江保护法》第二十八条、第九十一条；《长江河道采砂管理条例》（2001年）第十八条", river, sand, "2021-03-01", "2023-07-19"},
		{"S02-2002", "在禁采区、禁采期采砂", "《长江河道采砂管理条例》（2001年）第十八条；《江苏省人民政府关于长江江苏水域全面禁止采砂的通告》（苏政发〔2019〕49号）", river, sand, "2002-01-01", "2021-02-28"},
		{"S03", "未按照河道采砂许可证规定的要求采砂", "《长江河道采砂管理条例》第十二条、第十九条", river, sand, "2023-07-20", ""},
		{"S04", "运输、收购、销售未取得河道采砂许可证的单位、个人开采的长江砂石", "《长江河道采砂管理条例》第十七条、第二十条", river, sand, "2023-07-20", ""},
		{"S05", "采砂船舶未在指定地点集中停放或者无正当理由擅自离开指定地点", "《长江河道采砂管理条例》第十六条、第二十一条", river, sand, "2023-07-20", ""},
		{"S05-2002", "采砂船舶在禁采期内未在指定地点停放或者擅自离开指定地点", "《长江河道采砂管理条例》（2001年）第二十条", river, sand, "2002-01-01", "2023-07-19"},
		{"S06", "伪造、变造、转让、出租、出借河道采砂许可证", "《长江河道采砂管理条例》第十二条、第二十二条", river, sand, "2023-07-20", ""},
		{"S07", "未经批准在河道管理范围内采砂、取土、弃置砂石淤泥", "《河道管理条例》第二十五条、第四十四条第四项", notYangtze, []Kind{SandMining, SandVessel, ShoreExtraction}, "1988-06-10", ""},
		{"H01", "在河道管理范围内建设妨碍行洪的建筑物、构筑物或者从事其他妨碍行洪的活动", "《水法》第三十七条第二款、第六十五条第一款；《防洪法》第二十二条第二款、第五十五条", waters, []Kind{ShoreBuilding, ShoreOccupied}, "2002-10-01", ""},
		{"H02", "未经审查同意擅自修建水工程，或者建设桥梁、码头等涉河工程设施", "《水法》第三十八条、第六十五条第二款；《防洪法》第二十七条、第五十七条", waters, []Kind{ShoreBuilding}, "2002-10-01", ""},
		{"H03", "未按照审查批准的位置、界限或者要求建设涉河工程设施", "《水法》第六十五条第三款；《防洪法》第五十七条", waters, []Kind{ShoreBuilding}, "2002-10-01", ""},
		{"H04", "弃置、堆放阻碍行洪的物体，种植阻碍行洪的林木及高秆作物", "《水法》第三十七条第一款、第六十六条第一项；《防洪法》第五十五条", waters, []Kind{ShoreDumping, ShoreOccupied}, "2002-10-01", ""},
		{"H05", "围湖造地或者未经批准围垦河道", "《水法》第四十条、第六十六条第二项；《防洪法》第二十三条、第五十六条", waters, []Kind{ShoreOccupied}, "2002-10-01", ""},
		{"H06", "向河道、湖泊倾倒垃圾、渣土", "《防洪法》第二十二条第二款、第五十五条第二项", waters, []Kind{ShoreDumping}, "1998-01-01", ""},
		{"H07", "侵占、毁坏水工程及堤防、护岸等有关设施", "《水法》第四十一条、第七十二条第一项；《防洪法》第六十条", waters, []Kind{ShoreOccupied, ShoreExtraction, ShoreBuilding}, "2002-10-01", ""},
		{"H08", "非法侵占长江流域河湖水域，违法利用、占用河湖岸线", "《长江保护法》第二十六条、第八十七条", waters, []Kind{ShoreOccupied, ShoreBuilding, ShoreDumping}, "2021-03-01", ""},
		{"H09", "在太湖、望虞河等岸线内从事不符合岸线利用管理规划的建设", "《太湖流域管理条例》第四十三条、第六十六条", lake, []Kind{ShoreBuilding}, "2011-11-01", ""},
		{"H10", "擅自占用太湖、望虞河岸线水域滩地，圈圩、加高圩堤、垫高土地", "《太湖流域管理条例》第四十四条、第四十六条、第六十七条", lake, []Kind{ShoreOccupied}, "2011-11-01", ""},
		{"H11", "在堤防和护堤地建房、打井、葬坟、存放物料", "《河道管理条例》第二十四条、第四十四条第二项", waters, []Kind{ShoreOccupied, ShoreBuilding, ShoreDumping, ShoreExtraction}, "1988-06-10", ""},
	}
}

// ViolationByCode looks a cause up; ok is false for a code not in the catalogue.
func ViolationByCode(code string) (v Violation, ok bool) {
	for _, v := range Violations() {
		if v.Code == code {
			return v, true
		}
	}
	return Violation{}, false
}

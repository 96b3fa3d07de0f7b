package main

import (
	"shuizheng/domain/law"
)

// The world of the sample data: Wuxi's eight units with their real names, codes and waters. Points are schematic, people,
// vessels and events are invented.

type demoDistrict struct {
	code, prefix, name string
	organ, docCode     string
	reaches            []demoReach
	busy               int // patrols a fortnight
	towns              []string
}

type demoReach struct {
	name, water string
	regime      law.Regime
	lengthM     int64
	lat, lon    int64 // micro-degrees
}

func demoDistricts() []demoDistrict {
	return []demoDistrict{
		{"320281", "jy", "江阴市", "江阴市水利局", "澄水", []demoReach{
			{"长江江阴段", "长江", law.Yangtze, 35700, 31945000, 120270000},
			{"长江利港段", "长江", law.Yangtze, 8200, 31952000, 120095000},
			{"锡澄运河江阴段", "锡澄运河", law.Inland, 23600, 31850000, 120262000},
			{"新沟河江阴段", "新沟河", law.Inland, 11200, 31870000, 120120000}}, 9, []string{"利港街道", "申港街道", "夏港街道", "澄江街道", "璜土镇"}},
		{"320282", "yx", "宜兴市", "宜兴市水利局", "宜水", []demoReach{
			{"太湖宜兴岸线", "太湖", law.Taihu, 48000, 31300000, 119960000},
			{"西氿", "西氿", law.Inland, 9800, 31375000, 119790000},
			{"漕桥河宜兴段", "漕桥河", law.Inland, 12100, 31500000, 119960000},
			{"大浦港", "大浦港", law.Inland, 7600, 31320000, 119900000}}, 6, []string{"周铁镇", "丁蜀镇", "新庄街道", "和桥镇"}},
		{"320213", "lx", "梁溪区", "梁溪区水利局", "梁水", []demoReach{
			{"京杭运河梁溪段", "京杭运河", law.Inland, 9100, 31565000, 120295000},
			{"梁溪河梁溪段", "梁溪河", law.Inland, 4300, 31560000, 120275000}}, 4, []string{"北大街街道", "金匮街道", "扬名街道"}},
		{"320205", "xs", "锡山区", "锡山区水利局", "锡山水", []demoReach{
			{"望虞河锡山段", "望虞河", law.Taihu, 15800, 31560000, 120560000},
			{"锡北运河锡山段", "锡北运河", law.Inland, 20400, 31650000, 120440000}}, 5, []string{"鹅湖镇", "羊尖镇", "东港镇", "锡北镇"}},
		{"320206", "hs", "惠山区", "惠山区水利局", "惠水", []demoReach{
			{"京杭运河惠山段", "京杭运河", law.Inland, 10900, 31640000, 120200000},
			{"直湖港惠山段", "直湖港", law.Inland, 13200, 31600000, 120150000},
			{"锡澄运河惠山段", "锡澄运河", law.Inland, 8700, 31700000, 120270000}}, 5, []string{"洛社镇", "玉祁街道", "前洲街道", "阳山镇"}},
		{"320211", "bh", "滨湖区", "滨湖区水利局", "滨水", []demoReach{
			{"太湖滨湖岸线", "太湖", law.Taihu, 62000, 31470000, 120200000},
			{"蠡湖", "蠡湖", law.Inland, 21000, 31520000, 120240000},
			{"直湖港滨湖段", "直湖港", law.Inland, 6400, 31530000, 120130000}}, 6, []string{"马山街道", "胡埭镇", "雪浪街道", "蠡湖街道"}},
		{"320214", "xw", "新吴区", "新吴区水利局", "新水", []demoReach{
			{"京杭运河新吴段", "京杭运河", law.Inland, 10200, 31490000, 120370000},
			{"望虞河新吴段", "望虞河", law.Taihu, 7300, 31480000, 120480000},
			{"溪方湾浜", "溪方湾浜", law.Inland, 1200, 31510000, 120400000}}, 4, []string{"硕放街道", "鸿山街道", "梅村街道"}},
		{"3202JK", "jk", "经开区", "经开区水利主管部门", "经开水", []demoReach{
			{"京杭运河经开段", "京杭运河", law.Inland, 5200, 31510000, 120330000},
			{"太湖经开岸线", "太湖", law.Taihu, 7900, 31440000, 120300000}}, 3, []string{"太湖街道", "华庄街道"}},
	}
}

// demoName is an invented person's name.
func demoName(n int) string {
	surnames := []string{"陆", "顾", "钱", "华", "薛", "过", "尤", "邹", "秦", "浦", "倪", "强", "周", "吴", "徐", "孙", "朱", "沈", "许", "蒋"}
	given := []string{"建平", "晓东", "立新", "志明", "海涛", "文杰", "国强", "雅琴", "丽华", "敏", "俊", "晨", "雨", "一鸣", "思远", "卫国", "明辉", "春生", "婷", "永康", "佳宁", "振宇", "玉兰"}
	return surnames[n%len(surnames)] + given[n*7%len(given)]
}

// demoScene is what a sample finding of a kind may be.
type demoScene struct {
	kind       law.Kind
	text       string
	vesselType string
	papers     string
	area, vol  int64 // upper bounds, m² and m³
	violation  string
	regimes    []law.Regime
}

func demoScenes() []demoScene {
	river, inland := []law.Regime{law.Yangtze}, []law.Regime{law.Inland, law.Taihu}
	all := []law.Regime{law.Yangtze, law.Taihu, law.Inland}
	return []demoScene{
		{law.SandMining, "夜间巡查发现一艘船舶正在抽吸江砂，船上有吸砂泵运转", "dredger", "none", 0, 900, "S02", river},
		{law.SandMining, "接应船旁发现正在过驳江砂，无法提供砂源证明", "transfer", "incomplete", 0, 1500, "S04", river},
		{law.SandVessel, "停泊点外发现采砂船，未报告擅自离开指定停泊点", "dredger", "complete", 0, 0, "S05", river},
		{law.SandVessel, "外观为货船，舱内暗藏吸砂管口，疑似隐形采砂船", "hidden", "none", 0, 400, "S01", river},
		{law.SandVessel, "运砂船未携带有效的采运管理单", "carrier", "incomplete", 0, 1200, "S04", river},
		{law.ShoreOccupied, "岸坡被围挡占用，用于堆放船用器材", "", "", 1800, 0, "H08", all},
		{law.ShoreOccupied, "滩地开垦种植高秆作物，影响行洪", "", "", 2600, 0, "H04", all},
		{law.ShoreOccupied, "湖滩内圈圩养殖，新筑土埂", "", "", 5200, 0, "H10", []law.Regime{law.Taihu}},
		{law.ShoreExtraction, "河岸取土形成深坑，堤脚裸露", "", "", 300, 700, "S07", inland},
		{law.ShoreDumping, "堤脚堆放建筑渣土和生活垃圾", "", "", 600, 350, "H06", all},
		{law.ShoreDumping, "码头边弃置废弃船体，阻碍行洪", "", "", 120, 0, "H04", all},
		{law.ShoreBuilding, "河道管理范围内搭建彩钢板房", "", "", 240, 0, "H01", all},
		{law.ShoreBuilding, "未见审批手续的简易码头平台", "", "", 420, 0, "H02", all},
		{law.ShoreBuilding, "护堤地上加建仓库围墙", "", "", 350, 0, "H11", all},
	}
}

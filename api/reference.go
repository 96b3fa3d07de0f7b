package api

import (
	"net/http"
	"slices"

	"shuizheng/domain/law"
	"shuizheng/domain/registry"
	"shuizheng/domain/shoreline"
	"shuizheng/projections/statistics"
)

// Choice is a code with its Chinese name, as forms and lists show it.
type Choice struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Measure is a figure that is counted, with a Chinese definition that says which events, by which date.
type Measure struct {
	statistics.Description
	Definition string `json:"definition"`
}

// Reference is everything the pages need to show codes as words. It changes only with the program.
type Reference struct {
	LawVersion   string                       `json:"lawVersion"`
	Districts    []registry.District          `json:"districts"`
	Kinds        []law.Named[law.Kind]        `json:"kinds"`
	Regimes      []law.Named[law.Regime]      `json:"regimes"`
	Roles        []law.Named[registry.Role]   `json:"roles"`
	Violations   []law.Violation              `json:"violations"`
	Sources      []Choice                     `json:"sources"`
	Statuses     map[string][]Choice          `json:"statuses"`
	Reasons      []Choice                     `json:"reasons"` // 不予立案
	Grounds      []Choice                     `json:"grounds"` // 结案
	Means        []Choice                     `json:"means"`
	VesselTypes  []Choice                     `json:"vesselTypes"`
	VesselPapers []Choice                     `json:"vesselPapers"`
	Measures     []Measure                    `json:"measures"`
	Subtypes     []shoreline.Subtype          `json:"subtypes"` // 四乱子类
	Levels       []law.Named[shoreline.Level] `json:"levels"`   // 清单层级
	Severities   []Choice                     `json:"severities"`
	Events       []Choice                     `json:"events"` // event types
	Access       map[string][]registry.Role   `json:"access"`
}

func reference() Reference {
	return Reference{
		LawVersion: law.Version, Districts: registry.Districts(), Kinds: law.Kinds(), Regimes: law.Regimes(), Roles: registry.Roles(), Violations: law.Violations(), Access: access(),
		Sources: []Choice{{"patrol", "巡查发现"}, {"tip", "群众举报"}, {"transfer", "部门移送"}, {"superior", "上级交办"}, {"simple", "简易上报"}, {"media", "媒体反映"}, {"satellite", "遥感图斑"}, {"device", "视频、雷达、AIS"}},
		Statuses: map[string][]Choice{
			"finding": {{"reported", "待核查"}, {"verified", "已核查"}, {"unfounded", "核查不属实"}, {"not_filed", "不予立案"}, {"filing", "立案办理中"}, {"filed", "已立案"}},
			"case":    {{"filed", "已立案"}, {"closed", "已结案"}},
			"stage":   caseStages(),
			"patrol":  {{"active", "巡查中"}, {"returned", "已结束"}},
			"permit":  {{"active", "有效"}, {"suspended", "暂停"}, {"ended", "已吊销、撤销或注销"}},
			"vessel": {{"registered", "已登记"}, {"berthed", "在指定地点停泊"}, {"on_leave", "准予离开"}, {"astray", "擅自离开"}, {"held", "保存、查封、扣押中"}, {"lifted", "已解除措施"},
				{"confiscated", "已没收"}, {"auctioned", "已拍卖"}, {"dismantled", "已拆解"}},
			"waybill": {{"issued", "运输中"}, {"used_up", "已核销"}, {"voided", "已作废"}},
			"custody": {{"open", "保管中"}, {"closed", "已结清"}},
			"problem": {{"found", "待认定"}, {"rejected", "认定不是问题"}, {"dismissed", "抽查确认不是问题"}, {"confirmed", "待交办"}, {"dispatched", "已交办"}, {"planned", "已报方案"}, {"rectifying", "整改中"},
				{"completed", "验收中"}, {"accepted", "待销号"}, {"closed_out", "已销号"}, {"confirmed_closed", "复核无反弹"}},
			"polygon": {{"pushed", "待分派"}, {"assigned", "待核查"}, {"checked", "待复核"}, {"reviewed", "已复核"}},
		},
		Reasons:      []Choice{{"no_violation", "没有违法事实"}, {"not_punishable", "不应给予行政处罚"}, {"no_jurisdiction", "不属于本机关管辖"}, {"time_barred", "超过追责时效"}, {"duplicate", "重复线索"}, {"corrected", "轻微并已改正"}},
		Grounds:      []Choice{{"withdrawn", "撤销立案"}, {"terminated", "终止调查"}, {"handed_over", "移送管辖"}, {"transferred_criminal", "移送司法机关"}, {"performed", "履行完毕"}, {"no_penalty", "不予处罚"}, {"revoked", "决定被撤销"}, {"court_enforcement", "法院强制执行"}},
		Means:        []Choice{{"boat", "船艇"}, {"vehicle", "车辆"}, {"foot", "步行"}, {"drone", "无人机"}},
		VesselTypes:  []Choice{{"dredger", "采砂船"}, {"carrier", "运砂船"}, {"transfer", "过驳船"}, {"hidden", "隐形采砂船"}, {"other", "其他船舶"}},
		VesselPapers: []Choice{{"complete", "证照齐全"}, {"incomplete", "证照不全"}, {"none", "“三无”船舶"}, {"unknown", "尚未核实"}},
		Subtypes:     shoreline.Subtypes(),
		Levels:       shoreline.Levels(),
		Severities:   []Choice{{"major", "重大"}, {"serious", "较严重"}, {"general", "一般"}},
		Measures:     measures(),
		Events: append([]Choice{
			{"organ.registered.v1", "单位登记"}, {"reach.registered.v1", "河段登记"}, {"officer.registered.v1", "人员登记"}, {"officer.assigned.v1", "任职变动"}, {"officer.certificate_issued.v1", "执法证登记"},
			{"series.number_allotted.v1", "编号"}, {"series.number_voided.v1", "编号作废"},
			{"patrol.departed.v1", "出巡"}, {"patrol.track_recorded.v1", "轨迹"}, {"patrol.returned.v1", "返航"},
			{"finding.reported.v1", "线索登记"}, {"finding.verified.v1", "线索核查"}, {"finding.not_filed.v1", "不予立案"}, {"finding.filing_approved.v1", "立案审批通过"}, {"finding.filed.v1", "线索转为案件"}, {"finding.filing_failed.v1", "立案未成立"},
		}, slices.Concat(caseEvents(), waterEvents())...),
	}
}

func measures() []Measure {
	definitions := map[statistics.Measure]string{
		statistics.Patrols:          "已出发的巡查，按出发日期计",
		statistics.OfficerTurns:     "每次巡查的出动人数之和，按出发日期计",
		statistics.PatrolDistance:   "已结束巡查的轨迹长度之和，按出发日期计",
		statistics.Findings:         "已登记的线索，按发现日期计",
		statistics.FindingsNotFiled: "作不予立案处理的线索，按处理日期计",
		statistics.CasesFiled:       "已立案的案件，按立案日期计",
		statistics.CasesClosed:      "已结案的案件，按结案日期计",
	}
	var list []Measure
	for _, m := range statistics.Measures() {
		list = append(list, Measure{m, definitions[m.Code]})
	}
	return list
}

// nameOf is the Chinese name of a code, or the code itself.
func nameOf(choices []Choice, code string) string {
	for _, c := range choices {
		if c.Code == code {
			return c.Name
		}
	}
	return code
}

func (s *server) getReference(w http.ResponseWriter, r *http.Request, _ caller) {
	s.answer(w, r, reference())
}

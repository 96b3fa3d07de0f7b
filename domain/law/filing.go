package law

import (
	"slices"

	"github.com/google/uuid"

	"shuizheng/domain"
)

// Party is whom a case is against (当事人). An unknown party is allowed when filing, with what is known in Name.
type Party struct {
	Kind    string `json:"kind" validate:"required,oneof=person organisation unknown"`
	Name    string `json:"name" validate:"required,max=100"`
	IDNo    string `json:"idNo,omitempty" validate:"max=32"`  // identity card or unified social credit code
	Legal   string `json:"legal,omitempty" validate:"max=50"` // legal representative (法定代表人)
	Phone   string `json:"phone,omitempty" validate:"max=32"`
	Address string `json:"address,omitempty" validate:"max=200"`
}

// Approval is an opinion on the approval form (审批意见).
type Approval struct {
	Name       string `json:"name" validate:"required,max=50"`
	Post       string `json:"post" validate:"required,max=50"`
	Opinion    string `json:"opinion" validate:"required,max=500"`
	ApprovedOn Date   `json:"approvedOn" validate:"required,datetime=2006-01-02"`
}

// Conditions are the three of the four filing conditions (立案条件) that a person must judge; the fourth, that the look-back
// period has not run out, is computed.
type Conditions struct {
	ViolationFact   bool `json:"violationFact"`   // 有违反水法规的事实
	Punishable      bool `json:"punishable"`      // 应当给予行政处罚
	OwnJurisdiction bool `json:"ownJurisdiction"` // 属于本机关管辖
}

// Filing is the content of the filing approval form (立案审批表).
type Filing struct {
	Title          string      `json:"title" validate:"required,max=120"`
	Violation      string      `json:"violation" validate:"required,max=12"` // code in the catalogue
	Summary        string      `json:"summary" validate:"required,max=4000"`
	Parties        []Party     `json:"parties" validate:"required,min=1,max=20,dive"`
	ConductEndedOn Date        `json:"conductEndedOn" validate:"required,datetime=2006-01-02"` // the day of the conduct; of continuing conduct, its end or the day of discovery
	GraveHarm      bool        `json:"graveHarm"`                                              // life, health or ecological damage: the longer look-back period
	Handlers       []uuid.UUID `json:"handlers" validate:"required,min=2,max=6,unique"`        // 承办人
	Conditions     Conditions  `json:"conditions"`
	UnitHead       Approval    `json:"unitHead"`  // 执法机构负责人
	OrganHead      Approval    `json:"organHead"` // 执法机关负责人
}

// FilingGround is what a filing is judged against, as known when it was asked for.
type FilingGround struct {
	Kind         Kind      `json:"kind"`
	Regime       Regime    `json:"regime"`
	DiscoveredOn Date      `json:"discoveredOn"`
	FiledOn      Date      `json:"filedOn"`
	Handlers     []Officer `json:"handlers"`
}

// lookBackYears is [LookBack] for a form that does not say which grave harm it means: the longer of the two.
func lookBackYears(grave bool, conductEnd Date) int {
	years, _ := LookBack(NoHarm, conductEnd)
	if grave {
		life, _ := LookBack(LifeHarm, conductEnd)
		ecological, _ := LookBack(EcologicalHarm, conductEnd)
		years = max(years, life, ecological)
	}
	return years
}

// CheckFiling refuses a filing that the law does not allow: two certified handlers (第四十二条), a cause in the catalogue whose
// text was in force on the day of the conduct (第三十七条) and that fits reach and finding, the four filing conditions
// (第五十四条; 水行政处罚实施办法), and both approvals dated no later than the filing.
func CheckFiling(f Filing, g FilingGround) error {
	if err := TwoCertified(g.Handlers, g.FiledOn); err != nil {
		return err
	}
	v, ok := ViolationByCode(f.Violation)
	switch {
	case !ok:
		return &domain.Refusal{Code: "case.unknown_violation", Field: "violation", Message: "案由代码“" + f.Violation + "”不在案由目录中，请从目录中选择。"}
	case f.ConductEndedOn < v.From || v.Until != "" && f.ConductEndedOn > v.Until:
		return &domain.Refusal{Code: "case.violation_not_in_force", Field: "violation", Article: "《行政处罚法》第三十七条",
			Message: "案由“" + v.Name + "”所依据的条文在违法行为发生之日（" + string(f.ConductEndedOn) + "）不适用，请选择当时有效的案由。"}
	case v.Refer != "":
		return &domain.Refusal{Code: "case.no_jurisdiction", Field: "violation", Article: v.Basis, Message: "案由“" + v.Name + "”由" + v.Refer + "处罚，不能由本机关立案；请移送。"}
	case !slices.Contains(v.Regimes, g.Regime):
		return &domain.Refusal{Code: "case.violation_not_for_reach", Field: "violation", Message: "案由“" + v.Name + "”不适用于该河段，请核对河段或案由。"}
	case !slices.Contains(v.Kinds, g.Kind):
		return &domain.Refusal{Code: "case.violation_not_for_finding", Field: "violation", Message: "案由“" + v.Name + "”与线索的问题类型不符，请核对。"}
	case f.ConductEndedOn > g.DiscoveredOn:
		return &domain.Refusal{Code: "case.conduct_after_discovery", Field: "conductEndedOn", Message: "违法行为终了之日不能晚于发现之日；持续中的行为填发现之日。"}
	}
	const filing = "《行政处罚法》第五十四条"
	switch {
	case !f.Conditions.ViolationFact:
		return domain.RefuseByLaw("case.no_violation_fact", filing, "未确认有违反水法规的事实，不能立案；如无违法事实，请作不予立案处理。")
	case !f.Conditions.Punishable:
		return domain.RefuseByLaw("case.not_punishable", filing, "未确认应当给予行政处罚，不能立案；请作不予立案处理并说明理由。")
	case !f.Conditions.OwnJurisdiction:
		return domain.RefuseByLaw("case.no_jurisdiction", "《行政处罚法》第二十二条", "不属于本机关管辖，不能立案；请移送有管辖权的机关。")
	case g.DiscoveredOn > f.ConductEndedOn.AddYears(lookBackYears(f.GraveHarm, f.ConductEndedOn)):
		return domain.RefuseByLaw("case.time_barred", "《行政处罚法》第三十六条", "违法行为超过追责时效才被发现，不再给予行政处罚；请作不予立案处理。")
	}
	for _, a := range []struct {
		field    string
		approval Approval
	}{{"unitHead", f.UnitHead}, {"organHead", f.OrganHead}} {
		if a.approval.ApprovedOn > g.FiledOn || a.approval.ApprovedOn < g.DiscoveredOn {
			return &domain.Refusal{Code: "case.approval_date", Field: a.field + ".approvedOn", Article: filing,
				Message: "审批日期应当在发现之日与立案之日之间，请核对审批表。"}
		}
	}
	return nil
}

// Package registry is who and what enforcement rests on: organs (单位), officers and their certificates (执法人员、执法证),
// reaches (河段), and the gapless series that document numbers come from (文号).
package registry

import (
	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// District is one of the eight units (板块) that Wuxi counts by.
type District struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	Statutory bool   `json:"statutory"` // false: managed as a unit, but no administrative division of its own
}

// City is the code of Wuxi; who is assigned to it sees all districts.
const City = "320200"

// Districts lists the units of Wuxi by code. 经开区 has no code of its own in the national list; its streets are coded under
// 滨湖区, so it stands here under an internal code.
func Districts() []District {
	return []District{
		{"320281", "江阴市", true}, {"320282", "宜兴市", true}, {"320213", "梁溪区", true}, {"320205", "锡山区", true},
		{"320206", "惠山区", true}, {"320211", "滨湖区", true}, {"320214", "新吴区", true}, {"3202JK", "经开区", false},
	}
}

// Role is what somebody may do, see the access table of package api.
type Role string

// The roles.
const (
	RoleOfficer    Role = "officer"    // 执法人员
	RoleHandler    Role = "handler"    // 承办人
	RoleReviewer   Role = "reviewer"   // 法制审核
	RoleHead       Role = "head"       // 负责人
	RoleSupervisor Role = "supervisor" // 督查（河长办）
	RoleClerk      Role = "clerk"      // 统计
	RoleAuditor    Role = "auditor"    // 审计
	RoleAdmin      Role = "admin"      // 系统管理
)

// Roles lists every role with its Chinese name.
func Roles() []law.Named[Role] {
	return []law.Named[Role]{{Code: RoleOfficer, Name: "执法人员"}, {Code: RoleHandler, Name: "承办人"}, {Code: RoleReviewer, Name: "法制审核"}, {Code: RoleHead, Name: "负责人"},
		{Code: RoleSupervisor, Name: "督查"}, {Code: RoleClerk, Name: "统计"}, {Code: RoleAuditor, Name: "审计"}, {Code: RoleAdmin, Name: "系统管理"}}
}

// --- Organ

// OrganEvent is a fact about an organ.
//
//sumtype:decl
type OrganEvent interface {
	domain.Event
	organEvent()
}

// OrganRegistered adds an organ (单位登记).
type OrganRegistered struct {
	Name     string `json:"name"`
	DocCode  string `json:"docCode"`  // 机关代字
	District string `json:"district"` // code of a district, or of the city
}

// EventType names the type in the log.
func (OrganRegistered) EventType() string { return "organ.registered.v1" }
func (OrganRegistered) organEvent()       {}

// RegisterOrgan adds an organ.
type RegisterOrgan struct {
	Name     string `json:"name" validate:"required,max=100"`
	DocCode  string `json:"docCode" validate:"required,max=10"`
	District string `json:"district" validate:"required,len=6,alphanum"`
}

// OrganState is what decisions about an organ need.
type OrganState struct{ Registered bool }

// Organ decides about organs.
func Organ() domain.Decider[OrganState, RegisterOrgan, OrganEvent] {
	return domain.Decider[OrganState, RegisterOrgan, OrganEvent]{
		Category: "organ",
		Decide: func(s OrganState, c RegisterOrgan) ([]OrganEvent, error) {
			if s.Registered {
				return nil, domain.Refuse("organ.already_registered", "该单位已经登记。")
			}
			return []OrganEvent{OrganRegistered(c)}, nil
		},
		Evolve: func(OrganState, OrganEvent) OrganState { return OrganState{true} },
	}
}

// --- Reach

// ReachEvent is a fact about a reach.
//
//sumtype:decl
type ReachEvent interface {
	domain.Event
	reachEvent()
}

// ReachRegistered adds a reach (河段登记).
type ReachRegistered struct {
	Name     string     `json:"name"`
	Water    string     `json:"water"` // river or lake it is part of
	District string     `json:"district"`
	Regime   law.Regime `json:"regime"`
	LengthM  int64      `json:"lengthM,omitempty"`
	LatE6    int64      `json:"latE6"` // a point on it, WGS-84 micro-degrees
	LonE6    int64      `json:"lonE6"`
}

// EventType names the type in the log.
func (ReachRegistered) EventType() string { return "reach.registered.v1" }
func (ReachRegistered) reachEvent()       {}

// RegisterReach adds a reach.
type RegisterReach struct {
	Name     string     `json:"name" validate:"required,max=60"`
	Water    string     `json:"water" validate:"required,max=60"`
	District string     `json:"district" validate:"required,len=6,alphanum"`
	Regime   law.Regime `json:"regime" validate:"required,oneof=yangtze taihu inland"`
	LengthM  int64      `json:"lengthM,omitempty" validate:"min=0,max=10000000"`
	LatE6    int64      `json:"latE6" validate:"min=-90000000,max=90000000"`
	LonE6    int64      `json:"lonE6" validate:"min=-180000000,max=180000000"`
}

// ReachState is what decisions about a reach need.
type ReachState struct{ Registered bool }

// Reach decides about reaches.
func Reach() domain.Decider[ReachState, RegisterReach, ReachEvent] {
	return domain.Decider[ReachState, RegisterReach, ReachEvent]{
		Category: "reach",
		Decide: func(s ReachState, c RegisterReach) ([]ReachEvent, error) {
			if s.Registered {
				return nil, domain.Refuse("reach.already_registered", "该河段已经登记。")
			}
			return []ReachEvent{ReachRegistered(c)}, nil
		},
		Evolve: func(ReachState, ReachEvent) ReachState { return ReachState{true} },
	}
}

// --- Officer

// OfficerEvent is a fact about an officer or other user.
//
//sumtype:decl
type OfficerEvent interface {
	domain.Event
	officerEvent()
}

// OfficerRegistered adds somebody who acts in the system (人员登记).
type OfficerRegistered struct {
	Name     string    `json:"name"`
	Organ    uuid.UUID `json:"organ"`
	District string    `json:"district"` // whose records he works on; [City] spans all
	Roles    []Role    `json:"roles"`
}

// OfficerAssigned changes organ, district or roles (任职变动).
type OfficerAssigned struct {
	Organ    uuid.UUID `json:"organ"`
	District string    `json:"district"`
	Roles    []Role    `json:"roles"`
}

// CertificateIssued records an enforcement certificate (行政执法证) and its validity, first to last day.
type CertificateIssued struct {
	CertNo string   `json:"certNo"`
	From   law.Date `json:"from"`
	Until  law.Date `json:"until"`
}

// EventType names the type in the log.
func (OfficerRegistered) EventType() string { return "officer.registered.v1" }

// EventType names the type in the log.
func (OfficerAssigned) EventType() string { return "officer.assigned.v1" }

// EventType names the type in the log.
func (CertificateIssued) EventType() string { return "officer.certificate_issued.v1" }

func (OfficerRegistered) officerEvent() {}
func (OfficerAssigned) officerEvent()   {}
func (CertificateIssued) officerEvent() {}

// OfficerCommand is an act on an officer's record.
//
//sumtype:decl
type OfficerCommand interface{ officerCommand() }

// RegisterOfficer adds somebody.
type RegisterOfficer struct {
	Name     string    `json:"name" validate:"required,max=50"`
	Organ    uuid.UUID `json:"organ" validate:"required"`
	District string    `json:"district" validate:"required,len=6,alphanum"`
	Roles    []Role    `json:"roles" validate:"required,min=1,max=8,unique,dive,oneof=officer handler reviewer head supervisor clerk auditor admin"`
}

// AssignOfficer changes what somebody may do, and where.
type AssignOfficer struct {
	Organ    uuid.UUID `json:"organ" validate:"required"`
	District string    `json:"district" validate:"required,len=6,alphanum"`
	Roles    []Role    `json:"roles" validate:"max=8,unique,dive,oneof=officer handler reviewer head supervisor clerk auditor admin"`
}

// IssueCertificate records a certificate.
type IssueCertificate struct {
	CertNo string   `json:"certNo" validate:"required,max=32"`
	From   law.Date `json:"from" validate:"required,datetime=2006-01-02"`
	Until  law.Date `json:"until" validate:"required,datetime=2006-01-02"`
}

func (RegisterOfficer) officerCommand()  {}
func (AssignOfficer) officerCommand()    {}
func (IssueCertificate) officerCommand() {}

// OfficerState is what decisions about an officer need.
type OfficerState struct {
	Registered bool
	District   string
}

// Officer decides about officers.
func Officer() domain.Decider[OfficerState, OfficerCommand, OfficerEvent] {
	return domain.Decider[OfficerState, OfficerCommand, OfficerEvent]{
		Category: "officer",
		Decide:   decideOfficer,
		Evolve:   evolveOfficer,
	}
}

func decideOfficer(s OfficerState, c OfficerCommand) ([]OfficerEvent, error) {
	if r, ok := c.(RegisterOfficer); ok {
		if s.Registered {
			return nil, domain.Refuse("officer.already_registered", "该人员已经登记。")
		}
		return []OfficerEvent{OfficerRegistered(r)}, nil
	}
	if !s.Registered {
		return nil, domain.Refuse("officer.unknown", "没有这名人员，请先登记。")
	}
	switch c := c.(type) {
	case AssignOfficer:
		return []OfficerEvent{OfficerAssigned(c)}, nil
	case IssueCertificate:
		if c.Until < c.From {
			return nil, &domain.Refusal{Code: "officer.certificate_period", Field: "until", Message: "执法证有效期止不能早于有效期起。"}
		}
		return []OfficerEvent{CertificateIssued(c)}, nil
	case RegisterOfficer:
	}
	panic("registry: unknown command")
}

func evolveOfficer(s OfficerState, e OfficerEvent) OfficerState {
	switch e := e.(type) {
	case OfficerRegistered:
		s.Registered, s.District = true, e.District
	case OfficerAssigned:
		s.District = e.District
	case CertificateIssued:
	}
	return s
}

// --- Types

// Types is the catalogue of this package.
func Types() []domain.Type {
	organ := uuid.MustParse("0197a000-0000-7000-8000-000000000501")
	return []domain.Type{
		domain.T(OrganRegistered{"江阴市水利局", "澄水", "320281"}),
		domain.T(ReachRegistered{"长江江阴段", "长江", "320281", law.Yangtze, 35700, 31945000, 120270000}),
		domain.T(OfficerRegistered{"张示例", organ, "320281", []Role{RoleOfficer}}),
		domain.T(OfficerAssigned{organ, "320281", []Role{RoleOfficer, RoleHandler}}),
		domain.T(CertificateIssued{"苏B示例0001", "2024-01-01", "2028-12-31"}),
		domain.T(NumberAllotted{SeriesKey{organ, "澄水", "立", 2026}, 1, "澄水立〔2026〕1号", uuid.MustParse("0197a000-0000-7000-8000-000000000301")}),
		domain.T(NumberVoided{1, uuid.MustParse("0197a000-0000-7000-8000-000000000301"), "立案未成立"}),
	}
}

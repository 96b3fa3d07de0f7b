package api

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
	"shuizheng/domain/registry"
)

// access is the one table that says which role may send which command. Reading is open to every role within its own districts;
// what a role may write is listed here and nowhere else, and GET /session tells the pages.
func access() map[string][]registry.Role {
	const (
		officer    = registry.RoleOfficer
		handler    = registry.RoleHandler
		head       = registry.RoleHead
		supervisor = registry.RoleSupervisor
		admin      = registry.RoleAdmin
	)
	return map[string][]registry.Role{
		"patrol.depart":          {officer, handler},
		"patrol.track":           {officer, handler},
		"patrol.return":          {officer, handler},
		"finding.report":         {officer, handler, supervisor},
		"finding.verify":         {officer, handler},
		"finding.do_not_file":    {handler, head},
		"finding.approve_filing": {handler, head},
		"case.close":             {handler, head},
		"organ.register":         {admin},
		"reach.register":         {admin},
		"officer.register":       {admin},
		"officer.assign":         {admin},
		"officer.certify":        {admin},

		"permit.issue":              {handler, head},
		"permit.amend":              {handler, head},
		"permit.suspend":            {head},
		"permit.resume":             {head},
		"permit.end":                {head},
		"permit.record_extraction":  {officer, handler},
		"waybill.issue":             {officer, handler},
		"waybill.check":             {officer, handler},
		"waybill.cite_check":        {officer, handler},
		"waybill.unload":            {officer, handler},
		"waybill.void":              {officer, handler},
		"vessel.register":           {officer, handler},
		"vessel.identify":           {officer, handler},
		"vessel.sight":              {officer, handler},
		"vessel.check_cargo":        {officer, handler},
		"vessel.berth":              {officer, handler},
		"vessel.find_absence":       {officer, handler},
		"vessel.return":             {officer, handler},
		"vessel.relocate":           {officer, handler},
		"vessel.hold":               {officer, handler},
		"vessel.move":               {officer, handler},
		"vessel.designate_berth":    {handler, head},
		"vessel.permit_leave":       {handler, head},
		"vessel.lift_hold":          {handler, head},
		"vessel.release":            {handler, head},
		"vessel.confiscate":         {handler, head},
		"vessel.fail_auction":       {handler, head},
		"vessel.auction":            {handler, head},
		"vessel.dismantle":          {handler, head},
		"custody.take_in":           {officer, handler},
		"custody.move":              {officer, handler},
		"custody.count":             {officer, handler},
		"custody.appraise":          {officer, handler},
		"custody.dispose":           {handler, head},
		"custody.close":             {handler, head},
		"problem.find":              {officer, handler, supervisor},
		"problem.confirm":           {officer, handler, supervisor},
		"problem.reject":            {officer, handler, supervisor},
		"problem.submit_plan":       {officer, handler, supervisor},
		"problem.report_progress":   {officer, handler, supervisor},
		"problem.complete":          {officer, handler, supervisor},
		"problem.reopen":            {officer, handler, supervisor},
		"problem.link_case":         {handler, head},
		"problem.spot_check":        {supervisor, head},
		"problem.dispatch":          {supervisor, head},
		"problem.accept":            {supervisor, head},
		"problem.close_out":         {supervisor, head},
		"problem.recheck":           {supervisor, head},
		"problem.approve_extension": {supervisor, head},
		"polygon.push":              {supervisor, admin},
		"polygon.assign":            {supervisor, head},
		"polygon.review":            {supervisor, head},
		"polygon.spot_check":        {supervisor, head},
		"polygon.check":             {officer, handler},
	}
}

// caller is who a request comes from, as the registry knows him at this moment.
type caller struct {
	Account    string
	Officer    uuid.UUID
	Name       string
	CertNo     string
	CertFrom   law.Date
	CertUntil  law.Date
	Roles      []registry.Role
	District   string
	Organ      organ
	MustChange bool
}

// organ is the caller's organ (单位).
type organ struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name"`
	DocCode  string    `json:"docCode"`
	District string    `json:"district"`
}

// spans reports whether the caller's work covers a district; who is assigned to the city works on all.
func (c caller) spans(district string) bool {
	return c.District == registry.City || c.District == district
}

// districts is the scope of the caller's queries; empty means all.
func (c caller) districts() []string {
	if c.District == registry.City {
		return nil
	}
	return []string{c.District}
}

// can lists the commands the caller's roles allow.
func (c caller) can() []string {
	commands := []string{}
	for name, roles := range access() {
		if slices.ContainsFunc(roles, func(r registry.Role) bool { return slices.Contains(c.Roles, r) }) {
			commands = append(commands, name)
		}
	}
	slices.Sort(commands)
	return commands
}

// roleFor is the role under which the caller may send a command: the first of his that the table allows.
func (c caller) roleFor(command string) (registry.Role, bool) {
	allowed := access()[command]
	for _, r := range c.Roles {
		if slices.Contains(allowed, r) {
			return r, true
		}
	}
	return "", false
}

func errForbidden(code, detail string) error {
	return problem(http.StatusForbidden, code, "没有权限", detail)
}

// within makes a decider refuse commands on aggregates of districts that the caller does not work on. It looks at the same
// folded state that the decision is made from, so there is no second read and no gap between check and act.
func within[S, C any, E domain.Event](c caller, d domain.Decider[S, C, E], district func(S) string) domain.Decider[S, C, E] {
	decide := d.Decide
	d.Decide = func(s S, command C) ([]E, error) {
		if home := district(s); home != "" && !c.spans(home) {
			return nil, errForbidden("access.other_district", "这条记录属于其他板块，您不能办理。")
		}
		return decide(s, command)
	}
	return d
}

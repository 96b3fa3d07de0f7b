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
		reviewer   = registry.RoleReviewer
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
		"organ.register":         {admin},
		"reach.register":         {admin},
		"officer.register":       {admin},
		"officer.assign":         {admin},
		"officer.certify":        {admin},

		"case.order_stop":              {officer, handler},
		"case.inspect_site":            {officer, handler},
		"case.identify_party":          {officer, handler},
		"case.add_evidence":            {officer, handler},
		"case.preserve_evidence":       {officer, handler},
		"case.impose_seizure":          {officer, handler},
		"case.commission_appraisal":    {officer, handler},
		"case.receive_appraisal":       {officer, handler},
		"case.confirm_address":         {officer, handler},
		"case.notify":                  {officer, handler},
		"case.renotify":                {officer, handler},
		"case.submit_defence":          {officer, handler},
		"case.waive_defence":           {officer, handler},
		"case.request_hearing":         {officer, handler},
		"case.waive_hearing":           {officer, handler},
		"case.decide_on_spot":          {officer, handler},
		"case.report_summary":          {officer, handler},
		"case.serve_decision":          {officer, handler},
		"case.serve_document":          {officer, handler},
		"case.record_payment":          {officer, handler},
		"case.hand_in_cash":            {officer, handler},
		"case.verify_correction":       {officer, handler},
		"case.urge":                    {officer, handler},
		"case.urge_substitute":         {officer, handler},
		"case.execute_enforcement":     {officer, handler},
		"case.perform_substitute":      {officer, handler},
		"case.verify_evidence":         {handler},
		"case.conclude_investigation":  {handler},
		"case.request_review":          {handler},
		"case.lapse_defence":           {handler},
		"case.review_defence":          {handler},
		"case.publish_decision":        {handler},
		"case.accrue_surcharge":        {handler},
		"case.perform_item":            {handler},
		"case.announce_demolition":     {handler},
		"case.record_ruling":           {handler},
		"case.suspect_crime":           {handler},
		"case.transfer_crime":          {handler},
		"case.record_receipt":          {handler},
		"case.record_police_decision":  {handler},
		"case.hand_over_goods":         {handler},
		"case.end_criminal_case":       {handler},
		"case.archive":                 {handler},
		"case.pass_review":             {reviewer},
		"case.return_review":           {reviewer},
		"case.schedule_hearing":        {handler, reviewer},
		"case.hold_hearing":            {handler, reviewer},
		"case.abandon_hearing":         {handler, reviewer},
		"case.record_remedy":           {handler, reviewer},
		"case.answer_review":           {handler, reviewer},
		"case.end_remedy":              {handler, reviewer},
		"case.end_preservation":        {handler, head},
		"case.extend_seizure":          {handler, head},
		"case.end_seizure":             {handler, head},
		"case.suspend_investigation":   {handler, head},
		"case.resume_investigation":    {handler, head},
		"case.terminate_investigation": {handler, head},
		"case.hand_over":               {handler, head},
		"case.withdraw":                {handler, head},
		"case.reopen_investigation":    {handler, head},
		"case.discuss":                 {handler, head},
		"case.withdraw_publication":    {handler, head},
		"case.apply_to_court":          {handler, head},
		"case.auction_property":        {handler, head},
		"case.suspend_enforcement":     {handler, head},
		"case.resume_enforcement":      {handler, head},
		"case.end_enforcement":         {handler, head},
		"case.settle":                  {handler, head},
		"case.object_transfer":         {handler, head},
		"case.close":                   {handler, head},
		"case.recuse_officer":          {head},
		"case.decide":                  {head},
		"case.extend_decision":         {head},
		"case.decide_no_penalty":       {head},
		"case.revise_decision":         {head},
		"case.revoke_decision":         {head},
		"case.approve_deferral":        {head},
		"case.approve_instalment":      {head},
		"case.decide_enforcement":      {head},
		"case.decide_substitute":       {head},
		"case.approve_transfer":        {head},
		"case.refuse_transfer":         {head},

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

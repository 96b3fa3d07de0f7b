package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/law"
	"shuizheng/domain/sandmining"
	"shuizheng/domain/shoreline"
	"shuizheng/projections"
	"shuizheng/projections/waters"
)

// Step is a command on a record: open, or closed for a reason that names its article.
type Step struct {
	Command string `json:"command"`
	Title   string `json:"title"`
	Open    bool   `json:"open"`
	Code    string `json:"code,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Article string `json:"article,omitempty"`
}

// RecordAnswer is the page of a record, and what may be done with it now: derived from the guards that decide, for the commands
// that the caller may send.
type RecordAnswer[T any] struct {
	Record   T      `json:"record"`
	Steps    []Step `json:"steps"`
	Position uint64 `json:"position"`
}

// listOf answers a query with a page of a ledger, within the districts of the caller.
func listOf[Q, F, T any](read func(*sqlite.Conn, F, projections.Page) (projections.List[T], error), filter func(Q) (f F, district string, paging Paging), within func(*F, []string)) func(*server, http.ResponseWriter, *http.Request, caller) {
	return func(s *server, w http.ResponseWriter, r *http.Request, who caller) {
		q, err := query[Q](s, r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		f, district, paging := filter(q)
		districts, err := who.within(district)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		within(&f, districts)
		var list projections.List[T]
		s.answerFrom(w, r, paging.WaitFor, func(conn *sqlite.Conn) (err error) {
			list, err = read(conn, f, paging.page())
			return err
		}, func(position uint64) any { return ListOf[T]{list.Items, list.Next, list.Total, position} })
	}
}

// recordOf answers with the page of a record. Its line comes from the read model, its steps from its own stream.
func recordOf[T, S, C any, E domain.Event](h home[S, C, E], read func(*sqlite.Conn, uuid.UUID) (T, bool, error), district func(T) string, steps func(S) []Step) func(*server, http.ResponseWriter, *http.Request, caller) {
	return func(s *server, w http.ResponseWriter, r *http.Request, who caller) {
		id, err := pathID(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		var record T
		s.answerFrom(w, r, 0, func(conn *sqlite.Conn) error {
			found, there := false, error(nil)
			record, found, there = read(conn, id)
			if home := district(record); there == nil && (!found || home != "" && !who.spans(home)) { // who may not see it learns nothing of it
				there = errNotFound()
			}
			return there
		}, func(position uint64) any {
			return RecordAnswer[T]{record, s.open(who, h.stepsOf(r.Context(), s, id, steps)), position}
		})
	}
}

// stepsOf derives the steps from the state that the record's stream folds to; none if it cannot be read now.
func (h home[S, C, E]) stepsOf(ctx context.Context, s *server, id uuid.UUID, steps func(S) []Step) []Step {
	state, err := domain.Load(ctx, s.Log, s.Catalog, h.decider, id)
	if err != nil {
		s.Logger.WarnContext(ctx, "steps not derived", "record", id, "error", err)
		return nil
	}
	return steps(state)
}

// open names the steps and leaves out those that the caller may not take at all.
func (s *server) open(who caller, steps []Step) []Step {
	mine := []Step{}
	for _, step := range steps {
		if _, may := who.roleFor(step.Command); may {
			step.Title = s.commands[step.Command].title
			mine = append(mine, step)
		}
	}
	return mine
}

func step(command string, refusal *domain.Refusal) Step {
	if refusal == nil {
		return Step{Command: command, Open: true}
	}
	return Step{Command: command, Code: refusal.Code, Reason: refusal.Message, Article: refusal.Article}
}

func sandSteps[S any](allowed func(S) []sandmining.Action) func(S) []Step {
	return func(s S) (list []Step) {
		for _, a := range allowed(s) {
			list = append(list, step(a.Command, a.Refusal))
		}
		return list
	}
}

func shoreSteps[S any](allowed func(S) []shoreline.Action) func(S) []Step {
	return func(s S) (list []Step) {
		for _, a := range allowed(s) {
			list = append(list, step(a.Command, a.Refusal))
		}
		return list
	}
}

// PermitsQuery filters the ledger of permits (许可证台账).
type PermitsQuery struct {
	District string                  `json:"district,omitempty" validate:"omitempty,len=6,alphanum"`
	Status   sandmining.PermitStatus `json:"status,omitempty" validate:"omitempty,oneof=active suspended ended"`
	Reach    uuid.UUID               `json:"reach,omitzero"`
	Text     string                  `json:"q,omitempty" validate:"max=60" jsonschema:"许可证编号的一部分"`
	Paging
}

// VesselsQuery filters the register of vessels (船舶台账).
type VesselsQuery struct {
	District string                  `json:"district,omitempty" validate:"omitempty,len=6,alphanum"`
	Status   sandmining.VesselStatus `json:"status,omitempty" validate:"omitempty,oneof=registered berthed on_leave astray held lifted confiscated auctioned dismantled"`
	Type     string                  `json:"type,omitempty" validate:"omitempty,oneof=dredger carrier transfer hidden other"`
	Papers   string                  `json:"papers,omitempty" validate:"omitempty,oneof=complete incomplete none unknown"`
	Text     string                  `json:"q,omitempty" validate:"max=50" jsonschema:"船名或 AIS 编号的一部分"`
	Paging
}

// WaybillsQuery filters the ledger of waybills (采运管理单台账).
type WaybillsQuery struct {
	District   string                `json:"district,omitempty" validate:"omitempty,len=6,alphanum"`
	Status     sandmining.BillStatus `json:"status,omitempty" validate:"omitempty,oneof=issued used_up voided"`
	Permit     uuid.UUID             `json:"permit,omitzero"`
	Mismatched bool                  `json:"mismatched,omitempty" jsonschema:"只看查验不符的"`
	Text       string                `json:"q,omitempty" validate:"max=60" jsonschema:"单号或运砂船名的一部分"`
	Paging
}

// ProblemsQuery filters the ledger of shoreline problems (岸线问题台账).
type ProblemsQuery struct {
	District  string                  `json:"district,omitempty" validate:"omitempty,len=6,alphanum"`
	Status    shoreline.ProblemStatus `json:"status,omitempty" validate:"omitempty,oneof=found rejected dismissed confirmed dispatched planned rectifying completed accepted closed_out confirmed_closed"`
	Kind      law.Kind                `json:"kind,omitempty" validate:"omitempty,oneof=shoreline.occupy shoreline.extract shoreline.dump shoreline.build"`
	Severity  shoreline.Severity      `json:"severity,omitempty" validate:"omitempty,oneof=major serious general"`
	List      shoreline.Level         `json:"list,omitempty" validate:"omitempty,oneof=county city province"`
	Reach     uuid.UUID               `json:"reach,omitzero"`
	From      law.Date                `json:"from,omitempty" validate:"omitempty,datetime=2006-01-02" jsonschema:"发现日期起"`
	To        law.Date                `json:"to,omitempty" validate:"omitempty,datetime=2006-01-02" jsonschema:"发现日期止"`
	DueBefore law.Date                `json:"dueBefore,omitempty" validate:"omitempty,datetime=2006-01-02" jsonschema:"整改中且时限早于这一天"`
	Text      string                  `json:"q,omitempty" validate:"max=100"`
	Paging
}

// PolygonsQuery filters the ledger of satellite polygons (图斑台账).
type PolygonsQuery struct {
	District string                  `json:"district,omitempty" validate:"omitempty,len=6,alphanum"`
	Status   shoreline.PolygonStatus `json:"status,omitempty" validate:"omitempty,oneof=pushed assigned checked reviewed"`
	Result   string                  `json:"result,omitempty" validate:"omitempty,oneof=problem not_problem known split"`
	Text     string                  `json:"q,omitempty" validate:"max=60" jsonschema:"图斑号的一部分"`
	Paging
}

// waterRoutes is what can be asked of sand mining and shoreline.
func (s *server) waterRoutes() []route {
	bind := func(f func(*server, http.ResponseWriter, *http.Request, caller)) func(http.ResponseWriter, *http.Request, caller) {
		return func(w http.ResponseWriter, r *http.Request, who caller) { f(s, w, r, who) }
	}
	return []route{
		{pattern: "GET /api/v1/permits", tag: "查询", summary: "采砂许可证台账", query: PermitsQuery{}, reply: ListOf[waters.Permit]{}, handle: bind(listOf(waters.Permits,
			func(q PermitsQuery) (waters.PermitFilter, string, Paging) {
				return waters.PermitFilter{Statuses: single(q.Status), Reach: optional(q.Reach), Number: q.Text}, q.District, q.Paging
			}, func(f *waters.PermitFilter, d []string) { f.Districts = d }))},
		{pattern: "GET /api/v1/permits/{id}", tag: "查询", summary: "采砂许可证", reply: RecordAnswer[waters.Permit]{}, handle: bind(recordOf(permits(), waters.PermitByID,
			func(p waters.Permit) string { return p.Reach.District }, sandSteps(sandmining.AllowedOnPermit)))},
		{pattern: "GET /api/v1/vessels", tag: "查询", summary: "船舶台账", query: VesselsQuery{}, reply: ListOf[waters.Vessel]{}, handle: bind(listOf(waters.Vessels,
			func(q VesselsQuery) (waters.VesselFilter, string, Paging) {
				return waters.VesselFilter{Statuses: single(q.Status), Types: single(q.Type), Papers: single(q.Papers), Name: q.Text}, q.District, q.Paging
			}, func(f *waters.VesselFilter, d []string) { f.Districts = d }))},
		{pattern: "GET /api/v1/vessels/{id}", tag: "查询", summary: "船舶", reply: RecordAnswer[waters.Vessel]{}, handle: bind(recordOf(vessels(), waters.VesselByID,
			func(v waters.Vessel) string { return v.District }, sandSteps(sandmining.AllowedOnVessel)))},
		{pattern: "GET /api/v1/waybills", tag: "查询", summary: "采运管理单台账", query: WaybillsQuery{}, reply: ListOf[waters.Bill]{}, handle: bind(listOf(waters.Bills,
			func(q WaybillsQuery) (waters.BillFilter, string, Paging) {
				return waters.BillFilter{Statuses: single(q.Status), Permit: optional(q.Permit), Mismatched: q.Mismatched, Number: q.Text}, q.District, q.Paging
			}, func(f *waters.BillFilter, d []string) { f.Districts = d }))},
		{pattern: "GET /api/v1/waybills/{id}", tag: "查询", summary: "采运管理单", detail: "任何板块的执法人员都可以凭记录编号查验", reply: RecordAnswer[waters.Bill]{}, handle: bind(recordOf(bills(), waters.BillByID,
			func(waters.Bill) string { return "" }, sandSteps(sandmining.AllowedOnBill)))},
		{pattern: "GET /api/v1/problems", tag: "查询", summary: "岸线问题台账", query: ProblemsQuery{}, reply: ListOf[waters.Problem]{}, handle: bind(listOf(waters.Problems,
			func(q ProblemsQuery) (waters.ProblemFilter, string, Paging) {
				return waters.ProblemFilter{Statuses: single(q.Status), Kinds: single(q.Kind), Severities: single(q.Severity), Lists: single(q.List), Reach: optional(q.Reach),
					From: q.From, To: q.To, DueBefore: q.DueBefore, Text: q.Text}, q.District, q.Paging
			}, func(f *waters.ProblemFilter, d []string) { f.Districts = d }))},
		{pattern: "GET /api/v1/problems/{id}", tag: "查询", summary: "岸线问题", reply: RecordAnswer[waters.Problem]{}, handle: bind(recordOf(problems(), waters.ProblemByID,
			func(p waters.Problem) string { return p.Reach.District }, shoreSteps(shoreline.AllowedOnProblem)))},
		{pattern: "GET /api/v1/polygons", tag: "查询", summary: "图斑台账", query: PolygonsQuery{}, reply: ListOf[waters.Polygon]{}, handle: bind(listOf(waters.Polygons,
			func(q PolygonsQuery) (waters.PolygonFilter, string, Paging) {
				return waters.PolygonFilter{Statuses: single(q.Status), Results: single(q.Result), Number: q.Text}, q.District, q.Paging
			}, func(f *waters.PolygonFilter, d []string) { f.Districts = d }))},
		{pattern: "GET /api/v1/polygons/{id}", tag: "查询", summary: "图斑", reply: RecordAnswer[waters.Polygon]{}, handle: bind(recordOf(polygons(), waters.PolygonByID,
			func(p waters.Polygon) string { return p.Reach.District }, shoreSteps(shoreline.AllowedOnPolygon)))},
	}
}

package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"

	"github.com/go-playground/form/v4"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/projections"
	"shuizheng/projections/caseledger"
	"shuizheng/projections/findings"
	"shuizheng/projections/patrols"
	roster "shuizheng/projections/registry"
)

// Paging is what every list takes.
type Paging struct {
	Sort    string `json:"sort,omitempty" validate:"max=30" jsonschema:"排序字段，前加 - 为倒序"`
	Cursor  string `json:"cursor,omitempty" validate:"max=800" jsonschema:"上一页回答中的 next"`
	Limit   int    `json:"limit,omitempty" validate:"min=0,max=200" jsonschema:"每页行数，默认 50"`
	WaitFor uint64 `json:"waitFor,omitempty" jsonschema:"等待台账到达这个位置（最多 2 秒）；也可用请求头 Shuizheng-Wait"`
}

func (p Paging) page() projections.Page {
	return projections.Page{Sort: p.Sort, Cursor: p.Cursor, Limit: p.Limit}
}

// ListOf is one page of a list. Position is the place in the log the answer is true for.
type ListOf[T any] struct {
	Items    []T    `json:"items"`
	Next     string `json:"next"` // cursor of the next page, empty at the end
	Total    *int64 `json:"total,omitempty"`
	Position uint64 `json:"position"`
}

// query decodes and checks the parameters of a request. Unknown ones are refused: a filter that is silently ignored answers
// another question than was asked.
func query[Q any](s *server, r *http.Request) (q Q, err error) {
	// URL.Query leaves out what it cannot read, for example everything around a semicolon.
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return q, problem(http.StatusBadRequest, "request.malformed", "查询条件有误", "地址中的查询条件无法识别，请检查后重新查询。")
	}
	known := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Q]()) {
		known[jsonName(f)] = true
	}
	for name := range values {
		if !known[name] {
			p := problem(http.StatusBadRequest, "request.unknown_field", "有不认识的查询条件", "地址中有系统不认识的查询条件，请检查后重新查询。")
			if nameable(name) {
				p.Errors = []FieldError{{name, "unknown", "系统不认识这个条件"}}
			}
			return q, p
		}
	}
	d := form.NewDecoder()
	d.SetTagName("json")
	d.RegisterCustomTypeFunc(func(v []string) (any, error) { return uuid.Parse(v[0]) }, uuid.UUID{})
	if err := d.Decode(&q, values); err != nil {
		p := problem(http.StatusBadRequest, "request.wrong_type", "查询条件有误", "有的查询条件类型不对（例如编号或数字），请检查后重新查询。")
		if fields := (form.DecodeErrors)(nil); errors.As(err, &fields) {
			for name := range fields {
				p.Errors = append(p.Errors, FieldError{name, "type", "类型不对"})
			}
		}
		return q, p
	}
	return q, s.check(q)
}

func (s *server) check(q any) error { return s.shape.check("", q) }

// waitFor is the position a query asks to be answered at least for.
func waitFor(r *http.Request, parameter uint64) (uint64, error) {
	header := r.Header.Get("Shuizheng-Wait")
	if header == "" {
		return parameter, nil
	}
	position, err := strconv.ParseUint(header, 10, 64)
	if err != nil {
		return 0, problem(http.StatusBadRequest, "request.wrong_type", "请求头有误", "请求头 Shuizheng-Wait 应为位置数字。")
	}
	return max(position, parameter), nil
}

// answerFrom reads one consistent state and answers with what build makes of it.
func (s *server) answerFrom(w http.ResponseWriter, r *http.Request, wait uint64, read func(*sqlite.Conn) error, build func(position uint64) any) {
	after, err := waitFor(r, wait)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	position, err := s.known.read(r.Context(), after, read)
	switch {
	case errors.Is(err, projections.ErrCursor):
		err = errCursor()
	case errors.Is(err, projections.ErrSort):
		err = problem(http.StatusBadRequest, "request.sort", "不能这样排序", "列表不支持按这个字段排序，请换一个。")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.answer(w, r, build(position))
}

func errCursor() error {
	return problem(http.StatusBadRequest, "request.cursor", "翻页位置无效", "翻页位置与查询条件不符，请从第一页重新查询。")
}

// within narrows the districts a query asks for to those the caller may see; asking for another one is refused.
func (c caller) within(district string) ([]string, error) {
	switch {
	case district == "":
		return c.districts(), nil
	case !c.spans(district):
		return nil, errForbidden("access.other_district", "您不能查看其他板块的记录。")
	}
	return []string{district}, nil
}

func optional(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func single[T ~string](v T) []T {
	if v == "" {
		return nil
	}
	return []T{v}
}

// person resolves "me" or an id in a filter.
func (c caller) person(text string) (*uuid.UUID, error) {
	switch text {
	case "":
		return nil, nil
	case "me":
		return &c.Officer, nil
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return nil, problem(http.StatusBadRequest, "request.wrong_type", "查询条件有误", "人员编号不对，请重新选择人员。")
	}
	return &id, nil
}

func pathID(r *http.Request) (uuid.UUID, error) {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return id, errNotFound()
	}
	return id, nil
}

func errNotFound() error {
	return problem(http.StatusNotFound, "request.not_found", "没有找到", "没有找到这条记录，可能编号有误，或刚登记尚未进入台账，请稍后刷新。")
}

// --- Findings

// FindingsQuery filters the ledger of findings (线索台账).
type FindingsQuery struct {
	District string         `json:"district,omitempty" validate:"omitempty,len=6,alphanum"`
	Kind     law.Kind       `json:"kind,omitempty" validate:"omitempty,oneof=sand.mining sand.vessel shoreline.occupy shoreline.extract shoreline.dump shoreline.build"`
	Group    string         `json:"group,omitempty" validate:"omitempty,oneof=sand shoreline"`
	Status   finding.Status `json:"status,omitempty" validate:"omitempty,oneof=reported verified unfounded not_filed filing filed"`
	Source   string         `json:"source,omitempty" validate:"omitempty,oneof=patrol tip transfer superior simple media satellite device"`
	Reach    uuid.UUID      `json:"reach,omitzero"`
	Patrol   uuid.UUID      `json:"patrol,omitzero"`
	Officer  string         `json:"officer,omitempty" validate:"max=36" jsonschema:"人员编号，或 me"`
	From     law.Date       `json:"from,omitempty" validate:"omitempty,datetime=2006-01-02"`
	To       law.Date       `json:"to,omitempty" validate:"omitempty,datetime=2006-01-02"`
	Text     string         `json:"q,omitempty" validate:"max=100"`
	Paging
}

func (s *server) listFindings(w http.ResponseWriter, r *http.Request, who caller) {
	q, err := query[FindingsQuery](s, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	f := findings.Filter{Kinds: single(q.Kind), Group: q.Group, Statuses: single(q.Status), Sources: single(q.Source), Reach: optional(q.Reach),
		Patrol: optional(q.Patrol), From: q.From, To: q.To, Text: q.Text}
	if f.Districts, err = who.within(q.District); err == nil {
		f.Officer, err = who.person(q.Officer)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var list projections.List[findings.Row]
	s.answerFrom(w, r, q.WaitFor, func(conn *sqlite.Conn) (err error) {
		if list, err = findings.Search(conn, f, q.page()); err != nil {
			return err
		}
		return s.countStored(conn, list.Items)
	}, func(position uint64) any {
		return ListOf[findings.Row]{list.Items, list.Next, list.Total, position}
	})
}

// countStored says of each finding how many of the files it cites have arrived.
func (s *server) countStored(conn *sqlite.Conn, rows []findings.Row) error {
	for n := range rows {
		cited, err := findings.CitedBy(conn, rows[n].ID)
		if err != nil {
			return err
		}
		for _, sha := range cited[rows[n].ID] {
			_, stored, err := s.Evidence.Has(sha)
			if err != nil {
				return err
			}
			if stored {
				rows[n].PhotosStored++
			}
		}
	}
	return nil
}

// FindingAnswer is the page of a finding, and what the caller may do with it now.
type FindingAnswer struct {
	Finding  findings.Detail `json:"finding"`
	Allowed  []string        `json:"allowed"`
	Position uint64          `json:"position"`
}

func (s *server) getFinding(w http.ResponseWriter, r *http.Request, who caller) {
	id, err := pathID(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer := FindingAnswer{}
	s.answerFrom(w, r, 0, func(conn *sqlite.Conn) error {
		d, found, err := findings.ByID(conn, id)
		switch {
		case err != nil:
			return err
		case !found || !who.spans(d.District): // who may not see it learns nothing of it
			return errNotFound()
		}
		for n, p := range d.PhotoList {
			if _, d.PhotoList[n].Stored, err = s.Evidence.Has(p.SHA256); err != nil {
				return err
			}
			d.PhotoList[n].URL = "/api/v1/evidence/sha256/" + p.SHA256
			if d.PhotoList[n].Stored {
				d.PhotosStored++
			}
		}
		answer.Finding = d
		answer.Allowed = allowed(who, findingActs(d.Status))
		return nil
	}, func(position uint64) any { answer.Position = position; return answer })
}

// findingActs are the acts that the status of a finding leaves open. The decision itself is made by the domain; this only
// spares people forms that would be refused.
func findingActs(s finding.Status) []string {
	switch s {
	case finding.StatusReported:
		return []string{"finding.verify", "finding.approve_filing"}
	case finding.StatusVerified:
		return []string{"finding.verify", "finding.do_not_file", "finding.approve_filing"}
	case finding.StatusUnfounded:
		return []string{"finding.verify", "finding.do_not_file"}
	case finding.StatusNotFiled, finding.StatusFiling, finding.StatusFiled:
	}
	return nil
}

func allowed(who caller, acts []string) []string {
	can := who.can()
	return slices.DeleteFunc(append([]string{}, acts...), func(act string) bool { return !slices.Contains(can, act) })
}

// --- Cases

// CasesQuery filters the case ledger (案件台账).
type CasesQuery struct {
	District  string          `json:"district,omitempty" validate:"omitempty,len=6,alphanum"`
	Kind      law.Kind        `json:"kind,omitempty" validate:"omitempty,oneof=sand.mining sand.vessel shoreline.occupy shoreline.extract shoreline.dump shoreline.build"`
	Group     string          `json:"group,omitempty" validate:"omitempty,oneof=sand shoreline"`
	Status    casefile.Status `json:"status,omitempty" validate:"omitempty,oneof=filed closed"`
	Violation string          `json:"violation,omitempty" validate:"max=12"`
	Source    string          `json:"source,omitempty" validate:"omitempty,oneof=patrol tip transfer superior simple media satellite device"`
	Reach     uuid.UUID       `json:"reach,omitzero"`
	Handler   string          `json:"handler,omitempty" validate:"max=36" jsonschema:"承办人编号，或 me"`
	From      law.Date        `json:"from,omitempty" validate:"omitempty,datetime=2006-01-02" jsonschema:"立案日期起"`
	To        law.Date        `json:"to,omitempty" validate:"omitempty,datetime=2006-01-02" jsonschema:"立案日期止"`
	Text      string          `json:"q,omitempty" validate:"max=100"`
	Paging
}

func (s *server) listCases(w http.ResponseWriter, r *http.Request, who caller) {
	q, err := query[CasesQuery](s, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	f := caseledger.Filter{Kinds: single(q.Kind), Group: q.Group, Statuses: single(q.Status), Violations: single(q.Violation), Sources: single(q.Source),
		Reach: optional(q.Reach), From: q.From, To: q.To, Text: q.Text}
	if f.Districts, err = who.within(q.District); err == nil {
		f.Handler, err = who.person(q.Handler)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var list projections.List[caseledger.Row]
	s.answerFrom(w, r, q.WaitFor, func(conn *sqlite.Conn) (err error) {
		list, err = caseledger.Search(conn, f, q.page())
		return err
	}, func(position uint64) any { return ListOf[caseledger.Row]{list.Items, list.Next, list.Total, position} })
}

// CaseAnswer is the page of a case, the finding it came from, and what the caller may do with it now.
type CaseAnswer struct {
	Case     caseledger.Detail `json:"case"`
	Finding  *findings.Row     `json:"finding"`
	Allowed  []string          `json:"allowed"`
	Position uint64            `json:"position"`
}

func (s *server) getCase(w http.ResponseWriter, r *http.Request, who caller) {
	id, err := pathID(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer := CaseAnswer{}
	s.answerFrom(w, r, 0, func(conn *sqlite.Conn) error {
		d, found, err := caseledger.ByID(conn, id)
		switch {
		case err != nil:
			return err
		case !found || !who.spans(d.District):
			return errNotFound()
		}
		answer.Case = d
		origin, found, err := findings.RowByCase(conn, id)
		if err != nil {
			return err
		}
		if found {
			rows := []findings.Row{origin}
			if err := s.countStored(conn, rows); err != nil {
				return err
			}
			answer.Finding = &rows[0]
		}
		acts := []string{}
		if d.Status == casefile.StatusFiled {
			acts = append(acts, "case.close")
		}
		answer.Allowed = allowed(who, acts)
		return nil
	}, func(position uint64) any { answer.Position = position; return answer })
}

// --- Patrols

// PatrolsQuery filters the patrol log (巡查记录).
type PatrolsQuery struct {
	District string         `json:"district,omitempty" validate:"omitempty,len=6,alphanum"`
	Reach    uuid.UUID      `json:"reach,omitzero"`
	Status   patrols.Status `json:"status,omitempty" validate:"omitempty,oneof=active returned"`
	Officer  string         `json:"officer,omitempty" validate:"max=36" jsonschema:"人员编号，或 me"`
	From     law.Date       `json:"from,omitempty" validate:"omitempty,datetime=2006-01-02"`
	To       law.Date       `json:"to,omitempty" validate:"omitempty,datetime=2006-01-02"`
	Paging
}

func (s *server) listPatrols(w http.ResponseWriter, r *http.Request, who caller) {
	q, err := query[PatrolsQuery](s, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	f := patrols.Filter{Reach: optional(q.Reach), Statuses: single(q.Status), From: q.From, To: q.To}
	if f.Districts, err = who.within(q.District); err == nil {
		f.Officer, err = who.person(q.Officer)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var list projections.List[patrols.Row]
	s.answerFrom(w, r, q.WaitFor, func(conn *sqlite.Conn) (err error) {
		list, err = patrols.Search(conn, f, q.page())
		return err
	}, func(position uint64) any { return ListOf[patrols.Row]{list.Items, list.Next, list.Total, position} })
}

// PatrolAnswer is the page of a patrol with what it found.
type PatrolAnswer struct {
	Patrol   patrols.Detail `json:"patrol"`
	Findings []findings.Row `json:"findings"`
	Position uint64         `json:"position"`
}

func (s *server) getPatrol(w http.ResponseWriter, r *http.Request, who caller) {
	id, err := pathID(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer := PatrolAnswer{}
	s.answerFrom(w, r, 0, func(conn *sqlite.Conn) error {
		d, found, err := patrols.ByID(conn, id)
		switch {
		case err != nil:
			return err
		case !found || !who.spans(d.District):
			return errNotFound()
		}
		answer.Patrol = d
		list, err := findings.Search(conn, findings.Filter{Patrol: &id, Districts: who.districts()}, projections.Page{Sort: "foundAt", Limit: projections.MaxLimit})
		if err != nil {
			return err
		}
		answer.Findings = list.Items
		return s.countStored(conn, list.Items)
	}, func(position uint64) any { answer.Position = position; return answer })
}

// --- Registry and reference data

// DistrictQuery narrows a registry list.
type DistrictQuery struct {
	District string `json:"district,omitempty" validate:"omitempty,len=6,alphanum"`
	Cursor   string `json:"cursor,omitempty" validate:"omitempty,numeric,max=6" jsonschema:"上一页回答中的 next"`
	Limit    int    `json:"limit,omitempty" validate:"min=0,max=200" jsonschema:"每页行数，不填则全部"`
	WaitFor  uint64 `json:"waitFor,omitempty"`
}

// registryList answers with a registry list. These are short and read whole, so the cursor of a page is its place in the list.
func registryList[T any](s *server, w http.ResponseWriter, r *http.Request, who caller, read func(conn *sqlite.Conn, districts ...string) ([]T, error)) {
	q, err := query[DistrictQuery](s, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	districts, err := who.within(q.District)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	from := uint64(0)
	if q.Cursor != "" {
		if from, err = strconv.ParseUint(q.Cursor, 10, 31); err != nil {
			s.fail(w, r, errCursor())
			return
		}
	}
	var items []T
	s.answerFrom(w, r, q.WaitFor, func(conn *sqlite.Conn) (err error) {
		items, err = read(conn, districts...)
		return err
	}, func(position uint64) any {
		page := ListOf[T]{Items: items[min(int(from), len(items)):], Position: position}
		if q.Cursor == "" {
			total := int64(len(items))
			page.Total = &total
		}
		if q.Limit > 0 && len(page.Items) > q.Limit {
			page.Items, page.Next = page.Items[:q.Limit], strconv.Itoa(int(from)+q.Limit)
		}
		return page
	})
}

func (s *server) listReaches(w http.ResponseWriter, r *http.Request, who caller) {
	registryList(s, w, r, who, roster.Reaches)
}

func (s *server) listOfficers(w http.ResponseWriter, r *http.Request, who caller) {
	registryList(s, w, r, who, roster.Officers)
}

func (s *server) listOrgans(w http.ResponseWriter, r *http.Request, who caller) {
	registryList(s, w, r, who, func(conn *sqlite.Conn, _ ...string) ([]roster.Organ, error) { return roster.Organs(conn) })
}

// streamDistrict is the district a stream belongs to; ok is false for a stream whose content is open to all signed in.
func (s *server) streamDistrict(ctx context.Context, after uint64, stream string) (district string, scoped bool, err error) {
	category, id, ok := domain.SplitStream(stream)
	if !ok {
		return "", false, errNotFound()
	}
	if home, found, ours, err := s.waterDistrict(ctx, category, id); ours || err != nil {
		if err == nil && !found {
			err = errNotFound()
		}
		return home, true, err
	}
	_, err = s.known.read(ctx, after, func(conn *sqlite.Conn) error {
		var found bool
		switch category {
		case "finding":
			var d findings.Detail
			d, found, err = findings.ByID(conn, id)
			district, scoped = d.District, true
		case "case":
			var d caseledger.Detail
			d, found, err = caseledger.ByID(conn, id)
			district, scoped = d.District, true
		case "patrol":
			var d patrols.Detail
			d, found, err = patrols.ByID(conn, id)
			district, scoped = d.District, true
		default:
			return nil
		}
		if err == nil && !found {
			err = errNotFound()
		}
		return err
	})
	return district, scoped, err
}

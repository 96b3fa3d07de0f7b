package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/google/uuid"
)

// conformity holds what the program really does against what it says about itself.
type conformity struct {
	t    *testing.T
	doc  *openapi3.T
	next http.RoundTripper

	mu   *sync.Mutex
	seen map[string]bool // operations that have succeeded
}

// RoundTrip checks a request that succeeds, and every answer.
func (c conformity) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	response, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	var received []byte
	if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") { // that one does not end
		received, err = io.ReadAll(response.Body)
		response.Body.Close()
		response.Body = io.NopCloser(bytes.NewReader(received))
	}
	if err == nil {
		c.check(r, sent, response, received)
	}
	return response, err
}

func (c conformity) check(r *http.Request, sent []byte, response *http.Response, received []byte) {
	c.t.Helper()
	route, parameters := c.find(r.Method, r.URL.Path)
	if route == nil {
		if response.StatusCode != http.StatusNotFound {
			c.t.Errorf("%s %s is answered %d and described nowhere", r.Method, r.URL.Path, response.StatusCode)
		}
		return
	}
	operation := route.Method + " " + route.Path
	asked := r.Clone(r.Context())
	asked.Body = http.NoBody
	if len(sent) > 0 {
		asked.Body = io.NopCloser(bytes.NewReader(sent))
	}
	if asked.Header.Get("Content-Type") == "application/offset+octet-stream" {
		asked.Body = http.NoBody // bytes are bytes
	}
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}
	input := &openapi3filter.RequestValidationInput{Request: asked, PathParams: parameters, Route: route, Options: options}
	ok := response.StatusCode/100 == 2
	if ok {
		if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
			c.t.Errorf("%s succeeds, but its description forbids it: %v\n%.500s", operation, err, sent)
		}
		c.mu.Lock()
		c.seen[operation] = true
		c.mu.Unlock()
	}
	if kind := response.Header.Get("Content-Type"); !strings.Contains(kind, "json") { // nothing to look into
		excluding := *options
		excluding.ExcludeResponseBody = true
		options = &excluding
	}
	answer := &openapi3filter.ResponseValidationInput{RequestValidationInput: input, Status: response.StatusCode, Header: response.Header, Options: options}
	answer.SetBodyBytes(received)
	if err := openapi3filter.ValidateResponse(r.Context(), answer); err != nil {
		c.t.Errorf("%s answers %d otherwise than described: %v\n%.500s", operation, response.StatusCode, err, received)
	}
	// A body that nobody described is one that nobody expects.
	described := route.Operation.Responses.Status(response.StatusCode)
	if described == nil {
		described = route.Operation.Responses.Default()
	}
	if len(received) > 0 && len(described.Value.Content) == 0 {
		c.t.Errorf("%s answers %d with a body that is not described: %.200s", operation, response.StatusCode, received)
	}
}

var placeholder = regexp.MustCompile(`\\\{(\w+)\\\}`)

// find is the operation that a path belongs to, one without parameters before one with.
func (c conformity) find(method, path string) (*routers.Route, map[string]string) {
	paths := c.doc.Paths.Map()
	var templates []string
	for template := range paths {
		templates = append(templates, template)
	}
	slices.SortFunc(templates, func(a, b string) int { return strings.Count(a, "{") - strings.Count(b, "{") })
	for _, template := range templates {
		form := regexp.MustCompile("^" + placeholder.ReplaceAllString(regexp.QuoteMeta(template), `(?P<$1>[^/]+)`) + "$")
		found := form.FindStringSubmatch(path)
		operation := paths[template].GetOperation(method)
		if found == nil || operation == nil {
			continue
		}
		parameters := map[string]string{}
		for n, name := range form.SubexpNames() {
			if name != "" {
				parameters[name] = found[n]
			}
		}
		return &routers.Route{Spec: c.doc, Path: template, PathItem: paths[template], Method: method, Operation: operation}, parameters
	}
	return nil, nil
}

// TestOpenAPI checks that the description the program serves is valid OpenAPI 3.1, that every operation in it works as described,
// and that every command has a schema that takes what is accepted and refuses what is not.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	w := small(t)
	h := open(t, w.data)
	raw := h.client().must(http.MethodGet, "/api/openapi.json", nil).body
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatalf("not valid: %v", err)
	}
	if doc.OpenAPI != "3.1.0" || !doc.IsOpenAPI31OrLater() {
		t.Errorf("version %s", doc.OpenAPI)
	}

	all := conformity{t: t, doc: doc, mu: &sync.Mutex{}, seen: map[string]bool{}}
	watched := func(c *client) *client {
		one := all
		one.next = c.http.Transport
		c.http.Transport = one
		return c
	}
	person := func(account string) *client {
		c := watched(h.client())
		c.must(http.MethodPost, "/api/v1/session", obj{"account": account, "password": password}).into(&c.me)
		return c
	}
	field, office, head, city, admin := person("jy-1"), person("jy-handler"), person("jy-head"), person("city"), person("admin")
	nobody := watched(h.client())

	// Everybody's.
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/api/openapi.json", "/api/"} {
		nobody.must(http.MethodGet, path, nil)
	}
	nobody.do(http.MethodGet, "/api/v1/session", nil).decent(http.StatusUnauthorized, "auth.required")
	field.must(http.MethodGet, "/api/v1/session", nil)
	field.must(http.MethodGet, "/api/v1/reference", nil)

	// A way in, and out.
	last := admin.act(command("officer.register", newID(), time.Now(), obj{"name": "新来人", "organ": w.organ["320281"], "district": "320281", "roles": []string{"clerk"}}))
	admin.getAt(last.Position, "/api/v1/officers?district=320281", &page{})
	id := uuid.MustParse(strings.TrimPrefix(last.Stream, "officer-"))
	admin.must(http.MethodPut, "/api/v1/accounts/new", obj{"officer": id})
	admin.must(http.MethodPatch, "/api/v1/accounts/new", obj{"disabled": false, "unlock": true})
	var once struct{ Password string }
	admin.must(http.MethodPost, "/api/v1/accounts/new/password", nil).into(&once)
	admin.must(http.MethodGet, "/api/v1/accounts", nil)
	fresh := watched(h.client())
	fresh.must(http.MethodPost, "/api/v1/session", obj{"account": "new", "password": once.Password})
	fresh.must(http.MethodPost, "/api/v1/session/password", obj{"old": once.Password, "new": password})
	fresh.must(http.MethodDelete, "/api/v1/session", nil)

	// From the patrol to the case that is closed, with a photo that arrives.
	at := time.Now().Add(-time.Hour)
	shot := snapshot(newDice(5), 2000)
	if err := field.upload(t.Context(), shot, 1200); err != nil {
		t.Fatal(err)
	}
	place, _, err := field.begin(t.Context(), snapshot(newDice(6), 500))
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{http.MethodHead, http.MethodDelete} {
		if a, err := field.send(t.Context(), method, place, tus(), nil); err != nil || a.status/100 != 2 {
			t.Errorf("%s: %d %s %v", a.what, a.status, a.body, err)
		}
	}
	field.must(http.MethodHead, "/api/v1/evidence/sha256/"+shot.sha, nil)
	patrol, on, other, file := newID(), newID(), newID(), newID()
	report := with(w.report("长江利港段", "jy-1", "jy-2"), "photos", []obj{with(with(shot.cite("现场"), "takenAt", at.Format(time.RFC3339)), "previous", strings.Repeat("0", 64))})
	report["source"], report["patrol"] = "patrol", patrol
	for name, value := range map[string]int{"persons": 3, "areaM2": 10, "lengthM": 20, "volumeM3": 30} {
		report[name] = value
	}
	depart := command("patrol.depart", patrol, at, obj{"officers": w.ids("jy-1", "jy-2"), "reaches": []uuid.UUID{w.reach["长江利港段"]}, "means": "boat", "purpose": "巡查"})
	depart["device"], depart["causation"] = obj{"id": newID(), "seq": 1}, newID()
	field.act(depart)
	field.act(command("patrol.track", patrol, at, obj{"points": []obj{{"latE6": 31_950_000, "lonE6": 120_090_000, "accuracyCm": 500, "at": at.UTC()}}}))
	var batch struct{ Results []struct{ Status int } }
	field.must(http.MethodPost, "/api/v1/commands", obj{"commands": []obj{
		with(command("finding.report", on, at, report), "id", newID()), with(command("finding.report", on, at, report), "id", newID()), with(command("finding.report", other, at, report), "id", newID())}}).into(&batch)
	if len(batch.Results) != 3 || batch.Results[0].Status != 200 || batch.Results[1].Status != 422 || batch.Results[2].Status != 200 {
		t.Errorf("batch: %+v", batch)
	}
	field.act(command("patrol.return", patrol, at, obj{}))
	for _, found := range []uuid.UUID{on, other} {
		field.act(command("finding.verify", found, at, w.verification("jy-1", "jy-2")))
	}
	office.act(command("finding.do_not_file", other, at, obj{"reason": "corrected", "note": "已改正", "approval": approval(dayOf(at))}))
	filing := w.filing(file, "S01", dayOf(at), "jy-handler", "jy-1")
	filing["filing"].(obj)["parties"] = []obj{{"kind": "person", "name": "甲", "idNo": "1", "legal": "乙", "phone": "2", "address": "某地"}}
	filed := office.act(command("finding.approve_filing", on, at, filing))
	office.refused(command("finding.approve_filing", on, at, w.filing(newID(), "S01", dayOf(at), "jy-handler", "jy-1")), http.StatusUnprocessableEntity, "finding.already_filed")
	closed := office.act(command("case.close", file, at, obj{"ground": "withdrawn", "note": "撤销", "approval": approval(dayOf(at))}))

	// Sand and shore.
	const number = "示例采许2号"
	from, until := dayOf(at.AddDate(0, 0, -2)), dayOf(at.AddDate(0, 0, 2))
	office.act(command("permit.issue", numbered("permit", number), at, w.permit(number, from, until, 6000)))
	field.act(command("waybill.issue", numbered("waybill", "示例单901"), at, w.bill("示例单901", number, 300, at.Add(-time.Hour))))
	polygon, problem := newID(), newID()
	city.act(command("polygon.push", polygon, at, obj{"number": "示例018", "batch": "第一批", "source": "province", "reach": w.reach["长江利港段"], "area": []obj{{"latE6": 1}, {"latE6": 2}, {"latE6": 3}}, "areaM2": 5600,
		"change": "新增堆场", "earlierOn": "2025-09-01", "laterOn": "2026-02-01"}))
	spot := obj{"latE6": 31_952_000, "lonE6": 120_095_000, "datum": "WGS84", "accuracyCm": 500, "source": "gnss"}
	last = field.act(command("problem.find", problem, at, obj{"source": "patrol", "list": "city", "reach": w.reach["长江利港段"], "site": obj{"place": spot, "bank": "right"}, "subtype": "occupy.water_flat", "description": "滩地堆场",
		"size": obj{"areaM2": 5600}, "photos": []obj{shot.cite("滩地")}}))
	vessel := newID()
	last = field.act(command("vessel.register", vessel, at, obj{"district": "320281", "identity": obj{"name": "苏示例采0009", "mmsi": "413000009", "type": "dredger", "papers": "none"}}))

	// Every list, with all that it can be asked, and every page.
	city.getAt(max(closed.Position, last.Position), "/api/v1/findings", &page{})
	for _, path := range []string{"organs?limit=1", "officers?district=320281", "reaches", "findings?group=sand&officer=" + w.officer["jy-1"].String() + "&reach=" + w.reach["长江利港段"].String() + "&from=2020-01-01&to=2030-01-01&sort=foundAt&limit=1&q=采砂船",
		"findings/" + on.String(), "findings/" + other.String(), "cases?status=closed&sort=number&handler=me", "cases/" + file.String(), "cases/" + file.String() + "/procedure", "patrols?officer=me&status=returned", "patrols/" + patrol.String(),
		"streams/case-" + file.String() + "/events", "streams/finding-" + on.String() + "/events", "events/" + filed.Events[0].ID.String(),
		"statistics?by=district,month&measure=findings&measure=patrols", "statistics?by=reach&kind=sand.vessel&from=2020-01-01", "statistics/entries?measure=findings&limit=1", "statistics/entries?measure=casesFiled",
		"permits", "permits/" + numbered("permit", number).String(), "waybills", "waybills/" + numbered("waybill", "示例单901").String(), "vessels", "vessels/" + vessel.String(), "problems", "problems/" + problem.String(), "polygons", "polygons/" + polygon.String(),
		"evidence/sha256/" + shot.sha} {
		city.must(http.MethodGet, "/api/v1/"+path, nil)
	}
	for _, path := range []string{"findings?limit=1000", "cases/" + newID().String(), "statistics?by=x", "evidence/sha256/0"} {
		head.do(http.MethodGet, "/api/v1/"+path, nil)
	}
	live(t, city)

	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if !all.seen[method+" "+path] {
				t.Errorf("%s %s has not succeeded once", method, path)
			}
		}
	}
	commandSchemas(t, doc, city)
}

// live reads the first word of the stream that tells of changes.
func live(t *testing.T, c *client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	base, err := c.house.address(ctx)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/v1/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			var said struct{ Position uint64 }
			if err := json.Unmarshal([]byte(data), &said); err != nil || said.Position == 0 {
				t.Errorf("live says %q", data)
			}
			return
		}
	}
	t.Error("live says nothing")
}

// commandSchemas checks that each command that somebody may send has a schema of its own, under its name, and that the schemas are
// as strict as the program.
func commandSchemas(t *testing.T, doc *openapi3.T, c *client) {
	t.Helper()
	var reference struct{ Access map[string][]string }
	c.get("/api/v1/reference", &reference)
	variants := map[string]bool{}
	for _, v := range doc.Components.Schemas["Command"].Value.OneOf {
		variants[strings.TrimPrefix(v.Ref, "#/components/schemas/")] = true
	}
	for kind := range reference.Access {
		name := "Command." + kind
		ref := doc.Components.Schemas[name]
		if ref == nil || !variants[name] {
			t.Errorf("%s has no schema", kind)
			continue
		}
		schema := ref.Value
		if schema.Title == "" || schema.Properties["data"] == nil || schema.Properties["data"].Value.Type == nil || len(schema.Properties["type"].Value.Enum) != 1 || schema.Properties["type"].Value.Enum[0] != kind {
			t.Errorf("%s: title %q, type %v", kind, schema.Title, schema.Properties["type"].Value.Enum)
		}
	}
	if len(variants) != len(reference.Access) {
		t.Errorf("%d schemas, %d commands", len(variants), len(reference.Access))
	}
	schema := doc.Components.Schemas["Command.finding.report"].Value
	good := deep(t, command("finding.report", newID(), time.Now(), world{reach: map[string]uuid.UUID{"长江利港段": newID()}, officer: map[string]uuid.UUID{"jy-1": newID()}}.report("长江利港段", "jy-1")))
	judge := func(v obj) error { return schema.VisitJSON(v, openapi3.EnableJSONSchema2020()) }
	if err := judge(good); err != nil {
		t.Errorf("a good report does not fit its schema: %v", err)
	}
	for name, spoil := range map[string]func(c, data obj){
		"no source":         func(_, d obj) { delete(d, "source") },
		"unknown source":    func(_, d obj) { d["source"] = "rumour" },
		"unknown field":     func(_, d obj) { d["colour"] = "red" },
		"unknown envelope":  func(c, _ obj) { c["admin"] = true },
		"other type":        func(c, _ obj) { c["type"] = "finding.verify" },
		"no aggregate":      func(c, _ obj) { delete(c, "aggregate") },
		"latitude beyond":   func(_, d obj) { d["place"].(obj)["latE6"] = 90_000_001.0 },
		"latitude a text":   func(_, d obj) { d["place"].(obj)["latE6"] = "31" },
		"other datum":       func(_, d obj) { d["place"].(obj)["datum"] = "GCJ02" },
		"too many officers": func(_, d obj) { d["officers"] = slices.Repeat([]any{newID().String()}, 21) },
		"nobody":            func(_, d obj) { d["officers"] = []any{} },
		"text too long":     func(_, d obj) { d["description"] = strings.Repeat("水", 2001) },
		"persons negative":  func(_, d obj) { d["persons"] = -1.0 },
		"vessel of no type": func(_, d obj) { delete(d["vessel"].(obj), "type") },
		"photo without hash": func(_, d obj) {
			d["photos"] = []any{obj{"id": newID().String(), "size": 1.0, "mediaType": "image/jpeg"}}
		},
		"photo's hash cut": func(_, d obj) {
			d["photos"] = []any{obj{"id": newID().String(), "size": 1.0, "mediaType": "image/jpeg", "sha256": strings.Repeat("0", 63)}}
		},
		"clock of the sun": func(c, _ obj) { c["clock"] = obj{"kind": "sun", "uncertaintyMs": 0.0} },
	} {
		bad := deep(t, good)
		spoil(bad, bad["data"].(obj))
		if judge(bad) == nil {
			t.Errorf("%s: fits the schema of finding.report", name)
		}
	}
}

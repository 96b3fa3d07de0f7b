package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/uuid"
)

// What must never stand in an answer to a request that was refused: what a person typed, and how the program works.
const (
	idNumber  = "320281199001011234"
	phone     = "13812345678"
	nameTyped = "欧阳某某甲"
	secret    = "我的口令是什么-2026"
)

var (
	revealing = []string{idNumber, phone, nameTyped, secret, "sqlite", "SELECT", "goroutine", ".go:", "/tmp/", "runtime error", "nil pointer", "json:", "validator", "Struct"}
	codeForm  = regexp.MustCompile(`^[a-z0-9]+\.[a-z0-9_]+$`)
)

// decent checks the form of a refusal: RFC 9457, a stable code, Chinese that says what to do, and nothing that it should not tell.
func (a answer) decent(status int, code string) {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("%s: %d %.400s, want %d %s", a.what, a.status, a.body, status, code)
		return
	}
	if a.status >= 500 && a.status != http.StatusServiceUnavailable {
		a.t.Errorf("%s: %d", a.what, a.status)
	}
	if kind := a.header.Get("Content-Type"); !strings.HasPrefix(kind, "application/problem+json") {
		a.t.Errorf("%s: %s is no problem", a.what, kind)
	}
	if strings.HasPrefix(a.what, http.MethodHead) { // it has no body
		return
	}
	p := a.problem()
	han := func(text string) bool {
		return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	if p.Code != code || p.Status != status || p.Type != "urn:shuizheng:problem:"+code || !codeForm.MatchString(p.Code) || !han(p.Title) || !han(p.Detail) {
		a.t.Errorf("%s: %.400s, want %d %s", a.what, a.body, status, code)
	}
	for _, e := range p.Errors {
		if e.Field == "" || e.Code == "" || !han(e.Message) {
			a.t.Errorf("%s: the error of a field says %+v", a.what, e)
		}
	}
	for _, word := range revealing {
		if bytes.Contains(a.body, []byte(word)) {
			a.t.Errorf("%s: the answer tells %q: %.400s", a.what, word, a.body)
		}
	}
	if a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Set-Cookie") != "" && a.status != http.StatusUnauthorized {
		a.t.Errorf("%s: headers %v", a.what, a.header)
	}
}

// scene is a house in which Jiangyin has records and others want something of them.
type scene struct {
	world
	*house
	officer, handler, admin, clerk, supervisor *client // of Jiangyin and the city
	stranger, strangersHandler                 *client // of Xinwu
	finding, open, patrol, file                uuid.UUID
	events                                     []uuid.UUID // of the finding, the patrol and the case
	photo                                      photo
}

func newScene(t *testing.T) *scene {
	t.Helper()
	w := small(t)
	h := open(t, w.data)
	s := &scene{world: w, house: h, officer: w.signIn(h, "jy-1"), handler: w.signIn(h, "jy-handler"), admin: w.signIn(h, "admin"), clerk: w.signIn(h, "clerk"),
		supervisor: w.signIn(h, "city"), stranger: w.signIn(h, "xw-1"), strangersHandler: w.signIn(h, "xw-handler"),
		finding: newID(), open: newID(), patrol: newID(), file: newID(), photo: snapshot(newDice(1), 3000)}
	at := time.Now().Add(-time.Hour)
	if err := s.officer.upload(t.Context(), s.photo, 1000); err != nil {
		t.Fatal(err)
	}
	var last accepted
	for _, step := range []struct {
		who *client
		c   obj
	}{
		{s.officer, command("patrol.depart", s.patrol, at, obj{"officers": w.ids("jy-1", "jy-2"), "reaches": []uuid.UUID{w.reach["长江利港段"]}, "means": "boat"})},
		{s.officer, command("finding.report", s.finding, at, with(w.report("长江利港段", "jy-1", "jy-2"), "photos", []obj{s.photo.cite("现场")}))},
		{s.officer, command("finding.report", s.open, at, w.report("长江利港段", "jy-1", "jy-2"))},
		{s.officer, command("finding.verify", s.finding, at, w.verification("jy-1", "jy-2"))},
		{s.handler, command("finding.approve_filing", s.finding, at, w.filing(s.file, "S01", dayOf(at), "jy-handler", "jy-1"))},
	} {
		last = step.who.act(step.c)
		for _, e := range last.Events {
			s.events = append(s.events, e.ID)
		}
	}
	s.officer.get(fmt.Sprintf("/api/v1/findings?waitFor=%d", last.Position), &page{})
	return s
}

// nothingWritten runs f and checks that the log has not grown.
func (s *scene) nothingWritten(t *testing.T, f func()) {
	t.Helper()
	before := s.head()
	f()
	if after := s.head(); after != before {
		t.Errorf("something was written: the log is at %v, before at %v", after, before)
	}
}

func TestHostileCommands(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	at := time.Now().Add(-time.Hour)
	report := func(change func(c, data, place obj)) []byte {
		data := with(s.report("长江利港段", "jy-1", "jy-2"), "description", nameTyped+"，电话 "+phone)
		data["place"] = with(data["place"].(obj), "note", idNumber)
		c := command("finding.report", newID(), at, data)
		if change != nil {
			change(c, data, data["place"].(obj))
		}
		return encode(t, c)
	}
	set := func(name string, value any) []byte { return report(func(c, _, _ obj) { c[name] = value }) }
	data := func(name string, value any) []byte { return report(func(_, d, _ obj) { d[name] = value }) }
	place := func(name string, value any) []byte { return report(func(_, _, p obj) { p[name] = value }) }
	raw := func(name, value string) []byte {
		return bytes.Replace(data(name, "@@"), []byte(`"@@"`), []byte(value), 1)
	}
	file := func(change func(filing obj)) []byte {
		d := s.filing(newID(), "S01", dayOf(at), "jy-handler", "jy-1")
		f := d["filing"].(obj)
		f["parties"] = []obj{{"kind": "person", "name": nameTyped, "idNo": idNumber, "phone": phone}}
		change(f)
		return encode(t, command("finding.approve_filing", s.open, at, d))
	}
	many := func(n int, v any) []any { return slices.Repeat([]any{v}, n) }
	photo := func(name string, value any) []byte {
		return data("photos", []obj{with(s.photo.cite(nameTyped), name, value)})
	}
	const (
		bad, huge, refused = http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity
	)
	for name, attempt := range map[string]struct {
		body   []byte
		status int
		code   string
	}{
		"nothing":                   {nil, bad, "request.malformed"},
		"null":                      {[]byte("null"), bad, "request.invalid"},
		"half of it":                {report(nil)[:200], bad, "request.malformed"},
		"no JSON":                   {[]byte("type=finding.report&name=" + nameTyped), bad, "request.not_json"},
		"a list":                    {[]byte(`[` + string(report(nil)) + `]`), bad, "request.wrong_type"},
		"two of them":               {append(report(nil), report(nil)...), bad, "request.malformed"},
		"too large":                 {data("description", strings.Repeat(nameTyped, 40_000)), huge, "request.too_large"},
		"deep":                      {raw("photos", strings.Repeat("[", 60_000)+strings.Repeat("]", 60_000)), bad, "request.not_json"},
		"deep objects":              {raw("vessel", strings.Repeat(`{"a":`, 20_000)+"1"+strings.Repeat("}", 20_000)), bad, "request.not_json"},
		"deep enough":               {raw("photos", strings.Repeat("[", 5_000)+strings.Repeat("]", 5_000)), bad, "request.wrong_type"},
		"type missing":              {set("type", ""), bad, "request.invalid"},
		"type a number":             {set("type", 7), bad, "request.wrong_type"},
		"type unknown":              {set("type", "finding.delete"), bad, "command.unknown_type"},
		"type of nobody's":          {set("type", "series.allot"), bad, "command.unknown_type"},
		"type too long":             {set("type", strings.Repeat("a", 41)), bad, "request.invalid"},
		"aggregate missing":         {set("aggregate", uuid.Nil), bad, "request.invalid"},
		"aggregate no id":           {set("aggregate", "../../identity.db"), bad, "request.malformed"},
		"occurredAt missing":        {set("occurredAt", "0001-01-01T00:00:00Z"), bad, "request.invalid"},
		"occurredAt a number":       {set("occurredAt", 1764000000), bad, "request.malformed"},
		"occurredAt a word":         {set("occurredAt", "昨天"), bad, "request.malformed"},
		"occurredAt in an hour":     {set("occurredAt", time.Now().Add(time.Hour).UTC()), refused, "time.in_future"},
		"occurredAt in 9999":        {set("occurredAt", "9999-12-31T23:59:59Z"), refused, "time.in_future"},
		"occurredAt after 9999":     {set("occurredAt", "9999-12-31T23:59:59-23:59"), refused, "time.in_future"},
		"occurredAt in 0001":        {set("occurredAt", "0001-01-02T00:00:00Z"), refused, "time.too_early"},
		"occurredAt before 0000":    {set("occurredAt", "0000-01-01T00:00:00+23:59"), refused, "time.too_early"},
		"occurredAt in 1949":        {set("occurredAt", "1949-09-30T15:59:59Z"), refused, "time.too_early"},
		"clock of the sun":          {set("clock", obj{"kind": "sun", "uncertaintyMs": 0}), bad, "request.invalid"},
		"clock missing":             {set("clock", obj{}), bad, "request.invalid"},
		"uncertainty negative":      {set("clock", obj{"kind": "gnss", "uncertaintyMs": -1}), bad, "request.invalid"},
		"device without number":     {set("device", obj{"id": newID(), "seq": 0}), bad, "request.invalid"},
		"causation no id":           {set("causation", nameTyped), bad, "request.malformed"},
		"data a text":               {set("data", nameTyped), bad, "request.wrong_type"},
		"data a list":               {set("data", []any{}), bad, "request.wrong_type"},
		"data null":                 {set("data", nil), bad, "request.invalid"},
		"unknown field outside":     {set("admin", true), bad, "request.unknown_field"},
		"unknown field inside":      {data("district", "320281"), bad, "request.unknown_field"},
		"unknown field deep inside": {place("crs", nameTyped), bad, "request.unknown_field"},
		"field of the server":       {data("Crew", []obj{{"name": nameTyped}}), bad, "request.unknown_field"},
		"latitude beyond":           {place("latE6", 90_000_001), bad, "request.invalid"},
		"longitude beyond":          {place("lonE6", -180_000_001), bad, "request.invalid"},
		"latitude in degrees":       {place("latE6", 31.952), bad, "request.wrong_type"},
		"latitude a text":           {place("latE6", "31952000"), bad, "request.wrong_type"},
		"latitude endless":          {bytes.Replace(report(nil), []byte("31952000"), []byte("1e999"), 1), bad, "request.wrong_type"},
		"latitude larger than int":  {bytes.Replace(report(nil), []byte("31952000"), []byte("9223372036854775808"), 1), bad, "request.wrong_type"},
		"latitude not a number":     {bytes.Replace(report(nil), []byte("31952000"), []byte("NaN"), 1), bad, "request.not_json"},
		"datum of the map maker":    {place("datum", "GCJ02"), bad, "request.invalid"},
		"datum missing":             {place("datum", ""), bad, "request.invalid"},
		"accuracy negative":         {place("accuracyCm", -1), bad, "request.invalid"},
		"NUL escaped":               {raw("description", `"`+nameTyped+`\u0000"`), bad, "request.control_character"},
		"NUL":                       {raw("description", "\""+nameTyped+"\x00\""), bad, "request.control_character"},
		"NUL in a name":             {bytes.Replace(report(nil), []byte(`"description"`), []byte(`"descr\u0000iption"`), 1), bad, "request.control_character"},
		"UTF-8 broken":              {raw("description", "\""+nameTyped+"\xff\xfe\""), bad, "request.control_character"},
		"UTF-8 cut":                 {raw("description", "\""+nameTyped+"\xe6\xb0\""), bad, "request.control_character"},
		"UTF-8 overlong":            {raw("description", "\"\xc0\xaf\""), bad, "request.control_character"},
		"half a surrogate":          {raw("description", `"`+nameTyped+`\ud83d"`), bad, "request.control_character"},
		"the other half":            {raw("description", `"\ude00`+nameTyped+`"`), bad, "request.control_character"},
		"halves swapped":            {raw("description", `"\ude00\ud83d"`), bad, "request.control_character"},
		"line break in a text":      {raw("description", "\"a\nb\""), bad, "request.not_json"},
		"UTF-16":                    {append([]byte{0xFF, 0xFE}, report(nil)...), bad, "request.control_character"},
		"byte order mark":           {append([]byte("\ufeff"), report(nil)...), bad, "request.not_json"},
		"text too long":             {data("description", strings.Repeat("水", 2001)), bad, "request.invalid"},
		"text missing":              {data("description", ""), bad, "request.invalid"},
		"source unknown":            {data("source", "rumour"), bad, "request.invalid"},
		"patrol without its id":     {data("source", "patrol"), bad, "request.invalid"},
		"kind unknown":              {data("kind", "sand.castle"), bad, "request.invalid"},
		"reach unknown":             {data("reach", newID()), refused, "reach.unknown"},
		"nobody":                    {data("officers", []uuid.UUID{}), bad, "request.invalid"},
		"somebody twice":            {data("officers", s.ids("jy-1", "jy-1")), bad, "request.invalid"},
		"somebody unknown":          {data("officers", []uuid.UUID{newID()}), refused, "officer.unknown"},
		"too many":                  {data("officers", many(21, newID())), bad, "request.invalid"},
		"persons negative":          {data("persons", -1), bad, "request.invalid"},
		"area beyond":               {data("areaM2", 1_000_000_001), bad, "request.invalid"},
		"MMSI of letters":           {data("vessel", obj{"name": nameTyped, "mmsi": "41300000x", "type": "hidden", "papers": "none"}), bad, "request.invalid"},
		"vessel of no type":         {data("vessel", obj{"name": nameTyped}), bad, "request.invalid"},
		"too many photos":           {data("photos", many(31, s.photo.cite(""))), bad, "request.invalid"},
		"one photo twice":           {data("photos", many(2, s.photo.cite(nameTyped))), bad, "request.invalid"},
		"photo without hash":        {photo("sha256", ""), bad, "request.invalid"},
		"photo with capital hash":   {photo("sha256", strings.ToUpper(s.photo.sha)), bad, "request.invalid"},
		"photo of a path":           {photo("sha256", "../../identity.db"), bad, "request.invalid"},
		"photo of nothing":          {photo("size", 0), bad, "request.invalid"},
		"photo that is a page":      {photo("mediaType", "text/html"), bad, "request.invalid"},
		"photo of no time":          {photo("takenAt", "早上"), bad, "request.invalid"},
		"filing without a party":    {file(func(f obj) { f["parties"] = []obj{} }), bad, "request.invalid"},
		"party of no kind":          {file(func(f obj) { f["parties"].([]obj)[0]["kind"] = nameTyped }), bad, "request.invalid"},
		"party's number too long":   {file(func(f obj) { f["parties"].([]obj)[0]["idNo"] = idNumber + idNumber }), bad, "request.invalid"},
		"day that is none":          {file(func(f obj) { f["conductEndedOn"] = "2026-02-30" }), bad, "request.invalid"},
		"cause unknown":             {file(func(f obj) { f["violation"] = "S99" }), refused, "case.unknown_violation"},
		"one handler":               {file(func(f obj) { f["handlers"] = s.ids("jy-1") }), bad, "request.invalid"},
		"approved tomorrow":         {file(func(f obj) { f["organHead"] = approval(dayOf(at.AddDate(0, 0, 2))) }), refused, "case.approval_date"},
		"conduct in year 0001":      {file(func(f obj) { f["conductEndedOn"] = "0001-01-01" }), refused, "case.violation_not_in_force"},
	} {
		t.Run(name, func(t *testing.T) {
			who := *s.officer
			if bytes.Contains(attempt.body, []byte("approve_filing")) {
				who = *s.handler
			}
			who.t = t
			s.nothingWritten(t, func() {
				who.do(http.MethodPut, "/api/v1/commands/"+newID().String(), attempt.body).decent(attempt.status, attempt.code)
			})
		})
	}
	for _, id := range []string{"abc", uuid.NewString(), uuid.Nil.String(), newID().String() + "0", "..%2f..%2fidentity.db", "%00", "%ff"} {
		s.nothingWritten(t, func() {
			s.officer.do(http.MethodPut, "/api/v1/commands/"+id, report(nil)).decent(bad, "command.id_form")
		})
	}
	s.house.ready()
}

// A batch answers each of its commands by itself.
func TestHostileBatches(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	at := time.Now().Add(-time.Hour)
	good := func() obj {
		return with(command("finding.report", newID(), at, s.report("长江利港段", "jy-1", "jy-2")), "id", newID())
	}
	send := func(commands ...any) answer {
		return s.officer.do(http.MethodPost, "/api/v1/commands", obj{"commands": commands})
	}
	s.nothingWritten(t, func() {
		send().decent(http.StatusBadRequest, "request.invalid")
		send(slices.Repeat([]any{good()}, 101)...).decent(http.StatusBadRequest, "request.invalid")
		s.officer.do(http.MethodPost, "/api/v1/commands", obj{"commands": nameTyped}).decent(http.StatusBadRequest, "request.wrong_type")
		s.officer.do(http.MethodPost, "/api/v1/commands", bytes.Repeat([]byte("["), 5<<20)).decent(http.StatusRequestEntityTooLarge, "request.too_large")
	})
	twice := good()
	items := []struct {
		command any
		status  int
		code    string
	}{
		{good(), http.StatusOK, ""},
		{with(good(), "aggregate", s.finding), http.StatusUnprocessableEntity, "finding.already_reported"},
		{good(), http.StatusOK, ""},
		{nameTyped, http.StatusBadRequest, "request.wrong_type"},
		{with(good(), "data", obj{"description": nameTyped}), http.StatusBadRequest, "request.invalid"},
		{with(good(), "id", uuid.NewString()), http.StatusBadRequest, "command.id_form"},
		{with(good(), "data", with(s.report("溪方湾浜", "jy-1"), "description", nameTyped)), http.StatusForbidden, "access.other_district"},
		{with(good(), "type", "case.close"), http.StatusForbidden, "access.role"},
		{with(good(), "data", obj{"description": strings.Repeat("水", 100_000)}), http.StatusRequestEntityTooLarge, "request.too_large"},
		{twice, http.StatusOK, ""},
		{twice, http.StatusOK, ""},
		{with(twice, "occurredAt", at.Add(time.Second).UTC()), http.StatusUnprocessableEntity, "command.id_reused"},
		{good(), http.StatusOK, ""},
	}
	var commands []any
	for _, i := range items {
		commands = append(commands, i.command)
	}
	var got struct {
		Results []struct {
			ID      uuid.UUID
			Status  int
			Result  json.RawMessage
			Problem json.RawMessage
		}
	}
	a := send(commands...)
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	a.into(&got)
	if len(got.Results) != len(items) {
		t.Fatalf("%d answers to %d commands", len(got.Results), len(items))
	}
	for n, i := range items {
		r := got.Results[n]
		if i.code == "" {
			if r.Status != i.status || r.Problem != nil || fmt.Sprint(i.command.(obj)["id"]) != r.ID.String() {
				t.Errorf("item %d: %+v %s", n, r, r.Problem)
			}
			continue
		}
		item := answer{t: t, what: fmt.Sprint("item ", n), status: r.Status, body: r.Problem, header: a.header.Clone()}
		item.header.Set("Content-Type", "application/problem+json")
		item.decent(i.status, i.code)
	}
	if !bytes.Equal(got.Results[9].Result, got.Results[10].Result) {
		t.Errorf("one command twice in a batch: %s and %s", got.Results[9].Result, got.Results[10].Result)
	}
	s.house.stop()
	reports := 0
	for _, r := range s.house.records() {
		if r.Type == "finding.reported.v1" {
			reports++
		}
	}
	if want := 2 + 4; reports != want {
		t.Errorf("%d findings in the log, want %d", reports, want)
	}
}

func TestHostileQueries(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	var first page
	s.supervisor.get("/api/v1/findings?limit=1", &first)
	if first.Next == "" {
		t.Fatal("no cursor to play with")
	}
	const bad, missing = http.StatusBadRequest, http.StatusNotFound
	paths := map[string]struct {
		status int
		code   string
	}{
		"/api/v1/findings?limit=-1":                                                  {bad, "request.invalid"},
		"/api/v1/findings?limit=201":                                                 {bad, "request.invalid"},
		"/api/v1/findings?limit=viele":                                               {bad, "request.wrong_type"},
		"/api/v1/findings?limit=99999999999999999999":                                {bad, "request.wrong_type"},
		"/api/v1/findings?sort=district":                                             {bad, "request.sort"},
		"/api/v1/findings?sort=foundAt%3BDROP%20TABLE%20x":                           {bad, "request.sort"},
		"/api/v1/findings?district=320281;sort=foundAt":                              {bad, "request.malformed"},
		"/api/v1/findings?q=%zz":                                                     {bad, "request.malformed"},
		"/api/v1/findings?cursor=xyz":                                                {bad, "request.cursor"},
		"/api/v1/findings?cursor=" + strings.Repeat("A", 801):                        {bad, "request.invalid"},
		"/api/v1/findings?sort=foundAt&cursor=" + first.Next:                         {bad, "request.cursor"},
		"/api/v1/findings?kind=sand.vessel&cursor=" + first.Next:                     {bad, "request.cursor"},
		"/api/v1/cases?cursor=" + first.Next:                                         {bad, "request.cursor"},
		"/api/v1/reaches?cursor=-1":                                                  {bad, "request.cursor"},
		"/api/v1/officers?cursor=x":                                                  {bad, "request.invalid"},
		"/api/v1/organs?cursor=99999999999999999999":                                 {bad, "request.invalid"},
		"/api/v1/organs?limit=-1":                                                    {bad, "request.invalid"},
		"/api/v1/organs?limit=201":                                                   {bad, "request.invalid"},
		"/api/v1/findings?from=2026-13-01":                                           {bad, "request.invalid"},
		"/api/v1/findings?to=10000-01-01":                                            {bad, "request.invalid"},
		"/api/v1/findings?from=" + url.QueryEscape("' OR 1=1 --"):                    {bad, "request.invalid"},
		"/api/v1/findings?status=" + url.QueryEscape("reported' OR '1'='1"):          {bad, "request.invalid"},
		"/api/v1/findings?reach=%27":                                                 {bad, "request.wrong_type"},
		"/api/v1/findings?officer=" + url.QueryEscape(nameTyped):                     {bad, "request.wrong_type"},
		"/api/v1/findings?q=" + strings.Repeat("x", 101):                             {bad, "request.invalid"},
		"/api/v1/findings?district=32028":                                            {bad, "request.invalid"},
		"/api/v1/findings?district=320281%27":                                        {bad, "request.invalid"},
		"/api/v1/findings?" + url.QueryEscape(nameTyped) + "=1":                      {bad, "request.unknown_field"},
		"/api/v1/findings?limit[9999999]=1":                                          {bad, "request.unknown_field"},
		"/api/v1/findings?waitFor=-1":                                                {bad, "request.wrong_type"},
		"/api/v1/cases?violation=" + strings.Repeat("S", 13):                         {bad, "request.invalid"},
		"/api/v1/cases?handler=" + idNumber:                                          {bad, "request.wrong_type"},
		"/api/v1/patrols?status=filed":                                               {bad, "request.invalid"},
		"/api/v1/statistics?by=everything":                                           {bad, "request.figures"},
		"/api/v1/statistics?by=district,district":                                    {bad, "request.figures"},
		"/api/v1/statistics?by=district,kind,month":                                  {bad, "request.figures"},
		"/api/v1/statistics?measure=lines":                                           {bad, "request.figures"},
		"/api/v1/statistics?" + strings.Repeat("measure=findings&", 11):              {bad, "request.invalid"},
		"/api/v1/statistics?reach=1":                                                 {bad, "request.invalid"},
		"/api/v1/statistics/entries":                                                 {bad, "request.invalid"},
		"/api/v1/statistics/entries?measure=lines":                                   {bad, "request.figures"},
		"/api/v1/statistics/entries?measure=findings&sort=amount":                    {bad, "request.sort"},
		"/api/v1/findings/1":                                                         {missing, "request.not_found"},
		"/api/v1/findings/" + newID().String():                                       {missing, "request.not_found"},
		"/api/v1/findings/..%2f..%2fidentity.db":                                     {missing, "request.not_found"},
		"/api/v1/cases/" + s.finding.String():                                        {missing, "request.not_found"},
		"/api/v1/patrols/%00":                                                        {missing, "request.not_found"},
		"/api/v1/streams/$all/events":                                                {missing, "request.not_found"},
		"/api/v1/streams/finding-" + newID().String() + "/events":                    {missing, "request.not_found"},
		"/api/v1/streams/finding-" + strings.ToUpper(s.finding.String()) + "/events": {missing, "request.not_found"},
		"/api/v1/streams/nothing-" + s.finding.String() + "/events":                  {missing, "request.not_found"},
		"/api/v1/streams/..%2f..%2feventstore/events":                                {missing, "request.not_found"},
		"/api/v1/events/" + newID().String():                                         {missing, "request.not_found"},
		"/api/v1/events/x":                                                           {missing, "request.not_found"},
		"/api/v1/evidence/sha256/" + strings.Repeat("0", 64):                         {missing, "evidence.not_stored"},
		"/api/v1/evidence/sha256/..%2f..%2f..%2fidentity.db":                         {missing, "evidence.not_stored"},
		"/api/v1/evidence/sha256/" + strings.ToUpper(s.photo.sha):                    {missing, "evidence.not_stored"},
		"/api/v1/evidence/sha256/" + s.photo.sha + "%00":                             {missing, "evidence.not_stored"},
		"/api/v1/users":    {missing, "request.no_such_address"},
		"/api/v2/findings": {missing, "request.no_such_address"},
		"/api/v1/findings/" + s.finding.String() + "/events": {missing, "request.no_such_address"},
	}
	s.nothingWritten(t, func() {
		for path, want := range paths {
			s.supervisor.do(http.MethodGet, path, nil).decent(want.status, want.code)
		}
		for _, path := range []string{"/api/v1/evidence/..%2f..%2fidentity.db", "/api/v1/evidence/" + strings.Repeat("0", 32), "/api/v1/evidence/.info"} {
			a, err := s.officer.send(t.Context(), http.MethodPatch, path, tus("Upload-Offset", "0", "Content-Type", "application/offset+octet-stream"), []byte("x"))
			if err != nil {
				t.Fatal(err)
			}
			a.decent(missing, "evidence.upload_not_found")
		}
		for _, method := range []string{http.MethodDelete, http.MethodPatch, http.MethodPost, http.MethodPut, http.MethodOptions, "TRACE", "PROPFIND"} {
			s.supervisor.do(method, "/api/v1/findings", nil).decent(missing, "request.no_such_address")
		}
		a, err := s.supervisor.send(t.Context(), http.MethodGet, "/api/v1/findings", http.Header{"Shuizheng-Wait": {nameTyped}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		a.decent(bad, "request.wrong_type")
		// Paths that climb are put straight or not found; none leads out of what is served.
		for _, path := range []string{"/api/v1/evidence/sha256/../../../identity.db", "/../identity.db", "/m/../../identity.db", "/assets/..%2f..%2fidentity.db", "//identity.db", "/identity.db", "/.git/HEAD.txt"} {
			if a := s.supervisor.do(http.MethodGet, path, nil); a.status/100 != 3 && a.status != missing {
				t.Errorf("%s: %d %.100s", a.what, a.status, a.body)
			}
		}
		// What is long, early or late is answered all the same.
		for _, path := range []string{
			"/api/v1/findings?q=" + url.QueryEscape(`" OR * NEAR( -a ^b {c} :d`), "/api/v1/findings?q=%00", "/api/v1/findings?q=%ff%fe", "/api/v1/cases?q=" + url.QueryEscape("'; DROP TABLE cases; --"),
			"/api/v1/findings?from=0000-01-01&to=9999-12-31", "/api/v1/findings?from=9999-12-31&to=0000-01-01",
			"/api/v1/statistics?by=reach,month&from=0000-01-01&to=9999-12-31", "/api/v1/statistics?by=day,reach&from=9999-12-31&to=0000-01-01", "/api/v1/findings?waitFor=0",
		} {
			s.supervisor.must(http.MethodGet, path, nil)
		}
	})
	// A figure and its entries agree on days that no calendar reaches.
	for _, days := range []string{"from=9999-12-15", "from=9999-12-01", "to=0000-01-15", "to=0000-01-31", "from=0000-01-01&to=9999-12-31", "from=9999-12-31&to=0000-01-01"} {
		var table struct{ Totals map[string]int64 }
		s.supervisor.get("/api/v1/statistics?by=reach&measure=findings&"+days, &table)
		var entries page
		s.supervisor.get("/api/v1/statistics/entries?measure=findings&"+days, &entries)
		if want := map[bool]int64{true: 2, false: 0}[days == "from=0000-01-01&to=9999-12-31"]; table.Totals["findings"] != want || *entries.Sum != want {
			t.Errorf("%s: the figure is %v, its entries sum up to %d, want %d", days, table.Totals, *entries.Sum, want)
		}
	}
}

// Whoever is not signed in gets nothing, and whoever is can't be made to act by another page.
func TestForeignSessions(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	var document struct {
		Paths map[string]map[string]struct{ Security []any }
	}
	s.officer.get("/api/openapi.json", &document)
	nobody, forger := s.client(), s.client()
	const signedOut = http.StatusUnauthorized
	s.nothingWritten(t, func() {
		closed := 0
		for path, methods := range document.Paths {
			for name := range strings.SplitSeq("id stream sha256 account", " ") {
				path = strings.ReplaceAll(path, "{"+name+"}", map[string]string{"id": newID().String(), "stream": "finding-" + s.finding.String(), "sha256": s.photo.sha, "account": "xx"}[name])
			}
			for method, operation := range methods {
				if len(operation.Security) == 0 {
					continue
				}
				closed++
				nobody.do(strings.ToUpper(method), path, obj{}).decent(signedOut, "auth.required")
				a, err := forger.send(t.Context(), strings.ToUpper(method), path, http.Header{"Cookie": {"session=" + strings.Repeat("A", 43)}}, []byte("{}"))
				if err != nil {
					t.Fatal(err)
				}
				a.decent(signedOut, "auth.required")
			}
		}
		if closed < 20 {
			t.Errorf("only %d operations need a session", closed)
		}
		for _, method := range []string{http.MethodPost, http.MethodHead, http.MethodPatch} {
			a, err := nobody.send(t.Context(), method, "/api/v1/evidence/", tus(), nil)
			if err != nil {
				t.Fatal(err)
			}
			a.decent(signedOut, "auth.required")
		}
	})

	// A token that was planted before is worth nothing after somebody has signed in with it.
	base, err := s.address(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	site, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	for name, planted := range map[string]string{"invented": strings.Repeat("B", 43), "of another": s.stranger.http.Jar.Cookies(site)[0].Value} {
		victim := s.client()
		victim.http.Jar.SetCookies(site, []*http.Cookie{{Name: "session", Value: planted, Path: "/"}})
		victim.must(http.MethodPost, "/api/v1/session", obj{"account": "jy-2", "password": password})
		if now := victim.http.Jar.Cookies(site)[0].Value; now == planted {
			t.Errorf("a token %s goes on after signing in", name)
		}
		a, err := s.client().send(t.Context(), http.MethodGet, "/api/v1/session", http.Header{"Cookie": {"session=" + planted}}, nil)
		if err != nil || a.status == http.StatusOK && bytes.Contains(a.body, []byte("jy-2")) {
			t.Errorf("with a token %s somebody else is signed in as well: %d %s %v", name, a.status, a.body, err)
		}
	}

	// After signing out, and after the password was changed elsewhere, a token is worth nothing.
	out := s.world.signIn(s.house, "jy-2")
	token := out.http.Jar.Cookies(site)[0].Value
	out.must(http.MethodDelete, "/api/v1/session", nil)
	a, err := s.client().send(t.Context(), http.MethodGet, "/api/v1/session", http.Header{"Cookie": {"session=" + token}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a.decent(signedOut, "auth.required")
	here, elsewhere := s.world.signIn(s.house, "jy-2"), s.world.signIn(s.house, "jy-2")
	elsewhere.must(http.MethodPost, "/api/v1/session/password", obj{"old": password, "new": secret})
	here.do(http.MethodGet, "/api/v1/session", nil).decent(signedOut, "auth.required")
	elsewhere.must(http.MethodGet, "/api/v1/session", nil)

	// A wrong password and an unknown name are answered alike; after five the account waits.
	var said []string
	for _, try := range []obj{{"account": "jy-head", "password": secret}, {"account": "nobody-" + phone, "password": secret}, {"account": "", "password": secret}, {"account": "jy-head", "password": secret, "otp": secret}} {
		a := s.client().do(http.MethodPost, "/api/v1/session", try)
		if len(said) < 2 {
			a.decent(signedOut, "auth.wrong")
			p := a.problem()
			said = append(said, p.Title+p.Detail)
		} else if a.decent(http.StatusBadRequest, a.problem().Code); a.status != http.StatusBadRequest {
			t.Error(a.status)
		}
	}
	if said[0] != said[1] {
		t.Errorf("a known name is told %q, an unknown one %q", said[0], said[1])
	}
	for range 4 {
		s.client().do(http.MethodPost, "/api/v1/session", obj{"account": "jy-head", "password": secret}).decent(signedOut, "auth.wrong")
	}
	locked := s.client().do(http.MethodPost, "/api/v1/session", obj{"account": "jy-head", "password": password})
	locked.decent(http.StatusTooManyRequests, "auth.locked")
	if locked.header.Get("Retry-After") == "" {
		t.Error("a locked account is not told how long")
	}

	// A page of another origin makes the browser send the cookie along.
	report := encode(t, command("finding.report", newID(), time.Now().Add(-time.Hour), s.report("长江利港段", "jy-1")))
	s.nothingWritten(t, func() {
		for _, from := range []http.Header{
			{"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Origin": {"https://evil.example"}}, {"Origin": {"null"}},
			{"Origin": {"http://127.0.0.1:1"}}, {"Sec-Fetch-Site": {"cross-site"}, "Origin": {base}},
		} {
			for _, to := range []struct{ method, path string }{{http.MethodPut, "/api/v1/commands/" + newID().String()}, {http.MethodPost, "/api/v1/commands"},
				{http.MethodPost, "/api/v1/session"}, {http.MethodDelete, "/api/v1/session"}, {http.MethodPost, "/api/v1/session/password"}, {http.MethodPost, "/api/v1/evidence/"}} {
				a, err := s.officer.send(t.Context(), to.method, to.path, from, report)
				if err != nil {
					t.Fatal(err)
				}
				a.what += fmt.Sprint(from)
				a.decent(http.StatusForbidden, "access.cross_origin")
			}
		}
	})
	a, err = s.officer.send(t.Context(), http.MethodPut, "/api/v1/commands/"+newID().String(), http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {base}}, report)
	if err != nil || a.status != http.StatusOK {
		t.Errorf("the own page is refused: %d %s %v", a.status, a.body, err)
	}
}

// What belongs to a district is neither shown to another's officer nor changed by him; nor does a role do what is not its own.
func TestForeignDistrictsAndRoles(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	at := time.Now().Add(-30 * time.Minute)
	const hidden, forbidden = http.StatusNotFound, http.StatusForbidden
	s.nothingWritten(t, func() {
		for _, path := range []string{"findings/" + s.finding.String(), "cases/" + s.file.String(), "patrols/" + s.patrol.String(),
			"streams/finding-" + s.finding.String() + "/events", "streams/case-" + s.file.String() + "/events", "streams/patrol-" + s.patrol.String() + "/events"} {
			s.stranger.do(http.MethodGet, "/api/v1/"+path, nil).decent(hidden, "request.not_found")
			s.officer.must(http.MethodGet, "/api/v1/"+path, nil)
			s.clerk.must(http.MethodGet, "/api/v1/"+path, nil)
		}
		for _, id := range s.events {
			s.stranger.do(http.MethodGet, "/api/v1/events/"+id.String(), nil).decent(hidden, "request.not_found")
			s.officer.must(http.MethodGet, "/api/v1/events/"+id.String(), nil)
		}
		for _, path := range []string{"findings?", "cases?", "patrols?", "reaches?", "officers?", "statistics?", "statistics/entries?measure=findings&"} {
			s.stranger.do(http.MethodGet, "/api/v1/"+path+"district=320281", nil).decent(forbidden, "access.other_district")
		}
		for _, path := range []string{"findings?", "cases?", "patrols?", "findings?q=" + url.QueryEscape("采砂船") + "&", "findings?officer=" + s.world.officer["jy-1"].String() + "&",
			"findings?reach=" + s.reach["长江利港段"].String() + "&", "statistics/entries?measure=findings&", "statistics/entries?measure=casesFiled&reach=" + s.reach["长江利港段"].String() + "&"} {
			if got := items[json.RawMessage](s.stranger, "/api/v1/"+path+"limit=50"); len(got) != 0 {
				t.Errorf("the stranger is shown %s: %s", path, got)
			}
		}
		var table struct {
			Rows   []any
			Totals map[string]int64
		}
		for _, query := range []string{"", "by=district,month", "by=reach", "reach=" + s.reach["长江利港段"].String()} {
			s.stranger.get("/api/v1/statistics?"+query, &table)
			for _, total := range table.Totals {
				if len(table.Rows) != 0 || total != 0 {
					t.Errorf("the stranger counts %+v", table)
				}
			}
		}
		s.stranger.do(http.MethodGet, "/api/v1/evidence/sha256/"+s.photo.sha, nil).decent(forbidden, "access.other_district")
		s.officer.holds(s.photo)
		s.clerk.holds(s.photo)

		for _, try := range []struct {
			who *client
			c   obj
		}{
			{s.stranger, command("finding.report", newID(), at, s.report("长江利港段", "xw-1", "xw-2"))},
			{s.stranger, command("finding.verify", s.open, at, s.verification("xw-1", "xw-2"))},
			{s.stranger, command("patrol.depart", newID(), at, obj{"officers": s.ids("xw-1", "xw-2"), "reaches": []uuid.UUID{s.reach["溪方湾浜"], s.reach["长江利港段"]}, "means": "boat"})},
			{s.stranger, command("patrol.track", s.patrol, at, obj{"points": []obj{{"latE6": 0, "lonE6": 0, "accuracyCm": 0, "at": at.UTC()}}})},
			{s.stranger, command("patrol.return", s.patrol, at, obj{"note": nameTyped})},
			{s.strangersHandler, command("finding.do_not_file", s.open, at, obj{"reason": "corrected", "note": nameTyped, "approval": approval(dayOf(at))})},
			{s.strangersHandler, command("finding.approve_filing", s.open, at, s.filing(newID(), "S01", dayOf(at), "xw-handler", "xw-1"))},
			{s.strangersHandler, command("case.close", s.file, at, obj{"ground": "withdrawn", "note": nameTyped, "approval": approval(dayOf(at))})},
		} {
			try.who.put(try.c).decent(forbidden, "access.other_district")
		}

		// Every command of a role that may not send it. What it says does not matter, so it is not even looked at.
		var reference struct{ Access map[string][]string }
		s.clerk.get("/api/v1/reference", &reference)
		for kind, roles := range reference.Access {
			for role, who := range map[string]*client{"clerk": s.clerk, "officer": s.officer, "handler": s.handler, "supervisor": s.supervisor, "admin": s.admin} {
				may := slices.Contains(roles, role)
				if slices.Contains(who.me.Can, kind) != may {
					t.Errorf("%s: the session says %v, the table %v", kind, who.me.Can, roles)
				}
				if !may {
					who.put(command(kind, newID(), at, obj{"note": nameTyped})).decent(forbidden, "access.role")
				}
			}
		}
		for _, who := range []*client{s.officer, s.handler, s.clerk, s.supervisor} {
			who.do(http.MethodGet, "/api/v1/accounts", nil).decent(forbidden, "access.role")
			who.do(http.MethodPut, "/api/v1/accounts/mine", obj{"officer": who.me.Officer}).decent(forbidden, "access.role")
			who.do(http.MethodPatch, "/api/v1/accounts/jy-1", obj{"disabled": true}).decent(forbidden, "access.role")
			who.do(http.MethodPost, "/api/v1/accounts/admin/password", nil).decent(forbidden, "access.role")
		}
	})

	// An upload belongs to who began it.
	theirs := snapshot(newDice(2), 3000)
	place, _, err := s.officer.begin(t.Context(), theirs)
	if err != nil {
		t.Fatal(err)
	}
	for method, header := range map[string]http.Header{
		http.MethodHead: tus(), http.MethodDelete: tus(),
		http.MethodPatch: tus("Upload-Offset", "0", "Content-Type", "application/offset+octet-stream"),
		http.MethodPost:  tus("X-HTTP-Method-Override", "PATCH", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream"),
	} {
		a, err := s.stranger.send(t.Context(), method, place, header, theirs.content)
		if err != nil {
			t.Fatal(err)
		}
		a.decent(forbidden, "evidence.foreign_upload")
	}
	if a, err := s.officer.send(t.Context(), http.MethodHead, place, tus(), nil); err != nil || a.header.Get("Upload-Offset") != "0" {
		t.Errorf("the upload is at %q after strangers touched it: %v", a.header.Get("Upload-Offset"), err)
	}

	// Who lost a role has lost it at once; who got another district sees the other.
	last := s.admin.act(command("officer.assign", s.world.officer["xw-1"], time.Now(), obj{"organ": s.organ["320281"], "district": "320281", "roles": []string{"clerk"}}))
	s.stranger.get(fmt.Sprintf("/api/v1/findings?waitFor=%d", last.Position), &page{})
	s.stranger.put(command("finding.report", newID(), at, s.report("长江利港段", "xw-1"))).decent(forbidden, "access.role")
	s.stranger.must(http.MethodGet, "/api/v1/findings/"+s.finding.String(), nil)
	s.admin.must(http.MethodPatch, "/api/v1/accounts/xw-1", obj{"disabled": true})
	s.stranger.do(http.MethodGet, "/api/v1/session", nil).decent(http.StatusUnauthorized, "auth.required")
}

// Files that are not what they say are not kept.
func TestHostileUploads(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	at := func(meta, length string) answer {
		t.Helper()
		header := tus()
		if meta != "" {
			header.Set("Upload-Metadata", meta)
		}
		if length != "" {
			header.Set("Upload-Length", length)
		}
		a, err := s.officer.send(t.Context(), http.MethodPost, "/api/v1/evidence/", header, nil)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	declare := func(sha, kind string) string { return "sha256 " + base64Of(sha) + ",filetype " + base64Of(kind) }
	zero := strings.Repeat("0", 64)
	s.nothingWritten(t, func() {
		at("", "10").decent(http.StatusBadRequest, "evidence.sha256")
		at(declare("xyz", "image/jpeg"), "10").decent(http.StatusBadRequest, "evidence.sha256")
		at(declare("../../identity.db", "image/jpeg"), "10").decent(http.StatusBadRequest, "evidence.sha256")
		at(declare(zero, "text/html"), "10").decent(http.StatusUnprocessableEntity, "evidence.media_type")
		at(declare(zero, "image/svg+xml"), "10").decent(http.StatusUnprocessableEntity, "evidence.media_type")
		at(declare(zero, "image/jpeg"), "0").decent(http.StatusUnprocessableEntity, "evidence.empty")
		at(declare(zero, "image/jpeg"), "-1").decent(http.StatusBadRequest, "evidence.request")
		at(declare(zero, "image/jpeg"), "").decent(http.StatusBadRequest, "evidence.request")
		at(declare(zero, "image/jpeg"), fmt.Sprint(200<<20+1)).decent(http.StatusRequestEntityTooLarge, "evidence.too_large")
		at(declare(zero, "image/jpeg"), "9223372036854775808").decent(http.StatusBadRequest, "evidence.request")
		for name, p := range map[string]struct {
			content []byte
			sha     string
			code    string
		}{
			"another hash":       {s.photo.content, zero, "evidence.hash_mismatch"},
			"a page as a photo":  {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "", "evidence.type_mismatch"},
			"a script":           {[]byte("#!/bin/sh\nrm -rf /\n"), "", "evidence.type_mismatch"},
			"a PNG as a JPEG":    {[]byte("\x89PNG\r\n\x1a\n0000000000000000"), "", "evidence.type_mismatch"},
			"nothing of a photo": {[]byte("x"), "", "evidence.type_mismatch"},
		} {
			file := newPhoto(p.content)
			if p.sha != "" {
				file.sha = p.sha
			}
			place, _, err := s.officer.begin(t.Context(), file)
			if err != nil {
				t.Fatal(err)
			}
			a, err := s.officer.send(t.Context(), http.MethodPatch, place, tus("Upload-Offset", "0", "Content-Type", "application/offset+octet-stream"), file.content)
			if err != nil {
				t.Fatal(err)
			}
			a.what = name
			a.decent(http.StatusUnprocessableEntity, p.code)
			s.officer.do(http.MethodHead, "/api/v1/evidence/sha256/"+file.sha, nil).decent(http.StatusNotFound, "evidence.not_stored")
		}
		// More than was declared, from a place that is not reached yet, twice.
		file := snapshot(newDice(3), 3000)
		place, _, err := s.officer.begin(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		for _, try := range []struct {
			offset  string
			content []byte
			status  int
			code    string
		}{
			{"5", file.content[5:], http.StatusConflict, "evidence.offset_mismatch"},
			{"-5", file.content, http.StatusBadRequest, "evidence.request"},
			{"x", file.content, http.StatusBadRequest, "evidence.request"},
			{"0", append(slices.Clone(file.content), file.content...), http.StatusRequestEntityTooLarge, "evidence.too_large"},
		} {
			a, err := s.officer.send(t.Context(), http.MethodPatch, place, tus("Upload-Offset", try.offset, "Content-Type", "application/offset+octet-stream"), try.content)
			if err != nil {
				t.Fatal(err)
			}
			a.what = fmt.Sprint("offset ", try.offset)
			a.decent(try.status, try.code)
		}
	})
	// What is served runs nothing in a browser.
	a := s.officer.must(http.MethodGet, "/api/v1/evidence/sha256/"+s.photo.sha, nil)
	if h := a.header; h.Get("Content-Type") != "image/jpeg" || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") ||
		h.Get("Content-Disposition") != "inline" || !strings.Contains(h.Get("Cache-Control"), "private") {
		t.Errorf("headers of evidence: %v", h)
	}
}

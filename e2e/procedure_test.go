package e2e_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
)

// procedure is where a case stands, as a client sees it.
type procedure struct {
	Stage, StageName, Today, CalendarVersion string
	Acts                                     []procedureAct
	Clocks                                   []struct {
		Code, Name, Article, Start, Unit, Due, State, Explain string
		StartEvent                                            uuid.UUID
		Length                                                int
		Left                                                  *int
	}
	Findings []procedureFinding
	Position uint64
}

type procedureAct struct {
	Command, Title, Article string
	Possible, Mine          bool
	Missing                 []struct{ Code, Text, Article string }
}

type procedureFinding struct{ Code, Text, Article, Act string }

func (c *client) procedure(file uuid.UUID, on string) (p procedure) {
	c.t.Helper()
	c.get(fmt.Sprintf("/api/v1/cases/%s/procedure?on=%s", file, on), &p)
	if p.Today != on || p.CalendarVersion == "" || p.Position == 0 || p.StageName == "" {
		c.t.Errorf("procedure on %s: %s %q, calendar %q, at %d", on, p.Today, p.StageName, p.CalendarVersion, p.Position)
	}
	return p
}

// open checks that an act is possible.
func (p procedure) open(t *testing.T, command string) {
	t.Helper()
	for _, a := range p.Acts {
		if a.Command == command {
			if !a.Possible || len(a.Missing) > 0 || a.Title == "" || a.Article == "" {
				t.Errorf("on %s %s is not open: %+v", p.Today, command, a)
			}
			return
		}
	}
	t.Errorf("on %s there is no %s", p.Today, command)
}

// shut checks that an act misses something, for the reason of an article.
func (p procedure) shut(t *testing.T, command, code, article string) {
	t.Helper()
	for _, a := range p.Acts {
		if a.Command != command {
			continue
		}
		for _, m := range a.Missing {
			if m.Code == code && m.Text != "" && strings.Contains(m.Article, article) && !a.Possible {
				return
			}
		}
		t.Errorf("on %s %s does not miss %s of %s: %+v", p.Today, command, code, article, a)
		return
	}
	t.Errorf("on %s there is no %s", p.Today, command)
}

// due checks the last day of a clock and how it stands.
func (p procedure) due(t *testing.T, code, day, state string) {
	t.Helper()
	for _, c := range p.Clocks {
		if c.Code == code {
			if c.Due != day || c.State != state || c.Left == nil || c.StartEvent == uuid.Nil || !strings.Contains(c.Explain, c.Article) || !strings.Contains(c.Explain, day) {
				t.Errorf("on %s the clock %s: %+v, want due on %s and %s", p.Today, code, c, day, state)
			}
			return
		}
	}
	t.Errorf("on %s the clock %s does not run: %+v", p.Today, code, p.Clocks)
}

// One case of sand mining goes from its report into the archive, every act on the day its document bears; each shortcut is refused by
// the article that forbids it, and at every step the page of the procedure says beforehand what the commands say afterwards.
func TestProcedure(t *testing.T) {
	t.Parallel()
	w := small(t)
	h := open(t, w.data)
	admin, field, office, boss := w.signIn(h, "admin"), w.signIn(h, "jy-1"), w.signIn(h, "jy-handler"), w.signIn(h, "jy-head")
	checker := newID()
	admin.act(command("officer.register", checker, time.Now(), obj{"name": "审核人（示例）", "organ": w.organ["320281"], "district": "320281", "roles": []string{"reviewer"}}))
	known := admin.act(command("officer.certify", checker, time.Now(), obj{"certNo": "苏B示例0009", "from": "2023-01-01", "until": "2035-12-31"}))
	admin.getAt(known.Position, "/api/v1/officers", &page{})
	var once struct{ Password string }
	admin.must(http.MethodPut, "/api/v1/accounts/jy-reviewer", obj{"officer": checker}).into(&once)
	review := h.signIn("jy-reviewer", once.Password)
	review.must(http.MethodPost, "/api/v1/session/password", obj{"old": once.Password, "new": password})

	// Who may send what is one table, and it names every command there is.
	var reference struct{ Access map[string][]string }
	office.get("/api/v1/reference", &reference)
	description, err := openapi3.NewLoader().LoadFromData(office.must(http.MethodGet, "/api/openapi.json", nil).body)
	if err != nil {
		t.Fatal(err)
	}
	for name := range description.Components.Schemas {
		if kind, ok := strings.CutPrefix(name, "Command."); ok && len(reference.Access[kind]) == 0 {
			t.Errorf("nobody may send %s", kind)
		}
	}
	for kind := range reference.Access {
		if description.Components.Schemas["Command."+kind] == nil {
			t.Errorf("%s is not described", kind)
		}
	}
	for _, c := range []*client{field, office, boss, review} { // from here on every act has to be as it is described
		c.http.Transport = conformity{t: t, doc: description, next: c.http.Transport, mu: &sync.Mutex{}, seen: map[string]bool{}}
	}

	on, file := newID(), newID()
	act := func(who *client, kind, at string, data obj) accepted {
		t.Helper()
		return who.act(documented("case."+kind, file, beijing(at), data))
	}
	refused := func(who *client, kind, at string, data obj, code, article string) problem {
		t.Helper()
		p := who.refused(documented("case."+kind, file, beijing(at), data), http.StatusUnprocessableEntity, code)
		if !strings.Contains(p.Article, article) {
			t.Errorf("%s is refused by %q, want %q", kind, p.Article, article)
		}
		return p
	}
	team := w.ids("jy-1", "jy-handler")
	crew := func(name string, content any) obj { return obj{name: content, "officers": team} }
	served := func(day string) obj {
		return obj{"method": "direct", "on": day, "receiver": "当事人（示例）", "relation": "legal", "place": "江阴市示例路1号", "receipt": "送达回证（示例）"}
	}
	signature := obj{"state": "signed", "by": "当事人（示例）"}
	p := newPhoto(snapshot(newDice(31), 2000).content)
	if err := field.upload(t.Context(), p, 1000); err != nil {
		t.Fatal(err)
	}
	photo := p.cite("现场（示例）")

	report := with(w.report("长江利港段", "jy-1", "jy-2"), "kind", "sand.mining")
	field.act(documented("finding.report", on, beijing("2026-03-02 10:00"), report))
	field.act(documented("finding.verify", on, beijing("2026-03-02 11:00"), w.verification("jy-1", "jy-2")))
	filing := w.filing(file, "S01", "2026-03-02", "jy-1", "jy-handler")
	filing["filing"].(obj)["parties"] = []obj{{"kind": "organisation", "name": "示例疏浚有限公司", "legal": "当事人（示例）", "address": "江阴市示例路1号"}}
	for _, head := range []string{"unitHead", "organHead"} {
		filing["filing"].(obj)[head] = approval("2026-03-03")
	}
	opened := office.act(documented("finding.approve_filing", on, beijing("2026-03-03 10:00"), filing))
	if opened.Case != file {
		t.Fatalf("filed as %+v", opened)
	}

	now := office.procedure(file, "2026-03-03")
	now.open(t, "case.order_stop")
	now.shut(t, "case.decide", "case.not_concluded", "第五十七条")
	now.due(t, "decision", "2026-06-01", "green")
	if now.Stage != "investigating" {
		t.Errorf("after the filing the case is %s", now.Stage)
	}
	for _, a := range now.Acts {
		if a.Mine != slices.Contains(office.me.Can, a.Command) {
			t.Errorf("%s is mine: %v", a.Command, a.Mine)
		}
	}
	other := w.signIn(h, "xw-handler")
	if a := other.do(http.MethodGet, "/api/v1/cases/"+file.String()+"/procedure", nil); a.status != http.StatusNotFound {
		t.Errorf("another district sees the procedure: %d %s", a.status, a.body)
	}
	if a := office.do(http.MethodGet, "/api/v1/cases/"+newID().String()+"/procedure", nil); a.status != http.StatusNotFound {
		t.Errorf("a case that is none has a procedure: %d", a.status)
	}
	if a := office.do(http.MethodGet, "/api/v1/cases/"+file.String()+"/procedure?on=tomorrow", nil); a.status != http.StatusBadRequest {
		t.Errorf("asked about no day: %d", a.status)
	}

	order := crew("order", obj{"number": "澄水责停〔2026〕1号", "kind": "stop", "party": 1, "conduct": "在长江采砂", "basis": smr18, "rights": true, "service": served("2026-03-03")})
	other.refused(documented("case.order_stop", file, beijing("2026-03-03 11:00"), order), http.StatusForbidden, "access.other_district")
	untold := with(order, "order", with(order["order"].(obj), "rights", false))
	refused(field, "order_stop", "2026-03-03 11:00", untold, "case.rights_not_told", "第四十四条")
	act(field, "order_stop", "2026-03-03 11:00", order)
	act(field, "inspect_site", "2026-03-03 11:00", crew("inspection", obj{"startedAt": beijing("2026-03-02 10:00"), "endedAt": beijing("2026-03-02 11:00"), "certificateShown": true, "present": "party", "name": "当事人（示例）",
		"place": report["place"], "found": "船舱内有吸砂泵和江砂", "signature": signature, "photos": []obj{photo}}))
	proofs := []uuid.UUID{newID(), newID()}
	for n, id := range proofs {
		act(field, "add_evidence", "2026-03-04 10:00", crew("evidence", obj{"id": id, "kind": "document", "title": fmt.Sprintf("过磅单%d（示例）", n+1), "proves": "采砂300吨", "source": "当事人提供", "place": "江阴",
			"collectedOn": "2026-03-04", "original": true, "sound": false, "signed": true, "custodian": "陆建平", "files": []obj{photo}}))
		act(office, "verify_evidence", "2026-03-05 10:00", obj{"evidence": id, "result": "verified", "note": "与现场笔录相互印证"})
	}

	fine := func(fen int) []obj {
		return []obj{
			{"no": 1, "party": 1, "fact": 1, "measure": "fine", "violation": "S01", "basis": smr18, "breaks": smr9, "amountFen": fen, "target": "罚款"},
			{"no": 2, "party": 1, "fact": 1, "measure": "confiscate.sand", "violation": "S01", "basis": smr18, "breaks": smr9, "valueFen": 1_200_000, "target": "江砂300吨"}}
	}
	items := fine(25_000_000)
	ruling := func(items []obj, day string) obj {
		return obj{"ruling": obj{"number": "澄水罚〔2026〕1号", "items": items, "facts": "采砂300吨", "evidence": proofs, "heard": "当事人放弃陈述申辩", "discretion": "一般情节", "way": "十五日内到银行缴纳",
			"bank": "示例银行江阴支行", "surcharge": true, "organ": "江阴市水利局", "sealed": true, "approval": approval(day),
			"remedy": obj{"reviewOrgan": "江阴市人民政府", "reviewDays": 60, "court": "江阴市人民法院", "suitMonths": 6, "reviewFirst": false}}}
	}
	refused(boss, "decide", "2026-03-09 10:00", ruling(items, "2026-03-09"), "case.not_concluded", "第五十七条")
	act(office, "conclude_investigation", "2026-03-10 10:00", crew("report", obj{"facts": []obj{{"no": 1, "text": "2026年3月2日采砂300吨", "evidence": proofs, "violations": []string{"S01"}, "conductEndedOn": "2026-03-02",
		"valueFen": 1_200_000, "noPermit": true, "closed": true}}, "discretion": "一般情节", "proposal": "penalty", "items": items}))
	now = boss.procedure(file, "2026-03-10")
	now.open(t, "case.notify")
	now.shut(t, "case.decide", "case.not_notified", "第四十四条")
	refused(boss, "decide", "2026-03-10 15:00", ruling(items, "2026-03-10"), "case.not_notified", "第四十四条")
	office.refused(documented("case.decide", file, beijing("2026-03-10 15:00"), ruling(items, "2026-03-10")), http.StatusForbidden, "access.role")

	draft := strings.Repeat("0123456789abcdef", 4)
	opinion := obj{"reviewer": checker, "name": "任何人", "qualified": "A示例0001", "opinion": "同意", "draft": draft}
	act(office, "request_review", "2026-03-11 10:00", obj{"number": "澄水审〔2026〕1号", "draft": draft})
	refused(review, "pass_review", "2026-03-12 10:00", with(opinion, "reviewer", w.officer["jy-1"]), "case.reviewer_investigated", "第五十八条")
	refused(review, "pass_review", "2026-03-12 10:00", with(opinion, "reviewer", newID()), "officer.unknown", "")
	passed := act(review, "pass_review", "2026-03-12 10:00", opinion)
	var event struct {
		Event struct {
			TypeName, Summary string
			Data              struct{ Name string }
		}
	}
	review.getAt(passed.Position, "/api/v1/events/"+passed.Events[0].ID.String(), &event)
	if event.Event.Data.Name != "审核人（示例）" || event.Event.TypeName != "法制审核通过" || event.Event.Summary != "审核人（示例）法制审核通过：同意" {
		t.Errorf("the review reads %+v", event.Event)
	}
	act(office, "discuss", "2026-03-13 10:00", obj{"discussion": obj{"attendees": []obj{{"name": "华志明", "post": "局长", "head": true, "opinion": "同意"}, {"name": "副局长（示例）", "post": "副局长", "head": true, "opinion": "同意"}},
		"conclusion": "按建议处罚", "items": items, "minutes": "澄水讨〔2026〕1号", "heldOn": "2026-03-13"}})
	act(office, "notify", "2026-03-16 10:00", crew("notification", obj{"number": "澄水罚告〔2026〕1号", "party": 1, "facts": "采砂300吨", "reasons": "违反条例", "basis": smr18, "items": items, "rights": true, "hearing": true,
		"service": served("2026-03-16")}))

	// The party has three and five working days; until they are over, or it says no, nothing is decided.
	now = boss.procedure(file, "2026-03-17")
	now.due(t, "hearing.request", "2026-03-23", "green")
	now.due(t, "defence", "2026-03-19", "yellow")
	now.shut(t, "case.decide", "case.defence_time_left", "第四十五条")
	now.shut(t, "case.decide", "case.hearing_window", "第六十三条")
	boss.procedure(file, "2026-03-23").due(t, "hearing.request", "2026-03-23", "yellow")
	boss.procedure(file, "2026-03-24").open(t, "case.decide")
	refused(boss, "decide", "2026-03-17 15:00", ruling(items, "2026-03-17"), "case.defence_time_left", "第四十五条")
	act(office, "waive_defence", "2026-03-17 16:00", obj{"party": 1, "signed": true})
	act(office, "waive_hearing", "2026-03-17 16:00", obj{"party": 1, "signed": true})
	if p := refused(boss, "decide", "2026-03-18 10:00", ruling(fine(500_000_000), "2026-03-18"), "penalty.outside_range", "第十八条"); !strings.Contains(p.Detail, "20万元以上200万元以下") {
		t.Errorf("the range is not said: %s", p.Detail)
	}
	decided := act(boss, "decide", "2026-03-18 10:00", ruling(items, "2026-03-18"))
	refused(boss, "decide", "2026-03-18 11:00", ruling(items, "2026-03-18"), "case.already_decided", "")
	now = field.procedure(file, "2026-03-18")
	now.due(t, "service", "2026-03-27", "green")
	now.open(t, "case.serve_decision")
	if now.Stage != "decided" || now.Position != decided.Position {
		t.Errorf("decided at %d: %s at %d", decided.Position, now.Stage, now.Position)
	}
	if late := field.procedure(file, "2026-03-30"); !slices.ContainsFunc(late.Findings, func(f procedureFinding) bool {
		return f.Code == "lint.served_late" && f.Act == "case.serve_decision" && strings.Contains(f.Article, "第六十一条")
	}) {
		t.Errorf("a decision that is not served is no finding: %+v", late.Findings)
	}

	closing := func(day string) obj {
		return obj{"ground": "performed", "note": "履行完毕", "approval": approval(day)}
	}
	act(field, "serve_decision", "2026-03-19 10:00", obj{"party": 1, "service": served("2026-03-19"), "officers": team})
	now = office.procedure(file, "2026-03-20")
	now.due(t, "payment", "2026-04-03", "green")
	now.shut(t, "case.close", "case.not_performed", "第六十六条")
	refused(office, "close", "2026-03-20 10:00", closing("2026-03-20"), "case.not_performed", "第六十六条")
	act(office, "record_payment", "2026-03-25 10:00", obj{"payment": obj{"item": 1, "amountFen": 25_000_000, "paidOn": "2026-03-25", "slip": "缴款书（示例）", "bank": "示例银行江阴支行", "channel": "bank", "treasury": true, "surcharge": false}})
	act(office, "perform_item", "2026-03-26 10:00", obj{"item": 2, "how": "拍卖后上缴国库", "slip": "罚没（示例）"})
	refused(office, "close", "2026-03-26 15:00", closing("2026-03-26"), "case.correction_unverified", "第二十八条")
	act(field, "verify_correction", "2026-03-27 10:00", crew("check", obj{"item": 0, "measure": "船舶已停靠指定地点", "complete": true, "before": []obj{photo}, "after": []obj{photo}}))
	office.procedure(file, "2026-03-30").open(t, "case.close")
	act(office, "close", "2026-03-30 10:00", closing("2026-03-30"))
	now = office.procedure(file, "2026-03-30")
	now.open(t, "case.archive")
	now.shut(t, "case.order_stop", "case.closed", "")
	archived := act(office, "archive", "2026-04-01 10:00", obj{"archiving": obj{"number": "20260001", "fonds": "W01-2-1", "retention": "years30", "note": "卷内文书齐全", "preparer": "钱立新", "checker": "审核人（示例）",
		"volumes": []obj{{"part": "main", "items": []obj{{"kind": "filing", "title": "立案审批表", "from": 1, "to": 2}, {"kind": "decision", "title": "决定书", "from": 3, "to": 8}, {"kind": "service", "title": "送达回证", "from": 9, "to": 9}}}}}})
	if now = office.procedure(file, "2026-04-01"); now.Stage != "archived" || slices.ContainsFunc(now.Acts, func(a procedureAct) bool {
		return a.Possible && a.Command != "case.publish_decision"
	}) {
		t.Errorf("in the archive the case is %s: %+v", now.Stage, now.Acts)
	}

	// The whole story can be read, each event in words of its own.
	var story struct {
		Events []struct{ Type, TypeName, Summary string }
	}
	office.getAt(archived.Position, "/api/v1/streams/"+archived.Stream+"/events", &story)
	for _, e := range story.Events {
		if e.TypeName == e.Type || e.Summary == "" || e.Summary == e.Type {
			t.Errorf("%s is called %q and reads %q", e.Type, e.TypeName, e.Summary)
		}
	}
	if len(story.Events) != 21 {
		t.Errorf("%d events tell the case", len(story.Events))
	}
}

const (
	smr9  = "《长江河道采砂管理条例》第九条"
	smr18 = "《长江河道采砂管理条例》第十八条"
)

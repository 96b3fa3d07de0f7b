package e2e_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// numbered is the aggregate of a permit or bill number, as the interface wants it: the same number is the same record.
func numbered(category, number string) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(category+"\x00"+number))
}

func (w world) permit(number string, from, until string, quota int) obj {
	return obj{"number": number, "reach": w.reach["长江利港段"], "organ": "江苏省水利厅", "terms": obj{
		"holder": "示例疏浚工程有限公司", "use": "river_works", "sand": "疏浚砂", "vessels": []obj{{"name": "苏示例采0001"}}, "zone": "JY-示例-01", "bank": "right", "place": "利港水域",
		"workFrom": from, "workUntil": until, "validFrom": from, "validUntil": until, "method": "绞吸式", "bottomMm": -12500, "spoil": "运至堆场", "quota": quota, "annualTotal": quota, "unit": "m3"}}
}

func (w world) bill(number, permit string, amount int, loaded time.Time) obj {
	return obj{"number": number, "permit": numbered("permit", permit), "miningVessel": obj{"name": "苏示例采0001"}, "carrier": obj{"name": "苏示例货0002"}, "sand": "疏浚砂", "amount": amount,
		"loadingPlace": "利港水域", "loadedAt": loaded.UTC(), "unloadingPlace": "示例码头", "validUntil": loaded.Add(48 * time.Hour).UTC(), "issuer": w.officer["jy-1"]}
}

// Sixty-four bills are asked for at once under a permit that has sand for twenty: twenty are issued, each is used once, and what a
// voided one gives back can be issued again, once.
func TestQuotaAndBills(t *testing.T) {
	t.Parallel()
	w := small(t)
	h := open(t, w.data)
	field, office, boss, other := w.signIn(h, "jy-1"), w.signIn(h, "jy-handler"), w.signIn(h, "jy-head"), w.signIn(h, "xw-1")
	now := time.Now()
	loaded := now.Add(-2 * time.Hour)
	from, until := dayOf(now.Add(-48*time.Hour)), dayOf(now.Add(48*time.Hour))
	const number = "示例采许1号"
	permit := numbered("permit", number)

	office.refused(command("permit.issue", newID(), now, w.permit(number, from, until, 6000)), http.StatusBadRequest, "command.number_form")
	commercial := w.permit(number, from, until, 6000)
	commercial["terms"].(obj)["use"] = "commercial"
	if p := office.refused(command("permit.issue", permit, now, commercial), http.StatusUnprocessableEntity, "permit.no_mining_water"); !strings.Contains(p.Article, "苏政发") {
		t.Errorf("refused by %q", p.Article)
	}
	field.refused(command("permit.issue", permit, now, w.permit(number, from, until, 6000)), http.StatusForbidden, "access.role")
	office.act(command("permit.issue", permit, now, w.permit(number, from, until, 6000)))

	issue := func(n int) obj {
		bill := fmt.Sprintf("示例单%03d", n)
		return command("waybill.issue", numbered("waybill", bill), now, w.bill(bill, number, 300, loaded))
	}
	var (
		all    sync.WaitGroup
		mu     sync.Mutex
		issued []int
	)
	for worker := range 16 {
		all.Go(func() {
			for n := worker; n < 64; n += 16 {
				a := field.put(issue(n))
				mu.Lock()
				switch {
				case a.status == http.StatusOK:
					issued = append(issued, n)
				case a.problem().Code != "permit.quota_exceeded" && a.problem().Code != "permit.annual_exceeded":
					t.Errorf("bill %d: %d %s", n, a.status, a.body)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(issued) != 20 {
		t.Fatalf("%d bills issued, there is sand for 20", len(issued))
	}
	first := numbered("waybill", fmt.Sprintf("示例单%03d", issued[0]))
	field.refused(issue(issued[0]), http.StatusUnprocessableEntity, "waybill.already_issued")

	// Voided, its load can be issued again; its number cannot.
	field.act(command("waybill.void", first, now, obj{"reason": "not_loaded", "note": "故障"}))
	field.refused(issue(issued[0]), http.StatusUnprocessableEntity, "waybill.already_issued")
	field.act(issue(100))
	field.refused(issue(101), http.StatusUnprocessableEntity, "permit.quota_exceeded")

	// On the way it is checked by whoever meets it; landed, it is used up for everybody.
	second := numbered("waybill", fmt.Sprintf("示例单%03d", issued[1]))
	seen := obj{"carrier": obj{"name": "苏示例货0002"}, "sand": "疏浚砂", "amount": 300}
	place := obj{"latE6": 31_952_000, "lonE6": 120_095_000, "datum": "WGS84", "accuracyCm": 500, "source": "gnss"}
	check := newID()
	other.act(command("waybill.check", second, now, obj{"check": check, "place": place, "seen": seen, "officers": w.ids("xw-1", "xw-2")}))
	field.refused(command("waybill.void", second, now, obj{"reason": "not_loaded", "note": "故障"}), http.StatusUnprocessableEntity, "waybill.in_use")
	field.act(command("waybill.cite_check", second, now, obj{"check": check, "finding": newID()}))
	var used int
	for range 16 {
		all.Go(func() {
			a := field.put(command("waybill.unload", second, now, obj{"place": "示例码头", "seen": seen, "receiver": "示例码头"}))
			mu.Lock()
			defer mu.Unlock()
			if a.status == http.StatusOK {
				used++
			} else if code := a.problem().Code; code != "waybill.used_up" && a.status != http.StatusConflict {
				t.Errorf("unloading: %d %s", a.status, a.body)
			}
		})
	}
	all.Wait()
	if used != 1 {
		t.Errorf("one bill was used %d times", used)
	}

	// Half a load goes on with a new bill, the other half with another; a third finds nothing.
	third := numbered("waybill", fmt.Sprintf("示例单%03d", issued[2]))
	onward := func(n, amount int) obj {
		bill := fmt.Sprintf("示例单%03d", n)
		data := w.bill(bill, number, amount, loaded.Add(time.Hour))
		data["from"], data["carrier"], data["operator"], data["loadingPlace"] = third, obj{"name": "苏示例货0003"}, "示例过驳区", "过驳区"
		return command("waybill.issue", numbered("waybill", bill), now, data)
	}
	field.refused(onward(200, 301), http.StatusUnprocessableEntity, "waybill.exceeds_rest")
	field.act(onward(201, 150))
	field.act(onward(202, 150))
	field.refused(onward(203, 1), http.StatusUnprocessableEntity, "waybill.used_up")
	field.refused(command("waybill.unload", third, now, obj{"place": "示例码头", "seen": seen, "receiver": "示例码头"}), http.StatusUnprocessableEntity, "waybill.used_up")

	// Others read neither permit nor bill, and do nothing to them.
	for _, stream := range []string{"permit-" + permit.String(), "waybill-" + second.String()} {
		if a := other.do(http.MethodGet, "/api/v1/streams/"+stream+"/events", nil); a.status != http.StatusNotFound {
			t.Errorf("%s is shown to another district: %d", stream, a.status)
		}
		if a := office.must(http.MethodGet, "/api/v1/streams/"+stream+"/events", nil); !strings.Contains(string(a.body), "采") {
			t.Errorf("%s: %s", stream, a.body)
		}
	}
	// The ledgers say the same, and what may be done next, with the article that stands against the rest.
	h.ready()
	var page struct {
		Record struct {
			Used, Left, Bills int64
			Status            string
		}
		Steps []struct {
			Command, Title, Code, Article string
			Open                          bool
		}
	}
	boss.get("/api/v1/permits/"+permit.String(), &page)
	if page.Record.Used != 6000 || page.Record.Left != 0 || page.Record.Bills != 20 || page.Record.Status != "active" {
		t.Errorf("the ledger says %+v", page.Record)
	}
	for _, step := range page.Steps {
		if open := step.Command != "permit.issue" && step.Command != "permit.resume"; step.Open != open || step.Title == "" || open != (step.Code == "") || step.Command == "permit.reserve_quota" {
			t.Errorf("step %+v", step)
		}
	}
	if rows := items[obj](office, "/api/v1/waybills?permit="+permit.String()); len(rows) != 23 {
		t.Errorf("%d bills in the ledger, 21 were issued and 2 go on", len(rows))
	}
	if rows := items[obj](other, "/api/v1/waybills?permit="+permit.String()); len(rows) != 0 {
		t.Errorf("another district sees %d bills", len(rows))
	}
	other.get("/api/v1/waybills/"+second.String(), &page) // but can look one up that is shown to it
	if page.Record.Status != "used_up" {
		t.Errorf("the bill is %q", page.Record.Status)
	}
	if a := other.do(http.MethodGet, "/api/v1/permits/"+permit.String(), nil); a.status != http.StatusNotFound {
		t.Errorf("the permit is shown to another district: %d", a.status)
	}
	boss.act(command("permit.suspend", permit, now, obj{"reason": "水位超警戒", "approval": approval(dayOf(now))}))
	field.refused(issue(102), http.StatusUnprocessableEntity, "permit.suspended")
	h.ready()
	h.stop()
	h.rebuild()
}

// A problem on a city's list goes from found to closed out; the district does its part, the city the rest.
func TestProblemToTheEnd(t *testing.T) {
	t.Parallel()
	w := small(t)
	h := open(t, w.data)
	field, city, other := w.signIn(h, "jy-1"), w.signIn(h, "city"), w.signIn(h, "xw-1")
	now := time.Now()
	place := obj{"latE6": 31_952_000, "lonE6": 120_095_000, "datum": "WGS84", "accuracyCm": 500, "source": "gnss"}
	photo := func(text string) obj {
		return obj{"sha256": fmt.Sprintf("%x", sha256.Sum256([]byte(text))), "size": 1, "mediaType": "image/jpeg", "id": newID()}
	}
	polygon, on := newID(), newID()
	city.act(command("polygon.push", polygon, now, obj{"number": "示例017", "batch": "第一批", "source": "province", "reach": w.reach["长江利港段"], "area": []obj{{"latE6": 1}, {"latE6": 2}, {"latE6": 3}}, "areaM2": 5600,
		"change": "新增堆场", "earlierOn": "2025-09-01", "laterOn": "2026-02-01"}))
	city.act(command("polygon.assign", polygon, now, obj{"officers": w.ids("jy-1", "jy-2"), "dueOn": dayOf(now.Add(240 * time.Hour))}))
	field.act(command("polygon.check", polygon, now, obj{"result": "problem", "problems": []uuid.UUID{on}, "note": "滩地堆场", "place": place, "proof": []obj{photo("a")}, "officers": w.ids("jy-1", "jy-2")}))
	city.act(command("polygon.review", polygon, now, obj{"result": "passed", "level": "city", "note": "属实", "reviewer": w.officer["city"]}))

	size := obj{"areaM2": 5600}
	find := obj{"source": "satellite", "polygon": polygon, "list": "city", "reach": w.reach["长江利港段"], "site": obj{"place": place, "bank": "right"}, "subtype": "occupy.water_flat", "description": "滩地堆场", "size": size, "photos": []obj{photo("a")}}
	other.refused(command("problem.find", on, now, find), http.StatusForbidden, "access.other_district")
	field.act(command("problem.find", on, now, find))
	confirm := obj{"severity": "serious", "historical": false, "obstructs": true, "subject": "示例物流有限公司", "size": size, "officers": w.ids("jy-1", "jy-2")}
	field.refused(command("problem.confirm", on, now, confirm), http.StatusUnprocessableEntity, "problem.severity_reason")
	confirm["severity"] = "major"
	field.act(command("problem.confirm", on, now, confirm))
	order := obj{"paper": "supervise", "number": "锡河长督〔2026〕1号", "unit": "利港街道", "person": "王示例", "territory": "利港街道", "chief": "赵示例", "measure": "demolish", "deadlineOn": dayOf(now.Add(720 * time.Hour))}
	field.refused(command("problem.dispatch", on, now, order), http.StatusForbidden, "access.role")
	city.act(command("problem.dispatch", on, now, order))
	field.act(command("problem.submit_plan", on, now, obj{"plan": "一月内清除"}))
	field.act(command("problem.report_progress", on, now, obj{"toDate": obj{"areaM2": 2000}, "note": "过半"}))
	shot := func(text string) obj { return obj{"photo": photo(text), "place": place, "headingDeg": 180} }
	field.act(command("problem.complete", on, now, obj{"done": size, "pairs": []obj{{"viewpoint": "堤顶", "before": shot("a"), "after": shot("b")}}, "note": "全部清除", "completedOn": dayOf(now)}))
	boss := w.signIn(h, "jy-head")
	accept := func(level string) obj {
		return command("problem.accept", on, now, obj{"passed": true, "level": level, "measured": size, "note": "", "officers": w.ids("jy-1", "city")})
	}
	shut := command("problem.close_out", on, now, obj{"sheet": "销号单1", "level": "city", "approval": approval(dayOf(now))})
	boss.act(accept("county"))
	boss.refused(accept("city"), http.StatusForbidden, "access.level")
	city.refused(shut, http.StatusUnprocessableEntity, "problem.not_accepted")
	city.act(accept("city"))
	city.act(shut)
	var history struct {
		Events []struct{ Type, Summary string }
	}
	field.get("/api/v1/streams/problem-"+on.String()+"/events", &history)
	if n := len(history.Events); n != 9 || history.Events[n-1].Type != "problem.closed_out.v1" || history.Events[n-1].Summary != "销号，销号单 销号单1" {
		t.Errorf("%d events: %+v", n, history.Events)
	}
	h.ready()
	var page struct {
		Record struct {
			Status, Severity, Sheet string
			TableVerified           bool
			Accepted                []string
		}
		Steps []struct{ Command, Article string }
	}
	city.get("/api/v1/problems/"+on.String(), &page)
	if r := page.Record; r.Status != "closed_out" || r.Severity != "major" || r.Sheet != "销号单1" || r.TableVerified || len(r.Accepted) != 2 {
		t.Errorf("the ledger says %+v", r)
	}
	if rows := items[obj](field, "/api/v1/problems?status=closed_out&q="+url.QueryEscape("滩地堆场")); len(rows) != 1 {
		t.Errorf("%d problems found", len(rows))
	}
	if rows := items[obj](city, "/api/v1/polygons?result=problem"); len(rows) != 1 {
		t.Errorf("%d polygons found", len(rows))
	}
	h.stop()
	h.rebuild()
}

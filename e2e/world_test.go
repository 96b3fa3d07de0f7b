package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// world is a data folder with people in it. Ids are the same in every copy.
type world struct {
	data    string
	account map[string]string // password
	officer map[string]uuid.UUID
	reach   map[string]uuid.UUID
	organ   map[string]uuid.UUID
}

// The worlds are made once and stopped; every test works on a copy.
var (
	smallOnce, demoOnce   sync.Once
	smallWorld, demoWorld *world
)

const password = "江河湖泊-2026-e2e"

// small is a world of three districts, entered through the interface by its administrator.
func small(t testing.TB) world {
	t.Helper()
	smallOnce.Do(func() { smallWorld = settle(t) })
	if smallWorld == nil {
		t.Fatal("the small world could not be made")
	}
	w := *smallWorld
	w.data = copyOf(t, w.data)
	return w
}

// demo is the world of the sample year.
func demo(t testing.TB) world {
	t.Helper()
	demoOnce.Do(func() {
		w := &world{data: filepath.Join(scratch, "demo"), account: map[string]string{}}
		h := open(t, w.data, "--demo")
		h.stop()
		raw, err := os.ReadFile(filepath.Join(w.data, "demo-accounts.json"))
		if err != nil {
			t.Fatal(err)
		}
		var accounts []struct{ Account, Password string }
		if err := json.Unmarshal(raw, &accounts); err != nil {
			t.Fatal(err)
		}
		for _, a := range accounts {
			w.account[a.Account] = a.Password
		}
		demoWorld = w
	})
	if demoWorld == nil {
		t.Fatal("the demo world could not be made")
	}
	w := *demoWorld
	w.data = copyOf(t, w.data)
	return w
}

func (w world) signIn(h *house, account string) *client {
	h.t.Helper()
	return h.signIn(account, w.account[account])
}

var printedPassword = regexp.MustCompile(`一次性密码：([A-Z0-9-]+)`)

// settle starts the program on an empty folder and does what its first administrator does: takes the one-time password, registers
// organs, reaches and officers with the certificates they held over the years, and gives each a way in.
func settle(t testing.TB) *world {
	t.Helper()
	w := &world{data: filepath.Join(scratch, "small"), account: map[string]string{}, officer: map[string]uuid.UUID{}, reach: map[string]uuid.UUID{}, organ: map[string]uuid.UUID{}}
	h := open(t, w.data)
	m := printedPassword.FindStringSubmatch(h.out.String())
	if m == nil {
		t.Fatalf("no one-time password in %q", h.out.String())
	}
	admin := h.signIn("admin", m[1])
	if !admin.me.MustChangePassword {
		t.Error("the one-time password need not be changed")
	}
	if a := admin.do(http.MethodGet, "/api/v1/organs", nil); a.status != http.StatusForbidden || a.problem().Code != "auth.change_password" {
		t.Errorf("with a one-time password organs are listed: %d %s", a.status, a.body)
	}
	admin.must(http.MethodPost, "/api/v1/session/password", obj{"old": m[1], "new": password})
	w.account["admin"] = password
	now := time.Now()
	for _, o := range []struct{ code, name, doc string }{{"320281", "江阴市水利局", "澄水"}, {"320214", "新吴区水利局", "新水"}, {"320412", "武进区水利局", "武水"}} {
		w.organ[o.code] = newID()
		admin.act(command("organ.register", w.organ[o.code], now, obj{"name": o.name, "docCode": o.doc, "district": o.code}))
	}
	for _, r := range []struct{ name, water, district, regime string }{
		{"长江利港段", "长江", "320281", "yangtze"}, {"锡澄运河江阴段", "锡澄运河", "320281", "inland"},
		{"溪方湾浜", "溪方湾浜", "320214", "inland"}, {"湟里北干河", "湟里北干河", "320412", "inland"},
	} {
		w.reach[r.name] = newID()
		admin.act(command("reach.register", w.reach[r.name], now, obj{"name": r.name, "water": r.water, "district": r.district, "regime": r.regime,
			"lengthM": 5000, "latE6": 31_940_000, "lonE6": 120_100_000}))
	}
	var organs page
	position := admin.get("/api/v1/organs?district=", &organs)
	var city uuid.UUID
	for _, raw := range organs.Items {
		var o struct {
			ID       uuid.UUID
			District string
		}
		if err := json.Unmarshal(raw, &o); err != nil {
			t.Fatal(err)
		}
		if o.District == "320200" {
			city = o.ID
		}
	}
	if city == uuid.Nil {
		t.Fatalf("the city has no organ: %s", position.body)
	}
	for n, p := range []struct {
		account, name, district string
		roles                   []string
	}{
		{"jy-1", "陆建平", "320281", []string{"officer"}}, {"jy-2", "顾晓东", "320281", []string{"officer"}},
		{"jy-handler", "钱立新", "320281", []string{"handler"}}, {"jy-head", "华志明", "320281", []string{"head"}},
		{"xw-1", "薛海涛", "320214", []string{"officer"}}, {"xw-2", "过文杰", "320214", []string{"officer"}}, {"xw-handler", "尤国强", "320214", []string{"handler"}},
		{"wj-1", "邹雅琴", "320412", []string{"officer", "handler"}}, {"wj-2", "秦丽华", "320412", []string{"officer"}},
		{"city", "浦敏", "320200", []string{"supervisor"}}, {"clerk", "倪俊", "320200", []string{"clerk"}},
	} {
		id, organ := newID(), w.organ[p.district]
		if p.district == "320200" {
			organ = city
		}
		w.officer[p.account] = id
		admin.act(command("officer.register", id, now, obj{"name": p.name, "organ": organ, "district": p.district, "roles": p.roles}))
		var last accepted
		for _, cert := range []struct{ from, until string }{{"2018-01-01", "2022-12-31"}, {"2023-01-01", "2035-12-31"}} {
			last = admin.act(command("officer.certify", id, now, obj{"certNo": fmt.Sprintf("苏B%s%s%02d", p.district[2:], cert.from[2:4], n+1), "from": cert.from, "until": cert.until}))
		}
		admin.get(fmt.Sprintf("/api/v1/officers?waitFor=%d", last.Position), &page{})
		var once struct{ Account, Password string }
		admin.must(http.MethodPut, "/api/v1/accounts/"+p.account, obj{"officer": id}).into(&once)
		h.signIn(p.account, once.Password).must(http.MethodPost, "/api/v1/session/password", obj{"old": once.Password, "new": password})
		w.account[p.account] = password
	}
	h.stop()
	return w
}

// The parts of acts that most tests need.

func (w world) report(reach string, officers ...string) obj {
	return obj{"source": "tip", "kind": "sand.vessel", "reach": w.reach[reach], "description": "发现一艘采砂船", "photos": []obj{}, "officers": w.ids(officers...),
		"place":  obj{"latE6": 31_952_000, "lonE6": 120_095_000, "datum": "WGS84", "accuracyCm": 800, "source": "gnss", "note": "利港水域"},
		"vessel": obj{"name": "示例采0001", "type": "hidden", "papers": "none"}}
}

func (w world) verification(officers ...string) obj {
	return obj{"result": "suspected", "note": "现场核查属实", "officers": w.ids(officers...)}
}

func approval(on string) obj {
	return obj{"name": "华志明", "post": "局长", "opinion": "同意", "approvedOn": on}
}

// filing is an approval form for a conduct that was found, and approved, on one day.
func (w world) filing(file uuid.UUID, violation, day string, handlers ...string) obj {
	return obj{"case": file, "filing": obj{"title": "未持证采砂案", "violation": violation, "summary": "经核查，涉嫌违法。", "conductEndedOn": day, "graveHarm": false,
		"parties": []obj{{"kind": "unknown", "name": "船主不明"}}, "handlers": w.ids(handlers...),
		"conditions": obj{"violationFact": true, "punishable": true, "ownJurisdiction": true}, "unitHead": approval(day), "organHead": approval(day)}}
}

func (w world) ids(accounts ...string) []uuid.UUID {
	list := make([]uuid.UUID, len(accounts))
	for n, a := range accounts {
		id, known := w.officer[a]
		if !known {
			panic("no officer " + a)
		}
		list[n] = id
	}
	return list
}

// beijing is a moment by the clocks of Wuxi.
func beijing(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, time.FixedZone("Asia/Shanghai", 8*60*60))
	if err != nil {
		panic(err)
	}
	return t
}

func dayOf(t time.Time) string {
	return t.In(time.FixedZone("Asia/Shanghai", 8*60*60)).Format(time.DateOnly)
}

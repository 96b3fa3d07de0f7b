package e2e_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image/jpeg"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// entered are the events that the acts of one case wrote, by the measure that must count them.
type entered struct {
	*testing.T
	by map[string][]counted
}

type counted struct {
	event  uuid.UUID
	amount int64
}

func (e *entered) count(measure string, amount int64, by accepted) {
	e.by[measure] = append(e.by[measure], counted{by.Events[0].ID, amount})
}

// figures checks that the statistics of a range of days count exactly these events, and open to each of them.
func (e *entered) figures(who *client, query string) {
	e.Helper()
	var table struct {
		Totals map[string]int64
		Rows   []struct{ Values map[string]int64 }
	}
	who.get("/api/v1/statistics?"+query, &table)
	for measure, total := range table.Totals {
		want, sum := e.by[measure], int64(0)
		for _, c := range want {
			sum += c.amount
		}
		if total != sum {
			e.Errorf("%s, %s: %d, want %d", query, measure, total, sum)
		}
		var got []counted
		for _, entry := range items[struct {
			EventID uuid.UUID
			Type    string
			Amount  int64
		}](who, "/api/v1/statistics/entries?measure="+measure+"&"+query+"&limit=1") {
			got = append(got, counted{entry.EventID, entry.Amount})
			var event struct {
				Event struct {
					ID    uuid.UUID
					Type  string
					Clock struct{ Kind string }
				}
			}
			who.get("/api/v1/events/"+entry.EventID.String(), &event)
			if event.Event.ID != entry.EventID || event.Event.Type != entry.Type || event.Event.Clock.Kind != "document" {
				e.Errorf("%s, %s: the entry opens to %+v", query, measure, event)
			}
		}
		key := func(a, b counted) int { return bytes.Compare(a.event[:], b.event[:]) }
		slices.SortFunc(got, key)
		slices.SortFunc(want, key)
		if !slices.Equal(got, want) {
			e.Errorf("%s, %s: the entries open to %v, want %v", query, measure, got, want)
		}
	}
}

// onlyOn checks that a list shows a record on its day and on no other.
func (e *entered) onlyOn(who *client, list string, id uuid.UUID, day string) {
	e.Helper()
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		e.Fatal(err)
	}
	for shift, want := range map[int]bool{-1: false, 0: true, 1: false} {
		d := date.AddDate(0, 0, shift).Format(time.DateOnly)
		rows := items[struct{ ID uuid.UUID }](who, "/api/v1/"+list+"?from="+d+"&to="+d)
		if slices.ContainsFunc(rows, func(row struct{ ID uuid.UUID }) bool { return row.ID == id }) != want {
			e.Errorf("%s on %s: shown %v, want %v", list, d, !want, want)
		}
	}
}

// picture is a real photo with all that a phone notes in it.
func picture(seed uint64, c camera) photo {
	return newPhoto(withEXIF(snapshot(newDice(seed), 2000).content, c))
}

// TestRealCases enters what three published cases say, as far as the procedure reaches by now, with the dates they bear: what is
// not in a source, as a number or a name, is marked as an example.
func TestRealCases(t *testing.T) {
	t.Parallel()
	w := small(t)
	h := open(t, w.data)
	city := w.signIn(h, "city")
	for name, enter := range map[string]func(*entered, world, *house, *client){
		"C1 江阴利港 2019-12-05": ligang, "C13 湟里北干河 2019": huangli, "C19 溪方湾浜 2021-01": xifangwan,
	} {
		t.Run(name, func(t *testing.T) { enter(&entered{t, map[string][]counted{}}, w, h, city) })
	}
	// Nothing of it is counted under the day it was entered.
	var table struct{ Totals map[string]int64 }
	city.get("/api/v1/statistics?from="+dayOf(time.Now().AddDate(0, 0, -1)), &table)
	for measure, total := range table.Totals {
		if total != 0 {
			t.Errorf("%s of today: %d", measure, total)
		}
	}
	h.stop()
	h.rebuild()
}

// ligang: before dawn on 2019-12-05 the enforcement brigade and the police caught two vessels that were mining sand on the Yangtze
// off Ligang. The vessels were held at a berth, four persons handed to the police.
func ligang(t *entered, w world, h *house, city *client) {
	who := func(account string) *client {
		c := w.signIn(h, account)
		c.t = t
		return c
	}
	field, office := who("jy-1"), who("jy-handler")
	caught := beijing("2019-12-05 05:30")
	taken := camera{"HUAWEI", "ELE-AL00", caught, 31.952, 120.095}
	pictures := []photo{picture(11, taken), picture(12, taken)}
	if _, err := jpeg.Decode(bytes.NewReader(pictures[0].content)); err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures {
		if err := field.upload(t.Context(), p, 1000); err != nil {
			t.Fatal(err)
		}
	}
	on, file, action := newID(), newID(), newID()
	left := field.act(documented("patrol.depart", action, caught.Add(-5*time.Hour), obj{"officers": w.ids("jy-1", "jy-2"), "reaches": []uuid.UUID{w.reach["长江利港段"]}, "means": "boat", "purpose": "夜间联合公安机关打击非法采砂"}))
	t.count("patrols", 1, left)
	t.count("officerTurns", 2, left)
	report := w.report("长江利港段", "jy-1", "jy-2")
	details := obj{"source": "patrol", "patrol": action, "kind": "sand.mining", "persons": 4, "description": "凌晨联合公安机关行动五个多小时，在利港水域当场查获两艘船舶非法采砂，涉案人员4名",
		"vessel": obj{"type": "dredger", "papers": "unknown"},
		"photos": []obj{with(pictures[0].cite("一号船"), "takenAt", caught.Format(time.RFC3339)), pictures[1].cite("二号船")}}
	for name, value := range details {
		report[name] = value
	}
	// Dated by hand, the time is not known to the minute; a clock that says so is part of the record.
	found := field.act(documented("finding.report", on, caught, report))
	t.count("findings", 1, found)
	t.count("patrolDistance", 0, field.act(documented("patrol.return", action, caught.Add(30*time.Minute), obj{"note": "两艘船舶押至芦埠港"})))
	field.act(documented("finding.verify", on, caught.Add(time.Hour), with(w.verification("jy-1", "jy-2"), "note", "船舶押至芦埠港指定停泊点，24小时视频看管")))

	// The law of the day of the conduct applies: the texts of 2021 and 2023 did not exist yet.
	filed := caught.Add(4 * time.Hour)
	form := func(violation string) obj {
		d := w.filing(file, violation, "2019-12-05", "jy-handler", "jy-1")
		f := d["filing"].(obj)
		f["title"], f["summary"] = "利港水域两艘船舶在禁采区采砂案", "长江江苏水域全面禁止采砂，两艘船舶在利港水域采砂，当场查获。"
		f["parties"] = []obj{{"kind": "unknown", "name": "涉案人员甲（示例）"}, {"kind": "unknown", "name": "涉案人员乙（示例）"}, {"kind": "unknown", "name": "涉案人员丙（示例）"}, {"kind": "unknown", "name": "涉案人员丁（示例）"}}
		return d
	}
	for _, later := range []string{"S01", "S01-2021", "S02", "S02-2021", "S05"} {
		p := office.refused(documented("finding.approve_filing", on, filed, form(later)), http.StatusUnprocessableEntity, "case.violation_not_in_force")
		if p.Article != "《行政处罚法》第三十七条" {
			t.Errorf("%s is refused by %q", later, p.Article)
		}
	}
	// A handler without a certificate on that day does not file; a certificate of today does not help.
	admin := who("admin")
	late := newID()
	admin.act(command("officer.register", late, time.Now(), obj{"name": "后来人", "organ": w.organ["320281"], "district": "320281", "roles": []string{"officer"}}))
	known := admin.act(command("officer.certify", late, time.Now(), obj{"certNo": "苏B示例2024", "from": "2024-01-01", "until": "2035-12-31"}))
	office.getAt(known.Position, "/api/v1/officers", &page{})
	uncertified := form("S02-2002")
	uncertified["filing"].(obj)["handlers"] = []uuid.UUID{w.officer["jy-handler"], late}
	if p := office.refused(documented("finding.approve_filing", on, filed, uncertified), http.StatusUnprocessableEntity, "officer.not_certified"); p.Article != "《行政处罚法》第四十二条" {
		t.Errorf("refused by %q", p.Article)
	}
	opened := office.act(documented("finding.approve_filing", on, filed, form("S02-2002")))
	if opened.Number != "澄水立〔2019〕1号" || opened.Case != file {
		t.Errorf("filed as %+v", opened)
	}

	// Persons and case go to the police; without the receipt the case cannot be closed on that ground.
	handed := filed.Add(3 * time.Hour)
	transfer := obj{"ground": "transferred_criminal", "note": "涉嫌非法采矿，涉案人员4名移交公安机关", "receiver": "公安机关（示例）", "approval": approval("2019-12-05")}
	office.refused(documented("case.close", file, handed, transfer), http.StatusUnprocessableEntity, "case.transfer_receipt")
	closed := office.act(documented("case.close", file, handed, with(transfer, "receipt", "示例移收〔2019〕1号")))
	t.count("casesClosed", 1, closed)

	var story struct {
		Events []struct {
			ID         uuid.UUID
			Type       string
			OccurredAt time.Time
			RecordedAt time.Time
			Data       struct {
				Crew   []struct{ CertNo, CertFrom, CertUntil string }
				Ground json.RawMessage
			}
		}
	}
	city.getAt(closed.Position, "/api/v1/streams/case-"+file.String()+"/events", &story)
	if len(story.Events) != 2 || !story.Events[0].OccurredAt.Equal(filed) || time.Since(story.Events[0].RecordedAt) > time.Hour {
		t.Errorf("the case's events: %+v", story)
	}
	var ground struct{ FiledOn, DiscoveredOn string }
	if err := json.Unmarshal(story.Events[0].Data.Ground, &ground); err != nil || ground.FiledOn != "2019-12-05" || ground.DiscoveredOn != "2019-12-05" {
		t.Errorf("filed on the ground of %+v: %v", ground, err)
	}
	t.by["casesFiled"] = []counted{{story.Events[0].ID, 1}}
	city.get("/api/v1/streams/finding-"+on.String()+"/events", &story)
	for _, o := range story.Events[0].Data.Crew {
		if o.CertFrom != "2018-01-01" || o.CertUntil != "2022-12-31" || !strings.HasPrefix(o.CertNo, "苏B028118") {
			t.Errorf("the crew acted with the certificate %+v, want the one of that day", o)
		}
	}

	t.onlyOn(city, "patrols", action, "2019-12-05")
	t.onlyOn(city, "findings", on, "2019-12-05")
	t.onlyOn(city, "cases", file, "2019-12-05")
	var page obj
	city.get("/api/v1/cases/"+file.String(), &page)
	if why := lacks(page, deep(t, obj{"case": obj{"number": opened.Number, "status": "closed", "filedOn": "2019-12-05", "closedOn": "2019-12-05", "discoveredOn": "2019-12-05",
		"violation": "S02-2002", "ground": obj{"kind": "sand.mining", "regime": "yangtze"}, "closed": obj{"ground": "transferred_criminal", "receipt": "示例移收〔2019〕1号"}}})); why != "" {
		t.Error(why)
	}
	for _, query := range []string{"from=2019-12-05&to=2019-12-05", "from=2019-12-01&to=2019-12-31&district=320281", "from=2019-12-05&to=2019-12-05&reach=" + w.reach["长江利港段"].String()} {
		t.figures(city, query)
	}

	// The pictures are the ones that were taken: every byte, the camera's own notes included.
	for _, p := range pictures {
		city.holds(p)
		a := city.do(http.MethodGet, "/api/v1/evidence/sha256/"+p.sha, nil)
		if len(a.body) < 40 || binary.BigEndian.Uint16(a.body[2:]) != 0xFFE1 || string(a.body[6:10]) != "Exif" || !bytes.Contains(a.body[:400], []byte("HUAWEI\x00ELE-AL00\x002019:12:05 05:30:00\x00")) {
			t.Errorf("the photo begins with %q", a.body[:min(len(a.body), 80)])
		}
	}
}

// huangli: a warning on 2019-06-19 to remove fish traps from a river of Wujin was not followed; on 2019-08-15 they were removed in a
// joint action, four sets and three spots of debris. No case was filed.
func huangli(t *entered, w world, h *house, city *client) {
	field := w.signIn(h, "wj-1")
	field.t = t
	on := newID()
	warned, planned, removed := beijing("2019-06-19 10:00"), beijing("2019-08-14 15:00"), beijing("2019-08-15 09:00")
	report := w.report("湟里北干河", "wj-1", "wj-2")
	delete(report, "vessel")
	report["source"], report["kind"], report["description"] = "superior", "shoreline.occupy", "湟里北干河内设有鱼罾、鱼簖，影响行洪，已发出行政指导警示书，要求自行拆除"
	found := field.act(documented("finding.report", on, warned, report))
	t.count("findings", 1, found)
	field.act(documented("finding.verify", on, planned, with(w.verification("wj-1", "wj-2"), "note", "警示后仍未拆除，召开会议部署联合清除")))
	// 《长江保护法》 came two years later.
	for _, later := range []string{"H08"} {
		field.refused(documented("finding.approve_filing", on, removed, w.filing(newID(), later, "2019-06-19", "wj-1", "wj-2")), http.StatusUnprocessableEntity, "case.violation_not_in_force")
	}
	done := field.act(documented("finding.do_not_file", on, removed, obj{"reason": "corrected", "note": "联合行动清除鱼罾鱼簖4套、残留物3处，出动人员30余人、船只2艘", "approval": approval("2019-08-15")}))
	t.count("findingsNotFiled", 1, done)
	field.refused(documented("finding.approve_filing", on, removed, w.filing(newID(), "H01", "2019-06-19", "wj-1", "wj-2")), http.StatusUnprocessableEntity, "finding.not_filed")

	city.getAt(done.Position, "/api/v1/findings", &page{})
	t.onlyOn(city, "findings", on, "2019-06-19")
	// The finding counts in June, its end in August.
	for query, measure := range map[string]string{"from=2019-06-19&to=2019-06-19": "findings", "from=2019-06-01&to=2019-06-30&district=320412": "findings",
		"from=2019-08-15&to=2019-08-15": "findingsNotFiled", "from=2019-08-01&to=2019-08-31&reach=" + w.reach["湟里北干河"].String(): "findingsNotFiled"} {
		(&entered{t.T, map[string][]counted{measure: t.by[measure]}}).figures(field, query)
	}
	t.figures(field, "from=2019-06-01&to=2019-08-31&kind=shoreline.occupy")
	for _, account := range []string{"xw-handler", "jy-handler"} {
		other := w.signIn(h, account)
		other.t = t
		other.do(http.MethodGet, "/api/v1/findings/"+on.String(), nil).decent(http.StatusNotFound, "request.not_found")
	}
}

// xifangwan: in January 2021 the river stood on the first black list of Wuxi; within days the bank was cleared and covered anew.
func xifangwan(t *entered, w world, h *house, city *client) {
	field, office := w.signIn(h, "xw-1"), w.signIn(h, "xw-handler")
	field.t, office.t = t, t
	on := newID()
	listed, cleared := beijing("2021-01-08 09:00"), beijing("2021-01-12 16:00") // days of January as an example; the source tells the month
	shot := picture(13, camera{"vivo", "V2055A", cleared, 31.51, 120.4})
	report := w.report("溪方湾浜", "xw-1")
	delete(report, "vessel")
	report["source"], report["kind"], report["description"] = "superior", "shoreline.dump", "第三方暗访列入美丽河湖环境整治黑榜：岸坡堆放垃圾"
	found := field.act(documented("finding.report", on, listed, report))
	t.count("findings", 1, found)
	// The photo is cited before it has arrived.
	verified := field.act(documented("finding.verify", on, cleared, obj{"result": "suspected", "note": "垃圾已清运，岸坡重新覆绿", "officers": w.ids("xw-1", "xw-2"), "photos": []obj{shot.cite("整治后")}}))
	var before struct {
		Finding struct{ Photos, PhotosStored int }
	}
	city.getAt(verified.Position, "/api/v1/findings/"+on.String(), &before)
	if err := field.upload(t.Context(), shot, 700); err != nil {
		t.Fatal(err)
	}
	var after struct {
		Finding struct {
			Photos, PhotosStored int
			District             string
		}
	}
	city.get("/api/v1/findings/"+on.String(), &after)
	if before.Finding.Photos != 1 || before.Finding.PhotosStored != 0 || after.Finding.Photos != 1 || after.Finding.PhotosStored != 1 || after.Finding.District != "320214" {
		t.Errorf("before the upload %+v, after it %+v", before, after)
	}
	city.holds(shot)
	office.refused(documented("finding.approve_filing", on, cleared, w.filing(newID(), "H08", "2021-01-08", "xw-handler", "xw-1")), http.StatusUnprocessableEntity, "case.violation_not_in_force")
	done := office.act(documented("finding.do_not_file", on, cleared, obj{"reason": "corrected", "note": "数日内完成清理并覆绿", "approval": approval("2021-01-12")}))
	t.count("findingsNotFiled", 1, done)

	city.getAt(done.Position, "/api/v1/findings", &page{})
	t.onlyOn(city, "findings", on, "2021-01-08")
	for _, query := range []string{"from=2021-01-01&to=2021-01-31", "from=2021-01-08&to=2021-01-12&district=320214", "from=2021-01-08&to=2021-01-12&kind=shoreline.dump&reach=" + w.reach["溪方湾浜"].String()} {
		t.figures(city, query)
	}
	var rows struct {
		Rows []struct {
			Key    map[string]string
			Values map[string]int64
		}
	}
	city.get("/api/v1/statistics?by=district,month&from=2021-01-01&to=2021-12-31", &rows)
	if len(rows.Rows) != 1 || fmt.Sprint(rows.Rows[0].Key) != "map[district:320214 month:2021-01]" || rows.Rows[0].Values["findings"] != 1 || rows.Rows[0].Values["findingsNotFiled"] != 1 {
		t.Errorf("2021 by district and month: %+v", rows)
	}
}

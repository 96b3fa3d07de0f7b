package acts_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/acts"
	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/catalog"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/domain/registry"
)

// office is one organ with findings that wait to be filed, over a log in memory.
type office struct {
	t       *testing.T
	log     domaintest.Log
	catalog domain.Catalog
	filing  acts.Filing
	organ   finding.Organ
	n       int // commands so far

	mu    sync.Mutex
	fault func(domaintest.Call) error // of the log, while it is set
}

func newOffice(t *testing.T) *office {
	t.Helper()
	c, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, catalog: c, organ: finding.Organ{ID: id("organ"), Name: "江阴市水利局", DocCode: "澄水", District: "320281"}}
	o.log.Fault = func(call domaintest.Call) error {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.fault == nil {
			return nil
		}
		return o.fault(call)
	}
	o.filing = acts.Filing{Log: &o.log, Catalog: c, Now: func() time.Time { return time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC) }}
	return o
}

func (o *office) breaks(fault func(domaintest.Call) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fault = fault
}

func id(text string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(text)) }

func (o *office) meta() domain.Meta {
	o.n++
	m := domaintest.Meta(o.n)
	m.Device = &domain.Device{ID: id("phone"), Seq: uint64(o.n)}
	return m
}

func (o *office) execute(on uuid.UUID, c finding.Command) domain.Result {
	o.t.Helper()
	r, err := domain.Execute(o.t.Context(), &o.log, o.catalog, finding.Decider(), on, c, o.meta())
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

// report registers a finding and has it verified.
func (o *office) report(name string) uuid.UUID {
	o.t.Helper()
	at := time.Date(2026, 3, 2, 1, 5, 0, 0, time.UTC)
	o.execute(id(name), finding.Report{Source: "patrol", Kind: law.SandVessel, Description: name, Crew: law.SampleCrew(), At: at,
		Reach: finding.Reach{ID: id("reach"), Name: "长江江阴段", District: "320281", Regime: law.Yangtze}})
	o.execute(id(name), finding.Verify{Result: "suspected", Note: "属实", Crew: law.SampleCrew(), At: at})
	return id(name)
}

// approve approves the filing of a finding and returns the event that began it.
func (o *office) approve(on, file uuid.UUID) uuid.UUID {
	o.t.Helper()
	return o.approveIn(2026, on, file)
}

func (o *office) approveIn(year int, on, file uuid.UUID) uuid.UUID {
	o.t.Helper()
	r := o.execute(on, finding.ApproveFiling{Case: file, Filing: law.SampleFiling(), Organ: o.organ, Handlers: law.SampleCrew(),
		At: time.Date(year, 3, 3, 3, 0, 0, 0, time.UTC)})
	return r.Events[0].ID
}

func (o *office) finish(on, approval uuid.UUID) (acts.Filed, error) {
	return o.filing.Finish(o.t.Context(), on, approval)
}

func (o *office) mustFinish(on, approval, file uuid.UUID, number string) {
	o.t.Helper()
	filed, err := o.finish(on, approval)
	if err != nil || filed.Case != file || filed.Number != number {
		o.t.Errorf("got %+v, %v; want case %s, %s", filed, err, file, number)
	}
}

func (o *office) refused(on, approval uuid.UUID, code string) {
	o.t.Helper()
	filed, err := o.finish(on, approval)
	if filed != (acts.Filed{}) {
		o.t.Errorf("a filing that failed says it is %+v", filed)
	}
	domaintest.Refused(o.t, err, code)
}

func (o *office) status(on uuid.UUID) finding.State {
	o.t.Helper()
	s, err := domain.Load(o.t.Context(), &o.log, o.catalog, finding.Decider(), on)
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

func (o *office) key(year int) registry.SeriesKey {
	return registry.SeriesKey{Organ: o.organ.ID, DocCode: o.organ.DocCode, Kind: "立", Year: year}
}

// series is every number of a year in order, "void" for one that was given up.
func (o *office) series(year int) []string {
	o.t.Helper()
	key := o.key(year)
	var list []string
	for _, r := range o.log.Stream(domain.StreamName("series", key.ID())) {
		switch e := o.decode(r).(type) {
		case registry.NumberAllotted:
			if list = append(list, e.Text); e.Serial != len(list) {
				o.t.Errorf("number %d comes at place %d", e.Serial, len(list))
			}
		case registry.NumberVoided:
			if list[e.Serial-1] == "void" {
				o.t.Errorf("number %d is voided twice", e.Serial)
			}
			list[e.Serial-1] = "void"
		}
	}
	return list
}

func (o *office) decode(r domain.Record) domain.Event {
	o.t.Helper()
	e, err := o.catalog.Decode(r)
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

// sound checks what holds for the log after any story: chains are whole, nothing stands twice, every step says from which approval
// it came, and a case has one number, which its finding knows.
func (o *office) sound() {
	o.t.Helper()
	streams, ids, numbers := map[string][]domain.Record{}, map[uuid.UUID]bool{}, map[string]bool{}
	for _, r := range o.log.All() {
		if ids[r.ID] {
			o.t.Errorf("event %s stands twice", r.ID)
		}
		ids[r.ID] = true
		streams[r.Stream] = append(streams[r.Stream], r)
		var m domain.Meta
		if err := json.Unmarshal(r.Metadata, &m); err != nil {
			o.t.Fatal(err)
		}
		switch e := o.decode(r).(type) {
		case registry.NumberAllotted:
			if !ids[m.CausationID] || m.CausationID != e.GivenTo || m.Device != nil {
				o.t.Errorf("%s is caused by %s and given to %s, device %v", e.Text, m.CausationID, e.GivenTo, m.Device)
			}
		case casefile.Filed:
			if numbers[e.Number] {
				o.t.Errorf("two cases are %s", e.Number)
			}
			numbers[e.Number] = true
			if !ids[m.CausationID] {
				o.t.Errorf("case %s is caused by %s, which is not in the log", e.Number, m.CausationID)
			}
			if s := o.status(e.Finding); s.Status == finding.StatusFiled && s.Number != e.Number {
				o.t.Errorf("case %s came of a finding that says %s", e.Number, s.Number)
			}
		}
	}
	for stream, records := range streams {
		if err := domaintest.Chain(records); err != nil {
			o.t.Errorf("%s: %v", stream, err)
		}
	}
}

func (o *office) cases() int {
	n := 0
	for _, r := range o.log.All() {
		if r.Type == (casefile.Filed{}).EventType() {
			n++
		}
	}
	return n
}

// breakAt lets call number n of an operation fail, with the log unavailable.
func breakAt(op domaintest.Op, n int) (fault func(domaintest.Call) error, reached func() bool) {
	seen := 0
	return func(c domaintest.Call) error {
		if c.Op != op {
			return nil
		}
		if seen++; seen == n {
			return fmt.Errorf("call %d: %w", n, domain.ErrUnavailable)
		}
		return nil
	}, func() bool { return seen >= n }
}

// crashes tells the same story again and again, each time interrupted at another call to the log, until there is no further one.
func crashes(t *testing.T, least int, story func(o *office, interrupted func(finish func() error))) {
	for op, name := range map[domaintest.Op]string{
		domaintest.Append: "not written", domaintest.Appended: "written, answer lost", domaintest.Read: "not read", domaintest.ReadRest: "read in part",
	} {
		t.Run(name, func(t *testing.T) {
			n := 1
			for more := true; more; n++ {
				o := newOffice(t)
				story(o, func(finish func() error) {
					fault, reached := breakAt(op, n)
					o.breaks(fault)
					err := finish()
					o.breaks(nil)
					if more = reached(); more && !errors.Is(err, domain.ErrUnavailable) {
						t.Errorf("interrupted at call %d, it says %v", n, err)
					}
				})
				o.sound()
				if t.Failed() {
					t.Fatalf("interrupted at call %d", n)
				}
			}
			if n-2 < least {
				t.Errorf("only %d places to be interrupted at, want at least %d", n-2, least)
			}
		})
	}
}

func TestAFilingInterruptedAnywhereIsFinished(t *testing.T) {
	crashes(t, 3, func(o *office, interrupted func(func() error)) {
		on, file := o.report("a"), id("case a")
		approval := o.approve(on, file)
		interrupted(func() error { _, err := o.finish(on, approval); return err })
		if s := o.status(on).Status; s != finding.StatusFiling && s != finding.StatusFiled {
			o.t.Errorf("in between, the finding is %s", s)
		}
		o.mustFinish(on, approval, file, "澄水立〔2026〕1号")
		o.mustFinish(on, approval, file, "澄水立〔2026〕1号")
		if s := o.status(on); s.Status != finding.StatusFiled || s.Number != "澄水立〔2026〕1号" || o.cases() != 1 {
			o.t.Errorf("%d cases, the finding is %s, %s", o.cases(), s.Status, s.Number)
		}
		on, file = o.report("b"), id("case b")
		o.mustFinish(on, o.approve(on, file), file, "澄水立〔2026〕2号")
		if got := o.series(2026); !slices.Equal(got, []string{"澄水立〔2026〕1号", "澄水立〔2026〕2号"}) {
			o.t.Errorf("numbers %v", got)
		}
	})
}

// The client used the id of a case that is filed already.
func TestARefusedCaseInterruptedAnywhereIsGivenUp(t *testing.T) {
	crashes(t, 3, func(o *office, interrupted func(func() error)) {
		first, taken := o.report("first"), id("taken")
		o.mustFinish(first, o.approve(first, taken), taken, "澄水立〔2026〕1号")

		on := o.report("second")
		failed := o.approve(on, taken)
		interrupted(func() error {
			_, err := o.finish(on, failed)
			if refusal := (*domain.Refusal)(nil); errors.As(err, &refusal) {
				return nil // not interrupted
			}
			return err
		})
		o.refused(on, failed, "case.already_filed")
		if s := o.status(on); s.Status != finding.StatusVerified || s.Filing != nil {
			o.t.Errorf("the finding is %s after its filing failed", s.Status)
		}
		if got := o.series(2026); !slices.Equal(got, []string{"澄水立〔2026〕1号", "void"}) {
			o.t.Errorf("numbers %v", got)
		}

		// Another finding gets the next number. This one can be filed all the same, and what failed stays failed.
		third, next := o.report("third"), id("next")
		o.mustFinish(third, o.approve(third, next), next, "澄水立〔2026〕3号")
		file := id("own")
		o.mustFinish(on, o.approveIn(2027, on, file), file, "澄水立〔2027〕1号")
		o.refused(on, failed, "case.already_filed")
		if got := slices.Concat(o.series(2026), o.series(2027)); o.cases() != 3 ||
			!slices.Equal(got, []string{"澄水立〔2026〕1号", "void", "澄水立〔2026〕3号", "澄水立〔2027〕1号"}) {
			o.t.Errorf("%d cases, numbers %v", o.cases(), got)
		}
		if s := o.status(first); s.Number != "澄水立〔2026〕1号" {
			o.t.Errorf("the first case's finding says %s", s.Number)
		}
	})
}

func TestManyFinishOneFiling(t *testing.T) {
	for _, c := range []struct {
		name  string
		taken bool
	}{{"filed", false}, {"refused", true}} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			file, want := id("case"), []string{"澄水立〔2026〕1号"}
			if c.taken {
				first := o.report("first")
				o.mustFinish(first, o.approve(first, file), file, "澄水立〔2026〕1号")
				want = append(want, "void")
			}
			on := o.report("a")
			approval := o.approve(on, file)
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					filed, err := o.finish(on, approval)
					if refusal := (*domain.Refusal)(nil); c.taken && !errors.As(err, &refusal) || !c.taken && (err != nil || filed.Number != want[0]) {
						t.Errorf("got %+v, %v", filed, err)
					}
				})
			}
			all.Wait()
			if got := o.series(2026); !slices.Equal(got, want) || o.cases() != 1 {
				t.Errorf("%d cases, numbers %v", o.cases(), got)
			}
			o.sound()
		})
	}
}

// All filings of an organ queue for one series. None may be told that it lost a race, for its approval stands.
func TestManyFilingsOfOneOrgan(t *testing.T) {
	o := newOffice(t)
	const filings = 40
	var begun [filings][3]uuid.UUID
	for n := range begun {
		on, file := o.report(fmt.Sprint("finding ", n)), id(fmt.Sprint("case ", n))
		begun[n] = [3]uuid.UUID{on, o.approve(on, file), file}
	}
	lost := 0 // more than a command tries again by itself
	o.breaks(func(c domaintest.Call) error {
		if c.Op == domaintest.Append && strings.HasPrefix(c.Stream, "series-") && lost < 30 {
			lost++
			return domain.ErrWrongRevision
		}
		return nil
	})
	var all sync.WaitGroup
	for _, b := range begun {
		all.Go(func() {
			if filed, err := o.finish(b[0], b[1]); err != nil || filed.Case != b[2] {
				t.Errorf("got %+v, %v", filed, err)
			}
		})
	}
	all.Wait()
	numbers := o.series(2026)
	for n, text := range numbers {
		if text != fmt.Sprintf("澄水立〔2026〕%d号", n+1) {
			t.Errorf("place %d holds %s", n+1, text)
		}
	}
	if len(numbers) != filings || o.cases() != filings || lost != 30 {
		t.Errorf("%d numbers and %d cases, want %d; %d races lost", len(numbers), o.cases(), filings, lost)
	}
	o.sound()
}

// Somebody else is always faster, whoever asks for the number.
func TestAFilingThatNeverWinsARace(t *testing.T) {
	o := newOffice(t)
	on := o.report("a")
	approval, file := o.approve(on, id("case")), id("case")
	lost := 0
	o.breaks(func(c domaintest.Call) error {
		if c.Op == domaintest.Append && strings.HasPrefix(c.Stream, "series-") && lost < 30 {
			lost++
			return domain.ErrWrongRevision
		}
		return nil
	})
	o.mustFinish(on, approval, file, "澄水立〔2026〕1号")
	o.sound()
}

// A number that was given up stays unused, even if the case would be accepted by now.
func TestAVoidedNumberIsNeverUsed(t *testing.T) {
	o := newOffice(t)
	on := o.report("a")
	approval := o.approve(on, id("case"))
	fault, _ := breakAt(domaintest.Append, 2)
	o.breaks(fault)
	if _, err := o.finish(on, approval); !errors.Is(err, domain.ErrUnavailable) {
		t.Fatal(err)
	}
	o.breaks(nil)
	if _, err := domain.Execute(t.Context(), &o.log, o.catalog, registry.Series(), o.key(2026).ID(),
		registry.SeriesCommand(registry.Void{GivenTo: approval, Reason: "case.already_filed"}), o.meta()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		o.refused(on, approval, "case.already_filed")
	}
	if s := o.status(on).Status; s != finding.StatusVerified || o.cases() != 0 {
		t.Errorf("%d cases, the finding is %s", o.cases(), s)
	}
	o.sound()
}

func TestWhatWasNotApprovedIsNotFiled(t *testing.T) {
	o := newOffice(t)
	on := o.report("a")
	before := len(o.log.All())
	o.refused(on, id("no such approval"), "finding.filing_not_approved")
	o.refused(id("no such finding"), id("no such approval"), "finding.filing_not_approved")
	if n := len(o.log.All()); n != before {
		t.Errorf("%d events were written", n-before)
	}
}

func TestAnEndedContextEndsTheAct(t *testing.T) {
	o := newOffice(t)
	on := o.report("a")
	approval := o.approve(on, id("case"))
	ctx, cancel := context.WithCancel(t.Context())
	// Somebody else is always faster.
	o.breaks(func(c domaintest.Call) error {
		if c.Op == domaintest.Append {
			cancel()
			return domain.ErrWrongRevision
		}
		return nil
	})
	if _, err := o.filing.Finish(ctx, on, approval); err == nil {
		t.Error("no error")
	}
}

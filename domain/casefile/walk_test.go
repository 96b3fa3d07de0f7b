package casefile_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/law"
)

// TestNoWalkReachesWhatAGuardForbids takes random steps through the procedure, each a command of some life, on its day or moved, with its
// amounts bent, and keeps what is accepted. After each step it reads the history itself, without decider and state, and looks for what
// the guards forbid. STEPS=1000000 walks longer (make sim), SEED=… repeats a walk.
func TestNoWalkReachesWhatAGuardForbids(t *testing.T) {
	steps, seed := 20_000, rand.Uint64()
	for name, to := range map[string]any{"STEPS": &steps, "SEED": &seed} {
		if text := os.Getenv(name); text != "" {
			if _, err := fmt.Sscan(text, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("SEED=%d", seed)
	w := walker{rand: rand.New(rand.NewPCG(seed, 7)), reached: map[string]int{}}
	w.lives = lives()
	for _, life := range w.lives {
		w.commands = append(w.commands, life...)
	}
	for w.steps < steps && !t.Failed() {
		w.walk(t)
	}
	t.Logf("%d steps, %d accepted, %d kinds of event", w.steps, w.accepted, len(w.reached))
	if steps >= 20_000 && len(w.reached) < 60 {
		t.Errorf("the walk comes to %d kinds of event only", len(w.reached))
	}
}

type walker struct {
	rand     *rand.Rand
	lives    [][]casefile.Command
	commands []casefile.Command
	reached  map[string]int
	steps    int
	accepted int
}

// walk follows a life and strays from it, until nothing is accepted for long.
func (w *walker) walk(t *testing.T) {
	var (
		state   casefile.State
		history []casefile.Event
		d       = casefile.Decider()
	)
	take := func(c casefile.Command) bool {
		before := state
		events, err := d.Decide(state, c)
		w.steps++
		if err != nil {
			var r *domain.Refusal
			if !errors.As(err, &r) || len(events) > 0 {
				t.Errorf("%T: %v with %d events", c, err, len(events))
			}
			return false
		}
		w.accepted++
		for _, e := range events {
			state, history = d.Evolve(state, e), append(history, e)
			w.reached[e.EventType()]++
		}
		if wrong := forbidden(history); wrong != "" {
			t.Errorf("%s\nafter: %s", wrong, story(history))
		}
		if wrong := unlisted(before, c); wrong != "" {
			t.Errorf("%s\nafter: %s", wrong, story(history))
		}
		return true
	}
	life := w.lives[w.rand.IntN(len(w.lives))]
	take(life[0])
	for misses, next := 0, 1; misses < 40 && len(history) < 80; misses++ {
		c := w.commands[w.rand.IntN(len(w.commands))]
		if next < len(life) && w.rand.IntN(3) > 0 {
			if w.rand.IntN(10) == 0 && next+1 < len(life) {
				next++ // a step left out
			}
			c = life[next]
			next++
		}
		if w.rand.IntN(2) == 0 {
			c = w.bend(c)
		}
		if take(c) {
			misses = 0
			if t.Failed() {
				return
			}
		}
	}
}

// bend moves a command in time or changes what it is about.
func (w *walker) bend(c casefile.Command) casefile.Command {
	days := 0
	if w.rand.IntN(2) == 0 {
		days = w.rand.IntN(41) - 10
	}
	money := func(fen int64) int64 {
		if w.rand.IntN(4) > 0 {
			return fen
		}
		return []int64{0, 1, fen - 1, fen + 1, 2 * fen, 20_000_000, 5_000_000}[w.rand.IntN(7)]
	}
	bentItems := func(list []casefile.Item) []casefile.Item {
		list = slices.Clone(list)
		for i := range list {
			if list[i].AmountFen > 0 {
				list[i].AmountFen = money(list[i].AmountFen)
			}
		}
		if len(list) > 1 && w.rand.IntN(8) == 0 {
			list = list[:1]
		}
		return list
	}
	c = moved(c, days)
	switch c := any(c).(type) { // only a few can be bent
	case casefile.ConcludeInvestigation:
		c.Report.Facts = slices.Clone(c.Report.Facts)
		for i := range c.Report.Facts {
			c.Report.Facts[i].ValueFen = money(c.Report.Facts[i].ValueFen)
		}
		c.Report.Items = bentItems(c.Report.Items)
		return c
	case casefile.Discuss:
		c.Discussion.Items = bentItems(c.Discussion.Items)
		return c
	case casefile.Notify:
		c.Notification.Items = bentItems(c.Notification.Items)
		return c
	case casefile.Renotify:
		c.Notification.Items = bentItems(c.Notification.Items)
		c.Why = []string{"facts", "lighter", "service"}[w.rand.IntN(3)]
		return c
	case casefile.Decide:
		c.Ruling.Items = bentItems(c.Ruling.Items)
		return c
	case casefile.ReviseDecision:
		c.Items = bentItems(c.Items)
		return c
	case casefile.RecordPayment:
		c.Payment.AmountFen = money(c.Payment.AmountFen)
		return c
	case casefile.ScheduleHearing:
		if w.rand.IntN(4) == 0 {
			c.Plan.Presider = crew()[w.rand.IntN(2)].ID
		}
		return c
	case casefile.Urge:
		if w.rand.IntN(2) == 0 { // into the weeks before the court can be asked
			return moved(c, 130+w.rand.IntN(60)).(casefile.Urge)
		}
		return c
	case casefile.PassReview:
		if w.rand.IntN(6) == 0 {
			c.Reviewer = crew()[w.rand.IntN(2)].ID
		}
		return c
	}
	return c
}

// when reads the time of a command, which has the same name in all of them.
func when(c casefile.Command) time.Time {
	return reflect.ValueOf(c).FieldByName("At").Interface().(time.Time)
}

// moved returns a command some days later, with the dates in it.
func moved(c casefile.Command, days int) casefile.Command {
	if days == 0 {
		return c
	}
	to := reflect.New(reflect.TypeOf(c)).Elem()
	to.Set(reflect.ValueOf(c))
	shift(to, days)
	return to.Interface().(casefile.Command)
}

func shift(v reflect.Value, days int) {
	switch x := v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(x.AddDate(0, 0, days)))
		return
	case law.Date:
		if x.Valid() {
			v.Set(reflect.ValueOf(x.AddDays(days)))
		}
		return
	case []law.Officer, law.Filing, law.FilingGround:
		return
	}
	if v.Kind() == reflect.Struct {
		for i := range v.NumField() {
			shift(v.Field(i), days)
		}
	}
}

func story(history []casefile.Event) (s string) {
	for _, e := range history {
		s += "\n  " + e.EventType()
	}
	return s
}

// unlisted says if a command was accepted that the list of what is possible did not show. A decision may be less than what was notified, and
// then needs less; it alone is left out.
func unlisted(before casefile.State, c casefile.Command) string {
	at := when(c)
	name := commandName(c)
	if name == "" || name == "case.decide" || name == "case.decide_on_spot" {
		return ""
	}
	for _, a := range casefile.Allowed(before, law.DateOf(at)) {
		if a.Command == name && !a.Possible {
			return fmt.Sprintf("%s was accepted on %s and shown as impossible: %+v", name, law.DateOf(at), a.Missing)
		}
	}
	return ""
}

func commandName(c casefile.Command) string {
	for name, one := range casefile.Commands() {
		if fmt.Sprintf("%T", one) == fmt.Sprintf("%T", c) {
			return name
		}
	}
	return ""
}

// forbidden reads a history and says which guard it breaks. It knows nothing of the decider: it is slow, and written from the articles.
func forbidden(history []casefile.Event) string {
	var (
		filed              law.Date
		acted              = map[[16]byte]bool{}
		notices            = map[int64]casefile.Notification{}
		servedOn           = map[int64]law.Date{}
		hearings           = map[int64]string{}
		waived             = map[int64]bool{}
		answered           = map[int64]bool{} // a defence
		orders             = map[int64]bool{}
		heldAt, reviewed   time.Time
		discussed, crime   bool
		extended, paused   bool
		decided, ended     bool
		amount, paid       = map[int64]int64{}, map[int64]int64{}
		urged              = map[int64]law.Date{}
		decisionServed     = map[int64]law.Date{}
		partyOf            = map[int64]int64{}
		report             *casefile.Report
		finedByCourt, shut bool
	)
	act := func(crew []law.Officer, on law.Date) string {
		if err := law.TwoCertified(crew, on); err != nil {
			return "G1: " + err.Error()
		}
		for _, o := range crew {
			acted[o.ID] = true
		}
		return ""
	}
	for _, e := range history {
		if shut {
			switch any(e).(type) {
			case casefile.PenaltyDecided, casefile.NoPenaltyDecided, casefile.InvestigationConcluded, casefile.PenaltyNotified, casefile.FinePaid, casefile.SeizureImposed:
				return "an act on a closed case: " + e.EventType()
			default:
			}
		}
		wrong := ""
		switch e := any(e).(type) {
		case casefile.Filed:
			filed = law.DateOf(e.FiledAt)
			wrong = act(e.Ground.Handlers, e.Ground.FiledOn)
		case casefile.StopOrdered:
			wrong = act(e.Officers, e.Order.Service.On)
			orders[e.Order.Party] = true
		case casefile.SiteInspected:
			wrong = act(e.Officers, law.DateOf(e.Inspection.StartedAt))
		case casefile.EvidenceAdded:
			wrong = act(e.Officers, e.Evidence.CollectedOn)
			if decided && !e.NotForDecision {
				wrong = "G8: evidence after the decision is not flagged"
			}
		case casefile.SeizureImposed:
			wrong = act(e.Officers, law.DateOf(e.At))
		case casefile.EvidencePreserved:
			wrong = act(e.Officers, law.DateOf(e.At))
		case casefile.InvestigationSuspended:
			paused = true
		case casefile.AppraisalCommissioned:
			paused = true
		case casefile.InvestigationConcluded:
			wrong = act(e.Officers, law.DateOf(e.At))
			report, discussed, reviewed = &e.Report, false, time.Time{}
		case casefile.InvestigationReopened:
			report, discussed, reviewed = nil, false, time.Time{}
		case casefile.LegalReviewPassed:
			if acted[e.Reviewer] {
				wrong = "G15: the reviewer has investigated"
			}
			reviewed = e.At
		case casefile.LegalReviewRequested:
			reviewed = time.Time{}
		case casefile.LegalReviewReturned:
			reviewed = time.Time{}
		case casefile.CollectivelyDiscussed:
			discussed = true
		case casefile.PenaltyNotified:
			notices[e.Notification.Party], servedOn[e.Notification.Party] = e.Notification, e.ServedOn
		case casefile.Renotified:
			p := e.Notification.Party
			if old := notices[p]; e.Why != "facts" && e.Why != "basis" && fines(e.Notification.Items, p) > fines(old.Items, p) {
				wrong = "G6: notified anew, and heavier"
			}
			notices[p], servedOn[p] = e.Notification, e.ServedOn
			delete(hearings, p)
			delete(waived, p)
			delete(answered, p)
		case casefile.DefenceSubmitted:
			answered[e.Party] = false
		case casefile.DefenceReviewed:
			answered[e.Party] = true
		case casefile.HearingRequested:
			hearings[e.Party], paused = "asked", true
		case casefile.HearingWaived:
			waived[e.Party] = true
			hearings[e.Party] = "waived"
		case casefile.HearingScheduled:
			if acted[e.Plan.Presider] {
				wrong = "G15: the presider has investigated"
			}
		case casefile.HearingHeld:
			hearings[e.Record.Party], heldAt = "held", e.Record.EndedAt
		case casefile.HearingAbandoned:
			hearings[e.Party] = "abandoned"
		case casefile.DecisionExtended:
			extended = true
		case casefile.CrimeSuspected:
			crime = true
		case casefile.TransferRefused:
			crime = false
		case casefile.TransferObjected:
			crime = true
		case casefile.PoliceDecided:
			crime = e.Filed
		case casefile.CriminalCaseEnded:
			crime, finedByCourt = false, e.FineFen > 0
		case casefile.InvestigationTerminated, casefile.HandedOver, casefile.Withdrawn:
			ended = true
		case casefile.NoPenaltyDecided:
			decided = true
		case casefile.SummaryPenaltyDecided:
			wrong = act(e.Officers, law.DateOf(e.At))
			decided = true
			amount[e.Ruling.Item.No], partyOf[e.Ruling.Item.No] = e.Ruling.Item.AmountFen, e.Ruling.Item.Party
			decisionServed[e.Ruling.Item.Party] = law.DateOf(e.At)
		case casefile.PenaltyDecided:
			on := law.DateOf(e.At)
			switch {
			case decided || ended:
				wrong = "decided twice, or after the end"
			case report == nil:
				wrong = "decided without a report"
			case crime:
				wrong = "G11: a penalty in place of a transfer"
			case !paused && !extended && on > filed.AddDays(95): // a few days for the holidays that a last day may fall on
				wrong = "G14: decided late"
			case !heldAt.IsZero() && !reviewed.After(heldAt) && !renotifiedAfter(history, heldAt):
				wrong = "G4: not reviewed after the hearing"
			}
			acts := map[[2]int64]bool{}
			for _, i := range e.Ruling.Items {
				n, told := notices[i.Party]
				key := [2]int64{i.Party, i.Fact}
				fine := i.Measure == law.MeasureFine
				switch {
				case !told || servedOn[i.Party] > on:
					wrong = "G2: decided without notice"
				case fine && fines(e.Ruling.Items, i.Party) > fines(n.Items, i.Party):
					wrong = "G6: more than notified"
				case hearings[i.Party] == "asked":
					wrong = "G3: a hearing is to come"
				case n.Hearing && hearings[i.Party] == "" && !fiveWorkingDaysOver(servedOn[i.Party], on):
					wrong = "G3: the window is open"
				case fine && fines(e.Ruling.Items, i.Party) >= 5_000_000 && !discussed:
					wrong = "G5: not discussed"
				case fine && acts[key]:
					wrong = "G7: two fines for one act"
				case fine && finedByCourt:
					wrong = "G12: fined by the court before"
				case fine && !orders[i.Party] && !ordered(e.Ruling.Items, i.Party):
					wrong = "G10: no order to correct"
				case fine && (i.AmountFen < 20_000_000 && e.Ruling.Mitigation == "" || i.AmountFen > 20*max(10_000_000, report.Facts[0].ValueFen)) && i.Violation == "S01":
					wrong = "the fine is outside its range"
				}
				acts[key] = acts[key] || fine
				if done, was := answered[i.Party]; was && !done {
					wrong = "G2: a defence without an answer"
				}
				amount[i.No], partyOf[i.No] = i.AmountFen, i.Party
			}
			decided = true
		case casefile.DecisionServed:
			wrong = act(e.Officers, e.Service.On)
			decisionServed[e.Party] = e.ServedOn
		case casefile.DecisionRevised:
			for _, i := range e.Items {
				if i.AmountFen > amount[i.No] {
					wrong = "revised, and heavier"
				}
				amount[i.No] = i.AmountFen
			}
			clear(decisionServed)
		case casefile.DecisionRevoked:
			decided = false
			ended = !e.Again
			clear(notices)
			clear(servedOn)
			clear(hearings)
			clear(waived)
			clear(answered)
			clear(decisionServed)
			clear(amount)
			clear(paid)
			clear(urged)
			report, discussed, reviewed, heldAt, paused = nil, false, time.Time{}, time.Time{}, true
		case casefile.FinePaid:
			p := e.Payment
			switch {
			case !decided || decisionServed[partyOf[p.Item]] == "":
				wrong = "paid before the decision was served"
			case !p.Treasury:
				wrong = "G16: money that does not go to the treasury"
			}
			if !p.Surcharge {
				paid[p.Item] += p.AmountFen
				if paid[p.Item] > amount[p.Item] && wrong == "" {
					wrong = "paid more than was owed"
				}
			}
		case casefile.PerformanceUrged:
			urged[e.Urging.Item] = e.ServedOn
		case casefile.CourtEnforcementApplied:
			if u := urged[e.Application.Item]; u == "" || law.DateOf(e.At) < u.AddDays(14) {
				wrong = "the court was asked before the reminder had its time"
			}
		case casefile.Closed:
			if e.Ground == "performed" {
				for no, fen := range amount {
					if paid[no] < fen && !given(history, no) {
						wrong = fmt.Sprintf("closed as performed with %d of %d paid", paid[no], fen)
					}
				}
			}
			shut = true
		default:
		}
		if wrong != "" {
			return wrong
		}
	}
	return ""
}

func fines(items []casefile.Item, party int64) (sum int64) {
	for _, i := range items {
		if i.Party == party && i.Measure == law.MeasureFine {
			sum += i.AmountFen
		}
	}
	return sum
}

func ordered(items []casefile.Item, party int64) bool {
	return slices.ContainsFunc(items, func(i casefile.Item) bool { return i.Party == party && i.Measure == law.MeasureStop })
}

// given says that the enforcement of an item was given up.
func given(history []casefile.Event, no int64) bool {
	return slices.ContainsFunc(history, func(e casefile.Event) bool { x, ok := e.(casefile.EnforcementEnded); return ok && x.Item == no })
}

// renotifiedAfter says that the party was told anew after a hearing, which begins its rights again.
func renotifiedAfter(history []casefile.Event, held time.Time) bool {
	last := -1
	for i, e := range history {
		if h, ok := e.(casefile.HearingHeld); ok && h.Record.EndedAt.Equal(held) {
			last = i
		}
	}
	return last >= 0 && slices.ContainsFunc(history[last:], func(e casefile.Event) bool { _, ok := e.(casefile.Renotified); return ok })
}

// fiveWorkingDaysOver counts day by day.
func fiveWorkingDaysOver(from, on law.Date) bool {
	n := 0
	for d := from.AddDays(1); d < on; d = d.AddDays(1) {
		if working, err := law.StateCouncil().Working(d); err == nil && working {
			n++
		}
	}
	return n >= 5
}

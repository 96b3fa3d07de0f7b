package shoreline_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"shuizheng/domain/law"
	"shuizheng/domain/shoreline"
)

// Whatever is sent in whatever order, a problem is closed out only after it was dispatched, completed with pictures, and accepted by
// every level of its list since; what relapses begins anew; and no deadline moves but by a level that may move it.
func TestNothingIsClosedOutUnaccepted(t *testing.T) {
	left := 20_000 // commands; STEPS says more for a long run
	if text := os.Getenv("STEPS"); text != "" {
		var err error
		if left, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	d, dice := shoreline.Problem(), rand.New(rand.NewPCG(21, 0))
	closed, reopened := 0, 0
	for left > 0 {
		state := d.Fold(shoreline.ProblemState{}, problemFound())
		dispatchedNow, completedNow := false, false
		accepted := map[shoreline.Level]bool{}
		deadline := law.Date("")
		at := found
		for range 80 {
			left--
			at = at.Add(time.Duration(dice.IntN(100)) * time.Hour)
			day := law.DateOf(at)
			level := []shoreline.Level{shoreline.County, shoreline.City, shoreline.Province}[dice.IntN(3)]
			commands := []shoreline.ProblemCommand{
				changed(confirm(), func(c *shoreline.ConfirmProblem) { c.At = at }), shoreline.RejectProblem{Reason: "在建", Proof: photos, Crew: crew(), At: at},
				shoreline.SpotCheckRejection{Result: "overturned", Level: level, Members: crew()}, changed(dispatch(), func(c *shoreline.DispatchProblem) { c.At, c.DeadlineOn = at, day.AddYears(1) }),
				shoreline.ReportProgress{ToDate: shoreline.Quantities{AreaM2: int64(dice.IntN(1200))}, Note: "进展"},
				changed(complete(), func(c *shoreline.CompleteRectification) { c.At, c.CompletedOn = at, day }),
				shoreline.Accept{Passed: dice.IntN(4) > 0, Level: level, Measured: size, Note: "验收", Members: crew(), At: at},
				shoreline.CloseOut{Sheet: "示例", Level: level, Approval: approved(day), At: at}, shoreline.Recheck{Result: []string{"held", "relapsed"}[dice.IntN(2)], Level: level, Members: crew(), At: at},
				shoreline.ReopenProblem{Reason: "反弹", At: at}, shoreline.ApproveExtension{Level: level, DeadlineOn: day.AddYears(2), Approval: approved(day)}, shoreline.SubmitPlan{Plan: "方案"},
			}
			events, err := d.Decide(state, commands[dice.IntN(len(commands))])
			if err != nil {
				continue
			}
			for _, e := range events {
				switch e := e.(type) {
				case shoreline.ProblemDispatched:
					dispatchedNow, deadline = true, e.DeadlineOn
				case shoreline.RectificationCompleted:
					completedNow = dispatchedNow && len(e.Pairs) > 0
				case shoreline.AcceptancePassed:
					accepted[e.Level] = completedNow
				case shoreline.AcceptanceFailed:
					completedNow, accepted = false, map[shoreline.Level]bool{}
				case shoreline.ProblemClosedOut:
					closed++
					if !dispatchedNow || !completedNow || !accepted[shoreline.County] || !accepted[shoreline.City] || e.Level == shoreline.County {
						t.Fatalf("closed out by the %s: dispatched %v, completed %v, accepted by %v", e.Level, dispatchedNow, completedNow, accepted)
					}
				case shoreline.ProblemReopened:
					reopened++
					dispatchedNow, completedNow, accepted, deadline = false, false, map[shoreline.Level]bool{}, ""
				case shoreline.ExtensionApproved:
					if e.Level == shoreline.County || e.DeadlineOn <= deadline {
						t.Fatalf("the %s moved the deadline from %s to %s", e.Level, deadline, e.DeadlineOn)
					}
					deadline = e.DeadlineOn
				case shoreline.ProblemFound, shoreline.ProblemConfirmed, shoreline.ProblemRejected, shoreline.RejectionSpotChecked, shoreline.PlanSubmitted, shoreline.ProgressReported, shoreline.CaseLinked, shoreline.ProblemRechecked:
				}
			}
			state = d.Fold(state, events...)
			if state.DeadlineOn != deadline {
				t.Fatalf("the deadline is %s, the events say %s", state.DeadlineOn, deadline)
			}
		}
	}
	if closed == 0 || reopened == 0 {
		t.Errorf("%d closed out, %d reopened: the search finds nothing", closed, reopened)
	}
	t.Logf("%d closed out, %d reopened", closed, reopened)
}

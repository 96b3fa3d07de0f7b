package law

import (
	"time"

	"github.com/google/uuid"
)

// Unit is what a period is counted in.
type Unit string

// The units of the law. A period of days in 行政处罚法 of 2, 3, 5 or 7, and one of 行政强制法 of up to 10, is of working days
// (《行政处罚法》第八十五条;《行政强制法》第六十九条).
const (
	WorkingDays Unit = "workingDays" // 工作日
	Days        Unit = "days"        // 自然日
	Months      Unit = "months"      // 月
	Years       Unit = "years"       // 年
	Hours       Unit = "hours"       // 小时
)

// Span is a time that does not count (中止、扣除期间). From is the first day that is not counted, To the first that counts again.
type Span struct {
	From   Date      `json:"from"`
	To     Date      `json:"to,omitempty"` // empty while it runs
	Reason string    `json:"reason"`       // in Chinese, for 中止调查、听证、公告、检测鉴定
	Event  uuid.UUID `json:"event"`        // that began it
	Ended  uuid.UUID `json:"ended,omitzero"`
}

// Clock is a running period (期限): everything it is computed from, each with the event that it rests on. It is a value: state
// keeps it, [Clock.Due] and the others compute from it. Nothing of the answer is stored.
type Clock struct {
	Code       string      `json:"code"`    // for example "decision"
	Name       string      `json:"name"`    // in Chinese, for example 办案期限
	Article    string      `json:"article"` // that sets the period
	Unit       Unit        `json:"unit"`
	Length     int         `json:"length"`             // in Unit
	Start      Date        `json:"start"`              // the day that starts it; not itself counted (《民事诉讼法》第八十五条)
	StartAt    time.Time   `json:"startAt,omitzero"`   // the instant, for a clock of [Hours]
	StartEvent uuid.UUID   `json:"startEvent"`         //
	Pauses     []Span      `json:"pauses,omitempty"`   // may overlap; a day is left out once
	Extension  int         `json:"extension,omitzero"` // approved, in Unit, all together
	Extended   []uuid.UUID `json:"extended,omitempty"` // the events that extended it
	Done       Date        `json:"done,omitempty"`     // the act was done on this day; the clock stands still
	DoneEvent  uuid.UUID   `json:"doneEvent,omitzero"`

	// EndsOnHolidayMoves: a last day on a holiday moves on to the next working day (《民事诉讼法》第八十五条第三款). It is off for clocks
	// that bind the organ and that it could shorten itself (seizure, transfer): there the earlier day is the safe one.
	EndsOnHolidayMoves bool `json:"endsOnHolidayMoves"`
}

// ClockState is a clock as the worklist shows it.
type ClockState string

// The states of a clock.
const (
	Green  ClockState = "green"  // 正常
	Yellow ClockState = "yellow" // 临期
	Red    ClockState = "red"    // 超期
	Paused ClockState = "paused" // 中止
	Done   ClockState = "done"   // 已办结
)

// Paused returns the clock with one more pause, or with the open pause of the same event replaced.
func (c Clock) Paused(s Span) Clock { return c }

// Resumed returns the clock with every open pause ended: to is the first day that counts again.
func (c Clock) Resumed(to Date, event uuid.UUID) Clock { return c }

// ExtendedBy returns the clock longer by n units, approved by an event.
func (c Clock) ExtendedBy(n int, event uuid.UUID) Clock { return c }

// Finished returns the clock stopped by the act it waited for.
func (c Clock) Finished(on Date, event uuid.UUID) Clock { return c }

// Due returns the last day in time. Pauses move it; an open pause counts up to and with today, as if the period went on
// tomorrow. Of a clock of hours it is the day on which [Clock.DueAt] falls.
func (c Clock) Due(cal Calendar, today Date) (Date, error) { return "", nil }

// DueAt returns the last instant in time: for a clock of hours to the second (every hour counts, which is the strict reading of
// a period that has no rule of its own), for the others the end of the due day in Beijing.
func (c Clock) DueAt(cal Calendar, today Date) (time.Time, error) { return time.Time{}, nil }

// Left returns how many days are left after today, in working days for a clock of working days, else in calendar days: 0 on the
// last day, negative when overdue. Paused days are not counted. A clock that is done is read on the day it was done.
func (c Clock) Left(cal Calendar, today Date) (int, error) { return 0, nil }

// State returns the colour: red when overdue, even if paused afterwards; paused; yellow when at most yellow days are left; green.
// A clock that is done is [Done], in time or not; [Clock.Late] says which.
func (c Clock) State(cal Calendar, today Date, yellow int) (ClockState, error) { return Green, nil }

// Late reports whether the clock ran out before it was done, or by today.
func (c Clock) Late(cal Calendar, today Date) (bool, error) { return false, nil }

// Explain says in one Chinese sentence how the due day comes about.
func (c Clock) Explain(cal Calendar, today Date) (string, error) { return "", nil }

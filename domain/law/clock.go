package law

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
)

// Unit is what a period is counted in.
type Unit string

// The units of the law. Periods of two, three, five and seven days in 行政处罚法 and of up to ten days in 行政强制法 are of working days
// (《行政处罚法》第八十五条；《行政强制法》第六十九条).
const (
	WorkingDays Unit = "workingDays" // 工作日
	Days        Unit = "days"        // 日
	Months      Unit = "months"      // 月
	Years       Unit = "years"       // 年
	Hours       Unit = "hours"       // 小时
)

func (u Unit) chinese() string {
	switch u {
	case WorkingDays:
		return "个工作日"
	case Months:
		return "个月"
	case Years:
		return "年"
	case Hours:
		return "小时"
	}
	return "日"
}

// Span is a time that does not count (中止、扣除期间). From is the first day that is not counted, To the first that counts again.
type Span struct {
	From   Date      `json:"from"`
	To     Date      `json:"to,omitempty"` // empty while it runs
	Reason string    `json:"reason"`       // in Chinese: 中止调查, 听证, 公告, 检测鉴定
	Event  uuid.UUID `json:"event"`        // that began it
	Ended  uuid.UUID `json:"ended,omitzero"`
}

// Clock is a running period (期限): everything it is computed from, each part with the event it rests on. It is a value: state keeps
// it, and [Clock.Due] and the others compute from it. No answer is stored.
type Clock struct {
	Code       string      `json:"code"`    // for example decision
	Name       string      `json:"name"`    // in Chinese, for example 办案期限
	Article    string      `json:"article"` // that sets the period
	Unit       Unit        `json:"unit"`
	Length     int         `json:"length"`             // in Unit
	Start      Date        `json:"start"`              // the day that starts it; not itself counted (《民事诉讼法》第八十五条)
	StartAt    time.Time   `json:"startAt,omitzero"`   // the instant, for a clock of [Hours]
	StartEvent uuid.UUID   `json:"startEvent"`         // that started it
	Pauses     []Span      `json:"pauses,omitempty"`   // may overlap; a day is left out once
	Extension  int         `json:"extension,omitzero"` // approved, in Unit, all together
	Extended   []uuid.UUID `json:"extended,omitempty"` // the events that extended it
	Done       Date        `json:"done,omitempty"`     // the act it waits for was done on this day; the clock stands still
	DoneEvent  uuid.UUID   `json:"doneEvent,omitzero"`

	// EndsOnHolidayMoves: a last day on a holiday moves on to the next working day (《民事诉讼法》第八十五条第三款). Off for clocks that bind the
	// organ and whose law says nothing of holidays (seizure, transfer): there the earlier day is the safe one.
	EndsOnHolidayMoves bool `json:"endsOnHolidayMoves"`
}

// ClockState is a clock as a worklist shows it.
type ClockState string

// The states of a clock.
const (
	Green  ClockState = "green"  // 正常
	Yellow ClockState = "yellow" // 临期
	Red    ClockState = "red"    // 超期
	Paused ClockState = "paused" // 中止
	Done   ClockState = "done"   // 已办结
)

// Paused returns the clock with one more pause.
func (c Clock) Paused(s Span) Clock {
	c.Pauses = append(slices.Clip(c.Pauses), s)
	return c
}

// Resumed returns the clock with every open pause ended: to is the first day that counts again.
func (c Clock) Resumed(to Date, event uuid.UUID) Clock {
	c.Pauses = slices.Clone(c.Pauses)
	for n := range c.Pauses {
		if c.Pauses[n].To == "" {
			c.Pauses[n].To, c.Pauses[n].Ended = to, event
		}
	}
	return c
}

// ExtendedBy returns the clock longer by n units, approved by an event. How much the law allows is checked before; see
// [DecisionExtension], [SeizureExtension].
func (c Clock) ExtendedBy(n int, event uuid.UUID) Clock {
	c.Extension, c.Extended = c.Extension+n, append(slices.Clip(c.Extended), event)
	return c
}

// Finished returns the clock stopped by the act it waited for.
func (c Clock) Finished(on Date, event uuid.UUID) Clock {
	c.Done, c.DoneEvent = on, event
	return c
}

// asOf is the day on which a clock is read: today, or the day it was done.
func (c Clock) asOf(today Date) Date {
	if c.Done != "" {
		return c.Done
	}
	return today
}

// pause is days that do not count: from is the first of them, to the first after them.
type pause struct{ from, to Date }

// pauses joins the spans into a list by time without overlap, from the first day that counts on. A span that still runs takes in
// today, and no day after.
func (c Clock) pauses(today Date) []pause {
	var all []pause
	for _, s := range c.Pauses {
		p := pause{max(s.From, c.Start.AddDays(1)), s.To}
		if p.to == "" {
			p.to = today.AddDays(1)
		}
		if p.from < p.to {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b pause) int { return cmp.Compare(a.from, b.from) })
	var joined []pause
	for _, p := range all {
		if last := len(joined) - 1; last >= 0 && p.from <= joined[last].to {
			joined[last].to = max(joined[last].to, p.to)
		} else {
			joined = append(joined, p)
		}
	}
	return joined
}

// pausedDays counts the paused days after one day, up to and with another.
func pausedDays(pauses []pause, after, until Date) int {
	n := 0
	for _, p := range pauses {
		if from, to := max(p.from, after.AddDays(1)), min(p.to, until.AddDays(1)); from < to {
			n += to.Sub(from)
		}
	}
	return n
}

// lastDay is the day on which the period ends as counted, before a holiday moves it.
func (c Clock) lastDay(cal Calendar, today Date) (Date, error) {
	undated := func(s Span) bool { return !s.From.Valid() || s.To != "" && !s.To.Valid() }
	if !c.Start.Valid() || !today.Valid() || slices.ContainsFunc(c.Pauses, undated) {
		return "", domain.Refuse("clock.no_date", c.Name+"的起算日期、中止日期或者当前日期无效，无法计算，请核对起算和中止事项的日期。")
	}
	left := c.Length + c.Extension
	switch c.Unit {
	case Hours:
		return DateOf(c.endOfHours()), nil
	case Months:
		left = c.Start.AddMonths(left).Sub(c.Start)
	case Years:
		left = c.Start.AddYears(left).Sub(c.Start)
	}
	d := c.Start
	for _, p := range append(c.pauses(today), pause{from: lastDate, to: lastDate}) {
		if left <= 0 {
			break
		}
		if c.Unit != WorkingDays {
			free := p.from.Sub(d) - 1
			if left <= free {
				return d.AddDays(left), nil
			}
			left, d = left-free, p.to.AddDays(-1)
			continue
		}
		for left > 0 && d.AddDays(1) < p.from {
			d = d.AddDays(1)
			worked, err := cal.Working(d)
			if err != nil {
				return "", err
			}
			if worked {
				left--
			}
		}
		if left > 0 {
			d = p.to.AddDays(-1)
		}
	}
	return d, nil
}

// lastDate is later than any period.
const lastDate Date = "9999-12-31"

func (c Clock) endOfHours() time.Time {
	start := c.StartAt
	if start.IsZero() {
		day, _ := c.Start.time()
		start = day.Add(-8 * time.Hour) // midnight in Beijing: the strict end of what is known
	}
	return start.Add(time.Duration(c.Length+c.Extension) * time.Hour)
}

// Due returns the last day in time. Pauses move it; one that still runs counts up to and with today, as if the period went on
// tomorrow. Of a clock of hours it is the day on which [Clock.DueAt] falls.
func (c Clock) Due(cal Calendar, today Date) (Date, error) {
	d, err := c.lastDay(cal, c.asOf(today))
	if err != nil || !c.EndsOnHolidayMoves || c.Unit == Hours || c.Unit == WorkingDays {
		return d, err
	}
	return cal.NextWorkingDay(d)
}

// DueAt returns the instant at which the period is over; an act before it is in time. Of a clock of hours it is so many hours after
// the start, to the second: the strict reading where the text has no rule of its own. Of the others it is the end of the due day
// in Beijing.
func (c Clock) DueAt(cal Calendar, today Date) (time.Time, error) {
	due, err := c.Due(cal, today)
	if err != nil {
		return time.Time{}, err
	}
	if c.Unit == Hours {
		return c.endOfHours().UTC(), nil
	}
	end, _ := due.AddDays(1).time()
	return end.Add(-8 * time.Hour), nil
}

// Left returns how many days are left after today: working days for a clock of working days, else calendar days; 0 on the last day,
// negative when overdue (but 0 on the rest days right after the last of a clock of working days; [Clock.Late] is exact). Paused days
// are not counted. A clock that is done is read on the day it was done.
func (c Clock) Left(cal Calendar, today Date) (int, error) {
	due, err := c.Due(cal, today)
	if err != nil {
		return 0, err
	}
	on := c.asOf(today)
	if c.Unit != WorkingDays {
		left := due.Sub(on)
		if left > 0 {
			left -= pausedDays(c.pauses(on), on, due)
		}
		return left, nil
	}
	if on >= due {
		return cal.WorkingDaysBetween(on, due)
	}
	left, pauses := 0, c.pauses(on)
	for d := on; d < due; {
		d = d.AddDays(1)
		worked, err := cal.Working(d)
		if err != nil {
			return 0, err
		}
		if worked && pausedDays(pauses, d.AddDays(-1), d) == 0 {
			left++
		}
	}
	return left, nil
}

// State returns the colour: red when overdue, even if paused afterwards; paused; yellow when at most yellow days are left, counted as
// [Clock.Left] counts; else green. A clock that was stopped is done, in time or not; [Clock.Late] says which.
func (c Clock) State(cal Calendar, today Date, yellow int) (ClockState, error) {
	if c.Done != "" {
		return Done, nil
	}
	late, err := c.Late(cal, today)
	if err != nil {
		return "", err
	}
	left, err := c.Left(cal, today)
	switch {
	case err != nil:
		return "", err
	case late:
		return Red, nil
	case slices.ContainsFunc(c.pauses(today), func(p pause) bool { return p.from <= today && today < p.to }):
		return Paused, nil
	case left <= yellow:
		return Yellow, nil
	}
	return Green, nil
}

// Late reports whether the clock ran out before the act was done, or has run out by today.
func (c Clock) Late(cal Calendar, today Date) (bool, error) {
	due, err := c.Due(cal, today)
	return err == nil && c.asOf(today) > due, err
}

// Explain says in one Chinese sentence how the due day comes about and how it stands.
func (c Clock) Explain(cal Calendar, today Date) (string, error) {
	on := c.asOf(today)
	last, err := c.lastDay(cal, on)
	if err != nil {
		return "", err
	}
	due, err := c.Due(cal, today)
	if err != nil {
		return "", err
	}
	left, err := c.Left(cal, today)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	say := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
	}
	say(c.Name, "（", c.Article, "）：")
	if c.Unit == Hours {
		at := c.endOfHours()
		say("自", at.Add(-time.Duration(c.Length+c.Extension)*time.Hour).In(Beijing()).Format("2006-01-02 15:04"), "起",
			strconv.Itoa(c.Length+c.Extension), "小时，至", at.In(Beijing()).Format("2006-01-02 15:04"), "届满")
	} else {
		say("自", string(c.Start), "起算（当日不计入），期限", strconv.Itoa(c.Length), c.Unit.chinese())
		if c.Extension != 0 {
			say("，经批准延长", strconv.Itoa(c.Extension), c.Unit.chinese())
		}
		for _, s := range c.Pauses {
			switch {
			case s.To == "":
				say("，", s.Reason, "自", string(s.From), "起不计入（尚未恢复）")
			default:
				say("，", s.Reason, string(s.From), "至", string(s.To.AddDays(-1)), "不计入")
			}
		}
		say("，最后一日为", string(last))
		if due != last {
			name, _, err := cal.Holiday(last)
			if err != nil {
				return "", err
			}
			say("，适逢", name, "，顺延至", string(due))
		}
	}
	unit := "日"
	if c.Unit == WorkingDays {
		unit = "个工作日"
	}
	over := "已超期"
	if left < 0 {
		over += strconv.Itoa(-left) + unit
	}
	switch late := on > due; {
	case c.Done != "" && late:
		say("；于", string(on), "办结，", over)
	case c.Done != "":
		say("；于", string(on), "按期办结")
	case late:
		say("；至", string(on), over)
	default:
		say("；至", string(on), "尚余", strconv.Itoa(left), unit)
	}
	say("。")
	return b.String(), nil
}

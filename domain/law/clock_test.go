package law_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

var event = uuid.UUID{15: 9}

// The periods of a case, over holidays and make-up days, counted by hand on the calendar.
func TestClocksOfACase(t *testing.T) {
	type make = func(law.Settings, law.Date, uuid.UUID) law.Clock
	cal := law.StateCouncil()
	for _, tt := range []struct {
		name  string
		clock make
		start law.Date
		due   law.Date
	}{
		// Notified on the Thursday before the Spring Festival: 13, 14 (a made-up Saturday), 24, 25, 26 February.
		{"hearing over the Spring Festival", law.HearingRequestClock, "2026-02-12", "2026-02-26"},
		// 20 (a made-up Sunday), 21, 22, 23, 24 September.
		{"hearing over a make-up day", law.HearingRequestClock, "2026-09-18", "2026-09-24"},
		// 29, 30 September, 8, 9, 10 (a made-up Saturday), 12, 13 October.
		{"notice of a hearing over the National Day", law.HearingNoticeClock, "2026-09-28", "2026-10-13"},
		// In 2020 the holiday was made longer when it had begun: 3, 4, 5, 6, 7 February.
		{"hearing over the Spring Festival of 2020", law.HearingRequestClock, "2020-01-23", "2020-02-07"},
		{"day 90 on a working day", law.DecisionClock, "2026-03-03", "2026-06-01"},
		{"day 90 in the National Day holiday", law.DecisionClock, "2026-07-05", "2026-10-08"},
		{"day 90 on a Sunday", law.DecisionClock, "2026-03-09", "2026-06-08"},
		{"day 90 on a made-up Saturday", law.DecisionClock, "2026-07-12", "2026-10-10"},
		{"announcement", law.AnnouncedServiceClock, "2026-03-02", "2026-04-01"},
		{"announcement until 2021", law.AnnouncedServiceClock, "2021-12-31", "2022-03-01"},
		{"announcement since 2022, into the Spring Festival", law.AnnouncedServiceClock, "2022-01-01", "2022-02-07"},
		{"filing", law.FilingClock, "2026-03-02", "2026-03-17"},
		{"defence", law.DefenceClock, "2026-03-05", "2026-03-10"},
		{"service", law.ServiceClock, "2026-03-05", "2026-03-16"},
		{"preservation", law.EvidencePreservationClock, "2026-04-30", "2026-05-13"}, // 6, 7, 8, 9 (made up), 11, 12, 13 May
		{"seizure ends in the holiday", law.SeizureClock, "2026-09-05", "2026-10-05"},
		{"payment moves out of the holiday", law.PaymentClock, "2026-09-16", "2026-10-08"},
		{"payment on the last day", law.PaymentClock, "2026-03-02", "2026-03-17"},
		{"urging", law.UrgingClock, "2026-02-10", "2026-03-02"}, // 11 to 14 (a made-up Saturday), 24 to 28 (another) February, 2 March
		{"substitute urging", law.SubstituteUrgingClock, "2026-03-06", "2026-03-11"},
		{"review", law.ReviewClock, "2026-01-05", "2026-03-06"},
		{"review answer", law.ReviewAnswerClock, "2026-03-02", "2026-03-16"},
		{"suit on a made-up Saturday, 31 August and six months", law.SuitClock, "2025-08-31", "2026-02-28"},
		{"suit on a Sunday", law.SuitClock, "2026-01-05", "2026-07-06"},
		{"suit after review", law.SuitAfterReviewClock, "2026-03-02", "2026-03-17"},
		{"court", law.CourtEnforcementClock, "2026-07-06", "2026-10-08"},
		{"publication", law.PublicationClock, "2026-03-05", "2026-03-16"},
		{"publication recall", law.PublicationRecallClock, "2026-03-05", "2026-03-10"},
		{"transfer decision counts every day", law.TransferDecisionClock, "2026-09-30", "2026-10-03"},
		{"transfer goods", law.TransferGoodsClock, "2026-09-30", "2026-10-03"},
		{"transfer objection", law.TransferObjectionClock, "2026-09-30", "2026-10-03"},
		{"summary report", law.SummaryReportClock, "2026-03-02", "2026-03-09"}, // the fifth day is a Saturday
		{"cash", law.CashHandInClock, "2026-03-06", "2026-03-10"},
		{"archive", law.ArchiveClock, "2026-03-02", "2026-04-01"},
	} {
		c := tt.clock(law.DefaultSettings(), tt.start, event)
		due, err := c.Due(cal, tt.start)
		if due != tt.due || err != nil {
			t.Errorf("%s: due %s, %v; want %s", tt.name, due, err, tt.due)
		}
		if c.Code == "" || c.Name == "" || !strings.HasPrefix(c.Article, "《") || c.Start != tt.start || c.StartEvent != event {
			t.Errorf("%s: %+v", tt.name, c)
		}
		if at, err := c.DueAt(cal, tt.start); err != nil || law.DateOf(at) != tt.due.AddDays(1) || law.DateOf(at.Add(-time.Nanosecond)) != tt.due {
			t.Errorf("%s: over at %v, %v", tt.name, at, err)
		}
	}
}

func TestClocksOfHours(t *testing.T) {
	cal := law.StateCouncil()
	approved := time.Date(2026, 10, 1, 15, 30, 20, 0, law.Beijing())
	for _, c := range []law.Clock{law.TransferDeliveryClock(law.DefaultSettings(), approved, event), law.SeizureReportClock(law.DefaultSettings(), approved, event)} {
		at, err := c.DueAt(cal, "2026-10-01")
		if want := approved.AddDate(0, 0, 1); !at.Equal(want) || err != nil {
			t.Errorf("%s: %v, %v; want %v", c.Name, at, err, want)
		}
		if due, err := c.Due(cal, "2026-10-01"); due != "2026-10-02" || err != nil {
			t.Errorf("%s: due on %s, %v", c.Name, due, err)
		}
		if left, err := c.Left(cal, "2026-10-01"); left != 1 || err != nil {
			t.Errorf("%s: %d left, %v", c.Name, left, err)
		}
		if s, err := c.State(cal, "2026-10-03", 0); s != law.Red || err != nil {
			t.Errorf("%s: %s, %v", c.Name, s, err)
		}
		if text, err := c.Explain(cal, "2026-10-01"); !strings.Contains(text, "自2026-10-01 15:30起24小时，至2026-10-02 15:30届满；至2026-10-01尚余1日。") || err != nil {
			t.Errorf("%s, %v", text, err)
		}
	}
	dateOnly := law.Clock{Name: "示例", Unit: law.Hours, Length: 24, Start: "2026-03-02"}
	if at, err := dateOnly.DueAt(cal, "2026-03-02"); err != nil || !at.Equal(time.Date(2026, 3, 3, 0, 0, 0, 0, law.Beijing())) {
		t.Errorf("of a day without an hour: %v, %v", at, err)
	}
}

func TestPausesAndExtensions(t *testing.T) {
	cal, s := law.StateCouncil(), law.DefaultSettings()
	span := func(from, to law.Date) law.Span {
		return law.Span{From: from, To: to, Reason: "中止调查", Event: event}
	}
	due := func(c law.Clock, today, want law.Date) {
		t.Helper()
		if got, err := c.Due(cal, today); got != want || err != nil {
			t.Errorf("due %s, %v; want %s", got, err, want)
		}
	}
	c := law.DecisionClock(s, "2026-03-03", event) // day 90 is Monday 1 June
	due(c.Paused(span("2026-04-01", "2026-04-11")), "2026-03-03", "2026-06-11")
	due(c.Paused(span("2026-04-01", "2026-04-11")).Paused(span("2026-04-06", "2026-04-13")), "2026-03-03", "2026-06-15") // overlapping: 12 days, to a Saturday
	due(c.Paused(span("2026-02-01", "2026-03-04")), "2026-03-03", "2026-06-01")                                          // over before it counted
	due(c.Paused(span("2026-02-01", "2026-03-05")), "2026-03-03", "2026-06-02")                                          // from the first day on
	due(c.Paused(span("2026-06-02", "2026-07-01")), "2026-03-03", "2026-06-01")                                          // when it was over
	due(c.Paused(span("2026-06-01", "2026-06-02")), "2026-03-03", "2026-06-02")                                          // on its last day
	due(c.Paused(span("2026-04-10", "2026-04-10")), "2026-03-03", "2026-06-01")                                          // no day at all
	due(c.ExtendedBy(60, event), "2026-03-03", "2026-07-31")
	due(c.ExtendedBy(30, event).ExtendedBy(30, event).Paused(span("2026-04-01", "2026-04-11")), "2026-03-03", "2026-08-10")

	// A pause that runs moves the last day on with every day, until it is ended.
	open := c.Paused(span("2026-04-01", ""))
	due(open, "2026-03-31", "2026-06-01")
	due(open, "2026-04-01", "2026-06-02")
	due(open, "2026-04-10", "2026-06-11")
	due(open.Resumed("2026-04-11", event), "2026-05-20", "2026-06-11")
	for _, tt := range []struct {
		clock law.Clock
		today law.Date
		state law.ClockState
		left  int
	}{
		{open, "2026-03-31", law.Green, 62}, {open, "2026-04-01", law.Paused, 62}, {open, "2026-04-10", law.Paused, 62}, {open, "2026-10-20", law.Paused, 62},
		{c, "2026-05-21", law.Green, 11}, {c, "2026-05-22", law.Yellow, 10}, {c, "2026-06-01", law.Yellow, 0}, {c, "2026-06-02", law.Red, -1},
		{c.Paused(span("2026-06-05", "")), "2026-06-20", law.Red, -19}, // it was over before
		{c.Paused(span("2026-04-01", "2026-04-11")), "2026-03-25", law.Green, 68},
		{c.Finished("2026-06-01", event), "2026-09-01", law.Done, 0}, {c.Finished("2026-06-03", event), "2026-09-01", law.Done, -2},
		{law.HearingRequestClock(s, "2026-02-12", event), "2026-02-14", law.Yellow, 3},
		{law.HearingRequestClock(s, "2026-03-02", event), "2026-03-09", law.Yellow, 0},
		{law.PublicationRecallClock(s, "2026-03-03", event), "2026-03-07", law.Red, 0}, // Saturday after its last day
		{law.PublicationRecallClock(s, "2026-03-03", event), "2026-03-09", law.Red, -1},
	} {
		state, err := tt.clock.State(cal, tt.today, 10)
		if state != tt.state || err != nil {
			t.Errorf("%s on %s: %s, %v; want %s", tt.clock.Code, tt.today, state, err, tt.state)
		}
		if left, err := tt.clock.Left(cal, tt.today); left != tt.left || err != nil {
			t.Errorf("%s on %s: %d left, %v; want %d", tt.clock.Code, tt.today, left, err, tt.left)
		}
		late, err := tt.clock.Late(cal, tt.today)
		if want := tt.state == law.Red || tt.state == law.Done && tt.left < 0; late != want || err != nil {
			t.Errorf("%s on %s: late %v, %v", tt.clock.Code, tt.today, late, err)
		}
	}

	seized := law.SeizureClock(s, "2026-09-05", event).Paused(law.Span{From: "2026-09-10", To: "2026-09-20", Reason: "检测鉴定"})
	due(seized, "2026-09-05", "2026-10-15")
	due(seized.ExtendedBy(law.SeizureExtension(s, "2026-09-05"), event), "2026-09-05", "2026-11-14")
	if n := law.DecisionExtension(s, "2026-03-03"); n != 60 {
		t.Errorf("extended by %d", n)
	}
	if d, err := law.RemediesLapsed(cal, "2026-01-05"); d != "2026-07-06" || err != nil {
		t.Errorf("remedies lapse on %s, %v", d, err)
	}
	_, err := law.RemediesLapsed(cal, "2026-07-10")
	domaintest.Refused(t, err, "calendar.year_not_loaded")

	// The clocks are values: what one was made of is not changed by making another.
	base := c.Paused(span("2026-04-01", "")).ExtendedBy(1, event)
	one, two := base.Paused(span("2026-05-01", "2026-05-02")), base.Paused(span("2026-05-03", "2026-05-04"))
	_, _ = base.Resumed("2026-04-02", event), base.ExtendedBy(1, event)
	if one.Pauses[1].From != "2026-05-01" || two.Pauses[1].From != "2026-05-03" || base.Pauses[0].To != "" || len(base.Pauses) != 1 || len(base.Extended) != 1 {
		t.Errorf("%+v\n%+v\n%+v", base, one, two)
	}
}

func TestClocksRefuseWhatTheyCannotCount(t *testing.T) {
	cal, s := law.StateCouncil(), law.DefaultSettings()
	late := law.DecisionClock(s, "2026-10-10", event) // day 90 is in 2027
	undated := law.DecisionClock(s, "", event)
	broken := law.DecisionClock(s, "2026-03-03", event).Paused(law.Span{From: "四月", To: ""})
	for _, tt := range []struct {
		clock law.Clock
		today law.Date
		code  string
	}{{late, "2026-10-12", "calendar.year_not_loaded"}, {undated, "2026-03-03", "clock.no_date"}, {broken, "2026-03-03", "clock.no_date"},
		{law.DecisionClock(s, "2026-03-03", event), "", "clock.no_date"}} {
		_, err := tt.clock.Due(cal, tt.today)
		refused(t, err, tt.code)
		_, err = tt.clock.DueAt(cal, tt.today)
		refused(t, err, tt.code)
		_, err = tt.clock.Left(cal, tt.today)
		refused(t, err, tt.code)
		_, err = tt.clock.State(cal, tt.today, 3)
		refused(t, err, tt.code)
		_, err = tt.clock.Late(cal, tt.today)
		refused(t, err, tt.code)
		_, err = tt.clock.Explain(cal, tt.today)
		refused(t, err, tt.code)
	}
	_, err := undated.Due(cal, "2026-03-03")
	domaintest.Refused(t, err, "clock.no_date")
	// With the notice of 2027 it can.
	loaded, err := cal.With("2014-2027.1", notice2027)
	if err != nil {
		t.Fatal(err)
	}
	if due, err := late.Due(loaded, "2026-10-12"); due != "2027-01-08" || err != nil {
		t.Errorf("%s, %v", due, err)
	}
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	domaintest.Refused(t, err, code)
}

func TestExplain(t *testing.T) {
	cal, s := law.StateCouncil(), law.DefaultSettings()
	c := law.DecisionClock(s, "2026-07-05", event)
	paused := c.Paused(law.Span{From: "2026-08-01", To: "2026-08-11", Reason: "中止调查"})
	for _, tt := range []struct {
		clock law.Clock
		today law.Date
		want  string
	}{
		{c, "2026-09-30", "办案期限（《行政处罚法》第六十条）：自2026-07-05起算（当日不计入），期限90日，最后一日为2026-10-03，适逢国庆节，顺延至2026-10-08；至2026-09-30尚余8日。"},
		{c, "2026-10-12", "办案期限（《行政处罚法》第六十条）：自2026-07-05起算（当日不计入），期限90日，最后一日为2026-10-03，适逢国庆节，顺延至2026-10-08；至2026-10-12已超期4日。"},
		{paused.ExtendedBy(10, event), "2026-09-30",
			"办案期限（《行政处罚法》第六十条）：自2026-07-05起算（当日不计入），期限90日，经批准延长10日，中止调查2026-08-01至2026-08-10不计入，最后一日为2026-10-23；至2026-09-30尚余23日。"},
		{c.Paused(law.Span{From: "2026-09-28", Reason: "听证"}), "2026-09-30",
			"办案期限（《行政处罚法》第六十条）：自2026-07-05起算（当日不计入），期限90日，听证自2026-09-28起不计入（尚未恢复），最后一日为2026-10-06，适逢国庆节，顺延至2026-10-08；至2026-09-30尚余8日。"},
		{c.Finished("2026-10-08", event), "2026-12-01", "办案期限（《行政处罚法》第六十条）：自2026-07-05起算（当日不计入），期限90日，最后一日为2026-10-03，适逢国庆节，顺延至2026-10-08；于2026-10-08按期办结。"},
		{law.HearingRequestClock(s, "2026-02-12", event).Finished("2026-02-28", event), "2026-12-01",
			"申请听证期限（《行政处罚法》第六十四条第一项、第八十五条）：自2026-02-12起算（当日不计入），期限5个工作日，最后一日为2026-02-26；于2026-02-28办结，已超期2个工作日。"},
		{law.PublicationRecallClock(s, "2026-03-03", event), "2026-03-07",
			"公示撤回期限（《行政处罚法》第四十八条第二款、第八十五条）：自2026-03-03起算（当日不计入），期限3个工作日，最后一日为2026-03-06；至2026-03-07已超期。"},
		{law.SuitClock(s, "2026-01-05", event), "2026-07-01", "提起行政诉讼期限（《行政诉讼法》第四十六条）：自2026-01-05起算（当日不计入），期限6个月，最后一日为2026-07-05，适逢周末，顺延至2026-07-06；至2026-07-01尚余5日。"},
	} {
		if got, err := tt.clock.Explain(cal, tt.today); got != tt.want || err != nil {
			t.Errorf("%v\ngot  %s\nwant %s", err, got, tt.want)
		}
	}
}

// slow counts a clock day by day, with the second source of the calendar and none of the code it is compared with.
type slow struct{ worked func(time.Time) bool }

func (s slow) paused(c law.Clock, d, today time.Time) bool {
	at, now := d.Format("2006-01-02"), today.Format("2006-01-02")
	for _, p := range c.Pauses {
		if at > string(c.Start) && at >= string(p.From) && (p.To != "" && at < string(p.To) || p.To == "" && at <= now) {
			return true
		}
	}
	return false
}

func (s slow) due(c law.Clock, start, today time.Time) time.Time {
	n := c.Length + c.Extension
	if c.Unit == law.Months || c.Unit == law.Years {
		if c.Unit == law.Years {
			n *= 12
		}
		year, month := start.Year(), int(start.Month())+n
		for month > 12 {
			year, month = year+1, month-12
		}
		end := start
		for n = 0; end.Year() < year || end.Year() == year && int(end.Month()) < month; n++ {
			end = end.AddDate(0, 0, 1)
		}
		for end.Day() < start.Day() && end.AddDate(0, 0, 1).Month() == end.Month() {
			end, n = end.AddDate(0, 0, 1), n+1
		}
	}
	d := start
	for n > 0 {
		d = d.AddDate(0, 0, 1)
		if !s.paused(c, d, today) && (c.Unit != law.WorkingDays || s.worked(d)) {
			n--
		}
	}
	for c.EndsOnHolidayMoves && !s.worked(d) {
		d = d.AddDate(0, 0, 1)
	}
	return d
}

func (s slow) left(c law.Clock, due, today time.Time) int {
	n := 0
	for d := today; d.Before(due); {
		d = d.AddDate(0, 0, 1)
		if !s.paused(c, d, today) && (c.Unit != law.WorkingDays || s.worked(d)) {
			n++
		}
	}
	for d := due; d.Before(today); {
		d = d.AddDate(0, 0, 1)
		if c.Unit != law.WorkingDays || s.worked(d) {
			n--
		}
	}
	return n
}

// Clocks over ten years, of every unit, with pauses that overlap, begin before the clock, lie behind its end or still run, agree with a
// counter that looks at every single day.
func TestClocksAgreeWithASlowCounter(t *testing.T) {
	cal, slow := law.StateCouncil(), slow{secondSource(t)}
	first := day(t, "2014-06-01")
	date := func(at time.Time) law.Date { return law.Date(at.Format("2006-01-02")) }
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 3))
		start := first.AddDate(0, 0, r.IntN(3652))
		c := law.Clock{Code: "x", Name: "示例期限", Article: "示例", Unit: []law.Unit{law.WorkingDays, law.Days, law.Months, law.Years}[r.IntN(4)], Start: date(start),
			EndsOnHolidayMoves: r.IntN(4) > 0}
		switch c.Unit {
		case law.Months:
			c.Length = 1 + r.IntN(12)
		case law.Years:
			c.Length = 1
		default:
			c.Length, c.Extension = 1+r.IntN(90), r.IntN(2)*r.IntN(60)
		}
		today := start.AddDate(0, 0, r.IntN(300)-20)
		for range r.IntN(4) {
			from := start.AddDate(0, 0, r.IntN(140)-15)
			p := law.Span{From: date(from), Reason: "中止"}
			if r.IntN(4) > 0 {
				p.To = date(from.AddDate(0, 0, r.IntN(40)))
			}
			c.Pauses = append(c.Pauses, p)
		}
		want := slow.due(c, start, today)
		due, err := c.Due(cal, date(today))
		if err != nil || due != date(want) {
			t.Fatalf("seed %d: due %s, %v; counted %s\n%+v, today %s", seed, due, err, date(want), c, date(today))
		}
		left, err := c.Left(cal, date(today))
		if counted := slow.left(c, want, today); err != nil || left != counted {
			t.Fatalf("seed %d: %d left, %v; counted %d\n%+v, due %s, today %s", seed, left, err, counted, c, due, date(today))
		}
		late, err := c.Late(cal, date(today))
		if err != nil || late != today.After(want) {
			t.Fatalf("seed %d: late %v, %v", seed, late, err)
		}
		state, err := c.State(cal, date(today), 5)
		wanted := law.Green
		switch {
		case late:
			wanted = law.Red
		case today.After(start) && slow.paused(c, today, today):
			wanted = law.Paused
		case left <= 5:
			wanted = law.Yellow
		}
		if err != nil || state != wanted {
			t.Fatalf("seed %d: %s, %v; want %s\n%+v, today %s", seed, state, err, wanted, c, date(today))
		}
		text, err := c.Explain(cal, date(today))
		if err != nil || !strings.Contains(text, string(due)) || !strings.Contains(text, fmt.Sprint(max(left, -left))) && left != 0 {
			t.Fatalf("seed %d: %s, %v", seed, text, err)
		}
		if at, err := c.DueAt(cal, date(today)); err != nil || !at.Equal(want.AddDate(0, 0, 1).Add(-8*time.Hour)) {
			t.Fatalf("seed %d: over at %v, %v", seed, at, err)
		}
	}
}

package law

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"time"

	"shuizheng/domain"
)

// stateCouncil is the text of the notices: sorted lines, so that a day is found by halving and nothing is built at run time.
//
//go:embed data/holidays.txt
var stateCouncil string

// calendarVersion names the edition of data/holidays.txt; a test holds it to that file.
const calendarVersion = "2014-2026.1"

// Calendar knows which days are worked (工作日历): Monday to Friday, less the holidays and plus the make-up days (调休) of the
// State Council's yearly notices (国务院办公厅关于部分节假日安排的通知). It is immutable and cheap to copy; the zero value knows no year.
// A year whose notice is not loaded is refused with "calendar.year_not_loaded", never guessed: a Tuesday may be a holiday.
type Calendar struct{ version, text string }

// StateCouncil is the calendar of the notices that come with this program: 2014 to 2026.
func StateCouncil() Calendar { return Calendar{calendarVersion, stateCouncil} }

// Version names the edition, as events and read models record it.
func (c Calendar) Version() string { return c.version }

// With adds the notice of one year or of several, as the administrator loads it, and replaces what was known of those years. The
// text has the form of the embedded one: a line "2027 source 国办发明电〔2026〕1号", then a line for each day that is not as its
// weekday says, "2027-01-01 休 元旦" or "2027-01-03 班 元旦". A notice also rules the last days of the year before (元旦); they are
// written below its own line and added to that year. Blank lines and lines that begin with # are skipped. What is not such a text
// is refused with "calendar.bad_notice".
func (c Calendar) With(version, text string) (Calendar, error) {
	notices, err := parseNotices(text)
	if err != nil {
		return c, err
	}
	known := strings.Split(strings.TrimSuffix(c.text, "\n"), "\n")
	lines := slices.DeleteFunc(known, func(line string) bool {
		year, err := strconv.Atoi(line[:min(4, len(line))])
		return err != nil || slices.ContainsFunc(notices, func(n notice) bool {
			return n.year == year || slices.ContainsFunc(n.days, func(day string) bool { return day[:10] == line[:min(10, len(line))] })
		})
	})
	for _, n := range notices {
		lines = append(append(lines, n.head), n.days...)
	}
	slices.Sort(lines)
	return Calendar{version, strings.Join(lines, "\n") + "\n"}, nil
}

// notice is what one State Council notice says, line by line.
type notice struct {
	year int
	head string
	days []string
}

// restDaysAtLeast is how many days off every notice since 2008 has named at the least (《全国年节及纪念日放假办法》: 11 days, 13 since 2025).
// A text with fewer is a piece of a notice.
const restDaysAtLeast = 11

func parseNotices(text string) ([]notice, error) {
	var all []notice
	bad := func(n int, line, why string) error {
		return domain.Refuse("calendar.bad_notice", "节假日安排第"+strconv.Itoa(n+1)+"行“"+line+"”"+why+"，请按“2027-01-01 休 元旦”“2027-01-03 班 元旦”的格式核对后重新载入。")
	}
	seen := map[string]bool{}
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.SplitN(line, " ", 3)
		switch {
		case len(parts) != 3 || parts[2] == "":
			return nil, bad(n, line, "应有三项")
		case seen[parts[0]]:
			return nil, bad(n, line, "重复")
		case len(parts[0]) == 4:
			year, err := strconv.Atoi(parts[0])
			if err != nil || year < 2000 {
				return nil, bad(n, line, "不是年份")
			}
			if !slices.Contains(Confidences(), parts[1]) {
				return nil, bad(n, line, "的可信程度应为 source、high、medium、low 之一")
			}
			all = append(all, notice{year: year, head: line})
		case len(all) == 0:
			return nil, bad(n, line, "之前缺少“2027 source 文号”一行")
		default:
			d, year := Date(parts[0]), &all[len(all)-1]
			off := parts[1] == "休"
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			switch {
			case !d.Valid():
				return nil, bad(n, line, "不是有效日期")
			case d.Year() != year.year && (d.Year() != year.year-1 || d < Date(strconv.Itoa(year.year-1)+"-12-01")):
				return nil, bad(n, line, "不属于"+strconv.Itoa(year.year)+"年的安排")
			case !off && parts[1] != "班":
				return nil, bad(n, line, "应写明“休”或者“班”")
			case !off && !weekend:
				return nil, bad(n, line, "是周一至周五，不可能是调休上班日")
			}
			year.days = append(year.days, line)
		}
		seen[parts[0]] = true
	}
	for _, n := range all {
		rest := 0
		for _, day := range n.days {
			if strings.Contains(day, " 休 ") {
				rest++
			}
		}
		if rest < restDaysAtLeast {
			return nil, domain.Refuse("calendar.bad_notice", strconv.Itoa(n.year)+"年的节假日安排只有"+strconv.Itoa(rest)+"个休息日，通知不完整，请载入全文。")
		}
	}
	if len(all) == 0 {
		return nil, domain.Refuse("calendar.bad_notice", "没有读到任何一年的节假日安排，请载入国务院办公厅的通知。")
	}
	return all, nil
}

// Years lists the years that are loaded, in order.
func (c Calendar) Years() []int {
	var years []int
	for line := range strings.Lines(c.text) {
		if key, _, _ := strings.Cut(line, " "); len(key) == 4 {
			if year, err := strconv.Atoi(key); err == nil {
				years = append(years, year)
			}
		}
	}
	return years
}

// Notice names the notices that a year rests on, with document numbers, and how sure the program is of them: "source" where two
// independent copies agree. It refuses a year that is not loaded.
func (c Calendar) Notice(year int) (name, confidence string, err error) {
	head := c.find(strconv.Itoa(year))
	if head == "" {
		return "", "", notLoaded(year)
	}
	confidence, name, _ = strings.Cut(head, " ")
	return name, confidence, nil
}

func notLoaded(year int) error {
	y := strconv.Itoa(year)
	return domain.RefuseByLaw("calendar.year_not_loaded", "《行政处罚法》第八十五条",
		"工作日历中没有"+y+"年的节假日安排，无法计算期限；请先载入国务院办公厅关于"+y+"年部分节假日安排的通知。")
}

// find returns what stands in the line of a day or a year after its key, "" if there is no such line.
func (c Calendar) find(key string) string {
	lo, hi := 0, len(c.text) // both at the beginning of a line
	for lo < hi {
		middle := lo + (hi-lo)/2
		start := lo + strings.LastIndexByte(c.text[lo:middle], '\n') + 1
		end := start + strings.IndexByte(c.text[start:], '\n')
		at, rest, _ := strings.Cut(c.text[start:end], " ")
		switch {
		case at == key:
			return rest
		case at < key:
			lo = end + 1
		default:
			hi = start
		}
	}
	return ""
}

// Working reports whether a day is worked.
func (c Calendar) Working(d Date) (bool, error) {
	_, holiday, err := c.Holiday(d)
	return !holiday && err == nil, err
}

// Holiday reports whether a day is a statutory holiday or a rest day (法定休假日), and its name: that of the holiday, or 周末. A
// make-up day (调休上班日) is worked, and so no holiday.
func (c Calendar) Holiday(d Date) (name string, holiday bool, err error) {
	t, ok := d.time()
	if !ok {
		return "", false, noDate(d)
	}
	return c.holiday(t)
}

func noDate(d Date) error {
	return domain.Refuse("calendar.no_date", "“"+string(d)+"”不是有效日期，请按“2026-03-02”的格式填写。")
}

func (c Calendar) holiday(t time.Time) (name string, holiday bool, err error) {
	key := t.Format(time.DateOnly)
	if c.find(key[:4]) == "" { // a notice also names days of the year before, which may itself not be loaded
		return "", false, notLoaded(t.Year())
	}
	kind, name, exception := strings.Cut(c.find(key), " ")
	switch {
	case exception && kind == "休":
		return name, true, nil
	case exception:
		return "", false, nil
	case t.Weekday() == time.Saturday || t.Weekday() == time.Sunday:
		return "周末", true, nil
	}
	return "", false, nil
}

// AddWorkingDays returns the nth working day after start, for a negative n before it; start itself is not counted
// (《民事诉讼法》第八十五条；《行政处罚法》第八十五条). n = 0 is start as it stands, worked or not.
func (c Calendar) AddWorkingDays(start Date, n int) (Date, error) {
	t, ok := start.time()
	if !ok {
		return "", noDate(start)
	}
	step := 1
	if n < 0 {
		step = -1
	}
	for n != 0 {
		t = t.AddDate(0, 0, step)
		_, holiday, err := c.holiday(t)
		if err != nil {
			return "", err
		}
		if !holiday {
			n -= step
		}
	}
	return Date(t.Format(time.DateOnly)), nil
}

// WorkingDaysBetween counts the working days after one day, up to and with another: 0 for the same day, and for days in the wrong
// order the count in the right order, negative.
func (c Calendar) WorkingDaysBetween(after, until Date) (int, error) {
	if after > until {
		n, err := c.WorkingDaysBetween(until, after)
		return -n, err
	}
	t, ok := after.time()
	end, also := until.time()
	switch {
	case !ok:
		return 0, noDate(after)
	case !also:
		return 0, noDate(until)
	}
	n := 0
	for t.Before(end) {
		t = t.AddDate(0, 0, 1)
		_, holiday, err := c.holiday(t)
		if err != nil {
			return 0, err
		}
		if !holiday {
			n++
		}
	}
	return n, nil
}

// NextWorkingDay is the day itself if it is worked, else the first working day after it: where a period ends whose last day is a
// holiday (《民事诉讼法》第八十五条第三款).
func (c Calendar) NextWorkingDay(d Date) (Date, error) {
	for {
		worked, err := c.Working(d)
		if worked || err != nil {
			return d, err
		}
		d = d.AddDays(1)
	}
}

// time returns midnight of the date as UTC, in which every day has 24 hours; ok is false for what is no date.
func (d Date) time() (t time.Time, ok bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	return t, err == nil
}

// Valid reports whether this is a day of the calendar, written 2006-01-02.
func (d Date) Valid() bool {
	_, ok := d.time()
	return ok
}

// AddDays returns the date n calendar days on, or back if n is negative. What is no date stays as it is.
func (d Date) AddDays(n int) Date {
	t, ok := d.time()
	if !ok {
		return d
	}
	return Date(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// AddMonths returns the same day n months on; where that month has no such day, its last: 31 January and one month is 28 February.
func (d Date) AddMonths(n int) Date {
	t, ok := d.time()
	if !ok {
		return d
	}
	there := t.AddDate(0, n, 0)
	if there.Day() != t.Day() { // Go counts over into the month after
		there = there.AddDate(0, 0, -there.Day())
	}
	return Date(there.Format(time.DateOnly))
}

// Sub returns the calendar days from e to d, negative if d is the earlier; 0 if one of them is no date.
func (d Date) Sub(e Date) int {
	t, ok := d.time()
	u, also := e.time()
	if !ok || !also {
		return 0
	}
	return int(t.Sub(u) / (24 * time.Hour))
}

// Weekday returns the day of the week, Sunday for what is no date.
func (d Date) Weekday() time.Weekday {
	t, _ := d.time()
	if t.IsZero() {
		return time.Sunday
	}
	return t.Weekday()
}

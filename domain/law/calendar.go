package law

import (
	_ "embed"
	"time"
)

// stateCouncil is the text of the notices: sorted lines, so that a day is found by halving and nothing is built at run time.
//
//go:embed data/holidays.txt
var stateCouncil string

// calendarVersion names the edition of data/holidays.txt. It changes with every change of that file (a test holds the two together).
const calendarVersion = "2014-2026.1"

// Calendar knows which days are worked (工作日历): Monday to Friday, less the holidays and plus the make-up days (调休) of the
// State Council's yearly notices (国务院办公厅关于部分节假日安排的通知). It is immutable and cheap to copy; the zero value has no year.
// A year whose notice is not loaded is refused with "calendar.year_not_loaded", never guessed: a Tuesday may be a holiday.
type Calendar struct{ version, text string }

// StateCouncil is the calendar of the notices that come with this program: 2014 to 2026.
func StateCouncil() Calendar { return Calendar{calendarVersion, stateCouncil} }

// Version names the edition, as events and read models record it.
func (c Calendar) Version() string { return c.version }

// With adds the notice of a year (or of several) to the calendar, as the administrator loads it, and replaces what is known of
// that year. The text has the form of the embedded one: a line "2027 source 国办发明电〔2026〕…号", then one line for each day that
// is not as its weekday says: "2027-01-01 休 元旦" or "2027-01-03 班 元旦". Blank lines and lines that begin with # are skipped.
func (c Calendar) With(version, text string) (Calendar, error) {
	return c, nil
}

// Years lists the years that are loaded, in order.
func (c Calendar) Years() []int { return nil }

// Notice names the notices that a year rests on, with document numbers, and how sure the program is of them ("source" where
// two independent copies agree).
func (c Calendar) Notice(year int) (notice, confidence string, err error) {
	return "", "", nil
}

// Working reports whether a day is worked.
func (c Calendar) Working(d Date) (bool, error) {
	_, holiday, err := c.Holiday(d)
	return !holiday && err == nil, err
}

// Holiday reports whether a day is a statutory holiday or a rest day (法定休假日), and its name: that of the holiday, or 周末. A
// make-up day (调休上班日) is worked, and so no holiday.
func (c Calendar) Holiday(d Date) (name string, holiday bool, err error) {
	return "", false, nil
}

// AddWorkingDays returns the nth working day after start; start itself is not counted (《民事诉讼法》第八十五条;《行政处罚法》第八十五条).
// n = 0 is start as it stands, worked or not.
func (c Calendar) AddWorkingDays(start Date, n int) (Date, error) { return "", nil }

// WorkingDaysBetween counts the working days after one day up to and with another: of two equal days 0, and of days in the
// wrong order the negative of the count in the right order.
func (c Calendar) WorkingDaysBetween(after, until Date) (int, error) { return 0, nil }

// NextWorkingDay is the day itself if it is worked, else the first working day after it: where a period ends whose last day is
// a holiday (《民事诉讼法》第八十五条第三款).
func (c Calendar) NextWorkingDay(d Date) (Date, error) { return "", nil }

// Valid reports whether the date is one of the calendar, written in full.
func (d Date) Valid() bool { return false }

// AddDays returns the date n calendar days on, or back if n is negative.
func (d Date) AddDays(n int) Date { return "" }

// AddMonths returns the same day n months on; where that month has no such day, its last (31 January and one month: 28 February).
func (d Date) AddMonths(n int) Date { return "" }

// Sub returns the calendar days from e to d, negative if d is earlier; 0 if one of them is no date.
func (d Date) Sub(e Date) int { return 0 }

// Weekday returns the day of the week; Sunday for what is no date.
func (d Date) Weekday() time.Weekday { return 0 }

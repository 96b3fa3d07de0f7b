package law_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

// secondSource reads testdata/holidays-second.txt, which comes from another package than the embedded text, into a rule of its own.
func secondSource(t testing.TB) (worked func(time.Time) bool) {
	t.Helper()
	data, err := os.ReadFile("testdata/holidays-second.txt")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if day, kind, ok := strings.Cut(strings.TrimSpace(line), " "); ok && day != "#" {
			said[day] = kind == "班"
		}
	}
	if len(said) < 400 {
		t.Fatalf("only %d days read", len(said))
	}
	return func(d time.Time) bool {
		if w, ok := said[d.Format("2006-01-02")]; ok {
			return w
		}
		return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
	}
}

func day(t testing.TB, d law.Date) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02", string(d))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Two packages that were kept by different people, from the same notices, say the same of every one of 4,748 days.
func TestCalendarAgreesWithASecondSource(t *testing.T) {
	cal, second := law.StateCouncil(), secondSource(t)
	for d := day(t, "2014-01-01"); d.Year() < 2027; d = d.AddDate(0, 0, 1) {
		worked, err := cal.Working(law.Date(d.Format("2006-01-02")))
		if err != nil || worked != second(d) {
			t.Errorf("%s: worked %v, %v; the second source says %v", d.Format("2006-01-02"), worked, err, second(d))
		}
	}
}

func TestCalendarNamesItsNotices(t *testing.T) {
	cal := law.StateCouncil()
	if got, want := cal.Years(), []int{2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026}; !slices.Equal(got, want) {
		t.Errorf("years %v", got)
	}
	for year, want := range map[int]string{
		2019: "国办发明电〔2018〕15号，国办发明电〔2019〕3号", // Labour Day was changed in March
		2020: "国办发明电〔2019〕16号，国办发明电〔2020〕1号", // Spring Festival was made longer in January
		2021: "国办发明电〔2020〕27号", 2022: "国办发明电〔2021〕11号", 2023: "国办发明电〔2022〕16号",
		2024: "国办发明电〔2023〕7号", 2025: "国办发明电〔2024〕12号", 2026: "国办发明电〔2025〕7号",
	} {
		if name, confidence, err := cal.Notice(year); name != want || confidence != law.FromSource || err != nil {
			t.Errorf("%d: %s, %s, %v", year, name, confidence, err)
		}
	}
	_, _, err := cal.Notice(2027)
	domaintest.Refused(t, err, "calendar.year_not_loaded")

	// The edition is recorded by events, so its name may stand for no other text.
	data, err := os.ReadFile("data/holidays.txt")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	const version, hash = "2014-2026.1", "d796c3dfdced"
	if got := hex.EncodeToString(sum[:6]); cal.Version() != version || got != hash {
		t.Errorf("version %s of a text with the hash %s: where data/holidays.txt changes, so does its version", cal.Version(), got)
	}
	_, lines, _ := strings.Cut(string(data), "\n2014 ")
	if !slices.IsSorted(strings.Split("2014 "+strings.TrimSuffix(lines, "\n"), "\n")) {
		t.Error("the lines are not sorted; days would not be found")
	}
}

func TestHolidays(t *testing.T) {
	for _, tt := range []struct {
		day     law.Date
		name    string
		holiday bool
	}{
		{"2026-02-13", "", false}, {"2026-02-14", "", false}, // Saturday, made up for the Spring Festival
		{"2026-02-15", "春节", true}, {"2026-02-17", "春节", true}, {"2026-02-23", "春节", true}, {"2026-02-24", "", false},
		{"2026-02-28", "", false}, {"2026-03-01", "周末", true},
		{"2020-01-31", "春节", true}, {"2020-02-01", "春节", true}, {"2020-02-02", "春节", true}, {"2020-02-03", "", false},
		{"2019-05-02", "劳动节", true}, {"2019-05-05", "", false},
		{"2018-12-29", "", false}, {"2018-12-31", "元旦", true}, // said by the notice of 2019
		{"2015-09-03", "抗战胜利70周年纪念日", true}, {"2015-09-06", "", false},
		{"2026-10-10", "", false}, {"2026-10-11", "周末", true},
	} {
		name, holiday, err := law.StateCouncil().Holiday(tt.day)
		if name != tt.name || holiday != tt.holiday || err != nil {
			t.Errorf("%s: %q, %v, %v", tt.day, name, holiday, err)
		}
		if worked, err := law.StateCouncil().Working(tt.day); worked == tt.holiday || err != nil {
			t.Errorf("%s: worked %v, %v", tt.day, worked, err)
		}
	}
}

func TestUnknownYearIsRefused(t *testing.T) {
	cal := law.StateCouncil()
	for _, d := range []law.Date{"2027-01-01", "2027-06-16", "2013-12-31", "1999-01-01"} {
		_, err := cal.Working(d)
		r := domaintest.Refused(t, err, "calendar.year_not_loaded")
		if !strings.Contains(r.Message, "载入国务院办公厅关于"+string(d[:4])+"年部分节假日安排的通知") {
			t.Errorf("the refusal does not say what to load: %s", r.Message)
		}
	}
	// So is every computation that reaches into such a year, and none that ends before it.
	_, err := cal.AddWorkingDays("2026-12-28", 4)
	domaintest.Refused(t, err, "calendar.year_not_loaded")
	if d, err := cal.AddWorkingDays("2026-12-28", 3); d != "2026-12-31" || err != nil {
		t.Errorf("%s, %v", d, err)
	}
	_, err = cal.AddWorkingDays("2014-01-02", -3)
	domaintest.Refused(t, err, "calendar.year_not_loaded")
	_, err = cal.WorkingDaysBetween("2026-12-30", "2027-01-04")
	domaintest.Refused(t, err, "calendar.year_not_loaded")
	_, err = law.Calendar{}.Working("2026-03-02")
	domaintest.Refused(t, err, "calendar.year_not_loaded")

	for _, d := range []law.Date{"", "2026-02-29", "2026-2-3", "二〇二六年", "2026-03-02 "} {
		_, _, err := cal.Holiday(d)
		domaintest.Refused(t, err, "calendar.no_date")
	}
}

func TestWorkingDays(t *testing.T) {
	cal := law.StateCouncil()
	for _, tt := range []struct {
		start law.Date
		n     int
		want  law.Date
	}{
		{"2026-03-02", 0, "2026-03-02"}, {"2026-03-01", 0, "2026-03-01"},
		{"2026-03-02", 1, "2026-03-03"}, {"2026-03-06", 1, "2026-03-09"}, {"2026-03-07", 1, "2026-03-09"},
		{"2026-02-13", 1, "2026-02-14"}, {"2026-02-13", 2, "2026-02-24"}, {"2026-02-14", 5, "2026-02-28"},
		{"2026-09-18", 1, "2026-09-20"}, {"2026-09-24", 3, "2026-09-30"}, {"2026-09-30", 3, "2026-10-10"},
		{"2026-02-24", -1, "2026-02-14"}, {"2026-03-09", -5, "2026-03-02"},
		{"2019-12-31", 1, "2020-01-02"},
	} {
		if got, err := cal.AddWorkingDays(tt.start, tt.n); got != tt.want || err != nil {
			t.Errorf("%d working days after %s: %s, %v; want %s", tt.n, tt.start, got, err, tt.want)
		}
	}
	for _, tt := range []struct {
		after, until law.Date
		want         int
	}{
		{"2026-03-02", "2026-03-02", 0}, {"2026-03-02", "2026-03-03", 1}, {"2026-03-06", "2026-03-08", 0}, {"2026-03-06", "2026-03-09", 1},
		{"2026-02-13", "2026-02-28", 6}, {"2026-02-28", "2026-02-13", -6}, {"2025-12-31", "2026-12-31", 248}, {"2023-12-31", "2024-12-31", 251},
	} {
		if got, err := cal.WorkingDaysBetween(tt.after, tt.until); got != tt.want || err != nil {
			t.Errorf("from %s to %s: %d, %v; want %d", tt.after, tt.until, got, err, tt.want)
		}
	}
	if d, err := cal.NextWorkingDay("2026-10-01"); d != "2026-10-08" || err != nil {
		t.Errorf("after the National Day: %s, %v", d, err)
	}
	if d, err := cal.NextWorkingDay("2026-10-10"); d != "2026-10-10" || err != nil {
		t.Errorf("a make-up Saturday: %s, %v", d, err)
	}
}

const notice2027 = `
# an invented notice, to load
2027 medium 国办发明电〔2026〕示例号
2026-12-26 班 元旦
2027-01-01 休 元旦
2027-02-05 休 春节
2027-02-06 休 春节
2027-02-07 休 春节
2027-02-08 休 春节
2027-02-09 休 春节
2027-02-10 休 春节
2027-02-11 休 春节
2027-02-20 班 春节
2027-10-01 休 国庆节
2027-10-04 休 国庆节
2027-10-05 休 国庆节
`

func TestLoadingANotice(t *testing.T) {
	old := law.StateCouncil()
	cal, err := old.With("2014-2027.1", notice2027)
	if err != nil {
		t.Fatal(err)
	}
	if got := cal.Years(); !slices.Contains(got, 2027) || len(got) != 14 || cal.Version() != "2014-2027.1" {
		t.Errorf("years %v, version %s", got, cal.Version())
	}
	if d, err := cal.AddWorkingDays("2026-12-25", 6); d != "2027-01-04" || err != nil {
		t.Errorf("over the new year: %s, %v", d, err) // 26 (made up), 28, 29, 30, 31 December, 4 January
	}
	if _, confidence, err := cal.Notice(2027); confidence != law.Medium || err != nil {
		t.Errorf("%s, %v", confidence, err)
	}
	// Loaded again, with one day changed, it replaces what it said before, and only that.
	again, err := cal.With("2014-2027.2", strings.Replace(notice2027, "2027-02-20 班", "2027-02-21 班", 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		day    law.Date
		worked bool
	}{{"2027-02-20", false}, {"2027-02-21", true}, {"2026-12-26", true}, {"2026-10-10", true}, {"2014-01-26", true}} {
		if worked, err := again.Working(tt.day); worked != tt.worked || err != nil {
			t.Errorf("%s: %v, %v", tt.day, worked, err)
		}
	}
	if worked, err := old.Working("2026-12-26"); worked || err != nil {
		t.Errorf("loading changed the calendar it was loaded into: %v, %v", worked, err)
	}
	first, err := law.Calendar{}.With("2027", notice2027)
	if err != nil {
		t.Fatal(err)
	}
	if worked, err := first.Working("2027-02-20"); !worked || err != nil {
		t.Errorf("loaded into an empty calendar: %v, %v", worked, err)
	}
	_, err = first.Working("2026-12-26")
	domaintest.Refused(t, err, "calendar.year_not_loaded") // ten days of a year are not the year

	// Each of these is a whole notice but for one thing, and the refusal says which.
	for _, tt := range []struct{ text, message string }{
		{"", "没有读到任何一年"},
		{"# 2027", "没有读到任何一年"},
		{"2027-01-01 休 元旦", "之前缺少"},
		{notice2027 + "2027-10-06 休", "第17行“2027-10-06 休”应有三项"},
		{notice2027 + "2027-10-06 休 ", "应有三项"},
		{notice2027 + "2027-10-06 假 国庆节", "应写明“休”或者“班”"},
		{notice2027 + "2027-02-30 休 春节", "不是有效日期"},
		{notice2027 + "2028-01-01 休 元旦", "不属于2027年的安排"},
		{notice2027 + "2025-12-31 休 元旦", "不属于2027年的安排"},
		{notice2027 + "2026-11-30 休 元旦", "不属于2027年的安排"},
		{notice2027 + "2027-01-01 休 元旦", "重复"},
		{notice2027 + notice2027, "“2027 medium 国办发明电〔2026〕示例号”重复"},
		{strings.Replace(notice2027, "medium", "sure", 1), "可信程度"},
		{strings.Replace(notice2027, "2027-02-20 班", "2027-02-24 班", 1), "是周一至周五"},
		{strings.Replace(notice2027, "2027-10-05 休 国庆节\n", "", 1), "只有10个休息日"},
		{strings.Replace(notice2027, "2027 medium", "1999 medium", 1), "不是年份"},
		{strings.Replace(notice2027, "2027 medium", "20x7 medium", 1), "不是年份"},
	} {
		got, err := old.With("x", tt.text)
		r := domaintest.Refused(t, err, "calendar.bad_notice")
		if !strings.Contains(r.Message, tt.message) || got.Version() != old.Version() {
			t.Errorf("version %s: %s, want %s", got.Version(), r.Message, tt.message)
		}
	}
	if _, err := old.With("x", notice2027+"2026-12-01 休 元旦\n2027-12-26 班 元旦"); err != nil {
		t.Errorf("days from December before to December: %v", err)
	}
}

func TestDateArithmetic(t *testing.T) {
	for _, tt := range []struct {
		from   law.Date
		days   int
		months int
		want   law.Date
	}{
		{"2026-03-02", 90, 0, "2026-05-31"}, {"2024-02-28", 1, 0, "2024-02-29"}, {"2026-01-01", -1, 0, "2025-12-31"},
		{"2026-01-31", 0, 1, "2026-02-28"}, {"2024-01-31", 0, 1, "2024-02-29"}, {"2026-08-31", 0, 6, "2027-02-28"}, {"2026-03-31", 0, -1, "2026-02-28"},
		{"2026-03-15", 0, 6, "2026-09-15"}, {"2026-11-30", 0, 3, "2027-02-28"}, {"2026-12-31", 0, 12, "2027-12-31"},
		{"none", 1, 1, "none"},
	} {
		if got := tt.from.AddMonths(tt.months).AddDays(tt.days); got != tt.want {
			t.Errorf("%s and %d months, %d days: %s, want %s", tt.from, tt.months, tt.days, got, tt.want)
		}
	}
	if n := law.Date("2026-03-02").Sub("2025-03-02"); n != 365 {
		t.Errorf("a year has %d days", n)
	}
	if n := law.Date("2025-03-02").Sub("2026-03-02"); n != -365 {
		t.Errorf("backwards %d", n)
	}
	if n := law.Date("2025-03-02").Sub("x"); n != 0 {
		t.Errorf("from nothing %d", n)
	}
	if w := law.Date("2026-03-02").Weekday(); w != time.Monday {
		t.Error(w)
	}
	if w := law.Date("x").Weekday(); w != time.Sunday {
		t.Error(w)
	}
	for d, want := range map[law.Date]bool{"2026-03-02": true, "2024-02-29": true, "2026-02-29": false, "2026-3-2": false, "": false, "2026-03-02T00:00": false} {
		if d.Valid() != want {
			t.Errorf("%q: %v", d, !want)
		}
	}
}

func BenchmarkTenWorkingDays(b *testing.B) {
	cal := law.StateCouncil()
	for b.Loop() {
		if _, err := cal.AddWorkingDays("2026-02-10", 10); err != nil {
			b.Fatal(err)
		}
	}
}

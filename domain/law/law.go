// Package law holds the rules that several aggregates share: civil dates, working days and periods, who may act, what counts as a
// violation and what it may cost, and what must be true before a case is filed. Every rule names its article. It is pure, and
// versioned: an event to which a rule was applied records [Version].
//
// What could not be read in its source is no constant: it stands in [Parameters] with its confidence, and [Settings] says what the
// organ has made of it. Days come from [Calendar], which refuses a year it does not know.
package law

import (
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
)

// Version names the edition of the rules in this package, as events record it.
const Version = "2026.2"

// Beijing is China Standard Time (北京时间). Civil dates of the law are dates in this zone; China has had no daylight saving
// time since 1991, so a fixed offset is exact for every date this system can hold.
func Beijing() *time.Location { return time.FixedZone("Asia/Shanghai", 8*60*60) }

// Date is a civil date in [Beijing], written 2006-01-02. Dates compare as strings.
type Date string

// DateOf returns the civil date of an instant.
func DateOf(t time.Time) Date { return Date(t.In(Beijing()).Format(time.DateOnly)) }

// Year returns the calendar year of the date, 0 if it is none.
func (d Date) Year() int {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	return t.Year()
}

// AddYears returns the same day n years on; 29 February becomes 28 February where there is none.
func (d Date) AddYears(n int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	there := t.AddDate(n, 0, 0)
	if there.Month() != t.Month() { // 1 March, as Go counts
		there = there.AddDate(0, 0, -1)
	}
	return Date(there.Format(time.DateOnly))
}

// Officer is an enforcement officer (执法人员) as known when he acted: the certificate is the one he held, copied.
type Officer struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name"`
	CertNo    string    `json:"certNo"`    // 执法证号
	CertFrom  Date      `json:"certFrom"`  // first valid day
	CertUntil Date      `json:"certUntil"` // last valid day
}

// Certified reports whether the officer held a valid certificate on the day of the act.
func (o Officer) Certified(on Date) bool {
	return o.CertNo != "" && o.CertFrom <= on && on <= o.CertUntil
}

// TwoCertified refuses an act by fewer than two different officers who each hold a certificate valid on that day
// (《行政处罚法》第四十二条; guard G1).
func TwoCertified(officers []Officer, on Date) error {
	const article = "《行政处罚法》第四十二条"
	seen := map[uuid.UUID]bool{}
	for _, o := range officers {
		if !o.Certified(on) {
			return domain.RefuseByLaw("officer.not_certified", article,
				"执法人员"+o.Name+"在行为当日（"+string(on)+"）没有有效的执法证，请更换人员或先登记其执法证。")
		}
		seen[o.ID] = true
	}
	if len(seen) < 2 {
		return domain.RefuseByLaw("officer.two_needed", article, "执法应当由不少于两名具有执法资格的人员进行，请补充执法人员。")
	}
	return nil
}

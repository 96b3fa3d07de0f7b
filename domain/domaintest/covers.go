package domaintest

import "testing"

// Covers says which rules a scenario proves: rows of the table of procedure ("#28"), guards ("G2"), sub-machines ("4.2"). It checks
// nothing by itself: docs/law-coverage.md is written from these calls, and its test demands that each rule has a scenario that is
// accepted and one that is refused.
func Covers(t testing.TB, rules ...string) {
	t.Helper()
	if len(rules) == 0 {
		t.Error("Covers needs rules")
	}
}

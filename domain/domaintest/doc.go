// Package domaintest is what the tests of every aggregate share: scenarios in the form given, when, then; the laws that
// every decider keeps, tried with random commands; and a log in memory.
//
// A scenario reads
//
//	spec := domaintest.For(casefile.Decider())
//	spec.Given(filed).When(casefile.Close{…}).Then(t, casefile.Closed{…})
//	spec.When(casefile.Close{…}).Refused(t, "case.unknown")
//
// Only tests import it.
package domaintest

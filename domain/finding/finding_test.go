package finding_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
)

var (
	caseA   = uuid.MustParse("0197a000-0000-7000-8000-00000000030a")
	caseB   = uuid.MustParse("0197a000-0000-7000-8000-00000000030b")
	patrol  = uuid.MustParse("0197a000-0000-7000-8000-000000000201")
	foundAt = time.Date(2026, 3, 2, 1, 5, 0, 0, time.UTC)
	reach   = finding.Reach{ID: uuid.MustParse("0197a000-0000-7000-8000-000000000101"), Name: "长江江阴段", District: "320281", Regime: law.Yangtze}
	organ   = finding.Organ{ID: uuid.MustParse("0197a000-0000-7000-8000-000000000501"), Name: "江阴市水利局", DocCode: "澄水", District: "320281"}
)

func report() finding.Report {
	return finding.Report{
		Source: "patrol", Kind: law.SandVessel, Patrol: &patrol, Description: "夜间发现疑似隐形采砂船", Reach: reach, Crew: law.SampleCrew(), At: foundAt,
		Place:  domain.Place{LatE6: 31934000, LonE6: 120260000, Datum: "WGS84", AccuracyCM: 800, Source: "gnss"},
		Vessel: &finding.Vessel{Type: "hidden", Papers: "none"}, Persons: 4, AreaM2: 1, LengthM: 2, VolumeM3: 3,
		Photos: []domain.Evidence{{SHA256: "aa", Size: 1, MediaType: "image/jpeg"}},
	}
}

func reported() finding.Reported {
	r := report()
	return finding.Reported{Source: r.Source, Kind: r.Kind, Patrol: r.Patrol, Reach: r.Reach, Place: r.Place, Description: r.Description, Vessel: r.Vessel,
		Persons: 4, AreaM2: 1, LengthM: 2, VolumeM3: 3, Photos: r.Photos, Crew: r.Crew, FoundAt: r.At}
}

func verify(result string, after time.Duration) finding.Verify {
	return finding.Verify{Result: result, Note: "船舱内发现吸砂泵", Crew: law.SampleCrew(), At: foundAt.Add(after)}
}

func verified(result string) finding.Verified {
	c := verify(result, time.Hour)
	return finding.Verified{Result: result, Note: c.Note, Crew: c.Crew, VerifiedAt: c.At}
}

func approve(id uuid.UUID) finding.ApproveFiling {
	return finding.ApproveFiling{Case: id, Filing: law.SampleFiling(), Organ: organ, Handlers: law.SampleCrew(), At: foundAt.Add(26 * time.Hour)}
}

func approved(id uuid.UUID) finding.FilingApproved {
	c := approve(id)
	return finding.FilingApproved{Case: id, Organ: organ, Filing: c.Filing, ApprovedAt: c.At, Ground: law.FilingGround{
		Kind: law.SandVessel, Regime: law.Yangtze, DiscoveredOn: "2026-03-02", FiledOn: "2026-03-03", Handlers: c.Handlers}}
}

func doNotFile() finding.DoNotFile {
	return finding.DoNotFile{Reason: "corrected", Note: "违法行为轻微并及时改正", At: foundAt.Add(26 * time.Hour),
		Approval: law.Approval{Name: "李示例", Post: "局长", Opinion: "同意", ApprovedOn: "2026-03-03"}}
}

func notFiled() finding.NotFiled {
	c := doNotFile()
	return finding.NotFiled{Reason: c.Reason, Note: c.Note, Approval: c.Approval, DecidedAt: c.At}
}

const number = "澄水立〔2026〕1号"

func TestFindingThatIsFiled(t *testing.T) {
	domaintest.For(finding.Decider()).
		When(report()).Then(t, reported()).
		When(verify("suspected", time.Hour)).Then(t, verified("suspected")).
		When(approve(caseA)).Then(t, approved(caseA)).
		When(finding.MarkFiled{Case: caseA, Number: number}).Then(t, finding.Filed{Case: caseA, Number: number}).
		When(finding.MarkFiled{Case: caseA, Number: number}).Nothing(t)
}

// Caught in the act, a case is filed without a check of its own.
func TestFilingWithoutACheck(t *testing.T) {
	domaintest.For(finding.Decider()).Given(reported()).When(approve(caseA)).Then(t, approved(caseA))
}

func TestFindingThatIsNotFiled(t *testing.T) {
	spec := domaintest.For(finding.Decider()).Given(reported())
	spec.Given(verified("unfounded")).When(doNotFile()).Then(t, notFiled())
	spec.Given(verified("suspected")).When(doNotFile()).Then(t, notFiled())
}

func TestNewFactsOverturnACheck(t *testing.T) {
	spec := domaintest.For(finding.Decider()).Given(reported(), verified("unfounded"))
	spec.When(approve(caseA)).Refused(t, "finding.unfounded")
	spec.When(verify("suspected", time.Hour)).Then(t, verified("suspected")).
		When(approve(caseA)).Then(t, approved(caseA))
}

// The approval of not filing is dated within the life of the finding, both ends included.
func TestNotFilingIsApprovedInTime(t *testing.T) {
	spec := domaintest.For(finding.Decider()).Given(reported(), verified("suspected"))
	for day, refused := range map[law.Date]bool{"2026-03-01": true, "2026-03-02": false, "2026-03-03": false, "2026-03-04": true} {
		c := doNotFile()
		c.Approval.ApprovedOn = day
		if refused {
			spec.When(c).Refused(t, "finding.approval_date")
			continue
		}
		want := notFiled()
		want.Approval.ApprovedOn = day
		spec.When(c).Then(t, want)
	}
}

// A filing that failed leaves the finding where it was, and it can be filed again, under another case.
func TestFailedFiling(t *testing.T) {
	failed := finding.FilingFailed{Case: caseA, Reason: "case.already_filed"}
	spec := domaintest.For(finding.Decider())
	spec.Given(reported(), approved(caseA)).When(finding.FailFiling{Case: caseA, Reason: "case.already_filed"}).Then(t, failed).
		When(doNotFile()).Refused(t, "finding.not_verified")
	spec.Given(reported(), verified("suspected"), approved(caseA), failed).When(approve(caseB)).Then(t, approved(caseB)).
		When(finding.MarkFiled{Case: caseA, Number: number}).Refused(t, "finding.other_case")
	spec.Given(reported(), verified("suspected"), approved(caseA), failed).When(doNotFile()).Then(t, notFiled())
}

// Only what comes from a patrol is enforcement already; a tip may be taken down by one person.
func TestWhoMayReport(t *testing.T) {
	spec := domaintest.For(finding.Decider())
	alone := report()
	alone.Crew = alone.Crew[:1]
	spec.When(alone).Refused(t, "officer.two_needed")

	tip := alone
	tip.Source, tip.Patrol, tip.Crew[0].CertNo = "tip", nil, ""
	want := reported()
	want.Source, want.Patrol, want.Crew = "tip", nil, tip.Crew
	spec.When(tip).Then(t, want)
}

func TestRefusals(t *testing.T) {
	fresh := domaintest.For(finding.Decider())
	here := fresh.Given(reported())
	checked := here.Given(verified("suspected"))
	ended := checked.Given(notFiled())
	filing := checked.Given(approved(caseA))
	filed := filing.Given(finding.Filed{Case: caseA, Number: number})

	for _, spec := range []struct {
		name string
		spec domaintest.Spec[finding.State, finding.Command, finding.Event]
	}{{"reported", here}, {"not filed", ended}, {"filing", filing}, {"filed", filed}} {
		t.Run(spec.name, func(t *testing.T) { spec.spec.When(report()).Refused(t, "finding.already_reported") })
	}
	for _, c := range []finding.Command{verify("suspected", time.Hour), doNotFile(), approve(caseA), finding.MarkFiled{Case: caseA}, finding.FailFiling{Case: caseA}} {
		fresh.When(c).Refused(t, "finding.unknown")
		ended.When(c).Refused(t, "finding.not_filed")
	}
	for _, c := range []finding.Command{verify("suspected", time.Hour), doNotFile(), approve(caseA), finding.FailFiling{Case: caseB}} {
		filing.When(c).Refused(t, "finding.already_filed")
		filed.When(c).Refused(t, "finding.already_filed")
	}
	filed.When(finding.FailFiling{Case: caseA}).Refused(t, "finding.already_filed")
	filing.When(finding.MarkFiled{Case: caseB, Number: number}).Refused(t, "finding.other_case")
	filed.When(finding.MarkFiled{Case: caseB, Number: number}).Refused(t, "finding.other_case")
	here.When(finding.MarkFiled{Case: caseA, Number: number}).Refused(t, "finding.filing_not_approved")
	here.When(finding.FailFiling{Case: caseA}).Refused(t, "finding.filing_not_approved")

	if r := here.When(doNotFile()).Refused(t, "finding.not_verified"); r.Article != "《行政处罚法》第五十四条" {
		t.Errorf("refused by %q", r.Article)
	}

	early := foundAt.Add(-time.Nanosecond)
	v, n, a := verify("suspected", 0), doNotFile(), approve(caseA)
	v.At, n.At, a.At = early, early, early
	for _, c := range []finding.Command{v, n, a} {
		checked.When(c).Refused(t, "finding.before_found")
	}

	lonely := verify("suspected", time.Hour)
	lonely.Crew = lonely.Crew[:1]
	here.When(lonely).Refused(t, "officer.two_needed")

	unlawful := approve(caseA)
	unlawful.Filing.Conditions.Punishable = false
	here.When(unlawful).Refused(t, "case.not_punishable")
	otherWater := unlawful
	otherWater.Filing.Violation = "S07"
	here.When(otherWater).Refused(t, "case.violation_not_for_reach")
}

// The day of filing is a day in Beijing: an approval at 16:00 UTC belongs to the next one.
func TestFiledOnIsADayInBeijing(t *testing.T) {
	c := approve(caseA)
	c.At = time.Date(2026, 3, 3, 16, 0, 0, 0, time.UTC)
	want := approved(caseA)
	want.ApprovedAt, want.Ground.FiledOn = c.At, "2026-03-04"
	domaintest.For(finding.Decider()).Given(reported()).When(c).Then(t, want)

	c.At = c.At.Add(-time.Nanosecond)
	want.ApprovedAt, want.Ground.FiledOn = c.At, "2026-03-03"
	domaintest.For(finding.Decider()).Given(reported()).When(c).Then(t, want)
}

package casefile_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain/casefile"
	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

// 11:00 on 3 March 2026 in Beijing.
var filedAt = time.Date(2026, 3, 3, 3, 0, 0, 0, time.UTC)

func file() casefile.File {
	return casefile.File{
		Number: "澄水立〔2026〕1号", Finding: uuid.UUID{15: 1}, Source: "patrol", Organ: uuid.UUID{15: 2}, District: "320281", Reach: uuid.UUID{15: 3},
		Filing: law.SampleFiling(), At: filedAt,
		Ground: law.FilingGround{Kind: law.SandVessel, Regime: law.Yangtze, DiscoveredOn: "2026-03-02", FiledOn: "2026-03-03", Handlers: law.SampleCrew()},
	}
}

func filed() casefile.Filed {
	c := file()
	return casefile.Filed{Number: c.Number, Finding: c.Finding, Source: c.Source, Organ: c.Organ, District: c.District, Reach: c.Reach,
		Filing: c.Filing, Ground: c.Ground, FiledAt: c.At}
}

func closing(ground, receiver, receipt string) casefile.Close {
	return casefile.Close{Ground: ground, Note: "示例", Receiver: receiver, Receipt: receipt, At: filedAt.Add(48 * time.Hour),
		Approval: law.Approval{Name: "李示例", Post: "局长", Opinion: "同意", ApprovedOn: "2026-03-05"}}
}

func closed(c casefile.Close) casefile.Closed {
	return casefile.Closed{Ground: c.Ground, Note: c.Note, Receiver: c.Receiver, Receipt: c.Receipt, Approval: c.Approval, ClosedAt: c.At}
}

func TestCase(t *testing.T) {
	domaintest.For(casefile.Decider()).When(file()).Then(t, filed())
	for _, c := range []casefile.Close{
		closing("withdrawn", "", ""), closing("terminated", "", ""),
		closing("handed_over", "张家港市水务局", "张水移〔2026〕示例号"),
		closing("transferred_criminal", "江阴市公安局", "澄公（水）受移〔2026〕示例号"),
	} {
		domaintest.For(casefile.Decider()).Given(filed()).When(c).Then(t, closed(c))
	}
}

func TestRefusals(t *testing.T) {
	fresh := domaintest.For(casefile.Decider())
	open := fresh.Given(filed())
	over := open.Given(closed(closing("withdrawn", "", "")))

	open.When(file()).Refused(t, "case.already_filed")
	over.When(file()).Refused(t, "case.already_filed")
	unnumbered, unlawful := file(), file()
	unnumbered.Number = ""
	unlawful.Filing.Violation = "S99"
	fresh.When(unnumbered).Refused(t, "case.no_number")
	fresh.When(unlawful).Refused(t, "case.unknown_violation")

	fresh.When(closing("withdrawn", "", "")).Refused(t, "case.unknown")
	over.When(closing("withdrawn", "", "")).Refused(t, "case.already_closed")
	early := closing("withdrawn", "", "")
	early.At = filedAt.Add(-time.Nanosecond)
	open.When(early).Refused(t, "case.closed_before_filed")

	// Nothing is performed where nothing was decided.
	if r := open.When(closing("performed", "", "")).Refused(t, "case.no_decision"); r.Article != "《行政处罚法》第五十七条" {
		t.Errorf("refused by %q", r.Article)
	}
	for ground, article := range map[string]string{
		"transferred_criminal": "《行政执法机关移送涉嫌犯罪案件的规定》第五条、第七条",
		"handed_over":          "《行政处罚法》第二十五条",
	} {
		for _, c := range []casefile.Close{closing(ground, "", ""), closing(ground, "江阴市公安局", ""), closing(ground, "", "回执1号")} {
			if r := open.When(c).Refused(t, "case.transfer_receipt"); r.Article != article {
				t.Errorf("%s refused by %q", ground, r.Article)
			}
		}
	}
}

// A case may be closed in the moment it is filed; its approval lies between the two days, as Beijing counts them.
func TestClosingDates(t *testing.T) {
	open := domaintest.For(casefile.Decider()).Given(filed())
	for _, tt := range []struct {
		approved law.Date
		at       time.Time
		ok       bool
	}{
		{"2026-03-03", filedAt, true},
		{"2026-03-02", filedAt, false},
		{"2026-03-04", filedAt, false},
		{"2026-03-03", filedAt.Add(24 * time.Hour), true},
		{"2026-03-04", time.Date(2026, 3, 3, 16, 0, 0, 0, time.UTC), true},
		{"2026-03-04", time.Date(2026, 3, 3, 15, 59, 59, 0, time.UTC), false},
	} {
		c := closing("withdrawn", "", "")
		c.Approval.ApprovedOn, c.At = tt.approved, tt.at
		if tt.ok {
			open.When(c).Then(t, closed(c))
		} else if r := open.When(c).Refused(t, "case.approval_date"); r.Field != "approval.approvedOn" {
			t.Errorf("refused at %q", r.Field)
		}
	}
}

package law_test

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
)

const yuan = law.Money(100)

func violation(t testing.TB, code string) law.Violation {
	t.Helper()
	v, ok := law.ViolationByCode(code)
	if !ok {
		t.Fatalf("no violation %s", code)
	}
	return v
}

// The golden figures: from 100,000 yuan of sand 2 to 20 times its value, below it 200,000 to 2,000,000.
func TestFineByValueOfTheSand(t *testing.T) {
	for _, tt := range []struct{ value, low, high law.Money }{
		{0, 200_000 * yuan, 2_000_000 * yuan},
		{12_000 * yuan, 200_000 * yuan, 2_000_000 * yuan},
		{99_999*yuan + 99, 200_000 * yuan, 2_000_000 * yuan},
		{100_000 * yuan, 200_000 * yuan, 2_000_000 * yuan},
		{100_000*yuan + 1, 200_000*yuan + 2, 2_000_000*yuan + 20},
		{109_800 * yuan, 219_600 * yuan, 2_196_000 * yuan},
		{459_000 * yuan, 918_000 * yuan, 9_180_000 * yuan},
	} {
		for _, code := range []string{"S01", "S01-2021", "S02", "S02-2021"} {
			r, err := violation(t, code).PenaltyRange(law.PenaltyInput{SandValue: tt.value})
			if r.Min != tt.low || r.Max != tt.high || r.Optional || err != nil {
				t.Errorf("%s, value %s: %s to %s, %v", code, law.Yuan(tt.value), law.Yuan(r.Min), law.Yuan(r.Max), err)
			}
		}
	}
	s01 := violation(t, "S01")
	for value, want := range map[law.Money]string{
		100_000 * yuan:   "《长江河道采砂管理条例》第十八条：货值金额10万元，处2倍以上20倍以下罚款，即20万元以上200万元以下。",
		12_000 * yuan:    "《长江河道采砂管理条例》第十八条：货值金额1.2万元，不足10万元，处20万元以上200万元以下罚款。",
		99_999*yuan + 99: "《长江河道采砂管理条例》第十八条：货值金额99999.99元，不足10万元，处20万元以上200万元以下罚款。",
		109_800 * yuan:   "《长江河道采砂管理条例》第十八条：货值金额10.98万元，处2倍以上20倍以下罚款，即21.96万元以上219.6万元以下。",
	} {
		if r, err := s01.PenaltyRange(law.PenaltyInput{SandValue: value}); r.Explain != want || err != nil {
			t.Errorf("%s, %v", r.Explain, err)
		}
	}
}

func measures(r law.Range) string {
	var all []string
	for _, i := range r.Items {
		m := string(i.Measure)
		if !i.Mandatory {
			m += "?"
		}
		all = append(all, m)
	}
	return strings.Join(all, " ")
}

// Every text of the catalogue, with the amounts and measures its article names, in the cases that it distinguishes.
func TestEveryTextOfTheCatalogue(t *testing.T) {
	const v = 300_000 * yuan
	type in = law.PenaltyInput
	seen := map[string]bool{}
	for _, tt := range []struct {
		code      string
		in        in
		low, high law.Money // yuan
		may       bool
		measures  string
	}{
		{"S01", in{}, 200_000, 2_000_000, false, "stop confiscate.sand confiscate.gains confiscate.vessel confiscate.tools"},
		{"S01", in{Article: "《长江保护法》第九十一条", PermitHeld: true}, 200_000, 2_000_000, false, "stop confiscate.gains confiscate.vessel confiscate.tools revoke"},
		{"S01-2021", in{SandValue: v}, 600_000, 6_000_000, false, "stop confiscate.gains confiscate.vessel confiscate.tools"},
		{"S01-2002", in{SandValue: v}, 100_000, 300_000, false, "stop confiscate.gains confiscate.tools"},
		{"S01-2002", in{Serious: true}, 100_000, 300_000, false, "stop confiscate.gains confiscate.tools confiscate.vessel?"},
		{"S02", in{SandValue: v, PermitHeld: true}, 600_000, 6_000_000, false, "stop confiscate.gains confiscate.vessel confiscate.tools revoke confiscate.sand"},
		{"S02", in{}, 200_000, 2_000_000, false, "stop confiscate.gains confiscate.vessel confiscate.tools confiscate.sand"},
		{"S02", in{Article: "《长江河道采砂管理条例》第十九条"}, 200_000, 2_000_000, false, "stop confiscate.sand confiscate.gains confiscate.vessel confiscate.tools revoke"},
		{"S02-2021", in{PermitHeld: true}, 200_000, 2_000_000, false, "stop confiscate.gains confiscate.vessel confiscate.tools revoke"},
		{"S02-2002", in{PermitHeld: true}, 100_000, 300_000, false, "stop confiscate.gains confiscate.tools revoke"},
		{"S03", in{SandValue: v}, 300_000, 600_000, false, "stop confiscate.sand confiscate.gains"},
		{"S03", in{SandValue: v, Serious: true}, 600_000, 6_000_000, false, "stop confiscate.sand confiscate.gains confiscate.vessel confiscate.tools revoke"},
		{"S03", in{SandValue: 50_000 * yuan, Serious: true}, 200_000, 2_000_000, false, "stop confiscate.sand confiscate.gains confiscate.vessel confiscate.tools revoke"},
		{"S03-2002", in{}, 50_000, 100_000, false, "stop confiscate.gains revoke"},
		{"S04", in{}, 20_000, 200_000, false, "stop confiscate.sand confiscate.gains"},
		{"S04", in{Serious: true}, 200_000, 2_000_000, false, "stop confiscate.sand confiscate.gains"},
		{"S05", in{}, 30_000, 100_000, false, "relocate"},
		{"S05-2002", in{}, 10_000, 30_000, false, ""},
		{"S06", in{}, 50_000, 500_000, false, "revoke confiscate.gains"},
		{"S06-2002", in{}, 50_000, 100_000, false, "revoke confiscate.gains"},
		{"S07", in{LocalMin: 10_000 * yuan, LocalMax: 50_000 * yuan, LocalArticle: "《示例条例》第一条"}, 10_000, 50_000, true, "correct warning? confiscate.gains?"},
		{"H01", in{}, 0, 0, false, "stop demolish restore"}, // no fine before the day to remove has passed
		{"H01", in{Uncorrected: true}, 10_000, 100_000, false, "stop demolish restore"},
		{"H01", in{Article: "《防洪法》第五十五条第一项"}, 0, 50_000, true, "stop clear"},
		{"H02", in{Remediable: true}, 10_000, 100_000, true, "stop correct"},
		{"H02", in{Severe: true}, 0, 0, false, "stop correct demolish"},
		{"H02", in{Article: "《水法》第六十五条第二款", Uncorrected: true}, 10_000, 100_000, false, "stop correct demolish"},
		{"H03", in{}, 10_000, 100_000, false, "correct"},
		{"H03", in{Article: "《防洪法》第五十七条", Remediable: true}, 10_000, 100_000, true, "stop correct"},
		{"H04", in{}, 10_000, 50_000, false, "stop clear"},
		{"H04", in{Article: "《防洪法》第五十五条第三项"}, 0, 50_000, true, "stop clear"},
		{"H05", in{}, 0, 50_000, true, "stop restore"},
		{"H05", in{Article: "《水法》第六十六条第二项"}, 10_000, 50_000, false, "stop clear"},
		{"H06", in{}, 0, 50_000, true, "stop clear"},
		{"H07", in{}, 0, 50_000, true, "stop correct"},
		{"H07", in{Article: "《水法》第七十二条第一项"}, 10_000, 50_000, false, "stop correct"},
		{"H08", in{}, 50_000, 500_000, false, "stop demolish restore confiscate.gains"},
		{"H09", in{}, 100_000, 300_000, false, "correct"},
		{"H10", in{Party: law.Organisation}, 50_000, 100_000, false, "correct"},
		{"H10", in{Party: law.Person}, 10_000, 30_000, false, "correct"},
		{"H11", in{LocalMax: 50_000 * yuan, LocalArticle: "《示例条例》第二条"}, 0, 50_000, true, "correct warning? confiscate.gains?"},
		{"H12", in{}, 10_000, 100_000, false, "correct"},
		{"H12B", in{}, 10_000, 50_000, false, "correct"},
		{"H13", in{VolumeM3: 1_500}, 15_000, 30_000, false, "stop clear"},
		{"W01", in{PermitHeld: true}, 20_000, 100_000, false, "stop correct"},
		{"W01", in{Serious: true}, 20_000, 100_000, false, "stop correct revoke"},
	} {
		seen[tt.code] = true
		r, err := violation(t, tt.code).PenaltyRange(tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.code, err)
			continue
		}
		if r.Min != tt.low*yuan || r.Max != tt.high*yuan || r.Optional != tt.may || measures(r) != tt.measures || r.Violation != tt.code {
			t.Errorf("%s %+v: %s to %s, may %v, %s", tt.code, tt.in, law.Yuan(r.Min), law.Yuan(r.Max), r.Optional, measures(r))
		}
		if tt.in.Article != "" && r.Article != tt.in.Article || r.Article == "" || r.Prohibition == "" || r.Explain == "" {
			t.Errorf("%s: by %q for %q: %q", tt.code, r.Article, r.Prohibition, r.Explain)
		}
		has := func(m law.Measure) bool {
			return slices.ContainsFunc(r.Items, func(i law.Item) bool { return i.Measure == m })
		}
		if r.ConfiscateSand != has(law.MeasureSand) || r.ConfiscateGains != has(law.MeasureGains) || r.ConfiscateVessel != has(law.MeasureVessel) ||
			r.ConfiscateTools != has(law.MeasureTools) || r.RevokePermit != has(law.MeasureRevoke) {
			t.Errorf("%s: flags and items differ: %+v", tt.code, r)
		}
	}
	for _, v := range law.Violations() {
		if v.Refer == "" && !seen[v.Code] {
			t.Errorf("%s is not tried", v.Code)
		}
		for _, p := range v.Penalties {
			if err := v.CheckBasis(p.Prohibition, p.Article); err != nil {
				t.Errorf("%s: %v", v.Code, err)
			}
			if !strings.HasPrefix(p.Prohibition, "《") || !strings.HasPrefix(p.Article, "《") {
				t.Errorf("%s: %+v", v.Code, p)
			}
		}
	}
}

func TestRangesRefuse(t *testing.T) {
	type in = law.PenaltyInput
	for _, code := range []string{"S08", "S09", "H14"} {
		_, err := violation(t, code).PenaltyRange(in{})
		if r := domaintest.Refused(t, err, "penalty.refer"); !strings.Contains(r.Message, violation(t, code).Refer) {
			t.Errorf("%s: %s", code, r.Message)
		}
	}
	_, err := violation(t, "S01").PenaltyRange(in{Article: "《水法》第六十五条第一款"})
	domaintest.Refused(t, err, "penalty.no_such_basis")
	_, err = violation(t, "S03").PenaltyRange(in{})
	domaintest.Refused(t, err, "penalty.value_needed")
	_, err = violation(t, "H13").PenaltyRange(in{})
	domaintest.Refused(t, err, "penalty.value_needed")
	for _, party := range []law.PartyKind{"", law.UnknownParty} {
		_, err = violation(t, "H10").PenaltyRange(in{Party: party})
		domaintest.Refused(t, err, "penalty.party_needed")
	}
	for _, i := range []in{{}, {LocalMax: 5}, {LocalArticle: "《示例条例》第一条"}} {
		_, err = violation(t, "S07").PenaltyRange(i)
		domaintest.Refused(t, err, "penalty.no_range")
	}
	for _, i := range []in{{SandValue: -1}, {SandValue: 1 << 60}, {VolumeM3: -1}, {VolumeM3: 1 << 60}, {LocalMin: 2, LocalMax: 1}, {LocalMin: -1}, {LocalMax: 1 << 60}} {
		_, err = violation(t, "S01").PenaltyRange(i)
		domaintest.Refused(t, err, "penalty.bad_value")
	}
	if r := domaintest.Refused(t, violation(t, "S01").CheckBasis("《长江保护法》第二十六条", "《长江河道采砂管理条例》第十八条"), "penalty.basis_pair"); !strings.Contains(r.Message, "《长江河道采砂管理条例》第九条——《长江河道采砂管理条例》第十八条") {
		t.Error(r.Message)
	}
}

func TestFineOutsideItsRange(t *testing.T) {
	r, err := violation(t, "S01").PenaltyRange(law.PenaltyInput{SandValue: 12_000 * yuan})
	if err != nil {
		t.Fatal(err)
	}
	may, err := violation(t, "H06").PenaltyRange(law.PenaltyInput{})
	if err != nil {
		t.Fatal(err)
	}
	notYet, err := violation(t, "H01").PenaltyRange(law.PenaltyInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		r          law.Range
		fine       law.Money
		mitigation string
		ok         bool
	}{
		{r, 200_000 * yuan, "", true}, {r, 250_000 * yuan, "", true}, {r, 2_000_000 * yuan, "", true},
		{r, 200_000*yuan - 1, "", false}, {r, 2_000_000*yuan + 1, "", false}, {r, 0, "", false}, {r, -1, "主动消除危害后果", false},
		{r, 100_000 * yuan, "主动消除危害后果", true}, {r, 1, "主动消除危害后果", true}, {r, 0, "主动消除危害后果", false}, {r, 2_000_000*yuan + 1, "主动消除危害后果", false},
		{may, 0, "", true}, {may, 50_000 * yuan, "", true}, {may, 50_000*yuan + 1, "", false},
		{notYet, 0, "", true}, {notYet, 1, "", false},
	} {
		err := tt.r.Check(tt.fine, tt.mitigation)
		if tt.ok {
			if err != nil {
				t.Errorf("%s: %v", law.Yuan(tt.fine), err)
			}
			continue
		}
		refusal := domaintest.Refused(t, err, "penalty.outside_range")
		if !strings.Contains(refusal.Message, tt.r.Explain) || refusal.Article != tt.r.Article {
			t.Errorf("the refusal does not give the range: %+v", refusal)
		}
	}
	want := "罚款15万元超出法定幅度。《长江河道采砂管理条例》第十八条：货值金额1.2万元，不足10万元，处20万元以上200万元以下罚款。请在幅度内确定罚款；减轻处罚的，须写明《行政处罚法》第三十条至第三十二条规定的情形。"
	if refusal := domaintest.Refused(t, r.Check(150_000*yuan, ""), "penalty.outside_range"); refusal.Message != want {
		t.Error(refusal.Message)
	}
}

// The old text applies unless the new one is lighter (《行政处罚法》第三十七条), around the days on which the texts changed.
func TestTextThatApplies(t *testing.T) {
	in := func(value law.Money, ended, decided law.Date) law.PenaltyInput {
		return law.PenaltyInput{SandValue: value * yuan, ConductOn: ended, DecidedOn: decided}
	}
	for _, tt := range []struct {
		code     string
		in       law.PenaltyInput
		want     string
		low      law.Money // yuan
		doubtful bool
	}{
		{"S01", in(12_000, "2021-02-28", "2021-02-28"), "S01-2002", 100_000, false},
		{"S01", in(12_000, "2021-02-28", "2021-06-01"), "S01-2002", 100_000, false}, // the law of 2021 is harsher
		{"S01", in(12_000, "2021-03-01", "2021-06-01"), "S01-2021", 200_000, false},
		{"S01-2002", in(12_000, "2021-03-01", "2021-06-01"), "S01-2021", 200_000, false}, // whichever version of the code
		{"S01", in(459_000, "2023-07-19", "2024-02-01"), "S01-2021", 918_000, false},     // the same fine, and the sand besides
		{"S01", in(459_000, "2023-07-20", "2024-02-01"), "S01", 918_000, false},
		{"S02", in(12_000, "2019-12-05", "2026-03-02"), "S02-2002", 100_000, false},
		{"S03", in(12_000, "2023-07-19", "2024-02-01"), "S03-2002", 50_000, true},    // a lower fine and no revocation, but the sand goes
		{"S03", in(1_000_000, "2023-07-19", "2024-02-01"), "S03-2002", 50_000, true}, // a higher fine, and no revocation
		{"S03", in(12_000, "2023-07-20", "2024-02-01"), "S03", 12_000, false},
		{"S05", in(0, "2023-07-19", "2023-07-20"), "S05-2002", 10_000, false},
		{"S05", in(0, "2023-07-20", "2023-07-20"), "S05", 30_000, false},
		{"S06", in(0, "2023-07-19", "2026-03-02"), "S06-2002", 50_000, false},
		{"H08", in(0, "2021-03-01", "2026-09-01"), "H08", 50_000, false},
	} {
		texts, err := law.ApplicableTexts(tt.code, tt.in.ConductOn, tt.in.DecidedOn)
		if err != nil {
			t.Errorf("%s: %v", tt.code, err)
			continue
		}
		c, err := texts.Choose(tt.in)
		if err != nil || c.Violation.Code != tt.want || c.Range.Min != tt.low*yuan || c.Range.Violation != tt.want || c.Doubtful != tt.doubtful || c.Article != "《行政处罚法》第三十七条" {
			t.Errorf("%s for conduct of %s decided on %s: %s, %s, doubtful %v, %v", tt.code, tt.in.ConductOn, tt.in.DecidedOn, c.Violation.Code, law.Yuan(c.Range.Min), c.Doubtful, err)
		}
		if changed := texts.New != nil; changed != strings.Contains(c.Reason, "已经修改") {
			t.Errorf("%s: changed %v, reason %s", tt.code, changed, c.Reason)
		}
	}

	_, err := law.ApplicableTexts("S99", "2026-03-02", "2026-03-02")
	domaintest.Refused(t, err, "penalty.unknown_violation")
	_, err = law.ApplicableTexts("S04", "2023-07-19", "2024-02-01") // buying was no violation before
	domaintest.Refused(t, err, "penalty.no_text")
	_, err = law.ApplicableTexts("H08", "2021-02-28", "2024-02-01")
	domaintest.Refused(t, err, "penalty.no_text")

	// No text of the catalogue was repealed without another; the rule holds for one that will be.
	old, now := violation(t, "S05"), violation(t, "S05-2002")
	_, err = law.Texts{Old: old, Repealed: true}.Choose(law.PenaltyInput{})
	domaintest.Refused(t, err, "penalty.repealed")
	// And for one that is amended to be lighter: a lower fine, and no measure that was not there.
	old.Code, now.Code = "S05", "S05-2030"
	c, err := law.Texts{Old: old, New: &now}.Choose(law.PenaltyInput{ConductOn: "2029-12-31", DecidedOn: "2030-03-01", Article: old.Penalties[0].Article})
	if err != nil || c.Violation.Code != "S05-2030" || !strings.Contains(c.Reason, "处罚较轻，适用新的规定") || c.Range.Max != 30_000*yuan {
		t.Errorf("%+v, %v", c, err)
	}
	// The same fine without the revocation is lighter too.
	old = violation(t, "S06")
	now = old
	now.Code, now.Penalties = "S06-2030", slices.Clone(old.Penalties)
	now.Penalties[0].Measures = slices.Clone(now.Penalties[0].Measures)[1:]
	if c, err := (law.Texts{Old: old, New: &now}).Choose(law.PenaltyInput{}); err != nil || c.Violation.Code != "S06-2030" {
		t.Errorf("%s, %v", c.Violation.Code, err)
	}
	if c, err := (law.Texts{Old: now, New: &old}).Choose(law.PenaltyInput{}); err != nil || c.Violation.Code != "S06-2030" {
		t.Errorf("%s, %v", c.Violation.Code, err)
	}
	// One that says the same in other words is not lighter; one with another measure in the place of an old one is in doubt.
	same := old
	same.Code = "S06-2030"
	if c, err := (law.Texts{Old: old, New: &same}).Choose(law.PenaltyInput{}); err != nil || c.Violation.Code != "S06" || c.Doubtful {
		t.Errorf("%s, doubtful %v, %v", c.Violation.Code, c.Doubtful, err)
	}
	now.Penalties[0].Measures = append(slices.Clone(now.Penalties[0].Measures), law.Item{Measure: law.MeasureVessel, Mandatory: true})
	if c, err := (law.Texts{Old: old, New: &now}).Choose(law.PenaltyInput{}); err != nil || c.Violation.Code != "S06" || !c.Doubtful {
		t.Errorf("%s, doubtful %v, %v", c.Violation.Code, c.Doubtful, err)
	}
	value := law.Texts{Old: violation(t, "S03")}
	_, err = value.Choose(law.PenaltyInput{})
	domaintest.Refused(t, err, "penalty.value_needed")
	s03 := violation(t, "S03")
	_, err = law.Texts{Old: violation(t, "S03-2002"), New: &s03}.Choose(law.PenaltyInput{})
	domaintest.Refused(t, err, "penalty.value_needed")
}

// Three per cent a day, at most the fine; in whole fen, a broken one falls away.
func TestSurcharge(t *testing.T) {
	for _, tt := range []struct {
		fine law.Money
		days int
		want law.Money
	}{
		{20_000 * yuan, 0, 0}, {20_000 * yuan, -3, 0}, {20_000 * yuan, 1, 600 * yuan}, {20_000 * yuan, 10, 6_000 * yuan}, {20_000 * yuan, 33, 19_800 * yuan},
		{20_000 * yuan, 34, 20_000 * yuan}, {20_000 * yuan, 35, 20_000 * yuan}, {20_000 * yuan, 1 << 40, 20_000 * yuan},
		{1, 33, 0}, {1, 34, 1}, {101, 1, 3}, {133, 1, 3}, {134, 1, 4}, {0, 5, 0}, {-5, 5, 0}, {1 << 62, 33, (1<<62)/100*99 + (1<<62)%100*99/100},
	} {
		if got := law.Surcharge(tt.fine, tt.days); got != tt.want {
			t.Errorf("%d fen, %d days: %d, want %d", tt.fine, tt.days, got, tt.want)
		}
	}
	r := rand.New(rand.NewPCG(7, 7))
	for range 5000 {
		fine, days := r.Int64N(1<<62), r.IntN(60)
		exact := new(big.Int).Mul(big.NewInt(fine), big.NewInt(int64(3*days)))
		exact.Quo(exact, big.NewInt(100))
		if exact.Cmp(big.NewInt(fine)) > 0 {
			exact.SetInt64(fine)
		}
		if got := law.Surcharge(fine, days); exact.Cmp(big.NewInt(got)) != 0 {
			t.Fatalf("%d fen, %d days: %d, want %v", fine, days, got, exact)
		}
	}
}

func TestSurchargeStandsStillDuringReviewAndSuit(t *testing.T) {
	// Received on 2 March, so payable until 17 March; a suit from 20 March, over on 10 April.
	cal, received := law.StateCouncil(), law.Date("2026-03-02")
	lastDay, err := law.PaymentClock(law.DefaultSettings(), received, event).Due(cal, received)
	if err != nil {
		t.Fatal(err)
	}
	suit := []law.Span{{From: "2026-03-20", To: "2026-04-10", Reason: "行政诉讼"}}
	runs := []law.Span{{From: "2026-03-20", Reason: "行政诉讼"}}
	for _, tt := range []struct {
		until  law.Date
		pauses []law.Span
		days   int
		amount law.Money // yuan
	}{
		{"2026-03-17", nil, 0, 0}, {"2026-03-18", nil, 1, 600}, {"2026-03-27", nil, 10, 6_000}, {"2026-04-19", nil, 33, 19_800}, {"2026-04-20", nil, 34, 20_000},
		{"2026-03-19", suit, 2, 1_200}, {"2026-03-20", suit, 2, 1_200}, {"2026-04-09", suit, 2, 1_200}, {"2026-04-10", suit, 3, 1_800}, {"2026-04-17", suit, 10, 6_000},
		{"2026-05-10", suit, 33, 19_800}, {"2026-05-11", suit, 34, 20_000}, {"2026-12-31", suit, 268, 20_000},
		{"2026-03-19", runs, 2, 1_200}, {"2026-08-01", runs, 2, 1_200},
		{"2026-04-17", append([]law.Span{{From: "2026-03-01", To: "2026-03-16"}, {From: "2026-04-01", To: "2026-04-05"}}, suit...), 10, 6_000},
		{"2026-03-10", runs, 0, 0},
	} {
		days := law.OverdueDays(lastDay, tt.until, tt.pauses)
		if amount := law.Surcharge(20_000*yuan, days); days != tt.days || amount != tt.amount*yuan {
			t.Errorf("until %s, %v: %d days, %s", tt.until, tt.pauses, days, law.Yuan(amount))
		}
	}
}

// The boundary of each threshold: one fen below it, and the figure itself.
func TestThresholds(t *testing.T) {
	type P = law.Proposal
	s, today := law.DefaultSettings(), law.Date("2026-03-02")
	zero := s
	for _, code := range []string{"hearing.fine", "hearing.confiscation", "discussion.fine"} {
		zero = with(t, zero, code+".person", "2026-01-01", 0)
	}
	ministry := with(t, with(t, s, "hearing.fine.person", "2025-01-01", 10_000*yuan), "hearing.fine.organisation", "2025-01-01", 80_000*yuan)
	for _, tt := range []struct {
		settings law.Settings
		on       law.Date
		p        P
		hearing  bool
		discuss  bool
	}{
		{s, today, P{Party: law.Person, Fine: 500*yuan - 1}, false, false}, {s, today, P{Party: law.Person, Fine: 500 * yuan}, true, false},
		{s, today, P{Party: law.Organisation, Fine: 1_000*yuan - 1}, false, false}, {s, today, P{Party: law.Organisation, Fine: 1_000 * yuan}, true, false},
		{s, today, P{Party: law.UnknownParty, Fine: 500*yuan - 1}, false, false}, {s, today, P{Party: law.UnknownParty, Fine: 500 * yuan}, true, false},
		{s, today, P{Fine: 500 * yuan}, true, false},
		{ministry, today, P{Party: law.Person, Fine: 10_000*yuan - 1}, false, true}, {ministry, today, P{Party: law.Person, Fine: 10_000 * yuan}, true, true},
		{ministry, today, P{Party: law.Organisation, Fine: 80_000*yuan - 1}, false, true}, {ministry, today, P{Party: law.Organisation, Fine: 80_000 * yuan}, true, true},
		{ministry, "2024-12-31", P{Party: law.Organisation, Fine: 1_000 * yuan}, true, false},
		{s, today, P{Party: law.Person, Fine: 5_000*yuan - 1}, true, false}, {s, today, P{Party: law.Person, Fine: 5_000 * yuan}, true, true},
		{s, today, P{Party: law.Organisation, Fine: 50_000*yuan - 1}, true, false}, {s, today, P{Party: law.Organisation, Fine: 50_000 * yuan}, true, true},
		{s, today, P{Fine: 5_000 * yuan}, true, true},
		{s, "2023-04-30", P{Party: law.Person, Fine: 3_000 * yuan}, true, true}, {s, "2023-05-01", P{Party: law.Person, Fine: 3_000 * yuan}, true, false},
		{s, "2023-04-30", P{Party: law.Organisation, Fine: 30_000 * yuan}, true, true}, {s, "2023-05-01", P{Party: law.Organisation, Fine: 30_000 * yuan}, true, false},
		{s, today, P{Party: law.Person, Gains: 250 * yuan, Goods: 250*yuan - 1}, false, false}, {s, today, P{Party: law.Person, Gains: 250 * yuan, Goods: 250 * yuan}, true, false},
		{s, today, P{Party: law.Person, Goods: 5_000 * yuan}, true, true},
		{s, today, P{Party: law.Person, Vessel: true}, true, true}, {s, today, P{Party: law.Organisation, Revoke: true}, true, true},
		{s, today, P{Party: law.Organisation, Shutdown: true}, true, true},
		{s, today, P{Party: law.Person, Complex: true}, false, true}, {s, today, P{Party: law.Person}, false, false},
		{zero, today, P{Party: law.Person}, false, false}, // nothing is at no threshold
		{zero, today, P{Party: law.Person, Goods: 1}, true, true},
	} {
		if d := law.HearingRequired(tt.settings, tt.on, tt.p); d.Required != tt.hearing || !strings.HasPrefix(d.Article, "《行政处罚法》第六十三条第一款") || d.Reason == "" {
			t.Errorf("%s %+v: hearing %+v", tt.on, tt.p, d)
		}
		if d := law.DiscussionRequired(tt.settings, tt.on, tt.p); d.Required != tt.discuss || d.Article != "《行政处罚法》第五十七条第二款" || d.Reason == "" {
			t.Errorf("%s %+v: discussion %+v", tt.on, tt.p, d)
		}
	}

	for _, tt := range []struct {
		settings law.Settings
		p        P
		heard    bool
		want     string
	}{
		{s, P{}, false, ""}, {s, P{Public: true}, false, "第一项"}, {s, P{}, true, "第二项"}, {s, P{Complex: true}, false, "第三项"},
		{with(t, s, "review.all", "2026-01-01", 1), P{}, false, "第四项"},
	} {
		d := law.ReviewRequired(tt.settings, today, tt.p, tt.heard)
		if d.Required != (tt.want != "") || d.Article != "《行政处罚法》第五十八条第一款"+tt.want {
			t.Errorf("%+v: review %+v", tt.p, d)
		}
	}
	for _, tt := range []struct {
		on law.Date
		p  P
		ok bool
	}{
		{today, P{Party: law.Person, Fine: 200 * yuan}, true}, {today, P{Party: law.Person, Fine: 200*yuan + 1}, false},
		{today, P{Party: law.Organisation, Fine: 3_000 * yuan}, true}, {today, P{Party: law.Organisation, Fine: 3_000*yuan + 1}, false},
		{today, P{Fine: 200*yuan + 1}, false}, {today, P{Party: law.Person}, true},
		{"2021-07-14", P{Party: law.Person, Fine: 50 * yuan}, true}, {"2021-07-14", P{Party: law.Person, Fine: 51 * yuan}, false},
		{today, P{Gains: 1}, false}, {today, P{Goods: 1}, false}, {today, P{Vessel: true}, false}, {today, P{Revoke: true}, false}, {today, P{Shutdown: true}, false}, {today, P{Complex: true}, false},
	} {
		if d := law.SummaryAllowed(s, tt.on, tt.p); d.Required != tt.ok || d.Reason == "" {
			t.Errorf("%s %+v: on the spot %+v", tt.on, tt.p, d)
		}
	}
}

func TestLinesOfTheCrime(t *testing.T) {
	type F = law.MiningFacts
	s, today := law.DefaultSettings(), law.Date("2026-03-02")
	for _, tt := range []struct {
		f       F
		grounds []string
		grave   bool
	}{
		{F{NoPermit: true, SandValue: 100_000*yuan - 1}, nil, false},
		{F{NoPermit: true, SandValue: 100_000 * yuan}, []string{"第三条第一款第一项"}, false},
		{F{NoPermit: true, SandValue: 500_000*yuan - 1}, []string{"第三条第一款第一项"}, false},
		{F{NoPermit: true, SandValue: 500_000 * yuan}, []string{"第三条第一款第一项"}, true},
		{F{Closed: true, SandValue: 50_000*yuan - 1}, nil, false},
		{F{Closed: true, SandValue: 50_000 * yuan}, []string{"第三条第一款第二项"}, false},
		{F{NoPermit: true, Closed: true, SandValue: 250_000 * yuan}, []string{"第三条第一款第二项"}, true},
		{F{NoPermit: true, PriorPenalties: 1}, nil, false},
		{F{NoPermit: true, PriorPenalties: 2}, []string{"第三条第一款第三项"}, false},
		{F{NoPermit: true, GraveEcology: true, FloodSafety: true}, []string{"第三条第一款第四项", "第四条第二款"}, false},
		{F{SandValue: 9_000_000 * yuan, PriorPenalties: 5, FloodSafety: true}, nil, false}, // by a permit, in its place and time
	} {
		c := law.CriminalThreshold(s, today, tt.f)
		if c.Suspected != (len(tt.grounds) > 0) || c.Grave != tt.grave || len(c.Grounds) != len(tt.grounds) || c.Article == "" {
			t.Errorf("%+v: %+v", tt.f, c)
			continue
		}
		for n, g := range tt.grounds {
			if !strings.Contains(c.Grounds[n], g) {
				t.Errorf("%+v: %s, want %s", tt.f, c.Grounds[n], g)
			}
		}
	}
	// A province that fixes a higher line for closed waters does not thereby lift it above the general one.
	high := with(t, s, "crime.value.closed", "2026-01-01", 150_000*yuan)
	if c := law.CriminalThreshold(high, today, F{Closed: true, SandValue: 100_000 * yuan}); !c.Suspected || !strings.Contains(c.Grounds[0], "第一项") {
		t.Errorf("%+v", c)
	}
}

func TestRoadsOfEnforcement(t *testing.T) {
	for _, tt := range []struct {
		o    law.Obligation
		kind law.RoadKind
		also []law.RoadKind
	}{
		{law.Obligation{Measure: law.MeasureFine, Article: "《长江河道采砂管理条例》第十八条"}, law.RoadCourt, nil},
		{law.Obligation{Measure: law.MeasureFine, Article: "《水法》第六十五条第一款"}, law.RoadCourt, nil}, // the fine, not the demolition
		{law.Obligation{Measure: law.MeasureFine, Seized: true}, law.RoadCourt, []law.RoadKind{law.RoadAuction}},
		{law.Obligation{Measure: law.MeasureGains}, law.RoadCourt, nil},
		{law.Obligation{Measure: law.MeasureVessel, Seized: true}, law.RoadNone, nil},
		{law.Obligation{Measure: law.MeasureRevoke}, law.RoadNone, nil},
		{law.Obligation{Measure: law.MeasureDemolish, Article: "《水法》第六十五条第一款"}, law.RoadSelf, nil},
		{law.Obligation{Measure: law.MeasureDemolish, Article: "《水法》第六十五条第二款"}, law.RoadSelf, nil},
		{law.Obligation{Measure: law.MeasureDemolish, Article: "《防洪法》第五十七条"}, law.RoadSelf, nil},
		{law.Obligation{Measure: law.MeasureCorrect, Article: "《水法》第六十五条第三款"}, law.RoadCourt, []law.RoadKind{law.RoadSubstitute}},
		{law.Obligation{Measure: law.MeasureClear, Article: "《防洪法》第四十二条"}, law.RoadSelf, nil},
		{law.Obligation{Measure: law.MeasureRestore, Article: "《防洪法》第五十六条"}, law.RoadSubstitute, nil},
		{law.Obligation{Measure: law.MeasureClear, Article: "《水法》第六十六条第一项"}, law.RoadSubstitute, []law.RoadKind{law.RoadCourt}},
		{law.Obligation{Measure: law.MeasureClear, Article: "《水土保持法》第五十五条"}, law.RoadSubstitute, nil},
		{law.Obligation{Measure: law.MeasureDemolish, Article: "《长江保护法》第八十七条"}, law.RoadCounsel, []law.RoadKind{law.RoadCourt, law.RoadSubstitute}},
		{law.Obligation{Measure: law.MeasureCorrect, Article: "《太湖流域管理条例》第六十六条"}, law.RoadCourt, []law.RoadKind{law.RoadSubstitute}},
		{law.Obligation{Measure: law.MeasureRelocate, Article: "《长江河道采砂管理条例》第二十一条"}, law.RoadSelf, nil},
	} {
		r := law.EnforcementRoad(tt.o)
		if r.Kind != tt.kind || !slices.Equal(r.Also, tt.also) || r.Reason == "" {
			t.Errorf("%+v: %+v", tt.o, r)
		}
	}
	// Each measure of the catalogue has a road.
	for _, v := range law.Violations() {
		for _, p := range v.Penalties {
			for _, i := range p.Measures {
				if r := law.EnforcementRoad(law.Obligation{Measure: i.Measure, Article: i.Article}); r.Kind == "" || r.Article == "" || r.Reason == "" {
					t.Errorf("%s: %s by %s: %+v", v.Code, i.Measure, i.Article, r)
				}
			}
		}
	}
}

func TestOneActOneFine(t *testing.T) {
	r := func(low, high law.Money, may bool) law.Range { return law.Range{Min: low, Max: high, Optional: may} }
	for _, tt := range []struct {
		ranges []law.Range
		want   int
	}{
		{nil, -1},
		{[]law.Range{r(1, 2, false)}, 0},
		{[]law.Range{r(1, 2, false), r(1, 3, false), r(2, 2, false)}, 1}, // the higher end
		{[]law.Range{r(1, 5, false), r(2, 5, false)}, 1},                 // then the lower
		{[]law.Range{r(2, 5, false), r(1, 5, false)}, 0},
		{[]law.Range{r(1, 5, true), r(1, 5, false)}, 1}, // a fine that must be is higher than one that may
		{[]law.Range{r(1, 5, false), r(1, 5, false)}, 0},
		{[]law.Range{r(0, 0, false), r(0, 5, true)}, 1},
	} {
		if got := law.OneFine(tt.ranges); got != tt.want {
			t.Errorf("%+v: %d, want %d", tt.ranges, got, tt.want)
		}
	}
}

// Discovery on the last day of the period is in time. The five years of the code for ecological damage hold for conduct that ended
// when it was in force.
func TestLookBack(t *testing.T) {
	for _, tt := range []struct {
		harm              law.Harm
		ended, discovered law.Date
		barred            bool
		article           string
	}{
		{law.NoHarm, "2026-08-15", "2028-08-15", false, "《行政处罚法》第三十六条"},
		{law.NoHarm, "2026-08-15", "2028-08-16", true, "《行政处罚法》第三十六条"},
		{law.EcologicalHarm, "2026-08-14", "2028-08-14", false, "《行政处罚法》第三十六条"},
		{law.EcologicalHarm, "2026-08-14", "2028-08-15", true, "《行政处罚法》第三十六条"},
		{law.EcologicalHarm, "2026-08-15", "2031-08-15", false, "《生态环境法典》第一千零五十四条"},
		{law.EcologicalHarm, "2026-08-15", "2031-08-16", true, "《生态环境法典》第一千零五十四条"},
		{law.EcologicalHarm, "2022-01-01", "2026-09-01", true, "《行政处罚法》第三十六条"}, // long over when the code came
		{law.LifeHarm, "2021-07-14", "2023-07-15", true, "《行政处罚法》第三十六条"},
		{law.LifeHarm, "2021-07-15", "2026-07-15", false, "《行政处罚法》第三十六条"},
		{law.LifeHarm, "2021-07-15", "2026-07-16", true, "《行政处罚法》第三十六条"},
	} {
		if barred, article := law.TimeBarred(tt.harm, tt.ended, tt.discovered); barred != tt.barred || article != tt.article {
			t.Errorf("%q, ended %s, discovered %s: %v, %s", tt.harm, tt.ended, tt.discovered, barred, article)
		}
	}
}

func TestYuan(t *testing.T) {
	for m, want := range map[law.Money]string{0: "0元", 1: "0.01元", 50: "0.5元", 100: "1元", 46_940 * yuan: "4.694万元", 9_999 * yuan: "9999元",
		10_000 * yuan: "1万元", 10_000*yuan + 1: "10000.01元", 2_196_000 * yuan: "219.6万元", 10_001 * yuan: "1.0001万元", -5_000: "-50元", 123_456_789 * yuan: "12345.6789万元"} {
		if got := law.Yuan(m); got != want {
			t.Errorf("%d: %s, want %s", m, got, want)
		}
	}
}

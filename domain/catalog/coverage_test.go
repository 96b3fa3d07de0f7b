package catalog_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const coverage = "../../docs/law-coverage.md"

// rule is a row of the procedure, a guard, a part of the procedure with a machine of its own, or a published case.
type rule struct {
	code    string // as tests name it in domaintest.Covers
	name    string
	article string
	open    bool // no test names it yet; it belongs to a package that does not take part
}

// rules are what must be proven. Other packages join by naming rules of their own here and in their tests.
func rules() []struct {
	title string
	rules []rule
} {
	return []struct {
		title string
		rules []rule
	}{
		{"Acts of the procedure", []rule{
			{"#1", "线索登记", "《行政处罚法》第五十四条", true}, {"#2", "线索交办", "", true},
			{"#3", "责令停止违法行为", "《行政处罚法》第二十八条", false}, {"#4", "现场勘验、检查", "《行政处罚法》第四十二条、第五十五条", false},
			{"#5", "不予立案", "《行政处罚法》第五十四条", true}, {"#6", "移送其他机关", "《行政处罚法》第二十二条至第二十五条", true},
			{"#7", "立案、查明当事人", "《行政处罚法》第五十四条", false}, {"#8", "回避", "《行政处罚法》第四十三条", false}, {"#9", "收集证据", "《行政处罚法》第四十条、第四十六条", false},
			{"#10", "先行登记保存", "《行政处罚法》第五十六条", false}, {"#11", "查封、扣押", "《行政强制法》第十八条至第二十八条", false}, {"#12", "中止、恢复调查", "《水行政处罚实施办法》", false},
			{"#13", "终止调查", "《水行政处罚实施办法》", false}, {"#14", "移送管辖", "《行政处罚法》第二十五条", false}, {"#15", "涉嫌犯罪移送", "《行政处罚法》第二十七条；《行政执法机关移送涉嫌犯罪案件的规定》", false},
			{"#16", "调查终结", "《行政处罚法》第五十七条", false}, {"#17", "撤销立案", "《行政处罚法》第五十四条", false}, {"#18", "法制审核", "《行政处罚法》第五十八条", false},
			{"#19", "集体讨论", "《行政处罚法》第五十七条", false}, {"#20", "事先告知、听证告知", "《行政处罚法》第四十四条、第六十二条、第六十三条", false}, {"#21", "陈述申辩、放弃、逾期", "《行政处罚法》第四十五条、第六十二条", false},
			{"#22", "复核", "《行政处罚法》第四十五条", false}, {"#23", "申请听证", "《行政处罚法》第六十四条", false}, {"#24", "听证通知", "《行政处罚法》第六十四条", false},
			{"#25", "举行、终止听证", "《行政处罚法》第六十四条", false}, {"#26", "重新告知", "《行政处罚法》第四十四条、第六十二条", false}, {"#27", "延长办案期限", "《行政处罚法》第六十条", false},
			{"#28", "处罚决定", "《行政处罚法》第五十七条、第五十九条、第六十条", false}, {"#29", "不予处罚决定", "《行政处罚法》第三十条至第三十三条、第五十七条", false}, {"#30", "送达决定书", "《行政处罚法》第六十一条", false},
			{"#31", "公示", "《行政处罚法》第四十八条", false}, {"#32", "缴款", "《行政处罚法》第六十七条", false}, {"#33", "暂缓、分期缴纳", "《行政处罚法》第六十六条", false}, {"#34", "加处罚款", "《行政处罚法》第七十二条、第七十三条", false},
			{"#35", "整改复查", "《行政处罚法》第二十八条", false}, {"#36", "催告", "《行政强制法》第三十五条、第五十四条", false}, {"#37", "限期拆除公告", "《行政强制法》第四十四条", false}, {"#38", "自行强制执行", "《行政强制法》第三十七条、第四十三条、第四十四条", false},
			{"#39", "代履行", "《行政强制法》第五十条至第五十二条", false}, {"#40", "申请法院强制执行", "《行政强制法》第五十三条至第五十五条", false}, {"#41", "法院裁定", "《行政强制法》第五十六条至第五十八条", false}, {"#42", "中止、终结执行", "《行政强制法》第三十九条、第四十条", false},
			{"#43", "执行协议", "《行政强制法》第四十二条", false}, {"#44", "复议、诉讼", "《行政复议法》第二十条；《行政诉讼法》第四十五条、第四十六条", false}, {"#45", "变更、撤销决定", "《行政复议法》第六十三条、第六十四条", false},
			{"#46", "结案", "《水行政处罚实施办法》", false}, {"#47", "归档", "《行政处罚法》第四十七条", false},
		}},
		{"Guards", []rule{
			{"G1", "两名以上持有效证件的执法人员", "《行政处罚法》第四十二条", false}, {"G2", "处罚不超出告知", "《行政处罚法》第四十四条、第六十二条", false}, {"G3", "听证期限届满或者放弃", "《行政处罚法》第六十三条、第六十四条", false},
			{"G4", "听证之后法制审核", "《行政处罚法》第五十八条、第六十五条", false}, {"G5", "达到标准须集体讨论", "《行政处罚法》第五十七条", false}, {"G6", "不因申辩加重", "《行政处罚法》第四十五条", false},
			{"G7", "一事不二罚款", "《行政处罚法》第二十九条", false}, {"G8", "决定后的证据不作依据", "《最高人民法院关于行政诉讼证据若干问题的规定》第六十条", false}, {"G9", "未审核的监控记录不得引用", "《行政处罚法》第四十一条", false},
			{"G10", "罚款同时责令改正", "《行政处罚法》第二十八条", false}, {"G11", "不得以罚代刑", "《行政处罚法》第二十七条、第八十二条", false}, {"G12", "罚金之后不再罚款", "《行政处罚法》第三十五条", false},
			{"G13", "追责时效", "《行政处罚法》第三十六条", false}, {"G14", "办案期限", "《行政处罚法》第六十条", false}, {"G15", "审核、主持人员未参与调查", "《行政处罚法》第五十八条、第六十四条", false}, {"G16", "罚没款上缴国库，不作指标", "《行政处罚法》第六十七条、第七十四条", false},
		}},
		{"Parts with a course of their own", []rule{
			{"4.1", "证据", "《行政处罚法》第四十六条", false}, {"4.2", "先行登记保存", "《行政处罚法》第五十六条", false}, {"4.3", "查封、扣押", "《行政强制法》第二十二条至第二十八条", false}, {"4.4", "送达", "《民事诉讼法》第八十七条至第九十五条", false},
			{"4.5", "履行与执行", "《行政处罚法》第七十二条；《行政强制法》第四十六条、第五十三条", false}, {"4.6", "涉嫌犯罪移送", "《行政执法机关移送涉嫌犯罪案件的规定》", false}, {"4.7", "复议与诉讼", "《行政复议法》第四十八条", false},
			{"4.8", "当场处罚", "《行政处罚法》第五十一条、第五十二条", false}, {"9.3", "文书必备内容", "《行政处罚法》第五十九条；《行政强制法》第三十五条、第三十七条、第五十一条", false},
		}},
		{"Published cases", []rule{
			{"C4", "武汉“三无”采砂船没收", "《长江河道采砂管理条例》（2001年）第十八条", false}, {"C5", "R市F区石业公司禁采区采砂", "《长江保护法》第九十一条", false}, {"C7", "清远运输河砂", "《河道管理条例》第四十四条", false}, {"C8", "绵阳许可到期后取水", "《水法》第六十九条", false}, {"C9", "伊宁县堤防旁开挖填埋", "《防洪法》第五十五条", false},
		}},
	}
}

// proof is the scenarios that name a rule.
type proof struct{ accepted, refused []string }

// TestLawCoverage keeps docs/law-coverage.md true: it is written from the calls of domaintest.Covers in the tests below domain. A scenario
// counts for what it does: it proves acceptance if it accepts something, and refusal if it is refused something.
func TestLawCoverage(t *testing.T) {
	proofs := scenarios(t)
	var out strings.Builder
	out.WriteString("# Which scenario proves which rule\n\nWritten by `go test ./domain/catalog -update` from the tests below `domain`; edits here are lost. A test joins by naming the rules it\n" +
		"proves in `domaintest.Covers`; each rule needs a scenario that is accepted and one that is refused. The texts of the refusals and the\ndays and amounts of the cases stand in the tests.\n")
	known := map[string]bool{}
	for _, part := range rules() {
		fmt.Fprintf(&out, "\n## %s\n\n| Rule | Term | Article | Accepted and refused in |\n|---|---|---|---|\n", part.title)
		for _, r := range part.rules {
			known[r.code] = true
			p := proofs[r.code]
			switch {
			case r.open && len(p.accepted)+len(p.refused) > 0:
				t.Errorf("%s %s has tests now: it is not open any more", r.code, r.name)
			case !r.open && (len(p.accepted) == 0 || len(p.refused) == 0):
				t.Errorf("%s %s: accepted in %v, refused in %v", r.code, r.name, p.accepted, p.refused)
			}
			fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", r.code, r.name, r.article, p)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(proofs)) {
		if !known[code] {
			t.Errorf("%v proves %s, which is no rule", append(proofs[code].accepted, proofs[code].refused...), code)
		}
	}
	got, err := os.ReadFile(coverage)
	if err == nil && string(got) == out.String() || t.Failed() {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date (%v); run: go test ./domain/catalog -update", coverage, err)
	}
	if err := os.WriteFile(coverage, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// String lists the scenarios, and says of one that does only half of it which half.
func (p proof) String() string {
	var list []string
	for _, name := range p.accepted {
		if !slices.Contains(p.refused, name) {
			name += " (accepted)"
		}
		list = append(list, name)
	}
	for _, name := range p.refused {
		if !slices.Contains(p.accepted, name) {
			list = append(list, name+" (refused)")
		}
	}
	if list == nil {
		return "—"
	}
	return strings.Join(list, ", ")
}

func scenarios(t *testing.T) map[string]proof {
	t.Helper()
	proofs := map[string]proof{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(fn.Name.Name, "Test") {
				continue
			}
			codes, accepts, refuses := reads(fn)
			name := filepath.Base(filepath.Dir(path)) + "." + fn.Name.Name
			for _, code := range codes {
				p := proofs[code]
				if accepts {
					p.accepted = append(p.accepted, name)
				}
				if refuses {
					p.refused = append(p.refused, name)
				}
				proofs[code] = p
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return proofs
}

// reads finds the rules a test names and whether it accepts and refuses.
func reads(fn *ast.FuncDecl) (codes []string, accepts, refuses bool) {
	ast.Inspect(fn, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := ""
		switch f := call.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		switch name {
		case "Covers":
			for _, arg := range call.Args[1:] {
				if lit, ok := arg.(*ast.BasicLit); ok {
					if code, err := strconv.Unquote(lit.Value); err == nil {
						codes = append(codes, code)
					}
				}
			}
		case "accept", "after", "Accepted", "Then", "Nothing":
			accepts = true
		case "Refused":
			refuses = true
		}
		return true
	})
	return codes, accepts, refuses
}

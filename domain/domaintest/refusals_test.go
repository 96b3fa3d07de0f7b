package domaintest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestEveryRefusalHasAScenario compares the codes that the domain refuses with, as its source says, with those that scenarios
// expect. A code is a literal at both places, so what is compared is what is tested.
func TestEveryRefusalHasAScenario(t *testing.T) {
	refused, expected := map[string]string{}, map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		if filepath.Dir(path) == filepath.Join("..", "domaintest") && !strings.HasSuffix(path, "_test.go") {
			return nil // it refuses nothing itself
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if strings.HasSuffix(path, "_test.go") {
				if call, ok := n.(*ast.CallExpr); ok && name(call.Fun) == "Refused" {
					for _, arg := range call.Args {
						expected[code(arg)] = true
					}
				}
				return true
			}
			switch n := n.(type) {
			case *ast.CallExpr: // Refuse(code, …), RefuseByLaw(code, …)
				if f := name(n.Fun); f == "Refuse" || f == "RefuseByLaw" {
					refused[code(n.Args[0])] = fset.Position(n.Pos()).String()
				}
			case *ast.CompositeLit: // Refusal{Code: code, …}
				if name(n.Type) == "Refusal" && path != filepath.Join("..", "refusal.go") {
					refused[codeOf(n)] = fset.Position(n.Pos()).String()
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(refused) < 30 {
		t.Errorf("only %d codes found in the source: the search has gone blind", len(refused))
	}
	for _, c := range slices.Sorted(maps.Keys(refused)) {
		switch {
		case !slug.MatchString(c):
			t.Errorf("%s: the code is no literal of the form category.reason", refused[c])
		case !expected[c]:
			t.Errorf("%s: no scenario is refused with %s", refused[c], c)
		}
	}
}

var slug = regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)

func name(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func codeOf(refusal *ast.CompositeLit) string {
	for _, e := range refusal.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok && name(kv.Key) == "Code" {
			return code(kv.Value)
		}
	}
	return ""
}

func code(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}

package architecture_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type source struct {
	path string // from the root of the module
	fset *token.FileSet
	file *ast.File
}

func (s source) test() bool         { return strings.HasSuffix(s.path, "_test.go") }
func (s source) in(dir string) bool { return strings.HasPrefix(s.path, dir+"/") }
func (s source) at(n ast.Node) string {
	return strings.TrimPrefix(s.fset.Position(n.Pos()).String(), "../")
}
func (s source) imported(p string) string { return imported(s.file, p) }

// sources parses every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != ".." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		rel, err := filepath.Rel("..", path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, source{filepath.ToSlash(rel), fset, file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// imported is the name a file calls a package by, empty if it does not import it.
func imported(f *ast.File, path string) string {
	for _, i := range f.Imports {
		if strings.Trim(i.Path.Value, `"`) != path {
			continue
		}
		if i.Name != nil {
			return i.Name.Name
		}
		return path[strings.LastIndex(path, "/")+1:]
	}
	return ""
}

// uses calls found for every selector pkg.name in the file, with pkg the import path.
func uses(s source, pkg string, found func(n ast.Node, name string)) {
	local := s.imported(pkg)
	if local == "" {
		return
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == local {
				found(n, sel.Sel.Name)
			}
		}
		return true
	})
}

// Time and identity come in with a command, so a decision made again is the same decision.
func TestTheDomainHasNoClockAndNoDice(t *testing.T) {
	clock := []string{"Now", "Since", "Until", "After", "AfterFunc", "Tick", "Sleep", "NewTimer", "NewTicker", "Local", "LoadLocation"}
	dice := []string{"New", "NewString", "NewRandom", "NewRandomFromReader", "NewUUID", "NewV6", "NewV7", "NewV7FromReader"}
	for _, s := range sources(t) {
		if !s.in("domain") {
			continue
		}
		uses(s, "time", func(n ast.Node, name string) {
			if slices.Contains(clock, name) {
				t.Errorf("%s: time.%s", s.at(n), name)
			}
		})
		uses(s, uuidModule, func(n ast.Node, name string) {
			if slices.Contains(dice, name) {
				t.Errorf("%s: uuid.%s", s.at(n), name)
			}
		})
	}
}

// A program that only main assembles can be read from main; init and variables that change act from nowhere.
func TestNothingActsFromNowhere(t *testing.T) {
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					t.Errorf("%s: func init", s.at(d))
				}
			case *ast.GenDecl:
				if d.Tok != token.VAR || s.test() {
					continue
				}
				for _, spec := range d.Specs {
					v := spec.(*ast.ValueSpec)
					if !constant(d, v) {
						t.Errorf("%s: var %s can change; make it a constant, a function or a field", s.at(v), v.Names[0].Name)
					}
				}
			}
		}
	}
}

// constant says that a variable is one only because the language has no constants of its kind: an error, an embedded file, a
// compiled expression, or a check that a type keeps an interface.
func constant(d *ast.GenDecl, v *ast.ValueSpec) bool {
	for _, doc := range []*ast.CommentGroup{d.Doc, v.Doc} {
		if doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") }) {
			return true
		}
	}
	for i, name := range v.Names {
		if name.Name == "_" {
			continue
		}
		if i >= len(v.Values) || !fixed(v.Values[i]) {
			return false
		}
	}
	return true
}

func fixed(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && slices.Contains([]string{"errors.New", "fmt.Errorf", "regexp.MustCompile", "strings.NewReplacer"}, pkg.Name+"."+sel.Sel.Name)
}

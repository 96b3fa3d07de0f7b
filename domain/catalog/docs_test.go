package catalog_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"shuizheng/domain"
)

const docs = "../../docs/events.md"

// TestDocs keeps docs/events.md true: it is written from the catalogue and the comments in the source.
func TestDocs(t *testing.T) {
	b := book{source: parse(t), described: map[string]bool{}}
	want := b.write(t, all(t))
	got, err := os.ReadFile(docs)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if string(got) == want {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date; run: go test ./domain/catalog -update", docs)
	}
	if err := os.MkdirAll(filepath.Dir(docs), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(docs, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// source is what is read from the packages below domain: every type with its comments, and the constants of named strings.
type source struct {
	types  map[string]declared // by package.Name
	values map[string][]value  // by package.Name of their type
	forms  map[string][]form   // by package: structs that say which words a field may hold
}

// form is the fields of a struct, in JSON, with the words that a field is limited to.
type form map[string]string

type declared struct {
	pkg  string
	spec *ast.TypeSpec
	doc  string
}

type value struct{ text, meaning string }

func parse(t *testing.T) source {
	t.Helper()
	s := source{map[string]declared{}, map[string][]value{}, map[string][]form{}}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					doc := spec.Doc.Text()
					if doc == "" {
						doc = gen.Doc.Text()
					}
					s.form(f.Name.Name, spec)
					s.types[f.Name.Name+"."+spec.Name.Name] = declared{f.Name.Name, spec, oneLine(doc)}
				case *ast.ValueSpec:
					s.constant(f.Name.Name, spec)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s source) form(pkg string, spec *ast.TypeSpec) {
	typ, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	fm := form{}
	for _, f := range typ.Fields.List {
		tag := tagOf(f)
		field, _, _ := strings.Cut(tag.Get("json"), ",")
		fm[field] = ""
		if _, words, found := strings.Cut(tag.Get("validate"), "oneof="); found {
			words, _, _ = strings.Cut(words, ",")
			fm[field] = "`" + strings.Join(strings.Fields(words), "` `") + "`"
		}
	}
	s.forms[pkg] = append(s.forms[pkg], fm)
}

// words finds what a field is limited to: by its own struct, or by the command that its event follows from, which is one that
// has another field in common with it.
func (s source) words(pkg string, of *ast.StructType, field string) string {
	for _, fm := range s.forms[pkg] {
		common := 0
		for _, f := range of.Fields.List {
			name, _, _ := strings.Cut(tagOf(f).Get("json"), ",")
			if _, has := fm[name]; has {
				common++
			}
		}
		if fm[field] != "" && common > 1 {
			return fm[field]
		}
	}
	return ""
}

func tagOf(f *ast.Field) reflect.StructTag {
	if f.Tag == nil {
		return ""
	}
	tag, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return ""
	}
	return reflect.StructTag(tag)
}

func (s source) constant(pkg string, spec *ast.ValueSpec) {
	typ, ok := spec.Type.(*ast.Ident)
	if !ok || len(spec.Values) != 1 {
		return
	}
	lit, ok := spec.Values[0].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return
	}
	key := pkg + "." + typ.Name
	s.values[key] = append(s.values[key], value{text, oneLine(spec.Comment.Text())})
}

func oneLine(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
}

// book writes the document; parts that events share are described once, after the events.
type book struct {
	source
	out       strings.Builder
	described map[string]bool
	later     []string
}

func (b *book) write(t *testing.T, c domain.Catalog) string {
	t.Helper()
	b.out.WriteString("# Events\n\nWritten by `go test ./domain/catalog -update` from the catalogue and the comments in the source; edits here are lost.\n\n" +
		"An event type is never edited once released; another form is a new version beside it. An example of each stands in\n`domain/catalog/testdata/events`.\n\n" +
		"| Type | Term | Stream |\n|---|---|---|\n")
	all := names(c)
	for _, name := range all {
		category, _, _ := strings.Cut(name, ".")
		fmt.Fprintf(&b.out, "| [`%s`](#%s) | %s | `%s-<uuid>` |\n", name, anchor(name), b.term(t, c[name].Sample), category)
	}
	for _, name := range all {
		fmt.Fprintf(&b.out, "\n## %s\n\n", name)
		b.describe(t, key(c[name].Sample))
	}
	b.out.WriteString("\n# The envelope\n\nEvery event carries it as its metadata.\n\n")
	b.describe(t, "domain.Meta")
	b.out.WriteString("\n# Parts that events share\n")
	for len(b.later) > 0 {
		next := b.later[0]
		b.later = b.later[1:]
		fmt.Fprintf(&b.out, "\n## %s\n\n", next)
		b.describe(t, next)
	}
	return b.out.String()
}

func key(e domain.Event) string { return reflect.TypeOf(e).String() }

func anchor(heading string) string {
	return strings.ToLower(strings.ReplaceAll(heading, ".", ""))
}

// term is the Chinese word of the law that the comment of an event gives in brackets.
func (b *book) term(t *testing.T, e domain.Event) string {
	t.Helper()
	for _, in := range regexp.MustCompile(`\(([^()]+)\)`).FindAllStringSubmatch(b.types[key(e)].doc, -1) {
		if strings.ContainsFunc(in[1], func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			return in[1]
		}
	}
	t.Errorf("the comment of %s does not give the Chinese term in brackets", key(e))
	return ""
}

func (b *book) describe(t *testing.T, name string) {
	t.Helper()
	b.described[name] = true
	d, ok := b.types[name]
	if !ok {
		t.Errorf("no source of %s", name)
		return
	}
	if d.doc == "" {
		t.Errorf("%s has no comment", name)
	}
	b.out.WriteString(d.doc + "\n")
	typ, ok := d.spec.Type.(*ast.StructType)
	if !ok {
		if len(b.values[name]) < 2 { // one constant is a name for a value, several are the words there are
			return
		}
		b.out.WriteString("\n| Value | Meaning |\n|---|---|\n")
		for _, v := range b.values[name] {
			fmt.Fprintf(&b.out, "| `%s` | %s |\n", v.text, v.meaning)
		}
		return
	}
	b.out.WriteString("\n| Field | Type | Meaning |\n|---|---|---|\n")
	for _, f := range typ.Fields.List {
		field, options, _ := strings.Cut(tagOf(f).Get("json"), ",")
		kind := b.kind(d.pkg, f.Type)
		if options == "omitempty" {
			kind += ", optional"
		}
		meaning := f.Comment.Text()
		if meaning == "" {
			meaning = f.Doc.Text()
		}
		meaning = oneLine(meaning)
		if words := b.words(d.pkg, typ, field); words != "" && strings.HasPrefix(kind, "text") {
			meaning = strings.TrimPrefix(meaning+"; one of "+words, "; ")
		}
		fmt.Fprintf(&b.out, "| `%s` | %s | %s |\n", field, kind, meaning)
	}
}

// kind names the type of a field, and remembers to describe it where it is one of ours.
func (b *book) kind(pkg string, typ ast.Expr) string {
	switch typ := typ.(type) {
	case *ast.StarExpr:
		return b.kind(pkg, typ.X)
	case *ast.ArrayType:
		return "list of " + b.kind(pkg, typ.Elt)
	case *ast.SelectorExpr:
		name := typ.X.(*ast.Ident).Name + "." + typ.Sel.Name
		switch name {
		case "time.Time":
			return "time"
		case "uuid.UUID":
			return "UUID"
		}
		return b.refer(name)
	case *ast.Ident:
		switch typ.Name {
		case "string":
			return "text"
		case "int", "int64", "uint64":
			return "integer"
		case "bool":
			return "boolean"
		}
		return b.refer(pkg + "." + typ.Name)
	}
	return fmt.Sprintf("%T", typ)
}

func (b *book) refer(name string) string {
	if !b.described[name] && !slices.Contains(b.later, name) {
		b.later = append(b.later, name)
	}
	return fmt.Sprintf("[`%s`](#%s)", name, anchor(name))
}

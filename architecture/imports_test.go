// Package architecture holds the rules that no single package can keep: who may import whom, what the domain may not do, and
// that the files around the code say what the code says. It is tests only.
package architecture_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// ours says for each package of this module which others of it the program may import there. A pattern ends in /... for a
// package with all below it. Tests may import what they test with.
var ours = map[string][]string{
	"domain":            {},
	"domain/law":        {"domain"},
	"domain/...":        {"domain", "domain/law"}, // an aggregate never imports another
	"domain/catalog":    {"domain/..."},           // the one package that imports all aggregates
	"domain/domaintest": {"domain"},

	"acts": {"domain/..."},

	"eventstore":           {"domain"},
	"eventstore/embedded":  {"domain", "eventstore"}, // knows nothing of what it stores
	"eventstore/storetest": {"domain", "eventstore"},

	"relay": {"domain", "eventstore"}, // copies bytes, knows no event type

	"projections":         {"domain", "domain/law"},
	"projections/all":     {"domain", "projections/..."},
	"projections/logtest": {"domain/...", "projections"},
	"projections/...":     {"domain/...", "projections"}, // one read model never reads another

	"identity": {"domain"},
	"evidence": {"domain"},
	"web":      {},
	"api":      {"domain/...", "acts", "projections/...", "identity", "evidence"},

	"cmd/shuizheng": {"..."}, // wiring
	"e2e":           {"..."},
	"architecture":  {},
}

// others says which packages may import what is not ours. What is not in this table may be imported anywhere but in the domain;
// that each module has a reason at all is a matter of docs/decisions/0011.
var others = []struct {
	what  string
	who   []string // in the program
	tests []string // in tests, besides
	why   string
}{
	{"github.com/EventStore/EventStore-Client-Go/v4/...", []string{"eventstore/..."}, nil, "the rest of the program knows a log, not a product"},
	{"google.golang.org/grpc/...", []string{"eventstore/..."}, nil, "the protocol of the event store ends in its package"},
	{"github.com/nats-io/nats.go/...", []string{"relay", "projections/...", "cmd/shuizheng"}, []string{"e2e"}, "messaging drives projections and nothing else"},
	{"github.com/nats-io/nats-server/v2/...", []string{"relay", "cmd/shuizheng"}, []string{"projections/...", "e2e"}, "the embedded server is started by the wiring"},
	{"net/http/...", []string{
		"api", "web",
		"evidence",      // tus is a protocol over HTTP; its handler is mounted by api
		"identity",      // a session is a cookie
		"cmd/shuizheng", // the listener
	}, []string{"eventstore/...", "projections/...", "relay", "e2e"}, "commands and queries are plain Go below the API"},
	{"zombiezen.com/go/sqlite/...", []string{
		"eventstore/embedded", "projections/...", "identity",
		"api",           // answers queries on a connection of the read model
		"cmd/shuizheng", // opens the files
	}, nil, "who stores says so"},
	{"github.com/tus/tusd/v2/...", []string{"evidence"}, nil, "uploads end in the evidence store"},
	{"github.com/alexedwards/scs/v2/...", []string{"identity", "api", "cmd/shuizheng"}, nil, "sessions are kept by identity, used by api"},
	{"github.com/go-playground/...", []string{"api"}, nil, "shape is checked once, at the edge"},
	{"github.com/prometheus/...", []string{"api", "relay", "projections", "cmd/shuizheng"}, nil, "the domain is not measured from inside"},
	{"github.com/jackc/pgx/v5/...", []string{"cmd/shuizheng"}, nil, "the bench compares with PostgreSQL; nothing is kept there"},
	{"github.com/compose-spec/compose-go/v2/...", nil, []string{"architecture"}, "reads docker-compose.yml in a test"},
	{"github.com/getkin/kin-openapi/...", nil, []string{"e2e"}, "holds the served OpenAPI to its word in a test"},
	{"math/rand/...", []string{
		"domain/domaintest", "projections/logtest", // with a seed
		"relay",         // tries again after a time of its own
		"cmd/shuizheng", // sample data
	}, []string{"..."}, "what is decided must come out the same again"},
	{"testing/...", []string{"domain/domaintest", "eventstore/storetest", "projections/logtest"}, []string{"..."}, "tests stay out of the binary"},
	{"unsafe", nil, nil, ""},
	{"plugin", nil, nil, ""},
}

// The domain may not reach out, wait, or guess. Its kernel passes a context on to the log, and its test support rolls dice with
// a seed.
var notInDomain = []struct {
	what   string
	except []string
}{
	{"context", []string{"domain", "domain/domaintest"}},
	{"math/rand/...", []string{"domain/domaintest"}},
	{"testing/...", []string{"domain/domaintest"}},
	{"sync/...", []string{"domain/domaintest"}},
	{"crypto/rand", nil},
	{"database/sql/...", nil},
	{"log/...", nil},
	{"net/...", nil},
	{"os/...", nil},
	{"io/...", nil},
	{"runtime/...", nil},
	{"syscall", nil},
	{"github.com/...", nil}, // but for uuid, see below
	{"golang.org/...", nil},
}

const uuidModule = "github.com/google/uuid" // a value type; what it makes by chance is forbidden in code_test.go

type listed struct {
	ImportPath, Name                   string
	Standard                           bool
	Imports, TestImports, XTestImports []string
	Module                             *struct{ Path string }
}

// list asks the go command for every package of the module with all it depends on, by import path.
func list(t *testing.T) (module string, all map[string]listed) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps", "-test", "-json=ImportPath,Name,Standard,Imports,TestImports,XTestImports,Module", "./...")
	cmd.Dir = ".."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	all = map[string]listed{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			return "shuizheng", all
		case err != nil:
			t.Fatal(err)
		}
		if !strings.Contains(p.ImportPath, " [") && !strings.HasSuffix(p.ImportPath, ".test") {
			all[p.ImportPath] = p
		}
	}
}

func matches(pattern, pkg string) bool {
	prefix, below := strings.CutSuffix(pattern, "...")
	return pattern == pkg || below && (strings.HasPrefix(pkg, prefix) || strings.TrimSuffix(prefix, "/") == pkg)
}

func anyOf(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, pkg) })
}

// own is the path of a package inside the module, ok false for a package of somebody else.
func own(module, pkg string) (string, bool) {
	rest, ok := strings.CutPrefix(pkg, module+"/")
	return rest, ok
}

func TestWhoImportsWhom(t *testing.T) {
	module, all := list(t)
	for _, p := range all {
		pkg, ok := own(module, p.ImportPath)
		if !ok {
			continue
		}
		allowed, ok := ours[pkg]
		if !ok {
			if allowed, ok = ours[path.Dir(pkg)+"/..."]; !ok {
				t.Errorf("%s has no line in the table of packages: say what it may import", pkg)
				continue
			}
		}
		for _, i := range p.Imports {
			if i, ok := own(module, i); ok && !anyOf(allowed, i) {
				t.Errorf("%s imports %s; it may import %v", pkg, i, allowed)
			}
		}
		tests := slices.Concat(p.TestImports, p.XTestImports)
		for _, r := range others {
			for _, i := range p.Imports {
				if matches(r.what, i) && !anyOf(r.who, pkg) {
					t.Errorf("%s imports %s, only %v may: %s", pkg, i, r.who, r.why)
				}
			}
			for _, i := range tests {
				if matches(r.what, i) && !anyOf(r.who, pkg) && !anyOf(r.tests, pkg) {
					t.Errorf("a test of %s imports %s, only those of %v may: %s", pkg, i, slices.Concat(r.who, r.tests), r.why)
				}
			}
		}
		if !matches("domain/...", pkg) {
			continue
		}
		for _, r := range notInDomain {
			for _, i := range p.Imports {
				if matches(r.what, i) && i != uuidModule && !slices.Contains(r.except, pkg) {
					t.Errorf("%s imports %s: the domain may not reach out, wait or guess", pkg, i)
				}
			}
		}
	}
}

func TestTablesNameOnlyWhatExists(t *testing.T) {
	module, all := list(t)
	var packages []string
	for p := range all {
		if p, ok := own(module, p); ok {
			packages = append(packages, p)
		}
	}
	exists := func(pattern string) bool {
		return pattern == "..." || slices.ContainsFunc(packages, func(p string) bool { return matches(pattern, p) })
	}
	check := func(patterns []string) {
		for _, p := range patterns {
			if !exists(p) {
				t.Errorf("the tables name %s, which does not exist", p)
			}
		}
	}
	check(slices.Sorted(maps.Keys(ours)))
	for _, patterns := range ours {
		check(patterns)
	}
	for _, r := range others {
		check(r.who)
		check(r.tests)
		used := slices.ContainsFunc(slices.Collect(maps.Values(all)), func(p listed) bool { return matches(r.what, p.ImportPath) })
		if !used && r.why != "" {
			t.Errorf("the tables name %s, which nobody imports any more", r.what)
		}
	}
}

func TestNamesSayWhatIsInside(t *testing.T) {
	module, all := list(t)
	for _, p := range all {
		pkg, ok := own(module, p.ImportPath)
		if !ok {
			continue
		}
		for _, part := range append(strings.Split(pkg, "/"), p.Name) {
			if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "manager", "managers", "misc", "shared", "base", "lib"}, part) {
				t.Errorf("%s: %q says nothing about what is inside", pkg, part)
			}
		}
	}
}

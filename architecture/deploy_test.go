package architecture_test

import (
	"fmt"
	"go/ast"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

func project(t *testing.T) *types.Project {
	t.Helper()
	p, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  "..",
		ConfigFiles: []types.ConfigFile{{Filename: "../docker-compose.yml"}},
		Environment: types.Mapping{},
	}, func(o *loader.Options) { o.SkipInterpolation = true })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// settings are the names that cmd/shuizheng can be set by, read from the flags it defines. In the environment a flag stands in
// capitals, with the program's name before it.
func settings(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, s := range sources(t) {
		if !s.in("cmd/shuizheng") || s.test() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"StringVar", "BoolVar", "IntVar", "DurationVar"}, sel.Sel.Name) || len(call.Args) < 2 {
				return true
			}
			if lit, ok := call.Args[1].(*ast.BasicLit); ok {
				if name, err := strconv.Unquote(lit.Value); err == nil {
					names["SHUIZHENG_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))] = true
				}
			}
			return true
		})
	}
	if !names["SHUIZHENG_LISTEN"] {
		t.Fatalf("the settings of cmd/shuizheng are not found; found %v", names)
	}
	return names
}

func TestComposeFile(t *testing.T) {
	p := project(t)
	known := settings(t)
	for _, s := range p.Services {
		if s.HealthCheck == nil || len(s.HealthCheck.Test) == 0 {
			t.Errorf("%s: nobody checks its health", s.Name)
		}
		if s.Image != "" && !regexp.MustCompile(`:\d+\.\d+`).MatchString(s.Image) {
			t.Errorf("%s: image %q is of no certain version", s.Name, s.Image)
		}
		if len(s.Volumes) == 0 {
			t.Errorf("%s: what it holds is lost with its container", s.Name)
		}
		for _, port := range s.Ports {
			if ip := net.ParseIP(port.HostIP); ip == nil || !ip.IsLoopback() {
				t.Errorf("%s: port %s is published on %q, beyond this machine", s.Name, port.Published, port.HostIP)
			}
		}
		for name := range s.Environment {
			if strings.HasPrefix(name, "SHUIZHENG_") && !known[name] {
				t.Errorf("%s: %s is no setting of cmd/shuizheng", s.Name, name)
			}
		}
	}

	house := p.Services["shuizheng"]
	if !house.ReadOnly || !slices.Equal(house.CapDrop, []string{"ALL"}) {
		t.Error("shuizheng: its root must be read-only and its capabilities dropped")
	}
	for setting, service := range map[string]string{"SHUIZHENG_EVENTSTORE": "eventstore", "SHUIZHENG_NATS": "nats"} {
		url := house.Environment[setting]
		if url == nil || !strings.Contains(*url, "//"+service+":") {
			t.Errorf("shuizheng: %s does not lead to the service %s", setting, service)
		}
		if d, ok := house.DependsOn[service]; !ok || d.Condition != types.ServiceConditionHealthy {
			t.Errorf("shuizheng does not wait for %s", service)
		}
	}
	for _, service := range []string{"eventstore", "nats"} {
		s := p.Services[service]
		if len(s.Ports) > 0 || !slices.Equal(s.NetworksByPriority(), []string{"inside"}) || !p.Networks["inside"].Internal {
			t.Errorf("%s speaks plain text and must stay on the network that nobody else is on", service)
		}
	}
}

// The embedded message server and the one beside the program must know the same features.
func TestVersionsAgree(t *testing.T) {
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	mod := read("go.mod")
	version := func(in, pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(in)
		if m == nil {
			t.Fatalf("no %s", pattern)
		}
		return m[1]
	}
	for _, tt := range []struct{ what, a, b string }{
		{"nats-server in go.mod and docker-compose.yml", version(mod, `nats-server/v2 v(\d+\.\d+)`), version(read("docker-compose.yml"), `nats:(\d+\.\d+)`)},
		{"Go in go.mod and Dockerfile", version(mod, `\ngo (\d+\.\d+)`), version(read("Dockerfile"), `FROM golang:(\d+\.\d+)`)},
	} {
		if tt.a != tt.b {
			t.Errorf("%s: %s and %s", tt.what, tt.a, tt.b)
		}
	}
}

// Every module that this one imports directly has its line, with a reason, and no line is left of one that went.
func TestDependenciesHaveAReason(t *testing.T) {
	module, all := list(t)
	used := map[string]bool{}
	for _, p := range all {
		if _, ok := own(module, p.ImportPath); !ok {
			continue
		}
		for _, i := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if m := all[i].Module; m != nil && m.Path != module {
				used[m.Path] = true
			}
		}
	}
	record, err := os.ReadFile("../docs/decisions/0011-direct-dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(record)) {
		modules, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if !ok || !strings.HasPrefix(modules, "`") {
			continue
		}
		for m := range strings.SplitSeq(modules, ", ") {
			listed[strings.Trim(m, "`")] = true
		}
	}
	for m := range used {
		if !listed[m] {
			t.Errorf("%s is imported without a reason; docs/decisions/0011 has no line for it", m)
		}
	}
	for m := range listed {
		if !used[m] {
			t.Errorf("docs/decisions/0011 still gives a reason for %s, which nobody imports", m)
		}
	}
}

func TestDecisionsAreShortAndListed(t *testing.T) {
	const dir = "../docs/decisions"
	index, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "[0-9]*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no records: %v", err)
	}
	for n, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(f)
		number, title, _ := strings.Cut(strings.TrimPrefix(strings.SplitN(string(b), "\n", 2)[0], "# "), " ")
		if want := fmt.Sprintf("%04d", n+1); number != want || !strings.HasPrefix(name, want+"-") {
			t.Errorf("%s is record %s by its title, and %s in order", name, number, want)
		}
		if !strings.Contains(string(index), fmt.Sprintf("| [%s](%s) | %s |", number, name, title)) {
			t.Errorf("README.md does not list %s as %q", name, title)
		}
		if lines := strings.Count(string(b), "\n"); lines > 40 {
			t.Errorf("%s has %d lines; a record has at most 40", name, lines)
		}
	}
}

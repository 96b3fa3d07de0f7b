package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"shuizheng/domain/registry"
)

// Who may send what stands in one table: a command without a line could be sent by nobody, a line without a command is a lie.
func TestAccessAndCommandsAreOneToOne(t *testing.T) {
	commands, table := commandTypes(), access()
	if missing := slices.Sorted(maps.Keys(commands)); !slices.Equal(missing, slices.Sorted(maps.Keys(table))) {
		t.Errorf("commands %v\ntable %v", missing, slices.Sorted(maps.Keys(table)))
	}
	known := map[registry.Role]bool{}
	for _, r := range registry.Roles() {
		known[r.Code] = true
	}
	for name, roles := range table {
		if len(roles) == 0 {
			t.Errorf("nobody may send %s", name)
		}
		for n, r := range roles {
			if !known[r] || slices.Contains(roles[:n], r) {
				t.Errorf("%s: role %q", name, r)
			}
		}
		if c := commands[name]; c.title == "" || !han(c.title) || c.data == nil || c.run == nil {
			t.Errorf("%s is called %q", name, c.title)
		}
		// A command acts on the stream of its category: what is remembered of a command's id is compared with that.
		if category, act, ok := strings.Cut(name, "."); !ok || category == "" || act == "" {
			t.Errorf("%s is no category.act", name)
		}
	}
	// Written down a second time, because a slip here gives power away: who decides about a case is not who only finds things, who
	// watches decides nothing, and who keeps the registers does nothing else.
	for name, roles := range table {
		for _, r := range []registry.Role{registry.RoleClerk, registry.RoleAuditor} {
			if slices.Contains(roles, r) {
				t.Errorf("%s may send %s", r, name)
			}
		}
		registers := slices.Contains([]string{"organ.register", "reach.register", "officer.register", "officer.assign", "officer.certify"}, name)
		if registers && !slices.Equal(roles, []registry.Role{registry.RoleAdmin}) {
			t.Errorf("%s may be sent by %v", name, roles)
		}
	}
	for _, name := range []string{"finding.do_not_file", "finding.approve_filing", "case.close", "permit.issue", "vessel.confiscate"} {
		if slices.Contains(table[name], registry.RoleOfficer) || slices.Contains(table[name], registry.RoleSupervisor) || !slices.Contains(table[name], registry.RoleHead) {
			t.Errorf("%s may be sent by %v", name, table[name])
		}
	}
}

func TestCallers(t *testing.T) {
	city := caller{District: registry.City, Roles: []registry.Role{registry.RoleSupervisor}}
	both := caller{District: "320281", Roles: []registry.Role{registry.RoleClerk, registry.RoleHandler, registry.RoleOfficer}}
	none := caller{District: "320281"}
	for _, d := range registry.Districts() {
		if !city.spans(d.Code) || both.spans(d.Code) != (d.Code == "320281") {
			t.Errorf("%s: the city %v, Jiangyin %v", d.Code, city.spans(d.Code), both.spans(d.Code))
		}
	}
	if both.spans(registry.City) || both.spans("") || city.districts() != nil || !slices.Equal(both.districts(), []string{"320281"}) {
		t.Error("districts of a caller")
	}
	if role, ok := both.roleFor("patrol.depart"); !ok || role != registry.RoleHandler {
		t.Errorf("acts as %q, want the first of the roles that may", role)
	}
	if _, ok := both.roleFor("organ.register"); ok {
		t.Error("a handler registers organs")
	}
	if _, ok := both.roleFor("no.such"); ok || len(none.can()) != 0 || none.can() == nil {
		t.Error("nothing may be done by nobody")
	}
	for _, who := range []caller{city, both} {
		can := who.can()
		if !slices.IsSorted(can) {
			t.Errorf("unsorted: %v", can)
		}
		for name := range access() {
			if _, may := who.roleFor(name); may != slices.Contains(can, name) {
				t.Errorf("%s: may %v, says %v", name, may, !may)
			}
		}
	}
	if _, err := both.within("320214"); asAnswer(t, err).Code != "access.other_district" {
		t.Error(err)
	}
	for asked, want := range map[string][]string{"": {"320281"}, "320281": {"320281"}} {
		if got, err := both.within(asked); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v", asked, got, err)
		}
	}
	me := meOf(caller{District: "3202JK", Roles: []registry.Role{registry.RoleClerk}})
	if me.DistrictName != "经开区" || meOf(city).DistrictName != "无锡市" || me.Can == nil {
		t.Errorf("%+v", me)
	}
}

// Turns let one in at a time for each id, whoever gives up loses nothing, and nothing is remembered of what is over.
func TestTurns(t *testing.T) {
	ids := []uuid.UUID{{1}, {2}, {3}}
	s := turns{taken: map[uuid.UUID]chan struct{}{}}
	var inside [3]int
	var all sync.WaitGroup
	for n := range 60 {
		all.Go(func() {
			id := n % len(ids)
			done, err := s.take(context.Background(), ids[id])
			if err != nil {
				t.Error(err)
				return
			}
			defer done()
			inside[id]++ // the race detector sees two at once
			if inside[id] != 1 {
				t.Error("two at once")
			}
			inside[id]--
		})
	}
	all.Wait()
	done, err := s.take(t.Context(), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	if other, err := s.take(t.Context(), ids[1]); err != nil {
		t.Errorf("another id waits: %v", err)
	} else {
		other()
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.take(ended, ids[0]); err == nil {
		t.Error("a turn that nobody waits for is given")
	}
	if done(); len(s.taken) != 0 {
		t.Errorf("%d turns are remembered", len(s.taken))
	}
}

func TestRecentCommands(t *testing.T) {
	r := recentCommands{stream: map[uuid.UUID]string{}}
	id := func(n int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n)) }
	for n := range 3 * recentMost {
		free, again, elsewhere := r.note(id(n), "finding-a"), r.note(id(n), "finding-a"), r.note(id(n), "finding-b")
		if !free || !again || elsewhere {
			t.Fatalf("command %d: %v, %v, elsewhere %v", n, free, again, elsewhere)
		}
	}
	if len(r.stream) != recentMost || len(r.oldest) != recentMost {
		t.Errorf("%d and %d are remembered, want %d", len(r.stream), len(r.oldest), recentMost)
	}
	if r.note(id(2*recentMost), "finding-b") || !r.note(id(0), "finding-b") {
		t.Error("the oldest are forgotten first")
	}
}

// What the server serves is what it describes: every route, every command, and the schema of everything that goes in or out.
func TestEverythingIsDescribed(t *testing.T) {
	s := &server{Config: Config{Metrics: http.NotFoundHandler()}}
	routes := s.routes()
	doc, err := describe(append(routes, uploads()...), commandTypes())
	if err != nil {
		t.Fatal(err)
	}
	operations, ids := 0, map[string]bool{}
	for _, rt := range append(routes, uploads()...) {
		method, path, _ := strings.Cut(rt.pattern, " ")
		op, ok := doc.Paths[strings.TrimSuffix(path, "{$}")][strings.ToLower(method)]
		if !ok || op.Summary == "" || !han(op.Summary+"水") || len(op.Tags) != 1 || ids[op.OperationID] {
			t.Errorf("%s is described as %+v", rt.pattern, op)
		}
		ids[op.OperationID] = true
		operations++
		if open := len(op.Security) == 0; open != (rt.public != nil) {
			t.Errorf("%s: open to all %v, described as %v", rt.pattern, rt.public != nil, open)
		}
		if (rt.body != nil) != (op.RequestBody != nil) || len(op.Responses) < 2 {
			t.Errorf("%s: body %v, responses %v", rt.pattern, op.RequestBody, op.Responses)
		}
	}
	described := 0
	for _, methods := range doc.Paths {
		described += len(methods)
	}
	if described != operations {
		t.Errorf("%d operations are described, %d are served", described, operations)
	}
	schemas := doc.Components["schemas"].(map[string]any)
	for name := range commandTypes() {
		if schemas["Command."+name] == nil {
			t.Errorf("%s has no schema", name)
		}
	}
	if want := len(commandTypes()) + 2; len(schemas) != want { // Command and Problem
		t.Errorf("%d schemas, want %d", len(schemas), want)
	}
	// The open ones are few, and none of them reads a record.
	for _, rt := range routes {
		if rt.public != nil && !slices.Contains([]string{"GET /healthz", "GET /readyz", "GET /metrics", "GET /api/openapi.json", "GET /api/{$}", "POST /api/v1/session", "DELETE /api/v1/session"}, rt.pattern) {
			t.Errorf("%s is open to everybody", rt.pattern)
		}
	}
}

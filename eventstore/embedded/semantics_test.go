package embedded

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	features "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Each append is made to a stream that holds what was appended before, at first exactly these events. Later ones with the same
// letters are repetitions, be it of an append or of a part.
func TestAppend(t *testing.T) {
	tests := []struct {
		name     string
		before   []string // appended one after the other, at the exact revision
		expected int64
		events   string
		want     string
		stream   string // what it holds afterwards
	}{
		{"to no stream", nil, expectNone, "ab", "1", "0 1"},
		{"to any stream, there is none", nil, expectAny, "ab", "1", "0 1"},
		{"to an existing stream, there is none", nil, expectExists, "a", "wrong none", "not found"},
		{"at a revision, there is no stream", nil, 0, "a", "wrong none", "not found"},
		{"to no stream, there is one", []string{"ab"}, expectNone, "c", "wrong 1", "0 1"},
		{"to any stream", []string{"ab"}, expectAny, "c", "2", "0 1 2"},
		{"to an existing stream", []string{"ab"}, expectExists, "c", "2", "0 1 2"},
		{"at its revision", []string{"ab"}, 1, "cd", "3", "0 1 2 3"},
		{"behind its revision", []string{"ab"}, 0, "c", "wrong 1", "0 1"},
		{"ahead of its revision", []string{"ab"}, 2, "c", "wrong 1", "0 1"},

		{"again to no stream", []string{"ab"}, expectNone, "ab", "1", "0 1"},
		{"again to no stream, later", []string{"ab", "cd"}, expectNone, "ab", "1", "0 1 2 3"},
		{"again at a revision", []string{"ab", "cd", "e"}, 1, "cd", "3", "0 1 2 3 4"},
		{"first part again", []string{"abc"}, expectNone, "ab", "1", "0 1 2"},
		{"again and more", []string{"ab"}, expectNone, "abc", "wrong 1", "0 1"},
		{"again, another at the end", []string{"abc"}, expectNone, "abx", "wrong 2", "0 1 2"},
		{"another at the beginning", []string{"abc"}, expectNone, "xbc", "wrong 2", "0 1 2"},
		{"again at the wrong place", []string{"ab", "cd"}, 0, "cd", "wrong 3", "0 1 2 3"},
		{"known ids at the right revision", []string{"ab"}, 1, "a", "2", "0 1 2"},

		{"again to any stream", []string{"ab", "cd"}, expectAny, "ab", "1", "0 1 2 3"},
		{"again to an existing stream", []string{"ab", "cd"}, expectExists, "cd", "3", "0 1 2 3"},
		{"again and more to any stream", []string{"ab"}, expectAny, "abc", "wrong 1", "0 1"},
		{"new, then known ones, to any stream", []string{"ab"}, expectAny, "xab", "4", "0 1 2 3 4"},
		{"single ones again to any stream", []string{"a", "b", "c"}, expectAny, "ca", "0", "0 1 2"},

		{"nothing to no stream", nil, expectNone, "", "none", "not found"},
		{"nothing to any stream", []string{"ab"}, expectAny, "", "1", "0 1"},
		{"nothing at its revision", []string{"ab"}, 1, "", "1", "0 1"},
		{"nothing behind its revision", []string{"ab"}, 0, "", "wrong 1", "0 1"},
	}
	s := open(t, Options{})
	w := dial(t, s)
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stream, revision := fmt.Sprintf("tested-%d", i), int64(expectNone)
			for _, letters := range tt.before {
				w.mustAppend(stream, revision, letters)
				revision += int64(len(letters))
			}
			if got, _ := w.append(stream, tt.expected, tt.events); got != tt.want {
				t.Errorf("answer %q, want %q", got, tt.want)
			}
			if got := w.stream(stream, fromStart, false, 100); got != tt.stream {
				t.Errorf("stream holds %q, want %q", got, tt.stream)
			}
		})
	}
}

// What was appended long ago is known after a restart, too, and answered with the position of then.
func TestRepetitionIsKnownAfterRestart(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	s := open(t, o)
	w := dial(t, s)
	first := w.mustAppend("s-1", expectNone, "ab")
	second := w.mustAppend("s-1", expectAny, "cd")
	last := w.mustAppend("s-2", expectAny, "ab") // the same ids in another stream are other events
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	w = dial(t, open(t, o))
	for _, expected := range []int64{expectNone, expectAny, expectExists} {
		if answer, position := w.append("s-1", expected, "ab"); answer != "1" || position != first {
			t.Errorf("repeated at %d: %s at %d, want 1 at %d", expected, answer, position, first)
		}
	}
	for _, expected := range []int64{1, expectAny} {
		if answer, position := w.append("s-1", expected, "cd"); answer != "3" || position != second {
			t.Errorf("repeated at %d: %s at %d, want 3 at %d", expected, answer, position, second)
		}
	}
	if position := w.mustAppend("s-3", expectNone, "e"); position <= last {
		t.Errorf("position %d after the restart, %d before", position, last)
	}
}

func TestPositionsAreSparse(t *testing.T) {
	w := dial(t, open(t, Options{}))
	w.mustAppend("s-1", expectNone, "abc")
	last := w.mustAppend("s-2", expectNone, "d")
	var before uint64
	events := w.all()
	for _, e := range events {
		if e.GetCommitPosition() < before+2 || e.GetCommitPosition() != e.GetPreparePosition() {
			t.Errorf("position %d, %d behind %d", e.GetCommitPosition(), e.GetPreparePosition(), before)
		}
		before = e.GetCommitPosition()
	}
	if len(events) != 4 || before != last {
		t.Errorf("%d events up to %d, the last append said %d", len(events), before, last)
	}
}

func TestAppendRefuses(t *testing.T) {
	w := dial(t, open(t, Options{}))
	good := proposal("a", "tested", []byte(`{}`))
	change := func(f func(*api.AppendReq_ProposedMessage)) *api.AppendReq {
		m := proposal("b", "tested", []byte(`{}`))
		f(m)
		return message(m)
	}
	options := appendOptions("s-1", expectNone)
	tests := map[string]struct {
		messages []*api.AppendReq
		code     codes.Code
	}{
		"nothing at all":       {nil, codes.InvalidArgument},
		"no options":           {[]*api.AppendReq{message(good)}, codes.InvalidArgument},
		"options twice":        {[]*api.AppendReq{options, message(good), options}, codes.InvalidArgument},
		"no stream":            {[]*api.AppendReq{appendOptions("", expectAny), message(good)}, codes.InvalidArgument},
		"metadata of nothing":  {[]*api.AppendReq{appendOptions("$$", expectAny), message(good)}, codes.InvalidArgument},
		"a stream not in UTF8": {[]*api.AppendReq{appendOptions("\xff", expectAny), message(good)}, codes.InvalidArgument},
		"the log itself":       {[]*api.AppendReq{appendOptions("$all", expectAny), message(good)}, codes.PermissionDenied},
		"no expectation": {[]*api.AppendReq{{Content: &api.AppendReq_Options_{Options: &api.AppendReq_Options{StreamIdentifier: name("s-1")}}},
			message(good)}, codes.InvalidArgument},
		"an impossible revision": {[]*api.AppendReq{appendOptions("s-1", tombstoned), message(good)}, codes.InvalidArgument},
		"no id":                  {[]*api.AppendReq{options, message(good), change(func(m *api.AppendReq_ProposedMessage) { m.Id = nil })}, codes.InvalidArgument},
		"no type":                {[]*api.AppendReq{options, change(func(m *api.AppendReq_ProposedMessage) { delete(m.Metadata, keyType) })}, codes.InvalidArgument},
		"no content type":        {[]*api.AppendReq{options, change(func(m *api.AppendReq_ProposedMessage) { delete(m.Metadata, keyContentType) })}, codes.InvalidArgument},
		"too much data": {[]*api.AppendReq{options, message(good),
			change(func(m *api.AppendReq_ProposedMessage) { m.Data = make([]byte, maxAppend) }), message(good)}, codes.InvalidArgument},
		"too much metadata": {[]*api.AppendReq{options, message(good),
			change(func(m *api.AppendReq_ProposedMessage) { m.CustomMetadata = make([]byte, maxAppend) }), message(good)}, codes.InvalidArgument},
	}
	for name, tt := range tests {
		if reply, err := w.send(tt.messages...); status.Code(err) != tt.code {
			t.Errorf("%s: %v, %v; want %v", name, reply, err, tt.code)
		}
	}
	var trailer metadata.MD
	call, err := w.Append(w.ctx, grpc.Trailer(&trailer))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range tests["too much data"].messages {
		if err := call.Send(m); err != nil {
			t.Fatal(err) // the server lets the client finish, or the reason would be lost
		}
	}
	if _, err := call.CloseAndRecv(); status.Code(err) != codes.InvalidArgument || trailer.Get("maximum-append-size")[0] != "1048576" {
		t.Errorf("%v, trailer %v", err, trailer)
	}
	if events := w.all(); len(events) != 0 {
		t.Errorf("%d events were written", len(events))
	}
	// Exactly as much as is allowed.
	if reply, err := w.send(options, message(proposal("z", "tt", make([]byte, maxAppend-4)))); err != nil || reply.GetSuccess() == nil {
		t.Errorf("append of the largest size: %v, %v", reply, err)
	}
}

func TestReadStream(t *testing.T) {
	w := dial(t, open(t, Options{}))
	w.mustAppend("s-1", expectNone, "abcdef")
	tests := []struct {
		stream    string
		from      int64
		backwards bool
		count     uint64
		want      string
	}{
		{"s-1", fromStart, false, 100, "0 1 2 3 4 5"},
		{"s-1", fromStart, false, 2, "0 1"},
		{"s-1", 2, false, 2, "2 3"},
		{"s-1", 5, false, 10, "5"},
		{"s-1", 6, false, 10, ""},
		{"s-1", fromEnd, false, 10, ""},
		{"s-1", fromEnd, true, 100, "5 4 3 2 1 0"},
		{"s-1", fromEnd, true, 2, "5 4"},
		{"s-1", 3, true, 2, "3 2"},
		{"s-1", 99, true, 1, "5"},
		{"s-1", fromStart, true, 10, "0"},
		{"s-2", fromStart, false, 10, "not found"},
		{"s-2", fromEnd, true, 10, "not found"},
	}
	for _, tt := range tests {
		if got := w.stream(tt.stream, tt.from, tt.backwards, tt.count); got != tt.want {
			t.Errorf("%s from %d, backwards %v, count %d: %q, want %q", tt.stream, tt.from, tt.backwards, tt.count, got, tt.want)
		}
	}
}

func TestReadGoesOnBehindAPage(t *testing.T) {
	w := dial(t, open(t, Options{}))
	const n = 2*pageEvents + 10
	messages := []*api.AppendReq{appendOptions("s-1", expectNone)}
	for i := range n {
		messages = append(messages, message(proposal(fmt.Sprint(i), "tested", []byte(`{}`))))
	}
	if _, err := w.send(messages...); err != nil {
		t.Fatal(err)
	}
	large := []*api.AppendReq{appendOptions("s-2", expectNone), message(proposal("x", "tested", make([]byte, maxAppend/2)))}
	for i := range 5 {
		large[0], large[1] = appendOptions("s-2", int64(i-1)), message(proposal(fmt.Sprint(i), "tested", make([]byte, maxAppend/2)))
		if _, err := w.send(large...); err != nil {
			t.Fatal(err)
		}
	}
	for name, o := range map[string]*api.ReadReq_Options{
		"stream forwards":  streamRequest("s-1", fromStart, false, n+1),
		"stream backwards": streamRequest("s-1", fromEnd, true, n+1),
		"log forwards":     allRequest(fromStart, false, n),
	} {
		if got := len(strings.Fields(w.read(o))); got != n {
			t.Errorf("%s: %d events, want %d", name, got, n)
		}
	}
	if got := w.read(allRequest(fromEnd, true, n+10)); len(strings.Fields(got)) != n+5 {
		t.Errorf("log backwards: %d events", len(strings.Fields(got)))
	}
	if got := w.stream("s-2", fromEnd, true, 10); got != "4 3 2 1 0" {
		t.Errorf("large events: %s", got)
	}
}

func TestReadAll(t *testing.T) {
	w := dial(t, open(t, Options{}))
	if got := w.read(allRequest(fromStart, false, 10)); got != "" {
		t.Errorf("empty log: %q", got)
	}
	w.mustAppend("s-1", expectNone, "ab")
	w.mustAppend("s-2", expectNone, "a")
	w.mustAppend("s-1", 1, "c")
	events := w.all() // revisions 0 1 0 2
	second, last := int64(events[1].GetCommitPosition()), int64(events[3].GetCommitPosition())
	filtered := allRequest(fromStart, false, 10)
	filtered.FilterOption = &api.ReadReq_Options_Filter{Filter: streamFilter(1, "s-1")}
	filteredEnd := allRequest(fromEnd, true, 2)
	filteredEnd.FilterOption = &api.ReadReq_Options_Filter{Filter: streamFilter(1, "s-1")}
	for name, tt := range map[string]struct {
		request *api.ReadReq_Options
		want    string
	}{
		"forwards":                    {allRequest(fromStart, false, 100), "0 1 0 2"},
		"some":                        {allRequest(fromStart, false, 3), "0 1 0"},
		"from a position":             {allRequest(second, false, 10), "1 0 2"},
		"from behind the end":         {allRequest(last+1000, false, 10), ""},
		"forwards from the end":       {allRequest(fromEnd, false, 10), ""},
		"backwards":                   {allRequest(fromEnd, true, 100), "2 0 1 0"},
		"backwards from a position":   {allRequest(second, true, 10), "0"},
		"backwards from the start":    {allRequest(fromStart, true, 10), ""},
		"position zero":               {allRequest(0, false, 1), "0"},
		"between two events":          {allRequest(second+1, false, 10), "Unknown: Unexpected ReadAllResult: InvalidPosition"},
		"backwards between two":       {allRequest(second-1, true, 10), "Unknown: Unexpected ReadAllResult: InvalidPosition"},
		"with a filter":               {filtered, "0 1 2"},
		"backwards with a filter, 2 ": {filteredEnd, "2 1"},
	} {
		if got := w.read(tt.request); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestRecordedEvent(t *testing.T) {
	w := dial(t, open(t, Options{}))
	before := time.Now()
	m := proposal("a", "采砂.查获.v1", []byte(`{"河道":"青弋江"}`))
	m.CustomMetadata = []byte{0, 1, 2}
	binary := proposal("b", "bytes", nil)
	binary.Metadata[keyContentType] = contentBinary
	if _, err := w.send(appendOptions("巡查-1", expectNone), message(m), message(binary)); err != nil {
		t.Fatal(err)
	}
	got := w.all()
	if e := got[0]; string(e.GetStreamIdentifier().GetStreamName()) != "巡查-1" || e.GetMetadata()[keyType] != "采砂.查获.v1" ||
		string(e.GetData()) != string(m.Data) || string(e.GetCustomMetadata()) != "\x00\x01\x02" || e.GetMetadata()[keyContentType] != contentJSON {
		t.Errorf("%+v", e)
	}
	if e := got[1]; e.GetMetadata()[keyContentType] != contentBinary || len(e.GetData()) != 0 {
		t.Errorf("%+v", e)
	}
	var created int64
	if _, err := fmt.Sscan(got[0].GetMetadata()[keyCreated], &created); err != nil {
		t.Fatal(err)
	}
	if at := time.Unix(0, created*100); at.Before(before.Add(-time.Microsecond)) || at.After(time.Now()) {
		t.Errorf("created %v, it was sent at %v", at, before)
	}
	o := allRequest(fromStart, false, 1)
	o.UuidOption.Content = &api.ReadReq_Options_UUIDOption_String_{String_: &shared.Empty{}}
	call, err := w.Read(w.ctx, &api.ReadReq{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	reply, err := call.Recv()
	if err != nil || reply.GetEvent().GetEvent().GetId().GetString_() != id("a").String() {
		t.Errorf("%v, %v", reply, err)
	}
	structured := got[0].GetId()
	if u, err := eventID(structured); err != nil || u != id("a") || structured.GetStructured() == nil {
		t.Errorf("%v, %v", u, err)
	}
}

func TestSubscribeToStream(t *testing.T) {
	w := dial(t, open(t, Options{}))
	w.mustAppend("s-1", expectNone, "abc")
	start := w.subscribe(streamRequest("s-1", fromStart, false, 0))
	middle := w.subscribe(streamRequest("s-1", 1, false, 0))
	end := w.subscribe(streamRequest("s-1", fromEnd, false, 0))
	none := w.subscribe(streamRequest("s-2", fromStart, false, 0))
	start.expect("confirmed", "0", "1", "2", "caught up")
	middle.expect("confirmed", "2", "caught up")
	end.expect("confirmed", "caught up")
	none.expect("confirmed", "caught up")
	w.mustAppend("s-1", 2, "d")
	w.mustAppend("s-2", expectNone, "a")
	start.expect("3")
	middle.expect("3")
	end.expect("3")
	none.expect("0")

	// Deleted, a stream is silent until it is written again.
	if _, err := w.Delete(w.ctx, deleteRequest("s-1", expectAny)); err != nil {
		t.Fatal(err)
	}
	w.mustAppend("s-1", expectAny, "e")
	start.expect("4")
	if _, err := w.Tombstone(w.ctx, tombstoneRequest("s-1", expectAny)); err != nil {
		t.Fatal(err)
	}
	start.expectError(codes.FailedPrecondition)
	w.subscribe(streamRequest("s-1", fromStart, false, 0)).expectError(codes.FailedPrecondition)
}

func TestSubscribeToAll(t *testing.T) {
	w := dial(t, open(t, Options{}))
	first := w.subscribe(allRequest(fromStart, false, 0))
	first.expect("confirmed", "caught up")
	position := w.mustAppend("s-1", expectNone, "ab")
	first.expect("0", "1")
	w.mustAppend("s-2", expectNone, "abc")
	first.expect("0", "1", "2")
	behind := w.subscribe(allRequest(int64(position), false, 0))
	behind.expect("confirmed", "0", "1", "2", "caught up")
	end := w.subscribe(allRequest(fromEnd, false, 0))
	end.expect("confirmed", "caught up")
	w.mustAppend("s-1", 1, "c")
	first.expect("2")
	behind.expect("2")
	end.expect("2")
	w.subscribe(allRequest(int64(position)-1, false, 0)).expectError(codes.InvalidArgument)

	// A position ahead of the log is waited for.
	ahead := w.subscribe(allRequest(int64(position)+100_000, false, 0))
	ahead.expect("confirmed", "caught up")
}

func streamFilter(multiplier uint32, prefixes ...string) *api.ReadReq_Options_FilterOptions {
	return &api.ReadReq_Options_FilterOptions{
		Filter: &api.ReadReq_Options_FilterOptions_StreamIdentifier{
			StreamIdentifier: &api.ReadReq_Options_FilterOptions_Expression{Prefix: prefixes},
		},
		Window:                       &api.ReadReq_Options_FilterOptions_Max{Max: 2},
		CheckpointIntervalMultiplier: multiplier,
	}
}

func typeFilter(regex string) *api.ReadReq_Options_FilterOptions {
	return &api.ReadReq_Options_FilterOptions{
		Filter: &api.ReadReq_Options_FilterOptions_EventType{
			EventType: &api.ReadReq_Options_FilterOptions_Expression{Regex: regex},
		},
		Window:                       &api.ReadReq_Options_FilterOptions_Count{Count: &shared.Empty{}},
		CheckpointIntervalMultiplier: 1,
	}
}

func TestFilteredSubscription(t *testing.T) {
	w := dial(t, open(t, Options{}))
	w.mustAppend("case-1", expectNone, "ab")
	w.mustAppend("patrol-1", expectNone, "abc")
	subscribe := func(f *api.ReadReq_Options_FilterOptions) subscription {
		o := allRequest(fromStart, false, 0)
		o.FilterOption = &api.ReadReq_Options_Filter{Filter: f}
		return w.subscribe(o)
	}
	// A checkpoint after every second event that was considered, and one at the end.
	cases := subscribe(streamFilter(1, "case-", "permit-"))
	cases.expect("confirmed", "0", "1", "checkpoint", "checkpoint", "checkpoint", "caught up")
	patrols := subscribe(streamFilter(2, "patrol-"))
	patrols.expect("confirmed", "0", "1", "checkpoint", "2", "checkpoint", "caught up")
	types := subscribe(typeFilter(`^[^\$].*`))
	types.expect("confirmed", "0", "1", "0", "1", "2", "checkpoint", "caught up")
	w.setMetadata("case-1", `{}`)
	w.mustAppend("permit-1", expectNone, "a")
	cases.expect("0", "checkpoint")
	types.expect("0")

	for name, f := range map[string]*api.ReadReq_Options_FilterOptions{
		"no field":                {Window: &api.ReadReq_Options_FilterOptions_Max{Max: 1}, CheckpointIntervalMultiplier: 1},
		"no expression":           streamFilter(1),
		"a bad expression":        typeFilter(`(`),
		"no checkpoints":          streamFilter(0, "case-"),
		"an expression, but none": typeFilter(``),
	} {
		t.Run(name, func(t *testing.T) { subscribe(f).expectError(codes.InvalidArgument) })
	}
	o := streamRequest("s-1", fromStart, false, 0)
	o.FilterOption = &api.ReadReq_Options_Filter{Filter: streamFilter(1, "s")}
	w.subscribe(o).expectError(codes.InvalidArgument)
}

func TestSubscriptionTellsWhenItHasCaughtUpAgain(t *testing.T) {
	w := dial(t, open(t, Options{}))
	s := w.subscribe(streamRequest("s-1", fromStart, false, 0))
	s.expect("confirmed", "caught up")
	const n = pageEvents + 1 // more than a page at once: it falls behind
	messages := []*api.AppendReq{appendOptions("s-1", expectNone)}
	want := make([]string, n)
	for i := range n {
		messages = append(messages, message(proposal(fmt.Sprint(i), "tested", nil)))
		want[i] = fmt.Sprint(i)
	}
	if _, err := w.send(messages...); err != nil {
		t.Fatal(err)
	}
	s.expect(append(want, "caught up")...)
}

func deleteRequest(stream string, expected int64) *api.DeleteReq {
	o := &api.DeleteReq_Options{StreamIdentifier: name(stream)}
	switch expected {
	case expectNone:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_NoStream{NoStream: &shared.Empty{}}
	case expectAny:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_Any{Any: &shared.Empty{}}
	case expectExists:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_StreamExists{StreamExists: &shared.Empty{}}
	default:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_Revision{Revision: uint64(expected)}
	}
	return &api.DeleteReq{Options: o}
}

func tombstoneRequest(stream string, expected int64) *api.TombstoneReq {
	o := &api.TombstoneReq_Options{StreamIdentifier: name(stream)}
	switch expected {
	case expectNone:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_NoStream{NoStream: &shared.Empty{}}
	case expectAny:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_Any{Any: &shared.Empty{}}
	case expectExists:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_StreamExists{StreamExists: &shared.Empty{}}
	default:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_Revision{Revision: uint64(expected)}
	}
	return &api.TombstoneReq{Options: o}
}

func TestDelete(t *testing.T) {
	s := open(t, Options{})
	w := dial(t, s)
	for _, expected := range []int64{expectNone, expectAny, expectExists, 0} {
		var trailer metadata.MD
		_, err := w.Delete(w.ctx, deleteRequest("never-1", expected), grpc.Trailer(&trailer))
		if status.Code(err) != codes.FailedPrecondition || trailer.Get("exception")[0] != "wrong-expected-version" {
			t.Errorf("delete of a stream that never was, at %d: %v, %v", expected, err, trailer)
		}
	}
	w.mustAppend("s-1", expectNone, "abc")
	for _, expected := range []int64{expectNone, 1, 3} {
		if _, err := w.Delete(w.ctx, deleteRequest("s-1", expected)); status.Code(err) != codes.FailedPrecondition {
			t.Errorf("delete at %d: %v", expected, err)
		}
	}
	w.setMetadata("s-1", `{"$maxCount":50,"note":12345678901234567890}`)
	reply, err := w.Delete(w.ctx, deleteRequest("s-1", 2))
	if err != nil {
		t.Fatal(err)
	}
	all := w.all()
	if last := all[len(all)-1]; last.GetCommitPosition() != reply.GetPosition().GetCommitPosition() ||
		string(last.GetStreamIdentifier().GetStreamName()) != "$$s-1" || last.GetMetadata()[keyType] != "$metadata" {
		t.Errorf("delete said %v and wrote %v", reply, last)
	}
	if got := w.stream("s-1", fromStart, false, 10); got != "not found" {
		t.Errorf("deleted stream: %q", got)
	}
	if got, _ := w.append("s-1", expectExists, "d"); got != "wrong 2" {
		t.Errorf("append to an existing stream that is deleted: %q", got)
	}

	// Brought back, it goes on behind its old events, whatever the append expected that a deleted stream can meet.
	if got, _ := w.append("s-1", expectNone, "de"); got != "4" {
		t.Errorf("append to no stream, as it is deleted: %q", got)
	}
	if got := w.stream("s-1", fromStart, false, 10); got != "3 4" {
		t.Errorf("stream brought back: %q", got)
	}
	all = w.all()
	if got := string(all[len(all)-3].GetData()); got != `{"$maxCount":50,"$tb":3,"note":12345678901234567890}` {
		t.Errorf("metadata of a stream brought back: %s", got)
	}
	for i, expected := range []int64{expectAny, 5} {
		if _, err := w.Delete(w.ctx, deleteRequest("s-1", expectExists)); err != nil {
			t.Fatal(err)
		}
		if got, _ := w.append("s-1", expected, fmt.Sprint(i)); got != fmt.Sprint(5+i) {
			t.Errorf("append at %d to a deleted stream: %q", expected, got)
		}
		if got := w.stream("s-1", fromStart, false, 10); got != fmt.Sprint(5+i) {
			t.Errorf("stream brought back: %q", got)
		}
	}
}

func TestTombstone(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	s := open(t, o)
	w := dial(t, s)
	w.mustAppend("s-1", expectNone, "ab")
	w.setMetadata("s-1", `{"$maxCount":1}`)
	if _, err := w.Tombstone(w.ctx, tombstoneRequest("s-1", 0)); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("tombstone at another revision: %v", err)
	}
	if _, err := w.Tombstone(w.ctx, tombstoneRequest("s-2", expectExists)); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("tombstone of an existing stream that does not exist: %v", err)
	}
	if _, err := w.Tombstone(w.ctx, tombstoneRequest("s-1", 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Tombstone(w.ctx, tombstoneRequest("never-1", expectAny)); err != nil {
		t.Fatal(err)
	}
	check := func(w *wire) {
		t.Helper()
		for _, stream := range []string{"s-1", "$$s-1", "never-1"} {
			for _, expected := range []int64{expectNone, expectAny, expectExists, 1} {
				if got, _ := w.append(stream, expected, "c"); got != "deleted" {
					t.Errorf("append to %s at %d: %q", stream, expected, got)
				}
			}
			if got := w.stream(stream, fromStart, false, 10); got != "deleted" {
				t.Errorf("read of %s: %q", stream, got)
			}
			if got := w.stream(stream, fromEnd, true, 10); got != "deleted" {
				t.Errorf("read of %s backwards: %q", stream, got)
			}
		}
		for name, err := range map[string]error{
			"delete":    second(w.Delete(w.ctx, deleteRequest("s-1", expectAny))),
			"tombstone": second(w.Tombstone(w.ctx, tombstoneRequest("s-1", expectAny))),
		} {
			if w.short(err) != "deleted" {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	check(w)
	var trailer metadata.MD
	call, err := w.Read(w.ctx, &api.ReadReq{Options: streamRequest("s-1", fromStart, false, 1)}, grpc.Trailer(&trailer))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := call.Recv(); err == nil || trailer.Get("exception")[0] != "stream-deleted" || trailer.Get("stream-name")[0] != "s-1" {
		t.Errorf("%v, trailer %v", err, trailer)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	w = dial(t, open(t, o))
	check(w)
	all := w.all() // everything that ever was is still in the log
	if last := all[len(all)-1]; len(all) != 5 || last.GetMetadata()[keyType] != "$streamDeleted" || last.GetStreamRevision() != tombstoned {
		t.Errorf("%d events, the last %v", len(all), last)
	}
}

func second[T any](_ T, err error) error { return err }

func TestStreamMetadata(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	s := open(t, o)
	w := dial(t, s)
	w.mustAppend("s-1", expectNone, "abcdef")
	tests := []struct{ metadata, forwards, backwards string }{
		{`{"$maxCount":2}`, "4 5", "5 4"},
		{`{"$tb":3}`, "3 4 5", "5 4 3"},
		{`{"$tb":3,"$maxCount":5}`, "3 4 5", "5 4 3"},
		{`{"$tb":3,"$maxCount":1}`, "5", "5"},
		{`{"$tb":6}`, "", ""},
		{`{"$maxAge":3600}`, "0 1 2 3 4 5", "5 4 3 2 1 0"},
		{`{"$maxCount":"two"}`, "0 1 2 3 4 5", "5 4 3 2 1 0"},
		{`{"$maxCount":-1}`, "0 1 2 3 4 5", "5 4 3 2 1 0"},
		{`no JSON`, "0 1 2 3 4 5", "5 4 3 2 1 0"},
		{`{"$maxCount":3}`, "3 4 5", "5 4 3"},
	}
	for _, tt := range tests {
		w.setMetadata("s-1", tt.metadata)
		if got := w.stream("s-1", fromStart, false, 10); got != tt.forwards {
			t.Errorf("%s: %q, want %q", tt.metadata, got, tt.forwards)
		}
		if got := w.stream("s-1", fromEnd, true, 10); got != tt.backwards {
			t.Errorf("%s: backwards %q, want %q", tt.metadata, got, tt.backwards)
		}
	}
	if got := w.stream("s-1", 1, false, 2); got != "3 4" {
		t.Errorf("from below the first: %q", got)
	}
	if got, want := w.stream("$$s-1", fromStart, false, 10), fmt.Sprint(len(tests)-1); got != want {
		t.Errorf("metadata stream shows %q, want the newest, %q", got, want)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	w = dial(t, open(t, o))
	if got := w.stream("s-1", fromStart, false, 10); got != "3 4 5" {
		t.Errorf("after a restart: %q", got)
	}
	if events := w.all(); len(events) != 6+len(tests) {
		t.Errorf("the log has %d events", len(events))
	}

	w.setMetadata("only-1", `{"$maxCount":9}`)
	if got := w.stream("only-1", fromStart, false, 10); got != "not found" {
		t.Errorf("stream with nothing but metadata: %q", got)
	}
	if got, _ := w.append("only-1", expectExists, "a"); got != "0" {
		t.Errorf("append to it: %q", got)
	}
}

func TestMaxAge(t *testing.T) {
	s := open(t, Options{})
	w := dial(t, s)
	w.setMetadata("s-1", `{"$maxAge":60}`)
	// Two minutes ago, as nobody could write it through the protocol.
	_, err := s.store.submit(t.Context(), 0, 1, func(w *writer) (outcome, error) {
		h, err := w.head("s-1")
		if err != nil {
			return outcome{}, err
		}
		return outcome{}, w.insert("s-1", h, event{id: uuid.New(), created: ticks(time.Now().Add(-2 * time.Minute)), typ: "old"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.stream("s-1", fromStart, false, 10); got != "" {
		t.Errorf("old event: %q", got)
	}
	w.mustAppend("s-1", 0, "a")
	if got := w.stream("s-1", fromEnd, true, 10); got != "1" {
		t.Errorf("old and new event: %q", got)
	}
}

func TestWhatIsNotServedSaysSo(t *testing.T) {
	s := open(t, Options{})
	w := dial(t, s)
	o := allRequest(fromStart, false, 1)
	o.ResolveLinks = true
	if got := w.read(o); !strings.HasPrefix(got, "Unimplemented") {
		t.Errorf("links: %q", got)
	}
	batch, err := w.BatchAppend(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := batch.Recv(); status.Code(err) != codes.Unimplemented {
		t.Errorf("BatchAppend: %v", err)
	}
	if _, err := persistent.NewPersistentSubscriptionsClient(w.conn).List(w.ctx, &persistent.ListReq{}); status.Code(err) != codes.Unimplemented {
		t.Errorf("persistent subscriptions: %v", err)
	}
	reply, err := features.NewServerFeaturesClient(w.conn).GetSupportedMethods(w.ctx, &shared.Empty{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range reply.GetMethods() {
		if m.GetMethodName() == "batchappend" {
			t.Error("BatchAppend is announced")
		}
	}
}

func TestReadRefuses(t *testing.T) {
	w := dial(t, open(t, Options{}))
	for name, o := range map[string]*api.ReadReq_Options{
		"nothing":             {},
		"no place":            readRequest(&api.ReadReq_Options{StreamOption: &api.ReadReq_Options_Stream{Stream: &api.ReadReq_Options_StreamOptions{StreamIdentifier: name("s")}}}, false, 1),
		"no place in the log": readRequest(&api.ReadReq_Options{StreamOption: &api.ReadReq_Options_All{All: &api.ReadReq_Options_AllOptions{}}}, false, 1),
		"no name":             streamRequest("", fromStart, false, 1),
		"no count":            {StreamOption: allRequest(fromStart, false, 1).StreamOption},
		"going back for ever": allRequest(fromEnd, true, 0),
	} {
		if got := w.read(o); !strings.HasPrefix(got, "InvalidArgument") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestCredential(t *testing.T) {
	s := open(t, Options{})
	w := dial(t, s)
	w.mustAppend("s-1", expectNone, "a")
	for name, ctx := range map[string]context.Context{
		"none":     t.Context(),
		"another":  metadata.AppendToOutgoingContext(t.Context(), "authorization", basic("shuizheng:0123456789abcdef")),
		"empty":    metadata.AppendToOutgoingContext(t.Context(), "authorization", basic("")),
		"no Basic": metadata.AppendToOutgoingContext(t.Context(), "authorization", s.Credential()),
	} {
		stranger := dial(t, s)
		stranger.ctx = ctx
		if got, _ := stranger.append("s-1", 0, "b"); !strings.HasPrefix(got, "Unauthenticated") {
			t.Errorf("%s: append: %q", name, got)
		}
		if got := stranger.stream("s-1", fromStart, false, 1); !strings.HasPrefix(got, "Unauthenticated") {
			t.Errorf("%s: read: %q", name, got)
		}
		if _, err := stranger.Delete(ctx, deleteRequest("s-1", expectAny)); status.Code(err) != codes.Unauthenticated {
			t.Errorf("%s: delete: %v", name, err)
		}
		if _, err := stranger.Tombstone(ctx, tombstoneRequest("s-1", expectAny)); status.Code(err) != codes.Unauthenticated {
			t.Errorf("%s: tombstone: %v", name, err)
		}
	}
	if got := w.stream("s-1", fromStart, false, 10); got != "0" || len(w.all()) != 1 {
		t.Errorf("strangers have left %q", got)
	}
	if other := open(t, Options{}); other.Credential() == s.Credential() {
		t.Error("two starts have the same credential")
	}
	if given := open(t, Options{Credential: "me:mine"}); given.Credential() != "me:mine" {
		t.Error("a given credential is not used")
	}
}

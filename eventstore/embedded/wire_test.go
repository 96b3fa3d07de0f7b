package embedded

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// wire is a client that says exactly what a test wants to say.
type wire struct {
	t   *testing.T
	ctx context.Context
	api.StreamsClient
	conn *grpc.ClientConn
}

func open(t *testing.T, o Options) *Server {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func dial(t *testing.T, s *Server) *wire {
	t.Helper()
	conn, err := grpc.NewClient(s.Address(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", basic(s.Credential()))
	return &wire{t, ctx, api.NewStreamsClient(conn), conn}
}

func basic(credential string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(credential))
}

// id is the event id that a letter stands for in these tests.
func id(letter string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(letter)) }

func name(stream string) *shared.StreamIdentifier {
	return &shared.StreamIdentifier{StreamName: []byte(stream)}
}

func appendOptions(stream string, expected int64) *api.AppendReq {
	o := &api.AppendReq_Options{StreamIdentifier: name(stream)}
	switch expected {
	case expectNone:
		o.ExpectedStreamRevision = &api.AppendReq_Options_NoStream{NoStream: &shared.Empty{}}
	case expectAny:
		o.ExpectedStreamRevision = &api.AppendReq_Options_Any{Any: &shared.Empty{}}
	case expectExists:
		o.ExpectedStreamRevision = &api.AppendReq_Options_StreamExists{StreamExists: &shared.Empty{}}
	default:
		o.ExpectedStreamRevision = &api.AppendReq_Options_Revision{Revision: uint64(expected)}
	}
	return &api.AppendReq{Content: &api.AppendReq_Options_{Options: o}}
}

func message(m *api.AppendReq_ProposedMessage) *api.AppendReq {
	return &api.AppendReq{Content: &api.AppendReq_ProposedMessage_{ProposedMessage: m}}
}

func proposal(letter, typ string, data []byte) *api.AppendReq_ProposedMessage {
	return &api.AppendReq_ProposedMessage{
		Id:       &shared.UUID{Value: &shared.UUID_String_{String_: id(letter).String()}},
		Metadata: map[string]string{keyType: typ, keyContentType: contentJSON},
		Data:     data,
	}
}

// send sends the messages of an append and returns its answer.
func (w *wire) send(messages ...*api.AppendReq) (*api.AppendResp, error) {
	call, err := w.Append(w.ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		if err := call.Send(m); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
	}
	return call.CloseAndRecv()
}

// append appends an event for each letter and says in short what the answer was: "2" for the last revision written, "wrong 1"
// for a stream that is at 1.
func (w *wire) append(stream string, expected int64, letters string) (answer string, position uint64) {
	w.t.Helper()
	messages := []*api.AppendReq{appendOptions(stream, expected)}
	for _, letter := range letters {
		messages = append(messages, message(proposal(string(letter), "tested", []byte(`{}`))))
	}
	reply, err := w.send(messages...)
	if err != nil {
		return w.short(err), 0
	}
	if wrong := reply.GetWrongExpectedVersion(); wrong != nil {
		if wrong.GetCurrentNoStream() != nil {
			return "wrong none", 0
		}
		return fmt.Sprintf("wrong %d", wrong.GetCurrentRevision()), 0
	}
	success := reply.GetSuccess()
	if success.GetPosition().GetCommitPosition() != success.GetPosition().GetPreparePosition() {
		w.t.Errorf("position %v", success.GetPosition())
	}
	if success.GetNoStream() != nil {
		return "none", success.GetPosition().GetCommitPosition()
	}
	return fmt.Sprint(success.GetCurrentRevision()), success.GetPosition().GetCommitPosition()
}

func (w *wire) mustAppend(stream string, expected int64, letters string) uint64 {
	w.t.Helper()
	answer, position := w.append(stream, expected, letters)
	if position == 0 {
		w.t.Fatalf("append of %s to %s: %s", letters, stream, answer)
	}
	return position
}

func (w *wire) setMetadata(stream, json string) {
	w.t.Helper()
	reply, err := w.send(appendOptions("$$"+stream, expectAny), message(proposal(uuid.NewString(), "$metadata", []byte(json))))
	if err != nil || reply.GetSuccess() == nil {
		w.t.Fatalf("metadata of %s: %v, %v", stream, reply, err)
	}
}

func (w *wire) short(err error) string {
	s := status.Convert(err)
	if s.Code() == codes.FailedPrecondition && strings.Contains(s.Message(), "deleted for good") {
		return "deleted"
	}
	return s.Code().String() + ": " + s.Message()
}

func streamRequest(stream string, from int64, backwards bool, count uint64) *api.ReadReq_Options {
	o := &api.ReadReq_Options_StreamOptions{StreamIdentifier: name(stream)}
	switch from {
	case fromStart:
		o.RevisionOption = &api.ReadReq_Options_StreamOptions_Start{Start: &shared.Empty{}}
	case fromEnd:
		o.RevisionOption = &api.ReadReq_Options_StreamOptions_End{End: &shared.Empty{}}
	default:
		o.RevisionOption = &api.ReadReq_Options_StreamOptions_Revision{Revision: uint64(from)}
	}
	return readRequest(&api.ReadReq_Options{StreamOption: &api.ReadReq_Options_Stream{Stream: o}}, backwards, count)
}

func allRequest(from int64, backwards bool, count uint64) *api.ReadReq_Options {
	o := &api.ReadReq_Options_AllOptions{}
	switch from {
	case fromStart:
		o.AllOption = &api.ReadReq_Options_AllOptions_Start{Start: &shared.Empty{}}
	case fromEnd:
		o.AllOption = &api.ReadReq_Options_AllOptions_End{End: &shared.Empty{}}
	default:
		o.AllOption = &api.ReadReq_Options_AllOptions_Position{Position: &api.ReadReq_Options_Position{
			CommitPosition: uint64(from), PreparePosition: uint64(from),
		}}
	}
	return readRequest(&api.ReadReq_Options{StreamOption: &api.ReadReq_Options_All{All: o}}, backwards, count)
}

// readRequest completes a read; a count of 0 stands for a subscription.
func readRequest(o *api.ReadReq_Options, backwards bool, count uint64) *api.ReadReq_Options {
	if backwards {
		o.ReadDirection = api.ReadReq_Options_Backwards
	}
	o.CountOption = &api.ReadReq_Options_Count{Count: count}
	if count == 0 {
		o.CountOption = &api.ReadReq_Options_Subscription{Subscription: &api.ReadReq_Options_SubscriptionOptions{}}
	}
	o.UuidOption = &api.ReadReq_Options_UUIDOption{Content: &api.ReadReq_Options_UUIDOption_Structured{Structured: &shared.Empty{}}}
	return o
}

// read reads to the end and says in short what came: revisions, "not found", or the error.
func (w *wire) read(o *api.ReadReq_Options) string {
	w.t.Helper()
	call, err := w.Read(w.ctx, &api.ReadReq{Options: o})
	if err != nil {
		w.t.Fatal(err)
	}
	var parts []string
	for {
		m, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return strings.Join(parts, " ")
		}
		if err != nil {
			return strings.Join(append(parts, w.short(err)), " ")
		}
		parts = append(parts, short(m))
	}
}

func (w *wire) stream(stream string, from int64, backwards bool, count uint64) string {
	w.t.Helper()
	return w.read(streamRequest(stream, from, backwards, count))
}

// all returns the events of the whole log.
func (w *wire) all() (events []*api.ReadResp_ReadEvent_RecordedEvent) {
	w.t.Helper()
	call, err := w.Read(w.ctx, &api.ReadReq{Options: allRequest(fromStart, false, 1<<40)})
	if err != nil {
		w.t.Fatal(err)
	}
	for {
		m, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return events
		}
		if err != nil {
			w.t.Fatal(err)
		}
		events = append(events, m.GetEvent().GetEvent())
	}
}

func short(m *api.ReadResp) string {
	switch c := m.GetContent().(type) {
	case *api.ReadResp_Event:
		return fmt.Sprint(c.Event.GetEvent().GetStreamRevision())
	case *api.ReadResp_StreamNotFound_:
		return "not found"
	case *api.ReadResp_Confirmation:
		return "confirmed"
	case *api.ReadResp_CaughtUp_:
		return "caught up"
	case *api.ReadResp_Checkpoint_:
		return "checkpoint"
	}
	return fmt.Sprintf("%T", m.GetContent())
}

// subscription is a subscription whose messages a test takes one by one.
type subscription struct {
	t    *testing.T
	call api.Streams_ReadClient
}

func (w *wire) subscribe(o *api.ReadReq_Options) subscription {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.ctx)
	w.t.Cleanup(cancel)
	call, err := w.Read(ctx, &api.ReadReq{Options: o})
	if err != nil {
		w.t.Fatal(err)
	}
	return subscription{w.t, call}
}

func (s subscription) expect(want ...string) {
	s.t.Helper()
	var got []string
	for range want {
		m, err := s.call.Recv()
		if err != nil {
			s.t.Fatalf("after %q: %v, want %q", got, err, want)
		}
		got = append(got, short(m))
	}
	if !slices.Equal(got, want) {
		s.t.Fatalf("subscription says %q, want %q", got, want)
	}
}

func (s subscription) expectError(code codes.Code) {
	s.t.Helper()
	if m, err := s.call.Recv(); status.Code(err) != code {
		s.t.Fatalf("subscription says %v, %v; want %v", m, err, code)
	}
}

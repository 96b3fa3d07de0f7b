package embedded

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Keys of an event's metadata on the wire, and the one content type that has a meaning.
const (
	keyType        = "type"
	keyContentType = "content-type"
	keyCreated     = "created"

	contentJSON   = "application/json"
	contentBinary = "application/octet-stream"
)

// signed takes a number from the wire. What does not fit lies beyond everything the log can hold.
func signed(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

func invalid(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, format, args...)
}

func streamName(id *shared.StreamIdentifier) (string, error) {
	name := id.GetStreamName()
	switch {
	case len(name) == 0 || string(name) == metastreamPrefix:
		return "", invalid("stream name is empty")
	case !utf8.Valid(name):
		return "", invalid("stream name is not UTF-8")
	}
	return string(name), nil
}

func eventID(id *shared.UUID) (uuid.UUID, error) {
	var u uuid.UUID
	switch v := id.GetValue().(type) {
	case *shared.UUID_Structured_:
		binary.BigEndian.PutUint64(u[:8], uint64(v.Structured.GetMostSignificantBits()))
		binary.BigEndian.PutUint64(u[8:], uint64(v.Structured.GetLeastSignificantBits()))
	case *shared.UUID_String_:
		parsed, err := uuid.Parse(v.String_)
		if err != nil {
			return u, invalid("event id: %v", err)
		}
		u = parsed
	}
	if u == uuid.Nil {
		return u, invalid("event id is empty")
	}
	return u, nil
}

func proposedEvent(m *api.AppendReq_ProposedMessage) (event, error) {
	id, err := eventID(m.GetId())
	if err != nil {
		return event{}, err
	}
	typ := m.GetMetadata()[keyType]
	if typ == "" {
		return event{}, invalid("event %s has no type", id)
	}
	content, ok := m.GetMetadata()[keyContentType]
	if !ok {
		return event{}, invalid("event %s has no content type", id)
	}
	return event{id: id, typ: typ, json: content == contentJSON, metadata: m.GetCustomMetadata(), data: m.GetData()}, nil
}

// answers makes the messages of one read.
type answers struct {
	stringIDs bool
}

func (a answers) event(e event) *api.ReadResp {
	return &api.ReadResp{Content: &api.ReadResp_Event{Event: &api.ReadResp_ReadEvent{
		Event:    a.recorded(e),
		Position: &api.ReadResp_ReadEvent_CommitPosition{CommitPosition: uint64(e.position)},
	}}}
}

func (a answers) recorded(e event) *api.ReadResp_ReadEvent_RecordedEvent {
	content := contentBinary
	if e.json {
		content = contentJSON
	}
	id := &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{
		MostSignificantBits:  int64(binary.BigEndian.Uint64(e.id[:8])),
		LeastSignificantBits: int64(binary.BigEndian.Uint64(e.id[8:])),
	}}}
	if a.stringIDs {
		id = &shared.UUID{Value: &shared.UUID_String_{String_: e.id.String()}}
	}
	return &api.ReadResp_ReadEvent_RecordedEvent{
		Id:               id,
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(e.stream)},
		StreamRevision:   uint64(e.revision),
		PreparePosition:  uint64(e.position),
		CommitPosition:   uint64(e.position),
		Metadata: map[string]string{
			keyType:        e.typ,
			keyContentType: content,
			keyCreated:     strconv.FormatInt(e.created, 10), // without it the official client ends its whole process
		},
		CustomMetadata: e.metadata,
		Data:           e.data,
	}
}

func streamNotFound(stream string) *api.ReadResp {
	return &api.ReadResp{Content: &api.ReadResp_StreamNotFound_{StreamNotFound: &api.ReadResp_StreamNotFound{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
	}}}
}

func confirmation() *api.ReadResp {
	return &api.ReadResp{Content: &api.ReadResp_Confirmation{Confirmation: &api.ReadResp_SubscriptionConfirmation{
		SubscriptionId: uuid.NewString(),
	}}}
}

func caughtUp() *api.ReadResp {
	return &api.ReadResp{Content: &api.ReadResp_CaughtUp_{CaughtUp: &api.ReadResp_CaughtUp{}}}
}

func checkpointAt(position int64) *api.ReadResp {
	return &api.ReadResp{Content: &api.ReadResp_Checkpoint_{Checkpoint: &api.ReadResp_Checkpoint{
		CommitPosition: uint64(position), PreparePosition: uint64(position),
	}}}
}

func appended(o outcome) *api.AppendResp {
	success := &api.AppendResp_Success{PositionOption: &api.AppendResp_Success_Position{Position: &api.AppendResp_Position{
		CommitPosition: uint64(o.position), PreparePosition: uint64(o.position),
	}}}
	if o.revision == noStream {
		success.CurrentRevisionOption = &api.AppendResp_Success_NoStream{NoStream: &shared.Empty{}}
	} else {
		success.CurrentRevisionOption = &api.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(o.revision)}
	}
	return &api.AppendResp{Result: &api.AppendResp_Success_{Success: success}}
}

// wrongExpectedVersion says it twice, as servers do: clients before 20.6 look for other fields.
func wrongExpectedVersion(e *wrongVersion) *api.AppendResp {
	w := &api.AppendResp_WrongExpectedVersion{}
	if e.current == noStream {
		w.CurrentRevisionOption = &api.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: &shared.Empty{}}
		w.CurrentRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: &shared.Empty{}}
	} else {
		current := uint64(e.current)
		w.CurrentRevisionOption = &api.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: current}
		w.CurrentRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: current}
	}
	switch e.expected {
	case expectAny:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedAny{ExpectedAny: &shared.Empty{}}
		w.ExpectedRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_Any_20_6_0{Any_20_6_0: &shared.Empty{}}
	case expectExists:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: &shared.Empty{}}
		w.ExpectedRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_StreamExists_20_6_0{StreamExists_20_6_0: &shared.Empty{}}
	case expectNone:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: &shared.Empty{}}
	default:
		expected := uint64(e.expected)
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: expected}
		w.ExpectedRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: expected}
	}
	return &api.AppendResp{Result: &api.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: w}}
}

// failure turns an error into the status and the trailer by which clients tell it from others.
func failure(stream string, err error) (metadata.MD, error) {
	var wrong *wrongVersion
	switch {
	case errors.As(err, &wrong):
		return metadata.Pairs("exception", "wrong-expected-version", "stream-name", stream,
			"expected-version", strconv.FormatInt(wrong.expected, 10), "actual-version", strconv.FormatInt(wrong.current, 10),
		), status.Error(codes.FailedPrecondition, err.Error())
	case errors.Is(err, errDeleted):
		return metadata.Pairs("exception", "stream-deleted", "stream-name", stream),
			status.Error(codes.FailedPrecondition, fmt.Sprintf("stream %s is deleted for good", stream))
	case errors.Is(err, errTooLarge):
		return metadata.Pairs("exception", "maximum-append-size-exceeded", "maximum-append-size", strconv.Itoa(maxAppend)),
			status.Error(codes.InvalidArgument, err.Error())
	case errors.Is(err, errPosition):
		return nil, status.Error(codes.Unknown, "Unexpected ReadAllResult: InvalidPosition")
	case errors.Is(err, errClosed), errors.Is(err, errStopped):
		return nil, status.Error(codes.Unavailable, err.Error())
	case errors.Is(err, errReadOnly):
		return nil, status.Error(codes.PermissionDenied, err.Error())
	case errors.Is(err, errOverloaded):
		return nil, status.Error(codes.ResourceExhausted, err.Error())
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil, status.FromContextError(err).Err()
	}
	if s, ok := status.FromError(err); ok {
		return nil, s.Err()
	}
	return nil, status.Error(codes.DataLoss, err.Error()) // the log can't be read
}

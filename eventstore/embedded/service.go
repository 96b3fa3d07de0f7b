package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"

	features "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// maxAppend is the size limit of an append: data and metadata of its events, and their types in UTF-16.
const maxAppend = 1 << 20

var errTooLarge = fmt.Errorf("Maximum Append Size of %d Exceeded.", maxAppend) //nolint:staticcheck // the sentence clients know

// service answers the calls of the streams protocol. What the protocol has and this server has not, such as BatchAppend, is
// answered as unimplemented by the embedded type; the same holds for whole services that are not registered.
type service struct {
	api.UnimplementedStreamsServer
	features.UnimplementedServerFeaturesServer
	store   *store
	closing <-chan struct{}
}

// GetSupportedMethods is what a client asks for before anything else. It has no way to show its credential with it.
func (s *service) GetSupportedMethods(context.Context, *shared.Empty) (*features.SupportedMethods, error) {
	reply := &features.SupportedMethods{EventStoreServerVersion: "24.6.0"} // whose protocol this is; clients parse it
	for _, method := range []string{"append", "read", "delete", "tombstone"} {
		reply.Methods = append(reply.Methods, &features.SupportedMethod{
			ServiceName: "event_store.client.streams.streams", MethodName: method,
		})
	}
	return reply, nil
}

func (s *service) Append(call api.Streams_AppendServer) error {
	req, err := receiveAppend(call)
	if err != nil {
		// A client that still sends gets io.EOF instead of the reason. So let it finish.
		for {
			if _, end := call.Recv(); end != nil {
				break
			}
		}
		return fail(call.Context(), req.stream, err)
	}
	o, err := s.store.submit(call.Context(), req.size, len(req.events), func(w *writer) (outcome, error) {
		return w.append(req.stream, req.expected, req.events)
	})
	var wrong *wrongVersion
	switch {
	case errors.As(err, &wrong):
		return call.SendAndClose(wrongExpectedVersion(wrong))
	case err != nil:
		return fail(call.Context(), req.stream, err)
	}
	return call.SendAndClose(appended(o))
}

type appendRequest struct {
	stream   string
	expected int64
	events   []event
	size     int // bytes
}

func receiveAppend(call api.Streams_AppendServer) (req appendRequest, err error) {
	first, err := call.Recv()
	if err != nil && !errors.Is(err, io.EOF) {
		return req, err
	}
	options := first.GetOptions()
	if options == nil {
		return req, invalid("an append begins with its options")
	}
	if req.stream, err = writableStream(options.GetStreamIdentifier()); err != nil {
		return req, err
	}
	if req.expected, err = expectation(options.GetExpectedStreamRevision()); err != nil {
		return req, err
	}
	for {
		m, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return req, nil
		}
		if err != nil {
			return req, err
		}
		if m.GetProposedMessage() == nil {
			return req, invalid("an append has its options only once")
		}
		e, err := proposedEvent(m.GetProposedMessage())
		if err != nil {
			return req, err
		}
		if req.size += len(e.data) + len(e.metadata) + 2*len(e.typ); req.size > maxAppend {
			return req, errTooLarge
		}
		req.events = append(req.events, e)
	}
}

func (s *service) Delete(ctx context.Context, req *api.DeleteReq) (*api.DeleteResp, error) {
	stream, err := writableStream(req.GetOptions().GetStreamIdentifier())
	if err != nil {
		return nil, err
	}
	expected, err := expectation(req.GetOptions().GetExpectedStreamRevision())
	if err != nil {
		return nil, err
	}
	o, err := s.store.submit(ctx, 0, 1, func(w *writer) (outcome, error) { return w.delete(stream, expected) })
	if err != nil {
		return nil, fail(ctx, stream, err)
	}
	return &api.DeleteResp{PositionOption: &api.DeleteResp_Position_{Position: &api.DeleteResp_Position{
		CommitPosition: uint64(o.position), PreparePosition: uint64(o.position),
	}}}, nil
}

func (s *service) Tombstone(ctx context.Context, req *api.TombstoneReq) (*api.TombstoneResp, error) {
	stream, err := writableStream(req.GetOptions().GetStreamIdentifier())
	if err != nil {
		return nil, err
	}
	expected, err := expectation(req.GetOptions().GetExpectedStreamRevision())
	if err != nil {
		return nil, err
	}
	o, err := s.store.submit(ctx, 0, 1, func(w *writer) (outcome, error) { return w.tombstone(stream, expected) })
	if err != nil {
		return nil, fail(ctx, stream, err)
	}
	return &api.TombstoneResp{PositionOption: &api.TombstoneResp_Position_{Position: &api.TombstoneResp_Position{
		CommitPosition: uint64(o.position), PreparePosition: uint64(o.position),
	}}}, nil
}

func writableStream(id *shared.StreamIdentifier) (string, error) {
	name, err := streamName(id)
	if err == nil && name == allStream {
		err = status.Error(codes.PermissionDenied, "nobody writes to "+allStream)
	}
	return name, err
}

// expectation takes what a request expects of its stream, from whichever request it is.
func expectation(option any) (int64, error) {
	var revision uint64
	switch o := option.(type) {
	case *api.AppendReq_Options_NoStream, *api.DeleteReq_Options_NoStream, *api.TombstoneReq_Options_NoStream:
		return expectNone, nil
	case *api.AppendReq_Options_Any, *api.DeleteReq_Options_Any, *api.TombstoneReq_Options_Any:
		return expectAny, nil
	case *api.AppendReq_Options_StreamExists, *api.DeleteReq_Options_StreamExists, *api.TombstoneReq_Options_StreamExists:
		return expectExists, nil
	case *api.AppendReq_Options_Revision:
		revision = o.Revision
	case *api.DeleteReq_Options_Revision:
		revision = o.Revision
	case *api.TombstoneReq_Options_Revision:
		revision = o.Revision
	default:
		return 0, invalid("the request does not say which revision it expects")
	}
	if revision >= tombstoned {
		return 0, invalid("no stream can be at revision %d", revision)
	}
	return int64(revision), nil
}

// fail ends a call with an error, told in the way clients know.
func fail(ctx context.Context, stream string, err error) error {
	trailer, err := failure(stream, err)
	if trailer != nil {
		if err := grpc.SetTrailer(ctx, trailer); err != nil {
			return status.Error(codes.Internal, err.Error())
		}
	}
	return err
}

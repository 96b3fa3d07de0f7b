package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"shuizheng/domain"
)

// ErrPosition says that the log ends before a position: the position comes from another log, or this is an older copy.
var ErrPosition = errors.New("eventstore: the log ends before this position")

// explain turns an error of the official client into one of the domain, where the domain has one for it.
func explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ended(ctx)
	}
	var code esdb.ErrorCode
	var e *esdb.Error
	if errors.As(err, &e) {
		code = e.Code()
	}
	switch {
	case code == esdb.ErrorCodeWrongExpectedVersion:
		return fmt.Errorf("%w: %w", domain.ErrWrongRevision, err)
	case status.Code(cause(err)) == codes.InvalidArgument && strings.Contains(err.Error(), "Maximum Append Size"):
		return fmt.Errorf("%w: %w", domain.ErrTooLarge, err)
	case status.Code(cause(err)) == codes.DeadlineExceeded: // the server's clock was a little faster than that of ctx
		return fmt.Errorf("%w: %w: %w", domain.ErrUnavailable, context.DeadlineExceeded, err)
	case passing(code, err):
		return fmt.Errorf("%w: %w", domain.ErrUnavailable, err)
	}
	return fmt.Errorf("eventstore: %w", err)
}

// ended is the error of a call whose context has ended. An append may have been written all the same.
func ended(ctx context.Context) error {
	return fmt.Errorf("%w: %w", domain.ErrUnavailable, context.Cause(ctx))
}

// passing reports whether the same call may well succeed later.
func passing(code esdb.ErrorCode, err error) bool {
	switch code {
	case esdb.ErrorCodeConnectionClosed, esdb.ErrorCodeNotLeader:
		return true
	}
	switch status.Code(cause(err)) {
	case codes.Unavailable, codes.Aborted, codes.ResourceExhausted, codes.Canceled, codes.Internal:
		return true
	}
	return errors.Is(err, io.EOF) // the server answered before it had read all, and the client has lost the answer
}

// gone reports whether an error means that the session's server is not there any more.
func gone(err error) bool {
	var e *esdb.Error
	return errors.As(err, &e) && e.Code() == esdb.ErrorCodeConnectionClosed || status.Code(cause(err)) == codes.Unavailable
}

// cause finds the gRPC error, which alone tells some failures apart, within what the official client has made of it.
func cause(err error) error {
	var s interface{ GRPCStatus() *status.Status }
	if errors.As(err, &s) {
		return s.GRPCStatus().Err()
	}
	return nil
}

// noStream reports whether a read has failed because there is no such stream. The server says that within the answer; a gRPC
// status of the same meaning comes from something in between and says nothing about the stream.
func noStream(err error) bool {
	var e *esdb.Error
	return errors.As(err, &e) && e.Code() == esdb.ErrorCodeResourceNotFound && cause(err) == nil
}

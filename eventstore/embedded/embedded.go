// Package embedded is an event store within the program: a server for one node that speaks the EventStoreDB gRPC protocol
// and keeps its log in one SQLite file. An append is answered when it is safe on the disk.
//
// It serves what the application needs of the protocol, to any client of it: append, read a stream and $all in both
// directions, subscribe to both, delete, tombstone, and stream metadata. It answers everything else, such as persistent
// subscriptions, projections and links, as unimplemented.
package embedded

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	features "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Options say where a server keeps its log and how it is reached.
type Options struct {
	// Dir is the server's own folder. Open makes it if need be, and closes it to other users of the machine.
	Dir string
	// Listen is a loopback address, host:port. Empty stands for a unix socket in a folder that only this user can enter.
	Listen string
	// Credential is what every call must show, as user:secret. Empty stands for a new one, made at random at every start.
	Credential string
	// ReadOnly refuses appends and leaves the log as it is. Any number of processes may read a log that nobody writes.
	ReadOnly bool
	// Log tells of a failed disk. Nil stands for nowhere.
	Log *slog.Logger
}

// ErrInUse says that another process has the folder open.
var ErrInUse = errors.New("事件库目录正被另一个进程使用，请先停止该进程 (event store folder is in use by another process)")

// Server is a running event store.
type Server struct {
	store      *store
	grpc       *grpc.Server
	served     chan struct{}
	address    string
	credential string
	closing    chan struct{}
	close      func() error
}

// Open opens the log, or makes it, and serves it. It returns [ErrInUse] if another process has it open. The server runs
// until Close, independent of ctx.
func Open(ctx context.Context, o Options) (_ *Server, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Credential == "" {
		secret := make([]byte, 32)
		rand.Read(secret) // never fails
		o.Credential = "shuizheng:" + hex.EncodeToString(secret)
	}
	if err := private(o.Dir, o.ReadOnly); err != nil {
		return nil, err
	}
	var undo []func() error
	release := func() error {
		var errs []error
		for i := len(undo) - 1; i >= 0; i-- {
			errs = append(errs, undo[i]())
		}
		return errors.Join(errs...)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, release())
		}
	}()

	unlock, err := lock(o.Dir, o.ReadOnly)
	if err != nil {
		return nil, err
	}
	undo = append(undo, unlock)
	store, err := openStore(o.Dir, o.ReadOnly, o.Log)
	if err != nil {
		return nil, err
	}
	undo = append(undo, store.close)
	listener, address, unlisten, err := listen(o)
	if err != nil {
		return nil, err
	}
	undo = append(undo, unlisten)

	s := &Server{
		store:      store,
		served:     make(chan struct{}),
		address:    address,
		credential: o.Credential,
		closing:    make(chan struct{}),
	}
	s.close = sync.OnceValue(func() error {
		close(s.closing) // ends the subscriptions, which would go on for ever
		timer := time.AfterFunc(closeTimeout, s.grpc.Stop)
		s.grpc.GracefulStop()
		timer.Stop()
		<-s.served
		return release()
	})
	s.serve(listener)
	return s, nil
}

// closeTimeout is how long Close waits for the calls under way.
const closeTimeout = 2 * time.Second

func (s *Server) serve(listener net.Listener) {
	s.grpc = grpc.NewServer(
		// The official client sends a ping every ten seconds, also when it is idle; by default that gets it thrown out.
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 5 * time.Second, PermitWithoutStream: true}),
		grpc.MaxRecvMsgSize(16<<20), // so that what is too large for an append is answered as that
		grpc.UnaryInterceptor(func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
			if err := s.authorize(ctx, info.FullMethod); err != nil {
				return nil, err
			}
			return next(ctx, req)
		}),
		grpc.StreamInterceptor(func(srv any, call grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
			if err := s.authorize(call.Context(), info.FullMethod); err != nil {
				return err
			}
			return next(srv, call)
		}),
	)
	svc := &service{store: s.store, closing: s.closing}
	api.RegisterStreamsServer(s.grpc, svc)
	features.RegisterServerFeaturesServer(s.grpc, svc)
	go func() {
		defer close(s.served)
		if err := s.grpc.Serve(listener); err != nil {
			s.store.stop(fmt.Errorf("%w: no longer listening: %w", errClosed, err))
		}
	}()
}

// authorize lets nobody through without the credential. Only the question for the protocol's version is free: the official
// client asks it without.
func (s *Server) authorize(ctx context.Context, method string) error {
	if method == features.ServerFeatures_GetSupportedMethods_FullMethodName {
		return nil
	}
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(s.credential))
	md, _ := metadata.FromIncomingContext(ctx)
	for _, got := range md.Get("authorization") {
		if subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1 {
			return nil
		}
	}
	return status.Error(codes.Unauthenticated, "this server asks for its credential")
}

// Address is where the server listens, as gRPC names it: unix:///path or host:port.
func (s *Server) Address() string { return s.address }

// Credential is what a client must show, as user:secret.
func (s *Server) Credential() string { return s.credential }

// Health returns nil while the server serves. After a write to the disk has failed it refuses everything until it is started
// anew, and Health says why.
func (s *Server) Health() error { return s.store.health() }

// Close ends the subscriptions, waits a moment for the calls under way, and closes the log. It may be called again.
func (s *Server) Close() error { return s.close() }

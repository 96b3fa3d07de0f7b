// Package eventstore is the log as the domain sees it, over the official EventStoreDB client. The server may be the one of
// package embedded or a cluster; nothing else in the program knows which, and nothing else sees the client's types.
//
// The official client can't be used as it is: it hangs without regard for the context when a server is gone, panics when it
// is closed during a call, and stays dead once it has given up looking for a server. This package keeps all of that to
// itself. Every method returns soon after its context has ended, and is safe for concurrent use.
package eventstore

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/metadata"

	"shuizheng/domain"
)

// Options say which log to use. Either URL or Address is set.
type Options struct {
	// URL is a connection string, esdb://user:secret@host:2113?tls=true, or esdb+discover:// for a cluster.
	URL string
	// Address and Credential are those of an embedded server.
	Address, Credential string
	// Timeout bounds an append, and the wait of any call for a server that can't be reached. Zero stands for ten seconds.
	Timeout time.Duration
	// Log tells of lost and regained servers. Nil stands for nowhere.
	Log *slog.Logger
}

// ErrClosed says that the client has been closed. It comes together with [domain.ErrUnavailable].
var ErrClosed = errors.New("eventstore: log is closed")

// Client reads and writes one log. Create it with [Open].
type Client struct {
	config  esdb.Configuration
	header  string // authorization that the official client would leave out, as the connection is not encrypted
	timeout time.Duration
	log     *slog.Logger

	life context.Context // ends with Close
	stop context.CancelFunc
	done chan struct{} // closed when the supervisor has ended

	mu      sync.Mutex
	session *session      // nil while no server is known
	found   chan struct{} // closed while there is a session
}

// session is one life of an official client. A client that has lost its server is replaced, not repaired: it may never come
// back, and while it looks for a server it listens to nobody. It is closed only when no call is inside it, as otherwise the
// call would panic.
type session struct {
	es     *esdb.Client
	served atomic.Bool   // the server has answered
	calls  int           // inside es; under Client.mu
	over   bool          // no further calls; under Client.mu
	lost   chan struct{} // closed when it is over
	closed chan struct{} // closed together with es
}

var _ domain.Log = (*Client)(nil)

const (
	defaultTimeout = 10 * time.Second

	// Pauses between attempts to reach a server.
	minPause = 20 * time.Millisecond
	maxPause = time.Second
	// closeTimeout is how long Close waits for calls that don't notice that they shall end.
	closeTimeout = time.Second
)

// Open connects to a log and reads from it, so that a wrong address or credential is found here. It waits for the server
// until ctx ends, and then returns [domain.ErrUnavailable].
func Open(ctx context.Context, o Options) (*Client, error) {
	config, header, err := configure(o)
	if err != nil {
		return nil, err
	}
	c := &Client{
		config:  *config,
		header:  header,
		timeout: o.Timeout,
		log:     o.Log,
		done:    make(chan struct{}),
		found:   make(chan struct{}),
	}
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.config.Logger = func(level esdb.LogLevel, format string, args ...any) {
		c.log.Debug("esdb: "+fmt.Sprintf(format, args...), "level", level)
	}
	c.life, c.stop = context.WithCancel(context.Background())
	go c.supervise()

	for {
		err := c.Health(ctx)
		if err == nil {
			return c, nil
		}
		if !errors.Is(err, domain.ErrUnavailable) || !rest(ctx, minPause) {
			return nil, errors.Join(err, c.Close())
		}
	}
}

// configure turns options into what the official client takes.
func configure(o Options) (config *esdb.Configuration, header string, err error) {
	switch {
	case (o.URL == "") == (o.Address == ""):
		return nil, "", errors.New("eventstore: either a URL or an address is needed")
	case o.URL != "":
		config, err = esdb.ParseConnectionString(o.URL)
	default:
		config, err = esdb.ParseConnectionString("esdb://embedded?tls=false")
	}
	if err != nil {
		return nil, "", fmt.Errorf("eventstore: connection string: %w", err)
	}
	credential := o.Credential
	if o.Address != "" {
		config.Address = o.Address
	} else if config.Username != "" {
		credential = config.Username + ":" + config.Password
	}
	if config.DisableTLS && credential != "" {
		// The official client says nothing and leaves them out. On a connection that nobody else can listen to they are safe.
		if !local(config) {
			return nil, "", errors.New("eventstore: a credential is sent to another machine only with tls=true")
		}
		header = "Basic " + base64.StdEncoding.EncodeToString([]byte(credential))
	}
	return config, header, nil
}

// local reports whether a connection stays on this machine.
func local(config *esdb.Configuration) bool {
	addresses := []string{config.Address}
	for _, seed := range config.GossipSeeds {
		addresses = append(addresses, seed.String())
	}
	for _, address := range addresses {
		if address == "" || strings.HasPrefix(address, "unix:") {
			continue
		}
		host, _, _ := net.SplitHostPort(address)
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return false
		}
	}
	return true
}

// Close ends all calls and subscriptions, which return [ErrClosed]. It may be called again.
func (c *Client) Close() error {
	c.stop()
	c.mu.Lock()
	s := c.session
	c.mu.Unlock()
	timeout := time.After(closeTimeout)
	if s != nil {
		c.retire(s)
		select {
		case <-s.closed:
		case <-timeout:
		}
	}
	select {
	case <-c.done:
	case <-timeout:
	}
	return nil
}

// supervise keeps a session ready until the client is closed.
func (c *Client) supervise() {
	defer close(c.done)
	pause := minPause
	for {
		es, err := c.connect()
		if err == nil {
			s := &session{es: es, lost: make(chan struct{}), closed: make(chan struct{})}
			c.mu.Lock()
			c.session = s
			close(c.found)
			c.mu.Unlock()
			select {
			case <-s.lost:
				c.log.Warn("event store lost, looking for it")
			case <-c.life.Done():
				c.retire(s)
				return
			}
			if s.served.Load() {
				pause = minPause
			}
		} else {
			c.log.Debug("event store not found", "error", err)
		}
		if !rest(c.life, pause) {
			return
		}
		pause = min(2*pause, maxPause)
	}
}

// connect returns an official client that has found its server. The one that looks first tries once and fails. The one that
// is used tries for ever, as calls that are inside a client when it gives up never return.
func (c *Client) connect() (*esdb.Client, error) {
	config := c.config
	config.MaxDiscoverAttempts = 1
	probe, err := esdb.NewClient(&config)
	if err != nil {
		return nil, err
	}
	_, err = probe.GetServerVersion()
	if err := errors.Join(err, probe.Close()); err != nil {
		return nil, err
	}
	config = c.config
	config.MaxDiscoverAttempts = math.MaxInt32
	es, err := esdb.NewClient(&config)
	if err != nil {
		return nil, err
	}
	if _, err := es.GetServerVersion(); err != nil {
		return nil, errors.Join(err, es.Close())
	}
	return es, nil
}

// acquire returns the session of the moment, for one call, which releases it when it has left the official client.
func (c *Client) acquire(ctx context.Context) (*session, error) {
	var timeout <-chan time.Time
	for {
		if c.life.Err() != nil {
			return nil, fmt.Errorf("%w: %w", domain.ErrUnavailable, ErrClosed)
		}
		c.mu.Lock()
		s, found := c.session, c.found
		if s != nil {
			s.calls++
		}
		c.mu.Unlock()
		if s != nil {
			return s, nil
		}
		if timeout == nil {
			timer := time.NewTimer(c.timeout)
			defer timer.Stop()
			timeout = timer.C
		}
		select {
		case <-found:
		case <-timeout:
			return nil, fmt.Errorf("%w: no server found within %v", domain.ErrUnavailable, c.timeout)
		case <-ctx.Done():
			return nil, ended(ctx)
		}
	}
}

func (c *Client) release(s *session) {
	c.mu.Lock()
	s.calls--
	last := s.over && s.calls == 0
	c.mu.Unlock()
	if last {
		s.close()
	}
}

// note draws the consequence of how a call of the official client has ended: a session that has lost its server is over. It
// comes first of all, so that as few calls as possible still get into a client that begins to look for a server. They hang in
// it until there is one, and each such search costs a connection, which gRPC gives up only after half an hour.
func (c *Client) note(s *session, err error) {
	switch {
	case err == nil:
		s.served.Store(true)
	case gone(err):
		c.retire(s)
	}
}

// retire ends a session.
func (c *Client) retire(s *session) {
	c.mu.Lock()
	if s.over {
		c.mu.Unlock()
		return
	}
	s.over = true
	c.session, c.found = nil, make(chan struct{})
	last := s.calls == 0
	c.mu.Unlock()
	close(s.lost)
	if last {
		s.close()
	}
}

func (s *session) close() {
	s.es.Close() //nolint:errcheck // always nil
	close(s.closed)
}

// rest waits; it reports false if ctx ended first.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// bind makes a context for one call, which also ends with the client, and which carries the credential.
func (c *Client) bind(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.header != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", c.header)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	unhook := context.AfterFunc(c.life, func() { cancel(ErrClosed) })
	return ctx, func() { unhook(); cancel(context.Canceled) }
}

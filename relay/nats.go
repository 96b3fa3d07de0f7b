package relay

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// EmbeddedOptions says how nats-server runs inside this process.
type EmbeddedOptions struct {
	Dir    string       // where JetStream keeps its files; may be deleted whenever the process is not running
	Name   string       // of the server, must stay the same from start to start; "" means "shuizheng"
	Listen string       // host for clients from outside; "" opens no port
	Port   int          // with Listen; -1 takes a free one
	Logger *slog.Logger // nil: slog.Default()
}

// startTimeout is how long nats-server may take to start, JetStream's recovery of its files included.
const startTimeout = time.Minute

// maxPayload is the largest message the embedded server takes, in bytes: above every event the store accepts.
const maxPayload = 8 << 20

// Embedded starts nats-server with JetStream inside this process and connects to it without a port. JetStream keeps its usual
// rhythm of syncing: what a power loss takes is published again. If its files cannot be used they are put aside and it starts
// with none. stop closes the connection and waits until the server has ended.
func Embedded(o EmbeddedOptions) (nc *nats.Conn, stop func(), err error) {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	s, err := start(o)
	if err != nil {
		aside := fmt.Sprintf("%s.unusable-%d", strings.TrimRight(o.Dir, "/"), time.Now().Unix())
		o.Logger.Error("JetStream cannot use its files; they are put aside, and filled again from the log", "dir", o.Dir, "aside", aside, "error", err)
		if e := os.Rename(o.Dir, aside); e != nil {
			return nil, nil, fmt.Errorf("relay: start nats-server: %w", errors.Join(err, e))
		}
		if s, err = start(o); err != nil {
			return nil, nil, fmt.Errorf("relay: start nats-server: %w", err)
		}
	}
	halt := func() {
		s.Shutdown()
		s.WaitForShutdown()
	}
	nc, err = connect(nats.DefaultURL, o.Logger, nats.InProcessServer(s))
	if err != nil {
		halt()
		return nil, nil, err
	}
	return nc, sync.OnceFunc(func() {
		nc.Close()
		halt()
	}), nil
}

func start(o EmbeddedOptions) (*server.Server, error) {
	if o.Name == "" {
		o.Name = "shuizheng"
	}
	s, err := server.NewServer(&server.Options{
		ServerName: o.Name, Host: o.Listen, Port: o.Port, DontListen: o.Listen == "", JetStream: true, StoreDir: o.Dir,
		NoSigs: true, MaxPayload: maxPayload, DisableJetStreamBanner: true,
	})
	if err != nil {
		return nil, err
	}
	fatal := make(chan string, 1)
	s.SetLoggerV2(serverLog{o.Logger.With("part", "nats-server"), fatal}, false, false, false)
	s.Start()
	reason := "it is not ready after " + startTimeout.String()
	for began := time.Now(); time.Since(began) < startTimeout; {
		if s.ReadyForConnections(100*time.Millisecond) && s.JetStreamEnabled() {
			return s, nil
		}
		select {
		case reason = <-fatal:
			began = time.Time{}
		default:
		}
	}
	s.Shutdown()
	s.WaitForShutdown()
	return nil, fmt.Errorf("nats-server: %s", reason)
}

// Connect connects to a NATS server or cluster outside. It returns at once even if nothing answers yet, and reconnects for ever.
func Connect(url string, logger *slog.Logger) (*nats.Conn, error) {
	if logger == nil {
		logger = slog.Default()
	}
	return connect(url, logger)
}

func connect(url string, logger *slog.Logger, extra ...nats.Option) (*nats.Conn, error) {
	nc, err := nats.Connect(url, append([]nats.Option{
		nats.Name("shuizheng"), nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(250 * time.Millisecond),
		// What cannot be sent must fail at once: the log has it, and a buffer would send it again at the wrong moment.
		nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				logger.Warn("NATS is away; commands are accepted, read models ask the log", "error", err)
			}
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) { logger.Info("NATS is back", "server", nc.ConnectedUrlRedacted()) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			logger.Warn("NATS reports an error", "error", err)
		}),
	}, extra...)...)
	if err != nil {
		return nil, fmt.Errorf("relay: connect to NATS: %w", err)
	}
	return nc, nil
}

// serverLog writes what nats-server says to the program's log. Its notices are of no interest when all is well.
type serverLog struct {
	log   *slog.Logger
	fatal chan<- string // what the server said when it gave up
}

func (l serverLog) Noticef(format string, v ...any) { l.log.Debug(fmt.Sprintf(format, v...)) }
func (l serverLog) Warnf(format string, v ...any)   { l.log.Warn(fmt.Sprintf(format, v...)) }
func (l serverLog) Errorf(format string, v ...any)  { l.log.Error(fmt.Sprintf(format, v...)) }
func (l serverLog) Debugf(format string, v ...any)  { l.log.Debug(fmt.Sprintf(format, v...)) }
func (l serverLog) Tracef(format string, v ...any)  { l.log.Debug(fmt.Sprintf(format, v...)) }

func (l serverLog) Fatalf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.log.Error(text)
	select {
	case l.fatal <- text:
	default:
	}
}

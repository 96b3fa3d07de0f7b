package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"golang.org/x/sync/errgroup"
	"zombiezen.com/go/sqlite"

	"shuizheng/acts"
	"shuizheng/api"
	"shuizheng/domain"
	"shuizheng/domain/catalog"
	"shuizheng/domain/registry"
	"shuizheng/eventstore"
	"shuizheng/eventstore/embedded"
	"shuizheng/evidence"
	"shuizheng/identity"
	"shuizheng/projections"
	"shuizheng/projections/all"
	"shuizheng/projections/findings"
	"shuizheng/relay"
	"shuizheng/web"
)

// house is the running program: every room of it, in the order an event passes through.
type house struct {
	now      func() time.Time
	logger   *slog.Logger
	store    *embedded.Server // nil when the log is outside
	log      eventLog
	catalog  domain.Catalog
	relay    *relay.Relay
	runner   *projections.Runner
	accounts *identity.Store
	sessions *scs.SessionManager
	evidence *evidence.Store
	filing   acts.Filing
	metrics  http.Handler

	closing chan struct{} // closed when long answers must end
	work    *errgroup.Group
	stop    context.CancelFunc
	closers []func() error
}

// eventLog is the log in either of its two forms: in this process, or behind the official client. One contract suite
// (eventstore/storetest) holds both.
type eventLog interface {
	domain.Log
	relay.Log
	projections.Log
	Head(ctx context.Context) (uint64, error)
}

// openHouse opens everything in the data folder and starts what runs in the background.
func openHouse(ctx context.Context, p program, s settings, logger *slog.Logger) (_ *house, err error) {
	h := &house{now: p.now, logger: logger, closing: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if h.catalog, err = catalog.New(); err != nil {
		return nil, err
	}
	if err := h.openLog(ctx, s); err != nil {
		return nil, err
	}
	conn, err := h.openNATS(s)
	if err != nil {
		return nil, fmt.Errorf("messaging: %w", err)
	}
	if h.relay, err = relay.New(relay.Config{Log: h.log, Conn: conn, Logger: logger}); err != nil {
		return nil, err
	}
	set, err := all.Set(h.catalog)
	if err != nil {
		return nil, err
	}
	h.runner = projections.NewRunner(projections.Config{Log: h.log, Set: set, Path: s.path("readmodel.db"), Feed: relay.Feed{Conn: conn}, Logger: logger})
	if h.accounts, err = identity.Open(ctx, s.path("identity.db"), identity.Options{Now: p.now, Logger: logger}); err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	h.closers = append(h.closers, h.accounts.Close)
	h.sessions = identity.NewSessionManager(h.accounts, false)
	if h.evidence, err = evidence.Open(s.path("evidence"), evidence.Options{}); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	h.closers = append(h.closers, h.evidence.Close)
	h.filing = acts.Filing{Log: h.log, Catalog: h.catalog, Now: p.now}
	h.metrics = h.newMetrics()
	h.start()
	return h, nil
}

// openLog opens the embedded store and uses it in process, or connects to a store outside. The embedded store speaks the
// protocol all the same: it is what the official client is tested against.
func (h *house) openLog(ctx context.Context, s settings) error {
	if s.eventstore == "" {
		store, err := embedded.Open(ctx, embedded.Options{Dir: s.path("eventstore"), Log: h.logger})
		if err != nil {
			return fmt.Errorf("event store: %w", err)
		}
		h.closers = append(h.closers, store.Close)
		h.store, h.log = store, store.Direct()
		return nil
	}
	reach, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	client, err := eventstore.Open(reach, eventstore.Options{URL: s.eventstore, Log: h.logger})
	if err != nil {
		return fmt.Errorf("event store: %w", err)
	}
	h.closers = append(h.closers, client.Close)
	h.log = client
	return nil
}

func (h *house) openNATS(s settings) (*nats.Conn, error) {
	if s.nats != "" {
		conn, err := relay.Connect(s.nats, h.logger)
		if err == nil {
			h.closers = append(h.closers, func() error { conn.Close(); return nil })
		}
		return conn, err
	}
	conn, stop, err := relay.Embedded(relay.EmbeddedOptions{Dir: s.path("nats"), Logger: h.logger})
	if err == nil {
		h.closers = append(h.closers, func() error { stop(); return nil })
	}
	return conn, err
}

// start runs relay, projections and the finishing of interrupted acts until close.
func (h *house) start() {
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	h.work = &errgroup.Group{}
	h.work.Go(func() error { return h.relay.Run(ctx) })
	h.work.Go(func() error { return h.runner.Run(ctx) })
	h.work.Go(func() error { return h.finishFilings(ctx) })
}

// close ends the background work and closes what was opened, last first.
func (h *house) close() error {
	var errs []error
	if h.stop != nil {
		h.stop()
		if err := h.work.Wait(); err != nil && !errors.Is(err, context.Canceled) {
			errs = append(errs, err)
		}
	}
	for n := len(h.closers) - 1; n >= 0; n-- {
		errs = append(errs, h.closers[n]())
	}
	return errors.Join(errs...)
}

// handler is the program over HTTP. Its clock is an argument because sample data is entered as of the day it tells of.
func (h *house) handler(now func() time.Time) (http.Handler, error) {
	return h.handlerOver(h.log, now)
}

// handlerOver is the handler over another log, for comparing logs.
func (h *house) handlerOver(log domain.Log, now func() time.Time) (http.Handler, error) {
	return api.New(api.Config{
		Log: log, Catalog: h.catalog, Filing: acts.Filing{Log: log, Catalog: h.catalog, Now: now}, Runner: h.runner, Accounts: h.accounts, Sessions: h.sessions, Evidence: h.evidence,
		Office: web.Office(), Field: web.Field(), Ready: h.notReady, Metrics: h.metrics, Now: now, Logger: h.logger,
	}, h.closing)
}

// caughtUpWithin is how soon relay and projections must reach what the log holds at the moment of asking. Under load they are
// always a few milliseconds behind, and a node that flaps serves nobody.
const caughtUpWithin = time.Second

// notReady lists what keeps the program from being ready.
func (h *house) notReady() []string {
	reasons := []string{}
	ctx, cancel := context.WithTimeout(context.Background(), caughtUpWithin)
	defer cancel()
	head, err := h.log.Head(ctx)
	if err != nil {
		reasons = append(reasons, "事件库不可用 event store unavailable")
	}
	if h.store != nil && h.store.Health() != nil {
		reasons = append(reasons, "事件库已停止写入 event store has stopped")
	}
	if !h.relay.Status().Connected {
		reasons = append(reasons, "消息服务未连接 NATS not connected")
	} else if err == nil && !h.relayed(ctx, head) {
		reasons = append(reasons, "消息转发未跟上 relay behind the log")
	}
	read := h.runner.Status()
	switch {
	case read.Fault != nil:
		reasons = append(reasons, fmt.Sprintf("台账停在位置 %d projections stopped at an event they cannot apply", read.Fault.Position))
	case read.Building:
		reasons = append(reasons, "台账正在重建 read model is being built")
	case !read.CaughtUp || err == nil && h.runner.WaitFor(ctx, head) != nil:
		reasons = append(reasons, "台账未跟上 projections behind the log")
	}
	return reasons
}

// relayed waits until the relay has passed a position on, or ctx ends.
func (h *house) relayed(ctx context.Context, position uint64) bool {
	for h.relay.Status().Position < position {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(10 * time.Millisecond):
		}
	}
	return true
}

// sweepEvery is how often filings that stand unfinished are looked for, beside every change of the read model.
const (
	sweepEvery = 30 * time.Second
	sweepMost  = 100 // filings at a time
)

// finishFilings finishes what a crash interrupted between the approval of a filing and the marking of its finding. It is
// woken by the read model, which NATS drives. It leaves a filing alone when it sees it for the first time: the request that
// began it is most likely still at work. To finish one twice would be harmless.
func (h *house) finishFilings(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	seen := map[uuid.UUID]bool{} // events that began a filing and were open the last time
	for {
		var open []findings.OpenFiling
		_, changed := h.runner.Changed()
		err := h.runner.Read(ctx, func(conn *sqlite.Conn, _ uint64) (err error) {
			open, err = findings.OpenFilings(conn, sweepMost)
			return err
		})
		if err != nil && ctx.Err() == nil && !errors.Is(err, projections.ErrNotReady) {
			h.logger.Warn("open filings not read", "error", err)
		}
		before := seen
		seen = map[uuid.UUID]bool{}
		for _, o := range open {
			if seen[o.Event] = true; !before[o.Event] {
				continue
			}
			var refused *domain.Refusal
			switch filed, err := h.filing.Finish(ctx, o.Finding, o.Event); {
			case errors.As(err, &refused):
				h.logger.Warn("filing could not be finished", "finding", o.Finding, "code", refused.Code)
			case err != nil:
				h.logger.Warn("filing not finished yet", "finding", o.Finding, "error", err)
			default:
				h.logger.Info("filing finished", "finding", o.Finding, "case", filed.Case)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
			// Give the request that is carrying a filing out the time to do so.
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Second):
			}
		case <-tick.C:
		}
	}
}

// adminOfficer and cityOrgan are who the very first events are about. Their ids are fixed so that a first start that was cut
// short continues instead of beginning anew.
func adminOfficer() uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte("shuizheng admin")) }
func cityOrgan() uuid.UUID    { return uuid.NewSHA1(uuid.Nil, []byte("shuizheng city organ")) }

// firstStart registers the city's organ and the administrator if the log has none, and returns his one-time password if the
// account is new.
func (h *house) firstStart(ctx context.Context) (password string, err error) {
	meta := func(step string) domain.Meta {
		id := domain.StepID(uuid.Nil, "first start: "+step)
		now := h.now().UTC()
		return domain.Meta{Actor: domain.Actor{Officer: adminOfficer(), Name: "系统", Role: "system", Organ: cityOrgan()}, OccurredAt: now,
			Clock: domain.Clock{Kind: domain.ClockServer}, RecordedAt: now, CommandID: id, CommandHash: step, CorrelationID: id, CausationID: id}
	}
	if _, err := domain.Execute(ctx, h.log, h.catalog, registry.Organ(), cityOrgan(),
		registry.RegisterOrgan{Name: "无锡市水利局", DocCode: "锡水", District: registry.City}, meta("organ")); err != nil {
		return "", fmt.Errorf("register the city's organ: %w", err)
	}
	done, err := domain.Execute(ctx, h.log, h.catalog, registry.Officer(), adminOfficer(),
		registry.OfficerCommand(registry.RegisterOfficer{Name: "系统管理员", Organ: cityOrgan(), District: registry.City, Roles: []registry.Role{registry.RoleAdmin}}), meta("admin"))
	if err != nil {
		return "", fmt.Errorf("register the administrator: %w", err)
	}
	if password, err = h.accounts.EnsureFirstAccount(ctx, "admin", adminOfficer()); err != nil {
		return "", err
	}
	return password, h.runner.WaitFor(ctx, done.Position)
}

// empty reports whether nothing but the first start stands in the log.
func (h *house) empty(ctx context.Context) (bool, error) {
	for r, err := range h.log.ReadAll(ctx, 0, 3) {
		if err != nil {
			return false, err
		}
		var meta domain.Meta
		if err := json.Unmarshal(r.Metadata, &meta); err != nil {
			return false, err
		}
		if meta.Actor.Role != "system" {
			return false, nil
		}
	}
	return true, nil
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"shuizheng/api"
	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/domain/patrol"
	"shuizheng/domain/registry"
	"shuizheng/eventstore"
	"shuizheng/identity"
	"shuizheng/projections"
	"shuizheng/projections/all"
)

// benchPlan is how long and how often is measured.
type benchPlan struct {
	postgres string
	rounds   int
	each     time.Duration
	events   int
	clients  []int
	profile  string
}

// bench measures, in one run and side by side: durable commands over HTTP against the same handler over a naive PostgreSQL event
// table, the rebuild of all read models, and how soon a command is visible in them. Client and server share the machine.
func bench(ctx context.Context, p program, args []string) (err error) {
	plan := benchPlan{clients: []int{1, 16, 64}}
	s, err := parseSettings(p, "bench", args, func(fs *flag.FlagSet) {
		fs.StringVar(&plan.postgres, "postgres", "", "PostgreSQL to compare with, host=… user=… or postgres://…; without it only Shuizheng is measured")
		fs.IntVar(&plan.rounds, "rounds", 5, "rounds, interleaved; medians are shown")
		fs.DurationVar(&plan.each, "each", 3*time.Second, "length of one measurement")
		fs.StringVar(&plan.profile, "cpuprofile", "", "file for a CPU profile of the whole run")
		fs.IntVar(&plan.events, "events", 200_000, "events of the log that is rebuilt")
	})
	if err != nil {
		return err
	}
	if plan.profile != "" {
		file, err := os.Create(plan.profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer func() { pprof.StopCPUProfile(); err = errors.Join(err, file.Close()) }()
	}
	dir, err := os.MkdirTemp(s.data, "bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s.data = dir
	h, err := openHouse(ctx, p, s, slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	b := &benchRun{house: h, plan: plan, out: p.stdout}
	fmt.Fprintf(p.stdout, "%s, %d CPUs, rounds %d × %s, %s\n\n", runtime.Version(), runtime.NumCPU(), plan.rounds, plan.each, time.Now().UTC().Format(time.DateOnly))
	if err := b.prepare(ctx); err != nil {
		return err
	}
	if err := b.commands(ctx); err != nil {
		return err
	}
	if err := b.visibility(ctx); err != nil {
		return err
	}
	return b.rebuild(ctx)
}

type benchRun struct {
	house    *house
	plan     benchPlan
	out      io.Writer
	password string
	reach    uuid.UUID
	officers []uuid.UUID
}

// prepare registers what a report needs: an organ, two certified officers, a reach, an account.
func (b *benchRun) prepare(ctx context.Context) error {
	h := b.house
	if _, err := h.firstStart(ctx); err != nil {
		return err
	}
	var last domain.Result
	meta := func() domain.Meta {
		id, now := uuid.Must(uuid.NewV7()), h.now().UTC()
		return domain.Meta{Actor: domain.Actor{Officer: adminOfficer(), Role: "admin"}, OccurredAt: now, RecordedAt: now, CommandID: id, CommandHash: id.String(), CorrelationID: id, CausationID: id}
	}
	var err error
	b.reach = uuid.Must(uuid.NewV7())
	if _, err = domain.Execute(ctx, h.log, h.catalog, registry.Reach(), b.reach, registry.RegisterReach{Name: "长江江阴段", Water: "长江", District: "320281", Regime: law.Yangtze}, meta()); err != nil {
		return err
	}
	for n := range 2 {
		id := uuid.Must(uuid.NewV7())
		b.officers = append(b.officers, id)
		for _, c := range []registry.OfficerCommand{
			registry.RegisterOfficer{Name: demoName(n), Organ: cityOrgan(), District: "320281", Roles: []registry.Role{registry.RoleOfficer}},
			registry.IssueCertificate{CertNo: fmt.Sprint("B", n), From: "2000-01-01", Until: "2099-12-31"},
		} {
			if last, err = domain.Execute(ctx, h.log, h.catalog, registry.Officer(), id, c, meta()); err != nil {
				return err
			}
		}
	}
	b.password = demoPassword()
	if _, err := h.accounts.CreateAccount(ctx, identity.NewAccount{Name: "bench", Officer: b.officers[0], Password: b.password}); err != nil {
		return err
	}
	return h.runner.WaitFor(ctx, last.Position)
}

// command is the body of a sand-vessel report of ordinary size.
func (b *benchRun) command() (id uuid.UUID, body []byte, err error) {
	data, err := json.Marshal(finding.Report{Source: "tip", Kind: law.SandVessel, ReachID: b.reach,
		Place:       domain.Place{LatE6: 31934000, LonE6: 120260000, Datum: "WGS84", AccuracyCM: 800, Source: "gnss", Note: "利港水域"},
		Description: "夜间巡查发现一艘船舶正在抽吸江砂，船上有吸砂泵运转，未能出示河道采砂许可证，已现场制止并拍照取证",
		Vessel:      &finding.Vessel{Name: "示例货1234", Type: "dredger", Papers: "none"}, Persons: 4, VolumeM3: 300,
		Photos:   []domain.Evidence{{ID: uuid.Must(uuid.NewV7()), SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", Size: 3 << 20, MediaType: "image/jpeg"}},
		Officers: b.officers})
	if err != nil {
		return id, nil, err
	}
	body, err = json.Marshal(api.Command{Type: "finding.report", Aggregate: uuid.Must(uuid.NewV7()), OccurredAt: b.house.now().UTC(),
		Clock: domain.Clock{Kind: domain.ClockDevice, UncertaintyMS: 2000}, Data: data})
	return uuid.Must(uuid.NewV7()), body, err
}

// target is one handler under measurement, behind a real listener.
type target struct {
	name   string
	url    string
	client *http.Client
	close  func() error
}

func (b *benchRun) target(ctx context.Context, name string, log domain.Log) (*target, error) {
	handler, err := b.house.handlerOver(log, b.house.now)
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerTimeout}
	go server.Serve(listener) //nolint:errcheck // ends with Close
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	t := &target{name, "http://" + listener.Addr().String(), &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}, server.Close}
	body, err := json.Marshal(api.SignIn{Account: "bench", Password: b.password})
	if err != nil {
		return nil, err
	}
	if _, err := t.do(ctx, http.MethodPost, "/api/v1/session", body); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *target) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, t.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	answer, err := t.client.Do(r)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: %d %s", method, path, answer.StatusCode, content)
	}
	return content, nil
}

// load sends commands from n clients for a while and returns how many a second were accepted, and how long each took.
func (b *benchRun) load(ctx context.Context, t *target, clients int, d time.Duration) (rate float64, took []time.Duration, err error) {
	var (
		mu      sync.Mutex
		group   errgroup.Group
		started = time.Now()
		until   = started.Add(d)
	)
	for range clients {
		group.Go(func() error {
			var own []time.Duration
			for time.Now().Before(until) {
				id, body, err := b.command()
				if err != nil {
					return err
				}
				sent := time.Now()
				if _, err := t.do(ctx, http.MethodPut, "/api/v1/commands/"+id.String(), body); err != nil {
					return err
				}
				own = append(own, time.Since(sent))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, own...)
			return nil
		})
	}
	err = group.Wait()
	return float64(len(took)) / time.Since(started).Seconds(), took, err
}

func (b *benchRun) commands(ctx context.Context) (err error) {
	own, err := b.target(ctx, "shuizheng", b.house.log)
	if err != nil {
		return err
	}
	targets := []*target{own}
	if b.house.store != nil { // the same store, over the protocol and the official client
		client, err := eventstore.Open(ctx, eventstore.Options{Address: b.house.store.Address(), Credential: b.house.store.Credential()})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, client.Close()) }()
		over, err := b.target(ctx, "shuizheng, over the protocol", client)
		if err != nil {
			return err
		}
		targets = append(targets, over)
	}
	peer := ""
	if b.plan.postgres != "" {
		log, err := openPostgres(ctx, b.plan.postgres)
		if err != nil {
			return err
		}
		defer log.pool.Close()
		peer = "postgres"
		other, err := b.target(ctx, peer, log)
		if err != nil {
			return err
		}
		targets = append(targets, other)
	}
	rates, latencies := map[string][]float64{}, map[string][]time.Duration{}
	key := func(name string, clients int) string { return fmt.Sprint(name, clients) }
	for range b.plan.rounds {
		for _, clients := range b.plan.clients {
			for _, t := range targets {
				rate, took, err := b.load(ctx, t, clients, b.plan.each)
				if err != nil {
					return err
				}
				rates[key(t.name, clients)] = append(rates[key(t.name, clients)], rate)
				latencies[key(t.name, clients)] = append(latencies[key(t.name, clients)], took...)
			}
		}
	}
	w := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "durable commands over HTTP\tclients\tper second, median [min..max]\tp50\tp99\t÷ postgres, same round")
	for _, clients := range b.plan.clients {
		for _, t := range targets {
			r := rates[key(t.name, clients)]
			ratio := ""
			if peer != "" && t.name != peer {
				ratios := make([]float64, len(r))
				for n := range r {
					ratios[n] = r[n] / rates[key(peer, clients)][n]
				}
				ratio = fmt.Sprintf("%.2f [%.2f..%.2f]", median(ratios), slices.Min(ratios), slices.Max(ratios))
			}
			l := latencies[key(t.name, clients)]
			fmt.Fprintf(w, "%s\t%d\t%.0f [%.0f..%.0f]\t%s\t%s\t%s\n", t.name, clients, median(r), slices.Min(r), slices.Max(r), quantile(l, 0.5), quantile(l, 0.99), ratio)
		}
	}
	for _, t := range targets {
		if err := t.close(); err != nil {
			return err
		}
	}
	return w.Flush()
}

// visibility sends 500 commands a second, whether or not the earlier ones are answered, and measures from each answer until
// ledger and statistics show it.
func (b *benchRun) visibility(ctx context.Context) error {
	const perSecond = 500
	t, err := b.target(ctx, "shuizheng", b.house.log)
	if err != nil {
		return err
	}
	head, err := b.house.log.Head(ctx)
	if err != nil {
		return err
	}
	if err := b.house.runner.WaitFor(ctx, head); err != nil {
		return err
	}
	var (
		mu      sync.Mutex
		visible []time.Duration
		answers []time.Duration
		late    atomic.Int64
		group   errgroup.Group
		total   = perSecond * int(b.plan.each.Seconds()) * b.plan.rounds
		started = time.Now()
	)
	for n := range total {
		due := started.Add(time.Duration(n) * time.Second / perSecond)
		time.Sleep(time.Until(due))
		id, body, err := b.command()
		if err != nil {
			return err
		}
		group.Go(func() error {
			content, err := t.do(ctx, http.MethodPut, "/api/v1/commands/"+id.String(), body)
			if err != nil {
				return err
			}
			answered := time.Now()
			var accepted api.Accepted
			if err := json.Unmarshal(content, &accepted); err != nil {
				return err
			}
			if err := b.house.runner.WaitFor(ctx, accepted.Position); err != nil {
				return err
			}
			seen := time.Since(answered)
			if seen > 100*time.Millisecond {
				late.Add(1)
			}
			mu.Lock()
			defer mu.Unlock()
			visible, answers = append(visible, seen), append(answers, answered.Sub(due))
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\nvisibility at %d commands/s, %d commands: answer p50 %s p99 %s; from answer to ledger and statistics p50 %s p99 %s, over 100 ms %d\n",
		perSecond, total, quantile(answers, 0.5), quantile(answers, 0.99), quantile(visible, 0.5), quantile(visible, 0.99), late.Load())
	return t.close()
}

// rebuild fills the log up to the planned number of events with whole lives of patrols, findings and cases, and builds the read
// models anew.
func (b *benchRun) rebuild(ctx context.Context) error {
	if err := b.fill(ctx); err != nil {
		return err
	}
	events := 0
	for after := uint64(0); ; {
		n := 0
		for r, err := range b.house.log.ReadAll(ctx, after, 5000) {
			if err != nil {
				return err
			}
			after = r.Position
			n++
		}
		if events += n; n == 0 {
			break
		}
	}
	if head, err := b.house.log.Head(ctx); err != nil {
		return err
	} else if err := b.house.runner.WaitFor(ctx, head); err != nil {
		return err
	}
	set, err := all.Set(b.house.catalog)
	if err != nil {
		return err
	}
	var rates []float64
	for n := range 3 {
		path := filepath.Join(os.TempDir(), fmt.Sprintf("shuizheng-bench-%d-%d.db", os.Getpid(), n))
		started := time.Now()
		if err := projections.Rebuild(ctx, b.house.log, set, path); err != nil {
			return err
		}
		rates = append(rates, float64(events)/time.Since(started).Seconds())
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	fmt.Fprintf(b.out, "\nrebuild of all read models, %d events: %.0f events/s [%.0f..%.0f]; heap in use %d MiB\n", events, median(rates), slices.Min(rates), slices.Max(rates), memory.HeapInuse>>20)
	return nil
}

func (b *benchRun) fill(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	const writers = 32
	lives := b.plan.events / 14 // events of one patrol with a finding that becomes a case
	for w := range writers {
		group.Go(func() error {
			for n := w; n < lives; n += writers {
				if err := b.life(ctx, n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// life appends a patrol of six events, three findings, one of them with five events, and the case of that one.
func (b *benchRun) life(ctx context.Context, n int) error {
	at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n%500_000) * time.Minute)
	crew := []law.Officer{{ID: b.officers[0], Name: demoName(0), CertNo: "B0", CertFrom: "2000-01-01", CertUntil: "2099-12-31"}, {ID: b.officers[1], Name: demoName(1), CertNo: "B1", CertFrom: "2000-01-01", CertUntil: "2099-12-31"}}
	patrolID, caseID := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	points := make([]patrol.Point, 20)
	for i := range points {
		points[i] = patrol.Point{LatE6: 31934000 + int64(i*250), LonE6: 120260000 + int64(n%1000), AccuracyCM: 800, At: at.Add(time.Duration(i) * time.Minute)}
	}
	if err := b.append(ctx, "patrol", patrolID, at, patrol.Departed{District: "320281", Reaches: []uuid.UUID{b.reach}, Means: "boat", Crew: crew, DepartedAt: at},
		patrol.TrackRecorded{Points: points}, patrol.TrackRecorded{Points: points}, patrol.TrackRecorded{Points: points}, patrol.Returned{ReturnedAt: at.Add(3 * time.Hour), DistanceM: 18000}); err != nil {
		return err
	}
	kinds := law.Kinds()
	reported := func(i int) finding.Reported {
		return finding.Reported{Source: "patrol", Kind: kinds[(n+i)%len(kinds)].Code, Patrol: &patrolID, Reach: finding.Reach{ID: b.reach, Name: "长江江阴段", District: "320281", Regime: law.Yangtze},
			Place: domain.Place{LatE6: 31934000, LonE6: 120260000, Datum: "WGS84", AccuracyCM: 800, Source: "gnss"}, Description: fmt.Sprintf("第%d号点位夜间发现船舶抽吸江砂，已现场制止并拍照取证", n),
			Vessel: &finding.Vessel{Name: fmt.Sprintf("示例货%05d", n%100000), Type: "dredger", Papers: "none"}, Photos: []domain.Evidence{}, Crew: crew, FoundAt: at.Add(time.Hour)}
	}
	for i := range 2 {
		if err := b.append(ctx, "finding", uuid.Must(uuid.NewV7()), at, reported(i)); err != nil {
			return err
		}
	}
	filing := law.SampleFiling()
	ground := law.FilingGround{Kind: kinds[n%len(kinds)].Code, Regime: law.Yangtze, DiscoveredOn: law.DateOf(at), FiledOn: law.DateOf(at), Handlers: crew}
	number := fmt.Sprintf("澄水立〔%d〕%d号", at.Year(), n)
	findingID := uuid.Must(uuid.NewV7())
	if err := b.append(ctx, "finding", findingID, at, reported(0), finding.Verified{Result: "suspected", Note: "属实", Crew: crew, VerifiedAt: at.Add(2 * time.Hour)},
		finding.FilingApproved{Case: caseID, Organ: finding.Organ{ID: cityOrgan(), Name: "无锡市水利局", DocCode: "锡水"}, Filing: filing, Ground: ground, ApprovedAt: at.Add(3 * time.Hour)},
		finding.Filed{Case: caseID, Number: number}); err != nil {
		return err
	}
	return b.append(ctx, "case", caseID, at, casefile.Filed{Number: number, Finding: findingID, Source: "patrol", Organ: cityOrgan(), District: "320281", Reach: b.reach, Filing: filing, Ground: ground, FiledAt: at.Add(3 * time.Hour)},
		casefile.Closed{Ground: "withdrawn", Note: "撤销立案", ClosedAt: at.Add(400 * time.Hour)})
}

func (b *benchRun) append(ctx context.Context, category string, id uuid.UUID, at time.Time, events ...domain.Event) error {
	command := uuid.Must(uuid.NewV7())
	meta, err := json.Marshal(domain.Meta{Actor: domain.Actor{Officer: b.officers[0], Name: demoName(0), CertNo: "B0", Role: "officer"}, OccurredAt: at, RecordedAt: at, CommandID: command, CorrelationID: command, CausationID: command, SchemaVersion: domain.MetaSchema})
	if err != nil {
		return err
	}
	stream := domain.StreamName(category, id)
	proposed := make([]domain.Proposed, len(events))
	for n, e := range events {
		data, err := json.Marshal(e)
		if err != nil {
			return err
		}
		proposed[n] = domain.Proposed{ID: domain.EventID(command, stream, n), Type: e.EventType(), Data: data, Metadata: meta}
	}
	_, err = b.house.log.Append(ctx, stream, domain.NoStream, proposed)
	return err
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}

func quantile(v []time.Duration, q float64) time.Duration {
	s := slices.Sorted(slices.Values(v))
	return s[min(len(s)-1, int(q*float64(len(s))))].Round(10 * time.Microsecond)
}

// postgresLog is what most would build first: an event table with a unique index, one transaction an append. It stands behind
// the same handler.
type postgresLog struct{ pool *pgxpool.Pool }

func openPostgres(ctx context.Context, address string) (*postgresLog, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 32
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	for _, setting := range []string{"fsync", "synchronous_commit"} {
		var value string
		if err := pool.QueryRow(ctx, "SHOW "+setting).Scan(&value); err != nil {
			return nil, err
		}
		if value != "on" {
			return nil, fmt.Errorf("postgres: %s is %s; only durable commits are compared", setting, value)
		}
	}
	_, err = pool.Exec(ctx, `DROP TABLE IF EXISTS events; CREATE TABLE events (position bigserial PRIMARY KEY, stream text NOT NULL, revision bigint NOT NULL,
		id uuid NOT NULL, type text NOT NULL, created timestamptz NOT NULL DEFAULT now(), data jsonb NOT NULL, metadata jsonb NOT NULL, UNIQUE (stream, revision))`)
	return &postgresLog{pool}, err
}

func (p *postgresLog) ReadStream(ctx context.Context, stream string) iter.Seq2[domain.Record, error] {
	return func(yield func(domain.Record, error) bool) {
		rows, err := p.pool.Query(ctx, "SELECT position, revision, id, type, created, data, metadata FROM events WHERE stream = $1 ORDER BY revision", stream)
		if err != nil {
			yield(domain.Record{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			r := domain.Record{Stream: stream}
			if err := rows.Scan(&r.Position, &r.Revision, &r.ID, &r.Type, &r.Created, &r.Data, &r.Metadata); err != nil {
				yield(r, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(domain.Record{}, err)
		}
	}
}

func (p *postgresLog) Append(ctx context.Context, stream string, expected domain.Expected, events []domain.Proposed) (position uint64, err error) {
	err = pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		for n, e := range events {
			if err := tx.QueryRow(ctx, "INSERT INTO events (stream, revision, id, type, data, metadata) VALUES ($1, $2, $3, $4, $5, $6) RETURNING position",
				stream, int64(expected)+1+int64(n), e.ID, e.Type, e.Data, e.Metadata).Scan(&position); err != nil {
				return err
			}
		}
		return nil
	})
	if taken := (*pgconn.PgError)(nil); errors.As(err, &taken) && taken.Code == "23505" {
		return 0, domain.ErrWrongRevision
	}
	return position, err
}

package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"shuizheng/domain"
)

// Feed brings events sooner than the log is asked for them. What it brings is a hint: an event that follows the runner's own
// position is applied, anything else only makes the runner look into the log.
type Feed interface {
	// Follow delivers events until ctx ends or the connection fails. It calls ready when it will hear whatever is published from
	// then on; it may lose, double, delay or reorder it nevertheless. previous is the position of the event before, log the
	// fingerprint of the log the event is from, empty for something that cannot be read.
	Follow(ctx context.Context, ready func(), deliver func(r domain.Record, previous uint64, log string)) error
}

// Config says what a [Runner] works on.
type Config struct {
	Log     Log
	Set     *Set
	Path    string        // of the SQLite file; files with a suffix stand beside it
	Feed    Feed          // nil: only the log is asked
	Poll    time.Duration // how often the log is asked when nothing is heard; 0 means 2 s
	Readers int           // connections for reading; 0 means 4
	Logger  *slog.Logger  // nil: slog.Default()

	// ShortLog is how long a log may end before the position of the read model until it is taken for an older log, and not for a
	// replica that lags; 0 means 30 s.
	ShortLog time.Duration
}

// Runner keeps one read model up with the log and lets it be read. Make it with [NewRunner], then call [Runner.Run].
type Runner struct {
	Config
	hints chan hint
	poke  chan struct{}

	mu      sync.Mutex
	status  Status
	changed chan struct{}
	readers *readers // nil while there is nothing that may be read
}

type hint struct {
	record   domain.Record
	previous uint64
	log      string
}

// Status is how a runner stands, for readiness and metrics.
type Status struct {
	Position  uint64 // the read model is true for this position of the log
	Readable  bool   // false until a read model of this log and these projections exists
	Building  bool   // a new file is being built from the log
	CaughtUp  bool   // the end of the log has been reached since the start
	Connected bool   // the feed stands
	Fault     *Fault // the event at which the read model stands still
	Err       error  // last trouble with log or disk, nil when it is over
}

// ErrNotReady says that the read model is being built and cannot be read yet.
var ErrNotReady = errors.New("projections: read model is not ready")

const (
	hintQueue  = 4096 // events; what does not fit is read from the log
	retryFirst = 250 * time.Millisecond
	retryLast  = 30 * time.Second
	feedLast   = 2 * time.Second // longest pause before the feed is tried again
	// waitPoke is how long a waiting query trusts the feed before it makes the runner look into the log.
	waitPoke = 50 * time.Millisecond
)

// While events keep coming, a commit is followed by a pause of breathTimes its own duration, breathMost at most. A transaction costs
// much the same for one event and for fifty, and on a small machine it is taken from those who wait for an answer. The first event
// after a quiet time is applied at once.
const (
	breathTimes = 4
	breathMost  = 20 * time.Millisecond
)

// NewRunner makes a runner; it touches nothing before [Runner.Run].
func NewRunner(c Config) *Runner {
	if c.Poll <= 0 {
		c.Poll = 2 * time.Second
	}
	if c.Readers <= 0 {
		c.Readers = 4
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.ShortLog <= 0 {
		c.ShortLog = 30 * time.Second
	}
	return &Runner{Config: c, hints: make(chan hint, hintQueue), poke: make(chan struct{}, 1), changed: make(chan struct{})}
}

// Run follows the log until ctx ends, and returns its error. Trouble with log, feed or disk is logged, shown in [Runner.Status]
// and tried again with growing pauses.
func (r *Runner) Run(ctx context.Context) error {
	var beside sync.WaitGroup
	defer beside.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if r.Feed != nil {
		beside.Go(func() { r.listen(ctx) })
	}
	beside.Go(func() { r.foldBack(ctx) })
	defer r.show(nil)

	pause, short := retryFirst, time.Time{}
	for ctx.Err() == nil {
		before := r.Status().Position
		err := r.session(ctx)
		if ctx.Err() != nil {
			break
		}
		if r.Status().Position != before {
			pause = retryFirst
		}
		switch {
		case errors.Is(err, errShortLog):
			if short.IsZero() {
				short = time.Now()
			}
			if time.Since(short) > r.ShortLog {
				err = fmt.Errorf("%w: for %v", errOtherLog, r.ShortLog)
			}
		default:
			short = time.Time{}
		}
		r.trouble(err)
		if errors.Is(err, errOtherLog) || damaged(err) {
			r.show(nil)
			if err = r.discard(); err == nil {
				continue
			}
			r.trouble(err)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, retryLast)
	}
	return ctx.Err()
}

// session opens the read model, building it first if need be, and follows until something fails.
func (r *Runner) session(ctx context.Context) (err error) {
	fingerprint, err := r.Log.Fingerprint(ctx)
	if err != nil {
		return fmt.Errorf("fingerprint of the log: %w", err)
	}
	f, err := openFile(r.Path, r.Set, fingerprint)
	switch {
	case errors.Is(err, errForeign):
		r.Logger.Warn("read model does not fit, building a new one beside it", "path", r.Path, "reason", err)
		r.show(nil)
		f, err = r.build(ctx, fingerprint)
	case errors.Is(err, os.ErrNotExist):
		f, err = r.build(ctx, fingerprint)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	if err := r.open(f); err != nil {
		return err
	}
	return r.live(ctx, f)
}

// build fills a new file from the log and puts it in the place of the old one, which is kept for one step back.
func (r *Runner) build(ctx context.Context, fingerprint string) (*file, error) {
	r.update(func(s *Status) { s.Building = true })
	defer r.update(func(s *Status) { s.Building = false })
	beside := r.Path + ".building"
	err := build(ctx, r.Log, r.Set, fingerprint, beside, func(position uint64) {
		r.update(func(s *Status) { s.Position = position })
	})
	// What stands before an event that cannot be applied is better than nothing to read; following it will meet the event again.
	if fault := (*Fault)(nil); err != nil && !errors.As(err, &fault) {
		return nil, err
	}
	if err := r.discard(); err != nil {
		return nil, err
	}
	if err := os.Rename(beside, r.Path); err != nil {
		return nil, fmt.Errorf("swap in the new read model: %w", err)
	}
	if fingerprint == "" { // the log was empty, and may have been begun while the file was built
		var err error
		if fingerprint, err = r.Log.Fingerprint(ctx); err != nil {
			return nil, fmt.Errorf("fingerprint of the log: %w", err)
		}
	}
	return openFile(r.Path, r.Set, fingerprint)
}

// discard moves the read model out of the way, to its path with ".previous".
func (r *Runner) discard() error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		from, to := r.Path+suffix, r.Path+".previous"+suffix
		if err := os.Remove(to); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove the read model before the last: %w", err)
		}
		if err := os.Rename(from, to); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("put the read model aside: %w", err)
		}
	}
	return nil
}

// open lets the file be read if it is not yet.
func (r *Runner) open(f *file) error {
	r.mu.Lock()
	open := r.readers != nil
	r.mu.Unlock()
	if !open {
		readers, err := newReaders(r.Path, r.Readers)
		if err != nil {
			return err
		}
		r.show(readers)
	}
	r.advance(f.position)
	return nil
}

// live catches up and then applies what the feed brings; whenever that does not fit, it reads the log.
func (r *Runner) live(ctx context.Context, f *file) error {
	advance := func() { r.advance(f.position) }
	poll := time.NewTicker(r.Poll)
	defer poll.Stop()
	look := true
	var breathed time.Time // when the pause after the last commit is over
	for {
		if look {
			if err := f.follow(ctx, r.Log, advance); err != nil {
				return err
			}
			look = false
			r.update(func(s *Status) { s.CaughtUp, s.Fault, s.Err = true, nil, nil })
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-poll.C:
			look = true
		case <-r.poke:
			look = true
		case h := <-r.hints:
			select {
			case <-time.After(time.Until(breathed)):
			case <-ctx.Done():
				return ctx.Err()
			}
			began := time.Now()
			fits, err := r.applyHints(f, h)
			if err != nil {
				return err
			}
			breathed = time.Now().Add(min(breathTimes*time.Since(began), breathMost))
			advance()
			look = !fits
		}
	}
}

// applyHints applies the hints that are waiting as far as they follow each other, and says whether all did. A hint that cannot
// be applied counts as one that does not fit: only the log's own copy of an event can stop a read model.
func (r *Runner) applyHints(f *file, first hint) (fit bool, err error) {
	fit = true
	position := f.position
	var items []item
	for h, more := first, true; more && len(items) < batchSize; {
		switch {
		case h.log != f.log:
			fit = false
		case h.record.Position <= position:
		case h.previous != position:
			fit = false
		default:
			items = append(items, f.set.decode(h.record))
			position = h.record.Position
		}
		select {
		case h = <-r.hints:
		default:
			more = false
		}
	}
	err = f.apply(items)
	if fault := (*Fault)(nil); errors.As(err, &fault) {
		return false, nil
	}
	return fit, err
}

// listen keeps the feed going. When it stands the log is read once more, for what was published before.
func (r *Runner) listen(ctx context.Context) {
	pause := retryFirst
	for ctx.Err() == nil {
		err := r.Feed.Follow(ctx, func() {
			pause = retryFirst
			r.update(func(s *Status) { s.Connected = true })
			r.look()
		}, func(record domain.Record, previous uint64, log string) {
			select {
			case r.hints <- hint{record, previous, log}:
			default:
				r.look()
			}
		})
		r.update(func(s *Status) { s.Connected = false })
		if ctx.Err() != nil {
			return
		}
		r.Logger.Warn("feed of the read model ended, the log is polled until it is back", "error", err, "again in", pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, feedLast)
	}
}

// look makes the runner read the log soon.
func (r *Runner) look() {
	select {
	case r.poke <- struct{}{}:
	default:
	}
}

// foldBack moves the write-ahead log into the file on a connection of its own, so that no commit has to wait for it.
func (r *Runner) foldBack(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var done uint64
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		position := r.Status().Position
		if position == done {
			continue
		}
		// It is only house-keeping: what fails now is tried again, and the writer does it by itself in the end.
		if r.borrow(ctx, func(conn *sqlite.Conn) error {
			return sqlitex.ExecuteTransient(conn, "PRAGMA wal_checkpoint(PASSIVE)", nil)
		}) == nil {
			done = position
		}
	}
}

// Status returns how the runner stands.
func (r *Runner) Status() Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status
}

// Changed returns the position the read model is true for, and a channel that is closed when that has changed.
func (r *Runner) Changed() (position uint64, next <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status.Position, r.changed
}

// WaitFor returns nil once the read model has reached a position, or the error of ctx. It does not rely on the feed.
func (r *Runner) WaitFor(ctx context.Context, position uint64) error {
	late := time.NewTimer(waitPoke)
	defer late.Stop()
	for {
		r.mu.Lock()
		reached, next := r.readers != nil && r.status.Position >= position, r.changed
		r.mu.Unlock()
		if reached {
			return nil
		}
		select {
		case <-next:
		case <-late.C:
			r.look()
		case <-ctx.Done():
			return fmt.Errorf("projections: wait for position %d: %w", position, ctx.Err())
		}
	}
}

// Read calls f with a connection inside one read transaction, and the position of the log that all it sees is true for. f must
// not keep the connection. The error is f's, [ErrNotReady], or of ctx.
func (r *Runner) Read(ctx context.Context, f func(conn *sqlite.Conn, position uint64) error) error {
	return r.borrow(ctx, func(conn *sqlite.Conn) error { return readIn(conn, f) })
}

func (r *Runner) borrow(ctx context.Context, f func(*sqlite.Conn) error) error {
	r.mu.Lock()
	readers := r.readers
	r.mu.Unlock()
	if readers == nil {
		return ErrNotReady
	}
	return readers.with(ctx, f)
}

// show puts other readers in the place of the present ones, and closes those when nobody reads any more.
func (r *Runner) show(readers *readers) {
	r.mu.Lock()
	old := r.readers
	r.readers = readers
	r.status.Readable = readers != nil
	r.announce()
	r.mu.Unlock()
	if old != nil {
		old.close()
	}
}

func (r *Runner) advance(position uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.status.Position != position {
		r.status.Position = position
		r.announce()
	}
}

// announce wakes everybody who waits for a change; mu is held.
func (r *Runner) announce() {
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *Runner) update(change func(*Status)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.status)
}

func (r *Runner) trouble(err error) {
	fault := (*Fault)(nil)
	if errors.As(err, &fault) {
		r.Logger.Error("read model stands still: an event cannot be applied", "position", fault.Position, "type", fault.Type, "event", fault.Event, "error", fault.Err)
	} else {
		r.Logger.Error("read model cannot follow the log", "error", err)
	}
	r.update(func(s *Status) { s.Fault, s.Err = fault, err })
}

// Package identity keeps the local accounts (账号) and the sessions of whoever is signed in. These are secrets, so they lie in
// a SQLite file of their own and never in the event log. An account only says which officer somebody is; who that officer is
// and what he may do is a matter of the registry.
package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

const (
	sweepEvery = time.Hour
	sweepBatch = 500 // rows a statement, so that cleaning never holds the write lock for long
	poolSize   = 4   // connections
	schema     = 1   // PRAGMA user_version
)

// Options of [Open]; the zero value is right for production.
type Options struct {
	// Argon2 is the cost of a new hash; stored hashes carry their own. Demo data may choose less.
	Argon2 Params
	// MaxHashes is how many passwords are checked at once, each taking Argon2.MemoryKiB; 0 means one a processor, at most 4.
	MaxHashes int
	// Now is the clock; nil means time.Now. Sessions are dated by it as well.
	Now func() time.Time
	// Logger hears of failed cleaning; nil means slog.Default.
	Logger *slog.Logger
}

// Store is the file of accounts and sessions. It is safe for concurrent use, also by another process on the same file.
type Store struct {
	pool   *sqlitex.Pool
	params Params
	now    func() time.Time
	log    *slog.Logger
	slots  chan struct{}
	decoy  string
	stop   context.CancelFunc
	done   chan struct{}

	writes   atomic.Uint64 // counts them, so that nothing read before one is taken for new
	sessions recent[[32]byte, session]
	accounts recent[string, Account]
}

// Open opens the file at path, creating it readable by its owner only, and starts the cleaning of what has expired. ctx bounds
// the opening.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Argon2 == (Params{}) {
		o.Argon2 = Params{MemoryKiB: 19 * 1024, Passes: 2, Lanes: 1} // OWASP's floor; a phone signs in once a day
	}
	if err := o.Argon2.check(); err != nil {
		return nil, err
	}
	if o.MaxHashes <= 0 {
		o.MaxHashes = min(runtime.GOMAXPROCS(0), 4)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	// SQLite gives its -wal and -shm files the mode of this one.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("identity: open: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("identity: open: %w", err)
	}
	pool, err := sqlitex.NewPool(path, sqlitex.PoolOptions{
		Flags:    sqlite.OpenReadWrite | sqlite.OpenCreate | sqlite.OpenWAL,
		PoolSize: poolSize,
		PrepareConn: func(conn *sqlite.Conn) error {
			return sqlitex.ExecuteTransient(conn, "PRAGMA synchronous=FULL", nil)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("identity: open %s: %w", path, err)
	}
	background, stop := context.WithCancel(context.Background())
	s := &Store{pool: pool, params: o.Argon2, now: o.Now, log: o.Logger, slots: make(chan struct{}, o.MaxHashes),
		decoy: o.Argon2.encode(random(saltLen), random(keyLen)), stop: stop, done: make(chan struct{})}
	if err := s.write(ctx, migrate); err != nil {
		stop()
		return nil, fmt.Errorf("identity: open %s: %w", path, errors.Join(err, pool.Close()))
	}
	go s.clean(background)
	return s, nil
}

// Close stops the cleaning and closes the file. Calls under way are interrupted.
func (s *Store) Close() error {
	s.stop()
	<-s.done
	if err := s.pool.Close(); err != nil {
		return fmt.Errorf("identity: close: %w", err)
	}
	return nil
}

func migrate(conn *sqlite.Conn) error {
	var version int64
	if err := query(conn, "PRAGMA user_version", func(st *sqlite.Stmt) { version = st.ColumnInt64(0) }); err != nil {
		return err
	}
	if version > schema {
		return fmt.Errorf("identity: file has schema %d, this program knows %d", version, schema)
	}
	if version == schema {
		return nil
	}
	// attempts is keyed by a hash, because what is typed into the name field is sometimes the password.
	return sqlitex.ExecuteScript(conn, `
CREATE TABLE accounts (
	name TEXT PRIMARY KEY, officer TEXT NOT NULL UNIQUE, password TEXT NOT NULL, must_change INTEGER NOT NULL,
	disabled INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL, password_set INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE attempts (
	name_hash BLOB PRIMARY KEY, known INTEGER NOT NULL, failures INTEGER NOT NULL, last INTEGER NOT NULL, locked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_last ON attempts (known, last);
CREATE TABLE sessions (
	token_hash BLOB PRIMARY KEY, account TEXT NOT NULL, data BLOB NOT NULL, expires INTEGER NOT NULL, seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account);
CREATE INDEX sessions_expires ON sessions (expires);
CREATE INDEX sessions_seen ON sessions (seen);
PRAGMA user_version = 1;`, nil)
}

// clean removes what has expired, at once and then every hour.
func (s *Store) clean(ctx context.Context) {
	defer close(s.done)
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "identity: cleaning failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Store) sweep(ctx context.Context) error {
	now := s.now()
	for _, old := range []struct {
		statement string
		before    time.Time
	}{
		{"DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions WHERE expires <= ? LIMIT ?)", now},
		{"DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions WHERE seen <= ? LIMIT ?)", now.Add(-SessionIdle)},
		{"DELETE FROM attempts WHERE name_hash IN (SELECT name_hash FROM attempts WHERE known IN (0, 1) AND last <= ? LIMIT ?)", now.Add(-LockFor)},
	} {
		for deleted := sweepBatch; deleted == sweepBatch; {
			err := s.write(ctx, func(conn *sqlite.Conn) error {
				err := query(conn, old.statement, nil, old.before.UnixMilli(), sweepBatch)
				deleted = conn.Changes()
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) with(ctx context.Context, f func(*sqlite.Conn) error) error {
	conn, err := s.pool.Take(ctx)
	if err != nil {
		return err
	}
	defer s.pool.Put(conn)
	err = f(conn)
	if ctx.Err() != nil && sqlite.ErrCode(err) == sqlite.ResultInterrupt {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

func (s *Store) write(ctx context.Context, f func(*sqlite.Conn) error) error {
	defer s.writes.Add(1)
	return s.with(ctx, func(conn *sqlite.Conn) (err error) {
		end, err := sqlitex.ImmediateTransaction(conn)
		if err != nil {
			return err
		}
		defer end(&err)
		return f(conn)
	})
}

// query runs one statement; each may be nil.
func query(conn *sqlite.Conn, statement string, each func(*sqlite.Stmt), args ...any) error {
	return sqlitex.Execute(conn, statement, &sqlitex.ExecOptions{Args: args, ResultFunc: func(st *sqlite.Stmt) error {
		if each != nil {
			each(st)
		}
		return nil
	}})
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: the program ends first
	return b
}

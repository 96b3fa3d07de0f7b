package identity

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"zombiezen.com/go/sqlite"
)

const (
	// SessionIdle ends a session that nobody uses: longer than any shift on the water, so that a phone which was offline all
	// day can still hand over what it holds, and shorter than a day, so that a forgotten office browser is signed out by morning.
	SessionIdle = 12 * time.Hour
	// SessionLifetime ends every session: an officer in the field signs in once a month, while he has a connection.
	SessionLifetime = 30 * 24 * time.Hour
	// SessionAccount is the key of the account name in a session's values (a string). A session without it belongs to nobody.
	SessionAccount = "account"

	// sessionTouch is how stale the note of the last use may be: a durable write per request would cost more than the request.
	sessionTouch = 10 * time.Minute
	// sessionWrite bounds a write that goes on when the client has gone: a sign-out must not depend on waiting for its answer.
	sessionWrite = 10 * time.Second
)

// NewSessionManager returns the session manager over store. Its cookie is __Host-session if it can be secure (TLS), else
// session. The idle limit is kept by the store and not by the manager, which would otherwise write the session and a cookie
// with every answer. At sign-in the caller calls RenewToken and then puts [SessionAccount]; it may set ErrorFunc.
func NewSessionManager(store *Store, secureCookie bool) *scs.SessionManager {
	m := scs.New()
	m.Store = sessions{store}
	m.Codec = codec{}
	m.Lifetime = SessionLifetime
	m.Cookie = scs.SessionCookie{Name: "session", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secureCookie, Persist: true}
	if secureCookie {
		m.Cookie.Name = "__Host-session"
	}
	return m
}

// codec writes a session as JSON. The manager's own codec sends Go type descriptions along, and reading those costs each request
// as much as the whole of its command. Values must be strings.
type codec struct{}

type encoded struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

// Encode implements [scs.Codec].
func (codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	e := encoded{deadline, map[string]string{}}
	for key, value := range values {
		text, ok := value.(string)
		if !ok {
			return nil, fmt.Errorf("identity: session value %s is a %T", key, value)
		}
		e.Values[key] = text
	}
	return json.Marshal(e)
}

// Decode implements [scs.Codec].
func (codec) Decode(data []byte) (time.Time, map[string]any, error) {
	var e encoded
	if err := json.Unmarshal(data, &e); err != nil {
		return time.Time{}, nil, err
	}
	values := make(map[string]any, len(e.Values))
	for key, text := range e.Values {
		values[key] = text
	}
	return e.Deadline, values, nil
}

// DestroySessions ends all sessions of an account and returns how many there were.
func (s *Store) DestroySessions(ctx context.Context, account string) (ended int, err error) {
	name, _ := normalize(account)
	err = s.write(ctx, func(conn *sqlite.Conn) error {
		err := query(conn, "DELETE FROM sessions WHERE account = ?", nil, name)
		ended = conn.Changes()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("identity: end sessions: %w", err)
	}
	return ended, nil
}

// sessions is the scs.CtxStore. It holds the hash of a token only, so it cannot list tokens and is not iterable.
type sessions struct{ *Store }

// session is a row of the table; without data there is none.
type session struct {
	data          []byte
	expires, seen int64 // milliseconds since 1970
}

// FindCtx returns the values of a live session and notes its use.
func (s sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	key := sha256.Sum256([]byte(token))
	now := s.now()
	writes := s.writes.Load()
	row, known := s.Store.sessions.get(key, writes)
	if !known {
		err = s.with(ctx, func(conn *sqlite.Conn) error {
			return query(conn, "SELECT data, expires, seen FROM sessions WHERE token_hash = ?", func(st *sqlite.Stmt) {
				row.data = make([]byte, st.ColumnLen(0))
				st.ColumnBytes(0, row.data)
				row.expires, row.seen = st.ColumnInt64(1), st.ColumnInt64(2)
			}, key[:])
		})
		if err != nil {
			return nil, false, fmt.Errorf("identity: find session: %w", err)
		}
		s.Store.sessions.put(key, writes, row)
	}
	data = row.data
	if now.UnixMilli() >= row.expires || now.UnixMilli() >= row.seen+SessionIdle.Milliseconds() {
		return nil, false, nil
	}
	if now.UnixMilli() >= row.seen+sessionTouch.Milliseconds() {
		err = s.write(ctx, func(conn *sqlite.Conn) error {
			return query(conn, "UPDATE sessions SET seen = max(seen, ?) WHERE token_hash = ?", nil, now.UnixMilli(), key[:])
		})
		if err != nil {
			return nil, false, fmt.Errorf("identity: note use of session: %w", err)
		}
	}
	return data, true, nil
}

// CommitCtx stores a session with its absolute end.
func (s sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := codec{}.Decode(data)
	if err != nil {
		return fmt.Errorf("identity: store session: %w", err)
	}
	account, _ := values[SessionAccount].(string)
	account, _ = normalize(account)
	key := sha256.Sum256([]byte(token))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sessionWrite)
	defer cancel()
	err = s.write(ctx, func(conn *sqlite.Conn) error {
		return query(conn, `INSERT INTO sessions (token_hash, account, data, expires, seen) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET account = excluded.account, data = excluded.data, expires = excluded.expires, seen = excluded.seen`,
			nil, key[:], account, data, expiry.UnixMilli(), s.now().UnixMilli())
	})
	if err != nil {
		return fmt.Errorf("identity: store session: %w", err)
	}
	return nil
}

// DeleteCtx ends a session; one that is not there is no error.
func (s sessions) DeleteCtx(ctx context.Context, token string) error {
	key := sha256.Sum256([]byte(token))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sessionWrite)
	defer cancel()
	err := s.write(ctx, func(conn *sqlite.Conn) error {
		return query(conn, "DELETE FROM sessions WHERE token_hash = ?", nil, key[:])
	})
	if err != nil {
		return fmt.Errorf("identity: end session: %w", err)
	}
	return nil
}

// Find, Commit and Delete belong to the interface; the manager calls the forms with a context.
func (s sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

func (s sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

func (s sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

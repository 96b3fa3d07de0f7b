package identity

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"zombiezen.com/go/sqlite"
)

var _ scs.CtxStore = sessions{}

// site is a server that signs people in, as the API does.
func site(t testing.TB, s *Store) *httptest.Server {
	t.Helper()
	m := NewSessionManager(s, false)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /in", func(w http.ResponseWriter, r *http.Request) {
		a, err := s.Authenticate(r.Context(), r.FormValue("account"), r.FormValue("password"))
		if err == nil {
			err = m.RenewToken(r.Context())
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		m.Put(r.Context(), SessionAccount, a.Name)
	})
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		if name := m.GetString(r.Context(), SessionAccount); name != "" {
			_, _ = w.Write([]byte(name))
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	})
	mux.HandleFunc("POST /password", func(w http.ResponseWriter, r *http.Request) {
		if err := s.ChangePassword(r.Context(), m.GetString(r.Context(), SessionAccount), r.FormValue("old"), r.FormValue("new")); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := m.RenewToken(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("POST /out", func(w http.ResponseWriter, r *http.Request) {
		if err := m.Destroy(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	server := httptest.NewServer(m.LoadAndSave(mux))
	t.Cleanup(server.Close)
	return server
}

type browser struct {
	t testing.TB
	http.Client
	base string
}

func browse(t testing.TB, server *httptest.Server) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, http.Client{Jar: jar}, server.URL}
}

func (b *browser) do(method, path string, form ...string) *http.Response {
	b.t.Helper()
	var pairs []string
	for i := 0; i < len(form); i += 2 {
		pairs = append(pairs, form[i]+"="+form[i+1])
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, strings.NewReader(strings.Join(pairs, "&")))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func (b *browser) in(account string) *http.Cookie {
	b.t.Helper()
	resp := b.do("POST", "/in", "account", account, "password", good)
	if resp.StatusCode != http.StatusOK || len(resp.Cookies()) != 1 {
		b.t.Fatalf("sign-in: %s, cookies %v", resp.Status, resp.Cookies())
	}
	return resp.Cookies()[0]
}

func (b *browser) signedIn(want bool) {
	b.t.Helper()
	resp := b.do("GET", "/me")
	if got := resp.StatusCode == http.StatusOK; got != want {
		b.t.Fatalf("signed in: %v, want %v", got, want)
	}
	if c := resp.Header["Set-Cookie"]; len(c) != 0 {
		b.t.Errorf("a mere look sets a cookie: %v", c)
	}
}

func rows(t testing.TB, s *Store, table string) (n int) {
	t.Helper()
	err := s.with(t.Context(), func(conn *sqlite.Conn) error {
		return query(conn, "SELECT count(*) FROM "+table, func(st *sqlite.Stmt) { n = st.ColumnInt(0) })
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSession(t *testing.T) {
	path := file(t)
	s := open(t, path, Options{})
	create(t, s, "zhang")
	b := browse(t, site(t, s))
	b.signedIn(false)
	if n := rows(t, s, "sessions"); n != 0 {
		t.Errorf("%d sessions of nobody", n)
	}
	c := b.in("zhang")
	if c.Name != "session" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure ||
		c.MaxAge < int((SessionLifetime-time.Minute).Seconds()) {
		t.Errorf("cookie %v", c)
	}
	b.signedIn(true)
	if raw(t, path, c.Value) {
		t.Error("the token stands in the file")
	}

	// A restart keeps it.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, Options{})
	server := site(t, s)
	jar := b.Jar
	b = browse(t, server)
	b.Jar = jar // cookies know no port
	b.signedIn(true)

	// Signing in again gives another token, and the old one is dead.
	old := browse(t, server)
	old.Jar.SetCookies(mustParse(t, server.URL), []*http.Cookie{{Name: "session", Value: c.Value}})
	old.signedIn(true)
	if again := b.in("zhang"); again.Value == c.Value {
		t.Error("the token was not renewed")
	}
	b.signedIn(true)
	old.signedIn(false)

	b.do("POST", "/out")
	b.signedIn(false)
	if n := rows(t, s, "sessions"); n != 0 {
		t.Errorf("%d sessions after signing out", n)
	}
}

func TestSessionForgedToken(t *testing.T) {
	s := open(t, file(t), Options{})
	server := site(t, s)
	for _, token := range []string{"x", strings.Repeat("A", 43), "' OR 1=1 --"} {
		b := browse(t, server)
		b.Jar.SetCookies(mustParse(t, server.URL), []*http.Cookie{{Name: "session", Value: token}})
		b.signedIn(false)
	}
}

func TestSessionsEnd(t *testing.T) {
	s := open(t, file(t), Options{})
	create(t, s, "zhang")
	create(t, s, "li")
	server := site(t, s)
	phone, desk, other := browse(t, server), browse(t, server), browse(t, server)
	phone.in("zhang")
	desk.in("zhang")
	other.in("li")

	if n, err := s.DestroySessions(t.Context(), "Zhang"); n != 2 || err != nil {
		t.Errorf("ended %d, %v", n, err)
	}
	phone.signedIn(false)
	desk.signedIn(false)
	other.signedIn(true)

	// A new password ends all but the session that changed it.
	phone.in("zhang")
	desk.in("zhang")
	if resp := desk.do("POST", "/password", "old", good, "new", "a quite new one"); resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status)
	}
	desk.signedIn(true)
	phone.signedIn(false)

	if err := s.SetDisabled(t.Context(), "zhang", true); err != nil {
		t.Fatal(err)
	}
	desk.signedIn(false)
	other.signedIn(true)
}

func TestSessionExpiry(t *testing.T) {
	var c clock
	s := open(t, file(t), Options{Now: c.now})
	create(t, s, "zhang")
	server := site(t, s)

	idle := browse(t, server)
	idle.in("zhang")
	c.forward(SessionIdle - time.Minute)
	idle.signedIn(true) // and so it goes on
	c.forward(SessionIdle - time.Minute)
	idle.signedIn(true)
	c.forward(SessionIdle)
	idle.signedIn(false)
	if n := rows(t, s, "sessions"); n != 1 {
		t.Errorf("%d rows", n)
	}
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := rows(t, s, "sessions"); n != 0 {
		t.Errorf("%d rows after cleaning", n)
	}

	// However often it is used, it ends. The manager dates the end by the real clock.
	c.ahead.Store(0)
	used := browse(t, server)
	used.in("zhang")
	for c.ahead.Load() < int64(SessionLifetime-6*time.Hour) {
		c.forward(6 * time.Hour)
		used.signedIn(true)
	}
	c.forward(6 * time.Hour)
	used.signedIn(false)
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := rows(t, s, "sessions"); n != 0 {
		t.Errorf("%d rows after cleaning", n)
	}
}

func TestUseIsNotedSeldom(t *testing.T) {
	var c clock
	s := open(t, file(t), Options{Now: c.now})
	store := sessions{s}
	data, err := codec{}.Encode(time.Now(), map[string]any{SessionAccount: "zhang"})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Commit("token", data, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	seen := func() (ms int64) {
		if _, found, err := store.Find("token"); !found || err != nil {
			t.Fatal(found, err)
		}
		err := s.with(t.Context(), func(conn *sqlite.Conn) error {
			return query(conn, "SELECT seen FROM sessions", func(st *sqlite.Stmt) { ms = st.ColumnInt64(0) })
		})
		if err != nil {
			t.Fatal(err)
		}
		return ms
	}
	first := seen()
	c.forward(sessionTouch - time.Second)
	if seen() != first {
		t.Error("noted at once")
	}
	c.forward(2 * time.Second)
	if seen() == first {
		t.Error("never noted")
	}

	// A sign-out counts although nobody waits for its answer.
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := store.DeleteCtx(gone, "token"); err != nil {
		t.Error(err)
	}
	if _, found, err := store.Find("token"); found || err != nil {
		t.Error(found, err)
	}
	if err := store.Delete("token"); err != nil {
		t.Error(err)
	}
	if _, _, err := store.FindCtx(gone, "token"); !errors.Is(err, context.Canceled) {
		t.Errorf("find after cancel: %v", err)
	}
	if err := store.Commit("token", []byte("no gob"), time.Now()); err == nil {
		t.Error("stored what cannot be read")
	}
}

func TestSecureCookie(t *testing.T) {
	s := open(t, file(t), Options{})
	c := NewSessionManager(s, true).Cookie
	if c.Name != "__Host-session" || !c.Secure || c.Path != "/" || c.Domain != "" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("%+v", c)
	}
}

func TestSweepInBatches(t *testing.T) {
	s := open(t, file(t), Options{})
	const many = 2*sweepBatch + 7
	err := s.write(t.Context(), func(conn *sqlite.Conn) error {
		for i := range many {
			for _, expires := range []time.Duration{-time.Hour, time.Hour} {
				err := query(conn, "INSERT INTO sessions VALUES (?, 'zhang', x'', ?, ?)", nil, []byte{byte(i), byte(i >> 8), byte(expires >> 63)},
					time.Now().Add(expires).UnixMilli(), time.Now().UnixMilli())
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := rows(t, s, "sessions"); n != many {
		t.Errorf("%d rows, want %d", n, many)
	}
}

func mustParse(t testing.TB, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

package identity

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
)

// clock is a time that tests set forward.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) forward(d time.Duration) { c.ahead.Add(int64(d)) }

func cheap() Params { return Params{MemoryKiB: 64, Passes: 1, Lanes: 1} }

func open(t testing.TB, path string, o Options) *Store {
	t.Helper()
	if o.Argon2 == (Params{}) {
		o.Argon2 = cheap()
	}
	s, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.stopOnce() })
	return s
}

// stopOnce closes a store that a test may have closed already.
func (s *Store) stopOnce() error {
	select {
	case <-s.done:
		return nil
	default:
		return s.Close()
	}
}

func file(t testing.TB) string { return filepath.Join(t.TempDir(), "identity.db") }

const good = "夜航船过江阴大桥时" + "点灯"

func create(t testing.TB, s *Store, name string) Account {
	t.Helper()
	a, err := s.CreateAccount(t.Context(), NewAccount{Name: name, Officer: uuid.New(), Password: good})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func refusal(err error) string {
	var r *domain.Refusal
	if errors.As(err, &r) && r.Message != "" {
		return r.Code
	}
	return fmt.Sprint(err)
}

func TestAccounts(t *testing.T) {
	path := file(t)
	s := open(t, path, Options{})
	officer := uuid.New()
	a, err := s.CreateAccount(t.Context(), NewAccount{Name: "JY-Officer.1", Officer: officer, Password: good, MustChangePassword: true})
	if err != nil {
		t.Fatal(err)
	}
	if a.Name != "jy-officer.1" || a.Officer != officer || !a.MustChangePassword || a.Disabled || time.Since(a.CreatedAt) > time.Minute {
		t.Errorf("created %+v", a)
	}
	create(t, s, "a-clerk")
	for _, c := range []struct {
		n    NewAccount
		code string
	}{
		{NewAccount{Name: "jy-officer.1", Officer: uuid.New(), Password: good}, "account.exists"},
		{NewAccount{Name: "JY-OFFICER.1", Officer: uuid.New(), Password: good}, "account.exists"},
		{NewAccount{Name: "other", Officer: officer, Password: good}, "account.officer_has_account"},
		{NewAccount{Name: "x", Officer: uuid.New(), Password: good}, "account.name"},
		{NewAccount{Name: "two words", Officer: uuid.New(), Password: good}, "account.name"},
		{NewAccount{Name: "张三", Officer: uuid.New(), Password: good}, "account.name"},
		{NewAccount{Name: "\u212Aelvin", Officer: uuid.New(), Password: good}, "account.name"}, // its lower case is k
		{NewAccount{Name: "line\n", Officer: uuid.New(), Password: good}, "account.name"},
		{NewAccount{Name: strings.Repeat("a", 65), Officer: uuid.New(), Password: good}, "account.name"},
		{NewAccount{Name: "fine", Officer: uuid.New(), Password: "short"}, "password.too_short"},
	} {
		if _, err := s.CreateAccount(t.Context(), c.n); refusal(err) != c.code {
			t.Errorf("create %q: %v, want %s", c.n.Name, err, c.code)
		}
	}

	list, err := s.Accounts(t.Context())
	if err != nil || len(list) != 2 || list[0].Name != "a-clerk" || list[1] != a {
		t.Errorf("list %+v, %v", list, err)
	}
	if got, err := s.Account(t.Context(), "JY-officer.1"); err != nil || got != a {
		t.Errorf("by name %+v, %v", got, err)
	}
	if got, err := s.ByOfficer(t.Context(), officer); err != nil || got != a {
		t.Errorf("by officer %+v, %v", got, err)
	}
	if _, err := s.Account(t.Context(), "nobody"); !errors.Is(err, ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := s.ByOfficer(t.Context(), uuid.New()); !errors.Is(err, ErrNotFound) {
		t.Errorf("no officer: %v", err)
	}
	for name, f := range map[string]func() error{
		"password": func() error { return s.SetPassword(t.Context(), "nobody", good, false) },
		"disable":  func() error { return s.SetDisabled(t.Context(), "nobody", true) },
		"unlock":   func() error { return s.Unlock(t.Context(), "nobody") },
	} {
		if err := f(); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s of nobody: %v", name, err)
		}
	}

	// Only the owner of the file may read it and its companions, and no password stands in it.
	for _, suffix := range []string{"", "-wal", "-shm"} {
		st, err := os.Stat(path + suffix)
		if err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", suffix, st.Mode(), err)
		}
	}
	if raw(t, path, good) {
		t.Error("the password stands in the file")
	}
}

// raw tells whether the bytes of the database, with its log, contain a text.
func raw(t testing.TB, path, text string) bool {
	t.Helper()
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + suffix)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(text)) {
			return true
		}
	}
	return false
}

func TestAuthenticate(t *testing.T) {
	s := open(t, file(t), Options{})
	a := create(t, s, "zhang")
	if got, err := s.Authenticate(t.Context(), "Zhang", good); err != nil || got != a {
		t.Errorf("right: %+v, %v", got, err)
	}
	for _, c := range [][2]string{{"zhang", good + "x"}, {"zhang", ""}, {"zhang", strings.Repeat(good, 100)}, {"nobody", good}, {"", ""}, {"not a name", good}} {
		if _, err := s.Authenticate(t.Context(), c[0], c[1]); !errors.Is(err, ErrWrong) {
			t.Errorf("%q: %v", c, err)
		}
	}
	if err := s.SetDisabled(t.Context(), "zhang", true); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Authenticate(t.Context(), "zhang", good); !errors.Is(err, ErrDisabled) {
		t.Errorf("disabled, right: %v", err)
	}
	if _, err := s.Authenticate(t.Context(), "zhang", "wrong"); !errors.Is(err, ErrWrong) {
		t.Errorf("disabled, wrong: %v", err) // whoever guesses does not learn that it is disabled
	}
	if err := s.SetDisabled(t.Context(), "zhang", false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Authenticate(t.Context(), "zhang", good); err != nil {
		t.Errorf("enabled again: %v", err)
	}
}

func TestFullWidthPasswordIsTheSame(t *testing.T) {
	s := open(t, file(t), Options{})
	_, err := s.CreateAccount(t.Context(), NewAccount{Name: "zhang", Officer: uuid.New(), Password: "Chang-Jiang 6300"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Authenticate(t.Context(), "zhang", "Ｃｈａｎｇ－Ｊｉａｎｇ　６３００"); err != nil {
		t.Error(err)
	}
	if _, err := s.Authenticate(t.Context(), "zhang", "chang-jiang 6300"); !errors.Is(err, ErrWrong) {
		t.Error("case does not matter")
	}
}

func TestLockout(t *testing.T) {
	for _, name := range []string{"zhang", "nobody"} {
		t.Run(name, func(t *testing.T) {
			var c clock
			path := file(t)
			s := open(t, path, Options{Now: c.now})
			create(t, s, "zhang")
			fail := func(n int) {
				t.Helper()
				for i := range n {
					if _, err := s.Authenticate(t.Context(), name, "wrong"); !errors.Is(err, ErrWrong) {
						t.Fatalf("attempt %d: %v", i+1, err)
					}
				}
			}
			var lock ErrLocked
			locked := func() {
				t.Helper()
				_, err := s.Authenticate(t.Context(), name, good)
				if !errors.As(err, &lock) {
					t.Fatalf("not locked: %v", err)
				}
				if d := lock.Until.Sub(c.now()); d <= 0 || d > LockFor {
					t.Errorf("locked for %v", d)
				}
			}
			fail(MaxFailures)
			locked()
			if name == "zhang" {
				if a, err := s.Account(t.Context(), name); err != nil || a.LockedUntil != lock.Until {
					t.Errorf("account %+v, %v", a, err)
				}
			}

			// A restart does not help.
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open(t, path, Options{Now: c.now})
			locked()

			// Time does, and the count starts anew.
			c.forward(LockFor)
			fail(MaxFailures - 1)
			c.forward(LockFor) // old failures are forgotten
			fail(MaxFailures)
			locked()
			if name == "zhang" {
				if err := s.Unlock(t.Context(), name); err != nil {
					t.Fatal(err)
				}
				fail(MaxFailures - 1)
				if _, err := s.Authenticate(t.Context(), name, good); err != nil {
					t.Fatalf("the last attempt, right: %v", err)
				}
				fail(MaxFailures) // success cleared the count
				locked()
				if err := s.SetPassword(t.Context(), name, good+"新", false); err != nil {
					t.Fatal(err)
				}
				if _, err := s.Authenticate(t.Context(), name, good+"新"); err != nil {
					t.Fatalf("after a new password: %v", err)
				}
			}
		})
	}
}

// TestGuessesSideBySide sends many guesses at once: no more of them may be looked at than one after the other.
func TestGuessesSideBySide(t *testing.T) {
	s := open(t, file(t), Options{})
	create(t, s, "zhang")
	var wrong, locked atomic.Int64
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			_, err := s.Authenticate(context.Background(), "zhang", fmt.Sprint("guess", i))
			var lock ErrLocked
			switch {
			case errors.As(err, &lock):
				locked.Add(1)
			case errors.Is(err, ErrWrong):
				wrong.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if wrong.Load() != MaxFailures || locked.Load() != 40-MaxFailures {
		t.Errorf("%d looked at, %d turned away", wrong.Load(), locked.Load())
	}
}

// TestUnknownAccountCostsTheSame sees the hash of a name that nobody has by the memory it takes: time would tell as well, but
// not on a machine that does something else beside.
func TestUnknownAccountCostsTheSame(t *testing.T) {
	p := Params{MemoryKiB: 16 * 1024, Passes: 1, Lanes: 1}
	s := open(t, file(t), Options{Argon2: p})
	create(t, s, "zhang")
	for _, name := range []string{"zhang", "nobody", "no name at all", ""} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := s.Authenticate(t.Context(), name, "wrong"); !errors.Is(err, ErrWrong) {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if took := (after.TotalAlloc - before.TotalAlloc) / 1024; took < uint64(p.MemoryKiB) || took > 2*uint64(p.MemoryKiB) {
			t.Errorf("%q took %d KiB, a hash takes %d", name, took, p.MemoryKiB)
		}
	}
}

func TestHashesAreBounded(t *testing.T) {
	s := open(t, file(t), Options{MaxHashes: 1})
	create(t, s, "zhang")
	release, err := s.slot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"zhang", "nobody"} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if _, err := s.Authenticate(ctx, name, good); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s while another hash runs: %v", name, err)
		}
		cancel()
	}
	release()
	if _, err := s.Authenticate(t.Context(), "zhang", good); err != nil {
		t.Errorf("afterwards: %v", err) // waiting in vain was no failure
	}
}

func TestUnknownNamesAreBounded(t *testing.T) {
	s := open(t, file(t), Options{})
	create(t, s, "zhang")
	if _, err := s.Authenticate(t.Context(), "zhang", "wrong"); !errors.Is(err, ErrWrong) {
		t.Fatal(err)
	}
	err := s.write(t.Context(), func(conn *sqlite.Conn) error {
		for i := range unknownKept {
			err := query(conn, "INSERT INTO attempts VALUES (?, 0, 1, ?, 0)", nil, []byte(fmt.Sprint(i)), time.Now().Add(-time.Minute).UnixMilli()+int64(i))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if _, err := s.Authenticate(t.Context(), fmt.Sprint("flood", i), "wrong"); !errors.Is(err, ErrWrong) {
			t.Fatal(err)
		}
	}
	count := func(where string) (n int64) {
		if err := s.with(t.Context(), func(conn *sqlite.Conn) error {
			return query(conn, "SELECT count(*) FROM attempts WHERE "+where, func(st *sqlite.Stmt) { n = st.ColumnInt64(0) })
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if unknown, known := count("known = 0"), count("known = 1"); unknown != unknownKept || known != 1 {
		t.Errorf("%d unknown, %d known", unknown, known)
	}
}

func TestFirstAccount(t *testing.T) {
	path := file(t)
	a, b := open(t, path, Options{}), open(t, path, Options{}) // two processes on one file
	officer := uuid.New()
	passwords := make(chan string, 8)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			p, err := []*Store{a, b}[i%2].EnsureFirstAccount(context.Background(), "Admin", officer)
			if err != nil {
				t.Error(err)
			}
			passwords <- p
		})
	}
	wg.Wait()
	close(passwords)
	var got []string
	for p := range passwords {
		if p != "" {
			got = append(got, p)
		}
	}
	if len(got) != 1 || !regexp.MustCompile(`^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$`).MatchString(got[0]) {
		t.Fatalf("passwords %q", got)
	}
	account, err := b.Authenticate(t.Context(), "admin", got[0])
	if err != nil || !account.MustChangePassword || account.Officer != officer {
		t.Errorf("%+v, %v", account, err)
	}
}

func TestChangePassword(t *testing.T) {
	s := open(t, file(t), Options{})
	if _, err := s.CreateAccount(t.Context(), NewAccount{Name: "zhang", Officer: uuid.New(), Password: good, MustChangePassword: true}); err != nil {
		t.Fatal(err)
	}
	if err := s.ChangePassword(t.Context(), "zhang", "wrong", "a quite new one"); !errors.Is(err, ErrWrong) {
		t.Errorf("old wrong: %v", err)
	}
	if err := s.ChangePassword(t.Context(), "zhang", good, good); refusal(err) != "password.unchanged" {
		t.Errorf("unchanged: %v", err)
	}
	if err := s.ChangePassword(t.Context(), "zhang", good, "Zhang的密码很好猜"); refusal(err) != "password.contains_account" {
		t.Errorf("contains: %v", err)
	}
	if err := s.ChangePassword(t.Context(), "zhang", good, "a quite new one"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Authenticate(t.Context(), "zhang", good); !errors.Is(err, ErrWrong) {
		t.Errorf("old still right: %v", err)
	}
	if a, err := s.Authenticate(t.Context(), "zhang", "a quite new one"); err != nil || a.MustChangePassword {
		t.Errorf("new: %+v, %v", a, err)
	}
	if err := s.SetPassword(t.Context(), "zhang", "given by the admin", true); err != nil {
		t.Fatal(err)
	}
	if a, err := s.Authenticate(t.Context(), "zhang", "given by the admin"); err != nil || !a.MustChangePassword {
		t.Errorf("given: %+v, %v", a, err)
	}
}

func TestCheckPassword(t *testing.T) {
	for password, want := range map[string]string{
		good:                         "<nil>",
		"correct horse":              "<nil>",
		"一二三四五六七八九十":                 "<nil>",
		"一二三四五六七八九":                  "password.too_short",
		"qwertyuio":                  "password.too_short",
		"Password123":                "password.common",
		"ｐａｓｓｗｏｒｄ１２３":                "password.common",
		"0123456789":                 "password.common",
		"aaaaaaaaaaaaaaaa":           "password.common",
		"121212121212121":            "password.common",
		"my-ZHANG-san-is-me":         "password.contains_account",
		strings.Repeat("long ", 200): "password.too_long",
	} {
		if got := refusal(CheckPassword("zhang-san", password)); got != want {
			t.Errorf("%s: %s, want %s", password, got, want)
		}
	}
	lines := strings.Split(strings.TrimSuffix(blocklist, "\n"), "\n")
	for _, line := range lines {
		if line != strings.ToLower(strings.TrimSpace(line)) || refusal(CheckPassword("", line)) == "<nil>" {
			t.Errorf("useless line %q", line)
		}
	}
}

func TestHashIsMadeBetter(t *testing.T) {
	path := file(t)
	s := open(t, path, Options{})
	create(t, s, "zhang")
	stored := func(s *Store) (hash string) {
		err := s.with(t.Context(), func(conn *sqlite.Conn) error {
			return query(conn, "SELECT password FROM accounts", func(st *sqlite.Stmt) { hash = st.ColumnText(0) })
		})
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	if !strings.HasPrefix(stored(s), "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatal(stored(s))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, Options{Argon2: Params{MemoryKiB: 128, Passes: 2, Lanes: 1}})
	for range 2 {
		if _, err := s.Authenticate(t.Context(), "zhang", good); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(stored(s), "$argon2id$v=19$m=128,t=2,p=1$") {
			t.Fatal(stored(s))
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, Options{}) // cheaper settings make nothing worse
	if _, err := s.Authenticate(t.Context(), "zhang", good); err != nil || !strings.Contains(stored(s), "m=128") {
		t.Fatal(err, stored(s))
	}
}

func TestDamagedHash(t *testing.T) {
	right := cheap().hash(good)
	for _, phc := range []string{"", "x", right[:len(right)-8], strings.Replace(right, "argon2id", "argon2i", 1), strings.Replace(right, "v=19", "v=16", 1),
		strings.Replace(right, "m=64", "m=4194304", 1), strings.Replace(right, "t=1", "t=0", 1), strings.Replace(right, "p=1", "p=255", 1), strings.Replace(right, "m=64", "m=", 1)} {
		if ok, _, err := cheap().verify(phc, good); ok || err == nil {
			t.Errorf("%q: %v, %v", phc, ok, err)
		}
	}
	if _, err := Open(t.Context(), file(t), Options{Argon2: Params{MemoryKiB: 1, Passes: 1, Lanes: 1}}); err == nil {
		t.Error("opened with too little memory")
	}
}

func TestNewerFileIsNotTouched(t *testing.T) {
	path := file(t)
	s := open(t, path, Options{})
	if err := s.with(t.Context(), func(conn *sqlite.Conn) error { return query(conn, "PRAGMA user_version = 99", nil) }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, Options{Argon2: cheap()}); err == nil || !strings.Contains(err.Error(), "99") {
		t.Errorf("%v", err)
	}
}

func TestSixtyAccountsQuickly(t *testing.T) {
	s := open(t, file(t), Options{})
	begin := time.Now()
	var names []string
	for i := range 60 {
		names = append(names, create(t, s, fmt.Sprintf("officer-%02d", i)).Name)
	}
	if d := time.Since(begin); d > 5*time.Second {
		t.Errorf("60 accounts took %v", d)
	}
	list, err := s.Accounts(t.Context())
	if err != nil || !slices.EqualFunc(list, names, func(a Account, n string) bool { return a.Name == n }) {
		t.Errorf("%d accounts, %v", len(list), err)
	}
}

package identity

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
)

const (
	// MaxFailures is how many wrong passwords in a row lock an account.
	MaxFailures = 5
	// LockFor is how long it stays locked, and after how long without an attempt the count starts anew: at best 480 guesses a
	// day, while a colleague who mistyped is back within the quarter of an hour.
	LockFor = 15 * time.Minute

	// unknownKept bounds the memory of names that no account has; the oldest are forgotten first.
	unknownKept = 10_000
)

var (
	// ErrWrong says that account and password do not belong together. It does not say which of them is at fault.
	ErrWrong = errors.New("identity: wrong account or password")
	// ErrDisabled says that the password was right and the account is switched off.
	ErrDisabled = errors.New("identity: account disabled")
	// ErrBusy says that too many passwords are being checked at the moment; trying again later is right.
	ErrBusy = errors.New("identity: too many sign-ins at once")
	// ErrNotFound says that there is no such account.
	ErrNotFound = errors.New("identity: no such account")
)

// ErrLocked says that an account takes no password before Until. It is a value: use errors.As with a variable of this type.
// Names without an account lock in the same way, so the answer does not betray which names exist.
type ErrLocked struct{ Until time.Time }

func (e ErrLocked) Error() string {
	return "identity: account locked until " + e.Until.UTC().Format(time.RFC3339)
}

// Account is somebody's way in.
type Account struct {
	Name               string // lower case
	Officer            uuid.UUID
	MustChangePassword bool // the password was chosen by somebody else
	Disabled           bool
	LockedUntil        time.Time // zero if not locked
	CreatedAt          time.Time
	PasswordSetAt      time.Time
}

// NewAccount is what [Store.CreateAccount] needs. An officer has at most one account, so that one person is one actor.
type NewAccount struct {
	Name               string // 2–64 of a–z, 0–9, dot, underscore, hyphen; upper case is taken as lower case
	Officer            uuid.UUID
	Password           string
	MustChangePassword bool
}

// CreateAccount adds an account. It refuses (domain.Refusal) a bad name or password, a name or an officer taken already.
func (s *Store) CreateAccount(ctx context.Context, n NewAccount) (Account, error) {
	name, hash, err := s.prepare(ctx, n)
	if err != nil {
		return Account{}, err
	}
	err = s.write(ctx, func(conn *sqlite.Conn) error { return s.insert(conn, name, n, hash) })
	if err != nil {
		return Account{}, fmt.Errorf("identity: create account: %w", err)
	}
	return s.Account(ctx, name)
}

// OneTimePassword makes a password of 80 random bits for somebody who must change it when he signs in.
func OneTimePassword() string {
	const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" // nothing that can be misread; 32 letters, so no modulo bias
	var b strings.Builder
	for i, r := range random(16) {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(alphabet[r%32])
	}
	return b.String()
}

// EnsureFirstAccount creates an account with a random password that must be changed, if there is no account at all, and
// returns that password: it is shown once and stored nowhere. If there are accounts, it does nothing and returns "".
func (s *Store) EnsureFirstAccount(ctx context.Context, name string, officer uuid.UUID) (password string, err error) {
	accounts, err := s.Accounts(ctx)
	if err != nil || len(accounts) > 0 {
		return "", err
	}
	n := NewAccount{Name: name, Officer: officer, Password: OneTimePassword(), MustChangePassword: true}
	name, hash, err := s.prepare(ctx, n)
	if err != nil {
		return "", err
	}
	created := false
	err = s.write(ctx, func(conn *sqlite.Conn) error {
		// Another process may have been faster.
		empty := true
		if err := query(conn, "SELECT 1 FROM accounts LIMIT 1", func(*sqlite.Stmt) { empty = false }); err != nil || !empty {
			return err
		}
		created = true
		return s.insert(conn, name, n, hash)
	})
	if err != nil {
		return "", fmt.Errorf("identity: create first account: %w", err)
	}
	if !created {
		return "", nil
	}
	return n.Password, nil
}

func (s *Store) prepare(ctx context.Context, n NewAccount) (name, hash string, err error) {
	name, ok := normalize(n.Name)
	if !ok {
		return "", "", &domain.Refusal{Code: "account.name", Field: "name", Message: "账号须为 2 至 64 位的英文字母、数字、点、下划线或连字符。"}
	}
	if err := CheckPassword(name, n.Password); err != nil {
		return "", "", err
	}
	hash, err = s.hash(ctx, n.Password)
	return name, hash, err
}

func (s *Store) insert(conn *sqlite.Conn, name string, n NewAccount, hash string) error {
	now := s.now().UnixMilli()
	err := query(conn, "INSERT INTO accounts (name, officer, password, must_change, created, password_set) VALUES (?, ?, ?, ?, ?, ?)", nil,
		name, n.Officer.String(), hash, n.MustChangePassword, now, now)
	switch sqlite.ErrCode(err) {
	case sqlite.ResultConstraintPrimaryKey:
		return &domain.Refusal{Code: "account.exists", Field: "name", Message: "该账号已被使用，请换一个。"}
	case sqlite.ResultConstraintUnique:
		return &domain.Refusal{Code: "account.officer_has_account", Field: "officer", Message: "该人员已有账号，一人只能有一个账号。"}
	}
	return err
}

// Authenticate returns the account if the password is right. Otherwise it returns [ErrWrong], an [ErrLocked], [ErrDisabled]
// or [ErrBusy]. Every attempt is counted before the password is looked at, so that guesses sent side by side count as well.
// An unknown name costs as much time as a known one.
func (s *Store) Authenticate(ctx context.Context, account, password string) (Account, error) {
	name, valid := normalize(account)
	key := sha256.Sum256([]byte(name))
	now := s.now()

	var stored row
	var known bool
	read := func(conn *sqlite.Conn) (err error) {
		stored, known, err = load(conn, "name", name)
		return err
	}
	if err := s.with(ctx, func(conn *sqlite.Conn) error { return errors.Join(locked(conn, key, now), read(conn)) }); err != nil {
		return Account{}, err
	}
	release, err := s.slot(ctx)
	if err != nil {
		return Account{}, err
	}
	defer release()
	if valid { // a name that no account can have needs no count
		if err := s.write(ctx, func(conn *sqlite.Conn) error { return errors.Join(count(conn, key, known, now), read(conn)) }); err != nil {
			return Account{}, err
		}
	}

	hash := s.decoy
	if known {
		hash = stored.hash
	}
	right, weak, err := s.params.verify(hash, password)
	if err != nil {
		return Account{}, fmt.Errorf("identity: account %s: %w", name, err)
	}
	if !right || !known {
		return Account{}, ErrWrong
	}
	better := stored.hash
	if weak {
		better = s.params.hash(password)
	}
	err = s.write(ctx, func(conn *sqlite.Conn) error {
		if err := query(conn, "DELETE FROM attempts WHERE name_hash = ?", nil, key[:]); err != nil {
			return err
		}
		// It may have been changed or disabled since it was read.
		current, ok, err := load(conn, "name", name)
		switch {
		case err != nil:
			return err
		case !ok || current.hash != stored.hash:
			return ErrWrong
		case current.Disabled:
			return ErrDisabled
		}
		stored = current
		return query(conn, "UPDATE accounts SET password = ? WHERE name = ?", nil, better, name)
	})
	if err != nil {
		return Account{}, err
	}
	stored.LockedUntil = time.Time{}
	return stored.Account, nil
}

// locked returns an [ErrLocked] while the name takes no password.
func locked(conn *sqlite.Conn, key [32]byte, now time.Time) error {
	var until int64
	err := query(conn, "SELECT locked_until FROM attempts WHERE name_hash = ?", func(st *sqlite.Stmt) { until = st.ColumnInt64(0) }, key[:])
	if err == nil && until > now.UnixMilli() {
		return ErrLocked{Until: time.UnixMilli(until).UTC()}
	}
	return err
}

// count records an attempt as failed until it has proved right; the last one that is allowed sets the lock.
func count(conn *sqlite.Conn, key [32]byte, known bool, now time.Time) error {
	if err := locked(conn, key, now); err != nil {
		return err
	}
	var failures, until int64
	err := query(conn, "SELECT failures FROM attempts WHERE name_hash = ? AND last > ?",
		func(st *sqlite.Stmt) { failures = st.ColumnInt64(0) }, key[:], now.Add(-LockFor).UnixMilli())
	if err != nil {
		return err
	}
	if failures++; failures >= MaxFailures {
		until = now.Add(LockFor).UnixMilli()
	}
	err = query(conn, `INSERT INTO attempts (name_hash, known, failures, last, locked_until) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET known = excluded.known, failures = excluded.failures, last = excluded.last, locked_until = excluded.locked_until`,
		nil, key[:], known, failures, now.UnixMilli(), until)
	if err != nil || known {
		return err
	}
	return query(conn, "DELETE FROM attempts WHERE name_hash IN (SELECT name_hash FROM attempts WHERE known = 0 ORDER BY last DESC LIMIT -1 OFFSET ?)",
		nil, unknownKept)
}

// SetPassword gives an account a new password and ends all its sessions. It returns [ErrNotFound] or a refusal of the
// password. Whoever sets the password of somebody else asks for mustChange.
func (s *Store) SetPassword(ctx context.Context, account, password string, mustChange bool) error {
	name, _ := normalize(account)
	if err := CheckPassword(name, password); err != nil {
		return err
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.change(ctx, name, true, "UPDATE accounts SET password = ?, must_change = ?, password_set = ? WHERE name = ?", hash, mustChange, s.now().UnixMilli(), name)
}

// ChangePassword is [Store.SetPassword] by somebody who knows the old one, with the errors of [Store.Authenticate]. All
// sessions of the account end, also the one that asks: the caller renews its token and goes on with it.
func (s *Store) ChangePassword(ctx context.Context, account, old, password string) error {
	a, err := s.Authenticate(ctx, account, old)
	if err != nil {
		return err
	}
	if same(old, password) {
		return &domain.Refusal{Code: "password.unchanged", Field: "new", Message: "新密码不能与原密码相同。"}
	}
	return s.SetPassword(ctx, a.Name, password, false)
}

// SetDisabled switches an account off, which ends its sessions, or on again. It returns [ErrNotFound].
func (s *Store) SetDisabled(ctx context.Context, account string, disabled bool) error {
	name, _ := normalize(account)
	return s.change(ctx, name, disabled, "UPDATE accounts SET disabled = ? WHERE name = ?", disabled, name)
}

// Unlock lets a locked account take passwords again. It returns [ErrNotFound].
func (s *Store) Unlock(ctx context.Context, account string) error {
	name, _ := normalize(account)
	return s.change(ctx, name, false, "UPDATE accounts SET name = name WHERE name = ?", name)
}

// change runs an update of one account and forgets its failed attempts, for it comes from somebody who may decide that.
func (s *Store) change(ctx context.Context, name string, endSessions bool, update string, args ...any) error {
	key := sha256.Sum256([]byte(name))
	err := s.write(ctx, func(conn *sqlite.Conn) error {
		if err := query(conn, update, nil, args...); err != nil {
			return err
		}
		if conn.Changes() == 0 {
			return ErrNotFound
		}
		if endSessions {
			if err := query(conn, "DELETE FROM sessions WHERE account = ?", nil, name); err != nil {
				return err
			}
		}
		return query(conn, "DELETE FROM attempts WHERE name_hash = ?", nil, key[:])
	})
	if err != nil {
		return fmt.Errorf("identity: change account: %w", err)
	}
	return nil
}

// Accounts lists all accounts by name.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	var list []Account
	err := s.with(ctx, func(conn *sqlite.Conn) error {
		var bad error
		err := query(conn, selectAccount+" ORDER BY name", func(st *sqlite.Stmt) {
			r, err := scan(st)
			list, bad = append(list, r.Account), errors.Join(bad, err)
		})
		if err != nil || bad != nil {
			return errors.Join(err, bad)
		}
		for i := range list {
			if err := list[i].readLock(conn, s.now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("identity: list accounts: %w", err)
	}
	return list, nil
}

// Account returns the account of a name, or [ErrNotFound].
func (s *Store) Account(ctx context.Context, name string) (Account, error) {
	name, _ = normalize(name)
	writes := s.writes.Load()
	if a, ok := s.accounts.get(name, writes); ok {
		return a, nil
	}
	a, err := s.one(ctx, "name", name)
	if err == nil {
		s.accounts.put(name, writes, a)
	}
	return a, err
}

// ByOfficer returns the account of an officer, or [ErrNotFound].
func (s *Store) ByOfficer(ctx context.Context, officer uuid.UUID) (Account, error) {
	return s.one(ctx, "officer", officer.String())
}

func (s *Store) one(ctx context.Context, column, value string) (Account, error) {
	var r row
	err := s.with(ctx, func(conn *sqlite.Conn) (err error) {
		var ok bool
		if r, ok, err = load(conn, column, value); err == nil && !ok {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		return r.readLock(conn, s.now())
	})
	if err != nil {
		return Account{}, fmt.Errorf("identity: read account: %w", err)
	}
	return r.Account, nil
}

// row is an account with what never leaves the package.
type row struct {
	Account
	hash string
}

const selectAccount = "SELECT name, officer, password, must_change, disabled, created, password_set FROM accounts"

func load(conn *sqlite.Conn, column, value string) (r row, ok bool, err error) {
	var bad error
	err = query(conn, selectAccount+" WHERE "+column+" = ?", func(st *sqlite.Stmt) {
		ok = true
		r, bad = scan(st)
	}, value)
	return r, ok, errors.Join(err, bad)
}

func scan(st *sqlite.Stmt) (row, error) {
	officer, err := uuid.Parse(st.ColumnText(1))
	return row{hash: st.ColumnText(2), Account: Account{Name: st.ColumnText(0), Officer: officer,
		MustChangePassword: st.ColumnBool(3), Disabled: st.ColumnBool(4),
		CreatedAt: time.UnixMilli(st.ColumnInt64(5)).UTC(), PasswordSetAt: time.UnixMilli(st.ColumnInt64(6)).UTC()}}, err
}

func (a *Account) readLock(conn *sqlite.Conn, now time.Time) error {
	var lock ErrLocked
	err := locked(conn, sha256.Sum256([]byte(a.Name)), now)
	if errors.As(err, &lock) {
		a.LockedUntil, err = lock.Until, nil
	}
	return err
}

var nameForm = regexp.MustCompile(`^[a-z0-9._-]{2,64}$`)

// normalize lowers ASCII letters only: Unicode folding would turn foreign letters into account names.
func normalize(name string) (string, bool) {
	lower := strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, name)
	return lower, nameForm.MatchString(lower)
}

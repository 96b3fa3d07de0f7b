package identity

import (
	"context"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"shuizheng/domain"
)

const (
	// MinPassword is the least length of a password, in characters.
	MinPassword = 10
	// MaxPassword is the greatest, in bytes: enough for any sentence, too little to keep the server busy.
	MaxPassword = 512

	minDistinct = 4 // characters that differ
	saltLen     = 16
	keyLen      = 32
	hashWait    = 5 * time.Second // a queue longer than this is a flood, and better turned away
)

// blocklist has a common password of MinPassword characters or more on each line, in lower case.
//
//go:embed blocklist.txt
var blocklist string

// Params is the cost of argon2id.
type Params struct {
	MemoryKiB uint32 // per hash; the store holds at most Options.MaxHashes times this
	Passes    uint32
	Lanes     uint8
}

// check keeps a damaged file from taking the memory or the time of the server.
func (p Params) check() error {
	if p.MemoryKiB < 8*uint32(p.Lanes) || p.MemoryKiB > 256*1024 || p.Passes < 1 || p.Passes > 16 || p.Lanes < 1 || p.Lanes > 16 {
		return fmt.Errorf("identity: argon2id parameters m=%d,t=%d,p=%d out of bounds", p.MemoryKiB, p.Passes, p.Lanes)
	}
	return nil
}

// canonical makes one password of what different keyboards and input methods send for it, for example of full-width digits.
func canonical(password string) []byte { return norm.NFKC.Bytes([]byte(password)) }

func same(a, b string) bool { return string(canonical(a)) == string(canonical(b)) }

func (p Params) encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.MemoryKiB, p.Passes, p.Lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

func (p Params) hash(password string) string {
	salt := random(saltLen)
	return p.encode(salt, argon2.IDKey(canonical(password), salt, p.Passes, p.MemoryKiB, p.Lanes, keyLen))
}

// verify compares a password with a PHC string; weak tells that the string was made with less cost than p.
func (p Params) verify(phc, password string) (right, weak bool, err error) {
	var (
		version   int
		stored    Params
		salt, key []byte
	)
	fields := strings.Split(phc, "$")
	bad := fmt.Errorf("identity: stored password hash is damaged")
	if len(fields) != 6 || fields[1] != "argon2id" {
		return false, false, bad
	}
	if _, err := fmt.Sscanf(fields[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, false, bad
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &stored.MemoryKiB, &stored.Passes, &stored.Lanes); err != nil {
		return false, false, bad
	}
	if err := stored.check(); err != nil {
		return false, false, err
	}
	if salt, err = base64.RawStdEncoding.DecodeString(fields[4]); err != nil {
		return false, false, bad
	}
	if key, err = base64.RawStdEncoding.DecodeString(fields[5]); err != nil || len(key) != keyLen {
		return false, false, bad
	}
	if len(password) > MaxPassword {
		password = ""
	}
	got := argon2.IDKey(canonical(password), salt, stored.Passes, stored.MemoryKiB, stored.Lanes, keyLen)
	weak = stored.MemoryKiB < p.MemoryKiB || stored.Passes < p.Passes
	return subtle.ConstantTimeCompare(got, key) == 1, weak, nil
}

// hash is [Params.hash] in its turn.
func (s *Store) hash(ctx context.Context, password string) (string, error) {
	release, err := s.slot(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return s.params.hash(password), nil
}

// slot waits for the right to hash, which bounds the memory that a flood of sign-ins can take.
func (s *Store) slot(ctx context.Context) (release func(), err error) {
	wait := time.NewTimer(hashWait)
	defer wait.Stop()
	select {
	case s.slots <- struct{}{}:
		return func() { <-s.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-wait.C:
		return nil, ErrBusy
	}
}

// CheckPassword refuses (domain.Refusal) a password that is short, too long, common, monotonous or contains the account name.
func CheckPassword(account, password string) error {
	refuse := func(code, message string) error {
		return &domain.Refusal{Code: "password." + code, Field: "password", Message: message}
	}
	if len(password) > MaxPassword {
		return refuse("too_long", "密码过长，请缩短。")
	}
	p := strings.ToLower(string(canonical(password)))
	distinct := map[rune]bool{}
	for _, r := range p {
		distinct[r] = true
	}
	switch {
	case utf8.RuneCountInString(p) < MinPassword:
		return refuse("too_short", fmt.Sprintf("密码至少 %d 个字符，可以用一句话。", MinPassword))
	case account != "" && strings.Contains(p, strings.ToLower(account)):
		return refuse("contains_account", "密码中不能含有账号，请更换。")
	case len(distinct) < minDistinct || strings.Contains("\n"+blocklist, "\n"+p+"\n"):
		return refuse("common", "该密码过于常见，容易被猜中，请更换。")
	}
	return nil
}

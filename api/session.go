package api

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"shuizheng/domain/law"
	"shuizheng/domain/registry"
	"shuizheng/identity"
)

// SignIn is what a person signs in with.
type SignIn struct {
	Account  string `json:"account" validate:"required,max=64"`
	Password string `json:"password" validate:"required,max=256"`
}

// ChangePassword replaces the caller's own password.
type ChangePassword struct {
	Old string `json:"old" validate:"required,max=256"`
	New string `json:"new" validate:"required,min=10,max=256"`
}

// Me is who the caller is and what he may do.
type Me struct {
	Account      string          `json:"account"`
	Officer      uuid.UUID       `json:"officer"`
	Name         string          `json:"name"`
	CertNo       string          `json:"certNo"`
	CertFrom     law.Date        `json:"certFrom"`
	CertUntil    law.Date        `json:"certUntil"`
	Roles        []registry.Role `json:"roles"`
	District     string          `json:"district"`
	DistrictName string          `json:"districtName"`
	Organ        organ           `json:"organ"`
	MustChange   bool            `json:"mustChangePassword"`
	Can          []string        `json:"can"` // command types the caller may send
}

func meOf(c caller) Me {
	name := "无锡市"
	for _, d := range registry.Districts() {
		if d.Code == c.District {
			name = d.Name
		}
	}
	return Me{c.Account, c.Officer, c.Name, c.CertNo, c.CertFrom, c.CertUntil, c.Roles, c.District, name, c.Organ, c.MustChange, c.can()}
}

func errSignedOut() error {
	return problem(http.StatusUnauthorized, "auth.required", "请先登录", "登录已过期或尚未登录，请登录后继续；未提交的内容仍在本机。")
}

func (s *server) signIn(w http.ResponseWriter, r *http.Request) {
	var in SignIn
	if err := s.shape.read(w, r, 4<<10, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	account, err := s.Accounts.Authenticate(r.Context(), in.Account, in.Password)
	if err != nil {
		s.fail(w, r, asSignInProblem(err))
		return
	}
	who, err := s.callerOf(r, account)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	// A new token at sign-in: one that somebody planted before is worth nothing afterwards.
	if err := s.Sessions.RenewToken(r.Context()); err != nil {
		s.fail(w, r, fmt.Errorf("renew session: %w", err))
		return
	}
	s.Sessions.Put(r.Context(), identity.SessionAccount, account.Name)
	s.answer(w, r, meOf(who))
}

func asSignInProblem(err error) error {
	var locked identity.ErrLocked
	switch {
	case errors.As(err, &locked):
		return retryLater(http.StatusTooManyRequests, "auth.locked", "账号暂时锁定", "密码多次输错，账号已暂时锁定，请在 "+locked.Until.In(law.Beijing()).Format("15:04")+" 后再试，或联系管理员。", 60)
	case errors.Is(err, identity.ErrWrong), errors.Is(err, identity.ErrDisabled):
		return problem(http.StatusUnauthorized, "auth.wrong", "账号或密码不对", "账号或密码不对，请重新输入。")
	case errors.Is(err, identity.ErrBusy):
		return retryLater(http.StatusTooManyRequests, "auth.busy", "登录的人太多", "现在登录的人太多，请稍后再试。", 2)
	}
	return err
}

func (s *server) session(w http.ResponseWriter, r *http.Request, who caller) {
	s.answer(w, r, meOf(who))
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request) {
	if err := s.Sessions.Destroy(r.Context()); err != nil {
		s.fail(w, r, fmt.Errorf("end session: %w", err))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *server) changePassword(w http.ResponseWriter, r *http.Request, who caller) {
	var in ChangePassword
	if err := s.shape.read(w, r, 4<<10, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	if err := s.Accounts.ChangePassword(r.Context(), who.Account, in.Old, in.New); err != nil {
		s.fail(w, r, asSignInProblem(err))
		return
	}
	// All sessions of the account have ended with the old password; this one goes on under a new token.
	if err := s.Sessions.RenewToken(r.Context()); err != nil {
		s.fail(w, r, fmt.Errorf("renew session: %w", err))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// signedIn lets a request through that has a session, with who sends it.
func (s *server) signedIn(next func(http.ResponseWriter, *http.Request, caller)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := s.caller(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if who.MustChange && r.URL.Path != "/api/v1/session" && r.URL.Path != "/api/v1/session/password" {
			s.fail(w, r, errForbidden("auth.change_password", "首次登录请先修改密码。"))
			return
		}
		next(w, r, who)
	}
}

// caller finds out who sends a request. Roles and district come from the registry at this moment, not from the session: who
// lost a role has lost it.
func (s *server) caller(r *http.Request) (caller, error) {
	name := s.Sessions.GetString(r.Context(), identity.SessionAccount)
	if name == "" {
		return caller{}, errSignedOut()
	}
	account, err := s.Accounts.Account(r.Context(), name)
	if errors.Is(err, identity.ErrNotFound) || err == nil && account.Disabled {
		return caller{}, errSignedOut()
	}
	if err != nil {
		return caller{}, err
	}
	return s.callerOf(r, account)
}

func (s *server) callerOf(r *http.Request, account identity.Account) (caller, error) {
	who, found, err := s.known.caller(r.Context(), account.Officer, law.DateOf(s.Now()))
	if err != nil {
		return caller{}, err
	}
	if !found {
		return caller{}, errForbidden("access.not_registered", "该账号还没有对应的人员登记，请联系管理员。")
	}
	who.Account, who.MustChange = account.Name, account.MustChangePassword
	return who, nil
}

package api

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain/registry"
	"shuizheng/identity"
)

// AccountView is an account as the administrator sees it.
type AccountView struct {
	Account     string    `json:"account"`
	Officer     uuid.UUID `json:"officer"`
	Name        string    `json:"name"`
	District    string    `json:"district"`
	MustChange  bool      `json:"mustChangePassword"`
	Disabled    bool      `json:"disabled"`
	LockedUntil time.Time `json:"lockedUntil,omitzero"`
	CreatedAt   time.Time `json:"createdAt"`
}

// NewAccount gives an officer a way in.
type NewAccount struct {
	Officer uuid.UUID `json:"officer" validate:"required"`
}

// AccountChange switches an account off or on, or unlocks it.
type AccountChange struct {
	Disabled *bool `json:"disabled,omitempty"`
	Unlock   bool  `json:"unlock,omitempty"`
}

// OneTimePassword is shown once, to the administrator who asked for it; its owner must change it when he signs in.
type OneTimePassword struct {
	Account  string `json:"account"`
	Password string `json:"password"`
}

// administers refuses who is not an administrator of the officer's district.
func (s *server) administers(r *http.Request, who caller, officer uuid.UUID) error {
	if !slices.Contains(who.Roles, registry.RoleAdmin) {
		return errForbidden("access.role", "只有系统管理员可以管理账号。")
	}
	if officer == uuid.Nil {
		return nil
	}
	roll, err := s.known.registry(r.Context())
	if err != nil {
		return err
	}
	o, found := roll.Officer(officer)
	switch {
	case !found:
		return problem(http.StatusUnprocessableEntity, "officer.unknown", "未能办理", "没有这名人员，请先登记人员，再开通账号。")
	case !who.spans(o.District):
		return errForbidden("access.other_district", "不能管理其他板块的账号。")
	}
	return nil
}

func (s *server) listAccounts(w http.ResponseWriter, r *http.Request, who caller) {
	if err := s.administers(r, who, uuid.Nil); err != nil {
		s.fail(w, r, err)
		return
	}
	accounts, err := s.Accounts.Accounts(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	roll, err := s.known.registry(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	items := []AccountView{}
	for _, a := range accounts {
		if o, found := roll.Officer(a.Officer); found && who.spans(o.District) {
			items = append(items, AccountView{a.Name, a.Officer, o.Name, o.District, a.MustChangePassword, a.Disabled, a.LockedUntil, a.CreatedAt})
		}
	}
	position, _ := s.Runner.Changed()
	s.answer(w, r, ListOf[AccountView]{Items: items, Position: position})
}

func (s *server) putAccount(w http.ResponseWriter, r *http.Request, who caller) {
	var in NewAccount
	err := s.shape.read(w, r, 4<<10, &in)
	if err == nil {
		err = s.administers(r, who, in.Officer)
	}
	password := identity.OneTimePassword()
	if err == nil {
		_, err = s.Accounts.CreateAccount(r.Context(), identity.NewAccount{Name: r.PathValue("account"), Officer: in.Officer, Password: password, MustChangePassword: true})
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.Logger.InfoContext(r.Context(), "account created", "by", who.Account, "account", r.PathValue("account"))
	s.answer(w, r, OneTimePassword{r.PathValue("account"), password})
}

// account finds the account an administrator acts on.
func (s *server) account(r *http.Request, who caller) (identity.Account, error) {
	a, err := s.Accounts.Account(r.Context(), r.PathValue("account"))
	if errors.Is(err, identity.ErrNotFound) {
		return a, errNotFound()
	}
	if err != nil {
		return a, err
	}
	return a, s.administers(r, who, a.Officer)
}

func (s *server) resetPassword(w http.ResponseWriter, r *http.Request, who caller) {
	a, err := s.account(r, who)
	password := identity.OneTimePassword()
	if err == nil {
		err = s.Accounts.SetPassword(r.Context(), a.Name, password, true)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.Logger.InfoContext(r.Context(), "password reset", "by", who.Account, "account", a.Name)
	s.answer(w, r, OneTimePassword{a.Name, password})
}

func (s *server) changeAccount(w http.ResponseWriter, r *http.Request, who caller) {
	var in AccountChange
	err := s.shape.read(w, r, 4<<10, &in)
	var a identity.Account
	if err == nil {
		a, err = s.account(r, who)
	}
	if err == nil && in.Disabled != nil {
		if *in.Disabled && a.Name == who.Account {
			err = problem(http.StatusUnprocessableEntity, "account.own", "未能办理", "不能停用自己的账号，请由其他管理员办理。")
		} else {
			err = s.Accounts.SetDisabled(r.Context(), a.Name, *in.Disabled)
		}
	}
	if err == nil && in.Unlock {
		err = s.Accounts.Unlock(r.Context(), a.Name)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.Logger.InfoContext(r.Context(), "account changed", "by", who.Account, "account", a.Name)
	w.WriteHeader(http.StatusNoContent)
}

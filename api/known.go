package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/projections"
	"shuizheng/projections/findings"
	roster "shuizheng/projections/registry"
)

// known is what the read model knows of officers, organs and reaches: what a command needs of other aggregates is put into it
// from here, and recorded with the event as what was known then.
type known struct{ runner *projections.Runner }

// officers returns the officers in the order asked for, each with the certificate valid on a day; who is not registered is
// left out.
func (k known) officers(ctx context.Context, ids []uuid.UUID, on law.Date) (officers []law.Officer, err error) {
	err = k.runner.Read(ctx, func(conn *sqlite.Conn, _ uint64) (err error) {
		officers, _, err = roster.CertifiedOn(conn, on, ids...)
		return err
	})
	return officers, err
}

func (k known) reach(ctx context.Context, id uuid.UUID) (reach finding.Reach, found bool, err error) {
	err = k.runner.Read(ctx, func(conn *sqlite.Conn, _ uint64) error {
		r, ok, err := roster.ReachByID(conn, id)
		reach, found = finding.Reach{ID: r.ID, Name: r.Name, District: r.District, Regime: r.Regime}, ok
		return err
	})
	return reach, found, err
}

// caller is who an officer is today.
func (k known) caller(ctx context.Context, officer uuid.UUID, today law.Date) (who caller, found bool, err error) {
	err = k.runner.Read(ctx, func(conn *sqlite.Conn, _ uint64) error {
		o, ok, err := roster.OfficerByID(conn, officer)
		if err != nil || !ok {
			return err
		}
		home, ok, err := roster.OrganByID(conn, o.Organ)
		if err != nil || !ok {
			return err
		}
		certified, _, err := roster.CertifiedOn(conn, today, officer)
		if err != nil || len(certified) == 0 {
			return err
		}
		found = true
		who = caller{Officer: o.ID, Name: o.Name, CertNo: certified[0].CertNo, CertFrom: certified[0].CertFrom, CertUntil: certified[0].CertUntil,
			Roles: o.Roles, District: o.District, Organ: organ(home)}
		return nil
	})
	return who, found, err
}

// citation finds a record that cites a file and that the caller may read, and the media type it is cited as.
func (k known) citation(ctx context.Context, sha string, who caller) (mediaType string, cited bool, err error) {
	err = k.runner.Read(ctx, func(conn *sqlite.Conn, _ uint64) error {
		citations, err := findings.Citations(conn, sha)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(citations, func(c findings.Citation) bool { return who.spans(c.District) })
		if n >= 0 {
			mediaType, cited = citations[n].MediaType, true
		}
		return nil
	})
	return mediaType, cited, err
}

// maxWait bounds how long a query waits for the position it asks for; then it answers with what there is, and says so.
const maxWait = 2 * time.Second

// read waits for a position if one is asked for, and reads one consistent state. It returns the position that state is true
// for.
func (k known) read(ctx context.Context, after uint64, f func(*sqlite.Conn) error) (position uint64, err error) {
	if after > 0 {
		wait, cancel := context.WithTimeout(ctx, maxWait)
		//nolint:errcheck // too late is not an error of the query: its answer says which position it is true for
		k.runner.WaitFor(wait, after)
		cancel()
	}
	err = k.runner.Read(ctx, func(conn *sqlite.Conn, at uint64) error {
		position = at
		return f(conn)
	})
	if err != nil {
		return position, fmt.Errorf("query: %w", err)
	}
	return position, nil
}

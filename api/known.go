package api

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/projections"
	"shuizheng/projections/findings"
	roster "shuizheng/projections/registry"
	"shuizheng/projections/waters"
)

// known is what the read model knows of officers, organs and reaches: what a command needs of other aggregates is put into it
// from here, and recorded with the event as what was known then.
type known struct {
	runner *projections.Runner

	mu       sync.Mutex
	position uint64 // the roll was compared with the read model at this position
	roll     *roster.Roll
}

// registry returns the registry as the read model has it now. One request looks after each change, the others share what it saw.
func (k *known) registry(ctx context.Context) (*roster.Roll, error) {
	position, _ := k.runner.Changed()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.roll != nil && k.position == position {
		return k.roll, nil
	}
	err := k.runner.Read(ctx, func(conn *sqlite.Conn, at uint64) error {
		roll, err := roster.ReadRoll(conn, k.roll)
		if err == nil {
			k.roll, k.position = roll, at
		}
		return err
	})
	return k.roll, err
}

// officers returns the officers in the order asked for, each with the certificate valid on a day; who is not registered is
// left out.
func (k *known) officers(ctx context.Context, ids []uuid.UUID, on law.Date) ([]law.Officer, error) {
	roll, err := k.registry(ctx)
	if err != nil {
		return nil, err
	}
	var list []law.Officer
	for _, id := range ids {
		if o, found := roll.Certified(id, on); found {
			list = append(list, o)
		}
	}
	return list, nil
}

func (k *known) reach(ctx context.Context, id uuid.UUID) (reach finding.Reach, found bool, err error) {
	roll, err := k.registry(ctx)
	if err != nil {
		return reach, false, err
	}
	r, found := roll.Reach(id)
	return finding.Reach{ID: r.ID, Name: r.Name, District: r.District, Regime: r.Regime}, found, nil
}

// caller is who an officer is today.
func (k *known) caller(ctx context.Context, officer uuid.UUID, today law.Date) (who caller, found bool, err error) {
	roll, err := k.registry(ctx)
	if err != nil {
		return who, false, err
	}
	o, registered := roll.Officer(officer)
	home, housed := roll.Organ(o.Organ)
	if !registered || !housed {
		return who, false, nil
	}
	certified, _ := roll.Certified(officer, today)
	return caller{Officer: o.ID, Name: o.Name, CertNo: certified.CertNo, CertFrom: certified.CertFrom, CertUntil: certified.CertUntil,
		Roles: o.Roles, District: o.District, Organ: organ(home)}, true, nil
}

// citation finds a record that cites a file and that the caller may read, and the media type it is cited as.
func (k *known) citation(ctx context.Context, sha string, who caller) (mediaType string, cited bool, err error) {
	err = k.runner.Read(ctx, func(conn *sqlite.Conn, _ uint64) error {
		citations, err := findings.Citations(conn, sha)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(citations, func(c findings.Citation) bool { return who.spans(c.District) })
		if n >= 0 {
			mediaType, cited = citations[n].MediaType, true
			return nil
		}
		others, err := waters.Citations(conn, sha)
		if err != nil {
			return err
		}
		if n := slices.IndexFunc(others, func(c waters.Citation) bool { return who.spans(c.District) }); n >= 0 {
			mediaType, cited = others[n].MediaType, true
		}
		return nil
	})
	return mediaType, cited, err
}

// maxWait bounds how long a query waits for the position it asks for; then it answers with what there is, and says so.
const maxWait = 2 * time.Second

// read waits for a position if one is asked for, and reads one consistent state. It returns the position that state is true
// for.
func (k *known) read(ctx context.Context, after uint64, f func(*sqlite.Conn) error) (position uint64, err error) {
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

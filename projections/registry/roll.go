package registry

import (
	"fmt"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain/law"
	"shuizheng/projections"
)

// Roll is the whole registry in memory, as of one state of the read model. Every command asks who acts and where, while the
// registry changes a few times a day and has some hundreds of entries: asking memory is worth the copy.
type Roll struct {
	version      string
	organs       map[uuid.UUID]Organ
	reaches      map[uuid.UUID]Reach
	officers     map[uuid.UUID]Officer
	certificates map[uuid.UUID][]Certificate
}

// ReadRoll reads the registry, or returns the roll read before if nothing has changed since. A roll is never changed.
func ReadRoll(conn *sqlite.Conn, before *Roll) (*Roll, error) {
	roll := &Roll{organs: map[uuid.UUID]Organ{}, reaches: map[uuid.UUID]Reach{}, officers: map[uuid.UUID]Officer{}, certificates: map[uuid.UUID][]Certificate{}}
	// Nothing is ever deleted here, organs and reaches are never changed, and a change of an officer adds an assignment or a
	// certificate with the position of its event.
	err := projections.Query(conn, `SELECT (SELECT count(*) FROM registry_organ), (SELECT count(*) FROM registry_reach),
		(SELECT coalesce(max(position), 0) FROM registry_assignment), (SELECT coalesce(max(position), 0) FROM registry_certificate)`, func(r *projections.Row) error {
		roll.version = fmt.Sprint(r.Int(), r.Int(), r.Int(), r.Int())
		return nil
	})
	if err != nil {
		return nil, wrap("version", err)
	}
	if before != nil && before.version == roll.version {
		return before, nil
	}
	organs, err := Organs(conn)
	if err != nil {
		return nil, err
	}
	for _, o := range organs {
		roll.organs[o.ID] = o
	}
	reaches, err := Reaches(conn)
	if err != nil {
		return nil, err
	}
	for _, r := range reaches {
		roll.reaches[r.ID] = r
	}
	officers, err := Officers(conn)
	if err != nil {
		return nil, err
	}
	for _, o := range officers {
		roll.officers[o.ID] = o
		if roll.certificates[o.ID], err = Certificates(conn, o.ID); err != nil {
			return nil, err
		}
	}
	return roll, nil
}

// Organ looks an organ up.
func (r *Roll) Organ(id uuid.UUID) (Organ, bool) { o, found := r.organs[id]; return o, found }

// Reach looks a reach up.
func (r *Roll) Reach(id uuid.UUID) (Reach, bool) { reach, found := r.reaches[id]; return reach, found }

// Officer looks an officer up.
func (r *Roll) Officer(id uuid.UUID) (Officer, bool) { o, found := r.officers[id]; return o, found }

// Certified is [CertifiedOn] from memory, for one officer.
func (r *Roll) Certified(id uuid.UUID, on law.Date) (officer law.Officer, found bool) {
	o, found := r.officers[id]
	officer = law.Officer{ID: id, Name: o.Name}
	for _, c := range r.certificates[id] { // the one issued last wins
		if c.From <= on && on <= c.Until {
			officer.CertNo, officer.CertFrom, officer.CertUntil = c.CertNo, c.From, c.Until
		}
	}
	return officer, found
}

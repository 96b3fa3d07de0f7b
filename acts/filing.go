// Package acts carries out acts of law that change more than one stream. The log has no transaction over several streams, so
// an act is begun by one event that holds all that follows from it, and each further step is a command with an id derived from
// that event: whoever repeats a step changes nothing, so an act that a crash interrupted can be finished by anyone.
package acts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/finding"
	"shuizheng/domain/registry"
)

// Filing carries out the filing of a case (立案): once the finding holds the approval, it takes a number from the organ's
// series, opens the case under it, and marks the finding.
type Filing struct {
	Log     domain.Log
	Catalog domain.Catalog
	Now     func() time.Time
}

// Filed is a case that stands.
type Filed struct {
	Case     uuid.UUID
	Number   string
	Position uint64 // of the last event of the act
}

// documentKind is the 文种字 of the series that filing numbers come from.
const documentKind = "立"

// Finish does what is left of the filing that an approval event on a finding began, and says what case came of it; done already,
// it only says so. If the case is refused it voids the number, records the failure on the finding and returns the
// [domain.Refusal]. Any other error leaves the act unfinished and is safe to try again.
func (f Filing) Finish(ctx context.Context, id, approval uuid.UUID) (Filed, error) {
	a, err := f.approved(ctx, id, approval)
	if err != nil {
		return Filed{}, err
	}
	n, err := f.takeNumber(ctx, a)
	if err != nil {
		return Filed{}, err
	}
	if n.voided != "" { // given up before, perhaps not to the end
		return Filed{}, f.giveUp(ctx, a, n, &domain.Refusal{Code: n.voided, Message: "本次立案未成立，编号已作废，请重新提交立案审批。"})
	}
	_, err = domain.Execute(ctx, f.Log, f.Catalog, casefile.Decider(), a.Case, casefile.Command(casefile.File{
		Number: n.text, Finding: id, Source: a.reported.Source, Organ: a.Organ.ID, District: a.reported.Reach.District,
		Reach: a.reported.Reach.ID, Filing: a.Filing, Ground: a.Ground, At: a.ApprovedAt,
	}), f.step(a, "case"))
	if refusal := (*domain.Refusal)(nil); errors.As(err, &refusal) {
		return Filed{}, f.giveUp(ctx, a, n, refusal)
	}
	if err != nil {
		return Filed{}, fmt.Errorf("open case %s: %w", a.Case, err)
	}
	marked, err := domain.Execute(ctx, f.Log, f.Catalog, finding.Decider(), id,
		finding.Command(finding.MarkFiled{Case: a.Case, Number: n.text}), f.step(a, "mark"))
	if err != nil {
		return Filed{}, fmt.Errorf("mark finding %s: %w", id, err)
	}
	return Filed{a.Case, n.text, marked.Position}, nil
}

// act is a filing as the stream of its finding tells it.
type act struct {
	finding.FilingApproved
	finding  uuid.UUID
	event    uuid.UUID // that began it
	meta     domain.Meta
	reported finding.Reported
}

// approved reads the approval, and the report its finding began with.
func (f Filing) approved(ctx context.Context, id, approval uuid.UUID) (act, error) {
	a := act{finding: id, event: approval}
	stream := domain.StreamName(finding.Decider().Category, id)
	found := false
	for r, err := range f.Log.ReadStream(ctx, stream) {
		if err != nil {
			return a, fmt.Errorf("read %s: %w", stream, err)
		}
		e, err := f.Catalog.Decode(r)
		if err != nil {
			return a, err
		}
		switch e := f.Catalog.Lift(e).(type) {
		case finding.Reported:
			a.reported = e
		case finding.FilingApproved:
			if r.ID != approval {
				continue
			}
			found, a.FilingApproved = true, e
			if err := json.Unmarshal(r.Metadata, &a.meta); err != nil {
				return a, fmt.Errorf("metadata of %s at position %d: %w", stream, r.Position, err)
			}
		}
	}
	if !found {
		return a, domain.Refuse("finding.filing_not_approved", "该线索没有通过立案审批。")
	}
	return a, nil
}

// step is the envelope of one step: by the same actor at the same time as the approval, under an id derived from it.
func (f Filing) step(a act, name string) domain.Meta {
	m := a.meta
	m.CommandID, m.CausationID = domain.StepID(a.event, name), a.event
	sum := sha256.Sum256([]byte(name + " of " + a.event.String()))
	m.CommandHash = hex.EncodeToString(sum[:])
	m.RecordedAt = f.Now()
	m.PrevHash = "" // that of the approval; a step has its place in another chain
	m.Device = nil  // the device sent one command; the steps are the server's
	return m
}

// number is what the series knows of the number of an act.
type number struct {
	series registry.SeriesKey
	text   string
	voided string // reason
}

// takeNumber allots the number, or reads the one the act already holds. A number is given to the approval, not to the case:
// the case's id comes from a client, and a client that reuses one must not reach another case's number.
func (f Filing) takeNumber(ctx context.Context, a act) (number, error) {
	n := number{series: registry.SeriesKey{Organ: a.Organ.ID, DocCode: a.Organ.DocCode, Kind: documentKind, Year: a.Ground.FiledOn.Year()}}
	if err := f.onSeries(ctx, n.series, registry.Allot{Series: n.series, GivenTo: a.event}, f.step(a, "number")); err != nil {
		return n, fmt.Errorf("allot number: %w", err)
	}
	stream := domain.StreamName(registry.Series().Category, n.series.ID())
	for r, err := range f.Log.ReadStream(ctx, stream) {
		if err != nil {
			return n, fmt.Errorf("read %s: %w", stream, err)
		}
		e, err := f.Catalog.Decode(r)
		if err != nil {
			return n, err
		}
		switch e := f.Catalog.Lift(e).(type) {
		case registry.NumberAllotted:
			if e.GivenTo == a.event {
				n.text = e.Text
			}
		case registry.NumberVoided:
			if e.GivenTo == a.event {
				n.voided = e.Reason
			}
		}
	}
	if n.text == "" {
		return n, fmt.Errorf("acts: %s gave no number to %s", stream, a.event)
	}
	return n, nil
}

// onSeries carries a command to the series that all filings of an organ queue for. A lost race decides nothing there, it only
// leads to another number, so it is run again until it is won: whoever won it has got on.
func (f Filing) onSeries(ctx context.Context, key registry.SeriesKey, c registry.SeriesCommand, step domain.Meta) error {
	for {
		_, err := domain.Execute(ctx, f.Log, f.Catalog, registry.Series(), key.ID(), c, step)
		if !errors.Is(err, domain.ErrWrongRevision) {
			return err
		}
	}
}

// giveUp voids the number and returns the finding to where it was before the approval.
func (f Filing) giveUp(ctx context.Context, a act, n number, reason *domain.Refusal) error {
	if n.voided == "" {
		if err := f.onSeries(ctx, n.series, registry.Void{GivenTo: a.event, Reason: reason.Code}, f.step(a, "void")); err != nil {
			return fmt.Errorf("void number: %w", err)
		}
	}
	if _, err := domain.Execute(ctx, f.Log, f.Catalog, finding.Decider(), a.finding,
		finding.Command(finding.FailFiling{Case: a.Case, Reason: reason.Code}), f.step(a, "fail")); err != nil {
		return fmt.Errorf("record failure on finding %s: %w", a.finding, err)
	}
	return reason
}

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
	"slices"
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

// Finish does what is left of the filing of a finding and says what case came of it; done already, it only says so. If the
// case is refused it voids the number, records the failure on the finding and returns the [domain.Refusal]. Any other error
// leaves the act unfinished and is safe to try again.
func (f Filing) Finish(ctx context.Context, id uuid.UUID) (Filed, error) {
	approved, reported, meta, err := f.approval(ctx, id)
	if err != nil {
		return Filed{}, err
	}
	series := registry.SeriesKey{Organ: approved.Organ.ID, DocCode: approved.Organ.DocCode, Kind: documentKind, Year: approved.Ground.FiledOn.Year()}
	number, err := f.takeNumber(ctx, series, meta)
	if err != nil {
		return Filed{}, err
	}
	_, err = domain.Execute(ctx, f.Log, f.Catalog, casefile.Decider(), approved.Case, casefile.Command(casefile.File{
		Number: number, Finding: id, Source: reported.Source, Organ: approved.Organ.ID, District: reported.Reach.District,
		Reach: reported.Reach.ID, Filing: approved.Filing, Ground: approved.Ground, At: approved.ApprovedAt,
	}), f.step(meta, "case"))
	if refusal := (*domain.Refusal)(nil); errors.As(err, &refusal) || errors.Is(err, domain.ErrCommandReused) {
		return Filed{}, f.giveUp(ctx, id, series, approved.Case, meta, err)
	}
	if err != nil {
		return Filed{}, fmt.Errorf("open case %s: %w", approved.Case, err)
	}
	marked, err := domain.Execute(ctx, f.Log, f.Catalog, finding.Decider(), id,
		finding.Command(finding.MarkFiled{Case: approved.Case, Number: number}), f.step(meta, "mark"))
	if err != nil {
		return Filed{}, fmt.Errorf("mark finding %s: %w", id, err)
	}
	return Filed{approved.Case, number, marked.Position}, nil
}

// approval reads the event that began the newest filing of the finding, and the report the finding began with.
func (f Filing) approval(ctx context.Context, id uuid.UUID) (approved finding.FilingApproved, reported finding.Reported, meta domain.Meta, err error) {
	stream := domain.StreamName(finding.Decider().Category, id)
	begun := false
	for r, err := range f.Log.ReadStream(ctx, stream) {
		if err != nil {
			return approved, reported, meta, fmt.Errorf("read %s: %w", stream, err)
		}
		e, err := f.Catalog.Decode(r)
		if err != nil {
			return approved, reported, meta, err
		}
		switch e := f.Catalog.Lift(e).(type) {
		case finding.Reported:
			reported = e
		case finding.FilingApproved:
			approved, begun, meta = e, true, domain.Meta{}
			if err := json.Unmarshal(r.Metadata, &meta); err != nil {
				return approved, reported, meta, fmt.Errorf("metadata of %s at position %d: %w", stream, r.Position, err)
			}
			meta.CausationID = r.ID
		case finding.FilingFailed:
			begun = false
		}
	}
	if !begun {
		return approved, reported, meta, domain.Refuse("finding.filing_not_approved", "该线索没有通过立案审批。")
	}
	return approved, reported, meta, nil
}

// step is the envelope of one step: by the same actor at the same time as the approval, under an id derived from it.
func (f Filing) step(approval domain.Meta, name string) domain.Meta {
	m := approval
	m.CommandID = domain.StepID(approval.CausationID, name)
	sum := sha256.Sum256([]byte(name + " of " + approval.CausationID.String()))
	m.CommandHash = hex.EncodeToString(sum[:])
	m.RecordedAt = f.Now()
	m.Device = nil // the device sent one command; the steps are the server's
	return m
}

// takeNumber allots the number, or reads the one the act already holds. A number is given to the approval, not to the case:
// the case's id comes from a client, and a client that reuses one must not reach another case's number.
func (f Filing) takeNumber(ctx context.Context, series registry.SeriesKey, approval domain.Meta) (string, error) {
	act := approval.CausationID
	_, err := domain.Execute(ctx, f.Log, f.Catalog, registry.Series(), series.ID(),
		registry.SeriesCommand(registry.Allot{Series: series, GivenTo: act}), f.step(approval, "number"))
	if err != nil {
		return "", fmt.Errorf("allot number in %s: %w", series.ID(), err)
	}
	state, err := domain.Load(ctx, f.Log, f.Catalog, registry.Series(), series.ID())
	if err != nil {
		return "", err
	}
	n := slices.Index(state.Given, registry.Given{To: act}) + 1
	if n == 0 { // another process gave this filing up between two of our steps
		return "", domain.Refuse("case.number_voided", "本次立案未成立，编号已作废，请重新提交立案审批。")
	}
	return series.Text(n), nil
}

// giveUp voids the number and returns the finding to where it was before the approval.
func (f Filing) giveUp(ctx context.Context, id uuid.UUID, series registry.SeriesKey, caseID uuid.UUID, meta domain.Meta, reason error) error {
	slug := "case.id_reused"
	if refusal := (*domain.Refusal)(nil); errors.As(reason, &refusal) {
		slug = refusal.Code
	}
	if _, err := domain.Execute(ctx, f.Log, f.Catalog, registry.Series(), series.ID(),
		registry.SeriesCommand(registry.Void{GivenTo: meta.CausationID, Reason: slug}), f.step(meta, "void")); err != nil {
		return fmt.Errorf("void number in %s: %w", series.ID(), err)
	}
	if _, err := domain.Execute(ctx, f.Log, f.Catalog, finding.Decider(), id,
		finding.Command(finding.FailFiling{Case: caseID, Reason: slug}), f.step(meta, "fail")); err != nil {
		return fmt.Errorf("record failure on finding %s: %w", id, err)
	}
	return reason
}

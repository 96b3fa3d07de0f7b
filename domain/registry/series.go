package registry

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"shuizheng/domain"
)

// SeriesKey names a series of document numbers: each organ counts each kind of document from 1 every year (文号).
type SeriesKey struct {
	Organ   uuid.UUID `json:"organ"`
	DocCode string    `json:"docCode"` // 机关代字
	Kind    string    `json:"kind"`    // 文种字, for example 立
	Year    int       `json:"year"`
}

// ID is the aggregate id of the series: the same key is the same stream everywhere.
func (k SeriesKey) ID() uuid.UUID {
	return uuid.NewSHA1(k.Organ, []byte(strings.Join([]string{k.DocCode, k.Kind, strconv.Itoa(k.Year)}, "\x00")))
}

// Text is number n as it is printed.
func (k SeriesKey) Text(n int) string {
	return fmt.Sprintf("%s%s〔%d〕%d号", k.DocCode, k.Kind, k.Year, n)
}

// SeriesEvent is a fact about a series.
//
//sumtype:decl
type SeriesEvent interface {
	domain.Event
	seriesEvent()
}

// NumberAllotted gives the next number to the act that needs it (编号). The series knows to what a number is given before it is
// used; GivenTo is the id of the event that began the act.
type NumberAllotted struct {
	Series  SeriesKey `json:"series"`
	Serial  int       `json:"serial"`
	Text    string    `json:"text"`
	GivenTo uuid.UUID `json:"givenTo"`
}

// NumberVoided records that a number was given and will never be used (作废): the series has no silent gap.
type NumberVoided struct {
	Serial  int       `json:"serial"`
	GivenTo uuid.UUID `json:"givenTo"`
	Reason  string    `json:"reason"`
}

// EventType names the type in the log.
func (NumberAllotted) EventType() string { return "series.number_allotted.v1" }

// EventType names the type in the log.
func (NumberVoided) EventType() string { return "series.number_voided.v1" }

func (NumberAllotted) seriesEvent() {}
func (NumberVoided) seriesEvent()   {}

// SeriesCommand is an act on a series, always issued by the act that needs the number.
//
//sumtype:decl
type SeriesCommand interface{ seriesCommand() }

// Allot takes the next number for an act. Asked twice for the same act, it changes nothing.
type Allot struct {
	Series  SeriesKey
	GivenTo uuid.UUID
}

// Void gives a number up.
type Void struct {
	GivenTo uuid.UUID
	Reason  string
}

func (Allot) seriesCommand() {}
func (Void) seriesCommand()  {}

// SeriesState is what decisions about a series need: every number with what it was given to, in order.
type SeriesState struct{ Given []Given }

// Given is one number of a series; number n is at index n-1.
type Given struct {
	To     uuid.UUID
	Voided bool
}

// Series decides about series.
func Series() domain.Decider[SeriesState, SeriesCommand, SeriesEvent] {
	return domain.Decider[SeriesState, SeriesCommand, SeriesEvent]{Category: "series", Decide: decideSeries, Evolve: evolveSeries}
}

func decideSeries(s SeriesState, c SeriesCommand) ([]SeriesEvent, error) {
	switch c := c.(type) {
	case Allot:
		if slices.Contains(s.Given, Given{To: c.GivenTo}) {
			return nil, nil
		}
		n := len(s.Given) + 1
		return []SeriesEvent{NumberAllotted{c.Series, n, c.Series.Text(n), c.GivenTo}}, nil
	case Void:
		n := slices.Index(s.Given, Given{To: c.GivenTo}) + 1
		if n == 0 {
			return nil, domain.Refuse("series.no_number", "该办理事项没有编号，无须作废。")
		}
		return []SeriesEvent{NumberVoided{n, c.GivenTo, c.Reason}}, nil
	}
	panic("registry: unknown series command")
}

func evolveSeries(s SeriesState, e SeriesEvent) SeriesState {
	switch e := e.(type) {
	case NumberAllotted:
		s.Given = append(slices.Clip(s.Given), Given{To: e.GivenTo})
	case NumberVoided:
		s.Given = slices.Clone(s.Given)
		if n := e.Serial - 1; n >= 0 && n < len(s.Given) {
			s.Given[n].Voided = true
		}
	}
	return s
}

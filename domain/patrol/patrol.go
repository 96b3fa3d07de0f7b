// Package patrol is the patrol (巡查): a crew leaves, records where it was, and returns.
package patrol

import (
	"math"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Event is a fact in the life of a patrol.
//
//sumtype:decl
type Event interface {
	domain.Event
	patrolEvent()
}

// Departed opens a patrol (出巡).
type Departed struct {
	District   string        `json:"district"`
	Reaches    []uuid.UUID   `json:"reaches"`
	Means      string        `json:"means"`
	Purpose    string        `json:"purpose,omitempty"`
	Crew       []law.Officer `json:"crew"`
	DepartedAt time.Time     `json:"departedAt"`
}

// TrackRecorded adds a batch of fixes in the order they were taken (轨迹).
type TrackRecorded struct {
	Points []Point `json:"points"`
}

// Returned ends a patrol (返航).
type Returned struct {
	ReturnedAt time.Time `json:"returnedAt"`
	DistanceM  int64     `json:"distanceM"` // along the recorded track, metres
	Note       string    `json:"note,omitempty"`
}

// EventType names the type in the log.
func (Departed) EventType() string { return "patrol.departed.v1" }

// EventType names the type in the log.
func (TrackRecorded) EventType() string { return "patrol.track_recorded.v1" }

// EventType names the type in the log.
func (Returned) EventType() string { return "patrol.returned.v1" }

func (Departed) patrolEvent()      {}
func (TrackRecorded) patrolEvent() {}
func (Returned) patrolEvent()      {}

// Point is one position fix, WGS-84 micro-degrees.
type Point struct {
	LatE6      int64     `json:"latE6" validate:"min=-90000000,max=90000000"`
	LonE6      int64     `json:"lonE6" validate:"min=-180000000,max=180000000"`
	AccuracyCM int64     `json:"accuracyCm" validate:"min=0,max=10000000"`
	At         time.Time `json:"at" validate:"required"`
}

// Command is an act on a patrol.
//
//sumtype:decl
type Command interface{ patrolCommand() }

// Depart starts a patrol. Crew and District are filled in from the registry before the decision.
type Depart struct {
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`
	Reaches  []uuid.UUID `json:"reaches" validate:"required,min=1,max=50,unique"`
	Means    string      `json:"means" validate:"required,oneof=boat vehicle foot drone"`
	Purpose  string      `json:"purpose,omitempty" validate:"max=200"`

	District string        `json:"-"`
	Crew     []law.Officer `json:"-"`
	At       time.Time     `json:"-"`
}

// RecordTrack adds fixes.
type RecordTrack struct {
	Points []Point `json:"points" validate:"required,min=1,max=500,dive"`

	At time.Time `json:"-"`
}

// Return ends the patrol.
type Return struct {
	Note string `json:"note,omitempty" validate:"max=2000"`

	At time.Time `json:"-"`
}

func (Depart) patrolCommand()      {}
func (RecordTrack) patrolCommand() {}
func (Return) patrolCommand()      {}

// State is what decisions about a patrol need.
type State struct {
	DepartedAt time.Time
	ReturnedAt time.Time
	District   string
	Crew       []law.Officer
	Last       Point
	DistanceCM int64
}

// Decider decides about patrols.
func Decider() domain.Decider[State, Command, Event] {
	return domain.Decider[State, Command, Event]{Category: "patrol", Decide: decide, Evolve: evolve}
}

func decide(s State, c Command) ([]Event, error) {
	if departed := !s.DepartedAt.IsZero(); departed {
		if _, again := c.(Depart); again {
			return nil, domain.Refuse("patrol.already_departed", "该巡查已经出发，请勿重复开始。")
		}
	} else if _, first := c.(Depart); !first {
		return nil, domain.Refuse("patrol.not_departed", "该巡查尚未出发，请先开始巡查。")
	}
	switch c := c.(type) {
	case Depart:
		if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
			return nil, err
		}
		return []Event{Departed{c.District, c.Reaches, c.Means, c.Purpose, c.Crew, c.At}}, nil
	case RecordTrack:
		if !s.ReturnedAt.IsZero() {
			return nil, domain.Refuse("patrol.already_returned", "该巡查已经结束，不能再记录轨迹。")
		}
		previous := s.Last.At
		for _, p := range c.Points {
			switch {
			case p.At.Before(s.DepartedAt):
				return nil, domain.Refuse("patrol.point_before_departure", "轨迹点早于出发时间，请核对手机时间。")
			case p.At.After(c.At):
				return nil, domain.Refuse("patrol.point_in_future", "轨迹点晚于记录时间，请核对手机时间。")
			case p.At.Before(previous):
				return nil, domain.Refuse("patrol.points_out_of_order", "轨迹点没有按时间先后排列。")
			}
			previous = p.At
		}
		return []Event{TrackRecorded{c.Points}}, nil
	case Return:
		switch {
		case !s.ReturnedAt.IsZero():
			return nil, domain.Refuse("patrol.already_returned", "该巡查已经结束，请勿重复结束。")
		case c.At.Before(s.DepartedAt):
			return nil, domain.Refuse("patrol.return_before_departure", "结束时间早于出发时间，请核对手机时间。")
		case c.At.Before(s.Last.At):
			return nil, domain.Refuse("patrol.return_before_track", "结束时间早于最后一个轨迹点，请核对手机时间。")
		}
		return []Event{Returned{c.At, s.DistanceCM / 100, c.Note}}, nil
	}
	panic("patrol: unknown command")
}

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Departed:
		s.DepartedAt, s.District, s.Crew = e.DepartedAt, e.District, e.Crew
	case TrackRecorded:
		for _, p := range e.Points {
			if !s.Last.At.IsZero() {
				s.DistanceCM += DistanceCM(s.Last, p)
			}
			s.Last = p
		}
	case Returned:
		s.ReturnedAt = e.ReturnedAt
	}
	return s
}

// DistanceCM is the great-circle distance of two fixes in centimetres, by the haversine formula on a sphere of 6,371,008.8 m.
func DistanceCM(a, b Point) int64 {
	const radiusCM, radians = 637_100_880.0, math.Pi / 180e6
	dLat, dLon := float64(b.LatE6-a.LatE6)*radians, float64(b.LonE6-a.LonE6)*radians
	sinLat, sinLon := math.Sin(dLat/2), math.Sin(dLon/2)
	// The conversions forbid fused multiply-adds: the same points must give the same centimetres on every machine.
	h := float64(sinLat*sinLat) + float64(float64(math.Cos(float64(a.LatE6)*radians)*math.Cos(float64(b.LatE6)*radians))*float64(sinLon*sinLon))
	return int64(math.Round(2 * radiusCM * math.Asin(math.Min(1, math.Sqrt(h)))))
}

// Types is the catalogue of this package.
func Types() []domain.Type {
	at := time.Date(2026, 3, 2, 0, 30, 0, 0, time.UTC)
	point := Point{31934000, 120260000, 800, at.Add(time.Minute)}
	return []domain.Type{
		domain.T(Departed{"320281", []uuid.UUID{uuid.MustParse("0197a000-0000-7000-8000-000000000101")}, "boat", "夜间采砂巡查", law.SampleCrew(), at}),
		domain.T(TrackRecorded{[]Point{point}}),
		domain.T(Returned{at.Add(2 * time.Hour), 18350, "未见异常"}),
	}
}

package patrol_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain/domaintest"
	"shuizheng/domain/law"
	"shuizheng/domain/patrol"
)

// 08:00 on 2 March 2026 in Beijing.
var (
	left  = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	reach = []uuid.UUID{uuid.MustParse("0197a000-0000-7000-8000-000000000101")}
)

func depart(crew ...law.Officer) patrol.Depart {
	return patrol.Depart{Reaches: reach, Means: "boat", Purpose: "夜间采砂巡查", District: "320281", Crew: crew, At: left}
}

func departed() patrol.Departed {
	return patrol.Departed{District: "320281", Reaches: reach, Means: "boat", Purpose: "夜间采砂巡查", Crew: law.SampleCrew(), DepartedAt: left}
}

// point is a fix so many minutes after departure, each about 190 m further east.
func point(minutes int) patrol.Point {
	return patrol.Point{LatE6: 31934000, LonE6: 120260000 + int64(minutes)*2000, AccuracyCM: 800, At: left.Add(time.Duration(minutes) * time.Minute)}
}

func track(at int, minutes ...int) patrol.RecordTrack {
	c := patrol.RecordTrack{At: point(at).At}
	for _, m := range minutes {
		c.Points = append(c.Points, point(m))
	}
	return c
}

func TestPatrol(t *testing.T) {
	domaintest.For(patrol.Decider()).
		When(depart(law.SampleCrew()...)).Then(t, departed()).
		When(track(2, 0, 1, 2)).Then(t, patrol.TrackRecorded{Points: track(2, 0, 1, 2).Points}).
		When(track(9, 3)).Then(t, patrol.TrackRecorded{Points: track(9, 3).Points}).
		When(patrol.Return{Note: "未见异常", At: point(60).At}).
		Then(t, patrol.Returned{ReturnedAt: point(60).At, DistanceM: 566, Note: "未见异常"})
}

func TestPatrolWithoutATrackHasNoDistance(t *testing.T) {
	domaintest.For(patrol.Decider()).Given(departed()).
		When(patrol.Return{At: left}).Then(t, patrol.Returned{ReturnedAt: left})
}

func TestTwoFixesOfOneMomentAreInOrder(t *testing.T) {
	c := track(1, 1, 1)
	domaintest.For(patrol.Decider()).Given(departed()).When(c).Then(t, patrol.TrackRecorded{Points: c.Points})
}

func TestRefusals(t *testing.T) {
	fresh := domaintest.For(patrol.Decider())
	out := fresh.Given(departed())
	tracked := out.Given(patrol.TrackRecorded{Points: track(5, 5).Points})
	back := tracked.Given(patrol.Returned{ReturnedAt: point(60).At})
	crew := law.SampleCrew()

	out.When(depart(crew...)).Refused(t, "patrol.already_departed")
	back.When(depart(crew...)).Refused(t, "patrol.already_departed")
	fresh.When(track(1, 1)).Refused(t, "patrol.not_departed")
	fresh.When(patrol.Return{At: left}).Refused(t, "patrol.not_departed")

	fresh.When(depart(crew[0])).Refused(t, "officer.two_needed")
	fresh.When(depart(crew[0], crew[0])).Refused(t, "officer.two_needed")
	fresh.When(depart(crew[0], law.Officer{ID: crew[1].ID, Name: "陈示例"})).Refused(t, "officer.not_certified")

	out.When(track(1, -1)).Refused(t, "patrol.point_before_departure")
	out.When(track(1, 2)).Refused(t, "patrol.point_in_future")
	out.When(track(9, 2, 1)).Refused(t, "patrol.points_out_of_order")
	tracked.When(track(9, 4)).Refused(t, "patrol.points_out_of_order")

	out.When(patrol.Return{At: left.Add(-time.Nanosecond)}).Refused(t, "patrol.return_before_departure")
	tracked.When(patrol.Return{At: point(5).At.Add(-time.Nanosecond)}).Refused(t, "patrol.return_before_track")
	back.When(patrol.Return{At: point(90).At}).Refused(t, "patrol.already_returned")
	back.When(track(90, 6)).Refused(t, "patrol.already_returned")
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		name   string
		a, b   patrol.Point
		metres int64
	}{
		{"nowhere", point(0), point(0), 0},
		{"one degree of latitude", patrol.Point{LatE6: 31_000_000, LonE6: 120_000_000}, patrol.Point{LatE6: 32_000_000, LonE6: 120_000_000}, 111_195},
		{"利港 to the 江阴 bridge", patrol.Point{LatE6: 31_934_000, LonE6: 120_080_000}, patrol.Point{LatE6: 31_945_000, LonE6: 120_270_000}, 17_970},
		{"half the earth", patrol.Point{LatE6: 0, LonE6: 0}, patrol.Point{LatE6: 0, LonE6: 180_000_000}, 20_015_114},
		{"over the date line", patrol.Point{LatE6: 0, LonE6: 179_500_000}, patrol.Point{LatE6: 0, LonE6: -179_500_000}, 111_195},
	} {
		if got := patrol.DistanceCM(tt.a, tt.b) / 100; got != tt.metres {
			t.Errorf("%s: %d m, want %d", tt.name, got, tt.metres)
		}
		if there, back := patrol.DistanceCM(tt.a, tt.b), patrol.DistanceCM(tt.b, tt.a); there != back {
			t.Errorf("%s: %d cm there, %d cm back", tt.name, there, back)
		}
	}
}

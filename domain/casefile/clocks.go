package casefile

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"shuizheng/domain/law"
)

// past says whether a period was over on a day. Where the calendar of a year to come is not known yet, a day on which the period cannot
// be over in any calendar is still judged.
func (r Rules) past(c law.Clock, on law.Date) (bool, error) {
	due, err := c.Due(r.Calendar, on)
	if err != nil {
		if c.Start.Valid() && on <= least(c) {
			return false, nil
		}
		return false, err
	}
	return on > due, nil
}

func (q question) past(c law.Clock) (bool, error) { return q.rules.past(c, q.on) }

// least is the earliest day a clock can end on: a period of working days is at least as many days.
func least(c law.Clock) law.Date {
	n := c.Length + c.Extension
	switch c.Unit {
	case law.WorkingDays, law.Days:
		return c.Start.AddDays(n)
	case law.Months:
		return c.Start.AddMonths(n)
	case law.Years:
		return c.Start.AddYears(n)
	case law.Hours:
	}
	return ""
}

// ids turn marks into the ids of events: the ids of the stream of the case, in order.
type ids []uuid.UUID

func (i ids) of(m mark) uuid.UUID {
	if m < 1 || int(m) > len(i) {
		return uuid.Nil
	}
	return i[m-1]
}

// paused adds to a clock what does not count. A pause of no length is none.
func (i ids) paused(c law.Clock, pauses []Pause, counts func(Pause) bool) law.Clock {
	for _, p := range pauses {
		if counts(p) && p.From.Valid() && (p.Until == "" || p.Until > p.From.AddDays(1)) {
			c = c.Paused(law.Span{From: p.From.AddDays(1), To: p.Until, Reason: pauseName(p.Kind), Event: i.of(p.Event), Ended: i.of(p.Ended)})
		}
	}
	return c
}

func pauseName(kind string) string {
	switch kind {
	case law.PauseSuspension:
		return "中止调查"
	case law.PauseHearing:
		return "听证"
	case law.PauseAnnouncement:
		return "公告送达"
	}
	return "检测、检验、鉴定"
}

func (r Rules) decision(s State) law.Clock { return r.decisionClock(s, nil) }

func (r Rules) decisionClock(s State, i ids) law.Clock {
	from, event := law.DateOf(s.FiledAt), mark(1)
	if s.AgainOn != "" {
		from, event = s.AgainOn, s.Again
	}
	c := law.DecisionClock(r.Settings, from, i.of(event))
	c = i.paused(c, s.Pauses, func(p Pause) bool { return law.PausesDecision(r.Settings, p.Kind, p.From) })
	if s.Extension != nil {
		c = c.ExtendedBy(int(min(s.Extension.Days, 3650)), i.of(s.Extension.Event))
	}
	if s.Decision != nil {
		c = c.Finished(s.Decision.On, i.of(s.Decision.Event))
	}
	return c
}

func (r Rules) preservation(h Holding) law.Clock { return r.preservationClock(h, nil) }

func (r Rules) preservationClock(h Holding, i ids) law.Clock {
	return law.EvidencePreservationClock(r.Settings, h.On, i.of(h.Event))
}

func (r Rules) seizure(s State, h Holding) law.Clock { return r.seizureClock(s, h, nil) }

func (r Rules) seizureClock(s State, h Holding, i ids) law.Clock {
	c := law.SeizureClock(r.Settings, h.On, i.of(h.Event))
	c.Length = int(min(h.Days, 30))
	if h.More > 0 {
		c = c.ExtendedBy(int(min(h.More, 30)), i.of(h.Extended))
	}
	return i.paused(c, s.Pauses, func(p Pause) bool { return p.Kind == law.PauseAppraisal && p.Held == h.ID })
}

func (r Rules) defence(n Notice) law.Clock { return law.DefenceClock(r.Settings, n.On, uuid.Nil) }

func (r Rules) hearingRequest(n Notice) law.Clock {
	return law.HearingRequestClock(r.Settings, n.On, uuid.Nil)
}

func (r Rules) payment(s State, p Performance) law.Clock { return r.paymentClock(s, p, nil) }

func (r Rules) paymentClock(s State, p Performance, i ids) law.Clock {
	v, _ := s.servedOn(p.Item.Party)
	c := law.PaymentClock(r.Settings, v.On, i.of(v.Event))
	if p.DeferredTo != "" {
		// The day that was approved is the last day itself.
		c.Length, c.Unit, c.Start, c.StartEvent, c.EndsOnHolidayMoves = 0, law.Days, p.DeferredTo, i.of(p.Payable), true
	}
	return c
}

func (r Rules) urging(p Performance) law.Clock {
	return law.UrgingClock(r.Settings, p.UrgedOn, uuid.Nil)
}

func (r Rules) substituteUrging(p Performance) law.Clock {
	return law.SubstituteUrgingClock(r.Settings, p.SubUrgedOn, uuid.Nil)
}

// lapsed is the last day on which a party could ask for review or sue; whoever has used a remedy has until the end of the last one.
func (r Rules) lapsed(s State, party int64) (law.Date, error) {
	v, ok := s.servedOn(party)
	if !ok {
		return "9999-12-31", nil
	}
	last := law.Date("")
	for _, c := range []law.Clock{law.ReviewClock(r.Settings, v.On, uuid.Nil), law.SuitClock(r.Settings, v.On, uuid.Nil)} {
		due, err := c.Due(r.Calendar, v.On)
		if err != nil {
			return "", err
		}
		last = max(last, due)
	}
	used := law.Date("")
	for _, m := range s.Remedies {
		if m.Party != party || m.EndedOn == "" {
			continue
		}
		end := m.EndedOn
		if m.Kind == "review" && !slices.ContainsFunc(s.Remedies, func(o Remedy) bool { return o.Party == party && o.Kind != "review" }) {
			due, err := law.SuitAfterReviewClock(r.Settings, m.EndedOn, uuid.Nil).Due(r.Calendar, m.EndedOn)
			if err != nil {
				return "", err
			}
			end = due
		}
		used = max(used, end)
	}
	if used != "" {
		return used, nil
	}
	return last, nil
}

// court is the time to apply to the court: from the day the remedies lapsed, or from the end of a deferral or plan if that is later.
func (r Rules) court(s State, p Performance) (law.Clock, error) {
	lapsed, err := r.lapsed(s, p.Item.Party)
	if err != nil {
		return law.Clock{}, err
	}
	return law.CourtEnforcementClock(r.Settings, max(lapsed, p.DeferredTo), uuid.Nil), nil
}

// Clocks lists the running clocks of a case, by the rules as the program comes. The ids are those of the events of its stream, in
// order: clocks, pauses and extensions point to them. Without ids they point nowhere.
func Clocks(s State, events ...uuid.UUID) []law.Clock { return Standard().Clocks(s, events...) }

// Clocks lists the running clocks of a case.
func (r Rules) Clocks(s State, events ...uuid.UUID) []law.Clock {
	if s.Status == "" {
		return nil
	}
	i := ids(events)
	var list []law.Clock
	if s.Status == StatusClosed {
		return append(r.remedyClocks(s, i), law.ArchiveClock(r.Settings, s.ClosedOn, i.of(s.Close)))
	}
	if s.Status == StatusArchived || s.Ended != "" {
		return r.remedyClocks(s, i)
	}
	if s.Decision == nil {
		list = append(list, r.decisionClock(s, i))
	}
	for _, h := range s.Preserved {
		if h.Outcome == "" {
			list = append(list, r.preservationClock(h, i))
		}
	}
	for _, h := range s.Seized {
		if h.Outcome == "" {
			list = append(list, r.seizureClock(s, h, i))
		}
	}
	if s.Decision == nil {
		list = append(list, r.noticeClocks(s, i)...)
	} else {
		list = append(list, r.decisionClocks(s, i)...)
	}
	for _, c := range s.Cash {
		if c.InOn == "" {
			list = append(list, law.CashHandInClock(r.Settings, c.On, i.of(c.Event)))
		}
	}
	return append(append(list, r.transferClocks(s, i)...), r.remedyClocks(s, i)...)
}

func (r Rules) noticeClocks(s State, i ids) (list []law.Clock) {
	for _, n := range s.Notices {
		if n.Defence == (Defence{}) && n.Hearing.Outcome == "" {
			list = append(list, law.DefenceClock(r.Settings, n.On, i.of(n.Event)))
		}
		if n.Hearing.Told && !n.Hearing.Waived && n.Hearing.RequestedOn == "" {
			list = append(list, law.HearingRequestClock(r.Settings, n.On, i.of(n.Event)))
		}
		if n.Hearing.pending() && n.Hearing.NoticeOn != "" {
			list = append(list, law.HearingNoticeClock(r.Settings, n.Hearing.NoticeOn, i.of(n.Hearing.Scheduled)))
		}
	}
	return list
}

func (r Rules) decisionClocks(s State, i ids) (list []law.Clock) {
	d := s.Decision
	for _, party := range s.decidedParties() {
		if v, served := s.servedOn(party); served {
			if !s.performed() {
				list = append(list, law.ReviewClock(r.Settings, v.On, i.of(v.Event)), law.SuitClock(r.Settings, v.On, i.of(v.Event)))
			}
		} else {
			list = append(list, law.ServiceClock(r.Settings, d.On, i.of(d.Event)))
		}
	}
	if d.Summary && !d.Reported {
		list = append(list, law.SummaryReportClock(r.Settings, d.On, i.of(d.Event)))
	}
	if !d.NoPenalty && s.Public.On == "" {
		list = append(list, law.PublicationClock(r.Settings, d.On, i.of(d.Event)))
	}
	for _, p := range s.Items {
		v, served := s.servedOn(p.Item.Party)
		if p.done() || !served || p.Suspended {
			continue
		}
		named := func(c law.Clock) law.Clock {
			c.Name = fmt.Sprintf("%s（第%d项）", c.Name, p.Item.No)
			return c
		}
		if money(p.Item.Measure) {
			list = append(list, named(r.paymentClock(s, p, i)))
		}
		if p.UrgedOn != "" && p.Court == "" && p.Enforcement == "" {
			list = append(list, named(law.UrgingClock(r.Settings, p.UrgedOn, i.of(p.Urged))))
		}
		if p.Substitute == "urged" {
			list = append(list, named(law.SubstituteUrgingClock(r.Settings, p.SubUrgedOn, i.of(p.SubUrged))))
		}
		if p.Road.leads(law.RoadCourt) && p.Court == "" {
			if c, err := r.court(s, p); err == nil {
				c.StartEvent = i.of(v.Event)
				list = append(list, named(c))
			}
		}
	}
	return list
}

func (r Rules) transferClocks(s State, i ids) (list []law.Clock) {
	t := s.Transfer
	switch {
	case !t.open():
	case t.Approved.IsZero():
		list = append(list, law.TransferDecisionClock(r.Settings, t.ReportedOn, i.of(t.Reported)))
	case t.Delivered.IsZero():
		list = append(list, law.TransferDeliveryClock(r.Settings, t.Approved, i.of(t.ApprovedBy)))
	case t.FiledOn != "" && t.GoodsOn == "":
		list = append(list, law.TransferGoodsClock(r.Settings, t.FiledOn, i.of(t.Filed)))
	}
	return list
}

func (r Rules) remedyClocks(s State, i ids) (list []law.Clock) {
	for _, m := range s.Remedies {
		if m.Kind == "review" && m.EndedOn == "" && m.AnsweredOn == "" {
			list = append(list, law.ReviewAnswerClock(r.Settings, m.AcceptedOn, i.of(m.Event)))
		}
	}
	if s.Public.RecallOn != "" {
		list = append(list, law.PublicationRecallClock(r.Settings, s.Public.RecallOn, i.of(s.Public.Recalled)))
	}
	return list
}

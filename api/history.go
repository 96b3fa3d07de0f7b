package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/domain/patrol"
	"shuizheng/domain/registry"
	"shuizheng/projections/timeline"
)

// EventView is one event as the pages show it: everything that stands in the log, and a sentence that says it in words.
type EventView struct {
	Position   uint64          `json:"position"`
	Stream     string          `json:"stream"`
	Revision   uint64          `json:"revision"`
	ID         uuid.UUID       `json:"id"`
	Type       string          `json:"type"`
	TypeName   string          `json:"typeName"`
	OccurredAt time.Time       `json:"occurredAt"`
	RecordedAt time.Time       `json:"recordedAt"`
	Clock      domain.Clock    `json:"clock"`
	Actor      domain.Actor    `json:"actor"`
	Device     *domain.Device  `json:"device,omitempty"`
	Summary    string          `json:"summary"`
	Data       json.RawMessage `json:"data"`
	Hash       string          `json:"hash"`
	PrevHash   string          `json:"prevHash"`
}

// StreamAnswer is the whole history of one record.
type StreamAnswer struct {
	Events   []EventView `json:"events"`
	Position uint64      `json:"position"` // of the last event
}

// EventAnswer is one event.
type EventAnswer struct {
	Event EventView `json:"event"`
}

func (s *server) view(record domain.Record) (EventView, error) {
	var meta domain.Meta
	if err := json.Unmarshal(record.Metadata, &meta); err != nil {
		return EventView{}, fmt.Errorf("metadata at position %d: %w", record.Position, err)
	}
	e, err := s.Catalog.Decode(record)
	if err != nil {
		return EventView{}, err
	}
	return EventView{record.Position, record.Stream, record.Revision, record.ID, record.Type, nameOf(reference().Events, record.Type),
		meta.OccurredAt, meta.RecordedAt, meta.Clock, meta.Actor, meta.Device, inWords(e), record.Data, record.Hash(), meta.PrevHash}, nil
}

func (s *server) getStream(w http.ResponseWriter, r *http.Request, who caller) {
	stream := r.PathValue("stream")
	if err := s.mayRead(r, who, stream); err != nil {
		s.fail(w, r, err)
		return
	}
	answer := StreamAnswer{Events: []EventView{}}
	for record, err := range s.Log.ReadStream(r.Context(), stream) {
		if err != nil {
			s.fail(w, r, fmt.Errorf("history of %s: %w", stream, err))
			return
		}
		view, err := s.view(record)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		answer.Events = append(answer.Events, view)
		answer.Position = record.Position
	}
	if len(answer.Events) == 0 {
		s.fail(w, r, errNotFound())
		return
	}
	s.answer(w, r, answer)
}

func (s *server) getEvent(w http.ResponseWriter, r *http.Request, who caller) {
	id, err := pathID(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var place timeline.Entry
	after, err := waitFor(r, 0)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if _, err := s.known.read(r.Context(), after, func(conn *sqlite.Conn) error {
		var found bool
		place, found, err = timeline.ByID(conn, id)
		if err == nil && !found {
			err = errNotFound()
		}
		return err
	}); err != nil {
		s.fail(w, r, err)
		return
	}
	if err := s.mayRead(r, who, place.Stream); err != nil {
		s.fail(w, r, err)
		return
	}
	for record, err := range s.Log.ReadStream(r.Context(), place.Stream) {
		if err != nil {
			s.fail(w, r, fmt.Errorf("history of %s: %w", place.Stream, err))
			return
		}
		if record.ID != id {
			continue
		}
		view, err := s.view(record)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.answer(w, r, EventAnswer{view})
		return
	}
	s.fail(w, r, errNotFound())
}

// mayRead refuses a stream of a district the caller does not work on, in the words of a stream that does not exist.
func (s *server) mayRead(r *http.Request, who caller, stream string) error {
	after, err := waitFor(r, 0)
	if err != nil {
		return err
	}
	district, scoped, err := s.streamDistrict(r.Context(), after, stream)
	if err == nil && scoped && !who.spans(district) {
		err = errNotFound()
	}
	return err
}

// inWords says an event as one Chinese sentence.
func inWords(e domain.Event) string {
	words := reference()
	switch e := e.(type) {
	case registry.OrganRegistered:
		return "登记单位" + e.Name
	case registry.ReachRegistered:
		return "登记河段" + e.Name
	case registry.OfficerRegistered:
		return "登记人员" + e.Name
	case registry.OfficerAssigned:
		return "变更任职"
	case registry.CertificateIssued:
		return fmt.Sprintf("登记执法证 %s，有效期 %s 至 %s", e.CertNo, e.From, e.Until)
	case registry.NumberAllotted:
		return "编号 " + e.Text
	case registry.NumberVoided:
		return fmt.Sprintf("第 %d 号作废", e.Serial)
	case patrol.Departed:
		return fmt.Sprintf("%s出巡，%s", names(e.Crew), nameOf(words.Means, e.Means))
	case patrol.TrackRecorded:
		return fmt.Sprintf("记录轨迹 %d 点", len(e.Points))
	case patrol.Returned:
		return fmt.Sprintf("结束巡查，轨迹长 %.1f 公里", float64(e.DistanceM)/1000)
	case finding.Reported:
		return fmt.Sprintf("%s在%s登记线索：%s", names(e.Crew), e.Reach.Name, e.Description)
	case finding.Verified:
		if e.Result == "unfounded" {
			return "核查不属实：" + e.Note
		}
		return "核查涉嫌违法：" + e.Note
	case finding.NotFiled:
		return fmt.Sprintf("不予立案（%s）：%s", nameOf(words.Reasons, e.Reason), e.Note)
	case finding.FilingApproved:
		return "立案审批通过：" + e.Filing.Title
	case finding.Filed:
		return "已立案，案号 " + e.Number
	case finding.FilingFailed:
		return "立案未成立，编号作废"
	}
	if words := caseWords(e); words != "" {
		return words
	}
	if words := waterWords(e); words != "" {
		return words
	}
	return e.EventType()
}

func names(officers []law.Officer) string {
	list := make([]string, len(officers))
	for n, o := range officers {
		list[n] = o.Name
	}
	return strings.Join(list, "、")
}

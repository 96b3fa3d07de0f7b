package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain/law"
	"shuizheng/projections/statistics"
)

// FiguresQuery asks for a table of figures (统计).
type FiguresQuery struct {
	By       string   `json:"by,omitempty" validate:"max=40" jsonschema:"分组，一至两个，逗号分隔：district reach kind day month"`
	Measures []string `json:"measure,omitempty" validate:"max=10,dive,max=30"`
	District string   `json:"district,omitempty" validate:"omitempty,len=6,alphanum"`
	Kind     law.Kind `json:"kind,omitempty" validate:"omitempty,oneof=sand.mining sand.vessel shoreline.occupy shoreline.extract shoreline.dump shoreline.build"`
	Reach    string   `json:"reach,omitempty" validate:"omitempty,uuid"`
	From     law.Date `json:"from,omitempty" validate:"omitempty,datetime=2006-01-02"`
	To       law.Date `json:"to,omitempty" validate:"omitempty,datetime=2006-01-02"`
	WaitFor  uint64   `json:"waitFor,omitempty"`
}

// FiguresAnswer is a table of figures.
type FiguresAnswer struct {
	statistics.Table
	Position uint64 `json:"position"`
}

func (s *server) getFigures(w http.ResponseWriter, r *http.Request, who caller) {
	q, err := query[FiguresQuery](s, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	f, err := q.filter(who)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, m := range q.Measures {
		f.Measures = append(f.Measures, statistics.Measure(m))
	}
	var by []statistics.Group
	for name := range strings.SplitSeq(q.By, ",") {
		if name != "" {
			by = append(by, statistics.Group(name))
		}
	}
	var table statistics.Table
	s.answerFrom(w, r, q.WaitFor, func(conn *sqlite.Conn) (err error) {
		table, err = statistics.Figures(conn, f, by...)
		return asFiguresProblem(err)
	}, func(position uint64) any { return FiguresAnswer{table, position} })
}

func (q FiguresQuery) filter(who caller) (f statistics.Filter, err error) {
	f = statistics.Filter{Kinds: single(q.Kind), From: q.From, To: q.To}
	if q.Reach != "" {
		reach, err := uuid.Parse(q.Reach)
		if err != nil {
			return f, err
		}
		f.Reaches = []uuid.UUID{reach}
	}
	f.Districts, err = who.within(q.District)
	return f, err
}

func asFiguresProblem(err error) error {
	if errors.Is(err, statistics.ErrQuery) {
		return problem(http.StatusBadRequest, "request.figures", "不能这样统计", "统计指标或分组不对，或结果行数太多，请缩小范围后重新查询。")
	}
	return err
}

// EntriesQuery opens a figure to the events it counts.
type EntriesQuery struct {
	Measure  string   `json:"measure" validate:"required,max=30"`
	District string   `json:"district,omitempty" validate:"omitempty,len=6,alphanum"`
	Kind     law.Kind `json:"kind,omitempty" validate:"omitempty,oneof=sand.mining sand.vessel shoreline.occupy shoreline.extract shoreline.dump shoreline.build"`
	Reach    string   `json:"reach,omitempty" validate:"omitempty,uuid"`
	From     law.Date `json:"from,omitempty" validate:"omitempty,datetime=2006-01-02"`
	To       law.Date `json:"to,omitempty" validate:"omitempty,datetime=2006-01-02"`
	Paging
}

// EntriesAnswer lists the events of a figure. Sum is the figure; it stands on the first page, with the number of events.
type EntriesAnswer struct {
	ListOf[statistics.Entry]
	Sum *int64 `json:"sum,omitempty"`
}

func (s *server) getEntries(w http.ResponseWriter, r *http.Request, who caller) {
	q, err := query[EntriesQuery](s, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	f, err := FiguresQuery{District: q.District, Kind: q.Kind, Reach: q.Reach, From: q.From, To: q.To}.filter(who)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var found statistics.Entries
	s.answerFrom(w, r, q.WaitFor, func(conn *sqlite.Conn) (err error) {
		found, err = statistics.Drill(conn, statistics.Measure(q.Measure), f, q.page())
		return asFiguresProblem(err)
	}, func(position uint64) any {
		return EntriesAnswer{ListOf[statistics.Entry]{found.Items, found.Next, found.Total, position}, found.Sum}
	})
}

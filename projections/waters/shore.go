package waters

import (
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/law"
	"shuizheng/domain/shoreline"
	"shuizheng/projections"
)

// Problem is a line of the ledger of shoreline problems (岸线问题台账).
type Problem struct {
	ID            uuid.UUID               `json:"id"`
	Status        shoreline.ProblemStatus `json:"status"`
	Source        string                  `json:"source"`
	Batch         string                  `json:"batch,omitempty"`
	Polygon       *uuid.UUID              `json:"polygon,omitempty"`
	List          shoreline.Level         `json:"list"`
	Reach         shoreline.Reach         `json:"reach"`
	Site          shoreline.Site          `json:"site"`
	Kind          law.Kind                `json:"kind"`
	Subtype       string                  `json:"subtype"`
	Description   string                  `json:"description"`
	Size          shoreline.Quantities    `json:"size"`
	Subject       string                  `json:"subject,omitempty"`
	BuiltOn       string                  `json:"builtOn,omitempty"`
	FoundOn       law.Date                `json:"foundOn"`
	Severity      shoreline.Severity      `json:"severity,omitempty"`
	TableVerified bool                    `json:"tableVerified"` // of the severity table
	Historical    bool                    `json:"historical"`
	Approvals     string                  `json:"approvals,omitempty"`
	Obstructs     bool                    `json:"obstructs"`
	Measure       string                  `json:"measure,omitempty"`
	Plan          string                  `json:"plan,omitempty"`
	Unit          string                  `json:"unit,omitempty"`
	Person        string                  `json:"person,omitempty"`
	Chief         string                  `json:"chief,omitempty"`
	DeadlineOn    law.Date                `json:"deadlineOn,omitempty"`
	Extensions    int64                   `json:"extensions"`
	Done          shoreline.Quantities    `json:"done"`
	CompletedOn   law.Date                `json:"completedOn,omitempty"`
	Accepted      []shoreline.Level       `json:"accepted"`
	AcceptedOn    law.Date                `json:"acceptedOn,omitempty"` // by the last level
	Sheet         string                  `json:"sheet,omitempty"`
	ClosedOn      law.Date                `json:"closedOn,omitempty"`
	RecheckedOn   law.Date                `json:"recheckedOn,omitempty"`
	Recheck       string                  `json:"recheck,omitempty"` // held | relapsed
	Round         int64                   `json:"round"`
	Cases         []uuid.UUID             `json:"cases"`
	Months        int64                   `json:"months"` // from found to completed
}

func problem[E shoreline.ProblemEvent](tx *projections.Tx, r domain.Record, _ domain.Meta, e E) error {
	row, opened, err := problemLedger().apply(tx, r, e)
	if err != nil {
		return err
	}
	if opened {
		if err := tx.Exec("INSERT INTO waters_problem_search (rowid, text) VALUES (?, ?)", r.Position,
			projections.Bigrams(row.Description, row.Subject, row.Reach.Name, row.Batch, row.Site.Township, row.Site.Village, row.Site.StakeFrom, row.Site.Place.Note)); err != nil {
			return err
		}
	}
	return cite(tx, row.Reach.District, pictures(e)...)
}

// pictures are the files that an event names.
func pictures(e domain.Event) []domain.Evidence {
	switch e := e.(type) {
	case shoreline.ProblemFound:
		return e.Photos
	case shoreline.ProblemConfirmed:
		return e.Photos
	case shoreline.ProblemRejected:
		return e.Proof
	case shoreline.ProgressReported:
		return e.Photos
	case shoreline.RectificationCompleted:
		var all []domain.Evidence
		for _, p := range e.Pairs {
			all = append(all, p.Before.Photo, p.After.Photo)
		}
		return all
	case shoreline.AcceptancePassed:
		return e.Photos
	case shoreline.ProblemRechecked:
		return e.Photos
	case shoreline.PolygonChecked:
		return e.Proof
	}
	return nil
}

func problemLedger() ledger[Problem, shoreline.ProblemState, shoreline.ProblemEvent] {
	return ledger[Problem, shoreline.ProblemState, shoreline.ProblemEvent]{
		read: "SELECT row, state FROM waters_problem WHERE id = ?",
		insert: `INSERT INTO waters_problem (n, id, district, reach, status, kind, subtype, severity, list, deadline_on, found_on, closed_on, row, state)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		update: `UPDATE waters_problem SET district = ?, reach = ?, status = ?, kind = ?, subtype = ?, severity = ?, list = ?, deadline_on = ?, found_on = ?, closed_on = ?,
			row = ?, state = ? WHERE id = ?`,
		evolve: shoreline.Problem().Evolve,
		line: func(row *Problem, s shoreline.ProblemState, r domain.Record, e shoreline.ProblemEvent) {
			switch e := e.(type) {
			case shoreline.ProblemFound:
				_, row.ID, _ = domain.SplitStream(r.Stream)
				row.Source, row.Batch, row.Polygon, row.List, row.Reach, row.Site, row.Kind, row.Subtype = e.Source, e.Batch, e.Polygon, e.List, e.Reach, e.Site, e.Kind, e.Subtype
				row.Description, row.Size, row.Subject, row.BuiltOn, row.FoundOn = e.Description, e.Size, e.Subject, e.BuiltOn, law.DateOf(e.FoundAt)
			case shoreline.ProblemConfirmed:
				row.Severity, row.TableVerified, row.Historical, row.Approvals, row.Obstructs, row.Subject, row.Size = e.Severity, e.TableVerified, e.Historical, e.Approvals, e.Obstructs, e.Subject, e.Size
			case shoreline.ProblemDispatched:
				row.Measure, row.Unit, row.Person, row.Chief = e.Measure, e.Unit, e.Person, e.Chief
			case shoreline.PlanSubmitted:
				row.Plan = e.Plan
			case shoreline.RectificationCompleted:
				row.Months = int64(shoreline.MonthsBetween(row.FoundOn, e.CompletedOn))
			case shoreline.AcceptancePassed:
				row.AcceptedOn = e.On
			case shoreline.ProblemClosedOut:
				row.Sheet, row.ClosedOn = e.Sheet, e.On
			case shoreline.ProblemRechecked:
				row.RecheckedOn, row.Recheck = e.On, e.Result
			case shoreline.ProblemReopened:
				row.Sheet, row.ClosedOn, row.AcceptedOn, row.Extensions, row.Months = "", "", "", 0, 0
				row.Measure, row.Plan, row.Unit, row.Person, row.Chief = "", "", "", "", ""
			case shoreline.ExtensionApproved:
				row.Extensions++
			case shoreline.ProblemRejected, shoreline.RejectionSpotChecked, shoreline.ProgressReported, shoreline.CaseLinked, shoreline.AcceptanceFailed:
			}
			row.Status, row.DeadlineOn, row.Done, row.CompletedOn, row.Round = s.Status, s.DeadlineOn, s.Done, s.Completed, s.Round
			row.Accepted, row.Cases = append([]shoreline.Level{}, s.Accepted...), append([]uuid.UUID{}, s.Cases...)
		},
		columns: func(p Problem) []any {
			return []any{p.Reach.District, p.Reach.ID, p.Status, p.Kind, p.Subtype, p.Severity, p.List, p.DeadlineOn, p.FoundOn, p.ClosedOn}
		},
	}
}

// ProblemFilter selects problems; a zero field selects all.
type ProblemFilter struct {
	Districts  []string
	Statuses   []shoreline.ProblemStatus
	Kinds      []law.Kind
	Severities []shoreline.Severity
	Lists      []shoreline.Level
	Reach      *uuid.UUID
	From       law.Date // found on or after
	To         law.Date // found on or before
	DueBefore  law.Date // under way, with a deadline before this day
	Text       string
}

// Problems reads a page of the ledger of problems.
func Problems(conn *sqlite.Conn, f ProblemFilter, p projections.Page) (projections.List[Problem], error) {
	var w projections.Where
	projections.Among(&w, "t.district", f.Districts)
	projections.Among(&w, "t.status", f.Statuses)
	projections.Among(&w, "t.kind", f.Kinds)
	projections.Among(&w, "t.severity", f.Severities)
	projections.Among(&w, "t.list", f.Lists)
	if f.Reach != nil {
		w.Add("t.reach = ?", *f.Reach)
	}
	if f.From != "" {
		w.Add("t.found_on >= ?", f.From)
	}
	if f.To != "" {
		w.Add("t.found_on <= ?", f.To)
	}
	if f.DueBefore != "" {
		w.Add("t.deadline_on <> '' AND t.deadline_on < ? AND t.status IN ('dispatched', 'planned', 'rectifying')", f.DueBefore)
	}
	w.Search(f.Text)
	return search(conn, projections.Table[Problem]{From: "waters_problem t", Number: "t.n", Columns: "t.row", Scan: scan[Problem], Search: "waters_problem_search", Sorts: []projections.Sort{
		{Name: "-foundOn", Column: "t.found_on", Desc: true, Text: true}, {Name: "foundOn", Column: "t.found_on", Text: true},
		{Name: "deadlineOn", Column: "t.deadline_on", Text: true}, {Name: "-deadlineOn", Column: "t.deadline_on", Desc: true, Text: true},
	}}, w, p)
}

// ProblemByID reads a problem.
func ProblemByID(conn *sqlite.Conn, id uuid.UUID) (Problem, bool, error) {
	return one[Problem](conn, "SELECT row FROM waters_problem WHERE id = ?", id)
}

// Polygon is a line of the ledger of satellite polygons (图斑台账).
type Polygon struct {
	ID       uuid.UUID               `json:"id"`
	Number   string                  `json:"number"`
	Batch    string                  `json:"batch"`
	Source   string                  `json:"source"`
	Status   shoreline.PolygonStatus `json:"status"`
	Reach    shoreline.Reach         `json:"reach"`
	Area     []shoreline.Point       `json:"area"`
	AreaM2   int64                   `json:"areaM2"`
	Change   string                  `json:"change"`
	PushedOn law.Date                `json:"pushedOn"`
	DueOn    law.Date                `json:"dueOn,omitempty"`
	Result   string                  `json:"result,omitempty"`
	Problems []uuid.UUID             `json:"problems"`
	Parts    []uuid.UUID             `json:"parts"`
	Spot     string                  `json:"spot,omitempty"` // upheld | overturned
}

func polygon[E shoreline.PolygonEvent](tx *projections.Tx, r domain.Record, _ domain.Meta, e E) error {
	row, _, err := polygonLedger().apply(tx, r, e)
	if err != nil {
		return err
	}
	return cite(tx, row.Reach.District, pictures(e)...)
}

func polygonLedger() ledger[Polygon, shoreline.PolygonState, shoreline.PolygonEvent] {
	return ledger[Polygon, shoreline.PolygonState, shoreline.PolygonEvent]{
		read:   "SELECT row, state FROM waters_polygon WHERE id = ?",
		insert: "INSERT INTO waters_polygon (n, id, number, district, status, result, row, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		update: "UPDATE waters_polygon SET number = ?, district = ?, status = ?, result = ?, row = ?, state = ? WHERE id = ?",
		evolve: shoreline.Polygon().Evolve,
		line: func(row *Polygon, s shoreline.PolygonState, r domain.Record, e shoreline.PolygonEvent) {
			switch e := e.(type) {
			case shoreline.PolygonPushed:
				_, row.ID, _ = domain.SplitStream(r.Stream)
				row.Number, row.Batch, row.Source, row.Reach, row.Area, row.AreaM2, row.Change, row.PushedOn = e.Number, e.Batch, e.Source, e.Reach, e.Area, e.AreaM2, e.Change, law.DateOf(e.PushedAt)
				row.Problems, row.Parts = []uuid.UUID{}, []uuid.UUID{}
			case shoreline.PolygonAssigned:
				row.DueOn = e.DueOn
			case shoreline.PolygonChecked:
				row.Problems, row.Parts = append([]uuid.UUID{}, e.Problems...), append([]uuid.UUID{}, e.Parts...)
			case shoreline.PolygonSpotChecked:
				row.Spot = e.Result
			case shoreline.PolygonReviewed:
			}
			row.Status, row.Result = s.Status, s.Result
		},
		columns: func(p Polygon) []any { return []any{p.Number, p.Reach.District, p.Status, p.Result} },
	}
}

// PolygonFilter selects polygons; a zero field selects all.
type PolygonFilter struct {
	Districts []string
	Statuses  []shoreline.PolygonStatus
	Results   []string
	Number    string // a part of it
}

// Polygons reads a page of the ledger of polygons.
func Polygons(conn *sqlite.Conn, f PolygonFilter, p projections.Page) (projections.List[Polygon], error) {
	var w projections.Where
	projections.Among(&w, "t.district", f.Districts)
	projections.Among(&w, "t.status", f.Statuses)
	projections.Among(&w, "t.result", f.Results)
	if f.Number != "" {
		w.Add("instr(t.number, ?) > 0", f.Number)
	}
	return search(conn, projections.Table[Polygon]{From: "waters_polygon t", Number: "t.n", Columns: "t.row", Scan: scan[Polygon], Sorts: []projections.Sort{
		{Name: "-pushed", Column: "t.n", Desc: true}, {Name: "pushed", Column: "t.n"},
	}}, w, p)
}

// PolygonByID reads a polygon.
func PolygonByID(conn *sqlite.Conn, id uuid.UUID) (Polygon, bool, error) {
	return one[Polygon](conn, "SELECT row FROM waters_polygon WHERE id = ?", id)
}

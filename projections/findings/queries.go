package findings

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/projections"
)

// Filter selects findings; a zero field selects all.
type Filter struct {
	Districts []string // what the asking person may see, and what he asked for
	Kinds     []law.Kind
	Group     string // "sand" or "shoreline": all kinds of it
	Statuses  []finding.Status
	Sources   []string
	Reach     *uuid.UUID
	Officer   *uuid.UUID // reported, found or verified it
	Patrol    *uuid.UUID
	From      law.Date // found on or after
	To        law.Date // found on or before
	Text      string   // full-text search
}

// ReachRef names a reach.
type ReachRef struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// Row is a line of the clue ledger.
type Row struct {
	ID           uuid.UUID      `json:"id"`
	Kind         law.Kind       `json:"kind"`
	Status       finding.Status `json:"status"`
	Source       string         `json:"source"`
	Reach        ReachRef       `json:"reach"`
	District     string         `json:"district"`
	FoundAt      time.Time      `json:"foundAt"`
	RecordedAt   time.Time      `json:"recordedAt"`
	Description  string         `json:"description"`
	PlaceNote    string         `json:"placeNote"`
	LatE6        int64          `json:"latE6"`
	LonE6        int64          `json:"lonE6"`
	Photos       int64          `json:"photos"`       // files cited by the report and the checks
	PhotosStored int64          `json:"photosStored"` // of them stored; the caller fills it in, see [CitedBy]
	VesselName   string         `json:"vesselName,omitempty"`
	ReporterName string         `json:"reporterName"`
	Case         *uuid.UUID     `json:"case,omitempty"`
	CaseNumber   string         `json:"caseNumber,omitempty"`
	Violation    string         `json:"violation,omitempty"`
}

const rowColumns = `f.id, f.kind, f.status, f.source, f.reach, f.reach_name, f.district, f.found_at, f.recorded_at, f.description, f.place_note,
	f.lat_e6, f.lon_e6, f.photos, f.vessel, f.reporter, f.case_id, f.case_number, f.violation`

func scanRow(r *projections.Row) (Row, error) {
	return Row{ID: r.UUID(), Kind: law.Kind(r.Text()), Status: finding.Status(r.Text()), Source: r.Text(), Reach: ReachRef{r.UUID(), r.Text()},
		District: r.Text(), FoundAt: r.Time(), RecordedAt: r.Time(), Description: r.Text(), PlaceNote: r.Text(), LatE6: r.Int(), LonE6: r.Int(),
		Photos: r.Int(), VesselName: r.Text(), ReporterName: r.Text(), Case: r.OptionalUUID(), CaseNumber: r.Text(), Violation: r.Text()}, nil
}

// Sorts are the names by which the ledger can be sorted, the usual one first.
func Sorts() []string { return projections.SortNames(ledger()) }

func ledger() projections.Table[Row] {
	return projections.Table[Row]{From: "findings_finding f", Number: "f.n", Columns: rowColumns, Scan: scanRow, Search: "findings_search", Sorts: []projections.Sort{
		{Name: "-foundAt", Column: "f.found_at", Desc: true}, {Name: "foundAt", Column: "f.found_at"},
		{Name: "-recordedAt", Column: "f.recorded_at", Desc: true}, {Name: "recordedAt", Column: "f.recorded_at"},
	}}
}

func (f Filter) where() projections.Where {
	var w projections.Where
	projections.Among(&w, "f.district", f.Districts)
	projections.Among(&w, "f.kind", f.Kinds)
	if f.Group != "" {
		projections.Among(&w, "f.kind", projections.KindsOf(f.Group))
	}
	projections.Among(&w, "f.status", f.Statuses)
	projections.Among(&w, "f.source", f.Sources)
	if f.Reach != nil {
		w.Add("f.reach = ?", *f.Reach)
	}
	if f.Patrol != nil {
		w.Add("f.patrol = ?", *f.Patrol)
	}
	if f.From != "" {
		w.Add("f.found_at >= ?", projections.DayBegins(f.From))
	}
	if f.To != "" {
		w.Add("f.found_at < ?", projections.DayEnds(f.To))
	}
	if f.Officer != nil {
		w.Add("o.officer = ? AND f.n = o.n", *f.Officer)
	}
	if f.open() {
		w.Add("f.status NOT IN ('filed', 'not_filed')") // says it in the words of the index
	}
	w.Search(f.Text)
	return w
}

// open reports whether only findings are wanted that wait for something.
func (f Filter) open() bool {
	return len(f.Statuses) > 0 && !slices.Contains(f.Statuses, finding.StatusFiled) && !slices.Contains(f.Statuses, finding.StatusNotFiled)
}

// index names the index that leaves the fewest rows to look at, in the order of a column, or in any order for counting.
func (f Filter) index(column string) string {
	counting, recorded, district := column == "", column == "f.recorded_at", len(f.Districts) == 1
	switch {
	case f.Officer != nil:
		return ""
	case f.Patrol != nil:
		return "findings_patrol"
	case f.Reach != nil:
		return "findings_reach"
	case f.open() && recorded:
		return "findings_open_recorded"
	case f.open():
		return "findings_open_found"
	case district && recorded:
		return "findings_district_recorded"
	case recorded:
		return "findings_recorded"
	case district, counting && len(f.Districts) > 0:
		return "findings_district_found"
	case len(f.Kinds) == 1, counting && len(f.Kinds) > 0, counting && f.Group != "":
		return "findings_kind"
	}
	return "findings_found"
}

// Search reads a page of the ledger.
func Search(conn *sqlite.Conn, f Filter, p projections.Page) (projections.List[Row], error) {
	table := ledger()
	table.Index = f.index
	if f.Officer != nil {
		table.Via = "findings_officer o"
		for i := range table.Sorts {
			table.Sorts[i].Column = strings.Replace(table.Sorts[i].Column, "f.found_at", "o.found_at", 1)
		}
	}
	list, err := projections.Select(conn, table, f.where(), p)
	if err != nil {
		return list, fmt.Errorf("findings: search: %w", err)
	}
	return list, nil
}

// Crew is an officer who took part in an act.
type Crew struct {
	ID     uuid.UUID `json:"id"`
	Name   string    `json:"name"`
	CertNo string    `json:"certNo"`
}

// Photo is a file that a finding cites.
type Photo struct {
	SHA256    string `json:"sha256"`
	Size      int64  `json:"size"` // bytes
	MediaType string `json:"mediaType"`
	Caption   string `json:"caption"`
	TakenAt   string `json:"takenAt,omitempty"`
	Stored    bool   `json:"stored"` // the caller fills it in
	URL       string `json:"url"`    // the caller fills it in
}

// Verified is the newest check of a finding.
type Verified struct {
	Result     string    `json:"result"`
	Note       string    `json:"note"`
	Crew       []Crew    `json:"crew"`
	VerifiedAt time.Time `json:"verifiedAt"`
}

// NotFiled is why a finding led to no case.
type NotFiled struct {
	Reason    string       `json:"reason"`
	Note      string       `json:"note"`
	Approval  law.Approval `json:"approval"`
	DecidedAt time.Time    `json:"decidedAt"`
}

// Detail is a finding's page.
type Detail struct {
	Row
	Place     domain.Place    `json:"place"`
	Vessel    *finding.Vessel `json:"vessel,omitempty"`
	Persons   int64           `json:"persons,omitempty"`
	AreaM2    int64           `json:"areaM2,omitempty"`
	LengthM   int64           `json:"lengthM,omitempty"`
	VolumeM3  int64           `json:"volumeM3,omitempty"`
	Crew      []Crew          `json:"crew"`
	PhotoList []Photo         `json:"photoList"`
	Patrol    *uuid.UUID      `json:"patrol,omitempty"`
	Verified  *Verified       `json:"verified,omitempty"`
	NotFiled  *NotFiled       `json:"notFiled,omitempty"`
}

// ByID reads a finding's page.
func ByID(conn *sqlite.Conn, id uuid.UUID) (d Detail, found bool, err error) {
	var n int64
	err = projections.Query(conn, "SELECT f.n, "+rowColumns+" FROM findings_finding f WHERE f.id = ?", func(r *projections.Row) error {
		n, found = r.Int(), true
		d.Row, err = scanRow(r)
		return err
	}, id)
	if err == nil && found {
		err = d.events(conn, n)
	}
	if err == nil && found {
		d.PhotoList, err = photos(conn, n)
	}
	if err != nil {
		return d, found, fmt.Errorf("findings: read %s: %w", id, err)
	}
	return d, found, nil
}

// RowByCase reads the finding a case came from.
func RowByCase(conn *sqlite.Conn, caseID uuid.UUID) (row Row, found bool, err error) {
	err = projections.Query(conn, "SELECT "+rowColumns+" FROM findings_finding f WHERE f.case_id = ?", func(r *projections.Row) error {
		found = true
		row, err = scanRow(r)
		return err
	}, caseID)
	if err != nil {
		return row, found, fmt.Errorf("findings: read finding of case %s: %w", caseID, err)
	}
	return row, found, nil
}

func (d *Detail) events(conn *sqlite.Conn, n int64) error {
	return projections.Query(conn, "SELECT kind, data FROM findings_event WHERE n = ?", func(r *projections.Row) error {
		switch kind, data := r.Text(), r.Bytes(); kind {
		case "reported":
			var e finding.Reported
			if err := json.Unmarshal(data, &e); err != nil {
				return err
			}
			d.Place, d.Vessel, d.Persons, d.AreaM2, d.LengthM, d.VolumeM3 = e.Place, e.Vessel, e.Persons, e.AreaM2, e.LengthM, e.VolumeM3
			d.Crew, d.Patrol = crew(e.Crew), e.Patrol
		case "verified":
			var e finding.Verified
			if err := json.Unmarshal(data, &e); err != nil {
				return err
			}
			d.Verified = &Verified{e.Result, e.Note, crew(e.Crew), e.VerifiedAt}
		case "not_filed":
			var e finding.NotFiled
			if err := json.Unmarshal(data, &e); err != nil {
				return err
			}
			d.NotFiled = &NotFiled{e.Reason, e.Note, e.Approval, e.DecidedAt}
		}
		return nil
	}, n)
}

func crew(officers []law.Officer) []Crew {
	list := make([]Crew, len(officers))
	for i, o := range officers {
		list[i] = Crew{o.ID, o.Name, o.CertNo}
	}
	return list
}

func photos(conn *sqlite.Conn, n int64) ([]Photo, error) {
	list := []Photo{}
	err := projections.Query(conn, "SELECT sha256, size, media_type, caption, taken_at FROM findings_evidence WHERE n = ? ORDER BY position, ordinal", func(r *projections.Row) error {
		list = append(list, Photo{SHA256: hex.EncodeToString(r.Bytes()), Size: r.Int(), MediaType: r.Text(), Caption: r.Text(), TakenAt: r.Text()})
		return nil
	}, n)
	return list, err
}

// Citation is one place where a file is cited.
type Citation struct {
	Finding   uuid.UUID
	Patrol    *uuid.UUID
	District  string
	MediaType string
	Size      int64 // bytes
}

// Citations lists where the file with a SHA-256 (lower hex) is cited; none if the text is no SHA-256.
func Citations(conn *sqlite.Conn, sha256 string) ([]Citation, error) {
	sum := make([]byte, hex.DecodedLen(len(sha256)))
	if n, err := hex.Decode(sum, []byte(sha256)); n != 32 || err != nil {
		sum = nil // no file has it
	}
	var list []Citation
	err := projections.Query(conn, `SELECT f.id, f.patrol, f.district, e.media_type, e.size FROM findings_evidence e JOIN findings_finding f ON f.n = e.n
		WHERE e.sha256 = ? ORDER BY e.n, e.position, e.ordinal`, func(r *projections.Row) error {
		list = append(list, Citation{r.UUID(), r.OptionalUUID(), r.Text(), r.Text(), r.Int()})
		return nil
	}, sum)
	if err != nil {
		return nil, fmt.Errorf("findings: citations: %w", err)
	}
	return list, nil
}

// CitedBy lists, for each finding, the SHA-256 (lower hex) of the files it cites.
func CitedBy(conn *sqlite.Conn, ids ...uuid.UUID) (map[uuid.UUID][]string, error) {
	cited := make(map[uuid.UUID][]string, len(ids))
	for _, id := range ids {
		err := projections.Query(conn, `SELECT e.sha256 FROM findings_finding f JOIN findings_evidence e ON e.n = f.n
			WHERE f.id = ? ORDER BY e.position, e.ordinal`, func(r *projections.Row) error {
			cited[id] = append(cited[id], hex.EncodeToString(r.Bytes()))
			return nil
		}, id)
		if err != nil {
			return nil, fmt.Errorf("findings: files of %s: %w", id, err)
		}
	}
	return cited, nil
}

// OpenFiling is a filing that is approved but has no case yet: the act of filing was interrupted, or is under way.
type OpenFiling struct {
	Finding  uuid.UUID
	Event    uuid.UUID // of the approval
	Position uint64
	Approved finding.FilingApproved
	Meta     domain.Meta // of the approval
}

// OpenFilings lists the open filings, the oldest first, at most limit.
func OpenFilings(conn *sqlite.Conn, limit int) ([]OpenFiling, error) {
	var list []OpenFiling
	err := projections.Query(conn, `SELECT f.id, e.event, e.position, e.data, e.metadata FROM findings_finding f
		JOIN findings_event e ON e.n = f.n AND e.kind = 'filing_approved' WHERE f.approved IS NOT NULL ORDER BY f.approved LIMIT ?`, func(r *projections.Row) error {
		o := OpenFiling{Finding: r.UUID(), Event: r.UUID(), Position: uint64(r.Int())}
		err := errors.Join(json.Unmarshal(r.Bytes(), &o.Approved), json.Unmarshal(r.Bytes(), &o.Meta))
		list = append(list, o)
		return err
	}, limit)
	if err != nil {
		return nil, fmt.Errorf("findings: open filings: %w", err)
	}
	return list, nil
}

// Package shoreline is the clearing of the banks of rivers and lakes (岸线清理整治, 清四乱): the problem from the day it is found to
// the day it is struck off the list and looked at again, and the satellite polygon that may lead to it.
package shoreline

import (
	"errors"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Documents and articles that refusals of this package rest on.
const (
	standard     = "《水利部办公厅关于明确全国河湖“清四乱”专项行动问题认定及清理整治标准的通知》（办河湖〔2018〕245号）"
	campaign     = "《水利部办公厅关于开展全国河湖“清四乱”专项行动的通知》（办建管〔2018〕130号）"
	supervision  = "《河湖管理监督检查办法（试行）》（水河湖〔2019〕421号）"
	yangtzeShore = "《长江保护法》第二十六条"
	lakeShore    = "《太湖流域管理条例》第四十四条、第四十六条"
	floodway     = "《水法》第三十七条"
)

// Basis is the text that protects a shore, by the regime of its reach (适用法律).
func Basis(regime law.Regime) string {
	switch regime {
	case law.Yangtze:
		return yangtzeShore
	case law.Taihu:
		return lakeShore
	case law.Inland:
	}
	return floodway
}

// Reach is the reach as known when the act was done (河段).
type Reach struct {
	ID       uuid.UUID  `json:"id"`
	Name     string     `json:"name"`
	District string     `json:"district"` // code of the 板块
	Regime   law.Regime `json:"regime"`
}

// Point is a corner of an area, WGS-84 micro-degrees.
type Point struct {
	LatE6 int64 `json:"latE6" validate:"min=-90000000,max=90000000"`
	LonE6 int64 `json:"lonE6" validate:"min=-180000000,max=180000000"`
}

// Level is a level of government: whose list a problem stands on, and who accepts, approves and looks again (层级).
type Level string

// The levels, the lowest first.
const (
	County   Level = "county"   // 县（市、区）
	City     Level = "city"     // 设区市
	Province Level = "province" // 省
)

// Levels lists the levels with their Chinese names, the lowest first.
func Levels() []law.Named[Level] {
	return []law.Named[Level]{{Code: County, Name: "县（市、区）级"}, {Code: City, Name: "市级"}, {Code: Province, Name: "省级"}}
}

func rank(l Level) int {
	return slices.IndexFunc(Levels(), func(n law.Named[Level]) bool { return n.Code == l })
}

func levelName(l Level) string {
	for _, n := range Levels() {
		if n.Code == l {
			return n.Name
		}
	}
	return string(l)
}

// AcceptedBy is who must accept before a problem on a list is closed out: each level up to that of the list. Which lists want the
// province is not settled by a text that was seen, so a list's level is a fact of the list, not of this program.
func AcceptedBy(list Level) []Level {
	var levels []Level
	for _, l := range Levels() {
		if rank(l.Code) <= rank(list) {
			levels = append(levels, l.Code)
		}
	}
	return levels
}

// Subtype is one of the forms of disorder that the ministry's standard names (问题子类).
type Subtype struct {
	Code string   `json:"code"`
	Kind law.Kind `json:"kind"` // 乱占、乱采、乱堆、乱建
	Name string   `json:"name"`
}

// Subtypes is the standard's table (办河湖〔2018〕245号).
func Subtypes() []Subtype {
	return []Subtype{
		{"occupy.lake_enclosure", law.ShoreOccupied, "围垦湖泊"},
		{"occupy.river_enclosure", law.ShoreOccupied, "未依法经省级以上人民政府批准围垦河道"},
		{"occupy.water_flat", law.ShoreOccupied, "非法侵占水域、滩地"},
		{"occupy.planting", law.ShoreOccupied, "种植阻碍行洪的林木及高秆作物"},
		{"extract.sand", law.ShoreExtraction, "未经许可、不按许可要求或者在禁采区、禁采期采砂"},
		{"extract.earth", law.ShoreExtraction, "未经批准在河湖管理范围内取土"},
		{"dump.rubbish", law.ShoreDumping, "乱扔乱堆垃圾"},
		{"dump.solid_waste", law.ShoreDumping, "倾倒、填埋、贮存、堆放固体废物"},
		{"dump.obstruction", law.ShoreDumping, "弃置、堆放阻碍行洪的物体"},
		{"build.idle_shore", law.ShoreBuilding, "水域岸线长期占而不用、多占少用、滥占滥用"},
		{"build.unapproved_project", law.ShoreBuilding, "未经许可或者不按许可要求建设涉河项目"},
		{"build.obstruction", law.ShoreBuilding, "河道管理范围内修建阻碍行洪的建筑物、构筑物"},
	}
}

// SubtypeByCode looks a subtype up; ok is false for a code not in the table.
func SubtypeByCode(code string) (s Subtype, ok bool) {
	for _, s := range Subtypes() {
		if s.Code == code {
			return s, true
		}
	}
	return Subtype{}, false
}

// Quantities is how much of what there is, or was removed or restored (工程量). Nothing is converted into anything else.
type Quantities struct {
	LengthM    int64 `json:"lengthM,omitempty" validate:"min=0,max=10000000"`      // 岸线长度
	AreaM2     int64 `json:"areaM2,omitempty" validate:"min=0,max=10000000000"`    // 占用或者拆除面积
	VolumeM3   int64 `json:"volumeM3,omitempty" validate:"min=0,max=10000000000"`  // 土方、渣土
	RubbishT   int64 `json:"rubbishT,omitempty" validate:"min=0,max=10000000000"`  // 垃圾
	GreenedM2  int64 `json:"greenedM2,omitempty" validate:"min=0,max=10000000000"` // 复绿
	DykeM      int64 `json:"dykeM,omitempty" validate:"min=0,max=10000000"`        // 围堤
	Structures int64 `json:"structures,omitempty" validate:"min=0,max=1000000"`    // 处、座
	Vessels    int64 `json:"vessels,omitempty" validate:"min=0,max=1000000"`       // 艘
}

func (q Quantities) list() []int64 {
	return []int64{q.LengthM, q.AreaM2, q.VolumeM3, q.RubbishT, q.GreenedM2, q.DykeM, q.Structures, q.Vessels}
}

// below reports whether any quantity is less than before: what is done is not undone by a later report.
func (q Quantities) below(before Quantities) bool {
	was := before.list()
	for n, is := range q.list() {
		if is < was[n] {
			return true
		}
	}
	return false
}

// Severity is how grave a problem is (严重程度).
type Severity string

// The severities, the gravest first.
const (
	Major   Severity = "major"   // 重大
	Serious Severity = "serious" // 较严重
	General Severity = "general" // 一般
)

// SeverityTable is how severity follows from quantity (问题严重程度认定表). The copy of the ministry's table that was seen had lost
// its tick marks, so the mapping is a parameter with a version that says whether anyone has confirmed it.
type SeverityTable struct {
	Version  string         `json:"version"`
	From     law.Date       `json:"from"`
	Verified bool           `json:"verified"`
	Rules    []SeverityRule `json:"rules"`
}

// SeverityRule is a line of the table: from Major on it is major, from Serious on serious, below general. A line of which both are
// zero is always major.
type SeverityRule struct {
	Subtype string `json:"subtype"`
	Measure string `json:"measure"` // areaM2 | volumeM3
	Major   int64  `json:"major"`
	Serious int64  `json:"serious"`
}

// UnverifiedSeverity is the table until an administrator confirms another one.
func UnverifiedSeverity() SeverityTable {
	return SeverityTable{"2026.1", "2019-01-01", false, []SeverityRule{
		{"occupy.lake_enclosure", "areaM2", 0, 0},
		{"occupy.river_enclosure", "areaM2", 0, 0},
		{"occupy.planting", "areaM2", 5000, 1000},
		{"occupy.water_flat", "areaM2", 5000, 1000},
		{"extract.earth", "volumeM3", 500, 500},
		{"extract.sand", "volumeM3", 500, 500},
	}}
}

// SeverityBy is the table with the figures that the organ's parameters say on a day (参数 severity.*). It stays unverified until a
// text with its tick marks is found: who changes a figure has not confirmed which severity it stands for.
func SeverityBy(set law.Settings, on law.Date) (SeverityTable, error) {
	table := UnverifiedSeverity()
	table.Version = set.Version()
	figures := map[string]int64{}
	for _, code := range []string{"severity.area.major", "severity.area.moderate", "severity.volume.major"} {
		v, err := set.Value(code, on)
		if err != nil {
			return SeverityTable{}, err
		}
		figures[code] = v
	}
	for n, r := range table.Rules {
		switch {
		case r.Major == 0:
		case r.Measure == "volumeM3":
			table.Rules[n].Major, table.Rules[n].Serious = figures["severity.volume.major"], figures["severity.volume.major"]
		default:
			table.Rules[n].Major, table.Rules[n].Serious = figures["severity.area.major"], figures["severity.area.moderate"]
		}
	}
	return table, nil
}

// Of is the severity that the table gives; ok is false where it has no line for the subtype.
func (t SeverityTable) Of(subtype string, q Quantities) (s Severity, ok bool) {
	for _, r := range t.Rules {
		if r.Subtype != subtype {
			continue
		}
		size := q.AreaM2
		if r.Measure == "volumeM3" {
			size = q.VolumeM3
		}
		switch {
		case size >= r.Major:
			return Major, true
		case size >= r.Serious:
			return Serious, true
		}
		return General, true
	}
	return "", false
}

// MonthsBetween counts the whole months from one day to another (历时月数).
func MonthsBetween(from, to law.Date) int {
	f, t := ymd(from), ymd(to)
	months := (t[0]-f[0])*12 + t[1] - f[1]
	if t[2] < f[2] {
		months--
	}
	return months
}

func ymd(d law.Date) (parts [3]int) {
	if len(d) != len("2006-01-02") {
		return parts
	}
	for n, text := range []string{string(d[:4]), string(d[5:7]), string(d[8:])} {
		number, err := strconv.Atoi(text)
		if err != nil {
			return [3]int{} // no date counts as the day zero
		}
		parts[n] = number
	}
	return parts
}

// twoMembers refuses an inspection by fewer than two different persons. Groups that accept or look again are mixed from several
// organs; they sign by name, and need no certificate because they enforce nothing.
func twoMembers(members []law.Officer) error {
	seen := map[uuid.UUID]bool{}
	for _, m := range members {
		seen[m.ID] = true
	}
	if len(seen) < 2 {
		return domain.RefuseByLaw("problem.two_members", campaign, "现场验收、复核须由不少于两人进行并签名，请补充人员。")
	}
	return nil
}

// Action is a command with what stands against it in a state (可办事项). It is derived from the guards that decide, never stored.
type Action struct {
	Command string
	Refusal *domain.Refusal // nil: nothing in the state stands against it
}

// guard is the part of a decision that the state alone answers.
type guard[S any] struct {
	command string
	open    func(S) error
}

func allowed[S any](s S, guards []guard[S]) []Action {
	list := make([]Action, 0, len(guards))
	for _, g := range guards {
		a := Action{Command: g.command}
		if err := g.open(s); err != nil {
			errors.As(err, &a.Refusal)
		}
		list = append(list, a)
	}
	return list
}

func check[S any](s S, guards []guard[S], command string) error {
	n := slices.IndexFunc(guards, func(g guard[S]) bool { return g.command == command })
	return guards[n].open(s) // every command of a decider stands in its table
}

// Types is the catalogue of this package.
func Types() []domain.Type { return slices.Concat(problemTypes(), polygonTypes()) }

// EventTypes names the types of this package, for readers that pass over all of them.
func EventTypes() []string {
	var names []string
	for _, t := range Types() {
		names = append(names, t.Name)
	}
	return names
}

// What the samples have in common, all of it invented.

func sampleID(n byte) uuid.UUID {
	id := uuid.MustParse("0197a000-0000-7000-8000-000000000800")
	id[15] = n
	return id
}

func sampleReach() Reach {
	return Reach{uuid.MustParse("0197a000-0000-7000-8000-000000000101"), "长江江阴段", "320281", law.Yangtze}
}

func samplePhoto() domain.Evidence {
	return domain.Evidence{SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", Size: 3145728, MediaType: "image/jpeg",
		Caption: "滩地", TakenAt: "2026-03-02T09:04:10+08:00", Previous: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", ID: uuid.MustParse("0197a000-0000-7000-8000-000000000401")}
}

func samplePlace() domain.Place {
	return domain.Place{LatE6: 31934000, LonE6: 120260000, Datum: "WGS84", AccuracyCM: 800, Source: "gnss", Note: "K12+300"}
}

func sampleApproval() law.Approval {
	return law.Approval{Name: "李示例", Post: "河长办主任", Opinion: "同意", ApprovedOn: "2026-03-03"}
}

func sampleArea() []Point {
	return []Point{{31934000, 120260000}, {31934000, 120261000}, {31934500, 120261000}}
}

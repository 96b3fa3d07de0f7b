// Package sandmining is sand mining on rivers (采砂): the permit and its quota, the register of vessels, the waybill that goes
// with every load, and the custody of what was seized. Four deciders, because each is decided by its own stream: that a quota is
// never overdrawn by the permit's, that a bill is never used twice by the bill's.
//
// What one needs of another comes in the command, put there from a read model or from the other's stream, and is recorded.
package sandmining

import (
	"errors"
	"slices"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Articles that refusals of this package rest on.
const (
	contentsArticle = "《长江河道采砂管理条例》第十一条"
	asPermitted     = "《长江河道采砂管理条例》第十二条"
	berthArticle    = "《长江河道采砂管理条例》第十六条"
	relocateArticle = "《长江河道采砂管理条例》第二十一条"
	inlandArticle   = "《河道管理条例》第二十五条"
	banNotice       = "《江苏省人民政府通告》（苏政发〔2019〕49号）"
	// The title is the one the press reported in January 2023.
	billNotice     = "《水利部、交通运输部关于推行河道砂石采运管理单制度的通知》（2023年）"
	seizureArticle = "《行政强制法》第二十二条"
	storeArticle   = "《行政处罚法》第五十六条"
	goodsArticle   = "《行政处罚法》第七十四条"
)

// Reach is the reach as known when the act was done (河段).
type Reach struct {
	ID       uuid.UUID  `json:"id"`
	Name     string     `json:"name"`
	District string     `json:"district"` // code of the 板块
	Regime   law.Regime `json:"regime"`
}

// Unit is what sand is measured in (计量单位). Nothing is ever converted from one into the other.
type Unit string

// The units of sand.
const (
	CubicMetres Unit = "m3" // 立方米
	Tonnes      Unit = "t"  // 吨
)

// Point is a corner of an area, WGS-84 micro-degrees.
type Point struct {
	LatE6 int64 `json:"latE6" validate:"min=-90000000,max=90000000"`
	LonE6 int64 `json:"lonE6" validate:"min=-180000000,max=180000000"`
}

// VesselRef names a vessel as a paper does; ID is given where it stands in the register (船舶).
type VesselRef struct {
	ID   *uuid.UUID `json:"id,omitempty"`
	Name string     `json:"name" validate:"required,max=50"` // 船名船号
	MMSI string     `json:"mmsi,omitempty" validate:"omitempty,len=9,numeric"`
}

// same reports whether two references mean one vessel: by the register where both have it, else by what is painted on it.
func (v VesselRef) same(o VesselRef) bool {
	if v.ID != nil && o.ID != nil {
		return *v.ID == *o.ID
	}
	return v.Name == o.Name && (v.MMSI == "" || o.MMSI == "" || v.MMSI == o.MMSI)
}

// Limits are figures that no text seen so far fixes; they come with the command and are recorded with what they decided (参数).
type Limits struct {
	Version           string `json:"version"`
	Verified          bool   `json:"verified"`          // false: no source was seen, an administrator should confirm it
	TolerancePermille int64  `json:"tolerancePermille"` // by how much a measured load may exceed its bill
}

// UnverifiedLimits is what holds until an administrator confirms other figures.
func UnverifiedLimits() Limits { return Limits{"2026.1", false, 50} }

// exceeds reports whether a measured amount is more than what is written, beyond the tolerance.
func (l Limits) exceeds(measured, written int64) bool {
	return measured > written+written/1000*l.TolerancePermille+written%1000*l.TolerancePermille/1000
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
func Types() []domain.Type {
	return slices.Concat(permitTypes(), vesselTypes(), billTypes(), custodyTypes())
}

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
	id := uuid.MustParse("0197a000-0000-7000-8000-000000000700")
	id[15] = n
	return id
}

func sampleReach() Reach {
	return Reach{uuid.MustParse("0197a000-0000-7000-8000-000000000101"), "长江江阴段", "320281", law.Yangtze}
}

func samplePhoto() domain.Evidence {
	return domain.Evidence{SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", Size: 3145728, MediaType: "image/jpeg",
		Caption: "船首", TakenAt: "2026-03-02T09:04:10+08:00", Previous: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", ID: uuid.MustParse("0197a000-0000-7000-8000-000000000401")}
}

func samplePlace() domain.Place {
	return domain.Place{LatE6: 31934000, LonE6: 120260000, Datum: "WGS84", AccuracyCM: 800, Source: "gnss", Note: "芦埠港"}
}

func sampleApproval() law.Approval {
	return law.Approval{Name: "李示例", Post: "局长", Opinion: "同意", ApprovedOn: "2026-03-03"}
}

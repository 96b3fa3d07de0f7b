package logtest

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/domain/patrol"
	"shuizheng/domain/registry"
)

// History makes records of a town at work: everything random comes from the seed, so the same seed is the same history.
type History struct {
	random   *rand.Rand
	now      time.Time
	position uint64
	records  []domain.Record
	streams  map[string]domain.Record // last of each stream
	organs   []finding.Organ
	reaches  []finding.Reach
	officers []law.Officer
	open     []uuid.UUID // cases that can be closed
	serials  map[int]int
	step     time.Duration // mean time between two patrols
}

// NewHistory begins a history on 2023-01-01 with organs, reaches and officers.
func NewHistory(seed uint64) *History {
	h := &History{random: rand.New(rand.NewPCG(seed, 1)), now: time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC), position: 100,
		streams: map[string]domain.Record{}, serials: map[int]int{}, step: 20 * time.Minute}
	for _, d := range registry.Districts() {
		o := finding.Organ{ID: h.uuid(), Name: d.Name + "水利局", DocCode: "水" + d.Code[4:], District: d.Code}
		h.organs = append(h.organs, o)
		h.Put("organ", o.ID, registry.OrganRegistered{Name: o.Name, DocCode: o.DocCode, District: o.District})
		for i := range 12 {
			regime := law.Inland
			if d.Code == "320281" {
				regime = law.Yangtze
			}
			r := finding.Reach{ID: h.uuid(), Name: fmt.Sprintf("%s%s河%d段", d.Name[:len("江阴")], h.pick("利港", "白屈", "锡澄", "直湖"), i+1), District: d.Code, Regime: regime}
			h.reaches = append(h.reaches, r)
			h.Put("reach", r.ID, registry.ReachRegistered{Name: r.Name, Water: h.pick("长江", "太湖", "京杭大运河"), District: r.District, Regime: r.Regime, LengthM: 1000 + h.random.Int64N(30000),
				LatE6: 31500000 + h.random.Int64N(400000), LonE6: 120000000 + h.random.Int64N(400000)})
		}
		for i := range 6 {
			f := law.Officer{ID: h.uuid(), Name: h.pick("张", "王", "李", "赵", "周", "吴") + h.pick("伟", "敏", "静", "军", "建国", "志强") + fmt.Sprint(i), CertNo: fmt.Sprintf("苏B示例%s%02d", d.Code, i), CertFrom: "2022-01-01", CertUntil: "2030-12-31"}
			h.officers = append(h.officers, f)
			h.Put("officer", f.ID, registry.OfficerRegistered{Name: f.Name, Organ: o.ID, District: d.Code, Roles: []registry.Role{registry.RoleOfficer}})
			h.Put("officer", f.ID, registry.CertificateIssued{CertNo: f.CertNo, From: f.CertFrom, Until: f.CertUntil})
			if i%3 == 0 {
				h.Put("officer", f.ID, registry.OfficerAssigned{Organ: o.ID, District: d.Code, Roles: []registry.Role{registry.RoleOfficer, registry.RoleHandler}})
			}
		}
	}
	return h
}

// Pace sets the mean time between two patrols, 20 minutes at first.
func (h *History) Pace(step time.Duration) { h.step = step }

// Grow goes on with the history until it has at least n more records, and returns those.
func (h *History) Grow(n int) []domain.Record {
	from := len(h.records)
	for len(h.records) < from+n {
		h.now = h.now.Add(time.Duration(h.random.Int64N(int64(2 * h.step))))
		h.patrol()
	}
	return h.records[from:]
}

// Records returns all records so far.
func (h *History) Records() []domain.Record { return h.records }

func (h *History) patrol() {
	reach := h.reaches[h.random.IntN(len(h.reaches))]
	crew := h.crew(reach.District)
	id, departed := h.uuid(), h.now
	h.Put("patrol", id, patrol.Departed{District: reach.District, Reaches: []uuid.UUID{reach.ID}, Means: h.pick("boat", "vehicle", "foot", "drone"), Purpose: h.pick("", "夜间采砂巡查"), Crew: crew, DepartedAt: departed})
	lat, lon := 31500000+h.random.Int64N(400000), 120000000+h.random.Int64N(400000)
	for range 1 + h.random.IntN(2) {
		points := make([]patrol.Point, 10+h.random.IntN(20))
		for i := range points {
			h.now = h.now.Add(20 * time.Second)
			lat, lon = lat+h.random.Int64N(600)-300, lon+h.random.Int64N(600)-300
			points[i] = patrol.Point{LatE6: lat, LonE6: lon, AccuracyCM: 300 + h.random.Int64N(1000), At: h.now}
		}
		h.Put("patrol", id, patrol.TrackRecorded{Points: points})
		for h.random.IntN(2) == 0 {
			h.finding(&id, reach, crew, lat, lon)
		}
	}
	if h.random.IntN(20) > 0 {
		h.now = h.now.Add(time.Minute)
		h.Put("patrol", id, patrol.Returned{ReturnedAt: h.now, DistanceM: h.random.Int64N(20000), Note: h.pick("", "未见异常")})
	}
}

func (h *History) finding(patrolID *uuid.UUID, reach finding.Reach, crew []law.Officer, lat, lon int64) {
	kinds := law.Kinds()
	kind := kinds[h.random.IntN(len(kinds))].Code
	id := h.uuid()
	e := finding.Reported{Source: "patrol", Kind: kind, Patrol: patrolID, Reach: reach,
		Place:       domain.Place{LatE6: lat, LonE6: lon, Datum: "WGS84", AccuracyCM: 500, Source: "gnss", Note: h.pick("", "利港水域", "K3+200左岸", "桥下50米")},
		Description: h.pick("夜间发现疑似隐形采砂船", "岸边堆放建筑垃圾约30立方米", "河道管理范围内搭建彩钢棚", "滩地圈圩种植高秆作物") + h.pick("，船上无人", "，当事人不在现场", "，已拍照固定") + fmt.Sprintf("（编号%d）", h.random.IntN(100000)),
		Crew:        crew, FoundAt: h.now, Persons: h.random.Int64N(5), VolumeM3: h.random.Int64N(500), Photos: h.photos(1 + h.random.IntN(3))}
	if h.random.IntN(4) == 0 {
		e.Source, e.Patrol = h.pick("tip", "transfer", "satellite"), nil
	}
	if kind == law.SandMining || kind == law.SandVessel {
		e.Vessel = &finding.Vessel{Name: fmt.Sprintf("苏锡货%04d", h.random.IntN(10000)), MMSI: fmt.Sprintf("413%06d", h.random.IntN(1000000)), Type: h.pick("dredger", "carrier", "hidden"), Papers: h.pick("complete", "none", "unknown")}
	}
	h.Put("finding", id, e)
	if h.random.IntN(5) == 0 {
		return
	}
	h.now = h.now.Add(time.Minute)
	result := h.pick("suspected", "suspected", "suspected", "unfounded")
	h.Put("finding", id, finding.Verified{Result: result, Note: "现场核查，" + h.pick("情况属实", "船舱内发现吸砂泵"), Photos: h.photos(h.random.IntN(2)), Crew: crew, VerifiedAt: h.now})
	approval := law.Approval{Name: "李示例", Post: "局长", Opinion: "同意", ApprovedOn: law.DateOf(h.now)}
	if result == "unfounded" || h.random.IntN(4) == 0 {
		h.Put("finding", id, finding.NotFiled{Reason: h.pick("corrected", "no_violation", "duplicate"), Note: "违法行为轻微并及时改正", Approval: approval, DecidedAt: h.now})
		return
	}
	h.file(id, e, approval)
	for len(h.open) > 40 {
		i := h.random.IntN(len(h.open))
		h.Put("case", h.open[i], casefile.Closed{Ground: h.pick("withdrawn", "terminated", "transferred_criminal"), Note: "案件办理完毕", Receiver: "公安局", Receipt: "示例号", Approval: approval, ClosedAt: h.now})
		h.open = append(h.open[:i], h.open[i+1:]...)
	}
}

func (h *History) file(id uuid.UUID, e finding.Reported, approval law.Approval) {
	violation := h.pick("S01", "S05", "H01", "H04", "H08", "S07")
	party := law.Party{Kind: "person", Name: h.pick("王", "陈", "孙", "钱", "徐") + h.pick("某甲", "某乙", "大明", "小红") + fmt.Sprint(h.random.IntN(1000)), IDNo: "320281190001010000", Phone: "13800000000", Address: "江阴市示例路1号"}
	filing := law.Filing{Title: party.Name + "未经批准案", Violation: violation, Summary: e.Description + "，涉嫌违法。", Parties: []law.Party{party}, ConductEndedOn: law.DateOf(e.FoundAt),
		Handlers: []uuid.UUID{e.Crew[0].ID, e.Crew[1].ID}, Conditions: law.Conditions{ViolationFact: true, Punishable: true, OwnJurisdiction: true}, UnitHead: approval, OrganHead: approval}
	ground := law.FilingGround{Kind: e.Kind, Regime: e.Reach.Regime, DiscoveredOn: law.DateOf(e.FoundAt), FiledOn: law.DateOf(h.now), Handlers: e.Crew[:2]}
	n := 0
	for i, o := range h.organs {
		if o.District == e.Reach.District {
			n = i
		}
	}
	organ, caseID := h.organs[n], h.uuid()
	approved := h.Put("finding", id, finding.FilingApproved{Case: caseID, Organ: organ, Filing: filing, Ground: ground, ApprovedAt: h.now})
	series := registry.SeriesKey{Organ: organ.ID, DocCode: organ.DocCode, Kind: "立", Year: ground.FiledOn.Year()}
	serial := h.serials[n*10000+series.Year] + 1
	h.serials[n*10000+series.Year] = serial
	h.Put("series", series.ID(), registry.NumberAllotted{Series: series, Serial: serial, Text: series.Text(serial), GivenTo: approved.ID})
	switch h.random.IntN(40) {
	case 0: // interrupted
		return
	case 1:
		h.Put("series", series.ID(), registry.NumberVoided{Serial: serial, GivenTo: approved.ID, Reason: "case.id_reused"})
		h.Put("finding", id, finding.FilingFailed{Case: caseID, Reason: "case.id_reused"})
		return
	}
	h.Put("case", caseID, casefile.Filed{Number: series.Text(serial), Finding: id, Source: e.Source, Organ: organ.ID, District: e.Reach.District, Reach: e.Reach.ID, Filing: filing, Ground: ground, FiledAt: h.now})
	h.Put("finding", id, finding.Filed{Case: caseID, Number: series.Text(serial)})
	h.open = append(h.open, caseID)
}

func (h *History) crew(district string) []law.Officer {
	var own []law.Officer
	for i, o := range h.officers {
		if h.organs[i/6].District == district {
			own = append(own, o)
		}
	}
	i := h.random.IntN(len(own))
	return []law.Officer{own[i], own[(i+1)%len(own)]}
}

func (h *History) photos(n int) []domain.Evidence {
	list := []domain.Evidence{}
	for range n {
		list = append(list, domain.Evidence{SHA256: h.hash(), Size: 100000 + h.random.Int64N(4000000), MediaType: "image/jpeg", Caption: h.pick("船首", "全景", "细部"),
			TakenAt: h.now.In(law.Beijing()).Format(time.RFC3339), ID: h.uuid()})
	}
	return list
}

// Put adds one event to a stream and returns its record.
func (h *History) Put(category string, id uuid.UUID, e domain.Event) domain.Record {
	h.position += 1 + h.random.Uint64N(2000)
	officer := law.Officer{Name: "系统管理员"}
	if len(h.officers) > 0 {
		officer = h.officers[h.random.IntN(len(h.officers))]
	}
	r := domain.Record{Stream: domain.StreamName(category, id), Position: h.position, Type: e.EventType(), Created: h.now}
	command := h.uuid()
	r.ID = domain.EventID(command, r.Stream, 0)
	m := domain.Meta{Actor: domain.Actor{Officer: officer.ID, Name: officer.Name, CertNo: officer.CertNo, Role: "officer"}, OccurredAt: h.now, RecordedAt: h.now.Add(time.Duration(h.random.Int64N(5_000_000)) * time.Microsecond),
		Clock: domain.Clock{Kind: domain.ClockDevice, UncertaintyMS: 2000}, Device: &domain.Device{ID: officer.ID, Seq: h.position}, CommandID: command, CommandHash: h.hash(),
		CorrelationID: command, CausationID: command, SchemaVersion: domain.MetaSchema}
	if last, ok := h.streams[r.Stream]; ok {
		r.Revision, m.PrevHash = last.Revision+1, last.Hash()
	}
	var err error
	if r.Data, err = json.Marshal(e); err == nil {
		r.Metadata, err = json.Marshal(m)
	}
	if err != nil {
		panic(err)
	}
	h.streams[r.Stream] = r
	h.records = append(h.records, r)
	return r
}

func (h *History) pick(choices ...string) string { return choices[h.random.IntN(len(choices))] }

// uuid makes a UUIDv7 of the history's own time.
func (h *History) uuid() (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:8], uint64(h.now.UnixMilli())<<16|h.random.Uint64()&0xffff)
	binary.BigEndian.PutUint64(id[8:], h.random.Uint64())
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

func (h *History) hash() string {
	var b [32]byte
	for i := range 4 {
		binary.BigEndian.PutUint64(b[i*8:], h.random.Uint64())
	}
	return hex.EncodeToString(b[:])
}

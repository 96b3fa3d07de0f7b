package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/api"
	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/domain/patrol"
	"shuizheng/domain/registry"
	"shuizheng/identity"
)

// demoAccount is one line of DIR/demo-accounts.json.
type demoAccount struct {
	Account  string        `json:"account"`
	Password string        `json:"password"`
	Role     registry.Role `json:"role"`
	District string        `json:"district"`
	Name     string        `json:"name"`
}

// demoCrew is who works in a district of the sample world.
type demoCrew struct {
	demoDistrict
	organ    uuid.UUID
	officers []uuid.UUID // certified, the first three go on patrol
	accounts []string
	reachIDs []uuid.UUID
	unitHead string
	head     string
}

// seedDemo writes one year of sample activity up to now. It sends ordinary commands through the ordinary handler, with the
// server's clock set to the moment each act would have been recorded, and the same seed for the same day gives the same year.
func seedDemo(ctx context.Context, h *house) ([]demoAccount, error) {
	today := law.DateOf(h.now())
	midnight, err := time.ParseInLocation(time.DateOnly, string(today), law.Beijing())
	if err != nil {
		return nil, err
	}
	start := midnight.AddDate(-1, 0, 0)
	s := &demoSeeder{house: h, start: start, end: h.now().Add(-10 * time.Minute)}
	crews, err := s.people(ctx)
	if err != nil {
		return nil, fmt.Errorf("sample people: %w", err)
	}
	for n, crew := range crews {
		if err := s.year(ctx, crew, uint64(n)); err != nil {
			return nil, fmt.Errorf("sample year of %s: %w", crew.name, err)
		}
	}
	// The log is written in the order in which the acts would have reached the server, all districts together.
	slices.SortStableFunc(s.planned, func(a, b plannedAct) int { return a.recorded.Compare(b.recorded) })
	for _, act := range s.planned {
		if err := act.sender.send(ctx, act); err != nil {
			return nil, fmt.Errorf("sample act: %w", err)
		}
	}
	return s.accounts, h.runner.WaitFor(ctx, s.position)
}

// plannedAct is a command of the sample year that waits for its turn.
type plannedAct struct {
	sender    *demoSender
	id        uuid.UUID
	kind      string
	aggregate uuid.UUID
	at        time.Time
	recorded  time.Time
	data      any
}

type demoSeeder struct {
	house    *house
	start    time.Time
	end      time.Time
	accounts []demoAccount
	planned  []plannedAct
	position uint64 // of the last answer
}

// people registers organs, reaches and officers, and makes an account for each.
func (s *demoSeeder) people(ctx context.Context) ([]demoCrew, error) {
	r := mathrand.New(mathrand.NewPCG(320200, 1)) //nolint:gosec // sample data, nothing secret comes of it
	at := s.start.Add(-24 * time.Hour)
	adminPassword := demoPassword()
	if err := s.house.accounts.SetPassword(ctx, "admin", adminPassword, false); err != nil {
		return nil, err
	}
	s.accounts = append(s.accounts, demoAccount{"admin", adminPassword, registry.RoleAdmin, registry.City, "系统管理员"})
	sender, err := s.signIn(ctx, "admin", adminPassword)
	if err != nil {
		return nil, err
	}
	serial := 0
	person := func(account, district string, organ uuid.UUID, role ...registry.Role) (uuid.UUID, string, error) {
		serial++
		id, name := demoID(r, at), demoName(serial)
		sender.plan(r, "officer.register", id, at, registry.RegisterOfficer{Name: name, Organ: organ, District: district, Roles: role})
		if slices.Contains(role, registry.RoleOfficer) || slices.Contains(role, registry.RoleHandler) {
			cert := registry.IssueCertificate{CertNo: fmt.Sprintf("苏B%s%04d", district[2:], serial), From: law.DateOf(at.AddDate(-1, 0, 0)), Until: law.DateOf(at.AddDate(4, 0, 0))}
			sender.plan(r, "officer.certify", id, at, cert)
		}
		password := demoPassword()
		if _, err := s.house.accounts.CreateAccount(ctx, identity.NewAccount{Name: account, Officer: id, Password: password}); err != nil {
			return id, name, err
		}
		s.accounts = append(s.accounts, demoAccount{account, password, role[0], district, name})
		return id, name, nil
	}
	for _, city := range []struct {
		account string
		role    registry.Role
	}{{"city-supervisor", registry.RoleSupervisor}, {"city-clerk", registry.RoleClerk}, {"city-auditor", registry.RoleAuditor}, {"city-reviewer", registry.RoleReviewer}} {
		if _, _, err := person(city.account, registry.City, cityOrgan(), city.role); err != nil {
			return nil, err
		}
	}
	var crews []demoCrew
	for _, d := range demoDistricts() {
		crew := demoCrew{demoDistrict: d, organ: demoID(r, at)}
		sender.plan(r, "organ.register", crew.organ, at, registry.RegisterOrgan{Name: d.demoOrganName(), DocCode: d.docCode, District: d.code})
		for _, reach := range d.reaches {
			id := demoID(r, at)
			sender.plan(r, "reach.register", id, at, registry.RegisterReach{Name: reach.name, Water: reach.water, District: d.code,
				Regime: reach.regime, LengthM: reach.lengthM, LatE6: reach.lat, LonE6: reach.lon})
			crew.reachIDs = append(crew.reachIDs, id)
		}
		for _, post := range []struct {
			suffix string
			role   registry.Role
		}{{"officer-1", registry.RoleOfficer}, {"officer-2", registry.RoleOfficer}, {"officer-3", registry.RoleOfficer}, {"handler", registry.RoleHandler}, {"head", registry.RoleHead}} {
			account := d.prefix + "-" + post.suffix
			id, name, err := person(account, d.code, crew.organ, post.role)
			if err != nil {
				return nil, err
			}
			crew.accounts = append(crew.accounts, account)
			if post.role == registry.RoleHead {
				crew.head = name
				continue
			}
			crew.officers = append(crew.officers, id)
			crew.unitHead = name
		}
		crews = append(crews, crew)
	}
	for _, act := range s.planned { // whom the year needs must be known before it begins
		if err := sender.send(ctx, act); err != nil {
			return nil, err
		}
	}
	s.planned = nil
	return crews, s.house.runner.WaitFor(ctx, s.position)
}

func (d demoDistrict) demoOrganName() string { return d.organ }

// year is the activity of one district: patrols through the seasons, what they find, what becomes of it.
func (s *demoSeeder) year(ctx context.Context, crew demoCrew, seed uint64) error {
	r := mathrand.New(mathrand.NewPCG(320200, 100+seed)) //nolint:gosec // sample data, nothing secret comes of it
	field, err := s.as(ctx, crew.accounts[0])
	if err != nil {
		return err
	}
	office, err := s.as(ctx, crew.accounts[3])
	if err != nil {
		return err
	}
	for day := s.start; day.Before(s.end); day = day.AddDate(0, 0, 1) {
		season := 1 + 0.5*math.Sin(2*math.Pi*float64(day.YearDay()-100)/365) // more water, more work
		if r.Float64() > float64(crew.busy)/14*season {
			continue
		}
		at := day.Add(time.Duration(7*60+r.IntN(11*60)) * time.Minute)
		if r.IntN(5) == 0 {
			at = day.Add(time.Duration(20*60+r.IntN(3*60)) * time.Minute) // night patrol
		}
		if err := s.patrol(ctx, r, crew, field, office, at); err != nil {
			return err
		}
	}
	return nil
}

func (s *demoSeeder) patrol(ctx context.Context, r *mathrand.Rand, crew demoCrew, field, office *demoSender, at time.Time) error {
	if at.Add(4 * time.Hour).After(s.end) {
		return nil
	}
	n := r.IntN(len(crew.reachIDs))
	reach := crew.reaches[n]
	id := demoID(r, at)
	means := []string{"vehicle", "foot", "drone"}[r.IntN(3)]
	if reach.regime == law.Yangtze || r.IntN(3) == 0 {
		means = "boat"
	}
	officers := []uuid.UUID{crew.officers[0], crew.officers[1+r.IntN(2)]}
	purpose := []string{"日常巡查", "夜间采砂巡查", "汛期岸线巡查", "“回头看”复核", "联合巡查"}[r.IntN(5)]
	field.plan(r, "patrol.depart", id, at, patrol.Depart{Officers: officers, Reaches: []uuid.UUID{crew.reachIDs[n]}, Means: means, Purpose: purpose})
	heading, lat, lon := r.Float64()*2*math.Pi, reach.lat, reach.lon
	clock := at
	for range 2 + r.IntN(3) {
		points := make([]patrol.Point, 6+r.IntN(8))
		for i := range points {
			clock = clock.Add(time.Duration(2+r.IntN(4)) * time.Minute)
			heading += (r.Float64() - 0.5) / 2
			lat += int64(2500 * math.Sin(heading))
			lon += int64(2900 * math.Cos(heading))
			points[i] = patrol.Point{LatE6: lat, LonE6: lon, AccuracyCM: int64(300 + r.IntN(1500)), At: clock}
		}
		field.plan(r, "patrol.track", id, clock, patrol.RecordTrack{Points: points})
		if r.IntN(5) == 0 {
			place := domain.Place{LatE6: lat, LonE6: lon, Datum: "WGS84", AccuracyCM: int64(300 + r.IntN(2000)), Source: "gnss", Note: crew.towns[r.IntN(len(crew.towns))]}
			if err := s.finding(ctx, r, crew, field, office, reach, crew.reachIDs[n], id, officers, place, clock); err != nil {
				return err
			}
		}
	}
	field.plan(r, "patrol.return", id, clock.Add(10*time.Minute), patrol.Return{Note: []string{"", "未见其他异常", "沿线秩序正常"}[r.IntN(3)]})
	return nil
}

func (s *demoSeeder) finding(ctx context.Context, r *mathrand.Rand, crew demoCrew, field, office *demoSender, reach demoReach, reachID, patrolID uuid.UUID, officers []uuid.UUID, place domain.Place, at time.Time) error {
	scenes := slices.DeleteFunc(demoScenes(), func(sc demoScene) bool { return !slices.Contains(sc.regimes, reach.regime) })
	scene := scenes[r.IntN(len(scenes))]
	if reach.regime == law.Yangtze && r.IntN(2) == 0 { // on the river, sand is what patrols are for
		scene = scenes[r.IntN(5)]
	}
	id := demoID(r, at)
	report := finding.Report{Source: "patrol", Kind: scene.kind, Patrol: &patrolID, ReachID: reachID, Place: place, Description: place.Note + "水域：" + scene.text, Officers: officers, Photos: []domain.Evidence{}}
	if reach.regime != law.Yangtze {
		report.Description = place.Note + "：" + scene.text
	}
	if scene.vesselType != "" {
		report.Vessel = &finding.Vessel{Name: fmt.Sprintf("示例货%04d", 1000+r.IntN(9000)), Type: scene.vesselType, Papers: scene.papers}
		report.Persons = int64(2 + r.IntN(5))
	}
	if scene.area > 0 {
		report.AreaM2 = 20 + r.Int64N(scene.area)
		report.LengthM = 5 + r.Int64N(120)
	}
	if scene.vol > 0 {
		report.VolumeM3 = 10 + r.Int64N(scene.vol)
	}
	photo, err := s.photo(ctx, r, scene, at)
	if err != nil {
		return err
	}
	report.Photos = append(report.Photos, photo)
	field.plan(r, "finding.report", id, at, report)
	verified := at.Add(time.Duration(1+r.IntN(50)) * time.Hour)
	if verified.After(s.end) {
		return nil
	}
	verify := finding.Verify{Result: "suspected", Note: "现场核查，情况属实", Officers: officers}
	if r.IntN(8) == 0 {
		verify.Result, verify.Note = "unfounded", "核查为有审批手续的项目，不属于问题"
	}
	field.plan(r, "finding.verify", id, verified, verify)
	decided := verified.Add(time.Duration(20+r.IntN(140)) * time.Hour)
	if decided.After(s.end) {
		return nil
	}
	approval := law.Approval{Name: crew.head, Post: "负责人", Opinion: "同意", ApprovedOn: law.DateOf(decided)}
	switch {
	case verify.Result == "unfounded":
		office.plan(r, "finding.do_not_file", id, decided, finding.DoNotFile{Reason: "no_violation", Note: verify.Note, Approval: approval})
		return nil
	case r.IntN(3) == 0:
		office.plan(r, "finding.do_not_file", id, decided, finding.DoNotFile{Reason: "corrected", Note: "违法行为轻微，当场改正，没有造成危害后果", Approval: approval})
		return nil
	case r.IntN(12) == 0:
		return nil // still waiting
	}
	return s.file(ctx, r, crew, office, scene, id, at, decided, approval)
}

func (s *demoSeeder) file(ctx context.Context, r *mathrand.Rand, crew demoCrew, office *demoSender, scene demoScene, id uuid.UUID, foundAt, decided time.Time, approval law.Approval) error {
	party := law.Party{Kind: "person", Name: demoName(200 + r.IntN(400)), Phone: "", Address: crew.towns[r.IntN(len(crew.towns))]}
	if r.IntN(3) == 0 {
		party = law.Party{Kind: "organisation", Name: crew.towns[0] + "示例" + []string{"建材", "船舶修造", "物流", "农业"}[r.IntN(4)] + "有限公司", Legal: demoName(300 + r.IntN(99))}
	}
	violation, ok := law.ViolationByCode(scene.violation)
	if !ok {
		return fmt.Errorf("sample violation %s is not in the catalogue", scene.violation)
	}
	unit := law.Approval{Name: crew.unitHead, Post: "执法大队负责人", Opinion: "建议立案", ApprovedOn: law.DateOf(decided)}
	file := demoID(r, decided)
	office.plan(r, "finding.approve_filing", id, decided, finding.ApproveFiling{Case: file, Filing: law.Filing{
		Title: party.Name + violation.Name + "案", Violation: violation.Code, Summary: scene.text + "。经核查，涉嫌违反" + violation.Basis + "。",
		Parties: []law.Party{party}, ConductEndedOn: law.DateOf(foundAt), Handlers: []uuid.UUID{crew.officers[3], crew.officers[0]},
		Conditions: law.Conditions{ViolationFact: true, Punishable: true, OwnJurisdiction: true}, UnitHead: unit, OrganHead: approval,
	}})
	closed := decided.AddDate(0, 0, 15+r.IntN(100))
	if closed.After(s.end) || r.IntN(4) == 0 {
		return nil
	}
	end := casefile.Close{Ground: "withdrawn", Note: "经调查，立案条件不再成立，撤销立案", Approval: law.Approval{Name: crew.head, Post: "负责人", Opinion: "同意", ApprovedOn: law.DateOf(closed)}}
	switch {
	case scene.kind == law.SandMining:
		end.Ground, end.Note, end.Receiver, end.Receipt = "transferred_criminal", "涉嫌非法采矿，移送公安机关", crew.name+"公安局", fmt.Sprintf("示例移收〔%d〕%d号", closed.Year(), 1+r.IntN(99))
	case r.IntN(3) == 0:
		end.Ground, end.Note, end.Receiver, end.Receipt = "handed_over", "属于交通运输部门管辖，移送处理", crew.name+"交通运输局", fmt.Sprintf("示例收〔%d〕%d号", closed.Year(), 1+r.IntN(99))
	case r.IntN(2) == 0:
		end.Ground, end.Note = "terminated", "违法主体已注销且无承继人，终止调查"
	}
	office.plan(r, "case.close", file, closed, end)
	return nil
}

// photo draws a picture, keeps it as evidence, and returns the citation of it.
func (s *demoSeeder) photo(ctx context.Context, r *mathrand.Rand, scene demoScene, at time.Time) (domain.Evidence, error) {
	content, err := demoPicture(r, scene)
	if err != nil {
		return domain.Evidence{}, err
	}
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	if _, _, err := s.house.evidence.Put(ctx, bytes.NewReader(content), hash); err != nil {
		return domain.Evidence{}, err
	}
	return domain.Evidence{ID: demoID(r, at), SHA256: hash, Size: int64(len(content)), MediaType: "image/jpeg", Caption: "现场（示例图）", TakenAt: at.Format(time.RFC3339)}, nil
}

// demoPicture paints sky, water, a bank, and a vessel or a heap: plainly a drawing, never taken for a photo.
func demoPicture(r *mathrand.Rand, scene demoScene) ([]byte, error) {
	const width, height = 480, 360
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	horizon, night := 120+r.IntN(60), r.IntN(4) == 0
	bank := 250 + r.IntN(70)
	for y := range height {
		for x := range width {
			wave := uint8(6 * math.Sin(float64(x)/9+float64(y)/3))
			c := color.RGBA{R: uint8(150 + y/4), G: uint8(185 + y/6), B: 225, A: 255}
			switch {
			case y > bank+int(12*math.Sin(float64(x)/50)):
				c = color.RGBA{R: 128 + wave, G: 120, B: 84, A: 255}
			case y > horizon:
				c = color.RGBA{R: 84 + wave, G: 118 + wave, B: 128, A: 255}
			}
			if night {
				c.R, c.G, c.B = c.R/3, c.G/3, c.B/2
			}
			img.SetRGBA(x, y, c)
		}
	}
	left, top, long := 60+r.IntN(160), horizon+10, 140+r.IntN(90)
	body := color.RGBA{R: uint8(90 + r.IntN(100)), G: 60, B: 50, A: 255}
	if scene.vesselType == "" { // a heap or a shed on the bank
		top, body = bank-30, color.RGBA{R: 170, G: 150, B: uint8(90 + r.IntN(60)), A: 255}
	}
	for y := top; y < top+46 && y < height; y++ {
		inset := (y - top) / 2
		for x := left + inset; x < left+long-inset && x < width; x++ {
			img.SetRGBA(x, y, body)
		}
	}
	for y := max(0, top-40); scene.vesselType != "" && y < top; y++ {
		for x := left + long/2; x < left+long/2+36; x++ {
			img.SetRGBA(x, y, color.RGBA{R: 220, G: 220, B: 210, A: 255})
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 78})
	return b.Bytes(), err
}

// demoSender sends commands as one account, through a handler whose clock it sets.
type demoSender struct {
	seeder  *demoSeeder
	handler http.Handler
	clock   time.Time // what the handler's clock shows
	cookies []*http.Cookie
}

func (s *demoSeeder) as(ctx context.Context, account string) (*demoSender, error) {
	for _, a := range s.accounts {
		if a.Account == account {
			return s.signIn(ctx, a.Account, a.Password)
		}
	}
	return nil, fmt.Errorf("no sample account %s", account)
}

func (s *demoSeeder) signIn(ctx context.Context, account, password string) (*demoSender, error) {
	sender := &demoSender{seeder: s, clock: s.start}
	handler, err := s.house.handler(func() time.Time { return sender.clock })
	if err != nil {
		return nil, err
	}
	sender.handler = handler
	answer, err := sender.do(ctx, http.MethodPost, "/api/v1/session", api.SignIn{Account: account, Password: password})
	if err != nil {
		return nil, err
	}
	sender.cookies = (&http.Response{Header: answer.header}).Cookies()
	return sender, nil
}

// plan notes an act for its turn: it reaches the server a minute or so after it happened.
func (d *demoSender) plan(r *mathrand.Rand, kind string, aggregate uuid.UUID, at time.Time, data any) {
	recorded := at.Add(time.Duration(20+r.IntN(70)) * time.Second)
	d.seeder.planned = append(d.seeder.planned, plannedAct{d, demoID(r, at), kind, aggregate, at, recorded, data})
}

// send carries out one command with the server's clock at the moment it is recorded.
func (d *demoSender) send(ctx context.Context, act plannedAct) error {
	raw, err := json.Marshal(act.data)
	if err != nil {
		return err
	}
	d.clock = act.recorded
	answer, err := d.do(ctx, http.MethodPut, "/api/v1/commands/"+act.id.String(), api.Command{Type: act.kind, Aggregate: act.aggregate,
		OccurredAt: act.at.UTC(), Clock: domain.Clock{Kind: domain.ClockDevice, UncertaintyMS: 2000}, Data: raw})
	if err != nil {
		return fmt.Errorf("%s at %s: %w", act.kind, act.at.Format(time.RFC3339), err)
	}
	var accepted api.Accepted
	if err := json.Unmarshal(answer.body.Bytes(), &accepted); err != nil {
		return err
	}
	d.seeder.position = accepted.Position
	return nil
}

// memoryResponse keeps an answer of a handler called in process.
type memoryResponse struct {
	header http.Header
	body   bytes.Buffer
	status int
}

func (m *memoryResponse) Header() http.Header { return m.header }

func (m *memoryResponse) WriteHeader(status int) {
	if m.status == 0 {
		m.status = status
	}
}

func (m *memoryResponse) Write(b []byte) (int, error) {
	m.WriteHeader(http.StatusOK)
	return m.body.Write(b)
}

func (d *demoSender) do(ctx context.Context, method, path string, body any) (*memoryResponse, error) {
	content, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	for _, c := range d.cookies {
		request.AddCookie(c)
	}
	answer := &memoryResponse{header: http.Header{}}
	d.handler.ServeHTTP(answer, request)
	if answer.status >= http.StatusBadRequest {
		return nil, errors.New(answer.body.String())
	}
	return answer, nil
}

// demoID makes a UUIDv7 for a moment from the seeded source.
func demoID(r *mathrand.Rand, at time.Time) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[8:], r.Uint64())
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|r.Uint64()&0xffff)
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

// demoPassword is random even in sample data: somebody will put a demo on a network.
func demoPassword() string { return rand.Text()[:14] }

func writeDemoAccounts(path string, accounts []demoAccount) error {
	content, err := json.MarshalIndent(accounts, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(content, '\n'), 0o600)
}

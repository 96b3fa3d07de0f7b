package casefile

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Order is an order to stop, correct, remove or make up (责令改正; 《行政处罚法》第二十八条).
type Order struct {
	Number  string   `json:"number" validate:"required,max=50"`
	Kind    string   `json:"kind" validate:"required,oneof=stop correct demolish make_up remedy guidance"`
	Party   int64    `json:"party" validate:"min=1,max=20"`
	Conduct string   `json:"conduct" validate:"required,max=2000"`
	Basis   string   `json:"basis" validate:"required,max=500"`
	By      law.Date `json:"by,omitempty" validate:"omitempty,datetime=2006-01-02"` // empty: at once
	Rights  bool     `json:"rights"`                                                // 已告知陈述、申辩的权利
	Service Service  `json:"service"`
}

// Signature says how somebody stood to a record about him (签名确认).
type Signature struct {
	State   string `json:"state" validate:"required,oneof=signed refused absent"`
	By      string `json:"by,omitempty" validate:"max=50"`
	Witness string `json:"witness,omitempty" validate:"max=50"`
	Note    string `json:"note,omitempty" validate:"max=500"` // why not signed
}

func (s Signature) missing() bool {
	return s.State == "signed" && s.By == "" || s.State != "signed" && s.Note == ""
}

// Inspection is a record made on site (现场勘验、检查笔录; 《行政处罚法》第五十五条).
type Inspection struct {
	StartedAt        time.Time         `json:"startedAt" validate:"required"`
	EndedAt          time.Time         `json:"endedAt" validate:"required"`
	Place            domain.Place      `json:"place"`
	CertificateShown bool              `json:"certificateShown"`
	Present          string            `json:"present" validate:"required,oneof=party family witness grassroots nobody"`
	Name             string            `json:"name,omitempty" validate:"max=50"` // of who was present
	Found            string            `json:"found" validate:"required,max=4000"`
	Signature        Signature         `json:"signature"`
	Photos           []domain.Evidence `json:"photos" validate:"min=1,max=60,unique=SHA256,dive"`
}

// Inspected is what is remembered of an inspection.
type Inspected struct {
	On     law.Date
	Signed bool
}

// Material is a piece of evidence (证据; 《行政处罚法》第四十六条) with what the rules of form ask of its kind
// (《最高人民法院关于行政诉讼证据若干问题的规定》第十条至第十五条).
type Material struct {
	ID          uuid.UUID         `json:"id" validate:"required"`
	Kind        string            `json:"kind" validate:"required,oneof=document object audiovisual electronic testimony statement opinion record"` // 书证 物证 视听资料 电子数据 证人证言 当事人的陈述 鉴定意见 勘验笔录、现场笔录
	Title       string            `json:"title" validate:"required,max=200"`
	Proves      string            `json:"proves" validate:"required,max=1000"` // 证明事项
	Source      string            `json:"source" validate:"required,max=200"`
	Place       string            `json:"place" validate:"required,max=200"`
	CollectedOn law.Date          `json:"collectedOn" validate:"required,datetime=2006-01-02"`
	Original    bool              `json:"original"`                                // 原件、原物、原始载体
	Compared    string            `json:"compared,omitempty" validate:"max=200"`   // of a copy: where the original is, and that it was compared (核对无异)
	Person      string            `json:"person,omitempty" validate:"max=50"`      // witness, party or maker
	Identity    string            `json:"identity,omitempty" validate:"max=100"`   // who the witness is
	Signed      bool              `json:"signed"`                                  // by the person, or by the appraiser with his seal
	Method      string            `json:"method,omitempty" validate:"max=200"`     // how it was recorded, taken from the device, sampled
	Sound       bool              `json:"sound"`                                   // the recording has sound
	Transcript  string            `json:"transcript,omitempty" validate:"max=200"` // of the sound (文字记录)
	Opinion     *Opinion          `json:"opinion,omitempty"`
	Device      *Device           `json:"device,omitempty"`
	Custodian   string            `json:"custodian" validate:"required,max=50"`
	Files       []domain.Evidence `json:"files,omitempty" validate:"max=60,unique=SHA256,dive"`
}

// Opinion is what an expert opinion must state (鉴定意见).
type Opinion struct {
	Commissioner  string `json:"commissioner" validate:"required,max=100"`
	Materials     string `json:"materials" validate:"required,max=500"`
	Basis         string `json:"basis" validate:"required,max=500"`
	Qualification string `json:"qualification" validate:"required,max=200"`
	Result        string `json:"result" validate:"required,max=2000"`
	ValueFen      int64  `json:"valueFen,omitempty" validate:"min=0,max=1000000000000"` // of what was appraised (货值金额)
}

// Device is the standing of a record that a fixed device made (利用电子技术监控设备收集的证据; 《行政处罚法》第四十一条).
type Device struct {
	Name       string   `json:"name" validate:"required,max=100"`
	Approved   bool     `json:"approved"`                                                      // 经过法制和技术审核，设置地点已公布
	ReviewedOn law.Date `json:"reviewedOn,omitempty" validate:"omitempty,datetime=2006-01-02"` // of this record
	ToldOn     law.Date `json:"toldOn,omitempty" validate:"omitempty,datetime=2006-01-02"`     // the party was told
}

// Evidence is a piece of evidence as it stands.
type Evidence struct {
	ID             uuid.UUID
	Title          string
	CollectedOn    law.Date
	Result         string // "", verified, excluded
	Unreviewed     bool   // made by a device, and not reviewed
	NotForDecision bool
}

// Object is a thing held or decided about (涉案物品).
type Object struct {
	Name     string `json:"name" validate:"required,max=100"`
	Kind     string `json:"kind" validate:"required,oneof=vessel sand tool document place other"`
	Quantity int64  `json:"quantity" validate:"min=1,max=1000000000"`
	Unit     string `json:"unit" validate:"required,max=10"`
	Mark     string `json:"mark,omitempty" validate:"max=100"` // 船名船号、规格
}

// Preservation is an advance registration (先行登记保存; 《行政处罚法》第五十六条).
type Preservation struct {
	ID        uuid.UUID    `json:"id" validate:"required"`
	Number    string       `json:"number" validate:"required,max=50"`
	Reason    string       `json:"reason" validate:"required,max=500"` // why evidence could be lost
	Objects   []Object     `json:"objects" validate:"required,min=1,max=100,dive"`
	Place     string       `json:"place" validate:"required,max=200"` // where it is kept
	Signature Signature    `json:"signature"`
	Approval  law.Approval `json:"approval"`
}

// Seizure is a sealing or seizure (查封、扣押; 《行政强制法》第二十二条至第二十八条).
type Seizure struct {
	ID         uuid.UUID `json:"id" validate:"required"`
	Kind       string    `json:"kind" validate:"required,oneof=seal seize"`
	Number     string    `json:"number" validate:"required,max=50"`
	Basis      string    `json:"basis" validate:"required,max=500"` // the statute or regulation that gives this organ the power
	Reviewed   bool      `json:"reviewed"`                          // the basis was reviewed (法制审核)
	Reason     string    `json:"reason" validate:"required,max=500"`
	Objects    []Object  `json:"objects" validate:"required,min=1,max=100,dive"`
	Related    bool      `json:"related"` // only what the case is about
	Sealed     bool      `json:"sealed"`  // already sealed by another organ
	Place      string    `json:"place" validate:"required,max=200"`
	Days       int64     `json:"days" validate:"min=1,max=30"`
	Present    string    `json:"present" validate:"required,oneof=party witness nobody"`
	Name       string    `json:"name,omitempty" validate:"max=50"`
	Rights     bool      `json:"rights"`                                  // 当场告知理由、依据和救济途径，听取陈述申辩
	Statement  string    `json:"statement,omitempty" validate:"max=2000"` // what the party said
	ListNo     string    `json:"listNo" validate:"required,max=50"`       // of the list made out in duplicate and handed over with the decision
	Signature  Signature `json:"signature"`
	Urgent     bool      `json:"urgent"`
	ApprovedBy string    `json:"approvedBy" validate:"required,max=50"`
	ApprovedAt time.Time `json:"approvedAt" validate:"required"`
}

// Holding is a preservation or seizure as it stands.
type Holding struct {
	ID       uuid.UUID
	On       law.Date
	Days     int64
	More     int64 // days added
	Objects  []Object
	Outcome  string
	Event    mark
	Extended mark
}

// Appraisal is an examination by somebody who knows (鉴定、检测、评估).
type Appraisal struct {
	ID          uuid.UUID `json:"id" validate:"required"`
	Subject     string    `json:"subject" validate:"required,max=500"`
	Institution string    `json:"institution" validate:"required,max=100"`
	Holding     uuid.UUID `json:"holding,omitempty"` // the preservation or seizure whose things go there
	Days        int64     `json:"days" validate:"min=1,max=365"`
	Told        bool      `json:"told"` // the party was told in writing how long it takes
	StartedOn   law.Date  `json:"startedOn" validate:"required,datetime=2006-01-02"`
	EndedOn     law.Date  `json:"endedOn,omitempty" validate:"omitempty,datetime=2006-01-02"`
}

// Pause is a time that is not counted (不计入期限的期间).
type Pause struct {
	Kind  string // a pause ground of package law
	From  law.Date
	Until law.Date // the first day that counts again; empty while it lasts
	Event mark
	Ended mark
	Party int64     // whose hearing
	Of    uuid.UUID // the appraisal
	Held  uuid.UUID // the preservation or seizure whose things are appraised
}

// StopOrdered is an order to stop or correct, served (责令停止违法行为、责令改正).
type StopOrdered struct {
	Order    Order         `json:"order"`
	Officers []law.Officer `json:"officers"`
	At       time.Time     `json:"at"`
}

// EventType names the type in the log.
func (StopOrdered) EventType() string { return "case.stop_ordered.v1" }

func (e StopOrdered) apply(s State) State {
	s.Orders = join(s.Orders, e.Order)
	return s.acted(e.Officers)
}

// OrderStop orders to stop or correct. It may come before the filing, on the spot.
type OrderStop struct {
	Order    Order       `json:"order"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (OrderStop) act() act {
	return act{"case.order_stop", "责令停止违法行为、责令改正", "《行政处罚法》第二十八条", once, []guard{exists, open, running}}
}

func (c OrderStop) ask() question { return question{at: c.At, party: c.Order.Party} }

func (c OrderStop) decide(q question) ([]Event, error) {
	if !c.Order.Rights {
		return nil, domain.RefuseByLaw("case.rights_not_told", "《行政处罚法》第四十四条", "未告知当事人陈述、申辩的权利，请在通知书中载明后再送达。")
	}
	if err := c.Order.Service.check(q, c.Crew, c.Order.Party); err != nil {
		return nil, err
	}
	return []Event{StopOrdered{c.Order, c.Crew, c.At}}, nil
}

// SiteInspected is an inspection on site (现场勘验、检查).
type SiteInspected struct {
	Inspection Inspection    `json:"inspection"`
	Officers   []law.Officer `json:"officers"`
	At         time.Time     `json:"at"`
}

// EventType names the type in the log.
func (SiteInspected) EventType() string { return "case.site_inspected.v1" }

func (e SiteInspected) apply(s State) State {
	s.Inspected = join(s.Inspected, Inspected{law.DateOf(e.Inspection.StartedAt), e.Inspection.Signature.State == "signed"})
	return s.acted(e.Officers)
}

// InspectSite records an inspection. It may have been made before the filing.
type InspectSite struct {
	Inspection Inspection  `json:"inspection"`
	Officers   []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (InspectSite) act() act {
	return act{"case.inspect_site", "现场勘验、检查", "《行政处罚法》第五十五条", once, []guard{exists, open, running, undecided, notSuspended, unconcluded}}
}

func (c InspectSite) ask() question { return question{at: c.At} }

func (c InspectSite) decide(q question) ([]Event, error) {
	i := c.Inspection
	if err := crewed(q, c.Crew, law.DateOf(i.StartedAt)); err != nil {
		return nil, err
	}
	switch {
	case !i.CertificateShown:
		return nil, domain.RefuseByLaw("case.certificate_not_shown", "《行政处罚法》第五十五条", "检查前应当出示执法证并记入笔录，请核对。")
	case i.EndedAt.Before(i.StartedAt) || i.EndedAt.After(c.At):
		return nil, &domain.Refusal{Code: "case.inspection_time", Field: "inspection.endedAt", Message: "检查起止时间有误：结束不能早于开始，也不能晚于登记，请核对。"}
	case i.Present == "nobody" || i.Name == "":
		return nil, domain.RefuseByLaw("case.nobody_present", "《最高人民法院关于行政诉讼证据若干问题的规定》第十五条", "现场笔录应当有当事人或者见证人在场，请填写在场人。")
	case i.Signature.missing():
		return nil, domain.RefuseByLaw("case.not_signed", "《最高人民法院关于行政诉讼证据若干问题的规定》第十五条", "当事人应当签名；拒绝签名或者不能签名的，请注明原因。")
	}
	return []Event{SiteInspected{i, c.Crew, c.At}}, nil
}

// PartyIdentified says who a party is, once it is known (查明当事人).
type PartyIdentified struct {
	Party   int64     `json:"party" validate:"min=1,max=20"` // which one, from 1; one more than there are adds a party
	Is      law.Party `json:"is"`
	Grounds string    `json:"grounds" validate:"required,max=500"`
	At      time.Time `json:"at"`
}

// EventType names the type in the log.
func (PartyIdentified) EventType() string { return "case.party_identified.v1" }

func (e PartyIdentified) apply(s State) State {
	switch {
	case e.Party >= 1 && e.Party <= int64(len(s.Parties)):
		s.Parties = slices.Clone(s.Parties)
		s.Parties[e.Party-1] = e.Is
	default:
		s.Parties = join(s.Parties, e.Is)
	}
	return s
}

// IdentifyParty says who a party is.
type IdentifyParty struct {
	Party   int64     `json:"party" validate:"min=1,max=20"`
	Is      law.Party `json:"is"`
	Grounds string    `json:"grounds" validate:"required,max=500"`

	At time.Time `json:"-"`
}

func (IdentifyParty) act() act {
	return act{"case.identify_party", "查明当事人", "《行政处罚法》第四十条", once, between(undecided)}
}

func (c IdentifyParty) ask() question { return question{at: c.At, party: c.Party} }

func (c IdentifyParty) decide(q question) ([]Event, error) {
	_, noticed := find(q.Notices, func(n Notice) bool { return n.Party == c.Party })
	switch {
	case c.Party < 1 || c.Party > int64(len(q.Parties))+1:
		return nil, &domain.Refusal{Code: "case.no_such_party", Field: "party", Message: "本案没有这一当事人，请按立案审批表中的顺序填写。"}
	case noticed:
		return nil, domain.RefuseByLaw("case.party_notified", "《行政处罚法》第四十四条", "已向该当事人告知拟作出的处罚，不能再变更；告知对象有误的，请先重新告知。")
	}
	return []Event{PartyIdentified(c)}, nil
}

// OfficerRecused is the decision about a recusal (回避; 《行政处罚法》第四十三条). Until it is made, the investigation goes on.
type OfficerRecused struct {
	Officer   uuid.UUID    `json:"officer"`
	AskedBy   string       `json:"askedBy"`
	Ground    string       `json:"ground"`
	Granted   bool         `json:"granted"`
	Successor *law.Officer `json:"successor,omitempty"`
	Approval  law.Approval `json:"approval"`
	At        time.Time    `json:"at"`
}

// EventType names the type in the log.
func (OfficerRecused) EventType() string { return "case.officer_recused.v1" }

func (e OfficerRecused) apply(s State) State {
	if !e.Granted {
		return s
	}
	s.Recused = join(s.Recused, e.Officer)
	s.Handlers = slices.DeleteFunc(slices.Clone(s.Handlers), func(o law.Officer) bool { return o.ID == e.Officer })
	if e.Successor != nil {
		s.Handlers = append(s.Handlers, *e.Successor)
		s = s.acted([]law.Officer{*e.Successor})
	}
	return s
}

// RecuseOfficer decides about a recusal.
type RecuseOfficer struct {
	Officer     uuid.UUID    `json:"officer" validate:"required"`
	AskedBy     string       `json:"askedBy" validate:"required,oneof=self party organ"`
	Ground      string       `json:"ground" validate:"required,max=500"`
	Granted     bool         `json:"granted"`
	SuccessorID uuid.UUID    `json:"successor,omitempty"`
	Approval    law.Approval `json:"approval"`

	Successor *law.Officer `json:"-"`
	At        time.Time    `json:"-"`
}

func (RecuseOfficer) act() act {
	return act{"case.recuse_officer", "决定回避", "《行政处罚法》第四十三条", once, between(undecided)}
}

func (c RecuseOfficer) ask() question { return question{at: c.At} }

func (c RecuseOfficer) decide(q question) ([]Event, error) {
	if !slices.ContainsFunc(q.Handlers, func(o law.Officer) bool { return o.ID == c.Officer }) {
		return nil, &domain.Refusal{Code: "case.not_a_handler", Field: "officer", Message: "该人员不是本案承办人，请核对。"}
	}
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	e := OfficerRecused{c.Officer, c.AskedBy, c.Ground, c.Granted, c.Successor, c.Approval, c.At}
	if c.Granted {
		if err := law.TwoCertified(e.apply(q.State).Handlers, q.on); err != nil {
			return nil, err
		}
	}
	return []Event{e}, nil
}

// EvidenceAdded is a piece of evidence put on file (收集证据). What is collected after the decision is kept, and cannot support it.
type EvidenceAdded struct {
	Evidence       Material      `json:"evidence"`
	NotForDecision bool          `json:"notForDecision,omitempty"`
	Officers       []law.Officer `json:"officers"`
	At             time.Time     `json:"at"`
}

// EventType names the type in the log.
func (EvidenceAdded) EventType() string { return "case.evidence_added.v1" }

func (e EvidenceAdded) apply(s State) State {
	m := e.Evidence
	s.Evidence = join(s.Evidence, Evidence{ID: m.ID, Title: m.Title, CollectedOn: m.CollectedOn,
		Unreviewed: m.Device != nil && !m.Device.citable(), NotForDecision: e.NotForDecision})
	return s.acted(e.Officers)
}

func (d Device) citable() bool { return d.Approved && d.ReviewedOn != "" }

// AddEvidence puts evidence on file.
type AddEvidence struct {
	Evidence Material    `json:"evidence"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (AddEvidence) act() act {
	return act{"case.add_evidence", "收集证据", "《行政处罚法》第四十条、第四十六条", once, []guard{exists, unarchived}}
}

func (c AddEvidence) ask() question { return question{at: c.At} }

func (c AddEvidence) decide(q question) ([]Event, error) {
	m := c.Evidence
	if _, twice := find(q.Evidence, func(e Evidence) bool { return e.ID == m.ID }); twice {
		return nil, &domain.Refusal{Code: "case.evidence_twice", Field: "evidence.id", Message: "该证据已经入卷，请勿重复登记。"}
	}
	if m.CollectedOn > q.on {
		return nil, &domain.Refusal{Code: "case.evidence_date", Field: "evidence.collectedOn", Message: "取证日期晚于登记日期，请核对。"}
	}
	if err := crewed(q, c.Crew, m.CollectedOn); err != nil {
		return nil, err
	}
	if err := m.form(); err != nil {
		return nil, err
	}
	// Whatever day it bears: what was not on file when the decision was made did not carry it (G8).
	return []Event{EvidenceAdded{m, q.Decision != nil, c.Crew, c.At}}, nil
}

// form refuses evidence that lacks what its kind must have.
func (m Material) form() error {
	const rules = "《最高人民法院关于行政诉讼证据若干问题的规定》"
	switch {
	case !m.Original && m.Compared == "":
		return domain.RefuseByLaw("case.copy_not_compared", rules+"第十条", "复制件应当注明原件出处并经核对无异，请补充说明。")
	case m.Kind == "audiovisual" && (m.Person == "" || m.Method == ""):
		return domain.RefuseByLaw("case.recording_origin", rules+"第十二条", "视听资料应当注明制作方法、制作人，请补充。")
	case m.Sound && m.Transcript == "":
		return domain.RefuseByLaw("case.no_transcript", rules+"第十二条", "声音资料应当附有该声音内容的文字记录，请补充。")
	case m.Kind == "electronic" && m.Method == "":
		return domain.RefuseByLaw("case.electronic_origin", rules+"第十二条", "电子数据应当注明提取方法，请补充。")
	case m.Kind == "testimony" && (m.Person == "" || m.Identity == "" || !m.Signed):
		return domain.RefuseByLaw("case.witness_unknown", rules+"第十三条", "证人证言应当写明证人身份并由证人签名，请补充。")
	case m.Kind == "statement" && (m.Person == "" || !m.Signed):
		return domain.RefuseByLaw("case.statement_unsigned", rules+"第十条", "当事人的陈述应当由当事人签名或者注明拒签情况，请补充。")
	case m.Kind == "opinion" && (m.Opinion == nil || !m.Signed):
		return domain.RefuseByLaw("case.opinion_incomplete", rules+"第十四条", "鉴定意见应当载明委托人、送检材料、依据、鉴定资格并签名盖章，请补充。")
	}
	return nil
}

func unarchived(q question) error {
	if q.Status == StatusArchived {
		return domain.Refuse("case.archived", "该案件已经归档，不能再办理。")
	}
	return nil
}

// EvidenceVerified says whether a piece of evidence holds (证据查证; 《行政处罚法》第四十六条).
type EvidenceVerified struct {
	Evidence uuid.UUID `json:"evidence" validate:"required"`
	Result   string    `json:"result" validate:"required,oneof=verified excluded"`
	Note     string    `json:"note" validate:"required,max=1000"`
	At       time.Time `json:"at"`
}

// EventType names the type in the log.
func (EvidenceVerified) EventType() string { return "case.evidence_verified.v1" }

func (e EvidenceVerified) apply(s State) State {
	s.Evidence = change(s.Evidence, func(one Evidence) bool { return one.ID == e.Evidence },
		func(one Evidence) Evidence { one.Result = e.Result; return one })
	return s
}

// VerifyEvidence says whether evidence holds: proven true, or excluded because it is false or was come by unlawfully.
type VerifyEvidence struct {
	Evidence uuid.UUID `json:"evidence" validate:"required"`
	Result   string    `json:"result" validate:"required,oneof=verified excluded"`
	Note     string    `json:"note" validate:"required,max=1000"`

	At time.Time `json:"-"`
}

func (VerifyEvidence) act() act {
	return act{"case.verify_evidence", "查证证据", "《行政处罚法》第四十六条", eachEvidence, between(undecided, knownEvidence)}
}

func (c VerifyEvidence) ask() question { return question{at: c.At, thing: c.Evidence} }

func (c VerifyEvidence) decide(question) ([]Event, error) { return []Event{EvidenceVerified(c)}, nil }

func knownEvidence(q question) error {
	if _, ok := find(q.Evidence, func(e Evidence) bool { return e.ID == q.thing }); !ok {
		return domain.Refuse("case.unknown_evidence", "卷内没有这件证据，请先登记。")
	}
	return nil
}

// EvidencePreserved is an advance registration of things that could be lost as evidence (先行登记保存).
type EvidencePreserved struct {
	Preservation Preservation  `json:"preservation"`
	Officers     []law.Officer `json:"officers"`
	At           time.Time     `json:"at"`
}

// EventType names the type in the log.
func (EvidencePreserved) EventType() string { return "case.evidence_preserved.v1" }

func (e EvidencePreserved) apply(s State) State {
	s.Preserved = join(s.Preserved, Holding{ID: e.Preservation.ID, On: law.DateOf(e.At), Objects: e.Preservation.Objects, Event: s.here()})
	return s.acted(e.Officers)
}

// PreserveEvidence registers things in advance.
type PreserveEvidence struct {
	Preservation Preservation `json:"preservation"`
	Officers     []uuid.UUID  `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (PreserveEvidence) act() act {
	return act{"case.preserve_evidence", "先行登记保存", "《行政处罚法》第五十六条", once, investigating()}
}

func (c PreserveEvidence) ask() question { return question{at: c.At} }

func (c PreserveEvidence) decide(q question) ([]Event, error) {
	p := c.Preservation
	if err := crewed(q, c.Crew, q.on); err != nil {
		return nil, err
	}
	if err := approvedBy(q, p.Approval, "preservation.approval.approvedOn"); err != nil {
		return nil, err
	}
	_, twice := find(q.Preserved, func(h Holding) bool { return h.ID == p.ID })
	switch {
	case twice:
		return nil, domain.Refuse("case.preserved_twice", "该先行登记保存已经登记，请勿重复登记。")
	case len(p.Objects) == 0 || p.Place == "":
		return nil, domain.RefuseByLaw("case.preservation_list", "《行政处罚法》第五十六条", "先行登记保存应当开具清单并写明保存地点，请补充。")
	case p.Signature.missing():
		return nil, domain.RefuseByLaw("case.list_not_signed", "《行政处罚法》第五十六条", "清单应当由当事人签名；拒绝签名的，请注明情况。")
	}
	return []Event{EvidencePreserved{p, c.Crew, c.At}}, nil
}

// PreservationEnded says what became of what was registered in advance (先行登记保存物品处理).
type PreservationEnded struct {
	Preservation uuid.UUID    `json:"preservation"`
	Outcome      string       `json:"outcome"`
	Number       string       `json:"number"`
	Note         string       `json:"note"`
	Approval     law.Approval `json:"approval"`
	At           time.Time    `json:"at"`
}

// EventType names the type in the log.
func (PreservationEnded) EventType() string { return "case.preservation_ended.v1" }

func (e PreservationEnded) apply(s State) State {
	s.Preserved = change(s.Preserved, func(h Holding) bool { return h.ID == e.Preservation },
		func(h Holding) Holding { h.Outcome = e.Outcome; return h })
	return s
}

// EndPreservation decides what becomes of what was registered in advance.
type EndPreservation struct {
	Preservation uuid.UUID    `json:"preservation" validate:"required"`
	Outcome      string       `json:"outcome" validate:"required,oneof=returned appraisal seizure confiscated released"`
	Number       string       `json:"number" validate:"required,max=50"` // 物品处理决定书文号
	Note         string       `json:"note" validate:"required,max=1000"`
	Approval     law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (EndPreservation) act() act {
	return act{"case.end_preservation", "处理先行登记保存物品", "《行政处罚法》第五十六条", eachPreserved, []guard{exists, open, afterFiling, preserved}}
}

func (c EndPreservation) ask() question { return question{at: c.At, thing: c.Preservation} }

func preserved(q question) error {
	if h, ok := find(q.Preserved, func(h Holding) bool { return h.ID == q.thing }); !ok || h.Outcome != "" {
		return domain.Refuse("case.not_preserved", "没有正在先行登记保存的该批物品，请核对。")
	}
	return nil
}

func (c EndPreservation) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	h, _ := find(q.Preserved, func(h Holding) bool { return h.ID == c.Preservation })
	released := c.Outcome == "released" || c.Outcome == "returned"
	late, err := q.past(q.rules.preservation(h))
	switch {
	case err != nil:
		return nil, err
	case late && !released:
		return nil, domain.RefuseByLaw("case.preservation_lapsed", "《行政处罚法》第五十六条", "先行登记保存已满七个工作日而未作处理决定，只能退还或者解除。")
	case c.Outcome == "seizure" && len(q.Seized) == 0:
		return nil, domain.RefuseByLaw("case.seize_first", "《行政强制法》第二十四条", "转为查封、扣押的，请先办理查封、扣押决定。")
	case c.Outcome == "appraisal" && !slices.ContainsFunc(q.Appraisals, func(a Appraisal) bool { return a.Holding == h.ID }):
		return nil, domain.Refuse("case.commission_first", "送交鉴定的，请先登记委托鉴定。")
	case c.Outcome == "confiscated" && !q.confiscates():
		return nil, domain.RefuseByLaw("case.no_confiscation", "《行政处罚法》第五十六条", "没有没收该物品的处罚决定，不能作没收处理。")
	}
	return []Event{PreservationEnded(c)}, nil
}

// confiscates says that a decision takes things away.
func (s State) confiscates() bool {
	return slices.ContainsFunc(s.Items, func(p Performance) bool { return takes(p.Item.Measure) })
}

// SeizureImposed is a sealing or seizure (查封、扣押).
type SeizureImposed struct {
	Seizure  Seizure       `json:"seizure"`
	Officers []law.Officer `json:"officers"`
	At       time.Time     `json:"at"`
}

// EventType names the type in the log.
func (SeizureImposed) EventType() string { return "case.seizure_imposed.v1" }

func (e SeizureImposed) apply(s State) State {
	s.Seized = join(s.Seized, Holding{ID: e.Seizure.ID, On: law.DateOf(e.At), Days: e.Seizure.Days, Objects: e.Seizure.Objects, Event: s.here()})
	return s.acted(e.Officers)
}

// ImposeSeizure seals or seizes.
type ImposeSeizure struct {
	Seizure  Seizure     `json:"seizure"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (ImposeSeizure) act() act {
	return act{"case.impose_seizure", "查封、扣押", "《行政强制法》第二十二条、第二十四条", once, investigating()}
}

func (c ImposeSeizure) ask() question { return question{at: c.At} }

func (c ImposeSeizure) decide(q question) ([]Event, error) {
	z := c.Seizure
	if err := crewed(q, c.Crew, q.on); err != nil {
		return nil, err
	}
	approval := c.At
	if z.Urgent {
		approval = c.At.Add(24 * time.Hour)
	}
	_, twice := find(q.Seized, func(h Holding) bool { return h.ID == z.ID })
	switch {
	case twice:
		return nil, domain.Refuse("case.seized_twice", "该查封、扣押已经登记，请勿重复登记。")
	case z.Basis == "" || !z.Reviewed || strings.Contains(z.Basis, "《水法》第六十条") || strings.Contains(z.Basis, "《中华人民共和国水法》第六十条"):
		return nil, domain.RefuseByLaw("case.seizure_no_basis", "《行政强制法》第十七条、第二十二条",
			"查封、扣押必须有法律、法规的明确授权并经法制审核（《水法》第六十条不含查封、扣押权）；没有依据的，请办理先行登记保存。")
	case !z.Related:
		return nil, domain.RefuseByLaw("case.seizure_unrelated", "《行政强制法》第二十三条", "只能查封、扣押涉案的场所、设施或者财物，请剔除与违法行为无关的物品。")
	case z.Sealed:
		return nil, domain.RefuseByLaw("case.sealed_already", "《行政强制法》第二十三条", "已被其他国家机关查封的，不得重复查封，请与该机关联系。")
	case z.Days < 1 || z.Days > 30:
		return nil, domain.RefuseByLaw("case.seizure_days", "《行政强制法》第二十五条", "查封、扣押的期限不得超过三十日，请更正。")
	case z.ApprovedBy == "" || z.ApprovedAt.After(approval):
		return nil, domain.RefuseByLaw("case.seizure_not_approved", "《行政强制法》第十八条、第十九条", "实施前须报负责人批准；情况紧急的，应当在二十四小时内补办批准手续。")
	case z.Present == "nobody" || z.Name == "" || !z.Rights:
		return nil, domain.RefuseByLaw("case.seizure_on_the_spot", "《行政强制法》第十八条", "应当通知当事人到场（不到场的邀请见证人），当场告知理由、依据和救济途径并听取陈述申辩，请补充。")
	case z.ListNo == "" || len(z.Objects) == 0 || z.Signature.missing():
		return nil, domain.RefuseByLaw("case.seizure_list", "《行政强制法》第十八条、第二十四条", "应当当场交付决定书和一式二份的清单，并由当事人签名或者注明情况，请补充。")
	}
	return []Event{SeizureImposed{z, c.Crew, c.At}}, nil
}

// SeizureExtended adds to the time of a seizure (延长查封、扣押期限).
type SeizureExtended struct {
	Seizure  uuid.UUID    `json:"seizure"`
	Days     int64        `json:"days"`
	Reason   string       `json:"reason"`
	Number   string       `json:"number"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (SeizureExtended) EventType() string { return "case.seizure_extended.v1" }

func (e SeizureExtended) apply(s State) State {
	s.Seized = change(s.Seized, func(h Holding) bool { return h.ID == e.Seizure },
		func(h Holding) Holding { h.More += e.Days; h.Extended = s.here(); return h })
	return s
}

// ExtendSeizure adds to the time of a seizure, once, and before it runs out.
type ExtendSeizure struct {
	Seizure  uuid.UUID    `json:"seizure" validate:"required"`
	Days     int64        `json:"days" validate:"min=1,max=30"`
	Reason   string       `json:"reason" validate:"required,max=500"`
	Number   string       `json:"number" validate:"required,max=50"` // of the written notice to the party
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (ExtendSeizure) act() act {
	return act{"case.extend_seizure", "延长查封、扣押期限", "《行政强制法》第二十五条", eachSeized, between(seized, seizureLasts, seizureUnextended)}
}

func (c ExtendSeizure) ask() question { return question{at: c.At, thing: c.Seizure} }

func (c ExtendSeizure) decide(q question) ([]Event, error) {
	if c.Days < 1 || c.Days > 30 {
		return nil, domain.RefuseByLaw("case.seizure_extension_days", "《行政强制法》第二十五条", "延长期限不得超过三十日，请更正。")
	}
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{SeizureExtended(c)}, nil
}

func seized(q question) error {
	if h, ok := find(q.Seized, func(h Holding) bool { return h.ID == q.thing }); !ok || h.Outcome != "" {
		return domain.Refuse("case.not_seized", "没有正在查封、扣押的该批物品，请核对。")
	}
	return nil
}

func seizureLasts(q question) error {
	h, _ := find(q.Seized, func(h Holding) bool { return h.ID == q.thing })
	late, err := q.past(q.rules.seizure(q.State, h))
	if err != nil {
		return err
	}
	if late {
		return domain.RefuseByLaw("case.seizure_lapsed", "《行政强制法》第二十五条、第二十七条", "查封、扣押期限已经届满，应当立即解除并退还财物。")
	}
	return nil
}

func seizureUnextended(q question) error {
	if h, _ := find(q.Seized, func(h Holding) bool { return h.ID == q.thing }); h.More > 0 {
		return domain.RefuseByLaw("case.seizure_extended_before", "《行政强制法》第二十五条", "查封、扣押期限只能延长一次。")
	}
	return nil
}

// SeizureEnded says what became of what was sealed or seized (查封、扣押处理决定).
type SeizureEnded struct {
	Seizure  uuid.UUID    `json:"seizure"`
	Outcome  string       `json:"outcome"`
	Number   string       `json:"number"`
	Note     string       `json:"note"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (SeizureEnded) EventType() string { return "case.seizure_ended.v1" }

func (e SeizureEnded) apply(s State) State {
	s.Seized = change(s.Seized, func(h Holding) bool { return h.ID == e.Seizure },
		func(h Holding) Holding { h.Outcome = e.Outcome; return h })
	return s
}

// EndSeizure decides what becomes of what was sealed or seized.
type EndSeizure struct {
	Seizure  uuid.UUID    `json:"seizure" validate:"required"`
	Outcome  string       `json:"outcome" validate:"required,oneof=released confiscated destroyed handed_over auctioned"`
	Number   string       `json:"number" validate:"required,max=50"`
	Note     string       `json:"note" validate:"required,max=1000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (EndSeizure) act() act {
	return act{"case.end_seizure", "处理查封、扣押财物", "《行政强制法》第二十七条、第二十八条", eachSeized, []guard{exists, open, afterFiling, seized}}
}

func (c EndSeizure) ask() question { return question{at: c.At, thing: c.Seizure} }

func (c EndSeizure) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	if c.Outcome == "released" {
		return []Event{SeizureEnded(c)}, nil
	}
	// A decision made in time carries the seizure on; without one it ends with its period.
	if q.Decision == nil {
		if err := seizureLasts(q); err != nil {
			return nil, err
		}
	}
	switch {
	case (c.Outcome == "confiscated" || c.Outcome == "destroyed") && !q.confiscates():
		return nil, domain.RefuseByLaw("case.no_confiscation", "《行政强制法》第二十七条", "没有没收该财物的处罚决定，不能作没收、销毁处理。")
	case c.Outcome == "handed_over" && q.Transfer.Delivered.IsZero():
		return nil, domain.RefuseByLaw("case.deliver_first", "《行政强制法》第二十一条", "随案移送财物的，请先办理涉嫌犯罪案件移送。")
	case c.Outcome == "auctioned" && !slices.ContainsFunc(q.Items, func(p Performance) bool { return p.Auctioned }):
		return nil, domain.RefuseByLaw("case.auction_first", "《行政强制法》第四十六条", "拍卖抵缴罚款的，请先登记拍卖。")
	}
	return []Event{SeizureEnded(c)}, nil
}

// AppraisalCommissioned gives something to be examined (委托鉴定、检测、评估).
type AppraisalCommissioned struct {
	Appraisal Appraisal `json:"appraisal"`
	At        time.Time `json:"at"`
}

// EventType names the type in the log.
func (AppraisalCommissioned) EventType() string { return "case.appraisal_commissioned.v1" }

func (e AppraisalCommissioned) apply(s State) State {
	a := e.Appraisal
	s.Appraisals = join(s.Appraisals, a)
	s.Pauses = join(s.Pauses, Pause{Kind: law.PauseAppraisal, From: a.StartedOn, Event: s.here(), Of: a.ID, Held: a.Holding})
	return s
}

// CommissionAppraisal gives something to be examined. The time it takes is not counted, so it is fixed beforehand and told.
type CommissionAppraisal struct {
	Appraisal Appraisal `json:"appraisal"`

	At time.Time `json:"-"`
}

func (CommissionAppraisal) act() act {
	return act{"case.commission_appraisal", "委托鉴定", "《行政强制法》第二十五条", once, between(undecided, notSuspended)}
}

func (c CommissionAppraisal) ask() question { return question{at: c.At} }

func (c CommissionAppraisal) decide(q question) ([]Event, error) {
	a := c.Appraisal
	_, twice := find(q.Appraisals, func(one Appraisal) bool { return one.ID == a.ID })
	switch {
	case twice:
		return nil, domain.Refuse("case.appraised_twice", "该委托鉴定已经登记，请勿重复登记。")
	case a.StartedOn > q.on || a.EndedOn != "":
		return nil, domain.Refuse("case.appraisal_dates", "委托日期不能晚于登记日期；完成日期在收到鉴定意见时填写。")
	case a.Days < 1 || !a.Told:
		return nil, domain.RefuseByLaw("case.appraisal_not_told", "《行政强制法》第二十五条", "鉴定期间应当明确并书面告知当事人，请补充。")
	}
	return []Event{AppraisalCommissioned{a, c.At}}, nil
}

// AppraisalReceived ends the time of an appraisal (收到鉴定意见).
type AppraisalReceived struct {
	Appraisal uuid.UUID `json:"appraisal" validate:"required"`
	Result    string    `json:"result" validate:"required,max=1000"`
	At        time.Time `json:"at"`
}

// EventType names the type in the log.
func (AppraisalReceived) EventType() string { return "case.appraisal_received.v1" }

func (e AppraisalReceived) apply(s State) State {
	s.Appraisals = change(s.Appraisals, func(a Appraisal) bool { return a.ID == e.Appraisal },
		func(a Appraisal) Appraisal { a.EndedOn = law.DateOf(e.At); return a })
	s.Pauses = change(s.Pauses, func(p Pause) bool { return p.Kind == law.PauseAppraisal && p.Of == e.Appraisal && p.Until == "" },
		func(p Pause) Pause { p.Until, p.Ended = law.DateOf(e.At), s.here(); return p })
	return s
}

// ReceiveAppraisal ends the time of an appraisal. Its opinion becomes evidence of its own.
type ReceiveAppraisal struct {
	Appraisal uuid.UUID `json:"appraisal" validate:"required"`
	Result    string    `json:"result" validate:"required,max=1000"`

	At time.Time `json:"-"`
}

func (ReceiveAppraisal) act() act {
	return act{"case.receive_appraisal", "收到鉴定意见", "《行政强制法》第二十五条", eachAppraisal, []guard{exists, open, afterFiling, appraising}}
}

func (c ReceiveAppraisal) ask() question { return question{at: c.At, thing: c.Appraisal} }

func (c ReceiveAppraisal) decide(question) ([]Event, error) {
	return []Event{AppraisalReceived(c)}, nil
}

func appraising(q question) error {
	a, ok := find(q.Appraisals, func(a Appraisal) bool { return a.ID == q.thing })
	if !ok || a.EndedOn != "" || a.StartedOn > q.on {
		return domain.Refuse("case.not_appraising", "没有正在进行的该项鉴定，请核对。")
	}
	return nil
}

// InvestigationSuspended pauses a case (中止调查).
type InvestigationSuspended struct {
	Ground   string       `json:"ground"`
	Note     string       `json:"note"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (InvestigationSuspended) EventType() string { return "case.investigation_suspended.v1" }

func (e InvestigationSuspended) apply(s State) State {
	s.Suspended, s.Pauses = true, join(s.Pauses, Pause{Kind: law.PauseSuspension, From: law.DateOf(e.At), Event: s.here()})
	return s
}

// SuspendInvestigation pauses a case.
type SuspendInvestigation struct {
	Ground   string       `json:"ground" validate:"required,oneof=party_missing other_organ court appraisal force_majeure"`
	Note     string       `json:"note" validate:"required,max=1000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (SuspendInvestigation) act() act {
	return act{"case.suspend_investigation", "中止调查", "《水行政处罚实施办法》", once, between(undecided, notSuspended)}
}

func (c SuspendInvestigation) ask() question { return question{at: c.At} }

func (c SuspendInvestigation) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{InvestigationSuspended(c)}, nil
}

// InvestigationResumed ends a pause (恢复调查).
type InvestigationResumed struct {
	Note     string       `json:"note" validate:"required,max=1000"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (InvestigationResumed) EventType() string { return "case.investigation_resumed.v1" }

func (e InvestigationResumed) apply(s State) State {
	s.Suspended = false
	return s.resume(law.PauseSuspension, law.DateOf(e.At))
}

// resume ends the pause of a kind that lasts.
func (s State) resume(kind string, on law.Date) State {
	s.Pauses = change(s.Pauses, func(p Pause) bool { return p.Kind == kind && p.Until == "" },
		func(p Pause) Pause { p.Until, p.Ended = on, s.here(); return p })
	return s
}

// ResumeInvestigation ends a pause.
type ResumeInvestigation struct {
	Note     string       `json:"note" validate:"required,max=1000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (ResumeInvestigation) act() act {
	return act{"case.resume_investigation", "恢复调查", "《水行政处罚实施办法》", once, between(suspendedNow)}
}

func (c ResumeInvestigation) ask() question { return question{at: c.At} }

func (c ResumeInvestigation) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{InvestigationResumed(c)}, nil
}

func suspendedNow(q question) error {
	last, _ := find(q.Pauses, func(p Pause) bool { return p.Kind == law.PauseSuspension && p.Until == "" })
	if !q.Suspended || last.From > q.on {
		return domain.Refuse("case.not_suspended", "案件没有中止，无需恢复。")
	}
	return nil
}

// InvestigationTerminated ends a case that cannot be decided (终止调查).
type InvestigationTerminated struct {
	Ground   string       `json:"ground"`
	Note     string       `json:"note"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (InvestigationTerminated) EventType() string { return "case.investigation_terminated.v1" }

func (e InvestigationTerminated) apply(s State) State { return s.end("terminated", e.At) }

// end stops the case where it is.
func (s State) end(how string, at time.Time) State {
	s.Ended, s.Suspended = how, false
	return s.resume(law.PauseSuspension, law.DateOf(at))
}

// TerminateInvestigation ends a case that cannot be decided.
type TerminateInvestigation struct {
	Ground   string       `json:"ground" validate:"required,oneof=died dissolved time_barred no_jurisdiction"`
	Note     string       `json:"note" validate:"required,max=1000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (TerminateInvestigation) act() act {
	return act{"case.terminate_investigation", "终止调查", "《水行政处罚实施办法》", once, between(undecided, noCrime)}
}

func (c TerminateInvestigation) ask() question { return question{at: c.At} }

func (c TerminateInvestigation) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{InvestigationTerminated(c)}, nil
}

// HandedOver gives the case to the organ that has jurisdiction (移送管辖).
type HandedOver struct {
	Receiver   string       `json:"receiver"`
	Letter     string       `json:"letter"`
	Files      []string     `json:"files"`
	Receipt    string       `json:"receipt"`
	Designated string       `json:"designated,omitempty"`
	Approval   law.Approval `json:"approval"`
	At         time.Time    `json:"at"`
}

// EventType names the type in the log.
func (HandedOver) EventType() string { return "case.handed_over.v1" }

func (e HandedOver) apply(s State) State { return s.end("handed_over", e.At) }

// HandOver gives the case to the organ that has jurisdiction.
type HandOver struct {
	Receiver   string       `json:"receiver" validate:"required,max=100"`
	Letter     string       `json:"letter" validate:"required,max=50"` // 案件移送函
	Files      []string     `json:"files" validate:"required,min=1,max=100,dive,required,max=200"`
	Receipt    string       `json:"receipt" validate:"required,max=50"`      // 回执
	Designated string       `json:"designated,omitempty" validate:"max=100"` // by the common superior, where jurisdiction was disputed (指定管辖)
	Approval   law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (HandOver) act() act {
	return act{"case.hand_over", "移送管辖", "《行政处罚法》第二十五条", once, between(undecided)}
}

func (c HandOver) ask() question { return question{at: c.At} }

func (c HandOver) decide(q question) ([]Event, error) {
	if c.Receiver == "" || c.Receipt == "" || len(c.Files) == 0 {
		return nil, domain.RefuseByLaw("case.handover_papers", "《行政处罚法》第二十五条", "移送管辖须列明移送材料，并填写接收机关和回执文号。")
	}
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{HandedOver(c)}, nil
}

// Withdrawn takes back a filing whose conditions were not met after all (撤销立案).
type Withdrawn struct {
	Ground   string       `json:"ground"`
	Note     string       `json:"note"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (Withdrawn) EventType() string { return "case.withdrawn.v1" }

func (e Withdrawn) apply(s State) State { return s.end("withdrawn", e.At) }

// Withdraw takes a filing back. Facts that cannot be proven after a full investigation lead to a decision of no penalty instead.
type Withdraw struct {
	Ground   string       `json:"ground" validate:"required,oneof=no_violation not_punishable no_jurisdiction time_barred duplicate"`
	Note     string       `json:"note" validate:"required,max=1000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (Withdraw) act() act {
	return act{"case.withdraw", "撤销立案", "《行政处罚法》第五十四条", once, between(undecided, noCrime)}
}

func (c Withdraw) ask() question { return question{at: c.At} }

func (c Withdraw) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{Withdrawn(c)}, nil
}

package casefile

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

const transferRules = "《行政执法机关移送涉嫌犯罪案件的规定》"

// Transfer is where the transfer of a suspected crime to the police stands (涉嫌犯罪案件移送).
type Transfer struct {
	ReportedOn law.Date
	Reported   mark
	Approved   time.Time
	ApprovedBy mark
	Delivered  time.Time
	Receipt    string
	FiledOn    law.Date // by the police
	Filed      mark
	GoodsOn    law.Date
	ObjectedTo []string
	Ended      string // not_approved, not_filed, convicted, not_punished
	FineFen    int64  // of the court (罚金)
}

// open says that the crime is for others to judge, or for the head to decide on.
func (t Transfer) open() bool { return t.ReportedOn != "" && t.Ended == "" }

// noCrime is G11: while a crime is suspected, no penalty takes its place.
func noCrime(q question) error {
	if q.Transfer.open() {
		return domain.RefuseByLaw("case.crime_first", "《行政处罚法》第二十七条、第八十二条，"+transferRules+"第十一条", "案件涉嫌犯罪，应当先办理移送，不得以行政处罚代替移送。")
	}
	return nil
}

// crimeExamined is G11 too: where the facts reach the lines of a crime, somebody must have decided about a transfer.
func crimeExamined(q question) error {
	if q.Report == nil || q.Transfer.ReportedOn != "" {
		return nil
	}
	for _, f := range q.Report.Facts {
		signs := q.crimeSigns(f)
		if signs.Suspected {
			return domain.RefuseByLaw("case.crime_not_examined", signs.Article, "违法事实达到涉嫌犯罪的标准（"+signs.Grounds[0]+"），应当先提出移送报告并由负责人决定是否移送。")
		}
	}
	return nil
}

// crimeSigns compares a fact of sand mining with the lines of the crime; of other facts people must judge.
func (q question) crimeSigns(f Fact) law.CrimeSigns {
	if q.Ground.Kind != law.SandMining && q.Ground.Kind != law.SandVessel || !f.NoPermit && !f.Closed {
		return law.CrimeSigns{}
	}
	priors := 0
	for _, p := range q.Priors {
		// Two penalties and a third act are a crime since 法释〔2016〕25号 came into force.
		if f.ConductEndedOn >= "2016-12-01" && p.DecidedOn >= f.ConductEndedOn.AddYears(-2) && p.DecidedOn <= f.ConductEndedOn && len(p.Violation) > 1 && p.Violation[0] == 'S' {
			priors++
		}
	}
	signs := law.CriminalThreshold(q.rules.Settings, q.on, law.MiningFacts{SandValue: f.ValueFen, NoPermit: f.NoPermit, Closed: f.Closed,
		PriorPenalties: priors, GraveEcology: f.Harm == law.EcologicalHarm && f.Serious, FloodSafety: f.FloodSafety})
	signs.Suspected = signs.Suspected && len(signs.Grounds) > 0
	return signs
}

// CrimeReport proposes to transfer the case to the police (移送涉嫌犯罪案件的书面报告).
type CrimeReport struct {
	Crime    string      `json:"crime" validate:"required,max=100"` // 涉嫌罪名
	Grounds  string      `json:"grounds" validate:"required,max=4000"`
	ValueFen int64       `json:"valueFen,omitempty" validate:"min=0,max=1000000000000"`
	Evidence []uuid.UUID `json:"evidence,omitempty" validate:"max=200,unique"`
}

// CrimeSuspected is the report of the team that examined the suspicion (涉嫌犯罪核实报告).
type CrimeSuspected struct {
	Report   CrimeReport   `json:"report"`
	Officers []law.Officer `json:"officers"` // 专案组
	At       time.Time     `json:"at"`
}

// EventType names the type in the log.
func (CrimeSuspected) EventType() string { return "case.crime_suspected.v1" }

func (e CrimeSuspected) apply(s State) State {
	s.Transfer = Transfer{ReportedOn: law.DateOf(e.At), Reported: s.here()}
	return s
}

// SuspectCrime reports that a crime is suspected.
type SuspectCrime struct {
	Report   CrimeReport `json:"report"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

func (SuspectCrime) act() act {
	return act{"case.suspect_crime", "提出涉嫌犯罪移送报告", transferRules + "第五条", once, between(noTransfer)}
}

func (c SuspectCrime) ask() question { return question{at: c.At} }

func noTransfer(q question) error {
	if q.Transfer.open() {
		return domain.Refuse("case.transfer_under_way", "已经提出移送报告，请在移送程序中办理。")
	}
	return nil
}

func (c SuspectCrime) decide(q question) ([]Event, error) {
	if err := crewed(q, c.Crew, q.on); err != nil {
		return nil, err
	}
	return []Event{CrimeSuspected{c.Report, c.Crew, c.At}}, nil
}

// TransferApproved is the head's decision to transfer (批准移送).
type TransferApproved struct {
	Number   string       `json:"number"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (TransferApproved) EventType() string { return "case.transfer_approved.v1" }

func (e TransferApproved) apply(s State) State {
	s.Transfer.Approved, s.Transfer.ApprovedBy = e.At, s.here()
	return s
}

// ApproveTransfer decides to transfer.
type ApproveTransfer struct {
	Number   string       `json:"number" validate:"required,max=50"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (ApproveTransfer) act() act {
	return act{"case.approve_transfer", "批准移送", transferRules + "第五条", once, between(transferReported, transferUndecided)}
}

func (c ApproveTransfer) ask() question { return question{at: c.At} }

func (c ApproveTransfer) decide(q question) ([]Event, error) {
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{TransferApproved(c)}, nil
}

func transferReported(q question) error {
	if !q.Transfer.open() || q.Transfer.ReportedOn > q.on {
		return domain.RefuseByLaw("case.no_transfer_report", transferRules+"第五条", "没有待办的移送报告，请先由两名以上执法人员核实并提出书面报告。")
	}
	return nil
}

func transferUndecided(q question) error {
	if !q.Transfer.Approved.IsZero() {
		return domain.Refuse("case.transfer_decided", "已经批准移送，请办理移送手续。")
	}
	return nil
}

// TransferRefused is the head's decision not to transfer, with its reasons on file (不批准移送).
type TransferRefused struct {
	Reasons  string       `json:"reasons"`
	Approval law.Approval `json:"approval"`
	At       time.Time    `json:"at"`
}

// EventType names the type in the log.
func (TransferRefused) EventType() string { return "case.transfer_refused.v1" }

func (e TransferRefused) apply(s State) State {
	s.Transfer.Ended = "not_approved"
	return s
}

// RefuseTransfer decides not to transfer.
type RefuseTransfer struct {
	Reasons  string       `json:"reasons" validate:"required,max=2000"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (RefuseTransfer) act() act {
	return act{"case.refuse_transfer", "不批准移送", transferRules + "第五条", once, between(transferReported, transferUndecided)}
}

func (c RefuseTransfer) ask() question { return question{at: c.At} }

func (c RefuseTransfer) decide(q question) ([]Event, error) {
	if c.Reasons == "" {
		return nil, domain.RefuseByLaw("case.refusal_reasons", transferRules+"第五条", "不批准移送的，应当将理由记录在案，请填写理由。")
	}
	if err := approvedBy(q, c.Approval, "approval.approvedOn"); err != nil {
		return nil, err
	}
	return []Event{TransferRefused(c)}, nil
}

// CrimeTransferred hands the case to the police (移送公安机关).
type CrimeTransferred struct {
	Number   string    `json:"number" validate:"required,max=50"` // 涉嫌犯罪案件移送书
	Police   string    `json:"police" validate:"required,max=100"`
	Papers   []string  `json:"papers" validate:"required,min=1,max=20,unique,dive,oneof=letter report list appraisal other"` // 移送书 调查报告 涉案物品清单 检验鉴定 其他
	Persons  int64     `json:"persons,omitempty" validate:"min=0,max=1000"`
	Informed bool      `json:"informed"` // the procuratorate has a copy (抄送检察院)
	At       time.Time `json:"at"`
}

// EventType names the type in the log.
func (CrimeTransferred) EventType() string { return "case.crime_transferred.v1" }

func (e CrimeTransferred) apply(s State) State {
	s.Transfer.Delivered = e.At
	return s
}

// TransferCrime hands the case to the police.
type TransferCrime struct {
	Number   string   `json:"number" validate:"required,max=50"`
	Police   string   `json:"police" validate:"required,max=100"`
	Papers   []string `json:"papers" validate:"required,min=1,max=20,unique,dive,oneof=letter report list appraisal other"`
	Persons  int64    `json:"persons,omitempty" validate:"min=0,max=1000"`
	Informed bool     `json:"informed"`

	At time.Time `json:"-"`
}

func (TransferCrime) act() act {
	return act{"case.transfer_crime", "移送公安机关", transferRules + "第五条、第六条", once, between(transferReported, transferApproved)}
}

func (c TransferCrime) ask() question { return question{at: c.At} }

func (c TransferCrime) decide(q question) ([]Event, error) {
	for _, paper := range []string{"letter", "report", "list"} {
		if !slices.Contains(c.Papers, paper) {
			return nil, domain.RefuseByLaw("case.transfer_papers", transferRules+"第六条", "移送应当附移送书、调查报告和涉案物品清单，请补齐。")
		}
	}
	return []Event{CrimeTransferred(c)}, nil
}

func transferApproved(q question) error {
	if q.Transfer.Approved.IsZero() || q.Transfer.Approved.After(q.at) && !q.at.IsZero() {
		return domain.RefuseByLaw("case.transfer_not_approved", transferRules+"第五条", "移送须经机关正职负责人或者主持工作的负责人批准。")
	}
	if !q.Transfer.Delivered.IsZero() {
		return domain.Refuse("case.transferred_before", "已经移送公安机关，请勿重复移送。")
	}
	return nil
}

// TransferReceived is the receipt of the police (移送回执).
type TransferReceived struct {
	Receipt     string    `json:"receipt" validate:"required,max=50"`
	ForwardedTo string    `json:"forwardedTo,omitempty" validate:"max=100"` // the organ with jurisdiction, where it was another
	At          time.Time `json:"at"`
}

// EventType names the type in the log.
func (TransferReceived) EventType() string { return "case.transfer_received.v1" }

func (e TransferReceived) apply(s State) State {
	s.Transfer.Receipt = e.Receipt
	return s
}

// RecordReceipt records the receipt of the police.
type RecordReceipt struct {
	Receipt     string `json:"receipt" validate:"required,max=50"`
	ForwardedTo string `json:"forwardedTo,omitempty" validate:"max=100"`

	At time.Time `json:"-"`
}

func (RecordReceipt) act() act {
	return act{"case.record_receipt", "登记移送回执", transferRules + "第七条", once, between(transferDelivered)}
}

func (c RecordReceipt) ask() question { return question{at: c.At} }

func (c RecordReceipt) decide(question) ([]Event, error) { return []Event{TransferReceived(c)}, nil }

func transferDelivered(q question) error {
	if !q.Transfer.open() || q.Transfer.Delivered.IsZero() || law.DateOf(q.Transfer.Delivered) > q.on {
		return domain.RefuseByLaw("case.not_transferred", transferRules+"第五条", "案件尚未移送公安机关，或者移送已经结束。")
	}
	return nil
}

// PoliceDecided is what the police decided (公安机关立案或者不予立案).
type PoliceDecided struct {
	Filed  bool      `json:"filed"`
	Number string    `json:"number" validate:"required,max=50"`
	Reason string    `json:"reason,omitempty" validate:"max=1000"`
	At     time.Time `json:"at"`
}

// EventType names the type in the log.
func (PoliceDecided) EventType() string { return "case.police_decided.v1" }

func (e PoliceDecided) apply(s State) State {
	if e.Filed {
		s.Transfer.FiledOn, s.Transfer.Filed = law.DateOf(e.At), s.here()
		return s
	}
	s.Transfer.Ended = "not_filed"
	return s
}

// RecordPoliceDecision records what the police decided. If they do not file, the organ goes on.
type RecordPoliceDecision struct {
	Filed  bool   `json:"filed"`
	Number string `json:"number" validate:"required,max=50"`
	Reason string `json:"reason,omitempty" validate:"max=1000"`

	At time.Time `json:"-"`
}

func (RecordPoliceDecision) act() act {
	return act{"case.record_police_decision", "登记公安机关立案决定", transferRules + "第八条、第十条", once, between(transferDelivered, policeUndecided)}
}

func (c RecordPoliceDecision) ask() question { return question{at: c.At} }

func (c RecordPoliceDecision) decide(q question) ([]Event, error) {
	if q.Transfer.Receipt == "" {
		return nil, domain.RefuseByLaw("case.no_receipt", transferRules+"第七条", "公安机关应当在移送回执上签字，请先登记回执。")
	}
	return []Event{PoliceDecided(c)}, nil
}

func policeUndecided(q question) error {
	if q.Transfer.FiledOn != "" {
		return domain.Refuse("case.police_decided", "公安机关已经立案，请勿重复登记。")
	}
	return nil
}

// TransferObjected objects to a decision of the police not to file (提请复议、建议立案监督).
type TransferObjected struct {
	To     string    `json:"to" validate:"required,oneof=police procuratorate"`
	Number string    `json:"number" validate:"required,max=50"`
	At     time.Time `json:"at"`
}

// EventType names the type in the log.
func (TransferObjected) EventType() string { return "case.transfer_objected.v1" }

func (e TransferObjected) apply(s State) State {
	s.Transfer.Ended, s.Transfer.ObjectedTo = "", join(s.Transfer.ObjectedTo, e.To)
	return s
}

// ObjectTransfer objects: to the police once, to the procuratorate once.
type ObjectTransfer struct {
	To     string `json:"to" validate:"required,oneof=police procuratorate"`
	Number string `json:"number" validate:"required,max=50"`

	At time.Time `json:"-"`
}

func (ObjectTransfer) act() act {
	return act{"case.object_transfer", "对不予立案提请复议、建议监督", transferRules + "第九条", once, between(undecided, policeRefused)}
}

func (c ObjectTransfer) ask() question { return question{at: c.At} }

func (c ObjectTransfer) decide(q question) ([]Event, error) {
	if slices.Contains(q.Transfer.ObjectedTo, c.To) {
		return nil, domain.RefuseByLaw("case.objected_before", transferRules+"第九条", "已经向该机关提出过异议，不能重复提出。")
	}
	return []Event{TransferObjected(c)}, nil
}

func policeRefused(q question) error {
	if q.Transfer.Ended != "not_filed" {
		return domain.RefuseByLaw("case.police_not_refused", transferRules+"第九条", "公安机关没有作出不予立案决定，无需提出异议。")
	}
	return nil
}

// GoodsHandedOver gives the things of the case to the police (移交涉案物品).
type GoodsHandedOver struct {
	List string    `json:"list" validate:"required,max=100"` // number of the list both sides signed
	At   time.Time `json:"at"`
}

// EventType names the type in the log.
func (GoodsHandedOver) EventType() string { return "case.goods_handed_over.v1" }

func (e GoodsHandedOver) apply(s State) State {
	s.Transfer.GoodsOn = law.DateOf(e.At)
	return s
}

// HandOverGoods gives the things of the case to the police.
type HandOverGoods struct {
	List string `json:"list" validate:"required,max=100"`

	At time.Time `json:"-"`
}

func (HandOverGoods) act() act {
	return act{"case.hand_over_goods", "移交涉案物品和材料", transferRules + "第十二条", once, between(policeFiled)}
}

func (c HandOverGoods) ask() question { return question{at: c.At} }

func (c HandOverGoods) decide(question) ([]Event, error) { return []Event{GoodsHandedOver(c)}, nil }

func policeFiled(q question) error {
	if q.Transfer.FiledOn == "" || q.Transfer.FiledOn > q.on || q.Transfer.GoodsOn != "" {
		return domain.RefuseByLaw("case.police_not_filed", transferRules+"第十二条", "公安机关尚未立案，或者涉案物品已经移交。")
	}
	return nil
}

// CriminalCaseEnded is how the criminal case came out (刑事案件办结).
type CriminalCaseEnded struct {
	Outcome string    `json:"outcome" validate:"required,oneof=convicted not_punished"`
	Number  string    `json:"number" validate:"required,max=50"`                    // of the judgment or decision
	FineFen int64     `json:"fineFen,omitempty" validate:"min=0,max=1000000000000"` // 罚金
	At      time.Time `json:"at"`
}

// EventType names the type in the log.
func (CriminalCaseEnded) EventType() string { return "case.criminal_case_ended.v1" }

func (e CriminalCaseEnded) apply(s State) State {
	s.Transfer.Ended, s.Transfer.FineFen = e.Outcome, e.FineFen
	return s
}

// EndCriminalCase records how the criminal case came out. A fine of the court leaves no room for another (G12); an earlier one counts
// towards it.
type EndCriminalCase struct {
	Outcome string `json:"outcome" validate:"required,oneof=convicted not_punished"`
	Number  string `json:"number" validate:"required,max=50"`
	FineFen int64  `json:"fineFen,omitempty" validate:"min=0,max=1000000000000"`

	At time.Time `json:"-"`
}

func (EndCriminalCase) act() act {
	return act{"case.end_criminal_case", "登记刑事案件结果", "《行政处罚法》第二十七条、第三十五条", once, between(transferDelivered)}
}

func (c EndCriminalCase) ask() question { return question{at: c.At} }

func (c EndCriminalCase) decide(q question) ([]Event, error) {
	if q.Transfer.FiledOn == "" {
		return nil, domain.RefuseByLaw("case.police_first", transferRules+"第八条", "请先登记公安机关的立案决定。")
	}
	return []Event{CriminalCaseEnded(c)}, nil
}

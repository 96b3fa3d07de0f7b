package casefile

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Closed ends a case (结案).
type Closed struct {
	Ground   string       `json:"ground"`
	Note     string       `json:"note"`
	Receiver string       `json:"receiver,omitempty"` // organ that took the case over (移送)
	Receipt  string       `json:"receipt,omitempty"`  // number of its receipt (回执)
	Approval law.Approval `json:"approval"`
	ClosedAt time.Time    `json:"closedAt"`
}

// EventType names the type in the log.
func (Closed) EventType() string { return "case.closed.v1" }

func (e Closed) apply(s State) State {
	s.Status, s.ClosedOn, s.ClosedBy, s.Close, s.Suspended = StatusClosed, law.DateOf(e.ClosedAt), e.Ground, s.here(), false
	return s
}

// Close ends the case.
type Close struct {
	Ground   string       `json:"ground" validate:"required,oneof=withdrawn terminated handed_over transferred_criminal performed no_penalty revoked court_enforcement"`
	Note     string       `json:"note" validate:"required,max=2000"`
	Receiver string       `json:"receiver,omitempty" validate:"max=100"`
	Receipt  string       `json:"receipt,omitempty" validate:"max=100"`
	Approval law.Approval `json:"approval"`

	At time.Time `json:"-"`
}

func (c Close) act() act {
	chosen := guard(someGround) // nothing is chosen yet
	for _, g := range grounds() {
		if g.code == c.Ground {
			chosen = g.open
		}
	}
	return act{"case.close", "结案", "《水行政处罚实施办法》", once, []guard{exists, notClosed, closedAfterFiling, property, chosen}}
}

func (c Close) ask() question { return question{at: c.At} }

func notClosed(q question) error {
	if q.Status != StatusFiled {
		return domain.Refuse("case.already_closed", "该案件已经结案，请勿重复结案。")
	}
	return nil
}

func closedAfterFiling(q question) error {
	if q.at.Before(q.FiledAt) {
		return domain.Refuse("case.closed_before_filed", "结案时间早于立案时间，请核对。")
	}
	return nil
}

// property demands that everything held in the case has found its end.
func property(q question) error {
	held := func(h Holding) bool { return h.Outcome == "" }
	if slices.ContainsFunc(q.Preserved, held) || slices.ContainsFunc(q.Seized, held) {
		return domain.RefuseByLaw("case.property_held", "《行政强制法》第二十七条，《行政处罚法》第五十六条", "先行登记保存或者查封、扣押的物品尚未处理，不能结案。")
	}
	return nil
}

// ground is a condition under which a case may be closed, or what is missing for it.
type ground struct {
	code string
	open guard
}

func grounds() []ground {
	return []ground{
		{"performed", allPerformed}, {"no_penalty", nothingToPunish}, {"court_enforcement", withTheCourt},
		{"withdrawn", before("withdrawn")}, {"terminated", before("terminated")}, {"handed_over", before("handed_over")},
		{"revoked", wasRevoked}, {"transferred_criminal", withThePolice},
	}
}

// someGround is what can be said before the ground is chosen. A filing can be taken back in the closing form itself, so an undecided
// case has one always.
func someGround(q question) error {
	var first error
	for _, g := range grounds() {
		err := g.open(q)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

func allPerformed(q question) error {
	if q.Decision == nil || q.Decision.NoPenalty {
		return domain.RefuseByLaw("case.no_decision", "《行政处罚法》第五十七条", "没有处罚决定和履行记录，不能以“履行完毕”结案。")
	}
	for _, p := range q.Items {
		if !p.done() {
			return domain.RefuseByLaw("case.not_performed", "《行政处罚法》第六十六条", fmt.Sprintf("第%d项（%s）尚未履行完毕，不能结案。", p.Item.No, p.Item.Target))
		}
	}
	if len(q.Orders) > 0 && len(q.Corrected) == 0 {
		return domain.RefuseByLaw("case.correction_unverified", "《行政处罚法》第二十八条", "责令改正后尚未复查，不能结案，请先登记整改复查。")
	}
	if _, held := find(q.Cash, func(c Cash) bool { return c.InOn == "" }); held {
		return domain.RefuseByLaw("case.cash_not_handed_in", "《行政处罚法》第七十一条", "当场收缴的罚款尚未上缴，不能结案。")
	}
	return nil
}

func nothingToPunish(q question) error {
	if q.Decision == nil || !q.Decision.NoPenalty || len(q.Decision.Served) == 0 {
		return domain.RefuseByLaw("case.no_penalty_not_decided", "《行政处罚法》第五十七条、第六十一条", "没有作出并送达不予处罚决定，不能以“不予处罚”结案。")
	}
	return nil
}

// withTheCourt is practice: what is left is with the court, which has accepted it.
func withTheCourt(q question) error {
	left := false
	for _, p := range q.Items {
		if p.done() {
			continue
		}
		left = true
		if p.Court != "accepted" && p.Court != "allowed" {
			return domain.RefuseByLaw("case.court_not_accepted", "《行政强制法》第五十六条", "尚未履行的项目没有全部由人民法院受理强制执行，不能以此结案。")
		}
	}
	if !left {
		return domain.Refuse("case.nothing_with_court", "没有正在由人民法院执行的项目，不能以此结案。")
	}
	return nil
}

// before is the ground of a case that ended without a decision. The paper that ends it and the closing form may be one, so it need not
// have been recorded apart.
func before(how string) guard {
	return func(q question) error {
		if q.Ended == how {
			return nil
		}
		if q.Ended != "" || q.Decision != nil {
			return domain.Refuse("case.other_ground", "案件的办理结果与结案方式不符，请按实际结果选择结案方式。")
		}
		return noCrime(q)
	}
}

func wasRevoked(q question) error {
	if q.Ended != "revoked" {
		return domain.Refuse("case.not_revoked", "处罚决定没有被撤销，不能以此结案。")
	}
	return nil
}

func withThePolice(q question) error {
	t := q.Transfer
	switch {
	case q.Ended != "" || q.Decision != nil && !q.performed():
		return domain.Refuse("case.other_result", "案件已有其他办理结果，不能以“移送司法机关”结案。")
	case t.ReportedOn != "" && (t.Ended == "not_approved" || t.Ended == "not_filed"):
		return domain.RefuseByLaw("case.transfer_failed", transferRules+"第十条", "移送没有被批准或者公安机关不予立案，应当依法继续办理，不能以“移送司法机关”结案。")
	case t.ReportedOn != "" && (t.Delivered.IsZero() || t.Receipt == ""):
		return domain.RefuseByLaw("case.transfer_unfinished", transferRules+"第五条、第七条", "移送手续尚未办完，请先移送公安机关并登记回执。")
	}
	return nil
}

func (c Close) decide(q question) ([]Event, error) {
	if c.Approval.ApprovedOn > q.on || c.Approval.ApprovedOn < law.DateOf(q.FiledAt) {
		return nil, &domain.Refusal{Code: "case.approval_date", Field: "approval.approvedOn", Message: "结案审批日期应当在立案之日与结案之日之间，请核对。"}
	}
	switch {
	case c.Ground == "transferred_criminal" && q.Transfer.Receipt == "" && (c.Receiver == "" || c.Receipt == ""):
		return nil, domain.RefuseByLaw("case.transfer_receipt", transferRules+"第五条、第七条", "移送司法机关须填写接收机关和回执文号。")
	case c.Ground == "handed_over" && q.Ended == "" && (c.Receiver == "" || c.Receipt == ""):
		return nil, domain.RefuseByLaw("case.transfer_receipt", "《行政处罚法》第二十五条", "移送管辖须填写接收机关和回执文号。")
	case !slices.ContainsFunc(grounds(), func(g ground) bool { return g.code == c.Ground }):
		return nil, &domain.Refusal{Code: "case.unknown_ground", Field: "ground", Message: "结案方式不在可选范围内，请重新选择。"}
	}
	return []Event{Closed{c.Ground, c.Note, c.Receiver, c.Receipt, c.Approval, c.At}}, nil
}

// Volume is one bound part of the file (案卷).
type Volume struct {
	Part  string  `json:"part" validate:"required,oneof=main internal"` // 正卷 副卷
	Items []Piece `json:"items" validate:"required,min=1,max=500,dive"`
}

// Piece is one document of a volume (卷内文书).
type Piece struct {
	Kind  string `json:"kind" validate:"required,oneof=filing decision service notice statement subject photo witness appraisal record electronic other discussion review approval"`
	Title string `json:"title" validate:"required,max=200"`
	From  int64  `json:"from" validate:"min=1,max=100000"` // pages
	To    int64  `json:"to" validate:"min=1,max=100000"`
}

// rank is the place of a kind in the main volume; 0 for internal papers, which do not belong there. A receipt follows what it is about.
func (p Piece) rank() int {
	order := []string{"service", "filing", "decision", "notice", "statement", "subject", "photo", "witness", "appraisal", "record", "electronic", "other"}
	return slices.Index(order, p.Kind) + 1
}

// Archiving is the file as it goes into the archive (归档).
type Archiving struct {
	Number    string   `json:"number" validate:"required,len=8,numeric"` // year of closing and serial
	Fonds     string   `json:"fonds" validate:"required,max=50"`         // 全宗号、目录号、案卷号
	Retention string   `json:"retention" validate:"required,oneof=permanent years30"`
	Volumes   []Volume `json:"volumes" validate:"required,min=1,max=20,dive"`
	Note      string   `json:"note" validate:"required,max=1000"` // 备考表
	Preparer  string   `json:"preparer" validate:"required,max=50"`
	Checker   string   `json:"checker" validate:"required,max=50"`
}

// Archived puts the file of a closed case into the archive (归档).
type Archived struct {
	Archiving Archiving `json:"archiving"`
	At        time.Time `json:"at"`
}

// EventType names the type in the log.
func (Archived) EventType() string { return "case.archived.v1" }

func (e Archived) apply(s State) State {
	s.Status = StatusArchived
	return s
}

// Archive puts the file of a closed case into the archive.
type Archive struct {
	Archiving Archiving `json:"archiving"`

	At time.Time `json:"-"`
}

func (Archive) act() act {
	return act{"case.archive", "归档", "《行政处罚法》第四十七条", once, []guard{exists, unarchived, caseClosed}}
}

func (c Archive) ask() question { return question{at: c.At} }

func caseClosed(q question) error {
	if q.Status != StatusClosed || q.ClosedOn > q.on {
		return domain.Refuse("case.not_closed", "案件尚未结案，请先办理结案再归档。")
	}
	return nil
}

func (c Archive) decide(q question) ([]Event, error) {
	const article = "《行政处罚法》第四十七条"
	a := c.Archiving
	if len(a.Number) != 8 || a.Number[:4] != strconv.Itoa(q.ClosedOn.Year()) || a.Number[4:] == "0000" {
		return nil, &domain.Refusal{Code: "case.archive_number", Field: "archiving.number", Message: "归档号为八位数字：结案年份四位加当年结案流水号四位，请核对。"}
	}
	seen := false
	for _, v := range a.Volumes {
		page, rank := int64(1), 0
		for _, p := range v.Items {
			if p.From != page || p.To < p.From {
				return nil, domain.RefuseByLaw("case.volume_pages", article, "卷内页码应当从1起连续编排，请核对“"+p.Title+"”的页码。")
			}
			page = p.To + 1
			if v.Part != "main" {
				continue
			}
			switch {
			case p.rank() == 0:
				return nil, domain.RefuseByLaw("case.volume_internal", article, "讨论、审核、审批等内部文书应当装入副卷，请移出“"+p.Title+"”。")
			case p.rank() < rank && p.Kind != "service":
				return nil, domain.RefuseByLaw("case.volume_order", article, "正卷应当按立案审批表、决定书及送达回证、其他文书、证据的顺序排列，请调整“"+p.Title+"”的位置。")
			}
			seen, rank = true, max(rank, p.rank())
		}
	}
	if !seen {
		return nil, domain.RefuseByLaw("case.volume_missing", article, "归档应当有正卷，请编排卷内目录。")
	}
	return []Event{Archived(c)}, nil
}

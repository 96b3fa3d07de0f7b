package sandmining

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// CustodyEvent is a fact in the keeping of goods that a case has taken.
//
//sumtype:decl
type CustodyEvent interface {
	domain.Event
	custodyEvent()
}

// GoodsTakenIn opens a custody with its list (涉案物品入库).
type GoodsTakenIn struct {
	Case      uuid.UUID     `json:"case"`
	District  string        `json:"district"`
	List      string        `json:"list"` // number of the list left with the party (清单)
	Measure   string        `json:"measure"`
	Basis     string        `json:"basis,omitempty"`
	Items     []Goods       `json:"items"`
	Place     string        `json:"place"`
	Custodian string        `json:"custodian"`
	Party     string        `json:"party"` // who was present, or why nobody was
	Crew      []law.Officer `json:"crew"`
	TakenAt   time.Time     `json:"takenAt"`
}

// GoodsMoved gives all of it another place or keeper (变更保管).
type GoodsMoved struct {
	Place     string `json:"place"`
	Custodian string `json:"custodian"`
	Reason    string `json:"reason"`
}

// GoodsCounted compares what lies there with the list (盘点).
type GoodsCounted struct {
	Counts []Count       `json:"counts"`
	Short  bool          `json:"short"` // something is missing that nobody disposed of
	Note   string        `json:"note,omitempty"`
	Crew   []law.Officer `json:"crew"`
}

// GoodsAppraised records an expert's opinion on one item (检验鉴定).
type GoodsAppraised struct {
	Appraisal Appraisal `json:"appraisal"`
}

// GoodsDisposed records what became of an item or a part of it (处置).
type GoodsDisposed struct {
	Disposal Disposal      `json:"disposal"`
	Crew     []law.Officer `json:"crew"`
}

// CustodyClosed ends it: nothing is left, and there is a receipt for everything (保管结清).
type CustodyClosed struct {
	Note     string    `json:"note,omitempty"`
	ClosedAt time.Time `json:"closedAt"`
}

// EventType names the type in the log.
func (GoodsTakenIn) EventType() string { return "custody.taken_in.v1" }

// EventType names the type in the log.
func (GoodsMoved) EventType() string { return "custody.moved.v1" }

// EventType names the type in the log.
func (GoodsCounted) EventType() string { return "custody.counted.v1" }

// EventType names the type in the log.
func (GoodsAppraised) EventType() string { return "custody.appraised.v1" }

// EventType names the type in the log.
func (GoodsDisposed) EventType() string { return "custody.disposed.v1" }

// EventType names the type in the log.
func (CustodyClosed) EventType() string { return "custody.closed.v1" }

func (GoodsTakenIn) custodyEvent()   {}
func (GoodsMoved) custodyEvent()     {}
func (GoodsCounted) custodyEvent()   {}
func (GoodsAppraised) custodyEvent() {}
func (GoodsDisposed) custodyEvent()  {}
func (CustodyClosed) custodyEvent()  {}

// Goods is an item on the list (涉案物品).
type Goods struct {
	No       int64      `json:"no" validate:"min=1,max=1000"` // number on the list
	Kind     string     `json:"kind" validate:"required,oneof=sand gear vessel document other"`
	Name     string     `json:"name" validate:"required,max=100"`
	Quantity int64      `json:"quantity" validate:"min=1,max=100000000000"`
	Unit     string     `json:"unit" validate:"required,oneof=m3 t piece"`
	Vessel   *uuid.UUID `json:"vessel,omitempty"` // in the register, for a vessel or what came from one
	State    string     `json:"state,omitempty" validate:"max=200"`
}

// Count is what was found of an item.
type Count struct {
	No       int64 `json:"no" validate:"min=1,max=1000"`
	Quantity int64 `json:"quantity" validate:"min=0,max=100000000000"`
}

// Appraisal is an opinion on an item (鉴定意见). Price, its basis and its day stay with the value: no price is ever a constant.
type Appraisal struct {
	No          int64    `json:"no" validate:"min=1,max=1000"`
	By          string   `json:"by" validate:"required,max=100"`             // 鉴定机构
	Credentials string   `json:"credentials" validate:"required,max=100"`    // 资质
	Report      string   `json:"report" validate:"required,max=100"`         // number
	Quantity    int64    `json:"quantity" validate:"min=1,max=100000000000"` // measured, in the unit of the list
	PriceFen    int64    `json:"priceFen" validate:"min=0,max=1000000000"`   // of one unit
	PriceBasis  string   `json:"priceBasis" validate:"required,max=200"`
	PriceOn     law.Date `json:"priceOn" validate:"required,datetime=2006-01-02"`
	ValueFen    int64    `json:"valueFen" validate:"min=0,max=100000000000000"`
}

// Disposal is what became of an item (处置).
type Disposal struct {
	No           int64        `json:"no" validate:"min=1,max=1000"`
	Way          string       `json:"way" validate:"required,oneof=returned auctioned destroyed handed_over put_to_use"` // 发还、拍卖、销毁、移交、调拨
	Quantity     int64        `json:"quantity" validate:"min=1,max=100000000000"`
	Receiver     string       `json:"receiver" validate:"required,max=100"`
	Receipt      string       `json:"receipt" validate:"max=100"`
	Decision     string       `json:"decision,omitempty" validate:"max=100"` // number of the decision that confiscated it
	ProceedsFen  int64        `json:"proceedsFen,omitempty" validate:"min=0,max=100000000000000"`
	TreasuryNote string       `json:"treasuryNote,omitempty" validate:"max=100"` // 缴款书
	On           law.Date     `json:"on" validate:"required,datetime=2006-01-02"`
	Approval     law.Approval `json:"approval"`
}

// CustodyCommand is an act on a custody; the method that seals it says what the interface calls it.
//
//sumtype:decl
type CustodyCommand interface{ custodyCommand() string }

// TakeIn opens a custody.
type TakeIn struct {
	Case      uuid.UUID   `json:"case" validate:"required"`
	List      string      `json:"list" validate:"required,max=100"`
	Measure   string      `json:"measure" validate:"required,oneof=preserved sealed seized confiscated"`
	Basis     string      `json:"basis,omitempty" validate:"max=200"`
	Items     []Goods     `json:"items" validate:"required,min=1,max=200,dive"`
	Place     string      `json:"place" validate:"required,max=100"`
	Custodian string      `json:"custodian" validate:"required,max=100"`
	Party     string      `json:"party" validate:"required,max=200"`
	Officers  []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	District string        `json:"-"` // of the case
	Crew     []law.Officer `json:"-"`
	At       time.Time     `json:"-"`
}

// MoveGoods gives it another place or keeper.
type MoveGoods struct {
	Place     string `json:"place" validate:"required,max=100"`
	Custodian string `json:"custodian" validate:"required,max=100"`
	Reason    string `json:"reason" validate:"required,max=500"`
}

// CountGoods compares it with the list.
type CountGoods struct {
	Counts   []Count     `json:"counts" validate:"required,min=1,max=200,dive"`
	Note     string      `json:"note,omitempty" validate:"max=500"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

// AppraiseGoods records an opinion.
type AppraiseGoods struct {
	Appraisal Appraisal `json:"appraisal"`
}

// DisposeGoods records what became of an item.
type DisposeGoods struct {
	Disposal Disposal    `json:"disposal"`
	Officers []uuid.UUID `json:"officers" validate:"required,min=2,max=20,unique"`

	Crew []law.Officer `json:"-"`
	At   time.Time     `json:"-"`
}

// CloseCustody ends it.
type CloseCustody struct {
	Note string `json:"note,omitempty" validate:"max=500"`

	At time.Time `json:"-"`
}

func (TakeIn) custodyCommand() string        { return "custody.take_in" }
func (MoveGoods) custodyCommand() string     { return "custody.move" }
func (CountGoods) custodyCommand() string    { return "custody.count" }
func (AppraiseGoods) custodyCommand() string { return "custody.appraise" }
func (DisposeGoods) custodyCommand() string  { return "custody.dispose" }
func (CloseCustody) custodyCommand() string  { return "custody.close" }

// CustodyStatus is where a custody stands.
type CustodyStatus string

// The states of a custody.
const (
	CustodyOpen  CustodyStatus = "open"   // 保管中
	CustodyEnded CustodyStatus = "closed" // 已结清
)

// CustodyState is what decisions about a custody need.
type CustodyState struct {
	Status    CustodyStatus
	Case      uuid.UUID
	District  string
	Items     []Goods // as on the list, with what is left of each
	TakenAt   time.Time
	Appraised []Appraisal
}

func (s CustodyState) item(no int64) (Goods, bool) {
	for _, g := range s.Items {
		if g.No == no {
			return g, true
		}
	}
	return Goods{}, false
}

// Custody decides about custodies.
func Custody() domain.Decider[CustodyState, CustodyCommand, CustodyEvent] {
	return domain.Decider[CustodyState, CustodyCommand, CustodyEvent]{Category: "custody", Decide: decideCustody, Evolve: evolveCustody}
}

// AllowedOnCustody says what may be done with a custody, and what stands against the rest.
func AllowedOnCustody(s CustodyState) []Action { return allowed(s, custodyGuards()) }

func custodyGuards() []guard[CustodyState] {
	return []guard[CustodyState]{
		{"custody.take_in", custodyIsNew}, {"custody.move", custodyIsOpen}, {"custody.count", custodyIsOpen}, {"custody.appraise", custodyIsOpen},
		{"custody.dispose", custodyIsOpen}, {"custody.close", nothingIsLeft},
	}
}

func custodyIsNew(s CustodyState) error {
	if s.Status != "" {
		return domain.Refuse("custody.already_taken_in", "该清单的物品已经入库，请勿重复登记。")
	}
	return nil
}

func custodyIsOpen(s CustodyState) error {
	switch s.Status {
	case "":
		return domain.Refuse("custody.unknown", "没有这份保管清单，请先登记入库。")
	case CustodyEnded:
		return domain.Refuse("custody.closed", "该保管清单已经结清，不能再办理。")
	case CustodyOpen:
	}
	return nil
}

func nothingIsLeft(s CustodyState) error {
	if err := custodyIsOpen(s); err != nil {
		return err
	}
	if slices.ContainsFunc(s.Items, func(g Goods) bool { return g.Quantity > 0 }) {
		return domain.RefuseByLaw("custody.goods_left", goodsArticle, "还有物品没有处置，不能结清；每件物品都应当有处置去向和凭据。")
	}
	return nil
}

func decideCustody(s CustodyState, c CustodyCommand) ([]CustodyEvent, error) {
	if err := check(s, custodyGuards(), c.custodyCommand()); err != nil {
		return nil, err
	}
	switch c := c.(type) {
	case TakeIn:
		return takeIn(c)
	case MoveGoods:
		return []CustodyEvent{GoodsMoved(c)}, nil
	case CountGoods:
		if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
			return nil, err
		}
		short := false
		for _, n := range c.Counts {
			g, ok := s.item(n.No)
			if !ok {
				return nil, &domain.Refusal{Code: "custody.no_such_item", Field: "counts", Message: "清单上没有这件物品，请核对序号。"}
			}
			short = short || n.Quantity < g.Quantity
		}
		return []CustodyEvent{GoodsCounted{c.Counts, short, c.Note, c.Crew}}, nil
	case AppraiseGoods:
		a := c.Appraisal
		if _, ok := s.item(a.No); !ok {
			return nil, &domain.Refusal{Code: "custody.no_such_item", Field: "appraisal.no", Message: "清单上没有这件物品，请核对序号。"}
		}
		if a.Quantity <= 0 || a.PriceFen < 0 || a.ValueFen/a.Quantity != a.PriceFen || a.ValueFen%a.Quantity != 0 {
			return nil, &domain.Refusal{Code: "custody.value", Field: "appraisal.valueFen", Article: "《最高人民法院、最高人民检察院关于办理非法采矿、破坏性采矿刑事案件适用法律若干问题的解释》第十三条", Message: "价值应当等于单价乘以数量，请核对鉴定意见。"}
		}
		return []CustodyEvent{GoodsAppraised(c)}, nil
	case DisposeGoods:
		return dispose(s, c)
	case CloseCustody:
		return []CustodyEvent{CustodyClosed{c.Note, c.At}}, nil
	}
	panic("sandmining: unknown command")
}

func takeIn(c TakeIn) ([]CustodyEvent, error) {
	if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
		return nil, err
	}
	if c.Measure == "sealed" || c.Measure == "seized" {
		if c.Basis == "" {
			return nil, domain.RefuseByLaw("custody.no_basis", seizureArticle, "查封、扣押须有法律、法规的明文规定，请填写依据的条款；没有明文规定的，可以先行登记保存。")
		}
	}
	seen := map[int64]bool{}
	for _, g := range c.Items {
		if seen[g.No] || g.Quantity <= 0 {
			return nil, &domain.Refusal{Code: "custody.list", Field: "items", Article: storeArticle, Message: "清单上的序号不能重复，数量应当大于零，请核对清单。"}
		}
		seen[g.No] = true
	}
	if len(c.Items) == 0 {
		return nil, &domain.Refusal{Code: "custody.empty_list", Field: "items", Article: storeArticle, Message: "清单上没有物品，请逐件填写。"}
	}
	return []CustodyEvent{GoodsTakenIn{c.Case, c.District, c.List, c.Measure, c.Basis, c.Items, c.Place, c.Custodian, c.Party, c.Crew, c.At}}, nil
}

// dispose: nobody gets more than is there, nothing goes without a receipt, what is not given back needs the decision that took it,
// and every fen goes to the treasury.
func dispose(s CustodyState, c DisposeGoods) ([]CustodyEvent, error) {
	d := c.Disposal
	g, ok := s.item(d.No)
	taken := d.Way == "auctioned" || d.Way == "destroyed" || d.Way == "put_to_use"
	switch {
	case !ok:
		return nil, &domain.Refusal{Code: "custody.no_such_item", Field: "disposal.no", Message: "清单上没有这件物品，请核对序号。"}
	case d.Quantity <= 0 || d.Quantity > g.Quantity:
		return nil, &domain.Refusal{Code: "custody.too_much", Field: "disposal.quantity", Message: "处置数量超过在库数量，请核对。"}
	case d.Receipt == "":
		return nil, domain.RefuseByLaw("custody.no_receipt", goodsArticle, "处置物品须有接收凭据，请填写凭据编号。")
	case taken && d.Decision == "":
		return nil, domain.RefuseByLaw("custody.no_decision", goodsArticle, "拍卖、销毁、调拨须以没收决定为依据，请填写决定书文号；没有没收的应当发还或者移交。")
	case d.ProceedsFen > 0 && d.TreasuryNote == "":
		return nil, domain.RefuseByLaw("custody.proceeds", goodsArticle, "处置所得须全部上缴国库，请填写缴款书编号。")
	}
	if err := law.TwoCertified(c.Crew, law.DateOf(c.At)); err != nil {
		return nil, err
	}
	return []CustodyEvent{GoodsDisposed{c.Disposal, c.Crew}}, nil
}

func evolveCustody(s CustodyState, e CustodyEvent) CustodyState {
	switch e := e.(type) {
	case GoodsTakenIn:
		s.Status, s.Case, s.District, s.Items, s.TakenAt = CustodyOpen, e.Case, e.District, e.Items, e.TakenAt
	case GoodsMoved, GoodsCounted:
	case GoodsAppraised:
		s.Appraised = append(slices.Clip(s.Appraised), e.Appraisal)
	case GoodsDisposed:
		s.Items = slices.Clone(s.Items)
		for n := range s.Items {
			if s.Items[n].No == e.Disposal.No {
				s.Items[n].Quantity -= e.Disposal.Quantity
			}
		}
	case CustodyClosed:
		s.Status = CustodyEnded
	}
	return s
}

func custodyTypes() []domain.Type {
	at := time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)
	file, vessel := uuid.MustParse("0197a000-0000-7000-8000-000000000301"), sampleID(1)
	return []domain.Type{
		domain.T(GoodsTakenIn{file, "320281", "澄水清〔2026〕示例号", "seized", "示例法规第一条", []Goods{{1, "sand", "江砂", 300, "t", &vessel, "舱内散装"}, {2, "gear", "吸砂泵", 2, "piece", &vessel, "完好"}},
			"芦埠港", "示例看管单位", "王示例在场", law.SampleCrew(), at}),
		domain.T(GoodsMoved{"示例堆场", "示例看管单位", "卸至岸上堆放"}),
		domain.T(GoodsCounted{[]Count{{1, 298}, {2, 2}}, true, "散失约2吨", law.SampleCrew()}),
		domain.T(GoodsAppraised{Appraisal{1, "示例价格认证中心", "示例资质001", "示例鉴〔2026〕1号", 300, 4000, "当地市场批发价", "2026-03-02", 1200000}}),
		domain.T(GoodsDisposed{Disposal{1, "auctioned", 300, "示例建材有限公司", "成交确认书示例号", "澄水罚〔2026〕示例1号", 1150000, "缴款书示例号", "2026-06-01", sampleApproval()}, law.SampleCrew()}),
		domain.T(CustodyClosed{"全部处置完毕", at.Add(100 * 24 * time.Hour)}),
	}
}

package law

import (
	"time"

	"github.com/google/uuid"
)

// Confidence says how a parameter is known.
const (
	FromSource = "source" // read in a source
	High       = "high"   // general knowledge, not read
	Medium     = "medium"
	Low        = "low"
)

// Confidences lists the four, surest first.
func Confidences() []string { return []string{FromSource, High, Medium, Low} }

// Parameter is a figure that law leaves to a lower rule, or that could not be read in its source (参数). It is shown to the
// administrator with how sure it is, and can be set anew by the organ from a day on.
type Parameter struct {
	Code       string             `json:"code"`
	Name       string             `json:"name"`
	Unit       string             `json:"unit"`       // a [Unit], or fen, m2, m3, dayOfMonth, percent, times, flag (0 or 1)
	Article    string             `json:"article"`    // that it rests on or fills in
	Confidence string             `json:"confidence"` // source, high, medium, low: of the version in force now
	Versions   []ParameterVersion `json:"versions"`   // by From, ascending; the first is in force from the beginning
}

// ParameterVersion is the value of a parameter from a day on.
type ParameterVersion struct {
	From  Date   `json:"from"` // first day, empty for the beginning
	Value int64  `json:"value"`
	Note  string `json:"note"` // where it comes from and what speaks against it
}

// Parameters is the table as the program comes.
func Parameters() []Parameter { return nil }

// Settings are the parameters as an organ has set them (设置): the table, and over it what the organ set from a day on. A value;
// [Settings.With] returns another.
type Settings struct{ set []setting }

type setting struct {
	code  string
	from  Date
	value int64
}

// DefaultSettings are the parameters as the program comes.
func DefaultSettings() Settings { return Settings{} }

// Value returns what a parameter was on a day. It refuses a code that is not in the table with "parameter.unknown".
func (s Settings) Value(code string, on Date) (int64, error) { return 0, nil }

// With sets a parameter from a day on. It refuses an unknown code, a day that is none and a value below zero.
func (s Settings) With(code string, from Date, value int64) (Settings, error) { return s, nil }

// Version names the edition of the table and, where the organ has set something, how often: "2026.1", "2026.1+3".
func (s Settings) Version() string { return "" }

// The clocks of a case. Each is made from the day and the event that start it, with the length that the settings had on that day,
// and names its article. Pauses, extensions and the end are added with the methods of [Clock].

// FilingClock runs from the clue to the filing (立案期限).
func FilingClock(s Settings, clue Date, event uuid.UUID) Clock { return Clock{} }

// DecisionClock runs from the filing to the decision (办案期限): 90 days.
func DecisionClock(s Settings, filed Date, event uuid.UUID) Clock { return Clock{} }

// DefenceClock runs from the notice to the end of the time for statement and defence (陈述申辩期限).
func DefenceClock(s Settings, notified Date, event uuid.UUID) Clock { return Clock{} }

// HearingRequestClock runs from the notice to the last day on which a hearing may be asked for (听证申请期限): 5 working days.
func HearingRequestClock(s Settings, notified Date, event uuid.UUID) Clock { return Clock{} }

// HearingNoticeClock runs from the notice of the hearing; the hearing may be held after its last day (听证通知期限): 7 working days
// must lie between.
func HearingNoticeClock(s Settings, notice Date, event uuid.UUID) Clock { return Clock{} }

// ServiceClock runs from the decision to its service (送达期限): 7 working days.
func ServiceClock(s Settings, decided Date, event uuid.UUID) Clock { return Clock{} }

// AnnouncedServiceClock runs from the publication of an announcement to the day the document counts as served (公告送达): 30 days.
// The document is served when it has run out: on the day after [Clock.Due].
func AnnouncedServiceClock(s Settings, published Date, event uuid.UUID) Clock { return Clock{} }

// EvidencePreservationClock runs from the advance registration to its disposal (先行登记保存处理期限): 7 working days.
func EvidencePreservationClock(s Settings, registered Date, event uuid.UUID) Clock { return Clock{} }

// SeizureClock runs from the seizure or sealing to its end (查封扣押期限): 30 days, extended once by up to 30 ([SeizureExtension]).
func SeizureClock(s Settings, imposed Date, event uuid.UUID) Clock { return Clock{} }

// SeizureReportClock runs from a seizure on the spot to its belated approval (当场查封扣押补办批准): 24 hours.
func SeizureReportClock(s Settings, imposed time.Time, event uuid.UUID) Clock { return Clock{} }

// PaymentClock runs from the receipt of the decision to the last day of payment (缴款期限): 15 days.
func PaymentClock(s Settings, received Date, event uuid.UUID) Clock { return Clock{} }

// UrgingClock runs from the service of the written reminder (催告书) until the court may be asked: 10 working days.
func UrgingClock(s Settings, served Date, event uuid.UUID) Clock { return Clock{} }

// SubstituteUrgingClock runs from the reminder before substitute performance (代履行催告): 3 working days.
func SubstituteUrgingClock(s Settings, served Date, event uuid.UUID) Clock { return Clock{} }

// ReviewClock is the time to ask for administrative review (复议申请期限): 60 days from service.
func ReviewClock(s Settings, served Date, event uuid.UUID) Clock { return Clock{} }

// ReviewAnswerClock is the time of the organ to answer with all evidence (复议答复期限): 10 working days.
func ReviewAnswerClock(s Settings, received Date, event uuid.UUID) Clock { return Clock{} }

// SuitClock is the time to sue (起诉期限): 6 months from service.
func SuitClock(s Settings, served Date, event uuid.UUID) Clock { return Clock{} }

// SuitAfterReviewClock is the time to sue against the decision of the review: 15 days from its receipt.
func SuitAfterReviewClock(s Settings, received Date, event uuid.UUID) Clock { return Clock{} }

// CourtEnforcementClock is the time to apply to the court (申请法院强制执行期限): 3 months from the day on which the remedies lapsed.
func CourtEnforcementClock(s Settings, lapsed Date, event uuid.UUID) Clock { return Clock{} }

// PublicationClock runs from the decision to its publication (公示期限).
func PublicationClock(s Settings, decided Date, event uuid.UUID) Clock { return Clock{} }

// PublicationRecallClock runs from the revision of a published decision to the withdrawal of the publication (公示撤回): 3 working
// days.
func PublicationRecallClock(s Settings, revised Date, event uuid.UUID) Clock { return Clock{} }

// TransferDecisionClock runs from the report on a suspected crime to the decision of the head (移送审批): 3 days.
func TransferDecisionClock(s Settings, reported Date, event uuid.UUID) Clock { return Clock{} }

// TransferDeliveryClock runs from the approval to the transfer to the police (移送公安): 24 hours.
func TransferDeliveryClock(s Settings, approved time.Time, event uuid.UUID) Clock { return Clock{} }

// TransferGoodsClock runs from the notice that the police has filed to the handing over of goods and materials: 3 days.
func TransferGoodsClock(s Settings, notified Date, event uuid.UUID) Clock { return Clock{} }

// SummaryReportClock runs from a penalty on the spot to its report to the own organ (当场处罚备案).
func SummaryReportClock(s Settings, decided Date, event uuid.UUID) Clock { return Clock{} }

// CashHandInClock runs from a fine collected on the spot, on water from landing, to its handing in (当场收缴罚款上缴): 2 working days.
func CashHandInClock(s Settings, collected Date, event uuid.UUID) Clock { return Clock{} }

// ArchiveClock runs from closing to the archive (归档期限).
func ArchiveClock(s Settings, closed Date, event uuid.UUID) Clock { return Clock{} }

// DecisionExtension is how many days one approved extension of the [DecisionClock] may add at most.
func DecisionExtension(s Settings, filed Date) int { return 0 }

// SeizureExtension is how many days the extension of a [SeizureClock] may add at most.
func SeizureExtension(s Settings, imposed Date) int { return 0 }

// Pause grounds of the [DecisionClock].
const (
	PauseSuspension   = "suspension"   // 中止调查
	PauseHearing      = "hearing"      // 听证
	PauseAnnouncement = "announcement" // 公告送达
	PauseAppraisal    = "appraisal"    // 检测、检验、鉴定
)

// PausesDecision reports whether a ground stops the decision clock, by the parameter of that name.
func PausesDecision(s Settings, ground string, on Date) bool { return false }

package domain

import "errors"

// Refusal is a decision not to act (拒绝): a rule of law or of shape is not met. The same command will be refused again, so
// no machine retries it.
type Refusal struct {
	Code    string // stable slug, category.reason
	Message string // Chinese: what is wrong and what to do
	Article string // the article that demands it, for example 《行政处罚法》第四十二条; empty where none does
	Field   string // JSON path of the field at fault, where there is one
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Message }

// Refuse makes a [Refusal] without an article.
func Refuse(code, message string) error { return &Refusal{Code: code, Message: message} }

// RefuseByLaw makes a [Refusal] that rests on an article.
func RefuseByLaw(code, article, message string) error {
	return &Refusal{Code: code, Article: article, Message: message}
}

// Errors of the kernel and of every [Log]. Compare with errors.Is.
var (
	// ErrWrongRevision says that the stream is not where the caller expected it: somebody else was faster.
	ErrWrongRevision = errors.New("domain: stream is at another revision")
	// ErrUnavailable says that the log could not be reached or did not answer in time. Whether an append was written is
	// unknown; sending it again with the same ids is safe.
	ErrUnavailable = errors.New("domain: log unavailable")
	// ErrTooLarge says that an event or an append is over the size limit; nothing was sent.
	ErrTooLarge = errors.New("domain: event too large")
	// ErrCommandReused says that the id of an accepted command came again with another content.
	ErrCommandReused = errors.New("domain: command id used for another command")
)

package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"shuizheng/domain"
	"shuizheng/projections"
)

// Problem is the body of every answer that is not a success (RFC 9457). Code is stable and for programs; Title and Detail are
// Chinese and for people, and Detail says what to do.
type Problem struct {
	Type    string       `json:"type"`
	Title   string       `json:"title"`
	Status  int          `json:"status"`
	Detail  string       `json:"detail"`
	Code    string       `json:"code"`
	Article string       `json:"article,omitempty"` // the article of law that demands it
	TraceID string       `json:"traceId,omitempty"` // names this request in the server's log
	Errors  []FieldError `json:"errors,omitempty"`
	after   int          // Retry-After, seconds
}

// FieldError says what is wrong with one field, without repeating its value.
type FieldError struct {
	Field   string `json:"field"` // JSON path, for example data.filing.parties[0].name
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

func problem(status int, code, title, detail string) *Problem {
	return &Problem{Type: "urn:shuizheng:problem:" + code, Title: title, Status: status, Code: code, Detail: detail}
}

// retryLater is a problem that the client keeps its work for and sends again.
func retryLater(status int, code, title, detail string, seconds int) *Problem {
	p := problem(status, code, title, detail)
	p.after = seconds
	return p
}

// asProblem is the one place that turns an error into an answer. What it does not know is an internal fault: it is logged,
// says nothing about its cause, and asks the client to keep its work and try again.
func asProblem(ctx context.Context, log *slog.Logger, err error) *Problem {
	var (
		known   *Problem
		refused *domain.Refusal
		large   *http.MaxBytesError
	)
	switch {
	case errors.As(err, &known):
		copied := *known
		return &copied
	case errors.As(err, &refused):
		p := problem(http.StatusUnprocessableEntity, refused.Code, "未能办理", refused.Message)
		p.Article = refused.Article
		if refused.Field != "" {
			p.Errors = []FieldError{{refused.Field, refused.Code, refused.Message}}
		}
		return p
	case errors.Is(err, domain.ErrCommandReused):
		return problem(http.StatusUnprocessableEntity, "command.id_reused", "编号已被使用", "这个提交编号已经用于另一项内容。请重新打开表单，用新的编号提交。")
	case errors.Is(err, domain.ErrWrongRevision):
		return problem(http.StatusConflict, "conflict.lost_race", "他人刚刚更新", "该记录刚被他人更新，本次没有保存。请重新打开查看后再提交。")
	case errors.Is(err, domain.ErrTooLarge), errors.As(err, &large):
		return problem(http.StatusRequestEntityTooLarge, "request.too_large", "内容过大", "提交的内容超过上限，请减少文字或照片数量后重新提交。")
	case errors.Is(err, domain.ErrUnavailable):
		return retryLater(http.StatusServiceUnavailable, "log.unavailable", "暂时不能保存", "事件库暂时不可用。内容请保留在本机，稍后会自动重新提交。", 2)
	case errors.Is(err, projections.ErrNotReady):
		return retryLater(http.StatusServiceUnavailable, "readmodel.building", "台账正在准备", "台账正在重建。内容请保留在本机，稍后会自动重新提交。", 5)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return retryLater(http.StatusServiceUnavailable, "request.timeout", "处理超时", "服务器没有及时处理完。内容请保留在本机，稍后重新提交，不会重复。", 2)
	}
	log.ErrorContext(ctx, "internal fault", "trace", traceID(ctx), "error", err)
	return retryLater(http.StatusServiceUnavailable, "internal.fault", "系统内部错误", "系统内部出错，已记录。内容请保留在本机，稍后重新提交，不会重复；仍不成功请把追踪号告诉管理员。", 10)
}

// fail answers a request with the problem that err is.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := asProblem(r.Context(), s.Logger, err)
	p.TraceID = traceID(r.Context())
	w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if p.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.after))
	}
	w.WriteHeader(p.Status)
	s.encode(w, r, p)
}

// answer writes a success.
func (s *server) answer(w http.ResponseWriter, r *http.Request, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	s.encode(w, r, body)
}

func (s *server) encode(w http.ResponseWriter, r *http.Request, body any) {
	if err := json.NewEncoder(w).Encode(body); err != nil && r.Context().Err() == nil {
		s.Logger.WarnContext(r.Context(), "answer not written", "trace", traceID(r.Context()), "error", err)
	}
}

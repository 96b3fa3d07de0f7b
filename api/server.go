// Package api is the way in and out over HTTP: commands in, queries out, evidence up and down, sessions, and errors as
// problems. It knows who may do what and what a record looked like; what is lawful is decided in package domain.
package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"shuizheng/acts"
	"shuizheng/domain"
	"shuizheng/evidence"
	"shuizheng/identity"
	"shuizheng/projections"
	"shuizheng/projections/caseledger"
	"shuizheng/projections/findings"
	"shuizheng/projections/patrols"
	roster "shuizheng/projections/registry"
)

// Config is everything the interface needs. All fields are required.
type Config struct {
	Log      domain.Log
	Catalog  domain.Catalog
	Filing   acts.Filing
	Runner   *projections.Runner
	Accounts *identity.Store
	Sessions *scs.SessionManager
	Evidence *evidence.Store
	Office   fs.FS // built front ends
	Field    fs.FS
	Ready    func() []string // what keeps the node from being ready; none when it is
	Metrics  http.Handler
	Now      func() time.Time
	Logger   *slog.Logger
}

type server struct {
	Config
	shape       *shape
	commands    map[string]commandType
	description *openAPI
	known       *known
	turns       turns
	recent      recentCommands
	busy        chan struct{} // bounds how many requests work at once
	closing     <-chan struct{}
}

// maxBusy is how many requests may work at once. More would only queue for the same two or four cores; the client is told to
// keep its work and come back.
const maxBusy = 512

// route is one line of the interface: the table serves it and describes it.
type route struct {
	pattern string // method and path, as in http.ServeMux
	tag     string
	summary string
	detail  string
	query   any // zero value of the struct of query parameters
	body    any
	reply   any
	code    int         // of a success; 200 where it is 0
	media   string      // of a reply that is not JSON
	other   map[int]any // replies besides success and problem, by code
	headers []string    // of the request, that must be there
	handle  func(http.ResponseWriter, *http.Request, caller)
	public  func(http.ResponseWriter, *http.Request) // instead of handle: no session needed
}

func (rt route) status() int {
	if rt.code == 0 {
		return http.StatusOK
	}
	return rt.code
}

// New returns the handler of the whole program. When closing is closed, long answers end.
func New(c Config, closing <-chan struct{}) (http.Handler, error) {
	shape, err := newShape()
	if err != nil {
		return nil, err
	}
	s := &server{Config: c, shape: shape, commands: commandTypes(), known: &known{runner: c.Runner}, turns: turns{taken: map[uuid.UUID]chan struct{}{}}, recent: recentCommands{stream: map[uuid.UUID]string{}}, busy: make(chan struct{}, maxBusy), closing: closing}
	c.Sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.fail(w, r, fmt.Errorf("session: %w", err)) }
	routes := s.routes()
	if s.description, err = describe(append(routes, uploads()...), s.commands); err != nil {
		return nil, err
	}

	mux := http.NewServeMux()
	for _, rt := range routes {
		handle := rt.public
		if handle == nil {
			handle = s.signedIn(rt.handle)
		}
		mux.Handle(rt.pattern, s.Sessions.LoadAndSave(http.HandlerFunc(handle)))
	}
	uploads, err := c.Evidence.Handler(s.uploader)
	if err != nil {
		return nil, err
	}
	mux.Handle(evidence.BasePath, s.Sessions.LoadAndSave(s.signedIn(func(w http.ResponseWriter, r *http.Request, _ caller) { uploads.ServeHTTP(w, r) })))
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, problem(http.StatusNotFound, "request.no_such_address", "没有这个地址", "没有这个接口地址，请查阅接口说明 /api/。"))
	})

	tag := func(b []byte) string { sum := sha256.Sum256(b); return hex.EncodeToString(sum[:8]) }
	office, err := newPages(c.Office, tag)
	if err != nil {
		return nil, fmt.Errorf("office app: %w", err)
	}
	field, err := newPages(c.Field, tag)
	if err != nil {
		return nil, fmt.Errorf("field app: %w", err)
	}
	mux.Handle("/m/", http.StripPrefix("/m", field))
	mux.Handle("GET /m", http.RedirectHandler("/m/", http.StatusMovedPermanently))
	mux.Handle("/", office)

	forgery := http.NewCrossOriginProtection()
	forgery.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, errForbidden("access.cross_origin", "请求来自其他网站，已拒绝。请从水政执法系统内操作。"))
	}))
	return s.observed(s.bounded(forgery.Handler(mux))), nil
}

// routes is the interface.
func (s *server) routes() []route {
	return append([]route{
		{pattern: "GET /healthz", tag: "运行", summary: "进程存活", reply: map[string]string{}, public: s.healthz},
		{pattern: "GET /readyz", tag: "运行", summary: "可以服务：事件库、消息、台账均已跟上", reply: Readiness{}, other: map[int]any{http.StatusServiceUnavailable: Readiness{}}, public: s.readyz},
		{pattern: "GET /metrics", tag: "运行", summary: "Prometheus 指标", media: "text/plain", public: s.Metrics.ServeHTTP},
		{pattern: "GET /api/openapi.json", tag: "说明", summary: "OpenAPI 3.1", reply: map[string]any{}, public: func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, s.description) }},
		{pattern: "GET /api/{$}", tag: "说明", summary: "接口说明页", media: "text/html", public: s.manual},

		{pattern: "POST /api/v1/session", tag: "会话", summary: "登录", body: SignIn{}, reply: Me{}, public: s.signIn},
		{pattern: "GET /api/v1/session", tag: "会话", summary: "当前用户", reply: Me{}, handle: s.session},
		{pattern: "DELETE /api/v1/session", tag: "会话", summary: "退出", code: http.StatusNoContent, public: s.signOut},
		{pattern: "POST /api/v1/session/password", tag: "会话", summary: "修改密码", body: ChangePassword{}, code: http.StatusNoContent, handle: s.changePassword},

		{pattern: "GET /api/v1/accounts", tag: "账号", summary: "账号列表（系统管理员）", reply: ListOf[AccountView]{}, handle: s.listAccounts},
		{pattern: "PUT /api/v1/accounts/{account}", tag: "账号", summary: "为人员开通账号，返回一次性密码", body: NewAccount{}, reply: OneTimePassword{}, handle: s.putAccount},
		{pattern: "PATCH /api/v1/accounts/{account}", tag: "账号", summary: "停用、启用或解锁账号", body: AccountChange{}, code: http.StatusNoContent, handle: s.changeAccount},
		{pattern: "POST /api/v1/accounts/{account}/password", tag: "账号", summary: "重置密码，返回一次性密码", reply: OneTimePassword{}, handle: s.resetPassword},

		{pattern: "PUT /api/v1/commands/{id}", tag: "命令", summary: "提交一项操作", detail: "编号由客户端生成（UUIDv7）；同一编号重复提交只办理一次，得到同样的回答", body: Command{}, reply: Accepted{}, handle: s.putCommand},
		{pattern: "POST /api/v1/commands", tag: "命令", summary: "批量提交，逐项回答", body: CommandBatch{}, reply: BatchAnswer{}, handle: s.postCommands},

		{pattern: "HEAD /api/v1/evidence/sha256/{sha256}", tag: "证据", summary: "证据文件是否已入库", handle: s.hasEvidence},
		{pattern: "GET /api/v1/evidence/sha256/{sha256}", tag: "证据", summary: "读取证据文件", media: "*/*", handle: s.getEvidence},
		{pattern: "GET /api/v1/reference", tag: "查询", summary: "代码与名称", reply: Reference{}, handle: s.getReference},
		{pattern: "GET /api/v1/organs", tag: "查询", summary: "单位", query: DistrictQuery{}, reply: ListOf[roster.Organ]{}, handle: s.listOrgans},
		{pattern: "GET /api/v1/officers", tag: "查询", summary: "人员与执法证", query: DistrictQuery{}, reply: ListOf[roster.Officer]{}, handle: s.listOfficers},
		{pattern: "GET /api/v1/reaches", tag: "查询", summary: "河段", query: DistrictQuery{}, reply: ListOf[roster.Reach]{}, handle: s.listReaches},
		{pattern: "GET /api/v1/findings", tag: "查询", summary: "线索台账", query: FindingsQuery{}, reply: ListOf[findings.Row]{}, handle: s.listFindings},
		{pattern: "GET /api/v1/findings/{id}", tag: "查询", summary: "线索", reply: FindingAnswer{}, handle: s.getFinding},
		{pattern: "GET /api/v1/cases", tag: "查询", summary: "案件台账", query: CasesQuery{}, reply: ListOf[caseledger.Row]{}, handle: s.listCases},
		{pattern: "GET /api/v1/cases/{id}", tag: "查询", summary: "案件", reply: CaseAnswer{}, handle: s.getCase},
		{pattern: "GET /api/v1/cases/{id}/procedure", tag: "查询", summary: "案件程序：可办事项、期限、瑕疵", query: ProcedureQuery{}, reply: ProcedureAnswer{}, handle: s.getProcedure},
		{pattern: "GET /api/v1/patrols", tag: "查询", summary: "巡查记录", query: PatrolsQuery{}, reply: ListOf[patrols.Row]{}, handle: s.listPatrols},
		{pattern: "GET /api/v1/patrols/{id}", tag: "查询", summary: "巡查", reply: PatrolAnswer{}, handle: s.getPatrol},
		{pattern: "GET /api/v1/streams/{stream}/events", tag: "查询", summary: "一条记录的全部事件", reply: StreamAnswer{}, handle: s.getStream},
		{pattern: "GET /api/v1/events/{id}", tag: "查询", summary: "一个事件", reply: EventAnswer{}, handle: s.getEvent},
		{pattern: "GET /api/v1/statistics", tag: "统计", summary: "统计数字", query: FiguresQuery{}, reply: FiguresAnswer{}, handle: s.getFigures},
		{pattern: "GET /api/v1/statistics/entries", tag: "统计", summary: "一个数字所依据的事件", query: EntriesQuery{}, reply: EntriesAnswer{}, handle: s.getEntries},
		{pattern: "GET /api/v1/live", tag: "查询", summary: "台账更新通知（server-sent events）", media: "text/event-stream", handle: s.live},
	}, s.waterRoutes()...)
}

// uploads describes what package evidence serves: tus 1.0, for which there are clients everywhere.
func uploads() []route {
	const version, offset = "Tus-Resumable", "Upload-Offset"
	return []route{
		{pattern: "POST " + evidence.BasePath, tag: "证据", summary: "开始上传（tus 1.0），回答头 Location 为上传地址", detail: "Upload-Metadata 含 sha256 和 filetype，值为 base64",
			headers: []string{version, "Upload-Length", "Upload-Metadata"}, code: http.StatusCreated},
		{pattern: "HEAD " + evidence.BasePath + "{upload}", tag: "证据", summary: "已收到多少字节，见回答头 Upload-Offset", headers: []string{version}},
		{pattern: "PATCH " + evidence.BasePath + "{upload}", tag: "证据", summary: "从该处继续上传；收齐后核对摘要", headers: []string{version, offset}, code: http.StatusNoContent},
		{pattern: "DELETE " + evidence.BasePath + "{upload}", tag: "证据", summary: "取消上传", headers: []string{version}, code: http.StatusNoContent},
	}
}

type traceKey struct{}

// traceID names a request in the log and in the problem its sender sees.
func traceID(ctx context.Context) string {
	id, _ := ctx.Value(traceKey{}).(string)
	return id
}

// observed gives every request a trace id, the headers every answer carries, a line in the log, and turns a panic into an
// answer.
func (s *server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		trace := strings.ToLower(rand.Text()[:16])
		r = r.WithContext(context.WithValue(r.Context(), traceKey{}, trace))
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		started := time.Now()
		rec := &recorder{ResponseWriter: w}
		defer func(ctx context.Context) {
			if cause := recover(); cause != nil {
				if err, isError := cause.(error); isError && errors.Is(err, http.ErrAbortHandler) {
					panic(cause)
				}
				s.Logger.ErrorContext(ctx, "panic", "trace", trace, "cause", cause, "stack", string(debug.Stack()))
				if rec.status == 0 {
					s.fail(rec, r, fmt.Errorf("panic: %v", cause))
				}
			}
			s.Logger.LogAttrs(ctx, slog.LevelDebug, "request", slog.String("trace", trace), slog.String("method", r.Method),
				slog.String("path", r.URL.Path), slog.Int("status", rec.status), slog.Duration("took", time.Since(started)))
		}(r.Context())
		next.ServeHTTP(rec, r)
	})
}

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach flushing and deadlines.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// bounded answers 429 when too many requests are at work. Live streams and health checks do not count.
func (s *server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/live" || !strings.HasPrefix(r.URL.Path, "/api/") {
			next.ServeHTTP(w, r)
			return
		}
		select {
		case s.busy <- struct{}{}:
			defer func() { <-s.busy }()
			next.ServeHTTP(w, r)
		default:
			s.fail(w, r, retryLater(http.StatusTooManyRequests, "request.too_many", "系统繁忙", "现在提交的人太多。内容请保留在本机，稍后会自动重新提交。", 1))
		}
	})
}

func (s *server) healthz(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, map[string]string{"status": "ok"})
}

// Readiness is the answer of /readyz.
type Readiness struct {
	Ready    bool     `json:"ready"`
	Reasons  []string `json:"reasons"`
	Position uint64   `json:"position"` // the read models stand at this position
}

func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	position, _ := s.Runner.Changed()
	state := Readiness{Reasons: s.Ready(), Position: position}
	state.Ready = len(state.Reasons) == 0
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if !state.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	if err := json.NewEncoder(w).Encode(state); err != nil {
		s.Logger.WarnContext(r.Context(), "answer not written", "error", err)
	}
}

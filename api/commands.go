package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/finding"
	"shuizheng/domain/law"
	"shuizheng/domain/patrol"
	"shuizheng/domain/registry"
)

// Limits of what a client may send, bytes.
const (
	maxCommand      = 256 << 10
	maxCommandBatch = 4 << 20
)

// earliest is the first moment an act can be of: what is dated before was typed wrong.
func earliest() time.Time { return time.Date(1949, 10, 1, 0, 0, 0, 0, law.Beijing()) }

// Command is one act as a client sends it. The id in the address, or in ID within a batch, is made by the client: the same id
// is the same act, however often it is sent.
type Command struct {
	ID         uuid.UUID       `json:"id"` // UUIDv7; in the address for a single command
	Type       string          `json:"type" validate:"required,max=40"`
	Aggregate  uuid.UUID       `json:"aggregate" validate:"required"` // of the patrol, finding, case, officer … acted on
	OccurredAt time.Time       `json:"occurredAt" validate:"required"`
	Clock      domain.Clock    `json:"clock"`
	Device     *domain.Device  `json:"device,omitempty"`
	Causation  uuid.UUID       `json:"causation"` // event or command that led to this one
	Data       json.RawMessage `json:"data" validate:"required"`
}

// Accepted says where an accepted command stands in the log. A repeated command gets the same answer, byte for byte.
type Accepted struct {
	Stream     string            `json:"stream"`
	Revision   uint64            `json:"revision"`
	Position   uint64            `json:"position"` // a query may wait for it
	Events     []domain.EventRef `json:"events"`
	RecordedAt time.Time         `json:"recordedAt"`
	Case       *uuid.UUID        `json:"case,omitempty"`   // the case that a filing opened
	Number     string            `json:"number,omitempty"` // its number
}

// CommandBatch is several acts, each answered by itself.
type CommandBatch struct {
	Commands []json.RawMessage `json:"commands" validate:"required,min=1,max=100"`
}

// BatchAnswer holds one answer for each command of a batch, in its order.
type BatchAnswer struct {
	Results []BatchResult `json:"results"`
}

// BatchResult is Result for a status of 200, Problem for any other.
type BatchResult struct {
	ID      uuid.UUID `json:"id"`
	Status  int       `json:"status"`
	Result  *Accepted `json:"result,omitempty"`
	Problem *Problem  `json:"problem,omitempty"`
}

// act is one command on its way: who sends it, and the envelope its events will have.
type act struct {
	caller caller
	id     uuid.UUID // of the aggregate
	at     time.Time
	meta   domain.Meta
}

// commandType binds a type name to the domain: what its data looks like and how it is carried out.
type commandType struct {
	title string
	data  any // zero value of the data's struct, for the OpenAPI description
	run   func(ctx context.Context, s *server, a act, raw json.RawMessage) (Accepted, error)
}

// command makes a commandType from the function that fills in what the registry knows and executes.
func command[D any](title string, execute func(ctx context.Context, s *server, a act, data D) (Accepted, error)) commandType {
	var zero D
	return commandType{title, zero, func(ctx context.Context, s *server, a act, raw json.RawMessage) (Accepted, error) {
		var data D
		if err := s.shape.decode(raw, "data.", &data); err != nil {
			return Accepted{}, err
		}
		return execute(ctx, s, a, data)
	}}
}

// commandTypes is every command a client may send.
func commandTypes() map[string]commandType {
	all := waterCommands()
	maps.Copy(all, caseCommands())
	maps.Copy(all, map[string]commandType{
		"patrol.depart": command("开始巡查", func(ctx context.Context, s *server, a act, c patrol.Depart) (Accepted, error) {
			var err error
			if c.Crew, err = s.crew(ctx, c.Officers, a.at); err != nil {
				return Accepted{}, err
			}
			for _, id := range c.Reaches {
				reach, err := s.reach(ctx, id)
				if err != nil {
					return Accepted{}, err
				}
				if !a.caller.spans(reach.District) {
					return Accepted{}, errForbidden("access.other_district", "河段“"+reach.Name+"”属于其他板块，请重新选择河段。")
				}
				c.District = reach.District
			}
			c.At = a.at
			return runPatrol(ctx, s, a, c)
		}),
		"patrol.track": command("记录轨迹", func(ctx context.Context, s *server, a act, c patrol.RecordTrack) (Accepted, error) {
			c.At = a.at
			return runPatrol(ctx, s, a, c)
		}),
		"patrol.return": command("结束巡查", func(ctx context.Context, s *server, a act, c patrol.Return) (Accepted, error) {
			c.At = a.at
			return runPatrol(ctx, s, a, c)
		}),
		"finding.report": command("登记线索", func(ctx context.Context, s *server, a act, c finding.Report) (Accepted, error) {
			var err error
			if c.Crew, err = s.crew(ctx, c.Officers, a.at); err != nil {
				return Accepted{}, err
			}
			if c.Reach, err = s.reach(ctx, c.ReachID); err != nil {
				return Accepted{}, err
			}
			if !a.caller.spans(c.Reach.District) {
				return Accepted{}, errForbidden("access.other_district", "河段“"+c.Reach.Name+"”属于其他板块，请重新选择河段。")
			}
			c.At = a.at
			return runFinding(ctx, s, a, c)
		}),
		"finding.verify": command("登记核查结果", func(ctx context.Context, s *server, a act, c finding.Verify) (Accepted, error) {
			var err error
			if c.Crew, err = s.crew(ctx, c.Officers, a.at); err != nil {
				return Accepted{}, err
			}
			c.At = a.at
			return runFinding(ctx, s, a, c)
		}),
		"finding.do_not_file": command("不予立案", func(ctx context.Context, s *server, a act, c finding.DoNotFile) (Accepted, error) {
			c.At = a.at
			return runFinding(ctx, s, a, c)
		}),
		"finding.approve_filing": command("立案", approveFiling),
		"organ.register": command("登记单位", func(ctx context.Context, s *server, a act, c registry.RegisterOrgan) (Accepted, error) {
			if !a.caller.spans(c.District) {
				return Accepted{}, errForbidden("access.other_district", "不能登记其他板块的单位。")
			}
			return accepted(domain.Execute(ctx, s.Log, s.Catalog, registry.Organ(), a.id, c, a.meta))
		}),
		"reach.register": command("登记河段", func(ctx context.Context, s *server, a act, c registry.RegisterReach) (Accepted, error) {
			if !a.caller.spans(c.District) {
				return Accepted{}, errForbidden("access.other_district", "不能登记其他板块的河段。")
			}
			return accepted(domain.Execute(ctx, s.Log, s.Catalog, registry.Reach(), a.id, c, a.meta))
		}),
		"officer.register": command("登记人员", func(ctx context.Context, s *server, a act, c registry.RegisterOfficer) (Accepted, error) {
			return runOfficer(ctx, s, a, c, c.District)
		}),
		"officer.assign": command("变更任职", func(ctx context.Context, s *server, a act, c registry.AssignOfficer) (Accepted, error) {
			return runOfficer(ctx, s, a, c, c.District)
		}),
		"officer.certify": command("登记执法证", func(ctx context.Context, s *server, a act, c registry.IssueCertificate) (Accepted, error) {
			return runOfficer(ctx, s, a, c, "")
		}),
	})
	return all
}

func runPatrol(ctx context.Context, s *server, a act, c patrol.Command) (Accepted, error) {
	d := within(a.caller, patrol.Decider(), func(s patrol.State) string { return s.District })
	return accepted(domain.Execute(ctx, s.Log, s.Catalog, d, a.id, c, a.meta))
}

func runFinding(ctx context.Context, s *server, a act, c finding.Command) (Accepted, error) {
	d := within(a.caller, finding.Decider(), func(s finding.State) string { return s.Reach.District })
	return accepted(domain.Execute(ctx, s.Log, s.Catalog, d, a.id, c, a.meta))
}

func runOfficer(ctx context.Context, s *server, a act, c registry.OfficerCommand, district string) (Accepted, error) {
	if district != "" && !a.caller.spans(district) {
		return Accepted{}, errForbidden("access.other_district", "不能办理其他板块的人员。")
	}
	d := within(a.caller, registry.Officer(), func(s registry.OfficerState) string { return s.District })
	return accepted(domain.Execute(ctx, s.Log, s.Catalog, d, a.id, c, a.meta))
}

// approveFiling begins the filing act and finishes it: the answer carries the number of the case.
func approveFiling(ctx context.Context, s *server, a act, c finding.ApproveFiling) (Accepted, error) {
	var err error
	if c.Handlers, err = s.crew(ctx, c.Filing.Handlers, a.at); err != nil {
		return Accepted{}, err
	}
	c.Organ = finding.Organ(a.caller.Organ)
	c.At = a.at
	answer, err := runFinding(ctx, s, a, c)
	if err != nil {
		return Accepted{}, err
	}
	filed, err := s.Filing.Finish(ctx, a.id, answer.Events[0].ID)
	if err != nil {
		return Accepted{}, fmt.Errorf("finish filing of finding %s: %w", a.id, err)
	}
	answer.Case, answer.Number, answer.Position = &filed.Case, filed.Number, filed.Position
	return answer, nil
}

func accepted(r domain.Result, err error) (Accepted, error) {
	if err != nil {
		return Accepted{}, err
	}
	if r.Events == nil {
		r.Events = []domain.EventRef{}
	}
	return Accepted{Stream: r.Stream, Revision: r.Revision, Position: r.Position, Events: r.Events, RecordedAt: r.Meta.RecordedAt}, nil
}

// crew looks officers up, each with the certificate he held on the day of the act.
func (s *server) crew(ctx context.Context, ids []uuid.UUID, at time.Time) ([]law.Officer, error) {
	officers, err := s.known.officers(ctx, ids, law.DateOf(at))
	if err != nil {
		return nil, err
	}
	if len(officers) != len(ids) {
		return nil, domain.Refuse("officer.unknown", "所选人员中有人未登记，请重新选择。")
	}
	return officers, nil
}

// reach looks a reach up.
func (s *server) reach(ctx context.Context, id uuid.UUID) (finding.Reach, error) {
	reach, found, err := s.known.reach(ctx, id)
	if err == nil && !found {
		err = domain.Refuse("reach.unknown", "所选河段未登记，请重新选择河段。")
	}
	return reach, err
}

// execute carries out one command for a caller.
func (s *server) execute(ctx context.Context, who caller, c Command) (Accepted, error) {
	if c.ID.Version() != 7 {
		return Accepted{}, problem(http.StatusBadRequest, "command.id_form", "提交编号有误", "提交编号应为 UUIDv7，请升级应用后重新提交。")
	}
	kind, known := s.commands[c.Type]
	if !known {
		return Accepted{}, problem(http.StatusBadRequest, "command.unknown_type", "不认识的操作", "系统不认识这种操作，请升级应用后重新提交。")
	}
	role, allowed := who.roleFor(c.Type)
	if !allowed {
		return Accepted{}, errForbidden("access.role", "您的角色不能办理“"+kind.title+"”，请联系管理员。")
	}
	if c.OccurredAt.Before(earliest()) {
		return Accepted{}, &domain.Refusal{Code: "time.too_early", Field: "occurredAt", Message: "发生时间早于 1949 年 10 月 1 日，请核对日期后重新提交。"}
	}
	hash, err := c.hash(who.Officer)
	if err != nil {
		return Accepted{}, err
	}
	done, err := s.turns.take(ctx, c.ID)
	if err != nil {
		return Accepted{}, err
	}
	defer done()
	category, _, _ := strings.Cut(c.Type, ".")
	if !s.recent.note(c.ID, domain.StreamName(category, c.Aggregate)) {
		return Accepted{}, domain.ErrCommandReused
	}
	causation := c.Causation
	if causation == uuid.Nil {
		causation = c.ID
	}
	return kind.run(ctx, s, act{who, c.Aggregate, c.OccurredAt.UTC(), domain.Meta{
		Actor:      domain.Actor{Officer: who.Officer, Name: who.Name, CertNo: who.CertNo, Role: string(role), Organ: who.Organ.ID},
		OccurredAt: c.OccurredAt.UTC(), Clock: c.Clock, RecordedAt: s.Now().UTC(), Device: c.Device,
		CommandID: c.ID, CommandHash: hash, CorrelationID: c.ID, CausationID: causation, LawVersion: law.Version,
	}}, c.Data)
}

// turns lets the senders of one command id in one after another. Two at once would both append the same event ids; the log writes
// them once and tells both that it did, so one would be answered with a time, or even a content, that does not stand there.
type turns struct {
	mu    sync.Mutex
	taken map[uuid.UUID]chan struct{} // closed when the turn is over
}

// take waits for the turn of an id.
func (t *turns) take(ctx context.Context, id uuid.UUID) (done func(), err error) {
	for {
		t.mu.Lock()
		other := t.taken[id]
		if other == nil {
			over := make(chan struct{})
			t.taken[id] = over
			t.mu.Unlock()
			return func() {
				t.mu.Lock()
				delete(t.taken, id)
				t.mu.Unlock()
				close(over)
			}, nil
		}
		t.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// recentCommands remembers on which stream a command id was used. An aggregate's own stream knows the ids it has seen for ever;
// this catches a client that uses one for a second aggregate. When it is forgotten, there are two acts, which have ids of their own
// and harm nobody.
type recentCommands struct {
	mu     sync.Mutex
	stream map[uuid.UUID]string
	oldest []uuid.UUID // a ring, in the order of their coming
	next   int
}

const recentMost = 1 << 14

// note remembers a command and reports whether its id was free, or used on this very stream.
func (r *recentCommands) note(id uuid.UUID, stream string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if used, known := r.stream[id]; known {
		return used == stream
	}
	if len(r.oldest) < recentMost {
		r.oldest = append(r.oldest, id)
	} else {
		delete(r.stream, r.oldest[r.next])
		r.oldest[r.next] = id
		r.next = (r.next + 1) % recentMost
	}
	r.stream[id] = stream
	return true
}

// hash identifies what was sent and by whom, so that a command id cannot be used for a second content or by somebody else.
func (c Command) hash(sender uuid.UUID) (string, error) {
	var data bytes.Buffer
	if err := json.Compact(&data, c.Data); err != nil {
		return "", malformed("data.", err)
	}
	c.Data = data.Bytes()
	canonical, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("hash command: %w", err)
	}
	sum := sha256.Sum256(append(canonical, sender[:]...))
	return hex.EncodeToString(sum[:]), nil
}

func (s *server) putCommand(w http.ResponseWriter, r *http.Request, who caller) {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		s.fail(w, r, problem(http.StatusBadRequest, "command.id_form", "提交编号有误", "提交编号应为 UUIDv7，请升级应用后重新提交。"))
		return
	}
	var c Command
	if err := s.shape.read(w, r, maxCommand, &c); err != nil {
		s.fail(w, r, err)
		return
	}
	c.ID = id
	answer, err := s.execute(r.Context(), who, c)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.answer(w, r, answer)
}

func (s *server) postCommands(w http.ResponseWriter, r *http.Request, who caller) {
	var batch CommandBatch
	if err := s.shape.read(w, r, maxCommandBatch, &batch); err != nil {
		s.fail(w, r, err)
		return
	}
	answer := BatchAnswer{Results: make([]BatchResult, len(batch.Commands))}
	for n, raw := range batch.Commands {
		answer.Results[n] = s.batchItem(r.Context(), who, raw)
	}
	s.answer(w, r, answer)
}

func (s *server) batchItem(ctx context.Context, who caller, raw json.RawMessage) BatchResult {
	var c Command
	err := domain.ErrTooLarge
	if len(raw) <= maxCommand {
		err = s.shape.decode(raw, "", &c)
	}
	if err == nil {
		var done Accepted
		if done, err = s.execute(ctx, who, c); err == nil {
			return BatchResult{ID: c.ID, Status: http.StatusOK, Result: &done}
		}
	}
	p := asProblem(ctx, s.Logger, err)
	p.TraceID = traceID(ctx)
	return BatchResult{ID: c.ID, Status: p.Status, Problem: p}
}

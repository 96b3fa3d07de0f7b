package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
)

// obj is a JSON object as a client writes it: the tests know the interface from outside, not the program's structs.
type obj = map[string]any

// client is one person's browser or phone.
type client struct {
	t     testing.TB
	house *house
	http  *http.Client
	me    struct {
		Account, District, Name string
		Officer                 uuid.UUID
		Roles, Can              []string
		MustChangePassword      bool
	}
}

func (h *house) client() *client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &client{t: h.t, house: h, http: &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 4}, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// signIn signs somebody in.
func (h *house) signIn(account, password string) *client {
	h.t.Helper()
	c := h.client()
	c.must(http.MethodPost, "/api/v1/session", obj{"account": account, "password": password}).into(&c.me)
	if c.me.Account != account {
		h.t.Fatalf("signed in as %q, want %q", c.me.Account, account)
	}
	return c
}

// answer is what the program said to one request.
type answer struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   []byte
}

// problem is a refusal as a client sees it.
type problem struct {
	Type, Title, Detail, Code, Article, TraceID string
	Status                                      int
	Errors                                      []struct{ Field, Code, Message string }
}

func (a answer) into(v any) answer {
	a.t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		a.t.Fatalf("%s: %v in %.500s", a.what, err, a.body)
	}
	return a
}

func (a answer) problem() (p problem) {
	a.t.Helper()
	a.into(&p)
	return p
}

// send sends one request. The error tells that there was no answer.
func (c *client) send(ctx context.Context, method, path string, header http.Header, body []byte) (answer, error) {
	a := answer{t: c.t, what: method + " " + path}
	base, err := c.house.address(ctx)
	if err != nil {
		return a, err
	}
	request, err := http.NewRequestWithContext(ctx, method, base+path, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := c.http.Do(request)
	if err != nil {
		return a, err
	}
	defer response.Body.Close()
	a.status, a.header = response.StatusCode, response.Header
	a.body, err = io.ReadAll(response.Body)
	return a, err
}

// do sends one request with a JSON body and takes any answer.
func (c *client) do(method, path string, body any) answer {
	c.t.Helper()
	var raw []byte
	switch b := body.(type) {
	case nil:
	case []byte:
		raw = b
	default:
		raw = encode(c.t, body)
	}
	a, err := c.send(c.t.Context(), method, path, http.Header{"Content-Type": {"application/json"}}, raw)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// must sends one request that has to succeed.
func (c *client) must(method, path string, body any) answer {
	c.t.Helper()
	a := c.do(method, path, body)
	if a.status/100 != 2 {
		c.t.Fatalf("%s: %d %s", a.what, a.status, a.body)
	}
	return a
}

func (c *client) get(path string, v any) answer {
	c.t.Helper()
	a := c.must(http.MethodGet, path, nil)
	a.into(v)
	return a
}

// getAt asks for the state at a position or later: the position of an answer, so that one sees what one did.
func (c *client) getAt(position uint64, path string, v any) {
	c.t.Helper()
	a, err := c.send(c.t.Context(), http.MethodGet, path, http.Header{"Shuizheng-Wait": {strconv.FormatUint(position, 10)}}, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if a.status != http.StatusOK {
		c.t.Fatalf("%s: %d %s", a.what, a.status, a.body)
	}
	a.into(v)
}

// accepted is the answer to a command that was carried out.
type accepted struct {
	Stream             string
	Revision, Position uint64
	Events             []struct {
		ID       uuid.UUID
		Type     string
		Revision uint64
	}
	RecordedAt time.Time
	Number     string
	Case       uuid.UUID
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// command is one act as a client sends it.
func command(kind string, aggregate uuid.UUID, at time.Time, data obj) obj {
	return obj{"type": kind, "aggregate": aggregate, "occurredAt": at.UTC().Format(time.RFC3339Nano), "data": data,
		"clock": obj{"kind": "device", "uncertaintyMs": 2000}}
}

// documented is an act that is entered afterwards, from a document that names the day.
func documented(kind string, aggregate uuid.UUID, at time.Time, data obj) obj {
	c := command(kind, aggregate, at, data)
	c["clock"] = obj{"kind": "document", "uncertaintyMs": 86_400_000}
	return c
}

// put sends a command under a new id and takes any answer.
func (c *client) put(command obj) answer {
	c.t.Helper()
	return c.do(http.MethodPut, "/api/v1/commands/"+newID().String(), command)
}

// act sends a command that has to be accepted.
func (c *client) act(command obj) (a accepted) {
	c.t.Helper()
	r := c.put(command)
	if r.status != http.StatusOK {
		c.t.Fatalf("%v: %d %s", command["type"], r.status, r.body)
	}
	r.into(&a)
	return a
}

// refused sends a command that must not be accepted.
func (c *client) refused(command obj, status int, code string) problem {
	c.t.Helper()
	r := c.put(command)
	p := problem{}
	if r.status != http.StatusOK {
		p = r.problem()
	}
	if r.status != status || p.Code != code {
		c.t.Errorf("%v: got %d %s, want %d %s", command["type"], r.status, r.body, status, code)
	}
	return p
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// page is one page of a list.
type page struct {
	Items    []json.RawMessage
	Next     string
	Total    *int64
	Sum      *int64
	Position uint64
}

// items reads a list to its end.
func items[T any](c *client, path string) (all []T) {
	c.t.Helper()
	for cursor, first := "", true; first || cursor != ""; first = false {
		var p page
		c.get(path+"&cursor="+cursor, &p)
		for _, raw := range p.Items {
			var v T
			if err := json.Unmarshal(raw, &v); err != nil {
				c.t.Fatal(err)
			}
			all = append(all, v)
		}
		if len(p.Items) == 0 && p.Next != "" {
			c.t.Fatalf("%s: an empty page with a next one", path)
		}
		cursor = p.Next
		if first && p.Total == nil {
			c.t.Fatalf("%s: the first page has no total", path)
		}
	}
	return all
}

func (p problem) String() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail) }

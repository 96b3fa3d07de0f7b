// Package e2e runs the real binary: over HTTP, with its own data folder, and with everything that can be done to a process.
package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"shuizheng/domain"
	"shuizheng/eventstore"
	"shuizheng/eventstore/embedded"
)

// patience bounds every wait for the program. It is long because the machine may be busy, and costs nothing when all is well.
const patience = time.Minute

var (
	scratch string // folder of this run
	program string // the binary, built once
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var err error
	if scratch, err = os.MkdirTemp("", "shuizheng-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		if err := os.RemoveAll(scratch); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()
	program = filepath.Join(scratch, "shuizheng")
	// With GOFLAGS=-race the program is built with the race detector; what it finds fails the test, see house.complain.
	build := exec.Command("go", "build", "-o", program, "shuizheng/cmd/shuizheng")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		return 1
	}
	return m.Run()
}

// house is the program on one data folder. It can be killed and started again; requests find it wherever it listens.
type house struct {
	t    testing.TB
	data string
	args []string

	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process is gone
	up    chan struct{} // closed while address is known
	base  string        // http://127.0.0.1:port

	out, log output // of all lives
}

// open starts the program on a folder and waits until it is ready.
func open(t testing.TB, data string, args ...string) *house {
	t.Helper()
	h := &house{t: t, data: data, args: args, up: make(chan struct{})}
	t.Cleanup(func() { h.kill(); h.complain() })
	h.start()
	h.ready()
	return h
}

// environment is ours without the settings of the program, which somebody may have in his shell.
func environment() []string {
	var kept []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "SHUIZHENG_") {
			kept = append(kept, v)
		}
	}
	return kept
}

var printedAddress = regexp.MustCompile(`office\s+(http://127\.0\.0\.1:\d+)/`)

// start starts the process and waits until it has printed its address.
func (h *house) start() {
	h.t.Helper()
	if err := h.launch(); err != nil {
		h.t.Fatal(err)
	}
	select {
	case <-h.upNow():
	case <-h.endedNow():
		h.t.Fatalf("the program ended while it started:\n%s", h.log.tail())
	case <-time.After(5 * patience): // seeding a year takes its time
		h.t.Fatalf("the program prints no address:\n%s\n%s", h.out.tail(), h.log.tail())
	}
}

// launch starts the process; its address is known when up is closed.
func (h *house) launch() error {
	cmd := exec.Command(program, append([]string{"serve", "--data", h.data, "--listen", "127.0.0.1:0"}, h.args...)...)
	cmd.Env = environment()
	cmd.Stderr = &h.log
	printed, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	h.mu.Lock()
	h.cmd, h.ended = cmd, ended
	up := h.up
	h.mu.Unlock()
	go func() {
		life := &bytes.Buffer{}
		chunk := make([]byte, 4096)
		for found := false; ; {
			n, err := printed.Read(chunk)
			h.out.add(chunk[:n])
			if life.Write(chunk[:n]); !found {
				if m := printedAddress.FindSubmatch(life.Bytes()); m != nil {
					found = true
					h.mu.Lock()
					h.base = string(m[1])
					close(up)
					h.mu.Unlock()
				}
			}
			if err != nil {
				break
			}
		}
		cmd.Wait()
		close(ended)
	}()
	return nil
}

func (h *house) upNow() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.up
}

func (h *house) endedNow() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ended
}

// address waits until the program listens and says where.
func (h *house) address(ctx context.Context) (string, error) {
	for {
		h.mu.Lock()
		base, up := h.base, h.up
		h.mu.Unlock()
		if base != "" {
			return base, nil
		}
		select {
		case <-up:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// end sends the process a signal and waits until it is gone.
func (h *house) end(signal syscall.Signal) *exec.Cmd {
	h.mu.Lock()
	cmd, ended := h.cmd, h.ended
	if h.base != "" {
		h.base, h.up = "", make(chan struct{})
	}
	h.cmd = nil
	h.mu.Unlock()
	if cmd == nil {
		return nil
	}
	if err := cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		h.t.Error(err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
		h.t.Errorf("the program does not end on %v", signal)
		cmd.Process.Kill()
		<-ended
	}
	// It may have printed its address while it was being ended.
	h.mu.Lock()
	if h.base != "" {
		h.base, h.up = "", make(chan struct{})
	}
	h.mu.Unlock()
	return cmd
}

// kill is what a power cut, an out-of-memory or an operator does.
func (h *house) kill() { h.end(syscall.SIGKILL) }

// stop ends the program in good order.
func (h *house) stop() {
	h.t.Helper()
	if cmd := h.end(syscall.SIGTERM); cmd == nil || cmd.ProcessState.ExitCode() != 0 {
		h.t.Errorf("the program did not end in good order: %v\n%s", cmd.ProcessState, h.log.tail())
	}
}

// ready waits until /readyz says 200.
func (h *house) ready() {
	h.t.Helper()
	var last string
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		status, body, err := h.probe("/readyz")
		if err == nil && status == http.StatusOK {
			return
		}
		if last = fmt.Sprint(status, " ", body, err); time.Now().After(deadline) {
			h.t.Fatalf("not ready: %s\n%s", last, h.log.tail())
		}
	}
}

// probe gets an address that needs no session.
func (h *house) probe(path string) (status int, body string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	base, err := h.address(ctx)
	if err != nil {
		return 0, "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
	if err != nil {
		return 0, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return response.StatusCode, string(content), err
}

var headMetric = regexp.MustCompile(`(?m)^shuizheng_log_position (\S+)$`)

// head is the position of the last event of the log.
func (h *house) head() float64 {
	h.t.Helper()
	_, body, err := h.probe("/metrics")
	m := headMetric.FindStringSubmatch(body)
	var position float64
	if err == nil && m != nil {
		_, err = fmt.Sscan(m[1], &position)
	}
	if err != nil || position <= 0 {
		h.t.Fatalf("no head of the log: %v in %q", err, m)
	}
	return position
}

// complain fails the test for what the program should never have to say, whatever is done to it.
func (h *house) complain() {
	h.t.Helper()
	text := h.log.String()
	for _, never := range []string{"DATA RACE", `"msg":"panic"`, "internal fault", "goroutine 1 [", "fatal error:", "stands still", "JetStream holds another log"} {
		if n := strings.Index(text, never); n >= 0 {
			h.t.Errorf("the program says:\n%s", text[max(0, n-200):min(len(text), n+3000)])
		}
	}
	if h.t.Failed() {
		h.t.Logf("the last words of the program:\n%s", h.log.tail())
	}
}

// rebuild runs the verb of that name on the stopped folder: its read model must be what the log says.
func (h *house) rebuild() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "rebuild", "--data", h.data)
	cmd.Env = environment()
	if said, err := cmd.CombinedOutput(); err != nil {
		h.t.Errorf("rebuild: %v\n%s", err, said)
	}
}

// records reads the whole log of the stopped folder.
func (h *house) records() []domain.Record {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	server, err := embedded.Open(ctx, embedded.Options{Dir: filepath.Join(h.data, "eventstore")})
	if err != nil {
		h.t.Fatal(err)
	}
	defer server.Close()
	client, err := eventstore.Open(ctx, eventstore.Options{Address: server.Address(), Credential: server.Credential()})
	if err != nil {
		h.t.Fatal(err)
	}
	defer client.Close()
	var all []domain.Record
	for r, err := range client.ReadAll(ctx, 0, 0) {
		if err != nil {
			h.t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// output collects what a process prints.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements [io.Writer], for a process to write to.
func (o *output) Write(b []byte) (int, error) {
	o.add(b)
	return len(b), nil
}

func (o *output) add(b []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func (o *output) tail() string {
	text := o.String()
	return text[max(0, len(text)-4000):]
}

// copyOf copies a stopped data folder for a test of its own.
func copyOf(t testing.TB, data string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(to, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	return to
}

// eventually asks again and again until yes; why says what is missing.
func eventually(t testing.TB, what string, yes func() (ok bool, why string)) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		ok, why := yes()
		if ok {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("gave up waiting until %s: %s", what, why)
		}
	}
}

// gone says whether an error of a request only tells that the program is not there, or has gone before it answered.
func gone(err error) bool {
	return err != nil && !errors.Is(err, context.DeadlineExceeded)
}

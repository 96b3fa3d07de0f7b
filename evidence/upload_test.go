package evidence

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const ownerHeader = "Test-Owner"

func testOwner(r *http.Request) (string, error) {
	if who := r.Header.Get(ownerHeader); who != "" {
		return who, nil
	}
	return "", errors.New("nobody")
}

func serve(t testing.TB, s *Store) *client {
	t.Helper()
	h, err := s.Handler(testOwner)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(BasePath, h)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return &client{t: t, base: server.URL, who: "zhang"}
}

// client speaks tus by hand, so that it can also speak it wrongly.
type client struct {
	t    testing.TB
	base string
	who  string
}

func (c *client) as(who string) *client { return &client{c.t, c.base, who} }

func (c *client) do(method, path string, body io.Reader, header ...string) *http.Response {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Tus-Resumable", "1.0.0")
	if c.who != "" {
		r.Header.Set(ownerHeader, c.who)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func metadata(pairs ...string) string {
	var list []string
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(list, ",")
}

func (c *client) create(size int, meta string) *http.Response {
	return c.do(http.MethodPost, BasePath, nil, "Upload-Length", strconv.Itoa(size), "Upload-Metadata", meta)
}

// begin creates an upload and returns its path.
func (c *client) begin(b []byte, mediaType string) string {
	c.t.Helper()
	resp := c.create(len(b), metadata("sha256", sum(b), "filetype", mediaType, "filename", "IMG_1.jpg"))
	if resp.StatusCode != http.StatusCreated {
		c.t.Fatalf("creation: %s %s", resp.Status, problemCode(c.t, resp))
	}
	return resp.Header.Get("Location")
}

func (c *client) patch(path string, offset int, b []byte) *http.Response {
	c.t.Helper()
	return c.do(http.MethodPatch, path, bytes.NewReader(b), "Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream")
}

func (c *client) offset(path string) int {
	c.t.Helper()
	resp := c.do(http.MethodHead, path, nil)
	n, err := strconv.Atoi(resp.Header.Get("Upload-Offset"))
	if resp.StatusCode != http.StatusOK || err != nil {
		c.t.Fatalf("HEAD: %s, %v", resp.Status, err)
	}
	return n
}

func (c *client) want(resp *http.Response, status int, code string) {
	c.t.Helper()
	if resp.StatusCode != status {
		b, _ := io.ReadAll(resp.Body)
		c.t.Errorf("status %s, want %d %s: %s", resp.Status, status, code, b)
		return
	}
	if code == "" {
		return
	}
	if got := problemCode(c.t, resp); got != code {
		c.t.Errorf("code %q, want %q", got, code)
	}
}

// problemCode reads a problem and checks that it is a whole one.
func problemCode(t testing.TB, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var p problem
	if err := json.Unmarshal(b, &p); err != nil || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("no problem (%s): %s", resp.Header.Get("Content-Type"), b)
	}
	if p.Type != "urn:shuizheng:problem:"+p.Code || p.Status != resp.StatusCode || p.Title == "" || p.Detail == "" {
		t.Errorf("incomplete problem %s", b)
	}
	if n := resp.ContentLength; n >= 0 && int(n) != len(b) {
		t.Errorf("Content-Length %d, body has %d", n, len(b))
	}
	return p.Code
}

func TestUpload(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	c := serve(t, s)
	b := photo(t, 10)
	path := c.begin(b, "image/jpeg")
	if !regexp.MustCompile(`^` + BasePath + `[0-9a-f]{32}$`).MatchString(path) {
		t.Errorf("Location %q", path)
	}
	if n := c.offset(path); n != 0 {
		t.Errorf("offset %d", n)
	}
	half := len(b) / 2
	resp := c.patch(path, 0, b[:half])
	c.want(resp, http.StatusNoContent, "")
	if got := resp.Header.Get("Upload-Offset"); got != strconv.Itoa(half) {
		t.Errorf("Upload-Offset %s", got)
	}
	if _, ok, _ := s.Has(sum(b)); ok {
		t.Error("stored at half")
	}
	c.want(c.patch(path, 3, b[3:]), http.StatusConflict, "evidence.offset_mismatch")
	c.want(c.patch(path, half, b[half:]), http.StatusNoContent, "")
	if !bytes.Equal(content(t, s, sum(b)), b) {
		t.Error("other content, or Exif lost")
	}
	if ok, err := s.UploadedBy(sum(b), "zhang"); !ok || err != nil {
		t.Errorf("uploader: %v, %v", ok, err)
	}
	if ok, err := s.UploadedBy(sum(b), "li"); ok || err != nil {
		t.Errorf("no uploader: %v, %v", ok, err)
	}

	// The answer may have been lost: the upload is still known as done, and ending it leaves the content.
	if n := c.offset(path); n != len(b) {
		t.Errorf("offset when done %d", n)
	}
	c.want(c.patch(path, len(b), nil), http.StatusNoContent, "")
	c.want(c.do(http.MethodDelete, path, nil), http.StatusNoContent, "")
	c.want(c.do(http.MethodDelete, path, nil), http.StatusNotFound, "evidence.upload_not_found")
	if _, ok, _ := s.Has(sum(b)); !ok {
		t.Error("content gone with the upload")
	}

	// The same content once more, by somebody else, creation and content in one request.
	again := c.as("li").do(http.MethodPost, BasePath, bytes.NewReader(b), "Upload-Length", strconv.Itoa(len(b)),
		"Upload-Metadata", metadata("sha256", sum(b), "filetype", "image/jpeg"), "Content-Type", "application/offset+octet-stream")
	c.want(again, http.StatusCreated, "")
	if ok, err := s.UploadedBy(sum(b), "li"); !ok || err != nil {
		t.Errorf("second uploader: %v, %v", ok, err)
	}
	if got := files(t, s, "sha256"); len(got) != 1 {
		t.Errorf("stored files: %v", got)
	}
}

func TestResumeAfterRestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	c := serve(t, s)
	b := photo(t, 18)
	path := c.begin(b, "image/jpeg")
	c.want(c.patch(path, 0, b[:1000]), http.StatusNoContent, "")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t, dir, Options{})
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	c = serve(t, s)
	if n := c.offset(path); n != 1000 {
		t.Fatalf("offset %d", n)
	}
	c.want(c.as("li").do(http.MethodHead, path, nil), 403, "")
	c.want(c.patch(path, 1000, b[1000:]), http.StatusNoContent, "")
	if !bytes.Equal(content(t, s, sum(b)), b) {
		t.Error("other content")
	}
}

func TestUploadIDIsNoPath(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	c := serve(t, s)
	b := photo(t, 19)
	id := strings.TrimPrefix(c.begin(b, "image/jpeg"), BasePath)
	// An upload that would be one, if it did not lie elsewhere.
	declaration, err := os.ReadFile(s.uploadPath(id) + ".info")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"x": b[:9], "x.info": bytes.ReplaceAll(declaration, []byte(id), []byte("../x"))} {
		if err := os.WriteFile(filepath.Join(s.dir, name), text, 0o640); err != nil {
			t.Fatal(err)
		}
	}
	c.want(c.do(http.MethodHead, BasePath+"..%2Fx", nil), 404, "")
	c.want(c.do(http.MethodDelete, BasePath+"..%2Fx", nil), 404, "evidence.upload_not_found")
	if _, err := os.Stat(filepath.Join(s.dir, "x")); err != nil {
		t.Error(err)
	}
}

func TestUploadRefused(t *testing.T) {
	s := open(t, t.TempDir(), Options{MaxSize: 1 << 20})
	c := serve(t, s)
	hash := sum([]byte("x"))
	ok := metadata("sha256", hash, "filetype", "image/jpeg")
	for name, r := range map[string]struct {
		resp   *http.Response
		status int
		code   string
	}{
		"nobody":         {c.as("").create(9, ok), 401, "auth.required"},
		"no hash":        {c.create(9, metadata("filetype", "image/jpeg")), 400, "evidence.sha256"},
		"upper case":     {c.create(9, metadata("sha256", strings.ToUpper(hash), "filetype", "image/jpeg")), 400, "evidence.sha256"},
		"no type":        {c.create(9, metadata("sha256", hash)), 422, "evidence.media_type"},
		"svg":            {c.create(9, metadata("sha256", hash, "filetype", "image/svg+xml")), 422, "evidence.media_type"},
		"empty":          {c.create(0, ok), 422, "evidence.empty"},
		"too large":      {c.create(1<<20+1, ok), 413, "evidence.too_large"},
		"no length":      {c.do("POST", BasePath, nil, "Upload-Metadata", ok), 400, "evidence.request"},
		"length later":   {c.do("POST", BasePath, nil, "Upload-Metadata", ok, "Upload-Defer-Length", "1"), 501, "evidence.request"},
		"no version":     {c.do("POST", BasePath, nil, "Upload-Metadata", ok, "Upload-Length", "9", "Tus-Resumable", ""), 412, "evidence.request"},
		"download":       {c.do("GET", c.begin([]byte("x"), "image/jpeg"), nil), 405, "evidence.request"},
		"other method":   {c.do("PUT", BasePath, nil), 405, "evidence.request"},
		"unknown":        {c.do("PATCH", BasePath+strings.Repeat("0", 32), nil), 404, "evidence.upload_not_found"},
		"dots":           {c.do("DELETE", BasePath+"..%2Fuploads%2F"+strings.Repeat("0", 32), nil), 404, "evidence.upload_not_found"},
		"more dots":      {c.do("DELETE", BasePath+"%2e%2e%2f%2e%2e%2fidentity", nil), 404, "evidence.upload_not_found"},
		"info of upload": {c.do("DELETE", c.begin([]byte("x"), "image/jpeg")+".info", nil), 404, "evidence.upload_not_found"},
		"blob":           {c.do("DELETE", BasePath+"sha256/"+hash, nil), 404, "evidence.upload_not_found"},
	} {
		t.Run(name, func(t *testing.T) { (&client{t: t}).want(r.resp, r.status, r.code) })
	}
	if got := files(t, s, "sha256"); len(got) != 0 {
		t.Errorf("stored: %v", got)
	}
}

func TestUploadLongerThanDeclared(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	c := serve(t, s)
	b := photo(t, 11)
	path := c.begin(b, "image/jpeg")
	c.want(c.patch(path, 0, append(bytes.Clone(b), 0)), 413, "evidence.too_large")
	// A body of unknown length is cut at the declared one; what was declared and proved is kept.
	long := io.MultiReader(bytes.NewReader(b), strings.NewReader("more"))
	resp := c.do(http.MethodPatch, path, struct{ io.Reader }{long}, "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream")
	c.want(resp, 413, "evidence.too_large")
	if n := c.offset(path); n != len(b) {
		t.Errorf("offset %d", n)
	}
	if !bytes.Equal(content(t, s, sum(b)), b) {
		t.Error("not the declared content")
	}
}

func TestUploadMismatchKeepsNothing(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	c := serve(t, s)
	b := photo(t, 12)
	other := bytes.Clone(b)
	other[len(other)-10] ^= 1
	page := []byte("<html><script>alert(1)</script></html>")

	path := c.begin(b, "image/jpeg")
	c.want(c.patch(path, 0, other), 422, "evidence.hash_mismatch")
	c.want(c.do(http.MethodHead, path, nil), 404, "")

	path = c.begin(page, "image/jpeg")
	c.want(c.patch(path, 0, page), 422, "evidence.type_mismatch")
	c.want(c.do(http.MethodHead, path, nil), 404, "")

	resp := c.do(http.MethodPost, BasePath, bytes.NewReader(other), "Upload-Length", strconv.Itoa(len(b)),
		"Upload-Metadata", metadata("sha256", sum(b), "filetype", "image/jpeg"), "Content-Type", "application/offset+octet-stream")
	c.want(resp, 422, "evidence.hash_mismatch")

	for _, sub := range []string{"sha256", "uploads", "uploaders", "incoming"} {
		if got := files(t, s, sub); len(got) != 0 {
			t.Errorf("%s: %v", sub, got)
		}
	}
}

func TestForeignUpload(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	c := serve(t, s)
	b := photo(t, 13)
	path := c.begin(b, "image/jpeg")
	c.want(c.patch(path, 0, b[:100]), http.StatusNoContent, "")

	li := c.as("li")
	c.want(li.do(http.MethodHead, path, nil), 403, "")
	c.want(li.patch(path, 100, b[100:]), 403, "evidence.foreign_upload")
	c.want(li.do(http.MethodDelete, path, nil), 403, "evidence.foreign_upload")
	// An owner in the metadata of the client counts for nothing, and no header turns one method into another.
	forged := c.as("li").create(9, metadata("sha256", sum(b), "filetype", "image/jpeg", "owner", "zhang")).Header.Get("Location")
	c.want(c.do(http.MethodDelete, forged, nil), 403, "evidence.foreign_upload")
	c.want(c.do(http.MethodPost, path, nil, "X-HTTP-Method-Override", "DELETE"), 405, "evidence.request")

	// While the owner is sending, a stranger must not even interrupt him.
	sending, done := io.Pipe()
	result := make(chan *http.Response)
	go func() {
		r, _ := http.NewRequestWithContext(context.Background(), http.MethodPatch, c.base+path, sending)
		for k, v := range map[string]string{"Tus-Resumable": "1.0.0", ownerHeader: "zhang", "Upload-Offset": "100", "Content-Type": "application/offset+octet-stream"} {
			r.Header.Set(k, v)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
		}
		result <- resp
	}()
	if _, err := done.Write(b[100:200]); err != nil {
		t.Fatal(err)
	}
	c.want(li.do(http.MethodDelete, path, nil), 403, "evidence.foreign_upload")
	c.want(li.do(http.MethodHead, path, nil), 403, "")
	if _, err := done.Write(b[200:]); err != nil {
		t.Fatal(err)
	}
	_ = done.Close()
	resp := <-result
	defer resp.Body.Close()
	c.want(resp, http.StatusNoContent, "")
	if !bytes.Equal(content(t, s, sum(b)), b) {
		t.Error("other content")
	}
}

func TestUploadSameContentAtOnce(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	c := serve(t, s)
	b := photo(t, 14)
	var wg sync.WaitGroup
	for i := range 8 {
		path := c.as(fmt.Sprint("officer-", i)).begin(b, "image/jpeg")
		wg.Go(func() {
			r, _ := http.NewRequestWithContext(context.Background(), http.MethodPatch, c.base+path, bytes.NewReader(b))
			for k, v := range map[string]string{"Tus-Resumable": "1.0.0", ownerHeader: fmt.Sprint("officer-", i), "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"} {
				r.Header.Set(k, v)
			}
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusNoContent {
				t.Errorf("upload %d: %s", i, resp.Status)
			}
		})
	}
	wg.Wait()
	if got := files(t, s, "sha256"); len(got) != 1 || !bytes.Equal(content(t, s, sum(b)), b) {
		t.Errorf("stored: %v", got)
	}
	if got := files(t, s, "uploaders"); len(got) != 8 {
		t.Errorf("uploaders: %v", got)
	}
}

func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	roomy := serve(t, open(t, dir, Options{}))
	b := photo(t, 15)
	path := roomy.begin(b, "image/jpeg")

	c := serve(t, open(t, dir, Options{MinFree: 1 << 60}))
	c.want(c.create(len(b), metadata("sha256", sum(b), "filetype", "image/jpeg")), 507, "evidence.disk_full")
	c.want(c.patch(path, 0, b), 507, "evidence.disk_full")
	roomy.want(roomy.patch(path, 0, b), http.StatusNoContent, "")
	c.want(c.patch(path, len(b), nil), http.StatusNoContent, "") // nothing more to write
}

func TestInternalErrorsStayInside(t *testing.T) {
	var log bytes.Buffer
	s := open(t, t.TempDir(), Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	c := serve(t, s)
	if err := os.RemoveAll(filepath.Join(s.dir, "uploads")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "uploads"), nil, 0o640); err != nil { // in the way of everything
		t.Fatal(err)
	}
	resp := c.create(9, metadata("sha256", sum(nil), "filetype", "image/jpeg"))
	b, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != 500 || bytes.Contains(b, []byte(s.dir)) || !bytes.Contains(b, []byte("evidence.internal")) {
		t.Errorf("%s %s", resp.Status, b)
	}
	if !strings.Contains(log.String(), s.dir) {
		t.Errorf("log: %s", log.String())
	}
}

// TestCrashBeforeTheEnd makes every state that a process can leave when it dies around the end of an upload, and sees it
// recover, once when the client asks and once in the background.
func TestCrashBeforeTheEnd(t *testing.T) {
	b := photo(t, 16)
	states := map[string]func(t *testing.T, s *Store, id string){
		"received, not proved": func(t *testing.T, s *Store, id string) {},
		"proved, made read-only": func(t *testing.T, s *Store, id string) {
			if err := s.noteUploader(sum(b), "zhang"); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(s.uploadPath(id), blobMode); err != nil {
				t.Fatal(err)
			}
		},
		"renamed, not answered": func(t *testing.T, s *Store, id string) {
			if err := s.settle(s.uploadPath(id), sum(b)); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, state := range states {
		for _, who := range []string{"client", "background"} {
			t.Run(name+", "+who, func(t *testing.T) {
				dir := t.TempDir()
				s := open(t, dir, Options{})
				path := serve(t, s).begin(b, "image/jpeg")
				id := strings.TrimPrefix(path, BasePath)
				if err := os.WriteFile(s.uploadPath(id), b, 0o640); err != nil { // as tusd, up to the moment of death
					t.Fatal(err)
				}
				state(t, s, id)
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				s = open(t, dir, Options{})
				if who == "client" {
					if n := serve(t, s).offset(path); n != len(b) {
						t.Errorf("offset %d", n)
					}
				} else {
					for stop := time.Now().Add(5 * time.Second); time.Now().Before(stop); time.Sleep(5 * time.Millisecond) {
						if _, ok, _ := s.Has(sum(b)); ok {
							break
						}
					}
				}
				if !bytes.Equal(content(t, s, sum(b)), b) {
					t.Error("other content")
				}
				if got := files(t, s, "uploads"); len(got) != 1 || got[0] != id+".info" {
					t.Errorf("left: %v", got)
				}
			})
		}
	}
}

func TestCrashLeavesWrongContent(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	c := serve(t, s)
	b := photo(t, 17)
	path := c.begin(b, "image/jpeg")
	if err := os.WriteFile(s.uploadPath(strings.TrimPrefix(path, BasePath)), make([]byte, len(b)), 0o640); err != nil {
		t.Fatal(err)
	}
	// Neither HEAD nor PATCH may say that it is done.
	c.want(c.do(http.MethodHead, path, nil), 422, "")
	c.want(c.patch(path, len(b), nil), 404, "evidence.upload_not_found")
	if got := files(t, s, "uploads"); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
}

func TestSweepLeavesWhatIsBeingReceived(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	b := photo(t, 20)
	path := serve(t, s).begin(b, "image/jpeg")
	file := s.uploadPath(strings.TrimPrefix(path, BasePath))
	if err := os.WriteFile(file, b, 0o640); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Second) // clocks of file systems lag some milliseconds
	if err := os.Chtimes(file, later, later); err != nil {
		t.Fatal(err)
	}
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := s.Has(sum(b)); ok {
		t.Error("the background finished what a request is about to finish")
	}
}

func TestHalfWrittenDeclaration(t *testing.T) {
	s := open(t, t.TempDir(), Options{Logger: slog.New(slog.DiscardHandler)})
	c := serve(t, s)
	id := randomID()
	for name, text := range map[string]string{id: "", id + ".info": `{"ID":"` + id} {
		if err := os.WriteFile(filepath.Join(s.dir, "uploads", name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	c.want(c.do(http.MethodDelete, BasePath+id, nil), 500, "evidence.internal")
	if err := s.sweep(t.Context()); err != nil {
		t.Error(err)
	}
}

const serveDir = "EVIDENCE_TEST_DIR"

// TestServeUntilKilled is the process that TestKill kills.
func TestServeUntilKilled(t *testing.T) {
	dir := os.Getenv(serveDir)
	if dir == "" {
		return // nobody is to be killed
	}
	s, err := Open(dir, Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler(testOwner)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("listening http://%s\n", l.Addr())
	t.Fatal(http.Serve(l, h))
}

// TestKill sends one photo to a real process that is killed again and again, in the middle and around the end, and resumes
// where the server says. At the end the content is whole.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	var process *exec.Cmd
	start := func() *client {
		t.Helper()
		process = exec.Command(os.Args[0], "-test.run=^TestServeUntilKilled$", "-test.v")
		process.Env = append(os.Environ(), serveDir+"="+dir)
		out, err := process.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if base, ok := strings.CutPrefix(lines.Text(), "listening "); ok {
				return &client{t, base, "zhang"}
			}
		}
		t.Fatal("the process does not serve")
		return nil
	}
	kill := func() {
		_ = process.Process.Kill() // SIGKILL
		_ = process.Wait()
	}
	t.Cleanup(func() { kill() })

	video := make([]byte, 8<<20) // larger than any buffer on the way
	_, _ = rand.NewChaCha8([32]byte{}).Read(video)
	copy(video, "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	c := start()
	path := c.begin(video, "video/mp4")
	offset := 0
	for round, share := range []float64{0.3, 0, 0.9, 1} {
		until := offset + int(float64(len(video)-offset)*share)
		ctx, cancel := context.WithCancel(t.Context())
		body, feed := io.Pipe()
		go func() {
			r, _ := http.NewRequestWithContext(ctx, http.MethodPatch, c.base+path, body)
			for k, v := range map[string]string{"Tus-Resumable": "1.0.0", ownerHeader: "zhang", "Upload-Offset": strconv.Itoa(offset), "Content-Type": "application/offset+octet-stream"} {
				r.Header.Set(k, v)
			}
			r.ContentLength = int64(len(video) - offset)
			if resp, err := http.DefaultClient.Do(r); err == nil {
				_ = resp.Body.Close()
			}
			_ = body.CloseWithError(io.ErrClosedPipe)
		}()
		_, _ = feed.Write(video[offset:until])
		time.Sleep(time.Duration(round) * time.Millisecond)
		kill()
		cancel()
		before := offset
		c = start()
		offset = c.offset(path)
		if offset < before || offset > until {
			t.Fatalf("round %d: offset %d, was at %d, sent up to %d", round, offset, before, until)
		}
		t.Logf("round %d: sent up to %d, kept %d of %d", round, until, offset, len(video))
		if got, err := os.ReadFile(filepath.Join(dir, "uploads", strings.TrimPrefix(path, BasePath))); err == nil && !bytes.Equal(got, video[:offset]) {
			t.Fatalf("round %d: other bytes than sent", round)
		}
		if offset == len(video) {
			break
		}
	}
	if offset < len(video) {
		c.want(c.patch(path, offset, video[offset:]), http.StatusNoContent, "")
	}
	kill()
	s := open(t, dir, Options{})
	if !bytes.Equal(content(t, s, sum(video)), video) {
		t.Error("other content")
	}
	if report, err := s.Verify(t.Context()); err != nil || report.Files != 1 || len(report.Mismatches) != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"shuizheng/web"
)

func tagged(b []byte) string { sum := sha256.Sum256(b); return hex.EncodeToString(sum[:8]) }

func ask(t *testing.T, h http.Handler, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for n := 0; n+1 < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPages(t *testing.T) {
	index, script := "<!doctype html><title>水政</title>", strings.Repeat("const a = 1; ", 200)
	p, err := newPages(fstest.MapFS{
		"index.html": {Data: []byte(index)}, "assets/main-abc123.js": {Data: []byte(script)}, "assets/font-abc.woff2": {Data: []byte("wOF2\x00\x01")},
		"manifest.webmanifest": {Data: []byte("{}")}, "sw.js": {Data: []byte("self")}, "icon.png": {Data: []byte("\x89PNG\r\n\x1a\n")}, "plain": {Data: []byte("text")},
	}, tagged)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]struct {
		status      int
		kind, cache string
		body        string
	}{
		"/":                      {200, "text/html", "no-cache", index},
		"/index.html":            {200, "text/html", "no-cache", index},
		"/cases/0197a000?tab=1":  {200, "text/html", "no-cache", index}, // an address inside the app
		"/cases/":                {200, "text/html", "no-cache", index},
		"/assets/main-abc123.js": {200, "text/javascript", "public, max-age=31536000, immutable", script},
		"/assets/font-abc.woff2": {200, "", "public, max-age=31536000, immutable", "wOF2\x00\x01"},
		"/sw.js":                 {200, "text/javascript", "no-cache", "self"}, // must be asked for again, or no update ever arrives
		"/manifest.webmanifest":  {200, "application/manifest+json", "no-cache", "{}"},
		"/icon.png":              {200, "image/png", "no-cache", "\x89PNG\r\n\x1a\n"},
		"/assets/gone-abc.js":    {404, "text/plain", "", ""}, // not the page: a script that is HTML breaks the app without a word
		"/../../etc/passwd.txt":  {404, "text/plain", "", ""},
	} {
		r := ask(t, p, http.MethodGet, path)
		if r.StatusCode != want.status || !strings.HasPrefix(r.Header.Get("Content-Type"), want.kind) || r.Header.Get("Cache-Control") != want.cache {
			t.Errorf("%s: %d %v", path, r.StatusCode, r.Header)
		}
		if body := bodyOf(t, r); want.status == 200 && body != want.body {
			t.Errorf("%s: %q", path, body)
		}
		if want.status != 200 {
			continue
		}
		policy := r.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "script-src 'self'") || strings.Contains(policy, "script-src 'self' 'unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(r.Header.Get("Permissions-Policy"), "camera=(self)") {
			t.Errorf("%s: policy %q", path, policy)
		}

		tag := r.Header.Get("ETag")
		if tag != `"`+tagged([]byte(want.body))+`"` {
			t.Errorf("%s: ETag %s", path, tag)
		}
		if again := ask(t, p, http.MethodGet, path, "If-None-Match", tag); again.StatusCode != http.StatusNotModified || bodyOf(t, again) != "" || again.Header.Get("ETag") != tag {
			t.Errorf("%s: known already, answered %d", path, again.StatusCode)
		}
		if other := ask(t, p, http.MethodGet, path, "If-None-Match", `"other"`); other.StatusCode != http.StatusOK {
			t.Errorf("%s: another is known, answered %d", path, other.StatusCode)
		}
		if head := ask(t, p, http.MethodHead, path); head.StatusCode != http.StatusOK || bodyOf(t, head) != "" || head.Header.Get("ETag") != tag {
			t.Errorf("%s: HEAD %d", path, head.StatusCode)
		}

		zipped := ask(t, p, http.MethodGet, path, "Accept-Encoding", "br, gzip")
		content := bodyOf(t, zipped)
		switch zipped.Header.Get("Content-Encoding") {
		case "gzip":
			z, err := gzip.NewReader(strings.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if _, err := io.Copy(&b, z); err != nil || b.String() != want.body {
				t.Errorf("%s: zipped %q, %v", path, b.String(), err)
			}
		case "":
			if strings.Contains(want.kind, "text") || content != want.body {
				t.Errorf("%s: not zipped", path)
			}
		default:
			t.Errorf("%s: %v", path, zipped.Header)
		}
		if zipped.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: a cache may give zipped bytes to who cannot read them", path)
		}
	}
	if r := ask(t, p, http.MethodPost, "/"); r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d %v", r.StatusCode, r.Header)
	}
	if _, err := newPages(fstest.MapFS{"main.js": {Data: []byte("x")}}, tagged); err == nil {
		t.Error("a front end without a page is served")
	}
}

// The built front ends are what this serves: a page, and every file it asks for.
func TestBuiltPagesAreWhole(t *testing.T) {
	for name, built := range map[string]http.Handler{"office": mustPages(t, "office"), "field": mustPages(t, "field")} {
		page := bodyOf(t, ask(t, built, http.MethodGet, "/"))
		asked := 0
		for _, quoted := range strings.Split(page, `"`) {
			_, file, isAsset := strings.Cut(quoted, "assets/")
			if !isAsset {
				continue
			}
			asked++
			if r := ask(t, built, http.MethodGet, "/assets/"+file); r.StatusCode != http.StatusOK || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s asks for %s: %d", name, file, r.StatusCode)
			}
		}
		if asked == 0 || strings.Contains(page, "<script>") {
			t.Errorf("%s: %d files, %s", name, asked, page)
		}
	}
}

func mustPages(t *testing.T, name string) http.Handler {
	t.Helper()
	files := web.Office()
	if name == "field" {
		files = web.Field()
	}
	p, err := newPages(files, tagged)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

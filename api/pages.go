package api

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// pagePolicy is the content security policy of the two apps. Vue and the component libraries set style attributes, hence
// 'unsafe-inline' for styles; scripts are only ever files of this origin.
const pagePolicy = "default-src 'self'; script-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; " +
	"worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"

// pages serves a built front end from memory. Files with a hash in their name never change; everything else is asked for
// again. An address that names no file is a page of the app itself and gets index.html.
type pages struct {
	files map[string]page
}

type page struct {
	plain, zipped []byte
	mediaType     string
	immutable     bool
	etag          string
}

func newPages(built fs.FS, tag func([]byte) string) (*pages, error) {
	p := &pages{files: map[string]page{}}
	err := fs.WalkDir(built, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(built, name)
		if err != nil {
			return err
		}
		one := page{plain: content, mediaType: mime.TypeByExtension(path.Ext(name)), immutable: strings.HasPrefix(name, "assets/"), etag: `"` + tag(content) + `"`}
		if path.Ext(name) == ".webmanifest" {
			one.mediaType = "application/manifest+json"
		}
		if one.mediaType == "" {
			one.mediaType = http.DetectContentType(content)
		}
		if compressible(one.mediaType) {
			var b bytes.Buffer
			z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
			if err != nil {
				return err
			}
			if _, err := z.Write(content); err != nil {
				return err
			}
			if err := z.Close(); err != nil {
				return err
			}
			one.zipped = b.Bytes()
		}
		p.files[name] = one
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("api: read front end: %w", err)
	}
	if _, ok := p.files["index.html"]; !ok {
		return nil, errors.New("api: front end has no index.html")
	}
	return p, nil
}

func compressible(mediaType string) bool {
	return strings.HasPrefix(mediaType, "text/") || strings.Contains(mediaType, "json") || strings.Contains(mediaType, "javascript") || strings.Contains(mediaType, "svg")
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	one, ok := p.files[name]
	if !ok {
		if path.Ext(name) != "" {
			http.NotFound(w, r)
			return
		}
		one = p.files["index.html"]
	}
	h := w.Header()
	h.Set("Content-Type", one.mediaType)
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self)")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", one.etag)
	h.Set("Cache-Control", "no-cache")
	if one.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == one.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := one.plain
	if one.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = one.zipped
	}
	if r.Method == http.MethodGet {
		//nolint:errcheck // the client has gone; there is nobody to tell
		w.Write(body)
	}
}

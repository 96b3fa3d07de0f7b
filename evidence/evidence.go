// Package evidence keeps the bytes that events cite: photos, recordings, scans (证据材料). A file lies at its SHA-256, so what an
// event names cannot be exchanged unnoticed, and the same content is kept once.
//
// Under the folder of a [Store]:
//
//	sha256/ab/abcdef…   the files, read-only, complete and on disk before anybody is told that they are there
//	uploads/            tus uploads: <id> with the bytes so far, <id>.info with what was declared
//	incoming/           files on their way through Put
//	uploaders/ab/…      one empty file per content and uploader
package evidence

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/gabriel-vasile/mimetype"
)

const (
	// DefaultMaxSize is the greatest upload, bytes: some minutes of a phone's video.
	DefaultMaxSize = 200 << 20
	// DefaultMinFree is the space that uploads leave alone, bytes: the log and the databases on the same disk must go on.
	DefaultMinFree = 1 << 30
	// StaleAfter is how long an unfinished upload is kept: a phone that was in a drawer over a week starts it again.
	StaleAfter = 7 * 24 * time.Hour

	sweepEvery = time.Hour
	sweepBatch = 256  // names read at once
	sweepMost  = 5000 // files removed in one round
	headLen    = 3072 // bytes that a media type is recognised by
	dirMode    = 0o750
	blobMode   = 0o440
	uploadMode = 0o640
)

// ErrNotFound says that no file with this hash is stored.
var ErrNotFound = errors.New("evidence: not stored")

// HashMismatch says that bytes have another SHA-256 than was declared; nothing of them was kept.
type HashMismatch struct{ Want, Got string }

func (e *HashMismatch) Error() string {
	return fmt.Sprintf("evidence: content has SHA-256 %s, declared was %s", e.Got, e.Want)
}

// Options of [Open]; the zero value is right for production.
type Options struct {
	MaxSize int64        // greatest upload, bytes; 0 means DefaultMaxSize
	MinFree int64        // space to leave on the disk, bytes; 0 means DefaultMinFree, less than 0 none
	Logger  *slog.Logger // nil means slog.Default
}

// Store is a folder of evidence files. It is safe for concurrent use by one process.
type Store struct {
	dir    string
	o      Options
	opened time.Time
	stop   context.CancelFunc
	done   chan struct{}
}

// Open opens the folder, creating it if need be, and starts the background work: uploads that were complete when the last
// process ended are taken in, and what has been left lying is removed.
func Open(dir string, o Options) (*Store, error) {
	if o.MaxSize == 0 {
		o.MaxSize = DefaultMaxSize
	}
	if o.MinFree == 0 {
		o.MinFree = DefaultMinFree
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("evidence: open: %w", err)
	}
	for _, sub := range []string{"sha256", "uploads", "incoming", "uploaders"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), dirMode); err != nil {
			return nil, fmt.Errorf("evidence: open: %w", err)
		}
	}
	if err := syncDir(dir); err != nil {
		return nil, fmt.Errorf("evidence: open: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Store{dir: dir, o: o, opened: time.Now(), stop: stop, done: make(chan struct{})}
	go s.background(ctx)
	return s, nil
}

// Close ends the background work. Requests under way are not touched: the HTTP server ends them.
func (s *Store) Close() error {
	s.stop()
	<-s.done
	return nil
}

// MediaTypes lists what may be uploaded: the media types that a record may cite.
func MediaTypes() []string {
	return []string{"image/jpeg", "image/png", "image/webp", "video/mp4", "video/webm", "audio/mp4", "audio/webm", "audio/mpeg", "application/pdf"}
}

// looksLike tells whether content that begins with head can be of the declared media type. Containers of sound and of pictures
// begin alike (a recording of Safari or Chrome without pictures is still an MP4 or WebM file), so either passes for either.
func looksLike(mediaType string, head []byte) bool {
	possible := []string{mediaType}
	switch mediaType {
	case "image/png":
		possible = append(possible, "image/vnd.mozilla.apng")
	case "video/mp4", "audio/mp4":
		possible = []string{"video/mp4", "audio/mp4", "audio/x-m4a", "video/x-m4v"}
	case "video/webm", "audio/webm":
		possible = []string{"video/webm"}
	}
	found := mimetype.Detect(head)
	return slices.ContainsFunc(possible, found.Is) || slices.Contains(possible, http.DetectContentType(head))
}

var hexHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (s *Store) path(sha string) string { return filepath.Join(s.dir, "sha256", sha[:2], sha) }

// Has tells whether the content with this SHA-256 (64 lower hex digits) is stored, and its size in bytes. A malformed hash is
// not stored.
func (s *Store) Has(sha string) (size int64, ok bool, err error) {
	if !hexHash.MatchString(sha) {
		return 0, false, nil
	}
	st, err := os.Stat(s.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("evidence: look for %s: %w", sha, err)
	}
	return st.Size(), true, nil
}

// Blob is a stored file, open for reading. The caller closes it.
type Blob struct {
	io.ReadSeekCloser
	Size     int64 // bytes
	StoredAt time.Time
}

// OpenBlob opens a stored file, or returns [ErrNotFound].
func (s *Store) OpenBlob(sha string) (*Blob, error) {
	if !hexHash.MatchString(sha) {
		return nil, fmt.Errorf("evidence: open %q: %w", sha, ErrNotFound)
	}
	f, err := os.Open(s.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("evidence: open %s: %w", sha, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: open: %w", err)
	}
	st, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("evidence: open: %w", errors.Join(err, f.Close()))
	}
	return &Blob{f, st.Size(), st.ModTime()}, nil
}

// Put stores what r yields, for imports and demo data, and returns its hash and its size in bytes. If expectedSHA is not empty
// and differs, it keeps nothing and returns a [*HashMismatch].
func (s *Store) Put(ctx context.Context, r io.Reader, expectedSHA string) (sha string, size int64, err error) {
	path := filepath.Join(s.dir, "incoming", randomID())
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, uploadMode)
	if err != nil {
		return "", 0, fmt.Errorf("evidence: put: %w", err)
	}
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(f, h), contextReader{ctx, r})
	sha = hex.EncodeToString(h.Sum(nil))
	if err = errors.Join(err, f.Close()); err == nil && expectedSHA != "" && sha != expectedSHA {
		err = &HashMismatch{Want: expectedSHA, Got: sha}
	}
	if err == nil {
		err = s.settle(path, sha)
	}
	if err != nil {
		if gone := os.Remove(path); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
		return "", 0, fmt.Errorf("evidence: put: %w", err)
	}
	return sha, size, nil
}

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// settle moves a complete file with a known hash to its address and returns when it is there for good. Renaming over a file
// that is there already is harmless, and heals one that has rotted.
func (s *Store) settle(path, sha string) error {
	if err := os.Chmod(path, blobMode); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	to := s.path(sha)
	if err := s.makeDir(filepath.Dir(to)); err != nil {
		return err
	}
	if err := os.Rename(path, to); err != nil {
		return err
	}
	return syncDir(filepath.Dir(to))
}

func (s *Store) makeDir(dir string) error {
	if err := os.Mkdir(dir, dirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(dir)) // also if it exists: whoever made it may not be so far yet
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (s *Store) uploaderPath(sha, owner string) string {
	h := sha256.Sum256([]byte(owner))
	return filepath.Join(s.dir, "uploaders", sha[:2], sha+"-"+hex.EncodeToString(h[:16]))
}

// UploadedBy tells whether this owner has uploaded the content: he may look at it also before a record cites it.
func (s *Store) UploadedBy(sha, owner string) (bool, error) {
	if !hexHash.MatchString(sha) {
		return false, nil
	}
	_, err := os.Stat(s.uploaderPath(sha, owner))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("evidence: look for uploader: %w", err)
	}
	return true, nil
}

func (s *Store) noteUploader(sha, owner string) error {
	path := s.uploaderPath(sha, owner)
	if err := s.makeDir(filepath.Dir(path)); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, blobMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// Report is the result of [Store.Verify].
type Report struct {
	Files      int
	Bytes      int64
	Mismatches []Mismatch
}

// Mismatch is a file that is not what its name says.
type Mismatch struct {
	Path  string // relative to the folder of the store
	Found string // its real SHA-256; empty if it could not be read
	Err   error  // why it could not be read, or what is wrong with its place
}

// Verify reads every stored file and compares it with its address. It ends early only if ctx does or the folder cannot be
// listed.
func (s *Store) Verify(ctx context.Context) (Report, error) {
	var report Report
	root := filepath.Join(s.dir, "sha256")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return ctx.Err()
		}
		rel, err := filepath.Rel(s.dir, path)
		if err != nil {
			return err
		}
		report.Files++
		bad := func(found string, err error) {
			report.Mismatches = append(report.Mismatches, Mismatch{filepath.ToSlash(rel), found, err})
		}
		if !hexHash.MatchString(d.Name()) || path != s.path(d.Name()) || !d.Type().IsRegular() {
			bad("", errors.New("evidence: does not belong here"))
			return nil
		}
		f, err := os.Open(path)
		if err != nil {
			bad("", err)
			return nil
		}
		h := sha256.New()
		n, err := io.Copy(h, contextReader{ctx, f})
		err = errors.Join(err, f.Close())
		report.Bytes += n
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if found := hex.EncodeToString(h.Sum(nil)); err != nil {
			bad("", err)
		} else if found != d.Name() {
			bad(found, nil)
		}
		return nil
	})
	if err != nil {
		return report, fmt.Errorf("evidence: verify: %w", err)
	}
	return report, nil
}

// ServeBlob answers GET and HEAD with a stored file, whole or a range of it, as the given media type; with 404 if it is not
// stored. Who may read it is for the caller to decide. The bytes came from outside: no browser may take them for a page or
// run anything in them.
func (s *Store) ServeBlob(w http.ResponseWriter, r *http.Request, sha, mediaType string) {
	blob, err := s.OpenBlob(sha)
	switch {
	case errors.Is(err, ErrNotFound):
		writeProblem(w, refusal(http.StatusNotFound, "evidence.not_stored", "证据文件尚未上传", "服务器上还没有这个文件，请在拍摄它的设备上完成上传。"))
		return
	case err != nil:
		s.o.Logger.ErrorContext(r.Context(), "evidence: cannot serve", "sha256", sha, "error", err)
		writeProblem(w, internal())
		return
	}
	defer func() { _ = blob.Close() }() // it was only read
	h := w.Header()
	h.Set("Content-Disposition", "inline")
	if !slices.Contains(MediaTypes(), mediaType) {
		mediaType = "application/octet-stream"
		h.Set("Content-Disposition", "attachment")
	}
	h.Set("Content-Type", mediaType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", `"`+sha+`"`)
	http.ServeContent(w, r, "", time.Time{}, blob) // no time: the hash is the better validator
}

// room tells whether n more bytes fit on the disk without touching what is to be left free.
func (s *Store) room(n int64) (bool, error) {
	if s.o.MinFree < 0 {
		return true, nil
	}
	var st syscall.Statfs_t
	if err := syscall.Statfs(s.dir, &st); err != nil {
		return false, fmt.Errorf("evidence: free space: %w", err)
	}
	return int64(st.Bavail)*int64(st.Bsize)-n >= s.o.MinFree, nil //nolint:unconvert // the type of Bsize differs by machine
}

func (s *Store) background(ctx context.Context) {
	defer close(s.done)
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.o.Logger.WarnContext(ctx, "evidence: cleaning failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweep takes in uploads that a crash left complete, and removes at most sweepMost files that nobody has touched for
// [StaleAfter], among them what remains of finished uploads.
func (s *Store) sweep(ctx context.Context) error {
	removed := 0
	for _, sub := range []string{"uploads", "incoming"} {
		dir, err := os.Open(filepath.Join(s.dir, sub))
		if err != nil {
			return err
		}
		for removed < sweepMost && err == nil {
			var names []string
			names, err = dir.Readdirnames(sweepBatch)
			for _, name := range names {
				if ctx.Err() != nil {
					return errors.Join(ctx.Err(), dir.Close())
				}
				gone, err := s.sweepFile(filepath.Join(s.dir, sub, name))
				if err != nil {
					s.o.Logger.WarnContext(ctx, "evidence: cleaning failed", "file", name, "error", err)
				}
				removed += gone
			}
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
		if err = errors.Join(err, dir.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) sweepFile(path string) (removed int, err error) {
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	touched := st.ModTime()
	bytesPath, isInfo := strings.CutSuffix(path, ".info")
	if isInfo {
		// The bytes say when an upload was last continued.
		if st, err := os.Stat(bytesPath); err == nil && st.ModTime().After(touched) {
			touched = st.ModTime()
		}
	}
	if time.Since(touched) > StaleAfter {
		return 1, os.Remove(path)
	}
	// What this process receives it finishes itself; only what it found complete is taken in here.
	if isInfo && touched.Before(s.opened) {
		info, size, err := s.upload(filepath.Base(bytesPath))
		if err == nil && size == info.Size {
			err = s.finish(info)
		}
		if err != nil && !errors.As(err, new(*json.SyntaxError)) && !isTusError(err) {
			return 0, err
		}
	}
	return 0, nil
}

func randomID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: the program ends first
	return hex.EncodeToString(b)
}

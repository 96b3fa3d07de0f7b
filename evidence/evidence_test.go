package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shuizheng/domain"
)

// photo makes a JPEG as a phone would: picture noise, and an Exif segment with the maker and the time of the shot.
func photo(t testing.TB, seed uint64) []byte {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 1))
	img := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for i := range img.Pix {
		img.Pix[i] = byte(rnd.Uint32())
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	text := func(s string) []byte { return append([]byte(s), 0) }
	maker, shot := text("Shuizheng"), text("2026:03:02 09:05:00")
	le := binary.LittleEndian
	tiff := le.AppendUint32([]byte("II*\x00"), 8)
	tiff = le.AppendUint16(tiff, 2) // two entries of ASCII, their values after the directory
	at := uint32(8 + 2 + 2*12 + 4)
	for _, e := range []struct {
		tag   uint16
		value []byte
	}{{0x010F, maker}, {0x0132, shot}} {
		tiff = le.AppendUint16(le.AppendUint16(tiff, e.tag), 2)
		tiff = le.AppendUint32(le.AppendUint32(tiff, uint32(len(e.value))), at)
		at += uint32(len(e.value))
	}
	tiff = le.AppendUint32(tiff, 0)
	tiff = append(append(tiff, maker...), shot...)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xFF, 0xD8, 0xFF, 0xE1}, uint16(len(segment)+2))
	out := slices.Concat(head, segment, b.Bytes()[2:])
	if _, err := jpeg.Decode(bytes.NewReader(out)); err != nil {
		t.Fatalf("the photo of the test is no JPEG: %v", err)
	}
	return out
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func open(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	if o.MinFree == 0 {
		o.MinFree = -1
	}
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// files lists what lies under a folder of the store, so that "nothing kept" can be seen.
func files(t testing.TB, s *Store, sub string) (names []string) {
	t.Helper()
	root := filepath.Join(s.dir, sub)
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, strings.TrimPrefix(path, root+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func content(t testing.TB, s *Store, sha string) []byte {
	t.Helper()
	blob, err := s.OpenBlob(sha)
	if err != nil {
		t.Fatal(err)
	}
	defer blob.Close()
	b, err := io.ReadAll(blob)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(b)) != blob.Size {
		t.Errorf("Size %d, content has %d bytes", blob.Size, len(b))
	}
	return b
}

func TestPut(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	b := photo(t, 1)
	want := sum(b)

	if _, ok, err := s.Has(want); ok || err != nil {
		t.Fatalf("Has before Put: %v, %v", ok, err)
	}
	if _, err := s.OpenBlob(want); !errors.Is(err, ErrNotFound) {
		t.Fatalf("OpenBlob before Put: %v", err)
	}
	for _, expected := range []string{"", want, want} {
		sha, size, err := s.Put(t.Context(), bytes.NewReader(b), expected)
		if err != nil || sha != want || size != int64(len(b)) {
			t.Fatalf("Put: %s, %d, %v", sha, size, err)
		}
	}
	if size, ok, err := s.Has(want); !ok || err != nil || size != int64(len(b)) {
		t.Errorf("Has: %d, %v, %v", size, ok, err)
	}
	if !bytes.Equal(content(t, s, want), b) {
		t.Error("content changed")
	}
	if got := files(t, s, "sha256"); !slices.Equal(got, []string{want[:2] + "/" + want}) {
		t.Errorf("stored files: %v", got)
	}
	if st, err := os.Stat(s.path(want)); err != nil || st.Mode() != 0o440 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}

	var mismatch *HashMismatch
	_, _, err := s.Put(t.Context(), strings.NewReader("other"), want)
	if !errors.As(err, &mismatch) || mismatch.Got != sum([]byte("other")) || mismatch.Want != want {
		t.Errorf("Put of other bytes: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Put(cancelled, bytes.NewReader(b), ""); !errors.Is(err, context.Canceled) {
		t.Errorf("Put after cancel: %v", err)
	}
	broken := io.MultiReader(strings.NewReader("half"), iotestErr{})
	if _, _, err := s.Put(t.Context(), broken, ""); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("Put of a broken reader: %v", err)
	}
	if got := files(t, s, "incoming"); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
	if got := files(t, s, "sha256"); len(got) != 1 {
		t.Errorf("stored files: %v", got)
	}
}

type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestPutSameContentAtOnce(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	b := photo(t, 2)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, _, err := s.Put(context.Background(), bytes.NewReader(b), sum(b)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if !bytes.Equal(content(t, s, sum(b)), b) || len(files(t, s, "sha256")) != 1 || len(files(t, s, "incoming")) != 0 {
		t.Error("not one file")
	}
}

func TestHashIsNoPath(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	for _, sha := range []string{"", "ab", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("../", 21) + "x", strings.Repeat("a", 65), strings.Repeat("a", 63) + "\n"} {
		if _, ok, err := s.Has(sha); ok || err != nil {
			t.Errorf("Has(%q): %v, %v", sha, ok, err)
		}
		if _, err := s.OpenBlob(sha); !errors.Is(err, ErrNotFound) {
			t.Errorf("OpenBlob(%q): %v", sha, err)
		}
		if ok, err := s.UploadedBy(sha, "x"); ok || err != nil {
			t.Errorf("UploadedBy(%q): %v, %v", sha, ok, err)
		}
	}
}

func TestVerify(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	var shas []string
	for i := range uint64(3) {
		sha, _, err := s.Put(t.Context(), bytes.NewReader(photo(t, i)), "")
		if err != nil {
			t.Fatal(err)
		}
		shas = append(shas, sha)
	}
	report, err := s.Verify(t.Context())
	if err != nil || report.Files != 3 || report.Bytes == 0 || len(report.Mismatches) != 0 {
		t.Fatalf("sound store: %+v, %v", report, err)
	}

	rotten := s.path(shas[0]) // one bit
	b := content(t, s, shas[0])
	b[100] ^= 1
	if err := os.Chmod(rotten, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(rotten, b, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "sha256", "stray"), nil, 0o640); err != nil {
		t.Fatal(err)
	}
	misplaced := "sha256/" + shas[0][:2] + "/" + sum([]byte("misplaced"))
	if err := os.WriteFile(filepath.Join(s.dir, misplaced), []byte("misplaced"), 0o640); err != nil {
		t.Fatal(err)
	}
	report, err = s.Verify(t.Context())
	if err != nil || report.Files != 5 || len(report.Mismatches) != 3 {
		t.Fatalf("rotten store: %+v, %v", report, err)
	}
	for _, m := range report.Mismatches {
		switch m.Path {
		case "sha256/" + shas[0][:2] + "/" + shas[0]:
			if m.Found != sum(b) || m.Err != nil {
				t.Errorf("rotten file: %+v", m)
			}
		case "sha256/stray", misplaced:
			if m.Err == nil {
				t.Errorf("file in the wrong place: %+v", m)
			}
		default:
			t.Errorf("unexpected %+v", m)
		}
	}

	// The same photo again heals it.
	if _, _, err := s.Put(t.Context(), bytes.NewReader(photo(t, 0)), shas[0]); err != nil {
		t.Fatal(err)
	}
	if report, err = s.Verify(t.Context()); err != nil || len(report.Mismatches) != 2 {
		t.Errorf("after healing: %+v, %v", report, err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Verify(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestServeBlob(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	b := photo(t, 3)
	sha, _, err := s.Put(t.Context(), bytes.NewReader(b), "")
	if err != nil {
		t.Fatal(err)
	}
	serve := func(sha, mediaType string, header ...string) *http.Response {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		s.ServeBlob(w, r, sha, mediaType)
		return w.Result()
	}
	whole := serve(sha, "image/jpeg")
	if got, _ := io.ReadAll(whole.Body); whole.StatusCode != 200 || !bytes.Equal(got, b) {
		t.Errorf("whole: %d, %d bytes", whole.StatusCode, len(got))
	}
	for k, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'",
		"Cache-Control": "private, max-age=31536000, immutable", "Etag": `"` + sha + `"`, "Content-Disposition": "inline", "Accept-Ranges": "bytes",
	} {
		if got := whole.Header.Get(k); got != want {
			t.Errorf("%s: %q, want %q", k, got, want)
		}
	}
	part := serve(sha, "image/jpeg", "Range", "bytes=10-19")
	if got, _ := io.ReadAll(part.Body); part.StatusCode != 206 || !bytes.Equal(got, b[10:20]) {
		t.Errorf("part: %d, %x", part.StatusCode, got)
	}
	if r := serve(sha, "image/jpeg", "If-None-Match", `"`+sha+`"`); r.StatusCode != 304 {
		t.Errorf("known: %d", r.StatusCode)
	}
	// A page smuggled in must not become one, whatever a record says.
	if r := serve(sha, "text/html"); r.Header.Get("Content-Type") != "application/octet-stream" || r.Header.Get("Content-Disposition") != "attachment" {
		t.Errorf("html: %v", r.Header)
	}
	missing := serve(strings.Repeat("0", 64), "image/jpeg")
	if code := problemCode(t, missing); missing.StatusCode != 404 || code != "evidence.not_stored" {
		t.Errorf("missing: %d %s", missing.StatusCode, code)
	}
}

func TestMediaTypesAreThoseOfTheRecord(t *testing.T) {
	f, _ := reflect.TypeFor[domain.Evidence]().FieldByName("MediaType")
	_, list, _ := strings.Cut(f.Tag.Get("validate"), "oneof=")
	if want := strings.Fields(list); !slices.Equal(MediaTypes(), want) {
		t.Errorf("MediaTypes %v, the record allows %v", MediaTypes(), want)
	}
}

func TestLooksLike(t *testing.T) {
	mp4 := func(brand string) string { return "\x00\x00\x00\x18ftyp" + brand + "\x00\x00\x02\x00isomiso2" }
	webm := "\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\xF7\x81\x01\x42\xF2\x81\x04\x42\xF3\x81\x08\x42\x82\x84webm"
	for _, c := range []struct {
		mediaType, head string
		want            bool
	}{
		{"image/jpeg", string(photo(t, 4)[:64]), true},
		{"image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", true},
		{"image/webp", "RIFF\x00\x00\x00\x00WEBPVP8 ", true},
		{"video/mp4", mp4("isom"), true},
		{"video/mp4", mp4("mp42"), true},
		{"video/mp4", mp4("avc1"), true},
		{"audio/mp4", mp4("M4A "), true},
		{"audio/mp4", mp4("mp42"), true},
		{"audio/mp4", mp4("iso5"), true},
		{"video/webm", webm, true},
		{"audio/webm", webm, true},
		{"audio/mpeg", "ID3\x03\x00", true},
		{"audio/mpeg", "\xFF\xFB\x90\x00", true},
		{"application/pdf", "%PDF-1.7\n", true},
		{"image/jpeg", "<html><script>alert(1)</script>", false},
		{"image/jpeg", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", false},
		{"image/png", string(photo(t, 4)[:64]), false},
		{"video/mp4", webm, false},
		{"video/mp4", mp4("heic"), false},
		{"video/webm", mp4("isom"), false},
		{"application/pdf", "MZ\x90\x00", false},
		{"audio/mpeg", "", false},
		{"text/html", "<html>", true}, // create refuses it by its name
	} {
		if got := looksLike(c.mediaType, []byte(c.head)); got != c.want {
			t.Errorf("%s, %q: %v", c.mediaType, c.head, got)
		}
	}
}

func TestSweepRemovesWhatIsStale(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	old := time.Now().Add(-StaleAfter - time.Hour)
	touch := func(name string, at time.Time) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("{}"), 0o640); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	const stale, fresh, slow, orphan = "uploads/00000000000000000000000000000001", "uploads/00000000000000000000000000000002",
		"uploads/00000000000000000000000000000003", "uploads/00000000000000000000000000000004"
	touch(stale, old)
	touch(stale+".info", old)
	touch(fresh, time.Now())
	touch(fresh+".info", time.Now())
	touch(slow, time.Now()) // begun long ago, continued just now
	touch(slow+".info", old)
	touch(orphan, old)
	touch("incoming/x", old)
	touch("incoming/y", time.Now())
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, sub := range []string{"uploads", "incoming"} {
		for _, name := range files(t, s, sub) {
			got = append(got, sub+"/"+name)
		}
	}
	if want := []string{fresh, fresh + ".info", slow, slow + ".info", "incoming/y"}; !slices.Equal(got, want) {
		t.Errorf("kept %v", got)
	}
}

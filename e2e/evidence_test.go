package e2e_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// photo is a file that goes from a phone into the evidence store.
type photo struct {
	content []byte
	sha     string
}

func newPhoto(content []byte) photo {
	sum := sha256.Sum256(content)
	return photo{content, hex.EncodeToString(sum[:])}
}

// snapshot is a small real JPEG, unlike any other, made longer by comment segments.
func snapshot(r *rand.Rand, size int) photo {
	picture := image.NewGray(image.Rect(0, 0, 16, 16))
	for n := range picture.Pix {
		picture.Pix[n] = color.Gray{Y: uint8(r.Uint32())}.Y
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		panic(err) // into memory
	}
	content := b.Bytes()[:2:2] // start of image
	for len(content) < size {
		comment := make([]byte, min(60_000, max(16, size-len(content))))
		for n := range comment {
			comment[n] = byte(r.Uint32())
		}
		content = binary.BigEndian.AppendUint16(append(content, 0xFF, 0xFE), uint16(len(comment)+2))
		content = append(content, comment...)
	}
	return newPhoto(append(content, b.Bytes()[2:]...))
}

// camera is what a phone writes into the EXIF segment of a photo.
type camera struct {
	make, model string
	taken       time.Time
	lat, lon    float64
}

// withEXIF puts an APP1 segment behind the start of a JPEG, as cameras do (EXIF 2.3, TIFF little-endian).
func withEXIF(content []byte, c camera) []byte {
	const (
		ascii, long, rational = 2, 4, 5
		header                = 8
	)
	type entry struct {
		tag, kind uint16
		count     uint32
		value     []byte // more than four bytes stand behind the table
	}
	text := func(tag uint16, s string) entry {
		return entry{tag, ascii, uint32(len(s) + 1), append([]byte(s), 0)}
	}
	pointer := func(tag uint16, to int) entry {
		return entry{tag, long, 1, binary.LittleEndian.AppendUint32(nil, uint32(to))}
	}
	degrees := func(tag uint16, v float64) entry {
		var b []byte
		whole, minutes := int(v), (v-float64(int(v)))*60
		for _, n := range []uint32{uint32(whole), 1, uint32(minutes), 1, uint32((minutes - float64(int(minutes))) * 60 * 1000), 1000} {
			b = binary.LittleEndian.AppendUint32(b, n)
		}
		return entry{tag, rational, 3, b}
	}
	table := func(at int, entries ...entry) []byte {
		b := binary.LittleEndian.AppendUint16(nil, uint16(len(entries)))
		behind := at + 2 + 12*len(entries) + 4
		var values []byte
		for _, e := range entries {
			b = binary.LittleEndian.AppendUint16(b, e.tag)
			b = binary.LittleEndian.AppendUint16(b, e.kind)
			b = binary.LittleEndian.AppendUint32(b, e.count)
			if len(e.value) <= 4 {
				b = append(append(b, e.value...), make([]byte, 4-len(e.value))...)
				continue
			}
			b = binary.LittleEndian.AppendUint32(b, uint32(behind+len(values)))
			values = append(values, e.value...)
		}
		return append(append(b, 0, 0, 0, 0), values...)
	}
	when := c.taken.Format("2006:01:02 15:04:05")
	own := func(exif, gps int) []byte {
		return table(header, text(0x010F, c.make), text(0x0110, c.model), text(0x0132, when), pointer(0x8769, exif), pointer(0x8825, gps))
	}
	exifAt := header + len(own(0, 0))
	exif := table(exifAt, text(0x9003, when), text(0x9011, "+08:00"))
	gpsAt := exifAt + len(exif)
	gps := table(gpsAt, text(1, "N"), degrees(2, c.lat), text(3, "E"), degrees(4, c.lon))

	segment := append([]byte("Exif\x00\x00II*\x00"), binary.LittleEndian.AppendUint32(nil, header)...)
	segment = append(append(append(segment, own(exifAt, gpsAt)...), exif...), gps...)
	out := append([]byte{}, content[:2]...)
	out = binary.BigEndian.AppendUint16(append(out, 0xFF, 0xE1), uint16(len(segment)+2))
	return append(append(out, segment...), content[2:]...)
}

func (p photo) cite(caption string) obj {
	return obj{"id": newID(), "sha256": p.sha, "size": len(p.content), "mediaType": "image/jpeg", "caption": caption}
}

func tus(more ...string) http.Header {
	h := http.Header{"Tus-Resumable": {"1.0.0"}}
	for n := 0; n+1 < len(more); n += 2 {
		h[more[n]] = []string{more[n+1]}
	}
	return h
}

// begin creates an upload and returns its address.
func (c *client) begin(ctx context.Context, p photo, more ...string) (string, answer, error) {
	meta := "sha256 " + base64Of(p.sha) + ",filetype " + base64Of("image/jpeg")
	a, err := c.send(ctx, http.MethodPost, "/api/v1/evidence/", tus(append([]string{"Upload-Length", strconv.Itoa(len(p.content)), "Upload-Metadata", meta}, more...)...), nil)
	if err == nil && a.status != http.StatusCreated {
		err = fmt.Errorf("create upload: %d %s", a.status, a.body)
	}
	return a.header.Get("Location"), a, err
}

// upload sends a file in pieces until the program says that it has all of it. Whenever there is no answer it asks how far it had
// come, as a phone does.
func (c *client) upload(ctx context.Context, p photo, piece int) error {
	place, offset := "", 0
	for ctx.Err() == nil {
		if place == "" {
			var err error
			if place, _, err = c.begin(ctx, p); err != nil {
				place = ""
				if gone(err) {
					time.Sleep(10 * time.Millisecond)
					continue
				}
				return err
			}
			offset = 0
		}
		a, err := c.send(ctx, http.MethodPatch, place, tus("Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream"),
			p.content[offset:min(offset+piece, len(p.content))])
		if err == nil && a.status == http.StatusNoContent {
			if offset, err = strconv.Atoi(a.header.Get("Upload-Offset")); err != nil {
				return err
			}
			if offset == len(p.content) {
				return nil
			}
			continue
		}
		a, err = c.send(ctx, http.MethodHead, place, tus(), nil)
		switch {
		case err != nil:
			time.Sleep(10 * time.Millisecond)
		case a.status == http.StatusOK:
			if offset, err = strconv.Atoi(a.header.Get("Upload-Offset")); err != nil {
				return err
			}
			if offset == len(p.content) {
				return nil
			}
		case a.status == http.StatusNotFound: // it was never told that the upload exists
			place = ""
		default:
			return fmt.Errorf("upload of %s: %d %s", p.sha, a.status, a.body)
		}
	}
	return ctx.Err()
}

// holds checks that a file is served with exactly the bytes that were sent.
func (c *client) holds(p photo) {
	c.t.Helper()
	a := c.do(http.MethodGet, "/api/v1/evidence/sha256/"+p.sha, nil)
	if got := newPhoto(a.body).sha; a.status != http.StatusOK || got != p.sha {
		c.t.Errorf("photo %s: %d, %d bytes with SHA-256 %s", p.sha, a.status, len(a.body), got)
	}
}

func base64Of(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func newDice(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// Package relay copies the log into NATS JetStream, event by event and byte by byte, so that read models and other processes
// hear of what happened. It knows no event type. JetStream holds nothing that is not in the log: it can be lost, deleted or
// replaced at any time and is filled again.
package relay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"

	"shuizheng/domain"
)

// Stream is the name of the JetStream stream. Message n of it is event n of the log.
const Stream = "SHUIZHENG"

const subjects = "shuizheng.>"

// Headers of a message, besides Nats-Msg-Id, which is the id of the event. Text is percent-encoded as in a URL, because headers
// lose spaces and cannot hold every character; the names of this program come out as they are.
const (
	HeaderLog      = "Shuizheng-Log"      // fingerprint of the log
	HeaderPosition = "Shuizheng-Position" // of the event
	HeaderPrevious = "Shuizheng-Previous" // position of the event before, 0 for the first: who has seen that one has missed nothing
	HeaderStream   = "Shuizheng-Stream"
	HeaderRevision = "Shuizheng-Revision"
	HeaderType     = "Shuizheng-Type"
	HeaderCreated  = "Shuizheng-Created" // the store's clock, RFC 3339
	HeaderOmitted  = "Shuizheng-Omitted" // "size": the event is too large for a message, read it from the log
)

// Message is an event on its way through JetStream.
type Message struct {
	Record   domain.Record
	Previous uint64 // position of the event before
	Log      string // fingerprint of the log
}

// envelope is the payload. The bytes of both parts are those of the log; what is not JSON travels in base64.
type envelope struct {
	Data        json.RawMessage `json:"data,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	RawData     []byte          `json:"dataBase64,omitempty"`
	RawMetadata []byte          `json:"metadataBase64,omitempty"`
}

// ErrOmitted says that a message does not carry its event because that is too large.
var ErrOmitted = errors.New("relay: message without its event")

// Pack makes the message of an event; one larger than maxPayload bytes goes without its content.
func Pack(m Message, maxPayload int64) *nats.Msg {
	r := m.Record
	msg := &nats.Msg{Subject: subject(r), Header: nats.Header{
		nats.MsgIdHdr: {r.ID.String()}, HeaderLog: {url.PathEscape(m.Log)}, HeaderPosition: {strconv.FormatUint(r.Position, 10)},
		HeaderPrevious: {strconv.FormatUint(m.Previous, 10)}, HeaderStream: {url.PathEscape(r.Stream)}, HeaderRevision: {strconv.FormatUint(r.Revision, 10)},
		HeaderType: {url.PathEscape(r.Type)}, HeaderCreated: {r.Created.UTC().Format(time.RFC3339Nano)},
	}}
	const headers = 2 << 10 // more than they take
	if int64(len(r.Data)+len(r.Metadata))*4/3+headers > maxPayload {
		msg.Header.Set(HeaderOmitted, "size")
		msg.Data = []byte("{}")
		return msg
	}
	var b bytes.Buffer
	b.Grow(len(r.Data) + len(r.Metadata) + 32)
	member(&b, '{', "data", r.Data)
	member(&b, ',', "metadata", r.Metadata)
	b.WriteByte('}')
	msg.Data = b.Bytes()
	return msg
}

// member writes one part. Encoding it anew would change its bytes, so it is copied.
func member(b *bytes.Buffer, before byte, name string, part []byte) {
	b.WriteByte(before)
	if plain(part) {
		fmt.Fprintf(b, "%q:", name)
		b.Write(part)
		return
	}
	text, err := json.Marshal(part)
	if err != nil {
		panic(err) // bytes always encode
	}
	fmt.Fprintf(b, "%q:%s", name+"Base64", text)
}

func plain(part []byte) bool {
	return json.Valid(part) && len(bytes.TrimSpace(part)) == len(part) && string(part) != "null"
}

// Unpack reads a message. Its error is [ErrOmitted], or says what is wrong with the message.
func Unpack(header nats.Header, data []byte) (Message, error) {
	var m Message
	var e envelope
	var err [9]error
	r := &m.Record
	r.ID, err[0] = uuid.Parse(header.Get(nats.MsgIdHdr))
	r.Position, err[1] = strconv.ParseUint(header.Get(HeaderPosition), 10, 64)
	m.Previous, err[2] = strconv.ParseUint(header.Get(HeaderPrevious), 10, 64)
	r.Revision, err[3] = strconv.ParseUint(header.Get(HeaderRevision), 10, 64)
	r.Created, err[4] = time.Parse(time.RFC3339Nano, header.Get(HeaderCreated))
	err[5] = json.Unmarshal(data, &e)
	m.Log, err[6] = url.PathUnescape(header.Get(HeaderLog))
	r.Stream, err[7] = url.PathUnescape(header.Get(HeaderStream))
	r.Type, err[8] = url.PathUnescape(header.Get(HeaderType))
	if e := errors.Join(err[:]...); e != nil {
		return m, fmt.Errorf("relay: unreadable message: %w", e)
	}
	if header.Get(HeaderOmitted) != "" {
		return m, ErrOmitted
	}
	if r.Data = e.Data; e.Data == nil {
		r.Data = e.RawData
	}
	if r.Metadata = e.Metadata; e.Metadata == nil {
		r.Metadata = e.RawMetadata
	}
	return m, nil
}

// subject is shuizheng. and the type of the event, for example shuizheng.finding.reported.v1. The aggregate's id is in a header
// only: JetStream keeps every subject it ever saw in memory, 87 bytes for each, and every event would have its own.
func subject(r domain.Record) string { return "shuizheng." + token(r.Type) }

// token keeps a name fit for a subject.
func token(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '-', r == '.':
			return r
		}
		return '_'
	}, name)
	name = strings.Trim(name, ".")
	for strings.Contains(name, "..") {
		name = strings.ReplaceAll(name, "..", ".")
	}
	if name == "" {
		return "_"
	}
	return name
}

// Package domain is the kernel that every aggregate of Shuizheng stands on: what an event is, how a decision is made
// from past events, and how its result reaches the log. It holds no rule of law; those live in its subpackages, one
// aggregate each.
//
// The packages below domain are pure: no clock, no random numbers, no I/O, no context. Time and identity come in with the
// command. The one function here that reaches out is [Execute], over the two methods of [Log].
package domain

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Event is a fact that has happened (事件). Its type name is written by hand beside the type, as category.past_tense.vN,
// and is the storage format: once released it is never changed.
type Event interface{ EventType() string }

// Record is an event as the log holds it.
type Record struct {
	Stream   string    // category-uuid
	Revision uint64    // place in the stream, from 0
	Position uint64    // place in the log: opaque, sparse, strictly increasing, valid for one store only
	ID       uuid.UUID // event n of a command has id UUIDv5(command id, stream#n)
	Type     string
	Created  time.Time // the store's clock, UTC
	Data     []byte    // JSON of the event
	Metadata []byte    // JSON of Meta
}

// Proposed is an event on its way into the log.
type Proposed struct {
	ID       uuid.UUID
	Type     string
	Data     []byte
	Metadata []byte
}

// Hash returns the SHA-256 that the next event of the stream carries in [Meta.PrevHash]. It covers everything that a copy
// of the log into another store preserves, so neither position nor the store's clock.
func (r Record) Hash() string {
	h := sha256.New()
	var n [8]byte
	frame := func(b []byte) {
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	frame([]byte(r.Stream))
	binary.BigEndian.PutUint64(n[:], r.Revision)
	h.Write(n[:])
	h.Write(r.ID[:])
	frame([]byte(r.Type))
	frame(r.Data)
	frame(r.Metadata)
	return hex.EncodeToString(h.Sum(nil))
}

// Meta is the envelope of every event: who did what, where it came from, and when, on which clocks.
type Meta struct {
	Actor         Actor     `json:"actor"`
	OccurredAt    time.Time `json:"occurredAt"` // when it happened in the field, UTC
	Clock         Clock     `json:"clock"`      // how far OccurredAt can be trusted
	RecordedAt    time.Time `json:"recordedAt"` // when the server accepted it, UTC
	Device        *Device   `json:"device,omitempty"`
	CommandID     uuid.UUID `json:"commandId"`
	CommandHash   string    `json:"commandHash"`    // SHA-256 of the command as the client sent it, hex
	CorrelationID uuid.UUID `json:"$correlationId"` // the act that all events of several streams belong to
	CausationID   uuid.UUID `json:"$causationId"`   // the command or event that led to this command
	SchemaVersion int       `json:"schemaVersion"`  // of this envelope
	PrevHash      string    `json:"prevHash"`       // [Record.Hash] of the event before it in the stream; empty for the first
	LawVersion    string    `json:"lawVersion,omitempty"`
}

// MetaSchema is the version of the envelope that this program writes.
const MetaSchema = 1

// Actor is who acted, as known at that moment (行为人). Names and certificate numbers are copied, not looked up later: the
// record must say what was true then.
type Actor struct {
	Officer uuid.UUID `json:"officer"`
	Name    string    `json:"name"`
	CertNo  string    `json:"certNo,omitempty"` // 执法证号
	Role    string    `json:"role"`
	Organ   uuid.UUID `json:"organ"`
}

// ClockKind says which clock OccurredAt was read from.
type ClockKind string

// The clocks an occurrence can be read from.
const (
	ClockGNSS     ClockKind = "gnss"     // satellite time
	ClockDevice   ClockKind = "device"   // wall clock of the phone or browser
	ClockServer   ClockKind = "server"   // the server's own clock
	ClockDocument ClockKind = "document" // a date written on a document, entered afterwards
)

// Clock is the provenance of a time and its uncertainty in milliseconds, either way.
type Clock struct {
	Kind          ClockKind `json:"kind" validate:"required,oneof=gnss device server document"`
	UncertaintyMS int64     `json:"uncertaintyMs" validate:"min=0,max=86400000"`
}

// Device is the sender and its gapless count of what it sent, so that a missing item can be named.
type Device struct {
	ID  uuid.UUID `json:"id" validate:"required"`
	Seq uint64    `json:"seq" validate:"min=1"`
}

// Type is an entry of the event catalogue: a name, how to decode it, a sample that is golden file, fuzz seed and
// documentation at once, and, for an old version, the one function that lifts it to the next.
type Type struct {
	Name   string
	Sample Event
	decode func([]byte) (Event, error)
	lift   func(Event) Event
}

// T makes the catalogue entry of E from a sample with every field filled.
func T[E Event](sample E) Type {
	return Type{Name: sample.EventType(), Sample: sample, decode: func(b []byte) (Event, error) {
		var e E
		if err := json.Unmarshal(b, &e); err != nil {
			return nil, err
		}
		return e, nil
	}}
}

// Lifted is [T] for an old version: deciders see what lift makes of it, projections may still see the old one.
func Lifted[Old, New Event](sample Old, lift func(Old) New) Type {
	t := T(sample)
	t.lift = func(e Event) Event { return lift(e.(Old)) }
	return t
}

// Catalog is every event type the program can read, by name.
type Catalog map[string]Type

// NewCatalog collects the types of all aggregates. A name given twice or badly formed is an error of the program.
func NewCatalog(lists ...[]Type) (Catalog, error) {
	c := Catalog{}
	for _, list := range lists {
		for _, t := range list {
			parts := strings.Split(t.Name, ".")
			version := 0
			if len(parts) == 3 {
				version, _ = strconv.Atoi(strings.TrimPrefix(parts[2], "v"))
			}
			if version < 1 || parts[0] == "" || parts[1] == "" || parts[2] != "v"+strconv.Itoa(version) {
				return nil, fmt.Errorf("domain: event type %q is not category.past_tense.vN", t.Name)
			}
			if _, twice := c[t.Name]; twice {
				return nil, fmt.Errorf("domain: event type %q stands twice in the catalogue", t.Name)
			}
			c[t.Name] = t
		}
	}
	return c, nil
}

// Decode reads an event as it was written. An unknown type is an error that names the type and the position.
func (c Catalog) Decode(r Record) (Event, error) {
	t, ok := c[r.Type]
	if !ok {
		return nil, fmt.Errorf("domain: unknown event type %q at position %d", r.Type, r.Position)
	}
	e, err := t.decode(r.Data)
	if err != nil {
		return nil, fmt.Errorf("domain: decode %s at position %d: %w", r.Type, r.Position, err)
	}
	return e, nil
}

// Lift carries an event of an old version up to the newest one.
func (c Catalog) Lift(e Event) Event {
	for {
		t := c[e.EventType()]
		if t.lift == nil {
			return e
		}
		e = t.lift(e)
	}
}

// StreamName is the name of an aggregate's stream: category-uuid.
func StreamName(category string, id uuid.UUID) string { return category + "-" + id.String() }

// SplitStream takes a stream name apart; ok is false for a name of another form.
func SplitStream(stream string) (category string, id uuid.UUID, ok bool) {
	category, rest, found := strings.Cut(stream, "-")
	if !found || category == "" {
		return "", uuid.Nil, false
	}
	id, err := uuid.Parse(rest)
	return category, id, err == nil && id.String() == rest
}

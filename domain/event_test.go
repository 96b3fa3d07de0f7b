package domain_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
)

// The ids and hashes below stand in logs; a change here would make every repeated command a new one and break every chain.
func TestStoredFormsNeverChange(t *testing.T) {
	command := uuid.MustParse("0197a000-0000-7000-8000-000000000001")
	for got, want := range map[string]string{
		domain.EventID(command, "case-x", 0).String():  "53ba373e-31b0-56fb-82dc-484311ae2255",
		domain.EventID(command, "case-x", 12).String(): "a9f55e31-df7e-5f6c-8340-7ebb39caa65c",
		domain.EventID(command, "case-y", 0).String():  "72f506ad-ba7c-535a-b5d6-d5991c2bbfdf",
		domain.StepID(command, "number").String():      "74d3d986-5498-5231-b732-31f66565e87b",
		domain.StreamName("case", command):             "case-0197a000-0000-7000-8000-000000000001",
		domain.Record{Stream: "case-x", Revision: 1, ID: command, Type: "case.filed.v1", Data: []byte("{}"), Metadata: []byte("{}")}.Hash(): "88a5a3644e1e93ba4684ea5db1847a7cb5f821d2cf5b7a456c37840201407c37",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	m := domain.Meta{
		Actor:      domain.Actor{Officer: command, Name: "张示例", CertNo: "苏B示例0001", Role: "officer", Organ: command},
		OccurredAt: time.Date(2026, 3, 2, 1, 5, 0, 0, time.UTC), Clock: domain.Clock{Kind: domain.ClockGNSS, UncertaintyMS: 50},
		RecordedAt: time.Date(2026, 3, 2, 1, 6, 0, 123456789, time.UTC), Device: &domain.Device{ID: command, Seq: 12},
		CommandID: command, CommandHash: "aa", CorrelationID: command, CausationID: command, SchemaVersion: domain.MetaSchema, PrevHash: "bb", LawVersion: "2026.1",
	}
	got, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	const id = `"0197a000-0000-7000-8000-000000000001"`
	want := `{"actor":{"officer":` + id + `,"name":"张示例","certNo":"苏B示例0001","role":"officer","organ":` + id + `},` +
		`"occurredAt":"2026-03-02T01:05:00Z","clock":{"kind":"gnss","uncertaintyMs":50},"recordedAt":"2026-03-02T01:06:00.123456789Z",` +
		`"device":{"id":` + id + `,"seq":12},"commandId":` + id + `,"commandHash":"aa","$correlationId":` + id + `,"$causationId":` + id + `,` +
		`"schemaVersion":1,"prevHash":"bb","lawVersion":"2026.1"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestHashCoversWhatACopyPreserves(t *testing.T) {
	r := domain.Record{Stream: "case-x", Revision: 1, Position: 5, Type: "case.filed.v1", Data: []byte("ab"), Metadata: []byte("c"), Created: time.Unix(1, 0)}
	moved := r
	moved.Position, moved.Created = 99, time.Unix(2, 0)
	if moved.Hash() != r.Hash() {
		t.Error("the hash does not survive a move to another store")
	}
	for name, change := range map[string]func(*domain.Record){
		"stream":                func(r *domain.Record) { r.Stream = "case-y" },
		"revision":              func(r *domain.Record) { r.Revision++ },
		"id":                    func(r *domain.Record) { r.ID[3] = 1 },
		"type":                  func(r *domain.Record) { r.Type = "case.filed.v2" },
		"data":                  func(r *domain.Record) { r.Data = []byte("ac") },
		"metadata":              func(r *domain.Record) { r.Metadata = []byte("d") },
		"data against metadata": func(r *domain.Record) { r.Data, r.Metadata = []byte("a"), []byte("bc") },
	} {
		other := r
		change(&other)
		if other.Hash() == r.Hash() {
			t.Errorf("a change of %s does not show in the hash", name)
		}
	}
}

func TestCatalogRefusesBadNames(t *testing.T) {
	for _, name := range []string{"case.filed.v0", "case.filed.vx", "case.filed.v01", "", "case", "case.filed", "case.filed.1", ".filed.v1", "case..v1", "case.filed.v1.x"} {
		if _, err := domain.NewCatalog([]domain.Type{{Name: name}}); err == nil || !strings.Contains(err.Error(), "is not category.past_tense.vN") {
			t.Errorf("%q: got %v", name, err)
		}
	}
	twice := []domain.Type{{Name: "case.filed.v1"}}
	if _, err := domain.NewCatalog(twice, twice); err == nil || !strings.Contains(err.Error(), "stands twice") {
		t.Errorf("a name given twice: %v", err)
	}
}

func TestSplitStream(t *testing.T) {
	id := uuid.MustParse("0197a000-0000-7000-8000-000000000001")
	if category, got, ok := domain.SplitStream(domain.StreamName("case", id)); category != "case" || got != id || !ok {
		t.Errorf("got %q, %v, %v", category, got, ok)
	}
	for _, bad := range []string{"", "case", "-0197a000-0000-7000-8000-000000000001", "case-", "case-0197a000", "case-0197A000-0000-7000-8000-00000000000A",
		"case-{0197a000-0000-7000-8000-000000000001}", "case-x-0197a000-0000-7000-8000-000000000001", "$ce-case"} {
		if category, got, ok := domain.SplitStream(bad); ok {
			t.Errorf("%q: got %q, %v", bad, category, got)
		}
	}
}

func TestRefusal(t *testing.T) {
	err := domain.RefuseByLaw("officer.two_needed", "《行政处罚法》第四十二条", "请补充执法人员。")
	if err.Error() != "officer.two_needed: 请补充执法人员。" {
		t.Errorf("got %q", err)
	}
}

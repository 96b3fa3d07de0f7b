package logtest

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/catalog"
	"shuizheng/projections"
)

// Built returns a connection to a read model of one projection, built from records.
func Built(t testing.TB, p projections.Projection, records []domain.Record) *sqlite.Conn {
	t.Helper()
	types, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	set, err := projections.NewSet(types, p)
	if err != nil {
		t.Fatal(err)
	}
	log := &Log{}
	log.Add(records...)
	path := filepath.Join(t.TempDir(), "readmodel.db")
	if err := projections.Rebuild(t.Context(), log, set, path); err != nil {
		t.Fatal(err)
	}
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	return conn
}

// Decoded reads the content of a record.
func Decoded(t testing.TB, r domain.Record) domain.Event {
	t.Helper()
	types, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	e, err := types.Decode(r)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Hostile are texts that somebody types to do harm, or by mistake.
func Hostile() []string {
	return []string{`"`, `'`, `%`, `_`, `*`, `**`, `(`, `)`, `-`, `^`, `NEAR`, `NEAR(`, `AND`, `OR NOT`, `text:采砂`, `采砂*`, `采砂" OR "`, `") OR 1=1 --`,
		`'; DROP TABLE findings_finding; --`, `<script>alert(1)</script>`, `${jndi:ldap://x}`, `../../etc/passwd`, "\x00", "采\x00砂", "\xff\xfe", "\u202e", "　", "🚤",
		`a OR b`, `{text} : x`, `"采砂`, `采砂"`, `+采砂`, `采砂 + 船`}
}

// Meta reads the envelope of a record.
func Meta(t testing.TB, r domain.Record) (m domain.Meta) {
	t.Helper()
	if err := json.Unmarshal(r.Metadata, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

package projections

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// Rebuild makes a fresh read model at path from the whole log, by the same handlers that keep the live one. The error wraps a
// [*Fault] if an event cannot be applied; the file then holds what stands before it.
func Rebuild(ctx context.Context, log Log, set *Set, path string) error {
	fingerprint, err := log.Fingerprint(ctx)
	if err != nil {
		return fmt.Errorf("projections: fingerprint of the log: %w", err)
	}
	return build(ctx, log, set, fingerprint, path, func(uint64) {})
}

func build(ctx context.Context, log Log, set *Set, fingerprint, path string, progress func(position uint64)) (err error) {
	f, err := createFile(path, set, fingerprint)
	if err != nil {
		return err
	}
	err = f.fill(ctx, log, progress)
	return errors.Join(err, f.close(), syncFile(path))
}

// fill makes a new file whole. Nothing of a half-built file is ever used, so it is written without a log of its own and without
// syncs.
func (f *file) fill(ctx context.Context, log Log, progress func(position uint64)) error {
	for _, pragma := range []string{"journal_mode = MEMORY", "synchronous = OFF"} {
		if err := sqlitex.ExecuteTransient(f.conn, "PRAGMA "+pragma, nil); err != nil {
			return err
		}
	}
	followed := f.follow(ctx, log, func() { progress(f.position) })
	if fault := (*Fault)(nil); followed != nil && !errors.As(followed, &fault) {
		return followed
	}
	return errors.Join(followed, f.index())
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("projections: sync: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("projections: sync: %w", err)
	}
	return nil
}

// Difference is one place where two read models differ.
type Difference struct {
	Table string
	Key   string // of the row, as SQL literals
	A, B  string // the row in either, "" where it is missing
}

func (d Difference) String() string { return fmt.Sprintf("%s %s: %q | %q", d.Table, d.Key, d.A, d.B) }

// maxDifferences ends a comparison that will not tell more.
const maxDifferences = 1000

// Compare reads two read models side by side, every row of every table of the projections and every entry of every full-text
// index, and names what differs: the first 1,000 differences. Equal files of different positions differ in the table "checkpoint".
func Compare(ctx context.Context, a, b string) ([]Difference, error) {
	var conns [2]*sqlite.Conn
	for i, path := range []string{a, b} {
		conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
		if err != nil {
			return nil, fmt.Errorf("projections: compare: open %s: %w", path, err)
		}
		defer func() { _ = conn.Close() }() // nothing was written on it
		conn.SetInterrupt(ctx.Done())
		if err := sqlitex.ExecuteTransient(conn, "BEGIN", nil); err != nil {
			return nil, fmt.Errorf("projections: compare: read %s: %w", path, err)
		}
		conns[i] = conn
	}
	var tables [2][]table
	for i, conn := range conns {
		var err error
		if tables[i], err = tablesOf(conn); err != nil {
			return nil, fmt.Errorf("projections: compare: %w", err)
		}
	}
	var found []Difference
	for _, t := range merge(tables[0], tables[1]) {
		if t.missing != "" {
			found = append(found, Difference{Table: t.name, Key: "table is missing in " + t.missing})
			continue
		}
		err := compareTable(conns, t.table, func(d Difference) bool {
			found = append(found, d)
			return len(found) < maxDifferences
		})
		if err != nil {
			return nil, fmt.Errorf("projections: compare %s: %w", t.name, err)
		}
		if len(found) >= maxDifferences {
			break
		}
	}
	return found, nil
}

type table struct {
	name  string
	query string // all rows, in order of the key
	keys  int    // the first columns that are the key
}

// tablesOf lists what must be equal. A full-text index is compared by its entries, because how it lays them out depends on how
// they came in.
func tablesOf(conn *sqlite.Conn) (list []table, err error) {
	var names, virtual []string
	err = Query(conn, "SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name", func(r *Row) error {
		if name := r.Text(); r.Bool() {
			virtual = append(virtual, name)
		} else {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, name := range virtual {
		vocabulary := "compare_" + name
		if err := sqlitex.ExecuteTransient(conn, fmt.Sprintf("CREATE VIRTUAL TABLE temp.%s USING fts5vocab(main, %s, instance)", vocabulary, name), nil); err != nil {
			return nil, err
		}
		list = append(list, table{name, fmt.Sprintf(`SELECT term, doc, col, "offset" FROM temp.%s`, vocabulary), 4})
	}
names:
	for _, name := range names {
		for _, v := range virtual {
			if strings.HasPrefix(name, v+"_") {
				continue names // belongs to the full-text index
			}
		}
		var keys, others []string
		err := QueryBuilt(conn, "SELECT name, pk FROM pragma_table_info(?) ORDER BY pk, cid", func(r *Row) error {
			if column := r.Text(); r.Int() > 0 {
				keys = append(keys, column)
			} else {
				others = append(others, column)
			}
			return nil
		}, name)
		if err != nil {
			return nil, err
		}
		if keys == nil {
			keys = []string{"rowid"}
		}
		all := strings.Join(append(keys[:len(keys):len(keys)], others...), ", ")
		list = append(list, table{name, "SELECT " + all + " FROM " + name + " ORDER BY " + strings.Join(keys, ", "), len(keys)})
	}
	return list, nil
}

type merged struct {
	table
	missing string
}

func merge(a, b []table) (list []merged) {
	in := func(tables []table, name string) bool {
		for _, t := range tables {
			if t.name == name {
				return true
			}
		}
		return false
	}
	for _, t := range a {
		m := merged{table: t}
		if !in(b, t.name) {
			m.missing = "b"
		}
		list = append(list, m)
	}
	for _, t := range b {
		if !in(a, t.name) {
			list = append(list, merged{t, "a"})
		}
	}
	return list
}

// row is one row of a comparison: key orders rows as SQLite does, text shows them.
type row struct {
	key       [][]byte
	keyText   string
	text      string
	available bool
}

func compareTable(conns [2]*sqlite.Conn, t table, report func(Difference) (more bool)) error {
	var statements [2]*sqlite.Stmt
	for i, conn := range conns {
		stmt, _, err := conn.PrepareTransient(t.query)
		if err != nil {
			return err
		}
		defer func() { _ = stmt.Finalize() }() // its errors came with Step
		statements[i] = stmt
	}
	var rows [2]row
	advance := [2]bool{true, true}
	for {
		for i := range rows {
			if !advance[i] {
				continue
			}
			var err error
			if rows[i], err = t.next(statements[i]); err != nil {
				return err
			}
		}
		a, b := rows[0], rows[1]
		if !a.available && !b.available {
			return nil
		}
		order := compareKeys(a, b)
		advance = [2]bool{order <= 0, order >= 0}
		d := Difference{Table: t.name}
		switch {
		case order < 0:
			d.Key, d.A = a.keyText, a.text
		case order > 0:
			d.Key, d.B = b.keyText, b.text
		case a.text != b.text:
			d.Key, d.A, d.B = a.keyText, a.text, b.text
		default:
			continue
		}
		if !report(d) {
			return nil
		}
	}
}

func (t table) next(stmt *sqlite.Stmt) (r row, err error) {
	if r.available, err = stmt.Step(); err != nil || !r.available {
		return r, err
	}
	var b strings.Builder
	for col := range stmt.ColumnCount() {
		if col == t.keys {
			r.keyText = b.String()
		}
		if col > 0 {
			b.WriteString(", ")
		}
		b.WriteString(literal(stmt, col))
		if col < t.keys {
			r.key = append(r.key, sortable(stmt, col))
		}
	}
	r.text = b.String()
	if r.keyText == "" {
		r.keyText = r.text
	}
	return r, nil
}

// sortable encodes a key column so that bytes compare as SQLite compares the values.
func sortable(stmt *sqlite.Stmt, col int) []byte {
	if stmt.ColumnType(col) == sqlite.TypeInteger {
		n := uint64(stmt.ColumnInt64(col)) ^ 1<<63
		return []byte{byte(n >> 56), byte(n >> 48), byte(n >> 40), byte(n >> 32), byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
	}
	b := make([]byte, stmt.ColumnLen(col))
	stmt.ColumnBytes(col, b)
	return b
}

func literal(stmt *sqlite.Stmt, col int) string {
	switch stmt.ColumnType(col) {
	case sqlite.TypeNull:
		return "NULL"
	case sqlite.TypeBlob:
		b := make([]byte, stmt.ColumnLen(col))
		stmt.ColumnBytes(col, b)
		return fmt.Sprintf("x'%x'", b)
	case sqlite.TypeText:
		return "'" + strings.ReplaceAll(stmt.ColumnText(col), "'", "''") + "'"
	case sqlite.TypeInteger, sqlite.TypeFloat:
	}
	return stmt.ColumnText(col)
}

func compareKeys(a, b row) int {
	switch {
	case !a.available:
		return 1
	case !b.available:
		return -1
	}
	for i := range a.key {
		if c := bytes.Compare(a.key[i], b.key[i]); c != 0 {
			return c
		}
	}
	return 0
}

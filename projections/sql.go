package projections

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"shuizheng/domain"
	"shuizheng/domain/law"
)

// Tx is the transaction in which a batch of events is applied.
type Tx struct {
	conn *sqlite.Conn
	kept map[reflect.Type]any
	ends []func() error
}

// Kept returns the T that handlers share in one transaction, made when it is first asked for. Before the commit end writes what
// has gathered in it: so that what many events add to is written once.
func Kept[T any](tx *Tx, make_ func() T, end func(*Tx, T) error) T {
	if kept, ok := tx.kept[reflect.TypeFor[T]()].(T); ok {
		return kept
	}
	kept := make_()
	if tx.kept == nil {
		tx.kept = map[reflect.Type]any{}
	}
	tx.kept[reflect.TypeFor[T]()] = kept
	tx.ends = append(tx.ends, func() error { return end(tx, kept) })
	return kept
}

// Exec runs a statement. The query text must be constant: it is prepared once and kept. Times are stored as nanoseconds since
// 1970 UTC, UUIDs as 16 bytes.
func (tx *Tx) Exec(query string, args ...any) error {
	stmt, err := tx.conn.Prepare(query)
	if err != nil {
		return err
	}
	bind(stmt, args)
	_, err = stmt.Step()
	return err
}

// Query calls row for each row; the query text must be constant.
func (tx *Tx) Query(query string, row func(*Row) error, args ...any) error {
	return Query(tx.conn, query, row, args...)
}

// Query calls row for each row of a query whose text is constant: it is prepared once for each connection and kept.
func Query(conn *sqlite.Conn, query string, row func(*Row) error, args ...any) error {
	stmt, err := conn.Prepare(query)
	if err != nil {
		return err
	}
	if err := each(stmt, args, row); err != nil {
		return err
	}
	return stmt.Reset()
}

// QueryBuilt is [Query] for a text that was put together from filters; it is not kept.
func QueryBuilt(conn *sqlite.Conn, query string, row func(*Row) error, args ...any) error {
	stmt, _, err := conn.PrepareTransient(query)
	if err != nil {
		return err
	}
	err = each(stmt, args, row)
	if e := stmt.Finalize(); err == nil {
		err = e
	}
	return err
}

func each(stmt *sqlite.Stmt, args []any, row func(*Row) error) error {
	bind(stmt, args)
	for {
		more, err := stmt.Step()
		if err != nil || !more {
			return err
		}
		if err := row(&Row{stmt: stmt}); err != nil {
			_ = stmt.Reset() // the error of row is the one that tells
			return err
		}
	}
}

func bind(stmt *sqlite.Stmt, args []any) {
	for i, arg := range args {
		n := i + 1
		switch v := arg.(type) {
		case nil:
			stmt.BindNull(n)
		case string:
			stmt.BindText(n, v)
		case int64:
			stmt.BindInt64(n, v)
		case int:
			stmt.BindInt64(n, int64(v))
		case uint64:
			stmt.BindInt64(n, int64(v))
		case bool:
			stmt.BindBool(n, v)
		case []byte:
			stmt.BindBytes(n, v)
		case uuid.UUID:
			stmt.BindBytes(n, v[:])
		case time.Time:
			stmt.BindInt64(n, instant(v))
		default: // named strings: dates, kinds, statuses
			rv := reflect.ValueOf(arg)
			if rv.Kind() != reflect.String {
				panic(fmt.Sprintf("projections: cannot bind %T", arg))
			}
			stmt.BindText(n, rv.String())
		}
	}
}

// instant is a time as it is stored. What an int64 cannot hold, before 1678 or after 2261, becomes the nearest it can: nothing
// in this system happened then, and a nonsensical time of one record must not stop all others.
func instant(t time.Time) int64 {
	switch year := t.Year(); {
	case year < 1678:
		return math.MinInt64
	case year > 2261:
		return math.MaxInt64
	}
	return t.UnixNano()
}

// Row reads the columns of a result from left to right.
type Row struct {
	stmt *sqlite.Stmt
	col  int
}

func (r *Row) next() int {
	r.col++
	return r.col - 1
}

// Text reads a text, "" for NULL.
func (r *Row) Text() string { return r.stmt.ColumnText(r.next()) }

// Int reads an integer, 0 for NULL.
func (r *Row) Int() int64 { return r.stmt.ColumnInt64(r.next()) }

// Bool reads a truth value.
func (r *Row) Bool() bool { return r.stmt.ColumnBool(r.next()) }

// Bytes reads a blob into fresh memory, nil for NULL.
func (r *Row) Bytes() []byte {
	col := r.next()
	n := r.stmt.ColumnLen(col)
	if n == 0 {
		return nil
	}
	b := make([]byte, n)
	r.stmt.ColumnBytes(col, b)
	return b
}

// UUID reads a UUID, uuid.Nil for NULL.
func (r *Row) UUID() (id uuid.UUID) {
	r.stmt.ColumnBytes(r.next(), id[:])
	return id
}

// OptionalUUID reads a UUID, nil for NULL.
func (r *Row) OptionalUUID() *uuid.UUID {
	if r.stmt.ColumnIsNull(r.col) {
		r.next()
		return nil
	}
	id := r.UUID()
	return &id
}

// Time reads a time in UTC.
func (r *Row) Time() time.Time { return time.Unix(0, r.stmt.ColumnInt64(r.next())).UTC() }

// OptionalTime reads a time in UTC, nil for NULL.
func (r *Row) OptionalTime() *time.Time {
	if r.stmt.ColumnIsNull(r.col) {
		r.next()
		return nil
	}
	t := r.Time()
	return &t
}

// Where collects the conditions of a query and their arguments. Only arguments come from users.
type Where struct {
	conditions []string
	Args       []any
	searches   bool
	text       string
}

// Add adds a condition with one ? for each argument.
func (w *Where) Add(condition string, args ...any) {
	w.conditions = append(w.conditions, condition)
	w.Args = append(w.Args, args...)
}

// Equal adds column = value unless the value is empty.
func (w *Where) Equal(column, value string) {
	if value != "" {
		w.Add(column+" = ?", value)
	}
}

// Among adds column IN (values) unless there are no values.
func Among[T any](w *Where, column string, values []T) {
	switch len(values) {
	case 0:
	case 1:
		w.Add(column+" = ?", values[0])
	default:
		args := make([]any, len(values))
		for i, v := range values {
			args[i] = v
		}
		w.Add(column+" IN (?"+strings.Repeat(", ?", len(values)-1)+")", args...)
	}
}

// Search adds a full-text search, for [Select]. Text without anything to search for, signs only, finds nothing; an empty text or
// one of spaces is no search.
func (w *Where) Search(text string) {
	w.text, w.searches = text, strings.TrimSpace(text) != ""
}

// String is the WHERE clause, empty without conditions.
func (w *Where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// KindsOf lists the kinds of a group, "sand" or "shoreline"; of another name, a kind that no finding has.
func KindsOf(group string) []law.Kind {
	var list []law.Kind
	for _, k := range law.Kinds() {
		if strings.HasPrefix(string(k.Code), group+".") {
			list = append(list, k.Code)
		}
	}
	if list == nil {
		list = []law.Kind{"none"}
	}
	return list
}

// DayBegins is the first instant of a civil date in Beijing, as stored.
func DayBegins(day law.Date) int64 {
	t, err := time.ParseInLocation(time.DateOnly, string(day), law.Beijing())
	if err != nil {
		return math.MaxInt64 // no day: nothing is on or after it
	}
	return instant(t)
}

// DayEnds is the first instant after a civil date in Beijing, as stored.
func DayEnds(day law.Date) int64 {
	t, err := time.ParseInLocation(time.DateOnly, string(day), law.Beijing())
	if err != nil {
		return math.MinInt64
	}
	return instant(t.AddDate(0, 0, 1))
}

// Subject is the id of the aggregate whose stream a record stands in.
func Subject(r domain.Record) (uuid.UUID, error) {
	_, id, ok := domain.SplitStream(r.Stream)
	if !ok {
		return id, fmt.Errorf("stream %q is not category-uuid", r.Stream)
	}
	return id, nil
}

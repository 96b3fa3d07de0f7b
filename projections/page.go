package projections

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"

	"zombiezen.com/go/sqlite"
)

// Errors of a query that its sender can correct. Compare with errors.Is.
var (
	// ErrCursor says that a cursor is not one of ours, or was given out for another query or another sort.
	ErrCursor = errors.New("projections: cursor does not belong to this query")
	// ErrSort says that a list cannot be sorted that way.
	ErrSort = errors.New("projections: unknown sort")
)

// Page sizes of lists.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// Page says which part of a list is wanted: the zero value is the first page in the usual order.
type Page struct {
	Sort   string // one of the list's sorts, "" for its first
	Cursor string // Next of the page before, "" for the first page
	Limit  int    // rows, at most [MaxLimit]; 0 means [DefaultLimit]
}

// List is a page of rows.
type List[T any] struct {
	Items []T
	Next  string // cursor of the next page, "" at the end
	Total *int64 // rows of all pages; on the first page only
}

// Sort is one order of a list. Ties are broken by the row number, so that paging never repeats or misses a row.
type Sort struct {
	Name   string
	Column string // indexed, never NULL
	Desc   bool
	Text   bool // the column holds text, not integers
}

// Table describes a list to [Select].
type Table[T any] struct {
	From    string // table, and joins that change no number of rows
	Number  string // unique integer column
	Columns string
	Sorts   []Sort // first is the default
	Scan    func(*Row) (T, error)
}

// SortNames lists the sorts of a table, the default first.
func SortNames[T any](t Table[T]) []string {
	names := make([]string, len(t.Sorts))
	for i, s := range t.Sorts {
		names[i] = s.Name
	}
	return names
}

// cursor is what stands in a cursor. Query ties it to the filters it was made under.
type cursor struct {
	Version int    `json:"v"`
	Sort    string `json:"s"`
	Query   uint64 `json:"q"`
	Text    string `json:"t,omitempty"`
	Int     int64  `json:"i,omitempty"`
	Number  int64  `json:"n"`
}

const cursorVersion = 1

// Select reads one page of the rows that meet the conditions.
func Select[T any](conn *sqlite.Conn, t Table[T], w Where, p Page) (List[T], error) {
	var list List[T]
	sort, err := t.sort(p.Sort)
	if err != nil {
		return list, err
	}
	mark := w.mark()
	if p.Cursor == "" {
		n, err := count(conn, "SELECT count(*) FROM "+t.From+w.String(), w.Args)
		if err != nil {
			return list, err
		}
		list.Total = &n
	}
	order, compare := "", ">"
	if sort.Desc {
		order, compare = " DESC", "<"
	}
	page := Where{slices.Clone(w.conditions), slices.Clone(w.Args)}
	if p.Cursor != "" {
		c, err := parseCursor(p.Cursor, sort, mark)
		if err != nil {
			return list, err
		}
		var value any = c.Int
		if sort.Text {
			value = c.Text
		}
		page.Add(fmt.Sprintf("(%s, %s) %s (?, ?)", sort.Column, t.Number, compare), value, c.Number)
	}
	limit := p.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	limit = min(limit, MaxLimit)

	query := "SELECT " + sort.Column + ", " + t.Number + ", " + t.Columns + " FROM " + t.From + page.String() +
		" ORDER BY " + sort.Column + order + ", " + t.Number + order + " LIMIT ?"
	last, more := cursor{Version: cursorVersion, Sort: sort.Name, Query: mark}, false
	list.Items = make([]T, 0, limit)
	err = QueryBuilt(conn, query, func(r *Row) error {
		if len(list.Items) == limit {
			more = true
			return nil
		}
		if sort.Text {
			last.Text = r.Text()
		} else {
			last.Int = r.Int()
		}
		last.Number = r.Int()
		item, err := t.Scan(r)
		list.Items = append(list.Items, item)
		return err
	}, append(page.Args, limit+1)...)
	if more {
		list.Next = last.String()
	}
	return list, err
}

func (t Table[T]) sort(name string) (Sort, error) {
	if name == "" {
		return t.Sorts[0], nil
	}
	i := slices.IndexFunc(t.Sorts, func(s Sort) bool { return s.Name == name })
	if i < 0 {
		return Sort{}, fmt.Errorf("%w %q", ErrSort, name)
	}
	return t.Sorts[i], nil
}

// mark is a hash of the conditions: a cursor continues the query it came from and no other.
func (w *Where) mark() uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %q", w.conditions, w.Args)
	return h.Sum64()
}

func count(conn *sqlite.Conn, query string, args []any) (n int64, err error) {
	err = QueryBuilt(conn, query, func(r *Row) error {
		n = r.Int()
		return nil
	}, args...)
	return n, err
}

func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and integers always encode
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor(text string, sort Sort, mark uint64) (cursor, error) {
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(b, &c) != nil {
		return c, fmt.Errorf("%w: unreadable", ErrCursor)
	}
	if c.Version != cursorVersion || c.Sort != sort.Name || c.Query != mark {
		return c, fmt.Errorf("%w: made for another sort or filter", ErrCursor)
	}
	return c, nil
}

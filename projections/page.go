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
	Total *int64 // rows of all pages; on the first page only, and not when so many texts match that counting would take too long
}

// Sort is one order of a list. Ties are broken by the row number, so that paging never repeats or misses a row.
type Sort struct {
	Name   string
	Column string // never NULL
	Desc   bool
	Text   bool // the column holds text, not integers
}

// Table describes a list to [Select].
type Table[T any] struct {
	From    string // one table
	Number  string // its rowid
	Via     string // another table, walked first: its order is that of the sorts, and it holds the same numbers. "" for none
	Columns string
	Sorts   []Sort // first is the default
	Scan    func(*Row) (T, error)
	Search  string // full-text index with the same rowids, "" for none
	// Uncounted leaves Total to the caller.
	Uncounted bool

	// Index names the index to walk for a filter and the column of a sort, or for counting, when column is ""; it returns "" to
	// leave that to SQLite. SQLite knows nothing of how many rows a value has, and its guesses can cost a hundredfold.
	Index func(column string) string
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

// fewHits is up to how many texts that match are looked up one by one. Where more match, the list is walked in its order until a
// page is full, which is soon.
const fewHits = 10_000

// Select reads one page of the rows that meet the conditions.
func Select[T any](conn *sqlite.Conn, t Table[T], w Where, p Page) (List[T], error) {
	list := List[T]{Items: []T{}}
	sort, err := t.sort(p.Sort)
	if err != nil {
		return list, err
	}
	at := cursor{Version: cursorVersion, Sort: sort.Name, Query: w.mark()}
	table := t.From
	if t.Via != "" {
		table = t.Via + " CROSS JOIN " + t.From
	}
	from := func(column string) string {
		if t.Index != nil {
			if index := t.Index(column); index != "" {
				return table + " INDEXED BY " + index
			}
		}
		return table
	}
	common := ""
	if w.searches {
		match := Match(w.text)
		n, err := hits(conn, t.Search, match)
		switch {
		case err != nil:
			return list, err
		case n == 0:
			w.Add("0")
		case n <= fewHits:
			w.Add(t.Number+" IN (SELECT rowid FROM "+t.Search+" WHERE "+t.Search+" MATCH ?)", match)
		default:
			common = match
		}
		if common == "" {
			from = func(string) string { return table + " NOT INDEXED" }
		}
	}
	if p.Cursor == "" && common == "" && !t.Uncounted {
		n, err := count(conn, "SELECT count(*) FROM "+from("")+w.String(), w.Args)
		if err != nil {
			return list, err
		}
		list.Total = &n
	}
	if p.Cursor != "" {
		if at, err = parseCursor(p.Cursor, at); err != nil {
			return list, err
		}
	}
	limit := p.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	limit = min(limit, MaxLimit)

	add := func(key cursor, r *Row) error {
		if len(list.Items) == limit {
			list.Next = at.String()
			return errFull
		}
		at.Text, at.Int, at.Number = key.Text, key.Int, key.Number
		item, err := t.Scan(r)
		list.Items = append(list.Items, item)
		return err
	}
	walk := walk{conn, from(sort.Column), t.Number, w, sort}
	if common != "" {
		err = walk.matching(at, p.Cursor != "", t.Search, common, limit, func(key cursor) error {
			return Query(conn, "SELECT "+t.Columns+" FROM "+t.From+" WHERE "+t.Number+" = ?", func(r *Row) error { return add(key, r) }, key.Number)
		})
	} else {
		err = walk.rows(at, p.Cursor != "", t.Columns, limit+1, add)
	}
	if errors.Is(err, errFull) {
		err = nil
	}
	return list, err
}

var errFull = errors.New("projections: page is full")

// walk goes through the rows of a list in the order of a sort.
type walk struct {
	conn   *sqlite.Conn
	from   string
	number string
	where  Where
	sort   Sort
}

// rows calls row for at most limit rows from the first, or from behind a cursor.
func (v walk) rows(at cursor, behind bool, columns string, limit int, row func(key cursor, r *Row) error) error {
	order, compare := "", ">"
	if v.sort.Desc {
		order, compare = " DESC", "<"
	}
	w := Where{conditions: slices.Clone(v.where.conditions), Args: slices.Clone(v.where.Args)}
	if behind {
		var value any = at.Int
		if v.sort.Text {
			value = at.Text
		}
		w.Add(fmt.Sprintf("(%s, %s) %s (?, ?)", v.sort.Column, v.number, compare), value, at.Number)
	}
	query := "SELECT " + v.sort.Column + ", " + v.number + ", " + columns + " FROM " + v.from + w.String() +
		" ORDER BY " + v.sort.Column + order + ", " + v.number + order + " LIMIT ?"
	return QueryBuilt(v.conn, query, func(r *Row) error {
		key := at
		if v.sort.Text {
			key.Text = r.Text()
		} else {
			key.Int = r.Int()
		}
		key.Number = r.Int()
		return row(key, r)
	}, append(w.Args, limit)...)
}

// matching calls row for the rows whose text matches, when many do. It takes pieces of the walk and asks the index, once for each,
// which of them match: in most orders the rows of a piece were written about the same time, so that only a small part of the index
// is read.
func (v walk) matching(at cursor, behind bool, index, match string, first int, row func(key cursor) error) error {
	for size := 2 * first; ; size *= 2 {
		var piece []cursor
		if err := v.rows(at, behind, v.number, size, func(key cursor, _ *Row) error {
			piece = append(piece, key)
			return nil
		}); err != nil || len(piece) == 0 {
			return err
		}
		low, high := piece[0].Number, piece[0].Number
		for _, key := range piece {
			low, high = min(low, key.Number), max(high, key.Number)
		}
		matches := map[int64]bool{}
		err := Query(v.conn, "SELECT rowid FROM "+index+" WHERE "+index+" MATCH ? AND rowid BETWEEN ? AND ?", func(r *Row) error {
			matches[r.Int()] = true
			return nil
		}, match, low, high)
		if err != nil {
			return err
		}
		for _, key := range piece {
			if matches[key.Number] {
				if err := row(key); err != nil {
					return err
				}
			}
		}
		if len(piece) < size {
			return nil
		}
		at, behind = piece[len(piece)-1], true
	}
}

// hits counts the texts that match, up to one more than fewHits.
func hits(conn *sqlite.Conn, index, match string) (n int64, err error) {
	if match == "" {
		return 0, nil
	}
	return count(conn, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s MATCH ? LIMIT %d)", index, index, fewHits+1), []any{match})
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
	fmt.Fprintf(h, "%q %q %q", w.conditions, w.Args, w.text)
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

// parseCursor reads a cursor that must be of the same version, sort and query as another.
func parseCursor(text string, same cursor) (cursor, error) {
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(b, &c) != nil {
		return c, fmt.Errorf("%w: unreadable", ErrCursor)
	}
	if c.Version != same.Version || c.Sort != same.Sort || c.Query != same.Query {
		return c, fmt.Errorf("%w: made for another sort or filter", ErrCursor)
	}
	return c, nil
}

package logtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"shuizheng/projections"
)

// Seeded returns chance that can be repeated: its seed is printed, and taken from SEED if that is set.
func Seeded(t testing.TB) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("SEED"); text != "" {
		if _, err := fmt.Sscan(text, &seed); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 2))
}

// Pages reads a list to its end in pages of a size, and checks what holds for every list: pages are full except the last, only
// the first tells the total, and a cursor is refused under another sort, other filters and after any change to it. other reads
// the same list under another filter.
func Pages[T any](t testing.TB, size int, sort, otherSort string, read, other func(projections.Page) (projections.List[T], error)) []T {
	t.Helper()
	var all []T
	cursor := ""
	for page := 0; ; page++ {
		list, err := read(projections.Page{Sort: sort, Cursor: cursor, Limit: size})
		if err != nil {
			t.Fatalf("page %d: %v", page, err)
		}
		if (list.Total != nil) != (page == 0) {
			t.Fatalf("page %d: total %v", page, list.Total)
		}
		if list.Items == nil || len(list.Items) > size || list.Next != "" && len(list.Items) != size {
			t.Fatalf("page %d: %d items, next %q", page, len(list.Items), list.Next)
		}
		all = append(all, list.Items...)
		if cursor = list.Next; cursor == "" {
			if list.Total != nil && *list.Total != int64(len(all)) {
				t.Fatalf("total %d of %d", *list.Total, len(all))
			}
			return all
		}
		if page == 0 {
			for what, err := range map[string]error{
				"another sort":   second(read(projections.Page{Sort: otherSort, Cursor: cursor})),
				"another filter": second(other(projections.Page{Sort: sort, Cursor: cursor})),
				"a cut cursor":   second(read(projections.Page{Sort: sort, Cursor: cursor[1:]})),
				"garbage":        second(read(projections.Page{Sort: sort, Cursor: "'; DROP TABLE x"})),
				"no JSON":        second(read(projections.Page{Sort: sort, Cursor: "AAAA"})),
			} {
				if !errors.Is(err, projections.ErrCursor) {
					t.Errorf("cursor under %s: %v", what, err)
				}
			}
			if err := second(read(projections.Page{Sort: "n; DROP TABLE x"})); !errors.Is(err, projections.ErrSort) {
				t.Errorf("unknown sort: %v", err)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

// One returns a choice.
func One[T any](random *rand.Rand, choices []T) T { return choices[random.IntN(len(choices))] }

// Some returns some of the choices, most often none.
func Some[T any](random *rand.Rand, choices []T) (some []T) {
	if random.IntN(3) > 0 {
		return nil
	}
	for range 1 + random.IntN(3) {
		some = append(some, One(random, choices))
	}
	return some
}

// Piece cuts a few characters out of a text, as somebody would type them to find it.
func Piece(random *rand.Rand, text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	from := random.IntN(len(runes) - n)
	return string(slices.Clone(runes[from : from+n]))
}

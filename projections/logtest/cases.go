package logtest

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/law"
)

// Cases is a log of nothing but cases, as long as wanted, that is made while it is read and kept nowhere: for measuring large
// ledgers. It can only be read from the front.
type Cases struct {
	random  *rand.Rand
	events  int // to be made
	begin   []domain.Record
	filings []casefile.Filed // what cases are varied from
	meta    []byte
	open    []uuid.UUID
	made    int
	recent  []domain.Record
}

// NewCases makes a log of about n cases, of which most are closed.
func NewCases(n int) *Cases {
	h := NewHistory(1)
	c := &Cases{random: rand.New(rand.NewPCG(1, 1)), events: 2 * n, begin: slices.Clone(h.Records())}
	for _, r := range h.Grow(20_000) {
		if r.Type != (casefile.Filed{}).EventType() {
			continue
		}
		var f casefile.Filed
		if err := json.Unmarshal(r.Data, &f); err != nil {
			panic(err)
		}
		c.filings, c.meta = append(c.filings, f), r.Metadata
	}
	return c
}

// Fingerprint is always the same.
func (c *Cases) Fingerprint(context.Context) (string, error) { return "cases", nil }

// ReadAll goes on where the last call ended, or a little before.
func (c *Cases) ReadAll(_ context.Context, after uint64, limit int) iter.Seq2[domain.Record, error] {
	return func(yield func(domain.Record, error) bool) {
		n := 0
		for _, r := range c.recent {
			if r.Position <= after {
				continue
			}
			if n++; !yield(r, nil) || n == limit {
				return
			}
		}
		for ; n < limit && c.made < c.events; n++ {
			if len(c.recent) == 100_000 {
				c.recent = slices.Clone(c.recent[50_000:])
			}
			r := c.next()
			c.recent = append(c.recent, r)
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (c *Cases) next() (r domain.Record) {
	if len(c.begin) > 0 {
		r, c.begin = c.begin[0], c.begin[1:]
		return r
	}
	c.made++
	at := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(c.made) * time.Minute)
	r = domain.Record{Position: 1<<32 + uint64(c.made)*10, ID: uuid.New(), Metadata: c.meta}
	var e domain.Event
	if len(c.open) > 200 && c.made%2 == 0 {
		i := c.random.IntN(len(c.open))
		r.Stream, r.Revision = domain.StreamName("case", c.open[i]), 1
		c.open = slices.Delete(c.open, i, i+1)
		e = casefile.Closed{Ground: "withdrawn", Note: "案件办理完毕", ClosedAt: at}
	} else {
		f := c.filings[c.random.IntN(len(c.filings))]
		f.FiledAt, f.Number = at, fmt.Sprintf("水%s立〔%d〕%d号", f.District[4:], at.Year(), c.made)
		name := c.name()
		f.Filing.Title, f.Filing.Parties = name+"未经批准案", []law.Party{{Kind: "person", Name: name}}
		id := uuid.Must(uuid.NewV7())
		c.open = append(c.open, id)
		r.Stream = domain.StreamName("case", id)
		e = f
	}
	data, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	r.Type, r.Data = e.EventType(), data
	return r
}

func (c *Cases) name() string {
	family := []rune("张王李赵周吴郑陈孙钱徐沈韩杨朱秦许何吕施孔曹严华金魏陶姜谢邹喻柏水章云苏潘葛范彭")
	given := []rune("伟敏静军建国志强明红丽华平勇杰涛超霞刚毅斌波辉鹏飞")
	return string([]rune{family[c.random.IntN(len(family))], given[c.random.IntN(len(given))], given[c.random.IntN(len(given))]})
}

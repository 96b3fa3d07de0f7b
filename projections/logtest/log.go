// Package logtest is for tests: a log in memory, and histories that look like real ones.
package logtest

import (
	"context"
	"fmt"
	"iter"
	"sort"
	"sync"

	"shuizheng/domain"
)

// Log is a log in memory. The zero value is empty and ready.
type Log struct {
	mu      sync.Mutex
	records []domain.Record
	name    string
	grown   chan struct{}
	down    error
}

// Add appends records as they are; their positions must grow.
func (l *Log) Add(records ...domain.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range records {
		if n := len(l.records); n > 0 && l.records[n-1].Position >= r.Position {
			panic(fmt.Sprintf("logtest: position %d after %d", r.Position, l.records[n-1].Position))
		}
		l.records = append(l.records, r)
	}
	if l.grown != nil {
		close(l.grown)
		l.grown = nil
	}
}

// Rename gives the log another fingerprint.
func (l *Log) Rename(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.name = name
}

// Replace puts another history in the place of the present one.
func (l *Log) Replace(records []domain.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records = append([]domain.Record(nil), records...)
}

// Break makes every call fail until it is called with nil.
func (l *Log) Break(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = err
}

// Records returns what the log holds.
func (l *Log) Records() []domain.Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.records[:len(l.records):len(l.records)]
}

// Last is the position of the last record, 0 for none.
func (l *Log) Last() uint64 {
	records := l.Records()
	if len(records) == 0 {
		return 0
	}
	return records[len(records)-1].Position
}

// Fingerprint is the name given by Rename, empty while the log is.
func (l *Log) Fingerprint(context.Context) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.records) == 0 {
		return "", l.down
	}
	return "logtest " + l.name, l.down
}

// ReadAll yields at most limit records with a position above after.
func (l *Log) ReadAll(ctx context.Context, after uint64, limit int) iter.Seq2[domain.Record, error] {
	return func(yield func(domain.Record, error) bool) {
		l.mu.Lock()
		records, down := l.records, l.down
		l.mu.Unlock()
		if down != nil {
			yield(domain.Record{}, down)
			return
		}
		from := sort.Search(len(records), func(i int) bool { return records[i].Position > after })
		for n, r := range records[from:] {
			if n == limit {
				return
			}
			if ctx.Err() != nil {
				yield(domain.Record{}, ctx.Err())
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Follow yields the records with a position above after, and then those that are added, until ctx ends or the log breaks.
func (l *Log) Follow(ctx context.Context, after uint64) iter.Seq2[domain.Record, error] {
	return func(yield func(domain.Record, error) bool) {
		for {
			l.mu.Lock()
			if l.grown == nil {
				l.grown = make(chan struct{})
			}
			grown := l.grown
			l.mu.Unlock()
			for r, err := range l.ReadAll(ctx, after, 1<<30) {
				if !yield(r, err) || err != nil {
					return
				}
				after = r.Position
			}
			select {
			case <-grown:
			case <-ctx.Done():
				yield(domain.Record{}, ctx.Err())
				return
			}
		}
	}
}

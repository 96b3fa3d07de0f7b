package identity

import (
	"sync"
	"time"
)

// recent keeps what was just read of accounts and sessions, since every request asks for both. A write by this store makes all of
// it old at once; one by another process on the same file is seen within recentFor.
type recent[K comparable, V any] struct {
	mu      sync.Mutex
	entries map[K]entry[V]
}

type entry[V any] struct {
	value  V
	writes uint64 // of the store, before the value was read
	readAt time.Time
}

const (
	recentFor  = time.Second
	recentMost = 4096 // entries; then all are let go
)

func (r *recent[K, V]) get(key K, writes uint64) (value V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, known := r.entries[key]
	if !known || e.writes != writes || time.Since(e.readAt) > recentFor {
		return value, false
	}
	return e.value, true
}

func (r *recent[K, V]) put(key K, writes uint64, value V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.entries == nil || len(r.entries) >= recentMost {
		r.entries = map[K]entry[V]{}
	}
	r.entries[key] = entry[V]{value, writes, time.Now()}
}

package projections

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// readers is a pool of connections that read one file.
type readers struct {
	free chan *sqlite.Conn
	shut chan struct{}
	size int
}

const (
	readerCacheKiB = 16 << 10
	readerMmap     = 2 << 30 // bytes; pages of the file cache, not of the heap
)

func newReaders(path string, size int) (*readers, error) {
	r := &readers{free: make(chan *sqlite.Conn, size), shut: make(chan struct{})}
	for range size {
		conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite) // reading a write-ahead log writes its index, and it may fold it back
		if err == nil {
			for _, pragma := range []string{
				fmt.Sprintf("cache_size = -%d", readerCacheKiB), fmt.Sprintf("mmap_size = %d", readerMmap), "temp_store = MEMORY", "synchronous = NORMAL",
			} {
				err = errors.Join(err, sqlitex.ExecuteTransient(conn, "PRAGMA "+pragma, nil))
			}
			r.free <- conn
			r.size++
		}
		if err != nil {
			r.close()
			return nil, fmt.Errorf("projections: open %s for reading: %w", path, err)
		}
	}
	return r, nil
}

// with lends a connection. When ctx ends, what runs on it is interrupted.
func (r *readers) with(ctx context.Context, f func(*sqlite.Conn) error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case <-r.shut:
		return ErrNotReady
	default:
	}
	var conn *sqlite.Conn
	select {
	case conn = <-r.free:
	case <-r.shut:
		return ErrNotReady
	case <-ctx.Done():
		return ctx.Err()
	}
	conn.SetInterrupt(ctx.Done())
	defer func() {
		conn.SetInterrupt(nil)
		r.free <- conn
	}()
	err := f(conn)
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func readIn(conn *sqlite.Conn, f func(*sqlite.Conn, uint64) error) (err error) {
	if err := sqlitex.Execute(conn, "BEGIN", nil); err != nil {
		return err
	}
	defer func() {
		conn.SetInterrupt(nil) // or the end of the transaction would be interrupted too
		err = errors.Join(err, sqlitex.Execute(conn, "ROLLBACK", nil))
	}()
	c, err := readCheckpoint(conn)
	if err != nil {
		return err
	}
	return f(conn, c.position)
}

// close waits for those who read and closes all connections.
func (r *readers) close() {
	close(r.shut)
	for range r.size {
		conn := <-r.free
		_ = conn.Close() // nothing was written on it
	}
}

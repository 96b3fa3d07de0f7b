package eventstore_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"shuizheng/domain"
	"shuizheng/eventstore"
	"shuizheng/eventstore/embedded"
	"shuizheng/eventstore/storetest"
)

// The same measured over the official client and within the process, which is what the protocol costs. Events have about
// 1 KiB, and every append waits for the disk.
func BenchmarkLog(b *testing.B) {
	s, err := embedded.Open(b.Context(), embedded.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	c, err := eventstore.Open(b.Context(), eventstore.Options{Address: s.Address(), Credential: s.Credential()})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	logs := []struct {
		name string
		log  storetest.Log
	}{{"client", c}, {"direct", s.Direct()}}
	for _, writers := range []int{1, 16, 64} {
		for _, l := range logs {
			b.Run(fmt.Sprintf("Append/%s/writers=%d", l.name, writers), func(b *testing.B) { benchmarkAppend(b, l.log, writers) })
		}
	}
	for _, l := range logs {
		b.Run("ReadStream20/"+l.name, func(b *testing.B) { benchmarkReadStream(b, l.log) })
		b.Run("ReadAll/"+l.name, func(b *testing.B) { benchmarkReadAll(b, l.log) })
		b.Run("AppendToSubscriber/"+l.name, func(b *testing.B) { benchmarkSubscriber(b, l.log) })
	}
}

func kilobyte() []domain.Proposed {
	return []domain.Proposed{{
		ID: uuid.New(), Type: "storetest.measured.v1",
		Data:     fmt.Appendf(nil, `{"text":"%s"}`, bytes.Repeat([]byte("水政"), 100)),
		Metadata: fmt.Appendf(nil, `{"hash":"%s"}`, bytes.Repeat([]byte("0123456789abcdef"), 20)),
	}}
}

func benchmarkAppend(b *testing.B, log storetest.Log, writers int) {
	var left, took atomic.Int64
	left.Store(int64(b.N))
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			stream := storetest.Stream()
			for expected := domain.NoStream; left.Add(-1) >= 0; expected++ {
				began := time.Now()
				if _, err := log.Append(b.Context(), stream, expected, kilobyte()); err != nil {
					b.Error(err)
					return
				}
				took.Add(int64(time.Since(began)))
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
	b.ReportMetric(float64(took.Load())/float64(b.N)/1e6, "ms/append")
}

func benchmarkReadStream(b *testing.B, log storetest.Log) {
	stream := storetest.Stream()
	for i := range 20 {
		if _, err := log.Append(b.Context(), stream, domain.Expected(i-1), kilobyte()); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if got, err := storetest.Collect(log.ReadStream(b.Context(), stream)); len(got) != 20 || err != nil {
			b.Fatal(len(got), err)
		}
	}
}

func benchmarkReadAll(b *testing.B, log storetest.Log) {
	events := 0
	for b.Loop() {
		for _, err := range log.ReadAll(b.Context(), 0, 20_000) {
			if err != nil {
				b.Fatal(err)
			}
			events++
		}
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}

func benchmarkSubscriber(b *testing.B, log storetest.Log) {
	head, err := log.Head(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	seen := make(chan uint64)
	go func() {
		for step, err := range log.SubscribeAll(ctx, head) {
			if err != nil {
				return
			}
			if step.Record != nil {
				seen <- step.Position
			}
		}
	}()
	stream := storetest.Stream()
	for i := 0; b.Loop(); i++ {
		position, err := log.Append(b.Context(), stream, domain.Expected(i-1), kilobyte())
		if err != nil {
			b.Fatal(err)
		}
		if at := <-seen; at != position {
			b.Fatalf("seen %d, appended %d", at, position)
		}
	}
}

package relay

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"shuizheng/domain"
)

// Feed lets a read model hear what a relay publishes.
type Feed struct{ Conn *nats.Conn }

// Follow delivers every event that is published from the call of ready on, until ctx ends or the consumer is disturbed; then it
// is to be called again. A message that cannot be read is delivered with an empty fingerprint.
func (f Feed) Follow(ctx context.Context, ready func(), deliver func(r domain.Record, previous uint64, log string)) error {
	js, err := jetstream.New(f.Conn)
	if err != nil {
		return fmt.Errorf("relay: %w", err)
	}
	ask, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	consumer, err := js.OrderedConsumer(ask, Stream, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverNewPolicy, MaxResetAttempts: 1})
	if err != nil {
		return fmt.Errorf("relay: consumer of %s: %w", Stream, err)
	}
	disturbed := make(chan error, 1)
	consuming, err := consumer.Consume(func(msg jetstream.Msg) {
		m, err := Unpack(msg.Headers(), msg.Data())
		if err != nil {
			m = Message{}
		}
		deliver(m.Record, m.Previous, m.Log)
	}, jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
		select {
		case disturbed <- err:
		default:
		}
	}))
	if err != nil {
		return fmt.Errorf("relay: consume %s: %w", Stream, err)
	}
	defer func() {
		consuming.Stop()
		<-consuming.Closed()
	}()
	ready()
	select {
	case err := <-disturbed:
		return fmt.Errorf("relay: consumer of %s: %w", Stream, err)
	case <-consuming.Closed():
		return errors.New("relay: consumer closed")
	case <-ctx.Done():
		return ctx.Err()
	}
}

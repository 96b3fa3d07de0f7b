package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// newMetrics exposes how far log, relay and projections are. Positions are opaque but ordered: equal ones mean caught up.
func (h *house) newMetrics() http.Handler {
	reg := prometheus.NewRegistry()
	gauge := func(name, help string, value func() float64) {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "shuizheng", Name: name, Help: help}, value))
	}
	flag := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	gauge("log_position", "Position of the last event of the log; -1 when the log cannot be reached.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		head, err := h.log.Head(ctx)
		if err != nil {
			return -1
		}
		return float64(head)
	})
	gauge("relay_position", "Position of the last event that NATS has acknowledged.", func() float64 { return float64(h.relay.Status().Position) })
	gauge("relay_connected", "1 when NATS can be reached.", func() float64 { return flag(h.relay.Status().Connected) })
	gauge("projections_position", "Position the read models are true for.", func() float64 { return float64(h.runner.Status().Position) })
	gauge("projections_caught_up", "1 when the read models have reached the end of the log.", func() float64 { return flag(h.runner.Status().CaughtUp) })
	gauge("projections_stopped", "1 when an event cannot be applied.", func() float64 { return flag(h.runner.Status().Fault != nil) })
	gauge("ready", "1 when /readyz answers 200.", func() float64 { return flag(len(h.notReady()) == 0) })
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
}

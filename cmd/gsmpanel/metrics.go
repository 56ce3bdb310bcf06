package main

import (
	"context"

	"github.com/gsmpanel/gsmpanel/metrics"
	"github.com/gsmpanel/gsmpanel/panel"
)

// metricsPage is what a Prometheus on the same board may see of the panel.
func metricsPage(p *panel.Panel) *metrics.Page {
	return metrics.NewPage(thisBuild(), func() panel.Outward {
		o, _ := p.Outward(context.Background()) // of a panel in this program it never fails
		return o
	})
}

// showMetrics never fails: the alarm does not hang on who looks at it.
func (d *daemon) showMetrics(ctx context.Context) error {
	metrics.Serve(ctx, d.options.Metrics, metricsPage(d.panel), d.log)
	return nil
}

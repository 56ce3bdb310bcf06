// Package metrics shows a Prometheus on the same board how the panel stands: one
// page of numbers at an address of the loopback interface.
//
// # What it is made of
//
// [panel.Outward] alone, which `status` shows too, and in which nothing sealed can
// stand. But who reads a page every second and keeps what it said for months sees more
// than who looks at a screen: when a number moved. So here is only what moves with
// something that may be seen, and nothing of what this program does by itself.
//
// # What it will not tell
//
// The library's collectors of the Go runtime and the process are not registered: memory,
// goroutines, processor time, open files and collections of garbage grow with texts and
// calls that nobody may know of. Of texts, calls, commits and the time they take nothing
// is counted. What the modem says of the network is read between what it sends, so that
// when it was read tells who had the line: the signal is shown as it was at the last
// quarter of an hour, and whether there is a network is told by the troubles, which
// settle for a minute and are kept apart from what is sealed. How loud the air of 433 MHz
// is would tell when the modem sends beside it, and is not here at all.
package metrics

import (
	"bytes"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"github.com/gsmpanel/gsmpanel/panel"
)

// Build says which program it is.
type Build struct{ Version, Revision, Go string }

// Page is what is shown, made anew at each look.
type Page struct {
	outward  func() panel.Outward
	build    Build
	registry *prometheus.Registry

	mu     sync.Mutex
	signal held
}

// NewPage makes the page of a panel.
func NewPage(build Build, outward func() panel.Outward) *Page {
	p := &Page{outward: outward, build: build, registry: prometheus.NewPedanticRegistry()}
	p.registry.MustRegister(p)
	return p
}

// Describe says nothing: there are as many series as zones and troubles.
func (p *Page) Describe(chan<- *prometheus.Desc) {}

// Collect is called by the registry, on a goroutine of its own: a panic here would end
// the panel.
func (p *Page) Collect(to chan<- prometheus.Metric) {
	o := p.outward()
	for _, s := range append(samples(o), p.about(), p.signalOf(o)) {
		if s.series == nil {
			continue
		}
		m, err := prometheus.NewConstMetric(s.series.desc, s.series.kind, s.value, s.labels...)
		if err != nil {
			m = prometheus.NewInvalidMetric(s.series.desc, err)
		}
		to <- m
	}
}

func (p *Page) about() sample {
	return sample{buildInfo, 1, []string{p.build.Version, p.build.Revision, p.build.Go}}
}

// signalOf is the signal as it was at the last quarter of an hour; the zero sample
// where it is not known, or troubles say that there is no network.
func (p *Page) signalOf(o panel.Outward) sample {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signal.look(o)
	if p.signal.dBm == 0 || fails(o, panel.ModemTrouble, panel.SIMTrouble, panel.NetworkTrouble) {
		return sample{}
	}
	return sample{signal, float64(p.signal.dBm), nil}
}

// text is the page in the text format of Prometheus.
func (p *Page) text() ([]byte, error) {
	families, err := p.registry.Gather()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&b, f); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// quarter is how long the signal stands still, in seconds.
const quarter = 15 * 60

// held is a reading that stands still for a quarter of an hour, also where it is not
// known just then: when it is known again would tell too.
type held struct {
	at  int64 // number of the quarter
	dBm int
}

func (h *held) look(o panel.Outward) {
	now := o.Time.Unix() / quarter
	if h.at == 0 {
		h.at = now // in the first one nothing is shown
	}
	if now == h.at {
		return
	}
	h.at = now
	if o.SignalDBm != 0 {
		h.dBm = o.SignalDBm
	}
}

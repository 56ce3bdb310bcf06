package simulator

import "time"

// Event is something that happened in the network. Kinds:
//
//	cmgs-prompt    the host was asked for a message (number in text mode only)
//	cmgs-accepted  the network took a text for Number; Body is this part's text
//	cmgs-ok        +CMGS and OK are about to be sent
//	cmgs-error     +CMS ERROR is about to be sent; Body is its code
//	delivered      a text has reached Number, whole
//	expired        a text was given up, its validity over
//	report         a status report was handed to the host
//	report-failed  a status report could not be made; Body says why
//	text           Number has texted the panel
//	text-stored    a part was stored on the SIM; Body is its index
//	text-shown     a part went to the host directly and was not stored
//	cmgd           a message was deleted from the SIM; Body is its index
//	dialled        the panel dialled Number
//	ringing        Number is ringing, or with Body "in" the panel is
//	answered       a call is connected
//	digits         keys were pressed at Number; Body is one of them
//	tones          Number heard tones; Body is them
//	microphone     Body is open where Number begins to hear the place, else closed
//	ended          a call is over; Body is its result as in CallRecord
//	ussd           the panel asked Number, which is a service code
//	ussd-ended     the panel gave that up, or closed a menu
//	reboot         the modem restarts
//	ready          the modem has started
//	network-lost   no network
//	network-back   the network is there again
//	unplugged      the line has ended
//	plugged        the line can be opened again
//	plug-failed    a pseudo-terminal could not be made again; Body says why
//	fault          an armed fault has struck; Body is its name
type Event struct {
	Time   time.Time
	Kind   string
	Number string
	Body   string
}

// eventKinds are the kinds that can be waited for.
var eventKinds = []string{
	"answered", "cmgd", "cmgs-accepted", "cmgs-error", "cmgs-ok", "cmgs-prompt", "delivered", "dialled",
	"digits", "ended", "expired", "fault", "microphone", "network-back", "network-lost", "plug-failed", "plugged", "ready",
	"reboot", "report", "report-failed", "ringing", "text", "text-shown", "text-stored", "tones", "unplugged",
	"ussd", "ussd-ended",
}

// tally counts events of a kind, of one number or (number "") of all.
type tally struct{ kind, number string }

// waiter waits until an event has happened so many times.
type waiter struct {
	tally
	count int
	done  chan struct{}
}

// emit tells of an event after all that was sent before it and before all that
// is sent after it.
func (m *Modem) emit(kind, number, body string) {
	m.flush()
	m.counts[tally{kind, ""}]++
	if number != "" {
		m.counts[tally{kind, number}]++
	}
	m.wake()
	if m.opt.Event == nil {
		return
	}
	e := Event{Time: m.opt.Now(), Kind: kind, Number: number, Body: body}
	m.effects = append(m.effects, func() { m.opt.Event(e) })
}

func (m *Modem) wake() {
	var left []*waiter
	for _, w := range m.waiters {
		if m.counts[w.tally] >= w.count {
			close(w.done)
			continue
		}
		left = append(left, w)
	}
	m.waiters = left
}

// await returns a channel that is closed once there were count events of a kind
// since the modem was made (of one number, or of all for ""), or it is closed.
func (m *Modem) await(kind, number string, count int) *waiter {
	w := &waiter{tally: tally{kind, number}, count: count, done: make(chan struct{})}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed || m.counts[w.tally] >= count {
		close(w.done)
		return w
	}
	m.waiters = append(m.waiters, w)
	return w
}

func (m *Modem) forget(w *waiter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.waiters {
		if m.waiters[i] == w {
			m.waiters = append(m.waiters[:i:i], m.waiters[i+1:]...)
			return
		}
	}
}

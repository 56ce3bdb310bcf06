package simulator

import "time"

// fifo is how many bytes go over a timed line at once, as through a UART with a
// small memory.
const fifo = 16

// carry takes bytes to the host, in the time that the line needs for them.
func (m *Modem) carry(p port, b []byte) {
	if m.pace == 0 && !m.outFree.After(time.Now()) {
		m.push(p, b)
		return
	}
	for _, piece := range pieces(b) {
		m.outFree = m.busy(m.outFree, len(piece))
		m.after(time.Until(m.outFree), func() { m.push(p, piece) })
	}
}

func (m *Modem) push(p port, b []byte) {
	at := m.opt.Now()
	m.effects = append(m.effects, func() {
		if !p.alive() {
			return
		}
		if m.opt.Wire != nil {
			m.opt.Wire(at, true, b)
		}
		p.push(b)
	})
}

// hear takes what the host wrote.
func (m *Modem) hear(p port, b []byte) {
	if m.pace == 0 && !m.inFree.After(time.Now()) {
		m.keys(b)
		return
	}
	for _, piece := range pieces(b) {
		m.inFree = m.busy(m.inFree, len(piece))
		m.after(time.Until(m.inFree), func() {
			if m.port == p {
				m.keys(piece)
			}
		})
	}
}

func (m *Modem) keys(b []byte) {
	for _, c := range b {
		m.key(c)
	}
}

// busy is when a line that is free at an instant has carried n more bytes, each of
// eight bits, a start and a stop.
func (m *Modem) busy(free time.Time, n int) time.Time {
	if now := time.Now(); free.Before(now) {
		free = now
	}
	if m.pace == 0 {
		return free
	}
	return free.Add(time.Duration(n) * 10 * time.Second / time.Duration(m.pace))
}

func pieces(b []byte) (all [][]byte) {
	for len(b) > fifo {
		all, b = append(all, b[:fifo]), b[fifo:]
	}
	return append(all, b)
}

// slow has the line carry less for d.
func (m *Modem) slow(d time.Duration) {
	if d <= 0 {
		d = slowFor
	}
	m.pace = slowRate
	m.after(d, func() { m.pace = m.opt.Baud })
}

package modem

import "time"

// silenceLimit is how long nothing may be heard of the owner of the line. The longest
// that it does at one go is a search for networks (copsLimit).
const silenceLimit = 5 * time.Minute

// lives is a sign of life of the owner of the line. It is given at each round, command
// and try, whether the modem answers or not.
func (m *Modem) lives() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.heard = time.Now()
}

// unlocks notes that the owner waits for the PIN, which waits for the disk.
func (m *Modem) unlocks(yes bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unlocking = yes
}

// Alive tells whether the owner of the line is at work, be it in vain: a modem that is
// gone, or that does not answer, is looked for again and again, and a disk that hangs
// may hold up the PIN.
func (m *Modem) Alive() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.heard.IsZero() || m.unlocking || time.Since(m.heard) <= silenceLimit
}

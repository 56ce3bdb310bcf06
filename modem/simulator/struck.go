package simulator

import "strings"

// triggered takes the first fault that waits for a command. Those that then wait
// for what the modem says to it begin to listen.
func (m *Modem) triggered(c command) (struck *Fault) {
	var left []*armed
	for _, a := range m.faults {
		switch {
		case struck != nil || !strings.HasPrefix(c.name, a.Command):
		case a.Skip > 0 && a.Said == "":
			a.Skip--
		case a.positioned():
			m.listening = append(m.listening, &armed{Fault: a.Fault, left: 1})
			a.left--
		default:
			struck = &a.Fault
			a.left--
		}
		if a.left > 0 {
			left = append(left, a)
		}
	}
	m.faults = left
	if struck != nil {
		m.emit("fault", "", struck.Name)
	}
	return struck
}

// faulty runs a command with its fault; held means that nothing more is to be
// said now.
func (m *Modem) faulty(f *Fault, c command) (a answer, held bool) {
	if f.Name == "no-answer" {
		m.term.queue = nil
		return ok, true
	}
	if (c.name == "+CMGS" || c.name == "+CMSS") && c.op == opSet {
		m.sendFault = f
		a = m.dispatch(c)
		if !a.later {
			m.sendFault = nil
		}
		return a, false
	}
	switch {
	case f.Name == "late" || f.Name == "lost-after-accept":
		return m.spoiled(f, c)
	case kinds[f.Name].act == nil:
		return m.errorOf(f, c), false
	case !f.After && !f.cuts():
		m.now(f)
		return m.dispatch(c), false
	case f.After:
		a = m.dispatch(c)
	}
	m.now(f)
	if f.cuts() {
		m.term.queue = nil
		return ok, true
	}
	return a, false
}

// errorOf is the result of a command that fails.
func (m *Modem) errorOf(f *Fault, c command) answer {
	switch {
	case f.Name == "bare-error":
		return plainErr
	case messageCommand(c.name):
		return messageError(f.messageCode())
	case f.Name != "error":
		return m.equipmentError(classes[f.Name].equipment)
	case f.Code == 0:
		return m.equipmentError(100)
	}
	return m.equipmentError(f.Code)
}

// messageCode is the +CMS ERROR of a text or a command about texts, 0 of a fault
// that is none.
func (f *Fault) messageCode() int {
	switch {
	case f == nil:
		return 0
	case f.Name == "error" && f.Code == 0:
		return 500
	case f.Name == "error":
		return f.Code
	}
	return classes[f.Name].message
}

// spoiled runs a command whose result comes late or never.
func (m *Modem) spoiled(f *Fault, c command) (answer, bool) {
	a := m.dispatch(c)
	if a.later {
		if m.term.running != nil {
			m.term.running.spoil(f)
		}
		return a, true
	}
	r := m.start(nil, nil)
	r.spoil(f)
	m.complete(r, a)
	return later, true
}

func (r *running) spoil(f *Fault) {
	switch {
	case f == nil:
	case f.Name == "late":
		r.delay = f.For
		if r.delay == 0 {
			r.delay = lateBy
		}
	case f.Name == "lost-after-accept":
		r.muted = true
	}
}

// send puts characters on the line to the host, with the faults that wait for
// them; flush lets them go.
func (m *Modem) send(s string) {
	if m.cut || m.hung.on {
		return
	}
	if !m.atRate() {
		s = strings.Repeat("\xff", len(s)) // what the wrong rate makes of it
	}
	if len(m.listening) == 0 && m.losing == 0 {
		m.out = append(m.out, s...)
		return
	}
	for piece := range strings.SplitAfterSeq(s, "\n") {
		m.out = append(m.out, m.lose(m.disturb(piece))...)
	}
}

// disturb lets the first fault that has its place in a piece, which is a line or
// its end, strike there. It returns what is still to be said.
func (m *Modem) disturb(piece string) string {
	if m.cut {
		return ""
	}
	var struck *armed
	at := -1
	for _, a := range m.listening {
		if n := a.place(piece); n >= 0 && struck == nil {
			struck, at = a, n
		}
	}
	if struck == nil {
		return piece
	}
	struck.left--
	struck.bytes, struck.lines = 0, 0
	if struck.left <= 0 {
		m.listening = without(m.listening, struck)
	}
	m.out = append(m.out, m.lose(piece[:at])...)
	m.emit("fault", "", struck.Name)
	m.interfere(&struck.Fault)
	if m.cut {
		return ""
	}
	return piece[at:]
}

// place says where in a piece a fault strikes, or -1, and counts the piece.
func (a *armed) place(piece string) int {
	at, before := -1, a.bytes
	a.bytes += len(piece)
	text := strings.Trim(piece, "\r\n")
	if text != "" {
		a.lines++
	}
	switch {
	case text == "" && a.Byte == 0:
	case a.Said != "":
		if !strings.HasPrefix(text, a.Said) {
			break
		}
		if a.Skip > 0 {
			a.Skip--
			break
		}
		at = 0
	case a.Line > 0:
		if a.lines == a.Line {
			at = 0
		}
	case before < a.Byte && a.Byte <= a.bytes:
		return a.Byte - 1 - before
	}
	if at == 0 && a.After {
		return len(piece)
	}
	return at
}

func without(all []*armed, one *armed) []*armed {
	var left []*armed
	for _, a := range all {
		if a != one {
			left = append(left, a)
		}
	}
	return left
}

// interfere does what a fault does to the line in the middle of it. What happens to
// the whole modem happens a moment later, when it has said all that it would have.
func (m *Modem) interfere(f *Fault) {
	switch f.Name {
	case "drop":
		m.losing = max(f.Count, 1)
	case "add":
		m.out = append(m.out, m.noise(max(f.Count, 1))...)
	case "garbage":
		m.out = append(m.out, m.noise(max(f.Count, 16))...)
	case "inject":
		line := f.Text
		if line == "" {
			line = injected
		}
		m.out = append(m.out, line+"\r\n\r\n"...)
	default:
		m.cut = f.cuts()
		m.after(0, func() {
			m.cut = false
			m.now(f)
		})
	}
}

// lose drops the bytes that are still to be lost.
func (m *Modem) lose(s string) string {
	n := min(m.losing, len(s))
	m.losing -= n
	return s[n:]
}

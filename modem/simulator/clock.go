package simulator

import (
	"fmt"
	"strings"
	"time"
)

// clock is the module's own; it starts at 2004 and learns the time from the
// network where +CLTS says so.
type clock struct {
	started time.Time
	set     bool
	offset  time.Duration // added to network time
	zone    *time.Location
}

// startedClock is the clock after a start.
func (m *Modem) startedClock() clock {
	return clock{started: time.Now(), set: m.opt.ClockRuns, zone: time.UTC}
}

// networkTime is what the network tells at registration (+CLTS=1).
func (m *Modem) networkTime() {
	now := m.opt.Now()
	if m.family.zone != "" {
		m.zoneTold(now)
		return
	}
	if m.set.clts != 1 {
		return
	}
	m.clock.set, m.clock.offset, m.clock.zone = true, 0, now.Location()
	stamp := stampText(now)
	u := now.UTC()
	m.urc(`*PSNWID: "%s","%s","%s",0,"%s",0`, operatorCode[:3], operatorCode[3:], operatorName, operatorName)
	m.urc(`*PSUTTZ: %d,%d,%d,%d,%d,%d,"%s",0`, u.Year(), u.Month(), u.Day(), u.Hour(), u.Minute(), u.Second(), stamp[len(stamp)-3:])
	m.urc("DST: 0")
}

func (m *Modem) clockCommand(c command) answer {
	switch c.op {
	case opTest:
		return info(`+CCLK: ("yy/MM/dd,hh:mm:ss+zz")`)
	case opRead:
		return infof(`+CCLK: "%s"`, stampText(m.clockTime()))
	case opSet:
		t, err := parseStamp(strings.Trim(c.arg, `"`))
		if err != nil {
			return m.badValue()
		}
		m.clock.set, m.clock.zone = true, t.Location()
		m.clock.offset = t.Sub(m.opt.Now())
		return ok
	}
	return plainErr
}

// clockTime is the module's own time: from 2004 on until it was set.
func (m *Modem) clockTime() time.Time {
	if !m.clock.set {
		return time.Date(2004, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Since(m.clock.started))
	}
	return m.opt.Now().Add(m.clock.offset).In(m.clock.zone)
}

// parseStamp reads yy/MM/dd,hh:mm:ss with the zone in quarter hours.
func parseStamp(s string) (time.Time, error) {
	const layout = "06/01/02,15:04:05"
	if len(s) < len(layout) {
		return time.Time{}, errRange
	}
	quarters := 0
	if zone := s[len(layout):]; zone != "" {
		if _, err := fmt.Sscanf(zone, "%d", &quarters); err != nil || quarters < -48 || quarters > 56 {
			return time.Time{}, errRange
		}
	}
	t, err := time.ParseInLocation(layout, s[:len(layout)], time.FixedZone("", quarters*15*60))
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a time: %w", s, err)
	}
	return t, nil
}

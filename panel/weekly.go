package panel

import (
	"fmt"
	"strings"
	"time"
)

// The sign of life goes out in the daytime: whoever misses it should not lie awake
// over that, nor be woken by it.
const (
	testFrom  = 10        // o'clock
	testUntil = 20        // o'clock
	testSlack = 12 * hour // what the last one was late is made up for
)

// SignOfLife is when contacts of class report were last told that the panel lives.
type SignOfLife struct {
	At   int64 `json:"at,omitempty"`
	Wall int64 `json:"wall,omitempty"` // unix ms; 0 while no clock was sure
}

// next is the tick of the next one, 0 for never. The panel's own time and the
// clock each may bring it about, so that neither a clock that was wrong nor a time
// off that the panel does not know of leaves one out; each begins anew with it, so
// that none comes twice.
func (l SignOfLife) next(c Config, s Open) int64 {
	every := int64(c.Alert.TestEvery) * day
	if every == 0 || l.At == 0 {
		return 0
	}
	late := l.At + every + day // at whatever hour, if no clock says
	if !s.Sure {
		return s.afterAlarms(late)
	}
	early := l.At
	if l.Wall != 0 {
		early = min(early, s.Tick-(s.Wall-l.Wall))
	}
	return s.afterAlarms(min(late, s.daytime(c.Location(), early+every-testSlack)))
}

// daytime is the first tick from then and now on at which it is day at the place.
func (s Open) daytime(at *time.Location, tick int64) int64 {
	tick = max(tick, s.Tick)
	then := time.UnixMilli(s.Wall + tick - s.Tick).In(at)
	if then.Hour() >= testFrom && then.Hour() < testUntil {
		return tick
	}
	return tick + nextHour(then, testFrom).Sub(then).Milliseconds()
}

// afterAlarms puts a tick off while alarms that anybody may see have more to say.
func (s Open) afterAlarms(tick int64) int64 {
	for _, i := range s.Book.Incidents {
		if i.Open() && !i.Ended {
			tick = max(tick, i.Opened+hour)
		}
	}
	return tick
}

// signOfLife tells contacts of class report, once in a week, that the panel lives
// and how it stands: of a dead one, or of one whose SIM has expired, they hear
// nothing. It counts as a report and is never left out, since that alarms people.
func (t *turn) signOfLife() {
	l := &t.s.SignOfLife
	if l.At == 0 {
		l.At = t.now.Tick
	}
	if l.Wall == 0 && t.now.Sure {
		l.Wall = t.now.Wall.UnixMilli() - (t.now.Tick - l.At)
	}
	at := l.next(t.c, t.s.Open)
	if at == 0 || at > t.now.Tick {
		return
	}
	*l = SignOfLife{t.now.Tick, t.wallMillis()}
	people := t.reporters()
	if len(people) == 0 {
		return
	}
	what := testName(t.c.Alert.TestEvery)
	t.journal("test", "1602", what+" sent", 0, Who{})
	body := clip(fmt.Sprintf("%s: %s %s. %s", t.siteName(), what, t.atPlace().Format("02.01 15:04"), t.howItStands()))
	for _, c := range people {
		t.budget() // counted, not capped
		t.tellCalm(c.Number, body, what, 0)
	}
}

func testName(days int) string {
	switch days {
	case 1:
		return "daily test"
	case 7:
		return "weekly test"
	}
	return fmt.Sprintf("test of every %d days", days)
}

// howItStands is the state in few words, and what fails.
func (t *turn) howItStands() string {
	said := []string{stateWords[t.s.Zones.Shown()] + "."}
	if flat := t.batteryWords(); flat != "" {
		said = append(said, flat)
	}
	if troubles := t.troubleWords(); troubles != "" {
		said = append(said, "Trouble: "+troubles+".")
	}
	if len(said) == 1 && !t.s.Zones.Alarmed {
		said = append(said, "All well.")
	}
	return strings.Join(said, " ")
}

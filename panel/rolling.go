package panel

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/radio"
)

// maxCounters is how many rolling-code remotes are remembered, those that were
// taken out too: their old codes stay old when they come in again.
const maxCounters = 2 * radio.MaxRemotes

// Keys are makers' keys by the serial number of a remote ("hcs:0ABCDE1"). They are
// stored where what is sealed is.
type Keys map[string]radio.MakerKey

// with has the key for all rolling-code buttons of a remote.
func (k Keys) with(r radio.Remote, key radio.MakerKey) (Keys, error) {
	if key == 0 {
		return k, nil
	}
	k = maps.Clone(k)
	if k == nil {
		k = Keys{}
	}
	rolling := false
	for _, b := range r.Buttons {
		if serial, ok := radio.RollingSerial(b.ID); ok {
			k[serial], rolling = key, true
		}
	}
	if !rolling {
		return nil, fmt.Errorf("%s has no button with a rolling code, so a maker's key is of no use to it; leave --maker-key out, or give buttons as learn shows them, for example hcs:0ABCDE1:2", r.Name)
	}
	return k, nil
}

// of are the keys of remotes that are enrolled.
func (k Keys) of(remotes []radio.Remote) Keys {
	kept := Keys{}
	for _, r := range remotes {
		for _, b := range r.Buttons {
			serial, ok := radio.RollingSerial(b.ID)
			if key, has := k[serial]; ok && has {
				kept[serial] = key
			}
		}
	}
	return kept
}

// proven tells whether a button's codes are checked by its maker's key, so that a
// copy or a made one does nothing.
func (c Config) proven(id string) bool {
	serial, ok := radio.RollingSerial(id)
	return ok && c.Keys[serial] != 0
}

// genuine tells what becomes of a press that began so many ms ago, by its code. One
// that is no rolling code is as good as any. The counter is part of the state that is
// committed before anything comes of it.
func (t *turn) genuine(id string, hop uint32, source int, ago int64) radio.Verdict {
	serial, ok := radio.RollingSerial(id)
	if !ok {
		return radio.Taken
	}
	n := t.counter(serial)
	next, v := t.s.Sealed.Counters[n].Step(t.c.Keys[serial], radio.Code{ID: id, Hop: hop, Source: source, Tick: t.now.Tick, Began: t.now.Tick - ago})
	t.s.Sealed.Counters[n] = next
	if v == radio.Refused {
		t.replayed()
	}
	return v
}

// counter is the place of a remote's counter.
func (t *turn) counter(serial string) int {
	n := slices.IndexFunc(t.s.Sealed.Counters, func(c radio.Counter) bool { return c.Serial == serial })
	if n >= 0 {
		return n
	}
	if len(t.s.Sealed.Counters) >= maxCounters {
		old := t.leastNeeded()
		t.s.Sealed.Counters = slices.Delete(t.s.Sealed.Counters, old, old+1)
	}
	t.s.Sealed.Counters = append(t.s.Sealed.Counters, radio.Counter{Serial: serial})
	return len(t.s.Sealed.Counters) - 1
}

// leastNeeded is the counter of the first remote that is no more.
func (t *turn) leastNeeded() int {
	return max(0, slices.IndexFunc(t.s.Sealed.Counters, func(c radio.Counter) bool {
		return !slices.ContainsFunc(t.c.Radio.Remotes, func(r radio.Remote) bool {
			return slices.ContainsFunc(r.Buttons, func(b radio.Button) bool { return strings.HasPrefix(b.ID, c.Serial+":") })
		})
	}))
}

// replayed counts codes that were refused; the journal hears of the first, the
// tenth, the hundredth … a day. Of which remote it does not say: that a panic button
// was heard is nobody's business.
func (t *turn) replayed() {
	if n := t.s.Replayed.add(t.now.Tick); powerOfTen(n) {
		t.journal("code_refused", "1461", fmt.Sprintf("codes of remotes that were heard before or are not theirs: %d today", n), 0, Who{Channel: ByRemote})
	}
}

// powerOfTen tells whether n is 1, 10, 100 …
func powerOfTen(n int) bool {
	for n > 0 && n%10 == 0 {
		n /= 10
	}
	return n == 1
}

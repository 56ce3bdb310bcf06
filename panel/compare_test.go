package panel

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
)

// compare says how the observer could tell the two runs apart, "" if not at all.
// Until the place has all that the first forced command sends it, all is the
// same in order and time, calls too. After that what the panel decides still is
// (journal, siren, answers at the board), and every text comes with the same
// words; when it comes may hang on one text in flight. Calls of an alarm that
// anybody may see then give the line over to the sealed ones (section 7).
func compare(plain, forced *watched) string {
	both := maps.Clone(plain.eligible) // who was told of a burglary meanwhile may differ by a text
	maps.Copy(both, forced.eligible)
	a, b := plain.atPlace(both), forced.atPlace(both)
	if why := plain.spendsOtherwise(forced); why != "" {
		return why
	}
	if plain.spends(forced) {
		a, b = only(a, evenings), only(b, evenings)
	}
	early := func(e happening) bool { return plain.settled == 0 || e.at < plain.settled }
	if why := sameThings(only(a, early), only(b, early)); why != "" {
		return "at first: " + why
	}
	decided := func(e happening) bool { return e.number == "" }
	if why := sameThings(only(a, decided), only(b, decided)); why != "" {
		return "decided: " + why
	}
	if plain.heldUp {
		return "" // what was told when the line came back hangs on a text more or less
	}
	texts := func(e happening) bool { // that the phone got
		return e.kind == "text" && !early(e) && (e.result == alert.SentOK || e.result == alert.Unknown)
	}
	if why := plain.sameTexts(forced, once(only(a, texts)), once(only(b, texts))); why != "" {
		return "later texts: " + why
	}
	return compareFaces(plain, forced)
}

func only(list []happening, want func(happening) bool) []happening {
	return slices.DeleteFunc(slices.Clone(list), func(e happening) bool { return !want(e) })
}

// once leaves out texts of an unknown fate that were sent again soon: which text
// the network loses hangs on which comes next.
func once(list []happening) []happening {
	var out []happening
	for n, e := range list {
		again := slices.ContainsFunc(list[n+1:], func(f happening) bool {
			return f.number == e.number && f.what == e.what && f.at-e.at < 60_000
		})
		if e.result != alert.Unknown || !again {
			out = append(out, e)
		}
	}
	return out
}

func sameThings(a, b []happening) string {
	for n := range max(len(a), len(b)) {
		if n >= len(a) || n >= len(b) {
			return fmt.Sprintf("one run has %d things at the place, the other %d:\n%s\n--\n%s", len(a), len(b), told(a[min(n, len(a)):], 0), told(b[min(n, len(b)):], 0))
		}
		if a[n] != b[n] {
			return fmt.Sprintf("\n%s\n%s", a[n], b[n])
		}
	}
	return ""
}

// sameTexts compares texts by phone and words, each time that they come.
func (w *watched) sameTexts(forced *watched, a, b []happening) string {
	rest := map[oneText][]int64{}
	for _, e := range b {
		k := oneText{e.number, e.what}
		rest[k] = append(rest[k], e.at)
	}
	allowed := w.latest(forced, a)
	for n, e := range a {
		k := oneText{e.number, e.what}
		m := slices.IndexFunc(rest[k], func(at int64) bool { return max(at-e.at, e.at-at) <= allowed[n] })
		switch {
		case m >= 0:
			rest[k] = slices.Delete(rest[k], m, m+1)
		case e.at+allowed[n] > forced.now.Tick: // nobody looks on so long
		case w.lostNear(e.at, 2*allowed[n]): // another text may have been on its way then
		case w.cancelledNear(e.at, allowed[n]): // it would have been late, and then there was nothing more to say
		case strings.HasPrefix(e.what, "CANCEL") && w.spared(forced, e.number): // nor to take back
		default:
			return fmt.Sprintf("not within %d ms in the duress run, but at %d:\n%s", allowed[n], rest[k], e)
		}
	}
	for k, times := range rest {
		for _, at := range times {
			within := 2 * w.phones.send.Milliseconds() * cluster(b, at)
			c, _ := w.c.Alert.ByNumber(k.number)
			switch {
			case at+within > w.now.Tick:
			case w.lostNear(at, within):
			case !c.InHouse() && w.cancelledNear(at, within): // it was early, by a report that is withheld
			case strings.HasPrefix(k.what, "ALSO ") && w.cancelledNear(at, 500): // early by what a call takes to end: the sealed plan had ended it
			case strings.HasPrefix(k.what, "CANCEL") && forced.spared(w, k.number): // likewise
			case strings.Contains(k.what, ": disarmed by") && w.spared(forced, k.number): // in place of a CANCEL
			default:
				return fmt.Sprintf("only in the duress run, at %d, %s: %s", at, names[k.number], k.what)
			}
		}
	}
	return ""
}

// spared tells whether a friend's phone was told of a burglary less often in the
// other run: one that was over first has no end to tell. In the house none is
// spared that was begun.
func (w *watched) spared(other *watched, number string) bool {
	c, _ := w.c.Alert.ByNumber(number)
	return !c.InHouse() && other.burglaries(number) < w.burglaries(number)
}

func (w *watched) burglaries(number string) (n int) {
	for _, body := range w.texts[number] {
		if strings.HasPrefix(body, "BURGLARY") {
			n++
		}
	}
	return n
}

func (w *watched) cancelledNear(at, within int64) bool {
	return slices.ContainsFunc(w.seen, func(e happening) bool {
		return e.kind == "journal" && strings.Contains(e.what, "cancelled") && e.at >= at && e.at <= at+within
	})
}

func (w *watched) lostNear(at, within int64) bool {
	return slices.ContainsFunc(w.faults, func(f int64) bool { return max(f-at, at-f) <= within })
}

// latest is how far apart in time each text may be in the two runs: a reply by
// one text in flight, with the half second that a call takes to end, and of
// replies in a row each lets one life text go between (section 2). Any other
// text may besides be overtaken by what comes within half a minute, to whomever.
// An answered call for life is let go on for 20 s (section 7).
func (w *watched) latest(forced *watched, list []happening) []int64 {
	send := w.phones.send.Milliseconds()
	isText := func(e happening) bool { return e.kind == "text" }
	all, others := only(w.seen, isText), only(forced.seen, isText)
	replies := only(all, func(e happening) bool { return e.reply }) // to whomever
	out := make([]int64, len(list))
	for n, e := range list {
		row := int64(1)
		if e.reply {
			for k := slices.Index(replies, e); k > 0 && replies[k].at-replies[k-1].at <= 2*send+1000; k-- {
				row++
			}
		} else {
			row = max(cluster(all, e.at), cluster(others, e.at))
		}
		if w.disturbed {
			row *= 2 // what was held up for long goes between any two
		}
		out[n] = row*send + 500
		if strings.HasPrefix(e.what, "TEST") && !strings.Contains(e.what, "is over") && !e.reply && !w.disturbed {
			out[n] = 0 // a drill has the line to itself
		}
		if strings.Contains(e.what, "PANIC ") && !e.reply {
			out[n] += 20_000
		}
		if strings.Contains(e.what, "Trouble: ") || strings.Contains(e.what, "Over: ") || strings.Contains(e.what, "several wrong codes") {
			out[n] += 15 * 60_000 // it waits behind calls
		}
	}
	return out
}

// cluster counts the texts around that of at that follow each other within half
// a minute.
func cluster(all []happening, at int64) int64 {
	first := slices.IndexFunc(all, func(e happening) bool { return e.at >= at })
	if first < 0 {
		return 1
	}
	from, to := first, first
	for from > 0 && all[from].at-all[from-1].at <= 30_000 {
		from--
	}
	for to < len(all)-1 && all[to+1].at-all[to].at <= 30_000 {
		to++
	}
	return int64(to - from + 1)
}

// compareFaces compares what is shown and what is stored in the open. Later, who
// has got which text is as late as that text; what waits is compared once nothing
// does, and not once the line was lost: it hangs on whose text was on its way.
func compareFaces(plain, forced *watched) string {
	for n, x := range plain.faces {
		y := forced.faces[n]
		if x.at >= firstNight && plain.spends(forced) {
			break
		}
		lost := slices.ContainsFunc(plain.faults, func(f int64) bool { return f > plain.settled && f <= x.at })
		first := x.at < plain.settled
		if a, b := x.shown.told(first), y.shown.told(first); a != b {
			return fmt.Sprintf("what is shown at %d differs:\n%s\n%s", x.at, a, b)
		}
		if x.config != y.config {
			return fmt.Sprintf("the configuration as it is stored at %d differs:\n%s\n%s", x.at, x.config, y.config)
		}
		if first && x.kept[0] != y.kept[0] || x.resting && y.resting && !lost && x.kept[1] != y.kept[1] {
			return fmt.Sprintf("what is stored in the open at %d differs:\n%s\n%s", x.at, x.kept, y.kept)
		}
	}
	return ""
}

// told is all that is shown, with or without who was told of what.
func (o Outward) told(with bool) string {
	o.Incidents = slices.Clone(o.Incidents)
	for n := range o.Incidents {
		if !with {
			o.Incidents[n].Told = nil
		}
	}
	return string(must(json.Marshal(o)))
}

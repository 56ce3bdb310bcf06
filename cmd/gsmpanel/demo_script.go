package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// scene is one step of the scenario: what somebody does, and what must follow.
type scene struct {
	say  string
	do   func() error
	want string
	seen func() bool
}

const sceneTime = 60 * time.Second

// scenario plays: arm, door, entry delay, abort window, texts and calls, an
// acknowledgement, a disarm under duress, silent texts and calls, OK, CLOSE by
// two, and what the phone in the burglar's hand can show.
func (d *demo) scenario(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, "A panel, a simulated modem, %d phones. Anna lives in the house; she has a code and a duress code.\n\n", len(d.people))
	for _, s := range d.scenes(ctx) {
		fmt.Fprintf(w, "%s  %s\n", d.since(time.Now()), s.say)
		if s.do != nil {
			if err := s.do(); err != nil {
				return fmt.Errorf("%s: %w", s.say, err)
			}
		}
		if err := d.until(ctx, d.patience, s.want, s.seen); err != nil {
			return err
		}
		fmt.Fprintf(w, "%s      %s\n", d.since(time.Now()), s.want)
	}
	return nil
}

func (d *demo) scenes(ctx context.Context) []scene {
	anna := d.people[0]
	friends := d.people[1:]
	scenes := []scene{
		{"the mains is cut", d.mains, anna.name + " is told", d.got(anna, "Trouble: mains")},
		{"and is back", d.mains, "she is told that too", d.got(anna, "Over: mains")},
		{"Anna texts: " + demoCode + " ARM", d.texts(anna, demoCode+" ARM"), "she is told that the panel arms", d.got(anna, "Arming away")},
		{"the front door opens when the exit delay is over", d.door(ctx, 4*time.Second), "the siren sounds after the entry delay", func() bool { return d.siren().pattern != "" }},
		{"nobody disarms within the abort window", nil, "everyone is told of a burglary", d.all(d.people, "BURGLARY Front door")},
		{"the panel calls until somebody presses 1", nil, friends[0].name + " has taken it, and the others know", d.taken()},
		{"a burglar makes Anna disarm; she texts: " + demoDuress + " DISARM", d.texts(anna, demoDuress+" DISARM"), "she gets the ordinary reply", d.got(anna, "Disarmed.")},
		{"silently the panel tells the others", nil, "each friend has the duress text", d.all(friends, "DURESS Anna forced to disarm")},
		{"and calls them", nil, friends[0].name + " presses 1", d.got(friends[0], "You have it. When police")},
	}
	return append(scenes, d.ending(ctx, anna, friends)...)
}

func (d *demo) ending(ctx context.Context, anna demoPerson, friends []demoPerson) []scene {
	last := friends[len(friends)-1]
	scenes := []scene{
		{last.name + " answers by text", func() error { return d.modem.Text(last.number, "OK "+d.token(last, "DURESS Anna", "OK ")) }, "the panel has heard it", d.okHeard(last)},
		{friends[0].name + " has seen Anna safe and texts CLOSE with his token", func() error {
			return d.modem.Text(friends[0].number, "CLOSE "+d.token(friends[0], "You have it. When police", "CLOSE "))
		}, "the first CLOSE is passed on, or ends it where he is alone", func() bool {
			return d.got(last, "says it is over")() || d.got(friends[0], "Closed by")()
		}},
	}
	if len(friends) > 1 {
		scenes = append(scenes, scene{last.name + " texts CLOSE too",
			func() error { return d.modem.Text(last.number, "CLOSE "+d.token(last, "says it is over", "CLOSE ")) }, "two have closed it", d.all(friends, "Closed by ")})
	}
	return append(scenes,
		scene{"the burglar looks: " + demoCode + " STATUS", d.texts(anna, demoCode+" STATUS"), "an ordinary disarm is all there is to see", d.got(anna, "Disarmed. ")},
		scene{"and " + demoCode + " LOG", d.texts(anna, demoCode+" LOG 3"), "in the log too", d.got(anna, "status asked by Anna")},
		scene{"later Anna presses the button beside her bed twice: a silent panic", d.twice(ctx), "nothing shows in the house, the others get a PANIC text", d.all(friends, "PANIC Anna silent alarm")},
		scene{friends[0].name + " presses 1 again", nil, "and has taken it", d.gotTimes(friends[0], "You have it. When police", 2)})
}

func (d *demo) texts(p demoPerson, body string) func() error {
	return func() error { return d.modem.Text(p.number, body) }
}

// twice presses the panic button as a hand does that is in a hurry.
func (d *demo) twice(ctx context.Context) func() error {
	return func() error {
		for range 2 {
			if _, err := d.press(ctx, demoPresses["panic"]); err != nil {
				return err
			}
		}
		return nil
	}
}

// mains cuts the mains, or ends that.
func (d *demo) mains() error {
	_, err := d.toggleMains()
	return err
}

// door opens the front door.
func (d *demo) door(ctx context.Context, after time.Duration) func() error {
	return func() error {
		time.Sleep(after)
		return d.transmit(ctx, demoDoorOpens, 0)
	}
}

func (d *demo) received(p demoPerson) []string {
	var out []string
	for _, phone := range d.modem.Phones() {
		for _, t := range phone.Texts {
			if phone.Number == p.number && !t.Outgoing {
				out = append(out, t.Body)
			}
		}
	}
	return out
}

func (d *demo) got(p demoPerson, part string) func() bool { return d.gotTimes(p, part, 1) }

func (d *demo) gotTimes(p demoPerson, part string, times int) func() bool {
	return func() bool {
		n := 0
		for _, body := range d.received(p) {
			if strings.Contains(body, part) {
				n++
			}
		}
		return n >= times
	}
}

func (d *demo) all(people []demoPerson, part string) func() bool {
	return func() bool {
		return !slices.ContainsFunc(people, func(p demoPerson) bool { return !d.got(p, part)() })
	}
}

func (d *demo) taken() func() bool {
	others := append([]demoPerson{d.people[0]}, d.people[2:]...)
	told := d.all(others, d.people[1].name+" has taken it")
	return func() bool { return told() && d.heardBeeps(d.people[1]) }
}

// heardBeeps tells whether a phone that answered heard the panel's tones.
func (d *demo) heardBeeps(p demoPerson) bool {
	for _, phone := range d.modem.Phones() {
		if phone.Number == p.number {
			return slices.ContainsFunc(phone.Calls, func(c simulator.CallRecord) bool { return strings.HasPrefix(c.Tones, tonePattern) })
		}
	}
	return false
}

func (d *demo) okHeard(p demoPerson) func() bool {
	return func() bool {
		return d.got(p, "You have it")() || d.got(p, "has taken it: DURESS")() && d.got(d.people[1], p.name+" has taken it")() || p.number == d.people[1].number
	}
}

// token finds the digits behind word in the newest text of a phone that says part.
func (d *demo) token(p demoPerson, part, word string) string {
	list := d.received(p)
	for n := len(list) - 1; n >= 0; n-- {
		if _, after, ok := strings.Cut(list[n], word); ok && strings.Contains(list[n], part) && len(after) >= 4 {
			return after[:4]
		}
	}
	return "0000"
}

func (d *demo) since(t time.Time) string { return fmt.Sprintf("%6.1fs", t.Sub(d.began).Seconds()) }

// shown is one thing that a phone shows.
type shown struct {
	at   time.Time
	who  int
	text string
}

const phoneWidth = 34

// printPhones shows each phone's view side by side, in the order of time.
func (d *demo) printPhones(w io.Writer) {
	var lines []shown
	for n, p := range d.people {
		lines = append(lines, d.phoneLines(n, p)...)
	}
	slices.SortStableFunc(lines, func(a, b shown) int { return a.at.Compare(b.at) })
	fmt.Fprintf(w, "\nWhat each phone shows (only Anna's is in the house)\n\n%8s", "")
	for _, p := range d.people {
		fmt.Fprintf(w, " | %-*s", phoneWidth, p.name+" "+p.number)
	}
	fmt.Fprintln(w)
	for _, l := range lines {
		for k, part := range wrap(l.text, phoneWidth) {
			stamp := ""
			if k == 0 {
				stamp = d.since(l.at)
			}
			fmt.Fprintf(w, "%8s%s | %s\n", stamp, strings.Repeat(" | "+strings.Repeat(" ", phoneWidth), l.who), part)
		}
	}
}

func (d *demo) phoneLines(n int, p demoPerson) []shown {
	var out []shown
	for _, phone := range d.modem.Phones() {
		if phone.Number != p.number {
			continue
		}
		for _, t := range phone.Texts {
			mark := "< "
			if t.Outgoing {
				mark = "> "
			}
			out = append(out, shown{t.Time, n, mark + t.Body})
		}
		for _, c := range phone.Calls {
			text := "call: " + c.Result
			if c.Digits != "" {
				text += ", pressed " + c.Digits
			}
			out = append(out, shown{c.Time, n, text})
		}
	}
	slices.SortStableFunc(out, func(a, b shown) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	return out
}

func wrap(s string, width int) []string {
	var out []string
	current := ""
	for _, word := range strings.Fields(s) {
		if current != "" && len(current)+1+len(word) > width {
			out = append(out, current)
			current = " "
		}
		if strings.TrimSpace(current) != "" {
			current += " "
		}
		current += word
	}
	return append(out, current)
}

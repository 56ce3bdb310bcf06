package panel

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// TestStories holds the transcripts in testdata/stories: what happens stands
// after ">", what comes of it below, on the left what anybody in the house could
// see, hear or read, on the right what reaches the others. -update rewrites them.
func TestStories(t *testing.T) {
	files := must(filepath.Glob("testdata/stories/*.txt"))
	if len(files) < 14 {
		t.Fatalf("only %d stories", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want := string(must(os.ReadFile(file)))
			got := transcript(t, want)
			switch {
			case got == want:
			case flag.Lookup("update").Value.String() == "true":
				mustDo(os.WriteFile(file, []byte(got), 0o644))
			default:
				t.Errorf("the story is told otherwise; see it with -update\n%s", firstDifference(want, got))
			}
		})
	}
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for n := range min(len(a), len(b)) {
		if a[n] != b[n] {
			return fmt.Sprintf("line %d\nwas %s\nis  %s", n+1, a[n], b[n])
		}
	}
	return "one is longer"
}

// transcript plays the lines after ">" and writes what comes of each below it.
func transcript(t *testing.T, script string) string {
	var out strings.Builder
	var h *house
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n ")
		switch {
		case strings.HasPrefix(line, "="):
			h = newHouse()
			out.WriteString(line + "\n")
		case strings.HasPrefix(line, ">"):
			h.seen = nil
			if err := h.play(strings.TrimSpace(line[1:])); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			out.WriteString(line + "\n")
			for _, e := range h.seen {
				e.write(&out)
			}
		case !strings.Contains(line, " | "):
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

const column = 64

// write puts a happening into its column.
func (e happening) write(out *strings.Builder) {
	clock := evening.Add(time.Duration(e.at-1) * time.Millisecond).Format("15:04:05")
	for n, piece := range wrapped(e.told(), column) {
		if n > 0 {
			clock, piece = strings.Repeat(" ", len(clock)), "  "+piece
		}
		left, right := piece, ""
		if e.number == ben || e.number == cleo || e.number == dora || e.number == fay {
			left, right = "", piece
		}
		out.WriteString(strings.TrimRight(fmt.Sprintf("  %s | %-*s | %s", clock, column+2, left, right), " ") + "\n")
	}
}

// told is a happening in a homeowner's words.
func (e happening) told() string {
	switch e.kind {
	case "journal":
		return "log " + e.what
	case "chirps":
		return "SIREN " + e.what
	case "siren":
		return "SIREN " + e.what
	case "call":
		return names[e.number] + "'s phone rings"
	case "hangup":
		return "the panel ends the call to " + names[e.number]
	case "busy":
		return names[e.number] + " hears busy"
	case "rejected":
		return "the panel rejects a call"
	case "answered":
		return "the panel answers " + names[e.number]
	case "tones":
		return names[e.number] + " hears beeps: " + e.what
	case "hears":
		return names[e.number] + " hears the house"
	case "board":
		return "answer: " + e.what
	}
	failed := ""
	if e.result != alert.SentOK {
		failed = " (" + string(e.result) + ")"
	}
	return names[e.number] + failed + ": " + strings.ReplaceAll(e.what, "\n", " / ")
}

func wrapped(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines, line = append(lines, line), word
			continue
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

// play does what one line of a story says.
func (h *house) play(line string) error {
	if who, body, ok := strings.Cut(line, ": "); ok {
		return h.says(who, body)
	}
	words := strings.Fields(line)
	arg := func(n int) string {
		if n < len(words) {
			return words[n]
		}
		return ""
	}
	switch words[0] {
	case "wait":
		d, err := time.ParseDuration(arg(1))
		h.wait(d)
		return err
	case "trip", "close", "cover", "battery":
		return h.sensor(words[0], arg(1))
	case "fob", "spare": // fob disarm
		return h.pushes(words[0], arg(1))
	case "press", "hold": // press bed 2 times, hold bed
		return h.gesture(words)
	case "enrol": // enrol Red-fob Anna single=none,double=silent,hold=audible
		contact := strings.Trim(arg(2), "-")
		name := strings.ReplaceAll(arg(1), "-", " ")
		return h.edit(AddRemote{Remote: radio.Remote{Name: name, Contact: contact, Buttons: []radio.Button{{ID: buttons[strings.ToLower(arg(1))], Action: arg(3)}}}})
	case "supervise": // supervise Cellar 12h
		d, err := time.ParseDuration(arg(2))
		if err != nil {
			return err
		}
		return h.edit(EditZone{Zone: arg(1), Supervise: &d})
	case "pair": // pair Kitchen Lounge
		return h.edit(EditZone{Zone: arg(1), Cross: &words[2]})
	case "take": // take Cellar out
		return h.edit(RemoveZone{arg(1)})
	case "receiver": // receiver 1 of 2 lost, back, jammed or clear
		e := Fault{Name: RadioTrouble, Unit: must(strconv.Atoi(arg(1))), Of: must(strconv.Atoi(arg(3))), On: arg(4) == "lost" || arg(4) == "jammed"}
		why := "unplugged"
		if arg(4) == "jammed" || arg(4) == "clear" {
			e.Name, why = JamTrouble, "24 dB louder than usual"
		}
		if e.On {
			e.Why = fmt.Sprintf("receiver %s of %s: %s", arg(1), arg(3), why)
		}
		h.do(e)
	case "modem":
		h.modem(arg(1))
	case "registration": // registration lost, back, refused; registration back -95 usually -80
		e := Heard{Registered: arg(1) == "back", Denied: arg(1) == "refused", Operator: "Vodafone", DBm: -71}
		if len(words) > 2 {
			e.DBm = must(strconv.Atoi(arg(2)))
		}
		if arg(3) == "usually" {
			e.Usual = must(strconv.Atoi(arg(4)))
		}
		h.do(e)
	case "condition": // condition good; condition supply-low filling jammed
		said := words[1:]
		e := Condition{Filling: slices.Contains(said, "filling"), NoCentre: slices.Contains(said, "no-centre"), Jammed: slices.Contains(said, "jammed")}
		for word, supply := range map[string]Supply{"supply-low": SupplyLow, "supply-high": SupplyHigh} {
			if slices.Contains(said, word) {
				e.Supply = supply
			}
		}
		h.do(e)
	case "restart":
		h.restart()
	case "answers": // answers Ben 5s 1
		d, err := time.ParseDuration(arg(2))
		h.answer[phone(arg(1))], h.press[phone(arg(1))] = d, arg(3)
		return err
	case "network": // network refuses Ben transient
		for _, number := range []string{phone(arg(2)), "sealed " + phone(arg(2))} {
			h.refuses(number, alert.Result(arg(3)))
		}
	case "report": // report delivered Ben
		h.reportOf(arg(1), phone(arg(2)))
	case "fault":
		h.do(Fault{Name: TroubleName(arg(1)), On: arg(2) == "on", Why: strings.Join(words[3:], " ")})
	case "mains": // mains lost, mains back, mains unread, mains unwatched
		h.do(Powered{map[string]Power{"lost": OnBattery, "back": OnMains, "unread": PowerUnknown}[arg(1)]})
	case "loop": // loop gpio:gpiochip0:4 open, loop gpio:gpiochip0:4 found-open
		what := map[string]zones.What{"open": zones.Tripped, "closed": zones.Closed, "found-open": zones.StandsOpen}[arg(2)]
		h.do(Sensed{ID: arg(1), What: []zones.What{what}})
	case "push": // push gpio:gpiochip0:6:no 100ms
		d, err := time.ParseDuration(arg(2))
		h.push(arg(1), d)
		return err
	case "set":
		return h.edit(Set{arg(1), arg(2)})
	case "remove":
		if arg(1) == "remote" {
			return h.edit(RemoveRemote{arg(2)})
		}
		return h.edit(RemoveContact{arg(1)})
	case "add": // add Fay off-site life,alarm
		return h.adds(arg(1), arg(2), arg(3))
	case "backup": // of the configuration; restore takes it up, restore foreign without its codes
		h.saved = h.c
	case "restore":
		return h.edit(Restore{h.saved, arg(1) != "foreign"})
	case "account": // account 12.34 0.10 0.20: its credit, the price of a text and of a minute
		for n, to := range []*int64{&h.account.credit, &h.account.text, &h.account.minute} {
			a, _ := alert.ParseAmount(arg(n + 1))
			*to = a.Milli / 10
		}
	case "operator": // operator says Your balance is {balance}
		h.account.says = strings.Join(words[2:], " ")
	case "words": // words german
		return h.speaks(arg(1))
	case "lives": // lives Ben at-site
		yes := true
		return h.edit(EditContact{Contact: arg(1), AtSite: &yes})
	case "zone":
		return h.edit(AddZone{Zone: zones.Zone{Name: arg(1), Type: zones.Type(arg(2)), Sensor: arg(3), Close: arg(4), Tamper: arg(5)}})
	case "board":
		h.atBoard(strings.Trim(arg(1), "-"), Verb(arg(2)))
	case "types": // types Anna's code and Enter as 482913E
		h.types(arg(1))
	case "typos": // typos 10: as many wrong codes at the keypad
		for n := range must(strconv.Atoi(arg(1))) {
			h.types(fmt.Sprintf("11%03d2E", n))
		}
	case "codes": // codes remove Anna, codes add Mallory
		return h.codes(arg(1), arg(2))
	case "guest": // guest arm-only Eve: Carer may only arm, and has Eve's phone
		return h.guest(arg(2))
	case "clock": // clock unsure, clock -48h
		if d, err := time.ParseDuration(arg(1)); err == nil {
			h.now.Wall = h.now.Wall.Add(d)
			h.do(Knock{})
			break
		}
		h.now.Sure = arg(1) == "sure"
		h.do(Knock{})
	case "off": // off 30h, off 30h unknown: nobody knew for how long
		d, err := time.ParseDuration(arg(1))
		if arg(2) == "" {
			h.now.Tick += d.Milliseconds()
		}
		h.now.Wall = h.now.Wall.Add(d)
		h.restart()
		return err
	case "tries": // tries Anna 4: as many wrong codes, half a minute apart
		for n := range must(strconv.Atoi(arg(2))) {
			h.text(phone(arg(1)), fmt.Sprintf("11%03d2 DISARM", n))
			h.wait(30 * time.Second)
		}
	case "call":
		h.do(Rejected{From: phone(arg(1))})
	case "hangs": // hangs up: the other end of the call in progress
		h.do(Done{h.last.Serial, alert.Outcome{Result: alert.Answered}})
	case "rings": // rings Anna 482913#1, or with "and hangs up"
		h.rings(phone(arg(1)), strings.ReplaceAll(arg(2), "_", " "), arg(3) == "and")
	default:
		return fmt.Errorf("what is %q?", words[0])
	}
	return nil
}

// codes is what an administrator does at the board who knows no code.
func (h *house) codes(do, name string) error {
	r := CodeRequest{Do: do, Name: name}
	if do == "add" {
		r.Kind, r.New = duress.User, map[string]Secret{"Anna": "958264", "Mallory": "604183"}[name]
	}
	put, err := changeCodes(h.c, testKey, seeded(8), r, nil)
	if err != nil {
		return err
	}
	return h.edit(put)
}

// guest makes Carer's code anew, for arming only.
func (h *house) guest(phone string) error {
	for _, r := range []CodeRequest{
		{Do: "remove", Name: "Carer"},
		{Do: "add", Name: "Carer", Kind: duress.Guest, Rights: duress.Rights{ArmOnly: true}, Contacts: []string{phone}, New: guestCode},
	} {
		put, err := changeCodes(h.c, testKey, seeded(8), r, nil)
		if err != nil {
			return err
		}
		if err := h.edit(put); err != nil {
			return err
		}
	}
	return nil
}

// says is a text, by its own words or with a token from the sender's phone, and
// on its way as the words before the name say.
func (h *house) says(who, body string) error {
	words := strings.Fields(who)
	name := words[len(words)-1]
	in := Text{From: phone(name), Body: body, Parts: 1, Stamp: h.now.Wall}
	for _, token := range []string{"OK", "CLOSE", "YES"} {
		if strings.Contains(body, token+" token") {
			in.Body = strings.Replace(body, "token", h.token(in.From, token), 1)
		}
	}
	for _, how := range words[:len(words)-1] {
		switch d, err := time.ParseDuration(how); {
		case err == nil: // old, or ahead where it is negative
			in.Stamp = in.Stamp.Add(-d)
		case how == "found":
			in.Found = true
		case how == "long":
			in.Parts = 2
		case how == "alphanumeric":
			in.Alphanumeric = true
		case how == "twice":
			h.receive(in)
		default:
			return fmt.Errorf("what is %q?", how)
		}
	}
	h.receive(in)
	return nil
}

func (h *house) adds(name, lives, classes string) error {
	k := alert.Contact{Name: name, Number: phone(name), OffSite: lives == "off-site", AtSite: lives == "at-site", Control: lives == "control"}
	if classes != "" {
		k.Classes = []alert.Class{}
	}
	for class := range strings.SplitSeq(classes, ",") {
		if class != "" && class != "none" {
			k.Classes = append(k.Classes, alert.Class(class))
		}
	}
	return h.edit(AddContact{Contact: k})
}

// speaks takes the words of a language; English has no file.
func (h *house) speaks(language string) error {
	if language == "english" {
		return h.edit(SetWords{})
	}
	return h.edit(SetWords{string(must(os.ReadFile("testdata/words/" + language + ".txt")))})
}

func phone(name string) string {
	for number, who := range names {
		if strings.EqualFold(who, name) {
			return number
		}
	}
	return name
}

func (h *house) sensor(what, zone string) error {
	i := slices.IndexFunc(h.c.Zones.Zones, func(z zones.Zone) bool { return strings.EqualFold(z.Name, zone) })
	if i < 0 {
		return fmt.Errorf("no zone %s", zone)
	}
	z := h.c.Zones.Zones[i]
	h.trip(map[string]string{"trip": z.Sensor, "close": z.Close, "cover": z.Tamper, "battery": z.LowBattery}[what])
	return nil
}

// pushes is a button of Anna's fob, or of the spare one, which is nobody's.
func (h *house) pushes(remote, button string) error {
	id, ok := map[string]string{"fob arm": fobArm, "fob home": fobHome, "fob disarm": fobDisarm, "fob status": fobStatus,
		"spare arm": spareArm, "spare disarm": spareDisarm, "spare test": spareTest}[remote+" "+button]
	if !ok {
		return fmt.Errorf("no button %s", button)
	}
	h.do(Pressed{ID: id})
	return nil
}

// buttons of remotes that are enrolled in the course of a story.
var buttons = map[string]string{"bed": "ev1527:0000D1", "red-fob": "ev1527:0000D2", "green-fob": "ev1527:0000D4", "fob disarm": fobDisarm}

// gesture is a button that is pressed for a moment, several times, or held.
func (h *house) gesture(words []string) error {
	id, ok := buttons[words[1]]
	if !ok {
		return fmt.Errorf("no button %s", words[1])
	}
	times, long := 1, 300*time.Millisecond
	if words[0] == "hold" {
		long = 2500 * time.Millisecond
	}
	if len(words) > 2 {
		var err error
		if times, err = strconv.Atoi(words[2]); err != nil { // hold bed 1.5s
			times = 1
			if long, err = time.ParseDuration(words[2]); err != nil {
				return err
			}
		}
	}
	for n := range times {
		if n > 0 {
			h.wait(400 * time.Millisecond)
		}
		h.presses(id, long)
	}
	return nil
}

func (h *house) modem(what string) {
	if what == "back" {
		h.do(LineUp{Epoch: h.s.Sealed.Line.Epoch + 1})
		h.do(Heard{Registered: true, Operator: "Vodafone", DBm: -71})
		return
	}
	h.do(LineDown{Epoch: h.s.Sealed.Line.Epoch, Why: "no answer"})
}

// reportOf is a delivery report of the last text to a number.
func (h *house) reportOf(what, number string) {
	sent := slices.Clone(h.s.Sealed.Line.Sent)
	if what != "expired" { // which is the first one's fate, hours later
		slices.Reverse(sent)
	}
	for _, s := range sent {
		if s.To == number {
			h.do(Reported{alert.Delivery{Ref: s.Ref, To: number, Delivered: what == "delivered", Failed: what != "delivered", Stamp: h.now.Wall.UnixMilli()}})
			return
		}
	}
}

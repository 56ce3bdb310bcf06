package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
)

// The household of the acceptance, all of it made by the command line.
const (
	annaNumber, benNumber, cleoNumber = "+447700900001", "+447700900002", "+447700900003"

	houseCode  = "482913"
	houseOther = "730586"   // what Anna texts when somebody stands beside her
	houseWord  = "Marigold" // or this, beside the code
	doorSensor = 0x13CDC0
)

// house is a panel and its modem, each a process of its own.
type house struct {
	*testing.T
	program  string // of its commands; gsmpanel: codes are cheap to check
	dir      string
	phones   string // control socket of the simulator
	modem    string // link to its terminal
	air      *os.File
	sim      *process
	panel    *process
	metrics  bool              // the panel shows them
	surfaces map[string][]byte // all that anybody could read, by where it stood
	commands []string          // texts as they were sent
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, program: "gsmpanel", dir: t.TempDir(), surfaces: map[string][]byte{}}
	h.phones, h.modem = filepath.Join(h.dir, "phones.sock"), filepath.Join(h.dir, "modem")
	air, err := openPipe(filepath.Join(h.dir, "air"))
	if err != nil {
		t.Fatal(err)
	}
	h.air = air
	t.Cleanup(func() { h.air.Close() })
	// The siren writes down how it was called, and all that it was given.
	h.write("siren.sh", "#!/bin/sh\n{ echo \"$1 $2\"; env; } >> '"+h.path("siren.log")+"'\necho \"$1\" > '"+h.path("siren")+"'\n", 0o700)
	h.write("siren", "off\n", 0o600)
	return h
}

func (h *house) path(name string) string { return filepath.Join(h.dir, name) }

func (h *house) write(name, text string, mode fs.FileMode) {
	h.Helper()
	if err := os.WriteFile(h.path(name), []byte(text), mode); err != nil {
		h.Fatal(err)
	}
}

func (h *house) read(name string) string {
	h.Helper()
	b, err := os.ReadFile(h.path(name))
	if err != nil {
		h.Fatal(err)
	}
	return string(b)
}

// cli runs a command as a person would, and keeps what it prints.
func (h *house) cli(typed string, args ...string) string {
	h.Helper()
	cmd := exec.Command(h.program, append([]string{"--data", h.path("data")}, args...)...)
	cmd.Stdin = strings.NewReader(typed)
	out, err := cmd.CombinedOutput()
	if err != nil {
		h.Fatalf("gsmpanel %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	h.keep("output of gsmpanel "+strings.Join(args, " "), out)
	return string(out)
}

func (h *house) keep(where string, b []byte) { h.surfaces[where] = append(h.surfaces[where], b...) }

func (h *house) say(request map[string]any) {
	h.Helper()
	if _, err := world(h.phones, request); err != nil {
		h.Fatal(err)
	}
}

// anna texts the panel.
func (h *house) anna(body string) {
	h.Helper()
	h.commands = append(h.commands, body)
	h.say(map[string]any{"do": "text", "from": annaNumber, "body": body})
}

func (h *house) phone(number string) seenPhone {
	h.Helper()
	phones, err := phonesAt(h.phones)
	if err != nil {
		h.Fatal(err)
	}
	return phones[number]
}

// until waits for something that must come to pass.
func (h *house) until(what string, done func() bool) {
	h.Helper()
	for end, pause := time.Now().Add(mostWait), 20*time.Millisecond; !done(); pause = rarer(pause) {
		time.Sleep(pause)
		select {
		case <-h.panel.gone:
			h.Fatalf("the panel ended (%v) before %s:\n%s", h.panel.ended, what, h.read("panel.log"))
		default:
		}
		if time.Now().After(end) {
			h.Fatalf("waited in vain until %s\n%s\n%s", what, h.view(), h.read("panel.log"))
		}
	}
}

func (h *house) got(number, part string) func() bool {
	return func() bool { return countOf(h.phone(number).received(), part) > 0 }
}

func (h *house) untilGot(number, part string) {
	h.Helper()
	h.until(fmt.Sprintf("%s has a text with %q", number, part), h.got(number, part))
}

// view is what all phones show.
func (h *house) view() string {
	phones, err := phonesAt(h.phones)
	if err != nil {
		return err.Error()
	}
	b, _ := json.MarshalIndent(phones, "", " ") // for a person to look at
	return string(b)
}

func (h *house) state() string {
	h.Helper()
	var status struct{ State string }
	if err := json.Unmarshal([]byte(h.cli("", "status", "--json")), &status); err != nil {
		h.Fatal(err)
	}
	return status.State
}

func (h *house) sounds() bool { return h.read("siren") == "on\n" }

// furnish is what an owner types on the first day.
func (h *house) furnish() {
	h.cli("", "site", "set", "--name", "Mill Lane", "--address", "12 Mill Lane, Hexton", "--country", "GB", "--zone", "Europe/London")
	h.cli("", "contact", "add", "Anna", annaNumber, "--control", "--quiet")
	h.cli("", "contact", "add", "Ben", "07700 900002", "--off-site", "--quiet")
	h.cli("", "contact", "add", "Cleo", cleoNumber, "--off-site", "--quiet")
	h.cli(houseCode+"\n", "code", "add", "Anna")
	h.cli(houseCode+"\n"+houseOther+"\n", "code", "add", "Anna", "--kind", "duress")
	h.cli(houseCode+"\n"+houseWord+"\n", "code", "add", "Anna", "--kind", "duress", "--word")
	for _, args := range []string{"", " --word"} { // their names are ours; looked at by a script of the command line
		delete(h.surfaces, "output of gsmpanel code add Anna --kind duress"+args)
	}
	h.cli("", "zone", "add", "Front door", "--type", "entry", "--sensor", fmt.Sprintf("ev1527:%06X", doorSensor))
	for _, s := range []string{"exit-delay 1", "entry-delay 2", "abort-window 3"} {
		h.cli("", append([]string{"settings", "set"}, strings.Fields(s)...)...)
	}
}

// start starts both processes. Ben takes every call, Anna's phone is busy in her
// bag and Cleo's rings in vain.
func (h *house) start(flags ...string) {
	h.sim = startFor(h.T, h.path("simulate.log"), nil, shipped, "simulate", "--link", h.modem, "--control", h.phones, "--send-time", "100ms", "--setup-time", "100ms")
	h.ready("simulate.log")
	h.say(map[string]any{"do": "phone", "number": annaNumber, "busy": true})
	h.say(map[string]any{"do": "phone", "number": benNumber, "answer_after": 0.5, "digits": "1"})
	h.startPanel(flags...)
}

func (h *house) startPanel(flags ...string) {
	h.Helper()
	h.write("panel.log", "", 0o600) // its word ready is that of this start
	h.metrics = slices.Contains(flags, metricsAt())
	h.panel = startFor(h.T, h.path("panel.log"), []string{"GSMPANEL_TRACE=" + h.path("trace.log")}, shipped, append([]string{"run",
		"--data", h.path("data"), "--modem", h.modem, "--radio", "exec:exec cat '" + h.path("air") + "'", "--siren", "exec:'" + h.path("siren.sh") + "'"}, flags...)...)
	h.ready("panel.log")
}

func (h *house) ready(log string) {
	h.Helper()
	if err := untilReady(h.path(log)); err != nil {
		h.Fatal(err)
	}
}

// TestTwoProcesses plays a burglary and what follows it between two processes,
// and then looks for what nobody may find.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.program = shipped // with codes that cost what they cost
	h.furnish()
	h.start("--metrics", metricsAt())
	h.burglary()
	h.listen("burglary")
	sealed := h.forced()
	h.afterwards()
	h.over()
	h.sim800()
	h.search(sealed)
}

// burglary: armed by text, the door, the entry delay, the abort window, texts,
// calls, 1.
func (h *house) burglary() {
	h.anna(houseCode + " ARM")
	h.untilGot(annaNumber, "Arming away: 1 s to leave.")
	h.until("the panel is armed", func() bool { return h.state() == "armed_away" })
	opened := time.Now()
	if err := openDoor(h.air, doorSensor); err != nil {
		h.Fatal(err)
	}
	h.until("the entry delay runs", func() bool { return h.state() == "pending" })
	if h.sounds() {
		h.Error("the siren sounds during the entry delay")
	}
	h.until("the siren sounds", h.sounds)
	if d := time.Since(opened); d < 2*time.Second {
		h.Errorf("the entry delay was %s instead of 2 s", d)
	}
	people := []string{annaNumber, benNumber, cleoNumber}
	for _, number := range people {
		h.untilGot(number, "BURGLARY Front door")
	}
	for _, number := range people {
		p := h.phone(number)
		if n := countOf(p.received(), "BURGLARY Front door"); n != 1 {
			h.Errorf("%s has %d texts of the burglary", number, n)
		}
		for _, text := range p.Texts {
			if d := text.Time.Sub(opened); strings.Contains(text.Body, "BURGLARY") && d < 5*time.Second {
				h.Errorf("%s was texted %s after the door, within entry delay and abort window", number, d)
			}
		}
	}
	h.until("Ben is called", func() bool { return len(h.phone(benNumber).Calls) > 0 })
	if calls := h.phone(annaNumber).Calls; len(calls) != 1 || calls[0].Result != "busy" {
		h.Errorf("Anna comes first on the list; her calls are %v", calls)
	}
	h.relatives("burglary")
	h.untilGot(benNumber, "You have it: BURGLARY")
	h.untilGot(annaNumber, "Ben has taken it: BURGLARY")
	h.untilGot(cleoNumber, "Ben has taken it: BURGLARY")
	if n := len(h.phone(cleoNumber).Calls); n != 0 {
		h.Errorf("Cleo was called %d times, though Ben had taken it", n)
	}
}

// forced: Anna has to disarm, with somebody beside her. It returns all texts
// that came of it.
func (h *house) forced() (sealed []string) {
	friends := []string{benNumber, cleoNumber}
	before := map[string]int{}
	for _, number := range friends {
		before[number] = len(h.phone(number).received())
	}
	hers := h.phone(annaNumber)
	h.anna(houseOther + " DISARM")
	h.untilGot(annaNumber, "those who were told hear that it is over.")
	h.until("the siren is silent", func() bool { return !h.sounds() })
	for _, number := range friends {
		h.untilGot(number, "DURESS Anna forced to disarm")
	}
	h.relatives("second incident")
	h.untilGot(benNumber, "You have it. When police")
	h.untilGot(cleoNumber, "Ben has taken it: DURESS")
	h.listen("second incident")
	h.say(map[string]any{"do": "text", "from": cleoNumber, "body": "OK " + digitsAfter(h.phone(cleoNumber).received(), "DURESS Anna", "OK ")})
	h.untilGot(benNumber, "Cleo has taken it: DURESS")
	h.say(map[string]any{"do": "text", "from": benNumber, "body": "CLOSE " + digitsAfter(h.phone(benNumber).received(), "When police", "CLOSE ")})
	h.untilGot(cleoNumber, "Ben says it is over")
	h.say(map[string]any{"do": "text", "from": cleoNumber, "body": "Close " + digitsAfter(h.phone(cleoNumber).received(), "says it is over", "CLOSE ")})
	for _, number := range friends {
		h.untilGot(number, "Closed by Ben and Cleo")
		sealed = append(sealed, h.phone(number).received()[before[number]:]...)
	}
	after := h.phone(annaNumber)
	if got := after.received()[len(hers.received()):]; len(got) != 1 {
		h.Errorf("besides the reply Anna was texted %q", got)
	}
	if len(after.Calls) != len(hers.Calls) {
		h.Errorf("Anna was called while somebody stood beside her: %v", after.Calls[len(hers.Calls):])
	}
	return sealed
}

// afterwards somebody looks at her phone, and makes her ask once more. She does so
// with her word.
func (h *house) afterwards() {
	h.anna(houseCode + " STATUS " + houseWord)
	h.untilGot(annaNumber, "Network: ")
	h.untilGot(benNumber, "DURESS Anna under threat")
	h.anna(houseCode + " log 9")
	h.untilGot(annaNumber, "status asked by Anna")
	if got := h.state(); got != "disarmed" {
		h.Errorf("the panel is %s", got)
	}
}

// listen keeps all that the panel says about itself, and its files.
func (h *house) listen(when string) {
	for _, args := range []string{"log", "log --json", "code list", "code list --json", "contact list", "contact list --json", "status", "status --json",
		"settings list", "settings list --json", "site show", "site show --json", "zone list", "zone list --json", "doctor", "doctor --json", "incidents", "incidents --json"} {
		h.cli("", strings.Fields(args)...)
	}
	h.scrape(when)
	h.relatives(when)
	h.files(when)
}

// over listens once more, ends the panel and reads what it has left.
func (h *house) over() {
	h.Helper()
	h.listen("end")
	h.stop()
	h.files("end")
}

func (h *house) stop() {
	h.Helper()
	if err := h.panel.stop(); err != nil {
		h.Errorf("the panel ended with %v", err)
	}
}

// relatives keeps how the processes and all that they started were called.
func (h *house) relatives(when string) {
	h.Helper()
	members := append(family(h.panel.pid()), family(h.sim.pid())...)
	if len(members) < 3 { // panel, simulator, receiver
		h.Errorf("%s: the receiver is not seen among the processes", when)
	}
	for _, pid := range members {
		for _, name := range []string{"cmdline", "environ"} {
			b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, name))
			if err != nil {
				continue // one that has ended meanwhile, such as the siren's
			}
			h.keep(when+": "+name+" of a process", append(b, '\n'))
		}
	}
}

// files keeps what lies in the household's folder, as it lies there.
func (h *house) files(when string) {
	h.Helper()
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		h.keep(when+": file "+strings.TrimPrefix(path, h.dir+"/"), b)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
}

// sim800 keeps what the SIM holds, read as the next owner of the modem would;
// a text that comes now proves that it can be read.
func (h *house) sim800() {
	h.Helper()
	h.keep("the SIM", h.listSIM())
	canary := houseCode + " DISARM"
	h.say(map[string]any{"do": "text", "from": annaNumber, "body": canary})
	if got := found(h.listSIM(), codeNeedles(houseCode)); len(got) == 0 {
		h.Error("a text that lies on the SIM is not seen there")
	}
}

func (h *house) listSIM() []byte {
	h.Helper()
	line, err := modem.Serial(h.modem, 115200)()
	if err != nil {
		h.Fatal(err)
	}
	defer line.Close()
	bytesIn := make(chan []byte)
	go func() {
		defer close(bytesIn)
		for {
			b := make([]byte, 4096)
			n, err := line.Read(b)
			if err != nil {
				return
			}
			bytesIn <- b[:n]
		}
	}()
	var said []byte
	for _, command := range []string{"\x1bATE0\r", "AT+CMGF=0\r", "AT+CPMS=\"SM\"\r", "AT+CMGL=4\r"} {
		if _, err := line.Write([]byte(command)); err != nil {
			h.Fatal(err)
		}
		answer := []byte{}
		for late := time.After(mostWait); !regexp.MustCompile(`(?m)^OK\r$`).Match(answer); {
			select {
			case b := <-bytesIn:
				answer = append(answer, b...)
			case <-late:
				h.Fatalf("the modem's answer to %q is %q", command, answer)
			}
		}
		said = append(said, answer...)
	}
	return said
}

// search looks for codes everywhere, and for what is sealed everywhere but on
// the phones of those who were told.
func (h *house) search(sealed []string) {
	var needles []needle
	for _, code := range []string{houseCode, houseOther} {
		needles = append(needles, codeNeedles(code)...)
	}
	for _, word := range []string{houseWord, strings.ToLower(houseWord), strings.ToUpper(houseWord)} {
		needles = append(needles, wordNeedles(word)...)
	}
	for _, body := range h.commands {
		needles = append(needles, sentNeedles(body)...)
	}
	needles = append(needles, h.sealedNeedles(sealed)...)
	for _, where := range slices.Sorted(maps.Keys(h.surfaces)) {
		for _, what := range found(h.surfaces[where], needles) {
			h.Errorf("%s holds: %s", where, what)
		}
		if quiet := !strings.Contains(where, "gsmpanel.db"); quiet && !strings.Contains(where, "doctor") && bytes.Contains(bytes.ToLower(h.surfaces[where]), []byte("duress")) {
			h.Errorf("%s speaks of duress", where)
		}
	}
	h.prove(sealed)
}

// sealedNeedles are the words and the tokens of the sealed incident.
func (h *house) sealedNeedles(sealed []string) []needle {
	out := wordNeedles("DURESS")
	tokens := map[string]bool{}
	for _, body := range sealed {
		out = append(out, wordNeedles(body)...)
		for _, m := range regexp.MustCompile(`(?:OK|CLOSE) (\d{4})`).FindAllStringSubmatch(body, -1) {
			tokens[m[1]] = true
		}
	}
	if len(tokens) != 2 {
		h.Errorf("the sealed texts have the tokens %v instead of two", tokens)
	}
	open := strings.Join(h.phone(annaNumber).received(), "\n")
	for token := range tokens {
		if strings.Contains(open, token) {
			continue // by chance that of the burglary too, which is no secret
		}
		out = append(out, needle{what: "a sealed token, quoted", bytes: []byte(`"` + token + `"`)})
		for _, word := range []string{"OK ", "CLOSE ", "YES "} {
			out = append(out, wordNeedles(word+token)...)
		}
	}
	return out
}

// prove makes sure that there was something to search: each surface holds what
// it should hold, and the same search finds what does lie about.
func (h *house) prove(sealed []string) {
	for where, want := range map[string]string{
		"output of gsmpanel log --json":          "disarmed",
		"output of gsmpanel code list":           "Anna",
		"output of gsmpanel incidents --json":    "burglary",
		"output of gsmpanel contact list --json": benNumber,
		"output of gsmpanel doctor":              "Cleo",
		"end: file panel.log":                    "ready",
		"end: metrics":                           "gsmpanel_incidents_open",
		"end: file trace.log":                    "•••••• STATUS …",
		"end: file siren.log":                    "on steady",
		"end: file data/gsmpanel.db":             "Front door",
		"end: cmdline of a process":              "--siren",
		"end: environ of a process":              "GSMPANEL_TRACE",
		"the SIM":                                "OK",
	} {
		if !bytes.Contains(h.surfaces[where], []byte(want)) {
			h.Errorf("%s does not even hold %q:\n%.2000s", where, want, h.surfaces[where])
		}
	}
	if len(sealed) < 6 || countOf(sealed, "DURESS") == 0 {
		h.Errorf("the sealed texts are %q", sealed)
	}
	hidden := hex.EncodeToString(pduOf(h.T, "xyz"+houseOther))
	if len(found([]byte(hidden), codeNeedles(houseOther))) == 0 {
		h.Error("the search is blind")
	}
}

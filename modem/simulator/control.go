package simulator

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

// request is one line to the control socket. A phone's number is taken under
// any of four keys.
type request struct {
	Do          string   `json:"do"`
	From        string   `json:"from"`
	Number      string   `json:"number"`
	Phone       string   `json:"phone"`
	To          string   `json:"to"`
	Body        string   `json:"body"`
	Stamp       string   `json:"stamp"`
	PDU         string   `json:"pdu"`
	Digits      string   `json:"digits"`
	Name        string   `json:"name"`
	Command     string   `json:"command"`
	Times       int      `json:"times"`
	For         duration `json:"for"`
	Code        int      `json:"code"`
	Signal      int      `json:"signal"`
	Cell        string   `json:"cell"`
	Gone        bool     `json:"gone"`
	Denied      bool     `json:"denied"`
	Jammed      bool     `json:"jammed"`
	MV          int      `json:"mv"`
	Skip        int      `json:"skip"`
	After       bool     `json:"after"`
	Byte        int      `json:"byte"`
	Line        int      `json:"line"`
	Said        string   `json:"said"`
	Off         bool     `json:"off"`
	Busy        bool     `json:"busy"`
	Rejects     bool     `json:"rejects"`
	AnswerAfter duration `json:"answer_after"`
	Voicemail   bool     `json:"voicemail"`
	NoReport    bool     `json:"no_report"`
	Form        string   `json:"form"`
	Silent      bool     `json:"silent"`
	Credit      int64    `json:"credit"`
	Price       int64    `json:"price"`
	Minute      int64    `json:"minute"`
	Event       string   `json:"event"`
	Count       int      `json:"count"`
	Timeout     duration `json:"timeout"`
}

func (r *request) number() string {
	for _, s := range []string{r.From, r.Number, r.Phone, r.To} {
		if s != "" {
			return s
		}
	}
	return ""
}

// duration is seconds as a number, or a string such as "20s".
type duration time.Duration

// UnmarshalJSON implements json.Unmarshaler.
func (d *duration) UnmarshalJSON(b []byte) error {
	var seconds float64
	if err := json.Unmarshal(b, &seconds); err == nil {
		*d = duration(seconds * float64(time.Second))
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err == nil {
		if v, err := time.ParseDuration(s); err == nil {
			*d = duration(v)
			return nil
		}
	}
	return fmt.Errorf("%s is not a time; give seconds such as 20 or a string such as \"20s\"", b)
}

// reply is the one line that answers a request.
type reply struct {
	OK     bool         `json:"ok"`
	Error  string       `json:"error,omitempty"`
	Phones *[]phoneJSON `json:"phones,omitempty"`
}

type phoneJSON struct {
	Number string     `json:"number"`
	Texts  []textJSON `json:"texts"`
	Calls  []callJSON `json:"calls"`
}

// Directions are as the phone sees them: "in" is from the panel.
type textJSON struct {
	Time      string `json:"time"`
	Body      string `json:"body"`
	Direction string `json:"direction"`
	Parts     int    `json:"parts"`
}

type callJSON struct {
	Time      string `json:"time"`
	Direction string `json:"direction"`
	Result    string `json:"result"`
	Answered  string `json:"answered,omitempty"`
	Ended     string `json:"ended,omitempty"`
	Digits    string `json:"digits"`
	Tones     string `json:"tones"`

	Heard      []toneJSON `json:"heard,omitempty"`
	Microphone []micJSON  `json:"microphone,omitempty"`
}

type toneJSON struct {
	Time  string `json:"time"`
	Tones string `json:"tones"`
}

type micJSON struct {
	Time string `json:"time"`
	Open bool   `json:"open"`
}

// ServeControl lets other programs be the world outside: on each connection of l
// one JSON object a line comes in and one goes out. It returns nil when ctx ends.
// Requests, by the key "do":
//
//	text   from, body[, stamp]   somebody texts the panel
//	pdu    pdu                   the network delivers this TPDU (hexadecimal)
//	call   from                  somebody rings the panel, and hears busy where it takes no calls
//	answer, hangup  from         the phone picks up, or hangs up or rejects
//	digits from, digits          keys are pressed in the call
//	phone  from, off, busy, rejects, answer_after, digits, voicemail, no_report
//	ussd   number, body[, form, code, for, silent]  the network's answer to a code
//	       such as *100#, as in Service
//	account credit, price, minute  the prepaid account, in hundredths
//	cell   signal, cell, gone, denied, jammed   the network as in Cell, whole
//	supply mv                    its voltage, 0 for a good one
//	centre number                the service centre on the SIM, "" for none
//	fault  name[, command, skip, after, byte, line, said, times, for, code, count, body]
//	       as in Fault; body is its Text
//	power  [off]                 taken away, or given back: it starts
//	phones                       what every phone has seen
//	wait   event[, count, from, timeout]  answered when there were count such
//	       events (1) since the modem was made; kinds as in Event
//
// Every answer has "ok", and "error" where that is false.
func (m *Modem) ServeControl(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	defer context.AfterFunc(ctx, func() { l.Close() })()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("the control socket of the simulated modem has failed: %w", err)
		}
		wg.Go(func() { m.serveOne(ctx, conn) })
	}
}

func (m *Modem) serveOne(ctx context.Context, conn net.Conn) {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	defer conn.Close()
	lines := bufio.NewScanner(conn)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(conn)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if out.Encode(m.control(ctx, lines.Bytes())) != nil {
			return // the other program has gone
		}
	}
}

// control answers one request.
func (m *Modem) control(ctx context.Context, line []byte) reply {
	var r request
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	err := d.Decode(&r)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows it")
		}
	}
	if err != nil {
		return reply{Error: fmt.Sprintf(`the line is not one JSON object such as {"do":"phones"}: %v`, err)}
	}
	if r.Do == "phones" {
		ps := phonesJSON(m.Phones())
		return reply{OK: true, Phones: &ps}
	}
	verb, known := verbs[r.Do]
	if !known {
		return reply{Error: fmt.Sprintf("%q is nothing that can be done; \"do\" is one of %s", r.Do, verbNames())}
	}
	if err := verb(ctx, m, &r); err != nil {
		return reply{Error: err.Error()}
	}
	return reply{OK: true}
}

var verbs = map[string]func(context.Context, *Modem, *request) error{
	"text":   func(_ context.Context, m *Modem, r *request) error { return m.controlText(r) },
	"pdu":    func(_ context.Context, m *Modem, r *request) error { return m.controlPDU(r) },
	"call":   func(_ context.Context, m *Modem, r *request) error { return m.Call(r.number()) },
	"answer": func(_ context.Context, m *Modem, r *request) error { return m.Answer(r.number()) },
	"digits": func(_ context.Context, m *Modem, r *request) error { return m.Digits(r.number(), r.Digits) },
	"hangup": func(_ context.Context, m *Modem, r *request) error { return m.Hangup(r.number()) },
	"phone":  func(_ context.Context, m *Modem, r *request) error { return m.controlPhone(r) },
	"cell": (func(_ context.Context, m *Modem, r *request) error {
		return m.SetCell(Cell{RSSI: r.Signal, ID: r.Cell, Gone: r.Gone, Denied: r.Denied, Jammed: r.Jammed})
	}),
	"supply": func(_ context.Context, m *Modem, r *request) error { return m.SetSupply(r.MV) },
	"centre": func(_ context.Context, m *Modem, r *request) error { return m.SetCentre(r.number()) },
	"ussd": (func(_ context.Context, m *Modem, r *request) error {
		return m.Serve(r.number(), Service{Reply: r.Body, Code: r.Code, Form: r.Form, After: time.Duration(r.For), Silent: r.Silent})
	}),
	"account": (func(_ context.Context, m *Modem, r *request) error {
		m.SetAccount(Account{Credit: r.Credit, Text: r.Price, Minute: r.Minute})
		return nil
	}),
	"wait":  func(ctx context.Context, m *Modem, r *request) error { return m.controlWait(ctx, r) },
	"power": func(_ context.Context, m *Modem, r *request) error { m.Supply(!r.Off); return nil },
	"fault": (func(_ context.Context, m *Modem, r *request) error {
		return m.Fault(Fault{Name: r.Name, Command: r.Command, Skip: r.Skip, After: r.After, Byte: r.Byte, Line: r.Line, Said: r.Said,
			Times: r.Times, For: time.Duration(r.For), Code: r.Code, Count: r.Count, Text: r.Body})
	}),
}

func verbNames() string {
	names := []string{"phones"}
	for n := range verbs {
		names = append(names, n)
	}
	sort.Strings(names)
	return strings.Join(names, ", ")
}

func (m *Modem) controlText(r *request) error {
	if r.Stamp == "" {
		return m.Text(r.number(), r.Body)
	}
	t, err := time.Parse(time.RFC3339, r.Stamp)
	if err != nil {
		return fmt.Errorf("%q is not a time such as 2026-03-01T21:04:00Z: %w", r.Stamp, err)
	}
	return m.TextAt(r.number(), r.Body, t)
}

func (m *Modem) controlPDU(r *request) error {
	raw, err := hex.DecodeString(r.PDU)
	if err != nil {
		return fmt.Errorf("the PDU is not hexadecimal: %w", err)
	}
	return m.PDU(raw)
}

func (m *Modem) controlPhone(r *request) error {
	number := canonical(r.number())
	if !dialable(number) {
		return fmt.Errorf("%q is not a phone's number; give one such as +447700900123", r.number())
	}
	m.SetPhone(number, Behaviour{
		Off: r.Off, Busy: r.Busy, Rejects: r.Rejects, AnswerAfter: time.Duration(r.AnswerAfter),
		Digits: r.Digits, Voicemail: r.Voicemail, NoReport: r.NoReport,
	})
	return nil
}

func (m *Modem) controlWait(ctx context.Context, r *request) error {
	if !slices.Contains(eventKinds, r.Event) {
		return fmt.Errorf("there is no event %q; it is one of %s", r.Event, strings.Join(eventKinds, ", "))
	}
	if r.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(r.Timeout))
		defer cancel()
	}
	number := ""
	if r.number() != "" {
		number = canonical(r.number())
	}
	w := m.await(r.Event, number, max(r.Count, 1))
	select {
	case <-w.done:
	case <-ctx.Done():
		m.forget(w)
		return fmt.Errorf("%q has not happened %d times", r.Event, w.count)
	}
	if !m.happened(w) {
		return ErrClosed
	}
	return nil
}

func (m *Modem) happened(w *waiter) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts[w.tally] >= w.count
}

func timeJSON(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02T15:04:05.000Z07:00")
}

func directionJSON(fromPanel bool) string {
	if fromPanel {
		return "in"
	}
	return "out"
}

func phonesJSON(ps []Phone) []phoneJSON {
	out := []phoneJSON{}
	for _, p := range ps {
		j := phoneJSON{Number: p.Number, Texts: []textJSON{}, Calls: []callJSON{}}
		for _, t := range p.Texts {
			j.Texts = append(j.Texts, textJSON{timeJSON(t.Time), t.Body, directionJSON(!t.Outgoing), t.Parts})
		}
		for _, c := range p.Calls {
			j.Calls = append(j.Calls, c.json())
		}
		out = append(out, j)
	}
	return out
}

func (c CallRecord) json() callJSON {
	j := callJSON{
		Time: timeJSON(c.Time), Direction: directionJSON(c.Incoming), Result: c.Result,
		Answered: timeJSON(c.Answered), Ended: timeJSON(c.Ended), Digits: c.Digits, Tones: c.Tones,
	}
	for _, r := range c.Heard {
		j.Heard = append(j.Heard, toneJSON{timeJSON(r.Time), r.Tones})
	}
	for _, r := range c.Mic {
		j.Microphone = append(j.Microphone, micJSON{timeJSON(r.Time), r.Open})
	}
	return j
}

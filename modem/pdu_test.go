package modem

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/warthog618/sms"
	"github.com/warthog618/sms/encoding/tpdu"
	"pgregory.net/rapid"
)

func TestSeptets(t *testing.T) {
	cases := []struct {
		body string
		n    int
		gsm  bool
		fits bool
	}{
		{"", 0, true, true},
		{strings.Repeat("a", 160), 160, true, true},
		{strings.Repeat("a", 161), 161, true, false},
		{strings.Repeat("€", 80), 160, true, true},
		{strings.Repeat("€", 81), 162, true, false},
		{"[]{}\\~^|€\f", 20, true, true},
		{strings.Repeat("я", 70), 70, false, true},
		{strings.Repeat("я", 71), 71, false, false},
		{strings.Repeat("🔥", 35), 70, false, true},
		{strings.Repeat("🔥", 36), 72, false, false},
		{strings.Repeat("a", 70) + "ç", 71, false, false},
		{"esc \x1b is a space", 16, true, true},
	}
	for _, c := range cases {
		n, gsm := Septets(c.body)
		if n != c.n || gsm != c.gsm || Fits(c.body) != c.fits {
			t.Errorf("%.20q: %d, %v, fits %v", c.body, n, gsm, Fits(c.body))
		}
	}
}

func TestWhatIsRefusedBeforeAnythingIsSent(t *testing.T) {
	cases := []struct {
		to, body string
		want     error
	}{
		{"", "x", ErrNumber},
		{"+", "x", ErrNumber},
		{"112", "x", ErrNumber},
		{"07700900101", "x", ErrNumber},
		{"+0770090010", "x", ErrNumber},
		{"+4477009001012345", "x", ErrNumber},
		{"+447700900101;", "x", ErrNumber},
		{"+447700900101\rAT", "x", ErrNumber},
		{"+447700900101", "", ErrEmpty},
		{"+447700900101", strings.Repeat("x", 161), ErrTooLong},
		{"+447700900101", strings.Repeat("я", 71), ErrTooLong},
	}
	m := New(Options{})
	for _, c := range cases {
		if _, err := m.Send(t.Context(), Text{To: c.to, Body: c.body}); !errors.Is(err, c.want) {
			t.Errorf("Send to %q: %v, want %v", c.to, err, c.want)
		}
		if c.want != ErrNumber {
			continue
		}
		if _, err := m.Dial(t.Context(), c.to, false); !errors.Is(err, c.want) {
			t.Errorf("Dial %q: %v, want %v", c.to, err, c.want)
		}
	}
	if err := m.Tones(t.Context(), `1",2`); !errors.Is(err, ErrTones) {
		t.Errorf("Tones: %v", err)
	}
	if _, err := m.Send(t.Context(), Text{To: "+447700900101", Body: "x"}); !errors.Is(err, ErrDown) {
		t.Errorf("before Run: %v", err)
	}
}

// TP-VP by 23.040 9.2.3.12.1, written by hand.
func TestValidityIsRoundedUp(t *testing.T) {
	cases := []struct {
		d  time.Duration
		vp byte
	}{
		{time.Second, 0}, {5 * time.Minute, 0}, {5*time.Minute + 1, 1}, {10 * time.Minute, 1}, {15 * time.Minute, 2},
		{4 * time.Hour, 47}, {12 * time.Hour, 143}, {12*time.Hour + 1, 144}, {24 * time.Hour, 167}, {25 * time.Hour, 168},
		{30 * 24 * time.Hour, 196}, {31 * 24 * time.Hour, 197}, {63 * 7 * 24 * time.Hour, 255}, {1000 * 24 * time.Hour, 255},
	}
	for _, c := range cases {
		s, err := encode(Text{To: "+447700900101", Body: "x", Validity: c.d})
		if err != nil {
			t.Fatal(err)
		}
		b, _ := hex.DecodeString(s.pdu)
		if fo, vp := b[1], b[13]; fo != 0x11 || vp != c.vp {
			t.Errorf("%v: first octet %#x, TP-VP %d, want 0x11, %d\n%s", c.d, fo, vp, c.vp, s.pdu)
		}
	}
}

func TestASubmissionIsWhatTheClauseSays(t *testing.T) {
	// 23.040 9.2.2.2 by hand: SUBMIT with relative validity and a report;
	// reference 1; 12 digits, international; 15 minutes; 5 septets "hello".
	s, err := encode(Text{To: "+447700900101", Body: "hello", Validity: 15 * time.Minute, Report: true})
	if err != nil {
		t.Fatal(err)
	}
	const want = "00" + "31" + "01" + "0C91447700091010" + "00" + "00" + "02" + "05" + "E8329BFD06"
	if s.pdu != want || s.length != len(want)/2-1 {
		t.Errorf("got %d %s, want %s", s.length, s.pdu, want)
	}
}

func TestTextsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Filter(func(s string) bool {
			return s != "" && Fits(s) && !strings.ContainsRune(s, '\x1b')
		}).Draw(t, "text")
		s, err := encode(Text{To: "+447700900101", Body: text})
		if err != nil {
			t.Fatal(err)
		}
		b, _ := hex.DecodeString(s.pdu)
		p, err := sms.Unmarshal(b[1:], sms.AsMO)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := body([]*tpdu.TPDU{p}); err != nil || got != text || p.DA.Number() != "+447700900101" {
			t.Fatalf("%q came back as %q, %v", text, got, err)
		}
	})
}

func TestStatusReports(t *testing.T) {
	for status, want := range map[byte]Delivery{0: Delivered, 2: Delivered, 0x1f: Delivered, 0x20: Pending, 0x30: Pending, 0x3f: Pending,
		0x40: Failed, 0x46: Failed, 0x60: Failed, 0xff: Failed} {
		pdu := fmt.Sprintf("0006D60C91447700091010%s%s%02X", "62112221000000", "62112221100040", status)
		p, err := readPDU(pdu)
		if err != nil {
			t.Fatal(err)
		}
		r := statusReport(p)
		if r.State != want || r.Status != status || r.Ref != 0xd6 || r.To != "+447700900101" {
			t.Errorf("%#x: %+v", status, r)
		}
		if !r.Stamp.Equal(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)) || !r.Discharge.Equal(time.Date(2026, 11, 22, 11, 1, 0, 0, time.UTC)) {
			t.Errorf("stamps %v and %v", r.Stamp, r.Discharge)
		}
	}
}

func TestReasonsOfRelease(t *testing.T) {
	for answer, want := range map[string]Cause{
		"0,21": CauseRejected, "21": CauseRejected, `21,"Call rejected"`: CauseRejected, "6,17": CauseBusy,
		"19": CauseNoAnswer, "0,16": CauseNoCarrier, "": CauseNoCarrier, "none": CauseNoCarrier,
		`"Cause Select:67 Cause:41 Temporary failure"`: CauseNetwork,
		"99999999999999999999":                         CauseNoCarrier,
	} {
		if got := release(answer, CauseNoCarrier); got != want {
			t.Errorf("%q: %v, want %v", answer, got, want)
		}
	}
}

func TestClock(t *testing.T) {
	at := func(offset int) time.Time {
		return time.Date(2026, 11, 22, 19, 0, 5, 0, time.FixedZone("", offset))
	}
	for s, want := range map[string]time.Time{
		"26/11/22,19:00:05+00": at(0), "26/11/22,19:00:05+04": at(3600), "26/11/22,19:00:05-22": at(-22 * 900), "26/11/22,19:00:05": at(0),
		"04/01/01,00:00:00+00": {}, "80/01/06,00:00:00+00": {}, "": {}, "26/13/22,19:00:05+00": {}, "26/11/22,19:00:05+99": {}, "26/11/22,19:00:05*04": {},
	} {
		got, ok := clockTime(s)
		if ok == want.IsZero() || !got.Equal(want) {
			t.Errorf("%q: %v, %v", s, got, ok)
		}
	}
}

func TestSignal(t *testing.T) {
	for rssi, want := range map[int]int{0: -115, 1: -111, 2: -110, 10: -94, 30: -54, 31: -52, 99: 0, -1: 0, 50: 0} {
		if got := decibels(rssi); got != want {
			t.Errorf("%d: %d dBm, want %d", rssi, got, want)
		}
	}
}

// No PDU and no listing that a modem, a network or a sender can make makes
// anything but texts of valid UTF-8 and reports come out.
func FuzzListing(f *testing.F) {
	long := []byte(strings.Repeat("long \xe2\x82\xac ", 40))
	for _, o := range [][]sms.EncoderOption{{sms.AsDeliver, sms.From("+447700900101")}, {sms.AsDeliver, sms.From("1"), sms.AsUCS2}} {
		pdus, err := sms.Encode(long, o...)
		if err != nil {
			f.Fatal(err)
		}
		for _, p := range pdus {
			b, _ := p.MarshalBinary()
			f.Add(b, "+CMGL: 1,0,,20")
		}
	}
	f.Add([]byte("\x06\xd6\x0c\x91\x44"), `+CMGL: 2,1,"",`)
	f.Fuzz(func(t *testing.T, b []byte, header string) {
		pdu := "00" + strings.ToUpper(hex.EncodeToString(b))
		info := []string{header, pdu, fmt.Sprintf("+CMGL: 3,1,,%d", len(b)), pdu, "+CMGL: 4,1,,7"}
		entries, _ := listing(info)
		box := newInbox()
		box.see(entries, false, func(int) bool { return false })
		var texts []stored
		for _, e := range entries {
			p, err := readPDU(e.pdu)
			if err != nil {
				continue
			}
			if p.SmsType() == tpdu.SmsStatusReport {
				_ = statusReport(p)
				continue
			}
			e.tpdu = p
			texts = append(texts, e)
		}
		for _, g := range assemble(texts) {
			if len(g.parts) != g.total {
				t.Errorf("%d places for %d parts", len(g.parts), g.total)
			}
			for _, p := range g.parts {
				for _, e := range p {
					if s, err := body([]*tpdu.TPDU{e.tpdu}); err == nil && !utf8.ValidString(s) {
						t.Errorf("text %q", s)
					}
				}
			}
		}
	})
}

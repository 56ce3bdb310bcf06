package modem_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warthog618/sms"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// In the library unsolicited lines are handled in any order, and stand in the
// answers of commands as well.
func TestDigitsKeepTheirOrderWhateverElseGoesOn(t *testing.T) {
	var line *tap
	tapped(t, &line, func(b *bench) {
		b.until("network")
		b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: time.Second})
		if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
			t.Fatal(err)
		}
		b.until("answered")
		sent := make(chan error, 1)
		go func() {
			_, err := b.m.Send(b.ctx, modem.Text{To: anna, Body: "meanwhile"})
			sent <- err
		}()
		const keys = "0123456789*#ABCD"
		var want []string
		for i := range 200 {
			burst := ""
			for j := range 6 {
				k := keys[(7*i+j)%len(keys)]
				burst += fmt.Sprintf("\r\n+DTMF: %c\r\n", k)
				want = append(want, fmt.Sprintf("digit %c", k))
			}
			line.inject(burst)
			time.Sleep(37 * time.Millisecond)
		}
		if err := <-sent; err != nil {
			t.Errorf("Send: %v", err)
		}
		time.Sleep(time.Second)
		got := b.seen("Network", "NetworkTime", "Up", "Ringing", "Answered", "Report")
		if !slices.Equal(got, want) {
			t.Errorf("got %d digits %.200q, want %d", len(got), got, len(want))
		}
	})
}

// tapped is story with a line that the test can put bytes into.
func tapped(t *testing.T, line **tap, f func(*bench)) {
	t.Helper()
	wrap = func(l io.ReadWriteCloser) io.ReadWriteCloser {
		*line = newTap(l)
		return *line
	}
	defer func() { wrap = nil }()
	story(t, f)
}

func TestUnsolicitedLinesFallIntoAnswers(t *testing.T) {
	var line *tap
	noises := []string{
		"\r\nRING\r\n\r\n+CLIP: \"" + anna + "\",145,\"\",0,\"\",0\r\n",
		"\r\n+CREG: 2\r\n\r\n+CREG: 1\r\n",
		"\r\n+CIEV: 1,2\r\n\r\nDST: 0\r\n\r\n*PSUTTZ: 2026,11,22,18,0,0,\"+4\",0\r\n",
		"\r\n+CUSD: 0,\"OK\",15\r\n\r\n+SJDR: NO JAMMING\r\n",
		"\r\nUNDER-VOLTAGE WARNNING\r\n",
		"\x00\x00\xff\xfe", "\r\n\x00RI", "\r\n> \r\n", "\r\n>>> \r\n",
		"\r\n" + strings.Repeat("x", 100_000) + "\r\n",
		"\r\n+CMT: ,99\r\n", "\r\n+CDS: 25\r\n",
	}
	for _, noise := range noises {
		name := noise
		if len(name) > 30 {
			name = name[:30]
		}
		t.Run(fmt.Sprintf("%q", name), func(t *testing.T) {
			tapped(t, &line, func(b *bench) {
				b.until("network")
				b.beside.Go(func() {
					for {
						select {
						case <-b.ctx.Done():
							return
						case <-time.After(1300 * time.Millisecond):
							line.inject(noise)
						}
					}
				})
				for range 5 {
					works(b)
				}
			})
		})
	}
}

func TestLongTextsComeTogetherInAnyOrder(t *testing.T) {
	text := strings.Repeat("A long text, with € and {}. ", 14)
	parts := deliver(t, anna, text)
	other := deliver(t, bob, text) // the same reference from somebody else
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}, {2, 2, 1, 0, 0}} {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			story(t, func(b *bench) {
				b.until("network")
				for _, n := range order {
					if err := b.sim.PDU(parts[n]); err != nil {
						t.Fatal(err)
					}
					if n < 2 {
						_ = b.sim.PDU(other[n])
					}
					time.Sleep(40 * time.Second)
				}
				b.until("text from " + anna)
				time.Sleep(time.Minute)
				b.want(idle, fmt.Sprintf("text from %s %q parts=3 found=false", anna, text))
			})
		})
	}
}

// A phone uses the references of its long texts again.
func TestAReferenceThatIsUsedAgainMixesNothing(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	first, second := strings.Repeat("a", 200), strings.Repeat("b", 200)
	a, b2 := deliverAt(t, anna, first, noon), deliverAt(t, anna, second, noon.Add(3*time.Minute))
	for _, order := range [][][]byte{{a[0], b2[0], b2[1], a[1]}, {a[0], b2[0], a[1], b2[1]}, {b2[1], a[1], a[0], b2[0]}} {
		story(t, func(b *bench) {
			b.until("network")
			for _, p := range order {
				_ = b.sim.PDU(p)
			}
			b.until(fmt.Sprintf("text from %s %q", anna, first))
			b.until(fmt.Sprintf("text from %s %q", anna, second))
		})
	}
}

func TestPartsFarApartAreNotOfOneText(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	story(t, func(b *bench) {
		b.until("network")
		_ = b.sim.PDU(deliverAt(t, anna, strings.Repeat("a", 200), noon)[0])
		_ = b.sim.PDU(deliverAt(t, anna, strings.Repeat("b", 200), noon.Add(2*time.Hour))[1])
		time.Sleep(time.Minute)
		b.want(idle)
	})
}

func TestPartsWithoutTheRestAreGivenUpAfterADay(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		parts := deliver(t, anna, strings.Repeat("0123456789", 20))
		_ = b.sim.PDU(parts[1])
		time.Sleep(25 * time.Hour)
		_ = b.sim.PDU(parts[0])
		time.Sleep(time.Hour)
		b.want(idle)
	})
}

func TestAFloodOfPartsDoesNotFillTheSIM(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		for n := range 40 { // the SIM has 20 places
			_ = b.sim.PDU(deliver(t, fmt.Sprintf("+4477009%05d", n), strings.Repeat("flood", 40))[0])
			time.Sleep(2 * time.Second)
		}
		_ = b.sim.Text(anna, "482913 disarm")
		b.until("text from " + anna)
	})
}

func TestWhatCanNotBeReadIsDeleted(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		for n := range 30 {
			_ = b.sim.PDU([]byte{0x04, 0x0b, 0x91, 0x44, 0x77, 0x00, 0x09, 0x10, 0xf1, 0x00, 0xff, byte(n)})
			time.Sleep(10 * time.Second)
		}
		_ = b.sim.Text(anna, "still here")
		b.until("text from " + anna)
		b.want(idle, "text from "+anna+` "still here" parts=1 found=false`)
	})
}

// deliver makes the SMS-DELIVER TPDUs of a text.
func deliver(t *testing.T, from, text string) [][]byte {
	t.Helper()
	return deliverAt(t, from, text, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
}

func deliverAt(t *testing.T, from, text string, stamp time.Time) [][]byte {
	t.Helper()
	pdus, err := sms.Encode([]byte(text), sms.AsDeliver, sms.From(from))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	for _, p := range pdus {
		p.SCTS.Time = stamp
		b, err := p.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

func TestSendersAndAlphabets(t *testing.T) {
	texts := []struct{ from, body string }{
		{anna, "plain"}, {anna, "€ [braces] ~"}, {anna, "кириллица 482913"}, {anna, "emoji 🔥 end"}, {"Provider", "Your credit is low"}, {"12345", "short code"},
		{anna, "line\r\nOK\r\n+CMGL: 1,1,,20\r\n"},
		{anna, strings.Repeat("🔥", 100)},
	}
	for _, c := range texts {
		t.Run(c.body[:min(len(c.body), 12)], func(t *testing.T) {
			story(t, func(b *bench) {
				b.until("network")
				if err := b.sim.Text(c.from, c.body); err != nil {
					t.Fatal(err)
				}
				b.until("text from")
				told := b.told()
				r := told[len(told)-1].(modem.Received)
				alpha := c.from == "Provider"
				if r.From != c.from || r.Body != c.body || r.Alphanumeric != alpha {
					t.Errorf("got %+v", r)
				}
			})
		})
	}
}

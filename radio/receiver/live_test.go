package receiver

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// The real rtl_433 on a made dongle that hangs: rtl_433 22.11 says so after 3 s,
// but stays, and SIGTERM does not end it. It is killed, and when the dongle has
// come back, so is the receiver: one trouble, one end.
func TestDongleHangs(t *testing.T) {
	if _, err := exec.LookPath("rtl_433"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("rtl_433 is not installed: ", err)
		}
		t.Skip("rtl_433 is not installed: ", err)
	}
	t.Parallel()
	air, err := signal.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { air.Close() })
	p := quick
	p.settle = 500 * time.Millisecond
	r := play(t, p, Options{
		Command: `exec rtl_433 -c "$RTL_433_CONF" -d "rtl_tcp:$AIR"`,
		Env:     []string{"AIR=" + air.Addr(), "RTL_433_CONF=" + decoderList(t, strings.ReplaceAll(Conf, ":10\n", ":1\n"))},
		Silence: 2800 * time.Millisecond, // what it says at 3 s would be one more sign of life
	})
	r.until("up by its heartbeat", func(_ []radio.Frame, s Status) bool { return s.Up })
	air.Stall(true)
	r.until("down", func(_ []radio.Frame, s Status) bool { return !s.Up && s.Err != nil })
	air.Stall(false)
	if err := air.WaitListening(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := air.Send(signal.Press{Code: 0x13CDC0}); err != nil {
		t.Fatal(err)
	}
	r.until("the press", func(frames []radio.Frame, s Status) bool { return s.Up && len(frames) > 1 })
	frames, _ := r.seen()
	if f := frames[0]; f.ID != "ev1527:13CDC0" || f.SNR < 9 {
		t.Errorf("%+v", f)
	}
	r.hasTold(t, "radio") // later versions of rtl_433 may end of themselves
}

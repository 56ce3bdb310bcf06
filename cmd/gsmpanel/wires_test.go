package main

import (
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/zones"
)

// TestPlugPulled runs a panel whose mains and siren are files, as the kernel shows
// supplies and LEDs, and pulls the plug.
func TestPlugPulled(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.write("online", "1\n", 0o600)
	h.write("brightness", "0\n", 0o600)
	h.cli("", "contact", "add", "Anna", annaNumber, "--control", "--quiet")
	h.cli(houseCode+"\n", "code", "add", "Anna")
	for _, s := range []string{"mains-delay", "trouble-delay"} {
		h.cli("", "settings", "set", s, "0")
	}
	h.start("--mains", h.path("online"), "--siren", h.path("brightness"))
	power := func(word string) func() bool {
		return func() bool { return strings.Contains(h.cli("", "status", "--json"), `"power": "`+word+`"`) }
	}
	h.until("it lives on the mains", power("mains"))
	h.write("online", "0\n", 0o600)
	h.untilGot(annaNumber, "Trouble: mains power is lost.")
	if !power("battery")() {
		t.Error("status does not say so")
	}
	h.write("online", "1\n", 0o600)
	h.untilGot(annaNumber, "Over: mains power is lost.")

	h.anna(houseCode + " PANIC")
	h.until("the siren sounds", func() bool { return h.read("brightness") == "1\n" })
	h.anna(houseCode + " DISARM")
	h.until("the siren is silent", func() bool { return h.read("brightness") == "0\n" })
	h.stop()
}

// A disk that is nearly full is told once, and its end once there is room again.
func TestNearlyFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		minutes := []uint64{90, 33, 31, 30, 33, 39, 0, 41, 33}
		var told []string
		n := -1
		go watchDisk(t.Context(), func() (uint64, error) {
			if n++; n < len(minutes) && minutes[n] != 0 {
				return minutes[n] << 20, nil
			}
			return 0, errors.New("it cannot be asked")
		}, func(e panel.Event) {
			f := e.(panel.Fault)
			told = append(told, string(f.Name)+map[bool]string{true: " on ", false: " off "}[f.On]+f.Why+" in minute "+strconv.Itoa(n))
		})
		time.Sleep(time.Hour)
		synctest.Wait()
		want := []string{"disk-full on 31 MB are free in minute 2", "disk-full off 41 MB are free in minute 7"}
		if !slices.Equal(told, want) {
			t.Errorf("%q, want %q", told, want)
		}
	})
}

// What loops say is what the panel hears: that one is found open may be nothing new.
func TestWhatLoopsSay(t *testing.T) {
	var got []panel.Event
	h := hears(func(e panel.Event) { got = append(got, e) }, slog.New(slog.DiscardHandler))
	h.Stands("gpio:gpiochip0:4", true, true)
	h.Stands("gpio:gpiochip0:4", false, false)
	h.Stands("gpio:gpiochip0:4", true, false)
	h.Stands("gpio:gpiochip0:4", false, true)
	h.Pressed("gpio:gpiochip0:6", true, 30*time.Millisecond, 0)
	h.Pressed("gpio:gpiochip0:6", false, 2050*time.Millisecond, 2*time.Second)
	h.Failing("gpiochip0 is gone")
	h.Failing("")
	says := func(what zones.What) panel.Event {
		return panel.Sensed{ID: "gpio:gpiochip0:4", What: []zones.What{what}}
	}
	want := []panel.Event{
		says(zones.StandsOpen), says(zones.Closed), says(zones.Tripped), says(zones.Closed),
		panel.Pressing{ID: "gpio:gpiochip0:6", New: true, Ago: 30}, panel.Pressing{ID: "gpio:gpiochip0:6", Ago: 2050, Lasted: 2000},
		panel.Fault{Name: panel.WireTrouble, On: true, Why: "gpiochip0 is gone"}, panel.Fault{Name: panel.WireTrouble},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

// The siren's line is left to the siren, and each flag has one of its own.
func TestLinesOfFlags(t *testing.T) {
	o := runOptions{Siren: "gpio:gpiochip0:27:low", Mains: "/sys/class/power_supply/AC/online"}
	if got := o.taken(); len(got) != 1 || got["gpio:gpiochip0:27"] != "--siren" {
		t.Errorf("taken: %v", got)
	}
	if err := o.checkWires(); err != nil {
		t.Error(err)
	}
	o.Mains = "gpio:gpiochip0:27"
	if err := o.checkWires(); err == nil || !strings.Contains(err.Error(), "that is the line of --siren already") {
		t.Errorf("one line for both: %v", err)
	}
}

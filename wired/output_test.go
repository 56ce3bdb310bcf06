package wired

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsASwitch(t *testing.T) {
	for out, want := range map[string]string{
		"": "", "none": "", "gpio:gpiochip0:17": "switch", "gpio:gpiochip0:17:low": "switch", "exec:relay 3": "switch", "/sys/class/leds/x": "switch",
		"key:gpio:gpiochip0:17": "key", "key:exec:press": "key", "key:/tmp/x": "key",
		"key:": "error", "key:none": "error", "key": "error", "gpio:17": "error", "exec:": "error", "relay": "error", "key:key:/tmp/x": "error",
	} {
		o, err := OpenOutput(out)
		got := ""
		switch {
		case err != nil:
			got = "error"
			if !strings.Contains(err.Error(), "for example") || !strings.Contains(err.Error(), out) {
				t.Errorf("%q: %v", out, err)
			}
		case o != nil && o.Key:
			got = "key"
		case o != nil:
			got = "switch"
		}
		if got != want {
			t.Errorf("%q is %q, want %q", out, got, want)
		}
	}
}

func TestASwitchAtALine(t *testing.T) {
	onBoard(t, func(b *board) {
		o, err := outputOf("gpio:gpiochip0:17:low", b)
		if err != nil {
			t.Fatal(err)
		}
		for _, on := range []bool{true, false, true} {
			if err := o.Set(t.Context(), on); err != nil || b.high[17] == on {
				t.Errorf("%v: the line is high: %v, %v", on, b.high[17], err)
			}
		}
		o.Close()
		if b.inUse() != 0 {
			t.Error("the line is not given back")
		}
		b.gone = true
		if err := o.Set(t.Context(), true); err == nil || !strings.Contains(err.Error(), "gpiochip0") {
			t.Errorf("without its chip: %v", err)
		}
	})
}

func TestASwitchByCommand(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	o, err := OpenOutput("exec:f() { echo $1 $# >> " + log + "; test $1 = on; }; f")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Set(t.Context(), true); err != nil {
		t.Error(err)
	}
	if err := o.Set(t.Context(), false); err == nil || !strings.Contains(err.Error(), "try it by hand") {
		t.Errorf("a command that fails: %v", err)
	}
	if got, _ := os.ReadFile(log); string(got) != "on 1\noff 1\n" {
		t.Errorf("it was run with %q", got)
	}
}

package wired

import (
	"strings"
	"testing"
)

// One line has one name, the one that zones give it.
func TestLineID(t *testing.T) {
	for where, want := range map[string]string{
		"gpio:gpiochip0:27": "gpio:gpiochip0:27", "gpio:gpiochip00:027:low": "gpio:gpiochip0:27", "gpio:gpiochip0:27:no": "", "exec:gpio:gpiochip0:27": "", "none": "",
	} {
		if got := LineID(where); got != want {
			t.Errorf("%q is at %q, want %q", where, got, want)
		}
	}
}

// FuzzWhere: whatever stands behind --siren and --mains is taken or refused by its
// name, and a line that both take is the same line.
func FuzzWhere(f *testing.F) {
	for _, where := range []string{"", "none", "exec:true", "gpio:gpiochip0:17", "gpio:gpiochip0:17:low", "gpio:gpiochip00:017", "gpio:gpiochip:1", "gpio::", "/sys/x", "gpio:gpiochip0:+1", "gpio:gpiochip0:70000", "\x00"} {
		f.Add(where)
	}
	f.Fuzz(func(t *testing.T, where string) {
		siren := CheckSiren(where)
		_, mains := OpenMains(where)
		if where != "" && where != "none" && (siren == nil) != (mains == nil) {
			t.Errorf("%q: as siren %v, as mains %v", where, siren, mains)
		}
		line := LineID(where)
		if (line != "") != (siren == nil && strings.HasPrefix(where, "gpio:")) || line != "" && LineID(line) != line {
			t.Errorf("%q is at line %q, as siren %v", where, line, siren)
		}
	})
}

package panel

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// typed are the commands that come of keys, with E for Enter, B for Backspace and
// X for Esc.
func typed(keys string) (out []string) {
	var p typing
	for _, k := range []byte(strings.NewReplacer("E", "\n", "B", "\b", "X", "\x1b").Replace(keys)) {
		if digits, verb, done := p.key(k); done {
			out = append(out, string(verb)+" "+string(digits))
		}
	}
	return out
}

func TestTyping(t *testing.T) {
	for name, c := range map[string]struct{ keys, want string }{
		"a code and Enter":                     {"482913E", "ENTER 482913"},
		"star, slash":                          {"482913*730586/", "HOME 482913, STATUS 730586"},
		"no digits are no attempt":             {"E*/E", ""},
		"one digit is":                         {"4E", "ENTER 4"},
		"ten digits":                           {"1234567890E", "ENTER 1234567890"},
		"eleven: none is kept":                 {"12345678901E", "ENTER "},
		"and what stands behind them is none":  {"12345678901482913E", "ENTER "},
		"but a new one is":                     {"12345678901E482913E", "ENTER , ENTER 482913"},
		"Esc ends that too":                    {"12345678901X482913E", "ENTER 482913"},
		"Esc":                                  {"482X913E", "ENTER 913"},
		"Backspace":                            {"4829BB2913BBBB13E", "ENTER 4813"},
		"Backspace where nothing stands":       {"BB482913E", "ENTER 482913"},
		"Backspace of all":                     {"48BBE", ""},
		"Backspace behind too many is in vain": {"12345678901BB1E", "ENTER "},
		"other keys":                           {"4a8\x002.9\xff1-3E", "ENTER 482913"},
	} {
		if got := strings.Join(typed(c.keys), ", "); got != c.want {
			t.Errorf("%s: %q instead of %q", name, got, c.want)
		}
	}
}

// Whatever is typed, a command has the digits since the last one, the last Esc and
// the last gap, or none where there were more than ten.
func TestTypingKeepsNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOf(rapid.SampledFrom([]byte("0123456789012345678901234567890123456789\n*/\x1b"))).Draw(t, "keys")
		var p typing
		since := ""
		for _, k := range keys {
			digits, _, done := p.key(k)
			want := since
			if len(since) > longestCode {
				want = ""
			}
			switch {
			case k >= '0' && k <= '9':
				since += string(k)
			case done && string(digits) != want:
				t.Fatalf("%q after %q", string(digits), since)
			case !done && k != 0x1b && since != "":
				t.Fatalf("%q came to nothing", since)
			default:
				if since = ""; p != (typing{}) {
					t.Fatal("something is left")
				}
			}
		}
	})
}

func TestTypingPrintsNothing(t *testing.T) {
	var p typing
	var within struct{ T typing }
	for _, k := range []byte("482913") {
		p.key(k)
		within.T.key(k)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		for _, v := range []any{p, &p, within} {
			got := fmt.Sprintf(verb, v)
			if strings.ContainsAny(got, "3456789") {
				t.Errorf("%s prints %s", verb, got)
			}
		}
	}
}

// keys are typed at a running panel, one each 200 ms.
func (d *daemon) types(keys string) {
	for _, k := range []byte(strings.ReplaceAll(keys, "E", "\n")) {
		d.Typed(k)
		time.Sleep(200 * time.Millisecond)
	}
}

func (d *daemon) shows(t *testing.T, want string) {
	t.Helper()
	synctest.Wait()
	if o, err := d.Outward(t.Context()); err != nil || o.State != want {
		t.Errorf("shown is %q instead of %q, %v", o.State, want, err)
	}
}

func TestHalfTypedDigitsAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.types(annaCode[:3])
		time.Sleep(typingRests - time.Second)
		d.types(annaCode[3:] + "E")
		d.shows(t, "arming")
		d.types(annaCode[:3])
		time.Sleep(typingRests)
		d.types(annaCode[3:] + "E")
		d.shows(t, "arming")
		if !d.disk.says("wrong code") {
			t.Error("the second half was not taken for a code")
		}
		d.types(annaCode + "E")
		d.shows(t, "disarmed")
		d.end(t)
	})
}

// A flood of texts, each of which costs a hash, must not make anybody wait at the
// keypad; nor do keys block that are pressed when the panel has ended.
func TestTypingBesideAFloodOfTexts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		go func() {
			for range floodTexts(5000) {
				d.text(stranger, "111222 DISARM")
				time.Sleep(time.Millisecond)
			}
		}()
		time.Sleep(time.Second)
		d.types(annaCode + "E")
		d.shows(t, "arming")
		time.Sleep(5 * time.Second)
		d.end(t)
		d.Typed('1')
	})
}

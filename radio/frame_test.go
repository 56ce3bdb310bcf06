package radio

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, line, id string
		rssi, snr      float64
	}{
		{"the least", `{"model":"EV1527","code":1297712}`, "ev1527:13CD30", 0, 0},
		{"as rtl_433 22.11 prints it", `{"time" : "@0.257012s", "model" : "EV1527", "count" : 1, "num_rows" : 1, "len" : 25, "data" : "13cdc00", "code" : 1297856, "mod" : "ASK", "freq" : 433.929, "rssi" : -0.108, "snr" : 9.378, "noise" : -9.487}`, "ev1527:13CDC0", -0.108, 9.378},
		{"line end of Windows", "{\"model\":\"EV1527\",\"code\":1}\r\n", "ev1527:000001", 0, 0},
		{"largest code", `{"model":"EV1527","code":16777214}`, "ev1527:FFFFFE", 0, 0},
		{"code as digits", `{"model":"EV1527","code":"13cd30"}`, "ev1527:13CD30", 0, 0},
		{"code as a row", `{"model":"EV1527","code":"13CD300"}`, "ev1527:13CD30", 0, 0},
		{"data alone", `{"model":"EV1527","len":25,"data":"13cd300"}`, "ev1527:13CD30", 0, 0},
		{"code null, data there", `{"model":"EV1527","code":null,"data":"13cd300"}`, "ev1527:13CD30", 0, 0},
		{"unreadable strength", `{"model":"EV1527","code":1297712,"rssi":"loud"}`, "ev1527:13CD30", 0, 0},
		{"impossible strength", `{"model":"EV1527","code":1297712,"rssi":-1e300}`, "ev1527:13CD30", 0, 0},
		{"unreadable distance to the noise", `{"model":"EV1527","code":1297712,"rssi":-7,"snr":{}}`, "ev1527:13CD30", -7, 0},
		{"impossible distance to the noise", `{"model":"EV1527","code":1297712,"snr":201}`, "ev1527:13CD30", 0, 0},
		{"padded to the longest line", `{"model":"EV1527","code":1297712}` + strings.Repeat(" ", MaxLine-33), "ev1527:13CD30", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := Frame{Family: "ev1527", ID: c.id, RSSI: c.rssi, SNR: c.snr}
			if got, ok := Parse([]byte(c.line)); !ok || got != want {
				t.Errorf("Parse = %+v, %v, want %+v", got, ok, want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, line := range map[string]string{
		"nothing":                    ``,
		"no JSON":                    `rtl_433 version 22.11`,
		"half a line":                `{"model":"EV1527","code":12977`,
		"two on one line":            `{"model":"EV1527","code":1}{"model":"EV1527","code":1}`,
		"a list":                     `["EV1527",1297712]`,
		"no model":                   `{"enabled":3,"frames":{"count":1},"code":1297712}`,
		"an unknown keypad":          `{"model":"SimpliSafe-Keypad2","extradata":"Disarm Pin: 1234"}`,
		"a weather station":          `{"model":"LaCrosse-TX141THBv2","id":87,"temperature_C":21.4}`,
		"a model in small letters":   `{"model":"dsc-security","id":1}`,
		"a model that is a list":     `{"model":["DSC-Security"],"id":1}`,
		"a family above the limit":   `{"model":"DSC-Security"}` + strings.Repeat(" ", MaxLine),
		"a stock decoder":            `{"model":"Generic-Remote","id":23100,"cmd":145,"code":1297712}`,
		"no code":                    `{"model":"EV1527"}`,
		"idle line":                  `{"model":"EV1527","code":0}`,
		"carrier":                    `{"model":"EV1527","code":16777215}`,
		"carrier as digits":          `{"model":"EV1527","code":"ffffff"}`,
		"25 bits of code":            `{"model":"EV1527","code":16777216}`,
		"negative":                   `{"model":"EV1527","code":-1}`,
		"fraction":                   `{"model":"EV1527","code":1.5}`,
		"code is a truth":            `{"model":"EV1527","code":true}`,
		"too few digits":             `{"model":"EV1527","code":"13cd3"}`,
		"too many digits":            `{"model":"EV1527","code":"13cd3000"}`,
		"no digits":                  `{"model":"EV1527","code":"thirty"}`,
		"sign among the digits":      `{"model":"EV1527","code":"+13cd3"}`,
		"decimal digits in a string": `{"model":"EV1527","code":"1297712"}`,
		"24 bits":                    `{"model":"EV1527","len":24,"code":1297712}`,
		"26 bits":                    `{"model":"EV1527","len":26,"code":1297712}`,
		"no length":                  `{"model":"EV1527","len":"25","code":1297712}`,
		"25th bit set":               `{"model":"EV1527","len":25,"data":"13cd308","code":1297712}`,
		"data of 24 bits":            `{"model":"EV1527","data":"13cd30","code":1297712}`,
		"data is another code":       `{"model":"EV1527","data":"13cd310","code":1297712}`,
		"above the longest line":     `{"model":"EV1527","code":1297712}` + strings.Repeat(" ", MaxLine-32),
		"deep":                       `{"model":"EV1527","code":1,"x":` + strings.Repeat("[", 4000),
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := Parse([]byte(line)); ok || got != (Frame{}) {
				t.Errorf("Parse = %+v, %v, want nothing", got, ok)
			}
		})
	}
}

// Of a device that can't be used, and of a line with a PIN, only the family comes out.
func TestParseForeign(t *testing.T) {
	for line, family := range map[string]string{
		`{"model":"SimpliSafe-Keypad","id":"1ABCD","seq":17,"extradata":"Disarm Pin: 1234","rssi":-0.12,"snr":24.17}`:       "simplisafe",
		`{"model":"SimpliSafe-Keypad","id":"1ABCD","seq":17,"extradata":"Keypad Menu Button"}`:                              "simplisafe",
		`{"model":"SimpliSafe-Keypad","id":"1ABCD","seq":17,"extradata":"Arm System - Home"}`:                               "simplisafe",
		`{"model":"SimpliSafe-Gen3","id":"0ABCDE12","msg_type":1}`:                                                          "simplisafe",
		`{"model":"DSC-Security","id":6602696,"closed":0,"event":1,"tamper":1,"battery_ok":0,"exception":1,"esn":"64bfc8"}`: "dsc",
		`{"model":"Yale-HSA","id":"21D8A0","stype":"AC","event":1}`:                                                         "yale",
		`{"model":"Microchip-HCS200","id":"0ABCDE1","battery_ok":1,"button":2}`:                                             "hcs",
	} {
		if got, ok := Parse([]byte(line)); !ok || got != (Frame{Family: family}) {
			t.Errorf("Parse(%s) = %+v, %v, want the family %s alone", line, got, ok, family)
		}
	}
}

// Every code that a device can have comes out as itself, however it is written.
func TestParseEveryCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.Uint32Range(1, 0xFFFFFE).Draw(t, "code")
		want := fmt.Sprintf("ev1527:%06X", code)
		for _, form := range []string{
			`{"model":"EV1527","code":%[1]d}`, `{"model":"EV1527","code":"%06[1]x"}`,
			`{"model":"EV1527","len":25,"data":"%06[1]x0","code":%[1]d}`,
		} {
			if f, ok := Parse(fmt.Appendf(nil, form, code)); !ok || f.ID != want {
				t.Fatalf(form+": %+v, %v", code, f, ok)
			}
		}
		if id, err := ParseID(strings.ToLower(want)); err != nil || id != want {
			t.Fatalf("ParseID: %q, %v", id, err)
		}
	})
}

func TestParseID(t *testing.T) {
	for typed, want := range map[string]string{
		"ev1527:13CDC0":    "ev1527:13CDC0",
		" EV1527:13cdc0\n": "ev1527:13CDC0",
		"ev1527:000001":    "ev1527:000001",
		"ev1527:FFFFFE":    "ev1527:FFFFFE",
		"ev1527:000000":    "", "ev1527:FFFFFF": "", "ev1527:13CDC": "", "ev1527:13CDC00": "",
		"ev1527:13CDCG": "", "13CDC0": "", "ev1527": "", "": "", "ev1527:13CDC0:1": "", "hcs:13CDC0": "",
	} {
		got, err := ParseID(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseID(%q) = %q, %v, want %q", typed, got, err, want)
		}
		if err != nil && !(strings.Contains(err.Error(), fmt.Sprintf("%q", typed)) && strings.Contains(err.Error(), "for example ")) {
			t.Errorf("ParseID(%q): %v: names neither the value nor an example", typed, err)
		}
	}
}

func TestConfigJSON(t *testing.T) {
	c := Config{Remotes: []Remote{{Name: "Fob", Contact: "Anna", Buttons: []Button{{ID: "ev1527:13CDC0", Action: "arm"}}}}}
	got, err := json.Marshal(c)
	want := `{"remotes":[{"name":"Fob","contact":"Anna","buttons":[{"id":"ev1527:13CDC0","action":"arm"}]}]}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"model":"EV1527","code":1297712}`,
		`{"time":"@0.1s","model":"EV1527","len":25,"data":"13cd300","code":1297712,"rssi":-0.1}`,
		`{"model":"EV1527","code":"13cd30"}`,
		`{"model":"SimpliSafe-Keypad","extradata":"Disarm Pin: 1234"}`,
		`{"model":"EV1527","code":16777215}`, `{`, "\xff\x00",
	} {
		f.Add([]byte(s))
	}
	for _, known := range familyLines {
		f.Add([]byte(known.line))
	}
	id := regexp.MustCompile(`^((ev1527|dsc|visonic|interlogix):[0-9A-F]{6}|interlogix:F[0-9A-F]{5}:[1-5]|hcs:[0-9A-F]{7}:[1-9A-F]|honeywell:[0-9A-F]{5}|skylink:[0-3][0-9A-F]{3}|simplisafe:[0-9A-Z]{5}(:(off|away|panic))?)$`)
	f.Fuzz(func(t *testing.T, line []byte) {
		before := string(line)
		got, ok := Parse(line)
		if string(line) != before {
			t.Fatal("Parse changed the line")
		}
		if !ok {
			if got != (Frame{}) {
				t.Fatalf("not ok, but %+v", got)
			}
			return
		}
		if len(line) > MaxLine {
			t.Fatalf("%+v of %d bytes", got, len(line))
		}
		if got.ID == "" {
			onlyFamily(t, got)
			return
		}
		if family, _, _ := strings.Cut(got.ID, ":"); got.Family != family || !id.MatchString(got.ID) {
			t.Fatalf("%+v", got)
		}
		if got.Says != 0 {
			return
		}
		if again, err := ParseID(got.ID); err != nil || again != got.ID {
			t.Fatalf("ParseID(%q) = %q, %v", got.ID, again, err)
		}
		if !(got.RSSI >= -200 && got.RSSI <= 20 && got.SNR >= -200 && got.SNR <= 200) {
			t.Fatalf("RSSI %v, SNR %v", got.RSSI, got.SNR)
		}
	})
}

var families = []string{"dsc", "hcs", "honeywell", "interlogix", "simplisafe", "skylink", "visonic", "yale"}

// onlyFamily fails where a frame holds anything but one of the families: no digit
// of a line is in those.
func onlyFamily(t *testing.T, f Frame) {
	if !slices.Contains(families, f.Family) || f != (Frame{Family: f.Family}) {
		t.Fatalf("%+v, want one of %v and nothing else", f, families)
	}
}

// No digit of a keypad's PIN comes out, whatever field it is in: what has a PIN is
// no command.
func FuzzKeypad(f *testing.F) {
	f.Add("extradata", uint16(1234), `"id":"1ABCD","seq":1`)
	f.Add("rssi", uint16(12), `"snr":12`)
	f.Add("seq", uint16(99), `"extradata":"Keypad Panic Button"`)
	f.Add("data", uint16(7), `"Model":"SimpliSafe-Keypad"`)
	f.Fuzz(func(t *testing.T, field string, pin uint16, more string) {
		key, _ := json.Marshal(field)
		line := fmt.Appendf(nil, `{%[1]s,%[2]s:%[3]d,"model":"SimpliSafe-Keypad","extradata":"Disarm Pin: %04[3]d"}`, more, key, pin)
		if got, ok := Parse(line); ok {
			onlyFamily(t, got)
		}
	})
}

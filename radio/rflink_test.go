package radio

import (
	"strings"
	"testing"
)

// The lines of plugins 061 and 062, of the start, of DEBUG and of PING are as they
// were published; the Chuango code is that of the pulses beside it in Plugin_062.c.
func TestParseRFLink(t *testing.T) {
	ev1527 := func(id string) Frame { return Frame{Family: "ev1527", ID: id, Alone: true} }
	for _, c := range []struct {
		name, line string
		want       Frame
		ok         bool
	}{
		{"EV1527", "20;49;EV1527;ID=000373;SWITCH=0a;CMD=ON;", ev1527("ev1527:00373A"), true},
		{"with its line end", "20;9A;EV1527;ID=01e7be;SWITCH=01;CMD=ON;\r\n", ev1527("ev1527:1E7BE1"), true},
		{"all 20 bits", "20;ff;EV1527;ID=0FFFFF;SWITCH=0E;CMD=ON;", ev1527("ev1527:FFFFFE"), true},
		{"Chuango, a long pulse is a 0", "20;03;Chuango;ID=127478;SWITCH=02;CMD=ON;", ev1527("ev1527:ED8B87"), true},
		{"with something more", "20;49;EV1527;ID=000373;SWITCH=0a;CMD=ON;RSSI=-67;", ev1527("ev1527:00373A"), true},
		{"tri-state, folded", "20;06;TriState;ID=08000a;SWITCH=02;CMD=ON;", Frame{Family: "tristate"}, true},
		{"PT2262, folded", "20;18;PT2262;ID=755D5;SWITCH=01;CMD=ON;", Frame{Family: "pt2262"}, true},
		{"a switch of another family", "20;17;NewKaku;ID=2508A7C;SWITCH=B;CMD=OFF;", Frame{Family: "newkaku"}, true},
		{"another with a blank", "20;02;Ikea Koppla;ID=000080;SWITCH=00;CMD=ON;", Frame{Family: "ikea koppla"}, true},

		{"start", "20;00;Nodo RadioFrequencyLink - RFLink Gateway V1.1 - R48;", Frame{}, false},
		{"version", "20;01;VER=1.1;REV=48;BUILD=04;", Frame{}, false},
		{"answer to a ping", "20;99;PONG;", Frame{}, false},
		{"thermometer", "20;07;Oregon Temp;ID=1A2D;TEMP=00be;BAT=OK;", Frame{}, false},
		{"debug", "20;03;DEBUG;Pulses=50;Pulses(uSec)=1725,325;", Frame{}, false},
		{"idle line", "20;01;EV1527;ID=000000;SWITCH=00;CMD=ON;", Frame{}, false},
		{"carrier", "20;01;EV1527;ID=0fffff;SWITCH=0f;CMD=ON;", Frame{}, false},
		{"carrier at Chuango", "20;01;Chuango;ID=000000;SWITCH=02;CMD=ON;", Frame{}, false},
		{"a digit was lost", "20;49;EV1527;ID=00373;SWITCH=0a;CMD=ON;", Frame{}, false},
		{"a digit of the switch was lost", "20;49;EV1527;ID=000373;SWITCH=a;CMD=ON;", Frame{}, false},
		{"the end was lost", "20;49;EV1527;ID=000373;SWITCH=0a;CMD=O", Frame{}, false},
		{"the beginning was lost", "49;EV1527;ID=000373;SWITCH=0a;CMD=ON;", Frame{}, false},
		{"two lines in one", "20;49;EV1527;ID=0020;4A;EV1527;ID=000373;SWITCH=0a;CMD=ON;", Frame{}, false},
		{"24 bits of EV1527", "20;49;EV1527;ID=100373;SWITCH=0a;CMD=ON;", Frame{}, false},
		{"a switch of 8 bits", "20;49;EV1527;ID=000373;SWITCH=1a;CMD=ON;", Frame{}, false},
		{"another switch of Chuango", "20;03;Chuango;ID=127478;SWITCH=03;CMD=ON;", Frame{}, false},
		{"what was sent to it", "10;EV1527;000373;0a;ON;", Frame{}, false},
		{"a line of rtl_433", `{"model":"EV1527","code":1297712}`, Frame{}, false},
		{"too long", "20;49;EV1527;ID=000373;SWITCH=0a;CMD=ON;X=" + strings.Repeat("1", MaxLine) + ";", Frame{}, false},
		{"nothing", "", Frame{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, ok := ParseRFLink([]byte(c.line)); got != c.want || ok != c.ok {
				t.Errorf("ParseRFLink(%q) = %+v, %v, want %+v, %v", c.line, got, ok, c.want, c.ok)
			}
		})
	}
}

func TestIsRFLink(t *testing.T) {
	for line, want := range map[string]bool{
		"20;99;PONG;\r\n": true, "20;00;Nodo RadioFrequencyLink - RFLink Gateway V1.1 - R48;": true, "20;03;DEBUG;Pulses=50;": true,
		"20;99;PONG": false, "2O;99;PONG;": false, "\xff\x00\x9820;99;PONG;": false, "": false, "10;PING;": false, "OK": false,
	} {
		if got := IsRFLink([]byte(line)); got != want {
			t.Errorf("IsRFLink(%q) = %v", line, got)
		}
	}
}

// A press that RFLink tells of counts by its one line, and once whoever hears it too.
func TestAPressOfRFLinkCountsOnce(t *testing.T) {
	alone, _ := ParseRFLink([]byte("20;49;EV1527;ID=000373;SWITCH=0a;CMD=ON;"))
	again, _ := Parse([]byte(`{"model":"EV1527","code":14138}`))
	type heard struct {
		tick   int64
		source int
		frame  Frame
	}
	for name, frames := range map[string][]heard{
		"alone":                    {{0, 1, alone}},
		"before rtl_433":           {{0, 1, alone}, {10, 0, again}, {70, 0, again}, {130, 0, again}},
		"between rtl_433's frames": {{0, 0, again}, {10, 1, alone}, {70, 0, again}, {130, 0, again}},
		"after rtl_433":            {{0, 0, again}, {70, 0, again}, {500, 1, alone}},
		"twice for one press":      {{0, 1, alone}, {600, 1, alone}, {1200, 1, alone}},
	} {
		s, presses := State{}, 0
		for _, h := range frames {
			var press bool
			if s, press = Step(s, h.tick, h.source, h.frame); press {
				presses++
			}
		}
		if presses != 1 {
			t.Errorf("%s: %d presses, want 1", name, presses)
		}
	}
}

// FuzzRFLink gives any line: what comes out is a code that can be enrolled, or a
// family of a few plain characters and nothing else.
func FuzzRFLink(f *testing.F) {
	for _, line := range []string{
		"20;49;EV1527;ID=000373;SWITCH=0a;CMD=ON;\r\n", "20;03;Chuango;ID=127478;SWITCH=02;CMD=ON;", "20;18;PT2262;ID=755D5;SWITCH=01;CMD=ON;",
		"20;99;PONG;", "20;01;VER=1.1;REV=48;BUILD=04;", "20;03;DEBUG;Pulses=50;Pulses(uSec)=1725,325;",
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		got, ok := ParseRFLink(line)
		switch id, err := ParseID(got.ID); {
		case ok && !IsRFLink(line):
			t.Errorf("%q is no line of RFLink, and gave %+v", line, got)
		case !ok && got != (Frame{}):
			t.Errorf("%q is refused, and gave %+v", line, got)
		case got.ID != "" && (err != nil || id != got.ID || got != (Frame{Family: FamilyEV1527, ID: id, Alone: true})):
			t.Errorf("%q gave %+v, which can't be enrolled: %v", line, got, err)
		case ok && got.ID == "" && (got != (Frame{Family: got.Family}) || strings.Trim(got.Family, "abcdefghijklmnopqrstuvwxyz0123456789 _/-") != "" || len(got.Family) > 20):
			t.Errorf("%q gave the family %+v", line, got)
		}
	})
}

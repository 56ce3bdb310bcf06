package radio

import (
	"math"
	"testing"
)

// Lines as rtl_433 printed them: 22.11 of Debian 12, and a build of 2026-08.
const (
	noiseLine  = "Current noise level -30.8 dB, estimated noise -24.8 dB"
	signalLine = "Current signal level 2.3 dB, estimated noise -19.7 dB"
	statsLine  = `{"time" : "2026-11-28 07:02:31.018007", "enabled" : 10, "since" : "2026-11-28T07:02:30", "frames" : {"count" : 195, "fsk" : 4, "events" : 11}, "stats" : [{"device" : 0, "name" : "General purpose decoder 'EV1527'", "events" : 11}]}`
)

func TestReadings(t *testing.T) {
	for _, c := range []struct {
		name, line string
		json       bool // a line of standard output
		want       Reading
		ok         bool
	}{
		{"noise of 22.11", noiseLine, false, Reading{Level: -30.8}, true},
		{"a signal of 22.11", signalLine + "\r\n", false, Reading{Level: 2.3}, true},
		{"with -F log", "Auto Level: " + noiseLine, false, Reading{Level: -30.8}, true},
		{"with -F json,v=5", `{"time" : "@0.1s", "src" : "Auto Level", "lvl" : 4, "msg" : "` + noiseLine + `"}`, true, Reading{Level: -30.8}, true},
		{"statistics", statsLine, true, Reading{Count: true, Heard: 195, Decoded: 11}, true},
		{"statistics of nothing", `{"enabled":9, "stats":[]}`, true, Reading{Count: true}, true},
		{"another line of standard error", "bitbuffer_add_bit: Warning: row count limit (50 rows) reached", false, Reading{}, false},
		{"a receiver of zeros", "Current noise level -inf dB, estimated noise -inf dB", false, Reading{}, false},
		{"too loud for any receiver", "Current noise level 99.9 dB, estimated noise 0.0 dB", false, Reading{}, false},
		{"noise in a longer line", "pin 1234 " + noiseLine, false, Reading{}, false},
		{"noise as JSON on standard error", `{"src":"Auto Level","msg":"` + noiseLine + `"}`, false, Reading{}, false},
		{"noise as text on standard output", noiseLine, true, Reading{}, false},
		{"a device that says so", `{"model":"Noise","src":"Auto Level","msg":"` + noiseLine + `"}`, true, Reading{}, false},
		{"a device with statistics", `{"model":"EV1527","stats":[],"frames":{"count":9}}`, true, Reading{}, false},
		{"another log line", `{"src":"SDR","msg":"Auto Level"}`, true, Reading{}, false},
		{"no JSON", `"stats" {`, true, Reading{}, false},
		{"statistics below nothing", `{"stats":[],"frames":{"count":-1}}`, true, Reading{}, false},
		{"statistics beyond count", `{"stats":[],"frames":{"count":99999999999}}`, true, Reading{}, false},
		{"an empty line", "", false, Reading{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			parse := ParseNoise
			if c.json {
				parse = ParseReading
			}
			if got, ok := parse([]byte(c.line)); got != c.want || ok != c.ok {
				t.Errorf("got %+v, %v, want %+v, %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func FuzzReading(f *testing.F) {
	for _, seed := range []string{noiseLine, signalLine, statsLine, `{"src":"Auto Level","msg":"` + noiseLine + `"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		for _, parse := range []func([]byte) (Reading, bool){ParseNoise, ParseReading} {
			r, ok := parse(line)
			if !ok {
				continue
			}
			if math.IsNaN(r.Level) || r.Level < -1000 || r.Level > mostLevel || r.Heard < 0 || r.Decoded < 0 || r.Count && r.Level != 0 {
				t.Errorf("%q gives %+v", line, r)
			}
			if _, frame := Parse(line); frame {
				t.Errorf("%q is of the air and of a device", line)
			}
		}
	})
}

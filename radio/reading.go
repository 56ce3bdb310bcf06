package radio

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"strconv"
)

// Reading is what a receiver says of the air itself, and of no device on it: how
// loud it is at this moment, or how much was heard since the last such reading.
type Reading struct {
	Level   float64 // dB of the receiver's full scale; of a reading that is no Count
	Count   bool    // the two below are what it says
	Heard   int     // packages of pulses
	Decoded int     // of those, what a decoder knew
}

// current is the line about noise of rtl_433 with report_meta noise, alike in 22.11
// (on standard error), 25.12 with -F log (there too, behind "Auto Level: ") and
// with -F json,v=5 (the msg of a JSON line). The level is the mean of one block of
// samples, so pulses that fill 1 % of the time raise it too.
var current = regexp.MustCompile(`^Current (?:noise|signal) level (-?[0-9]{1,3}\.[0-9]) dB, estimated noise -?[0-9]{1,3}\.[0-9] dB$`)

// ParseNoise reads a line of rtl_433's standard error.
func ParseNoise(text []byte) (Reading, bool) {
	text = bytes.TrimPrefix(bytes.TrimRight(text, "\r\n"), []byte("Auto Level: "))
	m := current.FindSubmatch(text)
	if m == nil {
		return Reading{}, false
	}
	db, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil || db > mostLevel {
		return Reading{}, false
	}
	return Reading{Level: db}, true
}

// mostLevel is beyond what a receiver of 8 bits can say: 2.3 dB was measured.
const mostLevel = 20

// ParseReading reads a line of JSON: the statistics that report_meta stats asks
// for, or a noise line. A line that names a model is of a device.
func ParseReading(text []byte) (Reading, bool) {
	if len(text) > MaxLine || !bytes.Contains(text, []byte(`"stats"`)) && !bytes.Contains(text, []byte(`"Auto Level"`)) {
		return Reading{}, false
	}
	var l struct {
		Model  json.RawMessage `json:"model"`
		Source string          `json:"src"`
		Text   string          `json:"msg"`
		Stats  json.RawMessage `json:"stats"`
		Frames struct {
			Count  int `json:"count"`
			Events int `json:"events"`
		} `json:"frames"`
	}
	switch err := json.Unmarshal(text, &l); {
	case err != nil || l.Model != nil:
		return Reading{}, false
	case l.Source == "Auto Level":
		return ParseNoise([]byte(l.Text))
	case l.Stats == nil || min(l.Frames.Count, l.Frames.Events) < 0 || max(l.Frames.Count, l.Frames.Events) > math.MaxInt32:
		return Reading{}, false
	}
	return Reading{Count: true, Heard: l.Frames.Count, Decoded: l.Frames.Events}, true
}

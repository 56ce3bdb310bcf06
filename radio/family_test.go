package radio

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// familyLines are lines of rtl_433 22.11 and later and what they say: of devices that
// were recorded (rtl_433_tests, and issue 1774 of rtl_433), or as the decoder
// prints what its source documents.
var familyLines = []struct{ name, line, want string }{
	// dsc/gfile001, gfile005
	{"DSC door opened", `{"model":"DSC-Security","id":2407880,"closed":0,"event":1,"tamper":0,"battery_ok":1,"esn":"24bdc8","status":129,"mic":"CRC"}`,
		"dsc:24BDC8 tripped, cover shut, battery good"},
	{"DSC door closed", `{"model":"DSC-Security","id":2280838,"closed":1,"event":1,"tamper":0,"battery_ok":1,"esn":"22cd86","status":131,"mic":"CRC"}`,
		"dsc:22CD86 closed, cover shut, battery good"},
	{"DSC reports an open door", `{"model":"DSC-Security","closed":0,"event":0,"tamper":0,"battery_ok":1,"esn":"24bdc8"}`,
		"dsc:24BDC8 open, cover shut, battery good, alive"},
	{"DSC cover and battery", `{"model":"DSC-Security","closed":1,"event":1,"tamper":1,"battery_ok":0,"esn":"24bdc8"}`,
		"dsc:24BDC8 closed, cover open, battery low"},
	{"DSC smoke reports", `{"model":"DSC-Security","closed":1,"event":0,"tamper":0,"battery_ok":1,"esn":"4fbdc8","status":195}`,
		"dsc:4FBDC8 closed, cover shut, battery good"},
	{"DSC without a state", `{"model":"DSC-Security","esn":"24bdc8"}`, ""},
	{"DSC idle line", `{"model":"DSC-Security","closed":1,"event":1,"esn":"000000"}`, ""},

	// interlogix/04/gfile006, gfile012
	{"Interlogix door opened", `{"model":"Interlogix-Security","subtype":"contact","id":"a7106d","battery_ok":1,"switch1":"OPEN","raw_message":"cd15b8"}`,
		"interlogix:A7106D 7 tripped, cover shut, battery good"},
	{"Interlogix door closed", `{"model":"Interlogix-Security","subtype":"contact","id":"a7106d","raw_message":"211520"}`,
		"interlogix:A7106D 2 closed, cover shut, battery good"},
	{"Interlogix reports an open door", `{"model":"Interlogix-Security","subtype":"contact","id":"a7106d","raw_message":"451500"}`,
		"interlogix:A7106D 3 open, cover shut, battery good, alive"},
	// interlogix/06/motion, status_report, tamper
	{"Interlogix motion", `{"model":"Interlogix-Security","subtype":"motion","id":"468d19","switch1":"CLOSED","raw_message":"e91528"}`,
		"interlogix:468D19 8 tripped, cover shut, battery good"},
	{"Interlogix motion reports", `{"model":"Interlogix-Security","subtype":"motion","id":"468d19","switch1":"CLOSED","raw_message":"4115bc"}`,
		"interlogix:468D19 3 cover shut, battery good, alive"},
	{"Interlogix motion cover", `{"model":"Interlogix-Security","subtype":"motion","id":"468d19","raw_message":"01d520"}`,
		"interlogix:468D19 1 cover open, battery good, alive"},
	{"Interlogix battery", `{"model":"Interlogix-Security","subtype":"motion","id":"468d19","raw_message":"5115bc"}`,
		"interlogix:468D19 3 cover shut, battery low, alive"},
	// interlogix/05/smoke_detected, status_report: 22.11 calls it unknown
	{"Interlogix smoke", `{"model":"Interlogix-Security","subtype":"unknown","id":"29cd45","raw_message":"a740a8"}`,
		"interlogix:29CD45 6 tripped, battery good"},
	{"Interlogix smoke reports", `{"model":"Interlogix-Security","subtype":"smoke","id":"29cd45","raw_message":"c401bc"}`,
		"interlogix:29CD45 7 closed, battery good"},
	{"Interlogix panic", `{"model":"Interlogix-Security","subtype":"unknown","id":"37106d","raw_message":"2c1520"}`, "interlogix:37106D 2"},
	{"Interlogix panic reports", `{"model":"Interlogix-Security","subtype":"panic","id":"37106d","raw_message":"241520"}`, "interlogix:37106D 2 alive"},
	{"Interlogix fob, first button", `{"model":"Interlogix-Security","subtype":"keyfob","id":"f7106d","raw_message":"440000"}`, "interlogix:F7106D:1"},
	{"Interlogix fob, both buttons", `{"model":"Interlogix-Security","subtype":"keyfob","id":"f7106d","raw_message":"8c0000"}`, "interlogix:F7106D:3"},
	{"Interlogix fob without a button", `{"model":"Interlogix-Security","subtype":"keyfob","id":"f7106d","raw_message":"010000"}`, ""},
	{"Interlogix without its bits", `{"model":"Interlogix-Security","subtype":"contact","id":"a7106d"}`, ""},

	// simplisafe/sensors of rtl_433_tests
	{"SimpliSafe door opened", `{"model":"SimpliSafe-Sensor","id":"1JV7T","seq":197,"state":1,"extradata":"Contact Open"}`, "simplisafe:1JV7T 13 tripped"},
	{"SimpliSafe door closed", `{"model":"SimpliSafe-Sensor","id":"1JV7T","seq":213,"state":2,"extradata":"Contact Closed"}`, "simplisafe:1JV7T 14 closed"},
	{"SimpliSafe key chain off", `{"model":"SimpliSafe-Sensor","id":"1M38R","seq":66,"state":3,"extradata":"Alarm Off"}`, "simplisafe:1M38R:off 5"},
	{"SimpliSafe key chain panic is no contact", `{"model":"SimpliSafe-Sensor","id":"1M38R","seq":82,"state":1,"extradata":"Contact Open"}`, "simplisafe:1M38R:panic 6"},
	{"SimpliSafe key chain away is no contact", `{"model":"SimpliSafe-Sensor","id":"1M38R","seq":98,"state":2,"extradata":"Contact Closed"}`, "simplisafe:1M38R:away 7"},
	{"SimpliSafe panic button is no contact", `{"model":"SimpliSafe-Sensor","id":"1QRST","seq":19,"state":1,"extradata":"Contact Open"}`, "simplisafe:1QRST:panic 2"},
	{"SimpliSafe motion is no closing", `{"model":"SimpliSafe-Sensor","id":"1P7U5","seq":20,"state":2,"extradata":"Contact Closed"}`, "simplisafe:1P7U5 2 tripped"},
	{"SimpliSafe motion reports", `{"model":"SimpliSafe-Sensor","id":"1P7U5","seq":20,"state":0}`, "simplisafe:1P7U5 2 alive"},
	{"SimpliSafe smoke", `{"model":"SimpliSafe-Sensor","id":"1SMKE","seq":24,"state":3,"extradata":"Alarm Off"}`, "simplisafe:1SMKE 2 tripped"},
	{"SimpliSafe of an unknown kind", `{"model":"SimpliSafe-Sensor","id":"1SMKE","seq":15,"state":1}`, ""},
	{"SimpliSafe keypad panic", `{"model":"SimpliSafe-Keypad","id":"1KEYP","seq":9,"extradata":"Keypad Panic Button"}`, "simplisafe:1KEYP:panic 10"},
	{"SimpliSafe keypad away", `{"model":"SimpliSafe-Keypad","id":"1KEYP","seq":10,"extradata":"Arm System - Away"}`, "simplisafe:1KEYP:away 11"},

	// the examples of the decoder's source (MCT-302), and a motion sensor's line
	{"Visonic door opened", `{"model":"Visonic-Powercode","id":"6f4770","tamper":0,"alarm":1,"battery_ok":1,"else":0,"restore":1,"supervised":1,"mic":"LRC"}`,
		"visonic:6F4770 tripped, cover shut, battery good"},
	{"Visonic door closed, case open", `{"model":"Visonic-Powercode","id":"6f4770","tamper":1,"alarm":0,"battery_ok":1,"restore":1,"supervised":1}`,
		"visonic:6F4770 closed, cover open, battery good"},
	{"Visonic motion", `{"model":"Visonic-Powercode","id":"6400bd","tamper":0,"alarm":1,"battery_ok":1,"else":0,"restore":0,"supervised":1}`,
		"visonic:6400BD tripped, cover shut, battery good"},
	{"Visonic motion reports", `{"model":"Visonic-Powercode","id":"6400bd","tamper":0,"alarm":0,"battery_ok":0,"restore":0,"supervised":1}`,
		"visonic:6400BD cover shut, battery low, alive"},

	// a line of a 5800 contact on channel 8, and its other events
	{"Honeywell door opened", `{"model":"Honeywell-Security","id":980740,"channel":8,"event":128,"state":"open","contact_open":1,"reed_open":0,"alarm":0,"tamper":0,"battery_ok":1,"heartbeat":0,"mic":"CRC"}`,
		"honeywell:EF704 tripped, cover shut, battery good"},
	{"Honeywell closed", `{"model":"Honeywell-Security","id":980740,"channel":8,"event":0,"contact_open":0,"reed_open":0,"alarm":0,"tamper":0,"battery_ok":1,"heartbeat":0}`,
		"honeywell:EF704 closed, cover shut, battery good"},
	{"2GIG opened by the reed", `{"model":"Honeywell-Security","id":980740,"channel":10,"event":32,"contact_open":0,"reed_open":1,"tamper":0,"battery_ok":1,"heartbeat":0}`,
		"honeywell:EF704 tripped, cover shut, battery good"},
	{"Honeywell reports an open door", `{"model":"Honeywell-Security","id":980740,"contact_open":1,"heartbeat":1,"battery_ok":0,"tamper":1}`,
		"honeywell:EF704 open, cover open, battery low, alive"},
	{"Honeywell of 22 bits", `{"model":"Honeywell-Security","id":4000000,"contact_open":1}`, ""},

	// a real HA-434TL, and made/skylink_alive
	{"Skylink real motion", `{"model":"Skylink-HA-434TL","count":1,"len":17,"data":"be3e8","motion":"motion","id":15485}`, "skylink:3C7D tripped"},
	{"Skylink idle line", `{"model":"Skylink-HA-434TL","count":1,"motion":"alive","id":16383}`, ""},
	{"Skylink motion", `{"model":"Skylink-HA-434TL","count":6,"len":17,"data":"ad2d0","motion":"motion","id":6746}`, "skylink:1A5A tripped"},
	{"Skylink alive", `{"model":"Skylink-HA-434TL","count":6,"len":17,"data":"4d2d0","motion":"alive","id":6746}`, "skylink:1A5A alive"},
	{"Skylink of another word", `{"model":"Skylink-HA-434TL","motion":3,"id":6746}`, ""},

	// made/hcs301_b2_ctr0x0010, and serial 7ABCDE1 of a real fob
	{"KeeLoq", `{"model":"HCS","count":1,"num_rows":1,"len":66,"data":"1460138887b3d5020"}`, "hcs:0ABCDE1:2 11C80628"},
	{"KeeLoq repeated", `{"model":"HCS","len":66,"data":"1460138887b3d5024"}`, "hcs:0ABCDE1:2 11C80628"},
	{"KeeLoq, all bits of the serial number", `{"model":"HCS","len":66,"data":"e408aebe87b3d5e48"}`, "hcs:7ABCDE1:1 7D751027"},
	{"KeeLoq cut off", `{"model":"HCS","len":65,"data":"1460138887b3d5020"}`, ""},
	{"KeeLoq without a button", `{"model":"HCS","len":66,"data":"1460138887b3d5000"}`, ""},
	{"KeeLoq of other digits", `{"model":"HCS","len":66,"data":"14601388g7b3d5020"}`, ""},
}

func TestFamilies(t *testing.T) {
	for _, c := range familyLines {
		f, ok := Parse([]byte(c.line))
		if got := told(f); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", c.name, got, ok, c.want)
		}
		if family, _, _ := strings.Cut(f.ID, ":"); f.Family != family {
			t.Errorf("%s: family %q of %q", c.name, f.Family, f.ID)
		}
	}
}

// told is a frame in words.
func told(f Frame) string {
	return strings.TrimSpace(f.key()[:len(f.ID)] + counted(f) + " " + strings.Join(f.Says.Words(), ", "))
}

// counted is the count and the code of a frame, where it has them.
func counted(f Frame) string {
	key := strings.TrimPrefix(f.key(), f.ID)
	key = strings.TrimSuffix(key, " 00000000")
	return strings.Replace(key, " 0 ", " ", 1)
}

func TestButtonsThatAreTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"HCS:0abcde1:2":          "hcs:0ABCDE1:2",
		"hcs:0ABCDE1":            "",
		"hcs:0ABCDE1:0":          "",
		"hcs:0000000:1":          "",
		"simplisafe:1m38r:PANIC": "simplisafe:1M38R:panic",
		"simplisafe:1M38R":       "",
		"simplisafe:1M38R:arm":   "",
		"interlogix:f7106d:1":    "interlogix:F7106D:1",
		"interlogix:F7106D:6":    "",
		"interlogix:A7106D:1":    "",
		"interlogix:A7106D":      "",
		"interlogix:37106D":      "interlogix:37106D",
		"dsc:24BDC8":             "",
	} {
		if got, err := ParseID(typed); got != want || (err == nil) != (want != "") {
			t.Errorf("ParseID(%s) = %q, %v; want %q", typed, got, err, want)
		}
	}
}

// Each thing that a device says is news once, however often, at how many
// receivers, and in which order its frames come.
func TestStatements(t *testing.T) {
	for _, c := range []struct{ name, frames, want string }{
		// ms, receiver, what is said, its count; capitals need an equal frame
		{"a repeat is none", "0/0/trip 60/0/trip 900/0/trip", "trip"},
		{"said again after a rest", "0/0/trip 1500/0/trip", "trip trip"},
		{"opened, closed and opened within a second", "0/0/trip 300/0/close 600/0/trip 620/0/trip", "trip close trip"},
		{"two receivers", "0/0/trip 20/1/trip 40/0/trip", "trip"},
		{"one of them late", "0/0/trip 300/0/close 600/1/trip 900/1/close", "trip close"},
		{"one of them late, then news", "0/0/trip 300/0/close 600/1/trip 900/1/close 1000/0/trip 1200/1/trip", "trip close trip"},
		{"another count is another event", "0/0/trip1 100/0/trip2 200/0/trip2", "trip trip"},
		{"one stray frame", "0/0/TRIP", ""},
		{"a stray frame at each of two receivers", "0/0/TRIP 10/1/TRIP", ""},
		{"two equal ones", "0/0/TRIP 400/0/TRIP 800/0/TRIP", "trip"},
		{"two that are too far apart", "0/0/TRIP 701/0/TRIP", ""},
		{"two of another count", "0/0/TRIP1 100/0/TRIP2", ""},
		{"needs pairs, opened and closed", "0/0/TRIP 100/0/TRIP 200/0/CLOSE 300/0/CLOSE 400/0/TRIP 500/0/TRIP", "trip close trip"},
	} {
		var s Statements
		var got []string
		for _, word := range strings.Fields(c.frames) {
			var tick int64
			var source int
			var what string
			if _, err := fmt.Sscanf(strings.ReplaceAll(word, "/", " "), "%d %d %s", &tick, &source, &what); err != nil {
				t.Fatal(err)
			}
			f := Frame{ID: "dsc:24BDC8", Says: Closed, Alone: strings.ToLower(what) == what}
			if strings.HasPrefix(strings.ToLower(what), "trip") {
				f.Says = Trips
				f.Count, _ = strconv.Atoi(what[len("trip"):])
			}
			before := s
			var news bool
			if s, news = s.Step(tick, source, f); news {
				got = append(got, map[Says]string{Trips: "trip", Closed: "close"}[f.Says])
			}
			_, again := before.Step(tick, source, f)
			if again != news {
				t.Errorf("%s: a step changed what it was given", c.name)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

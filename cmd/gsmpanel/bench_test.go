package main

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/radio/signal"
	"github.com/gsmpanel/gsmpanel/store"
	"github.com/gsmpanel/gsmpanel/zones"
)

// BenchmarkRadio is what a line of a receiver costs, side by side: parsed; what it
// says through a Step of a house of 32 zones; and that with its commit to the disk.
func BenchmarkRadio(b *testing.B) {
	for _, l := range []struct{ name, line string }{
		{"EV1527", frame(0x13CDC0)},
		{"KeeLoq", hcsLine(2, 0x10)},
		{"DSC", `{"time":"2026-11-22 21:00:00.123456","model":"DSC-Security","id":2407880,"closed":0,"event":1,"tamper":0,"battery_ok":1,"xactivity":0,"xtamper1":0,"xtamper2":0,"exception":0,"esn":"24bdc8","status":129,"status_hex":"81","mic":"CRC","mod":"ASK","freq":433.927,"rssi":-0.12,"snr":24.17,"noise":-24.291}`},
		{"Interlogix", `{"time":"2026-11-22 21:00:00.123456","model":"Interlogix-Security","subtype":"contact","id":"a7106d","battery_ok":1,"switch1":"OPEN","switch2":"OPEN","switch3":"CLOSED","switch4":"OPEN","switch5":"OPEN","raw_message":"cd15b8","mod":"ASK","freq":319.518,"rssi":-5.964,"snr":28.399,"noise":-34.363}`},
		{"a keypad's PIN", keypadLine("1NGBR", 1, "Disarm Pin: 0000")},
		{"a weather station", `{"time":"2026-11-22 21:00:00.123456","model":"Nexus-TH","id":55,"channel":1,"battery_ok":1,"temperature_C":21.3,"humidity":40,"mod":"ASK","freq":433.92,"rssi":-6.4,"snr":23.6,"noise":-30.0}`},
		{"garbage", "\x00\xff no line of any receiver"},
	} {
		b.Run("line/"+l.name, func(b *testing.B) {
			b.ReportAllocs()
			line := []byte(l.line)
			for b.Loop() {
				radio.Parse(line)
			}
		})
	}
	b.Run("line/RFLink", func(b *testing.B) {
		b.ReportAllocs()
		for line := []byte("20;49;EV1527;ID=013cdc;SWITCH=00;CMD=ON;"); b.Loop(); {
			radio.ParseRFLink(line)
		}
	})
	for _, how := range []string{"step", "step and commit"} {
		for _, e := range []struct {
			name string
			next func(n int) panel.Event
		}{
			{"a sensor that is there", func(int) panel.Event {
				return panel.Sensed{ID: "dsc:24BD01", What: []zones.What{zones.Closed, zones.TamperCleared, zones.BatteryOK, zones.CheckIn}}
			}},
			{"a door that opens and closes", func(n int) panel.Event {
				return panel.Sensed{ID: "dsc:24BD01", What: []zones.What{[]zones.What{zones.Tripped, zones.Closed}[n%2]}}
			}},
			{"a burglary", nil},
			{"a fob that arms and disarms", func(n int) panel.Event { return panel.Pressed{ID: id(uint32(0x13CD00 + n%2))} }},
			{"a fob that arms and disarms by rolling codes", func(n int) panel.Event {
				return panel.Pressed{ID: fmt.Sprintf("hcs:0ABCDE1:%d", 2+2*(n%2)), Hop: benchHop(n)}
			}},
		} {
			b.Run(how+"/"+e.name, func(b *testing.B) { benchHouse(b, how == "step and commit", e.next) })
		}
	}
}

// benchHop is the code of the n-th press, whose button is 2 or 4.
func benchHop(n int) uint32 {
	return signal.KeeLoqWord(0x2D22FEF7FD31E9FC, 0x0ABCDE1, byte(2+2*(n%2)), uint16(n))
}

// benchHouse steps a house, an event every 10 s of its time.
func benchHouse(b *testing.B, commits bool, next func(int) panel.Event) {
	b.ReportAllocs()
	st, err := store.Open(b.TempDir(), store.Options{Cost: fastCost})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	c, s, err := st.Load()
	if err != nil {
		b.Fatal(err)
	}
	edits := []panel.Edit{panel.Set{Name: "exit-delay", Value: "0"}, panel.Set{Name: "fob-disarm", Value: "always"},
		panel.AddContact{Quiet: true, Contact: alert.Contact{Name: "Anna", Number: annaNumber, Control: true}},
		panel.AddRemote{Remote: radio.Remote{Name: "Fob", Contact: "Anna", Buttons: []radio.Button{{ID: id(0x13CD00), Action: "arm"}, {ID: id(0x13CD01), Action: "disarm"}}}},
		panel.AddRemote{Remote: radio.Remote{Name: "Rolling", Contact: "Anna", Buttons: []radio.Button{{ID: "hcs:0ABCDE1:2", Action: "arm"}, {ID: "hcs:0ABCDE1:4", Action: "disarm"}}}, MakerKey: 0x0123456789ABCDEF}}
	for n := range 32 {
		edits = append(edits, panel.AddZone{Zone: zones.Zone{Name: fmt.Sprintf("Zone %d", n+1), Type: zones.Perimeter, Sensor: fmt.Sprintf("dsc:24BD%02X", n+1), Supervise: 24 * time.Hour}})
	}
	desk := panel.NewOffline(c, s, st, st.Key(), rand.Reader, time.Now)
	for _, e := range edits {
		if err := desk.Edit(b.Context(), e); err != nil {
			b.Fatal(err)
		}
	}
	if err := desk.Codes(b.Context(), panel.CodeRequest{Do: "add", Name: "Anna", Kind: duress.User, New: houseCode}, nil); err != nil {
		b.Fatal(err)
	}
	if c, s, err = st.Load(); err != nil {
		b.Fatal(err)
	}
	now := panel.Now{Tick: 1, Wall: time.Unix(1_800_000_000, 0), Sure: true}
	once := next == nil
	if once { // the same one, from the same state, again and again
		c, s = armed(b, c, s, now)
		next = func(int) panel.Event { return panel.Sensed{ID: "dsc:24BD01", What: []zones.What{zones.Tripped}} }
	}
	for n := 0; b.Loop(); n++ {
		now.Tick, now.Wall = now.Tick+10_000, now.Wall.Add(10*time.Second)
		r := panel.Step(c, s, now, next(n))
		if n > 4 && s.Zones.Mode == r.State.Zones.Mode && strings.Contains(b.Name(), "arms") {
			b.Fatalf("press %d did nothing", n)
		}
		if !once {
			c, s = r.Config, r.State
		}
		if !commits {
			continue
		}
		if err := st.Commit(panel.Snapshot{Config: r.Config, State: r.State, Entries: r.Entries}); err != nil {
			b.Fatal(err)
		}
	}
}

// armed is the house after its fob has armed it, and that a trip is an alarm there.
func armed(b *testing.B, c panel.Config, s panel.State, now panel.Now) (panel.Config, panel.State) {
	b.Helper()
	r := panel.Step(c, s, now, panel.Pressed{ID: id(0x13CD00)})
	now.Tick += 10_000
	trip := panel.Step(r.Config, r.State, now, panel.Sensed{ID: "dsc:24BD01", What: []zones.What{zones.Tripped}})
	if len(trip.State.Book.Incidents) == 0 {
		b.Fatal("a trip is no alarm")
	}
	return r.Config, r.State
}

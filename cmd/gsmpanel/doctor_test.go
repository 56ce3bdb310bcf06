package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/store"
	"github.com/gsmpanel/gsmpanel/zones"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// sound is a panel that could alert right now.
func sound() (panel.Outward, panel.Public) {
	drilled := noon.Add(-24 * time.Hour)
	return panel.Outward{Network: "Simnet", SignalDBm: -70, SIM: panel.SIM{Ready: true}, Modem: panel.OutwardModem{Supply: "ok", Storage: "ok"}, Time: noon, ClockSet: true, Power: string(panel.OnMains), LastDrill: &drilled, Radio: panel.Radio{Known: true, Receivers: 1, Up: 1, Noise: []float64{-31}}}, panel.Public{
		Persons: []string{"Anna"}, Zones: []zones.Zone{{Number: 1, Name: "Hall", Sensor: "ev1527:13CDC0"}, {Number: 2, Name: "Attic", Sensor: "gpio:gpiochip0:4"}},
		Contacts: []alert.Contact{
			{Name: "Anna", Control: true, Classes: []alert.Class{alert.Life}},
			{Name: "Ben", OffSite: true, Classes: []alert.Class{alert.Life, alert.Alarm}},
			{Name: "Cleo", OffSite: true, Classes: []alert.Class{alert.Life}},
			{Name: "Eve", AtSite: true, Classes: []alert.Class{alert.Report}},
		},
		Settings: []panel.SettingValue{{Name: "test-every", Value: "7d"}},
	}
}

func withFob(p *panel.Public, policy string) {
	p.Remotes = []radio.Remote{{Name: "Blue fob", Buttons: []radio.Button{{ID: "ev1527:13CDC0", Action: "arm"}, {ID: "ev1527:13CD0C", Action: "disarm"}}}}
	p.Settings = []panel.SettingValue{{Name: "test-every", Value: "7d"}, {Name: "fob-disarm", Value: policy}}
}

func dataDirectory(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{store.KeyFile, store.DatabaseFile} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestDoctor(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*panel.Outward, *panel.Public)
		state  string
		check  string
		says   string
	}{
		{"no modem", func(o *panel.Outward, _ *panel.Public) { o.Network = "no modem" }, fault, "modem", "does not answer"},
		{"no network", func(o *panel.Outward, _ *panel.Public) { o.Network = "no network" }, fault, "network", "no network"},
		{"refused", func(o *panel.Outward, _ *panel.Public) { o.Network = "refused by the network" }, fault, "network", "refuses the SIM"},
		{"weak", func(o *panel.Outward, _ *panel.Public) { o.SignalDBm = -101 }, worry, "signal", "-101 dBm is weak"},
		{"signal unknown", func(o *panel.Outward, _ *panel.Public) { o.SignalDBm = 0 }, worry, "signal", "not known"},
		{"no receiver", func(o *panel.Outward, _ *panel.Public) { o.Radio = panel.Radio{Known: true} }, worry, "radio", "no zone and no fob is heard"},
		{"a receiver that does not come up", func(o *panel.Outward, _ *panel.Public) { o.Radio.Up = 0 }, fault, "radio", "does not work, so no zone"},
		{"one of two receivers", func(o *panel.Outward, _ *panel.Public) { o.Radio.Receivers = 2 }, worry, "radio", "1 of 2 receivers work"},
		{"a receiver that starts", func(o *panel.Outward, _ *panel.Public) { o.Radio = panel.Radio{} }, worry, "radio", "starting"},
		{"a receiver that does not tell the noise", func(o *panel.Outward, _ *panel.Public) { o.Radio.Receivers, o.Radio.Up = 2, 2 }, worry, "air", "receiver 2 does not say how loud the air is"},
		{"a panic button that no receiver tells", func(o *panel.Outward, p *panel.Public) {
			o.Radio.PressOnly = []int{1}
			p.Zones = append(p.Zones, zones.Zone{Number: 9, Name: "Bedroom", Type: zones.Panic, Sensor: "ev1527:73CDC0"})
		}, worry, "buttons", "of Bedroom it matters how long"},
		{"a fob that no receiver tells", func(o *panel.Outward, p *panel.Public) {
			o.Radio.PressOnly = []int{1}
			p.Remotes = append(p.Remotes, radio.Remote{Name: "Bed", Buttons: []radio.Button{{ID: "ev1527:73CDC0", Action: "single=none,double=silent,hold=audible"}}})
		}, worry, "buttons", "of Bed it matters how long"},
		{"jammed", func(o *panel.Outward, _ *panel.Public) {
			o.Troubles = []panel.OutwardTrouble{{Name: string(panel.JamTrouble), Text: "433 MHz radio is jammed (24 dB louder than usual)", Since: noon}}
		}, worry, "trouble", "433 MHz radio is jammed"},
		{"no code", func(_ *panel.Outward, p *panel.Public) { p.Persons = nil }, fault, "codes", "nobody has a code"},
		{"nobody for life", func(_ *panel.Outward, p *panel.Public) {
			for i := range p.Contacts {
				p.Contacts[i].Classes = []alert.Class{alert.Report}
			}
		}, fault, "contacts", "nobody on the list"},
		{"nobody can be reached", func(_ *panel.Outward, p *panel.Public) {
			for i := range p.Contacts {
				p.Contacts[i].NoCall, p.Contacts[i].NoText = true, true
			}
		}, fault, "contacts", "nobody on the list"},
		{"one for life", func(_ *panel.Outward, p *panel.Public) { p.Contacts = p.Contacts[:1] }, worry, "contacts", "only Anna"},
		{"where Ben lives", func(_ *panel.Outward, p *panel.Public) { p.Contacts[1].OffSite = false }, worry, "contacts", "not said whether these live there: Ben"},
		{"one eligible", func(_ *panel.Outward, p *panel.Public) { p.Contacts[1].AtSite, p.Contacts[1].OffSite = true, false }, worry, "eligible", "1 contact would"},
		{"one's own number", func(_ *panel.Outward, p *panel.Public) { p.Persons = []string{"ben"} }, worry, "eligible", "if ben were forced, 1 contact would"},
		{"none eligible", func(_ *panel.Outward, p *panel.Public) { p.Contacts = p.Contacts[:1] }, worry, "eligible", "nobody could be told silently"},
		{"no zone", func(_ *panel.Outward, p *panel.Public) { p.Zones = nil }, worry, "zones", "no door"},
		{"only loops, and no receiver", func(o *panel.Outward, p *panel.Public) {
			o.Radio, o.Power = panel.Radio{Known: true}, "mains not watched"
			p.Zones = []zones.Zone{{Number: 1, Name: "Hall", Sensor: "gpio:gpiochip0:4"}}
		}, worry, "power", "the mains are not watched"},
		{"on battery", func(o *panel.Outward, _ *panel.Public) { o.Power = string(panel.OnBattery) }, worry, "power", "the mains are gone"},
		{"a mains input that fails", func(o *panel.Outward, _ *panel.Public) { o.Power = string(panel.PowerUnknown) }, worry, "power", "it cannot be told"},
		{"no siren", func(o *panel.Outward, _ *panel.Public) { o.NoSiren = true }, worry, "siren", "nobody near hears"},
		{"a siren that fails", func(o *panel.Outward, _ *panel.Public) {
			o.Troubles = []panel.OutwardTrouble{{Name: "siren", Text: "siren does not obey", Since: noon}}
		}, worry, "siren", "does not obey"},
		{"the clock is not set", func(o *panel.Outward, _ *panel.Public) { o.ClockSet = false }, worry, "clock", "has set it"},
		{"stuck", func(o *panel.Outward, _ *panel.Public) { o.Time = noon.Add(-time.Hour) }, worry, "clock", "last moved at 2026-11-22T11:00:00Z"},
		{"trouble", func(o *panel.Outward, _ *panel.Public) {
			o.Troubles = []panel.OutwardTrouble{{Name: "mains", Text: "mains power lost", Since: noon}}
		}, worry, "trouble", "mains power lost, since 2026-11-22 12:00:00"},
		{"a fob disarms and nobody hears of it", func(_ *panel.Outward, p *panel.Public) {
			p.Contacts = p.Contacts[:3]
			withFob(p, panel.FobReport)
		}, worry, "remotes", "nobody has the class report"},
		{"a fob disarms and nobody is to hear of it", func(_ *panel.Outward, p *panel.Public) {
			p.Contacts[1].Classes = append(p.Contacts[1].Classes, alert.Report)
			withFob(p, panel.FobAlways)
		}, worry, "remotes", "Blue fob can disarm, and it is told as any other"},
		{"only at home somebody hears of a fob", func(_ *panel.Outward, p *panel.Public) {
			p.Contacts[0].Classes = append(p.Contacts[0].Classes, alert.Report)
			withFob(p, panel.FobReport)
		}, worry, "remotes", "of those who live elsewhere nobody"},
		{"no drill", func(o *panel.Outward, _ *panel.Public) { o.LastDrill = nil }, worry, "drill", "no drill has been run"},
		{"an old drill", func(o *panel.Outward, _ *panel.Public) {
			old := noon.Add(-91 * 24 * time.Hour)
			o.LastDrill = &old
		}, worry, "drill", "the last drill was at 2026-08-23 12:00:00"},
		{"no sign of life", func(_ *panel.Outward, p *panel.Public) { p.Settings[0].Value = "0" }, worry, "sign of life", "nobody misses it"},
		{"a sign of life for nobody", func(_ *panel.Outward, p *panel.Public) { p.Contacts = p.Contacts[:3] }, worry, "sign of life", "nobody has the class report"},
		{"a card that sends nothing", func(o *panel.Outward, p *panel.Public) {
			p.Settings[0].Value, o.LastText = "0", "2026-09-01"
		}, worry, "card", "nothing was sent since 2026-09-01"},
		{"a balance that pays little", func(o *panel.Outward, _ *panel.Public) {
			rounds := 2
			o.Balance = &panel.OutwardBalance{Amount: "1.20", Day: "2026-11-22", Rounds: &rounds}
		}, worry, "balance", "1.20, read 2026-11-22; it pays 2 rounds"},
		{"warning", func(o *panel.Outward, _ *panel.Public) {
			o.Warnings = []string{"a delay below 30 s makes false alarms more likely"}
		}, worry, "settings", "a delay below 30 s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, public := sound()
			c.change(&o, &public)
			checks := examine(dataDirectory(t), true, o, public, noon)
			for _, got := range checks {
				if got.Name == c.check && got.State == c.state && strings.Contains(got.Text, c.says) && got.Mend != "" {
					if couldAlert(checks) != (c.state == worry) {
						t.Errorf("could alert: %v", couldAlert(checks))
					}
					return
				}
			}
			t.Errorf("nothing of %s %q: %+v", c.check, c.says, checks)
		})
	}
}

func TestDoctorOfASoundPanel(t *testing.T) {
	o, public := sound()
	for _, c := range examine(dataDirectory(t), true, o, public, noon) {
		if c.State != fine {
			t.Errorf("%+v", c)
		}
	}
	public.Contacts[2].Classes = append(public.Contacts[2].Classes, alert.Report)
	withFob(&public, panel.FobReport)
	if got := checkRemotes(public); len(got) != 1 || got[0].State != fine || !strings.Contains(got[0].Text, "Cleo is told") {
		t.Errorf("a fob, and Cleo reports: %+v", got)
	}
	withFob(&public, panel.FobNever)
	if got := checkRemotes(public); len(got) != 1 || got[0].State != fine || !strings.Contains(got[0].Text, "cannot disarm") {
		t.Errorf("a fob that may not disarm: %+v", got)
	}
	if checks := examine(dataDirectory(t), false, o, public, noon); couldAlert(checks) {
		t.Error("a panel that is not running could alert")
	}
}

func TestDoctorOfTheClock(t *testing.T) {
	for _, c := range []struct {
		name string
		now  time.Time
		set  bool
		want string
	}{
		{"set", noon, true, fine},
		{"not set", noon, false, worry},
		{"1970", time.Unix(0, 0), true, worry},
	} {
		o, _ := sound()
		o.Time, o.ClockSet = c.now, c.set
		for _, running := range []bool{true, false} { // a panel that runs knows better
			if got := checkClock(o, c.now, running, running != c.set); got.State != c.want {
				t.Errorf("%s, running %v: %+v", c.name, running, got)
			}
		}
	}
}

func TestDoctorOfPermissions(t *testing.T) {
	for _, c := range []struct {
		file string
		mode os.FileMode
		want string
	}{
		{store.KeyFile, 0o640, worry}, {store.DatabaseFile, 0o604, worry}, {".", 0o770, worry}, {".", 0o755, fine}, {store.KeyFile, 0o400, fine},
	} {
		dir := dataDirectory(t)
		if err := os.Chmod(filepath.Join(dir, c.file), c.mode); err != nil {
			t.Fatal(err)
		}
		if got := checkFiles(dir); got.State != c.want {
			t.Errorf("%s with mode %v: %+v", c.file, c.mode, got)
		}
	}
	if got := checkFiles(filepath.Join(t.TempDir(), "none")); got.State != worry {
		t.Errorf("no directory: %+v", got)
	}
}

// A person sees how far it is only if it takes long, and only at a terminal.
func TestProgress(t *testing.T) {
	master, slave := openTerminal(t)
	p := newProgram(strings.NewReader(""), slave, slave)
	w := p.waitFor(codeCheck)
	w.show(1, 115)
	w.over()
	w = p.waitFor(codeCheck)
	w.began = w.began.Add(-2 * time.Second)
	w.show(45, 115)
	w.over()
	w.write("too late")
	p.tell("done")
	b := make([]byte, 1024)
	var screen string
	for !strings.Contains(screen, "done\r\n") {
		n, err := master.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		screen += string(b[:n])
	}
	if want := "\rcomparing with the codes in use: 45 of 115 \r\x1b[Kdone\r\n"; screen != want {
		t.Errorf("the screen holds %q instead of %q", screen, want)
	}
}

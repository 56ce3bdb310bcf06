package panel

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/zones"
)

// Setting is one row of the table of settings: all there is to say of it.
type Setting struct {
	Name    string
	Range   string // what is allowed, in words
	Meaning string
	get     func(*Config) string
	set     func(*Config, string) error
}

// SettingValue is a setting as listings show it.
type SettingValue struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Default string `json:"default"`
	Range   string `json:"range"`
	Meaning string `json:"meaning"`
}

var settings = []Setting{
	seconds("exit-delay", 0, 255, "time to leave after arming", func(c *Config) *int64 { return &c.Zones.ExitDelay }),
	seconds("entry-delay", 0, 240, "time to disarm after an entry door opened", func(c *Config) *int64 { return &c.Zones.EntryDelay }),
	seconds("siren-time", 30, 900, "how long the siren sounds", func(c *Config) *int64 { return &c.Zones.SirenTime }),
	number("swinger-trips", 1, zones.MaxSwingerTrips, "after so many alarms of a door, window or motion sensor in one set it is left out until the disarm", func(c *Config) *int { return &c.Zones.SwingerTrips }),
	seconds("cross-zone-window", 30, 3600, "both zones of a pair (zone add --cross) must trip within it to make an alarm", func(c *Config) *int64 { return &c.Zones.CrossWindow }),
	seconds("abort-window", 0, 45, "a burglary disarmed within it is not reported", func(c *Config) *int64 { return &c.Alert.AbortWindow }),
	seconds("cancel-window", 300, 3600, "a burglary disarmed within it counts as cancelled", func(c *Config) *int64 { return &c.Alert.CancelWindow }),
	truth("chirp", "the siren answers a fob and the keypad: 1 chirp armed, 2 disarmed, 4 refused", func(c *Config) *bool { return &c.Access.Chirp }),
	number("code-length", 4, 10, "digits of every code", func(c *Config) *int { return &c.Duress.Length }),
	truth("any-number", "a right code acts from any number", func(c *Config) *bool { return &c.Access.AnyNumber }),
	truth("call-keypad", "a call from a control number is answered, and a code can be keyed in it; else all callers hear busy", func(c *Config) *bool { return &c.Access.CallKeypad }),
	number("wrong-codes", 3, 10, "wrong codes an hour that lock a number", func(c *Config) *int { return &c.Access.WrongCodes }),
	seconds("lock-time", 60, 86400, "how long the first lock lasts", func(c *Config) *int64 { return &c.Access.LockTime }),
	choice("fob-disarm", []string{FobReport, FobAlways, FobNever}, "whether key fobs with a fixed code, which can be copied, may disarm; report tells somebody when it was away", func(c *Config) *string { return &c.Access.FobDisarm }),
	seconds("ring-time", 10, 60, "how long a contact's phone rings", func(c *Config) *int64 { return &c.Alert.RingTime }),
	number("call-rounds", 1, 10, "rounds of calls until somebody acknowledges", func(c *Config) *int { return &c.Alert.CallRounds }),
	number("text-budget", 5, 200, "reports and troubles a day; alarms are never capped", func(c *Config) *int { return &c.Alert.TextBudget }),
	balanceCode, balancePattern, balanceLimit,
	number("credit-reserve", 0, 500, "texts of the prepaid balance that are kept for alarms: reports and troubles are not sent from it", func(c *Config) *int { return &c.Alert.CreditReserve }),
	days("test-every", 30, "days between texts that all is well, to contacts of class report", func(c *Config) *int { return &c.Alert.TestEvery }),
	seconds("network-delay", 60, 3600, "time without a network before it is a trouble", func(c *Config) *int64 { return &c.Alert.NetworkDelay }),
	seconds("mains-delay", 0, 3600, "time without mains power before it is a trouble", func(c *Config) *int64 { return &c.Alert.MainsDelay }),
	seconds("trouble-delay", 0, 600, "time that a trouble must last before it is told", func(c *Config) *int64 { return &c.Alert.TroubleDelay }),
	choice("report-default", []string{alert.ReportNone, alert.ReportOthers, alert.ReportAll}, "which arming and disarming contacts of class report are told", func(c *Config) *string { return &c.Alert.ReportDefault }),
}

// Settings lists every setting with its value.
func (c Config) Settings() []SettingValue {
	defaults := DefaultConfig(c.Duress)
	defaults.Duress.Length = 6
	out := make([]SettingValue, 0, len(settings))
	for _, s := range settings {
		out = append(out, SettingValue{s.Name, s.get(&c), s.get(&defaults), s.Range, s.Meaning})
	}
	return out
}

// Written is a value of the setting as a person writes it: a time with its unit.
func (s SettingValue) Written(value string) string {
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil || !strings.HasSuffix(s.Range, rangeOfSeconds):
		return value
	case n >= 3600 && n%3600 == 0:
		return fmt.Sprintf("%dh", n/3600)
	case n >= 120 && n%60 == 0:
		return fmt.Sprintf("%dm", n/60)
	}
	return value + "s"
}

// Setting finds a setting by its name, in any case.
func (p Public) Setting(name string) (SettingValue, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	i := slices.IndexFunc(p.Settings, func(s SettingValue) bool { return s.Name == name })
	if i < 0 {
		return SettingValue{}, false
	}
	return p.Settings[i], true
}

func (c Config) set(name, value string) (Config, error) {
	i := slices.IndexFunc(settings, func(s Setting) bool { return s.Name == strings.ToLower(strings.TrimSpace(name)) })
	if i < 0 {
		return c, fmt.Errorf("no setting is called %q; `gsmpanel settings list` shows them all", name)
	}
	next := c
	if err := settings[i].set(&next, strings.TrimSpace(value)); err != nil {
		return c, err
	}
	return next, next.checkSettings(c)
}

// checkSettings holds the rules between settings.
func (c Config) checkSettings(old Config) error {
	if c.Duress.Length != old.Duress.Length && c.Duress.HasCodes() {
		return fmt.Errorf("code-length %d cannot be set while codes of %d digits exist; remove them first with `gsmpanel code remove NAME`", c.Duress.Length, old.Duress.Length)
	}
	return nil
}

// Warnings says what is allowed but unwise in the settings.
func (c Config) Warnings() []string {
	var out []string
	if c.Duress.Length < 6 {
		out = append(out, fmt.Sprintf("codes of %d digits can be guessed; 6 are advised", c.Duress.Length))
	}
	if c.Zones.EntryDelay+c.Alert.AbortWindow > 60_000 {
		out = append(out, "entry delay and abort window together are above 60 s; a burglar has that long before help is called")
	}
	if c.Zones.EntryDelay < 30_000 || c.Zones.ExitDelay < 30_000 {
		out = append(out, "a delay below 30 s makes false alarms more likely")
	}
	if c.Access.CallKeypad {
		out = append(out, "call-keypad is on; somebody who rings the panel later than 20 minutes after a code, and hears busy, can notice that it is just then telling people of something")
	}
	return out
}

const rangeOfSeconds = " s"

func seconds(name string, low, high int64, meaning string, at func(*Config) *int64) Setting {
	return Setting{
		Name: name, Range: fmt.Sprintf("%d-%d", low, high) + rangeOfSeconds, Meaning: meaning,
		get: func(c *Config) string { return strconv.FormatInt(*at(c)/1000, 10) },
		set: func(c *Config, v string) error {
			s, err := parseSeconds(v)
			if err != nil || s < low || s > high {
				return fmt.Errorf("%s cannot be %q; %d to %d seconds are allowed, for example %s %d", name, v, low, high, name, max(low, min(high, 30)))
			}
			*at(c) = s * 1000
			return nil
		},
	}
}

// parseSeconds reads 45, 45s and 5m.
func parseSeconds(v string) (int64, error) {
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		return n, nil
	}
	d, err := time.ParseDuration(v)
	if err != nil {
		return 0, err
	}
	if d%time.Second != 0 {
		return 0, fmt.Errorf("not whole seconds")
	}
	return int64(d / time.Second), nil
}

// days is a time in whole days, which 0 turns off.
func days(name string, high int, meaning string, at func(*Config) *int) Setting {
	return Setting{
		Name: name, Range: fmt.Sprintf("1d-%dd, 0", high), Meaning: meaning + "; 0 is never",
		get: func(c *Config) string {
			if *at(c) == 0 {
				return "0"
			}
			return strconv.Itoa(*at(c)) + "d"
		},
		set: func(c *Config, v string) error {
			n, err := strconv.Atoi(strings.TrimSuffix(v, "d"))
			if err != nil || n < 0 || n > high {
				return fmt.Errorf("%s cannot be %q; 1d to %dd and 0, which is never, are allowed, for example %s 7d", name, v, high, name)
			}
			*at(c) = n
			return nil
		},
	}
}

func number(name string, low, high int, meaning string, at func(*Config) *int) Setting {
	return Setting{
		Name: name, Range: fmt.Sprintf("%d-%d", low, high), Meaning: meaning,
		get: func(c *Config) string { return strconv.Itoa(*at(c)) },
		set: func(c *Config, v string) error {
			n, err := strconv.Atoi(v)
			if err != nil || n < low || n > high {
				return fmt.Errorf("%s cannot be %q; %d to %d are allowed, for example %s %d", name, v, low, high, name, low)
			}
			*at(c) = n
			return nil
		},
	}
}

func truth(name, meaning string, at func(*Config) *bool) Setting {
	return Setting{
		Name: name, Range: "true, false", Meaning: meaning,
		get: func(c *Config) string { return strconv.FormatBool(*at(c)) },
		set: func(c *Config, v string) error {
			switch strings.ToLower(v) {
			case "true", "on", "yes":
				*at(c) = true
			case "false", "off", "no":
				*at(c) = false
			default:
				return fmt.Errorf("%s cannot be %q; true and false are allowed, for example %s true", name, v, name)
			}
			return nil
		},
	}
}

func choice(name string, allowed []string, meaning string, at func(*Config) *string) Setting {
	return Setting{
		Name: name, Range: strings.Join(allowed, ", "), Meaning: meaning,
		get: func(c *Config) string { return *at(c) },
		set: func(c *Config, v string) error {
			if !slices.Contains(allowed, strings.ToLower(v)) {
				return fmt.Errorf("%s cannot be %q; allowed are %s, for example %s %s", name, v, strings.Join(allowed, ", "), name, allowed[0])
			}
			*at(c) = strings.ToLower(v)
			return nil
		},
	}
}

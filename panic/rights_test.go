package duress

import (
	"strings"
	"testing"
	"time"
)

func TestRights(t *testing.T) {
	cleaner := Rights{Kind: Guest, From: "2026-07-01", Until: "2026-07-31", Days: "mon-fri", Hours: "8-12"}
	night := Rights{Kind: Guest, Days: "fri", Hours: "22-6"}
	nights := Rights{Kind: Guest, From: "2026-07-01", Until: "2026-07-02", Hours: "22-6"}
	armer := Rights{Kind: Guest, ArmOnly: true}
	for _, c := range []struct {
		name   string
		rights Rights
		verb   string
		local  string // "" is not known
		want   bool
	}{
		{"a user may do all", Rights{Kind: User}, "BYPASS", "", true},
		{"a master too", Rights{Kind: Master}, "LOG", "", true},
		{"nobody nothing", Rights{}, "STATUS", "2026-07-01 09:00", false},
		{"a duress kind is no right", Rights{Kind: Duress}, "STATUS", "2026-07-01 09:00", false},
		{"a guest may disarm", Rights{Kind: Guest}, "DISARM", "2026-07-01 09:00", true},
		{"a guest without limits needs no clock", Rights{Kind: Guest}, "DISARM", "", true},
		{"a guest may not bypass", Rights{Kind: Guest}, "BYPASS", "2026-07-01 09:00", false},
		{"a guest may not unbypass", Rights{Kind: Guest}, "UNBYPASS", "2026-07-01 09:00", false},
		{"a guest may not see contacts", Rights{Kind: Guest}, "CONTACTS", "2026-07-01 09:00", false},
		{"a guest may not see the log", Rights{Kind: Guest}, "LOG", "2026-07-01 09:00", false},
		{"in time", cleaner, "DISARM", "2026-07-01 09:00", true},
		{"first minute", cleaner, "DISARM", "2026-07-01 08:00", true},
		{"a minute early", cleaner, "DISARM", "2026-07-01 07:59", false},
		{"last minute", cleaner, "DISARM", "2026-07-31 11:59", true},
		{"a minute late", cleaner, "DISARM", "2026-07-31 12:00", false},
		{"the day before", cleaner, "DISARM", "2026-06-30 09:00", false},
		{"the day after", cleaner, "DISARM", "2026-08-03 09:00", false},
		{"at the weekend", cleaner, "DISARM", "2026-07-04 09:00", false},
		{"clock not known", cleaner, "DISARM", "", false},
		{"in time but no right", cleaner, "LOG", "2026-07-01 09:00", false},
		{"only dates, clock not known", Rights{Kind: Guest, Until: "2026-07-01"}, "ARM", "", false},
		{"only from, before", Rights{Kind: Guest, From: "2026-07-02"}, "ARM", "2026-07-01 23:59", false},
		{"only until, on it", Rights{Kind: Guest, Until: "2026-07-01"}, "ARM", "2026-07-01 23:59", true},
		{"only days, on it", Rights{Kind: Guest, Days: "sat,sun"}, "ARM", "2026-07-05 01:00", true},
		{"only days, off it", Rights{Kind: Guest, Days: "sat,sun"}, "ARM", "2026-07-06 01:00", false},
		{"only days, clock not known", Rights{Kind: Guest, Days: "sat,sun"}, "ARM", "", false},
		{"night of Friday, evening", night, "ARM", "2026-07-03 22:00", true},
		{"night of Friday, on Saturday morning", night, "ARM", "2026-07-04 05:59", true},
		{"night of Friday, over", night, "ARM", "2026-07-04 06:00", false},
		{"night of Thursday, on Friday morning", night, "ARM", "2026-07-03 03:00", false},
		{"morning after the last night", nights, "ARM", "2026-07-03 03:00", true},
		{"morning before the first night", nights, "ARM", "2026-07-01 03:00", false},
		{"until midnight", Rights{Kind: Guest, Hours: "18-0"}, "ARM", "2026-07-03 23:59", true},
		{"damaged hours", Rights{Kind: Guest, Hours: "x"}, "ARM", "2026-07-03 23:59", false},
		{"damaged days", Rights{Kind: Guest, Days: "x"}, "ARM", "2026-07-03 23:59", false},
		{"arm-only arms", armer, "ARM", "", true},
		{"arm-only, home", armer, "HOME", "", true},
		{"arm-only, night", armer, "NIGHT", "", true},
		{"arm-only does not disarm", armer, "DISARM", "", false},
		{"arm-only asks", armer, "STATUS", "", true},
		{"arm-only calls for help as for status", armer, "SILENT", "", true},
		{"arm-only, panic", armer, "PANIC", "", true},
		{"arm-only, drill", armer, "TEST", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var local time.Time
			if c.local != "" {
				local, _ = time.Parse("2006-01-02 15:04", c.local)
			}
			if got := c.rights.Allows(c.verb, local); got != c.want {
				t.Errorf("%s at %q: %v", c.verb, c.local, got)
			}
		})
	}
}

func TestSilentIsAllowedWhereverStatusIs(t *testing.T) {
	for _, r := range []Rights{{}, {Kind: User}, {Kind: Guest}, {Kind: Guest, ArmOnly: true}, {Kind: Guest, Days: "mon"}} {
		for d := 1; d <= 7; d++ {
			at := time.Date(2026, 7, d, 9, 0, 0, 0, time.UTC)
			if r.Allows("SILENT", at) != r.Allows("STATUS", at) {
				t.Errorf("%+v on %s: SILENT and STATUS differ", r, at.Weekday())
			}
		}
	}
}

func TestTheLocalTimeIsTakenAsItComes(t *testing.T) {
	r := Rights{Kind: Guest, Hours: "8-12", Days: "wed"}
	east := time.FixedZone("east", 10*3600)
	if !r.Allows("ARM", time.Date(2026, 7, 1, 9, 0, 0, 0, east)) {
		t.Error("nine o'clock is nine o'clock in every zone")
	}
}

func TestDays(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "  ": "", "mon-fri": "mon-fri", "MON-Fri": "mon-fri", "sat,sun": "sat-sun", "sunday": "sun",
		"fri-mon": "mon,fri-sun", "wed, mon": "mon,wed", "mon-sun": "mon-sun", "Tuesday - thu": "tue-thu", "mon-mon": "mon",
		"sun-sat": "mon-sun", "mon,wed,fri,sun": "mon,wed,fri,sun",
	} {
		if got, err := ParseDays(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"mo", "mon-", "-fri", "mon-fry", "mon fri", "1-5", ",", "mon,", "mon-tue-wed", "mond"} {
		if got, err := ParseDays(in); err == nil {
			t.Errorf("%q is taken as %q", in, got)
		} else if !strings.Contains(err.Error(), in) || !strings.Contains(err.Error(), "such as mon-fri") {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestHours(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "8-12": "8-12", "08-12": "8-12", "8:30-17": "8:30-17", " 8 - 12 ": "8-12", "22-6": "22-6", "0-24": "0-24",
		"18-0": "18-24", "0:00-0:01": "0-0:01", "23:59-24:00": "23:59-24",
	} {
		if got, err := ParseHours(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"8", "8-", "-12", "8-8", "24-6", "8-25", "8-12-14", "8:60-9", "8:3-9", "a-b", "8:-9", "+8-9", "008-9", "24:01-3", "٨-9"} {
		if got, err := ParseHours(in); err == nil {
			t.Errorf("%q is taken as %q", in, got)
		} else if !strings.Contains(err.Error(), in) || !strings.Contains(err.Error(), "such as 8-12") {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestDates(t *testing.T) {
	for _, in := range []string{"", "2026-07-14", "2028-02-29"} {
		if got, err := ParseDate(in); err != nil || got != in {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"14.7.2026", "2026-7-14", "2026-02-29", "2026-13-01", "tomorrow", " 2026-07-14"} {
		if _, err := ParseDate(in); err == nil || !strings.Contains(err.Error(), in) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzDays(f *testing.F) {
	for _, s := range []string{"mon-fri", "fri-mon,wed", "", ",", "sunday-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		said, err := ParseDays(s)
		if err != nil {
			return
		}
		if again, err := ParseDays(said); err != nil || again != said || len(said) > roomDays {
			t.Errorf("%q is said as %q, which is read as %q, %v", s, said, again, err)
		}
	})
}

func FuzzHours(f *testing.F) {
	for _, s := range []string{"8-12", "8:30-17", "22-6", "0-24", "", "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		said, err := ParseHours(s)
		if err != nil {
			return
		}
		if again, err := ParseHours(said); err != nil || again != said || len(said) > roomHours {
			t.Errorf("%q is said as %q, which is read as %q, %v", s, said, again, err)
		}
	})
}

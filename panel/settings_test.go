package panel

import (
	"strings"
	"testing"
)

// TestSettings holds every setting's range: what is taken, as it is shown then,
// and what is refused.
func TestSettings(t *testing.T) {
	rows := []struct {
		name, standard string
		taken          map[string]string // as written: as shown
		refused        []string
	}{
		{"exit-delay", "60", map[string]string{"0": "0", "255": "255", "45s": "45", "2m": "120"}, []string{"256", "-1", "1.5s", "ten", ""}},
		{"entry-delay", "30", map[string]string{"0": "0", "240": "240", "4m": "240"}, []string{"241", "5m"}},
		{"siren-time", "240", map[string]string{"30": "30", "15m": "900"}, []string{"29", "901"}},
		{"swinger-trips", "2", map[string]string{"1": "1", "6": "6"}, []string{"0", "7", "two"}},
		{"cross-zone-window", "300", map[string]string{"30": "30", "1h": "3600"}, []string{"0", "29", "3601"}},
		{"abort-window", "30", map[string]string{"0": "0", "45": "45"}, []string{"46"}},
		{"cancel-window", "300", map[string]string{"5m": "300", "1h": "3600"}, []string{"299", "3601"}},
		{"code-length", "6", map[string]string{"6": "6"}, []string{"3", "11", "x"}},
		{"any-number", "false", map[string]string{"true": "true", "yes": "true", "ON": "true", "no": "false"}, []string{"anna", "1"}},
		{"call-keypad", "false", map[string]string{"true": "true", "no": "false"}, []string{"maybe"}},
		{"wrong-codes", "5", map[string]string{"3": "3", "10": "10"}, []string{"2", "11"}},
		{"lock-time", "900", map[string]string{"15m": "900", "60": "60"}, []string{"0", "25h"}},
		{"ring-time", "25", map[string]string{"10": "10", "60": "60"}, []string{"9", "61"}},
		{"call-rounds", "3", map[string]string{"1": "1", "10": "10"}, []string{"0", "11"}},
		{"text-budget", "20", map[string]string{"5": "5", "200": "200"}, []string{"4", "201"}},
		{"credit-reserve", "30", map[string]string{"0": "0", "500": "500"}, []string{"-1", "501"}},
		{"balance-code", "off", map[string]string{"*100#": "*100#", "#100*2#": "#100*2#", "OFF": "off", "": "off"}, []string{"100", "*100", "*10a#", "##"[:1]}},
		{"balance-pattern", "auto", map[string]string{"AUTO": "auto", `Credit ([0-9.]+)`: `Credit ([0-9.]+)`}, []string{"", "Credit", "(a)(b)"}},
		{"balance-limit", "5", map[string]string{"0": "0", "2.50": "2.50", "1,5": "1.5", "100000": "100000"}, []string{"-1", "ten", "100001"}},
		{"network-delay", "180", map[string]string{"60": "60", "3600": "3600"}, []string{"59"}},
		{"mains-delay", "300", map[string]string{"0": "0", "1h": "3600", "30": "30"}, []string{"3601", "-1", "soon"}},
		{"trouble-delay", "60", map[string]string{"0": "0", "10m": "600"}, []string{"601"}},
		{"test-every", "7d", map[string]string{"0": "0", "1": "1d", "30d": "30d", "14d": "14d"}, []string{"31", "-1d", "7h", "d"}},
		{"chirp", "true", map[string]string{"false": "false", "off": "false"}, []string{"loud"}},
		{"fob-disarm", "report", map[string]string{"always": "always", "NEVER": "never", "report": "report"}, []string{"sometimes", ""}},
		{"report-default", "disarm-by-others", map[string]string{"none": "none", "ALL": "all"}, []string{"some"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if v := shownSetting(template, row.name); v.Value != row.standard || v.Default != row.standard || v.Range == "" || v.Meaning == "" {
				t.Errorf("%+v", v)
			}
			for written, want := range row.taken {
				c, err := template.Apply(Set{strings.ToUpper(row.name), " " + written + " "})
				if err != nil || shownSetting(c, row.name).Value != want || c.Version != template.Version+1 {
					t.Errorf("%q is taken as %q, %v", written, shownSetting(c, row.name).Value, err)
				}
			}
			for _, written := range row.refused {
				c, err := template.Apply(Set{row.name, written})
				if err == nil || c.Version != template.Version || shownSetting(c, row.name).Value != row.standard {
					t.Fatalf("%q is taken, %v", written, err)
				}
				for _, part := range []string{row.name, `"` + written + `"`, "for example", "allowed"} {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("%q: %q lacks %q", written, err, part)
					}
				}
			}
		})
	}
	if n := len(template.Settings()); n != len(rows) {
		t.Errorf("%d settings, %d held here", n, len(rows))
	}
	if _, err := template.Apply(Set{"exit delay", "60"}); err == nil || !strings.Contains(err.Error(), "settings list") {
		t.Errorf("an unknown setting: %v", err)
	}
}

func shownSetting(c Config, name string) SettingValue {
	for _, v := range c.Settings() {
		if v.Name == name {
			return v
		}
	}
	return SettingValue{}
}

func TestCodeLengthStaysWhileThereAreCodes(t *testing.T) {
	if _, err := template.Apply(Set{"code-length", "8"}); err == nil || !strings.Contains(err.Error(), "6 digits") {
		t.Errorf("codes of 6 digits, length 8: %v", err)
	}
}

func TestWarnings(t *testing.T) {
	for _, test := range []struct{ name, value, says string }{
		{"entry-delay", "31", "above 60 s"}, {"exit-delay", "29", "below 30 s"}, {"entry-delay", "29", "below 30 s"},
	} {
		c := must(template.Apply(Set{test.name, test.value}))
		if all := strings.Join(c.Warnings(), "; "); !strings.Contains(all, test.says) {
			t.Errorf("%s %s warns %q", test.name, test.value, all)
		}
	}
	if got := template.Warnings(); len(got) != 0 {
		t.Errorf("the defaults warn %q", got)
	}
}

package simulator

import (
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
)

func TestParseLine(t *testing.T) {
	for _, tc := range []struct {
		name, line string
		want       []command
	}{
		{"nothing", "", nil},
		{"basic ones follow each other", "e0V1&w", []command{{"E", opExecute, "0"}, {"V", opExecute, "1"}, {"&W", opExecute, ""}}},
		{"extended ones by semicolon", "+CSQ;+CREG?", []command{{"+CSQ", opExecute, ""}, {"+CREG", opRead, ""}}},
		{"a basic one before an extended one", "E0+CMEE=1", []command{{"E", opExecute, "0"}, {"+CMEE", opSet, "1"}}},
		{"test form", "+CNMI=?", []command{{"+CNMI", opTest, ""}}},
		{"semicolon in quotes", `+CMGS="a;b,c"`, []command{{"+CMGS", opSet, `"a;b,c"`}}},
		{"blanks", ` +CMGF = 0 ; +CSCS = "a b" `, []command{{"+CMGF", opSet, "0"}, {"+CSCS", opSet, `"a b"`}}},
		{"dialling", "D+447700900123;", []command{{"D", opExecute, "+447700900123;"}}},
		{"dialling, then another", "D123;H", []command{{"D", opExecute, "123;"}, {"H", opExecute, ""}}},
		{"registers", "S0=1S3?", []command{{"S0", opSet, "1"}, {"S3", opRead, ""}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := parseLine(tc.line)
			if err != nil || !reflect.DeepEqual(got, tc.want) {
				t.Errorf("parseLine(%q) = %v, %v; want %v", tc.line, got, err, tc.want)
			}
		})
	}
	for _, line := range []string{"!", "+", "&", "&1", "S", "S0", "+CSQ!", "E0)"} {
		if got, err := parseLine(line); err == nil && line != "+CSQ!" {
			t.Errorf("parseLine(%q) = %v, want an error", line, got)
		}
	}
}

func FuzzParseLine(f *testing.F) {
	for _, s := range []string{"", "E0V1", "+CMGS=\"+44\";+CSQ", "D123;", "S0=1", "&F&W", "+CUSD=1,\"*100#\",15", "\"", "+A=\"", ";;", "+CMGL=?x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		cs, err := parseLine(s)
		if err != nil {
			return
		}
		for _, c := range cs {
			if c.name == "" || c.name != strings.ToUpper(c.name) {
				t.Errorf("parseLine(%q): name %q", s, c.name)
			}
			if len(c.name)+len(c.arg) > len(s)+1 {
				t.Errorf("parseLine(%q): %v is longer than the line", s, c)
			}
			c.args().text(0)
		}
	})
}

// FuzzHost types anything at a modem: it must neither panic nor stop answering.
func FuzzHost(f *testing.F) {
	for _, s := range []string{"AT+CMGF=1\rAT+CMGS=\"+4412\"\rhi\x1a", "AT+CMGS=20\r0031000C9144770009103200002F06C834888E2E03\x1a", "AT+CMGW=5\rAABB\x1a",
		"ATD123;\rATA\rATH\r", "AT+CWHITELIST=3,30,\"1\",\"2\"\r", "AT+CMGD=0,9\r", "AT+CNMI=,,,,\r", "AT+CCLK=\"26/03/01,10:00:00+99\"\r", "AT+CFUN=1,1\r", "A/A/", "AT+CPOWD=1\r",
		"AT+CSCS=\"HEX\"\rAT+CMGF=1\rAT+CMGS=\"1\"\r\x1aAT+CMGL=\"ALL\"\r", "AT+CSMP=255,255,255,255\rAT+CMGF=1\rAT+CMGW=\"1\"\r\xff\x1aAT+CMSS=1\r"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		synctest.Test(t, func(t *testing.T) {
			h := newHost(t, Options{})
			if err := h.modem.Text("+447700900123", "héllo"); err != nil {
				t.Fatal(err)
			}
			h.send(s)
			h.settle()
			for _, rest := range []string{"\r", "\x1b", "\rATQ0V1E0\r"} { // a half-typed line, then a prompt
				h.send(rest)
				h.settle()
			}
			if got := h.ask("AT"); !strings.Contains(got, "OK") {
				t.Errorf("after %q the modem answers AT with %q", s, got)
			}
		})
	})
}

package modem

import "testing"

func TestModelsAreTold(t *testing.T) {
	for _, c := range []struct {
		name string
		said []string
		kind string
	}{
		{"a SIM800L", []string{"SIMCOM_SIM800L"}, "sim800"},
		{"a SIM808 in ATI", []string{"SIM808 R14.18"}, "sim800"},
		{"a SIM7600", []string{"SIMCOM_SIM7600G-H"}, "sim7600"},
		{"a SIM7600 in ATI", []string{"Manufacturer: SIMCOM INCORPORATED", "Model: SIMCOM_SIM7600E-H", "Revision: SIM7600M22_V2.0"}, "sim7600"},
		{"an EC25", []string{"EC25"}, "ec25"},
		{"an EG25 in ATI", []string{"Quectel", "EG25", "Revision: EG25GGBR07A08M2G"}, "ec25"},
		{"in small letters", []string{"sim7600e"}, "sim7600"},
		{"another maker's", []string{"HL7800"}, ""},
		{"nothing", nil, ""},
	} {
		got := ""
		if p := profileFor(c.said); p != nil {
			got = p.kind
		}
		if got != c.kind {
			t.Errorf("%s is %q, want %q", c.name, got, c.kind)
		}
	}
}

func TestOtherFamiliesAreUnderstood(t *testing.T) {
	for _, c := range []struct{ line, name, rest string }{
		{"+RXDTMF: 5", "+DTMF", "5"},
		{"+QTONEDET: 49", "+DTMF", "1"},
		{"+QTONEDET: 35", "+DTMF", "#"},
		{"+QTONEDET: 7", "+QTONEDET", "7"}, // no key has that code
		{"+QIND: SMS DONE", "SMS DONE", ""},
		{"+QIND: PB DONE", "PB DONE", ""},
		{`+QIND: "smsfull","SM"`, "+SMS FULL", ""},
		{`+QIND: "ccinfo",2,0,3,0,0,"+447700900101",145`, "+CLCC", `2,0,3,0,0,"+447700900101",145`},
		{`+QIND: "ccinfo",2,0,-1,0,0,"+447700900101",145`, "+CLCC", `2,0,6,0,0,"+447700900101",145`},
		{`+QIND: "ccinfo",2`, "+CLCC", "2"}, // cut off
		{`+QIND: "csq",31,99`, "+QIND", `"csq",31,99`},
		{"+QIND:", "+QIND", ""},
		{"VOICE CALL: END: 000012", "VOICE CALL", "END: 000012"},
		{"MISSED_CALL: 11:53AM +447700900101", "MISSED_CALL", "11:53AM +447700900101"},
		{"+SMS FULL", "+SMS FULL", ""},
		{"POWERED DOWN", "POWERED DOWN", ""},
		{"+CTZV: 32,0", "+CTZV", "32,0"},
	} {
		u, ok := parse(c.line, "+CSQ")
		if !ok || u.name != c.name || u.rest != c.rest {
			t.Errorf("%q is %q %q, unsolicited: %v", c.line, u.name, u.rest, ok)
		}
	}
	if _, ok := parse("+QTONEDET: 1", "+QTONEDET?"); ok {
		t.Error("an answer is taken for a key")
	}
}

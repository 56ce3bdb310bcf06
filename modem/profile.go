package modem

import (
	"slices"
	"strings"
)

// profile is what one family of modems has that another has not: data, and no
// code. What the families say of themselves differs too; that is told apart by
// its form (spoken), whoever says it.
//
// No value of the SIM7600 or the EC2x was measured on hardware. They are from
// the public AT command manuals of both, from chan_quectel, oFono and the FONA
// library, or (GK) general knowledge. A command that a modem does not know is
// refused, logged, and does no harm, so that what is only likely is tried.
type profile struct {
	kind   string   // as --modem-kind names it
	models []string // in capitals, of which one is in the answer to AT+CGMM or ATI

	radio    []setting // before the SIM is needed
	kept     []setting
	later    []setting // after the storage has been chosen
	silent   []setting // the panel's calls make no sound at the place: the microphone's side is Listen's
	volatile []string  // lost at each reset, so simply said each time

	lastWord string   // of a start, after which texts and calls work
	routes   []string // of received texts and reports, best first
	networks []string // what tells the registration; one that is registered is enough
	busy     string   // the setting with which callers hear busy; where there is none, each is hung up on
	keys     string   // the setting with which keys are told, lost at a reset
	hang     string   // ends a call, and rejects a caller
	tones    int      // how many one AT+VTS takes

	pinTries query // how often a PIN may still be tried
	iccid    query // the number of the SIM card
	reset    string
	supply   string // tells the voltage, where the limits are known: an EC25 alone has 3.8 V, on a Mini PCIe card 3.3 V
	jamming  string // looks for a jammer of the network; empty where there is none
}

// query is a command and where in its answer the value is.
type query struct {
	command string
	prefix  string // of the line, without its colon; empty where the line is the value
	field   int
}

// everywhere are settings of 27.007 and 27.005 that all of them keep. CFUN=4
// (flight mode) survives a reset (AT p.96).
var (
	fullRadio = setting{"+CFUN?", "+CFUN", []string{"1"}, "+CFUN=1", true, true}
	// Numbers and service codes are said in it; another program may have left UCS2 or HEX.
	letters  = []setting{{"+CSCS?", "+CSCS", []string{"IRA", "GSM"}, `+CSCS="IRA"`, false, false}}
	pduMode  = setting{"+CMGF?", "+CMGF", []string{"0"}, "+CMGF=0", true, false}
	callList = setting{"+CLCC?", "+CLCC", []string{"1"}, "+CLCC=1", false, true}
)

// profiles, the first of which is used for a modem that nobody knows.
var profiles = []profile{
	{
		kind:   "sim800",
		models: []string{"SIM800", "SIM808", "SIM868", "SIM900"},
		radio: []setting{
			fullRadio,
			// eats texts silently, and survives a reset (AT p.176)
			{"+CWHITELIST?", "+CWHITELIST", []string{"0"}, "+CWHITELIST=0", false, true},
		},
		kept: []setting{
			{"+CBATCHK?", "+CBATCHK", []string{"1"}, "+CBATCHK=1", false, false},
			{"+CIURC?", "+CIURC", []string{"1"}, "+CIURC=1", false, false},
			{"+CLTS?", "+CLTS", []string{"1"}, "+CLTS=1", false, false},
			{"+CREG?", "+CREG", []string{"1"}, "+CREG=1", false, false},
			{"+CSMINS?", "+CSMINS", []string{"1"}, "+CSMINS=1", false, false},
			{"+CSCLK?", "+CSCLK", []string{"0"}, "+CSCLK=0", false, false}, // asleep it does not hear
			pduMode,
		},
		later: []setting{
			callList,
			{"+MORING?", "+MORING", []string{"1"}, "+MORING=1", false, false},
		},
		silent: []setting{
			{"+CALM?", "+CALM", []string{"1"}, "+CALM=1", false, true},
			{"+CRSL?", "+CRSL", []string{"0"}, "+CRSL=0", false, true},
			{"+CLVL?", "+CLVL", []string{"0"}, "+CLVL=0", false, true},
		},
		volatile: []string{"+CLIP=1", "+COLP=0", "+DDET=1,0,0,0", "+GSMBUSY=1"}, // NO_SAVE
		lastWord: "SMS Ready",
		// <ds> is 0 or 1; some refuse mode 2
		routes:   []string{"2,1,0,1,0", "1,1,0,1,0", "2,1,0,0,0", "1,1,0,0,0"},
		networks: []string{"+CREG"},
		busy:     "+GSMBUSY",
		keys:     "+DDET",
		hang:     "H",
		tones:    10, // 20 characters with the commas between them (AT VTS)
		pinTries: query{"+SPIC", "+SPIC", 0},
		iccid:    query{"+CCID", "", 0},
		reset:    "+CFUN=1,1",
		supply:   "+CBC",
		jamming:  "+SJDR",
	},
	{
		kind:   "sim7600",
		models: []string{"SIM7600", "SIM7500"},
		radio:  []setting{fullRadio},
		kept: []setting{
			{"+CTZU?", "+CTZU", []string{"1"}, "+CTZU=1", false, true},
			{"+CREG?", "+CREG", []string{"1"}, "+CREG=1", false, false},
			{"+CEREG?", "+CEREG", []string{"1"}, "+CEREG=1", false, false},
			pduMode,
		},
		later: []setting{callList},
		silent: []setting{
			{"+CALM?", "+CALM", []string{"1"}, "+CALM=1", false, true}, // FONA 3G; GK
			{"+CLVL?", "+CLVL", []string{"0"}, "+CLVL=0", false, true},
		},
		// without CVHU=0 ATH is answered and does nothing; VMUTE shuts the loudspeaker
		volatile: []string{"+CLIP=1", "+COLP=0", "+CTZR=1", "+CVHU=0", "+VMUTE=1", "+DDET=1"},
		lastWord: "SMS DONE",
		// <ds> 2 stores reports as well, so that none is lost on the line
		routes:   []string{"2,1,0,2,0", "2,1,0,1,0", "1,1,0,1,0", "2,1,0,0,0", "1,1,0,0,0"},
		networks: []string{"+CREG", "+CEREG"},
		keys:     "+DDET",
		hang:     "+CHUP",
		tones:    1,
		pinTries: query{"+SPIC", "+SPIC", 0},
		iccid:    query{"+CICCID", "+ICCID", 0},
		reset:    "+CRESET",
	},
	{
		kind:   "ec25",
		models: []string{"EC25", "EC21", "EC20", "EG25", "EG21"},
		radio:  []setting{fullRadio},
		kept: []setting{
			// 3 is local time, which AT+CCLK? then tells with its zone; with 1 it would tell GMT with it
			{"+CTZU?", "+CTZU", []string{"3"}, "+CTZU=3", false, true},
			{"+CREG?", "+CREG", []string{"1"}, "+CREG=1", false, false},
			{"+CEREG?", "+CEREG", []string{"1"}, "+CEREG=1", false, false},
			pduMode,
		},
		silent: []setting{{"+CLVL?", "+CLVL", []string{"0"}, "+CLVL=0", false, true}},
		// The last 0 of QINDCFG: not into its flash, at each start.
		volatile: []string{"+CLIP=1", "+COLP=0", "+CTZR=1", "+CVHU=0",
			`+QINDCFG="ccinfo",1,0`, `+QINDCFG="smsfull",1,0`, "+QTONEDET=1"},
		lastWord: "SMS DONE",
		routes:   []string{"2,1,0,2,0", "2,1,0,1,0", "1,1,0,1,0", "2,1,0,0,0", "1,1,0,0,0"},
		networks: []string{"+CREG", "+CEREG"},
		keys:     "+QTONEDET",
		hang:     "+CHUP",
		tones:    1,
		pinTries: query{"+QPINC?", "+QPINC", 1}, // its first line is "SC",<PIN>,<PUK>
		iccid:    query{"+QCCID", "+QCCID", 0},
		reset:    "+CFUN=1,1",
	},
}

// Kinds are the families of modems that are known, as Options.Kind names them.
func Kinds() []string {
	var kinds []string
	for _, p := range profiles {
		kinds = append(kinds, p.kind)
	}
	return kinds
}

// profileOf is the profile of a kind, nil where it has none.
func profileOf(kind string) *profile {
	i := slices.IndexFunc(profiles, func(p profile) bool { return p.kind == kind })
	if i < 0 {
		return nil
	}
	return &profiles[i]
}

// profileFor is the profile of a modem by what it says of itself, nil where
// none fits.
func profileFor(said []string) *profile {
	all := strings.ToUpper(strings.Join(said, "\n"))
	i := slices.IndexFunc(profiles, func(p profile) bool {
		return slices.ContainsFunc(p.models, func(model string) bool { return strings.Contains(all, model) })
	})
	if i < 0 {
		return nil
	}
	return &profiles[i]
}

// identify asks the modem what it is, and takes the profile for it where the
// kind was not given.
func (s *session) identify(up *Up) error {
	said, err := s.command("+CGMM", quick)
	if s.fault() != nil {
		return err
	}
	up.Firmware = s.ask("+GMR")
	if len(said) > 0 {
		up.Model = strings.TrimSpace(said[0])
	}
	if profileOf(s.m.options.Kind) != nil {
		return nil
	}
	p := profileFor(said)
	if p == nil { // some name there the family only, some nothing
		said, err = s.command("I", quick)
		if s.fault() != nil {
			return err
		}
		p = profileFor(said)
	}
	switch {
	case p != nil:
		s.mu.Lock() // the reading goroutine looks at it
		s.profile = p
		s.mu.Unlock()
	case err == nil:
		s.m.unknown.Do(func() {
			s.m.log.Warn("this model of modem is not known and is driven as a SIM800; --modem-kind says what it is like", "model", up.Model)
		})
	}
	return nil
}

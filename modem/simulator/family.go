package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// family is a kind of modules, as far as a host can tell it from another: what it
// says of itself, which commands it knows, and the words in which it tells of a
// start, a call, a key and a full SIM. Where no manual says it, its words are those
// of logs that people have published.
type family struct {
	lacks []string           // commands of the SIM800 that it does not know
	has   map[string]handler // commands of its own, or in its own way

	reports int  // the highest <ds> of +CNMI
	busy    bool // who rings while a text is sent hears busy
	usb     bool // it is plugged into USB: a restart ends the line
	lines   bool // +CLCC=1 tells of a call
	begins  bool // VOICE CALL: BEGIN and END
	data    bool // +CLCC lists its packet data as a call too

	boot  []string // said when it starts
	ready string   // once texts and calls work
	books string   // once the phone book does, a little later
	full  string   // a text has no room
	zone  string   // the network has told the time
	gone  string   // it was switched off
	key   func(key string) string
}

// lteLacks are commands of the SIM800 that neither LTE module has.
var lteLacks = []string{"+CIURC", "+CBATCHK", "+CLTS", "+MORING", "+GSMBUSY", "+CWHITELIST", "+SJDR", "+CCID", "+CPOWD",
	"+CRSL", "+CENG", "+CMGDA", "+CSMINS", "+CSCLK"}

var families map[string]*family

func init() {
	families = map[string]*family{
		"sim800": {
			reports: 1, busy: true, lines: true,
			boot: []string{"RDY", "+CFUN: 1"}, ready: "SMS Ready", gone: "NORMAL POWER DOWN",
			key: func(key string) string { return "+DTMF: " + key },
		},
		"sim7600": {
			lacks: lteLacks,
			has: lte("SIMCOM INCORPORATED", "SIMCOM_SIM7600G-H", "LE20B04SIM7600G22", map[string]handler{
				"+CICCID": fixed(func(m *Modem) string { return "+ICCID: " + m.iccid() }),
				"+CVHU":   keptCommand("1"), "+VMUTE": keptCommand("0"),
				"H":       (*Modem).heedlessHangCommand,
				"+CRESET": (*Modem).resetCommand, "+CPOF": (*Modem).offCommand,
				"+CBC": (*Modem).voltsCommand,
			}),
			reports: 2, lines: true, begins: true,
			boot: []string{"RDY"}, ready: "SMS DONE", books: "PB DONE", full: "+SMS FULL", zone: "+CTZV: %d,0",
			gone: "NORMAL POWER DOWN",
			key:  func(key string) string { return "+RXDTMF: " + key },
		},
		"ec25": {
			lacks: append([]string{"+DDET", "+SPIC", "+CALM"}, lteLacks...),
			has: lte("Quectel", "EC25", "EC25EFAR06A06M4G", map[string]handler{
				"+QCCID": fixed(func(m *Modem) string { return "+QCCID: " + m.iccid() }),
				"+CVHU":  keptCommand("0"),
				"+QPINC": (*Modem).lockTriesCommand, "+QINDCFG": (*Modem).indicateCommand, "+QTONEDET": (*Modem).detectToneCommand,
				"+QPOWD": (*Modem).offCommand, "+CLCC": (*Modem).onlyListCallsCommand,
			}),
			reports: 2, usb: true, data: true,
			boot: []string{"RDY", "+CFUN: 1", "+QUSIM: 1"}, ready: "+QIND: SMS DONE", books: "+QIND: PB DONE",
			full: `+QIND: "smsfull","SM"`, zone: `+CTZV: "%+d",0`, gone: "POWERED DOWN",
			key: func(key string) string { return "+QTONEDET: " + strconv.Itoa(int(key[0])) },
		},
	}
}

// Kinds are the families of modules there are.
func Kinds() []string { return []string{"sim800", "sim7600", "ec25"} }

// lte are the commands that the LTE modules have in common, and own.
func lte(maker, model, revision string, own map[string]handler) map[string]handler {
	always := func(line string) handler { return fixed(func(*Modem) string { return line }) }
	has := map[string]handler{
		"+CGMI": always(maker), "+GMI": always(maker), "+CGMM": always(model), "+GMM": always(model),
		"+CGMR": always(revision), "+GMR": always(revision),
		"I":      func(*Modem, command) answer { return info(maker, model, "Revision: "+revision) },
		"+CEREG": (*Modem).registrationCommand, "+CTZU": keptCommand("0"), "+CTZR": keptCommand("0"),
		"+VTS": (*Modem).toneCommand,
	}
	for name, h := range own {
		has[name] = h
	}
	return has
}

// handler is what runs a command on this kind of module.
func (m *Modem) handler(name string) (handler, bool) {
	if h, is := m.family.has[name]; is {
		return h, true
	}
	h, is := handlers[name]
	return h, is && !slices.Contains(m.family.lacks, name)
}

// other is a setting that is kept, empty where it was not made.
func (m *Modem) other(name string) string { return m.set.other[name] }

// heedlessHangCommand is ATH of a module that it ends no call of, until +CVHU=0.
func (m *Modem) heedlessHangCommand(c command) answer {
	if m.other("+CVHU") != "0" {
		return ok
	}
	return m.hangCommand(c)
}

func (m *Modem) offCommand(command) answer {
	m.powerOff()
	return later
}

// voltsCommand is +CBC where it tells nothing but volts.
func (m *Modem) voltsCommand(c command) answer {
	if c.op == opTest {
		return ok
	}
	mv := batteryMV
	if m.lowMV > 0 {
		mv = m.lowMV
	}
	return infof("+CBC: %.3fV", float64(mv)/1000)
}

// lockTriesCommand is +QPINC.
func (m *Modem) lockTriesCommand(c command) answer {
	if c.op == opTest {
		return info(`+QPINC: ("SC","P2")`)
	}
	return info(fmt.Sprintf(`+QPINC: "SC",%d,%d`, m.pinLeft(), pukTries), fmt.Sprintf(`+QPINC: "P2",%d,%d`, pinTries, pukTries))
}

// indicateCommand is +QINDCFG: what is told by +QIND.
func (m *Modem) indicateCommand(c command) answer {
	as := c.args()
	name := strings.ToLower(as.text(0))
	if c.op != opSet || !slices.Contains([]string{"ccinfo", "smsfull", "csq", "act", "ring", "all"}, name) {
		return m.badValue()
	}
	if len(as) == 1 {
		on := 0
		if m.ses.told[name] {
			on = 1
		}
		return infof(`+QINDCFG: "%s",%d`, name, on)
	}
	n, valid := as.number(1, 0, 0, 1)
	if !valid {
		return m.badValue()
	}
	if m.ses.told == nil {
		m.ses.told = map[string]bool{}
	}
	m.ses.told[name] = n == 1
	return ok
}

// detectToneCommand is +QTONEDET.
func (m *Modem) detectToneCommand(c command) answer {
	switch c.op {
	case opTest:
		return info("+QTONEDET: (0,1)")
	case opRead:
		return infof("+QTONEDET: %d", m.ses.ddet[0])
	}
	n, valid := c.args().number(0, 0, 0, 1)
	if !valid || c.op != opSet {
		return m.badValue()
	}
	m.ses.ddet[0] = n
	return ok
}

// onlyListCallsCommand is +CLCC without a setting. It lists the packet data, too.
func (m *Modem) onlyListCallsCommand(c command) answer {
	if c.op != opExecute {
		return m.badValue()
	}
	lines := []string{`+CLCC: 1,0,0,1,0,"",128`}
	if m.call != nil {
		lines = append(lines, m.call.line(m.family))
	}
	return info(lines...)
}

// toneCommand is +VTS for one tone.
func (m *Modem) toneCommand(c command) answer {
	if c.op == opSet && len(strings.Trim(c.arg, `"`)) != 1 {
		return m.badValue()
	}
	return m.tonesCommand(c)
}

// tellState tells how a call stands, where that was asked for.
func (m *Modem) tellState(c *call) {
	switch {
	case m.ses.told["ccinfo"]:
		line := strings.TrimPrefix(c.line(m.family), "+CLCC: ")
		if c.state == callDisconnected {
			line = strings.Replace(line, fmt.Sprintf(",%d,", callDisconnected), ",-1,", 1)
		}
		m.urc(`+QIND: "ccinfo",%s`, line)
	case m.family.lines && m.flash.clcc == 1:
		m.urc("%s", c.line(m.family))
	}
}

// tellEnd tells of the end of a call that state 6 has been told of.
func (m *Modem) tellEnd(c *call, talked bool) {
	if !m.family.begins {
		return
	}
	switch {
	case c.out || talked:
		took := time.Duration(0)
		if talked {
			took = c.record.Ended.Sub(c.record.Answered)
		}
		m.urc("VOICE CALL: END: %06d", int(took.Seconds())%1000000)
	default:
		m.urc("MISSED_CALL: %s %s", m.opt.Now().Format("03:04PM"), c.phone.number)
	}
}

// tellFull tells that a text found no room on the SIM.
func (m *Modem) tellFull() {
	if m.family.full != "" && (!strings.HasPrefix(m.family.full, "+QIND") || m.ses.told["smsfull"]) {
		m.urc("%s", m.family.full)
	}
}

// bookTime is from SMS DONE to PB DONE.
const bookTime = 2 * time.Second

// tellReady says that texts and calls work.
func (m *Modem) tellReady(boots int) {
	if m.family == families["sim800"] && m.set.ciurc == 1 && m.flash.cfun == 1 {
		m.urc("Call Ready")
	}
	m.urc("%s", m.family.ready)
	if m.family.books != "" {
		m.after(bookTime, func() {
			if m.power.boots == boots {
				m.urc("%s", m.family.books)
			}
		})
	}
}

// zoneTold is the time as an LTE module takes it from the network: +CTZU=3 is local
// time, and 1 on a Quectel GMT, though AT+CCLK? has the zone behind either.
func (m *Modem) zoneTold(now time.Time) {
	mode := m.other("+CTZU")
	if mode != "1" && mode != "3" {
		return
	}
	m.clock.set, m.clock.offset, m.clock.zone = true, 0, now.Location()
	_, east := now.Zone()
	if m.family.data && mode == "1" {
		m.clock.offset = -time.Duration(east) * time.Second
	}
	if m.other("+CTZR") == "1" {
		m.urc(m.family.zone, east/(15*60))
	}
}

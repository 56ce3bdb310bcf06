package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

type handler func(*Modem, command) answer

// handlers are all commands that there are.
var handlers map[string]handler

func init() {
	handlers = map[string]handler{
		"D": (*Modem).dialCommand, "H": (*Modem).hangCommand, "A": (*Modem).answerCommand,
		"+CHUP": (*Modem).hangCommand, "+CLCC": (*Modem).listCallsCommand, "+VTS": (*Modem).tonesCommand,
		"+CMUT": (*Modem).muteCommand,
		"E":     (*Modem).switchCommand, "V": (*Modem).switchCommand, "Q": (*Modem).switchCommand,
		"Z": (*Modem).recallCommand, "&F": (*Modem).factoryCommand, "&W": (*Modem).saveCommand,
		"+CMGS": (*Modem).submitCommand, "+CMGW": (*Modem).writeCommand, "+CMSS": (*Modem).sendStoredCommand,
		"+CMGL": (*Modem).listCommand, "+CMGR": (*Modem).readCommand,
		"+CMGD": (*Modem).deleteCommand, "+CMGDA": (*Modem).deleteAllCommand,
		"+CPMS": (*Modem).storageCommand, "+CNMI": (*Modem).notifyCommand, "+CSCA": (*Modem).centreCommand,
		"+CMGF": (*Modem).formatCommand, "+CSMP": (*Modem).parametersCommand, "+CSMS": (*Modem).serviceCommand,
		"+CSCS": (*Modem).charsetCommand, "+CREG": (*Modem).registrationCommand, "+CGREG": (*Modem).registrationCommand,
		"+COPS": (*Modem).operatorCommand, "+CFUN": (*Modem).functionCommand, "+CPOWD": (*Modem).powerCommand,
		"+CWHITELIST": (*Modem).whitelistCommand, "+SJDR": (*Modem).jammingCommand,
		"+CUSD": (*Modem).ussdCommand, "+CCLK": (*Modem).clockCommand, "+CPIN": (*Modem).pinCommand,
		"+CPBS": (*Modem).phonebookCommand, "+CPBR": (*Modem).entriesCommand, "+CEER": (*Modem).causeCommand,
		"+DDET": (*Modem).detectCommand, "+CSQ": (*Modem).signalCommand, "+CBC": (*Modem).batteryCommand,
		"+CLIP": (*Modem).callerCommand,
	}
	for name, h := range identity {
		handlers[name] = h
	}
	for name, s := range numberSettings {
		handlers[name] = s.command
	}
	for name, def := range keptSettings {
		handlers[name] = keptCommand(def)
	}
}

// needSIM are commands that fail until the SIM is ready after a boot.
// +CCID needs no PIN: the number can be read of a locked card (GSM 11.11, EF ICCID).
var cardNumber = []string{"+CCID", "+CICCID", "+QCCID"}
var needSIM = []string{"+CIMI", "+CPBS", "+CPBR", "+CUSD", "+DDET", "+CSCA"}

// dispatch runs one command.
func (m *Modem) dispatch(c command) answer {
	h, known := m.handler(c.name)
	switch {
	case c.name == "":
		return ok
	case strings.HasPrefix(c.name, "S"):
		return m.registerCommand(c)
	case !known && len(c.name) == 1 && strings.Contains("LMXP", c.name), !known && len(c.name) == 2 && strings.Contains("&C&D&K&S", c.name):
		return ok // loudness, result formats, circuits: accepted, without effect
	case !known:
		return m.equipmentError(100)
	case m.card.noticed && (slices.Contains(cardNumber, c.name) || slices.Contains(needSIM, c.name)):
		return m.equipmentError(10)
	case m.card.noticed && messageCommand(c.name):
		return messageError(310)
	case messageCommand(c.name) && !m.power.smsReady:
		return messageError(m.lock.messageError())
	case !m.power.simReady && slices.Contains(needSIM, c.name):
		return m.equipmentError(m.lock.equipmentError())
	}
	return h(m, c)
}

// fixed answers with the same line always.
func fixed(line func(*Modem) string) handler {
	return func(m *Modem, c command) answer {
		if c.op == opTest {
			return ok
		}
		return info(line(m))
	}
}

const revision = "Revision:1418B05SIM800L24"

// identity are the commands that say who the module and its SIM are.
var identity = map[string]handler{
	"+CGMI": fixed(func(*Modem) string { return "SIMCOM_Ltd" }),
	"+GMI":  fixed(func(*Modem) string { return "SIMCOM_Ltd" }),
	"+CGMM": fixed(func(*Modem) string { return "SIMCOM_SIM800L" }),
	"+GMM":  fixed(func(*Modem) string { return "SIMCOM_SIM800L" }),
	"+CGMR": fixed(func(*Modem) string { return revision }),
	"+GMR":  fixed(func(*Modem) string { return revision }),
	"+CGSN": fixed(func(m *Modem) string { return m.serial("8651", 15) }),
	"+GSN":  fixed(func(m *Modem) string { return m.serial("8651", 15) }),
	"+CIMI": fixed(func(m *Modem) string { return m.serial(operatorCode, 15) }),
	"+CCID": fixed((*Modem).iccid),
	"+GCAP": fixed(func(*Modem) string { return "+GCAP:+FCLASS,+CGSM" }),
	"+CNUM": fixed(func(m *Modem) string {
		return fmt.Sprintf(`+CNUM: "","%s",%d,7,4`, m.opt.Number, addressType(m.opt.Number))
	}),
	"+SPIC": fixed((*Modem).triesLeft),
	"+CPAS": fixed((*Modem).activity),
	"I":     fixed(func(*Modem) string { return "SIM800 R14.18" }),
}

// activity is +CPAS: 0 ready, 3 ringing, 4 in a call.
func (m *Modem) activity() string {
	switch {
	case m.call == nil:
		return "+CPAS: 0"
	case m.call.state == callIncoming:
		return "+CPAS: 3"
	}
	return "+CPAS: 4"
}

// numberSetting is a setting that is one number.
type numberSetting struct {
	at     func(*Modem) *int
	lo, hi int
}

var numberSettings = map[string]numberSetting{
	"+CMEE":    {func(m *Modem) *int { return &m.set.cmee }, 0, 2},
	"+CSDH":    {func(m *Modem) *int { return &m.ses.csdh }, 0, 1},
	"+COLP":    {func(m *Modem) *int { return &m.ses.colp }, 0, 1},
	"+MORING":  {func(m *Modem) *int { return &m.set.moring }, 0, 1},
	"+CIURC":   {func(m *Modem) *int { return &m.set.ciurc }, 0, 1},
	"+CLTS":    {func(m *Modem) *int { return &m.set.clts }, 0, 1},
	"+CSCLK":   {func(m *Modem) *int { return &m.set.sclk }, 0, 2},
	"+CSMINS":  {func(m *Modem) *int { return &m.set.csmins }, 0, 1},
	"+CBATCHK": {func(m *Modem) *int { return &m.flash.batchk }, 0, 1},
	"+GSMBUSY": {func(m *Modem) *int { return &m.ses.gsmbusy }, 0, 2},
	"+VTD":     {func(m *Modem) *int { return &m.set.vtd }, 0, 255},
	"+CLIR":    {func(m *Modem) *int { return &m.ses.clir }, 0, 2},
	"+IPR":     {func(m *Modem) *int { return &m.set.ipr }, 0, 460800},
}

func (s numberSetting) command(m *Modem, c command) answer {
	switch c.op {
	case opTest:
		return infof("%s: (%d-%d)", c.name, s.lo, s.hi)
	case opRead:
		return infof("%s: %d", c.name, *s.at(m))
	}
	as := c.args()
	n, valid := as.number(0, 0, s.lo, s.hi)
	if !valid || c.op != opSet || as.text(0) == "" {
		return m.badValue()
	}
	*s.at(m) = n
	if c.name == "+IPR" && m.rate != 0 {
		m.after(0, func() { m.rate = n }) // its OK comes at the old rate
	}
	return ok
}

// keptSettings are accepted, kept and told again, and change nothing here.
var keptSettings = map[string]string{
	"+CALM": "0", "+CHFA": "0", "+CLVL": "60", "+CMIC": "0,4", "+CRSL": "80", "+ECHO": "0,96,253,16388,20488",
	"+IFC": "0,0", "+ICF": "3,3", "+CEMNL": "0", "+CRC": "0", "+CSSN": "0,0", "+CCWA": "0", "+CMGHEX": "0",
	"+CNMA": "0", "+CLCK": "0", "+CENG": "0,0", "+CTZU": "0", "+CSNS": "0", "+CALS": "1,0", "+CRSM": "0",
	"+SRSPT": "1", "+CLDTMF": "0", "+SIMTONE": "0", "+SIDET": "0,4", "+EXUNSOL": "0", "+CBST": "0", "+CMMS": "0",
	"+CSCB": `0,"",""`, "+CNETLIGHT": "1", "+CSGS": "1", "+CANT": "0,0,10", "+CDRIND": "0", "+CEXTERNTONE": "0",
	"+CSDT": "0", "+CGATT": "1", "+CLPORT": "0", "+CSAS": "0", "+CRES": "0", "+WS46": "12", "+CR": "0", "+CMOD": "0",
}

func keptCommand(def string) handler {
	return func(m *Modem, c command) answer {
		switch c.op {
		case opSet:
			m.set.other[c.name] = c.arg
		case opRead:
			v, is := m.set.other[c.name]
			if !is {
				v = def
			}
			return info(c.name + ": " + v)
		}
		return ok
	}
}

func (m *Modem) registerCommand(c command) answer {
	v, known := m.set.registers[c.name]
	switch {
	case !known:
		return m.badValue()
	case c.op == opRead:
		return info(v)
	}
	n, err := strconv.Atoi(c.arg)
	if err != nil || n > 255 {
		return m.badValue()
	}
	m.set.registers[c.name] = fmt.Sprintf("%03d", n)
	return ok
}

// switchCommand is ATE, ATV or ATQ.
func (m *Modem) switchCommand(c command) answer {
	on := c.arg == "1"
	if c.arg != "" && c.arg != "0" && !on {
		return m.badValue()
	}
	switch c.name {
	case "E":
		m.set.echo = on
	case "V":
		m.set.verbose = on
	case "Q":
		m.set.quiet = on
	}
	return ok
}

func (m *Modem) recallCommand(command) answer {
	if c := m.call; c != nil {
		m.release(c, c.resultOfPanel(), 16, "")
	}
	m.set = m.saved.clone()
	return ok
}

func (m *Modem) factoryCommand(command) answer {
	m.set = factoryProfile()
	return ok
}

func (m *Modem) saveCommand(command) answer {
	m.saved = m.set.clone()
	return ok
}

func (m *Modem) powerCommand(c command) answer {
	if c.op != opSet {
		return m.badValue()
	}
	m.powerOff()
	return later
}

func (m *Modem) formatCommand(c command) answer {
	mode := 1
	if m.set.pduMode {
		mode = 0
	}
	switch {
	case !m.power.smsReady:
		return plainErr
	case c.op == opTest:
		return info("+CMGF: (0,1)")
	case c.op == opRead:
		return infof("+CMGF: %d", mode)
	}
	n, valid := c.args().number(0, 0, 0, 1)
	if !valid {
		return m.badValue()
	}
	m.set.pduMode = n == 0
	return ok
}

func (m *Modem) parametersCommand(c command) answer {
	switch c.op {
	case opTest:
		return ok
	case opRead:
		return infof("+CSMP: %d,%d,%d,%d", m.ses.fo, m.ses.vp, m.ses.pid, m.ses.dcs)
	case opExecute:
		return messageError(302)
	}
	as := c.args()
	v := [4]int{m.ses.fo, m.ses.vp, m.ses.pid, m.ses.dcs}
	for i := range v {
		n, valid := as.number(i, v[i], 0, 255)
		if !valid || len(as) > len(v) {
			return messageError(302)
		}
		v[i] = n
	}
	m.ses.fo, m.ses.vp, m.ses.pid, m.ses.dcs = v[0], v[1], v[2], v[3]
	return ok
}

func (m *Modem) serviceCommand(c command) answer {
	switch c.op {
	case opTest:
		return info("+CSMS: (0,1)")
	case opRead:
		return infof("+CSMS: %d,1,1,1", m.ses.csms)
	}
	n, valid := c.args().number(0, 0, 0, 1)
	if !valid || c.op != opSet {
		return messageError(302)
	}
	m.ses.csms = n
	return info("+CSMS: 1,1,1")
}

func (m *Modem) centreCommand(c command) answer {
	switch c.op {
	case opTest:
		return ok
	case opRead:
		return infof(`+CSCA: "%s",%d`, m.toCharset(m.flash.centre), addressType(m.flash.centre))
	}
	number, err := m.fromCharset(c.args().text(0))
	if c.op != opSet || err != nil || !dialable(number) {
		return messageError(304)
	}
	m.flash.centre = number
	return ok
}

func (m *Modem) phonebookCommand(c command) answer {
	switch c.op {
	case opTest:
		return info(`+CPBS: ("SM","ME","ON","MC","RC","DC","FD","LD")`)
	case opRead:
		return info(`+CPBS: "SM",0,250`)
	case opSet:
		if slices.Contains([]string{"SM", "ME", "ON", "MC", "RC", "DC", "FD", "LD"}, c.args().text(0)) {
			return ok
		}
	}
	return m.badValue()
}

func (m *Modem) entriesCommand(c command) answer {
	if c.op == opTest {
		return info("+CPBR: (1-250),40,14")
	}
	if n, valid := c.args().number(0, 0, 1, 250); c.op != opSet || !valid || n == 0 {
		return m.badValue()
	}
	return ok // nothing is in it
}

func (m *Modem) causeCommand(c command) answer {
	if c.op == opTest {
		return ok
	}
	return infof(`+CEER: "Cause Select:67 Cause:%d %s"`, m.cause, causes[m.cause])
}

func (m *Modem) detectCommand(c command) answer {
	v := m.ses.ddet
	switch c.op {
	case opTest:
		return info("+DDET: (0,1),(0-10000),(0,1),(0,1)")
	case opRead:
		return infof("+DDET: %d,%d,%d,%d", v[0], v[1], v[2], v[3])
	case opExecute:
		return m.badValue()
	}
	as := c.args()
	for i, hi := range [4]int{1, 10000, 1, 1} {
		n, valid := as.number(i, 0, 0, hi)
		if !valid {
			return m.badValue()
		}
		v[i] = n
	}
	m.ses.ddet = v
	return ok
}

func (m *Modem) callerCommand(c command) answer {
	switch c.op {
	case opTest:
		return info("+CLIP: (0,1)")
	case opRead:
		return infof("+CLIP: %d,1", m.ses.clip)
	}
	n, valid := c.args().number(0, 0, 0, 1)
	if !valid || c.op != opSet {
		return m.badValue()
	}
	m.ses.clip = n
	return ok
}

func (m *Modem) signalCommand(c command) answer {
	switch {
	case c.op == opTest:
		return info("+CSQ: (0-31,99),(0-7,99)")
	case !m.registered():
		return info("+CSQ: 0,0")
	}
	return infof("+CSQ: %d,0", m.cell.csq())
}

func (m *Modem) batteryCommand(c command) answer {
	if c.op == opTest {
		return info("+CBC: (0-2),(1-100),(voltage)")
	}
	if m.lowMV > 0 {
		return infof("+CBC: 0,4,%d", m.lowMV)
	}
	return infof("+CBC: 0,92,%d", batteryMV)
}

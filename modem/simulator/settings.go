package simulator

// profile is what AT&W keeps and ATZ brings back.
type profile struct {
	echo, verbose, quiet          bool
	pduMode                       bool
	cnmi                          [5]int
	creg, cgreg, cereg            int
	cmee, moring, clts            int
	ciurc, ipr, vtd, csmins, sclk int
	charset                       string
	registers                     map[string]string
	other                         map[string]string // accepted and kept, without effect
}

func factoryProfile() profile {
	return profile{
		echo: true, verbose: true, pduMode: true,
		cnmi: [5]int{2, 1, 0, 0, 0}, ciurc: 1, ipr: 115200, vtd: 1, charset: "IRA",
		registers: map[string]string{"S0": "000", "S3": "013", "S4": "010", "S5": "008", "S7": "060"},
		other:     map[string]string{},
	}
}

// session is what no boot leaves ("NO_SAVE" in the manual).
type session struct {
	clip, csdh, cusd, gsmbusy, colp, csms, clir int
	ddet                                        [4]int
	sjdr                                        [4]int
	fo, vp, pid, dcs                            int
	told                                        map[string]bool // by +QIND
}

func freshSession() session {
	return session{fo: 17, vp: 167, sjdr: [4]int{0, 0, 255, 0}}
}

// flash is what is kept at once ("AUTO_SAVE").
type flash struct {
	clcc, cfun, copsMode, whitelistMode, batchk int
	copsFormat                                  int
	whitelist                                   [30]string
	centre                                      string
}

func factoryFlash() flash {
	return flash{cfun: 1, batchk: 1, centre: "+447785016005"}
}

// power is how far the module has come since it was switched on.
type power struct {
	on       bool
	simReady bool
	smsReady bool
	boots    int // a timer of an earlier life does nothing
}

// clone keeps a saved profile apart from the one in force.
func (p profile) clone() profile {
	p.registers = copyOf(p.registers)
	p.other = copyOf(p.other)
	return p
}

func copyOf(m map[string]string) map[string]string {
	c := make(map[string]string, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

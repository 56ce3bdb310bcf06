package alert

// Intro is what a new contact is told to expect: how alarms come and what the
// beeps mean, to let them through at night, and what DURESS asks of them. site is
// what texts begin with.
func (w Words) Intro(c Contact, site string) []string {
	say := func(name string) string {
		return Clip(w.Say(name, "site", site, "duress", w.get("duress.kind")), OneText)
	}
	alarmed := c.Gets(Life) || c.Gets(Alarm)
	switch {
	case c.NoText:
		return nil
	case len(c.Classes) == 0:
		return []string{say("intro.command")}
	case !alarmed:
		return []string{say("intro.news")}
	}
	texts := []string{say("intro.alarm"), say("intro.sleep")}
	if c.NoCall {
		texts = []string{say("intro.text"), say("intro.sleep-text")}
	}
	if c.Gets(Life) && !c.InHouse() {
		texts = append(texts, say("intro.duress"))
	}
	return texts
}

// CodesText tells of codes that were changed at the panel, by the entry's name.
func (w Words) CodesText(name, site, who, clock string) string {
	return Clip(w.Say(name, "site", site, "who", who, "clock", clock), OneText)
}

// LockText tells of wrong codes.
func (w Words) LockText(site string) string { return Clip(w.Say("wrong-codes", "site", site), OneText) }

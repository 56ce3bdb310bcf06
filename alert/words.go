package alert

import (
	"fmt"
	"strings"
)

// oneText is what one SMS holds in the GSM alphabet (3GPP TS 23.040 9.2.3.16).
const oneText = 160

// Fits tells whether s goes out as one GSM-7 text.
func Fits(s string) bool {
	n, ok := Septets(s)
	return ok && n <= oneText
}

// phrase is the fixed part of a kind's text, in the order of section 7: kind,
// who or what, time and place, what not to do, what to do, the token.
type phrase struct {
	happened string // after the kind: "%s" is who or what
	dont     string
	act      string
}

func (i Incident) phrase() phrase {
	switch {
	case i.Kind == Duress:
		return phrase{i.Who + " " + i.What, "Do NOT call or text " + i.Who + ".", "Call police, intruder inside."}
	case i.Kind == Panic && i.Silent:
		return phrase{i.Who + " silent alarm", "Do NOT call or text " + i.Who + ".", "Call police."}
	case i.Kind == Panic:
		return phrase{i.Who + " calls for help", "", "Call police."}
	case i.Kind == Fire:
		return phrase{i.What, "", "Call the fire brigade."}
	case i.Kind == Medical:
		return phrase{i.What, "", "Call an ambulance."}
	case i.Kind == TamperKind:
		return phrase{i.What, "", "Please look or call police."}
	}
	return phrase{i.What, "Do not go in alone.", "Call police."}
}

// title is how an incident is named in later texts: "DURESS Anna 21:04".
func (i Incident) title() string {
	who := i.Who
	if who == "" {
		who = i.What
	}
	return clip(strings.ToUpper(string(i.Kind))+" "+who, 60) + " " + i.Clock
}

// AlarmTexts are the first texts of an incident: one SMS, or two of which the
// first is complete in itself.
func (i Incident) AlarmTexts() []string {
	p := i.phrase()
	kind := strings.ToUpper(string(i.Kind))
	note := ""
	if i.Note != "" {
		note = " (" + i.Note + ")"
	}
	full := join(kind+" "+p.happened+" "+i.Clock+note+place(i.Where), p.dont, p.act+i.police(), "Reply OK "+i.Token)
	if Fits(full) {
		return []string{full}
	}
	who := i.Who
	if who == "" {
		who = clip(i.What, 40)
	}
	first := join(kind+" "+who+" "+i.Clock+place(i.Where), i.brief(), "Reply OK "+i.Token)
	second := join(kind+" "+i.Clock+": "+clip(p.happened, 60)+note, p.dont, strings.TrimPrefix(i.police(), " "))
	return []string{first, second}
}

// brief is what not to do and what to do in the fewest words.
func (i Incident) brief() string {
	if i.Silent {
		return "Do NOT call " + i.Who + ". Call police."
	}
	return i.phrase().act
}

func place(where string) string {
	if where == "" {
		return "."
	}
	return ", " + where + "."
}

// police is their number, where it is they who are to be called.
func (i Incident) police() string {
	if i.Police == "" || i.Kind == Fire || i.Kind == Medical {
		return ""
	}
	return " Police " + i.Police + "."
}

func join(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}

// clip shortens s to n septets, on a letter's border.
func clip(s string, n int) string {
	for s != "" {
		if k, ok := Septets(s); ok && k <= n {
			return s
		}
		r := []rune(s)
		s = string(r[:len(r)-1])
	}
	return s
}

func (i Incident) againText() string {
	var said []string
	if len(i.Again) > 0 {
		said = append(said, "again "+strings.Join(last(i.Again, 3), ", ")+".")
	}
	if len(i.Moves) > 0 {
		said = append(said, "moved "+strings.Join(last(i.Moves, 3), ", ")+".")
	}
	return clip(i.title()+": "+strings.Join(said, " "), oneText)
}

func last(list []string, n int) []string { return list[max(0, len(list)-n):] }

func (i Incident) takenText(by string) string {
	return clip(fmt.Sprintf("%s has taken it: %s.", by, i.title()), oneText)
}

func (i Incident) youHaveIt() string {
	if i.Silent {
		return clip(fmt.Sprintf("You have it. When police or you have SEEN %s safe, text CLOSE %s. A call from %s proves nothing without your safe word.", i.Who, i.CloseToken, i.Who), oneText)
	}
	return clip(fmt.Sprintf("You have it: %s. When it is over, text CLOSE %s.", i.title(), i.CloseToken), oneText)
}

func (i Incident) askPolice() string {
	return clip(fmt.Sprintf("%s: police called? Reply YES %s", i.title(), i.Token), oneText)
}

func (i Incident) halfClosed(by string) string {
	return clip(fmt.Sprintf("%s says it is over. When police or you have SEEN %s safe, text CLOSE %s too. A call from %s proves nothing without your safe word.", by, i.Who, i.CloseToken, i.Who), oneText)
}

func (i Incident) closedText(by string) string {
	return clip(fmt.Sprintf("Closed by %s: %s. Tell police if you called them.", by, i.title()), oneText)
}

func (i Incident) nobodyText() string {
	return clip(fmt.Sprintf("NOBODY ANSWERED: %s%s Please look after it.", i.title(), place(i.Where)), oneText)
}

func (i Incident) unreachedText(who string) string {
	return clip(fmt.Sprintf("%s could not be reached: %s.", who, i.title()), oneText)
}

// CancelText tells those who were told of a burglary that it was disarmed.
func (i Incident) CancelText(by, clock string) string {
	return clip(fmt.Sprintf("CANCEL: disarmed by %s %s. It was: %s.", by, clock, i.title()), oneText)
}

// SilencedText tells of a siren that a user code has silenced.
func (i Incident) SilencedText(by, clock string) string {
	return clip(fmt.Sprintf("%s silenced the siren %s. Still open: %s. Reply OK %s", by, clock, i.title(), i.Token), oneText)
}

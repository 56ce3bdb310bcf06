package alert

import (
	"strings"
	"testing"
)

// The text that stands in for a drill's is one, and loses neither what not to do
// nor the token, however long the names.
func TestNotATestFits(t *testing.T) {
	for _, who := range []string{"Anna", strings.Repeat("W", MaxName), "Anna Maria Müller-Öz"} {
		for _, where := range []string{"", "12 Mill Lane", strings.Repeat("x", MaxAddress)} {
			for _, police := range []string{"", "+441438757000"} {
				for _, i := range []Incident{{Kind: Duress, What: "forced to disarm"}, {Kind: Panic}} {
					i.Silent, i.Who, i.Where, i.Police, i.Clock, i.Token = true, who, where, police, "21:04", "5160"
					i.Recipients = []Recipient{{Name: "Ben", Number: "+447700900003"}}
					got := i.insteadText(&Job{To: "+447700900003", First: true}, "4711")
					for _, part := range []string{"NOT A TEST. ", "Do NOT call", who + ".", where, "police", "Reply OK 4711"} {
						if !Fits(got) || !strings.Contains(got, part) {
							t.Errorf("%q is not one text with %q", got, part)
						}
					}
				}
			}
		}
	}
}

// A drill's first text is one, and begins with TEST.
func TestDrillTextFits(t *testing.T) {
	for _, where := range []string{"", "12 Mill Lane", strings.Repeat("x", MaxAddress)} {
		i := Incident{Kind: Test, Who: strings.Repeat("W", MaxName), Where: where, Police: "112", Clock: "21:04", Token: "4711"}
		got := i.AlarmTexts()
		if len(got) != 1 || !strings.HasPrefix(got[0], "TEST by W") || !strings.HasSuffix(got[0], "Reply OK 4711 or press 1.") {
			t.Errorf("%q", got)
		}
	}
}

// Who has been told in place of the drill is told how it stands, and who has not
// is told what it is about, whatever the drill says.
func TestWhatStandsInForADrill(t *testing.T) {
	const ben, cleo = "+447700900003", "+447700900004"
	i := Incident{Kind: Duress, Silent: true, Who: "Anna", What: "under threat", Clock: "21:04", Token: "5160",
		Recipients: []Recipient{{Name: "Ben", Number: ben, Told: true}, {Name: "Cleo", Number: cleo}}}
	full := "NOT A TEST. DURESS Anna under threat 21:04. Do NOT call or text Anna. Call police, intruder inside. Reply OK 4711"
	for _, c := range []struct {
		name, to, taken, want string
	}{
		{"nobody has it", ben, "", full},
		{"not told yet, and Ben has it", cleo, "Ben", full},
		{"has it", ben, "Ben", "NOT A TEST. You have it: DURESS Anna 21:04."},
		{"another has it", ben, "Cleo", "NOT A TEST. Cleo has it: DURESS Anna 21:04. To take it too, reply OK 4711"},
	} {
		i.TakenBy = c.taken
		if got := i.insteadText(&Job{To: c.to}, "4711"); got != c.want {
			t.Errorf("%s: %q instead of %q", c.name, got, c.want)
		}
	}
}

package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// helpText explains the demo; a line that begins with a space is not wrapped.
var helpText = fmt.Sprintf(`WHAT THIS IS
A burglar alarm for homes that watch themselves, just as gsmpanel run runs it. The modem, the mobile network, three phones and the house are simulated in this terminal. Nothing leaves this computer, and nothing is left on it.

Anna lives in the house. Ben and Cleo live elsewhere, and are told by text and call. On the left is all that can be seen or heard in the house. On the right is what a burglar who stands beside Anna must never notice.

CODES
 %[1]s   Anna's code
 %[2]s   her duress code: the same in every way, and Ben and Cleo are told
 %[4]s   her duress word: a text that has it beside her code is one too

TRY
 1. Type  %[1]s ARM  and press Enter (or press a, a button of her fob).
 2. When it is armed press o: a burglar opens the front door. Wait.
 3. The siren sounds, and after some seconds everybody is told.
 4. The burglar makes Anna disarm: type  %[2]s DISARM  and look right.
 5. Ben's phone rings: p picks up, 1 says that he sees to it.
 6. As the burglar, look for a trace: Tab to Anna,  %[1]s LOG
 7. Ben, and then Cleo:  CLOSE  and the number from their texts.

UNDER THREAT, AND NOBODY IN THE HOUSE CAN TELL
 %[2]s DISARM             by text, or with another command
 %[1]s OFF %[4]s gate    by text, with no code but her own
 k %[2]s Enter            at the keypad on the wall
 D                         by fob: its button disarm, held
 b b                       the panic button by the bed, twice: a silent alarm
 c %[2]s#3                by a call to the panel

MORE COMMANDS
 %[1]s HOME   armed at home: the lounge is not watched
 %[1]s TEST   a drill: who is told, who takes it, and how fast
 %[1]s STATUS, LOG 10, BYPASS 2, CONTACTS, HELP
 %[1]s SILENT   a silent alarm, answered like STATUS

KEYS
 Tab         another phone. The one you have is shown in capitals
 0-9 A-Z     begin a text (but B, D); Enter sends it, Esc drops it; t too
 p  x        pick up the phone that rings; hang up or reject
 0-9         in a call: the phone's keys. 1 says: I see to it; then 7 listens
 c           ring the panel, which picks up for Anna: the code, #, and 1 (arm),
             2 (home), 3 (disarm) or 0 (ask); beeps answer. Try it first: for
             20 minutes after any code or button everybody hears busy
 a  h  d  D  Anna's fob: arm, arm at home, disarm; disarm, held
 b  B        the panic button by the bed: pressed, held (siren)
 k           the keypad: a code, then Enter (disarm, or arm), * (home), / (ask)
 o  v        open or shut the front door or the back door (an entry delay)
 w  m        the kitchen window; motion in the lounge
 f           the battery of the back door's sensor is flat, or changed
 g  r        cut the GSM modem or the radio receiver, and plug it in again
 e  j        cut the mains, or jam the radio; the same key ends it
 PgUp PgDn   older and newer texts of the phone you have
 q  Ctrl-C   leave

Exit delay, entry delay and the time for an abort are %[3]d seconds each here; in a real house they are 60, 30 and 30, and can be set.`,
	demoCode, demoDuress, int(liveDelay/time.Second), demoWord)

// helpLines is the whole help, with the panel's own messages at its end.
func (m demoScreen) helpLines() []string {
	var out []string
	for line := range strings.Lines(helpText) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, " "):
			out = append(out, line)
		case line != "" && line == strings.ToUpper(line):
			out = append(out, bold(line))
		default:
			out = append(out, strings.Split(ansi.Wrap(line, m.width-2, ""), "\n")...)
		}
	}
	out = append(out, "", bold("WHAT THE PANEL SAID ON STANDARD ERROR"))
	for _, line := range m.sight.messages {
		out = append(out, strings.Split(ansi.Wrap(clipTyped(line), m.width-2, ""), "\n")...)
	}
	return out
}

func (m demoScreen) lastHelpLine() int { return max(0, len(m.helpLines())-(m.height-1)) }

func (m demoScreen) helpPage() []string {
	lines := m.helpLines()
	from := min(m.page, m.lastHelpLine())
	out := block(lines[from:], m.height-1)
	for n := range out {
		out[n] = ansi.Truncate(" "+out[n], m.width, "…")
	}
	more := "PgDn or Space: more   "
	if from == m.lastHelpLine() {
		more = "PgUp: back   "
	}
	return append(out, reverse(fit(" "+more+"any other key: to the demo", m.width)))
}

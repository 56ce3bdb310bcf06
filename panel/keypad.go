package panel

import (
	"strings"
)

// VerbEnter is the key Enter behind a code. No text can ask for it.
const VerbEnter Verb = "ENTER"

const typeHint = " Type it again within 15 s to leave it out."

// entered says what a command at the keypad means: Enter arms away a house that is
// disarmed and silent, and disarms in any other state.
func (t *turn) entered(v Verb) Verb {
	switch {
	case v != VerbEnter:
		return v
	case t.s.Zones.Shown() == "disarmed" && !t.s.Zones.SirenOn(t.now.Tick):
		return VerbArm
	}
	return VerbDisarm
}

// typed is a command at the keypad. The siren answers; there is no reply.
func (t *turn) typed(e Told, v verdict) {
	last := t.s.Refusal
	t.s.Refusal = Refusal{}
	who := Who{Person: v.Person, Channel: ByKeypad}
	switch {
	case t.locked(e):
		t.chirp(chirpRefused)
	case !v.Valid:
		t.wrongCode(e)
		t.chirp(chirpRefused)
	case !e.Verdict.Rights.Allows(string(e.Command.Verb), t.local()):
		t.rightCode(e)
		t.chirp(chirpRefused)
		t.tellPerson(who, notAllowed(e.Command.Verb))
	default:
		t.rightCode(e)
		t.typedRight(e, who, last)
	}
}

// typedRight obeys a code that may do what was typed.
func (t *turn) typedRight(e Told, who Who, last Refusal) {
	p := typedPress(e, who)
	e.Command.Force = t.forces(p, last, armModes[e.Command.Verb])
	reply := t.obey(e, who)
	switch {
	case e.Command.Verb == VerbStatus:
		t.chirp(t.statusChirps())
	case !t.answer.Done:
		t.refusedPress(p, who, reply, typeHint)
	case e.Command.Verb == VerbDisarm:
		t.chirp(chirpDisarmed)
	default:
		t.armedPress(e, who, last, reply)
	}
}

// typedPress names a person's code with a key behind it. Which of the person's
// codes it was nobody can tell, and it must not matter.
func typedPress(e Told, who Who) string {
	return strings.Join([]string{ByKeypad, string(e.Command.Verb), who.Person}, " ")
}

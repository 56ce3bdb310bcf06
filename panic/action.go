package duress

import (
	"fmt"
	"slices"
	"strings"
)

// Action is what a button of a remote does.
type Action string

// The actions. Status is answered by the siren: 1 chirp armed, 2 disarmed, 4 an
// alarm in memory. DuressDisarm is listed as DoDisarm everywhere.
const (
	DoArm        Action = "arm"
	DoHome       Action = "home"
	DoNight      Action = "night"
	DoDisarm     Action = "disarm"
	DuressDisarm Action = "duress-disarm"
	DoStatus     Action = "status"
	DoSilent     Action = "silent"
	DoAudible    Action = "audible"
	DoFire       Action = "fire"
	DoMedical    Action = "medical"
	DoTest       Action = "test"
	DoNone       Action = "none"
)

// actions lists them with the most helpful first: what a press becomes that was
// cut off by a power cut.
var actions = []Action{DoSilent, DuressDisarm, DoAudible, DoFire, DoMedical, DoArm, DoHome, DoNight, DoDisarm, DoStatus, DoTest, DoNone}

// gesturesWord names the default gestures of a panic button.
const gesturesWord = "panic"

// Binding is what a button does by each way of pressing.
type Binding struct{ Single, Double, Hold Action }

// PanicButton is the default of a panic button: an intruder is told from a fire by
// the hand that presses it, and nearly all single presses are accidents.
var PanicButton = Binding{Single: DoNone, Double: DoSilent, Hold: DoAudible}

const bindingExample = "for example --button ev1527:13CDC0=arm, or by gesture --button ev1527:13CDC0=single=none,double=silent,hold=audible"

// ParseAction reads what a person types for a button: one action, or one for each
// gesture. word is how listings show it.
func ParseAction(text string) (b Binding, word string, err error) {
	typed := strings.ToLower(strings.Join(strings.Fields(text), ""))
	switch {
	case typed == gesturesWord:
		return PanicButton, typed, nil
	case strings.Contains(typed, "="):
		return parseGestures(text, typed)
	}
	one, err := parseOne(text, typed)
	b = Binding{one, DoNone, DoNone}
	return b, b.shown().String(), err
}

func parseOne(text, word string) (Action, error) {
	if slices.Contains(actions, Action(word)) {
		return Action(word), nil
	}
	return "", fmt.Errorf("there is no action %q; allowed are arm, home, night, disarm, duress-disarm, status, panic, silent, audible, fire, medical, test and none, %s", text, bindingExample)
}

func parseGestures(text, typed string) (b Binding, word string, err error) {
	ways := map[string]*Action{string(Single): &b.Single, string(Double): &b.Double, string(Hold): &b.Hold}
	for _, part := range strings.Split(typed, ",") {
		way, action, _ := strings.Cut(part, "=")
		to, known := ways[way]
		if !known || *to != "" {
			return Binding{}, "", fmt.Errorf("%q cannot be read: give each of single, double and hold one action at most, %s", text, bindingExample)
		}
		if *to, err = parseOne(action, action); err != nil {
			return Binding{}, "", err
		}
	}
	for _, to := range ways {
		if *to == "" {
			*to = DoNone
		}
	}
	if b.Double == DoNone && b.Hold == b.Single {
		b.Hold = DoNone
	}
	if err := b.check(text); err != nil {
		return Binding{}, "", err
	}
	return b, b.shown().String(), nil
}

// check refuses what could not be hidden behind a plain disarm.
func (b Binding) check(text string) error {
	if !b.Does(DuressDisarm) || b == (Binding{DuressDisarm, DoNone, DoNone}) || b == (Binding{DoDisarm, DoNone, DuressDisarm}) {
		return nil
	}
	return fmt.Errorf("%q is not possible: duress-disarm stands alone, or as single=disarm,hold=duress-disarm, so that it is a plain disarm to whoever looks on", text)
}

// shown is the binding as whoever looks on may know it.
func (b Binding) shown() Binding {
	for _, a := range []*Action{&b.Single, &b.Hold} {
		if *a == DuressDisarm {
			*a = DoDisarm
		}
	}
	if b.Double == DoNone && b.Hold == b.Single {
		b.Hold = DoNone
	}
	return b
}

// String is the binding as it is typed.
func (b Binding) String() string {
	if b.Plain() {
		return string(b.Single)
	}
	var ways []string
	for _, g := range []Gesture{Single, Double, Hold} {
		ways = append(ways, string(g)+"="+string(b.Of(g)))
	}
	return strings.Join(ways, ",")
}

// Plain tells whether the button acts at once, however it is pressed.
func (b Binding) Plain() bool { return b.Double == DoNone && b.Hold == DoNone }

// Of is what a gesture does.
func (b Binding) Of(g Gesture) Action {
	switch g {
	case Double:
		return b.Double
	case Hold:
		return b.Hold
	}
	return b.Single
}

// Does tells whether some way of pressing does one of those actions.
func (b Binding) Does(any ...Action) bool {
	return slices.Contains(any, b.Single) || slices.Contains(any, b.Double) || slices.Contains(any, b.Hold)
}

// Helps tells whether some way of pressing calls somebody for a danger to life.
func (b Binding) Helps() bool { return b.Single.Helps() || b.Double.Helps() || b.Hold.Helps() }

// MostHelpful is what a press becomes of which the panel does not know how it
// would have gone on.
func (b Binding) MostHelpful() Gesture {
	best := Single
	for _, g := range []Gesture{Double, Hold} {
		if slices.Index(actions, b.Of(g)) < slices.Index(actions, b.Of(best)) {
			best = g
		}
	}
	return best
}

// Helps tells whether an action calls somebody for a danger to life.
func (a Action) Helps() bool { return slices.Index(actions, a) <= slices.Index(actions, DoMedical) }

// Hiding is what a button that is listed as a plain disarm does besides.
type Hiding int

// What can be hidden. HidesNothing stands for any other button too, so that what
// is stored of all of them has one size.
const (
	HidesNothing Hiding = iota
	HidesPress          // every press is under threat
	HidesHold           // a press that is held is
)

// Hides is the part of the binding that no listing shows.
func (b Binding) Hides() Hiding {
	switch DuressDisarm {
	case b.Single:
		return HidesPress
	case b.Hold:
		return HidesHold
	}
	return HidesNothing
}

// PressVerdict is the verdict on a press of a button: no code was given, and
// [Note] alone can tell whether it was under threat.
func PressVerdict(forced bool) Verdict { return Verdict{forced: &forced} }

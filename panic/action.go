package duress

import (
	"fmt"
	"slices"
	"strings"
)

// Action is what a button of a remote does.
type Action string

// The actions. Status is answered by the siren: 1 chirp armed, 2 disarmed, 4 an
// alarm in memory.
const (
	DoArm    Action = "arm"
	DoHome   Action = "home"
	DoNight  Action = "night"
	DoDisarm Action = "disarm"
	DoStatus Action = "status"
	DoNone   Action = "none"
)

var (
	actions = []Action{DoArm, DoHome, DoNight, DoDisarm, DoStatus, DoNone}
	// gestures need presses that are told apart by how long and how often.
	gestures = []string{"duress-disarm", "panic", "silent", "audible", "fire", "medical", "test"}
)

// ParseAction reads an action as a person types it.
func ParseAction(text string) (Action, error) {
	word := strings.ToLower(strings.TrimSpace(text))
	switch {
	case slices.Contains(actions, Action(word)):
		return Action(word), nil
	case strings.Contains(word, "=") || slices.Contains(gestures, word):
		return "", fmt.Errorf("the action %q is not supported by this version; allowed are arm, home, night, disarm, status and none, for example --button ev1527:13CDC0=arm", text)
	}
	return "", fmt.Errorf("there is no action %q; allowed are arm, home, night, disarm, status and none, for example --button ev1527:13CDC0=arm", text)
}

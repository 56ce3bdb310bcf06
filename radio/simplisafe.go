package radio

import (
	"encoding/json"
	"strings"
)

// What a SimpliSafe device of the first two generations is: the low 4 bits of
// "seq". rtl_433 calls every state 1 "Contact Open", a panic too.
const (
	simpliSafeKeyChain = 2
	simpliSafePanic    = 3
	simpliSafeMotion   = 4
	simpliSafeEntry    = 5
)

// simpliSafeAlarms are the states that are news, of what is no entry sensor:
// motion 2, glass 1, CO and smoke 3, water and freeze 1; 0 is what each reports
// from time to time.
var simpliSafeAlarms = map[int]int{simpliSafeMotion: 2, 6: 1, 7: 3, 8: 3, 9: 1, 10: 1}

// simpliSafeKeys are what a key chain sends, by state.
var simpliSafeKeys = map[int]string{1: "panic", 2: "away", 3: "off"}

// readSimpliSafe reads a SimpliSafe sensor, key chain or panic button. "seq" has
// a count of 4 bits above the kind; the frame has a sum, and the decoder wants two
// equal rows. Its text is not looked at.
func readSimpliSafe(text []byte) (Frame, bool) {
	var l struct {
		ID    string `json:"id"`
		Seq   *uint8 `json:"seq"`
		State *int   `json:"state"`
	}
	if json.Unmarshal(text, &l) != nil || l.Seq == nil || l.State == nil {
		return Frame{}, false
	}
	id, ok := simpliSafeID(l.ID)
	f := Frame{ID: id, Count: int(*l.Seq>>4) + 1, Alone: true}
	kind := int(*l.Seq & 15)
	alarm, other := simpliSafeAlarms[kind]
	switch {
	case kind == simpliSafeKeyChain:
		key, known := simpliSafeKeys[*l.State]
		f.ID, ok = id+":"+key, ok && known
	case kind == simpliSafePanic:
		f.ID, ok = id+":panic", ok && *l.State == 1
	case kind == simpliSafeEntry:
		f.Says = map[int]Says{1: Trips, 2: Closed}[*l.State]
		f.Says = when(f.Says == 0, Alive, f.Says)
	case other:
		f.Says = when(*l.State == alarm, Trips, Alive)
	default:
		return Frame{}, false
	}
	return f, ok
}

// simpliSafeCommands are what a keypad's buttons say that are no digits.
var simpliSafeCommands = map[string]string{"Arm System - Away": "away", "Keypad Panic Button": "panic"}

// readSimpliSafeKeypad reads the buttons of a keypad that need no code. A line
// with a PIN, which stands there in clear, is a frame of the family without
// anything in it: neither PIN nor keypad nor that one was keyed is kept.
func readSimpliSafeKeypad(text []byte) (Frame, bool) {
	var l struct {
		ID   string `json:"id"`
		Seq  *uint8 `json:"seq"`
		Says string `json:"extradata"`
	}
	if json.Unmarshal(text, &l) != nil {
		return Frame{}, false
	}
	id, ok := simpliSafeID(l.ID)
	command, known := simpliSafeCommands[l.Says]
	if !ok || !known || l.Seq == nil {
		return Frame{Family: FamilySimpliSafe}, true
	}
	return Frame{ID: id + ":" + command, Count: int(*l.Seq) + 1, Alone: true}, true
}

// simpliSafeID is the ID of a device by its 5 letters and digits.
func simpliSafeID(number string) (string, bool) {
	number = strings.ToUpper(number)
	ok := len(number) == 5 && strings.Trim(number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
	return FamilySimpliSafe + ":" + number, ok
}

package radio

import "strings"

// Part is what a code looks like among the codes of one device. It is a guess
// from what makers do, to be shown as such.
type Part string

const (
	PartOpen       Part = "open"   // a door contact opened: the code that trips a zone
	PartMotion     Part = "motion" // a motion sensor: the code that trips a zone
	PartTrip       Part = "trip"   // any other sensor: the code that trips a zone
	PartClose      Part = "close"
	PartTamper     Part = "tamper"
	PartLowBattery Part = "low battery"
	// PartOther is of a code of which nothing more can be said.
	PartOther Part = "another button or state of the same device"
)

// conventions are what makers mean by the last 4 bits of an EV1527 code, one
// entry for each kind of device. They contradict each other (7 is close of Kerui
// and open of Chuango, E open of Kerui and close of GS-WDS07), so only one that
// has all codes heard of a device says anything. Remotes are not among them: each
// button is one bit there, and which one arms is every maker's own (8 is "arm" of
// Chuango and "SOS" of CPVan).
var conventions = []map[uint32]Part{
	{0xE: PartOpen, 0x7: PartClose, 0xB: PartTamper, 0xF: PartLowBattery}, // Kerui door contact
	{0xA: PartMotion, 0xB: PartTamper, 0xF: PartLowBattery},               // Kerui motion sensor
	{0x5: PartTrip, 0xB: PartTamper, 0xF: PartLowBattery},                 // Kerui water sensor
	{0xA: PartOpen, 0xE: PartClose, 0x6: PartLowBattery},                  // GS-WDS07 door contact
	// Chuango and Fortress, by the kind of zone that a sensor is set to
	{0x7: PartOpen, 0xC: PartClose, 0x3: PartTamper, 0xD: PartLowBattery},   // normal: a door
	{0x6: PartMotion, 0xC: PartClose, 0x3: PartTamper, 0xD: PartLowBattery}, // off at home: motion
	{0xA: PartTrip, 0xC: PartClose, 0x3: PartTamper, 0xD: PartLowBattery},   // with a delay
	{0xB: PartTrip, 0xC: PartClose, 0x3: PartTamper, 0xD: PartLowBattery},   // around the clock: smoke, water
}

// Related says which of the known codes, the first if there are several, looks
// like one of the same device as id, and which part of that device id looks like
// beside all known codes of it; "" and "" where there is none. id itself is
// passed over. Buttons of other families than FamilyEV1527 have the number of
// their remote in their ID.
//
// EV1527 encoders have 20 bits of their own and 4 of data; PT2262 and SC2262
// have 8 address pins and 4 of data with three states each, sent as the bit pairs
// 00, 11 and 01. Two codes that can both be of the second kind may be of the
// first as well, so of those no part is guessed.
func Related(id string, known []string) (like string, part Part) {
	code, ok := codeOf(id)
	if !ok {
		return sibling(id, known)
	}
	device := []uint32{code}
	for _, k := range known {
		other, ok := codeOf(k)
		if !ok || other == code || !sameDevice(code, other) {
			continue
		}
		if like == "" {
			like = k
		}
		device = append(device, other)
	}
	if like == "" {
		return "", ""
	}
	return like, partOf(device)
}

// sibling is another button of the same remote.
func sibling(id string, known []string) (like string, part Part) {
	remote := remoteID(id)
	for _, k := range known {
		if k != id && remote != "" && remoteID(k) == remote {
			return k, PartOther
		}
	}
	return "", ""
}

// remoteID is a button's ID without the button, "" where an ID has none.
func remoteID(id string) string {
	n := strings.LastIndexByte(id, ':')
	if strings.Count(id, ":") != 2 {
		return ""
	}
	return id[:n]
}

func codeOf(id string) (uint32, bool) {
	digits, ok := strings.CutPrefix(id, FamilyEV1527+":")
	if !ok {
		return 0, false
	}
	return hex24(digits)
}

func sameDevice(a, b uint32) bool {
	return a>>4 == b>>4 || a>>8 == b>>8 && tristate(a) && tristate(b)
}

// tristate says whether no bit pair is 10, which PT2262 encoders never send.
func tristate(code uint32) bool { return code>>1&^code&0x555555 == 0 }

// partOf is the part of the first code of a device: what a convention that has
// every code of the device calls it. Those that share two codes agree on them.
func partOf(device []uint32) Part {
	for _, c := range conventions {
		if covers(c, device) {
			return c[device[0]&0xF]
		}
	}
	return PartOther
}

// covers says whether the device can be one of this convention: all its codes of
// the same 20 bits are in it, and not all could be tri-state.
func covers(convention map[uint32]Part, device []uint32) bool {
	fixed := false
	for _, code := range device {
		if code>>4 != device[0]>>4 {
			continue
		}
		if convention[code&0xF] == "" {
			return false
		}
		fixed = fixed || !tristate(code)
	}
	return fixed
}

package radio

import (
	"cmp"
	"slices"
)

// MaxFound is how many codes and families one learning finds at most.
const MaxFound = 256

// Learning is what was heard since somebody began to learn devices. The zero
// value is ready.
type Learning struct {
	Enrolled []string // IDs in use, to which new codes are compared; may be nil
	found    []Finding
	heard    State // of codes that have not counted yet
	said     Statements
}

// Finding is a code that counted, or a family of devices that can't be used yet.
type Finding struct {
	ID     string  `json:"id,omitempty"` // "" for a family that can't be used yet
	Family string  `json:"family"`       // as Frame.Family
	RSSI   float64 `json:"rssi,omitempty"`
	SNR    float64 `json:"snr,omitempty"`  // both as in Frame, of the strongest frame
	Frames int     `json:"frames"`         // heard from those that made it count on
	Says   Says    `json:"says,omitempty"` // of a device that reports by itself: all that it said
	// Enrolled says that this very code is in use.
	Enrolled bool `json:"enrolled,omitempty"`
	// Like is a code heard or enrolled before that looks like one of the same
	// device, and Part what this one looks like beside it; both "" where there is none.
	Like string `json:"like,omitempty"`
	Part Part   `json:"part,omitempty"`
}

// Step takes a frame as [Step] does. found is true, with what was found, once for
// each code, when it counts, and once for each family that can't be used yet;
// later frames only count, improve the strength and add what is said, for Findings. l is left as
// it was.
func (l Learning) Step(tick int64, source int, f Frame) (next Learning, new Finding, found bool) {
	if i := slices.IndexFunc(l.found, func(old Finding) bool { return old.ID == f.ID && old.Family == f.Family }); i >= 0 {
		l.found = slices.Clone(l.found)
		l.found[i] = l.found[i].and(f)
		return l, Finding{}, false
	}
	if f.Family == "" || len(l.found) >= MaxFound {
		return l, Finding{}, false
	}
	new = Finding{ID: f.ID, Family: f.Family}.and(f)
	if f.ID != "" {
		if l, found = l.counts(tick, source, f); !found {
			return l, Finding{}, false
		}
		if !f.Alone {
			new.Frames++ // its twin
		}
		new.Enrolled = slices.Contains(l.Enrolled, f.ID)
		new.Like, new.Part = Related(f.ID, append(ids(l.found), l.Enrolled...))
	}
	l.found = append(slices.Clone(l.found), new)
	return l, new, true
}

// counts tells whether a frame makes a device count.
func (l Learning) counts(tick int64, source int, f Frame) (Learning, bool) {
	counts := false
	if f.Says != 0 {
		l.said, counts = l.said.Step(tick, source, f)
	} else {
		l.heard, counts = Step(l.heard, tick, source, f)
	}
	return l, counts
}

// and is the finding with one more frame.
func (f Finding) and(more Frame) Finding {
	f.Frames++
	f.Says |= more.Says
	f.RSSI, f.SNR = stronger(f.RSSI, more.RSSI), stronger(f.SNR, more.SNR)
	return f
}

// stronger of two strengths, of which 0 is not known.
func stronger(a, b float64) float64 {
	if a == 0 || b != 0 && b > a {
		return b
	}
	return a
}

// Findings are all that was found so far, in that order.
func (l Learning) Findings() []Finding { return slices.Clone(l.found) }

func ids(findings []Finding) (ids []string) {
	for _, f := range findings {
		ids = append(ids, f.ID)
	}
	return ids
}

// Strength says in a word how well the device was heard: "strong", "good",
// "weak", or "" where that is not known. It goes by the distance to the noise:
// rtl_433 takes nothing below 9 dB for a signal (its option -Y minsnr), so what
// is close to that will be missed some day. RSSI does not help: receivers with
// automatic gain show nearly full scale for clean frames too.
func (f Finding) Strength() string {
	switch {
	case f.SNR == 0:
		return ""
	case f.SNR < 12:
		return "weak"
	case f.SNR < 20:
		return "good"
	}
	return "strong"
}

// Device is what looks like one device.
type Device struct {
	Family string `json:"family"`
	// Like is an enrolled code of this device, heard or not; "" for a new device.
	Like string `json:"like,omitempty"`
	// Codes in the order found. Like and Part of each regard all the others, also
	// those found later.
	Codes []Finding `json:"codes"`
}

// Devices groups the codes that look like those of one device, in the order
// found. Families that can't be used yet have no codes and are left out.
func Devices(findings []Finding) []Device {
	var devices []Device
	for _, f := range findings {
		if f.ID != "" {
			devices = join(devices, f)
		}
	}
	for i := range devices {
		devices[i].compare()
	}
	return devices
}

// join adds f to the device it belongs to; where it links two, they become one.
func join(devices []Device, f Finding) []Device {
	at := -1
	kept := devices[:0:0]
	for _, d := range devices {
		like, _ := Related(f.ID, ids(d.Codes))
		switch {
		case like == "":
			kept = append(kept, d)
		case at < 0:
			at = len(kept)
			kept = append(kept, d)
		default:
			kept[at].Codes = append(kept[at].Codes, d.Codes...)
		}
	}
	if at < 0 {
		return append(kept, Device{Family: f.Family, Codes: []Finding{f}})
	}
	kept[at].Codes = append(kept[at].Codes, f)
	return kept
}

// compare sets Like and Part of each code from all of the device.
func (d *Device) compare() {
	known := ids(d.Codes)
	for _, f := range d.Codes {
		switch {
		case f.Enrolled:
			d.Like = cmp.Or(d.Like, f.ID)
		case f.Like != "" && !slices.Contains(known, f.Like):
			known = append(known, f.Like)
			d.Like = cmp.Or(d.Like, f.Like)
		}
	}
	for i, f := range d.Codes {
		d.Codes[i].Like, d.Codes[i].Part = Related(f.ID, known)
	}
}

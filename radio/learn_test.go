package radio

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// learnt plays frames, all of the family of their ID, and returns what was found
// as lines.
func learnt(l Learning, frames []heardAt) (found []string, after Learning) {
	for _, f := range frames {
		next, finding, ok := l.Step(f.tick, f.source, frameOf(f.id))
		if l = next; ok {
			found = append(found, fmt.Sprintf("%d %s%s like %s: %s", f.tick, finding.Family, finding.ID, finding.Like, finding.Part))
		}
	}
	return found, l
}

// frameOf is a frame of an ID, or of a family that has none.
func frameOf(id string) Frame {
	if _, err := ParseID(id); err != nil {
		return Frame{Family: id}
	}
	return Frame{Family: FamilyEV1527, ID: id, RSSI: -6, SNR: 15}
}

func TestLearning(t *testing.T) {
	for _, c := range []struct {
		name     string
		enrolled []string
		frames   []heardAt
		want     []string
	}{
		{"nothing", nil, nil, nil},
		{"one stray frame", nil, []heardAt{{0, 0, fob}}, nil},
		{"one stray frame at each of two receivers", nil, []heardAt{{0, 0, fob}, {60, 1, fob}}, nil},
		{"a press", nil, []heardAt{{0, 0, fob}, {60, 0, fob}}, []string{"60 ev1527ev1527:13CDC0 like : "}},
		{"pressed again and again", nil, []heardAt{{0, 0, fob}, {60, 0, fob}, {5000, 0, fob}, {5060, 0, fob}, {9000, 1, fob}, {9060, 1, fob}},
			[]string{"60 ev1527ev1527:13CDC0 like : "}},
		{"the SC2260 remote", nil, []heardAt{{0, 0, fob}, {60, 0, fob}, {3000, 0, "ev1527:13CD0C"}, {3060, 0, "ev1527:13CD0C"}},
			[]string{"60 ev1527ev1527:13CDC0 like : ", "3060 ev1527ev1527:13CD0C like ev1527:13CDC0: " + string(PartOther)}},
		{"the Kerui contact", nil, []heardAt{{0, 0, "ev1527:5A3C9E"}, {0, 0, "ev1527:5A3C9E"}, {3000, 0, "ev1527:5A3C97"}, {3000, 0, "ev1527:5A3C97"}, {9000, 0, "ev1527:5A3C9B"}, {9000, 0, "ev1527:5A3C9B"}},
			[]string{"0 ev1527ev1527:5A3C9E like : ", "3000 ev1527ev1527:5A3C97 like ev1527:5A3C9E: close", "9000 ev1527ev1527:5A3C9B like ev1527:5A3C9E: tamper"}},
		{"beside what is enrolled", []string{"ev1527:5A3C9E", "ev1527:BB87C7"}, []heardAt{{0, 0, "ev1527:5A3C97"}, {0, 0, "ev1527:5A3C97"}},
			[]string{"0 ev1527ev1527:5A3C97 like ev1527:5A3C9E: close"}},
		{"enrolled already", []string{fob}, []heardAt{{0, 0, fob}, {60, 0, fob}}, []string{"60 ev1527ev1527:13CDC0 like : "}},
		{"families that can't be used yet", nil, []heardAt{{0, 0, "dsc"}, {10, 0, "dsc"}, {20, 0, "simplisafe"}, {30, 1, "dsc"}},
			[]string{"0 dsc like : ", "20 simplisafe like : "}},
		{"a family among the frames of a press", nil, []heardAt{{0, 0, fob}, {30, 0, "dsc"}, {60, 0, fob}},
			[]string{"30 dsc like : ", "60 ev1527ev1527:13CDC0 like : "}},
		{"no frame at all", nil, []heardAt{{0, 0, ""}, {1, 0, ""}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, _ := learnt(Learning{Enrolled: c.enrolled}, c.frames); !slices.Equal(got, c.want) {
				t.Errorf("found\n%q, want\n%q", got, c.want)
			}
		})
	}
}

// Later frames improve the strength, and only that.
func TestLearningImprovesTheStrength(t *testing.T) {
	var l Learning
	for i, f := range []Frame{{RSSI: -30, SNR: 10}, {RSSI: -20, SNR: 11}, {}, {RSSI: -3, SNR: 9.5}, {RSSI: -40, SNR: 22}} {
		f.Family, f.ID = FamilyEV1527, fob
		var found bool
		if l, _, found = l.Step(int64(i)*60, 0, f); found != (i == 1) {
			t.Errorf("frame %d: found %v", i, found)
		}
	}
	want := []Finding{{ID: fob, Family: FamilyEV1527, RSSI: -3, SNR: 22, Frames: 5}}
	if got := l.Findings(); !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// One state may be stepped in two ways.
func TestLearningCanBranch(t *testing.T) {
	_, l := learnt(Learning{}, []heardAt{{0, 0, "dsc"}, {0, 0, "hcs"}, {0, 0, "yale"}})
	a, _, _ := l.Step(1, 0, frameOf("visonic"))
	_, _, _ = l.Step(1, 0, frameOf("skylink"))
	if f := a.Findings(); f[3].Family != "visonic" {
		t.Errorf("the other way was taken too: %+v", f)
	}
}

func TestStrength(t *testing.T) {
	for _, c := range []struct {
		rssi, snr float64
		want      string
	}{
		{0, 0, ""}, {-6, 0, ""}, {-0.1, 0, ""},
		{-30, 9, "weak"}, {-0.1, 9.4, "weak"}, {-25, 11.9, "weak"},
		{-20, 12, "good"}, {-0.1, 18.1, "good"},
		{-5.4, 30.7, "strong"}, {-12, 20, "strong"}, {0, 25, "strong"},
	} {
		if got := (Finding{RSSI: c.rssi, SNR: c.snr}).Strength(); got != c.want {
			t.Errorf("RSSI %v, SNR %v: %q, want %q", c.rssi, c.snr, got, c.want)
		}
	}
}

// Whatever is on the air: each code and family is found once at most; a code is
// found exactly where the first press of it counts; the old state is not
// touched; what is kept is bounded.
func TestLearningFindsEachOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l Learning
		var heard State
		pressed, found, tick := map[string]bool{}, map[string]bool{}, int64(0)
		for range rapid.IntRange(1, 150).Draw(t, "frames") {
			tick += rapid.OneOf(rapid.Int64Range(0, 80), rapid.Int64Range(650, 750), rapid.Int64Range(1400, 1600)).Draw(t, "gap")
			id := rapid.OneOf(rapid.SampledFrom([]string{fob, "ev1527:13CD0C", "ev1527:5A3C9E", "ev1527:5A3C97", "dsc", "hcs"}), nearCodes()).Draw(t, "id")
			source := rapid.IntRange(0, 1).Draw(t, "source")
			press := frameOf(id).ID == ""
			if !press {
				heard, press = Step(heard, tick, source, frameOf(id))
			}
			before, findings := fmt.Sprintf("%+v", l), l.Findings()
			next, finding, ok := l.Step(tick, source, frameOf(id))
			if fmt.Sprintf("%+v", l) != before {
				t.Fatal("the old state was changed")
			}
			if ok != (press && !pressed[id]) {
				t.Fatalf("%s at %d: found %v, press %v, before %v", id, tick, ok, press, pressed[id])
			}
			if ok && (found[finding.Family+finding.ID] || len(next.Findings()) != len(findings)+1) {
				t.Fatalf("%+v was found before, or is not kept", finding)
			}
			found[finding.Family+finding.ID], pressed[id] = true, pressed[id] || press
			l = next
		}
	})
}

func TestLearningIsBounded(t *testing.T) {
	var l Learning
	for i := range 3 * MaxFound {
		for range 2 {
			l, _, _ = l.Step(int64(i), 0, frameOf(ev1527ID(uint32(i+1))))
		}
	}
	if n := len(l.Findings()); n != MaxFound || len(l.heard.Heard) > MaxHeard {
		t.Errorf("%d findings, %d codes remembered", n, len(l.heard.Heard))
	}
}

func TestDevices(t *testing.T) {
	for _, c := range []struct {
		name     string
		enrolled []string
		codes    []string
		want     string
	}{
		{"nothing", nil, nil, ""},
		{"only families", nil, []string{"dsc", "hcs"}, ""},
		{"a contact, closed first", nil, []string{"ev1527:5A3C97", "ev1527:5A3C9E", "ev1527:5A3C9B"},
			"ev1527  [5A3C97 close, 5A3C9E open, 5A3C9B tamper]\n"},
		{"a contact among other things", nil, []string{"ev1527:5A3C9E", "ev1527:13CDC0", "dsc", "ev1527:5A3C97", "ev1527:755555", "ev1527:13CD0C"},
			"ev1527  [5A3C9E open, 5A3C97 close]\nev1527  [13CDC0 another button or state of the same device, 13CD0C another button or state of the same device]\nev1527  [755555 ]\n"},
		{"more of an enrolled contact", []string{"ev1527:BB87C7"}, []string{"ev1527:BB87CC", "ev1527:BB87CD"},
			"ev1527 ev1527:BB87C7 [BB87CC close, BB87CD low battery]\n"},
		{"one code of an enrolled contact", []string{"ev1527:BB87C7"}, []string{"ev1527:BB87C3"},
			"ev1527 ev1527:BB87C7 [BB87C3 tamper]\n"},
		{"an enrolled contact, heard itself", []string{"ev1527:5A3C9E"}, []string{"ev1527:5A3C97", "ev1527:5A3C9E"},
			"ev1527 ev1527:5A3C9E [5A3C97 close, 5A3C9E open]\n"},
		{"enrolled and alone", []string{fob}, []string{fob}, "ev1527 ev1527:13CDC0 [13CDC0 ]\n"},
		{"linked by the last", nil, []string{"ev1527:13CD0E", "ev1527:13CDC0", "ev1527:13CD0C"},
			"ev1527  [13CD0E another button or state of the same device, 13CDC0 another button or state of the same device, 13CD0C another button or state of the same device]\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			for _, d := range Devices(findingsOf(c.enrolled, c.codes)) {
				codes := []string{}
				for _, f := range d.Codes {
					codes = append(codes, fmt.Sprintf("%s %s", f.ID[7:], f.Part))
				}
				got += fmt.Sprintf("%s %s %s\n", d.Family, d.Like, "["+strings.Join(codes, ", ")+"]")
			}
			if got != c.want {
				t.Errorf("devices\n%swant\n%s", got, c.want)
			}
		})
	}
}

func findingsOf(enrolled, codes []string) []Finding {
	l := Learning{Enrolled: enrolled}
	for i, id := range codes {
		for range 2 {
			l, _, _ = l.Step(int64(i)*5000, 0, frameOf(id))
		}
	}
	return l.Findings()
}

// Every code is in one device, codes that look alike are in the same, and the
// findings are left as they were.
func TestEveryCodeIsInOneDevice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOfNDistinct(nearCodes(), 0, 12, rapid.ID).Draw(t, "codes")
		enrolled := rapid.SliceOfNDistinct(nearCodes(), 0, 3, rapid.ID).Draw(t, "enrolled")
		findings := findingsOf(enrolled, codes)
		before := slices.Clone(findings)
		in := map[string]int{}
		for n, d := range Devices(findings) {
			for _, f := range d.Codes {
				if _, twice := in[f.ID]; twice {
					t.Fatalf("%s is in two devices", f.ID)
				}
				in[f.ID] = n
			}
			if d.Like != "" && !slices.Contains(enrolled, d.Like) {
				t.Fatalf("%s is not enrolled", d.Like)
			}
		}
		for _, a := range codes {
			for _, b := range codes {
				if like, _ := Related(a, []string{b}); like != "" && in[a] != in[b] {
					t.Fatalf("%s and %s are in two devices", a, b)
				}
			}
		}
		if len(in) != len(codes) || !slices.Equal(findings, before) {
			t.Fatalf("%d of %d codes, findings %v", len(in), len(codes), findings)
		}
	})
}

func TestFindingJSON(t *testing.T) {
	d := Devices(findingsOf([]string{"ev1527:5A3C9E"}, []string{"ev1527:5A3C9F"}))
	got, err := json.Marshal(d)
	want := `[{"family":"ev1527","like":"ev1527:5A3C9E","codes":[{"id":"ev1527:5A3C9F","family":"ev1527","rssi":-6,"snr":15,"frames":2,"like":"ev1527:5A3C9E","part":"low battery"}]}]`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
	var back []Device
	if err := json.Unmarshal(got, &back); err != nil || !reflect.DeepEqual(d, back) {
		t.Errorf("%+v, %v", back, err)
	}
}

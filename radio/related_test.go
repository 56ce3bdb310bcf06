package radio

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestRelated(t *testing.T) {
	const kerui, chuango, remote = "ev1527:5A3C9", "ev1527:BB87C", "ev1527:13CD"
	for _, c := range []struct {
		name, id string
		known    []string
		like     string
		part     Part
	}{
		{"nothing known", kerui + "E", nil, "", ""},
		{"itself", kerui + "E", []string{kerui + "E"}, "", ""},
		{"other devices", kerui + "E", []string{"ev1527:BB87C7", "ev1527:13CDC0", "ev1527:5A3CAE"}, "", ""},
		{"what is no code of the family", kerui + "E", []string{"hcs:0ABCDE1:2", "gpio:gpiochip0:17", "", "ev1527:5A3C9"}, "", ""},
		{"a button of the same rolling-code remote", "hcs:0ABCDE1:2", []string{"hcs:0ABCDE2:2", "hcs:0ABCDE1:4"}, "hcs:0ABCDE1:4", PartOther},
		{"a button of the same key chain", "simplisafe:1M38R:off", []string{"simplisafe:1M38R", "simplisafe:1M38R:away"}, "simplisafe:1M38R:away", PartOther},
		{"sensors that report by themselves", "dsc:24BDC8", []string{"dsc:24BDC9"}, "", ""},

		{"Kerui contact: close beside open", kerui + "7", []string{kerui + "E"}, kerui + "E", PartClose},
		{"Kerui contact: open beside close", kerui + "E", []string{kerui + "7"}, kerui + "7", PartOpen},
		{"Kerui contact: tamper beside close", kerui + "B", []string{kerui + "7"}, kerui + "7", PartTamper},
		{"Kerui contact: close beside tamper", kerui + "7", []string{kerui + "B"}, kerui + "B", PartClose},
		{"Kerui contact: battery", kerui + "F", []string{kerui + "E", kerui + "7"}, kerui + "E", PartLowBattery},
		{"Kerui, no matter which: tamper beside battery", kerui + "B", []string{kerui + "F"}, kerui + "F", PartTamper},
		{"Kerui motion beside battery", kerui + "A", []string{kerui + "F"}, kerui + "F", PartMotion},
		{"Kerui water beside tamper", kerui + "5", []string{kerui + "B"}, kerui + "B", PartTrip},

		{"Chuango contact: 7 opens here", chuango + "7", []string{chuango + "C"}, chuango + "C", PartOpen},
		{"Chuango contact: C closes", chuango + "C", []string{chuango + "7"}, chuango + "7", PartClose},
		{"Chuango contact: battery", chuango + "D", []string{chuango + "7"}, chuango + "7", PartLowBattery},
		{"Chuango contact: tamper", chuango + "3", []string{chuango + "7"}, chuango + "7", PartTamper},
		{"Chuango motion", chuango + "6", []string{chuango + "3"}, chuango + "3", PartMotion},
		{"Chuango smoke: B trips here", "ev1527:8F69AB", []string{"ev1527:8F69AD"}, "ev1527:8F69AD", PartTrip},
		{"Chuango with a delay: A trips", chuango + "A", []string{chuango + "C"}, chuango + "C", PartTrip},

		{"GS-WDS07: A opens here", "ev1527:12F78A", []string{"ev1527:12F78E"}, "ev1527:12F78E", PartOpen},
		{"GS-WDS07: E closes here", "ev1527:12F78E", []string{"ev1527:12F78A"}, "ev1527:12F78A", PartClose},
		{"GS-WDS07: battery", "ev1527:12F786", []string{"ev1527:12F78E"}, "ev1527:12F78E", PartLowBattery},

		{"codes that no maker has side by side", kerui + "7", []string{kerui + "A"}, kerui + "A", PartOther},
		{"open and close that a third contradicts", kerui + "7", []string{kerui + "E", kerui + "C"}, kerui + "E", PartOther},
		{"a remote: one bit for each button", "ev1527:44DD08", []string{"ev1527:44DD01"}, "ev1527:44DD01", PartOther},
		{"a remote: 4 beside 2", "ev1527:9A4DD4", []string{"ev1527:9A4DD2"}, "ev1527:9A4DD2", PartOther},

		{"SC2260 remote: disarm beside arm", remote + "0C", []string{"ev1527:5A3C9E", remote + "C0"}, remote + "C0", PartOther},
		{"SC2260 remote: arm beside disarm", remote + "C0", []string{remote + "0C"}, remote + "0C", PartOther},
		{"its last button is no tamper of Chuango", remote + "03", []string{remote + "0C"}, remote + "0C", PartOther},
		{"a motion sensor of PT2262 has one code", "ev1527:755555", []string{remote + "C0"}, "", ""},
		{"same 16 bits, but no tri-state", "ev1527:5A3C97", []string{"ev1527:5A3CA7"}, "", ""},
		{"same 16 bits, one of them no tri-state", remote + "C0", []string{remote + "0A"}, "", ""},
		{"could be tri-state, but a third can't", "ev1527:13CD07", []string{"ev1527:13CD0E"}, "ev1527:13CD0E", PartClose},
	} {
		t.Run(c.name, func(t *testing.T) {
			if like, part := Related(c.id, c.known); like != c.like || part != c.part {
				t.Errorf("Related(%s, %v) = %q, %q, want %q, %q", c.id, c.known, like, part, c.like, c.part)
			}
		})
	}
}

// nearCodes are codes of which many belong together.
func nearCodes() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		code := rapid.SampledFrom([]uint32{0x5A3C90, 0x5A3CA0, 0x13CD00, 0x13CDC0, 0x13CEC0, 0x750000}).Draw(t, "device")
		return ev1527ID(code | rapid.Uint32Range(0, 0xFF).Draw(t, "data"))
	})
}

// If one code looks like another, so does the other like the one, and a part is
// said of both or of none; what it is does not depend on the order of the known.
func TestRelatedIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := nearCodes().Draw(t, "a"), nearCodes().Draw(t, "b")
		likeB, partA := Related(a, []string{b})
		likeA, partB := Related(b, []string{a})
		if (likeB == b) != (likeA == a) || (likeB == "") != (likeA == "") || (partA == PartOther) != (partB == PartOther) {
			t.Fatalf("%s: %q, %q; %s: %q, %q", a, likeB, partA, b, likeA, partB)
		}
		known := rapid.SliceOfN(nearCodes(), 0, 6).Draw(t, "known")
		_, part := Related(a, known)
		if _, again := Related(a, rapid.Permutation(known).Draw(t, "permuted")); part != again {
			t.Fatalf("%s among %v: %q or %q", a, known, part, again)
		}
	})
}

// Two conventions that have the same two codes mean the same by them.
func TestConventionsAgree(t *testing.T) {
	for i, c := range conventions {
		for _, d := range conventions[i+1:] {
			shared, differ := 0, 0
			for data, part := range c {
				if d[data] != "" {
					shared++
				}
				if d[data] != "" && d[data] != part {
					differ++
				}
			}
			if shared > 1 && differ > 0 {
				t.Errorf("%v and %v", c, d)
			}
		}
	}
}

// Two parts of one pair are never the same.
func TestPartsOfAPairDiffer(t *testing.T) {
	for a := range 16 {
		for b := range 16 {
			idA, idB := fmt.Sprintf("ev1527:5A3C9%X", a), fmt.Sprintf("ev1527:5A3C9%X", b)
			_, partA := Related(idA, []string{idB})
			_, partB := Related(idB, []string{idA})
			if a != b && partA != PartOther && partA == partB {
				t.Errorf("%s and %s are both %q", idA, idB, partA)
			}
		}
	}
}

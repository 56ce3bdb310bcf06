package duress

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestSealedBoxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		box, err := deviceKey.Seal(chance(3), "incident", plain)
		if err != nil || len(box) != len(plain)+Overhead {
			t.Fatalf("box of %d bytes for %d, %v", len(box), len(plain), err)
		}
		got, err := deviceKey.Unseal("incident", box)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("got %x, %v", got, err)
		}
		at := rapid.IntRange(0, len(box)-1).Draw(t, "at")
		box[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := deviceKey.Unseal("incident", box); !errors.Is(err, ErrSealed) {
			t.Fatalf("a box changed at %d opens: %v", at, err)
		}
	})
}

func TestABoxOpensOnlyForItsKeyAndPurpose(t *testing.T) {
	box, err := deviceKey.Seal(chance(3), "incident", []byte("Anna"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := deviceKey.Unseal("journal", box); !errors.Is(err, ErrSealed) {
		t.Errorf("another purpose: %v", err)
	}
	if _, err := (Key{9}).Unseal("incident", box); !errors.Is(err, ErrSealed) {
		t.Errorf("another key: %v", err)
	}
	for n := range len(box) {
		if _, err := deviceKey.Unseal("incident", box[:n]); !errors.Is(err, ErrSealed) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
	again, _ := deviceKey.Seal(chance(4), "incident", []byte("Anna"))
	if bytes.Equal(box, again) {
		t.Error("the same text sealed twice looks the same")
	}
	if _, err := deviceKey.Seal(empty{}, "incident", nil); err == nil {
		t.Error("sealed without randomness")
	}
}

func TestMACTellsPartsApart(t *testing.T) {
	base := deviceKey.MAC("text", []byte("ab"), []byte("c"))
	if base != deviceKey.MAC("text", []byte("ab"), []byte("c")) {
		t.Error("not the same twice")
	}
	others := map[string][16]byte{
		"border moved":    deviceKey.MAC("text", []byte("a"), []byte("bc")),
		"one part":        deviceKey.MAC("text", []byte("abc")),
		"an empty part":   deviceKey.MAC("text", []byte("ab"), []byte("c"), nil),
		"another purpose": deviceKey.MAC("texts", []byte("ab"), []byte("c")),
		"another key":     Key{2}.MAC("text", []byte("ab"), []byte("c")),
	}
	for name, other := range others {
		if other == base {
			t.Errorf("%s: the same hash", name)
		}
	}
}

package duress

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var disarm = Fact{Person: "Anna", From: "+447700900123", Command: "DISARM", Channel: "text", Clock: "21:04", Tick: 77_000, Wall: 1_780_000_000_000}

func TestNote(t *testing.T) {
	c := household(t)
	for _, row := range []struct {
		name, digits string
		silent       bool
		why          string // "" is a dummy
	}{
		{"ordinary", annaCode, false, ""},
		{"wrong", "999999", false, ""},
		{"forced", annaForced, false, "duress"},
		{"silent panic", annaCode, true, "silent"},
		{"silent panic, forced", annaForced, true, "duress"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := Note(c.Judge(deviceKey, row.digits), row.silent, disarm)
			got, real := r.Open()
			want := Fact{}
			if row.why != "" {
				want = disarm
				want.Why = row.why
			}
			if got != want || real != (row.why != "") {
				t.Errorf("%+v, %v", got, real)
			}
			if row.why == "" && r != (Record{}) {
				t.Error("a dummy keeps what it was made from")
			}
		})
	}
}

func TestASilentPressWithoutACodeIsNoted(t *testing.T) {
	f, real := Note(Verdict{}, true, disarm).Open()
	if !real || f.Why != "silent" || f.Person != "Anna" {
		t.Errorf("%+v, %v", f, real)
	}
}

func TestRecordsKeepWhatFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Fact{
			Person: rapid.String().Draw(t, "person"), From: rapid.String().Draw(t, "from"), Command: rapid.String().Draw(t, "command"),
			Channel: rapid.String().Draw(t, "channel"), Clock: rapid.String().Draw(t, "clock"),
			Tick: rapid.Int64().Draw(t, "tick"), Wall: rapid.Int64().Draw(t, "wall"),
		}
		r := Note(Verdict{}, true, f)
		data, err := json.Marshal(r)
		if err != nil || len(data) != 2+684 {
			t.Fatalf("%d bytes of JSON, %v", len(data), err)
		}
		var back Record
		if err := json.Unmarshal(data, &back); err != nil || back != r {
			t.Fatalf("came back otherwise: %v", err)
		}
		got, real := back.Open()
		whole := got.Tick == f.Tick && got.Wall == f.Wall && got.Why == "silent" && real
		if !whole || !cut(got.Person, f.Person, 80) || !cut(got.From, f.From, 40) || !cut(got.Command, f.Command, 240) ||
			!cut(got.Channel, f.Channel, 40) || !cut(got.Clock, f.Clock, 16) {
			t.Fatalf("%+v became %+v", f, got)
		}
	})
}

// cut says whether got is as much of want as fits into room.
func cut(got, want string, room int) bool {
	if len(want) <= room {
		return got == want
	}
	return strings.HasPrefix(want, got) && utf8.ValidString(got) && len(got) > room-utf8.UTFMax
}

func TestLongWordsAreCutBetweenLetters(t *testing.T) {
	f, _ := Note(Verdict{}, true, Fact{Person: "x" + strings.Repeat("é", 60), Command: strings.Repeat("9", 900), Tick: math.MinInt64}).Open()
	if f.Person != "x"+strings.Repeat("é", 39) || f.Command != strings.Repeat("9", 240) || f.Tick != math.MinInt64 {
		t.Errorf("%q %q", f.Person, f.Command)
	}
	if got := fit("\x80\x80\x80", 2); got != "" {
		t.Errorf("bytes that are no letters: %q", got)
	}
}

func TestTheRoomsFit(t *testing.T) {
	full := strings.Repeat("x", 300)
	e := entry{person: full, duress: true, rights: Rights{Kind: Kind(full), From: full, Until: full, Days: full, Hours: full, ArmOnly: true}}
	back, filled := unpack(e.pack(), e.hash)
	if !filled || !back.duress || len(back.rights.Hours) != roomHours || len(back.person) != roomPerson {
		t.Errorf("%+v", back)
	}
}

func FuzzRecordJSON(f *testing.F) {
	good, _ := json.Marshal(Note(Verdict{}, true, disarm))
	f.Add(string(good))
	f.Add(`"AAAA"`)
	f.Add(`null`)
	f.Add(`[1,2]`)
	f.Add(`"%%"`)
	f.Fuzz(func(t *testing.T, s string) {
		var r Record
		if err := json.Unmarshal([]byte(s), &r); err != nil {
			if r != (Record{}) {
				t.Error("half a record")
			}
			return
		}
		r.Open()
	})
}

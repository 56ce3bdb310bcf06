package duress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	c := household(t)
	cleaner := Rights{Kind: Guest, Days: "mon-fri", Hours: "8-12", From: "2026-07-01", Until: "2026-07-31"}
	for _, row := range []struct {
		name, digits, person string
		rights               Rights
		forced               bool
	}{
		{"ordinary", annaCode, "Anna", Rights{Kind: User}, false},
		{"its duress code is its twin", annaForced, "Anna", Rights{Kind: User}, true},
		{"master", benCode, "Ben", Rights{Kind: Master}, false},
		{"guest", caraCode, "Cara", cleaner, false},
		{"wrong", "482914", "", Rights{}, false},
		{"nothing", "", "", Rights{}, false},
		{"a digit short", "48291", "", Rights{}, false},
		{"a digit more", "4829130", "", Rights{}, false},
		{"spaces", " 482913", "", Rights{}, false},
		{"letters", "48291E", "", Rights{}, false},
		{"not ASCII", "４８２９１３", "", Rights{}, false},
		{"10,000 digits", strings.Repeat("4829130564", 1000), "", Rights{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			hashes := countHashes(t)
			v := c.Judge(deviceKey, row.digits)
			if v.Valid != (row.person != "") || v.Person != row.person || v.Rights != row.rights || v.isForced() != row.forced {
				t.Errorf("%v %q %+v %v", v.Valid, v.Person, v.Rights, v.isForced())
			}
			if v.Generation != 4 {
				t.Errorf("generation %d", v.Generation)
			}
			if *hashes != 1 {
				t.Errorf("%d hashes", *hashes)
			}
		})
	}
}

func TestWhatIsHashedHasOneSize(t *testing.T) {
	c, real := household(t), idKey
	t.Cleanup(func() { idKey = real })
	idKey = func(password, salt []byte, time, memory uint32, threads uint8, size uint32) []byte {
		if len(password) != 32 || !bytes.Equal(salt, c.Salt[:]) || time != cheap.Time || memory != cheap.MemoryKiB || threads != 1 || size != 32 {
			t.Errorf("hashed %d bytes at cost %d, %d, %d", len(password), time, memory, threads)
		}
		return real(password, salt, time, memory, threads, size)
	}
	for _, digits := range []string{"", annaCode, annaForced, strings.Repeat("1", 10_000)} {
		c.Judge(deviceKey, digits)
	}
}

func TestTheRealCost(t *testing.T) {
	c, err := NewConfig(chance(5), DefaultCost)
	if err != nil {
		t.Fatal(err)
	}
	if DefaultCost.MemoryKiB < 19*1024 || DefaultCost.Time < 2 {
		t.Errorf("%+v is cheaper than promised", DefaultCost)
	}
	c.Length = 4 // the fewest neighbours
	steps, last := 0, 0
	c, err = c.Add(deviceKey, chance(6), AddRequest{Name: "Anna", Kind: User, New: "4829"}, func(done, total int) {
		if steps++; done != steps || total < done {
			t.Errorf("step %d is told as %d of %d", steps, done, total)
		}
		last = total
	})
	if err != nil || steps != last || steps < 40 {
		t.Fatalf("%d of %d steps, %v", steps, last, err)
	}
	if v := c.Judge(deviceKey, "4829"); !v.Valid || v.Person != "Anna" {
		t.Error("the code is not known")
	}
	if c.Judge(deviceKey, "4828").Valid {
		t.Error("another code is taken")
	}
}

func TestAnotherDeviceKeyKnowsNoCode(t *testing.T) {
	c := household(t)
	if !c.KeyFits(deviceKey) || c.KeyFits(Key{7}) || !emptyPanel(t, 2).KeyFits(Key{7}) {
		t.Error("KeyFits")
	}
	if c.Judge(Key{7}, annaCode).Valid {
		t.Error("a code is taken under another key")
	}
}

func TestRecordsExchangedBetweenSlotsDoNotOpen(t *testing.T) {
	c := household(t)
	for i := range c.Slots {
		j := (i + 1) % Slots
		moved := c
		moved.Slots = append([]Slot(nil), c.Slots...)
		moved.Slots[i].Record, moved.Slots[j].Record = c.Slots[j].Record, c.Slots[i].Record
		if v := moved.Judge(deviceKey, annaCode); v.Valid && (v.Person != "Anna" || v.isForced()) {
			t.Fatalf("slot %d with the record of another gives %s", i, v.Person)
		}
	}
}

func TestDamagedConfigurationsAreNamedAndNeverFatal(t *testing.T) {
	for name, damage := range map[string]func(*Config){
		"no slots":       func(c *Config) { c.Slots = nil },
		"a slot less":    func(c *Config) { c.Slots = c.Slots[:47] },
		"a slot more":    func(c *Config) { c.Slots = append(c.Slots, Slot{}) },
		"empty slots":    func(c *Config) { c.Slots = make([]Slot, Slots) },
		"short hash":     func(c *Config) { c.Slots[3].Hash = c.Slots[3].Hash[:5] },
		"long record":    func(c *Config) { c.Slots[3].Record = append(c.Slots[3].Record, 1) },
		"no nonce":       func(c *Config) { c.Nonce = nil },
		"no cost":        func(c *Config) { c.Cost = Cost{} },
		"too dear":       func(c *Config) { c.Cost.MemoryKiB = 300 * 1024 },
		"no length":      func(c *Config) { c.Length = 0 },
		"many persons":   func(c *Config) { c.Persons = make([]Person, MaxPersons+1) },
		"many passes":    func(c *Config) { c.Cost.Time = 17 },
		"length too big": func(c *Config) { c.Length = 11 },
	} {
		t.Run(name, func(t *testing.T) {
			c := household(t)
			if err := c.Check(); err != nil {
				t.Fatal(err)
			}
			damage(&c)
			if err := c.Check(); err == nil || !strings.Contains(err.Error(), "damaged") {
				t.Errorf("Check: %v", err)
			}
			if name != "too dear" {
				c.Judge(deviceKey, annaCode)
				c.Judge(deviceKey, "")
			}
			c.entries(deviceKey)
		})
	}
}

// outer hides a verdict where fmt cannot call its methods.
type outer struct {
	v Verdict
	p *Verdict
	V Verdict
}

func TestNothingPrintsAsForced(t *testing.T) {
	c := household(t)
	ordinary, forced := c.Judge(deviceKey, annaCode), c.Judge(deviceKey, annaForced)
	if ordinary.isForced() || !forced.isForced() {
		t.Fatal("nothing to hide")
	}
	say := func(v Verdict) string {
		var b bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%T", "%t"} {
			fmt.Fprintf(&b, verb+"\n", v)
			fmt.Fprintf(&b, verb+"\n", &v)
			fmt.Fprintf(&b, verb+"\n", []Verdict{v})
			fmt.Fprintf(&b, verb+"\n", map[string]any{"v": v})
			fmt.Fprintf(&b, verb+"\n", struct{ V Verdict }{v})
		}
		fmt.Fprintln(&b, v.String(), v.GoString(), v)
		data, err := json.Marshal(map[string]any{"v": v, "p": &v, "o": outer{V: v}})
		fmt.Fprintln(&b, string(data), err)
		plain := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}
		slog.New(slog.NewTextHandler(&b, plain)).Info("judged", "v", v, "p", &v, "in", struct{ V Verdict }{v})
		slog.New(slog.NewJSONHandler(&b, plain)).Info("judged", "v", v, "p", &v, "in", struct{ V Verdict }{v})
		return b.String()
	}
	if a, b := say(ordinary), say(forced); a != b {
		t.Errorf("ordinary:\n%s\nforced:\n%s", a, b)
	} else if strings.Contains(a, "true") || strings.Contains(a, "forced") {
		t.Errorf("says too much:\n%s", a)
	}
}

// In an unexported field fmt prints what reflection finds: an address, which
// does not depend on what lies there.
func TestNothingPrintsAsForcedByReflection(t *testing.T) {
	c := household(t)
	for _, digits := range []string{annaCode, annaForced, "999999"} {
		v := c.Judge(deviceKey, digits)
		field := reflect.ValueOf(v).FieldByName("forced")
		if field.Kind() != reflect.Pointer || field.IsNil() {
			t.Fatalf("forced is a %s, nil %v", field.Kind(), field.IsNil())
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%d"} {
			said := fmt.Sprintf(verb, outer{v: v, p: &v})
			if strings.Contains(strings.ReplaceAll(said, "Valid:true", ""), "forced:true") || strings.Contains(said, "forced:false") {
				t.Errorf("%s says %s", verb, said)
			}
		}
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	c := household(t)
	request := AddRequest{Name: "Anna", Kind: Duress, Present: annaCode, New: annaForced}
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		fmt.Fprintf(&b, verb+verb+verb+"\n", request, deviceKey, &request)
		fmt.Fprintf(&b, verb+verb+"\n", c.Slots, Note(Verdict{}, true, disarm))
	}
	log := slog.New(slog.NewJSONHandler(&b, nil))
	log.Info("x", "request", request, "key", deviceKey)
	for _, secret := range []string{annaCode, annaForced, "Duress", "1 2 3 4", "01020304", "1,2,3,4", fmt.Sprintf("%x", c.Slots[0].Hash), "Anna"} {
		if strings.Contains(b.String(), secret) {
			t.Errorf("%q is printed", secret)
		}
	}
}

package alert

import "testing"

// A call from outside gets a line that is free, and keeps it whatever comes.
func TestACallerHasTheLine(t *testing.T) {
	k := queue(t)
	l := Line{Up: true}
	if !l.Answer(7, "Anna", 1000) {
		t.Fatal("the line was free")
	}
	if l.Answer(8, "Tom", 1001) {
		t.Error("two callers")
	}
	o := l.Order(k)
	if !o.In || !o.Call || o.Caller != 7 || o.To != "Anna" || o.HangUp || o.Sealed {
		t.Errorf("%+v", o)
	}
	for _, job := range []string{"open reply text Anna", "open place text Tom", "sealed life text Ben", "sealed life call Ben"} {
		add := queue(t, job)
		if len(add.Sealed.Jobs) > 0 {
			k.Sealed.Incidents = add.Sealed.Incidents
			k.Sealed.Queue(2000, add.Sealed.Jobs[0])
		} else {
			k.Open.Queue(2000, add.Open.Jobs[0])
		}
		if l.Pick(k, 2000); l.Order(k) != o {
			t.Errorf("%s: %+v", job, l.Order(k))
		}
	}
	l.Done(k, o.Serial, Outcome{Result: Answered}, 3000, 0)
	if l.Pick(k, 3001); l.Order(k).To != "Anna" || l.Order(k).Call {
		t.Errorf("then %+v", l.Order(k))
	}
	if l.Answer(9, "Tom", 3002) {
		t.Error("answered during a text")
	}
	down := Line{}
	if down.Answer(1, "Anna", 1000) {
		t.Error("answered without a modem")
	}
}

func TestACallersTime(t *testing.T) {
	type beep struct {
		at    int64
		wrong bool
	}
	for name, test := range map[string]struct {
		beeps []beep
		ends  int64
	}{
		"nothing is keyed":              {nil, 45_000},
		"done":                          {[]beep{{5_000, false}}, 9_000},
		"wrong, and nothing more":       {[]beep{{5_000, true}}, 45_000},
		"wrong, then done":              {[]beep{{5_000, true}, {12_000, false}}, 16_000},
		"wrong three times":             {[]beep{{5_000, true}, {12_000, true}, {20_000, true}}, 24_000},
		"done, and another command":     {[]beep{{5_000, false}, {8_000, false}}, 12_000},
		"done, and a wrong code":        {[]beep{{5_000, false}, {8_000, true}}, 9_000},
		"done in the last second":       {[]beep{{44_500, false}}, 45_000},
		"wrong three times, in 45 s":    {[]beep{{15_000, true}, {30_000, true}, {44_000, true}}, 45_000},
		"more than three, while judged": {[]beep{{5_000, true}, {5_100, true}, {5_200, true}, {5_300, true}}, 9_200},
	} {
		t.Run(name, func(t *testing.T) {
			k := queue(t)
			l := Line{Up: true}
			l.Answer(1, "Anna", 1)
			l.Progress(l.Serial, Talking, 500)
			for n, b := range test.beeps {
				l.Beep(l.Serial, ToneRefused, b.wrong, 1+b.at)
				if o := l.Order(k); o.Tones != uint64(n+1) || o.Tone != ToneRefused {
					t.Errorf("%+v", o)
				}
				if spent := l.Spent(l.Serial); spent != (l.Wrong >= 3) || l.Spent(l.Serial+1) {
					t.Errorf("spent after %d: %v", l.Wrong, spent)
				}
			}
			if l.Due(k, test.ends); l.HangUp != "" {
				t.Error("too soon")
			}
			if at := l.Next(k, test.ends); at != 1+test.ends {
				t.Errorf("ends at %d", at)
			}
			if l.Due(k, 1+test.ends); l.HangUp == "" {
				t.Error("it goes on")
			}
			tones := l.Tones
			if l.Beep(l.Serial, ToneDone, false, 1+test.ends); l.Tones != tones {
				t.Error("a beep into a call that is being ended")
			}
		})
	}
}

// What comes of an earlier call says nothing in a later one.
func TestABeepIsOfItsCall(t *testing.T) {
	k := queue(t)
	l := Line{Up: true}
	l.Answer(1, "Anna", 1)
	first := l.Serial
	l.Done(k, first, Outcome{Result: Answered}, 2, 0)
	l.Beep(first, ToneDone, false, 3)
	l.Answer(2, "Anna", 4)
	l.Beep(first, ToneDone, false, 5)
	if o := l.Order(k); o.Tones != 0 || l.EndsAt != 0 {
		t.Errorf("%+v", o)
	}
}

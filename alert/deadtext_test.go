package alert

import "testing"

// A text that is refused again and again ends no call: help that rings must not
// hang on one number that takes no texts.
func TestADeadTextEndsNoCall(t *testing.T) {
	for _, tc := range []struct {
		name  string
		tries int
		hang  bool
	}{{"its first try", 0, true}, {"a later one", 1, false}} {
		t.Run(tc.name, func(t *testing.T) {
			k := queue(t, "sealed life call Ben")
			l := Line{Up: true}
			l.Pick(k, 2000)
			if !l.Busy || !l.Call {
				t.Fatal("nobody is called")
			}
			k.Sealed.Queue(3000, Job{Rank: RankLife, To: "Cleo", Name: "Cleo", Incident: 1, Body: "life", Reason: "test", Tries: tc.tries})
			l.Pick(k, 4000)
			if got := l.HangUp != ""; got != tc.hang {
				t.Errorf("the call is ended: %v, want %v", got, tc.hang)
			}
		})
	}
}

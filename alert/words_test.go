package alert

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var kinds = []Kind{Burglary, Duress, Panic, Fire, Medical, TamperKind, TroubleAlarm}

// TestEveryTextFits: whatever the names and the address, an alarm is one text or
// two, of which the first says kind, who or what, time, where and the token.
func TestEveryTextFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := Incident{
			Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Silent: rapid.Bool().Draw(t, "silent"),
			What: gsmText(t, 80, "what"), Where: gsmText(t, MaxAddress, "where"), Clock: "21:04",
			Note: rapid.SampledFrom([]string{"", "just armed", "exit error"}).Draw(t, "note"), Police: "+441234567890123", Token: "4711", CloseToken: "8305",
		}
		if i.Kind == Duress || i.Kind == Panic {
			i.Who = gsmText(t, MaxName, "who")
		}
		if i.Kind == Duress {
			i.What = "forced to disarm"
		}
		by := gsmText(t, MaxName, "by")
		i.Closers = []string{by, gsmText(t, MaxName, "second")}
		texts := i.AlarmTexts()
		if len(texts) > 2 {
			t.Fatalf("%d texts", len(texts))
		}
		for _, part := range []string{strings.ToUpper(string(i.Kind)), i.Clock, i.Where, "Reply OK 4711"} {
			if !strings.Contains(texts[0], part) {
				t.Errorf("%q is not in %q", part, texts[0])
			}
		}
		if i.Who != "" && !strings.Contains(texts[0], i.Who) {
			t.Errorf("%q is not in %q", i.Who, texts[0])
		}
		i.Again, i.Moves = []string{"21:06 ARM", "21:07 DISARM"}, []string{"21:09 " + gsmText(t, 16, "zone")}
		yours, half, ask := i.youHaveIt(), i.say("half.others", "by", by, "token", i.CloseToken), i.one("ask.police", "token", i.Token)
		texts = append(append(append(texts, yours...), half...), i.againText(), i.one("taken", "by", by), ask, i.closedText(),
			i.one("nobody"), i.one("unreached", "by", by), i.CancelText(by+" "+by, "21:05"), i.SilencedText(by+" "+by, "21:05"), i.AskToken(), i.alsoText(i.What, "21:05"))
		for _, text := range texts {
			if n, ok := Septets(text); !ok || n > OneText || strings.TrimSpace(text) == "" {
				t.Errorf("%d septets: %q", n, text)
			}
		}
		for text, token := range map[string]string{yours[0]: "CLOSE 8305", half[0]: "CLOSE 8305", ask: "YES 4711", i.AskToken(): "OK 4711",
			i.SilencedText(by+" "+by, "21:05"): "OK 4711", i.alsoText(i.What, "21:05"): "OK 4711"} {
			if !strings.Contains(text, token) {
				t.Errorf("%s is not in %q", token, text)
			}
		}
	})
}

func TestWordsOfADuress(t *testing.T) {
	i := Incident{Kind: Duress, Silent: true, Who: "Anna", What: "forced to disarm", Where: "12 Mill Lane", Clock: "21:04", Token: "4711", CloseToken: "8305"}
	for got, want := range map[string]string{
		i.AlarmTexts()[0]: "DURESS Anna forced to disarm 21:04, 12 Mill Lane. Do NOT call or text Anna. Call police, intruder inside. Reply OK 4711",
		i.youHaveIt()[0]:  "You have it. When police or you have SEEN Anna safe, text CLOSE 8305. A call from Anna proves nothing without your safe word.",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestPoliceNumberIsSaid(t *testing.T) {
	for _, kind := range []Kind{Burglary, Duress, Panic, TamperKind} {
		i := Incident{Kind: kind, Who: "Anna", What: "Kitchen", Where: "12 Mill Lane", Clock: "21:04", Token: "4711", Police: "+441438757000"}
		if all := strings.Join(i.AlarmTexts(), " "); !strings.HasSuffix(all, "Police +441438757000") {
			t.Errorf("%s: %s", kind, all)
		}
	}
}

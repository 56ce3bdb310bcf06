package panel

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestPowerCut fails the power after steps of the longest evenings under duress,
// once before the world heard of the step and once after, and starts the panel again
// from what was committed: after every ninth step, or with GSMPANEL_CUTS=1 after
// each.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	cuts, stride := 0, 9
	switch {
	case os.Getenv("GSMPANEL_CUTS") != "":
		stride = 1
	case raceEnabled:
		stride = 11
	}
	drill := func(w *watched) bool { return w.drilled() && tellsDuress(w.texts[ben]) }
	long := func(*watched) bool { return true }
	for n, p := range longestPlots(wanted{10, long}, wanted{3, drill}) {
		whole := runPlot(p, annaDuress)
		for step := 1 + n%stride; step <= whole.steps; step += stride {
			for _, heard := range []bool{false, true} {
				cuts++
				if why := lostByCut(whole, cutPlot(p, step, heard)); why != "" {
					t.Fatalf("power cut after step %d, heard of %v: %s\n%s\n=== whole\n%s\n=== cut\n%s", step, heard, why, p,
						told(whole.seen, 0), told(cutPlot(p, step, heard).seen, 0))
				}
			}
		}
	}
	t.Logf("%d cuts", cuts)
}

// wanted is how many evenings of a kind.
type wanted struct {
	n    int
	kind func(*watched) bool
}

// longestPlots are evenings with the most steps, of each kind that is wanted, in which
// the modem does not fail besides.
func longestPlots(kinds ...wanted) []plot {
	type timed struct {
		plot
		steps int
	}
	all := make([][]timed, len(kinds))
	for seed := range uint64(150) {
		p := imagine(rand.New(rand.NewPCG(seed, 77)))
		if slices.ContainsFunc(p.acts, func(a act) bool { return strings.HasPrefix(a.says, "a text to") }) {
			continue
		}
		whole := runPlot(p, annaDuress)
		for k, want := range kinds {
			if len(whole.faults) == 0 && want.kind(whole) {
				all[k] = append(all[k], timed{p, whole.steps})
			}
		}
	}
	var out []plot
	for k, want := range kinds {
		slices.SortFunc(all[k], func(a, b timed) int { return cmp.Compare(b.steps, a.steps) })
		for _, p := range all[k][:min(want.n, len(all[k]))] {
			out = append(out, p.plot)
		}
	}
	return out
}

func cutPlot(p plot, step int, heard bool) *watched {
	house, annas := p.house(annaDuress)
	h := &watched{house: house, eligible: map[string]bool{}}
	h.cut, h.acted = step, heard
	for _, a := range p.acts {
		h.wait(a.wait)
		if a.lead != nil {
			a.lead(h.house)
		}
		if a.before != nil && !a.before(h.house, annas) {
			continue
		}
		if a.from != "" || a.forced || a.silent { // whom a burglary has reached by then, a power cut may change
			maps.Copy(h.eligible, eligibleNow(h.house, a.from))
		}
		if a.forced && !h.onlySealed {
			h.takeOnlySealed()
		}
		a.do(h.house, annas)
	}
	h.wait(plotRest)
	return h
}

type oneText struct{ number, what string }

const newsOf = ": news"

// counts says how often each phone got each text.
func counts(seen []happening, replies bool) map[oneText]int {
	out := map[oneText]int{}
	for _, e := range seen {
		if e.kind == "text" && e.reply == replies {
			what := e.what // how much is told at once hangs on when it was opened
			for _, news := range []string{": again ", ": moved "} {
				if of, _, is := strings.Cut(what, news); is {
					what = of + newsOf
				}
			}
			out[oneText{e.number, what}]++
		}
	}
	return out
}

// lostByCut says what the cut spoilt, "" for nothing: nobody eligible untold, a
// text twice at most, a reply once at most.
func lostByCut(whole, cut *watched) string {
	if cut.unsaid {
		return "" // who keyed it hears the call end
	}
	for number := range whole.eligible {
		if cut.eligible[number] && tellsDuress(whole.texts[number]) && !tellsDuress(cut.texts[number]) {
			return names[number] + " was not told"
		}
	}
	before := counts(whole.seen, false)
	for k, n := range counts(cut.seen, false) {
		if before[k] == 0 && !whole.eligible[k.number] {
			continue // who heard of a burglary only because of the cut is told of a duress too, and again
		}
		// What is sealed unfolds at a start, and what moves just after is then news,
		// told with each repeat.
		sooner := before[k] == 0 && strings.HasSuffix(k.what, newsOf)
		most := before[k] + 1
		if whole.drilled() { // a repeat that a drill holds up is one with the next
			most++
		}
		if n > most && !sooner {
			return k.number + " was told more than once again: " + k.what
		}
	}
	before = counts(whole.seen, true)
	for k, n := range counts(cut.seen, true) {
		if n > max(1, before[k]) {
			return k.number + " was answered again: " + k.what
		}
	}
	return ""
}

func tellsDuress(texts []string) bool {
	return slices.ContainsFunc(texts, func(body string) bool {
		return strings.Contains(body, "DURESS") || strings.Contains(body, "silent alarm")
	})
}

package panel

import (
	"slices"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

// A network may name the number in a report as people of the country dial it, and the
// panel may have been started anew since the text went.
func TestAReportInNationalFormAfterARestart(t *testing.T) {
	country := "GB"
	h := newHouse()
	if err := h.edit(SetSite{Country: &country}); err != nil {
		t.Fatal(err)
	}
	h.text(anna, masterCode+" ARM")
	h.wait(5 * time.Minute)
	h.trip(kitchen)
	h.wait(90 * time.Second)
	toBen := func(s alert.Sent) bool { return s.To == ben }
	n := slices.IndexFunc(h.s.Sealed.Line.Sent, toBen)
	if n < 0 {
		t.Fatal("nothing was sent to Ben")
	}
	ref := h.s.Sealed.Line.Sent[n].Ref
	h.restart()
	h.do(Reported{alert.Delivery{Ref: ref, To: "07700900003", Delivered: true}})
	if slices.ContainsFunc(h.s.Sealed.Line.Sent, toBen) {
		t.Error("the report was not joined to its text")
	}
	if !slices.ContainsFunc(h.s.Book.Reporters, func(r alert.Reporter) bool { return r.Number == ben }) {
		t.Error("that Ben's number gives reports was not noted")
	}
}

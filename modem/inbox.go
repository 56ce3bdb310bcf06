package modem

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/warthog618/sms/encoding/tpdu"
)

const (
	// partLife is how long a part of a long text waits for the others.
	partLife = 24 * time.Hour
	// sightings of an unreadable PDU before it is deleted: the first may be
	// noise on the line, and that must cost nobody a text.
	sightings = 2
	rereadIn  = 2 * time.Second
	// spare places are kept free on the SIM, by giving up the oldest parts of
	// texts that are not complete: a full SIM takes no text at all.
	spare = 2
)

// place is a PDU in its place on the SIM. The same PDU in another place, or
// another in the same place, is another message.
type place struct {
	index int
	pdu   string
}

// known is what is remembered of a place between listings.
type known struct {
	first time.Time
	found bool // at the first listing of this process, and not announced to it
	bad   int  // listings in which it could not be read
}

// message is a complete text on the SIM.
type message struct {
	id        uint64
	places    []place
	told      time.Time
	toldEpoch uint64
	discarded bool // its reader is done with it
}

// inbox is what the SIM holds. Everything is read off each listing anew, so
// that parts come together in any order and over any time; only what a listing
// can not say is kept between them.
type inbox struct {
	capacity int // places on the SIM; 0 or less while unknown
	listings int
	places   map[place]*known
	messages []*message
}

func newInbox() *inbox { return &inbox{places: map[place]*known{}} }

// stored is one entry of a listing.
type stored struct {
	place
	state int // 0 unread, 1 read, 2 unsent, 3 sent (27.005 3.1)
	tpdu  *tpdu.TPDU
	known *known
}

// listing reads the answer to AT+CMGL=4: `+CMGL: <index>,<stat>,[alpha],<length>`
// and the PDU on the next line. An entry whose PDU is not as long as it says
// was mangled on the line; torn counts them.
func listing(info []string) (entries []stored, torn int) {
	for i, line := range info {
		rest, ok := strings.CutPrefix(line, "+CMGL:")
		if !ok {
			continue
		}
		e := stored{place: place{index: number(rest, 0)}, state: number(rest, 1)}
		if i+1 == len(info) || e.index < 0 || !whole(info[i+1], pduLength(rest)) {
			torn++
			continue
		}
		e.pdu = strings.ToUpper(info[i+1])
		entries = append(entries, e)
	}
	return entries, torn
}

// sweep lists the SIM, tells what is new and complete, and deletes what is of
// no use.
func (s *session) sweep() {
	s.due.sweep = time.Now().Add(s.m.options.Sweep)
	info, err := s.command("+CMGL=4", cmglLimit)
	if err != nil {
		if !broke(err) {
			s.m.log.Warn("the SIM card's texts can not be listed", "error", err)
		}
		return
	}
	entries, torn := listing(info)
	if torn > 0 {
		s.m.log.Info("texts were mangled on the line and are read again", "count", torn)
		s.due.sweep = time.Now().Add(rereadIn)
	}
	b := s.m.inbox
	b.see(entries, torn > 0, s.came)
	s.listed = true
	s.read(entries)
}

// announced notes that a text was stored at an index, before the first listing
// perhaps, and has it read.
func (s *session) announced(index int) {
	s.mu.Lock()
	s.fresh[index] = true
	s.mu.Unlock()
	s.m.emit(Announced{})
	s.note(func(w *wishes) { w.sweep = true })
}

// came says whether the text at an index was announced on this line.
func (f *faults) came(index int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fresh[index]
}

// see brings what is remembered into line with a listing. Where entries were
// torn, what is not listed may still be there. came says whether what lies at
// an index came since the start.
func (b *inbox) see(entries []stored, torn bool, came func(index int) bool) {
	b.listings++
	now := time.Now()
	there := map[place]bool{}
	for i, e := range entries {
		k := b.places[e.place]
		if k == nil {
			k = &known{first: now, found: b.listings == 1 && !came(e.index)}
			b.places[e.place] = k
		}
		entries[i].known = k
		there[e.place] = true
	}
	if torn {
		return
	}
	for p := range b.places {
		if !there[p] {
			b.drop(p)
		}
	}
}

// drop forgets a place that is free again, and a message of which nothing is
// left.
func (b *inbox) drop(p place) {
	delete(b.places, p)
	for _, m := range b.messages {
		m.places = slices.DeleteFunc(m.places, func(q place) bool { return p == q })
	}
	b.messages = slices.DeleteFunc(b.messages, func(m *message) bool { return len(m.places) == 0 })
}

// read sorts the entries of a listing: texts, reports, and what is deleted.
func (s *session) read(entries []stored) {
	s.removeDiscarded()
	var texts []stored
	for _, e := range entries {
		if s.m.inbox.places[e.place] == nil {
			continue // it was deleted just now
		}
		switch keep, err := s.sort(&e); {
		case err != nil:
			s.unreadable(e, err)
		case keep:
			texts = append(texts, e)
		default:
			s.delete(e.place)
		}
	}
	waiting := s.deliver(texts)
	s.expire(waiting)
}

// sort says whether an entry is (part of) a text.
func (s *session) sort(e *stored) (keep bool, err error) {
	if e.state > 1 {
		return false, errNoText // not one that was received; nobody needs it
	}
	if e.tpdu, err = readPDU(e.pdu); err != nil {
		return false, err
	}
	switch e.tpdu.SmsType() {
	case tpdu.SmsStatusReport:
		s.m.emit(statusReport(e.tpdu))
		return false, nil
	case tpdu.SmsDeliver:
		if a, err := e.tpdu.Alphabet(); err == nil && a == tpdu.Alpha8Bit {
			return false, errNoText
		}
		return true, nil
	}
	return false, errNoText
}

// unreadable deletes what can not be read or is no text, once that is sure.
func (s *session) unreadable(e stored, err error) {
	e.known.bad++
	if e.known.bad >= sightings {
		s.m.log.Warn("a text was deleted unread", "reason", unread(err))
		s.delete(e.place)
		return
	}
	s.due.sweep = time.Now().Add(rereadIn)
}

// group is the parts of one text.
type group struct {
	from              string
	total, ref, width int
	parts             [][]stored // by number - 1; more than one where it was sent twice
}

// deliver puts parts together and tells the complete texts; it returns the
// parts of the others.
func (s *session) deliver(texts []stored) (waiting []stored) {
	slices.SortStableFunc(texts, func(a, b stored) int { return a.known.first.Compare(b.known.first) })
	for _, g := range assemble(texts) {
		var parts []*tpdu.TPDU
		var all []stored
		for _, p := range g.parts {
			if len(p) > 0 {
				parts = append(parts, p[0].tpdu)
				all = append(all, p...)
			}
		}
		if len(parts) < g.total {
			waiting = append(waiting, all...)
			continue
		}
		text, err := body(parts)
		if err != nil {
			for _, e := range all {
				s.unreadable(e, err)
			}
			continue
		}
		s.tell(parts, all, text)
	}
	return waiting
}

// apart is how far the stamps of the parts of one text may lie from each
// other. A phone uses a reference of 8 bits again after 256 long texts, or
// after a restart.
const apart = time.Hour

// assemble groups by sender, reference and number of parts. Where a reference
// is used again, the second use is a group of its own.
func assemble(texts []stored) []*group {
	var groups []*group
	for _, e := range texts {
		total, n, ref, ok := concatenation(e.tpdu)
		if !ok {
			groups = append(groups, &group{total: 1, parts: [][]stored{{e}}})
			continue
		}
		from, _ := sender(e.tpdu.OA)
		like := group{from: from, total: total, ref: ref, width: refWidth(e.tpdu)}
		g := like.nearest(groups, n, e)
		if g == nil {
			like.parts = make([][]stored, total)
			g = &like
			groups = append(groups, g)
		}
		g.parts[n-1] = append(g.parts[n-1], e)
	}
	return groups
}

// nearest is the group of the same kind that takes a part and whose stamps
// are the nearest to its own; nil for none.
func (g *group) nearest(groups []*group, n int, e stored) *group {
	var best *group
	least := apart
	for _, o := range groups {
		if o.total == g.total && o.from == g.from && o.ref == g.ref && o.width == g.width && o.takes(n, e) {
			if d := o.distance(e); d < least || d == least && best == nil {
				best, least = o, d
			}
		}
	}
	return best
}

// takes says whether a part is a missing one, or the same once more.
func (g *group) takes(n int, e stored) bool {
	have := g.parts[n-1]
	return len(have) == 0 || have[0].pdu == e.pdu
}

// distance is the largest between the stamps of a part and the group's.
func (g *group) distance(e stored) time.Duration {
	var most time.Duration
	for _, p := range g.parts {
		for _, o := range p {
			most = max(most, o.tpdu.SCTS.Sub(e.tpdu.SCTS.Time).Abs())
		}
	}
	return most
}

// refWidth tells 8-bit references from 16-bit ones.
func refWidth(t *tpdu.TPDU) int {
	if _, _, _, ok := t.UDH.ConcatInfo8(); ok {
		return 8
	}
	return 16
}

// tell emits a complete text, unless its reader is done with it or was told
// just now.
func (s *session) tell(parts []*tpdu.TPDU, all []stored, text string) {
	m := s.m.inbox.message(all, s.m.nextText)
	if m.discarded {
		return // it could not be deleted
	}
	epoch, now := s.m.currentEpoch(), time.Now()
	if m.toldEpoch == epoch && now.Sub(m.told) < s.m.options.Sweep {
		return
	}
	r := Received{ID: m.id, Body: text, Stamp: parts[0].SCTS.Time, Parts: len(parts)}
	r.From, r.Alphanumeric = sender(parts[0].OA)
	for _, e := range all {
		r.Found = r.Found || e.known.found
	}
	if m.told.IsZero() {
		s.m.trace.received(r)
	}
	m.told, m.toldEpoch = now, epoch
	s.m.emit(r)
}

// message finds the message that has one of the places, or makes one. A part
// that was sent twice may have been added.
func (b *inbox) message(all []stored, id func() uint64) *message {
	var places []place
	for _, e := range all {
		places = append(places, e.place)
	}
	for _, m := range b.messages {
		if slices.ContainsFunc(m.places, func(p place) bool { return slices.Contains(places, p) }) {
			m.places = places
			return m
		}
	}
	m := &message{id: id(), places: places}
	b.messages = append(b.messages, m)
	return m
}

// expire deletes parts that have waited too long, and the oldest where the SIM
// is nearly full.
func (s *session) expire(waiting []stored) {
	b := s.m.inbox
	slices.SortStableFunc(waiting, func(a, b stored) int {
		return cmp.Or(a.known.first.Compare(b.known.first), cmp.Compare(a.index, b.index))
	})
	for _, e := range waiting {
		full := b.capacity > spare && len(b.places) > b.capacity-spare
		if full || time.Since(e.known.first) >= partLife {
			s.m.log.Info("a part of a long text was deleted; the others did not come")
			s.delete(e.place)
		}
	}
}

// delete frees a place (AT+CMGD); where that fails the next listing shows it
// again. The trace shows no deletion: it would tell of a text.
func (s *session) delete(p place) bool {
	_, err := s.quietly(true, "+CMGD="+strconv.Itoa(p.index), quick)
	if err != nil {
		return false
	}
	s.m.inbox.drop(p)
	return true
}

// removeDiscarded deletes what could not be deleted before, or not wholly: its
// last parts must not wait for the rest.
func (s *session) removeDiscarded() {
	for _, m := range slices.Clone(s.m.inbox.messages) {
		if m.discarded {
			s.remove(m)
		}
	}
}

// remove deletes all of a message.
func (s *session) remove(m *message) bool {
	all := true
	for _, p := range slices.Clone(m.places) {
		all = s.delete(p) && all
	}
	return all
}

package panel

// hushFor is how long callers hear busy after a code or a button, in ms: who
// stands beside whoever gave it must not learn by ringing the panel that it is
// just then telling somebody.
const hushFor = 20 * 60_000

// hush keeps callers from being answered for a while. It is done after any code
// that was accepted, on any channel, and after any press of a remote's button;
// where it is kept nobody sees it, since a silent press must not show.
func (t *turn) hush() { t.s.Sealed.HushUntil = t.now.Tick + hushFor }

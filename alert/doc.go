// Package alert tells people: the notification list, incidents, the plan of
// who is told what and when, the outbox of texts and calls, and the one
// telephone line they share.
//
// It is pure. Time comes in as ticks (int64 milliseconds of the panel's own
// time, never going back) and as words for the clock; chance comes from a seed
// in the Book. A Book is changed in place by its methods; whoever steps the
// panel clones it first (Book.Clone).
//
// There are two Books of one type: one for what everybody may see and one for
// what is sealed. They share nothing that counts, so no number in the first
// has a gap because of the second.
//
// It does not decide what is an alarm (zones), who may command (panel), nor
// whether a code was given under duress (panic); it does not talk to a modem.
package alert

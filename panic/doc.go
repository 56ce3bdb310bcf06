// Package duress is the room that knows whose code was typed, what that code
// may do, and whether it was typed under threat. It holds the rules for codes,
// the verdict on an attempt, and the sealed record that every accepted command
// leaves.
//
// The folder is called panic after what a homeowner looks for; the package is
// not, because a package of that name would take the builtin's name from every
// file that imports it. Import it as
//
//	duress "github.com/gsmpanel/gsmpanel/panic"
//
// The room is pure: randomness and the device key come in as arguments, the
// time comes in as an argument, and nothing is read, written or logged here.
//
// It will not say of a code which kind it is, nor of a person how many codes
// they have. A verdict carries that it was forced in a place that only [Note]
// can read, so no caller can make a branch of it in what reaches the outside.
// It counts no attempts, locks nobody out and does not know who is on the
// notification list; its callers do.
package duress

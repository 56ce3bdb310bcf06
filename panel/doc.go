// Package panel decides. Step takes the configuration, the state, an instant
// and one event, and returns the new configuration and state, the journal and
// the answer; what is to be done in the world (siren, the line's job) is read
// off the state. It routes to the rooms that know: zones, panic, alert, radio.
//
// Two files are not pure: door.go, where a text loses its digits and gets its
// verdict, and run.go, the loop that stamps time, commits and then acts.
//
// It does not talk to a modem, a disk or a socket; those are handed in.
package panel

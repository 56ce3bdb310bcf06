//go:build race

package duress

// The race detector makes a story ten times as long; fewer are told.
const raceEnabled = true

//go:build race

package zones

// The race detector makes a household ten times as long; fewer are played.
const raceEnabled = true

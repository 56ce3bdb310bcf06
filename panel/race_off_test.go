//go:build !race

package panel

const raceEnabled = false

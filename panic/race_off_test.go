//go:build !race

package duress

const raceEnabled = false

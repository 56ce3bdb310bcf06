package zones

import (
	"fmt"
	"strconv"
	"strings"
)

// A loop is normally closed, as those of alarms are: a cut wire is then a trip. One
// that is open at rest ends in openAtRest.
const (
	wirePrefix = "gpio:"
	openAtRest = ":no"
)

const exampleWire = "gpio:gpiochip0:17"

// lastLine is the highest number of a chip's line that is taken for no slip.
const lastLine = 1023

// Wired says whether a sensor's ID is that of a wired loop.
func Wired(id string) bool { return strings.HasPrefix(id, wirePrefix) }

// parseWire checks what stands behind gpio: of a loop's ID. In the normal form :nc,
// which is the default, is left out.
func parseWire(id, rest string) (string, error) {
	parts := append(strings.Split(strings.ToLower(rest), ":"), "nc") // of which the third is the rule
	number, chip := strings.CutPrefix(parts[0], "gpiochip")
	n, err := strconv.ParseUint(number, 10, 8)
	if !chip || err != nil || len(parts) < 3 || len(parts) > 4 || parts[2] != "nc" && parts[2] != "no" {
		return "", fmt.Errorf("sensor %q is no wired loop: after gpio: there must be a chip such as gpiochip0, a colon and the number of its line, with :no behind it where the loop is open at rest, such as %s or %s", id, exampleWire, exampleWire+openAtRest)
	}
	line, err := strconv.ParseUint(parts[1], 10, 16)
	if err != nil || line > lastLine {
		return "", fmt.Errorf("sensor %q is no wired loop: %q is no line of a chip, which has a number from 0 to %d, such as %s", id, parts[1], lastLine, exampleWire)
	}
	normal := fmt.Sprintf("%sgpiochip%d:%d", wirePrefix, n, line)
	if parts[2] == "no" {
		normal += openAtRest
	}
	return normal, nil
}

// Input is what an ID listens to: of a loop the line, whichever way it rests.
func Input(id string) string {
	if Wired(id) {
		return strings.TrimSuffix(id, openAtRest)
	}
	return id
}

// checkWires refuses what a loop cannot be: it says itself that it is closed again,
// it is watched all the time, and no battery speaks by it.
func checkWires(z Zone) error {
	for _, id := range []string{z.Close, z.LowBattery} {
		if Wired(id) {
			return fmt.Errorf("zone %q: %s can't say that something is closed or a battery low: give a wired loop as sensor or as tamper, such as --sensor %s", z.Name, id, exampleWire)
		}
	}
	switch {
	case Wired(z.Sensor) && z.Close != "":
		return fmt.Errorf("zone %q: %s says itself when it is closed again: leave --close %s away, such as --close \"\"", z.Name, z.Sensor, z.Close)
	case Wired(z.Sensor) && z.Supervise != 0:
		return fmt.Errorf("zone %q: %s is watched all the time: leave --supervise %v away, such as --supervise 0", z.Name, z.Sensor, z.Supervise)
	}
	return nil
}

package zones

import (
	"fmt"
	"slices"
	"strings"
)

const exampleSensor = "ev1527:13CDC0"

// stateful are the kinds of sensor that report opening, closing and tamper by
// themselves, under one ID.
var stateful = []string{"simplisafe", "dsc", "interlogix", "visonic", "honeywell", "skylink", "gpio"}

// ParseSensor checks a sensor ID and returns it in its normal form: the kind in
// small letters, hexadecimal digits in capitals.
func ParseSensor(id string) (string, error) {
	kind, rest, found := strings.Cut(strings.TrimSpace(id), ":")
	kind = strings.ToLower(kind)
	switch {
	case found && kind == "ev1527":
		return parseEV1527(id, rest)
	case found && (kind == "hcs" || slices.Contains(stateful, kind)):
		return "", fmt.Errorf("sensor %q: sensors of the kind %s are not supported yet; use one that learn shows as ev1527, such as %s", id, kind, exampleSensor)
	}
	return "", fmt.Errorf("sensor %q is not an ID that learn shows: it must be a kind, a colon and a number, such as %s", id, exampleSensor)
}

func parseEV1527(id, digits string) (string, error) {
	digits = strings.ToUpper(digits)
	if len(digits) != 6 || strings.Trim(digits, "0123456789ABCDEF") != "" {
		return "", fmt.Errorf("sensor %q: after ev1527: there must be six hexadecimal digits (0-9, A-F), such as %s", id, exampleSensor)
	}
	if digits == "000000" || digits == "FFFFFF" {
		return "", fmt.Errorf("sensor %q is no sensor's: an idle line and a carrier look like that; use one that learn shows, such as %s", id, exampleSensor)
	}
	return "ev1527:" + digits, nil
}

func reportsState(id string) bool {
	kind, _, found := strings.Cut(id, ":")
	return found && slices.Contains(stateful, kind)
}

package zones

import (
	"fmt"
	"strings"
)

const exampleSensor = "ev1527:13CDC0"

// form is how the number of a kind of sensor is written.
type form struct {
	length  int
	signs   string
	example string
}

const (
	hexadecimal = "0123456789ABCDEF"
	letters     = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// selfReporting are the kinds of wireless sensor that report opening, closing,
// tamper, battery and that they are there by themselves, under one ID.
var selfReporting = map[string]form{
	"dsc":        {6, hexadecimal, "dsc:24BDC8"},
	"honeywell":  {5, hexadecimal, "honeywell:EF6A1"},
	"interlogix": {6, hexadecimal, "interlogix:A7106D"},
	"simplisafe": {5, letters, "simplisafe:1JV7T"},
	"skylink":    {4, hexadecimal, "skylink:1A5A"},
	"visonic":    {6, hexadecimal, "visonic:6400BD"},
}

// ParseSensor checks a sensor ID and returns it in its normal form: the kind in
// small letters, the number in capitals.
func ParseSensor(id string) (string, error) {
	kind, rest, found := strings.Cut(strings.TrimSpace(id), ":")
	kind = strings.ToLower(kind)
	f, reports := selfReporting[kind]
	switch {
	case found && kind == "ev1527":
		return parseEV1527(id, rest)
	case found && kind == "hcs":
		return parseHCS(id, rest)
	case found && reports:
		return f.parse(id, kind, rest)
	case Wired(kind + ":"):
		return parseWire(id, rest)
	}
	return "", fmt.Errorf("sensor %q is not an ID that learn shows: it must be a kind, a colon and a number, such as %s", id, exampleSensor)
}

func (f form) parse(id, kind, number string) (string, error) {
	if strings.Contains(number, ":") {
		return "", fmt.Errorf("sensor %q is a button: a zone takes a sensor, such as %s; enrol a button by `gsmpanel remote add`", id, f.example)
	}
	number = strings.ToUpper(number)
	if len(number) != f.length || strings.Trim(number, f.signs) != "" || strings.Trim(number, "0") == "" {
		return "", fmt.Errorf("sensor %q: after %s: there must be %d digits as learn shows them, such as %s", id, kind, f.length, f.example)
	}
	if kind == "interlogix" && strings.ContainsRune("F3", rune(number[0])) {
		return "", fmt.Errorf("sensor %q is a fob or a panic button: a zone takes a sensor, such as %s; enrol a button by `gsmpanel remote add`", id, f.example)
	}
	return kind + ":" + number, nil
}

// parseHCS reads the ID of a button of a KeeLoq remote: 28 bits, and which button.
func parseHCS(id, rest string) (string, error) {
	serial, button, _ := strings.Cut(strings.ToUpper(rest), ":")
	if len(serial) != 7 || len(button) != 1 || strings.Trim(serial+button, hexadecimal) != "" || button == "0" {
		return "", fmt.Errorf("sensor %q: after hcs: there must be seven hexadecimal digits, a colon and one for the button, such as hcs:0ABCDE1:2", id)
	}
	return "hcs:" + serial + ":" + button, nil
}

// reportsByItself says whether a wireless sensor is of a kind that has one ID for all
// that it says.
func reportsByItself(id string) bool {
	kind, _, _ := strings.Cut(id, ":")
	_, reports := selfReporting[kind]
	return reports
}

func parseEV1527(id, digits string) (string, error) {
	digits = strings.ToUpper(digits)
	if len(digits) != 6 || strings.Trim(digits, hexadecimal) != "" {
		return "", fmt.Errorf("sensor %q: after ev1527: there must be six hexadecimal digits (0-9, A-F), such as %s", id, exampleSensor)
	}
	if digits == "000000" || digits == "FFFFFF" {
		return "", fmt.Errorf("sensor %q is no sensor's: an idle line and a carrier look like that; use one that learn shows, such as %s", id, exampleSensor)
	}
	return "ev1527:" + digits, nil
}

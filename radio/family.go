package radio

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Families of devices that report by themselves. Of each the ID has the number
// that the maker gave it, and for a fob's button what it says.
const (
	FamilyDSC        = "dsc"
	FamilyHoneywell  = "honeywell"
	FamilyInterlogix = "interlogix"
	FamilySimpliSafe = "simplisafe"
	FamilySkylink    = "skylink"
	FamilyVisonic    = "visonic"
)

// readers read a line of rtl_433 by its model. They set what the line says; the
// strength is read by [Parse].
var readers = map[string]func([]byte) (Frame, bool){
	"EV1527":              readEV1527,
	"HCS":                 readHCS,
	"DSC-Security":        readDSC,
	"Honeywell-Security":  readHoneywell,
	"Interlogix-Security": readInterlogix,
	"SimpliSafe-Sensor":   readSimpliSafe,
	"SimpliSafe-Keypad":   readSimpliSafeKeypad,
	"Skylink-HA-434TL":    readSkylink,
	"Visonic-Powercode":   readVisonic,
}

// foreign has the families of alarm devices that are heard but can't be used, by
// the model that rtl_433 prints: what they say is encrypted (SimpliSafe of the
// third generation), was never tried (Yale), or has a wrong number in rtl_433
// 22.11, which has no decoder of the name HCS (its own of KeeLoq).
var foreign = map[string]string{
	"SimpliSafe-Gen3":  FamilySimpliSafe,
	"Yale-HSA":         "yale",
	"Microchip-HCS200": FamilyHCS,
}

// battery and tamper are what the fields of these names mean, 1 or 0; nil where
// there is none.
func battery(ok *int) Says {
	if ok == nil {
		return 0
	}
	return when(*ok == 0, BatteryLow, BatteryGood)
}

func tamper(open *int) Says {
	if open == nil {
		return 0
	}
	return when(*open != 0, CoverOpen, CoverShut)
}

// readDSC reads a DSC sensor (F5300NB912: door, window, motion, smoke; status byte
// and serial number with a CRC of 8 bits). event 0 is what it reports every hour or
// so. Of its fobs, whose numbers begin with 6, nobody has published the buttons.
func readDSC(text []byte) (Frame, bool) {
	var l struct {
		ESN       string `json:"esn"`
		Closed    *int   `json:"closed"`
		Event     *int   `json:"event"`
		Tamper    *int   `json:"tamper"`
		BatteryOK *int   `json:"battery_ok"`
	}
	if json.Unmarshal(text, &l) != nil || l.Closed == nil || l.Event == nil {
		return Frame{}, false
	}
	id, ok := hexID(FamilyDSC, l.ESN, 6)
	if ok && l.ESN[0] == '6' {
		return Frame{Family: FamilyDSC}, true
	}
	open := when(*l.Event == 0, Open|Alive, Trips)
	return Frame{ID: id, Alone: true, Says: when(*l.Closed == 0, open, Closed) | tamper(l.Tamper) | battery(l.BatteryOK)}, ok
}

// readHoneywell reads a Honeywell 5800 or 2GIG sensor (20 bits of serial number,
// 8 of state, a CRC of 16). Which of its loops has the contact depends on the
// sensor: it is open when any is.
func readHoneywell(text []byte) (Frame, bool) {
	var l struct {
		ID        json.Number `json:"id"`
		Contact   *int        `json:"contact_open"`
		Reed      int         `json:"reed_open"`
		Alarm     int         `json:"alarm"`
		Tamper    *int        `json:"tamper"`
		BatteryOK *int        `json:"battery_ok"`
		Heartbeat int         `json:"heartbeat"`
	}
	if json.Unmarshal(text, &l) != nil || l.Contact == nil {
		return Frame{}, false
	}
	n, err := strconv.ParseUint(l.ID.String(), 10, 20)
	says := when(*l.Contact+l.Reed+l.Alarm > 0, when(l.Heartbeat != 0, Open|Alive, Trips), Closed)
	return Frame{ID: fmt.Sprintf("%s:%05X", FamilyHoneywell, n), Alone: true, Says: says | tamper(l.Tamper) | battery(l.BatteryOK)}, err == nil && n != 0
}

// readVisonic reads a Visonic PowerCode sensor (24 bits of serial number, 8 of
// state, LRC; the decoder wants four equal rows). One that does not report its
// closing, a motion sensor, says nothing by being still. A report from time to time
// looks like news, so an open door that is watched may trip again: to miss its
// opening would be worse.
func readVisonic(text []byte) (Frame, bool) {
	var l struct {
		ID        string `json:"id"`
		Alarm     *int   `json:"alarm"`
		Restore   int    `json:"restore"`
		Tamper    *int   `json:"tamper"`
		BatteryOK *int   `json:"battery_ok"`
	}
	if json.Unmarshal(text, &l) != nil || l.Alarm == nil {
		return Frame{}, false
	}
	id, ok := hexID(FamilyVisonic, l.ID, 6)
	still := when(l.Restore != 0, Closed, Alive)
	return Frame{ID: id, Alone: true, Says: when(*l.Alarm != 0, Trips, still) | tamper(l.Tamper) | battery(l.BatteryOK)}, ok
}

// readSkylink reads a Skylink HA-434TL motion sensor by our flex decoder. Nothing in
// its 17 bits checks the others: a line of a single row needs an equal one.
func readSkylink(text []byte) (Frame, bool) {
	var l struct {
		ID     *uint16 `json:"id"`
		Motion string  `json:"motion"`
		Rows   int     `json:"count"`
	}
	says := map[string]Says{"motion": Trips, "alive": Alive}
	if json.Unmarshal(text, &l) != nil || l.ID == nil || *l.ID == 0 || *l.ID >= 1<<14-1 || says[l.Motion] == 0 {
		return Frame{}, false
	}
	return Frame{ID: fmt.Sprintf("%s:%04X", FamilySkylink, *l.ID), Alone: l.Rows > 1, Says: says[l.Motion]}, true
}

// hexID is the ID of a number of so many hexadecimal digits, which is not all
// zeros or ones: an idle line and a carrier look like that.
func hexID(family, digits string, n int) (string, bool) {
	digits = strings.ToUpper(digits)
	if len(digits) != n || strings.Trim(digits, "0123456789ABCDEF") != "" || strings.Trim(digits, "0") == "" || strings.Trim(digits, "F") == "" {
		return "", false
	}
	return family + ":" + digits, true
}

package radio

import (
	"fmt"
	"strings"
)

// Config is what is enrolled: the remotes and what their buttons do.
type Config struct {
	Remotes []Remote `json:"remotes,omitempty"`
}

// Remote is a key fob or a wireless panic button.
type Remote struct {
	Name    string   `json:"name"`
	Contact string   `json:"contact,omitempty"` // whose it is; the name of a contact, or ""
	Buttons []Button `json:"buttons"`
}

// Button is one button of a remote.
type Button struct {
	ID     string `json:"id"`     // as Frame.ID
	Action string `json:"action"` // an action, or actions by gesture: "single=none,double=silent,hold=audible"
}

// ParseID reads the ID of a wireless device as a person types it and returns it
// as [Frame] has it: "ev1527:" in small letters and 6 hexadecimal digits in
// capitals, between 000001 and FFFFFE.
func ParseID(text string) (string, error) {
	family, digits, _ := strings.Cut(strings.TrimSpace(text), ":")
	code, ok := hex24(digits)
	if !strings.EqualFold(family, FamilyEV1527) || !ok || code == 0 || code == 0xFFFFFF {
		return "", fmt.Errorf("%q is not the ID of a wireless device: use ev1527: and 6 hexadecimal digits from 000001 to FFFFFE as learn prints them, for example ev1527:13CDC0", text)
	}
	return ev1527ID(code), nil
}

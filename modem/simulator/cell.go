package simulator

import "fmt"

// Cell is how the network stands until it is said otherwise; the zero value is a
// good one.
type Cell struct {
	RSSI   int    // of +CSQ, 1 to 31; 0 is 21
	ID     string // of the cell, hexadecimal; "" is 5B3A
	Gone   bool   // no network
	Denied bool   // it refuses the SIM
	Jammed bool   // what +SJDR sees; the network is lost by Gone alone
}

const (
	area     = "0C14"
	usualID  = "5B3A"
	usualCSQ = 21 // -72 dBm
)

func (c Cell) csq() int {
	if c.RSSI == 0 {
		return usualCSQ
	}
	return c.RSSI
}

// place is what +CREG=2 shows of a cell.
func (c Cell) place() string {
	id := c.ID
	if id == "" {
		id = usualID
	}
	return fmt.Sprintf(`"%s","%s"`, area, id)
}

// SetCell changes the network around the modem.
func (m *Modem) SetCell(c Cell) error {
	if c.RSSI < 0 || c.RSSI > 31 {
		return fmt.Errorf("a signal of %d cannot be; 1 to 31 are allowed, as of +CSQ, for example 21", c.RSSI)
	}
	return m.try(func() error {
		before, was, place := m.sees(), m.registration(), m.cell.place()
		m.cell = c
		if m.sees() != before {
			m.tellJamming()
		}
		if m.registration() != was || m.registered() && place != c.place() {
			m.moved()
		}
		return nil
	})
}

// SetSupply sets the voltage that +CBC shows, in mV; 0 is a good one. From 3500 on
// downward the module warns of it.
func (m *Modem) SetSupply(mV int) error {
	if mV < 0 || mV > 4600 {
		return fmt.Errorf("a supply of %d mV cannot be; 0 to 4600 are allowed, for example 3440", mV)
	}
	return m.try(func() error {
		m.lowMV = mV
		if mV > 0 && mV <= warnMV && m.flash.batchk == 1 {
			m.urc("UNDER-VOLTAGE WARNNING")
		}
		return nil
	})
}

// SetCentre puts the number of a service centre on the SIM, "" for none.
func (m *Modem) SetCentre(number string) error {
	if number != "" && !dialable(number) {
		return fmt.Errorf("%q is no number of a service centre; give one such as +447785016005", number)
	}
	return m.try(func() error { m.flash.centre = number; return nil })
}

package panel

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
)

const off = "off"

var serviceCode = regexp.MustCompile(`^[*#][*#0-9]{1,38}#$`)

var balanceCode = Setting{
	Name: "balance-code", Range: "a service code, " + off, Meaning: "what the network is asked for the prepaid balance each night, such as *100#",
	get: func(c *Config) string {
		if c.Alert.BalanceCode == "" {
			return off
		}
		return c.Alert.BalanceCode
	},
	set: func(c *Config, v string) error {
		switch {
		case v == "" || strings.EqualFold(v, off):
			c.Alert.BalanceCode = ""
		case serviceCode.MatchString(v):
			c.Alert.BalanceCode = v
		default:
			return fmt.Errorf("balance-code cannot be %q; allowed are digits, * and # that begin with * or # and end with #, or off, for example balance-code *100#", v)
		}
		return nil
	},
}

var balancePattern = Setting{
	Name: "balance-pattern", Range: "auto, a regular expression", Meaning: "where the amount stands in the operator's answer: its one group in brackets; auto knows the usual answers",
	get: func(c *Config) string { return c.Alert.BalancePattern },
	set: func(c *Config, v string) error {
		if _, err := alert.BalancePattern(v); err != nil {
			return fmt.Errorf("balance-pattern cannot be %q: %w; allowed are auto and a pattern with the amount in brackets, for example balance-pattern 'Credit ([0-9]+[.][0-9]+)'", v, err)
		}
		if strings.EqualFold(v, alert.PatternAuto) {
			v = alert.PatternAuto
		}
		c.Alert.BalancePattern = v
		return nil
	},
}

var balanceLimit = Setting{
	Name: "balance-limit", Range: "0-100000", Meaning: "a balance below it is a trouble; 0 is never",
	get: func(c *Config) string { return c.Alert.BalanceLimit.String() },
	set: func(c *Config, v string) error {
		a, ok := alert.ParseAmount(v)
		if !ok || a.Milli < 0 || a.Milli > 100_000_000 {
			return fmt.Errorf("balance-limit cannot be %q; 0 to 100000 are allowed, for example balance-limit 5.00", v)
		}
		c.Alert.BalanceLimit = a
		return nil
	},
}

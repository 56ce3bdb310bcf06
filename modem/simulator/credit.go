package simulator

import "fmt"

// Account is the panel's prepaid account, in hundredths. With the zero value all
// is free.
type Account struct {
	Credit int64
	Text   int64 // the price of a text
	Minute int64 // of each minute of an answered call that has begun
}

// noCredit is the +CMS ERROR of a text that the account does not pay: rejected
// (3GPP TS 24.011 annex E-2).
const noCredit = 21

// String is the credit as networks write it.
func (a Account) String() string { return fmt.Sprintf("%d.%02d", a.Credit/100, a.Credit%100) }

// Account is how the account stands.
func (m *Modem) Account() Account {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.account
}

// SetAccount changes the account, as a top-up does.
func (m *Modem) SetAccount(a Account) {
	m.do(func() { m.account = a })
}

// charge takes what a call costs that has ended.
func (m *Modem) charge(c *call) {
	if !c.out || c.record == nil || c.record.Answered.IsZero() {
		return
	}
	minutes := int64(m.opt.Now().Sub(c.record.Answered).Minutes()) + 1
	m.account.Credit = max(0, m.account.Credit-minutes*m.account.Minute)
}

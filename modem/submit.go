package modem

import (
	"context"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/warthog618/sms"
	"github.com/warthog618/sms/encoding/gsm7"
	"github.com/warthog618/sms/encoding/gsm7/charset"
	"github.com/warthog618/sms/encoding/tpdu"
)

// Text is one SMS to send.
type Text struct {
	To   string // E.164 with "+"
	Body string // must fit one SMS, see Fits
	// Validity is how long the service centre tries, rounded up to what
	// TP-VP can say (5 minutes to 63 weeks, 23.040 9.2.3.12.1); 0 leaves it to
	// the network.
	Validity time.Duration
	// Report asks for status reports.
	Report bool
	// Sealed keeps the dialogue, and the reports of this text, out of Trace.
	Sealed bool
}

// One SMS holds 140 octets: 160 septets or 70 UTF-16 units (23.040 9.2.3.24).
const (
	maxSeptets = 160
	maxUnits   = 70
)

// The library fills its tables on first use, without a lock.
var _ = fillCharsets()

func fillCharsets() bool {
	charset.DefaultDecoder()
	charset.DefaultEncoder()
	charset.DefaultExtEncoder()
	for nli := charset.Start; nli < charset.End; nli++ {
		charset.NewDecoder(nli)
	}
	return true
}

// Septets counts what a body takes in one SMS: septets of the GSM 7-bit
// default alphabet with its extension table (23.038 6.2.1) where all of it can
// be written so, else UTF-16 units and false.
func Septets(body string) (n int, gsm bool) {
	body = printable(body)
	if s, err := gsm7.Encode([]byte(body)); err == nil {
		return len(s), true
	}
	return len(utf16.Encode([]rune(body))), false
}

// Fits says whether a body fits one SMS.
func Fits(body string) bool {
	n, gsm := Septets(body)
	return gsm && n <= maxSeptets || !gsm && n <= maxUnits
}

// printable takes out what is no text: broken UTF-8, and ESC, which the
// library would write as the mark of its extension table.
func printable(body string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(body, "?"), "\x1b", " ")
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

func checkNumber(number string) error {
	if !e164.MatchString(number) {
		return fmt.Errorf("%q: %w", number, ErrNumber)
	}
	return nil
}

// validity rounds up to what TP-VP can say, in the form that makes the
// library write just that: it writes 10 minutes for 5, and 5 for less.
func validity(d time.Duration) time.Duration {
	const day = 24 * time.Hour
	step := 7 * day
	switch {
	case d <= 5*time.Minute:
		return 0
	case d <= 12*time.Hour:
		step = 5 * time.Minute
	case d <= day:
		step = 30 * time.Minute
	case d <= 30*day:
		step = day
	}
	return (d + step - 1) / step * step
}

// submission is an SMS-SUBMIT as AT+CMGS takes it: the length without the
// service centre's address, and hexadecimal with an empty one.
type submission struct {
	length int
	pdu    string
}

func encode(t Text) (submission, error) {
	if err := checkNumber(t.To); err != nil {
		return submission{}, err
	}
	if t.Body == "" {
		return submission{}, ErrEmpty
	}
	if !Fits(t.Body) {
		return submission{}, ErrTooLong
	}
	pdus, err := sms.Encode([]byte(printable(t.Body)), sms.To(t.To), sms.WithTemplateOption(terms(t)))
	if err != nil {
		return submission{}, fmt.Errorf("the text can not be encoded: %w", err)
	}
	if len(pdus) != 1 {
		return submission{}, ErrTooLong
	}
	b, err := pdus[0].MarshalBinary()
	if err != nil {
		return submission{}, fmt.Errorf("the text can not be encoded: %w", err)
	}
	return submission{len(b), "00" + strings.ToUpper(hex.EncodeToString(b))}, nil
}

// terms are the validity and the wish for a report of a text.
type terms Text

// ApplyTPDUOption makes terms an option of the library's encoder.
func (t terms) ApplyTPDUOption(p *tpdu.TPDU) error {
	if t.Report {
		p.FirstOctet |= tpdu.FoSRR
	}
	if t.Validity > 0 {
		var vp tpdu.ValidityPeriod
		vp.SetRelative(validity(t.Validity))
		p.SetVP(vp)
	}
	return nil
}

// unknownRef is the reference of a text that was taken without one being told; no
// report bears it.
const unknownRef = -1

// Send sends one text and waits until the network has taken it, 60 s at most
// from its turn on. ref is the reference that its reports will bear, or -1.
//
// ErrNumber, ErrEmpty, ErrTooLong and ErrDown: nothing was sent. *CMSError:
// refused. ErrUnknown: it may have been sent or not.
func (m *Modem) Send(ctx context.Context, t Text) (ref int, err error) {
	s, err := encode(t)
	if err != nil {
		return 0, err
	}
	result := make(chan int, 1) // read only where run says that it was done
	err = m.run(ctx, false, func(l *session) error {
		n, err := l.submit(t, s)
		result <- n
		return err
	})
	if err != nil {
		return 0, err
	}
	return <-result, nil
}

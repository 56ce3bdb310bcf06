package duress

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is what a code is for.
type Kind string

// Duress is only ever asked for; the rights of a duress code are its twin's.
const (
	User   Kind = "user"
	Master Kind = "master" // may besides read the sealed log
	Guest  Kind = "guest"  // as its dates, days, hours and arm-only say
	Duress Kind = "duress"
)

// Rights are what a code may do. All but Kind are a guest's and may be empty.
type Rights struct {
	Kind    Kind   `json:"kind"`            // user, master or guest
	From    string `json:"from,omitempty"`  // first day, 2006-01-02
	Until   string `json:"until,omitempty"` // last day, 2006-01-02
	Days    string `json:"days,omitempty"`  // as ParseDays gives it, such as mon-fri
	Hours   string `json:"hours,omitempty"` // as ParseHours gives it, such as 8-12
	ArmOnly bool   `json:"arm_only,omitempty"`
}

var (
	neverGuest = []string{"BYPASS", "UNBYPASS", "CONTACTS", "LOG"}
	// SILENT stands with STATUS, whose answer it gives.
	whileArmOnly = []string{"ARM", "HOME", "NIGHT", "STATUS", "SILENT", "PANIC", "HELP"}
)

// Allows says whether a command, by its canonical upper-case word, may be given
// with these rights at that local time. The zero time is one that is not known:
// then a guest with dates, days or hours may do nothing. Hours that pass
// midnight belong to the day on which they began.
func (r Rights) Allows(verb string, local time.Time) bool {
	switch r.Kind {
	case User, Master:
		return true
	case Guest:
		if slices.Contains(neverGuest, verb) || r.ArmOnly && !slices.Contains(whileArmOnly, verb) {
			return false
		}
		return r.now(local)
	default:
		return false
	}
}

func (r Rights) now(local time.Time) bool {
	if r.From == "" && r.Until == "" && r.Days == "" && r.Hours == "" {
		return true
	}
	if local.IsZero() {
		return false
	}
	inside, day := true, local
	if r.Hours != "" {
		inside, day = inHours(r.Hours, local)
	}
	date := day.Format(time.DateOnly)
	return inside && (r.From == "" || r.From <= date) && (r.Until == "" || date <= r.Until) &&
		(r.Days == "" || onDay(r.Days, day.Weekday()))
}

// checked returns the rights as they are stored for an ordinary code of that kind.
func (r Rights) checked(kind Kind) (Rights, error) {
	r.Kind = kind
	if kind != Guest {
		if r != (Rights{Kind: kind}) {
			return r, fmt.Errorf("dates, days, hours and arm-only are for guests, not for kind %q: leave them out or add a guest, such as --kind guest --days mon-fri --hours 8-12", kind)
		}
		return r, nil
	}
	var err error
	if r.From, err = ParseDate(r.From); err != nil {
		return r, err
	}
	if r.Until, err = ParseDate(r.Until); err != nil {
		return r, err
	}
	if r.From != "" && r.Until != "" && r.From > r.Until {
		return r, fmt.Errorf("from %s until %s: the last day is before the first; give them in order, such as --from 2026-07-01 --until 2026-07-14", r.From, r.Until)
	}
	if r.Days, err = ParseDays(r.Days); err != nil {
		return r, err
	}
	r.Hours, err = ParseHours(r.Hours)
	return r, err
}

// ParseDate takes a day as 2006-01-02 or nothing.
func ParseDate(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("date %q: write year, month and day, such as 2026-07-14", s)
	}
	return s, nil
}

var dayNames = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// ParseDays takes days of the week and ranges of them, divided by commas, such
// as mon-fri or sat,sun; by three letters or the whole English name. It returns
// them in the order of the week. Nothing means every day and stays nothing.
func ParseDays(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	set, err := weekdays(s)
	if err != nil {
		return "", err
	}
	return sayDays(set), nil
}

func weekdays(s string) (set [7]bool, err error) {
	for piece := range strings.SplitSeq(s, ",") {
		first, last, ranged := strings.Cut(piece, "-")
		if !ranged {
			last = first
		}
		from, to := dayNumber(first), dayNumber(last)
		if from < 0 || to < 0 {
			return set, fmt.Errorf("days %q: use mon, tue, wed, thu, fri, sat, sun, alone or as a range, such as mon-fri or sat,sun", s)
		}
		for d := from; ; d = (d + 1) % 7 {
			set[d] = true
			if d == to {
				break
			}
		}
	}
	return set, nil
}

// dayNumber counts from Monday 0; -1 is no day.
func dayNumber(s string) int {
	s = strings.ToLower(strings.TrimSpace(s))
	for i, name := range dayNames {
		whole := strings.ToLower(time.Weekday((i + 1) % 7).String())
		if s == name || s == whole {
			return i
		}
	}
	return -1
}

func sayDays(set [7]bool) string {
	var pieces []string
	for d := 0; d < 7; d++ {
		if !set[d] {
			continue
		}
		last := d
		for last < 6 && set[last+1] {
			last++
		}
		if last == d {
			pieces = append(pieces, dayNames[d])
		} else {
			pieces = append(pieces, dayNames[d]+"-"+dayNames[last])
		}
		d = last
	}
	return strings.Join(pieces, ",")
}

func onDay(days string, day time.Weekday) bool {
	set, err := weekdays(days)
	return err == nil && set[(int(day)+6)%7]
}

// ParseHours takes a span of the day such as 8-12, 8:30-17 or 22-6, which
// passes midnight; the end is not within it. Nothing means all day and stays
// nothing.
func ParseHours(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	from, to, err := hours(s)
	if err != nil {
		return "", err
	}
	return sayMinute(from) + "-" + sayMinute(to), nil
}

// hours gives minutes of the day: from 0–1439, to 1–1440, or to below from.
func hours(s string) (from, to int, err error) {
	first, last, ranged := strings.Cut(s, "-")
	from, to = minute(first), minute(last)
	if !ranged || from < 0 || to < 0 || from == to || from == 24*60 {
		return 0, 0, fmt.Errorf("hours %q: give a first and a last hour from 0 to 24, such as 8-12, 8:30-17 or 22-6", s)
	}
	if to == 0 {
		to = 24 * 60
	}
	return from, to, nil
}

// minute reads 8, 08 or 8:30 as minutes of the day; -1 is none.
func minute(s string) int {
	hour, min, parted := strings.Cut(strings.TrimSpace(s), ":")
	if !parted {
		min = "00"
	}
	if len(hour) < 1 || len(hour) > 2 || len(min) != 2 || !onlyDigits(hour+min) {
		return -1
	}
	h, _ := strconv.Atoi(hour) // digits only, two at most
	m, _ := strconv.Atoi(min)
	if m > 59 || h*60+m > 24*60 {
		return -1
	}
	return h*60 + m
}

func sayMinute(m int) string {
	if m%60 == 0 {
		return strconv.Itoa(m / 60)
	}
	return fmt.Sprintf("%d:%02d", m/60, m%60)
}

// inHours says whether the time is within the hours, and the day to which it
// then belongs.
func inHours(span string, local time.Time) (bool, time.Time) {
	from, to, err := hours(span)
	if err != nil {
		return false, local
	}
	now := local.Hour()*60 + local.Minute()
	if from < to {
		return from <= now && now < to, local
	}
	if now < to {
		return true, local.AddDate(0, 0, -1)
	}
	return from <= now, local
}

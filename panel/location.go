package panel

import (
	"sync"
	"time"
	_ "time/tzdata" // the zone is configuration, not the machine's
)

// Location is the site's time zone; UTC where none is set.
func (c Config) Location() *time.Location {
	if l, ok := locations.Load(c.Site.Zone); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(c.Site.Zone)
	if err != nil {
		return time.UTC
	}
	locations.Store(c.Site.Zone, l)
	return l
}

// locations are the time zones that were read, by name: to read one takes longer
// than all else in a step, and each step wants it.
var locations sync.Map

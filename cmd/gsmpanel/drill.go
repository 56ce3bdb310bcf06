package main

import (
	"context"
	"fmt"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
)

// drillLooks is between looks at a drill that runs.
const drillLooks = time.Second

// followDrill shows at a terminal how a drill comes on, and its score. Elsewhere
// nobody waits for that.
func (p *program) followDrill(ctx context.Context, d desk) error {
	if _, person := p.terminal(); !person {
		return nil
	}
	last := ""
	for {
		o, err := d.Outward(ctx)
		if err != nil {
			return err
		}
		i, found := newestDrill(o.Incidents)
		if !found || i.Closed != nil {
			return p.endOfDrill(i)
		}
		if now := howFar(i.People); now != last {
			p.tell("%s", now)
			last = now
		}
		select {
		case <-ctx.Done():
			return nil // it goes on without anybody who looks on
		case <-time.After(drillLooks):
		}
	}
}

func (p *program) endOfDrill(i panel.OutwardIncident) error {
	if err := p.say("%s", i.Score); err != nil {
		return err
	}
	return p.printScore(i.People)
}

func newestDrill(list []panel.OutwardIncident) (found panel.OutwardIncident, ok bool) {
	for _, i := range list {
		if i.Score != "" {
			found, ok = i, true
		}
	}
	return found, ok
}

// howFar says in a line how far a drill has come.
func howFar(people []panel.OutwardScore) string {
	texted, rang := 0, ""
	for _, who := range people {
		if who.Texted != nil {
			texted++
		}
		if who.Rang != nil {
			rang += " " + who.Name
		}
	}
	if rang == "" {
		return fmt.Sprintf("texted %d of %d", texted, len(people))
	}
	return fmt.Sprintf("texted %d of %d; rang%s", texted, len(people), rang)
}

// printScore is a drill person by person, in seconds from its first text.
func (p *program) printScore(people []panel.OutwardScore) error {
	var rows [][]string
	for _, who := range people {
		took := after(who.Acknowledged)
		if took != "" {
			took += " by " + who.By
		}
		rows = append(rows, []string{who.Name, after(who.Texted), after(who.Delivered), after(who.Rang), after(who.Answered), took, who.Call})
	}
	return table(p.out, "Nobody was to be told.", []string{"WHO", "TEXTED", "REPORTED", "RANG", "ANSWERED", "TOOK IT", "LAST CALL"}, rows)
}

func after(s *int64) string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf("%d s", *s)
}

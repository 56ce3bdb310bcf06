package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/gsmpanel/gsmpanel/panel"
)

// liveDelay is the exit delay, the entry delay and the abort window.
const liveDelay = 10 * time.Second

// lookEvery is how often the world is looked at when nothing stirs.
const lookEvery = 200 * time.Millisecond

func liveDemo() *demo {
	return &demo{people: livePeople(), pace: livePace, rtl433: true}
}

// show lets a person play with the house at a terminal until they leave, the
// terminal goes away or ctx ends, none of which is an error.
func (d *demo) show(ctx context.Context, in, out *os.File) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stirred := make(chan struct{}, 1)
	d.stirred = func() {
		select {
		case stirred <- struct{}{}:
		default: // it will be looked at anyway
		}
	}
	defer func() { err = d.withMessages(errors.Join(err, d.close(stop))) }()
	if err := d.raise(ctx); err != nil {
		return leftEarly(ctx, err)
	}
	acts := make(chan demoAct, 32)
	program := tea.NewProgram(terminal{d.screen(), acts}, tea.WithInput(input{in, stop}), tea.WithOutput(out),
		tea.WithoutSignalHandler(), tea.WithFPS(30))
	var others sync.WaitGroup
	others.Go(func() { // tea.WithContext would close its input while that is being read
		<-ctx.Done()
		program.Quit()
	})
	others.Go(func() { d.watch(ctx, stirred, program.Send) })
	others.Go(func() { d.act(ctx, acts, program.Send) })
	_, err = program.Run()
	stop()
	others.Wait()
	if err = leftEarly(ctx, err); err == nil {
		_, _ = fmt.Fprintln(out, "The demo is over; nothing is left of it. gsmpanel --help shows all commands.") // the terminal may be gone
	}
	return err
}

// input is a terminal's; when it can no longer be read the terminal is gone,
// which bubbletea would not notice.
type input struct {
	*os.File
	gone func()
}

func (i input) Read(b []byte) (int, error) {
	n, err := i.File.Read(b)
	if err != nil {
		i.gone()
	}
	return n, err
}

// leftEarly makes leaving no error, by whatever way.
func leftEarly(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) || errors.Is(err, io.EOF) || errors.Is(err, syscall.EIO) {
		return nil
	}
	return err
}

// withMessages adds what the panel said last to an error.
func (d *demo) withMessages(err error) error {
	if err == nil {
		return nil
	}
	if said := lastLines(d.stderr.String(), 5); said[0] != "" {
		return fmt.Errorf("%w; the panel said: %s", err, strings.Join(said, " | "))
	}
	return err
}

func (d *demo) screen() demoScreen {
	return demoScreen{people: d.people, radio: d.air.says(), local: siteTime(panel.Site{Zone: demoTimeZone})}
}

// watch shows the world to the screen.
func (d *demo) watch(ctx context.Context, stirred <-chan struct{}, send func(tea.Msg)) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	ended := d.ended
	var sight demoSight
	for {
		sight = d.look(ctx, sight)
		send(sight)
		select {
		case <-tick.C:
		case <-stirred:
		case err := <-ended:
			d.ended <- err // for close
			ended = nil
			if ctx.Err() == nil {
				send(demoEnded(whyEnded(err)))
			}
		case <-ctx.Done():
			return
		}
	}
}

func whyEnded(err error) string {
	if err == nil {
		return "it does not say why"
	}
	return oneLine(err.Error())
}

// act does what is asked for, one after another.
func (d *demo) act(ctx context.Context, acts <-chan demoAct, send func(tea.Msg)) {
	for {
		select {
		case a := <-acts:
			said, err := d.perform(ctx, a)
			if err != nil {
				said = "That did not work: " + err.Error()
			}
			if said != "" {
				send(demoSaid(said))
			}
		case <-ctx.Done():
			return
		}
	}
}

// terminal is a demoScreen as bubbletea wants it.
type terminal struct {
	demoScreen
	acts chan<- demoAct
}

// Init has nothing to begin with.
func (t terminal) Init() tea.Cmd { return nil }

// Update hands a message to the screen, and what is to be done to the demo.
func (t terminal) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var todo []demoAct
	t.demoScreen, todo = t.step(event(msg))
	for _, a := range todo {
		if a.verb == actQuit {
			return t, tea.Quit
		}
		select {
		case t.acts <- a:
		default:
			t.note = "One thing after another, please."
		}
	}
	return t, nil
}

// event is a message in the screen's own words.
func event(msg tea.Msg) any {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return demoSize{msg.Width, msg.Height}
	case tea.PasteMsg:
		return demoPaste(msg.Content)
	case tea.KeyPressMsg:
		if len([]rune(msg.Text)) > 1 { // some ways of typing give several letters at once
			return demoPaste(msg.Text)
		}
		return demoKey(msg.String())
	}
	return msg
}

// View draws the screen.
func (t terminal) View() tea.View {
	v := tea.NewView(strings.Join(t.lines(), "\n"))
	v.AltScreen = true
	v.WindowTitle = "gsmpanel demo"
	if x, y, ok := t.cursor(); ok {
		v.Cursor = tea.NewCursor(x, y)
	}
	return v
}

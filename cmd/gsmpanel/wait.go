package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// patienceAtPrompt is how long a person looks at a screen on which nothing moves.
const patienceAtPrompt = time.Second

// codeCheck is the same whatever the code is.
const codeCheck = "checking the code"

// wait shows a person at a terminal what goes on, once it takes over a second,
// and takes it off the screen again.
type wait struct {
	program *program
	began   time.Time
	timer   *time.Timer

	mu    sync.Mutex
	shown bool
	done  bool
}

// waitFor begins to wait for what words say.
func (p *program) waitFor(words string) *wait {
	w := &wait{program: p, began: time.Now()}
	if f, ok := p.err.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		w.done = true
		return w
	}
	w.timer = time.AfterFunc(patienceAtPrompt, func() { w.write(words + " ...") })
	return w
}

// show says how far it is; total is at least 1.
func (w *wait) show(done, total int) {
	if time.Since(w.began) >= patienceAtPrompt {
		w.write(fmt.Sprintf("comparing with the codes in use: %d of %d", done, total))
	}
}

func (w *wait) write(words string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.done {
		w.shown = true
		_, _ = fmt.Fprintf(w.program.err, "\r%s ", words) // each is longer than the one before
	}
}

// over ends it, whatever came of it.
func (w *wait) over() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
	}
	if w.shown {
		_, _ = fmt.Fprint(w.program.err, "\r\x1b[K")
	}
	w.done, w.shown = true, false
}

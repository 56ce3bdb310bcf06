package main

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// trace is the file that GSMPANEL_TRACE names: the modem's dialogue, with no
// digit of a text, no PDU, no keyed digit, and nothing of what is sealed.
type trace struct {
	mu   sync.Mutex
	file *os.File
}

func openTrace(path string) (*trace, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot write the trace that GSMPANEL_TRACE asks for: %w", err)
	}
	return &trace{file: f}, nil
}

// line is the modem's trace function, nil where none is kept.
func (t *trace) line() func(string) {
	if t == nil {
		return nil
	}
	return func(s string) {
		t.mu.Lock()
		defer t.mu.Unlock()
		fmt.Fprintln(t.file, time.Now().UTC().Format("15:04:05.000"), s)
	}
}

func (t *trace) close() {
	if t != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.file.Close()
	}
}

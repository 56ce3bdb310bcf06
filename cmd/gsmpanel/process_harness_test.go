package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shipped is the program as it is, with no guard of the tests around it.
const shipped = "gsmpanel-shipped"

// process is a gsmpanel that runs by itself.
type process struct {
	cmd   *exec.Cmd
	gone  chan struct{} // closed when it has ended
	ended error         // how; read after gone
}

// startProcess starts a command with both outputs at the end of the file said.
func startProcess(said string, env []string, name string, args ...string) (*process, error) {
	out, err := os.OpenFile(said, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), env...), out, out
	if err := errors.Join(cmd.Start(), out.Close()); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, gone: make(chan struct{})}
	go func() {
		p.ended = cmd.Wait()
		close(p.gone)
	}()
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// kill is kill -9: it returns when not an instruction more will be run.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself, which whoever waits finds out
	<-p.gone
}

// stop asks the process to end, which it must do well.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("it had ended before: %w", errors.Join(err, p.ended))
	}
	select {
	case <-p.gone:
		return p.ended
	case <-time.After(mostWait):
		p.kill()
		return errors.New("it did not end after SIGTERM")
	}
}

// startFor starts a process that ends with the test at the latest.
func startFor(t *testing.T, said string, env []string, name string, args ...string) *process {
	t.Helper()
	p, err := startProcess(said, env, name, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// family is a process and all that descend from it.
func family(pid int) []int {
	out := []int{pid}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	children := map[int][]int{}
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		// "pid (name) state ppid …"; the name may hold anything.
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		child, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parent, _ := strconv.Atoi(fields[1])
		children[parent] = append(children[parent], child)
	}
	for n := 0; n < len(out); n++ {
		out = append(out, children[out[n]]...)
	}
	return out
}

// seenPhone is what the control socket says of a phone. "in" is from the panel.
type seenPhone struct {
	Number string
	Texts  []struct {
		Time      time.Time
		Body      string
		Direction string
	}
	Calls []struct {
		Time                             time.Time
		Answered, Ended                  string
		Direction, Result, Digits, Tones string
	}
}

// received are the texts of the phone that the panel sent.
func (p seenPhone) received() []string {
	var out []string
	for _, text := range p.Texts {
		if text.Direction == "in" {
			out = append(out, text.Body)
		}
	}
	return out
}

func phonesAt(sock string) (map[string]seenPhone, error) {
	answer, err := world(sock, map[string]string{"do": "phones"})
	if err != nil {
		return nil, err
	}
	var seen struct{ Phones []seenPhone }
	if err := json.Unmarshal(answer, &seen); err != nil {
		return nil, err
	}
	out := map[string]seenPhone{}
	for _, p := range seen.Phones {
		out[p.Number] = p
	}
	return out, nil
}

// countOf is how many of the texts have part in them.
func countOf(texts []string, part string) int {
	n := 0
	for _, body := range texts {
		if strings.Contains(body, part) {
			n++
		}
	}
	return n
}

// digitsAfter are the four digits behind word in the last text that has part.
func digitsAfter(texts []string, part, word string) string {
	for n := len(texts) - 1; n >= 0; n-- {
		if _, after, ok := strings.Cut(texts[n], word); ok && strings.Contains(texts[n], part) && len(after) >= 4 {
			return after[:4]
		}
	}
	return "no digits"
}

// openDoor is what a sensor's two equal frames look like in rtl_433's output.
func openDoor(air *os.File, code int) error {
	line := fmt.Sprintf(`{"model":"EV1527","code":%d}`+"\n", code)
	_, err := air.WriteString(line + line)
	return err
}

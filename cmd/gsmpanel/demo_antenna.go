package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// antenna is the air over the demo's house.
type antenna interface {
	// command is what runs the receiver.
	command() string
	// says tells, in words, what the receiver is.
	says() string
	// send has a button pressed or a sensor trip, or a button held for a time. It
	// returns when that is over.
	send(ctx context.Context, code uint32, held time.Duration) error
	// report has the back door's sensor say how it stands, as send does.
	report(ctx context.Context, open, flat bool) error
	// jam drowns all of it, or ends that.
	jam(on bool) error
	// ready returns when the receiver hears, or with the error of ctx.
	ready(ctx context.Context) error
	Close() error
}

// openAntenna is the real rtl_433 on a made signal where it is installed.
func openAntenna(dir string, real bool) (antenna, error) {
	if _, err := exec.LookPath("rtl_433"); err != nil || !real {
		lines, err := openPipe(filepath.Join(dir, "air"))
		if err != nil {
			return nil, err
		}
		p := pipe{lines, make(chan bool), make(chan struct{})}
		go p.hum()
		return p, nil
	}
	air, err := signal.Listen("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return madeAir{air}, nil
}

// madeAir is a made signal, which the real rtl_433 listens to.
type madeAir struct{ air *signal.Air }

func (a madeAir) command() string {
	return `exec rtl_433 -d rtl_tcp:` + a.air.Addr() + ` -c "$RTL_433_CONF"`
}

func (madeAir) says() string { return "radio: real rtl_433 on a simulated antenna" }

func (a madeAir) ready(ctx context.Context) error { return a.air.WaitListening(ctx) }

func (a madeAir) send(ctx context.Context, code uint32, held time.Duration) error {
	over, err := a.air.Send(signal.Press{Code: code, Frames: int(held / oneFrame)}) // none is a short press
	if err != nil {
		return err
	}
	return await(ctx, over)
}

func (a madeAir) report(ctx context.Context, open, flat bool) error {
	number, err := codeOf(demoBackDoor)
	if err != nil {
		return err
	}
	status := byte(signal.DSCAlways | signal.DSCCase)
	if !open {
		status |= signal.DSCClosed
	}
	if flat {
		status |= signal.DSCLow
	}
	over, err := a.air.Emit(signal.DSC(signal.DSCHalf, number, status))
	if err != nil {
		return err
	}
	return await(ctx, over)
}

func await(ctx context.Context, over <-chan time.Time) error {
	select {
	case <-over:
	case <-ctx.Done():
	}
	return nil
}

func (a madeAir) jam(on bool) error {
	a.air.Jam(on)
	return nil
}

func (a madeAir) Close() error { return a.air.Close() }

// oneFrame is how long a frame takes: 24 bits of 4 and a sync of 32 short pulses.
const oneFrame = (24*4 + 32) * signal.DefaultTE

// pipe is where rtl_433 is not installed: what it would print.
type pipe struct {
	file   *os.File
	jammed chan bool     // says whether it is from now on
	closed chan struct{} // ends hum
}

// hum writes how loud the air is, each second, as rtl_433 does.
func (p pipe) hum() {
	level := "noise level -30.0"
	for tick := time.NewTicker(time.Second); ; {
		select {
		case jammed := <-p.jammed:
			if level = "noise level -30.0"; jammed {
				level = "signal level -2.0"
			}
		case <-tick.C:
			_, _ = fmt.Fprintf(p.file, `{"src":"Auto Level","msg":"Current %s dB, estimated noise -30.0 dB"}`+"\n", level) // a receiver that is gone hears nothing
		case <-p.closed:
			tick.Stop()
			return
		}
	}
}

func (p pipe) jam(on bool) error {
	p.jammed <- on
	return nil
}

// openPipe makes a named pipe and holds it open, so that its reader never sees
// an end.
func openPipe(path string) (*os.File, error) {
	if err := unix.Mkfifo(path, 0o600); err != nil {
		return nil, fmt.Errorf("cannot make a named pipe: %w", err)
	}
	return os.OpenFile(path, os.O_RDWR, 0)
}

func (p pipe) command() string { return "exec cat '" + p.file.Name() + "'" }

func (pipe) says() string {
	return "radio: rtl_433 is not installed; its lines are written instead"
}

func (pipe) ready(context.Context) error { return nil } // a pipe keeps what is written

// sentForm is how rtl_433 writes the time of a frame (report_meta time:usec:utc).
const sentForm = "2006-01-02 15:04:05.000000"

// send writes a press as rtl_433 prints it: a line for each frame, with its time.
// They come all at once when it is over: a busy machine cannot tear them apart.
func (p pipe) send(ctx context.Context, code uint32, held time.Duration) error {
	held = min(held, 3*time.Second) // a line that comes 4 s after its time is not believed
	began := time.Now().UTC()
	select {
	case <-time.After(held):
	case <-ctx.Done():
		return nil
	}
	var lines strings.Builder
	for n := range max(3, int(held/oneFrame)) {
		at := began.Add(time.Duration(n) * oneFrame)
		fmt.Fprintf(&lines, `{"time":"%s","model":"EV1527","code":%d}`+"\n", at.Format(sentForm), code)
	}
	_, err := p.file.WriteString(lines.String())
	return err
}

func (p pipe) report(_ context.Context, open, flat bool) error {
	number := map[bool]int{true: 1}
	_, digits, _ := strings.Cut(demoBackDoor, ":")
	_, err := fmt.Fprintf(p.file, `{"model":"DSC-Security","esn":"%s","closed":%d,"event":1,"tamper":0,"battery_ok":%d,"mic":"CRC"}`+"\n", digits, number[!open], number[!flat])
	return err
}

func (p pipe) Close() error {
	close(p.closed)
	return p.file.Close()
}

// codeOf is the 24 bits of an ID such as ev1527:13CDC0.
func codeOf(id string) (uint32, error) {
	_, digits, _ := strings.Cut(id, ":")
	n, err := strconv.ParseUint(digits, 16, 24)
	return uint32(n), err
}

// dongle is what the receiver's program finds in the USB socket: it does not run
// while the dongle is out.
type dongle struct{ dir string }

func (g dongle) out() string { return filepath.Join(g.dir, "dongle-is-out") }
func (g dongle) pid() string { return filepath.Join(g.dir, "receiver.pid") }

// around makes a receiver's command wait for the dongle, and end as rtl_433 does
// where there is none for 4 s: a program that stays longer is taken for one that
// works.
func (g dongle) around(command string) string {
	return "n=0; while [ -e '" + g.out() + "' ]; do n=$((n+1)); [ $n -lt 20 ] || exit 2; sleep 0.2; done; echo $$ > '" + g.pid() + "'; " + command
}

// unplug ends the receiver and keeps it from being started.
func (g dongle) unplug() error {
	if err := os.WriteFile(g.out(), nil, 0o600); err != nil {
		return err
	}
	text, err := os.ReadFile(g.pid())
	if err != nil {
		return fmt.Errorf("the receiver has not been started yet: %w", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 {
		return fmt.Errorf("the receiver's process is not known: %q", text)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

func (g dongle) plug() error { return os.Remove(g.out()) }

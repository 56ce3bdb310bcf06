package wired

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"
)

// event is a struct input_event of that size.
func event(size int, kind, code uint16, value int32) []byte {
	b := make([]byte, size)
	for n := range b[:size-8] {
		b[n] = 0x5a // of the time
	}
	binary.NativeEndian.PutUint16(b[size-8:], kind)
	binary.NativeEndian.PutUint16(b[size-6:], code)
	binary.NativeEndian.PutUint32(b[size-4:], uint32(value))
	return b
}

// press is what a USB keypad sends for a key that is pressed and let go: the scan
// code, the key, a report, and the same again.
func press(size int, code uint16) []byte {
	const evMsc, mscScan = 4, 4
	return slices.Concat(event(size, evMsc, mscScan, 0x70059), event(size, evKey, code, 1), event(size, evSyn, synReport, 0),
		event(size, evMsc, mscScan, 0x70059), event(size, evKey, code, 0), event(size, evSyn, synReport, 0))
}

func presses(size int, codes ...uint16) (out []byte) {
	for _, code := range codes {
		out = append(out, press(size, code)...)
	}
	return out
}

// typedKeys are the keys of a stream, with one sign each.
func typedKeys(r io.Reader, size int) string {
	var out []byte
	readKeys(r, size, func(k Key) { out = append(out, byte(k)) })
	return strings.NewReplacer("\n", "E", "\b", "B", "\x1b", "X").Replace(string(out))
}

func TestKeys(t *testing.T) {
	const numLock, dot, letterA = 69, 83, 30
	for _, size := range []int{16, 24} {
		held := slices.Concat(event(size, evKey, keypad1, 1), event(size, evSyn, synReport, 0), event(size, evKey, keypad1, 2),
			event(size, evSyn, synReport, 1), event(size, evKey, keypad1, 2), event(size, evKey, keypad1, 0), event(size, evSyn, synReport, 0))
		for name, c := range map[string]struct {
			stream []byte
			want   string
		}{
			"the digits of a keypad":       {presses(size, 82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789"},
			"the row above the letters":    {presses(size, 11, 2, 3, 4, 5, 6, 7, 8, 9, 10), "0123456789"},
			"Enter, both":                  {presses(size, 96, 28), "EE"},
			"star, slash, both":            {presses(size, 55, 98, 53), "*//"},
			"Backspace and Esc":            {presses(size, 14, 1), "BX"},
			"other keys say nothing":       {presses(size, numLock, dot, letterA, 0, 0x2ff, 0xffff), ""},
			"Num Lock around each digit":   {presses(size, numLock, keypad1, numLock, numLock, 80, numLock), "12"},
			"held: one press":              {held, "1"},
			"let go, but never pressed":    {event(size, evKey, keypad1, 0), ""},
			"other events":                 {slices.Concat(event(size, 2, keypad1, 1), event(size, 3, keypad1, 1), event(size, 0x11, keypad1, 1)), ""},
			"events were lost":             {slices.Concat(presses(size, 79), event(size, evSyn, synDropped, 0), event(size, evKey, 80, 1), event(size, evSyn, synReport, 0), presses(size, 81)), "1X3"},
			"the last event is cut off":    {presses(size, 79, 80)[:8*size-1], "1"},
			"nothing":                      {nil, ""},
			"a press of a negative number": {event(size, evKey, keypad1, -1), ""},
		} {
			if got := typedKeys(bytes.NewReader(c.stream), size); got != c.want {
				t.Errorf("%d bytes, %s: %q instead of %q", size, name, got, c.want)
			}
			if got := typedKeys(iotest.OneByteReader(bytes.NewReader(c.stream)), size); got != c.want {
				t.Errorf("%d bytes, %s, byte by byte: %q instead of %q", size, name, got, c.want)
			}
		}
	}
}

// FuzzKeys: whatever comes, nothing but keys of a keypad comes out, at most one
// for each event, and the same however the stream is cut.
func FuzzKeys(f *testing.F) {
	f.Add(presses(24, 79, 80, 96), true)
	f.Add(presses(16, 55, 98, 1), false)
	f.Add(slices.Concat(event(24, evSyn, synDropped, 0), press(24, 79)), true)
	f.Fuzz(func(t *testing.T, stream []byte, wide bool) {
		size := 16
		if wide {
			size = 24
		}
		got := typedKeys(bytes.NewReader(stream), size)
		if strings.Trim(got, "0123456789E*/BX") != "" || len(got) > len(stream)/size {
			t.Errorf("%d bytes give %q", len(stream), got)
		}
		if halves := typedKeys(iotest.HalfReader(bytes.NewReader(stream)), size); halves != got {
			t.Errorf("%q, and cut in halves %q", got, halves)
		}
	})
}

// desk is a keypad that is plugged in and out, in the time of a test.
type desk struct {
	keypad *Keypad
	keys   []byte
	said   []string
	opened []time.Duration
	began  time.Time
	plug   *io.PipeWriter // of the device that is open
	gone   bool           // it is not there

	sync.Mutex // of all of it
}

func newDesk() *desk {
	d := &desk{began: time.Now()}
	d.keypad = &Keypad{open: func() (io.ReadCloser, error) {
		d.Lock()
		defer d.Unlock()
		d.opened = append(d.opened, time.Since(d.began))
		if d.gone {
			return nil, &fs.PathError{Op: "open", Path: "/dev/input/event3", Err: fs.ErrNotExist}
		}
		r, w := io.Pipe()
		d.plug = w
		return r, nil
	}}
	return d
}

func (d *desk) run(ctx context.Context) {
	d.keypad.Run(ctx, func(k Key) { d.with(func() { d.keys = append(d.keys, byte(k)) }) },
		func(err error) { d.with(func() { d.said = append(d.said, fmt.Sprint(err)) }) })
}

func (d *desk) with(do func()) {
	d.Lock()
	defer d.Unlock()
	do()
}

// line is the plug that is in.
func (d *desk) line() *io.PipeWriter {
	d.Lock()
	defer d.Unlock()
	return d.plug
}

// pass lets time pass, and all that is to happen in it.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestKeypadComesAndGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan bool)
		d.gone = true
		go func() { d.run(ctx); close(ended) }()
		pass(20 * time.Second)
		d.with(func() { d.gone = false })
		pass(5 * time.Second)
		d.line().Write(presses(eventSize, 79, 80))
		pass(time.Minute)
		d.line().CloseWithError(&fs.PathError{Op: "read", Path: "/dev/input/event3", Err: unix.ENODEV})
		pass(1500 * time.Millisecond)
		d.line().Write(presses(eventSize, 81, 96))
		pass(time.Second)
		stop()
		<-ended
		if got := string(d.keys); got != "12\x1b3\n\x1b" {
			t.Errorf("typed %q", got)
		}
		want := []string{"it is not plugged in", "<nil>", "it was unplugged", "<nil>"}
		if !slices.Equal(d.said, want) {
			t.Errorf("said %q", d.said)
		}
		opened := []time.Duration{0, 1 * time.Second, 3 * time.Second, 8 * time.Second, 13 * time.Second, 18 * time.Second, 23 * time.Second, 86 * time.Second}
		if !slices.Equal(d.opened, opened) {
			t.Errorf("opened at %v", d.opened)
		}
	})
}

// A keypad with a bad cable is not opened again and again without a pause, and
// the end of the panel ends it while it is waited for.
func TestKeypadThatFlaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan bool)
		go func() { d.run(ctx); close(ended) }()
		for range 300 {
			pass(200 * time.Millisecond)
			d.line().Close()
		}
		if n := len(d.opened); n < 10 || n > 15 {
			t.Errorf("opened %d times in a minute", n)
		}
		stop()
		<-ended
	})
}

func TestWhyAKeypadFails(t *testing.T) {
	at := func(err error) error { return &fs.PathError{Op: "open", Path: "/dev/input/event3", Err: err} }
	for want, err := range map[string]error{
		denied("read it", "input").Error():   at(unix.EACCES),
		"another program keeps it to itself": unix.EBUSY,
		"it is not plugged in":               at(unix.ENOENT),
		"it was unplugged":                   at(unix.ENODEV),
		"input/output error":                 at(unix.EIO),
		"it has no keys with digits":         noKeypad("it has no keys with digits"), // another device has its number now
	} {
		if got := why(err).Error(); got != want {
			t.Errorf("%v: %q", err, got)
		}
	}
}

func TestOpenKeypadRefuses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, device := range []string{"/dev/null", dir, file} {
		_, err := OpenKeypad(device)
		if err == nil || !strings.Contains(err.Error(), "it is no input device; `ls /dev/input/by-id`") || !strings.Contains(err.Error(), device) {
			t.Errorf("%s: %v", device, err)
		}
	}
	if _, err := OpenKeypad(filepath.Join(dir, "none")); err != nil {
		t.Errorf("one that is not plugged in yet is refused: %v", err)
	}
}

func TestKeysThatADeviceHas(t *testing.T) {
	var mouse, numbers, row keySet
	mouse[0x110/8] = 1 // BTN_LEFT
	numbers[79/8] = 1 << (79 % 8)
	row[0] = 1 << 2
	for name, c := range map[string]struct {
		set  keySet
		want bool
	}{"mouse": {mouse, false}, "keypad": {numbers, true}, "keyboard": {row, true}, "nothing": {keySet{}, false}} {
		if got := c.set.has(key1) || c.set.has(keypad1); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestKeypadOnAPipe reads a real file, which no console has, and ends at once.
func TestKeypadOnAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypad")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := OpenKeypad(path)
	if err != nil {
		t.Fatal(err)
	}
	hand, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer hand.Close()
	ctx, stop := context.WithCancel(t.Context())
	got, ended, works := make(chan Key, 100), make(chan bool), make(chan error, 10)
	go func() {
		k.Run(ctx, func(k Key) { got <- k }, func(err error) { works <- err })
		close(ended)
	}()
	if err := <-works; err != nil {
		t.Fatal(err)
	}
	stream := presses(eventSize, 79, 80, 96)
	cut := rand.IntN(len(stream))
	for _, part := range [][]byte{stream[:cut], stream[cut:]} {
		if _, err := hand.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []Key{'1', '2', KeyEnter} {
		if k := <-got; k != want {
			t.Errorf("%q instead of %q", byte(k), byte(want))
		}
	}
	stop()
	<-ended
}

// The kernel is asked in earnest: what is no input device knows neither question.
func TestWhatIsNoInputDeviceSaysSo(t *testing.T) {
	f, err := os.Open("/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := hasDigits(f); !errors.As(err, new(noKeypad)) {
		t.Errorf("its keys: %v", err)
	}
	if err := grab(f); !errors.Is(err, unix.ENOTTY) && !errors.Is(err, unix.EINVAL) {
		t.Errorf("grabbed: %v", err)
	}
}

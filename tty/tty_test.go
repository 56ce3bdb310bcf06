package tty_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/tty"
)

func TestAPortIsOursAlone(t *testing.T) {
	device := pair(t)
	open := func() (io.ReadWriteCloser, error) { return tty.Open("the modem", device, 115200) }
	first, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(); err == nil || !strings.Contains(err.Error(), "used by another") {
		t.Errorf("a second opening returned %v", err)
	}
	out, err := exec.Command("sh", "-c", "ls -l /proc/self/fd").CombinedOutput()
	if err != nil || strings.Contains(string(out), device+"\n") {
		t.Errorf("a child has the port (%v):\n%s", err, out)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	again, err := open()
	if err != nil {
		t.Fatalf("after Close: %v", err)
	}
	_ = again.Close()
}

// The library's port would write into whatever file has its descriptor next.
func TestNothingIsWrittenAfterClose(t *testing.T) {
	port, err := tty.Open("the modem", pair(t), 115200)
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, port)
		read <- err
	}()
	time.Sleep(50 * time.Millisecond)
	if err := errors.Join(port.Close(), port.Close()); err != nil {
		t.Error(err)
	}
	select {
	case err := <-read:
		if err == nil {
			t.Error("Read ended without an error")
		}
	case <-time.After(5 * time.Second):
		t.Error("Close did not end Read")
	}
	var files []string
	for range 16 { // one of them gets the descriptor
		f, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files = append(files, f.Name())
	}
	if n, err := port.Write([]byte("AT+CMGS=23\r")); err == nil || n != 0 {
		t.Errorf("Write returned %d, %v", n, err)
	}
	for _, name := range files {
		if b, _ := os.ReadFile(name); len(b) > 0 {
			t.Errorf("%q was written to a file", b)
		}
	}
}

func TestAPortThatIsNotThereIsTold(t *testing.T) {
	_, err := tty.Open("the modem", "/dev/ttyNOPE", 9600)
	if err == nil || !strings.Contains(err.Error(), "the modem's port /dev/ttyNOPE") || !strings.Contains(err.Error(), "plugged in") {
		t.Errorf("got %v", err)
	}
}

// A tty whose other end takes nothing must not hold up its writer for ever.
func TestAWriteThatIsNotTakenEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 5 s")
	}
	t.Parallel()
	port, err := tty.Open("the modem", pair(t), 115200)
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	began := time.Now()
	_, err = port.Write(make([]byte, 1<<20))
	if err == nil || time.Since(began) > 8*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}

// A modem is looked for at other rates without the port being opened anew.
func TestTheRateIsChanged(t *testing.T) {
	device := pair(t)
	look, err := unix.Open(device, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(look)
	port, err := tty.Open("the modem", device, 115200)
	if err != nil {
		t.Fatal(err)
	}
	rated := port.(interface{ SetBaud(int) error })
	for baud, bits := range map[int]uint32{9600: unix.B9600, 57600: unix.B57600, 115200: unix.B115200} {
		if err := rated.SetBaud(baud); err != nil {
			t.Fatal(err)
		}
		if got, err := unix.IoctlGetTermios(look, unix.TCGETS); err != nil || got.Cflag&unix.CBAUD != bits {
			t.Errorf("set to %d it has the bits %#o (%v)", baud, got.Cflag&unix.CBAUD, err)
		}
	}
	_ = port.Close()
	if rated.SetBaud(9600) == nil {
		t.Error("a port that is closed has taken a rate")
	}
}

package wired

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"strconv"

	"golang.org/x/sys/unix"
)

// Keypad is a numeric keypad that Linux knows as an input device, or a named pipe
// that gives the same bytes. What is typed goes to whoever asked for it and to
// nobody else: no console, no log, no error.
type Keypad struct {
	open func() (io.ReadCloser, error)
}

// OpenKeypad checks the device that the owner named. An error is of a device that
// can't be a keypad, ever; one that is not plugged in, or that may not be read
// now, is tried again by Run.
func OpenKeypad(device string) (*Keypad, error) {
	k := &Keypad{open: func() (io.ReadCloser, error) { return takeInput(device) }}
	f, err := openInput(device)
	if errors.As(err, new(noKeypad)) {
		return nil, fmt.Errorf("the keypad %q can't be used: %w; `ls /dev/input/by-id` shows what is plugged in, for example --keypad /dev/input/by-id/usb-04d9_1203-event-kbd", device, err)
	}
	if err == nil {
		f.Close()
	}
	return k, nil
}

// Run hands on the keys that are pressed, one by one, until ctx ends. A keypad
// that is not there is waited for, and opened again after 1, 2, 5, 5 … s: what is
// typed before that goes to the console. report gets each change: why the keypad
// fails, and nil when it works. After a gap comes KeyEsc, since what stands before
// it does not belong to what stands behind.
func (k *Keypad) Run(ctx context.Context, key func(Key), report func(error)) {
	tell := news(report)
	again(ctx, func() error {
		f, err := k.open()
		if err == nil {
			tell(nil)
			err = typed(ctx, f, key)
			key(KeyEsc)
		}
		return err
	}, func(err error) { tell(why(err)) })
}

// typed reads keys until the keypad is gone or ctx ends.
func typed(ctx context.Context, f io.ReadCloser, key func(Key)) error {
	defer context.AfterFunc(ctx, func() { f.Close() })()
	defer f.Close()
	return readKeys(f, eventSize, key)
}

// denied says which group may do what the panel may not.
func denied(what, group string) error {
	name := strconv.Itoa(os.Getuid())
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return fmt.Errorf("user %s may not %s; the group %s may: sudo usermod -aG %[3]s %[1]s, then start the panel anew", name, what, group)
}

// why says in words why the keypad does not work.
func why(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, unix.ENXIO):
		return errors.New("it is not plugged in")
	case errors.Is(err, fs.ErrPermission):
		return denied("read it", "input")
	case errors.Is(err, unix.EBUSY):
		return errors.New("another program keeps it to itself")
	case errors.Is(err, unix.ENODEV), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it was unplugged")
	}
	return cleaned(err)
}

// cleaned is an error without the path.
func cleaned(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// noKeypad says why a device is none, ever.
type noKeypad string

func (n noKeypad) Error() string { return string(n) }

// inputMajor is the number of input devices (Linux, Documentation/admin-guide/devices.txt).
const inputMajor = 13

// openInput opens an input device with digits. Nothing else is opened: some
// devices do something when they are.
func openInput(device string) (*os.File, error) {
	stat, err := os.Stat(device)
	if err != nil {
		return nil, err
	}
	if stat.Mode().Type() == fs.ModeNamedPipe {
		return os.OpenFile(device, os.O_RDWR|unix.O_NONBLOCK, 0) // to write too, so that it never ends
	}
	var raw unix.Stat_t
	if err := unix.Stat(device, &raw); err != nil {
		return nil, err
	}
	if stat.Mode().Type() != fs.ModeDevice|fs.ModeCharDevice || unix.Major(raw.Rdev) != inputMajor {
		return nil, noKeypad("it is no input device")
	}
	f, err := os.OpenFile(device, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if err := hasDigits(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// hasDigits refuses what has no key that is a digit: a mouse, a joystick, or the
// other half of a keypad that Linux sees as two.
func hasDigits(f *os.File) error {
	keys, err := keysOf(f)
	switch {
	case errors.Is(err, unix.ENOTTY), errors.Is(err, unix.EINVAL):
		return noKeypad("it does not speak of keys")
	case err != nil:
		return err
	case !keys.has(key1) && !keys.has(keypad1):
		return noKeypad("it has no keys with digits")
	}
	return nil
}

// takeInput opens the device and keeps it from everybody else.
func takeInput(device string) (*os.File, error) {
	f, err := openInput(device)
	if err != nil {
		return nil, err
	}
	if err := grab(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

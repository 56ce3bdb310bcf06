package wired

import (
	"encoding/binary"
	"io"
	"math/bits"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Key is a key of a keypad: a digit from '0' to '9', or one of these.
type Key byte

// The keys besides the digits.
const (
	KeyEnter     Key = '\n'
	KeyStar      Key = '*'
	KeySlash     Key = '/'
	KeyBackspace Key = '\b'
	KeyEsc       Key = 0x1b
)

// What of linux/input-event-codes.h is looked at.
const (
	evSyn, evKey = 0, 1

	synReport, synDropped = 0, 3

	pressed = 1 // 0 is a release, 2 a repetition while it is held

	key1, keypad1 = 2, 79
)

// keys are the codes of keys, on a keypad and on the row above the letters. They
// do not depend on Num Lock.
var keys = map[uint16]Key{
	key1: '1', 3: '2', 4: '3', 5: '4', 6: '5', 7: '6', 8: '7', 9: '8', 10: '9', 11: '0',
	keypad1: '1', 80: '2', 81: '3', 75: '4', 76: '5', 77: '6', 71: '7', 72: '8', 73: '9', 82: '0',
	28: KeyEnter, 96: KeyEnter, 55: KeyStar, 53: KeySlash, 98: KeySlash, 14: KeyBackspace, 1: KeyEsc,
}

// eventSize is that of struct input_event (linux/input.h): two machine words of
// time, and 8 bytes of type, code and value; 24 where a word has 64 bits, 16 where
// it has 32.
const eventSize = 2*bits.UintSize/8 + 8

// readKeys hands on the keys that are pressed, until r fails.
func readKeys(r io.Reader, size int, key func(Key)) error {
	b := make([]byte, size)
	defer clear(b) // the last digit
	for lost := false; ; {
		if _, err := io.ReadFull(r, b); err != nil {
			return err
		}
		e := b[size-8:]
		kind, code := binary.NativeEndian.Uint16(e), binary.NativeEndian.Uint16(e[2:])
		switch {
		case kind == evSyn && code == synDropped:
			lost = true // events were, and what comes up to the next report is not whole
			key(KeyEsc)
		case kind == evSyn && code == synReport:
			lost = false
		case kind == evKey && binary.NativeEndian.Uint32(e[4:]) == pressed && !lost:
			if k, known := keys[code]; known {
				key(k)
			}
		}
	}
}

// keySet is a bit for each code of a key, in the order of a machine that puts the
// low byte first, as all that we build for do.
type keySet [96]byte

func (s keySet) has(code int) bool { return s[code/8]>>(code%8)&1 == 1 }

// Requests of linux/input.h, as arm, arm64 and amd64 have them.
const (
	eviocGrab    = 0x40044590                               // EVIOCGRAB
	eviocGetKeys = 0x80004521 | unsafe.Sizeof(keySet{})<<16 // EVIOCGBIT(EV_KEY, …)
)

// keysOf asks which keys a device has.
func keysOf(f *os.File) (s keySet, err error) {
	err = control(f, func(fd uintptr) (errno unix.Errno) {
		_, _, errno = unix.Syscall(unix.SYS_IOCTL, fd, eviocGetKeys, uintptr(unsafe.Pointer(&s)))
		return errno
	})
	return s, err
}

// grab keeps what is typed from the console and from every other program. A pipe
// has no other reader.
func grab(f *os.File) error {
	if stat, err := f.Stat(); err != nil || stat.Mode().Type() == os.ModeNamedPipe {
		return err
	}
	return control(f, func(fd uintptr) (errno unix.Errno) {
		_, _, errno = unix.Syscall(unix.SYS_IOCTL, fd, eviocGrab, 1)
		return errno
	})
}

// control asks the kernel something of a device besides open, read and close.
func control(f *os.File, ask func(fd uintptr) unix.Errno) error {
	raw, err := f.SyscallConn() // not Fd, after which Close would not end a Read
	if err != nil {
		return err
	}
	var errno unix.Errno
	if err := raw.Control(func(fd uintptr) { errno = ask(fd) }); err != nil {
		return err
	}
	if errno != 0 {
		return errno
	}
	return nil
}

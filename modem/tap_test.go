package modem_test

import "io"

// tap is a line into which a test can put bytes, as if the modem had sent
// them.
type tap struct {
	io.ReadWriteCloser
	bytes chan []byte
	rest  []byte
	gone  chan struct{}
}

func newTap(line io.ReadWriteCloser) *tap {
	t := &tap{ReadWriteCloser: line, bytes: make(chan []byte, 4096), gone: make(chan struct{})}
	go func() {
		defer close(t.gone)
		for {
			buf := make([]byte, 256)
			n, err := line.Read(buf)
			if err != nil {
				return
			}
			t.bytes <- buf[:n]
		}
	}()
	return t
}

func (t *tap) inject(s string) { t.bytes <- []byte(s) }

func (t *tap) Read(p []byte) (int, error) {
	for len(t.rest) == 0 {
		select {
		case t.rest = <-t.bytes:
		case <-t.gone:
			return 0, io.EOF
		}
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

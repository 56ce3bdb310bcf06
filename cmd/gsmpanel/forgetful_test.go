package main

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// forgetfulDisk is what a file system and its disk owe to a program whose power
// fails: of a file what it had when fsync or fdatasync last returned, of a directory
// the names that it had then. What was written since may be there or not, in any
// order, and torn between any two sectors; each name may be the old one or a newer.
// A sector is whole. More is forgotten than by most real disks, which keep an order.
type forgetfulDisk struct {
	root  string
	names map[string][]*forgetfulFile // what each was since its directory's last sync; the first is on the disk, the last is now
}

type forgetfulFile struct {
	directory bool
	stable    []byte
	pending   []change // since the last sync
}

// change is a write, or where data is nil a new size.
type change struct {
	at   int64
	data []byte
}

func newForgetfulDisk(root string) *forgetfulDisk {
	return &forgetfulDisk{root: root, names: map[string][]*forgetfulFile{root: {{directory: true}}}}
}

func (d *forgetfulDisk) now(path string) *forgetfulFile {
	if h := d.names[path]; len(h) > 0 {
		return h[len(h)-1]
	}
	return nil
}

func (d *forgetfulDisk) name(path string, f *forgetfulFile) {
	if len(d.names[path]) == 0 {
		d.names[path] = []*forgetfulFile{nil}
	}
	d.names[path] = append(d.names[path], f)
}

func (d *forgetfulDisk) open(path string, truncate bool) {
	f := d.now(path)
	if f == nil {
		d.name(path, &forgetfulFile{})
	} else if truncate {
		d.change(path, change{})
	}
}

func (d *forgetfulDisk) change(path string, c change) {
	f := d.now(path)
	f.pending = append(f.pending, c)
}

func (d *forgetfulDisk) rename(from, to string) {
	d.name(to, d.now(from))
	d.name(from, nil)
}

// begun is how far a sync that begins now reaches.
func (d *forgetfulDisk) begun(path string) int {
	if f := d.now(path); f != nil {
		return len(f.pending)
	}
	return 0
}

// synced makes durable what there was when the sync began.
func (d *forgetfulDisk) synced(path string, begun int) {
	f := d.now(path)
	if f == nil {
		return
	}
	if f.directory {
		for name, h := range d.names {
			if filepath.Dir(name) == path {
				d.names[name] = h[len(h)-1:]
			}
		}
		return
	}
	for _, c := range f.pending[:begun] {
		f.stable = c.on(f.stable)
	}
	f.pending = f.pending[begun:]
}

// on is a file's content after the change.
func (c change) on(content []byte) []byte {
	if c.data == nil {
		return resized(content, int(c.at))
	}
	content = resized(content, max(len(content), int(c.at)+len(c.data)))
	copy(content[c.at:], c.data)
	return content
}

func resized(b []byte, size int) []byte {
	if size <= len(b) {
		return b[:size]
	}
	return append(b, make([]byte, size-len(b))...)
}

// size is that of the file as a program sees it.
func (f *forgetfulFile) size() int64 {
	size := int64(len(f.stable))
	for _, c := range f.pending {
		if size = max(size, c.at+int64(len(c.data))); c.data == nil {
			size = c.at
		}
	}
	return size
}

// loss is how a power failure treats what was not synced.
type loss int

const (
	allOfIt   loss = iota // nothing since the sync is there
	noneOfIt              // all is, as after a kill
	theEnd                // the writes are there up to one, which is torn
	somePages             // of each page any state since the sync
	someSectors
	losses
)

// fail puts what is left after a power failure into the directory to.
func (d *forgetfulDisk) fail(r *rand.Rand, how loss, to string) error {
	for _, name := range slices.Sorted(maps.Keys(d.names)) { // a directory before what is in it
		h := d.names[name]
		f := h[r.IntN(len(h))]
		switch how {
		case allOfIt:
			f = h[0]
		case noneOfIt:
			f = h[len(h)-1]
		}
		path := filepath.Join(to, name[len(d.root):])
		if _, err := os.Stat(filepath.Dir(path)); f == nil || err != nil {
			continue
		}
		var err error
		if f.directory {
			err = os.MkdirAll(path, 0o700)
		} else {
			err = os.WriteFile(path, f.left(r, how), 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// left is a file's content after a power failure.
func (f *forgetfulFile) left(r *rand.Rand, how loss) []byte {
	out := bytes.Clone(f.stable)
	switch how {
	case noneOfIt:
		for _, c := range f.pending {
			out = c.on(out)
		}
	case theEnd:
		n := r.IntN(len(f.pending) + 1)
		for _, c := range f.pending[:n] {
			out = c.on(out)
		}
		if n < len(f.pending) && len(f.pending[n].data) > 0 {
			c := f.pending[n]
			c.data = c.data[:r.IntN(len(c.data)/512+1)*512]
			out = c.on(out)
		}
	case somePages:
		out = f.shuffled(r, 4096)
	case someSectors:
		out = f.shuffled(r, 512)
	}
	return out
}

// shuffled takes of each unit of the file any of the states that it had since the
// last sync, and of its size too.
func (f *forgetfulFile) shuffled(r *rand.Rand, unit int) []byte {
	now, out := bytes.Clone(f.stable), bytes.Clone(f.stable)
	size, states := len(now), map[int]int{}
	for n, c := range f.pending {
		now = c.on(now)
		if r.IntN(n+2) == 0 {
			size = len(now)
		}
		out = resized(out, max(len(out), len(now)))
		for u := int(c.at) / unit; u*unit < int(c.at)+len(c.data); u++ {
			if states[u]++; r.IntN(states[u]+1) == 0 {
				copy(out[u*unit:min(len(out), (u+1)*unit)], now[u*unit:])
			}
		}
	}
	return resized(out, size)
}

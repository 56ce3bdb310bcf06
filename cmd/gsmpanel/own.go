package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// writeOwn leaves a whole file on the disk, for its owner's eyes only, or none. It
// writes over nothing; what names what is written, with an example of a file's name.
func writeOwn(path, what, example string, content func() ([]byte, error)) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return taken(path, what, example)
	}
	if err != nil {
		return noFile(path, "written", err)
	}
	defer func() {
		if closing := f.Close(); err == nil && closing != nil {
			err = noFile(path, "written", closing)
		}
		if err != nil {
			_ = os.Remove(path) // half of it is none
		}
	}()
	all, err := content()
	if err != nil {
		return err
	}
	if _, err = f.Write(all); err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = syncDirectory(filepath.Dir(path)) // or a power cut could take the name away
	}
	if err != nil {
		return noFile(path, "written", err)
	}
	return nil
}

// taken refuses a name that something has, also a link that leads nowhere.
func taken(path, what, example string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return broken("give a file in it, for example "+filepath.Join(path, example), "%s is a directory, and %s is a file", path, what)
	}
	end := filepath.Ext(path)
	return broken("give another name, for example "+strings.TrimSuffix(path, end)+"-2"+end, "%s is there already, and %s is never written over anything", path, what)
}

func syncDirectory(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

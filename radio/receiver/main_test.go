package receiver

import (
	"flag"
	"testing"
)

// These tests wait for programs more than they compute; -parallel overrides it.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	m.Run()
}

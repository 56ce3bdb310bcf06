package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/gsmpanel/gsmpanel/store"
)

// TestDaemonCPU says what 20 lines a second cost the daemon: of a sensor that is
// there, of neighbours and of garbage. GSMPANEL_CPU is for how many seconds. That a
// sensor is there is no commit.
func TestDaemonCPU(t *testing.T) {
	seconds, _ := strconv.Atoi(os.Getenv("GSMPANEL_CPU"))
	if seconds == 0 {
		t.Skip("GSMPANEL_CPU does not say for how many seconds")
	}
	h := newAirHouse(t, furnishAir(t,
		[]string{"zone", "add", "Back door", "--type", "entry", "--sensor", "dsc:24BDC8", "--supervise", "6h"}))
	lines := []string{
		`{"model":"DSC-Security","id":2407880,"closed":1,"event":0,"tamper":0,"battery_ok":1,"esn":"24bdc8","status":195,"mic":"CRC","rssi":-0.1,"snr":24.1}`,
		frame(0x2A51E3), `{"model":"Nexus-TH","id":55,"channel":1,"battery_ok":1,"temperature_C":21.3,"humidity":40}`, "garbage", keypadLine("1NGBR", 1, "Disarm Pin: 0000"),
	}
	script := h.write("air.sh", "while :; do\n"+"printf '%s\\n' '"+strings.Join(lines, "' '")+"'\n"+"sleep 0.25\ndone\n", 0o700)
	made := transactions(t, h.path("data/"+store.DatabaseFile))
	h.start("--radio", "exec:exec sh '"+script+"'")
	time.Sleep(5 * time.Second)
	before := cpuTime(t, h.panel.pid())
	time.Sleep(time.Duration(seconds) * time.Second)
	used := cpuTime(t, h.panel.pid()) - before
	h.stop()
	t.Logf("20 lines a second for %d s: %.1f %% of a core; %d transactions from its start to its end", seconds,
		100*used.Seconds()/float64(seconds), transactions(t, h.path("data/"+store.DatabaseFile))-made)
}

// transactions is how many a database has seen since it was made.
func transactions(t *testing.T, file string) int {
	t.Helper()
	db, err := bolt.Open(file, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin(false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	return tx.ID()
}

// cpuTime is what a process has used of the processors (proc(5): fields 14 and 15,
// in ticks of 10 ms).
func cpuTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	var ticks int
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

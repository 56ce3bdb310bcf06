package receiver

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
)

// floodLines is 3 s of 20,000 lines a second; the helper prints as fast as it is read.
const floodLines, floodEndless = 60_000, 48 << 20

// pairEvery is after how many lines of garbage two equal frames come.
const pairEvery = 30

// TestFloodProgram is no test, but the program of TestFloodOfGarbage.
func TestFloodProgram(t *testing.T) {
	if os.Getenv("RECEIVER_TEST_FLOOD") == "" {
		t.Skip("it is the program that TestFloodOfGarbage runs")
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range floodLines {
		if i == floodLines/2 {
			for range floodEndless >> 10 {
				_, _ = out.Write(bytes.Repeat([]byte{'{'}, 1<<10)) // a reader that has gone ends us anyhow
			}
		}
		fmt.Fprintf(out, "%s\n", garbage(random))
		if i%pairEvery == 0 {
			pair := fmt.Sprintf(`{"model":"EV1527","len":25,"data":"%06x0","code":%d,"snr":20}`+"\n", floodCode(i), floodCode(i))
			_, _ = out.WriteString(pair + pair)
		}
	}
	_ = out.Flush()
	time.Sleep(time.Hour)
}

func floodCode(i int) int { return 0x100000 + i }

// garbage is a line of which no frame with an ID comes.
func garbage(random *rand.Rand) []byte {
	switch random.IntN(6) {
	case 0:
		return []byte("rtl_433 version 22.11 inputs file rtl_tcp RTL-SDR")
	case 1:
		return []byte(`{"time":"@0.1s","model":"EV1527","len":25,"data":"13cdc00","co`)
	case 2:
		return []byte(`{"model":"LaCrosse-TX141THBv2","id":87,"temperature_C":21.4,"note":"` + strings.Repeat("x", random.IntN(600)) + `"}`)
	case 3:
		return []byte(`{"model":"EV1527","len":24,"data":"13cdc0","code":1297856}`)
	case 4:
		return bytes.Repeat([]byte(`{"model":"EV1527"`), 400) // longer than a line may be
	}
	binary := make([]byte, random.IntN(300))
	for i := range binary {
		if binary[i] = byte(random.Uint32()); binary[i] == '\n' {
			binary[i] = 0
		}
	}
	return binary
}

// Of a flood of garbage, with a line of 48 MB in its middle, every pair comes out
// in order, and memory does not grow with what was read.
func TestFloodOfGarbage(t *testing.T) {
	before := heapHeld()
	var got []string
	o := Options{Command: `exec "$PROGRAM" -test.run='^TestFloodProgram$'`, Env: []string{"PROGRAM=" + os.Args[0], "RECEIVER_TEST_FLOOD=1"}}
	o.Frames = func(f radio.Frame, _ time.Time) {
		if got = append(got, f.ID); len(got)%200 == 1 {
			time.Sleep(time.Millisecond) // the program has to wait
		}
	}
	const pairs = floodLines / pairEvery
	r := play(t, quick, o)
	r.until("the end", func(_ []radio.Frame, s Status) bool { return s.Frames == 2*pairs && s.Lines == floodLines+2*pairs })
	r.stop()
	for i, id := range got {
		if want := fmt.Sprintf("ev1527:%06X", floodCode(i/2*pairEvery)); id != want {
			t.Fatalf("frame %d is %s, want %s", i, id, want)
		}
	}
	if len(got) != 2*pairs {
		t.Errorf("%d frames, want %d", len(got), 2*pairs)
	}
	if grown := heapHeld() - before; grown > floodEndless/2 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
}

// heapHeld is the most that the heap ever had from the system, in bytes.
func heapHeld() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapSys
}

// What a program printed before its end is read to the end, also where one frame
// takes long.
func TestNothingIsLostAtTheEnd(t *testing.T) {
	t.Parallel()
	o := Options{Command: `yes '{"model":"EV1527","code":1}' | head -n 1500`}
	n := 0
	o.Frames = func(radio.Frame, time.Time) {
		if n++; n == 100 {
			time.Sleep(drainWait)
		}
	}
	r := play(t, quick, o)
	r.until("the end", func(_ []radio.Frame, s Status) bool { return s.Err != nil })
	_, history := r.seen()
	first := slices.IndexFunc(history, func(s Status) bool { return s.Err != nil })
	if s := history[first]; s.Frames != 1500 {
		t.Errorf("%d frames told with the end, want 1500", s.Frames)
	}
}

package modem

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// cut feeds bytes to lines.
func cut(s string, prompt bool) (out []string, noise int) {
	var l lines
	for i := range len(s) {
		if line, ok := l.next(s[i], prompt); ok {
			out = append(out, line)
		}
	}
	return out, l.noise
}

func TestBytesAreCutIntoLines(t *testing.T) {
	cases := []struct {
		name, in string
		prompt   bool
		want     []string
		noise    int
	}{
		{"an answer", "\r\nOK\r\n", false, []string{"OK"}, 0},
		{"an echo before it", "AT+CSQ\r\r\n+CSQ: 17,0\r\n\r\nOK\r\n", false, []string{"AT+CSQ", "+CSQ: 17,0", "OK"}, 0},
		{"a NUL before it", "\r\n\x00OK\r\n", false, []string{"OK"}, 1},
		{"eight bits within it", "\r\nO\xffK\r\n", false, []string{"OK"}, 1},
		{"a prompt that is waited for", "\r\n> ", true, []string{">"}, 0},
		{"one that is not", "\r\n> \r\nOK\r\n", false, []string{">", "OK"}, 0},
		{"a line without an end", "\r\nRDY", false, nil, 0},
		{"a line that is too long", strings.Repeat("x", maxLine+1) + "\r\nOK\r\n", false, []string{"OK"}, 1},
		{"the longest line", strings.Repeat("x", maxLine) + "\r\nOK\r\n", false, []string{strings.Repeat("x", maxLine), "OK"}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, noise := cut(c.in, c.prompt)
			if !slices.Equal(got, c.want) || noise != c.noise {
				t.Errorf("got %q and %d of noise, want %q and %d", got, noise, c.want, c.noise)
			}
		})
	}
}

func TestLinesAreToldFromAnswers(t *testing.T) {
	cases := []struct {
		line, command string
		unsolicited   bool
	}{
		{"RDY", "+CSQ", true},
		{"RING", "", true},
		{"Call Ready", "+CMGL=4", true},
		{"MO CONNECTED", "+CLCC", true},
		{"NO CARRIER", "", true},
		{"NO CARRIER", "+CLCC", true},
		{"NO CARRIER", "D+447700900101;", false},
		{"BUSY", "D+447700900101;", false},
		{"+CREG: 1", "+CREG?", true},
		{`+CREG: 1,"00A1","1F2B"`, "+CREG?", true},
		{"+CREG: 0,1", "+CREG?", false},
		{`+CREG: 2,1,"00A1","1F2B"`, "+CREG?", false},
		{"+CREG: 1", "+CREG=1", true},
		{"+CREG: 1", "", true},
		{"+CLCC: 1,0,0,0,0", "+CLCC", false},
		{"+CLCC: 1", "+CLCC?", false},
		{"+CLCC: 1,0,0,0,0", "+CSQ", true},
		{"+CPIN: READY", "+CPIN?", false},
		{"+CPIN: READY", "+CMGL=4", true},
		{"+CPIN: READY", "", true},
		{"+CFUN: 1", "+CFUN?", false},
		{"+CFUN: 1", "+CMGS=20", true},
		{`+CLIP: "+447700900101",145`, "+CLIP?", true},
		{"+CLIP: 1,1", "+CLIP?", false},
		{"+SJDR: NO JAMMING", "+SJDR?", true},
		{"+SJDR: 1,1,255,1,0", "+SJDR?", false},
		{"+DTMF: 5", "+CMGS=20", true},
		{"+DTMF:5", "", true},
		{"UNDER-VOLTAGE WARNNING", "+CSQ", true},
		{"NORMAL POWER OFF", "", true},
		{"+CMGL: 1,1,,20", "+CMGL=4", false},
		{"+CMGS: 7", "+CMGS=20", false},
		{"+CSQ: 17,0", "+CSQ", false},
		{"OK", "+CSQ", false},
	}
	for _, c := range cases {
		if _, got := parse(c.line, c.command); got != c.unsolicited {
			t.Errorf("%q while %q waits: unsolicited is %v", c.line, c.command, got)
		}
	}
}

// script is a line whose modem says what it is told to.
type script struct {
	said   chan []byte
	closed chan struct{}
	rest   []byte
}

func newScript() *script {
	return &script{said: make(chan []byte, 4096), closed: make(chan struct{})}
}

func (s *script) Read(p []byte) (int, error) {
	for len(s.rest) == 0 {
		select {
		case s.rest = <-s.said:
		case <-s.closed:
			return 0, io.EOF
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func (s *script) Write(p []byte) (int, error) { return len(p), nil }

func (s *script) Close() error {
	close(s.closed)
	return nil
}

// talk has a session on a script, in step.
func talk(t *testing.T, f func(*session, *script, *[]string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		line := newScript()
		m := New(Options{Open: func() (io.ReadWriteCloser, error) { return line, nil }})
		s, err := m.connect(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer s.close()
		var heard []string
		s.split.urc = func(u urc) { heard = append(heard, u.line+u.pdu) }
		s.split.turn(toLibrary, "")
		f(s, line, &heard)
	})
}

// Measured in the library: with RING and +CLIP in the middle of its answer
// AT+CSQ returned ["RING" "+CLIP: ..." "+CSQ: 17,0"].
func TestTheLibraryNeverSeesAnUnsolicitedLine(t *testing.T) {
	talk(t, func(s *session, line *script, heard *[]string) {
		time.AfterFunc(time.Second, func() {
			line.said <- []byte("\r\nRING\r\n\r\n+CLIP: \"+447700900101\",145\r\n\r\n+CSQ: 17,0\r\n\r\n+CMTI: \"SM\",3\r\n\r\nOK\r\n")
		})
		info, err := s.command("+CSQ", quick)
		if err != nil || !slices.Equal(info, []string{"+CSQ: 17,0"}) {
			t.Errorf("got %q, %v", info, err)
		}
		synctest.Wait()
		if want := []string{"RING", `+CLIP: "+447700900101",145`, `+CMTI: "SM",3`}; !slices.Equal(*heard, want) {
			t.Errorf("heard %q, want %q", *heard, want)
		}
	})
}

// What no line end follows is dropped, and takes no more memory than a line.
func TestALineWithoutAnEndIsBounded(t *testing.T) {
	var l lines
	for range 1 << 20 {
		if line, ok := l.next('x', false); ok {
			t.Fatalf("it has the line %q", line)
		}
	}
	if cap(l.buf) > 2*maxLine {
		t.Errorf("it takes %d bytes", cap(l.buf))
	}
}

// An answer without a command may be that of the command before, and the next one
// be mistaken.
func TestAnAnswerThatNobodyAskedForPutsTheLineOutOfStep(t *testing.T) {
	talk(t, func(s *session, line *script, _ *[]string) {
		line.said <- []byte("\r\nOK\r\n")
		synctest.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.stray {
			t.Error("it went unnoticed")
		}
	})
}

// Measured in the library: an OK without +CMGS is an error of its own there, and
// whether the text went is not known.
func TestATextThatIsTakenWithoutAReference(t *testing.T) {
	talk(t, func(s *session, line *script, _ *[]string) {
		time.AfterFunc(time.Second, func() { line.said <- []byte("\r\n> ") })
		time.AfterFunc(2*time.Second, func() { line.said <- []byte("\r\nOK\r\n") })
		if ref, err := s.submit(Text{}, submission{length: 1, pdu: "0000"}); err != ErrUnknown {
			t.Errorf("its reference is %d, %v", ref, err)
		}
	})
}

// NO CARRIER of the last call may come when the next is being dialled.
func TestTheEndOfTheLastCallIsNotThatOfTheNext(t *testing.T) {
	talk(t, func(s *session, _ *script, _ *[]string) {
		c, err := s.m.begin(false)
		if err != nil {
			t.Fatal(err)
		}
		s.callLine(urc{name: "NO CARRIER", line: "NO CARRIER"})
		if !s.m.calling() || c.ending || c.explain {
			t.Error("the call that is dialled has ended")
		}
	})
}

// The library knows one spelling of it only, and waits for ever at the other.
func TestNoDialToneIsSpeltAsTheLibraryKnowsIt(t *testing.T) {
	for _, line := range []string{"NO DIAL TONE", "NO DIALTONE"} {
		if got := spelt(line); got != "NO DIALTONE\r\n" {
			t.Errorf("%q is given as %q", line, got)
		}
	}
}

// Measured in the library: AT+COPS? timed out, then AT+CPIN? returned
// "+COPS: ..." without an error though the modem answered "+CME ERROR".
func TestALateAnswerIsDropped(t *testing.T) {
	talk(t, func(s *session, line *script, _ *[]string) {
		if _, err := s.command("+COPS?", quick); err != errLate {
			t.Fatalf("got %v", err)
		}
		line.said <- []byte("\r\n+COPS: 0,0,\"Simnet\"\r\n\r\nOK\r\n")
		go func() {
			time.Sleep(escapeTime + 50*time.Millisecond)
			line.said <- []byte("\r\nOK\r\n") // to AT
			time.Sleep(50 * time.Millisecond)
			line.said <- []byte("\r\n865170036404281\r\n\r\nOK\r\n")
			time.Sleep(50 * time.Millisecond)
			line.said <- []byte("\r\n+CME ERROR: 13\r\n")
		}()
		info, err := s.command("+CPIN?", quick)
		if cme, ok := err.(*CMEError); !ok || cme.Code != 13 || len(info) != 0 {
			t.Errorf("AT+CPIN? returned %q, %v", info, err)
		}
	})
}

// The probe is not content with a late answer of any kind, nor with an earlier
// probe's beside its own.
func TestProbesAreNotDeceived(t *testing.T) {
	imei, charset := "\r\n865170036404281\r\n\r\nOK\r\n", "\r\n+CSCS: \"IRA\"\r\n\r\nOK\r\n"
	cases := []struct {
		name  string
		first string        // while the first probe waits
		lasts time.Duration // the first probe
		next  string        // while the second waits
		ok    bool
	}{
		{"its own answer", imei, 0, "", true},
		{"only OK", "\r\nOK\r\n", quick, charset, true},
		{"the answer to a text", "\r\n+CMGS: 7\r\n\r\nOK\r\n", quick, charset, true},
		{"an error, and then its own: one more, to be sure", "\r\n+CMS ERROR: 500\r\n" + imei, time.Millisecond, charset, true},
		{"silence, then its answer beside that of the next", "", quick, imei + charset, false},
		{"silence", "", quick, "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			talk(t, func(s *session, line *script, _ *[]string) {
				s.unsynced = true
				say := func(after time.Duration, what string) {
					time.AfterFunc(after, func() { line.said <- []byte(what) })
				}
				hello := escapeTime + helloLimit // nobody says OK to AT here
				say(hello+time.Millisecond, c.first)
				say(hello+c.lasts+hello+time.Millisecond, c.next)
				err := s.ready()
				if (err == nil) != c.ok {
					t.Errorf("in step: %v", err)
				}
			})
		})
	}
}

func TestAPDUBelongsToItsHeader(t *testing.T) {
	report := "0006D60B914477009010F16211222100000062112221000000" + "00"
	length := len(report)/2 - 1
	cases := []struct{ name, in, want string }{
		{"whole", fmt.Sprintf("\r\n+CDS: %d\r\n%s\r\n", length, report), fmt.Sprintf("+CDS: %d%s", length, report)},
		{"lost, and OK is not swallowed", "\r\n+CDS: 25\r\n\r\nRING\r\n", "RING"},
		{"cut short", fmt.Sprintf("\r\n+CDS: %d\r\n%s\r\n\r\nRING\r\n", length, report[:20]), "RING"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			talk(t, func(s *session, line *script, heard *[]string) {
				line.said <- []byte(c.in)
				synctest.Wait()
				if got := strings.Join(*heard, "|"); got != c.want {
					t.Errorf("heard %q, want %q", got, c.want)
				}
			})
		})
	}
}

// Whatever comes, lines are cut without loss: what is whole and clean comes
// out, and nothing that is not in the input does.
func FuzzLines(f *testing.F) {
	f.Add([]byte("\r\nOK\r\n\r\n> "), true)
	f.Add([]byte("AT+CMGS=20\r\r\n> 0011\x1a\r\n+CMGS: 1\r\n\r\nOK\r\n"), false)
	f.Fuzz(func(t *testing.T, in []byte, prompt bool) {
		out, _ := cut(string(in), prompt)
		for _, line := range out {
			if line == "" || len(line) > maxLine || strings.ContainsAny(line, "\r\n\x00") {
				t.Errorf("line %q", line)
			}
		}
		marked := string(in) + "\r\nEND-MARK\r\n"
		if out, _ := cut(marked, false); !slices.Contains(out, "END-MARK") {
			t.Errorf("a whole line was lost after %q", in)
		}
	})
}

// Whatever the modem says, the splitter neither panics nor blocks, and of a
// whole unsolicited line after it nothing is lost.
func FuzzSplitter(f *testing.F) {
	for _, s := range []string{"\r\n+CDS: 25\r\n", "\r\n+CMT: ,20\r\n00\r\n", "\r\n+CLCC: 1,0,6\r\n", "> > >", "+CMGL: 1,1,,\r\n", "+CREG: ,,,\r\n", "+CCLK: \"\r\n", "+CUSD: 1,\""} {
		f.Add([]byte(s), "+CREG?")
	}
	f.Fuzz(func(t *testing.T, in []byte, command string) {
		heard := 0
		s := newSplitter(nil, &tracer{out: func(string) {}})
		s.urc = func(u urc) {
			if u.name == "MO CONNECTED" {
				heard++
			}
		}
		s.stray, s.noise = func() {}, func(int) {}
		s.turn(toLibrary, command)
		got, _ := cut(string(in)+"\r\n", false)
		want := 0
		for _, line := range append(got, "MO CONNECTED", "MO CONNECTED") {
			if strings.TrimLeft(line, "> ") == "MO CONNECTED" {
				want++
			}
			s.take(line)
		}
		if heard != want {
			t.Errorf("%d of %d were heard", heard, want)
		}
	})
}

// Why a line ended is known before the library sees that it did, which says only
// "closed".
func TestTheEndOfALineIsToldFirst(t *testing.T) {
	s := newSplitter(nil, &tracer{out: func(string) {}})
	s.over = func(err error) {
		if s.ended || err != io.EOF {
			t.Errorf("%v, and the library was told: %v", err, s.ended)
		}
	}
	s.end(io.EOF)
	if _, err := s.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the library reads %v", err)
	}
}

// With automatic baud rate a modem does not say that it has started anew.
func TestASilentResetIsFoundOut(t *testing.T) {
	for answer, want := range map[string]bool{"+GSMBUSY: 1\r\n\r\nOK": false, "+GSMBUSY: 0\r\n\r\nOK": true, "ERROR": false,
		"+DDET: 1,0,0,0\r\n\r\nOK": false, "+DDET: 0,0,0,0\r\n\r\nOK": true} {
		talk(t, func(s *session, line *script, _ *[]string) {
			s.letsIn = strings.HasPrefix(answer, "+DDET")
			time.AfterFunc(time.Second, func() { line.said <- []byte("\r\n" + answer + "\r\n") })
			if s.forgot(); (s.fault() == errReset) != want {
				t.Errorf("%q: %v", answer, s.fault())
			}
		})
	}
}

func TestAResetEndsTheCommandInFlightAtOnce(t *testing.T) {
	for _, word := range []string{"RDY", "Call Ready", "SMS Ready", "+CPIN: READY"} {
		talk(t, func(s *session, line *script, _ *[]string) {
			s.split.urc = s.unsolicited
			s.boot.phase = running
			began := time.Now()
			time.AfterFunc(time.Second, func() { line.said <- []byte("\r\n" + word + "\r\n") })
			if _, err := s.command("+CMGL=4", cmglLimit); err != errReset || time.Since(began) > 2*time.Second {
				t.Errorf("%s: after %v %v", word, time.Since(began), err)
			}
		})
	}
}

func TestTheWordsOfOneStartAreOneReset(t *testing.T) {
	var b boot
	b.phase = running
	now := time.Now()
	for _, c := range []struct {
		after time.Duration
		word  string
		reset bool
	}{
		{0, "RDY", true}, {time.Second, "+CPIN: READY", false}, {5 * time.Second, "Call Ready", false},
		{9 * time.Second, "SMS Ready", false}, {10 * time.Second, "SMS Ready", true}, {11 * time.Second, "RDY", true},
		{5 * time.Minute, "Call Ready", true},
	} {
		if got := b.heard(c.word, now.Add(c.after)); got != c.reset {
			t.Errorf("%s after %v: %v", c.word, c.after, got)
		}
	}
}

func TestSIMTroubleIsSaidInWords(t *testing.T) {
	cases := []struct {
		state string
		err   error
		want  string
	}{
		{"SIM PIN", nil, ""}, // which is the panel's to enter
		{"NOT INSERTED", nil, "no SIM card"},
		{"", &CMEError{12}, "PUK"},
		{"SIM PUK", nil, "PUK"},
		{"PH_SIM PIN", nil, "PH_SIM PIN"},
		{"", &CMEError{10}, "no SIM card"},
		{"", &CMEError{13}, "try another"},
		{"", &CMEError{14}, ""},
		{"NOT READY", nil, ""},
	}
	for _, c := range cases {
		err := simTrouble(c.state, c.err)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q, %v: %v", c.state, c.err, err)
		}
	}
}

// While it is set up a modem may say that it becomes ready; only RDY means
// that what was said to it so far is lost.
func TestAModemThatStartsIsSetUpOnce(t *testing.T) {
	for word, reset := range map[string]bool{"Call Ready": false, "SMS Ready": false, "+CPIN: READY": false, "RDY": true} {
		talk(t, func(s *session, line *script, _ *[]string) {
			s.split.urc = s.unsolicited
			line.said <- []byte("\r\n" + word + "\r\n")
			synctest.Wait()
			if got := s.fault() == errReset; got != reset {
				t.Errorf("%s: a reset is %v", word, got)
			}
		})
	}
}

// deaf is a line that takes nothing.
type deaf struct{ *script }

func (d deaf) Write([]byte) (int, error) {
	<-d.closed
	return 0, io.ErrClosedPipe
}

func TestAWriteThatIsNotTakenClosesTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := deaf{newScript()}
		g := newGuard(line)
		began := time.Now()
		if _, err := g.Write([]byte("AT\r")); err != errWriteLate || time.Since(began) != writeLimit {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		if _, err := g.Write([]byte("AT\r")); err != errClosed {
			t.Errorf("then: %v", err)
		}
		if _, err := g.Read(make([]byte, 1)); err == nil {
			t.Error("the line is still open")
		}
	})
}

func FuzzServiceText(f *testing.F) {
	for _, s := range []string{`0,"plain",15`, `0,"D9775D0E",15`, `0,"0031",72`, `0,"""`, `,",`, `0,"65006E",17`, `2`} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, rest string) { _ = serviceText(rest) })
}

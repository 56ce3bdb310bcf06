package simulator

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// world is a program on the control socket.
type world struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Scanner
}

func dialWorld(t *testing.T, path string) *world {
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &world{t: t, conn: conn, in: bufio.NewScanner(conn)}
}

func (w *world) do(line string) map[string]any {
	w.t.Helper()
	if _, err := w.conn.Write([]byte(line + "\n")); err != nil {
		w.t.Fatal(err)
	}
	return w.answer()
}

func (w *world) answer() map[string]any {
	w.t.Helper()
	if !w.in.Scan() {
		w.t.Fatalf("no answer: %v", w.in.Err())
	}
	var m map[string]any
	if err := json.Unmarshal(w.in.Bytes(), &m); err != nil {
		w.t.Fatalf("%q: %v", w.in.Text(), err)
	}
	return m
}

func (w *world) ok(line string) map[string]any {
	w.t.Helper()
	m := w.do(line)
	if m["ok"] != true {
		w.t.Errorf("%s: %v", line, m["error"])
	}
	return m
}

func serveWorld(t *testing.T, m *Modem) string {
	path := filepath.Join(t.TempDir(), "control")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- m.ServeControl(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("ServeControl: %v", err)
		}
	})
	return path
}

func TestControlSocket(t *testing.T) {
	m := New(Options{SendTime: 10 * time.Millisecond, SetupTime: time.Millisecond})
	t.Cleanup(func() { m.Close() })
	path := serveWorld(t, m)
	w, waiting := dialWorld(t, path), dialWorld(t, path)

	w.ok(`{"do":"text","from":"` + bob + `","body":"482913 <disarm>"}`)
	w.ok(`{"do":"phone","phone":"` + bob + `","answer_after":0.01,"digits":"1"}`)
	if _, err := waiting.conn.Write([]byte(`{"do":"wait","event":"answered","to":"` + bob + `"}` + "\n")); err != nil {
		t.Fatal(err)
	}
	line := m.Line()
	if _, err := line.Write([]byte("ATE0D" + bob + ";\r")); err != nil {
		t.Fatal(err)
	}
	if a := waiting.answer(); a["ok"] != true {
		t.Errorf("wait: %v", a)
	}
	w.ok(`{"do":"hangup","number":"` + bob + `"}`)
	w.ok(`{"do":"wait","event":"ended"}`)

	a := w.ok(`{"do":"phones"}`)
	p := a["phones"].([]any)[0].(map[string]any)
	text := p["texts"].([]any)[0].(map[string]any)
	call := p["calls"].([]any)[0].(map[string]any)
	if p["number"] != bob || text["body"] != "482913 <disarm>" || text["direction"] != "out" {
		t.Errorf("the text: %v", p)
	}
	if call["direction"] != "in" || call["result"] != "ended" || call["tones"] != "" {
		t.Errorf("the call: %v", call)
	}
	for _, at := range []any{text["time"], call["time"], call["answered"], call["ended"]} {
		s, _ := at.(string)
		if _, err := time.Parse(time.RFC3339, s); err != nil || !strings.Contains(s, ".") {
			t.Errorf("time %v: %v", at, err)
		}
	}
	if a := w.do(`{"do":"answer","from":"` + bob + `"}`); a["ok"] != false || !strings.Contains(a["error"].(string), "no call") {
		t.Errorf("answer without a call: %v", a)
	}
}

func TestControlWaitEndsWithTheModem(t *testing.T) {
	m := New(Options{})
	w := dialWorld(t, serveWorld(t, m))
	if _, err := w.conn.Write([]byte(`{"do":"wait","event":"dialled"}` + "\n")); err != nil {
		t.Fatal(err)
	}
	for !waits(m) {
		time.Sleep(time.Millisecond)
	}
	m.Close()
	if a := w.answer(); a["ok"] != false {
		t.Errorf("wait on a closed modem: %v", a)
	}
}

func waits(m *Modem) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.waiters) > 0
}

func FuzzControl(f *testing.F) {
	for _, s := range []string{`{"do":"phones"}`, `{"do":"text","from":"+44","body":"x"}`, `{"do":"fault","name":"late","for":"20s"}`, `{"do":"pdu","pdu":"0400"}`, `{"do":"phone","phone":"1","answer_after":-1}`, `[]`, ``, `{"do":"digits","from":"1","digits":"1"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := New(Options{})
		defer m.Close()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if r := m.control(ctx, []byte(s)); !r.OK && r.Error == "" {
			t.Errorf("%q is answered with neither ok nor an error", s)
		}
	})
}

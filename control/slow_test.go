package control

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var quiet = slog.New(slog.DiscardHandler)

// pipe serves one connection that is in memory, so that its time may be fake.
func pipe(t *testing.T, d *fakeDesk) (client net.Conn, ended <-chan struct{}) {
	t.Helper()
	client, conn := net.Pipe()
	t.Cleanup(func() { _ = client.Close() })
	s, done := &server{desk: d, follow: d.follow, learn: d.air.learn, log: quiet}, make(chan struct{})
	go func() {
		defer close(done)
		s.welcome(t.Context(), conn, make(chan struct{}, 1))
	}()
	return client, done
}

func TestASilentClientIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, ended := pipe(t, &fakeDesk{})
		time.Sleep(readTime - time.Millisecond)
		synctest.Wait()
		select {
		case <-ended:
			t.Error("dropped before its time")
		default:
		}
		time.Sleep(2 * time.Millisecond)
		<-ended
	})
}

func TestASlowFollowerIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &fakeDesk{}
		client, ended := pipe(t, d)
		if _, err := io.WriteString(client, `{"do":"follow"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		before := time.Now()
		for range 10 * followRoom {
			d.write(true, "another")
		}
		if time.Now() != before {
			t.Error("the journal waited for the client")
		}
		time.Sleep(2*writeTime + time.Second)
		<-ended
	})
}

// The last entry may be lost on its way too; then a look at the journal finds it.
func TestFollowFindsWhatWasLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &fakeDesk{}
		client, ended := pipe(t, d)
		if _, err := io.WriteString(client, `{"do":"follow"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		d.write(false, "lost one", "lost two")
		lines := bufio.NewReader(client)
		for _, want := range []string{"lost one", "lost two"} {
			r, err := next(lines)
			if err != nil || r.Entry == nil || r.Entry.Text != want {
				t.Fatalf("got %+v, %v instead of %q", r, err, want)
			}
		}
		_ = client.Close()
		<-ended
	})
}

// Whatever line comes, it is answered by lines of JSON of which only the last
// ends the answer, and never with the digits in it.
func FuzzRequest(f *testing.F) {
	for _, line := range []string{
		`{"do":"outward"}`, `{"do":"public"}`, `{"do":"log","n":3}`, `{"do":"log","n":-1}`, `{"do":"sealed-log","digits":"905172"}`,
		`{"do":"edit","edit":"zone.add","args":{"name":"Hall"}}`, `{"do":"edit","edit":"site.set","args":[]}`,
		`{"do":"codes","codes":{"do":"add","name":"Anna","new":"905172"}}`, `{"do":"command","command":{"verb":"ARM","digits":"905172"}}`,
		`{"do":"command","command":null}`, `{"do":"learn","seconds":0}`, `{"do":"learn","seconds":-905172}`, `{"do":905172}`, `[]`, ``, "\x00",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.Contains(line, "follow") || strings.Contains(line, "\n") {
			t.Skip("goes on for ever")
		}
		d := &fakeDesk{steps: 2, air: air{refuse: errRefused}} // or it would listen
		d.write(false, "one")
		client, conn := net.Pipe()
		s := &server{desk: d, follow: d.follow, learn: d.air.learn, log: quiet}
		go s.welcome(context.Background(), conn, make(chan struct{}, 1))
		go func() { _, _ = io.WriteString(client, line+"\n") }()
		answer := bufio.NewScanner(client)
		ended := false
		for answer.Scan() {
			var r reply
			if err := json.Unmarshal(answer.Bytes(), &r); err != nil || ended {
				t.Fatalf("line %q: %v", answer.Text(), err)
			}
			ended = r.last()
			if strings.Contains(answer.Text(), "905172") && !strings.Contains(line, "edit") && !strings.Contains(line, "learn") { // their errors name the value
				t.Fatalf("digits came back: %s", answer.Text())
			}
		}
		if !ended {
			t.Fatal("the answer has no end")
		}
		_ = client.Close()
	})
}

// Command minimal is the least that answers and sends texts by the library that
// gsmpanel uses: what can be had where nothing is checked, kept or mended.
//
// A text that is announced (+CMTI) is read, answered and deleted. A line on
// standard input, "NUMBER TEXT", is sent.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/warthog618/modem/at"
	"github.com/warthog618/modem/gsm"
	"github.com/warthog618/sms/encoding/tpdu"
	"go.bug.st/serial"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: minimal DEVICE")
	}
	port, err := serial.Open(os.Args[1], &serial.Mode{BaudRate: 115200})
	if err != nil {
		log.Fatal(err)
	}
	a := at.New(port, at.WithTimeout(time.Minute))
	g := gsm.New(a)
	if err := g.Init(); err != nil {
		log.Fatal(err)
	}
	came, told := make(chan string, 64), make(chan string, 64)
	index := regexp.MustCompile(`,(\d+)`)
	if err := a.AddIndication("+CMTI:", func(info []string) { came <- index.FindStringSubmatch(info[0])[1] }); err != nil {
		log.Fatal(err)
	}
	if _, err := a.Command("+CNMI=2,1,0,0,0"); err != nil {
		log.Fatal(err)
	}
	go func() {
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			told <- lines.Text()
		}
	}()
	fmt.Println("ready")
	for {
		select {
		case n := <-came:
			answer(a, g, n)
		case line := <-told:
			to, body, _ := strings.Cut(line, " ")
			send(g, to, body)
		case <-a.Closed():
			log.Fatal("the line has ended")
		}
	}
}

func answer(a *at.AT, g *gsm.GSM, index string) {
	info, err := a.Command("+CMGR=" + index)
	if err != nil {
		log.Print(err)
		return
	}
	for n, line := range info {
		if rest, ok := strings.CutPrefix(line, "+CMGR:"); ok && n+1 < len(info) {
			t, err := gsm.UnmarshalTPDU([]string{"+CMT:" + rest[strings.LastIndexByte(rest, ','):], info[n+1]})
			if err != nil {
				log.Print(err)
				continue
			}
			body, err := tpdu.DecodeUserData(t.UD, t.UDH, tpdu.Alpha7Bit)
			if err != nil {
				log.Print(err)
				continue
			}
			send(g, t.OA.Number(), "Disarmed. Network: Testnet, -71 dBm. "+string(body))
		}
	}
	if _, err := a.Command("+CMGD=" + index); err != nil {
		log.Print(err)
	}
}

func send(g *gsm.GSM, to, body string) {
	if _, err := g.SendShortMessage(to, body); err != nil {
		log.Print(err)
	}
}

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// world says one thing to the simulator's control socket and returns the answer.
func world(sock string, request any) (answer []byte, err error) {
	conn, err := net.DialTimeout("unix", sock, 5*time.Second)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	line, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	answer, err = bufio.NewReader(conn).ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var ok struct{ OK bool }
	if err := json.Unmarshal(answer, &ok); err != nil || !ok.OK {
		return nil, fmt.Errorf("the simulator answered %s (%v)", answer, err)
	}
	return answer, nil
}

// textsTo returns the texts that a phone got from the panel, and all that there is.
func textsTo(sock, number string) (texts []string, all string, err error) {
	answer, err := world(sock, map[string]string{"do": "phones"})
	if err != nil {
		return nil, "", err
	}
	var seen struct {
		Phones []struct {
			Number string
			Texts  []struct{ Body, Direction string }
		}
	}
	if err := json.Unmarshal(answer, &seen); err != nil {
		return nil, "", err
	}
	for _, p := range seen.Phones {
		for _, t := range p.Texts {
			if p.Number == number && t.Direction == "in" {
				texts = append(texts, t.Body)
			}
		}
	}
	return texts, string(answer), nil
}

// phoneOf is a phone of the simulated network as it is now.
func phoneOf(sim *simulator.Modem, number string) simulator.Phone {
	for _, p := range sim.Phones() {
		if p.Number == number {
			return p
		}
	}
	return simulator.Phone{Number: number}
}

// textsOf are those that a phone got from the panel.
func textsOf(sim *simulator.Modem, number string) (out []string) {
	for _, text := range phoneOf(sim, number).Texts {
		if !text.Outgoing {
			out = append(out, text.Body)
		}
	}
	return out
}

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// tables is the page's part that is measured.
func tables(p plan, results []*result, took time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured %s in %s on: %s. A text takes the modem %s from Ctrl-Z to its result; the network has it half-way. Its line has %d baud (0: takes no time).\n\n",
		time.Now().UTC().Format(time.DateOnly), took.Round(time.Second), machine(), p.sending, p.baud)
	b.WriteString("| program | tuning | n | (a) text in → reply's first byte, median | p95 | (b) event → alarm's first byte, median | p95 | (c) ten texts, median |\n|---|---|---|---|---|---|---|---|\n")
	for _, r := range results {
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %s | %s | %s | %s |\n", r.name, r.tuning, len(r.asked),
			at(r.asked, 0.5), at(r.asked, 0.95), at(r.alarmed, 0.5), at(r.alarmed, 0.95), at(r.ten, 0.5))
	}
	b.WriteString("\n" + apart(results))
	b.WriteString("\n| program, (d) with nothing to do | processes | RSS | PSS | processor |\n|---|---|---|---|---|\n")
	for _, r := range results {
		if r.idle.processes > 0 {
			fmt.Fprintf(&b, "| %s | %d | %.1f MiB | %.1f MiB | %.2f %% |\n", r.name, r.idle.processes, float64(r.idle.rss)/1024, float64(r.idle.pss)/1024, 100*r.idle.cpu)
		}
	}
	b.WriteString("\n| program, (e) | texts, kill -9 in a burst: lost | repeated | unanswered | texts, reboot of the modem: lost | repeated | unanswered |\n|---|---|---|---|---|---|---|\n")
	for _, r := range results {
		if r.killed.bursts > 0 {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", r.name, r.killed, r.rebooted)
		}
	}
	return b.String()
}

func (l losses) String() string {
	return fmt.Sprintf("%d of %d | %d | %d of %d", l.lost, 10*l.bursts, l.repeated, l.unanswered, l.bursts)
}

// apart shows what gsmpanel does besides, and what is left without it.
func apart(results []*result) string {
	var panel, least *result
	for _, r := range results {
		switch r.name {
		case "gsmpanel":
			panel = r
		case "minimal":
			least = r
		}
	}
	if panel == nil || least == nil || len(panel.unhashed) == 0 || len(least.alarmed) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| gsmpanel, median | in full | of that | without it | minimal | times as long |\n|---|---|---|---|---|---|\n")
	row := func(name, what string, full, less, other []time.Duration, without time.Duration) {
		fmt.Fprintf(&b, "| %s | %s | %s %s | %s | %s | %.2f |\n", name, at(full, 0.5), what, at(less, 0.5), show(without), at(other, 0.5), float64(without)/float64(quantile(other, 0.5)))
	}
	row("(a) text in → reply's first byte", "hash", panel.asked, panel.hash, least.asked, quantile(panel.unhashed, 0.5))
	row("(b) event → alarm's first byte", "commit", panel.alarmed, panel.commit, least.alarmed, quantile(panel.alarmed, 0.5)-quantile(panel.commit, 0.5))
	return b.String()
}

func quantile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func at(list []time.Duration, q float64) string {
	if len(list) == 0 {
		return "–"
	}
	return show(quantile(list, q))
}

func show(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

// machine says on what it was measured.
func machine() string {
	model := "unknown processor"
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	var u unix.Utsname
	_ = unix.Uname(&u) // then without the kernel
	return fmt.Sprintf("%s, %d cores, Linux %s, %s, %s", model, runtime.NumCPU(), unix.ByteSliceToString(u.Release[:]), runtime.Version(), versions())
}

func versions() string {
	var out []string
	for _, pkg := range []string{"gammu-smsd", "smstools"} {
		b, err := exec.Command("dpkg-query", "-W", "-f", "${Package} ${Version}", pkg).Output()
		if err != nil {
			b = []byte(pkg + " of unknown version")
		}
		out = append(out, string(b))
	}
	return strings.Join(out, ", ")
}

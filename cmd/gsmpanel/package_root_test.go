package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// cleanRoot is a Debian in a container, with a systemd of its own, that has never seen
// gsmpanel.
type cleanRoot struct {
	*testing.T
	dir    string // with the root and debs
	leader string // process id of its systemd, here
}

// TestPackageInACleanRoot is what a homeowner does with the package over the years.
// scripts/package-test prepares it.
func TestPackageInACleanRoot(t *testing.T) {
	dir := os.Getenv("GSMPANEL_CLEAN_ROOT")
	if dir == "" {
		t.Skip("GSMPANEL_CLEAN_ROOT names no prepared root; scripts/package-test prepares one")
	}
	r := &cleanRoot{T: t, dir: dir}
	r.boot()
	before := r.everything()

	older := r.deb("0.0.1-1")
	r.install(older)
	r.fits()
	unfed := r.unfed()
	r.household()
	r.drill("the older version")
	r.sandboxed()
	r.atTheSocket()
	log := r.must("", "gsmpanel", "log", "-n", "200")

	r.must("", "sed", "-i", "s/^#GSMPANEL_BAUD=.*/GSMPANEL_BAUD=115200/", "/etc/default/gsmpanel")
	was := r.pid()
	newer := r.deb("0.1.0")
	r.must("", "rm", "-r", unfed)
	r.install(newer)
	if now := r.pid(); now == was {
		t.Error("the older version still runs after the upgrade")
	}
	r.survived(log)
	r.must("", "pgrep", "-u", "gsmpanel", "-f", "sleep 1000000") // the second receiver
	r.drill("the newer version")
	r.say(map[string]any{"do": "text", "from": annaNumber, "body": "730586 STATUS"})
	r.until("Ben to hear of the duress", func() bool { return countOf(r.texts(benNumber), "DURESS Anna") > 0 })
	r.restartsWhatHangs()

	r.must("", "systemctl", "stop", "gsmpanel")
	r.rootRestores()
	r.ownFiles()
	r.install(newer)
	if r.active() {
		t.Error("an upgrade has started a panel that was stopped")
	}
	r.must("", "dpkg", "--remove", "gsmpanel")
	for _, kept := range []string{"/var/lib/gsmpanel/gsmpanel.db", "/var/lib/gsmpanel/device.key", "/etc/default/gsmpanel"} {
		r.must("", "test", "-s", kept)
	}
	r.install(newer)
	r.must("", "systemctl", "start", "gsmpanel")
	r.survived("") // a restored database has a log of its own
	r.must("", "systemctl", "stop", "modem")
	r.must("", "dpkg", "--purge", "gsmpanel")
	r.leaves(before)
}

// boot starts the container and waits for its systemd.
func (r *cleanRoot) boot() {
	r.Helper()
	p := startFor(r.T, filepath.Join(r.dir, "boot.log"), nil, "systemd-nspawn", "--quiet", "--keep-unit", "--register=no", "--boot", "--machine=gsmpanel-test", "-D", filepath.Join(r.dir, "root"))
	r.Cleanup(func() {
		if r.leader == "" {
			return
		}
		if r.Failed() {
			out, _ := r.try("", "journalctl", "--no-pager", "-n", "60")
			r.Logf("the container's journal ends so:\n%s", out)
		}
		_, _ = r.try("", "systemctl", "poweroff", "--force", "--force")
	})
	r.until("systemd in the container", func() bool {
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", p.pid(), p.pid()))
		if pids := strings.Fields(string(children)); err == nil && len(pids) > 0 {
			r.leader = pids[0]
		}
		if r.leader == "" {
			return false
		}
		out, _ := r.try("", "systemctl", "is-system-running")
		return strings.Contains(out, "running") || strings.Contains(out, "degraded")
	})
}

// try runs a command in the container, as root.
func (r *cleanRoot) try(typed string, args ...string) (string, error) {
	cmd := exec.Command("nsenter", slices.Concat([]string{"--target", r.leader, "--mount", "--uts", "--ipc", "--net", "--pid", "--", "env", "-i",
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"}, args)...)
	cmd.Stdin = strings.NewReader(typed)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// must is try of what has to succeed; it is shown as in a terminal.
func (r *cleanRoot) must(typed string, args ...string) string {
	r.Helper()
	out, err := r.try(typed, args...)
	r.Logf("# %s\n%s", strings.Join(args, " "), out)
	if err != nil {
		r.Fatalf("%s: %v", strings.Join(args, " "), err)
	}
	return out
}

func (r *cleanRoot) until(what string, done func() bool) {
	r.Helper()
	for end := time.Now().Add(mostWait); !done(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			r.Fatalf("waited in vain for %s", what)
		}
	}
}

// deb puts a package into the container and returns its path there.
func (r *cleanRoot) deb(version string) string {
	r.Helper()
	found, err := filepath.Glob(filepath.Join(r.dir, "debs", "gsmpanel_"+version+"*.deb"))
	if err != nil || len(found) != 1 {
		r.Fatalf("packages of version %s: %q", version, found)
	}
	b, err := os.ReadFile(found[0])
	if err := errors.Join(err, os.WriteFile(filepath.Join(r.dir, "root/root", filepath.Base(found[0])), b, 0o644)); err != nil {
		r.Fatal(err)
	}
	return "/root/" + filepath.Base(found[0])
}

func (r *cleanRoot) install(deb string) { r.Helper(); r.must("", "dpkg", "--install", deb) }

// fits checks files, their owners, the user, and that the panel starts with the system
// but not by itself now.
func (r *cleanRoot) fits() {
	r.Helper()
	for path, want := range map[string]string{
		"/usr/bin/gsmpanel":                               "root root 755",
		"/etc/default/gsmpanel":                           "root root 644",
		"/usr/lib/systemd/system/gsmpanel.service":        "root root 644",
		"/usr/lib/udev/rules.d/70-gsmpanel.rules":         "root root 644",
		"/usr/share/bash-completion/completions/gsmpanel": "root root 644",
		"/var/lib/gsmpanel":                               "gsmpanel gsmpanel 710",
	} {
		if got := strings.TrimSpace(r.must("", "stat", "-c", "%U %G %a", path)); got != want {
			r.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	groups := strings.Fields(r.must("", "id", "-nG", "gsmpanel"))
	for _, group := range []string{"gsmpanel", "dialout", "plugdev", "input"} {
		if !slices.Contains(groups, group) {
			r.Errorf("the user is not in %s, only in %q", group, groups)
		}
	}
	if r.must("", "systemctl", "is-enabled", "gsmpanel"); r.active() {
		r.Error("a panel without a household was started")
	}
	if out, err := r.try("", "systemd-analyze", "verify", "--man=no", "gsmpanel.service"); err != nil || strings.Contains(out, "gsmpanel") {
		r.Errorf("systemd finds fault with the unit: %v\n%s", err, out)
	}
}

func (r *cleanRoot) active() bool {
	_, err := r.try("", "systemctl", "--quiet", "is-active", "gsmpanel")
	return err == nil
}

// unfed lets the older version run without its watchdog, which it did not feed, and
// returns what says so.
func (r *cleanRoot) unfed() (dir string) {
	r.Helper()
	dir = "/etc/systemd/system/gsmpanel.service.d"
	r.must("", "sh", "-c", "mkdir "+dir+" && printf '[Service]\nWatchdogSec=0\n' > "+dir+"/older.conf && systemctl daemon-reload")
	return dir
}

// pid is that of the running daemon, in the container.
func (r *cleanRoot) pid() string {
	r.Helper()
	return strings.TrimSpace(r.must("", "systemctl", "show", "--value", "-p", "MainPID", "gsmpanel"))
}

const cleanSiren = "#!/bin/sh\necho \"$1 $2 $(id -un)\" >> /var/lib/gsmpanel/siren.log\n"

// household sets the panel up by commands of root, before its first start.
func (r *cleanRoot) household() {
	r.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, "root/usr/local/bin/siren"), []byte(cleanSiren), 0o755); err != nil {
		r.Fatal(err)
	}
	r.must("", "mkfifo", "-m", "666", "/srv/air")
	// The modem: a terminal that, as those of modems, is dialout's.
	r.must("", "systemd-run", "--unit=modem", "gsmpanel", "simulate", "--link", "/dev/gsmpanel-modem", "--control", "/srv/phones", "--send-time", "100ms", "--setup-time", "100ms")
	r.until("the simulated modem", func() bool {
		_, err := r.try("", "test", "-e", "/dev/gsmpanel-modem", "-a", "-S", "/srv/phones")
		return err == nil
	})
	r.must("", "sh", "-c", "chown root:dialout $(readlink /dev/gsmpanel-modem) && chmod 660 $(readlink /dev/gsmpanel-modem)")

	typed := []struct{ in, line string }{
		{"", `gsmpanel site set --name Home --address "12 Mill Lane, Hexton" --country GB`},
		{"", `gsmpanel contact add Anna 07700900001 --control --class life,alarm,trouble,report`},
		{"", `gsmpanel contact add Ben 07700900002 --off-site`},
		{"", `gsmpanel contact add Cleo 07700900003 --off-site`},
		{"482913\n", `gsmpanel code add Anna`},
		{"482913\n730586\n", `gsmpanel code add Anna --kind duress`},
		{"", `gsmpanel zone add Hall --type entry --sensor ev1527:13CDC0`},
		{"", `printf 'GSMPANEL_RADIO="exec:while :; do cat /srv/air; done\nexec:sleep 1000000"\nGSMPANEL_SIREN=exec:/usr/local/bin/siren\n' >> /etc/default/gsmpanel`},
		{"", `systemctl start gsmpanel`},
	}
	for n, c := range typed {
		if n == len(typed)-1 {
			r.ownFiles()
		}
		r.must(c.in, "sh", "-c", c.line)
	}
	r.Logf("set up by %d commands", len(typed))
}

// ownFiles wants nothing in the data directory that the panel could not open.
func (r *cleanRoot) ownFiles() {
	r.Helper()
	if others := r.must("", "find", "/var/lib/gsmpanel", "(", "!", "-user", "gsmpanel", "-o", "!", "-group", "gsmpanel", "-o", "-perm", "/007", ")", "-ls"); others != "" {
		r.Errorf("these are not the panel's alone:\n%s", others)
	}
}

func (r *cleanRoot) phones() string { return "/proc/" + r.leader + "/root/srv/phones" }

func (r *cleanRoot) say(request map[string]any) {
	r.Helper()
	if _, err := world(r.phones(), request); err != nil {
		r.Fatal(err)
	}
}

// texts are those that a phone got from the panel.
func (r *cleanRoot) texts(number string) []string {
	r.Helper()
	phones, err := phonesAt(r.phones())
	if err != nil {
		r.Fatal(err)
	}
	return phones[number].received()
}

// drill is an alarm from the sensor to the acknowledgement, and by Anna's code to its
// end. The older version had no drills.
func (r *cleanRoot) drill(of string) {
	r.Helper()
	ask := func(body, answer string) {
		r.Helper()
		had := countOf(r.texts(annaNumber), answer)
		r.say(map[string]any{"do": "text", "from": annaNumber, "body": body})
		r.until("the answer to "+body, func() bool { return countOf(r.texts(annaNumber), answer) > had })
	}
	ask("482913 STATUS", "isarmed.")
	if _, err := r.try("", "gsmpanel", "test", "--help"); err == nil {
		r.trueDrill()
	}
	had, closed := countOf(r.texts(benNumber), "PANIC"), countOf(r.texts(benNumber), "text CLOSE ")
	r.say(map[string]any{"do": "text", "from": annaNumber, "body": "482913 PANIC"})
	r.until("Ben to be told", func() bool { return countOf(r.texts(benNumber), "PANIC") > had })
	token := digitsAfter(r.texts(benNumber), "PANIC", "Reply OK ")
	r.say(map[string]any{"do": "text", "from": benNumber, "body": "OK " + token})
	r.until("Cleo to hear that Ben has it", func() bool { return countOf(r.texts(cleoNumber), "Ben") > 0 })
	r.until("the siren's command", func() bool {
		out, _ := r.try("", "cat", "/var/lib/gsmpanel/siren.log")
		return strings.Contains(out, "on steady gsmpanel")
	})
	r.until("Ben to get the token that closes", func() bool { return countOf(r.texts(benNumber), "text CLOSE ") > closed })
	r.say(map[string]any{"do": "text", "from": benNumber, "body": "CLOSE " + digitsAfter(r.texts(benNumber), "text CLOSE ", "text CLOSE ")})
	ask("482913 DISARM", "isarmed")
	r.until("the alarm's end", func() bool {
		out, err := r.try("", "gsmpanel", "status")
		return err == nil && !strings.Contains(out, "PANIC")
	})
	r.Logf("%s: Ben's phone shows\n%s", of, strings.Join(r.texts(benNumber), "\n"))
}

// trueDrill runs `gsmpanel test` to the end: everybody is told, Ben takes it. There is
// none within two minutes of an alarm.
func (r *cleanRoot) trueDrill() {
	r.Helper()
	for {
		out, err := r.try("482913\n", "gsmpanel", "test")
		if r.Logf("# gsmpanel test\n%s", out); err == nil {
			break
		}
		if !strings.Contains(out, "Try again in") {
			r.Fatal("there is no drill:", err)
		}
		time.Sleep(10 * time.Second)
	}
	r.until("the drill to reach Ben", func() bool { return countOf(r.texts(benNumber), "TEST") > 0 })
	r.say(map[string]any{"do": "text", "from": benNumber, "body": "OK " + digitsAfter(r.texts(benNumber), "TEST", "OK ")})
	r.until("the drill's score", func() bool {
		out, err := r.try("", "gsmpanel", "incidents")
		return err == nil && strings.Contains(out, "Ben took it")
	})
	r.must("", "gsmpanel", "incidents")
}

// sandboxed looks at the running daemon: whose it is, and what it may not.
func (r *cleanRoot) sandboxed() {
	r.Helper()
	status := r.must("", "cat", "/proc/"+r.pid()+"/status")
	for _, want := range []string{"NoNewPrivs:\t1", "Seccomp:\t2", "CapBnd:\t0000000000000000", "CapEff:\t0000000000000000"} {
		if !strings.Contains(status, want) {
			r.Errorf("the daemon's status lacks %s", want)
		}
	}
	limits := r.must("", "cat", "/proc/"+r.pid()+"/limits")
	if !regexp.MustCompile(`Max core file size +0 +0`).MatchString(limits) {
		r.Error("a crash would write its memory to the disk")
	}
	score := r.must("", "systemd-analyze", "security", "--no-pager", "gsmpanel.service")
	m := regexp.MustCompile(`Overall exposure level for gsmpanel.service: ([0-9.]+)`).FindStringSubmatch(score)
	if len(m) == 0 {
		r.Fatal("no score")
	}
	if level, err := strconv.ParseFloat(m[1], 64); err != nil || level > 2.5 {
		r.Errorf("its exposure is %s", m[1])
	}
}

// atTheSocket: who is in the group may command the panel and read nothing of its files.
func (r *cleanRoot) atTheSocket() {
	r.Helper()
	r.must("", "useradd", "--groups", "gsmpanel", "carla")
	r.must("", "useradd", "eve")
	as := func(user string, args ...string) (string, error) {
		return r.try("", append([]string{"runuser", "-u", user, "--"}, args...)...)
	}
	if out, err := as("carla", "gsmpanel", "status"); err != nil {
		r.Errorf("a member of the group cannot ask: %v\n%s", err, out)
	}
	for _, c := range []struct {
		user string
		args []string
	}{
		{"carla", []string{"ls", "/var/lib/gsmpanel"}},
		{"carla", []string{"cat", "/var/lib/gsmpanel/device.key"}},
		{"carla", []string{"cat", "/var/lib/gsmpanel/gsmpanel.db"}},
		{"eve", []string{"gsmpanel", "status"}},
		{"eve", []string{"cat", "/var/lib/gsmpanel/device.key"}},
	} {
		if out, err := as(c.user, c.args...); err == nil {
			r.Errorf("%s may %s:\n%s", c.user, strings.Join(c.args, " "), out)
		}
	}
	r.must("", "userdel", "carla")
	r.must("", "userdel", "eve")
}

// survived wants the household, and the log where one is given, as they were.
func (r *cleanRoot) survived(log string) {
	r.Helper()
	r.until("the panel", func() bool {
		out, err := r.try("", "gsmpanel", "status")
		return err == nil && strings.Contains(out, "disarmed")
	})
	if contacts := r.must("", "gsmpanel", "contact", "list"); !strings.Contains(contacts, "Anna") || !strings.Contains(contacts, "Cleo") {
		r.Error("contacts are lost")
	}
	if zones := r.must("", "gsmpanel", "zone", "list"); !strings.Contains(zones, "Hall") {
		r.Error("zones are lost")
	}
	if codes := r.must("", "gsmpanel", "code", "list"); !strings.Contains(codes, "Anna") {
		r.Error("codes are lost")
	}
	if variables := r.must("", "cat", "/etc/default/gsmpanel"); !strings.Contains(variables, "\nGSMPANEL_BAUD=115200\n") {
		r.Error("what the owner has set is lost")
	}
	if log == "" {
		return
	}
	now := r.must("", "gsmpanel", "log", "-n", "200")
	if want := countOf(strings.Split(log, "\n"), "anic"); want == 0 || countOf(strings.Split(now, "\n"), "anic") < want {
		r.Error("the log is lost")
	}
}

// restartsWhatHangs: a daemon that does nothing any more is started anew.
func (r *cleanRoot) restartsWhatHangs() {
	r.Helper()
	was := r.pid()
	r.must("", "kill", "-STOP", was)
	r.until("the watchdog", func() bool { return r.active() && !slices.Contains([]string{was, "0"}, r.pid()) })
	r.must("", "systemctl", "show", "-p", "NRestarts", "gsmpanel")
}

// rootRestores does as root, without a running panel, what makes files.
func (r *cleanRoot) rootRestores() {
	r.Helper()
	r.must("", "gsmpanel", "backup", "/root/good.db")
	r.must("", "rm", "/var/lib/gsmpanel/gsmpanel.db")
	r.must("", "gsmpanel", "restore", "/root/good.db")
	r.must("", "gsmpanel", "settings", "set", "exit-delay", "45")
}

// everything is what the container has: files, users, groups and units.
func (r *cleanRoot) everything() map[string]bool {
	r.Helper()
	all := map[string]bool{}
	for _, list := range [][]string{
		{"find", "/", "-xdev", "-not", "-path", "/var/log/*", "-not", "-path", "/var/lib/dpkg/*", "-not", "-path", "/var/cache/*", "-not", "-path", "/root/*", "-not", "-path", "/tmp/*"},
		{"find", "/run/systemd", "-name", "*gsmpanel*"},
		{"getent", "passwd"}, {"getent", "group"}, {"dpkg", "--get-selections"},
		{"systemctl", "list-unit-files", "--no-legend", "--no-pager"},
	} {
		out, err := r.try("", list...)
		if err != nil {
			r.Fatalf("%q: %v\n%s", list, err, out)
		}
		for line := range strings.Lines(out) {
			all[line] = true
		}
	}
	return all
}

// leaves wants the container as it was before, but for what the test itself put there.
func (r *cleanRoot) leaves(before map[string]bool) {
	r.Helper()
	ours := regexp.MustCompile(`^/usr/local/bin/siren|^/srv/|^/var/lib/systemd/|^/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?\n|^/home|\.dpkg-|^/var/mail`)
	for _, left := range slices.Sorted(maps.Keys(r.everything())) {
		if !before[left] && !ours.MatchString(left) {
			r.Errorf("left behind: %s", left)
		}
	}
	if out, _ := r.try("", "sh", "-c", "find / -xdev -name '*gsmpanel*' -not -path '/root/*'; getent passwd gsmpanel; getent group gsmpanel; grep gsmpanel /etc/group /etc/shadow /etc/gshadow"); out != "" {
		r.Errorf("left behind:\n%s", out)
	}
}

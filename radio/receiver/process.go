package receiver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// leashed runs the command $1 in the shell's own process, beside a watcher that
// kills the whole process group once nobody holds the other end of descriptor 3.
// Pdeathsig reaches only the shell: of a pipeline the rest would outlive this
// process and keep the dongle.
const leashed = `( (trap '' HUP INT TERM; read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 & )
exec 3<&-
exec sh -c "$1"`

// killWait is how long a killed process may take to be gone when we want to end;
// one that waits for a wedged USB device can take for ever.
const killWait = 3 * time.Second

// process is a running program, the leader of its own process group.
type process struct {
	pid            int
	stdout, stderr *os.File
	leash          *os.File      // closed when we die, by whatever cause
	exited         chan struct{} // closed when it has ended, before it is reaped: until then its pid is its own
	bury           chan struct{} // close to have it reaped
	buried         chan error    // how it ended
}

// simple is a program and its arguments, without anything that takes a shell.
var simple = regexp.MustCompile("^[[:word:]./-]+( +[^;&|<>(){}`\n]*)?$")

// becoming is the command as one that the shell becomes, where it can: a shell
// beside the program would hold its output open when the program has closed it.
func becoming(command string) string {
	command = strings.TrimSpace(command)
	program, _, _ := strings.Cut(command, " ")
	if _, err := exec.LookPath(program); err != nil || !simple.MatchString(command) {
		return command
	}
	return "exec " + command
}

// start starts the command in a shell.
func start(command string, env []string) (*process, error) {
	command = becoming(command)
	var ends [6]*os.File // stdout, stderr, leash: read end, write end
	for i := 0; i < len(ends); i += 2 {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(ends[:i])
			return nil, fmt.Errorf("the radio command could not be started: %w", err)
		}
		ends[i], ends[i+1] = r, w
	}
	cmd := exec.Command("sh", "-c", leashed, "sh", command)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = ends[1], ends[3], []*os.File{ends[4]}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	p := &process{
		stdout: ends[0], stderr: ends[2], leash: ends[5],
		exited: make(chan struct{}), bury: make(chan struct{}), buried: make(chan error, 1),
	}
	started := make(chan error)
	go p.hold(cmd, started)
	err := <-started
	closeAll([]*os.File{ends[1], ends[3], ends[4]})
	if err != nil {
		closeAll([]*os.File{ends[0], ends[2], ends[5]})
		return nil, fmt.Errorf("the radio command could not be started: %w", err)
	}
	return p, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// hold starts the program and stays until it is reaped, on one thread:
// Pdeathsig fires when the thread that started a process ends.
func (p *process) hold(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	if err == nil {
		p.pid = cmd.Process.Pid
	}
	started <- err
	if err != nil {
		return
	}
	for unix.Waitid(unix.P_PID, p.pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	close(p.exited)
	<-p.bury
	p.buried <- cmd.Wait()
}

// kill kills the group and returns when the program has ended or ctx has.
func (p *process) kill(ctx context.Context) {
	p.signal(syscall.SIGKILL)
	select {
	case <-p.exited:
	case <-ctx.Done():
	}
}

// reap kills what the program has left of its group and says how it ended. It is
// for a program that has.
func (p *process) reap() error {
	<-p.exited
	p.signal(syscall.SIGKILL)
	close(p.bury)
	p.leash.Close()
	return describe(<-p.buried)
}

// errStays is of a program that would not even die.
var errStays = errors.New("did not end when it was killed; it may hold the dongle until that is unplugged")

// end asks the group to end and kills it after grace. The error says that it
// would not even die.
func (p *process) end(grace time.Duration) error {
	p.signal(syscall.SIGTERM)
	if !p.gone(grace) {
		p.signal(syscall.SIGKILL)
		if !p.gone(killWait) {
			p.leash.Close()
			return fmt.Errorf("process %d %w", p.pid, errStays)
		}
	}
	_ = p.reap() // how it ended on our wish is of no interest
	return nil
}

func (p *process) gone(within time.Duration) bool {
	select {
	case <-p.exited:
		return true
	case <-time.After(within):
		return false
	}
}

// signal must not be called after bury is closed: the number may then be
// somebody else's group.
func (p *process) signal(sig syscall.Signal) {
	_ = syscall.Kill(-p.pid, sig) // fails only where nobody is left
}

// describe says in a sentence why the program is not running.
func describe(err error) error {
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("the radio command could not be waited for: %w", err)
	}
	if exit == nil {
		return errors.New("the radio command ended (status 0): rtl_433 does so when its dongle or server is gone; a command of your own has to stay in the foreground")
	}
	status := exit.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return fmt.Errorf("the radio command was ended by signal %d (%s)", status.Signal(), status.Signal())
	}
	return fmt.Errorf("the radio command ended with status %d%s", status.ExitStatus(), meaning[status.ExitStatus()])
}

// meaning of the exit statuses of a shell and of rtl_433.
var meaning = map[int]string{
	2:   ": of rtl_433 that means no dongle was found or another program has it; look at lsusb",
	3:   ": of rtl_433 that means the dongle stopped sending; unplug it and plug it in again",
	126: ": it is not executable; try chmod +x on it",
	127: ": there is no such program; check the spelling, or install it",
}

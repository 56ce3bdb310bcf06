package wired

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

const (
	// runLimit is how long a siren command may take.
	runLimit = 10 * time.Second
	// killWait is how long a killed command may take to be gone.
	killWait = time.Second
)

// runCommand runs the owner's siren command for a level. What it leaves running when
// it returns by itself (a player, say) stays.
func runCommand(ctx context.Context, limit time.Duration, command string, l level) error {
	word := "off"
	if l.on {
		word = "on"
	}
	if err := runShell(ctx, limit, command, word, l.pattern); err != nil {
		return fmt.Errorf("the siren command %q %w: try it by hand with the same arguments", word+" "+l.pattern, err)
	}
	return nil
}

// runShell runs a command of the owner's with arguments and kills it, with all that
// it has started, at the end of ctx or after limit.
func runShell(ctx context.Context, limit time.Duration, command string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", command + ` "$@"`, "sh"}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	// Pdeathsig fires when the thread that started a process ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Run(); err != nil {
		return cause(ctx, limit, err)
	}
	return nil
}

// cause says in words how the command failed.
func cause(ctx context.Context, limit time.Duration, err error) error {
	var exit *exec.ExitError
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("did not end in %s and was killed", limit)
	case !errors.As(err, &exit):
		return fmt.Errorf("could not be run (%w)", err)
	case exit.ExitCode() == 126:
		return errors.New("ended with status 126 (not executable)")
	case exit.ExitCode() == 127:
		return errors.New("ended with status 127 (no such program)")
	}
	return fmt.Errorf("failed (%w)", err)
}

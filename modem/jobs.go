package modem

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// job is one request of a caller, run by the owner of the line.
type job struct {
	do    func(*session) error
	done  chan error // capacity 1
	first bool       // it belongs to a call
	// taken and dropped are decided under jobs.mu: either the owner takes the
	// job, or its caller drops it, never both.
	taken bool
}

// jobs wait for the owner of the line. They are taken in order, but for those
// of a running call, which go first.
type jobs struct {
	mu      sync.Mutex
	open    bool // the modem is up
	waiting []*job
	ready   chan struct{}
}

func newJobs() *jobs { return &jobs{ready: make(chan struct{}, 1)} }

// put queues the job, or says that the modem is down.
func (q *jobs) put(j *job) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.open {
		return ErrDown
	}
	at := len(q.waiting)
	if j.first {
		at = 0
		for at < len(q.waiting) && q.waiting[at].first {
			at++
		}
	}
	q.waiting = slices.Insert(q.waiting, at, j)
	signal(q.ready)
	return nil
}

// take gives the owner the next job, nil where none waits.
func (q *jobs) take() *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return nil
	}
	j := q.waiting[0]
	q.waiting = q.waiting[1:]
	j.taken = true
	return j
}

// drop takes back a job that its caller no longer waits for; false where the
// owner has it already.
func (q *jobs) drop(j *job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if j.taken {
		return false
	}
	q.waiting = slices.DeleteFunc(q.waiting, func(w *job) bool { return w == j })
	return true
}

// admit lets jobs in.
func (q *jobs) admit() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open = true
}

// refuse lets no more in and answers those that wait.
func (q *jobs) refuse() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open = false
	for _, j := range q.waiting {
		j.taken = true
		j.done <- ErrDown
	}
	q.waiting = nil
}

// run has the owner of the line do something and waits for it. When ctx is
// done first, the job is taken back (ErrDown) or, where the owner has begun
// it, left to itself (ErrUnknown).
func (m *Modem) run(ctx context.Context, first bool, do func(*session) error) error {
	j := &job{do: do, done: make(chan error, 1), first: first}
	if err := m.jobs.put(j); err != nil {
		return err
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
	}
	if m.jobs.drop(j) {
		return fmt.Errorf("%w: %w", ErrDown, context.Cause(ctx))
	}
	select {
	case err := <-j.done: // it was done in the same moment
		return err
	default:
		return fmt.Errorf("%w: %w", ErrUnknown, context.Cause(ctx))
	}
}

// any says whether any job waits.
func (q *jobs) any() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) > 0
}

// urgent says whether the next job belongs to a call.
func (q *jobs) urgent() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) > 0 && q.waiting[0].first
}

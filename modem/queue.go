package modem

import "sync"

// queue is unbounded: the reader of the line must never wait for whoever
// handles what it read. ready has a token whenever something may be in it.
type queue[T any] struct {
	*queueState[T]
}

type queueState[T any] struct {
	mu    sync.Mutex
	items []T
	ready chan struct{}
}

func newQueue[T any]() queue[T] {
	return queue[T]{&queueState[T]{ready: make(chan struct{}, 1)}}
}

func (q *queueState[T]) put(v T) {
	q.mu.Lock()
	q.items = append(q.items, v)
	q.mu.Unlock()
	signal(q.ready)
}

func (q *queueState[T]) get() (v T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return v, false
	}
	v = q.items[0]
	q.items = q.items[1:]
	return v, true
}

// signal leaves a token in a channel of capacity one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

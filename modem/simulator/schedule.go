package simulator

import (
	"container/heap"
	"time"
)

// task is something that will happen. Tasks run one after another in the order
// of their times, those of one instant in the order in which they were made:
// a dialogue is the same every time it is played.
type task struct {
	at      time.Time
	seq     uint64
	run     func()
	stopped bool
}

func (t *task) stop() {
	if t != nil {
		t.stopped = true
	}
}

type taskHeap []*task

func (h taskHeap) Len() int { return len(h) }
func (h taskHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].seq < h[j].seq
	}
	return h[i].at.Before(h[j].at)
}
func (h taskHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *taskHeap) Push(x any)   { *h = append(*h, x.(*task)) }
func (h *taskHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return t
}

// after has run called under the lock when d has passed.
func (m *Modem) after(d time.Duration, run func()) *task {
	m.taskSeq++
	t := &task{at: time.Now().Add(max(d, 0)), seq: m.taskSeq, run: run}
	heap.Push(&m.tasks, t)
	m.rearm()
	return t
}

func (m *Modem) rearm() {
	for len(m.tasks) > 0 && m.tasks[0].stopped {
		heap.Pop(&m.tasks)
	}
	if len(m.tasks) == 0 {
		return
	}
	d := time.Until(m.tasks[0].at)
	if m.timer == nil {
		m.timer = time.AfterFunc(d, m.tick)
		return
	}
	m.timer.Reset(d)
}

func (m *Modem) tick() {
	m.do(func() {
		now := time.Now()
		for len(m.tasks) > 0 && !m.tasks[0].at.After(now) {
			t := heap.Pop(&m.tasks).(*task)
			if !t.stopped {
				t.stopped = true
				t.run()
			}
		}
		m.rearm()
	})
}

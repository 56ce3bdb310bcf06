package wired

import (
	"context"
	"fmt"
	"time"
)

// settled is how long something must have worked for its failures to be forgotten.
const settled = 10 * time.Second

// again tries until ctx ends what returns only when it fails, after 1, 2, 5, 5 … s.
func again(ctx context.Context, try func() error, failed func(error)) {
	for n := 0; ctx.Err() == nil; n++ {
		since := time.Now()
		err := try()
		if ctx.Err() != nil {
			return
		}
		failed(err)
		if time.Since(since) >= settled {
			n = 0
		}
		select {
		case <-ctx.Done():
		case <-time.After(backoff[min(n, 2)]):
		}
	}
}

// news hands on to report what differs from the last time.
func news(report func(error)) func(error) {
	said := ""
	return func(err error) {
		if now := fmt.Sprint(err); now != said {
			said = now
			report(err)
		}
	}
}

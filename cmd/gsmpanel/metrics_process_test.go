package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/gsmpanel/gsmpanel/metrics"
)

// metricsAt is an address of the loopback interface that no other process has.
func metricsAt() string {
	pid := os.Getpid()
	return fmt.Sprintf("127.%d.%d.%d:9464", 1+pid>>16&63, pid>>8&255, pid&255)
}

// scrape keeps the metrics of a panel that was started with metricsAt.
func (h *house) scrape(when string) {
	h.Helper()
	if !h.metrics {
		return
	}
	h.until("the metrics are shown", func() bool {
		answer, err := http.Get("http://" + metricsAt() + metrics.Path)
		if err != nil {
			return false // it begins to listen while it says ready
		}
		defer answer.Body.Close()
		page, err := io.ReadAll(answer.Body)
		h.keep(when+": metrics", []byte(fmt.Sprintf("%v\n%s", answer.Header, page)))
		return err == nil && answer.StatusCode == http.StatusOK && strings.Contains(string(page), "gsmpanel_state")
	})
}

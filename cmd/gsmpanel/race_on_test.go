//go:build race

package main

// Under the race detector programs take five times as long, and two dozen at once
// would hold up what is timed by the world: a press, an answer.
const atOnce = "12"

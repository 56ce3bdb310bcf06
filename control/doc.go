// Package control is the panel's own socket: a [panel.Desk] on both sides of a
// unix socket, so that the command line does the same with a daemon as without.
//
// # What crosses
//
// A connection carries one request, a JSON object on one line of at most 64 KiB,
// and its answer, one or more JSON objects, a line each. The last has "ok": true
// or an "error" of one sentence, with a "hint" where there is one. Before it come
// the "entry" lines of a journal, the "progress" of a change of codes, and what
// the receivers "learnt" while a request of learn listens.
//
// # What it will not do
//
// It decides nothing and knows no codes: who may open the socket (mode 0660) may
// administer, as section 4 says, and digits go through to the desk unread. They
// stand in requests only, never in an answer, an error or a log; nor does a log
// tell which command came or whose codes were changed, since that would count
// somebody's codes or name a silent panic.
//
// A client that reads slowly, sends rubbish or goes away holds up nobody: every
// read and write has a deadline, and the panel never waits for a client.
package control

package modem

import (
	"context"
	"errors"
)

// nextText numbers the texts of this process.
func (m *Modem) nextText() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.texts++
	return m.texts
}

func (m *Modem) currentEpoch() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.epoch
}

var errNotDeleted = errors.New("the text could not be deleted from the SIM card; this is tried again")

// Discard deletes a received text from the SIM: its reader has stored what is
// worth storing. An ID that is not known (any more) is no error. A text that
// could not be deleted now is deleted by a later listing and not told again,
// unless the modem was down (ErrDown): then call Discard when it is told again.
func (m *Modem) Discard(ctx context.Context, id uint64) error {
	return m.run(ctx, false, func(s *session) error { return s.discard(id) })
}

func (s *session) discard(id uint64) error {
	for _, m := range s.m.inbox.messages {
		if m.id != id {
			continue
		}
		m.discarded = true
		if !s.listed {
			return nil // the places may have changed; the first listing of the epoch deletes it
		}
		if !s.remove(m) {
			return errNotDeleted
		}
		return nil
	}
	return nil
}

package control

import (
	"bytes"
	"context"
	"net"
)

// pieceSize is how much of a backup stands in one line of the answer, in bytes.
const pieceSize = 256 << 10

// backup sends a copy of the database. All of it is made first: who reads slowly
// holds up nothing.
func (s *server) backup(ctx context.Context, conn net.Conn) error {
	s.note("backup", conn)
	var all bytes.Buffer
	err := s.desk.Backup(ctx, &all)
	for err == nil && all.Len() > 0 {
		if gone := send(conn, reply{Piece: all.Next(pieceSize)}); gone != nil {
			return gone
		}
	}
	return send(conn, ended(reply{}, err))
}

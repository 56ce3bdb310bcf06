package duress

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// Key is the device key: 32 random bytes in a file of its own, outside the
// database and its backups, so that a stolen database alone is worth nothing.
type Key [32]byte

// Overhead is by how many bytes a sealed box is longer than what it holds: the
// nonce in front and the tag behind.
const Overhead = chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead

// ErrSealed is returned when a box does not open.
var ErrSealed = errors.New("this sealed entry cannot be opened: it is damaged or was made with another device key")

// sub derives the key for one purpose, so that what is learnt from one use
// says nothing about another.
func (k Key) sub(purpose string) []byte {
	mac := hmac.New(sha256.New, k[:])
	mac.Write([]byte(purpose))
	return mac.Sum(nil)
}

// MAC is a keyed hash of the parts, for recognising a thing again without
// keeping it, such as a text that held a code. Where one part ends and the next
// begins counts. 16 bytes of HMAC-SHA-256.
func (k Key) MAC(purpose string, parts ...[]byte) [16]byte {
	mac := hmac.New(sha256.New, k.sub("mac:"+purpose))
	for _, part := range parts {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		mac.Write(part)
	}
	return [16]byte(mac.Sum(nil))
}

// Seal encrypts and authenticates plain with XChaCha20-Poly1305 under a key of
// this purpose. The box is len(plain)+[Overhead] bytes, a random nonce first.
// It fails only when random gives too little.
func (k Key) Seal(random io.Reader, purpose string, plain []byte) ([]byte, error) {
	return k.seal(random, purpose, plain, nil)
}

// Unseal opens a box that [Key.Seal] made for the same purpose, or returns
// [ErrSealed].
func (k Key) Unseal(purpose string, box []byte) ([]byte, error) {
	return k.unseal(purpose, box, nil)
}

func (k Key) seal(random io.Reader, purpose string, plain, bound []byte) ([]byte, error) {
	var nonce [chacha20poly1305.NonceSizeX]byte
	if _, err := io.ReadFull(random, nonce[:]); err != nil {
		return nil, fmt.Errorf("no randomness for sealing: %w", err)
	}
	return k.sealWith(nonce, purpose, plain, bound)
}

func (k Key) sealWith(nonce [chacha20poly1305.NonceSizeX]byte, purpose string, plain, bound []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(k.sub("seal:" + purpose))
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	box := make([]byte, len(nonce), len(plain)+Overhead)
	copy(box, nonce[:])
	return aead.Seal(box, nonce[:], plain, bound), nil
}

func (k Key) unseal(purpose string, box, bound []byte) ([]byte, error) {
	if len(box) < Overhead {
		return nil, ErrSealed
	}
	aead, err := chacha20poly1305.NewX(k.sub("seal:" + purpose))
	if err != nil {
		return nil, fmt.Errorf("unsealing: %w", err)
	}
	nonce := box[:chacha20poly1305.NonceSizeX]
	plain, err := aead.Open(nil, nonce, box[len(nonce):], bound)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

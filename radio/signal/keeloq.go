package signal

// KeeLoq encrypts 32 bits by a key of 64, as the encoders do: 528 rounds of a
// feedback shift register with a nonlinear function of five bits (Microchip AN642).
func KeeLoq(plain uint32, key uint64) uint32 {
	const nlf = 0x3A5C742E
	for r := range 528 {
		n := plain>>1&1 | plain>>9&1<<1 | plain>>20&1<<2 | plain>>26&1<<3 | plain>>31&1<<4
		bit := plain ^ plain>>16 ^ uint32(key>>(r&63)) ^ nlf>>n
		plain = plain>>1 | bit<<31
	}
	return plain
}

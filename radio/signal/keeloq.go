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

// KeeLoqWord is the encrypted half of a press as HCS encoders make it: the buttons
// (S3 S2 S1 S0, as of [HCS]) as S2 S1 S0 S3, the low ten bits of the serial number,
// the counter (DS21143 2.0).
func KeeLoqWord(key uint64, serial uint32, button byte, counter uint16) uint32 {
	function := uint32(button&7<<1 | button>>3)
	return KeeLoq(function<<28|serial&0x3FF<<16|uint32(counter), key)
}

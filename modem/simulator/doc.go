// Package simulator is a SIM800 that does not exist, with a mobile network and
// phones behind it; or a SIM7600 or Quectel EC25, as far as a host can tell them
// from it by what calls and texts need (family.go, testdata/kind_*.txt).
//
// It speaks the AT dialect of the SIMCom "SIM800 Series AT Command Manual"
// V1.12 over an in-memory line or a pseudo-terminal, so that programs that know
// nothing of it (gammu, smstools) take it for a module on a serial port, and it
// lets a test or a person be the world outside: text and ring the panel, pick
// up, press keys, hang up, break the network.
//
// It will not carry data calls, GPRS, audio, a multiplexer, call waiting or
// conference calls, and it does not model the radio: a text or a call works or
// fails as it was told to.
//
// # Readings where the manual is silent
//
//   - A character that arrives while a command runs aborts it where V.250 5.6.1
//     allows it (ATD with +COLP=1: "NO CARRIER"; +COPS: "ERROR"); otherwise it
//     is lost: neither echoed nor kept.
//   - A started "> " prompt stays, also when the host closes and opens the line.
//     ESC ends it with OK and sends nothing.
//   - New message indications of +CNMI mode 0 are dropped, not kept.
//   - ATH, ATA and ATD; answer at once; +CLCC with state 6 precedes the OK of a
//     local hang-up, and NO CARRIER is sent only when the other end released.
//   - ATD while there is a call answers +CME ERROR: 771.
//   - +VTS answers when its last tone has been sent.
//   - A phone that rejects gives BUSY with cause 21 in +CEER.
//   - The module has a fixed rate, so it says RDY; after AT+IPR=0 and AT&W it
//     starts silently as auto-bauding ones do.
package simulator

package receiver

import "time"

// Heartbeat is how often rtl_433 tells of the noise on standard error: its sign
// of life while nothing is on the air.
const Heartbeat = 10 * time.Second

// Conf is the decoder list for rtl_433. One flexible decoder takes the whole
// EV1527 / PT2262 / SC2262 family at any pulse width; the stock decoders miss
// common ones and take others for something else, so all of them are off.
const Conf = `# written by gsmpanel at each start; changes are lost
frequency 433.92M
sample_rate 250k
output json
report_meta level
report_meta noise:10
# none of the stock decoders
protocol 0
decoder n=EV1527,m=OOK_PWM,s=320,l=960,r=3000,bits=25,invert,get=@0:{24}:code,unique
`

package receiver

import "time"

// Heartbeat is how often rtl_433 gives a sign of life while nothing is on the
// air. Both signs are made from samples: a dongle that hangs makes none.
const Heartbeat = 10 * time.Second

// Command runs rtl_433 with the file that RTL_433_CONF names. Versions from 23.11
// on say how loud the air is to who asks for a log only (tried with 22.11 and a
// build of 2026-08); 22.11 does not know that output and ends at once.
const Command = `if rtl_433 -F log -V >/dev/null 2>&1; then exec rtl_433 -F log -c "$RTL_433_CONF"; fi
exec rtl_433 -c "$RTL_433_CONF"`

// Conf is the configuration of rtl_433, 22.11 and later (tried with 22.11 and
// 25.02): a decoder for each family of alarm devices on 433.92 MHz, and those of
// 319.5 MHz (Interlogix) and 345 MHz (Honeywell, 2GIG) for a second dongle. Of the stock
// decoders only those it names are on: those for EV1527 miss common pulse widths
// and take one and the same button for several devices.
//
// How it was settled, with signals of package signal and the recordings:
//   - EV1527: a frame ends at any silence above r=3000 µs, so each repeat is a
//     line of its own, also where all repeats are one package (pulse widths up to
//     322 µs); unique drops nothing.
//   - Two decoders of one name, the second for what the first leaves (priority):
//     a bit is told by the width of its pulse, and one limit for all encoders
//     would stand 20 µs from the short pulse of the slowest and the long one of
//     the fastest, while a strong signal makes the first pulse of a package
//     longer and a weak one all of them shorter. One decoder with a limit of
//     640 µs heard every frame of a fob of 620 µs as another code when it was
//     near (5A3C91 as DA3C91), and none of one of 220 µs when it was far. The
//     first takes pulse widths up to 386 µs (limit 480 µs) and leaves what has
//     pulses above 1160 µs, the second all wider ones (limit 900 µs): each frame
//     comes out once and right from 170 to 800 µs, at amplitudes of 0.25 to 1.
//   - out_block_size: a line comes when its block is full. Live, at pulse widths
//     of 220, 300, 350 and 600 µs, the last line of a press came at most 0.54 s
//     after it with the default of 262144 bytes, 0.30 s with 131072, 0.15 s with
//     65536, 0.09 s with 32768; none of 500 presses was lost with any of them.
//     Lines come in steps of a block, so with the default frames 0.55 s apart may
//     come 1.05 s apart, too late for the rule of two equal frames within 0.7 s.
//     65536 leaves the dongle 2 s of buffers (15 blocks) for when the board is busy.
//   - minlevel: pulses are looked for from -21 dB of full scale on, always 9 dB
//     above the noise; by default from -12 dB on. In noise of amplitude 0.02, of 200
//     presses of amplitude 0.14 or 0.1 none was heard by default and all with it;
//     of 0.25 to 0.9 every frame was heard with either, also in noise of 0.05.
//     autolevel hears as far, but takes a silence for the noise where that changes:
//     it lost 3 % of the frames of files played one after the other, and made 14 of
//     another code. Noise alone, at 5 levels, gave no line.
//   - time: with microseconds it says when a frame, or the package that it came in,
//     began on the air, live to 20 ms. How long a button is held is told by that
//     (package radio, hold.go): a whole press may be handed on after its end.
//   - No frequency: without one rtl_433 tunes to 433.92 MHz; with one here and
//     another by -f it would go to and fro every 10 minutes.
//   - Interlogix and Honeywell in every list: a minute of noise costs 0.25 s of a
//     2.5 GHz core with them and without, one of pulses without end 0.33 s and
//     0.30 s. No frame of theirs came of noise, of the recordings and of 450 made
//     scenes with other devices. Of 600 bursts of random pulses as fast as its bits
//     3 gave one frame of a known kind of Interlogix, none gave two equal ones.
//   - Skylink: its long first pulse makes each of its 7 frames a package of its own
//     (published in pull request 814), so that they cannot be counted here.
//   - stats: rtl_433 22.11 tells the noise on standard error by itself, 23.11 and
//     later only with an output that 22.11 does not know ([Command]), so that it
//     would be taken for hung. The statistics are in the JSON of every version.
//   - noise: a line every second, of the level of the last block of samples; the
//     rule of 15 s in package radio needs as many as it can get.
const Conf = `# written by gsmpanel at each start; changes are lost
sample_rate 250k
out_block_size 65536
pulse_detect minlevel=-21
output json
report_meta time:usec:utc
report_meta level
report_meta noise:1
report_meta stats:1:10
# of the stock decoders only these
protocol 23
protocol 148
protocol 102
protocol 209
protocol 151
protocol 210
protocol 100
protocol 70
# EV1527, HS1527, PT2262, SC2262
decoder n=EV1527,m=OOK_PWM,s=140,l=820,t=340,r=3000,bits=25,invert,get=@0:{24}:code,unique
decoder n=EV1527,m=OOK_PWM,s=450,l=1350,r=3000,bits=25,invert,get=@0:{24}:code,unique,priority=1
# KeeLoq: HCS200, HCS300, HCS301
decoder n=HCS,m=OOK_PWM,s=400,l=800,r=3000,bits>=66,bits<=69,unique
# Skylink HA-434TL
decoder n=Skylink-HA-434TL,m=OOK_PPM,s=500,l=1500,y=2000,g=1800,r=10000,bits=17,get={3}:motion:[5:motion 2:alive],get=@3:{14}:id,unique
`

# siren 240 s, then the panel stays armed and shows triggered until a disarm
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST
  = triggered, siren, 2 open, next 7m20s
439.999s knock
  = triggered, siren, 2 open, next 7m20s
440s knock
    siren ended
  = triggered, 2 open
440s knock
  = triggered, 2 open
9000s knock
  = triggered, 2 open
9001s disarm
    disarm done away was alarmed
  = disarmed, 2 open

# a further zone adds to the alarm and does not lengthen the siren
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST
  = triggered, siren, 2 open, next 7m20s
300s trip 3
    alarm away zone 3 (interior)
  = triggered, siren, 2 open, next 7m20s
440s knock
    siren ended
  = triggered, 2 open

# a further zone after the siren ended sounds it again
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST
  = triggered, siren, 2 open, next 7m20s
440s knock
    siren ended
  = triggered, 2 open
500s trip 3
    alarm away zone 3 (interior)
  = triggered, siren, 2 open, next 12m20s
740s knock
    siren ended
  = triggered, 2 open

# after an alarm an entry zone starts no new delay
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST
  = triggered, siren, 2 open, next 7m20s
300s trip 1
    zone opened zone 1
    alarm away zone 1 (entry)
  = triggered, siren, 1 open, 2 open, next 7m20s

# an event sensor may trip again 10 s later
0s arm home
    arming started home for 1m0s
  = arming, next 1m0s
60s knock
    armed home
  = armed_home
200s trip 12
    alarm home zone 12 (perimeter) FIRST
  = triggered, siren, next 7m20s
209.999s trip 12
  = triggered, siren, next 7m20s
210s trip 12
    alarm home zone 12 (perimeter)
    shut out zone 12 after 2 trips
  = triggered, siren, 12 auto-bypassed, next 7m20s

# an interior one 180 s later
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 3
    alarm away zone 3 (interior) FIRST
  = triggered, siren, next 7m20s
379.999s trip 3
  = triggered, siren, next 7m20s
380s trip 3
    alarm away zone 3 (interior)
    shut out zone 3 after 2 trips
  = triggered, siren, 3 auto-bypassed, next 7m20s

# a zone that closed may trip again at once
0s arm home
    arming started home for 1m0s
  = arming, next 1m0s
60s knock
    armed home
  = armed_home
200s trip 2
    zone opened zone 2
    alarm home zone 2 (perimeter) FIRST
  = triggered, siren, 2 open, next 7m20s
201s close 2
    zone closed zone 2
  = triggered, siren, next 7m20s
202s trip 2
    zone opened zone 2
    alarm home zone 2 (perimeter)
    shut out zone 2 after 2 trips
  = triggered, siren, 2 open+auto-bypassed, next 7m20s

# a zone whose closing got lost trips again 10 s later
0s arm home
    arming started home for 1m0s
  = arming, next 1m0s
60s knock
    armed home
  = armed_home
200s trip 2
    zone opened zone 2
    alarm home zone 2 (perimeter) FIRST
  = triggered, siren, 2 open, next 7m20s
209.999s trip 2
  = triggered, siren, 2 open, next 7m20s
210s trip 2
    alarm home zone 2 (perimeter)
    shut out zone 2 after 2 trips
  = triggered, siren, 2 open+auto-bypassed, next 7m20s

# a movement before arming holds off nothing
0s trip 3
  = disarmed
1s arm away
    arming started away for 1m0s
  = arming, next 1m1s
61s knock
    armed away
  = armed_away
62s trip 3
    alarm away zone 3 (interior) FIRST just armed
  = triggered, siren, next 5m2s

# a movement in the last set holds off nothing in the next
set exit-delay 0s
0s arm away
    armed away
  = armed_away
10s trip 3
    alarm away zone 3 (interior) FIRST just armed
  = triggered, siren, next 4m10s
20s disarm
    disarm done away was alarmed
  = disarmed
21s arm away
    armed away
  = armed_away
22s trip 3
    alarm away zone 3 (interior) FIRST just armed
  = triggered, siren, next 4m22s

# 24h, fire, medical, panic and tamper work in every mode: disarmed
0s trip 4
    zone opened zone 4
    alarm disarmed zone 4 (24h) FIRST AT ONCE
  = triggered, siren, 4 open, next 4m0s
1s disarm
    disarm done disarmed was alarmed
  = disarmed, 4 open
10s trip 5
    alarm disarmed zone 5 (fire) FIRST AT ONCE
  = triggered, siren, 4 open, next 4m10s
11s disarm
    disarm done disarmed was alarmed
  = disarmed, 4 open
20s trip 6
    alarm disarmed zone 6 (medical) FIRST AT ONCE
  = triggered, 4 open
21s disarm
    disarm done disarmed was alarmed
  = disarmed, 4 open
30s trip 7
    alarm disarmed zone 7 (panic) AT ONCE
  = disarmed, 4 open
40s trip 8
    alarm disarmed zone 8 (tamper) FIRST AT ONCE
  = triggered, siren, 4 open, next 4m40s
41s disarm
    disarm done disarmed was alarmed
  = disarmed, 4 open

# 24h, fire, medical, panic and tamper work in every mode: during the exit delay
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
10s trip 7
    alarm away zone 7 (panic) AT ONCE
  = arming, next 1m0s
11s trip 4
    zone opened zone 4
    alarm away zone 4 (24h) FIRST AT ONCE
  = triggered, siren, 4 open, next 1m0s
12s trip 6
    alarm away zone 6 (medical) FIRST AT ONCE
  = triggered, siren, 4 open, next 1m0s
13s trip 5
    alarm away zone 5 (fire) FIRST AT ONCE
  = triggered, siren, 4 open, next 1m0s
14s trip 8
    attacked
    alarm away zone 8 (tamper) FIRST AT ONCE
  = triggered, siren, 4 open, next 1m0s
60s knock
    armed away
  = triggered, siren, 4 open, next 4m14s

# a fire during a burglary is a first alarm and has its own siren time
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST
  = triggered, siren, 2 open, next 7m20s
430s trip 5
    alarm away zone 5 (fire) FIRST AT ONCE
  = triggered, siren, 2 open, next 11m10s
440s knock
  = triggered, siren, 2 open, next 11m10s
670s knock
    siren ended
  = triggered, 2 open

# a panic zone is never shown as open and leaves nothing behind
0s trip 7
    alarm disarmed zone 7 (panic) AT ONCE
  = disarmed
0.1s close 7
  = disarmed
0.2s trip 7
    alarm disarmed zone 7 (panic) AT ONCE
  = disarmed
1s disarm
    already disarmed
  = disarmed

# the same trip of a 24-hour kind does not count twice within 10 s, disarm or not
0s trip 8
    alarm disarmed zone 8 (tamper) FIRST AT ONCE
  = triggered, siren, next 4m0s
1s disarm
    disarm done disarmed was alarmed
  = disarmed
9s trip 8
  = disarmed
10s trip 8
    alarm disarmed zone 8 (tamper) FIRST AT ONCE
  = triggered, siren, next 4m10s

# tamper works in every mode, once until it is restored
0s tamper 11
    tamper alarm disarmed zone 11 (tamper) FIRST AT ONCE
  = triggered, siren, 11 tampered, next 4m0s
1s tamper 11
  = triggered, siren, 11 tampered, next 4m0s
240s knock
    siren ended
  = triggered, 11 tampered
300s disarm
    disarm done disarmed was alarmed
  = disarmed, 11 tampered
301s tamper 11
  = disarmed, 11 tampered
302s tamper-cleared 11
    tamper restored zone 11
  = disarmed
303s tamper-cleared 11
  = disarmed
304s tamper 11
    tamper alarm disarmed zone 11 (tamper) FIRST AT ONCE
  = triggered, siren, 11 tampered, next 9m4s

# a second tamper adds to the first
0s arm home
    arming started home for 1m0s
  = arming, next 1m0s
60s knock
    armed home
  = armed_home
100s tamper 1
    tamper alarm home zone 1 (tamper) FIRST AT ONCE
  = triggered, siren, 1 tampered, next 5m40s
110s tamper 2
    tamper alarm home zone 2 (tamper) AT ONCE
  = triggered, siren, 1 tampered, 2 tampered, next 5m40s
120s trip 8
    alarm home zone 8 (tamper) AT ONCE
  = triggered, siren, 1 tampered, 2 tampered, next 5m40s

# a bypass leaves out trips, not tamper
0s bypass 2
    bypassed zones [2]
  = disarmed, 2 bypassed
1s arm away
    arming started away for 1m0s
  = arming, 2 bypassed, next 1m1s
70s trip 2
    armed away
    zone opened zone 2
  = armed_away, 2 open+bypassed
80s tamper 2
    attacked
    tamper alarm away zone 2 (tamper) FIRST AT ONCE
  = triggered, siren, 2 open+tampered+bypassed, next 5m20s

# silence stops the siren and leaves the alarm in memory
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST
  = triggered, siren, 2 open, next 7m20s
210s silence
    siren ended
  = triggered, 2 open
211s silence
  = triggered, 2 open
440s knock
  = triggered, 2 open

# sound starts the siren for the siren time and changes nothing else
0s sound
  = disarmed, siren, next 4m0s
239.999s knock
  = disarmed, siren, next 4m0s
240s knock
    siren ended
  = disarmed

# a disarm stops a siren that was sounded
0s sound
  = disarmed, siren, next 4m0s
10s disarm
    siren ended
    already disarmed
  = disarmed

# a zone that nobody has configured is ignored
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s trip 99
    armed away
  = armed_away
61s tamper 99
  = armed_away

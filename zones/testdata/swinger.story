# after two trips a zone is left out until the disarm
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 12
    alarm away zone 12 (perimeter) FIRST
  = triggered, siren, next 7m20s
210s trip 12
    alarm away zone 12 (perimeter)
    shut out zone 12 after 2 trips
  = triggered, siren, 12 auto-bypassed, next 7m20s
220s trip 12
  = triggered, siren, 12 auto-bypassed, next 7m20s
500s trip 12
    siren ended
  = triggered, 12 auto-bypassed
86400s trip 12
  = triggered, 12 auto-bypassed
86401s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter)
  = triggered, siren, 2 open, 12 auto-bypassed, next 24h4m1s
86401s close 2
    zone closed zone 2
  = triggered, siren, 12 auto-bypassed, next 24h4m1s
86402s disarm
    disarm done away was alarmed
  = disarmed
86403s arm away
    arming started away for 1m0s
  = arming, next 24h1m3s
86463s knock
    armed away
  = armed_away
86500s trip 12
    alarm away zone 12 (perimeter) FIRST just armed
  = triggered, siren, next 24h5m40s

# swinger-trips 1, at an entry door: its delay ends in the alarm, then no more
set swinger-trips 1
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 1
    zone opened zone 1
    entry started away zone 1 for 30s
  = pending, 1 open, next 3m50s
230s knock
    alarm away zone 1 (entry) FIRST
    shut out zone 1 after 1 trips
  = triggered, siren, 1 open+auto-bypassed, next 7m50s
240s close 1
    zone closed zone 1
  = triggered, siren, 1 auto-bypassed, next 7m50s
241s trip 1
    zone opened zone 1
  = triggered, siren, 1 open+auto-bypassed, next 7m50s

# swinger-trips 6
set swinger-trips 6
0s arm home
    arming started home for 1m0s
  = arming, next 1m0s
60s knock
    armed home
  = armed_home
200s trip 12
    alarm home zone 12 (perimeter) FIRST
  = triggered, siren, next 7m20s
210s trip 12
    alarm home zone 12 (perimeter)
  = triggered, siren, next 7m20s
220s trip 12
    alarm home zone 12 (perimeter)
  = triggered, siren, next 7m20s
230s trip 12
    alarm home zone 12 (perimeter)
  = triggered, siren, next 7m20s
240s trip 12
    alarm home zone 12 (perimeter)
  = triggered, siren, next 7m20s
250s trip 12
    alarm home zone 12 (perimeter)
    shut out zone 12 after 6 trips
  = triggered, siren, 12 auto-bypassed, next 7m20s
260s trip 12
  = triggered, siren, 12 auto-bypassed, next 7m20s

# the door opened again and again in one entry delay is one trip, and a follower too
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 1
    zone opened zone 1
    entry started away zone 1 for 30s
  = pending, 1 open, next 3m50s
201s close 1
    zone closed zone 1
  = pending, next 3m50s
202s trip 1
    zone opened zone 1
  = pending, 1 open, next 3m50s
203s close 1
    zone closed zone 1
  = pending, next 3m50s
204s trip 1
    zone opened zone 1
  = pending, 1 open, next 3m50s
205s trip 10
    zone opened zone 10
  = pending, 1 open, 10 open, next 3m50s
206s close 10
    zone closed zone 10
  = pending, 1 open, next 3m50s
207s trip 10
    zone opened zone 10
  = pending, 1 open, 10 open, next 3m50s
230s knock
    alarm away zone 1 zones [1 10] (entry) FIRST
  = triggered, siren, 1 open, 10 open, next 7m50s
250s trip 3
    alarm away zone 3 (interior)
  = triggered, siren, 1 open, 10 open, next 7m50s
251s close 1
    zone closed zone 1
  = triggered, siren, 10 open, next 7m50s
252s trip 1
    zone opened zone 1
    alarm away zone 1 (entry)
    shut out zone 1 after 2 trips
  = triggered, siren, 1 open+auto-bypassed, 10 open, next 7m50s

# never a zone that works in every mode, nor a cover
0s trip 4
    zone opened zone 4
    alarm disarmed zone 4 (24h) FIRST AT ONCE
  = triggered, siren, 4 open, next 4m0s
10s trip 4
    alarm disarmed zone 4 (24h) AT ONCE
  = triggered, siren, 4 open, next 4m0s
20s trip 4
    alarm disarmed zone 4 (24h) AT ONCE
  = triggered, siren, 4 open, next 4m0s
30s trip 5
    alarm disarmed zone 5 (fire) FIRST AT ONCE
  = triggered, siren, 4 open, next 4m30s
40s trip 5
    alarm disarmed zone 5 (fire) AT ONCE
  = triggered, siren, 4 open, next 4m30s
50s trip 5
    alarm disarmed zone 5 (fire) AT ONCE
  = triggered, siren, 4 open, next 4m30s
60s trip 6
    alarm disarmed zone 6 (medical) FIRST AT ONCE
  = triggered, siren, 4 open, next 4m30s
70s trip 6
    alarm disarmed zone 6 (medical) AT ONCE
  = triggered, siren, 4 open, next 4m30s
80s trip 6
    alarm disarmed zone 6 (medical) AT ONCE
  = triggered, siren, 4 open, next 4m30s
90s trip 8
    alarm disarmed zone 8 (tamper) FIRST AT ONCE
  = triggered, siren, 4 open, next 5m30s
100s trip 8
    alarm disarmed zone 8 (tamper) AT ONCE
  = triggered, siren, 4 open, next 5m30s
110s trip 8
    alarm disarmed zone 8 (tamper) AT ONCE
  = triggered, siren, 4 open, next 5m30s
120s trip 7
    alarm disarmed zone 7 (panic) AT ONCE
  = triggered, siren, 4 open, next 5m30s
130s trip 7
    alarm disarmed zone 7 (panic) AT ONCE
  = triggered, siren, 4 open, next 5m30s
140s trip 7
    alarm disarmed zone 7 (panic) AT ONCE
  = triggered, siren, 4 open, next 5m30s
150s tamper 11
    tamper alarm disarmed zone 11 (tamper) AT ONCE
  = triggered, siren, 4 open, 11 tampered, next 5m30s
151s tamper-cleared 11
    tamper restored zone 11
  = triggered, siren, 4 open, next 5m30s
152s tamper 11
    tamper alarm disarmed zone 11 (tamper) AT ONCE
  = triggered, siren, 4 open, 11 tampered, next 5m30s
153s tamper-cleared 11
    tamper restored zone 11
  = triggered, siren, 4 open, next 5m30s
154s tamper 11
    tamper alarm disarmed zone 11 (tamper) AT ONCE
  = triggered, siren, 4 open, 11 tampered, next 5m30s

# the cover of a zone that is shut out is watched
set exit-delay 0s
0s arm home
    armed home
  = armed_home
10s trip 12
    alarm home zone 12 (perimeter) FIRST just armed
  = triggered, siren, next 4m10s
20s trip 12
    alarm home zone 12 (perimeter) just armed
    shut out zone 12 after 2 trips
  = triggered, siren, 12 auto-bypassed, next 4m10s
30s tamper 12
    tamper alarm home zone 12 (tamper) FIRST AT ONCE
  = triggered, siren, 12 tampered+auto-bypassed, next 4m30s

# taken in again by hand, it counts anew
set exit-delay 0s
0s arm home
    armed home
  = armed_home
10s trip 12
    alarm home zone 12 (perimeter) FIRST just armed
  = triggered, siren, next 4m10s
20s trip 12
    alarm home zone 12 (perimeter) just armed
    shut out zone 12 after 2 trips
  = triggered, siren, 12 auto-bypassed, next 4m10s
30s trip 12
  = triggered, siren, 12 auto-bypassed, next 4m10s
40s unbypass 12
    unbypassed zones [12]
  = triggered, siren, next 4m10s
50s trip 12
    alarm home zone 12 (perimeter) just armed
  = triggered, siren, next 4m10s
60s trip 12
    alarm home zone 12 (perimeter) just armed
    shut out zone 12 after 2 trips
  = triggered, siren, 12 auto-bypassed, next 4m10s
70s trip 12
  = triggered, siren, 12 auto-bypassed, next 4m10s

# a restart forgets neither the count nor the end of it
set exit-delay 0s
0s arm home
    armed home
  = armed_home
10s trip 12
    alarm home zone 12 (perimeter) FIRST just armed
  = triggered, siren, next 4m10s
20s restart
  = triggered, siren, next 4m10s
30s trip 12
    alarm home zone 12 (perimeter) just armed
    shut out zone 12 after 2 trips
  = triggered, siren, 12 auto-bypassed, next 4m10s
40s restart unknown boot
  = triggered, siren, 12 auto-bypassed, next 1m40s
100s knock
  = triggered, siren, 12 auto-bypassed, next 4m10s
110s trip 12
  = triggered, siren, 12 auto-bypassed, next 4m10s

# trips that were no alarm do not count: bypassed, held off, not watched, blind
0s trip 12
  = disarmed
10s arm home
    arming started home for 1m0s
  = arming, next 1m10s
20s trip 1
    zone opened zone 1
  = arming, 1 open, next 1m10s
21s trip 3
  = arming, 1 open, next 1m10s
70s knock
    armed home
    exit error home zone 1 for 30s
    entry started home zone 1 for 30s after exit error
  = pending, 1 open, next 1m40s
80s bypass 12
    bypassed zones [12]
  = pending, 1 open, 12 bypassed, next 1m40s
90s trip 12
  = pending, 1 open, 12 bypassed, next 1m40s
100s unbypass 12
    alarm home zone 1 (entry) FIRST just armed after exit error
    unbypassed zones [12]
  = triggered, siren, 1 open, next 5m40s
110s trip 12
    alarm home zone 12 (perimeter) just armed
  = triggered, siren, 1 open, next 5m40s
111s trip 12
  = triggered, siren, 1 open, next 5m40s
112s restart boot
  = triggered, siren, 1 open, next 2m52s
120s trip 12
  = triggered, siren, 1 open, next 2m52s
172s knock
  = triggered, siren, 1 open, next 5m40s
173s trip 12
    alarm home zone 12 (perimeter) just armed
    shut out zone 12 after 2 trips
  = triggered, siren, 1 open, 12 auto-bypassed, next 5m40s

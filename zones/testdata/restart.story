# after a restart the panel is in the state it was in, with the same bypasses
0s bypass 2
    bypassed zones [2]
  = disarmed, 2 bypassed
1s trip 1
    zone opened zone 1
  = disarmed, 1 open, 2 bypassed
2s arm home
    arming started home for 1m0s
  = arming, 1 open, 2 bypassed, next 1m2s
3s close 1
    zone closed zone 1
  = arming, 2 bypassed, next 1m2s
62s knock
    armed home
  = armed_home, 2 bypassed
100s restart
  = armed_home, 2 bypassed
110s trip 2
    zone opened zone 2
  = armed_home, 2 open+bypassed

# an entry delay that ran out while the panel was off: the alarm goes at once
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
900s restart boot
    alarm away zone 1 (entry) FIRST AT ONCE
  = triggered, siren, 1 open, next 16m0s

# an entry delay that has not run out runs on
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
210s restart
  = pending, 1 open, next 3m50s
230s knock
    alarm away zone 1 (entry) FIRST
  = triggered, siren, 1 open, next 7m50s

# an exit delay that ran out while the panel was off has ended armed
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
900s restart
    armed away
  = armed_away

# an exit delay that has not run out runs on
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
20s restart
  = arming, next 1m0s
60s knock
    armed away
  = armed_away

# an exit error whose entry delay ran out as well goes at once
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s arm away
    arming started away for 1m0s
  = arming, 1 open, next 1m1s
900s restart
    armed away
    exit error away zone 1 for 30s
    entry started away zone 1 for 30s after exit error
    alarm away zone 1 (entry) FIRST AT ONCE after exit error
  = triggered, siren, 1 open, next 19m0s

# time off unknown: an entry delay that was running has run out
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
205s trip 3
  = pending, 1 open, next 3m50s
210s restart unknown
    alarm away zone 1 zones [1 3] (entry) FIRST AT ONCE
  = triggered, siren, 1 open, next 7m30s
230s knock
  = triggered, siren, 1 open, next 7m30s

# time off unknown: an exit delay has ended armed
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
20s restart unknown boot
    armed away
  = armed_away, next 1m20s
60s knock
  = armed_away, next 1m20s
80s knock
  = armed_away

# time off unknown: an exit error has its entry delay from now
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s arm away
    arming started away for 1m0s
  = arming, 1 open, next 1m1s
20s restart unknown
    armed away
    exit error away zone 1 for 30s
    entry started away zone 1 for 30s after exit error
  = pending, 1 open, next 50s
50s knock
    alarm away zone 1 (entry) FIRST just armed after exit error
  = triggered, siren, 1 open, next 4m50s

# time off unknown: the siren sounds on with its remaining time
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
300s restart unknown
  = triggered, siren, 2 open, next 7m20s
440s knock
    siren ended
  = triggered, 2 open

# the siren ran out while the panel was off
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
900s restart
    siren ended
  = triggered, 2 open

# a siren that had ended does not sound again
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
500s restart unknown boot
  = triggered, 2 open, next 9m20s
560s knock
  = triggered, 2 open

# after a boot door and motion sensors are ignored for 60 s
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s restart unknown boot
  = armed_away, next 4m20s
210s trip 2
    zone opened zone 2
  = armed_away, 2 open, next 4m20s
220s trip 3
  = armed_away, 2 open, next 4m20s
230s trip 1
    zone opened zone 1
  = armed_away, 1 open, 2 open, next 4m20s
259.999s trip 12
  = armed_away, 1 open, 2 open, next 4m20s
260s trip 12
    alarm away zone 12 (perimeter) FIRST
  = triggered, siren, 1 open, 2 open, next 8m20s

# but not the others, nor tamper
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s restart unknown boot
  = armed_away, next 4m20s
210s trip 5
    alarm away zone 5 (fire) FIRST AT ONCE
  = triggered, siren, next 4m20s
220s tamper 2
    attacked
    tamper alarm away zone 2 (tamper) FIRST AT ONCE
  = triggered, siren, 2 tampered, next 4m20s

# after a restart of the daemon they are watched
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s restart
  = armed_away
201s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST
  = triggered, siren, 2 open, next 7m21s

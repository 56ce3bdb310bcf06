# entry delay 30 s
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
229.999s knock
  = pending, 1 open, next 3m50s
230s knock
    alarm away zone 1 (entry) FIRST
  = triggered, siren, 1 open, next 7m50s
230s knock
  = triggered, siren, 1 open, next 7m50s

# disarmed in the entry delay: no alarm
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
205s close 1
    zone closed zone 1
  = pending, next 3m50s
220s disarm
    disarm done away was pending
  = disarmed
230s knock
  = disarmed

# disarmed at its very end is too late
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
230s disarm
    alarm away zone 1 (entry) FIRST
    disarm done away was alarmed
  = disarmed, 1 open

# an entry delay of 0 is no delay
set entry-delay 0s
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 1
    zone opened zone 1
    alarm away zone 1 (entry) FIRST
  = triggered, siren, 1 open, next 7m20s

# a second entry zone neither restarts nor lengthens the delay
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
210s trip 9
  = pending, 1 open, next 3m50s
215s close 1
    zone closed zone 1
  = pending, next 3m50s
220s trip 1
    zone opened zone 1
  = pending, 1 open, next 3m50s
230s knock
    alarm away zone 1 zones [1 9] (entry) FIRST
  = triggered, siren, 1 open, next 7m50s

# an interior zone that trips during the entry delay follows it
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
210s trip 3
  = pending, 1 open, next 3m50s
220s trip 10
    zone opened zone 10
  = pending, 1 open, 10 open, next 3m50s
229s trip 3
  = pending, 1 open, 10 open, next 3m50s
230s knock
    alarm away zone 1 zones [1 3 10] (entry) FIRST
  = triggered, siren, 1 open, 10 open, next 7m50s

# without one it is instant
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 3
    alarm away zone 3 (interior) FIRST
  = triggered, siren, next 7m20s

# perimeter does not follow: it is instant
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
210s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST
  = triggered, siren, 1 open, 2 open, next 3m50s
215s trip 3
  = triggered, siren, 1 open, 2 open, next 3m50s
230s knock
    alarm away zone 1 zones [1 3] (entry)
  = triggered, siren, 1 open, 2 open, next 7m30s

# home: perimeter and entry armed, interior ignored
0s arm home
    arming started home for 1m0s
  = arming, next 1m0s
60s knock
    armed home
  = armed_home
200s trip 3
  = armed_home
201s trip 10
    zone opened zone 10
  = armed_home, 10 open
210s trip 1
    zone opened zone 1
    entry started home zone 1 for 30s
  = pending, 1 open, 10 open, next 4m0s
220s trip 3
  = pending, 1 open, 10 open, next 4m0s
230s trip 2
    zone opened zone 2
    alarm home zone 2 (perimeter) FIRST
  = triggered, siren, 1 open, 2 open, 10 open, next 4m0s

# night: home, and entry zones are instant
0s arm night
    arming started night for 1m0s
  = arming, next 1m0s
60s knock
    armed night
  = armed_night
200s trip 3
  = armed_night
210s trip 1
    zone opened zone 1
    alarm night zone 1 (entry) FIRST
  = triggered, siren, 1 open, next 7m30s

# disarmed: nothing but openings
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s close 1
    zone closed zone 1
  = disarmed
2s trip 2
    zone opened zone 2
  = disarmed, 2 open
3s trip 3
  = disarmed, 2 open

# an alarm within 2 minutes of arming says just armed
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
180s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST just armed
  = triggered, siren, 2 open, next 7m0s

# 1 ms later it does not
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
180.001s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST
  = triggered, siren, 2 open, next 7m0.001s

# crash-and-smash: in away, tamper during an entry delay sends the alarm at once
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
210s tamper 2
    alarm away zone 1 zones [1 3] (entry) FIRST AT ONCE
    attacked
    tamper alarm away zone 2 (tamper) FIRST AT ONCE
  = triggered, siren, 1 open, 2 tampered, next 7m30s
230s knock
  = triggered, siren, 1 open, 2 tampered, next 7m30s

# crash-and-smash: a tamper zone
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
210s trip 8
    alarm away zone 1 (entry) FIRST AT ONCE
    attacked
    alarm away zone 8 (tamper) FIRST AT ONCE
  = triggered, siren, 1 open, next 7m30s
230s knock
  = triggered, siren, 1 open, next 7m30s

# crash-and-smash: mains, receiver or jamming
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
210s smashed
    alarm away zone 1 (entry) FIRST AT ONCE
    attacked
  = triggered, siren, 1 open, next 7m30s
211s smashed
    attacked
  = triggered, siren, 1 open, next 7m30s

# crash-and-smash: a sensor torn off that had been tampered with before
0s tamper 11
    tamper alarm disarmed zone 11 (tamper) FIRST AT ONCE
  = triggered, siren, 11 tampered, next 4m0s
1s disarm
    disarm done disarmed was alarmed
  = disarmed, 11 tampered
2s arm away force
    arming started away zones [11] for 1m0s because Attic window tamper
  = arming, 11 tampered, next 1m2s
62s knock
    armed away
  = armed_away, 11 tampered
200s trip 1
    zone opened zone 1
    entry started away zone 1 for 30s
  = pending, 1 open, 11 tampered, next 3m50s
210s tamper 11
    alarm away zone 1 (entry) FIRST AT ONCE
    attacked
  = triggered, siren, 1 open, 11 tampered, next 7m30s

# crash-and-smash is for away: in home the entry delay runs on
0s arm home
    arming started home for 1m0s
  = arming, next 1m0s
60s knock
    armed home
  = armed_home
200s trip 1
    zone opened zone 1
    entry started home zone 1 for 30s
  = pending, 1 open, next 3m50s
205s smashed
  = pending, 1 open, next 3m50s
210s tamper 2
    tamper alarm home zone 2 (tamper) FIRST AT ONCE
  = triggered, siren, 1 open, 2 tampered, next 3m50s
230s knock
    alarm home zone 1 (entry) FIRST
  = triggered, siren, 1 open, 2 tampered, next 7m50s

# without an entry delay a smashed panel is no alarm of the zones
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s smashed
    attacked
  = armed_away

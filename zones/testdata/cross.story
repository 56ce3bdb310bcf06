# a trip of one zone of a pair alone is no alarm; both within the window are
set pair 3 10
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 3
    single trip away zone 3 for 5m0s
  = armed_away
320s trip 10
    zone opened zone 10
    alarm away zone 10 zones [10 3] (interior) FIRST VERIFIED
  = triggered, siren, 10 open, next 9m20s
330s disarm
    disarm done away was alarmed
  = disarmed, 10 open

# the other way round
set pair 3 10
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 10
    zone opened zone 10
    single trip away zone 10 for 5m0s
  = armed_away, 10 open
201s close 10
    zone closed zone 10
  = armed_away
320s trip 3
    alarm away zone 3 zones [3 10] (interior) FIRST VERIFIED
  = triggered, siren, next 9m20s

# at the end of the window, and behind it
set pair 3 12
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
200s trip 3
    single trip away zone 3 for 5m0s
  = armed_away
500s trip 12
    alarm away zone 12 zones [12 3] (perimeter) FIRST VERIFIED
  = triggered, siren, next 12m20s
501s disarm
    disarm done away was alarmed
  = disarmed
600s arm away
    arming started away for 1m0s
  = arming, next 11m0s
660s knock
    armed away
  = armed_away
800s trip 3
    single trip away zone 3 for 5m0s
  = armed_away
1100.001s trip 12
    single trip away zone 12 for 5m0s
  = armed_away
1400.001s trip 3
    alarm away zone 3 zones [3 12] (interior) FIRST VERIFIED
  = triggered, siren, next 27m20.001s

# another window
set pair 3 12
set cross-zone-window 30s
set exit-delay 0s
0s arm away
    armed away
  = armed_away
200s trip 3
    single trip away zone 3 for 30s
  = armed_away
230.001s trip 12
    single trip away zone 12 for 30s
  = armed_away
260.001s trip 3
    alarm away zone 3 zones [3 12] (interior) FIRST VERIFIED
  = triggered, siren, next 8m20.001s

# one that repeats itself is told once, and waits from its last trip on
set pair 3 12
set exit-delay 0s
0s arm away
    armed away
  = armed_away
100s trip 12
    single trip away zone 12 for 5m0s
  = armed_away
101s trip 12
  = armed_away
300s trip 12
  = armed_away
590s trip 12
  = armed_away
890s trip 3
    alarm away zone 3 zones [3 12] (interior) FIRST VERIFIED
  = triggered, siren, next 18m50s

# others need no partner's trip, but a burglary in memory needs no pair
set pair 3 12
set exit-delay 0s
0s arm away
    armed away
  = armed_away
10s trip 12
    single trip away zone 12 for 5m0s
  = armed_away
20s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST just armed
  = triggered, siren, 2 open, next 4m20s
30s trip 12
    alarm away zone 12 (perimeter) just armed
  = triggered, siren, 2 open, next 4m20s
40s trip 3
    alarm away zone 3 (interior) just armed VERIFIED
  = triggered, siren, 2 open, next 4m20s

# a partner that the mode does not watch is not waited for: at home
set pair 3 12
set exit-delay 0s
0s arm home
    armed home
  = armed_home
10s trip 12
    alarm home zone 12 (perimeter) FIRST just armed
  = triggered, siren, next 4m10s

# nor during the exit delay
set pair 3 12
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
10s trip 3
  = arming, next 1m0s
20s trip 12
    alarm away zone 12 (perimeter) FIRST just armed
  = triggered, siren, next 1m0s

# nor one that is bypassed
set pair 3 12
set exit-delay 0s
0s bypass 3
    bypassed zones [3]
  = disarmed, 3 bypassed
1s arm away
    armed away
  = armed_away, 3 bypassed
10s trip 12
    alarm away zone 12 (perimeter) FIRST just armed
  = triggered, siren, 3 bypassed, next 4m10s

# nor one that stands open
set pair 2 12
set exit-delay 0s
0s arm away
    armed away
  = armed_away
10s trip 2
    zone opened zone 2
    single trip away zone 2 for 5m0s
  = armed_away, 2 open
320s trip 12
    alarm away zone 12 (perimeter) FIRST
  = triggered, siren, 2 open, next 9m20s

# nor one that is open at the end of the exit delay
set pair 10 12
0s trip 10
    zone opened zone 10
  = disarmed, 10 open
10s arm away
    arming started away for 1m0s
  = arming, 10 open, next 1m10s
70s knock
    armed away
    auto bypassed zones [10] at exit
  = armed_away, 10 open+auto-bypassed
80s trip 12
    alarm away zone 12 (perimeter) FIRST just armed
  = triggered, siren, 10 open+auto-bypassed, next 5m20s

# nor one with an open cover
set pair 11 12
set exit-delay 0s
0s tamper 11
    tamper alarm disarmed zone 11 (tamper) FIRST AT ONCE
  = triggered, siren, 11 tampered, next 4m0s
1s disarm
    disarm done disarmed was alarmed
  = disarmed, 11 tampered
2s arm away force
    armed away zones [11] because Attic window tamper
  = armed_away, 11 tampered
10s trip 12
    alarm away zone 12 (perimeter) FIRST just armed
  = triggered, siren, 11 tampered, next 4m10s

# nor one with a low battery
set pair 3 12
set exit-delay 0s
0s battery-low 3
    battery flat zone 3
  = disarmed, 3 battery low
1s arm away
    armed away
  = armed_away, 3 battery low
10s trip 12
    alarm away zone 12 (perimeter) FIRST just armed
  = triggered, siren, 3 battery low, next 4m10s

# nor one that is lost
set supervise 3 1h
set pair 3 12
set exit-delay 0s
0s arm away
    armed away
  = armed_away, next 1h0m0s
3600s knock
    sensor lost zone 3
  = armed_away, 3 lost
3610s trip 12
    alarm away zone 12 (perimeter) FIRST
  = triggered, siren, 3 lost, next 1h4m10s

# nor one that may be unheard, as a receiver is gone or jammed
set pair 3 12
set exit-delay 0s
0s hears badly
  = disarmed
1s arm away
    armed away
  = armed_away
10s trip 12
    alarm away zone 12 (perimeter) FIRST just armed
  = triggered, siren, next 4m10s
11s disarm
    disarm done away was alarmed
  = disarmed
12s hears well
  = disarmed
13s arm away
    armed away
  = armed_away
20s trip 12
    single trip away zone 12 for 5m0s
  = armed_away

# nor one that is shut out, as then a burglary is in memory
set pair 3 12
set swinger-trips 1
set exit-delay 0s
0s arm away
    armed away
  = armed_away
10s trip 3
    single trip away zone 3 for 5m0s
  = armed_away
20s trip 12
    alarm away zone 12 zones [12 3] (perimeter) FIRST just armed VERIFIED
    shut out zone 12 after 1 trips
    shut out zone 3 after 1 trips
  = triggered, siren, 3 auto-bypassed, 12 auto-bypassed, next 4m20s
21s unbypass 12
    unbypassed zones [12]
  = triggered, siren, 3 auto-bypassed, next 4m20s
30s trip 12
    alarm away zone 12 (perimeter) just armed VERIFIED
    shut out zone 12 after 1 trips
  = triggered, siren, 3 auto-bypassed, 12 auto-bypassed, next 4m20s

# a trip that waited is forgotten when its zone is bypassed
set pair 3 12
set exit-delay 0s
0s arm away
    armed away
  = armed_away
10s trip 3
    single trip away zone 3 for 5m0s
  = armed_away
20s bypass 3
    bypassed zones [3]
  = armed_away, 3 bypassed
21s unbypass 3
    unbypassed zones [3]
  = armed_away
30s trip 12
    single trip away zone 12 for 5m0s
  = armed_away

# and by a disarm
set pair 3 12
set exit-delay 0s
0s arm away
    armed away
  = armed_away
10s trip 3
    single trip away zone 3 for 5m0s
  = armed_away
20s disarm
    disarm done away
  = disarmed
21s arm away
    armed away
  = armed_away
30s trip 12
    single trip away zone 12 for 5m0s
  = armed_away

# a follower follows, and confirms its partner
set pair 3 12
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
210s trip 12
    alarm away zone 12 (perimeter) FIRST VERIFIED
  = triggered, siren, 1 open, next 3m50s
230s knock
    alarm away zone 1 zones [1 3] (entry)
  = triggered, siren, 1 open, next 7m30s

# an entry door of a pair has its delay, and confirms its partner
set pair 1 12
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
210s trip 12
    alarm away zone 12 (perimeter) FIRST VERIFIED
  = triggered, siren, 1 open, next 3m50s
230s knock
    alarm away zone 1 (entry)
  = triggered, siren, 1 open, next 7m30s

# in night it waits for it
set pair 1 12
0s arm night
    arming started night for 1m0s
  = arming, next 1m0s
60s knock
    armed night
  = armed_night
200s trip 1
    zone opened zone 1
    single trip night zone 1 for 5m0s
  = armed_night, 1 open
201s close 1
    zone closed zone 1
  = armed_night
210s trip 12
    alarm night zone 12 zones [12 1] (perimeter) FIRST VERIFIED
  = triggered, siren, next 7m30s

# in away an attack on the panel confirms the trip that waits
set pair 3 12
set exit-delay 0s
0s arm away
    armed away
  = armed_away
10s trip 12
    single trip away zone 12 for 5m0s
  = armed_away
20s smashed
    alarm away zone 12 (perimeter) FIRST AT ONCE just armed
    attacked
  = triggered, siren, next 4m20s
21s smashed
    attacked
  = triggered, siren, next 4m20s

# and one that comes after it, within the window
set pair 3 12
set exit-delay 0s
0s arm away
    armed away
  = armed_away
10s smashed
    attacked
  = armed_away
310s trip 12
    alarm away zone 12 (perimeter) FIRST
  = triggered, siren, next 9m10s
311s disarm
    disarm done away was alarmed
  = disarmed
312s arm away
    armed away
  = armed_away
320s smashed
    attacked
  = armed_away
620.001s trip 12
    single trip away zone 12 for 5m0s
  = armed_away

# a tamper is such an attack
set pair 3 12
set exit-delay 0s
0s arm away
    armed away
  = armed_away
10s trip 3
    single trip away zone 3 for 5m0s
  = armed_away
20s tamper 2
    alarm away zone 3 (interior) FIRST AT ONCE just armed
    attacked
    tamper alarm away zone 2 (tamper) FIRST AT ONCE
  = triggered, siren, 2 tampered, next 4m20s

# at home it is none
set pair 2 12
set exit-delay 0s
0s arm home
    armed home
  = armed_home
10s trip 12
    single trip home zone 12 for 5m0s
  = armed_home
20s smashed
  = armed_home
21s tamper 11
    tamper alarm home zone 11 (tamper) FIRST AT ONCE
  = triggered, siren, 11 tampered, next 4m21s

# a restart forgets no trip that waits
set pair 3 12
set exit-delay 0s
0s arm away
    armed away
  = armed_away
10s trip 3
    single trip away zone 3 for 5m0s
  = armed_away
20s restart unknown
  = armed_away
30s trip 12
    alarm away zone 12 zones [12 3] (perimeter) FIRST just armed VERIFIED
  = triggered, siren, next 4m30s

# but the panel was blind to one right after a boot
set pair 3 12
set exit-delay 0s
0s arm away
    armed away
  = armed_away
10s restart boot
  = armed_away, next 1m10s
20s trip 3
  = armed_away, next 1m10s
70s knock
  = armed_away
80s trip 12
    single trip away zone 12 for 5m0s
  = armed_away

# disarmed, nobody waits
set pair 3 12
0s trip 3
  = disarmed
10s trip 12
  = disarmed

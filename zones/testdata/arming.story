# arming is refused, with the reason, for an open perimeter zone
0s trip 2
    zone opened zone 2
  = disarmed, 2 open
1s arm away
    arm refused away zones [2] because Kitchen window open
  = disarmed, 2 open
2s arm home
    arm refused home zones [2] because Kitchen window open
  = disarmed, 2 open
3s arm night
    arm refused night zones [2] because Kitchen window open
  = disarmed, 2 open
4s close 2
    zone closed zone 2
  = disarmed
5s arm away
    arming started away for 1m0s
  = arming, next 1m5s

# arming is refused for an open 24h zone
0s bypass 4
    bypassed zones [4]
  = disarmed, 4 bypassed
1s trip 4
    zone opened zone 4
  = disarmed, 4 open+bypassed
2s unbypass 4
    unbypassed zones [4]
  = disarmed, 4 open
3s arm home
    arm refused home zones [4] because Cellar water open
  = disarmed, 4 open

# arming is refused for tamper, until it is restored
0s bypass 11
    bypassed zones [11]
  = disarmed, 11 bypassed
1s tamper 11
    tamper alarm disarmed zone 11 (tamper) FIRST AT ONCE
  = triggered, siren, 11 tampered+bypassed, next 4m1s
2s disarm
    disarm done disarmed was alarmed
  = disarmed, 11 tampered
3s arm away
    arm refused away zones [11] because Attic window tamper
  = disarmed, 11 tampered
4s tamper-cleared 11
    tamper restored zone 11
  = disarmed
5s arm away
    arming started away for 1m0s
  = arming, next 1m5s

# a tamper contact that can't report restoral refuses until a disarm
0s tamper 1
    tamper alarm disarmed zone 1 (tamper) FIRST AT ONCE
  = triggered, siren, 1 tampered, next 4m0s
1s arm away
    arm refused away because alarm in memory, disarm first
  = triggered, siren, 1 tampered, next 4m0s
2s disarm
    disarm done disarmed was alarmed
  = disarmed
3s arm away
    arming started away for 1m0s
  = arming, next 1m3s

# arming is refused for the panel's own flat battery
0s arm away because panel battery flat
    arm refused away because panel battery flat
  = disarmed
1s trip 2
    zone opened zone 2
  = disarmed, 2 open
2s arm away because panel battery flat
    arm refused away zones [2] because Kitchen window open; panel battery flat
  = disarmed, 2 open

# a flat sensor battery refuses nothing
0s battery-low 1
    battery flat zone 1
  = disarmed, 1 battery low
1s battery-low 1
  = disarmed, 1 battery low
2s arm away
    arming started away for 1m0s
  = arming, 1 battery low, next 1m2s
3s battery-ok 1
    battery restored zone 1
  = arming, next 1m2s

# without an exit delay open entry and interior zones refuse
set exit-delay 0s
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s trip 10
    zone opened zone 10
  = disarmed, 1 open, 10 open
2s arm away
    arm refused away zones [1 10] because Front door open; Study door open
  = disarmed, 1 open, 10 open
3s arm home
    arm refused home zones [1] because Front door open
  = disarmed, 1 open, 10 open
4s arm away force
    auto bypassed zones [1 10]
    armed away zones [1 10] because Front door open; Study door open
  = armed_away, 1 open+auto-bypassed, 10 open+auto-bypassed

# a zone that the mode ignores does not refuse
set exit-delay 0s
0s trip 10
    zone opened zone 10
  = disarmed, 10 open
1s arm night
    armed night
  = armed_night, 10 open

# from home to away an open interior zone refuses, and home stays
0s arm home
    arming started home for 1m0s
  = arming, next 1m0s
60s trip 10
    armed home
    zone opened zone 10
  = armed_home, 10 open
61s arm away
    arm refused away zones [10] because Study door open
  = armed_home, 10 open
62s close 10
    zone closed zone 10
  = armed_home
63s arm away
    armed away
  = armed_away

# force overrides every refusal, bypassing open zones for this set
0s trip 2
    zone opened zone 2
  = disarmed, 2 open
1s trip 1
    zone opened zone 1
  = disarmed, 1 open, 2 open
2s arm away force because panel battery flat
    auto bypassed zones [1 2]
    arming started away zones [1 2] for 1m0s because Front door open; Kitchen window open; panel battery flat
  = arming, 1 open+auto-bypassed, 2 open+auto-bypassed, next 1m2s
10s close 1
    zone closed zone 1
  = arming, 1 auto-bypassed, 2 open+auto-bypassed, next 1m2s
62s knock
    armed away
  = armed_away, 1 auto-bypassed, 2 open+auto-bypassed
70s close 2
    zone closed zone 2
  = armed_away, 1 auto-bypassed, 2 auto-bypassed
80s trip 2
    zone opened zone 2
  = armed_away, 1 auto-bypassed, 2 open+auto-bypassed
90s disarm
    disarm done away
  = disarmed, 2 open
91s close 2
    zone closed zone 2
  = disarmed
95s arm away
    arming started away for 1m0s
  = arming, next 2m35s

# force bypasses the door that one leaves by too, if it is open
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s arm away force
    auto bypassed zones [1]
    arming started away zones [1] for 1m0s because Front door open
  = arming, 1 open+auto-bypassed, next 1m1s
5s close 1
    zone closed zone 1
  = arming, 1 auto-bypassed, next 1m1s
61s knock
    armed away
  = armed_away, 1 auto-bypassed
70s trip 1
    zone opened zone 1
  = armed_away, 1 open+auto-bypassed

# force arms with a tampered zone
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
70s trip 11
    alarm away zone 11 (perimeter) FIRST just armed
  = triggered, siren, 11 tampered, next 5m10s

# an event sensor never refuses arming
0s trip 12
  = disarmed
1s arm away
    arming started away for 1m0s
  = arming, next 1m1s

# the same mode again says so and restarts nothing
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
20s arm away
    arming started away for 40s already
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
70s arm away
    armed away already
  = armed_away
71s arm away force
    armed away already
  = armed_away

# while an alarm is in memory arming is refused, forced or not
0s arm home
    arming started home for 1m0s
  = arming, next 1m0s
60s knock
    armed home
  = armed_home
70s trip 2
    zone opened zone 2
    alarm home zone 2 (perimeter) FIRST just armed
  = triggered, siren, 2 open, next 5m10s
80s arm away
    arm refused away because alarm in memory, disarm first
  = triggered, siren, 2 open, next 5m10s
81s arm away force
    arm refused away because alarm in memory, disarm first
  = triggered, siren, 2 open, next 5m10s
82s arm home
    arm refused home because alarm in memory, disarm first
  = triggered, siren, 2 open, next 5m10s
83s disarm
    disarm done home was alarmed
  = disarmed, 2 open
84s close 2
    zone closed zone 2
  = disarmed
85s arm away
    arming started away for 1m0s
  = arming, next 2m25s

# while an entry delay runs arming is refused
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
100s trip 1
    zone opened zone 1
    entry started away zone 1 for 30s
  = pending, 1 open, next 2m10s
101s arm home force
    arm refused home because entry delay running, disarm first
  = pending, 1 open, next 2m10s
102s arm away
    arm refused away because entry delay running, disarm first
  = pending, 1 open, next 2m10s
103s close 1
    zone closed zone 1
  = pending, next 2m10s
130s knock
    alarm away zone 1 (entry) FIRST just armed
  = triggered, siren, next 6m10s

# only the three modes can be armed
0s arm disarmed
    arm refused disarmed because "disarmed" is no mode to arm, use home, away or night
  = disarmed
1s arm party force
    arm refused party because "party" is no mode to arm, use home, away or night
  = disarmed

# disarming a disarmed panel says so
0s disarm
    already disarmed
  = disarmed
1s bypass 2
    bypassed zones [2]
  = disarmed, 2 bypassed
2s disarm
    already disarmed
  = disarmed

# disarming in the exit delay
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
30s disarm
    disarm done away was arming
  = disarmed
60s knock
  = disarmed

# bypass leaves zones out until the next disarm
0s bypass 2 4 2
    bypassed zones [2 4]
  = disarmed, 2 bypassed, 4 bypassed
1s trip 2
    zone opened zone 2
  = disarmed, 2 open+bypassed, 4 bypassed
2s arm away
    arming started away for 1m0s
  = arming, 2 open+bypassed, 4 bypassed, next 1m2s
62s knock
    armed away
  = armed_away, 2 open+bypassed, 4 bypassed
70s close 2
    zone closed zone 2
  = armed_away, 2 bypassed, 4 bypassed
80s trip 2
    zone opened zone 2
  = armed_away, 2 open+bypassed, 4 bypassed
90s trip 4
    zone opened zone 4
  = armed_away, 2 open+bypassed, 4 open+bypassed
100s disarm
    disarm done away
  = disarmed, 2 open, 4 open
110s trip 4
    alarm disarmed zone 4 (24h) FIRST AT ONCE
  = triggered, siren, 2 open, 4 open, next 5m50s

# unbypass takes a zone in again
0s bypass 2
    bypassed zones [2]
  = disarmed, 2 bypassed
1s arm away
    arming started away for 1m0s
  = arming, 2 bypassed, next 1m1s
61s unbypass 2
    armed away
    unbypassed zones [2]
  = armed_away
70s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST just armed
  = triggered, siren, 2 open, next 5m10s

# unbypass of an automatic bypass
0s trip 2
    zone opened zone 2
  = disarmed, 2 open
1s arm away force
    auto bypassed zones [2]
    arming started away zones [2] for 1m0s because Kitchen window open
  = arming, 2 open+auto-bypassed, next 1m1s
61s close 2
    armed away
    zone closed zone 2
  = armed_away, 2 auto-bypassed
62s unbypass 2
    unbypassed zones [2]
  = armed_away
70s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST just armed
  = triggered, siren, 2 open, next 5m10s

# bypass takes all of the numbers or none
0s bypass 2 99
    bypass refused zones [2 99] because no zone 99
  = disarmed
1s bypass 2 5 6 7
    bypass refused zones [2 5 6 7] because Smoke can't be bypassed; Pendant can't be bypassed; Bed button can't be bypassed
  = disarmed
2s bypass
    bypass refused because no zone named, give its number
  = disarmed
3s unbypass 99
    bypass refused zones [99] because no zone 99
  = disarmed

# a fire zone that is still open refuses nothing
0s trip 13
    zone opened zone 13
    alarm disarmed zone 13 (fire) FIRST AT ONCE
  = triggered, siren, 13 open, next 4m0s
1s disarm
    disarm done disarmed was alarmed
  = disarmed, 13 open
2s arm away
    arming started away for 1m0s
  = arming, 13 open, next 1m2s

# force during the exit delay bypasses the door that would not shut
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
10s trip 1
    zone opened zone 1
  = arming, 1 open, next 1m0s
11s trip 10
    zone opened zone 10
  = arming, 1 open, 10 open, next 1m0s
20s arm away
    arming started away for 40s already
  = arming, 1 open, 10 open, next 1m0s
30s arm away force
    auto bypassed zones [1 10]
    arming started away zones [1 10] for 30s because Front door open; Study door open
  = arming, 1 open+auto-bypassed, 10 open+auto-bypassed, next 1m0s
31s arm away force
    arming started away for 29s already
  = arming, 1 open+auto-bypassed, 10 open+auto-bypassed, next 1m0s
60s knock
    armed away
  = armed_away, 1 open+auto-bypassed, 10 open+auto-bypassed
70s disarm
    disarm done away
  = disarmed, 1 open, 10 open

# exit delay 60 s in every mode: away
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
59.999s knock
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
60s knock
  = armed_away

# exit delay 60 s in every mode: home
0s arm home
    arming started home for 1m0s
  = arming, next 1m0s
60s knock
    armed home
  = armed_home

# exit delay 60 s in every mode: night
0s arm night
    arming started night for 1m0s
  = arming, next 1m0s
60s knock
    armed night
  = armed_night

# an exit delay of 0 arms at once
set exit-delay 0s
0s arm away
    armed away
  = armed_away

# meanwhile entry and interior are not watched
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
10s trip 1
    zone opened zone 1
  = arming, 1 open, next 1m0s
15s close 1
    zone closed zone 1
  = arming, next 1m0s
20s trip 3
  = arming, next 1m0s
30s trip 10
    zone opened zone 10
  = arming, 10 open, next 1m0s
35s close 10
    zone closed zone 10
  = arming, next 1m0s
60s knock
    armed away
  = armed_away

# meanwhile perimeter is watched
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
10s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST just armed
  = triggered, siren, 2 open, next 1m0s
60s knock
    armed away
  = triggered, siren, 2 open, next 4m10s
200s knock
  = triggered, siren, 2 open, next 4m10s
250s knock
    siren ended
  = triggered, 2 open

# from one armed mode to another there is no exit delay
0s arm home
    arming started home for 1m0s
  = arming, next 1m0s
60s knock
    armed home
  = armed_home
100s arm away
    armed away
  = armed_away
110s arm night
    armed night
  = armed_night
120s arm home
    armed home
  = armed_home

# another mode during the exit delay takes its place, the delay is not lengthened
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
20s arm home
    arming started home for 40s
  = arming, next 1m0s
60s knock
    armed home
  = armed_home

# one restart when an entry zone re-opens during it
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
10s trip 1
    zone opened zone 1
  = arming, 1 open, next 1m0s
12s close 1
    zone closed zone 1
  = arming, next 1m0s
30s trip 1
    zone opened zone 1
    exit restarted away zone 1 for 1m0s
  = arming, 1 open, next 1m30s
35s close 1
    zone closed zone 1
  = arming, next 1m30s
80s trip 1
    zone opened zone 1
  = arming, 1 open, next 1m30s
85s close 1
    zone closed zone 1
  = arming, next 1m30s
90s knock
    armed away
  = armed_away

# the door that was open when arming began re-opens
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s arm away
    arming started away for 1m0s
  = arming, 1 open, next 1m1s
5s close 1
    zone closed zone 1
  = arming, next 1m1s
20s trip 1
    zone opened zone 1
    exit restarted away zone 1 for 1m0s
  = arming, 1 open, next 1m20s

# another entry zone is no re-opening
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
10s trip 1
    zone opened zone 1
  = arming, 1 open, next 1m0s
12s close 1
    zone closed zone 1
  = arming, next 1m0s
14s trip 9
  = arming, next 1m0s
60s knock
    armed away
  = armed_away

# an entry sensor without a close code re-opens 10 s later, not sooner
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
10s trip 9
  = arming, next 1m0s
19.999s trip 9
  = arming, next 1m0s
20s trip 9
    exit restarted away zone 9 for 1m0s
  = arming, next 1m20s

# the way out holds off nothing afterwards
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
59s trip 9
  = arming, next 1m0s
60s knock
    armed away
  = armed_away
61s trip 9
    entry started away zone 9 for 30s
  = pending, next 1m31s

# an open entry zone does not refuse; at the end it is an exit error: entry delay runs
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s arm away
    arming started away for 1m0s
  = arming, 1 open, next 1m1s
61s knock
    armed away
    exit error away zone 1 for 30s
    entry started away zone 1 for 30s after exit error
  = pending, 1 open, next 1m31s
70s close 1
    zone closed zone 1
  = pending, next 1m31s
90.999s knock
  = pending, next 1m31s
91s knock
    alarm away zone 1 (entry) FIRST just armed after exit error
  = triggered, siren, next 5m31s

# an exit error in night has an entry delay too
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s arm night
    arming started night for 1m0s
  = arming, 1 open, next 1m1s
61s knock
    armed night
    exit error night zone 1 for 30s
    entry started night zone 1 for 30s after exit error
  = pending, 1 open, next 1m31s
91s knock
    alarm night zone 1 (entry) FIRST just armed after exit error
  = triggered, siren, 1 open, next 5m31s

# an exit error without an entry delay is an alarm
set entry-delay 0s
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s arm away
    arming started away for 1m0s
  = arming, 1 open, next 1m1s
61s knock
    armed away
    exit error away zone 1
    alarm away zone 1 (entry) FIRST just armed after exit error
  = triggered, siren, 1 open, next 5m1s

# a disarm answers an exit error
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s arm away
    arming started away for 1m0s
  = arming, 1 open, next 1m1s
61s knock
    armed away
    exit error away zone 1 for 30s
    entry started away zone 1 for 30s after exit error
  = pending, 1 open, next 1m31s
80s disarm
    disarm done away was pending
  = disarmed, 1 open

# an open interior zone is bypassed at the end, and named
0s trip 10
    zone opened zone 10
  = disarmed, 10 open
1s arm away
    arming started away for 1m0s
  = arming, 10 open, next 1m1s
61s knock
    armed away
    auto bypassed zones [10] at exit
  = armed_away, 10 open+auto-bypassed
70s close 10
    zone closed zone 10
  = armed_away, 10 auto-bypassed
80s trip 10
    zone opened zone 10
  = armed_away, 10 open+auto-bypassed
90s disarm
    disarm done away
  = disarmed, 10 open

# an interior zone that the mode ignores is not bypassed
0s trip 10
    zone opened zone 10
  = disarmed, 10 open
1s arm home
    arming started home for 1m0s
  = arming, 10 open, next 1m1s
61s knock
    armed home
  = armed_home, 10 open

# a sensor that reports no closing is never an exit error
0s trip 9
  = disarmed
1s trip 3
  = disarmed
2s arm away
    arming started away for 1m0s
  = arming, next 1m2s
62s knock
    armed away
  = armed_away

# after an alarm an exit error starts no delay
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s arm away
    arming started away for 1m0s
  = arming, 1 open, next 1m1s
10s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST just armed
  = triggered, siren, 1 open, 2 open, next 1m1s
61s knock
    armed away
    exit error away zone 1
  = triggered, siren, 1 open, 2 open, next 4m10s

# an exit error whose knock comes late: the delays ran from when they were due
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s arm away
    arming started away for 1m0s
  = arming, 1 open, next 1m1s
200s knock
    armed away
    exit error away zone 1 for 30s
    entry started away zone 1 for 30s after exit error
    alarm away zone 1 (entry) FIRST after exit error
  = triggered, siren, 1 open, next 7m20s

# in night another entry zone is instant, while an exit error has its delay
0s trip 1
    zone opened zone 1
  = disarmed, 1 open
1s arm night
    arming started night for 1m0s
  = arming, 1 open, next 1m1s
61s knock
    armed night
    exit error night zone 1 for 30s
    entry started night zone 1 for 30s after exit error
  = pending, 1 open, next 1m31s
65s close 1
    zone closed zone 1
  = pending, next 1m31s
66s trip 1
    zone opened zone 1
  = pending, 1 open, next 1m31s
70s trip 9
    alarm night zone 9 (entry) FIRST just armed
  = triggered, siren, 1 open, next 1m31s
91s knock
    alarm night zone 1 (entry) just armed after exit error
  = triggered, siren, 1 open, next 5m10s

# the end of the exit delay makes no second alarm of one trip: only the way out is forgotten
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
55s trip 13
    alarm away zone 13 (fire) FIRST AT ONCE
  = triggered, siren, 13 open, next 1m2s
62s trip 13
    armed away
  = triggered, siren, 13 open, next 4m55s
66s trip 13
    alarm away zone 13 (fire) AT ONCE
  = triggered, siren, 13 open, next 4m55s

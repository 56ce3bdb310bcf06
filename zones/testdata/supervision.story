# a sensor that is not heard for its time is lost, once
set supervise 3 1h
0s knock
  = disarmed, next 1h0m0s
3599.999s knock
  = disarmed, next 1h0m0s
3600s knock
    sensor lost zone 3
  = disarmed, 3 lost
3600s knock
  = disarmed, 3 lost
9000s knock
  = disarmed, 3 lost

# it is heard again by anything that it says
set supervise 3 1h
set supervise 2 1h
0s knock
  = disarmed, next 1h0m0s
3600s knock
    sensor lost zone 2
    sensor lost zone 3
  = disarmed, 2 lost, 3 lost
3700s check-in 3
    sensor back zone 3
  = disarmed, 2 lost, next 2h1m40s
3701s check-in 3
  = disarmed, 2 lost, next 2h1m41s
3800s tamper-cleared 2
    sensor back zone 2
  = disarmed, next 2h1m41s
3900s close 2
  = disarmed, next 2h1m41s

# the time counts from when it was last heard
set supervise 2 1h
0s knock
  = disarmed, next 1h0m0s
100s trip 2
    zone opened zone 2
  = disarmed, 2 open, next 1h1m40s
3600s knock
  = disarmed, 2 open, next 1h1m40s
3699.999s knock
  = disarmed, 2 open, next 1h1m40s
3700s knock
    sensor lost zone 2
  = disarmed, 2 open+lost
3701s close 2
    zone closed zone 2
    sensor back zone 2
  = disarmed, next 2h1m41s
7301s knock
    sensor lost zone 2
  = disarmed, 2 lost

# never heard: from when it stood in the configuration
5000s knock
  = disarmed
set supervise 3 10m
5100s knock
  = disarmed, next 1h35m0s
5700s knock
    sensor lost zone 3
  = disarmed, 3 lost

# never for a zone that is not supervised
0s trip 3
  = disarmed
9000000s knock
  = disarmed

# heard before it was supervised: from when the time was set
0s trip 3
  = disarmed
7000s knock
  = disarmed
set supervise 3 1h
7200s knock
  = disarmed, next 3h0m0s
10800s knock
    sensor lost zone 3
  = disarmed, 3 lost

# another time counts from when it was set
set supervise 3 1h
0s knock
  = disarmed, next 1h0m0s
1000s trip 3
  = disarmed, next 1h16m40s
set supervise 3 2h
2000s knock
  = disarmed, next 2h33m20s
9200s knock
    sensor lost zone 3
  = disarmed, 3 lost

# a lost sensor stays lost when the time becomes longer
set supervise 3 1h
0s knock
  = disarmed, next 1h0m0s
3600s knock
    sensor lost zone 3
  = disarmed, 3 lost
set supervise 3 24h
3700s knock
  = disarmed, 3 lost
3800s trip 3
    sensor back zone 3
  = disarmed, next 25h3m20s
90200s knock
    sensor lost zone 3
  = disarmed, 3 lost

# a lost sensor that is no longer supervised is trouble no more
set supervise 3 1h
0s knock
  = disarmed, next 1h0m0s
3600s knock
    sensor lost zone 3
  = disarmed, 3 lost
set supervise 3 0s
3700s knock
    sensor back zone 3
  = disarmed
3800s knock
  = disarmed
set supervise 3 1h
3900s knock
  = disarmed, next 2h5m0s
7500s knock
    sensor lost zone 3
  = disarmed, 3 lost

# a panic zone is not supervised
set supervise 7 1h
0s knock
  = disarmed
9000s knock
  = disarmed
9001s trip 7
    alarm disarmed zone 7 (panic) AT ONCE
  = disarmed

# arming, disarming and a lost sensor have nothing to do with each other
set supervise 2 1h
0s knock
  = disarmed, next 1h0m0s
3600s knock
    sensor lost zone 2
  = disarmed, 2 lost
3610s arm away
    arming started away for 1m0s
  = arming, 2 lost, next 1h1m10s
3670s knock
    armed away
  = armed_away, 2 lost
3700s disarm
    disarm done away
  = disarmed, 2 lost
3800s trip 2
    zone opened zone 2
    sensor back zone 2
  = disarmed, 2 open, next 2h3m20s
7000s arm home force
    auto bypassed zones [2]
    arming started home zones [2] for 1m0s because Kitchen window open
  = arming, 2 open+auto-bypassed, next 1h57m40s
7100s disarm
    armed home
    disarm done home
  = disarmed, 2 open, next 2h3m20s
7400s knock
    sensor lost zone 2
  = disarmed, 2 open+lost

# an alarm is told before that the sensor is back
set supervise 2 1h
0s knock
  = disarmed, next 1h0m0s
1s arm away
    arming started away for 1m0s
  = arming, next 1m1s
61s knock
    armed away
  = armed_away, next 1h0m0s
3600s knock
    sensor lost zone 2
  = armed_away, 2 lost
4000s trip 2
    zone opened zone 2
    alarm away zone 2 (perimeter) FIRST
    sensor back zone 2
  = triggered, siren, 2 open, next 1h10m40s

# while armed it is no alarm
set supervise 2 1h
0s arm away
    arming started away for 1m0s
  = arming, next 1m0s
60s knock
    armed away
  = armed_away, next 1h0m0s
3600s knock
    sensor lost zone 2
  = armed_away, 2 lost

# the panel was off: that is no silence of the sensors
set supervise 3 1h
0s knock
  = disarmed, next 1h0m0s
1800s trip 3
  = disarmed, next 1h30m0s
12600s restart boot off 3h
  = disarmed, next 3h31m0s
12660s knock
  = disarmed, next 4h30m0s
16200s knock
    sensor lost zone 3
  = disarmed, 3 lost

# off longer than the silence: the time counts from the start
set supervise 3 1h
0s knock
  = disarmed, next 1h0m0s
9000s restart off 4h
  = disarmed, next 3h30m0s
12600s knock
    sensor lost zone 3
  = disarmed, 3 lost

# a restart of a minute moves it by a minute
set supervise 3 1h
0s knock
  = disarmed, next 1h0m0s
1060s restart off 1m
  = disarmed, next 1h1m0s
3659.999s knock
  = disarmed, next 1h1m0s
3660s knock
    sensor lost zone 3
  = disarmed, 3 lost

# time off unknown: all supervision starts anew
set supervise 3 1h
0s knock
  = disarmed, next 1h0m0s
1800s restart unknown boot
  = disarmed, next 31m0s
1860s knock
  = disarmed, next 1h30m0s
5400s knock
    sensor lost zone 3
  = disarmed, 3 lost

# what was lost before the panel was off stays lost
set supervise 3 1h
0s knock
  = disarmed, next 1h0m0s
3600s knock
    sensor lost zone 3
  = disarmed, 3 lost
7200s restart off 1h
  = disarmed, 3 lost
9000s restart unknown
  = disarmed, 3 lost
9100s trip 3
    sensor back zone 3
  = disarmed, next 3h31m40s

# while the panel was deaf it could hear nobody
set supervise 3 1h
set supervise 2 2h
0s knock
  = disarmed, next 1h0m0s
3000s deaf 30m
  = disarmed, next 1h30m0s
4000s knock
  = disarmed, next 1h30m0s
5399.999s knock
  = disarmed, next 1h30m0s
5400s knock
    sensor lost zone 3
  = disarmed, 3 lost, next 2h30m0s
9000s knock
    sensor lost zone 2
  = disarmed, 2 lost, 3 lost

# deaf at the end of the time
set supervise 3 1h
0s knock
  = disarmed, next 1h0m0s
3600s deaf 1m
  = disarmed, next 1h1m0s
3660s deaf 1m
  = disarmed, next 1h2m0s
3720s knock
    sensor lost zone 3
  = disarmed, 3 lost

# deaf for longer than the sensor was silent
set supervise 3 1h
0s knock
  = disarmed, next 1h0m0s
3000s trip 3
  = disarmed, next 1h50m0s
3010s deaf 50m
  = disarmed, next 1h50m10s
6610s knock
    sensor lost zone 3
  = disarmed, 3 lost

# a zone that nobody has heard of says nothing
set supervise 2 1h
0s check-in 99
  = disarmed, next 1h0m0s
1s check-in 2
  = disarmed, next 1h0m1s

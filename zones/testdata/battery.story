# a sensor that says so itself
0s battery-low 11
    battery flat zone 11
  = disarmed, 11 battery low
1s battery-low 11
  = disarmed, 11 battery low
90000s trip 11
  = disarmed, 11 battery low
90001s close 11
  = disarmed, 11 battery low
90002s battery-ok 11
    battery restored zone 11
  = disarmed
90003s battery-ok 11
  = disarmed

# one with a code for low alone is good again when it works 24 h after the last
0s battery-low 2
    battery flat zone 2
  = disarmed, 2 battery low
10s trip 2
    zone opened zone 2
  = disarmed, 2 open+battery low
86399.999s close 2
    zone closed zone 2
  = disarmed, 2 battery low
86400s trip 2
    zone opened zone 2
    battery restored zone 2
  = disarmed, 2 open
86401s close 2
    zone closed zone 2
  = disarmed

# each low counts
0s battery-low 2
    battery flat zone 2
  = disarmed, 2 battery low
50000s battery-low 2
  = disarmed, 2 battery low
86400s trip 2
    zone opened zone 2
  = disarmed, 2 open+battery low
136399.999s close 2
    zone closed zone 2
  = disarmed, 2 battery low
136400s trip 2
    zone opened zone 2
    battery restored zone 2
  = disarmed, 2 open

# silence is no good sign
0s battery-low 2
    battery flat zone 2
  = disarmed, 2 battery low
200000s knock
  = disarmed, 2 battery low
200001s tamper 2
    tamper alarm disarmed zone 2 (tamper) FIRST AT ONCE
  = triggered, siren, 2 tampered+battery low, next 55h37m21s
200002s disarm
    disarm done disarmed was alarmed
  = disarmed, 2 battery low
200003s battery-low 2
  = disarmed, 2 battery low
250000s trip 2
    zone opened zone 2
  = disarmed, 2 open+battery low

# a disarm keeps it
0s battery-low 2
    battery flat zone 2
  = disarmed, 2 battery low
10s arm away
    arming started away for 1m0s
  = arming, 2 battery low, next 1m10s
20s disarm
    disarm done away was arming
  = disarmed, 2 battery low
86400s trip 2
    zone opened zone 2
    battery restored zone 2
  = disarmed, 2 open

# low again is told again
0s battery-low 3
    battery flat zone 3
  = disarmed, 3 battery low
86400s trip 3
    battery restored zone 3
  = disarmed
86401s battery-low 3
    battery flat zone 3
  = disarmed, 3 battery low

# an alarm is told before that the battery is good
0s battery-low 12
    battery flat zone 12
  = disarmed, 12 battery low
86400s arm home
    arming started home for 1m0s
  = arming, 12 battery low, next 24h1m0s
86460s trip 12
    armed home
    alarm home zone 12 (perimeter) FIRST just armed
    battery restored zone 12
  = triggered, siren, next 24h5m0s

# of a panic button a press does not say that it is good
0s battery-low 7
    battery flat zone 7
  = disarmed, 7 battery low
90000s trip 7
    alarm disarmed zone 7 (panic) AT ONCE
  = disarmed, 7 battery low
90001s battery-low 7
  = disarmed, 7 battery low

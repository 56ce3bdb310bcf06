# a sensor that reports by itself is an event before it has reported closing
set exit-delay 0s
0s trip 11
  = disarmed
1s arm away
    armed away
  = armed_away

# then it is a door, which can be open and refuses arming
0s close 11
  = disarmed
1s trip 11
    zone opened zone 11
  = disarmed, 11 open
2s arm away
    arm refused away zones [11] because Attic window open
  = disarmed, 11 open
3s close 11
    zone closed zone 11
  = disarmed
4s arm home
    arming started home for 1m0s
  = arming, next 1m4s

# that it stands open, as it reports each hour, is no news while it is known
set exit-delay 0s
0s close 11
  = disarmed
1s trip 11
    zone opened zone 11
  = disarmed, 11 open
2s arm home force
    auto bypassed zones [11]
    armed home zones [11] because Attic window open
  = armed_home, 11 open+auto-bypassed
3s disarm
    disarm done home
  = disarmed, 11 open
3600s stands-open 11
  = disarmed, 11 open
7200s stands-open 11
  = disarmed, 11 open
7201s close 11
    zone closed zone 11
  = disarmed
7202s arm home
    armed home
  = armed_home
10800s trip 11
    zone opened zone 11
    alarm home zone 11 (perimeter) FIRST
  = triggered, siren, 11 open, next 3h4m0s
14400s stands-open 11
    siren ended
  = triggered, 11 open
18000s stands-open 11
  = triggered, 11 open

# but it is where its opening was lost
set exit-delay 0s
0s close 11
  = disarmed
1s arm home
    armed home
  = armed_home
3600s stands-open 11
    zone opened zone 11
    alarm home zone 11 (perimeter) FIRST
  = triggered, siren, 11 open, next 1h4m0s

# a motion sensor of such a kind never is open
set exit-delay 0s
0s check-in 11
  = disarmed
1s trip 11
  = disarmed
2s arm home
    armed home
  = armed_home
3s check-in 11
  = armed_home

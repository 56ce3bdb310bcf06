#!/bin/sh
# RunOnReceive (gammu-smsd-run(7)) answers by gammu-smsd-inject(1).
exec gammu-smsd-inject -c @DIR@/gammu.conf TEXT "$SMS_1_NUMBER" -text "Disarmed. Network: Testnet, -71 dBm. $SMS_1_TEXT" >/dev/null

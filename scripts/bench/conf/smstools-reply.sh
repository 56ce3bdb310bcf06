#!/bin/sh
# The event handler (eventhandler.html) answers by a file in the outgoing spool.
[ "$1" = RECEIVED ] || exit 0
from=$(sed -n 's/^From: *//p;/^From:/q' "$2")
new=$(mktemp @DIR@/reply.XXXXXX)
printf 'To: %s\n\nDisarmed. Network: Testnet, -71 dBm. %s\n' "$from" "$(sed '1,/^$/d' "$2")" >"$new"
chmod 644 "$new"
mv "$new" @DIR@/outgoing/

#!/bin/sh
# TURN for browsers that find no direct path. Its secret stands in a file only; everything else is a setting.
set -eu

# Of the container; beside `./messenger up` they are elsewhere.
secrets=${TURN_SECRETS_DIR:-/secrets/coturn}
work=${TURN_WORK_DIR:-/tmp}

# Where no relay may lead: this machine, the networks behind it, cloud metadata, groups, what is reserved (RFC 6890).
# No range may begin with 0.0.0.0 or ::, for coturn then takes it to hold every address; those two it refuses by itself.
denied='
0.0.0.1-0.255.255.255
10.0.0.0-10.255.255.255
100.64.0.0-100.127.255.255
127.0.0.0-127.255.255.255
169.254.0.0-169.254.255.255
172.16.0.0-172.31.255.255
192.0.0.0-192.0.0.255
192.0.2.0-192.0.2.255
192.88.99.0-192.88.99.255
192.168.0.0-192.168.255.255
198.18.0.0-198.19.255.255
198.51.100.0-198.51.100.255
203.0.113.0-203.0.113.255
224.0.0.0-239.255.255.255
240.0.0.0-255.255.255.255
::1
64:ff9b::-64:ff9b::ffff:ffff
64:ff9b:1::-64:ff9b:1:ffff:ffff:ffff:ffff:ffff
100::-100::ffff:ffff:ffff:ffff
2001::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff
2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff
2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff
fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff
ff00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'

set -- -c "$secrets/turnserver.conf" \
  --listening-port=3478 --min-port="$TURN_RELAY_MIN_PORT" --max-port="$TURN_RELAY_MAX_PORT" \
  --realm="$MESSENGER_HOST" --fingerprint --stale-nonce=600 \
  --user-quota=8 --total-quota="$TURN_TOTAL_QUOTA" --max-bps="$TURN_MAX_BYTES_PER_SECOND" \
  --no-multicast-peers --no-tcp-relay \
  --pidfile="$work/turnserver.pid" --userdb="$work/turndb" --log-file=stdout --simple-log
for range in $denied; do
  set -- "$@" --denied-peer-ip="$range"
done
# What is allowed goes before what is denied.
for range in $TURN_ALLOWED_PEERS; do
  set -- "$@" --allowed-peer-ip="$range"
done
if [ -n "$TURN_EXTERNAL_IP" ]; then
  set -- "$@" --external-ip="$TURN_EXTERNAL_IP"
fi
if [ -r "$secrets/tls/certificate.pem" ]; then
  set -- "$@" --tls-listening-port=5349 --cert="$secrets/tls/certificate.pem" --pkey="$secrets/tls/key.pem"
else
  set -- "$@" --no-tls
fi
# It names addresses and users, most where it refuses them or is verbose; the log is to have neither. It ends with the server.
rm -f "$work/log"
mkfifo "$work/log"
sed -uE 's/([0-9]{1,3}\.){3}[0-9]{1,3}|([0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}|[0-9a-fA-F]*::[0-9a-fA-F]*/(address)/g
s/(user|username|realm|origin)( |=)<[^>]*>/\1\2<->/g' <"$work/log" &
exec turnserver "$@" >"$work/log" 2>&1

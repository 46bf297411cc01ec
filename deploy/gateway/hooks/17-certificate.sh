#!/bin/sh
# Where no certificate is given, makes one for development: EC P-256, 397 days, for the host and for this machine. It is
# kept until 30 days before its end, or until it does not hold for the host any more.
set -eu

given=/secrets/gateway/tls
own=/var/lib/gateway/tls
host=$MESSENGER_HOST

fail() {
  echo "gateway: $*" >&2
  exit 1
}

if [ -e "$given/certificate.pem" ] || [ -e "$given/key.pem" ]; then
  for file in certificate.pem key.pem; do
    [ -r "$given/$file" ] || fail "$given must hold certificate.pem and key.pem, both readable for uid $(id -u)."
  done
  exit 0
fi

command -v openssl >/dev/null ||
  fail "this image has no openssl to make a development certificate; put a certificate into $given."

is_an_address() {
  case $1 in *[!0-9.]*) return 1 ;; *) return 0 ;; esac
}

holds_for_host() {
  if is_an_address "$host"; then check=-checkip; else check=-checkhost; fi
  openssl x509 -in "$own/certificate.pem" -noout "$check" "$host" | grep -q 'does match'
}

month=2592000
if [ -s "$own/key.pem" ] && openssl x509 -in "$own/certificate.pem" -noout -checkend "$month" >/dev/null 2>&1 &&
  holds_for_host; then
  exit 0
fi

[ -w "$own" ] || fail "$own is not writable for uid $(id -u), so no development certificate can be made."
umask 077
names=DNS:localhost,IP:127.0.0.1,IP:::1
if is_an_address "$host"; then names=IP:$host,$names; else names=DNS:$host,$names; fi
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 397 -subj "/CN=$host" \
  -addext "subjectAltName=$names" -addext basicConstraints=critical,CA:FALSE \
  -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=serverAuth \
  -keyout "$own/key.pem.new" -out "$own/certificate.pem.new" 2>/dev/null ||
  fail "openssl could not make a development certificate for $host."
mv "$own/key.pem.new" "$own/key.pem"
mv "$own/certificate.pem.new" "$own/certificate.pem"
echo "gateway: made a development certificate for $host" >&2

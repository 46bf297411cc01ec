#!/bin/sh
# Makes in DIRECTORY the root file system of an nginx of the version that the images name, out of Debian packages and
# with the parts of the official image on which our files rest: uid 101, the entry point and its order, envsubst on
# templates, no brotli module. A root that is there already is kept.
#
#   nginx-root.sh DIRECTORY
set -eu

directory=${1:?usage: nginx-root.sh DIRECTORY}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
suite=forky
stamp=$directory/.made

fail() {
  echo "nginx-root: $*" >&2
  exit 1
}

# What the root is made of: another recipe makes another root.
recipe=$(cat "$0" "$here"/entrypoint/* | cksum)
[ "$(cat "$stamp" 2>/dev/null)" != "$recipe" ] || exit 0

command -v apt-get >/dev/null || fail "only a Debian or Ubuntu can make the root: apt-get was not found."
if ! command -v mmdebstrap >/dev/null && [ "$(id -u)" = 0 ]; then
  install='apt-get install --yes --quiet --no-install-recommends mmdebstrap debian-archive-keyring'
  { $install || { apt-get update --quiet && $install; }; } >&2 || :
fi
command -v mmdebstrap >/dev/null || fail "mmdebstrap was not found (apt-get install mmdebstrap)."

# The mirror that the machine itself uses; nginx 1.30 is in that suite only.
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep '/debian/*$' | head -n 1)
[ -n "$mirror" ] || fail "apt names no Debian mirror."

mkdir -p "$(dirname "$directory")"
work=$(mktemp -d "$directory.XXXXXX")
trap 'rm -rf "$work"' EXIT
# A mirror may keep a Release file past its Valid-Until; signatures are checked all the same.
debootstrap() {
  mmdebstrap --quiet --variant=minbase --include=nginx,gettext-base,openssl,curl,ca-certificates \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --essential-hook='echo nginx:x:101: >>"$1/etc/group"' \
    --essential-hook='echo nginx:x:101:101::/nonexistent:/bin/false >>"$1/etc/passwd"' \
    "$suite" "$work/root.tar" "$mirror" >&2
}
# A version can leave the mirror between its index and its file.
debootstrap || debootstrap || fail "mmdebstrap could not make a root of $suite from $mirror."

mkdir "$work/root"
tar -C "$work/root" -xf "$work/root.tar" --exclude='./dev/*' --no-same-owner
cd "$work/root"
# Debian's own layout would load modules and sites that the image does not have.
rm -rf etc/nginx/sites-enabled etc/nginx/sites-available etc/nginx/modules-enabled etc/nginx/conf.d/* var/www
rm -rf var/cache/apt var/lib/apt/lists
mkdir -p docker-entrypoint.d etc/nginx/conf.d etc/nginx/templates usr/share/nginx/html
cp "$here/entrypoint/docker-entrypoint.sh" .
cp "$here"/entrypoint/[0-9]* docker-entrypoint.d/
chmod 755 docker-entrypoint.sh docker-entrypoint.d/*
cd "$here"

echo "$recipe" >"$work/root/.made"
rm -rf "$directory"
mv "$work/root" "$directory"

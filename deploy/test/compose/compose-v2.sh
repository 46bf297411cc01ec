#!/bin/sh
# Prints the command of a Compose v2: the one installed, or one out of the packages of Debian forky, kept in the cache.
# It needs no container engine to read a file. Where neither can be had it says so and fails.
set -eu

if docker compose version >/dev/null 2>&1; then
  echo docker compose
  exit
fi
folder=${XDG_CACHE_HOME:-$HOME/.cache}/messenger-p2p/compose-v2
binary=$folder/x/usr/libexec/docker/cli-plugins/docker-compose
if [ ! -x "$binary" ]; then
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -v security | head -n 1)
  [ -n "$mirror" ] || {
    echo "compose-v2: no Compose v2 is installed, and there is no apt to get one with." >&2
    exit 1
  }
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg check-valid-until=no] $mirror forky main" \
    >"$folder/sources.list"
  forky() {
    apt-get -qq -o Dir::Etc::SourceList="$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null \
      -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder/cache" -o Dir::State::status=/dev/null \
      -o APT::Sandbox::User="$(id -un)" "$@" >&2
  }
  forky update
  cd "$folder"
  forky download docker-compose
  dpkg-deb -x docker-compose_*.deb x
fi
echo "$binary"

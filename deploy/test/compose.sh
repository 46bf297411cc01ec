#!/bin/sh
# Brings the compose form up for real, runs the browser journeys against it, and leaves nothing behind.
#
#   deploy/test/compose.sh            all journeys with one signaling-service and again with two, and the faults
#   deploy/test/compose.sh journeys   journeys 1 to 3 alone
#
# It builds the images from what ./messenger builds on this machine. Public images that the engine has not are pulled;
# where no registry is in reach, MAKE_IMAGES names a program that makes them.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
cd "$root"
export MESSENGER_FORM=compose MESSENGER_ARTEFACT=prebuilt

say() {
  echo "compose: $*" >&2
}

docker info >/dev/null 2>&1 || {
  say "no container engine answers here, so nothing was run"
  exit 69
}
docker compose version >/dev/null 2>&1 || {
  say "this needs Docker Compose v2 with buildx"
  exit 69
}

public_images() {
  docker compose config --images | grep -v '^messenger-p2p/'
  sed -n 's/^FROM \(\([^ $]*\):[^ ]*\)$/\1/p' deploy/images/service.Dockerfile deploy/gateway/Dockerfile \
    deploy/web-ui/Dockerfile
}

missing_images() {
  public_images | sort -u | while read -r image; do
    docker image inspect "$image" >/dev/null 2>&1 || echo "$image"
  done
}

for image in $(missing_images); do
  docker pull --quiet "$image" || [ -n "${MAKE_IMAGES:-}" ] || exit 1
done
if [ -n "$(missing_images)" ]; then
  "$MAKE_IMAGES"
fi

own_images() {
  docker compose config --images | grep '^messenger-p2p/' | sort -u
}

# Images that were there before stay; so does the engine's build cache.
made=
for image in $(own_images); do
  docker image inspect "$image" >/dev/null 2>&1 || made="$made $image"
done

leave_nothing() {
  status=$?
  for image in $made; do
    docker image rm "$image" >/dev/null || status=1
  done
  left=$(docker ps --all --quiet --filter label=com.docker.compose.project --filter name=mp2p-stack-)
  if [ -n "$left" ]; then
    say "containers were left behind: $left"
    status=1
  fi
  exit "$status"
}
trap leave_nothing EXIT
trap 'exit 143' INT TERM

./messenger build
docker compose build --quiet

# What it is, how many of signaling-service, and the files below e2e.
journeys() {
  say "$1, $2 of signaling-service"
  files=$(cd e2e && find "$3" -name "$4" | sort)
  # shellcheck disable=SC2086
  MESSENGER_SIGNALING=$2 e2e/run node harness/run.js $files
}

if [ "${1:-all}" = journeys ]; then
  journeys 'journeys 1 to 3' 1 journeys '0[1-3]-*.test.js'
  exit
fi
failed=0
journeys 'all journeys' 1 journeys '*.test.js' || failed=1
journeys 'all journeys' 2 journeys '*.test.js' || failed=1
journeys 'people at different replicas' 2 faults 'replicas.test.js' || failed=1
journeys 'containers inspected, killed and made anew' 1 faults '[cs]*.test.js' || failed=1
exit "$failed"

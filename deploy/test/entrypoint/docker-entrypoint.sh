#!/bin/sh
# What the official image's entry point does, for the tests' root: every hook in version order, then the command.
set -e
if [ "$1" = nginx ]; then
  for hook in $(find /docker-entrypoint.d/ -follow -type f | sort -V); do
    [ -x "$hook" ] || continue
    case $hook in
      *.envsh) . "$hook" ;;
      *.sh) "$hook" ;;
    esac
  done
fi
exec "$@"

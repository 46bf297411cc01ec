#!/bin/sh
# Proves that mailbox-service runs on Citus: its own tests, and its packaged form killed, on a cluster that is there.
#
#   CITUS_URL=postgresql://user:password@host:port/mailbox deploy/test/citus.sh
#
# The address is that of the coordinator, the extension and the workers are set up in it, and the user owns the schema
# public. ALL TABLES OF THAT SCHEMA ARE DROPPED. Without an address nothing is run, and it says so.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
cd "$root"

if [ -z "${CITUS_URL:-}" ]; then
  echo "citus: CITUS_URL names no coordinator, so nothing was run" >&2
  exit 69
fi

# A tag for what looks into one PostgreSQL. The coordinator plans by the values of each statement, and a cluster on one
# machine is slow.
MP2P_MAILBOX_DATABASE_PLAN_ONCE=false MP2P_MAILBOX_DATABASE_PATIENCE=PT10S \
  ./mvnw --batch-mode -pl mailbox-service -am verify "-Dtest.citus=$CITUS_URL" -DexcludedGroups=one-node \
  -Dtest='org.messengerp2p.mailbox.**.*Test' -Dit.test=MailboxProcessIT \
  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

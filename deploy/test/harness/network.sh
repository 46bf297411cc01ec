#!/bin/sh
# Waits on standard input for its interface, gives it the address and runs the command: a container's own network.
#
#   network.sh ADDRESS/PREFIX COMMAND...
set -eu
address=$1
shift
echo ready
read -r _
ip link set lo up
ip addr add "$address" dev eth0
ip link set eth0 up
exec "$@"

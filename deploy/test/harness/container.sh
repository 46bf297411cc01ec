#!/bin/sh
# Starts an image's entry point as a container engine would: read-only root made of LAYER over ROOT, memory for what is
# written, an own uid without capabilities, nothing of our environment. To be called in a mount namespace of its own.
#
#   container.sh ROOT LAYER UID [SOURCE:TARGET[:ro]]... -- [NAME=VALUE]... COMMAND...
set -eu
root=$1 layer=$2 user=$3
shift 3

mount --make-rprivate /
merged=$layer.merged
mkdir -p "$merged"
mount -t overlay overlay -o "lowerdir=$layer:$root" "$merged"
mount --rbind /dev "$merged/dev"
mount --rbind /proc "$merged/proc"
mount -t tmpfs -o mode=1777,size=64m tmpfs "$merged/tmp"
mount -t tmpfs -o "mode=0755,uid=$user,gid=$user" tmpfs "$merged/etc/nginx/conf.d"
while [ "$1" != -- ]; do
  source=${1%%:*}
  target=${1#*:}
  mount --bind "$source" "$merged${target%:ro}"
  case $target in *:ro) mount -o remount,bind,ro "$merged${target%:ro}" ;; esac
  shift
done
shift

# Where we are root of a single uid, it takes the image's in a user namespace of the container's own.
as_user="chroot --userspec=$user:$user --groups="
if [ "$user" = 0 ]; then
  as_user='unshare --user --map-user=101 --map-group=101 --keep-caps chroot'
fi
exec $as_user "$merged" \
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"

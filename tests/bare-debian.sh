#!/bin/sh
# What a new user does, in a fresh Debian 12 with git and make: tests/bare-debian.sh [TARGET...]
#
# Makes a Debian with debootstrap in a scratch folder, or in $ROOTFS, which is kept and may be used
# again; copies the checkout into it, sees what a user without root is told before anything is
# installed, then makes the TARGETs as root (demo check).
# Needs root, debootstrap and a mirror: $MIRROR, or the one that this machine's apt uses. Not part of
# `make check`: it takes minutes and a few hundred megabytes.

set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- demo check

if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
    echo 'this needs root and debootstrap (apt-get install debootstrap)' >&2
    exit 2
fi

MIRROR=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 2>/dev/null | head -n 1)}
if [ -z "$MIRROR" ]; then
    echo 'no mirror is known here: name one in $MIRROR' >&2
    exit 2
fi
scratch=
if [ -z "${ROOTFS:-}" ]; then
    scratch=$(mktemp -d)
    ROOTFS=$scratch/root
fi

leave() {
    umount "$ROOTFS/proc" 2>/dev/null || :
    [ -z "$scratch" ] || rm -rf --one-file-system "$scratch"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

inside() {
    chroot "$ROOTFS" env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

fresh=
if [ ! -e "$ROOTFS/etc/debian_version" ]; then
    fresh=yes
    debootstrap --variant=minbase bookworm "$ROOTFS" "$MIRROR"
fi
mount -t proc proc "$ROOTFS/proc"
inside apt-get update -q
inside env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends git make

# The files that a clone would have, and those not committed yet.
rm -rf "$ROOTFS/home/fihris"
mkdir -p "$ROOTFS/home/fihris"
git ls-files -z -c -o --exclude-standard | tar -c --null -T - | tar -x -C "$ROOTFS/home/fihris"
if [ -n "$fresh" ]; then
    echo '==== make demo without root and without sudo'
    inside useradd plain
    inside chown -R plain: /home/fihris
    if told=$(inside su plain -c 'make -C /home/fihris demo' 2>&1); then
        echo 'it succeeded, without its packages?' >&2
        exit 1
    fi
    echo "$told"
    echo "$told" | grep -q 'apt-get install .*libxapian-dev' || exit 1
    inside chown -R root: /home/fihris
fi
for target in "$@"; do
    echo "==== make $target"
    inside make -C /home/fihris "$target"
done
echo '==== all of it works in a bare Debian 12'

#!/bin/sh
# Install what is missing of the Debian packages in packages.txt: setup.sh SECTION...
#
# Node and npm often come from elsewhere than Debian, and then will do as well.
# Says nothing and needs no network when nothing is missing. Exit status 2 when it cannot install.

set -eu
cd "$(dirname "$0")"

wanted=
for section in "$@"; do
    names=$(awk -v section="[$section]" '/^\[/ { inside = $0 == section; next } inside && /^[a-z0-9]/' packages.txt)
    if [ -z "$names" ]; then
        echo "setup.sh: packages.txt has no section [$section]" >&2
        exit 2
    fi
    wanted="$wanted $names"
done

if ! command -v dpkg-query >/dev/null; then
    echo "setup.sh: this is no Debian; needed here are the like of:" $wanted >&2
    exit 2
fi

missing=
for package in $wanted; do
    case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
    *' installed') ;;
    *)
        case $package in
        nodejs | npm) command -v "$package" >/dev/null && continue ;;
        esac
        missing="$missing $package"
        ;;
    esac
done
[ -n "$missing" ] || exit 0
echo "missing packages:$missing"

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    as_root=sudo
else
    cat >&2 <<END
They can only be installed by root, and there is no sudo here. As root, run:

    apt-get update && apt-get install -y --no-install-recommends$missing

END
    exit 2
fi

$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing

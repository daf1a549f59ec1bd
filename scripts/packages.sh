#!/usr/bin/env bash
# Install Debian packages, those that are missing only. As root, or with sudo.
# Usage: scripts/packages.sh NAME…
set -euo pipefail

exec 9<"$0" # one at a time: apt-get refuses to run beside itself
if command -v flock >/dev/null; then flock 9; fi

missing=()
for name in "$@"; do
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
    echo "Install these by your system's own means, then try again: ${missing[*]}" >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "As root, run: apt-get install ${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi
echo "Installing Debian packages: ${missing[*]} …"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "${missing[@]}" >/dev/null

#!/usr/bin/env bash
# Installs Debian packages when root, or sudo without a password, allows it. Asks nothing; starts no service.
# Exit code 1: not possible here (the caller says what to install).
set -euo pipefail

command -v apt-get >/dev/null 2>&1 || exit 1
if [ "$(id -u)" = 0 ]; then
    en_root=()
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    en_root=(sudo -n)
else
    exit 1
fi

printf 'Palier : installation par apt de %s…\n' "$*" >&2
journal="$(mktemp)"
politique=/usr/sbin/policy-rc.d
pose=""
ranger() {
    rm -f "$journal"
    [ -z "$pose" ] || "${en_root[@]}" rm -f "$politique"
}
trap ranger EXIT
# A package that brings a service must not start it: Palier runs its own (outils/services.py).
if [ ! -e "$politique" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${en_root[@]}" tee "$politique" >/dev/null
    "${en_root[@]}" chmod 755 "$politique"
    pose=oui
fi
apt() { "${en_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" </dev/null; }
if ! apt install --no-install-recommends "$@" >"$journal" 2>&1; then
    { apt update && apt install --no-install-recommends "$@"; } >"$journal" 2>&1 || {
        tail -n 5 "$journal" >&2
        exit 1
    }
fi

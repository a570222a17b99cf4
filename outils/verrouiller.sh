#!/usr/bin/env bash
# Writes the locks from pyproject.toml: every version, with its hashes, for every platform, and no index,
# host or local path in them (tests/outils/test_lock.py checks that).
#
#   requirements.lock               runtime, demo and dev: what `make installer` installs
#   requirements-production.lock    the runtime part of it: what the Dockerfile installs
#
#   outils/verrouiller.sh              keeps the locked versions that still fit
#   outils/verrouiller.sh --upgrade    takes the newest ones allowed
set -euo pipefail
cd "$(dirname "$0")/.."
atelier="$(mktemp -d)"
trap 'rm -rf "$atelier"' EXIT
python3 -m venv "$atelier/venv"
"$atelier/venv/bin/pip" install --quiet --disable-pip-version-check uv
[ ! -f requirements.lock ] || cp requirements.lock "$atelier/requirements.lock"

compiler() { # output name, options...
    local nom="$1"
    shift
    "$atelier/venv/bin/uv" pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet \
        --output-file "$atelier/$nom" "$@" >/dev/null
    {
        echo "# $titre Written by outils/verrouiller.sh: do not edit by hand."
        sed '/^#/d' "$atelier/$nom"
    } >"$nom"
}

titre="Runtime, demo and dev."
compiler requirements.lock --all-extras "$@"
titre="Runtime only."
compiler requirements-production.lock --constraint "$atelier/requirements.lock"

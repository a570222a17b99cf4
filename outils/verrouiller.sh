#!/usr/bin/env bash
# Writes requirements.lock from pyproject.toml: every version, with its hashes, for every
# platform, and no index, host or local path in it (tests/outils/test_lock.py checks that).
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
"$atelier/venv/bin/uv" pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
    --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
    --quiet --output-file "$atelier/requirements.lock" "$@" >/dev/null
{
    echo "# Runtime, demo and dev. Written by outils/verrouiller.sh: do not edit by hand."
    sed '/^#/d' "$atelier/requirements.lock"
} >requirements.lock

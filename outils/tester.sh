#!/usr/bin/env bash
# Runs the checks and the tests on private services. All checks run even when one fails; each failure says
# what to do, and the end says which failed.
#
#   outils/tester.sh tout|rapide|lint|types
set -euo pipefail
cd "$(dirname "$0")/.."
quoi="${1:-tout}"
bin=.venv/bin
echecs=()

etape() { # name, what to do when it fails, command...
    local nom="$1" conseil="$2"
    shift 2
    printf '\n== %s\n' "$nom"
    if ! "$@"; then
        printf 'Palier : échec de « %s ». %s\n' "$nom" "$conseil" >&2
        echecs+=("$nom")
    fi
}

conclure() {
    if [ "${#echecs[@]}" -gt 0 ]; then
        printf '\nPalier : %d étape(s) en échec :' "${#echecs[@]}" >&2
        printf ' %s ;' "${echecs[@]}" >&2
        printf '\n' >&2
        exit 1
    fi
}

lint() {
    etape "style" "Corrigez, ou lancez : $bin/ruff check --fix" "$bin/ruff" check
    etape "format" "Lancez : $bin/ruff format" "$bin/ruff" format --check
    etape "couches" "Un module en importe un plus haut : voir pyproject.toml, importlinter" "$bin/lint-imports" --no-logo
    if compgen -G 'templates/*' >/dev/null; then
        etape "gabarits" "Corrigez le gabarit nommé ci-dessus" "$bin/djlint" --lint --quiet templates
    fi
    etape "dépendances" "Déclarez ou retirez la dépendance dans pyproject.toml, puis : make verrou" "$bin/deptry" .
}

types() {
    etape "types" "Corrigez les types ; aucune exception n’est tenue à part" "$bin/mypy"
}

en_fond() { # name, command...: runs beside the rest; what it says waits for `fini`
    local nom="$1"
    shift
    "$@" >"$fonds/$nom.dit" 2>&1 &
    echo "$!" >"$fonds/$nom.pid"
}

fini() { # name: what it said, and its verdict
    local verdict=0
    wait "$(cat "$fonds/$1.pid")" || verdict=$?
    cat "$fonds/$1.dit"
    return "$verdict"
}

lancer_services() {
    local etait_arrete=""
    "$bin/python" outils/services.py etat --usage test >/dev/null 2>&1 || etait_arrete=oui
    "$bin/python" outils/services.py demarrer --usage test
    # Stops what it started, and leaves alone what a developer keeps running.
    [ -z "$etait_arrete" ] || trap '$bin/python outils/services.py arreter --usage test || true' EXIT
    eval "$("$bin/python" outils/services.py env --usage test)"
}

contient() { grep -rqlE "pytest.mark.$1\b|pytestmark.*$1\b" tests --include='*.py' 2>/dev/null; }

sans_rien="not navigateur and not panne"
# Each worker goes through its half in order, so that a story told once for a module is told once.
parallele=(-n 2 --dist worksteal -q -m "$sans_rien")
a_cote=(tests/{api,config,ecrans,etancheite,indicateurs,maison,outils,socle})
seul="Relancez le test nommé ci-dessus seul, avec -p no:randomly si l’ordre compte"

case "$quoi" in
lint) lint ;;
types) types ;;
rapide)
    lancer_services
    etape "tests" "$seul" "$bin/pytest" "${parallele[@]}"
    ;;
tout)
    bash outils/paquets.sh test
    lancer_services
    fonds="$(mktemp -d)"
    lint
    etape "migrations" "Un modèle a changé sans sa migration : manage.py makemigrations" \
        env PALIER_ROLE=owner "$bin/python" manage.py makemigrations --check --dry-run
    etape "tests" "$seul" "$bin/pytest" "${parallele[@]}" "${a_cote[@]/#/--ignore=}"
    # One browser at a time from here, which leaves most of a core: what is in a hurry of nothing takes it, politely.
    en_fond types nice -n 10 "$bin/mypy"
    en_fond a_cote nice -n 10 env PALIER_SUFFIXE_TEST=_a_cote "$bin/pytest" -q -m "$sans_rien" "${a_cote[@]}"
    if contient panne; then
        etape "pannes" "Relancez : $bin/pytest -m panne" "$bin/pytest" -q -m panne tests/pannes
    fi
    if contient navigateur; then
        etape "navigateur" "Relancez : $bin/pytest -m navigateur (PALIER_CHROMIUM nomme le navigateur)" \
            "$bin/pytest" -q -m navigateur tests/navigateur
    fi
    etape "types" "Corrigez les types ; aucune exception n’est tenue à part" fini types
    etape "tests, la suite" "$seul" fini a_cote
    rm -rf "$fonds"
    ;;
*)
    echo "usage : outils/tester.sh tout|rapide|lint|types" >&2
    exit 2
    ;;
esac
conclure

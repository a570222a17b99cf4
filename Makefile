# Palier. Everything is one word: `make demo` to see it, `make test` before a commit.
# The work is done by outils/; a recipe here only names it.
.DEFAULT_GOAL := help
.PHONY: help installer services demo test test-rapide lint types captures verrou arreter propre
MAKEFLAGS += --no-print-directory

help: ## Montre cette aide
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

installer: ## Crée .venv et y installe requirements.lock (seulement s’il a changé)
	@bash outils/installer.sh

services: installer ## Démarre PostgreSQL et Redis privés, pour les tests
	@.venv/bin/python outils/services.py demarrer --usage test

demo: installer ## Démarre la démonstration sur http://127.0.0.1:8000 (Ctrl-C l’arrête)
	@bash outils/paquets.sh demo
	@.venv/bin/python outils/demo.py

test: installer ## Tout : style, types, couches, gabarits, tests, navigateur
	@bash outils/tester.sh tout

test-rapide: installer ## Les tests sans navigateur ni pannes
	@bash outils/tester.sh rapide

lint: installer ## Style, couches, gabarits, dépendances
	@bash outils/tester.sh lint

types: installer ## mypy strict
	@bash outils/tester.sh types

captures: installer ## Images des écrans de la démonstration, dans captures/
	@bash outils/paquets.sh test
	@.venv/bin/python outils/captures.py

verrou: ## Refait requirements.lock depuis pyproject.toml
	@bash outils/verrouiller.sh

arreter: ## Arrête les services privés
	@for usage in demo test; do .venv/bin/python outils/services.py arreter --usage $$usage; done

propre: ## Efface les services privés, leurs données et leurs secrets, puis .venv
	@for usage in demo test; do .venv/bin/python outils/services.py effacer --usage $$usage; done
	@rm -rf .local .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis captures

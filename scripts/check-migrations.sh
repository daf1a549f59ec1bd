#!/usr/bin/env bash
# Fails if a model has changed and no migration says so, or the blank database lacks a migration.
set -euo pipefail
cd "$(dirname "$0")/.."
STOPPRESS_HOME=$(mktemp -d)
export STOPPRESS_HOME
trap 'rm -rf "$STOPPRESS_HOME"' EXIT
mkdir "$STOPPRESS_HOME/data"
DJANGO_SETTINGS_MODULE=stoppress.config.settings .venv/bin/python -m django makemigrations --check --dry-run
.venv/bin/python scripts/write_blank.py --check

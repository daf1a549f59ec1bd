#!/usr/bin/env bash
# Make .venv with what requirements.txt (or requirements-dev.txt) pins, unless it is there already.
# Usage: scripts/venv.sh [dev]
set -euo pipefail
cd "$(dirname "$0")/.."

requirements=requirements.txt
[ "${1:-}" = dev ] && requirements=requirements-dev.txt

find_python() {
    for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$name" ] && command -v "$name" >/dev/null || continue
        "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || continue
        echo "$name"
        return
    done
    echo "Stoppress needs Python 3.11, 3.12 or 3.13. Install one, or name it: PYTHON=/path/to/python make …" >&2
    exit 1
}

content_of() { cat "$1" pyproject.toml | sha256sum; }

# What tests need has all that the paper needs.
for file in "$requirements" requirements-dev.txt; do
    if [ "$(cat ".venv/.installed-$file" 2>/dev/null)" = "$(content_of "$file")" ]; then
        exit 0
    fi
done

if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null || scripts/packages.sh python3-venv
    "$python" -m venv .venv
fi
echo "Installing Python packages into .venv …"
pip=(.venv/bin/python -m pip install -qq --disable-pip-version-check)
"${pip[@]}" --requirement "$requirements"
"${pip[@]}" --no-deps --editable .
content_of "$requirements" > ".venv/.installed-$requirements"

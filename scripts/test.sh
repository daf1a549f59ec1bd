#!/usr/bin/env bash
# Run tests, each in the process it needs: scripts/test.sh [PATH…], paths as pytest takes them.
#   - what drives a browser: apart, for Playwright keeps an event loop in which Django refuses to work
#   - Lighthouse: apart and alone, for it measures time
# All of them share what is dear to make (tests/sharing.py).
set -euo pipefail
cd "$(dirname "$0")/.."

NO_TESTS=5 # pytest's exit code for "collected none"
[ $# -gt 0 ] || set -- tests
RUN_FOLDER=$(mktemp -d -t stoppress-run-XXXXXX)
export RUN_FOLDER
trap 'rm -rf "$RUN_FOLDER"' EXIT
found=no

# The paths among "$@" whose files have one of these marks.
marked() {
    local marks=$1 path
    shift
    for path in "$@"; do
        if [ "${path%%::*}" != "$path" ]; then
            ! grep -qE "mark\.($marks)\b" "${path%%::*}" || echo "$path"
        else
            grep -rlE --include='test_*.py' "mark\.($marks)\b" "$path" || true
        fi
    done
}

# The test files in "$@" that have none of the marks.
unmarked() {
    local path
    for path in "$@"; do
        grep -rLE --include='test_*.py' "mark\.(browser|standards|lighthouse)\b" "${path%%::*}" || true
    done
}

run() {
    local code=0
    .venv/bin/python -m pytest -q "$@" || code=$?
    [ $code -eq 0 ] && found=yes
    [ $code -eq 0 ] || [ $code -eq $NO_TESTS ] || exit $code
}

workers=(-n 2 --dist loadgroup)
[ -n "$(unmarked "$@")" ] || workers=()   # to find that there is none, one process is enough
run "$@" "${workers[@]}" -m "not browser and not standards and not lighthouse"
mapfile -t paths < <(marked 'browser|standards' "$@")
[ ${#paths[@]} -eq 0 ] || run "${paths[@]}" -n 2 --dist loadgroup -m "browser or standards"
mapfile -t paths < <(marked lighthouse "$@")
[ ${#paths[@]} -eq 0 ] || run "${paths[@]}" -m lighthouse

[ $found = yes ] || {
    echo "No test was found in: $*" >&2
    exit 1
}

#!/usr/bin/env bash
# Run tests, each in the process it needs: scripts/test.sh [PATH…], paths as pytest takes them.
#   - what drives a browser: apart, for Playwright keeps an event loop in which Django refuses to work;
#     beside the others, which leave a quarter of two cores idle while they wait. What is marked
#     `beside` is there, too, so that all end at about the same time
#   - Lighthouse: alone, for it measures time
# All of them share what is dear to make (tests/sharing.py).
set -euo pipefail
cd "$(dirname "$0")/.."

NO_TESTS=5 # pytest's exit code for "collected none"
[ $# -gt 0 ] || set -- tests
RUN_FOLDER=$(mktemp -d -t stoppress-run-XXXXXX)
export RUN_FOLDER
trap 'wait; rm -rf "$RUN_FOLDER"' EXIT
found=no
failed=0

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
        grep -rLE --include='test_*.py' "mark\.(browser|standards|beside|lighthouse)\b" "${path%%::*}" || true
    done
}

run() {
    local code=0
    .venv/bin/python -m pytest -q "$@" || code=$?
    ended_with $code
}

ended_with() {
    case $1 in
        0) found=yes ;;
        "$NO_TESTS") ;;
        *) failed=$1 ;;
    esac
}

browsers=
mapfile -t paths < <(marked 'browser|standards|beside' "$@")
if [ ${#paths[@]} -gt 0 ]; then
    # Ctrl-C is for it as well: what runs in the background would not hear it.
    env --default-signal=INT .venv/bin/python -m pytest -q "${paths[@]}" \
        -m "browser or standards or beside" > "$RUN_FOLDER/browsers.log" 2>&1 &
    browsers=$!
fi
# One more than two cores: each worker waits for a fifth of its time.
workers=(-n 3)
[ -n "$(unmarked "$@")" ] || workers=()   # to find that there is none, one process is enough
run "$@" "${workers[@]}" -m "not browser and not standards and not beside and not lighthouse"
if [ -n "$browsers" ]; then
    code=0
    wait "$browsers" || code=$?
    cat "$RUN_FOLDER/browsers.log"
    ended_with $code
fi
[ $failed -eq 0 ] || exit "$failed"
mapfile -t paths < <(marked lighthouse "$@")
[ ${#paths[@]} -eq 0 ] || run "${paths[@]}" -m lighthouse
[ $failed -eq 0 ] || exit "$failed"

[ $found = yes ] || {
    echo "No test was found in: $*" >&2
    exit 1
}

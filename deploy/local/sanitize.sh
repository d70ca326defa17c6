#!/bin/sh
# Runs the tests that hold the compiled parts against the Python ones, with the compiled parts built so that any read or write out
# of bounds, and any undefined behaviour, ends the test run. Afterwards they are built again as usual.
# Usage: deploy/local/sanitize.sh [TESTS...]
set -eu
cd -P "$(dirname "$0")/../.."

TESTS=${*:-tests/unit/services/ingest tests/unit/services/decoder tests/unit/services/filter tests/unit/services/db_inserter tests/unit/fairway}
LOG=.fairway/log/sanitize.log

build() {
    if ! CFLAGS=$1 .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . >"$LOG" 2>&1; then
        tail -n 20 "$LOG" >&2
        exit 1
    fi
}

mkdir -p .fairway/log
trap 'rm -rf build; build ""' EXIT
rm -rf build
build "-g -fsanitize=address,undefined -fno-sanitize-recover=undefined"
# Python itself does not give back all that it holds when it ends: leaks are not looked for.
LD_PRELOAD="$(cc -print-file-name=libasan.so) $(cc -print-file-name=libubsan.so)" ASAN_OPTIONS=detect_leaks=0 \
    .venv/bin/pytest -n auto $TESTS

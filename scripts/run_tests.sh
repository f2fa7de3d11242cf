#!/usr/bin/env bash
# Everything that must hold: types, lint, unit tests, end-to-end tests, a round with its metrics, the tuple space under
# faults, and rounds under faults. Ends with one line `N passed, N failed` over all of it, and fails if anything did.
set -uo pipefail
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.."
./scripts/setup.sh || exit
./scripts/install-stores.sh || exit
# Without a browser its tests say SKIPPED.
./scripts/install-browser.sh || true

results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
passed=0
failed=0

# One step that counts as one test.
check() {
  local name="$1"
  shift
  echo "== $name"
  if "$@"; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    echo "FAILED: $name"
  fi
}

# A jest project, by so many workers; its tests are counted one by one.
suite() {
  local name="$1" workers="$2" counts
  echo "== $name tests"
  node_modules/.bin/jest --selectProjects "$name" --maxWorkers "$workers" --json --outputFile "$results/$name.json" 2>&1
  counts="$(node scripts/count-tests.js "$results/$name.json")"
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
}

check types npm run --silent typecheck
check lint npm run --silent lint
check 'dead code' npm run --silent knip
suite unit 2
suite e2e 1
check example ./scripts/run.sh
check 'the space under faults' npm run --silent check:space -- --short
check 'rounds under faults' npm run --silent soak -- --minutes 1
check proofs ./scripts/byz prove --all

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

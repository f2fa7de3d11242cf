#!/usr/bin/env bash
# The end-to-end tests over processes and, where an engine answers, containers; then rounds of growing size with their metrics.
set -uo pipefail
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.."
./scripts/setup.sh || exit
./scripts/install-stores.sh || exit
# Without a browser its tests say SKIPPED.
./scripts/install-browser.sh || true

status=0
node_modules/.bin/jest --selectProjects e2e "$@" || status=1

for size in "4 1" "7 2" "10 3"; do
  read -r generals traitors <<<"$size"
  echo
  echo "== $generals generals, $traitors traitors"
  ./scripts/byz run --generals "$generals" --traitors "$traitors" --seed 7 | sed -n '/^Agreement/,$p' || status=1
done
exit "$status"

#!/usr/bin/env bash
# Installs, generates and builds what is missing or out of date; does nothing, quickly, when all is there. Says on stderr
# what it does. Two at once are safe: one works, the other waits.
set -euo pipefail
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.."

stamp=.setup-stamp
lock=.setup-lock

say() { echo "setup: $*" >&2; }

check_node() {
  local version major minor
  if ! version="$(node --version 2>/dev/null)"; then
    say "Node.js is not installed; install 20.11 or newer from https://nodejs.org"
    exit 69
  fi
  IFS=. read -r major minor _ <<<"${version#v}"
  if ((major < 20 || (major == 20 && minor < 11))); then
    say "Node.js $version is too old; install 20.11 or newer from https://nodejs.org"
    exit 69
  fi
}

# What the installed packages were made from.
packages_sum() { cat package.json package-lock.json | cksum; }

is_installed() {
  [ -d node_modules ] || return 1
  if [ -f node_modules/.setup-sum ]; then
    [ "$(cat node_modules/.setup-sum)" = "$(packages_sum)" ]
  else
    # Installed by hand: npm writes this file last.
    [ node_modules/.package-lock.json -nt package-lock.json ]
  fi
}

is_built() {
  [ -f "$stamp" ] && [ -f dist/services/cli/main.js ] && [ -d proto/generated ] || return 1
  # Folders count too: their time changes when a file comes or goes.
  [ -z "$(find services examples proto/byzantine scripts/copy-assets.js scripts/build-page.js package.json tsconfig.json tsconfig.build.json \
    -newer "$stamp" ! -name '*.test.ts' ! -name '*.suite.ts' -print 2>/dev/null | head -n 1)" ]
}

# The lock is a folder with the id of the process that works; that of a process that died is taken away.
take_lock() {
  local holder waited=0
  until mkdir "$lock" 2>/dev/null; do
    holder="$(cat "$lock/pid" 2>/dev/null || true)"
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
      rm -rf "$lock"
      continue
    fi
    ((waited == 0)) && say "waits for another set-up${holder:+ (process $holder)}"
    waited=$((waited + 1))
    if ((waited > 3000)); then
      say "gives up after ten minutes; if no other set-up runs, remove $lock"
      exit 75
    fi
    sleep 0.2
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf "$lock"' EXIT
}

install() {
  say "installs packages (npm ci)"
  npm ci --no-audit --no-fund >&2
  packages_sum >node_modules/.setup-sum
}

build() {
  say "generates types and builds"
  # The new stamp is as old as the start of the build, so that what changes meanwhile is built next time.
  : >"$stamp.new"
  npm run --silent gen >&2
  npm run --silent build >&2
  mv "$stamp.new" "$stamp"
}

check_node
if is_installed && is_built; then exit 0; fi
take_lock
is_installed || install
is_built || build

#!/usr/bin/env bash
# The servers that the tests of the stores start: redis-server 7 or later and PostgreSQL 15 or later, ps to signal them, and libfaketime
# to step their clocks. Installs
# what is missing where it may (as root, with apt-get); elsewhere says what to install and fails. Starts no service.
set -euo pipefail

say() { echo "stores: $*" >&2; }

# Prints the first number of a version such as "v=7.0.15" or "(PostgreSQL) 15.4"; nothing where there is no such program.
major_of() {
  "$@" --version 2>/dev/null | grep -oE '[0-9]+' | head -n 1 || true
}

has_redis() {
  local major
  major="$(major_of redis-server)"
  [ "${major:-0}" -ge 7 ]
}

has_postgres() {
  local folder major
  for folder in /usr/lib/postgresql/*/bin ${PATH//:/ }; do
    [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] || continue
    major="$(major_of "$folder/postgres")"
    if [ "${major:-0}" -ge 15 ]; then return 0; fi
  done
  return 1
}

has_faketime() {
  compgen -G '/usr/lib/*/faketime/libfaketime.so.1' >/dev/null
}

missing() {
  command -v ps >/dev/null || echo procps
  has_redis || echo redis-server
  has_postgres || echo postgresql
  has_faketime || echo libfaketime
}

# Debian starts what it installs, unless this file forbids it.
policy=/usr/sbin/policy-rc.d
install() {
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  say "installs $*"
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "$@" >&2
}

wanted="$(missing)"
[ -n "$wanted" ] || exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  # shellcheck disable=SC2086
  install $wanted
  wanted="$(missing)"
  [ -n "$wanted" ] || exit 0
fi
say "the tests need redis-server 7 or later, PostgreSQL 15 or later, ps and libfaketime; not there, or too old: ${wanted//$'\n'/, }"
say "on Debian and Ubuntu: sudo apt-get install ${wanted//$'\n'/ }; elsewhere as your system installs them"
exit 69

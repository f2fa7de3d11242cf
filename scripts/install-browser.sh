#!/usr/bin/env bash
# Chromium, for the tests and pictures of the dashboard. Installs it where it may (as root, with apt-get); elsewhere says what to install
# and fails. Starts nothing.
set -euo pipefail

say() { echo "browser: $*" >&2; }

has_chromium() { command -v chromium >/dev/null || command -v google-chrome >/dev/null; }

has_chromium && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  say "installs chromium"
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends chromium fonts-dejavu-core >&2
  has_chromium && exit 0
fi
say "the tests of the dashboard need chromium; on Debian: sudo apt-get install chromium; elsewhere set CHROMIUM to its path"
exit 69

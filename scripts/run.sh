#!/usr/bin/env bash
# One round in this process with the settings of release.toml; flags go to `byz run`. Needs Node 20.11 or newer, nothing else.
set -euo pipefail
exec "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/byz" run "$@"

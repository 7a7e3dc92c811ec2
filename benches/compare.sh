#!/usr/bin/env bash
# What a page costs here, beside nginx that sends the same bytes from a file, in one run on one machine.
#
#   benches/compare.sh                     a release build, 2,000 articles
#   ARTICLES=100000 SECONDS_EACH=10 ROUNDS=3 benches/compare.sh
#   BROADSHEET=path/to/broadsheet benches/compare.sh     a program that is built already
#
# Needs a Debian with Rust and Postgres' programs; nginx, wrk and python3 are installed when they are missing.
# Absolute figures depend on the machine and its mood; what counts is the ratio within a run, and the processor time of
# a request. The table goes to standard output, as docs/performance.md holds it.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
[[ -x /usr/sbin/nginx ]] || missing+=(nginx-light)
command -v wrk >/dev/null || missing+=(wrk)
command -v python3 >/dev/null || missing+=(python3)
if [[ ${#missing[@]} -gt 0 ]]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
if [[ -z ${BROADSHEET:-} ]]; then
  cargo build --release
  BROADSHEET=$(cargo metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')/release/broadsheet
fi
export BROADSHEET
exec python3 benches/compare.py

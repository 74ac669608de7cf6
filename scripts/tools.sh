#!/bin/sh
# Sees to it that the programs are there which the tests need beside Python, before anything else is done: as root on
# Debian it installs all that are missing, otherwise it names them in one sentence. With MISSING=skip the tests that need
# them are left out, which `tools.sh --left-out` says once more in the end; root leaves nothing out.
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin

is_root() { [ "$(id -u)" = 0 ]; }
on_debian() { command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1; }

is_there() {
  case $1 in
    Node) sh scripts/node.sh --there ;;
    Chromium)
      for name in ${CHROMIUM:-chromium chromium-browser google-chrome google-chrome-stable}; do
        if command -v "$name" >/dev/null 2>&1; then return 0; fi
      done
      return 1
      ;;
    # Taken out of its package by promtool.sh, which needs no root for that.
    promtool) command -v promtool >/dev/null 2>&1 || [ -x .venv/bin/promtool ] || on_debian ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

package_of() {
  case $1 in
    Node) echo nodejs npm ;;
    Chromium) echo chromium fonts-liberation ;;
    promtool) echo prometheus ;;
    *) echo "$1" ;;
  esac
}

look() {
  missing='' packages=''
  for tool in git Node Chromium nginx pgbouncer redis-server promtool; do
    if ! is_there "$tool"; then
      missing="$missing${missing:+, }$tool"
      packages="$packages $(package_of "$tool")"
    fi
  done
}

look
if [ -n "$missing" ] && is_root && on_debian; then
  echo "Installing what the tests need:$packages ..." >&2
  # Without RUNLEVEL, nginx and PgBouncer would be started.
  { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages; } \
    >/dev/null 2>&1 || true
  look
fi
[ -n "$missing" ] || exit 0

if [ "${MISSING-}" = skip ] && ! is_root && is_there git && is_there Node; then
  echo "LEFT OUT: the tests that need $missing. Nothing is known of what they would have shown." >&2
  exit 0
fi
[ "${1-}" != --left-out ] || exit 0
echo "The tests need $missing: install with \`apt-get install --no-install-recommends$packages\` as root, or another" \
  "system's like; all but git and Node 20.3 can be done without by \`make test MISSING=skip\`, which leaves tests out." >&2
exit 1

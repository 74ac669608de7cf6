#!/bin/sh
# Puts promtool, by which the alert rules are tried, into the folder that the argument names, where it is not on the
# PATH. It is taken out of Debian's package: to install that would start a Prometheus on this machine.
set -eu

if command -v promtool >/dev/null 2>&1 || [ -x "$1/promtool" ]; then
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-deb >/dev/null 2>&1; then
  echo "The alert rules are not tried without promtool, which comes with Prometheus: put it on the PATH." >&2
  exit 0
fi

echo "Getting promtool, which tries the alert rules ..."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
target=$(cd "$1" && pwd)
cd "$folder"
[ "$(id -u)" != 0 ] || apt-get update -qq
apt-get download -qq prometheus >/dev/null 2>&1 || {
  echo "The alert rules are not tried: the package prometheus, which has promtool, cannot be had." >&2
  exit 0
}
dpkg-deb --extract prometheus_*.deb .
mv usr/bin/promtool "$target/promtool"

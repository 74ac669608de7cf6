#!/bin/sh
# Installs promtool, by which the alert rules are tried, where there is none and it can be installed.
set -eu

if command -v promtool >/dev/null 2>&1; then
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "The alert rules are not tried without promtool: install the package prometheus." >&2
  exit 0
fi
echo "Installing promtool, which tries the alert rules ..."
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends prometheus >/dev/null

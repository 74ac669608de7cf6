#!/bin/sh
# Makes ready what the TypeScript package is generated and compiled with, in sdk/typescript/node_modules.
# Needs Node 20 or newer with npm; as root on Debian it installs them. Says in one line what is missing.
set -eu

cd "$(dirname "$0")/../sdk/typescript"
newest_needed='const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 3) ? 0 : 1)'

there() {
  command -v npm >/dev/null 2>&1 && node -e "$newest_needed" >/dev/null 2>&1
}

if [ "${1-}" = --there ]; then
  there
  exit
fi
if ! there && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Node and npm, which make the TypeScript package ..." >&2
  { apt-get update -qq && apt-get install -qq -y nodejs npm; } >/dev/null 2>&1 || true
fi
if ! there; then
  echo "The TypeScript package is left out: it needs Node 20.3 or newer and npm on the PATH." >&2
  exit 1
fi

stamp=node_modules/made.stamp
if [ ! -e "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
  echo "Installing what makes the TypeScript package (only when sdk/typescript/package-lock.json has changed) ..." >&2
  npm ci --silent --ignore-scripts --no-audit --no-fund --no-update-notifier >&2 || {
    echo "The TypeScript package is left out: npm could not install what sdk/typescript/package-lock.json names." >&2
    exit 1
  }
  touch "$stamp"
fi

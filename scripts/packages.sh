#!/bin/sh
# Builds the client packages into a folder: packages.sh FOLDER python PYTHON | packages.sh FOLDER typescript
# PYTHON is one that has what requirements/sdk.lock names. Building works on a copy, so generated/ stays as it is.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/generated/sdk/$2/." "$work"

case $2 in
python)
  "$3" -m pip --disable-pip-version-check --no-input wheel --quiet --no-deps --no-build-isolation --wheel-dir "$folder" "$work"
  ;;
typescript)
  "$root/sdk/typescript/node_modules/.bin/tsc" -p "$work"
  cd "$work"
  npm pack --silent --ignore-scripts --pack-destination "$folder" >/dev/null
  ;;
esac

#!/bin/sh
# Lints the migrations, each of which is a transaction: squawk takes a file for one.
# The arguments are the programs: a Python with the service's packages, and squawk.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" -m app migrate --sql > "$folder/all"
# Each begins with the limits that are set once, at the top of all.
awk -v folder="$folder" '
  NR == 1 { limits = $0; next }
  /^BEGIN;$/ { file = sprintf("%s/%03d.sql", folder, ++number); print limits > file }
  file { print > file }
' "$folder/all"
# Alembic's own table has a varchar.
"$2" --exclude=prefer-text-field "$folder"/*.sql

#!/bin/sh
# What the standby's container runs: a copy of the primary at the first start, then PostgreSQL, which
# follows the primary until `pg_promote()`.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  copy="$PGDATA.new"
  rm -rf "$copy"
  mkdir -p "$copy"
  pg_basebackup --dbname="$PRIMARY" --pgdata="$copy" --write-recovery-conf --checkpoint=fast
  chmod 0700 "$copy"
  rm -rf "$PGDATA"
  mv "$copy" "$PGDATA"
fi
exec postgres -c hba_file=/etc/postgresql/pg_hba.conf

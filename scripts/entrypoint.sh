#!/bin/sh
# What the image starts: migrations, safe beside other replicas that start now, and then the server
# in this very process, so that it gets the signals. Any arguments are run instead.
set -eu

if [ "$#" -gt 0 ]; then
  exec "$@"
fi
# As process 1, which it is without an init, a shell hears no signal that it does not trap, and hears
# none while it runs a command in the foreground.
migration=
trap 'kill -TERM $migration' INT TERM
python -m app migrate &
migration=$!
wait "$migration"
trap - INT TERM
exec python -m app serve --no-migrate

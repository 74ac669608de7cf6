#!/bin/sh
# What the image starts: migrations, safe beside other replicas that start now, and then the server
# in this very process, so that it gets the signals. Any arguments are run instead.
set -eu

if [ "$#" -gt 0 ]; then
  exec "$@"
fi
python -m app migrate
exec python -m app serve --no-migrate

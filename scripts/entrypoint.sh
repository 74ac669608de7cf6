#!/bin/sh
# What the image starts: migrations, safe beside other replicas that start now, and then the server.
# Any arguments are run instead.
set -eu

if [ "$#" -gt 0 ]; then
  exec "$@"
fi

# Without an init this shell is process 1, and process 1 gets no signal before it has a handler: not
# this shell, nor a Python that is still loading in its place. So the shell stays and passes them on.
stop() {
  trap '' INT TERM
  kill -TERM "${!-}" 2>/dev/null || exit 143
  code=0
  wait "$!" || code=$?
  exit "$code"
}
trap stop INT TERM

run() {
  "$@" &
  wait "$!"
}
run python -m app migrate
run python -m app serve --no-migrate

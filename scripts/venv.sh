#!/bin/sh
# Makes the virtual environment named by the first argument with the newest Python it finds (3.11 or newer).
set -eu

venv=$1
wanted='import sys; sys.exit(sys.version_info < (3, 11))'

if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c "$wanted" 2>/dev/null && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  exit 0
fi

without_venv=
for name in ${PYTHON:-} python3.15 python3.14 python3.13 python3.12 python3.11 python3 python; do
  python=$(command -v "$name" 2>/dev/null) || continue
  "$python" -c "$wanted" >/dev/null 2>&1 || continue
  if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    without_venv=$python
    continue
  fi
  echo "Making $venv with $("$python" --version) ..."
  rm -rf "$venv"
  exec "$python" -m venv "$venv"
done

if [ -n "$without_venv" ]; then
  echo "$without_venv cannot make a virtual environment: its modules venv and ensurepip are missing." >&2
  echo "On Debian and Ubuntu, install the package python3-venv; then run make again." >&2
else
  echo "No Python 3.11 or newer was found (tried python3.15 to python3.11, python3 and python on the PATH)." >&2
  echo "Install one, or name it: make run PYTHON=/path/to/python3.12" >&2
fi
exit 1

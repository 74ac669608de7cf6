"""`make own-api`: the whole gate of each kind of new repository, and of the lending library."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.start.gate import SHARED, new_library, new_repository

KINDS: dict[str, Callable[[Path], Path]] = {
    "health alone": lambda folder: new_repository(folder, sign_in=False),
    "sign-in and health": lambda folder: new_repository(folder, sign_in=True),
    "the lending library": lambda folder: new_library(new_repository(folder, sign_in=False)),
}


def main(chosen: list[str]) -> int:
    """Return the exit code: 0 where every gate is green."""
    code = 0
    for kind, made in KINDS.items():
        if chosen and not any(word in kind for word in chosen):
            continue
        with tempfile.TemporaryDirectory(prefix="own-api-") as folder:
            begun = time.monotonic()
            done = subprocess.run(["make", *SHARED, "test"], cwd=made(Path(folder)), check=False)
            took = time.monotonic() - begun
            sys.stdout.write(f"{kind}: exit code {done.returncode} after {took:.0f} s\n")
            sys.stdout.flush()
            code = max(code, done.returncode)
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

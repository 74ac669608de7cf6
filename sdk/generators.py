"""Starts the generators, and says in one line why one of them did not do its work."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sdk.client_document import UnusableError

LONGEST = 300


def run_generator(name: str, command: Sequence[str], folder: Path) -> None:
    """Run a generator in `folder`. Raises UnusableError with its reason."""
    if shutil.which(command[0]) is None:
        raise UnusableError(f"{name} needs {command[0]}, which is not on the PATH.")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnusableError(f"{name} makes nothing of it: {_reason(done.stderr or done.stdout)}")


def _reason(said: str) -> str:
    """Return the line that names an error, the last one where none does."""
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["it does not say why"]
    named = [line for line in lines if re.search(r"\berror\b", line, re.IGNORECASE)]
    return (named or lines[-1:])[0][:LONGEST]

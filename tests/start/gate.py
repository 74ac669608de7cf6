"""New repositories and their gates. They run with the packages of this one, so nothing is
installed for them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from start.make import ROOT, make
from start.names import read_name
from start.tools import MODULES
from tests.start.library import put_in

VENV = Path(sys.executable).parents[1]
NAME = "lending-library"


def new_repository(folder: Path, *, sign_in: bool) -> Path:
    into = folder / NAME
    make(read_name(NAME), into, sign_in=sign_in)
    return into


def new_library(into: Path) -> Path:
    """The walk of docs/your-own-api.md, in a new repository with health alone."""
    lend_what_is_here(into)
    put_in(into)
    must(into, "make", *SHARED, "generate", "sdk")
    must(into, str(VENV / "bin/ruff"), "check", "--quiet", "--select", "I001,F401", "--fix", ".")
    must(into, str(VENV / "bin/ruff"), "format", "--quiet", ".")
    return into


def lend_what_is_here(into: Path) -> None:
    """What makes the TypeScript package, without installing it there, and what mypy knows already
    of the packages that both repositories use.
    """
    if (ROOT / ".mypy_cache").is_dir():
        shutil.copytree(ROOT / ".mypy_cache", into / ".mypy_cache")
    (into / MODULES).symlink_to(ROOT / MODULES, target_is_directory=True)
    with (into / ".git/info/exclude").open("a", encoding="utf-8") as excluded:
        excluded.write(f"{MODULES}\n")


# The stamp is older than the new repository's lock, which holds the same packages.
SHARED = (f"VENV={VENV}", "-o", f"{VENV}/dev.stamp", "-o", f"{VENV}/run.stamp")


def must(folder: Path, *command: str) -> str:
    """What the command said; it fails with that where it fails."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COV", "PYTEST", "GIT_", "MAKE", "MFLAGS", "HYPOTHESIS"))
    }
    done = subprocess.run(
        command, cwd=folder, env=kept, capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"{' '.join(command)}: exit code {done.returncode}\n{said[-8000:]}"
    return said

"""Copies of the project: what Git tracks, as it stands in the working tree, with a link to what
makes the TypeScript package.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

MODULES = "sdk/typescript/node_modules"


def copy_tracked(root: Path, to: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file():  # A file that was deleted is tracked until that is committed.
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, to / name)
    if (root / MODULES).is_dir():
        (to / MODULES).symlink_to(root / MODULES, target_is_directory=True)


def copy_again(pristine: Path, to: Path, keeps: set[str]) -> None:
    """As `pristine` was copied, and of what the checks have left in it only the folders `keeps`."""
    left = {
        ".mypy_cache",
        ".import_linter_cache",
        ".hypothesis",
        ".data",
        "__pycache__",
        "reports",
    } - keeps
    shutil.copytree(pristine, to, symlinks=True, ignore=lambda _folder, names: left & set(names))

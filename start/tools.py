"""The programs that a new repository is made with, besides Python's packages."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from start.failure import StartError

MODULES = Path("sdk/typescript/node_modules")


def require_tools(root: Path) -> None:
    """Raises StartError where Git or Node is missing; as root on Debian Node is installed."""
    if shutil.which("git") is None:
        raise StartError(
            "Git was not found, and the new repository begins with a commit: "
            "install the package git, and run make new again."
        )
    ready = subprocess.run(
        ["sh", "scripts/node.sh"], cwd=root, capture_output=True, text=True, check=False
    )
    if ready.returncode:
        raise StartError(
            "Node 20.3 or newer and npm were not found, or npm could not install what makes the "
            "TypeScript package: install them, and run make new again."
        )

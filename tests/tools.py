"""Programs that tests need and Python does not bring; `make tools` sees to them."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

# Where Debian keeps what only root is expected to call, and scripts/promtool.sh what it has got.
FOLDERS = ("/usr/sbin", "/sbin", "/usr/local/sbin", str(Path(sys.executable).parent))


def needed(*names: str) -> str:
    """The path of the first of `names` that is here. Without one the test fails; MISSING=skip skips
    it, but never as root, as whom nothing needs to be missing.
    """
    path = os.pathsep.join([os.environ.get("PATH", ""), *FOLDERS])
    found = next((place for name in names if (place := shutil.which(name, path=path))), None)
    if found is not None:
        return found
    said = f"{names[0]} is missing: `make tools` installs it as root, or says how"
    if may_be_missing():
        pytest.skip(said)
    pytest.fail(said)


def may_be_missing() -> bool:
    return os.environ.get("MISSING") == "skip" and os.geteuid() != 0

"""The system's own Chromium, and how it is started: headless, silent, with nothing of anybody's."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = (
    "The tests of the pages need Chromium, and none is on the PATH: "
    "run `make browser`, or name one by CHROMIUM=/path/to/chromium."
)


def chromium() -> str:
    """Return the path of a Chromium; raises FileNotFoundError where there is none."""
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
    if found is None:
        raise FileNotFoundError(MISSING)
    return found


def needs_no_sandbox() -> bool:
    """Chromium refuses to run as root with its sandbox."""
    return os.geteuid() == 0

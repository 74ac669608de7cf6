"""The system's own Chromium, and how it is started: headless, silent, with nothing of anybody's."""

from __future__ import annotations

import os

from tests.tools import needed

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


def chromium() -> str:
    """The path of a Chromium, or of what CHROMIUM names."""
    named = os.environ.get("CHROMIUM")
    return needed(*([named] if named else NAMES))


def needs_no_sandbox() -> bool:
    """Chromium refuses to run as root with its sandbox."""
    return os.geteuid() == 0

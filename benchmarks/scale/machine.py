"""On what a figure was measured, in one paragraph."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.machine import PACKAGES, cpu_model, memory_gib, system


def described() -> str:
    """Date, processors, memory, versions."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}. {cpu_model()}, {os.cpu_count()} cores, "
        f"{memory_gib():.0f} GiB, {system()}. Python {platform.python_version()}, {packages}."
    )

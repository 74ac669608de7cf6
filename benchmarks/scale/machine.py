"""On what a figure was measured, in one line."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

GIGABYTE = 10**9
LIBRARIES = ("fastapi", "pydantic", "sqlalchemy", "asyncpg", "uvicorn", "datamodel-code-generator")


def described() -> str:
    """Date, processors, memory, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}. {len(os.sched_getaffinity(0))} processors "
        f"({processor()}), {memory:.0f} GB, {platform.system()} {platform.release()}. "
        f"Python {platform.python_version()}, {libraries}."
    )


def processor() -> str:
    """What the system calls it."""
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()

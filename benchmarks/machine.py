"""What a run was made on."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import platform
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg

from benchmarks.load import wrk

PACKAGES = (
    "fastapi",
    "starlette",
    "pydantic",
    "sqlalchemy",
    "asyncpg",
    "uvicorn",
    "uvloop",
    "httptools",
    "orjson",
    "jsonschema-rs",
    "libpass",
    "pyjwt",
    "datamodel-code-generator",
)
SETTINGS = ("shared_buffers", "fsync", "synchronous_commit", "jit", "max_connections")
CPU_MODEL = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)
MEMORY = re.compile(r"^MemTotal:\s*(\d+) kB$", re.MULTILINE)
KIBIBYTES = 1024**2


def facts(postgres_version: str, postgres_settings: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Name and value, in the order in which people look for them."""
    yield "processor", f"{cpu_model()}, {os.cpu_count()} cores"
    yield "memory", f"{memory_gib():.0f} GiB"
    yield "system", f"{platform.system()} {platform.release()}"
    yield "Python", f"{platform.python_implementation()} {platform.python_version()}"
    yield (
        "PostgreSQL",
        f"{postgres_version}; {', '.join(map(' = '.join, postgres_settings.items()))}",
    )
    yield "load generator", f"wrk {wrk_version()}, one thread"
    yield "packages", ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)


def cpu_model() -> str:
    found = CPU_MODEL.search(Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def memory_gib() -> float:
    found = MEMORY.search(Path("/proc/meminfo").read_text())
    return int(found[1]) / KIBIBYTES if found else 0


def wrk_version() -> str:
    """The second word of what it says about itself, which it does with a status of failure."""
    done = subprocess.run([wrk(), "-v"], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).split()[1]


def postgres_settings(url: str) -> dict[str, str]:
    return asyncio.run(_postgres_settings(url))


async def _postgres_settings(url: str) -> dict[str, str]:
    connection = await asyncpg.connect(url)
    try:
        return {name: await connection.fetchval(f"SHOW {name}") for name in SETTINGS}
    finally:
        await connection.close()

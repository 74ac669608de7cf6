"""What a run was made on."""

from __future__ import annotations

import asyncio
import os
import platform
import re
from importlib import metadata
from pathlib import Path

import asyncpg

from benchmarks.database import Server

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


def facts(server: Server, generator: str) -> list[tuple[str, str]]:
    """Name and value, in the order in which people look for them."""
    settings = ", ".join(f"{name} = {value}" for name, value in postgres_settings(server.url))
    return [
        ("processor", f"{cpu_model()}, {os.cpu_count()} cores"),
        ("memory", f"{memory_gib():.0f} GiB"),
        ("system", system()),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("PostgreSQL", f"{server.version}; {settings}"),
        ("load generator", f"{generator}, one thread"),
        ("packages", ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)),
    ]


def system() -> str:
    """The distribution where one says its name, and the kernel without the marks of its builder."""
    kernel = f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {kernel}"
    except OSError:
        return kernel


def cpu_model() -> str:
    found = CPU_MODEL.search(Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def memory_gib() -> float:
    found = MEMORY.search(Path("/proc/meminfo").read_text())
    return int(found[1]) / KIBIBYTES if found else 0


def postgres_settings(url: str) -> list[tuple[str, str]]:
    return asyncio.run(_postgres_settings(url))


async def _postgres_settings(url: str) -> list[tuple[str, str]]:
    connection = await asyncpg.connect(url)
    try:
        return [(name, await connection.fetchval(f"SHOW {name}")) for name in SETTINGS]
    finally:
        await connection.close()

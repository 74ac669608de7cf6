"""No release with a known hole is installed. Read from what is here, so it works without a network,
which no scanner of packages does.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from app.db.checks import SAFE_MINORS
from app.db.embedded.binaries import find_binaries

# The first releases without the holes that are known, each with the last one that was closed.
FLOORS = {
    "fastapi": ((0, 132), "strict content types; 0.109.1 a form that hangs"),
    "starlette": ((1, 3, 1), "CVE-2026-54283: limits of forms were ignored"),
    "python-multipart": ((0, 0, 31), "GHSA-v9pg: negative lengths"),
    "pyjwt": ((2, 15), "a deep payload; 2.14 HMAC-key confusion; CVE-2026-32597"),
    "h11": ((0, 16), "CVE-2025-43859: chunks that smuggle requests"),
    "httptools": ((0, 8), "the parser's holes of that time"),
    "uvicorn": ((0, 51), "0.42 quadratic bodies; 0.50 endless respawn"),
    "redis": ((4, 5, 5), "CVE-2023-28859: after a cancellation, answers of another request"),
    "asyncpg": ((0, 30), "none known; older ones fail on Python 3.13"),
    "sqlalchemy": ((2, 1, 9), "none known; the first that was tried"),
    "pydantic": ((2, 4), "CVE-2024-3772: an expression that hangs"),
}

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
LOCKED = re.compile(r"^([a-z0-9-]+)==([0-9.]+)", re.MULTILINE)
BOUNDED = re.compile(r"([a-z0-9-]+)(?:\[[a-z,]+\])?>=([0-9.]+)")


def numbers_of(release: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", release)[:3])


def too_low(releases: Iterator[tuple[str, str]]) -> list[str]:
    """Those below their floors, and why that matters."""
    return [
        f"{package} {release}: {FLOORS[package][1]}"
        for package, release in releases
        if package in FLOORS and numbers_of(release) < FLOORS[package][0]
    ]


@pytest.mark.parametrize("package", FLOORS)
def test_nothing_is_installed_below_its_floor(package: str) -> None:
    floor, reason = FLOORS[package]

    assert numbers_of(version(package)) >= floor, f"{package}: {reason}"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_nothing_is_locked_below_its_floor(lock: Path) -> None:
    releases = [match.groups() for match in LOCKED.finditer(lock.read_text())]

    assert releases
    assert too_low((name, release) for name, release in releases) == []


def test_no_bound_admits_a_release_below_its_floor() -> None:
    """Whoever upgrades the lock files, or installs without them, gets what these bounds admit."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bounds = [match.groups() for match in map(BOUNDED.match, project["dependencies"]) if match]

    assert {name for name, _ in bounds} & FLOORS.keys()
    assert too_low((name, release) for name, release in bounds) == []


def test_the_embedded_server_has_no_known_hole() -> None:
    major, minor = map(int, find_binaries(None).version.split(".")[:2])

    assert minor >= SAFE_MINORS[major]

"""No release with a known hole is installed. Read from what is here, so it works without a network,
which no scanner of packages does.
"""

from __future__ import annotations

import re
from importlib.metadata import version

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


@pytest.mark.parametrize("package", FLOORS)
def test_nothing_is_installed_below_its_floor(package: str) -> None:
    floor, reason = FLOORS[package]
    installed = tuple(int(number) for number in re.findall(r"\d+", version(package))[:3])

    assert installed >= floor, f"{package}: {reason}"


def test_the_embedded_server_has_no_known_hole() -> None:
    major, minor = map(int, find_binaries(None).version.split(".")[:2])

    assert minor >= SAFE_MINORS[major]

"""A real PostgreSQL, migrated once, and the real service on a copy of it."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, as the service runs; one loop for all, as in one process."""
    return "asyncio"

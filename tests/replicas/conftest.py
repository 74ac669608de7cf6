from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.db.migrate import migrate
from tests.replicas.pair import Pair
from tests.replicas.servers import primary, standby_of


@asynccontextmanager
async def replicating(folder: Path) -> AsyncIterator[Pair]:
    with primary(folder / "one") as one:
        await migrate(one.url)
        with standby_of(one, folder / "two") as two:
            yield Pair(one, two)


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    """A migrated primary and its standby, the test's own to lose."""
    async with replicating(tmp_path) as pair:
        yield pair


@pytest.fixture(scope="session")
async def steady(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    """The same, for tests that leave it as it was."""
    async with replicating(tmp_path_factory.mktemp("steady")) as pair:
        yield pair

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.metrics.board import Board
from tests.conftest import Databases
from tests.metrics.scrape import Scrape, wait_for
from tests.processes import Served, serve


@pytest.fixture(scope="session")
async def watched_url(databases: Databases) -> str:
    return await databases.create()


@pytest.fixture(scope="session")
def watched(
    anyio_backend: str, watched_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A service of two workers that answers scrapes."""
    settings = {
        "DATABASE_URL": watched_url,
        "WEB_CONCURRENCY": "2",
        "METRICS_PORT": "0",
        "DB_POOL_SIZE": "2",
        "DB_MAX_OVERFLOW": "1",
        "LOG_SLOW_QUERIES_MS": "300",
    }
    with serve(tmp_path_factory.mktemp("watched"), settings) as served:
        # One that is ready answers for both.
        assert wait_for(lambda: Scrape(served)("workers") == 2)
        yield served


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with closing(Board(tmp_path)) as board:
        yield board

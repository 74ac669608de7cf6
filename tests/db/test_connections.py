"""How connections go from one request to the next, and when the pool sees them again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import event, text

from app.db import connections
from app.db.engine import Database
from tests.conftest import settings_for

PID = text("SELECT pg_backend_pid()")


@pytest.fixture
async def narrow(database_url: str) -> AsyncIterator[Database]:
    """Keeps one connection and makes two at most."""
    settings = settings_for(database_url).model_copy(
        update={"db_pool_size": 1, "db_max_overflow": 1}
    )
    database = Database.create(settings, database_url)
    yield database
    await database.dispose()


async def pid_of(database: Database) -> int:
    async with database.session(read_only=True) as session:
        pid: int = await session.scalar(PID)
        return pid


def checkouts_of(database: Database) -> list[object]:
    seen: list[object] = []
    event.listen(database.engine.sync_engine, "checkout", lambda *found: seen.append(found))
    return seen


async def test_a_connection_stays_at_hand_for_the_next_request(narrow: Database) -> None:
    checkouts = checkouts_of(narrow)
    pids = {await pid_of(narrow) for _ in range(5)}

    assert (len(pids), len(checkouts)) == (1, 1)
    assert narrow.pool_figures().checked_out == 0


async def test_the_pool_sees_a_connection_again_however_busy_it_is(
    narrow: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PROBE_AFTER_IDLE", 0.2)
    checkouts = checkouts_of(narrow)
    for _ in range(12):
        await pid_of(narrow)
        await asyncio.sleep(0.05)

    assert len(checkouts) >= 2


async def use_two(database: Database) -> set[int]:
    async with (
        database.session(read_only=True) as first,
        database.session(read_only=True) as second,
    ):
        return {await first.scalar(PID), await second.scalar(PID)}


async def test_a_burst_after_a_burst_opens_nothing(narrow: Database) -> None:
    assert await use_two(narrow) == await use_two(narrow)


async def test_what_a_burst_left_over_is_closed_when_nobody_has_needed_it(
    narrow: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SPARE_FOR", 0.2)
    await use_two(narrow)
    assert narrow.pool_figures().overflow == 1
    await asyncio.sleep(0.5)

    assert narrow.pool_figures().overflow == 0


async def test_what_is_needed_is_not_closed(
    narrow: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SPARE_FOR", 0.2)
    pids = await use_two(narrow)
    for _ in range(8):
        await asyncio.sleep(0.05)
        assert await use_two(narrow) == pids


async def test_the_pool_gets_no_more_back_than_it_keeps(
    narrow: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PROBE_AFTER_IDLE", 0.05)
    await use_two(narrow)
    await asyncio.sleep(0.1)
    await pid_of(narrow)

    assert narrow.pool_figures().overflow == 0


async def test_a_connection_that_died_at_hand_is_nobodys(narrow: Database) -> None:
    dead = await pid_of(narrow)
    async with narrow.session(read_only=True) as first, narrow.session(read_only=True) as second:
        await first.scalar(PID)
        await second.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": dead})
    await asyncio.sleep(0.1)

    assert await pid_of(narrow) != dead

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app.db import connections
from app.db.embedded import EmbeddedPostgres
from app.db.embedded.processes import PidFile, users_of, wait_until
from app.db.engine import Database, PoolFigures
from app.settings import Settings

LIMIT = 2.6  # what a client may wait for a 503, and a moment for a busy machine


def database_at(url: str, **settings: Any) -> Database:
    few = {"db_pool_size": 2, "db_max_overflow": 1, **settings}
    return Database.create(Settings(_env_file=None, environment="test", **few), url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = database_at(database_url)
    yield database
    await database.dispose()


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """One that may be killed."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("own"), durable=False) as server:
        yield server


async def ask(database: Database, query: str) -> Any:
    async with database.session(read_only=True) as session:
        return await session.scalar(text(query))


async def timed(work: Awaitable[Any]) -> tuple[float, Any]:
    began = time.monotonic()
    try:
        outcome = await work
    except Exception as error:  # noqa: BLE001 - it is what the caller looks at
        outcome = error
    return time.monotonic() - began, outcome


async def test_each_connection_has_the_limits_of_a_request(database: Database) -> None:
    assert await ask(database, "SHOW statement_timeout") == "2s"
    assert await ask(database, "SHOW lock_timeout") == "1500ms"
    assert await ask(database, "SHOW idle_in_transaction_session_timeout") == "10s"
    assert await ask(database, "SHOW application_name") == "Colophon"


async def test_a_normal_exit_commits_and_an_exception_rolls_back(migrated_url: str) -> None:
    database = database_at(migrated_url)
    async with database.session(read_only=False) as session:
        await session.execute(text("CREATE TABLE kept (n int)"))
    with pytest.raises(KeyError):
        await write_and_fail(database)

    async with database.transaction() as session:
        await session.execute(text("INSERT INTO kept VALUES (1)"))
    assert await ask(database, "SELECT count(*) FROM kept") == 1
    await database.dispose()


async def write_and_fail(database: Database) -> None:
    async with database.session(read_only=False) as session:
        await session.execute(text("INSERT INTO kept VALUES (2)"))
        raise KeyError


async def test_reads_leave_no_transaction_open(database: Database) -> None:
    async with database.session(read_only=True) as session:
        await session.execute(text("SELECT 1"))
        states = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
        assert await session.scalar(text(states)) == 0


async def test_a_session_that_is_asked_for_nothing_takes_no_connection(database: Database) -> None:
    async with database.session(read_only=False) as session:
        assert database.pool_figures() == PoolFigures(size=2, checked_out=0, overflow=0)
        await session.execute(text("SELECT 1"))
        assert database.pool_figures() == PoolFigures(size=2, checked_out=1, overflow=0)
        await session.release()
        assert database.pool_figures().checked_out == 0


async def test_an_exhausted_pool_refuses_within_the_limit(database: Database) -> None:
    held = [asyncio.create_task(hold(database)) for _ in range(3)]
    await asyncio.sleep(0.2)
    assert database.pool_figures() == PoolFigures(size=2, checked_out=3, overflow=1)

    took, outcome = await timed(ask(database, "SELECT 1"))
    assert isinstance(outcome, Exception)
    assert took < LIMIT
    await asyncio.gather(*held)
    assert await ask(database, "SELECT 1") == 1


async def test_a_request_that_is_cancelled_gives_its_connection_back(database: Database) -> None:
    task = asyncio.create_task(ask(database, "SELECT pg_sleep(4)"))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert database.pool_figures().checked_out == 0
    assert await ask(database, "SELECT 1") == 1


async def test_a_server_that_is_killed_is_noticed_at_once_and_used_again(
    own_server: EmbeddedPostgres,
) -> None:
    database = database_at(own_server.url)
    await fill_pool(database)
    record = PidFile.read(own_server.folder / "data")
    assert record is not None
    os.kill(record.pid, signal.SIGKILL)
    await asyncio.sleep(0.2)

    for _ in range(2):
        took, outcome = await timed(ask(database, "SELECT 1"))
        assert isinstance(outcome, Exception)
        assert took < 1
    assert await asyncio.to_thread(wait_until, own_server.revive, 10)
    assert [await ask(database, "SELECT 1") for _ in range(5)] == [1] * 5
    await database.dispose()


async def test_a_server_that_says_nothing_is_given_up_within_the_limit(
    own_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PROBE_AFTER_IDLE", 0.1)
    database = database_at(own_server.url)
    await fill_pool(database)
    await asyncio.sleep(0.2)
    processes = users_of(own_server.folder / "data")
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)

    waits = await asyncio.gather(timed(ask(database, "SELECT 1")), timed(ask(database, "SELECT 1")))
    for pid in processes:
        os.kill(pid, signal.SIGCONT)
    for took, outcome in waits:
        assert isinstance(outcome, Exception)
        assert took < LIMIT
    took, outcome = await timed(ask(database, "SELECT 1"))
    assert (outcome, took < 2) == (1, True)
    await database.dispose()


async def test_who_waits_for_others_on_a_server_that_says_nothing_is_refused_within_the_limit(
    own_server: EmbeddedPostgres,
) -> None:
    database = database_at(own_server.url)
    await fill_pool(database)
    processes = users_of(own_server.folder / "data")
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)

    asked = [asyncio.create_task(timed(ask(database, "SELECT 1"))) for _ in range(3)]
    await asyncio.sleep(1)
    asked += [asyncio.create_task(timed(ask(database, "SELECT 1"))) for _ in range(4)]
    waits = await asyncio.gather(*asked)
    for pid in processes:
        os.kill(pid, signal.SIGCONT)
    assert [isinstance(outcome, Exception) for _, outcome in waits] == [True] * 7
    assert max(took for took, _ in waits) < LIMIT
    assert (await timed(ask(database, "SELECT 1")))[1] == 1
    await database.dispose()


async def hold(database: Database) -> None:
    """A connection, for longer than anybody waits for one."""
    async with database.session(read_only=True) as session:
        for _ in range(2):
            await session.scalar(text("SELECT pg_sleep(1.4)"))


async def fill_pool(database: Database) -> None:
    await asyncio.gather(*[ask(database, "SELECT pg_sleep(0.1)") for _ in range(3)])

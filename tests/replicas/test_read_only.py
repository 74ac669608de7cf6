"""Connections that lead to a server which takes no writes any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import pytest
from sqlalchemy import text

from app.db import engine
from app.db.engine import Database
from app.db.errors import problem_of
from generated.problems import Unavailable
from tests.conftest import settings_for
from tests.replicas.pair import Pair
from tests.replicas.servers import Server

WRITE = text("INSERT INTO kept VALUES (1)")
PORT = text("SELECT current_setting('port')::int")


@dataclass
class Entrance:
    """One address for whichever server an operator points it to; what is open stays as it is."""

    leads_to: Server
    address: str = ""

    async def carry(self, inward: asyncio.StreamReader, outward: asyncio.StreamWriter) -> None:
        answers, requests = await asyncio.open_connection("127.0.0.1", self.leads_to.port)
        await asyncio.gather(_copy(inward, requests), _copy(answers, outward))


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while chunk := await source.read(65536):
            sink.write(chunk)
            await sink.drain()
    except OSError:
        pass
    finally:
        sink.close()


@asynccontextmanager
async def entrance_to(server: Server) -> AsyncIterator[Entrance]:
    entrance = Entrance(server)
    listener = await asyncio.start_server(entrance.carry, "127.0.0.1", 0)
    entrance.address = f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    yield entrance
    listener.close()


def database_at(pair: Pair, address: str) -> Database:
    url = pair.one.url.replace(pair.one.address, address)
    return Database.create(settings_for(url), url)


async def write(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(WRITE)


async def ports_of(database: Database, count: int) -> set[int]:
    """Which servers `count` connections at once lead to."""
    sessions = [database.session(read_only=True) for _ in range(count)]
    found = {int(await session.scalar(PORT)) for session in sessions}
    for session in sessions:
        await session.release()
    return found


@pytest.fixture
async def table(steady: Pair) -> AsyncIterator[None]:
    await steady.one.run("CREATE TABLE kept (n int)")
    await steady.one.run("GRANT ALL ON kept TO colophon")
    await steady.catch_up()
    yield
    await steady.one.run("DROP TABLE kept")


async def test_a_refused_write_leads_everybody_to_the_server_that_takes_it(
    steady: Pair, table: None
) -> None:
    async with entrance_to(steady.two) as entrance:
        database = database_at(steady, entrance.address)
        busy = database.session(read_only=True)
        assert await busy.scalar(PORT) == steady.two.port
        assert await ports_of(database, 4) == {steady.two.port}
        entrance.leads_to = steady.one

        with pytest.raises(asyncpg.ReadOnlySQLTransactionError) as caught:
            await write(database)
        assert isinstance(problem_of(caught.value), Unavailable)
        await write(database)
        assert await ports_of(database, 4) == {steady.one.port}
        await busy.release()
        assert await ports_of(database, 6) == {steady.one.port}
        await database.dispose()


async def test_what_lies_in_the_pool_is_not_used_again_either(steady: Pair, table: None) -> None:
    async with entrance_to(steady.two) as entrance:
        database = database_at(steady, entrance.address)
        assert await ports_of(database, 4) == {steady.two.port}
        database.handed_out.put_all_back()
        assert database.engine.pool.checkedin() == 4  # type: ignore[attr-defined]
        entrance.leads_to = steady.one

        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await write(database)
        assert await ports_of(database, 4) == {steady.one.port}
        await database.dispose()


async def test_while_nobody_takes_writes_reads_keep_their_connections(
    steady: Pair, table: None
) -> None:
    database = database_at(steady, steady.two.address)
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await write(database)
    before = await pids_of(database)
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await write(database)
    assert len(before & await pids_of(database)) >= 3
    await database.dispose()


async def pids_of(database: Database) -> set[int]:
    sessions = [database.session(read_only=True) for _ in range(4)]
    found = {int(await session.scalar(text("SELECT pg_backend_pid()"))) for session in sessions}
    for session in sessions:
        await session.release()
    return found


async def test_a_commit_that_the_standby_has_not_confirmed_is_not_acknowledged(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pair.one.run("CREATE TABLE kept (n int)")
    await pair.one.run("GRANT ALL ON kept TO colophon")
    await pair.confirm_by_both()
    monkeypatch.setattr(engine, "COMMAND_TIMEOUT", 1.0)
    database = database_at(pair, pair.one.address)
    await write(database)

    pair.two.freeze()
    with pytest.raises(TimeoutError) as caught:
        await write(database)
    assert isinstance(problem_of(caught.value), Unavailable)
    pair.two.thaw()
    await write(database)
    await database.dispose()

"""Reads that a replica may answer: never older than the document says, never older than what their
caller has written, and never an error because of the replica.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from app.db.replica import Replica, ReplicaBehind
from tests.replicas.pair import Pair, until
from tests.replicas.reading import BOUND, Reading, reading, watched

PORT = text("SELECT current_setting('port')::int")
PAUSE = "SELECT pg_wal_replay_pause()"
RESUME = "SELECT pg_wal_replay_resume()"


@pytest.fixture
async def site(steady: Pair) -> AsyncIterator[Reading]:
    async with reading(steady) as site:
        await used(steady, site)
        yield site
        await steady.two.run(RESUME)
        await steady.catch_up()


async def used(pair: Pair, site: Reading) -> None:
    """Wait until the service asks the replica, which it begins to with the first read."""
    await site.read()
    count = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'colophon'"
    await until(lambda: pair.two.run(count))


async def port_asked(replica: Replica, *, signed_in: bool = False) -> int:
    async with replica.session(BOUND) as session:
        if signed_in:
            session.require_current()
        port: int = await session.scalar(PORT)
        return port


async def test_an_anonymous_read_may_be_old_and_one_with_a_token_is_not(
    steady: Pair, site: Reading
) -> None:
    await asyncio.sleep(0.5)
    await steady.two.run(PAUSE)
    await site.write("second")

    assert await site.read() == "first"
    assert await site.read(signed_in=True) == "second"


async def test_no_anonymous_read_is_older_than_the_document_allows(
    steady: Pair, site: Reading
) -> None:
    await steady.two.run(PAUSE)
    await site.write("second")
    written_at = time.monotonic()

    seen = []
    while time.monotonic() < written_at + BOUND + 1:
        asked_at = time.monotonic()
        seen.append((asked_at - written_at, await site.read()))
        await asyncio.sleep(0.02)
    assert {content for after, content in seen if after > BOUND} == {"second"}
    assert "first" in {content for _, content in seen}


async def test_whoever_writes_reads_it_at_once_however_far_the_replica_is_behind(
    site: Reading,
) -> None:
    for number in range(40):
        await site.write(f"number {number}")
        assert await site.read(signed_in=True) == f"number {number}"


async def test_who_has_asked_the_primary_is_not_sent_back(steady: Pair) -> None:
    async with watched(steady) as replica:
        async with replica.session(BOUND) as session:
            first = await session.scalar(PORT)
            await replica.compare()
            second = await session.scalar(PORT)
        assert (first, second) == (steady.one.port, steady.one.port)
        assert await port_asked(replica) == steady.two.port
        assert await port_asked(replica, signed_in=True) == steady.one.port


async def test_a_replica_that_is_behind_proves_nothing(steady: Pair) -> None:
    async with watched(steady) as replica:
        await steady.two.run(PAUSE)
        await steady.one.run("CREATE TABLE behind (n int)")
        with pytest.raises(ReplicaBehind):
            await replica.compare()
        assert await port_asked(replica) == steady.one.port
        await steady.two.run(RESUME)
        await steady.one.run("DROP TABLE behind")
        await steady.catch_up()
        await replica.compare()
        assert await port_asked(replica) == steady.two.port


async def test_a_connection_to_a_replica_that_shows_less_than_before_is_not_used(
    steady: Pair,
) -> None:
    """As after a crash, from which a replica comes back with what it had written down."""
    async with watched(steady) as replica:
        await replica.compare()
        await replica.database.dispose()
        replica._proven += 1_000_000
        assert await port_asked(replica) == steady.one.port
        assert not replica.is_current(1_000_000)


async def test_what_is_named_a_replica_and_is_none_is_not_used(steady: Pair) -> None:
    async with watched(Pair(steady.one, steady.one)) as replica:
        with pytest.raises(ReplicaBehind):
            await replica.compare()


async def test_a_full_pool_of_the_replica_leads_to_the_primary(steady: Pair) -> None:
    async with watched(steady) as replica:
        await replica.compare()
        limit = 25
        sessions = [replica.database.session(read_only=True) for _ in range(limit)]
        assert {await session.scalar(PORT) for session in sessions} == {steady.two.port}
        began = time.monotonic()
        assert await port_asked(replica) == steady.one.port
        assert time.monotonic() - began < 0.5
        for session in sessions:
            await session.release()
        assert await port_asked(replica) == steady.two.port


async def test_a_lost_a_silent_and_a_promoted_replica_cost_nobody_an_answer(pair: Pair) -> None:
    async with reading(pair) as site:
        await used(pair, site)
        pair.two.freeze()
        assert await site.longest_read(3.0) < 3.0
        pair.two.thaw()
        await used(pair, site)
        await asyncio.sleep(0.6)
        assert await pair.two.run("SELECT pg_promote()")
        await site.write("second")
        promoted_at = time.monotonic()
        assert await site.longest_read(BOUND) < 1.0
        await asyncio.sleep(max(0.0, promoted_at + BOUND + 0.5 - time.monotonic()))
        assert await site.read() == "second"
        pair.two.kill()
        assert await site.longest_read(1.0) < 1.0


async def test_a_replica_that_is_killed_costs_nobody_an_answer(pair: Pair) -> None:
    async with reading(pair) as site:
        await used(pair, site)
        await asyncio.sleep(0.5)
        readers = [asyncio.create_task(site.longest_read(1.0)) for _ in range(4)]
        await asyncio.sleep(0.3)
        pair.two.kill()
        assert max(await asyncio.gather(*readers)) < 1.0

"""The primary is lost under traffic and its standby is promoted, while the service runs on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import httpx2

from tests.conftest import KEY
from tests.processes import Served, serve
from tests.replicas.balancer import balancer
from tests.replicas.pair import Pair
from tests.replicas.writers import Told, read, sign_up, write

RECOVERY_LIMIT = 4.0
SLOWEST = 8.0  # COMMAND_TIMEOUT, for a commit that hung on the lost server, and a busy machine


@asynccontextmanager
async def services(folder: Path, pair: Pair, count: int) -> AsyncIterator[list[Served]]:
    """So many of them, started side by side."""
    settings = {"DATABASE_URL": pair.url, "DB_POOL_SIZE": "4", "SECRET_KEY": KEY}
    folders = [folder / f"service{number}" for number in range(count)]
    for each in folders:
        each.mkdir()
    async with AsyncExitStack() as stack:
        yield await asyncio.gather(
            *[stack.enter_async_context(aside(each, settings)) for each in folders]
        )


@asynccontextmanager
async def aside(folder: Path, settings: dict[str, str]) -> AsyncIterator[Served]:
    running = contextmanager(serve.__wrapped__)(folder, settings)  # type: ignore[attr-defined]
    yield await asyncio.to_thread(running.__enter__)
    await asyncio.to_thread(running.__exit__, None, None, None)


async def lose_and_promote(pair: Pair) -> float:
    """Return the moment of promotion."""
    pair.one.kill()
    await asyncio.sleep(1.0)
    assert await pair.two.run("SELECT pg_promote()")
    return time.monotonic()


async def under_traffic(url: str, pair: Pair) -> tuple[Told, float]:
    """Return what clients were told, and the moment of promotion."""
    told = Told()
    async with httpx2.AsyncClient(base_url=url, timeout=15) as client:
        headers = await sign_up(client, "alice")
        work = [asyncio.create_task(write(client, headers, told, f"w{n}")) for n in range(4)]
        work += [asyncio.create_task(read(client, told)) for _ in range(3)]
        await asyncio.sleep(1.0)
        promoted_at = await lose_and_promote(pair)
        told.confirmed.clear()
        await asyncio.wait_for(told.confirmed.wait(), RECOVERY_LIMIT)
        await asyncio.sleep(1.0)
        for task in work:
            task.cancel()
        outcomes = await asyncio.gather(*work, return_exceptions=True)
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes), outcomes
    return told, promoted_at


async def test_service_recovers_without_a_restart_and_nothing_acknowledged_is_lost(
    pair: Pair, tmp_path: Path
) -> None:
    await pair.confirm_by_both()
    async with services(tmp_path, pair, 2) as running:
        addresses = [served.url.removeprefix("http://") for served in running]
        with balancer(tmp_path / "nginx", addresses) as url:
            told, promoted_at = await under_traffic(url, pair)
        assert all(served.process.poll() is None for served in running)

    assert {status for _, status in told.statuses} == {200, 201, 503}, told.statuses
    assert told.without_retry_after == 0
    assert told.slowest < SLOWEST
    assert len([at for at in told.acknowledged.values() if at < promoted_at]) > 20
    assert len(told.since(promoted_at)) > 20
    kept = await pair.two.run("SELECT array_agg(title) FROM posts")
    assert told.acknowledged.keys() <= set(kept)

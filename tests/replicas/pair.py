"""A primary and its standby, and what an operator does with them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.replicas.servers import STANDBY, Server

PATIENCE = 10.0


@dataclass(frozen=True)
class Pair:
    """`one` begins as the primary, `two` as its standby."""

    one: Server
    two: Server

    @property
    def url(self) -> str:
        """Of whichever takes writes, as an operator sets it."""
        hosts = f"{self.one.address},{self.two.address}"
        there = self.one.url.replace(self.one.address, hosts)
        return f"{there}?target_session_attrs=read-write"

    async def confirm_by_both(self) -> None:
        """From now on a commit is confirmed when both have it."""
        await self.one.run(f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'")
        await self.one.run("SELECT pg_reload_conf()")
        state = "SELECT sync_state = 'sync' FROM pg_stat_replication"
        await until(lambda: self.one.run(state))

    async def catch_up(self) -> None:
        """Wait until the standby has all that the primary has now."""
        written = await self.one.run("SELECT pg_current_wal_insert_lsn()::text")
        there = f"SELECT pg_last_wal_replay_lsn() >= '{written}'"
        await until(lambda: self.two.run(there))


async def until(condition: Callable[[], Awaitable[object]], seconds: float = PATIENCE) -> None:
    """Ask again and again. Raises TimeoutError where the condition does not come true in time."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.02)

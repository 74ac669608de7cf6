"""Who gets a connection next: whoever has waited longest, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

# In seconds, from asking for a connection to having one, whether that means waiting for somebody
# else's, probing one that has lain idle, making one, or all of these. A request that cannot be
# served is refused within 2.5.
POOL_TIMEOUT = 2.2
# One that has not been used for so long is asked whether it still lives.
PROBE_AFTER_IDLE = 5.0
# What a burst has left over is closed when nobody has needed it for so long. Closed at once, it
# would be opened again for the next burst, which is a new process of the server each time.
SPARE_FOR = 5.0
DISTRUST_AT_MOST_EVERY = 1.0


class Lease:
    """A connection that has been taken out of the pool, for as long as it needs no probe."""

    __slots__ = ("_ends_at", "driver", "pooled", "taken_at", "used_at")

    def __init__(self, pooled: PoolProxiedConnection) -> None:
        self.pooled = pooled
        self.driver: Any = pooled.driver_connection
        self.used_at = self.taken_at = time.monotonic()
        self._ends_at = self.used_at + PROBE_AFTER_IDLE

    @property
    def is_good(self) -> bool:
        """The driver knows at once when a server has hung up."""
        return time.monotonic() < self._ends_at and not self.driver.is_closed()


class Connections:
    """Hands out what an engine's pool has. The pool by itself serves whoever asks at the moment
    at which a connection comes back, so that under load some would wait in vain.

    A connection that comes back stays at hand for the next request, because the pool's own way out
    and in costs as much as reading a row. After PROBE_AFTER_IDLE seconds, in use or not, it goes
    through the pool again, which then closes what is dead or too old. Connections above what the
    pool keeps stay at hand as long as they are needed.
    """

    def __init__(self, engine: AsyncEngine, *, size: int, limit: int) -> None:
        """`limit` is how many connections the pool makes at most, `size` how many it keeps."""
        self._engine = engine
        self._size = size
        self._turns = asyncio.Semaphore(limit)
        self._at_hand: list[Lease] = []
        self._trimming: asyncio.TimerHandle | None = None
        self.in_use = 0
        self.waiting = 0  # now, and since the start: who waited, and who waited in vain
        self.waits = 0
        self.timeouts = 0
        self.distrusted_at = float("-inf")
        self.is_echoed = bool(engine.echo)

    async def take(self) -> Lease:
        """Raises TimeoutError where none is had in time, and what the driver raises."""
        ends_at = asyncio.get_running_loop().time() + POOL_TIMEOUT
        if self._turns.locked():
            await self._wait(ends_at)
        else:
            await self._turns.acquire()
        try:
            lease = self._last_used() or await self._another(ends_at)
        except BaseException:
            self._turns.release()
            raise
        self.in_use += 1
        return lease

    async def _another(self, ends_at: float) -> Lease:
        async with asyncio.timeout_at(ends_at):
            return Lease(await self._engine.raw_connection())

    async def _wait(self, ends_at: float) -> None:
        self.waits += 1
        self.waiting += 1
        try:
            async with asyncio.timeout_at(ends_at):
                await self._turns.acquire()
        except TimeoutError:
            self.timeouts += 1
            raise
        finally:
            self.waiting -= 1

    def give_back(self, lease: Lease) -> None:
        """Nothing may be under way on it."""
        lease.used_at = time.monotonic()
        if lease.taken_at <= self.distrusted_at:
            hang_up(lease)
        elif lease.is_good:
            self._at_hand.append(lease)
        else:
            self._return(lease)
        self._trim_later()
        self.in_use -= 1
        self._turns.release()

    def break_off(self, lease: Lease) -> None:
        """Close it without a word, whereupon the server rolls back."""
        hang_up(lease)
        self.in_use -= 1
        self._turns.release()

    def distrust(self) -> None:
        """Nobody gets a connection again that was made before this moment. Not more often than
        DISTRUST_AT_MOST_EVERY, for new ones may lead to the same server for a while.
        """
        if time.monotonic() < self.distrusted_at + DISTRUST_AT_MOST_EVERY:
            return
        self.distrusted_at = time.monotonic()
        while self._at_hand:
            hang_up(self._at_hand.pop())

    @property
    def are_all_in_use(self) -> bool:
        return self._turns.locked()

    @property
    def pool(self) -> QueuePool:
        """The engine's; another one after the engine was disposed of."""
        pool = self._engine.pool
        assert isinstance(pool, QueuePool)  # noqa: S101 - tells mypy what create_async_engine makes
        return pool

    def put_all_back(self) -> None:
        """What is at hand returns to the pool."""
        while self._at_hand:
            self._return(self._at_hand.pop())

    def _return(self, lease: Lease) -> None:
        """To the pool, as far as that has room."""
        if self.pool.checkedin() < self._size:
            put_back(lease)
        else:
            hang_up(lease)

    @property
    def _are_spare(self) -> bool:
        return bool(self._at_hand) and len(self._at_hand) + self.pool.checkedin() > self._size

    def _trim_later(self) -> None:
        if self._trimming is None and self._are_spare:
            loop = asyncio.get_running_loop()
            self._trimming = loop.call_later(SPARE_FOR, self._trim)

    def _trim(self) -> None:
        """Close what is above the pool's size, whatever has lain longest first."""
        self._trimming = None
        needed_since = time.monotonic() - SPARE_FOR
        while self._are_spare and self._at_hand[0].used_at <= needed_since:
            hang_up(self._at_hand.pop(0))
        self._trim_later()

    def _last_used(self) -> Lease | None:
        """The others of its age are no better than one that is not good any more."""
        if self._at_hand and not self._at_hand[-1].is_good:
            self.put_all_back()
        return self._at_hand.pop() if self._at_hand else None


def put_back(lease: Lease) -> None:
    """Into the pool, with a note of when somebody really used it."""
    lease.pooled.info["used_at"] = lease.used_at
    lease.pooled.close()


def hang_up(lease: Lease) -> None:
    """The pool would say goodbye to a connection that it has no room for, and wait for the answer,
    which it can only within a call of SQLAlchemy.
    """
    lease.pooled.invalidate()
    lease.pooled.close()

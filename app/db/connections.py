"""Who gets a connection next: whoever has waited longest, and nobody waits for ever."""

from __future__ import annotations

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection

# In seconds. A request that cannot be served is refused within 2.5: by the pool, by a connection
# that is not made, or by a probe of one that has lain idle.
POOL_TIMEOUT = 2.0


class Connections:
    """Hands out what an engine's pool has. The pool by itself serves whoever asks at the moment
    at which a connection comes back, so that under load some would wait in vain.
    """

    def __init__(self, engine: AsyncEngine, limit: int) -> None:
        """`limit` is how many connections the pool makes at most."""
        self._engine = engine
        self._turns = asyncio.Semaphore(limit)
        self.is_echoed = bool(engine.echo)

    async def take(self) -> PoolProxiedConnection:
        """Raises TimeoutError where none comes free, and what the driver raises."""
        if self._turns.locked():
            async with asyncio.timeout(POOL_TIMEOUT):
                await self._turns.acquire()
        else:
            await self._turns.acquire()
        try:
            return await self._engine.raw_connection()
        except BaseException:
            self._turns.release()
            raise

    def give_back(self, connection: PoolProxiedConnection) -> None:
        """Nothing may be under way on it."""
        connection.close()
        self._turns.release()

    def break_off(self, connection: PoolProxiedConnection) -> None:
        """Close it without a word, whereupon the server rolls back."""
        connection.invalidate()
        self.give_back(connection)

"""The way to Redis: it answers in time or not at all. Once it is lost nobody waits for it, until it
has shown that it can count again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from app.redis.checks import fault_of
from app.redis.client import NO_ANSWER, PATIENCE, client_of
from generated.problems import Unavailable

SEEK_EVERY = 0.5
SCRIPTS = Path(__file__).parent

log = structlog.get_logger("limits")


class Link:
    """Runs the scripts of this folder."""

    def __init__(self, url: str) -> None:
        self._client = client_of(url)
        self._scripts = {
            path.stem: self._client.register_script(path.read_bytes())
            for path in SCRIPTS.glob("*.lua")
        }
        self._seeking: asyncio.Task[None] | None = None

    async def run(self, script: str, keys: Sequence[str], arguments: Sequence[int]) -> Any:
        """Return what the script answers. Raises Unavailable."""
        if self._seeking is not None:
            raise Unavailable
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._scripts[script](keys, arguments)
        except NO_ANSWER as error:
            self._lose(words_of(error))
            raise Unavailable from error

    async def is_there(self) -> bool:
        """Ask it, so that a loss is noticed before somebody needs it, and a change for the worse
        that no count shows.
        """
        if self._seeking is None:
            fault = await self._fault()
            if fault is not None:
                self._lose(fault)
        return self._seeking is None

    async def close(self) -> None:
        seeking, self._seeking = self._seeking, None
        if seeking is not None:
            seeking.cancel()
            with suppress(asyncio.CancelledError):
                await seeking
        await self._client.aclose()

    def _lose(self, fault: str) -> None:
        if self._seeking is None:
            log.warning("limits_lost", fault=fault)
            self._seeking = asyncio.create_task(self._seek(fault))

    async def _seek(self, said: str) -> None:
        while (fault := await self._fault(anew=True)) is not None:
            if fault != said:
                log.warning("limits_sought", fault=fault)
            said = fault
            await asyncio.sleep(SEEK_EVERY)
        self._seeking = None
        log.info("limits_back")

    async def _fault(self, *, anew: bool = False) -> str | None:
        """With `anew` by a new connection: the old ones may lead to a server that was replaced."""
        try:
            async with asyncio.timeout(PATIENCE):
                if anew:
                    await self._client.connection_pool.disconnect(inuse_connections=False)
                return await fault_of(self._client)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing was counted
            return words_of(error)


def words_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"

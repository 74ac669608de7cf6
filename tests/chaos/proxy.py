"""A TCP proxy between the service and its database, which can be made slow, silent or absent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Self
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from tests.processes import free_port

CHUNK = 65_536


class Proxy:
    """Listens on a port of its own and passes on what comes to a PostgreSQL on a Unix socket.

    `delay` is how long each piece takes. `silence()` lets nothing through any more, as a network
    that drops packets does: connections stay open, and new ones are taken and never answered.
    """

    def __init__(self, url: str) -> None:
        """`url` is the database's own, by its socket."""
        self.port = free_port()
        self.delay = 0.0
        self._parts = urlsplit(url)
        self._path = parse_qs(self._parts.query)["host"][0] + "/.s.PGSQL.5432"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._passing = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self.listen()
        self.pass_on()
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """The database's, by way of this proxy."""
        credentials = self._parts.netloc.rpartition("@")[0]
        netloc = f"{credentials}@127.0.0.1:{self.port}"
        return urlunsplit(self._parts._replace(netloc=quote(netloc, safe=":@%"), query=""))

    def pass_on(self) -> None:
        self._loop.call_soon_threadsafe(self._passing.set)

    def silence(self) -> None:
        self._loop.call_soon_threadsafe(self._passing.clear)

    def listen(self) -> None:
        self._do(self._listen())

    def refuse(self) -> None:
        """Nobody listens any more, and what is connected is hung up."""
        self._do(self._refuse())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _refuse(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._passing.wait()
            there, back = await asyncio.open_unix_connection(self._path)
            with suppress(OSError):
                await asyncio.gather(self._copy(reader, back), self._copy(there, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(CHUNK):
                await self._passing.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(piece)
                await writer.drain()
        finally:
            writer.transport.abort()

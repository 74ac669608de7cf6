"""One code path for both kinds of client: what the layer does is written once, with `await`.

The asyncio client awaits it. The blocking client runs the same coroutines over `Blocking`, whose
methods never suspend, so that `completed` gets through them in a single step.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Protocol, TypeVar

import anyio
import httpx2

T = TypeVar("T")


class Ways(Protocol):
    """How a client sends, waits and takes turns."""

    async def send(self, request: httpx2.Request, options: dict[str, Any]) -> httpx2.Response: ...

    async def read(self, response: httpx2.Response) -> None: ...

    async def close(self, response: httpx2.Response) -> None: ...

    async def sleep(self, seconds: float) -> None: ...

    def turn(self) -> AbstractAsyncContextManager[object]: ...

    def uninterrupted(self) -> AbstractAsyncContextManager[object]: ...


def completed(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends, and return its result."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise AssertionError("blocking work has suspended")


class Blocking:
    """The ways of the blocking client."""

    def __init__(self, http: httpx2.Client) -> None:
        self._http = http
        self._lock = threading.Lock()

    async def send(self, request: httpx2.Request, options: dict[str, Any]) -> httpx2.Response:
        return httpx2.Client.send(self._http, request, **options)

    async def read(self, response: httpx2.Response) -> None:
        response.read()

    async def close(self, response: httpx2.Response) -> None:
        response.close()

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)  # noqa: ASYNC251 - this is what makes it the blocking client

    def turn(self) -> AbstractAsyncContextManager[object]:
        return _Turn(self._lock)

    def uninterrupted(self) -> AbstractAsyncContextManager[object]:
        return _Turn(None)


class Concurrent:
    """The ways of the asynchronous client."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http
        self._lock = anyio.Lock()

    async def send(self, request: httpx2.Request, options: dict[str, Any]) -> httpx2.Response:
        return await httpx2.AsyncClient.send(self._http, request, **options)

    async def read(self, response: httpx2.Response) -> None:
        await response.aread()

    async def close(self, response: httpx2.Response) -> None:
        await response.aclose()

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)

    def turn(self) -> AbstractAsyncContextManager[object]:
        return self._lock

    def uninterrupted(self) -> AbstractAsyncContextManager[object]:
        return _Uninterrupted()


class _Turn:
    def __init__(self, lock: threading.Lock | None) -> None:
        self._lock = lock

    async def __aenter__(self) -> None:
        if self._lock is not None:
            self._lock.acquire()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._lock is not None:
            self._lock.release()


class _Uninterrupted:
    """A cancelled caller waits for what is in here: half a token exchange would lose the tokens."""

    async def __aenter__(self) -> None:
        self._scope = anyio.CancelScope(shield=True)
        self._scope.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        return bool(self._scope.__exit__(kind, error, traceback))

"""The HTTP clients under the operations: they repeat what is safe and raise what went wrong."""

from __future__ import annotations

import time
from typing import Any

import httpx2

from . import keys
from ._driving import Blocking, Concurrent, Ways, completed
from .problem import Unreachable, raise_for
from .retries import Outcome, Retries, repeatable

ERRORS_FROM = 300
UNAUTHENTICATED = {"auth": None, "follow_redirects": False}


class BlockingHttp(httpx2.Client):
    def __init__(self, retries: Retries, **options: Any) -> None:
        super().__init__(**options)
        self.ways = Blocking(self)
        self._retries = retries

    async def exchange(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request of the layer's own, which carries no token."""
        return await send(self.ways, self._retries, request, dict(UNAUTHENTICATED))

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        return completed(send(self.ways, self._retries, request, options))


class ConcurrentHttp(httpx2.AsyncClient):
    def __init__(self, retries: Retries, **options: Any) -> None:
        super().__init__(**options)
        self.ways = Concurrent(self)
        self._retries = retries

    async def exchange(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request of the layer's own, which carries no token."""
        return await send(self.ways, self._retries, request, dict(UNAUTHENTICATED))

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        return await send(self.ways, self._retries, request, options)


async def send(
    ways: Ways, retries: Retries, request: httpx2.Request, options: dict[str, Any]
) -> httpx2.Response:
    """Return the first success. Raises Problem, NotModified, UnexpectedAnswer and Unreachable."""
    keys.name(request)
    began = time.monotonic()
    attempt = 1
    while True:
        outcome = await _attempt(ways, request, options)
        pause = retries.pause(attempt, outcome)
        late = time.monotonic() + pause > began + retries.within
        if attempt >= retries.attempts or late or not repeatable(request, outcome):
            return await _settled(ways, request, outcome, attempt)
        if isinstance(outcome, httpx2.Response):
            await ways.close(outcome)
        await ways.sleep(pause)
        attempt += 1


async def _attempt(ways: Ways, request: httpx2.Request, options: dict[str, Any]) -> Outcome:
    try:
        return await ways.send(request, options)
    except httpx2.TransportError as error:
        return error


async def _settled(
    ways: Ways, request: httpx2.Request, outcome: Outcome, attempts: int
) -> httpx2.Response:
    if isinstance(outcome, httpx2.TransportError):
        url = str(request.url.copy_with(query=None))
        raise Unreachable(url, attempts, outcome) from outcome
    if outcome.status_code >= ERRORS_FROM:
        try:
            await ways.read(outcome)
        finally:
            await ways.close(outcome)
        raise_for(outcome)
    return outcome

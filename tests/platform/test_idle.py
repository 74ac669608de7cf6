"""Connections that have nothing to do are closed when their time is over, and no others are."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any

from app.http_protocol import ProblemProtocol
from tests.platform.connections import GET, LENGTH, App, answering, server_of

ANSWER_ENDS = b"\r\n\r\nhello"
KEEP_ALIVE = 0.3


hello = answering(200, [LENGTH], b"hello")


async def slow(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(3 * KEEP_ALIVE)
    await hello(scope, receive, send)


def served(app: App = hello) -> AbstractAsyncContextManager[tuple[str, int]]:
    return server_of(ProblemProtocol, app, timeout_keep_alive=KEEP_ALIVE)


async def seconds_until_closed(address: tuple[str, int], *pauses: float) -> float:
    """How long the service keeps a connection after the last of its requests, each of which comes
    one of `pauses` after the answer to the one before.
    """
    reader, writer = await asyncio.open_connection(*address)
    for pause in pauses:
        await asyncio.sleep(pause)
        writer.write(GET)
        await reader.readuntil(ANSWER_ENDS)
    since = asyncio.get_running_loop().time()
    assert await asyncio.wait_for(reader.read(), 10) == b""
    writer.close()
    return asyncio.get_running_loop().time() - since


async def test_a_connection_is_closed_when_it_has_been_idle_for_so_long() -> None:
    async with served() as address:
        assert KEEP_ALIVE - 0.1 < await seconds_until_closed(address, 0) < 3 * KEEP_ALIVE


async def test_each_request_gives_a_connection_its_whole_time_again() -> None:
    pauses = (0, *4 * [0.6 * KEEP_ALIVE])
    async with served() as address:
        assert KEEP_ALIVE - 0.1 < await seconds_until_closed(address, *pauses) < 3 * KEEP_ALIVE


async def test_each_of_several_has_its_own_time() -> None:
    async with served() as address:
        kept = await asyncio.gather(
            *(seconds_until_closed(address, pause) for pause in (0, 0.1, 0.2))
        )
    assert all(KEEP_ALIVE - 0.1 < seconds < 3 * KEEP_ALIVE for seconds in kept)


async def test_who_waits_for_an_answer_is_not_idle() -> None:
    async with served(slow) as address:
        assert await seconds_until_closed(address, 0, 0.1) > KEEP_ALIVE - 0.1

"""Connections that have nothing to do are closed when their time is over, and no others are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from app.http_protocol import ProblemProtocol

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
ANSWER_ENDS = b"\r\n\r\nhello"
KEEP_ALIVE = 0.3


async def hello(scope: Any, receive: Any, send: Any) -> None:
    length = (b"content-length", b"5")
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": b"hello"})


async def slow(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(3 * KEEP_ALIVE)
    await hello(scope, receive, send)


@asynccontextmanager
async def served(app: Any = hello) -> AsyncIterator[tuple[str, int]]:
    config = uvicorn.Config(
        app,
        http=ProblemProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE,  # type: ignore[arg-type]  # in tests, parts of a second
    )
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: ProblemProtocol(config, state, {}), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()


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

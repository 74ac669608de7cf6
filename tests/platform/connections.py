"""Connections to an application as this service's protocol, or another, serves it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

App = Callable[[Any, Any, Any], Awaitable[None]]
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
LENGTH = (b"content-length", b"5")


def answering(
    status: int, fields: list[tuple[bytes, bytes]], *parts: bytes, ends: bool = True
) -> App:
    """An application that sends a head and then each of `parts`."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": fields})
        for number, part in enumerate(parts, 1):
            more = not ends or number < len(parts)
            await send({"type": "http.response.body", "body": part, "more_body": more})

    return app


@asynccontextmanager
async def server_of(protocol: Any, app: App, **settings: Any) -> AsyncIterator[tuple[str, int]]:
    """Serve `app` and yield the address. `settings` are uvicorn's."""
    config = uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        date_header=False,
        server_header=False,
        **settings,
    )
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: protocol(config, state, {}), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()


async def exchanged(address: tuple[str, int], *requests: bytes) -> bytes:
    """Everything that comes back on one connection, to its end or until nothing more comes."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"".join(requests))
    answer = b""
    try:
        while part := await asyncio.wait_for(reader.read(65536), 0.2):
            answer += part
    except TimeoutError:
        answer += b"(still open)"
    writer.close()
    return answer

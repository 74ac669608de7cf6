"""What is written on a connection, beside what uvicorn writes for the same application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.contract.exchange import WHOLE
from app.http_protocol import ProblemProtocol
from app.whole_answers import LONG_ANSWER, WholeAnswer, answers_of, write_answers

App = Callable[[Any, Any, Any], Awaitable[None]]
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEAD = GET.replace(b"GET", b"HEAD")
OLD = b"GET / HTTP/1.0\r\n\r\n"
LAST = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
EXPECTING = (
    b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
)
LENGTH = (b"content-length", b"5")
CLOSE = (b"connection", b"close")


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


def at_once(app: App) -> App:
    """`app` with its head and its only part in one message, where the server takes that."""

    async def whole(scope: Any, receive: Any, send: Any) -> None:
        if WHOLE not in scope.get("extensions", {}):
            await app(scope, receive, send)
            return
        sent: list[Any] = []

        async def keep(message: Any) -> None:
            sent.append(message)

        await app(scope, receive, keep)
        head, content = sent
        await send({**head, "type": WHOLE, "body": content["body"]})

    return whole


async def headless(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.body", "body": b"hello"})


async def repeating(scope: Any, receive: Any, send: Any) -> None:
    await answering(200, [LENGTH], b"hello")(scope, receive, send)
    await send({"type": "http.response.body", "body": b"again"})


async def listening_on(scope: Any, receive: Any, send: Any) -> None:
    await answering(200, [LENGTH], b"hello")(scope, receive, send)
    await receive()


async def reading(scope: Any, receive: Any, send: Any) -> None:
    body = (await receive())["body"]
    fields = [(b"content-length", str(len(body)).encode())]
    await answering(200, fields, body)(scope, receive, send)


APPS: dict[str, App] = {
    "whole": answering(200, [LENGTH, (b"etag", b'"a"')], b"hello"),
    "whole and the last": answering(200, [LENGTH, CLOSE], b"hello"),
    "no content": answering(204, [], b""),
    "unchanged": answering(304, [(b"etag", b'"a"')], b""),
    "unchanged, with the length of the other": answering(304, [LENGTH], b""),
    "empty": answering(200, [(b"content-length", b"0")], b""),
    "of unknown length": answering(200, [], b"hello"),
    "a stream": answering(200, [], b"he", b"llo"),
    "a stream of known length": answering(200, [LENGTH], b"he", b"llo"),
    "too long": answering(200, [LENGTH], b"hello, all of you"),
    "too short": answering(200, [LENGTH], b"hell"),
    "chunked by its own word": answering(200, [(b"transfer-encoding", b"chunked")], b"hello"),
    "never ended": answering(200, [LENGTH], b"hello", ends=False),
    "without a head": headless,
    "more than was declared": repeating,
    "at once": at_once(answering(200, [LENGTH, (b"etag", b'"a"')], b"hello")),
    "at once, no content": at_once(answering(204, [], b"")),
    "at once, unchanged": at_once(answering(304, [(b"etag", b'"a"')], b"")),
    "what came": reading,
    "who listens on": listening_on,
}
# Where uvicorn hangs up without a word.
UNWRITABLE: dict[str, App] = {
    "a field with a line break": answering(200, [LENGTH, (b"x-a", b"a\r\nb: c")], b"hello"),
    "a field with a bad name": answering(200, [LENGTH, (b"x a", b"a")], b"hello"),
    "at once, a line break": at_once(answering(200, [LENGTH, (b"x-a", b"a\r\nb: c")], b"hello")),
}


@asynccontextmanager
async def server_of(protocol: Any, app: App) -> AsyncIterator[tuple[str, int]]:
    """Serve `app` and yield the address."""
    config = uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        date_header=False,
        server_header=False,
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


async def written(protocol: Any, app: App, *requests: bytes) -> bytes:
    async with server_of(protocol, app) as address:
        return await exchanged(address, *requests)


@pytest.mark.parametrize("request_", [GET, HEAD, OLD, LAST, EXPECTING])
@pytest.mark.parametrize("name", APPS)
async def test_the_same_is_written_as_by_uvicorn_itself(name: str, request_: bytes) -> None:
    ours = await written(ProblemProtocol, APPS[name], request_)
    theirs = await written(HttpToolsProtocol, APPS[name], request_)
    assert ours == theirs


@pytest.mark.parametrize("name", ["whole", "at once", "unchanged", "a stream", "what came"])
async def test_answers_to_requests_sent_together_come_in_their_order(name: str) -> None:
    ours = await written(ProblemProtocol, APPS[name], GET, GET, LAST)
    assert ours == await written(HttpToolsProtocol, APPS[name], GET, GET, LAST)
    assert ours.count(b"HTTP/1.1 ") == 3


async def test_a_whole_answer_is_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[int] = []
    write = WholeAnswer._write

    def counted(self: WholeAnswer, head: Any, content: bytes) -> None:
        pieces.append(len(content))
        write(self, head, content)

    monkeypatch.setattr(WholeAnswer, "_write", counted)
    await written(ProblemProtocol, APPS["whole"], GET, GET)
    assert pieces == [5, 5]


@pytest.mark.parametrize("name", UNWRITABLE)
async def test_what_cannot_be_written_is_answered_by_an_error(name: str) -> None:
    answer = await written(ProblemProtocol, UNWRITABLE[name], GET)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"b: c" not in answer


async def test_who_fails_before_its_content_is_there_is_answered_for() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [LENGTH]})
        raise RuntimeError("This is no answer.")

    answer = await written(ProblemProtocol, app, GET)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert answer.count(b"HTTP/1.1 ") == 1


class Crowd:
    """An application whose answers are all made in one turn, when `size` requests have come."""

    def __init__(self, size: int, content: bytes = b"hello") -> None:
        self.size = size
        self.content = content
        self.come = 0
        self.is_complete = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.come += 1
        if self.come == self.size:
            self.is_complete.set()
        await self.is_complete.wait()
        length = (b"content-length", str(len(self.content)).encode())
        await answering(200, [length], self.content)(scope, receive, send)


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many answers were written together, each time."""
    sizes: list[int] = []

    def counted(answers: Any) -> None:
        sizes.append(len(answers))
        write_answers(answers)

    monkeypatch.setattr("app.whole_answers.write_answers", counted)
    answers_of.cache_clear()
    yield sizes
    answers_of.cache_clear()


async def test_answers_of_one_turn_are_written_together(batches: list[int]) -> None:
    async with server_of(ProblemProtocol, Crowd(5)) as address:
        answers = await asyncio.gather(*(exchanged(address, GET) for _ in range(5)))
    assert batches == [5]
    assert {answer.count(b"hello") for answer in answers} == {1}


async def test_long_answers_are_not_kept_back(batches: list[int]) -> None:
    content = b"." * (LONG_ANSWER + 1)
    async with server_of(ProblemProtocol, Crowd(3, content)) as address:
        answers = await asyncio.gather(*(exchanged(address, GET) for _ in range(3)))
    assert batches == [1, 1, 1]
    assert all(content in answer for answer in answers)


async def test_the_only_request_does_not_wait(batches: list[int]) -> None:
    sent: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await APPS["whole"](scope, receive, send)
        sent.append(len(batches))

    await written(ProblemProtocol, app, GET)
    assert sent == [1]


class Meddled(Crowd):
    """Something happens to the first of the connections when all answers are made, and wait."""

    def __init__(self, size: int, meddle: Callable[[Any], None]) -> None:
        super().__init__(size)
        self.meddle = meddle
        self.connections: list[Any] = []
        self.made = 0

    def protocol(self, *args: Any) -> ProblemProtocol:
        self.connections.append(ProblemProtocol(*args))
        return self.connections[-1]  # type: ignore[no-any-return]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await super().__call__(scope, receive, send)
        self.made += 1
        if self.made == self.size:
            self.meddle(self.connections[0])


@pytest.mark.parametrize(
    "close",
    [
        pytest.param(lambda protocol: protocol._close_if_idle(), id="its worker stops"),
        pytest.param(lambda protocol: protocol.data_received(b"?\r\n\r\n"), id="no HTTP follows"),
    ],
)
async def test_an_answer_that_waits_is_written_before_its_connection_is_closed(
    close: Callable[[Any], None],
) -> None:
    app = Meddled(3, close)
    async with server_of(app.protocol, app) as address:
        answers = await asyncio.gather(*(exchanged(address, GET) for _ in range(3)))
    assert [answer.count(b"hello") for answer in answers] == [1, 1, 1]
    assert [answer.endswith(b"(still open)") for answer in answers].count(False) == 1


def test_a_client_that_has_gone_does_not_take_the_answers_of_others_along() -> None:
    """In the event loop that serves, where writing to a connection that is closed is an error."""

    async def write_to_both() -> bytes:
        app = Meddled(0, lambda _: None)
        async with server_of(app.protocol, app) as address:
            _, leaving = await asyncio.open_connection(*address)
            reader, staying = await asyncio.open_connection(*address)
            await asyncio.sleep(0.05)
            gone, other = (protocol.transport for protocol in app.connections)
            leaving.transport.abort()
            await asyncio.sleep(0.05)
            try:
                write_answers([(gone, b"hello"), (other, b"hello")])
                return await reader.read(5)
            finally:
                staying.close()

    assert uvloop.run(write_to_both()) == b"hello"

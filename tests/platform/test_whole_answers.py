"""What is written on a connection, beside what uvicorn writes for the same application."""

from __future__ import annotations

from typing import Any

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.contract.exchange import WHOLE
from app.http_protocol import ProblemProtocol
from app.whole_answers import WholeAnswer
from tests.platform.connections import GET, LENGTH, App, answering, exchanged, server_of

HEAD = GET.replace(b"GET", b"HEAD")
OLD = b"GET / HTTP/1.0\r\n\r\n"
LAST = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
EXPECTING = (
    b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
)
CLOSE = (b"connection", b"close")


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
        start, content = sent
        head = b"".join(b"%b: %b\r\n" % field for field in start["headers"])
        whole = {"type": WHOLE, "status": start["status"], "head": head, "body": content["body"]}
        await send(whole)

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
}


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

    def counted(self: WholeAnswer, status: int, head: bytes, content: bytes) -> None:
        pieces.append(len(content))
        write(self, status, head, content)

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

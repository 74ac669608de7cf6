"""Answers that are made in one turn of the event loop are written together, and none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvloop

from app.http_protocol import ProblemProtocol
from app.whole_answers import LONG_ANSWER, answers_of, write_answers
from tests.platform.connections import GET, LENGTH, answering, exchanged, server_of


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
        await answering(200, [LENGTH], b"hello")(scope, receive, send)
        sent.append(len(batches))

    async with server_of(ProblemProtocol, app) as address:
        await exchanged(address, GET)
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

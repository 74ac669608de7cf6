"""Answers that leave as one message, and those that a server has to judge for itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from starlette.types import Message

from app.contract.exchange import WHOLE, Outgoing


async def chunks() -> AsyncIterator[bytes]:
    yield b"hello"


async def parts_of(outgoing: Outgoing) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await outgoing.send(send)
    return sent


def test_one_message_has_the_lines_of_all_fields_and_the_content() -> None:
    assert Outgoing(200, {"etag": '"\xe9"'}, b"hello").whole() == {
        "type": WHOLE,
        "status": 200,
        "head": b'etag: "\xe9"\r\ncontent-length: 5\r\n',
        "body": b"hello",
    }


@pytest.mark.parametrize("status", [204, 304])
async def test_what_has_no_content_declares_no_length(status: int) -> None:
    whole = Outgoing(status, {"etag": '"a"'}).whole()
    assert whole is not None
    assert whole["head"] == b'etag: "a"\r\n'
    start, _ = await parts_of(Outgoing(status, {"etag": '"a"'}))
    assert start["headers"] == [(b"etag", b'"a"')]


@pytest.mark.parametrize("character", ["\r", "\n", "\0", "\x7f", "\x85", "\xa0", "\u2028"])
@pytest.mark.parametrize("place", ["name", "value"])
def test_a_field_that_could_end_its_own_line_is_left_to_the_server(
    character: str, place: str
) -> None:
    field = {"name": (f"a{character}b", "c"), "value": ("a", f"b{character}c")}[place]
    assert Outgoing(200, dict([field])).whole() is None


@pytest.mark.parametrize("name", ["connection", "transfer-encoding"])
def test_what_is_said_to_the_server_is_left_to_it(name: str) -> None:
    assert Outgoing(200, {name: "close"}).whole() is None


async def test_a_stream_leaves_in_its_parts() -> None:
    assert Outgoing(200, stream=chunks()).whole() is None
    start, *content = await parts_of(Outgoing(200, stream=chunks()))
    assert start["headers"] == []
    assert [message["body"] for message in content] == [b"hello", b""]

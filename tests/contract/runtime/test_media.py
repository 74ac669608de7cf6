from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.contract import media
from tests.contract.runtime.workshop import JSON, Workshop, answer_class


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", "käse".encode(), 200),
        ("text/plain; charset=utf-8", "käse".encode(), 200),
        ("text/plain; charset=us-ascii", b"saw", 200),
        ("text/plain; charset=us-ascii", "käse".encode(), 400),
        ("text/plain; charset=iso-8859-1", b"k\xe4se", 415),
        ("text/plain", b"k\xe4se", 400),
        ("text/plain", b"x" * 11, 422),
        ("application/octet-stream", b"\x00\xff", 200),
        ("application/octet-stream", b"\x00" * 6, 422),
        ("image/png", b"\x89PNG", 200),
        ("image/*", b"\x89PNG", 415),
        ("video/mp4", b"x", 415),
    ],
)
async def test_text_and_bytes_go_both_ways(
    content_type: str, body: bytes, status: int, workshop: Workshop
) -> None:
    received = await workshop("POST", "/v1/bodies/text", ("content-type", content_type), body=body)
    assert received.status == status, received.body
    if status == 200:
        assert received.body == body


async def test_text_is_answered_with_its_charset(workshop: Workshop) -> None:
    received = await workshop("POST", "/v1/bodies/text", ("content-type", "text/plain"), body=b"a")
    assert received.header("content-type") == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("text/csv, application/json;q=0.5", "text/csv"),
        ("application/json;q=0.1, */*;q=0.9", "text/csv"),
        ("text/csv;q=0, */*", "application/json"),
        ("text/csv; header=present", "text/csv"),
        ("application/xml, text/csv;q=0.001", "text/csv"),
        ("application/*, text/csv;q=0.9", "application/json"),
        (",text/csv,", "text/csv"),
        ("text/csv;q*=utf-8''1", "text/csv"),
        ("text/csv;q=nan", None),
        ("text/csv;q=2", None),
        ("text/csv;q=0", None),
        ("*/*;q=0", None),
        ("text/html", None),
        ("application/problem+json", None),
        ("nonsense", None),
    ],
)
async def test_the_best_media_type_is_chosen_or_none_is_acceptable(
    accept: str | None, chosen: str | None, workshop: Workshop
) -> None:
    fields = [] if accept is None else [("accept", accept)]
    received = await workshop("GET", "/v1/tools", *fields)
    if chosen is None:
        assert (received.status, received.code) == (406, "not_acceptable")
    else:
        assert received.status == 200
        assert (received.header("content-type") or "").partition(";")[0] == chosen
    assert received.header("vary") == "Accept"


async def test_an_answer_of_one_media_type_depends_on_who_asks_alone(workshop: Workshop) -> None:
    assert (await workshop("GET", "/v1/tools/1")).header("vary") == "Authorization"


async def test_several_accept_fields_are_one_list(workshop: Workshop) -> None:
    fields = [("accept", "text/html"), ("accept", "text/csv")]
    assert (await workshop("GET", "/v1/tools", *fields)).body == b"id,name\n"


async def test_an_answer_without_content_is_always_acceptable(workshop: Workshop) -> None:
    workshop.answer("delete_tool", None)
    assert (await workshop("DELETE", "/v1/tools/1", ("accept", "text/html"))).status == 204


def test_parameters_of_a_media_type_are_unquoted() -> None:
    field = r'multipart/form-data; boundary="a;b\"c"; Charset=UTF-8'
    assert media.parse(field) == ("multipart/form-data", {"boundary": 'a;b"c', "charset": "UTF-8"})


async def chunks_of(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


OCTETS = ("content-type", "application/octet-stream")


async def read_all(call: Any) -> Any:
    return [chunk.decode() async for chunk in call.body]


async def test_a_streamed_body_reaches_the_handler_chunk_by_chunk(workshop: Workshop) -> None:
    workshop.handlers["receive_stream"] = read_all
    received = await workshop("POST", "/v1/streams", OCTETS, chunks=[b"a", b"", b"bc"])
    assert received.json() == ["a", "bc"]
    assert (await workshop("POST", "/v1/streams", OCTETS, body=b"abc")).json() == ["abc"]
    assert (await workshop("POST", "/v1/streams", OCTETS)).json() == []


async def test_a_streamed_body_has_a_limit_too(workshop: Workshop) -> None:
    workshop.handlers["receive_stream"] = read_all
    received = await workshop("POST", "/v1/streams", OCTETS, chunks=[b"x" * 600] * 2)
    assert (received.status, received.code) == (413, "content_too_large")
    assert "commit" not in workshop.journal
    received = await workshop("POST", "/v1/streams", OCTETS, ("content-length", "1001"))
    assert received.status == 413


async def test_another_media_type_of_the_same_operation_is_not_streamed(workshop: Workshop) -> None:
    received = await workshop("POST", "/v1/streams", JSON, body=b'{"size":1}')
    assert received.json()["body"] == {"size": 1}
    assert (await workshop("POST", "/v1/streams", JSON, body=b"{}")).status == 422


async def test_a_stream_is_answered_chunk_by_chunk(workshop: Workshop) -> None:
    workshop.answer("send_stream", lambda _: chunks_of(b"a", b"b"))
    received = await workshop("GET", "/v1/streams")
    assert (received.body, received.chunks) == (b"ab", 3)
    assert received.header("content-length") is None
    assert workshop.journal == ["begin", "handler", "commit", "answer starts"]


async def test_a_stream_that_fails_leaves_its_answer_unfinished(workshop: Workshop) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"a"
        raise KeyError

    workshop.answer("send_stream", lambda _: broken())
    received = await workshop("GET", "/v1/streams")
    assert (received.status, received.body, received.chunks) == (200, b"a", 1)


async def test_only_a_declared_stream_is_streamed(workshop: Workshop) -> None:
    workshop.answer("send_stream", answer_class(200, "application/octet-stream")(b"bytes"))
    assert (await workshop("GET", "/v1/streams")).code == "internal_error"
    workshop.answer("send_any", lambda _: chunks_of(b"{}"))
    assert (await workshop("POST", "/v1/bodies/any")).code == "internal_error"
    assert "commit" not in workshop.journal

"""An operation that is to go says so on every answer (RFC 9745, RFC 8594)."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from app.contract.deprecation import faults
from tests.contract.runtime.workshop import SOURCE, Workshop, answer_class, make

NOTICE = {
    "deprecation": "@1793491200",
    "sunset": "Sat, 01 May 2027 00:00:00 GMT",
    "link": '<https://example.org/leaving>; rel="deprecation sunset"',
}
GOING = {
    "deprecated": True,
    "x-deprecated-since": "2026-11-01",
    "x-sunset": "2027-05-01",
    "externalDocs": {"url": "https://example.org/leaving"},
}


@pytest.fixture
def leaving() -> Workshop:
    source: dict[str, Any] = copy.deepcopy(SOURCE)
    source["paths"]["/tools/{tool_id}"]["get"] |= GOING
    headers = source["paths"]["/tools/{tool_id}"]["get"]["responses"]["200"]["headers"]
    headers["Link"] = {"schema": {"type": "string"}}
    return make(source)


@pytest.mark.parametrize(
    ("fields", "status"),
    [((), 200), ((("if-none-match", "*"),), 304), ((("accept", "image/png"),), 406)],
)
async def test_every_answer_carries_the_notice(
    fields: tuple[tuple[str, str], ...], status: int, leaving: Workshop
) -> None:
    received = await leaving("GET", "/v1/tools/1", *fields)

    assert received.status == status
    assert {name: received.header(name) for name in NOTICE} == NOTICE


async def test_a_refusal_before_the_route_carries_it_too(leaving: Workshop) -> None:
    received = await leaving("GET", "/v1/tools/1", *[("x-a", "b")] * 101)

    assert received.status == 431
    assert received.header("sunset") == NOTICE["sunset"]


async def test_a_link_of_the_answer_stays(leaving: Workshop) -> None:
    own = '</v1/tools/2>; rel="next"'
    made = answer_class(200, etag="ETag", link="Link")(
        {"id": "1", "name": "saw"}, etag='"1"', link=own
    )
    leaving.answer("get_tool", made)
    received = await leaving("GET", "/v1/tools/1")

    assert received.header("link") == f"{own}, {NOTICE['link']}"


async def test_an_operation_that_stays_says_nothing(leaving: Workshop) -> None:
    received = await leaving("GET", "/v1/tools")

    assert received.status == 200
    assert [received.header(name) for name in NOTICE] == [None, None, None]


async def test_a_deprecated_operation_without_days_says_nothing() -> None:
    source: dict[str, Any] = copy.deepcopy(SOURCE)
    source["paths"]["/tools/{tool_id}"]["get"]["deprecated"] = True
    received = await make(source)("GET", "/v1/tools/1")

    assert [received.header(name) for name in NOTICE] == [None, None, None]


@pytest.mark.parametrize(
    ("change", "member", "reason"),
    [
        ({"deprecated": False}, "x-sunset", "not `deprecated: true`"),
        ({"x-sunset": "soon"}, "x-sunset", "not a day"),
        ({"x-sunset": 20270501}, "x-sunset", "not a day"),
        ({"x-deprecated-since": "2026-02-30"}, "x-deprecated-since", "not a day"),
        ({"x-sunset": "2026-10-31"}, "x-sunset", "before the deprecation"),
        ({"x-sunset": None}, "deprecated", "no x-sunset"),
        ({"x-deprecated-since": None}, "deprecated", "no x-deprecated-since"),
        ({"externalDocs": None}, "x-sunset", "what to do instead"),
    ],
)
def test_a_notice_that_says_too_little_is_refused(
    change: dict[str, Any], member: str, reason: str
) -> None:
    node = {name: value for name, value in (GOING | change).items() if value is not None}

    assert any(at == member and reason in text for at, text in faults(node))


def test_a_whole_notice_is_admitted() -> None:
    assert list(faults(GOING)) == []
    assert list(faults({"deprecated": True})) == []

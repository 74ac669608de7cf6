from __future__ import annotations

import json
from typing import Any

import pytest

from app.contract.exchange import Exchange, traceparent_of

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"
GOOD = f"00-{TRACE}-{SPAN}-01"


def read(*values: str) -> str | None:
    return traceparent_of({"host": ["testserver"], "traceparent": list(values)})


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (GOOD, GOOD),
        (f"00-{TRACE}-{SPAN}-00", f"00-{TRACE}-{SPAN}-00"),
        (f"00-{TRACE}-{SPAN}-ff", f"00-{TRACE}-{SPAN}-03"),
        (f"01-{TRACE}-{SPAN}-01", GOOD),
        (f"01-{TRACE}-{SPAN}-01-", GOOD),
        (f"cc-{TRACE}-{SPAN}-05-what.comes later", GOOD),
    ],
)
def test_a_valid_one_is_read_as_version_00_has_it(value: str, known: str) -> None:
    assert read(value) == known


@pytest.mark.parametrize(
    "values",
    [
        *([], [""], [GOOD, GOOD], [GOOD.upper()], [f"{GOOD}\n"], [f" {GOOD}"], ["\u00e4" * 55]),
        [f"ff-{TRACE}-{SPAN}-01"],
        [f"0-{TRACE}-{SPAN}-01"],
        [f"00-{'0' * 32}-{SPAN}-01"],
        [f"00-{TRACE}-{'0' * 16}-01"],
        [f"00-{TRACE[:-1]}-{SPAN}-01"],
        [f"00-{TRACE}-{SPAN[:-1]}-01"],
        [f"00-{TRACE}-{SPAN}"],
        [f"00-{TRACE}-{SPAN}-1"],
        [f"00-{TRACE}-{SPAN}-0g"],
        [f"{GOOD}-more"],
        [f"{GOOD}-"],
        [f"{GOOD}, {GOOD}"],
        [f"01-{TRACE}-{SPAN}-01.more"],
        [f"01-{'0' * 32}-{SPAN}-01"],
        [f"01-{TRACE}-{SPAN}-01-\n"],
    ],
)
def test_any_other_is_ignored(values: list[str]) -> None:
    assert read(*values) is None


def test_an_exchange_knows_the_trace_alone_too() -> None:
    assert Exchange("12345678", traceparent=GOOD).trace_id == TRACE
    assert Exchange("12345678").trace_id is None


async def test_an_answer_has_a_traceparent_where_the_request_had_a_valid_one(workshop: Any) -> None:
    for target in ("/v1/tools/1", "/nowhere"):
        traced = await workshop("GET", target, ("traceparent", GOOD))
        other = await workshop("GET", target, ("traceparent", f"{GOOD}-more"))

        assert traced.header("traceparent") == GOOD
        assert other.header("traceparent") is None


async def test_a_problem_names_the_trace_only_where_the_document_has_a_member_for_it(
    workshop: Any,
) -> None:
    unrouted = await workshop("GET", "/nowhere", ("traceparent", GOOD))
    undeclared = await workshop("GET", "/v1/tools/1?no=1", ("traceparent", GOOD))

    assert json.loads(unrouted.body)["trace_id"] == TRACE
    assert (undeclared.status, "trace_id" in json.loads(undeclared.body)) == (422, False)

"""A text that has passed its schema passes again, and no other does in its place."""

from __future__ import annotations

from typing import Any

import pytest

from app.contract import judge
from app.contract.passed import END, PassedTexts
from tests.contract.runtime.workshop import GOOD, JSON, Workshop, answer_class

LONG = "x" * (judge.SHORTEST_TEXT_KEPT + END)
TOOL = {"id": LONG, "size": 5, "name": "saws of every kind"}
SAME_ENDS = {"id": LONG, "siZe": 5, "name": "saws of every kind"}


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What bodies were compared with their schemas, in their order."""
    values: list[Any] = []
    admits = judge._Content.admits

    def seen(self: judge._Content, body: Any) -> bool:
        values.append(body)
        return admits(self, body)

    monkeypatch.setattr(judge._Content, "admits", seen)
    return values


async def test_the_same_text_is_judged_once(workshop: Workshop, judged: list[Any]) -> None:
    for tool in (TOOL, TOOL, {**TOOL, "size": 6}, TOOL):
        workshop.answer("get_newest_tool", tool)
        assert (await workshop("GET", "/v1/tools/newest")).status == 200

    assert judged == [TOOL, {**TOOL, "size": 6}]


async def test_a_short_text_is_judged_each_time(workshop: Workshop, judged: list[Any]) -> None:
    short = {**TOOL, "id": "1"}
    workshop.answer("get_newest_tool", short)
    for _ in range(2):
        assert (await workshop("GET", "/v1/tools/newest")).status == 200

    assert judged == [short, short]


async def test_a_text_that_looks_alike_from_its_ends_is_judged(workshop: Workshop) -> None:
    workshop.answer("get_newest_tool", TOOL)
    assert (await workshop("GET", "/v1/tools/newest")).status == 200
    workshop.answer("get_newest_tool", SAME_ENDS)
    assert (await workshop("GET", "/v1/tools/newest")).code == "internal_error"


async def test_a_text_that_has_failed_fails_again(workshop: Workshop) -> None:
    workshop.answer("get_newest_tool", SAME_ENDS)
    for _ in range(2):
        assert (await workshop("GET", "/v1/tools/newest")).code == "internal_error"


async def test_only_answers_to_reads_are_kept(workshop: Workshop, judged: list[Any]) -> None:
    made = answer_class(201, location="Location")(TOOL, location="/v1/tools/1")
    workshop.answer("create_tool", made)
    for _ in range(2):
        answered = await workshop("POST", "/v1/tools", GOOD, JSON, body=b'{"name":"saw"}')
        assert answered.status == 201

    assert judged == [TOOL, TOOL]


def test_what_came_first_is_forgotten_first() -> None:
    passed = PassedTexts(limit=1_000)
    texts = [bytes([number]) * 300 for number in range(5)]
    for text in texts:
        passed.add("/schema", text)

    assert [passed.hold("/schema", text) for text in texts] == [False, False, True, True, True]
    passed.add("/schema", b"y" * 1_001)
    assert not passed.hold("/schema", b"y" * 1_001)


def test_a_text_has_passed_its_own_schema_only() -> None:
    passed = PassedTexts()
    passed.add("/schema", b"{}")

    assert passed.hold("/schema", b"{}")
    assert not passed.hold("/other", b"{}")


@pytest.fixture
def judged_headers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which values of headers were compared with their schemas, in their order."""
    values: list[str] = []
    admits = judge._DeclaredHeader.admits

    def seen(self: judge._DeclaredHeader, text: str) -> bool:
        values.append(text)
        return admits(self, text)

    monkeypatch.setattr(judge._DeclaredHeader, "admits", seen)
    return values


async def test_the_same_header_is_judged_once_and_another_value_for_itself(
    workshop: Workshop, judged_headers: list[str]
) -> None:
    statuses = []
    for total in (7, 7, -1, -1, 7):
        workshop.answer("list_tools", answer_class(200, total="X-Total")([TOOL], total=total))
        statuses.append((await workshop("GET", "/v1/tools")).status)

    assert statuses == [200, 200, 500, 500, 200]
    assert [value for value in judged_headers if value != "no-cache"] == ["7", "-1", "-1"]


async def test_a_long_header_is_judged_each_time(
    workshop: Workshop, judged_headers: list[str]
) -> None:
    tags = "a" * (judge.LONGEST_HEADER_KEPT + 1)
    workshop.answer(
        "list_tools",
        answer_class(200, total="X-Total", tags="X-Tags")([TOOL], total=1, tags=[tags]),
    )
    for _ in range(2):
        assert (await workshop("GET", "/v1/tools")).status == 200

    assert judged_headers.count(tags) == 2


async def test_headers_of_answers_to_writes_are_not_kept(
    workshop: Workshop, judged_headers: list[str]
) -> None:
    made = answer_class(201, location="Location")(TOOL, location="/v1/tools/1")
    workshop.answer("create_tool", made)
    for _ in range(2):
        await workshop("POST", "/v1/tools", GOOD, JSON, body=b'{"name":"saw"}')

    assert judged_headers.count("/v1/tools/1") == 2

from typing import Any

import pytest

from app.contract import OperationNotImplemented
from app.contract.problems import Forbidden, NotFound, TooManyRequests
from tests.contract.runtime.workshop import (
    GOOD,
    JSON,
    NameTaken,
    ToolNotFound,
    Workshop,
    answer_class,
)

TOOL = {"id": "1", "name": "saw"}
LISTED = answer_class(200, total="X-Total", tags="X-Tags", odd="X-Odd")


async def assert_refused(workshop: Workshop, method: str, target: str, **more: Any) -> None:
    """The answer is 500, nothing of it leaves, and the transaction was rolled back."""
    received = await workshop(method, target, GOOD, JSON, **more)
    assert (received.status, received.code) == (500, "internal_error")
    assert workshop.journal == ["begin", "handler", "rollback", "answer starts"]
    assert b"saw" not in received.body


@pytest.mark.parametrize(
    "answer",
    [
        answer_class(418)(TOOL),
        answer_class(200)(TOOL),
        answer_class(204, None)(),
        answer_class(201, location="Location")(TOOL),
        answer_class(201, location="Location")(TOOL, location="/elsewhere"),
        answer_class(201, location="Location")(TOOL, location="/v1/tools/1\r\nx: y"),
        answer_class(201, location="Location")(TOOL, location="/v1/tools/\u20ac"),
        answer_class(201, location="Location", odd="X-Odd")(TOOL, location="/v1/tools/1", odd="\n"),
        answer_class(201, location="Location", odd="X-Odd")(TOOL, location="/v1/tools/1", odd="\0"),
        answer_class(201, "text/plain", location="Location")("saw", location="/v1/tools/1"),
        answer_class(201, None, location="Location")(TOOL, location="/v1/tools/1"),
        answer_class(201, location="Location")(location="/v1/tools/1"),
        answer_class(201, location="Location")({}, location="/v1/tools/1"),
        answer_class(201, location="Location")({**TOOL, "odd": 1}, location="/v1/tools/1"),
        answer_class(201, location="Location")({**TOOL, "size": "5"}, location="/v1/tools/1"),
        answer_class(201, location="Location")({**TOOL, "size": True}, location="/v1/tools/1"),
        answer_class(201, location="Location")({**TOOL, "size": 2**63}, location="/v1/tools/1"),
        answer_class(201, location="Location")({**TOOL, "id": "\ud800"}, location="/v1/tools/1"),
        answer_class(201, location="Location")([TOOL], location="/v1/tools/1"),
        TOOL,
        None,
        object(),
    ],
)
async def test_an_undeclared_answer_is_rolled_back(answer: Any, workshop: Workshop) -> None:
    workshop.answer("create_tool", answer)
    await assert_refused(workshop, "POST", "/v1/tools", body=b'{"name":"saw"}')


@pytest.mark.parametrize(
    "raised",
    [
        ToolNotFound(),
        TooManyRequests(),
        Forbidden(),
        NotFound(),
        OperationNotImplemented(),
        KeyError("saw"),
        ValueError("saw"),
        RecursionError("saw"),
        NameTaken("x", headers={"Retry-After": "1\r\nx: y"}),
    ],
    ids=lambda raised: type(raised).__name__,
)
async def test_an_undeclared_problem_is_a_bug_of_ours(
    raised: Exception, workshop: Workshop
) -> None:
    workshop.answer("create_tool", raised)
    await assert_refused(workshop, "POST", "/v1/tools", body=b'{"name":"saw"}')


async def test_a_declared_problem_is_answered_and_rolled_back(workshop: Workshop) -> None:
    workshop.answer("create_tool", NameTaken("Choose another name."))
    received = await workshop("POST", "/v1/tools", GOOD, JSON, body=b'{"name":"saw"}')
    assert workshop.journal == ["begin", "handler", "rollback", "answer starts"]
    assert received.header("content-type") == "application/problem+json"
    assert received.header("cache-control") == "no-store"
    assert received.json() == {
        "type": "/problems/name-taken",
        "title": "Name taken",
        "status": 409,
        "detail": "Choose another name.",
        "code": "name_taken",
        "request_id": received.header("x-request-id"),
    }


async def test_an_operation_without_handler_is_a_declared_501(workshop: Workshop) -> None:
    workshop.answer("delete_tool", OperationNotImplemented())
    received = await workshop("DELETE", "/v1/tools/1")
    assert (received.status, received.code) == (501, "not_implemented")


@pytest.mark.parametrize("total", [-1, "many", 1.5, True])
async def test_a_header_is_judged_by_its_schema(total: Any, workshop: Workshop) -> None:
    workshop.answer("list_tools", LISTED([], total=total))
    await assert_refused(workshop, "GET", "/v1/tools")


@pytest.mark.parametrize("tags", [["a", "b", "c", "d"], "a,b,c,d"])
async def test_a_header_with_several_values_is_judged_too(tags: Any, workshop: Workshop) -> None:
    workshop.answer("list_tools", LISTED([], total=0, tags=tags))
    await assert_refused(workshop, "GET", "/v1/tools")


async def test_headers_are_written_in_the_simple_style(workshop: Workshop) -> None:
    workshop.answer("list_tools", LISTED([], total=7, tags=["a", "b"], odd=True))
    received = await workshop("GET", "/v1/tools")
    assert received.header("x-total") == "7"
    assert received.header("x-tags") == "a,b"
    assert received.header("x-odd") == "true"


async def test_a_header_with_one_possible_value_is_set_by_the_runtime(workshop: Workshop) -> None:
    assert (await workshop("GET", "/v1/tools")).header("cache-control") == "no-cache"


async def test_a_write_only_member_is_declared_and_not_required(workshop: Workshop) -> None:
    workshop.answer("get_newest_tool", TOOL)
    assert (await workshop("GET", "/v1/tools/newest")).json() == TOOL


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (answer_class(200)(1.5), 200, b"1.5"),
        (answer_class(202, None)(), 202, b""),
        (answer_class(404, "text/plain")("No."), 404, b"No."),
        (answer_class(410, None)(), 410, b""),
        (answer_class(418)("teapot"), 418, b'"teapot"'),
        (answer_class(599)(None), 599, b"null"),
    ],
)
async def test_the_most_exact_declaration_of_a_status_judges_it(
    answer: Any, status: int, body: bytes, workshop: Workshop
) -> None:
    workshop.answer("get_answer", answer)
    received = await workshop("GET", "/v1/answers")
    assert (received.status, received.body) == (status, body)


@pytest.mark.parametrize(
    "answer",
    [
        answer_class(200)("1"),
        answer_class(200)(float("nan")),
        answer_class(200)(float("inf")),
        answer_class(202)({}),
        answer_class(404)("No."),
        answer_class(410, "text/plain")("x"),
        answer_class(418)(5),
        answer_class(599)("x"),
    ],
)
async def test_no_wider_declaration_helps_a_wrong_answer(answer: Any, workshop: Workshop) -> None:
    workshop.answer("get_answer", answer)
    await assert_refused(workshop, "GET", "/v1/answers")


async def test_one_of_several_successes_is_answered(workshop: Workshop) -> None:
    for status, headers in ((200, {}), (201, {"location": "/v1/tools/1"})):
        made = answer_class(status, None, location="Location")(**headers)
        workshop.answer("put_tool", made)
        assert (await workshop("PUT", "/v1/tools/1")).status == status

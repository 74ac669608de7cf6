"""What other spec-first servers let through, measured on one of them: each probe once, here refused
or answered as the document says. The finer cases are in the tests of each part.
"""

from typing import Any

import pytest
from starlette.responses import JSONResponse

from tests.contract.runtime.workshop import GOOD, JSON, Workshop, answer_class

TOOL = {"id": "1", "name": "saw"}


async def put(workshop: Workshop, body: bytes) -> tuple[int, str | None]:
    workshop.answer("put_tool", answer_class(200, None)())
    received = await workshop("PUT", "/v1/tools/1", JSON, body=body)
    return received.status, received.code


@pytest.mark.parametrize(
    "made",
    [
        answer_class(418)(TOOL),
        answer_class(201, location="Location")(TOOL),
        answer_class(201, location="Location")({"title": "x"}, location="/v1/tools/1"),
    ],
    ids=["undeclared status", "missing header", "body of another status"],
)
async def test_no_undeclared_answer_leaves(made: Any, workshop: Workshop) -> None:
    workshop.answer("create_tool", made)
    received = await workshop("POST", "/v1/tools", GOOD, JSON, body=b'{"name":"x"}')
    assert (received.status, received.code) == (500, "internal_error")


async def test_a_response_made_by_hand_does_not_pass_through(workshop: Workshop) -> None:
    workshop.answer("create_tool", JSONResponse({"id": 1}, 201))
    received = await workshop("POST", "/v1/tools", GOOD, JSON, body=b'{"name":"x"}')
    assert (received.status, received.code) == (500, "internal_error")


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("POST", "/v1/tools", 401),
        ("GET", "/nowhere", 404),
        ("PUT", "/v1/tools", 405),
        ("GET", "/v1/tools?page=0", 422),
    ],
)
async def test_every_error_is_the_declared_problem(
    method: str, target: str, status: int, workshop: Workshop
) -> None:
    received = await workshop(method, target)
    assert received.status == status
    assert received.header("content-type") == "application/problem+json"


async def test_methods_are_told_in_full(workshop: Workshop) -> None:
    refused = await workshop("PUT", "/v1/tools")
    options = await workshop("OPTIONS", "/v1/tools")
    head = await workshop("HEAD", "/v1/tools")
    assert refused.header("allow") == options.header("allow") == "GET, HEAD, OPTIONS, POST"
    assert (options.status, head.status) == (204, 200)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/v1/tools?odd=1", 422),
        ("/v1/tools?page=1&page=2", 422),
        ("/v1/tools?page=+5", 422),
        ("/v1/tools?page=%2B5", 422),
        ("/v1/tools?page=1_0", 422),
        ("/v1/tools?page=%2010", 422),
        ("/v1/tools?page=010", 422),
        ("/v1/tools?page=0x1", 422),
        ("/v1/tools?page=%D9%A5", 422),
        ("/v1/tools?page=true", 422),
        ("/v1/tools?page=", 422),
        ("/v1/tools?page=5.0", 200),
        ("/v1/tools?page=1e1", 200),
        ("/v1/tools?is_sharp=yes", 422),
        ("/v1/tools?is_sharp=1", 422),
        ("/v1/tools?is_sharp=True", 422),
        ("/v1/tools?is_sharp=true", 200),
        ("/v1/tools/1/parts/99999999999999999999", 200),
        ("/v1/tools/", 200),
    ],
)
async def test_parameters_are_what_the_document_says(
    target: str, status: int, workshop: Workshop
) -> None:
    assert (await workshop("GET", target)).status == status


async def test_what_is_not_acceptable_is_406(workshop: Workshop) -> None:
    assert (await workshop("GET", "/v1/tools", ("accept", "text/html"))).status == 406


@pytest.mark.parametrize(
    ("member", "status"),
    [
        (b'"size":"5"', 422),
        (b'"size":true', 422),
        (b'"size":null', 422),
        (b'"size":5.0', 200),
        (b'"size":7129.0', 200),
        (b'"size":1180591620717411303424', 422),
        (b'"size":9223372036854775807', 200),
        (b'"size":9223372036854775808', 422),
        (b'"is_sharp":"yes"', 422),
        (b'"is_sharp":1', 422),
        (b'"tags":["a","a"]', 422),
        (b'"bought":0', 422),
        (b'"bought":"0"', 422),
        (b'"bought":"2020-01-01 00:00:00Z"', 422),
        (b'"bought":"2020-01-01T00:00:00"', 422),
        (b'"bought":"2020-01-01T00:00:00Z"', 200),
        (b'"name":"a\\u0000"', 422),
        (b'"odd":1', 422),
        (b'"name":"again"', 400),
        (b'"size":NaN', 400),
        (b'"size":1e400', 400),
        (b'"code":"\\ud800"', 400),
        (b'"code":"\xff"', 400),
    ],
)
async def test_values_are_what_json_schema_says(
    member: bytes, status: int, workshop: Workshop
) -> None:
    name = b"" if b"u0000" in member else b'"name":"x",'
    assert (await put(workshop, b"{" + name + member + b"}"))[0] == status

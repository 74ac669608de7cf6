"""The documents of tests/codegen, each about one feature of OpenAPI, served as mocks.

Schemathesis draws the requests and judges the answers.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.contract import Document, Operation
from tests.codegen.golden import CASES, document_of, source_of
from tests.codegen.test_served import credentials, valid_requests
from tests.mock.mocks import client_of, document_at

CHECKS = [status_code_conformance, content_type_conformance, response_headers_conformance]


def document_for(case: str) -> Document:
    return document_at(document_of(case), add_problems="x-own-problems" not in source_of(case))


def require_declared(operation: Operation, request: Any, answer: Any) -> None:
    """Raise a failure unless the document declares this very answer; streams are not judged."""
    contents = [m for r in operation.responses.values() for m in r.content.values()]
    is_judged = not any(media_type.is_stream for media_type in contents)
    request.validate_response(answer, checks=CHECKS + [response_schema_conformance] * is_judged)


def drawn(document: Document, client: Any) -> list[tuple[Operation, Any]]:
    """Return valid requests for every operation."""
    config = SchemathesisConfig()
    schema = schemathesis.openapi.from_asgi("/openapi.json", client.app, config=config)
    declared = {(o.path, o.method): o for o in document.operations}
    found = [operation.ok() for operation in schema.get_all_operations()]  # type: ignore[union-attr]
    return [
        (declared[operation.path, operation.method.upper()], case)
        for operation in found
        for case in valid_requests(operation)
    ]


@pytest.mark.parametrize("is_stateful", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_every_operation_answers_by_itself(case: str, is_stateful: bool) -> None:
    document = document_for(case)
    client = client_of(document, is_stateful=is_stateful)
    for operation, request in drawn(document, client):
        answer = request.call(headers=credentials(document, operation))
        require_declared(operation, request, answer)
        assert answer.status_code < 400, answer.text


@pytest.mark.parametrize("case", CASES)
def test_every_declared_status_is_answered_when_it_is_preferred(case: str) -> None:
    document = document_for(case)
    for operation, request in drawn(document, client_of(document)):
        for status in operation.responses:
            code = {"default": "418"}.get(status, status.replace("XX", "17"))
            headers = credentials(document, operation) | {"prefer": f"code={code}"}
            answer = request.call(headers=headers)
            require_declared(operation, request, answer)
            assert str(answer.status_code) == code
            assert answer.headers["preference-applied"] == [f"code={code}"]


def answers(
    case: str, operation_id: str, headers: dict[str, str] | None = None, seed: int = 1
) -> Any:
    document = document_for(case)
    operation = document.by_id[operation_id]
    client = client_of(document, seed=seed)
    return client.request(operation.method, operation.path, headers=headers)


def test_the_media_type_is_the_one_that_the_client_likes_best() -> None:
    for accepted in ("application/json", "text/csv", "application/pdf", "image/png"):
        answer = answers("answers", "get_report", {"accept": f"{accepted}, */*;q=0.1"})
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind == ("application/json" if accepted == "image/png" else accepted)
    assert answers("answers", "get_report", {"accept": "image/*"}).content.startswith(b"\x89PNG")


def test_a_stream_is_sent() -> None:
    answer = answers("streams", "follow_events")

    assert answer.text == "data: amber\n\n"
    assert answer.headers["content-type"].startswith("text/event-stream")


def test_another_seed_makes_other_values_and_the_same_seed_the_same() -> None:
    one, again, other = (answers("names", "import", seed=s).json() for s in (1, 1, 2))

    assert one == again != other


@pytest.mark.parametrize(
    ("operation", "headers", "status"),
    [
        ("open_public", {}, 204),
        ("open_inherited", {}, 401),
        ("open_inherited", {"authorization": "Bearer a"}, 204),
        ("open_inherited", {"authorization": "Bearer a b"}, 401),
        ("open_optional", {}, 204),
        ("open_optional", {"authorization": "Basic a"}, 401),
        ("open_either", {"x-key": "k"}, 204),
        ("open_either", {"authorization": "Bearer a"}, 204),
        ("open_either", {}, 401),
        ("open_both", {"x-key": "k"}, 401),
        ("open_both", {"authorization": "Bearer a"}, 401),
        ("open_both", {"authorization": "Bearer a", "x-key": "k"}, 204),
    ],
)
def test_credentials_are_asked_for_as_the_document_says(
    operation: str, headers: dict[str, str], status: int
) -> None:
    assert answers("security", operation, headers).status_code == status

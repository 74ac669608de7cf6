from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.client import OPERATIONS
from tests.judge import DOCUMENT, resolved
from tests.mock.mocks import example_request, mocking, require_declared, without_id

DECLARED = [(name, status) for name, (_, _, o) in OPERATIONS.items() for status in o["responses"]]
EXAMPLES = [
    (name, status, example)
    for name, status in DECLARED
    for content in resolved(OPERATIONS[name][2]["responses"][status]).get("content", {}).values()
    for example in content["examples"]
]


def send(mock: httpx2.Client, name: str, **headers: str) -> httpx2.Response:
    method, path, rest = example_request(name)
    rest["headers"] |= headers
    return mock.request(method, path, **rest)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_by_itself_with_its_success(name: str, mock: httpx2.Client) -> None:
    answer = send(mock, name)

    assert answer.is_success
    assert "preference-applied" not in answer.headers
    require_declared(name, answer)


@pytest.mark.parametrize(("name", "status"), DECLARED)
def test_every_declared_status_is_answered_when_it_is_preferred(
    name: str, status: str, mock: httpx2.Client
) -> None:
    answer = send(mock, name, prefer=f"code={status}")

    assert str(answer.status_code) == status
    assert answer.headers["preference-applied"] == f"code={status}"
    require_declared(name, answer)


@pytest.mark.parametrize(("name", "status", "example"), EXAMPLES)
def test_every_example_is_answered_when_it_is_preferred(
    name: str, status: str, example: str, mock: httpx2.Client
) -> None:
    answer = send(mock, name, prefer=f'code={status}, example="{example}"')

    assert answer.headers["preference-applied"] == f"code={status}, example={example}"
    require_declared(name, answer)
    assert shown(answer) == shown_by_the_document(name, status, example)


def shown(answer: httpx2.Response) -> Any:
    if "json" not in answer.headers["content-type"]:
        return answer.text
    body = answer.json()
    if isinstance(body, dict) and "request_id" in body:
        assert body.pop("request_id") == answer.headers["x-request-id"]
    return body


def shown_by_the_document(name: str, status: str, example: str) -> Any:
    content = resolved(OPERATIONS[name][2]["responses"][status])["content"]
    named = [
        media["examples"][example] for media in content.values() if example in media["examples"]
    ]
    value = resolved(named[0])["value"]
    return (
        value if isinstance(value, str) else {n: v for n, v in value.items() if n != "request_id"}
    )


@pytest.mark.parametrize(
    ("prefer", "said"),
    [
        ("code=418", "only these values of code: 200, 400"),
        ("code=200, example=none_such", "only these values of example: "),
        ("example=none_such", "only these values of example: "),
        ("code=abc", "code must be a status"),
        ("code=42", "code must be a status"),
        ("delay=99", "delay must be seconds, 10 at most"),
        ("delay=-1", "delay must be seconds"),
        ("code=404 example=a", "not a list of preferences"),
        ('example="a', "not a list of preferences"),
    ],
)
def test_a_preference_that_cannot_be_met_is_a_declared_problem(
    prefer: str, said: str, mock: httpx2.Client
) -> None:
    answer = send(mock, "get_health", prefer=prefer)

    assert answer.status_code == 400
    assert said in answer.json()["detail"]
    assert "preference-applied" not in answer.headers
    require_declared("get_health", answer)


def test_other_preferences_are_ignored(mock: httpx2.Client) -> None:
    assert send(mock, "get_health", prefer="respond-async, wait=5; x=y").status_code == 200


def test_the_answer_is_late_where_that_is_preferred(mock: httpx2.Client) -> None:
    answer = send(mock, "get_health", prefer="delay=0.4")

    assert answer.elapsed.total_seconds() >= 0.4
    assert answer.headers["preference-applied"] == "delay=0.4"


def test_pages_of_this_machine_may_call_it(mock: httpx2.Client) -> None:
    origin = {"origin": "http://localhost:5173"}
    asked = {"access-control-request-method": "GET", "access-control-request-headers": "prefer"}
    preflight = mock.options("/health", headers=origin | asked)
    answer = mock.get("/health", headers=origin)

    assert preflight.headers["access-control-allow-headers"] == "prefer"
    assert answer.headers["access-control-allow-origin"] == origin["origin"]
    assert "X-Request-Id" in answer.headers["access-control-expose-headers"]


def test_the_same_request_has_the_same_answer_in_another_process(mock: httpx2.Client) -> None:
    with mocking() as other:
        for name in OPERATIONS:
            assert without_id(send(mock, name)) == without_id(send(other, name))


def test_the_document_is_served_as_the_service_serves_it(mock: httpx2.Client) -> None:
    assert mock.get("/openapi.json").json() == DOCUMENT
    assert mock.get("/openapi.yaml").headers["content-type"] == "application/yaml"


@pytest.mark.parametrize(
    "origin",
    [
        "https://localhost.example.org",
        "https://notlocalhost",
        "http://127.0.0.1.example.org",
        "null",
    ],
)
def test_pages_from_elsewhere_may_not(origin: str, mock: httpx2.Client) -> None:
    answer = mock.get("/health", headers={"origin": origin})

    assert "access-control-allow-origin" not in answer.headers

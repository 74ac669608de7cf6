"""The mock refuses what the service refuses, in the same words: both are sent the same requests."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.client import OPERATIONS
from tests.mock.mocks import example_request, without_id

WITH_BODY = [name for name, (_, _, o) in OPERATIONS.items() if "requestBody" in o]
SECURED = [
    name for name, (_, _, o) in OPERATIONS.items() if o["security"] and {} not in o["security"]
]


async def require_same(
    mock: httpx2.Client, http: httpx2.AsyncClient, method: str, path: str, **rest: Any
) -> None:
    """Raise AssertionError unless both refuse the request, and alike."""
    rest.setdefault("headers", {})
    mocked = without_mocks_own(mock.request(method, path, **rest))
    served = without_mocks_own(await http.request(method, path, **rest))

    assert served[0] >= 400
    assert mocked == served


def without_mocks_own(answer: httpx2.Response) -> tuple[int, dict[str, str], Any]:
    status, headers, body = without_id(answer)
    vary = [v.strip() for v in headers.get("vary", "").split(",")]
    kept = {**headers, "vary": ", ".join(v for v in vary if v not in {"Prefer", "Origin"})}
    return status, kept, body


@pytest.mark.parametrize("name", [n for n in OPERATIONS if n not in SECURED])
async def test_an_unknown_query_parameter(
    name: str, mock: httpx2.Client, http: httpx2.AsyncClient
) -> None:
    method, path, rest = example_request(name)
    rest["headers"].pop("authorization", None)
    await require_same(mock, http, method, f"{path}?unknown=1", **rest)


@pytest.mark.parametrize("name", SECURED)
@pytest.mark.parametrize("credential", [None, "", "Bearer", "Basic YTpi", "Bearer a b"])
async def test_a_credential_that_is_none(
    name: str, credential: str | None, mock: httpx2.Client, http: httpx2.AsyncClient
) -> None:
    method, path, rest = example_request(name)
    rest["headers"].pop("authorization")
    if credential is not None:
        rest["headers"]["authorization"] = credential
    await require_same(mock, http, method, path, **rest)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a":1,"a":2}', b"a=1", b'{"username":5}'])
@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
@pytest.mark.parametrize("name", [n for n in WITH_BODY if n not in SECURED])
async def test_a_body_that_is_not_what_the_document_allows(
    name: str, media_type: str, content: bytes, mock: httpx2.Client, http: httpx2.AsyncClient
) -> None:
    method, path, _ = example_request(name)
    headers = {"content-type": media_type} if media_type else {}
    await require_same(mock, http, method, path, content=content, headers=headers)


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/nothing/here", {}),
        ("GET", "/health/%ff", {}),
        ("GET", "/health?a=1&a=2", {}),
        ("GET", "/health", {"accept": "image/png"}),
        ("GET", "/health", {"x": "y" * 17_000}),
        ("PUT", "/health", {}),
        ("TRACE", "/health/live", {}),
    ],
)
async def test_a_request_that_no_operation_allows(
    method: str,
    path: str,
    headers: dict[str, str],
    mock: httpx2.Client,
    http: httpx2.AsyncClient,
) -> None:
    await require_same(mock, http, method, path, headers=headers)

"""What the mock of our document makes of posts, and refuses of them as the service does."""

from __future__ import annotations

from copy import deepcopy

import httpx2
import pytest

from app.contract import Document
from tests.judge import DOCUMENT
from tests.mock.mocks import BEARER, client_of
from tests.mock.test_answers import send
from tests.mock.test_same_gate import require_same


def test_an_example_of_a_problem_says_what_it_says() -> None:
    source = deepcopy(DOCUMENT)
    media_type = source["components"]["responses"]["PostNotFound"]["content"]
    shown = media_type["application/problem+json"]["examples"]["post_not_found"]["value"]
    shown["detail"] = "Nobody has written it."
    answer = client_of(Document(source)).get("/api/v1/posts/1", headers={"prefer": "code=404"})

    assert answer.json()["detail"] == "Nobody has written it."


def test_an_example_is_found_by_its_name_alone(mock: httpx2.Client) -> None:
    assert send(mock, "delete_post", prefer="example=not_the_author").status_code == 403


def test_what_is_wished_for_does_not_hide_what_is_wrong(mock: httpx2.Client) -> None:
    answer = mock.get("/api/v1/me", headers={"prefer": "code=200"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/api/v1/posts/%ff", {}),
        ("GET", "/api/v1/posts/0", {}),
        ("GET", "/api/v1/posts/first", {}),
        ("GET", "/api/v1/posts?page=1&page=2", {}),
        ("GET", "/api/v1/posts?published=yes", {}),
        ("GET", "/api/v1/posts", {"accept": "text/html"}),
        ("GET", "/api/v1/posts", {"if-none-match": ""}),
        ("GET", "/api/v1/posts", {"x": "y" * 17_000}),
        ("PUT", "/api/v1/posts", {}),
        ("TRACE", "/api/v1/posts/1", {}),
    ],
)
async def test_a_request_for_posts_that_the_document_does_not_allow(
    method: str,
    path: str,
    headers: dict[str, str],
    mock: httpx2.Client,
    http: httpx2.AsyncClient,
) -> None:
    await require_same(mock, http, method, path, headers=headers)


def test_any_well_formed_credential_is_good(mock: httpx2.Client) -> None:
    assert mock.get("/api/v1/me", headers=BEARER).status_code == 200

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.mock.mocks import BEARER, mocking, require_declared

POST = {"title": "Note A", "content": "The first."}


@pytest.fixture(scope="module")
def process() -> Iterator[httpx2.Client]:
    with mocking("--stateful") as client:
        client.headers.update(BEARER)
        yield client


@pytest.fixture
def mock(process: httpx2.Client) -> httpx2.Client:
    for kind in ("posts", "users"):
        for item in process.get(f"/api/v1/{kind}").json()[kind]:
            process.delete(f"/api/v1/{kind}/{item['id']}")
    return process


def created(mock: httpx2.Client, **members: Any) -> httpx2.Response:
    answer = mock.post("/api/v1/posts", json=POST | members)
    require_declared("create_post", answer)
    assert answer.status_code == 201
    return answer


def test_nothing_is_there_before_it_is_created(mock: httpx2.Client) -> None:
    listed, read = mock.get("/api/v1/posts"), mock.get("/api/v1/posts/1")

    assert (listed.json()["posts"], listed.json()["total"]) == ([], 0)
    assert (read.status_code, read.json()["code"]) == (404, "post_not_found")
    require_declared("list_posts", listed)


def test_what_is_created_can_be_read_where_the_answer_says(mock: httpx2.Client) -> None:
    answer = created(mock)
    read = mock.get(answer.headers["location"])

    assert read.json() == answer.json()
    assert read.headers["etag"] == answer.headers["etag"]
    assert {name: read.json()[name] for name in POST} == POST
    assert read.json()["published"] is False
    require_declared("get_post", read)


def test_a_request_is_repeated_by_its_key(mock: httpx2.Client) -> None:
    key = {"idempotency-key": str(uuid.uuid4())}
    first = mock.post("/api/v1/posts", json=POST, headers=key)
    again = mock.post("/api/v1/posts", json=POST, headers=key)
    other = mock.post("/api/v1/posts", json=POST | {"title": "Note B"}, headers=key)

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert other.json()["code"] == "idempotency_key_reused"
    assert mock.get("/api/v1/posts").json()["total"] == 1
    for answer in (first, again, other):
        require_declared("create_post", answer)


def test_each_has_an_id_of_its_own(mock: httpx2.Client) -> None:
    assert created(mock).json()["id"] != created(mock).json()["id"]


def test_a_list_shows_the_newest_first_by_page_and_filter(mock: httpx2.Client) -> None:
    for number in range(5):
        created(mock, title=f"{number}", published=number % 2 == 0)

    def titles(query: str) -> list[str]:
        answer = mock.get(f"/api/v1/posts{query}")
        require_declared("list_posts", answer)
        return [post["title"] for post in answer.json()["posts"]]

    assert titles("") == ["4", "3", "2", "1", "0"]
    assert titles("?page_size=2&page=2") == ["2", "1"]
    assert titles("?published=false") == ["3", "1"]
    assert titles("?author_id=77") == []
    listed = mock.get("/api/v1/posts?page_size=2").json()
    assert (listed["total"], listed["page"], listed["page_size"]) == (5, 1, 2)
    assert (listed["next_cursor"], listed["total_is_capped"]) == (None, False)


def test_a_patch_is_merged_and_kept(mock: httpx2.Client) -> None:
    location = created(mock).headers["location"]
    changed = mock.patch(location, json={"published": True, "title": "Note B"})
    require_declared("update_post", changed)

    assert changed.json() == mock.get(location).json()
    kept = {name: changed.json()[name] for name in ("title", "published", "content")}
    assert kept == {"title": "Note B", "published": True, "content": POST["content"]}


def test_a_patch_empties_by_null(mock: httpx2.Client) -> None:
    account = {"email": "bob@example.com", "username": "bob", "password": "long enough"}
    user = mock.post("/api/v1/users", json=account | {"bio": "Writes."})
    require_declared("register_user", user)
    changed = mock.patch(user.headers["location"], json={"bio": None})

    assert (user.json()["bio"], changed.json()["bio"]) == ("Writes.", None)
    assert "password" not in user.json()
    assert user.json()["full_name"] is None


def test_preconditions_hold(mock: httpx2.Client) -> None:
    answer = created(mock)
    location, etag = answer.headers["location"], answer.headers["etag"]
    changed = mock.patch(location, json={"title": "B"}, headers={"if-match": etag})
    late = mock.patch(location, json={"title": "C"}, headers={"if-match": etag})
    now = changed.headers["etag"]

    assert (changed.status_code, late.status_code) == (200, 412)
    assert mock.get(location, headers={"if-none-match": now}).status_code == 304
    assert mock.get(location, headers={"if-none-match": etag}).status_code == 200
    assert mock.delete(location, headers={"if-match": etag}).status_code == 412
    assert mock.delete(location, headers={"if-match": now}).status_code == 204


def test_what_is_deleted_is_gone(mock: httpx2.Client) -> None:
    location = created(mock).headers["location"]
    deleted = mock.delete(location)
    require_declared("delete_post", deleted)

    assert deleted.status_code == 204
    assert [mock.request(m, location, json=b).status_code for m, b in AFTERWARDS] == [404] * 3
    assert mock.get("/api/v1/posts").json()["total"] == 0


AFTERWARDS: list[tuple[str, Any]] = [("GET", None), ("DELETE", None), ("PATCH", {})]


def test_an_answer_that_is_preferred_changes_nothing(mock: httpx2.Client) -> None:
    mock.post("/api/v1/posts", json=POST, headers={"prefer": "code=503"})
    mock.post("/api/v1/posts", json=POST, headers={"prefer": "code=201"})

    assert mock.get("/api/v1/posts").json()["total"] == 0


def test_what_is_refused_is_not_kept(mock: httpx2.Client) -> None:
    assert mock.post("/api/v1/posts", json=POST | {"title": 5}).status_code == 422
    assert mock.get("/api/v1/posts").json()["total"] == 0

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codegen.mock.application import Manner, create_mock
from codegen.mock.server import announcement
from codegen.mock.store import MOST_RECORDS, Record, Shelf
from tests.mock.mocks import client_of, document_at

SHELVES = Path(__file__).with_name("shelves.yaml")


@pytest.fixture
def shelves() -> Any:
    return client_of(document_at(SHELVES, add_problems=True), is_stateful=True)


def test_collections_within_others_are_kept_apart(shelves: Any) -> None:
    location = shelves.post("/v2/shelves/a b/books", json={"title": "One"}).headers["location"]

    assert location.startswith("/v2/shelves/a%20b/books/978-")
    assert shelves.get(location).json()["title"] == "One"
    assert shelves.get(location).headers["etag"].startswith('"v')
    assert shelves.get(location).json()["isbn"] == location.rpartition("/")[2]
    assert shelves.get(location.replace("a%20b", "c")).status_code == 404
    assert shelves.get("/v2/shelves/a%20b/books").json() == [{"title": "One"}]
    assert shelves.get("/v2/shelves/c/books").json() == []


def test_a_put_replaces_all_but_the_id(shelves: Any) -> None:
    book = {"title": "One", "year": 1843}
    location = shelves.post("/v2/shelves/a/books", json=book).headers["location"]
    replaced = shelves.put(location, json={"title": "Two", "isbn": "978-0000"}).json()

    assert replaced == {"title": "Two", "isbn": location.rpartition("/")[2]}
    assert shelves.delete(location).status_code == 204
    assert shelves.get("/v2/shelves/a/books").json() == []


def test_a_list_is_cut_by_limit_and_offset(shelves: Any) -> None:
    for title in "abcd":
        shelves.post("/v2/shelves/a/books", json={"title": title})

    listed = shelves.get("/v2/shelves/a/books?limit=2&offset=1").json()
    assert [book["title"] for book in listed] == ["c", "b"]


def test_a_link_says_where_it_is_read_and_which_member_is_its_id(shelves: Any) -> None:
    number = shelves.post("/v2/loans").json()["number"]

    assert shelves.get(f"/v2/archive/loans/{number}").json() == {"number": number}
    assert shelves.get(f"/v2/archive/loans/{number[::-1]}").status_code in {404, 422}


def test_an_id_that_the_client_chooses_is_taken_once(shelves: Any) -> None:
    tag = {"name": "new", "color": "red"}
    first, second = (shelves.post("/v2/tags", json=tag, auth=("ada", "secret")) for _ in "ab")

    assert (first.status_code, second.status_code) == (201, 409)
    assert shelves.get("/v2/tags/new").json() == tag
    assert shelves.get("/v2/tags/old").status_code == 404


@pytest.mark.parametrize("credential", [None, "Basic", "Basic YQ==", "Basic !", "Bearer YTpi"])
def test_a_pair_of_name_and_password_is_one(credential: str | None, shelves: Any) -> None:
    headers = {"authorization": credential} if credential is not None else {}

    assert shelves.post("/v2/tags", json={"name": "a"}, headers=headers).status_code == 401


def test_the_oldest_is_forgotten_before_memory_is_full() -> None:
    shelf = Shelf()
    for number in range(MOST_RECORDS + 1):
        shelf.put(Record((str(number),), (), {}))

    assert len(shelf.records) == MOST_RECORDS
    assert next(shelf.newest_first(())).key == (str(MOST_RECORDS),)
    assert ("0",) not in shelf.records


def test_what_is_kept_is_said_at_the_start() -> None:
    document = document_at(SHELVES, add_problems=True)
    mock = create_mock(document, Manner(is_stateful=True))
    said = announcement(document, "http://127.0.0.1:4010", mock.collections)

    assert ": empty until something is created\n" in said
    assert "/v2/shelves/{shelf}/books, " in said

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.db.tables import posts
from tests.client import Api
from tests.people import Account, People

BODY = {"title": "Note G", "content": "It can do whatever we know how to order it to perform."}


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice", full_name="Alice")


async def test_a_signed_in_user_writes_a_draft(api: Api, people: People, alice: Account) -> None:
    reply = await api("create_post", as_=alice, body=BODY)
    row = await people.stored_post(reply.body["id"])
    assert row is not None

    assert reply.status == 201
    assert reply.headers["location"] == f"/api/v1/posts/{reply.body['id']}"
    assert reply.body["title"] == BODY["title"]
    assert reply.body["content"] == BODY["content"]
    assert reply.body["published"] is False
    assert reply.body["author_id"] == alice.id
    assert reply.body["author"] == {"id": alice.id, "username": "alice", "full_name": "Alice"}
    assert reply.body["created_at"] == reply.body["updated_at"]
    assert (row["author_id"], row["published"]) == (alice.id, False)


async def test_what_was_written_is_there_to_be_read(api: Api, alice: Account) -> None:
    created = await api("create_post", as_=alice, body={**BODY, "published": True})
    read = await api("get_post", post_id=created.body["id"])

    assert read.body == created.body
    assert read.etag == created.etag


async def test_titles_need_not_be_unique(api: Api, people: People, alice: Account) -> None:
    for _ in range(2):
        assert (await api("create_post", as_=alice, body=BODY)).status == 201
    assert await people.count(posts) == 2


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("title", "x" * 255),
        ("title", "\U0001f511" * 255),
        ("title", " "),
        ("content", "\u00e9" * 100_000),
        ("content", "\U0001f511" * 100_000),
        ("content", "<script>alert(1)</script>'; DROP TABLE posts; --"),
        ("content", "\r\n\t\u2028\u202e\ufeff\ufffe\U0010ffff"),
        ("content", "e\u0301 \u00e9"),
    ],
)
async def test_text_is_kept_as_it_is(api: Api, alice: Account, member: str, value: str) -> None:
    created = await api("create_post", as_=alice, body={**BODY, member: value})
    read = await api("get_post", as_=alice, post_id=created.body["id"])

    assert created.status == 201
    assert read.body[member] == value


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"title": ""}, "#/title"),
        ({"title": None}, "#/title"),
        ({"title": "x" * 256}, "#/title"),
        ({"title": "a\0b"}, "#/title"),
        ({"title": 7}, "#/title"),
        ({"content": ""}, "#/content"),
        ({"content": "x" * 100_001}, "#/content"),
        ({"content": ["x"]}, "#/content"),
        ({"published": "true"}, "#/published"),
        ({"published": 1}, "#/published"),
        ({"published": None}, "#/published"),
        ({"author_id": 1}, "#"),
        ({"id": 1}, "#"),
        ({"version": 1}, "#"),
    ],
)
async def test_a_body_beyond_the_document_is_refused(
    api: Api, people: People, alice: Account, changed: dict[str, Any], pointer: str
) -> None:
    async with people.unchanged():
        reply = await api("create_post", as_=alice, body={**BODY, **changed})

    assert (reply.status, reply.code) == (422, "invalid_input")
    assert {error["pointer"] for error in reply.body["errors"]} == {pointer}


@pytest.mark.parametrize("content", [b'{"title":"\\ud800","content":"x"}', b"[" * 100_000])
async def test_json_that_no_text_can_hold_is_refused(
    api: Api, people: People, alice: Account, content: bytes
) -> None:
    async with people.unchanged():
        reply = await api("create_post", as_=alice, content=content)

    assert (reply.status, reply.code) == (400, "malformed_request")


async def test_a_user_writes_so_many_posts_a_minute_and_others_do_not_count(
    strict: Api, people: People, alice: Account
) -> None:
    bob = await people.add("bob")
    replies = [await strict("create_post", as_=alice, body=BODY) for _ in range(3)]
    async with people.unchanged():
        refused = await strict("create_post", as_=alice, body=BODY)

    assert [reply.status for reply in replies] == [201, 201, 201]
    assert replies[0].headers["ratelimit"] == '"posts";r=2;t=60'
    assert (refused.status, refused.code) == (429, "too_many_requests")
    assert refused.headers["ratelimit-policy"] == '"posts";q=3;w=60'
    assert 50 <= int(refused.headers["retry-after"]) <= 60
    assert (await strict("create_post", as_=bob, body=BODY)).status == 201
    assert await people.events() == [("limit_reached", alice.id, None)]


async def test_one_connection_is_enough_to_write_a_post(narrow: Api, alice: Account) -> None:
    replies = await asyncio.gather(
        *(narrow("create_post", as_=alice, body=BODY) for _ in range(20))
    )

    assert {reply.status for reply in replies} == {201}

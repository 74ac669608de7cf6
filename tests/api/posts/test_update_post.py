from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.client import Api
from tests.people import Account, People

BOTH = ["application/merge-patch+json", "application/json"]


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice")


@pytest.fixture
async def post_id(people: People, alice: Account) -> int:
    return await people.post(alice)


@pytest.mark.parametrize("media_type", BOTH)
async def test_a_patch_changes_what_it_contains_and_nothing_else(
    api: Api, people: People, alice: Account, post_id: int, media_type: str
) -> None:
    before = await people.stored_post(post_id)
    assert before is not None
    reply = await api(
        "update_post", as_=alice, post_id=post_id, body={"title": "New"}, media_type=media_type
    )
    after = await people.stored_post(post_id)
    assert after is not None

    assert reply.status == 200
    assert reply.body["title"] == "New"
    assert reply.body["author"]["username"] == "alice"
    assert {n for n in after if after[n] != before[n]} == {"title", "version", "updated_at"}


async def test_a_post_is_published_and_taken_back(api: Api, people: People, alice: Account) -> None:
    post_id = await people.post(alice, published=False)
    seen = []
    for published in (True, False):
        await api("update_post", as_=alice, post_id=post_id, body={"published": published})
        seen.append((await api("get_post", post_id=post_id)).status)

    assert seen == [200, 404]


async def test_an_empty_patch_changes_nothing(
    api: Api, people: People, alice: Account, post_id: int
) -> None:
    etag = (await api("get_post", post_id=post_id)).etag
    async with people.unchanged():
        reply = await api("update_post", as_=alice, post_id=post_id, body={})

    assert reply.status == 200
    assert reply.etag == etag


@pytest.mark.parametrize(
    "body",
    [
        {"title": None},
        {"content": None},
        {"published": None},
        {"title": ""},
        {"author_id": 1},
        {"version": 7},
        {"titel": "New"},
        [{"op": "replace", "path": "/title", "value": "New"}],
        "New",
    ],
)
async def test_a_patch_beyond_the_document_is_refused(
    api: Api, people: People, alice: Account, post_id: int, body: Any
) -> None:
    async with people.unchanged():
        reply = await api("update_post", as_=alice, post_id=post_id, body=body)

    assert (reply.status, reply.code) == (422, "invalid_input")


async def test_a_superuser_changes_any_post_and_its_author_stays(
    api: Api, people: People, alice: Account
) -> None:
    post_id = await people.post(alice, published=False)
    root = await people.superuser()
    reply = await api("update_post", as_=root, post_id=post_id, body={"title": "New"})

    assert reply.status == 200
    assert reply.body["author_id"] == alice.id


async def test_nobody_changes_the_post_of_somebody_else(
    api: Api, people: People, post_id: int
) -> None:
    bob = await people.add("bob")
    async with people.unchanged():
        reply = await api("update_post", as_=bob, post_id=post_id, body={"title": "Bob"})

    assert (reply.status, reply.code) == (403, "not_the_author")


async def test_who_may_not_change_it_is_told_so_before_any_condition(
    api: Api, people: People, post_id: int
) -> None:
    bob = await people.add("bob")
    reply = await api(
        "update_post", as_=bob, post_id=post_id, if_match='"other"', body={"title": "Bob"}
    )

    assert (reply.status, reply.code) == (403, "not_the_author")


async def test_a_draft_of_somebody_else_is_not_there(
    api: Api, people: People, alice: Account
) -> None:
    draft, bob = await people.post(alice, published=False), await people.add("bob")
    for post_id in (draft, 2**62):
        async with people.unchanged():
            reply = await api("update_post", as_=bob, post_id=post_id, body={"title": "Bob"})
        assert (reply.status, reply.code) == (404, "post_not_found")


async def test_a_patch_on_a_condition_that_fails_changes_nothing(
    api: Api, people: People, alice: Account, post_id: int
) -> None:
    etag = (await api("get_post", post_id=post_id)).etag
    first = await api(
        "update_post", as_=alice, post_id=post_id, if_match=etag, body={"title": "First"}
    )
    async with people.unchanged():
        second = await api(
            "update_post", as_=alice, post_id=post_id, if_match=etag, body={"title": "Second"}
        )
    third = await api(
        "update_post", as_=alice, post_id=post_id, if_match=f'"x", {first.etag}', body={}
    )
    anyhow = await api("update_post", as_=alice, post_id=post_id, if_match="*", body={})

    assert [first.status, second.status, third.status, anyhow.status] == [200, 412, 200, 200]
    assert second.code == "precondition_failed"


async def test_of_many_who_saw_the_same_state_one_changes_it(
    api: Api, people: People, alice: Account, post_id: int
) -> None:
    for _ in range(5):
        etag = (await api("get_post", post_id=post_id)).etag
        before = await people.stored_post(post_id)
        replies = await asyncio.gather(
            *(
                api(
                    "update_post",
                    as_=alice,
                    post_id=post_id,
                    if_match=etag,
                    body={"title": f"Number {n}"},
                )
                for n in range(20)
            )
        )
        after = await people.stored_post(post_id)
        assert before is not None
        assert after is not None

        assert sorted(reply.status for reply in replies) == [200, *[412] * 19]
        assert after["version"] == before["version"] + 1


async def test_without_a_condition_every_change_counts(
    api: Api, people: People, alice: Account, post_id: int
) -> None:
    replies = await asyncio.gather(
        *(
            api("update_post", as_=alice, post_id=post_id, body={"title": f"Number {n}"})
            for n in range(20)
        )
    )
    row = await people.stored_post(post_id)
    assert row is not None

    assert {reply.status for reply in replies} == {200}
    assert row["version"] == 21

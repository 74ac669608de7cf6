from __future__ import annotations

import asyncio

import pytest

from app.db.tables import posts
from tests.client import Api
from tests.people import Account, People


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice")


@pytest.fixture
async def post_id(people: People, alice: Account) -> int:
    return await people.post(alice)


async def test_an_author_deletes_a_post_for_good(
    api: Api, people: People, alice: Account, post_id: int
) -> None:
    other = await people.post(alice)
    reply = await api("delete_post", as_=alice, post_id=post_id)
    again = await api("delete_post", as_=alice, post_id=post_id)

    assert reply.status == 204
    assert again.code == "post_not_found"
    assert await people.stored_post(post_id) is None
    assert await people.stored_post(other) is not None


async def test_a_superuser_deletes_any_post(api: Api, people: People, alice: Account) -> None:
    draft, root = await people.post(alice, published=False), await people.superuser()

    assert (await api("delete_post", as_=root, post_id=draft)).status == 204


async def test_nobody_deletes_the_post_of_somebody_else(
    api: Api, people: People, alice: Account, post_id: int
) -> None:
    draft, bob = await people.post(alice, published=False), await people.add("bob")
    async with people.unchanged():
        published = await api("delete_post", as_=bob, post_id=post_id)
        hidden = await api("delete_post", as_=bob, post_id=draft)

    assert (published.status, published.code) == (403, "not_the_author")
    assert (hidden.status, hidden.code) == (404, "post_not_found")


async def test_a_post_that_has_changed_is_not_deleted_on_condition(
    api: Api, people: People, alice: Account, post_id: int
) -> None:
    etag = (await api("get_post", post_id=post_id)).etag
    changed = await api("update_post", as_=alice, post_id=post_id, body={"title": "New"})
    async with people.unchanged():
        reply = await api("delete_post", as_=alice, post_id=post_id, if_match=etag)
    last = await api("delete_post", as_=alice, post_id=post_id, if_match=changed.etag)

    assert (reply.status, reply.code) == (412, "precondition_failed")
    assert last.status == 204


async def test_deleting_and_changing_at_once_ends_one_way_or_the_other(
    api: Api, people: People, alice: Account
) -> None:
    for _ in range(20):
        post_id = await people.post(alice)
        changed, deleted, again = await asyncio.gather(
            api("update_post", as_=alice, post_id=post_id, body={"title": "New"}),
            api("delete_post", as_=alice, post_id=post_id),
            api("delete_post", as_=alice, post_id=post_id),
        )

        assert changed.status in {200, 404}
        assert sorted([deleted.status, again.status]) == [204, 404]
    assert await people.count(posts) == 0


async def test_a_deletion_is_noted_and_a_refused_one_is_not(api: Api, people: People) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    post_id = await people.post(alice)
    refused = await api("delete_post", as_=bob, post_id=post_id)
    assert (refused.status, await people.events()) == (403, [])
    await api("delete_post", as_=alice, post_id=post_id)

    assert await people.events() == [("post_deleted", alice.id, post_id)]

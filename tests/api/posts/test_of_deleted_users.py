"""Posts go with their author."""

from __future__ import annotations

import asyncio

from app.db.tables import posts
from tests.client import Api
from tests.people import People


async def test_the_posts_of_a_deleted_user_are_deleted(api: Api, people: People) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    post_id, bobs = await people.post(alice), await people.post(bob)
    await api("delete_user", as_=alice, user_id=alice.id)

    assert (await api("get_post", post_id=post_id)).code == "post_not_found"
    assert (await api("get_post", post_id=bobs)).status == 200
    assert await people.count(posts) == 1


async def test_writing_while_being_deleted_leaves_no_post_behind(api: Api, people: People) -> None:
    for round_ in range(10):
        alice = await people.add(f"alice{round_}")
        written, deleted = await asyncio.gather(
            api("create_post", as_=alice, body={"title": "Last", "content": "Words"}),
            api("delete_user", as_=alice, user_id=alice.id),
        )

        assert written.status in {201, 401}
        assert deleted.status == 204
    assert await people.count(posts) == 0

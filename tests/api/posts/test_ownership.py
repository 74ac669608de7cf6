"""The statements that change a post, without the decision that a handler takes before them."""

from __future__ import annotations

from app.context import Actor, Context
from app.posts import queries
from tests.people import People


async def test_an_update_meets_no_post_of_somebody_else(context: Context, people: People) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    post_id = await people.post(alice)
    stranger, root = Actor(bob.id, is_superuser=False), Actor(bob.id, is_superuser=True)

    assert await queries.update_post(context.session, post_id, stranger, {"title": "Bob"}) is None
    changed = await queries.update_post(context.session, post_id, root, {"title": "Root"})
    assert changed is not None
    assert (changed.title, changed.version) == ("Root", 2)


async def test_a_delete_meets_no_post_of_somebody_else(context: Context, people: People) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    post_id = await people.post(alice)

    for actor, is_left in ((bob, True), (alice, False)):
        await queries.delete_post(context.session, post_id, Actor(actor.id, is_superuser=False))
        row = await queries.find_post(context.session, post_id, None)
        assert (row is not None) == is_left

"""A list shows what its viewer may see, whatever the filters: compared with a plain model of it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import insert

from app.db.tables import posts
from tests.client import Api
from tests.people import Account, People

SEEDS = range(6)
REQUESTS = 40


@dataclass(frozen=True, slots=True)
class Written:
    id: int
    author_id: int
    published: bool

    def is_shown_to(self, viewer: Account | None) -> bool:
        if viewer is None:
            return self.published
        return self.published or viewer.username == "root" or viewer.id == self.author_id


async def some_posts(people: People, dice: random.Random) -> tuple[list[Account], list[Written]]:
    """Four authors, the last a superuser, and their posts, the newest first."""
    authors = [await people.add(name) for name in ("alice", "bob", "carol")]
    authors.append(await people.superuser("root"))
    share = dice.random()
    values = [
        {
            "author_id": dice.choice(authors).id,
            "published": dice.random() < share,
            "title": "Note G",
            "content": "It can do what we know.",
        }
        for _ in range(40)
    ]
    await people.execute(insert(posts).values(values))
    rows = (await people.everything())["posts"]
    return authors, [
        Written(row["id"], row["author_id"], row["published"]) for row in reversed(rows)
    ]


def some_filters(
    dice: random.Random, authors: list[Account], written: list[Written]
) -> dict[str, Any]:
    """Each filter in one of two requests; a cursor may point at a post that is hidden, or none."""
    positions = [*(post.id for post in written), 1, written[0].id + 1, 2**62]
    filters = {
        "page": dice.choice([1, 1, 2, 3, 100]),
        "page_size": dice.choice([1, 3, 10, 100]),
        "cursor": f"{dice.choice(positions):016x}",
        "author_id": dice.choice([*(author.id for author in authors), 2**62]),
        "published": dice.choice([True, False]),
    }
    return {name: value for name, value in filters.items() if dice.random() < 0.5}


def shown(written: list[Written], viewer: Account | None, filters: dict[str, Any]) -> list[int]:
    """The ids on all pages together: what `total` counts."""
    return [
        post.id
        for post in written
        if post.is_shown_to(viewer)
        and filters.get("author_id") in (None, post.author_id)
        and filters.get("published") in (None, post.published)
    ]


def on_page(ids: list[int], filters: dict[str, Any]) -> list[int]:
    size = filters.get("page_size", 50)
    if "cursor" in filters:
        return [post_id for post_id in ids if post_id < int(filters["cursor"], 16)][:size]
    first = (filters.get("page", 1) - 1) * size
    return ids[first : first + size]


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_list_of_posts_never_contains_a_foreign_draft(
    api: Api, people: People, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - chance, not a secret
    authors, written = await some_posts(people, dice)
    for _ in range(REQUESTS):
        viewer, filters = dice.choice([None, *authors]), some_filters(dice, authors, written)
        request = f"seed {seed}: {viewer and viewer.username} lists {filters}"
        ids = shown(written, viewer, filters)
        reply = await api("list_posts", as_=viewer, **filters)
        listed = [post["id"] for post in reply.body["posts"]]

        assert (request, listed) == (request, on_page(ids, filters))
        assert (request, reply.body["total"]) == (request, len(ids))
    for viewer in [None, *authors]:
        assert (seed, await followed(api, viewer)) == (seed, shown(written, viewer, {}))


async def followed(api: Api, viewer: Account | None) -> list[int]:
    """All that there is to see, page by page; a cursor names what was shown already."""
    reply = await api("list_posts", as_=viewer, page_size=7)
    listed = [post["id"] for post in reply.body["posts"]]
    while reply.body["next_cursor"]:
        assert int(reply.body["next_cursor"], 16) == listed[-1]
        cursor = reply.body["next_cursor"]
        reply = await api("list_posts", as_=viewer, page_size=7, cursor=cursor)
        listed += [post["id"] for post in reply.body["posts"]]
    return listed


async def test_the_drafts_of_others_leave_no_trace_in_a_list(api: Api, people: People) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    await people.post(alice)
    before = [await api("list_posts", as_=viewer) for viewer in (None, bob)]
    await people.drafts(alice, 3)
    after = [await api("list_posts", as_=viewer) for viewer in (None, bob)]

    assert [reply.body for reply in after] == [reply.body for reply in before]
    assert [reply.etag for reply in after] == [reply.etag for reply in before]

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.client import Api, Reply
from tests.people import Account, People


def ids(reply: Reply) -> list[int]:
    return [post["id"] for post in reply.body["posts"]]


async def walk(api: Api, viewer: Account | None, **parameters: Any) -> list[int]:
    """All pages, by cursor."""
    reply = await api("list_posts", as_=viewer, **parameters)
    seen = ids(reply)
    while reply.body["next_cursor"] is not None:
        cursor = reply.body["next_cursor"]
        reply = await api("list_posts", as_=viewer, **parameters, cursor=cursor)
        assert reply.body["page"] is None
        seen += ids(reply)
    return seen


async def test_posts_are_listed_newest_first_with_their_authors(api: Api, people: People) -> None:
    alice, bob = await people.add("alice"), await people.add("bob", full_name="Bob")
    posts = [await people.post(author) for author in (alice, bob, alice)]
    reply = await api("list_posts")

    assert ids(reply) == posts[::-1]
    assert reply.body["posts"][1]["author"] == {
        "id": bob.id,
        "username": "bob",
        "full_name": "Bob",
    }
    assert reply.body["total"] == 3
    assert reply.body["next_cursor"] is None
    assert "link" not in reply.headers


async def test_drafts_are_listed_for_their_author_and_superusers(api: Api, people: People) -> None:
    alice, bob, root = await people.add("alice"), await people.add("bob"), await people.superuser()
    published = await people.post(alice)
    draft, bobs = (
        await people.post(alice, published=False),
        await people.post(bob, published=False),
    )

    assert ids(await api("list_posts")) == [published]
    assert ids(await api("list_posts", as_=alice)) == [draft, published]
    assert ids(await api("list_posts", as_=bob)) == [bobs, published]
    assert ids(await api("list_posts", as_=root)) == [bobs, draft, published]


async def test_filters_narrow_the_list(api: Api, people: People) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    public, draft = await people.post(alice), await people.post(alice, published=False)
    bobs = await people.post(bob)
    await people.post(bob, published=False)

    async def listed(viewer: Account | None, **filters: Any) -> list[int]:
        return ids(await api("list_posts", as_=viewer, **filters))

    assert await listed(alice, published=False) == [draft]
    assert await listed(alice, published=True) == [bobs, public]
    assert await listed(alice, author_id=alice.id) == [draft, public]
    assert await listed(alice, author_id=bob.id) == [bobs]
    assert await listed(alice, author_id=bob.id, published=False) == []
    assert await listed(None, author_id=alice.id) == [public]
    assert await listed(None, published=False) == []
    assert await listed(None, author_id=2**62) == []


async def test_the_link_header_keeps_the_filters(api: Api, people: People) -> None:
    alice = await people.add("alice")
    posts = [await people.post(alice) for _ in range(3)]
    await people.post(await people.add("bob"))
    reply = await api("list_posts", author_id=alice.id, published=True, page_size=2)
    target, relation = reply.headers["link"].split("; ")
    followed = await api.http.get(target.strip("<>"))

    assert relation == 'rel="next"'
    assert [post["id"] for post in followed.json()["posts"]] == [posts[0]]
    assert followed.json()["next_cursor"] is None


async def test_pages_and_cursors_lead_through_the_same_list(api: Api, people: People) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    posts = [await people.post((alice, bob)[n % 2], published=n % 3 > 0) for n in range(12)]
    visible = [p for n, p in enumerate(posts) if n % 3 > 0 or n % 2 == 0][::-1]
    by_page = []
    for page in range(1, 8):
        by_page += ids(await api("list_posts", as_=alice, page=page, page_size=2))

    assert by_page == visible
    assert await walk(api, alice, page_size=2) == visible
    assert (await api("list_posts", as_=alice)).body["total"] == len(visible)


async def test_a_cursor_is_steady_while_posts_come_and_go(api: Api, people: People) -> None:
    alice = await people.add("alice")
    posts = [await people.post(alice) for _ in range(4)]
    first = await api("list_posts", page_size=2)
    await people.post(alice)
    await api("delete_post", as_=alice, post_id=posts[2])
    second = await api("list_posts", page_size=2, cursor=first.body["next_cursor"])

    assert ids(second) == [posts[1], posts[0]]


async def test_a_page_behind_the_end_is_empty_and_knows_the_total(api: Api, people: People) -> None:
    await people.post(await people.add("alice"))
    reply = await api("list_posts", page=100)

    assert reply.status == 200
    assert ids(reply) == []
    assert reply.body["total"] == 1


async def test_the_total_is_counted_up_to_a_thousand(api: Api, people: People) -> None:
    alice = await people.add("alice")
    await people.execute(
        text(
            "INSERT INTO posts (author_id, title, content, published) SELECT :author, 'T', 'C', "
            "n <= 1000 FROM generate_series(1, 10001) AS n"
        ).bindparams(author=alice.id)
    )
    everything = await api("list_posts", as_=alice, page=100, page_size=100)
    public = await api("list_posts", page_size=1)

    assert (everything.body["total"], everything.body["total_is_capped"]) == (1000, True)
    assert len(ids(everything)) == 100
    assert (public.body["total"], public.body["total_is_capped"]) == (1000, False)


async def test_nothing_new_is_not_sent_again(api: Api, people: People) -> None:
    alice = await people.add("alice")
    post_id = await people.post(alice)
    etag = (await api("list_posts")).etag
    again = await api("list_posts", if_none_match=etag)
    await api("update_post", as_=alice, post_id=post_id, body={"title": "New"})
    later = await api("list_posts", if_none_match=etag)

    assert again.status == 304
    assert later.status == 200
    assert later.etag != etag


async def test_the_tag_changes_when_only_the_total_does(api: Api, people: People) -> None:
    alice = await people.add("alice")
    posts = [await people.post(alice) for _ in range(3)]
    etag = (await api("list_posts", page_size=1)).etag
    await api("delete_post", as_=alice, post_id=posts[0])

    assert (await api("list_posts", page_size=1, if_none_match=etag)).status == 200


@pytest.mark.parametrize(
    "parameters",
    [
        {"author_id": 0},
        {"author_id": 2**63},
        {"author_id": "1_0"},
        {"author_id": ""},
        {"published": "yes"},
        {"published": "True"},
        {"published": 1},
        {"page": 2**63},
        {"page_size": 1000},
    ],
)
async def test_filters_beyond_the_document_are_refused(
    api: Api, parameters: dict[str, Any]
) -> None:
    reply = await api("list_posts", **parameters)

    assert (reply.status, reply.code) == (422, "invalid_input")


written = st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=12)


@given(
    written=written,
    viewer=st.integers(-1, 3),
    author=st.integers(-1, 2),
    published=st.sampled_from([None, True, False]),
    page_size=st.integers(1, 5),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_filter_and_no_cursor_shows_a_draft_to_a_stranger(
    *,
    api: Api,
    people: People,
    written: Sequence[tuple[int, bool]],
    viewer: int,
    author: int,
    published: bool | None,
    page_size: int,
) -> None:
    await people.clear()
    accounts = [await people.add(f"user{n}") for n in range(3)]
    viewers = [*accounts, await people.superuser()]
    posts = [(await people.post(accounts[n], published=public), n, public) for n, public in written]
    expected = [
        post_id
        for post_id, by, public in reversed(posts)
        if (public or viewer in {by, 3}) and author in {-1, by} and published in {None, public}
    ]
    filters: dict[str, Any] = {"page_size": page_size}
    if author >= 0:
        filters["author_id"] = accounts[author].id
    if published is not None:
        filters["published"] = published
    who = None if viewer < 0 else viewers[viewer]

    assert await walk(api, who, **filters) == expected
    assert (await api("list_posts", as_=who, **filters)).body["total"] == len(expected)

from __future__ import annotations

import pytest

from tests.client import Api
from tests.people import People


async def test_everybody_reads_a_published_post(api: Api, people: People) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    post_id = await people.post(alice)

    for viewer in (None, alice, bob):
        reply = await api("get_post", as_=viewer, post_id=post_id)
        assert reply.status == 200
        assert reply.body["id"] == post_id
        assert reply.body["author"]["username"] == "alice"


async def test_a_draft_exists_for_its_author_and_superusers_only(api: Api, people: People) -> None:
    alice, bob, root = await people.add("alice"), await people.add("bob"), await people.superuser()
    post_id = await people.post(alice, published=False)
    statuses = [
        (await api("get_post", as_=viewer, post_id=post_id)).status
        for viewer in (alice, root, bob, None)
    ]

    assert statuses == [200, 200, 404, 404]


async def test_a_draft_and_no_post_are_answered_alike(api: Api, people: People) -> None:
    draft = await people.post(await people.add("alice"), published=False)
    hidden = await api("get_post", post_id=draft)
    missing = await api("get_post", post_id=2**62)
    different = {name for name in hidden.body if hidden.body[name] != missing.body[name]}

    assert hidden.code == missing.code == "post_not_found"
    assert different == {"request_id"}
    assert hidden.headers.keys() == missing.headers.keys()


@pytest.mark.parametrize("post_id", ["0", "-1", "9223372036854775808", "x", "1.5"])
async def test_an_id_beyond_the_document_is_refused(api: Api, post_id: str) -> None:
    reply = await api("get_post", post_id=post_id)

    assert (reply.status, reply.code) == (422, "invalid_input")


async def test_nothing_new_is_not_sent_again(api: Api, people: People) -> None:
    alice = await people.add("alice")
    post_id = await people.post(alice)
    etag = (await api("get_post", post_id=post_id)).etag
    unchanged = await api("get_post", post_id=post_id, if_none_match=etag)

    assert unchanged.status == 304
    assert unchanged.body is None


async def test_the_tag_changes_with_the_post_and_with_the_name_of_its_author(
    api: Api, people: People
) -> None:
    alice = await people.add("alice")
    post_id = await people.post(alice)
    tags = [(await api("get_post", post_id=post_id)).etag]
    await api("update_user", as_=alice, user_id=alice.id, body={"bio": "New"})
    assert (await api("get_post", post_id=post_id)).etag == tags[0], "the biography is not shown"
    await api("update_user", as_=alice, user_id=alice.id, body={"full_name": "Alice"})
    tags.append((await api("get_post", post_id=post_id)).etag)
    await api("update_post", as_=alice, post_id=post_id, body={"title": "New"})
    tags.append((await api("get_post", post_id=post_id)).etag)

    assert len(set(tags)) == 3

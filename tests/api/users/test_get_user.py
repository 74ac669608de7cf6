from __future__ import annotations

import pytest

from tests.client import Api
from tests.people import People

PRIVATE = {"email", "is_active", "is_superuser"}
PUBLIC = {"id", "username", "full_name", "bio", "created_at", "updated_at"}


async def test_everybody_sees_the_public_profile(api: Api, people: People) -> None:
    alice, bob = await people.add("alice", bio="Hello"), await people.add("bob")

    for viewer in (None, bob):
        reply = await api("get_user", as_=viewer, user_id=alice.id)
        assert reply.status == 200
        assert reply.body.keys() == PUBLIC
        assert reply.body["username"] == "alice"
        assert reply.body["bio"] == "Hello"


async def test_the_user_and_superusers_see_all_of_it(api: Api, people: People) -> None:
    alice, root = await people.add("alice"), await people.superuser()

    for viewer in (alice, root):
        reply = await api("get_user", as_=viewer, user_id=alice.id)
        assert reply.body.keys() == PUBLIC | PRIVATE


async def test_a_disabled_user_is_still_there(api: Api, people: People) -> None:
    alice = await people.add("alice", is_active=False)

    assert (await api("get_user", user_id=alice.id)).status == 200


@pytest.mark.parametrize("user_id", [1, 9223372036854775807])
async def test_a_user_who_does_not_exist_is_not_found(api: Api, user_id: int) -> None:
    reply = await api("get_user", user_id=user_id)

    assert (reply.status, reply.code) == (404, "user_not_found")


@pytest.mark.parametrize(
    "user_id",
    ["0", "-1", "9223372036854775808", "9" * 5000, "1.5", "+1", "1_0", " 1", "x", "%00", "1%00"],
)
async def test_an_id_beyond_the_document_is_refused(api: Api, user_id: str) -> None:
    reply = await api("get_user", user_id=user_id)

    assert (reply.status, reply.code) == (422, "invalid_input")
    assert reply.body["errors"][0]["parameter"] == "user_id"


async def test_the_tag_tells_what_each_viewer_sees(api: Api, people: People) -> None:
    alice = await people.add("alice")
    public = await api("get_user", user_id=alice.id)
    private = await api("get_user", as_=alice, user_id=alice.id)
    again = await api("get_user", user_id=alice.id, if_none_match=public.etag)

    assert public.etag != private.etag
    assert again.status == 304
    assert (await api("get_user", user_id=alice.id, if_none_match="*")).status == 304
    assert (await api("get_user", user_id=alice.id, if_none_match=private.etag)).status == 200

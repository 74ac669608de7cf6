from __future__ import annotations

import asyncio

import pytest

from app.db.tables import refresh_families, users
from tests.client import Api
from tests.people import People


async def test_a_user_deletes_the_own_account_with_all_that_belongs_to_it(
    api: Api, people: People
) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    reply = await api("delete_user", as_=alice, user_id=alice.id)

    assert reply.status == 204
    assert (await api("get_user", user_id=alice.id)).code == "user_not_found"
    assert (await api("get_user", user_id=bob.id)).status == 200
    assert [await people.count(t) for t in (users, refresh_families)] == [1, 1]


async def test_the_name_is_free_again(api: Api, people: People) -> None:
    alice = await people.add("alice")
    await api("delete_user", as_=alice, user_id=alice.id)
    body = {"email": alice.email, "username": alice.username, "password": alice.password}
    reply = await api("register_user", body=body)

    assert reply.status == 201
    assert reply.body["id"] != alice.id


async def test_tokens_of_a_deleted_user_stop_working(api: Api, people: People) -> None:
    alice, root = await people.add("alice"), await people.superuser()
    await api("delete_user", as_=root, user_id=alice.id)
    form = {"grant_type": "refresh_token", "refresh_token": alice.refresh_token}

    assert (await api("delete_user", as_=alice, user_id=alice.id)).code == "invalid_token"
    assert (await api("refresh_token", body=form)).code == "invalid_grant"


@pytest.mark.parametrize("exists", [True, False])
async def test_nobody_deletes_somebody_else(api: Api, people: People, exists: bool) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    async with people.unchanged():
        reply = await api("delete_user", as_=bob, user_id=alice.id if exists else 2**62)

    assert (reply.status, reply.code) == (403, "not_yourself")


async def test_a_user_who_does_not_exist_is_not_found(api: Api, people: People) -> None:
    reply = await api("delete_user", as_=await people.superuser(), user_id=2**62)

    assert (reply.status, reply.code) == (404, "user_not_found")


async def test_the_last_superuser_stays(api: Api, people: People) -> None:
    root = await people.superuser()
    async with people.unchanged():
        reply = await api("delete_user", as_=root, user_id=root.id)

    assert (reply.status, reply.code) == (409, "last_superuser")


async def test_a_disabled_superuser_can_be_deleted(api: Api, people: People) -> None:
    root = await people.superuser()
    disabled = await people.add("disabled", is_superuser=True, is_active=False)

    assert (await api("delete_user", as_=root, user_id=disabled.id)).status == 204


async def test_an_account_that_has_changed_is_not_deleted_on_condition(
    api: Api, people: People
) -> None:
    alice = await people.add("alice")
    etag = (await api("get_me", as_=alice)).etag
    changed = await api("update_user", as_=alice, user_id=alice.id, body={"bio": "New"})
    async with people.unchanged():
        reply = await api("delete_user", as_=alice, user_id=alice.id, if_match=etag)

    assert (reply.status, reply.code) == (412, "precondition_failed")
    last = await api("delete_user", as_=alice, user_id=alice.id, if_match=changed.etag)
    assert last.status == 204


async def test_deleting_and_changing_at_once_ends_one_way_or_the_other(
    api: Api, people: People
) -> None:
    root = await people.superuser()
    for round_ in range(10):
        alice = await people.add(f"alice{round_}")
        replies = await asyncio.gather(
            api("update_user", as_=root, user_id=alice.id, body={"bio": "New"}),
            api("delete_user", as_=alice, user_id=alice.id),
        )

        assert replies[0].status in {200, 404}
        assert replies[1].status == 204
        assert await people.user(alice.id) is None

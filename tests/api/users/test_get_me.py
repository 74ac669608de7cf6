from __future__ import annotations

import pytest

from app.context import Actor, Context
from app.users.handlers import get_me
from generated.problems import InvalidToken
from tests.client import Api
from tests.people import People


async def test_you_see_your_own_account_private_members_included(api: Api, people: People) -> None:
    alice = await people.add("alice", full_name="Alice", bio=None)
    reply = await api("get_me", as_=alice)

    assert reply.status == 200
    assert reply.body["id"] == alice.id
    assert reply.body["email"] == "alice@example.com"
    assert reply.body["is_active"] is True
    assert reply.body["is_superuser"] is False
    assert reply.body["full_name"] == "Alice"
    assert reply.body["bio"] is None


async def test_it_is_the_same_resource_as_your_entry_among_users(api: Api, people: People) -> None:
    alice = await people.add("alice")
    me = await api("get_me", as_=alice)
    user = await api("get_user", as_=alice, user_id=alice.id)

    assert me.body == user.body
    assert me.etag == user.etag


async def test_nothing_new_is_not_sent_again(api: Api, people: People) -> None:
    alice = await people.add("alice")
    etag = (await api("get_me", as_=alice)).etag
    unchanged = await api("get_me", as_=alice, if_none_match=f'"other", W/{etag}')
    await api("update_user", as_=alice, user_id=alice.id, body={"bio": "New"})
    changed = await api("get_me", as_=alice, if_none_match=etag)

    assert unchanged.status == 304
    assert unchanged.etag == etag
    assert changed.status == 200
    assert changed.etag != etag


async def test_a_disabled_users_token_stops_working_at_once(api: Api, people: People) -> None:
    alice = await people.add("alice")
    await people.change(alice, is_active=False)

    assert (await api("get_me", as_=alice)).code == "invalid_token"


async def test_a_deleted_users_token_stops_working_at_once(api: Api, people: People) -> None:
    alice = await people.add("alice")
    await api("delete_user", as_=alice, user_id=alice.id)

    assert (await api("get_me", as_=alice)).code == "invalid_token"


async def test_a_token_of_one_user_for_the_sign_in_of_another_is_refused(
    api: Api, people: People
) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    token = people.tokens.read_refresh_token(bob.refresh_token)
    assert token is not None
    mixed = people.tokens.issue_access_token(alice.id, token.family_id, people.now())

    assert (await api("get_me", as_=mixed)).code == "invalid_token"


async def test_an_access_token_ends_with_its_sign_in(api: Api, people: People) -> None:
    alice = await people.add("alice")
    await people.age(alice, expires_at=people.now())

    assert (await api("get_me", as_=alice)).code == "invalid_token"


async def test_a_rank_that_was_taken_away_is_gone_at_the_next_request(
    api: Api, people: People
) -> None:
    await people.superuser("root")
    other = await people.superuser("other")
    bob = await people.add("bob")
    await people.change(other, is_superuser=False)
    reply = await api("get_user", as_=other, user_id=bob.id)

    assert "email" not in reply.body


async def test_a_user_who_was_deleted_after_the_token_was_checked_has_no_account(
    context: Context,
) -> None:
    with pytest.raises(InvalidToken):
        await get_me(context, Actor(id=2**62, is_superuser=False))

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from app.db.moments import datetime_of
from tests.client import Api, Reply
from tests.people import Account, People


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice")


def form(token: str, **fields: Any) -> dict[str, Any]:
    return {"grant_type": "refresh_token", "refresh_token": token, **fields}


def lasts(family: dict[str, Any], since: str) -> timedelta:
    return datetime_of(family["expires_at"]) - datetime_of(family[since])


async def refresh(api: Api, token: str) -> Reply:
    return await api("refresh_token", body=form(token))


async def test_a_refresh_token_gives_the_next_pair(
    api: Api, people: People, alice: Account
) -> None:
    reply = await refresh(api, alice.refresh_token)
    next_one = await refresh(api, reply.body["refresh_token"])

    assert reply.status == 200
    assert reply.body["token_type"] == "bearer"
    assert reply.body["expires_in"] == 1800
    assert reply.headers["cache-control"] == "no-store"
    assert reply.body["refresh_token"] != alice.refresh_token
    assert (await api("get_me", as_=reply.body["access_token"])).body["id"] == alice.id
    assert next_one.status == 200
    assert (await api("get_me", as_=alice)).status == 200, "the sign-in goes on"


async def test_of_many_who_present_it_at_once_one_wins_and_all_get_the_same(
    api: Api, people: People, alice: Account
) -> None:
    token = alice.refresh_token
    for generation in range(2, 7):
        replies = await asyncio.gather(*(refresh(api, token) for _ in range(50)))
        family = await people.family(alice)
        assert family is not None

        assert {reply.status for reply in replies} == {200}
        assert len({reply.body["refresh_token"] for reply in replies}) == 1
        assert family["generation"] == generation
        assert family["revoked_at"] is None
        token = replies[0].body["refresh_token"]


async def test_the_one_before_is_answered_with_the_newest_for_ten_seconds(
    api: Api, people: People, alice: Account
) -> None:
    first = await refresh(api, alice.refresh_token)
    await people.age(alice, rotated_at=people.now() - timedelta(seconds=9))
    again = await refresh(api, alice.refresh_token)
    family = await people.family(alice)
    assert family is not None

    assert again.body["refresh_token"] == first.body["refresh_token"]
    assert (await api("get_me", as_=again.body["access_token"])).status == 200
    assert family["generation"] == 2


async def test_the_one_before_that_comes_late_ends_the_sign_in(
    api: Api, people: People, alice: Account
) -> None:
    first = await refresh(api, alice.refresh_token)
    await people.age(alice, rotated_at=people.now() - timedelta(seconds=11))
    reply = await refresh(api, alice.refresh_token)
    family = await people.family(alice)
    assert family is not None

    assert (reply.status, reply.code) == (400, "invalid_grant")
    assert reply.body["error"] == "invalid_grant"
    assert family["revoked_at"] is not None, "it is in the database, although refused"
    assert (await refresh(api, first.body["refresh_token"])).code == "invalid_grant"
    assert (await api("get_me", as_=first.body["access_token"])).code == "invalid_token"
    assert (await api("get_me", as_=alice)).code == "invalid_token"


async def test_an_older_one_ends_the_sign_in_at_once(
    api: Api, people: People, alice: Account
) -> None:
    """Three exchanges within one second: it is the number that counts, not the time."""
    other = await people.again(alice)
    token = alice.refresh_token
    for _ in range(3):
        token = (await refresh(api, token)).body["refresh_token"]
    reply = await refresh(api, alice.refresh_token)
    family = await people.family(alice)
    assert family is not None

    assert reply.code == "invalid_grant"
    assert family["revoked_at"] is not None
    assert (await refresh(api, token)).code == "invalid_grant"
    assert (await api("get_me", as_=other)).status == 200, "other sign-ins go on"


async def test_a_number_that_was_never_issued_is_refused_and_harms_nobody(
    api: Api, people: People, alice: Account
) -> None:
    """As after restoring a backup: the token is genuine, and the database knows nothing of it."""
    issued = people.tokens.read_refresh_token(alice.refresh_token)
    assert issued is not None
    ahead = people.tokens.issue_refresh_token(issued.family_id, 5)
    async with people.unchanged():
        reply = await refresh(api, ahead)

    assert reply.code == "invalid_grant"
    assert (await refresh(api, alice.refresh_token)).status == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: re.sub(r"\.1\.", ".2.", token),
        lambda token: "0" * 32 + token[32:],
        lambda token: token.partition(".")[0],
        lambda token: token + "\u00e9",
        lambda _: "x" * 500,
    ],
)
async def test_a_forged_token_is_refused_and_harms_nobody(
    api: Api, people: People, alice: Account, change: Any
) -> None:
    async with people.unchanged():
        reply = await refresh(api, change(alice.refresh_token))

    assert (reply.status, reply.code) == (400, "invalid_grant")


async def test_an_access_token_is_no_refresh_token(
    api: Api, people: People, alice: Account
) -> None:
    async with people.unchanged():
        assert (await refresh(api, alice.access_token)).code == "invalid_grant"


@pytest.mark.parametrize("grant_type", ["password", "REFRESH_TOKEN", "x"])
async def test_another_grant_type_is_not_served(
    api: Api, people: People, alice: Account, grant_type: str
) -> None:
    async with people.unchanged():
        body = form(alice.refresh_token, grant_type=grant_type)
        reply = await api("refresh_token", body=body)

    assert (reply.status, reply.code) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"refresh_token": "x"},
        {"grant_type": "refresh_token"},
        form(""),
        form("x" * 501),
        form("a\0b"),
        form("x", unknown="1"),
        form("x", username="alice"),
    ],
)
async def test_a_form_beyond_the_document_is_refused(api: Api, body: dict[str, Any]) -> None:
    reply = await api("refresh_token", body=body)

    assert (reply.status, reply.code) == (400, "invalid_request")


async def test_a_disabled_user_cannot_go_on(api: Api, people: People, alice: Account) -> None:
    await people.change(alice, is_active=False)

    assert (await refresh(api, alice.refresh_token)).code == "invalid_grant"


async def test_a_sign_in_ends_when_it_is_not_renewed_and_thirty_days_after_it_began(
    api: Api, people: People, alice: Account
) -> None:
    now = people.now()
    await people.age(alice, created_at=now - timedelta(days=20))
    reply = await refresh(api, alice.refresh_token)
    family = await people.family(alice)
    assert family is not None
    assert lasts(family, "created_at") == timedelta(days=30)

    other = await people.again(alice)
    await refresh(api, other.refresh_token)
    family = await people.family(other)
    assert family is not None
    assert lasts(family, "rotated_at") == timedelta(days=14)

    await people.age(alice, expires_at=people.now())
    assert (await refresh(api, reply.body["refresh_token"])).code == "invalid_grant"


async def test_renewing_and_signing_out_at_once_leaves_nobody_signed_in(
    api: Api, people: People, alice: Account
) -> None:
    for _ in range(20):
        account = await people.again(alice)
        renewed, revoked = await asyncio.gather(
            refresh(api, account.refresh_token),
            api("revoke_token", body={"token": account.refresh_token}),
        )

        assert revoked.status == 200
        if renewed.status == 200:
            assert (await refresh(api, renewed.body["refresh_token"])).code == "invalid_grant"
            token = renewed.body["access_token"]
            assert (await api("get_me", as_=token)).code == "invalid_token"


async def test_an_address_renews_tokens_so_often_and_no_more(
    strict: Api, people: People, alice: Account
) -> None:
    replies = [await refresh(strict, alice.refresh_token) for _ in range(12)]
    async with people.unchanged():
        refused = await refresh(strict, alice.refresh_token)

    assert {reply.status for reply in replies} == {200}
    assert replies[0].headers["ratelimit"] == '"renewal";r=11;t=300'
    assert (refused.status, refused.code) == (429, "too_many_requests")

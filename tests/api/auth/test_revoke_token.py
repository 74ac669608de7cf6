from __future__ import annotations

from typing import Any

import pytest

from tests.client import Api
from tests.people import Account, People


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice")


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
@pytest.mark.parametrize("hint", [None, "", "refresh_token", "access_token", "x"])
async def test_either_token_ends_the_sign_in_whatever_the_hint(
    api: Api, people: People, alice: Account, kind: str, hint: str | None
) -> None:
    body = {"token": getattr(alice, kind)}
    reply = await api(
        "revoke_token", body=body if hint is None else {**body, "token_type_hint": hint}
    )
    form = {"grant_type": "refresh_token", "refresh_token": alice.refresh_token}

    assert reply.status == 200
    assert reply.body is None
    assert reply.headers["cache-control"] == "no-store"
    assert (await api("get_me", as_=alice)).code == "invalid_token"
    assert (await api("refresh_token", body=form)).code == "invalid_grant"


async def test_other_sign_ins_of_the_user_go_on(api: Api, people: People, alice: Account) -> None:
    other = await people.again(alice)
    await api("revoke_token", body={"token": alice.refresh_token})

    assert (await api("get_me", as_=other)).status == 200


async def test_a_refresh_token_that_was_replaced_still_signs_out(
    api: Api, people: People, alice: Account
) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": alice.refresh_token}
    renewed = await api("refresh_token", body=form)
    await api("revoke_token", body={"token": alice.refresh_token})

    assert (await api("get_me", as_=renewed.body["access_token"])).code == "invalid_token"


@pytest.mark.parametrize("token", ["x", "a.b.c", "0" * 32 + ".1." + "A" * 43, "\u00e9" * 2000])
async def test_an_unknown_token_is_answered_alike_and_changes_nothing(
    api: Api, people: People, alice: Account, token: str
) -> None:
    async with people.unchanged():
        reply = await api("revoke_token", body={"token": token})

    assert reply.status == 200


async def test_signing_out_twice_is_the_same_as_once(
    api: Api, people: People, alice: Account
) -> None:
    await api("revoke_token", body={"token": alice.refresh_token})
    async with people.unchanged():
        reply = await api("revoke_token", body={"token": alice.refresh_token})

    assert reply.status == 200


@pytest.mark.parametrize(
    "body",
    [{}, {"token": ""}, {"token": "x" * 4097}, {"token": "a\0b"}, {"token": "x", "unknown": "1"}],
)
async def test_a_form_beyond_the_document_is_refused(api: Api, body: dict[str, Any]) -> None:
    reply = await api("revoke_token", body=body)

    assert (reply.status, reply.code) == (400, "invalid_request")

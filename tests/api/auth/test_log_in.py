from __future__ import annotations

import asyncio
from typing import Any

import bcrypt
import jwt
import pytest
from fastapi import FastAPI

from app.security.passwords import hash_password
from tests.client import Api
from tests.people import PASSWORD, Account, People


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice", email="Alice@example.com")


def form(username: str = "alice", password: str = PASSWORD, **fields: Any) -> dict[str, Any]:
    return {"username": username, "password": password, **fields}


async def test_signing_in_gives_tokens_that_work(api: Api, alice: Account) -> None:
    reply = await api("log_in", body=form(grant_type="password"))
    me = await api("get_me", as_=reply.body["access_token"])
    renewed = await api(
        "refresh_token",
        body={"grant_type": "refresh_token", "refresh_token": reply.body["refresh_token"]},
    )

    assert reply.status == 200
    assert reply.body["token_type"] == "bearer"
    assert reply.body["expires_in"] == 1800
    assert reply.headers["cache-control"] == "no-store"
    assert me.body["id"] == alice.id
    assert renewed.status == 200


@pytest.mark.parametrize("name", ["alice", "ALICE", "Alice@example.com", "alice@EXAMPLE.com"])
async def test_user_name_and_email_address_are_taken_in_any_case(
    api: Api, alice: Account, name: str
) -> None:
    assert (await api("log_in", body=form(name))).status == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"grant_type": ""},
        {"scope": ""},
        {"scope": "read write", "client_id": "spa", "client_secret": "x"},
    ],
)
async def test_what_oauth_libraries_send_besides_changes_nothing(
    api: Api, alice: Account, fields: dict[str, str]
) -> None:
    assert (await api("log_in", body=form(**fields))).status == 200


@pytest.mark.parametrize("grant_type", ["refresh_token", "authorization_code", "PASSWORD", " "])
async def test_another_grant_type_is_not_served(
    api: Api, people: People, alice: Account, grant_type: str
) -> None:
    async with people.unchanged():
        reply = await api("log_in", body=form(grant_type=grant_type))

    assert (reply.status, reply.code) == (400, "unsupported_grant_type")
    assert reply.body["error"] == "unsupported_grant_type"
    assert reply.body["error_description"] == reply.body["detail"]


async def test_unknown_wrong_and_disabled_cannot_be_told_apart(
    api: Api, people: People, alice: Account
) -> None:
    await people.add("bob", is_active=False)
    async with people.unchanged():
        replies = [
            await api("log_in", body=form("nobody")),
            await api("log_in", body=form("nobody@example.com")),
            await api("log_in", body=form("alice", "wrong")),
            await api("log_in", body=form("bob")),
            await api("log_in", body=form("bob", "wrong")),
        ]
    bodies = [{**reply.body, "request_id": ""} for reply in replies]

    assert {reply.code for reply in replies} == {"invalid_credentials"}
    assert {reply.status for reply in replies} == {401}
    assert all(body == bodies[0] for body in bodies)
    assert len({tuple(reply.headers.keys()) for reply in replies}) == 1
    assert {reply.headers["content-length"] for reply in replies} == {
        replies[0].headers["content-length"]
    }
    assert bodies[0]["error"] == "invalid_grant"
    assert replies[0].headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "password", ["Analytical-Engine-1843", PASSWORD + " ", PASSWORD[:-1], "x" * 100, "\U0001f511"]
)
async def test_only_the_whole_password_is_right(api: Api, alice: Account, password: str) -> None:
    assert (await api("log_in", body=form(password=password))).code == "invalid_credentials"


@pytest.mark.parametrize(
    "name", ["' OR 1=1 --", "alice%", "_lice", "al\u0131ce", "\u212alice", "alice ", "@"]
)
async def test_a_name_is_compared_as_it_is(api: Api, alice: Account, name: str) -> None:
    assert (await api("log_in", body=form(name))).code == "invalid_credentials"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "alice"},
        {"password": PASSWORD},
        form(username=""),
        form(password=""),
        form(password="x" * 101),
        form(username="a" * 255),
        form(password="a\0b"),
        form(unknown="1"),
        {**form(), "username": ["alice", "bob"]},
        form(scope="x" * 1001),
    ],
)
async def test_a_form_beyond_the_document_is_refused(
    api: Api, people: People, alice: Account, body: dict[str, Any]
) -> None:
    async with people.unchanged():
        reply = await api("log_in", body=body)

    assert (reply.status, reply.code) == (400, "invalid_request")
    assert reply.body["error"] == "invalid_request"
    assert PASSWORD not in str(reply.body)


async def test_a_bcrypt_hash_is_replaced_when_its_user_signs_in(api: Api, people: People) -> None:
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    alice = await people.add("alice", password_hash=old)
    refused = await api("log_in", body=form(password="wrong"))
    before = await people.user(alice.id)
    accepted = await api("log_in", body=form())
    after = await people.user(alice.id)
    assert before is not None
    assert after is not None

    assert [refused.status, accepted.status] == [401, 200]
    assert before["password_hash"] == old
    assert after["password_hash"].startswith("$argon2id$")
    assert {name for name in after if after[name] != before[name]} == {"password_hash"}
    assert (await api("log_in", body=form())).status == 200
    assert (await api("get_me", as_=alice)).status == 200, "it is the same password"


async def test_each_sign_in_is_one_of_its_own(api: Api, people: People, alice: Account) -> None:
    first, second = [(await api("log_in", body=form())).body for _ in range(2)]
    await api("revoke_token", body={"token": first["refresh_token"]})

    assert (await api("get_me", as_=first["access_token"])).code == "invalid_token"
    assert (await api("get_me", as_=second["access_token"])).status == 200
    assert (await api("get_me", as_=alice)).status == 200


async def test_a_token_says_no_more_than_it_must(api: Api, alice: Account) -> None:
    reply = await api("log_in", body=form())
    claims = jwt.decode(reply.body["access_token"], options={"verify_signature": False})

    assert claims.keys() == {"iss", "aud", "sub", "sid", "jti", "iat", "exp"}
    assert claims["sub"] == str(alice.id)


async def test_a_password_that_changes_while_it_is_checked_leaves_nobody_signed_in(
    api: Api, people: People, alice: Account
) -> None:
    """Whichever comes first: no sign-in with the old password outlives the new one."""
    for _ in range(5):
        await people.change(alice, password_hash=hash_password(PASSWORD))
        account = await people.again(alice)
        change = api(
            "update_user",
            as_=account,
            user_id=alice.id,
            body={"password": "bernoulli-numbers-b7", "current_password": PASSWORD},
        )
        signed_in, changed = await asyncio.gather(api("log_in", body=form()), change)

        assert changed.status == 200
        if signed_in.status == 200:
            reply = await api("get_me", as_=signed_in.body["access_token"])
            assert reply.code == "invalid_token"


async def test_a_flood_of_sign_ins_is_refused_in_good_time(
    api: Api, people: People, alice: Account, service: FastAPI
) -> None:
    replies = await asyncio.gather(
        *(api("log_in", body=form(password="wrong")) for _ in range(60)),
        *(api("get_user", user_id=alice.id) for _ in range(10)),
    )
    codes = [reply.code for reply in replies[:60]]

    assert set(codes) == {"invalid_credentials", "unavailable"}
    assert {reply.status for reply in replies[60:]} == {200}
    assert all(r.headers["retry-after"] for r in replies if r.status == 503)
    assert (await api("log_in", body=form())).status == 200

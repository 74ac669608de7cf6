from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.db.tables import users
from app.security.passwords import verify_password
from tests.client import Api
from tests.people import People

BODY = {"email": "Ada@Example.com", "username": "Ada", "password": "analytical-engine-1843"}
LEFT_OUT = object()


def body(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in {**BODY, **changed}.items() if value is not LEFT_OUT}


async def test_somebody_registers_and_gets_the_account(api: Api) -> None:
    reply = await api("register_user", body=body(full_name="Ada Lovelace", bio="Programs."))

    assert reply.status == 201
    assert reply.body["email"] == "Ada@Example.com"
    assert reply.body["username"] == "Ada"
    assert reply.body["full_name"] == "Ada Lovelace"
    assert reply.body["bio"] == "Programs."
    assert reply.body["is_active"] is True
    assert reply.body["is_superuser"] is False
    assert reply.body["created_at"] == reply.body["updated_at"]
    assert reply.headers["location"] == f"/api/v1/users/{reply.body['id']}"


async def test_the_answers_tag_is_the_one_that_the_user_gets_later(
    api: Api, people: People
) -> None:
    created = await api("register_user", body=BODY)
    ada = await people.sign_in(created.body["id"], "Ada", BODY["email"])
    read = await api("get_user", as_=ada, user_id=ada.id)

    assert read.etag == created.etag
    assert read.body == created.body


@pytest.mark.parametrize("absent", [LEFT_OUT, None])
async def test_a_profile_may_be_left_out_or_null(api: Api, absent: Any) -> None:
    reply = await api("register_user", body=body(full_name=absent, bio=absent))

    assert reply.status == 201
    assert reply.body["full_name"] is None
    assert reply.body["bio"] is None


async def test_only_a_hash_of_the_password_is_kept(api: Api, people: People) -> None:
    reply = await api("register_user", body=BODY)
    row = await people.user(reply.body["id"])

    assert row is not None
    assert row["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert verify_password(BODY["password"], row["password_hash"]).matches
    assert BODY["password"] not in str(row)
    assert BODY["password"] not in str(reply.body)


@pytest.mark.parametrize("email", ["Ada@Example.com", "ada@example.com", "ADA@EXAMPLE.COM"])
async def test_an_email_address_is_taken_in_any_case(api: Api, people: People, email: str) -> None:
    await api("register_user", body=BODY)
    async with people.unchanged():
        reply = await api("register_user", body=body(email=email, username="other"))

    assert (reply.status, reply.code) == (409, "email_taken")
    assert "already exists" in reply.body["detail"]


@pytest.mark.parametrize("username", ["Ada", "ada", "ADA"])
async def test_a_user_name_is_taken_in_any_case(api: Api, people: People, username: str) -> None:
    await api("register_user", body=BODY)
    async with people.unchanged():
        reply = await api("register_user", body=body(email="o@example.com", username=username))

    assert (reply.status, reply.code) == (409, "username_taken")
    assert "already exists" in reply.body["detail"]


async def test_of_many_who_want_the_same_name_at_once_one_gets_it(api: Api, people: People) -> None:
    replies = await asyncio.gather(
        *(
            api("register_user", body=body(email=("ada@example.com", "ADA@example.com")[n % 2]))
            for n in range(16)
        )
    )
    statuses = sorted(reply.status for reply in replies)

    assert statuses == [201, *[409] * 15]
    assert await people.count(users) == 1


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"email": LEFT_OUT}, "#/email"),
        ({"username": LEFT_OUT}, "#/username"),
        ({"password": LEFT_OUT}, "#/password"),
        ({"email": None}, "#/email"),
        ({"email": "ada"}, "#/email"),
        ({"email": "ada@example"}, "#/email"),
        ({"email": "a@b@example.com"}, "#/email"),
        ({"email": "ada@example.com\n"}, "#/email"),
        ({"email": "\u00e4da@example.com"}, "#/email"),
        ({"email": "a" * 243 + "@example.com"}, "#/email"),
        ({"username": "ab"}, "#/username"),
        ({"username": "a" * 51}, "#/username"),
        ({"username": "a b"}, "#/username"),
        ({"username": "-ada"}, "#/username"),
        ({"username": "ada@home"}, "#/username"),
        ({"username": "\u0430da"}, "#/username"),
        ({"username": 7}, "#/username"),
        ({"password": "short-7"}, "#/password"),
        ({"password": "x" * 101}, "#/password"),
        ({"password": "null\0null"}, "#/password"),
        ({"full_name": "x" * 101}, "#/full_name"),
        ({"bio": "x" * 2001}, "#/bio"),
        ({"bio": "\0"}, "#/bio"),
    ],
)
async def test_a_body_beyond_the_document_is_refused(
    api: Api, people: People, changed: dict[str, Any], pointer: str
) -> None:
    async with people.unchanged():
        reply = await api("register_user", body=body(**changed))

    assert (reply.status, reply.code) == (422, "invalid_input")
    assert {error["pointer"] for error in reply.body["errors"]} == {pointer}
    assert BODY["password"] not in str(reply.body)


@pytest.mark.parametrize(
    "password", ["password1", "ILoveYou", "1qaz2wsx", "ada@example.com", "Ada-1843", "colophon!"]
)
async def test_a_password_that_is_guessed_first_is_refused(
    api: Api, people: People, password: str
) -> None:
    async with people.unchanged():
        reply = await api("register_user", body=body(password=password))

    assert (reply.status, reply.code) == (422, "password_too_common")
    assert [error["pointer"] for error in reply.body["errors"]] == ["#/password"]
    assert password not in str(reply.body)


@pytest.mark.parametrize(
    "column",
    ["id", "is_superuser", "is_active", "password_hash", "version", "token_epoch", "created_at"],
)
async def test_nobody_sets_what_is_not_theirs_to_set(api: Api, people: People, column: str) -> None:
    async with people.unchanged():
        reply = await api("register_user", body=body(**{column: True}))

    assert (reply.status, reply.code) == (422, "invalid_input")


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("email", "a" * 64 + "@" + ".".join(["b" * 63] * 2 + ["c" * 61])),
        ("username", "a" * 50),
        ("username", "_._"),
        ("password", "x" * 100),
        ("password", "\U0001f511" * 100),
        ("full_name", "\U0001f511" * 100),
        ("full_name", ""),
        ("bio", "\u00e9" * 2000),
    ],
)
async def test_the_longest_values_of_the_document_are_stored(
    api: Api, people: People, member: str, value: str
) -> None:
    reply = await api("register_user", body=body(**{member: value}))

    assert reply.status == 201, reply.body
    assert reply.body.get(member, value) == value


async def test_an_authorization_header_is_ignored(api: Api) -> None:
    assert (await api("register_user", as_="nonsense", body=BODY)).status == 201


async def test_an_address_registers_so_many_accounts_and_no_more(
    strict: Api, people: People
) -> None:
    replies = [
        await strict("register_user", body=body(username=f"ada{n}", email=f"ada{n}@example.com"))
        for n in range(2)
    ]
    async with people.unchanged():
        refused = await strict("register_user", body=BODY)

    assert [reply.status for reply in replies] == [201, 201]
    assert replies[0].headers["ratelimit"] == '"registration";r=1;t=300'
    assert (refused.status, refused.code) == (429, "too_many_requests")
    assert refused.headers["ratelimit-policy"] == '"registration";q=2;w=300, "passwords";q=40;w=300'


async def test_registering_holds_no_connection_while_hashing(narrow: Api, people: People) -> None:
    """Twenty hashes one after another take longer than the pool lets anybody wait."""
    alice = await people.add("alice")
    bodies = [body(username=f"ada{n}", email=f"ada{n}@example.com") for n in range(20)]
    hashing = [asyncio.create_task(narrow("register_user", body=one)) for one in bodies]
    reading = 0
    while not all(task.done() for task in hashing):
        assert (await narrow("get_user", user_id=alice.id)).status == 200
        reading += 1

    assert {task.result().status for task in hashing} == {201}
    assert reading > 1

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.context import Actor, Context
from app.security.passwords import verify_password
from app.users.passwords import new_password
from generated.problems import WrongPassword
from generated.schemas import UserUpdate
from tests.client import Api
from tests.people import PASSWORD, Account, People

NEW = "bernoulli-numbers-b7"
BOTH = ["application/merge-patch+json", "application/json"]


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice", full_name="Alice", bio="Old")


@pytest.mark.parametrize("media_type", BOTH)
async def test_a_patch_changes_what_it_contains_and_nothing_else(
    api: Api, people: People, alice: Account, media_type: str
) -> None:
    before = await people.user(alice.id)
    assert before is not None
    reply = await api(
        "update_user", as_=alice, user_id=alice.id, body={"bio": "New"}, media_type=media_type
    )
    after = await people.user(alice.id)
    assert after is not None

    assert reply.status == 200
    assert reply.body["bio"] == "New"
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"bio", "version", "updated_at"}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("full_name", None),
        ("bio", None),
        ("full_name", ""),
        ("email", "New@example.com"),
        ("email", "ALICE@example.com"),
        ("username", "ALICE"),
    ],
)
async def test_null_empties_and_absence_keeps(
    api: Api, people: People, alice: Account, column: str, value: str | None
) -> None:
    reply = await api("update_user", as_=alice, user_id=alice.id, body={column: value})
    row = await people.user(alice.id)
    assert row is not None

    assert reply.body[column] == value
    assert row[column] == value
    assert {row["full_name"], row["bio"]} - {value} <= {"Alice", "Old"}


async def test_an_empty_patch_changes_nothing(api: Api, people: People, alice: Account) -> None:
    etag = (await api("get_me", as_=alice)).etag
    async with people.unchanged():
        reply = await api("update_user", as_=alice, user_id=alice.id, body={})

    assert reply.status == 200
    assert reply.etag == etag


@pytest.mark.parametrize(
    "body",
    [
        {"email": None},
        {"username": None},
        {"password": NEW},
        {"current_password": PASSWORD},
        {"password": None, "current_password": PASSWORD},
        {"id": 7},
        {"password_hash": "x"},
        {"version": 7},
        {"created_at": "2026-01-01T00:00:00Z"},
        [],
        None,
    ],
)
async def test_a_patch_beyond_the_document_is_refused(
    api: Api, people: People, alice: Account, body: Any
) -> None:
    content = None if body is not None else b"null"
    async with people.unchanged():
        reply = await api("update_user", as_=alice, user_id=alice.id, body=body, content=content)

    assert (reply.status, reply.code) == (422, "invalid_input")


async def test_a_superuser_changes_anybody(api: Api, people: People, alice: Account) -> None:
    root = await people.superuser()
    reply = await api("update_user", as_=root, user_id=alice.id, body={"is_superuser": True})

    assert reply.body["is_superuser"] is True
    assert reply.body["email"] == alice.email


@pytest.mark.parametrize("exists", [True, False])
async def test_nobody_changes_somebody_else(
    api: Api, people: People, alice: Account, exists: bool
) -> None:
    bob = await people.add("bob")
    user_id = alice.id if exists else 2**62
    async with people.unchanged():
        reply = await api("update_user", as_=bob, user_id=user_id, body={"bio": "Bob was here"})

    assert (reply.status, reply.code) == (403, "not_yourself")


@pytest.mark.parametrize("member", ["is_active", "is_superuser"])
@pytest.mark.parametrize("value", [True, False])
async def test_rank_and_state_are_for_superusers(
    api: Api, people: People, alice: Account, member: str, value: bool
) -> None:
    async with people.unchanged():
        reply = await api(
            "update_user", as_=alice, user_id=alice.id, body={member: value, "bio": "New"}
        )

    assert (reply.status, reply.code) == (403, "superuser_required")


async def test_a_user_who_does_not_exist_is_not_found(api: Api, people: People) -> None:
    root = await people.superuser()
    reply = await api("update_user", as_=root, user_id=2**62, body={"bio": "Nobody"})

    assert (reply.status, reply.code) == (404, "user_not_found")


@pytest.mark.parametrize(
    ("body", "code"),
    [({"email": "BOB@example.com"}, "email_taken"), ({"username": "BOB"}, "username_taken")],
)
async def test_what_another_user_has_is_taken(
    api: Api, people: People, alice: Account, body: dict[str, str], code: str
) -> None:
    await people.add("bob")
    async with people.unchanged():
        reply = await api("update_user", as_=alice, user_id=alice.id, body={**body, "bio": "New"})

    assert (reply.status, reply.code) == (409, code)
    assert "already exists" in reply.body["detail"]


# The password


async def test_a_new_password_needs_the_current_one_and_ends_all_sign_ins(
    api: Api, people: People, alice: Account
) -> None:
    other = await people.again(alice)
    reply = await api(
        "update_user",
        as_=alice,
        user_id=alice.id,
        body={"password": NEW, "current_password": PASSWORD},
    )
    row = await people.user(alice.id)
    assert row is not None

    assert reply.status == 200
    assert verify_password(NEW, row["password_hash"]).matches
    for account in (alice, other):
        assert (await api("get_me", as_=account)).code == "invalid_token"
        form = {"grant_type": "refresh_token", "refresh_token": account.refresh_token}
        assert (await api("refresh_token", body=form)).code == "invalid_grant"
    for password, status in ((NEW, 200), (PASSWORD, 401)):
        form = {"username": "alice", "password": password}
        assert (await api("log_in", body=form)).status == status


async def test_a_wrong_current_password_changes_nothing(
    api: Api, people: People, alice: Account
) -> None:
    body = {"password": NEW, "current_password": "wrong", "bio": "New"}
    async with people.unchanged():
        reply = await api("update_user", as_=alice, user_id=alice.id, body=body)

    assert (reply.status, reply.code) == (403, "wrong_password")
    assert (await api("get_me", as_=alice)).status == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"password": "Football1"},
        {"password": "alice-2026"},
        {"password": "lovelace.1815", "username": "lovelace"},
    ],
)
@pytest.mark.parametrize("by", ["alice", "root"])
async def test_a_new_password_that_is_guessed_first_changes_nothing(
    api: Api, people: People, alice: Account, by: str, changed: dict[str, str]
) -> None:
    actor = alice if by == "alice" else await people.superuser()
    body = {"current_password": PASSWORD, "bio": "New", **changed}
    async with people.unchanged():
        reply = await api("update_user", as_=actor, user_id=alice.id, body=body)

    assert (reply.status, reply.code) == (422, "password_too_common")
    assert (await api("get_me", as_=alice)).status == 200


async def test_a_superuser_sets_anybodys_password_with_their_own(
    api: Api, people: People, alice: Account
) -> None:
    root = await people.superuser()
    body = {"password": NEW, "current_password": PASSWORD}
    reply = await api("update_user", as_=root, user_id=alice.id, body=body)

    assert reply.status == 200
    assert (await api("get_me", as_=root)).status == 200
    assert (await api("get_me", as_=alice)).code == "invalid_token"


async def test_a_user_who_was_deleted_after_the_token_was_checked_has_no_password(
    context: Context,
) -> None:
    body = UserUpdate(password=NEW, current_password=PASSWORD)
    with pytest.raises(WrongPassword):
        await new_password(context, Actor(id=2**62, is_superuser=False), 2**62, body)


async def test_of_two_who_change_the_password_at_once_one_does(
    api: Api, people: People, alice: Account
) -> None:
    replies = await asyncio.gather(
        *(
            api(
                "update_user",
                as_=alice,
                user_id=alice.id,
                body={"password": f"{NEW}-{n}", "current_password": PASSWORD},
            )
            for n in range(2)
        )
    )

    assert sorted(reply.code for reply in replies) == ["", "wrong_password"]


# Disabling, and the last superuser


async def test_disabling_ends_all_sign_ins_for_good(
    api: Api, people: People, alice: Account
) -> None:
    root = await people.superuser()
    for active in (False, True):
        await api("update_user", as_=root, user_id=alice.id, body={"is_active": active})
        assert (await api("get_me", as_=alice)).code == "invalid_token"

    assert (await api("log_in", body={"username": "alice", "password": PASSWORD})).status == 200


@pytest.mark.parametrize("body", [{"is_superuser": False}, {"is_active": False}])
async def test_the_last_superuser_stays(api: Api, people: People, body: dict[str, bool]) -> None:
    root = await people.superuser()
    await people.add("disabled", is_superuser=True, is_active=False)
    async with people.unchanged():
        reply = await api("update_user", as_=root, user_id=root.id, body={**body, "bio": "New"})

    assert (reply.status, reply.code) == (409, "last_superuser")


async def test_a_superuser_who_is_not_the_last_may_go(api: Api, people: People) -> None:
    root = await people.superuser()
    await people.superuser("other")
    reply = await api("update_user", as_=root, user_id=root.id, body={"is_superuser": False})

    assert reply.status == 200
    assert reply.body["is_superuser"] is False


async def test_superusers_cannot_remove_each_other_at_once(api: Api, people: People) -> None:
    for round_ in range(10):
        first = await people.superuser(f"first{round_}")
        second = await people.superuser(f"second{round_}")
        replies = await asyncio.gather(
            api("update_user", as_=first, user_id=second.id, body={"is_superuser": False}),
            api("update_user", as_=second, user_id=first.id, body={"is_active": False}),
            api("delete_user", as_=first, user_id=first.id),
        )

        assert {reply.status for reply in replies} <= {200, 204, 401, 403, 404, 409}
        rows = [await people.user(account.id) for account in (first, second)]
        left = [row for row in rows if row and row["is_superuser"] and row["is_active"]]
        assert len(left) >= 1
        await people.clear()


# If-Match


async def test_a_patch_on_condition_is_carried_out_if_nothing_changed(
    api: Api, alice: Account
) -> None:
    etag = (await api("get_me", as_=alice)).etag
    first = await api(
        "update_user", as_=alice, user_id=alice.id, if_match=etag, body={"bio": "First"}
    )
    second = await api(
        "update_user", as_=alice, user_id=alice.id, if_match=first.etag, body={"bio": "Second"}
    )

    assert [first.status, second.status] == [200, 200]
    assert second.body["bio"] == "Second"


@pytest.mark.parametrize("tag", ['"other"', "W/{etag}", '"other", "another"'])
async def test_a_patch_on_a_condition_that_fails_changes_nothing(
    api: Api, people: People, alice: Account, tag: str
) -> None:
    etag = (await api("get_me", as_=alice)).etag
    async with people.unchanged():
        reply = await api(
            "update_user",
            as_=alice,
            user_id=alice.id,
            if_match=tag.format(etag=etag),
            body={"bio": "New"},
        )

    assert (reply.status, reply.code) == (412, "precondition_failed")


async def test_of_many_who_saw_the_same_state_one_changes_it(
    api: Api, people: People, alice: Account
) -> None:
    etag = (await api("get_me", as_=alice)).etag
    replies = await asyncio.gather(
        *(
            api(
                "update_user",
                as_=alice,
                user_id=alice.id,
                if_match=etag,
                body={"bio": f"Number {n}"},
            )
            for n in range(20)
        )
    )
    row = await people.user(alice.id)
    assert row is not None

    assert sorted(reply.status for reply in replies) == [200, *[412] * 19]
    assert row["version"] == 2


async def test_whoever_tries_passwords_with_a_token_has_to_wait(
    strict: Api, people: People, alice: Account
) -> None:
    bob = await people.add("bob")
    good = {"bio": "New"}
    guess = {"password": NEW, "current_password": "wrong-engine-1843"}
    changed = [await strict("update_user", as_=alice, user_id=alice.id, body=good) for _ in "123"]
    guessed = await strict("update_user", as_=alice, user_id=alice.id, body=guess)
    async with people.unchanged():
        right = {**guess, "current_password": PASSWORD}
        refused = await strict("update_user", as_=alice, user_id=alice.id, body=right)

    assert {reply.status for reply in changed} == {200}, "what succeeds is not counted"
    assert changed[-1].headers["ratelimit"] == '"account-changes";r=0;t=300'
    assert guessed.code == "wrong_password"
    assert (refused.status, refused.code) == (429, "too_many_requests")
    assert (await strict("update_user", as_=bob, user_id=bob.id, body=good)).status == 200

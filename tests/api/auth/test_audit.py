"""Every event of the audit trail, and that there is none without its effect."""

from __future__ import annotations

from typing import Any

import pytest

from app.db import audit
from app.db.moments import datetime_of
from app.users.queries import delete_user
from tests.client import Api
from tests.people import PASSWORD, Account, People

NEW = "bernoulli-numbers-b7"
REQUEST_ID = "the-request-of-this-test"


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice")


@pytest.fixture
async def root(people: People) -> Account:
    return await people.superuser()


def family_id(people: People, account: Account) -> Any:
    token = people.tokens.read_refresh_token(account.refresh_token)
    assert token is not None
    return token.family_id


async def test_an_event_says_when_from_where_and_in_which_request(
    api: Api, people: People, alice: Account
) -> None:
    body = {"username": "alice", "password": PASSWORD}
    reply = await api("log_in", body=body, headers={"x-request-id": REQUEST_ID})
    (event,) = await people.trail()
    token = people.tokens.read_refresh_token(reply.body["refresh_token"])
    assert token is not None

    assert abs((people.now() - datetime_of(event.pop("at"))).total_seconds()) < 10
    assert event.pop("id") > 0
    assert event == {
        "event": "signed_in",
        "actor_id": alice.id,
        "subject_id": alice.id,
        "sign_in_id": token.family_id,
        "address": "127.0.0.1",
        "request_id": REQUEST_ID,
    }


async def test_failed_sign_ins_are_noted_for_whom_they_were_meant(
    api: Api, people: People, alice: Account
) -> None:
    for username in ("alice", "nobody"):
        await api("log_in", body={"username": username, "password": "wrong-engine-1843"})

    assert await people.events() == [
        ("sign_in_failed", None, alice.id),
        ("sign_in_failed", None, None),
    ]


async def test_the_reuse_of_a_refresh_token_is_noted(
    api: Api, people: People, alice: Account
) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": alice.refresh_token}
    for _ in range(2):
        reply = await api("refresh_token", body=form)
        form["refresh_token"] = reply.body["refresh_token"]
    assert await people.events() == []
    await api("refresh_token", body={**form, "refresh_token": alice.refresh_token})

    assert await people.events() == [("refresh_token_reused", None, alice.id)]
    assert (await people.trail())[0]["sign_in_id"] == family_id(people, alice)


async def test_signing_out_is_noted_once(api: Api, people: People, alice: Account) -> None:
    for _ in range(2):
        await api("revoke_token", body={"token": alice.refresh_token})
    await api("revoke_token", body={"token": "nobody's"})

    assert await people.events() == [("signed_out", alice.id, alice.id)]
    assert (await people.trail())[0]["sign_in_id"] == family_id(people, alice)


@pytest.mark.parametrize(
    ("changes", "noted"),
    [
        ({"password": NEW, "current_password": PASSWORD}, ["password_changed"]),
        ({"is_active": False}, ["user_disabled"]),
        ({"is_superuser": True}, ["superuser_granted"]),
        ({"is_superuser": True, "is_active": True}, ["superuser_granted"]),
        ({"is_active": False, "is_superuser": True}, ["superuser_granted", "user_disabled"]),
        ({"is_active": True, "is_superuser": False}, []),
        ({"bio": "New"}, []),
    ],
)
async def test_a_change_of_an_account_is_noted_where_it_matters(
    api: Api,
    people: People,
    alice: Account,
    root: Account,
    changes: dict[str, Any],
    noted: list[str],
) -> None:
    reply = await api("update_user", as_=root, user_id=alice.id, body=changes)

    assert reply.status == 200
    assert sorted(await people.events()) == [(event, root.id, alice.id) for event in noted]
    assert {row["sign_in_id"] for row in await people.trail()} <= {family_id(people, root)}


@pytest.mark.parametrize(
    ("columns", "changes", "event"),
    [
        ({"is_active": False}, {"is_active": True}, "user_enabled"),
        ({"is_superuser": True}, {"is_superuser": False}, "superuser_revoked"),
    ],
)
async def test_the_way_back_is_noted(
    api: Api,
    people: People,
    root: Account,
    columns: dict[str, bool],
    changes: dict[str, bool],
    event: str,
) -> None:
    bob = await people.add("bob", **columns)
    await api("update_user", as_=root, user_id=bob.id, body=changes)

    assert await people.events() == [(event, root.id, bob.id)]


async def test_a_deletion_is_noted_and_outlives_whom_it_names(
    api: Api, people: People, alice: Account
) -> None:
    await api("delete_user", as_=alice, user_id=alice.id)

    assert await people.events() == [("user_deleted", alice.id, alice.id)]


async def test_a_limit_is_noted_when_it_is_reached_and_not_each_time(
    strict: Api, people: People, alice: Account
) -> None:
    body = {"username": "alice", "password": "wrong-engine-1843"}
    statuses = [(await strict("log_in", body=body)).status for _ in range(4)]

    assert statuses == [401] + [429] * 3
    assert await people.events() == [
        ("sign_in_failed", None, alice.id),
        ("limit_reached", None, None),
    ]


async def test_a_change_that_is_refused_is_not_noted(
    api: Api, people: People, alice: Account
) -> None:
    bob = await people.add("bob")
    reply = await api("delete_user", as_=bob, user_id=alice.id)

    assert reply.status == 403
    assert await people.events() == []


async def noted_and_failed(people: People, user_id: int) -> None:
    async with people.database.transaction() as session:
        await delete_user(session, user_id)
        await audit.note(session, "user_deleted", subject_id=user_id)
        raise ZeroDivisionError


async def test_a_change_that_is_rolled_back_leaves_no_event(people: People, alice: Account) -> None:
    with pytest.raises(ZeroDivisionError):
        await noted_and_failed(people, alice.id)

    assert await people.user(alice.id) is not None
    assert await people.events() == []


async def test_a_taken_name_rolls_back_the_event_of_the_change_with_it(
    api: Api, people: People, alice: Account, root: Account
) -> None:
    await people.add("bob")
    body = {"is_superuser": True, "username": "bob"}
    reply = await api("update_user", as_=root, user_id=alice.id, body=body)

    assert reply.code == "username_taken"
    assert await people.events() == []


async def test_nothing_that_was_typed_is_in_the_trail(
    api: Api, people: People, alice: Account
) -> None:
    secret = "typed-into-the-wrong-field"
    await api("log_in", body={"username": secret, "password": secret})
    await api("log_in", body={"username": "alice", "password": secret})
    await api(
        "update_user",
        as_=alice,
        user_id=alice.id,
        body={"password": secret + "1", "current_password": PASSWORD},
    )

    rows = await people.trail()
    assert len(rows) == 3
    assert secret not in str(rows)
    assert alice.username not in str(rows)

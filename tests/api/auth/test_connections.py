"""No connection is held while passwords are hashed, and one is enough to end a sign-in."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.client import Api
from tests.people import PASSWORD, Account, People


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice")


async def test_one_connection_is_enough_to_end_a_stolen_sign_in(
    narrow: Api, people: People, alice: Account
) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": alice.refresh_token}
    for _ in range(2):
        reply = await narrow("refresh_token", body=form)
        form["refresh_token"] = reply.body["refresh_token"]
    form["refresh_token"] = alice.refresh_token

    assert (await narrow("refresh_token", body=form)).code == "invalid_grant"
    family = await people.family(alice)
    assert family is not None
    assert family["revoked_at"] is not None


@pytest.mark.parametrize("body", [{"password": PASSWORD}, {"password": "wrong"}])
async def test_nobody_waits_for_a_connection_while_passwords_are_hashed(
    narrow: Api, alice: Account, body: dict[str, Any]
) -> None:
    """Twenty hashes one after another take longer than the pool lets anybody wait."""
    hashing = [
        asyncio.create_task(narrow("log_in", body={"username": "alice", **body})) for _ in range(20)
    ]
    reading = 0
    while not all(task.done() for task in hashing):
        assert (await narrow("get_user", user_id=alice.id)).status == 200
        reading += 1

    assert {task.result().status for task in hashing} <= {200, 401}
    assert reading > 1


async def test_changing_a_password_holds_no_connection_while_hashing(
    narrow: Api, people: People
) -> None:
    accounts = [await people.add(f"user{n}") for n in range(10)]
    body = {"password": "bernoulli-numbers-b7", "current_password": PASSWORD}
    changing = [
        asyncio.create_task(narrow("update_user", as_=a, user_id=a.id, body=body)) for a in accounts
    ]
    reading = 0
    while not all(task.done() for task in changing):
        assert (await narrow("get_user", user_id=accounts[0].id)).status == 200
        reading += 1

    assert {task.result().status for task in changing} == {200}
    assert reading > 1

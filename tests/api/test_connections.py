"""How requests use the pool: one connection each, none while hashing, none left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app.main import create_app
from app.settings import Settings
from tests.api.test_every_operation import arguments
from tests.client import OPERATIONS, Account, Api
from tests.people import PASSWORD, People


@pytest.fixture
async def narrow(settings: Settings) -> AsyncIterator[Api]:
    """The service with a single connection, with which nobody may wait for a second one."""
    app = create_app(settings.model_copy(update={"db_pool_size": 1, "db_max_overflow": 0}))
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http,
    ):
        yield Api(http)


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice")


@pytest.mark.parametrize("name", OPERATIONS)
async def test_one_connection_is_enough_for_every_operation(
    name: str, narrow: Api, people: People, alice: Account
) -> None:
    good = {"as_": alice, "user_id": alice.id, "post_id": await people.post(alice)}

    assert (await narrow(name, **arguments(name, good))).status not in {500, 503}


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


async def test_a_request_that_was_cancelled_leaves_nothing_open(
    narrow: Api, people: People, alice: Account
) -> None:
    for _ in range(20):
        task = asyncio.create_task(
            narrow("create_post", as_=alice, body={"title": "T", "content": "C"})
        )
        await asyncio.sleep(0.002)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert (await narrow("list_posts")).status == 200
    async with people.database.session(read_only=True) as session:
        idle = await session.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND state LIKE 'idle in transaction%'"
            )
        )
    assert idle == 0

"""Requests for the same rows, all at once: none waits for one that waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from sqlalchemy import text

from app.db.engine import Database
from app.main import create_app
from tests.client import Api
from tests.conftest import settings_for
from tests.people import Account, People

ROUNDS = 8
FLUSHED = text("SELECT pg_stat_force_next_flush()")
COUNTED = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
EXPECTED = {200, 201, 204, 304, 400, 401, 403, 404, 409, 412}


@pytest.fixture
async def own(migrated_url: str) -> AsyncIterator[Database]:
    """A database whose deadlocks are this test's."""
    database = Database.create(settings_for(migrated_url), migrated_url)
    yield database
    await database.dispose()


async def deadlocks(database: Database) -> int:
    async with database.session(read_only=True) as session:
        await session.execute(FLUSHED)
        counted: int = await session.scalar(COUNTED)
        return counted


async def test_requests_for_the_same_rows_do_not_wait_for_each_other(
    own: Database, migrated_url: str
) -> None:
    settings = settings_for(migrated_url)
    app, people = create_app(settings), People(settings, own)
    transport = httpx2.ASGITransport(app=app)
    statuses: set[int] = set()
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http,
    ):
        api = Api(http)
        for round_ in range(ROUNDS):
            both = [await people.superuser(f"{name}{round_}") for name in ("ada", "grace")]
            statuses |= await all_at_once(api, people, *both)

    assert statuses <= EXPECTED
    assert {200, 201, 204} <= statuses
    assert await deadlocks(own) == 0


async def all_at_once(api: Api, people: People, *both: Account) -> set[int]:
    """Whatever two superusers can do to each other and their posts, beside their going."""
    written = [await people.post(user) for user in both]
    asked = []
    for user, other, post in zip(both, reversed(both), written, strict=True):
        form = {"grant_type": "password", "username": other.username, "password": other.password}
        renewal = {"grant_type": "refresh_token", "refresh_token": other.refresh_token}
        asked += [
            api("update_user", as_=user, user_id=other.id, body={"bio": "Of the other."}),
            api("update_user", as_=user, user_id=user.id, body={"bio": "Of my own."}),
            api("update_user", as_=user, user_id=other.id, body={"is_superuser": False}),
            api("create_post", as_=user, body={"title": "One", "content": "More."}),
            api("update_post", as_=other, post_id=post, body={"title": "Another"}),
            api("delete_post", as_=user, post_id=post),
            api("log_in", body=form),
            api("refresh_token", body=renewal),
            api("revoke_token", body={"token": user.refresh_token}),
            api("delete_user", as_=user, user_id=other.id),
        ]
    return {answer.status for answer in await asyncio.gather(*asked)}


async def test_a_deadlock_would_be_counted(own: Database) -> None:
    async with own.transaction() as session:
        await session.execute(text("CREATE TABLE notes AS SELECT generate_series(1, 2) AS id"))

    async def touch(first: int, second: int) -> None:
        async with own.transaction() as session:
            for id_ in (first, second):
                await session.execute(text("UPDATE notes SET id = id WHERE id = :id"), {"id": id_})
                await asyncio.sleep(0.1)

    await asyncio.gather(touch(1, 2), touch(2, 1), return_exceptions=True)

    assert await deadlocks(own) == 1

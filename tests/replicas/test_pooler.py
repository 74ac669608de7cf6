"""The service through PgBouncer in transaction mode."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.db.checks import DatabaseUnfit, judge, migration_fault
from app.db.engine import Database
from app.db.provision import Provided
from app.main import create_app
from app.server import prepare
from app.settings import Settings
from tests.client import Api
from tests.conftest import settings_for
from tests.people import Account, People
from tests.replicas.pair import Pair
from tests.replicas.pooler import LIMITS, SERVER_CONNECTIONS, pooler_before


@pytest.fixture(scope="module")
async def pooled(steady: Pair, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settings]:
    for limit in LIMITS:
        await steady.one.run(limit)
    with pooler_before(steady.one, tmp_path_factory.mktemp("pooler") / "pgbouncer") as url:
        yield settings_for(url).model_copy(update={"db_transaction_pooling": True})
    await steady.one.run("ALTER ROLE colophon RESET ALL")


@pytest.fixture
async def people(pooled: Settings, steady: Pair) -> AsyncIterator[People]:
    """Written past the pooler."""
    database = Database.create(settings_for(steady.one.url), steady.one.url)
    people = People(pooled, database)
    await people.clear()
    yield people
    await database.dispose()


@pytest.fixture
async def api(pooled: Settings) -> AsyncIterator[Api]:
    app: FastAPI = create_app(pooled)
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client,
    ):
        yield Api(client)


async def write_and_read(api: Api, author: Account, number: int) -> None:
    """Each answer is that of this client's own statement."""
    body = {"title": f"Post {number}", "content": f"Content {number}", "published": True}
    made = await api("create_post", as_=author, body=body)
    assert made.status == 201
    post_id = made.body["id"]
    for _ in range(4):
        read = await api("get_post", post_id=post_id)
        assert (read.status, read.body["content"]) == (200, f"Content {number}")
        user = await api("get_user", user_id=author.id)
        assert (user.status, user.body["id"]) == (200, author.id)
    change = {"content": f"Changed {number}"}
    changed = await api("update_post", as_=author, post_id=post_id, body=change)
    assert (changed.status, changed.body["content"]) == (200, f"Changed {number}")
    listed = await api("list_posts", author_id=author.id)
    assert {post["author_id"] for post in listed.body["posts"]} == {author.id}
    gone = await api("delete_post", as_=author, post_id=post_id)
    assert gone.status == 204


async def test_many_clients_share_few_connections_and_get_their_own_answers(
    api: Api, people: People, steady: Pair
) -> None:
    authors = [await people.add(f"author{number}") for number in range(6)]
    await asyncio.gather(*[write_and_read(api, authors[n % 6], n) for n in range(18)])

    count = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'colophon'"
    assert int(await steady.one.run(count)) <= SERVER_CONNECTIONS + 2


async def test_nothing_that_one_client_sets_is_left_to_another(
    api: Api, people: People, pooled: Settings
) -> None:
    await write_and_read(api, await people.add(), 1)
    database = Database.create(pooled, url_of(pooled))
    async with database.session(read_only=True) as session:
        assert await session.scalar(text("SHOW statement_timeout")) == "2s"
        assert await session.scalar(text("SHOW jit")) == "on"
        assert await session.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0
    await database.dispose()


def url_of(settings: Settings) -> str:
    assert settings.database_url is not None
    return settings.database_url.get_secret_value()


async def test_the_start_looks_through_the_pooler(pooled: Settings) -> None:
    for _ in range(2 * SERVER_CONNECTIONS):
        verdict = await judge(url_of(pooled), connections=10_000, is_shared=True)
        assert verdict.faults == ()
        assert await migration_fault(url_of(pooled)) is None


async def test_a_role_without_limits_does_not_serve_through_a_pooler(migrated_url: str) -> None:
    faults = (await judge(migrated_url, connections=1, is_shared=True)).faults
    assert [fault.split("SET ")[1].split(" =")[0] for fault in faults] == [
        "statement_timeout",
        "lock_timeout",
        "idle_in_transaction_session_timeout",
    ]
    assert (await judge(migrated_url, connections=1)).faults == ()


def test_nobody_migrates_through_a_pooler(pooled: Settings) -> None:
    url = url_of(pooled)
    with pytest.raises(DatabaseUnfit, match="the address of the server itself"):
        prepare(pooled, Provided(url, "there", revive=lambda: False), migrating=True)

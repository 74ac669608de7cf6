from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx2
import pytest
from sqlalchemy import text

from app import draining
from app.db.engine import Database
from app.db.migrate import newest_revision
from app.db.revisions import superseded
from app.main import create_app
from app.settings import Settings
from tests.client import Api
from tests.conftest import settings_for


async def test_a_service_whose_database_answers_is_ready(api: Api) -> None:
    reply = await api("get_readiness")

    assert reply.status == 200
    assert reply.body["status"] == "ready"
    assert reply.body["database"]["status"] == "reachable"
    assert reply.body["database"]["migration"] == newest_revision()
    assert int(reply.body["database"]["server_version"].partition(".")[0]) >= 15
    assert reply.body["pool"]["size"] == 20
    assert reply.body["pool"]["checked_out"] >= 1


@pytest.mark.parametrize("statement", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"])
async def test_a_service_without_migrations_is_not_ready(migrated_url: str, statement: str) -> None:
    settings = settings_for(migrated_url)
    database = Database.create(settings, migrated_url)
    async with database.transaction() as session:
        await session.execute(text(statement))
    await database.dispose()
    async with api_of(settings) as api:
        reply = await api("get_readiness")

    assert (reply.status, reply.code) == (503, "database_not_migrated")


async def test_tables_of_an_older_version_are_noticed_by_a_service_that_runs(
    migrated_url: str,
) -> None:
    """Those of a newer one are not refused: it is being rolled out, and this one still serves."""
    newest = newest_revision()
    older = next((revision for revision in superseded()), None)
    connection = await asyncpg.connect(dsn=migrated_url)
    told = []
    async with api_of(settings_for(migrated_url)) as api:
        for revision in (newest, older, "20991231_moons", newest):
            await connection.execute("UPDATE alembic_version SET version_num = $1", revision or "")
            told.append((await api("get_readiness")).status)
    await connection.close()

    assert told == [200, 503 if older else 200, 200, 200]


async def test_a_service_whose_connections_are_all_in_use_is_not_ready(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(database_url).model_copy(
        update={"db_pool_size": 1, "db_max_overflow": 0}
    )
    database = Database.create(settings, database_url)
    monkeypatch.setattr(Database, "create", lambda *_: database)
    async with api_of(settings) as api:
        async with database.transaction() as session:
            await session.execute(text("SELECT 1"))
            reply = await api("get_readiness")
        later = await api("get_readiness")

    assert (reply.status, reply.code) == (503, "pool_exhausted")
    assert later.status == 200


async def test_a_database_that_does_not_answer_in_time_is_unreachable(
    migrated_url: str,
) -> None:
    connection = await asyncpg.connect(dsn=migrated_url)
    async with api_of(settings_for(migrated_url)) as api, connection.transaction():
        await connection.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
        reply = await api("get_readiness")
    await connection.close()

    assert (reply.status, reply.code) == (503, "database_unreachable")


async def test_a_service_that_is_about_to_stop_is_not_ready_and_lives(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "has_begun", lambda: True)
    reply = await api("get_readiness")

    assert (reply.status, reply.code) == (503, "shutting_down")
    assert (await api("get_liveness")).status == 200


@asynccontextmanager
async def api_of(settings: Settings) -> AsyncIterator[Api]:
    app = create_app(settings)
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http,
    ):
        yield Api(http)

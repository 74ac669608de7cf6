from __future__ import annotations

import httpx2
import pytest
from sqlalchemy import text

from app.db.engine import Database
from app.db.migrate import newest_revision
from app.main import create_app
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
    app = create_app(settings)
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http,
    ):
        reply = await Api(http)("get_readiness")

    assert (reply.status, reply.code) == (503, "unavailable")

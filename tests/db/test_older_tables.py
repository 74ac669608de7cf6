"""This code on the tables of each revision before it, as where a migration has still to be run."""

from __future__ import annotations

import httpx2
from alembic import command

from app.db.engine import Database
from app.main import create_app
from tests.client import OPERATIONS, Api
from tests.conftest import Databases, settings_for
from tests.db.test_migrations import REVISIONS, run
from tests.samples import good_requests

# What an operation answers that cannot do without a table, and readiness.
NOT_NOW = 503


async def test_older_tables_make_the_service_unready_and_no_answer_undeclared(
    databases: Databases,
) -> None:
    for revision in REVISIONS[:-1]:
        url = await databases.create(template="template0")
        await run(url, command.upgrade, revision)
        statuses = await statuses_on(url)
        await databases.drop(url)

        assert statuses.pop("get_readiness") == NOT_NOW, revision
        assert statuses.pop("get_liveness") == 200, revision
        assert {status for status in statuses.values() if status >= 500} <= {NOT_NOW}, statuses


async def statuses_on(url: str) -> dict[str, int]:
    """Of a good request for each operation. `Api` refuses an answer that is not declared."""
    settings = settings_for(url)
    database = Database.create(settings, url)
    good = await good_requests(settings, database)
    await database.dispose()
    app = create_app(settings)
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http,
    ):
        api = Api(http)
        assert (await api("get_readiness")).code == "database_not_migrated"
        return {name: (await api(name, **good.arguments(name))).status for name in in_order()}


def in_order() -> list[str]:
    """What deletes comes last: the others need what is deleted."""
    return sorted(OPERATIONS, key=lambda name: OPERATIONS[name][0].upper() == "DELETE")

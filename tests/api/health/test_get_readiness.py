from __future__ import annotations

import httpx2

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


async def test_a_service_without_tables_is_not_ready(empty_url: str) -> None:
    app = create_app(settings_for(empty_url))
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http,
    ):
        reply = await Api(http)("get_readiness")

    assert (reply.status, reply.code) == (503, "unavailable")

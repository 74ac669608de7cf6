"""`python -m app sweep`, and the service that sweeps by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from app.db import sweep as sweeping
from app.main import create_app
from tests.conftest import settings_for
from tests.platform.commands import Run, ask

OLD = "INSERT INTO audit_events (event, at) VALUES ('limit_reached', now() - interval '40 days')"
COUNT = "SELECT count(*) FROM audit_events"


def test_the_command_says_what_is_gone(on: Run, migrated_url: str) -> None:
    ask(migrated_url, OLD)
    assert "Deleted: 0 of rate_limits" in on("sweep").output
    assert ask(migrated_url, COUNT) == [(1,)]

    said = on("sweep", AUDIT_RETENTION_DAYS="39")
    assert said.exit_code == 0
    assert said.output.endswith("1 of audit_events.\n")
    assert ask(migrated_url, COUNT) == [(0,)]


@pytest.mark.parametrize("days", ["0", "4000", "long"])
def test_a_retention_that_is_none_is_refused_in_a_sentence(on: Run, days: str) -> None:
    refused = on("sweep", AUDIT_RETENTION_DAYS=days)

    assert refused.exit_code == 1
    assert "AUDIT_RETENTION_DAYS must be 1 to 3650 days, but it is" in refused.output


async def test_the_service_sweeps_by_itself_until_it_stops(
    migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "EVERY", timedelta(milliseconds=10))
    settings = settings_for(migrated_url).model_copy(update={"audit_retention_days": 39})
    app = create_app(settings)
    connection = await asyncpg.connect(dsn=migrated_url)
    async with app.router.lifespan_context(app):
        await connection.execute(OLD)
        for _ in range(1_000):
            await asyncio.sleep(0.01)
            if await connection.fetchval(COUNT) == 0:
                break
    await connection.execute(OLD)
    await asyncio.sleep(0.1)

    assert await connection.fetchval(COUNT) == 1
    await connection.close()

"""What has served its time goes, nothing else does, and one sweeps at a time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from app.db import sweep as sweeping
from app.db.engine import Database
from app.db.sweep import SWEPT, sweep
from app.db.tables import audit_events, metadata, rate_limits
from app.settings import Settings
from tests.stored import Stored

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def kept_a_day(settings: Settings) -> Settings:
    return settings.model_copy(update={"audit_retention_days": 1})


async def count_until(stored: Stored, ends_at: datetime, key: bytes = b"") -> None:
    values: dict[str, Any] = {"key": key, "counted": 1, "ends_at": ends_at}
    await stored.execute(insert(rate_limits).values(values))


async def happen(stored: Stored, at: datetime) -> None:
    await stored.execute(insert(audit_events).values(event="limit_reached", at=at))


async def test_what_is_over_goes_and_the_rest_stays(stored: Stored, kept_a_day: Settings) -> None:
    await count_until(stored, NOW, b"over")
    await count_until(stored, NOW + SECOND, b"under way")
    await happen(stored, NOW - DAY - SECOND)
    await happen(stored, NOW - DAY)
    gone = await sweep(stored.database, kept_a_day, NOW)

    assert gone == dict.fromkeys(SWEPT, 0) | {"rate_limits": 1, "audit_events": 1}
    assert await stored.count(rate_limits) == 1
    assert await stored.count(audit_events) == 1


async def test_as_much_goes_as_there_is(stored: Stored, kept_a_day: Settings) -> None:
    async with stored.database.transaction() as session:
        for number in range(2_500):
            values = {"key": str(number).encode(), "counted": 1, "ends_at": NOW}
            await session.execute(insert(rate_limits), values)
    gone = await sweep(stored.database, kept_a_day, NOW)

    assert gone is not None
    assert gone["rate_limits"] == 2_500
    assert await stored.count(rate_limits) == 0


async def test_nobody_sweeps_where_somebody_does(stored: Stored, kept_a_day: Settings) -> None:
    await count_until(stored, NOW)
    async with stored.database.transaction() as session:
        assert await session.scalar(sweeping.LOCK)
        assert await sweep(stored.database, kept_a_day, NOW) is None
    assert await stored.count(rate_limits) == 1
    assert await sweep(stored.database, kept_a_day, NOW) is not None
    assert await stored.count(rate_limits) == 0


async def test_a_row_that_somebody_works_on_is_left_for_the_next_time(
    stored: Stored, kept_a_day: Settings
) -> None:
    await count_until(stored, NOW)
    async with stored.database.transaction() as session:
        await session.execute(rate_limits.select().with_for_update())
        gone = await asyncio.wait_for(sweep(stored.database, kept_a_day, NOW), 2)

    assert gone == dict.fromkeys(SWEPT, 0)
    assert await stored.count(rate_limits) == 1


async def test_the_service_goes_on_sweeping_while_the_database_is_lost(
    own: Database, stored: Stored, kept_a_day: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: asyncio.Queue[datetime] = asyncio.Queue()

    async def failing(_: Database, __: Settings, now: datetime) -> None:
        calls.put_nowait(now)
        raise ConnectionRefusedError

    monkeypatch.setattr(sweeping, "EVERY", timedelta(milliseconds=1))
    monkeypatch.setattr(sweeping, "sweep", failing)
    task = asyncio.create_task(sweeping.sweep_for_ever(own, kept_a_day))
    for _ in range(3):
        await asyncio.wait_for(calls.get(), 5)
    assert not task.done()
    task.cancel()


def test_every_table_that_is_swept_is_one_of_ours() -> None:
    assert set(SWEPT) <= set(metadata.tables)

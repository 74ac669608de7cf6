"""Deletes what has served its time: a little at a time, and by one worker of the service."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import structlog
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Table,
    bindparam,
    delete,
    func,
    literal_column,
    select,
)

from app.db.engine import Database
from app.db.tables import audit_events, idempotency_keys, rate_limits, refresh_families
from app.settings import Settings

EVERY = timedelta(hours=1)
BATCH = 1_000
# Any number, as long as nothing else in the database locks by the same.
LOCK = select(func.pg_try_advisory_xact_lock(literal_column("6002734095918364")))
NOW: BindParameter[datetime] = bindparam("now")
RETAINED_SINCE: BindParameter[datetime] = bindparam("retained_since")

log = structlog.get_logger("sweep")


def in_batches(table: Table, is_over: ColumnElement[bool]) -> Executable:
    """A delete of some rows, none of which somebody else is working on."""
    (key,) = table.primary_key
    over = select(key).where(is_over).limit(BATCH).with_for_update(skip_locked=True)
    deleted: Executable = delete(table).where(key.in_(over)).returning(key)
    return deleted


SWEPT: Mapping[str, Executable] = {
    "rate_limits": in_batches(rate_limits, rate_limits.c.ends_at <= NOW),
    "idempotency_keys": in_batches(idempotency_keys, idempotency_keys.c.expires_at <= NOW),
    "refresh_families": in_batches(refresh_families, refresh_families.c.expires_at <= NOW),
    "audit_events": in_batches(audit_events, audit_events.c.at < RETAINED_SINCE),
}


async def sweep(database: Database, settings: Settings, now: datetime) -> dict[str, int] | None:
    """Return how many rows of which table are gone; None where somebody else sweeps already."""
    retained_since = now - timedelta(days=settings.audit_retention_days)
    moments = {"now": now, "retained_since": retained_since}
    gone = dict.fromkeys(SWEPT, 0)
    for table in SWEPT:
        while (found := await _batch(database, table, moments)) is not None:
            gone[table] += found
            if found < BATCH:
                break
        else:
            return None
    return gone


async def _batch(database: Database, table: str, moments: Mapping[str, Any]) -> int | None:
    async with database.transaction() as session:
        if not await session.scalar(LOCK):
            return None
        return len(await session.execute(SWEPT[table], moments))


async def sweep_for_ever(database: Database, settings: Settings) -> None:
    """Sweep again and again, each worker at moments of its own, until the task is cancelled."""
    while True:
        await asyncio.sleep(EVERY.total_seconds() * random.uniform(0.5, 1.5))  # noqa: S311
        try:
            gone = await sweep(database, settings, datetime.now(UTC))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("sweep_failed", error=type(error).__qualname__)
        else:
            if gone is not None and any(gone.values()):
                log.info("swept", **gone)

"""`sweep`: what the service does by itself every hour, at once and to the end."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from app.db import sweep as it
from app.db.engine import Database
from app.db.provision import provided
from app.settings import Settings, load_settings


def sweep() -> str:
    """What was deleted, in a sentence. Doing it again changes nothing."""
    settings = load_settings()
    with provided(settings) as database:
        gone = asyncio.run(_sweep(settings, database.url))
    if gone is None:
        return "Nothing was deleted: the service, or another command, is sweeping at this moment."
    return "Deleted: " + ", ".join(f"{count} of {table}" for table, count in gone.items()) + "."


async def _sweep(settings: Settings, url: str) -> dict[str, int] | None:
    database = Database.create(settings, url)
    try:
        return await it.sweep(database, settings, datetime.now(UTC))
    finally:
        await database.dispose()

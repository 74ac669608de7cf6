"""What a run in a database of its own finds there."""

from __future__ import annotations

import asyncio

import asyncpg

from tests.samples import ROWS


def fill(database_url: str) -> None:
    """Store what the examples of the document ask for, in a migrated database."""
    asyncio.run(_fill(database_url))


async def _fill(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(ROWS)
    finally:
        await connection.close()

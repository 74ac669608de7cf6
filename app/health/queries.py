"""What the service asks to know whether its database can do its work."""

from __future__ import annotations

from typing import NamedTuple

import asyncpg
from sqlalchemy import column, func, select, table

from app.db.session import Session

# Alembic's own table: how far the migrations have come.
MIGRATION = select(table("alembic_version", column("version_num")).c.version_num).limit(1)
FIND_STATE = select(func.current_setting("server_version"), MIGRATION.scalar_subquery())


class DatabaseRow(NamedTuple):
    server_version: str
    migration: str | None


async def find_state(session: Session) -> DatabaseRow:
    """Raises what the driver raises, but for tables that are missing."""
    try:
        return DatabaseRow(*(await session.execute(FIND_STATE)).one())
    except asyncpg.UndefinedTableError:
        return DatabaseRow("", None)

"""What is stored, seen and changed past the service: tests look behind its answers with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import delete, func, select

from app.db.engine import Database
from app.db.tables import metadata

# What is noted of requests whatever they come to, and so also of those that change nothing.
NOTED = {"rate_limits", "audit_events"}


class Stored:
    def __init__(self, database: Database) -> None:
        self.database = database

    async def clear(self) -> None:
        """Leave nothing of the test before."""
        async with self.database.transaction() as session:
            for table in reversed(metadata.sorted_tables):
                await session.execute(delete(table))

    async def count(self, table: Any) -> int:
        counted: int = await self.scalar(select(func.count()).select_from(table))
        return counted

    @asynccontextmanager
    async def unchanged(self) -> AsyncIterator[None]:
        """Nothing at all changes in the database while this is open."""
        before = await self.everything()
        yield
        assert await self.everything() == before

    async def everything(self) -> dict[str, list[Any]]:
        async with self.database.session(read_only=True) as session:
            return {
                table.name: list(await session.execute(select(table).order_by(*table.primary_key)))
                for table in metadata.sorted_tables
                if table.name not in NOTED
            }

    async def row(self, statement: Any) -> dict[str, Any] | None:
        async with self.database.session(read_only=True) as session:
            found = (await session.execute(statement)).one_or_none()
        return None if found is None else dict(found)

    async def scalar(self, statement: Any) -> Any:
        async with self.database.transaction() as session:
            return await session.scalar(statement)

    async def execute(self, statement: Any) -> None:
        async with self.database.transaction() as session:
            await session.execute(statement)

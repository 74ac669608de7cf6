"""The service's own SQL, read from the file that the run has written, on asyncpg's own pool."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg

Row = Any


class Statement:
    def __init__(self, sql: str, names: list[str], values: Mapping[str, Any]) -> None:
        """`names` says what stands for `$1`, `$2` and so on, `values` what never changes."""
        self.sql = sql
        self._names = names
        self._values = values

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        values = {**self._values, **given}
        return [values[name] for name in self._names]


def read_statements() -> dict[str, Statement]:
    written = json.loads(Path(os.environ["BENCHMARK_STATEMENTS"]).read_text(encoding="utf-8"))
    return {name: Statement(**each) for name, each in written.items()}


class Database:
    """As asyncpg's documentation has it: a pool, and a statement on one of its connections."""

    def __init__(self) -> None:
        self._statements = read_statements()
        self._pool: Any = None

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=10, max_size=15)

    async def close(self) -> None:
        await self._pool.close()

    async def row(self, name: str, /, **given: Any) -> Row:
        """The only row, None where there is none."""
        statement = self._statements[name]
        return await self._pool.fetchrow(statement.sql, *statement.arguments(given))

    async def rows(self, name: str, /, **given: Any) -> list[Row]:
        statement = self._statements[name]
        found: list[Row] = await self._pool.fetch(statement.sql, *statement.arguments(given))
        return found

"""Statements that fail, and which problem their error is told as."""

from __future__ import annotations

from collections.abc import Awaitable

import pytest
from sqlalchemy import text

from app.db.engine import Database
from app.db.errors import problem_of


async def code_of(work: Awaitable[object]) -> str | None:
    """Which problem the error of `work` is told as; None where it is a defect."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any error, which is what it is about
        await work
    problem = problem_of(caught.value)
    return None if problem is None else problem.code


async def run(database: Database, *statements: str) -> None:
    async with database.transaction() as session:
        for statement in statements:
            await session.execute(text(statement))

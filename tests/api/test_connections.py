"""How requests use the pool: one connection each, none left behind."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from tests.client import OPERATIONS, Api
from tests.good import Good, asks_the_database
from tests.stored import Stored

IDLE = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND state LIKE 'idle in transaction%'"
)


@pytest.mark.parametrize("name", OPERATIONS)
async def test_one_connection_is_enough_for_every_operation(
    name: str, narrow: Api, good: Good
) -> None:
    assert (await narrow(name, **good.arguments(name))).status not in {500, 503}


async def test_requests_that_were_cancelled_leave_nothing_open(
    narrow: Api, stored: Stored, good: Good
) -> None:
    for name in filter(asks_the_database, OPERATIONS):
        for moment in (0, 0.001, 0.002, 0.004):
            task = asyncio.create_task(narrow(name, **good.arguments(name)))
            await asyncio.sleep(moment)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    assert (await narrow("get_readiness")).status == 200
    async with stored.database.session(read_only=True) as session:
        assert await session.scalar(IDLE) == 0

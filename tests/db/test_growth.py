"""What a read costs PostgreSQL must not grow with the table. Pages are counted, not seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from benchmarks.scale.filled import Filled, fill
from benchmarks.scale.plans import Cost
from benchmarks.scale.posts import plan_of
from benchmarks.scale.reads import READS, Read, statements_of
from tests.conftest import Databases

# Between these no index gets another level, which each row of a page would have to go through.
SMALL, LARGE = 25_000, 60_000
# Which pages of an index the rows of a count lie on is a matter of luck.
A_FEW = 3
# So often PostgreSQL looks whether plans for the parameters at hand are worth their while.
PLANNED_ANEW = 5
PLANS = "SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE statement = $1"


@pytest.fixture(scope="module")
def filled(databases: Databases) -> Iterator[list[Filled]]:
    found = [fill(databases.server, posts) for posts in (SMALL, LARGE)]
    yield found
    for each in found:
        asyncio.run(databases.drop(each.url))


async def costs_of(read: Read, filled: list[Filled]) -> list[Cost]:
    return [await plan_of(read, each) for each in filled]


@pytest.mark.parametrize("read", [r for r in READS if r.limit], ids=lambda read: read.name)
async def test_a_larger_table_makes_a_read_look_at_the_same_pages(
    read: Read, filled: list[Filled]
) -> None:
    small, large = await costs_of(read, filled)

    assert large.pages <= small.pages + A_FEW


@pytest.mark.parametrize("read", [r for r in READS if r.limit], ids=lambda read: read.name)
async def test_what_is_asked_for_most_is_planned_once_for_all_parameters(
    read: Read, filled: list[Filled]
) -> None:
    connection = await asyncpg.connect(filled[1].url)
    runs = [await statements_of(read, filled[1], connection, 1) for _ in range(PLANNED_ANEW + 5)]
    plans = await connection.fetchrow(PLANS, runs[0][0][0].sql)
    await connection.close()

    assert tuple(plans) == (PLANNED_ANEW, 5)


@pytest.mark.parametrize("read", READS, ids=lambda read: read.name)
async def test_no_read_sorts_or_goes_through_a_table_from_end_to_end(
    read: Read, filled: list[Filled]
) -> None:
    assert [cost.suspects for cost in await costs_of(read, filled)] == [{}, {}]

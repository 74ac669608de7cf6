"""What a list costs must not depend on the size of the table: PostgreSQL is asked what it read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from app.context import Actor
from app.db.paging import COUNTED_AT_MOST, Window
from app.posts.lists import page_statement, visible_ranges
from app.users.queries import FROM_CURSOR, FROM_TOP

ALICE, ROOT = Actor(id=1, is_superuser=False), Actor(id=2, is_superuser=True)
FILL = """
INSERT INTO users (email, username, password_hash)
SELECT n || '@example.com', 'user' || n, 'x' FROM generate_series(1, 20000) AS n;
INSERT INTO posts (author_id, title, content, published)
SELECT n % 50 + 1, 'Title', 'Content', n % 3 > 0 FROM generate_series(1, 60000) AS n;
"""
DEEPEST = {"limit": 101, "offset": 9900}
FIRST = {"limit": 51, "offset": 0}


@pytest.fixture(scope="module")
async def connection(databases: Any) -> AsyncIterator[Any]:
    url = await databases.create()
    connection = await asyncpg.connect(dsn=url)
    await connection.execute(FILL)
    await connection.execute("VACUUM ANALYZE users, posts")
    yield connection
    await connection.close()
    await databases.drop(url)


async def plan_of(connection: Any, statement: Select[Any], **parameters: Any) -> dict[str, Any]:
    sql = statement.params(**parameters).compile(
        dialect=dialect.dialect(),  # type: ignore[no-untyped-call]
        compile_kwargs={"literal_binds": True},
    )
    found = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
    plan: dict[str, Any] = json.loads(found)[0]["Plan"]
    return plan


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes_of(inner)


def most_rows(plan: dict[str, Any]) -> float:
    return max(
        float(node["Actual Rows"] * node["Actual Loops"] + node.get("Rows Removed by Filter", 0))
        for node in nodes_of(plan)
    )


@pytest.mark.parametrize("depth", [FIRST, DEEPEST])
@pytest.mark.parametrize("published", [None, True, False])
@pytest.mark.parametrize("author_id", [None, 1, 7])
@pytest.mark.parametrize("actor", [None, ALICE, ROOT])
async def test_a_page_of_posts_reads_no_more_than_it_shows_and_counts(
    *,
    connection: Any,
    actor: Actor | None,
    author_id: int | None,
    published: bool | None,
    depth: dict[str, int],
) -> None:
    ranges = visible_ranges(actor, author_id, published=published)
    shapes = tuple(each.shape for each in ranges)
    authors = {each.shape.author: each.author_id for each in ranges if each.shape.has_author}
    if not shapes:
        return  # Nothing is asked at all.
    for from_cursor in (False, True):
        place = {"before": 50_000} if from_cursor else {}
        reach = Window(1, depth["limit"] + depth["offset"], None).reach
        statement = page_statement(shapes, from_cursor=from_cursor, reach=reach)
        plan = await plan_of(connection, statement, **authors, **depth, **place)

        # Both ranges of a list are read as far as the page reaches, and merged.
        assert most_rows(plan) <= max(COUNTED_AT_MOST + 1, 2 * (depth["limit"] + depth["offset"]))


@pytest.mark.parametrize("statement", [FROM_TOP, FROM_CURSOR])
@pytest.mark.parametrize("depth", [FIRST, DEEPEST])
async def test_a_page_of_users_reads_no_more_than_it_shows_and_counts(
    connection: Any, statement: Select[Any], depth: dict[str, int]
) -> None:
    plan = await plan_of(connection, statement, **depth, before=15_000)

    assert most_rows(plan) <= max(COUNTED_AT_MOST + 1, depth["limit"] + depth["offset"])

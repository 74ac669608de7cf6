"""Databases of different sizes on one server, and what is known of the rows of each."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

import asyncpg

from app.db.embedded import EmbeddedPostgres
from app.db.embedded.databases import create_database
from benchmarks import database
from benchmarks.database import Facts

# As many people as a table of that size has: the author who writes most writes a part of it that
# becomes smaller, and the one who writes least always writes about as many.
POSTS_EACH = 50
SOME = 150
COUNTS = """
SELECT author_id, count(*) FILTER (WHERE published), count(*) FILTER (WHERE NOT published)
FROM posts GROUP BY author_id HAVING count(*) FILTER (WHERE published) >= 3
ORDER BY count(*), author_id
"""
# Evenly over all of the list. No two of the pages that end there have a post in common, even in the
# smallest table: so many posts are read at each size, and only the table around them is larger.
PLACES = """
SELECT id FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS posts
    FROM posts WHERE published
) AS listed
WHERE place % (posts / $1) = 0 ORDER BY md5(id::text) LIMIT $1
"""


class Author(NamedTuple):
    id: int
    published: int
    drafts: int


class Filled(NamedTuple):
    """One database. `busy` has published most of all, `quiet` has written least; `places` are ids
    of posts all over the list.
    """

    posts: int
    users: int
    url: str
    facts: Facts
    places: list[int]
    busy: Author
    quiet: Author


def fill(server: EmbeddedPostgres, posts: int) -> Filled:
    """Make a database of so many posts by the command that everybody uses."""
    name = f"scale_{posts}"
    admin = server.url_of("postgres", superuser=True)
    asyncio.run(create_database(admin, name, template="template0", owner="colophon"))
    url = server.url_of(name)
    users = posts // POSTS_EACH
    database.seed(url, users=users, posts=posts)
    facts = database.facts(url)
    database.settle(url, facts.newest_id)
    return asyncio.run(_look(url, posts, users, facts))


async def _look(url: str, posts: int, users: int, facts: Facts) -> Filled:
    connection: Any = await asyncpg.connect(url)
    try:
        places = await connection.fetch(PLACES, SOME)
        authors = [Author(*row) for row in await connection.fetch(COUNTS)]
    finally:
        await connection.close()
    busy = next(author for author in authors if author.id == facts.author_id)
    return Filled(posts, users, url, facts, [row["id"] for row in places], busy, authors[0])

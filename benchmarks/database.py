"""The one database of a run: the embedded server as it serves in earnest, filled by `seed`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from app.db.embedded import EmbeddedPostgres
from benchmarks.load import LoadError

ROOT = Path(__file__).parents[1]
SOME = 1_000
# The page that a reader reaches last by its number.
LAST_PAGE = 100
PAGE_SIZE = 50


class Facts(NamedTuple):
    """What the requests need to know of the rows."""

    username: str
    author_id: int
    post_ids: list[int]
    own_ids: list[int]
    before_last_page: int
    newest_id: int


class Server(NamedTuple):
    url: str
    pid: int
    version: str


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    with EmbeddedPostgres(folder) as server:
        pid_file = server.folder / "data" / "postmaster.pid"
        yield Server(server.url, int(pid_file.read_text().split()[0]), server.version)


def seed(url: str, *, users: int, posts: int) -> None:
    """By the command that everybody uses. Migrates too."""
    arguments = ["seed", "--users", str(users), "--posts", str(posts)]
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "ENVIRONMENT": "test"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LoadError(f"The database could not be filled: {done.stdout}{done.stderr}")


def facts(url: str) -> Facts:
    return asyncio.run(_facts(url))


def settle(url: str, newest_id: int) -> None:
    """Take back the posts that a case has added, and vacuum, so that no case pays for another."""
    asyncio.run(_settle(url, newest_id))


async def _settle(url: str, newest_id: int) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("DELETE FROM posts WHERE id > $1", newest_id, timeout=None)
        await connection.execute("VACUUM ANALYZE users, posts, refresh_families", timeout=None)
    finally:
        await connection.close()


async def _facts(url: str) -> Facts:
    connection = await asyncpg.connect(url)
    try:
        return await _read_facts(connection)
    finally:
        await connection.close()


async def _read_facts(connection: Any) -> Facts:
    author = await connection.fetchrow(
        "SELECT users.id, username FROM users JOIN posts ON author_id = users.id "
        "WHERE published GROUP BY users.id ORDER BY count(*) DESC, users.id LIMIT 1"
    )
    ids = "SELECT id FROM posts WHERE published AND {} ORDER BY md5(id::text) LIMIT {}"
    every = await connection.fetch(ids.format("true", SOME))
    own = await connection.fetch(ids.format(f"author_id = {author['id']}", SOME))
    before = await connection.fetchval(
        "SELECT id FROM posts WHERE published ORDER BY id DESC LIMIT 1 OFFSET $1",
        (LAST_PAGE - 1) * PAGE_SIZE - 1,
    )
    return Facts(
        username=author["username"],
        author_id=author["id"],
        post_ids=[row["id"] for row in every],
        own_ids=[row["id"] for row in own],
        before_last_page=before or 1,
        newest_id=await connection.fetchval("SELECT max(id) FROM posts"),
    )

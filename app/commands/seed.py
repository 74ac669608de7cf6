"""`seed`: invented users and posts in any number, the same ones for the same number, through COPY.
What they consist of is in `invented`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.commands.invented import PASSWORD, POST_COLUMNS, USER_COLUMNS, posts_of, users_of
from app.db.migrate import migrate
from app.db.provision import provided
from app.failure import Failure
from app.security.passwords import hash_password
from app.settings import Settings, load_settings

BAR = (
    TextColumn("{task.description:>6}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeRemainingColumn(),
)
CONNECT_TIMEOUT = 5.0
# Numbers are taken from the tables' own sequences, so that nobody else is given the same.
RESERVE = "SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)"


def seed(users: int, posts: int, number: int) -> None:
    settings = load_settings()
    refuse_production(settings)
    with provided(settings) as database:
        asyncio.run(migrate(database.url))
        asyncio.run(_fill(database.url, users, posts, number))
    typer.echo(
        f"{users} users and {posts} posts have been added. "
        f"Each of the users has the password {PASSWORD!r}."
    )


def refuse_production(settings: Settings) -> None:
    if settings.is_production:
        raise Failure(
            "Invented users share a password that everybody can read, so they are not added where "
            "ENVIRONMENT is production."
        )


async def _fill(url: str, users: int, posts: int, number: int) -> None:
    """All or nothing, in one transaction."""
    connection = await asyncpg.connect(dsn=url, timeout=CONNECT_TIMEOUT)
    chance, now = random.Random(number), datetime.now(UTC)  # noqa: S311 - not a secret
    try:
        async with connection.transaction():
            reserved = await connection.fetch(RESERVE, "users", users)
            ids = [row[0] for row in reserved]
            people = users_of(ids, chance, now, hash_password(PASSWORD))
            texts = posts_of(ids, posts, chance, now)
            with Progress(*BAR) as bar:
                counted = bar.track(people, total=users, description="users")
                await _copy(connection, "users", USER_COLUMNS, counted)
                counted = bar.track(texts, total=posts, description="posts")
                await _copy(connection, "posts", POST_COLUMNS, counted)
        await connection.execute("ANALYZE users, posts", timeout=None)
    finally:
        await connection.close()


async def _copy(
    connection: Any, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> None:
    await connection.copy_records_to_table(table, records=rows, columns=columns, timeout=None)

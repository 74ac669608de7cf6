"""`migrate`: the tables of this code, in the settings' database or in one made for a check."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from app.db import migrate as migrations
from app.db.checks import wait_for_server
from app.db.embedded import EmbeddedPostgres
from app.db.provision import provided
from app.failure import Failure
from app.settings import Settings, load_settings

WAIT_FOR_DATABASE = 30.0


def migrate() -> None:
    with provided(load_settings()) as database:
        asyncio.run(wait_for_server(database.url, WAIT_FOR_DATABASE))
        outcome = asyncio.run(migrations.migrate(database.url))
    if outcome.before == outcome.after:
        typer.echo(f"The database ({database.where}) is at revision {outcome.after} already.")
    else:
        typer.echo(f"The database ({database.where}) is at revision {outcome.after} now.")


def check() -> None:
    """Raises Failure where the migrations give other tables than the code has."""
    with database_to_check(load_settings()) as url:
        there, newest = asyncio.run(migrations.current_revision(url)), migrations.newest_revision()
        if there != newest:
            raise Failure(f"The database is at revision {there or 'none'}, the newest is {newest}.")
        differences = asyncio.run(migrations.differences(url))
    if differences:
        raise Failure(
            "Migrations and app/db/tables.py differ:",
            *(f"  {difference}" for difference in differences),
            "Write a migration: alembic revision --autogenerate -m 'What it changes'",
        )
    typer.echo(f"Migrations and app/db/tables.py agree at revision {newest}.")


def print_sql() -> None:
    migrations.sql()


@contextmanager
def database_to_check(settings: Settings) -> Iterator[str]:
    """The server of DATABASE_URL as it is; else a new one that is thrown away, so that a check
    changes nothing.
    """
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with (
        tempfile.TemporaryDirectory(prefix="colophon-check-") as folder,
        EmbeddedPostgres(Path(folder), bin_dir=settings.postgres_bin_dir, durable=False) as server,
    ):
        asyncio.run(migrations.migrate(server.url))
        yield server.url

"""Brings a database to the newest revision, safely beside running services and other migrators.
The migrations themselves are in `alembic/versions`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from app.db.servers import Servers
from app.db.tables import metadata
from app.failure import Failure

INI = Path(__file__).parents[2] / "alembic.ini"
CONNECT_TIMEOUT = 5.0
# A migration that waits for a lock makes everybody behind it wait too, so it gives up soon and
# comes again later. One that must take longer says so itself, by SET LOCAL statement_timeout.
LIMITS = "SET lock_timeout = '4s'; SET statement_timeout = '60s'"
ATTEMPTS = 10
LOCK_NOT_AVAILABLE = "55P03"
# Of one number for all migrators of a database: the digits mean nothing.
ADVISORY_LOCK = 5_268_019_342
OTHERS_MAY_TAKE = 600.0


class MigrationError(Failure):
    """Why the database is not at the newest revision."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """Revisions before and after; equal where there was nothing to do."""

    before: str | None
    after: str | None


async def migrate(url: str) -> Migrated:
    """Bring the database at `url` to the newest revision; a second migrator waits for the first
    and then finds nothing to do. Raises MigrationError.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with connected(url) as connection, alone(connection):
                before = await connection.run_sync(_revision)
                require_known(before)
                await connection.run_sync(_upgrade)
                return Migrated(before, await connection.run_sync(_revision))
        except DBAPIError as error:
            if _sqlstate(error) != LOCK_NOT_AVAILABLE:
                raise
            if attempt == ATTEMPTS:
                raise MigrationError(
                    f"The migration gave up after {ATTEMPTS} attempts: something else holds a lock "
                    "on a table that it changes. End long transactions, then run it again."
                ) from error
        await asyncio.sleep(random.uniform(0.2, 1.0) * attempt)  # noqa: S311 - not a secret
    raise AssertionError("The last attempt returns or raises.")


async def current_revision(url: str) -> str | None:
    """None where no migration ever ran."""
    connection = await Servers(url).connect(timeout=CONNECT_TIMEOUT, statement_cache_size=0)
    try:
        revision: str | None = await connection.fetchval(
            "SELECT version_num FROM alembic_version", timeout=CONNECT_TIMEOUT
        )
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()
    return revision


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


async def differences(url: str) -> list[str]:
    """What migrations would still have to change for the tables to be those of `app.db.tables`."""

    def compare(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True}
        return list(
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        )

    async with connected(url) as connection:
        return [str(difference) for difference in await connection.run_sync(compare)]


def require_known(revision: str | None) -> None:
    """Raises MigrationError where a newer version of the service has been at work."""
    try:
        ScriptDirectory.from_config(_config()).get_revision(revision or "base")
    except CommandError:
        raise MigrationError(
            f"The database is at revision {revision}, which this version does not know: a newer "
            "one has migrated it. Start that version, or restore a backup from before."
        ) from None


def sql() -> None:
    """Print all migrations as SQL."""
    command.upgrade(_config(), "head", sql=True)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection with the limits of a migration, closed at the end."""

    async def connect() -> Any:
        return await Servers(url).connect(timeout=CONNECT_TIMEOUT)

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, poolclass=NullPool, hide_parameters=True
    )
    async with engine.connect() as connection:
        for limit in LIMITS.split(";"):
            await connection.execute(text(limit))
        await connection.commit()
        yield connection


@asynccontextmanager
async def alone(connection: AsyncConnection) -> AsyncIterator[None]:
    """Asks again and again instead of waiting inside the server, where the open snapshot of a
    waiting migrator would block another one's CREATE INDEX CONCURRENTLY.
    """
    lock = {"key": ADVISORY_LOCK}
    try:
        async with asyncio.timeout(OTHERS_MAY_TAKE):
            while not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), lock):
                await connection.commit()
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise MigrationError(
            f"Another migration of this database has been running for {OTHERS_MAY_TAKE:.0f} "
            "seconds. Wait for it, or end it, and run this one again."
        ) from None
    await connection.commit()
    yield  # The lock belongs to the connection, which ends with the attempt.


def _revision(connection: Connection) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    return revision


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


def _config() -> Config:
    return Config(INI)


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)

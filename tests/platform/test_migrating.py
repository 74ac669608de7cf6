from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from app.db import migrate as migrations
from app.db.checks import migration_fault
from app.db.migrate import MigrationError, migrate, newest_revision


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "LIMITS", "SET lock_timeout = '100ms'; SET jit = off")
    monkeypatch.setattr(migrations, "ATTEMPTS", 4)
    monkeypatch.setattr(migrations, "OTHERS_MAY_TAKE", 0.5)


@asynccontextmanager
async def locked_out(url: str) -> AsyncIterator[None]:
    """Somebody holds the table that every migration begins with."""
    holder = await asyncpg.connect(dsn=url)
    await holder.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
    async with holder.transaction():
        await holder.execute("LOCK TABLE alembic_version")
        yield
    await holder.close()


async def test_a_lock_that_is_held_for_a_while_is_waited_for(empty_url: str) -> None:
    async with locked_out(empty_url):
        migration = asyncio.create_task(migrate(empty_url))
        await asyncio.sleep(0.5)
        assert not migration.done()

    assert (await migration).after == newest_revision()


async def test_a_lock_that_is_never_given_up_ends_the_migration(empty_url: str) -> None:
    async with locked_out(empty_url):
        with pytest.raises(MigrationError, match="gave up after 4 attempts"):
            await migrate(empty_url)


async def test_a_migrator_that_never_ends_is_told(empty_url: str) -> None:
    other = await asyncpg.connect(dsn=empty_url)
    await other.execute(f"SELECT pg_advisory_lock({migrations.ADVISORY_LOCK})")

    with pytest.raises(MigrationError, match="Another migration of this database"):
        await migrate(empty_url)
    await other.close()


async def test_a_database_of_a_newer_version_is_left_alone(migrated_url: str) -> None:
    newer = await asyncpg.connect(dsn=migrated_url)
    await newer.execute("UPDATE alembic_version SET version_num = '20991231_moons'")
    await newer.close()

    with pytest.raises(MigrationError, match=r"20991231_moons.*does not know.*newer"):
        await migrate(migrated_url)
    fault = await migration_fault(migrated_url)
    assert fault is not None
    assert "restore a backup" in fault

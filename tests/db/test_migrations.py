from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.db.migrate import INI, connected, current_revision, differences, migrate, newest_revision
from app.db.revisions import superseded
from app.db.tables import metadata
from tests.samples import ROWS

REVISIONS = [
    script.revision for script in ScriptDirectory.from_config(Config(INI)).walk_revisions()
]
REVISIONS.reverse()

SAFELY = (
    "Code from before this revision runs on its tables while the service is upgraded. Add first, "
    "and take away or forbid in a later release, when no code relies on it any more."
)

# Everything that makes a table what it is, in PostgreSQL's own words.
SHAPE = """
SELECT table_name, 'column', column_name, data_type, collation_name, is_nullable, column_default,
       identity_generation
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT conrelid::regclass::text, 'constraint', conname, pg_get_constraintdef(oid),
       null, null, null, null
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL
SELECT tablename, 'index', indexname, indexdef, null, null, null, null
FROM pg_indexes WHERE schemaname = 'public'
"""


@asynccontextmanager
async def connection_to(url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(dsn=url)
    try:
        yield connection
    finally:
        await connection.close()


async def shape_of(url: str) -> set[tuple[Any, ...]]:
    async with connection_to(url) as connection:
        rows = {tuple(row) for row in await connection.fetch(SHAPE)}
    return {row for row in rows if row[0] != "alembic_version"}


def demands_on(before: set[tuple[Any, ...]], after: set[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What statements written for the tables `before` would miss or meet in those `after`."""
    tables = {row[0] for row in before}
    added = [row for row in after - before if row[0] in tables]
    return [
        *(row for row in before - after if row[1] == "column" or "UNIQUE" in str(row[3])),
        *(row for row in added if row[1] == "constraint" or "UNIQUE" in str(row[3])),
        *(
            row
            for row in added
            if row[1:2] == ("column",) and row[5] == "NO" and not has_value(row)
        ),
    ]


def has_value(column: tuple[Any, ...]) -> bool:
    """Whether PostgreSQL fills it in where a statement does not name it."""
    return column[6] is not None or column[7] is not None


async def run(url: str, step: Callable[[Config, str], None], revision: str) -> None:
    def work(sync: Connection) -> None:
        config = Config(INI)
        config.attributes["connection"] = sync
        step(config, revision)
        sync.commit()

    async with connected(url) as connection:
        await connection.run_sync(work)


def test_there_is_one_newest_revision() -> None:
    assert len(ScriptDirectory.from_config(Config(INI)).get_heads()) == 1


def test_all_but_the_newest_are_known_to_be_older() -> None:
    """As a running service knows it, which does not load Alembic."""
    assert superseded() == set(REVISIONS[:-1])


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_is_named_by_date_and_slug(revision: str) -> None:
    date, _, slug = revision.partition("_")

    assert len(date) == 8
    assert date.isdecimal()
    assert slug.replace("_", "").isalnum()
    assert len(revision) <= 32, "alembic_version holds 32 characters"


async def test_each_revision_goes_up_down_and_up_again(empty_url: str) -> None:
    """And takes nothing away that the code before it relies on, which still runs meanwhile."""
    for revision in REVISIONS:
        before = await shape_of(empty_url)
        await run(empty_url, command.upgrade, revision)
        after = await shape_of(empty_url)
        assert demands_on(before, after) == [], SAFELY
        await run(empty_url, command.downgrade, "-1")

        assert await shape_of(empty_url) == before
        await run(empty_url, command.upgrade, revision)
        assert await shape_of(empty_url) == after


async def test_tables_with_rows_in_them_go_down_and_up(migrated_url: str) -> None:
    async with connection_to(migrated_url) as connection:
        await connection.execute(ROWS)

    await run(migrated_url, command.downgrade, "base")
    assert await shape_of(migrated_url) == set()
    await migrate(migrated_url)
    assert await current_revision(migrated_url) == newest_revision()


async def test_migrations_make_the_tables_that_the_service_knows(
    migrated_url: str, empty_url: str
) -> None:
    """Checks, collations and defaults included, which Alembic itself does not compare."""
    async with connected(empty_url) as connection:
        await connection.run_sync(metadata.create_all)
        await connection.commit()

    assert await differences(migrated_url) == []
    assert await shape_of(migrated_url) == await shape_of(empty_url)


async def test_a_difference_in_a_check_is_found(migrated_url: str, empty_url: str) -> None:
    """By what compares above, for a table that is the same in all else."""
    for url, rule in ((migrated_url, "title <> ''"), (empty_url, "title <> 'x'")):
        await migrate(url)
        async with connection_to(url) as connection:
            await connection.execute(
                f"CREATE TABLE notes (title text CONSTRAINT ck_notes_title CHECK ({rule}))"
            )

    assert await shape_of(migrated_url) != await shape_of(empty_url)


async def test_several_migrators_at_once_do_it_once(empty_url: str) -> None:
    outcomes = await asyncio.gather(*(migrate(empty_url) for _ in range(4)))

    assert sorted(outcome.before or "" for outcome in outcomes) == ["", *[newest_revision()] * 3]
    assert {outcome.after for outcome in outcomes} == {newest_revision()}


async def test_a_migrator_waits_for_no_lock_and_no_statement_for_ever(migrated_url: str) -> None:
    async with connected(migrated_url) as connection:
        assert await connection.scalar(text("SHOW lock_timeout")) == "4s"
        assert await connection.scalar(text("SHOW statement_timeout")) == "1min"


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE notes DROP COLUMN title",
        "ALTER TABLE notes ALTER COLUMN title TYPE varchar(50)",
        "ALTER TABLE notes RENAME COLUMN title TO headline",
        "ALTER TABLE notes ADD COLUMN year bigint NOT NULL",
        "ALTER TABLE notes ADD CONSTRAINT ck_notes_title CHECK (title <> 'x')",
        "CREATE UNIQUE INDEX uq_notes_title ON notes (title)",
        "DROP INDEX uq_notes_id",
        "DROP TABLE notes",
    ],
)
async def test_what_former_code_cannot_live_with_is_found(empty_url: str, statement: str) -> None:
    async with connection_to(empty_url) as connection:
        await connection.execute("CREATE TABLE notes (id bigint, title text)")
        await connection.execute("CREATE UNIQUE INDEX uq_notes_id ON notes (id)")
        before = await shape_of(empty_url)
        await connection.execute("ALTER TABLE notes ADD COLUMN size bigint NOT NULL DEFAULT 0")
        await connection.execute("CREATE INDEX ix_notes_title ON notes (title)")
        assert demands_on(before, await shape_of(empty_url)) == []
        before = await shape_of(empty_url)
        await connection.execute(statement)

    assert demands_on(before, await shape_of(empty_url)) != []

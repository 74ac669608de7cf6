"""What Alembic runs for each of its commands. `app.db.migrate` hands over a connection; the
`alembic` command itself makes one from DATABASE_URL.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from alembic import context
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.operations.ops import MigrationScript
from sqlalchemy import Table, Text

from app.db.migrate import LIMITS, connected
from app.db.tables import metadata
from app.settings import SettingsError, load_settings


class Postgres(PostgresqlImpl):
    """Keeps the revision as text: a name by date and slug may be longer than 32 characters."""

    __dialect__ = "postgresql"

    def version_table_impl(self, **how: Any) -> Table:
        table = super().version_table_impl(**how)
        table.c.version_num.type = Text()
        return table


def run() -> None:
    connection = context.config.attributes.get("connection")
    if context.is_offline_mode():
        migrate(dialect_name="postgresql", literal_binds=True)
    elif connection is not None:
        migrate(connection=connection)
    else:
        asyncio.run(run_on_own_connection())


async def run_on_own_connection() -> None:
    url = load_settings().database_url
    if url is None:
        raise SettingsError(
            "The alembic command needs DATABASE_URL. For the database in DATA_DIR there is "
            "`python -m app migrate`."
        )
    async with connected(url.get_secret_value()) as connection:
        await connection.run_sync(lambda sync: migrate(connection=sync))
        await connection.commit()


def migrate(**how: Any) -> None:
    """Each migration is a transaction, so that a repeated attempt goes on where the last ended."""
    context.configure(
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
        process_revision_directives=name_by_date,
        **how,
    )
    if context.is_offline_mode():
        context.execute(LIMITS)
    with context.begin_transaction():
        context.run_migrations()


def name_by_date(_context: Any, _revision: Any, directives: Iterable[MigrationScript]) -> None:
    """`alembic revision -m "Add tags"` makes versions/20261123_add_tags.py."""
    for script in directives:
        slug = re.sub(r"[^a-z0-9]+", "_", (script.message or "change").lower()).strip("_")
        script.rev_id = f"{datetime.now(UTC):%Y%m%d}_{slug}"


run()

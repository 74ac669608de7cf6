"""`backup` and `restore`: the whole database to a file and back, with nothing half-done between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import typer
from rich.progress import DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from app.db import backup as backups
from app.db import restore as restores
from app.db.checks import wait_for_server
from app.db.migrate import migrate
from app.db.programs import Programs, find_programs
from app.db.provision import provided
from app.settings import Settings, load_settings

WAIT_FOR_DATABASE = 30.0
CONNECT_TIMEOUT = 10.0
COLUMNS = (SpinnerColumn(), TextColumn("{task.description}"), DownloadColumn(), TimeElapsedColumn())


def backup(target: Path, snapshot: str | None) -> None:
    settings = load_settings()
    with provided(settings) as database, progress("backing up") as tell:
        programs = programs_for(settings, database.url)
        size = backups.dump(database.url, programs, target, tell, snapshot=snapshot)
    typer.echo(f"The database ({database.where}) is in {target}: {size:,} bytes.")


def restore(source: Path, *, replace: bool) -> None:
    settings = load_settings()
    with provided(settings) as database, progress("restoring") as tell:
        programs = programs_for(settings, database.url)
        revision = restores.revision_in(source, programs)
        if not replace:
            asyncio.run(restores.require_empty(database.url))
        restores.restore(database.url, programs, source, tell, replace=replace)
        outcome = asyncio.run(migrate(database.url))
    migrated = "" if outcome.after == revision else f" and was brought to {outcome.after}"
    typer.echo(
        f"{source} is in the database ({database.where}), at revision {revision}{migrated}. "
        "Everybody has to sign in again."
    )


def programs_for(settings: Settings, url: str) -> Programs:
    """Such as can talk to the server. Raises ProgramsMissing; DatabaseUnfit without a server."""
    programs = find_programs(settings.postgres_bin_dir)
    asyncio.run(wait_for_server(url, WAIT_FOR_DATABASE))
    programs.require_for(asyncio.run(server_version(url)))
    return programs


async def server_version(url: str) -> str:
    connection = await asyncpg.connect(dsn=url, timeout=CONNECT_TIMEOUT)
    try:
        version: str = await connection.fetchval("SHOW server_version")
    finally:
        await connection.close()
    return version


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], object]]:
    """What is shown while it lasts, to whoever sits at a terminal."""
    with Progress(*COLUMNS) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done: shown.update(task, completed=done)

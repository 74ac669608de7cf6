"""Further databases on a server, made quickly from a template: what tests need."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import asyncpg


async def create_database(
    admin_url: str, name: str, *, template: str, owner: str | None = None
) -> str:
    """Copy `template`, to which nobody may be connected, file by file; answers the URL of the copy
    with the credentials of `admin_url`.
    """
    owned = f' OWNER "{owner}"' if owner else ""
    await _execute(
        admin_url, f'CREATE DATABASE "{name}"{owned} TEMPLATE "{template}" STRATEGY FILE_COPY'
    )
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{name}"))


async def drop_database(admin_url: str, name: str) -> None:
    """Whoever is connected to it loses the connection."""
    await _execute(admin_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn=url, timeout=10)
    try:
        await connection.execute(statement, timeout=60)
    finally:
        await connection.close()

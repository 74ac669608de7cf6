"""What must be so of a server before the service relies on it, and a sentence where it is not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

from app.database_url import described
from app.db.migrate import MigrationError, current_revision, newest_revision, require_known
from app.db.servers import Servers
from app.failure import Failure

OLDEST, NEWEST = 15, 18
# The first minor releases without the holes that were closed in May 2026.
SAFE_MINORS = {15: 18, 16: 14, 17: 10, 18: 4}
CONNECT_TIMEOUT = 5.0
ASK = """
SELECT current_setting('server_version_num')::int AS version,
       current_setting('server_version') AS version_text,
       current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('server_encoding') AS encoding,
       pg_is_in_recovery() AS in_recovery,
       current_user AS role,
       current_setting('statement_timeout') AS statement_timeout,
       current_setting('lock_timeout') AS lock_timeout,
       current_setting('idle_in_transaction_session_timeout')
         AS idle_in_transaction_session_timeout,
       current_setting('max_connections')::int
         - current_setting('superuser_reserved_connections')::int AS connections
"""
# What a server that is starting, a network that is not there yet, or standbys of which none is
# promoted yet, answer with.
PASSING = (
    OSError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.TargetServerAttributeNotMatched,
)
TROUBLE = (*PASSING, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError)


class DatabaseUnfit(Failure):
    """One sentence for each thing that is wrong with the database."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`faults` stop the start; `warnings` are only told."""

    version: str
    faults: tuple[str, ...]
    warnings: tuple[str, ...]


async def wait_for_server(url: str, seconds: float) -> None:
    """Wait while it is out of reach or starting. Raises DatabaseUnfit when that takes too long, or
    at once when waiting cannot help.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            connection = await Servers(url).connect(timeout=CONNECT_TIMEOUT)
        except TROUBLE as error:
            if not isinstance(error, PASSING) or time.monotonic() > deadline:
                raise DatabaseUnfit(_unreachable(url, error)) from None
            await asyncio.sleep(0.5)
        else:
            await connection.close()
            return


async def judge(url: str, *, connections: int, is_shared: bool = False) -> Verdict:
    """`connections` is how many the whole service may open, `is_shared` whether to a pooler that
    shares them. Raises DatabaseUnfit where the server cannot even be asked.
    """
    await wait_for_server(url, seconds=0)
    connection = await Servers(url).connect(timeout=CONNECT_TIMEOUT, statement_cache_size=0)
    try:
        found = await connection.fetchrow(ASK, timeout=CONNECT_TIMEOUT)
    finally:
        await connection.close()
    connections = 0 if is_shared else connections  # As many as the pooler opens, not the service.
    faults = [*_version_faults(found), *_durability_faults(found), *_use_faults(found, connections)]
    faults += _limit_faults(found) if is_shared else ()
    return Verdict(found["version_text"], tuple(faults), tuple(_warnings(found, connections)))


async def migration_fault(url: str) -> str | None:
    """Why the tables are not those that this code expects, or None."""
    there, wanted = await current_revision(url), newest_revision()
    if there == wanted:
        return None
    try:
        require_known(there)
    except MigrationError as error:
        return str(error)
    return (
        f"The database is at revision {there or 'none'} and this code needs {wanted}. "
        "Run `python -m app migrate`."
    )


def _unreachable(url: str, error: Exception) -> str:
    """The driver's words name host, role or database, never the password."""
    what = str(error) or "it does not answer"
    return (
        f"The database {described(url)} cannot be used: {what}. Check DATABASE_URL and the server."
    )


def _version_faults(found: Mapping[str, Any]) -> list[str]:
    if OLDEST <= found["version"] // 10_000 <= NEWEST:
        return []
    there = found["version_text"]
    return [f"The server is PostgreSQL {there}. Use one from {OLDEST} to {NEWEST}."]


def _durability_faults(found: Mapping[str, Any]) -> list[str]:
    """Without these three, a write that was confirmed can be lost in a crash."""
    switched_off = [
        name for name in ("fsync", "full_page_writes", "synchronous_commit") if found[name] == "off"
    ]
    return [
        f"The server runs with {name} = off, so a confirmed write can be lost. "
        f"Set {name} = on in its configuration."
        for name in switched_off
    ]


def _limit_faults(found: Mapping[str, Any]) -> list[str]:
    """The service sets its time limits on its own connections, which it does not have here."""
    wanted = {
        "statement_timeout": "2s",
        "lock_timeout": "1500ms",
        "idle_in_transaction_session_timeout": "10s",
    }
    return [
        f"DB_TRANSACTION_POOLING is on, and the role {found['role']} has no {name}. "
        f"Run ALTER ROLE {found['role']} SET {name} = '{value}' and reconnect the pooler."
        for name, value in wanted.items()
        if found[name] == "0"
    ]


def _use_faults(found: Mapping[str, Any], connections: int) -> list[str]:
    faults = []
    if found["encoding"] != "UTF8":
        faults.append(
            f"The database is encoded in {found['encoding']}, which cannot hold all text. "
            "Create it with ENCODING 'UTF8'."
        )
    if found["in_recovery"]:
        faults.append(
            "The server is a standby and takes no writes. Point DATABASE_URL to the primary, "
            "or add target_session_attrs=read-write to it."
        )
    if connections > found["connections"]:
        faults.append(_too_many(found, connections))
    return faults


def _warnings(found: Mapping[str, Any], connections: int) -> list[str]:
    warnings = []
    major, minor = divmod(found["version"], 10_000)
    if minor < SAFE_MINORS.get(major, 0):
        warnings.append(
            f"The server is PostgreSQL {found['version_text']}, which has known holes. "
            f"Upgrade it to {major}.{SAFE_MINORS[major]} or later."
        )
    if found["connections"] >= connections > found["connections"] * 0.8 - 10:
        warnings.append(_too_many(found, connections))
    return warnings


def _too_many(found: Mapping[str, Any], connections: int) -> str:
    return (
        f"The workers may open {connections} connections (WEB_CONCURRENCY x (DB_POOL_SIZE + "
        f"DB_MAX_OVERFLOW)) of the {found['connections']} that the server gives. "
        "Lower one of the three, or raise max_connections."
    )

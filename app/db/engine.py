"""The one way to the database: connections, their time limits, sessions and transactions.
A session that is asked for nothing takes no connection; who commits is the exit of `session`.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine.interfaces import AdaptedConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.db import connections
from app.db.connections import POOL_TIMEOUT, Connections
from app.db.moments import read_as_text
from app.db.servers import Servers
from app.db.session import Session
from app.db.statements import Statements
from app.settings import Settings

# In seconds, as all of these; with POOL_TIMEOUT they keep a refusal within 2.5.
CONNECT_TIMEOUT = 2.0
PROBE_TIMEOUT = 0.4
RECYCLE_AFTER = 1800
# The server ends a statement after 2 s; the driver's own limit is for a server that says nothing,
# as behind a network that is gone. A request on a connection that was in use is refused by then.
COMMAND_TIMEOUT = 2.3
# Set by a statement and not while connecting: PgBouncer refuses parameters that it does not know.
LIMITS = (
    "SET statement_timeout = '2s'; SET lock_timeout = '1500ms'; "
    "SET idle_in_transaction_session_timeout = '10s'; SET jit = off"
)

Admit = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """Connections of this process: how many it keeps, how many are in use, how many above that."""

    size: int
    checked_out: int
    overflow: int


class Database:
    """All of a process's connections to one database."""

    def __init__(
        self, engine: AsyncEngine, *, size: int, limit: int, statements: Statements
    ) -> None:
        """`limit` is how many connections the engine makes at most, `size` how many it keeps."""
        self.engine = engine
        self._size, self._limit = size, limit
        self.handed_out = Connections(engine, size=size, limit=limit)
        self.statements = statements
        _refuse_dead_connections(engine, self.handed_out)

    @classmethod
    def create(
        cls,
        settings: Settings,
        url: str,
        *,
        admit: Admit | None = None,
        command_timeout: float | None = None,
    ) -> Self:
        """`url` as `app.database_url` leaves it. Nothing is connected yet. `admit` raises for a new
        connection that may not be used.
        """
        connect = _connector(settings, url, admit, command_timeout or COMMAND_TIMEOUT)
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=connect,
            pool_size=settings.db_pool_size,
            max_overflow=settings.db_max_overflow,
            pool_timeout=POOL_TIMEOUT,
            pool_recycle=RECYCLE_AFTER,
            pool_use_lifo=True,
            hide_parameters=True,
            echo=settings.db_echo,
        )
        _close_without_waiting(engine)
        limit = settings.db_pool_size + settings.db_max_overflow
        statements = Statements(slow_after=settings.log_slow_queries_ms / 1000)
        return cls(engine, size=settings.db_pool_size, limit=limit, statements=statements)

    def session(self, *, read_only: bool, max_staleness: float | None = None) -> Session:  # noqa: ARG002 - nothing is stale here
        """For one request. Reads see each statement's own snapshot and need no transaction."""
        return Session(self.handed_out, self.statements, read_only=read_only)

    def transaction(self) -> Session:
        """Commits at a normal exit and rolls back at an exception."""
        return Session(self.handed_out, self.statements, read_only=False)

    def pool_figures(self) -> PoolFigures:
        pool = self.handed_out.pool
        return PoolFigures(pool.size(), self.handed_out.in_use, max(0, pool.overflow()))

    @property
    def is_exhausted(self) -> bool:
        """Whether requests hold all connections that there may be."""
        return self.handed_out.in_use >= self._limit

    def readings(self) -> dict[str, Callable[[], float]]:
        """What can be measured at any moment, by the name of the family of metrics."""
        connections = self.handed_out
        return {
            "db_client_connections_size": lambda: self._size,
            "db_client_connections_limit": lambda: self._limit,
            "db_client_connections_in_use": lambda: connections.in_use,
            "db_client_connections_overflow": lambda: max(0, connections.pool.overflow()),
            "db_client_connections_waiting": lambda: connections.waiting,
            "db_client_connection_waits": lambda: connections.waits,
            "db_client_connection_timeouts": lambda: connections.timeouts,
            "db_client_slow_statements": lambda: self.statements.slow,
        }

    async def dispose(self) -> None:
        """Close all connections. The database can be used again afterwards."""
        self.handed_out.put_all_back()
        await self.engine.dispose()


def _connector(
    settings: Settings, url: str, admit: Admit | None, command_timeout: float
) -> Callable[[], Awaitable[Any]]:
    """Return what makes a connection with its limits. In transaction pooling the driver may keep no
    statement, since the next one is another server's, and a limit that is set would be everybody's.
    """
    servers = Servers(url)
    is_shared = settings.db_transaction_pooling
    cache = {"statement_cache_size": 0} if is_shared else {}

    async def connect() -> Any:
        connection = await servers.connect(
            timeout=CONNECT_TIMEOUT,
            command_timeout=command_timeout,
            server_settings={"application_name": settings.app_name},
            **cache,
        )
        try:
            if not is_shared:
                await connection.execute(LIMITS, timeout=CONNECT_TIMEOUT)
            await read_as_text(connection)
            if admit is not None:
                await admit(connection)
        except BaseException:  # The request was cancelled: nobody else knows the connection.
            connection.terminate()
            raise
        return connection

    return connect


def _refuse_dead_connections(engine: AsyncEngine, handed_out: Connections) -> None:
    """Instead of SQLAlchemy's pre-ping, which asks the server before every use and waits as long
    as for any statement: the driver knows at once when a server has hung up, so only a connection
    that has lain idle is probed, and briefly. A dead one takes all others of its age with it.
    """

    @event.listens_for(engine.sync_engine, "checkout")
    def _check(connection: AdaptedConnection, record: Any, _proxy: Any) -> None:
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError("The server has closed the connection.")
        used_at = record.info.get("used_at")
        if used_at is not None and used_at <= handed_out.distrusted_at:
            raise InvalidatePoolError("The server had stopped taking writes.")
        if used_at is None or time.monotonic() - used_at < connections.PROBE_AFTER_IDLE:
            return
        try:
            connection.run_async(_probe)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise InvalidatePoolError("The server does not answer.") from error


def _close_without_waiting(engine: AsyncEngine) -> None:
    """SQLAlchemy says goodbye first and waits 2 s for the answer, also of a server that is gone.
    To a server that is there, an idle connection that ends without a word is nothing unusual.
    """

    @event.listens_for(engine.sync_engine, "close")
    def _hang_up(connection: AdaptedConnection, _record: Any) -> None:
        connection.driver_connection.terminate()


async def _probe(connection: Any) -> None:
    await connection.execute("SELECT 1", timeout=PROBE_TIMEOUT)

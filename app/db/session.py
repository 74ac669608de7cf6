"""One request's way to the database. It takes a connection with its first statement and no sooner,
and runs statements of SQLAlchemy on the driver itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import asyncpg
import structlog
from sqlalchemy import Executable

from app.db.compiled import compiled
from app.db.connections import Connections, Lease
from app.db.statements import Statements

NO_PARAMETERS: Mapping[str, Any] = {}

log = structlog.get_logger("database")


class NotOneRowError(LookupError):
    """A statement found none or several where there is exactly one."""


class Rows(list[asyncpg.Record]):
    """What a statement found."""

    def one_or_none(self) -> asyncpg.Record | None:
        if len(self) > 1:
            raise NotOneRowError(f"{len(self)} rows were found and not one.")
        return self[0] if self else None

    def one(self) -> asyncpg.Record:
        if len(self) != 1:
            raise NotOneRowError(f"{len(self)} rows were found and not one.")
        return self[0]

    def scalar_one(self) -> Any:
        return self.one()[0]


class Session:
    """A transaction of its own begins with the first statement, unless every statement is one.

    Leaving it normally commits, leaving it by an exception rolls back. Raises what the driver, the
    pool and the operating system raise.
    """

    __slots__ = (
        "_connection",
        "_connections",
        "_first",
        "_has_begun",
        "_is_reading",
        "_lease",
        "_statements",
    )

    def __init__(
        self, connections: Connections, statements: Statements, *, read_only: bool
    ) -> None:
        """With `read_only` each statement sees its own snapshot, and there is nothing to commit."""
        self._connections = connections
        self._statements = statements
        self._is_reading = read_only
        self._lease: Lease | None = None
        self._connection: Any = None
        self._has_begun = False
        self._first: Callable[[Session], Awaitable[None]] | None = None

    def require_current(self) -> None:
        """From now on nothing is read that is older than the last commit, as always here."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._lease is None:
            return
        if error is None:
            if self._has_begun:
                await self._finish()
            self._give_back()
        elif isinstance(error, asyncio.CancelledError):
            self._break_off()  # The time is up: nobody waits for a server that may say nothing.
        else:
            await self._roll_back()

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] = NO_PARAMETERS
    ) -> Rows:
        """Run a statement; return all that it found."""
        prepared = compiled(statement, parameters)
        arguments = prepared.arguments(parameters)
        if self._connections.is_echoed:
            log.info("statement", sql=prepared.sql)
        if not self._has_begun:
            await self._begin()
        return Rows(await self._run(prepared.sql, self._connection.fetch(prepared.sql, *arguments)))

    async def at_once(
        self, statement: Executable, parameters: Mapping[str, Any] = NO_PARAMETERS
    ) -> Rows:
        """Run a statement before the transaction begins, as one of its own: whatever becomes of
        the request's, this one lasts. It takes no second connection.
        """
        if self._has_begun:
            raise RuntimeError("The transaction has begun, and what is done now is part of it.")
        is_reading, self._is_reading = self._is_reading, True
        try:
            return await self.execute(statement, parameters)
        finally:
            self._is_reading = is_reading

    async def scalar(
        self, statement: Executable, parameters: Mapping[str, Any] = NO_PARAMETERS
    ) -> Any:
        """Return the first value of the first row, None where there is no row."""
        found = await self.execute(statement, parameters)
        return found[0][0] if found else None

    async def begin_with(self, first: Callable[[Session], Awaitable[None]]) -> None:
        """Let `first` do its statements before all others of the transaction: now where that has
        begun, otherwise when it does, and again in each that begins after a `release`.
        """
        self._first = first
        if self._has_begun:
            await first(self)

    async def commit(self) -> None:
        """Make what was done so far last. Raises where the server has rolled it back instead."""
        if self._has_begun:
            outcome = await self._run("COMMIT", self._connection.execute("COMMIT"))
            self._has_begun = False
            if outcome != "COMMIT":
                raise asyncpg.InFailedSQLTransactionError("The transaction had failed before.")

    async def release(self) -> None:
        """Undo what was not committed, and give the connection back; the next statement takes
        another. For a session that has long work before it, or is done.
        """
        if self._has_begun:
            self._has_begun = False
            await self._run("ROLLBACK", self._connection.execute("ROLLBACK"))
        self._give_back()

    def _give_back(self) -> None:
        lease, self._lease, self._connection = self._lease, None, None
        if lease is not None:
            self._connections.give_back(lease)

    async def _finish(self) -> None:
        try:
            await self.commit()
        except BaseException:
            await self._roll_back()
            raise

    async def _roll_back(self) -> None:
        """After an error, which is what the caller has to hear of and not what comes of it."""
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await self.release()
        if self._lease is not None:
            self._break_off()

    async def _begin(self) -> None:
        if self._lease is None:
            self._lease = await self._connections.take()
            self._connection = self._lease.driver
        if not self._is_reading:
            await self._run("BEGIN", self._connection.execute("BEGIN"))
            self._has_begun = True
            if self._first is not None:
                await self._first(self)

    async def _run(self, sql: str, work: Any) -> Any:
        """After anything but an error that the server has reported, nobody knows what state the
        connection is in, and nobody gets it again.
        """
        started = time.perf_counter()
        try:
            result = await work
        except BaseException as error:
            self._statements.ended(sql, started, error)
            if isinstance(error, asyncpg.ReadOnlySQLTransactionError):
                # The server takes no writes any more: another does, and new connections find it.
                self._connections.distrust()
            if not self._is_usable_after(error):
                self._break_off()
            raise
        self._statements.ended(sql, started)
        return result

    def _is_usable_after(self, error: BaseException) -> bool:
        if isinstance(error, asyncpg.PostgresError):
            return not isinstance(error, asyncpg.ReadOnlySQLTransactionError)
        return isinstance(error, asyncpg.InterfaceError) and not self._connection.is_closed()

    def _break_off(self) -> None:
        lease, self._lease, self._connection = self._lease, None, None
        self._has_begun = False
        if lease is not None:
            self._connections.break_off(lease)

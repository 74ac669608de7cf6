"""A streaming replica that may answer some reads: those whose operation says in the document how
old an answer may be, and whose caller has shown no credential. Everything else is the primary's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy import Executable, func, select

from app.db.engine import Database
from app.db.session import NO_PARAMETERS, Rows, Session
from app.settings import Settings

# In seconds. The document's least bound is one second, so the proof is renewed well within it.
COMPARE_EVERY = 0.4
COMPARE_TIMEOUT = 1.0
# Short, since the primary is asked afterwards and the request has its deadline.
COMMAND_TIMEOUT = 2.0
WRITTEN = select(func.pg_current_wal_flush_lsn())
REPLAYED = select(func.pg_is_in_recovery(), func.pg_last_wal_replay_lsn())
REPLAYED_SQL = "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn()"
NEVER = float("-inf")

log = structlog.get_logger("replica")


class ReplicaBehind(ConnectionError):
    """It does not have what it must have to answer, or is no replica any more."""


class Replica:
    """Knows until which moment everything that was committed is visible on the replica.

    The proof is a comparison of positions in the write-ahead log: what the primary had written when
    it was asked, and what the replica has replayed since. A replica never goes back while it runs,
    so the proof holds for every connection that was open, and a new connection brings its own.
    """

    def __init__(self, settings: Settings, url: str, primary: Database) -> None:
        # No pooler in between: what is proven of a connection is proven of its server.
        direct = settings.model_copy(update={"db_transaction_pooling": False})
        self.database = Database.create(
            direct, url, admit=self._admit, command_timeout=COMMAND_TIMEOUT
        )
        self._primary = primary
        self._proven = 0
        self._current_at = NEVER
        self._watching: asyncio.Task[None] | None = None

    def is_current(self, max_staleness: float) -> bool:
        """Whether it has everything that was committed so many seconds ago."""
        return time.monotonic() - self._current_at <= max_staleness

    def session(self, max_staleness: float) -> Session:
        """For one request that only reads."""
        return ReplicaSession(self, self._primary, max_staleness)

    def give_up(self, error: BaseException) -> None:
        """Nobody asks it until it has shown again that it is current."""
        if self._current_at != NEVER:
            log.warning("replica_given_up", error=type(error).__name__)
        self._current_at = NEVER

    def watch(self) -> None:
        """Compare it with the primary again and again, until it is closed."""
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        await self.database.dispose()

    async def compare(self) -> None:
        """Renew the proof. Raises ReplicaBehind, and what the driver and the pool raise."""
        async with asyncio.timeout(COMPARE_TIMEOUT):
            async with self._primary.session(read_only=True) as session:
                asked_at = time.monotonic()
                written = await session.scalar(WRITTEN)
            async with self.database.session(read_only=True) as session:
                self._judge((await session.execute(REPLAYED)).one(), written)
        if self._current_at == NEVER:
            log.info("replica_current")
        self._proven, self._current_at = written, asked_at

    async def _watch(self) -> None:
        while True:
            try:
                await self.compare()
            except ReplicaBehind:
                pass  # What was proven before holds for as long as its moment is near enough.
            except Exception as error:  # noqa: BLE001 - whatever it is, the primary answers
                self.give_up(error)
            await asyncio.sleep(COMPARE_EVERY)

    async def _admit(self, connection: Any) -> None:
        """A server that was restarted may show less than it did before."""
        found = await connection.fetchrow(REPLAYED_SQL, timeout=COMPARE_TIMEOUT)
        self._judge(found, self._proven)

    def _judge(self, found: Any, written: int) -> None:
        is_replica, replayed = found
        if not is_replica or replayed is None or replayed < written:
            raise ReplicaBehind


class ReplicaSession(Session):
    """Asks the replica as long as it may; once it has asked the primary, only that."""

    __slots__ = ("_max_staleness", "_may_be_stale", "_replica")

    def __init__(self, replica: Replica, primary: Database, max_staleness: float) -> None:
        super().__init__(primary.handed_out, primary.statements, read_only=True)
        self._replica = replica
        self._max_staleness = max_staleness
        self._may_be_stale = True

    def require_current(self) -> None:
        """Whoever shows a credential may have written, and reads what was written."""
        self._may_be_stale = False

    def _may_ask(self, database: Database) -> bool:
        if not self._may_be_stale or database.handed_out.are_all_in_use:
            return False
        return self._replica.is_current(self._max_staleness)

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] = NO_PARAMETERS
    ) -> Rows:
        """Run a statement; return all that it found."""
        database = self._replica.database
        if self._may_ask(database):
            try:
                async with database.session(read_only=True) as there:
                    return await there.execute(statement, parameters)
            except Exception as error:  # noqa: BLE001 - a fault of the statement shows there too
                self._replica.give_up(error)
        self._may_be_stale = False
        return await super().execute(statement, parameters)


class ReplicatedDatabase(Database):
    """A primary, and the replica that answers in its place where it may."""

    replica: Replica | None = None

    def session(self, *, read_only: bool, max_staleness: float | None = None) -> Session:
        """As of any database; `max_staleness` is how many seconds old an answer may be."""
        if self.replica is None or max_staleness is None:
            return super().session(read_only=read_only)
        self.replica.watch()
        return self.replica.session(max_staleness)

    async def dispose(self) -> None:
        """Close all connections, those of the replica too."""
        if self.replica is not None:
            await self.replica.close()
        await super().dispose()


def database_of(settings: Settings, url: str) -> Database:
    """The database at `url`, with its replica if DATABASE_REPLICA_URL names one."""
    if settings.database_replica_url is None:
        return Database.create(settings, url)
    database = ReplicatedDatabase.create(settings, url)
    database.replica = Replica(settings, settings.database_replica_url.get_secret_value(), database)
    return database

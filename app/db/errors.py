"""What an error of the driver, the pool or the connection means to a client: the one map of them.
Whoever catches an error asks `problem_of`; None means a defect of our own, answered with 500.
"""

from __future__ import annotations

import asyncpg
import sqlalchemy.exc
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi

from app.contract import Problem
from generated.problems import (
    EmailTaken,
    InvalidCredentials,
    InvalidInput,
    InvalidToken,
    Unavailable,
    UsernameTaken,
)

CONSTRAINTS: dict[str, type[Problem]] = {
    "uq_users_email": EmailTaken,
    "uq_users_username": UsernameTaken,
    # The user was deleted after the token, or the password, had been checked.
    "fk_posts_author_id_users": InvalidToken,
    "fk_refresh_families_user_id_users": InvalidCredentials,
}

# SQLSTATE codes, and classes of them, by which PostgreSQL says: not now.
UNAVAILABLE = (
    "08",  # connection exception
    "0A000",  # "cached statement plan is invalid": a migration ran; the driver prepares anew
    "25006",  # read-only transaction: connected to a standby during a failover
    "25P03",  # idle in transaction for too long
    "25P04",  # transaction_timeout
    "28",  # the server refuses the service's own credentials
    "3D000",  # the database does not exist (yet)
    "42501",  # its rights are still to be granted, or are taken away for a while
    "42P01",  # its tables do not exist: the migrations are still to run
    "40001",  # serialization failure
    "40P01",  # deadlock
    "53",  # out of connections, memory or disk
    "55000",  # the database takes no connections: ALLOW_CONNECTIONS is false
    "55P03",  # lock_timeout
    "57",  # statement_timeout, or the server is starting, stopping or recovering
    "58",  # I/O error on the server
)
# What is in neither list is a defect, and waiting mends none: a statement that is wrong (21, 26,
# 42, 54), a constraint that CONSTRAINTS lacks (23), data or indexes that are damaged (XX).
# 22: a value that its type cannot hold; 23502 and 23514: a missing or forbidden value.
INVALID = ("22", "23502", "23514")

# Trouble on the way to the server arrives in the classes of whoever met it: the operating system,
# asyncio's time limits, the pool, or asyncpg about a connection that is already closed, or that the
# server has given up, which the driver finds in its own state before it learns of the end.
OUT_OF_REACH = (
    OSError,  # ConnectionRefusedError, ConnectionResetError and TimeoutError are among them
    sqlalchemy.exc.TimeoutError,
    sqlalchemy.exc.InterfaceError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    # Of several servers none takes writes: the primary is lost and no standby promoted yet.
    asyncpg.TargetServerAttributeNotMatched,
)


def problem_of(error: BaseException) -> Problem | None:
    """The problem that a client is told instead of `error`; None where it is nobody's but ours."""
    driver = driver_error(error)
    state = getattr(driver, "sqlstate", None)
    if isinstance(state, str):
        return problem_of_state(state, getattr(driver, "constraint_name", None))
    lost = isinstance(error, sqlalchemy.exc.DBAPIError) and error.connection_invalidated
    if lost or isinstance(error, OUT_OF_REACH) or isinstance(driver, OUT_OF_REACH):
        return Unavailable()
    return None


def driver_error(error: BaseException) -> BaseException | None:
    """The exception of asyncpg, which alone names the constraint: SQLAlchemy wraps it twice, and
    once where a connection is made.
    """
    if isinstance(error, AsyncAdapt_asyncpg_dbapi.Error):
        return error.__cause__ or error
    if not isinstance(error, sqlalchemy.exc.DBAPIError) or error.orig is None:
        return error
    return error.orig.__cause__ or error.orig


def problem_of_state(state: str, constraint: str | None) -> Problem | None:
    if constraint in CONSTRAINTS:
        return CONSTRAINTS[constraint]()
    if state.startswith(UNAVAILABLE):
        return Unavailable()
    if state.startswith(INVALID):
        return InvalidInput("A value cannot be stored.")
    return None

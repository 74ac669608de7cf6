"""`python -m benchmarks.counting`: what counting a sign-in costs in PostgreSQL and in Redis, in one
process, in turn. What it printed stands in docs/decisions/0020-limits-in-redis.md.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NamedTuple

import orjson
import uvloop
from sqlalchemy import select

from app.contract import Charge
from app.contract.document import Document
from app.contract.policies import Policy, policies_of
from app.db.engine import Database
from app.db.limits import StoredLimits
from app.db.migrate import migrate
from app.db.session import Session
from app.limits import KeptLimits
from app.redis.limits import RedisLimits
from app.settings import Settings
from benchmarks.database import running
from benchmarks.processes import cpu_seconds
from generated import DOCUMENT
from tests.limits.redis_server import RedisServer

ROUNDS, REQUESTS, TOGETHER = 7, 1_000, 16
FACTOR = 1_000_000
# Stands for what a sign-in writes in the transaction in which PostgreSQL takes the count back.
WRITE = select(1)
NAMES = count()


@dataclass
class Here:
    session: Session


class Contender(NamedTuple):
    """A store, and the process that keeps its counts."""

    name: str
    store: KeptLimits
    pid: int


class Spent(NamedTuple):
    """Microseconds for one request: of the clock, of this process, and of the one that keeps."""

    clock: float
    here: float
    there: float


Request = Callable[[KeptLimits, Database], Awaitable[None]]


def policies() -> list[Policy]:
    document = Document(orjson.loads(DOCUMENT.read_bytes()))
    return policies_of(document.by_id["log_in"], document, FACTOR)


POLICIES = policies()
USED_UP = [Charge(policy._replace(limit=0), "used up") for policy in POLICIES[:1]]


async def sign_in(store: KeptLimits, database: Database) -> None:
    """Of a name that was not seen before."""
    narrow, *wide = POLICIES
    charges = [Charge(narrow, str(next(NAMES))), *(Charge(policy, "") for policy in wide)]
    async with database.session(read_only=False) as session:
        await store.charge(Here(session), charges)
        await session.release()
        await session.execute(WRITE)
        await store.give_back(Here(session), [c for c in charges if c.policy.failures_only])


async def refused(store: KeptLimits, database: Database) -> None:
    async with database.session(read_only=False) as session:
        await store.charge(Here(session), USED_UP)


CASES: list[tuple[str, Request, int]] = [
    ("a sign-in that succeeds, one at a time", sign_in, 1),
    (f"the same, {TOGETHER} at a time", sign_in, TOGETHER),
    ("an attempt that is refused, one at a time", refused, 1),
]


async def spent(contender: Contender, database: Database, request: Request, lanes: int) -> Spent:
    async def lane() -> None:
        for _ in range(REQUESTS // lanes):
            await request(contender.store, database)

    there, here, clock = cpu_seconds(contender.pid), time.process_time(), time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(lanes)))
    ended = time.perf_counter(), time.process_time(), cpu_seconds(contender.pid)
    before = clock, here, there
    each = (b - a for a, b in zip(before, ended, strict=True))
    return Spent(*(seconds / REQUESTS * 1e6 for seconds in each))


async def compare(contenders: list[Contender], database: Database) -> None:
    for headline, request, lanes in CASES:
        rounds = [
            [await spent(contender, database, request, lanes) for contender in contenders]
            for _ in range(ROUNDS + 1)
        ][1:]  # The first one warms up.
        print(f"\n{headline}")
        for place, contender in enumerate(contenders):
            fields = zip(*(spents[place] for spents in rounds), strict=True)
            clock, here, there = (statistics.median(figures) for figures in fields)
            print(
                f"  {contender.name:10}  {clock:6.0f} us = {here:.0f} us here, {there:.0f} us there"
            )
        for name, value_of in (("clock", clock_of), ("processors", processors_of)):
            ratio = statistics.median(value_of(one) / value_of(other) for one, other in rounds)
            print(f"  PostgreSQL / Redis, {name}: {ratio:.2f}")


def clock_of(found: Spent) -> float:
    return found.clock


def processors_of(found: Spent) -> float:
    return found.here + found.there


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    await migrate(url)
    database = Database.create(Settings(_env_file=None, db_pool_size=TOGETHER), url)
    yield database
    await database.dispose()


async def measure(url: str, postgres: int, redis: RedisServer) -> None:
    in_redis = RedisLimits(redis.url, service="measured", factor=FACTOR)
    async with opened(url) as database:
        contenders = [
            Contender("PostgreSQL", StoredLimits(FACTOR), postgres),
            Contender("Redis", in_redis, redis.pid),
        ]
        await compare(contenders, database)
    await in_redis.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with running(place / "postgres") as postgres, RedisServer(place) as redis:
            print(f"PostgreSQL {postgres.version}, {ROUNDS} rounds of {REQUESTS} requests")
            uvloop.run(measure(postgres.url, postgres.pid, redis))


if __name__ == "__main__":
    main()

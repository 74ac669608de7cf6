"""What every store of counts does alike, and of the two that are shared what nobody may read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from sqlalchemy import func, select

from app.contract import Charge, Standing
from app.contract.limits import Counters, told
from app.contract.policies import Policy
from app.db.engine import Database
from app.db.limits import StoredLimits
from app.db.session import Session
from app.db.tables import audit_events, rate_limits
from app.redis.limits import RedisLimits
from tests.limits.redis_server import RedisServer
from tests.stored import Stored

SHARED = ["postgresql", "redis"]
ALICE, BOB = "192.0.2.1 alice", "192.0.2.1 bob"


def policy(name: str = "tries", limit: int = 3, **fields: Any) -> Policy:
    kind: Literal["address", "user"] = fields.get("per", "address")
    return Policy(name, limit, fields.get("window", 60), kind, field=None, failures_only=False)


NARROW, WIDE = policy(), policy("all", 5, window=600)


@dataclass
class Here:
    session: Session


@dataclass
class Counting:
    """A store, and a session of its own for each request."""

    store: Any
    database: Database
    seen: RedisServer | None = None

    async def charge(self, *charges: Charge) -> Sequence[Standing]:
        async with self.database.session(read_only=False) as session:
            found: Sequence[Standing] = await self.store.charge(Here(session), charges)
            return found

    async def give_back(self, *charges: Charge) -> None:
        async with self.database.session(read_only=False) as session:
            await self.store.give_back(Here(session), charges)

    async def passes(self, times: int, *charges: Charge) -> list[bool]:
        return [await self.is_passed(*charges) for _ in range(times)]

    async def is_passed(self, *charges: Charge) -> bool:
        standings = await self.charge(*charges)
        return standings[-1].counted <= charges[len(standings) - 1].policy.limit

    async def keys(self) -> list[str]:
        if self.seen is not None:
            return self.seen.keys()
        async with self.database.session(read_only=True) as session:
            return [row["key"].hex() for row in await session.execute(select(rate_limits.c.key))]


async def counting_in(kind: str, database: Database, request: Any) -> Counting:
    if kind == "postgresql":
        return Counting(StoredLimits(), database)
    if kind == "process":
        return Counting(Counters(), database)
    server: RedisServer = request.getfixturevalue("redis_server")
    server.ask("FLUSHALL")
    return Counting(RedisLimits(server.url, service="test"), database, server)


@pytest.fixture(params=["process", *SHARED])
async def counting(
    request: pytest.FixtureRequest, database: Database, stored: Stored
) -> AsyncIterator[Counting]:
    counting = await counting_in(request.param, database, request)
    yield counting
    if request.param == "redis":
        await counting.store.close()


shared = pytest.mark.parametrize("counting", SHARED, indirect=True)


async def test_as_many_pass_as_the_limit_says(counting: Counting) -> None:
    assert await counting.passes(5, Charge(NARROW, ALICE)) == [True] * 3 + [False] * 2
    assert await counting.passes(1, Charge(NARROW, BOB)) == [True]


async def test_clients_are_told_the_same(counting: Counting) -> None:
    charges = [Charge(NARROW, ALICE), Charge(WIDE, "")]
    fields = [told(charges, await counting.charge(*charges)) for _ in range(4)]

    assert fields == [f'"tries";r={left};t=60' for left in (2, 1, 0, 0)]


async def test_what_one_policy_refuses_the_wider_ones_do_not_count(counting: Counting) -> None:
    await counting.passes(10, Charge(NARROW, ALICE), Charge(WIDE, ""))

    assert await counting.passes(3, Charge(WIDE, "")) == [True, True, False]


async def test_requests_at_the_same_moment_are_all_counted(counting: Counting) -> None:
    charges = (Charge(policy(limit=7), ALICE), Charge(policy("all", limit=100), ""))
    found = await asyncio.gather(*(counting.is_passed(*charges) for _ in range(20)))

    assert sorted(found) == [False] * 13 + [True] * 7


async def test_what_is_given_back_can_be_used_once_more(counting: Counting) -> None:
    tries, everyone = Charge(NARROW, ALICE), Charge(policy("all", 4), "")
    await counting.passes(6, tries, everyone)
    await counting.give_back(tries, everyone)

    assert await counting.passes(2, tries) == [True, False]
    assert await counting.passes(3, everyone) == [True, True, False]


async def test_what_was_never_counted_is_not_given_back(counting: Counting) -> None:
    for _ in range(3):
        await counting.give_back(Charge(NARROW, ALICE))
    await counting.passes(1, Charge(NARROW, ALICE))
    for _ in range(3):
        await counting.give_back(Charge(NARROW, ALICE))

    assert await counting.passes(4, Charge(NARROW, ALICE)) == [True] * 3 + [False]


async def test_counting_begins_anew_when_the_span_is_over_and_not_before(
    counting: Counting,
) -> None:
    short = Charge(policy(window=1), ALICE)
    assert await counting.passes(5, short) == [True] * 3 + [False] * 2
    await asyncio.sleep(0.5)
    (standing,) = await counting.charge(short)
    assert 0 < standing.seconds <= 0.5, "a request does not prolong the span"
    await asyncio.sleep(0.55)

    assert await counting.passes(1, short) == [True]


@shared
async def test_a_count_outlives_the_request_that_fails(counting: Counting) -> None:
    async def fail() -> None:
        async with counting.database.session(read_only=False) as session:
            await counting.store.charge(Here(session), [Charge(NARROW, ALICE)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await counting.passes(3, Charge(NARROW, ALICE)) == [True, True, False]


@shared
async def test_the_first_refusal_of_a_span_is_noted_and_names_the_user(
    counting: Counting, stored: Stored
) -> None:
    await counting.passes(6, Charge(policy(per="user"), "7"), Charge(WIDE, ""))

    noted = await stored.row(
        select(audit_events.c.actor_id, func.count().over().label("times")).where(
            audit_events.c.event == "limit_reached"
        )
    )
    assert noted == {"actor_id": 7, "times": 1}


@shared
async def test_what_was_typed_is_not_to_be_read_in_a_key(counting: Counting) -> None:
    await counting.charge(Charge(NARROW, ALICE), Charge(WIDE, ""))
    keys = await counting.keys()

    assert len(keys) == 2
    assert {len(key.removeprefix("{rate-limits}:")) for key in keys} == {32}

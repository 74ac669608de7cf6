"""The counts of rate limits, kept in PostgreSQL: the same for all workers and replicas, by one
statement for a request, however many policies it is counted by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, Protocol

from sqlalchemy import (
    CTE,
    BigInteger,
    CompoundSelect,
    Integer,
    Interval,
    LargeBinary,
    Select,
    bindparam,
    case,
    exists,
    extract,
    func,
    literal_column,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from app.contract import Charge, Standing
from app.db import audit
from app.db.session import Session
from app.db.tables import rate_limits

held = rate_limits.c
KEY_BYTES = 16
SECOND = literal_column("interval '1 second'", Interval)


class InSession(Protocol):
    """What a request's context has to have."""

    @property
    def session(self) -> Session: ...


class StoredLimits:
    """Locks rows in the order of the charges, which is the same in every request: none waits for
    one that waits for it.
    """

    kept_in: Literal["postgresql"] = "postgresql"

    def __init__(self, factor: float = 1) -> None:
        self.factor = factor

    async def charge(self, context: InSession, charges: Sequence[Charge]) -> Sequence[Standing]:
        """By a transaction of its own, which no rollback of the request undoes."""
        found = await context.session.at_once(charging(len(charges)), parameters_of(charges))
        standings = [Standing(row["counted"], float(row["seconds"])) for row in found]
        await note_refusal(context.session, charges, standings)
        return standings

    async def give_back(self, context: InSession, charges: Sequence[Charge]) -> None:
        """In the request's own transaction: what is not committed has not succeeded."""
        await context.session.execute(giving_back(len(charges)), parameters_of(charges))

    async def is_reachable(self) -> bool:
        """Always, for whoever reaches the database itself."""
        return True

    async def close(self) -> None:
        """Nothing: the connections are those of the requests."""


async def note_refusal(
    session: Session, charges: Sequence[Charge], standings: Sequence[Standing]
) -> None:
    """Note the first refusal of a span: it is one above the limit, all that follow are more."""
    last = charges[len(standings) - 1]
    if standings[-1].counted == last.policy.limit + 1:
        user_id = int(last.subject) if last.policy.per == "user" else None
        await audit.note_at_once(session, "limit_reached", actor_id=user_id)


def parameters_of(charges: Sequence[Charge]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for place, (policy, subject) in enumerate(charges):
        values[f"key_{place}"] = key_of(policy.name, subject)
        values[f"limit_{place}"] = policy.limit
        values[f"window_{place}"] = policy.window
    return values


def key_of(name: str, subject: str) -> bytes:
    """Of one length for whatever somebody typed, which does not stand in the database then."""
    return hashlib.blake2b(f"{name} {subject}".encode(), digest_size=KEY_BYTES).digest()


@cache
def charging(places: int) -> Select[Any] | CompoundSelect[Any]:
    """Count by each of so many policies whose predecessors let the request pass."""
    charged: list[CTE] = []
    for place in range(places):
        charged.append(_charge(place, charged))
    rows = [select(literal_column(str(n)).label("place"), c) for n, c in enumerate(charged)]
    return union_all(*rows).order_by("place")


def _charge(place: int, before: Sequence[CTE]) -> CTE:
    limit = bindparam(f"limit_{place}", type_=BigInteger)
    window = bindparam(f"window_{place}", type_=Integer) * SECOND
    key = bindparam(f"key_{place}", type_=LargeBinary)
    passed = (~exists(select(c.c.counted).where(c.c.refused)) for c in before)
    new: Any = select(key, literal_column("1"), func.now() + window).where(*passed)
    statement = insert(rate_limits).from_select(["key", "counted", "ends_at"], new)
    is_over = held.ends_at <= func.now()
    return (
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "counted": case((is_over, 1), else_=func.least(held.counted, limit + 1) + 1),
                "ends_at": case((is_over, statement.excluded.ends_at), else_=held.ends_at),
            },
        )
        .returning(
            held.counted,
            extract("epoch", held.ends_at - func.now()).label("seconds"),
            (held.counted > limit).label("refused"),
        )
        .cte(f"charge_{place}")
    )


@cache
def giving_back(places: int) -> Select[Any]:
    """Count one less for each of so many policies, the first one first."""
    given: list[CTE] = []
    for place in range(places):
        given.append(_give_back(place, given))
    return select(func.count()).select_from(given[-1])


def _give_back(place: int, before: Sequence[CTE]) -> CTE:
    limit = bindparam(f"limit_{place}", type_=BigInteger)
    in_turn = [select(func.count()).select_from(c).scalar_subquery() >= 0 for c in before[-1:]]
    return (
        update(rate_limits)
        .where(held.key == bindparam(f"key_{place}", type_=LargeBinary), *in_turn)
        .values(counted=func.greatest(func.least(held.counted, limit) - 1, 0))
        .returning(held.key)
        .cte(f"given_{place}")
    )

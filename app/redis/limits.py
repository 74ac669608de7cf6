"""The counts of rate limits, kept in Redis: the same for all workers and replicas, by one script
for a request, by the clock of Redis alone. A count goes when its span is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import structlog

from app.contract import Charge, Standing
from app.db.limits import InSession, note_refusal
from app.redis.keys import key_for
from app.redis.link import Link
from generated.problems import Unavailable

log = structlog.get_logger("limits")


class RedisLimits:
    """Whoever cannot be counted is not let in: where Redis does not answer, it is Unavailable."""

    kept_in: Literal["redis"] = "redis"

    def __init__(self, url: str, *, service: str, factor: float = 1) -> None:
        """`service` keeps apart what services of several names count in one Redis."""
        self.factor = factor
        self._service = service
        self._link = Link(url)

    async def charge(self, context: InSession, charges: Sequence[Charge]) -> Sequence[Standing]:
        """No connection of the database is held meanwhile."""
        await context.session.release()
        figures = [n for policy, _ in charges for n in (policy.limit, policy.window * 1000)]
        found = await self._link.run("charge", self._keys(charges), figures)
        pairs = zip(found[::2], found[1::2], strict=True)
        standings = [Standing(counted, left / 1000) for counted, left in pairs]
        await note_refusal(context.session, charges, standings)
        return standings

    async def give_back(self, _: InSession, charges: Sequence[Charge]) -> None:
        """What was counted and cannot be taken back is a failure too many, and no reason to refuse
        whom the request has shown to be right.
        """
        limits = [policy.limit for policy, _ in charges]
        try:
            await self._link.run("give_back", self._keys(charges), limits)
        except Unavailable:
            log.info("count_not_given_back")

    async def is_reachable(self) -> bool:
        return await self._link.is_there()

    async def close(self) -> None:
        await self._link.close()

    def _keys(self, charges: Sequence[Charge]) -> list[str]:
        return [key_for(self._service, charge) for charge in charges]

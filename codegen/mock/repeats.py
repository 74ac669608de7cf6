"""What a mock remembers of requests with an Idempotency-Key, in memory.

Two at the same time are both carried out; `Prefer: code=409` shows what a service says to that.
"""

from __future__ import annotations

from app.contract import AnsweredBefore, Claim, IdempotencyKeyReused, Kept

# The oldest is forgotten beyond it.
MOST_ANSWERS = 10_000


class Repeats:
    """The store of the contract runtime: it remembers where a mock keeps what is created."""

    def __init__(self, *, remembers: bool) -> None:
        self._remembers = remembers
        self._answers: dict[bytes, tuple[bytes, Kept]] = {}

    async def claim(self, _: None, claim: Claim) -> None:
        """Raises AnsweredBefore and IdempotencyKeyReused."""
        if claim.id not in self._answers:
            return
        fingerprint, kept = self._answers[claim.id]
        if fingerprint != claim.fingerprint:
            raise IdempotencyKeyReused
        raise AnsweredBefore(kept)

    async def keep(self, _: None, claim: Claim, answer: Kept) -> None:
        """Keep an answer."""
        if not self._remembers:
            return
        self._answers[claim.id] = claim.fingerprint, answer
        if len(self._answers) > MOST_ANSWERS:
            del self._answers[next(iter(self._answers))]

    async def forget(self, _: None, claim: Claim) -> None:
        """Nothing is kept before there is an answer."""

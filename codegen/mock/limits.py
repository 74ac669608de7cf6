"""Rate limits as the mock keeps them: everybody is told of them, and nobody runs into one."""

from __future__ import annotations

from collections.abc import Sequence

from app.contract import Charge, Standing


class Uncounted:
    """Takes every request for the first of its span; `Prefer: code=429` shows a refusal."""

    factor = 1.0

    async def charge(self, _: None, charges: Sequence[Charge]) -> Sequence[Standing]:
        return [Standing(1, policy.window) for policy, _subject in charges]

    async def give_back(self, _: None, charges: Sequence[Charge]) -> None:
        """There is nothing to take back."""

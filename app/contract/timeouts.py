"""Time limits of one length, watched by one timer instead of one for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")


class Timeouts(Generic[K]):
    """Tells `expire` what has not ended within `seconds`, in one event loop.

    What began first is the first to expire, so that it is enough to wait for the oldest.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, seconds: float, expire: Callable[[K], None]
    ) -> None:
        self.loop = loop
        self._seconds = seconds
        self._expire = expire
        self._ends_at: dict[K, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, thing: K) -> None:
        """Watch it from now on. It may not be watched already."""
        ends_at = self.loop.time() + self._seconds
        self._ends_at[thing] = ends_at
        if self._timer is None:
            self._timer = self.loop.call_at(ends_at, self._look)

    def end(self, thing: K) -> None:
        """Watch it no longer, if it is watched at all."""
        self._ends_at.pop(thing, None)

    def _look(self) -> None:
        """Expire what is overdue, and wait for the oldest of what is not."""
        self._timer = None
        now = self.loop.time()
        overdue = []
        for thing, ends_at in self._ends_at.items():
            if ends_at > now:
                self._timer = self.loop.call_at(ends_at, self._look)
                break
            overdue.append(thing)
        for thing in overdue:
            del self._ends_at[thing]
            self._expire(thing)

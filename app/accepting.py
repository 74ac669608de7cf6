"""How workers share connections that come at once.

All wait at one socket, and whoever is awake takes what comes before another has woken up. Where a
proxy opens its connections together, one worker would have them all, for as long as they last, and
the others nothing to do. So whoever takes several in a row rests between them, for no longer than
a processor needs to turn to another process.
"""

from __future__ import annotations

import time
from asyncio import Transport
from collections.abc import Callable

from app.idle import IdleProtocol

# In seconds. Connections that are further apart find the others awake.
IN_A_ROW = 0.001
# Of this the kernel makes about 60 us.
A_MOMENT = 1e-9
# Where clients never cease to connect anew, nobody may rest for each of them. As many as this in
# every second are 3 % of it.
AT_ONCE = 64
A_SECOND = 500


class Turns:
    """Those of one process, which is one of several."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._taken = clock() - IN_A_ROW
        self._rests = float(AT_ONCE)

    def take(self) -> None:
        """Say that a connection has been taken, and rest where it came close behind another."""
        since = self._clock() - self._taken
        self._rests = min(AT_ONCE, self._rests + since * A_SECOND)
        if since < IN_A_ROW and self._rests >= 1:
            self._rests -= 1
            self._sleep(A_MOMENT)
        self._taken = self._clock()


_turns = Turns()


class SharingProtocol(IdleProtocol):
    """That of one of several workers leaves connections to the others."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.config.workers > 1:
            _turns.take()

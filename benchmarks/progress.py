"""How far a run is, and how long it will go on."""

from __future__ import annotations

import sys
import time


class Progress:
    """Counts planned seconds; what the machine needs besides them is learnt on the way."""

    def __init__(self, planned_seconds: float) -> None:
        self._planned = planned_seconds
        self._done = 0.0
        self._started = time.monotonic()
        self._what = ""

    def begin(self, what: str) -> None:
        self._what = what
        self.advance(0)

    def advance(self, seconds: float) -> None:
        self._done += seconds
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[2K{self.line()}")
            sys.stderr.flush()
        elif not seconds:
            sys.stderr.write(f"{self.line()}\n")

    def end(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[2K")

    def line(self) -> str:
        spent = time.monotonic() - self._started
        pace = max(spent / self._done, 1.0) if self._done else 1.0
        left = max(self._planned - self._done, 0.0) * pace
        share = min(self._done / self._planned, 1.0) if self._planned else 1.0
        return f"{share:4.0%}  {minutes(left)} to go  {self._what}"


def minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"

"""The memory that hashing passwords takes: kept from one hash to the next, since the system clears
each page that it gives (half as much CPU again as the hash itself), and given back when nobody has
asked for a hash in a while. Of glibc; other C libraries are left to their own ways.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

# The parameters of mallopt(3). One arena, because only the main one can be trimmed; threads that
# hash ask for little else. Blocks of a hash (19 MiB) come from its heap, which keeps those of two.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
MIB = 1024 * 1024
HEAP = {M_ARENA_MAX: 1, M_MMAP_THRESHOLD: 32 * MIB, M_TRIM_THRESHOLD: 64 * MIB}
IDLE_SECONDS = 1.0


def keep_large_blocks() -> None:
    """For a process that has no threads yet, each of which might be given an arena of its own, and
    for those that it will start.
    """
    os.environ.setdefault("MALLOC_ARENA_MAX", "1")
    with suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        for parameter, value in HEAP.items():
            mallopt(parameter, value)


def give_back() -> None:
    """Takes some milliseconds after a hash, and next to nothing where nothing is kept."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


class Idleness:
    """Calls `then` once, when `used` was not called for so many seconds."""

    def __init__(self, then: Callable[[], Any], seconds: float = IDLE_SECONDS) -> None:
        self._then = then
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None

    def used(self) -> None:
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._then)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

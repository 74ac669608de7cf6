"""What a worker measures four times a second: how late its event loop is, what its parts say."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from app.metrics.board import Board
from app.metrics.families import LAGS

INTERVAL = 0.25
# What a part of the service knows of itself, by the name of the family.
Readings = Mapping[str, Callable[[], float]]


class Pulse:
    """Beats as long as `beating` is entered."""

    def __init__(self, board: Board, readings: Readings) -> None:
        """Raises KeyError for a reading that no family is named after."""
        measured = {**readings, "worker_cpu_seconds": time.process_time}
        self._readings = [(board.row(name), read) for name, read in measured.items()]
        self._lags = board.row("event_loop_lag_seconds")

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            task.cancel()

    async def _beat(self) -> None:
        while True:
            for row, read in self._readings:
                row[0] = read()
            due = time.monotonic() + INTERVAL
            await asyncio.sleep(INTERVAL)
            lag = max(0.0, time.monotonic() - due)
            self._lags[bisect_left(LAGS, lag)] += 1
            self._lags[-1] += lag

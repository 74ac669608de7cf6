"""Who watches a worker at its work, as the settings and the supervisor want it."""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from app.contract import Observer
from app.metrics import BOARDS_FOLDER, Board, Pulse, Readings, RequestMetrics

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class Watch:
    """`observers` are told of each request. Nobody is, where nobody collects what they know."""

    def __init__(self, *readings: Readings) -> None:
        """`readings` are what the parts of the service know of themselves."""
        self.observers: tuple[Observer, ...] = ()
        self._pulse: Pulse | None = None
        folder = os.environ.get(BOARDS_FOLDER)
        if folder is not None:
            board = Board(Path(folder))
            self.observers = (RequestMetrics(board),)
            self._pulse = Pulse(board, ChainMap(*map(dict, readings)))

    def during(self, lifespan: Lifespan) -> Lifespan:
        """Return `lifespan` with a pulse."""
        pulse = self._pulse
        if pulse is None:
            return lifespan

        @asynccontextmanager
        async def measured(app: FastAPI) -> AsyncIterator[None]:
            async with lifespan(app), pulse.beating():
                yield

        return measured

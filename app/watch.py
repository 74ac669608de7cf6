"""Who watches a worker at its work, as the environment and the supervisor want it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from app import __version__
from app.contract import Document, Observer
from app.db.engine import Database
from app.metrics import BOARDS_FOLDER, Board, Pulse, Readings, RequestMetrics
from app.settings import Settings
from app.tracing import tracing_of

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class Watch:
    """`observers` are told of each request. Nobody is, where nobody collects what they know."""

    def __init__(
        self, settings: Settings, document: Document, database: Database, *readings: Readings
    ) -> None:
        """`readings` are what other parts of the service know. Raises TracingUnfit."""
        self._pulse: Pulse | None = None
        self._tracing = tracing_of(document, service=settings.app_name, version=__version__)
        observers: list[Observer] = []
        if self._tracing is not None:
            observers.append(self._tracing)
            database.statements.follow = self._tracing.statement
        folder = os.environ.get(BOARDS_FOLDER)
        if folder is not None:
            board = Board(Path(folder))
            observers.append(RequestMetrics(board))
            self._pulse = Pulse(board, all_of(database.readings(), *readings))
        self.observers = tuple(observers)

    def during(self, lifespan: Lifespan) -> Lifespan:
        """Return `lifespan` with a pulse; what is known at its end is sent."""

        @asynccontextmanager
        async def watched(app: FastAPI) -> AsyncIterator[None]:
            async with AsyncExitStack() as stack:
                if self._tracing is not None:
                    stack.callback(self._tracing.close)
                await stack.enter_async_context(lifespan(app))
                if self._pulse is not None:
                    await stack.enter_async_context(self._pulse.beating())
                yield

        return watched


def all_of(*readings: Readings) -> Readings:
    return {name: read for part in readings for name, read in part.items()}

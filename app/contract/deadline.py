"""A time limit that every request shares, watched by one timer instead of one for each request.

`asyncio.timeout` costs 8 us, a tenth of the cheapest request. Where all limits are equally long,
requests end in the order in which they began, so that it is enough to wait for the oldest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")


class Deadline:
    """Ends what takes longer than `seconds`, in whatever event loop it runs."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._watch: _Watch | None = None

    async def hold(self, work: Awaitable[T]) -> T:
        """Return what `work` returns. Raises TimeoutError where it is not done in time."""
        loop = asyncio.get_running_loop()
        watch = self._watch
        if watch is None or watch.loop is not loop:
            watch = self._watch = _Watch(loop, self._seconds)
        run = watch.begin(asyncio.current_task(loop))
        try:
            return await work
        except asyncio.CancelledError:
            if run.is_overdue and run.task.uncancel() <= run.cancelled_before:
                raise TimeoutError from None
            raise
        finally:
            del watch.runs[run]


class _Run:
    """A task at work on something that has to end."""

    __slots__ = ("cancelled_before", "ends_at", "is_overdue", "task")

    def __init__(self, task: asyncio.Task[Any] | None, ends_at: float) -> None:
        assert task is not None  # noqa: S101 - a coroutine is awaited in a task
        self.task = task
        self.cancelled_before = task.cancelling()
        self.ends_at = ends_at
        self.is_overdue = False


class _Watch:
    """What runs in one event loop, the oldest first, and the timer for the oldest."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self.loop = loop
        self.runs: dict[_Run, None] = {}
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, task: asyncio.Task[Any] | None) -> _Run:
        run = _Run(task, self.loop.time() + self._seconds)
        self.runs[run] = None
        if self._timer is None:
            self._timer = self.loop.call_at(run.ends_at, self._end_overdue)
        return run

    def _end_overdue(self) -> None:
        self._timer = None
        now = self.loop.time()
        for run in self.runs:
            if run.ends_at > now:
                self._timer = self.loop.call_at(run.ends_at, self._end_overdue)
                return
            if not run.is_overdue:
                run.is_overdue = True
                run.task.cancel()

"""What comes together in one turn of the event loop, and is done together at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Batch(Generic[T]):
    """Gathers things of one kind, at most `size` of them. `carry_out` is given all at once, in the
    order in which they came; it may not raise, since nobody would be told. Several threads may add
    to it.
    """

    def __init__(self, carry_out: Callable[[list[T]], None], size: int) -> None:
        self._carry_out = carry_out
        self._size = size
        self._things: list[T] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def add(self, thing: T) -> None:
        """Have it done when the loop's turn ends; at once where no loop runs."""
        self._things.append(thing)
        if len(self._things) >= self._size:
            self.finish()
        elif self._loop is None or self._loop.is_closed():
            self._wait()

    def finish(self) -> None:
        """Do now what has come together."""
        self._loop = None
        things, self._things = self._things, []
        if things:
            self._carry_out(things)

    def _wait(self) -> None:
        self._loop = asyncio._get_running_loop()  # noqa: SLF001 - the public one raises where none is
        if self._loop is None:
            self.finish()
        else:
            self._loop.call_soon(self.finish)

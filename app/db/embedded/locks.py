"""Who uses a data folder. Any number of processes share its server: the first one starts it, the
last one stops it, and what a killed process held is free at once.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from app.db.embedded.binaries import EmbeddedError
from app.db.embedded.processes import wait_until

PATIENCE = 90.0


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else starts or stops the server in the meantime."""
    with _opened(folder / "starting.lock") as handle:
        if not wait_until(lambda: _try(handle, fcntl.LOCK_EX), PATIENCE, pause=0.05):
            raise EmbeddedError(
                f"Another process has been starting or stopping the database in {folder} "
                f"for over {PATIENCE:.0f} seconds. End that process, or set another DATA_DIR."
            )
        yield


class Use:
    """This process's share in the server, taken and given back while `alone`."""

    def __init__(self, folder: Path) -> None:
        self._stack = contextlib.ExitStack()
        self._handle = self._stack.enter_context(_opened(folder / "users.lock"))
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        return _try(self._handle, fcntl.LOCK_EX)

    def end(self) -> None:
        self._stack.close()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Python opens files so that no child inherits them; the lock ends with this process."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def _try(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

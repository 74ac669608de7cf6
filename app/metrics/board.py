"""Numbers that one process writes and another reads: memory that both have mapped.

Adding to a number costs a fraction of a microsecond and takes no lock, and what a worker counted
before it was killed is not lost. A worker holds a lock on its file for as long as it lives, by
which the reader tells the living from the dead, whatever their process ids have become since.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from app.metrics.families import FAMILIES, Kind

# Where the workers of a supervisor find the folder of their boards.
BOARDS_FOLDER = "METRICS_BOARDS_FOLDER"
# 500,000 numbers. A file has as many blocks as were written to.
SIZE = 4 * 1024 * 1024
NUMBER = 8
Row: TypeAlias = "memoryview[float]"
Key = tuple[str, tuple[str, ...]]


class Board:
    """The numbers of this process. `row` is slow, writing to what it returned is not."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError where nothing can be written there."""
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._keys = (folder / f"{name}.keys").open("a", encoding="utf-8")
        made = folder / f"{name}.made"
        self._file = made.open("w+b")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._file.truncate(SIZE)
        self._numbers = floats(mmap.mmap(self._file.fileno(), SIZE))
        self._rows: dict[Key, Row] = {}
        self._used = 0
        # Only now may the reader look at it: before it was locked it looked like one of the dead.
        made.rename(folder / f"{name}.numbers")

    def row(self, name: str, *labels: str) -> Row:
        """Return the numbers of one series, made where there are none yet: `row(...)[0] += 1`."""
        key = (name, labels)
        found = self._rows.get(key)
        return self._new(key) if found is None else found

    def close(self) -> None:
        """From now on the reader counts this process among those that have ended."""
        self._keys.close()
        self._file.close()

    def _new(self, key: Key) -> Row:
        width = FAMILIES[key[0]].width
        begin, end = self._used, self._used + width
        if end > len(self._numbers):  # More series than a board holds; the rest is not counted.
            return floats(bytearray(NUMBER * width))
        self._keys.write(json.dumps(key) + "\n")
        self._keys.flush()
        self._used = end
        row = self._rows[key] = self._numbers[begin:end]
        return row


@dataclass(slots=True)
class Totals:
    """Sums over processes, and the process ids of those that live."""

    rows: dict[Key, list[float]] = field(default_factory=dict)
    living: list[int] = field(default_factory=list)
    exits: int = 0

    def add(self, key: Key, numbers: list[float]) -> None:
        former = self.rows.get(key)
        if former is not None:
            numbers = [a + b for a, b in zip(former, numbers, strict=True)]
        self.rows[key] = numbers


class Boards:
    """All boards of a folder, read by one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._past = Totals()

    def totals(self) -> Totals:
        """Add up. What has ended counts on, except for what it only measured at a moment."""
        paths = sorted(self._folder.glob("*.numbers"))
        living = [path for path in paths if not self._bury(path)]
        totals = Totals(dict(self._past.rows), exits=self._past.exits)
        for path in living:
            totals.living.append(int(path.name.partition("-")[0]))
            for key, numbers in rows_of(path):
                totals.add(key, numbers)
        return totals

    def _bury(self, path: Path) -> bool:
        """Tell whether the board's process has ended, and if so keep its counters and no more."""
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        for key, numbers in rows_of(path):
            if FAMILIES[key[0]].kind is not Kind.GAUGE:
                self._past.add(key, numbers)
        self._past.exits += 1
        path.unlink()
        path.with_suffix(".keys").unlink()
        return True


def rows_of(path: Path) -> Iterator[tuple[Key, list[float]]]:
    """Read a board. The last key may be half written, and then nothing has been counted there."""
    keys = path.with_suffix(".keys").read_text(encoding="utf-8").split("\n")[:-1]
    numbers = floats(path.read_bytes())
    begin = 0
    for line in keys:
        name, labels = json.loads(line)
        end = begin + FAMILIES[name].width
        yield (name, tuple(labels)), list(numbers[begin:end])
        begin = end


def floats(memory: bytes | bytearray | mmap.mmap) -> Row:
    return memoryview(memory).cast("d")

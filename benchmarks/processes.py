"""What processes cost, as /proc tells it: the time of processors, and memory."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
KILOBYTE = 1024
MEGABYTE = 1_000_000
# A supervisor and the trackers of Python's multiprocessing are smaller than any worker.
SMALLEST_WORKER = 25 * MEGABYTE


class Stat(NamedTuple):
    """`seconds` are the process's own and those of its children that have ended."""

    pid: int
    parent: int
    seconds: float


class Memory(NamedTuple):
    """In bytes. PSS shares what processes have in common among them."""

    rss: int
    pss: int


def stat_of(text: str) -> Stat:
    """Reads /proc/<pid>/stat, where the name of a program may hold spaces and brackets."""
    pid, _, rest = text.partition(" ")
    fields = rest.rpartition(")")[2].split()
    return Stat(int(pid), int(fields[1]), sum(int(field) for field in fields[11:15]) / TICKS)


def all_stats() -> list[Stat]:
    found = []
    for folder in PROC.glob("[0-9]*"):
        try:
            found.append(stat_of((folder / "stat").read_text()))
        except (OSError, ValueError):
            continue  # It has ended meanwhile.
    return found


def tree(root: int) -> list[Stat]:
    """The process and all below it."""
    children = defaultdict(list)
    stats = all_stats()
    for stat in stats:
        children[stat.parent].append(stat)
    found = [stat for stat in stats if stat.pid == root]
    for stat in found:
        found.extend(children[stat.pid])
    return found


def cpu_seconds(root: int) -> float:
    return sum(stat.seconds for stat in tree(root))


def memory_of_workers(root: int) -> list[Memory]:
    """Of each worker below `root`, or of `root` where it serves alone."""
    found = [memory_of(stat.pid) for stat in tree(root)]
    root_alone, *below = found
    workers = [memory for memory in below if memory.rss > SMALLEST_WORKER]
    return workers or [root_alone]


def memory_of(pid: int) -> Memory:
    text = (PROC / str(pid) / "smaps_rollup").read_text()
    sizes = {line.split()[0]: line.split()[1] for line in text.splitlines()[1:]}
    return Memory(int(sizes["Rss:"]) * KILOBYTE, int(sizes["Pss:"]) * KILOBYTE)

"""What a contestant takes besides time for requests: memory, and the time until it answers."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.contestants.lineup import Contestant
from benchmarks.processes import MEGABYTE, Memory, memory_of_workers
from benchmarks.ratios import brief
from benchmarks.rounds import Runner, turns
from benchmarks.serving import served
from benchmarks.tables import table

START_UP_ROUNDS = 5
# About what one start and one end take together.
START_UP_SECONDS = 2


class WorkerMemory(NamedTuple):
    """Of the largest worker of each contestant, after all that was asked of it."""

    workers: int
    memory: dict[str, Memory]

    def headline(self) -> str:
        return f"memory of a worker after load, workers: {self.workers}"

    def table(self) -> str:
        rows = [
            [name, brief(each.pss / MEGABYTE), brief(each.rss / MEGABYTE)]
            for name, each in self.memory.items()
        ]
        return table(("", "PSS MB", "RSS MB"), rows)


class StartUp(NamedTuple):
    """Seconds from the start of the process to its first 200, round by round."""

    workers: int
    seconds: dict[str, list[float]]

    def headline(self) -> str:
        return f"start of the process to the first answer of live, workers: {self.workers}"

    def table(self) -> str:
        rows = [
            [name, brief(statistics.median(each)), brief(min(each)), brief(max(each))]
            for name, each in self.seconds.items()
        ]
        return table(("", "median s", "shortest s", "longest s"), rows)

    def median(self, name: str) -> float:
        return statistics.median(self.seconds[name])


def measure_memory(runners: Sequence[Runner], workers: int) -> WorkerMemory:
    largest = {
        runner.name: max(memory_of_workers(runner.served.pid), key=lambda memory: memory.rss)
        for runner in runners
    }
    return WorkerMemory(workers, largest)


def measure_start_up(
    contestants: Sequence[Contestant],
    settings: Mapping[str, str],
    folder: Path,
    workers: int,
    told: Callable[[float], None],
) -> StartUp:
    """One contestant at a time, with nobody else running. The database runs already."""
    seconds: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for contestant in turns(contestants, START_UP_ROUNDS):
        with served(contestant, settings, workers=workers, folder=folder) as it:
            seconds[contestant.name].append(it.start_seconds)
        told(START_UP_SECONDS)
    return StartUp(workers, seconds)

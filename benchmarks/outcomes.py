"""What came out of one case with so many workers and connections."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.ratios import Ratio, brief, ratio
from benchmarks.rounds import Sample
from benchmarks.tables import table

OURS = "ours"
HEAD = (
    "",
    "connections",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "CPU us",
    "PostgreSQL us",
    "wrk us",
    "ours to it, requests/s",
    "ours to it, CPU",
)


class Outcome(NamedTuple):
    """The rounds of each contestant, by its name."""

    case: str
    workers: int
    connections: int
    samples: dict[str, list[Sample]]

    def headline(self) -> str:
        return title(self.case, self.workers, self.connections)

    def table(self) -> str:
        return table(HEAD, self.rows())

    def rows(self) -> list[list[str]]:
        """One for each contestant, with the ratios of the service itself to it."""
        return [self._row(name) for name in self.samples]

    def per_second(self) -> dict[str, float]:
        return {name: medians(samples).per_second for name, samples in self.samples.items()}

    def speed_to(self, name: str) -> Ratio:
        """How many times as many requests a second are answered."""
        ours, theirs = self.samples[OURS], self.samples[name]
        return ratio([s.per_second for s in ours], [s.per_second for s in theirs])

    def cost_to(self, name: str) -> Ratio:
        """How many times as many requests the same CPU time of the workers is enough for."""
        ours, theirs = self.samples[OURS], self.samples[name]
        return ratio([s.cpu for s in theirs], [s.cpu for s in ours])

    def _row(self, name: str) -> list[str]:
        figures = [brief(value) for value in medians(self.samples[name])]
        cells = [name, str(self.connections), *figures]
        if name == OURS or OURS not in self.samples:
            return [*cells, "", ""]
        return [*cells, str(self.speed_to(name)), str(self.cost_to(name))]


def title(case: str, workers: int, connections: int) -> str:
    return f"{case}, workers: {workers}, connections: {connections}"


def medians(samples: Sequence[Sample]) -> Sample:
    """Of each figure by itself."""
    return Sample(*(statistics.median(column) for column in zip(*samples, strict=True)))

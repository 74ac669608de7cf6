"""Outcomes as tables for people."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks.comparison import Outcome, title
from benchmarks.ratios import Ratio, brief, ratio
from benchmarks.rounds import Sample
from benchmarks.tables import table

OURS = "ours"
HEAD = (
    "",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "CPU us",
    "PostgreSQL us",
    "wrk us",
    "ours to it, requests/s",
    "ours to it, CPU",
)


def shown(outcome: Outcome) -> str:
    """One outcome, with the ratios of the service itself to each of the others."""
    rows = [row(name, outcome) for name in outcome.samples]
    headline = title(outcome.case, outcome.workers, outcome.connections)
    return f"\n{headline}\n{table(HEAD, rows)}"


def row(name: str, outcome: Outcome) -> list[str]:
    samples = outcome.samples[name]
    cells = [name, *(brief(value) for value in medians(samples))]
    ours = outcome.samples.get(OURS)
    if ours is None or name == OURS:
        return [*cells, "", ""]
    return [*cells, str(speed(ours, samples)), str(cost(ours, samples))]


def medians(samples: Sequence[Sample]) -> Sample:
    """Of each figure by itself."""
    return Sample(*(statistics.median(column) for column in zip(*samples, strict=True)))


def speed(ours: Sequence[Sample], theirs: Sequence[Sample]) -> Ratio:
    """How many times as many requests a second are answered."""
    return ratio([s.per_second for s in ours], [s.per_second for s in theirs])


def cost(ours: Sequence[Sample], theirs: Sequence[Sample]) -> Ratio:
    """How many times as many requests the same CPU time of the workers is enough for."""
    return ratio([s.cpu for s in theirs], [s.cpu for s in ours])

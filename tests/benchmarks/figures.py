"""Figures for tests of tables, targets and charts."""

from __future__ import annotations

from benchmarks.outcomes import Outcome
from benchmarks.rounds import Sample


def sample(per_second: float) -> Sample:
    return Sample(per_second, p50_ms=1, p99_ms=2, cpu=100, postgres_cpu=50, generator_cpu=10)


def outcome(
    case: str, *, connections: int = 32, workers: int = 1, **per_second: list[float]
) -> Outcome:
    rounds = {name: [sample(value) for value in values] for name, values in per_second.items()}
    return Outcome(case, workers, connections, rounds)

"""What the service is meant to reach, and whether it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from benchmarks.comparison import Finding
from benchmarks.flood import Flood
from benchmarks.footprint import StartUp, WorkerMemory
from benchmarks.gate import GateCost
from benchmarks.outcomes import OURS, Outcome
from benchmarks.processes import MEGABYTE
from benchmarks.ratios import brief
from benchmarks.wanted import CONNECTIONS, SPEEDS

FLOOD_MS, WORKER_MB, START_SECONDS, GATE_PERCENT = 100, 130, 1.5, 5


class Target(NamedTuple):
    about: str
    wanted: str
    measured: str
    is_reached: bool

    def row(self) -> list[str]:
        return [self.about, self.wanted, self.measured, "yes" if self.is_reached else "**no**"]


def targets(findings: Sequence[Finding]) -> Iterator[Target]:
    """All that something was measured for."""
    outcomes = decisive(finding for finding in findings if isinstance(finding, Outcome))
    for workers in dict.fromkeys(workers for _, workers in outcomes):
        for case, other, factor in SPEEDS:
            outcome = outcomes.get((case, workers))
            if outcome is not None and {OURS, other} <= outcome.samples.keys():
                yield speed(outcome, other, factor)
    seen: set[type] = set()
    for finding in findings:
        if type(finding) not in seen:
            seen.add(type(finding))
            yield from limits(finding)


def decisive(outcomes: Iterable[Outcome]) -> dict[tuple[str, int], Outcome]:
    """Of each case, with each number of workers, the outcome that its targets are about."""
    found: dict[tuple[str, int], Outcome] = {}
    for outcome in outcomes:
        key = outcome.case, outcome.workers
        if distance(outcome) < distance(found.setdefault(key, outcome)):
            found[key] = outcome
    return found


def distance(outcome: Outcome) -> int:
    return abs(outcome.connections - CONNECTIONS)


def speed(outcome: Outcome, other: str, factor: float) -> Target:
    measured = outcome.speed_to(other)
    workers = f", {outcome.workers} workers" if outcome.workers > 1 else ""
    return Target(
        f"{outcome.case}: requests/s, to {other}{workers}",
        f"at least {factor:g} x",
        f"{measured} x",
        measured.median >= factor,
    )


def limits(finding: Finding) -> Iterator[Target]:
    """What is not a ratio of requests a second."""
    if isinstance(finding, Flood) and OURS in finding.samples:
        p99 = finding.p99_ms(OURS)
        yield limit("live: p99 while everybody signs in", p99, FLOOD_MS, "ms")
    if isinstance(finding, WorkerMemory) and OURS in finding.memory:
        yield limit(
            "memory of a worker (RSS)", finding.memory[OURS].rss / MEGABYTE, WORKER_MB, "MB"
        )
    if isinstance(finding, StartUp) and OURS in finding.seconds:
        yield limit("start-up", finding.median(OURS), START_SECONDS, "s")
    if isinstance(finding, GateCost):
        for name in finding.pairs:
            yield limit(f"the gate's share of {name}", finding.share(name), GATE_PERCENT, "% CPU")


def limit(about: str, measured: float, most: float, unit: str) -> Target:
    return Target(about, f"below {most:g} {unit}", f"{brief(measured)} {unit}", measured < most)

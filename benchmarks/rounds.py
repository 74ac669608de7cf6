"""Rounds: each contestant in turn, forwards and backwards, so that what comes and goes on the
machine meets all of them alike.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import load
from benchmarks.cases import Case, Scene
from benchmarks.load import Load, LoadError, Plan
from benchmarks.processes import cpu_seconds
from benchmarks.serving import Served

WARM_UP_SECONDS = 1


class Sample(NamedTuple):
    """One round of one contestant. CPU is in microseconds for a request."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu: float
    postgres_cpu: float
    generator_cpu: float


class Effort(NamedTuple):
    """How much is sent in one round, and how many rounds there are."""

    connections: int
    seconds: int
    rounds: int


class Runner(NamedTuple):
    """A contestant that is running, and who pays for what it does."""

    served: Served
    scene: Scene
    postgres: int

    @property
    def name(self) -> str:
        return self.served.contestant.name


def agree(case: Case, runners: Sequence[Runner]) -> None:
    """Raises LoadError unless all answer the same, rightly."""
    shown = [(runner, first_answer(case, runner)) for runner in runners]
    reference = shown[0]
    for runner, content in shown[1:]:
        if content != reference[1]:
            names = f"{reference[0].name} and {runner.name}"
            raise LoadError(
                f"{case.name}: {names} do not answer the same:\n{reference[1]}\n{content}"
            )


def first_answer(case: Case, runner: Runner) -> object:
    request = case.requests(runner.scene)[0]
    answer = runner.scene.client.send(request)
    if answer.status not in case.statuses:
        raise LoadError(
            f"{case.name}: {runner.name} answers {answer.status}: {answer.body[:300]!r}"
        )
    return case.shows(answer)


def measure(
    case: Case, runners: Sequence[Runner], effort: Effort, told: Callable[[int], None]
) -> dict[str, list[Sample]]:
    """A list of rounds for each contestant. `told` hears how many seconds have been worked off."""
    samples: dict[str, list[Sample]] = {runner.name: [] for runner in runners}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        plans = {runner.name: prepare(case, runner, Path(folder)) for runner in runners}
        for runner in runners:
            load.run(plans[runner.name], effort.connections, WARM_UP_SECONDS)
            told(WARM_UP_SECONDS)
        for number in range(effort.rounds):
            for runner in runners if number % 2 == 0 else reversed(runners):
                samples[runner.name].append(sample(runner, plans[runner.name], effort))
                told(effort.seconds)
    return samples


def prepare(case: Case, runner: Runner, folder: Path) -> Plan:
    """Write down what is sent."""
    entries, port = folder / runner.name, runner.served.port
    load.write_entries(entries, [each.as_sent(port) for each in case.requests(runner.scene)])
    return Plan(port, entries, case.statuses)


def sample(runner: Runner, plan: Plan, effort: Effort) -> Sample:
    own, database = cpu_seconds(runner.served.pid), cpu_seconds(runner.postgres)
    seen = load.run(plan, effort.connections, effort.seconds)
    own, database = cpu_seconds(runner.served.pid) - own, cpu_seconds(runner.postgres) - database
    return sample_of(seen, own, database)


def sample_of(seen: Load, own_seconds: float, database_seconds: float) -> Sample:
    per_request = 1e6 / seen.requests
    return Sample(
        per_second=seen.per_second,
        p50_ms=seen.p50_ms,
        p99_ms=seen.p99_ms,
        cpu=own_seconds * per_request,
        postgres_cpu=database_seconds * per_request,
        generator_cpu=seen.cpu_seconds * per_request,
    )

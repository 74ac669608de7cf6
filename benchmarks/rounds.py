"""Rounds: each contestant in turn, forwards and backwards, so that what comes and goes on the
machine meets all of them alike.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from benchmarks import load
from benchmarks.cases import Case
from benchmarks.load import Load, LoadError, Plan, told_of
from benchmarks.processes import cpu_seconds
from benchmarks.scene import Scene
from benchmarks.serving import Served

Turn = TypeVar("Turn")
WARM_UP_SECONDS = 1
# Somebody who works on what the generator no longer waits for would disturb the next one.
IDLE_SECONDS, BUSY_SHARE, LONGEST_DRAIN = 0.1, 0.2, 10.0


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

    def cpu_seconds(self) -> tuple[float, float]:
        """Of the contestant, and of PostgreSQL."""
        return cpu_seconds(self.served.pid), cpu_seconds(self.postgres)


class Course:
    """One case, sent to one contestant with so many connections."""

    def __init__(self, case: Case, runner: Runner, effort: Effort, folder: Path) -> None:
        self.name = runner.name
        self._case = case
        self._runner = runner
        self._effort = effort
        statuses = case.statuses(runner.served.contestant)
        entries = folder / runner.name
        self._plan = Plan(runner.served.port, entries, statuses, case.exchange)

    def warm_up(self) -> None:
        self._write_entries()
        self._send(WARM_UP_SECONDS)
        drain(self._runner)

    def round(self) -> Sample:
        if self._case.is_fresh or not self._plan.entries.exists():
            self._write_entries()
        before = self._runner.cpu_seconds()
        seen = self._send(self._effort.seconds)
        after = self._runner.cpu_seconds()
        drain(self._runner)
        return sample_of(seen, after[0] - before[0], after[1] - before[1])

    def _send(self, seconds: int) -> Load:
        with told_of(f"{self._case.name}, {self.name}"):
            return load.run(self._plan, self._effort.connections, seconds)

    def _write_entries(self) -> None:
        scene, port = self._runner.scene, self._runner.served.port
        if self._case.exchange:
            # The generator tries out one request before it opens a connection.
            tokens = [scene.sign_in()["refresh_token"] for _ in range(self._effort.connections + 1)]
            entries = [token.encode() for token in tokens]
        else:
            entries = [each.as_sent(port) for each in self._case.requests(scene)]
        load.write_entries(self._plan.entries, entries)


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
    if answer.status not in case.statuses(runner.served.contestant):
        raise LoadError(
            f"{case.name}: {runner.name} answers {answer.status}: {answer.body[:300]!r}"
        )
    return case.shows(answer)


def measure(
    case: Case,
    runners: Sequence[Runner],
    effort: Effort,
    told: Callable[[float], None],
    *,
    is_cold: bool,
) -> dict[str, list[Sample]]:
    """A list of rounds for each contestant. `told` hears how many seconds have been worked off."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        courses = [Course(case, runner, effort, Path(folder)) for runner in runners]
        samples: dict[str, list[Sample]] = {course.name: [] for course in courses}
        for course in courses if is_cold else ():
            course.warm_up()
            told(WARM_UP_SECONDS)
        for course in turns(courses, effort.rounds):
            samples[course.name].append(course.round())
            told(effort.seconds)
    return samples


def turns(each: Sequence[Turn], rounds: int) -> Iterator[Turn]:
    """All of them as often as there are rounds, from the first to the last and back."""
    for number in range(rounds):
        yield from each if number % 2 == 0 else reversed(each)


def drain(runner: Runner) -> None:
    """Wait until neither the contestant nor PostgreSQL has anything to do any more."""
    deadline = time.monotonic() + LONGEST_DRAIN
    before, busy = sum(runner.cpu_seconds()), True
    while busy and time.monotonic() < deadline:
        time.sleep(IDLE_SECONDS)
        now = sum(runner.cpu_seconds())
        before, busy = now, now - before > IDLE_SECONDS * BUSY_SHARE


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

"""The contestants side by side: the same rows, the same server, the same number of workers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks import database
from benchmarks.cases import Case
from benchmarks.client import Client
from benchmarks.contestants.lineup import Contestant
from benchmarks.database import Facts, Server
from benchmarks.generation import generate_server
from benchmarks.progress import Progress
from benchmarks.rounds import WARM_UP_SECONDS, Effort, Runner, Sample, agree, measure
from benchmarks.scene import Scene
from benchmarks.serving import environment, served
from benchmarks.statements import write_statements

USERS, POSTS = 200, 20_000


class Outcome(NamedTuple):
    """The rounds of each contestant, by its name."""

    case: str
    workers: int
    connections: int
    samples: dict[str, list[Sample]]


class Choice(NamedTuple):
    """What is measured."""

    cases: Sequence[Case]
    contestants: Sequence[Contestant]
    workers: Sequence[int]
    efforts: Sequence[Effort]

    @property
    def seconds(self) -> int:
        """What the generator is busy for; all else comes on top."""
        return len(self.workers) * sum(
            len(self.suited(case)) * seconds_of(self.efforts_of(case)) for case in self.cases
        )

    def suited(self, case: Case) -> list[Contestant]:
        return [each for each in self.contestants if case.suits(each)]

    def efforts_of(self, case: Case) -> list[Effort]:
        """With no more connections than the case can have, and none of them twice."""
        efforts: dict[int, Effort] = {}
        for effort in self.efforts:
            count = case.connections(effort.connections)
            efforts.setdefault(count, effort._replace(connections=count))
        return list(efforts.values())


def seconds_of(efforts: Sequence[Effort]) -> int:
    return WARM_UP_SECONDS + sum(effort.rounds * effort.seconds for effort in efforts)


class Ground(NamedTuple):
    """What all contestants stand on."""

    server: Server
    settings: dict[str, str]
    facts: Facts
    folder: Path


@contextmanager
def prepared(folder: Path) -> Iterator[Ground]:
    """Bring up the server and fill it."""
    with database.running(folder) as server:
        database.seed(server.url, users=USERS, posts=POSTS)
        statements = folder / "statements.json"
        write_statements(statements)
        packages = folder / "packages"
        generate_server(packages)
        settings = environment(server.url, statements, packages)
        yield Ground(server, settings, database.facts(server.url), folder)


def compare(ground: Ground, choice: Choice, progress: Progress) -> Iterator[Outcome]:
    for workers in choice.workers:
        with running(ground, choice.contestants, workers) as runners:
            for case in choice.cases:
                suited = [runner for runner in runners if case.suits(runner.served.contestant)]
                agree(case, suited)
                database.settle(ground.server.url, ground.facts.newest_id)
                for number, effort in enumerate(choice.efforts_of(case)):
                    progress.begin(title(case.name, workers, effort.connections))
                    told = progress.advance
                    samples = measure(case, suited, effort, told, is_cold=number == 0)
                    yield Outcome(case.name, workers, effort.connections, samples)


@contextmanager
def running(
    ground: Ground, contestants: Sequence[Contestant], workers: int
) -> Iterator[list[Runner]]:
    with ExitStack() as stack:
        yield [stack.enter_context(runner(ground, each, workers)) for each in contestants]


@contextmanager
def runner(ground: Ground, contestant: Contestant, workers: int) -> Iterator[Runner]:
    with served(contestant, ground.settings, workers=workers, folder=ground.folder) as it:
        scene = Scene(contestant, Client(it.port), ground.facts)
        yield Runner(it, scene, ground.server.pid)


def title(case: str, workers: int, connections: int) -> str:
    return f"{case}, workers: {workers}, connections: {connections}"

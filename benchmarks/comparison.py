"""The contestants side by side: the same rows, the same server, the same number of workers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks import database
from benchmarks.cases import Case, Scene
from benchmarks.client import Client
from benchmarks.contestants.lineup import Contestant
from benchmarks.database import Facts, Server
from benchmarks.progress import Progress
from benchmarks.rounds import WARM_UP_SECONDS, Effort, Runner, Sample, agree, measure
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
        each = sum(WARM_UP_SECONDS + effort.rounds * effort.seconds for effort in self.efforts)
        return each * len(self.cases) * len(self.contestants) * len(self.workers)


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
        settings = environment(server.url, statements)
        yield Ground(server, settings, database.facts(server.url), folder)


def compare(ground: Ground, choice: Choice, progress: Progress) -> Iterator[Outcome]:
    for workers in choice.workers:
        with running(ground, choice.contestants, workers) as runners:
            for case in choice.cases:
                agree(case, runners)
                database.settle(ground.server.url)
                for effort in choice.efforts:
                    progress.begin(title(case.name, workers, effort.connections))
                    samples = measure(case, runners, effort, progress.advance)
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

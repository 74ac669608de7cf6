"""The contestants side by side: the same rows, the same server, the same number of workers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from benchmarks import database, gate
from benchmarks.choice import EXTRAS, FLOOD, GATE, START_UP, Choice
from benchmarks.client import Client
from benchmarks.contestants.lineup import Contestant
from benchmarks.database import Facts, Server
from benchmarks.flood import measure_flood
from benchmarks.footprint import measure_memory, measure_start_up
from benchmarks.generation import generate_server
from benchmarks.outcomes import Outcome, title
from benchmarks.progress import Progress
from benchmarks.rounds import Runner, agree, measure
from benchmarks.scene import Scene
from benchmarks.serving import environment, served
from benchmarks.statements import write_statements

USERS, POSTS = 200, 20_000


class Finding(Protocol):
    """Anything that was measured, as a table for people."""

    def headline(self) -> str: ...

    def table(self) -> str: ...


class Ground(NamedTuple):
    """What all contestants stand on."""

    server: Server
    settings: dict[str, str]
    facts: Facts
    folder: Path


@contextmanager
def prepared(folder: Path, *, users: int = USERS, posts: int = POSTS) -> Iterator[Ground]:
    """Bring up the server and fill it, and make what is made anew for each run."""
    with database.running(folder) as server:
        database.seed(server.url, users=users, posts=posts)
        statements, packages = folder / "statements.json", folder / "packages"
        write_statements(statements)
        generate_server(packages)
        settings = environment(server.url, statements, packages)
        yield Ground(server, settings, database.facts(server.url), folder)


def compare(ground: Ground, choice: Choice, progress: Progress) -> Iterator[Finding]:
    """One finding after the other, as soon as it is there."""
    for workers in choice.workers:
        part = choice.part(workers)
        if part.cases or FLOOD in part.extras:
            yield from under_load(ground, part, workers, progress)
        if START_UP in part.extras:
            progress.begin(EXTRAS[START_UP])
            yield measure_start_up(
                part.contestants, ground.settings, ground.folder, workers, progress.advance
            )
    if GATE in choice.extras:
        progress.begin(EXTRAS[GATE])
        yield gate.measure()
        progress.advance(gate.SECONDS)


def under_load(
    ground: Ground, choice: Choice, workers: int, progress: Progress
) -> Iterator[Finding]:
    with running(ground, choice.contestants, workers) as runners:
        yield from outcomes(ground, choice, runners, workers, progress)
        if choice.cases:
            yield measure_memory(runners, workers)
        if FLOOD in choice.extras:
            progress.begin(EXTRAS[FLOOD])
            yield measure_flood(runners, workers, choice.rounds, progress.advance)


def outcomes(
    ground: Ground, choice: Choice, runners: Sequence[Runner], workers: int, progress: Progress
) -> Iterator[Outcome]:
    for case in choice.cases:
        suited = [runner for runner in runners if case.suits(runner.served.contestant)]
        agree(case, suited)
        database.settle(ground.server.url, ground.facts.newest_id)
        for number, effort in enumerate(choice.efforts_of(case)):
            progress.begin(title(case.name, workers, effort.connections))
            samples = measure(case, suited, effort, progress.advance, is_cold=number == 0)
            yield Outcome(case.name, workers, effort.connections, samples)


@contextmanager
def running(
    ground: Ground, contestants: Sequence[Contestant], workers: int
) -> Iterator[list[Runner]]:
    with ExitStack() as stack:
        yield [stack.enter_context(runner(ground, each, workers)) for each in contestants]


@contextmanager
def runner(ground: Ground, contestant: Contestant, workers: int) -> Iterator[Runner]:
    with (
        served(contestant, ground.settings, workers=workers, folder=ground.folder) as it,
        closing(Client(it.port)) as client,
    ):
        yield Runner(it, Scene(contestant, client, ground.facts), ground.server.pid)

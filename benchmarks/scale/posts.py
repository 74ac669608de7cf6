"""The posts: what each read costs over tables of different sizes, in PostgreSQL and as a whole."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from app.db.embedded import EmbeddedPostgres
from app.db.engine import LIMITS
from benchmarks.agreement import content_of
from benchmarks.cases import Case
from benchmarks.client import Client
from benchmarks.contestants.lineup import Contestant
from benchmarks.progress import Progress
from benchmarks.rounds import WARM_UP_SECONDS, Effort, Runner, Sample, measure
from benchmarks.scale.filled import Filled, fill
from benchmarks.scale.plans import Cost, cost_of
from benchmarks.scale.reads import READS, Read, requests_of, statements_of
from benchmarks.scene import OK, Scene
from benchmarks.serving import environment, served

EXPLAINED = 40
CONNECTIONS = 16
# Of seeding, indexing and vacuuming.
SECONDS_EACH, POSTS_PER_SECOND = 4.0, 25_000


class Outcome(NamedTuple):
    """One read at each size, the smallest first."""

    read: Read
    plans: list[Cost]
    samples: list[list[Sample]]


class Measured(NamedTuple):
    postgres: str
    databases: list[Filled]
    outcomes: list[Outcome]


def seconds_for(sizes: Sequence[int], rounds: int) -> float:
    """What it will take, about."""
    reading = len(READS) * len(sizes) * (WARM_UP_SECONDS + rounds)
    return reading + sum(seconds_to_fill(posts) for posts in sizes)


def seconds_to_fill(posts: int) -> float:
    return SECONDS_EACH + posts / POSTS_PER_SECOND


def measured(sizes: Sequence[int], rounds: int, folder: Path, progress: Progress) -> Measured:
    """Fill the databases and measure every read. Raises LoadError."""
    with EmbeddedPostgres(folder) as server:
        databases = []
        for posts in sorted(sizes):
            progress.begin(f"{posts:,} posts are written")
            databases.append(fill(server, posts))
            progress.advance(seconds_to_fill(posts))
        pid_file = server.folder / "data" / "postmaster.pid"
        pid = int(pid_file.read_text().split()[0])
        with running(databases, pid, folder) as runners:
            outcomes = [outcome(each, databases, runners, rounds, progress) for each in READS]
        return Measured(server.version, databases, outcomes)


@contextmanager
def running(databases: Sequence[Filled], postgres: int, folder: Path) -> Iterator[list[Runner]]:
    """A service for each database, of one worker."""
    with ExitStack() as stack:
        runners = []
        for filled in databases:
            contestant = Contestant(f"{filled.posts}", f"{filled.posts:,} posts", None)
            settings = environment(filled.url, statements=folder, packages=folder)
            it = stack.enter_context(served(contestant, settings, workers=1, folder=folder))
            scene = Scene(contestant, Client(it.port), filled.facts)
            runners.append(Runner(it, scene, postgres))
        yield runners


def outcome(
    read: Read,
    databases: Sequence[Filled],
    runners: Sequence[Runner],
    rounds: int,
    progress: Progress,
) -> Outcome:
    """Alternating rounds: what comes and goes on the machine meets all sizes alike."""
    progress.begin(read.title)
    plans = [asyncio.run(plan_of(read, filled)) for filled in databases]
    by_name = {runner.name: filled for runner, filled in zip(runners, databases, strict=True)}
    case = Case(
        read.name,
        read.title,
        OK,
        lambda scene: requests_of(read, by_name[scene.contestant.name], scene),
        content_of,
    )
    effort = Effort(CONNECTIONS, 1, rounds)
    samples = measure(case, runners, effort, progress.advance, is_cold=True)
    return Outcome(read, plans, [samples[runner.name] for runner in runners])


async def plan_of(read: Read, filled: Filled) -> Cost:
    """On a connection as the service has them."""
    connection: Any = await asyncpg.connect(filled.url)
    try:
        await connection.execute(LIMITS)
        variants = await statements_of(read, filled, connection, EXPLAINED)
        repeated = itertools.islice(itertools.cycle(variants), EXPLAINED)
        return await cost_of(connection, list(repeated))
    finally:
        await connection.close()

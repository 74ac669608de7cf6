"""What is timed side by side is the same work: all contestants, running, give the same answers."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Iterator

import pytest

from benchmarks import machine
from benchmarks.cases import CASES, Case
from benchmarks.comparison import Ground, prepared, running
from benchmarks.contestants.lineup import ALL
from benchmarks.rounds import Runner, agree

# The last page that has a number ends with post 5,000, and one in ten is a draft.
USERS, POSTS = 20, 6_000


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with prepared(tmp_path_factory.mktemp("bench"), users=USERS, posts=POSTS) as it:
        yield it


@pytest.fixture(scope="module")
def runners(ground: Ground) -> Iterator[list[Runner]]:
    with running(ground, ALL, workers=1) as started:
        yield started


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_all_that_a_case_suits_answer_it_alike(case: Case, runners: list[Runner]) -> None:
    suited = [runner for runner in runners if case.suits(runner.served.contestant)]

    assert len(suited) >= 3
    agree(case, suited)


def test_the_machine_is_told_with_all_that_was_running_on_it(ground: Ground) -> None:
    told = dict(machine.facts(ground.server, "wrk 4.1.0"))

    assert told["PostgreSQL"].startswith(f"{ground.server.version}; shared_buffers = ")
    assert told["Python"].endswith(platform.python_version())
    assert f"fastapi {importlib.metadata.version('fastapi')}" in told["packages"]
    assert told["processor"].endswith(f"{os.cpu_count()} cores")
    assert told["load generator"] == "wrk 4.1.0, one thread"

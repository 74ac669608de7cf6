"""What is timed side by side is the same work: all contestants, running, give the same answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.cases import CASES, Case
from benchmarks.comparison import prepared, running
from benchmarks.contestants.lineup import ALL
from benchmarks.rounds import Runner, agree

# The last page that has a number ends with post 5,000, and one in ten is a draft.
USERS, POSTS = 20, 6_000


@pytest.fixture(scope="module")
def runners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Runner]]:
    folder = tmp_path_factory.mktemp("bench")
    with (
        prepared(folder, users=USERS, posts=POSTS) as ground,
        running(ground, ALL, workers=1) as started,
    ):
        yield started


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_all_that_a_case_suits_answer_it_alike(case: Case, runners: list[Runner]) -> None:
    suited = [runner for runner in runners if case.suits(runner.served.contestant)]

    assert len(suited) >= 3
    agree(case, suited)

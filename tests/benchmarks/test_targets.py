from __future__ import annotations

import pytest

from benchmarks.comparison import Finding
from benchmarks.flood import Flood, FloodSample
from benchmarks.footprint import StartUp, WorkerMemory
from benchmarks.gate import GateCost
from benchmarks.processes import Memory
from benchmarks.targets import targets
from tests.benchmarks.figures import outcome


def verdicts(*findings: Finding) -> dict[str, bool]:
    return {target.about: target.is_reached for target in targets(findings)}


def test_a_target_is_reached_by_the_median_of_the_rounds() -> None:
    just = outcome("get_post", ours=[600, 600, 300], usual=[100, 100, 100])
    short = outcome("get_post", ours=[599, 599, 900], usual=[100, 100, 100])

    assert verdicts(just) == {"get_post: requests/s, to usual": True}
    assert verdicts(short) == {"get_post: requests/s, to usual": False}


def test_it_is_held_against_32_connections() -> None:
    found = verdicts(
        outcome("live", connections=1, ours=[100], floor=[100]),
        outcome("live", connections=32, ours=[10], floor=[100]),
        outcome("live", connections=256, ours=[100], floor=[100]),
    )

    assert found == {"live: requests/s, to floor": False}


def test_each_number_of_workers_has_a_verdict_of_its_own() -> None:
    found = verdicts(
        outcome("live", connections=1, ours=[10], floor=[100]),
        outcome("live", connections=32, workers=2, ours=[100], floor=[100]),
    )

    assert found == {
        "live: requests/s, to floor": False,
        "live: requests/s, to floor, 2 workers": True,
    }


def test_what_was_not_measured_has_no_verdict() -> None:
    assert verdicts(outcome("live", usual=[1], floor=[1])) == {}
    assert verdicts(outcome("mixed", ours=[1], usual=[1])) == {}


@pytest.mark.parametrize(("factor", "is_reached"), [(0.99, True), (1.01, False)])
def test_what_is_not_a_ratio_has_a_limit(factor: float, is_reached: bool) -> None:
    megabytes = int(130_000_000 * factor)

    found = verdicts(
        WorkerMemory(1, {"ours": Memory(rss=megabytes, pss=1)}),
        Flood(1, {"ours": [FloodSample(1, 100 * factor, 1, 1)]}),
        StartUp(1, {"ours": [1.5 * factor]}),
        GateCost({"get_post": [(100, 100 - 5 * factor)] * 3}),
    )

    assert list(found.values()) == [is_reached] * 4

"""Many who guess passwords at once, and one who measures how long a guess takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import suppress

import pytest

from tests.chaos.gate import FULL, Figures
from tests.chaos.stand import Stand, memory_of
from tests.chaos.watch import watching
from tests.chaos.wire import Line, request
from tests.people import People

pytestmark = [
    pytest.mark.usefixtures("anyio_backend"),
    pytest.mark.skipif(not FULL, reason="hashes passwords for a minute: make chaos"),
]
PAIRS, GUESSERS, SECONDS = 400, 50, 10.0
REFUSALS = {401, 429, 503}


def guess(name: str) -> bytes:
    form = {"username": name, "password": "difference-engine-1822"}
    return request("POST", "/api/v1/auth/login", form=form)


def area_under_curve(ones: Sequence[float], others: Sequence[float]) -> float:
    """How probable it is that one of the ones is larger than one of the others."""
    larger = sum((one > other) + (one == other) / 2 for one in ones for other in others)
    return larger / (len(ones) * len(others))


async def test_the_time_of_a_guess_tells_nothing(
    shared: Stand, crowd: People, figures: Figures
) -> None:
    await crowd.add("alice")
    seconds: dict[str, list[float]] = {"alice": [], "nobody": []}
    with Line(shared.port) as line:
        for number in range(PAIRS):
            for name in sorted(seconds, reverse=number % 2 == 0):
                began = time.monotonic()
                assert line.ask(guess(name)).status == 401
                seconds[name].append(time.monotonic() - began)
    figures.record(
        {
            "pairs of guesses": PAIRS,
            "area under the curve of unknown against wrong": area_under_curve(*seconds.values()),
        }
    )


async def test_a_flood_of_guesses_leaves_the_service_responsive(
    shared: Stand, crowd: People, figures: Figures
) -> None:
    await crowd.add("alice")
    over, statuses = threading.Event(), list[int]()

    def flood() -> None:
        with Line(shared.port) as line, suppress(OSError):
            while not over.is_set():
                statuses.append(line.ask(guess("alice")).status)

    before = max(map(memory_of, shared.workers))
    threads = [threading.Thread(target=flood, daemon=True) for _ in range(GUESSERS)]
    with watching(shared, {"live": request("GET", "/health/live")}) as watch:
        for thread in threads:
            thread.start()
        over.wait(SECONDS)
        grown = max(map(memory_of, shared.workers)) - before
        over.set()
        for thread in threads:
            thread.join(20)
    live = sorted(seen.seconds for seen in watch.seen)
    assert set(statuses) <= REFUSALS
    assert not watch.failed("live")
    figures.record(
        {
            "guesses in a flood": len(statuses),
            "milliseconds of the 99th percentile of liveness in a flood": 1000
            * live[len(live) * 99 // 100],
            "MiB that a worker grew in a flood": grown,
        }
    )

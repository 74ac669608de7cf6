"""The service is restarted and its processes are killed, under requests."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random

import pytest

from tests.chaos.gate import FULL, Figures
from tests.chaos.nginx import Nginx
from tests.chaos.stand import Stand, is_alive, until
from tests.chaos.wire import Line, request
from tests.chaos.writers import POSTS, sign_up

RESTARTS = 10
CLIENTS = 8
PAUSE = 0.01


@contextmanager
def asking(port: int, sent: Callable[[int], bytes]) -> Iterator[Counter[str]]:
    """Clients that keep their connections, as HTTP libraries do: one that the server has closed is
    noticed before a request is sent on it. Anything else that goes wrong is a failed request.
    """
    over, outcomes = threading.Event(), Counter[str]()

    def ask(client: int) -> None:
        line = Line(port)
        while not over.wait(PAUSE):
            client += 1
            try:
                if line.is_answered():
                    line.socket.close()
                    line = Line(port)
                status = line.ask(sent(client)).status
                outcomes["good" if status in {200, 201} else str(status)] += 1
            except OSError as error:
                outcomes[f"{type(error).__name__}: {error}"] += 1
                line.socket.close()
                with suppress(OSError):
                    line = Line(port)
        line.socket.close()

    threads = [threading.Thread(target=ask, args=(n,), daemon=True) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield outcomes
    finally:
        over.set()
        for thread in threads:
            thread.join(30)


def mixed(token: str) -> Callable[[int], bytes]:
    """One write for each four reads. Readiness is not among them: a worker that stops refuses it,
    so that nobody sends it anything else.
    """
    body = {"title": "over a restart", "content": "x", "published": True}
    write = request("POST", POSTS, token=token, body=body)
    reads = [request("GET", POSTS), request("GET", "/health")]
    return lambda number: write if number % 5 == 0 else reads[number % 2]


def at_least(outcomes: Counter[str], wanted: int) -> bool:
    return outcomes["good"] >= wanted


def restart(stand: Stand) -> None:
    """Every worker by another one, one after the other."""
    former = set(stand.workers)
    os.kill(stand.supervisor, signal.SIGHUP)
    until(lambda: len(stand.workers) == 2 and not former & set(stand.workers), 40)


@pytest.mark.skipif(not FULL, reason="restarts take minutes: make chaos")
@pytest.mark.parametrize("way", ["through nginx", "direct"])
def test_a_rolling_restart_is_not_noticed(
    way: str, own: Stand, tmp_path: Path, figures: Figures
) -> None:
    token = sign_up(own, f"restarter{len(way)}")
    with Nginx(tmp_path, own.port) as nginx:
        port = nginx.port if way == "through nginx" else own.port
        with asking(port, mixed(token)) as outcomes:
            for _ in range(RESTARTS):
                restart(own)
                wanted = outcomes["good"] + 200
                until(partial(at_least, outcomes, wanted), 30)
    failed = outcomes.total() - outcomes["good"]
    print(outcomes)  # noqa: T201 - shown where it fails
    assert not [name for name in outcomes if name.startswith("5")]
    figures.record(
        {
            f"rolling restart, {way}: requests": outcomes.total(),
            f"rolling restart, {way}: failed of 2,000": failed * 2000 / outcomes.total(),
        }
    )


def test_a_worker_that_is_killed_is_replaced(own: Stand, chance: Random, figures: Figures) -> None:
    former = own.workers
    killed = own.kill_a_worker(chance)
    until(lambda: not is_alive(killed), 5)
    seconds = until(lambda: bool(set(own.workers) - set(former)), 10)
    until(lambda: own.status("/health/live") == 200, 10)
    figures.record({"seconds until a killed worker is replaced": seconds})


@pytest.mark.skipif(not FULL, reason="waits for a grace period: make chaos")
def test_a_stuck_client_does_not_keep_the_service_from_stopping(
    own: Stand, figures: Figures
) -> None:
    half = request("POST", "/api/v1/users", body={"email": "half@example.com"})[:-5]
    with Line(own.port) as stuck:
        stuck.send(half)
        began = time.monotonic()
        assert own.stop() == 0
        seconds = time.monotonic() - began
    own.start()
    figures.record({"seconds from SIGTERM to the end, with half a body": seconds})


@pytest.mark.skipif(not FULL, reason="restarts take minutes: make chaos")
def test_no_worker_outlives_its_supervisor(own: Stand, figures: Figures) -> None:
    workers = own.workers
    own.kill_the_supervisor()
    seconds = until(lambda: not any(map(is_alive, workers)) and not own.is_open(), 10)
    own.start()
    figures.record({"seconds that workers outlive their supervisor": seconds})

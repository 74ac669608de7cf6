"""Connections that come at once are shared by the workers, and no worker rests for too long."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from app.accepting import A_SECOND, AT_ONCE, IN_A_ROW, Turns
from app.db.embedded.processes import wait_until
from tests.processes import Served, serve, workers_of

CONNECTIONS = 32
BURSTS = 12
ESTABLISHED = "01"
REQUEST = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept = 0

    def __call__(self) -> float:
        return self.now

    def sleep(self, _: float) -> None:
        self.slept += 1

    def take(self, turns: Turns, count: int, apart: float) -> int:
        """Let so many connections come, and return how often the worker rested."""
        before = self.slept
        for _ in range(count):
            self.now += apart
            turns.take()
        return self.slept - before


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turns(clock: Clock) -> Turns:
    return Turns(clock, clock.sleep)


def test_connections_that_come_one_by_one_are_taken_at_once(clock: Clock, turns: Turns) -> None:
    assert clock.take(turns, 10, apart=2 * IN_A_ROW) == 0


def test_who_takes_several_in_a_row_rests_between_them(clock: Clock, turns: Turns) -> None:
    assert clock.take(turns, 1, apart=60) == 0
    assert clock.take(turns, 9, apart=IN_A_ROW / 10) == 9


def test_nobody_rests_for_each_of_very_many(clock: Clock, turns: Turns) -> None:
    """Where clients never cease to connect anew."""
    rests = clock.take(turns, 10_000, apart=IN_A_ROW / 10)
    assert AT_ONCE + A_SECOND - 10 <= rests <= AT_ONCE + A_SECOND + 10
    assert clock.take(turns, 1, apart=60) == 0
    assert clock.take(turns, 2 * AT_ONCE, apart=1e-9) == AT_ONCE


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, anyio_backend: str, database_url: str
) -> Iterator[Served]:
    settings = {"WEB_CONCURRENCY": "2", "DATABASE_URL": database_url}
    with serve(tmp_path_factory.mktemp("served"), settings) as served:
        assert wait_until(lambda: served.log.read_text().count("startup complete") == 2, 20)
        yield served


def test_connections_that_come_at_once_are_shared(served: Served) -> None:
    """On one processor, where whoever runs would take them all before another gets to run."""
    workers = workers_of(served)
    one = {min(os.sched_getaffinity(0))}
    for pid in workers:
        os.sched_setaffinity(pid, one)
    shares(served, workers)  # Whoever answers for the first time has other things to do.
    found = [shares(served, workers) for _ in range(BURSTS)]

    assert sum(map(min, found)) >= BURSTS * CONNECTIONS * 0.22, found


def shares(served: Served, workers: list[int]) -> list[int]:
    """Let the workers wake to many connections; return how many each has taken."""
    port = int(served.url.rpartition(":")[2])
    with ExitStack() as stack:
        for pid in workers:
            os.kill(pid, signal.SIGSTOP)
        clients = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            for _ in range(CONNECTIONS)
        ]
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
        for client in clients:
            client.sendall(REQUEST)
        assert all(b" 200 " in client.recv(4096) for client in clients)
        taken = sockets_at(port)
        return [len(taken & sockets_of(pid)) for pid in workers]


def sockets_at(port: int) -> set[str]:
    """The established connections to a port, as processes name what they have open."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    here = [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] == ESTABLISHED]
    return {f"socket:[{row[9]}]" for row in here}


def sockets_of(pid: int) -> set[str]:
    names = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # A file may be closed while it is looked at.
            names.add(str(file.readlink()))
    return names

"""Clients that are slow, silent, endless or huge, beside one that is none of these."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

import pytest

from tests.chaos.gate import FULL, Figures
from tests.chaos.stand import Stand, memory_of, until
from tests.chaos.watch import Watch, watching
from tests.chaos.wire import Line, request
from tests.chaos.writers import POSTS

pytestmark = pytest.mark.usefixtures("anyio_backend")  # the shared service is made in its loop
IDLE, SLOW, HUGE = (1000, 100, 20) if FULL else (200, 40, 8)
HEALTHY = {"live": request("GET", "/health/live"), "read": request("GET", POSTS)}
JSON = b"Host: localhost\r\nContent-Type: application/json\r\n"
HEAD = b"POST /api/v1/users HTTP/1.1\r\n" + JSON
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GIGABYTE = HEAD + b"Content-Length: 1000000000\r\n\r\n"
CHUNK = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
DEEP = b"[" * 60_000
# A request has 12 s from its head to its answer.
DEADLINE = 15.0


@contextmanager
def trickling(lines: Sequence[Line], sent: bytes) -> Iterator[None]:
    """One byte after another on each, and never the last one."""
    over = threading.Event()

    def trickle() -> None:
        for number in range(len(sent) - 1):
            for line in lines:
                with suppress(OSError):
                    line.send(sent[number : number + 1])
            if over.wait(0.1):
                return

    thread = threading.Thread(target=trickle, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(10)


def opened(stand: Stand, number: int, stack: ExitStack) -> list[Line]:
    return [stack.enter_context(Line(stand.port)) for _ in range(number)]


def flood(stand: Stand) -> None:
    """Bodies without an end, lengths without a body, and brackets without a close."""
    for sent in (CHUNKED + CHUNK * 40, GIGABYTE, deep()):
        for _ in range(HUGE):
            with Line(stand.port, 10) as line, suppress(ConnectionError):
                line.send(sent)
                assert line.receive().status in {400, 413}


def deep() -> bytes:
    return HEAD + b"Content-Length: %d\r\n\r\n" % len(DEEP) + DEEP


@pytest.fixture
def room() -> None:
    """The test itself needs as many files as it opens sockets."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 4096:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))


@pytest.mark.usefixtures("room")
def test_a_healthy_client_notices_nothing(shared: Stand, figures: Figures) -> None:
    for _ in range(3):  # What is allocated once is not counted.
        flood(shared)
    before = {pid: memory_of(pid) for pid in shared.workers}
    slow_body = HEAD + b"Content-Length: 500\r\n\r\n" + b"[" * 500
    with ExitStack() as stack, watching(shared, HEALTHY, each=2) as watch:
        opened(shared, IDLE, stack)
        heads, bodies = opened(shared, SLOW, stack), opened(shared, SLOW, stack)
        for line in bodies:
            line.send(slow_body[: len(HEAD) + 40])
        began = time.monotonic()
        with trickling(heads, HEAD), trickling(bodies, b"[" * 400):
            flood(shared)
            if FULL:
                until(lambda: all(line.is_answered() for line in bodies), DEADLINE)
                figures.record({"seconds until slow bodies are refused": time.monotonic() - began})
            until(lambda: len(watch.seen) > 500, 30)
        grown = max(memory_of(pid) - before[pid] for pid in before)
    figures.record({**of(watch), "MiB that a worker grew": grown})


def of(watch: Watch) -> dict[str, float]:
    seconds = sorted(seen.seconds for seen in watch.seen)
    good = len(watch.seen) - len(watch.failed("live", "read"))
    return {
        "healthy requests among slow clients": len(watch.seen),
        "percent of them that succeeded": 100 * good / len(watch.seen),
        "milliseconds of their 99th percentile": 1000 * seconds[len(seconds) * 99 // 100],
    }

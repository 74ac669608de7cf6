"""Contestants as running processes, each in a session of its own: Ctrl-C reaches the run alone,
which ends them.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from benchmarks.client import Client, Request
from benchmarks.contestants.lineup import Contestant
from benchmarks.load import LoadError

ROOT = Path(__file__).parents[1]
START_LIMIT = 60.0
STOP_LIMIT = 10.0
LIVE = Request("GET", "/health/live")


class Served(NamedTuple):
    contestant: Contestant
    port: int
    pid: int
    start_seconds: float


def environment(url: str, statements: Path, packages: Path) -> dict[str, str]:
    """What all contestants are given alike; production, as their clients would meet them."""
    return {
        **os.environ,
        "PYTHONPATH": str(packages),
        "ENVIRONMENT": "production",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DATABASE_URL": url,
        "DB_POOL_SIZE": "10",
        "DB_MAX_OVERFLOW": "5",
        "LOG_LEVEL": "INFO",
        # Requests are counted as in production, and one client may send all of them.
        "RATE_LIMIT_FACTOR": "1000000",
        "BENCHMARK_STATEMENTS": str(statements),
    }


@contextmanager
def served(
    contestant: Contestant, settings: Mapping[str, str], *, workers: int, folder: Path
) -> Iterator[Served]:
    """Start it, wait until it answers, and end it with all that it has started."""
    port = free_port()
    log = folder / f"{contestant.name}-{workers}.log"
    own = {"HOST": "127.0.0.1", "PORT": str(port), "WEB_CONCURRENCY": str(workers)}
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            contestant.command(port, workers),
            cwd=ROOT,
            env={**settings, **own, "DATA_DIR": str(folder / "data")},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_live(process, port, log)
        yield Served(contestant, port, process.pid, time.monotonic() - started)
    finally:
        end(process)


def wait_until_live(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    client = Client(port)
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            if client.send(LIVE).status == 200:  # noqa: PLR2004 - RFC 9110
                client.close()
                return
        client.close()
        time.sleep(0.005)
    raise LoadError(f"It did not start: {' '.join(process.args)}\n{log.read_text()[-2000:]}")  # type: ignore[arg-type]


def end(process: subprocess.Popen[bytes]) -> None:
    """Politely at first; whatever is left of its session is killed."""
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_LIMIT)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])

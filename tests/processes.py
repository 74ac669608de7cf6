"""The real service in a process of its own, on a free port, with a database of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_LIMIT = 60.0
STOP_LIMIT = 30.0


@dataclass(frozen=True)
class Served:
    """A running service: where it is and what it has logged so far."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def serve(
    folder: Path,
    settings: Mapping[str, str] | None = None,
    program: Sequence[str] = ("-m", "app", "serve"),
) -> Iterator[Served]:
    """Start `python -m app serve` with its data in `folder`, wait until it is ready, stop it."""
    port = free_port()
    log = folder / "service.log"
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATA_DIR": str(folder / "data"),
        "ENVIRONMENT": "test",
        "RATE_LIMIT_FACTOR": "1000",
        **(settings or {}),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *program],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    served = Served(f"http://127.0.0.1:{port}", process, log)
    try:
        wait_until_ready(served)
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_LIMIT)


def workers_of(served: Served) -> list[int]:
    """The processes that serve: their supervisor has spawned them."""
    pid = served.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in command_of(child)]


def command_of(pid: str) -> bytes:
    with suppress(OSError):  # It may have ended meanwhile.
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def wait_until_ready(served: Served) -> None:
    """Poll readiness; a service that ends or never answers fails with its log."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and served.process.poll() is None:
        try:
            urllib.request.urlopen(f"{served.url}/health/ready", timeout=2)  # noqa: S310 - loopback
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the service did not start:\n{served.log.read_text()}")


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])

"""The service as an operator runs it, in processes of its own, to be hurt and watched."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any, Self

import asyncpg

from app.db.embedded import EmbeddedPostgres
from app.db.embedded.processes import PidFile, wait_until
from tests.chaos.wire import Answer, Line, request
from tests.conftest import KEY
from tests.processes import ROOT, STOP_LIMIT, free_port

START_LIMIT = 60.0
PROC = Path("/proc")


class Stand:
    """`python -m app serve` with two workers. Without DATABASE_URL it has a database of its own.
    `root` is the folder of the code, which may be that of another version.
    """

    def __init__(self, folder: Path, *words: str, **settings: str) -> None:
        self.folder = folder
        self.root = ROOT
        self.port = free_port()
        self.log = folder / "service.log"
        self.data = folder / "data"
        self._words = words
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._url = settings.get("DATABASE_URL", "")

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it is ready."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve", *self._words],
                cwd=self.root,
                env=self._environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        until(self.is_ready, START_LIMIT, lambda: f"it is not ready: {self.last_words()}")

    def stop(self) -> int:
        """Stop it as an operator does; what it exits with."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(STOP_LIMIT)

    @property
    def supervisor(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return [pid for pid in children_of(self.supervisor) if "spawn_main" in command_of(pid)]

    @property
    def postmaster(self) -> int:
        """The server process of the database of its own."""
        record = PidFile.read(self.data / "postgres" / "data")
        assert record is not None
        return record.pid

    def kill_a_worker(self, chance: Random) -> int:
        pid = chance.choice(self.workers)
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill_the_supervisor(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def kill_the_postmaster(self) -> None:
        os.kill(self.postmaster, signal.SIGKILL)

    def ask(self, method: str, target: str, **what: Any) -> Answer:
        """One request on a connection of its own. Raises OSError."""
        with Line(self.port) as line:
            return line.ask(request(method, target, **what))

    def status(self, target: str) -> int | None:
        """None where nobody answers."""
        try:
            return self.ask("GET", target).status
        except OSError:
            return None

    def is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the service has ended: {self.last_words()}"
        return self.status("/health/ready") == 200

    def is_open(self) -> bool:
        try:
            Line(self.port).socket.close()
        except OSError:
            return False
        return True

    @property
    def url(self) -> str:
        """Of its database, for whoever looks behind its answers."""
        if not self._url:
            with EmbeddedPostgres(self.data) as joined:
                self._url = joined.url
        return self._url

    def sql(self, statement: str) -> list[Any]:
        return sql(self.url, statement)

    def last_words(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def _environment(self) -> dict[str, str]:
        """Without what would measure coverage in it, which takes longer than the service itself."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
        kept.pop("DATABASE_URL", None)
        return {
            **kept,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DATA_DIR": str(self.data),
            "ENVIRONMENT": "test",
            "SECRET_KEY": KEY,
            "WEB_CONCURRENCY": "2",
            "RATE_LIMIT_FACTOR": "100000",
            **self._settings,
        }


def sql(url: str, statement: str) -> list[Any]:
    async def fetch() -> list[Any]:
        connection = await asyncpg.connect(dsn=url, timeout=10)
        try:
            return [tuple(row) for row in await connection.fetch(statement, timeout=60)]
        finally:
            await connection.close()

    return asyncio.run(fetch())


def until(condition: Callable[[], bool], seconds: float, told: Callable[[], str] = str) -> float:
    """How many seconds it took; fails when the condition does not come true in time."""
    started = time.monotonic()
    assert wait_until(condition, seconds), told()
    return time.monotonic() - started


def lines_to_each_worker(stand: Stand, number: int) -> list[Line]:
    """As many connections to the one as to the other, in turns: whichever worker happens to wake
    first would take them all, so the other one sleeps meanwhile.
    """
    workers = stand.workers
    shares = [_lines_to(worker, stand, number // len(workers)) for worker in workers]
    return [line for turn in zip(*shares, strict=True) for line in turn]


def _lines_to(worker: int, stand: Stand, number: int) -> list[Line]:
    others = [pid for pid in stand.workers if pid != worker]
    for pid in others:
        os.kill(pid, signal.SIGSTOP)
    try:
        lines = [Line(stand.port) for _ in range(number)]
        for line in lines:
            assert line.ask(request("GET", "/health/live")).status == 200
    finally:
        for pid in others:
            os.kill(pid, signal.SIGCONT)
    return lines


def children_of(pid: int) -> list[int]:
    return [int(child) for child in _read(pid, f"task/{pid}/children").split()]


def command_of(pid: int) -> str:
    return _read(pid, "cmdline").replace("\0", " ")


def memory_of(pid: int) -> float:
    """Resident, in MiB."""
    lines = [line for line in _read(pid, "status").splitlines() if line.startswith("VmRSS")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def is_alive(pid: int) -> bool:
    stat = _read(pid, "stat").rpartition(")")[2].split()
    return bool(stat) and stat[0] not in "ZX"


def _read(pid: int, name: str) -> str:
    try:
        return PROC.joinpath(str(pid), name).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def environment_for(url: str, **settings: str) -> Mapping[str, str]:
    """For a service on a database that the test looks after."""
    return {"DATABASE_URL": url, "DB_POOL_SIZE": "20", **settings}

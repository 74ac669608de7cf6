"""One server process: started, joined where it already runs, and stopped. A killed server's data
are recovered by PostgreSQL itself; what is done here is to wait, clear the way, and try again.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from app.db.embedded.binaries import EmbeddedError
from app.db.embedded.cluster import Cluster
from app.db.embedded.processes import PidFile, is_postmaster, users_of, wait_until

MAX_CONNECTIONS = 300
SOCKET = ".s.PGSQL.5432"
READY_SECONDS = 120.0
RETRY_SECONDS = 20.0
ORPHAN_SECONDS = 1.0
STOP_SECONDS = 20.0
LARGEST_LOG = 10_000_000
# What a start says while remains of a killed server are still there.
PASSING_TROUBLE = ("lock file", "shared memory block", "could not bind Unix")


@dataclass(frozen=True, slots=True)
class Running:
    """`process` is None for a server that another process started."""

    data: Path
    pid: int
    socket_dir: Path
    process: subprocess.Popen[bytes] | None

    def is_alive(self) -> bool:
        if self.process is not None:
            return self.process.poll() is None
        return is_postmaster(self.pid, self.data)

    def leave(self) -> None:
        """Others go on using it; Popen must not complain that our child outlives us."""
        if self.process is not None:
            self.process.returncode = 0

    def stop(self) -> None:
        """End all sessions and write everything down; if that takes too long, end at once and let
        the next start recover.
        """
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if not self.is_alive():
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, how)
            wait_until(lambda: not self.is_alive(), STOP_SECONDS)


def join(cluster: Cluster) -> Running | None:
    """The server that already runs on these data; None where none can be used."""
    data = cluster.data
    record = PidFile.read(data)
    if record is None or not is_postmaster(record.pid, data):
        return None
    running = Running(data, record.pid, record.socket_dir, process=None)
    wait_until(lambda: not running.is_alive() or _status(data) != "starting", READY_SECONDS)
    if _status(data) in {"ready", "standby"} and (record.socket_dir / SOCKET).is_socket():
        return running
    running.stop()
    return None


def launch(cluster: Cluster, socket_dir: Path, log: Path) -> Running:
    """Start the server and wait until it takes connections."""
    began = time.monotonic()
    for pause in _back_off():
        said_before = log.stat().st_size if log.exists() else 0
        process = _start(cluster, socket_dir, log)
        running = Running(cluster.data, process.pid, socket_dir, process)
        if _is_ready(running):
            return running
        words = _last_words(log, said_before)
        waited = time.monotonic() - began
        if waited > RETRY_SECONDS or not any(trouble in words for trouble in PASSING_TROUBLE):
            raise EmbeddedError(f"PostgreSQL did not start on {cluster.data}: {words} (see {log})")
        _clear_the_way(cluster.data, patiently=waited < ORPHAN_SECONDS)
        time.sleep(pause)
    raise AssertionError("The pauses never end.")


def _back_off() -> list[float]:
    return [0.1, 0.2, 0.3, *([0.5] * int(RETRY_SECONDS * 4))]


def _start(cluster: Cluster, socket_dir: Path, log: Path) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C in a terminal reaches the service alone."""
    options = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{socket_dir}"',
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": str(MAX_CONNECTIONS),
        "timezone": "UTC",
        "log_error_verbosity": "terse",  # details of an error repeat the values that clients sent
    }
    command = [cluster.binaries.program("postgres"), "-D", str(cluster.data)]
    command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.rename(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        return subprocess.Popen(
            cluster.identity.command(*command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **cluster.identity.process(),
        )


def _is_ready(running: Running) -> bool:
    """Waits for one or the other; a start that is interrupted leaves no server behind."""

    def settled() -> bool:
        record = PidFile.read(running.data)
        ready = record is not None and record.pid == running.pid and record.status == "ready"
        return ready or not running.is_alive()

    try:
        wait_until(settled, READY_SECONDS)
    except BaseException:
        running.stop()
        raise
    return running.is_alive() and _status(running.data) == "ready"


def _status(data: Path) -> str | None:
    record = PidFile.read(data)
    return record.status if record else None


def _clear_the_way(data: Path, *, patiently: bool) -> None:
    """Remove what a killed server left: its children, once they had time to notice, and the files
    with its number, which now belongs to another process or to one that nobody has collected.
    """
    orphans = users_of(data)
    record = PidFile.read(data)
    if record is not None and record.pid in orphans:
        return
    if orphans and not patiently:
        for pid in orphans:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGQUIT)
    if not orphans and record is not None and not is_postmaster(record.pid, data):
        for left_over in (data / "postmaster.pid", record.socket_dir / f"{SOCKET}.lock"):
            left_over.unlink(missing_ok=True)


def _last_words(log: Path, since: int) -> str:
    """What it said that is more than a message of progress, in one line."""
    with log.open("rb") as file:
        file.seek(since)
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    telling = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "ERROR:" in line]
    return " ".join(telling or lines[-3:]) or "it said nothing."
